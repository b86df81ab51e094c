"""What one run answers: a verdict for each interview, with its plan, the times to offer and the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from lastresort.query import Reason

if TYPE_CHECKING:
    from lastresort.advice.advise import Advice
    from lastresort.interviews.detection import Interview
    from lastresort.model import Agenda, Interval, Occurrence
    from lastresort.planning.conflicts import Conflict
    from lastresort.planning.rearrange import Plan, Rearrangement
    from lastresort.planning.slots import Slot
    from lastresort.planning.subjects import Nature
    from lastresort.query import Query

Verdict = Literal["clear", "rearrange", "reschedule"]


class Because(NamedTuple):
    """A rule of the advice (`R1`), what it says here, and of which event if of one."""

    rule: str
    text: str
    occurrence: Occurrence | None = None
    nature: Nature | None = None
    in_points: bool = False
    """It reckons in points, which mean nothing to somebody who has not asked for them."""


class Sum(NamedTuple):
    """What is as small as it can be: points of all moves, room to breathe and requests together.

    No choice of moves and requests has fewer than `bound` points.
    """

    points: float = 0
    bound: float = 0
    changes: int = 0
    """Events that are changed."""
    given_up: int = 0
    """Interviews that are asked about."""


class RoundStretch(NamedTuple):
    """Rounds that are asked about together and follow each other, and the times offered for all of them."""

    rounds: tuple[Interview, ...]
    slots: tuple[Slot, ...] = ()


class InterviewReport(NamedTuple):
    """The answer for one interview. `plan` is its share of the one plan made for all interviews."""

    interview: Interview
    verdict: Verdict
    notice_minutes: int
    advice: Advice
    ask_cost: float = 0
    """Points that it costs to ask for another time; of rounds with one request, for all of them together."""
    conflicts: tuple[Conflict, ...] = ()
    clashes_left_out: int = 0
    """Events that clash with it and are not among the conflicts."""
    because: tuple[Because, ...] = ()
    plan: Plan | None = None
    other_plans: tuple[Plan, ...] = ()
    slots: tuple[Slot, ...] = ()
    rearrangement: Rearrangement | None = None
    """What the search saw, for `--explain`; `None` when nothing had to be searched."""
    reason: Reason = Reason()
    """Why it may have to move."""
    wanted: bool = False
    """The user cannot come, clash or not."""
    request: str | None = None
    """UID of the round whose request asks about this one as well."""
    stretches: tuple[RoundStretch, ...] = ()
    """What this one's request asks about, where that is more than itself."""

    @property
    def clashes(self) -> bool:
        """Tell whether something is in its way for certain."""
        return any(conflict.hard for conflict in self.conflicts)


class PossibleInterview(NamedTuple):
    """What may be an interview, and what clashes with it: nothing is planned for its sake."""

    interview: Interview
    conflicts: tuple[Conflict, ...] = ()
    clashes_left_out: int = 0


class Report(NamedTuple):
    """The answer of one run. `window` is where interviews were looked for."""

    query: Query
    agenda: Agenda
    window: Interval
    interviews: tuple[InterviewReport, ...]
    possible: tuple[PossibleInterview, ...] = ()
    beside: tuple[InterviewReport, ...] = ()
    """Interviews that were not asked about, and are protected all the same."""
    sum: Sum = Sum()
