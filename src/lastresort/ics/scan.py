"""The first look at a document: its bytes are cut into calendars and events.

A document is read once, in pieces, cut at every BEGIN:VEVENT. What stands between events is always read.
Which events are forgotten on the spot is for `prefilter` to say; all others are kept, still as bytes.
"""

import re
from typing import NamedTuple

from lastresort.errors import SourceError
from lastresort.ics.content_lines import (
    Component,
    LogicalText,
    TooLarge,
    parse_component,
    split_line,
    unescape,
)
from lastresort.ics.prefilter import Forgets
from lastresort.ics.problems import ProblemCode
from lastresort.ics.values import first_text
from lastresort.model import Document, Limits


class Calendar(NamedTuple):
    """What a VCALENDAR says besides its events."""

    properties: Component
    timezones: dict[bytes, bytes]
    """The lines of each VTIMEZONE by the `zone_key` of its TZID."""
    freebusy: list[bytes]
    """The lines of each VFREEBUSY."""

    @property
    def name(self) -> str:
        """X-WR-CALNAME, what the calendar is called; empty without one."""
        props = self.properties.get("X-WR-CALNAME")
        return unescape(props[0].value).strip() if props else ""

    @property
    def method(self) -> str:
        """METHOD in upper case; `CANCELLED` and `CANCELED` count as CANCEL."""
        method = first_text(self.properties.get("METHOD"))
        return "CANCEL" if method in ("CANCELLED", "CANCELED") else method


class Defect(NamedTuple):
    """Something wrong with the document's frame; `ordinal` is the event it happened in."""

    code: ProblemCode
    message: str
    ordinal: int | None = None


def zone_key(tzid: bytes) -> bytes:
    """Return what TZIDs are compared by: a VTIMEZONE has it as TEXT, with escapes, a time as a parameter."""
    return tzid.replace(b"\\", b"").strip(b' "')


_CALENDAR_PROPERTIES = frozenset(
    (b"METHOD", b"PRODID", b"VERSION", b"X-WR-CALNAME", b"X-WR-TIMEZONE", b"X-CALEND", b"X-OWNER")
)
_EVENT_LINES = frozenset(
    b"DTSTART DTEND DTSTAMP DURATION RRULE RDATE EXDATE RECURRENCE-ID STATUS TRANSP SUMMARY ORGANIZER "
    b"ATTENDEE".split()
)
"""Lines that stand in components only: outside of any, they belong to a broken event."""
_TIMELESS = frozenset(
    (b"VTODO", b"VJOURNAL", b"VALARM", b"VTIMEZONE", b"VFREEBUSY", b"VAVAILABILITY", b"VCARD", b"VPOLL")
)
"""Components that are no events. Any other that gives times is one with a misspelt name."""
_KEPT = (b"VTIMEZONE", b"VFREEBUSY")


class OutsideEvents:
    """What stands outside events, line by line: the calendars of a document, and whether they were closed."""

    __slots__ = (
        "_event", "_gives_time", "_limits", "_lines", "_loose", "_stack", "_too_deep", "calendars", "defects",
        "events", "seen",
    )  # fmt: skip

    def __init__(self, limits: Limits) -> None:
        self.calendars: list[Calendar] = []
        self.defects: list[Defect] = []
        self.events: list[bytes] = []
        """The lines of events whose BEGIN does not begin a line."""
        self.seen = False
        """Whether any VCALENDAR came."""
        self._limits = limits
        self._stack: list[bytes] = []
        self._too_deep = 0
        self._lines: list[bytes] = []
        self._event: list[bytes] | None = None
        self._gives_time = False
        self._loose = False

    def feed(self, text: bytes) -> None:
        """Take in text from between two events: whole lines."""
        for line in text.split(b"\n"):
            if not line:
                continue
            if self._event is not None:
                if line.strip().upper() != b"END:VEVENT":
                    self._event.append(line)
                else:
                    self.events.append(b"".join(b"\n" + each for each in self._event))
                    self._event = None
                continue
            head = line[:6].upper()
            if self._stack and b"VEVENT" in line.upper() and head[:4] != b"END:":
                self._misplaced_begin(line)
            elif head == b"BEGIN:":
                self._begin(line[6:].strip().upper(), line)
            elif head[:4] == b"END:":
                self._end(line[4:].strip().upper(), line)
            elif self._stack:
                self._property(line)
        if self._event is not None:
            self._event = None
            self.note_loose_lines()
            self._loose = False

    def note_loose_lines(self) -> None:
        """Note lines that belong to no event; those that follow each other are told once."""
        if not self._loose:
            self._loose = True
            self.defects.append(
                Defect(
                    ProblemCode.LOOSE_LINES,
                    "has lines of an event whose BEGIN:VEVENT is missing, misspelt or indented; "
                    "they are left out",
                )
            )

    def _misplaced_begin(self, line: bytes) -> None:
        """Take a BEGIN:VEVENT that stands behind blanks, or behind a property of the calendar, for one.

        Booking tools indent it, which makes it a continuation of the line before (RFC 5545 3.1).
        """
        before, begin, after = b"".join(line.upper().split()).partition(b"BEGIN:VEVENT")
        if begin and not after and len(self._stack) == 1:
            if before:
                self._property(line[: line.upper().rindex(b"BEGIN")].rstrip())
            self._event, self._loose = [], False
            self.defects.append(
                Defect(
                    ProblemCode.INDENTED, "has a BEGIN:VEVENT that does not begin its line; read all the same"
                )
            )
        elif b"DTSTART" in after and len(self._stack) == 1:
            self.note_loose_lines()
        else:
            self._property(line)

    def _begin(self, name: bytes, line: bytes) -> None:
        """Open a component: a calendar, one that is kept or passed over in it, or one nested in that."""
        self._loose = False
        if name == b"VCALENDAR":
            self._close_all()
            self.seen = True
            self.calendars.append(Calendar(properties={}, timezones={}, freebusy=[]))
            self._stack = [name]
        elif not self._stack:
            return
        elif len(self._stack) >= self._limits.depth:
            if not self._too_deep:
                message = "has components nested too deeply; the inner ones are skipped"
                self.defects.append(Defect(ProblemCode.TOO_DEEP, message))
            self._too_deep += 1
        elif len(self._stack) == 1 or name in _KEPT:
            self._stack = [*self._stack[:1], name]
            self._lines, self._gives_time = [], False
        else:
            self._stack.append(name)
            self._lines.append(line)

    def _end(self, name: bytes, line: bytes) -> None:
        """Close a component; an END without its BEGIN is a loose line."""
        if name == b"VCALENDAR":
            self._close_all()
        elif self._too_deep:
            self._too_deep -= 1
        elif name in self._stack[1:]:
            if len(self._stack) == 2:
                self._finish(name)
            else:
                self._lines.append(line)
            self._stack.pop()
        elif name == b"VEVENT" or self._stack:
            self.note_loose_lines()
            if len(self._stack) == 2 and self._stack[1] not in _TIMELESS:
                self._stack.pop()  # the component was meant that has no END of its own
        self._loose = False

    def _property(self, line: bytes) -> None:
        """Take in a line of the calendar itself, or of a component in it."""
        if self._too_deep:
            return
        if len(self._stack) > 1:
            if self._stack[1] in _KEPT:
                self._lines.append(line)
            elif len(self._stack) == 2 and _name(line) == b"DTSTART":
                self._gives_time = True
            return
        if _name(line) in _EVENT_LINES:
            self.note_loose_lines()
        found = parse_component((line,), _CALENDAR_PROPERTIES, 1000)
        for name, values in found.items():
            self.calendars[-1].properties.setdefault(name, []).extend(values)

    def _finish(self, name: bytes) -> None:
        """Keep a component of the calendar that has been closed, if it is of use."""
        calendar = self.calendars[-1]
        if name == b"VTIMEZONE":
            tzids = (split_line(line)[1].value for line in self._lines if _name(line) == b"TZID")
            calendar.timezones.setdefault(zone_key(next(tzids, b"")), b"\n".join(self._lines))
        elif name == b"VFREEBUSY":
            calendar.freebusy.append(b"\n".join(self._lines))
        elif self._gives_time and name not in _TIMELESS and not name.startswith(b"X-"):
            self.note_loose_lines()
        self._lines = []

    def _close_all(self) -> None:
        if len(self._stack) > 1:
            count = len(self._stack) - 1 + self._too_deep
            which = f"{count} components that are" if count > 1 else "a component that is"
            self.defects.append(Defect(ProblemCode.UNCLOSED, f"has {which} never closed"))
        self._stack, self._too_deep, self._lines, self._loose = [], 0, [], False

    def current(self) -> int:
        """Return the number of the calendar an event belongs to; stray events get one of their own."""
        self._loose = False
        if not self.calendars:
            self.calendars.append(Calendar(properties={}, timezones={}, freebusy=[]))
        return len(self.calendars) - 1

    def finish(self) -> None:
        """Note that nothing more comes."""
        if self._stack:
            self._close_all()
            self.defects.append(
                Defect(ProblemCode.TRUNCATED, "ends before END:VCALENDAR; events after the break are missing")
            )


def _name(line: bytes) -> bytes:
    """Return the name of a content line in upper case."""
    return split_line(line)[0].strip().upper()


_BEGIN = b"\nBEGIN:VEVENT"
_END = b"\nEND:VEVENT"
_START = b"\nDTSTART"


class Block(NamedTuple):
    """A VEVENT as unfolded lines (without BEGIN and END), and where it stands."""

    text: bytes
    calendar: int
    """Which of the document's calendars."""
    ordinal: int
    """How many VEVENTs stand before it in the document; below zero where its BEGIN does not begin a line."""


class Scan(NamedTuple):
    """A document after the first look."""

    calendars: tuple[Calendar, ...] = ()
    blocks: tuple[Block, ...] = ()
    events: int = 0
    defects: tuple[Defect, ...] = ()
    failure: Defect | None = None
    """Why the whole document counts as unread; everything else is empty then."""


# Where an event without END:VEVENT stops.
_STOP = re.compile(rb"\n(?:END:VCALENDAR|BEGIN:V(?:CALENDAR|TODO|JOURNAL|FREEBUSY|TIMEZONE))", re.IGNORECASE)


class _Cutter:
    """Takes a document's text, piece by piece, to its events and what stands outside of them."""

    def __init__(self, forgets: Forgets, limits: Limits) -> None:
        self._forgets = forgets
        self.outside = OutsideEvents(limits)
        self.blocks: list[Block] = []
        self._begins = 0
        """How many events have come whose BEGIN begins a line."""
        self._indented = 0
        """How many others."""
        self._waiting: list[bytes] = []
        """The segment whose end has not been seen."""

    @property
    def events(self) -> int:
        """How many events have come, forgotten ones included."""
        return self._begins + self._indented

    def feed(self, piece: bytes) -> None:
        """Take in the next piece of the text: whole lines, each preceded by its line break."""
        upper = piece.upper()
        before, *texts = upper.split(_BEGIN)
        at = len(before)
        if not texts:
            self._waiting.append(piece)
            return
        self._waiting.append(piece[:at])
        self._take_waiting()
        last = texts.pop()  # its end may be in the next piece
        neat = _is_neat(upper, at, len(upper) - len(last) - len(_BEGIN), len(texts))
        forgets = self._forgets
        for text in texts:
            after = at + len(_BEGIN) + len(text)
            if forgets(text, neat or _is_neat(text, 0, len(text), 1)):
                self._begins += 1
            else:
                self._take(piece[at:after])
            at = after
        self._waiting = [piece[at:]]

    def finish(self) -> None:
        """Take in what waits for more: nothing more comes."""
        self._take_waiting(last=True)
        self.outside.finish()

    def _take_waiting(self, last: bool = False) -> None:
        text = b"".join(self._waiting)
        self._waiting = []
        upper = text.upper()
        if not upper.startswith(_BEGIN):
            self._feed_outside(text)
        elif self._forgets(upper[len(_BEGIN) :], _is_neat(upper, 0, len(upper), 1)):
            self._begins += 1
        else:
            self._take(text, last)

    def _take(self, segment: bytes, last: bool = False) -> None:
        """Keep the event a segment begins with; what follows stands outside of it."""
        calendar = self.outside.current()
        end = segment.upper().find(_END)
        if end >= 0:
            behind, _, rest = segment[end + len(_END) :].partition(b"\n")
        else:
            stop = _STOP.search(segment)
            end = stop.start() if stop else len(segment)
            behind, rest = b"", segment[end:]
            if last and not stop:
                message = "ends inside an event, which is left out"
                self.outside.defects.append(Defect(ProblemCode.TRUNCATED, message, self._begins))
                self._begins += 1
                return
            message = "has no END:VEVENT; read as far as it goes"
            self.outside.defects.append(Defect(ProblemCode.UNCLOSED, message, self._begins))
        text = segment[len(_BEGIN) : end]
        inner = text.upper()
        if inner.count(b"\nBEGIN:") > inner.count(b"\nEND:"):
            message = "holds a component that is never closed; what follows in the event is left out"
            self.outside.defects.append(Defect(ProblemCode.UNCLOSED, message, self._begins))
        self.blocks.append(Block(text=text, calendar=calendar, ordinal=self._begins))
        self._begins += 1
        if behind.strip():
            self.outside.note_loose_lines()
        if rest:
            self._feed_outside(rest)

    def _feed_outside(self, text: bytes) -> None:
        self.outside.feed(text)
        for event in self.outside.events:
            self._indented += 1
            calendar = self.outside.current()
            self.blocks.append(Block(text=event, calendar=calendar, ordinal=-self._indented))
        self.outside.events.clear()


def _is_neat(upper: bytes, start: int, end: int, events: int) -> bool:
    """Tell whether there are as many ENDs and starts as events: none holds lines of another.

    All the events of a piece are looked at together, which costs less than one after the other.
    """
    return upper.count(_END, start, end) == events and upper.count(_START, start, end) <= events


def scan(document: Document, forgets: Forgets, limits: Limits) -> Scan:
    """Return a document's calendars and those of its events that `forgets` does not leave out.

    Never raises for what the document holds, or for its not being readable: that is the scan's `failure`.
    """
    cutter = _Cutter(forgets, limits)
    empty = True
    try:
        with document.open() as stream:
            pieces = LogicalText(stream, limits.file_bytes)
            for piece in pieces:
                empty = empty and not piece.strip()
                cutter.feed(piece)
    except TooLarge:
        size = limits.file_bytes >> 20
        return Scan(
            failure=Defect(ProblemCode.TOO_LARGE, f"is larger than {size} MiB; --max-size allows more")
        )
    except SourceError as error:
        return Scan(failure=Defect(ProblemCode.UNREADABLE, str(error)))
    except OSError as error:
        return Scan(
            failure=Defect(
                ProblemCode.UNREADABLE, f"cannot be read: {error.strerror or 'input/output error'}"
            )
        )
    if empty:
        return Scan(
            failure=Defect(ProblemCode.EMPTY, "is empty, which is not the same as a calendar without events")
        )
    cutter.finish()
    outside = cutter.outside
    if not outside.seen:
        return Scan(failure=Defect(ProblemCode.NOT_A_CALENDAR, "is no calendar: its format is not .ics"))
    if _yields_nothing(cutter):
        message = "is cut off before anything in it is complete; export or download it again"
        return Scan(failure=Defect(ProblemCode.TRUNCATED, message))
    defects = outside.defects + _encoding_defects(pieces.encoding, cutter.blocks)
    return Scan(
        calendars=tuple(outside.calendars),
        blocks=tuple(cutter.blocks),
        events=cutter.events,
        defects=tuple(defects),
    )


def _yields_nothing(cutter: _Cutter) -> bool:
    """Tell whether the document breaks off, and nothing whole stands before the break."""
    torn = sum(defect.code is ProblemCode.TRUNCATED for defect in cutter.outside.defects)
    inside = sum(d.code is ProblemCode.TRUNCATED and d.ordinal is not None for d in cutter.outside.defects)
    return torn > 0 and cutter.events == inside and not any(c.freebusy for c in cutter.outside.calendars)


def _encoding_defects(encoding: str, blocks: list[Block]) -> list[Defect]:
    if encoding:
        return [Defect(ProblemCode.ENCODING, f"is not UTF-8 but {encoding.upper()[:6]}; read as such")]
    if all(block.text.isascii() or _is_utf8(block.text) for block in blocks):
        return []
    return [Defect(ProblemCode.ENCODING, "is not UTF-8; such texts are read as Windows-1252")]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
