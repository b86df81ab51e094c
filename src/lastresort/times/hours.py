"""Acceptable hours as people write them: `mon-fri 09:00-17:00`."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING

from lastresort.errors import UsageError
from lastresort.query import Hours
from lastresort.times.telling import bounded, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?P<name>mon|tue|wed|thu|fri|sat|sun)(?:(?:s|nes|r|rs|ur)?(?:day)?)\.?"
_CLOCK = (
    r"(?P<hour{n}>\d{{1,2}})(?!\d)(?:[:.h](?P<minute{n}>\d\d)(?!\d))?"
    r"\s?(?P<half{n}>[ap]\.?m\b\.?)?(?:\s?(?:uhr|h)\b)?"
)
_RANGE = rf"(?<![\d:.]){_CLOCK.format(n=1)}\s?(?:-|to\b|until\b|till\b|bis\b)\s?{_CLOCK.format(n=2)}(?!:?\d)"
_DAY_MINUTES = 24 * 60


def parse_hours(text: str) -> Hours:
    """Return the hours that `08:00-19:00`, `9-17`, `9am-5pm` or `mon-fri 09:00-17:00` names.

    An end of `24:00` or `00:00` is midnight. Without days they hold on the working week of the country.
    Raises UsageError for hours over midnight, and for those that leave no time.
    """
    lower = re.sub("[–—−]", "-", " ".join(bounded(text).casefold().split()))
    found = re.search(_RANGE, re.sub(r"\b24(?::00)?(?![\d:])", "00:00", lower))
    if found is None:
        raise UsageError(f"{quoted(text)} names no hours; write them as 08:00-19:00 or mon-fri 09:00-17:00")
    pairs = [
        (start, end)
        for start in _minutes(found["hour1"], found["minute1"], found["half1"], other=found["half2"])
        for end in _minutes(found["hour2"], found["minute2"], found["half2"], other=found["half1"])
        if start < (end or _DAY_MINUTES)
    ]
    if not pairs:
        raise UsageError(f"{quoted(text)} leaves no time: hours end after they start, on the same day")
    start, end = min(pairs, key=lambda pair: (pair[1] or _DAY_MINUTES) - pair[0])
    words = f"{found.string[: found.start()]} {found.string[found.end() :]}".strip(" ,:")
    return Hours(_time(start), _time(end), _read_days(words, text) if words else None)


def _minutes(hour: str, minute: str | None, half: str | None, *, other: str | None) -> Iterator[int]:
    """Yield the minutes after midnight that a clock time can mean; `other` is what its neighbour says."""
    number, minutes = int(hour), int(minute or 0)
    if minutes > 59 or number > 23 or (half and not 1 <= number <= 12):
        return
    if half:
        number = number % 12 + (12 if half[0] == "p" else 0)
    yield number * 60 + minutes
    if other and not half and 1 <= number <= 7:
        yield (number + 12) * 60 + minutes


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def tell_hours(hours: Hours) -> str:
    """Return the hours in words that `parse_hours` reads: `mon-fri 09:00-17:00`."""
    clocks, days = f"{hours.start:%H:%M}-{hours.end:%H:%M}", hours.days
    if not days:
        return clocks
    firsts = [day for day in sorted(days) if day - 1 not in days]
    lasts = [day for day in sorted(days) if day + 1 not in days]
    runs = (
        _WEEK[first] if first == last else f"{_WEEK[first]}-{_WEEK[last]}"
        for first, last in zip(firsts, lasts, strict=True)
    )  # fmt: skip
    return f"{','.join(runs)} {clocks}"


def _read_days(words: str, text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in re.split(r",\s?(?:and\s)?|\s(?:and\s)?", re.sub(r"\s?-\s?| to ", "-", words)):
        ends = [re.fullmatch(_WEEKDAY, word) for word in part.split("-")]
        numbers = [_WEEK.index(end["name"]) for end in ends if end]
        if len(numbers) != len(ends) or len(numbers) > 2:
            raise UsageError(f"{quoted(text)} names a day that is none; write days as mon-fri or sun,tue")
        days.update((numbers[0] + step) % 7 for step in range((numbers[-1] - numbers[0]) % 7 + 1))
    return frozenset(days)
