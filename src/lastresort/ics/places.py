"""Countries and larger cities by the names people write: the package's own tables, and pytz's catalogue."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import tzdata  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_DATA = os.path.join(os.path.dirname(__file__), "data")
_MUCH_LARGER = 10
_FOLDED_LETTERS = str.maketrans("øØłŁđĐı", "oOlLdDi") | str.maketrans({"ß": "ss", "æ": "ae", "Æ": "ae"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})


class City(NamedTuple):
    """A larger city; `thousands` are its inhabitants. `region` is a country, or a state as in `US-CA`."""

    name: str
    region: str
    zone: str
    thousands: int


def table_rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of a table of the package; lines that begin with # are comments."""
    with open(os.path.join(_DATA, name), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def folded(text: str) -> str:
    """Return what names are compared by: letters and digits only, lower-case, without accents."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.translate(_FOLDED_LETTERS)).lower()
    return "".join(c for c in plain if c.isalnum())


def find_cities(text: str) -> list[City]:
    """Return the cities a text may mean (`Berlin`, `San Jose, CR`, `Portland, OR`), largest first.

    One that is ten times as large as every namesake is meant alone.
    """
    name, _, region = text.partition(",")
    found = sorted(_cities().get(folded(name), ()), key=lambda city: -city.thousands)
    if region.strip():
        return [city for city in found if _lies_in(city, region.strip())]
    if len(found) > 1 and found[0].thousands >= _MUCH_LARGER * found[1].thousands:
        return found[:1]
    return found


def _lies_in(city: City, region: str) -> bool:
    country, _, state = city.region.partition("-")
    return bool(state and state == region.upper()) or country == country_code(region)


@cache
def _cities() -> Mapping[str, list[City]]:
    """Return cities by each of their folded names; umlauts may be written out (`Muenchen`)."""
    found: dict[str, list[City]] = {}
    for zone, region, cities in table_rows("cities.tsv"):
        for entry in cities.split("|"):
            names, _, thousands = entry.rpartition(" ")
            city = City(names.partition("/")[0], region, zone, int(thousands))
            spelled = {folded(form) for name in names.split("/") for form in (name, name.translate(_UMLAUTS))}
            for key in spelled:
                found.setdefault(key, []).append(city)
    return found


def country_code(text: str) -> str | None:
    """Return the ISO 3166 code of a country by code or name, English or its own; `None` when unknown."""
    code = text.strip().upper()
    return code if code in _country_names() else _countries().get(folded(text))


def country_name(code: str) -> str:
    """Return a country's English name, the code itself where the catalogue has none (Kosovo)."""
    return _country_names().get(code, code)


def country_zones(code: str) -> list[str]:
    """Return the IANA zones of a country, those with the largest cities first."""
    import pytz

    largest: dict[str, int] = {}
    for city in (city for cities in _cities().values() for city in cities):
        largest[city.zone] = max(city.thousands, largest.get(city.zone, 0))
    return sorted(pytz.country_timezones.get(code, []), key=lambda zone: -largest.get(zone, 0))


@cache
def _country_names() -> Mapping[str, str]:
    """Return English names by code: the list that pytz has too, without the time it takes to load."""
    folder = os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")
    with open(os.path.join(folder, "iso3166.tab"), encoding="utf-8") as file:
        rows = (line.rstrip("\n").split("\t") for line in file if not line.startswith("#"))
        return {row[0]: row[1] for row in rows}


@cache
def _countries() -> Mapping[str, str]:
    """Return country codes by folded name."""
    found = {folded(name): code for code, name in _country_names().items()}
    for code, _, names in _country_rows():
        found |= {folded(name): code for name in names.split("|") if name}
    return found


def _country_rows() -> Iterator[tuple[str, str, str]]:
    for row in table_rows("countries.tsv"):
        code, prefixes, names = (*row, "", "")[:3]
        yield code, prefixes, names


def phone_country(number: str) -> str | None:
    """Return the ISO 3166 code of the country of an international telephone number (`+49 …`, `0049 …`)."""
    digits = "".join(c for c in number[:40] if c.isascii() and (c.isdigit() or c == "+"))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not digits.startswith("+") or len(digits) < 8:
        return None
    return next((_prefixes()[digits[1:end]] for end in range(7, 1, -1) if digits[1:end] in _prefixes()), None)


@cache
def _prefixes() -> Mapping[str, str]:
    return {prefix: code for code, prefixes, _ in _country_rows() for prefix in prefixes.split("|") if prefix}


def near_matches(text: str, others: Iterable[str]) -> list[str]:
    """Return up to five known names that look like the text."""
    from difflib import get_close_matches

    known = {folded(name): name for name in others}
    known |= {folded(name): name for name in _country_names().values()}
    known |= {key: cities[0].name for key, cities in _cities().items()}
    found = get_close_matches(folded(text), known, n=5, cutoff=0.7)
    return list(dict.fromkeys(known[key] for key in found))
