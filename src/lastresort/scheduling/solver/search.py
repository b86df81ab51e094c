"""The proof: a beam for a first solution, then best-first search over displaced pieces only.

Only pieces that must move are decided; a piece moves when its home is not allowed or an option takes it. Nothing is
lost: a change that no other change needs can be undone for less.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count, islice
from typing import Any, NamedTuple, TYPE_CHECKING

from lastresort.scheduling.solver.board import NEVER, Board, Option, Piece, bits
from lastresort.scheduling.solver.prices import Priced, Prices, price

if TYPE_CHECKING:
    from collections.abc import Iterator

BEAM = 12
ROUNDS = (10, 50, 50)
"""Rounds of prices at each stage."""
LAST = len(ROUNDS) - 1
QUICK = 300
"""Nodes of a search before the last stage."""


class Found(NamedTuple):
    """The lightest solution below a ceiling: the option of each piece that moves.

    `None` when there is none, or none was found. No solution below the ceiling weighs less than `bound`, which is
    the ceiling itself when there is proved to be none.
    """

    weight: int
    bound: int
    options: dict[int, Option] | None
    prices: Prices | None = None
    """Prices that a similar board may start with."""


class Budget:
    """Nodes that may still be opened."""

    def __init__(self, nodes: int, whole: Budget | None = None) -> None:
        self.nodes = nodes
        self.whole = whole
        self.used = 0

    def spend(self) -> bool:
        """Take one node; tell whether there was one."""
        if self.used == self.nodes:
            return False
        self.used += 1
        if self.whole:
            self.whole.used += 1
        return True

    def part(self, nodes: int) -> Budget:
        """Return a budget within this one."""
        return Budget(min(nodes, self.nodes - self.used), self)


def cheapest(
    board: Board, ceiling: int, budget: Budget, start: Prices | None = None, stage: int = 0
) -> Found:
    """Return the lightest solution below the ceiling.

    A few rounds of prices and a beam make the board slim; more rounds follow on what is left, then the search. Only
    when that is not quickly done, finer prices are worth their time.
    """
    board = settled(board)
    if not _possible(board):
        return Found(NEVER, ceiling, None)
    parts = split(board)
    if len(parts) != 1:
        return _Parts(parts, budget, start, stage).cheapest(ceiling, board.different)
    priced = price(board, ceiling, ROUNDS[stage], start, paired=stage == LAST)
    tree = _Tree(board, priced)
    if tree.root.bound >= ceiling:
        return Found(NEVER, ceiling, None, priced.prices)
    found = beam(tree, ceiling, budget)
    ceiling = min(ceiling, found.weight)
    slim = fixed(board, tree, ceiling)
    smaller = _size(slim) * 4 < _size(board) * 3
    if stage and not smaller:
        found = _better(found, best_first(tree, ceiling, budget if stage == LAST else budget.part(QUICK)))
        ceiling = min(ceiling, found.weight)
        if found.bound >= ceiling or stage == LAST:
            return found._replace(prices=priced.prices)
    rest = cheapest(slim, ceiling, budget, priced.prices, stage if stage and smaller else stage + 1)
    return _better(found, rest)._replace(prices=priced.prices)


def _possible(board: Board) -> bool:
    pieces = board.pieces.values()
    if any(piece.forced and not piece.options for piece in pieces):
        return False
    return not board.different or any(option.fresh for piece in pieces for option in piece.options)


def _better(first: Found, second: Found) -> Found:
    """Join a solution with the search below it."""
    return second if second.options else Found(first.weight, second.bound, first.options)


def _size(board: Board) -> int:
    return sum(len(piece.options) for piece in board.pieces.values())


class _Parts:
    """Boards that have nothing to do with each other: each is solved apart, and the solutions add up."""

    def __init__(self, parts: list[Board], budget: Budget, start: Prices | None, stage: int) -> None:
        self.parts = parts
        self.budget = budget
        self.start = start
        self.stage = stage
        self.lows = [sum(p.options[0].weight for p in part.pieces.values() if p.forced) for part in parts]
        self.found: list[Found] = []

    def cheapest(self, ceiling: int, different: bool) -> Found:
        """Return the lightest solution of all parts; a fresh option may be in any of them."""
        for index in range(len(self.parts)):
            found = self.solve(index, ceiling, different=False)
            if found.bound >= ceiling - sum(self.lows) + self.lows[index]:
                return Found(NEVER, ceiling, None)
            self.lows[index] = found.bound
            self.found.append(found)
        best = self.sum(self.found, ceiling)
        if not different:
            return best
        best = Found(NEVER, ceiling, None)
        bound = ceiling
        for index, part in enumerate(self.parts):
            if _possible(part):
                found = self.solve(index, min(ceiling, best.weight), different=True)
                total = self.sum([*self.found[:index], found, *self.found[index + 1 :]], ceiling)
                bound = min(bound, total.bound)
                best = min(best, total, key=lambda each: each.weight)
        return best._replace(bound=min(bound, best.weight))

    def solve(self, index: int, ceiling: int, different: bool) -> Found:
        """Return the lightest solution of one part that leaves the whole below the ceiling."""
        room = ceiling - sum(self.lows) + self.lows[index]
        part = self.parts[index]._replace(different=different)
        return cheapest(part, room, self.budget, self.start, self.stage)

    def sum(self, found: list[Found], ceiling: int) -> Found:
        """Return the solutions of all parts as one."""
        weight = sum(each.weight for each in found)
        bound = min(sum(each.bound for each in found), ceiling)
        if weight >= ceiling or any(each.options is None for each in found):
            return Found(NEVER, bound, None)
        return Found(weight, bound, {n: o for each in found for n, o in (each.options or {}).items()})


Pending = tuple[tuple[int, int], ...]
"""Pieces that still have to move, in order, each with the rank of its cheapest fitting option."""
Trail = tuple[int, Option, Any] | None
"""The last decision, and the trail before it."""


class _Node(NamedTuple):
    """A partial solution: what it took, who moves, whether it may still need something fresh (`plain`)."""

    bound: int
    """With the least that something fresh costs, when that is still needed."""
    base: int
    """Without."""
    weight: int
    taken: int
    moved: int
    plain: bool
    pending: Pending
    trail: Trail


class _Tree:
    """The partial solutions over one board with prices."""

    def __init__(self, board: Board, priced: Priced) -> None:
        self.lines = priced.lines
        self.different = board.different
        self.fresh = {}
        if board.different:
            for number, line in self.lines.items():
                least = next((reduced for reduced, option in line.ranked if option.fresh), None)
                if least is not None:
                    self.fresh[number] = least
        forced = [n for n, piece in board.pieces.items() if piece.forced]
        moved = sum(1 << n for n in forced)
        root = _Node(0, priced.bound, 0, 0, moved, board.different, tuple((n, 0) for n in forced), None)
        self.root = self.bounded(root)

    def bounded(self, node: _Node) -> _Node:
        """Return a node with its bound."""
        return node._replace(bound=node.base + self.loss(node))

    def loss(self, node: _Node, but: int = -1) -> int:
        """Return the least that something fresh will still cost, not counting one piece."""
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

    def fit(self, number: int, rank: int, taken: int) -> int | None:
        """Return the first rank from `rank` on whose option keeps off what is taken."""
        ranked = self.lines[number].ranked
        for place in range(rank, len(ranked)):
            if not ranked[place][1].mask & taken:
                return place
        return None

    def turn(self, node: _Node) -> int:
        """Return the pending piece to decide next, the one that loses most without its cheapest option."""
        most, chosen = -1, -1
        for number, rank in node.pending:
            ranked = self.lines[number].ranked
            second = self.fit(number, rank + 1, node.taken)
            if second is None:
                return number
            loss = ranked[second][0] - ranked[rank][0]
            if loss > most:
                most, chosen = loss, number
        return chosen

    def child(self, node: _Node, number: int) -> _Node | None:
        """Return the node after a piece took its cheapest fitting option; `None` when another has none left."""
        pending = dict(node.pending)
        reduced, option = self.lines[number].ranked[pending.pop(number)]
        taken = node.taken | option.mask
        base = node.base
        for other, rank in pending.items():
            ranked = self.lines[other].ranked
            if ranked[rank][1].mask & option.mask:
                later = self.fit(other, rank + 1, taken)
                if later is None:
                    return None
                base += ranked[later][0] - ranked[rank][0]
                pending[other] = later
        for other in bits(option.hits & ~node.moved):
            first = self.fit(other, 0, taken)
            if first is None:
                return None
            line = self.lines[other]
            base += line.ranked[first][0] - line.base
            pending[other] = first
        return self.bounded(
            _Node(
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

    def sibling(self, node: _Node, number: int) -> _Node | None:
        """Return the node in which a piece takes a later option than its cheapest; `None` when it has no other."""
        rank = dict(node.pending)[number]
        later = self.fit(number, rank + 1, node.taken)
        if later is None:
            return None
        ranked = self.lines[number].ranked
        pending = tuple((n, later if n == number else r) for n, r in node.pending)
        base = node.base + ranked[later][0] - ranked[rank][0]
        return self.bounded(node._replace(base=base, pending=pending))

    def children(self, parent: _Node, ceiling: int) -> Iterator[_Node]:
        """Yield the nodes after each decision about one piece, the cheapest option first."""
        number = self.turn(parent)
        node: _Node | None = parent
        while node and node.base < ceiling:
            child = self.child(node, number)
            if child and self.solves(child, ceiling):
                yield child
            node = self.sibling(node, number)

    def solves(self, node: _Node, ceiling: int) -> bool:
        """Tell whether a node is, or can become, a solution below the ceiling."""
        return node.bound < ceiling and (bool(node.pending) or (node.weight < ceiling and not node.plain))


def beam(tree: _Tree, ceiling: int, budget: Budget) -> Found:
    """Return a good solution quickly, keeping few nodes of each depth."""
    best = Found(NEVER, tree.root.bound, None)
    nodes = [tree.root]
    while nodes:
        fresh: list[_Node] = []
        for node in nodes:
            if not budget.spend():
                return best
            for child in islice(tree.children(node, ceiling), BEAM):
                if child.pending:
                    fresh.append(child)
                else:
                    ceiling = child.weight
                    best = Found(ceiling, tree.root.bound, trodden(child.trail))
        nodes = sorted((n for n in fresh if n.bound < ceiling), key=lambda n: n.bound)[:BEAM]
    return best


def best_first(tree: _Tree, ceiling: int, budget: Budget) -> Found:
    """Return the lightest solution below the ceiling, following the lowest bound first.

    Nodes that took the same time from the same pieces have the same future: only the lightest is kept.
    """
    best = Found(NEVER, ceiling, None)
    seen: dict[tuple[int, int, bool, Pending], int] = {}
    serial = count(0, -1)
    heap: list[tuple[int, int, _Node, int]] = []

    def push(node: _Node | None, number: int = -1) -> None:
        if node and node.bound < ceiling:
            heappush(heap, (node.bound, next(serial), node, tree.turn(node) if number < 0 else number))

    push(tree.root)
    while heap and heap[0][0] < ceiling:
        bound, _, node, number = heappop(heap)
        if not budget.spend():
            return best._replace(bound=bound)
        push(tree.sibling(node, number), number)
        child = tree.child(node, number)
        if not child or not tree.solves(child, ceiling):
            continue
        state = (child.taken, child.moved, child.plain, child.pending)
        if not child.pending:
            ceiling = child.weight
            best = Found(ceiling, ceiling, trodden(child.trail))
        elif child.weight < seen.get(state, NEVER):
            seen[state] = child.weight
            push(child)
    return best._replace(bound=ceiling)


def trodden(trail: Trail) -> dict[int, Option]:
    """Return the decisions of a trail."""
    options = {}
    while trail:
        number, option, trail = trail
        options[number] = option
    return options


def settled(board: Board) -> Board:
    """Return the board without options that displace a piece which cannot move, and without unreachable pieces."""
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


def fixed(board: Board, tree: _Tree, ceiling: int) -> Board:
    """Return the board without the options that the bound already rules out below the ceiling."""
    slim = {}
    for number, piece in board.pieces.items():
        base, ranked = tree.lines[number]
        room = ceiling - tree.root.base + base
        plain_room = room - tree.loss(tree.root, but=number)
        kept = {o for reduced, o in ranked if reduced < (room if o.fresh else plain_room)}
        slim[number] = piece._replace(options=tuple(o for o in piece.options if o in kept))
    return board._replace(pieces=slim)
