"""One list of private mail: what it holds, and what followed when there were two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commandline import _private_home, run
from lastresort.mail_domains import is_free_mail

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

__all__ = ["_private_home", "run"]

INTERVIEW = """BEGIN:VEVENT
UID:interview@test
DTSTAMP:20260501T080000Z
DTSTART:20260506T130000Z
DTEND:20260506T160000Z
SUMMARY:Interview: Data Engineer at Northwind
ORGANIZER;CN=Rita Vogel:mailto:rita.vogel@northwind.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@gmail.com
END:VEVENT
"""
COFFEE = """BEGIN:VEVENT
UID:coffee-{number}@test
DTSTAMP:20260501T080000Z
DTSTART:20260506T1{hour}0000Z
DTEND:20260506T1{hour}4500Z
SUMMARY:Coffee
ORGANIZER:mailto:me@gmail.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@gmail.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:friend{number}@att.net
END:VEVENT
"""


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "ATT.net",
        "yahoo.co.uk",
        "yahoo.com.br",
        "outlook.fr",
        "gmx.net",
        "mail.yahoo.de",
        "docomo.ne.jp",
    ],
)
def test_gives_mailboxes_to_everybody(domain):
    assert is_free_mail(domain)


@pytest.mark.parametrize(
    "domain",
    ["", "acme.example", "notgmail.com", "gmail.com.acme.example", "live.acme.example", "com", "x" * 300],
)
def test_is_somebodys_own(domain):
    assert not is_free_mail(domain)


def test_three_coffees_with_friends_are_no_reason_for_a_last_resort(
    run: Callable[..., Ran], tmp_path: Path
) -> None:
    """A friend's address at a provider of net access makes no business partner of him."""
    coffees = "".join(COFFEE.format(number=number, hour=hour) for number, hour in enumerate("345"))
    calendar = tmp_path / "work.ics"
    calendar.write_text(
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{INTERVIEW}{coffees}END:VCALENDAR\n"
    )
    ran = run(
        "check",
        calendar,
        "--now",
        "2026-05-04T09:00",
        "--tz",
        "Europe/Berlin",
        "--me",
        "me@gmail.com",
        "--json",
    )
    assert ran.code == 3
    moves = ran.json["interviews"][0]["plan"]["moves"]
    assert len(moves) == 3
    assert not any("outside" in text for move in moves for text in move["because"])
