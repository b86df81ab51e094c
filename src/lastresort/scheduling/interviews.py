"""Which events are interviews, and why; what is known about the interviewer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from lastresort.model import Agenda, Interval, Occurrence
from lastresort.scheduling.query import Query


class Mode(StrEnum):
    """How the interview takes place."""

    PHONE = "phone"
    VIDEO = "video"
    ONSITE = "onsite"
    UNKNOWN = "unknown"


class Interviewer(NamedTuple):
    """Whom to write to. `zone` is always an IANA name; `zone_source` says where it was found."""

    zone: str
    zone_source: str
    name: str | None = None
    address: str | None = None
    phone: str | None = None
    country: str | None = None


class Interview(NamedTuple):
    """An occurrence to protect. `copies` are the same interview in other calendars; they are never a clash."""

    occurrence: Occurrence
    interviewer: Interviewer
    mode: Mode
    padded: Interval
    """The interview widened by padding and travel: what has to stay free."""
    because: tuple[str, ...]
    role: str | None = None
    company: str | None = None
    copies: tuple[Occurrence, ...] = ()
    process: str = ""
    """What rounds of one process share: the organiser's domain or address; empty when unknown."""
    link: str | None = None
    """Booking or applicant-tracking link found in the invitation, where the candidate can move it."""


class Candidates(NamedTuple):
    """Interviews to protect, and events that may be interviews but are not certain."""

    interviews: tuple[Interview, ...]
    possible: tuple[Occurrence, ...]


def find_interviews(agenda: Agenda, query: Query) -> Candidates:
    """Return the interviews from now on within `query.days`, sorted by start."""
    raise NotImplementedError


def match_interview(occurrences: Sequence[Occurrence], text: str) -> Occurrence:
    """Return the one occurrence that `--interview TEXT` means. Raises UsageError when none or several fit."""
    raise NotImplementedError
