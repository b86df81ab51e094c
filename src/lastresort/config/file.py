"""The configuration file: strict TOML, every mistake told with its line and the nearest key that exists."""

from __future__ import annotations

import os
import re
import tomllib
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from lastresort.config.settings import AttendeeCalendar, CalendarEntry
from lastresort.config.table import HOURS, LISTS, POINTS, SETTINGS, TABLES, Setting, written
from lastresort.costs import DEFAULT_COSTS, Costs
from lastresort.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 1 << 20
_Sourced = TypeVar("_Sourced", CalendarEntry, AttendeeCalendar)

_EXAMPLE = 'hours = "08:00-19:00"'

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]#]+?)\s*\]")
_ASSIGNMENT = re.compile(r"""\s*("[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)(?:\s*\.[^=]*)?\s*=""")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class FileSettings(NamedTuple):
    """What a file sets: values by field, and the line of each."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]


class _Text(NamedTuple):
    """The file as a person sees it, to find the line of a key in."""

    name: str
    lines: tuple[str, ...]

    def where(self, table: str, key: str = "", number: int = 0) -> str:
        """Return the file and line of a key, or of its table; `number` counts the tables of one name."""
        line = self.line(table, key, number)
        return f"{self.name}:{line}" if line else self.name

    def line(self, table: str, key: str = "", number: int = 0) -> int:
        """Return the line of a key, from 1; that of its table where the key is not found; 0 for neither."""
        here, count, best = "", 0, 0
        for position, line in enumerate(self.lines, 1):
            if header := _HEADER.match(line):
                here = _plain(header[2])
                count += here == table
                if here == table and count == number + 1:
                    best = position
                if here == f"{table}.{key}" or (not table and here.split(".")[0] == key):
                    return position
            elif here == table and (not table or count == number + 1):
                found = _ASSIGNMENT.match(line)
                if found and _plain(found[1]) == key:
                    return position
        return best


def _plain(key: str) -> str:
    return re.sub(r"[\s\"']", "", key)


def read_config(path: str) -> FileSettings:
    """Return what a configuration file sets. Raises UsageError with file and line for what is wrong in it."""
    raw = _load(path)
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: not UTF-8; save the file in that encoding") from None
    text = _Text(path, tuple(content.splitlines()))
    table = _parse(content, text)
    _refuse_unknown(table, [*map(written, SETTINGS), *LISTS, *TABLES, "costs"], text, "")
    values = _read_keys({k: v for k, v in table.items() if _field(k) in SETTINGS}, SETTINGS, text, "")
    if theirs := values.get("attendee_calendar"):
        folder = os.path.dirname(os.path.abspath(path))
        values["attendee_calendar"] = tuple(_placed(entry, folder) for entry in theirs)
    for name in LISTS:
        if name in table:
            values[name] = _read_list(name, table[name], text, os.path.dirname(os.path.abspath(path)))
    for name, (keys, noun) in TABLES.items():
        if name in table:
            values[name] = noun(**_read_table(_as_table(table[name], text, name), keys, text, name))
    if "costs" in table:
        values["costs"] = _read_costs(_as_table(table["costs"], text, "costs"), text)
    return FileSettings(values, {field: text.line("", written(field)) for field in values})


def _load(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            raw = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such configuration file; 'lastresort init' writes one") from None
    except OSError as error:
        raise UsageError(f"{path}: the configuration cannot be read ({error.strerror})") from None
    if len(raw) > LARGEST:
        raise UsageError(f"{path}: larger than any configuration; is it the right file?")
    return raw


def _parse(content: str, text: _Text) -> dict[str, Any]:
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else max(1, len(text.lines))
        raise UsageError(f"{text.name}:{line}: this is no TOML; texts need quotes: {_EXAMPLE}") from None
    except RecursionError:
        raise UsageError(f"{text.name}: nested too deeply") from None


def _field(key: str) -> str:
    return key.replace("-", "_")


def _refuse_unknown(
    table: Mapping[str, Any], known: list[str], text: _Text, where: str, number: int = 0
) -> None:
    for key in table:
        if key in known:
            continue
        near = get_close_matches(written(key.lower()), known, 1, 0.6)
        hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(known))}"
        place = f"in [{where}] " if where else ""
        shown = key if key.isprintable() and len(key) <= 60 else "this"
        raise UsageError(f"{text.where(where, key, number)}: '{shown}' {place}is not a setting; {hint}")


def _read_keys(
    table: Mapping[str, Any], keys: Mapping[str, Setting], text: _Text, where: str, number: int = 0
) -> dict[str, Any]:
    """Return the values of a table by field. Raises UsageError for one of another type or out of range."""
    return {
        _field(key): keys[_field(key)].key.read_toml(value, f"{text.where(where, key, number)}: '{key}'")
        for key, value in table.items()
    }


def _read_table(
    table: Mapping[str, Any], keys: Mapping[str, Setting], text: _Text, where: str, number: int = 0
) -> dict[str, Any]:
    _refuse_unknown(table, list(map(written, keys)), text, where, number)
    return _read_keys(table, keys, text, where, number)


def _as_table(value: object, text: _Text, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{text.where('', name)}: '{name}' is a table; write its settings below [{name}]")
    return value


def _read_list(name: str, entries: object, text: _Text, folder: str) -> tuple[Any, ...]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(
            f"{text.where('', name)}: '{name}' may stand several times; write each below [[{name}]]"
        )
    kept = LISTS[name]
    found = []
    for number, table in enumerate(entries):
        values = _read_table(table, kept.keys, text, name, number)
        _refuse_incomplete(values, name, kept.needs, text.where(name, number=number))
        entry = kept.noun(**values)
        found.append(_placed(entry, folder) if isinstance(entry, CalendarEntry) else entry)
    return tuple(found)


def _refuse_incomplete(values: Mapping[str, Any], name: str, needed: str, where: str) -> None:
    if needed and needed not in values:
        raise UsageError(f"{where}: this [[{name}]] entry needs '{needed}'")
    if name == "rules" and not values.keys() & {"match", "calendar"}:
        raise UsageError(f"{where}: a rule needs 'match' or 'calendar', so that it fits something")
    if name == "rules" and not values.keys() & {"movable", "nature", "kind", "cost"}:
        raise UsageError(
            f"{where}: a rule needs 'movable', 'nature', 'kind' or 'cost', so that it changes something"
        )


def _placed(entry: _Sourced, folder: str) -> _Sourced:
    """Return an entry with its whole path: one may begin with ~, others start at the folder of the file."""
    if not isinstance(entry.source, str) or re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", entry.source):
        return entry
    return entry._replace(source=os.path.join(folder, os.path.expanduser(entry.source)))


# -- the cost table -----------------------------------------------------------------------------------------

_OLD_CAP = "max-cost"
_SHIFTS = "'shifts' takes pairs of hours and points, as in [[1, 0], [3, 1]]"


def _read_costs(table: Mapping[str, Any], text: _Text) -> Costs:
    """Return the cost table with what the file changes; its keys are the fields of `Costs`."""
    if _OLD_CAP in table:
        raise UsageError(
            f"{text.where('costs', _OLD_CAP)}: '{_OLD_CAP}' is no longer a setting; "
            "'last-resort' in [costs] is what asking an employer costs"
        )
    fields = {written(field): field for field in Costs._fields}
    _refuse_unknown(table, list(fields), text, "costs")
    changed = {fields[key]: _read_cost(key, fields[key], value, text) for key, value in table.items()}
    return DEFAULT_COSTS._replace(**changed)


def _read_cost(key: str, field: str, value: Any, text: _Text) -> Any:
    where = f"{text.where('costs', key)}: '{key}'"
    default = getattr(DEFAULT_COSTS, field)
    if isinstance(default, int | float):
        return POINTS.read_toml(value, where)
    if field == "shifts":
        return _read_shifts(value, text.where("costs", key))
    if isinstance(default, tuple):
        hours = HOURS.read_toml(value, where)
        return hours.start, hours.end
    points = _as_table(value, text, key)
    own = {inner: POINTS.read_toml(value, _inside(text, key, inner)) for inner, value in points.items()}
    return MappingProxyType({**default, **own})


def _inside(text: _Text, key: str, inner: str) -> str:
    """Return where a kind's points stand: below their own header, or in one line with the others."""
    line = text.line(f"costs.{key}", inner) or text.line("costs", key)
    return f"{text.name}:{line}: '{inner}' in [costs.{key}]"


def _read_shifts(value: object, where: str) -> tuple[tuple[float, float], ...]:
    if not isinstance(value, list) or not value:
        raise UsageError(f"{where}: {_SHIFTS}")
    pairs = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            raise UsageError(f"{where}: {_SHIFTS}")
        pairs.append(
            (POINTS.read_toml(pair[0], f"{where}: 'shifts'"), POINTS.read_toml(pair[1], f"{where}: 'shifts'"))
        )
    if pairs != sorted(pairs):
        raise UsageError(f"{where}: {_SHIFTS}, in order")
    return tuple(pairs)
