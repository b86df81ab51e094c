"""Wrong calls and bad input: one clear line, the contract's exit code, nothing on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lastresort.cli.invocation import describe_run
from lastresort.cli.options import QuestionOptions, SourceOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
BEGIN:VEVENT
UID:talk
DTSTAMP:20260101T000000Z
DTSTART:20260505T080000Z
DTEND:20260505T090000Z
SUMMARY:Interview: Baker (Crumb)
END:VEVENT
BEGIN:VEVENT
UID:talk-2
DTSTAMP:20260101T000000Z
DTSTART:20260506T080000Z
DTEND:20260506T090000Z
SUMMARY:Interview: Cook (Pan)
END:VEVENT
END:VCALENDAR
"""
NOW = ("--now", "2026-05-01T09:00+02:00", "--tz", "Europe/Berlin")


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "calendar.ics"
    path.write_bytes(CALENDAR.replace("\n", "\r\n").encode())
    return path


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--tz", "Mars/Olympus"), "zone"),
        (("--interviewer-tz", "../../etc/passwd"), "zone"),
        (("--hours", "25-99"), "hours"),
        (("--hours", "19:00-08:00"), "hours"),
        (("--interviewer-hours", "nine to five"), "hours"),
        (("--padding", "a while"), "duration"),
        (("--notice", "-3h"), "duration"),
        (("--now", "yesterdayish"), "time"),
        (("--reason", "boredom"), "--reason"),
        (("--slots", "7"), "--slots"),
        (("--days", "0"), "--days"),
        (("--country", "Atlantis"), "--country"),
        (("--interview", "Interview"), "--interview"),
        (("--interview", "no such thing"), "--interview"),
        (("--at", "2026-05-05T10:00"), "--for"),
        (("--at", "2020-05-05T10:00", "--for", "45m"), "past"),
        (("--for", "45m"), "--at"),
        (("--no-such-option",), "--no-such-option"),
        (("--max-size", "huge"), "--max-size"),
    ],
)
def test_a_wrong_value_is_one_line_and_2(
    run: Callable[..., object], calendar: Path, options: tuple[str, ...], word: str
) -> None:
    code, out, err = run("check", calendar, *NOW, *options)
    assert (code, out) == (2, "")
    assert err.startswith("lastresort: ")
    assert err.count("\n") == 1
    assert word in err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"Dear all,\nno calendar here",
        b"\x00\x01\x02",
    ],
)
def test_what_is_no_calendar_is_never_an_all_clear(
    run: Callable[..., object], tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.ics"
    path.write_bytes(content)
    code, out, err = run("check", path, *NOW, "--json")
    assert (code, out) == (1, "")
    assert "odd.ics" in err
    assert err.count("\n") == 1


def test_a_missing_file_is_named(run: Callable[..., object], tmp_path: Path) -> None:
    code, out, err = run("check", tmp_path / "gone.ics")
    assert (code, out) == (1, "")
    assert "gone.ics" in err


def test_no_source_is_wrong_usage(run: Callable[..., object]) -> None:
    code, out, err = run("check")
    assert (code, out) == (2, "")
    assert "demo" in err


def test_a_bad_source_hides_no_good_one(run: Callable[..., object], calendar: Path, tmp_path: Path) -> None:
    code, out, err = run("check", calendar, tmp_path / "gone.ics", *NOW)
    assert code == 5
    assert "Crumb" in out
    assert "gone.ics" in err


def test_a_truncated_file_is_used_as_far_as_it_goes(run: Callable[..., object], calendar: Path) -> None:
    whole = calendar.read_bytes()
    calendar.write_bytes(whole[: whole.index(b"SUMMARY:Interview: Cook")])
    code, out, err = run("check", calendar, *NOW)
    assert code == 5
    assert "Crumb" in out
    assert "calendar.ics" in err


def test_an_unknown_command_is_answered_with_the_nearest(run: Callable[..., object]) -> None:
    code, _, err = run("chek")
    assert code == 2
    assert "check" in err


def test_a_command_to_repeat_leaves_out_what_the_environment_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LASTRESORT_NOW", "2026-05-04T08:00")
    given = SourceOptions(sources=["a.ics"], tz="Europe/Paris", now="2026-05-04T08:00")
    assert describe_run(given, QuestionOptions()).calendars == ("a.ics", "--tz", "Europe/Paris")
    other = given._replace(now="2026-05-05T08:00")
    assert describe_run(other, QuestionOptions()).calendars[-2:] == ("--now", "2026-05-05T08:00")


def test_what_breaks_inside_tells_where_and_nothing_of_the_calendar(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text of a library's exception may be a line of the calendar, or an address with its password."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("Interview at Acme, https://me:hunter2@cal.example/x")

    monkeypatch.delenv("LASTRESORT_TRACEBACK")
    monkeypatch.setattr("lastresort.cli.check.open_session", fail)
    ran = run("check", tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("lastresort: something inside broke (ValueError, ")
    assert ran.err.count("\n") == 1
    assert "Acme" not in ran.err
    assert "hunter2" not in ran.err
