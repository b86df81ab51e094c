"""Which of other people's events a note is about: the one that is named, or those of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import UsageError
from lastresort.interviews.detection import match_event
from lastresort.model import BusyReason, Interval
from lastresort.planning.actions import Action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lastresort.model import Occurrence
    from lastresort.planning.rearrange import Move
    from lastresort.planning.report import Report


class PlannedErrand(NamedTuple):
    """An event to write about: the time the plan would have it moved to, the part of it that I miss."""

    occurrence: Occurrence
    new: Interval | None = None
    away: Interval | None = None


def find_errands(kind: str, text: str | None, report: Report) -> list[PlannedErrand]:
    """Return the events to write about.

    Without `text` they are the plan's; without a plan the one certain clash that somebody else organises.
    Raises UsageError when none or several fit, or when I organise it myself and nobody else is asked.
    """
    if text is not None:
        chosen = _named(text, report)
        if chosen.event.is_mine(report.agenda.me) and kind not in ALONE:
            raise UsageError("--event: you organise this one yourself; move it ('lastresort move')")
        found = [(chosen, _new_time(chosen, report))]
    else:
        planned = [move.occurrence for move in _moves(report) if move.action is _ACTIONS[kind]]
        found = [
            (one, _new_time(one, report))
            for one in planned
            if kind in ALONE or not one.event.is_mine(report.agenda.me)
        ]
        found = found or _only_clash(report)
    if not found:
        raise UsageError(f"the plan has nothing for {kind}: name the event with --event")
    return [PlannedErrand(one, new, _away(one, report)) for one, new in found]


ALONE = ("delegate", "call")
"""Also about events that I keep alone: a pick-up that somebody takes over, an appointment with a practice."""
_ACTIONS = {
    "ask-organiser": Action.ASK_ORGANISER,
    "decline-once": Action.SKIP,
    "step-out": Action.STEP_OUT,
    "delegate": Action.DELEGATE,
    "call": Action.MOVE,
}
"""What the plan calls the change that the message is about."""


def _away(occurrence: Occurrence, report: Report) -> Interval | None:
    """Return the part of the event that the interview takes, with the way there unless that is all of it."""
    interviews = [
        entry.interview
        for entry in (*report.interviews, *report.beside)
        if entry.interview.padded.overlaps(occurrence.interval)
    ]
    for span in (span for one in interviews for span in (one.padded, one.occurrence.interval)):
        missed = Interval(max(span.start, occurrence.interval.start), min(span.end, occurrence.interval.end))
        if missed.start < missed.end and missed != occurrence.interval:
            return missed
    return None


def _moves(report: Report) -> Iterable[Move]:
    """Return the moves of the plan, each once, though two interviews may share one."""
    moves = [move for entry in report.interviews if entry.plan for move in entry.plan.moves]
    return {move.occurrence.key: move for move in moves}.values()


def _only_clash(report: Report) -> list[tuple[Occurrence, Interval | None]]:
    clashes = {
        conflict.occurrence.key: conflict.occurrence
        for entry in report.interviews
        if not entry.plan
        for conflict in entry.conflicts
        if (conflict.hard or conflict.reason is BusyReason.ARRANGED)
        and conflict.kind != "interview"
        and not conflict.occurrence.event.is_mine(report.agenda.me)
    }
    return [(one, None) for one in clashes.values()] if len(clashes) == 1 else []


def _named(text: str, report: Report) -> Occurrence:
    """Return the event with this UID or these words, first among those that clash with an interview."""
    now, zone = report.query.now, report.agenda.zone
    clashing = [conflict.occurrence for entry in report.interviews for conflict in entry.conflicts]
    upcoming = [one for one in report.agenda.occurrences if one.interval.end > now]
    try:
        return match_event(clashing, text, zone, option="--event")
    except UsageError:
        return match_event(upcoming, text, zone, option="--event")


def _new_time(occurrence: Occurrence, report: Report) -> Interval | None:
    return next(
        (
            move.new
            for move in _moves(report)
            if move.occurrence.key == occurrence.key and move.action in (Action.MOVE, Action.ASK_ORGANISER)
        ),
        None,
    )
