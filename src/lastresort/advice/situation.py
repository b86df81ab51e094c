"""What a good mentor would say about one interview: the channel, the checklist, and the rules behind them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.rules import (
    RULES,
    Channel,
    Decision,
    Reply,
    Rule,
    Situation,
    Verdict,
    band,
    decide,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.query import Query

__all__ = [
    "RULES",
    "Advice",
    "Past",
    "Rule",
    "Situation",
    "advise",
    "band",
    "decide",
    "find_rule",
    "is_recruiter",
    "situate",
]


class Past(NamedTuple):
    """What was asked before: how often this interview was to move, and where the last request stands."""

    requests: int = 0
    reply: Reply = "none"


class Advice(NamedTuple):
    """The advice for one interview: whom to reach how, the rules that fired, the checklist in order."""

    channel: Channel
    rules: tuple[str, ...]
    steps: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    decision: Decision = "attend"


def advise(situation: Situation, rules: Sequence[Rule] = RULES) -> Advice:
    """Return the channel, the rules that fired by number, and what they say."""
    fired = [(rule, effect) for rule in rules if (effect := rule.fires(situation)) is not None]
    steps = sorted((at, rule.number, text) for rule, effect in fired for at, text in effect.steps)
    phone = any(effect.channel == "phone" for _, effect in fired)
    return Advice(
        "phone" if phone else "email",
        tuple(rule.name for rule, _ in fired),
        tuple(text for _, _, text in steps),
        tuple(remark for _, effect in fired for remark in effect.remarks),
        decide(situation).decision,
    )


def situate(
    interview: Interview,
    verdict: Verdict,
    query: Query,
    *,
    slots: int = 0,
    asks: int = 0,
    requests: int = 0,
    rivals: bool = False,
    reply: Reply = "none",
    wanted: bool = False,
    signed: bool = True,
    held: bool = False,
) -> Situation:
    """Return what the rules look at, from an interview, its verdict and the query."""
    notice = int((interview.occurrence.interval.start - query.now) // timedelta(minutes=1))
    return Situation(
        verdict,
        notice,
        query.reason.kind,
        bool(query.reason.text),
        interview.mode,
        interview.interviewer.phone is not None,
        is_recruiter(interview),
        requests,
        rivals,
        slots,
        asks,
        _host(interview.booking.url if interview.booking else None),
        reply,
        wanted,
        signed,
        held,
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


def find_rule(name: str) -> Rule | None:
    """Return the rule called `R7`, `r7` or `7`."""
    digits = name.strip().upper().removeprefix("R")
    return next((rule for rule in RULES if str(rule.number) == digits), None)


def _host(link: str | None) -> str | None:
    if link is None:
        return None
    rest = link.partition("://")[2] or link
    return rest.partition("/")[0].rpartition("@")[2].partition(":")[0].lower()[:100]
