"""From a task to a board: the pieces and options that can matter, on a grid of their own end points."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.field import bits
from lastresort.planning.solver.reach import reach
from lastresort.planning.solver.terms import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.planning.solver.field import Task, Way
    from lastresort.planning.solver.reach import Easy
    from lastresort.planning.solver.terms import Choice, Span
    from lastresort.planning.solver.work import Work


class Option(NamedTuple):
    """A way on the grid. Two options of different pieces go together unless what one takes, the other
    avoids; it does not matter which of the two is asked."""

    weight: int
    first: int
    last: int
    """The stretches `[first, last)` that it pays for."""
    takes: int
    avoids: int
    hits: int
    """The pieces that have to move with it, as a bit set."""
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


def lay_out(task: Task, ceiling: int, work: Work) -> tuple[Board, Easy] | None:
    """Return the board of all that matters below a ceiling, and an easy solution: the board holds what is
    not heavier than it. Where everything may be given up there is always an easy one.

    `None` when the work ended before all was found.
    """
    found = reach(task, ceiling, work)
    if found is None:
        return None
    ways, easy = found
    work.look(sum(map(len, ways.values())))
    return _on_grid(task, ways), easy


# -- on the grid --------------------------------------------------------------------------------------------


def _points(choices: Sequence[Choice], homes: Iterable[Span]) -> tuple[int, ...]:
    """Return where some time begins or ends that choices or homes take."""
    spans = {choice.span for choice in choices} | {choice.clears for choice in choices} | {*homes}
    spans.update(span for stays in {choice.stays for choice in choices} for span in stays)
    return tuple(sorted({point for span in spans if span for point in span}))


class _Grid:
    """Turns choices into bits: time taken alone, time stayed in, time cleared, then tokens."""

    def __init__(self, choices: Sequence[Choice], homes: Iterable[Span]) -> None:
        self.points = _points(choices, homes)
        self.place = {point: stretch for stretch, point in enumerate(self.points)}
        tokens = sorted({token for tokens in {choice.tokens for choice in choices} for token in tokens})
        self._tokens = {token: 1 << (3 * len(self.points) + n) for n, token in enumerate(tokens)}

    def stretches(self, span: Span | None) -> tuple[int, int]:
        """Return the stretches `[first, last)` of a span."""
        return (self.place[span[0]], self.place[span[1]]) if span and span[0] < span[1] else (0, 0)

    def bits(self, choice: Choice) -> tuple[int, int]:
        """Return what a choice takes and what it avoids."""
        stay, clear = len(self.points), 2 * len(self.points)
        alone, cleared = self._mask(choice.span), self._mask(choice.clears)
        stayed = sum(map(self._mask, choice.stays))
        tokens = sum(self._tokens[token] for token in choice.tokens)
        takes = alone | stayed << stay | cleared << clear | tokens
        avoids = (alone | stayed | cleared) | (alone | cleared) << stay | (alone | stayed) << clear | tokens
        return takes, avoids

    def _mask(self, span: Span | None) -> int:
        first, last = self.stretches(span)
        return (1 << last) - (1 << first)


def _on_grid(task: Task, ways: Mapping[int, Sequence[Way]]) -> Board:
    items, sets = task.field.items, task.field.sets
    number = {item: n for n, item in enumerate(sorted(ways))}
    homes = {item: items[item].home for item in ways if items[item].home_allowed and item not in task.frozen}
    grid = _Grid([way.choice for each in ways.values() for way in each], homes.values())
    used = {way.hits for each in ways.values() for way in each}
    hit = {place: sum(1 << number[item] for item in sets[place]) for place in used}
    known: dict[tuple[Span | None, int], tuple[int, int]] = {}
    pieces = {}
    for item, n in number.items():
        options = []
        for weight, hits, choice, fresh in ways[item]:
            plain = choice.counts is Counts.CHANGE and not choice.stays
            key = (choice.span, 0) if plain else (None, id(choice))
            found = known.get(key)
            if found is None:
                found = known[key] = grid.bits(choice)
            options.append(Option(weight, *grid.stretches(choice.span), *found, hit[hits], choice, fresh))
        first, last = grid.stretches(homes.get(item))
        pieces[n] = Piece(first, last, item not in homes, tuple(options))
    board = Board(grid.points, tuple(number), pieces, different=bool(task.familiar))
    return board._replace(pieces=dict(_paying(board, grid)))


def _paying(board: Board, grid: _Grid) -> Iterator[tuple[int, Piece]]:
    """Yield the pieces, each paying for the time that it clears unless somebody else may clear it as well.

    Two that clear the same time and do not go together both pay for it: it is sold once at most.
    """
    clearing = {}
    for n, piece in board.pieces.items():
        clears = [option.choice for option in piece.options if option.choice.clears]
        if piece.forced and clears:
            never_without = set.intersection(*({*choice.tokens} for choice in clears))
            clearing[n] = never_without, [*dict.fromkeys(grid.stretches(each.clears) for each in clears)]
    for n, piece in board.pieces.items():
        if n not in clearing:
            yield n, piece
            continue
        own = clearing[n][0]
        shared = [
            span
            for other, (tokens, spans) in clearing.items()
            if other != n and own.isdisjoint(tokens)
            for span in spans
        ]
        options = []
        for option in piece.options:
            first, last = grid.stretches(option.choice.clears)
            for start, end in shared:
                if end <= first or last <= start:
                    continue
                if start <= first:
                    first = min(end, last)
                else:
                    last = start
            options.append(option._replace(first=first, last=last) if option.choice.clears else option)
        yield n, piece._replace(options=tuple(options))


def compact(board: Board) -> Board:
    """Return the board on a grid without the lines that no longer are the start or end of anything."""
    pieces = board.pieces.values()
    homes = [
        (board.points[piece.first], board.points[piece.last]) for piece in pieces if piece.first < piece.last
    ]
    options = [option for piece in pieces for option in piece.options]
    taken = {(each.first, each.last) for each in options}
    paid = [(board.points[first], board.points[last]) for first, last in taken if first < last]
    choices = [option.choice for option in options]
    if len(_points(choices, (*homes, *paid))) * 4 > len(board.points) * 3:
        return board
    grid = _Grid(choices, (*homes, *paid))

    def moved(option: Option) -> Option:
        first, last = option.first, option.last
        takes, avoids = grid.bits(option.choice)
        start, end = grid.stretches((board.points[first], board.points[last]) if first < last else None)
        return option._replace(first=start, last=end, takes=takes, avoids=avoids)

    kept = {}
    for n, piece in board.pieces.items():
        home = (board.points[piece.first], board.points[piece.last]) if piece.first < piece.last else None
        first, last = grid.stretches(home)
        kept[n] = Piece(first, last, piece.forced, tuple(map(moved, piece.options)))
    return board._replace(points=grid.points, pieces=kept)


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


def least_weight(board: Board) -> int:
    """Return what the forced pieces of a board cost at least, each sent away piece shared among its
    senders."""
    forced = [piece for piece in board.pieces.values() if piece.forced]
    senders: Counter[int] = Counter()
    for piece in forced:
        senders.update({n for option in piece.options for n in bits(option.hits)})
    share = {
        n: board.pieces[n].options[0].weight // count if board.pieces[n].options else 0
        for n, count in senders.items()
    }
    return sum(min(o.weight + sum(share[n] for n in bits(o.hits)) for o in piece.options) for piece in forced)


def split(board: Board) -> list[Board]:
    """Return the parts of a settled board that cannot get into each other's way."""
    parts: list[tuple[int, int, dict[int, Piece]]] = []
    stretches = len(board.points)
    low = (1 << stretches) - 1
    for number, piece in board.pieces.items():
        ground, linked = (1 << piece.last) - (1 << piece.first), 1 << number
        for option in piece.options:
            takes = option.takes
            ground |= (takes | takes >> stretches | takes >> 2 * stretches) & low
            ground |= takes >> 3 * stretches << stretches
            linked |= option.hits
        part = {number: piece}
        apart = []
        for other_ground, other_linked, other in parts:
            if other_ground & ground or other_linked & linked:
                ground |= other_ground
                linked |= other_linked
                part |= other
            else:
                apart.append((other_ground, other_linked, other))
        parts = [*apart, (ground, linked, part)]
    return [board._replace(pieces=dict(sorted(part.items()))) for _, _, part in parts]
