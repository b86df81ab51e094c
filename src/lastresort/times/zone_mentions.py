"""Time zones mentioned in a text: `10:00 ET`, `3pm CET`, `(London time)`, and what Outlook and Google add."""

from __future__ import annotations

import os
import re
from functools import cache
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

_TABLE = os.path.join(os.path.dirname(__file__), "data", "zone-phrases.tsv")
_READ = 20_000
"""Characters of a text that are looked at."""
_MOST_MENTIONS = 50
"""Matches of one pattern that are looked up."""
_ALSO_WORDS = frozenset(("Bath", "Essen", "Mobile", "Nice", "Orange", "Reading", "Split"))
"""Cities that are words: `Reading time` says how long."""


def zone_written_in(text: str, mine: str = "") -> str | None:
    """Return the IANA zone that a text names; `None` when it names none, or several that differ.

    Abbreviations count behind a time only, and only in capitals: `est` and `et` are words. Where the same
    time is given in two zones (`4 pm BST / 5 pm CEST`), the one that is not `mine` is meant. A line about
    the reader's own zone (`Invitee Time Zone`) names none.
    """
    read = "\n".join(line for line in text[:_READ].splitlines() if not _OWN.search(line))
    found = list(_mentioned(read))
    if mine and len({seasonal_offsets(zone) for zone in found}) > 1:
        found = [zone for zone in found if seasonal_offsets(zone) != seasonal_offsets(mine)]
    if len({seasonal_offsets(zone) for zone in found}) != 1:
        return None
    return next((zone for zone in found if "/" in zone), found[0])


def _mentioned(text: str) -> Iterator[str]:
    for may_have, mention, look_up in _MENTIONS:
        if not may_have(text):
            continue
        for _, match in zip(range(_MOST_MENTIONS), re.finditer(mention, text), strict=False):
            zone = look_up(match[1])
            if zone:
                yield zone


def _abbreviated(word: str) -> str | None:
    """The zone of an abbreviation; of several the one that invitations mean, which is listed first."""
    if word.capitalize() in _SPOKEN and not word.isupper():
        return zone_of_time(f"{word} time")
    return next(iter(abbreviated_zones(word)), None) if word.isupper() else None


def _spoken(phrase: str) -> str | None:
    """The zone of what other languages write: `heure de Paris`, `по московскому времени`, `北京时间`."""
    folded = phrase.casefold()
    return next((zone for zone, words in _phrases() if any(word in folded for word in words)), None) or _city(
        phrase.split()[-1].strip("().,;")
    )


def _time_of_place(phrase: str) -> str | None:
    """Return the zone of `London time` or `Eastern Standard Time`, whatever words stand before."""
    words = phrase.split()
    for start in range(len(words) - 1):
        place = " ".join(words[start:-1])
        zone = zone_of_time(" ".join(words[start:])) or (_city(place) if place[0].isupper() else None)
        if zone:
            return zone
    return None


@cache
def _phrases() -> tuple[tuple[str, tuple[str, ...]], ...]:
    with open(_TABLE, encoding="utf-8") as file:
        rows = (line.rstrip("\n").split("\t") for line in file if not line.startswith("#"))
        return tuple((zone, tuple(words.split("|"))) for zone, words in rows)


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
    return any(name in text for name in (*known_abbreviations(), *_SPOKEN))


_OWN = re.compile(r"(?i)invitee|your (?:local )?time ?zone|ihre zeitzone|votre fuseau|tu zona horaria")
_SPOKEN = frozenset(("Eastern", "Central", "Mountain", "Pacific"))
_TIME_WORDS = (
    "hora", "horário", "heure", "ora ", " zeit", "врем", "мск", "час", "czasu", " tid", "saati", " tijd",
    "času", "时间", "時間", "시간", "توقيت", "समय",
)  # fmt: skip
_PHRASE = "|".join((
    r"(horário de \w+",
    r"hora(?:rio)? (?:de |del |da |do |peninsular |oficial )?[\w]+(?: [A-ZÁ]\w+)?",
    r"heure (?:de |du |d')?\w+",
    r"ora (?:di |del )?\w+",
    r"\w+(?:er|ische[rn]?) Zeit",
    r"по \w+(?:ому)? времени",
    r"(?:по )?мск",
    r"за \w+ часом",
    r"czasu \w+",
    r"\w+ tid",
    r"\w+ saati(?:yle)?",
    r"\w+ tijd",
    r"\w+ského času",
    r"(?:日本|北京|中国|台北|台湾|台灣|香港|東京)(?:时间|時間)",
    r"(?:한국|서울) ?시간",
    r"بتوقيت [\w ]{3,20}",
    r"भारतीय समय)",
))  # fmt: skip
"""How other languages speak of the time of a place."""
_CLOCK = r"(?:\d[:.h]\d\d(?: ?[ap]\.?m\.?| uhr| hrs)?|\d ?[ap]\.?m\.?|\d ?[\u2013-] ?\d{1,2}) ?\(?"
_LETTERS = r"(Eastern|Central|Mountain|Pacific|(?!UTC|GMT)[A-Z]{2,5}|(?:UTC|GMT)(?! ?[+\u2212-] ?\d))\b"
_OFFSET = r"((?:UTC|GMT) ?[+\u2212-] ?\d{1,2}(?::?\d\d)?)(?![\d:]|\) ?[^\W\d_])"
_MENTIONS: tuple[tuple[Callable[[str], bool], str, Callable[[str], str | None]], ...] = (
    (lambda text: "/" in text, r"\b([A-Z][a-z]{3,9}/[A-Z][A-Za-z_/-]{2,30})", resolve_tzid),
    (
        lambda text: "(UTC" in text or "(GMT" in text,
        r"(\((?:UTC|GMT)[+-]\d\d[:.]\d\d\) [^\r\n<>]{3,80})",
        resolve_tzid,
    ),
    (
        lambda text: any(word in text.casefold() for word in _TIME_WORDS),
        f"(?i){_PHRASE}",
        _spoken,
    ),
    (_has_abbreviation, f"(?i){_CLOCK}{_LETTERS}", _abbreviated),
    (
        lambda text: "utc" in text.lower() or "gmt" in text.lower(),
        f"(?i){_CLOCK}{_OFFSET}",
        resolve_tzid,
    ),
    (
        lambda text: "ime - " in text,
        r"\b[Tt]ime - ([A-Z][^\W\d_]{1,20}(?:[ .'-][^\W\d_]{1,20}){0,3})",
        _city,
    ),
    (
        lambda text: " time" in text or " Time" in text,
        r"\b([A-Z][^\W\d_]{0,20}(?:[ .'-][^\W\d_]{1,20}){0,3} [Tt]ime)\b",
        _time_of_place,
    ),
)
"""Whether a text may have such a mention, which is asked before its pattern is compiled; what it looks like,
every repetition bounded; and how it is read."""
