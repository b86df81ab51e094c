"""What may be said to people. Drafts are made from these values alone: nothing else can slip in (R17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.situation import is_recruiter
from lastresort.interviews.detection import Mode
from lastresort.model import Interval
from lastresort.query import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from lastresort.interviews.detection import Interview


class Signature(NamedTuple):
    """Who signs. Empty parts are phrased around."""

    name: str = ""
    phone: str = ""


class Thread(NamedTuple):
    """Message-IDs of the mail an invitation came in, for the answer to land beside it; with the brackets."""

    in_reply_to: str | None = None
    references: tuple[str, ...] = ()


class Letter(NamedTuple):
    """What may be said about one interview: nothing of any other event can be put into it.

    Intervals are in UTC, `zone` is the interviewer's IANA zone, in which every time is written.
    """

    now: datetime
    zone: str
    scheduled: Interval | None = None
    """When the interview stands; `None` when they have only asked for my availability."""
    country: str | None = None
    role: str | None = None
    company: str | None = None
    interviewer: str | None = None
    to: str | None = None
    """Their e-mail address."""
    call: str | None = None
    """Their telephone number."""
    mode: Mode = Mode.UNKNOWN
    reason: Reason = Reason()
    slots: tuple[Interval, ...] = ()
    agreed: Interval | None = None
    """The new time, for `confirm`, `follow-up` and the acceptance of an offered time."""
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
    country: str | None = None
    organizer: str | None = None
    to: str | None = None
    signature: Signature = Signature()


def letter_about(
    interview: Interview,
    now: datetime,
    *,
    reason: Reason = Reason(),  # noqa: B008 (an immutable value)
    slots: Iterable[Interval] = (),
    signature: Signature = Signature(),  # noqa: B008
    agreed: Interval | None = None,
    asked: datetime | None = None,
    requests: int = 0,
    thread: Thread = Thread(),  # noqa: B008
) -> Letter:
    """Return what may be said about the interview: its own role, company, people and time."""
    who = interview.interviewer
    return Letter(
        now,
        who.zone,
        interview.occurrence.interval,
        who.country,
        interview.role,
        interview.company,
        who.name,
        who.address,
        who.phone,
        interview.mode,
        reason,
        tuple(Interval(*slot) for slot in slots),
        agreed,
        asked,
        requests,
        is_recruiter(interview),
        signature,
        thread,
    )
