"""What may be said to people. Drafts are made from these values alone: nothing else can slip in (R17)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.interviews.contacts import comes_from_agency
from lastresort.interviews.detection import Mode
from lastresort.interviews.services import find_links, listed
from lastresort.model import Signature
from lastresort.query import Reason

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.model import Interval


class Thread(NamedTuple):
    """Message-IDs of the mail an invitation came in, for the answer to land beside it; with the brackets."""

    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    subject: str = ""


class Contact(NamedTuple):
    """Somebody to be greeted and written to."""

    name: str | None
    address: str | None = None


class Rounds(NamedTuple):
    """Rounds that move together: when they begin, and the stretches in which all of them could be."""

    starts: tuple[datetime, ...]
    slots: tuple[Interval, ...] = ()


class Letter(NamedTuple):
    """What may be said about one interview: nothing of any other event can be put into it.

    Intervals are in UTC, `zone` is the interviewer's IANA zone, in which every time is written.
    """

    now: datetime
    zone: str
    home: str = ""
    """My zone: theirs is named where its clock shows something else, or where mine is not known."""
    zone_assumed: bool = False
    """Theirs is a guess: it is named, so that a wrong one is seen."""
    scheduled: Interval | None = None
    """When the interview stands; `None` when they have only asked for my availability."""
    rounds: tuple[Rounds, ...] = ()
    """What one request asks about where that is several rounds: those that move together, by themselves."""
    country: str | None = None
    role: str | None = None
    company: str | None = None
    interviewer: str | None = None
    address: str = ""
    """How to address them, where I said so: `Frau Dr. Huber`, `Priya`, or a whole salutation."""
    also: tuple[Contact, ...] = ()
    """Whoever else interviews: greeted, and in copy."""
    to: str | None = None
    """Their e-mail address."""
    call: str | None = None
    """Their telephone number."""
    mode: Mode = Mode.UNKNOWN
    place: str = ""
    """Where it takes place as the invitation has it: an address, a link."""
    brings: bool = False
    """The invitation asks to bring something along."""
    reason: Reason = Reason()
    slots: tuple[Interval, ...] = ()
    agreed: Interval | None = None
    """The new time, for `confirm`, `follow-up` and the acceptance of an offered time."""
    arrival: datetime | None = None
    """When I shall be there, for `late`."""
    until: datetime | None = None
    """By when I shall answer an offer, for `extension`: any moment of that day of theirs."""
    asked: datetime | None = None
    """When the request was sent, for `nudge`."""
    requests: int = 0
    """How often this interview was asked to move before (R5)."""
    recruiter: bool = False
    """A recruiter or agency arranged it, and gets the message (R11)."""
    signature: Signature = Signature()
    thread: Thread = Thread()


class Errand(NamedTuple):
    """What may be said about one event of somebody else that should make room: its own facts only."""

    now: datetime
    zone: str
    """The zone the times are written in: the organiser's where known, else mine."""
    title: str
    scheduled: Interval
    new: Interval | None = None
    """The time to ask for; `None` asks for any other."""
    away: Interval | None = None
    """The part of it that I miss, for `step-out`."""
    country: str | None = None
    organizer: str | None = None
    to: str | None = None
    signature: Signature = Signature()


def letter_about(interview: Interview, now: datetime, home: str = "", **more: Any) -> Letter:
    """Return what may be said about the interview: its own role, company, people, place and time.

    `more` are other fields of the letter, such as the reason, the slots and the signature.
    """
    who = interview.interviewer
    recruiter = comes_from_agency(interview)
    facts: dict[str, Any] = {
        "scheduled": interview.occurrence.interval,
        "country": who.country,
        "role": interview.role,
        "company": interview.company,
        "interviewer": who.name,
        "also": () if recruiter else tuple(Contact(one.name, one.address) for one in who.also),
        "to": who.address,
        "call": who.phone,
        "mode": interview.mode,
        "place": meeting_place(interview),
        "brings": asks_to_bring(interview),
        "recruiter": recruiter,
    }
    return Letter(now, who.zone, home, who.zone_assumed, **{**facts, **more})


_BRING = re.compile(
    r"\b(?:please bring|bring (?:along|with you|your|a|an|two)|mitbringen|mitzubringen|bringen sie|"
    r"apporte[rz]|muni[er]|traiga|traer|traga|trazer|port(?:i|are|ate) con|meenemen|neem\b.{1,40}\bmee|"
    r"meebrengen)\b",
    re.IGNORECASE,
)


def asks_to_bring(interview: Interview) -> bool:
    """Tell whether somebody else's invitation asks to bring something along."""
    event = interview.occurrence.event
    return event.organizer is not None and bool(_BRING.search(event.description[:5000]))


def meeting_place(interview: Interview) -> str:
    """Return the address or the link that the invitation gives; nothing of an event that I wrote myself."""
    event = interview.occurrence.event
    if event.organizer is None:
        return ""
    if interview.mode is Mode.VIDEO:
        texts = (event.location, event.url, event.description)
        links = [link for text in texts for link in find_links(text)]
        return next((link.url for link in links if listed("video", link.host)), "")
    onsite = interview.mode is Mode.ONSITE and "://" not in interview.location
    return interview.location if onsite else ""
