"""What a text is read against, and what a time in it can mean."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from lastresort.model import Interval
from lastresort.query import Hours


class ZoneBasis(StrEnum):
    """How the zone of a time is known."""

    NAMED = "named with the time"
    STATED = "stated once in the text"
    YOURS = "your time, which is mine"
    THEIRS = "my time, which is theirs"
    INTERVIEWER = "the interviewer's zone"
    ASSUMED = "assumed to be mine"


class ReadingContext(NamedTuple):
    """What a text is read against. Zones are IANA names, `now` is in UTC."""

    now: datetime
    mine: str
    theirs: str | None = None
    country: str | None = None
    """The interviewer's, for the order of numeric dates; from their zone where unknown."""
    hours: Hours = Hours(time(9), time(17))
    """The interviewer's working day, which ends what is left open."""
    length: timedelta | None = None
    """How long the meeting lasts."""
    written: datetime | None = None
    """When the text was written, if not now."""
    strict: bool = False
    """The words are one time alone: a day without clock time is midnight, a clock time alone is today's."""


class Meaning(NamedTuple):
    """One reading of a time, with the zone it is meant in."""

    interval: Interval
    zone: str


class UnderstoodKind(StrEnum):
    """What became of a time that a text names; the values are those of `weigh --json`."""

    TIME = "time"
    WINDOW = "window"
    AMBIGUOUS = "ambiguous"
    NOT_UNDERSTOOD = "not-understood"


class Understood(NamedTuple):
    """A time as named. `interval` (the meeting or the window) and `zone` are `None` without one reading."""

    text: str
    kind: UnderstoodKind
    interval: Interval | None = None
    zone: str | None = None
    zone_source: ZoneBasis | None = None
    readings: tuple[Meaning, ...] = ()
    note: str = ""
    """Why it was not understood, or what is odd about it."""


def instants(day: date, at: time, zone: tzinfo) -> tuple[datetime, ...]:
    """Return the instants, in UTC, at which clocks of the zone show this: none in a gap, two in a fold."""
    local = datetime.combine(day, at, zone)
    first = local.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return ()
    return tuple(dict.fromkeys((first, local.replace(fold=1).astimezone(UTC))))
