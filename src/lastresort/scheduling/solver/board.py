"""From items to a board: only the pieces and options that can matter, on a grid of their own end points."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import attrgetter, itemgetter
from typing import NamedTuple, TYPE_CHECKING


if TYPE_CHECKING:
    from lastresort.scheduling.solver.terms import Choice, Item
    from collections.abc import Iterable, Iterator, Mapping

COST = 1 << 48
DISPLACEMENT = 1 << 16
"""Cost, displacement and number of changes in one integer, compared in that order."""
NEVER = 1 << 100
"""Heavier than any solution."""

Span = tuple[int, int]


class Way(NamedTuple):
    """A choice with its weight. `hits`: bit set of the items whose home it takes, so that they have to move too."""

    weight: int
    span: Span | None
    hits: int
    choice: Choice
    fresh: bool = False
    """It treats its item as no earlier plan did."""


class Option(NamedTuple):
    """A way on the grid: the stretches `[first, last)` it takes, as numbers and as a bit set."""

    weight: int
    first: int
    last: int
    mask: int
    hits: int
    choice: Choice
    fresh: bool = False


class Piece(NamedTuple):
    """An item on the grid. `options` are ordered by weight; a forced piece cannot stay at home."""

    first: int
    last: int
    forced: bool
    options: tuple[Option, ...]


class Board(NamedTuple):
    """The grid, and what stands on it: pieces by the numbers of their items. Stretch `n` starts at `points[n]`."""

    points: tuple[int, ...]
    pieces: Mapping[int, Piece]
    different: bool = False
    """Only solutions with a fresh option count."""


def bits(bitset: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, lowest first."""
    while bitset:
        low = bitset & -bitset
        yield low.bit_length() - 1
        bitset ^= low


def overlap(one: Span | None, other: Span | None) -> bool:
    """Tell whether two spans share time; none are empty, `None` shares nothing."""
    return bool(one and other and one[0] < other[1] and other[0] < one[1])


class _Homes:
    """Which homes lie under a span, as a bit set."""

    def __init__(self, homes: Mapping[int, Span]) -> None:
        self.points = sorted({point for home in homes.values() for point in home})
        self.cover = [0] * len(self.points)
        for number, (start, end) in homes.items():
            for stretch in range(bisect_left(self.points, start), bisect_left(self.points, end)):
                self.cover[stretch] |= 1 << number
        self.known: dict[Span | None, int] = {None: 0}

    def under(self, span: Span | None) -> int:
        found = self.known.get(span)
        if found is None:
            found = self.known[span] = self._look(*span) if span else 0
        return found

    def _look(self, start: int, end: int) -> int:
        found = 0
        first = max(bisect_right(self.points, start) - 1, 0)
        for homes in self.cover[first : bisect_left(self.points, end)]:
            found |= homes
        return found


class Field:
    """All items of a problem by number, in the order of their ids. Asks for the choices of an item only once."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = sorted(items, key=lambda item: item.id)
        self.homes = _Homes({n: item.home for n, item in enumerate(self.items) if item.home_allowed})
        self._sorted: dict[int, list[Choice]] = {}
        self._worthwhile: dict[int, tuple[int, list[Way]]] = {}

    def choices(self, number: int, cost: int) -> list[Choice]:
        """Return the choices of an item that cost at most so much, the cheapest first."""
        if number not in self._sorted:
            choices = self.items[number].choices
            given = choices() if callable(choices) else choices
            self._sorted[number] = sorted(given, key=attrgetter("cost", "displacement", "id"))
        known = self._sorted[number]
        return known[: bisect_right(known, cost, key=attrgetter("cost"))]

    def worthwhile(self, number: int, cost: int) -> list[Way]:
        """Return the ways of an item that cost at most so much, or some more, without the dominated ones."""
        up_to, ways = self._worthwhile.get(number, (-1, []))
        if up_to < cost:
            ways = list(self.ways(number, self.choices(number, cost)))
            self._worthwhile[number] = (cost, ways)
        return ways

    def ways(self, number: int, choices: Iterable[Choice]) -> Iterator[Way]:
        """Yield the undominated ones of some choices, given the cheapest first."""
        others = ~(1 << number)
        for span, choice in undominated(choices):
            weight = choice.cost * COST + choice.displacement * DISPLACEMENT + 1
            yield Way(weight, span, self.homes.under(span) & others, choice)


def undominated(choices: Iterable[Choice]) -> Iterator[tuple[Span | None, Choice]]:
    """Yield the choices worth trying and their spans: one is left out when a cheaper one lies inside it."""
    seen: set[Span] = set()
    by_length: dict[int, list[Span]] = {}
    shortest = 0
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
        if length > shortest and any(
            start <= a and b <= end for other in by_length if other < length for a, b in by_length[other]
        ):
            continue
        shortest = min(shortest or length, length)
        by_length.setdefault(length, []).append(span)
        yield span, choice


class Task(NamedTuple):
    """What to solve: a field, and what is asked beyond it."""

    field: Field
    familiar: Mapping[int, frozenset[str]] = {}
    """When there are any: one of these items has to move, and in none of its groups here."""
    surer: tuple[int, int] | None = None
    """This item may only be treated with less doubt."""

    def ways(self, number: int, cost: int) -> list[Way]:
        """Return the ways of an item that are allowed and worth trying, up to a cost, the lightest first."""
        special = number in self.familiar or (self.surer and number == self.surer[0])
        if not special:
            return self.field.worthwhile(number, cost)
        allowed = self.allowed(number, cost)
        fresh = {way.choice.id: way for way in self.fresh_ways(number, cost)}
        others = [way for way in self.field.ways(number, allowed) if way.choice.id not in fresh]
        return sorted([*others, *fresh.values()], key=itemgetter(0))

    def fresh_ways(self, number: int, cost: int) -> Iterator[Way]:
        """Yield the ways in other groups, the lightest first."""
        groups = self.familiar.get(number)
        if groups is not None:
            choices = (choice for choice in self.allowed(number, cost) if choice.group not in groups)
            for way in self.field.ways(number, choices):
                yield way._replace(fresh=True)

    def allowed(self, number: int, cost: int) -> list[Choice]:
        """Return the choices of an item that cost at most so much and are sure enough."""
        choices = self.field.choices(number, cost)
        if self.surer and number == self.surer[0]:
            return [choice for choice in choices if choice.doubt < self.surer[1]]
        return choices


def lay_out(task: Task, ceiling: int) -> tuple[Board, int]:
    """Return the board of all that can matter below `ceiling`, and the ceiling lowered by a first easy solution.

    A piece that must move and cannot has no options left.
    """
    reach = _Reach(task, ceiling)
    if not task.familiar:
        ceiling = min(ceiling, reach.greedy() + 1)
    reach.explore(ceiling)
    return _on_grid(task, reach), ceiling


class _Reach:
    """Finds the items and ways that can be part of a solution lighter than a ceiling."""

    def __init__(self, task: Task, ceiling: int) -> None:
        items = task.field.items
        self.task = task
        self.forced = [n for n, item in enumerate(items) if not item.home_allowed]
        self.charged = (1 << len(items)) - 1 - sum(1 << n for n in self.forced)
        self.least = [item.least * COST + 1 for item in items]
        self.ways: dict[int, list[Way]] = {}
        for number in self.forced:
            self.load(number, ceiling)

    def load(self, number: int, ceiling: int) -> None:
        """Ask for the ways of an item that weigh less than the ceiling."""
        ways = self.ways[number] = self.task.ways(number, ceiling // COST)
        self.least[number] = ways[0].weight if ways else NEVER

    def greedy(self) -> int:
        """Return the weight of taking, item by item, the lightest way into free time; `NEVER` when that fails."""
        spans: list[Span] = []
        total = 0
        for number in self.forced:
            for weight, span, hits, *_ in self.ways[number]:
                if not hits and not any(overlap(span, other) for other in spans):
                    total += weight
                    spans += [span] if span else []
                    break
            else:
                return NEVER
        return total

    def explore(self, ceiling: int) -> None:
        """Drop the ways that weigh too much with what they displace, and load what the others displace."""
        news = self.forced
        while news:
            slack = self.trim(ceiling)
            reached = 0
            for ways in self.ways.values():
                for way in ways:
                    reached |= way.hits
            news = [n for n in bits(reached) if n not in self.ways]
            for number in news:
                self.load(number, slack)

    def trim(self, ceiling: int) -> int:
        """Keep the ways that leave the whole below the ceiling; return how much is left for those at home."""
        tolls = {way.hits: self.toll(way.hits) for ways in self.ways.values() for way in ways}
        slack = ceiling - sum(self.least[n] for n in self.forced)
        for number, ways in self.ways.items():
            room = slack + (0 if self.charged >> number & 1 else self.least[number])
            light = ways[: bisect_left(ways, (room,))]
            self.ways[number] = [way for way in light if way.weight + tolls[way.hits] < room]
        return slack

    def toll(self, hits: int) -> int:
        """Return the least weight of moving those whose homes are taken."""
        return sum(self.least[n] for n in bits(hits & self.charged)) if hits else 0


def _on_grid(task: Task, reach: _Reach) -> Board:
    items = task.field.items
    homes = {n: items[n].home for n in reach.ways if items[n].home_allowed}
    spans = {way.span for ways in reach.ways.values() for way in ways if way.span}
    points = tuple(sorted({point for span in (*spans, *homes.values()) for point in span}))
    place = {point: stretch for stretch, point in enumerate(points)}

    def stretches(span: Span | None) -> Span:
        return (place[span[0]], place[span[1]]) if span else (0, 0)

    def option(way: Way) -> Option:
        first, last = stretches(way.span)
        return Option(way.weight, first, last, (1 << last) - (1 << first), way.hits, way.choice, way.fresh)

    pieces = {
        number: Piece(
            *stretches(homes.get(number)),
            forced=not reach.charged >> number & 1,
            options=tuple(map(option, ways)),
        )
        for number, ways in sorted(reach.ways.items())
    }
    return Board(points, pieces, different=bool(task.familiar))
