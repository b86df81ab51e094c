"""`lastresort apply`: the chosen plan is carried out in the calendar, or the offered times are held in it."""

from __future__ import annotations

import sys
from functools import reduce
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from typer import Option

from lastresort.changes.journal import Memo
from lastresort.changes.plan import Step, document_of, edit_for, is_mine
from lastresort.cli.changing import (
    ChangeOptions,
    Row,
    Task,
    check_again,
    hand_out,
    note,
    perform,
    print_rows,
    put_right,
    replan,
    steps_to_hold,
    tell,
)
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import open_session
from lastresort.costs import tell_effort
from lastresort.errors import RefusedError, UsageError
from lastresort.history.requests import hold_request, remembered_name, requests_of
from lastresort.jobs.check import find_report
from lastresort.jobs.colleagues import PlannedErrand
from lastresort.jobs.drafting import compose_errand, compose_for
from lastresort.jobs.follow_up import requests_about
from lastresort.jobs.remembered import background_of
from lastresort.messages import Message
from lastresort.outputs.phrases import count
from lastresort.outputs.when import span
from lastresort.planning.alternatives import Action, Who
from lastresort.planning.check import reconsider
from lastresort.planning.natures import Nature

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lastresort.jobs.session import Session
    from lastresort.model import Document
    from lastresort.planning.check import InterviewReport, Report
    from lastresort.planning.rearrange import Move, Plan


_DECIDED_ALONE = frozenset({Who.ME, Who.TELL})
_WRITTEN = frozenset({Action.MOVE, Action.SKIP, Action.SHORTEN})


class ApplyOptions(NamedTuple):
    """What is carried out."""

    plan: Annotated[
        int, Option("--plan", metavar="N", min=1, max=9, help="Which plan, as 'check' numbers them.")
    ] = 1
    choose: Annotated[bool, Option("--choose", help="Walk through the plans, and take the one you like.")] = (
        False
    )
    only: Annotated[
        list[str] | None, Option("--only", metavar="UID", help="Only this event of the plan; several times.")
    ] = None
    hold: Annotated[bool, Option("--hold", help="Hold the times offered, as tentative events.")] = False


def apply(
    source: SourceOptions,
    own: ApplyOptions,
    question: QuestionOptions,
    options: ChangeOptions,
    output: OutputOptions,
) -> int:
    """Carry out the plan of 'check', or hold the times it offers, and check again.

    Your own events are moved in the calendar; for others' the notes to their organisers are drafted, and
    nothing is sent. 'lastresort undo' takes it back. Exit code: 0 done, 1 refused or failed, 2 wrong usage.
    """
    put_right(source)
    return replan(lambda: _apply(source, own, question, options, output))


def _apply(
    source: SourceOptions,
    own: ApplyOptions,
    question: QuestionOptions,
    options: ChangeOptions,
    output: OutputOptions,
) -> int:
    session = open_session(source, question)
    report = find_report(session)
    if own.hold:
        done = _hold(report, session, source, question, options, output)
    else:
        done = _rearrange(report, session, source, own, question, options, output)
    if done:
        check_again(source, question, output)
    return 0


# -- the plan -----------------------------------------------------------------------------------------------


def _rearrange(
    report: Report,
    session: Session,
    source: SourceOptions,
    own: ApplyOptions,
    question: QuestionOptions,
    options: ChangeOptions,
    output: OutputOptions,
) -> bool:
    if own.choose:
        own = own._replace(plan=_ask_which(report, session, output))
    moves = _chosen(report, own)
    mine = [move for move in moves if _is_written(move, own, options, session)]
    others = [move for move in moves if move not in mine]
    steps = tuple(Step(_document(move, session), edit_for(move)) for move in mine)
    rows = tuple(_row(move, session) for move in mine)
    done = bool(steps) and perform(Task(steps, rows, agreed=own.choose), session, source, options, output)
    for move in mine:
        if left := _left_to_do(move):
            tell(f"To do: {move.occurrence.event.summary}: {left}", output)
    for move in others:
        told = move.because[0]
        if move.nature is Nature.UNKNOWN and is_mine(move.occurrence, session.agenda.me):
            told = f"{told}; --only {move.occurrence.event.uid} changes it"
        tell(f"To do: {move.occurrence.event.summary}: {told}", output)
    hand_out([draft for move in others for draft in _drafts(move, session, question)], options, output)
    return done


def _is_written(move: Move, own: ApplyOptions, options: ChangeOptions, session: Session) -> bool:
    """Whether a move is carried out here: an event of mine, to which nobody else has to agree.

    What an event is about which nothing is known is looked at by a person: where nobody is asked, it is only
    changed when it is named.
    """
    if move.who not in _DECIDED_ALONE or move.action not in _WRITTEN:
        return False
    if move.nature is Nature.UNKNOWN and options.yes and not own.only:
        return False
    return is_mine(move.occurrence, session.agenda.me)


def _left_to_do(move: Move) -> str:
    """What remains for a person once the calendar is changed; empty when nothing does."""
    if move.who is not Who.TELL:
        return ""
    if move.occurrence.event.attendees:
        return "others take part; see that your calendar tells them"
    return move.because[0]


def _chosen(report: Report, own: ApplyOptions) -> list[Move]:
    """The moves of the plan asked for, each once. Raises RefusedError when there is none."""
    moves = _moves_of(_plans(_rearranged(report), own.plan))
    if own.only:
        known = {move.occurrence.event.uid for move in moves}
        for uid in own.only:
            if uid not in known:
                raise UsageError("--only: the plan changes no event with this UID")
    return [m for m in moves if not own.only or m.occurrence.event.uid in own.only]


def _rearranged(report: Report) -> list[InterviewReport]:
    """The interviews that a plan keeps. Raises RefusedError when there is none."""
    entries = [entry for entry in report.interviews if entry.verdict == "rearrange"]
    if not entries:
        asks = any(entry.verdict == "reschedule" for entry in report.interviews)
        raise RefusedError(
            "no rearrangement keeps the interview: --hold holds the times to offer"
            if asks
            else "nothing clashes with an interview, so there is nothing to carry out"
        )
    return entries


def _moves_of(plans: Sequence[Plan]) -> list[Move]:
    """The moves of several interviews' plans, each once."""
    return list({move.occurrence.key: move for plan in plans for move in plan.moves}.values())


def _all_plans(entries: Sequence[InterviewReport]) -> list[Plan]:
    """The plans as `--plan` counts them: one interview's, or the joint ones of several."""
    (entry, *others) = entries
    joint = entry.rearrangement.plans if others and entry.rearrangement else ()
    own = (plan for plan in (entry.plan, *entry.other_plans) if plan)
    return list(joint or dict.fromkeys(own))


def _plans(entries: Sequence[InterviewReport], number: int) -> list[Plan]:
    """Each interview's share of a plan. Beyond the first only the joint plans belong together."""
    if number == 1:
        return [entry.plan for entry in entries if entry.plan]
    plans = _all_plans(entries)
    if number > len(plans):
        raise UsageError(f"--plan: there {'is one plan' if len(plans) == 1 else f'are {len(plans)} plans'}")
    return [plans[number - 1]]


def _ask_which(report: Report, session: Session, output: OutputOptions) -> int:
    """Show the plans one after the other, and return the number of the one that somebody takes."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise RefusedError("--choose asks on a terminal: name a plan with --plan N; nothing was changed")
    entries = _rearranged(report)
    plans = _all_plans(entries)
    for number in range(1, len(plans) + 1):
        moves = _moves_of(_plans(entries, number))
        points = sum(move.cost for move in moves)
        told = f"{tell_effort(points)}, {count(len(moves), 'change')}, {points:g} points"
        print(f"Plan {number} of {len(plans)}: {told}", file=sys.stderr)
        print_rows([_row(move, session) for move in moves], output, sys.stderr)
        if typer.confirm("Take this one?", err=True):
            return number
    raise typer.Abort


def _document(move: Move, session: Session) -> Document:
    found = document_of(move.occurrence, session.documents)
    if found is None:
        raise RefusedError(f"{move.occurrence.event.document}: the calendar cannot be found again")
    return found


def _row(move: Move, session: Session) -> Row:
    zone, now, occurrence = session.agenda.zone, session.query.now, move.occurrence
    title = occurrence.event.summary[:100] or "event without title"
    old = span(occurrence.interval, zone, now, all_day=occurrence.all_day)
    if move.new is None:
        return Row(title, "left out", before=old)
    done = "shortened" if move.action is Action.SHORTEN else "moved"
    return Row(title, done, before=old, after=span(move.new, zone, now, all_day=occurrence.all_day))


def _drafts(move: Move, session: Session, question: QuestionOptions) -> Iterable[Message]:
    """The note to the organiser; who only comes later or leaves earlier says so without one."""
    if move.who is Who.ASK or move.action is Action.SKIP:
        kind = "decline-once" if move.action is Action.SKIP else "ask-organiser"
        yield compose_errand(kind, PlannedErrand(move.occurrence, move.new), session, question.language)[0]


# -- holds --------------------------------------------------------------------------------------------------


def _hold(
    report: Report,
    session: Session,
    source: SourceOptions,
    question: QuestionOptions,
    options: ChangeOptions,
    output: OutputOptions,
) -> bool:
    entries = _asking(report, session, question)
    pairs = [
        pair
        for entry in entries
        for pair in steps_to_hold([slot.interval for slot in entry.slots], entry.interview, session)
    ]
    done = False
    if pairs:
        memo = Memo("hold", _names_of(entries, session))
        task = Task(tuple(step for step, _ in pairs), tuple(row for _, row in pairs), memo=memo)
        done = perform(task, session, source, options, output)
    else:
        tell("The times are held already.", output)
    if done or (not options.dry_run and not all(_is_noted(entry, session) for entry in entries)):
        _remember(entries, session)
    hand_out([_request(entry, session, question) for entry in entries if not entry.request], options, output)
    return done


def _names_of(entries: Sequence[InterviewReport], session: Session) -> tuple[str, ...]:
    """How the memory calls the interviews, all rounds of a request among them."""
    rounds = [one for entry in entries for stretch in entry.stretches for one in stretch.rounds]
    interviews = (*(entry.interview for entry in entries), *rounds)
    return tuple(dict.fromkeys(remembered_name(session.memory, one) for one in interviews))


def _remember(entries: Sequence[InterviewReport], session: Session) -> None:
    """Note what is held, for `settle --slot` and for reminders; a request that was sent keeps its offers."""
    held = [
        request
        for entry in entries
        if not entry.request
        for request in requests_about(entry, "", session, held=True)
    ]
    note(session, lambda memory: reduce(hold_request, held, memory))


def _is_noted(entry: InterviewReport, session: Session) -> bool:
    """Whether a run that held the times could note it before it was ended."""
    if session.memory is None:
        return False
    return bool(requests_of(session.memory, remembered_name(session.memory, entry.interview)))


def _asking(report: Report, session: Session, question: QuestionOptions) -> list[InterviewReport]:
    """The interviews whose times are held: those that have to move, or the one that was named."""
    entries = [entry for entry in report.interviews if entry.verdict == "reschedule"]
    if question.interview or question.invite or question.at:
        busy, background = session.interviewer_busy, background_of(session)
        entries = [reconsider(report, entry, busy, background) for entry in report.interviews]
    entries = [entry for entry in entries if entry.slots]
    if not entries:
        raise RefusedError("no interview has to move, so no time is held; --interview names one all the same")
    return entries


def _request(entry: InterviewReport, session: Session, question: QuestionOptions) -> Message:
    draft = compose_for(entry, session, question.language)
    return Message(draft.kind, draft.to, draft.subject, draft.body, "")
