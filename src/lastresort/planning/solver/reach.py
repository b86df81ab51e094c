"""What can have a part in a solution, found before anything is searched: the ways worth laying out, an easy
solution, and the ground of a group."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver.field import COST, NEVER
from lastresort.planning.solver.held import Held, Spans, spans_of
from lastresort.planning.solver.terms import Counts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from lastresort.planning.solver.field import Task, Way
    from lastresort.planning.solver.terms import Choice, Span
    from lastresort.planning.solver.work import Work


TRIED = 64
"""Light ways of an item that are tried for an easy solution when there is no free time for it."""
EVER = (-(1 << 62), 1 << 62)
"""All the time there is."""


class Easy(NamedTuple):
    """A solution that is quickly found, with the choice of each item; `NEVER` when none was."""

    weight: int
    chosen: dict[int, Choice]


def reach(task: Task, ceiling: int, work: Work) -> tuple[dict[int, list[Way]], Easy] | None:
    """Return the ways of all that matters below a ceiling, and an easy solution: no way that is left out is
    part of one that is not heavier than it. Where everything may be given up there is always an easy one.

    `None` when the work ended before all was found.
    """
    found = _Reach(task, ceiling, work)
    easy = found.easiest()
    is_whole = found.explore(min(ceiling, easy.weight + 1), lambda: work.is_done)
    return (found.ways, easy) if is_whole else None


def look(task: Task, ceiling: int, work: Work) -> tuple[Easy, int]:
    """Return an easy solution below a ceiling, and what no solution below it weighs less than.

    Where not even that may be looked for, it is the one in which everything is given up.
    """
    if work.is_spent:
        easy, least = Easy(NEVER, {}) if task.familiar else give_all_up(task), 0
    else:
        found = _Reach(task, ceiling, work)
        easy, least = found.easiest(), ceiling - found.slack
    return easy if easy.weight < ceiling else Easy(NEVER, {}), min(ceiling, least)


def give_all_up(task: Task) -> Easy:
    """Return the solution in which everything that needs time is given up, but for what was decided."""
    chosen, weight = dict(task.frozen), 0
    for item in task.forced:
        if item in task.frozen:
            continue
        given_up = (way for way in task.ways(item, NEVER) if way.choice.counts is Counts.GIVE_UP)
        way = next(given_up, None)
        if way is None:
            return Easy(NEVER, {})
        chosen[item], weight = way.choice, weight + way.weight
        for request in task.field.sets[way.hits]:
            if request not in chosen:
                price = task.ways(request, NEVER)[0]
                chosen[request], weight = price.choice, weight + price.weight
    return Easy(weight, chosen)


def find_slack(task: Task, weight: int, work: Work) -> int:
    """Return by how much a weight is above what any solution weighs at least, as far as is seen at once."""
    return _Reach(task, weight, work).slack


def find_ground(
    task: Task, best: Mapping[int, Choice], weight: int, relief: int, work: Work
) -> tuple[set[int], list[Span]]:
    """Return the items and the time that could have a part in anything lighter than the best solution, even
    if somebody else paid as much as `relief` for those that it displaces; and what the best itself takes.

    Once the work is spent it is all the time there is.
    """
    found = None if work.is_spent else _Reach(task, weight, work, relief)
    if found is None or not found.explore(weight, lambda: work.is_spent):
        return {*best}, [EVER]
    choices = [*(way.choice for ways in found.ways.values() for way in ways), *best.values()]
    spans = {choice.span for choice in choices if choice.counts is Counts.CHANGE and not choice.stays}
    spans.update(span for choice in choices if choice.clears or choice.stays for span in spans_of(choice))
    return {*best, *found.ways}, [*Spans(sorted(span for span in spans if span))]


class _Reach:
    """Finds the items and ways that can be part of a solution lighter than a ceiling."""

    def __init__(self, task: Task, ceiling: int, work: Work, relief: int = 0) -> None:
        self.task, self.sets, self.work = task, task.field.sets, work
        self.forced = task.forced
        self.relief = relief
        """So much of what it weighs to displace somebody is paid elsewhere."""
        self.least: dict[int, int] = {}
        """The weight of the lightest way of an item, or less."""
        self._shares: dict[int, int] = {}
        """What it costs a forced item to send away a set of items, as long as `least` says the same."""
        self.ways: dict[int, list[Way]] = {}
        for item in self.forced:
            self._load(item, ceiling)
        self._lightest = {item: _lightest_of_sets(self.ways[item]) for item in self.forced}
        """What each forced item pays at least, for each set of others that it can send away."""
        self.senders: dict[int, list[int]] = {}
        """Which of the forced items can send an item away at once."""
        for item, lightest in self._lightest.items():
            for sent in {each for hits in lightest for each in self.sets[hits]}:
                self.senders.setdefault(sent, []).append(item)
        self.needs: dict[int, int] = {}
        """What each forced item costs at least. Who is sent away by several is paid by all in equal parts."""
        self.slack = 0
        """How much more than all needs together still lies below the ceiling."""
        self._find_needs(ceiling)

    def easiest(self) -> Easy:
        """Return the lighter one of the easy solution and of giving all up; none where it has to be unlike
        earlier ones."""
        if self.task.familiar:
            return Easy(NEVER, {})
        return min(self._easy_solution(), give_all_up(self.task), key=lambda each: each.weight)

    def _easy_solution(self) -> Easy:
        """Return the solution in which one forced item after the other takes the way that is lightest when
        those whom it sends away go where they can. What is decided comes first."""
        taken: dict[int, Choice] = {}
        held = Held()
        total = 0
        for item in sorted(self.forced, key=lambda item: item not in self.task.frozen):
            best = Easy(NEVER, {})
            tolls = [way.weight + sum(map(self._at_least, self.sets[way.hits])) for way in self.ways[item]]
            self.work.look(len(tolls))
            for toll, way in sorted(zip(tolls, self.ways[item], strict=True), key=itemgetter(0)):
                if toll < best.weight and not self.work.is_spent and not self.task.field.leaves_out(way):
                    found = self._with_those_sent(item, way, taken, held)
                    best = found if found.weight < best.weight else best
            if best.weight == NEVER:
                return best
            total += best.weight
            taken |= best.chosen
            for choice in best.chosen.values():
                held.add(choice)
        return Easy(total, taken)

    def _with_those_sent(self, item: int, way: Way, taken: Mapping[int, Choice], held: Held) -> Easy:
        """Return what a way adds, with everybody that it sends away: each goes into free time, else into the
        time of others who have free time to go to."""
        if not held.goes_with(way.choice):
            return Easy(NEVER, {})
        added, weight, own = {item: way.choice}, way.weight, Held([way.choice])
        for sent in self.sets[way.hits]:
            if sent in taken or sent in added:
                continue
            found = self._into_free_time([sent], held, own)
            if found.weight == NEVER:
                found = self._into_time_of_others(sent, taken.keys() | added.keys(), held, own)
            if found.weight == NEVER:
                return found
            weight += found.weight
            added |= found.chosen
            for choice in found.chosen.values():
                own.add(choice)
        return Easy(weight, added)

    def _into_free_time(self, items: Iterable[int], *taken: Held) -> Easy:
        """Return the lightest free time for each of some items, one after the other."""
        added: dict[int, Choice] = {}
        weight, own = 0, Held()
        for item in items:
            if item not in self.ways:
                self._load_displaced(item)
            for place, way in enumerate(self.ways[item], 1):
                if not way.hits and all(held.goes_with(way.choice) for held in (*taken, own)):
                    self.work.look(place)
                    break
            else:
                self.work.look(len(self.ways[item]))
                return Easy(NEVER, {})
            weight, added[item] = weight + way.weight, way.choice
            own.add(way.choice)
        return Easy(weight, added)

    def _into_time_of_others(self, item: int, moved: Collection[int], *taken: Held) -> Easy:
        """Return the first of the light ways of an item for which those whom it displaces have free time."""
        for way in self._trimmed(item, self.ways[item])[:TRIED]:
            if all(held.goes_with(way.choice) for held in taken) and not self.task.field.leaves_out(way):
                others = [each for each in self.sets[way.hits] if each not in moved]
                found = self._into_free_time(others, *taken, Held([way.choice]))
                if found.weight < NEVER:
                    return Easy(way.weight + found.weight, {item: way.choice} | found.chosen)
        return Easy(NEVER, {})

    def explore(self, ceiling: int, is_over: Callable[[], bool]) -> bool:
        """Drop the ways that weigh too much with what they displace, and load what the others displace; tell
        whether all of that was done before it was over.

        What is dropped makes what is left dearer, and the other way round: it is repeated until little
        changes.
        """
        many: int | None = None
        while True:
            self._find_needs(ceiling)
            reached = self._walk(is_over)
            if reached is None:
                return False
            if not all(reached[item] for item in self.forced):
                self.ways = {item: [] for item in self.forced}
                return True
            before, many = many, sum(map(len, reached.values()))
            if before is not None and many * 8 > before * 7:
                self.ways = reached
                return True
            if not self.relief:
                for item, ways in reached.items():
                    self._learn(item, ways)

    def _walk(self, is_over: Callable[[], bool]) -> dict[int, list[Way]] | None:
        """Return the ways with which the whole can stay below the ceiling, of the forced items and of all
        that is displaced; `None` if it was over before."""
        reached: dict[int, list[Way]] = {}
        news: Sequence[int] = self.forced
        while news:
            for item in news:
                if item not in self.ways:
                    if is_over():
                        return None
                    self._load_displaced(item)
                self.ways[item] = reached[item] = self._trimmed(item, self.ways[item])
            hits = {way.hits for item in news for way in reached[item]}
            news = sorted({item for each in hits for item in self.sets[each]} - reached.keys())
        return reached

    def _trimmed(self, item: int, ways: list[Way]) -> list[Way]:
        """Return the ways with which the whole can stay below the ceiling."""
        forced = item in self.needs
        room = self.slack + (self.needs[item] if forced else self._credit(item))
        light = ways[: bisect_left(ways, (room,))]
        self.work.look(len(light))
        tolls = {hits: self._toll(hits, forced) for hits in {way.hits for way in light}}
        return [way for way in light if way.weight + tolls[way.hits] < room]

    def _toll(self, hits: int, forced: bool) -> int:
        """Return what it costs at least to send a set of items away, beyond what `needs` counts already."""
        if forced:
            if hits not in self._shares:
                shares = (self._at_least(item) // len(self.senders[item]) for item in self.sets[hits])
                self._shares[hits] = sum(shares)
            return self._shares[hits]
        self.work.look(len(self.sets[hits]))
        toll = sum(self._at_least(item) for item in self.sets[hits] if item not in self.senders)
        return max(toll - self.relief, 0)

    def _find_needs(self, ceiling: int) -> None:
        self.needs = {item: self._need(item) for item in self.forced}
        self.slack = ceiling - sum(self.needs.values())

    def _need(self, item: int) -> int:
        tolls = (weight + self._toll(hits, forced=True) for hits, weight in self._lightest[item].items())
        return min(tolls, default=NEVER)

    def _credit(self, item: int) -> int:
        """Return how much of what `needs` counts is for an item that is sent away."""
        senders = self.senders.get(item, ())
        credit = 0
        for sender in senders:
            share = self._at_least(item) // len(senders)
            self.work.look(len(self._lightest[sender]))
            without = min(
                weight + self._toll(hits, forced=True) - share * (item in self.sets[hits])
                for hits, weight in self._lightest[sender].items()
            )
            credit += self.needs[sender] - without
        return credit

    def _at_least(self, item: int) -> int:
        least = self.least.get(item)
        if least is None:
            least = self.least[item] = self.task.field.items[item].least * COST
        return least

    def _load_displaced(self, item: int) -> None:
        self._load(item, self.slack + self._credit(item))

    def _load(self, item: int, ceiling: int) -> None:
        """Ask for the ways of an item that weigh less than the ceiling."""
        field = self.task.field
        is_asked = field.is_asked(item)
        ways = self.ways[item] = self.task.ways(item, max(ceiling, 0) // COST)
        self.work.look(len(ways) if is_asked else len(field.choices(item)))
        self._learn(item, ways)

    def _learn(self, item: int, ways: Sequence[Way]) -> None:
        """Note what an item weighs at least, if it has these ways alone."""
        least = ways[0].weight if ways else NEVER
        if self.least.get(item) != least:
            self._shares.clear()
        self.least[item] = least


def _lightest_of_sets(ways: Sequence[Way]) -> dict[int, int]:
    """Return the least weight of the ways that send away the same; ways are given the lightest first."""
    lightest: dict[int, int] = {}
    for way in ways:
        lightest.setdefault(way.hits, way.weight)
    return lightest
