"""Times held for an interview's answer: they are its own to offer, and nobody else's to take."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from lastresort.interviews.detection import guard
from lastresort.model import Busy, BusyReason
from lastresort.planning.timetable import Timetable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.model import Agenda, EventKey, Occurrence
    from lastresort.query import Query

PROMISED = "is held for an interview"
"""Why a hold stays where it is, as words that follow "it"."""


def soften(agenda: Agenda, holds: Collection[Occurrence]) -> Agenda:
    """Return the agenda with holds as time to look at, even where a calendar's policy calls them certain.

    A hold is given up by hand or by an answer, so that no interview has to move for one.
    """
    if not holds:
        return agenda
    keys = {hold.key for hold in holds}
    return agenda._replace(
        occurrences=tuple(o._replace(busy=Busy.CHECK) if o.key in keys else o for o in agenda.occurrences)
    )


def settle_arranged(agenda: Agenda, keys: Collection[EventKey]) -> Agenda:
    """Return the agenda with the events to look at about which others have agreed that I am not there."""
    if not keys:
        return agenda
    return agenda._replace(
        occurrences=tuple(
            o._replace(busy=Busy.CHECK, reason=BusyReason.ARRANGED)
            if o.key in keys and o.busy is Busy.CLASH
            else o
            for o in agenda.occurrences
        )
    )


def without(agenda: Agenda, holds: Collection[Occurrence]) -> Agenda:
    """Return the agenda as the interview sees it that the holds are for: they take none of its time."""
    if not holds:
        return agenda
    keys = {hold.key for hold in holds}
    return agenda._replace(occurrences=tuple(o for o in agenda.occurrences if o.key not in keys))


def guard_holds(query: Query, holds: Sequence[Occurrence]) -> Query:
    """Return the query with the holds among what stays: nothing lands on them, and none is moved."""
    if not holds:
        return query
    promised = {hold.key: PROMISED for hold in holds}
    return query._replace(guarded=MappingProxyType({**query.guarded, **promised}))


def protect(
    agenda: Agenda, query: Query, interviews: Sequence[Interview], holds: Sequence[Occurrence]
) -> Timetable:
    """Return the timetable in which interviews, and what is held for their answers, stay where they are."""
    query = guard_holds(guard(query, agenda, interviews), holds)
    return Timetable(soften(agenda, holds), query)
