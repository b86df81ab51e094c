"""Lines of an event written anew where they stand, in the form in which they were written before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lastresort.ics.content_lines import split_line
from lastresort.ics.source_map import EditableCalendar, LocatedEvent, LocatedLine, Splice
from lastresort.ics.values import ValueFault, parse_moment
from lastresort.zones.names import to_local, to_utc

if TYPE_CHECKING:
    from lastresort.ics.values import Moment
    from lastresort.model import Interval

DAY = timedelta(days=1)
_FOLD = 75


def move_times(calendar: EditableCalendar, entry: LocatedEvent, new: Interval) -> list[Splice]:
    """Return the event's DTSTART, and its DTEND or DURATION, for another time. Raises RefusedError."""
    start = line_of(calendar, entry, b"DTSTART")
    moment = moment_of_line(calendar, start)
    changes = [rewritten(calendar, start, write_instant(calendar, entry, new.start, moment))]
    end, duration = entry.find(b"DTEND"), entry.find(b"DURATION")
    if end:
        until = moment_of_line(calendar, end)
        if until.is_date != moment.is_date:
            raise calendar.refusal("the event's start and end are not of one kind")
        changes.append(rewritten(calendar, end, write_instant(calendar, entry, new.end, until)))
    elif _end_by_length(entry, new.start) != new.end:
        if not duration:
            raise calendar.refusal("the event has no end that could be changed")
        changes.append(rewritten(calendar, duration, _duration(new, moment)))
    return changes


def _end_by_length(entry: LocatedEvent, start: datetime) -> datetime:
    """Return when the event would end if only its start were changed: days are nominal (RFC 5545 3.3.6)."""
    zone, length = entry.event.start.zone, entry.event.length
    if not length.days:
        return start + length.exact
    return to_utc(to_local(start, zone) + length.days * DAY, zone) + length.exact


def _duration(interval: Interval, moment: Moment) -> bytes:
    if moment.is_date:
        days = round(interval.length / DAY)
        return b"P%dD" % days
    seconds = int(interval.length.total_seconds())
    if seconds % 60:
        return b"PT%dS" % seconds
    hours, minutes = divmod(seconds // 60, 60)
    return b"PT" + (b"%dH" % hours if hours else b"") + (b"%dM" % minutes if minutes or not hours else b"")


def stamp(calendar: EditableCalendar, entry: LocatedEvent, mine: bool) -> list[Splice]:
    """Return the marks of a change: SEQUENCE, which is the organiser's alone, DTSTAMP and LAST-MODIFIED."""
    after = max(line.end for line in entry.find_all(b"DTSTART", b"DTEND", b"DURATION"))
    now = _utc(calendar.context.now)
    changes = []
    if mine:
        changes.append(set_property(calendar, entry, b"SEQUENCE", b"%d" % (entry.event.sequence + 1), after))
    if line := entry.find(b"DTSTAMP"):
        changes.append(rewritten(calendar, line, now))
    changes.append(set_property(calendar, entry, b"LAST-MODIFIED", now, after))
    return changes


def set_property(
    calendar: EditableCalendar, entry: LocatedEvent, name: bytes, value: bytes, at: int
) -> Splice:
    """Return the property with another value, where it stands; else as a new line at `at`."""
    line = entry.find(name)
    if line:
        return rewritten(calendar, line, value)
    return Splice(at, at, folded(name + b":" + value, calendar.eol(entry.lines[0])))


def line_of(calendar: EditableCalendar, entry: LocatedEvent, name: bytes) -> LocatedLine:
    """Return the first property of that name. Raises RefusedError when there is none."""
    line = entry.find(name)
    if line is None or line.name != line.text[: len(name)].upper():
        raise calendar.refusal(f"the event's {name.decode()} cannot be found with certainty")
    return line


def moment_of_line(calendar: EditableCalendar, line: LocatedLine) -> Moment:
    """Return the time that a line gives. Raises RefusedError when it is none."""
    try:
        return parse_moment(split_line(line.text)[1])
    except ValueFault as fault:
        raise calendar.refusal(
            f"the event has a {line.name.decode('ascii', 'replace')} that {fault}"
        ) from None


def rewritten(calendar: EditableCalendar, line: LocatedLine, value: bytes) -> Splice:
    """Return a line with another value, folded anew."""
    return Splice(line.start, line.end, folded(line.head + value, calendar.eol(line)))


def folded(text: bytes, eol: bytes) -> bytes:
    """Return a content line, in pieces of at most 75 octets each (RFC 5545 3.1), cut between characters."""
    parts = []
    room = _FOLD
    while len(text) > room:
        cut = room
        while cut > 1 and text[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(text[:cut])
        text, room = text[cut:], _FOLD - 1
    return (eol + b" ").join((*parts, text)) + eol


def write_instant(
    calendar: EditableCalendar, entry: LocatedEvent, instant: datetime, moment: Moment
) -> bytes:
    """Return an instant as `moment` was written: as a date, in UTC, local to a zone, or floating."""
    zones = entry.event.place.zones
    if moment.is_utc:
        return _utc(instant)
    zone = zones.place(moment, entry.event.start).zone
    local = to_local(instant, zone)
    if moment.is_date:
        local = local.replace(hour=0, minute=0, second=0)
    if to_utc(local, zone) != instant:
        raise calendar.refusal(
            "an all-day event can only be moved by whole days"
            if moment.is_date
            else "the event's zone cannot write that time, which its clocks show twice"
        )
    return _plain(local, moment.is_date)


def _plain(local: datetime, is_date: bool) -> bytes:
    day = f"{local.year:04}{local.month:02}{local.day:02}"
    return day.encode() if is_date else f"{day}T{local.hour:02}{local.minute:02}{local.second:02}".encode()


def _utc(instant: datetime) -> bytes:
    return _plain(instant.astimezone(UTC), False) + b"Z"
