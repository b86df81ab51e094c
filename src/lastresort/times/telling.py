"""Words for messages about times: what was given, quoted, and days and readings that cannot be misread."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lastresort.errors import UsageError
from lastresort.text import one_line

if TYPE_CHECKING:
    from datetime import date

    from lastresort.times.readings import Meaning

LONGEST_TEXT = 100
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def bounded(text: str) -> str:
    """Return the text. Raises UsageError when it is longer than any time is written."""
    if len(text) > LONGEST_TEXT:
        raise UsageError(f"{quoted(text)} is too long for a time; write it as 2026-05-12 14:30")
    return text


def quoted(text: str) -> str:
    """Return the text in quotes, on one line and short, for a message."""
    return f"'{one_line(text, 40)}'"


def tell_day(day: date) -> str:
    """Return the day in words that cannot be misread: `12 May 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def tell(meaning: Meaning) -> str:
    """Return the start of a reading with weekday, month as a word and the zone's abbreviation."""
    start = meaning.interval.start.astimezone(ZoneInfo(meaning.zone))
    return f"{WEEKDAYS[start.weekday()][:3]} {tell_day(start.date())} {start:%H:%M %Z}"
