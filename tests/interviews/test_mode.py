"""How an interview is held."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastresort.interviews.mode import find_setting
from lastresort.model import Event

ROWS = [
    # title, location, description, setting
    ("Interview", "", "", "unknown"),
    ("Interview", "Berlin", "", "onsite"),
    ("Interview", "https://acme.zoom.us/j/123", "", "video"),
    ("Interview", "Microsoft Teams Meeting", "", "video"),
    ("Interview", "Google Meet", "", "video"),
    ("Interview", "", "Join: https://meet.google.com/abc-defg-hij", "video"),
    ("Interview", "", "https://teams.microsoft.com/l/meetup-join/1", "video"),
    ("Interview", "", "https://zoom.us.evil.example/j/1", "unknown"),
    ("Interview", "tel:+493012345", "", "phone"),
    ("Interview", "+49 30 1234567", "", "phone"),
    ("Phone screen", "", "", "phone"),
    ("Phone screen", "https://zoom.us/j/1", "", "video"),
    ("Telefoninterview", "", "", "phone"),
    ("Entretien téléphonique", "", "", "phone"),
    ("Entrevista telefónica", "", "", "phone"),
    ("Colloquio telefonico", "", "", "phone"),
    ("Telefonisch interview", "", "", "phone"),
    ("电话面试", "", "", "phone"),
    ("電話面接", "", "", "phone"),
    ("전화 면접", "", "", "phone"),
    ("मेरा फ़ोन साक्षात्कार", "", "", "phone"),
    ("مقابلة هاتفية", "", "", "phone"),
    ("Interview", "", "Jane will call you at 10", "phone"),
    ("Onsite interview", "", "", "onsite"),
    ("Virtual onsite", "", "", "video"),
    ("Onsite interview", "", "backup: https://zoom.us/j/1", "onsite"),
    ("Interview", "Hauptstraße 5, 10117 Berlin", "", "onsite"),
    ("Interview", "350 5th Avenue, New York, NY 10118", "https://zoom.us/j/1", "onsite"),
    ("Interview", "12 rue de la Paix, 75002 Paris", "", "onsite"),
    ("Interview", "Calle Mayor 3, Madrid", "", "onsite"),
    ("Interview", "Via Roma 12, Torino", "", "onsite"),
    ("Interview", "Keizersgracht 100, Amsterdam", "", "onsite"),
    ("Interview", "10 Downing Street, London SW1A 2AA", "", "onsite"),
    ("Interview", "Acme HQ", "", "onsite"),
    ("Interview", "Conference room 4; Microsoft Teams Meeting", "", "video"),
    ("Vorstellungsgespräch", "", "Das Gespräch findet vor Ort statt", "onsite"),
    ("Entretien", "", "dans nos locaux", "onsite"),
    ("Entrevista presencial", "", "", "onsite"),
    ("対面面接", "", "", "onsite"),
    ("Videointerview", "", "", "video"),
    ("Entretien visio", "", "", "video"),
    ("オンライン面接", "", "", "video"),
    ("화상 면접", "", "", "video"),
    ("Interview: Office Manager", "", "", "unknown"),
]


@pytest.mark.parametrize(("title", "location", "description", "setting"), ROWS)
def test_setting(title: str, location: str, description: str, setting: str) -> None:
    event = Event("work.ics", "1", summary=title, location=location, description=description)
    assert find_setting(event) == setting


def test_who_travels_goes_there() -> None:
    assert find_setting(Event("work.ics", "1", summary="Interview", travel=timedelta(minutes=20))) == "onsite"
