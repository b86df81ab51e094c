"""`lastresort settle`, end to end: the interview moves, its holds go, the confirmation is drafted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_apply import FOCUS, INTERVIEW, NOW, calendar_of

from lastresort.history.store import read_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar_of(INTERVIEW, FOCUS))
    return path


def starts(data: bytes) -> list[str]:
    return [line.decode() for line in data.splitlines() if line.startswith(b"DTSTART")]


def test_the_slot_counts_as_it_was_offered(
    run: Callable[..., object], calendar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    before = calendar.read_bytes()
    run("apply", calendar, "--hold", "--yes", "--last-resort", *NOW)
    (request,) = read_memory(str(state / "lastresort")).requests
    code, out, _ = run("settle", calendar, "--slot", "2", "--yes", "--drafts", tmp_path / "drafts", *NOW)
    assert code == 0
    after = calendar.read_bytes()
    agreed = request.offers[1][0]
    (settled,) = read_memory(str(state / "lastresort")).requests
    assert settled.settled == agreed
    assert b"lastresort-hold" not in after
    assert f"DTSTART;TZID=Europe/Berlin:{agreed:%Y%m}" in starts(after)[0]
    assert starts(after)[0] != starts(before)[0]
    assert starts(after)[1:] == starts(before)[1:]
    assert b"SEQUENCE" not in after
    assert (tmp_path / "drafts" / "confirm.eml").exists()
    assert "nothing clashes" in out
    run("undo", *NOW[:2])
    run("undo", *NOW[:2])
    assert calendar.read_bytes() == before


def test_any_time_may_have_been_agreed_on(run: Callable[..., object], calendar: Path) -> None:
    code, out, _ = run("settle", calendar, "--slot", "2026-05-07 14:00", "--yes", *NOW)
    assert code == 0
    assert starts(calendar.read_bytes())[0] == "DTSTART;TZID=Europe/Berlin:20260507T140000"
    assert "Subject: " in out


@pytest.mark.parametrize(
    "slot", ["Thu 2pm", "Donnerstag um 14 Uhr", "jeudi 7 mai à 14h", "Thursday at half past one"]
)
def test_a_time_may_be_told_in_words(slot: str, run: Callable[..., object], calendar: Path) -> None:
    code, _, _ = run("settle", calendar, "--slot", slot, "--yes", *NOW)
    minute = "133000" if "half" in slot else "140000"
    assert code == 0
    assert starts(calendar.read_bytes())[0] == f"DTSTART;TZID=Europe/Berlin:20260507T{minute}"


def test_a_time_outside_both_sides_hours_is_questioned(run: Callable[..., object], calendar: Path) -> None:
    before = calendar.read_bytes()
    code, out, err = run("settle", calendar, "--slot", "2026-05-07 04:00", *NOW)
    assert (code, out) == (1, "")
    assert "outside your hours and theirs" in err
    assert calendar.read_bytes() == before
    code, out, _ = run("settle", calendar, "--slot", "2026-05-07 04:00", "--yes", *NOW)
    assert "Look again: it starts outside your hours and theirs" in out


@pytest.mark.parametrize(
    ("options", "expected", "word"),
    [
        ((), 2, "--slot"),
        (("--slot", "9", "--yes"), 2, "offered"),
        (("--slot", "2026-05-07 14:00"), 1, "--yes"),
        (("--slot", "2026-05-05 10:00", "--yes"), 1, "already"),
        (("--slot", "2020-05-05 10:00", "--yes"), 2, "past"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    run: Callable[..., object], calendar: Path, options: tuple[str, ...], expected: int, word: str
) -> None:
    before = calendar.read_bytes()
    code, out, err = run("settle", calendar, *options, *NOW)
    assert (code, out) == (expected, "")
    assert word in err
    assert calendar.read_bytes() == before


def test_of_two_interviews_one_must_be_named(run: Callable[..., object], tmp_path: Path) -> None:
    second = INTERVIEW.replace("talk", "talk-2").replace("20260505", "20260506").replace("Crumb", "Pan")
    path = tmp_path / "two.ics"
    path.write_bytes(calendar_of(INTERVIEW, second))
    code, _, err = run("settle", path, "--slot", "2026-05-07 14:00", "--yes", *NOW)
    assert code == 2
    assert "--interview" in err
    assert run("settle", path, "--slot", "2026-05-07 14:00", "--yes", "--interview", "Pan", *NOW)[0] == 0
    assert starts(path.read_bytes()) == [
        "DTSTART;TZID=Europe/Berlin:20260505T100000",
        "DTSTART;TZID=Europe/Berlin:20260507T140000",
    ]


def test_a_time_beyond_the_window_ends_with_the_interview_where_it_was_agreed(
    run: Callable[..., object], calendar: Path
) -> None:
    code, out, err = run("settle", calendar, "--slot", "2026-06-10 14:00", "--yes", *NOW)
    assert (code, err) == (0, "")
    assert starts(calendar.read_bytes())[0] == "DTSTART;TZID=Europe/Berlin:20260610T140000"
    assert "nothing clashes" in out
