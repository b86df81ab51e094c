"""The interviews found: a table for people, CSV and JSON for programs, entries of a calendar file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from lastresort.ics.itip import PublishedEvent
from lastresort.outputs import when
from lastresort.outputs.json import VERSION, in_zone, read_document
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.interviews.detection import Candidates, Interview, Interviewer
    from lastresort.outputs.terminal import Screen

COLUMNS = (
    "start", "end", "timezone", "certainty", "summary", "role", "company", "round", "process", "mode",
    "location", "name", "email", "phone", "their_timezone", "their_timezone_source", "country", "also",
    "agency", "booking_url", "booking_deadline", "language", "because", "uid", "source",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that spreadsheets take for a formula."""


def interviews_document(found: Candidates, zone: str) -> dict[str, Any]:
    """Return `interviews --json`."""
    return {
        "version": VERSION,
        "interviews": [read_document(one, zone) for one in found.interviews],
        "possible_interviews": [read_document(one, zone) for one in found.possible],
    }


def interviews_csv(found: Candidates, zone: str) -> str:
    """Return a table with a header (RFC 4180); no cell is a formula, and each stands on one line."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for interview in (*found.interviews, *found.possible):
        table.writerow([_cell(value) for value in _row(interview, zone)])
    return text.getvalue()


def _row(interview: Interview, zone: str) -> Iterator[object]:
    who, event = interview.interviewer, interview.occurrence.event
    start, end = interview.occurrence.interval
    yield from (in_zone(start, zone), in_zone(end, zone), zone, interview.certainty.value, event.summary)
    yield from (interview.role, interview.company, interview.round, interview.process, interview.mode.value)
    yield from (interview.location, who.name, who.address, who.phone, who.zone, who.zone_source, who.country)
    yield "; ".join(person.name or person.address or "" for person in who.also)
    yield interview.agency.name or interview.agency.address if interview.agency else None
    booking = interview.booking
    yield from (
        (booking.url, booking.deadline and in_zone(booking.deadline, zone)) if booking else (None, None)
    )
    yield from (interview.language, "; ".join(interview.because), event.uid, event.source)


def _cell(value: object) -> str:
    text = one_line(str(value), 1000) if value is not None else ""
    number = text[:1] == "+" and text[1:2].isdigit()  # a telephone number
    return f"'{text}" if text.startswith(FORMULA) and not number else text


def print_interviews(screen: Screen, found: Candidates, zone: str, *, verbose: bool) -> None:
    """Print the interviews by time, what may be one below, each with what was read of it."""
    if not found.interviews and not found.possible:
        screen.line("No interview was found (--interview TEXT names one, --days looks further ahead)")
    for interview in found.interviews:
        _print_one(screen, interview, zone, verbose=verbose)
    if found.possible:
        screen.blank()
        screen.line("Perhaps interviews (--interview TEXT protects one)")
    for interview in found.possible:
        _print_one(screen, interview, zone, verbose=True)


def _print_one(screen: Screen, interview: Interview, zone: str, *, verbose: bool) -> None:
    occurrence = interview.occurrence
    screen.blank()
    start = occurrence.interval.start
    title = one_line(occurrence.event.summary) or "an event without title"
    screen.line(f"{when.span(occurrence.interval, zone, start, all_day=occurrence.all_day)}  {title}")
    others = [option for option in interview.options if option != occurrence]
    rows = [("or", when.span(option.interval, zone, start)) for option in others]
    rows += [(label, one_line(value, 300)) for label, value in _facts(interview) if value]
    if verbose:
        rows += [("because" if not place else "", text) for place, text in enumerate(interview.because)]
    screen.rows(rows, indent=2)


def _facts(interview: Interview) -> Iterator[tuple[str, str | None]]:
    who, agency = interview.interviewer, interview.agency
    yield "role", interview.role
    yield "company", interview.company
    yield "round", str(interview.round) if interview.round else None
    yield "how", interview.mode.value if interview.mode.value != "unknown" else None
    yield "where", interview.location
    yield "with", ", ".join(filter(None, (who.name, who.address, who.phone)))
    yield "also", ", ".join(person.name or person.address or "" for person in who.also)
    yield "agency", (agency.name or agency.address) if agency else None
    if interview.booking:
        until = interview.booking.deadline
        yield "booking", interview.booking.url
        yield "booking until", f"{until.astimezone(ZoneInfo(who.zone)):%Y-%m-%d %H:%M}" if until else None
    yield "their zone", _zone(who)


def _zone(who: Interviewer) -> str:
    if who.zone_assumed:
        return f"not known, yours is assumed ({who.zone}); --interviewer-tz ZONE settles it"
    return f"{who.zone} (from the {who.zone_source})"


def entries_of(found: Candidates) -> tuple[PublishedEvent, ...]:
    """Return what a calendar file says of each interview; those that may be one are tentative."""
    return tuple(
        PublishedEvent(
            uid=interview.occurrence.event.uid or "",
            recurrence_id=interview.occurrence.recurrence_id,
            interval=interview.occurrence.interval,
            summary=interview.occurrence.event.summary,
            location=interview.location,
            description="\n".join(f"{label}: {value}" for label, value in _facts(interview) if value),
            tentative=interview.certainty.value == "possible",
        )
        for interview in (*found.interviews, *found.possible)
    )
