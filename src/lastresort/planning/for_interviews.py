"""Events that serve an interview: what prepares for it, and the way there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lastresort.interviews.detection import Mode
from lastresort.interviews.words import Text, prepare, read_tables
from lastresort.planning.subjects import MARGINS, Nature
from lastresort.planning.vocabulary import Topic, find_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.model import Event, Occurrence
    from lastresort.planning.natures import Classification

Value = TypeVar("Value")

LOOKED_AT = 1000
"""Events in the time for one way that are looked at, whether they are that way."""
TELLING = ("certain", "strong", "fair")
"""Levels of words that name an interview in a title."""


class Preparations:
    """Tells which events prepare for interviews."""

    def __init__(self, interviews: Sequence[Interview]) -> None:
        self._first = min(interview.needed.start for interview in interviews)
        self._first_at: dict[str, datetime] = {}
        """By each word of a company, when the first interview there begins."""
        for interview in interviews:
            for word in prepare(interview.company or "").words:
                known = self._first_at.get(word, interview.needed.start)
                self._first_at[word] = min(known, interview.needed.start)

    def until(self, event: Event) -> datetime | None:
        """Return when the first interview begins that an event prepares for: it is of no use after that.
        `None` for an event that prepares for none."""
        if not _speaks_of("preparation", event):
            return None
        title = prepare(event.summary)
        if _names_an_interview(title):
            return self._first
        return min((self._first_at[word] for word in title.words if word in self._first_at), default=None)


def is_way_to(occurrence: Occurrence, what: Classification, interview: Interview) -> bool:
    """Tell whether an event is the way to an interview on site, or back: it lies in the time that is kept
    free for the way, and leaves the interview itself alone. A flight is none, as it ends far from there."""
    time = occurrence.blocked
    if interview.mode is not Mode.ONSITE or time.overlaps(interview.occurrence.interval):
        return False
    if not time.overlaps(interview.needed):
        return False
    if what.nature is Nature.FIXED:
        topics = find_topics(occurrence.event.summary)
        return what.margin == MARGINS[Topic.TRAIN] or (
            topics.has(Topic.TRIP) and not topics.has(Topic.FLIGHT)
        )
    event = occurrence.event
    return _speaks_of("way", event) and not what.people and _is_about(event, interview)


def without_ways(
    near: Iterable[Value], is_way: Callable[[Value], bool], looked_at: int = LOOKED_AT
) -> Iterator[Value]:
    """Yield what is near an interview but for the way there; what comes after the first so many is taken for
    no way, so that nothing that is in the way is ever left out."""
    for number, each in enumerate(near):
        if number >= looked_at or not is_way(each):
            yield each


def _is_about(event: Event, interview: Interview) -> bool:
    title = prepare(event.summary)
    company = set(prepare(interview.company or "").words)
    return bool(company & set(title.words)) or _names_an_interview(title)


def _names_an_interview(title: Text) -> bool:
    tables = read_tables("interviews")
    return any(tables[level].find(title) for level in TELLING)


def _speaks_of(section: str, event: Event) -> bool:
    """Tell whether the title has a word of a section of the tables `serving-*.txt`."""
    return read_tables("serving")[section].find(prepare(event.summary)) is not None
