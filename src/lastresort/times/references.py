"""What a text says by pointing at other words of it: `the same time`, `the 20th`, weekdays of a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.items import (
    LINKS,
    Day,
    DayRange,
    Half,
    Other,
    Part,
    Same,
    Sign,
    Stretch,
    Week,
    WeekAfter,
    Which,
    Zone,
)
from lastresort.times.language import Kind
from lastresort.times.surroundings import LONGEST_REACH, day_follows, sentence_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.times.items import Clock, Item


def place_references(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items with what they point at put in its place."""
    ranges = _join_open_ends(_join_labelled_ends(_place_moved(items)))
    return _place_weeks(_place_months(_place_same(ranges)))


# ---- times


def _place_moved(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with the new time alone of `moved from 2pm to 3pm on Wednesday`, which is no range."""
    placed = list(items)
    for place, item in enumerate(items):
        what = item.what
        closed = isinstance(what, Stretch) and what.first is not None and what.last is not None
        before = next(
            (one for one in range(place - 1, max(-1, place - 3), -1) if items[one].what not in LINKS), -1
        )
        if closed and before >= 0 and items[before].what is Kind.MOVED:
            assert isinstance(what, Stretch)
            placed[before] = items[before]._replace(what=Other())
            placed[place] = item._replace(what=Stretch(what.last))
    return tuple(placed)


def _join_labelled_ends(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with `Start: 9:00, End: 9:45` as one range; the day may be told with both."""
    joined = list(items)
    for place, item in enumerate(items):
        if item.what is not Kind.ENDS:
            continue
        first, last = place - 1, place + 1
        while first >= 0 and items[first].what in _BESIDE_LABEL:
            first -= 1
        while last < len(items) and (items[last].what in _BESIDE_LABEL or isinstance(items[last].what, Day)):
            last += 1
        if first < 0 or last >= len(items):
            continue
        start, end = joined[first].what, items[last].what
        if not (_is_point(start) and _is_point(end)):
            continue
        assert isinstance(start, Stretch)
        assert isinstance(end, Stretch)
        joined[first] = items[first]._replace(what=Stretch(start.first, end.first))
        for one in range(first + 1, last + 1):
            joined[one] = items[one]._replace(what=Other())
    return tuple(joined)


def _is_point(what: object) -> bool:
    return isinstance(what, Stretch) and what.first is not None and what.last is None and not what.open


_BESIDE_LABEL = frozenset(
    (Sign.COMMA, Sign.LINE, Sign.SLASH, Sign.DASH, Sign.COLON, Sign.BREAK, Sign.PAREN, Kind.OR)
)
"""What may stand between `end` and the clock times before and behind it."""


def _join_open_ends(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with `after 11 and before 4` as one range."""
    joined = list(items)
    for place in range(len(items) - 2):
        first, between, last = (items[one].what for one in range(place, place + 3))
        if not isinstance(first, Stretch) or not isinstance(last, Stretch):
            continue
        opens, closes = first.first and not first.last, last.last and not last.first
        if between in (Kind.OR, Kind.AND, Kind.CONTRAST) and first.open and last.open and opens and closes:
            joined[place] = items[place]._replace(
                what=Stretch(first.first, last.last), end=items[place + 2].end
            )
            joined[place + 1] = joined[place + 2] = items[place + 1]._replace(what=Other())
    return tuple(joined)


def _place_same(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with the clock times that `the same time` and `an hour later` stand for."""
    placed: list[Item] = []
    last: Stretch | None = None
    for item in items:
        what = item.what
        if isinstance(what, Same):
            what = _later(last, what.later) if last else Other()
        if isinstance(what, Stretch):
            last = what
        placed.append(item._replace(what=what))
    return tuple(placed)


def _later(stretch: Stretch, minutes: int) -> Stretch | Other:
    """The stretch so many minutes later; nothing where that is on another day."""
    if not minutes:
        return stretch
    clocks = [_clock_later(clock, minutes) if clock else None for clock in (stretch.first, stretch.last)]
    if clocks[0] is None:
        return Other()
    return stretch._replace(first=clocks[0], last=clocks[1])


def _clock_later(clock: Clock, minutes: int) -> Clock | None:
    hour = clock.hour % 12 + 12 * (clock.half is Half.PM) if clock.half else clock.hour
    hour, minute = divmod(60 * hour + clock.minute + minutes, 60)
    if not 0 < hour < 24:
        return None
    return clock._replace(
        hour=hour, minute=minute, half=None, padded=bool(clock.half) or clock.padded or hour > 12
    )


# ---- months


def _place_months(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with the month of a date given to the later days of its sentence that tell none.

    Of weekdays it is told which come behind another one of the sentence, or behind a later one of the text.
    """
    placed: list[Item] = []
    last: Day | None = None
    weekday: int | None = None
    in_sentence = False
    for item in items:
        what = item.what
        if what is Sign.BREAK:
            last = None
            in_sentence = False
        elif isinstance(what, DayRange):
            last = what.last
        elif isinstance(what, Day) and _is_plain_weekday(what):
            other = weekday is not None and weekday != what.weekday
            what = what._replace(behind=other and (in_sentence or (weekday or 0) > (what.weekday or 0)))
            weekday, in_sentence = what.weekday, True
        elif isinstance(what, Day) and what.day is not None:
            goes_on = last and last.month and not last.swappable and what.day > (last.day or 0)
            if what.month is None and last and goes_on:
                what = what._replace(month=last.month, year=last.year)
            last = what
        placed.append(item._replace(what=what))
    return tuple(placed)


# ---- weeks


def _place_weeks(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with `next week` and `the week of 18 May` told of the weekdays they are said of.

    Beside a weekday or its clock time they hold for that one and those listed with it; otherwise for those
    that follow. Whether a later weekday is in a week that was named behind another is left open.
    """
    items = _place_weeks_after(items)
    placed = list(items)
    current: Week | None = None
    behind = False
    for place, item in enumerate(items):
        if isinstance(item.what, Week):
            week = item.what
            before = _weekdays_before(items, place)
            if before and not day_follows(items, place + 1):
                for one in before:
                    placed[one] = _in_week(items[one], week)
                behind, current = week.ahead == 1, None
            elif not _is_refused_sentence(items, place):
                behind, current = False, week
        elif (
            isinstance(item.what, Day)
            and _is_plain_weekday(item.what)
            and (behind or _joins_next(placed, place))
        ):
            placed[place] = item._replace(what=item.what._replace(which=Which.NEXT))
        elif current is not None and placed[place] is item:
            placed[place] = _in_week(item, current)
    return tuple(placed)


def _joins_next(items: Sequence[Item], place: int) -> bool:
    """Tell whether a weekday is listed with one that is told with `next`: `next Monday or Tuesday`."""
    first = items[place - 2].what if place > 1 else None
    joined = place > 1 and items[place - 1].what in (Kind.OR, Sign.SLASH)
    return joined and isinstance(first, Day) and first.which is Which.NEXT and first.weekday is not None


def _place_weeks_after(items: Sequence[Item]) -> tuple[Item, ...]:
    """What `the week after` stands for in its place: the week behind the one named before, else next week."""
    placed: list[Item] = []
    last = Week(ahead=0)
    for item in items:
        what = item.what
        if isinstance(what, WeekAfter):
            what = last._replace(later=last.later + 1) if last.ahead is None else Week(ahead=last.ahead + 1)
        if isinstance(what, Week):
            last = what
        placed.append(item._replace(what=what))
    return tuple(placed)


def _in_week(item: Item, week: Week) -> Item:
    what = item.what
    if isinstance(what, DayRange):
        first, last = (_day_in_week(day, week) for day in what)
        return item._replace(what=DayRange(first, last))
    return item._replace(what=_day_in_week(what, week)) if isinstance(what, Day) else item


def _day_in_week(day: Day, week: Week) -> Day:
    return day._replace(week=week) if _is_plain_weekday(day) else day


def _is_plain_weekday(day: Day) -> bool:
    """Tell whether a weekday is told without its date, its week or `next`."""
    alone = day.weekday is not None and day.day is None and day.relative is None
    return alone and day.week is None and day.which in (Which.PLAIN, Which.THIS)


def _weekdays_before(items: Sequence[Item], place: int) -> list[int]:
    """The weekdays that stand right before, with those they are listed with."""
    found: list[int] = []
    here = place - 1
    while here >= 0 and here > place - LONGEST_REACH:
        what = items[here].what
        if isinstance(what, Day | DayRange):
            found.append(here)
        elif isinstance(what, Stretch | Part | Zone) and not found:
            pass
        elif what not in LINKS or (not found and what in (Sign.COMMA, Kind.OR)):
            break
        here -= 1
    return found


def _is_refused_sentence(items: Sequence[Item], place: int) -> bool:
    said = [items[one].what for one in sentence_around(items, place, place + 1)]
    refused = any(what in (Kind.REFUSED, Kind.EXCEPT, Kind.ASIDE) for what in said)
    return refused and not any(isinstance(what, Stretch | Part) for what in said)
