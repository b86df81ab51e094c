"""Interval arithmetic: busy stretches merged, free ones between them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from lastresort.model import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same instants as disjoint intervals in order. Touching ones become one, empty ones go."""
    merged: list[Interval] = []
    for interval in sorted(i for i in intervals if i.start < i.end):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(Interval(*interval))
    return tuple(merged)


def gaps(window: Interval, taken: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return what of the window is left free, in order."""
    free: list[Interval] = []
    start = window.start
    for busy in merge(taken):
        if busy.start >= window.end:
            break
        if busy.start > start:
            free.append(Interval(start, busy.start))
        start = max(start, busy.end)
    if start < window.end:
        free.append(Interval(start, window.end))
    return tuple(free)


def is_free(interval: Interval, merged: Sequence[Interval]) -> bool:
    """Tell whether nothing of `merged` overlaps the interval. `merged` must come from `merge`."""
    place = bisect_right(merged, interval.start, key=lambda busy: busy.start)
    before = place > 0 and merged[place - 1].end > interval.start
    after = place < len(merged) and merged[place].start < interval.end
    return not (before or after)
