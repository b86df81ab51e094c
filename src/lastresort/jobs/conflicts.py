"""Every double booking in the window, interviews or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.interviews.detection import find_interviews
from lastresort.jobs.agenda import Window, look
from lastresort.jobs.session import query_of, reading_places
from lastresort.model import Busy
from lastresort.outputs.json import conflicts_document
from lastresort.planning.double_bookings import FoundPairs, find_pairs

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.jobs.session import Inquiry
    from lastresort.model import Agenda


class DoubleBookings(NamedTuple):
    """What was read, and the pairs of events that take the same time."""

    agenda: Agenda
    now: datetime
    found: FoundPairs
    state: str = ""
    """The folder in which is remembered what was told."""

    @property
    def exit_code(self) -> int:
        """0: none; 3: two events certainly take the same time; 5: none, but not everything was read."""
        if any(pair.busy is Busy.CLASH for pair in self.found.pairs):
            return 3
        return 5 if self.agenda.is_incomplete else 0

    @property
    def document(self) -> dict[str, Any]:
        """The answer as `conflicts --json` has it."""
        return conflicts_document(self.agenda, self.now, self.found)


def find_double_bookings(inquiry: Inquiry, window: Window = Window()) -> DoubleBookings:  # noqa: B008
    """Return the double bookings in the window, by default of the days that interviews are looked for in."""
    run = inquiry.run
    days = timedelta(days=run.settings.days)
    seen = look(run, inquiry.sources, window, days)
    agenda, now = seen.agenda, seen.now
    query = query_of(inquiry.question, run)._replace(now=now, zone=agenda.zone, me=agenda.me)
    interviews = find_interviews(agenda, query, (), reading_places(now))
    return DoubleBookings(
        agenda=agenda,
        now=now,
        found=find_pairs(agenda.occurrences, (*interviews.interviews, *interviews.possible)),
        state=run.settings.state,
    )
