"""The JSON Schemas that the documents of `--json` keep to."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTS = (
    "check", "agenda", "propose", "weigh", "message", "conflicts", "interviews", "requests",
    "apply", "log", "config", "advice",
)  # fmt: skip
"""Those of other commands are of one of these: `settle` and `move` show changes as `apply` does."""


def check_schema() -> str:
    """Return the schema of `check --json` (JSON Schema 2020-12) as text."""
    return schema_of("check")


def schema_of(name: str) -> str:
    """Return the schema of one of the `DOCUMENTS` as text, with the definitions that it needs.

    `check.schema.json` is a schema of its own; `documents.schema.json` holds the others, which use its
    definitions and some of their own.
    """
    if name == "check":
        return _text("check.schema.json")
    check, others = json.loads(_text("check.schema.json")), json.loads(_text("documents.schema.json"))
    document, known = others["documents"][name], check["$defs"] | others["$defs"]
    used: set[str] = set()
    waiting = [*_references(document)]
    while waiting:
        reference = waiting.pop()
        if reference not in used:
            used.add(reference)
            waiting += _references(known[reference])
    schema = {
        "$schema": check["$schema"],
        "title": f"lastresort {name} --json",
        "description": check["description"],
        **document,
        "$defs": {key: known[key] for key in sorted(used)},
    }
    return json.dumps(schema, indent=1) + "\n"


def _references(part: Any) -> Iterator[str]:
    """Yield the names of the definitions that a part of a schema refers to."""
    if isinstance(part, list):
        for item in part:
            yield from _references(item)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value.removeprefix("#/$defs/")
            else:
                yield from _references(value)


def _text(file: str) -> str:
    return files(__package__).joinpath(file).read_text(encoding="utf-8")
