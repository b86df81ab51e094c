"""Cities, countries and calling codes: the tables of the package."""

from __future__ import annotations

import pytest

from lastresort.zones.names import get_zone
from lastresort.zones.places import country_code, find_cities, folded, phone_country, table_rows


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("Paris", ["Europe/Paris"]),
        ("Birmingham", ["Europe/London", "America/Chicago"]),
        ("Birmingham, AL", ["America/Chicago"]),
        ("Birmingham, England", ["Europe/London"]),
        ("München", ["Europe/Berlin"]),
        ("Muenchen", ["Europe/Berlin"]),
        ("Sao Paulo", ["America/Sao_Paulo"]),
        ("Łódź", ["Europe/Warsaw"]),
        ("Nowhere", []),
        ("", []),
    ],
)
def test_cities(text: str, zones: list[str]) -> None:
    assert [city.zone for city in find_cities(text)] == zones


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+49 30 123456", "DE"),
        ("0049 (0)30 1234567", "DE"),
        ("tel:+1-212-555-0100", "US"),
        ("+1 416 555 0100", "CA"),
        ("+1 876 555 0100", "JM"),
        ("+7 701 123 4567", "KZ"),
        ("+7 495 123 4567", "RU"),
        ("+44 20 7946 0000", "GB"),
        ("+44 1534 000000", "JE"),
        ("030 123456", None),
        ("+", None),
        ("+999 123 4567", None),
        ("", None),
        ("+49" * 100_000, "DE"),
        ("call me", None),
    ],
)
def test_calling_codes(number: str, code: str | None) -> None:
    assert phone_country(number) == code


def test_every_zone_and_country_of_the_tables_exists() -> None:
    for zone, region, _ in table_rows("cities.tsv"):
        assert get_zone(zone)
        assert country_code(region[:2]) == region[:2] or region == "XK"
    assert all(get_zone(row[1]) for row in table_rows("windows.tsv"))
    assert all(country_code(row[0]) == row[0] for row in table_rows("countries.tsv"))


def test_folding() -> None:
    assert folded("Saint-Étienne") == "saintetienne"
    assert folded("Tromsø") == "tromso"
