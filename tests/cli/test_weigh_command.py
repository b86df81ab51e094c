"""`lastresort weigh`: from what they wrote to the answer."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

NOW = "2026-05-04T09:00+02:00"  # a Monday
POLL = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//poll//EN
BEGIN:VEVENT
UID:one@poll.example
DTSTAMP:20260501T080000Z
DTSTART:20260506T130000Z
DTEND:20260506T134500Z
SUMMARY:Interview (option 1)
STATUS:TENTATIVE
END:VEVENT
BEGIN:VEVENT
UID:two@poll.example
DTSTAMP:20260501T080000Z
DTSTART:20260507T080000Z
DTEND:20260507T110000Z
SUMMARY:Interview (option 2)
STATUS:TENTATIVE
END:VEVENT
BEGIN:VEVENT
UID:three@poll.example
DTSTAMP:20260501T080000Z
DTSTART:20260508T080000Z
DTEND:20260508T084500Z
SUMMARY:Interview (option 3)
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
"""
MAIL = """From: Ines Duarte <ines@brightforge.example>
To: me@example.org
Subject: Next steps
Date: Mon, 4 May 2026 08:00:00 +0200
Content-Type: text/plain; charset=utf-8

Hello,

could you do tomorrow at 4pm, or Thursday between 9 and 11? All times are London time.
Please reply by 5pm today.

Best regards,
Ines

> Monday 11 May at 3pm is what I wrote before.
"""


@pytest.fixture
def asked(tmp_path: Path) -> tuple[str, ...]:
    calendar = write_calendar(tmp_path / "mine.ics", "Thu 2026-05-07 10:00-11:00 Class")
    return ("weigh", str(calendar), "--tz", "Berlin", "--now", NOW, "--for", "45m", "--me", "me@example.org")


def test_a_mail_is_read_and_answered_on_the_clock_of_its_words(
    tmp_path: Path, asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    path = tmp_path / "mail.eml"
    path.write_text(MAIL, encoding="utf-8")
    found = json.loads(run(*asked, "--from", str(path), "--json").out)
    assert [(one["kind"], one["start"], one["timezone"]) for one in found["understood"]] == [
        ("time", "2026-05-05T16:00:00+01:00", "Europe/London"),
        ("window", "2026-05-07T09:00:00+01:00", "Europe/London"),
    ]
    assert found["message"]["to"] == "ines@brightforge.example"
    assert "UK time" in found["message"]["body"]
    window = next(offer for offer in found["offers"] if offer["start"].startswith("2026-05-07"))
    assert window["cost"] == 0  # a start is found beside the class


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_of_an_endless_mail_the_beginning_is_read(
    tmp_path: Path, asked: tuple[str, ...], run: Callable[..., Ran], kind: str
) -> None:
    path = tmp_path / "mail.eml"
    more = "We look forward to meeting you on our campus at 10 in the morning.\n\n" * (5_000_000 // 70)
    path.write_text(MAIL.partition("Best regards")[0].replace("plain", kind) + more, encoding="utf-8")
    ran = run(*asked, "--from", str(path), "--json")
    found = json.loads(ran.out)
    assert found["understood"][0]["start"] == "2026-05-05T16:00:00+01:00"
    assert [problem["code"] for problem in found["problems"]] == ["text-cut"]
    assert "its beginning was read" in ran.err


def test_times_beyond_the_first_hundred_are_told(asked: tuple[str, ...], run: Callable[..., Ran]) -> None:
    many = ", ".join(
        f"{day} May {hour}:{minute}" for day in (5, 6) for hour in range(9, 18) for minute in MINUTES
    )
    ran = run(*asked, "--offer", many, "--json")
    found = json.loads(ran.out)
    assert len(found["understood"]) == 100
    (problem,) = found["problems"]
    assert "more than 100 times" in problem["message"]
    assert problem["message"] in ran.err
    assert json.loads(run(*asked, "--offer", "Tue 3pm ET", "--json").out)["problems"] == []


MINUTES = ("00", "05", "15", "20", "30", "45", "50")


def test_options_of_a_poll_are_offers_and_cancelled_ones_are_none(
    tmp_path: Path, asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    path = tmp_path / "poll.ics"
    path.write_text(POLL, encoding="utf-8")
    for option in ("--from", "--invite"):
        found = json.loads(run(*asked, option, str(path), "--json").out)
        assert [one["kind"] for one in found["understood"]] == ["time", "window"]
        assert [offer["cost"] for offer in found["offers"]] == [0, 0]


def test_options_of_a_poll_are_times_of_one_interview(
    tmp_path: Path, asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    path, whole = tmp_path / "poll.ics", (*asked[1:6], "--invite", str(tmp_path / "poll.ics"))
    path.write_text(POLL.replace("T110000Z", "T084500Z").replace("CANCELLED", "TENTATIVE"), encoding="utf-8")
    calendar = write_calendar(tmp_path / "mine.ics", "Wed 2026-05-06 15:00-16:00 Class")
    assert str(calendar) == whole[0]
    ran = run("check", *whole, "--json")
    (interview,) = json.loads(ran.out)["interviews"]
    assert (ran.code, interview["uid"], interview["verdict"]) == (0, "two@poll.example", "clear")
    assert "choose among 3 times" in ran.err
    named = json.loads(run("check", *whole, "--interview", "one@poll.example", "--json").out)
    assert [(one["uid"], one["verdict"]) for one in named["interviews"]] == [
        ("one@poll.example", "rearrange")
    ]
    # rounds of one process are no choice
    path.write_text(path.read_text().replace("(option", "(round"), encoding="utf-8")
    assert len(json.loads(run("check", *whole, "--json").out)["interviews"]) == 3


def test_two_readings_are_told_and_neither_is_accepted(
    asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    ran = run(*asked, "--offer", "6/7 at 3pm", "--json")
    found = json.loads(ran.out)
    assert ran.code == 4
    assert [len(one["readings"]) for one in found["understood"]] == [2]
    assert found["offers"] == []
    assert found["message"] is None


def test_nothing_understood_is_told_with_what_would_be(
    asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    ran = run(*asked, "--offer", "Would Thursday suit you?")
    assert (ran.code, ran.out) == (1, "")
    assert "names no clock time; write it as" in ran.err


def test_what_was_understood_comes_first_with_both_clocks(
    asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    out = run(*asked, "--offer", "Tue 3pm ET").out
    assert out.index("Understood:") < out.index("1. ")
    assert "15:00–15:45 in New York = Tue 5 May, 21:00–21:45 in Berlin" in out


def test_a_bare_time_is_theirs_and_accepted_on_their_clock(
    asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    found = json.loads(run(*asked, "--interviewer-tz", "New York", "--offer", "Wed 11am", "--json").out)
    (offer,) = found["offers"]
    assert (offer["start"], offer["my_start"]) == ("2026-05-06T11:00:00-04:00", "2026-05-06T17:00:00+02:00")
    assert "11 a.m. ET" in found["message"]["body"]


def test_a_wrong_reading_costs_no_right_one(asked: tuple[str, ...], run: Callable[..., Ran]) -> None:
    ran = run(*asked, "--offer", "6/7 at 3pm, or Tuesday 12 May at 15:00", "--json")
    found = json.loads(ran.out)
    assert [one["kind"] for one in found["understood"]] == ["ambiguous", "time"]
    assert [offer["start"] for offer in found["offers"]] == ["2026-05-12T15:00:00+02:00"]
    assert "12 May" in found["message"]["body"]


@pytest.mark.parametrize("offer", ["Wed 6am ET", "Wed 3am Berlin time"])
def test_a_start_that_nobody_is_likely_to_mean_is_asked_about(
    offer: str, asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    found = json.loads(run(*asked, "--offer", offer, "--json").out)
    assert "ask whether it is meant" in found["offers"][0]["because"][0]
    assert found["message"] is None


@pytest.mark.parametrize(
    ("offer", "length", "kind", "minutes"),
    [
        ("Wed 9:00-9:45", "45m", "time", 45),
        ("Wed 9:00-11:00", "45m", "window", 45),
        ("Wed 9:00-11:00", "2h", "time", 120),
        ("Wed 9:00-9:30", "45m", "time", 45),
    ],
)
def test_a_range_is_a_time_or_a_window_by_the_length_of_the_meeting(
    offer: str, length: str, kind: str, minutes: int, asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    options = [length if one == "45m" else one for one in asked]
    found = json.loads(run(*options, "--offer", offer, "--json").out)
    (weighed,) = found["offers"]
    start, end = (datetime.fromisoformat(weighed[edge]) for edge in ("start", "end"))
    assert found["understood"][0]["kind"] == kind
    assert end - start == timedelta(minutes=minutes)


def test_who_accepts_is_named_as_the_mail_names_them(
    tmp_path: Path, asked: tuple[str, ...], run: Callable[..., Ran]
) -> None:
    path = tmp_path / "mail.eml"
    path.write_text(
        MAIL.replace("To: me@", "To: Sam Miller <me@").replace("org\nS", "org>\nS"), encoding="utf-8"
    )
    found = json.loads(run(*asked, "--from", str(path), "--json").out)
    assert found["message"]["body"].rstrip().endswith("Sam Miller")
