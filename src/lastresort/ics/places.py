"""Countries and larger cities by the names people write: the package's own tables, and pytz's catalogue."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import tzdata  # type: ignore[import-untyped]

from lastresort.cheap import NamedTuple

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
    found = sorted(_cities_called(folded(name)), key=lambda city: -city.thousands)
    if region.strip():
        return [city for city in found if _lies_in(city, region.strip())]
    if len(found) > 1 and found[0].thousands >= _MUCH_LARGER * found[1].thousands:
        return found[:1]
    return found


def _lies_in(city: City, region: str) -> bool:
    country, _, state = city.region.partition("-")
    return bool(state and state == region.upper()) or country == country_code(region)


def _cities_called(key: str) -> list[City]:
    """Return the cities one of whose names folds to the key, in the order of the table.

    The table is searched as one text: to make some six thousand cities for the sake of one name takes
    longer than all the rest of a small run.
    """
    if not key:
        return []
    texts = [_names(umlauts=False)]
    if any(letters in key for letters in ("ae", "oe", "ue")):
        texts.append(_names(umlauts=True))
    places = {place for text in texts for place in _entries_called(key, text)}
    return [_city(_rows()[row], entry) for row, entry in sorted(places)]


def _entries_called(key: str, names: str) -> Iterator[tuple[int, int]]:
    """Yield row and entry of each city that is called so."""
    at = names.find(key)
    while at >= 0:
        if names[at - 1] in _ENDS and names[at + len(key)] in _ENDS:
            yield names.count("\n", 1, at), names.count("|", names.rfind("\n", 0, at), at)
        at = names.find(key, at + 1)


_ENDS = "\n|/"
"""What stands between rows, cities and the names of one city."""


@cache
def _rows() -> tuple[list[str], ...]:
    return tuple(table_rows("cities.tsv"))


@cache
def _names(*, umlauts: bool) -> str:
    """Return all names of the table folded at once, row by row; `umlauts` are written out (`Muenchen`)."""
    import unicodedata

    # behind the last of a city's names stands its number
    cities = (entry.rpartition(" ")[0] for _, _, cities in _rows() for entry in (*cities.split("|"), "\n "))
    text = "\n" + "|".join(cities).replace("|\n|", "\n").removesuffix("|\n") + "\n"
    text = _replace(_replace(text, _UMLAUTS) if umlauts else text, _FOLDED_LETTERS)
    text = unicodedata.normalize("NFKD", text).lower()
    for char in set(text) - {*_ENDS}:
        if not char.isalnum():
            text = text.replace(char, "")
    return text


def _replace(text: str, letters: Mapping[int, str | int]) -> str:
    """The same as `str.translate`, ten times as fast where few letters are concerned."""
    for code, letter in letters.items():
        text = text.replace(chr(code), letter if isinstance(letter, str) else chr(letter))
    return text


def _city(row: list[str], entry: int) -> City:
    zone, region, cities = row
    names, _, thousands = cities.split("|")[entry].rpartition(" ")
    return City(names.partition("/")[0], region, zone, int(thousands))


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
    for zone, _, cities in _rows():
        inhabitants = max(int(entry.rpartition(" ")[2]) for entry in cities.split("|"))
        largest[zone] = max(inhabitants, largest.get(zone, 0))
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
    for _, _, cities in _rows():
        for names in (entry.rpartition(" ")[0].split("/") for entry in cities.split("|")):
            known |= {folded(name): names[0] for name in names}
    found = get_close_matches(folded(text), known, n=5, cutoff=0.7)
    return list(dict.fromkeys(known[key] for key in found))
