"""What stands below somebody's name: the firm, and where it is."""

from __future__ import annotations

import pytest

from agendas import moment
from lastresort.interviews.detection import Places
from lastresort.interviews.evidence import find_owner
from lastresort.interviews.sender import read_names
from lastresort.interviews.zone import ZoneSource, find_whereabouts
from lastresort.model import Event, Person
from lastresort.query import Query
from lastresort.zones import names as zones
from lastresort.zones import places

NOW = moment("2026-05-04 08:00")
PLACES = Places(
    zone_of_place=lambda text: zones.zone_of_place(text, NOW),
    phone_country=places.phone_country,
    zone_country=zones.zone_country,
)
OWNER = find_owner(["dana@mail.example"])


def invitation(text: str, address: str) -> Event:
    return Event("work.ics", "1", summary="Chat", description=text, organizer=Person(address, "Jo Park"))


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("See you\n\nJo Park\nRecruiter\nAcme GmbH, Munich, Germany", "Europe/Berlin"),
        ("Jo Park\nTalent Partner | Acme\nAustin, TX", "America/Chicago"),
        ("Best,\nJo Park\nAcme | Toronto, Canada", "America/Toronto"),
        ("Jo Park, Recruiter, Acme, Sydney", "Australia/Sydney"),
    ],
)
def test_a_place_tells_the_zone(text: str, zone: str) -> None:
    query = Query(NOW, "Asia/Tokyo")
    found = find_whereabouts(invitation(text, "jo@acme.com"), OWNER, None, query, PLACES)
    assert (found.zone, found.source) == (zone, ZoneSource.SIGNATURE)


@pytest.mark.parametrize(
    "text",
    [
        "Jo Park\nMobile 0171 555 0123\nSales",
        "Jo Park\nAcme\nParis | New York",
        "You will talk to Jo Park about Paris.\nBring a map of London.",
        "",
    ],
)
def test_two_places_or_words_tell_none(text: str) -> None:
    query = Query(NOW, "Asia/Tokyo")
    found = find_whereabouts(invitation(text, "jo@acme.com"), OWNER, None, query, PLACES)
    assert found.source is ZoneSource.ASSUMED


@pytest.mark.parametrize(
    ("text", "address", "company"),
    [
        (
            "Jo Park\nHR Business Partner\nBridgewater Construction",
            "jpark@bridgewater.example",
            "Bridgewater Construction",
        ),
        ("Jo Park\nSenior Consultant Fernhill Bau\nT 040 555 0123", "jo@fernhill.example", "Fernhill Bau"),
        ("Jo Park\nHead of People, Larkspur Foods", "jo.park@gmail.com", "Larkspur Foods"),
        ("Jo Park\nRecruiter", "jo.park@gmail.com", None),
    ],
)
def test_the_firm(text: str, address: str, company: str | None) -> None:
    assert read_names(invitation(text, address), OWNER, PLACES.zone_of_place).company == company
