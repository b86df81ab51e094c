"""What stands between a document's events: its calendars with their properties, time zones and free/busy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.lines import Component, parse_component, split_line
from lastresort.ics.problems import ProblemCode
from lastresort.ics.values import first_text

if TYPE_CHECKING:
    from lastresort.model import Limits


class Calendar(NamedTuple):
    """What a VCALENDAR says besides its events."""

    properties: Component
    timezones: dict[bytes, bytes]
    """The lines of each VTIMEZONE by the `zone_key` of its TZID."""
    freebusy: list[bytes]
    """The lines of each VFREEBUSY."""

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


_CALENDAR_PROPERTIES = frozenset(
    (b"METHOD", b"PRODID", b"VERSION", b"X-WR-CALNAME", b"X-WR-TIMEZONE", b"X-CALEND", b"X-OWNER")
)


def zone_key(tzid: bytes) -> bytes:
    """Return what TZIDs are compared by: a VTIMEZONE has it as TEXT, with escapes, a time as a parameter."""
    return tzid.replace(b"\\", b"").strip(b' "')


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


class Frame:
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
                self._event_line(line)
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

    def _event_line(self, line: bytes) -> None:
        assert self._event is not None
        if line.strip().upper() != b"END:VEVENT":
            self._event.append(line)
            return
        self.events.append(b"".join(b"\n" + each for each in self._event))
        self._event = None

    def _begin(self, name: bytes, line: bytes) -> None:
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
