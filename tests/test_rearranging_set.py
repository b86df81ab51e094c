"""The public set of rearranging problems: it is as its maker writes it, and its checker believes nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lastresort.planning.solver import solve

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "benchmarks" / "rearranging"
QUESTIONS = json.loads((FOLDER / "questions.json").read_text(encoding="utf-8"))
NAMES = [one["instance"] for one in QUESTIONS]
KINDS = ("light", "usual", "packed")


def load(name: str) -> ModuleType:
    spec = spec_from_file_location(f"rearranging_{name}", FOLDER / f"{name}.py")
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECK, MAKE = load("check"), load("make")


def events_of(name: str) -> list[Any]:
    return CHECK.read(FOLDER / "instances" / f"{name}.ics")


def test_every_instance_is_as_it_is_made() -> None:
    assert sorted(path.stem for path in (FOLDER / "instances").iterdir()) == sorted(NAMES)
    for kind in MAKE.KINDS:
        for number in range(1, MAKE.EACH + 1):
            made = MAKE.make(kind, number)
            path = FOLDER / "instances" / f"{kind.name}-{number}.ics"
            assert path.read_bytes() == MAKE.write(made).encode()
            assert [tuple(event) for event in CHECK.read(path)] == [tuple(event) for _, event in made]


@pytest.mark.parametrize("question", QUESTIONS, ids=NAMES)
def test_the_engine_finds_what_is_told(question: dict[str, Any]) -> None:
    """Its answer is checked as anybody's is; it may get better, never worse."""
    events = events_of(question["instance"])
    problem = MAKE.items(events)
    outcome = solve(problem, cap=len(events) * MAKE.ASK, plans=1)
    best = outcome.solutions[0]
    assert outcome.bound <= question["optimum"] <= best.cost <= question["lastresort"]
    known = {event.uid: event for event in events}
    moves, asked = {}, set()
    for uid, number in best.chosen:
        if known[uid].interview:
            asked |= {uid} if number else set()
        else:
            choice = next(
                one for one in next(item for item in problem if item.id == uid).choices if one.id == number
            )
            moves[uid] = choice.span and MAKE.MONDAY + MAKE.timedelta(minutes=choice.span[0])
    assert CHECK.cost(events, moves, asked) == best.cost


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(FOLDER / "check.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("method", ["first-fit", "best-fit"])
def test_the_checker_needs_only_python(method: str, tmp_path: Path) -> None:
    """`-I -S`: without any package; what a method prints as answers costs what the set says."""
    answers = tmp_path / "answers.json"
    answers.write_text(run("--method", method, "--json").stdout)
    checked = run(str(answers))
    assert checked.returncode == 0
    points = [int(found) for found in re.findall(r"-\d+: (\d+) points", checked.stdout)]
    assert points == [one[method.replace("-", "_")] for one in QUESTIONS]
    assert f"{sum(points)} points where" in checked.stdout


@pytest.mark.parametrize(
    ("moves", "asked", "told"),
    [
        ({}, [], "neither kept free"),
        ({"l1-99": None}, [], "no event"),
        ({"INTERVIEW": "2026-06-02T13:00+00:00"}, [], "cannot be moved"),
        ({"OTHER": "2026-06-06T10:00+00:00"}, [], "may not begin"),
        ({"OTHER": "2026-06-02T10:07+00:00"}, [], "may not begin"),
        ({"OTHER": "2026-06-02T17:45+00:00"}, [], "may not begin"),
        ({"OTHER": "INTERVIEW"}, [], "is moved onto"),
        ({}, ["OTHER"], "is no interview"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_told(
    moves: dict[str, str | None], asked: list[str], told: str
) -> None:
    events = events_of("light-1")
    interview = next(event for event in events if event.interview)
    other = next(
        event for event in events if event.move and event.end - event.start >= MAKE.timedelta(0, 1800)
    )
    names = {"INTERVIEW": interview.uid, "OTHER": other.uid}
    answer: dict[str, datetime | None] = {}
    for uid, start in moves.items():
        at = interview.start if start == "INTERVIEW" else start and datetime.fromisoformat(start)
        answer[names.get(uid, uid)] = at
    with pytest.raises(ValueError, match=told):
        CHECK.cost(events, answer, {names.get(uid, uid) for uid in asked})


def test_what_is_missing_is_wrong(tmp_path: Path) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text('{"light-1": {"moves": {}, "ask": []}}')
    checked = run(str(answers))
    assert checked.returncode == 1
    assert "0 of 24 optimal, 24 wrong" in checked.stdout


def test_the_pages_tell_what_is_known() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "explanation" / "performance.md").read_text(encoding="utf-8")
    for field in ("optimum", "lastresort", "best_fit", "first_fit"):
        right = sum(one[field] == one["optimum"] for one in QUESTIONS)
        assert f"| {right} | {sum(one[field] for one in QUESTIONS)} |" in readme
    for kind in KINDS:
        of_kind = [one for one in QUESTIONS if one["instance"].startswith(kind)]
        sums = [
            sum(one[field] for one in of_kind) for field in ("optimum", "lastresort", "best_fit", "first_fit")
        ]
        assert f"| {' | '.join(map(str, sums))} |" in page, kind


def test_the_week_is_the_one_that_is_told() -> None:
    assert datetime(2026, 6, 1, tzinfo=UTC) == MAKE.MONDAY
    for name in NAMES:
        assert CHECK.week_of(events_of(name)) == MAKE.MONDAY
