"""What a calendar says, whichever way a server writes it, and what is never the same."""

from __future__ import annotations

import pytest

from lastresort.changes.meaning import meaning

ALARM = ("BEGIN:VALARM", "TRIGGER:-PT5M", "ACTION:DISPLAY", "END:VALARM")
EVENT = (
    "BEGIN:VEVENT",
    "UID:a",
    "DTSTAMP:20260401T000000Z",
    "DTSTART;TZID=Europe/Berlin;X-P=1:20260505T100000",
    "RRULE:FREQ=WEEKLY;COUNT=3",
    'ATTENDEE;CN="Lee: a; b";ROLE=CHAIR:mailto:lee@work.example',
    "SUMMARY:One\\, two",
    *ALARM,
    "END:VEVENT",
)
ZONE = ("BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "END:VTIMEZONE")


def written(*rows: str, event: tuple[str, ...] = EVENT) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *rows, *event, "END:VCALENDAR", "")).encode()


def with_row(old: str, *new: str) -> bytes:
    assert old in EVENT
    rows: list[str] = []
    for row in EVENT:
        rows += new if row == old else (row,)
    return written(event=tuple(rows))


SAME = {
    "another producer": written("PRODID:-//server//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"),
    "stamps": with_row("DTSTAMP:20260401T000000Z", "DTSTAMP:20260501T000000Z", "CREATED:20260101T000000Z"),
    "no stamps": with_row("DTSTAMP:20260401T000000Z", "last-modified:20260101T000000Z"),
    "a zone's rules": written(*ZONE),
    "order of lines": written(event=("BEGIN:VEVENT", *reversed(EVENT[1:7]), *ALARM, "END:VEVENT")),
    "order inside an alarm": written(
        event=(*EVENT[:7], ALARM[0], ALARM[2], ALARM[1], ALARM[3], "END:VEVENT")
    ),
    "order of parameters": with_row(EVENT[3], "DTSTART;X-P=1;TZID=Europe/Berlin:20260505T100000"),
    "quoted parameters": with_row(EVENT[3], 'DTSTART;TZID="Europe/Berlin";X-P=1:20260505T100000'),
    "order of quoted parameters": with_row(
        EVENT[5], 'ATTENDEE;ROLE=CHAIR;CN="Lee: a; b":mailto:lee@work.example'
    ),
    "order of a rule": with_row(EVENT[4], "RRULE:COUNT=3;FREQ=WEEKLY"),
    "a rule in small letters": with_row(EVENT[4], "RRULE:freq=weekly;count=3"),
    "small names": with_row("UID:a", "uid:a"),
    "escapes": with_row("SUMMARY:One\\, two", "SUMMARY:One, two"),
    "folds": with_row("SUMMARY:One\\, two", "SUMM", " ARY:One\\,", "  two"),
    "an empty line": with_row("UID:a", "UID:a", ""),
    "components in small letters": written().replace(b"BEGIN:VALARM", b"begin:valarm"),
    "blanks at a line's end": with_row("UID:a", "UID:a "),
}
OTHER = {
    "time": with_row(EVENT[3], EVENT[3].replace("T10", "T11")),
    "zone": with_row(EVENT[3], EVENT[3].replace("Berlin", "London")),
    "rule": with_row(EVENT[4], "RRULE:FREQ=WEEKLY;COUNT=4"),
    "no rule": with_row(EVENT[4]),
    "title": with_row("SUMMARY:One\\, two", "SUMMARY:One\\, TWO"),
    "title with a semicolon": with_row("SUMMARY:One\\, two", "SUMMARY:two;One"),
    "what stands behind a quoted colon": with_row(EVENT[5], EVENT[5].replace("lee@", "eve@")),
    "a quoted name": with_row(EVENT[5], EVENT[5].replace("a; b", "a; c")),
    "a parameter behind a quoted semicolon": with_row(EVENT[5], EVENT[5].replace("CHAIR", "OPT-PARTICIPANT")),
    "status": with_row("UID:a", "UID:a", "STATUS:CANCELLED"),
    "alarm": with_row("TRIGGER:-PT5M", "TRIGGER:-PT6M"),
    "no alarm": written(event=(*EVENT[:7], "END:VEVENT")),
    "a line of the alarm in the event": written(
        event=(*EVENT[:7], ALARM[0], ALARM[1], ALARM[3], ALARM[2], "END:VEVENT")
    ),
    "a task": written().replace(b"VEVENT", b"VTODO"),
    "twice": written(event=(*EVENT, *EVENT)),
    "nothing": written(event=()),
    "a property of the calendar": written("X-WR-TIMEZONE:Europe/Berlin"),
}


@pytest.mark.parametrize("again", SAME.values(), ids=SAME)
def test_it_says_the_same(again: bytes) -> None:
    assert again != written()
    assert meaning(again) == meaning(written())


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_it_says_something_else(other: bytes) -> None:
    assert meaning(other) != meaning(written())


def test_the_order_of_rule_parts_is_no_licence_for_other_values() -> None:
    one, other = (with_row("SUMMARY:One\\, two", f"DESCRIPTION:{text}") for text in ("a;b", "b;a"))
    assert meaning(one) != meaning(other)


def test_an_end_without_a_begin_does_no_harm() -> None:
    assert meaning(b"END:VEVENT\r\n" + written()) != meaning(b"END:VTODO\r\nUID:b\r\n" + written())


def test_components_in_another_order_say_the_same() -> None:
    later = tuple(row.replace("UID:a", "UID:b") for row in EVENT)
    assert meaning(written(event=(*EVENT, *later))) == meaning(written(event=(*later, *EVENT)))
