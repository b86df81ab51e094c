"""From a task to a board: only the pieces and options that can matter, on a grid of their own end points."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.field import COST, NEVER, bits, overlap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lastresort.planning.solver.field import Span, Task, Way
    from lastresort.planning.solver.terms import Choice


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
    """The grid, and what stands on it: pieces by number, in the order of their items."""

    points: tuple[int, ...]
    """Where stretches start; the last one is an end only."""
    items: tuple[int, ...]
    """Which item each number stands for."""
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
        self.task = task
        self.forced = task.field.forced
        self.ways: dict[int, list[Way]] = {item: [] for item in self.forced}
        self.least: dict[int, int] = {}
        """The weight of the lightest way of an item, or less."""
        slack = ceiling - sum(map(self.at_least, self.forced))
        for item in self.forced:
            if slack <= 0:
                break
            known = self.least[item]
            self.load(item, slack + known)
            slack -= self.least[item] - known

    def at_least(self, item: int) -> int:
        """Return the weight that an item has at least when it moves."""
        least = self.least.get(item)
        if least is None:
            least = self.least[item] = self.task.field.items[item].least * COST + 1
        return least

    def load(self, item: int, ceiling: int) -> None:
        """Ask for the ways of an item that weigh less than the ceiling."""
        ways = self.ways[item] = self.task.ways(item, ceiling // COST)
        self.least[item] = ways[0].weight if ways else NEVER

    def greedy(self) -> int:
        """Return the weight if each in turn takes its lightest way into free time, `NEVER` if one cannot."""
        spans: list[Span | None] = []
        total = 0
        for item in self.forced:
            for way in self.ways[item]:
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
            if not all(self.ways[item] for item in self.forced):
                self.ways = {item: [] for item in self.forced}
                return
            hits = {way[2] for ways in self.ways.values() for way in ways}
            reached = {item for each in hits for item in self.task.field.sets[each]}
            news = sorted(reached - self.ways.keys())
            for item in news:
                self.load(item, slack)

    def trim(self, ceiling: int) -> int:
        """Keep the ways that leave the whole below the ceiling; return what is left for those at home."""
        sets, least = self.task.field.sets, self.least
        needed = {item: least[item] for item in self.forced}
        slack = ceiling - sum(needed.values())
        tolls: dict[int, int] = {}
        for item, ways in self.ways.items():
            room = slack + needed.get(item, 0)
            light = ways[: bisect_left(ways, (room,))]
            for hits in {way[2] for way in light} - tolls.keys():
                tolls[hits] = sum(map(self.at_least, sets[hits]))
            self.ways[item] = [way for way in light if way[0] + tolls[way[2]] < room]
        return slack


def _on_grid(task: Task, reach: _Reach) -> Board:
    items, sets = task.field.items, task.field.sets
    number = {item: n for n, item in enumerate(sorted(reach.ways))}
    homes = {item: items[item].home for item in reach.ways if items[item].home_allowed}
    spans = {way[1] for ways in reach.ways.values() for way in ways} - {None}
    points = tuple(sorted({point for span in (*spans, *homes.values()) for point in span or ()}))
    place = {point: stretch for stretch, point in enumerate(points)}
    ground: dict[Span | None, tuple[int, int, int]] = {None: (0, 0, 0)}
    for span in spans:
        if span:
            first, last = place[span[0]], place[span[1]]
            ground[span] = first, last, (1 << last) - (1 << first)
    used = {way[2] for ways in reach.ways.values() for way in ways}
    hit = {place: sum(1 << number[item] for item in sets[place]) for place in used}
    pieces = {}
    for item, n in number.items():
        home = homes.get(item)
        options = tuple(
            Option(weight, *ground[span], hit[hits], choice, fresh)
            for weight, span, hits, choice, fresh in reach.ways[item]
        )
        first, last = (place[home[0]], place[home[1]]) if home else (0, 0)
        pieces[n] = Piece(first, last, home is None, options)
    return Board(points, tuple(number), pieces, different=bool(task.familiar))


def compact(board: Board) -> Board:
    """Return the board on a grid without the lines that no longer are the start or end of anything."""
    lines = {line for piece in board.pieces.values() for line in (piece.first, piece.last)}
    lines |= {option[1] for piece in board.pieces.values() for option in piece.options}
    lines |= {option[2] for piece in board.pieces.values() for option in piece.options}
    if len(lines) * 4 > len(board.points) * 3:
        return board
    kept = sorted(lines)
    place = {line: stretch for stretch, line in enumerate(kept)}

    def moved(option: Option) -> Option:
        weight, first, last, mask, hits, choice, fresh = option
        if mask:
            first, last = place[first], place[last]
            mask = (1 << last) - (1 << first)
        return Option(weight, first, last, mask, hits, choice, fresh)

    pieces = {
        n: Piece(place[piece.first], place[piece.last], piece.forced, tuple(map(moved, piece.options)))
        for n, piece in board.pieces.items()
    }
    return board._replace(points=tuple(board.points[line] for line in kept), pieces=pieces)


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
