"""Dates in a text, in every usual order: `14 May 2026`, `May 14th`, `14.5.`, `5/14`, `2026-05-14`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.items import Day
from lastresort.times.language import Kind
from lastresort.times.tokens import Sort

if TYPE_CHECKING:
    from lastresort.times.clock_words import ClockWords
    from lastresort.times.view import TokenView

MONTHS = range(1, 13)
DAYS = range(1, 32)
YEARS = range(1970, 2200)
_SHORT_YEARS = range(20, 100)
_HOURS = range(25)
_MINUTES = range(60)
_SEPARATORS = frozenset((".", "/", "-"))
_ALWAYS = (24, 7)
"""`24/7` is no date."""


class DateWords:
    """Reads a date, or the number of a day, at one place of the tokens."""

    def __init__(self, tokens: TokenView, clocks: ClockWords) -> None:
        self._tokens = tokens
        self._clocks = clocks

    def read(self, place: int, *, beside_weekday: bool = False) -> tuple[Day, int] | None:
        """Return the date here and the place behind it; beside a weekday `18.5` and `18-5` are dates too."""
        return (
            self.day_month(place)
            or self._month_day(place)
            or self._numeric(place, beside_weekday=beside_weekday)
            or self.iso(place)
        )

    def iso(self, place: int) -> tuple[Day, int] | None:
        """Read `2026-05-14`."""
        year = self._tokens.number(place, YEARS, (4,))
        month = self._tokens.number(place + 2, MONTHS)
        day = self._tokens.number(place + 4, DAYS)
        dashed = self._tokens.has_glued(place + 1, "-") and self._tokens.has_glued(place + 3, "-")
        if year and month and day and dashed:
            return Day(day=day, month=month, year=year), place + 5
        return None

    def day_month(self, place: int) -> tuple[Day, int] | None:
        """Read `14 May`, `14. Mai 2026`, `14-May-26`, `14 de mayo de 2026`."""
        number = self._tokens.number(place, DAYS)
        if number is None:
            return None
        end = self.ordinal(place + 1) or self._tokens.skip_dot(place + 1)
        dashed = self._tokens.has(end, "-")
        month = self._tokens.find(Kind.MONTH, self._tokens.skip(end + dashed, Kind.OF))
        if not month:
            return None
        year, end = self._year(self._tokens.skip_dot(month[1]), dashed=dashed)
        return Day(day=number, month=int(str(month[0])) + 1, year=year), end

    def ordinal(self, place: int) -> int | None:
        """Return the place behind the ending of `14th`, `1er`, `1º`; `None` without one."""
        if self._tokens.has_glued(place, "°", "º"):
            return place + 1
        if self._tokens.has_glued(place, "-"):
            place += 1
        token = self._tokens.at(place)
        found = self._tokens.find(Kind.ORDINAL, place) if token and not token.spaced else None
        return self._tokens.skip_dot(found[1]) if found else None

    def number(self, place: int) -> tuple[int, int] | None:
        """Read beside a weekday `14th`, `14.` or a `14` that is no clock time."""
        number = self._tokens.number(place, DAYS)
        if number is None:
            return None
        end = self.ordinal(place + 1) or self._dotted(place + 1)
        if end:
            return number, end
        end = place + 1
        if self._clocks.lists_hours(place):
            return None
        if self._precedes_part(end) or self._precedes_last_day(end):
            return number, end
        if self._clocks.is_clock_like(place) and not self.precedes_clock(place, place + 1):
            return None
        longer = self._tokens.has(end, ":", "-", "/", ".") and not self._tokens.ends_sentence(end)
        return None if longer else (number, end)

    def lone_number(self, place: int, *, introduced: bool) -> tuple[Day, int] | None:
        """Read a day's number alone: `14th`; introduced, as in `am 14.` or `le 14 à 15h`, less tells it."""
        number = self._tokens.number(place, DAYS)
        if number is None:
            return None
        end = self.ordinal(place + 1) or (self._dotted(place + 1) if introduced else None)
        if end is None and introduced:
            tells = self.precedes_clock(place, place + 1) or self._precedes_part(place + 1)
            end = place + 1 if tells else None
        counts = end is not None and self._tokens.find(Kind.COUNTED, end) is not None
        return (Day(day=number), end) if end and not counts else None

    def precedes_clock(self, place: int, end: int) -> bool:
        """Tell whether the number from here to `end` is no clock time, and `at` with one follows."""
        if self._clocks.is_marked(place) or self._clocks.keyword(end) is None:
            return False
        called = self._tokens.find(Kind.CLOCK_BEFORE, end) is not None
        return called or not self._clocks.is_range(end)

    def _precedes_part(self, place: int) -> bool:
        """Tell whether a part of the day follows the number of a day: `martes 12 por la mañana`."""
        return self._tokens.find(Kind.PART, place) is not None and not self._tokens.words.half_days

    def _precedes_last_day(self, place: int) -> bool:
        """Tell whether the last day of a range follows: `lundi 18 au mercredi 20`."""
        to = self._tokens.find(Kind.TO, place)
        behind = to[1] if to else place + 1 if self._tokens.has(place, "-") else None
        behind = self._tokens.skip(behind, Kind.DAY_BEFORE) if behind else None
        return behind is not None and self._tokens.find(Kind.WEEKDAY, behind) is not None

    def _dotted(self, place: int) -> int | None:
        """The place behind the dot of `14.`, where the language writes days so."""
        behind = self._tokens.at(place + 1)
        dotted = self._tokens.words.dotted_days and self._tokens.has_glued(place, ".")
        return place + 1 if dotted and (behind is None or behind.spaced) else None

    def _month_day(self, place: int) -> tuple[Day, int] | None:
        """Read `May 14`, `May 14th, 2026`; `May 2pm` is none."""
        month = self._tokens.find(Kind.MONTH, place)
        if not month or not self._tokens.words.half_days:
            return None
        behind = self._tokens.skip(self._tokens.skip_dot(month[1]), Kind.DAY_BEFORE)
        number = self._tokens.number(behind, DAYS)
        ordinal = self.ordinal(behind + 1)
        if number is None or (not ordinal and self._clocks.is_marked(behind)):
            return None
        year, end = self._year(ordinal or behind + 1)
        return Day(day=number, month=int(str(month[0])) + 1, year=year), end

    def _year(self, place: int, *, dashed: bool = False) -> tuple[int | None, int]:
        """The year that may follow a date, and the place behind it; `'26` is short, `18-May-26` too."""
        marked = self._tokens.has(place, "'") or (dashed and self._tokens.has(place, "-"))
        behind = place + 1 if marked or self._tokens.has(place, ",") else place
        behind = self._tokens.skip(behind, Kind.OF)
        year = self._tokens.number(behind, YEARS, (4,))
        short = self._tokens.number(behind, _SHORT_YEARS, (2,)) if marked else None
        if short:
            return 2000 + short, behind + 1
        return (year, behind + 1) if year else (None, place)

    def _numeric(self, place: int, *, beside_weekday: bool) -> tuple[Day, int] | None:
        """Read `14.5.`, `14/05/2026`, `5/14`; of two numbers alone the words around have to tell a date."""
        first, second = self._tokens.number(place, DAYS), self._tokens.number(place + 2, DAYS)
        sign = self._tokens.at(place + 1)
        if first is None or second is None or sign is None or sign.low not in _SEPARATORS or sign.spaced:
            return None
        if (self._tokens[place + 2].spaced and sign.low != ".") or self._continues_number(place):
            return None
        end = place + 3
        if self._tokens.has_glued(end, sign.low):
            return self._with_year(first, second, sign.low, end + 1)
        clock = self._tokens.has_glued(end, ":") and self._tokens.glued_number(end + 1, _MINUTES, (2,))
        if clock is not False and clock is not None:
            return None
        if sign.low == "/":
            return self._ordered(first, second, None, "/", end) if (first, second) != _ALWAYS else None
        if sign.low == "-":
            falling = first > second and self._tokens[place + 2].text.startswith("0")
            no_hours = first not in _HOURS or falling
            ends = self._ends_dashed_date(end)
            dated = (beside_weekday and (no_hours or ends)) or (falling and ends)
        else:
            dated = (
                beside_weekday
                or self._tokens.find(Kind.DAY_BEFORE, place - 1) is not None
                or (self._tokens[place + 2].text.startswith("0") and self._may_lead(place))
            )
        return (
            self._ordered(first, second, None, sign.low, end)
            if dated and not self._clocks.is_marked(place)
            else None
        )

    def _continues_number(self, place: int) -> bool:
        """Tell whether the number here is the rest of a longer one, such as `0.14.5`."""
        before = self._tokens.at(place - 1)
        return (
            before is not None
            and not before.spaced
            and not self._tokens[place].spaced
            and (before.low in _SEPARATORS or before.low == ":")
        )

    def _with_year(self, first: int, second: int, sign: str, place: int) -> tuple[Day, int] | None:
        """The date whose second separator stands before this place: `14.5.`, `14.5.26`, `14/5/2026`."""
        token = self._tokens.at(place)
        spaced = token is None or token.spaced
        year = self._tokens.number(place, YEARS, (4,))
        short = self._tokens.number(place, _SHORT_YEARS, (2,))
        if year and (sign == "." or not spaced):
            return self._ordered(first, second, year, sign, place + 1)
        if short and not spaced:
            return self._ordered(first, second, 2000 + short, sign, place + 1)
        if sign == "." and (token is None or spaced or token.sort not in (Sort.NUMBER, Sort.WORD)):
            return self._ordered(first, second, None, ".", place)
        return None

    def _ends_dashed_date(self, place: int) -> bool:
        """Tell whether what follows makes `18-5` a date and no range: a clock time, or a word for one."""
        behind = place + 1 if self._tokens.has(place, ",") else place
        if self._clocks.is_marked(behind):
            return behind == place or not self._tokens.words.half_days
        if self._tokens.words.half_days:
            return False
        first, second = self._tokens.number(place - 3, DAYS), self._tokens.number(place - 1, MONTHS)
        rising = first is not None and second is not None and first < second  # `Mi 9-11, Do 13-15` are hours
        return self._clocks.keyword(place) is not None or (behind > place and not rising)

    def _may_lead(self, place: int) -> bool:
        """Tell whether `18.05` may be a date here: no name such as `Raum` stands before it."""
        before = self._tokens.at(place - 1)
        return before is None or before.sort is not Sort.WORD or self._tokens.words.knows(before)

    def _ordered(
        self, first: int, second: int, year: int | None, sign: str, end: int
    ) -> tuple[Day, int] | None:
        """The date of two numbers, the day first; marked as swappable where the other order is one too."""
        if second in MONTHS:
            both = sign != "." and first in MONTHS and first != second
            swappable = both and bool(self._tokens.words.month_first)
            return Day(day=first, month=second, year=year, swappable=swappable), end
        if first in MONTHS and (sign == "/" or self._tokens.words.half_days) and sign != ".":
            return Day(day=second, month=first, year=year), end
        return None
