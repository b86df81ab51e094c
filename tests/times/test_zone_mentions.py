"""Zones named in the text of an invitation, and words that only look like them."""

from __future__ import annotations

import time

import pytest

from lastresort.times.zone_mentions import zone_written_in


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("We meet at 10:00 ET.", "America/New_York"),
        ("3pm CET", "CET"),
        ("3 PM PT", "America/Los_Angeles"),
        ("10:00–11:00 EST", "America/New_York"),
        ("8-9 PT", "America/Los_Angeles"),
        ("10h30 CET", "CET"),
        ("10:00 Uhr MEZ", "CET"),
        ("10:00 AM (PST)", "America/Los_Angeles"),
        ("at 10 AM London time", "Europe/London"),
        ("(New York time)", "America/New_York"),
        ("São Paulo time", "America/Sao_Paulo"),
        ("9:00 AM - 10:00 AM Eastern Time", "America/New_York"),
        ("All times are in Central European Summer Time", "CET"),
        ("15:00 UTC+2", "Etc/GMT-2"),
        ("15:00 (GMT +02:00)", "Etc/GMT-2"),
        ("15:00 UTC", "UTC"),
        (
            "When: Tuesday 3:00 PM-4:00 PM. (UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "Europe/Berlin",
        ),
        ("Tue 3 Mar 2026 10:00 – 11:00\nCentral European Time - Berlin", "Europe/Berlin"),
        ("Timezone: Europe/London", "Europe/London"),
        ("10:00 EST, which is 10:00 ET", "America/New_York"),
    ],
)
def test_mentions(text: str, zone: str) -> None:
    assert zone_written_in(text) == zone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10:00 AM",
        "10:00 et 11:00",
        "est-ce que 10:00 est bon",
        "10:00 ET / 16:00 CET",
        "Room 5 ET",
        "Reading time: 5 minutes",
        "Have a Nice time",
        "Full Time role in Berlin",
        "Start Time 10:00",
        "and/or",
        "https://cal.example/?d=20260303T100000Z",
        "Interview/Screening 10:00",
    ],
)
def test_words_that_name_no_zone_or_several(text: str) -> None:
    assert zone_written_in(text) is None


@pytest.mark.parametrize(
    "piece", ["A", "10:00 ", "Aa ", "Aa.Bb time - ", "(UTC+01:00) ", "1 ", "Aa time ", "10:00 UTC+"]
)
def test_long_texts_are_read_in_time_that_grows_with_them(piece: str) -> None:
    begun = time.process_time()
    zone_written_in(piece * 100_000)
    assert time.process_time() - begun < 1
