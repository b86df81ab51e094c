"""The cheapest solution, and further ones that are genuinely different."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lastresort.planning.solver.board import lay_out
from lastresort.planning.solver.field import COST, NEVER, Field, Task, overlap
from lastresort.planning.solver.search import Budget, Found, cheapest
from lastresort.planning.solver.terms import Choice, Item, Outcome, Solution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.planning.solver.prices import Prices

CROWD = 300
"""More items than that have too many ways to look at all of them."""


def solve(
    items: Sequence[Item], cap: int, plans: int = 3, node_limit: int = 6000, *, beyond: bool = True
) -> Outcome:
    """Return the cheapest treatment of all items at once, and up to `plans` genuinely different ones.

    Each further solution treats an item that every earlier one changed in a way none of them did (another
    `group`). The second avoids the most doubtful choice of the first where it can. Ties beyond cost,
    displacement and number of changes are decided by the order of ids. The search for the first opens at most
    `node_limit` nodes, each further one a third of that. `beyond`: where nothing costs at most the cap, look
    for what does above it; among more than `CROWD` items not beyond twice the cap.
    """
    field = Field(items)
    budget = Budget(node_limit)
    ceiling = (cap + 1) * COST
    first = _search(Task(field), (ceiling // 2, ceiling), budget)
    bound = min(field.least_cost(first.bound), cap + 1)
    if first.options is None:
        higher = _beyond(ceiling, len(items), first) if beyond else ()
        above = _search(Task(field), higher, Budget(node_limit // 3), first.prices)
        return Outcome(
            status="none" if bound > cap else "limit",
            bound=bound,
            above=_solution(field, above) if above.options is not None else None,
            nodes=budget.used,
        )
    found = [first]
    while len(found) < plans and (further := _further(field, found, ceiling, node_limit // 3)):
        found.append(further)
    solutions = tuple(_solution(field, each) for each in found)
    status: Literal["optimal", "limit"] = "optimal" if solutions[0].proved else "limit"
    return Outcome(status, solutions, bound, nodes=budget.used)


def _beyond(ceiling: int, items: int, first: Found) -> Sequence[int]:
    """Return the ceilings to try above one under which nothing was found; in a crowd not far above it."""
    if items > CROWD:
        return ceiling * 5 // 4, ceiling * 3 // 2, ceiling * 2
    return (NEVER,) if first.prices else (ceiling * 5 // 4, NEVER)


def _search(task: Task, ceilings: Sequence[int], budget: Budget, start: Prices | None = None) -> Found:
    """Return the lightest solution below the last ceiling; the lower ones before it keep boards small.

    Its options are those of the items, not of the pieces of a board.
    """
    found = Found(NEVER, 0, None)
    for ceiling in ceilings:
        board, lower = lay_out(task, ceiling)
        found = cheapest(board, lower, budget, start)
        start = found.prices or start
        if found.options is not None:
            return found._replace(options={board.items[n]: o for n, o in found.options.items()})
        if found.bound < ceiling:
            break
    return found


def _solution(field: Field, found: Found) -> Solution:
    chosen = sorted(_chosen(found).items())
    cost = sum(choice.cost for _, choice in chosen)
    return Solution(
        cost=cost,
        displacement=sum(choice.displacement for _, choice in chosen),
        chosen=tuple((field.items[item].id, choice.id) for item, choice in chosen),
        proved=field.least_cost(found.bound) >= cost,
    )


def _chosen(found: Found) -> dict[int, Choice]:
    return {item: option.choice for item, option in (found.options or {}).items()}


def _further(field: Field, plans: list[Found], ceiling: int, node_limit: int) -> Found | None:
    """Return the cheapest solution that differs from all so far; the second has less doubt if possible."""
    chosen = [_chosen(plan) for plan in plans]
    common = sorted(set.intersection(*map(set, chosen)))
    familiar = {item: frozenset(each[item].group for each in chosen) for item in common}
    doubt, item = max(((choice.doubt, -item) for item, choice in chosen[0].items()), default=(0, 0))
    tasks = [Task(field, familiar, (-item, doubt))] if doubt and len(plans) == 1 else []
    for task in (*tasks, Task(field, familiar)):
        if any(way.weight < ceiling for item in common for way in task.fresh_ways(item)[:1]):
            detour = min(_detour(task, plan) for plan in plans)
            highest = min(ceiling, detour + 1)
            ceilings = sorted({min(highest, plans[-1].weight * 5 // 4), highest})
            found = _search(task, ceilings, Budget(node_limit), plans[0].prices)
            if found.options:
                return found
    return None


def _detour(task: Task, plan: Found) -> int:
    """Return what a plan weighs at least with one item treated otherwise; `NEVER` when that cannot be."""
    options = plan.options or {}
    items = [task.surer[0]] if task.surer else sorted(options)
    best = NEVER
    for item in items:
        old = options[item]
        if old.hits and task.field.items[item].home_allowed:
            continue  # those that it displaced may be what displaces it
        others = {n: option for n, option in options.items() if n != item}
        spans = [option.choice.span for option in others.values() if option.mask]
        for way in task.fresh_ways(item):
            hits = task.field.sets[way.hits]
            if others.keys() >= {*hits} and not any(overlap(way.span, span) for span in spans):
                best = min(best, plan.weight - old.weight + way.weight)
                break
    return best
