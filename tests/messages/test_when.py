"""Days and times as people write them, weeks of changing clocks included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.messages.languages import LANGUAGES
from lastresort.messages.locale import find_locale
from lastresort.messages.when import Writer, clocks_agree, join_french, tell_difference, write_offset
from lastresort.model import Interval

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = datetime(2026, 3, 17, 14, tzinfo=UTC)
SPAN = Interval(START, START + timedelta(minutes=45))
NEW_YORK = "America/New_York"


def writer(language: str, country: str | None = None, zone: str = NEW_YORK, now: datetime = NOW) -> Writer:
    return Writer(find_locale(language, country), zone, now)


@pytest.mark.parametrize(
    ("language", "country", "on", "line"),
    [
        ("en", "US", "on Tuesday, March 17, at 10 a.m.", "Tuesday, March 17, 10–10:45 a.m."),
        ("en", "CA", "on Tuesday, March 17, at 10 a.m.", "Tuesday, March 17, 10–10:45 a.m."),
        ("en", "GB", "on Tuesday 17 March at 10am", "Tuesday 17 March, 10–10.45am"),
        ("en", None, "on Tuesday 17 March at 10:00", "Tuesday 17 March, 10:00–10:45"),
        ("en", "AU", "on Tuesday 17 March at 10am", "Tuesday 17 March, 10–10:45am"),
        ("de", "DE", "am Dienstag, 17. März, um 10:00 Uhr", "Dienstag, 17. März, 10:00–10:45 Uhr"),
        ("de", "CH", "am Dienstag, 17. März, um 10.00 Uhr", "Dienstag, 17. März, 10.00–10.45 Uhr"),
        ("fr", "FR", "le mardi 17 mars à 10 h", "mardi 17 mars de 10 h à 10 h 45"),
        ("fr", "CH", "le mardi 17 mars à 10h", "mardi 17 mars de 10h à 10h45"),
        ("es", "ES", "el martes 17 de marzo a las 10:00", "martes 17 de marzo, de 10:00 a 10:45"),
        ("es", "MX", "el martes 17 de marzo a las 10:00 a. m.", "martes 17 de marzo, de 10:00 a 10:45 a. m."),
        ("pt", "BR", "na terça-feira, 17 de março, às 10h", "terça-feira, 17 de março, das 10h às 10h45"),
        ("it", "IT", "martedì 17 marzo alle 10:00", "martedì 17 marzo, 10:00–10:45"),
        ("nl", "NL", "op dinsdag 17 maart om 10.00 uur", "dinsdag 17 maart, 10.00–10.45 uur"),
    ],
)
def test_moments_and_stretches(language: str, country: str | None, on: str, line: str) -> None:
    there = writer(language, country)
    assert (plain(there.on(START)), plain(there.line(SPAN))) == (on, line)


def plain(text: str) -> str:
    """The text with ordinary spaces for those that do not break."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-17T11:30", "2026-03-17T12:15", "Tuesday, March 17, 11:30 a.m.–12:15 p.m."),
        ("2026-03-17T12:00", "2026-03-17T12:30", "Tuesday, March 17, 12–12:30 p.m."),
        ("2026-03-17T00:00", "2026-03-17T00:30", "Tuesday, March 17, 12–12:30 a.m."),
        ("2026-12-31T23:30", "2027-01-01T00:15",
         "Thursday, December 31, 11:30 p.m. – Friday, January 1, 2027, 12:15 a.m."),
        ("2027-01-04T09:00", "2027-01-04T10:00", "Monday, January 4, 2027, 9–10 a.m."),
        ("2026-03-01T15:00", "2026-03-01T16:00", "Today, 3–4 p.m."),
        ("2026-03-02T15:00", "2026-03-02T16:00", "Tomorrow, Monday, 3–4 p.m."),
    ],
)  # fmt: skip
def test_halves_of_the_day_midnight_other_years_and_near_days(start: str, end: str, expected: str) -> None:
    zone = ZoneInfo(NEW_YORK)
    instants = [datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (start, end)]
    assert writer("en", "US").line(Interval(*instants)) == expected


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [
        ("es", "ES", "el domingo 1 de marzo a la 1:30"),
        ("pt", "BR", "no domingo, 1º de março, à 1h30"),
        ("fr", "FR", "le dimanche 1er mars à 1 h 30"),
        ("it", "IT", "domenica 1º marzo all’1:30"),
        ("de", "DE", "am Sonntag, 1. März, um 1:30 Uhr"),
    ],
)
def test_grammar_of_one_o_clock_and_of_the_first(language: str, country: str, expected: str) -> None:
    there = writer(language, country, "Etc/GMT-1", NOW - timedelta(days=30))
    assert plain(there.on(datetime(2026, 3, 1, 0, 30, tzinfo=UTC))) == expected


def test_half_past_one_in_the_afternoon_is_singular_where_twelve_hours_are_counted() -> None:
    half_past_one = datetime(2026, 3, 17, 17, 30, tzinfo=UTC)
    assert "a la 1:30" in writer("es", "MX").on(half_past_one)
    assert "a las 13:30" in writer("es", "ES").on(half_past_one)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "today at 10am"),
        (1, "tomorrow, Monday, at 10am"),
        (3, "on Wednesday at 10am"),
        (9, "on Tuesday 10 March at 10am"),
    ],
)
def test_near_days_have_their_own_names(days: int, expected: str) -> None:
    moment = datetime(2026, 3, 1, 15, tzinfo=UTC) + timedelta(days=days, hours=-1 if days > 7 else 0)
    assert writer("en", "GB").on(moment, briefly=True) == expected


def test_what_is_spoken_in_german_has_the_minutes_behind_the_hour() -> None:
    there = writer("de", "DE")
    assert there.on(START + timedelta(minutes=30), spoken=True) == "am Dienstag, 17. März, um 10 Uhr 30"
    assert there.on(START, spoken=True) == "am Dienstag, 17. März, um 10 Uhr"


@pytest.mark.parametrize(
    ("zone", "language", "country", "expected"),
    [
        (NEW_YORK, "en", "US", "ET"),
        ("Europe/London", "en", "GB", "UK time"),
        ("Europe/Berlin", "en", "US", "Berlin time"),
        ("Europe/Berlin", "de", "DE", "deutscher Zeit"),
        ("Europe/Vienna", "de", "AT", "österreichischer Zeit"),
        (NEW_YORK, "de", "US", "Ortszeit New York"),
        ("Europe/Athens", "fr", "GR", "heure d’Athènes"),
        ("Africa/Cairo", "fr", "EG", "heure du Caire"),
        ("America/Toronto", "fr", "CA", "heure de l’Est"),
        ("Europe/Madrid", "es", "ES", "hora peninsular"),
        ("America/Sao_Paulo", "pt", "BR", "horário de Brasília"),
        (NEW_YORK, "pt", "PT", "hora de Nova Iorque"),
        ("Europe/Rome", "it", "IT", "ora italiana"),
        ("Europe/Amsterdam", "nl", "NL", "Nederlandse tijd"),
        ("UTC", "en", None, "UTC"),
    ],
)
def test_zones_are_called_as_people_there_call_them(
    zone: str, language: str, country: str | None, expected: str
) -> None:
    assert writer(language, country, zone).place() == expected


@pytest.mark.parametrize(
    ("hour", "language", "country", "expected"),
    [
        (9, "de", "DE", "Guten Morgen"), (15, "de", "DE", "Guten Tag"), (18, "de", "DE", "Guten Abend"),
        (17, "fr", "FR", "Bonjour"), (18, "fr", "FR", "Bonsoir"),
        (13, "es", "ES", "Buenos días"), (20, "es", "ES", "Buenas tardes"),
        (13, "es", "MX", "Buenas tardes"), (19, "es", "MX", "Buenas noches"),
        (18, "pt", "BR", "Boa noite"), (18, "pt", "PT", "Boa tarde"),
        (16, "it", "IT", "Buongiorno"), (17, "it", "IT", "Buonasera"),
        (18, "nl", "NL", "Goedenavond"), (11, "en", "GB", "Good morning"),
    ],
)  # fmt: skip
def test_greetings_fit_the_hour_of_their_clock(hour: int, language: str, country: str, expected: str) -> None:
    assert writer(language, country, "UTC", NOW.replace(hour=hour)).greeting() == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_of_a_language_has_a_complete_locale(language: str) -> None:
    for country in (None, *COUNTRIES):
        locale = find_locale(language, country)
        assert (len(locale.weekdays), len(locale.months)) == (7, 12)
        assert locale.greetings[0][0] == 0
        assert locale.closing


COUNTRIES = "US CA GB AU DE AT CH FR ES MX AR BR PT IT NL BE JP".split()  # noqa: SIM905


@given(
    mine=st.sampled_from(["Europe/Berlin", "Europe/Paris", NEW_YORK, "Asia/Kolkata", "UTC"]),
    theirs=st.sampled_from(["Europe/Berlin", "Europe/London", "Africa/Algiers", "UTC"]),
    instant=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_clocks_agree_when_both_show_the_same(mine: str, theirs: str, instant: datetime) -> None:
    walls = {instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in (mine, theirs)}
    assert clocks_agree(mine, theirs, [instant]) == (len(walls) == 1)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(0, "UTC"), (-300, "UTC−5"), (330, "UTC+5:30"), (-210, "UTC−3:30"), (765, "UTC+12:45")],
)
def test_offsets(minutes: int, expected: str) -> None:
    assert write_offset(timedelta(minutes=minutes)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Paris", "de Paris"),
        ("Oslo", "d’Oslo"),
        ("Le Caire", "du Caire"),
        ("Les Échos", "des Échos"),
        ("Yahoo", "de Yahoo"),
    ],
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
    country=st.sampled_from([*COUNTRIES, None]),
    minutes=st.integers(5, 600),
    spoken=st.booleans(),
)
def test_day_and_hour_are_always_there(
    language: str, instant: datetime, zone: str, country: str | None, minutes: int, spoken: bool
) -> None:
    there = writer(language, country, zone)
    local = instant.astimezone(ZoneInfo(zone))
    near = abs((local.date() - NOW.astimezone(ZoneInfo(zone)).date()).days) < 2
    for text in (
        there.on(instant, spoken=spoken),
        there.line(Interval(instant, instant + timedelta(minutes=minutes))),
    ):
        assert near or str(local.day) in text
        assert f"{local.minute:02}" in text or str(local.minute) in text or not local.minute
        assert "{" not in text
        assert not text.endswith(",")
