"""Clock times, ranges and parts of the day in a text: `3pm`, `15h30`, `between 9 and 11`, `ab 15 Uhr`."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from lastresort.times.items import Clock, Day, Half, Impossible, Length, Part, Same, Sign, Stretch
from lastresort.times.language import Kind
from lastresort.times.tokens import Sort

if TYPE_CHECKING:
    from lastresort.times.view import TokenView
    from lastresort.times.zone_words import ZoneWords

HOURS = range(25)
MINUTES = range(60)
_HOUR_LETTERS = frozenset(("h", "u", "uhr"))
_PRICES = frozenset(("€", "$", "£", "%", "#", "+"))
_OFFICE_HOURS = range(8, 19)
_LONGEST_MEETING = 3
"""`1h` up to `3h` without a preposition is a length."""


class ClockWords:
    """Reads a clock time or a stretch of the day at one place of the tokens."""

    def __init__(self, tokens: TokenView, zones: ZoneWords) -> None:
        self._tokens = tokens
        self._zones = zones

    def read(self, place: int) -> tuple[Stretch | Same | Impossible, int] | None:
        """Return the stretch named here and the place behind it."""
        return (
            self._same(place)
            or self._between(place)
            or self._opened(place)
            or self._until(place)
            or self._military_range(place)
            or self._plain_range(place)
            or self._in_words(place)
            or self._point(place)
            or self._impossible(place)
        )

    def _same(self, place: int) -> tuple[Same, int] | None:
        """Read `the same time`, `an hour later`."""
        found = self._tokens.find(Kind.SAME, place)
        return (Same(int(str(found[0]))), found[1]) if found else None

    def _between(self, place: int) -> tuple[Stretch, int] | None:
        """Read `between 9 and 11`, `from 9 to 11`."""
        found = self._tokens.find(Kind.BETWEEN, place)
        if found:
            return self._range(found[1], (Kind.AND, Kind.TO), in_words=True)
        found = self._tokens.find(Kind.FROM, place)
        return self._range(found[1], (Kind.TO,)) if found else None

    def _opened(self, place: int) -> tuple[Stretch, int] | None:
        """Read `after 3pm`, `ab 15 Uhr`; with an end behind it, it is a range."""
        found, moved = self._tokens.find(Kind.AFTER, place), self._tokens.find(Kind.MOVED, place)
        if not found or (moved and moved[1] > found[1]):  # `passe de 14h à 15h`, but `passé 14h`
            return None
        closed = self._range(found[1], (Kind.TO,))
        if closed:
            return closed
        clock = self._named_clock(found[1])
        if clock is None:
            return None
        onwards = self._onwards(clock[1])
        return Stretch(clock[0], open=True), onwards[1] if onwards else clock[1]

    def _onwards(self, place: int) -> tuple[object, int] | None:
        """Find `or later`; the `ou après` of `10h ou après-demain` is none."""
        found = self._tokens.find(Kind.ONWARDS, place)
        if not found:
            return None
        days = (self._tokens.find(Kind.RELATIVE_DAY, inner) for inner in range(place, found[1]))
        return None if any(day and day[1] > found[1] for day in days) else found

    def _until(self, place: int) -> tuple[Stretch, int] | None:
        """Read `before 11`, `bis 12 Uhr`."""
        found = self._tokens.find(Kind.BEFORE, place)
        clock = self._named_clock(found[1]) if found else None
        return (Stretch(None, clock[0], open=True), clock[1]) if clock else None

    def _named_clock(self, place: int) -> tuple[Clock, int] | None:
        """A clock time behind a word that calls for one; a plain number does."""
        clock = self.clock(self._tokens.skip(place, Kind.CLOCK_BEFORE, Kind.FILLER))
        return clock if clock and (clock[0].marked or self._may_end(clock[1])) else None

    def _range(
        self, place: int, joins: tuple[Kind, ...], *, in_words: bool = False
    ) -> tuple[Stretch, int] | None:
        """Read both ends of a range, of which either may be a plain number, and one `in_words`."""
        place = self._tokens.skip(place, Kind.CLOCK_BEFORE)
        first = self.clock(place) or (self._hour_in_words(place) if in_words else None)
        if first is None:
            return None
        behind = first[1]
        if self._tokens.has(behind, "-") or (Kind.AND in joins and self._tokens.has(behind, "&")):
            behind += 1
        else:
            found = next(filter(None, (self._tokens.find(kind, behind) for kind in joins)), None)
            noon = self._tokens.find(Kind.NOON, behind)
            if not found or (noon and noon[1] > found[1]):  # `13 al mediodía` is a day and its noon
                return None
            behind = found[1]
        behind = self._tokens.skip(behind, Kind.CLOCK_BEFORE, Kind.FILLER, Kind.FROM)
        last = self.clock(behind)
        if last is None and in_words:
            last = self._hour_in_words(behind)
            return (Stretch(first[0], last[0]), last[1]) if last and self._closes(last[1]) else None
        if last is None or not (last[0].marked or self._may_end(last[1])):
            return None
        return Stretch(first[0], last[0]), last[1]

    def _plain_range(self, place: int) -> tuple[Stretch, int] | None:
        """Read `9-11`, `9:00 to 9:45`; plain numbers need a day or a word such as `at` before them."""
        start = self._prepared(place)
        if start == place and not self._may_begin(place):
            return None
        found = self._range(start, (Kind.AND, Kind.TO) if self._lists_between() else (Kind.TO,))
        if found is None:
            return None
        first, last = found[0].first, found[0].last
        marked = any(clock is not None and clock.marked for clock in (first, last))
        items = self._tokens.items
        is_free = bool(items) and items[-1].what is Kind.LEFT  # `I am open 10-11`
        called = start > place or self._tokens.follows_day() or self._lists_clock() or is_free
        whole = bool(items) and items[-1].what == Part()  # `any time 10-4`
        called = called or whole or self._is_excepted() or self._precedes_day(found[1])
        return found if marked or called else None

    def _is_excepted(self) -> bool:
        """Tell whether the words before take out what follows: `all day except`, `9-5, not`."""
        said = [item.what for item in self._tokens.items[-4:]]
        if not said or said[-1] is not Kind.REFUSED:
            return bool(said) and said[-1] is Kind.EXCEPT
        return any(isinstance(what, Stretch | Part) for what in said)

    def _prepared(self, place: int) -> int:
        """The place behind `at`, `@`, `um`."""
        return place + 1 if self._tokens.has(place, "@") else self._tokens.skip(place, Kind.CLOCK_BEFORE)

    def _may_begin(self, place: int) -> bool:
        """Tell whether a number here is not the rest of a longer one, a price or a telephone number."""
        before = self._tokens.at(place - 1)
        if before is None:
            return True
        token = self._tokens[place]
        if before.sort is Sort.WORD and not token.spaced:
            return False
        if before.sort is Sort.NUMBER and token.sort is Sort.NUMBER:
            return bool(self._tokens.items) and isinstance(self._tokens.items[-1].what, Day)
        return before.text not in _PRICES and not (
            before.text in {".", ":"} and not token.spaced and not before.spaced
        )

    def _point(self, place: int) -> tuple[Stretch, int] | None:
        start = self._prepared(place)
        if start == place and not self._may_begin(place):
            return None
        found = self.clock(start)
        if found is None:
            return None
        clock, end = found
        if self._is_length(start, clock, end, prepared=start > place):
            return None
        if not clock.marked:
            beside_day = self._tokens.follows_day() or self._precedes_day(end)
            may_end = self._may_end(end) and (start > place or (clock.dotted and beside_day))
            if not (may_end or self._in_list(end)):
                return None
        onwards = self._onwards(end)
        if onwards:
            return Stretch(clock, open=True), onwards[1]
        if self._tokens.has_glued(end, "+"):
            return Stretch(clock, open=True), end + 1
        return Stretch(clock), end

    def _in_words(self, place: int) -> tuple[Stretch, int] | None:
        """Read `at three`, `à trois heures et demie`; a number alone only where nothing is counted by it."""
        called = self._tokens.find(Kind.HOUR_BEFORE, place)
        if not called and not self._lists_clock():
            return None
        here = called[1] if called else place
        found = self._hour_in_words(here + 1 if self._tokens.has_glued(here, "'") else here)
        if not found or not (self._closes(found[1]) or found[0].half or found[0].minute):
            return None
        return Stretch(found[0]), found[1]

    def _hour_in_words(self, place: int) -> tuple[Clock, int] | None:
        hour = self._tokens.find(Kind.NUMBER, place)
        if hour is None:
            return None
        after = self._tokens.find(Kind.CLOCK_AFTER, hour[1])
        return self._with_quarters(int(str(hour[0])), after[1] if after else hour[1])

    def _with_quarters(self, hour: int, place: int, minutes: int = 0) -> tuple[Clock, int]:
        """The hour before this place with the quarters said behind it, or `minutes` that were said before."""
        behind = self._tokens.find(Kind.MINUTES_BEHIND, place) if not minutes else None
        if behind:
            minutes, place = int(str(behind[0])), behind[1]
        if minutes < 0:
            hour, minutes = hour - 1 or 12, 60 + minutes
        half, place = self._half(place)
        return Clock(hour, minutes, half if hour <= 12 else None, padded=hour > 12, marked=True), place

    def _closes(self, place: int) -> bool:
        """Tell whether nothing is counted by a number word before this place: the time ends with it."""
        token = self._tokens.at(place)
        if token is None or token.sort is not Sort.WORD:
            return token is None or token.text not in {"-", "'", "%", "€", "$", "£"}
        behind = self._tokens.skip(place, Kind.DAY_BEFORE, Kind.FILLER)
        kinds = (Kind.OR, Kind.WEEKDAY, Kind.RELATIVE_DAY, Kind.PART, Kind.MONTH)
        return any(self._tokens.find(kind, behind) for kind in kinds) or self._zones.read(place) is not None

    def _is_length(self, place: int, clock: Clock, end: int, *, prepared: bool) -> bool:
        """Tell whether `1h` or `1h30` is how long it lasts."""
        token = self._tokens.at(place + 1)
        if token is None or token.low != "h" or clock.hour > _LONGEST_MEETING or prepared:
            return False
        return not self._tokens[place].text.startswith("0") and not self._tokens.has(end, "-")

    def _lists_clock(self) -> bool:
        """Tell whether the item before is a clock time that `or` or a comma joins to what follows.

        Between them it may be said that the first one is taken.
        """
        joined = False
        for item in reversed(self._tokens.items[-6:]):
            if item.what in (Kind.OR, Sign.COMMA, Sign.SLASH):
                joined = True
            elif not joined or item.what not in (Kind.REFUSED, Kind.LEFT, Sign.PAREN):
                return joined and isinstance(item.what, Stretch)
        return False

    def _lists_between(self) -> bool:
        """Tell whether the range before was told with `between`, so that `2 and 4` is another one."""
        ranges = [item for item in self._tokens.items[-3:] if isinstance(item.what, Stretch)]
        return (
            bool(ranges)
            and self._tokens.find(Kind.BETWEEN, ranges[-1].start) is not None
            and self._lists_clock()
        )

    def _in_list(self, end: int) -> bool:
        """Tell whether a plain number that ends here is one of several clock times: `at 10, 11 or 14`."""
        if not self._may_end(end):
            return False
        if self._lists_clock() or self._begins_hours(end):
            return True
        behind = self._tokens.find(Kind.OR, end + 1 if self._tokens.has(end, ",") else end)
        clock = self.clock(behind[1]) if behind else None
        if clock is None or not self._may_end(clock[1]):
            return False
        if self._precedes_day(clock[1]):
            return True
        return self._tokens.follows_day() and (clock[0].marked or self._ends_line(clock[1]))

    def lists_hours(self, place: int) -> bool:
        """Tell whether two hours end the line here: the `10 or 11?` of `Tuesday 10 or 11?`."""
        behind = self._tokens.find(Kind.OR, place + 1)
        hours = [self._tokens.number(at, _OFFICE_HOURS) for at in (place, behind[1] if behind else place)]
        if not behind or None in hours:
            return False
        after = self._tokens.find(Kind.CLOCK_AFTER, behind[1] + 1)
        return after is not None or self._ends_line(behind[1] + 1)

    def _ends_line(self, place: int) -> bool:
        token = self._tokens.at(place)
        return (
            token is None
            or token.sort is Sort.LINE
            or token.text in {"?", "!"}
            or (self._tokens.ends_sentence(place))
        )

    def _begins_hours(self, end: int) -> bool:
        """Tell whether a number that ends here begins the hours of a day, and they the rest of the line.

        A colon or a dash stands before them: `Wednesday: 10, 11 or 3`.
        """
        items = self._tokens.items
        signed = bool(items) and items[-1].what in (Sign.COLON, Sign.DASH)
        if not (signed and self._tokens.follows_day()):
            return False
        number = 1
        while True:
            step = self._tokens.find(Kind.OR, end + 1 if self._tokens.has(end, ",") else end)
            behind = step[1] if step else end + 1 if self._tokens.has(end, ",", "/") else end
            clock = self.clock(behind) if behind > end else None
            if clock is None:
                break
            number, end = number + 1, clock[1]
        token = self._tokens.at(end)
        ends = token is None or token.sort is Sort.LINE or token.text in ".;?!)"
        if number == 1:
            day = self._tokens.previous()
            bare = day is not None and isinstance(day.what, Day) and day.what.day is None
            return bare and (ends or (self._tokens.has(end, ",") and self._precedes_day(end)))
        zoned = token is not None and self._zones.is_abbreviation(token.text)
        return ends or zoned or self._zones.read(end) is not None

    def _precedes_day(self, place: int) -> bool:
        """Tell whether a weekday stands here, so that `9 or 10` before it are its clock times."""
        behind = place + 1 if self._tokens.has(place, ",") else place
        return self._tokens.find(Kind.WEEKDAY, self._tokens.skip(behind, Kind.DAY_BEFORE)) is not None

    def _may_end(self, place: int) -> bool:
        """Tell whether a plain number before this place may be an hour: no unit or name follows."""
        token = self._tokens.at(place)
        if token is None or token.sort is Sort.LINE:
            return True
        if token.sort is Sort.MARK:
            return token.text not in _PRICES and not (
                token.text in {".", "/", ":", "-"}
                and (behind := self._tokens.at(place + 1)) is not None
                and not behind.spaced
                and behind.sort is Sort.NUMBER
            )
        if token.sort is Sort.NUMBER:
            return False
        if any(self._tokens.find(kind, place) for kind in (Kind.MINUTES, Kind.HOURS, Kind.MONTH)):
            return False
        known = self._tokens.words.knows(token) or self._zones.is_abbreviation(token.text)
        return (
            known
            or self._zones.read(place) is not None
            or (token.text.islower() and self._tokens.follows_day())
        )

    def clock(self, place: int) -> tuple[Clock, int] | None:
        """Read one clock time, be it a plain number."""
        noon = self._tokens.find(Kind.NOON, place)
        if noon and self._tokens.find(Kind.MINUTES_BEHIND, noon[1]):
            return self._with_quarters(12, noon[1])
        if noon:
            return Clock(12, padded=True, marked=True), noon[1]
        midnight = self._tokens.find(Kind.MIDNIGHT, place)
        if midnight:
            return Clock(24, padded=True, marked=True), midnight[1]
        before = self._tokens.find(Kind.MINUTES_BEFORE, place)
        if before:
            return self._behind_minutes(int(str(before[0])), before[1])
        hour = self._tokens.number(place, HOURS)
        if hour is None:
            return self._military(place)
        noon = self._tokens.find(Kind.NOON, place + 1) or self._tokens.find(
            Kind.NOON, self._tokens.skip(place + 1, Kind.CLOCK_AFTER)
        )
        if hour == 12 and noon:
            return Clock(12, padded=True, marked=True), noon[1]
        minute, end, marked, dotted = self._minutes(place)
        after = self._tokens.find(Kind.CLOCK_AFTER, end)
        if after and self._tokens.find(Kind.HOURS, end) is None and self._zones.read(end) is None:
            end, marked = self._behind_unit(after[1]), True
        if not minute and hour and self._tokens.find(Kind.MINUTES_BEHIND, end):
            return self._with_quarters(hour, end)
        half, end = self._half(end)
        text = self._tokens[place].text
        if half and not 1 <= hour <= 12:
            half = None  # people write `14:30 pm`
        marked = marked or half is not None
        return Clock(
            hour=hour, minute=minute, half=half,
            padded=(len(text) == 2 and text[0] == "0") or hour > 12 or hour == 0,
            marked=marked,
            dotted=dotted,
        ), end  # fmt: skip

    def _behind_minutes(self, minutes: int, place: int) -> tuple[Clock, int] | None:
        """Read the hour of `half past three`, `Viertel vor 9`."""
        hour = self._tokens.number(place, range(1, 13))
        word = self._tokens.find(Kind.NUMBER, place)
        if hour is None and word is None:
            return None
        end = word[1] if word else place + 1
        after = self._tokens.find(Kind.CLOCK_AFTER, end)
        return self._with_quarters(hour or int(str(word and word[0])), after[1] if after else end, minutes)

    def is_clock_like(self, place: int) -> bool:
        """Tell whether the number here reads as a clock time: marked, or one end of a range."""
        clock = self.clock(place)
        return clock is not None and (clock[0].marked or self.is_range(clock[1]))

    def is_range(self, place: int) -> bool:
        """Tell whether a dash or a word such as `to` stands here."""
        return self._tokens.has(place, "-") or self._tokens.find(Kind.TO, place) is not None

    def is_marked(self, place: int) -> bool:
        """Tell whether a clock time stands here that is no plain number."""
        clock = self.clock(place)
        return clock is not None and clock[0].marked

    def keyword(self, place: int) -> int | None:
        """The place behind `at`, `from` or `between` when a number follows."""
        for kind in (Kind.CLOCK_BEFORE, Kind.FROM, Kind.AFTER, Kind.BETWEEN, Kind.BEFORE):
            found = self._tokens.find(kind, place)
            token = self._tokens.at(found[1]) if found else None
            if found and token and (token.sort is Sort.NUMBER or self._tokens.find(Kind.NUMBER, found[1])):
                return found[1]
        return None

    def _behind_unit(self, place: int) -> int:
        """The place behind the dot of `hrs.`, unless the sentence ends with it."""
        return place if self._tokens.ends_sentence(place) else self._tokens.skip_dot(place)

    def _military(self, place: int) -> tuple[Clock, int] | None:
        """Read `1430 hrs`, and behind a day `1430 BST` and `@1430`."""
        token = self._tokens.at(place)
        if token is None or token.sort is not Sort.NUMBER or len(token.text) != 4:
            return None
        hour, minute = divmod(token.value, 100)
        if hour not in HOURS or minute not in MINUTES:
            return None
        after = self._tokens.find(Kind.CLOCK_AFTER, place + 1)
        if after:
            return Clock(hour, minute, padded=True, marked=True), after[1]
        if minute % 5 or not (self._tokens.follows_day() or self._lists_clock()):
            return None
        told = self._tokens.has(place - 1, "@") or self._zones.read(place + 1) or self._lists_clock()
        return (Clock(hour, minute, padded=True, marked=True), place + 1) if told else None

    def _military_range(self, place: int) -> tuple[Stretch, int] | None:
        """Read `0930-1015` and `0930 - 1015` behind a day."""
        if not self._tokens.follows_day():
            return None
        to = self._tokens.find(Kind.TO, place + 1)
        behind = place + 2 if self._tokens.has(place + 1, "-") else to[1] if to else place
        first, last = (self._tokens.number(at, range(2400), (4,)) for at in (place, behind))
        if (
            behind == place
            or first is None
            or last is None
            or first % 100 not in MINUTES
            or last % 100 not in MINUTES
        ):
            return None
        if not self._tokens.has_glued(place + 1, "-") and (first % 5 or last % 5):
            return None
        start, end = (Clock(*divmod(one, 100), padded=True, marked=True) for one in (first, last))
        return Stretch(start, end), behind + 1

    def _minutes(self, place: int) -> tuple[int, int, bool, bool]:
        """Return the minutes of an hour, the place behind, whether it is marked, and whether by a dot."""
        sign, rest = self._tokens.at(place + 1), self._tokens.at(place + 2)
        minute = self._tokens.number(place + 2, MINUTES, (2,))
        if sign is None:
            return 0, place + 1, False, False
        if sign.low == ":" and minute is not None and not sign.spaced and rest and not rest.spaced:
            end = place + 3
            if self._tokens.has_glued(end, ":") and self._tokens.number(end + 1, MINUTES, (2,)) is not None:
                end += 2
                if (
                    self._tokens.has_glued(end, ".")
                    and (token := self._tokens.at(end + 1))
                    and token.sort is Sort.NUMBER
                    and not token.spaced
                ):
                    end += 2
            return minute, end, True, False
        if sign.low == "." and minute is not None and not sign.spaced and rest and not rest.spaced:
            if (
                self._tokens.has_glued(place + 3, ".")
                and (token := self._tokens.at(place + 4))
                and token.sort is Sort.NUMBER
            ):
                return 0, place + 1, False, False
            return minute, place + 3, False, True
        is_unit = not sign.spaced or self._tokens.find(Kind.CLOCK_AFTER, place + 1)
        if sign.low in _HOUR_LETTERS and is_unit:
            if (
                minute is not None
                and rest
                and (not rest.spaced or minute % 5 == 0)
                and not self._tokens.has(place + 3, ":")
            ):
                return minute, place + 3, True, False
            return 0, place + 2, True, False
        return 0, place + 1, False, False

    def _half(self, place: int) -> tuple[Half | None, int]:
        if self._tokens.has(place, "'") and self._tokens.has_glued(place + 1, "s"):  # Dutch `'s middags`
            half, end = self._half(place + 1)
            return half, end if half else place
        token = self._tokens.at(place)
        if token is None or (token.sort is not Sort.WORD and token.text != "("):
            return None, place
        if (
            token.low in {"a", "p"}
            and not token.spaced
            and self._tokens.words.half_days
            and not self._tokens.has(place + 1, ".")
        ):
            return (Half.AM if token.low == "a" else Half.PM), place + 1
        for kind, half in ((Kind.AM, Half.AM), (Kind.PM, Half.PM)):
            found = self._tokens.find(kind, place)
            if found and (
                token.low not in {"am", "a"}
                or self._tokens.words.half_days
                or not token.spaced
                or token.text.isupper()
                or self._tokens.has(place + 1, ".")
            ):
                return half, self._skip_half_dot(found[1])
        return None, place

    def _skip_half_dot(self, place: int) -> int:
        """Skip the last dot of `p.m.`, unless the sentence ends there too."""
        return place + 1 if self._tokens.has_glued(place, ".") and self._tokens.has(place - 2, ".") else place

    def _impossible(self, place: int) -> tuple[Impossible, int] | None:
        """Read `25:00` and `10:75`: what is written like a clock time and is none."""
        token, minutes = self._tokens.at(place), self._tokens.at(place + 2)
        if (
            token is None
            or token.sort is not Sort.NUMBER
            or len(token.text) > 2
            or not self._tokens.has_glued(place + 1, ":")
        ):
            return None
        if minutes is None or minutes.spaced or minutes.sort is not Sort.NUMBER or len(minutes.text) != 2:
            return None
        return Impossible(), place + 3

    def length(self, place: int) -> tuple[Length, int] | None:
        """Read `45 minutes`, `30-45 minute` (the longer), `2 hours`, `1h30` without a preposition."""
        number = self._tokens.number(place, range(1, 1000), (1, 2, 3))
        if number is None:
            return None
        here = place + 1
        other = (
            self._tokens.number(here + 1, range(1, 1000), (1, 2, 3)) if self._tokens.has(here, "-") else None
        )
        if other is not None:
            number, here = other, here + 2
        if self._tokens.has(here, "-", "'"):
            here += 1
        minutes = self._tokens.find(Kind.MINUTES, here)
        if minutes:
            return Length(number), self._tokens.skip_dot(minutes[1])
        hours = self._tokens.find(Kind.HOURS, here)
        if hours:
            return Length(60 * number), hours[1]
        behind = self._tokens.items and self._tokens.items[-1].what is Kind.LENGTH
        clock = self.clock(place)
        if (
            clock
            and self._tokens.has(place + 1, "h")
            and self._is_length(place, clock[0], clock[1], prepared=not behind and self._prepared_before())
        ):
            return Length(60 * clock[0].hour + clock[0].minute), clock[1]
        return None

    def _prepared_before(self) -> bool:
        return bool(self._tokens.items) and self._tokens.items[-1].what in (
            Kind.CLOCK_BEFORE,
            Kind.FROM,
            Kind.AFTER,
            Kind.TO,
        )

    def part(self, place: int) -> tuple[Part, int] | None:
        """Return the part of the day named here, all of it too, and the place behind it."""
        part = self._tokens.find(Kind.PART, place)
        whole = self._tokens.find(Kind.WHOLE_DAY, place)
        if part and len(self._tokens[place].text) <= 2 and part[1] == place + 1:
            last = self._tokens.items[-1] if self._tokens.items else None  # `am` is a word, but behind a day
            behind_day = last and isinstance(last.what, Day) and last.end == place
            return (part_of(part[0]), part[1]) if behind_day else None
        if part and (not whole or part[1] >= whole[1]):
            return part_of(part[0]), part[1]
        return (Part(), whole[1]) if whole else None


def part_of(value: object) -> Part:
    """Return the part of the day that a phrase of the data file stands for."""
    start, end = value  # type: ignore[misc]
    return Part(time.fromisoformat(start), time.fromisoformat(end))  # type: ignore[has-type]
