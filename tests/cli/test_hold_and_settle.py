"""Times held, agreed on and taken back: what is offered stays the same, and memory follows the calendar."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from test_apply import FOCUS, INTERVIEW, NOW, calendar_of

from lastresort.history.store import read_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lastresort.history.records import Request

    Run = Callable[..., Any]

DEMO_NOW = ("--now", "2026-11-20T09:00")
DEMO = ("--me", "sam.winter@example.org", "--tz", "Berlin", *DEMO_NOW)
GLOBEX = (*DEMO, "--interview", "Globex")
LATER = ("--now", "2026-05-04T13:00+02:00", *NOW[2:])
"""More than a working day after the times were held."""
RIVAL = """UID:rival
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260505T100000
DTEND;TZID=Europe/Berlin:20260505T110000
SUMMARY:Interview: Cook (Pan)
ORGANIZER:mailto:eve@pan.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@home.example"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "lastresort"


@pytest.fixture
def demo(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "cal.ics"
    run("demo", *DEMO_NOW, "--save", path)
    return path


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar_of(INTERVIEW, FOCUS))
    return path


def noted(state: Path) -> tuple[Request, ...]:
    return read_memory(str(state)).requests


def asked_about(run: Run, *args: str | Path) -> dict[str, Any]:
    (entry,) = run("check", *args, "--json").json["interviews"]
    return entry


def times(entry: dict[str, Any]) -> list[str]:
    return [slot["start"] for slot in entry["slots"]]


def holds(data: bytes) -> int:
    return data.count(b"UID:lastresort-hold-")


def in_utc(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def add_event(calendar: Path, event: str) -> None:
    added = calendar_of(event).partition(b"//EN\r\n")[2]
    calendar.write_bytes(calendar.read_bytes().replace(b"END:VCALENDAR\r\n", added))


def test_the_whole_walk_and_all_the_way_back(run: Run, demo: Path, state: Path) -> None:
    untouched, first = demo.read_bytes(), asked_about(run, demo, *GLOBEX)
    assert any("Hold the offered times" in step for step in first["advice"]["steps"])

    run("apply", demo, *GLOBEX, "--hold", "--yes")
    with_holds, held = demo.read_bytes(), asked_about(run, demo, *GLOBEX)
    assert holds(with_holds) == 3
    assert times(held) == times(first)
    assert held["message"]["body"] == first["message"]["body"]
    assert held["clashes"] == first["clashes"]
    assert not any("Hold the offered times" in step for step in held["advice"]["steps"])
    assert times(run("propose", demo, *GLOBEX, "--json").json) == times(first)
    assert "held already" in run("apply", demo, *GLOBEX, "--hold", "--yes").out

    out = run("settle", demo, *GLOBEX, "--slot", "2", "--yes").out
    second = datetime.fromisoformat(times(first)[1])
    assert f"{second.astimezone(ZoneInfo('Europe/Berlin')):%a %d %b, %H:%M}" in out
    assert "confirm it in writing" in out

    out = run("undo", *DEMO_NOW).out
    assert demo.read_bytes() == with_holds
    assert "thanks" not in out.partition("Due now")[2]
    again = asked_about(run, demo, *GLOBEX)
    assert "they agreed" not in str(again["because_verdict"])
    assert (times(again), again["message"]["body"]) == (times(first), first["message"]["body"])
    assert [request.settled for request in noted(state)] == [None]

    run("undo", *DEMO_NOW)
    assert demo.read_bytes() == untouched
    assert noted(state) == ()
    assert asked_about(run, demo, *GLOBEX) == first
    assert "Due now" not in run("check", demo, *DEMO[:-1], "2026-11-24T09:00").out


def test_held_times_are_offered_while_they_stay_free(run: Run, calendar: Path) -> None:
    options = ("--last-resort", *NOW)
    run("apply", calendar, "--hold", "--yes", *options)
    first = times(asked_about(run, calendar, *options))
    add_event(calendar, f"UID:taken\nDTSTAMP:20260101T000000Z\nDTSTART:{in_utc(first[0])}\nDURATION:PT1H")
    assert times(asked_about(run, calendar, *options)) == first[1:]
    # what was named is offered even where nothing so soon would be named now
    assert times(asked_about(run, calendar, *options, "--notice", "200h")) == first[1:]


def test_nobody_else_is_given_a_held_time(run: Run, calendar: Path) -> None:
    run("apply", calendar, "--hold", "--yes", "--last-resort", *NOW)
    first = times(asked_about(run, calendar, "--last-resort", *NOW))
    add_event(calendar, RIVAL)
    entry = run("propose", calendar, "--interview", "Pan", "--json", *NOW).json
    assert entry["slots"]
    assert not set(times(entry)) & set(first)
    offers = [option for start in first for option in ("--offer", start)]
    weighed = run("weigh", calendar, "--interview", "Pan", *offers, "--json", *NOW)
    assert weighed.code == 4
    own = run("weigh", calendar, "--interview", "Crumb", "--offer", first[0], *NOW)
    assert own.code == 0
    assert "not certain" not in own.out


@pytest.mark.parametrize("policy", ["check", "clash", "ignore"])
def test_holds_are_holds_however_a_calendar_counts_what_is_tentative(
    run: Run, calendar: Path, tmp_path: Path, policy: str
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[[calendars]]\nsource = "{calendar.as_posix()}"\ntentative = "{policy}"\n')
    options = ("--config", config, "--last-resort", *NOW)
    before = asked_about(run, *options)
    run("apply", "--hold", "--yes", *options)
    after = asked_about(run, *options)
    assert times(after) == times(before)
    assert after["clashes"] == before["clashes"]


def test_an_event_that_makes_room_lands_on_no_held_time(run: Run, calendar: Path) -> None:
    calendar.write_bytes(
        calendar_of(INTERVIEW, FOCUS.replace("T103000", "T101500").replace("T1130", "T1045"))
    )
    (move,) = asked_about(run, calendar, *NOW)["plan"]["moves"]
    run("apply", calendar, "--hold", "--yes", "--interview", "Crumb", *NOW)
    held = calendar.read_bytes()
    start = held.partition(b"UID:lastresort-hold-")[2].partition(b"DTSTART:")[2][:16]
    end = held.partition(b"UID:lastresort-hold-")[2].partition(b"DTEND:")[2][:16]
    there = held.replace(start, in_utc(move["new_start"]).encode())
    calendar.write_bytes(there.replace(end, in_utc(move["new_end"]).encode()))
    (other,) = asked_about(run, calendar, *NOW)["plan"]["moves"]
    assert not move["new_start"] <= other["new_start"] < move["new_end"]
    assert not move["new_start"] < other["new_end"] <= move["new_end"]


def test_a_request_that_was_sent_outlives_its_holds(run: Run, calendar: Path, state: Path) -> None:
    options = ("--last-resort", *NOW)
    run("apply", calendar, "--hold", "--yes", *options)
    run("message", "email", calendar, "--sent", *options)
    (sent,) = noted(state)
    assert not sent.held
    run("undo", *NOW[:2])
    assert noted(state) == (sent,)


def test_an_answer_noted_before_the_calendar_was_changed_stays(run: Run, calendar: Path, state: Path) -> None:
    options = ("--last-resort", *NOW)
    run("apply", calendar, "--hold", "--yes", *options)
    agreed = noted(state)[0].offers[0][0]
    run("message", "confirm", calendar, "--agreed", f"{agreed:%Y-%m-%dT%H:%MZ}", "--sent", *options)
    assert noted(state)[0].settled == agreed
    run("settle", calendar, "--slot", f"{agreed:%Y-%m-%dT%H:%MZ}", "--yes", *options)
    run("undo", *NOW[:2])
    assert noted(state)[0].settled == agreed


def test_held_times_are_no_request_and_remind_of_nothing(run: Run, calendar: Path) -> None:
    run("apply", calendar, "--hold", "--yes", "--last-resort", *NOW)
    assert "No answer since" not in run("check", calendar, *LATER).out
    run("undo", *NOW[:2])
    assert "Due now" not in run("check", calendar, *LATER).out


NAMED = ("--offer", "Wed 6 May 2pm or Thu 7 May 9:00 or Fri 8 May 11:00", "--interview", "Crumb")
"""Times that they named; what stands on Thursday is fixed."""
COURT = """UID:court
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260507T083000
DTEND;TZID=Europe/Berlin:20260507T113000
SUMMARY:Exam
ORGANIZER:mailto:office@school.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@home.example"""


def test_of_the_times_they_named_those_that_fit_are_held_settled_and_taken_back(
    run: Run, calendar: Path, state: Path
) -> None:
    add_event(calendar, COURT)
    asking = ("--last-resort", *NOW)
    offered = times(asked_about(run, calendar, *asking))
    run("message", "email", calendar, "--sent", *asking)
    untouched, sent = calendar.read_bytes(), noted(state)

    ran = run("weigh", calendar, *NAMED, "--hold", "--yes", "--cannot-move", "Exam", *NOW)
    assert ran.code == 0
    assert "held as slot 2    → Fri 8 May 11:00" in ran.out
    held = calendar.read_bytes()
    assert holds(held) == held.count(b"CLASS:PRIVATE") == 2
    assert "Held already as slot 1: Wed 6 May, 14:00" in run(
        "weigh", calendar, *NAMED, "--hold", "--yes", "--cannot-move", "Exam", *NOW
    ).out  # fmt: skip
    assert calendar.read_bytes() == held
    assert [len(request.offers) for request in noted(state)] == [len(offered), 2]

    out = run("settle", calendar, "--slot", "2", "--yes", "--interview", "Crumb", *NOW).out
    assert "Agreed: Fri 8 May, 11:00" in out  # not the second time that was offered to them
    settled = calendar.read_bytes()
    assert holds(settled) == 0
    assert b"DTSTART;TZID=Europe/Berlin:20260508T110000" in settled

    run("undo", *NOW[:2])
    assert calendar.read_bytes() == held
    run("undo", *NOW[:2])
    assert calendar.read_bytes() == untouched
    assert noted(state) == sent


def test_nothing_is_held_where_nobody_agreed_to_it(run: Run, calendar: Path) -> None:
    untouched = calendar.read_bytes()
    refused = run("weigh", calendar, *NAMED, "--hold", *NOW)
    assert (refused.code, refused.out) == (1, "")
    assert "--yes makes them" in refused.err
    shown = run("weigh", calendar, *NAMED, "--hold", "--dry-run", "--json", *NOW)
    assert len(json.loads(shown.out)["changes"]) == 1
    nobody = run("weigh", calendar, *NAMED[:2], "--for", "1h", "--hold", "--yes", *NOW)
    assert (nobody.code, nobody.out) == (2, "")
    alone = run("weigh", calendar, *NAMED, "--yes", *NOW)
    assert (alone.code, alone.out) == (2, "")
    assert calendar.read_bytes() == untouched


# -- Ctrl-C when they declined -------------------------------------------------------------------------------


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("place", ["settle.note_decline", "changing._open_again", "changing._tell"])
def test_ctrl_c_after_the_holds_of_a_declined_request_have_gone_says_so(
    run: Run, calendar: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    run("apply", calendar, "--hold", "--yes", "--last-resort", *NOW)
    monkeypatch.setattr(f"lastresort.cli.{place}", interrupt)
    code, _, err = run("settle", calendar, "--declined", "--yes", *NOW)
    assert code == 130
    assert holds(calendar.read_bytes()) == 0
    assert "stopped; the change is made: 'lastresort undo 2-" in err
    assert "nothing was changed" not in err


def test_ctrl_c_before_a_declined_request_is_noted_says_that_nothing_was_changed(
    run: Run, calendar: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("apply", calendar, "--hold", "--yes", "--last-resort", *NOW)
    before, request = calendar.read_bytes(), noted(state)
    monkeypatch.setattr("lastresort.cli.settle._release", interrupt)
    code, _, err = run("settle", calendar, "--declined", "--yes", *NOW)
    assert code == 130
    assert (calendar.read_bytes(), noted(state)) == (before, request)
    assert "stopped; nothing was changed" in err


def test_ctrl_c_after_an_answer_that_changes_no_calendar_says_that_it_is_noted(
    run: Run, calendar: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("message", "email", calendar, "--sent", "--last-resort", *NOW)
    (sent,) = noted(state)
    monkeypatch.setattr("lastresort.cli.changing._open_again", interrupt)
    code, _, err = run("settle", calendar, "--declined", "--yes", *NOW)
    assert code == 130
    assert noted(state) != (sent,)
    assert "stopped; their answer is noted" in err


def test_the_draft_of_what_is_held_goes_to_everybody_as_message_writes_it(
    run: Run, calendar: Path, tmp_path: Path
) -> None:
    named = INTERVIEW.replace("ORGANIZER:", "ORGANIZER;CN=Dana Lee:")
    both = f"{named}\nATTENDEE;CN=Otto Ek:mailto:otto@crumb.example"
    calendar.write_bytes(calendar_of(both, FOCUS))
    run("message", "email", calendar, *NOW, "--interview", "Crumb", "--eml", tmp_path / "asked.eml")
    asked = (tmp_path / "asked.eml").read_text()
    run("apply", "--hold", "--interview", "Crumb", calendar, *NOW, "--yes", "--drafts", tmp_path / "out")
    written = (tmp_path / "out" / "email.eml").read_text()
    assert "\nCc: otto@crumb.example" in asked
    assert "\nCc: otto@crumb.example" in written
    assert written.partition("\n\n")[2] == asked.partition("\n\n")[2]


def test_that_the_interview_can_stay_is_a_mail_that_opens(run: Run, calendar: Path, tmp_path: Path) -> None:
    run("message", "email", calendar, *NOW, "--interview", "Crumb", "--sent")
    calendar.write_bytes(calendar_of(INTERVIEW))
    report = run("check", calendar, *NOW).out
    assert "✉ You asked" in report
    assert "--open" in report
