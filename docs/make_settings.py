"""Puts the tables of settings into docs/reference/configuration.md; a test holds it to them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lastresort.config.table import COSTS, LISTS, SETTINGS, TABLES, variable, written
from lastresort.config.template import cost_example

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lastresort.config.table import Setting

PAGE = Path(__file__).parent / "reference" / "configuration.md"
PART = re.compile(r"(?s)(<!-- made: (\S+) -->\n).*?(<!-- end -->)")


def refresh(text: str) -> str:
    """Return the page with its tables as the settings are now."""
    return PART.sub(lambda part: f"{part[1]}{_table(part[2])}{part[3]}", text)


def _table(name: str) -> str:
    if name == "settings":
        return "".join(f"{row}\n" for row in _settings())
    if name == "costs":
        return "".join(f"{row}\n" for row in _costs())
    keys = LISTS[name].keys if name in LISTS else TABLES[name][0]
    return "".join(f"{row}\n" for row in _keys(keys))


def _settings() -> Iterator[str]:
    yield "| key | what it is | an example | without it | variable, option |"
    yield "|---|---|---|---|---|"
    for field, setting in SETTINGS.items():
        option = f", `--{written(field)}`" if setting.metavar or field == "allow_http" else ""
        told = f"{setting.help} | `{setting.example}` | {setting.default}"
        yield f"| `{written(field)}` | {told} | `{variable(field)}`{option} |"


def _costs() -> Iterator[str]:
    yield "| key | what it is | without it |"
    yield "|---|---|---|"
    for field, told in COSTS.items():
        yield f"| `{written(field)}` | {told} | `{cost_example(field)}` |"


def _keys(keys: Mapping[str, Setting]) -> Iterator[str]:
    yield "| key | what it is | an example | without it |"
    yield "|---|---|---|---|"
    for field, setting in keys.items():
        yield f"| `{written(field)}` | {setting.help} | `{setting.example}` | {setting.default} |"


if __name__ == "__main__":
    PAGE.write_text(refresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
