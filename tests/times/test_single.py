"""One time in an option."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agendas import moment
from lastresort.errors import UsageError
from lastresort.times.durations import parse_duration
from lastresort.times.hours import parse_hours
from lastresort.times.readings import ReadingContext
from lastresort.times.single import parse_offer, parse_time

if TYPE_CHECKING:
    from lastresort.model import Interval

BERLIN = "Europe/Berlin"
NOW = moment("2026-05-04 11:00")  # a Monday
OFFER = ReadingContext(now=NOW, mine=BERLIN, length=timedelta(minutes=45))


def local(interval: Interval, zone: str = BERLIN) -> str:
    start, end = (instant.astimezone(ZoneInfo(zone)) for instant in interval)
    return f"{start:%Y-%m-%d %H:%M}-{end:%H:%M}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-05-12T14:30", "2026-05-12 14:30"),
        ("2026-05-12 14:30", "2026-05-12 14:30"),
        ("2026-05-12 14:30:00", "2026-05-12 14:30"),
        ("20260512T1430", "2026-05-12 14:30"),
        ("2026-05-12T14:30+05:30", "2026-05-12 11:00"),
        ("2026-05-12 14:30 +0200", "2026-05-12 14:30"),
        ("2026-05-12T14:30Z", "2026-05-12 16:30"),
        ("2026-05-12", "2026-05-12 00:00"),
        ("2026-05-12 14:30 Europe/Berlin", "2026-05-12 14:30"),
        ("2026-05-12 3:00", "2026-05-12 03:00"),
        ("12 May 14:30", "2026-05-12 14:30"),
        ("12 May", "2026-05-12 00:00"),
        ("May 12th, 2026 at 4:05 pm", "2026-05-12 16:05"),
        ("12.5.2026 9:15", "2026-05-12 09:15"),
        ("13/04/2026 10:00", "2026-04-13 10:00"),
        ("04/13/2026 10:00", "2026-04-13 10:00"),
        ("04/04/2026 10:00", "2026-04-04 10:00"),
        ("Tue 3pm", "2026-05-05 15:00"),
        ("Mon 9:00", "2026-05-11 09:00"),
        ("Wed 10:00 ET", "2026-05-06 16:00"),
        ("tomorrow noon", "2026-05-05 12:00"),
        ("14:30", "2026-05-04 14:30"),
        # left to python-dateutil
        ("Sat Oct 11 17:13:46 UTC 2003", "2003-10-11 19:13:46"),
        ("Thu, 25 Sep 2003 10:49:41 -0300", "2003-09-25 15:49:41"),
    ],
)
def test_times(text: str, found: str) -> None:
    assert parse_time(text, BERLIN, NOW) == moment(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no time"),
        ("nonsense", "no time"),
        ("1778000000", "no time"),
        ("May 2026", "no full date"),
        ("Mon Oct 11 17:13:46 UTC 2003", "not understood"),
        ("2026-05-12T25:00", "not understood"),
        ("2026-03-29 02:30", "clocks skip it"),
        ("29 Feb 2027 10:00", "no day that exists"),
        ("Wed 12 May 2026 10:00", "Tue 12 May 2026 10:00 CEST or Wed 13 May 2026"),
        ("0001-01-01", "years 1970 to 2199"),
        ("9999-12-31T23:59", "years 1970 to 2199"),
        ("12 May 14:30 Atlantis", "not understood"),
        ("1" * 200, "too long"),
    ],
)
def test_no_times(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_time(text, BERLIN, NOW)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("05/06/2026 10:00", ("Fri 5 June 2026 10:00 CEST", "Wed 6 May 2026 10:00 CEST")),
        ("05-06-2026 10:00", ("Fri 5 June 2026 10:00 CEST", "Wed 6 May 2026 10:00 CEST")),
        ("2026-10-25 02:30", ("02:30 CEST", "02:30 CET")),
        ("Mon 3pm", ("Mon 4 May 2026", "Mon 11 May 2026")),
        ("next Tue 3pm", ("Tue 5 May 2026", "Tue 12 May 2026")),
        ("Fri 14:00 IST", ("14:00 IST", "14:00 IDT")),
    ],
)
@pytest.mark.parametrize("offered", [True, False])
def test_ambiguous_times_are_refused_with_the_readings(
    text: str, readings: tuple[str, ...], offered: bool
) -> None:
    with pytest.raises(UsageError) as error:
        parse_offer(text, OFFER) if offered else parse_time(text, BERLIN, NOW)
    assert "\n" not in str(error.value)
    assert all(reading in str(error.value) for reading in readings)


def test_a_clock_time_can_be_required() -> None:
    for text in ("2026-05-12", "20260512", "12 May"):
        with pytest.raises(UsageError, match="no clock time"):
            parse_time(text, BERLIN, NOW, need_clock=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tue 3pm", "2026-05-05 15:00-15:45"),
        ("Tue 03:00", "2026-05-05 03:00-03:45"),
        ("Wed 10:00 ET", "2026-05-06 16:00-16:45"),
        ("Wed 10:00 Eastern Time", "2026-05-06 16:00-16:45"),
        ("12 May 14:30 CET", "2026-05-12 14:30-15:15"),
        ("12 Jan 2027 14:30 CEST", "2027-01-12 14:30-15:15"),
        ("12 May 3pm EST", "2026-05-12 21:00-21:45"),
        ("Tue 3:00", "2026-05-05 15:00-15:45"),
        ("Tue 2:30-3:15", "2026-05-05 14:30-15:15"),
        ("Dienstag um 15 Uhr", "2026-05-05 15:00-15:45"),
        ("mardi à 15h, heure de New York", "2026-05-05 21:00-21:45"),
        ("12 May 14:30-15:15 Berlin", "2026-05-12 14:30-15:15"),
        ("12 May 14:30-15:15 CEST", "2026-05-12 14:30-15:15"),
        ("12 May 14.30-15.15", "2026-05-12 14:30-15:15"),
        ("Tuesday, May 12 at 2:30 pm – 3:15 pm (Berlin)", "2026-05-12 14:30-15:15"),
        ("12 May 2:30-3:15 pm ET", "2026-05-12 20:30-21:15"),
        ("12 May 14:30 UTC+2", "2026-05-12 14:30-15:15"),
        ("12 May 14:30 +05:30", "2026-05-12 11:00-11:45"),
        ("12 May 14:30Z", "2026-05-12 16:30-17:15"),
        ("12-May-2026 14:30", "2026-05-12 14:30-15:15"),
        ("5/13 3pm", "2026-05-13 15:00-15:45"),
        ("um 14 Uhr am 12.05.", "2026-05-12 14:00-14:45"),
        ("Thu 9h30 - 10h15", "2026-05-07 09:30-10:15"),
        ("Tue 3-4pm", "2026-05-05 15:00-16:00"),
        ("Tue 11-1pm", "2026-05-05 11:00-13:00"),
        ("Tue 3pm-4", "2026-05-05 15:00-16:00"),
        ("Tue 11:30-1:00", "2026-05-05 11:30-13:00"),
        ("Tue 9-10", "2026-05-05 09:00-10:00"),
        ("Tue 22:00-00:00", "2026-05-05 22:00-00:00"),
        ("this Tue 3pm", "2026-05-05 15:00-15:45"),
        ("Mon 9am", "2026-05-11 09:00-09:45"),
        ("2026-05-12T14:30", "2026-05-12 14:30-15:15"),
        ("2026-05-12T14:30+02:00", "2026-05-12 14:30-15:15"),
        ("2026-05-12T14:30/PT30M", "2026-05-12 14:30-15:00"),
        ("2026-05-12T14:30+02:00/2026-05-12T15:00+02:00", "2026-05-12 14:30-15:00"),
        # after a space an end, after a T an offset
        ("2026-05-12 09:00-10:00", "2026-05-12 09:00-10:00"),
        ("2026-05-12T09:00-10:00", "2026-05-12 21:00-21:45"),
    ],
)
def test_offers(text: str, found: str) -> None:
    assert local(parse_offer(text, OFFER)) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Tue 7:00", "Tue 5 May 2026 07:00 CEST or Tue 5 May 2026 19:00 CEST"),
        ("Tue afternoon", "stretch of time"),
        ("Tue", "no clock time"),
        ("Tue 3", "no clock time"),
        ("14:30", "names no day"),
        ("Tue 25:00", "no time of day"),
        ("Tue 15:00-14:00", "no time of day"),
        ("1 May 10:00", "no day that exists within half a year"),
        ("today 9:00", "is past"),
        ("2026-05-12T14:30/2026-05-12T14:00", "ends before it starts"),
        ("Sun 28 Mar 2027 02:30", "clocks skip it"),
        ("Tue 3pm and Wed 4pm", "several times"),
        ("12 May 14:30 +02:00 or later", "not understood"),
    ],
)
def test_no_offers(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("+", r"\+")):
        parse_offer(text, OFFER)


def test_an_offer_without_end_needs_a_length() -> None:
    with pytest.raises(UsageError, match="--for"):
        parse_offer("Tue 3pm", OFFER._replace(length=None))


@given(
    st.datetimes(datetime(2026, 5, 6), datetime(2026, 10, 20)),
    st.sampled_from(
        ["{0:%Y-%m-%d %H:%M}", "{0:%d %B %Y %H:%M}", "{0:%A %d %b %H:%M}", "{0:%d.%m.%Y %I:%M %p}"]
    ),
    st.sampled_from([BERLIN, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_times_written_in_full_are_read_back(wall: datetime, form: str, zone: str) -> None:
    wall = wall.replace(second=0, microsecond=0)
    expected = wall.replace(tzinfo=ZoneInfo(zone))
    if expected.utcoffset() != expected.replace(fold=1).utcoffset():
        return  # skipped or repeated by clocks
    assert parse_time(form.format(wall), zone, NOW) == expected.astimezone(UTC)
    assert parse_offer(form.format(wall), OFFER._replace(mine=zone)).start == expected.astimezone(UTC)


WORDS = st.sampled_from(
    [
        "Tue",
        "3",
        "3pm",
        "14:30",
        "-",
        "/",
        "12",
        "May",
        "2026",
        ".",
        ":",
        " ",
        "T",
        "Z",
        "+02",
        "ET",
        "next",
        "am",
        "P1D",
        "h",
    ]
)


@pytest.mark.slow
@given(st.one_of(st.text(max_size=30), st.lists(WORDS, max_size=8).map("".join)))
@example("٣ May 14:30")
@example("2026-05-12T14:30\u2007")
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    for read in (
        parse_duration,
        parse_hours,
        lambda given: parse_time(given, BERLIN, NOW),
        lambda given: parse_offer(given, OFFER),
    ):
        try:
            read(text)
        except UsageError as error:
            assert "\n" not in str(error)  # noqa: PT017 (most texts are refused, some are not)


def test_days_are_those_of_the_zone_that_is_named() -> None:
    late = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)  # Tuesday in Berlin, still Monday in New York
    found = parse_offer("tomorrow 9:30 ET", OFFER._replace(now=late))
    assert found.start.astimezone(ZoneInfo("America/New_York")).date() == date(2026, 5, 5)
