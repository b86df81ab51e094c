"""Times to offer on demand, whatever clashes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.jobs.check import exit_code, find_report
from lastresort.jobs.drafting import compose_for, signature_of, templates_of, told_apart
from lastresort.jobs.remembered import background_of
from lastresort.jobs.session import (
    ALL_DAYS,
    Inquiry,
    Question,
    Session,
    choose_one,
    invited_among,
    open_session,
    with_their_country,
)
from lastresort.messages.compose import Drafts, compose
from lastresort.messages.languages import choose_language
from lastresort.messages.letter import Letter
from lastresort.outputs.json import interview_document, propose_document
from lastresort.planning.check import reconsider
from lastresort.planning.offering import find_windows_for, offer_availability
from lastresort.times.durations import parse_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.planning.report import InterviewReport
    from lastresort.planning.slots import Slot


class Proposal(NamedTuple):
    """Times to offer, and the message that goes with them."""

    session: Session
    slots: tuple[Slot, ...]
    more: tuple[str, ...]
    """What has to be said about the times as a whole."""
    drafts: Drafts
    exit_code: int
    """As `check`: 0, 3, 4, 5."""
    entry: InterviewReport | None = None
    """The interview that they are for; `None` for a plain "send me your availability"."""
    windows: tuple[Slot, ...] | None = None
    """Every free stretch, where that was asked for."""

    @property
    def document(self) -> dict[str, Any]:
        """The answer as `propose --json` has it."""
        now, zone = self.session.query.now, self.session.agenda.zone
        interview = None
        if self.entry is not None:
            interview = interview_document(self.entry, zone, self.drafts, now, self.session.run)
        slots = () if self.entry is None and self.windows is not None else self.slots
        return propose_document(
            now, zone, interview=interview, slots=slots, drafts=self.drafts, windows=self.windows
        )


def propose(inquiry: Inquiry, *, windows: bool = False) -> Proposal:
    """Return times for the interview that is asked about; with a length alone, for a meeting of that length.

    With `windows` every free stretch. Raises UsageError when none or several interviews are meant.
    """
    question = inquiry.question
    if question.for_ and not (question.at or question.interview or question.invite):
        return _offer_availability(inquiry, wide=windows)
    return _offer_another_time(inquiry, wide=windows)


def _offer_another_time(inquiry: Inquiry, *, wide: bool) -> Proposal:
    session = open_session(inquiry)
    report = find_report(session)
    interviews = [entry.interview for entry in report.interviews]
    if session.invited and not inquiry.question.interview:
        interviews = list(invited_among(interviews, session.invited))
    chosen = choose_one(interviews, session.query)
    (found,) = [entry for entry in report.interviews if entry.interview is chosen]
    background = background_of(session)
    entry = reconsider(report, found, session.interviewer_busy, background)
    entry = entry if entry is found else told_apart(entry, report)
    windows = find_windows_for(report, entry, session.interviewer_busy, background) if wide else None
    offered = entry if windows is None else entry._replace(slots=windows)
    return Proposal(
        session=session,
        slots=offered.slots,
        more=tuple(because.text for because in entry.because if because.rule != "R1"),
        drafts=compose_for(offered, session, inquiry.question.language),
        exit_code=exit_code(report._replace(interviews=(found,))),
        entry=entry,
        windows=windows,
    )


def _offer_availability(inquiry: Inquiry, *, wide: bool) -> Proposal:
    """Answer "send me your availability"."""
    session = open_session(inquiry, lone_length=True)
    session = session._replace(query=with_their_country(session.query)._replace(days=ALL_DAYS))
    length, background = parse_duration(inquiry.question.for_ or ""), background_of(session)
    report = find_report(session)
    offer = offer_availability(report, length, session.interviewer_busy, background, windows=wide)
    return Proposal(
        session=session,
        slots=offer.slots,
        more=offer.more,
        drafts=_availability_draft(offer.slots, session, inquiry.question),
        exit_code=5 if session.agenda.is_incomplete else 0,
        windows=offer.slots if wide else None,
    )


def _availability_draft(slots: Sequence[Slot], session: Session, question: Question) -> Drafts:
    query = session.query
    letter = Letter(
        now=query.now,
        zone=query.interviewer_zone or query.zone,
        home=session.agenda.zone,
        slots=tuple(slot.interval for slot in slots),
        country=query.interviewer_country,
        address=session.address,
        signature=signature_of(session),
    )
    language, why = choose_language(
        question.language or session.settings.language, None, query.interviewer_country
    )
    message = compose("availability", letter, language, templates_of(session.settings))
    return Drafts.of_mail(message, why)
