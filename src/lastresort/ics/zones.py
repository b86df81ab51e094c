"""Time zones by any name: TZIDs as producers write them, and zones as people write them.

Arithmetic is zoneinfo's; pytz serves as the catalogue of countries only. Names are checked against the list
of the zone database before zoneinfo sees them, so a TZID is never a path.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

from lastresort.model import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta, tzinfo

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
"""The first and the last instant that a datetime can hold."""

_LONGEST_NAME = 200
_DATA = os.path.join(os.path.dirname(__file__), "data")
_TZDATA = os.path.dirname(tzdata.__file__)

# -- zones by exact name, and their arithmetic ---------------------------------------------------------------


@lru_cache(maxsize=256)
def get_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name. Raises KeyError for any other text, however odd."""
    if _names().get(name.lower()) != name:
        raise KeyError(name[:_LONGEST_NAME])
    return ZoneInfo(name)


@cache
def _names() -> Mapping[str, str]:
    """Return every IANA name by its lower-case form."""
    with open(os.path.join(_TZDATA, "zones"), encoding="ascii") as file:
        return {name.lower(): name for name in file.read().split() if name != "Factory"}


def to_utc(local: datetime, zone: tzinfo) -> datetime:
    """Return the instant of a naive wall-clock time: offset before a gap, first of a fold (RFC 5545 3.3.5).

    Near the years 1 and 9999, where UTC has no such date, the nearest datetime that there is.
    """
    if zone is UTC:
        return local.replace(tzinfo=UTC)
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (OverflowError, ValueError):
        return FIRST if local.year < 5000 else LAST


def to_local(instant: datetime, zone: tzinfo) -> datetime:
    """Return the naive wall-clock time of an instant, within the years there are."""
    try:
        return instant.astimezone(zone).replace(tzinfo=None, fold=0)
    except (OverflowError, ValueError):
        return instant.replace(tzinfo=None)


# -- TZIDs ---------------------------------------------------------------------------------------------------


def resolve_tzid(tzid: str, *, loosely: bool = False) -> str | None:
    """Return the IANA name that a TZID or X-WR-TIMEZONE means, or None for private and unknown ones.

    Knows IANA names in any case, prefixed ones (`/mozilla.org/…/Europe/Berlin`), Windows names, Outlook's
    display names, and fixed offsets (`GMT+0100`). `loosely` is for a TZID that no VTIMEZONE defines: it also
    takes near misses (`US-Eastern`, `Europe_Berlin`) and bare city names.
    """
    if len(tzid) > _LONGEST_NAME:
        return None
    return _resolve(tzid.strip().strip('"').strip(), loosely)


@lru_cache(maxsize=1024)
def _resolve(tzid: str, loosely: bool) -> str | None:
    names = _names()
    found = (
        names.get(tzid.lower())
        or _prefixed(tzid)
        or _windows().get(_squeezed(tzid))
        or _fixed(tzid)
        or _displayed(tzid)
    )
    if found or not loosely:
        return found
    near = tzid.lower().replace(" ", "_")
    return (
        names.get(near.replace("-", "/", 1))
        or names.get(near.replace("_", "/", 1))
        or _cities_of_names().get(near)
    )


def _prefixed(tzid: str) -> str | None:
    """Return the zone at the end of `/producer/version/Area/City` or `tzone://Microsoft/Utc`."""
    if not tzid.startswith("/") and "://" not in tzid:
        return None
    parts = tzid.lower().strip("/").split("/")[-3:]
    tails = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((_names()[tail] for tail in tails if tail in _names()), None)


def _squeezed(text: str) -> str:
    """Return what Windows names are compared by: letters, digits and signs, `&` spoken."""
    return "".join(c for c in text.lower().replace("&", "and") if c.isalnum() or c in "+-")


@cache
def _windows() -> Mapping[str, str]:
    """Return IANA names by squeezed Windows and display names."""
    found = {}
    for windows, name, *displayed in _rows("windows.tsv"):
        for text in (windows, *displayed[0].split("|")) if displayed else (windows,):
            found[_squeezed(text)] = name
    return found


def _rows(table: str) -> Iterator[list[str]]:
    """Yield the rows of a table of the package; lines that begin with # are comments."""
    with open(os.path.join(_DATA, table), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def _fixed(text: str) -> str | None:
    """Return the zone of `UTC`, `GMT+0100`, `UTC-5`, `+05:30`: one of constant offset, where there is any."""
    squeezed = text.replace(" ", "").upper()
    rest = squeezed.removeprefix("UTC").removeprefix("GMT")
    if not rest:
        return "UTC" if squeezed else None
    digits = rest[1:].replace(":", "").replace(".", "")
    if rest[0] not in "+-\u2212" or not (digits.isascii() and digits.isdigit()) or len(digits) > 4:
        return None
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    sign = "+" if rest[0] == "+" else "-"
    if minutes:
        return _BROKEN_OFFSETS.get(f"{sign}{hours:02}{minutes:02}")
    if not hours:
        return "UTC"
    # The signs of Etc zones are POSIX's: west is positive.
    return _names().get(f"etc/gmt{'-' if sign == '+' else '+'}{hours}")


_BROKEN_OFFSETS = {
    "-0930": "Pacific/Marquesas",
    "+0330": "Asia/Tehran",
    "+0430": "Asia/Kabul",
    "+0530": "Asia/Kolkata",
    "+0545": "Asia/Kathmandu",
    "+0630": "Asia/Yangon",
    "+0845": "Australia/Eucla",
    "+0930": "Australia/Darwin",
}
"""Offsets of half hours and quarters, by a zone that keeps them all year."""


def _displayed(tzid: str) -> str | None:
    """Return the zone shown as `(UTC+01:00) Amsterdam, Berlin, …`: as listed, else by one of its cities."""
    if not tzid.startswith("("):
        return None
    offset, _, places = tzid[1:].partition(")")
    named = _windows().get(_squeezed(places))
    if named or not places.strip():
        return named or _fixed(offset)
    wanted = _fixed(offset)
    for place in places.replace("/", ",").replace(";", ",").split(","):
        city = _cities_of_names().get(place.strip().lower().replace(" ", "_"))
        if city and wanted and _offset(city) == _offset(wanted):
            return city
    return None


def _offset(name: str) -> timedelta | None:
    """Return a zone's standard offset; Outlook's names show it all year."""
    zone = get_zone(name)
    return min(datetime(2024, month, 1, tzinfo=zone).utcoffset() or ZERO for month in (1, 7))


@cache
def _cities_of_names() -> Mapping[str, str]:
    """Return the IANA names `Area/City` by their lower-case city."""
    return {
        low.rpartition("/")[2]: name for low, name in _names().items() if "/" in low and "etc/" not in low
    }
