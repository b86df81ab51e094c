"""What titles and whole invitations say, in many languages: the cases stand under cases/."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lastresort.interviews.detection import Interview, find_interviews
from lastresort.interviews.evidence import find_owner
from lastresort.interviews.process import written_round
from lastresort.interviews.sender import read_names
from lastresort.jobs.session import reading_places
from lastresort.model import Agenda, Busy, BusyReason, Event, Interval, Mail, Occurrence, Person
from lastresort.query import Query

CASES = Path(__file__).parent / "cases"
NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
ME = Person("dana.smith@mail.example", "Dana Smith")
OWNER = find_owner([ME.address or ""])
PLACES = reading_places(NOW)
TITLES = [line.split("\t") for line in (CASES / "readings.tsv").read_text(encoding="utf-8").splitlines()]
INVITATIONS = json.loads((CASES / "invitations.json").read_text(encoding="utf-8"))
VERDICTS = {
    "certain": {"certain"},
    "either": {"certain", "possible"},
    "no": {"none"},
    "no-or-possible": {"none", "possible"},
}


@pytest.mark.parametrize("language", sorted({row[0] for row in TITLES}))
def test_what_titles_name(language: str) -> None:
    expected = [tuple(row[1:]) for row in TITLES if row[0] == language]
    assert [named(title) for title, *_ in expected] == expected


def named(title: str) -> tuple[str, str, str, str]:
    """The title, and the role, company and number of the round that are read from it."""
    event = Event("work.ics", "1", summary=title)
    names = read_names(event, OWNER, PLACES.zone_of_place)
    return title, names.role or "", names.company or "", str(written_round(event) or "")


@pytest.mark.parametrize("case", INVITATIONS, ids=[case["title"] for case in INVITATIONS])
def test_what_an_invitation_tells(case: dict[str, Any]) -> None:
    occurrence = invitation(case)
    query = Query(NOW, "Europe/Berlin", frozenset({ME.address or "", "dana.smith@nordwerk.example"}), days=60)
    window = Interval(NOW, NOW + timedelta(days=90))
    agenda = Agenda(window, "Europe/Berlin", (occurrence,), me=query.me)
    found = find_interviews(agenda, query, places=PLACES)
    verdict = "certain" if found.interviews else "possible" if found.possible else "none"
    assert verdict in VERDICTS[case["want"]]
    for interview in (*found.interviews, *found.possible):
        assert {name: read(interview)[name] for name in case["read"]} == case["read"]


def invitation(case: dict[str, Any]) -> Occurrence:
    zone = ZoneInfo(case["zone"])
    start = datetime(2026, 5, 12, case["hour"], tzinfo=zone).astimezone(UTC)
    organizer = person(case["organizer"]) if "organizer" in case else None
    text, location = case.get("text", ""), case.get("location", "")
    mail = None
    if "subject" in case:
        reply = person(case["reply"]) if "reply" in case else None
        body = f"{case['title']}\n{location}\n\n{text}"
        mail = Mail(subject=case["subject"], text=body, sender=organizer, reply_to=reply)
    event = Event(
        "invite.ics",
        "1@google.com",
        summary=case["title"],
        description=text,
        location=location,
        organizer=organizer,
        attendees=(ME, *map(person, case.get("attendees", ()))) if organizer else (),
        zone="UTC" if case.get("utc") else case["zone"],
        tzid="UTC" if case.get("utc") else case["zone"],
        mail=mail,
    )
    return Occurrence(event, Interval(start, start + timedelta(hours=1)), Busy.CLASH, BusyReason.BUSY)


def person(pair: list[str]) -> Person:
    return Person(pair[1], pair[0])


def read(interview: Interview) -> dict[str, object]:
    who = interview.interviewer
    return {
        "role": interview.role,
        "company": interview.company,
        "mode": interview.mode.value,
        "round": interview.round,
        "language": interview.language,
        "name": who.name,
        "email": who.address,
        "phone": who.phone,
        "tz": who.zone,
        "country": who.country,
    }
