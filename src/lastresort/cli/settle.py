"""`lastresort settle`: the interviewer agreed to a time."""

from __future__ import annotations

import os
import sys
from functools import reduce
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from typer import Option

from lastresort.changes.journal import Journal, Memo, State
from lastresort.changes.plan import PlannedEdit, can_change, document_of, holds_of, uid_of
from lastresort.cli.changing import (
    ChangeOptions,
    ChangeRun,
    ChangeTask,
    Performed,
    change_calendars,
    check_again,
    hand_out,
    note,
    perform,
    tell,
)
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.streams import after_the_change
from lastresort.errors import RefusedError, UsageError
from lastresort.history.records import Memory
from lastresort.history.requests import (
    note_decline,
    remembered_name,
    requests_of,
    rounds_of,
    settle_request,
)
from lastresort.ics.editor import Remove, Reschedule
from lastresort.interviews.zone import ZoneSource
from lastresort.jobs.check import find_report
from lastresort.jobs.drafting import (
    language_of,
    plain_letter,
    starts_of,
    templates_of,
)
from lastresort.jobs.workbench import Row
from lastresort.messages.compose import compose
from lastresort.messages.letter import Rounds
from lastresort.model import Interval
from lastresort.outputs.when import clock, day, span
from lastresort.planning.odd_hours import find_oddness
from lastresort.times.readings import ReadingContext
from lastresort.times.single import parse_offer, read_span
from lastresort.zones.names import city_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lastresort.history.records import Request
    from lastresort.interviews.detection import Interview
    from lastresort.jobs.session import Session
    from lastresort.messages.compose import Message
    from lastresort.planning.report import InterviewReport, Report


class SettleOptions(NamedTuple):
    """What was agreed."""

    slot: Annotated[
        str | None,
        Option("--slot", metavar="N|TIME", help="The number of the offered time, or the time itself."),
    ] = None
    declined: Annotated[
        bool, Option("--declined", help="They can offer no other time: the interview keeps the old one.")
    ] = False


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

    With --declined nothing moves: the holds go, nothing more is drafted, and the next step is to turn up at
    the old time.
    """
    if own.declined and own.slot:
        raise UsageError("--declined says that no time was agreed on: leave --slot out")
    if own.declined:
        return change_calendars(_note_declined, source, question, options, output)
    if not own.slot:
        raise UsageError("say which time was agreed on: --slot 2, or --slot '12 May 14:30'; or --declined")
    slot = own.slot
    return change_calendars(lambda run: _settle(slot, run), source, question, options, output)


def _settle(slot: str, run: ChangeRun) -> None:
    """Move the interview to the time agreed on, and its other rounds along; note it, and confirm it."""
    session, options = run.session, run.options
    report = find_report(session)
    entry = _which(report, session)
    interview = entry.interview
    name, awaited = remembered_name(session.memory, interview), bool(_open_requests(interview, session))
    agreed = _agreed(slot, entry, session)
    along = _moved_along(interview, agreed, report, session)
    task = _task({interview: agreed, **along}, session)
    task = task._replace(memo=Memo(kind="settle", interviews=(name,), agreed=agreed.start, awaited=awaited))
    if agreed == interview.occurrence.interval and not task.steps:
        if awaited and not options.dry_run:  # an earlier run was ended before it could note it
            note(session, lambda memory: settle_request(memory, name, agreed.start))
        raise _settled_already(agreed.start, session)
    _question(interview, agreed, run)
    if document_of(interview.occurrence, session.documents) is None:
        tell("The interview stands in none of these calendars: import the new invitation.", run.output)
    done, stands = _perform(task, run)
    with after_the_change(stands, told=True):
        if done and awaited:
            starts = {remembered_name(session.memory, one): at.start for one, at in along.items()}
            starts[name] = agreed.start
            note(
                session, lambda memory: reduce(lambda m, one: settle_request(m, *one), starts.items(), memory)
            )
            stands = stands or NOTED
    with after_the_change(stands, told=True):
        taken = next((one for one in interview.options if one.interval == agreed), interview.occurrence)
        standing = interview._replace(occurrence=taken)  # of a poll's options none replaces another
        hand_out([_confirmation(standing, agreed, along, run)], run)
    if done:
        reach = (agreed.end - session.query.now).days + 1  # it may lie beyond what was looked at before
        further = run.question._replace(days=max(session.query.days, reach))
        check_again(run.source, further, run.output, stands)


NOTED = "their answer is noted"
"""What stands where no calendar had to change."""


def _perform(task: ChangeTask, run: ChangeRun) -> Performed:
    """Carry a task out, which may have nothing to do in the calendars."""
    return perform(task, run) if task.steps else Performed(done=not run.options.dry_run)


def _moved_along(
    interview: Interview, agreed: Interval, report: Report, session: Session
) -> dict[Interview, Interval]:
    """Return the other rounds that the request offered to move by as much, and where to."""
    found: dict[Interview, Interval] = {}
    for request in _requests(interview, session)[-1:]:
        rounds = {one.interview: one for one in rounds_of(session.memory or Memory(), request)}
        for other in (entry.interview for entry in (*report.interviews, *report.beside)):
            one = rounds.get(remembered_name(session.memory, other))
            if one is None or other is interview or len(one.offers) != len(request.offers):
                continue
            apart = {a[0] - b[0] for a, b in zip(one.offers, request.offers, strict=True)}
            if apart <= {one.original - request.original}:
                start = agreed.start + (one.original - request.original)
                found[other] = Interval(start, start + other.occurrence.interval.length)
    return found


def _note_declined(run: ChangeRun) -> None:
    """Let the interview keep its time: its holds go, and the answer is noted."""
    session = run.session
    interview = _which(find_report(session), session).interview
    if not _open_requests(interview, session):
        raise RefusedError(
            "no request is noted for this interview; note it first with 'lastresort message email --sent'"
        )
    task = _release(interview, session)
    done, stands = _perform(task, run)
    if done:
        with after_the_change(stands, told=True):
            name, now = remembered_name(session.memory, interview), session.query.now
            note(session, lambda memory: note_decline(memory, name, now))
        check_again(run.source, run.question, run.output, stands or NOTED)


def _question(interview: Interview, agreed: Interval, run: ChangeRun) -> None:
    """Tell the time on both clocks, and ask about one that nobody is likely to mean.

    Raises RefusedError where nobody can be asked and `--yes` was not given.
    """
    session, options, output = run.session, run.options, run.output
    zone, now, theirs = session.agenda.zone, session.query.now, interview.interviewer.zone
    odd = find_oddness(agreed, session.query, theirs)
    asks = sys.stdin.isatty() and not options.yes
    if not (asks or options.yes or options.dry_run):
        if odd:
            raise RefusedError(f"it {odd}: give --yes if that is meant, or write the time with its zone")
        return
    told = f"Agreed: {span(agreed, theirs, now)} in {city_of(theirs)}"
    if theirs != zone:
        told += f" = {span(agreed, zone, now)} in {city_of(zone)}"
    tell(told, output)
    if odd and asks:
        typer.confirm(f"It {odd}. Is that meant?", abort=True)
    elif odd:
        tell(f"Look again: it {odd}.", output)


def _which(report: Report, session: Session) -> InterviewReport:
    """Return the interview that was asked to move: the only one, or the one with times held or offered."""
    entries = report.interviews
    if len(entries) > 1:
        entries = tuple(
            entry
            for entry in entries
            if holds_of(entry.interview.occurrence, session.agenda)
            or any(not one.is_told_elsewhere for one in _open_requests(entry.interview, session))
        )
    if len(entries) != 1:
        raise UsageError(
            f"{len(report.interviews) or 'no'} interviews were found: say which one with --interview"
        )
    return entries[0]


def _requests(interview: Interview, session: Session) -> tuple[Request, ...]:
    return requests_of(session.memory, remembered_name(session.memory, interview)) if session.memory else ()


def _open_requests(interview: Interview, session: Session) -> list[Request]:
    return [request for request in _requests(interview, session) if request.settled is None]


def _agreed(text: str, entry: InterviewReport, session: Session) -> Interval:
    """Return the time agreed on. A number counts the times offered or held; none is ever made up."""
    occurrence = entry.interview.occurrence
    if not (text.isascii() and text.isdigit() and len(text) < 3):
        return _read_agreed(text, entry.interview, session)
    settled = _settled_start(entry.interview, session)
    if settled is not None and settled == occurrence.interval.start:
        raise _settled_already(settled, session)
    offers = _offered(entry.interview, session)
    if not offers:
        raise UsageError(
            "--slot: no time is known as offered or held for this interview; name the time itself, "
            "as in --slot '12 May 14:30'"
        )
    if not 0 < int(text) <= len(offers):
        raise UsageError(f"--slot: {len(offers)} times were offered; name one of them, or the time itself")
    start = offers[int(text) - 1].start
    return Interval(start, start + occurrence.interval.length)


def _read_agreed(text: str, interview: Interview, session: Session) -> Interval:
    """Return the time in words: the reading that was offered or is held, else the only one on their clock.

    Raises UsageError when nothing decides between several.
    """
    query, person = session.query, interview.interviewer
    mine = ReadingContext(
        now=query.now,
        mine=session.agenda.zone,
        country=query.interviewer_country or person.country,
        hours=query.interviewer_hours,
        length=interview.occurrence.interval.length,
    )
    known = person.zone_source is not ZoneSource.ASSUMED
    theirs = mine._replace(theirs=person.zone if known else None)
    spans = [read_span(text, setting) for setting in (theirs, mine)]
    readings = [meaning.interval for span in spans if not span.window for meaning in span.meanings]
    offered = (one for one in _offered(interview, session) if one in readings)
    return next(offered, None) or parse_offer(text, theirs)


def _offered(interview: Interview, session: Session) -> Sequence[Interval]:
    """Return the times as they were offered; else those that are held."""
    requests = _requests(interview, session)
    if requests and requests[-1].offers:
        return [Interval(*offer) for offer in requests[-1].offers]
    return [one.interval for one in holds_of(interview.occurrence, session.agenda)]


def _settled_start(interview: Interview, session: Session) -> datetime | None:
    """Return the start that was agreed on before: from memory, else from the journal of changes."""
    if requests := _requests(interview, session):
        return requests[-1].settled
    name = remembered_name(session.memory, interview)
    for record in Journal(os.path.join(session.settings.state, "journal")).records():
        memo = record.memo
        if memo and memo.kind == "settle" and name in memo.interviews and record.state is State.DONE:
            return memo.agreed
    return None


def _settled_already(start: datetime, session: Session) -> RefusedError:
    zone, now = session.agenda.zone, session.query.now
    return RefusedError(
        f"the interview is settled already for {day(start, zone, now)}, {clock(start, zone)}; nothing was "
        "changed. If another time was agreed on since, name that time itself"
    )


def _task(moved: Mapping[Interview, Interval], session: Session) -> ChangeTask:
    """Return the task that moves interviews, in every calendar that can be changed, and drops their holds."""
    zone, now, me = session.agenda.zone, session.query.now, session.agenda.me
    steps, rows = [], []
    for interview, agreed in moved.items():
        others = [one for one in interview.options if one is not interview.occurrence]
        stands = any(option.interval == agreed for option in interview.options)
        for one in (interview.occurrence, *interview.copies):
            document = document_of(one, session.documents)
            if agreed == one.interval or stands or one in others:
                continue
            if document and (one is interview.occurrence or (can_change(document) and one.event.uid)):
                edit = Reschedule(
                    uid=uid_of(one),
                    recurrence_id=one.recurrence_id,
                    old=one.interval,
                    new=agreed,
                    mine=one.event.is_mine(me),
                )
                steps.append(PlannedEdit(document, edit))
                old = span(one.interval, zone, now)
                title = f"{os.path.basename(document.name)}: interview"
                rows.append(Row(title, "moved", before=old, after=span(agreed, zone, now)))
        released = _release(interview, session)
        steps += released.steps
        rows += released.rows
    return ChangeTask(tuple(steps), tuple(rows))


def _release(interview: Interview, session: Session) -> ChangeTask:
    """Return the task that takes the interview's holds away, wherever they can be changed."""
    steps, rows = [], []
    for hold in holds_of(interview.occurrence, session.agenda):
        document = document_of(hold, session.documents)
        if document and can_change(document):
            steps.append(PlannedEdit(document, Remove(uid_of(hold))))
            when = span(hold.interval, session.agenda.zone, session.query.now)
            rows.append(Row(os.path.basename(document.name), "no longer held", before=when))
    return ChangeTask(tuple(steps), tuple(rows))


def _confirmation(
    interview: Interview, agreed: Interval, along: Mapping[Interview, Interval], run: ChangeRun
) -> Message:
    """Return the letter that confirms the time, for all rounds that moved."""
    session = run.session
    starts = starts_of((interview, *along))
    letter = plain_letter(interview, session, agreed=agreed, rounds=(Rounds(starts),) if along else ())
    language, _ = language_of(interview, session, run.question.language)
    return compose("confirm", letter, language, templates_of(session.settings))
