"""One time in an option, such as `--at 2026-05-12T14:30` or `--slot "Tue 3pm ET"`.

ISO 8601 first, which needs no word list; then the grammar that reads mails; the formats of RFC 2822 and of
programs are left to python-dateutil. What can mean two instants is refused with its readings.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.errors import UsageError
from lastresort.model import ZERO, Interval
from lastresort.times.durations import parse_duration
from lastresort.times.readings import Meaning, ReadingContext, instants
from lastresort.times.telling import WEEKDAYS, bounded, quoted, tell
from lastresort.zones.names import find_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

YEARS = range(1970, 2200)
_WEEKDAY = r"\b(mon|tue|wed|thu|fri|sat|sun)"


class Span(NamedTuple):
    """A time with its readings; `window` when it is a part of the day or has an open end."""

    meanings: tuple[Meaning, ...]
    window: bool


def parse_time(text: str, zone: str, now: datetime, *, need_clock: bool = False) -> datetime:
    """Return the instant, in UTC, that the text names: ISO 8601, or words (`12 May 14:30`, `Di 15 Uhr`).

    A time without offset or zone is in `zone`; without a clock time it is midnight, unless `need_clock`;
    without a day it is today. Raises UsageError when the text names no time, several, or a local time that
    clocks skip.
    """
    iso = _read_iso(bounded(text).strip())
    if iso is None or (need_clock and iso.time() == time(0) and ":" not in text and "T" not in text):
        return _only(_words(text, zone, now, need_clock=need_clock), text).start
    _check_year(iso, text)
    if iso.tzinfo is not None:
        return iso.astimezone(UTC)
    found = [Meaning(Interval(at, at), zone) for at in instants(iso.date(), iso.time(), ZoneInfo(zone))]
    return _only(found, text).start


def read_span(text: str, setting: ReadingContext) -> Span:
    """Return the coming time that the text names with its readings: a start, or a range.

    Raises UsageError when it names none, has no end though `setting` knows no length, or is past.
    """
    found = _read_iso_interval(bounded(text).strip(), setting)
    if found is None:
        from lastresort.times.reader import (
            read_alone,  # the words of eight languages: most times are ISO 8601
        )

        alone = read_alone(text, setting)
        if alone.fault or not alone.meanings:
            raise UsageError(f"{quoted(text)} {alone.fault}; write it as Tue 3pm or 2026-05-12 14:30")
        if not alone.ended and setting.length is None:
            raise _no_end(text)
        return Span(alone.meanings, window=alone.window and not alone.ended)
    for meaning in found:
        if meaning.interval.end <= meaning.interval.start:
            raise UsageError(f"{quoted(text)} ends before it starts; write it as 2026-05-12 14:30-15:15")
        if meaning.interval.start <= setting.now:
            raise UsageError(f"{quoted(text)} is past; name a time that lies ahead")
    return Span(found, window=False)


def parse_offer(text: str, setting: ReadingContext) -> Interval:
    """Return the one time the text names, in UTC. Raises UsageError for several and for a window."""
    span = read_span(text, setting)
    if span.window:
        raise UsageError(f"{quoted(text)} is a stretch of time; name the time it starts at")
    return _only(span.meanings, text)


# ---- ISO 8601


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


def _read_iso_interval(text: str, setting: ReadingContext) -> tuple[Meaning, ...] | None:
    """ISO 8601's `start/end` and `start/duration`, or a start alone that holds a T."""
    first, slash, second = (part.strip() for part in text.partition("/"))
    zone = setting.theirs or setting.mine
    if "T" not in first or _read_iso(first) is None:
        return None
    start = parse_time(first, zone, setting.now)
    if not slash:
        if setting.length is None:
            raise _no_end(text)
        end = start + setting.length
    elif second.startswith("P"):
        end = start + parse_duration(second)
    else:
        end = parse_time(second, zone, setting.now, need_clock=True)
    return (Meaning(Interval(start, end), zone),)


def _no_end(text: str) -> UsageError:
    return UsageError(f"{quoted(text)} has no end; write it as 14:30-15:15, or give the length with --for")


def _check_year(day: date, text: str) -> None:
    if day.year not in YEARS:
        raise UsageError(f"{quoted(text)} is outside the years {YEARS[0]} to {YEARS[-1]}; check the year")


# ---- words


def _words(text: str, zone: str, now: datetime, *, need_clock: bool) -> tuple[Meaning, ...]:
    from lastresort.times.reader import read_alone  # as above

    alone = read_alone(text, ReadingContext(now=now, mine=zone, length=ZERO, strict=True))
    if not alone.complete:
        try:
            return tuple(_ask_dateutil(text, zone, now, need_clock=need_clock))
        except UsageError:
            if not alone.named:
                raise
            raise UsageError(f"{quoted(text)} {alone.fault}; write it as 2026-05-12 14:30") from None
    if need_clock and not alone.clocked:
        raise UsageError(f"{quoted(text)} names no clock time; write it as 2026-05-12 14:30")
    if alone.fault or alone.window or alone.ended:
        fault = alone.fault or "is a stretch of time"
        raise UsageError(f"{quoted(text)} {fault}; write it as 2026-05-12 14:30")
    return alone.meanings


def _only(meanings: Iterable[Meaning], text: str) -> Interval:
    distinct = {meaning.interval: meaning for meaning in meanings}
    if not distinct:
        raise UsageError(
            f"{quoted(text)} does not exist: clocks skip it on that day, or it ends before it starts"
        )
    if len(distinct) > 1:
        told = " or ".join(tell(meaning) for meaning in list(distinct.values())[:4])
        first = next(iter(distinct.values()))
        full = first.interval.start.astimezone(ZoneInfo(first.zone)).isoformat(timespec="minutes")
        raise UsageError(f"{quoted(text)} can be {told}; write it in full, such as {full}")
    return next(iter(distinct))


# ---- what is left to python-dateutil


def _ask_dateutil(text: str, zone: str, now: datetime, *, need_clock: bool) -> Iterator[Meaning]:
    """Yield what dateutil reads; two defaults show which parts it would have filled in silently."""
    from dateutil import parser

    def zone_of(name: str | None, seconds: int | None) -> tzinfo | None:
        if seconds is not None and name in {None, "UTC", "GMT", "Z"}:
            return timezone(timedelta(seconds=seconds))
        if name is None:
            return None
        if seconds is not None:
            raise UsageError(f"{quoted(text)} holds a zone that is not understood; write it as +02:00")
        return ZoneInfo(find_zone(name, now))

    try:
        first, second = (
            parser.parse(text, default=default, dayfirst=True, tzinfos=zone_of)
            for default in (datetime(2000, 1, 1), datetime(2004, 2, 2, 1))  # noqa: DTZ001 (local by intent)
        )
    except (ValueError, OverflowError, TypeError, AttributeError, ArithmeticError):
        raise UsageError(f"{quoted(text)} is no time; write it as 2026-05-12 14:30 or 12 May 14:30") from None
    if need_clock and first.hour != second.hour:
        raise UsageError(f"{quoted(text)} names no clock time; write it as 2026-05-12 14:30")
    weekday = re.search(_WEEKDAY, text, re.IGNORECASE)
    if (
        first.date() != second.date()
        or not any(char.isalpha() for char in text)
        or (weekday and not WEEKDAYS[first.weekday()].lower().startswith(weekday[1].lower()))
    ):
        raise UsageError(f"{quoted(text)} names no full date; write it as 2026-05-12")
    _check_year(first.date(), text)
    there = first.tzinfo or ZoneInfo(zone)
    for at in instants(first.date(), first.time().replace(microsecond=0), there):
        yield Meaning(Interval(at, at), zone)
