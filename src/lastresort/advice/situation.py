"""What the advice looks at: one interview as it stands now, and what is to be done about it (R1 to R4)."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.advice.next_step import Past, Reply
from lastresort.advice.reasons import REASONS, ReasonKind, Weight
from lastresort.interviews.contacts import comes_from_agency
from lastresort.interviews.detection import Interview, Mode
from lastresort.query import Query
from lastresort.zones.names import city_of

Verdict = Literal["clear", "rearrange", "reschedule"]
DAY = 24 * 60


class Decision(StrEnum):
    """What is to be done about an interview."""

    ATTEND = "attend"
    REARRANGE = "rearrange"
    RESCHEDULE = "reschedule"
    WITHDRAW = "withdraw"


class Phase(StrEnum):
    """Where the present moment lies."""

    AHEAD = "ahead"
    BEGUN = "begun"
    """It should be taking place now (R35)."""
    OVER = "over"
    """Its time is over, on the same day (R36)."""


class Situation(NamedTuple):
    """All that the rules look at. `reason` is a kind of the contract."""

    verdict: Verdict
    notice_minutes: int
    """Until the interview begins; negative once it has begun."""
    reason: str = "conflict"
    own_words: bool = False
    """The user gave a sentence of their own for the reason."""
    mode: Mode = Mode.UNKNOWN
    minutes: int = 60
    """How long the interview lasts."""
    phone: str = ""
    """The number to call; empty when none is known."""
    recruiter: bool = False
    others: tuple[str, ...] = ()
    """Further people who are known and can be asked for, by name."""
    past: Past = Past()
    clashes: bool = True
    """Something is in the interview's way for certain."""
    rivals: bool = False
    """Another interview wants the same time."""
    slots: int = 0
    """Times that can be offered."""
    asks: int = 0
    """Organisers whom the plan has to ask."""
    delegates: bool = False
    """The plan hands a duty to somebody else."""
    link: str = ""
    """The booking page of the invitation; empty when there is none."""
    wanted: bool = False
    """The user says that they cannot come, whatever the calendar says."""
    signed: bool = True
    """A name and a telephone number for the signature are known."""
    held: bool = False
    """The times that can be offered are held in the calendar."""
    told_late: bool = False
    """They know already that I come late."""
    left: bool = True
    """The plan has changes that nobody was asked about yet."""

    @property
    def ground(self) -> ReasonKind:
        """The reason, weighed."""
        return REASONS.get(self.reason, REASONS["conflict"])

    @property
    def phase(self) -> Phase:
        """Where the present moment lies."""
        if self.notice_minutes >= 0:
            return Phase.AHEAD
        return Phase.BEGUN if -self.notice_minutes < self.minutes else Phase.OVER

    @property
    def is_soon(self) -> bool:
        """Tell whether less than 24 hours are left (R6, R7)."""
        return self.notice_minutes < DAY

    @property
    def is_first_word(self) -> bool:
        """Tell whether somebody has to be told, and has not been yet."""
        return self.past.reply in (Reply.NONE, Reply.CLOSED) and self.decision in (
            Decision.RESCHEDULE,
            Decision.WITHDRAW,
        )

    @property
    def is_first_request(self) -> bool:
        """Tell whether another time has to be asked for, and has not been yet."""
        return self.is_first_word and self.decision is Decision.RESCHEDULE

    @property
    def connection_failed(self) -> bool:
        """Tell whether the technology of an interview from afar fails (R13)."""
        return self.reason == "technical" and self.mode is not Mode.ONSITE

    @property
    def calls_first(self) -> bool:
        """Tell whether the call comes before the e-mail (R7, R12, R13)."""
        return self.is_soon or self.connection_failed

    @property
    def decision(self) -> Decision:
        """What to do (R1, R4)."""
        asking = self.wanted or self.verdict == "reschedule"
        if self.ground.weight is Weight.WITHDRAWAL and (asking or self.verdict == "rearrange"):
            return Decision.WITHDRAW
        if asking:
            return Decision.RESCHEDULE
        return Decision.REARRANGE if self.verdict == "rearrange" else Decision.ATTEND


def _open_page(interview: Interview, now: datetime) -> str:
    """Return the booking page and until when it is open; empty when there is none, or it is closed by now."""
    booking = interview.booking
    if booking is None or (booking.deadline and booking.deadline <= now):
        return ""
    if booking.deadline is None:
        return booking.url
    until = booking.deadline.astimezone(ZoneInfo(interview.interviewer.zone))
    return f"{booking.url} (open until {until:%Y-%m-%d %H:%M}, {city_of(interview.interviewer.zone)} time)"


def situate(interview: Interview, query: Query) -> Situation:
    """Return what the interview and the query tell the rules, as if nothing clashed and nobody had been
    asked."""
    who = interview.interviewer
    return Situation(
        verdict="clear",
        notice_minutes=interview.notice_minutes(query.now),
        reason=query.reason.kind,
        own_words=bool(query.reason.text),
        mode=interview.mode,
        minutes=interview.occurrence.interval.minutes,
        phone=who.phone or "",
        recruiter=comes_from_agency(interview),
        others=tuple(one.name for one in who.also if one.name),
        clashes=False,
        link=_open_page(interview, query.now),
    )
