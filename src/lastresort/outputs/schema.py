"""The JSON Schema that `check --json` keeps to."""

from __future__ import annotations

from importlib.resources import files


def check_schema() -> str:
    """Return the schema (JSON Schema 2020-12) as text."""
    return files(__package__).joinpath("check.schema.json").read_text(encoding="utf-8")
