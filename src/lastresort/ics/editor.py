"""Changes to a calendar's bytes: only the lines that say something else afterwards are touched.

Nothing is parsed into objects and written again. An edit finds the event as the reader understands it,
replaces single lines where they stand, reads the result once more, and refuses when that does not say what
was meant.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import RefusedError
from lastresort.ics import repairs
from lastresort.ics.content_lines import decode, split_line
from lastresort.ics.event import override_of, series_of
from lastresort.ics.problems import ProblemCode
from lastresort.ics.recurrence import Instance, expand
from lastresort.ics.revisions import settle
from lastresort.ics.rrule import Budget
from lastresort.ics.source_map import Context, Entry, Line, Page, Splice, apply_splices
from lastresort.ics.values import ValueFault, parse_moment
from lastresort.model import Interval
from lastresort.zones.names import FIRST, LAST, to_local, to_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lastresort.ics.values import Moment

__all__ = ["Context", "Edit", "Insert", "Remove", "Reschedule", "Skip", "Standing", "edit", "look_up"]

DAY = timedelta(days=1)
_FOLD = 75
_NEAR = timedelta(days=2)
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


class Standing(NamedTuple):
    """An occurrence as it stands in a calendar."""

    interval: Interval
    recurrence_id: datetime | None
    zone: str | None
    """IANA name of the zone it is written in, where it has one."""
    all_day: bool = False
    organizer: str | None = None


class _Found(NamedTuple):
    """The VEVENT that says when an occurrence takes place, and the series it belongs to."""

    entry: Entry
    master: Entry | None
    instance: Instance

    @property
    def is_own(self) -> bool:
        """Whether the occurrence has a VEVENT of its own."""
        return self.entry is not self.master


def edit(data: bytes, edits: Iterable[Edit], context: Context) -> bytes:
    """Return the calendar with the edits made in order; what they do not concern stays byte for byte.

    Raises RefusedError, naming the calendar, for what cannot be changed safely: several events of one UID, an
    event with damaged lines, a zone that nothing defines, an occurrence that is not there (any more).
    """
    encoding = repairs.wide_encoding(data)
    if encoding:
        return _edit_wide(data, encoding, edits, context)
    for one in edits:
        changed = _edit(Page(data, context), one)
        _verify(Page(changed, context), one)
        data = changed
    return data


def verify(data: bytes, edits: Iterable[Edit], context: Context) -> None:
    """Raise RefusedError unless the calendar says what the edits meant, whoever has written it."""
    for one in edits:
        _verify(Page(data, context), one)


def may_hold(data: bytes, uid: str) -> bool:
    """Tell, at little cost, whether a calendar may hold an event of this UID; False is certain."""
    if not uid.isascii():
        return True
    encoding = repairs.wide_encoding(data)
    text = data.decode(encoding, "replace").encode("utf-8", "replace") if encoding else data
    return b"".join(uid.encode().split()) in text.translate(None, b"\r\n\t ")  # folds stand anywhere


def look_up(data: bytes, uid: str, context: Context, at: datetime | None = None) -> Standing | None:
    """Return when the event of this UID takes place; `None` when the calendar does not hold it.

    `at` picks an occurrence of a series by its start, the original one or that it was moved to. Raises
    RefusedError when the event recurs and `at` is missing or fits no occurrence.
    """
    encoding = repairs.wide_encoding(data)
    page = Page(_narrowed(data, encoding, context) if encoding else data, context)
    entries = page.entries(uid)
    if not entries:
        return None
    recurs = any(entry.event.recurs or entry.event.id is not None for entry in entries)
    if recurs and at is None:
        raise page.refusal("the event is a series; name one occurrence by its start with --occurrence")
    found = [one for when in _starts(entries, at) for one in _find_all(page, entries, when)]
    if at is not None:
        found = [one for one in found if at in (one.instance.start, one.instance.recurrence_id)]
    if not found:
        raise page.refusal("the event has no occurrence that starts at the time given")
    return _standing(found[0], recurs)


def _starts(entries: Sequence[Entry], at: datetime | None) -> list[datetime]:
    """Where the occurrence may stand: where it is said to start, and where what replaces it stands."""
    starts = [] if at is None else [at]
    for entry in entries:
        start, named = entry.event.start, entry.event.id
        if at is None or (named and abs(to_utc(named.local, named.zone) - at) <= DAY):
            starts.append(to_utc(start.local, start.zone))
    return list(dict.fromkeys(starts))


def _standing(found: _Found, recurs: bool) -> Standing:
    event, instance = found.entry.event, found.instance
    organizer = event.series_organizer or event.content.organizer
    return Standing(
        interval=Interval(instance.start, instance.end),
        recurrence_id=instance.recurrence_id if recurs else None,
        zone=event.content.zone,
        all_day=event.start.is_date,
        organizer=organizer.address if organizer else None,
    )


# -- finding the lines --------------------------------------------------------------------------------------


def _find_all(page: Page, entries: Sequence[Entry], near: datetime) -> list[_Found]:
    """All occurrences of one UID around an instant, each with the VEVENT that counts for it."""
    group = settle([entry.event for entry in entries])
    if len(group.masters) > 1:
        raise page.refusal("several events share this UID")
    if group.cancelled:
        raise page.refusal("the event was cancelled")
    by_ordinal = {entry.event.ordinal: entry for entry in entries}
    masters = [by_ordinal[event.ordinal] for event in group.masters]
    master = masters[0] if masters else None
    overrides = [by_ordinal[event.ordinal] for event in group.overrides]
    series = series_of(master.event, page.context.limits)[0] if master else None
    window = Interval(max(near, FIRST + _NEAR) - _NEAR, min(near, LAST - _NEAR) + _NEAR)
    changed = [override_of(entry.event) for entry in overrides]
    instances = expand(series, window, Budget(page.context.limits), changed).instances
    found = []
    for instance in instances:
        entry = master if instance.override is None else overrides[instance.override]
        if entry is not None:
            found.append(_Found(entry, master, instance))
    return found


def _find(page: Page, uid: str, recurrence_id: datetime | None, where: Interval) -> _Found:
    entries = page.entries(uid)
    if not entries:
        raise page.refusal("the event is no longer there")
    for found in _find_all(page, entries, where.start):
        instance = found.instance
        same = recurrence_id is None or instance.recurrence_id == recurrence_id
        if same and (instance.start, instance.end) == where:
            _refuse_doubtful(page, found, entries, recurrence_id)
            return found
    raise page.refusal("the event is no longer at the time it was to be moved from")


def _refuse_doubtful(
    page: Page, found: _Found, entries: Sequence[Entry], recurrence_id: datetime | None
) -> None:
    concerned = [found.entry, found.master] if found.is_own and found.master else [found.entry]
    for entry in concerned:
        for fault in entry.event.faults:
            if fault.code != ProblemCode.STALE_ZONE:
                raise page.refusal(f"the event {fault.message}")
    if any(entry.event.and_future for entry in entries):
        raise page.refusal("the rest of the series was moved as a whole (RANGE=THISANDFUTURE)")
    if found.entry.event.recurs and recurrence_id is None:
        raise page.refusal("the event is a series, of which one occurrence can be changed")


# -- one edit -----------------------------------------------------------------------------------------------


def _edit(page: Page, one: Edit) -> bytes:
    match one:
        case Reschedule():
            splices = _reschedule(page, one)
        case Skip():
            splices = _skip(page, one)
        case Remove():
            splices = [Splice(entry.start, entry.end, b"") for entry in page.entries(one.uid)]
        case Insert():
            splices = _insert(page, one)
    return apply_splices(page.data, splices)


def _verify(page: Page, one: Edit) -> None:
    """Read the result: it says what was meant, or the edit is refused."""
    match one:
        case Reschedule():
            _find(page, one.uid, one.recurrence_id, one.new)
        case Remove():
            if page.entries(one.uid):
                raise page.refusal("the event cannot be taken out with certainty")
        case Skip():
            _verify_skipped(page, one)
        case Insert():
            for entry in Page(one.calendar, page.context).all_entries():
                there = page.entries(decode(entry.event.uid))
                if [_times_of(each) for each in there] != [_times_of(entry)]:
                    raise page.refusal("the new event cannot be put in with certainty")


def _times_of(entry: Entry) -> tuple[datetime, object]:
    start = entry.event.start
    return to_utc(start.local, start.zone), entry.event.length


def _verify_skipped(page: Page, skip: Skip) -> None:
    entries = page.entries(skip.uid)
    statuses = [line.text.upper() for entry in entries for line in entry.find_all(b"STATUS")]
    if b"STATUS:CANCELLED" in statuses:
        return
    left = [found.instance for found in _find_all(page, entries, skip.old.start)]
    if any(skip.recurrence_id in (None, instance.recurrence_id) for instance in left):
        raise page.refusal("the occurrence cannot be taken out with certainty")


def _reschedule(page: Page, one: Reschedule) -> list[Splice]:
    found = _find(page, one.uid, one.recurrence_id, one.old)
    changes = _times(page, found.entry, one) + _stamps(page, found.entry, one.mine)
    if found.is_own or not found.entry.event.recurs:
        return changes
    return [_beside(page, found, changes)]


def _beside(page: Page, found: _Found, changes: list[Splice]) -> Splice:
    """A copy of the series' VEVENT for one of its occurrences, with the changes made, right behind it."""
    series = found.entry
    start = _line(page, series, b"DTSTART")
    moment = _moment(page, start)
    original = _written(page, series, found.instance.recurrence_id, moment)
    parameters = start.head[len(b"DTSTART") :] if start.head[:7].upper() == b"DTSTART" else b":"
    named = _folded(b"RECURRENCE-ID" + parameters + original, page.eol(series.lines[0]))
    own = [
        *(Splice(line.start, line.end, b"") for line in series.find_all(*_SERIES)),
        Splice(start.start, start.start, named),
        *changes,
    ]
    copy = [Splice(s.start - series.start, s.end - series.start, s.data) for s in own]
    return Splice(series.end, series.end, apply_splices(page.data[series.start : series.end], copy))


def _skip(page: Page, one: Skip) -> list[Splice]:
    found = _find(page, one.uid, one.recurrence_id, one.old)
    master = found.master
    if one.recurrence_id is None or master is None or not master.event.recurs:
        called_off = _set(page, found.entry, b"STATUS", b"CANCELLED", found.entry.lines[-1].start)
        return [called_off, *_stamps(page, found.entry, one.mine)]
    start = _line(page, master, b"DTSTART")
    value = _written(page, master, one.recurrence_id, _moment(page, start))
    line = _folded(b"EXDATE" + start.head[len(b"DTSTART") :] + value, page.eol(start))
    last = (master.find_all(*_SERIES) or [start])[-1]
    splices = [Splice(last.end, last.end, line), *_stamps(page, master, one.mine)]
    if found.is_own:
        splices.append(Splice(found.entry.start, found.entry.end, b""))
    return splices


def _insert(page: Page, one: Insert) -> list[Splice]:
    source = Page(one.calendar, page.context)
    entries = source.all_entries()
    for entry in entries:
        if page.entries(decode(entry.event.uid)):
            raise page.refusal("an event with the UID of a new one is already there")
    eol = page.line_end()
    blocks = [source.data[entry.start : entry.end].replace(b"\r\n", eol) for entry in entries]
    at = page.end_of_calendar()
    return [Splice(at, at, b"".join(blocks))]


# -- lines --------------------------------------------------------------------------------------------------


def _times(page: Page, entry: Entry, one: Reschedule) -> list[Splice]:
    start = _line(page, entry, b"DTSTART")
    moment = _moment(page, start)
    changes = [_rewritten(page, start, _written(page, entry, one.new.start, moment))]
    end, duration = entry.find(b"DTEND"), entry.find(b"DURATION")
    if end:
        until = _moment(page, end)
        if until.is_date != moment.is_date:
            raise page.refusal("the event's start and end are not of one kind")
        changes.append(_rewritten(page, end, _written(page, entry, one.new.end, until)))
    elif _end_by_length(entry, one.new.start) != one.new.end:
        if not duration:
            raise page.refusal("the event has no end that could be changed")
        changes.append(_rewritten(page, duration, _duration(one.new, moment)))
    return changes


def _end_by_length(entry: Entry, start: datetime) -> datetime:
    """When the event would end if only its start were changed: days are nominal (RFC 5545 3.3.6)."""
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


def _stamps(page: Page, entry: Entry, mine: bool) -> list[Splice]:
    """The marks of a change: SEQUENCE, which is the organiser's alone, DTSTAMP and LAST-MODIFIED."""
    after = max(line.end for line in entry.find_all(b"DTSTART", b"DTEND", b"DURATION"))
    now = _utc(page.context.now)
    changes = []
    if mine:
        changes.append(_set(page, entry, b"SEQUENCE", b"%d" % (entry.event.sequence + 1), after))
    if line := entry.find(b"DTSTAMP"):
        changes.append(_rewritten(page, line, now))
    changes.append(_set(page, entry, b"LAST-MODIFIED", now, after))
    return changes


def _set(page: Page, entry: Entry, name: bytes, value: bytes, at: int) -> Splice:
    """The property with another value, where it stands; else as a new line at `at`."""
    line = entry.find(name)
    if line:
        return _rewritten(page, line, value)
    return Splice(at, at, _folded(name + b":" + value, page.eol(entry.lines[0])))


def _line(page: Page, entry: Entry, name: bytes) -> Line:
    line = entry.find(name)
    if line is None or line.name != line.text[: len(name)].upper():
        raise page.refusal(f"the event's {name.decode()} cannot be found with certainty")
    return line


def _moment(page: Page, line: Line) -> Moment:
    try:
        return parse_moment(split_line(line.text)[1])
    except ValueFault as fault:
        raise page.refusal(f"the event has a {line.name.decode('ascii', 'replace')} that {fault}") from None


def _rewritten(page: Page, line: Line, value: bytes) -> Splice:
    return Splice(line.start, line.end, _folded(line.head + value, page.eol(line)))


def _folded(text: bytes, eol: bytes) -> bytes:
    """A content line of at most 75 octets each (RFC 5545 3.1), cut between characters."""
    parts = []
    room = _FOLD
    while len(text) > room:
        cut = room
        while cut > 1 and text[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(text[:cut])
        text, room = text[cut:], _FOLD - 1
    return (eol + b" ").join((*parts, text)) + eol


def _written(page: Page, entry: Entry, instant: datetime, moment: Moment) -> bytes:
    """The instant in the form in which `moment` was written: date, UTC, local to a zone, or floating."""
    zones = entry.event.place.zones
    if moment.is_utc:
        return _utc(instant)
    zone = zones.place(moment, entry.event.start).zone
    local = to_local(instant, zone)
    if moment.is_date:
        local = local.replace(hour=0, minute=0, second=0)
    if to_utc(local, zone) != instant:
        raise page.refusal(
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


# -- UTF-16 and UTF-32 --------------------------------------------------------------------------------------


def _edit_wide(data: bytes, encoding: str, edits: Iterable[Edit], context: Context) -> bytes:
    changed = edit(_narrowed(data, encoding, context), edits, context)
    return changed.decode().encode(encoding)


def _narrowed(data: bytes, encoding: str, context: Context) -> bytes:
    """The calendar in UTF-8, when the way back gives the same bytes."""
    try:
        text = data.decode(encoding)
        if text.encode(encoding) == data:
            return text.encode()
    except UnicodeError:
        text = ""
    raise RefusedError(f"{context.name}: its {encoding.upper()[:6]} is damaged; nothing was changed")
