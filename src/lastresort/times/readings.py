"""What a written time can mean: a day, a clock time or a range, and a zone, each with all its readings.

"3/4" is a day in March or in April, "2:30" is night or afternoon, an hour that clocks repeat is two hours,
"CET" in May is a city's clock or an offset. Nothing is chosen here; impossible readings are left out.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import UsageError
from lastresort.model import Interval
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    DayReader = Callable[[re.Match[str], date], Iterable[date]]
    Clocks = tuple[tuple[time, time | None], ...]

LONGEST_TEXT = 100
YEARS = range(1970, 2200)
HALF_A_YEAR = timedelta(days=183)
WIDEST_OFFSET = timedelta(hours=14)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_CLOCK = (
    r"(?P<hour{n}>\d{{1,2}})(?!\d)(?:[:.h](?P<minute{n}>\d\d)(?!\d))?"
    r"\s?(?P<half{n}>[ap]\.?m\b\.?)?(?P<mark{n}>\s?(?:uhr|h)\b)?"
)
POINT = rf"(?<![\d:.]){_CLOCK.format(n=1)}(?::00(?:\.0+)?(?!\d))?"
RANGE = rf"(?<![\d:.]){_CLOCK.format(n=1)}\s?(?:-|to\b|until\b|till\b|bis\b)\s?{_CLOCK.format(n=2)}(?!:?\d)"
WEEKDAY = (
    r"(?:(?P<which>next|this)\s)?\b(?P<name>mon|tue|wed|thu|fri|sat|sun)"
    r"(?:(?:s|nes|r|rs|ur)?(?:day)?)\b\.?"
)
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:(?:,\s?|[\s-])(?P<year>\d{4})(?![\d:.h]))?"
_ALONE = r"(?<![\d:./-])"
OFFSET = r"(?:\b(?:utc|gmt)\s?)?(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?(?!\d)"
UTC_WORD = r"(?:\b(?:utc|gmt)|(?<=\d)\s?z|^\s*z)\b"
FILLER = r"\b(?:at|on|um|am|from|von|the)\b|[@,();]"


class Written(NamedTuple):
    """A text taken apart. `zone` are the words left over when day, clock time and offset are taken out."""

    text: str
    dated: tuple[DayReader, re.Match[str]] | None
    weekday: re.Match[str] | None
    clocks: Clocks
    timed: bool
    """It names a clock time, be it an impossible one."""
    zone: str
    offset: timedelta | None


class Reading(NamedTuple):
    """One meaning, and the zone in which it is meant."""

    interval: Interval
    zone: tzinfo


# ---- taking a text apart


def take_apart(text: str, *, twelve: bool) -> Written:
    """Return the parts of a text. With `twelve` an unpadded hour from 1 to 7 is read in both halves."""
    rest = re.sub(r"\s+", " ", re.sub("[–—−]", "-", bounded(text))).strip()
    rest = re.sub(r"\bnoon\b", "12:00", rest, flags=re.IGNORECASE)
    dated, rest = _take_day(rest)
    weekday, rest = _take(WEEKDAY, rest)
    iso = dated is not None and len(dated[1][0]) >= len("2026-05-12")
    clocks, rest = _take_clocks(rest, twelve=twelve and not iso)
    offset, rest = _take_offset(rest)
    words = " ".join(re.sub(FILLER, " ", rest, flags=re.IGNORECASE).split())
    return Written(text, dated, weekday, clocks or (), clocks is not None, words, offset)


def _take(pattern: str, text: str) -> tuple[re.Match[str] | None, str]:
    found = re.search(pattern, text, re.IGNORECASE)
    return found, _without(text, found) if found else text


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _take_day(text: str) -> tuple[tuple[DayReader, re.Match[str]] | None, str]:
    for pattern, reader in DAYS:
        found, rest = _take(pattern, text)
        if found:
            return (reader, found), rest
    return None, text


def _take_clocks(text: str, *, twelve: bool) -> tuple[Clocks | None, str]:
    found, rest = _take(RANGE, text)
    if found:
        return read_range(found, twelve=twelve), rest
    for point in re.finditer(POINT, text, re.IGNORECASE):
        if point["minute1"] or point["half1"] or point["mark1"]:
            starts = _times(point["hour1"], point["minute1"], point["half1"], twelve=twelve)
            return tuple((start, None) for start in starts), _without(text, point)
    return None, text


def _take_offset(text: str) -> tuple[timedelta | None, str]:
    found, rest = _take(OFFSET, text)
    if found:
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        return (
            (offset if found["sign"] == "+" else -offset, rest) if offset <= WIDEST_OFFSET else (None, text)
        )
    found, rest = _take(UTC_WORD, text)
    return (timedelta(0), rest) if found else (None, text)


# ---- days


def find_days(written: Written, today: date) -> tuple[date, ...]:
    """Return the days the text can name, seen from `today`; none when none of them exists or lies ahead.

    Raises UsageError when it names a weekday that is not the date's.
    """
    if written.dated is None:
        return _weekdays(written.weekday, today) if written.weekday else (today,)
    reader, found = written.dated
    days = tuple(checked_year(day, written.text) for day in dict.fromkeys(reader(found, today)))
    if not written.weekday:
        return days
    number = weekday_number(written.weekday)
    kept = tuple(day for day in days if day.weekday() == number)
    if days and not kept:
        named = f"{tell_day(days[0])} is a {WEEKDAYS[days[0].weekday()]}"
        raise UsageError(f"{quoted(written.text)} contradicts itself: {named}; correct one of them")
    return kept


def weekday_number(found: re.Match[str]) -> int:
    """Return the number of the weekday that `WEEKDAY` found, Monday being 0."""
    start = found["name"].title()
    return next(number for number, name in enumerate(WEEKDAYS) if name.startswith(start))


def _weekdays(found: re.Match[str], today: date) -> tuple[date, ...]:
    """Said on that weekday, it is today or in a week; "next" is the coming one or the one of next week."""
    number = weekday_number(found)
    coming = today + timedelta(days=(number - today.weekday()) % 7)
    week_later = coming + timedelta(days=7)
    which = (found["which"] or "").casefold()
    if which == "next":
        in_next_week = today + timedelta(days=7 - today.weekday() + number)
        return tuple(dict.fromkeys((week_later if coming == today else coming, in_next_week)))
    return (today, week_later) if coming == today and which != "this" else (coming,)


def _dates(year: str | None, month: int, day: int, today: date) -> Iterator[date]:
    """The date where it exists; without a year the next one, looking half a year ahead."""
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [today.year, today.year + 1]
    for number in years:
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if year or today <= found <= today + HALF_A_YEAR:
            yield found


def _numeric_dates(found: re.Match[str], today: date) -> Iterator[date]:
    first, second = int(found["first"]), int(found["second"])
    yield from _dates(found["year"], second, first, today)
    if found["sign"] != ".":  # dots are written where the day comes first
        yield from _dates(found["year"], first, second, today)


def _named_dates(found: re.Match[str], today: date) -> Iterator[date]:
    start = found["month"].title()
    month = 1 + next(number for number, name in enumerate(MONTHS) if name.startswith(start))
    return _dates(found["year"], month, int(found["day"]), today)


def _iso_dates(found: re.Match[str], today: date) -> Iterator[date]:
    return _dates(found["year"], int(found["month"]), int(found["day"]), today)


DAYS: tuple[tuple[str, DayReader], ...] = (
    (r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)(?:T(?=\d))?", _iso_dates),
    (
        _ALONE + r"(?P<first>\d\d?)(?P<sign>[/.-])(?P<second>\d\d?)(?P=sign)(?P<year>\d{4}|\d\d)(?![\d:])",
        _numeric_dates,
    ),
    (_ALONE + r"(?P<first>\d\d?)(?P<sign>/)(?P<second>\d\d?)(?P<year>(?!))?(?![\d:/])", _numeric_dates),
    (_ALONE + r"(?P<first>\d\d?)(?P<sign>\.)\s?(?P<second>\d\d?)\.(?P<year>(?!))?(?![\d:])", _numeric_dates),
    (_ALONE + rf"(?P<day>\d\d?)(?:st|nd|rd|th|\.)?(?:\s?of)?[\s-]?\b{_MONTH}{_YEAR}", _named_dates),
    (rf"\b{_MONTH}\s?(?P<day>\d\d?)(?:st|nd|rd|th)?\b(?![:.]\d|\s?[ap]\.?m){_YEAR}", _named_dates),
    (r"\btoday\b", lambda _, today: (today,)),
    (r"\btomorrow\b", lambda _, today: (today + timedelta(days=1),)),
)


# ---- clock times


def read_range(found: re.Match[str], *, twelve: bool) -> Clocks:
    """Return the pairs of times that `RANGE` can mean; 00:00 at the end is midnight.

    Where one side alone is marked am or pm, the other lies as near as it can: "11-1pm" starts in the morning.
    """
    first, last = found["half1"], found["half2"]
    starts = _times(found["hour1"], found["minute1"], first, twelve=twelve or bool(last))
    ends = _times(found["hour2"], found["minute2"], last, twelve=twelve or bool(first))
    pairs = [(start, end) for start in starts for end in ends if minutes_between(start, end) > 0]
    if bool(first) != bool(last):
        nearest = min((minutes_between(*pair) for pair in pairs), default=0)
        return tuple(pair for pair in pairs if minutes_between(*pair) == nearest)
    return tuple(pair for pair in pairs if not twelve or minutes_between(*pair) <= 12 * 60)


def minutes_between(start: time, end: time) -> int:
    """Return the minutes from start to end on one day; an end of 00:00 is the day's last midnight."""
    return (end.hour * 60 + end.minute or 24 * 60) - start.hour * 60 - start.minute


def _times(hour: str, minute: str | None, half: str | None, *, twelve: bool) -> list[time]:
    number, minutes = int(hour), int(minute or 0)
    if minutes > 59 or number > 23 or (half and not 1 <= number <= 12):
        return []
    if half:
        return [time(number % 12 + (12 if half[0].casefold() == "p" else 0), minutes)]
    both = twelve and len(hour) == 1 and 1 <= number <= 7
    return [time(number, minutes), time(number + 12, minutes)] if both else [time(number, minutes)]


# ---- readings


def place(
    days: Iterable[date], clocks: Clocks, zone: tzinfo, length: timedelta, words: str = ""
) -> Iterator[Reading]:
    """Yield every meaning of days and clock times: both instants of a repeated hour, none of a skipped one.

    `length` holds where a clock time has no end. `words` is how the zone was written.
    """
    for day in days:
        for start, end in clocks:
            for begun in instants(day, start, zone):
                for meant in (zone, *_as_offset(words, begun, zone)):
                    first = begun if meant is zone else instants(day, start, meant)[0]
                    for ended in _ends(day, end, meant, first, length):
                        yield Reading(Interval(first, ended), meant)


def _ends(
    day: date, end: time | None, zone: tzinfo, start: datetime, length: timedelta
) -> Iterable[datetime]:
    if end is None:
        return (start + length,)
    last = day + timedelta(days=1) if end == time(0) else day
    return [instant for instant in instants(last, end, zone) if instant > start]


def instants(day: date, at: time, zone: tzinfo) -> list[datetime]:
    """Return the instants, in UTC, at which clocks of the zone show this: none in a gap, two in a fold."""
    local = datetime.combine(day, at, zone)
    first = local.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return []
    return list(dict.fromkeys((first, local.replace(fold=1).astimezone(UTC))))


def _as_offset(words: str, at: datetime, zone: tzinfo) -> list[timezone]:
    """The offset an abbreviation stands for when it is not the one in force: "EST" in July, "CET" in May."""
    name = words.upper()
    if not name or at.astimezone(zone).tzname() == name:
        return []
    halves = (at.replace(month=month, day=1).astimezone(zone) for month in (1, 7))
    return [timezone(half.utcoffset() or timedelta(0), name) for half in halves if half.tzname() == name][:1]


# ---- words for messages


def bounded(text: str) -> str:
    """Return the text. Raises UsageError when it is longer than any time is written."""
    if len(text) > LONGEST_TEXT:
        raise UsageError(f"{quoted(text)} is too long for a time; write it as 2026-05-12 14:30")
    return text


def quoted(text: str) -> str:
    """Return the text in quotes, on one line and short, for a message."""
    return f"'{one_line(text, 40)}'"


def tell_day(day: date) -> str:
    """Return the day in words that cannot be misread: `12 May 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def tell(reading: Reading) -> str:
    """Return the start of a reading with weekday, month as a word and the zone's abbreviation."""
    start = local_start(reading)
    return f"{WEEKDAYS[start.weekday()][:3]} {tell_day(start.date())} {start:%H:%M %Z}"


def local_start(reading: Reading) -> datetime:
    """Return the start of a reading in the zone in which it is meant."""
    return reading.interval.start.astimezone(reading.zone)


def checked_year(day: date, text: str) -> date:
    """Return the day. Raises UsageError outside the years a calendar can be about."""
    if day.year not in YEARS:
        raise UsageError(f"{quoted(text)} is outside the years {YEARS[0]} to {YEARS[-1]}; check the year")
    return day
