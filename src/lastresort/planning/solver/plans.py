"""The cheapest solution, and further ones that are genuinely different."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from lastresort.planning.solver.components import solve_apart
from lastresort.planning.solver.field import COST, NEVER, Field, Task
from lastresort.planning.solver.held import Held
from lastresort.planning.solver.search import Best, search
from lastresort.planning.solver.terms import Choice, Counts, Item, Outcome, Solution
from lastresort.planning.solver.work import SearchLimits, Work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lastresort.planning.solver.components import Apart

FEW = 12
"""Items that need time beyond which no further solutions are looked for."""
NODES = 12_000
WORK = 60_000
"""Steps for a whole problem, further solutions included."""
ONE_MORE = 1_000_000
"""Cost put on every change where their number comes first."""

Chosen = dict[int, Choice]
"""The choice of each item that has one, by the item's number."""


def solve(items: Sequence[Item], cap: int, plans: int = 3, node_limit: int = NODES) -> Outcome:
    """Return the solution of a problem that is looked at once (see `Problem.solve`)."""
    return ItemProblem(items, cap, node_limit).solve(plans)


class ItemProblem:
    """Items to be treated at once for `cap` at most, with at most `node_limit` nodes for each part, and
    `WORK` for all of them."""

    def __init__(self, items: Sequence[Item], cap: int, node_limit: int = NODES) -> None:
        self._field, self._limits = Field(items), SearchLimits(cap, node_limit, Work(WORK))

    @property
    def is_worked_out(self) -> bool:
        """Tell whether no work is left: what is asked now is answered without a search."""
        return self._limits.work.is_done

    @cached_property
    def _apart(self) -> Apart:
        return solve_apart(self._field, self._limits)

    def solve(self, plans: int = 3) -> Outcome:
        """Return the cheapest treatment of all items that costs at most the cap, and up to `plans`.

        The further ones keep and give up the same items, and cost at most the cap. Each treats an item that
        every earlier one changed in a way none of them did (another `group`); the second avoids the most
        doubtful choice of the first where it can. Where fewer changes would do than the first has, the last
        is the cheapest with the fewest. They are sorted by cost. Ties beyond cost, numbers given up and
        changed, and displacement are decided by the order of ids. A further one may open a sixth of the
        nodes, and is left out when these end first; none is looked for beside more than `FEW` items that
        need time.
        """
        field, found = self._field, self._apart.best
        outcome = _outcome(field, found, self._limits.cap)
        if plans == 1 or not outcome.solutions:
            return outcome
        others = _others(field, found, plans, self._limits)
        further = [_solution(field, each.chosen or {}, field.least_cost(each.bound)) for each in others]
        further.sort(key=lambda each: each.cost)
        return outcome._replace(solutions=(*outcome.solutions, *further))

    def solve_dearer(self, item: str, cost: int, node_limit: int) -> Outcome:
        """Return the cheapest treatment if it cost so much more to give up an item.

        Only the part of the problem that it belongs to is solved again, and parts that this one now meets.
        """
        number = next(n for n, each in enumerate(self._field.items) if each.id == item)
        field = self._field.dearer(number, cost)
        known = [part for part in self._apart.parts if number not in part.task.forced]
        limits = self._limits._replace(cap=self._limits.cap + cost, nodes=node_limit)
        return _outcome(field, solve_apart(field, limits, known).best, limits.cap)


def _outcome(field: Field, found: Best, cap: int) -> Outcome:
    bound = min(field.least_cost(found.bound), cap + 1)
    if found.chosen is None:
        return Outcome("none" if bound > cap else "limit", bound=bound, nodes=found.nodes)
    first = _solution(field, found.chosen, bound)
    return Outcome("optimal" if first.proved else "limit", (first,), bound, nodes=found.nodes)


def _solution(field: Field, chosen: Mapping[int, Choice], bound: int) -> Solution:
    cost = sum(choice.cost for choice in chosen.values())
    return Solution(
        cost=cost,
        displacement=sum(choice.displacement for choice in chosen.values()),
        chosen=tuple(sorted((field.items[item].id, choice.id) for item, choice in chosen.items())),
        proved=bound >= cost,
    )


def _changes(chosen: Mapping[int, Choice] | None) -> Chosen:
    return {item: choice for item, choice in (chosen or {}).items() if choice.counts is Counts.CHANGE}


# -- further solutions --------------------------------------------------------------------------------------


def _others(field: Field, first: Best, plans: int, limits: SearchLimits) -> list[Best]:
    """Return up to `plans - 1` further solutions that keep and give up what the first does."""
    if not _changes(first.chosen) or len(field.forced) > FEW:
        return []
    decided = Field(_as_decided(field, first.chosen or {}))
    limits = limits._replace(nodes=limits.nodes // 6)
    found = [first]
    while len(found) < plans and (further := _further(decided, found, limits)):
        found.append(further)
    fewest = _fewest_changes(decided, first, limits)
    if fewest and not any(len(_changes(each.chosen)) <= len(_changes(fewest.chosen)) for each in found):
        found = [*found[: plans - 1], fewest]
    return found[1:]


def _as_decided(field: Field, first: Mapping[int, Choice]) -> list[Item]:
    """Return the items without the choice whether to keep or to give up."""
    items = []
    for number, item in enumerate(field.items):
        choices = partial(field.choices, number)
        if not item.home_allowed:
            counts = first[number].counts
            chosen = [choice for choice in choices() if choice.counts is counts]
            items.append(item._replace(choices=chosen))
        else:
            items.append(item._replace(choices=choices))
    return items


def _further(field: Field, plans: Sequence[Best], limits: SearchLimits) -> Best | None:
    """Return the lightest solution that differs from all so far; the second has less doubt if possible."""
    ceiling = (limits.cap + 1) * COST
    changes = [_changes(plan.chosen) for plan in plans]
    common = sorted(set.intersection(*map(set, changes)))
    familiar = {item: frozenset(each[item].group for each in changes) for item in common}
    doubt, item = max(((choice.doubt, -item) for item, choice in changes[0].items()), default=(0, 0))
    tasks = [Task(field, familiar=familiar, surer=(-item, doubt))] if doubt and len(plans) == 1 else []
    for task in (*tasks, Task(field, familiar=familiar)):
        if any(way.weight < ceiling for item in common for way in task.fresh_ways(item)[:1]):
            highest = min(ceiling, min(_detour(task, plan) for plan in plans) + 1)
            ceilings = sorted({min(highest, plans[-1].weight * 5 // 4), highest})
            found = search(task, ceilings, limits)
            if found.chosen is not None:
                return found
    return None


def _detour(task: Task, plan: Best) -> int:
    """Return what a plan weighs at least with one item treated otherwise; `NEVER` when that cannot be."""
    chosen = plan.chosen or {}
    changes = _changes(chosen)
    best = NEVER
    for item in [task.surer[0]] if task.surer else sorted(changes):
        (old,) = task.field.weighed(item, [changes[item]])
        if old.hits:
            continue  # those that it displaced may be what displaces it
        others = {n: choice for n, choice in chosen.items() if n != item}
        held = Held(others.values())
        for way in task.fresh_ways(item):
            hits = task.field.sets[way.hits]
            if others.keys() >= {*hits} and held.goes_with(way.choice):
                best = min(best, plan.weight - old.weight + way.weight)
                break
    return best


def _fewest_changes(field: Field, first: Best, limits: SearchLimits) -> Best | None:
    """Return the solution with the fewest changes, if it has fewer than the first."""
    many = len(_changes(first.chosen))
    requests = {name for item in field.forced for choice in field.choices(item) for name in choice.brings}
    for_certain: set[int] = set()
    for item in field.forced:
        for_certain.update(set.intersection(*({*field.sets[way.hits]} for way in field.ways(item, NEVER))))
    if many <= sum(field.items[item].id not in requests for item in for_certain):
        return None

    def dearer(number: int) -> list[Choice]:
        choices = field.choices(number)
        return [c._replace(cost=c.cost + ONE_MORE) if c.counts is Counts.CHANGE else c for c in choices]

    items = [
        item._replace(
            choices=partial(dearer, n), least=item.least if item.id in requests else item.least + ONE_MORE
        )
        for n, item in enumerate(field.items)
    ]
    found = search(Task(Field(items)), [many * ONE_MORE * COST], limits)
    if found.chosen is None:
        return None
    chosen = {
        n: next(each for each in field.choices(n) if each.id == choice.id)
        for n, choice in found.chosen.items()
    }
    if sum(choice.cost for choice in chosen.values()) > limits.cap:
        return None
    return found._replace(bound=found.bound - len(_changes(chosen)) * ONE_MORE * COST, chosen=chosen)
