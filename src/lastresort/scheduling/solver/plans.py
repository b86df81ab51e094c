"""The cheapest solution, and further ones that are genuinely different (Lawler's partition)."""

from __future__ import annotations


from lastresort.scheduling.solver.board import COST, NEVER, Field, Task, lay_out, overlap
from lastresort.scheduling.solver.search import Budget, Found, cheapest
from lastresort.scheduling.solver.terms import Choice, Item, Outcome, Solution
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lastresort.scheduling.solver.prices import Prices
    from collections.abc import Sequence

Chosen = dict[int, Choice]
"""The choice of each item that is changed, by its number in the field."""


def solve(items: Sequence[Item], cap: int, plans: int = 3, node_limit: int = 3000) -> Outcome:
    """Return the cheapest treatment of all items at once, and up to `plans` genuinely different ones.

    Each further solution treats an item that every earlier one changed in a way none of them did (another `group`).
    The second avoids the most doubtful choice of the first where it can. Ties beyond cost, displacement and number
    of changes are decided by the order of ids. Each of the searches opens at most `node_limit` nodes.
    """
    field = Field(items)
    budget = Budget(node_limit)
    ceiling = (cap + 1) * COST
    first = _search(Task(field), ceiling, budget)
    if first.options is None:
        above = _search(Task(field), NEVER, Budget(node_limit))
        return Outcome(
            status="none" if first.bound >= ceiling else "limit",
            bound=first.bound // COST,
            above=_solution(field, above) if above.options else None,
            nodes=budget.used,
        )
    alternatives = _Alternatives(field, ceiling, node_limit)
    found = [first]
    while len(found) < plans and (further := alternatives.next(found)).options:
        found.append(further)
    return Outcome(
        status="optimal" if _proved(first) else "limit",
        solutions=tuple(_solution(field, each) for each in found),
        bound=first.bound // COST,
        nodes=budget.used,
    )


def _search(task: Task, ceiling: int, budget: Budget, start: Prices | None = None) -> Found:
    board, lower = lay_out(task, ceiling)
    return cheapest(board, lower, budget, start)


def _proved(found: Found) -> bool:
    return found.bound // COST >= found.weight // COST


def _solution(field: Field, found: Found) -> Solution:
    chosen = _chosen(found)
    return Solution(
        cost=sum(choice.cost for choice in chosen.values()),
        displacement=sum(choice.displacement for choice in chosen.values()),
        chosen=tuple((field.items[number].id, choice.id) for number, choice in sorted(chosen.items())),
        proved=_proved(found),
    )


def _chosen(found: Found) -> Chosen:
    return {number: option.choice for number, option in (found.options or {}).items()}


class _Alternatives:
    """Looks for solutions that differ from those found so far: in an item that all of them change."""

    def __init__(self, field: Field, ceiling: int, node_limit: int) -> None:
        self.field = field
        self.ceiling = ceiling
        self.node_limit = node_limit

    def next(self, plans: list[Found]) -> Found:
        """Return the cheapest different solution; the second avoids the most doubtful choice if it can."""
        familiar = _familiar(plans)
        surer = _surer(plans[0]) if len(plans) == 1 else None
        if surer:
            found = self.search(Task(self.field, familiar, surer), plans)
            if found.options:
                return found
        return self.search(Task(self.field, familiar), plans)

    def search(self, task: Task, plans: list[Found]) -> Found:
        """Return the cheapest solution of a task."""
        detour = min(_detour(task, plan, self.ceiling) for plan in plans)
        return _search(task, min(self.ceiling, detour + 1), Budget(self.node_limit), plans[0].prices)


def _familiar(plans: list[Found]) -> dict[int, frozenset[str]]:
    """Return the groups in which the items that every plan changes are treated."""
    chosen = [_chosen(plan) for plan in plans]
    common = sorted(set.intersection(*map(set, chosen)))
    return {number: frozenset(each[number].group for each in chosen) for number in common}


def _surer(plan: Found) -> tuple[int, int] | None:
    """Return the most doubtful item of a plan and its doubt; `None` when nothing is doubtful."""
    chosen = _chosen(plan)
    doubt, number = max(((choice.doubt, -number) for number, choice in chosen.items()), default=(0, 0))
    return (-number, doubt) if doubt else None


def _detour(task: Task, plan: Found, ceiling: int) -> int:
    """Return the weight of the best plan in which one item alone is treated otherwise; `NEVER` when there is none."""
    best = NEVER
    for number, old in (plan.options or {}).items():
        wanted = task.surer[0] if task.surer else number
        if (
            number not in task.familiar
            or number != wanted
            or (task.field.items[number].home_allowed and old.hits)
        ):
            continue
        others = {n: option for n, option in (plan.options or {}).items() if n != number}
        moved = sum(1 << n for n in others)
        spans = [option.choice.span for option in others.values() if option.mask]
        for way in task.fresh_ways(number, ceiling // COST):
            if not way.hits & ~moved and not any(overlap(way.span, span) for span in spans):
                best = min(best, plan.weight - old.weight + way.weight)
                break
    return best
