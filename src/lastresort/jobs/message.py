"""Any of the drafts, for one interview or for one event that should make room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.advice.next_step import UNANSWERED
from lastresort.advice.reasons import withdraws
from lastresort.errors import UsageError
from lastresort.history.news import identify_interview
from lastresort.history.records import TITLE, Note, identify
from lastresort.history.requests import remembered_name
from lastresort.interviews.detection import find_interviews
from lastresort.jobs.check import find_report
from lastresort.jobs.colleagues import find_errands
from lastresort.jobs.drafting import (
    compose_errand,
    guessed_language,
    indiscretion,
    language_of,
    letter_for,
    meant,
    plain_letter,
    templates_of,
)
from lastresort.jobs.follow_up import (
    find_topic,
    note_answer,
    note_called,
    note_left,
    note_request,
    note_sent,
    note_settled,
    take_note_back,
    take_notes_back,
)
from lastresort.jobs.remembered import background_of, past_of
from lastresort.jobs.session import choose_one, open_session
from lastresort.messages.compose import compose
from lastresort.messages.kinds import ERRANDS, known_kind
from lastresort.outputs.json import message_document
from lastresort.planning.check import reconsider
from lastresort.times.durations import parse_duration
from lastresort.times.readings import ReadingContext
from lastresort.times.single import parse_offer, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.jobs.session import Inquiry, Session
    from lastresort.messages.compose import Message
    from lastresort.model import Agenda
    from lastresort.planning.report import InterviewReport, Report

ASKING = ("email", "phone", "voicemail")
AFTERWARDS = ("nudge", "confirm", "follow-up")
BEGUN = ("late", "missed")


class Details(NamedTuple):
    """What a message has to say besides; texts as people write them."""

    agreed: str | None = None
    """confirm, follow-up: the new time; `None` takes it from memory."""
    event: str | None = None
    """Of a message about another event: its UID or words; `None` takes those of the plan."""
    by: str | None = None
    """late: how late."""
    until: str | None = None
    """extension: the day by which the answer comes."""


class Draft(NamedTuple):
    """A message, why it is in its language, and what speaks against sending it."""

    message: Message
    language_because: str = ""
    warnings: tuple[str, ...] = ()
    unsigned: bool = False
    guessed: bool = False
    """Nothing that they wrote told the language."""


class Drafted(NamedTuple):
    """The messages, and how to remember that they went out."""

    drafts: tuple[Draft, ...]
    agenda: Agenda | None
    """What was read; `None` when memory alone knew enough."""
    memory_refused: str = ""
    """Why what earlier runs asked for cannot be read."""
    note: Callable[[], str | None] | None = None
    """Notes that it went out now, and returns what is wrong with the memory, if anything."""
    take_back: Callable[[], str | None] | None = None
    """Takes the last such note back."""
    settle: Callable[[], str | None] | None = None
    """Notes that they agreed."""

    @property
    def document(self) -> dict[str, Any]:
        """The messages as `message --json` has them."""
        return message_document([(draft.message, draft.language_because) for draft in self.drafts])


def draft_message(inquiry: Inquiry, kind: str, details: Details = Details()) -> Drafted:  # noqa: B008
    """Return the message of a kind, for the only interview found, or the one that is asked about.

    Raises UsageError when none or several fit, or when a detail says nothing for this kind.
    """
    kind = check_kind(kind, details)
    if kind in ERRANDS:
        return _errands(kind, details, inquiry)
    if kind in AFTERWARDS:
        return _afterwards(kind, details, inquiry)
    if kind in BEGUN:
        return _late_or_missed(kind, details, inquiry)
    if kind == "extension":
        return _extension(details, inquiry)
    return _request(kind, inquiry)


def check_kind(text: str, details: Details = Details()) -> str:  # noqa: B008
    """Return the kind that a text names. Raises UsageError for none, or a detail that says nothing for it."""
    kind = known_kind(text)
    misplaced = {
        "--agreed": details.agreed is not None and kind not in ("confirm", "follow-up"),
        "--event": details.event is not None and kind not in ERRANDS,
        "--by": details.by is not None and kind != "late",
        "--until": details.until is not None and kind != "extension",
    }
    refuse_misplaced(kind, misplaced)
    return kind


def refuse_misplaced(kind: str, options: dict[str, bool]) -> None:
    """Raises UsageError for the first option that says nothing for a kind of message."""
    for option in (name for name, wrong in options.items() if wrong):
        raise UsageError(f"{option} says nothing for {kind}: leave it out")


# -- asking, and leaving ------------------------------------------------------------------------------------


def _request(kind: str, inquiry: Inquiry) -> Drafted:
    """Draft what asks for another time, or withdraws."""
    session = open_session(inquiry)
    report = find_report(session)
    entry = _asked_about(kind, meant(report, session), report.window.end)
    leaving = kind == "withdraw" or withdraws(session.query.reason)
    if not leaving:
        entry = _reconsidered(entry, report, session)
    code, why = language_of(entry.interview, session, inquiry.question.language)
    letter = letter_for(entry, session)
    kind = "withdraw" if leaving and kind == "email" else kind
    draft = compose(kind, letter, code, templates_of(session.settings))
    told = (because.text for because in entry.because if because.rule in ("R2", "R5", "R26"))
    warnings = () if leaving else tuple(told)
    indiscreet = indiscretion(entry.interview, report)
    warnings = (*warnings, indiscreet) if indiscreet else warnings
    guessed = guessed_language(entry.interview, session, inquiry.question.language)
    unsigned = not all(session.settings.signature)

    def note() -> str | None:
        reason = session.query.reason.kind
        if leaving:
            return note_left(entry.interview, code, session, reason)
        past = past_of(session, entry.interview)
        if kind == "phone" and past.reply in UNANSWERED:
            return note_called(entry.interview, session)
        return note_request(entry, code, session, reason)

    return Drafted(
        drafts=(Draft(draft, why, warnings=warnings, unsigned=unsigned, guessed=guessed),),
        agenda=report.agenda,
        memory_refused=session.memory_refused,
        note=note,
        take_back=lambda: take_note_back(
            kind, remembered_name(session.memory, entry.interview), session.settings
        ),
    )


def _asked_about(kind: str, found: tuple[InterviewReport, ...], until: datetime) -> InterviewReport:
    wanted = [entry for entry in found if entry.wanted]
    moving = [entry for entry in found if entry.verdict == "reschedule" and not entry.request]
    entries = wanted or (moving if len(found) > 1 and kind in ASKING else found)
    if len(entries) != 1:
        raise UsageError(
            f"{len(found) or 'no'} interviews were found until {until:%Y-%m-%d}: "
            "say which one with --interview, --invite, or --at and --for"
        )
    return entries[0]


def _reconsidered(entry: InterviewReport, report: Report, session: Session) -> InterviewReport:
    return reconsider(report, entry, session.interviewer_busy, background_of(session))


# -- late and missed -----------------------------------------------------------------------------------------


def _late_or_missed(kind: str, details: Details, inquiry: Inquiry) -> Drafted:
    """Draft a message about an interview of today, which may have begun or be over."""
    session = open_session(inquiry)
    now = session.query.now
    report = find_report(session)
    entry = _meant(kind, report.interviews, now)
    if kind == "missed":
        entry = _reconsidered(entry._replace(verdict="clear", slots=()), report, session)
    letter = letter_for(entry, session)
    if details.by:
        letter = letter._replace(
            arrival=entry.interview.occurrence.interval.start + parse_duration(details.by)
        )
    code, why = language_of(entry.interview, session, inquiry.question.language)
    draft = Draft(compose(kind, letter, code, templates_of(session.settings)), why)
    drafted = Drafted(
        drafts=(draft._replace(unsigned=not all(session.settings.signature)),),
        agenda=report.agenda,
        memory_refused=session.memory_refused,
    )
    if kind == "late":
        return _noted(drafted, _note_of(kind, entry.interview, session), session)
    return drafted._replace(
        note=lambda: note_request(entry, code, session, session.query.reason.kind),
        take_back=lambda: take_note_back(
            kind, remembered_name(session.memory, entry.interview), session.settings
        ),
    )


def _note_of(kind: str, interview: Interview, session: Session) -> Note:
    """Return what is noted when a message about an interview went out that asks for no other time."""
    who = interview.interviewer
    return Note(
        kind=kind,
        about=identify_interview(interview),
        sent=session.query.now,
        original=interview.occurrence.interval.start,
        title=interview.occurrence.event.summary[:TITLE],
        to=(who.name or who.address or "")[:TITLE],
    )


def _noted(drafted: Drafted, note: Note, session: Session) -> Drafted:
    return drafted._replace(
        note=lambda: note_sent([note], session.settings),
        take_back=lambda: take_notes_back([note], session.settings),
    )


def _meant(kind: str, found: tuple[InterviewReport, ...], now: datetime) -> InterviewReport:
    """Return the one that was named, else the last that began (missed) or the next not over (late)."""
    if len(found) == 1:
        return found[0]
    spans = [(entry.interview.occurrence.interval, entry) for entry in found]
    begun = [entry for span, entry in spans if span.start <= now]
    coming = [entry for span, entry in spans if span.end > now]
    fitting = {"missed": begun[-1:], "late": coming[:1]}.get(kind, [])
    if not fitting:
        raise UsageError(f"{len(found) or 'no'} interviews fit {kind}: say which one with --interview")
    return fitting[0]


# -- more time for an offer ----------------------------------------------------------------------------------


def _extension(details: Details, inquiry: Inquiry) -> Drafted:
    """Draft the wish for more time, about any interview that was read: what they offer comes after it."""
    session = open_session(inquiry)
    since = session.query._replace(now=session.agenda.window.start, days=session.query.days + 2)
    found = find_interviews(session.agenda, since, session.invited, session.places).interviews
    interview = choose_one(found, session.query)
    letter = plain_letter(interview, session)
    if details.until:
        letter = letter._replace(until=parse_time(details.until, letter.zone, session.query.now))
    code, why = language_of(interview, session, inquiry.question.language)
    draft = compose("extension", letter, code, templates_of(session.settings))
    drafted = Drafted(
        drafts=(Draft(draft, why, unsigned=not all(session.settings.signature)),),
        agenda=session.agenda,
        memory_refused=session.memory_refused,
    )
    note = _note_of("extension", interview, session)._replace(until=letter.until)
    return _noted(drafted, note, session)


# -- after the request --------------------------------------------------------------------------------------


def _afterwards(kind: str, details: Details, inquiry: Inquiry) -> Drafted:
    """Draft a nudge, a confirmation or a note of thanks."""
    settings = inquiry.run.settings
    topic = find_topic(kind, inquiry)
    letter = topic.letter
    if details.agreed:
        length = letter.scheduled.length if letter.scheduled else None
        setting = ReadingContext(now=letter.now, mine=topic.zone, length=length)
        letter = letter._replace(agreed=parse_offer(details.agreed, setting))
    if letter.agreed is not None and letter.agreed == letter.scheduled and kind == "confirm":
        letter = letter._replace(scheduled=None)
    draft = compose(kind, letter, topic.language, templates_of(settings))
    return Drafted(
        drafts=(Draft(draft, topic.language_because, unsigned=not all(settings.signature)),),
        agenda=topic.agenda,
        memory_refused=topic.memory_refused,
        note=lambda: note_answer(kind, topic, letter.agreed, settings),
        take_back=lambda: take_note_back(kind, topic.name, settings),
    )


# -- other people's events ----------------------------------------------------------------------------------


def _errands(kind: str, details: Details, inquiry: Inquiry) -> Drafted:
    """Draft the notes about the events of other people that should make room."""
    session = open_session(inquiry)
    report = find_report(session)
    errands = find_errands(kind, details.event, report)
    notes = []
    for errand in errands:
        occurrence, organizer = errand.occurrence, errand.occurrence.event.organizer
        note = Note(
            kind=kind,
            about=identify(occurrence.key, occurrence.interval.start),
            sent=session.query.now,
            original=occurrence.interval.start,
            title=occurrence.event.summary[:TITLE],
            to=((organizer.name or organizer.address or "") if organizer else "")[:TITLE],
            new=errand.new.start if errand.new else None,
            new_end=errand.new.end if errand.new else None,
        )
        notes.append(note)
    language = inquiry.question.language
    composed = [compose_errand(kind, one, session, language) for one in errands]
    return Drafted(
        tuple(Draft(message, language_because=because) for message, because in composed),
        agenda=report.agenda,
        memory_refused=session.memory_refused,
        note=lambda: note_sent(notes, session.settings),
        take_back=lambda: take_notes_back(notes, session.settings),
        settle=lambda: note_settled(notes, session.settings),
    )
