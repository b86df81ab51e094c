"""When events take place inside the window.

The events of all calendars are grouped by UID, `revisions.settle` decides which of a group count,
`recurrence.expand` computes their instances, `thinning.thin_out` shortens what repeats too often. What is
wrong with an event is told where it was read, whether or not it takes place in the window.
"""

from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, timedelta
from typing import NamedTuple

from lastresort.ics.content_lines import decode
from lastresort.ics.event import Unread, Vevent, override_of, series_of
from lastresort.ics.prefilter import MARGIN
from lastresort.ics.problems import EventPlace, ProblemCode, ProblemLog
from lastresort.ics.recurrence import Fault, Instance, expand
from lastresort.ics.revisions import Group, settle
from lastresort.ics.rrule import Budget
from lastresort.ics.thinning import most_instances, thin_out
from lastresort.model import ZERO, Interval, Limits, Problem


class Happening(NamedTuple):
    """An event taking place once inside the window."""

    event: Vevent
    instance: Instance
    cancelled: bool
    copies: tuple[Vevent, ...]


class Run(NamedTuple):
    """What one reading of all calendars shares."""

    window: Interval
    limits: Limits
    budget: Budget
    log: ProblemLog


def find_happenings(events: Sequence[Vevent], run: Run) -> Iterator[Happening]:
    """Yield every instance of the events inside the window; of revisions of one UID only what counts.

    Of a calendar in which all series together take place too often, each later one is thinned out more.
    """
    room = most_instances(run.window)
    for group in _groups(events):
        first, *others = group.masters or (None,)
        room -= yield from _expanded(first, group, group.overrides, run, room)
        for master in others:
            room -= yield from _expanded(master, group, (), run, room)


def _groups(events: Sequence[Vevent]) -> Iterator[Group]:
    by_uid: dict[bytes, list[Vevent]] = {}
    for event in events:
        if event.uid and event.place.method != "ADD":
            by_uid.setdefault(event.uid, []).append(event)
        else:
            yield Group((event,)) if event.id is None else Group((), (event,))
    for members in by_uid.values():
        yield settle(members)


def _expanded(
    master: Vevent | None, group: Group, overrides: Sequence[Vevent], run: Run, room: int
) -> Generator[Happening, None, int]:
    """Yield the times of one series or single event inside the window, changed instances included.

    `room` is for how many more there is room; returns how many there were.
    """
    series, faults = series_of(master, run.limits, run.budget) if master else (None, ())
    reach = _reach(run.window, master, overrides)
    expansion = expand(series, reach, run.budget, [override_of(event) for event in overrides])
    instances, surplus = thin_out(expansion.instances, reach, room)
    copies: dict[EventPlace, tuple[Vevent, ...]] = {}
    for instance in instances:
        event = master if instance.override is None else overrides[instance.override]
        assert event is not None
        if event.where not in copies:
            copies[event.where] = tuple(group.copies_of(event))
        yield Happening(event, instance, group.is_cancelled(event), copies[event.where])
    for fault in (*faults, *expansion.faults, *surplus):
        tell(run.log, master or overrides[0], fault)
    for event in filter(None, (master, *overrides)):
        for fault in event.faults:
            may_matter = fault.code == ProblemCode.LOOSE_LINES or _is_near(event, run.window)
            if event.where in copies or (may_matter and fault.code not in _ONLY_IF_SHOWN):
                tell(run.log, event, fault)
    return len(instances)


_ONLY_IF_SHOWN = frozenset((ProblemCode.STALE_ZONE, ProblemCode.NEWER_ZONE))
"""What is of no interest about an event that does not take place in the window."""


def _reach(window: Interval, master: Vevent | None, overrides: Sequence[Vevent]) -> Interval:
    """Return the window, longer by a day where somebody has to travel to what begins after it."""
    travels = any(event and "X-APPLE-TRAVEL-DURATION" in event.properties for event in (master, *overrides))
    return window.widened(ZERO, timedelta(days=1)) if travels else window


def _is_near(event: Vevent, window: Interval) -> bool:
    start = event.start.local.replace(tzinfo=UTC)
    return event.recurs or window.start - MARGIN < start < window.end + MARGIN


def tell(log: ProblemLog, event: Vevent | Unread, fault: Fault) -> None:
    """Add what is wrong with an event to the log."""
    place = event.place
    uid = decode(event.uid) if event.uid else None
    message = f"an event in {place.document} {fault.message}"
    log.add(
        Problem(place.source, fault.code, message, uid=uid, lost=fault.lost),
        EventPlace(place.number, event.ordinal),
    )
