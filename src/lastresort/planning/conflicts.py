"""Pairs that overlap: an interview with its padding, and something else that takes time."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from lastresort.interviews.detection import ITSELF
from lastresort.model import ZERO, Busy, BusyReason, EventKey, Interval, Occurrence
from lastresort.planning.for_interviews import is_way_to, without_ways
from lastresort.planning.freebusy import Index
from lastresort.planning.subjects import LONGEST_MARGIN, Nature, speaks_of_journey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.planning.natures import Classification


MOST_RIVALS = 50
"""Other interviews that are told of one that they clash with: the first of them."""
RIVALS_LOOKED_AT = 1000
"""Other interviews at the time of one that are looked at for that."""
LISTED = 20_000
"""Events that are listed as clashes, of all interviews together: each has an equal share."""
LEAST_LISTED = 10
"""Events that are listed of each interview, however many interviews there are."""


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


class Clashing(NamedTuple):
    """What clashes with one interview: hard clashes and those to check, by start, end, UID."""

    conflicts: tuple[Conflict, ...] = ()
    left_out: int = 0
    """Events that clash with it and are not among the conflicts."""


class Surroundings:
    """What may clash with interviews: the interviews themselves, and all else that takes time."""

    def __init__(
        self,
        interviews: Sequence[Interview],
        occurrences: Iterable[Occurrence],
        classify: Callable[[Occurrence], Classification],
    ) -> None:
        """`classify` tells what an occurrence is. Free, declined and cancelled time never clashes."""
        self._interviews = Index(interviews, lambda one: one.padded)
        apart = keys_of(interviews)
        self._classify = classify
        self._taking = [one for one in occurrences if one.busy is not Busy.IGNORE and one.key not in apart]
        self._events = Index(self._taking, _time)

    def clashing(self, interview: Interview, most: int = LISTED, held: Sequence[Occurrence] = ()) -> Clashing:
        """Return what clashes with an interview, but for the times that are held for its sake.

        `MOST_RIVALS` other interviews are told, and `most` events. Where there are more, those that certainly
        take time that it needs come first, so that what clashes is never left without a conflict.
        """
        near = self._events.within(reach_of(interview), most + len(held) + 1)
        is_whole = len(near) <= most + len(held)
        own = {hold.key for hold in held}
        near = [
            event for event in (near if is_whole else self._first(interview, near)) if event.key not in own
        ]
        rivals = islice(self._interviews.overlapping(interview.padded), RIVALS_LOOKED_AT)
        conflicts = find_conflicts(interview, near[:most], rivals, self._classify)
        if is_whole:
            return Clashing(conflicts)
        told = sum(clashes(interview, event) for event in (*near[:most], *held))
        return Clashing(conflicts, max(self._lasting.count(interview.padded) - told, 0))

    def _first(self, interview: Interview, near: Iterable[Occurrence]) -> list[Occurrence]:
        """Return some of what is near: first what is in the way, then what else clashes, then the rest."""
        needed = self._certain.overlapping(interview.needed)
        met = without_ways(needed, lambda event: is_way_to(event, self._classify(event), interview))
        near = list(near)
        clash = self._lasting.within(interview.padded, len(near))
        return list({event.key: event for event in (*islice(met, len(near)), *clash, *near)}.values())

    @cached_property
    def _lasting(self) -> Index[Occurrence]:
        return Index((one for one in self._taking if one.blocked.start < one.blocked.end), _time)

    @cached_property
    def _certain(self) -> Index[Occurrence]:
        return Index((one for one in self._lasting.values if one.busy is Busy.CLASH), _time)


def share(interviews: int) -> int:
    """Return how many events are listed of each of so many interviews."""
    return max(LEAST_LISTED, LISTED // max(interviews, 1))


def _time(occurrence: Occurrence) -> Interval:
    return occurrence.blocked


def find_conflicts(
    interview: Interview,
    events: Iterable[Occurrence],
    others: Iterable[Interview],
    classify: Callable[[Occurrence], Classification],
) -> tuple[Conflict, ...]:
    """Return what clashes with the interview, hard clashes and those to check, by start, end, UID.

    `events` are those within `reach_of` it, or more; `classify` tells what an occurrence is. `others` are the
    other interviews near it, in order (the interview itself among them does no harm); each is one conflict of
    kind `interview`, however many calendars it stands in, and `MOST_RIVALS` are told. Free, declined and
    cancelled time never clashes.
    """
    rivals = [other for other in others if other.occurrence.key != interview.occurrence.key]
    near = (other for other in rivals if are_rivals(interview, other) or are_tight(interview, other))
    found = [_rivalry(interview, other, classify) for other in islice(near, MOST_RIVALS)]
    known = keys_of((interview, *rivals))
    for occurrence in events:
        if occurrence.busy is Busy.IGNORE or occurrence.key in known:
            continue
        if clashes(interview, occurrence):
            found.append(_conflict(interview, occurrence, classify(occurrence)))
        elif speaks_of_journey(occurrence.event):
            what = classify(occurrence)
            if what.with_margin(occurrence.blocked).overlaps(interview.needed):
                found.append(_journey(interview, occurrence, what))
    return tuple(sorted(found, key=_order))


def reach_of(interview: Interview) -> Interval:
    """Return the stretch in which anything can clash with the interview."""
    return interview.padded.widened(LONGEST_MARGIN, LONGEST_MARGIN)


def keys_of(interviews: Iterable[Interview]) -> frozenset[EventKey]:
    """Return the identities under which the interviews stand in any calendar."""
    return frozenset(
        occurrence.key for interview in interviews for occurrence in (interview.occurrence, *interview.copies)
    )


def clashes(interview: Interview, occurrence: Occurrence) -> bool:
    """Tell whether the occurrence with its travel overlaps the padded interview."""
    return occurrence.blocked.shared(interview.padded) > ZERO


def are_rivals(one: Interview, other: Interview) -> bool:
    """Tell whether of two interviews only one can be kept; the answer is the same from both sides.

    Rounds of one process follow each other without a pause between them: they clash only where they overlap.
    An event around its rounds, the invitation for the whole day, is their frame and no clash.
    """
    first, second = one.occurrence.interval, other.occurrence.interval
    if is_round_of(one, other):
        return first.shared(second) > ZERO and not is_frame(one, other) and not is_frame(other, one)
    return max(one.needed.shared(second), other.needed.shared(first)) > ZERO


def are_tight(one: Interview, other: Interview) -> bool:
    """Tell whether two interviews that can both be kept leave each other no room to breathe."""
    first, second = one.occurrence.interval, other.occurrence.interval
    short = max(one.padded.shared(second), other.padded.shared(first)) > ZERO
    return short and not is_round_of(one, other) and not are_rivals(one, other)


def is_round_of(one: Interview, other: Interview) -> bool:
    """Tell whether two interviews belong to one process."""
    return bool(one.process) and one.process == other.process


def is_frame(one: Interview, other: Interview) -> bool:
    """Tell whether the one is the invitation around the other, a round of the same process."""
    frame, within = one.occurrence.interval, other.occurrence.interval
    return is_round_of(one, other) and frame != within and frame.holds(within)


def _conflict(interview: Interview, occurrence: Occurrence, what: Classification) -> Conflict:
    """A clash with the room to breathe around an interview alone, and a journey in the time for the way
    there, are for a person to look at."""
    certain = occurrence.busy is Busy.CLASH
    tight = certain and not occurrence.blocked.overlaps(interview.needed)
    way = certain and is_way_to(occurrence, what, interview)
    return Conflict(
        occurrence=occurrence,
        overlap_minutes=_minutes(interview.padded, occurrence.blocked),
        kind=_kind(interview, occurrence),
        busy=Busy.CHECK if tight or way else occurrence.busy,
        reason=BusyReason.JOURNEY if way else BusyReason.TIGHT if tight else occurrence.reason,
        what=what,
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
    tight = are_tight(interview, other)
    return Conflict(
        occurrence=other.occurrence,
        overlap_minutes=_minutes(interview.padded, other.occurrence.interval),
        kind=ConflictKind.INTERVIEW,
        busy=Busy.CHECK if tight else Busy.CLASH,
        reason=BusyReason.TIGHT if tight else other.occurrence.reason,
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
