"""`lastresort propose`: times to offer on demand, whatever clashes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import open_session
from lastresort.jobs.check import exit_code, find_report
from lastresort.jobs.drafting import compose_for, signature_of, templates_of, told_apart
from lastresort.jobs.remembered import background_of, holds_in
from lastresort.jobs.run import is_incomplete
from lastresort.jobs.session import ALL_DAYS, Session, choose_one, invited_among, with_their_country
from lastresort.outputs.json import dump, interview_document, propose_document
from lastresort.planning.check import deadline, find_taken, reconsider
from lastresort.planning.slots import Offer, offer_times, offer_windows
from lastresort.planning.workdays import find_horizon
from lastresort.times.durations import parse_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.messages import Drafts
    from lastresort.planning.slots import Slot


class ProposeOptions(NamedTuple):
    """What is offered."""

    windows: Annotated[
        bool, Option("--windows", help="Every free stretch, instead of two or three times.")
    ] = False


def propose(
    source: SourceOptions, own: ProposeOptions, question: QuestionOptions, output: OutputOptions
) -> int:
    """Offer times: another date for one interview, or a plain "send me your availability".

    The interview is the only one found, or the one of --interview, --invite or --at; --for 45m alone answers
    the plain question.

    Exit code, as `check`: 0 nothing clashes with it, 3 rearranging would keep it, 4 it needs the last resort,
    5 not everything could be read, 1 failed, 2 wrong usage.
    """
    if question.for_ and not (question.at or question.interview or question.invite):
        return _offer_availability(source, own, question, output)
    return _offer_another_time(source, own, question, output)


def _offer_another_time(
    source: SourceOptions, own: ProposeOptions, question: QuestionOptions, output: OutputOptions
) -> int:

    session = open_session(source, question)
    report = find_report(session)
    interviews = [entry.interview for entry in report.interviews]
    if session.invited and not question.interview:
        interviews = list(invited_among(interviews, session.invited))
    chosen = choose_one(interviews, session.query)
    (found,) = [entry for entry in report.interviews if entry.interview is chosen]
    entry = reconsider(report, found, session.interviewer_busy, background_of(session))
    entry = entry if entry is found else told_apart(entry, report)
    windows: tuple[Slot, ...] | None = None
    if own.windows:
        timetable, blocked = find_taken(report, holds_in(session.agenda))
        windows = offer_windows(
            chosen.occurrence.interval.length,
            timetable,
            blocked=blocked,
            interviewer_busy=session.interviewer_busy,
            until=deadline(chosen, session.query),
            interview=chosen,
        )
        entry = entry._replace(slots=windows)
    drafts = compose_for(entry, session, question.language)
    if output.json:
        document = interview_document(entry, session.agenda.zone, drafts, session.query.now, session.run)
        _print_json(session, document, entry.slots, drafts, windows)
    else:
        _print_page(
            session,
            entry.slots,
            [because.text for because in entry.because if because.rule != "R1"],
            drafts,
            output,
        )
    return exit_code(report._replace(interviews=(found,)))


def _offer_availability(
    source: SourceOptions, own: ProposeOptions, question: QuestionOptions, output: OutputOptions
) -> int:
    """Answer "send me your availability": nothing that the plans of my interviews need is offered."""

    session = open_session(source, question, lone_length=True)
    session = session._replace(query=with_their_country(session.query)._replace(days=ALL_DAYS))
    report = find_report(session)
    timetable, blocked = find_taken(report, holds_in(session.agenda))
    length, until = parse_duration(question.for_ or ""), find_horizon(session.query, None)
    busy = session.interviewer_busy
    windows: tuple[Slot, ...] | None = None
    if own.windows:
        windows = offer_windows(length, timetable, blocked=blocked, interviewer_busy=busy, until=until)
        offer = Offer(windows)
    else:
        kept = [entry.interview for entry in report.interviews]
        offer = offer_times(length, timetable, blocked=blocked, interviewer_busy=busy, until=until, kept=kept)
    drafts = _availability_draft(offer.slots, session, question)
    if output.json:
        _print_json(session, None, () if own.windows else offer.slots, drafts, windows)
    else:
        _print_page(session, offer.slots, offer.more, drafts, output)
    return 5 if is_incomplete(session.agenda) else 0


def _availability_draft(slots: Sequence[Slot], session: Session, question: QuestionOptions) -> Drafts:
    from lastresort.messages import Drafts as AllDrafts
    from lastresort.messages import Letter, choose_language, compose

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
    return AllDrafts(
        message.kind,
        message.to,
        message.subject,
        message.body,
        language=message.language,
        language_because=why,
    )


def _print_json(
    session: Session,
    interview: dict[str, object] | None,
    slots: tuple[Slot, ...],
    drafts: Drafts,
    windows: tuple[Slot, ...] | None = None,
) -> None:
    zone = session.agenda.zone
    sys.stdout.write(dump(propose_document(session.query.now, zone, interview, slots, drafts, windows)))


def _print_page(
    session: Session, slots: tuple[Slot, ...], more: Sequence[str], drafts: Drafts, output: OutputOptions
) -> None:
    from lastresort.outputs import terminal

    page = terminal.open_page(color=not output.no_color, ascii_only=output.ascii)
    terminal.print_slots(page, slots, more, drafts, session.query.now)
