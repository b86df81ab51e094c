"""An interview tried at another time: same people, padding and identity, elsewhere in the calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lastresort.interviews.detection import Interview, Interviewer, Mode
from lastresort.model import Busy, BusyReason, Event, Interval, Occurrence

if TYPE_CHECKING:
    from lastresort.query import Query

PADDING = timedelta(minutes=10)
"""Kept free around a meeting of which nothing but its length is known."""


def move_interview(interview: Interview, to: Interval) -> Interview:
    """Return the interview as it would stand at another time, with as much kept free around it as now."""
    own = interview.occurrence.interval

    def widen(around: Interval) -> Interval:
        before, after = own.start - around.start, around.end - own.end
        return to.widened(before, after)

    return interview._replace(
        occurrence=interview.occurrence._replace(interval=to),
        padded=widen(interview.padded),
        needed=widen(interview.needed),
    )


def imagine_interview(interval: Interval, query: Query) -> Interview:
    """Return a meeting that stands in no calendar, with the query's padding: ten soft minutes by default."""
    padding = PADDING if query.padding is None else query.padding
    occurrence = Occurrence(Event("", None), interval, Busy.CLASH, BusyReason.BUSY)
    zone = query.interviewer_zone or query.zone
    interviewer = Interviewer(zone, "as given" if query.interviewer_zone else "assumed")
    padded = interval.widened(padding, padding)
    return Interview(
        occurrence=occurrence,
        interviewer=interviewer,
        mode=Mode.UNKNOWN,
        padded=padded,
        needed=interval if query.padding is None else padded,
        because=(),
    )
