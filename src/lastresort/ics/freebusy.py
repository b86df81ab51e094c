"""VFREEBUSY (RFC 5545 3.6.4): busy time without events behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.content_lines import decode, parse_component, parse_parameters
from lastresort.ics.recurrence import end_of
from lastresort.ics.values import ValueFault, is_negative, moment_of, parse_duration
from lastresort.model import Busy, BusyReason, Interval, Limits
from lastresort.zones.names import to_utc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lastresort.ics.calendar_zones import ZoneTable

_WANTED = frozenset((b"FREEBUSY", b"UID"))
_LEVELS = {
    "FREE": (Busy.IGNORE, BusyReason.FREE),
    "BUSY-TENTATIVE": (Busy.CHECK, BusyReason.TENTATIVE),
    "BUSY-UNAVAILABLE": (Busy.CLASH, BusyReason.OUT_OF_OFFICE),
}


class FreeBusyPeriod(NamedTuple):
    """A stretch of time somebody is said to be busy, or free."""

    uid: str | None
    interval: Interval
    busy: Busy
    reason: BusyReason


def read_freebusy(lines: bytes, zones: ZoneTable, limits: Limits) -> Iterator[FreeBusyPeriod | ValueFault]:
    """Yield what a VFREEBUSY says, and a fault for each period that says nothing; unknown types are busy."""
    found = parse_component(lines.split(b"\n"), _WANTED, limits.value_bytes)
    uid = decode(found["UID"][0].value).strip() if "UID" in found else None
    for prop in found.get("FREEBUSY", ()):
        kind = parse_parameters(prop.parameters).get("FBTYPE", "BUSY").upper()
        busy, reason = _LEVELS.get(kind, (Busy.CLASH, BusyReason.BUSY))
        periods = prop.value.split(b",", limits.dates)
        if len(periods) > limits.dates or len(prop.value) >= limits.value_bytes:
            yield ValueFault("stands on a line of too many; the rest of them is left out")
        for raw in periods[: limits.dates]:
            try:
                yield FreeBusyPeriod(
                    uid, _period(raw.strip(), parse_parameters(prop.parameters), zones), busy, reason
                )
            except ValueFault as fault:
                yield fault


def _period(raw: bytes, parameters: Mapping[str, str], zones: ZoneTable) -> Interval:
    """Return a PERIOD (RFC 5545 3.3.9): a start, and an end or a duration. Raises ValueFault."""
    first, _, rest = raw.partition(b"/")
    begin = zones.place(moment_of(first, parameters))
    start = to_utc(begin.local, begin.zone)
    if rest[:1].upper() in (b"P", b"+", b"-"):
        length = parse_duration(rest)
        if is_negative(length):
            raise ValueFault("ends before it starts")
        end = end_of(begin, start, length)
    else:
        until = zones.place(moment_of(rest, parameters))
        end = to_utc(until.local, until.zone)
    if end < start:
        raise ValueFault("ends before it starts")
    return Interval(start, end)
