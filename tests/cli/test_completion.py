"""What shells are offered as values, in bash, zsh and fish."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lastresort.cli import completion

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

STORY = Path(__file__).resolve().parents[2] / "fixtures" / "stories" / "two-at-once"


@pytest.mark.parametrize(
    ("offer", "typed", "found"),
    [
        (completion.kinds, "dec", "decline-once"),
        (completion.reasons, "tr", "travel"),
        (completion.zones, "Europe/Ber", "Europe/Berlin"),
        (completion.zones, "lond", "london"),
        (completion.languages, "d", "de"),
        (completion.rules, "r4", "r4"),
        (completion.rules, "R4", "R40"),
    ],
)
def test_values_go_on_from_what_is_typed(offer: Callable[[str], list[str]], typed: str, found: str) -> None:
    offered = offer(typed)
    assert found in offered
    assert all(value.startswith(typed) for value in offered)


def test_numbers_and_changes_are_those_of_earlier_runs(run: Callable[..., Ran], tmp_path: Path) -> None:
    assert (completion.numbers(""), completion.events(""), completion.changes("")) == ([], [], [])
    calendar = tmp_path / "calendar.ics"
    shutil.copyfile(STORY / "calendar.ics", calendar)
    options = ("--now", "2026-06-08T09:00+02:00", "--tz", "Berlin", "--me", "dana@verein.example")
    run("check", calendar, *options)
    assert completion.numbers("") == ["1", "2", "3"]
    assert "2" in completion.kinds("2")
    run("agenda", calendar, *options)
    assert completion.events("1")[0] == "1"
    assert run("apply", "2", calendar, "--yes").code == 0
    (change,) = completion.changes("")
    assert change in run("log").out


@pytest.mark.parametrize(
    ("shell", "variables"),
    [
        ("bash", {"COMP_WORDS": "lastresort message dec", "COMP_CWORD": "2"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "lastresort message dec"}),
        (
            "fish",
            {"_TYPER_COMPLETE_ARGS": "lastresort message dec", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
        ),
    ],
)
def test_every_shell_gets_them(shell: str, variables: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lastresort"],
        env={**os.environ, **variables, "_LASTRESORT_COMPLETE": f"complete_{shell}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "decline-once" in done.stdout
    assert done.stderr == ""
