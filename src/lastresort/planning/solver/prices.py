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
from operator import add, mul, sub
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.field import COST, NEVER, bits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lastresort.planning.solver.board import Board, Option

FULL_STEP = 64
PATIENCE = 4
"""Rounds without a better bound after which steps are halved."""
STALL = 2
"""A step this small is not worth a round any more."""
CHUNK = 16
"""Options looked at together, at first."""


class Prices(NamedTuple):
    """Prices on a grid, never negative."""

    points: tuple[int, ...]
    open: list[int]
    """Of each stretch; 0 within a home."""
    rent: Mapping[int, list[int]]
    """Of each stretch of the home of each item."""
    leave: Mapping[tuple[int, int], int]
    """What one item pays for sending another away."""


class Line(NamedTuple):
    """A piece with prices, and what the bound counts for it before it moves."""

    base: int
    reduced: list[int]
    """What its options cost at these prices, in order."""
    places: list[int]
    """Where these are among the options of the piece."""


class Priced(NamedTuple):
    """A board with prices. No solution weighs less than `bound`, even if nothing fresh is wanted.

    Options that no solution below the ceiling can have are left out of the lines.
    """

    bound: int
    lines: dict[int, Line]
    prices: Prices


def price(board: Board, ceiling: int, rounds: int, start: Prices | None, paired: bool) -> Priced:
    """Return the board with the prices that gave the highest bound, tried for some rounds.

    The board is not hopeless, and every piece has an option. Rounds end early when the bound reaches the
    ceiling, or nothing is wanted too often. The third rule is used only when `paired`: it tightens hard
    problems and slows all others.
    """
    market = _Market(board, start, paired)
    best, best_prices = -1, market.state()
    step, stale = FULL_STEP, 0
    for _ in range(rounds):
        bound = market.demand()
        stale += 1
        if bound > best:
            best, best_prices, stale = bound, market.state(), 0
        if stale == PATIENCE:
            step, stale = max(step // 2, 1), 0
            if step <= STALL:
                break
        aim = min(ceiling, best + best // 8 + 10 * COST)
        if best >= ceiling or not market.adjust((aim - bound) * step // FULL_STEP):
            break
    market.time, market.leave = best_prices
    return market.priced(ceiling)


class _Market:
    """Finds out what the pieces of a board do at given prices, and adjusts these.

    `time` has a price for every stretch: the open one, or that of the first owner who has a home there. The
    prices of further owners, where time is double-booked, follow in the order of `doubled`.
    """

    def __init__(self, board: Board, start: Prices | None, paired: bool) -> None:
        self.board = board
        self.stretches = max(len(board.points) - 1, 0)
        self.homes = {n: p for n, p in board.pieces.items() if not p.forced and p.first < p.last}
        self.settled = [n for n, p in board.pieces.items() if not p.forced]
        self.doubled: list[tuple[int, int]] = []
        """Stretch and owner."""
        self.places: dict[int, list[int]] = {}
        """Where the prices of a home are, stretch by stretch."""
        self.owned = self._divide()
        self.options = {n: piece.options for n, piece in board.pieces.items()}
        self.fresh = dict(_fresh(board))
        self.sent: dict[int, dict[int, list[int]]] = {}
        """For each set of others that a piece can send away, where what it pays for them is in `leave`."""
        self.pairs: list[tuple[int, int]] = []
        if paired:
            for number, options in self.options.items():
                self._pair(number, options)
        self.paid = {
            n: sorted({place for places in sent.values() for place in places})
            for n, sent in self.sent.items()
        }
        self.time, self.leave = self._first_prices(start)
        self.tolls = {n: self._tolls(n) for n in self.sent}
        self.chosen: dict[int, Option] = {}

    def _divide(self) -> list[int]:
        """Lay out the prices of time; return 1 for each that is nobody's home."""
        open_time = [1] * self.stretches
        for number, home in self.homes.items():
            places = list(range(home.first, home.last))
            for place, stretch in enumerate(places):
                if not open_time[stretch]:
                    places[place] = self.stretches + len(self.doubled)
                    self.doubled.append((stretch, number))
                open_time[stretch] = 0
            self.places[number] = places
        return [*open_time, *[0] * len(self.doubled)]

    def _pair(self, number: int, options: Sequence[Option]) -> None:
        place: dict[int, int] = {}
        self.sent[number] = {
            hits: [place.setdefault(leaver, len(self.pairs) + len(place)) for leaver in bits(hits)]
            for hits in dict.fromkeys([option[4] for option in options])
        }
        self.pairs += [(number, leaver) for leaver in place]

    # -- prices ---------------------------------------------------------------------------------------------

    def _first_prices(self, old: Prices | None) -> tuple[list[int], list[int]]:
        """Return the prices of a similar board; for a new home, its lightest option spread over it."""
        points = self.board.points
        time = [0] * len(self.owned)
        if old:
            carried = _carried(old.open, old.points, points)
            time[: self.stretches] = map(mul, carried, self.owned)
        for number, places in self.places.items():
            first, last, *_ = self.homes[number]
            known = old.rent.get(self.board.items[number]) if old else None
            if old and known:
                begin = bisect_left(old.points, points[first])
                there = old.points[begin : begin + len(known) + 1]
                rents = _carried(known, there, points[first : last + 1])
            else:
                rents = [self.options[number][0].weight // len(places)] * len(places)
            for place, rent in zip(places, rents, strict=True):
                time[place] = rent
        items, paid = self.board.items, old.leave if old else {}
        return time, [paid.get((items[number], items[leaver]), 0) for number, leaver in self.pairs]

    def state(self) -> tuple[list[int], list[int]]:
        """Return the prices of time and of sending away, to come back to."""
        return self.time, self.leave

    def _sums(self) -> list[int]:
        """Return the sum of the prices before each stretch."""
        each = self.time
        if self.doubled:
            each = each[: self.stretches]
            for place, (stretch, _) in enumerate(self.doubled, self.stretches):
                each[stretch] += self.time[place]
        return list(accumulate(each, initial=0))

    def _incomes(self) -> tuple[int, dict[int, int]]:
        """Return what is paid for open time, and what the others pay to each home."""
        time = self.time
        incomes = dict.fromkeys(self.settled, 0)
        for number, places in self.places.items():
            incomes[number] = sum([time[place] for place in places])
        open_time = sum(time) - sum(incomes.values())
        if self.pairs:
            for (_, leaver), payment in zip(self.pairs, self.leave, strict=True):
                incomes[leaver] += payment
        return open_time, incomes

    def _tolls(self, number: int) -> dict[int, int]:
        """Return what a piece pays for each set of others that it can send away; nothing if all are free."""
        leave = self.leave
        if not any(map(leave.__getitem__, self.paid[number])):
            return {}
        return {hits: sum([leave[place] for place in places]) for hits, places in self.sent[number].items()}

    # -- demand ---------------------------------------------------------------------------------------------

    def demand(self) -> int:
        """Let every piece choose for itself; if a fresh option is wanted, the one that then loses least.

        Return the bound that follows.
        """
        sums = self._sums()
        open_time, incomes = self._incomes()
        bound = -open_time
        chosen: dict[int, Option] = {}
        swap: tuple[int, Option] | None = None
        loss = NEVER
        for number, options in self.options.items():
            tolls = self.tolls.get(number)
            income = incomes.get(number)
            least, option = _least(options, sums, tolls, NEVER if income is None else income)
            if option:
                bound += least - (income or 0)
                chosen[number] = option
            if number in self.fresh:
                other, option = _least(self.fresh[number], sums, tolls, least + loss)
                if option:
                    loss, swap = other - least, (number, option)
        if swap:
            bound += loss
            chosen[swap[0]] = swap[1]
        self.chosen = chosen
        return bound

    def adjust(self, distance: int) -> bool:
        """Move the prices with what is taken too often at them; tell whether anything is."""
        excess = self._excess()
        vain = self._sent_in_vain() if self.pairs else {}
        norm = sum(map(mul, excess, excess)) + len(vain)
        if not norm:
            return False
        unit = distance // norm
        self.time = [
            (max(paid + unit * x, 0) if x else paid) for paid, x in zip(self.time, excess, strict=True)
        ]
        if vain:
            self.leave = list(self.leave)
            for place, x in vain.items():
                self.leave[place] = max(self.leave[place] + unit * x, 0)
            for number in {self.pairs[place][0] for place in vain}:
                self.tolls[number] = self._tolls(number)
        return True

    def _excess(self) -> list[int]:
        """Return how often too often the time of each price is taken; below zero only where it can fall."""
        edges = [0] * (self.stretches + 1)
        for _, first, last, *_ in self.chosen.values():
            edges[first] += 1
            edges[last] -= 1
        usage = list(accumulate(edges))
        usage.pop()
        usage += [usage[stretch] for stretch, _ in self.doubled]
        room = self.owned
        movers = self.chosen.keys() & self.places.keys()
        if movers:
            room = list(room)
            for number in movers:
                for place in self.places[number]:
                    room[place] = 1
        return [x if x > 0 or paid else 0 for x, paid in zip(map(sub, usage, room), self.time, strict=True)]

    def _sent_in_vain(self) -> dict[int, int]:
        """Return 1 for each pair whose leaver is sent away and stays, -1 if it is paid and moves unsent."""
        chosen, pairs = self.chosen, self.pairs
        vain: dict[int, int] = {}
        sent: set[int] = set()
        for number, option in chosen.items():
            for place in self.sent[number][option.hits]:
                sent.add(place)
                if pairs[place][1] not in chosen:
                    vain[place] = 1
        for place, payment in enumerate(self.leave):
            if payment and place not in sent and pairs[place][1] in chosen:
                vain[place] = -1
        return vain

    # -- what comes out -------------------------------------------------------------------------------------

    def priced(self, ceiling: int) -> Priced:
        """Return the board at these prices."""
        sums = self._sums()
        open_time, incomes = self._incomes()
        bound = -open_time
        lines = {}
        scored = []
        for number, options in self.options.items():
            income = incomes.get(number, 0)
            scores = [
                weight + sums[last] - sums[first] - income for weight, first, last, _, _, _, _ in options
            ]
            tolls = self._tolls(number) if self.pairs else {}
            if tolls:
                scores = list(map(add, scores, [tolls[option[4]] for option in options]))
            least = min(scores)
            base = min(least, 0) if number in incomes else least
            bound += base
            scored.append((number, base, scores))
        for number, base, scores in scored:
            room = ceiling - bound + base
            places = [place for place, score in enumerate(scores) if score < room]
            places.sort(key=scores.__getitem__)
            lines[number] = Line(base, [scores[place] for place in places], places)
        return Priced(bound, lines, self._told())

    def _told(self) -> Prices:
        items = self.board.items
        pairs = [(items[number], items[leaver]) for number, leaver in self.pairs]
        leave = dict(zip(pairs, self.leave, strict=True))
        rents = {items[n]: [self.time[place] for place in places] for n, places in self.places.items()}
        return Prices(
            self.board.points, list(map(mul, self.time, self.owned[: self.stretches])), rents, leave
        )


def _fresh(board: Board) -> Iterator[tuple[int, tuple[Option, ...]]]:
    """Yield the pieces that have fresh options, and these, if one is wanted."""
    for number, piece in board.pieces.items() if board.different else ():
        fresh = tuple(option for option in piece.options if option.fresh)
        if fresh:
            yield number, fresh


def _least(
    options: tuple[Option, ...], sums: list[int], tolls: Mapping[int, int] | None, limit: int
) -> tuple[int, Option | None]:
    """Return the least of weight and payments below a limit (else the limit), and whose it is.

    Options are ordered by weight, so that the rest need not be looked at once one weighs more.
    """
    best = None
    start, size = 0, CHUNK
    while start < len(options) and options[start][0] < limit:
        chunk = options[start : start + size]
        if tolls:
            scores = [
                weight + sums[last] - sums[first] + tolls[hits]
                for weight, first, last, _, hits, _, _ in chunk
            ]
        else:
            scores = [weight + sums[last] - sums[first] for weight, first, last, _, _, _, _ in chunk]
        least = min(scores)
        if least < limit:
            limit, best = least, chunk[scores.index(least)]
        start, size = start + size, size * 4
    return limit, best


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
