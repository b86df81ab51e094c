"""What takes time, in order: copies in several calendars put together, each event with what it is."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lastresort.model import Busy
from lastresort.planning.freebusy import span
from lastresort.planning.natures import classify

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lastresort.model import Agenda, EventKey, Interval, Occurrence
    from lastresort.planning.natures import Classification
    from lastresort.query import Query

LONGEST_TRAVEL = timedelta(days=1)

Copies = tuple["Occurrence", ...]
"""One occurrence in each calendar it stands in, the one that says most about it first."""


class Entry(NamedTuple):
    """An occurrence with its copies, and what it is."""

    copies: Copies
    home: Interval
    """The time it takes, with travel."""
    kind: Classification
    minutes: tuple[int, int]
    """The whole minutes since 1970 that cover its time."""

    @property
    def occurrence(self) -> Occurrence:
        """The copy that says most."""
        return self.copies[0]


class Timetable:
    """An agenda as a query sees it: one of them serves all questions about the two."""

    def __init__(self, agenda: Agenda, query: Query) -> None:
        self.agenda, self.query = agenda, query
        self.me = query.me or agenda.me
        self._entries: dict[int, Entry] = {}
        self._kinds: dict[tuple[int, str, bool], Classification] = {}
        self._guarded = {key.uid for key in (*query.guarded, *query.possible)}

    def within(self, span: Interval, gone: Collection[EventKey] = ()) -> Iterator[Entry]:
        """Yield all that takes some of the span, travel included, and is not ignored; less what is gone.

        Sorted by start, end, UID, source. Raises as `classify` does.
        """
        uids = {key.uid for key in gone}
        for place, copies in enumerate(self._groups):
            first = copies[0]
            if first.interval.start >= span.end + LONGEST_TRAVEL:
                break
            if first.interval.end <= span.start or first.blocked.start >= span.end:
                continue
            entry = self._entries.get(place) or self._enter(place, copies)
            if first.event.uid is not None and first.event.uid not in uids:
                yield entry
            elif rest := tuple(one for one in copies if one.key not in gone):
                yield entry._replace(copies=rest)

    def kind(self, occurrence: Occurrence) -> Classification:
        """Return what the occurrence is and whether it may move. Raises as `classify` does."""
        event = occurrence.event
        if event.uid is None or event.uid in self._guarded:
            return classify(occurrence, self.query, self.me)
        same = (id(event), occurrence.reason, occurrence.all_day)
        found = self._kinds.get(same)
        if found is None:
            found = self._kinds[same] = classify(occurrence, self.query, self.me)
        return found

    @cached_property
    def homes(self) -> tuple[tuple[EventKey, Interval], ...]:
        """What certainly takes time, each with its time and what is kept free around a journey. Raises as
        `classify` does."""
        certain = (one for one in self.agenda.occurrences if one.busy is Busy.CLASH)
        return tuple((one.key, self.kind(one).with_margin(one.blocked)) for one in certain)

    @cached_property
    def uncertain(self) -> tuple[tuple[EventKey, Interval], ...]:
        """What may take time, or not, each with that time."""
        return tuple((one.key, one.blocked) for one in self.agenda.occurrences if one.busy is Busy.CHECK)

    def _enter(self, place: int, copies: Copies) -> Entry:
        home = copies[0].blocked
        entry = self._entries[place] = Entry(copies, home, self.kind(copies[0]), span(home))
        return entry

    @cached_property
    def _groups(self) -> list[Copies]:
        together: dict[object, list[Occurrence]] = {}
        for one in self.agenda.occurrences:
            if one.busy is not Busy.IGNORE:
                uid = one.event.uid
                same = (uid, one.recurrence_id) if uid else one.key
                together.setdefault((same, one.interval, one.busy), []).append(one)
        return sorted(map(_fullest_first, together.values()), key=_order)


def _fullest_first(copies: Iterable[Occurrence]) -> Copies:
    return tuple(sorted(copies, key=lambda one: (-len(one.event.attendees), one.event.source)))


def _order(copies: Copies) -> tuple[object, ...]:
    event = copies[0].event
    return (copies[0].interval, event.uid or "", event.source)
