"""Guards of reading that few calendars reach: whose it is, which revision counts, and bounds in time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from reading import DAY, ME, TIMED, calendar, codes, document, event, levels, read, times

from agendas import stretch
from lastresort.errors import RefusedError
from lastresort.ics.busy import CalendarPolicy
from lastresort.ics.editor import Context, Reschedule, edit
from lastresort.ics.find_occurrence import look_up, may_hold
from lastresort.ics.rrule import Capped, ExpansionBudget
from lastresort.ics.values import ValueFault, parse_offset
from lastresort.model import Limits

LATER = ("DTSTART:20260507T080000Z", "DTEND:20260507T090000Z")
DAILY = (*TIMED, "RRULE:FREQ=DAILY;COUNT=3")
HERE = Context("Europe/Berlin", datetime(2026, 5, 1, 7, tzinfo=UTC), "work.ics")
OLD, NEW = stretch("2026-05-05 10:00-11:00"), stretch("2026-05-05 12:00-13:00")
MOVE = Reschedule("one@x", None, OLD, NEW)


# -- whose calendar it is -----------------------------------------------------------------------------------


def guests(uid: str, *addresses: str) -> list[str]:
    return event(*TIMED, *(f"ATTENDEE:mailto:{one}" for one in addresses), uid=uid)


@pytest.mark.parametrize(
    "events",
    [
        [guests("1", "a@x.example")],
        [guests("1", "a@x.example"), guests("2", "a@x.example"), guests("3", "b@x.example"),
         guests("4", "c@x.example")],
        [guests("1", "a@x.example", "b@x.example"), guests("2", "a@x.example", "b@x.example")],
    ],
    ids=["one event alone", "half of them", "two people alike"],
)  # fmt: skip
def test_an_owner_is_not_guessed_from_little(events: list[list[str]]) -> None:
    agenda = read(calendar(*events), me=None)
    assert (agenda.me, agenda.me_guessed) == (frozenset(), "")


def test_a_configured_owner_is_known_in_any_case() -> None:
    refused = calendar(event(*TIMED, f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}"))
    policies = {"a": CalendarPolicy(owner=frozenset({ME.upper()}))}
    assert levels(read(refused, me="somebody@else.example", policies=policies)) == ["ignore declined"]


def test_free_time_that_is_to_be_looked_at() -> None:
    policies = {"a": CalendarPolicy(timed_free="check")}
    assert levels(read(calendar(event(*TIMED, "TRANSP:TRANSPARENT")), policies=policies)) == ["check free"]


def test_only_the_same_owners_refusal_counts() -> None:
    """Theirs is busy and not refused; mine is refused: both stand in calendars of their own."""
    text = calendar(
        event(
            *TIMED, f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ME}",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:spouse@home.example",
        )
    )  # fmt: skip
    policies = {"b": CalendarPolicy(owner=frozenset({"spouse@home.example"}))}
    assert sorted(levels(read(text, text, policies=policies))) == ["clash busy", "ignore duplicate"]


# -- which revision counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("SEQUENCE:0", "SUMMARY:Gym"), ("SEQUENCE:1", "SUMMARY:Lesson")),
        (
            ("DTSTAMP:20260401T000000Z", "SUMMARY:Gym", "ORGANIZER:mailto:a@x.example"),
            ("DTSTAMP:20260402T000000Z", "SUMMARY:Lesson", "ORGANIZER:mailto:b@x.example"),
        ),
        (
            ("DTSTAMP:20260401T000000Z", "SUMMARY:Gym"),
            ("DTSTAMP:20260402T000000Z", "SUMMARY:Gym"),
        ),
    ],
    ids=["a later revision", "another organiser", "the same title"],
)
def test_what_only_looks_like_another_event_is_replaced(
    older: tuple[str, ...], newer: tuple[str, ...]
) -> None:
    texts = calendar(event(*TIMED, *older)), calendar(event(*LATER, *newer))
    assert times(read(*texts)) == ["07 08:00-09:00"]


def test_an_exception_that_recurs_and_stands_alone_is_a_series() -> None:
    alone = event(*TIMED, "RECURRENCE-ID:20260505T080000Z", "RRULE:FREQ=DAILY;COUNT=2")
    assert times(read(calendar(alone))) == ["05 08:00-09:00", "06 08:00-09:00"]


MOVED = event("DTSTART:20260506T120000Z", "DTEND:20260506T130000Z", "RECURRENCE-ID:20260506T080000Z")
NEWER = "DTSTAMP:20260501T000000Z"


@pytest.mark.parametrize(
    "documents",
    [
        [
            document(calendar(event(*DAILY, "SUMMARY:Theirs", NEWER)), "a", "s"),
            document(calendar(event(*DAILY, "SUMMARY:Mine"), MOVED), "b", "s"),
        ],
        [
            document(calendar(event(*DAILY, "SUMMARY:Mine")), "a", "s"),
            document(calendar(MOVED), "b", "s"),
            document(calendar(event(*DAILY, "SUMMARY:Theirs", NEWER)), "c", "t"),
        ],
    ],
    ids=["of its document", "of its source"],
)
def test_an_exception_takes_what_it_does_not_say_from_its_own_series(documents: list[object]) -> None:
    found = read(*documents).occurrences  # type: ignore[arg-type]
    (moved,) = [one for one in found if one.interval.start.hour == 12 and one.reason != "duplicate"]
    assert moved.event.summary == "Mine"


def test_a_time_with_a_zone_beside_whole_days_means_its_day() -> None:
    """Written at 18:00 in Tokyo, which is another day in UTC's midnight there."""
    days = (*DAY, "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Asia/Tokyo:20260506T180000")
    found = read(calendar(event(*days), head=("X-WR-TIMEZONE:Asia/Tokyo",)), zone="UTC")
    assert [one.interval.start.day for one in found.occurrences] == [5, 7]


# -- bounds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weeks", ["P60000W", "P999999999W"])
def test_nothing_lasts_for_more_than_a_thousand_years(weeks: str) -> None:
    assert codes(read(calendar(event(TIMED[0], f"DURATION:{weeks}")))) == ["bad-end"]


def test_no_offset_is_a_day_or_more() -> None:
    assert parse_offset(b"+2359")
    with pytest.raises(ValueFault):
        parse_offset(b"+2400")


class Clock:
    """The processor's time, as a test has it pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


STEPS = 300
"""More than are taken between two looks at the clock."""


def test_an_event_has_its_seconds_and_no_more() -> None:
    clock = Clock()
    budget = ExpansionBudget(Limits(steps=10**6, event_seconds=1, run_seconds=10), clock)
    with budget:
        clock.now = 0.9
        budget.spend(STEPS)
        clock.now = 1.1
        with pytest.raises(Capped):
            budget.spend(STEPS)
        clock.now = 0.0
        with pytest.raises(Capped):
            budget.spend()
    with budget:
        clock.now = 0.9
        budget.spend(STEPS)


def test_all_events_together_have_their_seconds() -> None:
    clock = Clock()
    budget = ExpansionBudget(Limits(steps=10**6, event_seconds=1, run_seconds=1.5), clock)
    for seconds in (0.8, 0.6):
        with budget:
            clock.now += seconds
            budget.spend(STEPS)
    with budget:
        clock.now += 0.2
        with pytest.raises(Capped):
            budget.spend(STEPS)


# -- changing -----------------------------------------------------------------------------------------------


def test_where_an_event_cannot_be_is_told_without_reading() -> None:
    wide = "\u00fc@x"
    data = calendar(event(*TIMED, uid=wide))
    assert may_hold(data.encode(), "one@x") is False
    assert may_hold(data.encode("latin-1"), wide)
    assert may_hold(data.encode("utf-16"), wide)
    assert may_hold(calendar(event(*TIMED)).replace("one@x", "on\r\n e@x").encode(), "one@x")


def test_an_exception_is_not_moved_while_its_series_is_in_doubt() -> None:
    series = event("DTSTART:20260504T080000Z", "DURATION:an hour", "RRULE:FREQ=DAILY;COUNT=3")
    own = event(*TIMED, "RECURRENCE-ID:20260505T080000Z")
    with pytest.raises(RefusedError, match="an end or a duration"):
        edit(calendar(series, own).encode(), [Reschedule("one@x", OLD.start, OLD, NEW)], HERE)


def test_an_old_copy_of_a_zone_keeps_no_event_from_being_moved() -> None:
    stale = [
        "BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "BEGIN:STANDARD", "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0500", "TZOFFSETTO:+0500", "END:STANDARD", "END:VTIMEZONE",
    ]  # fmt: skip
    local = event("DTSTART;TZID=Europe/Berlin:20260505T100000", "DURATION:PT1H")
    text = calendar(stale, local)
    assert "stale-zone" in codes(read(text))
    assert b"20260505T120000" in edit(text.encode(), [MOVE], HERE)


def test_wide_characters_that_are_damaged_are_not_written_back() -> None:
    data = calendar(event(*TIMED)).encode("utf-16")
    assert look_up(data, "one@x", HERE)
    with pytest.raises(RefusedError, match="its UTF-16 is damaged"):
        look_up(data + b"\n", "one@x", HERE)
