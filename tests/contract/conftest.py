"""One question to the command line, its answer as JSON held to the shipped schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from agendas import ME
from calendars import write_calendar
from commandline import Ran, _private_home, run
from lastresort.outputs.schema import check_schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["_private_home", "run"]

NOW = "2026-05-04T08:00+02:00"
"""A Monday morning; the default of every question."""


class Answer(NamedTuple):
    ran: Ran
    document: dict[str, Any]

    @property
    def code(self) -> int:
        return self.ran.code

    @property
    def interviews(self) -> list[dict[str, Any]]:
        return self.document["interviews"]

    @property
    def one(self) -> dict[str, Any]:
        """The only interview of the answer."""
        (only,) = self.interviews
        return only

    def of(self, words: str) -> dict[str, Any]:
        """The interview whose title holds the words."""
        (found,) = [entry for entry in self.interviews if words in entry["summary"]]
        return found


@pytest.fixture
def ask(tmp_path: Path, run: Callable[..., Ran]) -> Callable[..., Answer]:
    """Return `ask(calendar, *options)`: `check --json` on it, valid by the schema."""
    import json

    schema = Draft202012Validator(json.loads(check_schema()))

    def call(
        text: str, *options: str | Path, now: str = NOW, tz: str = "Europe/Berlin", me: str = ME
    ) -> Answer:
        source = write_calendar(tmp_path / "work.ics", text)
        ran = run("check", source, "--json", "--now", now, "--tz", tz, "--me", me, *options)
        assert ran.out, ran.err
        schema.validate(ran.json)
        return Answer(ran, ran.json)

    return call


@pytest.fixture
def calendar(tmp_path: Path) -> Callable[..., Path]:
    """Return `calendar(text, name)`: the file the lines describe."""

    def write(text: str, name: str = "work.ics", **more: str) -> Path:
        return write_calendar(tmp_path / name, text, **more)

    return write
