"""What is known of a colleague's time holds for events that they attend."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import lastresort
from agendas import moment
from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = "2026-05-04T08:00+02:00"
JAN = "jan@office.example"
TALK = "Wed 2026-05-06 14:00-15:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"
SYNC = (
    "Wed 2026-05-06 14:30-15:00 1:1 Jan (organiser me@home.example; with jan@office.example; uid sync@home)"
)
MINE = f"{TALK}\n{SYNC}"
OTHERWISE = "2026-05-06T15:15:00+02:00"
"""Where it goes when nothing is known of Jan: the next free quarter after the interview's room to breathe."""


def where(answer: Any) -> str:
    """Where the meeting with Jan goes."""
    (entry,) = answer.interviews
    assert entry["verdict"] == "rearrange"
    (move,) = entry["plan"]["moves"]
    assert move["uid"] == "sync@home"
    return move["new_start"]


@pytest.fixture
def jan(tmp_path: Path, ask: Callable[..., Any]) -> Callable[..., Any]:
    """Return `jan(lines)`: the answer when Jan's calendar has these events."""

    def call(text: str, *options: str, mine: str = MINE, **more: Any) -> Any:
        path = write_calendar(tmp_path / "jan.ics", text, **more)
        return ask(mine, "--attendee-calendar", f"{JAN}={path}", *options)

    return call


def test_where_it_goes_without_their_calendar(ask: Callable[..., Any]) -> None:
    assert where(ask(MINE)) == OTHERWISE


def test_it_is_not_moved_onto_what_takes_their_time(jan: Callable[..., Any]) -> None:
    assert where(jan("Thu 2026-05-07 10:00-11:00 Review")) == OTHERWISE
    assert where(jan("Wed 2026-05-06 15:00-17:00 Review")) != OTHERWISE
    answer = jan("Wed 2026-05-06 08:00-12:45 Workshop\nWed 2026-05-06 15:00-17:00 Review")
    assert where(answer) == "2026-05-06T13:15:00+02:00"


HOUR = SYNC.replace("14:30-15:00", "14:30-15:30")
LONG_TALK = TALK.replace("14:00-15:00", "14:00-15:05")
ONE_GAP = "Wed 2026-05-06 08:00-14:30 Workshop\nWed 2026-05-06 16:15-19:00 Review"
"""Beside the meeting Jan has 45 minutes after it, and nothing else that day."""
SHIFTED = "2026-05-06T15:15:00+02:00"
"""The hour goes there if its own old time is not taken for busy."""
COPY = HOUR.replace("sync@home", "{uid}")


@pytest.mark.parametrize(
    "copy",
    [
        COPY.format(uid="sync@home"),
        COPY.format(uid="another-uid@exchange"),
        "Wed 2026-05-06 14:30-15:30 Busy",
        "Wed 2026-05-06 14:30-15:00 1:1 Jan (organiser me@home.example; uid sync@home)",
    ],
    ids=["the-same-uid", "another-uid", "no-title-told", "an-old-length"],
)
def test_their_copy_of_the_event_does_not_block_its_own_move(copy: str, jan: Callable[..., Any]) -> None:
    """A shift by a few minutes overlaps the old time, and the old time is free once it has moved."""
    assert where(jan(f"{copy}\n{ONE_GAP}", mine=f"{LONG_TALK}\n{HOUR}")) == SHIFTED


def test_what_else_takes_exactly_its_time_blocks_beside_the_copy(jan: Callable[..., Any]) -> None:
    both = f"{HOUR}\nWed 2026-05-06 14:30-15:30 Dentist"
    assert where(jan(HOUR, mine=f"{LONG_TALK}\n{HOUR}")) == SHIFTED
    assert where(jan(both, mine=f"{LONG_TALK}\n{HOUR}")) == "2026-05-06T15:30:00+02:00"


def test_free_busy_time_that_holds_the_event_does_not_block_its_move(
    tmp_path: Path, ask: Callable[..., Any]
) -> None:
    """Free/busy time runs the event and the next one together."""
    path = tmp_path / "jan.ifb"
    path.write_bytes(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VFREEBUSY\r\nUID:f\r\n"
        b"FREEBUSY:20260506T060000Z/20260506T133000Z,20260506T141500Z/20260506T170000Z\r\n"
        b"END:VFREEBUSY\r\nEND:VCALENDAR\r\n"
    )
    answer = ask(f"{LONG_TALK}\n{HOUR}", "--attendee-calendar", f"{JAN}={path}")
    assert where(answer) == SHIFTED


@pytest.mark.parametrize("detail", ["free", "declined", "cancelled", "working elsewhere"])
def test_what_takes_none_of_their_time_blocks_nothing(detail: str, jan: Callable[..., Any]) -> None:
    people = "organiser boss@office.example; with jan@office.example; " if detail == "declined" else ""
    text = f"Wed 2026-05-06 15:00-17:00 Review ({people}{detail})"
    assert where(jan(text)) == OTHERWISE


def test_an_invitation_that_i_declined_takes_their_time(jan: Callable[..., Any]) -> None:
    """Their calendar is read as they have it, not as I would."""
    event = (
        "Wed 2026-05-06 15:00-17:00 Review (organiser boss@office.example; with me@home.example; declined)"
    )
    answer = jan(event)
    assert where(answer) != OTHERWISE


def test_events_that_they_do_not_attend_go_where_they_like(jan: Callable[..., Any]) -> None:
    busy = "Wed 2026-05-06 15:00-19:00 Review"
    for mine in (SYNC.replace("jan@", "eva@"), "Wed 2026-05-06 14:30-15:00 Focus time (uid sync@home)"):
        assert where(jan(busy, mine=f"{TALK}\n{mine}")) == OTHERWISE


def test_who_has_declined_does_not_attend(tmp_path: Path, jan: Callable[..., Any]) -> None:
    mine = (
        "BEGIN:VEVENT\nUID:sync@home\nDTSTAMP:20260101T000000Z\nDTSTART;TZID=Europe/Berlin:20260506T143000\n"
        "DTEND;TZID=Europe/Berlin:20260506T150000\nSUMMARY:1:1 Jan\nORGANIZER:mailto:me@home.example\n"
        "ATTENDEE;PARTSTAT=DECLINED:mailto:jan@office.example\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:eva@office.example\nEND:VEVENT"
    )
    calendar = write_calendar(tmp_path / "mine.ics", TALK, extra=mine)
    path = write_calendar(tmp_path / "jan.ics", "Wed 2026-05-06 15:00-19:00 Review")
    found = lastresort.check(
        calendar,
        now=moment("2026-05-04 08:00"),
        me=["me@home.example"],
        tz="Europe/Berlin",
        attendee_calendar={JAN: path},
    )
    (move,) = found.document["interviews"][0]["plan"]["moves"]
    assert move["new_start"] == OTHERWISE


def test_their_floating_times_are_in_the_zone_of_their_calendar(jan: Callable[..., Any]) -> None:
    """09:00 to 11:00 in New York is 15:00 to 17:00 here."""
    floating = (
        "BEGIN:VEVENT\nUID:f\nDTSTAMP:20260101T000000Z\nDTSTART:20260506T090000\nDTEND:20260506T110000\n"
        "SUMMARY:Review\nEND:VEVENT"
    )
    abroad = jan("", extra=floating, head="X-WR-TIMEZONE:America/New_York")
    assert where(abroad) != OTHERWISE
    assert where(jan("", extra=floating)) == OTHERWISE, "no zone is named: it is mine"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Pacific/Auckland", "UTC"])
def test_their_times_hold_in_every_zone(zone: str, jan: Callable[..., Any]) -> None:
    assert where(jan(f"Wed 2026-05-06 15:00-17:00 Review (zone {zone})")) != OTHERWISE


def test_an_occurrence_of_a_series_is_known_in_their_calendar(jan: Callable[..., Any]) -> None:
    series = HOUR.replace("uid sync", "series; uid sync")
    assert where(jan(f"{series}\n{ONE_GAP}", mine=f"{LONG_TALK}\n{series}")) == SHIFTED


def test_several_colleagues_and_several_calendars_of_one_hold(
    tmp_path: Path, ask: Callable[..., Any]
) -> None:
    mine = f"{TALK}\n{SYNC.replace(JAN, f'{JAN}, eva@office.example')}"
    first = write_calendar(tmp_path / "1.ics", "Wed 2026-05-06 15:00-16:00 Review")
    second = write_calendar(tmp_path / "2.ics", "Wed 2026-05-06 16:00-17:00 Review")
    third = write_calendar(tmp_path / "3.ics", "Wed 2026-05-06 08:00-14:00 Workshop")
    answer = ask(
        mine,
        "--attendee-calendar", f"{JAN}={first}",
        "--attendee-calendar", f"JAN@office.example={second}",
        "--attendee-calendar", f"eva@office.example={third}",
    )  # fmt: skip
    assert where(answer) >= "2026-05-06T17:00"


# -- what cannot be read, and how it is written


def test_a_calendar_of_theirs_that_cannot_be_read_is_told(ask: Callable[..., Any]) -> None:
    """Clashes win over what was not read; without one the code says that it is incomplete."""
    gone = ("--attendee-calendar", f"{JAN}=gone.ics")
    answer = ask(MINE, *gone)
    assert (answer.code, where(answer)) == (3, OTHERWISE)
    assert [problem["code"] for problem in answer.document["problems"]] == ["unread-source"]
    assert "gone.ics" in answer.ran.err
    assert JAN not in answer.ran.err
    assert ask(TALK, *gone).code == 5


def test_a_secret_address_of_theirs_is_never_told(ask: Callable[..., Any]) -> None:
    secret = "https://feeds.invalid/private-4711/basic.ics"
    ran = ask(TALK, "--attendee-calendar", f"{JAN}={secret}", "--offline").ran
    assert ran.code == 5
    assert "private-4711" not in ran.err + ran.out
    assert JAN not in ran.err


@pytest.mark.parametrize("wrong", ["his.ics", "=his.ics", f"{JAN}=", f"{JAN}", "jan=his.ics"])
def test_what_is_no_pair_is_wrong_usage(wrong: str, tmp_path: Path, run: Callable[..., Any]) -> None:
    path = write_calendar(tmp_path / "work.ics", MINE)
    ran = run("check", path, "--now", NOW, "--attendee-calendar", wrong)
    assert ran.code == 2
    assert "--attendee-calendar" in ran.err
    assert "his.ics" not in ran.err


def test_propose_weigh_and_apply_know_them_too(tmp_path: Path, run: Callable[..., Any]) -> None:
    path = write_calendar(tmp_path / "work.ics", MINE)
    theirs = write_calendar(tmp_path / "jan.ics", "Wed 2026-05-06 15:00-17:00 Review")
    asked = (
        path,
        "--now",
        NOW,
        "--me",
        "me@home.example",
        "--attendee-calendar",
        f"{JAN}={theirs}",
        "--json",
    )
    offer = ("--offer", "Wed 14:00", "--interview", "Baker")
    (weighed,) = run("weigh", *asked, *offer).json["offers"]
    assert weighed["plan"]["moves"][0]["new_start"] != OTHERWISE
    assert run("propose", *asked, "--interview", "Baker").code == 3
    rows = json.dumps(run("apply", *asked, "--dry-run").json)
    assert "T151500" not in rows


def test_the_configuration_names_them_beside_itself(tmp_path: Path, run: Callable[..., Any]) -> None:
    path = write_calendar(tmp_path / "work.ics", MINE)
    write_calendar(tmp_path / "jan.ics", "Wed 2026-05-06 15:00-17:00 Review")
    config = tmp_path / "c.toml"
    config.write_text(f'attendee-calendar = ["{JAN}=jan.ics"]\n')
    options = ("--now", NOW, "--me", "me@home.example", "--config", config)
    document = run("check", path, "--json", *options).json
    assert document["interviews"][0]["plan"]["moves"][0]["new_start"] != OTHERWISE
    config.write_text(f'attendee-calendar = ["{JAN}=https://feeds.example/private-4711"]\n')
    shown = run("config", "--config", config)
    assert "private-4711" not in shown.out
    assert "feeds.example" in shown.out


def test_a_number_of_the_report_keeps_them(
    tmp_path: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`apply 1` carries the plan out that the report showed."""
    monkeypatch.chdir(tmp_path)
    write_calendar(tmp_path / "work.ics", MINE)
    write_calendar(tmp_path / "jan.ics", "Wed 2026-05-06 15:00-17:00 Review")
    options = ("--now", NOW, "--me", "me@home.example")
    assert run("check", "work.ics", "--attendee-calendar", f"{JAN}=jan.ics", *options).code == 3
    shown = run("apply", "1", "work.ics", "--dry-run", "--now", NOW).out
    assert "15:15" not in shown


def test_a_program_gives_bytes(tmp_path: Path) -> None:
    path = write_calendar(tmp_path / "work.ics", MINE)
    theirs = write_calendar(tmp_path / "jan.ics", "Wed 2026-05-06 15:00-17:00 Review").read_bytes()
    found = lastresort.check(
        path,
        now=moment("2026-05-04 08:00"),
        me=["me@home.example"],
        tz="Europe/Berlin",
        attendee_calendar={JAN.upper(): theirs},
    )
    (move,) = found.document["interviews"][0]["plan"]["moves"]
    assert move["new_start"] != OTHERWISE


# -- those who interview


def test_their_floating_times_are_theirs(tmp_path: Path, run: Callable[..., Any]) -> None:
    """Free/busy of the interviewer is read in the zone of its calendar, whatever mine is."""
    floating = "\n".join(
        f"BEGIN:VEVENT\nUID:f{day}\nDTSTAMP:20260101T000000Z\nDTSTART:202605{day:02}T090000\n"
        f"DTEND:202605{day:02}T150000\nSUMMARY:Busy\nEND:VEVENT"
        for day in range(5, 29)
    )
    theirs = write_calendar(tmp_path / "hr.ics", "", extra=floating, head="X-WR-TIMEZONE:America/New_York")
    path = write_calendar(tmp_path / "work.ics", f"{TALK}\nWed 2026-05-06 14:00-15:00 Court hearing")
    ran = run(
        "check", path, "--json", "--now", NOW, "--tz", "Europe/Berlin", "--hours", "08:00-23:00",
        "--interviewer-tz", "New York", "--interviewer-calendar", theirs,
    )  # fmt: skip
    starts = [slot["start"] for slot in ran.json["interviews"][0]["slots"]]
    assert starts
    assert not [start for start in starts if "09" <= start[11:13] < "15"], starts


def test_one_calendar_of_a_panel_that_cannot_be_read_is_told(tmp_path: Path, run: Callable[..., Any]) -> None:
    path = write_calendar(tmp_path / "work.ics", TALK)
    theirs = write_calendar(tmp_path / "hr.ics", "Thu 2026-05-07 09:00-17:00 Busy")
    asked = ("check", path, "--json", "--now", NOW, "--me", "me@home.example")
    ran = run(*asked, "--interviewer-calendar", theirs, "--interviewer-calendar", "gone.ics")
    assert ran.code == 5
    assert [problem["code"] for problem in ran.json["problems"]] == ["unread-source"]
    assert run(*asked, "--interviewer-calendar", theirs).code == 0
