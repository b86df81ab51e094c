"""The invitations under fixtures/invites, from bytes to what is known about them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastresort.ics.reader import read_agenda
from lastresort.interviews.detection import Interview, find_interviews
from lastresort.jobs.session import reading_places
from lastresort.model import Interval
from lastresort.query import Query
from lastresort.sources import open_source

INVITES = Path(__file__).parents[2] / "fixtures/invites"
NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
PLACES = reading_places(NOW)


def read(name: str) -> list[Interview]:
    window = Interval(NOW, NOW.replace(month=6))
    documents = open_source(str(INVITES / name)).documents
    agenda = read_agenda(documents, window, zone="Europe/Berlin", system_zone="UTC")
    query = Query(NOW, "Europe/Berlin", frozenset({"dana.smith@mail.example"}), days=30)
    return list(find_interviews(agenda, query, places=PLACES).interviews)


@pytest.mark.parametrize(
    ("name", "role", "company", "mode", "zone", "address", "phone"),
    [
        (
            "agency-onsite-london.eml",
            "Senior Data Analyst",
            "Initech",
            "onsite",
            ("Europe/London", "invitation"),
            "helen.marsh@brightpath-recruitment.example",
            "+44 7700 900123",
        ),
        (
            "calendly-intro.eml",
            None,
            "Globex",
            "video",
            ("Europe/Berlin", "assumed"),
            "sam.okafor@globex.example",
            None,
        ),
        (
            "greenhouse-video.eml",
            "Staff Engineer, Platform",
            "Northwind",
            "video",
            ("Europe/Berlin", "assumed"),
            "priya.raman@northwind.example",
            None,
        ),
        (
            "meet-spanish.eml",
            "Ingeniera de Datos",
            "Costablanca Datos",
            "video",
            ("Europe/Madrid", "invitation"),
            "lucia.romero@costablanca-datos.example",
            "+34 612 345 678",
        ),
        (
            "onsite-french.eml",
            "Cheffe de projet",
            "Dupont & Fils",
            "onsite",
            ("Europe/Paris", "invitation"),
            "c.fontaine@dupont-et-fils.example",
            "01 99 00 12 34",
        ),
        (
            "phone-screen.ics",
            "Backend Engineer",
            "Hooli",
            "phone",
            ("America/Los_Angeles", "invitation"),
            "jo.park@hooli.example",
            "+1 (415) 555-0142",
        ),
        (
            "teams-german.eml",
            "Softwareentwicklerin",
            "Müller Maschinenbau GmbH",
            "video",
            ("Europe/Berlin", "invitation"),
            "sabine.huber@mueller-maschinenbau.example",
            "+49 89 1234567-12",
        ),
    ],
)
def test_what_an_invitation_says(
    name: str,
    role: str | None,
    company: str,
    mode: str,
    zone: tuple[str, str],
    address: str,
    phone: str | None,
) -> None:
    (interview,) = read(name)
    who = interview.interviewer
    assert (interview.role, interview.company, interview.mode) == (role, company, mode)
    assert (who.zone, who.zone_source) == zone
    assert (who.address, who.phone) == (address, phone)


def test_a_cancelled_invitation_is_no_interview() -> None:
    assert read("phone-screen-cancelled.ics") == []


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("calendly-intro.eml", "https://calendly.com/reschedulings/5d0c1f7e-7a"),
        ("greenhouse-video.eml", "https://my.greenhouse.io/interviews/3f2a/reschedule"),
    ],
)
def test_links_to_move_it_oneself(name: str, link: str) -> None:
    booking = read(name)[0].booking
    assert (booking.url if booking else None) == link
