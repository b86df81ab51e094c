"""Every document that is kept as a golden is valid by its shipped schema, and no schema lets all pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from calendars import write_calendar
from commandline import _private_home, run
from lastresort.outputs.json import dump
from lastresort.outputs.schema import DOCUMENTS, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

__all__ = ["_private_home", "run"]

GOLDENS = Path(__file__).parents[1] / "goldens"
NO_DOCUMENT = ("check-schema", "agenda-explain")
"""What else begins so; a run that fails prints none."""
ALIKE = {"settle": "apply", "move": "apply", "demo": "check"}
"""Commands whose document is that of another one."""


def documents() -> list[tuple[str, Path]]:
    """Return the goldens that hold a document, with its name."""
    found = []
    for path in sorted(GOLDENS.glob("*/*.json")):
        stem = ALIKE.get(path.stem, path.stem)
        name = next((name for name in DOCUMENTS if stem == name or stem.startswith(f"{name}-")), None)
        if name and path.stem not in NO_DOCUMENT and path.read_text(encoding="utf-8").startswith("{"):
            found.append((name, path))
    return found


@pytest.mark.parametrize(("name", "path"), documents(), ids=lambda value: str(getattr(value, "name", value)))
def test_every_golden_document_is_valid(name: str, path: Path) -> None:
    Draft202012Validator(json.loads(schema_of(name))).validate(json.loads(path.read_bytes()))


def test_a_golden_is_kept_of_every_document() -> None:
    assert {name for name, _ in documents()} == set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_is_one_and_holds_all_it_refers_to(name: str, run: Callable[..., Ran]) -> None:
    schema = run("schema", name).json
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == f"lastresort {name} --json"
    validator = Draft202012Validator(schema)
    assert not validator.is_valid({"version": 1})
    document = json.loads(next(path for kept, path in documents() if kept == name).read_bytes())
    assert not validator.is_valid({**document, "version": 2})
    for field in schema["required"]:
        assert not validator.is_valid({key: value for key, value in document.items() if key != field})


def test_a_name_that_is_none_is_refused(run: Callable[..., Ran]) -> None:
    ran = run("schema", "moon")
    assert ran.code == 2
    assert "agenda" in ran.err


def test_what_was_changed_is_listed_by_its_schema(tmp_path: Path, run: Callable[..., Ran]) -> None:
    path = write_calendar(
        tmp_path / "work.ics",
        """
        Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)
        Tue 2026-05-12 10:30-11:30 Gym
        """,
    )
    options = ("--now", "2026-05-11T08:00", "--me", "me@home.example")
    assert run("apply", path, *options, "--yes").code == 0
    for undone in (False, True):
        if undone:
            assert run("undo").code == 0
        document = run("log", "--json").json
        assert document["changes"][0]["state"] == ("undone" if undone else "done")
        Draft202012Validator(json.loads(schema_of("log"))).validate(document)


def test_every_document_that_a_command_prints_has_a_schema() -> None:
    """A golden that is a document with a version is of one of the schemas."""
    known = {path for _, path in documents()}
    kept = [path for path in sorted(GOLDENS.glob("*/*.json")) if path.stem not in NO_DOCUMENT]
    versioned = [path for path in kept if '"version": 1' in path.read_text(encoding="utf-8")[:40]]
    assert [path.name for path in versioned if path not in known] == []


def test_a_number_that_json_does_not_know_is_never_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump({"points": float("nan")})
