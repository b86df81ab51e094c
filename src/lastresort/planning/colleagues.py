"""When those who attend an event are busy with something else, as far as their calendars are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lastresort.model import Interval, Occurrence

ABSENT = frozenset({"DECLINED", "DELEGATED"})
"""Answers of those who do not come."""


def find_busy(
    copies: Sequence[Occurrence], colleagues: Mapping[str, tuple[Occurrence, ...]]
) -> tuple[Interval, ...]:
    """Return when somebody who attends the event cannot: `copies` are the event in my calendars.

    The event itself, in their calendar, takes nobody's time from it.
    """
    if not colleagues:
        return ()
    attending = _attending(copies) & colleagues.keys()
    return tuple(busy for address in sorted(attending) for busy in _besides(copies[0], colleagues[address]))


def _attending(copies: Sequence[Occurrence]) -> set[str]:
    people = [
        person
        for copy in copies
        for person in (*copy.event.attendees, copy.event.organizer)
        if person and person.address
    ]
    absent = {person.address for person in people if person.partstat in ABSENT}
    return {person.address for person in people if person.address} - absent


def _besides(event: Occurrence, theirs: Sequence[Occurrence]) -> Iterator[Interval]:
    """Yield what takes their time besides the event.

    It is known by its UID, in whatever place their copy stands. Without such a copy it is whatever takes
    exactly its time: feeds that tell no titles have UIDs of their own. Free/busy time runs several events
    together, so the event's own is taken out of it.
    """
    uid, time = event.event.uid, event.interval
    copies = [one for one in theirs if uid is not None and one.event.uid == uid]
    same = {one.key for one in copies if event.recurrence_id == one.recurrence_id or one.interval == time}
    known = bool(same)
    for one in theirs:
        if known:
            if one.key not in same:
                yield one.blocked
        elif one.interval != time:
            yield from (one.blocked,) if one.event.summary else one.blocked.minus((time,))
