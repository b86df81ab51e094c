"""From a task to a board: only the pieces and options that can matter, on a grid of their own end points."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from lastresort.cheap import NamedTuple
from lastresort.scheduling.solver.field import COST, NEVER, bits, overlap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lastresort.scheduling.solver.field import Span, Task, Way
    from lastresort.scheduling.solver.terms import Choice


class Option(NamedTuple):
    """A way on the grid: the stretches `[first, last)` it takes, as numbers and as a bit set."""

    weight: int
    first: int
    last: int
    mask: int
    hits: int
    choice: Choice
    fresh: bool


class Piece(NamedTuple):
    """An item on the grid. `options` are ordered by weight; a forced piece cannot stay at home."""

    first: int
    last: int
    forced: bool
    options: tuple[Option, ...]


class Board(NamedTuple):
    """The grid, and what stands on it: pieces by the numbers of their items."""

    points: tuple[int, ...]
    """Where stretches start; the last one is an end only."""
    pieces: Mapping[int, Piece]
    different: bool = False
    """Only solutions with a fresh option count."""

    @property
    def size(self) -> int:
        """The number of options."""
        return sum(len(piece.options) for piece in self.pieces.values())

    @property
    def hopeless(self) -> bool:
        """True when a piece that must move has no option, or nothing fresh is left that is wanted."""
        pieces = self.pieces.values()
        if any(piece.forced and not piece.options for piece in pieces):
            return True
        return self.different and not any(option.fresh for piece in pieces for option in piece.options)


def lay_out(task: Task, ceiling: int) -> tuple[Board, int]:
    """Return the board of all that matters below a ceiling, and the ceiling, lowered by an easy solution."""
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
        self.optional = (1 << len(items)) - 1 - sum(1 << n for n in self.forced)
        self.least = [item.least * COST + 1 for item in items]
        self.ways: dict[int, list[Way]] = {}
        for number in self.forced:
            self.load(number, ceiling)

    def load(self, number: int, ceiling: int) -> None:
        """Ask for the ways of an item that weigh less than the ceiling."""
        ways = self.ways[number] = self.task.ways(number, ceiling // COST)
        self.least[number] = ways[0].weight if ways else NEVER

    def greedy(self) -> int:
        """Return the weight if each in turn takes its lightest way into free time, `NEVER` if one cannot."""
        spans: list[Span | None] = []
        total = 0
        for number in self.forced:
            for way in self.ways[number]:
                if not way.hits and not any(overlap(way.span, other) for other in spans):
                    total += way.weight
                    spans.append(way.span)
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
        """Keep the ways that leave the whole below the ceiling; return what is left for those at home."""
        slack = ceiling - sum(self.least[n] for n in self.forced)
        tolls: dict[int, int] = {}
        for number, ways in self.ways.items():
            room = slack + (0 if self.optional >> number & 1 else self.least[number])
            light = ways[: bisect_left(ways, (room,))]
            for hits in {way.hits for way in light} - tolls.keys():
                tolls[hits] = sum(self.least[n] for n in bits(hits & self.optional))
            self.ways[number] = [way for way in light if way.weight + tolls[way.hits] < room]
        return slack


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
        number: Piece(*stretches(homes.get(number)), number not in homes, tuple(map(option, ways)))
        for number, ways in sorted(reach.ways.items())
    }
    return Board(points, pieces, different=bool(task.familiar))


def settled(board: Board) -> Board:
    """Return the board without options that displace what cannot move, and without what nothing reaches."""
    while True:
        stuck = sum(1 << n for n, piece in board.pieces.items() if not piece.options and not piece.forced)
        kept = {n: tuple(o for o in p.options if not o.hits & stuck) for n, p in board.pieces.items()}
        if all(len(kept[n]) == len(piece.options) for n, piece in board.pieces.items()):
            return _reached(board)
        board = board._replace(pieces={n: p._replace(options=kept[n]) for n, p in board.pieces.items()})


def _reached(board: Board) -> Board:
    reached = sum(1 << n for n, piece in board.pieces.items() if piece.forced)
    before = 0
    while before != reached:
        before = reached
        for number in bits(before):
            for option in board.pieces[number].options:
                reached |= option.hits
    return board._replace(pieces={n: piece for n, piece in board.pieces.items() if reached >> n & 1})


def split(board: Board) -> list[Board]:
    """Return the parts of a settled board that cannot get into each other's way."""
    parts: list[tuple[int, dict[int, Piece]]] = []
    for number, piece in board.pieces.items():
        ground = (1 << piece.last) - (1 << piece.first)
        for option in piece.options:
            ground |= option.mask
        part = {number: piece}
        apart = []
        for other_ground, other in parts:
            if other_ground & ground:
                ground |= other_ground
                part |= other
            else:
                apart.append((other_ground, other))
        parts = [*apart, (ground, part)]
    return [board._replace(pieces=dict(sorted(part.items()))) for _, part in parts]
