"""Times that fit: inside both sides' hours, days and holidays, with enough notice, free where they must be.

Counts in whole minutes since 1970: calendars hold no finer times, and the quarter hours are tried quickly.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import Interval
from lastresort.planning.freebusy import (
    MINUTE,
    Taken,
    as_taken,
    ceil_minute,
    floor_minute,
    from_minute,
    whole_minutes,
)
from lastresort.planning.workdays import DAY, local_days, open_intervals, working_hours

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
    """What is looked for, until `until`. `before` and `after` are kept free on my side;
    `original` is not offered again, and nothing within `not_on`."""

    length: timedelta
    before: timedelta
    after: timedelta
    theirs: Side
    mine: Side
    original: Interval | None
    now: datetime
    notice: timedelta
    until: datetime
    not_before: datetime | None = None
    """It starts no earlier, however short the notice."""
    not_on: Interval | None = None

    @property
    def earliest(self) -> datetime:
        """When it may start."""
        return max(self.now + self.notice, self.not_before or self.now)

    @property
    def minutes(self) -> int:
        """The length in whole minutes, rounded up."""
        return whole_minutes(self.length)

    @property
    def minutes_before(self) -> int:
        """Whole minutes kept free before it, rounded up."""
        return whole_minutes(self.before)

    @property
    def minutes_after(self) -> int:
        """Whole minutes kept free after it, rounded up."""
        return whole_minutes(self.after)


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
    span = Interval(wish.earliest, wish.until)
    if span.start >= span.end:
        return
    mine = list(open_intervals(Interval(span.start - DAY, span.end), *wish.mine))
    last_day = (wish.until - MINUTE).astimezone(ZoneInfo(wish.mine.zone)).date()
    for day in local_days(span, wish.theirs.zone):
        theirs = working_hours(day, *wish.theirs) if day <= last_day else None
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
    original = as_taken([time for time in (wish.original, wish.not_on) if time])
    for start in starts:
        end = start + length
        if (
            times.mine.gap_around(start - before, end + after) >= 0
            and times.theirs.gap_around(start, end) >= 0
            and original.gap_around(start, end) >= 0
        ):
            yield start


def find_windows(wish: Wish, times: Times) -> Iterator[Interval]:
    """Yield the longest stretches, each on one day of theirs, in which the meeting fits anywhere."""
    mine = list(open_intervals(Interval(wish.earliest - DAY, wish.until), *wish.mine))
    for day in local_days(Interval(wish.earliest, wish.until), wish.theirs.zone):
        theirs = working_hours(day, *wish.theirs)
        for own in mine if theirs else ():
            if theirs and own.overlaps(theirs):
                start = max(theirs.start, own.start, wish.earliest)
                end = min(theirs.end, own.end, wish.until)
                yield from _free_stretches(ceil_minute(start), floor_minute(end), wish, times)


def _free_stretches(start: int, end: int, wish: Wish, times: Times) -> Iterator[Interval]:
    """Yield what is free between two minutes, with time kept free on my side, where the meeting fits."""
    refused = as_taken([time for time in (wish.original, wish.not_on) if time])
    for mine, mine_ends in times.mine.gaps(start - wish.minutes_before, end + wish.minutes_after):
        first, last = max(mine + wish.minutes_before, start), min(mine_ends - wish.minutes_after, end)
        for free, ends in times.theirs.joined(refused).gaps(first, last):
            begins = -(-free // QUARTER) * QUARTER
            if ends - begins >= wish.minutes:
                yield Interval(from_minute(begins), from_minute(ends))


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
