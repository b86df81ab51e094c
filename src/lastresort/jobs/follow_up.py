"""What comes after a request: whom it went to and what was offered, from memory, and noting what was sent."""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import RefusedError, UsageError
from lastresort.history.notes import add_note, settle_note, take_note
from lastresort.history.records import TITLE, Memory, Note, Request, RequestContact
from lastresort.history.requests import (
    add_request,
    after_workday,
    note_call,
    note_confirmation,
    note_nudge,
    note_thanks,
    note_withdrawal,
    remembered_name,
    requests_of,
    settle_request,
    take_back,
)
from lastresort.history.store import open_memory
from lastresort.interviews.contacts import comes_from_agency
from lastresort.interviews.detection import Mode
from lastresort.jobs.check import find_report
from lastresort.jobs.drafting import language_of, letter_after, meant, rounds_named
from lastresort.jobs.remembered import last_request
from lastresort.jobs.run import system_zone
from lastresort.jobs.session import open_session, recall
from lastresort.messages.languages import choose_language
from lastresort.messages.letter import Letter, meeting_place
from lastresort.model import Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lastresort.config import Settings
    from lastresort.interviews.detection import Interview
    from lastresort.jobs.session import Inquiry, Session
    from lastresort.model import Agenda
    from lastresort.planning.report import InterviewReport


class MessageTopic(NamedTuple):
    """What a message after the request is about. `zone` is mine; `name` is how memory calls the interview."""

    letter: Letter
    language: str
    language_because: str
    zone: str
    name: str
    agenda: Agenda | None = None
    """What was read; `None` when memory alone knew enough."""
    memory_refused: str = ""


def find_topic(kind: str, inquiry: Inquiry) -> MessageTopic:
    """Return the interview a request was noted for; else the one that is found in the calendars.

    Raises UsageError when none or several fit.
    """
    question = inquiry.question
    remembered = recall(inquiry.run.settings.state)
    requests = _fitting(kind, remembered.memory, question.interview)
    if not (inquiry.sources or question.invite or question.at):
        return _from_memory(_only(requests, kind), inquiry)._replace(memory_refused=remembered.refused)
    return _from_calendar(kind, requests, inquiry)


def _from_calendar(kind: str, requests: list[Request], inquiry: Inquiry) -> MessageTopic:
    """Names and places from the calendar where the interview stands in it; from memory where it has gone."""
    session = open_session(inquiry)
    if requests:
        session = session._replace(query=session.query._replace(interview=None))
    report = find_report(session)
    standing = {
        remembered_name(session.memory, entry.interview): entry.interview
        for entry in (*report.interviews, *report.beside)
    }
    request: Request | None = None
    if requests:
        request = _only(requests, kind)
    else:
        interview = _only_entry(kind, meant(report, session)).interview
        request = _asked_about(interview, session)
    if request is not None:
        if request.interview not in standing:
            return _from_memory(request, inquiry)._replace(agenda=report.agenda)
        interview = standing[request.interview]
    letter = letter_after(interview, request, report, session)
    code, why = language_of(interview, session, inquiry.question.language)
    return MessageTopic(
        letter=letter,
        language=code,
        language_because=why,
        zone=session.agenda.zone,
        name=remembered_name(session.memory, interview),
        agenda=report.agenda,
        memory_refused=session.memory_refused,
    )


def _asked_about(interview: Interview, session: Session) -> Request | None:
    """Return the latest request about the interview, or about the round that took its place."""
    request = last_request(session, interview)
    if request is None or session.memory is None or not request.is_told_elsewhere:
        return request
    return requests_of(session.memory, request.together)[-1]


def _only_entry(kind: str, found: tuple[InterviewReport, ...]) -> InterviewReport:
    entries = found
    if len(found) > 1:
        entries = tuple(entry for entry in found if entry.verdict == "reschedule")
    if len(entries) != 1:
        raise UsageError(
            f"no request is remembered for {kind}, and {len(found) or 'no'} interviews were "
            "found: say which one with --interview"
        )
    return entries[0]


def _fitting(kind: str, memory: Memory | None, text: str | None) -> list[Request]:
    """Return the latest request of each interview whose title holds the words, as far as the kind fits it."""
    words = (text or "").casefold().split()
    latest = {request.interview: request for request in (memory.requests if memory else ())}
    fitting = (
        latest.get(request.together, request)
        for request in latest.values()
        if all(word in request.title.casefold() for word in words)
        and request.withdrawn is None
        and (request.settled is None if kind == "nudge" else not request.thanked)
    )
    return list(dict.fromkeys(fitting))


def _only(requests: list[Request], kind: str) -> Request:
    if not requests:
        raise UsageError(
            f"no request is remembered for {kind}: name the calendar, or note what you send with "
            "'lastresort message email --sent'"
        )
    if len(requests) > 1:
        raise UsageError(f"{len(requests)} requests are remembered: say which one with --interview")
    return requests[0]


def _from_memory(request: Request, inquiry: Inquiry) -> MessageTopic:
    """Return the letter as far as memory knows it. Offers a working day of theirs ahead are repeated."""
    run, question = inquiry.run, inquiry.question
    contact = request.contact
    home = run.home or contact.home or system_zone()
    length = timedelta(minutes=contact.minutes or 60)
    soonest = after_workday(run.now, contact.zone or home, [contact.country or None])
    memory = recall(run.settings.state).memory or Memory()
    letter = Letter(
        now=run.now,
        zone=contact.zone or home,
        home=home,
        scheduled=Interval(request.original, request.original + length),
        country=contact.country or None,
        role=contact.role,
        company=contact.company,
        interviewer=contact.name,
        address=question.address or "",
        to=contact.address or None,
        call=contact.phone or None,
        mode=Mode(contact.mode or Mode.UNKNOWN),
        place=contact.place,
        rounds=rounds_named(memory, request),
        slots=tuple(Interval(*offer) for offer in request.offers if offer[0] >= soonest),
        agreed=Interval(request.settled, request.settled + length) if request.settled else None,
        asked=None if request.held else request.asked,
        recruiter=contact.recruiter,
        signature=run.settings.signature,
    )
    spoken = question.language or contact.language or run.settings.language
    code, why = choose_language(spoken, None, contact.country or None)
    return MessageTopic(
        letter=letter,
        language=code,
        language_because=why if question.language else "you asked them in it",
        zone=home,
        name=request.interview,
    )


# -- noting what was sent: each returns what was wrong with the memory, if anything --------------------------


def note_request(entry: InterviewReport, language: str, session: Session, reason: str) -> str | None:
    """Note that the interviewer was asked now, why, and which times were offered (R5)."""
    asked = [one._replace(reason=reason) for one in requests_about(entry, language, session)]

    def changed(memory: Memory) -> Memory:
        names = {one.interview for one in asked}
        kept = tuple(
            known
            for known in memory.requests
            if not (known.interview in names and known.held and known.settled is None)
        )
        return reduce(add_request, asked, memory._replace(requests=kept))

    return _change(session.settings, changed)


def requests_about(
    entry: InterviewReport, language: str, session: Session, *, held: bool = False
) -> list[Request]:
    """Return the request as it is remembered; one for each round where it asks about several.

    The first of a stretch has the times as they were offered, the others the part of them that is theirs.
    """
    if not entry.stretches:
        slots = [slot.interval for slot in entry.slots]
        return [request_about(entry.interview, slots, language, session, held=held)]
    together = remembered_name(session.memory, entry.interview)
    found = []
    for stretch in entry.stretches:
        begin = stretch.rounds[0].occurrence.interval.start
        for interview in stretch.rounds:
            start, end = interview.occurrence.interval
            offers = [slot.interval for slot in stretch.slots]
            if interview is not stretch.rounds[0]:
                offers = [Interval(one.start + (start - begin), one.start + (end - begin)) for one in offers]
            found.append(
                request_about(interview, offers, language, session, held=held)._replace(together=together)
            )
    return found


def note_called(interview: Interview, session: Session) -> str | None:
    """Note that they were called about a request that is under way (R27)."""
    name = remembered_name(session.memory, interview)
    return _change(session.settings, lambda memory: note_call(memory, name, session.query.now))


def request_about(
    interview: Interview, slots: Iterable[Interval], language: str, session: Session, *, held: bool = False
) -> Request:
    """Return the request as it is remembered: the times, and what later messages need to know."""
    return Request(
        interview=remembered_name(session.memory, interview),
        asked=session.query.now,
        original=interview.occurrence.interval.start,
        offers=tuple((slot.start, slot.end) for slot in slots),
        title=interview.occurrence.event.summary[:TITLE],
        contact=_contact(interview, language, session.query.zone),
        held=held,
    )


def _contact(interview: Interview, language: str, home: str) -> RequestContact:
    who = interview.interviewer
    return RequestContact(
        role=(interview.role or "")[:TITLE],
        company=(interview.company or "")[:TITLE],
        name=(who.name or "")[:TITLE],
        address=(who.address or "")[:TITLE],
        phone=(who.phone or "")[:TITLE],
        zone=who.zone,
        country=who.country or "",
        language=language,
        minutes=interview.occurrence.interval.minutes,
        recruiter=comes_from_agency(interview),
        home=home,
        mode=interview.mode.value,
        place=meeting_place(interview)[:TITLE],
    )


def note_left(interview: Interview, language: str, session: Session, reason: str) -> str | None:
    """Note that the application was withdrawn: no answer is awaited any more (R39)."""
    left = request_about(interview, (), language, session)
    left = left._replace(reason=reason, withdrawn=session.query.now)
    return _change(session.settings, lambda memory: note_withdrawal(memory, left))


def take_note_back(kind: str, interview: str, settings: Settings) -> str | None:
    """Take the last note of a kind of message back. Raises RefusedError when there is none."""

    def changed(memory: Memory) -> Memory:
        after = take_back(memory, interview, kind)
        if after is None:
            raise RefusedError(f"nothing of the kind {kind} is noted as sent for this interview")
        return after

    return _change(settings, changed)


def note_answer(kind: str, topic: MessageTopic, agreed: Interval | None, settings: Settings) -> str | None:
    """Note a nudge, the confirmation with the time that was agreed, or the note of thanks.

    Raises RefusedError when no request is remembered that it could belong to.
    """
    name, now = topic.name, topic.letter.now

    def changed(memory: Memory) -> Memory:
        if not requests_of(memory, name):
            raise RefusedError(
                "no request is remembered for this interview; note it first with "
                "'lastresort message email --sent'"
            )
        if kind == "nudge":
            return note_nudge(memory, name, now)
        settled = settle_request(memory, name, agreed.start) if agreed else memory
        return note_thanks(settled, name) if kind == "follow-up" else note_confirmation(settled, name, now)

    return _change(settings, changed)


def note_sent(notes: Sequence[Note], settings: Settings) -> str | None:
    """Note what went out to others, or besides a request."""
    return _change(settings, lambda memory: reduce(add_note, notes, memory))


def note_settled(notes: Sequence[Note], settings: Settings) -> str | None:
    """Note that they agreed. Raises RefusedError where it was not noted as sent."""

    def changed(memory: Memory) -> Memory:
        for note in notes:
            after = settle_note(memory, note.about, note.kind, note.sent)
            if after is None:
                raise RefusedError(f"{note.kind}: nothing is noted as sent for this event; --sent notes it")
            memory = after
        return memory

    return _change(settings, changed)


def take_notes_back(notes: Sequence[Note], settings: Settings) -> str | None:
    """Take the notes back: a consent first, else what was sent. Raises RefusedError when there is none."""

    def changed(memory: Memory) -> Memory:
        for note in notes:
            after = take_note(memory, note.about, note.kind)
            if after is None:
                raise RefusedError(f"nothing of the kind {note.kind} is noted as sent for this event")
            memory = after
        return memory

    return _change(settings, changed)


def _change(settings: Settings, change: Callable[[Memory], Memory]) -> str | None:
    """Change the memory, and return what was wrong with it, if anything."""
    with open_memory(settings.state) as book:
        book.save(change(book.memory))
        return book.told
