"""Working weeks, public holidays and local hours: which days count, and when they are open, as UTC intervals.

The `holidays` package is asked late: importing it takes time, and a calendar without a clash never needs it.
What it said is kept for the run, country by country and year by year.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from holidays import HolidayBase

    from lastresort.interviews.detection import Interview
    from lastresort.query import Hours, Query

MONDAY_TO_FRIDAY = frozenset(range(5))
WEEK = frozenset(range(7))
DAY = timedelta(days=1)
MIDNIGHT = time(0)


class _Year(NamedTuple):
    """One year of one country: the weekdays people work (Monday is 0), and nation-wide holidays by name."""

    workweek: frozenset[int]
    holidays: Mapping[date, str]


_ORDINARY = _Year(MONDAY_TO_FRIDAY, {})


@cache
def _package() -> Any:
    """Return the `holidays` package, without what takes most of the time to import it.

    The first country would bring along the other two hundred, through the package that their modules stand
    in: in its place stands one that has their folder and no more. Nor is its version looked up.
    """
    found = find_spec("holidays")
    folders = found.submodule_search_locations if found else None
    for name, contents in (
        ("countries", {"__path__": [os.path.join(folder, "countries") for folder in folders or ()]}),
        ("version", {"__version__": ""}),
    ):
        module = ModuleType(f"holidays.{name}")
        vars(module).update(contents)
        sys.modules.setdefault(module.__name__, module)
    return import_module("holidays")


@cache
def _read_year(country: str, year: int) -> _Year:
    try:
        found = _package().country_holidays(country, years=[year])
    except NotImplementedError:  # how the package says that it has no such country
        return _ORDINARY
    # asked day by day: the attribute `weekend` does not know weeks that changed over the years
    workweek = frozenset(day for day in WEEK if _is_mostly_worked(found, year, day))
    return _Year(workweek, dict(found.items()))


def _is_mostly_worked(found: HolidayBase, year: int, weekday: int) -> bool:
    first = date(year, 1, 1) + DAY * ((weekday - date(year, 1, 1).weekday()) % 7)
    return sum(found.is_working_day(first + DAY * 28 * n) for n in range(13)) > 6


def _year_of(day: date, country: str | None) -> _Year:
    return _read_year(country.upper(), day.year) if country else _ORDINARY


def find_workweek(country: str | None, year: int) -> frozenset[int]:
    """Return the weekdays people work in the country that year, Monday being 0; where unknown, 0 to 4."""
    return _year_of(date(year, 1, 1), country).workweek


def find_holiday(day: date, country: str | None) -> str | None:
    """Return the name of the nation-wide public holiday, observed days included, or `None`."""
    return _year_of(day, country).holidays.get(day)


def is_workday(day: date, countries: Iterable[str | None] = ()) -> bool:
    """Tell whether the day counts for `--within`: Monday to Friday, no public holiday in any country given.

    That is so for everybody, countries with another weekend included; `is_open_day` follows their own week.
    """
    return day.weekday() in MONDAY_TO_FRIDAY and not any(find_holiday(day, country) for country in countries)


def nth_workday(after: date, n: int, countries: Iterable[str | None] = ()) -> date:
    """Return the nth working day after `after`, which itself does not count."""
    known, day = tuple(countries), after
    for _ in range(n):
        day += DAY
        while not is_workday(day, known):
            day += DAY
    return day


def find_horizon(query: Query, interview_day: date | None, their_country: str | None = None) -> datetime:
    """Return the instant in UTC before which slots and moved events must end.

    It is the midnight in my zone after the working day `query.within`, counted from the later of today and
    the interview's day (`None`: there is no interview). `their_country` is what is known of
    this interviewer's; without it the query's holds.
    """
    today = query.now.astimezone(ZoneInfo(query.zone)).date()
    start = max(today, interview_day or today)
    countries = (query.country, their_country or query.interviewer_country)
    return to_utc(nth_workday(start, query.within, countries) + DAY, MIDNIGHT, query.zone)


def find_deadline(interview: Interview, query: Query) -> datetime:
    """Return the instant in UTC before which what makes room for the interview, and the times offered instead
    of it, must end."""
    day = interview.occurrence.interval.start.astimezone(ZoneInfo(query.zone)).date()
    return find_horizon(query, day, interview.interviewer.country)


def is_open_day(day: date, hours: Hours, country: str | None) -> bool:
    """Tell whether the day is in `hours.days` (else in the country's working week) and no public holiday."""
    year = _year_of(day, country)
    return day.weekday() in (year.workweek if hours.days is None else hours.days) and day not in year.holidays


def open_hours(day: date, zone: str, hours: Hours, country: str | None) -> Interval | None:
    """Return the local hours of the day as an interval in UTC, or `None` when the day is not open.

    Hours that end at 00:00 last until midnight. Where clocks change inside the hours they are shorter or
    longer than usual; `None` too when nothing is left of them.
    """
    if not is_open_day(day, hours, country):
        return None
    start = to_utc(day, hours.start, zone)
    end = to_utc(day + DAY if hours.end == MIDNIGHT else day, hours.end, zone)
    return Interval(start, end) if start < end else None


HALF_DAYS = frozenset({(12, 24), (12, 31)})
"""Months and days on which people stop working at noon, in every country."""
NOON = time(12)


def working_hours(day: date, zone: str, hours: Hours, country: str | None) -> Interval | None:
    """Return the open hours of the day, until noon on a half day; `None` when nothing is left of them."""
    opened = open_hours(day, zone, hours, country)
    if opened is None or (day.month, day.day) not in HALF_DAYS:
        return opened
    end = min(opened.end, to_utc(day, NOON, zone))
    return Interval(opened.start, end) if opened.start < end else None


def nth_open_day(after: date, n: int, hours: Hours, country: str | None) -> date | None:
    """Return the nth open day after `after`, which itself does not count; `None` when a year has too few."""
    day = after
    for _ in range(366):
        day += DAY
        if is_open_day(day, hours, country):
            n -= 1
            if not n:
                return day
    return None


def open_intervals(span: Interval, zone: str, hours: Hours, country: str | None) -> Iterator[Interval]:
    """Yield the open hours of every local day that the span touches, in order, cut to the span."""
    for day in local_days(span, zone):
        hours_of_day = working_hours(day, zone, hours, country)
        if hours_of_day and hours_of_day.overlaps(span):
            yield Interval(max(hours_of_day.start, span.start), min(hours_of_day.end, span.end))


def local_days(span: Interval, zone: str) -> Iterator[date]:
    """Yield every local date of which the span holds an instant."""
    info = ZoneInfo(zone)
    day, last = span.start.astimezone(info).date(), span.end.astimezone(info)
    while datetime.combine(day, MIDNIGHT) < last.replace(tzinfo=None):
        yield day
        day += DAY


def to_utc(day: date, at: time, zone: str) -> datetime:
    """Return the local wall time in UTC; in a gap by the offset before it, in a fold the first (3.3.5)."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
