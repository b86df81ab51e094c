"""The first look at a document: its bytes are cut into calendars and events.

A document is read once, in pieces, cut at every BEGIN:VEVENT. What stands between events is always read.
Which events are forgotten on the spot is for `proof` to say; all others are kept, still as bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import SourceError
from lastresort.ics.frame import Calendar, Defect, Frame
from lastresort.ics.lines import LogicalText, TooLarge
from lastresort.ics.problems import ProblemCode

if TYPE_CHECKING:
    from lastresort.ics.prefilter import Forgets
    from lastresort.model import Document, Limits

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
    """Takes a document's text, piece by piece, to its events and its frame."""

    def __init__(self, forgets: Forgets, limits: Limits) -> None:
        self._forgets = forgets
        self.frame = Frame(limits)
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
        self._take_waiting(last=True)
        self.frame.finish()

    def _take_waiting(self, last: bool = False) -> None:
        text = b"".join(self._waiting)
        self._waiting = []
        upper = text.upper()
        if not upper.startswith(_BEGIN):
            self._feed_frame(text)
        elif self._forgets(upper[len(_BEGIN) :], _is_neat(upper, 0, len(upper), 1)):
            self._begins += 1
        else:
            self._take(text, last)

    def _take(self, segment: bytes, last: bool = False) -> None:
        """Keep the event a segment begins with; what follows it belongs to the calendar's frame."""
        calendar = self.frame.current()
        end = segment.upper().find(_END)
        if end >= 0:
            behind, _, rest = segment[end + len(_END) :].partition(b"\n")
        else:
            stop = _STOP.search(segment)
            end = stop.start() if stop else len(segment)
            behind, rest = b"", segment[end:]
            if last and not stop:
                message = "ends inside an event, which is left out"
                self.frame.defects.append(Defect(ProblemCode.TRUNCATED, message, self._begins))
                self._begins += 1
                return
            message = "has no END:VEVENT; read as far as it goes"
            self.frame.defects.append(Defect(ProblemCode.UNCLOSED, message, self._begins))
        text = segment[len(_BEGIN) : end]
        if _has_open_component(text):
            message = "holds a component that is never closed; what follows in the event is left out"
            self.frame.defects.append(Defect(ProblemCode.UNCLOSED, message, self._begins))
        self.blocks.append(Block(text=text, calendar=calendar, ordinal=self._begins))
        self._begins += 1
        if behind.strip():
            self.frame.note_loose_lines()
        if rest:
            self._feed_frame(rest)

    def _feed_frame(self, text: bytes) -> None:
        self.frame.feed(text)
        for event in self.frame.events:
            self._indented += 1
            calendar = self.frame.current()
            self.blocks.append(Block(text=event, calendar=calendar, ordinal=-self._indented))
        self.frame.events.clear()


def _is_neat(upper: bytes, start: int, end: int, events: int) -> bool:
    """Tell whether there are as many ENDs and starts as events: none holds lines of another.

    All the events of a piece are looked at together, which costs less than one after the other.
    """
    return upper.count(_END, start, end) == events and upper.count(_START, start, end) <= events


def _has_open_component(text: bytes) -> bool:
    """Tell whether a component inside an event lacks its END."""
    upper = text.upper()
    return upper.count(b"\nBEGIN:") > upper.count(b"\nEND:")


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
    frame = cutter.frame
    if not frame.seen:
        return Scan(failure=Defect(ProblemCode.NOT_A_CALENDAR, "is no calendar: it holds no BEGIN:VCALENDAR"))
    if _yields_nothing(cutter):
        message = "is cut off before anything in it is complete; export or download it again"
        return Scan(failure=Defect(ProblemCode.TRUNCATED, message))
    defects = frame.defects + _encoding_defects(pieces.encoding, cutter.blocks)
    return Scan(tuple(frame.calendars), tuple(cutter.blocks), cutter.events, tuple(defects))


def _yields_nothing(cutter: _Cutter) -> bool:
    """Tell whether the document breaks off, and nothing whole stands before the break."""
    torn = sum(defect.code is ProblemCode.TRUNCATED for defect in cutter.frame.defects)
    inside = sum(d.code is ProblemCode.TRUNCATED and d.ordinal is not None for d in cutter.frame.defects)
    return torn > 0 and cutter.events == inside and not any(c.freebusy for c in cutter.frame.calendars)


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
