"""`lastresort requests`: what was asked of whom and when, what it waits for, what comes next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.cli.options import ConfigFile, OutputOptions, PresentMoment, SourceOptions
from lastresort.cli.run import open_screen, present, read_settings
from lastresort.cli.streams import say
from lastresort.history.notes import open_notes
from lastresort.jobs.remembered import Awaited, list_awaited, workday_after
from lastresort.jobs.run import system_zone
from lastresort.jobs.session import recall
from lastresort.outputs.invocation import Invocation
from lastresort.outputs.json import dump, in_zone
from lastresort.outputs.reminders import next_command, next_line
from lastresort.outputs.when import day, moment
from lastresort.query import Query
from lastresort.text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.history.records import Note


class RequestsOptions(NamedTuple):
    """Which moment is looked at."""

    now: PresentMoment = None
    config: ConfigFile = None


def requests(own: RequestsOptions, output: OutputOptions) -> int:
    """List the requests that were noted as sent, the oldest first, and the one next step of each.

    Behind them stand the notes to others that wait for an answer, and offers for which time was asked.

    They are known from 'lastresort message KIND --sent'; no calendar is read.

    Exit code: 0 done, 1 failed, 2 wrong usage.
    """
    settings = read_settings(SourceOptions(config=own.config, now=own.now))
    zone = settings.tz or system_zone()
    now = present(own.now, zone)
    memory, refused = recall(settings.state)
    if refused:
        say(refused)
    found = list_awaited(memory, {}, now, workday_after(Query(now, zone))) if memory else ()
    notes = open_notes(memory, now) if memory else ()
    if output.json:
        rows = [_document(one, zone, now) for one in found]
        others = [_note_document(note, zone) for note in notes]
        document = {"version": 1, "now": in_zone(now, zone), "requests": rows, "notes": others}
        sys.stdout.write(dump(document))
        return 0
    screen = open_screen(output)
    if not (found or notes):
        screen.line("No request is noted. 'lastresort message email --sent' notes one.")
    for one in found:
        request = one.request
        screen.line(f"{one_line(request.title) or 'The interview'} · {moment(request.original, zone, now)}")
        screen.line(f"{_addressed(one)} on {moment(request.asked, zone, now)} · {one.past.reply}", indent=2)
        if one.step is not None:
            screen.line(next_line(one.step, request.contact.phone, zone, now), indent=2)
            command = _command(one, zone)
            if command:
                screen.command(command, indent=4)
    for note in notes:
        screen.line(f"{one_line(note.title) or 'An event'} · {moment(note.original, zone, now)}")
        to = one_line(note.to) or "they"
        waits = f"time until {day(note.until, zone, now)}" if note.until else "their answer"
        screen.line(f"{to}: {note.kind} on {moment(note.sent, zone, now)} · waits for {waits}", indent=2)
    return 0


def _addressed(one: Awaited) -> str:
    contact = one.request.contact
    to = one_line(contact.name or contact.address) or "they"
    return f"{to}: told that you withdraw" if one.request.withdrawn else f"{to}: asked"


def _note_document(note: Note, zone: str) -> dict[str, Any]:
    return {
        "kind": note.kind,
        "summary": one_line(note.title),
        "to": one_line(note.to) or None,
        "original": in_zone(note.original, zone),
        "sent": in_zone(note.sent, zone),
        "until": in_zone(note.until, zone) if note.until else None,
    }


def _command(one: Awaited, zone: str) -> str:
    """Return the next command; it finds the interview by its title, among what is remembered."""
    words = next_command(one.step, one.request.original, zone) if one.step else ""
    return Invocation(interview=one_line(one.request.title)).command(words) if words else ""


def _document(one: Awaited, zone: str, now: datetime) -> dict[str, Any]:
    request, contact, step = one.request, one.request.contact, one.step
    return {
        "summary": one_line(request.title),
        "role": contact.role or None,
        "company": contact.company or None,
        "to": contact.address or None,
        "phone": contact.phone or None,
        "original": in_zone(request.original, zone),
        "asked": in_zone(request.asked, zone),
        "offers": [
            {"start": in_zone(start, zone), "end": in_zone(end, zone)} for start, end in request.offers
        ],
        "reason": request.reason or None,
        "state": one.past.reply.value,
        "agreed": in_zone(one.past.agreed, zone) if one.past.agreed else None,
        "next": {
            "kind": step.kind.value,
            "rule": step.rule,
            "due": step.is_due,
            "text": next_line(step, contact.phone, zone, now),
            "command": _command(one, zone) or None,
        }
        if step
        else None,
    }
