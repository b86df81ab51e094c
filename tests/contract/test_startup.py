"""What a run loads of our own rooms: a command that asks little starts little."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import lastresort

if TYPE_CHECKING:
    from collections.abc import Iterator

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


# Imports stand at the top of a module. These alone stand inside functions:
INSIDE = {
    "libraries that take long to load": (
        "rich", "holidays", "jinja2", "markupsafe", "icalendar", "caldav", "keyring", "mcp", "pytz",
        "dateutil", "hashlib", "plistlib", "xml.parsers.expat",
    ),
    "what one system has": ("fcntl", "msvcrt", "winreg"),
    "what a clear answer does without": tuple(f"lastresort.{name}" for name in NOT_FOR_A_CLEAR_ANSWER),
    "what a command needs for people, and not for --json": (
        "lastresort.outputs.view", "lastresort.outputs.explain", "lastresort.outputs.considered",
    ),
    "what few runs of a command ask for": (
        "lastresort.cli", "lastresort.mcp", "lastresort.history.store", "lastresort.planning.joint_plan",
        "lastresort.planning.offering",
    ),
    "what --help and --version do without": ("lastresort.text",),
    "functions that the package lends from its API": ("lastresort.api",),
    "modules that call each other": ("lastresort.times.reader", "lastresort.times.language"),
}  # fmt: skip
SHELLS = "completion.py"
"""What a shell asks for loads what it needs: every command imports it."""


def imports_inside(path: Path) -> Iterator[str]:
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import):
                    yield from (name.name for name in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module:
                    yield from (f"{node.module}.{name.name}" for name in node.names)


def test_few_imports_stand_inside_functions() -> None:
    allowed = tuple(f"{name}." for names in INSIDE.values() for name in names)
    package = Path(str(lastresort.__file__)).parent
    found = [
        f"{path.relative_to(package)}: {name}"
        for path in package.rglob("*.py")
        if path.name != SHELLS and not path.name.startswith("make_")
        for name in imports_inside(path)
        if not f"{name}.".startswith(allowed)
    ]
    assert found == []
