"""Times that fit: inside both sides' hours, days and holidays, with enough notice, free where they must be.

Counts in whole minutes since 1970: calendars hold no finer times, and the quarter hours are tried quickly.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import EPOCH, Interval
from lastresort.planning.freebusy import MINUTE, Taken, as_taken, ceil_minute, floor_minute
from lastresort.planning.workdays import DAY, local_days, open_hours, open_intervals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lastresort.query import Hours

QUARTER = 15


class Side(NamedTuple):
    """Where and when one of the two can meet. Zone, hours and country as `workdays.open_hours` takes them."""

    zone: str
    hours: Hours
    country: str | None


class Wish(NamedTuple):
    """What is looked for. `before` and `after` are kept free on my side; `original` is not offered again."""

    length: timedelta
    before: timedelta
    after: timedelta
    theirs: Side
    mine: Side
    original: Interval | None
    now: datetime
    notice: timedelta
    until: datetime

    @property
    def minutes(self) -> int:
        """The length in whole minutes, rounded up."""
        return ceil_minute(EPOCH + self.length)

    @property
    def minutes_before(self) -> int:
        """Whole minutes kept free before it, rounded up."""
        return ceil_minute(EPOCH + self.before)

    @property
    def minutes_after(self) -> int:
        """Whole minutes kept free after it, rounded up."""
        return ceil_minute(EPOCH + self.after)


class Times(NamedTuple):
    """What is taken: on my side for certain and perhaps, and on theirs."""

    mine: Taken
    perhaps: Taken
    theirs: Taken


class Opening(NamedTuple):
    """Starts on one day of theirs, in minutes, all of which fit. `hours` are their open hours of that day."""

    day: date
    hours: tuple[int, int]
    starts: tuple[int, ...]


def find_openings(wish: Wish, times: Times) -> Iterator[Opening]:
    """Yield the days of theirs on which something fits, in order; starts are on the quarter hour there."""
    span = Interval(wish.now + wish.notice, wish.until)
    if span.start >= span.end:
        return
    mine = list(open_intervals(Interval(span.start - DAY, span.end), *wish.mine))
    last_day = (wish.until - MINUTE).astimezone(ZoneInfo(wish.mine.zone)).date()
    for day in local_days(span, wish.theirs.zone):
        theirs = open_hours(day, *wish.theirs) if day <= last_day else None
        if theirs is not None:
            tried = _common_starts(wish, span, theirs, mine)
            starts = tuple(_free_starts(tried, wish, times))
            if starts:
                yield Opening(day, (floor_minute(theirs.start), ceil_minute(theirs.end)), starts)


def _common_starts(wish: Wish, span: Interval, theirs: Interval, mine: Sequence[Interval]) -> Iterator[int]:
    zone = ZoneInfo(wish.theirs.zone)
    for own in mine:
        if own.overlaps(theirs):
            start = max(theirs.start, own.start, span.start)
            offset = (start.astimezone(zone).utcoffset() or timedelta(0)) // MINUTE
            first = ceil_minute(start)
            last = floor_minute(min(theirs.end, own.end, span.end)) - wish.minutes
            yield from range(first + -(first + offset) % QUARTER, last + 1, QUARTER)


def _free_starts(starts: Iterable[int], wish: Wish, times: Times) -> Iterator[int]:
    length, before, after = wish.minutes, wish.minutes_before, wish.minutes_after
    original = as_taken([wish.original] if wish.original else [])
    for start in starts:
        end = start + length
        if (
            times.mine.gap_around(start - before, end + after) >= 0
            and times.theirs.gap_around(start, end) >= 0
            and original.gap_around(start, end) >= 0
        ):
            yield start


def fits(start: int, wish: Wish, times: Times) -> bool:
    """Tell whether a start, in minutes, is free on both sides, whatever the hours and the notice."""
    return any(True for _ in _free_starts([start], wish, times))


def count_openings(wish: Wish, times: Times) -> int:
    """Return how many times fit side by side without overlapping."""
    count, free_from = 0, 0
    for opening in find_openings(wish, times):
        for start in opening.starts:
            if start >= free_from:
                count, free_from = count + 1, start + wish.minutes
    return count
