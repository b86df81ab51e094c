"""The plan as changes of calendars: which moves are made here, and how they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.changes.plan import PlannedEdit, can_change, document_of, edit_for, hold_steps
from lastresort.errors import RefusedError, UsageError
from lastresort.ics.source_map import Context
from lastresort.jobs.workbench import Row
from lastresort.outputs.when import span
from lastresort.planning.actions import Action, Who
from lastresort.planning.subjects import Nature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.jobs.session import Session
    from lastresort.model import Document, Interval
    from lastresort.planning.rearrange import Move, Plan
    from lastresort.planning.report import InterviewReport, Report


class Prepared(NamedTuple):
    """A plan as it is carried out here."""

    moves: tuple[Move, ...]
    """The changes of my own events, to which nobody else has to agree."""
    steps: tuple[PlannedEdit, ...]
    rows: tuple[Row, ...]
    """The same in words."""
    left: tuple[Move, ...]
    """What needs somebody else first, or a look of mine."""


def prepare(
    report: Report, session: Session, number: int = 1, only: Sequence[str] = (), *, unlooked: bool
) -> Prepared:
    """Return how the plan with this number is carried out, or what is chosen of it by UID.

    What has to be agreed first stays, unless it was chosen; with `unlooked` so does an event about which
    nothing is known. Raises RefusedError when there is no plan, or a calendar cannot be found again.
    """
    moves = chosen_moves(report, number, only)
    mine = tuple(m for m in moves if is_written(m, session, unlooked=unlooked, chosen=bool(only)))
    return Prepared(
        moves=mine,
        steps=tuple(step_for(move, session) for move in mine),
        rows=tuple(row_of(move, session) for move in mine),
        left=tuple(move for move in moves if move not in mine),
    )


def chosen_moves(report: Report, number: int = 1, only: Sequence[str] = ()) -> list[Move]:
    """Return the moves of the plan asked for, each once. Raises RefusedError when there is none."""
    moves = moves_of(plans_of(rearranged(report), number))
    if only:
        known = {move.occurrence.event.uid for move in moves}
        for uid in only:
            if uid not in known:
                raise UsageError("--only: the plan changes no event with this UID")
    return [m for m in moves if not only or m.occurrence.event.uid in only]


def rearranged(report: Report) -> list[InterviewReport]:
    """Return the interviews that a plan keeps. Raises RefusedError when there is none."""
    entries = [entry for entry in report.interviews if entry.verdict == "rearrange"]
    if not entries:
        asks = any(entry.verdict == "reschedule" for entry in report.interviews)
        raise RefusedError(
            "no rearrangement keeps the interview: --hold holds the times to offer"
            if asks
            else "nothing clashes with an interview, so there is nothing to carry out"
        )
    return entries


def moves_of(plans: Sequence[Plan]) -> list[Move]:
    """Return the moves of several interviews' plans, each once."""
    return list({move.occurrence.key: move for plan in plans for move in plan.moves}.values())


def all_plans(entries: Sequence[InterviewReport]) -> list[Plan]:
    """Return the plans as `--plan` counts them: one interview's, or the joint ones of several."""
    (entry, *others) = entries
    joint = entry.rearrangement.plans if others and entry.rearrangement else ()
    own = (plan for plan in (entry.plan, *entry.other_plans) if plan)
    return list(joint or dict.fromkeys(own))


def plans_of(entries: Sequence[InterviewReport], number: int) -> list[Plan]:
    """Return each interview's share of a plan. Beyond the first only the joint plans belong together."""
    if number == 1:
        return [entry.plan for entry in entries if entry.plan]
    plans = all_plans(entries)
    if number > len(plans):
        raise UsageError(f"--plan: there {'is one plan' if len(plans) == 1 else f'are {len(plans)} plans'}")
    return [plans[number - 1]]


def is_written(move: Move, session: Session, *, unlooked: bool, chosen: bool) -> bool:
    """Tell whether a move is carried out here: an event of mine, to which nobody else has to agree.

    What was `chosen` is agreed and looked at. Else a child's pick-up and the like stay, and so does, with
    `unlooked`, an event about which nothing is known.
    """
    if not chosen and (move.is_agreed_first or (move.nature is Nature.UNKNOWN and unlooked)):
        return False
    return move.is_writable(session.agenda.me)


def why_left(move: Move, session: Session, name: str) -> str:
    """Return why a move was not made here; `name` says how to choose it, where that would make it."""
    told = move.because[0]
    if not move.is_writable(session.agenda.me):
        return told
    if move.is_agreed_first:
        return f"left as it is: {told}; {name} changes it then"
    return f"{told}; {name} changes it"


def left_to_do(move: Move) -> str:
    """Return what remains for a person once the calendar is changed; empty when nothing does."""
    if move.who is not Who.TELL:
        return ""
    if move.occurrence.event.attendees:
        return "others take part; see that your calendar tells them"
    return "tell those who wait for you" if move.is_agreed_first else move.because[0]


def step_for(move: Move, session: Session) -> PlannedEdit:
    """Return the edit that makes a move. Raises RefusedError when its calendar cannot be found again."""
    return PlannedEdit(_document(move, session), edit_for(move))


def _document(move: Move, session: Session) -> Document:
    found = document_of(move.occurrence, session.documents)
    if found is None:
        raise RefusedError(f"{move.occurrence.event.document}: the calendar cannot be found again")
    return found


def row_of(move: Move, session: Session) -> Row:
    """Return a move as it is told and noted in the journal."""
    zone, now, occurrence = session.agenda.zone, session.query.now, move.occurrence
    title = occurrence.event.summary[:100] or "event without title"
    old = span(occurrence.interval, zone, now, all_day=occurrence.all_day)
    if move.new is None:
        return Row(title, "left out", before=old)
    done = "shortened" if move.action is Action.SHORTEN else "moved"
    return Row(title, done, before=old, after=span(move.new, zone, now, all_day=occurrence.all_day))


def steps_to_hold(
    slots: Sequence[Interval], interview: Interview, session: Session
) -> list[tuple[PlannedEdit, Row]]:
    """Return what holds the slots in the interview's calendar, with its words; nothing for those held.

    An interview that stands in no calendar is held for in the first one that can be changed.
    """
    zone, now = session.agenda.zone, session.query.now
    written = document_of(interview.occurrence, session.documents)
    document = written or next((one for one in session.documents if can_change(one)), session.documents[0])
    context = Context(zone, now, document.name)
    steps = hold_steps(slots, interview.occurrence, session.agenda, document, context)
    return [
        (step, Row(f"held as slot {slots.index(slot) + 1}", after=span(slot, zone, now)))
        for step, slot in steps
    ]
