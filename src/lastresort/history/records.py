"""What is remembered between two runs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from lastresort.model import EventKey

TITLE = 200


class ToldClash(NamedTuple):
    """A clash that was told. Times are in UTC, titles are cut to `TITLE` characters."""

    interview: str
    """Identity of the interview, the same in whatever calendar it stands."""
    other: str
    interview_start: datetime
    interview_end: datetime
    other_start: datetime
    other_end: datetime
    busy: str
    """`clash` or `check`."""
    verdict: str
    """Of the interview: `clear`, `rearrange` or `reschedule`."""
    interview_title: str = ""
    other_title: str = ""
    sources: tuple[str, ...] = ()
    """Those that have to be read before the clash can be said to have gone."""
    urgency: int = 0
    """How close the interview was when the clash was last told: 1 under 48 hours, 2 under 24."""
    possible: bool = False
    """What it clashes with may be an interview, and is not certain to be one."""

    @property
    def pair(self) -> tuple[str, str]:
        """What makes it the same clash tomorrow."""
        return self.interview, self.other

    @property
    def look(self) -> tuple[str, datetime, datetime, str, datetime, datetime]:
        """What makes it the same clash for a reader: titles and times.

        Many feeds give new UIDs at every fetch, and some programs give a part of a series a UID of its own.
        """
        return (
            self.interview_title,
            self.interview_start,
            self.interview_end,
            self.other_title,
            self.other_start,
            self.other_end,
        )


class RequestContact(NamedTuple):
    """Whom a request went to and what about, for the messages that come after it. Unknown is empty."""

    role: str = ""
    company: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    zone: str = ""
    country: str = ""
    language: str = ""
    """Of the message that was sent."""
    minutes: int = 0
    """How long the interview lasts."""
    recruiter: bool = False
    home: str = ""
    """My own zone then."""
    mode: str = ""
    """`phone`, `video`, `onsite`."""
    place: str = ""
    """The address or the link that the invitation gave."""


class Request(NamedTuple):
    """An interviewer was asked for another time (R5), or told that the application ends. Instants in UTC.

    Each step that came after is noted with its instant, so that none is advised twice.
    """

    interview: str
    asked: datetime
    original: datetime
    """Start of the interview when it was asked."""
    offers: tuple[tuple[datetime, datetime], ...] = ()
    title: str = ""
    nudged: datetime | None = None
    settled: datetime | None = None
    """Start of the time agreed on."""
    thanked: bool = False
    contact: RequestContact = RequestContact()
    held: bool = False
    """The times were held in the calendar; nobody said that the request was sent."""
    reason: str = ""
    """Kind of the reason that was given (`illness`, …); empty where none was noted."""
    called: datetime | None = None
    confirmed: datetime | None = None
    declined: datetime | None = None
    """They can offer no other time."""
    withdrawn: datetime | None = None
    """The application was withdrawn; no other time was asked for."""
    together: str = ""
    """Identity of the round that was written about, where the request asked about several at once."""

    @property
    def is_told_elsewhere(self) -> bool:
        """Tell whether another round's request speaks for this one."""
        return self.together not in ("", self.interview)

    @property
    def is_missed(self) -> bool:
        """Tell whether it asked for another chance after the interview had begun (R36)."""
        return self.asked >= self.original

    def is_around(self, others: Iterable["Request"]) -> bool:
        """Tell whether it was about the invitation for a day, in which one of the others stands."""
        end = self.original + timedelta(minutes=self.contact.minutes)
        return any(
            one.contact.minutes < self.contact.minutes and self.original <= one.original < end
            for one in others
        )


class PairTold(NamedTuple):
    """A double booking that was told, by a short name, and when it is over."""

    name: str
    end: datetime


class PairsTold(NamedTuple):
    """What `conflicts --new-only` has told."""

    pairs: tuple[PairTold, ...] = ()
    unread: frozenset[str] = frozenset()
    """Sources that could not be read, by name and code."""


class Note(NamedTuple):
    """Something was sent that is no request to an interviewer. Instants in UTC."""

    kind: str
    """The kind of message: `step-out`, `late`, `extension`, …"""
    about: str
    """Identity of the event it is about."""
    sent: datetime
    original: datetime
    """Start of that event."""
    title: str = ""
    to: str = ""
    new: datetime | None = None
    """The time that was asked for, with its end."""
    new_end: datetime | None = None
    until: datetime | None = None
    """By when I answer an offer."""
    settled: datetime | None = None
    """They agreed."""


class Memory(NamedTuple):
    """All that is remembered."""

    clashes: tuple[ToldClash, ...] = ()
    requests: tuple[Request, ...] = ()
    problems: frozenset[str] = frozenset()
    """Sources that could not be read, by name and code, and that this was told."""
    reminders: frozenset[str] = frozenset()
    """What was due after requests and has been told, by kind and the times of the request."""
    notes: tuple[Note, ...] = ()
    double_bookings: PairsTold = PairsTold()


def identify(key: EventKey, start: datetime) -> str:
    """Return a short stable name for an occurrence: by UID and RECURRENCE-ID, else by source and start."""
    instance = key.recurrence_id.isoformat() if key.recurrence_id else ""
    parts = (key.uid, instance) if key.uid else ("", key.source, start.isoformat())
    from hashlib import sha256  # it loads OpenSSL

    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
