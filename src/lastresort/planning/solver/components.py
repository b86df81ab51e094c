"""Parts of a problem that have nothing to do with each other are solved apart.

What needs time is grouped: at first by what shares an event, a request or a stretch of time directly. An
easy solution of each group is found as if it were alone, and its *ground*: the items and the time that could
have a part in anything no dearer, even if another group paid for those that it displaces. Groups whose
grounds meet become one. Those whose grounds do not meet cannot help or hinder each other: each is solved, and
the solutions add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.field import COST, NEVER, Field, Task
from lastresort.planning.solver.held import Held, Spans, spans_of
from lastresort.planning.solver.reach import find_ground, find_slack, give_all_up, look
from lastresort.planning.solver.search import Best, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lastresort.planning.solver.terms import Choice, Span
    from lastresort.planning.solver.work import SearchLimits, Work

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
    """Forced items that are solved together, with their ground."""

    task: Task
    items: frozenset[int] = frozenset()
    spans: tuple[Span, ...] = ()


class _Known(NamedTuple):
    """What is known of a group: a solution, and a weight below which the best one lies, or which it has."""

    task: Task
    chosen: Mapping[int, Choice]
    below: int


class Apart(NamedTuple):
    """The lightest solution of all parts together, and the parts."""

    best: Best
    parts: tuple[Solved, ...] = ()


def solve_apart(field: Field, limits: SearchLimits, known: Iterable[Solved] = ()) -> Apart:
    """Return the lightest solution of a field within limits, part by part.

    `known` are the parts of a field that differs in some items alone, without those that have any of these.
    Once the work is done no parts are joined any more: each is solved around those before it.
    """
    solutions = {tuple(each.task.forced): each for each in known}
    groups, are_apart = _put_together(field, solutions, limits)
    share = limits.shared_by(sum(tuple(group.task.forced) not in solutions for group in groups))
    solved = [
        solutions.get(tuple(group.task.forced)) or Solved(group.task, _search(group.task, share))
        for group in groups
    ]
    if any(each.best.chosen is None for each in solved):
        failed = [each.best.bound for each in solved if each.best.chosen is None]
        return Apart(Best(NEVER, max(failed), None, sum(each.best.nodes for each in solved)))
    if not are_apart:
        groups = _with_grounds([_as_known(each) for each in solved], limits.work)
    return Apart(_sum(solved, groups, limits), tuple(solved))


def _put_together(
    field: Field, solved: Mapping[tuple[int, ...], Solved], limits: SearchLimits
) -> tuple[list[_Group], bool]:
    """Return groups that are to be solved apart, and whether no two of them meet. Some that meet stay apart
    where they would be too many, and where the work has ended."""
    parts = _rest(field, solved) if solved else _first_parts(field)
    easy: dict[tuple[int, ...], _Known] = {}
    while len(parts) > 1:
        for forced in parts:
            if forced in solved:
                easy[forced] = _as_known(solved[forced])
            elif forced not in easy:
                easy[forced] = _solve_easily(Task(field, forced), limits)
        groups = _with_grounds([easy[forced] for forced in parts], limits.work)
        together = _touching([group.items for group in groups], [group.spans for group in groups])
        joined = _joined(parts, together)
        if len(joined) == len(parts) or limits.work.is_done:
            return groups, len(together) == len(parts)
        parts = joined
    return [_Group(Task(field, forced)) for forced in parts], True


def _as_known(solved: Solved) -> _Known:
    return _Known(solved.task, solved.chosen, solved.best.weight)


def _solve_easily(task: Task, limits: SearchLimits) -> _Known:
    ceiling = _ceiling(task, limits)
    easy, _ = look(task, ceiling, limits.work)
    return _Known(task, easy.chosen, min(ceiling, easy.weight + 1))


def _rest(field: Field, solved: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the parts that are solved, and all other forced items as one."""
    found = list(solved)
    left = set(field.forced).difference(*found)
    return [*found, tuple(sorted(left))]


def _search(task: Task, limits: SearchLimits) -> Best:
    ceiling = _ceiling(task, limits)
    return search(task, [ceiling // 2, ceiling], limits)


def _ceiling(task: Task, limits: SearchLimits) -> int:
    """Return what a solution has to stay below: the cap, and what it weighs to give all up."""
    return min((limits.cap + 1) * COST, give_all_up(task).weight + 1)


def _with_grounds(found: Sequence[_Known], work: Work) -> list[_Group]:
    """Return the groups with their grounds."""
    if len(found) == 1:
        return [_Group(found[0].task)]
    slacks = [0 if work.is_spent else find_slack(each.task, each.below, work) for each in found]
    groups = []
    for each, slack in zip(found, slacks, strict=True):
        items, spans = find_ground(each.task, each.chosen, each.below, sum(slacks) - slack, work)
        groups.append(_Group(each.task, frozenset(items), tuple(spans)))
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


def _joined(parts: Sequence[tuple[int, ...]], together: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
    """Return the parts with those made one that belong together, unless that makes too many."""
    found = []
    for places in together:
        whole = [parts[place] for place in places]
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


def _sum(found: Sequence[Solved], groups: Sequence[_Group], limits: SearchLimits) -> Best:
    """Return what was found for all groups as one.

    Of groups that meet all the same, each that does not go with those before it is solved around them, and
    nothing is known but that together they weigh no less than the heaviest alone.
    """
    weight = bound = nodes = 0
    chosen: dict[int, Choice] = {}
    for places in _touching([_links(group) for group in groups], [group.spans for group in groups]):
        around: dict[int, Choice] = {}
        held = Held()
        for place in places:
            solved = found[place]
            if not _goes_with(solved, around, held):
                solved = _solve_around(groups[place], around, limits)
                if solved.best.chosen is None:
                    return Best(NEVER, bound, None, nodes)
            for item, choice in solved.chosen.items():
                around[item] = choice
                held.add(choice)
            weight, nodes = weight + solved.best.weight, nodes + solved.best.nodes
        chosen |= around
        bound += max(found[place].best.bound for place in places)
    if weight >= (limits.cap + 1) * COST:
        return Best(NEVER, bound, None, nodes)
    return Best(weight, bound, chosen, nodes)


def _links(group: _Group) -> set[object]:
    """Return what a group shares with another that it meets: its items, and the tokens of its ways."""
    task = group.task
    tokens = {way.choice.tokens for item in task.forced for way in task.field.ways(item, NEVER)}
    return {*group.items, *(("token", token) for each in tokens for token in each)}


def _goes_with(solved: Solved, around: Mapping[int, Choice], held: Held) -> bool:
    """Tell whether what is chosen in a group can be chosen beside what others chose."""
    chosen = solved.chosen
    return chosen.keys().isdisjoint(around) and all(map(held.goes_with, chosen.values()))


def _solve_around(group: _Group, around: Mapping[int, Choice], limits: SearchLimits) -> Solved:
    """Return a group solved again, with all decided that was chosen around it and could get in its way."""
    links, ground = _links(group), Spans(group.spans)
    met = {
        item: choice
        for item, choice in around.items()
        if item in links
        or any(("token", token) in links for token in choice.tokens)
        or any(ground.meet(span) for span in spans_of(choice))
    }
    limits.work.look(len(around))
    task = Task(group.task.field, group.task.forced, frozen=met)
    return Solved(task, _search(task, limits))
