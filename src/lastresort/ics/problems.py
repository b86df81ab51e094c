"""What can go wrong while reading, in a small fixed vocabulary, and the log that keeps it short."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from lastresort.errors import SourceError
from lastresort.ics import encodings
from lastresort.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.model import Document

SHOWN = 20
"""Problems of one code told apart for each source; a thousand broken events say one thing."""


class ProblemCode(StrEnum):
    """Why something was not read, or was read with a doubt. The first group may cost time."""

    UNREADABLE = "unreadable"
    """The source could not be opened or read to its end."""
    TOO_LARGE = "too-large"
    EMPTY = "empty"
    NOT_A_CALENDAR = "not-a-calendar"
    """Bytes, but no VCALENDAR: a sign-in page, an archive, a picture."""
    TRUNCATED = "truncated"
    """It ends before END:VCALENDAR, or inside an event."""
    UNCLOSED = "unclosed"
    """A component has no END of its own."""
    LOOSE_LINES = "loose-lines"
    """Lines that belong to no event: an END without its BEGIN, or a BEGIN that cannot be told."""
    NO_START = "no-start"
    BAD_START = "bad-start"
    BAD_END = "bad-end"
    BAD_DATE = "bad-date"
    """An EXDATE, RDATE or RECURRENCE-ID that is no date."""
    REPEATED = "repeated"
    """A property that may stand once stands twice; the first counts."""
    UNKNOWN_ZONE = "unknown-zone"
    """Read in the owner's zone, because nothing says what the TZID means."""
    RULE_CAPPED = "rule-capped"
    NEWER_ZONE = "newer-zone"
    """The file's VTIMEZONE contradicts the zone it names, and may be newer than the zone database."""
    UNCLEAR_CANCEL = "unclear-cancel"
    """A METHOD:CANCEL gives the time of one day of a series, and no RECURRENCE-ID."""
    TOO_MANY_DATES = "too-many-dates"
    BAD_FREEBUSY = "bad-freebusy"

    ENDS_BEFORE_START = "ends-before-start"
    """Takes no time."""
    STALE_ZONE = "stale-zone"
    """The file's VTIMEZONE contradicts the zone it names; the name wins."""
    INDENTED = "indented"
    """A BEGIN:VEVENT that does not begin its line; the event is read."""
    ENCODING = "encoding"
    """Not UTF-8; read as Windows-1252, or as UTF-16."""
    TOO_DEEP = "too-deep"
    CUT = "cut"
    """A text longer than is kept."""
    ENDS_EARLY = "ends-early"
    """The producer publishes less than the window asks for."""


HARMLESS = frozenset((ProblemCode.TOO_DEEP, ProblemCode.ENCODING, ProblemCode.INDENTED))
"""Codes of a document's frame that lose no time."""


class EventPlace(NamedTuple):
    """An event by the number of its document and the number of VEVENTs before it there."""

    document: int
    ordinal: int


class ProblemLog:
    """Collects problems; of many alike in one source the first ones are kept and the others counted."""

    __slots__ = ("_counts", "_kept")

    def __init__(self) -> None:
        self._kept: list[tuple[Problem, EventPlace | None]] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, problem: Problem, place: EventPlace | None = None) -> None:
        """Keep the problem and the event it is about, or only count it when many alike are kept."""
        key = (problem.source, problem.code)
        self._counts[key] += 1
        if self._counts[key] <= SHOWN:
            self._kept.append((problem, place))

    def places(self) -> Iterator[EventPlace]:
        """Yield the events that problems are about; one comes as often as it has problems."""
        return (place for _, place in self._kept if place)

    def problems(self, lines: Mapping[EventPlace, int]) -> tuple[Problem, ...]:
        """Return what was kept, in the order of adding, and a last word on what was only counted."""
        told = [
            problem._replace(line=lines.get(place)) if place else problem for problem, place in self._kept
        ]
        lost = {(problem.source, problem.code): problem.lost for problem in told}
        more = [
            Problem(source, code, f"and {count - SHOWN} more like this ({code})", lost=lost[source, code])
            for (source, code), count in self._counts.items()
            if count > SHOWN
        ]
        return (*told, *more)


_CHUNK = 1 << 20


def find_lines(documents: Sequence[Document], places: Iterable[EventPlace]) -> dict[EventPlace, int]:
    """Return the line, from 1, on which each event begins; none where a document cannot be read again."""
    wanted: dict[int, set[int]] = {}
    for place in places:
        wanted.setdefault(place.document, set()).add(place.ordinal)
    found: dict[EventPlace, int] = {}
    for number, ordinals in wanted.items():
        with suppress(OSError, SourceError), documents[number].open() as stream:
            starts = islice(enumerate(_event_lines(stream)), max(ordinals) + 1)
            found |= {EventPlace(number, ordinal): line for ordinal, line in starts if ordinal in ordinals}
    return found


_FOLD = rb"(?:\n[ \t])?"
_BEGIN = rb"(?i)\n" + _FOLD.join(bytes((char,)) for char in b"BEGIN:VEVENT")
"""BEGIN:VEVENT in any case, folds anywhere in it."""


def _event_lines(stream: BinaryIO) -> Iterator[int]:
    """Yield the line on which each event begins, from 1."""
    repair = None
    rest, line = b"\n", 0
    while raw := stream.read(_CHUNK):
        repair = repair or encodings.find_repair(raw)
        text = rest + repair(raw)
        at = 0
        for found in re.finditer(_BEGIN, text):
            line += text.count(b"\n", at, found.start() + 1)
            at = found.start() + 1
            yield line
        # what may be the beginning of a BEGIN:VEVENT waits for the next chunk
        keep = max(at, text.rfind(b"\n", 0, max(len(text) - 60, 0)), 0)
        line += text.count(b"\n", at, keep)
        rest = text[keep:]
