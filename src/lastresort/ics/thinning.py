"""Series that take place too often, made short without losing time."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from lastresort.ics.recurrence import Fault

if TYPE_CHECKING:
    from lastresort.ics.recurrence import Instance
    from lastresort.model import Interval

_BEFORE = 100
"""Instances of one series that may run when the window begins; so many it has whatever the others take."""
_EACH_DAY = 100
"""Instances of one series for each day of the window ..."""
_ANYWAY = 1000
"""... and in a short window."""
_ALL_EACH_DAY = 1000
"""Instances of all series together for each day of the window ..."""
_ALL_ANYWAY = 20_000
"""... and in a short window."""


def most_instances(window: Interval) -> int:
    """Return how many instances all series together may have: a thousand a day, twenty thousand anyway."""
    return max(_ALL_ANYWAY, _ALL_EACH_DAY * (window.length.days + 1))


def thin_out(
    instances: tuple[Instance, ...], window: Interval, room: int
) -> tuple[tuple[Instance, ...], tuple[Fault, ...]]:
    """A series that repeats by the second is no list of appointments: what is too much becomes one stretch.

    That holds beyond 100 instances that run when the window begins, and beyond 100 for each of its days
    (1000 in any window), or beyond `room`, but for 100. No time is lost: the stretch reaches from the first
    start to the last end. What has no length takes no time, however often it is repeated, and is no part of
    it.
    """

    most = max(_ANYWAY, _EACH_DAY * (window.length.days + 1))
    if len(instances) <= _BEFORE:
        return instances, ()
    running = bisect_left(instances, window.start, key=lambda instance: instance.start)
    runs, begins = instances[:running], instances[running:]
    kept = (*_stretched(runs, _BEFORE), *_stretched(begins, min(most, max(room, _BEFORE))))
    if len(kept) == len(instances):
        return instances, ()
    return kept, (
        Fault("too-many-instances", "takes place too often; part of it is one long stretch", lost=False),
    )


def _stretched(instances: tuple[Instance, ...], most: int) -> tuple[Instance, ...]:
    if len(instances) <= most:
        return instances
    lasting = [instance for instance in instances[most:] if instance.start < instance.end]
    if not lasting:
        return instances[:most]
    return (*instances[:most], lasting[0]._replace(end=max(instance.end for instance in lasting)))
