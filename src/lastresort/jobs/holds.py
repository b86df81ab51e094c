"""Calendar files that go with a request: the counter-proposal, and the times offered as holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.errors import RefusedError
from lastresort.ics.itip import write_counter, write_holds

if TYPE_CHECKING:
    from lastresort.jobs.session import Session
    from lastresort.planning.report import InterviewReport


def calendars_for(entry: InterviewReport, session: Session) -> list[tuple[bytes, str]]:
    """Return the counter-proposal for the first slot, where the organiser takes one, and the holds for all.

    With each the tail of its name. Raises RefusedError when there is no time to propose or hold.
    """
    occurrence, now = entry.interview.occurrence, session.query.now
    slots = [slot.interval for slot in entry.slots]
    if entry.advice.decision == "withdraw":
        raise RefusedError("a withdrawal proposes and holds no time; send the draft")
    if not slots:
        raise RefusedError("no time is free to be proposed or held")
    holds = (write_holds(slots, occurrence, now), "-holds")
    try:
        title = ", ".join(name for name in (entry.interview.role, entry.interview.company) if name)
        counter = write_counter(occurrence, slots[0], session.agenda.me, now, title)
    except RefusedError:
        return [holds]
    return [(counter, ""), holds]
