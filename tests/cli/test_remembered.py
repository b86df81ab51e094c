"""What is noted as sent is known afterwards: no second request unawares, nudges when due, names and times."""

from __future__ import annotations

import json
import os
import shlex
import stat
from typing import TYPE_CHECKING, Any

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

    Run = Callable[..., Ran]

WEEK = """
    Thu 2026-05-07 15:00-16:00 Interview: Data Engineer at Crumb (organiser ada@crumb.example Ada Lovely)
    Thu 2026-05-07 15:30-17:00 Court hearing
"""
MOVED = WEEK.replace("05-07 15:00-16:00 Interview", "05-11 10:00-11:00 Interview").replace("Thu", "", 1)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (
    ("--now", f"2026-05-0{day}T10:00+02:00", "--language", "en") for day in (4, 5, 6, 7, 8)
)


@pytest.fixture
def week(tmp_path: Path) -> Path:
    return write_calendar(tmp_path / "week.ics", WEEK)


def memory() -> dict[str, Any]:
    with open(os.path.join(os.environ["XDG_STATE_HOME"], "lastresort", "memory.json"), "rb") as stream:
        return json.load(stream)  # type: ignore[no-any-return]


def report(run: Run, week: Path, *options: str) -> dict[str, Any]:
    ran = run("check", week, "--json", *options)
    return ran.json


def test_a_request_that_was_sent_is_noted_with_the_times_offered(run: Run, week: Path) -> None:
    ran = run("message", "email", week, *MONDAY, "--sent")
    assert ran.code == 0
    assert ran.err.endswith("lastresort: noted as sent: email (--unsent takes it back)\n")
    (request,) = memory()["requests"]
    assert (request["asked"], request["original"]) == (
        "2026-05-04T08:00:00+00:00",
        "2026-05-07T13:00:00+00:00",
    )
    offered = [slot["start"] for slot in report(run, week, *MONDAY)["interviews"][0]["slots"]]
    assert len(request["offers"]) == len(offered) == 3
    folder = os.path.join(os.environ["XDG_STATE_HOME"], "lastresort")
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert {stat.S_IMODE(entry.stat().st_mode) for entry in os.scandir(folder)} == {0o600}


def test_a_second_request_warns(run: Run, week: Path) -> None:
    assert "R5" not in report(run, week, *MONDAY)["interviews"][0]["advice"]["rules"]
    run("message", "email", week, *MONDAY, "--sent")
    entry = report(run, week, *MONDAY)["interviews"][0]
    assert "R5" in entry["advice"]["rules"]
    said = [one["text"] for one in entry["because_verdict"] if one["rule"] == "R5"]
    assert said == ["you have asked to move it already and wait for their answer: do not ask anew"]
    again = run("message", "email", week, *MONDAY)
    assert "do not ask anew" in again.err
    assert "ask you a second time" in again.out


def test_the_check_reminds_of_a_nudge_after_a_working_day_and_then_of_a_call(run: Run, week: Path) -> None:
    run("message", "email", week, *MONDAY, "--sent")
    assert report(run, week, *MONDAY)["reminders"] == []
    due = report(run, week, *WEDNESDAY)
    assert [(one["kind"], one["rule"]) for one in due["reminders"]] == [("nudge", "R27")]
    assert due["reminders"][0]["text"] == (
        "“Interview: Data Engineer at Crumb”: No answer since Mon 4 May: send one polite nudge; "
        "the old time stands."
    )
    assert due["interviews"][0]["message"]["kind"] == "nudge"
    assert f"lastresort message nudge 1 {week} --open" in run("check", week, *WEDNESDAY).out
    run("message", "nudge", week, *WEDNESDAY, "--sent")
    assert report(run, week, *WEDNESDAY)["reminders"] == []
    assert [one["kind"] for one in report(run, week, *THURSDAY)["reminders"]] == ["call"]


def test_later_messages_know_names_and_times_without_a_calendar(run: Run, week: Path) -> None:
    offered = run("message", "email", week, *MONDAY, "--sent").out
    nudge = run("message", "nudge", *TUESDAY)
    assert nudge.code == 0, nudge.err
    assert nudge.out.startswith("To: ada@crumb.example\nSubject: Re: New interview time, Data Engineer")
    assert "Dear Ada Lovely" in nudge.out
    assert "I wrote to you on Monday about" in nudge.out
    times = [line.rpartition(", ")[2] for line in nudge.out.splitlines() if line.startswith("- ")]
    assert times
    assert [time for time in times if time not in offered] == []
    confirm = run("message", "confirm", *TUESDAY, "--agreed", "2026-05-11 10:00", "--sent")
    assert "on Monday 11 May at 10:00" in confirm.out
    assert "This replaces the slot on Thursday" in confirm.out
    thanks = run("message", "follow-up", *WEDNESDAY)
    assert "I look forward to meeting you on Monday 11 May at 10:00." in thanks.out
    assert [one["kind"] for one in report(run, week, *WEDNESDAY)["reminders"]] == ["move"]


def test_a_time_that_was_taken_since_is_not_offered_again(run: Run, week: Path, tmp_path: Path) -> None:
    run("message", "email", week, *MONDAY, "--sent")
    before = run("message", "nudge", week, *TUESDAY).out
    full = write_calendar(
        tmp_path / "week.ics", WEEK + "    2026-05-05..2026-05-22 all day Away (out of office)\n"
    )
    after = run("message", "nudge", full, *TUESDAY).out
    assert "still work for me" in before
    assert "I'm happy to work around your schedule." in after


def test_an_agreed_time_is_confirmed_and_not_asked_about_anew(run: Run, week: Path) -> None:
    run("message", "email", week, *MONDAY, "--sent")
    run("message", "confirm", week, *TUESDAY, "--agreed", "2026-05-11 10:00", "--sent")
    entry = report(run, week, *TUESDAY)["interviews"][0]
    assert entry["message"]["kind"] == "confirm"
    assert {"R26", "R29"} <= set(entry["advice"]["rules"])


def test_an_interview_that_was_moved_asks_for_thanks_and_a_new_clash_for_care(
    run: Run, week: Path, tmp_path: Path
) -> None:
    run("message", "email", week, *MONDAY, "--sent")
    moved = write_calendar(tmp_path / "week.ics", MOVED)
    answer = report(run, moved, *TUESDAY)
    assert answer["interviews"][0]["verdict"] == "clear"
    assert [(one["kind"], one["settled"]) for one in answer["reminders"]] == [
        ("confirm", "2026-05-11T10:00:00+02:00")
    ]
    run("message", "confirm", moved, *TUESDAY, "--sent")
    assert [one["kind"] for one in report(run, moved, *TUESDAY)["reminders"]] == ["follow-up"]
    run("message", "follow-up", moved, *TUESDAY, "--sent")
    assert report(run, moved, *TUESDAY)["reminders"] == []
    text = MOVED + "    2026-05-11 10:30-12:00 Court hearing, again\n"
    entry = report(run, write_calendar(tmp_path / "week.ics", text), *TUESDAY)["interviews"][0]
    assert entry["verdict"] == "reschedule"
    assert "you have asked to move it once already; another request costs far more" in str(entry)
    assert entry["message"]["kind"] == "email"
    assert "a second time" in entry["message"]["body"]


RIVALS = """
    Thu 2026-05-07 15:00-16:00 Interview: Data Engineer at Crumb (organiser ada@crumb.example Ada)
    Thu 2026-05-07 15:00-16:00 Interview: Data Analyst at Pan (organiser eve@pan.example Eve)
"""


def test_of_two_interviews_the_one_that_was_asked_about_goes_on_being_the_one(
    run: Run, tmp_path: Path
) -> None:
    week = write_calendar(tmp_path / "week.ics", RIVALS)

    def leaving() -> list[str]:
        entries = report(run, week, *MONDAY)["interviews"]
        return [entry["company"] for entry in entries if entry["verdict"] == "reschedule"]

    (first,) = leaving()
    other = "Pan" if first == "Crumb" else "Crumb"
    run("message", "email", week, *MONDAY, "--interview", other, "--sent")
    assert leaving() == [other]


def test_a_withdrawal_ends_the_waiting(run: Run, week: Path) -> None:
    run("message", "email", week, *MONDAY, "--sent")
    run("message", "withdraw", week, *TUESDAY, "--sent")
    assert report(run, week, *TUESDAY)["reminders"] == []
    entry = report(run, week, *WEDNESDAY)["interviews"][0]
    assert (entry["verdict"], entry["clashes"], entry["advice"]["next"]) == ("clear", [], "done")
    run("message", "withdraw", week, *WEDNESDAY, "--unsent")
    assert report(run, week, *WEDNESDAY)["interviews"][0]["verdict"] == "reschedule"


def test_a_note_can_be_taken_back_and_only_where_there_is_one(run: Run, week: Path) -> None:
    run("message", "email", week, *MONDAY, "--sent")
    back = run("message", "email", week, *MONDAY, "--unsent")
    assert (back.code, back.err) == (0, "lastresort: no longer noted as sent: email\n")
    assert memory()["requests"] == []
    again = run("message", "email", week, *MONDAY, "--unsent")
    assert (again.code, again.out) == (1, "")
    assert "nothing of the kind email is noted as sent" in again.err
    assert run("message", "email", week, *MONDAY, "--sent", "--unsent").code == 2


@pytest.mark.parametrize("kind", ["nudge", "follow-up"])
def test_what_belongs_to_no_request_is_not_noted(run: Run, week: Path, kind: str) -> None:
    ran = run("message", kind, week, *TUESDAY, "--sent")
    assert ran.code == 1
    assert "message email --sent" in ran.err
    assert run("message", kind, *TUESDAY).code == 2


def test_held_times_are_no_request_until_it_was_sent(run: Run, week: Path) -> None:
    held = run("apply", week, *MONDAY, "--hold", "--yes")
    assert held.code == 0, held.err
    assert report(run, week, *MONDAY)["interviews"][0]["message"]["kind"] == "email"
    run("message", "email", week, *MONDAY, "--sent")
    assert [request["held"] for request in memory()["requests"]] == [False]
    assert report(run, week, *MONDAY)["interviews"][0]["message"]["kind"] == "nudge"


def test_a_memory_of_a_later_version_does_not_stop_the_check(run: Run, week: Path) -> None:
    run("message", "email", week, *MONDAY, "--sent")
    path = os.path.join(os.environ["XDG_STATE_HOME"], "lastresort", "memory.json")
    with open(path, "w") as stream:
        stream.write('{"version": 9}')
    ran = run("check", week, *MONDAY)
    assert ran.code == 4
    assert "later version" in ran.err


def test_a_week_with_an_unusual_difference_says_so(run: Run, tmp_path: Path) -> None:
    """New York changes its clocks three weeks before Berlin does."""
    text = """
        Tue 2026-03-10 15:00-16:00 Interview: Tester at Pan (organiser a@pan.example; zone America/New_York)
        Tue 2026-03-10 15:30-17:00 Court hearing
    """
    week = write_calendar(tmp_path / "week.ics", text)
    entry = report(run, week, "--now", "2026-03-05T09:00+01:00")["interviews"][0]
    (told,) = [one["text"] for one in entry["because_verdict"] if one["rule"] == "R15"]
    assert "New York is 5 hours behind your time; usually it is 6 hours behind it." in told
    plain = report(run, week, "--now", "2026-03-05T09:00+01:00", "--interviewer-tz", "Europe/Paris")
    assert "R15" not in str(plain["interviews"][0]["because_verdict"])


def test_requests_are_listed_with_their_next_step(run: Run, week: Path) -> None:
    assert "No request is noted" in run("requests", *MONDAY[:2]).out
    run("message", "email", week, *MONDAY, "--reason", "illness", "--sent")
    (row,) = run("requests", *WEDNESDAY[:2], "--json").json["requests"]
    assert (row["to"], row["reason"], row["state"]) == ("ada@crumb.example", "illness", "overdue")
    assert (row["next"]["kind"], row["next"]["due"]) == ("nudge", True)
    assert len(row["offers"]) == 3
    words = shlex.split(row["next"]["command"])
    assert words[:3] == ["lastresort", "message", "nudge"]
    assert run(*words[1:], *WEDNESDAY).code == 0
    shown = run("requests", *WEDNESDAY[:2]).out
    assert "Ada Lovely: asked on Mon 4 May, 10:00" in shown
    assert "send one polite nudge" in shown


def test_what_they_declined_stays_where_it_is(run: Run, week: Path) -> None:
    assert run("settle", week, *MONDAY, "--declined", "--yes").code == 1
    run("message", "email", week, *MONDAY, "--sent")
    run("apply", week, *MONDAY, "--hold", "--yes")
    done = run("settle", week, *TUESDAY, "--declined", "--yes")
    assert done.code == 0, done.err
    entry = report(run, week, *TUESDAY)["interviews"][0]
    assert (entry["start"], entry["advice"]["next"]) == ("2026-05-07T15:00:00+02:00", "attend")
    assert entry["message"] is None
    assert "STATUS:TENTATIVE" not in week.read_text("utf-8")
    assert run("settle", week, *TUESDAY, "--declined", "--slot", "1").code == 2


def test_a_feed_with_new_uids_at_every_fetch_makes_no_second_first_request(run: Run, week: Path) -> None:
    """The memory of requests goes by title and time where the UID is unknown (R5)."""
    run("message", "email", week, *MONDAY, "--sent")
    week.write_bytes(week.read_bytes().replace(b"UID:", b"UID:fetched-again-"))
    assert "R5" in report(run, week, *MONDAY)["interviews"][0]["advice"]["rules"]
    run("message", "nudge", week, *TUESDAY, "--sent")
    run("message", "confirm", week, *TUESDAY, "--agreed", "2026-05-11 10:00", "--sent")
    assert report(run, week, *TUESDAY)["interviews"][0]["message"]["kind"] == "confirm"
    assert len({request["interview"] for request in memory()["requests"]}) == 1
