"""Recurrence sets (RFC 5545 3.8.5): when a series takes place inside a window, its overrides included.

The reader hands over times as written, each with the zone it is read in, and gets instants back. It keeps what
a component says besides its times: an instance names the override it comes from by its place in the sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from lastresort.ics.rules import Budget
from lastresort.model import ZERO, Interval


class When(NamedTuple):
    """A DATE or DATE-TIME as written.

    `zone` is what `local` is read in: UTC for a `Z`, the named zone, or the reader's own zone for a DATE or a
    floating time. A floating EXDATE, RDATE or RECURRENCE-ID beside a zoned DTSTART takes DTSTART's zone.
    """

    local: datetime
    """Naive wall-clock time; midnight for a DATE."""
    zone: tzinfo
    is_date: bool = False


class Length(NamedTuple):
    """How long an event lasts: first nominal days, then exact time (RFC 5545 3.3.6).

    DURATION gives both; a timed DTEND gives exact time only (3.8.5.3); a DATE's DTEND gives days only.
    """

    days: int = 0
    exact: timedelta = ZERO


class Extra(NamedTuple):
    """An RDATE; `length` is set for a PERIOD."""

    when: When
    length: Length | None = None


class Series(NamedTuple):
    """A VEVENT with whatever makes it recur; without any it is a single event. Rules are values as written.

    The reader bounds how many dates there are (`Limits.dates`).
    """

    start: When
    length: Length
    rrules: tuple[str, ...] = ()
    rdates: tuple[Extra, ...] = ()
    exdates: tuple[When, ...] = ()
    exrules: tuple[str, ...] = ()


class Override(NamedTuple):
    """A VEVENT with a RECURRENCE-ID. Cancelled ones are overrides like any other: the reader sees to STATUS."""

    id: When
    start: When
    length: Length
    and_future: bool = False
    """RANGE=THISANDFUTURE: later instances move by as much and last as long (RFC 5545 3.2.13)."""
    sequence: int = 0
    stamp: datetime | None = None
    """DTSTAMP in UTC; decides between overrides of one instance with equal SEQUENCE."""


class Instance(NamedTuple):
    """One occurrence in the window. Times are in UTC; `start == end` takes no time."""

    start: datetime
    end: datetime
    recurrence_id: datetime
    """The original start in UTC (midnight of an all-day series' zone)."""
    override: int | None = None
    """Place, in the overrides given, of the one whose content applies; `None` for the series' own."""
    all_day: bool = False


class Fault(NamedTuple):
    """What was wrong with a recurrence: for a `Problem`, which adds source, line and UID.

    Codes: `rule-invalid`, `rule-unsupported` (RSCALE), `rule-capped`.
    """

    code: str
    message: str
    lost: bool = True
    """Whether occurrences may be missing because of it."""


class Expansion(NamedTuple):
    """Instances that touch the window, sorted by start and end, and what was wrong."""

    instances: tuple[Instance, ...]
    faults: tuple[Fault, ...] = ()


def expand(
    series: Series | None, window: Interval, budget: Budget, overrides: Sequence[Override] = ()
) -> Expansion:
    """Return the instances of a series, with its overrides applied, that overlap the window.

    `series` is `None` when only overrides are known (free/busy feeds): they are placed as they stand. Instances
    without length count when they start inside. DTSTART is an instance even where no rule produces it; a rule
    that cannot be read leaves DTSTART and a fault. Never raises on hostile values; never takes longer than the
    budget allows (use one `Budget` for all events of a run).
    """
    raise NotImplementedError
