"""`lastresort apply`: the chosen plan is carried out in the calendar, or the offered times are held in it."""

from __future__ import annotations

import sys
from functools import reduce
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from typer import Option

from lastresort.changes.journal import Memo
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
    print_rows,
    tell,
)
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.streams import after_the_change
from lastresort.costs import tell_effort
from lastresort.errors import RefusedError
from lastresort.history.requests import hold_request, remembered_name, requests_of
from lastresort.jobs.check import find_report
from lastresort.jobs.colleagues import PlannedErrand
from lastresort.jobs.drafting import compose_errand, compose_for
from lastresort.jobs.follow_up import requests_about
from lastresort.jobs.plan import (
    all_plans,
    left_to_do,
    moves_of,
    plans_of,
    prepare,
    rearranged,
    row_of,
    steps_to_hold,
    why_left,
)
from lastresort.jobs.remembered import background_of
from lastresort.messages.compose import Message
from lastresort.outputs.phrases import count
from lastresort.planning.actions import Action, Who
from lastresort.planning.check import reconsider

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lastresort.jobs.session import Session
    from lastresort.planning.rearrange import Move
    from lastresort.planning.report import InterviewReport, Report


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

    def work(run: ChangeRun) -> None:
        report = find_report(run.session)
        performed = _hold(report, run) if own.hold else _rearrange(report, own, run)
        if performed.done:
            check_again(source, question, output, performed.stands)

    return change_calendars(work, source, question, options, output)


# -- the plan -----------------------------------------------------------------------------------------------


def _rearrange(report: Report, own: ApplyOptions, run: ChangeRun) -> Performed:
    """Carry out the moves that are mine, and say what is left to others."""
    session, output = run.session, run.output
    if own.choose:
        own = own._replace(plan=_ask_which(report, session, output))
    plan = prepare(report, session, own.plan, own.only or (), unlooked=run.options.yes)
    task = ChangeTask(plan.steps, plan.rows, agreed=own.choose)
    performed = Performed(done=False)
    if plan.steps:
        performed = perform(task, run)
    with after_the_change(performed.stands, told=True):
        for move in plan.moves:
            if left := left_to_do(move):
                tell(f"To do: {move.occurrence.event.summary}: {left}", output)
        for move in plan.left:
            event = move.occurrence.event
            tell(f"To do: {event.summary}: {why_left(move, session, f'--only {event.uid}')}", output)
        hand_out([draft for move in plan.left for draft in _drafts(move, run)], run)
    return performed


def _ask_which(report: Report, session: Session, output: OutputOptions) -> int:
    """Show the plans one after the other, and return the number of the one that somebody takes."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise RefusedError("--choose asks on a terminal: name a plan with --plan N; nothing was changed")
    entries = rearranged(report)
    plans = all_plans(entries)
    for number in range(1, len(plans) + 1):
        moves = moves_of(plans_of(entries, number))
        points = sum(move.cost for move in moves)
        told = f"{tell_effort(points)}, {count(len(moves), 'change')}, {points:g} points"
        print(f"Plan {number} of {len(plans)}: {told}", file=sys.stderr)
        print_rows([row_of(move, session) for move in moves], output, sys.stderr)
        if typer.confirm("Take this one?", err=True):
            return number
    raise typer.Abort


def _drafts(move: Move, run: ChangeRun) -> Iterable[Message]:
    """Yield the note to the organiser; who only comes later or leaves earlier says so without one."""
    if move.who is Who.ASK or move.action is Action.SKIP:
        kind = "decline-once" if move.action is Action.SKIP else "ask-organiser"
        errand = PlannedErrand(move.occurrence, move.new)
        yield compose_errand(kind, errand, run.session, run.question.language)[0]


# -- holds --------------------------------------------------------------------------------------------------


def _hold(report: Report, run: ChangeRun) -> Performed:
    """Hold the times offered, note that they are held, and hand the letters out."""
    session = run.session
    entries = _asking(report, run)
    unasked = [entry for entry in entries if not entry.request]
    pairs = [
        pair
        for entry in entries
        for pair in steps_to_hold([slot.interval for slot in entry.slots], entry.interview, session)
    ]
    performed = Performed(done=False)
    if pairs:
        rounds = [one for entry in entries for stretch in entry.stretches for one in stretch.rounds]
        interviews = (*(entry.interview for entry in entries), *rounds)
        names = dict.fromkeys(remembered_name(session.memory, one) for one in interviews)
        memo = Memo(kind="hold", interviews=tuple(names))
        task = ChangeTask(tuple(step for step, _ in pairs), tuple(row for _, row in pairs), memo=memo)
        performed = perform(task, run)
    else:
        tell("The times are held already.", run.output)
    with after_the_change(performed.stands, told=True):
        unnoted = not all(_is_noted(entry, session) for entry in entries)
        if performed.done or (unnoted and not run.options.dry_run):
            held = [one for entry in unasked for one in requests_about(entry, "", session, held=True)]
            note(session, lambda memory: reduce(hold_request, held, memory))
        hand_out([compose_for(entry, session, run.question.language).mail for entry in unasked], run)
    return performed


def _is_noted(entry: InterviewReport, session: Session) -> bool:
    """Tell whether a run that held the times could note it before it was ended."""
    if session.memory is None:
        return False
    return bool(requests_of(session.memory, remembered_name(session.memory, entry.interview)))


def _asking(report: Report, run: ChangeRun) -> list[InterviewReport]:
    """Return the interviews whose times are held: those that have to move, or the one that was named."""
    entries = [entry for entry in report.interviews if entry.verdict == "reschedule"]
    question = run.question
    if question.interview or question.invite or question.at:
        busy, background = run.session.interviewer_busy, background_of(run.session)
        entries = [reconsider(report, entry, busy, background) for entry in report.interviews]
    entries = [entry for entry in entries if entry.slots]
    if not entries:
        raise RefusedError("no interview has to move, so no time is held; --interview names one all the same")
    return entries
