"""From documents to an agenda: levels, revisions across files, owners, windows, and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from reading import DAY, ME, TIMED, calendar, codes, document, event, levels, read, times

from lastresort.errors import SourceError
from lastresort.ics.busy import CalendarPolicy
from lastresort.model import Document, Limits

if TYPE_CHECKING:
    from io import BytesIO


def answered(partstat: str, address: str = ME) -> tuple[str, ...]:
    return (
        "ORGANIZER:mailto:boss@corp.example",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:boss@corp.example",
        f"ATTENDEE{';PARTSTAT=' + partstat if partstat else ''}:MAILTO:{address.upper()}",
    )


@pytest.mark.parametrize(
    ("rows", "level"),
    [
        (TIMED, "clash busy"),
        ((*TIMED, "TRANSP:OPAQUE"), "clash busy"),
        ((*TIMED, "TRANSP:MAYBE"), "clash busy"),
        ((*TIMED, "transp:transparent"), "ignore free"),
        ((*TIMED, "STATUS:CANCELLED"), "ignore cancelled"),
        ((*TIMED, "STATUS:TENTATIVE"), "check tentative"),
        ((*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:OPAQUE"), "ignore free"),
        ((*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "TRANSP:TRANSPARENT"), "clash busy"),
        ((*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"), "check tentative"),
        ((*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "STATUS:TENTATIVE"), "clash busy"),
        ((*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", *answered("TENTATIVE")), "check tentative"),
        ((*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"), "ignore working-elsewhere"),
        ((*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), "clash out-of-office"),
        ((*TIMED, "X-MICROSOFT-CDO-INTENDEDSTATUS:FREE"), "clash busy"),
        ((*TIMED, "X-MICROSOFT-MSNCALENDAR-BUSYSTATUS:FREE"), "ignore free"),
        (
            (*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "X-MICROSOFT-MSNCALENDAR-BUSYSTATUS:FREE"),
            "clash busy",
        ),
        ((*TIMED, *answered("ACCEPTED")), "clash busy"),
        ((*TIMED, *answered("DECLINED")), "ignore declined"),
        ((*TIMED, *answered("DELEGATED")), "ignore declined"),
        ((*TIMED, *answered("TENTATIVE")), "check tentative"),
        ((*TIMED, *answered("NEEDS-ACTION")), "check unanswered"),
        ((*TIMED, *answered("")), "check unanswered"),
        ((*TIMED, *answered("X-PERHAPS")), "check unanswered"),
        ((*TIMED, *answered("DECLINED", "somebody@else.example")), "clash busy"),
        ((*TIMED, f"ORGANIZER:mailto:{ME}", f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{ME}"), "clash busy"),
        ((*TIMED, f"ATTENDEE;X-PARTSTAT=DECLINED;EMAIL={ME}:urn:uuid:1"), "ignore declined"),
        ((*TIMED, f"ATTENDEE;PARTSTAT=DECLINED:{ME}"), "ignore declined"),
        ((*TIMED, f"X-ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}"), "ignore declined"),
        ((*TIMED, f"ATTENDEE;PARTSTAT=DECLINED;X-EMAIL={ME}:urn:uuid:1"), "ignore declined"),
        ((*TIMED, "X-MICROSOFT-CDO-BUSYSTATUS:MAYBE", "TRANSP:TRANSPARENT"), "ignore free"),
        (DAY, "check all-day"),
        ((*DAY, "TRANSP:TRANSPARENT"), "ignore free"),
        ((*DAY, "X-MICROSOFT-CDO-BUSYSTATUS:OOF"), "clash out-of-office"),
        ((*DAY, "SUMMARY:Lee's birthday"), "ignore birthday"),
        ((*DAY, "SUMMARY:小明生日"), "ignore birthday"),
        ((*DAY, "SUMMARY:Péter születésnap"), "ignore birthday"),
        ((*DAY, "SUMMARY:Anniversari"), "ignore birthday"),
        ((*DAY, "SUMMARY:B-Day Mia"), "ignore birthday"),
        ((*DAY, "SUMMARY:A Day / B Day"), "check all-day"),
        ((*DAY, "CATEGORIES:Private,Geburtstag"), "ignore birthday"),
        ((*DAY, "SUMMARY:Queen's Birthday"), "check all-day"),
        ((*TIMED, "SUMMARY:Lee's birthday"), "clash busy"),
        ((*DAY, "STATUS:TENTATIVE"), "check tentative"),
        (("DTSTART:20260505T080000Z",), "ignore free"),
    ],
)
def test_busy_levels(rows: tuple[str, ...], level: str) -> None:
    assert levels(read(calendar(event(*rows)))) == [level]


@pytest.mark.parametrize(
    ("rows", "policy", "level"),
    [
        ((*TIMED, "TRANSP:TRANSPARENT"), CalendarPolicy(timed_free="busy"), "clash busy"),
        ((*DAY, "TRANSP:TRANSPARENT"), CalendarPolicy(timed_free="busy"), "ignore free"),
        (DAY, CalendarPolicy(all_day="clash"), "clash all-day"),
        (DAY, CalendarPolicy(all_day="ignore"), "ignore all-day"),
        ((*TIMED, "STATUS:TENTATIVE"), CalendarPolicy(tentative="clash"), "clash tentative"),
        ((*TIMED, *answered("NEEDS-ACTION")), CalendarPolicy(unanswered="ignore"), "ignore unanswered"),
        (
            (*TIMED, *answered("DECLINED")),
            CalendarPolicy(owner=frozenset({"Boss@corp.example"})),
            "clash busy",
        ),
    ],
)
def test_policies_of_a_calendar(rows: tuple[str, ...], policy: CalendarPolicy, level: str) -> None:
    assert levels(read(calendar(event(*rows)), policies={"a": policy})) == [level]


MASTER = event(*TIMED, "RRULE:FREQ=DAILY;COUNT=3", "SEQUENCE:1")
MOVED = ("RECURRENCE-ID:20260506T080000Z", "DTSTART:20260506T120000Z", "DTEND:20260506T130000Z")
LATER = ("DTSTART:20260507T080000Z", "DTEND:20260507T090000Z")
FAR = ("DTSTART:20270507T080000Z", "DTEND:20270507T090000Z")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        # a later revision, in one file or two, in either order, inside the window or far outside
        ([calendar(event(*TIMED), event(*LATER, "SEQUENCE:1"))], ["07 08:00-09:00"]),
        ([calendar(event(*TIMED)), calendar(event(*LATER, "SEQUENCE:1"))], ["07 08:00-09:00"]),
        ([calendar(event(*LATER, "SEQUENCE:1")), calendar(event(*TIMED))], ["07 08:00-09:00"]),
        ([calendar(event(*TIMED)), calendar(event(*FAR, "SEQUENCE:1"))], []),
        ([calendar(event(*TIMED), event(*FAR, "SEQUENCE:1"), event(*LATER, uid="z"))], ["07 08:00-09:00"]),
        (
            [calendar(event(*TIMED, "DTSTAMP:20260401T000000Z"), event(*LATER, "DTSTAMP:20260402T000000Z"))],
            ["07 08:00-09:00"],
        ),
        # nothing says which is newer
        ([calendar(event(*TIMED), event(*LATER))], ["05 08:00-09:00", "07 08:00-09:00"]),
        # exporters that number their events meet in two calendars
        (
            [
                calendar(event(*TIMED, "SUMMARY:Gym", "DTSTAMP:20260401T000000Z", uid="1")),
                calendar(event(*LATER, "SUMMARY:Lesson", "DTSTAMP:20260402T000000Z", uid="1")),
            ],
            ["05 08:00-09:00", "07 08:00-09:00"],
        ),
        # instances in another file
        (
            [calendar(MASTER), calendar(event(*MOVED))],
            ["05 08:00-09:00", "06 12:00-13:00", "07 08:00-09:00"],
        ),
        ([calendar(event(*MOVED))], ["06 12:00-13:00"]),
        (
            [calendar(MASTER), calendar(event(*MOVED[:2]), head=("METHOD:CANCEL",))],
            ["05 08:00-09:00", "07 08:00-09:00"],
        ),
        (
            [calendar(MASTER), calendar(event(MOVED[0]), head=("METHOD:CANCEL",))],
            ["05 08:00-09:00", "07 08:00-09:00"],
        ),
        # the whole event called off, with and without its start; a stale cancellation
        (
            [calendar(MASTER, event(*MOVED)), calendar(event(*TIMED, "SEQUENCE:2"), head=("METHOD:CANCEL",))],
            [],
        ),
        (
            [
                calendar(event(*TIMED, "SEQUENCE:3")),
                calendar(event(*TIMED, "SEQUENCE:2"), head=("METHOD:CANCEL",)),
            ],
            ["05 08:00-09:00"],
        ),
        ([calendar(MASTER), calendar(event("SEQUENCE:2"), head=("METHOD:CANCEL",))], []),
        ([calendar(event(*TIMED)), calendar(event("SEQUENCE:2"), head=("METHOD:CANCEL",))], []),
        ([calendar(event("SEQUENCE:2"), head=("METHOD:CANCEL",))], []),
        (
            [calendar(event(*TIMED, "SEQUENCE:3")), calendar(event("SEQUENCE:2"), head=("METHOD:CANCEL",))],
            ["05 08:00-09:00"],
        ),
        # called off in one calendar, stale in another
        ([calendar(event(*TIMED)), calendar(event(*TIMED, "SEQUENCE:1", "STATUS:CANCELLED"))], []),
        (
            [calendar(event(*TIMED, "SEQUENCE:1")), calendar(event(*TIMED, "STATUS:CANCELLED"))],
            ["05 08:00-09:00"],
        ),
        # one series, written by two programs
        (
            [
                calendar(event(*TIMED, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260506T080000Z")),
                calendar(
                    event(
                        *TIMED,
                        "RRULE:COUNT=2;FREQ=DAILY;INTERVAL=1;WKST=SU",
                        "EXDATE;TZID=Europe/Berlin:20260506T100000",
                    )
                ),
            ],
            ["05 08:00-09:00"],
        ),
        # other people's answers and wishes
        (
            [calendar(event(*TIMED)), calendar(event(*LATER, "SEQUENCE:9"), head=("METHOD:COUNTER",))],
            ["05 08:00-09:00"],
        ),
        ([calendar(event(*LATER), head=("METHOD:REPLY",))], []),
        ([calendar(event(*LATER), head=("METHOD:declinecounter",))], []),
        ([calendar(event(*LATER), head=("METHOD:REFRESH",))], []),
        # one more instance of an event, not a revision of it
        (
            [calendar(event(*TIMED)), calendar(event(*LATER, "SEQUENCE:1"), head=("METHOD:ADD",))],
            ["05 08:00-09:00", "07 08:00-09:00"],
        ),
    ],
)
def test_revisions(texts: list[str], expected: list[str]) -> None:
    assert times(read(*texts)) == expected


def test_a_copy_in_another_calendar_is_a_duplicate() -> None:
    agenda = read(calendar(event(*TIMED)), calendar(event(*TIMED)))
    assert [(one.event.source, f"{one.busy} {one.reason}") for one in agenda.occurrences] == [
        ("a", "clash busy"),
        ("b", "ignore duplicate"),
    ]


def test_the_invitation_beside_the_answered_copy_does_not_ask_again() -> None:
    mine = calendar(event(*TIMED, *answered("ACCEPTED")))
    invitation = calendar(event(*TIMED, *answered("NEEDS-ACTION")), head=("METHOD:REQUEST",))
    assert set(levels(read(invitation, mine))) == {"clash busy", "ignore duplicate"}


def test_what_i_declined_stays_declined_beside_the_invitation() -> None:
    mine = calendar(event(*TIMED, *answered("DECLINED")))
    invitation = calendar(event(*TIMED, *answered("NEEDS-ACTION")), head=("METHOD:REQUEST",))
    assert set(levels(read(invitation, mine))) == {"ignore declined", "ignore duplicate"}


def test_one_owners_decline_does_not_drop_anothers_event() -> None:
    theirs = calendar(
        event(*TIMED, *answered("DECLINED", "spouse@home.example"), f"ATTENDEE;PARTSTAT=ACCEPTED:{ME}")
    )
    policies = {"b": CalendarPolicy(owner=frozenset({"spouse@home.example"}))}
    assert levels(read(theirs, theirs, policies=policies)) == ["clash busy", "ignore duplicate"]
    assert levels(read(theirs, policies={"a": policies["b"]})) == ["ignore declined"]


@pytest.mark.parametrize(
    ("text", "more", "me", "words"),
    [
        (calendar(head=("X-WR-CALNAME:Dana@Home.example",)), {}, "dana@home.example", "named"),
        (calendar(), {"calendar": "dana@home.example"}, "dana@home.example", "named"),
        (calendar(), {"recipient": "dana@home.example"}, "dana@home.example", "sent"),
        (calendar(head=("X-WR-CALNAME:Work",)), {}, None, ""),
        (
            calendar(
                event(*TIMED, "ORGANIZER:mailto:a@x.example", "ATTENDEE:mailto:dana@home.example", uid="1"),
                event(*TIMED, "ORGANIZER:mailto:b@x.example", "ATTENDEE:mailto:dana@home.example", uid="2"),
                event(*TIMED, "ORGANIZER:mailto:dana@home.example", "ATTENDEE:mailto:c@x.example", uid="3"),
            ),
            {},
            "dana@home.example",
            "3 of 3",
        ),
        (
            calendar(event(*TIMED, "ORGANIZER:mailto:a@x.example", "ATTENDEE:mailto:b@x.example")),
            {},
            None,
            "",
        ),
    ],
)
def test_owners_are_guessed_and_the_guess_is_told(
    text: str, more: dict[str, str], me: str | None, words: str
) -> None:
    agenda = read(document(text, **more), me=None)
    assert agenda.me == (frozenset({me}) if me else frozenset())
    assert words in agenda.me_guessed
    assert bool(agenda.me_guessed) == bool(me)


def test_given_addresses_are_not_guessed() -> None:
    agenda = read(calendar(head=("X-WR-CALNAME:dana@home.example",)))
    assert (agenda.me, agenda.me_guessed) == (frozenset({ME}), "")


@pytest.mark.parametrize(
    ("zone", "head", "home", "start"),
    [
        ("Europe/Berlin", (), "Europe/Berlin", "08:00"),
        (None, (), "Asia/Tokyo", "01:00"),
        (None, ("X-WR-TIMEZONE:America/New_York",), "America/New_York", "14:00"),
        ("Europe/Berlin", ("X-WR-TIMEZONE:America/New_York",), "Europe/Berlin", "14:00"),
        (None, ("X-WR-TIMEZONE:../../etc/passwd",), "Asia/Tokyo", "01:00"),
    ],
)
def test_floating_times(zone: str | None, head: tuple[str, ...], home: str, start: str) -> None:
    text = calendar(event("DTSTART:20260505T100000", "DTEND:20260505T110000"), head=head)
    agenda = read(text, zone=zone)
    assert agenda.zone == home
    assert f"{agenda.occurrences[0].interval.start:%H:%M}" == start


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("DTSTART:20260503T230000Z", "DTEND:20260504T000000Z"), []),
        (("DTSTART:20260503T230000Z", "DTEND:20260504T000100Z"), ["03 23:00-00:01"]),
        (("DTSTART:20260511T000000Z", "DTEND:20260511T010000Z"), []),
        (("DTSTART:20260510T235900Z", "DTEND:20260511T010000Z"), ["10 23:59-01:00"]),
        (("DTSTART:20260101T000000Z", "DTEND:20270101T000000Z"), ["01 00:00-00:00"]),
        (
            ("DTSTART:20260511T001000Z", "DTEND:20260511T010000Z", "X-APPLE-TRAVEL-DURATION:PT30M"),
            ["11 00:10-01:00"],
        ),
    ],
)
def test_window_edges(rows: tuple[str, ...], expected: list[str]) -> None:
    assert times(read(calendar(event(*rows)))) == expected


def _failing(error: Exception) -> Document:
    def open_() -> BytesIO:
        raise error

    return Document("bad.ics", "bad", open_)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"<!doctype html><title>Sign in</title>", "not-a-calendar"),
        (b'{"error": "unauthorized"}', "not-a-calendar"),
        (b"/etc/passwd", "not-a-calendar"),
        (b"BEGIN:VEVENT\nDTSTART:20260505T080000Z\nEND:VEVENT\n", "not-a-calendar"),
        (b"BEGIN:VCALENDAR\n" + b"X-JUNK:1\n" * 200, "too-large"),
        (_failing(PermissionError(13, "Permission denied")), "unreadable"),
        (_failing(SourceError("bad cannot be reached")), "unreadable"),
    ],
)
def test_one_bad_source_hides_no_good_one(bad: bytes | Document, code: str) -> None:
    documents = [
        bad if isinstance(bad, Document) else document(bad, "bad.ics", "bad"),
        document(calendar(event(*TIMED))),
    ]
    agenda = read(*documents, limits=Limits(file_bytes=1000))
    assert times(agenda) == ["05 08:00-09:00"]
    assert codes(agenda) == [code]
    assert agenda.problems[0].lost
    assert [bool(source.error) for source in agenda.sources] == [True, False]


def test_a_folder_with_one_bad_file_is_read() -> None:
    good = document(calendar(event(*TIMED)), "good.ics", "folder")
    agenda = read(document(b"", "empty.ics", "folder"), good)
    (source,) = agenda.sources
    assert (source.name, source.events, source.occurrences, source.error) == ("folder", 1, 1, None)
    assert codes(agenda) == ["empty"]


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        (calendar(event(*TIMED), event(*LATER, uid="z"))[:-40], ["05 08:00-09:00"], "truncated"),
        (calendar(event(*TIMED)).replace("END:VCALENDAR\r\n", ""), ["05 08:00-09:00"], "truncated"),
        (
            calendar(event(*TIMED)[:-1], event(*LATER, uid="z")),
            ["05 08:00-09:00", "07 08:00-09:00"],
            "unclosed",
        ),
        (calendar(["BEGIN:X"] * 50, event(*TIMED)), ["05 08:00-09:00"], "too-deep"),
        (calendar(event("DTSTART:tomorrow")), [], "bad-start"),
        (calendar(event("DTSTART:20260230T080000Z")), [], "bad-start"),
        (calendar(event("DTSTART:00000101T080000Z")), [], "bad-start"),
        (calendar(event(TIMED[0], "DURATION:P999999999999W")), [], "bad-end"),
        (calendar(event(*TIMED, "RDATE:nonsense")), ["05 08:00-09:00"], "bad-date"),
        (calendar(event(*TIMED, "RDATE:" + ",".join(["20260506T080000Z"] * 30))), [], "too-many-dates"),
        (calendar(event(*TIMED, "RECURRENCE-ID:nonsense")), ["05 08:00-09:00"], "bad-date"),
        (calendar(["BEGIN:VFREEBUSY", "FREEBUSY:x/y", "END:VFREEBUSY"]), [], "bad-freebusy"),
    ],
)
def test_what_was_not_read_is_said(text: str, expected: list[str], code: str) -> None:
    agenda = read(text, limits=Limits(dates=20))
    assert code in codes(agenda)
    assert set(expected) <= set(times(agenda))


def test_a_problem_names_the_line_and_the_event() -> None:
    text = calendar(
        event(*TIMED, "DESCRIPTION:" + "long " * 20 + "\r\n folded"), event("DTSTART:never", uid="bad@x")
    )
    (problem,) = read(text).problems
    assert (problem.line, problem.uid, problem.lost) == (10, "bad@x", True)


def test_a_thousand_alike_problems_are_counted() -> None:
    agenda = read(calendar(*[event("DTSTART:never", uid=str(number)) for number in range(1000)]))
    assert len(agenda.problems) == 21
    assert "980 more" in agenda.problems[-1].message


def test_events_of_one_series_in_a_large_file_are_found_again() -> None:
    noise = [
        event(f"DTSTART:{2015 + number % 8}0101T080000Z", "DURATION:PT1H", uid=f"n{number}")
        for number in range(3000)
    ]
    newer = event("DTSTART:20200101T080000Z", "DTEND:20200101T090000Z", "SEQUENCE:5")
    agenda = read(calendar(newer, *noise, event(*TIMED, "SEQUENCE:1")))
    assert times(agenda) == []
    assert agenda.sources[0].events == 3002


def test_a_zone_definition_stays_in_its_calendar() -> None:
    def with_zone(offset: str, uid: str) -> str:
        zone = [
            *("BEGIN:VTIMEZONE", "TZID:Corp/HQ", "BEGIN:STANDARD", "DTSTART:19700101T000000"),
            *(f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", "END:STANDARD", "END:VTIMEZONE"),
        ]
        start = event("DTSTART;TZID=Corp/HQ:20260505T120000", "DTEND;TZID=Corp/HQ:20260505T130000", uid=uid)
        return calendar(zone, start)

    assert times(read(with_zone("-1000", "a"), with_zone("+0100", "b"))) == [
        "05 11:00-12:00",
        "05 22:00-23:00",
    ]


def test_occurrences_are_sorted_and_counted() -> None:
    agenda = read(calendar(event(*LATER, uid="b"), event(*TIMED, uid="c"), event(*TIMED, uid="a")))
    assert [one.event.uid for one in agenda.occurrences] == ["a", "c", "b"]
    assert (agenda.sources[0].events, agenda.sources[0].occurrences) == (3, 3)


def test_an_instance_knows_its_original_start() -> None:
    agenda = read(calendar(MASTER, event(*MOVED)), calendar(event(*LATER, uid="single")))
    originals = {
        one.event.uid: one.recurrence_id for one in agenda.occurrences if one.interval.start.day == 7
    }
    assert originals == {"one@x": datetime(2026, 5, 7, 8, tzinfo=UTC), "single": None}
    moved = next(one for one in agenda.occurrences if one.interval.start.hour == 12)
    assert moved.interval.start - timedelta(hours=4) == moved.recurrence_id


@pytest.mark.parametrize(
    ("row", "lost"), [("DESCRIPTION:" + "x" * 500, False), ("RDATE:" + "20260506T080000Z," * 30, True)]
)
def test_a_value_that_is_too_long_is_cut_and_told(row: str, lost: bool) -> None:
    agenda = read(calendar(event(*TIMED, row)), limits=Limits(value_bytes=160))
    assert {(p.code, p.lost) for p in agenda.problems if p.code == "cut"} == {("cut", lost)}
    assert agenda.occurrences


def test_a_value_of_fitting_length_is_whole() -> None:
    description = "DESCRIPTION:" + "x" * 159
    agenda = read(calendar(event(*TIMED, description, description)), limits=Limits(value_bytes=160))
    assert not agenda.problems


@pytest.mark.parametrize(("last", "codes"), [("20260508T000000Z", ["ends-early"]), ("20260511T000000Z", [])])
def test_a_calendar_published_for_part_of_the_window_says_so(last: str, codes: list[str]) -> None:
    agenda = read(calendar(event(*TIMED), head=(f"X-CALEND:{last}",)))
    assert [problem.code for problem in agenda.problems] == codes
    assert not any(problem.lost for problem in agenda.problems)
