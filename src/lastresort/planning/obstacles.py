"""What has to be rearranged: what is in the way, what else could give way, and where anything may land.

Found when it is asked for: where what is in the way settles the question, nothing else is looked at.
"""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from lastresort.model import Busy, Interval
from lastresort.planning.alternatives import Setting, Treatments, is_located, least_cost, make_setting
from lastresort.planning.colleagues import find_busy
from lastresort.planning.conflicts import are_rivals, is_frame, keys_of
from lastresort.planning.for_interviews import is_way_to, prepares_for
from lastresort.planning.freebusy import Index, as_taken, from_minute, is_free, merge
from lastresort.planning.natures import ALL_DAY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.model import EventKey
    from lastresort.planning.solver import Choice
    from lastresort.planning.timetable import Entry, Timetable
    from lastresort.query import Query

MANY = 24
"""Interviews at once beyond which an event is treated for all of them together alone."""


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


class Task:
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


class Piece:
    """An event that may give way."""

    def __init__(self, entry: Entry, puzzle: Puzzle, needs: Sequence[Need]) -> None:
        self.entry, self.needs, self._puzzle = entry, needs, puzzle

    @property
    def in_the_way(self) -> bool:
        """Tell whether it takes time that an interview needs."""
        return bool(self.needs)

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
        """The ways to treat it when one alone of several interviews is kept: they leave more of it.

        None where there are more than `MANY`: all of them together would be as many ways as their square.
        """
        if not 2 <= len(self.needs) <= MANY:
            return ()
        return tuple(self._treatments(self._puzzle.setting, [need]) for need in self.needs)

    def _treatments(self, setting: Setting, needs: Sequence[Need]) -> Treatments:
        event = self.entry.occurrence.event
        if needs:
            setting = _until(setting, max(need.until for need in needs))
        for need in self._puzzle.task.needs:
            if prepares_for(event, need.interview):
                setting = _until(setting, need.interview.needed.start)
        needed = merge(need.interview.needed for need in needs)
        return Treatments(
            self.entry.occurrence, self.entry.kind, setting, needed, self._puzzle.meetings, self._known
        )

    def _known(self) -> Treatments | None:
        piece = self._puzzle.like and self._puzzle.like.by_key.get(self.entry.occurrence.key)
        return piece.treatments if piece else None


class Puzzle:
    """The events around the interviews: those in the way, those that could give way, those that stay.

    Raises UsageError, whenever an event is looked at, where options contradict each other.
    """

    def __init__(self, task: Task, timetable: Timetable, like: Puzzle | None = None) -> None:
        """`like` is another over the same timetable, with the same deadline and the same time held: what does
        not depend on the interviews of a task is taken from it."""
        self.task, self.query, self.timetable, self.like = task, timetable.query, timetable, like
        self.ways_of_needs: dict[int, tuple[Choice, ...]] = {}
        """Where it is kept what the engine may choose for each need, once that is known."""
        self.meetings = tuple(need.interview.occurrence.interval for need in task.needs)
        self._least: dict[tuple[int, bool, bool], int] = {}

    @cached_property
    def met(self) -> tuple[tuple[Entry, ...], ...]:
        """For each need what certainly takes time that it needs."""
        return tuple(
            tuple(
                entry
                for entry in self._near(need)
                if entry.home.overlaps(need.interview.needed)
                and not is_way_to(entry.occurrence, entry.kind, need.interview)
            )
            for need in self.task.needs
        )

    @cached_property
    def close(self) -> tuple[tuple[Entry, ...], ...]:
        """For each need what stays for certain, and takes of its room to breathe alone."""
        return tuple(
            tuple(
                entry
                for entry in self._near(need)
                if not entry.home.overlaps(need.interview.needed) and not self.may_give_way(entry)
            )
            for need in self.task.needs
        )

    def blocking(self, place: int) -> tuple[Entry, ...]:
        """Return what is in the way of a need for good."""
        return tuple(entry for entry in self.met[place] if not self.may_give_way(entry))

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All movable events, by start, end, UID, source."""
        return tuple(Piece(entry, self, self._needs_of(entry)) for entry in self._sorted[0])

    @cached_property
    def by_key(self) -> dict[EventKey, Piece]:
        """The pieces by the identities of their events."""
        return {copy.key: piece for piece in self.pieces for copy in piece.entry.copies}

    @cached_property
    def tokens(self) -> tuple[tuple[int, ...], ...]:
        """For each need numbers, of which it shares one with every other that cannot be kept beside it."""
        interviews = [need.interview for need in self.task.needs]
        found: list[list[int]] = [[] for _ in interviews]
        for number, together in enumerate(_rivalries(interviews)):
            for place in together:
                found[place].append(number)
        return tuple(map(tuple, found))

    @cached_property
    def setting(self) -> Setting:
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

    def setting_for(self, entry: Entry) -> Setting:
        """Return where an event may land. One that concerns others lands on no interview, even if that is
        given up: it keeps its time until they answer."""
        setting = self._with_others if entry.kind.concerns_others else self.setting
        theirs = find_busy(entry.copies, self.query.colleagues)
        return setting._replace(theirs=as_taken(theirs)) if theirs else setting

    @cached_property
    def _with_others(self) -> Setting:
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

    def _near(self, need: Need) -> list[Entry]:
        found = self._certain.within(need.interview.padded)
        return sorted(found, key=lambda entry: (entry.home, entry.occurrence.event.uid or ""))

    @cached_property
    def _certain(self) -> Index[Entry]:
        near = Interval(
            min(need.interview.padded.start for need in self.task.needs),
            max(need.interview.padded.end for need in self.task.needs),
        )
        entries = self.timetable.within(near, self.task.own)
        return Index((e for e in entries if e.occurrence.busy is Busy.CLASH), lambda entry: entry.home)

    def _needs_of(self, entry: Entry) -> list[Need]:
        return self.task.index.within(entry.home)

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


def _rivalries(interviews: Sequence[Interview]) -> list[tuple[int, ...]]:
    """Return sets of places of which one interview at most can be kept, so that each two rivals are in one.

    Those that take the same minute are one set, however many. Pairs are those of which one needs the other's
    time on its way, and those with the frame of a day's rounds, which is no rival of the rounds in it.
    """
    times = [one.occurrence.interval for one in interviews]
    by_time = Index(range(len(interviews)), lambda place: times[place])
    frames = _frames(interviews)
    found: dict[tuple[int, ...], None] = {}
    running: list[int] = []
    plain = (place for place in range(len(interviews)) if place not in frames)
    for start, together in groupby(sorted(plain, key=lambda n: times[n].start), lambda n: times[n].start):
        running = [*(n for n in running if times[n].end > start), *together]
        if len(running) > 1:
            found[tuple(sorted(running))] = None
    for place, one in enumerate(interviews):
        time, needed = times[place], one.needed
        around = (
            [needed]
            if place in frames
            else [Interval(needed.start, time.start), Interval(time.end, needed.end)]
        )
        for stretch in (each for each in around if each.start < each.end):
            for n in by_time.within(stretch):
                at_once = times[n].overlaps(time) and not frames & {n, place}
                if n != place and not at_once and are_rivals(one, interviews[n]):
                    found[min(n, place), max(n, place)] = None
    return list(found)


def _frames(interviews: Sequence[Interview]) -> set[int]:
    """Return the places of those that are the invitation around rounds of their process."""
    processes: dict[str, list[int]] = {}
    for place, one in enumerate(interviews):
        processes.setdefault(one.process, []).append(place)
    return {
        place
        for name, places in processes.items()
        if name
        for place in places
        if any(is_frame(interviews[place], interviews[n]) for n in places)
    }


def _until(setting: Setting, end: datetime) -> Setting:
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
