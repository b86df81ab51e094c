"""What strangers send: read up to a bound, told apart all the same, and never a word further."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from agendas import moment
from lastresort.interviews import evidence, prose
from lastresort.interviews.detection import find_interviews
from lastresort.interviews.language import read_language
from lastresort.interviews.signature import BELOW, signature_lines
from lastresort.model import Agenda, Busy, BusyReason, Event, Interval, Limits, Occurrence, Person
from lastresort.query import Query
from lastresort.sources.mail import read_invitation

if TYPE_CHECKING:
    from lastresort.interviews.detection import Interview

START = moment("2026-05-12 10:00")
CALENDAR = "\r\n".join(
    (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:1",
        "DTSTAMP:20260501T000000Z", "DTSTART:20260512T080000Z", "DTEND:20260512T090000Z", "SUMMARY:Meeting",
        "ORGANIZER:mailto:jo@acme.example", "END:VEVENT", "END:VCALENDAR", "",
    )
)  # fmt: skip


def the_one(event: Event) -> Interview:
    occurrence = Occurrence(event, Interval(START, moment("2026-05-12 11:00")), Busy.CLASH, BusyReason.BUSY)
    window = Interval(moment("2026-05-01 00:00"), moment("2026-06-01 00:00"))
    agenda = Agenda(window, "Europe/Berlin", (occurrence,), me=frozenset({"me@home.example"}))
    (interview,) = find_interviews(
        agenda, Query(moment("2026-05-04 08:00"), "Europe/Berlin", days=30)
    ).interviews
    return interview


def test_a_title_of_ten_thousand_characters() -> None:
    title = "Interview: Data Analyst, Crumb Foods Ltd – " + "very important " * 700
    interview = the_one(Event("work.ics", "1", summary=title))
    assert interview.company == "Crumb Foods Ltd"
    assert len("".join(interview.because)) < 200


def test_text_of_right_to_left_script_with_controls() -> None:
    marks = "\u202e\u200f\u2067"
    text = f"نود دعوتك {marks}إلى مقابلة عمل لوظيفة محاسب أول في شركة النيل للتجارة.\n" * 200
    interview = the_one(Event("work.ics", "1", summary=f"مقابلة عمل{marks} - كريم", description=text))
    assert interview.language == "ar"
    assert not any(mark in f"{interview.role}{interview.company}" for mark in marks)


def test_a_signature_of_two_hundred_lines() -> None:
    lines = "\n".join(f"line {number} of Fernhill Foods" for number in range(200))
    found = signature_lines(f"Best regards\nJane Park\n{lines}")
    assert len(found) == BELOW
    event = Event("work.ics", "1", summary="Interview", description=f"Jane Park\n{lines}")
    assert the_one(event).interviewer.phone is None


@pytest.mark.slow
def test_a_mail_of_five_megabytes_with_nested_tables() -> None:
    cells = "<table><tr><td>" * 400 + "Interview for Data Analyst at Crumb" + "</td></tr></table>" * 400
    html = f"<html><body>{cells}{'<p>padding</p>' * 380_000}</body></html>"
    data = (
        "From: Jo Park <jo@acme.example>\r\nTo: me@home.example\r\nSubject: Your interview\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
        f'--x\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n{html}\r\n'
        f'--x\r\nContent-Type: text/calendar; method=REQUEST; charset="utf-8"\r\n\r\n{CALENDAR}\r\n--x--\r\n'
    ).encode()
    assert len(data) > 5_000_000
    invitation = read_invitation(data, name="invite.eml", limits=Limits())
    assert "Interview for Data Analyst at Crumb" in invitation.mail.text
    assert len(invitation.mail.text) <= 32_000


@pytest.mark.parametrize("words", ["agenda and notes ", "مذكرات "])
def test_no_more_of_a_text_is_read_than_is_bounded(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    keep = evidence.prepare_phrases
    monkeypatch.setattr(
        evidence, "prepare_phrases", lambda text, *more: read.append(len(text)) or keep(text, *more)
    )
    told = Event("work.ics", "1", summary="Interview", description=f"your interview {words}. " * 20_000)
    the_one(told)
    assert sum(read) <= 4 * evidence.READ


def test_the_same_is_read_whatever_stands_behind_the_bound() -> None:
    text = "We invite you to an interview for the position of Data Analyst at Crumb.\n"
    padded = text + "x" * prose.READ
    who = Person("jo@acme.example", "Jo Park")
    plain = Event("work.ics", "1", summary="Interview", description=padded, organizer=who)
    longer = plain._replace(description=padded + " Position: Pirate. " * 50_000)
    assert the_one(plain).role == the_one(longer).role == "Data Analyst"
    assert read_language(plain) == read_language(longer) == "en"
