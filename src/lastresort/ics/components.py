"""What stands between a document's events: its calendars with their properties, time zones and free/busy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.lines import Component, parse_component, split_line
from lastresort.ics.problems import ProblemCode

if TYPE_CHECKING:
    from lastresort.model import Limits


class Calendar(NamedTuple):
    """What a VCALENDAR says besides its events."""

    properties: Component
    timezones: dict[bytes, bytes]
    """The lines of each VTIMEZONE by the `zone_key` of its TZID."""
    freebusy: list[bytes]
    """The lines of each VFREEBUSY."""


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


def _count(components: int) -> str:
    return f"{components} components that are" if components > 1 else "a component that is"


class Frame:
    """What stands outside events, line by line: the calendars of a document, and whether they were closed."""

    __slots__ = ("_limits", "_lines", "_stack", "_too_deep", "calendars", "defects", "seen")

    def __init__(self, limits: Limits) -> None:
        self.calendars: list[Calendar] = []
        self.defects: list[Defect] = []
        self.seen = False
        """Whether any VCALENDAR came."""
        self._limits = limits
        self._stack: list[bytes] = []
        self._too_deep = 0
        self._lines: list[bytes] = []

    def feed(self, text: bytes) -> None:
        """Take in text from between two events: whole lines."""
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
                        ProblemCode.TOO_DEEP, "has components nested too deeply; the inner ones are skipped"
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
            calendar.timezones.setdefault(zone_key(tzid), b"\n".join(self._lines))
        elif name == b"VFREEBUSY":
            calendar.freebusy.append(b"\n".join(self._lines))
        self._lines = []

    def _close_all(self) -> None:
        if len(self._stack) > 1:
            self.defects.append(
                Defect(
                    ProblemCode.UNCLOSED,
                    f"has {_count(len(self._stack) - 1 + self._too_deep)} never closed",
                )
            )
        self._stack, self._too_deep, self._lines = [], 0, []

    def current(self) -> int:
        """Return the number of the calendar an event belongs to; stray events get one of their own."""
        if not self.calendars:
            self.calendars.append(Calendar({}, {}, []))
        return len(self.calendars) - 1

    def finish(self) -> None:
        """Note that nothing more comes."""
        if self._stack:
            self._close_all()
            self.defects.append(
                Defect(ProblemCode.TRUNCATED, "ends before END:VCALENDAR; events after the break are missing")
            )
