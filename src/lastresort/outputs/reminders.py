"""What comes next after a request, as one line for a person, and the command that does it (R25 to R40)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.next_step import NextKind, NextStep
from lastresort.outputs import when
from lastresort.text import one_line

if TYPE_CHECKING:
    from datetime import datetime


class Due(NamedTuple):
    """A next step that is due, and the request it belongs to. Instants are in UTC."""

    step: NextStep
    title: str
    original: datetime
    phone: str = ""
    interview: str = ""
    """Identity under which the interview is remembered."""


COMMANDS = {
    NextKind.NUDGE: "message nudge",
    NextKind.CALL: "message phone",
    NextKind.CONFIRM: "message confirm",
    NextKind.THANK: "message follow-up",
}
"""The command behind each step; those with a time in them are made by `next_command`."""

_LINES = {
    NextKind.WAIT: "You asked on {asked}: wait for an answer until {until}{till}.",
    NextKind.NUDGE: "No answer since {asked}: send one polite nudge{stands}.",
    NextKind.CALL: "Still no answer: call them now ({phone}){stands}.",
    NextKind.ATTEND: "Nothing more to send: unless they confirm another time, turn up or dial in at the old.",
    NextKind.MOVE: "They agreed to {agreed}: move it in your calendar, which drafts the confirmation too.",
    NextKind.CONFIRM: "It now stands on {agreed}: confirm that to them in writing.",
    NextKind.THANK: "All is settled: send the short note of thanks; something of use to them, such as an "
    "article, is welcome in it.",
    NextKind.KEEP: "You asked on {asked} to move it, and nothing is in its way any more: tell them that the "
    "old time can stay.",
    NextKind.DONE: "You withdrew on {withdrawn}: nothing is due. If things change, a short note after some "
    "months reopens the door.",
}


def next_line(step: NextStep, phone: str, zone: str, now: datetime) -> str:
    """Return what comes next; days and times are in `zone`."""
    moments = {
        "asked": step.asked,
        "nudged": step.nudged,
        "until": step.until,
        "withdrawn": step.asked,
    }
    days = {name: when.day(moment, zone, now) for name, moment in moments.items() if moment}
    agreed = when.moment(step.agreed, zone, now) if step.agreed else "another time"
    number = phone or "no number is known here; look in their mails or on their site"
    return _LINES[step.kind].format(
        agreed=agreed,
        phone=number,
        stands="; the old time stands" if step.stands else "",
        till="; till then the old time stands" if step.stands else "",
        **{"asked": "that day", "until": "then", **days},
    )


def next_command(step: NextStep, original: datetime, zone: str) -> str:
    """Return the words of the command that does the step (`message nudge`); empty where there is none."""
    if step.kind is NextKind.MOVE and step.agreed:
        return f"settle --slot '{when.written(step.agreed, zone)}'"
    if step.kind is NextKind.KEEP:
        return f"message confirm --agreed '{when.written(original, zone)}'"
    return COMMANDS.get(step.kind, "")


def reminder_line(due: Due, zone: str, now: datetime) -> str:
    """Return what is due, with the interview it is about; days are in `zone`."""
    title = one_line(due.title)
    return f"{f'“{title}”' if title else 'The interview'}: {next_line(due.step, due.phone, zone, now)}"
