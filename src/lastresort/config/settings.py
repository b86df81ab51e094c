"""The settings of a run, as frozen values that know where they came from."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from lastresort.costs import DEFAULT_COSTS, Costs
from lastresort.model import Busy, Document, Limits, Signature
from lastresort.query import Hours, MoveRule, Query
from lastresort.sources import Access, Given

_QUERY: Mapping[str, Any] = Query._field_defaults


class OriginKind(StrEnum):
    """What a setting came from."""

    DEFAULT = "default"
    FILE = "file"
    VARIABLE = "variable"
    OPTION = "option"


class Origin(NamedTuple):
    """Where the value of a setting came from."""

    kind: OriginKind = OriginKind.DEFAULT
    name: str = "default"
    """The file, the variable or the option, as a person knows it."""
    line: int = 0
    """In the file."""

    def __str__(self) -> str:
        """Return it for a person: `config.toml:12`, `LASTRESORT_HOURS`, `--hours`, `default`."""
        return f"{self.name}:{self.line}" if self.kind is OriginKind.FILE else self.name


DEFAULT = Origin()
_NO_ORIGINS: Mapping[str, Origin] = MappingProxyType({})


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
        return Access(
            user=self.user,
            password_command=self.password_command,
            password_env=self.password_env,
            keyring=self.keyring,
        )


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
    origins: Mapping[str, Origin] = _NO_ORIGINS
    """Where the values of fields came from; those without an entry are defaults."""

    @property
    def bounds(self) -> Limits:
        """How much of the sources is read: the table with `max_size`."""
        return self.limits._replace(file_bytes=self.max_size)

    def origin(self, field: str) -> Origin:
        """Return where the value of a field came from."""
        return self.origins.get(field, DEFAULT)
