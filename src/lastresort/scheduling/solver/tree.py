"""Partial solutions over a board with prices, and what follows from them.

Only pieces that must move are decided; a piece moves when its home is not allowed or an option takes it.
Nothing is lost: a change that no other change needs can be undone for less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lastresort.cheap import NamedTuple
from lastresort.scheduling.solver.field import NEVER, bits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.scheduling.solver.board import Board, Option
    from lastresort.scheduling.solver.prices import Priced

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
    taken: int
    """Bit set of the stretches taken by moved pieces."""
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
        self.fresh: dict[int, int] = {}
        """Pieces with fresh options, and the least reduced cost of these."""
        for number, line in self.lines.items() if board.different else ():
            fresh = [reduced for reduced, option in line.ranked if option.fresh]
            if fresh:
                self.fresh[number] = fresh[0]
        forced = [n for n, piece in board.pieces.items() if piece.forced]
        moved = sum(1 << n for n in forced)
        pending = tuple((n, 0) for n in forced)
        self.root = self._bounded(Node(0, priced.bound, 0, 0, moved, board.different, pending, None))

    def turn(self, node: Node) -> int:
        """Return the pending piece to decide next: the one that loses most without its cheapest option."""
        most, chosen = -1, -1
        for number, rank in node.pending:
            ranked = self.lines[number].ranked
            second = self._fit(number, rank + 1, node.taken)
            if second is None:
                return number
            loss = ranked[second][0] - ranked[rank][0]
            if loss > most:
                most, chosen = loss, number
        return chosen

    def child(self, node: Node, number: int, ceiling: int) -> Node | None:
        """Return the node after a piece took its cheapest fitting option; `None` when it leads nowhere."""
        pending = dict(node.pending)
        _, option = self.lines[number].ranked[pending.pop(number)]
        taken = node.taken | option.mask
        base = node.base
        for other, rank in pending.items():
            ranked = self.lines[other].ranked
            if ranked[rank][1].mask & option.mask:
                later = self._fit(other, rank + 1, taken)
                if later is None:
                    return None
                base += ranked[later][0] - ranked[rank][0]
                pending[other] = later
        for other in bits(option.hits & ~node.moved):
            first = self._fit(other, 0, taken)
            if first is None:
                return None
            base += self.lines[other].ranked[first][0] - self.lines[other].base
            pending[other] = first
        child = self._bounded(
            Node(
                bound=0,
                base=base,
                weight=node.weight + option.weight,
                taken=taken,
                moved=node.moved | option.hits,
                plain=node.plain and not option.fresh,
                pending=tuple(sorted(pending.items())),
                trail=(number, option, node.trail),
            )
        )
        complete = not pending and (child.plain or child.weight >= ceiling)
        return None if child.bound >= ceiling or complete else child

    def sibling(self, node: Node, number: int) -> Node | None:
        """Return the node in which a piece takes a later option than its cheapest, if it has one."""
        rank = dict(node.pending)[number]
        later = self._fit(number, rank + 1, node.taken)
        if later is None:
            return None
        ranked = self.lines[number].ranked
        pending = tuple((n, later if n == number else r) for n, r in node.pending)
        return self._bounded(
            node._replace(base=node.base + ranked[later][0] - ranked[rank][0], pending=pending)
        )

    def children(self, parent: Node, ceiling: int) -> Iterator[Node]:
        """Yield the nodes after each decision about one piece, the cheapest option first."""
        number = self.turn(parent)
        node: Node | None = parent
        while node and node.base < ceiling:
            child = self.child(node, number, ceiling)
            if child:
                yield child
            node = self.sibling(node, number)

    def loss(self, node: Node, but: int | None = None) -> int:
        """Return the least that something fresh will still cost, from any piece `but` one."""
        if not node.plain:
            return 0
        ranks = dict(node.pending)
        least = NEVER
        for number, reduced in self.fresh.items():
            if number in ranks:
                loss = reduced - self.lines[number].ranked[ranks[number]][0]
            else:
                loss = NEVER if node.moved >> number & 1 else reduced - self.lines[number].base
            if loss < least and number != but:
                least = loss
        return max(least, 0)

    def narrowed(self, board: Board, ceiling: int) -> Board:
        """Return the board without the options that the bound already rules out below the ceiling."""
        pieces = {}
        for number, piece in board.pieces.items():
            line = self.lines[number]
            room = ceiling - self.root.base + line.base
            plain_room = room - self.loss(self.root, but=number)
            kept = {
                option for reduced, option in line.ranked if reduced < (room if option.fresh else plain_room)
            }
            pieces[number] = piece._replace(options=tuple(o for o in piece.options if o in kept))
        return board._replace(pieces=pieces)

    def _bounded(self, node: Node) -> Node:
        return node._replace(bound=node.base + self.loss(node))

    def _fit(self, number: int, rank: int, taken: int) -> int | None:
        """Return the first rank from `rank` on whose option keeps off what is taken."""
        ranked = self.lines[number].ranked
        for place in range(rank, len(ranked)):
            if not ranked[place][1].mask & taken:
                return place
        return None
