"""Zones that calendars define themselves, held against the zone database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lastresort.ics.vtimezone import Observance, ZoneError, differs, private_zone
from lastresort.model import Interval

HOUR = timedelta(hours=1)
SPRING, AUTUMN = "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10"


def yearly(
    first: datetime, before: float, after: float, *rules: str, dates: tuple[datetime, ...] = ()
) -> Observance:
    return Observance(first, before * HOUR, after * HOUR, rules, dates)


OUTLOOK_BERLIN = (
    yearly(datetime(1601, 1, 1, 3), 2, 1, AUTUMN),
    yearly(datetime(1601, 1, 1, 2), 1, 2, SPRING),
)
OLD_NEW_YORK = (
    yearly(datetime(1987, 4, 5, 2), -5, -4, "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"),
    yearly(datetime(1967, 10, 29, 2), -4, -5, "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
)
NEW_NEW_YORK = (
    yearly(datetime(1987, 4, 5, 2), -5, -4, "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z"),
    yearly(datetime(1967, 10, 29, 2), -4, -5, "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z"),
    yearly(datetime(2007, 3, 11, 2), -5, -4, "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
    yearly(datetime(2007, 11, 4, 2), -4, -5, "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
)
LORD_HOWE = (
    yearly(datetime(2008, 4, 6, 2), 11, 10.5, "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"),
    yearly(datetime(2008, 10, 5, 2), 10.5, 11, "FREQ=YEARLY;BYMONTH=10;BYDAY=1SU"),
)


@pytest.mark.parametrize(
    ("observances", "name", "year"),
    [
        (OUTLOOK_BERLIN, "Europe/Berlin", 2026),
        (NEW_NEW_YORK, "America/New_York", 2026),
        (NEW_NEW_YORK, "America/New_York", 2006),
        (LORD_HOWE, "Australia/Lord_Howe", 2026),
    ],
)
def test_offsets_gaps_and_folds_are_those_of_the_zone_database(
    observances: tuple[Observance, ...], name: str, year: int
) -> None:
    private, named = private_zone(observances), ZoneInfo(name)
    for step in range(366 * 48):
        local = datetime(year, 1, 1) + step * HOUR / 2
        for fold in (0, 1):
            assert (
                local.replace(tzinfo=private, fold=fold).utcoffset()
                == local.replace(tzinfo=named, fold=fold).utcoffset()
            )
        here, there = (local.replace(tzinfo=UTC).astimezone(zone) for zone in (private, named))
        assert (here.replace(tzinfo=None), here.fold) == (there.replace(tzinfo=None), there.fold)


def test_before_the_first_onset_the_offset_it_changes_from_holds() -> None:
    assert private_zone(OUTLOOK_BERLIN).utcoffset(datetime(1500, 1, 1)) == HOUR
    assert private_zone(OUTLOOK_BERLIN).utcoffset(datetime(9999, 12, 31, 23)) == HOUR


def test_dates_are_onsets_too_and_the_last_one_lasts() -> None:
    zone = private_zone(
        [
            yearly(datetime(1970, 1, 1), 0, 1),
            yearly(datetime(1980, 1, 1), 1, 3, dates=(datetime(1990, 1, 1),)),
        ]
    )
    assert [zone.utcoffset(datetime(year, 6, 1)) for year in (1960, 1975, 1985, 2026)] == [
        0 * HOUR,
        HOUR,
        3 * HOUR,
        3 * HOUR,
    ]


def test_rules_that_ended_long_ago_leave_their_last_offset() -> None:
    zone = private_zone(
        [yearly(datetime(1970, 3, 1), 1, 2, "FREQ=YEARLY;BYMONTH=3;BYDAY=1SU;UNTIL=19750301")]
    )
    assert zone.utcoffset(datetime(2026, 1, 1)) == 2 * HOUR


@pytest.mark.parametrize(
    "observances",
    [
        (),
        (yearly(datetime(1970, 1, 1), 0, 1, "FREQ=SECONDLY"),),
        (yearly(datetime(1970, 1, 1), 0, 1, "FREQ=DAILY"),),
        (yearly(datetime(1970, 1, 1), 0, 1, "FREQ=YEARLY;BYHOUR=1,2,3"),),
        (yearly(datetime(1970, 1, 1), 0, 1, "FREQ=YEARLY;INTERVAL=0"),),
        (yearly(datetime(1970, 1, 1), 0, 24),),
        (yearly(datetime(1970, 1, 1), -24, 0),),
        (yearly(datetime(1970, 1, 1), 0, 999_999),),
        tuple(yearly(datetime(1970, 1, 1), 0, 1) for _ in range(2000)),
    ],
)
def test_what_is_no_zone_is_refused(observances: tuple[Observance, ...]) -> None:
    with pytest.raises(ZoneError):
        private_zone(observances)


def test_many_dates_cost_little() -> None:
    dates = tuple(datetime(1970, 1, 1) + n * HOUR for n in range(20_000))
    assert (
        private_zone([yearly(datetime(1970, 1, 1), 0, 1, dates=dates)]).utcoffset(datetime(2026, 1, 1))
        == HOUR
    )


def test_rules_by_count_are_counted_from_their_start() -> None:
    zone = private_zone([yearly(datetime(1, 1, 1), 0, 1, "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1;COUNT=99999")])
    assert zone.utcoffset(datetime(2026, 1, 1)) == HOUR


def between(start: str, end: str) -> Interval:
    return Interval(*(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end)))


@pytest.mark.parametrize(
    ("observances", "name", "span", "expected"),
    [
        (OLD_NEW_YORK, "America/New_York", ("2026-03-01", "2026-07-01"), True),
        (OLD_NEW_YORK, "America/New_York", ("2026-06-01", "2026-07-01"), False),
        (OLD_NEW_YORK, "America/New_York", ("2026-10-30", "2026-11-03"), True),
        (NEW_NEW_YORK, "America/New_York", ("2020-01-01", "2030-01-01"), False),
        (OUTLOOK_BERLIN, "Europe/Berlin", ("2026-01-01", "2027-01-01"), False),
        ((yearly(datetime(1970, 1, 1), -12, -12),), "Europe/Berlin", ("2026-06-01", "2026-06-02"), True),
        ((yearly(datetime(1970, 1, 1), 0, 99),), "Europe/Berlin", ("2026-06-01", "2026-06-02"), False),
    ],
)
def test_stale_copies_are_noticed_inside_the_window(
    observances: tuple[Observance, ...], name: str, span: tuple[str, str], expected: bool
) -> None:
    assert differs(observances, name, between(*span)) is expected
