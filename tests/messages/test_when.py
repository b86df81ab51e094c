"""Days and times as people write them, weeks of changing clocks included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.messages import LANGUAGES, tell_difference
from lastresort.messages.when import Writer, join_french, write_offset
from lastresort.model import Interval

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = datetime(2026, 3, 17, 14, tzinfo=UTC)
SPAN = Interval(START, START + timedelta(minutes=45))
NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("language", "country", "on", "span"),
    [
        ("en", "US", "on Tuesday, March 17, at 10:00 AM, New York time (UTC−4)",
         "Tuesday, March 17, 10:00–10:45 AM, New York time (UTC−4)"),
        ("en", "GB", "on Tuesday 17 March at 10:00, New York time (UTC−4)",
         "Tuesday 17 March, 10:00–10:45, New York time (UTC−4)"),
        ("en", None, "on Tuesday 17 March at 10:00, New York time (UTC−4)",
         "Tuesday 17 March, 10:00–10:45, New York time (UTC−4)"),
        ("en", "AU", "on Tuesday 17 March at 10:00 am, New York time (UTC−4)",
         "Tuesday 17 March, 10:00–10:45 am, New York time (UTC−4)"),
        ("de", "DE", "am Dienstag, dem 17. März, um 10:00 Uhr (Ortszeit New York, UTC−4)",
         "Dienstag, 17. März, 10:00–10:45 Uhr (Ortszeit New York, UTC−4)"),
        ("fr", "FR", "le mardi 17 mars à 10 h (heure de New York, UTC−4)",
         "mardi 17 mars de 10 h à 10 h 45 (heure de New York, UTC−4)"),
        ("es", "MX", "el martes 17 de marzo a las 10:00 (hora de Nueva York, UTC−4)",
         "martes 17 de marzo, 10:00–10:45 (hora de Nueva York, UTC−4)"),
        ("pt", "BR", "na terça-feira, 17 de março, às 10h (horário de Nova York, UTC−4)",
         "terça-feira, 17 de março, das 10h às 10h45 (horário de Nova York, UTC−4)"),
        ("pt", "PT", "na terça-feira, 17 de março, às 10h (hora de Nova Iorque, UTC−4)",
         "terça-feira, 17 de março, das 10h às 10h45 (hora de Nova Iorque, UTC−4)"),
        ("it", "IT", "martedì 17 marzo alle ore 10:00 (ora di New York, UTC−4)",
         "martedì 17 marzo, ore 10:00–10:45 (ora di New York, UTC−4)"),
        ("nl", "NL", "op dinsdag 17 maart om 10.00 uur (tijd in New York, UTC−4)",
         "dinsdag 17 maart, 10.00–10.45 uur (tijd in New York, UTC−4)"),
    ],
)  # fmt: skip
def test_moments_and_stretches(language: str, country: str | None, on: str, span: str) -> None:
    writer = Writer(language, NEW_YORK, NOW, country)
    assert (writer.on(START), writer.span(SPAN)) == (on, span)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-17T11:30", "2026-03-17T12:15", "Tuesday, March 17, 11:30 AM–12:15 PM"),
        ("2026-03-17T12:00", "2026-03-17T12:30", "Tuesday, March 17, 12:00–12:30 PM"),
        ("2026-03-17T00:00", "2026-03-17T00:30", "Tuesday, March 17, 12:00–12:30 AM"),
        ("2026-12-31T23:30", "2027-01-01T00:15",
         "Thursday, December 31, 11:30 PM – Friday, January 1, 2027, 12:15 AM"),
        ("2027-01-04T09:00", "2027-01-04T10:00", "Monday, January 4, 2027, 9:00–10:00 AM"),
    ],
)  # fmt: skip
def test_halves_of_the_day_midnight_and_other_years(start: str, end: str, expected: str) -> None:
    zone = ZoneInfo(NEW_YORK)
    instants = [datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (start, end)]
    writer = Writer("en", NEW_YORK, NOW, "US")
    assert writer.span(Interval(*instants), placed=False) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("es", "el domingo 1 de marzo a la 1:30"),
        ("pt", "no domingo, 1º de março, à 1h30"),
        ("fr", "le dimanche 1er mars à 1 h 30"),
        ("it", "domenica 1º marzo alle ore 1:30"),
        ("de", "am Sonntag, dem 1. März, um 1:30 Uhr"),
    ],
)
def test_grammar_of_one_o_clock_and_of_the_first(language: str, expected: str) -> None:
    writer = Writer(language, "Etc/GMT-1", NOW)
    assert writer.on(datetime(2026, 3, 1, 0, 30, tzinfo=UTC)) == f"{expected} (UTC+1)"


def test_weeks_in_which_clocks_change() -> None:
    writer = Writer("en", NEW_YORK, NOW, "US")
    before, after = datetime(2026, 3, 6, 14, 30, tzinfo=UTC), datetime(2026, 3, 9, 13, 30, tzinfo=UTC)
    assert writer.on(before).endswith("at 9:30 AM, New York time (UTC−5)")
    assert writer.on(after).endswith("at 9:30 AM, New York time (UTC−4)")


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("Europe/Vienna", "de", "Ortszeit Wien"),
        ("Europe/Athens", "fr", "heure d’Athènes"),
        ("Africa/Cairo", "fr", "heure du Caire"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires time"),
        ("Asia/Kolkata", "en", "Kolkata time (UTC+5:30)"),
        ("US/Eastern", "en", "Eastern time"),
        ("Europe/London", "es", "hora de Londres, UTC)"),
    ],
)
def test_places_are_called_as_in_the_language(zone: str, language: str, expected: str) -> None:
    assert expected in Writer(language, zone, NOW).span(SPAN).replace("UTC+2)", "").replace(
        " (UTC−4)", " (UTC−4)"
    )


def test_utc_has_no_place() -> None:
    assert Writer("en", "UTC", NOW).span(SPAN) == "Tuesday 17 March, 14:00–14:45 (UTC)"
    assert Writer("en", "UTC", NOW).span(SPAN, spoken=True) == "Tuesday 17 March, 14:00–14:45, UTC"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "UTC"), (-300, "UTC−5"), (330, "UTC+5:30"), (-210, "UTC−3:30"), (765, "UTC+12:45")],
)
def test_offsets(minutes: int, expected: str) -> None:
    assert write_offset(timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("Paris", "de Paris"), ("Oslo", "d’Oslo"), ("Le Caire", "du Caire")]
)
def test_french_elision(name: str, expected: str) -> None:
    assert join_french(name) == expected


@pytest.mark.parametrize(
    ("day", "mine", "theirs", "expected"),
    [
        ("2026-03-17", "Europe/Berlin", NEW_YORK,
         "On Tuesday 17 March, New York is 5 hours behind your time; usually it is 6 hours behind it."),
        ("2026-03-31", "Europe/Berlin", NEW_YORK, None),
        ("2026-10-27", NEW_YORK, "Europe/London",
         "On Tuesday 27 October, London is 4 hours ahead of your time; usually it is 5 hours ahead of it."),
        ("2026-03-31", "Europe/Berlin", "Asia/Tokyo",
         "On Tuesday 31 March, Tokyo is 7 hours ahead of your time; today it is 8 hours ahead of it."),
        ("2026-03-17", "Europe/Berlin", "Asia/Tokyo", None),
        ("2026-03-17", "Europe/Berlin", "Europe/Paris", None),
        ("2026-04-07", "Australia/Adelaide", "Asia/Kolkata",
         "On Tuesday 7 April, Kolkata is 4 hours behind your time; today it is 5 hours behind it."),
    ],
)  # fmt: skip
def test_an_unusual_difference_is_told(day: str, mine: str, theirs: str, expected: str | None) -> None:
    instant = datetime.fromisoformat(f"{day}T14:00+00:00")
    assert tell_difference(instant, mine, theirs, NOW) == expected


@given(
    language=st.sampled_from(LANGUAGES),
    instant=st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from([NEW_YORK, "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Dublin", "UTC"]),
    country=st.sampled_from(["US", "GB", "IN", "BR", "PT", None]),
    minutes=st.integers(5, 600),
)
def test_day_hour_and_offset_are_always_there(
    language: str, instant: datetime, zone: str, country: str | None, minutes: int
) -> None:
    writer = Writer(language, zone, NOW, country)
    there = instant.astimezone(ZoneInfo(zone))
    interval = Interval(instant, instant + timedelta(minutes=minutes))
    for text in (writer.on(instant), writer.span(interval), writer.period(interval)):
        assert str(there.day) in text
        assert f"{there.minute:02}" in text or not there.minute
        assert write_offset(there.utcoffset() or timedelta(0)) in text
        assert "{" not in text
