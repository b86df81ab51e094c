"""Events that serve an interview: what prepares for it, and the way there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lastresort.interviews.detection import Mode
from lastresort.interviews.words import prepare, read_tables
from lastresort.planning.subjects import MARGINS, Nature
from lastresort.planning.vocabulary import Topic, find_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lastresort.interviews.detection import Interview
    from lastresort.model import Event, Occurrence
    from lastresort.planning.natures import Classification

Value = TypeVar("Value")

LOOKED_AT = 1000
"""Events in the time for one way that are looked at, whether they are that way."""
TELLING = ("certain", "strong", "fair")
"""Levels of words that name an interview in a title."""


def prepares_for(event: Event, interview: Interview) -> bool:
    """Tell whether an event prepares for the interview, so that it is of no use once that has begun."""
    return _speaks_of("preparation", event) and _is_about(event, interview)


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
    tables = read_tables("interviews")
    return bool(company & set(title.words)) or any(tables[level].find(title) for level in TELLING)


def _speaks_of(section: str, event: Event) -> bool:
    """Tell whether the title has a word of a section of the tables `serving-*.txt`."""
    return read_tables("serving")[section].find(prepare(event.summary)) is not None
