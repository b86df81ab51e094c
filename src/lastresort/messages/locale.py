"""How a language is written in a country, as its locale file has it: days, hours, zones, greetings."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


_TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")


def read_template(*place: str) -> str | None:
    """Return a file of the package's templates, named by folder and name; `None` where there is none."""
    path = os.path.join(_TEMPLATES, *place)
    if not os.path.isfile(path):
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()


class Locale(NamedTuple):
    """What `templates/<language>/locale.toml` says, for one country. Patterns are filled by `str.format`."""

    language: str
    region: str
    """The table of the file that holds: `GB`, `CH`, `LATAM`; empty for the language in general."""
    weekdays: tuple[str, ...]
    """From Monday."""
    months: tuple[str, ...]
    date: str
    year: str
    day: str
    """A day on its own."""
    dated: str
    """A day inside a sentence, with its preposition; the next three for days that are near."""
    today: str
    tomorrow: str
    near: str
    on: str
    """A moment inside a sentence."""
    line: str
    """A stretch in a list."""
    clock: str
    full: str
    """A full hour."""
    time: str
    """An hour inside a sentence, round `start`."""
    zoned: str
    """A moment with the zone behind it."""
    city: str
    """A zone by its city, where `zones` has no name for it."""
    zones: Mapping[str, str]
    greetings: tuple[tuple[float, str], ...]
    """From which hour of theirs which greeting."""
    closing: str
    comma: str
    """Behind a salutation."""
    small: bool
    """What follows a salutation begins with a small letter."""
    either: str
    both: str
    titles: Mapping[str, str]
    """Titles that are said in the language, as they are written there."""
    spoken: str = ""
    spoken_full: str = ""
    """An hour as it is spoken, where that is not as it is written."""
    halves: tuple[str, ...] = ("", "")
    first: str = "1"
    """The first day of a month."""
    replace: tuple[tuple[str, str], ...] = ()
    """Spelling of the country, put into the sentences of the templates (never into names)."""


@cache
def find_locale(language: str, country: str | None) -> Locale:
    """Return how the language is written in the country; in general, where the file has no table for it."""
    data: dict[str, Any] = tomllib.loads(read_template(language, "locale.toml") or "")
    tables = {name: data.pop(name) for name in [*data] if name.isupper()}
    region = next((name for name, table in tables.items() if country in table["countries"].split()), "")
    own = tables.get(region, {})
    merged = {**data, **own}
    for name in ("zones", "titles"):
        merged[name] = {**data.get(name, {}), **own.get(name, {})}
    merged.pop("countries", None)
    values = {name: _frozen(value) for name, value in merged.items()}
    return Locale(language=language, region=region, **values)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
