"""Time zones mentioned in a text: `10:00 ET`, `3pm CET`, `(London time)`, and what Outlook and Google add."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lastresort.zones.names import (
    abbreviated_zones,
    known_abbreviations,
    resolve_tzid,
    seasonal_offsets,
    zone_of_time,
)
from lastresort.zones.places import find_cities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_READ = 20_000
"""Characters of a text that are looked at."""
_MOST_MENTIONS = 50
"""Matches of one pattern that are looked up."""
_ALSO_WORDS = frozenset(("Bath", "Essen", "Mobile", "Nice", "Orange", "Reading", "Split"))
"""Cities that are words: `Reading time` says how long."""


def zone_written_in(text: str) -> str | None:
    """Return the IANA zone that a text names; `None` when it names none, or several that differ.

    Abbreviations count behind a time only, and only in capitals: `est` and `et` are words.
    """
    found = list(_mentioned(text[:_READ]))
    if len({seasonal_offsets(zone) for zone in found}) != 1:
        return None
    return next((zone for zone in found if "/" in zone), found[0])


def _mentioned(text: str) -> Iterator[str]:
    for may_have, mention, look_up in _MENTIONS:
        if not may_have(text):
            continue
        for _, match in zip(range(_MOST_MENTIONS), mention.finditer(text), strict=False):
            zone = look_up(match[1])
            if zone:
                yield zone


def _abbreviated(word: str) -> str | None:
    zones = abbreviated_zones(word)
    return zones[0] if len(zones) == 1 else None


def _time_of_place(phrase: str) -> str | None:
    """Return the zone of `London time` or `Eastern Standard Time`, whatever words stand before."""
    words = phrase.split()
    for start in range(len(words) - 1):
        place = " ".join(words[start:-1])
        zone = zone_of_time(" ".join(words[start:])) or (_city(place) if place[0].isupper() else None)
        if zone:
            return zone
    return None


def _city(name: str) -> str | None:
    """Return the zone of the longest beginning of a name that is a larger city, and of one zone only."""
    words = name.split()
    for end in range(len(words), 0, -1):
        name = " ".join(words[:end])
        zones = {city.zone for city in find_cities(name)} if name not in _ALSO_WORDS else set()
        if zones:
            return zones.pop() if len(zones) == 1 else None
    return None


def _has_abbreviation(text: str) -> bool:
    return any(name in text for name in known_abbreviations())


_CLOCK = r"(?:\d[:.h]\d\d(?: ?[ap]\.?m\.?| uhr| hrs)?|\d ?[ap]\.?m\.?|\d ?[\u2013-] ?\d{1,2}) ?\(?"
_LETTERS = r"((?!UTC|GMT)[A-Z]{2,5}|(?:UTC|GMT)(?! ?[+\u2212-] ?\d))\b"
_OFFSET = r"((?:UTC|GMT) ?[+\u2212-] ?\d{1,2}(?::?\d\d)?)(?![\d:]|\) ?[^\W\d_])"
_MENTIONS: tuple[tuple[Callable[[str], bool], re.Pattern[str], Callable[[str], str | None]], ...] = (
    (lambda text: "/" in text, re.compile(r"\b([A-Z][a-z]{3,9}/[A-Z][A-Za-z_/-]{2,30})"), resolve_tzid),
    (
        lambda text: "(UTC" in text or "(GMT" in text,
        re.compile(r"(\((?:UTC|GMT)[+-]\d\d[:.]\d\d\) [^\r\n<>]{3,80})"),
        resolve_tzid,
    ),
    (_has_abbreviation, re.compile(_CLOCK + _LETTERS, re.IGNORECASE), _abbreviated),
    (
        lambda text: "utc" in text.lower() or "gmt" in text.lower(),
        re.compile(_CLOCK + _OFFSET, re.IGNORECASE),
        resolve_tzid,
    ),
    (
        lambda text: "ime - " in text,
        re.compile(r"\b[Tt]ime - ([A-Z][^\W\d_]{1,20}(?:[ .'-][^\W\d_]{1,20}){0,3})"),
        _city,
    ),
    (
        lambda text: " time" in text or " Time" in text,
        re.compile(r"\b([A-Z][^\W\d_]{0,20}(?:[ .'-][^\W\d_]{1,20}){0,3} [Tt]ime)\b"),
        _time_of_place,
    ),
)
"""Whether a text may have such a mention, which is asked before its pattern is compiled; what it looks like,
every repetition bounded; and how it is read."""
