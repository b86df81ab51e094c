"""From what a text names to instants: every day, clock time and zone with all its readings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import ZERO, Interval
from lastresort.times.clauses import half_of
from lastresort.times.items import Clock, Day, DayRange, Half, Impossible, Part, Stretch, Which, Whose
from lastresort.times.readings import Meaning, ReadingContext, ZoneBasis, instants
from lastresort.zones.names import seasonal_offsets, zone_country

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import tzinfo

    from lastresort.times.clauses import Named
    from lastresort.times.items import Week, Zone
    from lastresort.times.language import Lexicon

_HALF_A_YEAR = timedelta(days=183)
_OPEN_BEYOND_HOURS = timedelta(hours=2)
"""How long `after 6pm` lasts where the working day has ended by then."""
_LONGEST_RANGE = 14
"""Days of a range such as `18-29 May`."""
MORNING_FROM = 8
"""A bare hour from here to noon is before noon; one below 6 after it; 6 and 7 are either (English)."""
EVENING_OR_MORNING = 6


Pairs = tuple[tuple[time | None, time | None], ...]
"""Readings of a stretch in local times, either side of which may be open."""


PAST = "is past"
"""The fault of a time that lies behind."""


class Resolved(NamedTuple):
    """The readings of one named time; without any, `fault` says why."""

    meanings: tuple[Meaning, ...]
    source: ZoneBasis
    window: bool = False
    short: bool = False
    """A range shorter than the meeting; it starts there all the same."""
    fault: str = ""


# ---- zones


class Zones(NamedTuple):
    """The zone of every time of a text: its own, the one the text states, or what is known of both sides."""

    setting: ReadingContext
    stated: Zone | None

    def of(self, zone: Zone | None) -> tuple[tuple[str, ...], ZoneBasis]:
        """Return the names of a time's zone (several when one is not enough to tell), and how it is known."""
        named = zone or self.stated
        if named is None:
            theirs = self.setting.theirs
            return ((theirs,), ZoneBasis.INTERVIEWER) if theirs else ((self.setting.mine,), ZoneBasis.ASSUMED)
        if named.whose is Whose.MINE:
            return (self.setting.mine,), ZoneBasis.YOURS
        if named.whose is Whose.THEIRS:
            return (self.setting.theirs or self.setting.mine,), ZoneBasis.THEIRS
        return self._likely(named.names), ZoneBasis.NAMED if zone else ZoneBasis.STATED

    def _likely(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Of the zones an abbreviation may mean, that of their country; else the first, but for `IST`."""
        if len(names) == 1:
            return names
        country = self.setting.country or zone_country(self.setting.theirs or "")
        near = [name for name in names if country and zone_country(name) == country]
        if near:
            return tuple(near[:1])
        return names if "Asia/Kolkata" in names else names[:1]


def same_zone(first: Zone, second: Zone) -> bool:
    """Tell whether two names mean one clock."""
    if first.whose or second.whose:
        return first.whose is second.whose
    return bool(set(first.names) & set(second.names)) or seasonal_offsets(first.names[0]) == seasonal_offsets(
        second.names[0]
    )


# ---- days


def dates_of(
    day: Day | DayRange, today: date, *, country: str | None, words: Lexicon
) -> tuple[tuple[date, ...], ...]:
    """Return the dates that a day or a range of days stands for, each as its readings.

    A day that does not exist, or lies neither today nor within half a year, has none.
    """
    if isinstance(day, Day):
        return (_readings(day, today, country, words),)
    firsts, lasts = (_readings(one, today, country, words) for one in day)
    if not firsts or not lasts:
        return ()
    first, last = firsts[0], lasts[0]
    if last < first and day.last.month is None:
        last += timedelta(days=7 * -((last - first).days // 7))
    if last < first or (last - first).days > _LONGEST_RANGE:
        return ()
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    ends = {first, last}
    return tuple((one,) for one in days if one.weekday() < 5 or one in ends)


def _readings(day: Day, today: date, country: str | None, words: Lexicon) -> tuple[date, ...]:
    if day.relative is not None:
        there = today + timedelta(days=day.relative)
        return (there,) if day.weekday in (None, there.weekday()) else (there, _nearest(there, day.weekday))
    if day.day is None:
        return _weekdays(day, today, country, words)
    if day.month is None:
        return _numbered(day, today)
    orders = _orders(day, country, words)
    found = tuple(
        dict.fromkeys(date_ for month, number in orders for date_ in _dates(day.year, month, number, today))
    )
    if day.weekday is None or not found:
        return found
    confirmed = tuple(one for one in found if one.weekday() == day.weekday)
    return confirmed or (found[0], _nearest(found[0], day.weekday))


def _orders(day: Day, country: str | None, words: Lexicon) -> list[tuple[int, int]]:
    """Month and day: as written, or in both orders where the country does not tell."""
    assert day.month is not None and day.day is not None  # noqa: PT018
    plain = (day.month, day.day)
    if not day.swappable:
        return [plain]
    swapped = (day.day, day.month)
    if country is None:
        return [plain, swapped]
    return [swapped] if country in words.month_first else [plain]


def _nearest(day: date, weekday: int | None) -> date:
    """The nearest day with that weekday: what a date may have meant that contradicts its weekday."""
    away = ((weekday or 0) - day.weekday() + 3) % 7 - 3
    return day + timedelta(days=away)


def _dates(year: int | None, month: int, day: int, today: date) -> Iterator[date]:
    for number in (year,) if year else (today.year, today.year + 1):
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if year or today <= found <= today + _HALF_A_YEAR:
            yield found


def _numbered(day: Day, today: date) -> tuple[date, ...]:
    """The coming day with that number; a weekday beside it has to agree."""
    for ahead in range(62):
        there = today + timedelta(days=ahead)
        if there.day == day.day:
            return (there,) if day.weekday in (None, there.weekday()) else _number_or_weekday(day, today)
    return ()


def _number_or_weekday(day: Day, today: date) -> tuple[date, ...]:
    """The coming day of a month that has the number and the weekday, within some months."""
    for ahead in range(100):
        there = today + timedelta(days=ahead)
        if there.day == day.day and there.weekday() == day.weekday:
            return (there,)
    return ()


def _weekdays(day: Day, today: date, country: str | None, words: Lexicon) -> tuple[date, ...]:
    """Said on that weekday, it is today or in a week; "next" is the coming one or that of the next week."""
    number = day.weekday or 0
    monday = today - timedelta(days=today.weekday())
    if day.week is not None:
        mondays = _mondays(day.week, today, country, words)
        return tuple(one + timedelta(days=number) for one in mondays)
    coming = today + timedelta(days=(number - today.weekday()) % 7)
    later = coming + timedelta(days=7)
    if day.which is Which.NEXT:
        return tuple(
            dict.fromkeys((later if coming == today else coming, monday + timedelta(days=7 + number)))
        )
    if day.which is Which.WEEK_LATER:
        return (later, later + timedelta(days=7)) if coming == today else (later,)
    if coming == today:
        return (later,) if day.which is Which.THIS or day.behind else (today, later)
    return (coming,)


def _mondays(week: Week, today: date, country: str | None, words: Lexicon) -> tuple[date, ...]:
    """The Mondays that a week may begin with; a week called by its Sunday or Saturday is the one after it."""
    if week.later:
        named = _mondays(week._replace(later=0), today, country, words)
        return tuple(one + timedelta(weeks=week.later) for one in named)
    this = today - timedelta(days=today.weekday())
    if week.ahead is not None:
        return (this + timedelta(weeks=week.ahead),)
    if week.day is not None:
        found = _readings(week.day, this, country, words)
        return tuple(dict.fromkeys(one + timedelta(days=_TO_MONDAY[one.weekday()]) for one in found))
    weeks = (this + timedelta(weeks=ahead) for ahead in range(_HALF_A_YEAR // timedelta(weeks=1)))
    return tuple(one for one in weeks if one.isocalendar().week == week.number)


_TO_MONDAY = (0, -1, -2, -3, -4, 2, 1)
"""Days from each weekday to the Monday of the week that is called by it."""

# ---- clock times


def clocks_of(
    named: Named, words: Lexicon, *, day_clock: bool
) -> tuple[tuple[time | None, time | None], ...]:
    """Return the readings of a stretch as pairs of local times; an end of 00:00 is the day's last midnight.

    `day_clock`: the text writes clock times with 24 hours elsewhere. An hour from 1 to 5 with no word beside
    it is meant after noon; in English 6 and 7 are either.
    """
    stretch = named.what
    assert isinstance(stretch, Stretch)
    first, last = stretch.first, stretch.last
    said = half_of(named.part)
    if first and last:
        return tuple(_ranges(first, last, said, words, day_clock=day_clock))
    starts = _times(first, said, words, day_clock=day_clock) if first else (None,)
    ends = _times(last, said, words, day_clock=day_clock) if last else (None,)
    return tuple((start, end) for start in starts for end in ends)


def _times(clock: Clock | None, said: Half | None, words: Lexicon, *, day_clock: bool) -> tuple[time, ...]:
    if clock is None or clock.hour > 24 or (clock.hour == 24 and clock.minute):
        return ()
    half = clock.half or (said if not clock.padded or (clock.hour <= 12 and clock.hour) else None)
    if clock.hour == 24 or clock.hour == 0 or clock.hour > 12:
        return (time(clock.hour % 24, clock.minute),)
    if half:
        return (time(clock.hour % 12 + (12 if half is Half.PM else 0), clock.minute),)
    plain, other = time(clock.hour, clock.minute), time((clock.hour + 12) % 24, clock.minute)
    if clock.padded or clock.hour >= MORNING_FROM:
        return (plain,)
    if clock.hour < EVENING_OR_MORNING:
        return (plain, other) if day_clock and words.half_days else (other,)
    return (plain, other) if words.half_days and not day_clock else (plain,)


def _ranges(
    first: Clock, last: Clock, said: Half | None, words: Lexicon, *, day_clock: bool
) -> Iterator[tuple[time, time]]:
    """Both ends; where one alone says its half of the day, the other lies as near as it can."""
    if bool(first.half) != bool(last.half):
        starts, ends = (_both(clock) for clock in (first, last))
        pairs = [(start, end) for start in starts for end in ends if minutes_between(start, end) > 0]
        if pairs:
            yield min(pairs, key=lambda pair: minutes_between(*pair))
        return
    starts = _times(first, said, words, day_clock=day_clock)
    for start in starts:
        ends = _both(last) if not last.half else _times(last, said, words, day_clock=day_clock)
        after = [end for end in ends if 0 < minutes_between(start, end) <= 12 * 60] or [
            end for end in ends if minutes_between(start, end) > 0
        ]
        if after:
            yield start, min(after, key=lambda end: minutes_between(start, end))


def _both(clock: Clock) -> tuple[time, ...]:
    """The times a clock shows in either half of the day, unless it says which."""
    if clock.hour > 24 or (clock.hour == 24 and clock.minute):
        return ()
    if clock.half:
        return (time(clock.hour % 12 + (12 if clock.half is Half.PM else 0), clock.minute),)
    if clock.padded or clock.hour == 0 or clock.hour >= 12:
        return (time(clock.hour % 24, clock.minute),)
    return time(clock.hour, clock.minute), time(clock.hour + 12, clock.minute)


def minutes_between(start: time, end: time) -> int:
    """Return the minutes from start to end on one day; an end of 00:00 is the day's last midnight."""
    return (end.hour * 60 + end.minute or 24 * 60) - start.hour * 60 - start.minute


# ---- all of it


class _Case(NamedTuple):
    """One stretch of one day, and what it is read by."""

    named: Named
    zones: tuple[str, ...]
    basis: ZoneBasis
    setting: ReadingContext
    day_clock: bool
    bare_weekday: bool


def resolve(
    day: Day | DayRange, named: Named, zones: Zones, words: Lexicon, *, day_clock: bool, own_zone: Zone | None
) -> Iterator[Resolved]:
    """Yield what a stretch of a day means: once, or for every day of a range."""
    setting = zones.setting
    names, basis = zones.of(own_zone)
    country = (
        setting.country or zone_country(setting.theirs or "") or _named_country(own_zone or zones.stated)
    )
    today = (setting.written or setting.now).astimezone(ZoneInfo(names[0])).date()
    groups = dates_of(day, today, country=country, words=words)
    if not groups or not all(groups):
        yield Resolved((), basis, fault="names no day that exists within half a year")
        return
    case = _Case(
        named=named,
        zones=names,
        basis=basis,
        setting=setting,
        day_clock=day_clock,
        bare_weekday=isinstance(day, Day) and day.weekday is not None and day.day is None,
    )
    for dates in groups:
        yield _resolve_dates(case, dates, words)


def _named_country(zone: Zone | None) -> str | None:
    return zone_country(zone.names[0]) if zone and len(zone.names) == 1 else None


def _resolve_dates(case: _Case, dates: Sequence[date], words: Lexicon) -> Resolved:
    """The readings of a stretch on one day, of which `dates` are the readings."""
    what, setting = case.named.what, case.setting
    if isinstance(what, Impossible):
        return Resolved((), case.basis, fault="names no time of day that exists")
    if isinstance(what, Part):
        pairs: Pairs = ((what.start or setting.hours.start, what.end or setting.hours.end),)
    else:
        pairs = clocks_of(case.named, words, day_clock=case.day_clock)
    if not pairs:
        return Resolved((), case.basis, fault="names no time of day that exists")
    window = isinstance(what, Part) or what.open
    if window and setting.length is None:
        return Resolved((), case.basis, fault="is a window, and nothing says how long the meeting lasts")
    meanings = [
        meaning
        for name in case.zones
        for day in dates
        for start, end in pairs
        for meaning in _place(day, start, end, name, setting, window=window)
    ]
    if not meanings:
        return Resolved((), case.basis, fault="does not exist: clocks skip it on that day")
    kept = tuple(dict.fromkeys(one for one in meanings if _is_ahead(one.interval, setting, window=window)))
    if setting.strict and not (case.bare_weekday and kept):
        kept = tuple(dict.fromkeys(meanings))
    if not kept:
        return Resolved((), case.basis, fault=PAST)
    ranged = isinstance(what, Stretch) and not window and what.last is not None
    return _measured(Resolved(kept, case.basis, window=window), setting.length if ranged else None)


def _measured(resolved: Resolved, length: timedelta | None) -> Resolved:
    """A range beside the length of the meeting: longer it is a window, shorter the meeting starts with it."""
    if length is None:
        return resolved
    if all(one.interval.length < length for one in resolved.meanings):
        starts = (one.interval.start for one in resolved.meanings)
        longer = tuple(
            one._replace(interval=Interval(start, start + length))
            for one, start in zip(resolved.meanings, starts, strict=True)
        )
        return resolved._replace(meanings=longer, short=True)
    return resolved._replace(window=all(one.interval.length > length for one in resolved.meanings))


def _is_ahead(interval: Interval, setting: ReadingContext, *, window: bool) -> bool:
    if window:
        return interval.end - (setting.length or ZERO) > setting.now
    return interval.start > setting.now


def _place(
    day: date, start: time | None, end: time | None, name: str, setting: ReadingContext, *, window: bool
) -> Iterable[Meaning]:
    """The instants of one reading; an open side is filled with the interviewer's working day."""
    zone, length = ZoneInfo(name), setting.length or ZERO
    if start is None:
        assert end is not None
        for until in _ends(day, end, zone):
            opened = next(iter(instants(day, setting.hours.start, zone)), until - length)
            yield Meaning(Interval(min(opened, until - max(length, timedelta(minutes=30))), until), name)
        return
    for begun in instants(day, start, zone):
        if end is None and window:
            closed = next(iter(instants(day, setting.hours.end, zone)), begun)
            late = closed - begun < max(length, timedelta(minutes=30))
            yield Meaning(Interval(begun, begun + max(_OPEN_BEYOND_HOURS, length) if late else closed), name)
        elif end is None:
            yield Meaning(Interval(begun, begun + length), name)
        else:
            for ended in _ends(day, end, zone):
                if ended > begun:
                    yield Meaning(Interval(begun, ended), name)


def _ends(day: date, end: time, zone: tzinfo) -> tuple[datetime, ...]:
    return instants(day + timedelta(days=1) if end == time(0) else day, end, zone)
