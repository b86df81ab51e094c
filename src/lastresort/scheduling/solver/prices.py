"""Lower bounds from prices: what every option would pay if time, and sending others away, had its price.

Three rules hold for every solution. A stretch of time where nobody has a home is taken at most once. A stretch of
the home of a piece is taken only if that piece moves, and then at most once. A piece may choose among the options
that take another's home only if that other moves. Relaxing the rules with prices leaves a bound that is a sum over
pieces (Lagrangian relaxation); raising the price of what is wanted too often tightens it (subgradient steps). All
numbers are integers, so that every machine finds the same prices.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple, TYPE_CHECKING

from lastresort.scheduling.solver.board import COST, NEVER, Board, Option, bits

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

FULL_STEP = 64
PATIENCE = 4
"""Rounds without a better bound after which steps are halved."""


CHUNK = 16

Row = tuple[int, int, int, int]
"""An option: weight, first and last stretch, which set of others it sends away."""


class Prices(NamedTuple):
    """Prices on a grid, never negative."""

    points: tuple[int, ...]
    open: list[int]
    """Of each stretch; 0 within a home."""
    rent: dict[int, list[int]]
    """Of each stretch of each home."""
    leave: dict[int, dict[int, int]]
    """What a piece pays for sending another away: payer, leaver."""


class Line(NamedTuple):
    """A piece with prices: its options by reduced cost, and what the bound counts for it before it moves."""

    base: int
    ranked: list[tuple[int, Option]]


class Priced(NamedTuple):
    """A board with prices. No solution weighs less than `bound`, be anything fresh wanted or not."""

    bound: int
    lines: dict[int, Line]
    prices: Prices


def price(board: Board, ceiling: int, rounds: int, start: Prices | None, paired: bool) -> Priced:
    """Return the board with the prices that gave the highest bound, tried for some rounds.

    Every piece must have an option, and one must be fresh if that is wanted. Rounds end early when the bound reaches the ceiling, or nothing is in excess.
    The third rule is used only when `paired`: it tightens hard problems and slows the others.
    """
    market = _Market(board, paired)
    market.start(start)
    best, prices = -1, market.prices
    step, stale = FULL_STEP, 0
    for _ in range(rounds):
        demand = market.demand()
        stale += 1
        if demand.bound > best:
            best, prices, stale = demand.bound, market.prices, 0
        if best >= ceiling:
            break
        if stale == PATIENCE:
            step, stale = max(step // 2, 1), 0
        aim = min(ceiling, best + best // 8 + 10 * COST)
        if not market.adjust(demand, (aim - demand.bound) * step // FULL_STEP):
            break
    market.prices = prices
    return market.priced()


class _Demand(NamedTuple):
    """What the pieces do at given prices: how often each stretch is taken, and whom each mover sends away."""

    bound: int
    usage: list[int]
    movers: dict[int, tuple[int, ...]]


class _Market:
    """Finds out what the pieces of a board do at given prices, and adjusts these."""

    def __init__(self, board: Board, paired: bool) -> None:
        self.pieces = board.pieces
        self.homes = {n: range(p.first, p.last) for n, p in board.pieces.items() if not p.forced}
        size = len(board.points) - 1
        housed = {stretch for home in self.homes.values() for stretch in home}
        self.open = [stretch for stretch in range(size) if stretch not in housed]
        self.different = board.different
        self.fresh: dict[int, list[Row]] = {}
        leavers = sum(1 << n for n in self.homes) if paired else 0
        self.tables: dict[int, list[Row]] = {}
        self.sent: dict[int, list[tuple[int, ...]]] = {}
        for number, piece in board.pieces.items():
            sets: dict[int, int] = {}
            self.tables[number] = [
                (o.weight, o.first, o.last, sets.setdefault(o.hits & leavers, len(sets)))
                for o in piece.options
            ]
            self.sent[number] = [tuple(bits(hits)) for hits in sets]
            if board.different and any(o.fresh for o in piece.options):
                self.fresh[number] = [
                    r for r, o in zip(self.tables[number], piece.options, strict=True) if o.fresh
                ]
        self.prices = Prices(
            board.points,
            [0] * size,
            {n: [0] * len(home) for n, home in self.homes.items()},
            {n: dict.fromkeys((j for js in sent for j in js), 0) for n, sent in self.sent.items()},
        )

    def start(self, old: Prices | None) -> None:
        """Start with the prices of a board much like this one, or with the weight of each home's lightest option."""
        rents = self.prices.rent
        for number, home in self.homes.items():
            if home:
                rents[number] = [self.pieces[number].options[0].weight // len(home)] * len(home)
        if old:
            self.adopt(old)

    def adopt(self, old: Prices) -> None:
        """Take over prices; on another grid, by share of time."""
        points, fresh, rents, leave = self.prices
        known = _carried(old.open, old.points, points)
        for stretch in self.open:
            fresh[stretch] = known[stretch]
        for number in rents.keys() & old.rent.keys():
            home = self.homes[number]
            first = bisect_left(old.points, points[home.start])
            there = old.points[first : first + len(old.rent[number]) + 1]
            rents[number] = _carried(old.rent[number], there, points[home.start : home.stop + 1])
        for number in leave.keys() & old.leave.keys():
            for leaver in leave[number].keys() & old.leave[number].keys():
                leave[number][leaver] = old.leave[number][leaver]

    def sums(self) -> list[int]:
        """Return the sum of the prices before each stretch."""
        prices = list(self.prices.open)
        for number, home in self.homes.items():
            for stretch, rent in zip(home, self.prices.rent[number], strict=True):
                prices[stretch] += rent
        return list(accumulate(prices, initial=0))

    def incomes(self) -> dict[int, int]:
        """Return what the others pay to each home."""
        incomes = {number: sum(rents) for number, rents in self.prices.rent.items()}
        for payments in self.prices.leave.values():
            for leaver, payment in payments.items():
                incomes[leaver] += payment
        return incomes

    def least(self, rows: list[Row], sums: list[int], tolls: list[int], limit: int) -> tuple[int, Row | None]:
        """Return the least of weight and payments below a limit, and whose it is. Rows are ordered by weight."""
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

    def tolls(self, number: int) -> list[int]:
        """Return what a piece pays for each set of others that it can send away."""
        leave = self.prices.leave[number]
        return [sum([leave[leaver] for leaver in sent]) for sent in self.sent[number]]

    def demand(self) -> _Demand:
        """Let every piece choose for itself; where a fresh option is wanted, the one that then loses least."""
        sums, incomes = self.sums(), self.incomes()
        bound = -sum(self.prices.open)
        chosen = {}
        swap: tuple[int, int, Row | None] = (NEVER, -1, None)
        for number, rows in self.tables.items():
            tolls = self.tolls(number)
            income = incomes.get(number, 0)
            least, row = self.least(rows, sums, tolls, incomes.get(number, NEVER))
            if row:
                bound += least - income
                chosen[number] = row
            if number in self.fresh:
                limit = swap[0] + least
                other, row = self.least(self.fresh[number], sums, tolls, limit)
                if row:
                    swap = other - least, number, row
        if self.different and swap[2]:
            bound += swap[0]
            chosen[swap[1]] = swap[2]
        return self.taken(bound, chosen)

    def taken(self, bound: int, chosen: dict[int, Row]) -> _Demand:
        """Return the demand that follows from what each mover chose."""
        edges = [0] * (len(self.prices.points) + 1)
        movers = {}
        for number, (_, first, last, sent) in chosen.items():
            edges[first] += 1
            edges[last] -= 1
            movers[number] = self.sent[number][sent]
        return _Demand(bound, list(accumulate(edges)), movers)

    def adjust(self, demand: _Demand, distance: int) -> bool:
        """Move every price with what is taken too often there; tell whether anything was."""
        points, prices, rents, leave = self.prices
        usage, movers = demand.usage, demand.movers
        over = {t: usage[t] - 1 for t in self.open if usage[t] > 1 or (prices[t] and not usage[t])}
        crowd = {n: _excess(usage[h.start : h.stop], rents[n], n in movers) for n, h in self.homes.items()}
        sent = {n: _sent_in_vain(leave[n], movers.get(n, ()), movers) for n in leave}
        norm = sum([x * x for x in over.values()])
        norm += sum([x * x for xs in crowd.values() for x in xs])
        norm += sum([len(xs) for xs in sent.values()])
        if not norm:
            return False
        unit = distance // norm
        raised = list(prices)
        for stretch, excess in over.items():
            raised[stretch] = max(raised[stretch] + unit * excess, 0)
        self.prices = Prices(
            points,
            raised,
            {
                n: [max(p + unit * x, 0) for p, x in zip(rents[n], xs, strict=True)] if any(xs) else rents[n]
                for n, xs in crowd.items()
            },
            {
                n: leave[n] | {j: max(leave[n][j] + unit * x, 0) for j, x in xs.items()} if xs else leave[n]
                for n, xs in sent.items()
            },
        )
        return True

    def priced(self) -> Priced:
        """Return the board with the prices as they are."""
        sums, incomes = self.sums(), self.incomes()
        bound = -sum(self.prices.open)
        lines = {}
        for number, piece in self.pieces.items():
            income = incomes.get(number, 0)
            tolls = self.tolls(number)
            scores = [
                w + sums[last] - sums[first] + tolls[sent] - income
                for w, first, last, sent in self.tables[number]
            ]
            ranked = sorted(zip(scores, piece.options, strict=True), key=itemgetter(0))
            base = ranked[0][0] if piece.forced else min(ranked[0][0], 0)
            bound += base
            lines[number] = Line(base, ranked)
        return Priced(bound, lines, self.prices)


def _excess(usage: list[int], rents: list[int], moves: bool) -> list[int]:
    """Return how often too often the stretches of a home are taken; below zero only where a price can fall."""
    return [taken - moves if taken > moves or rent else 0 for taken, rent in zip(usage, rents, strict=True)]


def _sent_in_vain(payments: dict[int, int], sent: tuple[int, ...], movers: Container[int]) -> dict[int, int]:
    """Return 1 for each that is sent away and stays, -1 for each that moves, unsent but paid."""
    excess = {leaver: 1 for leaver in sent if leaver not in movers}
    for leaver, payment in payments.items():
        if payment and leaver in movers and leaver not in sent:
            excess[leaver] = -1
    return excess


def _carried(prices: list[int], points: Sequence[int], others: Sequence[int]) -> list[int]:
    """Return prices between other points, out of those between `points`, by share of time."""
    if points == others:
        return prices
    if not prices:
        return [0] * (len(others) - 1)
    sums = [0, *accumulate(prices), sum(prices)]
    steps = [*pairwise(points), (points[-1], points[-1] + 1)]

    def until(moment: int) -> int:
        place = min(bisect_right(points, moment), len(points)) - 1
        if place < 0:
            return 0
        start, end = steps[place]
        return sums[place] + (sums[place + 1] - sums[place]) * min(moment - start, end - start) // (
            end - start
        )

    return [later - earlier for earlier, later in pairwise(map(until, others))]
