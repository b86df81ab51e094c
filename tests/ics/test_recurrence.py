"""What a series becomes inside a window: the rules of RFC 5545 3.8.5 and where producers bend them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lastresort.ics.recurrence import EventLength, Extra, Instance, Override, Series, When, expand
from lastresort.ics.rrule import ExpansionBudget
from lastresort.model import Interval, Limits

BERLIN = ZoneInfo("Europe/Berlin")
ANGELES = ZoneInfo("America/Los_Angeles")
HOUR = EventLength(exact=timedelta(hours=1))
DAY = EventLength(days=1)


def at(text: str, zone=BERLIN) -> When:
    """Return the time of `2026-05-04 10:00` in a zone (`Z` behind it: UTC), or the date of `2026-05-04`."""
    if text.endswith("Z"):
        return When(datetime.fromisoformat(text[:-1]), UTC)
    return When(datetime.fromisoformat(text), zone, is_date=":" not in text)


def window(start: str = "2026-05-01", end: str = "2026-06-15") -> Interval:
    return Interval(*(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end)))


def series(start: str, *rules: str, length: EventLength = HOUR, zone=BERLIN, **more) -> Series:
    return Series(at(start, zone), length, rules, **more)


def found(series: Series | None, span: Interval | None = None, overrides=()) -> tuple[Instance, ...]:
    return expand(series, span or window(), ExpansionBudget(), overrides).instances


def starts(series: Series | None, span: Interval | None = None, overrides=()) -> list[str]:
    return [f"{instance.start:%m-%d %H:%M}" for instance in found(series, span, overrides)]


WEEKLY = series("2026-05-04 10:00", "FREQ=WEEKLY;COUNT=4")
ALL_DAY = series("2026-05-04", "FREQ=WEEKLY;COUNT=3", length=DAY)


@pytest.mark.parametrize(
    ("it", "span", "expected"),
    [
        pytest.param(
            WEEKLY, window(), ["05-04 08:00", "05-11 08:00", "05-18 08:00", "05-25 08:00"], id="weekly"
        ),
        pytest.param(
            series("2026-06-03 09:00", "FREQ=WEEKLY;BYDAY=MO;COUNT=3"),
            window("2026-06-01", "2026-07-01"),
            ["06-03 07:00", "06-08 07:00", "06-15 07:00", "06-22 07:00"],
            id="DTSTART that the rule does not give counts besides",
        ),
        pytest.param(
            series("2026-02-02 17:00", "FREQ=WEEKLY;UNTIL=20260216T235959Z", zone=ANGELES),
            window("2026-02-01", "2026-04-01"),
            ["02-03 01:00", "02-10 01:00"],
            id="UNTIL in UTC is an instant",
        ),
        pytest.param(
            series("2026-10-20 09:00", "FREQ=WEEKLY;UNTIL=20261110T090000Z", zone=ZoneInfo("Europe/London")),
            window("2026-10-25", "2026-12-01"),
            ["10-27 09:00", "11-03 09:00", "11-10 09:00"],
            id="UNTIL is inclusive",
        ),
        pytest.param(
            series("2026-05-04 10:00", "FREQ=WEEKLY;UNTIL=20260518T100000"),
            window(),
            ["05-04 08:00", "05-11 08:00", "05-18 08:00"],
            id="local UNTIL is read in the zone of the event",
        ),
        pytest.param(
            series("2026-05-04 10:00", "FREQ=WEEKLY;UNTIL=20260511T1000;BYSECOND=0,60"),
            window(),
            ["05-04 08:00", "05-04 08:00", "05-11 08:00"],
            id="UNTIL may lack its seconds, and a leap second is the one before it",
        ),
        pytest.param(
            series(
                "2026-05-04",
                "FREQ=WEEKLY;BYHOUR=9,15;BYMINUTE=30;COUNT=2",
                "FREQ=HOURLY;COUNT=20",
                length=DAY,
            ),
            window(),
            ["05-03 22:00", "05-10 22:00"],
            id="an all-day series has no hours",
        ),
        pytest.param(
            series("2026-05-04 10:00", "FREQ=WEEKLY\\;BYDAY=MO\\,TU\\;COUNT=2"),
            window(),
            ["05-04 08:00", "05-05 08:00"],
            id="a rule written as if it were text",
        ),
        pytest.param(
            series("2026-05-04 23:00", "FREQ=WEEKLY;UNTIL=20260511"),
            window(),
            ["05-04 21:00", "05-11 21:00"],
            id="a DATE as UNTIL of a timed series includes that day",
        ),
        pytest.param(
            series("2026-05-01", "FREQ=WEEKLY;UNTIL=20260514T220000Z;BYDAY=FR", length=DAY),
            window(),
            ["04-30 22:00", "05-07 22:00", "05-14 22:00"],
            id="UNTIL in UTC becomes local before its date decides an all-day series",
        ),
        pytest.param(
            series("2026-05-01", "FREQ=WEEKLY;UNTIL=20260515T000000Z", length=DAY, zone=ANGELES),
            window(),
            ["05-01 07:00", "05-08 07:00", "05-15 07:00"],
            id="midnight in UTC is a date on an all-day series",
        ),
        pytest.param(
            series(
                "2026-06-01 09:00", "FREQ=WEEKLY;COUNT=2", "FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260611T070000Z"
            ),
            window("2026-06-01", "2026-07-01"),
            ["06-01 07:00", "06-04 07:00", "06-08 07:00", "06-11 07:00"],
            id="several rules unite",
        ),
        pytest.param(
            series("2024-02-29 08:00", "FREQ=YEARLY"),
            window("2025-01-01", "2033-01-01"),
            ["02-29 07:00", "02-29 07:00"],
            id="29 February is skipped in other years",
        ),
        pytest.param(
            series("2026-03-27 02:15", "FREQ=DAILY;COUNT=4"),
            window("2026-03-26", "2026-04-02"),
            ["03-27 01:15", "03-28 01:15", "03-29 01:15", "03-30 00:15"],
            id="an occurrence in a gap is kept, with the offset before it",
        ),
        pytest.param(
            series("2026-10-24 02:30", "FREQ=DAILY;COUNT=3"),
            window("2026-10-23", "2026-10-28"),
            ["10-24 00:30", "10-25 00:30", "10-26 01:30"],
            id="the first time of a fold",
        ),
    ],
)
def test_rules_give_instants(it: Series, span: Interval, expected: list[str]) -> None:
    assert starts(it, span) == expected


@pytest.mark.parametrize(
    ("zone", "first", "span", "expected"),
    [
        (
            "Australia/Lord_Howe",
            "2026-04-04 12:00",
            ("2026-04-01", "2026-04-08"),
            ["04-04 01:00", "04-05 01:30"],
        ),
        (
            "Australia/Sydney",
            "2026-04-04 09:00",
            ("2026-04-01", "2026-04-08"),
            ["04-03 22:00", "04-04 23:00"],
        ),
        ("Asia/Kathmandu", "2026-04-02 10:00", ("2026-04-01", "2026-04-08"), ["04-02 04:15", "04-03 04:15"]),
        ("Asia/Kolkata", "2026-04-02 10:00", ("2026-04-01", "2026-04-08"), ["04-02 04:30", "04-03 04:30"]),
        (
            "America/Santiago",
            "2026-09-05 12:00",
            ("2026-09-01", "2026-09-10"),
            ["09-05 16:00", "09-06 15:00"],
        ),
    ],
)
def test_wall_clocks_with_odd_changes(
    zone: str, first: str, span: tuple[str, str], expected: list[str]
) -> None:
    assert starts(series(first, "FREQ=DAILY;COUNT=2", zone=ZoneInfo(zone)), window(*span)) == expected


@pytest.mark.parametrize(
    ("exdates", "expected"),
    [
        (("2026-05-11 10:00", "2026-05-25 10:00"), ["05-04 08:00", "05-18 08:00"]),
        (("2026-05-11 08:00Z",), ["05-04 08:00", "05-18 08:00", "05-25 08:00"]),
        (("2026-05-11",), ["05-04 08:00", "05-18 08:00", "05-25 08:00"]),
        (("2026-05-12 10:00", "2026-05-18 10:00"), ["05-04 08:00", "05-11 08:00", "05-25 08:00"]),
        (("2026-05-04 10:00",), ["05-11 08:00", "05-18 08:00", "05-25 08:00"]),
    ],
)
def test_exdate_takes_out_an_instant_or_a_day(exdates: tuple[str, ...], expected: list[str]) -> None:
    assert starts(WEEKLY._replace(exdates=tuple(map(at, exdates)))) == expected


def test_exdate_as_date_means_the_local_day() -> None:
    evening = series("2026-05-04 19:00", "FREQ=WEEKLY;COUNT=3", zone=ANGELES, exdates=(at("2026-05-11"),))
    assert starts(evening) == ["05-05 02:00", "05-19 02:00"]


@pytest.mark.parametrize(
    "exdate",
    [
        at("2026-05-11"),
        at("2026-05-11 00:00"),
        at("2026-05-11 00:00Z"),
        at("2026-05-11 00:00", ANGELES),
        at("2026-05-10 22:00Z"),
    ],
)
def test_exdate_of_an_all_day_series_means_a_date(exdate: When) -> None:
    assert starts(ALL_DAY._replace(exdates=(exdate,))) == ["05-03 22:00", "05-17 22:00"]


def test_count_counts_before_exdate() -> None:
    assert starts(WEEKLY._replace(exdates=(at("2026-05-04 10:00"),)))[-1] == "05-25 08:00"


def test_exrule_takes_out_what_it_gives() -> None:
    assert starts(WEEKLY._replace(exrules=("FREQ=WEEKLY;INTERVAL=2",))) == ["05-11 08:00", "05-25 08:00"]


def test_rdate_adds_and_its_period_has_its_own_length() -> None:
    extras = (
        Extra(at("2026-05-11 08:00Z")),
        Extra(at("2026-05-20 10:00")),
        Extra(at("2026-05-07 13:00Z"), EventLength(exact=timedelta(hours=3))),
        Extra(at("2026-05-22")),
    )
    instances = found(WEEKLY._replace(rdates=extras))
    assert [f"{i.start:%m-%d}" for i in instances] == [
        "05-04", "05-07", "05-11", "05-18", "05-20", "05-22", "05-25",
    ]  # fmt: skip
    assert instances[1].end - instances[1].start == timedelta(hours=3)
    assert instances[5].start.hour == 8


def test_a_long_rdate_period_reaches_into_the_window() -> None:
    month = Extra(at("2026-04-10 10:00"), EventLength(days=30))
    assert starts(WEEKLY._replace(rrules=(), rdates=(month,))) == ["04-10 08:00", "05-04 08:00"]


@pytest.mark.parametrize(
    ("length", "end"),
    [
        (EventLength(exact=timedelta(hours=24)), "2026-03-29 20:00"),
        (EventLength(days=1), "2026-03-29 19:00"),
        (EventLength(days=1, exact=timedelta(hours=2)), "2026-03-29 21:00"),
        (EventLength(exact=timedelta(hours=-3)), "2026-03-28 20:00"),
        (EventLength(days=999_999_999), "9999-12-31 23:59"),
    ],
)
def test_days_are_nominal_and_hours_exact(length: EventLength, end: str) -> None:
    [instance] = found(series("2026-03-28 21:00", length=length), window("2026-03-01", "2026-04-01"))
    assert f"{instance.end:%Y-%m-%d %H:%M}" == end


def test_an_all_day_series_lasts_from_midnight_to_midnight() -> None:
    trip = series("2026-03-28", length=EventLength(days=3))
    [instance] = found(trip, window("2026-03-01", "2026-04-01"))
    assert instance.end - instance.start == timedelta(hours=71)
    assert instance.all_day


@pytest.mark.parametrize(
    ("start", "length", "seen"),
    [
        ("2026-04-30 23:00Z", HOUR, False),
        ("2026-04-30 23:01Z", HOUR, True),
        ("2026-06-14 23:59Z", HOUR, True),
        ("2026-06-15 00:00Z", HOUR, False),
        ("2026-05-01 00:00Z", EventLength(), True),
        ("2026-04-01 00:00Z", EventLength(days=90), True),
    ],
)
def test_the_window_is_half_open(start: str, length: EventLength, seen: bool) -> None:
    assert bool(found(series(start, length=length))) == seen


def test_a_long_occurrence_from_before_the_window_is_found() -> None:
    sprint = series("2026-01-05 10:00", "FREQ=MONTHLY", length=EventLength(days=20))
    assert starts(sprint, window("2026-05-15", "2026-05-20")) == ["05-05 08:00"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=FORTNIGHTLY", "rule-invalid"),
        ("", "rule-invalid"),
        ("FREQ=DAILY;INTERVAL=0", "rule-invalid"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "rule-unsupported"),
    ],
)
def test_an_unreadable_rule_leaves_dtstart_and_says_so(rule: str, code: str) -> None:
    expansion = expand(series("2026-05-04 10:00", rule), window(), ExpansionBudget())
    assert [f"{i.start:%m-%d}" for i in expansion.instances] == ["05-04"]
    assert [(fault.code, fault.lost) for fault in expansion.faults] == [(code, True)]


def test_one_bad_rule_does_not_cost_the_others() -> None:
    expansion = expand(
        series("2026-05-04 10:00", "FREQ=X", "FREQ=WEEKLY;COUNT=2"), window(), ExpansionBudget()
    )
    assert len(expansion.instances) == 2
    assert len(expansion.faults) == 1


# -- overrides


def moved(named: str, start: str, length: EventLength = HOUR, **more) -> Override:
    return Override(at(named), at(start), length, **more)


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        pytest.param(
            [moved("2026-05-11 10:00", "2026-05-12 14:00")],
            [("05-04 08:00", None), ("05-12 12:00", 0), ("05-18 08:00", None), ("05-25 08:00", None)],
            id="moved",
        ),
        pytest.param(
            [moved("2026-05-11", "2026-05-11 16:00")],
            [("05-04 08:00", None), ("05-11 14:00", 0), ("05-18 08:00", None), ("05-25 08:00", None)],
            id="named by its local day",
        ),
        pytest.param(
            [moved("2026-05-11 08:00Z", "2026-07-01 10:00")],
            [("05-04 08:00", None), ("05-18 08:00", None), ("05-25 08:00", None)],
            id="moved out of the window",
        ),
        pytest.param(
            [moved("2027-05-11 08:00Z", "2026-05-05 10:00")],
            [
                ("05-04 08:00", None),
                ("05-05 08:00", 0),
                ("05-11 08:00", None),
                ("05-18 08:00", None),
                ("05-25 08:00", None),
            ],
            id="orphans are placed as they stand",
        ),
        pytest.param(
            [
                moved("2026-05-11 10:00", "2026-05-11 18:00", sequence=3),
                moved("2026-05-11 10:00", "2026-05-11 13:00", sequence=1),
            ],
            [("05-04 08:00", None), ("05-11 16:00", 0), ("05-18 08:00", None), ("05-25 08:00", None)],
            id="the highest SEQUENCE wins",
        ),
        pytest.param(
            [
                moved("2026-05-11 10:00", "2026-05-11 18:00", stamp=datetime(2026, 2, 1, tzinfo=UTC)),
                moved("2026-05-11 08:00Z", "2026-05-11 13:00", stamp=datetime(2026, 1, 1, tzinfo=UTC)),
            ],
            [("05-04 08:00", None), ("05-11 16:00", 0), ("05-18 08:00", None), ("05-25 08:00", None)],
            id="then the latest DTSTAMP",
        ),
        pytest.param(
            [
                moved("2026-05-11 10:00", "2026-05-11 18:00", stamp=datetime(2026, 2, 1)),
                moved("2026-05-11 10:00", "2026-05-11 13:00"),
            ],
            [("05-04 08:00", None), ("05-11 16:00", 0), ("05-18 08:00", None), ("05-25 08:00", None)],
            id="any DTSTAMP before none",
        ),
        pytest.param(
            [moved("2026-05-18 10:00", "2026-05-18 13:30", and_future=True)],
            [("05-04 08:00", None), ("05-11 08:00", None), ("05-18 11:30", 0), ("05-25 11:30", 0)],
            id="THISANDFUTURE moves what follows",
        ),
        pytest.param(
            [
                moved("2026-05-11 10:00", "2026-05-12 10:00", and_future=True),
                moved("2026-05-18 10:00", "2026-05-18 09:00"),
                moved("2026-05-25 10:00", "2026-05-25 11:00", and_future=True),
            ],
            [("05-04 08:00", None), ("05-12 08:00", 0), ("05-18 07:00", 1), ("05-25 09:00", 2)],
            id="until the next override",
        ),
    ],
)
def test_overrides_replace_instances(
    overrides: list[Override], expected: list[tuple[str, int | None]]
) -> None:
    instances = found(WEEKLY, overrides=overrides)
    assert [(f"{i.start:%m-%d %H:%M}", i.override) for i in instances] == expected


@pytest.mark.parametrize("named", [at("2026-05-11"), at("2026-05-11 00:00"), at("2026-05-10 22:00Z")])
def test_an_all_day_instance_is_named_by_its_date(named: When) -> None:
    override = Override(named, at("2026-05-12"), DAY)
    assert starts(ALL_DAY, overrides=[override]) == ["05-03 22:00", "05-11 22:00", "05-17 22:00"]


def test_a_day_names_only_the_first_instance_of_an_hourly_series() -> None:
    hourly = series("2026-05-04 10:00", "FREQ=HOURLY;COUNT=4")
    override = moved("2026-05-04", "2026-05-04 20:00")
    assert starts(hourly, overrides=[override]) == [
        "05-04 09:00",
        "05-04 10:00",
        "05-04 11:00",
        "05-04 18:00",
    ]


def test_this_and_future_may_change_length_and_value_type() -> None:
    override = Override(at("2026-05-18 10:00"), at("2026-05-18"), DAY, and_future=True)
    last = found(WEEKLY, overrides=[override])[-1]
    assert (last.all_day, f"{last.start:%m-%d %H:%M}", last.end - last.start) == (
        True, "05-24 22:00", timedelta(days=1),
    )  # fmt: skip


def test_this_and_future_keeps_the_wall_clock_over_a_change() -> None:
    autumn = series("2026-10-19 10:00", "FREQ=WEEKLY")
    override = moved("2026-10-19 10:00", "2026-10-19 12:00", and_future=True)
    assert starts(autumn, window("2026-10-18", "2026-11-01"), [override]) == ["10-19 10:00", "10-26 11:00"]


def test_this_and_future_brings_instances_in_from_outside() -> None:
    weekly = series("2026-01-05 10:00", "FREQ=WEEKLY")
    override = moved("2026-02-02 10:00", "2026-03-04 10:00", and_future=True)
    assert starts(weekly, window("2026-05-01", "2026-05-10"), [override]) == ["05-06 08:00"]


def test_recurrence_ids_are_the_original_starts() -> None:
    override = moved("2026-05-11 10:00", "2026-05-12 14:00")
    ids = [f"{instance.recurrence_id:%m-%d %H}" for instance in found(WEEKLY, overrides=[override])]
    assert ids == ["05-04 08", "05-11 08", "05-18 08", "05-25 08"]


def test_overrides_without_a_series_stand_alone() -> None:
    rows = [moved("2026-05-11 10:00", "2026-05-11 10:00"), moved("2026-05-12 10:00", "2026-05-12 10:00")]
    assert starts(None, overrides=rows) == ["05-11 08:00", "05-12 08:00"]


# -- bounds


FULL = "BYMONTH={};BYMONTHDAY={};BYHOUR={};BYMINUTE={};BYSECOND={}".format(
    *(",".join(map(str, part)) for part in (range(1, 13), range(1, 32), range(24), range(60), range(60)))
)


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("1970-01-01 00:00Z", "FREQ=SECONDLY"),
        ("0001-01-01 00:00Z", "FREQ=SECONDLY"),
        ("2000-01-01 00:00Z", "FREQ=SECONDLY;COUNT=1000000000"),
        ("1970-01-01 00:00Z", "FREQ=MINUTELY"),
        ("2000-01-01 00:00Z", "FREQ=SECONDLY;BYSECOND=3,5;COUNT=1000000"),
        ("2026-03-01 09:00Z", f"FREQ=YEARLY;{FULL};BYSETPOS=-1"),
        ("2026-03-01 09:00Z", f"FREQ=YEARLY;{FULL}"),
        ("1900-01-01 00:00Z", "FREQ=DAILY;BYMONTH=1;COUNT=100000"),
    ],
)
def test_rules_that_explode_are_cut_off_and_told(start: str, rule: str) -> None:
    expansion = expand(series(start, rule), window(), ExpansionBudget(Limits(event_seconds=60)))
    assert [fault.code for fault in expansion.faults] == ["rule-capped"]
    assert len(expansion.instances) <= 10_000


@pytest.mark.parametrize(
    ("start", "rule", "count"),
    [
        ("2026-03-01 09:00Z", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", 0),
        ("2026-03-01 09:00Z", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", 0),
        ("2026-05-01 00:00Z", "FREQ=HOURLY;INTERVAL=2;BYHOUR=1", 1),
        ("2026-05-01 00:00Z", "FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1", 1),
        ("0001-01-01 00:00Z", "FREQ=DAILY", 45),
        ("0001-01-01 00:00Z", "FREQ=WEEKLY;WKST=SU;BYMONTH=5", 4),
        ("2026-05-01 09:00Z", "FREQ=DAILY;INTERVAL=99999999999999999999", 1),
        ("2026-05-01 09:00Z", "FREQ=HOURLY;INTERVAL=99999999999999999999;COUNT=99999999999999", 1),
        ("2026-05-01 09:00Z", "FREQ=DAILY;COUNT=1000000000", 45),
        ("9999-12-31 23:59Z", "FREQ=YEARLY", 0),
        ("2026-05-01 09:00Z", "FREQ=MONTHLY;BYDAY=6MO,-7TU", 1),
    ],
)
def test_rules_that_rarely_or_never_match_are_told_apart_in_few_steps(
    start: str, rule: str, count: int
) -> None:
    expansion = expand(series(start, rule), window(), ExpansionBudget(clock=lambda: 0.0))
    assert (len(expansion.instances), expansion.faults) == (count, ())


@pytest.mark.parametrize(("year", "zone"), [("0001-01-01", "Asia/Tokyo"), ("9999-12-31", "America/New_York")])
def test_the_ends_of_time_are_no_errors(year: str, zone: str) -> None:
    expansion = expand(
        series(f"{year} 23:59", "FREQ=DAILY", zone=ZoneInfo(zone)), window(), ExpansionBudget()
    )
    assert expansion.faults == ()


def test_each_instance_a_thousand_years_long_is_capped() -> None:
    expansion = expand(
        series("1900-01-01 00:00Z", "FREQ=DAILY", length=EventLength(days=365_000)),
        window(),
        ExpansionBudget(),
    )
    assert expansion.faults[0].code == "rule-capped"


def test_a_run_that_has_used_its_time_still_reads_plain_series() -> None:
    clock = iter(range(0, 10_000_000, 10))
    budget = ExpansionBudget(Limits(), clock=lambda: next(clock))
    for _ in range(3):
        assert len(expand(WEEKLY, window(), budget).instances) == 4
    daily = series("2026-01-01 10:00", "FREQ=HOURLY")
    assert [fault.code for fault in expand(daily, window(), budget).faults] == ["rule-capped"]


def test_long_chains_of_overrides_are_quick() -> None:
    chain = [
        Override(When(day, UTC), When(day + timedelta(hours=1), UTC), HOUR, and_future=True)
        for day in (datetime(2018, 1, 1) + timedelta(days=n) for n in range(3000))
    ]
    daily = series("2018-01-01 00:00Z", "FREQ=DAILY")
    instances = found(daily, window("2026-03-01", "2026-03-03"), chain)
    assert [f"{i.start:%d %H}" for i in instances] == ["01 01", "02 01"]
