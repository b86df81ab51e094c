"""What takes time: copies in several calendars put together, and what each event is, found out when asked."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lastresort.model import Busy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lastresort.model import Agenda, EventKey, Occurrence
    from lastresort.scheduling.kinds import Classification
    from lastresort.scheduling.query import Query

Copies = tuple["Occurrence", ...]
"""One occurrence in each calendar it stands in, the one that says most about it first."""


class Timetable:
    """An agenda as a query sees it. One of them serves all questions about the two."""

    def __init__(self, agenda: Agenda, query: Query) -> None:
        self.agenda, self.query = agenda, query
        self.me = query.me or agenda.me
        self._kinds: dict[tuple[int, str, bool], Classification] = {}
        self._guarded = {key.uid for key in query.guarded}

    @cached_property
    def groups(self) -> tuple[Copies, ...]:
        """All that is not ignored, copies together, by start, end, UID, source."""
        together: dict[object, list[Occurrence]] = {}
        for one in self.agenda.occurrences:
            if one.busy is not Busy.IGNORE:
                uid = one.event.uid
                same = (uid, one.recurrence_id) if uid else one.key
                together.setdefault((same, one.interval, one.busy), []).append(one)
        return tuple(sorted(map(_fullest_first, together.values()), key=_order))

    def without(self, keys: Collection[EventKey]) -> Iterator[Copies]:
        """Yield the groups, the occurrences with these keys left out."""
        uids = {key.uid for key in keys}
        for copies in self.groups:
            uid = copies[0].event.uid
            if uid is not None and uid not in uids:
                yield copies
            elif rest := tuple(one for one in copies if one.key not in keys):
                yield rest

    def kind(self, occurrence: Occurrence) -> Classification:
        """Return what the occurrence is and whether it may move. Raises as `classify` does."""
        from lastresort.scheduling.kinds import classify

        event = occurrence.event
        if event.uid is None or event.uid in self._guarded:
            return classify(occurrence, self.query, self.me)
        same = (id(event), occurrence.reason, occurrence.all_day)
        found = self._kinds.get(same)
        if found is None:
            found = self._kinds[same] = classify(occurrence, self.query, self.me)
        return found


def _fullest_first(copies: Iterable[Occurrence]) -> Copies:
    return tuple(sorted(copies, key=lambda one: (-len(one.event.attendees), one.event.source)))


def _order(copies: Copies) -> tuple[object, ...]:
    event = copies[0].event
    return (copies[0].interval, event.uid or "", event.source)
