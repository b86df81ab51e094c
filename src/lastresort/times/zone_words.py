"""Zones as people and programs name them in a text: `ET`, `London time`, `(UTC+01:00) Amsterdam, Berlin`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.items import Day, DayRange, Other, Part, Sign, Stretch, Whose, Zone
from lastresort.times.language import Kind
from lastresort.times.tokens import Sort

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastresort.times.view import TokenView

    FindPlace = Callable[[str], str | None]
    Abbreviated = Callable[[str], tuple[str, ...]]

_MINUTES = range(60)
_UTC = ("utc", "gmt")
_SMALL_WORDS = frozenset(("de", "do", "da", "di", "del", "et", "y", "e", "und", "en", "i", "d"))
"""Words in lower case within a list of cities."""
_MOST_NAMED = 30
"""Tokens of the cities behind an offset."""
_LONGEST_PLACE = 4
"""Words of a city or country."""
_SHORTEST_PLACE = 3
"""Letters of a place that stands without `time`: `KW` and `DE` are words as well."""
_BETWEEN = 4
"""Tokens between `time` and the place it is of: `times are those of`."""


class ZoneWords:
    """Reads a zone at one place of the tokens."""

    def __init__(self, tokens: TokenView, find_place: FindPlace, abbreviated: Abbreviated) -> None:
        self._tokens = tokens
        self._find_place = find_place
        self._abbreviated = abbreviated

    def is_abbreviation(self, word: str) -> bool:
        """Tell whether a word as written is the abbreviation of a zone."""
        return bool(self._abbreviated(word))

    def read(self, place: int) -> tuple[Zone, int] | None:
        """Return the zone named here and the place behind it."""
        return (
            self._displayed(place)
            or self._from_utc(place)
            or self._phrase(place)
            or self._whose(place)
            or self._abbreviation(place)
            or self._place_and_time(place)
            or self._time_and_place(place)
            or self._exact_name(place)
            or self._bare_place(place)
        )

    # ---- offsets

    def offset(self, sign: int) -> tuple[Zone, int] | None:
        """Read `+02:00`, `-0500`, `+2` whose sign stands here."""
        hours, end = self._tokens.at(sign + 1), sign + 2
        if hours is None or hours.sort is not Sort.NUMBER or hours.spaced:
            return None
        text = self._tokens[sign].text + hours.text
        minutes = self._tokens.number(end + 1, _MINUTES, (2,)) if self._tokens.has_glued(end, ":") else None
        if len(hours.text) <= 2 and minutes is not None:
            text += self._tokens[end + 1].text
            end += 2
        zone = self._find_place(f"UTC{text}")
        return (Zone((zone,)), end) if zone else None

    def _from_utc(self, place: int) -> tuple[Zone, int] | None:
        """Read `GMT+2`, `UTC-5`, `GMT/UTC+1`, and `+02:00` or `Z` behind a clock time."""
        if self._tokens.has(place, *_UTC):
            twice = self._tokens.has_glued(place + 1, "/") and self._tokens.has(place + 2, *_UTC)
            sign = place + 3 if twice else place + 1
            if self._tokens.has(sign, "+", "-") and not self._tokens.find(Kind.PM, sign + 2):
                return self.offset(sign)
        items = self._tokens.items
        if not items or not isinstance(items[-1].what, Stretch):
            return None
        hours = self._tokens.at(place + 1)
        if self._tokens.has(place, "+") and hours and len(hours.text) in {2, 4}:
            return self.offset(place)
        if self._tokens.has_glued(place, "z") and self._tokens[place].text == "Z":
            return Zone(("UTC",)), place + 1
        return None

    def _displayed(self, place: int) -> tuple[Zone, int] | None:
        """Read Outlook's `(UTC+01:00) Amsterdam, Berlin, Bern` and Google's `(GMT+02:00) … - Berlin`."""
        if not (
            self._tokens.has(place, "(")
            and self._tokens.has(place + 1, *_UTC)
            and self._tokens.has(place + 2, "+", "-", ")")
        ):
            return None
        end = next((end for end in range(place + 2, place + 8) if self._tokens.has(end, ")")), None)
        if end is None:
            return None
        last = end + 1
        while last < min(end + _MOST_NAMED, len(self._tokens)) and self._belongs_to_display(last):
            last += 1
        while last > end + 1 and self._tokens.has(last - 1, ",", "-", "("):
            last -= 1
        offset = "".join(token.text for token in self._tokens.between(place + 1, end))
        phrase = self._tokens.find(Kind.ZONE, end + 1)
        zone = (
            self._find_place(f"({offset}) {self._tokens.text(end + 1, last)}")
            or (str(phrase[0]) if phrase else None)
            or self._find_place(offset)
        )
        return (Zone((zone,)), last) if zone else None

    def _belongs_to_display(self, place: int) -> bool:
        token = self._tokens[place]
        if token.sort is Sort.WORD:
            return token.text[:1].isupper() or token.low in _SMALL_WORDS
        return token.sort is Sort.MARK and token.text in {",", "&", "(", ")", "-", "'", "/"}

    # ---- names of zones

    def _phrase(self, place: int) -> tuple[Zone, int] | None:
        """Read `Eastern Time`, `heure d'Europe centrale - Paris`; a bare `Eastern` beside a time only."""
        found = self._tokens.find(Kind.ZONE, place)
        if not found:
            return None
        end = found[1]
        time = self._tokens.find(Kind.TIME, end)
        spoken = time or any(self._tokens.find(Kind.TIME, inner) for inner in range(place, end))
        if not spoken and not (self._is_beside_time(place, end) or self._is_in_short_remark()):
            return None
        end = time[1] if time else end
        return self._refined(end) or (Zone((str(found[0]),)), end)

    def _refined(self, place: int) -> tuple[Zone, int] | None:
        """The city behind the dash of `(Eastern Time - New York)`."""
        found = self._place(place + 1) if self._tokens.has(place, "-") else None
        return (Zone((found[0],)), found[1]) if found else None

    def _whose(self, place: int) -> tuple[Zone, int] | None:
        """Read `your time`, `my time`; not right behind a day, which may be `your end` of it."""
        if self._tokens.items and isinstance(self._tokens.items[-1].what, Day):
            return None
        for kind, whose in ((Kind.MINE, Whose.MINE), (Kind.THEIRS, Whose.THEIRS)):
            found = self._tokens.find(kind, self._tokens.skip(place, Kind.FILLER, Kind.DAY_BEFORE))
            if found and self._is_beside_time(place, found[1]):
                return Zone(whose=whose), found[1]
        return None

    def _abbreviation(self, place: int) -> tuple[Zone, int] | None:
        """Read `ET`, `CEST`, beside a time or alone; `et` in lower case only where no `et` is a word."""
        token = self._tokens.at(place)
        if token is None or token.sort is not Sort.WORD or not 2 <= len(token.text) <= 5:
            return None
        names = self._abbreviated(token.text.upper())
        if not names:
            return None
        last = self._tokens.items[-1].what if self._tokens.items else None
        if token.text.isupper():
            near = (
                self._is_beside_time(place, place + 1)
                or self._is_in_short_remark()
                or (last is Kind.FILLER and self._tokens.has(place + 1, ":"))  # `we are in PT:`
            )
            joins_days = isinstance(last, Day) and self._tokens.find(Kind.OR, place) is not None
            if not near or joins_days:
                return None
        elif not (token.text.islower() and self._tokens.words.half_days and isinstance(last, Stretch | Part)):
            return None
        time = self._tokens.find(Kind.TIME, place + 1)
        end = time[1] if time else place + 1
        return self._refined(end) or (Zone(names), end)

    def _exact_name(self, place: int) -> tuple[Zone, int] | None:
        """Read `Europe/Berlin`."""
        if not self._is_name(place) or not self._tokens.has_glued(place + 1, "/"):
            return None
        if not self._is_name(place + 2) or self._tokens[place + 2].spaced:
            return None
        end = place + 3
        while (
            self._tokens.has_glued(end, "_", "/")
            and (more := self._tokens.at(end + 1))
            and more.sort is Sort.WORD
            and not more.spaced
        ):
            end += 2
        zone = self._find_place("".join(token.text for token in self._tokens.between(place, end)))
        return (Zone((zone,)), end) if zone else None

    # ---- places

    def _place_and_time(self, place: int) -> tuple[Zone, int] | None:
        """Read `London time`, `Londoner Zeit`, `New Yorkse tijd`."""
        if not self._is_name(place):
            return None
        end = place + 1
        while end < place + _LONGEST_PLACE and self._is_name(end) and not self._tokens.find(Kind.TIME, end):
            end += 1
        time = self._tokens.find(Kind.TIME, end)
        if not time:
            return None
        name = self._tokens.text(place, end)
        zone = self._find_place(name) or self._inflected(name)
        return (self._refined(time[1]) or (Zone((zone,)), time[1])) if zone else None

    def _inflected(self, name: str) -> str | None:
        """The zone of the place that `Londoner` and its kind are made of."""
        for ending in self._tokens.words.place_endings:
            if name.endswith(ending) and len(name) > len(ending) + 2:
                zone = self._find_place(name.removesuffix(ending))
                if zone:
                    return zone
        return None

    def _time_and_place(self, place: int) -> tuple[Zone, int] | None:
        """Read `heure de New York`, `Ortszeit Berlin`, `tijd in Londen`, `time (London)`."""
        time = self._tokens.find(Kind.TIME, place) or self._tokens.find(Kind.TIMES, place)
        if not time:
            return None
        for here in range(time[1], time[1] + _BETWEEN):
            token = self._tokens.at(here)
            if token is None or token.sort is Sort.LINE:
                return None
            if token.text in {"-", "'", ":", "("}:
                continue
            found = self._place(here)
            if found:
                return Zone((found[0],)), found[1]
            if token.sort is not Sort.WORD or (self._is_name(here) and not self._tokens.words.knows(token)):
                return None
        return None

    def _bare_place(self, place: int) -> tuple[Zone, int] | None:
        """Read the city in `15:00 London`, `(Berlin)`, and in a sentence about all times."""
        if not self._is_name(place) or not self._tokens.items:
            return None
        last = self._tokens.items[-1]
        behind = isinstance(last.what, Stretch) and last.end == place
        bracketed = last.what is Sign.PAREN and self._tokens.has(place - 1, "(")
        if not (behind or bracketed or self._is_stated()):
            return None
        if self._tokens.find(Kind.WEEKDAY, place) or self._tokens.find(Kind.MONTH, place):
            return None
        found = self._place(place)
        is_word = behind and self._tokens.words.knows(self._tokens[place])
        if not found or (is_word and found[1] == place + 1):
            return None
        closed = self._tokens.has(found[1], ")", ",") or self._tokens.find(Kind.TIME, found[1])
        return (Zone((found[0],)), found[1]) if closed or not bracketed else None

    def _place(self, place: int) -> tuple[str, int] | None:
        """The zone of the city or country named here by one to four words, and the place behind it."""
        if not self._is_name(place):
            return None
        ends = [place + 1]
        while len(ends) < _LONGEST_PLACE:
            end = ends[-1]
            if self._tokens.has_glued(end, "-", ".", "'"):
                end += 1
            token = self._tokens.at(end)
            if token is None or token.sort is not Sort.WORD or self._tokens.find(Kind.TIME, end):
                break
            ends.append(end + 1)
        for end in reversed(ends):
            name = self._tokens.text(place, end)
            if not self._is_name(end - 1) or len(name) < _SHORTEST_PLACE:
                continue
            inflected = self._tokens.find(Kind.TIME, end) is not None
            zone = self._find_place(name) or (self._inflected(name) if inflected else None)
            if zone:
                return zone, end
        phrase = self._tokens.find(Kind.ZONE, place)
        return (str(phrase[0]), phrase[1]) if phrase else None

    def _is_name(self, place: int) -> bool:
        """Tell whether a word with a capital stands here."""
        token = self._tokens.at(place)
        return token is not None and token.sort is Sort.WORD and token.text[:1].isupper()

    # ---- what stands around

    def _is_beside_time(self, place: int, end: int) -> bool:
        """Tell whether a name stands behind a time, alone in brackets, or in a word on all times."""
        return (
            self._follows_time()
            or (self._tokens.has(place - 1, "(") and self._tokens.has(end, ")"))
            or self._is_stated()
        )

    def _follows_time(self) -> bool:
        """Tell whether the item just before is a time or a day, brackets and slashes aside."""
        for item in reversed(self._tokens.items[-3:]):
            if item.what not in (Sign.PAREN, Sign.COMMA, Sign.SLASH):
                return isinstance(item.what, Stretch | Part | Zone | Day | DayRange)
        return False

    def _is_in_short_remark(self) -> bool:
        """Tell whether a sentence or bracket of few words begins just before: `Both BST.`, `(all ET)`."""
        for item in reversed(self._tokens.items[-3:]):
            if item.what in (Sign.BREAK, Sign.LINE, Sign.PAREN):
                return True
            if not isinstance(item.what, Kind | Other):
                return False
        return False

    def _is_stated(self) -> bool:
        """Tell whether the sentence is about what clock all times are on."""
        for item in reversed(self._tokens.items[-8:]):
            if item.what in (Sign.BREAK, Sign.LINE) or isinstance(item.what, Stretch):
                return False
            if item.what is Kind.TIMES:
                return True
        return False
