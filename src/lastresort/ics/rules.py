"""RRULE and EXRULE (RFC 5545 3.3.10): what they say, and the local times they produce.

Everything here is naive wall-clock time; zones come later, instance by instance. Plain rules (every day, every
week on these days, every month or year on this day) are computed by arithmetic, so that neither the years
before the window nor dateutil's import cost anything. All others are dateutil's, started near the window.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from time import monotonic
from typing import NamedTuple

from lastresort.model import Limits

DAY = timedelta(days=1)
YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY = range(7)
"""Frequencies, numbered as dateutil numbers them."""

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNIT_SECONDS = {HOURLY: 3600, MINUTELY: 60, SECONDLY: 1}
_LONGEST_RULE = 8192
_MOST_TIMES = 1440
_LARGEST_NUMBER = 10**9
"""INTERVAL and COUNT above it mean the same as it: nothing repeats, or nothing ends, before the year 9999."""

# What one period costs dateutil, in steps of about a microsecond: it looks at every day of the period.
_PERIOD_STEPS = {YEARLY: 100, MONTHLY: 20, WEEKLY: 10, DAILY: 5}


class RuleError(ValueError):
    """A rule that cannot be read. Its text is a few words for a `Problem`, without the rule's own."""


class Capped(Exception):  # noqa: N818 - it ends a walk that went well so far
    """A rule needs more steps or time than it is given; what it produced before stays valid."""


class Budget:
    """Steps and seconds that recurrence may take: so much for each event, so much for the whole run."""

    __slots__ = ("_clock", "_deadline", "_left", "_limits", "_run_left", "_started")

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._run_left = self._limits.run_seconds
        self._left = 0
        self._started = self._deadline = 0.0

    def __enter__(self) -> Budget:
        """Begin the next event: it gets its full share of what the run has left."""
        self._left = self._limits.steps
        self._started = self._clock()
        self._deadline = self._started + min(self._limits.event_seconds, self._run_left)
        return self

    def __exit__(self, *_: object) -> None:
        self._run_left -= self._clock() - self._started

    def spend(self, steps: int = 1) -> None:
        """Take steps off. Raises `Capped` when none are left; looks at the clock about every 256 steps."""
        before, self._left = self._left, self._left - steps
        if self._left < 0 or (before ^ self._left) & ~0xFF and self._clock() > self._deadline:
            self._left = -1
            raise Capped


class Until(NamedTuple):
    """UNTIL as written: the wall-clock value, and whether it is a DATE or in UTC."""

    value: datetime
    is_date: bool = False
    is_utc: bool = False


class Rule(NamedTuple):
    """A recurrence rule whose parts are in range. Lists are sorted and without repeats, empty when not given."""

    freq: int
    interval: int = 1
    count: int | None = None
    until: Until | None = None
    wkst: int = 0
    byday: tuple[tuple[int, int], ...] = ()
    """(ordinal, weekday); ordinal 0 means every such weekday."""
    bymonth: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byhour: tuple[int, ...] = ()
    byminute: tuple[int, ...] = ()
    bysecond: tuple[int, ...] = ()
    bysetpos: tuple[int, ...] = ()


def parse_rule(text: str) -> Rule:
    """Return the rule a RRULE value says. Raises RuleError.

    Lower case, blanks, empty and X- parts are tolerated; of a part given twice the first counts.
    """
    raise NotImplementedError


def local_times(
    rule: Rule, start: datetime, since: datetime, until: datetime, budget: Budget
) -> Iterator[datetime]:
    """Yield the rule's own wall-clock times from `start` (DTSTART) on that lie in `[since, until]`, in order.

    COUNT is obeyed; UNTIL is the caller's, who knows the zone. Raises `Capped` when the budget runs out.
    """
    raise NotImplementedError
