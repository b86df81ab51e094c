"""What is asked: the settings of one run, as frozen values. Options, environment and file end here."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from lastresort.costs import DEFAULT_COSTS, Costs
from lastresort.model import EventKey, Occurrence


class Hours(NamedTuple):
    """Acceptable local hours `[start, end)` on the given weekdays (Monday is 0)."""

    start: time
    end: time
    days: frozenset[int] | None = None
    """`None`: the working week of the country."""


class Reason(NamedTuple):
    """Why the interview may have to move: a kind of the contract, and the user's own sentence if any."""

    kind: str = "conflict"
    text: str = ""


class MoveRule(NamedTuple):
    """A `[[rules]]` entry of the configuration: what events that match are, and whether they may move."""

    match: str = ""
    """Words looked for in the title, case-insensitive; empty matches all."""
    calendar: str = ""
    movable: bool | None = None
    nature: str | None = None
    kind: str | None = None
    cost: float | None = None


class KnownInterviewer(NamedTuple):
    """What is known of everybody who writes from a domain, or one below it; it holds before what is said of
    every interviewer."""

    domain: str
    zone: str | None = None
    """IANA name."""
    hours: Hours | None = None
    country: str | None = None
    phone: str | None = None
    """Where the invitation tells none."""


class Query(NamedTuple):
    """One question to the planner. `zone` and `interviewer_zone` are IANA names."""

    now: datetime
    zone: str
    me: frozenset[str] = frozenset()
    interview: str | None = None
    """An exact UID or words of the title; `None` protects all that are detected."""
    options: tuple[str, ...] = ()
    """Of polls, the options to decide on, by UID; of one that is not listed the earliest."""
    hours: Hours = Hours(time(8), time(19))
    interviewer_hours: Hours = Hours(time(9), time(17))
    interviewer_zone: str | None = None
    country: str | None = None
    interviewer_country: str | None = None
    padding: timedelta | None = None
    """Kept free before and after; `None` chooses by mode (phone, video, on site)."""
    notice: timedelta = timedelta(hours=24)
    days: int = 14
    within: int = 10
    cannot_move: tuple[str, ...] = ()
    can_move: tuple[str, ...] = ()
    last_resort: bool = False
    reason: Reason = Reason()
    cannot_come: bool = False
    """The reason was given explicitly, be it a conflict: one interview is to be moved or given up, clash or
    not. Any other reason than a conflict says so by itself."""
    slots: int = 3
    rules: tuple[MoveRule, ...] = ()
    costs: Costs = DEFAULT_COSTS
    guarded: Mapping[EventKey, str] = MappingProxyType({})
    """Occurrences that were found to stay where they are, and why, as words that follow "it"."""
    possible: frozenset[EventKey] = frozenset()
    """Occurrences that may be interviews themselves: they give way at a price of their own."""
    colleagues: Mapping[str, tuple[Occurrence, ...]] = MappingProxyType({})
    """What takes a colleague's time, by their address: no event that they attend is moved there."""
    interviewers: tuple[KnownInterviewer, ...] = ()
