"""What was sent to others than interviewers is noted: it is waited for, settled, and not advised again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

    Run = Callable[..., Ran]

GUESTS = "with me, li@kontor.example, bo@kontor.example, cy@kontor.example"
WEEK = f"""
    Thu 2026-05-07 15:00-16:00 Interview: Data Engineer at Crumb (organiser ada@crumb.example Ada Lovely)
    Thu 2026-05-07 15:30-16:30 Sprint review (organiser jan@kontor.example Jan Roth; {GUESTS})
"""
MONDAY = ("--now", "2026-05-04T10:00+02:00", "--language", "en")
BEGUN = ("--now", "2026-05-07T15:05+02:00", "--language", "en")
OVER = ("--now", "2026-05-07T16:30+02:00", "--language", "en")


@pytest.fixture
def week(tmp_path: Path) -> Path:
    return write_calendar(tmp_path / "week.ics", WEEK)


def plan_of(run: Run, week: Path) -> str:
    """The kind of message that the plan needs for the review."""
    (entry,) = run("check", week, "--json", *MONDAY).json["interviews"]
    (move,) = entry["plan"]["moves"]
    return {"skip": "decline-once"}.get(move["action"], move["action"])


def test_a_note_to_a_colleague_is_waited_for_until_it_is_settled(run: Run, week: Path) -> None:
    kind = plan_of(run, week)
    sent = run("message", kind, week, *MONDAY, "--sent")
    assert sent.code == 0
    assert "Sprint review" in sent.out
    waiting = run("check", week, "--json", *MONDAY)
    assert waiting.code == 3
    steps = waiting.json["interviews"][0]["advice"]["steps"]
    assert [step[:42] for step in steps] == ["You asked on Mon 4 May about “Sprint revie"]
    assert "waits for their answer" in run("requests", *MONDAY[:2]).out
    assert run("message", kind, week, *MONDAY, "--settled").code == 0
    arranged = run("check", week, "--json", *MONDAY)
    assert arranged.code == 0
    (entry,) = arranged.json["interviews"]
    assert [(one["busy"], one["reason"]) for one in entry["clashes"]] == [("check", "arranged")]
    assert "No request is noted" in run("requests", *MONDAY[:2]).out


def test_the_printed_command_settles(run: Run, week: Path) -> None:
    import shlex

    run("message", plan_of(run, week), week, *MONDAY, "--sent")
    (line,) = [line for line in run("check", week, *MONDAY).out.splitlines() if "--settled" in line]
    assert run(*shlex.split(line)[1:]).code == 0
    assert run("check", week, *MONDAY).code == 0


def test_news_are_silent_while_it_waits(run: Run, week: Path) -> None:
    run("message", plan_of(run, week), week, *MONDAY, "--sent")
    ran = run("check", week, "--new-only", *MONDAY)
    assert (ran.code, ran.out) == (0, "")


def test_what_was_noted_can_be_taken_back_step_by_step(run: Run, week: Path) -> None:
    kind = plan_of(run, week)
    refused = run("message", kind, week, *MONDAY, "--settled")
    assert refused.code == 1
    assert "--sent notes it" in refused.err
    run("message", kind, week, *MONDAY, "--sent")
    run("message", kind, week, *MONDAY, "--settled")
    run("message", kind, week, *MONDAY, "--unsent")
    assert "--settled" in run("check", week, *MONDAY).out
    run("message", kind, week, *MONDAY, "--unsent")
    assert "--settled" not in run("check", week, *MONDAY).out
    assert run("message", kind, week, *MONDAY, "--unsent").code == 1


def test_settled_is_for_messages_about_other_events(run: Run, week: Path) -> None:
    ran = run("message", "email", week, *MONDAY, "--settled")
    assert ran.code == 2
    assert "--settled says nothing for email" in ran.err


def test_being_late_is_told_once(run: Run, week: Path) -> None:
    assert "message late" in run("check", week, *BEGUN).out
    assert run("message", "late", week, *BEGUN, "--by", "15m", "--sent").code == 0
    assert "message late" not in run("check", week, *BEGUN).out
    run("message", "late", week, *BEGUN, "--by", "15m", "--unsent")
    assert "message late" in run("check", week, *BEGUN).out


def test_a_missed_interview_is_waited_for_without_an_old_time(run: Run, week: Path) -> None:
    assert "message missed" in run("check", week, *OVER).out
    assert run("message", "missed", week, *OVER, "--sent").code == 0
    after = run("check", week, *OVER).out
    assert "message missed" not in after
    assert "wait for an answer until" in after
    later = run("requests", "--now", "2026-05-12T10:00+02:00").out
    assert "send one polite nudge" in later
    assert "old time" not in after + later
    run("message", "missed", week, *OVER, "--unsent")
    assert "message missed" in run("check", week, *OVER).out


def test_time_asked_for_to_answer_an_offer_is_listed_until_that_day(run: Run, week: Path) -> None:
    ran = run("message", "extension", week, *MONDAY, "--until", "2026-05-15", "--sent")
    assert ran.code == 0
    assert "extension on Mon 4 May" in run("requests", *MONDAY[:2]).out
    (note,) = run("requests", "--json", *MONDAY[:2]).json["notes"]
    assert note["kind"] == "extension"
    assert run("requests", "--json", "--now", "2026-05-20T10:00+02:00").json["notes"] == []
