"""Days in a text: dates, weekdays, `tomorrow`, lists and ranges of them, and the weeks they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.clock_words import part_of
from lastresort.times.date_words import DAYS, DateWords
from lastresort.times.items import Day, DayRange, Part, Stretch, Week, WeekAfter, Which, Zone
from lastresort.times.language import Kind
from lastresort.times.tokens import Sort

if TYPE_CHECKING:
    from lastresort.times.clock_words import ClockWords
    from lastresort.times.items import Clock
    from lastresort.times.tokens import Token
    from lastresort.times.view import TokenView
    from lastresort.times.zone_words import ZoneWords

_WEEKS = range(1, 54)
_MOST_LISTED = 8
"""Day numbers that share a month: `18, 19 and 20 May`."""
_MONTHS = 12
_LONGEST_COMPOUND = 40
_AROUND_NOON = ("12:00", "14:00")
"""The part of the day in `Donnerstagmittag`."""
_LONGEST_SHORT = 3


_WHICH = (
    (Kind.THIS, Which.THIS), (Kind.NEXT, Which.NEXT), (Kind.LAST, Which.LAST),
    (Kind.WEEK_BEFORE, Which.WEEK_LATER),
)  # fmt: skip


class DayWords:
    """Reads a day, several that share a month, or a week at one place of the tokens."""

    def __init__(self, tokens: TokenView, clocks: ClockWords, zones: ZoneWords) -> None:
        self._tokens = tokens
        self._clocks = clocks
        self._zones = zones
        self._dates = DateWords(tokens, clocks)

    def read(self, place: int) -> int | None:
        """Add what begins here to the items, and return the place behind it; `None` when it is no day."""
        return (
            self._instant(place)
            or self._week(place)
            or self._initials(place)
            or self._listed(place)
            or self._ranged(place)
        )

    # ---- ISO 8601

    def _instant(self, place: int) -> int | None:
        """Read `2026-05-14T15:00Z`, `2026-05-14 15:00` and `2026-05-14` as day, clock time and zone."""
        dated = self._dates.iso(place)
        if dated is None:
            return None
        end = self._tokens.add(dated[0], place, dated[1])
        joined = self._tokens.has_glued(end, "t")
        clock = self._clocks.clock(end + 1 if joined else end)
        if clock is None or not (joined or self._is_whole_clock(*clock)):
            return end
        end = self._tokens.add(Stretch(clock[0]._replace(padded=True)), end, clock[1])
        if not joined:
            return end
        if self._tokens.has_glued(end, "z"):
            return self._tokens.add(Zone(("UTC",)), end, end + 1)
        offset = self._zones.offset(end) if self._tokens.has_glued(end, "+", "-") else None
        return self._tokens.add(offset[0], end, offset[1]) if offset else end

    def _is_whole_clock(self, clock: Clock, end: int) -> bool:
        """Tell whether a clock time behind an ISO date has 24 hours; a range is read as any other."""
        return clock.marked and clock.half is None and not self._clocks.is_range(end)

    def _initials(self, place: int) -> int | None:
        """Read weekdays by their first letters: `M/W/F`, `TTh`."""
        found = self._tokens.find(Kind.INITIALS, place)
        if not found or not self._tokens[place].text[:1].isupper():
            return None
        for weekday in str(found[0]).split():
            self._tokens.add(Day(weekday=int(weekday)), place, found[1])
        return found[1]

    # ---- weeks

    def _week(self, place: int) -> int | None:
        """Read `next week`, `the week of 18 May`, `KW 21`."""
        named = self._tokens.find(Kind.WEEK, place)
        if named:
            return self._tokens.add(Week(ahead=int(str(named[0]))), place, named[1])
        after = self._tokens.find(Kind.WEEK_AFTER, place)
        if after:
            return self._tokens.add(WeekAfter(), place, after[1])
        begun = self._tokens.find(Kind.WEEK_OF, place)
        first = self._first_day(begun[1]) if begun else None
        if first:
            return self._tokens.add(Week(day=first[0]), place, first[1])
        numbered = self._tokens.find(Kind.WEEK_NUMBER, place)
        number = self._tokens.number(numbered[1], _WEEKS) if numbered else None
        if numbered and number:
            return self._tokens.add(Week(number=number), place, numbered[1] + 1)
        lone = self._number(begun[1]) if begun else None
        return self._tokens.add(Week(day=lone[0]), place, lone[1]) if lone else None

    def _first_day(self, place: int) -> tuple[Day, int] | None:
        """The date or weekday behind `the week of`; the end of a range behind it is passed over."""
        known = len(self._tokens.items)
        end = self._listed(place)
        if end:
            listed = self._tokens.items[known].what
            del self._tokens.items[known:]
            return (listed.first if isinstance(listed, DayRange) else listed), end  # type: ignore[return-value]
        place = self._tokens.skip(place, Kind.DAY_BEFORE)
        weekday = self._weekday(place)
        if weekday:
            place = weekday[1] + 1 if self._tokens.has(weekday[1], ",") else weekday[1]
            place = self._tokens.skip(place, Kind.DAY_BEFORE)
        found = self._dates.read(place, beside_weekday=weekday is not None)
        if found is None:
            return (Day(weekday=weekday[0]), weekday[1]) if weekday else None
        to = found[1] + 1 if self._tokens.has(found[1], "-") else self._tokens.skip(found[1], Kind.TO)
        last = self._dates.read(to) or self._number(to) if to > found[1] else None
        is_clock = self._tokens.find(Kind.CLOCK_BEFORE, found[1]) or self._clocks.is_marked(to)
        return found[0], last[1] if last and not is_clock else found[1]

    def _number(self, place: int) -> tuple[Day, int] | None:
        number = self._tokens.number(place, DAYS)
        end = self._dates.ordinal(place + 1) or self._tokens.skip_dot(place + 1)
        return (Day(day=number), end) if number else None

    # ---- several days

    def _listed(self, place: int) -> int | None:
        """Read `18, 19 and 20 May`, `18.-20. Mai`, and before a clock time `am 18. oder 19.` and its kind."""
        numbers: list[tuple[int, int, int]] = []
        ordinals = ranged = dated_with_slash = False
        here = self._tokens.skip(place, Kind.DAY_BEFORE, Kind.FROM)
        introduced = self._tokens.find(Kind.DAY_BEFORE, place) is not None
        while len(numbers) < _MOST_LISTED:
            here = self._tokens.skip(here, Kind.DAY_BEFORE)
            number = self._tokens.number(here, DAYS)
            if number is None:
                return None
            dated = self._dates.day_month(here)
            if dated:
                return self._add_listed(numbers, *dated, here, ranged=ranged) if numbers else None
            ordinal = self._dates.ordinal(here + 1)
            end = ordinal or self._tokens.skip_dot(here + 1)
            ordinals = bool(ordinal) and (ordinals or not numbers)
            numbers.append((number, here, end))
            alone = not dated_with_slash or number > _MONTHS
            if (
                len(numbers) > 1
                and not ranged
                and introduced
                and alone
                and self._dates.precedes_clock(here, end)
            ):
                return self._add_numbers(numbers)
            step = self._tokens.find(Kind.OR, end)
            to = self._tokens.find(Kind.TO, end)
            if self._tokens.items and self._tokens.items[-1].what is Kind.BETWEEN:
                step, to = None, self._tokens.find(Kind.AND, end)  # `between 18 and 20 May`
            if step:
                here = step[1]
            elif to:
                ranged, here = True, to[1]
            elif self._tokens.has(end, "-"):
                ranged, here = True, end + 1
            elif self._tokens.has(end, ",", "/", "&"):
                dated_with_slash = self._tokens.has(end, "/")
                here = self._tokens.skip(end + 1, Kind.OR)
            else:
                return self._add_numbers(numbers) if ordinals and len(numbers) > 1 and not ranged else None
        return None

    def _add_numbers(self, numbers: list[tuple[int, int, int]]) -> int:
        """Add days of which the number alone is told."""
        for day, start, end in numbers:
            self._tokens.add(Day(day=day), start, end)
        return numbers[-1][2]

    def _add_listed(
        self, numbers: list[tuple[int, int, int]], last: Day, end: int, place: int, *, ranged: bool
    ) -> int | None:
        """Add the days before a date that share its month, and the date, which stands at `place`."""
        if ranged:
            first, start, _ = numbers[0]
            if len(numbers) > 1:
                return None
            return self._tokens.add(DayRange(last._replace(day=first), last), start, end)
        for day, start, behind in numbers:
            self._tokens.add(last._replace(day=day), start, behind)
        return self._tokens.add(last, place, end)

    def _ranged(self, place: int) -> int | None:
        """Read a day alone or with the last one of a range, and the part of the day in the same word."""
        found = self._day(place)
        if found is None:
            return None
        day, end = found
        until = self._day_behind(end)
        if until:
            last = until[0]
            if day.day and day.month is None and last.month:
                day = day._replace(month=last.month, year=last.year)
            return self._tokens.add(DayRange(day, last), place, until[1])
        self._tokens.add(day, place, end)
        part = self._part_in_word(end - 1)
        if part:
            self._tokens.add(part, end - 1, end)
        return self._more_numbers(day, end) or end

    def _day_behind(self, place: int) -> tuple[Day, int] | None:
        """The last day of a range whose first one ends here."""
        to = self._tokens.find(Kind.TO, place)
        items = self._tokens.items
        if not to and items and items[-1].what is Kind.BETWEEN:
            to = self._tokens.find(Kind.AND, place)
        if not to and not self._tokens.has(place, "-"):
            return None
        found = self._day(to[1] if to else place + 1)
        return found if found and found[0].relative is None else None

    def _more_numbers(self, day: Day, place: int) -> int | None:
        """Read the other days of `May 19, 20 and 21` or `May 19-21`."""
        alone = day.month and day.year is None and day.weekday is None
        if not alone or not self._tokens.words.half_days:
            return None
        last, end = day.day or 0, None
        while True:
            here = end or place
            listed = self._tokens.has(here, ",", "&")
            dashed = self._tokens.has(here, "-")
            behind = here + 1 if listed or dashed else self._tokens.skip(here, Kind.TO)
            ranged = dashed or (not listed and behind > here)
            behind = self._tokens.skip(behind, Kind.OR, Kind.DAY_BEFORE)
            number = self._tokens.number(behind, DAYS) or 0
            if behind == here or number <= last or not self._is_day_number(behind):
                return end
            end = self._dates.ordinal(behind + 1) or behind + 1
            if ranged:
                del self._tokens.items[-1]
                return self._tokens.add(DayRange(day, day._replace(day=number)), place, end)
            self._tokens.add(day._replace(day=number), behind, end)
            last = number

    def _is_day_number(self, place: int) -> bool:
        """Tell whether the number behind a date is another day of its month."""
        return not (
            self._clocks.is_clock_like(place)
            or self._tokens.has(place + 1, ":")
            or self._tokens.find(Kind.MONTH, place + 1)
        )

    # ---- one day

    def _day(self, place: int) -> tuple[Day, int] | None:
        start = self._tokens.skip(place, Kind.DAY_BEFORE)
        which, behind = self._which(place)
        if which is Which.THIS and self._tokens.find(Kind.PART, behind):
            return Day(relative=0), behind  # French `ce` stands before a date as well
        which, behind = self._which(start)
        if which is not Which.PLAIN:
            behind = self._tokens.skip(behind, Kind.DAY_BEFORE)
        weekday = self._weekday(behind)
        if weekday:
            return self._with_date(weekday[0], which, weekday[1])
        if which is Which.THIS and self._tokens.find(Kind.PART, behind):
            return Day(relative=0), behind
        date = self._dates.read(start)
        if date:
            return self._confirmed(*date)
        if self._follows_weekday() and self._tokens.find(Kind.PART, start):
            return None
        relative = self._tokens.find(Kind.RELATIVE_DAY, start)
        if relative:
            return self._confirmed(Day(relative=int(str(relative[0]))), relative[1])
        compound = self._compound(self._tokens.at(start))
        if compound:
            return compound[0], start + 1
        ahead = self._days_ahead(place)
        if ahead:
            return ahead
        return self._dates.lone_number(start, introduced=start > place)

    def _days_ahead(self, place: int) -> tuple[Day, int] | None:
        """Read `in 3 days`, `dans trois jours`."""
        ahead = self._tokens.find(Kind.AHEAD, place)
        if not ahead:
            return None
        word = self._tokens.find(Kind.NUMBER, ahead[1])
        number = int(str(word[0])) if word else self._tokens.number(ahead[1], DAYS)
        days = self._tokens.find(Kind.DAYS, word[1] if word else ahead[1] + 1)
        return (Day(relative=number), days[1]) if number and days else None

    def _which(self, place: int) -> tuple[Which, int]:
        """Which weekday the word here says, and the place behind it."""
        if self._tokens.find(Kind.WEEK, place):
            return Which.PLAIN, place
        for kind, which in _WHICH:
            found = self._tokens.find(kind, place)
            if found:
                return which, found[1]
        return Which.PLAIN, place

    def _follows_weekday(self) -> bool:
        last = self._tokens.items[-1] if self._tokens.items else None
        return last is not None and isinstance(last.what, Day) and not self._tokens.has(last.end, ",")

    def _weekday(self, place: int) -> tuple[int, int] | None:
        """Read a weekday: in full, short, or in one word with a part of it."""
        found = self._tokens.find(Kind.WEEKDAY, place)
        if found and not self._is_name(place):
            return int(str(found[0])), self._tokens.skip_dot(found[1])
        short = self._tokens.find(Kind.SHORT_WEEKDAY, place)
        if short and self._is_short_weekday(place, short[1]):
            return int(str(short[0])), self._tokens.skip_dot(short[1])
        compound = self._compound(self._tokens.at(place))
        weekday = compound[0].weekday if compound else None
        return (weekday, place + 1) if weekday is not None else None

    def _is_name(self, place: int) -> bool:
        """Tell whether a short weekday is a name: within a line, with a capital that weekdays lack."""
        token, before = self._tokens[place], self._tokens.at(place - 1)
        within = before is not None and before.sort is Sort.WORD
        short = len(token.text) <= _LONGEST_SHORT and token.text[:1].isupper()
        return self._tokens.words.small_weekdays and short and within

    def _is_short_weekday(self, place: int, end: int) -> bool:
        """Tell whether `Do` or `ma` is a day: a date, a time or another day follows."""
        if self._tokens.words.capital_weekdays and not self._tokens[place].text[:1].isupper():
            return False
        behind = end
        while self._tokens.has(behind, ".", ",", "-", "/", ":", "(") and behind < end + 2:
            behind += 1
        behind = self._tokens.skip(behind, Kind.OR, Kind.TO, Kind.DAY_BEFORE, Kind.FILLER)
        token = self._tokens.at(behind)
        if self._ends_behind_clock(end):
            return True
        followers = (Kind.WEEKDAY, Kind.SHORT_WEEKDAY, Kind.PART, Kind.WHOLE_DAY)
        return token is not None and (
            token.sort is Sort.NUMBER
            or any(self._tokens.find(kind, behind) for kind in followers)
            or self._clocks.keyword(behind) is not None
        )

    def _ends_behind_clock(self, end: int) -> bool:
        """Tell whether the line ends here behind a clock time with its preposition: `14 Uhr am Mi`."""
        items = self._tokens.items
        called = len(items) > 1 and items[-1].what in (Kind.DAY_BEFORE, Kind.FILLER)
        token = self._tokens.at(end)
        return (
            called and isinstance(items[-2].what, Stretch) and (token is None or token.sort is not Sort.WORD)
        )

    def _compound(self, token: Token | None) -> tuple[Day, Part] | None:
        """Read a day and a part of it in one word, such as `Dienstagvormittag` or `morgenochtend`."""
        if token is None or token.sort is not Sort.WORD or len(token.low) > _LONGEST_COMPOUND:
            return None
        for length in range(5, len(token.low) - 2):
            part = self._tokens.words.value_of(token.low[length:], Kind.PART)
            if part is None and Kind.NOON in self._tokens.words.phrases.get(token.low[length:], {}):
                part = _AROUND_NOON
            if part is None:
                continue
            weekday = self._tokens.words.value_of(token.low[:length], Kind.WEEKDAY)
            relative = self._tokens.words.value_of(token.low[:length], Kind.RELATIVE_DAY)
            if weekday is not None:
                return Day(weekday=int(str(weekday))), part_of(part)
            if relative is not None:
                return Day(relative=int(str(relative))), part_of(part)
        return None

    def _part_in_word(self, place: int) -> Part | None:
        """The part of the day that a word for a day names as well: `tonight`, `Dienstagvormittag`."""
        compound = self._compound(self._tokens.at(place))
        if compound:
            return compound[1]
        relative, part = self._tokens.find(Kind.RELATIVE_DAY, place), self._tokens.find(Kind.PART, place)
        both = relative and part and part[1] == place + 1 and int(str(relative[0])) == 0
        return part_of(part[0]) if part and both else None

    def _with_date(self, weekday: int, which: Which, place: int) -> tuple[Day, int]:
        """The day that a weekday begins: `prochain` and the like, a date or a number may follow."""
        if which is Which.PLAIN:
            which, place = self._which(place)
        later = self._tokens.find(Kind.WEEK_LATER, place)
        if later and which is Which.PLAIN and not self._begins_week(place, later[1]):
            return Day(weekday=weekday, which=Which.WEEK_LATER), later[1]
        behind = place + 1 if self._tokens.has(place, ",") else place
        bracket = self._tokens.has(behind, "(")
        behind = self._tokens.skip(behind + bracket, Kind.DAY_BEFORE)
        date = self._dates.read(behind, beside_weekday=True)
        if date:
            end = date[1]
            return date[0]._replace(weekday=weekday), end + (bracket and self._tokens.has(end, ")"))
        opens = self._tokens.find(Kind.AFTER, behind) or self._tokens.find(Kind.AFTER, behind - 1)
        number = self._dates.number(behind) if not opens else None
        if number:
            return Day(weekday=weekday, day=number[0]), number[1]
        return Day(weekday=weekday, which=which), place

    def _begins_week(self, place: int, end: int) -> bool:
        """Tell whether the word `week` from here to `end` belongs to what follows: `week of`, `week 21`."""
        return any(self._tokens.find(kind, place) for kind in (Kind.WEEK_OF, Kind.WEEK)) or (
            self._tokens.number(end, _WEEKS) is not None
        )

    def _confirmed(self, day: Day, place: int) -> tuple[Day, int]:
        """Take the weekday behind a date: `14 May (Thursday)`, `tomorrow, Tuesday 12 May`."""
        bracket = self._tokens.has(place, "(")
        behind = place + 1 if bracket or self._tokens.has(place, ",") else place
        behind = self._tokens.skip(behind, Kind.DAY_BEFORE)
        weekday = self._weekday(behind)
        if not weekday:
            return day, place
        end = weekday[1]
        if day.relative is not None:
            date, end = self._with_date(weekday[0], Which.PLAIN, end)
            day = date if date.month else day._replace(weekday=weekday[0])
        else:
            after = end + 1 if self._tokens.has(end, ",") else end
            if self._dates.read(self._tokens.skip(after, Kind.DAY_BEFORE), beside_weekday=True):
                return day, place  # the weekday belongs to the next date
            day = day._replace(weekday=weekday[0])
        return day, end + (bracket and self._tokens.has(end, ")"))
