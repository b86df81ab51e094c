"""Lower bounds from prices: what every option would pay if time, and sending others away, had its price.

Three rules hold for every solution. A stretch of time where nobody has a home is taken at most once. A
stretch of a home is taken only if its owner moves, and then at most once. A piece may choose among the
options that take another's home only if that other moves. Prices instead of these rules leave a bound
that is a sum over pieces (Lagrangian relaxation); raising the price of what is wanted too often tightens
it (subgradient steps). All numbers are integers, so that every machine finds the same prices.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from lastresort.cheap import NamedTuple
from lastresort.scheduling.solver.field import COST, NEVER, bits

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from lastresort.scheduling.solver.board import Board, Option

FULL_STEP = 64
PATIENCE = 4
"""Rounds without a better bound after which steps are halved."""
CHUNK = 16
"""Options looked at together, at first."""


class Prices(NamedTuple):
    """Prices on a grid, never negative."""

    points: tuple[int, ...]
    open: list[int]
    """Of each stretch; 0 within a home."""
    rent: Mapping[int, list[int]]
    """Of each stretch of each home."""
    leave: Mapping[int, Mapping[int, int]]
    """What a piece (first key) pays for sending another (second key) away."""


class Line(NamedTuple):
    """A piece with prices: its options by reduced cost, and what the bound counts for it before it moves."""

    base: int
    ranked: list[tuple[int, Option]]


class Priced(NamedTuple):
    """A board with prices. No solution weighs less than `bound`, even if nothing fresh is wanted."""

    bound: int
    lines: dict[int, Line]
    prices: Prices


def price(board: Board, ceiling: int, rounds: int, start: Prices | None, paired: bool) -> Priced:
    """Return the board with the prices that gave the highest bound, tried for some rounds.

    The board is not hopeless, and every piece has an option. Rounds end early when the bound reaches the
    ceiling, or nothing is wanted too often. The third rule is used only when `paired`: it tightens hard
    problems and slows all others.
    """
    market = _Market(board, paired)
    prices = market.first_prices(start)
    best, best_prices = -1, prices
    step, stale = FULL_STEP, 0
    for _ in range(rounds):
        demand = market.demand(prices)
        stale += 1
        if demand.bound > best:
            best, best_prices, stale = demand.bound, prices, 0
        if stale == PATIENCE:
            step, stale = max(step // 2, 1), 0
        aim = min(ceiling, best + best // 8 + 10 * COST)
        adjusted = market.adjusted(prices, demand, (aim - demand.bound) * step // FULL_STEP)
        if best >= ceiling or not adjusted:
            break
        prices = adjusted
    return market.priced(best_prices)


class _Row(NamedTuple):
    """An option as prices see it. `sent`: place of the set of others that it sends away."""

    weight: int
    first: int
    last: int
    sent: int


class _Demand(NamedTuple):
    """What the pieces do at given prices: how often each stretch is taken, and whom each mover sends away."""

    bound: int
    usage: list[int]
    movers: Mapping[int, tuple[int, ...]]


class _Market:
    """Finds out what the pieces of a board do at given prices, and adjusts these."""

    def __init__(self, board: Board, paired: bool) -> None:
        self.board = board
        self.homes = {n: range(p.first, p.last) for n, p in board.pieces.items() if not p.forced}
        housed = {stretch for home in self.homes.values() for stretch in home}
        self.open = [stretch for stretch in range(len(board.points) - 1) if stretch not in housed]
        self.leavers = sum(1 << n for n in self.homes) if paired else 0
        self.rows: dict[int, list[_Row]] = {}
        self.fresh: dict[int, list[_Row]] = {}
        self.sent: dict[int, list[tuple[int, ...]]] = {}
        for number, piece in board.pieces.items():
            self._tabulate(number, piece.options)

    def _tabulate(self, number: int, options: Sequence[Option]) -> None:
        sets: dict[int, int] = {}
        rows = [
            _Row(o.weight, o.first, o.last, sets.setdefault(o.hits & self.leavers, len(sets)))
            for o in options
        ]
        fresh = [row for row, option in zip(rows, options, strict=True) if option.fresh]
        self.rows[number] = rows
        self.sent[number] = [tuple(bits(hits)) for hits in sets]
        if self.board.different and fresh:
            self.fresh[number] = fresh

    def first_prices(self, old: Prices | None) -> Prices:
        """Return the prices of a similar board; for a new home, its lightest option spread over it."""
        points = self.board.points
        rents = {}
        for number, home in self.homes.items():
            if old and number in old.rent:
                first = bisect_left(old.points, points[home.start])
                there = old.points[first : first + len(old.rent[number]) + 1]
                rents[number] = _carried(old.rent[number], there, points[home.start : home.stop + 1])
            else:
                least = self.rows[number][0].weight
                rents[number] = [least // len(home)] * len(home) if home else []
        known = _carried(old.open, old.points, points) if old else [0] * len(points)
        open_prices = [0] * (len(points) - 1)
        for stretch in self.open:
            open_prices[stretch] = known[stretch]
        leave = {}
        for number, sent in self.sent.items():
            paid = old.leave.get(number, {}) if old else {}
            leave[number] = {leaver: paid.get(leaver, 0) for leavers in sent for leaver in leavers}
        return Prices(points, open_prices, rents, leave)

    def demand(self, prices: Prices) -> _Demand:
        """Let every piece choose for itself; if a fresh option is wanted, the one that then loses least."""
        sums, incomes = self._sums(prices), _incomes(prices)
        bound = -sum(prices.open)
        chosen: dict[int, _Row] = {}
        swap: tuple[int, _Row] | None = None
        loss = NEVER
        for number, rows in self.rows.items():
            tolls = self._tolls(number, prices)
            least, row = _least(rows, sums, tolls, incomes.get(number, NEVER))
            if row:
                bound += least - incomes.get(number, 0)
                chosen[number] = row
            if number in self.fresh:
                other, row = _least(self.fresh[number], sums, tolls, least + loss)
                if row:
                    loss, swap = other - least, (number, row)
        if swap:
            bound += loss
            chosen[swap[0]] = swap[1]
        return self._taken(bound, chosen)

    def _taken(self, bound: int, chosen: Mapping[int, _Row]) -> _Demand:
        edges = [0] * (len(self.board.points) + 1)
        movers = {}
        for number, row in chosen.items():
            edges[row.first] += 1
            edges[row.last] -= 1
            movers[number] = self.sent[number][row.sent]
        return _Demand(bound, list(accumulate(edges)), movers)

    def _sums(self, prices: Prices) -> list[int]:
        """Return the sum of the prices before each stretch."""
        each = list(prices.open)
        for number, home in self.homes.items():
            for stretch, rent in zip(home, prices.rent[number], strict=True):
                each[stretch] += rent
        return list(accumulate(each, initial=0))

    def _tolls(self, number: int, prices: Prices) -> list[int]:
        """Return what a piece pays for each set of others that it can send away."""
        leave = prices.leave[number]
        return [sum([leave[leaver] for leaver in sent]) for sent in self.sent[number]]

    def adjusted(self, prices: Prices, demand: _Demand, distance: int) -> Prices | None:
        """Return prices moved with what is taken too often at them; `None` when nothing is."""
        _, old, rents, leave = prices
        usage, movers = demand.usage, demand.movers
        over = {t: usage[t] - 1 for t in self.open if usage[t] > 1 or (old[t] and not usage[t])}
        crowd = {n: _excess(usage[h.start : h.stop], rents[n], n in movers) for n, h in self.homes.items()}
        vain = {n: _sent_in_vain(leave[n], movers.get(n, ()), movers) for n in leave}
        norm = sum([x * x for x in over.values()])
        norm += sum([x * x for excess in crowd.values() for x in excess])
        norm += sum(map(len, vain.values()))
        if not norm:
            return None
        unit = distance // norm
        open_prices = list(old)
        for stretch, x in over.items():
            open_prices[stretch] = max(old[stretch] + unit * x, 0)
        new_rents = {
            n: [max(p + unit * x, 0) for p, x in zip(rents[n], excess, strict=True)]
            if any(excess)
            else rents[n]
            for n, excess in crowd.items()
        }
        new_leave = {
            n: {**leave[n], **{j: max(leave[n][j] + unit * x, 0) for j, x in excess.items()}}
            for n, excess in vain.items()
        }
        return prices._replace(open=open_prices, rent=new_rents, leave=new_leave)

    def priced(self, prices: Prices) -> Priced:
        """Return the board at given prices."""
        sums, incomes = self._sums(prices), _incomes(prices)
        bound = -sum(prices.open)
        lines = {}
        for number, piece in self.board.pieces.items():
            tolls = self._tolls(number, prices)
            income = incomes.get(number, 0)
            scores = [
                w + sums[last] - sums[first] + tolls[sent] - income
                for w, first, last, sent in self.rows[number]
            ]
            ranked = sorted(zip(scores, piece.options, strict=True), key=itemgetter(0))
            base = ranked[0][0] if piece.forced else min(ranked[0][0], 0)
            bound += base
            lines[number] = Line(base, ranked)
        return Priced(bound, lines, prices)


def _least(rows: list[_Row], sums: list[int], tolls: list[int], limit: int) -> tuple[int, _Row | None]:
    """Return the least of weight and payments below a limit (else the limit), and whose it is.

    Rows are ordered by weight, so that the rest need not be looked at once one weighs more.
    """
    best = None
    start, size = 0, CHUNK
    while start < len(rows) and rows[start][0] < limit:
        chunk = rows[start : start + size]
        scores = [weight + sums[last] - sums[first] + tolls[sent] for weight, first, last, sent in chunk]
        least = min(scores)
        if least < limit:
            limit, best = least, chunk[scores.index(least)]
        start, size = start + size, size * 4
    return limit, best


def _incomes(prices: Prices) -> dict[int, int]:
    """Return what the others pay to each home."""
    incomes = {number: sum(rents) for number, rents in prices.rent.items()}
    for payments in prices.leave.values():
        for leaver, payment in payments.items():
            incomes[leaver] += payment
    return incomes


def _excess(usage: Sequence[int], rents: Sequence[int], moves: bool) -> list[int]:
    """Return how often too often each stretch of a home is taken; below zero only where a price can fall."""
    return [taken - moves if taken > moves or rent else 0 for taken, rent in zip(usage, rents, strict=True)]


def _sent_in_vain(
    payments: Mapping[int, int], sent: tuple[int, ...], movers: Container[int]
) -> dict[int, int]:
    """Return 1 for each that is sent away and stays, -1 for each that is paid and moves unsent."""
    excess = {leaver: 1 for leaver in sent if leaver not in movers}
    for leaver, payment in payments.items():
        if payment and leaver in movers and leaver not in sent:
            excess[leaver] = -1
    return excess


def _carried(prices: list[int], points: Sequence[int], others: Sequence[int]) -> list[int]:
    """Return prices between other points, out of those between `points`, by share of time."""
    if points == others:
        return prices
    sums = [0, *accumulate(prices)]

    def until(moment: int) -> int:
        place = bisect_right(points, moment) - 1
        if place < 0 or not prices:
            return 0
        if place >= len(prices):
            return sums[-1]
        start, end = points[place], points[place + 1]
        return sums[place] + prices[place] * (moment - start) // (end - start)

    return [later - earlier for earlier, later in pairwise(map(until, others))]
