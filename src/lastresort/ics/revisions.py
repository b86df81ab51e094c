"""Which of several VEVENTs with one UID count (RFC 5546 2.1.5), in one file or several.

The highest SEQUENCE counts, then the latest DTSTAMP. Where neither says which is newer and the times differ,
all are kept: a lost meeting is the worse error.

`complete_exceptions` comes first, for all events: an exception takes what it does not say from its series.
`choose_revisions` comes second, for the events of one UID: it returns what counts, the copies of it in other
sources, and the cancellation of the whole where that is the latest word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.problems import ProblemCode
from lastresort.ics.recurrence import Fault
from lastresort.zones.names import to_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lastresort.ics.event import Vevent

UNANSWERING = frozenset(("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"))
"""Methods whose events say something about an event but put none into a calendar (RFC 5546 3.2)."""


def complete_exceptions(events: Iterable[Vevent]) -> list[Vevent]:
    """Return the events in their order, exceptions completed from their series.

    What calls off a day of a series, but has no RECURRENCE-ID, takes away that day alone. A METHOD:CANCEL
    that gives the first day may mean that day or all: it takes away all, which is told.
    """
    events = list(events)
    by_uid: dict[bytes, list[Vevent]] = {}
    for event in events:
        if event.uid and event.id is None:
            by_uid.setdefault(event.uid, []).append(event)
    return [_completed(event, by_uid.get(event.uid, ())) for event in events]


def _completed(event: Vevent, masters: Sequence[Vevent]) -> Vevent:
    if event.id is None and not _calls_off(event):
        doubtful = event.recurs and any(
            off.place.method == "CANCEL" and _gives_one_day(off, event) and _starts_alike(off, event)
            for off in masters
        )
        return event._replace(faults=(*event.faults, _DOUBTFULLY_CANCELLED)) if doubtful else event
    live = [master for master in masters if not _calls_off(master)]
    if not live:
        return event
    series = max(live, key=lambda one: _nearness(one, event))
    if event.id is not None:
        return event.completed(series)
    if series.recurs and _gives_one_day(event, series) and not _starts_alike(event, series):
        return event._replace(id=event.start, faults=(*event.faults, _ONE_DAY)).completed(series)
    return event


def _nearness(series: Vevent, exception: Vevent) -> tuple[bool, bool, tuple[int, datetime]]:
    """Return what orders the series of a UID: the exception's own document, its source, then the latest."""
    place, own = series.place, exception.place
    return place.number == own.number, place.source == own.source, series.rank


def _calls_off(event: Vevent) -> bool:
    """Tell whether an event without RECURRENCE-ID calls off what its UID names, by method or status."""
    return event.place.method == "CANCEL" or (event.content.status == "CANCELLED" and not event.recurs)


def _gives_one_day(off: Vevent, series: Vevent) -> bool:
    """Tell whether a cancellation that counts gives a time, but not the rule of its series."""
    return _calls_off(off) and off.rank >= series.rank and off.says_when and not off.recurs


def _starts_alike(one: Vevent, other: Vevent) -> bool:
    return to_utc(one.start.local, one.start.zone) == to_utc(other.start.local, other.start.zone)


_ONE_DAY = Fault(
    ProblemCode.UNCLEAR_CANCEL,
    "calls off one day of a series without a RECURRENCE-ID; the other days are kept",
    lost=False,
)
_DOUBTFULLY_CANCELLED = Fault(
    ProblemCode.UNCLEAR_CANCEL,
    "is a series, called off with the time of its first day alone; it counts as called off as a whole",
)


class Revisions(NamedTuple):
    """What the revisions of one UID come to."""

    masters: tuple[Vevent, ...] = ()
    """Series and single events; the first takes the overrides."""
    overrides: tuple[Vevent, ...] = ()
    copies: tuple[Vevent, ...] = ()
    """The same times told by other sources, for each kept event."""
    cancelled: Vevent | None = None
    """The cancellation of the whole event, when it is the latest word."""

    def is_cancelled(self, event: Vevent) -> bool:
        """Tell whether the cancellation of the whole takes this event with it."""
        return self.cancelled is not None and event.sequence <= self.cancelled.sequence

    def copies_of(self, event: Vevent) -> Iterable[Vevent]:
        """Yield the copies of a kept event, one for each other source."""
        sources = {event.place.source}
        for copy in self.copies:
            if copy.place.source not in sources and copy.times == event.times:
                sources.add(copy.place.source)
                yield copy


def choose_revisions(events: Sequence[Vevent]) -> Revisions:
    """Return which of the events of one UID count."""
    masters = [event for event in events if event.id is None]
    overrides = [event for event in events if event.id is not None]
    if not masters and len(overrides) == 1 and overrides[0].recurs:
        masters, overrides = overrides, []  # alone and recurring: its RECURRENCE-ID has no sense
    calls_off = [event for event in masters if event.place.method == "CANCEL"]
    live = [event for event in masters if event.place.method != "CANCEL"]
    latest = max((event.rank for event in live), default=None)
    off = max(calls_off, key=lambda event: event.rank, default=None)
    if off is not None and latest is not None and off.rank < latest:
        off = None
    kept, copies = _latest(live or [event for event in calls_off if event.says_when])
    chosen, more = _distinct(overrides)
    return Revisions(tuple(kept), tuple(chosen), (*copies, *more), off)


def _latest(masters: Sequence[Vevent]) -> tuple[list[Vevent], list[Vevent]]:
    """Split masters into those that count and copies of them; older revisions are in neither."""
    if len(masters) < 2:
        return list(masters), []
    best = max(masters, key=lambda event: event.rank)
    newest = [event for event in masters if event.rank == best.rank or _is_another(event, best)]
    kept, _ = _distinct(newest)
    times = {event.times for event in kept}
    return kept, [event for event in masters if event.times in times]


def _is_another(event: Vevent, best: Vevent) -> bool:
    """Tell whether an event only happens to share its UID, as where exporters number events from 1."""
    return (
        event.place.source != best.place.source
        and event.sequence == best.sequence
        and event.times != best.times
        and event.content.summary != best.content.summary
        and event.content.organizer == best.content.organizer
    )


def _distinct(events: Sequence[Vevent]) -> tuple[list[Vevent], list[Vevent]]:
    """Split events into the first of each times, in their order, and all that repeat one."""
    first: dict[object, Vevent] = {}
    again = []
    for event in events:
        key = (event.times, event.sequence, event.stamp) if event.id is not None else event.times
        if first.setdefault(key, event) is not event:
            again.append(event)
    return list(first.values()), again
