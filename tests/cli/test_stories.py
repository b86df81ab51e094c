"""The five stories: a calendar and a question, and the report and drafts that people and programs get.

`make snapshots` writes the expected files anew; read the difference aloud.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from lastresort.outputs.schema import check_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

STORIES = Path(__file__).resolve().parents[2] / "fixtures" / "stories"
CODES = {"clear": 0, "rearrange": 3, "last-resort": 4, "two-at-once": 4, "short-notice": 4}


def question(story: str) -> list[str]:
    words = shlex.split((STORIES / story / "args.txt").read_text(encoding="utf-8"))
    return [word.replace("{calendar}", f"fixtures/stories/{story}/calendar.ics") for word in words]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(STORIES.parent.parent)


def hold(expected: Path, text: str, *, update: bool) -> None:
    if update:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("story", CODES)
def test_what_a_person_reads(run: Callable[..., Ran], story: str, request: pytest.FixtureRequest) -> None:
    ran = run(*question(story))
    assert (ran.code, ran.err) == (CODES[story], "")
    hold(STORIES / story / "report.txt", ran.out, update=request.config.option.update_snapshots)


@pytest.mark.parametrize("story", CODES)
def test_what_a_program_reads(run: Callable[..., Ran], story: str, request: pytest.FixtureRequest) -> None:
    ran = run(*question(story), "--json")
    assert ran.code == CODES[story]
    jsonschema.Draft202012Validator(json.loads(check_schema())).validate(json.loads(ran.out))
    hold(STORIES / story / "report.json", ran.out, update=request.config.option.update_snapshots)


def test_every_story_is_told() -> None:
    told = {folder.name for folder in STORIES.iterdir() if (folder / "args.txt").exists()}
    assert told == set(CODES)
