"""What a TZID means inside one calendar (RFC 5545 3.2.19), and times as written turned into times in a zone.

A VTIMEZONE defines its name for its own calendar only: a stranger's invitation must not move other events.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.content_lines import decode, parse_component, parse_parameters, split_line
from lastresort.ics.problems import ProblemCode
from lastresort.ics.recurrence import Fault, When
from lastresort.ics.scan import zone_key
from lastresort.ics.values import Moment, ValueFault, moment_of, parse_offset
from lastresort.ics.vtimezone import Observance, ZoneError, differs, private_zone
from lastresort.zones.database import choose_database
from lastresort.zones.names import get_zone, is_offset, resolve_tzid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.ics.scan import Calendar
    from lastresort.model import Interval, Limits

_LONGEST_NAME = 200


class FoundZone(NamedTuple):
    """A zone, its IANA name if it has one, where it was found (in words), and what was wrong."""

    zone: tzinfo
    name: str | None
    origin: str
    fault: Fault | None = None
    assumed: bool = False
    """Nothing says what the name means; the zone is the owner's."""


class ZoneTable:
    """The zones of one calendar. `home` is the owner's, for dates and whatever nothing else decides."""

    __slots__ = ("_calendar", "_found", "_limits", "_window", "floating", "floating_fault", "home")

    def __init__(self, calendar: Calendar, home: tzinfo, window: Interval, limits: Limits) -> None:
        self.home = home
        self._calendar = calendar
        self._window = window
        self._limits = limits
        self._found: dict[str, FoundZone] = {}
        own = self._calendars_own()
        self.floating: tzinfo = own or home
        """What floating times are read in: X-WR-TIMEZONE where the calendar has one."""
        self.floating_fault = _UNUSABLE if own is None and _named_zones(calendar) else None
        """What is to be told of an X-WR-TIMEZONE that nothing explains."""

    def _calendars_own(self) -> tzinfo | None:
        """Return the zone that X-WR-TIMEZONE names: a known one, or one that the calendar defines."""
        name = calendar_zone(self._calendar)
        if name:
            return get_zone(name)
        known = self._calendar.timezones
        named = (tzid for tzid in _named_zones(self._calendar) if zone_key(tzid.encode()) in known)
        return next((self.look_up(tzid).zone for tzid in named), None)

    def place(self, moment: Moment, beside: When | None = None) -> When:
        """Return a time with its zone; a floating one takes the zone of the time it stands beside."""
        if moment.is_date:
            return When(moment.local, self.home, is_date=True)
        if moment.is_utc:
            return When(moment.local, UTC)
        if moment.tzid:
            return When(moment.local, self.look_up(moment.tzid).zone)
        if beside is not None and not beside.is_date:
            return When(moment.local, beside.zone)
        return When(moment.local, self.floating)

    def fault_of(self, moment: Moment) -> Fault | None:
        """Return what is wrong with the zone that a time is written in."""
        if moment.tzid:
            return self.look_up(moment.tzid).fault
        return None if moment.is_date or moment.is_utc else self.floating_fault

    def of_calendar(self) -> tuple[tzinfo, ...]:
        """Return the zones that the calendar tells of: X-WR-TIMEZONE's, then those it defines."""
        own = () if self.floating is self.home else (self.floating,)
        return (*own, *(self.look_up(decode(tzid)).zone for tzid in self._calendar.timezones))

    def look_up(self, tzid: str) -> FoundZone:
        """Return what a TZID means here: a known zone, the calendar's VTIMEZONE, or the owner's zone."""
        if tzid not in self._found:
            self._found[tzid] = self._look_up(tzid)
        return self._found[tzid]

    def _look_up(self, tzid: str) -> FoundZone:
        lines = self._calendar.timezones.get(zone_key(tzid.encode("utf-8", "replace")))
        name = resolve_tzid(tzid, loosely=lines is None) if len(tzid) <= _LONGEST_NAME else None
        if lines is not None and is_offset(tzid):
            name = None  # the calendar says more: `GMT+0100` may well have a summer
        if name:
            fault = self._contradiction(lines, name) if lines is not None else None
            origin = "its TZID" if name == tzid else "its TZID, which means " + name
            return FoundZone(get_zone(name), name, origin, fault)
        if lines is not None:
            try:
                zone = private_zone(tuple(_observances(lines, self._limits)))
            except (ZoneError, ValueFault) as error:
                return self._assumed(f"has a VTIMEZONE that {error}")
            return FoundZone(zone, None, "the VTIMEZONE of its calendar")
        return self._assumed("names a time zone that nothing defines")

    def _assumed(self, why: str) -> FoundZone:
        fault = Fault(ProblemCode.UNKNOWN_ZONE, f"{why}; its times are read in your zone and may be wrong")
        name = getattr(self.home, "key", None)
        return FoundZone(self.home, name, "yours, because it " + why, fault, assumed=True)

    def _contradiction(self, lines: bytes, name: str) -> Fault | None:
        """Return a fault where a VTIMEZONE and the zone it names differ inside the window.

        Such a VTIMEZONE is stale, as a rule. One that was made in the year of the zone database or later
        may know rules that the database does not: then nobody can be sure of the times.
        """
        try:
            observances = tuple(_observances(lines, self._limits))
            if not differs(observances, name, self._window):
                return None
        except ValueFault:
            return None
        database = choose_database().used
        if database.year and _year_made(lines, observances) >= database.year:
            message = (
                f"comes with a VTIMEZONE that contradicts {name} and may be newer than the zone database "
                f"({database.version}), which is used; its times may be wrong"
            )
            return Fault(ProblemCode.NEWER_ZONE, message)
        message = f"comes with a VTIMEZONE that contradicts {name}, which is used"
        return Fault(ProblemCode.STALE_ZONE, message, lost=False)


def calendar_zone(calendar: Calendar) -> str | None:
    """Return the IANA name of the zone X-WR-TIMEZONE gives, or None."""
    return next(filter(None, map(resolve_tzid, _named_zones(calendar))), None)


def _named_zones(calendar: Calendar) -> list[str]:
    """Return what X-WR-TIMEZONE says, as written."""
    props = calendar.properties.get("X-WR-TIMEZONE", ())
    return [name for name in (decode(prop.value).strip() for prop in props) if name]


_UNUSABLE = Fault(
    ProblemCode.UNKNOWN_ZONE,
    "has a time without a zone, and its calendar's X-WR-TIMEZONE names none that is known; "
    "its times are read in your zone and may be wrong",
)


def _year_made(lines: bytes, observances: tuple[Observance, ...]) -> int:
    """Return the latest year a VTIMEZONE can have been made in, by LAST-MODIFIED or its latest DTSTART.

    RDATEs do not count: many programs write them for decades ahead.
    """
    years = [each.start.year for each in observances]
    for line in lines.split(b"\n"):
        name, prop = split_line(line)
        if name.strip().upper() == b"LAST-MODIFIED":
            with suppress(ValueFault):
                years.append(moment_of(prop.value.strip(), {}).local.year)
    return max(years, default=0)


_OBSERVANCE = frozenset((b"DTSTART", b"TZOFFSETFROM", b"TZOFFSETTO", b"RRULE", b"RDATE"))
_MOST_OBSERVANCES = 1000


def _observances(lines: bytes, limits: Limits) -> Iterator[Observance]:
    """Yield the STANDARD and DAYLIGHT parts of a VTIMEZONE. Raises ValueFault."""
    part: list[bytes] | None = None
    count = 0
    for line in lines.split(b"\n"):
        mark = line.strip().upper()
        if mark in (b"BEGIN:STANDARD", b"BEGIN:DAYLIGHT"):
            part = []
        elif mark in (b"END:STANDARD", b"END:DAYLIGHT"):
            count += 1
            if part and count <= _MOST_OBSERVANCES:
                yield _observance(part, limits)
            part = None
        elif part is not None:
            part.append(line)


def _observance(lines: list[bytes], limits: Limits) -> Observance:
    """Return what one STANDARD or DAYLIGHT part says. Raises ValueFault."""
    found = parse_component(lines, _OBSERVANCE, limits.value_bytes)
    if not all(name in found for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")):
        raise ValueFault("lacks a start or an offset")
    earlier = parse_offset(found["TZOFFSETFROM"][0].value)
    start = moment_of(found["DTSTART"][0].value.strip(), {})
    dates = [
        moment_of(raw.strip().partition(b"/")[0], parse_parameters(prop.parameters)).local
        for prop in found.get("RDATE", ())
        for raw in prop.value.split(b",", limits.dates)[: limits.dates]
    ]
    return Observance(
        start=start.local + earlier if start.is_utc else start.local,  # a local time; some write it in UTC
        offset_from=earlier,
        offset_to=parse_offset(found["TZOFFSETTO"][0].value),
        rrules=tuple(decode(prop.value) for prop in found.get("RRULE", ())),
        rdates=tuple(dates),
    )
