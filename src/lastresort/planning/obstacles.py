"""What has to be rearranged: what is in the way, what else could give way, and where anything may land.

Found when it is asked for: where what is in the way settles the question, nothing else is looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from lastresort.model import Busy, Interval
from lastresort.planning.alternatives import LandingContext, Treatments, is_located, least_cost, make_setting
from lastresort.planning.colleagues import find_busy
from lastresort.planning.conflicts import are_rivals, keys_of
from lastresort.planning.for_interviews import Preparations, is_way_to, without_ways
from lastresort.planning.freebusy import Index, as_taken, from_minute, is_free, merge
from lastresort.planning.natures import ALL_DAY
from lastresort.planning.solver import share_of_sent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.model import EventKey
    from lastresort.planning.solver import Choice
    from lastresort.planning.timetable import Entry, Timetable
    from lastresort.query import Query

MANY = 24
"""Interviews at once beyond which an event is treated for all of them together alone."""

COMPARED = 500_000
"""Pairs of interviews that are compared, whether both can be kept."""


class Need(NamedTuple):
    """An interview that needs its time. `until` is when what makes room for it has to be over elsewhere."""

    interview: Interview
    until: datetime
    ask: float | None = None
    """Points that it costs to ask for another time instead; `None` when it has to be kept."""
    request: str = ""
    """Interviews with the same one are asked about together, at one price."""
    keep: bool = True
    """It may be kept."""
    refused: bool = False
    """They can offer no other time: it is kept at any price, unless nothing keeps it."""


class RearrangeTask:
    """What is to be kept free, and what may be done for it.

    `held` is time kept for something else, `others` are interviews that make no room and need none, what
    is `gone` takes no time.
    """

    def __init__(
        self,
        needs: Sequence[Need],
        *,
        held: Sequence[Interval] = (),
        others: Sequence[Interview] = (),
        gone: Collection[EventKey] = (),
    ) -> None:
        self.needs, self.held, self.others = tuple(needs), held, others
        self.deadline = max(need.until for need in needs)
        self.needed = merge(need.interview.needed for need in needs)
        interviews = [need.interview for need in needs]
        self.gone = gone
        self.own = keys_of((*interviews, *others)).union(gone)
        """What takes no time as an event: it is an interview, or gone."""
        self.index = Index(self.needs, lambda need: need.interview.needed)
        self.asked_with: dict[str, list[int]] = {}
        """The places of the needs that are asked about together, by their request."""
        for place, need in enumerate(needs):
            if need.request:
                self.asked_with.setdefault(need.request, []).append(place)


class Obstacle:
    """An event that may give way."""

    def __init__(self, entry: Entry, puzzle: Puzzle) -> None:
        self.entry, self._puzzle = entry, puzzle

    @cached_property
    def needs(self) -> list[Need]:
        """The interviews that it is in the way of, by start."""
        return self._puzzle.task.index.within(self.entry.home)

    @cached_property
    def in_the_way(self) -> bool:
        """Tell whether it takes time that an interview needs."""
        return bool(self._puzzle.task.index.within(self.entry.home, 1))

    @property
    def least(self) -> int:
        """Tenths of a point that no treatment can undercut."""
        return self._puzzle.least(self.entry, self.in_the_way)

    @cached_property
    def treatments(self) -> Treatments:
        """All ways to treat it, when all the interviews that it is in the way of are kept."""
        return self._treatments(self._puzzle.setting_for(self.entry), self.needs)

    @cached_property
    def for_one(self) -> tuple[Treatments, ...]:
        """The ways to lose a part of it when one alone of several interviews is kept: they leave more of it.

        None where there are more than `MANY`: all of them together would be as many ways as their square.
        """
        if not 2 <= len(self.needs) <= MANY:
            return ()
        setting = self._puzzle.setting
        return tuple(self._treatments(setting, [need], losses_alone=True) for need in self.needs)

    def _treatments(
        self, setting: LandingContext, needs: Sequence[Need], *, losses_alone: bool = False
    ) -> Treatments:
        event = self.entry.occurrence.event
        if needs:
            setting = _until(setting, max(need.until for need in needs))
        prepares_until = self._puzzle.preparations.until(event)
        if prepares_until is not None:
            setting = _until(setting, prepares_until)
        needed = merge(need.interview.needed for need in needs)
        return Treatments(
            self.entry.occurrence,
            self.entry.kind,
            setting,
            needed,
            self._puzzle.meetings,
            self._known,
            losses_alone=losses_alone,
        )

    def _known(self) -> Treatments | None:
        piece = self._puzzle.like and self._puzzle.like.by_key.get(self.entry.occurrence.key)
        return piece.treatments if piece else None


class Puzzle:
    """The events around the interviews: those in the way, those that could give way, those that stay.

    Raises UsageError, whenever an event is looked at, where options contradict each other.
    """

    def __init__(self, task: RearrangeTask, timetable: Timetable, like: Puzzle | None = None) -> None:
        """`like` is another over the same timetable, with the same deadline and the same time held: what does
        not depend on the interviews of a task is taken from it."""
        self.task, self.query, self.timetable, self.like = task, timetable.query, timetable, like
        self.ways_of_needs: dict[int, tuple[Choice, ...]] = {}
        """Where it is kept what the engine may choose for each need, once that is known."""
        self.meetings = tuple(need.interview.occurrence.interval for need in task.needs)
        self._least: dict[tuple[int, bool, bool], int] = {}
        self._blocking: dict[int, tuple[Entry, ...]] = {}

    @cached_property
    def met(self) -> tuple[tuple[Entry, ...], ...]:
        """For each need what certainly takes time that it needs: of what may give way, and of what may not,
        the first `most_met`."""
        found = ((*self.blocking(place), *self.movable(place)) for place in range(len(self.task.needs)))
        return tuple(tuple(sorted(entries, key=_by_home)) for entries in found)

    @cached_property
    def most_met(self) -> int:
        """Events in the way of one need that are looked at, of those that may give way and of the others."""
        return share_of_sent(len(self.task.needs))

    def blocking(self, place: int) -> tuple[Entry, ...]:
        """Return what is in the way of a need for good: the first `most_met`."""
        if place not in self._blocking:
            self._blocking[place] = self._in_the_way(place, self._certain[1])
        return self._blocking[place]

    def movable(self, place: int) -> tuple[Entry, ...]:
        """Return what is in the way of a need and may give way: the first `most_met`."""
        return self._in_the_way(place, self._certain[0])

    def _in_the_way(self, place: int, entries: Index[Entry]) -> tuple[Entry, ...]:
        interview = self.task.needs[place].interview
        near = without_ways(
            entries.overlapping(interview.needed),
            lambda entry: is_way_to(entry.occurrence, entry.kind, interview),
        )
        return tuple(islice(near, self.most_met))

    def room(self, place: int) -> tuple[datetime, datetime]:
        """Return from when until when nothing that stays for certain takes time around a need."""
        needed = self.task.needs[place].interview.needed
        ends, starts = self._firm_ends_and_starts
        last, first = bisect_right(ends, needed.start), bisect_left(starts, needed.end)
        return (
            ends[last - 1] if last else datetime.min.replace(tzinfo=UTC),
            starts[first] if first < len(starts) else datetime.max.replace(tzinfo=UTC),
        )

    @cached_property
    def _firm_ends_and_starts(self) -> tuple[list[datetime], list[datetime]]:
        homes = [entry.home for entry in self._certain[1].values]
        return sorted(home.end for home in homes), sorted(home.start for home in homes)

    @cached_property
    def pieces(self) -> tuple[Obstacle, ...]:
        """All movable events, by start, end, UID, source."""
        return tuple(Obstacle(entry, self) for entry in self._sorted[0])

    @cached_property
    def preparations(self) -> Preparations:
        """What tells which events prepare for the interviews."""
        return Preparations([need.interview for need in self.task.needs])

    @cached_property
    def by_key(self) -> dict[EventKey, Obstacle]:
        """The pieces by the identities of their events."""
        return {copy.key: piece for piece in self.pieces for copy in piece.entry.copies}

    @cached_property
    def tokens(self) -> tuple[tuple[int, ...], ...]:
        """For each need numbers, of which it shares one with every other that cannot be kept beside it."""
        found: list[list[int]] = [[] for _ in self.task.needs]
        for number, together in enumerate(self._rivalries.sets):
            for place in together:
                found[place].append(number)
        return tuple(map(tuple, found))

    @property
    def not_compared(self) -> frozenset[int]:
        """The places of needs that were not compared with all others, as there are too many: it is not known
        beside which others they could be kept."""
        return self._rivalries.not_compared

    @cached_property
    def _rivalries(self) -> Rivalries:
        return find_rivalries([need.interview for need in self.task.needs])

    @cached_property
    def setting(self) -> LandingContext:
        """Where anything may land that is mine alone. (The time of a need is for the engine to keep free.)"""
        if self.like is not None:
            return self.like.setting
        task, query, (movable, firm) = self.task, self.query, self._sorted
        interviews = [other.occurrence.interval for other in task.others]
        taken = [entry.kind.with_margin(entry.home) for entry in firm if _is_firm(entry, query)]
        doubtful = (e for e in firm if e.occurrence.busy is Busy.CHECK and not e.occurrence.all_day)
        located = [
            entry.home
            for entry in (*movable, *firm)
            if entry.occurrence.busy is Busy.CLASH
            and not entry.occurrence.all_day
            and is_located(entry.occurrence, entry.kind)
        ]
        zone = self.timetable.agenda.zone
        fixed = [*interviews, *task.held, *taken]
        return make_setting(
            query=query,
            zone=zone,
            deadline=task.deadline,
            fixed=fixed,
            tentative=[entry.home for entry in doubtful],
            away=[*located, *interviews],
        )

    def setting_for(self, entry: Entry) -> LandingContext:
        """Return where an event may land. One that concerns others lands on no interview, even if that is
        given up: it keeps its time until they answer."""
        setting = self._with_others if entry.kind.concerns_others else self.setting
        theirs = find_busy(entry.copies, self.query.colleagues)
        return setting._replace(theirs=as_taken(theirs)) if theirs else setting

    @cached_property
    def _with_others(self) -> LandingContext:
        may_go = [need.interview.occurrence.interval for need in self.task.needs if need.ask is not None]
        if not may_go:
            return self.setting
        return self.setting._replace(fixed=self.setting.fixed.joined(as_taken(may_go)))

    def least(self, entry: Entry, in_the_way: bool) -> int:
        """Return tenths of a point that no treatment can undercut; events of one kind share it."""
        same = (id(entry.kind), entry.occurrence.event.recurring, in_the_way)
        if same not in self._least:
            self._least[same] = least_cost(entry.occurrence, entry.kind, self.query.costs, in_the_way)
        return self._least[same]

    def may_give_way(self, entry: Entry) -> bool:
        """Tell whether an event may change. What has begun stays, unless leaving early helps; what comes
        after the deadline is no concern."""
        start = entry.home.start
        if entry.occurrence.busy is not Busy.CLASH or not entry.kind.movable or start >= self.task.deadline:
            return False
        return start >= self.query.now or not is_free(entry.home, self.task.needed)

    @cached_property
    def _certain(self) -> tuple[Index[Entry], Index[Entry]]:
        """What certainly takes time around the needs: what may give way, and what stays."""
        near = Interval(
            min(need.interview.padded.start for need in self.task.needs),
            max(need.interview.padded.end for need in self.task.needs),
        )
        movable: list[Entry] = []
        firm: list[Entry] = []
        for entry in self.timetable.within(near, self.task.own):
            if entry.occurrence.busy is Busy.CLASH:
                (movable if self.may_give_way(entry) else firm).append(entry)
        return Index(movable, _home), Index(firm, _home)

    @cached_property
    def _sorted(self) -> tuple[list[Entry], list[Entry]]:
        """What may give way, and what stays, of all that begins while something may land somewhere."""
        if self.like is not None:
            return self.like._sorted
        horizon = max(self.task.deadline, self.task.needed[-1].end)
        movable: list[Entry] = []
        firm: list[Entry] = []
        for entry in self.timetable.within(
            Interval(self.timetable.agenda.window.start, horizon), self.task.own
        ):
            (movable if self.may_give_way(entry) else firm).append(entry)
        return movable, firm


def _home(entry: Entry) -> Interval:
    return entry.home


def _by_home(entry: Entry) -> tuple[Interval, str]:
    return entry.home, entry.occurrence.event.uid or ""


class Rivalries(NamedTuple):
    """Sets of places of which one interview at most can be kept: each two rivals are in one, but for those
    that were not compared."""

    sets: tuple[tuple[int, ...], ...]
    not_compared: frozenset[int]


def find_rivalries(interviews: Sequence[Interview], most: int = COMPARED) -> Rivalries:
    """Return which interviews cannot be kept beside each other, comparing as many pairs as are allowed.

    Those that take the same minute are one set, however many. Pairs are those of which one needs the other's
    time on its way, and those with the frame of a day's rounds, which is no rival of the rounds in it.
    """
    times = [one.occurrence.interval for one in interviews]
    by_time = Index(range(len(interviews)), lambda place: times[place])
    frames = _frames(interviews)
    found: dict[tuple[int, ...], None] = {}
    not_compared: set[int] = set()
    running: list[int] = []
    plain = (place for place in range(len(interviews)) if place not in frames)
    for start, together in groupby(sorted(plain, key=lambda n: times[n].start), lambda n: times[n].start):
        running = [n for n in running if times[n].end > start]
        if running and most < len(running):
            not_compared.update(together)
            continue
        most -= len(running)
        running += together
        if len(running) > 1:
            found[tuple(sorted(running))] = None
    for place, one in enumerate(interviews):
        time, needed = times[place], one.needed
        around = (
            [needed]
            if place in frames
            else [Interval(needed.start, time.start), Interval(time.end, needed.end)]
        )
        near = (n for stretch in around if stretch.start < stretch.end for n in by_time.overlapping(stretch))
        for n in near:
            if most <= 0:
                not_compared.add(place)
                break
            most -= 1
            at_once = times[n].overlaps(time) and not frames & {n, place}
            if n != place and not at_once and are_rivals(one, interviews[n]):
                found[min(n, place), max(n, place)] = None
    return Rivalries(tuple(found), frozenset(not_compared))


def _frames(interviews: Sequence[Interview]) -> set[int]:
    """Return the places of those that are the invitation around rounds of their process."""
    processes: dict[str, set[Interval]] = {}
    for one in interviews:
        processes.setdefault(one.process, set()).add(one.occurrence.interval)
    around = {(name, time) for name, times in processes.items() if name for time in _holding(times)}
    return {place for place, one in enumerate(interviews) if (one.process, one.occurrence.interval) in around}


def _holding(times: Iterable[Interval]) -> Iterator[Interval]:
    """Yield the times in which another one lies whole."""
    first_end: datetime | None = None
    # from the last start on: all that lies in one has been seen before it
    for time in sorted(times, key=lambda time: (time.start, -time.length), reverse=True):
        if first_end is not None and first_end <= time.end:
            yield time
        first_end = time.end if first_end is None else min(first_end, time.end)


def _until(setting: LandingContext, end: datetime) -> LandingContext:
    if end >= setting.deadline:
        return setting
    days = tuple(day for day in setting.days if from_minute(day.open[0]) < end)
    return setting._replace(deadline=end, days=days)


def _is_firm(entry: Entry, query: Query) -> bool:
    """Time that nothing may land on; of what is only to be checked, days of travel, leave and the like."""
    occurrence, kind = entry.occurrence, entry.kind
    if occurrence.busy is Busy.CLASH or occurrence.key in query.guarded:
        return True
    if occurrence.key in query.possible:
        return True
    return occurrence.all_day and bool(kind.fixed) and kind.fixed != ALL_DAY
