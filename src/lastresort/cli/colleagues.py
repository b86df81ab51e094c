"""Which of other people's events a note is about: the one that is named, or those of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.errors import UsageError
from lastresort.interviews.detection import match_interview

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lastresort.model import Interval, Occurrence
    from lastresort.planning.check import Report
    from lastresort.planning.rearrange import Move

Errands = list[tuple["Occurrence", "Interval | None"]]


def find_errands(kind: str, text: str | None, report: Report) -> Errands:
    """Return the events to write about, each with the time the plan would have it moved to.

    Without `text` they are the plan's; without a plan the one certain clash that somebody else organises.
    Raises UsageError when none or several fit, or when I organise it myself.
    """
    if text is not None:
        chosen = _named(text, report)
        if _is_mine(chosen, report):
            raise UsageError("--event: you organise this one yourself; move it ('lastresort move')")
        return [(chosen, _new_time(chosen, report))]
    action = "skip" if kind == "decline-once" else "ask-organiser"
    planned = [(move.occurrence, move.new) for move in _moves(report) if move.action == action]
    found = [(one, new) for one, new in planned if not _is_mine(one, report)] or _only_clash(report)
    if not found:
        raise UsageError(f"{_NOT_PLANNED[kind]}: name the event with --event")
    return found


_NOT_PLANNED = {
    "ask-organiser": "the plan asks no organiser for another time",
    "decline-once": "the plan skips no meeting of somebody else",
}


def _moves(report: Report) -> Iterable[Move]:
    """The moves of the plan, each once, though two interviews may share one."""
    moves = [move for entry in report.interviews if entry.plan for move in entry.plan.moves]
    return {move.occurrence.key: move for move in moves}.values()


def _only_clash(report: Report) -> Errands:

    clashes = {
        conflict.occurrence.key: conflict.occurrence
        for entry in report.interviews
        if not entry.plan
        for conflict in entry.conflicts
        if conflict.hard and conflict.kind != "interview" and not _is_mine(conflict.occurrence, report)
    }
    return [(one, None) for one in clashes.values()] if len(clashes) == 1 else []


def _named(text: str, report: Report) -> Occurrence:
    """The event with this UID or these words; what clashes with an interview is meant before all else."""
    now, zone = report.query.now, report.agenda.zone
    clashing = [conflict.occurrence for entry in report.interviews for conflict in entry.conflicts]
    upcoming = [one for one in report.agenda.occurrences if one.interval.end > now]
    for pool in (clashing, upcoming):
        try:
            return match_interview(pool, text, zone)
        except UsageError as error:
            told = str(error).replace("--interview", "--event")
    raise UsageError(told)


def _new_time(occurrence: Occurrence, report: Report) -> Interval | None:
    return next(
        (
            move.new
            for move in _moves(report)
            if move.occurrence.key == occurrence.key and move.action in ("move", "ask-organiser")
        ),
        None,
    )


def _is_mine(occurrence: Occurrence, report: Report) -> bool:
    organizer = occurrence.event.organizer
    return organizer is None or organizer.address in report.agenda.me
