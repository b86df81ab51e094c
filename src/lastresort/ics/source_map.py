"""A calendar's bytes with the places of its events, for changes that leave every other byte alone.

What counts as an event is for `scan` to say; where it stands is looked up here, and both have to agree.
"""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import RefusedError
from lastresort.ics.calendar_zones import ZoneTable
from lastresort.ics.content_lines import CHUNK, decode, split_line
from lastresort.ics.event import Place, Vevent, read_event
from lastresort.ics.prefilter import keep_all
from lastresort.ics.problems import ProblemCode
from lastresort.ics.revisions import UNANSWERING, complete_exceptions
from lastresort.ics.scan import scan
from lastresort.ics.values import first_text
from lastresort.model import Document, Interval, Limits
from lastresort.zones.names import get_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from lastresort.ics.scan import Block, Scan

_YEAR = timedelta(days=366)
_MESSAGES = UNANSWERING | {"REQUEST", "CANCEL", "ADD"}
"""Methods of what is sent between people; only what lies in a calendar is changed."""
_FRAME = frozenset((b"VCALENDAR", b"VTIMEZONE", b"STANDARD", b"DAYLIGHT"))


class Context(NamedTuple):
    """What an edit has to know. `zone` is the owner's, for dates and floating times; refusals tell `name`."""

    zone: str
    now: datetime
    name: str = "the calendar"
    limits: Limits = Limits()


class Splice(NamedTuple):
    """Bytes that take the place of `data[start:end]`."""

    start: int
    end: int
    data: bytes


class LocatedLine(NamedTuple):
    """A content line: its place in the bytes (folds and line end included) and its unfolded text."""

    start: int
    end: int
    text: bytes
    depth: int
    """1 for a property of the event itself, more inside an alarm."""
    name: bytes
    """Upper case."""

    @property
    def head(self) -> bytes:
        """Name and parameters as written, with the colon."""
        return self.text[: len(self.text) - len(split_line(self.text)[1].value)]


class LocatedEvent(NamedTuple):
    """A VEVENT, read and found: its lines from BEGIN to END."""

    event: Vevent
    lines: tuple[LocatedLine, ...]

    @property
    def start(self) -> int:
        """Where BEGIN stands."""
        return self.lines[0].start

    @property
    def end(self) -> int:
        """Where what follows END begins."""
        return self.lines[-1].end

    def find(self, name: bytes) -> LocatedLine | None:
        """Return the first property of that name, none from inside an alarm."""
        return next((line for line in self.lines[1:-1] if line.depth == 1 and line.name == name), None)

    def find_all(self, *names: bytes) -> list[LocatedLine]:
        """Return all properties of these names."""
        return [line for line in self.lines[1:-1] if line.depth == 1 and line.name in names]


class EditableCalendar:
    """A calendar's bytes, scanned. Raises RefusedError for what is not whole or not surely understood."""

    def __init__(self, data: bytes, context: Context) -> None:
        self.data = data
        self.context = context
        document = Document(context.name, context.name, lambda: BytesIO(data))
        self._scan = scan(document, keep_all, context.limits)
        self._refuse_broken(self._scan)
        self._bare = _is_bare(data)
        self._begins = [found.start() for found in _word(b"BEGIN:VEVENT", self._bare).finditer(data)]
        if len(self._begins) != self._scan.events:
            raise self.refusal("its events cannot be told apart with certainty")
        self._places = [self._place(number) for number in range(len(self._scan.calendars))]

    def refusal(self, why: str) -> RefusedError:
        """Return the refusal of a change, in one line that names the calendar."""
        return RefusedError(f"{self.context.name}: {why}; nothing was changed")

    def entries(self, uid: str) -> list[LocatedEvent]:
        """Return all events of a UID in their order, exceptions with what their series says for them.

        Raises RefusedError when one cannot be read.
        """
        wanted = uid.encode("utf-8", "surrogatepass") if uid.isascii() else b""
        found = [
            self._entry(block, uid)
            for block in self._scan.blocks
            if wanted in block.text and self._places[block.calendar].method not in UNANSWERING
        ]
        entries = [entry for entry in found if entry is not None]
        events = complete_exceptions(entry.event for entry in entries)
        return [entry._replace(event=event) for entry, event in zip(entries, events, strict=True)]

    def all_entries(self) -> list[LocatedEvent]:
        """Return every event that can be read."""
        events = [
            (block, read_event(block, self._places[block.calendar], self.context.limits))
            for block in self._scan.blocks
        ]
        return [
            LocatedEvent(event, self._lines(block)) for block, event in events if isinstance(event, Vevent)
        ]

    def eol(self, line: LocatedLine) -> bytes:
        """Return the line end that a line has."""
        raw = self.data[line.start : line.end]
        return raw[len(raw.rstrip(b"\r\n")) :]

    def end_of_calendar(self) -> int:
        """Return where the last END:VCALENDAR stands: new events go before it."""
        ends = list(_word(b"END:VCALENDAR", self._bare).finditer(self.data))
        if not ends:
            raise self.refusal("it has no END:VCALENDAR")
        return ends[-1].start()

    def line_end(self) -> bytes:
        """Return the line end of the calendar's first line."""
        if self._bare:
            return b"\r"
        first = self.data[: self.data.find(b"\n") + 1] or b"\r\n"
        return first[len(first.rstrip(b"\r\n")) :]

    def _refuse_broken(self, found: Scan) -> None:
        """Raise RefusedError for what is not a whole calendar, or is no calendar but a message."""
        if found.failure:
            raise self.refusal(f"it {found.failure.message}")
        torn = (ProblemCode.TRUNCATED, ProblemCode.UNCLOSED, ProblemCode.TOO_DEEP)
        for defect in found.defects:
            if defect.code in torn:
                raise self.refusal(f"it is not whole ({defect.message})")
        for calendar in found.calendars:
            if calendar.method in _MESSAGES:
                raise self.refusal("it is an invitation or an answer, not a calendar; import it first")
            if first_text(calendar.properties.get("VERSION")) == "1.0":
                raise self.refusal("it is in the older vCalendar format, which is only read")

    def _place(self, number: int) -> Place:
        now, limits = self.context.now, self.context.limits
        calendar = self._scan.calendars[number]
        zones = ZoneTable(calendar, get_zone(self.context.zone), Interval(now - _YEAR, now + _YEAR), limits)
        return Place(
            source=self.context.name,
            document=self.context.name,
            number=number,
            calendar="",
            method=calendar.method,
            zones=zones,
        )

    def _entry(self, block: Block, uid: str) -> LocatedEvent | None:
        """Return the event of a block, `None` when it has another UID. Raises RefusedError if unreadable."""
        event = read_event(block, self._places[block.calendar], self.context.limits)
        if not event.uid or decode(event.uid) != uid:
            return None
        if not isinstance(event, Vevent):
            raise self.refusal(f"the event {event.fault.message}")
        return LocatedEvent(event, self._lines(block))

    def _lines(self, block: Block) -> tuple[LocatedLine, ...]:
        """Return the lines of an event. Raises RefusedError unless its bytes read as what was scanned."""
        start = self._begins[block.ordinal]
        following = self._begins[block.ordinal + 1 : block.ordinal + 2] or [len(self.data)]
        lines = list(self._split(start, following[0]))
        last = max((n for n, line in enumerate(lines) if line.text[:10].upper() == b"END:VEVENT"), default=0)
        inner = b"".join(b"\n" + line.text for line in lines[1:last])
        if not last or lines[0].text[12:] + inner != block.text or not self.eol(lines[last]):
            raise self.refusal("the event's lines cannot be told apart with certainty")
        return tuple(lines[: last + 1])

    def _split(self, start: int, stop: int) -> Iterator[LocatedLine]:
        depth = 0
        for at, end, text in _rows(self.data, self._bare, start, stop):
            name = split_line(text)[0].strip().upper()
            depth += name == b"BEGIN"
            inside = depth - 1 if name in (b"BEGIN", b"END") else depth
            yield LocatedLine(start=at, end=end, text=text, depth=inside, name=name)
            depth -= name == b"END"


def _word(word: bytes, bare: bool) -> re.Pattern[bytes]:
    """Return what finds a word at the beginning of a line, in any case, folds anywhere in it."""
    fold = rb"(?:\r[ \t])?" if bare else rb"(?:\r*\n[ \t])?"
    begin = rb"(?:\A|(?<=\r))" if bare else rb"(?:\A|(?<=\n))"
    return re.compile(begin + fold.join(bytes((char,)) for char in word), re.IGNORECASE)


def apply_splices(data: bytes, splices: list[Splice]) -> bytes:
    """Return the bytes with all splices made; those at one place keep their order."""
    parts, at = [], 0
    for splice in sorted(splices, key=lambda one: (one.start, one.end)):
        parts += [data[at : splice.start], splice.data]
        at = splice.end
    return b"".join((*parts, data[at:]))


def _rows(data: bytes, bare: bool, start: int, stop: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield each line with those that continue it: where it begins, where it ends, its unfolded text."""
    line = rb"[^\r]*(?:\r[ \t][^\r]*)*\r?" if bare else rb"[^\n]*(?:\n[ \t][^\n]*)*\n?"
    for found in re.compile(line).finditer(data, start, stop):
        raw = found.group()
        if raw:
            text = raw.replace(b"\r", b"\n") if bare else raw.translate(None, b"\r")
            yield found.start(), found.end(), re.sub(rb"\n[ \t]", b"", text.removesuffix(b"\n"))


def _is_bare(data: bytes) -> bool:
    """Tell whether lines end in a lone CR; judged as the reader does, by the first piece."""
    head = data[:CHUNK]
    return b"\n" not in head and b"\r" in head


def holds_nothing(data: bytes) -> bool:
    """Tell whether a calendar has no component left but its time zones."""
    rows = (text.strip().upper() for _, _, text in _rows(data, _is_bare(data), 0, len(data)))
    return all(text[6:] in _FRAME for text in rows if text.startswith(b"BEGIN:"))


def keep_only(data: bytes, uids: Collection[str]) -> bytes:
    """Return the calendar with its time zones and the events of these UIDs alone, and no METHOD."""
    kept: list[bytes] = []
    stack: list[bytes] = []
    inner: list[bytes] = []
    names: set[str] = set()
    for at, end, text in _rows(data, _is_bare(data), 0, len(data)):
        name, prop = split_line(text)
        name, value = name.strip().upper(), prop.value.strip().upper()
        if name == b"BEGIN":
            stack.append(value)
        if len(stack) < 2:
            if stack and name != b"METHOD":
                kept.append(data[at:end])
        else:
            inner.append(data[at:end])
            if name == b"UID" and len(stack) == 2:
                names.add(decode(prop.value.strip()))
        if name == b"END" and stack:
            stack.pop()
            if len(stack) == 1:
                if value == b"VTIMEZONE" or (value == b"VEVENT" and names.intersection(uids)):
                    kept += inner
                inner, names = [], set()
    return b"".join(kept)


def stands_alone(data: bytes, context: Context) -> bool:
    """Tell whether a calendar holds one event (with its changed occurrences) and no other."""
    return len({entry.event.uid for entry in EditableCalendar(data, context).all_entries()}) == 1
