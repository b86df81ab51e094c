"""The letter and the errand that tests of messages share: an interview on Tuesday, 10 March 2026."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from lastresort.advice.next_step import Past, Reply
from lastresort.advice.situation import Situation
from lastresort.interviews.detection import Mode
from lastresort.messages.letter import Errand, Letter
from lastresort.model import Interval, Signature
from lastresort.query import Reason

PLACES = {
    "en": ("America/New_York", "US"),
    "de": ("Europe/Berlin", "DE"),
    "fr": ("Europe/Paris", "FR"),
    "es": ("Europe/Madrid", "ES"),
    "pt": ("America/Sao_Paulo", "BR"),
    "it": ("Europe/Rome", "IT"),
    "nl": ("Europe/Amsterdam", "NL"),
}
NOW = datetime(2026, 3, 7, 13, tzinfo=UTC)


def stretch(day: int, hour: int, minute: int = 0, minutes: int = 45) -> Interval:
    start = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
    return Interval(start, start + timedelta(minutes=minutes))


SLOTS = (stretch(16, 14), stretch(17, 15, 30), stretch(19, 13))


def letter(language: str = "en", **changes: Any) -> Letter:
    zone, country = PLACES[language]
    facts = {
        "now": NOW,
        "zone": zone,
        "home": "Asia/Tokyo",
        "scheduled": stretch(10, 13, 30),
        "country": country,
        "role": "Data Engineer",
        "company": "Acme",
        "interviewer": "Dana Lee",
        "to": "dana@acme.example",
        "call": "+1 212 555 0100",
        "mode": Mode.VIDEO,
        "reason": Reason(),
        "slots": SLOTS,
        "agreed": SLOTS[1],
        "arrival": stretch(10, 13, 50).start,
        "until": stretch(13, 12).start,
        "asked": NOW - timedelta(days=2),
        "signature": Signature("Alex Meyer", "+49 30 123456"),
    }
    return Letter(**{**facts, **changes})


UNKNOWN = {
    "role": None,
    "company": None,
    "interviewer": None,
    "to": None,
    "call": None,
    "slots": (),
    "asked": None,
    "signature": Signature(),
}
"""Changes that leave of a letter only what is always known."""


def errand(language: str = "en", **changes: Any) -> Errand:
    zone, country = PLACES[language]
    facts = {
        "now": NOW,
        "zone": zone,
        "title": "Team sync",
        "scheduled": stretch(10, 13, 30, 60),
        "new": stretch(10, 16, 0, 60),
        "away": stretch(10, 14, 0, 30),
        "country": country,
        "organizer": "Sam Ortiz",
        "to": "sam@work.example",
        "signature": Signature("Alex", ""),
    }
    return Errand(**{**facts, **changes})


def situation(when: dict[str, Any]) -> Situation:
    """Return the situation of a row of `fixtures/advice.toml`: what it leaves out has its usual value."""
    facts = dict(when)
    past = Past(requests=facts.pop("requests", 0), reply=Reply(facts.pop("reply", "none")))
    facts["mode"] = Mode(facts.get("mode", "unknown"))
    return Situation("reschedule", 72 * 60, slots=3)._replace(past=past, **facts)


def letter_in(situation: Situation) -> Letter:
    """Return the letter that goes with a situation of the advice: what it says of the interview is in it."""
    start = NOW + timedelta(days=3, minutes=30)
    return letter(
        "en",
        now=start - timedelta(minutes=situation.notice_minutes),
        scheduled=Interval(start, start + timedelta(minutes=45)),
        reason=Reason(situation.reason, "my daughter has a fever" if situation.own_words else ""),
        mode=situation.mode,
        recruiter=situation.recruiter,
        requests=situation.past.requests,
        slots=SLOTS[: situation.slots],
    )
