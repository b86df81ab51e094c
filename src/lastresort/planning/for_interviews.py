"""Events that serve an interview: what prepares for it, and the way there and back."""

from __future__ import annotations

import os
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lastresort.interviews.detection import Mode
from lastresort.interviews.words import prepare, read_tables
from lastresort.planning.natures import Nature
from lastresort.planning.subjects import MARGINS
from lastresort.planning.vocabulary import Topic, find_topics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lastresort.interviews.detection import Interview
    from lastresort.model import Event, Occurrence
    from lastresort.planning.natures import Classification

TABLE = os.path.join(os.path.dirname(__file__), "data", "for-interviews.txt")
"""Read without `importlib.resources`, which loads `zipfile` into every run that rearranges something."""
TELLING = ("certain", "strong", "fair")
"""Levels of words that name an interview in a title."""


def prepares_for(event: Event, interview: Interview) -> bool:
    """Tell whether an event prepares for the interview, so that it is of no use once that has begun."""
    return "preparation" in _sections_of(event.summary) and _is_about(event, interview)


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
    named = "way" in _sections_of(occurrence.event.summary)
    return named and not what.people and _is_about(occurrence.event, interview)


def _is_about(event: Event, interview: Interview) -> bool:
    title = prepare(event.summary)
    company = set(prepare(interview.company or "").words)
    tables = read_tables("interviews")
    return bool(company & set(title.words)) or any(tables[level].find(title) for level in TELLING)


@lru_cache(maxsize=2048)
def _sections_of(title: str) -> frozenset[str]:
    """The sections of the table that have a word of the title."""
    line = f" {' '.join(prepare(title).words)} "
    return frozenset(
        name for name, words in _sections().items() if any(f" {word} " in line for word in words)
    )


@cache
def _sections() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with open(TABLE, encoding="utf-8") as file:
        text = file.read()
    for part in text.split("\n[")[1:]:
        name, _, terms = part.partition("]\n")
        found[name] = tuple(term for row in terms.split("\n") for term in row.split(", ") if term)
    return found
