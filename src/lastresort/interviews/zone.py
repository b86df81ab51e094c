"""In which zone the interviewer lives, and how that is known."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lastresort.interviews.evidence import Owner
    from lastresort.model import Event
    from lastresort.query import Query

READ = 4000
NORTH_AMERICA = re.compile(r"\b[A-Z]{2}\s+\d{5}\b|\bU\.?S\.?A\b|\bUnited States\b")
CANADA = re.compile(r"\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b|\bCanada\b")


class ZoneSource(StrEnum):
    """Where the interviewer's zone was found, the surest first."""

    GIVEN = "given"
    INVITATION = "invitation"
    TEXT = "text"
    LOCATION = "location"
    PHONE = "phone number"
    ASSUMED = "assumed"


def _unknown(text: str) -> str | None:  # noqa: ARG001
    return None


class Places(NamedTuple):
    """What is known about places: lookups that return `None` for what they do not know, or find ambiguous."""

    zone_written_in: Callable[[str], str | None] = _unknown
    """The IANA zone named beside a time in a text: `10:00 ET`."""
    zone_of_place: Callable[[str], str | None] = _unknown
    """The IANA zone of a town, country or country code."""
    phone_country: Callable[[str], str | None] = _unknown
    """The country code an international telephone number belongs to."""
    zone_country: Callable[[str], str | None] = _unknown
    """The country code an IANA zone lies in."""


NOWHERE = Places()


def find_whereabouts(
    event: Event, owner: Owner, phone: str | None, query: Query, places: Places
) -> tuple[str, ZoneSource, str | None]:
    """Return the interviewer's zone, where it was found, and their country.

    The order: what was asked for; the invitation's own TZID when somebody else organises it (UTC tells
    nothing);
    a zone written in the text; the location; the telephone number's country; else mine, marked as assumed.
    """
    abroad = places.phone_country(phone) if phone else None
    zone, source = next(_zones(event, owner, abroad, query, places), (query.zone, ZoneSource.ASSUMED))
    if source is ZoneSource.ASSUMED:
        return zone, source, abroad
    return zone, source, places.zone_country(zone) or abroad


def _zones(
    event: Event, owner: Owner, abroad: str | None, query: Query, places: Places
) -> Iterator[tuple[str, ZoneSource]]:
    if query.interviewer_zone:
        yield query.interviewer_zone, ZoneSource.GIVEN
    if event.zone not in {None, "UTC"} and event.organizer and not owner.is_me(event.organizer):
        assert event.zone is not None
        yield event.zone, ZoneSource.INVITATION
    text = "\n".join((event.summary[:500], event.location[:500], event.description[:READ]))
    if zone := places.zone_written_in(text):
        yield zone, ZoneSource.TEXT
    if zone := _zone_of(event.location[:500], places):
        yield zone, ZoneSource.LOCATION
    if abroad and (zone := places.zone_of_place(abroad)):
        yield zone, ZoneSource.PHONE


def _zone_of(location: str, places: Places) -> str | None:
    """The zone of a location's parts, the last (a country) first. A town's namesake elsewhere does not
    count."""
    if not location or "://" in location:
        return None
    country = "US" if NORTH_AMERICA.search(location) else "CA" if CANADA.search(location) else None
    for part in reversed(re.split(r"[,;\n(|]", location)[-8:]):
        name = " ".join(word for word in part.strip(" )").split() if not any(c.isdigit() for c in word))
        zone = places.zone_of_place(name) if len(name) > 2 else None
        if zone and country in {None, places.zone_country(zone)}:
            return zone
    return None
