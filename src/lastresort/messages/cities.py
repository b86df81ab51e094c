"""How cities are called in the languages of the messages, where they are not called as in English."""

from __future__ import annotations

from lastresort.zones.places import city_names

_PORTUGAL = {
    "America/New_York": "Nova Iorque",
    "Europe/Madrid": "Madrid",
    "Europe/Moscow": "Moscovo",
}


def name_city(zone: str, language: str, region: str = "") -> str:
    """Return the city an IANA zone is called by, in the language; empty for a zone without one."""
    if language == "pt" and region == "PT" and zone in _PORTUGAL:
        return _PORTUGAL[zone]
    known = city_names().get(zone, {}).get(language)
    if known is not None:
        return known
    if "/" not in zone or zone.startswith("Etc/"):
        return ""
    return zone.rpartition("/")[2].replace("_", " ")
