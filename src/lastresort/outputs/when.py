"""Days and times as the reports write them: short, 24 hours, always with the place whose clock it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lastresort.model import Interval

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local(instant: datetime, zone: str) -> datetime:
    """Return the instant on the zone's wall clock; UTC at the ends of the calendar."""
    try:
        return instant.astimezone(ZoneInfo(zone))
    except OverflowError:
        return instant


def day(instant: datetime, zone: str, now: datetime) -> str:
    """Return `Thu 26 Nov`, with the year where it is not the present one."""
    there = local(instant, zone)
    year = "" if there.year == local(now, zone).year else f" {there.year}"
    return f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]}{year}"


def clock(instant: datetime, zone: str) -> str:
    """Return `15:00`."""
    return f"{local(instant, zone):%H:%M}"


def moment(instant: datetime, zone: str, now: datetime) -> str:
    """Return `Thu 26 Nov, 15:00`."""
    return f"{day(instant, zone, now)}, {clock(instant, zone)}"


def written(instant: datetime, zone: str) -> str:
    """Return `2026-11-26 15:00`, as commands take it."""
    return f"{local(instant, zone):%Y-%m-%d %H:%M}"


def span(interval: Interval, zone: str, now: datetime, *, all_day: bool = False) -> str:
    """Return `Thu 26 Nov, 15:00–16:00`; both days where they differ, days alone for an all-day event."""
    first = day(interval.start, zone, now)
    if all_day:
        final = day(interval.end - (interval.end - interval.start) / 1000, zone, now)
        return f"{first}, all day" if final == first else f"{first} – {final}"
    last = day(interval.end, zone, now)
    if last == first:
        return f"{first}, {clock(interval.start, zone)}–{clock(interval.end, zone)}"
    return f"{first} {clock(interval.start, zone)} – {last} {clock(interval.end, zone)}"


def without_commas(told: str) -> str:
    """Return what `span` gives without commas: `Thu 26 Nov 15:00–16:00`."""
    return told.replace(",", "")


def start_of(told: str) -> str:
    """Return the start alone of what `span` gives: `Thu 26 Nov 15:00`."""
    return without_commas(told).partition("–")[0].strip()


def without_day(told: str, beside: str) -> str:
    """Return what `span` gives without the day where that is the same as of the span beside it."""
    day, _, hours = told.partition(", ")
    return hours if hours and beside.startswith(f"{day}, ") else without_commas(told)


def spans(intervals: Sequence[Interval], zone: str, now: datetime) -> str:
    """Return `Thu 26 Nov, 15:00–15:30 and 16:00–17:00`; the day once, where all are on it."""
    told: list[str] = []
    for interval in intervals:
        written = span(interval, zone, now)
        same_day = bool(told) and written.startswith(f"{day(intervals[0].start, zone, now)}, ")
        told.append(written.partition(", ")[2] if same_day else written)
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def distance(instant: datetime, now: datetime, zone: str) -> str:
    """Return how far ahead something is, as a person would say it: by the clock when close, else by days."""
    minutes = int((instant - now).total_seconds() // 60)
    if minutes < 0:
        return f"began {lasting(-minutes)} ago"
    if minutes < 120:
        return f"in {minutes} minutes"
    days = (local(instant, zone).date() - local(now, zone).date()).days
    if days < 2:
        return f"{'today' if days == 0 else 'tomorrow'}, in {minutes // 60} hours"
    return f"in {days} days"


def lasting(minutes: int) -> str:
    """Return `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )
