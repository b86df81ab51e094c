"""Parts of a problem that have nothing to do with each other are solved apart.

What needs time is grouped: at first by what shares an event, a request or a stretch of time directly. Each
group is solved as if it were alone. Then its *ground* is found: the items and the time that could have a part
in anything cheaper, even if another group paid for those that it displaces. Groups whose grounds do not meet
cannot help or hinder each other, so that their solutions add up; those whose grounds meet become one group
and are solved again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.field import COST, NEVER, Field, Task
from lastresort.planning.solver.held import Held, Spans, spans_of
from lastresort.planning.solver.reach import find_ground, find_slack, give_all_up
from lastresort.planning.solver.search import Best, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lastresort.planning.solver.terms import Choice, Span
    from lastresort.planning.solver.work import Limits, Work

LARGE = 24
"""Items that need time in one group beyond which it joins no other: it is solved after the other, around
it."""


class Solved(NamedTuple):
    """Forced items that were solved together, and what came out."""

    task: Task
    best: Best

    @property
    def chosen(self) -> dict[int, Choice]:
        """What is chosen for each item, but for what was decided before."""
        return {n: choice for n, choice in (self.best.chosen or {}).items() if n not in self.task.frozen}


class _Group(NamedTuple):
    """What was solved, with its ground."""

    solved: Solved
    items: frozenset[int]
    spans: tuple[Span, ...]


class Apart(NamedTuple):
    """The lightest solution of all parts together, and the parts."""

    best: Best
    parts: tuple[Solved, ...] = ()


def solve_apart(field: Field, limits: Limits, known: Iterable[Solved] | None = None) -> Apart:
    """Return the lightest solution of a field within limits, part by part.

    `known` are the parts of a field that differs in some items alone, without those that have any of these.
    Once the work is done no parts are joined any more: each is solved around those before it.
    """
    solutions = {tuple(each.task.forced): each for each in known or ()}
    parts = _first_parts(field) if known is None else _rest(field, solutions)
    while True:
        for forced in parts:
            if forced not in solutions:
                solutions[forced] = _solve(Task(field, forced), limits)
        solved = [solutions[forced] for forced in parts]
        if any(each.best.chosen is None for each in solved):
            failed = [each.best.bound for each in solved if each.best.chosen is None]
            return Apart(Best(NEVER, max(failed), None, sum(each.best.nodes for each in solved)))
        groups = _with_grounds(solved, limits.work)
        joined = _joined(groups)
        if len(joined) == len(parts) or limits.work.is_done:
            return Apart(_sum(groups, limits), tuple(solved))
        parts = joined


def _rest(field: Field, solved: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the parts that are solved, and all other forced items as one."""
    found = list(solved)
    left = set(field.forced).difference(*found)
    return [*found, tuple(sorted(left))]


def _solve(task: Task, limits: Limits) -> Solved:
    ceiling = min((limits.cap + 1) * COST, give_all_up(task).weight + 1)
    return Solved(task, search(task, (ceiling // 8, ceiling // 2, ceiling), limits))


def _with_grounds(solved: Sequence[Solved], work: Work) -> list[_Group]:
    """Return the groups with their grounds."""
    if len(solved) == 1:
        return [_Group(solved[0], frozenset(), ())]
    slacks = [0 if work.is_spent else find_slack(each.task, each.best.weight, work) for each in solved]
    groups = []
    for each, slack in zip(solved, slacks, strict=True):
        items, spans = find_ground(each.task, each.chosen, each.best.weight, sum(slacks) - slack, work)
        groups.append(_Group(each, frozenset(items), tuple(spans)))
    return groups


def _first_parts(field: Field) -> list[tuple[int, ...]]:
    """Return the forced items in groups that share an item, a token or time; a large one in several, by
    time."""
    items: list[set[object]] = []
    spans: list[set[Span]] = []
    for number in field.forced:
        ways = field.ways(number, NEVER)
        sent = {hit for hits in {way.hits for way in ways} for hit in field.sets[hits]}
        tokens = {token for tokens in {way.choice.tokens for way in ways} for token in tokens}
        items.append({*sent, *(("token", token) for token in tokens)})
        spans.append({span for way in ways for span in spans_of(way.choice)})
    groups = []
    for places in _touching(items, spans):
        forced = sorted((field.forced[place] for place in places), key=lambda n: field.items[n].home)
        groups += [tuple(sorted(forced[at : at + LARGE])) for at in range(0, len(forced), LARGE)]
    return groups


def _joined(groups: Sequence[_Group]) -> list[tuple[int, ...]]:
    """Return the forced items of groups whose grounds meet together, unless that makes too many."""
    found = []
    for places in _touching([group.items for group in groups], [group.spans for group in groups]):
        whole = [tuple(groups[place].solved.task.forced) for place in places]
        if len(whole) > 1 and sum(map(len, whole)) > LARGE:
            found += whole
        else:
            found.append(tuple(sorted(number for forced in whole for number in forced)))
    return found


def _touching(items: Sequence[Iterable[object]], spans: Sequence[Iterable[Span]]) -> list[list[int]]:
    """Return the places of what shares an item or overlaps in time, directly or through others, together."""
    leader = list(range(len(items)))

    def find(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    owner: dict[object, int] = {}
    for place, own in enumerate(items):
        for item in own:
            leader[find(place)] = find(owner.setdefault(item, place))
    in_order = sorted((*span, place) for place, own in enumerate(spans) for span in own)
    until, last = None, 0
    for start, end, place in in_order:
        if until is not None and start < until:
            leader[find(place)] = find(last)
        if until is None or end > until:
            until, last = end, place
    together: dict[int, list[int]] = {}
    for place in range(len(items)):
        together.setdefault(find(place), []).append(place)
    return list(together.values())


def _sum(groups: Sequence[_Group], limits: Limits) -> Best:
    """Return the solutions of all groups as one.

    Of groups that meet all the same, each that does not go with those before it is solved around them, and
    nothing is known but that together they weigh no less than the heaviest alone.
    """
    weight = bound = nodes = 0
    chosen: dict[int, Choice] = {}
    for places in _touching([_links(group) for group in groups], [group.spans for group in groups]):
        around: dict[int, Choice] = {}
        held = Held()
        for place in places:
            solved = groups[place].solved
            if not _goes_with(solved, around, held):
                solved = _solve_around(groups[place], around, limits)
                if solved.best.chosen is None:
                    return Best(NEVER, bound, None, nodes)
            for item, choice in solved.chosen.items():
                around[item] = choice
                held.add(choice)
            weight, nodes = weight + solved.best.weight, nodes + solved.best.nodes
        chosen |= around
        bound += max(groups[place].solved.best.bound for place in places)
    if weight >= (limits.cap + 1) * COST:
        return Best(NEVER, bound, None, nodes)
    return Best(weight, bound, chosen, nodes)


def _links(group: _Group) -> set[object]:
    """Return what a group shares with another that it meets: its items, and the tokens of its ways."""
    task = group.solved.task
    tokens = {way.choice.tokens for item in task.forced for way in task.field.ways(item, NEVER)}
    return {*group.items, *(("token", token) for each in tokens for token in each)}


def _goes_with(solved: Solved, around: Mapping[int, Choice], held: Held) -> bool:
    """Tell whether what is chosen in a group can be chosen beside what others chose."""
    chosen = solved.chosen
    return chosen.keys().isdisjoint(around) and all(map(held.goes_with, chosen.values()))


def _solve_around(group: _Group, around: Mapping[int, Choice], limits: Limits) -> Solved:
    """Return a group solved again, with all decided that was chosen around it and could get in its way."""
    solved = group.solved
    links, ground = _links(group), Spans(group.spans)
    met = {
        item: choice
        for item, choice in around.items()
        if item in links
        or any(("token", token) in links for token in choice.tokens)
        or any(ground.meet(span) for span in spans_of(choice))
    }
    limits.work.look(len(around))
    return _solve(Task(solved.task.field, solved.task.forced, frozen=met), limits)
