"""Each bound alone: what rules, dates, zones and texts of a stranger may cost, and that the end is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from reading import TIMED, WINDOW, calendar, codes, document, event, read, times

from lastresort.ics.content_lines import parse_parameters, split_line
from lastresort.ics.recurrence import EventLength, Instance, Series, When, expand
from lastresort.ics.rrule import Capped, ExpansionBudget, local_times, parse_rule
from lastresort.ics.thinning import thin_out
from lastresort.model import Document, Limits

if TYPE_CHECKING:
    from typing import BinaryIO

START = datetime(2026, 5, 5, 8)
SIXTY = ",".join(map(str, range(60)))


@pytest.mark.parametrize(
    ("rule", "days", "steps"),
    [
        ("FREQ=SECONDLY;INTERVAL=60;BYSECOND=30", 1, 500),
        ("FREQ=HOURLY;INTERVAL=100000", 1000, 500),
        (f"FREQ=HOURLY;BYMINUTE={SIXTY};BYSECOND={SIXTY};BYSETPOS=1", 1, 5000),
    ],
    ids=["periods without a time", "days without a period", "times that BYSETPOS leaves out"],
)
def test_what_a_rule_looks_at_costs_steps(rule: str, days: int, steps: int) -> None:
    def walk(steps: int) -> int:
        with ExpansionBudget(Limits(steps=steps)) as budget:
            until = START + timedelta(days=days)
            return len(list(local_times(parse_rule(rule), START, START, until, budget)))

    assert walk(steps * 100) < steps
    with pytest.raises(Capped):
        walk(steps)


def test_a_rule_costs_steps_by_itself() -> None:
    rules = tuple(f"FREQ=DAILY;INTERVAL={number}" for number in range(1000, 1100))
    series = Series(
        start=When(START - timedelta(days=30), UTC),
        length=EventLength(exact=timedelta(hours=1)),
        rrules=rules,
    )
    assert not expand(series, WINDOW, ExpansionBudget(Limits(steps=5000))).faults
    assert [fault.code for fault in expand(series, WINDOW, ExpansionBudget(Limits(steps=500))).faults] == [
        "rule-capped"
    ]


@pytest.mark.parametrize(("room", "kept"), [(150, 151), (-5, 101), (10**6, 1001)])
def test_where_there_is_little_room_a_series_is_shorter(room: int, kept: int) -> None:
    begins = [WINDOW.start + timedelta(minutes=number) for number in range(1500)]
    minutes = tuple(Instance(start, start + timedelta(minutes=1), start) for start in begins)
    thinned, faults = thin_out(minutes, WINDOW, room)
    assert len(thinned) == kept
    assert thinned[-1].end == minutes[-1].end
    assert [fault.code for fault in faults] == ["too-many-instances"]


@pytest.mark.parametrize(
    "address",
    [
        "a" * 250 + "@x.example",
        "a\x07b@x.example",
        "a,b@x.example",
        "a b@x.example",
        "<a@x.example>",
        "a@b@c",
    ],
)
def test_what_is_no_single_address_is_none(address: str) -> None:
    (one,) = read(calendar(event(*TIMED, f"ATTENDEE;CN=Kim:mailto:{address}"))).occurrences
    assert [(person.name, person.address) for person in one.event.attendees] == [("Kim", None)]


def test_of_many_parameters_the_first_are_read() -> None:
    quoted = b";".join(b'P%d="x"' % number for number in range(500))
    plain = b";".join(b"P%d=x" % number for number in range(500))
    for raw in (quoted, plain):
        found = parse_parameters(raw)
        assert found["P0"] == "x"
        assert 100 <= len(found) <= 102


def test_a_quote_that_never_closes_is_none() -> None:
    name, prop = split_line(b'ATTENDEE;CN="Jane:mailto:jane@x.example')
    assert (name, prop.value) == (b"ATTENDEE", b"mailto:jane@x.example")


# -- what is told -------------------------------------------------------------------------------------------


def test_where_a_calendar_ends_the_last_one_of_its_source_counts() -> None:
    ends = ("X-CALEND:20260506T000000Z",), ("X-CALEND:20260601T000000Z",)
    parts = [
        document(calendar(event(*TIMED), head=head), name, "s") for name, head in zip("ab", ends, strict=True)
    ]
    assert codes(read(*parts)) == []
    assert codes(read(parts[0])) == ["ends-early"]


def test_a_calendar_that_can_be_read_once_alone_is_told() -> None:
    """The later revision, outside the window, would have been fetched by a second look."""
    far = ("DTSTART:20280505T080000Z", "DTEND:20280505T090000Z")
    text = calendar(event(*TIMED), event(*far, "SEQUENCE:1"), event(*far, uid="two@x")).encode()
    left = [text]

    def once() -> BinaryIO:
        if not left:
            raise OSError(5, "Input/output error")
        return BytesIO(left.pop())

    agenda = read(Document("a", "a", once))
    assert ("unreadable", True) in [(problem.code, problem.lost) for problem in agenda.problems]
    assert times(read(text)) == []


def test_a_cancellation_that_cannot_be_read_calls_off_nothing_and_is_no_trouble() -> None:
    off = calendar(event("DTSTART:some day"), head=("METHOD:CANCEL",))
    agenda = read(calendar(event(*TIMED)), off)
    assert (codes(agenda), times(agenda)) == ([], ["05 08:00-09:00"])


def test_an_event_that_breaks_off_is_told_with_its_place() -> None:
    text = calendar(event(*TIMED), event(*TIMED, uid="two@x"))
    (inside, _) = read(text[: text.rindex("DTEND")]).problems
    assert "inside an event" in inside.message
    assert inside.line == 8
