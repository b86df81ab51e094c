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

MINUTES = range(60)


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
            or self.from_utc(place)
            or self._zone_phrase(place)
            or self._whose(place)
            or self._abbreviation(place)
            or self._place_and_time(place)
            or self._time_and_place(place)
            or self._exact_name(place)
            or self._bare_place(place)
        )

    def offset(self, sign: int) -> tuple[Zone, int] | None:
        """Read `+02:00`, `-0500`, `+2` whose sign stands here."""
        hours, end = self._tokens.at(sign + 1), sign + 2
        if hours is None or hours.sort is not Sort.NUMBER or hours.spaced:
            return None
        text = self._tokens[sign].text + hours.text
        minutes = self._tokens.number(end + 1, MINUTES, (2,)) if self._tokens.has_glued(end, ":") else None
        if len(hours.text) <= 2 and minutes is not None:
            text += self._tokens[end + 1].text
            end += 2
        zone = self._find_place(f"UTC{text}")
        return (Zone((zone,)), end) if zone else None

    def _displayed(self, place: int) -> tuple[Zone, int] | None:
        """Read Outlook's `(UTC+01:00) Amsterdam, Berlin, Bern` and Google's `(GMT+02:00) … - Berlin`."""
        if not (
            self._tokens.has(place, "(")
            and self._tokens.has(place + 1, "utc", "gmt")
            and self._tokens.has(place + 2, "+", "-", ")")
        ):
            return None
        end = place + 2
        while end < min(place + 7, len(self._tokens)) and not self._tokens.has(end, ")"):
            end += 1
        if not self._tokens.has(end, ")"):
            return None
        offset = "".join(token.text for token in self._tokens.between(place + 1, end))
        last = end + 1
        while last < min(end + 30, len(self._tokens)) and self._belongs_to_display(last):
            last += 1
        while last > end + 1 and self._tokens.has(last - 1, ",", "-", "("):
            last -= 1
        names = self._tokens.text(end + 1, last)
        phrase = self._tokens.find(Kind.ZONE, end + 1)
        zone = (
            self._find_place(f"({offset}) {names}")
            or (str(phrase[0]) if phrase else None)
            or self._find_place(offset)
        )
        return (Zone((zone,)), last) if zone else None

    def _belongs_to_display(self, place: int) -> bool:
        token = self._tokens[place]
        if token.sort is Sort.WORD:
            return token.text[:1].isupper() or token.low in {
                "de",
                "do",
                "da",
                "di",
                "del",
                "et",
                "y",
                "e",
                "und",
                "en",
                "i",
                "d",
            }
        return token.sort is Sort.MARK and token.text in {",", "&", "(", ")", "-", "'", "/"}

    def from_utc(self, place: int) -> tuple[Zone, int] | None:
        """Read `GMT+2`, `UTC-5`, `UTC+05:30`, and `+02:00` or `Z` behind a clock time."""
        if self._tokens.has(place, "utc", "gmt") and self._tokens.has(place + 1, "+", "-"):
            hours = self._tokens.at(place + 2)
            if (
                hours
                and hours.sort is Sort.NUMBER
                and not hours.spaced
                and len(hours.text) in {1, 2, 4}
                and not self._tokens.find(Kind.PM, place + 3)
            ):
                return self.offset(place + 1)
        behind = bool(self._tokens.items) and isinstance(self._tokens.items[-1].what, Stretch)
        if (
            behind
            and self._tokens.has(place, "+")
            and (hours := self._tokens.at(place + 1))
            and hours.sort is Sort.NUMBER
            and len(hours.text) in {2, 4}
        ):
            return self.offset(place)
        if (
            behind
            and self._tokens.has(place, "z")
            and self._tokens[place].text == "Z"
            and not self._tokens[place].spaced
        ):
            return Zone(("UTC",)), place + 1
        return None

    def _zone_phrase(self, place: int) -> tuple[Zone, int] | None:
        """Read `Eastern Time`, `heure d'Europe centrale - Paris`; a bare `Eastern` beside a time only."""
        found = self._tokens.find(Kind.ZONE, place)
        if not found:
            return None
        end = found[1]
        spoken = any(self._tokens.find(Kind.TIME, inner) for inner in range(place, end))
        if not spoken:
            joined = self._tokens.find(Kind.TIME, end)
            if joined:
                end, spoken = joined[1], True
        if not spoken and not (self._beside_time(place, end) or self._in_short_remark()):
            return None
        refined = self._refined(end)
        return refined or (Zone((str(found[0]),)), end)

    def _refined(self, place: int) -> tuple[Zone, int] | None:
        """The city behind the dash of `(Eastern Time - New York)`."""
        if not self._tokens.has(place, "-"):
            return None
        found = self._place(place + 1)
        return (Zone((found[0],)), found[1]) if found else None

    def _beside_time(self, place: int, end: int) -> bool:
        """Tell whether a name stands behind a time, alone in brackets, or in a word on all times."""
        return (
            self._follows_time()
            or (self._tokens.has(place - 1, "(") and self._tokens.has(end, ")"))
            or self._stated()
        )

    def _in_short_remark(self) -> bool:
        """Tell whether a sentence or bracket of few words begins just before: `Both BST.`, `(all ET)`."""
        for item in reversed(self._tokens.items[-3:]):
            if item.what in (Sign.BREAK, Sign.LINE, Sign.PAREN):
                return True
            if not isinstance(item.what, Kind | Other):
                return False
        return False

    def _follows_time(self) -> bool:
        """Tell whether the item just before is a time or a day, brackets and slashes aside."""
        for item in reversed(self._tokens.items[-3:]):
            if item.what in (Sign.PAREN, Sign.COMMA, Sign.SLASH):
                continue
            return isinstance(item.what, Stretch | Part | Zone | Day | DayRange)
        return False

    def _stated(self) -> bool:
        """Tell whether the sentence is about what clock all times are on."""
        for item in reversed(self._tokens.items[-8:]):
            if item.what in (Sign.BREAK, Sign.LINE) or isinstance(item.what, Stretch):
                return False
            if item.what is Kind.TIMES:
                return True
        return False

    def _whose(self, place: int) -> tuple[Zone, int] | None:
        last = self._tokens.items[-1].what if self._tokens.items else None
        for kind, whose in ((Kind.MINE, Whose.MINE), (Kind.THEIRS, Whose.THEIRS)):
            found = self._tokens.find(kind, self._tokens.skip(place, Kind.FILLER, Kind.DAY_BEFORE))
            if found and self._beside_time(place, found[1]) and not isinstance(last, Day):
                return Zone(whose=whose), found[1]
        return None

    def _abbreviation(self, place: int) -> tuple[Zone, int] | None:
        token = self._tokens.at(place)
        if token is None or token.sort is not Sort.WORD or not 2 <= len(token.text) <= 5:
            return None
        names = self._abbreviated(token.text.upper())
        if not names:
            return None
        behind = bool(self._tokens.items) and isinstance(self._tokens.items[-1].what, Stretch | Part)
        if token.text.isupper():
            if not (self._beside_time(place, place + 1) or self._in_short_remark()) or (
                isinstance(self._tokens.items[-1].what if self._tokens.items else None, Day)
                and self._tokens.find(Kind.OR, place)
            ):
                return None
        elif not (
            behind and self._tokens.words.language == "en" and token.text.islower() and len(token.text) > 1
        ):
            return None
        time = self._tokens.find(Kind.TIME, place + 1)
        end = time[1] if time else place + 1
        return self._refined(end) or (Zone(names), end)

    def _place_and_time(self, place: int) -> tuple[Zone, int] | None:
        """Read `London time`, `Londoner Zeit`, `New Yorkse tijd`."""
        token = self._tokens.at(place)
        if token is None or token.sort is not Sort.WORD or not token.text[:1].isupper():
            return None
        end = place + 1
        while (
            end <= place + 3
            and (token := self._tokens.at(end))
            and token.sort is Sort.WORD
            and token.text[:1].isupper()
            and not self._tokens.find(Kind.TIME, end)
        ):
            end += 1
        time = self._tokens.find(Kind.TIME, end)
        if not time:
            return None
        for start in range(place, end):
            name = self._tokens.text(start, end)
            zone = self._find_place(name) or self._inflected(name)
            if zone:
                if start > place:
                    return None  # found again at its own place
                return self._refined(time[1]) or (Zone((zone,)), time[1])
        return None

    def _inflected(self, name: str) -> str | None:
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
        here = time[1]
        for _ in range(4):
            token = self._tokens.at(here)
            if token is None or token.sort is Sort.LINE:
                return None
            if token.text in {"-", "'", ":", "("}:
                here += 1
                continue
            found = self._place(here)
            if found:
                return Zone((found[0],)), found[1]
            if token.sort is not Sort.WORD or (
                token.text[:1].isupper() and not self._tokens.words.knows(token)
            ):
                return None
            here += 1
        return None

    def _exact_name(self, place: int) -> tuple[Zone, int] | None:
        """Read `Europe/Berlin`."""
        token, city = self._tokens.at(place), self._tokens.at(place + 2)
        if (
            token is None
            or city is None
            or not self._tokens.has_glued(place + 1, "/")
            or city.spaced
            or city.sort is not Sort.WORD
        ):
            return None
        if not (token.text[:1].isupper() and city.text[:1].isupper() and token.sort is Sort.WORD):
            return None
        end = place + 3
        while (
            self._tokens.has_glued(end, "_", "/")
            and (more := self._tokens.at(end + 1))
            and more.sort is Sort.WORD
            and not more.spaced
        ):
            end += 2
        name = "".join(token.text for token in self._tokens.between(place, end))
        zone = self._find_place(name)
        return (Zone((zone,)), end) if zone else None

    def _bare_place(self, place: int) -> tuple[Zone, int] | None:
        """Read the city in `15:00 London`, `(Berlin)`, and in a sentence about all times."""
        token = self._tokens.at(place)
        if (
            token is None
            or token.sort is not Sort.WORD
            or not token.text[:1].isupper()
            or not self._tokens.items
        ):
            return None
        last = self._tokens.items[-1]
        behind = isinstance(last.what, Stretch) and last.end == place
        bracketed = last.what is Sign.PAREN and self._tokens.has(place - 1, "(")
        if not (behind or bracketed or self._stated()):
            return None
        if (
            self._tokens.find(Kind.WEEKDAY, place)
            or self._tokens.find(Kind.MONTH, place)
            or (behind and self._tokens.words.knows(token))
        ):
            return None
        found = self._place(place)
        if not found or (
            bracketed
            and not self._tokens.has(found[1], ")", ",")
            and not self._tokens.find(Kind.TIME, found[1])
        ):
            return None
        return Zone((found[0],)), found[1]

    def _place(self, place: int) -> tuple[str, int] | None:
        """The zone of the city or country named here by one to four words, and the place behind it."""
        token = self._tokens.at(place)
        if token is None or token.sort is not Sort.WORD or not token.text[:1].isupper():
            return None
        phrase = self._tokens.find(Kind.ZONE, place)
        ends = [place + 1]
        while len(ends) < 4:
            end = ends[-1]
            if self._tokens.has_glued(end, "-", ".", "'"):
                end += 1
            token = self._tokens.at(end)
            if token is None or token.sort is not Sort.WORD or self._tokens.find(Kind.TIME, end):
                break
            ends.append(end + 1)
        for end in reversed(ends):
            if self._tokens[end - 1].text[:1].isupper():
                zone = self._find_place(self._tokens.text(place, end)) or (
                    self._inflected(self._tokens.text(place, end))
                    if self._tokens.find(Kind.TIME, end)
                    else None
                )
                if zone:
                    return zone, end
        return (str(phrase[0]), phrase[1]) if phrase else None
