"""`lastresort interviews`: what was found, what was read of it, and from where, in every form."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from agendas import moment
from calendars import write_calendar
from lastresort.ics.reader import read_agenda
from lastresort.model import Interval
from lastresort.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

    Run = Callable[..., Ran]

ADA = "organiser ada@crumb.example Ada Lovely"
PAGE = "https://calendly.com/reschedulings/5d0c1f7e"
MOVE = f"notes Reschedule until 8 May {PAGE}"
CALENDAR = f"""
    Tue 2026-05-12 09:00-09:45 Phone screen: Data Analyst at Crumb ({ADA}; {MOVE}; zone UTC; uid screen)
    Thu 2026-05-14 08:00-18:00 Onsite day at Crumb ({ADA}; uid day)
    Thu 2026-05-14 09:00-10:00 Interview at Crumb: Coding ({ADA}; uid coding)
    Thu 2026-05-14 11:00-12:00 Interview at Crumb: Values ({ADA}; uid values)
    Fri 2026-05-15 15:00-16:00 Deep dive Fernhill (uid maybe)
    Fri 2026-05-15 17:00-18:00 Buy suit for interview (uid suit)
"""
NOW = ("--now", "2026-05-04T08:00", "--tz", "Europe/Berlin", "--me", "me@home.example")


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    return write_calendar(tmp_path / "work.ics", CALENDAR)


def test_processes_and_rounds(run: Run, calendar: Path) -> None:
    found = run("interviews", calendar, "--json", *NOW).json
    rounds = {one["uid"]: one["round"] for one in found["interviews"]}
    assert rounds == {"screen": 1, "day": None, "coding": 2, "values": 3}
    assert {one["process"] for one in found["interviews"]} == {"crumb.example"}
    assert [one["uid"] for one in found["possible_interviews"]] == ["maybe"]


def test_the_table_says_what_was_read_and_from_where(run: Run, calendar: Path) -> None:
    table = run("interviews", calendar, *NOW).out
    assert "Data Analyst" in table
    assert "Ada Lovely" in table
    assert f"booking        {PAGE}" in table
    assert "booking until  2026-05-08 23:59" in table
    assert "not known, yours is assumed" in table
    assert "Buy suit" not in table
    perhaps = table.partition("Perhaps interviews")[2]
    assert "Deep dive Fernhill" in perhaps
    assert "the title says “Deep dive”" in perhaps


def test_reasons_are_told_when_asked_for(run: Run, calendar: Path) -> None:
    table = run("interviews", calendar, "--verbose", *NOW).out
    assert "the title says “Phone screen”" in table
    assert "the organiser is outside your own domains" in table


def test_a_spreadsheet_has_a_row_for_each(run: Run, calendar: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("interviews", calendar, "--csv", *NOW).out)))
    assert [row["uid"] for row in rows] == ["screen", "day", "coding", "values", "maybe"]
    assert rows[0]["role"] == "Data Analyst"
    assert rows[0]["company"] == "Crumb"
    assert rows[0]["mode"] == "phone"
    assert rows[0]["their_timezone_source"] == "assumed"
    assert rows[0]["booking_deadline"] == "2026-05-08T23:59:00+02:00"
    assert rows[-1]["certainty"] == "possible"


def test_another_calendar_gets_what_was_read(run: Run, calendar: Path, tmp_path: Path) -> None:
    written = tmp_path / "interviews.ics"
    run("interviews", calendar, "--ics", written, *NOW)
    window = Interval(moment("2026-05-04 00:00"), moment("2026-06-01 00:00"))
    agenda = read_agenda(open_source(str(written)).documents, window, zone="Europe/Berlin", system_zone="UTC")
    by_uid = {occurrence.event.uid: occurrence.event for occurrence in agenda.occurrences}
    assert set(by_uid) == {"screen", "day", "coding", "values", "maybe"}
    assert "role: Data Analyst" in by_uid["screen"].description
    assert "their zone: not known, yours is assumed" in by_uid["screen"].description
    assert by_uid["maybe"].status == "TENTATIVE"
