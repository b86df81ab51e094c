"""Zones by whatever name a producer or a person gives them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from lastresort.errors import UsageError
from lastresort.zones.names import (
    FIRST,
    LAST,
    city_of,
    find_zone,
    get_zone,
    is_offset,
    resolve_tzid,
    system_zone,
    to_local,
    to_utc,
    zone_country,
    zone_of_place,
)
from lastresort.zones.places import country_code

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)

# Not names of zones, though some are files or folders of the zone database.
NO_ZONES = [
    "../../../../../../etc/passwd",
    "/etc/passwd",
    "posix/../../../../etc/hosts",
    "America",
    "zone.tab",
    "tzdata.zi",
    "a\x00b",
    "A" * 1_000_000,
    "Europe/Berlin\u202e",
    "CON",
    "..",
    "Mars/Olympus",
    "",
    " ",
    "(",
    "()",
    "posix/Europe/Berlin",
    "right/Europe/Berlin",
    "localtime",
    "Factory",
    "__init__.py",
    "(UTC-12:00) Nowhere",
]


@pytest.mark.parametrize("name", NO_ZONES)
def test_only_names_of_the_zone_database_are_zones(name: str) -> None:
    with pytest.raises(KeyError):
        get_zone(name)
    assert resolve_tzid(name) is None
    assert resolve_tzid(name, loosely=True) is None


@pytest.mark.parametrize(
    ("tzid", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin ", "Europe/Berlin"),
        ('"Europe/Berlin"', "Europe/Berlin"),
        ("/mozilla.org/20050126_1/Europe/Helsinki", "Europe/Helsinki"),
        ("/freeassociation.sourceforge.net/Tzfile/America/New_York", "America/New_York"),
        ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("/citadel.org/20210210_1/Europe/London", "Europe/London"),
        ("/softwarestudio.org/Olson_20011030_5/America/Denver", "America/Denver"),
        ("/America/New_York", "America/New_York"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("tzone://Microsoft/Custom", None),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Eastern Standard Time", "America/New_York"),
        ("Malay Peninsula Standard Time", "Asia/Singapore"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("(GMT-05.00) Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius", "Europe/Kyiv"),
        ("(GMT+01.00) Sarajevo/Warsaw/Zagreb", "Europe/Sarajevo"),
        ("(UTC-04:00) Caracas", "America/Caracas"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("Canberra, Melbourne, Sydney", "Australia/Sydney"),
        ("GMT+0100", "Etc/GMT-1"),
        ("GMT +01:00", "Etc/GMT-1"),
        ("UTC-5", "Etc/GMT+5"),
        ("UTC+05:30", "Asia/Kolkata"),
        ("UTC+03:17", None),
        ("GMT+25", None),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("GMT", "GMT"),
        ("Customized Time Zone", None),
        ("Customized Time Zone 1", None),
        ("GMT-05.00/-04.00", None),
        ("Office/HQ", None),
    ],
)
def test_tzids_of_producers(tzid: str, name: str | None) -> None:
    assert resolve_tzid(tzid) == name


@pytest.mark.parametrize(
    ("tzid", "told"),
    [("GMT+0100", True), ("UTC+1", True), ("UTC+12", False), ("UTC", False), ("Etc/GMT+5", False)],
)
def test_names_that_are_an_offset_and_no_more(tzid: str, told: bool) -> None:
    assert is_offset(tzid) is told


@pytest.mark.parametrize(
    ("tzid", "name"),
    [
        ("US-Eastern", "US/Eastern"),
        ("Europe_Berlin", "Europe/Berlin"),
        ("America_New_York", "America/New_York"),
        ("Paris", "Europe/Paris"),
    ],
)
def test_near_misses_count_only_where_nothing_defines_them(tzid: str, name: str) -> None:
    assert resolve_tzid(tzid) is None
    assert resolve_tzid(tzid, loosely=True) == name


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30"),  # gap
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),  # fold
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),  # a gap of half an hour
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("Asia/Kolkata", "2026-06-01 10:00", "2026-06-01 04:30"),
        ("Asia/Kathmandu", "2026-06-01 10:00", "2026-06-01 04:15"),
        ("America/St_Johns", "2026-06-01 10:00", "2026-06-01 12:30"),
        ("Pacific/Auckland", "2026-01-01 10:00", "2025-12-31 21:00"),
        ("Pacific/Apia", "2011-12-30 10:00", "2011-12-30 20:00"),  # a day that never was
    ],
)
def test_wall_clock_to_utc(zone: str, local: str, utc: str) -> None:
    instant = to_utc(datetime.fromisoformat(local), get_zone(zone))
    assert f"{instant:%Y-%m-%d %H:%M}" == utc


def test_the_years_end_where_datetime_does() -> None:
    assert to_utc(datetime(1, 1, 1), ZoneInfo("Asia/Tokyo")) == FIRST
    assert to_utc(datetime(9999, 12, 31, 23), ZoneInfo("America/New_York")) == LAST
    assert to_local(FIRST, ZoneInfo("America/New_York")) == datetime(1, 1, 1)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Europe_Berlin", "Europe/Berlin"),
        ("US/Eastern", "America/New_York"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("DE", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("deutschland", "Europe/Berlin"),
        ("UK", "Europe/London"),
        ("Ireland", "Europe/Dublin"),
        ("India", "Asia/Kolkata"),
        ("Switzerland", "Europe/Zurich"),
        ("Japan", "Asia/Tokyo"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("NYC", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("Bengaluru", "Asia/Kolkata"),
        ("Bangalore", "Asia/Kolkata"),
        ("Zürich", "Europe/Zurich"),
        ("Zurich", "Europe/Zurich"),
        ("Zuerich", "Europe/Zurich"),
        ("København", "Europe/Copenhagen"),
        ("London", "Europe/London"),
        ("Portland, OR", "America/Los_Angeles"),
        ("San Jose, Costa Rica", "America/Costa_Rica"),
        ("Cambridge, UK", "Europe/London"),
        ("Busingen", "Europe/Busingen"),
        ("Mexico City", "America/Mexico_City"),
        ("ET", "America/New_York"),
        ("EST", "America/New_York"),
        ("pt", "America/Los_Angeles"),
        ("CET", "CET"),
        ("CEST", "CET"),
        ("Eastern Time", "America/New_York"),
        ("Pacific Daylight Time", "America/Los_Angeles"),
        ("UTC", "UTC"),
        ("GMT", "GMT"),
        ("UTC+2", "Etc/GMT-2"),
        ("utc-5", "Etc/GMT+5"),
        ("+05:30", "Asia/Kolkata"),
    ],
)
def test_zones_as_people_write_them(text: str, zone: str) -> None:
    assert find_zone(f" {text} ", NOW) == zone


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("US", ["America/New_York", "America/Chicago", "Pacific/Honolulu"]),
        ("Canada", ["America/Toronto", "America/Vancouver"]),
        ("Spain", ["Europe/Madrid", "Atlantic/Canary"]),
        ("Australia", ["Australia/Sydney", "Australia/Perth"]),
        ("IST", ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        ("BST", ["Europe/London", "Asia/Dhaka"]),
        ("San Jose", ["America/Los_Angeles", "America/Costa_Rica"]),
        ("Cambridge", ["Europe/London", "America/"]),
        ("Berln", ["Berlin"]),
        ("Europe/Berlim", ["Europe/Berlin"]),
        ("Atlantis", ["Atlantic"]),
        ("", ["Europe/Berlin"]),
    ],
)
def test_what_is_ambiguous_or_unknown_is_asked_back(text: str, readings: list[str]) -> None:
    with pytest.raises(UsageError) as asked:
        find_zone(text, NOW)
    assert all(reading in str(asked.value) for reading in readings)


@pytest.mark.parametrize("text", ["x" * 100_000, "\x1b[31mred", "a\nb", *NO_ZONES[:14]])
def test_hostile_words_are_refused_in_one_clean_line(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        find_zone(text, NOW)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400


def test_zones_that_agree_for_the_coming_year_are_one() -> None:
    assert find_zone("Argentina", NOW) == "America/Argentina/Buenos_Aires"
    assert zone_of_place("Argentina", NOW) == "America/Argentina/Buenos_Aires"


@pytest.mark.parametrize(
    ("text", "zone"),
    [("Berlin", "Europe/Berlin"), ("DE", "Europe/Berlin"), ("US", None), ("Room 4", None), ("", None)],
)
def test_places_without_asking_back(text: str, zone: str | None) -> None:
    assert zone_of_place(text, NOW) == zone


@pytest.mark.parametrize(
    ("text", "code"),
    [("de", "DE"), ("Germany", "DE"), ("USA", "US"), ("UK", "GB"), ("España", "ES"), ("Narnia", None)],
)
def test_countries(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("zone", "country", "city"),
    [
        ("America/New_York", "US", "New York"),
        ("Europe/Oslo", "NO", "Oslo"),
        ("Asia/Calcutta", "IN", "Kolkata"),
        ("America/Argentina/Buenos_Aires", "AR", "Buenos Aires"),
        ("US/Pacific", "US", "US Pacific"),
        ("UTC", None, "UTC"),
        ("Etc/UTC", None, "UTC"),
        ("Etc/GMT-1", None, "UTC+1"),
        ("Etc/GMT+11", None, "UTC-11"),
        ("CET", None, "CET"),
    ],
)
def test_what_is_known_of_a_zone(zone: str, country: str | None, city: str) -> None:
    assert zone_country(zone) == country
    assert city_of(zone) == city


def test_no_country_for_what_is_no_zone() -> None:
    assert zone_country("nonsense") is None


def test_the_systems_zone(tmp_path: Path) -> None:
    nowhere, linked = tmp_path / "none" / "localtime", tmp_path / "localtime"
    linked.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert system_zone({}, str(nowhere)) == "UTC"
    assert system_zone({}, str(linked)) == "Asia/Tokyo"
    (tmp_path / "timezone").write_text("Europe/Madrid\n")
    assert system_zone({}, str(linked)) == "Europe/Madrid"
    assert system_zone({"TZ": "Europe/Paris"}, str(linked)) == "Europe/Paris"
    assert system_zone({"TZ": ":/usr/share/zoneinfo/Europe/Rome"}, str(linked)) == "Europe/Rome"
    assert system_zone({"TZ": "XYZ-1ABC"}, str(linked)) == "Europe/Madrid"
