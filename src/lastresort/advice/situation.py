"""All that the advice looks at: one interview, what has been decided about it, and what was asked before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from lastresort.interviews.detection import Mode

if TYPE_CHECKING:
    from lastresort.interviews.detection import Interview
    from lastresort.query import Query

Verdict = Literal["clear", "rearrange", "reschedule"]
Reply = Literal["none", "waiting", "overdue", "agreed", "settled"]
"""Where a request stands: not asked, asked within the last working day, unanswered for longer, answered
with a new time, and moved there in the calendar."""


class Past(NamedTuple):
    """What was asked before: how often this interview was to move, and where the last request stands."""

    requests: int = 0
    reply: Reply = "none"


class Situation(NamedTuple):
    """All that the rules look at. `reason` is a kind of the contract."""

    verdict: Verdict
    notice_minutes: int
    """Until the interview begins; negative once it has begun."""
    reason: str = "conflict"
    own_words: bool = False
    """The user gave a sentence of their own for the reason."""
    mode: Mode = Mode.UNKNOWN
    phone_known: bool = False
    recruiter: bool = False
    requests: int = 0
    """How often this interview was asked to move before."""
    rivals: bool = False
    """Another interview wants the same time, or several applications run at once."""
    slots: int = 0
    """Times that can be offered."""
    asks: int = 0
    """Organisers whom the plan has to ask."""
    link: str | None = None
    """Host of a booking page in the invitation."""
    reply: Reply = "none"
    wanted: bool = False
    """The user asks for another time, whatever the calendar says."""
    signed: bool = True
    """A name and a telephone number for the signature are known."""
    held: bool = False
    """The times that can be offered are held in the calendar."""


def situate(interview: Interview, verdict: Verdict, query: Query) -> Situation:
    """Return what an interview, its verdict and the query tell; the rest has its defaults."""
    return Situation(
        verdict=verdict,
        notice_minutes=int((interview.occurrence.interval.start - query.now) // timedelta(minutes=1)),
        reason=query.reason.kind,
        own_words=bool(query.reason.text),
        mode=interview.mode,
        phone_known=interview.interviewer.phone is not None,
        recruiter=is_recruiter(interview),
        link=_host(interview.booking.url if interview.booking else None),
    )


RECRUITING = (
    "recruit", "talent", "staffing", "headhunt", "executive search", "personalberat", "personalvermittl",
    "personaldienst", "cabinet de recrutement", "seleccion de personal", "selección de personal", "interim",
    "randstad", "adecco", "manpower", "michael page", "michaelpage", "robert half", "roberthalf", "hays",
)  # fmt: skip
"""Parts of names and domains of people who arrange interviews for others."""


def is_recruiter(interview: Interview) -> bool:
    """Tell whether the person to write to, or the organiser, is a recruiter by name or domain (R11)."""
    organizer, who = interview.occurrence.event.organizer, interview.interviewer
    names = [who.name, who.address, *(organizer or ())[:2]]
    known = " ".join(name[:200] for name in names if name).casefold()
    return any(word in known for word in RECRUITING)


def _host(link: str | None) -> str | None:
    if link is None:
        return None
    rest = link.partition("://")[2] or link
    return rest.partition("/")[0].rpartition("@")[2].partition(":")[0].lower()[:100]
