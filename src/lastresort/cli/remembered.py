"""What earlier runs noted, on its way into a decision: requests, answers awaited, reminders."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lastresort.scheduling.advice import Past
from lastresort.scheduling.check import NO_BACKGROUND, Background

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lastresort.cli.session import Session
    from lastresort.memory.nouns import Memory, Request
    from lastresort.memory.requests import Reminder
    from lastresort.outputs.reminders import Due
    from lastresort.scheduling.check import Report
    from lastresort.scheduling.interviews import Interview
    from lastresort.scheduling.query import Query


def background_of(session: Session) -> Background:
    """Return what the decision has to know besides the calendars."""
    signature = session.settings.signature
    signed = bool(signature.name and signature.phone)
    if session.memory is None or not session.memory.requests:
        return NO_BACKGROUND._replace(signed=signed)
    return Background(partial(_past, session.memory, session.query), signed)


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
    from lastresort.memory.news import identify_interview
    from lastresort.memory.requests import find_reminders, settle_request

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
    from lastresort.memory.requests import after_workday

    return partial(after_workday, zone=query.zone, countries=(query.country, query.interviewer_country))


def _past(memory: Memory, query: Query, interview: Interview) -> Past:
    from lastresort.memory.requests import find_reply

    requests = _requests(memory, interview)
    if not requests:
        return Past()
    start = interview.occurrence.interval.start
    return Past(len(requests), find_reply(requests[-1], start, query.now, workday_after(query)))


def _requests(memory: Memory | None, interview: Interview) -> tuple[Request, ...]:
    if memory is None or not memory.requests:
        return ()
    from lastresort.memory.news import identify_interview
    from lastresort.memory.requests import requests_of

    found = requests_of(memory, identify_interview(interview))
    return tuple(request for request in found if not request.held or request.settled is not None)
