"""Time zones by any name: TZIDs as producers write them, and zones as people write them.

Arithmetic is zoneinfo's; pytz serves as the catalogue of countries only. Names are checked against the list of
the time zone database before zoneinfo sees them, so a TZID is never a path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import Interval


class Observance(NamedTuple):
    """A STANDARD or DAYLIGHT part of a VTIMEZONE (RFC 5545 3.6.5), values parsed but rules as written."""

    start: datetime
    """Naive DTSTART: wall-clock time under `offset_from`."""
    offset_from: timedelta
    offset_to: timedelta
    rrules: tuple[str, ...] = ()
    rdates: tuple[datetime, ...] = ()
    """Naive, like `start`."""


class ZoneError(ValueError):
    """A VTIMEZONE that defines no usable zone. The text is a few words for a `Problem`, without the file's own."""


def get_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, cached. Raises KeyError for any other text, however odd."""
    raise NotImplementedError


def resolve_tzid(tzid: str) -> str | None:
    """Return the IANA name that a TZID or X-WR-TIMEZONE means, or None for private and unknown ones (cached).

    Knows IANA names in any case, prefixed ones (`/mozilla.org/…/Europe/Berlin`), Windows names, Outlook's display
    names, and fixed offsets (`GMT+0100`).
    """
    raise NotImplementedError


def to_utc(local: datetime, zone: tzinfo) -> datetime:
    """Return the instant of a naive wall-clock time: offset before a gap, first of a fold (RFC 5545 3.3.5).

    Near the years 1 and 9999, where UTC has no such date, the nearest datetime that there is.
    """
    raise NotImplementedError


def private_zone(observances: Sequence[Observance]) -> tzinfo:
    """Return the zone a VTIMEZONE defines; transitions are computed when asked for. Raises ZoneError."""
    raise NotImplementedError


def differs(observances: Sequence[Observance], name: str, window: Interval) -> bool:
    """Tell whether a VTIMEZONE contradicts the IANA zone of that name inside the window (a stale copy)."""
    raise NotImplementedError


def find_zone(text: str, now: datetime) -> str:
    """Return the IANA name of a zone as people write it: IANA, Windows, country, city, abbreviation or offset.

    Raises UsageError that lists the readings of an ambiguous text, or near matches of an unknown one.
    """
    raise NotImplementedError


def zone_country(zone: str) -> str | None:
    """Return the ISO 3166 code of the country an IANA zone lies in, `None` for UTC and the like."""
    raise NotImplementedError


def city_of(zone: str) -> str:
    """Return how a zone is called to people: `New York` for `America/New_York`."""
    raise NotImplementedError


def zone_written_in(text: str) -> str | None:
    """Return the zone named beside a time in an invitation (`10:00 ET`, `3pm CET`, `(London time)`), if clear."""
    raise NotImplementedError


def phone_country(number: str) -> str | None:
    """Return the ISO 3166 code of the country of an international telephone number (`+49 …`), if it is one."""
    raise NotImplementedError


def system_zone(environ: Mapping[str, str], localtime: Path = Path("/etc/localtime")) -> str:
    """Return the system's zone by its IANA name: TZ, /etc/timezone, /etc/localtime, the registry; else UTC."""
    raise NotImplementedError
