"""Odd ways of writing a calendar that bug reports of other readers tell of, each with what it comes to.

The week begins on Monday 4 May 2026, in Berlin; times are in UTC. What cannot be read is told.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from lastresort.ics.reader import read_agenda
from lastresort.model import Document, Interval

WINDOW = Interval(datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 11, tzinfo=UTC))
STAMP = "DTSTAMP:20260101T000000Z"


class Odd(NamedTuple):
    """A calendar, its occurrences, and whether something of it is told."""

    name: str
    data: bytes
    times: list[str]
    is_told: bool


def ev(*lines: str, uid: str = "e") -> list[str]:
    return ["BEGIN:VEVENT", f"UID:{uid}", STAMP, "SUMMARY:Thing", *lines, "END:VEVENT"]


def cal(*parts: list[str], head: tuple[str, ...] = ()) -> bytes:
    lines = [line for part in parts for line in part]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *head, *lines, "END:VCALENDAR", ""]
    return "\r\n".join(whole).encode()


def zone(tzid: str, offset: str) -> list[str]:
    inner = ["DTSTART:19700101T000000", f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}"]
    return ["BEGIN:VTIMEZONE", f"TZID:{tzid}", "BEGIN:STANDARD", *inner, "END:STANDARD", "END:VTIMEZONE"]


def series(*lines: str, start: str = "20260504") -> list[str]:
    """Return an hour at 10:00 in Berlin that repeats by the lines."""
    begun, ended = (f"{name};TZID=Europe/Berlin:{start}T{hour}0000" for name, hour in TEN_TO_ELEVEN)
    return ev(begun, ended, *lines)


EARLY, LATE = "DTSTAMP:20260401T000000Z", "DTSTAMP:20260402T000000Z"


def stamped(stamp: str, title: str, *lines: str) -> list[str]:
    return ["BEGIN:VEVENT", "UID:1", stamp, f"SUMMARY:{title}", *lines, "END:VEVENT"]


TEN_TO_ELEVEN = (("DTSTART", 10), ("DTEND", 11))


def day(number: int, start: str = "08:00", end: str = "09:00", level: str = "clash busy") -> str:
    return f"{number:02d} {start}-{number:02d} {end} {level}"


H = ["DTSTART:20260505T080000Z", "DTEND:20260505T090000Z"]
T = ["DTSTART;TZID=Europe/Berlin:20260505T100000", "DTEND;TZID=Europe/Berlin:20260505T110000"]
OK = day(5)
TWO = [day(4), day(5)]
ODD = [
    Odd(
        "quoted tzid",
        cal(ev('DTSTART;TZID="Europe/Berlin":20260505T100000', 'DTEND;TZID="Europe/Berlin":20260505T110000')),
        [OK],
        False,
    ),
    Odd(
        "tzid and Z",
        cal(ev("DTSTART;TZID=Europe/Berlin:20260505T080000Z", "DTEND;TZID=Europe/Berlin:20260505T090000Z")),
        [OK],
        False,
    ),
    Odd(
        "explicit date-time",
        cal(ev("DTSTART;VALUE=DATE-TIME;TZID=Europe/Berlin:20260505T100000", "DURATION:PT1H")),
        [OK],
        False,
    ),
    Odd("rule ends in semicolon", cal(series("RRULE:FREQ=DAILY;COUNT=2;")), TWO, False),
    Odd("rule stray comma", cal(series("RRULE:FREQ=WEEKLY;BYDAY=MO,TU,;COUNT=2")), TWO, False),
    Odd("rule lower case", cal(series("RRULE:freq=daily;count=2")), TWO, False),
    Odd("rule spaces", cal(series("RRULE:FREQ=DAILY; COUNT=2")), TWO, False),
    Odd("rule with parameter", cal(series("RRULE;X-P=1:FREQ=DAILY;COUNT=2")), TWO, False),
    Odd(
        "exdate trailing comma",
        cal(series("RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20260505T100000,20260506T100000,")),
        [day(4)],
        False,
    ),
    Odd("exdate empty", cal(series("RRULE:FREQ=DAILY;COUNT=2", "EXDATE:")), TWO, False),
    Odd(
        "exdate other zone",
        cal(series("RRULE:FREQ=DAILY;COUNT=2", "EXDATE;TZID=America/New_York:20260505T040000")),
        [day(4)],
        False,
    ),
    Odd(
        "exdate as a date",
        cal(series("RRULE:FREQ=DAILY;COUNT=2", "EXDATE;VALUE=DATE:20260505")),
        [day(4)],
        False,
    ),
    Odd(
        "rdate period",
        cal(ev(*H, "RDATE;VALUE=PERIOD:20260506T080000Z/PT2H")),
        [OK, day(6, end="10:00")],
        False,
    ),
    Odd("rdate dates on timed", cal(ev(*T, "RDATE;VALUE=DATE:20260506")), [OK, day(6)], False),
    Odd("duration long form", cal(ev(H[0], "DURATION:P0DT1H0M0S")), [OK], False),
    Odd("duration plus", cal(ev(H[0], "DURATION:+PT60M")), [OK], False),
    Odd("duration negative", cal(ev(H[0], "DURATION:-PT1H")), ["05 08:00-05 08:00 ignore free"], True),
    Odd("duration rubbish", cal(ev(H[0], "DURATION:1 hour")), ["05 08:00-05 08:00 ignore free"], True),
    Odd("duration PT", cal(ev(H[0], "DURATION:PT")), ["05 08:00-05 08:00 ignore free"], True),
    Odd(
        "duration weeks",
        cal(ev("DTSTART:20260427T080000Z", "DURATION:P2W")),
        ["27 08:00-11 08:00 clash busy"],
        False,
    ),
    Odd(
        "end date of timed",
        cal(ev(T[0], "DTEND;VALUE=DATE:20260506")),
        ["05 08:00-05 22:00 clash busy"],
        False,
    ),
    Odd(
        "timed end of date",
        cal(ev("DTSTART;VALUE=DATE:20260505", "DTEND:20260505T100000Z")),
        ["04 22:00-05 22:00 check all-day"],
        False,
    ),
    Odd("end and duration", cal(ev(*H, "DURATION:PT3H")), [OK], False),
    Odd(
        "covers the window",
        cal(ev("DTSTART:20250101T000000Z", "DTEND:20270101T000000Z")),
        ["01 00:00-01 00:00 clash busy"],
        False,
    ),
    Odd("status lower", cal(ev(*H, "STATUS:cancelled")), [day(5, level="ignore cancelled")], False),
    Odd("transp blank", cal(ev(*H, "TRANSP: TRANSPARENT ")), [day(5, level="ignore free")], False),
    Odd(
        "busystatus lower",
        cal(ev(*H, "X-MICROSOFT-CDO-BUSYSTATUS:free")),
        [day(5, level="ignore free")],
        False,
    ),
    Odd("blank lines", cal(ev(*H)).replace(b"\r\n", b"\r\n\r\n"), [OK], False),
    Odd("tab folds", cal(ev("DTSTART:2026\r\n\t0505T080000Z", "DTEND:20260505T0\r\n\t90000Z")), [OK], False),
    Odd("trailing blanks", cal(ev(*H)).replace(b"\r\n", b" \r\n"), [OK], False),
    Odd(
        "alarm declines",
        cal(
            ev(
                *H,
                "BEGIN:VALARM",
                "ACTION:EMAIL",
                "ATTENDEE;PARTSTAT=DECLINED:mailto:me@home.example",
                "STATUS:CANCELLED",
                "TRANSP:TRANSPARENT",
                "DTSTART:20260506T080000Z",
                "TRIGGER:-PT5M",
                "END:VALARM",
            )
        ),
        [OK],
        False,
    ),
    Odd(
        "todo and journal",
        cal(
            [
                "BEGIN:VTODO",
                "UID:t",
                "DTSTART:20260505T080000Z",
                "DUE:20260505T090000Z",
                "END:VTODO",
                "BEGIN:VJOURNAL",
                "UID:j",
                "DTSTART:20260505T080000Z",
                "END:VJOURNAL",
            ],
            ev(*H),
        ),
        [OK],
        False,
    ),
    Odd(
        "inner x component",
        cal(
            ev(
                *H,
                "BEGIN:X-NOTE",
                "DTSTART:20260507T080000Z",
                "STATUS:CANCELLED",
                "RRULE:FREQ=DAILY",
                "END:X-NOTE",
            )
        ),
        [OK],
        False,
    ),
    Odd(
        "zones of two calendars",
        cal(zone("Custom", "+0100"), ev("DTSTART;TZID=Custom:20260505T090000", "DURATION:PT1H"))
        + cal(zone("Custom", "+0500"), ev("DTSTART;TZID=Custom:20260506T130000", "DURATION:PT1H", uid="f")),
        [OK, day(6)],
        False,
    ),
    Odd(
        "zone behind events",
        cal(ev("DTSTART;TZID=Custom:20260505T130000", "DURATION:PT1H"), zone("Custom", "+0500")),
        [OK],
        False,
    ),
    Odd(
        "zone lower case",
        cal(ev("DTSTART;TZID=america/new_york:20260505T040000", "DURATION:PT1H")),
        [OK],
        False,
    ),
    Odd(
        "zone old names",
        cal(
            ev("DTSTART;TZID=Asia/Calcutta:20260505T133000", "DURATION:PT1H"),
            ev("DTSTART;TZID=US/Pacific:20260506T010000", "DURATION:PT1H", uid="g"),
        ),
        [OK, day(6)],
        False,
    ),
    Odd("zone GMT+0200", cal(ev("DTSTART;TZID=GMT+0200:20260505T100000", "DURATION:PT1H")), [OK], False),
    Odd("zone Etc/GMT-5", cal(ev("DTSTART;TZID=Etc/GMT-5:20260505T130000", "DURATION:PT1H")), [OK], False),
    Odd(
        "zone counted by Outlook",
        cal(
            zone("Eastern Standard Time 1", "-0400"),
            ev("DTSTART;TZID=Eastern Standard Time 1:20260505T040000", "DURATION:PT1H"),
        ),
        [OK],
        False,
    ),
    Odd("no seconds", cal(ev("DTSTART;TZID=Europe/Berlin:20260505T1000", "DURATION:PT1H")), [OK], False),
    Odd("offset behind", cal(ev("DTSTART:20260505T040000-0400", "DTEND:20260505T050000-0400")), [OK], False),
    Odd(
        "end at 24",
        cal(ev(T[0], "DTEND;TZID=Europe/Berlin:20260505T240000")),
        ["05 08:00-05 22:00 clash busy"],
        False,
    ),
    Odd("minute 60", cal(ev("DTSTART:20260505T086000Z", "DURATION:PT1H")), [], True),
    Odd(
        "leap second",
        cal(ev("DTSTART:20260505T075960Z", "DTEND:20260505T090000Z")),
        ["05 07:59-05 09:00 clash busy"],
        False,
    ),
    Odd(
        "year one",
        cal(ev("DTSTART:00010101T000000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY"), ev(*H, uid="h")),
        [OK],
        False,
    ),
    Odd(
        "end of time",
        cal(ev("DTSTART;TZID=America/New_York:99991231T235959", "DURATION:PT1H"), ev(*H, uid="h")),
        [OK],
        False,
    ),
    Odd(
        "instance by date",
        cal(
            series("RRULE:FREQ=DAILY;COUNT=2"),
            ev("RECURRENCE-ID;VALUE=DATE:20260505", "DTSTART:20260505T120000Z", "DTEND:20260505T130000Z"),
        ),
        [day(4), day(5, "12:00", "13:00")],
        False,
    ),
    Odd(
        "instance with rule",
        cal(
            series("RRULE:FREQ=DAILY;COUNT=2"),
            ev(
                "RECURRENCE-ID;TZID=Europe/Berlin:20260505T100000",
                "DTSTART:20260505T120000Z",
                "DTEND:20260505T130000Z",
                "RRULE:FREQ=DAILY;COUNT=2",
            ),
        ),
        [day(4), day(5, "12:00", "13:00")],
        False,
    ),
    Odd(
        "instance older than series",
        cal(
            ev("SEQUENCE:4", "DTSTART:20260504T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
            ev("SEQUENCE:0", "RECURRENCE-ID:20260505T080000Z", "DTSTART:20260505T120000Z", "DURATION:PT1H"),
        ),
        [day(4), day(5, "12:00", "13:00")],
        False,
    ),
    Odd(
        "instance before series",
        cal(
            ev("RECURRENCE-ID:20260505T080000Z", "DTSTART:20260505T120000Z", "DURATION:PT1H"),
            ev("DTSTART:20260504T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
        ),
        [day(4), day(5, "12:00", "13:00")],
        False,
    ),
    Odd(
        "instance that is excluded as well",
        cal(
            ev(
                "DTSTART:20260504T080000Z",
                "DURATION:PT1H",
                "RRULE:FREQ=DAILY;COUNT=2",
                "EXDATE:20260505T080000Z",
            ),
            ev("RECURRENCE-ID:20260505T080000Z", "DTSTART:20260505T120000Z", "DURATION:PT1H"),
        ),
        [day(4), day(5, "12:00", "13:00")],
        False,
    ),
    Odd("imported twice", cal(ev(*H), ev(*H)), [OK], False),
    Odd(
        "empty uids",
        cal(ev(*H, uid=""), ev("DTSTART:20260506T080000Z", "DURATION:PT1H", uid="")),
        [OK, day(6)],
        False,
    ),
    Odd("weekly with numbered day", cal(series("RRULE:FREQ=WEEKLY;BYDAY=1MO;COUNT=2")), [day(4)], False),
    Odd("count and until", cal(series("RRULE:FREQ=DAILY;COUNT=5;UNTIL=20260505T220000Z")), TWO, False),
    Odd("until cut", cal(series("RRULE:FREQ=DAILY;UNTIL=20260505T")), TWO, False),
    Odd(
        "rule of the Gregorian calendar",
        cal(series("RRULE:RSCALE=GREGORIAN;FREQ=DAILY;COUNT=2;SKIP=FORWARD")),
        TWO,
        False,
    ),
    Odd("rule of another calendar", cal(series("RRULE:RSCALE=HEBREW;FREQ=DAILY;COUNT=2")), [day(4)], True),
    Odd("rule with unknown part", cal(series("RRULE:FREQ=DAILY;COUNT=2;X-SKIP=1")), TWO, False),
    Odd(
        "exrule",
        cal(series("RRULE:FREQ=DAILY;COUNT=3", "EXRULE:FREQ=WEEKLY;BYDAY=TU")),
        [day(4), day(6)],
        False,
    ),
    Odd("week number", cal(series("RRULE:FREQ=YEARLY;BYWEEKNO=19;BYDAY=TU", start="20250506")), [OK], False),
    Odd("setpos", cal(series("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", start="20260105")), [day(4)], False),
    Odd(
        "interval and week start",
        cal(series("RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO", start="20260419")),
        [day(4)],
        False,
    ),
    Odd(
        "quoted semicolon in name",
        cal(ev(*H, 'ATTENDEE;CN="Doe; Jane";PARTSTAT=DECLINED:mailto:me@home.example')),
        [day(5, level="ignore declined")],
        False,
    ),
    Odd(
        "bare colon in name",
        cal(ev(*H, "ATTENDEE;CN=Jane: Doe;PARTSTAT=DECLINED:mailto:me@home.example")),
        [day(5, level="ignore declined")],
        False,
    ),
    Odd(
        "attendee in capitals",
        cal(ev(*H, "ATTENDEE;PARTSTAT=declined:MAILTO:ME@HOME.EXAMPLE")),
        [day(5, level="ignore declined")],
        False,
    ),
    Odd("null bytes", cal(ev("DESCRIPTION:a\x00b", *H)), [OK], False),
    Odd("invalid utf-8", cal(ev("DESCRIPTION:X", *H)).replace(b":X", b":\xff\xfe\x80"), [OK], True),
    Odd("literal backslash n", cal(ev(*H)).replace(b"\r\n", b"\\n"), [], True),
    Odd(
        "marks between calendars",
        b"\xef\xbb\xbf"
        + cal(ev(*H))
        + b"\xef\xbb\xbf"
        + cal(ev("DTSTART:20260506T080000Z", "DURATION:PT1H", uid="z")),
        [OK, day(6)],
        False,
    ),
    Odd(
        "calendar zone quoted",
        cal(ev("DTSTART:20260505T040000", "DURATION:PT1H"), head=['X-WR-TIMEZONE:"America/New_York"']),
        [OK],
        False,
    ),
    Odd(
        "calendar zone blank",
        cal(ev("DTSTART:20260505T040000", "DURATION:PT1H"), head=["X-WR-TIMEZONE: America/New_York "]),
        [OK],
        False,
    ),
    Odd(
        "empty private zone",
        cal(
            ["BEGIN:VTIMEZONE", "TZID:Mine", "END:VTIMEZONE"],
            ev("DTSTART;TZID=Mine:20260505T100000", "DURATION:PT1H"),
        ),
        [OK],
        True,
    ),
    Odd(
        "zone parameter behind colon",
        cal(ev("DTSTART:TZID=Europe/Berlin:20260505T100000", "DURATION:PT1H")),
        [OK],
        False,
    ),
    Odd("blank before colon", cal(ev("DTSTART :20260505T080000Z", "DTEND :20260505T090000Z")), [OK], False),
    Odd(
        "midnight to midnight",
        cal(ev("DTSTART;TZID=Europe/Berlin:20260505T000000", "DTEND;TZID=Europe/Berlin:20260506T000000")),
        ["04 22:00-05 22:00 clash busy"],
        False,
    ),
    Odd(
        "free/busy without type",
        cal(
            [
                "BEGIN:VFREEBUSY",
                "UID:fb",
                "DTSTAMP:20260101T000000Z",
                "FREEBUSY:20260505T080000Z/PT30M,20260505T083000Z/20260505T090000Z",
                "END:VFREEBUSY",
            ]
        ),
        ["05 08:00-05 08:30 clash busy", "05 08:30-05 09:00 clash busy"],
        False,
    ),
    Odd(
        "two dates in one start",
        cal(ev("DTSTART:20260505T080000Z,20260506T080000Z", "DURATION:PT1H")),
        [],
        True,
    ),
    Odd(
        "start with comma of seconds",
        cal(ev("DTSTART:20260505T080000.000Z", "DTEND:20260505T090000.000Z")),
        [OK],
        False,
    ),
    Odd("lower-case t and z", cal(ev("DTSTART:20260505t080000z", "DTEND:20260505t090000z")), [OK], False),
    Odd(
        "value in lower case",
        cal(ev("DTSTART;VALUE=date:20260505", "DTEND;value=DATE:20260506")),
        ["04 22:00-05 22:00 check all-day"],
        False,
    ),
    Odd("arabic digits", cal(ev("DTSTART:٢٠٢٦0505T080000Z", "DURATION:PT1H")), [], True),
    Odd(
        "recurrence-id equals start without series",
        cal(ev("RECURRENCE-ID:20260505T080000Z", *H)),
        [OK],
        False,
    ),
    Odd(
        "rdate only series",
        cal(ev(*H, "RDATE:20260506T080000Z,20260507T080000Z", "EXDATE:20260505T080000Z")),
        [day(6), day(7)],
        False,
    ),
    Odd(
        "this and future cancelled",
        cal(
            ev("DTSTART:20260504T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=5"),
            ev(
                "RECURRENCE-ID;RANGE=THISANDFUTURE:20260506T080000Z",
                "DTSTART:20260506T080000Z",
                "DURATION:PT1H",
                "STATUS:CANCELLED",
            ),
        ),
        [
            day(4),
            day(5),
            day(6, level="ignore cancelled"),
            day(7, level="ignore cancelled"),
            day(8, level="ignore cancelled"),
        ],
        False,
    ),
    Odd(
        "this and prior",
        cal(
            ev("DTSTART:20260504T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"),
            ev(
                "RECURRENCE-ID;RANGE=THISANDPRIOR:20260505T080000Z",
                "DTSTART:20260505T120000Z",
                "DURATION:PT1H",
            ),
        ),
        [day(4), day(5, "12:00", "13:00"), day(6)],
        False,
    ),
    Odd(
        "until in UTC is the last second of a day",
        cal(
            ev("DTSTART;VALUE=DATE:20260504", "RRULE:FREQ=DAILY;UNTIL=20260505T235959Z"),
            head=("X-WR-TIMEZONE:Asia/Tokyo",),
        ),
        ["03 22:00-04 22:00 check all-day", "04 22:00-05 22:00 check all-day"],
        False,
    ),
    Odd(
        "this and future moved over the change of clocks",
        cal(
            series("RRULE:FREQ=WEEKLY", start="20260323"),
            ev(
                "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260323T100000",
                "DTSTART;TZID=Europe/Berlin:20260330T100000",
                "DURATION:PT1H",
            ),
        ),
        [day(4)],
        False,
    ),
    Odd(
        "cancelled before an instance was changed again",
        cal(
            ev("DTSTART:20260504T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
            ev("SEQUENCE:2", "RECURRENCE-ID:20260505T080000Z", "DTSTART:20260505T120000Z", "DURATION:PT1H"),
        )
        + cal(
            ev("SEQUENCE:1", "DTSTART:20260504T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
            head=("METHOD:CANCEL",),
        ),
        [day(4, level="ignore cancelled"), day(5, "12:00", "13:00")],
        False,
    ),
    Odd(
        "invited again after a cancellation",
        cal(stamped(LATE, "Talk", *H)) + cal(stamped(EARLY, "Talk", *H), head=("METHOD:CANCEL",)),
        [OK],
        False,
    ),
    Odd(
        "a zone whose clocks change at a time in UTC",
        cal(
            [
                *zone("Custom", "+0500")[:-1],
                "BEGIN:DAYLIGHT",
                "DTSTART:20260505T060000Z",
                "TZOFFSETFROM:+0500",
                "TZOFFSETTO:+0600",
                "END:DAYLIGHT",
                "END:VTIMEZONE",
            ],
            ev("DTSTART;TZID=Custom:20260505T090000", "DURATION:PT1H"),
        ),
        [day(5, "04:00", "05:00")],
        False,
    ),
    Odd(
        "an exception at the last second of a day in UTC",
        cal(
            ev("DTSTART;VALUE=DATE:20260504", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260504T235959Z"),
            head=("X-WR-TIMEZONE:Asia/Tokyo",),
        ),
        ["04 22:00-05 22:00 check all-day"],
        False,
    ),
    Odd(
        "end without the zone of its start",
        cal(ev("DTSTART;TZID=America/New_York:20260505T040000", "DTEND:20260505T050000")),
        [OK],
        False,
    ),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_what_is_read(odd: Odd) -> None:
    document = Document("x.ics", "x.ics", lambda: io.BytesIO(odd.data))
    me = frozenset({"me@home.example"})
    agenda = read_agenda([document], WINDOW, zone="Europe/Berlin", system_zone="UTC", me=me)
    assert [
        f"{one.interval.start:%d %H:%M}-{one.interval.end:%d %H:%M} {one.busy} {one.reason}"
        for one in agenda.occurrences
    ] == odd.times
    assert bool(agenda.problems) == odd.is_told


NEXT_DAY = ["DTSTART:20260506T080000Z", "DTEND:20260506T090000Z"]


@pytest.mark.parametrize(
    ("title", "times"),
    [
        pytest.param("Dentist", [day(5), day(6)], id="two exporters number their events from 1"),
        pytest.param("Gym", [day(6)], id="a later revision in another file"),
    ],
)
def test_one_uid_in_two_files(title: str, times: list[str]) -> None:
    files = (cal(stamped(EARLY, "Gym", *H)), cal(stamped(LATE, title, *NEXT_DAY)))
    documents = [
        Document(f"{number}.ics", f"{number}.ics", lambda data=data: io.BytesIO(data))  # type: ignore[misc]
        for number, data in enumerate(files)
    ]
    agenda = read_agenda(documents, WINDOW, zone="Europe/Berlin", system_zone="UTC")
    assert [
        f"{one.interval.start:%d %H:%M}-{one.interval.end:%d %H:%M} {one.busy} {one.reason}"
        for one in agenda.occurrences
    ] == times


def test_a_later_revision_in_one_file_counts_whatever_its_title_says() -> None:
    data = cal(stamped(EARLY, "Gym", *H), stamped(LATE, "Gym with Bo", *NEXT_DAY))
    document = Document("x.ics", "x.ics", lambda: io.BytesIO(data))
    (one,) = read_agenda([document], WINDOW, zone="Europe/Berlin", system_zone="UTC").occurrences
    assert one.event.summary == "Gym with Bo"
