"""What to do about one interview, step by step, each with the command that carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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


def tell_steps(entry: InterviewReport, zone: str, now: datetime, run: Invocation) -> tuple[ToldStep, ...]:
    """Return the next step after a request, where one was made, then the checklist; days are in `zone`."""
    told = []
    step, interview = entry.advice.next, entry.interview
    if step is not None:
        words = next_command(step, interview.occurrence.interval.start, zone)
        text = next_line(step, interview.interviewer.phone or "", zone, now)
        told.append(_step(text, words, run))
    return (*told, *(_step(line.text, line.command, run) for line in entry.advice.steps))


def _step(text: str, words: str, run: Invocation) -> ToldStep:
    return ToldStep(text=text, command=run.command(words) if words else "", words=words)


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
