"""Until when the booking page of an invitation is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agendas import moment
from lastresort.interviews.booking import find_booking
from lastresort.model import Event

PAGE = "https://calendly.com/reschedulings/5d0c1f7e"
START = moment("2026-05-12 10:00")
NOW = moment("2026-05-04 08:00")


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("Need to change? Reschedule here until Friday 8 May 5pm:", "2026-05-08 17:00"),
        ("Please book by 8 May:", "2026-05-08 23:59"),
        ("The link expires on 2026-05-09 12:00.", "2026-05-09 12:00"),
        ("Sie können den Termin bis 8. Mai 18 Uhr umbuchen:", "2026-05-08 18:00"),
        ("Vous pouvez modifier le rendez-vous jusqu'au 8 mai à 18h :", "2026-05-08 18:00"),
        ("Puede reprogramar hasta el 8 de mayo:", "2026-05-08 23:59"),
        ("Può spostare l'appuntamento entro il 8 maggio alle 12:00", "2026-05-08 12:00"),
    ],
)
def test_a_day_or_an_hour(text: str, deadline: str) -> None:
    assert read(text) == moment(deadline)


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("You may reschedule up to 24 hours before the interview.", timedelta(hours=24)),
        ("Umbuchen bis spätestens 2 Tage vorher:", timedelta(days=2)),
        ("Cambiar la cita hasta 12 horas antes:", timedelta(hours=12)),
    ],
)
def test_so_long_before_the_interview(text: str, ahead: timedelta) -> None:
    assert read(text) == START - ahead


@pytest.mark.parametrize(
    "text", ["Reschedule:", "Please confirm by Friday.\nReschedule:", "Bring a pen, by the way. Reschedule:"]
)
def test_what_is_said_of_other_matters_sets_none(text: str) -> None:
    assert read(text) is None


def read(text: str) -> datetime | None:
    event = Event("work.ics", "1", description=f"{text} {PAGE}")
    booking = find_booking(event, START, "Europe/Berlin", NOW)
    assert booking is not None
    assert booking.url == PAGE
    return booking.deadline.astimezone(UTC) if booking.deadline else None
