"""Exceptions of a series that say only what is new: the rest is what their series says."""

from __future__ import annotations

import pytest
from reading import ME, WINDOW, calendar, codes, document, event, levels, read, times

from lastresort.ics.editor import Context
from lastresort.ics.find_occurrence import look_up
from lastresort.model import Agenda, Event, Interval

BOSS = "boss@work.example"
SERIES = event(
    "DTSTART:20260407T080000Z",
    "DTEND:20260407T093000Z",
    "RRULE:FREQ=WEEKLY",
    "SUMMARY;LANGUAGE=en:Hearing",
    "DESCRIPTION:Bring the files",
    "LOCATION:Court",
    "URL:https://court.example/room",
    "CATEGORIES:Law,Town",
    f"ORGANIZER;CN=Boss:mailto:{BOSS}",
    f"ATTENDEE;PARTSTAT=TENTATIVE:mailto:{ME}",
)
SLIM = event("RECURRENCE-ID:20260505T080000Z", "DTSTART:20260505T100000Z")


def said(agenda: Agenda) -> Event:
    (occurrence,) = agenda.occurrences
    return occurrence.event


def test_what_an_exception_leaves_out_its_series_says() -> None:
    agenda = read(calendar(SERIES, SLIM))
    assert times(agenda) == ["05 10:00-11:30"]
    assert levels(agenda) == ["check tentative"]
    found, series = said(agenda), said(read(calendar(SERIES)))
    assert found == series
    assert found.summary == "Hearing"
    assert found.organizer
    assert found.organizer.address == BOSS


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("SUMMARY:Another", "summary"),
        ("DESCRIPTION:Another", "description"),
        ("LOCATION:Another", "location"),
        ("CATEGORIES:Another", "categories"),
        ("URL:https://another.example", "url"),
        ("ORGANIZER:mailto:another@x.example", "organizer"),
        ("ATTENDEE:mailto:another@x.example", "attendees"),
    ],
)
def test_what_it_says_itself_counts(row: str, field: str) -> None:
    found = said(read(calendar(SERIES, [*SLIM[:-1], row, "END:VEVENT"])))
    assert "nother" in str(getattr(found, field))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("DTEND:20260505T101500Z", "05 10:00-10:15"),
        ("DURATION:PT20M", "05 10:00-10:20"),
        ("", "05 10:00-11:30"),
    ],
)
def test_its_length_is_its_own_where_it_gives_one(row: str, expected: str) -> None:
    assert times(read(calendar(SERIES, [*SLIM[:-1], row, "END:VEVENT"]))) == [expected]


def test_an_all_day_series_gives_no_length_to_a_timed_exception() -> None:
    days = event("DTSTART;VALUE=DATE:20260407", "DTEND;VALUE=DATE:20260408", "RRULE:FREQ=WEEKLY")
    timed = event("RECURRENCE-ID;VALUE=DATE:20260505", "DTSTART:20260505T100000Z")
    assert [one.interval.minutes for one in read(calendar(days, timed)).occurrences] == [0]


@pytest.mark.parametrize("exception_first", [True, False])
def test_the_series_may_stand_behind_it_or_in_another_file(exception_first: bool) -> None:
    files = [calendar(SLIM), calendar(SERIES)]
    assert said(read(*(files if exception_first else reversed(files)))).summary == "Hearing"


def test_a_series_that_lies_outside_the_window_is_fetched_for_it() -> None:
    over = [row.replace("FREQ=WEEKLY", "FREQ=WEEKLY;UNTIL=20260414T080000Z") for row in SERIES]
    moved_in = [row.replace("RECURRENCE-ID:20260505", "RECURRENCE-ID:20260414") for row in SLIM]
    assert said(read(calendar(over, moved_in))).summary == "Hearing"


def test_the_latest_series_of_its_own_calendar_speaks_for_it() -> None:
    other = [row.replace("Hearing", "Hearing (shared copy)") for row in SERIES]
    agenda = read(calendar([*other[:-1], "SEQUENCE:0", "END:VEVENT"]), calendar(SERIES, SLIM))
    assert [one.event.summary for one in agenda.occurrences if one.reason != "duplicate"] == ["Hearing"]


@pytest.mark.parametrize(
    ("series", "exception", "organizer"),
    [
        pytest.param(BOSS, ME, BOSS, id="an exception that makes me the organiser is wrong"),
        pytest.param(ME, BOSS, BOSS, id="one that makes somebody else the organiser may be right"),
        pytest.param(ME, ME, ME, id="mine"),
        pytest.param(None, ME, ME, id="only the exception names one"),
    ],
)
def test_who_organises_an_exception(series: str | None, exception: str, organizer: str) -> None:
    rows = [row for row in SERIES if not row.startswith("ORGANIZER")]
    if series:
        rows.insert(-1, f"ORGANIZER:mailto:{series}")
    own = [*SLIM[:-1], f"ORGANIZER:mailto:{exception}", "END:VEVENT"]
    found = said(read(calendar(rows, own))).organizer
    assert found
    assert found.address == organizer


def test_a_change_of_an_exception_knows_whose_meeting_it_is() -> None:
    own = [*SLIM[:-1], f"ORGANIZER:mailto:{ME}", "END:VEVENT"]
    context = Context("Europe/Berlin", WINDOW.start, "work.ics")
    for exception in (SLIM, own):
        data = calendar(SERIES, exception).encode()
        standing = look_up(data, "one@x", context, WINDOW.start.replace(day=5, hour=10))
        assert standing
        assert standing.organizer == BOSS
        assert standing.interval.minutes == 90


@pytest.mark.parametrize("row", ["SUMMARY:Another", "TRANSP:OPAQUE", f"ATTENDEE:mailto:{BOSS}"])
def test_an_exception_without_a_start_keeps_the_time_it_names(row: str) -> None:
    agenda = read(calendar(SERIES, event("RECURRENCE-ID;TZID=Europe/Berlin:20260505T100000", row)))
    assert times(agenda) == ["05 08:00-09:30"]
    assert (said(agenda).summary == "Another") == ("Another" in row)
    assert codes(agenda) == ["no-start"]
    assert not agenda.problems[0].lost


def test_an_exception_without_a_start_and_without_its_series_is_lost() -> None:
    agenda = read(calendar(event("RECURRENCE-ID:20260505T080000Z", "SUMMARY:Another")))
    assert times(agenda) == []
    assert [(problem.code, problem.lost) for problem in agenda.problems] == [("no-start", True)]


# -- cancellations ------------------------------------------------------------------------------------------

CANCEL = ("METHOD:CANCEL",)
DAILY = event("DTSTART:20260504T080000Z", "DTEND:20260504T090000Z", "RRULE:FREQ=DAILY;COUNT=3", "SEQUENCE:1")


def called_off(*rows: str) -> Agenda:
    return read(calendar(DAILY), calendar(event(*rows, "SEQUENCE:2"), head=CANCEL))


@pytest.mark.parametrize("start", ["DTSTART:20260505T080000Z", "DTSTART;TZID=Europe/Berlin:20260505T100000"])
def test_a_cancel_that_gives_one_day_takes_that_day_alone_and_is_told(start: str) -> None:
    agenda = called_off(start)
    assert times(agenda) == ["04 08:00-09:00", "06 08:00-09:00"]
    assert codes(agenda) == ["unclear-cancel"]


def test_a_cancel_for_a_day_the_series_does_not_have_takes_nothing() -> None:
    agenda = called_off("DTSTART:20260508T080000Z")
    assert len(times(agenda)) == 3
    assert codes(agenda) == ["unclear-cancel"]


def test_a_cancel_with_the_first_day_alone_takes_all_but_never_silently() -> None:
    agenda = called_off("DTSTART:20260504T080000Z")
    assert times(agenda) == []
    assert codes(agenda) == ["unclear-cancel"]
    assert agenda.problems[0].lost


@pytest.mark.parametrize(
    "rows",
    [(), ("DTSTART:20260504T080000Z", "RRULE:FREQ=DAILY;COUNT=3")],
    ids=["no time", "the series itself"],
)
def test_a_cancel_of_the_whole_takes_all_and_says_nothing(rows: tuple[str, ...]) -> None:
    agenda = called_off(*rows)
    assert times(agenda) == []
    assert codes(agenda) == []


@pytest.mark.parametrize("first", [True, False])
def test_a_status_that_calls_off_one_day_takes_that_day_alone_and_is_told(first: bool) -> None:
    """In one file, without a method and without a RECURRENCE-ID: the series is not called off by it."""
    off = event("DTSTART:20260505T080000Z", "DTEND:20260505T090000Z", "STATUS:CANCELLED", "SEQUENCE:2")
    agenda = read(calendar(*([off, DAILY] if first else [DAILY, off])))
    assert times(agenda) == ["04 08:00-09:00", "06 08:00-09:00"]
    assert codes(agenda) == ["unclear-cancel"]


def test_an_older_cancel_of_one_day_takes_nothing() -> None:
    old = calendar(event("DTSTART:20260505T080000Z", "SEQUENCE:0"), head=CANCEL)
    assert len(times(read(calendar(DAILY), old))) == 3


@pytest.mark.parametrize("status", ["CANCELLED", "CANCELED", "Canceled"])
def test_both_spellings_of_cancelled(status: str) -> None:
    timed = event("DTSTART:20260505T080000Z", "DTEND:20260505T090000Z", f"STATUS:{status}")
    assert levels(read(calendar(timed))) == ["ignore cancelled"]
    exception = event("RECURRENCE-ID:20260505T080000Z", f"STATUS:{status}")
    assert times(read(calendar(DAILY, exception))) == ["04 08:00-09:00", "06 08:00-09:00"]


@pytest.mark.parametrize("method", ["CANCEL", "CANCELLED", "canceled"])
def test_spellings_of_a_cancelling_method(method: str) -> None:
    timed = event("DTSTART:20260505T080000Z", "DTEND:20260505T090000Z")
    assert levels(read(calendar(timed, head=(f"METHOD:{method}",)))) == ["ignore cancelled"]


def test_a_mail_that_cancels_says_so_by_its_part_alone() -> None:
    timed = calendar(event("DTSTART:20260505T080000Z", "DTEND:20260505T090000Z"))
    assert levels(read(document(timed, method="CANCEL"))) == ["ignore cancelled"]


# -- instances without a length -----------------------------------------------------------------------------


def test_instances_without_length_never_make_a_busy_stretch() -> None:
    ticks = event("DTSTART:20260505T080000Z", "RRULE:FREQ=SECONDLY;COUNT=7200")
    agenda = read(calendar(ticks), window=Interval(WINDOW.start, WINDOW.end))
    assert agenda.occurrences
    assert times(agenda) == []


IN_NEW_YORK = event(
    "DTSTART;TZID=America/New_York:20260505T040000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["DTSTART:20260505T100000Z"], ["05 10:00-11:00", "06 08:00-09:00"]),
        (["DTSTART;TZID=Europe/London:20260505T110000"], ["05 10:00-11:00", "06 08:00-09:00"]),
        (["DTSTART:20260505T100000"], ["05 08:00-09:00", "06 08:00-09:00"]),
        (["DESCRIPTION:No start"], ["05 08:00-09:00", "06 08:00-09:00"]),
    ],
)
def test_a_recurrence_id_without_zone_is_in_the_zone_of_the_series(
    rows: list[str], expected: list[str]
) -> None:
    exception = event("RECURRENCE-ID:20260505T040000", *rows)
    assert times(read(calendar(IN_NEW_YORK, exception))) == expected


def test_a_recurrence_id_without_zone_of_an_all_day_series_is_a_day() -> None:
    days = event("DTSTART;VALUE=DATE:20260505", "RRULE:FREQ=DAILY;COUNT=2")
    moved = event("RECURRENCE-ID:20260505T000000", "DTSTART:20260505T100000Z", "DURATION:PT1H")
    assert times(read(calendar(days, moved))) == ["05 10:00-11:00", "05 22:00-22:00"]
