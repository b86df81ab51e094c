"""The items of a problem, and the ways to treat them that are worth trying."""

from __future__ import annotations

from bisect import bisect_left
from copy import copy
from math import gcd
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.terms import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.planning.solver.terms import Choice, Item, Span

COST = 1 << 64
GIVEN_UP = 1 << 48
CHANGE = 1 << 32
"""A weight is the cost, how many are given up, how many are changed, and the displacement in one integer,
compared in that order. There is room for more than sixty thousand items of each."""
FARTHEST = (1 << 16) - 1
"""Minutes beyond which no displacement is told from another."""
NEVER = 1 << 120
"""Heavier than any solution."""
SENT = 20_000
"""Items that all that need time can send away at once, an equal share for each."""
MOST_SENT, LEAST_SENT = 200, 10
"""No share is more, and none is less."""

UNITS = {Counts.CHANGE: CHANGE, Counts.GIVE_UP: GIVEN_UP, Counts.KEEP: 0, Counts.REQUEST: 0}

_BY_ID = attrgetter("id")
_BY_DISPLACEMENT = attrgetter("displacement")
_BY_COST = attrgetter("cost")


class Way(NamedTuple):
    """A choice with its weight."""

    weight: int
    hits: int
    """Who has to be treated with it, whose homes it takes among them: the place of their set in
    `Field.sets`."""
    choice: Choice
    fresh: bool = False
    """It treats its item as no earlier plan did."""


class Field:
    """All items of a problem, in the order of their ids. Each is asked for its choices once, if at all."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = sorted(items, key=attrgetter("id"))
        self._numbers = {item.id: n for n, item in enumerate(self.items)}
        self.forced = [n for n, item in enumerate(self.items) if not item.home_allowed]
        """Those that cannot stay at home."""
        self.sets: list[tuple[int, ...]] = [()]
        """Items that have to move together, for somebody else; the first set is empty."""
        self._set_of: dict[tuple[tuple[int, ...], bool], int] = {((), False): 0}
        self._homes = _Homes({n: item.home for n, item in enumerate(self.items) if item.home_allowed})
        self._most_sent = share_of_sent(len(self.forced))
        self._cut: set[int] = set()
        """The places of sets that leave some out, as they are too many: what weighs no more than it says."""
        self._under: dict[Span, int] = {}
        self._choices: dict[int, list[Choice]] = {}
        self._ways: dict[int, _Ways] = {}

    def dearer(self, item: int, cost: int) -> Field:
        """Return the field where giving up an item costs so much more; what is known of all else is kept."""
        choices = [
            choice._replace(cost=choice.cost + cost) if choice.counts is Counts.GIVE_UP else choice
            for choice in self.choices(item)
        ]
        other = copy(self)
        other.items = [*self.items]
        other.items[item] = self.items[item]._replace(choices=choices)
        other._choices = {n: known for n, known in self._choices.items() if n != item}
        other._ways = {n: known for n, known in self._ways.items() if n != item}
        return other

    def least_cost(self, bound: int) -> int:
        """Return the least cost that a solution of at least this weight can have: costs come in steps."""
        step = gcd(*(choice.cost for choices in self._choices.values() for choice in choices)) or 1
        return -(-(bound // COST) // step) * step

    def ways(self, item: int, cost: int) -> list[Way]:
        """Return the ways of an item that cost at most so much (or some more), lightest first."""
        ways = self._ways.get(item)
        if ways is None:
            ways = self._ways[item] = _Ways(self.weighed(item, self.choices(item)))
        return ways.up_to(cost)

    def weighed(self, item: int, choices: Iterable[Choice], fresh: bool = False) -> Iterator[Way]:
        """Yield the ways among choices, given the cheapest first, but none in which an earlier one lies."""
        seen: dict[int, set[Span]] = {}
        shortest = NEVER
        for choice in choices:
            weight = choice.cost * COST + UNITS[choice.counts] + min(choice.displacement, FARTHEST)
            if choice.counts is not Counts.CHANGE:
                yield Way(weight, self._sent_away(item, choice), choice, fresh)
                continue
            span = choice.span
            if choice.stays:
                yield Way(weight, 0, choice, fresh)
                continue
            if span is None or span[0] >= span[1]:
                yield Way(weight, 0, choice, fresh)
                return
            start, end = span
            length = end - start
            if length > shortest:
                briefer = [spans for other, spans in seen.items() if other < length]
                if any(start <= a and b <= end for spans in briefer for a, b in spans):
                    continue
            else:
                shortest = length
            same = seen.setdefault(length, set())
            if span in same:
                continue
            same.add(span)
            yield Way(weight, self._hit(item, span), choice, fresh)

    def is_asked(self, item: int) -> bool:
        """Tell whether the choices of an item are known."""
        return item in self._choices

    def choices(self, item: int) -> list[Choice]:
        """Return the choices of an item, the cheapest first."""
        known = self._choices.get(item)
        if known is None:
            choices = self.items[item].choices
            given = choices() if callable(choices) else choices
            known = self._choices[item] = sorted(given, key=_BY_ID)
            known.sort(key=_BY_DISPLACEMENT)
            known.sort(key=_BY_COST)
        return known

    def is_cut(self, item: int, choice: Choice) -> bool:
        """Tell whether a choice sends more away than `Way.hits` says, so that it is no part of a solution."""
        hits = self._sent_away(item, choice) if choice.counts is not Counts.CHANGE else 0
        if choice.counts is Counts.CHANGE and choice.span and choice.span[0] < choice.span[1]:
            hits = self._hit(item, choice.span)
        return hits in self._cut

    def leaves_out(self, way: Way) -> bool:
        """Tell whether a way sends more away than its `hits` say."""
        return way.hits in self._cut

    def _hit(self, item: int, span: Span) -> int:
        place = self._place_under(span)
        hit = self.sets[place]
        if item not in hit:
            return place
        return self._place(tuple(each for each in hit if each != item), is_cut=place in self._cut)

    def _sent_away(self, item: int, choice: Choice) -> int:
        under = self._place_under(choice.clears) if choice.clears else 0
        if not choice.brings and item not in self.sets[under]:
            return under
        brought = (self._numbers[each] for each in choice.brings)
        sent = {*self.sets[under], *brought} - {item}
        return self._place(tuple(sorted(sent)), is_cut=under in self._cut)

    def _place_under(self, span: Span) -> int:
        """Return the place of the set of homes that a span takes, or of as many as are looked at."""
        place = self._under.get(span)
        if place is None:
            homes = self._homes.under(span, self._most_sent + 1)
            is_cut = len(homes) > self._most_sent
            place = self._under[span] = self._place(tuple(sorted(homes[: self._most_sent])), is_cut)
        return place

    def _place(self, hit: tuple[int, ...], is_cut: bool = False) -> int:
        # a set that leaves some out is never the same as one that is whole
        place = self._set_of.setdefault((hit, is_cut), len(self.sets))
        if place == len(self.sets):
            self.sets.append(hit)
            if is_cut:
                self._cut.add(place)
        return place


class _Ways:
    """The ways of an item, made as far as they are asked for."""

    def __init__(self, ways: Iterator[Way]) -> None:
        self._made: list[Way] = []
        self._rest = ways

    def up_to(self, cost: int) -> list[Way]:
        """Return the ways that cost at most so much, and at least one more if there is one."""
        made, limit = self._made, (cost + 1) * COST
        while not made or made[-1].weight < limit:
            way = next(self._rest, None)
            if way is None:
                break
            made.append(way)
        return made


class Task:
    """What to solve: a field, or a part of it, and what is asked beyond it."""

    def __init__(
        self,
        field: Field,
        forced: Sequence[int] | None = None,
        *,
        frozen: Mapping[int, Choice] = MappingProxyType({}),
        familiar: Mapping[int, frozenset[str]] = MappingProxyType({}),
        surer: tuple[int, int] | None = None,
    ) -> None:
        self.field = field
        self.forced = sorted({*(field.forced if forced is None else forced), *frozen})
        """Those that cannot stay at home."""
        self.frozen = frozen
        """These items are treated so, whatever it costs: it is decided, and counts for nothing here."""
        self.familiar = familiar
        """Unless empty: one of these items has to move, and in none of its groups named here."""
        self.surer = surer
        """This item may only be treated with less doubt than that."""
        self._fresh: dict[int, list[Way]] = {}
        self._ways: dict[int, list[Way]] = {}

    def ways(self, item: int, cost: int) -> list[Way]:
        """Return the ways that are allowed and worth trying, to a cost or further, the lightest first.

        A fresh way is worth trying unless another fresh one is better.
        """
        if item in self.frozen:
            return [way._replace(weight=0, hits=0) for way in self.field.weighed(item, [self.frozen[item]])]
        if item not in self.familiar and not self._is_doubted(item):
            return self.field.ways(item, cost)
        known = self._ways.get(item)
        if known is None:
            fresh = self.fresh_ways(item)
            better = {way.choice.id for way in fresh}
            familiar = self.field.weighed(item, self._allowed(item))
            known = [*(way for way in familiar if way.choice.id not in better), *fresh]
            known.sort(key=itemgetter(0))
            self._ways[item] = known
        return known

    def fresh_ways(self, item: int) -> list[Way]:
        """Return the allowed ways of an item in other than its familiar groups, the lightest first."""
        known = self._fresh.get(item)
        if known is None:
            groups = self.familiar.get(item)
            others = (choice for choice in self._allowed(item) if groups and choice.group not in groups)
            known = self._fresh[item] = list(self.field.weighed(item, others, fresh=True))
        return known

    def _is_doubted(self, item: int) -> bool:
        return self.surer is not None and self.surer[0] == item

    def _allowed(self, item: int) -> Iterator[Choice]:
        for choice in self.field.choices(item):
            if not self.surer or self.surer[0] != item or choice.doubt < self.surer[1]:
                yield choice


def share_of_sent(forced: int) -> int:
    """Return how many items are looked at that one choice sends away, where so many need time."""
    return max(LEAST_SENT, min(MOST_SENT, SENT // max(forced, 1)))


def overlap(one: Span | None, other: Span | None) -> bool:
    """Tell whether two spans share time. None is empty; `None` shares nothing."""
    return bool(one and other and one[0] < other[1] and other[0] < one[1])


def bits(bitset: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, lowest first."""
    while bitset:
        low = bitset & -bitset
        yield low.bit_length() - 1
        bitset ^= low


class _Homes:
    """Tells which homes lie under a span. Those of each length are kept apart, so that few are looked at."""

    def __init__(self, homes: Mapping[int, Span]) -> None:
        by_length: dict[int, list[tuple[int, int, int]]] = {}
        for item, (start, end) in homes.items():
            if start < end:
                by_length.setdefault((end - start).bit_length(), []).append((start, end, item))
        self._by_length = [(1 << bits, sorted(spans)) for bits, spans in sorted(by_length.items())]
        """Homes that are shorter than so many minutes, and at least half as long, by start."""

    def under(self, span: Span, most: int) -> list[int]:
        """Return the homes under a span, or the first so many that are found."""
        start, end = span
        found: list[int] = []
        for longest, homes in self._by_length:
            place = bisect_left(homes, (start - longest,))
            while place < len(homes) and homes[place][0] < end and len(found) < most:
                if homes[place][1] > start:
                    found.append(homes[place][2])
                place += 1
        return found
