"""The nouns every room shares: intervals, people, events, their occurrences, and what could not be read.

Values are named tuples: immutable, compared by value, and an order of magnitude cheaper to define at
start-up than frozen data classes. Every instant is an aware `datetime` in UTC; the zone somebody thinks in
is carried beside it by name, and only the edges convert.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import BinaryIO, NamedTuple

ZERO = timedelta(0)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Interval(NamedTuple):
    """A half-open stretch of time `[start, end)`, both in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """The time between start and end, exact (not nominal)."""
        return self.end - self.start

    @property
    def minutes(self) -> int:
        """Whole minutes between start and end, rounded down."""
        return int((self.end - self.start) // timedelta(minutes=1))

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether some instant lies in both. Intervals that only touch do not overlap."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: "Interval") -> bool:
        """Tell whether all of `other` lies inside."""
        return self.start <= other.start and other.end <= self.end

    def widened(self, before: timedelta, after: timedelta) -> "Interval":
        """Return the interval with `before` added in front and `after` behind."""
        return Interval(self.start - before, self.end + after)

    def minus(self, taken: "Iterable[Interval]") -> "tuple[Interval, ...]":
        """Return what is left when all of `taken` is taken out, in order."""
        left: list[Interval] = []
        start = self.start
        for one in sorted(one for one in taken if one.start < one.end and one.overlaps(self)):
            if one.start > start:
                left.append(Interval(start, one.start))
            start = max(start, one.end)
        if start < self.end:
            left.append(Interval(start, self.end))
        return tuple(left)

    def shared(self, other: "Interval") -> timedelta:
        """Return how long both last together; zero when they do not overlap."""
        return max(min(self.end, other.end) - max(self.start, other.start), ZERO)


class Busy(StrEnum):
    """How far an occurrence takes its owner's time."""

    CLASH = "clash"
    CHECK = "check"
    IGNORE = "ignore"


class BusyReason(StrEnum):
    """Why an occurrence has its `Busy` level; the values are the contract's reason codes."""

    BUSY = "busy"
    TENTATIVE = "tentative"
    UNANSWERED = "unanswered"
    ALL_DAY = "all-day"
    OUT_OF_OFFICE = "out-of-office"
    FREE = "free"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    WORKING_ELSEWHERE = "working-elsewhere"
    BIRTHDAY = "birthday"
    DUPLICATE = "duplicate"
    TIGHT = "tight"
    """Of a clash: only the room to breathe around an interview is touched."""
    JOURNEY = "journey"
    """Of a clash: the interview lies just before or after a flight or a train."""
    ARRANGED = "arranged"
    """Of a clash: those concerned have agreed already."""


class Person(NamedTuple):
    """An ORGANIZER or ATTENDEE. `address` is lower-case without `mailto:`, `None` when it is no address."""

    address: str | None
    name: str = ""
    partstat: str = ""
    cutype: str = ""


class Mail(NamedTuple):
    """The mail that brought an invitation, as far as it tells more than the event. Text is decoded."""

    subject: str = ""
    text: str = ""
    """The body as plain text, quoted older mails and the footers of mailing services included."""
    sender: Person | None = None
    reply_to: Person | None = None
    date: datetime | None = None
    """When it was sent, with the offset it was sent at; `None` when its Date tells none."""

    @property
    def people(self) -> tuple[Person, ...]:
        """Whom an answer may go to, first choice first."""
        return tuple(person for person in (self.reply_to, self.sender) if person)


class Limits(NamedTuple):
    """How much of a stranger's input is read before it is cut off with a `Problem`."""

    file_bytes: int = 64 << 20
    value_bytes: int = 1 << 20
    depth: int = 8
    dates: int = 20_000
    """RDATE and EXDATE values of one event."""
    steps: int = 100_000
    """Recurrence steps of one event."""
    event_seconds: float = 0.3
    run_seconds: float = 6.0


class Document(NamedTuple):
    """Calendar bytes that can be read, and where they stand. `open` gives a fresh binary stream each time."""

    name: str
    """How the user calls it: the path as given, `archive.zip/work.ics`, a feed's host. Never a secret."""
    source: str
    """The entry of the report's `sources` it belongs to: a file, folder, archive member, feed."""
    open: Callable[[], BinaryIO]
    calendar: str = ""
    """The calendar's name where the source knows one (a folder, a CalDAV display name)."""
    path: str | None = None
    """The file it can be written back to; `None` when read-only."""
    version: str | None = None
    """What proves that it is unchanged: a strong ETag, or nothing for files (their bytes are compared)."""
    method: str = ""
    """METHOD parameter of the mail part it came in (RFC 6047 2.4), upper case."""
    recipient: str = ""
    """Address the mail that carried it was sent to: a guess at the owner."""
    mail: Mail | None = None
    """The mail that carried it."""
    size: int | None = None


class Event(NamedTuple):
    """What one VEVENT says besides its times. Text is unescaped and unfolded, missing text is empty."""

    source: str
    uid: str | None
    document: str = ""
    """Name of the document it was read from."""
    summary: str = ""
    description: str = ""
    location: str = ""
    url: str = ""
    organizer: Person | None = None
    attendees: tuple[Person, ...] = ()
    categories: tuple[str, ...] = ()
    status: str = ""
    method: str = ""
    """METHOD of the calendar object that carried it (RFC 5546), upper case."""
    zone: str | None = None
    """IANA name of the zone DTSTART is written in, `"UTC"` for UTC; `None` for a date or a floating time."""
    tzid: str = ""
    """The TZID of DTSTART as written: a Windows name stands for a rule of offsets, not for a country."""
    calendar: str = ""
    """Name of the calendar it stands in (X-WR-CALNAME, or the folder's)."""
    priority: int = 0
    sequence: int = 0
    recurring: bool = False
    """Part of a series: an RRULE or RDATE, or an override of one."""
    travel: timedelta = ZERO
    """Time to travel before the start (X-APPLE-TRAVEL-DURATION)."""
    language: str = ""
    """LANGUAGE parameter of the summary, as written."""
    disallow_counter: bool = False
    """X-MICROSOFT-DISALLOW-COUNTER: the organiser takes no counter-proposals."""
    mail: Mail | None = None
    """The mail that brought it."""

    def is_mine(self, me: Collection[str]) -> bool:
        """Tell whether whoever has these addresses may change it: they organise it, or nobody does."""
        return self.organizer is None or self.organizer.address is None or self.organizer.address in me


class EventKey(NamedTuple):
    """Identity of an occurrence: one invitation often stands in two calendars, so the source counts."""

    source: str
    uid: str | None
    recurrence_id: datetime | None


class Occurrence(NamedTuple):
    """One busy or free time of an event. `interval` is without travel; an all-day one runs from midnight to
    midnight of the reader's zone."""

    event: Event
    interval: Interval
    busy: Busy
    reason: BusyReason
    recurrence_id: datetime | None = None
    """The original start in UTC of an instance of a series; `None` for an event that happens once."""
    all_day: bool = False

    @property
    def key(self) -> EventKey:
        """The identity under which pins, clashes and changes name this occurrence.

        Without a UID, title and times have to do: two such events must never pass for one.
        """
        if self.event.uid is None:
            stand_in = f"\0{self.event.summary[:200]}\0{self.interval.end.isoformat()}"
            return EventKey(self.event.source, stand_in, self.interval.start)
        return EventKey(self.event.source, self.event.uid, self.recurrence_id)

    @property
    def blocked(self) -> Interval:
        """The time it takes with the travel before it."""
        travel = self.event.travel
        return Interval(self.interval.start - travel, self.interval.end) if travel else self.interval


class Signature(NamedTuple):
    """Who signs the drafts. Empty parts are phrased around."""

    name: str = ""
    phone: str = ""


class Problem(NamedTuple):
    """Something that was not read, or read with a doubt. `message` never holds titles or addresses."""

    source: str
    code: str
    message: str
    line: int | None = None
    uid: str | None = None
    lost: bool = False
    """True when time may be missing because of it, so that "nothing clashes" cannot be promised (exit 5)."""


class SourceInfo(NamedTuple):
    """What one source gave: VEVENTs seen, occurrences in the window, or why it could not be read."""

    name: str
    events: int = 0
    occurrences: int = 0
    error: str | None = None
    ends: datetime | None = None
    """Where the calendar's data ends when its producer publishes only part of it."""
    color: str = ""
    """What its owner wants its events shown in: a name or `#3366cc`; empty for none."""


class Agenda(NamedTuple):
    """Everything read from all sources for one window, sorted by start, end, UID."""

    window: Interval
    zone: str
    """IANA name of the owner's zone, as given, found in a calendar or taken from the system."""
    occurrences: tuple[Occurrence, ...]
    problems: tuple[Problem, ...] = ()
    sources: tuple[SourceInfo, ...] = ()
    me: frozenset[str] = frozenset()
    """The owner's addresses, lower-case."""
    me_guessed: str = ""
    """How the addresses were guessed, in words; empty when they were given."""

    @property
    def is_incomplete(self) -> bool:
        """Whether something that may take time was not read, so that nothing can be promised (exit 5)."""
        return any(problem.lost for problem in self.problems) or any(info.error for info in self.sources)
