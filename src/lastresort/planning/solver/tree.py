"""Partial solutions over a board with prices, and what follows from them.

Only pieces that must move are decided; a piece moves when its home is not allowed or an option takes it.
Nothing is lost: a change that no other change needs can be undone for less.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.planning.solver.field import NEVER, bits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.planning.solver.board import Board, Option
    from lastresort.planning.solver.prices import Priced

Pending = tuple[tuple[int, int], ...]
"""Pieces that still have to move, in order, each with the rank of its cheapest fitting option."""
Trail = tuple[int, "Option", Any] | None
"""The last decision, and the trail before it."""


class Node(NamedTuple):
    """A partial solution."""

    bound: int
    base: int
    """The bound without what something fresh will cost."""
    weight: int
    avoided: int
    """Bit set of what no further option may take."""
    moved: int
    """Bit set of the pieces that move, decided or pending."""
    plain: bool
    """Something fresh is wanted, and not there yet."""
    pending: Pending
    trail: Trail

    @property
    def options(self) -> dict[int, Option]:
        """What was decided, by piece."""
        options = {}
        trail = self.trail
        while trail:
            number, option, trail = trail
            options[number] = option
        return options


class Tree:
    """The partial solutions of one board."""

    def __init__(self, board: Board, priced: Priced) -> None:
        self.lines = priced.lines
        self.reduced = {n: line.reduced for n, line in priced.lines.items()}
        self.options: dict[int, list[Option]] = {}
        """The options of each piece, in the order of their reduced costs."""
        self.takes: dict[int, list[int]] = {}
        self.fresh: dict[int, int] = {}
        """Pieces with fresh options, and the least reduced cost of these."""
        for number, line in self.lines.items():
            options = self.options[number] = [board.pieces[number].options[place] for place in line.places]
            self.takes[number] = [option.takes for option in options]
            fresh = (r for r, o in zip(line.reduced, options, strict=True) if board.different and o.fresh)
            if (least := next(fresh, None)) is not None:
                self.fresh[number] = least
        forced = [n for n, piece in board.pieces.items() if piece.forced]
        moved = sum(1 << n for n in forced)
        pending = tuple((n, 0) for n in forced)
        loss = self.loss(board.different, pending, moved)
        self.root = Node(
            bound=priced.bound + loss,
            base=priced.bound,
            weight=0,
            avoided=0,
            moved=moved,
            plain=board.different,
            pending=pending,
            trail=None,
        )

    def turn(self, node: Node) -> int:
        """Return the pending piece to decide next: the one that loses most without its cheapest option."""
        most, chosen = -1, -1
        for number, rank in node.pending:
            second = _fit(self.takes[number], rank + 1, node.avoided)
            if second < 0:
                return number
            reduced = self.reduced[number]
            loss = reduced[second] - reduced[rank]
            if loss > most:
                most, chosen = loss, number
        return chosen

    def child(self, node: Node, number: int, ceiling: int) -> Node | None:
        """Return the node after a piece took its cheapest fitting option; `None` when it leads nowhere."""
        option = self.options[number][_rank(node.pending, number)]
        left = self._after(node, number, option)
        if left is None:
            return None
        pending, base = left
        moved, plain = node.moved | option.hits, node.plain and not option.fresh
        child = Node(
            bound=base + self.loss(plain, pending, moved),
            base=base,
            weight=node.weight + option.weight,
            avoided=node.avoided | option.avoids,
            moved=moved,
            plain=plain,
            pending=pending,
            trail=(number, option, node.trail),
        )
        is_solution = not pending and not plain
        leads_on = bool(pending) or (is_solution and child.weight < ceiling)
        return child if leads_on and child.bound < ceiling else None

    def _after(self, node: Node, number: int, option: Option) -> tuple[Pending, int] | None:
        """Return what is pending once a piece took an option, and the bound of that: the others may have to
        take later options, and those that it sends away become pending. `None` where one of them has no
        option left."""
        base, avoided = node.base, node.avoided | option.avoids
        pending = []
        for other, rank in node.pending:
            if other == number:
                continue
            later = rank
            if self.takes[other][rank] & option.avoids:
                later = _fit(self.takes[other], rank + 1, avoided)
                if later < 0:
                    return None
                base += self.reduced[other][later] - self.reduced[other][rank]
            pending.append((other, later))
        for other in bits(option.hits & ~node.moved):
            first = _fit(self.takes[other], 0, avoided)
            if first < 0:
                return None
            base += self.reduced[other][first] - self.lines[other].base
            pending.append((other, first))
        return tuple(sorted(pending)), base

    def sibling(self, node: Node, number: int) -> Node | None:
        """Return the node in which a piece takes a later option than its cheapest, if it has one."""
        rank = _rank(node.pending, number)
        later = _fit(self.takes[number], rank + 1, node.avoided)
        if later < 0:
            return None
        base = node.base + self.reduced[number][later] - self.reduced[number][rank]
        pending = tuple((n, later) if n == number else (n, r) for n, r in node.pending)
        bound = base + self.loss(node.plain, pending, node.moved)
        return node._replace(bound=bound, base=base, pending=pending)

    def children(self, parent: Node, ceiling: int) -> Iterator[Node]:
        """Yield the nodes after each decision about one piece, the cheapest option first."""
        number = self.turn(parent)
        node: Node | None = parent
        while node and node.base < ceiling:
            child = self.child(node, number, ceiling)
            if child:
                yield child
            node = self.sibling(node, number)

    def loss(self, plain: bool, pending: Pending, moved: int, but: int | None = None) -> int:
        """Return the least that something fresh will still cost, from any piece `but` one."""
        if not plain:
            return 0
        ranks = dict(pending)
        least = NEVER
        for number, reduced in self.fresh.items():
            if number in ranks:
                loss = reduced - self.reduced[number][ranks[number]]
            else:
                loss = NEVER if moved >> number & 1 else reduced - self.lines[number].base
            if loss < least and number != but:
                least = loss
        return max(least, 0)

    def narrowed(self, board: Board, ceiling: int) -> Board:
        """Return the board without the options that the bound already rules out below the ceiling."""
        pieces = {}
        root = self.root
        for number, piece in board.pieces.items():
            line = self.lines[number]
            room = ceiling - root.base + line.base
            plain_room = room - self.loss(root.plain, root.pending, root.moved, but=number)
            options = piece.options
            plain = bisect_left(line.reduced, plain_room)
            kept = line.places[:plain]
            if board.different:
                more = line.places[plain : bisect_left(line.reduced, room)]
                kept += [place for place in more if options[place].fresh]
            pieces[number] = piece._replace(options=tuple([options[place] for place in sorted(kept)]))
        return board._replace(pieces=pieces)


def _rank(pending: Pending, number: int) -> int:
    for other, rank in pending:
        if other == number:
            return rank
    raise KeyError(number)


def _fit(takes: list[int], rank: int, avoided: int) -> int:
    """Return the first rank from `rank` whose option takes nothing that is avoided; -1 if there is none."""
    for place in range(rank, len(takes)):
        if not takes[place] & avoided:
            return place
    return -1
