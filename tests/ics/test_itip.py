"""Counter-proposals and holds, read back by icalendar and by our own reader."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.errors import RefusedError
from lastresort.ics.itip import hold_uid, is_hold, is_hold_for, write_counter, write_holds
from lastresort.ics.reader import read_agenda
from lastresort.model import Agenda, Busy, BusyReason, Document, Event, Interval, Occurrence, Person

NOW = datetime(2026, 3, 1, 8, 30, 15, 99, tzinfo=UTC)
ME = frozenset({"me@home.example"})
INVITATION = Event(
    "invite.ics",
    "round-2@acme.example",
    summary="Interview: Data Engineer",
    location="https://meet.example/abc",
    organizer=Person("dana@acme.example", "Dana Lee"),
    attendees=(Person("sam@acme.example", "Sam"), Person("me@home.example", "Alex Meyer")),
    zone="America/New_York",
    sequence=3,
)


def stretch(day: int, hour: int, minutes: int = 45, month: int = 3) -> Interval:
    start = datetime(2026, month, day, hour, tzinfo=UTC)
    return Interval(start, start + timedelta(minutes=minutes))


OLD, NEW = stretch(6, 14), stretch(10, 14)


def invited(recurrence_id: datetime | None = None, **facts: Any) -> Occurrence:
    return Occurrence(INVITATION._replace(**facts), OLD, Busy.CLASH, BusyReason.BUSY, recurrence_id)


def read(data: bytes) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(data)
    assert isinstance(calendar, icalendar.Calendar)
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return calendar, event


def test_the_counter_echoes_the_invitation() -> None:
    calendar, event = read(write_counter(invited(), NEW, ME, NOW, "Data Engineer, Acme"))
    assert calendar["METHOD"] == "COUNTER"
    assert (event["UID"], event["SEQUENCE"], event["SUMMARY"]) == (INVITATION.uid, 3, "Data Engineer, Acme")
    assert event["ORGANIZER"] == "mailto:dana@acme.example"
    assert event["ORGANIZER"].params["CN"] == "Dana Lee"
    assert event["ATTENDEE"] == "mailto:me@home.example"
    assert event["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"
    assert event["DTSTAMP"].dt == NOW.replace(microsecond=0)
    assert "RECURRENCE-ID" not in event
    assert "STATUS" not in event


def test_the_counter_carries_nothing_that_i_wrote_into_my_calendar() -> None:
    mine = {"summary": "hush", "location": "hush", "description": "hush", "categories": ("hush",)}
    data = write_counter(invited(**mine), NEW, ME, NOW)
    assert b"hush" not in data
    assert b"SUMMARY" not in data


def test_the_new_time_and_the_old_one() -> None:
    """The clocks of New York change between the two."""
    _, event = read(write_counter(invited(), NEW, ME, NOW))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == NEW
    assert event["DTSTART"].params["TZID"] == "America/New_York"
    data = write_counter(invited(), NEW, ME, NOW)
    assert b"DTSTART;TZID=America/New_York:20260310T100000\r\n" in data
    assert b"X-MS-OLK-ORIGINALSTART:20260306T140000Z\r\n" in data
    assert b"X-MS-OLK-ORIGINALEND:20260306T144500Z\r\n" in data


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("America/New_York", b"RECURRENCE-ID;TZID=America/New_York:20260306T090000\r\n"),
        ("UTC", b"RECURRENCE-ID:20260306T140000Z\r\n"),
        (None, b"RECURRENCE-ID:20260306T140000Z\r\n"),
    ],
)
def test_an_instance_is_named_in_the_zone_of_its_series(zone: str | None, line: bytes) -> None:
    assert line in write_counter(invited(OLD.start, zone=zone, recurring=True), NEW, ME, NOW)


def test_an_all_day_instance_is_named_by_its_date() -> None:
    data = write_counter(invited(OLD.start, zone=None)._replace(all_day=True), NEW, ME, NOW)
    assert b"RECURRENCE-ID;VALUE=DATE:20260306\r\n" in data


@pytest.mark.parametrize(
    ("facts", "me", "complaint"),
    [
        ({"disallow_counter": True}, ME, "takes no counter-proposals"),
        ({"organizer": None}, ME, "no organiser"),
        ({"organizer": Person(None, "Dana")}, ME, "no organiser"),
        ({"uid": None}, ME, "no organiser whom a counter-proposal could reach"),
        ({}, frozenset({"other@home.example"}), "name the one that is with --me"),
        ({"attendees": ()}, ME, "none of your addresses is invited"),
    ],
)
def test_invitations_that_cannot_be_countered(
    facts: dict[str, Any], me: frozenset[str], complaint: str
) -> None:
    with pytest.raises(RefusedError, match=complaint):
        write_counter(invited(**facts), NEW, me, NOW)


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"]
)
def test_the_zone_definition_agrees_with_the_zone(zone: str) -> None:
    """Every hour of the year around is the same by our VTIMEZONE as by the time zone database."""
    calendar, _ = read(write_counter(invited(zone=zone), NEW, ME, NOW))
    (definition,) = calendar.walk("VTIMEZONE")
    changes = sorted(
        (part["DTSTART"].dt - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        for part in definition.subcomponents
    )
    for hour in range(-24 * 300, 24 * 300, 5):
        instant = NEW.start + timedelta(hours=hour)
        offset = [to for since, to in changes if since <= instant.replace(tzinfo=None)][-1]
        assert offset == instant.astimezone(ZoneInfo(zone)).utcoffset()


@given(
    name=st.text(max_size=40),
    title=st.text(max_size=300),
    uid=st.text(min_size=1, max_size=60).filter(str.strip),
)
def test_no_text_can_end_its_line(name: str, title: str, uid: str) -> None:
    uid = uid.encode("utf-8", "ignore").decode().replace("\r", "") or "x"
    person = Person("dana@acme.example", name)
    data = write_counter(invited(organizer=person, uid=uid), NEW, ME, NOW, f"Engineer {title}")
    calendar, event = read(data)
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
    assert event["ORGANIZER"] == "mailto:dana@acme.example"
    assert set(event) == {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "ORGANIZER", "ATTENDEE",
        "X-MS-OLK-ORIGINALSTART", "X-MS-OLK-ORIGINALEND",
    }  # fmt: skip


SLOTS = (stretch(16, 14), stretch(17, 15), stretch(19, 13))


def test_holds_keep_the_time_and_tell_nothing() -> None:
    data = write_holds(SLOTS, invited(), NOW)
    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert [Interval(event["DTSTART"].dt, event["DTEND"].dt) for event in events] == list(SLOTS)
    assert {(str(e["STATUS"]), str(e["TRANSP"]), str(e["SUMMARY"])) for e in events} == {
        ("TENTATIVE", "OPAQUE", "Reserved")
    }
    told = data.decode().casefold()
    assert not [
        word for word in ("interview", "acme", "dana", "engineer", "round-2", "attendee") if word in told
    ]
    assert "METHOD" not in data.decode()


def test_holds_are_found_again() -> None:
    """The same UID on every run, another for another slot, interview or instance."""
    uids = {hold_uid(invited(), slot) for slot in SLOTS}
    assert uids == {hold_uid(invited(summary="renamed", source="copy.ics"), slot) for slot in SLOTS}
    assert len(uids) == 3
    assert all(is_hold_for(invited(), uid) and is_hold(uid) for uid in uids)
    assert not any(is_hold_for(invited(uid="other"), uid) for uid in uids)
    assert not any(is_hold_for(invited(OLD.start), uid) for uid in uids)
    assert not is_hold_for(invited(), None)
    assert not is_hold(INVITATION.uid)
    assert not is_hold(None)


# -- read back by our own reader -----------------------------------------------------------------------


def read_by_us(data: bytes) -> Agenda:
    document = Document("written.ics", "written.ics", lambda: BytesIO(data))
    window = Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    return read_agenda([document], window, zone="Europe/Berlin", system_zone="UTC", me=ME)


def test_our_reader_sees_the_holds_as_tentative() -> None:
    agenda = read_by_us(write_holds(SLOTS, invited(), NOW))
    assert agenda.problems == ()
    assert [one.interval for one in agenda.occurrences] == list(SLOTS)
    assert {one.reason for one in agenda.occurrences} == {BusyReason.TENTATIVE}
    assert all(is_hold_for(invited(), one.event.uid) for one in agenda.occurrences)


def test_our_reader_understands_the_counter() -> None:
    for recurrence_id in (None, OLD.start):
        data = write_counter(invited(recurrence_id), NEW, ME, NOW)
        assert read_by_us(data).problems == ()
        (found,) = read_by_us(data.replace(b"METHOD:COUNTER", b"METHOD:REQUEST")).occurrences
        assert found.interval == NEW
        assert found.event.sequence == 3
        assert found.event.organizer == INVITATION.organizer
