"""What the reports call things: one wording for the terminal and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lastresort.outputs import when
from lastresort.text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.model import BusyReason, Occurrence, Problem
    from lastresort.planning.rearrange import Considered, Move
    from lastresort.planning.report import InterviewReport

VERDICTS = {
    "clear": ("✓", "nothing clashes"),
    "rearrange": ("→", "rearrange, and keep it"),
    "reschedule": ("✗", "last resort, ask to move it"),
}
STAYS = ("✓", "keep it, the other interview is to move")
WITHDRAW = ("✗", "withdraw, as you say")
MODES = {"phone": "by phone", "video": "by video", "onsite": "on site"}
TOUCHED = {
    "overlap": "",
    "padding": ", in the time kept free around it",
    "travel": ", travel included",
    "interview": ", another interview",
}
"""What of the interview a clash touches."""
REASONS = {
    "tentative": "tentative",
    "unanswered": "not answered yet",
    "all-day": "all day",
    "tight": "tight",
    "journey": "close to a journey",
    "arranged": "arranged",
}
"""Why something may take time."""
ACTIONS = {
    "move": "Move",
    "skip": "Skip once:",
    "shorten": "Shorten",
    "step-out": "Step out of",
    "delegate": "Hand over",
    "ask-organiser": "Ask to move",
}


def new_time(change: Move | Considered, zone: str, now: datetime) -> str:
    """Return when an event takes place after a change, of one that I step out of when I am there; empty for
    one that I leave out."""
    if change.attended:
        return when.spans(change.attended, zone, now)
    return when.span(change.new, zone, now, all_day=change.occurrence.all_day) if change.new else ""


def verdict_of(entry: InterviewReport) -> tuple[str, str]:
    """Return the sign and the words of the verdict."""
    if entry.advice.decision == "withdraw":
        return WITHDRAW
    if entry.verdict == "clear" and any(c.kind == "interview" for c in entry.conflicts):
        return STAYS
    return VERDICTS[entry.verdict]


def name_of(entry: InterviewReport) -> str:
    """Return how the interview is called: its company and role where both are known, else its title."""
    interview = entry.interview
    if interview.role and interview.company:
        return f"{one_line(interview.company)} · {one_line(interview.role)}"
    return one_line(interview.occurrence.event.summary) or "Interview"


def title_of(occurrence: Occurrence) -> str:
    """Return the event's title, fit to be shown."""
    return one_line(occurrence.event.summary) or "an event without title"


def reason_of(reason: BusyReason) -> str:
    """Return in words why something has its busy level."""
    return REASONS.get(reason.value, reason.value)


def count(number: int, one: str, many: str | None = None) -> str:
    """Return `1 event`, `1,200 events`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def points(cost: float) -> str:
    """Return `12.6 points`."""
    return f"{cost:g} points"


def found(number: int) -> str:
    """Return how many interviews were found."""
    return count(number, "interview") if number else "No interview"


def needing(number: int, all_: int) -> str:
    """Return how many of the interviews found need the user; nothing where none was found."""
    if not all_:
        return ""
    if not number:
        return ", nothing to do"
    return ", and it needs you" if all_ == 1 else f", {number} {'needs' if number == 1 else 'need'} you"


def problem_line(problem: Problem) -> str:
    """Return a problem as one line: where, what, what to do."""
    source, message = one_line(problem.source), one_line(problem.message, 400)
    place = source + (f":{problem.line}" if problem.line else "")
    return message.replace(source, place, 1) if source in message else f"{place}: {message}"


USUAL = range(9, 17)
"""Hours of a working day in which interviews begin."""


def zone_doubt(interview: Interview, *, asking: bool) -> str:
    """Return the question about a zone that nothing tells, when it matters: times are offered in it, or the
    interview would begin outside the hours of a working day there. Empty otherwise.
    """
    who = interview.interviewer
    start = interview.occurrence.interval.start.astimezone(ZoneInfo(who.zone))
    odd = start.hour not in USUAL and not interview.occurrence.all_day
    if not who.zone_assumed or not (asking or odd):
        return ""
    doubt = f": it would begin at {start:%H:%M} there" if odd else ""
    return f"Their time zone is not known, so yours is assumed{doubt}; is that right?"
