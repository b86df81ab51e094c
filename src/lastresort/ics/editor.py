"""Changes to a calendar's bytes: only the lines that say something else afterwards are touched.

Nothing is parsed into objects and written again. An edit finds the event as the reader understands it,
replaces single lines where they stand, reads the result once more, and refuses when that does not say what
was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics import encodings
from lastresort.ics.content_lines import decode
from lastresort.ics.find_occurrence import FoundOccurrence, find, find_all, narrowed
from lastresort.ics.rewrite import (
    folded,
    line_of,
    moment_of_line,
    move_times,
    set_property,
    stamp,
    write_instant,
)
from lastresort.ics.source_map import Context, EditableCalendar, LocatedEvent, Splice, apply_splices
from lastresort.zones.names import to_utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from lastresort.model import Interval

__all__ = ["Context", "Edit", "Insert", "Remove", "Reschedule", "Skip", "edit", "verify"]

_SERIES = (b"RRULE", b"RDATE", b"EXDATE", b"EXRULE")


class Reschedule(NamedTuple):
    """An event, or one occurrence of a series, takes place at `new` instead of `old`.

    The occurrence gets a VEVENT of its own beside its series, which stays as it is.
    """

    uid: str
    recurrence_id: datetime | None
    old: Interval
    new: Interval
    mine: bool = True
    """I organise it, or nobody does: only then SEQUENCE is counted up (RFC 5546 2.1.4)."""


class Skip(NamedTuple):
    """An event does not take place.

    One occurrence of a series is taken out of it by EXDATE, what happens once is marked as cancelled.

    EXDATE, and no cancelled override: every program leaves such an occurrence out, while many show a
    cancelled one as if it took place.
    """

    uid: str
    recurrence_id: datetime | None
    old: Interval
    mine: bool = True


class Remove(NamedTuple):
    """An event goes, with all its occurrences: holds that are no longer needed."""

    uid: str


class Insert(NamedTuple):
    """The events of another calendar come in, as they stand there (UTF-8, CR LF)."""

    calendar: bytes


Edit = Reschedule | Skip | Remove | Insert


def edit(data: bytes, edits: Iterable[Edit], context: Context) -> bytes:
    """Return the calendar with the edits made in order; what they do not concern stays byte for byte.

    Raises RefusedError, naming the calendar, for what cannot be changed safely: several events of one UID, an
    event with damaged lines, a zone that nothing defines, an occurrence that is not there (any more).
    """
    encoding = encodings.wide_encoding(data)
    if encoding:
        return edit(narrowed(data, encoding, context), edits, context).decode().encode(encoding)
    for one in edits:
        changed = _edit(EditableCalendar(data, context), one)
        _verify(EditableCalendar(changed, context), one)
        data = changed
    return data


def verify(data: bytes, edits: Iterable[Edit], context: Context) -> None:
    """Raise RefusedError unless the calendar says what the edits meant, whoever has written it."""
    for one in edits:
        _verify(EditableCalendar(data, context), one)


def _edit(calendar: EditableCalendar, one: Edit) -> bytes:
    match one:
        case Reschedule():
            splices = _reschedule(calendar, one)
        case Skip():
            splices = _skip(calendar, one)
        case Remove():
            splices = [Splice(entry.start, entry.end, b"") for entry in calendar.entries(one.uid)]
        case Insert():
            splices = _insert(calendar, one)
    return apply_splices(calendar.data, splices)


def _verify(calendar: EditableCalendar, one: Edit) -> None:
    """Read the result: it says what was meant, or the edit is refused."""
    match one:
        case Reschedule():
            find(calendar, one.uid, one.recurrence_id, one.new)
        case Remove():
            if calendar.entries(one.uid):
                raise calendar.refusal("the event cannot be taken out with certainty")
        case Skip():
            _verify_skipped(calendar, one)
        case Insert():
            for entry in EditableCalendar(one.calendar, calendar.context).all_entries():
                there = calendar.entries(decode(entry.event.uid))
                if [_times_of(each) for each in there] != [_times_of(entry)]:
                    raise calendar.refusal("the new event cannot be put in with certainty")


def _reschedule(calendar: EditableCalendar, one: Reschedule) -> list[Splice]:
    found = find(calendar, one.uid, one.recurrence_id, one.old)
    changes = move_times(calendar, found.entry, one.new) + stamp(calendar, found.entry, one.mine)
    if found.is_own or not found.entry.event.recurs:
        return changes
    return [_beside(calendar, found, changes)]


def _beside(calendar: EditableCalendar, found: FoundOccurrence, changes: list[Splice]) -> Splice:
    """A copy of the series' VEVENT for one of its occurrences, with the changes made, right behind it."""
    series = found.entry
    start = line_of(calendar, series, b"DTSTART")
    moment = moment_of_line(calendar, start)
    original = write_instant(calendar, series, found.instance.recurrence_id, moment)
    parameters = start.head[len(b"DTSTART") :] if start.head[:7].upper() == b"DTSTART" else b":"
    named = folded(b"RECURRENCE-ID" + parameters + original, calendar.eol(series.lines[0]))
    own = [
        *(Splice(line.start, line.end, b"") for line in series.find_all(*_SERIES)),
        Splice(start.start, start.start, named),
        *changes,
    ]
    copy = [Splice(s.start - series.start, s.end - series.start, s.data) for s in own]
    return Splice(series.end, series.end, apply_splices(calendar.data[series.start : series.end], copy))


def _skip(calendar: EditableCalendar, one: Skip) -> list[Splice]:
    found = find(calendar, one.uid, one.recurrence_id, one.old)
    master = found.master
    if one.recurrence_id is None or master is None or not master.event.recurs:
        called_off = set_property(calendar, found.entry, b"STATUS", b"CANCELLED", found.entry.lines[-1].start)
        return [called_off, *stamp(calendar, found.entry, one.mine)]
    start = line_of(calendar, master, b"DTSTART")
    value = write_instant(calendar, master, one.recurrence_id, moment_of_line(calendar, start))
    line = folded(b"EXDATE" + start.head[len(b"DTSTART") :] + value, calendar.eol(start))
    last = (master.find_all(*_SERIES) or [start])[-1]
    splices = [Splice(last.end, last.end, line), *stamp(calendar, master, one.mine)]
    if found.is_own:
        splices.append(Splice(found.entry.start, found.entry.end, b""))
    return splices


def _verify_skipped(calendar: EditableCalendar, skip: Skip) -> None:
    entries = calendar.entries(skip.uid)
    statuses = [line.text.upper() for entry in entries for line in entry.find_all(b"STATUS")]
    if b"STATUS:CANCELLED" in statuses:
        return
    left = [found.instance for found in find_all(calendar, entries, skip.old.start)]
    if any(skip.recurrence_id in (None, instance.recurrence_id) for instance in left):
        raise calendar.refusal("the occurrence cannot be taken out with certainty")


def _insert(calendar: EditableCalendar, one: Insert) -> list[Splice]:
    source = EditableCalendar(one.calendar, calendar.context)
    entries = source.all_entries()
    for entry in entries:
        if calendar.entries(decode(entry.event.uid)):
            raise calendar.refusal("an event with the UID of a new one is already there")
    eol = calendar.line_end()
    blocks = [source.data[entry.start : entry.end].replace(b"\r\n", eol) for entry in entries]
    at = calendar.end_of_calendar()
    return [Splice(at, at, b"".join(blocks))]


def _times_of(entry: LocatedEvent) -> tuple[datetime, object]:
    start = entry.event.start
    return to_utc(start.local, start.zone), entry.event.length
