"""The items of a problem, and the ways to treat them that are worth trying."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    """A choice with its weight. `hits`: bit set of the items whose home it takes, which then have to move."""

    weight: int
    span: Span | None
    hits: int
    choice: Choice
    fresh: bool = False
    """It treats its item as no earlier plan did."""


class Field:
    """All items of a problem by number, in the order of their ids. Each is asked for its choices once."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = sorted(items, key=lambda item: item.id)
        self.homes = _Homes({n: item.home for n, item in enumerate(self.items) if item.home_allowed})
        self._choices: dict[int, list[Choice]] = {}
        self._ways: dict[int, tuple[int, list[Way]]] = {}

    def choices(self, number: int, cost: int) -> list[Choice]:
        """Return the choices of an item that cost at most so much, the cheapest first."""
        known = self._choices.get(number)
        if known is None:
            choices = self.items[number].choices
            given = choices() if callable(choices) else choices
            known = self._choices[number] = sorted(given, key=attrgetter("cost", "displacement", "id"))
        return known[: bisect_right(known, cost, key=attrgetter("cost"))]

    def least_cost(self, bound: int) -> int:
        """Return the least cost that a solution of at least this weight can have: costs come in steps."""
        step = gcd(*(choice.cost for choices in self._choices.values() for choice in choices)) or 1
        return -(-(bound // COST) // step) * step

    def ways(self, number: int, cost: int) -> list[Way]:
        """Return the ways of an item that cost at most so much (or some more), lightest first."""
        up_to, ways = self._ways.get(number, (-1, []))
        if up_to < cost:
            ways = list(self.weighed(number, self.choices(number, cost)))
            self._ways[number] = (cost, ways)
        return ways

    def weighed(self, number: int, choices: Iterable[Choice], fresh: bool = False) -> Iterator[Way]:
        """Yield the ways among choices that are given the cheapest first, without the dominated ones."""
        others = ~(1 << number)
        for span, choice in undominated(choices):
            weight = choice.cost * COST + choice.displacement * DISPLACEMENT + 1
            yield Way(weight, span, self.homes.under(span) & others, choice, fresh)


class Task(NamedTuple):
    """What to solve: a field, and what is asked beyond it."""

    field: Field
    familiar: Mapping[int, frozenset[str]] = {}
    """Unless empty: one of these items has to move, and in none of its groups named here."""
    surer: tuple[int, int] | None = None
    """This item may only be treated with less doubt than that."""

    def ways(self, number: int, cost: int) -> list[Way]:
        """Return the ways of an item that are allowed and worth trying, the lightest first.

        A fresh way is worth trying unless another fresh one is better.
        """
        if number not in self.familiar and not self._doubted(number):
            return self.field.ways(number, cost)
        fresh = {way.choice.id: way for way in self.fresh_ways(number, cost)}
        rest = (choice for choice in self._allowed(number, cost))
        familiar = [way for way in self.field.weighed(number, rest) if way.choice.id not in fresh]
        return sorted([*familiar, *fresh.values()], key=itemgetter(0))

    def fresh_ways(self, number: int, cost: int) -> Iterator[Way]:
        """Yield the allowed ways of an item in other than its familiar groups, the lightest first."""
        groups = self.familiar.get(number)
        if groups is None:
            return iter(())
        others = (choice for choice in self._allowed(number, cost) if choice.group not in groups)
        return self.field.weighed(number, others, fresh=True)

    def _doubted(self, number: int) -> bool:
        return self.surer is not None and self.surer[0] == number

    def _allowed(self, number: int, cost: int) -> Iterator[Choice]:
        for choice in self.field.choices(number, cost):
            if not self.surer or self.surer[0] != number or choice.doubt < self.surer[1]:
                yield choice


def undominated(choices: Iterable[Choice]) -> Iterator[tuple[Span | None, Choice]]:
    """Yield the choices worth trying, with the time they take: none in which an earlier one lies."""
    seen: set[Span] = set()
    by_length: dict[int, list[Span]] = {}
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
        briefer = [spans for other, spans in by_length.items() if other < length]
        if any(start <= a and b <= end for spans in briefer for a, b in spans):
            continue
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
    """Tells which homes lie under a span, as a bit set."""

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
