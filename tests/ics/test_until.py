"""UNTIL before DTSTART, and UNTIL of all-day series in UTC, whoever reads them; dates that carry a time."""

from __future__ import annotations

import pytest
from reading import WINDOW, calendar, codes, event, read, times

from lastresort.model import Agenda, Interval
from lastresort.zones.names import get_zone

BERLIN = ("DTSTART;TZID=Europe/Berlin:20260505T100000", "DTEND;TZID=Europe/Berlin:20260505T110000")
ONCE = ["05 08:00-09:00"]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        pytest.param("20260505T075959Z", [], id="the second before: what a split left"),
        pytest.param("20260504T215959Z", [], id="the end of the day before, in UTC"),
        pytest.param("20260504", [], id="the day before"),
        pytest.param("20260504T235959", [], id="the day before, on the wall clock"),
        pytest.param("20260428T080000Z", [], id="a week before"),
        pytest.param("20260505T080000Z", ONCE, id="DTSTART itself"),
        pytest.param("20260505", ONCE, id="the same day, as a date"),
        pytest.param("20260504T220000Z", ONCE, id="midnight of the same local day"),
        pytest.param("20260505T000000Z", ONCE, id="midnight in UTC"),
        pytest.param("20260505T000000", ONCE, id="midnight on the wall clock"),
    ],
)
@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=TU", "FREQ=DAILY"])
def test_until_before_dtstart(rule: str, until: str, expected: list[str]) -> None:
    assert times(read(calendar(event(*BERLIN, f"RRULE:{rule};UNTIL={until}")))) == expected


@pytest.mark.parametrize("until", ["20260504", "20260503T220000Z", "20260504T000000Z"])
def test_until_before_an_all_day_start(until: str) -> None:
    rows = ("DTSTART;VALUE=DATE:20260505", f"RRULE:FREQ=DAILY;UNTIL={until}")
    assert times(read(calendar(event(*rows)))) == []


def test_a_second_rule_or_a_date_keeps_what_the_first_rule_ended_too_early() -> None:
    ended = "RRULE:FREQ=DAILY;UNTIL=20260504T000000Z"
    assert len(times(read(calendar(event(*BERLIN, ended, "RRULE:FREQ=DAILY;COUNT=2"))))) == 2
    dated = read(calendar(event(*BERLIN, ended, "RDATE;TZID=Europe/Berlin:20260507T100000")))
    assert times(dated) == ["07 08:00-09:00"]


def test_a_rule_that_cannot_be_read_keeps_dtstart() -> None:
    agenda = read(calendar(event(*BERLIN, "RRULE:FREQ=SOMETIMES;UNTIL=20260101")))
    assert times(agenda) == ONCE
    assert codes(agenda) == ["rule-invalid"]


# -- all-day series -----------------------------------------------------------------------------------------

READERS = ["Europe/Berlin", "America/Chicago", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland", "UTC"]
NEW_YORK = ("X-WR-TIMEZONE:America/New_York",)
SYDNEY = (
    "BEGIN:VTIMEZONE", "TZID:AUS Eastern Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T030000",
    "TZOFFSETFROM:+1100", "TZOFFSETTO:+1000", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


def days(until: str, zone: str, head: tuple[str, ...] = ()) -> list[str]:
    rows = ("DTSTART;VALUE=DATE:20260505", "DTEND;VALUE=DATE:20260506", f"RRULE:FREQ=DAILY;UNTIL={until}")
    agenda = read(calendar(event(*rows), head=head), zone=zone, window=wide(WINDOW))
    return [local_day(agenda, number) for number in range(len(agenda.occurrences))]


def wide(window: Interval) -> Interval:
    return Interval(window.start.replace(day=1), window.end.replace(day=20))


def local_day(agenda: Agenda, number: int) -> str:
    return f"{agenda.occurrences[number].interval.start.astimezone(get_zone(agenda.zone)):%d}"


@pytest.mark.parametrize("zone", READERS)
@pytest.mark.parametrize(
    ("until", "head"),
    [
        pytest.param("20260507", (), id="a date"),
        pytest.param("20260507T000000Z", (), id="midnight in UTC"),
        pytest.param("20260506T230000Z", (), id="midnight in London"),
        pytest.param("20260506T220000Z", (), id="midnight in Berlin"),
        pytest.param("20260507T050000Z", (), id="midnight in Chicago"),
        pytest.param("20260506T183000Z", (), id="midnight in India"),
        pytest.param("20260507T215959Z", (), id="the last second in Berlin"),
        pytest.param("20260508T035959Z", (), id="the last second in New York"),
        pytest.param("20260507T040000Z", NEW_YORK, id="midnight in the calendar's zone"),
        pytest.param("20260507T150000Z", NEW_YORK, id="a time of day in the calendar's zone"),
        pytest.param("20260506T140000Z", SYDNEY, id="midnight in the zone of its VTIMEZONE"),
        pytest.param("20260507T000000Z", NEW_YORK, id="midnight in UTC, in a calendar with a zone"),
    ],
)
def test_every_reader_sees_the_same_last_day(until: str, head: tuple[str, ...], zone: str) -> None:
    assert days(until, zone, head) == ["05", "06", "07"]


@pytest.mark.parametrize("zone", READERS)
@pytest.mark.parametrize("name", ["EXDATE", "RDATE"])
def test_dates_of_an_all_day_series_in_utc_are_the_same_for_every_reader(name: str, zone: str) -> None:
    rows = ("DTSTART;VALUE=DATE:20260505", "DTEND;VALUE=DATE:20260506", "RRULE:FREQ=DAILY;COUNT=2")
    agenda = read(calendar(event(*rows, f"{name}:20260505T220000Z")), zone=zone, window=wide(WINDOW))
    found = [local_day(agenda, number) for number in range(len(agenda.occurrences))]
    assert found == (["05"] if name == "EXDATE" else ["05", "06"])


# -- VALUE=DATE beside a time -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("DTSTART;VALUE=DATE:20260505T120000Z", "DTEND;VALUE=DATE:20260505T140000Z"), ["05 12:00-14:00"]),
        (("DTSTART;VALUE=DATE:20260505T120000", "DTEND;VALUE=DATE:20260505T140000"), ["05 10:00-12:00"]),
        (
            ("DTSTART;TZID=Europe/London;VALUE=DATE:20260505T120000", "DURATION:PT1H"),
            ["05 11:00-12:00"],
        ),
        (("DTSTART;VALUE=DATE:20260505T220000Z", "DTEND;VALUE=DATE:20260506T000000Z"), ["05 22:00-00:00"]),
        (("DTSTART;VALUE=DATE:20260505T000000", "DTEND;VALUE=DATE:20260506T000000"), ["04 22:00-22:00"]),
        (("DTSTART;VALUE=DATE:20260505T000000Z",), ["04 22:00-22:00"]),
    ],
)
def test_a_date_with_a_time_other_than_midnight_is_a_time(rows: tuple[str, ...], expected: list[str]) -> None:
    assert times(read(calendar(event(*rows)))) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("EXDATE;VALUE=DATE:20260505T120000Z", ["05 08:00-09:00"]),
        ("EXDATE;VALUE=DATE:20260505T000000,20260505T120000Z", []),
        ("EXDATE;VALUE=DATE:20260505", []),
        ("RDATE;VALUE=DATE:20260506T150000Z", ["05 08:00-09:00", "05 12:00-13:00", "06 15:00-16:00"]),
    ],
)
def test_dates_with_times_in_lists(row: str, expected: list[str]) -> None:
    rule = "RRULE:FREQ=HOURLY;INTERVAL=4;COUNT=2"
    agenda = read(calendar(event("DTSTART:20260505T080000Z", "DTEND:20260505T090000Z", rule, row)))
    assert times(agenda) == expected
