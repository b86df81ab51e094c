"""Whom to write to and whom to call."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.interviews.booking import find_link
from lastresort.interviews.contacts import (
    clean_name,
    find_numbers,
    find_person,
    find_phone,
    is_human,
)
from lastresort.interviews.evidence import find_owner
from lastresort.model import Event, Person

OWNER = find_owner(["dana@work.example", "dana@gmail.com"])
JANE = Person("jane@acme.example", "Jane Doe")
DANA = Person("dana@gmail.com", "Dana Smith")


def event(**facts: object) -> Event:
    return Event(**{"source": "work.ics", "uid": "1", **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "address"),
    [
        ({"organizer": JANE, "attendees": (DANA,)}, "jane@acme.example"),
        ({"organizer": DANA, "attendees": (DANA, JANE)}, "jane@acme.example"),
        ({"organizer": DANA, "attendees": (DANA, Person("mum@gmail.com"))}, None),
        ({"attendees": (DANA, JANE)}, "jane@acme.example"),
        ({"organizer": Person("no-reply@greenhouse.io"), "attendees": (DANA, JANE)}, "jane@acme.example"),
        (
            {"organizer": Person("noreply@acme.example"), "description": "Ask Jane.Doe@acme.example."},
            "jane.doe@acme.example",
        ),
        ({"organizer": Person("x@group.calendar.google.com"), "attendees": (JANE,)}, "jane@acme.example"),
        (
            {"organizer": Person("room@acme.example", cutype="ROOM"), "attendees": (JANE,)},
            "jane@acme.example",
        ),
        (
            {"organizer": JANE, "attendees": (Person("tom@acme.example", "Tom (Talent Acquisition)"),)},
            "tom@acme.example",
        ),
        ({"organizer": JANE, "attendees": (Person("hr@work.example", "HR"),)}, "jane@acme.example"),
        ({"description": "write to dana@work.example or privacy@zoom.us"}, None),
        ({"organizer": Person("hr@corp.example?bcc=evil@evil.example")}, None),
        ({"organizer": Person("hr@corp.example,evil@evil.example")}, None),
        ({"organizer": Person("hr corp@corp.example")}, None),
    ],
)
def test_whom_to_write_to(facts: dict[str, object], address: str | None) -> None:
    person = find_person(event(**facts), OWNER)
    assert (person.address if person else None) == address


def test_a_machine_may_still_have_a_persons_name() -> None:
    organizer = Person("no-reply@greenhouse.io", "Jane Doe")
    assert find_person(event(organizer=organizer), OWNER) == Person(None, "Jane Doe")


def test_a_team_is_no_person() -> None:
    organizer = Person("no-reply@greenhouse.io", "Acme Recruiting")
    assert find_person(event(organizer=organizer), OWNER) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jane Doe", "Jane Doe"),
        ('"Müller, Sabine"', "Sabine Müller"),
        ("Jane Doe (Acme)", "Jane Doe"),
        ("Jane Doe | Acme", "Jane Doe"),
        ("Jane Doe via Greenhouse", "Jane Doe"),
        ("jane@acme.example", ""),
        ("x\nBcc: evil", "x Bcc: evil"),
        ("", ""),
        ("123", ""),
    ],
)
def test_names_as_people_write_them(written: str, name: str) -> None:
    assert clean_name(written) == name


@pytest.mark.parametrize(
    "local",
    [
        "noreply",
        "no-reply",
        "do_not_reply",
        "notifications",
        "mailer-daemon",
        "calendar-invite",
        "invites",
        "support",
    ],
)
def test_machines_read_nothing(local: str) -> None:
    assert not is_human(Person(f"{local}@acme.example"))


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("Call me: +49 30 1234567", "+49 30 1234567"),
        ("Phone: +1 (212) 555-0100", "+1 (212) 555-0100"),
        ("Tel. +49 (0)30 / 123 45 67", "+49 30 / 123 45 67"),
        ("mobile 0049 170 1234567", "+49 170 1234567"),
        ("Phone: (212) 555-0100", "(212) 555-0100"),
        ("Telefon 030 1234567", "030 1234567"),
        ("Tél. : 01 23 45 67 89", "01 23 45 67 89"),
        ("Teléfono: 612 345 678", "612 345 678"),
        ("電話: 03-1234-5678", "03-1234-5678"),
        ("Phone: +44 20 7946 0000 ext. 12", "+44 20 7946 0000 ext. 12"),
        ('<a href="tel:+12125550100">call</a>', "+12125550100"),
        ("Jane Doe\nRecruiter\n+49 30 1234567", "+49 30 1234567"),
        ("Join by phone: +1 650-555-0100 PIN: 123 456#", None),
        ("Or call in (audio only)\n+49 69 12345678,,98765# Germany\nPhone Conference ID: 987 65#", None),
        ("Dial by your location\n+1 301 715 8592 US\n+1 312 626 6799 US\nMeeting ID: 812 3456 7890", None),
        (
            "One tap mobile\n+13017158592,,81234567890# US\n\nQuestions? Call me: +49 30 1234567",
            "+49 30 1234567",
        ),
        ("Dial by your location\n+1 301 715 8592 US\n\nPhone: +49 30 1234567", "+49 30 1234567"),
        ("We will call you on +49 170 7654321", None),
        ("Wir rufen Sie an unter +49 170 7654321", None),
        ("Nous vous appellerons au +33 6 12 34 56 78", None),
        ("2026-03-03 10:00 - 11:00", None),
        ("Phone call on 03.03.2026", None),
        ("Phone interview 10:00 - 11:00, room 12345678", None),
        ("Reference 1234567890", None),
        ("https://zoom.us/j/81234567890", None),
        ("Meeting ID: +1 234 567 8901", None),
        ("call me at +1234", None),
    ],
)
def test_the_number_to_call(text: str, phone: str | None) -> None:
    assert find_phone(event(description=text)) == phone


def test_a_number_as_the_place() -> None:
    assert find_phone(event(location="Phone: +44 20 7946 0000")) == "+44 20 7946 0000"
    assert find_phone(event(location="Jane will call you on +44 20 7946 0000")) is None
    told = event(location="+44 20 7946 0000", description="Trouble? Call me: +49 30 1234567")
    assert find_phone(told) == "+49 30 1234567"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Move it: https://calendly.com/reschedulings/abc.", "https://calendly.com/reschedulings/abc"),
        (
            "https://calendly.com/cancellations/abc https://calendly.com/reschedulings/abc",
            "https://calendly.com/reschedulings/abc",
        ),
        ("https://calendly.com/cancellations/abc", None),
        ("https://calendly.com/jane/30min", "https://calendly.com/jane/30min"),
        (
            "https://my.greenhouse.io/interviews/reschedule/1",
            "https://my.greenhouse.io/interviews/reschedule/1",
        ),
        ("https://boards.greenhouse.io/acme/jobs/123", None),
        ("https://jobs.lever.co/acme/123", None),
        ("https://calendly.com.evil.example/reschedulings/1", None),
        ("https://calendly.com@evil.example/reschedulings/1", None),
        ("javascript://calendly.com/reschedulings/1", None),
        ("https://zoom.us/j/1", None),
        ('<a href="https://app.goodtime.io/schedule/xyz">', "https://app.goodtime.io/schedule/xyz"),
    ],
)
def test_where_the_candidate_may_move_it(text: str, link: str | None) -> None:
    assert find_link(event(description=text)) == link


@pytest.mark.slow
@given(st.text(max_size=500))
def test_any_text_is_searched(text: str) -> None:
    facts = event(description=text, location=text, organizer=Person(text, text), url=text)
    for number in (*find_numbers(text), *filter(None, [find_phone(facts)])):
        assert number.isprintable()
    person = find_person(facts, OWNER)
    assert person is None or person.address is None or "@" in person.address


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 100_000,
        "+1" * 100_000,
        "a@" * 100_000,
        "a" * 200_000,
        "tel:" * 50_000,
        "https://" * 30_000,
        "\n" * 200_000,
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    started = time.process_time()
    facts = event(description=text, location=text, organizer=Person(text, text), url=text)
    find_phone(facts), find_person(facts, OWNER), find_link(facts)
    assert time.process_time() - started < 1.5


def test_another_address_under_my_name_is_me() -> None:
    """Invitations go to whatever address I once gave; the draft must not be addressed to myself."""
    me = Person("dana.smith@studio.example", "Dana Smith")
    owner = find_owner([me.address or ""], [me])
    assert owner.is_me(Person("dana.smith@mail.example", "dana  smith"))
    assert not owner.is_me(Person("priya@acme.example", "Priya Raman"))
    assert not find_owner([me.address or ""]).is_me(Person("dana.smith@mail.example", "Dana Smith"))
