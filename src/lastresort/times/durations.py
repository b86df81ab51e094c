"""Durations as people and RFC 5545 write them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from lastresort.errors import UsageError
from lastresort.times.telling import bounded, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        raise UsageError(f"{quoted(text)} is no duration; write it as 45m or 1h30m")
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
