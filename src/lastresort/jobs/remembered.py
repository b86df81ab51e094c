"""What earlier runs noted, on its way into a decision: requests, answers awaited, reminders."""

from __future__ import annotations

import shlex
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.effects import Step
from lastresort.advice.next_step import NextStep, Past, find_next
from lastresort.history.news import identify_interview
from lastresort.history.notes import notes_about
from lastresort.history.records import identify
from lastresort.history.requests import after_workday, find_past, remembered_name, requests_of
from lastresort.ics.itip import is_hold, is_hold_for
from lastresort.messages.kinds import ERRANDS
from lastresort.model import Busy, Interval
from lastresort.outputs.reminders import Due
from lastresort.outputs.when import day
from lastresort.planning.background import NO_BACKGROUND
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from lastresort.history.records import Memory, Note, Request
    from lastresort.interviews.detection import Interview
    from lastresort.jobs.session import Session
    from lastresort.model import Agenda, Occurrence
    from lastresort.planning.background import Background
    from lastresort.planning.report import InterviewReport, Report
    from lastresort.query import Query


def background_of(session: Session) -> Background:
    """Return what the decision has to know besides the calendars."""
    signature = session.settings.signature
    signed = bool(signature.name and signature.phone)
    known = NO_BACKGROUND._replace(signed=signed)
    if session.memory is not None and session.memory.requests:
        known = known._replace(recall=partial(past_of, session))
    if session.memory is not None and session.memory.notes:
        known = _with_notes(known, session.memory, session.agenda)
    holds = holds_in(session.agenda)
    if holds:
        known = known._replace(holds=holds, holds_for=partial(_holds_for, session.memory, holds))
    return known


def _with_notes(known: Background, memory: Memory, agenda: Agenda) -> Background:
    """Return what was sent besides requests: what it waits for, is arranged, who knows that I am late."""
    notes = {note.about: note for note in memory.notes if note.kind in ERRANDS}
    found = {
        occurrence.key: (occurrence, note)
        for occurrence in agenda.occurrences
        if (note := notes.get(identify(occurrence.key, occurrence.interval.start)))
    }
    waiting = {key: pair for key, pair in found.items() if not pair[1].settled}
    return known._replace(
        waiting={key: _waits(*pair, agenda.zone) for key, pair in waiting.items()},
        arranged=frozenset(key for key, (_, note) in found.items() if note.settled),
        wished=tuple(
            Interval(note.new, note.new_end)
            for _, note in waiting.values()
            if note.new is not None and note.new_end is not None
        ),
        late=lambda interview: bool(notes_about(memory, identify_interview(interview), "late")),
    )


def _waits(occurrence: Occurrence, note: Note, zone: str) -> Step:
    event = occurrence.event
    text = (
        f"You asked on {day(note.sent, zone, note.sent)} about “{one_line(event.summary)}”: wait for the "
        "answer, and note a yes."
    )
    noting = shlex.join(["message", note.kind, "--event", event.uid or event.summary, "--settled"])
    return Step(1, text, noting)


def holds_in(agenda: Agenda) -> tuple[Occurrence, ...]:
    """Return the events that hold a time for some interview, as far as their calendar counts them at all."""
    return tuple(one for one in agenda.occurrences if one.busy is not Busy.IGNORE and is_hold(one.event.uid))


def _holds_for(
    memory: Memory | None, holds: tuple[Occurrence, ...], interview: Interview
) -> tuple[Occurrence, ...]:
    """Return those for one interview, as they were offered; what was not comes after, the earliest first."""
    copies = (interview.occurrence, *interview.copies)
    own = [one for one in holds if any(is_hold_for(copy, one.event.uid) for copy in copies)]
    offers = _offers(memory, interview) if own else ()
    places = {start: place for place, (start, _) in enumerate(offers)}
    return tuple(sorted(own, key=lambda one: places.get(one.interval.start, len(places))))


def _offers(memory: Memory | None, interview: Interview) -> tuple[tuple[datetime, datetime], ...]:
    if memory is None:
        return ()
    requests = requests_of(memory, remembered_name(memory, interview))
    return requests[-1].offers if requests else ()


def last_request(session: Session, interview: Interview) -> Request | None:
    """Return the latest request that was noted for the interview."""
    requests = _requests(session.memory, interview)
    return requests[-1] if requests else None


def due(session: Session, report: Report) -> tuple[Due, ...]:
    """Return the next steps that are due now, the oldest request first, and not told with their interview."""
    return tuple(
        Due(
            step=awaited.step,
            title=awaited.request.title,
            original=awaited.request.original,
            phone=awaited.request.contact.phone,
            interview=awaited.request.interview,
        )
        for awaited in awaited_requests(session, report)
        if awaited.step is not None and awaited.step.is_due
    )


class Awaited(NamedTuple):
    """The latest request for one interview, where it stands, and what comes next."""

    request: Request
    past: Past
    step: NextStep | None


def awaited_requests(session: Session, report: Report) -> tuple[Awaited, ...]:
    """Return what was asked about each interview, in the calendar or not, the oldest request first."""
    if session.memory is None or not session.memory.requests:
        return ()
    entries = {
        remembered_name(session.memory, entry.interview): entry
        for entry in (*report.interviews, *report.beside)
    }
    return list_awaited(session.memory, entries, session.query.now, workday_after(session.query))


def list_awaited(
    memory: Memory,
    entries: Mapping[str, InterviewReport],
    now: datetime,
    waited: Callable[[Request, datetime], datetime],
) -> tuple[Awaited, ...]:
    """Return the latest request about each interview, the oldest first; `entries` are those in a report.

    An interview that stands elsewhere in the calendar than when it was asked about has been moved.
    """
    found = []
    for name in dict.fromkeys(request.interview for request in memory.requests):
        requests = [one for one in requests_of(memory, name) if not one.held or one.settled]
        if not requests:
            continue
        entry, last = entries.get(name), requests[-1]
        if last.is_told_elsewhere:
            continue
        start = entry.interview.occurrence.interval.start if entry else last.settled or last.original
        past = find_past(requests, start, now, waited)
        told = entry is not None and not entry.request  # else the step stands with another round
        step = entry.advice.next if entry and told else find_next(past, clashes=True)
        found.append(Awaited(request=last, past=past, step=step))
    return tuple(sorted(found, key=lambda one: one.request.asked))


def workday_after(query: Query) -> Callable[[Request, datetime], datetime]:
    """Return what tells when a full working day of the other side has passed since an instant."""

    def passed(request: Request, moment: datetime) -> datetime:
        contact = request.contact
        country = contact.country or query.interviewer_country or query.country
        return after_workday(moment, contact.zone or query.zone, [country])

    return passed


def past_of(session: Session, interview: Interview) -> Past:
    """Return what was asked of an interview's employer so far, and what they said (R5)."""
    start, query = interview.occurrence.interval.start, session.query
    return find_past(_requests(session.memory, interview), start, query.now, workday_after(query))


def _requests(memory: Memory | None, interview: Interview) -> tuple[Request, ...]:
    if memory is None or not memory.requests:
        return ()
    found = requests_of(memory, remembered_name(memory, interview))
    return tuple(request for request in found if not request.held or request.settled is not None)
