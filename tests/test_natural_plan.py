"""The runner reads scheduling questions in English, and the tool finds the time."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "natural_plan" / "calendar_scheduling_100.json"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("natural_plan", ROOT / "benchmarks" / "natural_plan.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RUNNER = load()


def question(length: str, days: str, *lines: str, wish: str = "") -> str:
    return (
        "TASK: an example on Monday \nSOLUTION: none\n\n"
        f"TASK: You need to schedule a meeting for Ida and Bo for {length} between the work hours of 9:00 to "
        f"17:00 on {days}. \n\nHere are the existing schedules for everyone during the days: \n"
        + "\n".join(lines)
        + f"\n\n{wish}Find a time. \nSOLUTION: "
    )


BUSY = "Ida has meetings on Monday during 9:00 to 9:30, 11:00 to 17:00, Tuesday during 10:00 to 17:00;"
FREE = "Bois free the entire week."


@pytest.mark.parametrize(
    ("wish", "day", "clock"),
    [
        ("", "Monday", "09:30"),
        ("Bo can not meet on Monday. ", "Tuesday", "09:00"),
        ("Bo would rather not meet on Monday before 10:30. ", "Monday", "10:30"),
        ("Bo would like to avoid more meetings on Monday after 9:45. ", "Tuesday", "09:00"),
        ("Bo can not meet on Monday. Tuesday before 9:30. ", "Tuesday", "09:30"),
    ],
)
def test_schedules_and_wishes_are_honoured(wish: str, day: str, clock: str) -> None:
    task = RUNNER.read_task(question("half an hour", "either Monday or Tuesday", BUSY, FREE, wish=wish))
    found = RUNNER.find_time(task)
    assert (found[0], f"{found[1]:%H:%M}") == (day, clock)


def test_a_day_that_is_not_asked_about_is_not_offered() -> None:
    full = "Ida is busy on Monday during 9:00 to 17:00;"
    task = RUNNER.read_task(question("one hour", "Monday", full, FREE))
    found = RUNNER.find_time(task)
    assert found is None or found[1] >= RUNNER.MONDAY.replace(day=9, tzinfo=found[1].tzinfo)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the hundred tasks of NATURAL PLAN are not here")
@pytest.mark.parametrize(("first_always", "right"), [(False, 100), (True, 91)])
def test_so_many_published_tasks_are_answered_as_published(first_always: bool, right: int) -> None:
    """As the page tells: with the rule for equal times, and without it."""
    tasks = json.loads(SHARED.read_text(encoding="utf-8")).values()
    answered = [
        RUNNER.is_right(
            RUNNER.read_task(task["prompt_0shot"]), task["golden_plan"], first_always=first_always
        )
        for task in tasks
    ]
    assert sum(answered) == right
    assert f"| {right} |" in (ROOT / "docs" / "explanation" / "performance.md").read_text(encoding="utf-8")
