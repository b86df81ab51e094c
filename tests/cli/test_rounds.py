"""Several rounds of one day: one request, one wait, one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

    Run = Callable[..., Ran]

DAY = """
    Thu 2026-05-14 09:00-09:45 Interview at Crumb, round 1: Coding (organiser ada@crumb.example Ada Lovely)
    Thu 2026-05-14 10:00-10:45 Interview at Crumb, round 2: Design (organiser ada@crumb.example Ada Lovely)
    Thu 2026-05-14 13:00-13:45 Interview at Crumb, round 3: Values (organiser ada@crumb.example Ada Lovely)
    Thu 2026-05-14 08:30-17:00 Court hearing
"""
GAP = """
    Thu 2026-05-14 09:00-09:45 Interview at Crumb, round 1: Coding (organiser ada@crumb.example Ada Lovely)
    Thu 2026-05-14 10:30-11:15 Interview at Crumb, round 2: Design (organiser ada@crumb.example Ada Lovely)
    Thu 2026-05-14 13:00-13:45 Interview at Crumb, round 3: Values (organiser ada@crumb.example Ada Lovely)
    Thu 2026-05-14 08:30-09:50 Court hearing
    Thu 2026-05-14 12:30-14:30 Court hearing, part two
"""
MONDAY, THURSDAY = (("--now", f"2026-05-{day}T10:00+02:00", "--language", "en") for day in ("04", "07"))


@pytest.fixture
def day(tmp_path: Path) -> Path:
    return write_calendar(tmp_path / "day.ics", DAY)


def test_one_draft_asks_about_all_rounds(run: Run, day: Path) -> None:
    entries = run("check", day, "--json", *MONDAY).json["interviews"]
    first, *others = entries
    assert [one["verdict"] for one in entries] == ["reschedule"] * 3
    assert [one["message"] for one in others] == [None, None]
    assert {one["request"] for one in others} == {first["uid"]}
    assert "inviting me to three interviews" in first["message"]["body"]
    assert "at 09:00, 10:00 and 13:00" in first["message"]["body"]
    assert "Could we move them?" in first["message"]["body"]
    assert run("check", day, *MONDAY).out.count("Subject:") == 1


def test_a_round_that_is_named_speaks_for_all(run: Run, day: Path) -> None:
    draft = run("message", "email", day, *MONDAY, "--interview", "round 2").out
    assert "at 09:00, 10:00 and 13:00" in draft
    (entry,) = run("check", day, "--json", *MONDAY, "--interview", "round 2").json["interviews"]
    assert entry["request"] is None
    assert entry["message"]["body"] in draft


def test_rounds_apart_have_times_of_their_own_in_one_draft(run: Run, tmp_path: Path) -> None:
    gap = write_calendar(tmp_path / "gap.ics", GAP)
    entries = run("check", gap, "--json", *MONDAY).json["interviews"]
    asked = [one for one in entries if one["verdict"] == "reschedule"]
    assert [one["start"][11:16] for one in asked] == ["09:00", "13:00"]
    (message,) = [one["message"] for one in asked if one["message"]]
    assert "at 09:00 and 13:00" in message["body"]
    assert "Instead of 09:00:\n\n- " in message["body"]
    assert "Instead of 13:00:\n\n- " in message["body"]


def test_the_wait_is_told_once_and_the_nudge_names_all(run: Run, day: Path) -> None:
    run("message", "email", day, *MONDAY, "--interview", "round 2", "--sent")
    (due,) = run("check", day, "--json", *THURSDAY).json["reminders"]
    assert due["kind"] == "nudge"
    assert run("requests", *THURSDAY[:2]).out.count("asked on") == 1
    nudge = run("message", "nudge", day, *THURSDAY, "--interview", "round 3").out
    assert "at 09:00, 10:00 and 13:00" in nudge
    run("message", "nudge", day, *THURSDAY, "--sent")
    assert run("check", day, "--json", *THURSDAY).json["reminders"] == []


def test_the_agreed_time_moves_all_rounds_by_as_much(run: Run, day: Path) -> None:
    before = day.read_bytes()
    run("message", "email", day, *MONDAY, "--sent")
    run("settle", day, "--slot", "1", "--yes", *MONDAY)
    moved = run("check", day, "--json", *MONDAY).json["interviews"]
    assert [one["verdict"] for one in moved] == ["clear"] * 3
    starts = [one["start"][11:16] for one in moved]
    hours = [int(start[:2]) for start in starts]
    assert [hour - hours[0] for hour in hours] == [0, 1, 4]
    assert run("check", day, *MONDAY).out.count("confirm that") == 1
    run("undo")
    assert day.read_bytes() == before


def test_taking_the_note_back_takes_it_back_for_all(run: Run, day: Path) -> None:
    run("message", "email", day, *MONDAY, "--sent")
    run("message", "email", day, *MONDAY, "--unsent")
    assert "No request is noted" in run("requests", *MONDAY[:2]).out
    entries = run("check", day, "--json", *MONDAY).json["interviews"]
    assert [one["message"]["kind"] for one in entries if one["message"]] == ["email"]
