"""What to do about one interview, step by step, each with the command that carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.effects import StepKind
from lastresort.advice.next_step import NextKind
from lastresort.outputs.reminders import next_command, next_line

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.outputs.invocation import Invocation
    from lastresort.planning.report import InterviewReport, Report


class ToldStep(NamedTuple):
    """One line of what to do; `command` is complete, and empty where no command does it."""

    text: str
    command: str = ""
    words: str = ""
    """The command without the calendars: `apply --hold`."""
    kind: StepKind = StepKind.OTHER


_NEXT = {
    NextKind.NUDGE: StepKind.MAIL,
    NextKind.CALL: StepKind.CALL,
    NextKind.CONFIRM: StepKind.MAIL,
    NextKind.THANK: StepKind.MAIL,
    NextKind.KEEP: StepKind.MAIL,
}
"""What the next step after a request comes to."""


def tell_steps(entry: InterviewReport, zone: str, now: datetime, run: Invocation) -> tuple[ToldStep, ...]:
    """Return the next step after a request, where one was made, then the checklist; days are in `zone`."""
    steps = [(one.text, one.command, one.kind) for one in entry.advice.steps]
    step, interview = entry.advice.next, entry.interview
    if step is not None:
        text = next_line(step, interview.interviewer.phone or "", zone, now)
        words = next_command(step, interview.occurrence.interval.start, zone)
        steps.insert(0, (text, words, _NEXT.get(step.kind, StepKind.OTHER)))
    return tuple(
        ToldStep(text=text, command=run.command(words) if words else "", words=words, kind=kind)
        for text, words, kind in steps
    )


def naming(run: Invocation, report: Report, entry: InterviewReport, number: int = 0) -> Invocation:
    """Return the invocation that names the entry's interview, where the report holds several.

    `number` is its number in a report whose numbers are kept.
    """
    if run.numbered:
        return run._replace(number=number)
    uid = entry.interview.occurrence.event.uid
    if uid is None or len(report.interviews) + len(report.beside) < 2:
        return run
    return run._replace(interview=uid)
