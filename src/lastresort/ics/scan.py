"""The first look at a document: bytes are cut into calendars and events, and events that provably lie outside the
window are forgotten on the spot.

A document is read once, in pieces, cut at every BEGIN:VEVENT. What stands between events (calendar properties,
time zones, free/busy) is always read. An event is only ever left out by `OutsideProof`, which works on upper-cased
bytes and believes nothing it cannot see: all else is kept and parsed.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import SourceError
from lastresort.ics.lines import Component, LogicalText, TooLarge, parse_component, split_line
from lastresort.ics.problems import ProblemCode

if TYPE_CHECKING:
    from lastresort.model import Document, Interval, Limits

_BEGIN = b"\nBEGIN:VEVENT"
_END = b"\nEND:VEVENT"

MARGIN = timedelta(days=3)
"""Around the window: zones, nominal days, midnight and travel move an event by less."""

Leaves = Callable[[bytes, bytes, int, int], bool]
"""Tells whether the event in `text[start:end]` may be left out; also given the text in upper case."""


class Block(NamedTuple):
    """A VEVENT as unfolded lines (without BEGIN and END), and where it stands."""

    text: bytes
    calendar: int
    """Which of the document's calendars."""
    ordinal: int
    """How many VEVENTs stand before it in the document."""


class Calendar(NamedTuple):
    """What a VCALENDAR says besides its events."""

    properties: Component
    timezones: dict[bytes, bytes]
    """The lines of each VTIMEZONE by its TZID as written."""
    freebusy: list[bytes]
    """The lines of each VFREEBUSY."""


class Defect(NamedTuple):
    """Something wrong with the document's frame; `ordinal` is the event it happened in."""

    code: ProblemCode
    message: str
    ordinal: int | None = None


class Scan(NamedTuple):
    """A document after the first look."""

    calendars: tuple[Calendar, ...] = ()
    blocks: tuple[Block, ...] = ()
    events: int = 0
    defects: tuple[Defect, ...] = ()
    failure: Defect | None = None
    """Why the whole document counts as unread; everything else is empty then."""


class OutsideProof:
    """Leaves out events that cannot touch the window, whatever their zone, and remembers their UIDs.

    A UID is needed because an older revision, or an instance of the same series, may stand inside the window:
    then the event is fetched after all. Eight bytes of hash are kept for each.
    """

    __slots__ = ("others", "overrides", "since", "until")

    def __init__(self, window: Interval) -> None:
        self.since = _day_before(window.start)
        self.until = _day_after(window.end)
        self.others = array("q")
        """UIDs of events that are left out and are no instance of a series."""
        self.overrides = array("q")
        """UIDs of left-out events that have a RECURRENCE-ID."""

    def __call__(self, text: bytes, upper: bytes, start: int, end: int) -> bool:
        find = upper.find
        at = find(b"\nDTSTART", start, end)
        if at < 0 or not upper.endswith(_END, start, end):
            return False
        first = _date_at(upper, at + 8, end)
        if not first or self.since <= first <= self.until:
            return False
        last = find(b"\nDTEND", start, end)
        if last < 0:
            final = first if find(b"\nDURATION", start, end) < 0 else b""
        else:
            final = _date_at(upper, last + 6, end)
        uids = self.others
        if find(b"\nR", start, end) >= 0:
            kind, final = self._recurring(upper, start, end, first, final)
            if kind is None:
                return False
            uids = kind
        if first <= self.until and not b"" < final < self.since:
            return False
        uid = find(b"\nUID:", start, end)
        if find(b"\nBEGIN:", start, max(at, last, uid)) >= 0 or find(b"\nDTSTART", at + 8, end) >= 0:
            return False  # these times may be an alarm's; of two starts both matter
        if uid >= 0:
            uids.append(hash(text[uid + 5 : text.find(b"\n", uid + 5, end)].strip()))
            return True
        return find(b"\nUID", start, end) < 0

    def _recurring(
        self, upper: bytes, start: int, end: int, first: bytes, final: bytes
    ) -> tuple[array[int] | None, bytes]:
        """Return where the UID belongs and the last day on which the event can take time; `None`: keep it.

        The day is empty when nothing bounds it.
        """
        block = upper[start:end]
        if b"\nRDATE" in block or b"\nX-RDATE" in block:
            return None, b""
        if b"\nRECURRENCE-ID" in block:
            return self._override(block), final
        rules = block.count(b"\nRRULE")
        if not rules:
            return self.others, final
        if first > self.until:
            return self.others, b""
        if rules > 1 or not final:
            return None, b""
        return self.others, _series_end(block, first, final)

    def _override(self, block: bytes) -> array[int] | None:
        """An instance is left out when its original day is outside too and it speaks for itself alone."""
        at = block.find(b"\nRECURRENCE-ID")
        line = block[at + 1 : block.find(b"\n", at + 1)]
        day = _date_at(block, at + 14, len(block))
        if not day or self.since <= day <= self.until or b"RANGE" in line or b"\nRRULE" in block:
            return None
        if block.count(b"\nRECURRENCE-ID") > 1 or block.find(b"\nBEGIN:", 0, at) >= 0:
            return None
        return self.overrides


class Recall:
    """Leaves out what a proof leaves out, save events of these UIDs: for the second look."""

    __slots__ = ("_proof", "_wanted")

    def __init__(self, proof: OutsideProof, wanted: set[int]) -> None:
        self._proof, self._wanted = proof, wanted

    def __call__(self, text: bytes, upper: bytes, start: int, end: int) -> bool:
        others, overrides = self._proof.others, self._proof.overrides
        before = len(others), len(overrides)
        if not self._proof(text, upper, start, end):
            return True  # the first look has it
        new = others[before[0] :] or overrides[before[1] :]
        return not new or new[0] not in self._wanted


def keep_all(text: bytes, upper: bytes, start: int, end: int) -> bool:  # noqa: ARG001 - a `Leaves`
    """Leave nothing out."""
    return False


def _day_before(moment: date) -> bytes:
    if moment.toordinal() <= MARGIN.days + 1:
        return b"00000000"
    return _digits(moment.toordinal() - MARGIN.days)


def _day_after(moment: date) -> bytes:
    if moment.toordinal() + MARGIN.days >= date.max.toordinal():
        return b"99999999"
    return _digits(moment.toordinal() + MARGIN.days)


def _digits(ordinal: int) -> bytes:
    return date.fromordinal(ordinal).isoformat().replace("-", "").encode()


def _date_at(upper: bytes, at: int, end: int) -> bytes:
    """Return the eight digits of the date in the property whose name ends at `at`; empty when it is not plain to see."""
    colon = upper.find(b":", at, end)
    mark = upper[at]
    if mark == 59:  # ";": a quoted parameter may hold colons
        if upper.find(b'"', at, colon) >= 0:
            return b""
    elif mark != 58:
        return b""
    value = upper[colon + 1 : upper.find(b"\n", colon, end)]
    if len(value) not in (8, 15, 16) or not value[:8].isdigit():
        return b""
    return value[:8]


@cache
def _rule_form() -> re.Pattern[bytes]:
    return re.compile(
        rb"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)"
        rb"(?:;WKST=[A-Z]{2}|;INTERVAL=(?P<interval>\d{1,4})|;COUNT=(?P<count>\d{1,5})|;UNTIL=(?P<until>\d{8})(?:T\d{6}Z?)?"
        rb"|;BYDAY=(?P<byday>[A-Z0-9,-]+)|;BYMONTHDAY=(?P<bymonthday>\d{1,2}))*"
    )


_PERIOD = {b"DAILY": 1, b"WEEKLY": 7, b"MONTHLY": 31, b"YEARLY": 366}
_STEADY_DAY = re.compile(rb"(?:[1-4]|-1)?[A-Z]{2}")


def _series_end(block: bytes, first: bytes, final: bytes) -> bytes:
    """Return the last day a series can take time on, from UNTIL or COUNT; empty when neither bounds it for certain."""
    at = block.find(b"\nRRULE")
    value = block[block.find(b":", at) + 1 : block.find(b"\n", at + 1)]
    rule = _rule_form().fullmatch(value)
    if not rule or any(
        value.count(part) > 1 for part in (b"UNTIL", b"COUNT", b"INTERVAL", b"BYDAY", b"BYMONTHDAY")
    ):
        return b""
    try:
        begins = date.fromisoformat(first.decode())
        length = max((date.fromisoformat(final.decode()) - begins).days, 0)
        ends = _until_end(rule) or _count_end(rule, begins)
        return _digits(ends.toordinal() + length + 1) if ends else b""
    except (ValueError, OverflowError):
        return b""


def _until_end(rule: re.Match[bytes]) -> date | None:
    return date.fromisoformat(rule["until"].decode()) if rule["until"] else None


def _count_end(rule: re.Match[bytes], begins: date) -> date | None:
    """Bound the last of COUNT instances of a rule that has one in each period (or every day it asks for)."""
    if not rule["count"] or (rule[1] == b"DAILY" and rule["byday"]) or begins.day > 28:
        return None
    days = (rule["byday"] or b"MO").split(b",")
    if not all(_STEADY_DAY.fullmatch(day) for day in days) or int(rule["bymonthday"] or 1) > 28:
        return None
    if rule["bymonthday"] and (rule["byday"] or rule[1] != b"MONTHLY"):
        return None
    periods = (int(rule["count"]) + 1) * max(int(rule["interval"] or 1), 1)
    return begins + timedelta(days=periods * _PERIOD[rule[1]])


_CALENDAR_PROPERTIES = frozenset(
    (b"METHOD", b"PRODID", b"VERSION", b"X-WR-CALNAME", b"X-WR-TIMEZONE", b"X-CALEND", b"X-OWNER")
)


class _Frame:
    """What stands outside events, line by line: the calendars of a document, and whether they were closed."""

    __slots__ = ("_lines", "_limits", "_stack", "_too_deep", "calendars", "defects", "seen")

    def __init__(self, limits: Limits) -> None:
        self.calendars: list[Calendar] = []
        self.defects: list[Defect] = []
        self.seen = False
        """Whether any VCALENDAR or VEVENT came."""
        self._limits = limits
        self._stack: list[bytes] = []
        self._too_deep = 0
        self._lines: list[bytes] = []

    def feed(self, text: bytes) -> None:
        for line in text.split(b"\n"):
            if not line:
                continue
            head = line[:6].upper()
            if head == b"BEGIN:":
                self._begin(line[6:].strip().upper(), line)
            elif head[:4] == b"END:":
                self._end(line[4:].strip().upper(), line)
            elif self._stack:
                self._property(line)

    def _begin(self, name: bytes, line: bytes) -> None:
        if name == b"VCALENDAR":
            self._close_all()
            self.seen = True
            self.calendars.append(Calendar({}, {}, []))
            self._stack = [name]
        elif not self._stack:
            return
        elif len(self._stack) >= self._limits.depth:
            if not self._too_deep:
                self.defects.append(
                    Defect(
                        ProblemCode.TOO_DEEP, "components are nested too deeply; the inner ones are skipped"
                    )
                )
            self._too_deep += 1
        elif len(self._stack) == 1 or name in (b"VTIMEZONE", b"VFREEBUSY"):
            self._stack = [*self._stack[:1], name]
            self._lines = []
        else:
            self._stack.append(name)
            self._lines.append(line)

    def _end(self, name: bytes, line: bytes) -> None:
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

    def _property(self, line: bytes) -> None:
        if self._too_deep:
            return
        if len(self._stack) > 1:
            if self._stack[1] in (b"VTIMEZONE", b"VFREEBUSY"):
                self._lines.append(line)
            return
        found = parse_component((line,), _CALENDAR_PROPERTIES, 1000)
        for name, values in found.items():
            self.calendars[-1].properties.setdefault(name, []).extend(values)

    def _finish(self, name: bytes) -> None:
        calendar = self.calendars[-1]
        if name == b"VTIMEZONE":
            tzid = next(
                (
                    split_line(line)[1].value
                    for line in self._lines
                    if line[:5].upper() in (b"TZID:", b"TZID;")
                ),
                b"",
            )
            calendar.timezones.setdefault(tzid.strip(), b"\n".join(self._lines))
        elif name == b"VFREEBUSY":
            calendar.freebusy.append(b"\n".join(self._lines))
        self._lines = []

    def _close_all(self) -> None:
        if len(self._stack) > 1:
            self.defects.append(
                Defect(
                    ProblemCode.UNCLOSED,
                    f"{len(self._stack) - 1 + self._too_deep} components are never closed",
                )
            )
        self._stack, self._too_deep, self._lines = [], 0, []

    def current(self) -> int:
        """Return the number of the calendar an event belongs to; events before any calendar get one of their own."""
        if not self.calendars:
            self.seen = True
            self.calendars.append(Calendar({}, {}, []))
            self.defects.append(
                Defect(ProblemCode.TRUNCATED, "has events but no BEGIN:VCALENDAR; its beginning is missing")
            )
        return len(self.calendars) - 1

    def finish(self) -> None:
        if self._stack:
            self._close_all()
            self.defects.append(
                Defect(ProblemCode.TRUNCATED, "ends before END:VCALENDAR; events after the break are missing")
            )


# Where an event without END:VEVENT stops.
_STOP = re.compile(rb"\n(?:END:VCALENDAR|BEGIN:V(?:CALENDAR|TODO|JOURNAL|FREEBUSY|TIMEZONE))", re.IGNORECASE)


class _Cutter:
    """Takes a document's text, piece by piece, to its events and its frame."""

    def __init__(self, leaves: Leaves, limits: Limits) -> None:
        self._leaves = leaves
        self.frame = _Frame(limits)
        self.blocks: list[Block] = []
        self.events = 0
        self._waiting: list[bytes] = []
        """The segment whose end has not been seen."""

    def feed(self, piece: bytes) -> None:
        upper = piece.upper()
        find, leaves = upper.find, self._leaves
        begin = find(_BEGIN)
        if begin < 0:
            self._waiting.append(piece)
            return
        self._waiting.append(piece[:begin])
        self._take_waiting()
        after = find(_BEGIN, begin + 13)
        while after >= 0:
            if leaves(piece, upper, begin + 13, after):
                self.events += 1
            else:
                self._take(piece[begin:after])
            begin, after = after, find(_BEGIN, after + 13)
        self._waiting = [piece[begin:]]

    def finish(self) -> None:
        self._take_waiting(last=True)
        self.frame.finish()

    def _take_waiting(self, last: bool = False) -> None:
        text = b"".join(self._waiting)
        self._waiting = []
        upper = text.upper()
        if not upper.startswith(_BEGIN):
            self.frame.feed(text)
        elif self._leaves(text, upper, 13, len(text)):
            self.events += 1
        else:
            self._take(text, last)

    def _take(self, segment: bytes, last: bool = False) -> None:
        """Keep the event a segment begins with; what follows it belongs to the calendar's frame."""
        calendar = self.frame.current()
        end = segment.upper().rfind(_END)
        if end >= 0:
            rest = segment[end + len(_END) :]
        else:
            stop = _STOP.search(segment)
            end = stop.start() if stop else len(segment)
            rest = segment[end:]
            if last and not stop:
                self.frame.defects.append(
                    Defect(ProblemCode.TRUNCATED, "ends inside an event, which is left out", self.events)
                )
                self.events += 1
                return
            self.frame.defects.append(
                Defect(ProblemCode.UNCLOSED, "has no END:VEVENT; read as far as it goes", self.events)
            )
        self.blocks.append(Block(segment[13:end], calendar, self.events))
        self.events += 1
        if rest:
            self.frame.feed(rest)


def scan(document: Document, leaves: Leaves, limits: Limits) -> Scan:
    """Return a document's calendars and those of its events that `leaves` does not leave out.

    Never raises for what the document holds, or for its not being readable: that is the scan's `failure`.
    """
    cutter = _Cutter(leaves, limits)
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
    if not frame.seen and not cutter.events:
        return Scan(failure=Defect(ProblemCode.NOT_A_CALENDAR, "is no calendar: it holds no BEGIN:VCALENDAR"))
    defects = frame.defects + _encoding_defects(pieces.encoding, cutter.blocks)
    return Scan(tuple(frame.calendars), tuple(cutter.blocks), cutter.events, tuple(defects))


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
