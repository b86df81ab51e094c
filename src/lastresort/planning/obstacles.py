"""What has to be rearranged: what is in the way, what else could give way, and where anything may land.

Found when it is asked for: where what is in the way settles the question, nothing else is looked at.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lastresort.model import Busy, Interval
from lastresort.planning.alternatives import Setting, Treatments, least_cost, make_setting
from lastresort.planning.conflicts import keys_of
from lastresort.planning.freebusy import from_minute, is_free, merge
from lastresort.planning.natures import ALL_DAY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.model import EventKey
    from lastresort.planning.timetable import Entry, Timetable
    from lastresort.query import Query


class Task:
    """What is to be kept free, and what may be done for it.

    `deadline` is when moved events must have ended; `ends`, one for each interview, hold for what is in its
    way. `held` is time kept for something else, `others` are interviews that make no room and need none, what
    is `gone` takes no time.
    """

    def __init__(
        self,
        interviews: Sequence[Interview],
        deadline: datetime,
        *,
        held: Sequence[Interval] = (),
        others: Sequence[Interview] = (),
        ends: Sequence[datetime] = (),
        gone: Collection[EventKey] = (),
    ) -> None:
        self.deadline, self.held = deadline, held
        self.paddeds = merge(interview.padded for interview in interviews)
        self.rivals = [other.occurrence.interval for other in others]
        self.ends = [(one.padded, end) for one, end in zip(interviews, ends, strict=bool(ends))]
        self.gone = keys_of((*interviews, *others)).union(gone)

    def end_of(self, home: Interval) -> datetime:
        """Return until when an event has to be over elsewhere: no later than slots for what it is in the
        way of."""
        return max((end for padded, end in self.ends if padded.overlaps(home)), default=self.deadline)


class Piece:
    """An event that may give way."""

    def __init__(self, entry: Entry, puzzle: Puzzle, in_the_way: bool) -> None:
        self.entry, self._puzzle, self.in_the_way = entry, puzzle, in_the_way

    @property
    def least(self) -> int:
        """Tenths of a point that no treatment can undercut."""
        return self._puzzle.least(self.entry, self.in_the_way)

    @cached_property
    def treatments(self) -> Treatments:
        """All ways to treat it."""
        setting = self._puzzle.setting
        if self.in_the_way:
            setting = _until(setting, self._puzzle.task.end_of(self.entry.home))
        return Treatments(self.entry.occurrence, self.entry.kind, setting, self._puzzle.task.paddeds)


class Puzzle:
    """The events around the interviews: those in the way, those that could give way, those that stay.

    Raises UsageError, whenever an event is looked at, where options contradict each other.
    """

    def __init__(self, task: Task, timetable: Timetable) -> None:
        self.task, self.query = task, timetable.query
        self._timetable = timetable
        self._least: dict[tuple[int, bool, bool], int] = {}

    @cached_property
    def blocking(self) -> tuple[Entry, ...]:
        """What is in the way for good."""
        return tuple(entry for entry in self._met if not self._may_give_way(entry))

    @cached_property
    def in_the_way(self) -> tuple[Piece, ...]:
        """The movable events that cannot stay where they are."""
        return tuple(Piece(entry, self, in_the_way=True) for entry in self._met if self._may_give_way(entry))

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All movable events, by start, end, UID, source."""
        displaced = iter(self.in_the_way)
        return tuple(
            next(displaced) if self._is_in_the_way(entry) else Piece(entry, self, in_the_way=False)
            for entry in self._sorted[0]
        )

    @cached_property
    def setting(self) -> Setting:
        """Where anything may land."""
        task, query, (_, firm) = self.task, self.query, self._sorted
        fixed = [*task.paddeds, *task.held, *task.rivals, *(e.home for e in firm if _is_firm(e, query))]
        doubtful = (e for e in firm if e.occurrence.busy is Busy.CHECK and not e.occurrence.all_day)
        zone = self._timetable.agenda.zone
        return make_setting(query, zone, task.deadline, fixed, [entry.home for entry in doubtful])

    def least(self, entry: Entry, in_the_way: bool) -> int:
        """Return tenths of a point that no treatment can undercut; events of one kind share it."""
        same = (id(entry.kind), entry.occurrence.event.recurring, in_the_way)
        if same not in self._least:
            self._least[same] = least_cost(entry.occurrence, entry.kind, self.query.costs, in_the_way)
        return self._least[same]

    @cached_property
    def _met(self) -> list[Entry]:
        """What certainly takes time that is to be kept free."""
        near = Interval(self.task.paddeds[0].start, self.task.paddeds[-1].end)
        certain = (e for e in self._timetable.within(near, self.task.gone) if e.occurrence.busy is Busy.CLASH)
        return [entry for entry in certain if self._is_in_the_way(entry)]

    @cached_property
    def _sorted(self) -> tuple[list[Entry], list[Entry]]:
        """What may give way, and what stays, of all that begins while something may land somewhere."""
        horizon = max(self.task.deadline, self.task.paddeds[-1].end)
        movable: list[Entry] = []
        firm: list[Entry] = []
        for entry in self._timetable.within(
            Interval(self._timetable.agenda.window.start, horizon), self.task.gone
        ):
            (movable if self._may_give_way(entry) else firm).append(entry)
        return movable, firm

    def _may_give_way(self, entry: Entry) -> bool:
        """What has begun stays, unless leaving early helps; what comes after the deadline is no concern."""
        start = entry.home.start
        if entry.occurrence.busy is not Busy.CLASH or not entry.kind.movable or start >= self.task.deadline:
            return False
        return start >= self.query.now or self._is_in_the_way(entry)

    def _is_in_the_way(self, entry: Entry) -> bool:
        paddeds, home = self.task.paddeds, entry.home
        near = home.start < paddeds[-1].end and paddeds[0].start < home.end
        return near and not is_free(home, paddeds)


def _until(setting: Setting, end: datetime) -> Setting:
    if end >= setting.deadline:
        return setting
    days = tuple(day for day in setting.days if from_minute(day.open[0]) < end)
    return setting._replace(deadline=end, days=days)


def _is_firm(entry: Entry, query: Query) -> bool:
    """Time that nothing may land on; of what is only to be checked, days of travel, leave and the like."""
    occurrence, kind = entry.occurrence, entry.kind
    if occurrence.busy is Busy.CLASH or (query.guarded and occurrence.key in query.guarded):
        return True
    return occurrence.all_day and bool(kind.fixed) and kind.fixed != ALL_DAY
