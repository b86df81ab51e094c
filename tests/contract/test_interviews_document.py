"""`lastresort interviews`: what was found and read, for people, spreadsheets, programs, calendars."""

from __future__ import annotations

import csv
import io
import json

import icalendar
import pytest

CALENDAR = """
2026-05-05 10:00-11:00 Phone screen Crumb +1 212 555 0143
2026-05-06 10:00-11:00 Interview: Baker at Pan (organiser ann@pan.example Ann Lee; with me@home.example)
2026-05-07 10:00-11:00 Kennenlerngespräch
2026-05-07 12:00-13:00 Lunch
"""
NOW = ("--now", "2026-05-04T08:00", "--tz", "Berlin", "--me", "me@home.example")


def test_a_person_reads_them(run, calendar):
    out = run("interviews", calendar(CALENDAR), *NOW).out
    assert "Interview: Baker at Pan" in out
    assert "America/New_York (from the phone number)" in out
    assert "not known, yours is assumed" in out
    assert "Perhaps interviews" in out
    assert "Lunch" not in out


def test_programs_read_them(run, calendar):
    document = json.loads(run("interviews", calendar(CALENDAR), *NOW, "--json").out)
    assert document["version"] == 1
    screen, baker = document["interviews"]
    assert (screen["company"], screen["interviewer"]["phone"]) == ("Crumb", "+1 212 555 0143")
    assert (baker["role"], baker["interviewer"]["name"]) == ("Baker", "Ann Lee")
    assert [one["certainty"] for one in document["possible_interviews"]] == ["possible"]


def test_spreadsheets_read_them_and_no_cell_is_a_formula(run, calendar):
    path = calendar("2026-05-05 10:00-11:00 =1+2 interview")
    (row,) = csv.DictReader(io.StringIO(run("interviews", path, *NOW, "--csv").out))
    assert row["summary"].startswith("'=")
    assert row["certainty"] == "certain"


def test_other_calendars_read_them(run, calendar, tmp_path):
    target = tmp_path / "found.ics"
    run("interviews", calendar(CALENDAR), *NOW, "--ics", target)
    events = icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "TENTATIVE"]


def test_none_found_says_so(run, calendar):
    assert "No interview was found" in run("interviews", calendar("2026-05-07 12:00-13:00 Lunch"), *NOW).out


@pytest.mark.parametrize("options", [("--csv", "--json")])
def test_two_forms_at_once_are_refused(run, calendar, options):
    assert run("interviews", calendar(CALENDAR), *NOW, *options).code == 2
