"""Values of properties (RFC 5545 3.3): dates, times, periods, durations. Zones come later."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics import repairs
from lastresort.ics.content_lines import Property, decode, parse_parameters
from lastresort.ics.recurrence import EventLength
from lastresort.model import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = timedelta(days=366 * 1000)
"""No event lasts longer; a DURATION beyond it is a typing error."""
MIDNIGHT = time()

_LONGEST_PLAIN = len("20260303T101500Z")


class ValueFault(ValueError):  # noqa: N818 - it becomes a Problem, not an error of the run
    """A value that says no time. The text is a few words for a `Problem`, without the value itself."""


class Moment(NamedTuple):
    """A DATE or DATE-TIME as written, before its zone is looked up."""

    local: datetime
    """Naive wall-clock time; midnight for a date."""
    is_date: bool = False
    is_utc: bool = False
    """Written with `Z`, or with an offset that has been taken off."""
    tzid: str | None = None


def parse_moment(prop: Property) -> Moment:
    """Return the time a DTSTART, DTEND, RECURRENCE-ID … says. Raises ValueFault."""
    if len(prop.value) > _LONGEST_PLAIN:
        prop = repairs.colon_in_parameter(prop)
    parameters = parse_parameters(prop.parameters) if prop.parameters else {}
    return moment_of(prop.value.strip(), parameters)


def moment_of(raw: bytes, parameters: Mapping[str, str]) -> Moment:
    """Return the time of one value, which may be one of several on its line. Raises ValueFault.

    `VALUE=DATE` beside a time other than midnight is a mistake of festival feeds: the time is meant.
    """
    value = raw if _plain(raw) else repairs.plain_time(raw)
    if value is None:
        raise ValueFault("is no date or time")
    local = _local_time(value)
    if len(value) == 8 or (local.time() == MIDNIGHT and parameters.get("VALUE", "").upper() == "DATE"):
        return Moment(local, is_date=True)
    if value.endswith(b"Z"):
        return Moment(local, is_utc=True)
    return Moment(local, tzid=parameters.get("TZID"))


def _plain(raw: bytes) -> bool:
    """Tell whether bytes look like `20260303`, `20260303T101500` or `20260303T101500Z`."""
    size = len(raw)
    if size == 8:
        return raw.isdigit()
    if size == 16 and not raw.endswith(b"Z"):
        return False
    return size in (15, 16) and raw[8] == 84 and raw[:8].isdigit() and raw[9:15].isdigit()


def _local_time(value: bytes) -> datetime:
    """Return a wall-clock time, midnight for a date. Raises ValueFault for what no clock or calendar has."""
    try:
        return datetime.fromisoformat(value[:15].decode())
    except ValueError:
        return _odd_local_time(value)


def _odd_local_time(value: bytes) -> datetime:
    """Read midnight at a day's end, and leap seconds. Raises ValueFault for times that are none."""
    try:
        day = datetime(int(value[:4]), int(value[4:6]), int(value[6:8]))  # noqa: DTZ001 - its zone comes later
    except ValueError:
        raise ValueFault("is a day that no calendar has") from None
    hour, minute, second = (int(value[at : at + 2] or 0) for at in (9, 11, 13))
    if hour > 24 or minute > 59 or second > 60:
        raise ValueFault("has an hour, minute or second that no clock shows")
    try:
        return day + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    except OverflowError:
        raise ValueFault("lies beyond the year 9999") from None


_DURATION = rb"(?i)([+-]?)P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?"


def parse_duration(raw: bytes) -> EventLength:
    """Return a DURATION (3.3.6): weeks and days nominal, the rest exact. Raises ValueFault."""
    found = re.fullmatch(_DURATION, raw.strip())
    if not found or not any(found.groups()[1:]):
        raise ValueFault("is no duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    try:
        exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        if timedelta(weeks=weeks, days=days) + exact > LONGEST:
            raise ValueFault("is a duration of more than a thousand years")
    except OverflowError:
        raise ValueFault("is a duration of more than a thousand years") from None
    sign = -1 if found[1] == b"-" else 1
    return EventLength(sign * (weeks * 7 + days), sign * exact)


def whole_days(length: EventLength | None) -> EventLength:
    """All-day events that end on the day they start, or before, last that day; parts of days count whole."""
    if length is None:
        return EventLength(days=1)
    days = length.days - (-length.exact // timedelta(days=1))
    return EventLength(days=max(days, 1))


_LONGEST_TRAVEL = timedelta(days=1)


def parse_travel(raw: bytes) -> timedelta:
    """Return an X-APPLE-TRAVEL-DURATION; what is no duration, or longer than a day, counts as none."""
    try:
        length = parse_duration(raw)
    except ValueFault:
        return ZERO
    travel = timedelta(days=length.days) + length.exact
    return travel if ZERO < travel <= _LONGEST_TRAVEL else ZERO


def is_negative(length: EventLength) -> bool:
    """Tell whether a length runs backwards."""
    return timedelta(days=length.days) + length.exact < ZERO


def parse_offset(raw: bytes) -> timedelta:
    """Return a UTC-OFFSET (3.3.14) such as `+0100`; `+01:00` and `0100` are taken for it.

    Raises ValueFault, also for a day or more.
    """
    value = raw.strip().replace(b":", b"")
    value = b"+" + value if value[:1].isdigit() else value
    if value[:1] not in (b"+", b"-") or len(value) not in (5, 7) or not value[1:].isdigit():
        raise ValueFault("is no UTC offset")
    hours, minutes, seconds = int(value[1:3]), int(value[3:5]), int(value[5:7] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset >= timedelta(days=1):
        raise ValueFault("is a UTC offset of a day or more")
    return -offset if value[:1] == b"-" else offset


def parse_count(raw: bytes, most: int = 2**31 - 1) -> int:
    """Return a SEQUENCE or PRIORITY; zero for what is no such number, `most` for what is larger."""
    digits = raw.strip()
    if not digits.isdigit():
        return 0
    return min(int(digits[:12]), most) if len(digits) <= 12 else most


def first_text(props: list[Property] | None) -> str:
    """Return the first property's value, trimmed and upper case: STATUS, TRANSP and their kin."""
    return decode(props[0].value).strip().upper() if props else ""
