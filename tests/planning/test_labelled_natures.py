"""Everyday titles in many languages, each with the natures that a person would accept for it.

The files under `natures/` hold blocks: a line with the natures, the time and who takes part, then titles,
separated by semicolons.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agendas import DAYS, moment
from lastresort.model import Busy, BusyReason, Event, Interval, Occurrence, Person
from lastresort.planning.natures import classify
from lastresort.query import Query

FOLDER = Path(__file__).parent / "natures"
ME = "me@corp.example"
DOMAINS = {"c": "corp.example", "x": "globex.example", "f": "gmail.com", "p": "t-online.de"}
QUERY = Query(moment("2026-06-08 08:30", "Europe/London"), "Europe/London")
MONDAY = moment("2026-06-15 00:00", "Europe/London")


def blocks(language):
    """Yield the natures, what the events share, and their titles."""
    for block in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").split("\n## ")[1:]:
        head, _, titles = block.partition("\n")
        natures, time, people, *series = head.split(" | ")
        shared = (interval_of(time), people_of(people), bool(series))
        yield (
            set(natures.split(",")),
            shared,
            [title.strip() for title in titles.replace("\n", ";").split(";")],
        )


def interval_of(text):
    weekday, clock, minutes = text.split()
    hour, minute = map(int, clock.split(":"))
    start: datetime = MONDAY + timedelta(days=DAYS.index(weekday), hours=hour, minutes=minute)
    return Interval(start, start + timedelta(minutes=int(minutes)))


def people_of(text):
    """Return the organiser and the attendees."""
    if text == "0":
        return None, ()
    others = tuple(Person(f"p{number}@{DOMAINS[text[1]]}") for number in range(int(text[0])))
    me = Person(ME)
    return (others[0] if text.endswith("o") else me), (*others, me)


def occurrence(title, shared):
    interval, (organizer, attendees), series = shared
    event = Event(
        source="own.ics",
        uid="event@test",
        summary=title,
        zone="Europe/London",
        organizer=organizer,
        attendees=attendees,
        recurring=series,
    )
    return Occurrence(event, interval, Busy.CLASH, BusyReason.BUSY, interval.start if series else None, False)


@pytest.mark.parametrize("language", sorted(file.stem for file in FOLDER.iterdir()))
def test_titles_are_what_a_person_says_they_are(language):
    wrong = [
        (title, found, natures)
        for natures, shared, titles in blocks(language)
        for title in titles
        if title
        and (found := classify(occurrence(title, shared), QUERY, frozenset({ME})).nature.value) not in natures
    ]
    assert wrong == []
