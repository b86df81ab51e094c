"""Windows that they named: the start inside at which the meeting costs least to keep."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lastresort.model import Interval
from lastresort.planning.weigh import Weighed, weigh

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.planning.timetable import Timetable

QUARTER = timedelta(minutes=15)
MOST_STARTS = 48
"""Starts of one window that are weighed; a wider one is looked at in longer steps."""


def best_start(
    window: Interval,
    length: timedelta,
    timetable: Timetable,
    interview: Interview | None = None,
    kept: Sequence[Interview] = (),
    held: Sequence[Interval] = (),
) -> Weighed:
    """Return the meeting of that length inside the window that costs least, the earliest of several.

    Starts are on the quarter hours, and at the window's own beginning. The window is at least as long.
    """
    return weigh(tuple(_starts(window, length)), timetable, interview, kept, held)[0]


def _starts(window: Interval, length: timedelta) -> Iterator[Interval]:
    """Yield the meetings that fit, from the earliest on."""
    latest = window.end - length
    count = (latest - window.start) // QUARTER + 1
    step = QUARTER * max(1, -(-count // MOST_STARTS))
    yield Interval(window.start, window.start + length)
    past_quarter = timedelta(minutes=window.start.minute % 15, seconds=window.start.second)
    start = window.start - past_quarter + step
    while start <= latest:
        yield Interval(start, start + length)
        start += step
