"""Pairs that overlap: an interview with its padding, and something else that takes time."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lastresort.interviews.detection import ITSELF
from lastresort.model import ZERO, Busy, BusyReason, EventKey, Interval, Occurrence
from lastresort.planning.natures import LONGEST_MARGIN, Nature

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.model import Agenda
    from lastresort.planning.natures import Classification


class ConflictKind(StrEnum):
    """What is touched: the interview itself, its padding, the travel before either, or another interview."""

    OVERLAP = "overlap"
    PADDING = "padding"
    TRAVEL = "travel"
    INTERVIEW = "interview"


class Conflict(NamedTuple):
    """Another occurrence that overlaps the padded interview, by at least one minute."""

    occurrence: Occurrence
    overlap_minutes: int
    kind: ConflictKind
    busy: Busy
    reason: BusyReason
    what: Classification
    """What the occurrence is, and how it can give way."""

    @property
    def hard(self) -> bool:
        """Tell whether the clash is certain and decides the verdict."""
        return self.busy is Busy.CLASH


def find_conflicts(
    interview: Interview,
    agenda: Agenda,
    others: Sequence[Interview],
    classify: Callable[[Occurrence], Classification],
) -> tuple[Conflict, ...]:
    """Return what clashes with the interview, hard clashes and those to check, by start, end, UID.

    `classify` tells what an occurrence is.
    `others` are the other interviews (the interview itself among them does no harm); each is one conflict of
    kind `interview`, however many calendars it stands in. Free, declined and cancelled time never clashes.
    """
    rivals = [other for other in others if other.occurrence.key != interview.occurrence.key]
    known = keys_of((interview, *rivals))
    events = (o for o in agenda.occurrences if o.busy is not Busy.IGNORE and o.key not in known)
    reach = interview.needed.widened(LONGEST_MARGIN, LONGEST_MARGIN)
    near = [(o, classify(o)) for o in events if o.blocked.overlaps(reach) or clashes(interview, o)]
    found = [_conflict(interview, o, what) for o, what in near if clashes(interview, o)]
    found += [_journey(interview, o, what) for o, what in near if _meets_journey(interview, o, what)]
    found += [_rivalry(interview, other, classify) for other in rivals if interviews_clash(interview, other)]
    return tuple(sorted(found, key=_order))


def keys_of(interviews: Sequence[Interview]) -> frozenset[EventKey]:
    """Return the identities under which the interviews stand in any calendar."""
    return frozenset(
        occurrence.key for interview in interviews for occurrence in (interview.occurrence, *interview.copies)
    )


def clashes(interview: Interview, occurrence: Occurrence) -> bool:
    """Tell whether the occurrence with its travel overlaps the padded interview."""
    return occurrence.blocked.shared(interview.padded) > ZERO


def interviews_clash(one: Interview, other: Interview) -> bool:
    """Tell whether two interviews need the same time; the answer is the same from both sides.

    Rounds of one process follow each other without a pause between them: they clash only where they overlap.
    """
    first, second = one.occurrence.interval, other.occurrence.interval
    if one.process and one.process == other.process:
        return first.shared(second) > ZERO
    return max(one.padded.shared(second), other.padded.shared(first)) > ZERO


def _conflict(interview: Interview, occurrence: Occurrence, what: Classification) -> Conflict:
    return Conflict(
        occurrence=occurrence,
        overlap_minutes=_minutes(interview.padded, occurrence.blocked),
        kind=_kind(interview, occurrence),
        busy=occurrence.busy,
        reason=occurrence.reason,
        what=what,
    )


def _meets_journey(interview: Interview, occurrence: Occurrence, what: Classification) -> bool:
    """Tell whether the interview lies just before or after a journey, and not on it."""
    return what.with_margin(occurrence.blocked).overlaps(interview.needed) and not clashes(
        interview, occurrence
    )


def _journey(interview: Interview, occurrence: Occurrence, what: Classification) -> Conflict:
    return Conflict(
        occurrence=occurrence,
        overlap_minutes=_minutes(interview.needed, what.with_margin(occurrence.blocked)),
        kind=ConflictKind.TRAVEL,
        busy=Busy.CHECK,
        reason=BusyReason.JOURNEY,
        what=what,
    )


def _rivalry(
    interview: Interview, other: Interview, classify: Callable[[Occurrence], Classification]
) -> Conflict:
    return Conflict(
        occurrence=other.occurrence,
        overlap_minutes=_minutes(interview.padded, other.occurrence.interval),
        kind=ConflictKind.INTERVIEW,
        busy=Busy.CLASH,
        reason=other.occurrence.reason,
        what=classify(other.occurrence)._replace(nature=Nature.FIXED, fixed=ITSELF),
    )


def _minutes(one: Interval, other: Interval) -> int:
    return max(1, int(one.shared(other).total_seconds() // 60))


def _kind(interview: Interview, occurrence: Occurrence) -> ConflictKind:
    meeting, theirs = interview.occurrence.interval, occurrence.interval
    if theirs.shared(meeting) > ZERO:
        return ConflictKind.OVERLAP
    if occurrence.blocked.shared(meeting) > ZERO or not theirs.shared(interview.padded) > ZERO:
        return ConflictKind.TRAVEL
    own_travel = interview.occurrence.event.travel > ZERO and theirs.start < meeting.start
    return ConflictKind.TRAVEL if own_travel else ConflictKind.PADDING


def _order(conflict: Conflict) -> tuple[object, ...]:
    occurrence = conflict.occurrence
    return (*occurrence.interval, occurrence.event.uid or "", occurrence.event.source)
