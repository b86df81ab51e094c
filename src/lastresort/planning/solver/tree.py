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
        self.pieces = board.pieces
        self.lines = priced.lines
        self.reduced = {n: line.reduced for n, line in priced.lines.items()}
        self.masks: dict[int, list[int]] = {}
        self.fresh: dict[int, int] = {}
        """Pieces with fresh options, and the least reduced cost of these."""
        for number, line in self.lines.items():
            options = board.pieces[number].options
            self.masks[number] = [options[place][3] for place in line.places]
            if board.different:
                for reduced, place in zip(line.reduced, line.places, strict=True):
                    if options[place].fresh:
                        self.fresh[number] = reduced
                        break
        forced = [n for n, piece in board.pieces.items() if piece.forced]
        moved = sum(1 << n for n in forced)
        pending = tuple((n, 0) for n in forced)
        loss = self.loss(board.different, pending, moved)
        self.root = Node(priced.bound + loss, priced.bound, 0, 0, moved, board.different, pending, None)

    def turn(self, node: Node) -> int:
        """Return the pending piece to decide next: the one that loses most without its cheapest option."""
        most, chosen = -1, -1
        taken = node.taken
        for number, rank in node.pending:
            second = _fit(self.masks[number], rank + 1, taken)
            if second < 0:
                return number
            reduced = self.reduced[number]
            loss = reduced[second] - reduced[rank]
            if loss > most:
                most, chosen = loss, number
        return chosen

    def child(self, node: Node, number: int, ceiling: int) -> Node | None:
        """Return the node after a piece took its cheapest fitting option; `None` when it leads nowhere."""
        _, base, weight, taken, moved, plain, old, trail = node
        option = self.pieces[number].options[self.lines[number].places[_rank(old, number)]]
        mask, hits = option.mask, option.hits
        taken |= mask
        pending = []
        for other, rank in old:
            if other == number:
                continue
            later, masks = rank, self.masks[other]
            if masks[rank] & mask:
                later = _fit(masks, rank + 1, taken)
                if later < 0:
                    return None
                reduced = self.reduced[other]
                base += reduced[later] - reduced[rank]
            pending.append((other, later))
        if base >= ceiling:
            return None
        news = hits & ~moved
        if news:
            for other in bits(news):
                first = _fit(self.masks[other], 0, taken)
                if first < 0:
                    return None
                base += self.reduced[other][first] - self.lines[other].base
                pending.append((other, first))
            pending.sort()
            moved |= hits
        plain = plain and not option.fresh
        weight += option.weight
        bound, after = base, tuple(pending)
        if plain:
            bound += self.loss(plain, after, moved)
        if bound >= ceiling or (not after and (plain or weight >= ceiling)):
            return None
        return Node(bound, base, weight, taken, moved, plain, after, (number, option, trail))

    def sibling(self, node: Node, number: int) -> Node | None:
        """Return the node in which a piece takes a later option than its cheapest, if it has one."""
        _, base, weight, taken, moved, plain, old, trail = node
        rank = _rank(old, number)
        later = _fit(self.masks[number], rank + 1, taken)
        if later < 0:
            return None
        reduced = self.reduced[number]
        base += reduced[later] - reduced[rank]
        pending = tuple([(n, later) if n == number else (n, r) for n, r in old])
        bound = base + self.loss(plain, pending, moved) if plain else base
        return Node(bound, base, weight, taken, moved, plain, pending, trail)

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


def _fit(masks: list[int], rank: int, taken: int) -> int:
    """Return the first rank from `rank` on whose option keeps off what is taken; -1 when there is none."""
    for place in range(rank, len(masks)):
        if not masks[place] & taken:
            return place
    return -1
