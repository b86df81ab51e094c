from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas import moment
from lastresort.model import Interval
from lastresort.planning.workdays import (
    find_holiday,
    find_horizon,
    find_workweek,
    is_open_day,
    is_workday,
    local_days,
    nth_workday,
    open_hours,
    open_intervals,
)
from lastresort.query import Hours, Query

OFFICE = Hours(time(9), time(17))
EVERY_DAY = frozenset(range(7))
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
]


@pytest.mark.parametrize(
    ("country", "year", "weekend"),
    [
        ("DE", 2026, {5, 6}),
        ("SA", 2026, {4, 5}),
        ("EG", 2026, {4, 5}),
        ("AE", 2026, {5, 6}),
        ("AE", 2021, {4, 5}),
        ("IL", 2026, {4, 5}),
        ("CN", 2026, {5, 6}),
        ("ZZ", 2026, {5, 6}),
        (None, 2026, {5, 6}),
    ],
)
def test_working_week_of_a_country(country: str | None, year: int, weekend: set[int]) -> None:
    assert EVERY_DAY - find_workweek(country, year) == weekend


@pytest.mark.parametrize(
    ("day", "country", "free"),
    [
        ("2026-05-14", "DE", True),  # Ascension Day
        ("2026-05-14", "de", True),
        ("2026-05-14", "US", False),
        ("2026-07-03", "US", True),  # 4 July is a Saturday: the day it is observed on
        ("2026-06-04", "DE", False),  # Corpus Christi, in some states only
        ("2026-05-14", "ZZ", False),
        ("2026-05-14", None, False),
    ],
)
def test_public_holidays_are_nation_wide_and_observed(day: str, country: str | None, free: bool) -> None:
    assert (find_holiday(date.fromisoformat(day), country) is not None) == free


@pytest.mark.parametrize(
    ("after", "n", "countries", "found"),
    [
        ("2026-05-08", 1, (), "2026-05-11"),
        ("2026-05-09", 1, (), "2026-05-11"),
        ("2026-05-08", 10, (), "2026-05-22"),
        ("2026-05-08", 10, ("DE",), "2026-05-26"),
        ("2026-06-25", 10, ("DE", "US"), "2026-07-10"),
        ("2026-05-08", 10, (None, "US"), "2026-05-22"),
        ("2026-12-23", 2, ("DE",), "2026-12-28"),
        # Friday counts for everybody, also where it is the weekend
        ("2026-05-06", 2, ("EG",), "2026-05-08"),
        ("2026-05-08", 0, ("DE",), "2026-05-08"),
    ],
)
def test_nth_working_day(after: str, n: int, countries: tuple[str | None, ...], found: str) -> None:
    assert nth_workday(date.fromisoformat(after), n, countries) == date.fromisoformat(found)


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.integers(1, 30),
    st.sampled_from(["DE", "US", "JP", None]),
)
def test_nth_working_day_counts_working_days(after: date, n: int, country: str | None) -> None:
    last = nth_workday(after, n, (country,))
    between = [after + timedelta(days=k) for k in range(1, (last - after).days + 1)]
    assert sum(is_workday(day, (country,)) for day in between) == n
    assert is_workday(last, (country,))


@pytest.mark.parametrize(
    ("now", "zone", "interview_day", "end"),
    [
        # from the interview's day, when it is the later one
        ("2026-05-04 09:00", "Europe/Berlin", "2026-05-08", "2026-05-23 00:00"),
        # from today
        ("2026-05-04 09:00", "Europe/Berlin", None, "2026-05-19 00:00"),
        ("2026-05-04 09:00", "Europe/Berlin", "2026-05-01", "2026-05-19 00:00"),
        # over the end of summer time
        ("2026-10-19 09:00", "America/New_York", None, "2026-11-03 00:00"),
        ("2026-05-04 09:00", "Asia/Kathmandu", None, "2026-05-19 00:00"),
    ],
)
def test_horizon_is_a_midnight_of_mine(now: str, zone: str, interview_day: str | None, end: str) -> None:
    query = Query(moment(now, zone), zone)
    day = date.fromisoformat(interview_day) if interview_day else None
    assert find_horizon(query, day) == moment(end, zone)


def test_horizon_counts_from_my_today_not_from_the_day_in_utc() -> None:
    now = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
    assert find_horizon(Query(now, "Asia/Tokyo", within=1), None) == moment("2026-05-07 00:00", "Asia/Tokyo")
    assert find_horizon(Query(now, "America/New_York", within=1), None) == moment(
        "2026-05-06 00:00", "America/New_York"
    )


def test_horizon_skips_the_holidays_of_both_countries() -> None:
    query = Query(moment("2026-05-08 09:00"), "Europe/Berlin", country="DE", interviewer_country="US")
    assert find_horizon(query, None) == moment("2026-05-27 00:00")
    assert find_horizon(query._replace(interviewer_country=None), None, "US") == moment("2026-05-27 00:00")


@pytest.mark.parametrize(
    ("day", "zone", "hours", "opens", "minutes"),
    [
        ("2026-05-05", "Europe/Berlin", OFFICE, "2026-05-05T07:00", 480),
        ("2026-05-05", "Asia/Kolkata", OFFICE, "2026-05-05T03:30", 480),
        ("2026-05-05", "Asia/Kathmandu", OFFICE, "2026-05-05T03:15", 480),
        ("2026-05-05", "Australia/Lord_Howe", OFFICE, "2026-05-04T22:30", 480),
        # clocks change inside the hours: forward, back, and by half an hour
        ("2026-03-29", "Europe/Berlin", Hours(time(0), time(8), EVERY_DAY), "2026-03-28T23:00", 420),
        ("2026-10-25", "Europe/Berlin", Hours(time(0), time(8), EVERY_DAY), "2026-10-24T22:00", 540),
        ("2026-04-05", "Australia/Lord_Howe", Hours(time(0), time(8), EVERY_DAY), "2026-04-04T13:00", 510),
        # an end of 00:00 is midnight
        ("2026-05-05", "Europe/Berlin", Hours(time(18), time(0)), "2026-05-05T16:00", 360),
    ],
)
def test_open_hours(day: str, zone: str, hours: Hours, opens: str, minutes: int) -> None:
    found = open_hours(date.fromisoformat(day), zone, hours, None)
    assert found is not None
    assert found.start == datetime.fromisoformat(opens).replace(tzinfo=UTC)
    assert found.minutes == minutes


@pytest.mark.parametrize(
    ("day", "hours", "country"),
    [
        ("2026-05-09", OFFICE, None),
        ("2026-05-14", OFFICE, "DE"),
        ("2026-05-08", OFFICE, "EG"),
        ("2026-05-05", Hours(time(9), time(17), frozenset({0})), None),
        ("2026-05-14", Hours(time(9), time(17), EVERY_DAY), "DE"),
        # the only hour asked for does not exist on that day
        ("2026-03-29", Hours(time(2), time(3), EVERY_DAY), None),
    ],
)
def test_closed_days(day: str, hours: Hours, country: str | None) -> None:
    assert open_hours(date.fromisoformat(day), "Europe/Berlin", hours, country) is None


def test_sunday_is_worked_where_the_weekend_is_friday_and_saturday() -> None:
    assert is_open_day(date(2026, 5, 10), OFFICE, "EG")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),
    st.integers(1, 20 * 24),
    st.sampled_from(ZONES),
    st.sampled_from([OFFICE, Hours(time(0), time(0), EVERY_DAY), Hours(time(1, 30), time(4, 15), EVERY_DAY)]),
)
def test_open_intervals_are_those_instants_of_the_span_whose_local_time_is_inside_the_hours(
    start: datetime, length: int, zone: str, hours: Hours
) -> None:
    first = start.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    span = Interval(first, first + timedelta(hours=length))
    found = list(open_intervals(span, zone, hours, None))
    assert found == sorted(found)
    assert all(span.holds(interval) for interval in found)
    days = hours.days or frozenset(range(5))
    for quarter in range(0, length * 4, 5):
        at = first + timedelta(minutes=15 * quarter)
        local = at.astimezone(ZoneInfo(zone))
        wall = local.time().replace(fold=0)
        inside = (
            local.weekday() in days and hours.start <= wall and (wall < hours.end or hours.end == time(0))
        )
        if not local.fold:  # in a fold the first one counts, so hours may start or end before the second
            assert inside == any(interval.start <= at < interval.end for interval in found) or _in_fold(local)


def _in_fold(local: datetime) -> bool:
    return local.utcoffset() != local.replace(fold=1).utcoffset()


def test_local_days_end_is_excluded() -> None:
    span = Interval(moment("2026-05-05 00:00"), moment("2026-05-07 00:00"))
    assert list(local_days(span, "Europe/Berlin")) == [date(2026, 5, 5), date(2026, 5, 6)]
    assert list(local_days(span, "America/New_York")) == [
        date(2026, 5, 4),
        date(2026, 5, 5),
        date(2026, 5, 6),
    ]


def test_holidays_are_not_imported_before_a_country_is_asked_for() -> None:
    code = (
        "import sys; from datetime import *; from lastresort.planning.workdays import *; "
        "nth_workday(date(2026, 5, 8), 10); assert 'holidays' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_the_countries_asked_for_are_loaded() -> None:
    code = (
        "import sys; from datetime import date; from lastresort.planning.workdays import find_holiday\n"
        "assert find_holiday(date(2026, 10, 3), 'DE') and find_holiday(date(2026, 7, 4), 'US')\n"
        "print(*sorted(name for name in sys.modules if name.startswith('holidays.countries.')))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["holidays.countries.germany", "holidays.countries.united_states"]


@pytest.mark.slow
def test_every_country_of_the_package_can_be_asked() -> None:
    from holidays import list_supported_countries

    for country in list_supported_countries(include_aliases=False):
        assert find_workweek(country, 2026)
