"""iTIP (RFC 5546): the counter-proposal for an invitation, and tentative events that hold the offered times."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from lastresort.model import Event, Interval, Occurrence


def write_counter(occurrence: Occurrence, proposed: Interval, me: Collection[str], now: datetime) -> bytes:
    """Return METHOD:COUNTER (RFC 5546 3.2.7) that proposes another time for the invitation.

    `me` are the owner's addresses; the one that was invited answers. Raises RefusedError when the organiser takes
    no counter-proposals, or when the invitation names no organiser, UID or attendee to answer as.
    """
    raise NotImplementedError


def write_holds(
    slots: Sequence[Interval], interview: Occurrence, now: datetime, title: str = "Reserved"
) -> bytes:
    """Return tentative events that keep the slots free; one calendar, one VEVENT for each slot."""
    raise NotImplementedError


def hold_uid(interview: Occurrence, slot: Interval) -> str:
    """Return the UID under which the slot is held for the interview: the same on every run."""
    raise NotImplementedError


def is_hold_for(interview: Occurrence, uid: str | None) -> bool:
    """Tell whether an event with this UID holds a time for the interview."""
    raise NotImplementedError
