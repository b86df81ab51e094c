"""From a report to what is said: the letter, its language, the user's templates, the thread it answers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lastresort.advice.next_step import UNDER_WAY, NextKind, Reply
from lastresort.advice.reasons import withdraws
from lastresort.errors import SourceError
from lastresort.history.records import Memory
from lastresort.history.requests import rounds_of
from lastresort.interviews.contacts import clean_name
from lastresort.jobs.remembered import background_of, last_request, past_of, workday_after
from lastresort.jobs.session import invited_among
from lastresort.messages.compose import compose, compose_reschedule
from lastresort.messages.discretion import names_interview
from lastresort.messages.languages import choose_language, is_guess
from lastresort.messages.letter import Errand, Rounds, Thread, letter_about
from lastresort.messages.people import read_name
from lastresort.messages.when import tell_difference
from lastresort.model import Interval, Limits
from lastresort.planning.conflicts import is_frame
from lastresort.planning.holds import without
from lastresort.planning.offering import list_taken
from lastresort.planning.report import Because
from lastresort.planning.timetable import Timetable
from lastresort.sources.files import LONGEST_MAIL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lastresort.config import Settings
    from lastresort.history.records import Request
    from lastresort.interviews.detection import Interview
    from lastresort.jobs.colleagues import PlannedErrand
    from lastresort.jobs.session import Session
    from lastresort.messages.compose import Drafts, Message
    from lastresort.messages.letter import Letter
    from lastresort.model import Occurrence, Person, Signature
    from lastresort.planning.report import InterviewReport, Report


def signature_of(
    session: Session, interview: Interview | None = None, addressed: Sequence[Person] = ()
) -> Signature:
    """Return who signs: as configured, else by the name under which the invitation or mail knows me (R24).

    Other events do not have a say: what they call me may be nobody's business (R17).
    """
    configured = session.settings.signature
    if configured.name:
        return configured
    copies = (interview.occurrence, *interview.copies) if interview else ()
    theirs = {copy.event.organizer.address for copy in copies if copy.event.organizer}
    people = [person for copy in copies for person in copy.event.attendees if person.address not in theirs]
    names = (read_name(one.name) for one in (*people, *addressed) if one.address in session.agenda.me)
    return configured._replace(
        name=next((one.name for one in names if one and one.given and one.surname), "")
    )


def meant(report: Report, session: Session) -> tuple[InterviewReport, ...]:
    """Return the entries a message may be about: those given by --invite or --at, where any were."""
    given = invited_among([entry.interview for entry in report.interviews], session.invited)
    chosen = tuple(entry for entry in report.interviews if entry.interview in given)
    return chosen or report.interviews


def compose_drafts(report: Report, session: Session, language: str | None) -> dict[int, Drafts]:
    """Return what is to be said next about each interview that moves or is given up, by its place."""
    return {
        place: compose_next(entry, report, session, language)
        for place, entry in enumerate(report.interviews)
        if not entry.request
        and (entry.verdict == "reschedule" or entry.advice.decision == "withdraw")
        and not (entry.advice.next and entry.advice.next.kind is NextKind.ATTEND)  # nothing more to send
    }


def compose_next(entry: InterviewReport, report: Report, session: Session, language: str | None) -> Drafts:
    """Return the request, or the message that comes after it: a nudge while they have not answered, the
    confirmation once they have.
    """
    drafts = compose_for(entry, session, language)
    request = last_request(session, entry.interview)
    reply = past_of(session, entry.interview).reply
    if request is None or withdraws(entry.reason) or reply not in UNDER_WAY:
        return drafts
    letter = letter_after(entry.interview, request, report, session)
    kind = "confirm" if reply is Reply.AGREED else "nudge"
    message = compose(kind, letter, drafts.language, templates_of(session.settings))
    drafts = drafts._replace(
        kind=kind, subject=message.subject, body=message.body, cc=message.cc, follow_up=None
    )
    return drafts._replace(phone=None, voicemail=None) if kind == "confirm" else drafts


def compose_for(entry: InterviewReport, session: Session, language: str | None) -> Drafts:
    """Return what is said to move one interview, offering its slots; or to withdraw (R4)."""
    code, why = language_of(entry.interview, session, language)
    letter, speak = letter_for(entry, session), entry.advice.channel == "phone"
    drafts = compose_reschedule(letter, code, templates_of(session.settings), speak=speak)
    return drafts._replace(language_because=why)


def plain_letter(interview: Interview, session: Session, **more: Any) -> Letter:
    """Return the letter about an interview, addressed and signed; `more` are other fields of it."""
    return letter_about(
        interview,
        session.query.now,
        session.agenda.zone,
        address=address_for(interview, session),
        signature=signature_of(session, interview),
        thread=thread_of(interview),
        **more,
    )


def letter_for(entry: InterviewReport, session: Session) -> Letter:
    """Return the letter that asks for another time, or withdraws."""
    return plain_letter(
        entry.interview,
        session,
        rounds=tuple(
            Rounds(starts_of(stretch.rounds), tuple(slot.interval for slot in stretch.slots))
            for stretch in entry.stretches
        ),
        reason=entry.reason,
        slots=tuple(slot.interval for slot in entry.slots),
        requests=past_of(session, entry.interview).requests,
    )


def starts_of(rounds: Sequence[Interview]) -> tuple[datetime, ...]:
    """Return when the rounds begin, without the invitation around them that they stand in."""
    framed = [one for one in rounds if not any(is_frame(one, other) for other in rounds)]
    return tuple(sorted({one.occurrence.interval.start for one in framed}))


def address_for(interview: Interview, session: Session) -> str:
    """Return how the interviewer is addressed: as asked for, else as configured for their domain."""
    domain = f".{(interview.interviewer.address or '').rpartition('@')[2]}"
    entries = [entry for entry in session.settings.interviewers if domain.endswith(f".{entry.domain}")]
    configured = max(entries, key=lambda entry: len(entry.domain)).address if entries else None
    return session.address or configured or ""


def letter_after(interview: Interview, request: Request | None, report: Report, session: Session) -> Letter:
    """Return the letter of a message that comes after a request: when it was made, what was offered and is
    still free, what was agreed.
    """
    stands = interview.occurrence.interval
    letter = plain_letter(interview, session, reason=session.query.reason)
    if request is None:
        return letter
    length = stands.length
    original = Interval(request.original, request.original + length)
    moved = request.settled or (stands.start if stands.start != request.original else None)
    memory = session.memory or Memory()
    return letter._replace(
        scheduled=original,
        rounds=rounds_named(memory, request),
        asked=None if request.held else request.asked,
        agreed=Interval(moved, moved + length) if moved else None,
        slots=still_free(
            rounds_of(memory, request)[0], interview, report, background_of(session).holds_for(interview)
        ),
    )


def rounds_named(memory: Memory, request: Request) -> tuple[Rounds, ...]:
    """Return the rounds that a request asked about; nothing for one about one interview."""
    asked_about = rounds_of(memory, request)
    starts = sorted({one.original for one in asked_about if not one.is_around(asked_about)})
    return (Rounds(tuple(starts)),) if len(starts) > 1 else ()


def still_free(
    request: Request, interview: Interview, report: Report, holds: tuple[Occurrence, ...] = ()
) -> tuple[Interval, ...]:
    """Return the offered times that can still be offered: at least one working day of the interviewer lies
    before them, and nothing has taken them since but their own holds."""
    own = {occurrence.key for occurrence in (interview.occurrence, *interview.copies)}
    others = [e.interview for e in report.interviews if e.interview.occurrence.key not in own]
    free = Timetable(without(report.agenda, holds), report.query)
    busy = [*list_taken(free, (), (interview,)), *(other.padded for other in others)]
    soonest = workday_after(report.query)(request, report.query.now)
    offers = [Interval(*offer) for offer in request.offers]
    return tuple(
        offer for offer in offers if offer.start >= soonest and not any(offer.overlaps(one) for one in busy)
    )


def compose_errand(
    kind: str, errand: PlannedErrand, session: Session, language: str | None
) -> tuple[Message, str]:
    """Return the note about another event, which names that event alone (R17), and why in its language."""
    event, settings = errand.occurrence.event, session.settings
    organizer = event.organizer
    note = Errand(
        now=session.query.now,
        zone=session.agenda.zone,
        title=event.summary,
        scheduled=errand.occurrence.interval,
        new=errand.new,
        away=errand.away,
        country=session.query.country,
        organizer=clean_name(organizer.name) if organizer else None,
        to=organizer.address if organizer else None,
        signature=signature_of(session),
    )
    text = f"{event.summary}\n{event.description}"
    code, why = choose_language(language or settings.language, event.language, session.query.country, text)
    return compose(kind, note, code, templates_of(settings)), why


def language_of(interview: Interview, session: Session, language: str | None) -> tuple[str, str]:
    """Return the language to write to the interviewer in, and why: that of an earlier request, if any."""
    event, request = interview.occurrence.event, last_request(session, interview)
    if request is not None and request.contact.language and not language:
        return choose_language(request.contact.language, None, None)[0], "you asked them in it"
    return choose_language(
        language or session.settings.language,
        event.language,
        interview.interviewer.country,
        f"{event.summary}\n{event.description}",
        interview.language,
    )


def guessed_language(interview: Interview, session: Session, language: str | None) -> bool:
    """Tell whether the language to write in is a guess: neither asked for, nor told by what they wrote."""
    event, request = interview.occurrence.event, last_request(session, interview)
    known = language or session.settings.language or (request.contact.language if request else "")
    return is_guess(known, event.language or interview.language, f"{event.summary}\n{event.description}")


def templates_of(settings: Settings) -> Path | None:
    """Return the folder of the user's own templates, beside the configuration, if there is one."""
    if not settings.folder:
        return None

    folder = Path(settings.folder) / "templates"
    return folder if folder.is_dir() else None


def thread_of(interview: Interview) -> Thread:
    """Return the thread of the mail that brought the invitation, when it was read from an `.eml` file."""
    sources = [one.event.source for one in (interview.occurrence, *interview.copies)]
    mail = next((name for name in sources if name.lower().endswith(".eml") and os.path.isfile(name)), None)
    if mail is None:
        return Thread()
    from lastresort.sources.mail import read_invitation  # with the library of mails

    try:
        with open(mail, "rb") as stream:
            invitation = read_invitation(stream.read(LONGEST_MAIL), name=mail, limits=Limits())
    except (OSError, SourceError):
        return Thread()
    return Thread(invitation.message_id or None, invitation.references, invitation.subject)


def indiscretion(interview: Interview, report: Report) -> str:
    """Return what speaks against my own words where they name another interview (R17); else nothing."""
    words = report.query.reason.text.casefold()
    everybody = (*report.interviews, *report.beside)
    others = [one.interview for one in everybody if one.interview is not interview]
    firms = [other.company for other in others if other.company and other.company != interview.company]
    named = next((firm for firm in firms if firm.casefold() in words), None)
    if words and (named or names_interview(words)):
        return (
            f"your reason names {named or 'an interview'}, and they will read it: "
            "a conflict that you cannot move is true and enough (R17)"
        )
    return ""


def with_differences(report: Report) -> Report:
    """Return the report with a remark where the clocks of both sides are not as far apart as usual."""
    entries = tuple(told_apart(entry, report) for entry in report.interviews)
    return report._replace(interviews=entries)


def told_apart(entry: InterviewReport, report: Report) -> InterviewReport:
    """Return one entry of the report with such a remark."""
    theirs, mine = entry.interview.interviewer.zone, report.agenda.zone
    if not entry.slots or theirs == mine:
        return entry

    times = sorted(slot.interval.start for slot in entry.slots)
    told = (tell_difference(start, mine, theirs, report.query.now) for start in times)
    first = next((text for text in told if text), None)
    return entry._replace(because=(*entry.because, Because("R15", first))) if first else entry
