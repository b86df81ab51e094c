"""Times, durations and hours as people write them. Strict: what can mean two instants is refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lastresort.errors import UsageError
from lastresort.model import Interval
from lastresort.query import Hours
from lastresort.times.readings import (
    RANGE,
    WEEKDAY,
    Reading,
    Written,
    bounded,
    checked_year,
    find_days,
    local_start,
    minutes_between,
    place,
    quoted,
    read_range,
    take_apart,
    tell,
    weekday_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    FindZone = Callable[[str], str]

LONGEST_DURATION = timedelta(days=3660)
ZERO = timedelta(0)
UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
UNIT_WORDS = {
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "w"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
}
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ISO_DURATION = (
    r"P(?=\d|T\d)(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?"
)
NUMBER_AND_UNIT = r"(\d+(?:[.,]\d+)?)\s?([a-z]+)(?:,?\s?and\s|,)?\s?"
HOURS_AND_MINUTES = r"(\d+)\s?h\s?(\d{1,2})"


def parse_duration(text: str, *, signed: bool = False) -> timedelta:
    """Return the duration that `90m`, `1h30m`, `1h30`, `2 hours`, `1.5h` or `PT90M` (RFC 5545 3.3.6) names.

    A day is 24 hours. Only `signed` ones may be negative. Raises UsageError for all else, bare numbers too.
    """
    bare = " ".join(bounded(text).split())
    minus = bare.startswith("-")
    if minus and not signed:
        raise UsageError(f"{quoted(text)} is negative; write a duration such as 45m or 1h30m")
    found = _read_duration(bare[1:].lstrip() if minus or bare.startswith("+") else bare)
    if found is None or found > LONGEST_DURATION:
        raise UsageError(f"{quoted(text)} is no duration; write it as 45m, 1h30m or PT90M")
    return -found if minus else found


def _read_duration(text: str) -> timedelta | None:
    lower = text.casefold()
    if lower == "0":
        return ZERO
    if iso := re.fullmatch(ISO_DURATION, text, re.IGNORECASE):
        return _sum((value, unit) for unit, value in iso.groupdict("0").items())
    if pair := re.fullmatch(HOURS_AND_MINUTES, lower):
        return _sum([(pair[1], "h"), (pair[2], "m")])
    parts = [
        (number.replace(",", "."), UNIT_WORDS.get(unit))
        for number, unit in re.findall(NUMBER_AND_UNIT, lower)
    ]
    units = "".join(unit or "?" for _, unit in parts)
    if not re.fullmatch("(?=.)w?d?h?m?", units) or re.sub(NUMBER_AND_UNIT, "", lower):
        return None
    return _sum((number, unit) for number, unit in parts if unit)


def _sum(parts: Iterable[tuple[str, str]]) -> timedelta | None:
    minutes = sum(float(number) * (UNITS[unit] / UNITS["m"]) for number, unit in parts)
    return timedelta(minutes=minutes) if minutes <= LONGEST_DURATION / UNITS["m"] else None


def parse_hours(text: str) -> Hours:
    """Return the hours that `08:00-19:00`, `9-17`, `9am-5pm` or `mon-fri 09:00-17:00` names.

    An end of `24:00` or `00:00` is midnight. Without days they hold on the working week of the country.
    Raises UsageError for hours over midnight, and for those that leave no time.
    """
    lower = re.sub("[–—−]", "-", " ".join(bounded(text).casefold().split()))
    found = re.search(RANGE, re.sub(r"\b24(?::00)?(?![\d:])", "00:00", lower))
    if found is None:
        raise UsageError(f"{quoted(text)} names no hours; write them as 08:00-19:00 or mon-fri 09:00-17:00")
    pairs = [(start, end) for start, end in read_range(found, twelve=False) if end is not None]
    if not pairs or pairs[0][0] == time(0) == pairs[0][1] != time(0):
        raise UsageError(f"{quoted(text)} leaves no time: hours end after they start, on the same day")
    words = f"{found.string[: found.start()]} {found.string[found.end() :]}".strip(" ,:")
    return Hours(
        *min(pairs, key=lambda pair: minutes_between(*pair)), _read_days(words, text) if words else None
    )


def tell_hours(hours: Hours) -> str:
    """Return the hours in words that `parse_hours` reads: `mon-fri 09:00-17:00`."""
    clocks, days = f"{hours.start:%H:%M}-{hours.end:%H:%M}", hours.days
    if not days:
        return clocks
    firsts = [day for day in sorted(days) if day - 1 not in days]
    lasts = [day for day in sorted(days) if day + 1 not in days]
    runs = (
        WEEK[first] if first == last else f"{WEEK[first]}-{WEEK[last]}"
        for first, last in zip(firsts, lasts, strict=True)
    )  # fmt: skip
    return f"{','.join(runs)} {clocks}"


def _read_days(words: str, text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in re.split(r",\s?(?:and\s)?|\s(?:and\s)?", re.sub(r"\s?-\s?| to ", "-", words)):
        ends = [re.fullmatch(WEEKDAY, word) for word in part.split("-")]
        numbers = [weekday_number(end) for end in ends if end]
        if len(numbers) != len(ends) or len(numbers) > 2:
            raise UsageError(f"{quoted(text)} names a day that is none; write days as mon-fri or sun,tue")
        days.update((numbers[0] + step) % 7 for step in range((numbers[-1] - numbers[0]) % 7 + 1))
    return frozenset(days)


def parse_time(
    text: str, zone: str, now: datetime, find_zone: FindZone | None = None, *, need_clock: bool = False
) -> datetime:
    """Return the instant, in UTC, that the text names: ISO 8601, or words (`12 May 14:30`, `Tue 3pm ET`).

    A time without offset or zone is in `zone`; without a clock time it is midnight, unless `need_clock`;
    without a day it is today. What is not understood here is left to python-dateutil. Raises UsageError when
    the text names no time, several, or a local time that clocks skip.
    """
    iso = _read_iso(bounded(text).strip())
    if iso is None or (need_clock and iso.time() == time(0) and ":" not in text and "T" not in text):
        return _parse_words(text, zone, now, find_zone, need_clock=need_clock)
    checked_year(iso, text)
    if iso.tzinfo is not None:
        return iso.astimezone(UTC)
    return _only(place([iso.date()], ((iso.time(), None),), ZoneInfo(zone), ZERO), text).start


def _read_iso(text: str) -> datetime | None:
    """ISO 8601; `2026-05-12 09:00-10:00` is not, since after a space people write an end and no offset."""
    if " " in text:
        if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d ?- ?\d\d:\d\d", text):
            return None
        text = re.sub(r"(?<=:\d\d) (?=[+-]\d\d)", "", text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parse_words(
    text: str, zone: str, now: datetime, find_zone: FindZone | None, *, need_clock: bool
) -> datetime:
    written = take_apart(text, twelve=False)
    named = written.dated or written.weekday or written.timed
    if not named or any(end for _, end in written.clocks):
        return _parse_foreign(text, zone, find_zone, need_clock=need_clock)
    try:
        info = _zone_of(written, zone, find_zone)
    except UsageError as unknown_zone:
        try:
            return _parse_foreign(text, zone, find_zone, need_clock=need_clock)
        except UsageError:
            raise unknown_zone from None
    if need_clock and not written.timed:
        raise UsageError(f"{quoted(text)} names no clock time; write it as 2026-05-12 14:30")
    if not written.timed:
        written = written._replace(clocks=((time(0), None),))
    return _settle(written, info, now, ZERO).start


def parse_offer(
    text: str, zone: str, now: datetime, length: timedelta | None, find_zone: FindZone
) -> Interval:
    """Return the time somebody named, in UTC: `Tue 3pm ET`, `12 May 14:30-15:15 Berlin`, ISO 8601.

    `length` fills a missing end; a time without zone is in `zone`. Raises UsageError when the time is past,
    has no end, is skipped by a change of clocks, or can be read in several ways, which are then listed.
    """
    found = _read_iso_interval(bounded(text).strip(), zone, now, length)
    if found is None:
        found = _read_offer(text, zone, now, length, find_zone)
    if found.end <= found.start:
        raise UsageError(f"{quoted(text)} ends before it starts; write it as 2026-05-12 14:30-15:15")
    if found.start <= now:
        raise UsageError(f"{quoted(text)} is past; name a time that lies ahead")
    return found


def _read_iso_interval(text: str, zone: str, now: datetime, length: timedelta | None) -> Interval | None:
    """ISO 8601's `start/end` and `start/duration`, or a start alone that holds a T."""
    first, slash, second = (part.strip() for part in text.partition("/"))
    if "T" not in first or _read_iso(first) is None:
        return None
    start = parse_time(first, zone, now)
    if not slash:
        return Interval(start, start + _needed(length, text))
    if second.startswith("P"):
        return Interval(start, start + parse_duration(second))
    return Interval(start, parse_time(second, zone, now, need_clock=True))


def _read_offer(
    text: str, zone: str, now: datetime, length: timedelta | None, find_zone: FindZone
) -> Interval:
    written = take_apart(text, twelve=True)
    for part, missing in ((written.timed, "clock time"), (written.dated or written.weekday, "day")):
        if not part:
            raise UsageError(f"{quoted(text)} names no {missing}; write it as Tue 3pm or 2026-05-12 14:30")
    ended = bool(written.clocks) and all(end for _, end in written.clocks)
    return _settle(written, _zone_of(written, zone, find_zone), now, ZERO if ended else _needed(length, text))


def _needed(length: timedelta | None, text: str) -> timedelta:
    if length is None:
        raise UsageError(f"{quoted(text)} has no end; write it as 14:30-15:15, or give the length with --for")
    return length


def _zone_of(written: Written, zone: str, find_zone: FindZone | None) -> tzinfo:
    if written.zone and (written.offset is not None or find_zone is None):
        raise UsageError(
            f"{quoted(written.text)} holds words that are not understood; write 2026-05-12 14:30"
        )
    if written.offset is not None:
        return timezone(written.offset)
    return ZoneInfo(find_zone(written.zone) if written.zone and find_zone else zone)


def _settle(written: Written, zone: tzinfo, now: datetime, length: timedelta) -> Interval:
    days = find_days(written, now.astimezone(zone).date())
    if not days:
        raise UsageError(f"{quoted(written.text)} names no day that exists within half a year; add the year")
    if not written.clocks:
        raise UsageError(f"{quoted(written.text)} names no time of day that exists; write it as 14:30")
    readings = list(place(days, written.clocks, zone, length, written.zone))
    if not written.dated and len(days) > 1:  # "Tue" on a Tuesday is in a week when today's hour has passed
        readings = [reading for reading in readings if reading.interval.start > now] or readings
    return _only(readings, written.text)


def _only(readings: Iterable[Reading], text: str) -> Interval:
    distinct = {reading.interval: reading for reading in readings}
    if not distinct:
        raise UsageError(
            f"{quoted(text)} does not exist: clocks skip it on that day, or it ends before it starts"
        )
    if len(distinct) > 1:
        told = " or ".join(tell(reading) for reading in list(distinct.values())[:4])
        full = local_start(next(iter(distinct.values()))).isoformat(timespec="minutes")
        raise UsageError(f"{quoted(text)} can be {told}; write it in full, such as {full}")
    return next(iter(distinct))


# ---- what is left to python-dateutil


def _parse_foreign(text: str, zone: str, find_zone: FindZone | None, *, need_clock: bool) -> datetime:
    readings: list[Reading] = []
    for day_first in (True, False):
        for local in _ask_dateutil(text, day_first=day_first, find_zone=find_zone, need_clock=need_clock):
            clocks = ((local.time().replace(microsecond=0), None),)
            readings.extend(
                place([checked_year(local.date(), text)], clocks, local.tzinfo or ZoneInfo(zone), ZERO)
            )
    return _only(readings, text).start


def _ask_dateutil(
    text: str, *, day_first: bool, find_zone: FindZone | None, need_clock: bool
) -> tuple[datetime, ...]:
    """What dateutil reads; two defaults show which parts it would have filled in silently."""
    from dateutil import parser

    def zone_of(name: str | None, seconds: int | None) -> tzinfo | None:
        if seconds is not None and name in {None, "UTC", "GMT", "Z"}:
            return timezone(timedelta(seconds=seconds))
        if name is None:
            return None
        if find_zone is None or seconds is not None:
            raise UsageError(f"{quoted(text)} holds a zone that is not understood; write it as +02:00")
        return ZoneInfo(find_zone(name))

    try:
        first, second = (
            parser.parse(text, default=default, dayfirst=day_first, tzinfos=zone_of)
            for default in (datetime(2000, 1, 1), datetime(2004, 2, 2, 1))  # noqa: DTZ001 (local by intent)
        )
    except (ValueError, OverflowError, TypeError, AttributeError, ArithmeticError):
        raise UsageError(f"{quoted(text)} is no time; write it as 2026-05-12 14:30 or 12 May 14:30") from None
    weekday = re.search(WEEKDAY, text, re.IGNORECASE)
    if first.date() != second.date() or (weekday and weekday_number(weekday) != first.weekday()):
        raise UsageError(f"{quoted(text)} names no full date; write it as 2026-05-12")
    if need_clock and first.hour != second.hour:
        raise UsageError(f"{quoted(text)} names no clock time; write it as 2026-05-12 14:30")
    return (first,)
