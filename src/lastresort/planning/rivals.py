"""Two interviews at once: which of the two is asked to move (R30)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from lastresort.interviews.detection import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lastresort.interviews.detection import Interview
    from lastresort.query import Query

DAY = timedelta(days=1)


class Yielding(NamedTuple):
    """The interview to ask about. `because` compares it with the other one and names neither."""

    interview: Interview
    because: tuple[str, ...]


class YieldScores(NamedTuple):
    """What speaks against asking for another time. Points."""

    moved_before: float = 100
    """A second request costs far more than the first (R5)."""
    under_a_day: float = 60
    """Notice in bands, as R6 has them."""
    under_two_days: float = 15
    no_counter: float = 40
    """The organiser takes no counter-proposals (X-MICROSOFT-DISALLOW-COUNTER)."""
    onsite: float = 20
    each_person: float = 3
    """Everybody beyond me and one interviewer, up to ten: several calendars hang on it (R21)."""


DEFAULT_SCORES = YieldScores()


class _Case(NamedTuple):
    interview: Interview
    query: Query
    moved: Collection[str]

    @property
    def notice(self) -> timedelta:
        return self.interview.occurrence.interval.start - self.query.now

    @property
    def people(self) -> int:
        return min(max(len(self.interview.occurrence.event.attendees) - 2, 0), 10)


def _moved_before(case: _Case, scores: YieldScores) -> float:
    return scores.moved_before if case.interview.occurrence.event.uid in case.moved else 0


def _notice(case: _Case, scores: YieldScores) -> float:
    return scores.under_a_day if case.notice < DAY else scores.under_two_days if case.notice < 2 * DAY else 0


def _no_counter(case: _Case, scores: YieldScores) -> float:
    return scores.no_counter if case.interview.occurrence.event.disallow_counter else 0


def _onsite(case: _Case, scores: YieldScores) -> float:
    return scores.onsite if case.interview.mode is Mode.ONSITE else 0


def _people(case: _Case, scores: YieldScores) -> float:
    return scores.each_person * case.people


TERMS: tuple[tuple[Callable[[_Case, YieldScores], float], str], ...] = (
    (_moved_before, "you have already asked to move the other one"),
    (_notice, "it leaves more notice"),
    (_no_counter, "the other one's organiser takes no counter-proposals"),
    (_onsite, "the other one is on site"),
    (_people, "fewer people's calendars hang on it"),
)


def choose_yielding(
    first: Interview,
    second: Interview,
    query: Query,
    moved: Collection[str] = (),
    scores: YieldScores = DEFAULT_SCORES,
) -> Yielding:
    """Return which of two clashing interviews is the easier one to ask about, and why.

    `moved` are UIDs of interviews asked to move before. All else equal it is the later one,
    then the one whose UID sorts last, whichever is named first.
    """
    cases = [_Case(interview, query, moved) for interview in (first, second)]
    asked, stays = sorted(cases, key=lambda case: (_against(case, scores), *_tie(case)))
    because = tuple(text for term, text in TERMS if term(asked, scores) < term(stays, scores))
    if not because and asked.notice > stays.notice:
        because = ("it leaves more notice",)
    return Yielding(asked.interview, because or ("nothing speaks for asking about the other one instead",))


def _against(case: _Case, scores: YieldScores) -> float:
    return sum(term(case, scores) for term, _ in TERMS)


def _tie(case: _Case) -> tuple[timedelta, tuple[int, ...], tuple[int, ...]]:
    event = case.interview.occurrence.event
    return (-case.notice, _reversed(event.uid or ""), _reversed(event.source))


def _reversed(text: str) -> tuple[int, ...]:
    return (*(-ord(char) for char in text), 1)
