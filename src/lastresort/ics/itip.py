"""iTIP (RFC 5546): the counter-proposal for an invitation, and tentative events that hold offered times."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort import __version__
from lastresort.errors import RefusedError
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date, datetime

    import icalendar

    from lastresort.model import Event, Interval, Occurrence, Person

HOLD = "lastresort-hold-"
LONGEST_LINE = 1000
"""Characters of a summary, a place or a name that are written."""
YEAR = timedelta(days=366)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def write_counter(
    occurrence: Occurrence, proposed: Interval, me: Collection[str], now: datetime, title: str = ""
) -> bytes:
    """Return METHOD:COUNTER (RFC 5546 3.2.7) that proposes another time for the invitation.

    `me` are the owner's addresses; the one that was invited answers. `title` is all that it says of the
    event: what the owner's calendar holds may be edited, so its title, place and notes stay there.

    Raises RefusedError when the organiser takes no counter-proposals, or when the invitation lacks an
    organiser, a UID or an attendee to answer as.
    """
    event = occurrence.event
    attendee = _answering_attendee(event, me)
    calendar = _calendar("COUNTER")
    entry = _entry(event.uid or "", proposed, event.zone, now)
    entry.add("sequence", event.sequence)
    if title:
        entry.add("summary", one_line(title, LONGEST_LINE))
    if occurrence.recurrence_id is not None:
        entry.add("recurrence-id", _written(occurrence.recurrence_id, event.zone, occurrence.all_day))
    if event.organizer:
        entry.add("organizer", _person(event.organizer), encode=False)
    entry.add("attendee", _person(attendee, partstat="TENTATIVE"), encode=False)
    _keep_original(entry, occurrence.interval)
    if event.zone and event.zone != "UTC":
        known = sorted((*occurrence.interval, *proposed))
        calendar.add_component(_zone_definition(event.zone, known[0] - YEAR, known[-1] + YEAR))
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


class PublishedEvent(NamedTuple):
    """What a calendar file for other programs (METHOD:PUBLISH) says of one event."""

    uid: str
    recurrence_id: datetime | None
    interval: Interval
    summary: str
    location: str = ""
    description: str = ""
    tentative: bool = False


def write_interviews(entries: Sequence[PublishedEvent], now: datetime) -> bytes:
    """Return the events as a calendar (METHOD:PUBLISH, RFC 5546 3.2.1), each a private event in UTC.

    The UIDs are the originals', so that a second import replaces the first; of a series each has its own.
    """
    calendar = _calendar("PUBLISH")
    for entry in entries:
        suffix = f"-{entry.recurrence_id:%Y%m%dT%H%M%SZ}" if entry.recurrence_id else ""
        uid = entry.uid or f"lastresort-{entry.interval.start:%Y%m%dT%H%M%SZ}"
        written = _entry(uid + suffix, entry.interval, None, now)
        written.add("summary", one_line(entry.summary, LONGEST_LINE))
        if entry.location:
            written.add("location", one_line(entry.location, LONGEST_LINE))
        if entry.description:
            lines = [one_line(line, LONGEST_LINE) for line in entry.description.splitlines()]
            written.add("description", "\n".join(lines))
        written.add("status", "TENTATIVE" if entry.tentative else "CONFIRMED")
        written.add("class", "PRIVATE")
        written.add("categories", ["Interview"])
        calendar.add_component(written)
    return bytes(calendar.to_ical())


def write_moved(occurrence: Occurrence, new: Interval, now: datetime) -> bytes:
    """Return one event at another time, to be imported over the old one (its UID, a higher SEQUENCE).

    Of a series it is the one instance (RECURRENCE-ID). Nobody is invited by it, and nothing else is in it.
    """
    event, calendar = occurrence.event, _calendar("PUBLISH")
    zone = event.zone
    entry = _entry(event.uid or f"lastresort-{occurrence.interval.start:%Y%m%dT%H%M%SZ}", new, None, now)
    if occurrence.recurrence_id is not None:
        entry.add("recurrence-id", _written(occurrence.recurrence_id, zone if zone != "UTC" else None))
        if zone and zone != "UTC":
            first = min(occurrence.recurrence_id, new.start) - DAY
            calendar.add_component(_zone_definition(zone, first, new.end + DAY))
    entry.add("sequence", event.sequence + 1)
    entry.add("summary", one_line(event.summary, LONGEST_LINE))
    if event.location:
        entry.add("location", one_line(event.location, LONGEST_LINE))
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def write_holds(
    slots: Sequence[Interval], interview: Occurrence, now: datetime, title: str = "Reserved"
) -> bytes:
    """Return tentative events that keep the slots free: one calendar, one VEVENT for each slot.

    `title` is all that a colleague who sees the calendar learns.
    """
    calendar = _calendar()
    for slot in slots:
        entry = _entry(hold_uid(interview, slot), slot, None, now)
        entry.add("summary", one_line(title, LONGEST_LINE))
        entry.add("status", "TENTATIVE")
        entry.add("transp", "OPAQUE")
        entry.add("class", "PRIVATE")
        entry.add("x-microsoft-cdo-busystatus", "TENTATIVE")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def hold_uid(interview: Occurrence, slot: Interval) -> str:
    """Return the UID under which the slot is held for the interview: the same on every run."""
    return f"{_prefix(interview)}{slot.start.astimezone(UTC):%Y%m%dT%H%M%SZ}@lastresort.invalid"


def is_hold_for(interview: Occurrence, uid: str | None) -> bool:
    """Tell whether an event with this UID holds a time for the interview."""
    return uid is not None and uid.startswith(_prefix(interview))


def is_hold(uid: str | None) -> bool:
    """Tell whether an event with this UID holds a time for any interview."""
    return uid is not None and uid.startswith(HOLD)


def _prefix(interview: Occurrence) -> str:
    """Return how the UIDs of an interview's holds begin: a digest, which tells nobody what they are for."""
    from hashlib import sha256

    recurrence = interview.recurrence_id.isoformat() if interview.recurrence_id else ""
    identity = f"{interview.event.uid or interview.interval.start.isoformat()}\n{recurrence}"
    return f"{HOLD}{sha256(identity.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}-"


def _answering_attendee(event: Event, me: Collection[str]) -> Person:
    """Return the attendee who answers for the owner. Raises RefusedError where nobody can, or none should."""
    if event.disallow_counter:
        raise RefusedError(
            "the organiser of this invitation takes no counter-proposals: send the draft instead"
        )
    if not event.uid or event.organizer is None or event.organizer.address is None:
        raise RefusedError(
            "this event has no organiser whom a counter-proposal could reach: send the draft instead"
        )
    mine = [person for person in event.attendees if person.address in me]
    if not mine:
        raise RefusedError("none of your addresses is invited to this event: name the one that is with --me")
    return mine[0]


def _calendar(method: str = "") -> icalendar.Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//lastresort//lastresort {__version__}//EN")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


def _entry(uid: str, interval: Interval, zone: str | None, now: datetime) -> icalendar.Event:
    from icalendar import Event

    entry = Event()
    entry.add("uid", uid)
    entry.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    entry.add("dtstart", _written(interval.start, zone))
    entry.add("dtend", _written(interval.end, zone))
    return entry


def _written(instant: datetime, zone: str | None, all_day: bool = False) -> datetime | date:
    """Return the instant in the invitation's own zone, as RFC 5545 3.8.4.4 wants it for RECURRENCE-ID."""
    there = instant.astimezone(ZoneInfo(zone) if zone and zone != "UTC" else UTC)
    return there.date() if all_day else there


def _person(person: Person, **parameters: str) -> icalendar.vCalAddress:
    from icalendar import vCalAddress, vText

    address = vCalAddress(f"mailto:{one_line(person.address or '', LONGEST_LINE)}")
    # a parameter cannot hold a double quote, and some readers take a backslash for an escape
    name = one_line(person.name, LONGEST_LINE).replace('"', "'").replace("\\", "/")
    for key, value in {"CN": name, **parameters}.items():
        if value:
            address.params[key] = vText(value)
    return address


def _keep_original(entry: icalendar.Event, interval: Interval) -> None:
    """Outlook shows the old time beside the new one from these (MS-OXCICAL 2.1.3.1.1.20.59 and .60)."""
    from icalendar import vDatetime

    entry["X-MS-OLK-ORIGINALSTART"] = vDatetime(interval.start.astimezone(UTC))
    entry["X-MS-OLK-ORIGINALEND"] = vDatetime(interval.end.astimezone(UTC))


def _zone_definition(name: str, first: datetime, last: datetime) -> icalendar.Timezone:
    """Return a VTIMEZONE (RFC 5545 3.6.5) that is right from `first` to `last`, each change spelled out.

    Written here, since the library's own puts changes an hour late.
    """
    from icalendar import Timezone

    zone = ZoneInfo(name)
    definition = Timezone()
    definition.add("tzid", name)
    before = first.astimezone(zone)
    definition.add_component(_observance(before.replace(tzinfo=None), before, before))
    for change in _changes(zone, first, last):
        before, after = (change - SECOND).astimezone(zone), change.astimezone(zone)
        wall = before.replace(tzinfo=None) + SECOND
        definition.add_component(_observance(wall, before, after))
    return definition


def _observance(wall: datetime, before: datetime, after: datetime) -> icalendar.Component:
    """Return one part of a VTIMEZONE, beginning at the wall-clock time that the offset before it shows."""
    from icalendar import TimezoneDaylight, TimezoneStandard

    part = TimezoneDaylight() if after.dst() else TimezoneStandard()
    part.add("dtstart", wall)
    part.add("tzoffsetfrom", before.utcoffset())
    part.add("tzoffsetto", after.utcoffset())
    part.add("tzname", after.tzname())
    return part


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield the instants in UTC, to the second, at which the zone's offset changes."""
    day = first
    while day < last:
        after = day + DAY
        if day.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            yield _change_between(zone, day, after)
        day = after


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the second at which the offset that holds at `low` ends; another one holds at `high`."""
    old = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high
