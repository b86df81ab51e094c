"""What a text names: days, clock times, stretches of the day, zones, and the words that say what they are.

The grammar is one for all languages; the words come from the language's data file. Nothing is chosen here:
a day is kept as it was written, a zone as it was named. Each item says which tokens it stands for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.clock_words import ClockWords
from lastresort.times.day_words import DayWords
from lastresort.times.items import Other, Part, Sign
from lastresort.times.language import Kind
from lastresort.times.tokens import Sort
from lastresort.times.view import TokenView
from lastresort.times.zone_words import ZoneWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.times.items import Item
    from lastresort.times.language import Lexicon
    from lastresort.times.tokens import Token
    from lastresort.times.zone_words import Abbreviated, FindPlace

_MARKS = (
    Kind.NEUTRAL, Kind.AT_LATEST, Kind.DEADLINE, Kind.BEFORE, Kind.ASKED_BEFORE, Kind.REFUSED, Kind.EXCEPT,
    Kind.ASIDE, Kind.INSTEAD, Kind.OR, Kind.CONTRAST, Kind.CONDITION, Kind.REQUEST, Kind.MOVED, Kind.MOVED_TO,
    Kind.STREET, Kind.LENGTH, Kind.TIMES, Kind.LEFT, Kind.FILLER, Kind.DAY_BEFORE, Kind.CLOCK_BEFORE,
    Kind.OF, Kind.FROM, Kind.BETWEEN, Kind.TO, Kind.ENDS,
)  # fmt: skip
"""Kinds of words kept as they are; of phrases that begin together the longest counts, then the first kind."""
_SIGNS: dict[str, Sign | Kind] = {
    **dict.fromkeys("?!…;", Sign.BREAK),
    **dict.fromkeys("()[]", Sign.PAREN),
    **dict.fromkeys("/=", Sign.SLASH),
    ",": Sign.COMMA,
    "|": Sign.CELL,
    ":": Sign.COLON,
    "&": Kind.OR,
}


_OPENING = frozenset("(@+")
"""Marks that a zone or a clock time may begin with."""


def read_items(
    tokens: Sequence[Token], words: Lexicon, find_place: FindPlace, abbreviated: Abbreviated
) -> tuple[Item, ...]:
    """Return what a text says, in its order.

    `find_place` gives the zone of a city or country, or of a zone's exact name; `abbreviated` the zones of an
    abbreviation such as `ET`.
    """
    return tuple(_Reader(TokenView(tokens, words), find_place, abbreviated).read())


class _Reader:
    """Reads the tokens from the first to the last."""

    def __init__(self, tokens: TokenView, find_place: FindPlace, abbreviated: Abbreviated) -> None:
        self._tokens = tokens
        self._zones = ZoneWords(tokens, find_place, abbreviated)
        self._clocks = ClockWords(tokens, self._zones)
        self._days = DayWords(tokens, self._clocks, self._zones)

    def read(self) -> list[Item]:
        place = 0
        while place < len(self._tokens):
            place = self._step(place)
        return self._tokens.items

    def _step(self, place: int) -> int:
        """Read what begins here and return the place behind it."""
        token = self._tokens[place]
        if token.sort is Sort.LINE or (token.sort is Sort.MARK and token.text not in _OPENING):
            return self._mark(place)
        found = self._days.read(place)
        if found:
            return found
        for read in (
            self._zones.read,
            self._clocks.length,
            self._clocks.read,
            self._clocks.part,
        ):
            one = read(place)
            if one:
                behind = self._outreached(place, one[1])
                if behind and isinstance(one[0], Part) and self._clocks.read(self._behind_glue(behind)):
                    self._tokens.add(one[0], place, one[1])
                    return self._tokens.add(Kind.EXCEPT, one[1], behind)
                if behind:
                    break
                return self._tokens.add(one[0], place, one[1])
        return self._mark(place)

    def _outreached(self, place: int, end: int) -> int | None:
        """Return the place behind a longer phrase that takes back what is read here, or `None`.

        Of `any time but` a stretch of the day may follow, of `the same time as` none.
        """
        longer = (self._tokens.find(kind, place) for kind in (Kind.REFUSED, Kind.ASIDE))
        return next((found[1] for found in longer if found and found[1] > end), None)

    def _behind_glue(self, place: int) -> int:
        return self._tokens.skip(place, Kind.FILLER, Kind.FROM, Kind.CLOCK_BEFORE)

    def _mark(self, place: int) -> int:
        token = self._tokens[place]
        if token.sort is Sort.LINE:
            return self._tokens.add(Sign.LINE, place, place + 1)
        if token.sort is Sort.MARK:
            return self._sign(place)
        found = [
            (one[1], -order, kind)
            for order, kind in enumerate(_MARKS)
            if (one := self._tokens.find(kind, place))
        ]
        if found:
            end, _, kind = max(found, key=lambda one: one[:2])
            return self._tokens.add(kind, place, end)
        return self._tokens.add(Other(), place, place + 1)

    def _sign(self, place: int) -> int:
        text = self._tokens[place].text
        sign = _SIGNS.get(text)
        if text == "." and self._tokens.ends_sentence(place):
            sign = Sign.BREAK
        if (
            text == "-"
            and self._tokens[place].spaced
            and (behind := self._tokens.at(place + 1))
            and behind.spaced
        ):
            sign = Sign.DASH
        return self._tokens.add(sign, place, place + 1) if sign else place + 1
