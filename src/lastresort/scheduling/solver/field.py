"""The items of a problem, and the ways to treat them that are worth trying."""

from __future__ import annotations

from bisect import bisect_right
from math import gcd
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from lastresort.cheap import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lastresort.scheduling.solver.terms import Choice, Item

COST = 1 << 48
DISPLACEMENT = 1 << 16
"""A weight is cost, displacement and number of changes in one integer, compared in that order."""
NEVER = 1 << 100
"""Heavier than any solution."""

Span = tuple[int, int]


class Way(NamedTuple):
    """A choice with its weight."""

    weight: int
    span: Span | None
    hits: int
    """Whose homes it takes, who then have to move: the place of their set in `Field.sets`."""
    choice: Choice
    fresh: bool = False
    """It treats its item as no earlier plan did."""


class Field:
    """All items of a problem, in the order of their ids. Each is asked for its choices once, if at all."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = sorted(items, key=attrgetter("id"))
        self.forced = [n for n, item in enumerate(self.items) if not item.home_allowed]
        """Those that cannot stay at home."""
        self.sets: list[tuple[int, ...]] = [()]
        """Items that have to move together, for somebody else; the first set is empty."""
        self._set_of: dict[tuple[int, ...], int] = {(): 0}
        self._homes = _Homes({n: item.home for n, item in enumerate(self.items) if item.home_allowed})
        self._under: dict[Span, int] = {}
        self._choices: dict[int, list[Choice]] = {}
        self._ways: dict[int, _Ways] = {}

    def choices(self, item: int, cost: int) -> list[Choice]:
        """Return the choices of an item that cost at most so much, the cheapest first."""
        known = self._all_choices(item)
        return known[: bisect_right(known, cost, key=attrgetter("cost"))]

    def least_cost(self, bound: int) -> int:
        """Return the least cost that a solution of at least this weight can have: costs come in steps."""
        step = gcd(*(choice.cost for choices in self._choices.values() for choice in choices)) or 1
        return -(-(bound // COST) // step) * step

    def ways(self, item: int, cost: int) -> list[Way]:
        """Return the ways of an item that cost at most so much (or some more), lightest first."""
        ways = self._ways.get(item)
        if ways is None:
            ways = self._ways[item] = _Ways(self.weighed(item, self._all_choices(item)))
        return ways.up_to(cost)

    def weighed(self, item: int, choices: Iterable[Choice], fresh: bool = False) -> Iterator[Way]:
        """Yield the ways among choices that are given the cheapest first, without the dominated ones."""
        for span, choice in undominated(choices):
            weight = choice.cost * COST + choice.displacement * DISPLACEMENT + 1
            yield Way(weight, span, self._hit(item, span) if span else 0, choice, fresh)

    def _all_choices(self, item: int) -> list[Choice]:
        known = self._choices.get(item)
        if known is None:
            choices = self.items[item].choices
            given = choices() if callable(choices) else choices
            known = self._choices[item] = sorted(given, key=attrgetter("cost", "displacement", "id"))
        return known

    def _hit(self, item: int, span: Span) -> int:
        found = self._under.get(span)
        if found is None:
            found = self._under[span] = self._place(self._homes.under(span))
        hit = self.sets[found]
        return self._place(tuple(each for each in hit if each != item)) if item in hit else found

    def _place(self, hit: tuple[int, ...]) -> int:
        place = self._set_of.setdefault(hit, len(self.sets))
        if place == len(self.sets):
            self.sets.append(hit)
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


class Task(NamedTuple):
    """What to solve: a field, and what is asked beyond it."""

    field: Field
    familiar: Mapping[int, frozenset[str]] = {}
    """Unless empty: one of these items has to move, and in none of its groups named here."""
    surer: tuple[int, int] | None = None
    """This item may only be treated with less doubt than that."""

    def ways(self, item: int, cost: int) -> list[Way]:
        """Return the ways of an item that are allowed and worth trying, the lightest first.

        A fresh way is worth trying unless another fresh one is better.
        """
        if item not in self.familiar and not self._doubted(item):
            return self.field.ways(item, cost)
        fresh = {way.choice.id: way for way in self.fresh_ways(item, cost)}
        rest = (choice for choice in self._allowed(item, cost))
        familiar = [way for way in self.field.weighed(item, rest) if way.choice.id not in fresh]
        return sorted([*familiar, *fresh.values()], key=itemgetter(0))

    def fresh_ways(self, item: int, cost: int) -> Iterator[Way]:
        """Yield the allowed ways of an item in other than its familiar groups, the lightest first."""
        groups = self.familiar.get(item)
        if groups is None:
            return iter(())
        others = (choice for choice in self._allowed(item, cost) if choice.group not in groups)
        return self.field.weighed(item, others, fresh=True)

    def _doubted(self, item: int) -> bool:
        return self.surer is not None and self.surer[0] == item

    def _allowed(self, item: int, cost: int) -> Iterator[Choice]:
        for choice in self.field.choices(item, cost):
            if not self.surer or self.surer[0] != item or choice.doubt < self.surer[1]:
                yield choice


def undominated(choices: Iterable[Choice]) -> Iterator[tuple[Span | None, Choice]]:
    """Yield the choices worth trying, with the time they take: none in which an earlier one lies."""
    seen: set[Span] = set()
    by_length: dict[int, list[Span]] = {}
    shortest = NEVER
    for choice in choices:
        span = choice.span
        if span is None or span[0] >= span[1]:
            yield None, choice
            return
        if span in seen:
            continue
        seen.add(span)
        start, end = span
        length = end - start
        if length > shortest:
            briefer = [spans for other, spans in by_length.items() if other < length]
            if any(start <= a and b <= end for spans in briefer for a, b in spans):
                continue
        else:
            shortest = length
        by_length.setdefault(length, []).append(span)
        yield span, choice


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
    """Tells which homes lie under a span. Homes are kept by the hours that they touch."""

    def __init__(self, homes: Mapping[int, Span]) -> None:
        self.homes = homes
        self.hours: dict[int, list[int]] = {}
        for item, home in homes.items():
            for hour in _hours(home):
                self.hours.setdefault(hour, []).append(item)

    def under(self, span: Span) -> tuple[int, ...]:
        near = {item for hour in _hours(span) for item in self.hours.get(hour, ())}
        return tuple(sorted(item for item in near if overlap(self.homes[item], span)))


def _hours(span: Span) -> range:
    start, end = span
    return range(start // 60, (end - 1) // 60 + 1) if start < end else range(0)
