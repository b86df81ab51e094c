"""Time zones by any name: TZIDs as producers write them, and zones as people write them.

Arithmetic is zoneinfo's, on the newer of two databases (`database`); pytz serves as the catalogue of
countries only. Names are checked against the list of the zone database before zoneinfo sees them, so a TZID
is never a path.
"""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.errors import UsageError
from lastresort.model import EPOCH, ZERO
from lastresort.text import one_line
from lastresort.zones import places
from lastresort.zones.database import PACKAGE_FOLDER, posix_rules, zone_names
from lastresort.zones.places import table_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import tzinfo

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
"""The first and the last instant that a datetime can hold."""

_LONGEST_NAME = 200
_WEEK = timedelta(weeks=1)
_WALL_EPOCH = EPOCH.replace(tzinfo=None)

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
    return {name.lower(): name for name in zone_names()}


def to_utc(local: datetime, zone: tzinfo) -> datetime:
    """Return the instant of a naive wall-clock time: offset before a gap, first of a fold (RFC 5545 3.3.5).

    Near the years 1 and 9999, where UTC has no such date, the nearest datetime that there is.
    """
    try:
        offset = ZERO if zone is UTC else zone.utcoffset(local) or ZERO
        return EPOCH + (local - _WALL_EPOCH - offset)  # half of what `replace` and `astimezone` cost
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
    found = next(filter(None, (read(tzid) for read, _ in _WAYS)), None)
    if found or not loosely:
        return found
    names = _names()
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
    for windows, name, *displayed in table_rows("windows.tsv"):
        for text in (windows, *displayed[0].split("|")) if displayed else (windows,):
            found[_squeezed(text)] = name
    return found


def _fixed(text: str) -> str | None:
    """Return the zone of `UTC`, `GMT+0100`, `UTC-5`, `+05:30`: one of constant offset, where there is any."""
    squeezed = text.replace(" ", "").upper()
    rest = squeezed.removeprefix("UTC").removeprefix("GMT")
    if not rest or squeezed == "Z":
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
        # Outlook shows the standard offset all year.
        if city and wanted and min(seasonal_offsets(city)) == min(seasonal_offsets(wanted)):
            return city
    return None


def _named(tzid: str) -> str | None:
    return _names().get(tzid.lower())


def _windows_name(tzid: str) -> str | None:
    return _windows().get(_squeezed(tzid))


WINDOWS = "a Windows name"
"""What `describe_tzid` says of names that stand for a rule of offsets, not for a country."""
_WAYS = (
    (_named, "an IANA name"),
    (_prefixed, "an IANA name behind a producer's prefix"),
    (_windows_name, WINDOWS),
    (_fixed, "a fixed offset"),
    (_displayed, "a name as Outlook displays it"),
)
"""How a TZID is read, in this order, and what it is then."""


def describe_tzid(tzid: str) -> str:
    """Return what kind of name a TZID is that means a zone."""
    name = tzid.strip().strip('"').strip()
    return next((kind for read, kind in _WAYS if read(name)), "close to an IANA name")


def is_plain_tzid(tzid: str) -> bool:
    """Tell whether a TZID is the public name of a zone alone: no producer's prefix, no list of towns."""
    name = tzid.strip().strip('"').strip()
    return len(tzid) <= _LONGEST_NAME and any(read(name) for read in (_named, _windows_name, _fixed))


def is_offset(tzid: str) -> bool:
    """Tell whether a TZID names no place, only a distance from UTC."""
    if len(tzid) > _LONGEST_NAME:
        return False
    name = tzid.strip().strip('"').strip()
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    return next((read for read, _ in _WAYS if read(name)), None) is _fixed


def seasonal_offsets(name: str) -> tuple[timedelta, ...]:
    """Return a zone's offsets in January and July of a recent year."""
    zone = get_zone(name)
    return tuple(datetime(2026, month, 1, tzinfo=zone).utcoffset() or ZERO for month in (1, 7))


@cache
def _cities_of_names() -> Mapping[str, str]:
    """Return the IANA names `Area/City` by their lower-case city."""
    return {
        low.rpartition("/")[2]: name for low, name in _names().items() if "/" in low and "etc/" not in low
    }


# -- zones as people write them ------------------------------------------------------------------------------

_ABBREVIATIONS = {
    "America/New_York": "ET EST EDT",
    "America/Chicago": "CT CDT",
    "America/Denver": "MST MDT",
    "America/Los_Angeles": "PT PST PDT",
    "America/Anchorage": "AKT AKST AKDT",
    "Pacific/Honolulu": "HST HAST",
    "America/St_Johns": "NST NDT",
    "America/Halifax": "ADT",
    "America/Sao_Paulo": "BRT",
    "America/Argentina/Buenos_Aires": "ART",
    "America/Santiago": "CLT CLST",
    "America/Bogota": "COT",
    "America/Lima": "PET",
    "CET": "CET CEST MEZ MESZ HNEC HAEC",
    "EET": "EET EEST OEZ OESZ",
    "WET": "WET WEST",
    "Europe/Moscow": "MSK",
    "Europe/Istanbul": "TRT",
    "Africa/Lagos": "WAT",
    "Africa/Johannesburg": "SAST",
    "Africa/Maputo": "CAT",
    "Africa/Nairobi": "EAT",
    "Asia/Dubai": "GST",
    "Asia/Karachi": "PKT",
    "Asia/Kathmandu": "NPT",
    "Asia/Bangkok": "ICT",
    "Asia/Jakarta": "WIB",
    "Asia/Singapore": "SGT",
    "Asia/Hong_Kong": "HKT",
    "Asia/Manila": "PHT",
    "Asia/Tokyo": "JST",
    "Asia/Seoul": "KST",
    "Asia/Jerusalem": "IDT",
    "Australia/Perth": "AWST",
    "Australia/Darwin": "ACST",
    "Australia/Adelaide": "ACDT",
    "Australia/Brisbane": "AEST",
    "Australia/Sydney": "AEDT AET",
    "Pacific/Auckland": "NZT NZST NZDT",
    "UTC": "UTC Z ZULU",
    "GMT": "GMT",
    "America/Chicago|Asia/Shanghai|America/Havana": "CST",
    "America/Denver|Europe/Malta": "MT",
    "America/Halifax|Asia/Riyadh": "AST",
    "Asia/Kolkata|Europe/Dublin|Asia/Jerusalem": "IST",
    "Europe/London|Asia/Dhaka": "BST",
}
"""What recruiters write; in some places several zones are written the same."""

_TIMES_BY_NAME = {
    "eastern": "America/New_York",
    "useastern": "America/New_York",
    "central": "America/Chicago",
    "uscentral": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "uspacific": "America/Los_Angeles",
    "centraleuropean": "CET",
    "easterneuropean": "EET",
    "westerneuropean": "WET",
    "british": "Europe/London",
    "uk": "Europe/London",
    "irish": "Europe/Dublin",
    "german": "Europe/Berlin",
    "indian": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "japan": "Asia/Tokyo",
    "singapore": "Asia/Singapore",
    "greenwichmean": "UTC",
}
"""`Eastern Time`, `Central European Summer Time`: what stands before the word, folded."""

_CONTINENTAL = frozenset(("CET", "EET", "WET", "MET"))
_LONGEST_ANSWER = 12
_WEEKS_AHEAD = 53


@cache
def _abbreviations() -> Mapping[str, tuple[str, ...]]:
    return {
        abbreviation: tuple(zones.split("|"))
        for zones, abbreviations in _ABBREVIATIONS.items()
        for abbreviation in abbreviations.split()
    }


def abbreviated_zones(abbreviation: str) -> tuple[str, ...]:
    """Return the zones an abbreviation such as `ET` may mean: several for `IST`, none for other words."""
    return _abbreviations().get(abbreviation, ())


def known_abbreviations() -> Collection[str]:
    """Return the abbreviations of zones that are known: `ET`, `CEST` …"""
    return _abbreviations().keys()


def find_zone(text: str, now: datetime) -> str:
    """Return the IANA name of a zone as people write it.

    That is by IANA, Windows, country or city name, abbreviation or offset. Zones of a country that agree
    during the year after `now` count as one. Raises UsageError that lists the readings of an ambiguous text,
    or near matches of an unknown one.
    """
    wanted = text.strip()
    shown = _shown(wanted)
    short = abbreviated_zones(wanted.upper())
    if short:
        return _only(short, shown, now)
    named = resolve_tzid(wanted, loosely=any(c in "/-_" for c in wanted))
    if named:
        return _canonical(named)
    spoken = zone_of_time(wanted)
    if spoken:
        return spoken
    found = _zones_of_place(wanted)
    if found:
        return _only(found, shown, now)
    raise UsageError(f"{shown} is no time zone that is known here{_proposal(wanted)}")


def zone_of_place(text: str, now: datetime) -> str | None:
    """Return the IANA zone of a country or town; `None` where it is unknown or has several zones."""
    found = _zones_of_place(text.strip())
    if not found or any(_offsets(zone, now) != _offsets(found[0], now) for zone in found):
        return None
    return found[0]


def _zones_of_place(text: str) -> list[str]:
    """Return the zones of a country or, the largest first, of the towns of that name."""
    code = places.country_code(text)
    if code and (zones := places.country_zones(code)):
        return zones
    city = _cities_of_names().get(text.lower().replace(" ", "_"))
    return [city.zone for city in places.find_cities(text)] or ([_canonical(city)] if city else [])


def _shown(text: str) -> str:
    """Return a user's word for a message: short, printable, in quotation marks."""
    return f'"{one_line(text, 40)}"'


def _only(zones: Sequence[str], shown: str, now: datetime) -> str:
    """Return the first zone when all agree. Raises UsageError that lists one for each time they keep."""
    kept: dict[tuple[timedelta, ...], str] = {}
    for zone in zones:
        kept.setdefault(_offsets(zone, now), zone)
    if len(kept) == 1:
        return zones[0]
    listed = list(kept.values())[:_LONGEST_ANSWER]
    more = " …" if len(kept) > len(listed) else ""
    raise UsageError(f"{shown} may mean several time zones; name one: {', '.join(listed)}{more}")


def _offsets(name: str, now: datetime) -> tuple[timedelta, ...]:
    zone = get_zone(name)
    weeks = (now + week * _WEEK for week in range(_WEEKS_AHEAD))
    return tuple(moment.astimezone(zone).utcoffset() or ZERO for moment in weeks)


def _proposal(text: str) -> str:
    near = places.near_matches(text, _cities_of_names().values()) if len(text) < _LONGEST_NAME else []
    if near:
        return f"; did you mean {', '.join(near)}?"
    return ": give a city, a country, or a name such as Europe/Berlin"


def zone_of_time(text: str) -> str | None:
    """Return the zone of `Eastern Time`, `Central European Summer Time` and the like."""
    words = text.lower().split()
    if words[-1:] != ["time"]:
        return None
    words = words[:-2] if words[-2:-1] in (["standard"], ["daylight"], ["summer"]) else words[:-1]
    return _TIMES_BY_NAME.get("".join(words))


@cache
def _links() -> Mapping[str, str]:
    """Return the present name of each old or second name in the zone database."""
    with open(os.path.join(PACKAGE_FOLDER, "tzdata.zi"), encoding="utf-8") as file:
        rows = (line.split() for line in file if line.startswith("L "))
        return {name: target for _, target, name in rows}


@cache
def _countries_of_zones() -> Mapping[str, str]:
    with open(os.path.join(PACKAGE_FOLDER, "zone.tab"), encoding="utf-8") as file:
        rows = (line.split() for line in file if not line.startswith("#"))
        return {row[2]: row[0] for row in rows}


def _canonical(name: str) -> str:
    """Return the name under which the zone database lists a place, for `US/Eastern` or `Portugal`."""
    if name in _countries_of_zones() or name in _CONTINENTAL:
        return name
    target = _links().get(name, name)
    return target if target in _countries_of_zones() else name


def zone_country(zone: str) -> str | None:
    """Return the ISO 3166 code of the country an IANA zone lies in, `None` for UTC and the like."""
    return _countries_of_zones().get(_canonical(zone)) if zone in _names().values() else None


def city_of(zone: str) -> str:
    """Return how a zone is called to people: `New York` for `America/New_York`, `UTC+1` for `Etc/GMT-1`."""
    area, _, city = zone.rpartition("/")
    if area == "Etc":
        signs = {"+": "-", "-": "+"}
        return f"UTC{signs[city[3]]}{city[4:]}" if city[3:4] in signs and city[4:] != "0" else "UTC"
    if area in ("US", "Canada"):
        return f"{area} {city}"
    return _RENAMED.get(city, city.replace("_", " "))


_RENAMED = {
    "Calcutta": "Kolkata",
    "Katmandu": "Kathmandu",
    "Kiev": "Kyiv",
    "Rangoon": "Yangon",
    "Saigon": "Ho Chi Minh City",
    "Ho_Chi_Minh": "Ho Chi Minh City",
    "St_Johns": "St. John's",
}

# -- the system's zone ---------------------------------------------------------------------------------------


def system_zone(environ: Mapping[str, str], localtime: str = "/etc/localtime") -> str:
    """Return the system's zone by its IANA name.

    Looks at TZ (a name, or POSIX rules such as `CET-1CEST`), at the file `timezone` beside `localtime`, at
    where `localtime` links to, on Windows at the registry. UTC where none of them says.
    `doubt_about_system_zone` tells of a TZ that was passed over.
    """
    given = environ.get("TZ", "").removeprefix(":").strip()
    named = _iana_tail(given) or _posix_zone(given)
    if named:
        return named
    if sys.platform == "win32":
        return _windows().get(_squeezed(_registry_zone()), "UTC")
    return _iana_tail(_first_line(os.path.join(os.path.dirname(localtime), "timezone"))) or (
        _iana_tail(os.path.realpath(localtime)) or "UTC"
    )


def doubt_about_system_zone(environ: Mapping[str, str]) -> str:
    """Return what is to be told of a TZ that cannot be understood; empty where there is nothing to tell."""
    given = environ.get("TZ", "").removeprefix(":").strip()
    if not given or os.path.isabs(given) or _iana_tail(given) or _posix_zone(given):
        return ""
    return f"TZ is {_shown(given)}, no time zone that is known here; name yours with --tz"


_POSIX_FORM = (
    r"(?P<name><[+\-0-9A-Za-z]{3,10}>|[A-Za-z]{3,10})(?P<offset>[+-]?\d{1,3}(?::\d\d){0,2})"
    r"(?:(?P<summer><[+\-0-9A-Za-z]{3,10}>|[A-Za-z]{3,10})(?P<summer_offset>[+-]?\d{1,3}(?::\d\d){0,2})?"
    r"(?:,(?P<begins>[^,]+),(?P<ends>[^,]+))?)?"
)
"""POSIX's TZ, compiled when one is met: a name and an offset, the same for summer, and when it begins and
ends."""


@lru_cache(maxsize=8)
def _posix_zone(text: str) -> str | None:
    """Return an IANA zone that keeps the time of a POSIX TZ: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+0530>-5:30`.

    Of several zones with these offsets and rules the one that bears the abbreviation is taken, else the one
    people mean by it, else a fixed offset, else the first. Without rules for summer time only the
    abbreviations tell which zone is meant.
    """
    form = re.fullmatch(_POSIX_FORM, text)
    if not form:
        return None
    wanted = _posix_times(form)
    fitting = []
    for name, rules in posix_rules(sorted(_names().values(), key=lambda name: ("/" in name, name))):
        known = re.fullmatch(_POSIX_FORM, rules)
        times = _posix_times(known) if known else None
        if times and wanted in (times, times._replace(rules="")):
            fitting.append(name)
    abbreviations = [form["summer"], form["name"]] if form["summer"] else [form["name"]]
    meant = [form["name"], *(zone for each in abbreviations for zone in abbreviated_zones(each))]
    if named := next((name for name in meant if name in fitting), None):
        return named
    if form["summer"]:
        return next(iter(fitting), None) if wanted.rules else None
    # POSIX counts west of Greenwich as positive
    sign = "+" if form["offset"].startswith("-") else "-"
    return _fixed(sign + form["offset"].lstrip("+-")) or next(iter(fitting), None)


class _PosixTimes(NamedTuple):
    """What a POSIX TZ says, west of Greenwich positive."""

    offset: timedelta
    summer: timedelta | None
    """The offset in summer; `None` where there is none."""
    rules: str
    """When summer begins and ends, in its shortest form; empty where it is not said."""


def _posix_times(form: re.Match[str]) -> _PosixTimes:
    offset = _posix_offset(form["offset"])
    if not form["summer"]:
        return _PosixTimes(offset, None, "")
    summer = _posix_offset(form["summer_offset"]) if form["summer_offset"] else offset - timedelta(hours=1)
    rules = f"{form['begins']},{form['ends']}" if form["begins"] else ""
    shortest = re.sub(r"/2(?=,|$)", "", re.sub(r"/0?(\d+)(?::00)*(?=,|$)", r"/\1", rules))
    return _PosixTimes(offset, summer, shortest)


def _posix_offset(text: str) -> timedelta:
    hours, minutes, seconds = (*text.lstrip("+-").split(":"), "0", "0")[:3]
    length = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
    return -length if text.startswith("-") else length


def _iana_tail(path: str) -> str | None:
    """Return the IANA name that a name or a path into a zone database ends in."""
    return _names().get(path.strip().lower().rpartition("zoneinfo/")[2])


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline(_LONGEST_NAME).strip()
    except OSError:
        return ""


def _registry_zone() -> str:
    """Return what Windows calls its zone, empty elsewhere."""
    if sys.platform == "win32":
        import winreg

        key = r"SYSTEM\CurrentControlSet\Control\TimeZoneInformation"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as information:
            return str(winreg.QueryValueEx(information, "TimeZoneKeyName")[0]).partition("\0")[0]
    return ""
