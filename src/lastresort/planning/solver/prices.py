"""Lower bounds from prices: what every option would pay if time, and sending others away, had its price.

Three rules hold for every solution. A stretch of time where nobody has a home is taken at most once. A
stretch of a home is taken only if its owner moves and does not stay in that part of it, and then at most
once. A piece may choose among the options that send another away only if that other moves. Prices instead
of these rules leave a bound that is a sum over pieces (Lagrangian relaxation); raising the price of what is
wanted too often tightens it (subgradient steps). All numbers are integers, so that every machine finds the
same prices.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from copy import copy
from itertools import accumulate, pairwise
from operator import add, mul, sub
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.field import COST, NEVER, bits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lastresort.planning.solver.board import Board, Option, Piece
    from lastresort.planning.solver.terms import Span

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


class PricedPiece(NamedTuple):
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
    lines: dict[int, PricedPiece]
    prices: Prices


def price(board: Board, ceiling: int, rounds: int, start: Prices | None, paired: bool) -> Priced:
    """Return the board with the prices that gave the highest bound, tried for some rounds.

    The board is not hopeless, and every piece has an option. Rounds end early when the bound reaches the
    ceiling, or nothing is wanted too often. The third rule is used only when `paired`: it tightens hard
    problems and slows all others. Then, where several pieces are forced, a piece pays for the parts of its
    home in which it stays as well: what each of the forced ones has to do without adds up. (Where there is
    one, its first choices in the search show that at once.)
    """
    market = _Market(board, paired)
    bound, asked = _raised(market, market.first_prices(start), ceiling, rounds)
    if paired and bound < ceiling and sum(piece.forced for piece in board.pieces.values()) > 1:
        market = market.with_stays()
        if market.stays:
            bound, asked = _raised(market, asked, ceiling, rounds)
    return market.priced(asked, ceiling)


def _raised(market: _Market, asked: _Asked, ceiling: int, rounds: int) -> tuple[int, _Asked]:
    """Return the highest bound that some rounds find, from given prices on, and the prices that gave it."""
    best, best_asked = -1, asked
    step, stale = FULL_STEP, 0
    for _ in range(rounds):
        demand = market.demand(asked)
        stale += 1
        if demand.bound > best:
            best, best_asked, stale = demand.bound, asked, 0
        if stale == PATIENCE:
            step, stale = max(step // 2, 1), 0
            if step <= STALL:
                break
        if best >= ceiling:
            break
        aim = min(ceiling, best + best // 8 + 10 * COST)
        adjusted = market.adjusted(asked, demand.chosen, (aim - demand.bound) * step // FULL_STEP)
        if adjusted is None:
            break
        asked = adjusted
    return best, best_asked


class _Asked(NamedTuple):
    """A price for everything that a market sells."""

    time: list[int]
    """Of every stretch: of open time, else the rent of the first owner who has a home there; then the rents
    of further owners, where time is double-booked (`_Market.stretch_of`)."""
    leave: list[int]
    """Of every pair of a piece and another that it can send away; empty when the third rule is not used."""


class _Tolls(NamedTuple):
    """What the options of a piece pay besides the time that they take; empty where that is nothing."""

    away: Mapping[int, int]
    """For each set of others that one can send away."""
    stay: Mapping[tuple[Span, ...], int]
    """For each way to stay in parts of the home: time that nobody else can take then."""

    def added(self, scores: list[int], options: Sequence[Option]) -> list[int]:
        """Return the scores of some options with what they pay."""
        if self.away:
            scores = list(map(add, scores, [self.away[option.hits] for option in options]))
        if self.stay:
            scores = list(map(add, scores, [self.stay.get(option.choice.stays, 0) for option in options]))
        return scores


class _Demand(NamedTuple):
    """What the pieces do when each chooses for itself, and the bound that follows."""

    bound: int
    chosen: dict[int, Option]


class _Market:
    """What is for sale on a board: time, and leave to send others away. It stays as it is while prices
    change."""

    def __init__(self, board: Board, paired: bool) -> None:
        self.board = board
        self.stretches = max(len(board.points) - 1, 0)
        self.owners = [n for n, piece in board.pieces.items() if not piece.forced]
        self.stretch_of = list(range(self.stretches))
        """The stretch that each price is of: one price for each, then one more for each further owner who has
        a home there."""
        self.capacity = [1] * self.stretches
        """How often the time of each price may be taken while all owners are at home."""
        self.rents: dict[int, list[int]] = {}
        """Where the prices of a home are, stretch by stretch."""
        for number, piece in board.pieces.items():
            if not piece.forced and piece.first < piece.last:
                self.rents[number] = [self._let(stretch) for stretch in range(piece.first, piece.last)]
        self.fresh = {
            n: fresh for n, piece in board.pieces.items() if (fresh := _fresh_options(board, piece))
        }
        self.stays: dict[int, dict[tuple[Span, ...], list[int]]] = {}
        """For each way to stay in parts of a home, where the prices of these parts are; empty where staying
        has no price."""
        self.pairs: list[tuple[int, int]] = []
        self.sent: dict[int, dict[int, list[int]]] = {}
        """For each set of others that a piece can send away, which pairs these are."""
        self.pairs_of: dict[int, slice] = {}
        """Where the pairs of each piece are."""
        if paired:
            for number, piece in board.pieces.items():
                self._pair(number, piece)

    def _let(self, stretch: int) -> int:
        """Return where the price of a stretch is for one more owner who has a home there."""
        if self.capacity[stretch]:
            self.capacity[stretch] = 0
            return stretch
        self.stretch_of.append(stretch)
        self.capacity.append(0)
        return len(self.capacity) - 1

    def with_stays(self) -> _Market:
        """Return a market where a piece pays for the parts of its home in which it stays: nobody else can
        take them."""
        other = copy(self)
        other.stays = {
            number: stays
            for number in self.rents
            if (stays := self._staying(number, self.board.pieces[number]))
        }
        return other

    def _staying(self, number: int, piece: Piece) -> dict[tuple[Span, ...], list[int]]:
        points = self.board.points
        place_of = dict(zip(range(piece.first, piece.last), self.rents[number], strict=True))
        found: dict[tuple[Span, ...], list[int]] = {}
        for stays in {option.choice.stays for option in piece.options if option.choice.stays}:
            spans = (range(bisect_left(points, start), bisect_left(points, end)) for start, end in stays)
            found[stays] = [place_of[n] for stretches in spans for n in stretches if n in place_of]
        return found

    def _pair(self, number: int, piece: Piece) -> None:
        place: dict[int, int] = {}
        self.sent[number] = {
            hits: [place.setdefault(leaver, len(self.pairs) + len(place)) for leaver in bits(hits)]
            for hits in dict.fromkeys(option.hits for option in piece.options)
        }
        self.pairs_of[number] = slice(len(self.pairs), len(self.pairs) + len(place))
        self.pairs += [(number, leaver) for leaver in place]

    # -- prices ---------------------------------------------------------------------------------------------

    def first_prices(self, old: Prices | None) -> _Asked:
        """Return the prices of a similar board; for a new home, its lightest option spread over what the
        forced pieces want of it, else over all of it."""
        points, items, pieces = self.board.points, self.board.items, self.board.pieces
        time = [0] * len(self.capacity)
        wanted = self._wanted_for_certain()
        if old:
            time[: self.stretches] = map(mul, _carried(old.open, old.points, points), self.capacity)
        for number, places in self.rents.items():
            piece = pieces[number]
            known = old.rent.get(items[number]) if old else None
            if old and known:
                begin = bisect_left(old.points, points[piece.first])
                there = old.points[begin : begin + len(known) + 1]
                rents = _carried(known, there, points[piece.first : piece.last + 1])
            else:
                share = [stretch in wanted for stretch in range(piece.first, piece.last)]
                share = share if any(share) else [True] * len(places)
                rents = [piece.options[0].weight // sum(share) * part for part in share]
            for place, rent in zip(places, rents, strict=True):
                time[place] = rent
        paid = old.leave if old else {}
        return _Asked(time, [paid.get((items[number], items[leaver]), 0) for number, leaver in self.pairs])

    def _wanted_for_certain(self) -> set[int]:
        forced = (piece.options for piece in self.board.pieces.values() if piece.forced)
        lightest = (options[0] for options in forced)
        return {stretch for option in lightest for stretch in range(option.first, option.last)}

    def _sums(self, time: list[int]) -> list[int]:
        """Return the sum of the prices before each stretch."""
        each = time[: self.stretches]
        for stretch, price in zip(self.stretch_of[self.stretches :], time[self.stretches :], strict=True):
            each[stretch] += price
        return list(accumulate(each, initial=0))

    def _incomes(self, asked: _Asked) -> tuple[int, dict[int, int]]:
        """Return what is paid for open time, and what the others pay to each owner."""
        incomes = dict.fromkeys(self.owners, 0)
        for number, places in self.rents.items():
            incomes[number] = sum([asked.time[place] for place in places])
        open_time = sum(asked.time) - sum(incomes.values())
        for (_, leaver), payment in zip(self.pairs, asked.leave, strict=bool(self.pairs)):
            incomes[leaver] += payment
        return open_time, incomes

    def _tolls(self, number: int, asked: _Asked) -> _Tolls:
        """Return what the options of a piece pay besides the time that they take."""
        pays = any(asked.leave[self.pairs_of[number]]) if self.pairs else False
        sent, stays = self.sent[number] if pays else {}, self.stays.get(number, {})
        return _Tolls(
            away={hits: sum([asked.leave[place] for place in places]) for hits, places in sent.items()},
            stay={parts: sum([asked.time[place] for place in places]) for parts, places in stays.items()},
        )

    # -- demand ---------------------------------------------------------------------------------------------

    def demand(self, asked: _Asked) -> _Demand:
        """Return what every piece chooses for itself; if a fresh option is wanted, the one that then loses
        least has to take it."""
        sums = self._sums(asked.time)
        open_time, incomes = self._incomes(asked)
        bound = -open_time
        chosen: dict[int, Option] = {}
        swap: tuple[int, Option] | None = None
        loss = NEVER
        for number, piece in self.board.pieces.items():
            tolls = self._tolls(number, asked)
            stays_for = incomes.get(number, NEVER)
            least, option = _least(piece.options, sums, tolls, stays_for)
            if option:
                bound += least - incomes.get(number, 0)
                chosen[number] = option
            if number in self.fresh:
                other, option = _least(self.fresh[number], sums, tolls, least + loss)
                if option:
                    loss, swap = other - least, (number, option)
        if swap:
            bound += loss
            chosen[swap[0]] = swap[1]
        return _Demand(bound, chosen)

    def adjusted(self, asked: _Asked, chosen: Mapping[int, Option], distance: int) -> _Asked | None:
        """Return prices moved with what is taken too often at the old ones; `None` when nothing is."""
        excess = self._excess(asked, chosen)
        vain = self._sent_in_vain(asked, chosen)
        norm = sum(map(mul, excess, excess)) + sum(map(abs, vain))
        if not norm:
            return None
        unit = distance // norm
        return _Asked(*(_moved(prices, by, unit) for prices, by in zip(asked, (excess, vain), strict=True)))

    def _excess(self, asked: _Asked, chosen: Mapping[int, Option]) -> list[int]:
        """Return how often too often the time of each price is taken; below zero only where it can fall."""
        edges = [0] * (self.stretches + 1)
        for option in chosen.values():
            edges[option.first] += 1
            edges[option.last] -= 1
        taken = list(accumulate(edges))
        usage = [taken[stretch] for stretch in self.stretch_of]
        for number in chosen.keys() & self.stays.keys():
            for place in self.stays[number].get(chosen[number].choice.stays, ()):
                usage[place] += 1
        room = list(self.capacity)
        for number in chosen.keys() & self.rents.keys():
            for place in self.rents[number]:
                room[place] = 1
        over = map(sub, usage, room)
        return [more if more > 0 or price else 0 for more, price in zip(over, asked.time, strict=True)]

    def _sent_in_vain(self, asked: _Asked, chosen: Mapping[int, Option]) -> list[int]:
        """Return 1 for each pair whose leaver is sent away and stays, -1 if it is paid and moves unsent."""
        vain = [
            -1 if payment and leaver in chosen else 0
            for (_, leaver), payment in zip(self.pairs, asked.leave, strict=True)
        ]
        if self.pairs:
            for number, option in chosen.items():
                for place in self.sent[number][option.hits]:
                    vain[place] = 0 if self.pairs[place][1] in chosen else 1
        return vain

    # -- what comes out -------------------------------------------------------------------------------------

    def priced(self, asked: _Asked, ceiling: int) -> Priced:
        """Return the board at these prices."""
        sums = self._sums(asked.time)
        open_time, incomes = self._incomes(asked)
        bound = -open_time
        bases: dict[int, int] = {}
        scores: dict[int, list[int]] = {}
        for number, piece in self.board.pieces.items():
            income = incomes.get(number, 0)
            found = [o.weight + sums[o.last] - sums[o.first] - income for o in piece.options]
            found = self._tolls(number, asked).added(found, piece.options)
            least = min(found)
            bases[number], scores[number] = least if piece.forced else min(least, 0), found
            bound += bases[number]
        lines = {}
        for number, found in scores.items():
            room = ceiling - bound + bases[number]
            places = [place for place, score in enumerate(found) if score < room]
            places.sort(key=found.__getitem__)
            lines[number] = PricedPiece(bases[number], [found[place] for place in places], places)
        return Priced(bound, lines, self._told(asked))

    def _told(self, asked: _Asked) -> Prices:
        items = self.board.items
        return Prices(
            points=self.board.points,
            open=list(map(mul, asked.time, self.capacity[: self.stretches])),
            rent={items[n]: [asked.time[place] for place in places] for n, places in self.rents.items()},
            leave={
                (items[number], items[leaver]): payment
                for (number, leaver), payment in zip(self.pairs, asked.leave, strict=True)
            },
        )


def _fresh_options(board: Board, piece: Piece) -> tuple[Option, ...]:
    """Return the fresh options of a piece, if one is wanted."""
    return tuple(option for option in piece.options if option.fresh) if board.different else ()


def _moved(prices: list[int], by: Iterable[int], unit: int) -> list[int]:
    return [max(price + unit * more, 0) if more else price for price, more in zip(prices, by, strict=True)]


def _least(
    options: tuple[Option, ...], sums: list[int], tolls: _Tolls, limit: int
) -> tuple[int, Option | None]:
    """Return the least of weight and payments below a limit (else the limit), and whose it is.

    Options are ordered by weight, so that the rest need not be looked at once one weighs more.
    """
    best = None
    start, size = 0, CHUNK
    while start < len(options) and options[start].weight < limit:
        chunk = options[start : start + size]
        # unpacked, as this is where most of the time of a hard problem goes
        scores = [weight + sums[last] - sums[first] for weight, first, last, _, _, _, _, _ in chunk]
        scores = tolls.added(scores, chunk)
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
