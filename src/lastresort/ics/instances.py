"""When events take place inside the window.

The events of all calendars are grouped by UID, `revisions.choose_revisions` decides which of them count,
`recurrence.expand` computes their instances, `thinning.thin_out` shortens what repeats too often. What is
wrong with an event is told where it was read, whether or not it takes place in the window.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from lastresort.ics.content_lines import decode
from lastresort.ics.event import Unread, Vevent, override_of, series_of
from lastresort.ics.prefilter import MARGIN
from lastresort.ics.problems import EventPlace, ProblemCode, ProblemLog
from lastresort.ics.recurrence import Fault, Instance, expand
from lastresort.ics.revisions import Revisions, choose_revisions
from lastresort.ics.rrule import ExpansionBudget
from lastresort.ics.thinning import most_instances, thin_out
from lastresort.model import ZERO, Interval, Limits, Problem

_EARLIEST, _LATEST = datetime(100, 1, 1, tzinfo=UTC), datetime(9900, 1, 1, tzinfo=UTC)
"""Nothing is told to begin before or to end after: far enough from the first and the last day there is, so
that nobody who adds a journey or looks at a zone's clock has to ask."""


class EventInstance(NamedTuple):
    """An event taking place once inside the window."""

    event: Vevent
    instance: Instance
    cancelled: bool
    copies: tuple[Vevent, ...]


class Scope(NamedTuple):
    """What one reading of all calendars shares."""

    window: Interval
    limits: Limits
    budget: ExpansionBudget
    log: ProblemLog


def find_instances(events: Sequence[Vevent], scope: Scope) -> list[EventInstance]:
    """Return every instance of the events inside the window; of revisions of one UID only what counts.

    Of a calendar in which all series together take place too often, each later one is thinned out more.
    """
    most = most_instances(scope.window)
    found: list[EventInstance] = []
    for revisions in _revisions_by_uid(events):
        first, *others = revisions.masters or (None,)
        found += _expanded(first, revisions, revisions.overrides, scope, most - len(found))
        for master in others:
            found += _expanded(master, revisions, (), scope, most - len(found))
    return found


def _revisions_by_uid(events: Sequence[Vevent]) -> Iterator[Revisions]:
    by_uid: dict[bytes, list[Vevent]] = {}
    for event in events:
        if event.uid and event.place.method != "ADD":
            by_uid.setdefault(event.uid, []).append(event)
        else:
            yield Revisions((event,)) if event.id is None else Revisions((), (event,))
    for members in by_uid.values():
        yield choose_revisions(members)


def _expanded(
    master: Vevent | None, revisions: Revisions, overrides: Sequence[Vevent], scope: Scope, room: int
) -> list[EventInstance]:
    """Return the times of one series or single event inside the window, changed instances included.

    `room` is how many more there may be. What is wrong with the events goes to the log.
    """
    window = scope.window
    if any(event and "X-APPLE-TRAVEL-DURATION" in event.properties for event in (master, *overrides)):
        window = window.widened(ZERO, timedelta(days=1))  # the journey to what begins after it may be inside
    series, faults = series_of(master, scope.limits, scope.budget) if master else (None, ())
    expansion = expand(series, window, scope.budget, [override_of(event) for event in overrides])
    instances, surplus = thin_out(expansion.instances, window, room)
    copies: dict[EventPlace, tuple[Vevent, ...]] = {}
    found: list[EventInstance] = []
    for instance in instances:
        event = master if instance.override is None else overrides[instance.override]
        assert event is not None
        if event.where not in copies:
            copies[event.where] = tuple(revisions.copies_of(event))
        found.append(EventInstance(event, instance, revisions.is_cancelled(event), copies[event.where]))
    for fault in (*faults, *expansion.faults, *surplus):
        log_fault(scope.log, master or overrides[0], fault)
    for event in (each for each in (master, *overrides) if each and each.faults):
        start = event.start.local.replace(tzinfo=UTC)
        is_near = event.recurs or scope.window.start - MARGIN < start < scope.window.end + MARGIN
        for fault in event.faults:
            may_matter = is_near or fault.code == ProblemCode.LOOSE_LINES
            if event.where in copies or (may_matter and fault.code not in _ONLY_IF_SHOWN):
                log_fault(scope.log, event, fault)
    return found


_ONLY_IF_SHOWN = frozenset((ProblemCode.STALE_ZONE, ProblemCode.NEWER_ZONE))
"""What is of no interest about an event that does not take place in the window."""


def log_fault(log: ProblemLog, event: Vevent | Unread, fault: Fault) -> None:
    """Add what is wrong with an event to the log."""
    place = event.place
    uid = decode(event.uid) if event.uid else None
    message = f"an event in {place.document} {fault.message}"
    log.add(
        Problem(place.source, fault.code, message, uid=uid, lost=fault.lost),
        EventPlace(place.number, event.ordinal),
    )


def reckonable(start: datetime, end: datetime) -> Interval:
    """Return a stretch of time as it is reckoned with: without the years about 1 and 9999."""
    return Interval(min(max(start, _EARLIEST), _LATEST), min(max(end, _EARLIEST), _LATEST))
