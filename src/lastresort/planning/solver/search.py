"""The proof: prices narrow the board, a beam finds a solution, best-first search leaves no better one."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.board import Board, compact, lay_out, least_weight, settled, split
from lastresort.planning.solver.field import NEVER
from lastresort.planning.solver.prices import Prices, price
from lastresort.planning.solver.reach import look
from lastresort.planning.solver.tree import Node, Tree
from lastresort.planning.solver.work import ROUNDS, Budget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lastresort.planning.solver.board import Option
    from lastresort.planning.solver.field import Task
    from lastresort.planning.solver.terms import Choice
    from lastresort.planning.solver.tree import Pending
    from lastresort.planning.solver.work import SearchLimits

BEAM = 6
LAST = len(ROUNDS) - 1
QUICK = 300
"""Nodes of a search before the last stage."""


class Found(NamedTuple):
    """The lightest solution below a ceiling: the option of each piece that moves.

    `None` when there is none, or none was found. No solution below the ceiling weighs less than `bound`,
    which is the ceiling itself when there is proved to be none.
    """

    weight: int
    bound: int
    options: Mapping[int, Option] | None
    prices: Prices | None = None
    """Prices that a similar board may start with."""

    def improved(self, later: Found) -> Found:
        """Return it joined with a search below it."""
        return later if later.options else self._replace(bound=later.bound)


class Best(NamedTuple):
    """The lightest solution: what is chosen for each item that is not at home; `None` when there is none, or
    none was found. No solution weighs less than `bound`."""

    weight: int
    bound: int
    chosen: dict[int, Choice] | None
    nodes: int = 0


def search(task: Task, ceilings: Sequence[int], limits: SearchLimits) -> Best:
    """Return the lightest solution below the last ceiling; the lower ones before it keep boards small.

    Where no work is left, and where the lightest sends more away than was looked at, the best is what is seen
    without a search.
    """
    budget, bound, prices = Budget(limits.nodes, limits.work), 0, None
    for ceiling in ceilings:
        laid_out = None if limits.work.is_done else lay_out(task, ceiling, limits.work)
        if laid_out is None:
            break
        board, easy = laid_out
        found = cheapest(board, min(ceiling, easy.weight + 1), budget, prices)
        bound, prices = max(bound, found.bound), found.prices
        if found.options is None and easy.weight >= ceiling:
            continue
        options = found.options
        weight = found.weight if options is not None else easy.weight
        chosen = easy.chosen if options is None else {board.items[n]: o.choice for n, o in options.items()}
        if any(task.field.is_cut(item, choice) for item, choice in chosen.items()):
            break
        return Best(weight, bound, chosen, budget.used)
    else:
        return Best(NEVER, bound, None, budget.used)
    easy, least = look(task, ceilings[-1], limits.work)
    return Best(easy.weight, max(bound, least), easy.chosen if easy.weight < NEVER else None, budget.used)


def cheapest(
    board: Board, ceiling: int, budget: Budget, start: Prices | None = None, stage: int = 0
) -> Found:
    """Return the lightest solution below the ceiling. Parts that cannot meet are solved apart."""
    board = settled(board)
    if board.hopeless:
        return Found(NEVER, ceiling, None)
    parts = split(board)
    if len(parts) != 1:
        return _Parts(parts, budget, start, stage).cheapest(ceiling, board.different)
    return _in_stages(compact(board), ceiling, budget, start, stage)


def _in_stages(board: Board, ceiling: int, budget: Budget, start: Prices | None, stage: int) -> Found:
    """Return the lightest solution of a board that is one part.

    Prices and the solution of a beam rule out options. From the second stage on a best-first search is tried
    before, with few nodes; at the last stage it has all that are left and ends the matter. The narrowed board
    is solved again: at the same stage as long as it gets much smaller, else at the next one, with more rounds
    of prices.
    """
    is_last = stage == LAST
    paired = is_last or _shares_requests(board)
    priced = price(board, ceiling, budget.rounds(stage, board.size), start, paired=paired)
    tree = Tree(board, priced)
    if tree.root.bound >= ceiling:
        return Found(NEVER, ceiling, None, priced.prices)

    found = beam(tree, ceiling, budget)._replace(prices=priced.prices)
    ceiling = min(ceiling, found.weight)
    if found.bound >= ceiling:
        return found

    narrow = tree.narrowed(board, ceiling)
    is_narrower = narrow.size * 4 < board.size * 3
    if stage and not is_narrower:
        searched = best_first(tree, ceiling, budget if is_last else budget.part(QUICK))
        found = found.improved(searched)._replace(prices=priced.prices)
        ceiling = min(ceiling, found.weight)
        if is_last or found.bound >= ceiling:
            return found

    rest = cheapest(narrow, ceiling, budget, priced.prices, stage if stage and is_narrower else stage + 1)
    # the prices of the rest serve a similar board only if they are about the same homes
    serves = rest.prices is not None and rest.prices.rent.keys() == priced.prices.rent.keys()
    return found.improved(rest)._replace(prices=rest.prices if serves else priced.prices)


def _shares_requests(board: Board) -> bool:
    return any(option.choice.brings for piece in board.pieces.values() for option in piece.options)


def beam(tree: Tree, ceiling: int, budget: Budget) -> Found:
    """Return a good solution quickly, keeping few nodes of each depth; proved, if that was all of them."""
    best = Found(NEVER, tree.root.bound, None)
    nodes = [tree.root]
    complete = True
    while nodes:
        deeper: list[Node] = []
        for node in nodes:
            if not budget.spend():
                return best
            children = 0
            for child in islice(tree.children(node, ceiling), BEAM):
                children += 1
                if child.pending:
                    deeper.append(child)
                elif child.weight < ceiling:
                    ceiling = child.weight
                    best = best._replace(weight=ceiling, options=child.options)
            complete = complete and children < BEAM
        nodes = sorted((node for node in deeper if node.bound < ceiling), key=lambda node: node.bound)
        complete = complete and len(nodes) <= BEAM
        nodes = nodes[:BEAM]
    return best._replace(bound=ceiling) if complete else best


def best_first(tree: Tree, ceiling: int, budget: Budget) -> Found:
    """Return the lightest solution below the ceiling, following the lowest bound first.

    Nodes that took the same time from the same pieces have the same future: only the lightest is kept.
    """
    best = Found(NEVER, ceiling, None)
    seen: dict[tuple[int, int, bool, Pending], int] = {}
    newest_first = count(0, -1)
    heap: list[tuple[int, int, Node, int | None]] = [(tree.root.bound, next(newest_first), tree.root, None)]
    while heap and heap[0][0] < ceiling:
        bound, _, node, number = heappop(heap)
        if not budget.spend():
            return best._replace(bound=bound)
        if number is None:
            number = tree.turn(node)
        sibling = tree.sibling(node, number)
        if sibling and sibling.bound < ceiling:
            heappush(heap, (sibling.bound, next(newest_first), sibling, number))
        child = tree.child(node, number, ceiling)
        if child is None:
            continue
        if not child.pending:
            ceiling = child.weight
            best = Found(ceiling, ceiling, child.options)
            continue
        state = (child.avoided, child.moved, child.plain, child.pending)
        if child.weight < seen.get(state, NEVER):
            seen[state] = child.weight
            heappush(heap, (child.bound, next(newest_first), child, None))
    return best._replace(bound=ceiling)


class _Parts:
    """Boards that have nothing to do with each other: each is solved apart, and the solutions add up."""

    def __init__(self, parts: list[Board], budget: Budget, start: Prices | None, stage: int) -> None:
        self.parts = parts
        self.budget = budget
        self.start = start
        self.stage = stage
        self.lows = [least_weight(part) for part in parts]

    def cheapest(self, ceiling: int, different: bool) -> Found:
        """Return the lightest solution of all parts; if something fresh is wanted, any part may have it."""
        found = []
        for index in range(len(self.parts)):
            found.append(self._solve(index, ceiling, different=False))
            if found[index].bound >= self._room(index, ceiling):
                return Found(NEVER, ceiling, None)
            self.lows[index] = found[index].bound
        return self._different(found, ceiling) if different else _sum(found, ceiling)

    def _different(self, found: list[Found], ceiling: int) -> Found:
        best = Found(NEVER, ceiling, None)
        bound = ceiling
        for index, part in enumerate(self.parts):
            if not part.hopeless:
                other = self._solve(index, min(ceiling, best.weight), different=True)
                total = _sum([*found[:index], other, *found[index + 1 :]], ceiling)
                bound = min(bound, total.bound)
                best = min(best, total, key=lambda each: each.weight)
        return best._replace(bound=min(bound, best.weight))

    def _solve(self, index: int, ceiling: int, different: bool) -> Found:
        part = self.parts[index]._replace(different=different)
        return cheapest(part, self._room(index, ceiling), self.budget, self.start, self.stage)

    def _room(self, index: int, ceiling: int) -> int:
        """Return what one part may weigh so that the whole stays below the ceiling."""
        return ceiling - sum(self.lows) + self.lows[index]


def _sum(found: list[Found], ceiling: int) -> Found:
    """Return the solutions of all parts as one."""
    options: dict[int, Option] = {}
    for each in found:
        options |= each.options or {}
    weight = sum(each.weight for each in found)
    bound = min(sum(each.bound for each in found), ceiling)
    return Found(weight, bound, options) if weight < ceiling else Found(NEVER, bound, None)
