"""Pairs of events that take the same time, interviews or not."""

from __future__ import annotations

from bisect import bisect_left
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from lastresort.model import Busy, Occurrence
from lastresort.planning.conflicts import are_rivals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.model import EventKey

LISTED = 2000
"""Pairs that are listed; thousands of events at one time make millions of pairs."""


class DoubleBooking(NamedTuple):
    """Two occurrences at the same time; the first is the one that starts first."""

    first: Occurrence
    second: Occurrence
    overlap_minutes: int
    """At least 1; the way to each event counts as its time."""
    busy: Busy
    """`clash` when both certainly take time, else `check`."""


class FoundPairs(NamedTuple):
    """The pairs in order of time, and how many more there are."""

    pairs: tuple[DoubleBooking, ...] = ()
    not_listed: int = 0


def find_pairs(occurrences: Sequence[Occurrence], interviews: Iterable[Interview] = ()) -> FoundPairs:
    """Return the pairs of occurrences that overlap; free time overlaps nothing, and what touches does not.

    `interviews` are those among the occurrences: rounds within the invitation for the whole day are no pair,
    nor are the copies of one interview in two calendars.
    """
    known = _by_key(interviews)
    taking = sorted((one for one in occurrences if one.busy is not Busy.IGNORE), key=_order)
    pairs: list[DoubleBooking] = []
    apart = 0
    for first, second in _overlapping(taking):
        one, other = known.get(first.key), known.get(second.key)
        if one and other and (one is other or not are_rivals(one, other)):
            apart += 1
            continue
        if len(pairs) == LISTED:
            return FoundPairs(tuple(pairs), _count(taking) - apart - LISTED)
        pairs.append(_pair(first, second))
    return FoundPairs(tuple(pairs))


def _by_key(interviews: Iterable[Interview]) -> dict[EventKey, Interview]:
    return {copy.key: one for one in interviews for copy in (one.occurrence, *one.copies)}


def _overlapping(taking: Iterable[Occurrence]) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Yield the pairs by the start of the later one; `taking` is sorted by start."""
    running: list[tuple[datetime, int, Occurrence]] = []
    for place, one in enumerate(taking):
        start, end = one.blocked
        if end <= start:
            continue
        while running and running[0][0] <= start:
            heappop(running)
        for _, _, earlier in sorted(running, key=lambda entry: entry[1]):
            yield earlier, one
        heappush(running, (end, place, one))


def _count(taking: Sequence[Occurrence]) -> int:
    """How many pairs there are: for each occurrence those that begin before it ends, and not before it."""
    spans = [one.blocked for one in taking if one.blocked.start < one.blocked.end]
    starts = [span.start for span in spans]
    return sum(bisect_left(starts, span.end) - place - 1 for place, span in enumerate(spans))


def _pair(first: Occurrence, second: Occurrence) -> DoubleBooking:
    shared = first.blocked.shared(second.blocked)
    certain = first.busy is Busy.CLASH and second.busy is Busy.CLASH
    return DoubleBooking(
        first=first,
        second=second,
        overlap_minutes=max(1, int(shared.total_seconds() // 60)),
        busy=Busy.CLASH if certain else Busy.CHECK,
    )


def _order(occurrence: Occurrence) -> tuple[object, ...]:
    return (*occurrence.blocked, occurrence.event.uid or "", occurrence.event.source)
