"""What is due after a request, as one line for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.outputs import when
from lastresort.text import one_line

if TYPE_CHECKING:
    from datetime import datetime


class Due(NamedTuple):
    """A nudge or a call that is due (R27), or a note of thanks (R25), and the request it belongs to."""

    kind: str
    rule: str
    title: str
    original: datetime
    asked: datetime
    nudged: datetime | None = None
    settled: datetime | None = None


_LINES = {
    "nudge": "No answer about {title} since {asked}: send one polite nudge (lastresort message nudge)",
    "call": "Still no answer about {title}, asked {asked} and nudged {nudged}: call them",
    "follow-up": "{title} now takes place {settled}: send the short note of thanks "
    "(lastresort message follow-up)",
}


def reminder_line(due: Due, zone: str, now: datetime) -> str:
    """Return what to do and what it is about; days are in `zone`."""
    title = one_line(due.title)
    moments = {"asked": due.asked, "nudged": due.nudged, "settled": due.settled}
    days = {name: when.day(moment, zone, now) for name, moment in moments.items() if moment}
    return _LINES[due.kind].format(title=f"“{title}”" if title else "The interview", **days)
