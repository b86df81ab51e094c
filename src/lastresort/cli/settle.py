"""`lastresort settle`: the interviewer agreed to a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.changes.journal import Memo
from lastresort.changes.plan import Step, can_change, document_of, holds_of, is_mine, uid_of
from lastresort.cli.changing import ChangeOptions, Task, check_again, hand_out, perform, replan, tell
from lastresort.cli.check import find_report
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.remembered import background_of
from lastresort.cli.session import open_session
from lastresort.errors import RefusedError, UsageError
from lastresort.history.news import identify_interview
from lastresort.history.requests import requests_of, settle_request
from lastresort.history.store import open_memory, read_memory
from lastresort.ics.editor import Remove, Reschedule
from lastresort.model import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.cli.session import Session
    from lastresort.history.records import Memory, Request
    from lastresort.interviews.detection import Interview
    from lastresort.messages import Message
    from lastresort.planning.check import InterviewReport, Report


class SettleOptions(NamedTuple):
    """What was agreed."""

    slot: Annotated[
        str | None,
        Option("--slot", metavar="N|TIME", help="The number of the offered time, or the time itself."),
    ] = None


def settle(
    source: SourceOptions,
    own: SettleOptions,
    question: QuestionOptions,
    options: ChangeOptions,
    output: OutputOptions,
) -> int:
    """Move the interview to the time agreed on, take its holds away, draft the confirmation, and check again.

    Offered times are counted as they were offered, or else as they are held, the earliest first.
    'lastresort undo' takes it back. Exit code: 0 done, 1 refused or failed, 2 wrong usage.
    """
    if not own.slot:
        raise UsageError("say which time was agreed on: --slot 2, or --slot '12 May 14:30'")
    slot = own.slot
    return replan(lambda: _settle(slot, source, question, options, output))


def _settle(
    slot: str,
    source: SourceOptions,
    question: QuestionOptions,
    options: ChangeOptions,
    output: OutputOptions,
) -> int:
    session = open_session(source, question)
    report = find_report(session)
    memory = read_memory(session.settings.state)
    entry = _which(report, session, memory)
    agreed = _agreed(slot, report, entry, session, memory)
    task = _task(entry.interview, agreed, session)
    name, awaited = identify_interview(entry.interview), bool(_open_requests(entry.interview, memory))
    if awaited:
        task = task._replace(memo=Memo("settle", (name,), agreed.start))
    if document_of(entry.interview.occurrence, session.documents) is None:
        tell("The interview stands in none of these calendars: import the new invitation.", output)
    done = perform(task, session, source, options, output) if task.steps else not options.dry_run
    if done and awaited:
        with open_memory(session.settings.state) as book:
            book.save(settle_request(book.memory, name, agreed.start))
    hand_out([_confirmation(entry.interview, agreed, session, question)], options, output)
    if done:
        check_again(source, question, output)
    return 0


def _which(report: Report, session: Session, memory: Memory) -> InterviewReport:
    """The interview that was asked to move: the only one there is, or for which times are held or offered."""
    entries = report.interviews
    if len(entries) > 1:
        entries = tuple(
            entry
            for entry in entries
            if holds_of(entry.interview.occurrence, session.agenda) or _open_requests(entry.interview, memory)
        )
    if len(entries) != 1:
        raise UsageError(
            f"{len(report.interviews) or 'no'} interviews were found: say which one with --interview"
        )
    return entries[0]


def _open_requests(interview: Interview, memory: Memory) -> list[Request]:
    found = requests_of(memory, identify_interview(interview))
    return [request for request in found if request.settled is None]


def _agreed(text: str, report: Report, entry: InterviewReport, session: Session, memory: Memory) -> Interval:
    if text.isascii() and text.isdigit() and len(text) < 3:
        offers = _offered(report, entry, session, memory)
        if not 0 < int(text) <= len(offers):
            raise UsageError(
                f"--slot: {len(offers) or 'no'} times are known as offered; name the time itself instead"
            )
        return offers[int(text) - 1]
    from lastresort.times.parse import parse_offer
    from lastresort.zones import names as zones

    query = session.query
    length = entry.interview.occurrence.interval.length
    return parse_offer(text, query.zone, query.now, length, lambda name: zones.find_zone(name, query.now))


def _offered(report: Report, entry: InterviewReport, session: Session, memory: Memory) -> Sequence[Interval]:
    """The times as they were offered; else those that are held; else those that would be offered now."""
    from lastresort.planning.check import reconsider

    requests = _open_requests(entry.interview, memory)
    if requests and requests[-1].offers:
        return [Interval(*offer) for offer in requests[-1].offers]
    held = holds_of(entry.interview.occurrence, session.agenda)
    if held:
        return [one.interval for one in held]
    reconsidered = reconsider(report, entry, session.interviewer_busy, background_of(session))
    return [slot.interval for slot in reconsidered.slots]


def _task(interview: Interview, agreed: Interval, session: Session) -> Task:
    from lastresort.outputs.when import span

    zone, now, me = session.agenda.zone, session.query.now, session.agenda.me
    occurrence = interview.occurrence
    if agreed == occurrence.interval:
        raise RefusedError("the interview stands at this time already")
    steps, words = [], []
    for one in (occurrence, *interview.copies):
        document = document_of(one, session.documents)
        if document and (one is occurrence or (can_change(document) and one.event.uid)):
            edit = Reschedule(uid_of(one), one.recurrence_id, one.interval, agreed, is_mine(one, me))
            steps.append(Step(document, edit))
            old = span(one.interval, zone, now)
            words.append(f"{document.name}: interview moved from {old} to {span(agreed, zone, now)}")
    for hold in holds_of(occurrence, session.agenda):
        document = document_of(hold, session.documents)
        if document and can_change(document):
            steps.append(Step(document, Remove(uid_of(hold))))
            words.append(f"{document.name}: no longer held {span(hold.interval, zone, now)}")
    return Task(tuple(steps), tuple(words))


def _confirmation(
    interview: Interview, agreed: Interval, session: Session, question: QuestionOptions
) -> Message:
    from lastresort.cli.drafting import language_of, signature_of, templates_of, thread_of
    from lastresort.messages import compose, letter_about

    signature = signature_of(session, interview)
    letter = letter_about(
        interview, session.query.now, agreed=agreed, signature=signature, thread=thread_of(interview)
    )
    language, _ = language_of(interview, session, question.language)
    return compose("confirm", letter, language, templates_of(session.settings))
