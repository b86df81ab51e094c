"""Lines that belong to no event: told, never counted as free, and never part of the event beside them."""

from __future__ import annotations

import pytest
from reading import TIMED, WINDOW, calendar, codes, document, event, read, times

from lastresort.ics.prefilter import OutsideProof
from lastresort.ics.scan import scan
from lastresort.model import Limits

GOOD = event(*TIMED, uid="good@x")
LATER = event("DTSTART:20260505T120000Z", "DTEND:20260505T130000Z", uid="later@x")
NINE, NOON = "05 08:00-09:00", "05 12:00-13:00"
OUTSIDE = event("DTSTART:20250105T120000Z", "DTEND:20250105T130000Z", uid="outside@x")


def whole(*rows: list[str] | str) -> str:
    return calendar(*([row] if isinstance(row, str) else row for row in rows))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            (GOOD, "STATUS:CANCELLED", "END:VEVENT", LATER),
            [NINE, NOON],
            id="an END and a status without BEGIN",
        ),
        pytest.param((GOOD, *LATER[1:]), [NINE], id="BEGIN missing, after an event"),
        pytest.param((*LATER[1:], GOOD), [NINE], id="BEGIN missing, before an event"),
        pytest.param((*LATER[1:-1], GOOD), [NINE], id="BEGIN and END missing"),
        pytest.param(("BEGIN:VEVNT", *LATER[1:], GOOD), [NINE], id="BEGIN misspelt"),
        pytest.param((GOOD, "BEGIN:EVENT", *LATER[1:-1], "END:EVENT"), [NINE], id="a name of its own"),
        pytest.param((GOOD, "  BEGIN:VEVENT", *LATER[1:]), [NINE], id="BEGIN glued to an END"),
        pytest.param((GOOD, *(f" {row}" for row in LATER)), [NINE], id="all of it glued to an END"),
        pytest.param(
            ("METHOD:PUBLISH", *(f" {row}" for row in LATER), GOOD),
            [NINE],
            id="all of it glued to the calendar",
        ),
        pytest.param((GOOD[:-1], LATER), [NINE, NOON], id="END missing"),
        pytest.param(("BEGIN:VEVENT", GOOD, "END:VEVENT"), [NINE], id="two BEGINs and two ENDs"),
        pytest.param((GOOD[:-1], "BEGIN:VEVNT", *LATER[1:]), [NINE], id="END missing, next BEGIN misspelt"),
        pytest.param((GOOD[:-1], "BEGIN:VALARM", "END:VEVENT", LATER), [NINE, NOON], id="an open alarm"),
        pytest.param(
            (OUTSIDE, "STATUS:CANCELLED", "END:VEVENT", LATER), [NOON], id="behind what lies outside"
        ),
        pytest.param((OUTSIDE, *GOOD[1:], LATER), [NOON], id="BEGIN missing behind what lies outside"),
        pytest.param((OUTSIDE[:-1], *GOOD[1:], LATER), [NOON], id="END and BEGIN missing between two"),
        pytest.param((OUTSIDE[:-1], "BEGIN:VEVNT", *GOOD[1:], LATER), [NOON], id="one in the other"),
        pytest.param((OUTSIDE, " BEGIN:VEVENT", *GOOD[1:], LATER), [NOON], id="glued to what lies outside"),
        pytest.param(("END:VTIMEZONE", GOOD), [NINE], id="the END of another component"),
    ],
)
def test_what_belongs_to_no_event_is_told(rows: tuple[list[str] | str, ...], expected: list[str]) -> None:
    agenda = read(whole(*rows))
    assert times(agenda) == expected
    assert any(problem.lost for problem in agenda.problems)


@pytest.mark.parametrize("blanks", [" ", "  ", "\t", "    "])
@pytest.mark.parametrize("before", ["METHOD:PUBLISH", "PRODID:-//booking//EN", "X-WR-CALNAME:Me"])
def test_an_indented_begin_behind_a_property_of_the_calendar_begins_an_event(
    before: str, blanks: str
) -> None:
    agenda = read(whole(before, f"{blanks}BEGIN:VEVENT", *GOOD[1:], LATER))
    assert times(agenda) == [NINE, NOON]
    assert codes(agenda) == ["indented"]
    assert not agenda.problems[0].lost


@pytest.mark.parametrize(
    "begin",
    [
        "\r\n BEGIN:VEVENT",
        "\r\n  BEGIN:VEVENT",
        "BEGIN: VEVENT",
        "BEGIN :VEVENT",
        "begin:vevent ",
        "BEGIN:VEVENT\t",
    ],
)
def test_blanks_inside_a_begin_do_no_harm(begin: str) -> None:
    assert times(read(whole(LATER, [begin, *GOOD[1:]]))) == [NINE, NOON]


def test_the_property_an_indented_begin_was_folded_onto_keeps_its_value() -> None:
    agenda = read(whole("METHOD:CANCEL", "  BEGIN:VEVENT", *GOOD[1:]))
    assert [one.event.method for one in agenda.occurrences] == ["CANCEL"]


def test_a_folded_text_beside_a_begin_that_is_indented_alone_stays_folded() -> None:
    long = ["BEGIN:VEVENT", *GOOD[1:-1], "DESCRIPTION:a", " DTSTART:20260505T120000Z", "END:VEVENT"]
    agenda = read(whole("METHOD:PUBLISH", "  BEGIN:VEVENT", *LATER[1:], long))
    assert times(agenda) == [NINE, NOON]
    assert agenda.occurrences[0].event.description == "aDTSTART:20260505T120000Z"


def test_events_with_an_indented_begin_do_not_shift_the_lines_of_others() -> None:
    broken = event("DTSTART:soon", uid="broken@x")
    agenda = read(whole("METHOD:PUBLISH", "  BEGIN:VEVENT", *GOOD[1:], broken))
    assert [(p.code, p.line) for p in agenda.problems] == [("indented", None), ("bad-start", 9)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["BEGIN:X-MEETING", *LATER[1:-1], "END:X-MEETING"], id="private"),
        pytest.param(["BEGIN:VTODO", *LATER[1:-1], "END:VTODO"], id="a task"),
        pytest.param(["UID:calendar@x", "NAME:Mine", "DESCRIPTION:RFC 7986", "COLOR:red"], id="properties"),
        pytest.param(["X-NOTE:how to write a BEGIN:VEVENT line"], id="text that speaks of events"),
    ],
)
def test_what_is_no_event_is_no_broken_one(rows: list[str]) -> None:
    assert codes(read(whole(*rows, GOOD))) == []


def test_loose_lines_that_follow_each_other_are_told_once() -> None:
    rows = (GOOD, *LATER[1:], *(f"DTSTART:2026050{day}T100000Z" for day in range(1, 9)))
    assert codes(read(whole(*rows))) == ["loose-lines", "loose-lines"]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param([*OUTSIDE, *GOOD[1:]], id="lines behind the END"),
        pytest.param([*OUTSIDE[:-1], *GOOD[1:]], id="a second start"),
        pytest.param([*OUTSIDE[:-1], "BEGIN:VEVNT", *GOOD[1:]], id="another component"),
        pytest.param([*OUTSIDE[:-1], "BEGIN:VALARM", "END:VEVENT"], id="an open alarm"),
    ],
)
@pytest.mark.parametrize("others", [0, 1, 2000])
def test_no_event_with_broken_neighbours_is_forgotten(broken: list[str], others: int) -> None:
    rows = whole(*[OUTSIDE] * others, broken, *[OUTSIDE] * others).encode()
    found = scan(document(rows), OutsideProof(WINDOW).forgets, Limits())
    kept = [block.ordinal for block in found.blocks]
    assert kept == ([others, 2 * others] if others else [0])  # the last one stands before END:VCALENDAR
