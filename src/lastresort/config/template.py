"""The configuration file that `lastresort init` writes: every setting explained, the answers filled in."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

from lastresort.config.effective import words
from lastresort.config.table import COSTS, LIMITS, LISTS, SETTINGS, SIGNATURE, written
from lastresort.costs import DEFAULT_COSTS
from lastresort.errors import RefusedError
from lastresort.secure_files import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lastresort.config.table import Setting

_HEAD = """\
# lastresort: settings. An option on the command line beats a variable (LASTRESORT_HOURS),
# a variable beats this file. 'lastresort config' shows what holds, and where it comes from.
"""


class Answers(NamedTuple):
    """What `init` has found out. Texts as a person wrote them; empty ones stay commented out."""

    calendars: tuple[tuple[str, str], ...] = ()
    """Sources and what they are called."""
    me: tuple[str, ...] = ()
    tz: str = ""
    country: str = ""
    hours: str = ""
    name: str = ""
    phone: str = ""


def render_config(answers: Answers) -> str:
    """Return the text of a configuration file. It can be read back, whatever the answers hold."""
    return "\n".join(_lines(answers))


def save_config(path: str, text: str, *, replace: bool = False) -> None:
    """Write the file for its owner alone. Raises RefusedError when there is one already, unless `replace`."""
    if not replace and os.path.lexists(path):
        raise RefusedError(f"{path}: there is a configuration already; change it there, or give --replace")
    write_file(path, text.encode())


def quote(text: str) -> str:
    """Return a text as a TOML string. JSON escapes the same way, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(answers: Answers) -> Iterator[str]:
    given = {
        "me": f"[{', '.join(map(quote, answers.me))}]" if answers.me else "",
        **{field: _quoted(getattr(answers, field)) for field in ("tz", "hours", "country")},
    }
    yield _HEAD
    for field, setting in SETTINGS.items():
        yield f"# {setting.help}.  [{setting.default}]"
        yield _assignment(field, setting, given.get(field, "")) + "\n"
    for name, entries in LISTS.items():
        yield f"# {entries.help}."
        if name == "calendars":
            for source, called in answers.calendars:
                yield f"[[{name}]]\nsource = {quote(source)}"
                yield _assignment("name", entries.keys["name"], _quoted(called)) + "\n"
        yield f"# [[{name}]]"
        yield from _commented(entries.keys)
        yield ""
    yield "# How messages are signed.\n[signature]"
    for field, setting in SIGNATURE.items():
        yield _assignment(field, setting, _quoted(getattr(answers, field)))
    yield "\n# What a change costs, in points: each a minute of somebody's goodwill.\n# [costs]"
    for field, value in DEFAULT_COSTS._asdict().items():
        if not hasattr(value, "items"):
            yield f"# {written(field)} = {cost_example(field)}  # {COSTS[field]}"
    for field, value in DEFAULT_COSTS._asdict().items():
        if hasattr(value, "items"):
            yield f"# [costs.{written(field)}]  # {COSTS[field]}"
            yield from (f"# {name} = {points:g}" for name, points in value.items())
    yield "\n# How much of one event is read before it is cut off, and told: see docs/reference/limits.md."
    yield "# [limits]"
    yield from _commented(LIMITS)
    yield ""


def cost_example(field: str) -> str:
    """Return the default of one of `[costs]` as it is written in the file."""
    value = getattr(DEFAULT_COSTS, field)
    if hasattr(value, "items"):
        return f"{{ {', '.join(f'{name} = {points:g}' for name, points in value.items())} }}"
    if field == "shifts":
        return str([[hours, points] for hours, points in value])
    return f'"{words(value, field)}"' if isinstance(value, tuple) else words(value, field)


def _commented(settings: Mapping[str, Setting]) -> Iterator[str]:
    for field, setting in settings.items():
        yield f"# {written(field)} = {setting.example}  # {setting.help}"


def _quoted(text: str) -> str:
    return quote(text) if text else ""


def _assignment(field: str, setting: Setting, value: str) -> str:
    return f"{written(field)} = {value}" if value else f"# {written(field)} = {setting.example}"
