"""Where an occurrence stands in a calendar's bytes: the VEVENT that says when it takes place."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import RefusedError
from lastresort.ics import encodings
from lastresort.ics.event import override_of, series_of
from lastresort.ics.problems import ProblemCode
from lastresort.ics.recurrence import Instance, expand
from lastresort.ics.revisions import choose_revisions
from lastresort.ics.rrule import ExpansionBudget
from lastresort.ics.source_map import Context, EditableCalendar, LocatedEvent
from lastresort.model import Interval
from lastresort.zones.names import FIRST, LAST, to_utc

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = timedelta(days=1)
_NEAR = timedelta(days=2)


class WrittenOccurrence(NamedTuple):
    """An occurrence as it stands in a calendar."""

    interval: Interval
    recurrence_id: datetime | None
    zone: str | None
    """IANA name of the zone it is written in, where it has one."""
    all_day: bool = False
    organizer: str | None = None


class FoundOccurrence(NamedTuple):
    """The VEVENT that says when an occurrence takes place, and the series it belongs to."""

    entry: LocatedEvent
    master: LocatedEvent | None
    instance: Instance

    @property
    def is_own(self) -> bool:
        """Whether the occurrence has a VEVENT of its own."""
        return self.entry is not self.master


def may_hold(data: bytes, uid: str) -> bool:
    """Tell, at little cost, whether a calendar may hold an event of this UID; False is certain."""
    if not uid.isascii():
        return True
    encoding = encodings.wide_encoding(data)
    text = data.decode(encoding, "replace").encode("utf-8", "replace") if encoding else data
    return b"".join(uid.encode().split()) in text.translate(None, b"\r\n\t ")  # folds stand anywhere


def look_up(data: bytes, uid: str, context: Context, at: datetime | None = None) -> WrittenOccurrence | None:
    """Return when the event of this UID takes place; `None` when the calendar does not hold it.

    `at` picks an occurrence of a series by its start, the original one or that it was moved to. Raises
    RefusedError when the event recurs and `at` is missing or fits no occurrence.
    """
    encoding = encodings.wide_encoding(data)
    calendar = EditableCalendar(narrowed(data, encoding, context) if encoding else data, context)
    entries = calendar.entries(uid)
    if not entries:
        return None
    recurs = any(entry.event.recurs or entry.event.id is not None for entry in entries)
    if recurs and at is None:
        raise calendar.refusal("the event is a series; name one occurrence by its start with --occurrence")
    found = [one for when in _starts(entries, at) for one in find_all(calendar, entries, when)]
    if at is not None:
        found = [one for one in found if at in (one.instance.start, one.instance.recurrence_id)]
    if not found:
        raise calendar.refusal("the event has no occurrence that starts at the time given")
    event, instance = found[0].entry.event, found[0].instance
    organizer = event.series_organizer or event.content.organizer
    return WrittenOccurrence(
        interval=Interval(instance.start, instance.end),
        recurrence_id=instance.recurrence_id if recurs else None,
        zone=event.content.zone,
        all_day=event.start.is_date,
        organizer=organizer.address if organizer else None,
    )


def _starts(entries: Sequence[LocatedEvent], at: datetime | None) -> list[datetime]:
    """Return where the occurrence may stand: where it is said to start, and where what replaces it stands."""
    starts = [] if at is None else [at]
    for entry in entries:
        start, named = entry.event.start, entry.event.id
        if at is None or (named and abs(to_utc(named.local, named.zone) - at) <= DAY):
            starts.append(to_utc(start.local, start.zone))
    return list(dict.fromkeys(starts))


def find(
    calendar: EditableCalendar, uid: str, recurrence_id: datetime | None, where: Interval
) -> FoundOccurrence:
    """Return the occurrence that stands where it is said to. Raises RefusedError where none surely does."""
    entries = calendar.entries(uid)
    if not entries:
        raise calendar.refusal("the event is no longer there")
    for found in find_all(calendar, entries, where.start):
        instance = found.instance
        same = recurrence_id is None or instance.recurrence_id == recurrence_id
        if same and (instance.start, instance.end) == where:
            _refuse_doubtful(calendar, found, entries, recurrence_id)
            return found
    raise calendar.refusal("the event is no longer at the time it was to be moved from")


def find_all(
    calendar: EditableCalendar, entries: Sequence[LocatedEvent], near: datetime
) -> list[FoundOccurrence]:
    """Return all occurrences of one UID around an instant, each with the VEVENT that counts for it."""
    revisions = choose_revisions([entry.event for entry in entries])
    if len(revisions.masters) > 1:
        raise calendar.refusal("several events share this UID")
    if revisions.cancelled:
        raise calendar.refusal("the event was cancelled")
    by_ordinal = {entry.event.ordinal: entry for entry in entries}
    masters = [by_ordinal[event.ordinal] for event in revisions.masters]
    master = masters[0] if masters else None
    overrides = [by_ordinal[event.ordinal] for event in revisions.overrides]
    series = series_of(master.event, calendar.context.limits)[0] if master else None
    window = Interval(max(near, FIRST + _NEAR) - _NEAR, min(near, LAST - _NEAR) + _NEAR)
    changed = [override_of(entry.event) for entry in overrides]
    instances = expand(series, window, ExpansionBudget(calendar.context.limits), changed).instances
    found = []
    for instance in instances:
        entry = master if instance.override is None else overrides[instance.override]
        if entry is not None:
            found.append(FoundOccurrence(entry, master, instance))
    return found


def _refuse_doubtful(
    calendar: EditableCalendar,
    found: FoundOccurrence,
    entries: Sequence[LocatedEvent],
    recurrence_id: datetime | None,
) -> None:
    concerned = [found.entry, found.master] if found.is_own and found.master else [found.entry]
    for entry in concerned:
        for fault in entry.event.faults:
            if fault.code != ProblemCode.STALE_ZONE:
                raise calendar.refusal(f"the event {fault.message}")
    if any(entry.event.and_future for entry in entries):
        raise calendar.refusal("the rest of the series was moved as a whole (RANGE=THISANDFUTURE)")
    if found.entry.event.recurs and recurrence_id is None:
        raise calendar.refusal("the event is a series, of which one occurrence can be changed")


def narrowed(data: bytes, encoding: str, context: Context) -> bytes:
    """Return a calendar of wide characters in UTF-8, when the way back gives the same bytes."""
    try:
        text = data.decode(encoding)
        if text.encode(encoding) == data:
            return text.encode()
    except UnicodeError:
        text = ""
    raise RefusedError(f"{context.name}: its {encoding.upper()[:6]} is damaged; nothing was changed")
