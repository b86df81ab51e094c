"""What comes next once something was sent: one line for each request, from what was noted and how late it is.

The order is fixed (R25 to R29, R36, R40): asked, wait, nudge, wait, call, and without an answer the old time
stands; agreed, move it and confirm, the note of thanks, the day itself. What is noted is not advised again.
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Reply(StrEnum):
    """Where a request stands."""

    NONE = "none"
    """Nobody was asked, or the matter is closed."""
    WAITING = "waiting"
    """Asked less than a working day ago."""
    OVERDUE = "overdue"
    """Asked a working day ago and more, without an answer: a nudge is due."""
    NUDGED = "nudged"
    """Nudged less than a working day ago."""
    SILENT = "silent"
    """Nudged a working day ago and more, or too little time is left to wait: a call is due."""
    CALLED = "called"
    """Called as well; what is left is the old time."""
    AGREED = "agreed"
    """They agreed to another time; the calendar still has the old one."""
    SETTLED = "settled"
    """The interview stands at its new time; the confirmation is due."""
    CONFIRMED = "confirmed"
    """The new time was confirmed in writing; the note of thanks is due."""
    CLOSED = "closed"
    """Nothing is due any more."""
    DECLINED = "declined"
    """They can offer no other time: the interview keeps the old one."""
    WITHDRAWN = "withdrawn"
    """The application was withdrawn."""


UNANSWERED = frozenset({Reply.WAITING, Reply.OVERDUE, Reply.NUDGED, Reply.SILENT, Reply.CALLED})
"""Asked, and no answer noted: the old time stands (R40)."""
UNDER_WAY = UNANSWERED | {Reply.AGREED}
"""The request is open: another one would be the second (R5)."""


class Past(NamedTuple):
    """What was asked before about one interview. Instants are in UTC; unknown is `None`."""

    requests: int = 0
    """How often it was asked to move."""
    reply: Reply = Reply.NONE
    reason: str = ""
    """The kind of reason that was given with the last request; empty when none was noted."""
    asked: datetime | None = None
    nudged: datetime | None = None
    until: datetime | None = None
    """When a working day has passed since the request or the nudge."""
    agreed: datetime | None = None
    """Start of the time they agreed to."""
    withdrawn: datetime | None = None
    together: str = ""
    """What the request is called that asked about several rounds at once; empty for one about one alone."""
    missed: bool = False
    """It was asked after the interview had begun: there is no old time that stands."""
    told_elsewhere: bool = False
    """Another of those rounds was written about: what comes next is told there."""


class NextKind(StrEnum):
    """What the one next step is. The value names it in JSON."""

    WAIT = "wait"
    NUDGE = "nudge"
    CALL = "call"
    ATTEND = "attend"
    MOVE = "move"
    CONFIRM = "confirm"
    THANK = "follow-up"
    KEEP = "keep"
    DONE = "done"


FOR_INFORMATION = frozenset({NextKind.WAIT, NextKind.ATTEND, NextKind.DONE})
"""Steps that ask nothing of anybody now."""


class NextStep(NamedTuple):
    """The one next step, the rule behind it, and the instants that its sentence names."""

    kind: NextKind
    rule: str
    asked: datetime | None = None
    nudged: datetime | None = None
    until: datetime | None = None
    agreed: datetime | None = None
    stands: bool = True
    """The old time lies ahead, and stands until they confirm another one (R40)."""

    @property
    def is_due(self) -> bool:
        """Tell whether something has to be done now."""
        return self.kind not in FOR_INFORMATION


_STEPS = {
    Reply.WAITING: (NextKind.WAIT, "R27"),
    Reply.OVERDUE: (NextKind.NUDGE, "R27"),
    Reply.NUDGED: (NextKind.WAIT, "R27"),
    Reply.SILENT: (NextKind.CALL, "R27"),
    Reply.CALLED: (NextKind.ATTEND, "R40"),
    Reply.AGREED: (NextKind.MOVE, "R29"),
    Reply.SETTLED: (NextKind.CONFIRM, "R26"),
    Reply.CONFIRMED: (NextKind.THANK, "R25"),
    Reply.DECLINED: (NextKind.ATTEND, "R40"),
    Reply.WITHDRAWN: (NextKind.DONE, "R39"),
}


def find_next(past: Past, *, clashes: bool) -> NextStep | None:
    """Return the one next step; `None` where nothing was asked or is left to do, or it is told elsewhere.

    `clashes` tells whether something is still in the interview's way: where it has gone while they have not
    answered, the next step is to say that the old time can stay.
    """
    if past.told_elsewhere:
        return None
    if past.reply in UNANSWERED and not clashes and not past.missed:
        kind, rule = NextKind.KEEP, "R40"
    elif past.reply in _STEPS:
        kind, rule = _STEPS[past.reply]
    else:
        return None
    return NextStep(
        kind=kind,
        rule=rule,
        asked=past.asked,
        nudged=past.nudged,
        until=past.until,
        agreed=past.agreed,
        stands=not past.missed,
    )
