"""Calendars of a few lines, and what the reader makes of them."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from lastresort.ics.reader import read_agenda
from lastresort.model import Agenda, Document, Interval, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lastresort.ics.busy import CalendarPolicy

WINDOW = Interval(datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 11, tzinfo=UTC))
ME = "me@home.example"
TIMED = ("DTSTART:20260505T080000Z", "DTEND:20260505T090000Z")
DAY = ("DTSTART;VALUE=DATE:20260505", "DTEND;VALUE=DATE:20260506")


def event(*rows: str, uid: str = "one@x") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", *rows, "END:VEVENT"]


def calendar(*events: list[str], head: tuple[str, ...] = ()) -> str:
    rows = [row for each in events for row in each]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *head, *rows, "END:VCALENDAR", ""])


def document(text: str | bytes, name: str = "a", source: str = "", **more: str) -> Document:
    content = text if isinstance(text, bytes) else text.encode()
    return Document(name, source or name, lambda: BytesIO(content), **more)


def read(
    *texts: str | bytes | Document,
    me: str | None = ME,
    zone: str | None = "Europe/Berlin",
    policies: Mapping[str, CalendarPolicy] | None = None,
    limits: Limits | None = None,
    window: Interval = WINDOW,
) -> Agenda:
    documents = [
        text if isinstance(text, Document) else document(text, chr(ord("a") + number))
        for number, text in enumerate(texts)
    ]
    return read_agenda(
        documents,
        window,
        zone=zone,
        system_zone="Asia/Tokyo",
        me=frozenset({me}) if me else frozenset(),
        policies=policies or {},
        limits=limits or Limits(),
    )


def levels(agenda: Agenda) -> list[str]:
    return [f"{one.busy} {one.reason}" for one in agenda.occurrences]


def times(agenda: Agenda) -> list[str]:
    """The times that take time, as day and hours in UTC."""
    return [
        f"{one.interval.start:%d %H:%M}-{one.interval.end:%H:%M}"
        for one in agenda.occurrences
        if one.busy != "ignore"
    ]


def codes(agenda: Agenda) -> list[str]:
    return [problem.code for problem in agenda.problems]
