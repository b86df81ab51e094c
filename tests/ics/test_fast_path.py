"""What the proof forgets could not have mattered: the fast reading equals the one that parses everything."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastresort.ics import content_lines
from lastresort.ics.reader import read_agenda
from lastresort.model import Agenda, Document, Interval

WINDOW = Interval(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 16, tzinfo=UTC))
NEVER = datetime(1, 1, 9, tzinfo=UTC)
NOON = datetime(2026, 3, 9, 12)

ZONES = ("", ";TZID=Europe/Berlin", ";TZID=Pacific Standard Time", ";TZID=Asia/Kolkata", ";TZID=Private/Zone")
UIDS = ("a@x", "b@x", "A@x", "long-uid-" + "0123456789" * 8)
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;COUNT=5",
    "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=40",
    "FREQ=WEEKLY;INTERVAL=2;UNTIL={until}",
    "FREQ=MONTHLY;BYMONTHDAY=9;COUNT=12",
    "FREQ=MONTHLY;BYDAY=2MO;COUNT=30",
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=9",
    "FREQ=YEARLY;COUNT=3",
    "FREQ=DAILY;BYDAY=MO;COUNT=60",
    "FREQ=HOURLY;INTERVAL=7;COUNT=100",
    "FREQ=NEVER",
)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A time near the window's edges, inside, or far away."""
    days = draw(
        st.sampled_from((-4000, -400, -120, -40, -14, -11, -10, -9, -8, -7, -3, 0, 2, 6, 7, 8, 9, 10, 11, 40))
    )
    return NOON + timedelta(days=days, hours=draw(st.integers(-12, 12)))


def written(moment: datetime, zone: str, date: bool) -> str:
    if date:
        return f";VALUE=DATE:{moment:%Y%m%d}"
    return f"{zone}:{moment:%Y%m%dT%H%M%S}" + ("Z" if not zone and moment.hour % 2 else "")


@st.composite
def events(draw: st.DrawFn) -> list[str]:
    start, zone, date = draw(moments()), draw(st.sampled_from(ZONES)), draw(st.booleans())
    length = draw(
        st.sampled_from((timedelta(minutes=30), timedelta(hours=2), timedelta(days=1), timedelta(days=30)))
    )
    end = draw(st.sampled_from(("DTEND", "DTEND", "DTEND", "DURATION", "WEEKS", "", "BACKWARDS")))
    rows = ["DTSTART" + written(start, zone, date)]
    if end == "DTEND":
        rows.append("DTEND" + written(start + length, zone, date))
    elif end == "DURATION":
        rows.append(f"DURATION:PT{int(length.total_seconds() // 60)}M")
    elif end == "WEEKS":
        rows.append("DURATION:P5W")
    elif end == "BACKWARDS":
        rows.append("DTEND" + written(start - length, zone, date))
    rows += draw(st.sampled_from([*(["UID:" + uid] for uid in UIDS), []]))
    rows.append(f"SEQUENCE:{draw(st.integers(0, 2))}")
    rows += draw(st.sampled_from(([], ["DTSTAMP:20260101T000000Z"], ["DTSTAMP:20260201T000000Z"])))
    rows += draw(extras(start, zone, date))
    rows += draw(
        st.sampled_from(([], ["TRANSP:TRANSPARENT"], ["STATUS:CANCELLED"], ["SUMMARY:rrule:x\\nDTSTART:y"]))
    )
    alarm = ["BEGIN:VALARM", "UID:alarm", "TRIGGER:-PT5M", "DURATION:PT5M", "REPEAT:2", "END:VALARM"]
    rows = draw(st.permutations(rows)) if draw(st.booleans()) else rows
    if draw(st.booleans()):
        at = draw(st.integers(0, len(rows)))
        rows = [*rows[:at], *alarm, *rows[at:]]
    return ["BEGIN:VEVENT", *rows, "END:VEVENT"]


@st.composite
def extras(draw: st.DrawFn, start: datetime, zone: str, date: bool) -> list[str]:
    """What makes an event recur, or an instance of what recurs."""
    other = draw(moments())
    kind = draw(
        st.sampled_from(("", "", "", "rule", "rule", "instance", "instance", "future", "rdate", "twice"))
    )
    if kind == "rule":
        until = f"{other:%Y%m%d}" if date else f"{other:%Y%m%dT%H%M%SZ}"
        rule = ["RRULE:" + draw(st.sampled_from(RULES)).format(until=until)]
        return rule + draw(st.sampled_from(([], ["EXDATE" + written(other, zone, date)])))
    original = draw(st.sampled_from((start, other)))
    if kind == "instance":
        return ["RECURRENCE-ID" + written(original, zone, draw(st.sampled_from((date, date, True))))]
    if kind == "future":
        return ["RECURRENCE-ID;RANGE=THISANDFUTURE" + written(original, zone, date)]
    if kind == "rdate":
        return ["RDATE" + written(other, zone, date)]
    return ["DTSTART" + written(other, zone, date)] if kind == "twice" else []


JUNK = (b"", b"\n", b'"', b";", b":", b"\r\n ", b"\nEND:VEVENT\n", b"\nBEGIN:VEVENT\n", b"RDATE")
PRIVATE = [
    "BEGIN:VTIMEZONE", "TZID:Private/Zone", "BEGIN:STANDARD", "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0500", "TZOFFSETTO:+0500", "END:STANDARD", "END:VTIMEZONE",
]  # fmt: skip
HEADS = ([], ["X-WR-TIMEZONE:America/New_York"], ["METHOD:CANCEL"], ["METHOD:REPLY"], ["METHOD:PUBLISH"])


@st.composite
def calendars(draw: st.DrawFn) -> bytes:
    rows = ["BEGIN:VCALENDAR", *draw(st.sampled_from(HEADS)), *PRIVATE]
    for event in draw(st.lists(events(), max_size=7)):
        rows += event
    rows.append("END:VCALENDAR")
    width = draw(st.sampled_from((0, 0, 2, 9, 40, 74)))
    if width:
        rows = [("\n" + draw(st.sampled_from(" \t"))).join(cut(row, width)) for row in rows]
    text = "\n".join(rows) + "\n"
    if draw(st.booleans()):
        names = draw(st.sets(st.sampled_from(("dtstart", "dtend", "rrule", "uid", "begin", "recurrence-id"))))
        text = re.sub(r"(?m)^[A-Z-]+", lambda name: lowered(name.group(), names), text)
    return text.replace("\n", draw(st.sampled_from(("\r\n", "\n", "\r\r\n")))).encode()


def lowered(name: str, names: set[str]) -> str:
    return name.lower() if name.lower() in names else name


def cut(row: str, width: int) -> list[str]:
    return [row[at : at + width] for at in range(0, len(row), width)]


def read(contents: list[bytes], all_events: bool) -> Agenda:
    documents = [
        Document(f"{number}.ics", f"{number}.ics", lambda content=content: BytesIO(content))
        for number, content in enumerate(contents)
    ]
    return read_agenda(documents, WINDOW, zone="Europe/Berlin", system_zone="UTC", all_events=all_events)


def assert_same(contents: list[bytes]) -> None:
    fast, full = read(contents, all_events=False), read(contents, all_events=True)
    for one, other in zip(fast.occurrences, full.occurrences, strict=True):
        assert one._replace(recurrence_id=None) == other._replace(recurrence_id=None)
        # Where an instance and its series disagree on dates and times, the series says which start is meant;
        # one that is over may have been forgotten.
        assert abs((one.recurrence_id or NEVER) - (other.recurrence_id or NEVER)) <= timedelta(days=2)
    assert [source.events for source in fast.sources] == [source.events for source in full.sources]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(calendars(), min_size=1, max_size=2))
def test_forgetting_changes_nothing(contents: list[bytes]) -> None:
    assert_same(contents)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(calendars(), st.data())
def test_forgetting_changes_nothing_in_damaged_files(content: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        until = at + data.draw(st.sampled_from((0, 1, 5, 60)))
        junk = data.draw(st.sampled_from(JUNK))
        content = content[:at] + junk + content[until:]
    assert_same([content])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(calendars(), st.integers(20, 90))
def test_chunks_change_nothing(content: bytes, chunk: int) -> None:
    whole = b"".join(content_lines.LogicalText(BytesIO(content), 1 << 20))
    pieces = list(content_lines.LogicalText(BytesIO(content), 1 << 20, chunk))
    assert b"".join(pieces) == whole
    assert all(piece.startswith(b"\n") for piece in pieces if piece)


def test_the_first_of_two_uids_is_remembered_however_it_is_written() -> None:
    """A revision that moves an event out of the window is known by the UID that the reader takes."""
    inside = (
        "BEGIN:VEVENT\nUID:abc\nSEQUENCE:0\nDTSTART:20260309T100000Z\nDTEND:20260309T110000Z\nEND:VEVENT\n"
    )
    moved = (
        "BEGIN:VEVENT\nUID;X-A=1:abc\nUID:other\nSEQUENCE:1\n"
        "DTSTART:20250309T100000Z\nDTEND:20250309T110000Z\nEND:VEVENT\n"
    )
    content = f"BEGIN:VCALENDAR\n{inside}{moved}END:VCALENDAR\n".encode()
    assert_same([content])
    assert not read([content], all_events=False).occurrences


def test_a_name_behind_another_blank_than_space_and_tab_is_no_name() -> None:
    rows = "BEGIN:VEVENT\nUID:abc\nDTSTART:20250309T100000Z\nDTEND:20250309T110000Z\n\x0bRRULE:FREQ=DAILY\n"
    content = f"BEGIN:VCALENDAR\n{rows}END:VEVENT\nEND:VCALENDAR\n".encode()
    assert_same([content])
