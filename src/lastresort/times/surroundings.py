"""What stands around a place in what a text says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.items import LINKS, Day, DayRange, Sign
from lastresort.times.language import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.times.items import Item

QUIET = frozenset(
    (
        Kind.FILLER,
        Kind.LEFT,
        Kind.DAY_BEFORE,
        Kind.CLOCK_BEFORE,
        Kind.OF,
        Kind.FROM,
        Sign.COMMA,
        Sign.COLON,
        Sign.PAREN,
        Sign.DASH,
    )
)
"""What may stand between a word and the time that it is said of."""
LONGEST_REACH = 40
"""Items that are looked at before and behind a time for what is said of it."""


def is_list(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether nothing but separators stands between two members of a list."""
    return end - start < LONGEST_REACH and all(item.what in LINKS for item in items[start:end])


def place_before(items: Sequence[Item], start: int) -> int:
    """Return the place of what is said right before a time, with no comma between; -1 where nothing is."""
    place = start - 1
    while place >= 0 and items[place].what in QUIET and items[place].what is not Sign.COMMA:
        place -= 1
    return place


def is_replaced(items: Sequence[Item], start: int) -> bool:
    """Tell whether `instead of` stands right before a time."""
    place = place_before(items, start)
    return place >= 0 and items[place].what is Kind.INSTEAD


def day_follows(items: Sequence[Item], place: int) -> bool:
    """Tell whether a day is the next thing said from here."""
    while place < len(items) and items[place].what in QUIET:
        place += 1
    return place < len(items) and isinstance(items[place].what, Day | DayRange)


def sentence_around(items: Sequence[Item], start: int, end: int) -> range:
    """Return the places of the sentence around a time."""
    first, last = start, end
    while first > 0 and items[first - 1].what is not Sign.BREAK and start - first < LONGEST_REACH:
        first -= 1
    while last < len(items) and items[last].what is not Sign.BREAK and last - end < LONGEST_REACH:
        last += 1
    return range(first, last)
