"""Readable lines become an .ics file: the notation of `agendas.py`, written as calendars write it.

Times stand in the zone of the agenda with a TZID; `series` gives a yearly rule, so that the instance shown is
the only one a test sees. Tentative and the like become what says so in RFC 5545, or my PARTSTAT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agendas import ME, lines_of, read_agenda
from lastresort.model import BusyReason, Occurrence

if TYPE_CHECKING:
    from pathlib import Path

    from lastresort.model import Person

MARKS = {
    BusyReason.TENTATIVE: "STATUS:TENTATIVE",
    BusyReason.CANCELLED: "STATUS:CANCELLED",
    BusyReason.FREE: "TRANSP:TRANSPARENT",
    BusyReason.OUT_OF_OFFICE: "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
    BusyReason.WORKING_ELSEWHERE: "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
}
ANSWERS = {BusyReason.UNANSWERED: "NEEDS-ACTION", BusyReason.DECLINED: "DECLINED"}


def write_calendar(path: Path, text: str, *, extra: str = "", head: str = "") -> Path:
    """Write the calendar the lines describe; `extra` are further content lines inside it."""
    agenda = read_agenda(text) if list(lines_of(text)) else None
    events = [_event(o, agenda.zone) for o in agenda.occurrences] if agenda else []
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", *head.split("\n"), *events]
    lines += [*extra.split("\n"), "END:VCALENDAR", ""]
    joined = "\n".join(line for line in lines if line)
    path.write_bytes((joined + "\n").replace("\n", "\r\n").encode())
    return path


def _event(occurrence: Occurrence, zone: str) -> str:
    event = occurrence.event
    lines = ["BEGIN:VEVENT", f"UID:{event.uid}", "DTSTAMP:20260101T000000Z", *_times(occurrence, zone)]
    lines.append(f"SUMMARY:{_escaped(event.summary)}")
    texts = {"LOCATION": event.location, "DESCRIPTION": event.description, "URL": event.url}
    lines += [f"{name}:{_escaped(text)}" for name, text in texts.items() if text]
    if event.organizer:
        lines.append(f"ORGANIZER{_name(event.organizer)}:mailto:{event.organizer.address}")
    answer = ANSWERS.get(occurrence.reason, "ACCEPTED")
    for person in event.attendees or ([_me()] if occurrence.reason in ANSWERS else []):
        lines.append(f"ATTENDEE{_name(person)};PARTSTAT={answer}:mailto:{person.address}")
    if event.categories:
        lines.append(f"CATEGORIES:{','.join(event.categories)}")
    numbers = {"PRIORITY": event.priority, "SEQUENCE": event.sequence}
    lines += [f"{name}:{number}" for name, number in numbers.items() if number]
    if event.recurring:
        lines.append("RRULE:FREQ=YEARLY;COUNT=3")
    if event.travel:
        lines.append(f"X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT{event.travel.seconds // 60}M")
    if occurrence.reason in MARKS:
        lines.append(MARKS[occurrence.reason])
    return "\n".join([*lines, "END:VEVENT"])


def _times(occurrence: Occurrence, zone: str) -> list[str]:
    start, end = occurrence.interval
    if occurrence.all_day:
        info = ZoneInfo(zone)
        return [
            f"DTSTART;VALUE=DATE:{start.astimezone(info):%Y%m%d}",
            f"DTEND;VALUE=DATE:{end.astimezone(info):%Y%m%d}",
        ]
    name = occurrence.event.zone or zone
    info = ZoneInfo(name)
    return [
        f"DTSTART;TZID={name}:{start.astimezone(info):%Y%m%dT%H%M%S}",
        f"DTEND;TZID={name}:{end.astimezone(info):%Y%m%dT%H%M%S}",
    ]


def _me() -> Person:
    from lastresort.model import Person

    return Person(ME)


def _name(person: Person) -> str:
    return f';CN="{person.name}"' if person.name else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
