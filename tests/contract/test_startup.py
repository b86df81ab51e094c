"""What a run loads of our own rooms: a command that asks little starts little."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Änn; 2 attendees)"
CLASH = f"{TALK}\nTue 2026-05-12 10:00-11:00 Errand"
OPTIONS = ("--json", "--now", "2026-05-11T08:00", "--tz", "Europe/Berlin", "--me", "me@home.example")
LIST = """
import sys
from lastresort.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def loaded(*args: str | Path) -> set[str]:
    command = [sys.executable, "-c", LIST, *map(str, args)]
    ran = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return set(ran.stderr.decode().split())


@pytest.mark.parametrize("args", [("--help",), ("--version",)])
def test_help_and_version_load_no_command(args):
    ours = {name for name in loaded(*args) if name.startswith("lastresort.")}
    assert ours == {"lastresort.cli", "lastresort.cli.grouped", "lastresort.cli.streams", "lastresort.errors"}


NOT_FOR_A_CLEAR_ANSWER = (
    "messages.compose", "changes", "outputs.terminal", "outputs.report", "outputs.html", "outputs.schema",
    "config.file", "planning.solver", "planning.rearrange", "planning.alternatives",
    "planning.slots", "planning.rivals", "planning.weigh", "ics.editor",
    "ics.source_map", "ics.freebusy", "ics.explain", "jobs.drafting",
    "sources.url", "sources.caldav", "sources.mail", "sources.archive",
)  # fmt: skip


def rooms(args: tuple[str | Path, ...]) -> set[str]:
    names = {name.removeprefix("lastresort.") for name in loaded(*args) if name.startswith("lastresort.")}
    return {room for room in NOT_FOR_A_CLEAR_ANSWER if room in names}


def test_a_clear_answer_loads_neither_search_nor_letters(calendar):
    assert rooms(("check", calendar(TALK), *OPTIONS)) == set()


def test_a_rearrangement_loads_no_letters(calendar):
    found = rooms(("check", calendar(CLASH), *OPTIONS))
    assert "planning.solver" in found
    assert not found & {"messages.compose", "changes", "outputs.terminal", "sources.mail"}


@pytest.mark.parametrize(
    "module",
    [
        "click",
        "hashlib",
        "shutil",
        "dateutil.rrule",
        "tomllib",
        "importlib.metadata",
        "csv",
        "encodings.ascii",
    ],
)
def test_libraries_that_take_long_to_load_are_left_alone(calendar, module):
    path = calendar(TALK)
    assert module not in loaded("check", path, *OPTIONS) - loaded("--version")


def test_holidays_come_without_what_the_answer_does_not_need(calendar):
    found = loaded("check", calendar(CLASH), *OPTIONS)
    assert "holidays.countries.germany" in found
    assert not found & {"holidays.countries.france", "importlib.metadata", "email"}
