"""Interval arithmetic: busy stretches merged, free ones between them.

Where many times are tried, they are whole minutes since 1970: no calendar holds finer ones.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from lastresort.model import EPOCH, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Value = TypeVar("Value")

MINUTE = timedelta(minutes=1)
FAR = 7 * 24 * 60
FAN = 16


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same instants as disjoint intervals in order. Touching ones become one, empty ones go."""
    merged: list[Interval] = []
    for interval in sorted(i for i in intervals if i.start < i.end):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(Interval(*interval))
    return tuple(merged)


def is_free(interval: Interval, merged: Sequence[Interval]) -> bool:
    """Tell whether nothing of `merged` overlaps the interval. `merged` must come from `merge`."""
    place = bisect_right(merged, interval.start, key=lambda busy: busy.start)
    before = place > 0 and merged[place - 1].end > interval.start
    after = place < len(merged) and merged[place].start < interval.end
    return not (before or after)


class Index(Generic[Value]):
    """Values by the time they take, to ask which of them overlap a stretch.

    An answer takes work for what it holds, and little for all else, however long some of the values last.
    """

    def __init__(self, values: Iterable[Value], time: Callable[[Value], Interval]) -> None:
        self.values = sorted(values, key=lambda value: time(value).start)
        """All of them, by start."""
        times = [time(value) for value in self.values]
        self._starts = [one.start for one in times]
        self._ends = sorted(one.end for one in times)
        self._latest = [[one.end for one in times]]
        """When each value ends; then when the last of every `FAN` ends, and of every `FAN` of these."""
        while len(self._latest[-1]) > 1:
            below = self._latest[-1]
            self._latest.append([max(below[at : at + FAN]) for at in range(0, len(below), FAN)])

    def within(self, stretch: Interval, most: int | None = None) -> list[Value]:
        """Return the values that share time with the stretch, by start; the first of them, if `most` says
        how many."""
        return list(islice(self.overlapping(stretch), most))

    def overlapping(self, stretch: Interval) -> Iterator[Value]:
        """Yield the values that share time with the stretch, by start."""
        begun = bisect_left(self._starts, stretch.end)
        left = [(len(self._latest) - 1, 0)] if begun else []
        while left:
            level, place = left.pop()
            if self._latest[level][place] <= stretch.start:
                continue
            if not level:
                yield self.values[place]
                continue
            first, size = place * FAN, FAN ** (level - 1)
            last = min(first + FAN, len(self._latest[level - 1]), -(-begun // size))
            left += [(level - 1, each) for each in range(last - 1, first - 1, -1)]

    def count(self, stretch: Interval) -> int:
        """Return how many values share time with a stretch that is not empty; none of them may be empty."""
        return bisect_left(self._starts, stretch.end) - bisect_right(self._ends, stretch.start)


class Taken(NamedTuple):
    """Disjoint stretches in order, as minutes."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def gap_around(self, start: int, end: int) -> int:
        """Return the minutes to the nearest stretch on either side, at most a week; negative in one."""
        if not self.starts:
            return FAR
        place = bisect_right(self.starts, start)
        before = start - self.ends[place - 1] if place else FAR
        after = self.starts[place] - end if place < len(self.starts) else FAR
        return min(before, after, FAR)

    def joined(self, other: Taken) -> Taken:
        """Return what is taken in either."""
        minutes = sorted(
            (*zip(self.starts, self.ends, strict=True), *zip(other.starts, other.ends, strict=True))
        )
        starts: list[int] = []
        ends: list[int] = []
        for start, end in minutes:
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            else:
                starts.append(start)
                ends.append(end)
        return Taken(tuple(starts), tuple(ends))

    def is_free(self, start: int, end: int) -> bool:
        """Tell whether nothing is taken between two minutes."""
        place = bisect_right(self.ends, start)
        return place == len(self.starts) or self.starts[place] >= end

    def gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield what is free between two minutes, in order."""
        place = bisect_right(self.ends, start)
        while start < end:
            busy = place < len(self.starts) and self.starts[place] < end
            until = self.starts[place] if busy else end
            if start < until:
                yield start, until
            start = self.ends[place] if busy else end
            place += 1


def as_taken(intervals: Sequence[Interval]) -> Taken:
    """Return the intervals merged, as minutes; what is taken in part of a minute is taken for all of it."""
    merged = merge(intervals)
    return Taken(tuple(floor_minute(i.start) for i in merged), tuple(ceil_minute(i.end) for i in merged))


def floor_minute(instant: datetime) -> int:
    """Return the minutes from 1970 to the instant, rounded down."""
    return (instant - EPOCH) // MINUTE


def ceil_minute(instant: datetime) -> int:
    """Return the minutes from 1970 to the instant, rounded up."""
    return -((EPOCH - instant) // MINUTE)


def whole_minutes(length: timedelta) -> int:
    """Return a length in whole minutes, rounded up."""
    return -(-length // MINUTE)


def from_minute(minute: int) -> datetime:
    """Return the instant so many minutes after 1970."""
    return EPOCH + minute * MINUTE


def span(interval: Interval) -> tuple[int, int]:
    """Return the whole minutes that cover the interval."""
    return floor_minute(interval.start), ceil_minute(interval.end)
