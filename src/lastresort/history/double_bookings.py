"""Which double bookings earlier runs have told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.history.records import PairsTold, PairTold

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.model import Agenda, Occurrence
    from lastresort.planning.double_bookings import DoubleBooking


class NewPairs(NamedTuple):
    """What was not told yet, and what is remembered once it is."""

    pairs: tuple[DoubleBooking, ...]
    is_unread_new: bool
    """Something could not be read that earlier runs could read."""
    after: PairsTold


def find_new(told: PairsTold, pairs: tuple[DoubleBooking, ...], agenda: Agenda, now: datetime) -> NewPairs:
    """Return the pairs that are new: other events, another time, or certain where it was not.

    What this run did not look at stays told until it is over.
    """
    known = {one.name for one in told.pairs}
    names = {_name(pair): pair for pair in pairs}
    whole = not any(problem.lost for problem in agenda.problems)
    start, end = agenda.window
    kept = [
        one
        for one in told.pairs
        if one.name not in names and one.end > now and not (whole and start <= one.end < end)
    ]
    present = [
        PairTold(name, min(pair.first.blocked.end, pair.second.blocked.end)) for name, pair in names.items()
    ]
    unread = frozenset(f"{problem.source}\0{problem.code}" for problem in agenda.problems if problem.lost)
    return NewPairs(
        pairs=tuple(pair for name, pair in names.items() if name not in known),
        is_unread_new=bool(unread - told.unread),
        after=PairsTold(tuple(sorted([*present, *kept])), unread),
    )


def _name(pair: DoubleBooking) -> str:
    """A short name by what a reader sees of the pair: many feeds give new UIDs at every fetch."""
    from hashlib import sha256  # it loads OpenSSL

    looks = "\0".join([pair.busy.value, *_look(pair.first), *_look(pair.second)])
    return sha256(looks.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _look(occurrence: Occurrence) -> tuple[str, str, str]:
    start, end = occurrence.interval
    return occurrence.event.summary, start.isoformat(), end.isoformat()
