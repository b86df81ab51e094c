"""Days in a text: dates in every usual order, weekdays, `tomorrow`, lists and ranges of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.clock_words import part_of
from lastresort.times.items import Day, DayRange, Part, Stretch, Week, Which, Zone
from lastresort.times.language import Kind
from lastresort.times.tokens import Sort

if TYPE_CHECKING:
    from lastresort.times.clock_words import ClockWords
    from lastresort.times.tokens import Token
    from lastresort.times.view import TokenView
    from lastresort.times.zone_words import ZoneWords

MONTHS = range(1, 13)
DAYS = range(1, 32)
MINUTES = range(60)
YEARS = range(1970, 2200)
_MOST_LISTED = 8
"""Day numbers that share a month: `18, 19 and 20 May`."""
_LONGEST_COMPOUND = 40


class DayWords:
    """Reads a day, or several that share a month, at one place of the tokens."""

    def __init__(self, tokens: TokenView, clocks: ClockWords, zones: ZoneWords) -> None:
        self._tokens = tokens
        self._clocks = clocks
        self._zones = zones

    def iso(self, place: int) -> int | None:
        """Read `2026-05-14T15:00Z`, `2026-05-14 15:00` and `2026-05-14` as day, clock time and zone."""
        year = self._tokens.number(place, YEARS, (4,))
        if year is None or not (
            self._tokens.has_glued(place + 1, "-") and self._tokens.has_glued(place + 3, "-")
        ):
            return None
        month, day = self._tokens.number(place + 2, MONTHS), self._tokens.number(place + 4, DAYS)
        if month is None or day is None:
            return None
        self._tokens.add(Day(day=day, month=month, year=year), place, place + 5)
        place += 5
        if not self._tokens.has_glued(place, "t"):
            return self._clock_behind(place)
        clock = self._clocks.clock(place + 1)
        if clock is None:
            return place
        end = self._tokens.add(Stretch(clock[0]._replace(padded=True)), place, clock[1])
        sign = self._tokens.at(end)
        hours = self._tokens.at(end + 1)
        if self._tokens.has_glued(end, "z"):
            return self._tokens.add(Zone(("UTC",)), end, end + 1)
        if (
            sign
            and hours
            and self._tokens.has_glued(end, "+", "-")
            and hours.sort is Sort.NUMBER
            and not hours.spaced
        ):
            return self._zones.offset(end) or end
        return end

    def _clock_behind(self, place: int) -> int:
        """Read the clock time behind an ISO date, which has 24 hours; a range is read as any other."""
        clock = self._clocks.clock(place)
        if clock is None or not clock[0].marked or clock[0].half or self._clocks.is_range(clock[1]):
            return place
        return self._tokens.add(Stretch(clock[0]._replace(padded=True)), place, clock[1])

    def read(self, place: int) -> int | None:
        """Read a day, a list of day numbers that share a month, or a range of days."""
        listed = self._listed(place)
        if listed:
            return listed
        found = self._day(place)
        if found is None:
            return None
        day, end = found
        until = self._day_behind(end)
        if until:
            self._tokens.add(DayRange(day, until[0]), place, until[1])
            return until[1]
        self._tokens.add(day, place, end)
        part = self._compound_part(place, end)
        if part:
            self._tokens.add(part, end - 1, end)
        return self._more_numbers(day, end) or end

    def _day_behind(self, place: int) -> tuple[Day, int] | None:
        """The last day of a range whose first one ends here."""
        to = self._tokens.find(Kind.TO, place)
        items = self._tokens.items
        between = self._tokens.find(Kind.OR, place) if items and items[-1].what is Kind.BETWEEN else None
        joined = to or between
        if joined:
            found = self._day(joined[1])
        elif self._tokens.has(place, "-"):
            found = self._day(place + 1)
        else:
            return None
        return found if found and found[0].relative is None else None

    def _day(self, place: int) -> tuple[Day, int] | None:
        start = self._tokens.skip(place, Kind.DAY_BEFORE)
        which, behind = self._which(start)
        behind = self._tokens.skip(behind, Kind.DAY_BEFORE) if which is not Which.PLAIN else behind
        weekday = self._weekday(behind)
        if weekday:
            return self._with_date(weekday[0], which, weekday[1])
        if which is Which.THIS and self._tokens.find(Kind.PART, behind):
            return Day(relative=0), behind
        date = self._date(start)
        if date:
            return self._confirmed(*date)
        if self._follows_weekday() and self._tokens.find(Kind.PART, start):
            return None
        relative = self._tokens.find(Kind.RELATIVE_DAY, start)
        if relative:
            day = Day(relative=int(str(relative[0])))
            return self._confirmed(day, relative[1])
        token = self._tokens.at(start)
        compound = self._compound(token) if token and token.sort is Sort.WORD else None
        return (compound[0], start + 1) if compound else self._numbered(place, start)

    def _which(self, place: int) -> tuple[Which, int]:
        if self._tokens.find(Kind.WEEK, place):
            return Which.PLAIN, place
        for kind, which in ((Kind.THIS, Which.THIS), (Kind.NEXT, Which.NEXT), (Kind.LAST, Which.LAST)):
            found = self._tokens.find(kind, place)
            if found:
                return which, found[1]
        return Which.PLAIN, place

    def _follows_weekday(self) -> bool:
        last = self._tokens.items[-1] if self._tokens.items else None
        return last is not None and isinstance(last.what, Day) and not self._tokens.has(last.end, ",")

    def _weekday(self, place: int) -> tuple[int, int] | None:
        found = self._tokens.find(Kind.WEEKDAY, place)
        if found:
            return int(str(found[0])), self._tokens.skip_dot(found[1])
        token = self._tokens.at(place)
        if token is None or (token.sort is not Sort.WORD and token.sort is not Sort.NUMBER):
            return None
        short = self._tokens.find(Kind.SHORT_WEEKDAY, place)
        if short and self._is_short_weekday(place, short[1]):
            return int(str(short[0])), self._tokens.skip_dot(short[1])
        compound = self._compound(token) if token.sort is Sort.WORD else None
        weekday = compound[0].weekday if compound else None
        return (weekday, place + 1) if weekday is not None else None

    def _is_short_weekday(self, place: int, end: int) -> bool:
        """Tell whether `Do` or `ma` is a day: a date, a time or another day follows."""
        behind = end
        while self._tokens.has(behind, ".", ",", "-", "/", ":") and behind < end + 2:
            behind += 1
        if self._tokens.words.language == "de" and not self._tokens[place].text[:1].isupper():
            return False
        behind = self._tokens.skip(behind, Kind.OR, Kind.TO, Kind.DAY_BEFORE, Kind.FILLER)
        token = self._tokens.at(behind)
        if token is None:
            return False
        if token.sort is Sort.NUMBER:
            return True
        return any(
            self._tokens.find(kind, behind) for kind in (Kind.WEEKDAY, Kind.SHORT_WEEKDAY, Kind.PART)
        ) or (self._clocks.keyword(behind) is not None)

    def _compound(self, token: Token) -> tuple[Day, Part] | None:
        """Read a day and a part of it in one word, such as `Dienstagvormittag` or `morgenochtend`."""
        if len(token.low) > _LONGEST_COMPOUND:
            return None
        for length in range(5, len(token.low) - 2):
            part = self._word(token.low[length:], Kind.PART)
            if part is None:
                continue
            weekday = self._word(token.low[:length], Kind.WEEKDAY)
            relative = self._word(token.low[:length], Kind.RELATIVE_DAY)
            if weekday is not None:
                return Day(weekday=int(str(weekday))), part_of(part)
            if relative is not None:
                return Day(relative=int(str(relative))), part_of(part)
        return None

    def _word(self, word: str, kind: Kind) -> object | None:
        for phrase in self._tokens.words.phrases.get(word, {}).get(kind, ()):
            if len(phrase.words) == 1:
                return phrase.value  # type: ignore[no-any-return]
        return None

    def _compound_part(self, start: int, end: int) -> Part | None:
        """The part of the day that the last word of a day names as well: `tonight`, `Dienstagvormittag`."""
        token = self._tokens.at(end - 1)
        if token is None or end - 1 < start or token.sort is not Sort.WORD:
            return None
        compound = self._compound(token)
        if compound:
            return compound[1]
        relative = self._tokens.find(Kind.RELATIVE_DAY, end - 1)
        part = self._tokens.find(Kind.PART, end - 1)
        if relative and part and part[1] == end and int(str(relative[0])) == 0:
            return part_of(part[0])
        return None

    def _with_date(self, weekday: int, which: Which, place: int) -> tuple[Day, int]:
        """The day that a weekday begins: `prochain` and the like, a date or a number may follow."""
        if which is Which.PLAIN:
            which, place = self._which(place)
        day = Day(weekday=weekday, which=which)
        behind = place
        if self._tokens.has(behind, ","):
            behind += 1
        if self._tokens.has(behind, "("):
            behind += 1
        behind = self._tokens.skip(behind, Kind.DAY_BEFORE)
        date = self._date(behind, beside_weekday=True)
        if date:
            end = date[1]
            end = end + 1 if self._tokens.has(end, ")") and self._tokens.has(place, "(") else end
            return date[0]._replace(weekday=weekday), end
        number = self._day_number(behind)
        if number:
            return Day(weekday=weekday, day=number[0], which=Which.PLAIN), number[1]
        return day, place

    def _day_number(self, place: int) -> tuple[int, int] | None:
        """Read `14th`, `14.` or, beside a weekday or behind `the`, `14` that is no clock time."""
        number = self._tokens.number(place, DAYS)
        if number is None:
            return None
        ordinal = self._ordinal(place + 1)
        if ordinal:
            return number, ordinal
        end = place + 1
        if (
            self._tokens.has_glued(end, ".")
            and (token := self._tokens.at(end + 1))
            and token.spaced
            and self._tokens.words.language in {"de", "pl"}
        ):
            return number, end + 1
        if (self._clocks.is_clock_like(place) and self._clocks.keyword(end) is None) or (
            self._tokens.has(end, ":", "-", "/", ".") and not self._tokens.ends_sentence(end)
        ):
            return None
        return number, end

    def _ordinal(self, place: int) -> int | None:
        token = self._tokens.at(place)
        if token is None or (token.spaced and token.low != "-"):
            return None
        if token.low in {"°", "º"}:
            return place + 1
        if token.low == "-" and not token.spaced:
            place += 1
        found = self._tokens.find(Kind.ORDINAL, place)
        return self._tokens.skip_dot(found[1]) if found and not self._tokens[place].spaced else None

    def _numbered(self, place: int, start: int) -> tuple[Day, int] | None:
        """Read `the 14th`, `am 14.`, `dia 14`: a day's number alone."""
        number = self._tokens.number(start, DAYS)
        if number is None:
            return None
        ordinal = self._ordinal(start + 1)
        if ordinal:
            return Day(day=number), ordinal
        token = self._tokens.at(start + 2)
        if (
            start > place
            and self._tokens.has_glued(start + 1, ".")
            and (token is None or token.spaced)
            and self._tokens.words.language in {"de", "pl"}
        ):
            return Day(day=number), start + 2
        if (
            start > place
            and self._tokens.words.language in {"fr", "es", "pt", "it"}
            and self._number_stands_alone(start)
        ):
            return Day(day=number), start + 1
        return None

    def _number_stands_alone(self, place: int) -> bool:
        """Tell whether a clock time follows the number, so that `le 14 à 15h` names a day."""
        return (
            not self._clocks.is_clock_like(place)
            and self._clocks.keyword(place + 1) is not None
            and self._clocks.keyword(place) is None
        )

    def _confirmed(self, day: Day, place: int) -> tuple[Day, int]:
        """Take the weekday behind a date: `14 May (Thursday)`, `tomorrow, Tuesday 12 May`."""
        behind = place
        bracket = self._tokens.has(behind, "(")
        if bracket or self._tokens.has(behind, ","):
            behind += 1
        behind = self._tokens.skip(behind, Kind.DAY_BEFORE)
        weekday = self._weekday(behind)
        if not weekday or not (
            bracket or behind > place or day.relative is not None or not self._date(weekday[1])
        ):
            return day, place
        end = weekday[1]
        if day.relative is not None:
            date, end = self._with_date(weekday[0], Which.PLAIN, end)
            day = date if date.month else day._replace(weekday=weekday[0])
        else:
            after = end + 1 if self._tokens.has(end, ",") else end
            if self._date(self._tokens.skip(after, Kind.DAY_BEFORE), beside_weekday=True):
                return day, place  # the weekday belongs to the next date
            day = day._replace(weekday=weekday[0])
        if bracket:
            if not self._tokens.has(end, ")"):
                return day, place
            end += 1
        return day, end

    def _date(self, place: int, *, beside_weekday: bool = False) -> tuple[Day, int] | None:
        return (
            self._day_month(place)
            or self._month_day(place)
            or self._numeric(place, beside_weekday=beside_weekday)
            or self._iso_date(place)
        )

    def _iso_date(self, place: int) -> tuple[Day, int] | None:
        year, month = self._tokens.number(place, YEARS, (4,)), self._tokens.number(place + 2, MONTHS)
        day = self._tokens.number(place + 4, DAYS)
        if (
            year
            and month
            and day
            and self._tokens.has_glued(place + 1, "-")
            and self._tokens.has_glued(place + 3, "-")
        ):
            return Day(day=day, month=month, year=year), place + 5
        return None

    def _day_month(self, place: int) -> tuple[Day, int] | None:
        number = self._tokens.number(place, DAYS)
        if number is None:
            return None
        end = self._ordinal(place + 1) or self._tokens.skip_dot(place + 1)
        if self._tokens.has(end, "-"):
            end += 1
        end = self._tokens.skip(end, Kind.OF)
        month = self._tokens.find(Kind.MONTH, end)
        if not month:
            return None
        year, end = self._year(self._tokens.skip_dot(month[1]))
        return Day(day=number, month=int(str(month[0])) + 1, year=year), end

    def _month_day(self, place: int) -> tuple[Day, int] | None:
        month = self._tokens.find(Kind.MONTH, place)
        if not month or not self._tokens.words.half_days:
            return None
        behind = self._tokens.skip(self._tokens.skip_dot(month[1]), Kind.DAY_BEFORE)
        number = self._tokens.number(behind, DAYS)
        if number is None:
            return None
        ordinal = self._ordinal(behind + 1)
        clock = self._clocks.clock(behind)
        if not ordinal and clock and clock[0].marked:
            return None
        year, end = self._year(ordinal or behind + 1)
        return Day(day=number, month=int(str(month[0])) + 1, year=year), end

    def _year(self, place: int) -> tuple[int | None, int]:
        behind = place + 1 if self._tokens.has(place, ",", "-", "'") else place
        behind = self._tokens.skip(behind, Kind.OF)
        year = self._tokens.number(behind, YEARS, (4,))
        if year is None:
            short = self._tokens.number(behind, range(20, 100), (2,))
            return (
                (2000 + short, behind + 1) if short and self._tokens.has(place, "'", "-") else (None, place)
            )
        return year, behind + 1

    def _numeric(self, place: int, *, beside_weekday: bool) -> tuple[Day, int] | None:
        first, sign, second = (
            self._tokens.number(place, DAYS),
            self._tokens.at(place + 1),
            self._tokens.number(place + 2, DAYS),
        )
        previous = self._tokens.at(place - 1)
        if first is None or second is None or sign is None or sign.low not in {".", "/", "-"}:
            return None
        if (
            sign.spaced
            or (self._tokens[place + 2].spaced and sign.low != ".")
            or (
                previous
                and not previous.spaced
                and previous.low in {".", "/", "-", ":"}
                and not self._tokens[place].spaced
            )
        ):
            return None
        end = place + 3
        again = self._tokens.has_glued(end, sign.low)
        if again:
            year = self._tokens.number(end + 1, YEARS, (4,)) or self._tokens.number(
                end + 1, range(20, 100), (2,)
            )
            token = self._tokens.at(end + 1)
            if (
                year
                and token
                and not ((token.spaced and sign.low != ".") or (token.spaced and len(token.text) == 2))
            ):
                return self._ordered(first, second, year if year > 99 else 2000 + year, sign.low, end + 2)
            if sign.low == "." and (token is None or token.spaced or token.sort is not Sort.NUMBER):
                return self._ordered(first, second, None, ".", end + 1)
            return None
        if (
            self._tokens.has(end, ":")
            and not self._tokens[end].spaced
            and self._tokens.number(end + 1, MINUTES, (2,)) is not None
            and not (token := self._tokens[end + 1]).spaced
        ):
            return None
        if sign.low == "/":
            return None if (first, second) == (24, 7) else self._ordered(first, second, None, "/", end)
        if (
            sign.low == "-"
            and not self._clocks.is_marked(end)
            and (
                self._tokens.words.half_days or not (self._tokens.has(end, ",") or self._clocks.keyword(end))
            )
        ):
            return None
        named = beside_weekday or self._take_day_before(place)
        leading = (sign.low == "." and self._tokens[place + 2].text.startswith("0")) or beside_weekday
        if (
            (named or (leading and self._may_lead(place)))
            and not self._clocks.is_marked(place)
            and (sign.low == "." or beside_weekday)
        ):
            return self._ordered(first, second, None, sign.low, end)
        return None

    def _may_lead(self, place: int) -> bool:
        """Tell whether `18.05` may be a date here: no name such as `Raum` stands before it."""
        before = self._tokens.at(place - 1)
        return before is None or before.sort is not Sort.WORD or self._tokens.words.knows(before)

    def _take_day_before(self, place: int) -> bool:
        """Tell whether the word before the number introduces a day: `am 18.05`."""
        last = self._tokens.at(place - 1)
        return last is not None and self._tokens.find(Kind.DAY_BEFORE, place - 1) is not None

    def _ordered(
        self, first: int, second: int, year: int | None, sign: str, end: int
    ) -> tuple[Day, int] | None:
        """The date of two numbers, the day first; marked as swappable where the other order is one too."""
        if second in MONTHS:
            swappable = (
                sign != "." and first in MONTHS and first != second and bool(self._tokens.words.month_first)
            )
            return Day(day=first, month=second, year=year, swappable=swappable), end
        if first in MONTHS and sign != ".":
            return Day(day=second, month=first, year=year), end
        return None

    def _listed(self, place: int) -> int | None:
        """Read `18, 19 and 20 May` or `18.-20. Mai` as days of that month."""
        start = self._tokens.skip(place, Kind.DAY_BEFORE, Kind.FROM)
        numbers: list[tuple[int, int, int]] = []
        ranged = False
        here = start
        while len(numbers) < _MOST_LISTED:
            here = self._tokens.skip(here, Kind.DAY_BEFORE)
            number = self._tokens.number(here, DAYS)
            if number is None:
                return None
            dated = self._day_month(here)
            if dated:
                if not numbers or (ranged and len(numbers) > 1):
                    return None
                day, end = dated
                if ranged:
                    return self._tokens.add(DayRange(day._replace(day=numbers[0][0]), day), place, end)
                for listed, begun, ended in numbers:
                    self._tokens.add(day._replace(day=listed), begun, ended)
                return self._tokens.add(day, here, end)
            end = self._ordinal(here + 1) or self._tokens.skip_dot(here + 1)
            numbers.append((number, here, end))
            step = self._tokens.find(Kind.OR, end)
            to = self._tokens.find(Kind.TO, end)
            if to and not step:
                ranged, here = True, to[1]
            elif self._tokens.has(end, "-"):
                ranged, here = True, end + 1
            elif step:
                here = step[1]
            elif self._tokens.has(end, ",", "/", "&"):
                here = end + 1
                also = self._tokens.find(Kind.OR, here)
                here = also[1] if also else here
            else:
                return None
        return None

    def _more_numbers(self, day: Day, place: int) -> int | None:
        """Read the other days of `May 19, 20 and 21` or `May 19-21`."""
        if (
            day.month is None
            or day.year is not None
            or not self._tokens.words.half_days
            or day.weekday is not None
        ):
            return None
        here, last, end = place, day.day or 0, None
        while True:
            joined = self._tokens.has(here, ",", "&")
            ranged = self._tokens.has(here, "-") or (
                not joined and self._tokens.find(Kind.TO, here) is not None
            )
            behind = here + 1 if joined or self._tokens.has(here, "-") else here
            if ranged and behind == here:
                behind = self._tokens.skip(here, Kind.TO)
            behind = self._tokens.skip(behind, Kind.OR, Kind.DAY_BEFORE)
            number = self._tokens.number(behind, DAYS)
            if (
                behind == here
                or number is None
                or number <= last
                or self._clocks.is_clock_like(behind)
                or self._tokens.has(behind + 1, ":")
            ):
                return end
            after = self._tokens.at(behind + 1)
            if after and (
                self._tokens.find(Kind.MONTH, behind + 1)
                or self._tokens.find(Kind.AM, behind + 1)
                or self._tokens.find(Kind.PM, behind + 1)
            ):
                return end
            end = self._ordinal(behind + 1) or behind + 1
            if ranged:
                del self._tokens.items[-1]
                return self._tokens.add(DayRange(day, day._replace(day=number)), place, end)
            self._tokens.add(day._replace(day=number), behind, end)
            here, last = end, number

    def week(self, place: int) -> tuple[Week, int] | None:
        """Return the week named here and the place behind it."""
        found = self._tokens.find(Kind.WEEK, place)
        return (Week(int(str(found[0]))), found[1]) if found else None
