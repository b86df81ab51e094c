"""The settings of a run, as frozen values that know where they came from."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from lastresort.costs import DEFAULT_COSTS, Costs
from lastresort.model import Busy, Document, Limits
from lastresort.query import Hours, MoveRule, Query
from lastresort.sources import Access, Given

_QUERY: Mapping[str, Any] = Query._field_defaults
_NOWHERE: Mapping[str, str] = MappingProxyType({})

DEFAULT = "default"


class CalendarEntry(NamedTuple):
    """A `[[calendars]]` entry: a source, what it is called, and how its events are to be taken."""

    source: str
    name: str = ""
    color: str = ""
    me: tuple[str, ...] = ()
    """The owner's addresses in this calendar, lower-case, besides those of all."""
    timed_free: Busy | None = None
    all_day: Busy | None = None
    tentative: Busy | None = None
    unanswered: Busy | None = None
    user: str = ""
    password_command: tuple[str, ...] = ()
    password_env: str = ""
    keyring: str = ""
    allow_http: bool = False

    @property
    def access(self) -> Access:
        """How the server learns who asks."""
        return Access(self.user, self.password_command, self.password_env, self.keyring)


class AttendeeCalendar(NamedTuple):
    """When a colleague is busy: their address, lower-case, and a source."""

    address: str
    source: str | Given | Document


class InterviewerEntry(NamedTuple):
    """An `[[interviewers]]` entry: what is known about everybody who writes from a domain."""

    domain: str
    tz: str | None = None
    hours: Hours | None = None
    country: str | None = None
    phone: str | None = None
    address: str | None = None
    """How they are addressed, as with --address."""


class Signature(NamedTuple):
    """Who signs the drafts."""

    name: str = ""
    phone: str = ""


class Settings(NamedTuple):
    """The effective settings. Zones and countries are as written; `None` means found out later."""

    me: tuple[str, ...] = ()
    tz: str | None = None
    interviewer_tz: str | None = None
    hours: Hours = _QUERY["hours"]
    interviewer_hours: Hours = _QUERY["interviewer_hours"]
    country: str | None = None
    interviewer_country: str | None = None
    padding: timedelta | None = None
    notice: timedelta = _QUERY["notice"]
    days: int = _QUERY["days"]
    within: int = _QUERY["within"]
    slots: int = _QUERY["slots"]
    language: str | None = None
    cannot_move: tuple[str, ...] = ()
    can_move: tuple[str, ...] = ()
    attendee_calendar: tuple[AttendeeCalendar, ...] = ()
    max_size: int = Limits().file_bytes
    allow_http: bool = False
    state: str = ""
    cache: str = ""
    calendars: tuple[CalendarEntry, ...] = ()
    rules: tuple[MoveRule, ...] = ()
    interviewers: tuple[InterviewerEntry, ...] = ()
    signature: Signature = Signature()
    costs: Costs = DEFAULT_COSTS
    limits: Limits = Limits()
    """The `[limits]` table; the size of files is `max_size`."""
    file: str | None = None
    """The configuration file that was read; `None` when there is none."""
    folder: str = ""
    """Where the configuration lies or would lie, with the user's templates; empty for a run without one."""
    origins: Mapping[str, str] = _NOWHERE
    """Where a field's value came from: `--hours`, `LASTRESORT_HOURS`, `config.toml:12`; no entry: default."""

    @property
    def bounds(self) -> Limits:
        """How much of the sources is read: the table with `max_size`."""
        return self.limits._replace(file_bytes=self.max_size)

    def origin(self, field: str) -> str:
        """Return where the value of a field came from, in words for a person."""
        return self.origins.get(field, DEFAULT)
