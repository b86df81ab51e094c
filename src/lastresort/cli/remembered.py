"""What earlier runs noted, on its way into a decision: requests, answers awaited, reminders."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lastresort.advice.situation import Past
from lastresort.ics.itip import is_hold
from lastresort.model import Busy
from lastresort.planning.check import NO_BACKGROUND

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lastresort.cli.session import Session
    from lastresort.history.records import Memory, Request
    from lastresort.history.requests import Reminder
    from lastresort.interviews.detection import Interview
    from lastresort.model import Agenda, Occurrence
    from lastresort.outputs.reminders import Due
    from lastresort.planning.check import Background, Report
    from lastresort.query import Query


def background_of(session: Session) -> Background:
    """Return what the decision has to know besides the calendars."""
    signature = session.settings.signature
    signed = bool(signature.name and signature.phone)
    known = NO_BACKGROUND._replace(signed=signed)
    if session.memory is not None and session.memory.requests:
        known = known._replace(recall=partial(_past, session.memory, session.query))
    holds = holds_in(session.agenda)
    if holds:
        known = known._replace(holds=holds, holds_for=partial(_holds_for, session.memory, holds))
    return known


def holds_in(agenda: Agenda) -> tuple[Occurrence, ...]:
    """Return the events that hold a time for some interview, as far as their calendar counts them at all."""
    return tuple(one for one in agenda.occurrences if one.busy is not Busy.IGNORE and is_hold(one.event.uid))


def _holds_for(
    memory: Memory | None, holds: tuple[Occurrence, ...], interview: Interview
) -> tuple[Occurrence, ...]:
    """Those for one interview, as they were offered; what was not comes after, the earliest first."""
    from lastresort.ics.itip import is_hold_for

    copies = (interview.occurrence, *interview.copies)
    own = [one for one in holds if any(is_hold_for(copy, one.event.uid) for copy in copies)]
    offers = _offers(memory, interview) if own else ()
    places = {start: place for place, (start, _) in enumerate(offers)}
    return tuple(sorted(own, key=lambda one: places.get(one.interval.start, len(places))))


def _offers(memory: Memory | None, interview: Interview) -> tuple[tuple[datetime, datetime], ...]:
    if memory is None:
        return ()
    from lastresort.history.news import identify_interview
    from lastresort.history.requests import requests_of

    requests = requests_of(memory, identify_interview(interview))
    return requests[-1].offers if requests else ()


def last_request(session: Session, interview: Interview) -> Request | None:
    """Return the latest request that was noted for the interview."""
    requests = _requests(session.memory, interview)
    return requests[-1] if requests else None


def due(session: Session, report: Report) -> tuple[Due, ...]:
    """Return the nudges, calls and notes of thanks that are due now.

    An interview that stands elsewhere in the calendar than when it was asked about has been moved.
    """
    if session.memory is None or not session.memory.requests:
        return ()
    from lastresort.history.news import identify_interview
    from lastresort.history.requests import find_reminders, settle_request

    memory = session.memory
    for entry in report.interviews:
        start = entry.interview.occurrence.interval.start
        request = last_request(session, entry.interview)
        if request is not None and request.settled is None and request.original != start:
            memory = settle_request(memory, identify_interview(entry.interview), start)
    found = find_reminders(memory, session.query.now, workday_after(session.query))
    return tuple(_due(reminder) for reminder in found)


def _due(reminder: Reminder) -> Due:
    from lastresort.outputs.reminders import Due

    request = reminder.request
    times = (request.original, request.asked, request.nudged, request.settled)
    return Due(reminder.kind, reminder.rule, request.title, *times)


def workday_after(query: Query) -> Callable[[datetime], datetime]:
    """Return what tells when a working day has passed, by both sides' holidays."""
    from lastresort.history.requests import after_workday

    return partial(after_workday, zone=query.zone, countries=(query.country, query.interviewer_country))


def _past(memory: Memory, query: Query, interview: Interview) -> Past:
    from lastresort.history.requests import find_reply

    requests = _requests(memory, interview)
    if not requests:
        return Past()
    start = interview.occurrence.interval.start
    return Past(len(requests), find_reply(requests[-1], start, query.now, workday_after(query)))


def _requests(memory: Memory | None, interview: Interview) -> tuple[Request, ...]:
    if memory is None or not memory.requests:
        return ()
    from lastresort.history.news import identify_interview
    from lastresort.history.requests import requests_of

    found = requests_of(memory, identify_interview(interview))
    return tuple(request for request in found if not request.held or request.settled is not None)
