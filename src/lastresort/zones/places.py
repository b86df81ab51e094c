"""Countries and larger cities by the names people write: the package's own tables, and pytz's catalogue."""

from __future__ import annotations

import os
import re
import unicodedata
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lastresort.zones.database import PACKAGE_FOLDER

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
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_FOLDED_LETTERS))
    return "".join(filter(str.isalnum, text.lower()))


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

    The table is searched as one text, and only names that may begin as the key does are folded: to fold some
    six thousand for the sake of one takes longer than all the rest of a small run.
    """
    if not key:
        return []
    table, found = _table(), {}
    for match in _beginning_like(key).finditer(table):
        # behind the last of a city's names stands its number
        name = match[1] if table[match.end()] == "/" else match[1].rpartition(" ")[0]
        if key in _foldings(name) and table.count("\t", table.rfind("\n", 0, match.end()), match.end()) == 2:
            start, city = _city(table, match.end())
            found[start] = city
    return list(found.values())


def _beginning_like(key: str) -> re.Pattern[str]:
    """Return what finds names whose first two letters may fold to the key's, as any may that is not ASCII."""
    other, mark = r"[^\x00-\x7f]", r"[^\w\t\n|/]*"
    first, *second = (f"(?:[{letter}{letter.upper()}]|{other})" for letter in key[:2])
    return re.compile(rf"[\t|/]({mark}(?:{mark.join((first, *second))}|{other})[^\t\n|/]*)")


def _foldings(name: str) -> tuple[str, ...]:
    """Return what a name is compared by; umlauts may be written out (`Muenchen`)."""
    return (folded(name),) if name.isascii() else (folded(name), folded(name.translate(_UMLAUTS)))


@cache
def _table() -> str:
    with open(os.path.join(_DATA, "cities.tsv"), encoding="utf-8") as file:
        return "\n" + file.read()


def _city(table: str, place: int) -> tuple[int, City]:
    """Return the city one of whose names stands at this place, and where it begins itself."""
    row = table.rfind("\n", 0, place) + 1
    zone, region, _ = table[row : table.index("\n", row)].split("\t")
    start = max(table.rfind("|", row, place), table.rfind("\t", row, place)) + 1
    names, _, thousands = re.split(r"[|\n]", table[start:], maxsplit=1)[0].rpartition(" ")
    return start, City(names.partition("/")[0], region, zone, int(thousands))


def zone_of_exonym(text: str) -> str | None:
    """Return the IANA zone of a city by its name in another language (`Londres`, `Nueva York`)."""
    return _exonyms().get(folded(text))


@cache
def _exonyms() -> Mapping[str, str]:
    further = {folded(name): zone for zone, names in table_rows("exonyms.tsv") for name in names.split("|")}
    return {folded(name): zone for zone, names in city_names().items() for name in names.values()} | further


@cache
def city_names() -> Mapping[str, Mapping[str, str]]:
    """Return what cities are called in other languages: by IANA zone, then by ISO 639-1 code."""
    languages = ("de", "fr", "es", "pt", "it", "nl")
    return {
        zone: dict(zip(languages, names.split("|"), strict=True))
        for zone, names in table_rows("city-names.tsv")
    }


def country_code(text: str) -> str | None:
    """Return the ISO 3166 code of a country by code or name, English or its own; `None` when unknown."""
    code = text.strip().upper()
    return code if code in _country_names() else _country_called(folded(text))


def country_zones(code: str) -> list[str]:
    """Return the IANA zones of a country, those with the largest cities first."""
    import pytz

    largest: dict[str, int] = {}
    for zone, _, cities in table_rows("cities.tsv"):
        inhabitants = max(int(entry.rpartition(" ")[2]) for entry in cities.split("|"))
        largest[zone] = max(inhabitants, largest.get(zone, 0))
    return sorted(pytz.country_timezones.get(code, []), key=lambda zone: -largest.get(zone, 0))


@cache
def _country_names() -> Mapping[str, str]:
    """Return English names by code: the list that pytz has too, without the time it takes to load."""
    with open(os.path.join(PACKAGE_FOLDER, "iso3166.tab"), encoding="utf-8") as file:
        rows = (line.rstrip("\n").split("\t") for line in file if not line.startswith("#"))
        return {row[0]: row[1] for row in rows}


def _country_called(key: str) -> str | None:
    """Return the code of the country one of whose names folds to the key: our own names before pytz's."""
    ours = ((name, code) for code, _, names in _country_rows() for name in names.split("|"))
    theirs = ((name, code) for code, name in _country_names().items())
    # only names that may begin as the key does are folded
    alike = (
        (name, code) for name, code in (*ours, *theirs) if name[:1].lower() == key[:1] or not name.isascii()
    )
    return next((code for name, code in alike if key and folded(name) == key), None)


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
    known = {folded(name): name for name in others}
    known |= {folded(name): name for name in _country_names().values()}
    for _, _, cities in table_rows("cities.tsv"):
        for names in (entry.rpartition(" ")[0].split("/") for entry in cities.split("|")):
            known |= {folded(name): names[0] for name in names}
    found = get_close_matches(folded(text), known, n=5, cutoff=0.7)
    return list(dict.fromkeys(known[key] for key in found))
