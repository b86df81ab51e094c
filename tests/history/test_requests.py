"""Requests: counted, nudged after a working day, thanked for when settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from lastresort.history.records import Memory, Request
from lastresort.history.requests import (
    add_request,
    after_workday,
    find_reminders,
    find_reply,
    forget_requests,
    hold_request,
    note_nudge,
    note_thanks,
    release_request,
    reopen_request,
    requests_of,
    settle_request,
)

THURSDAY = datetime(2026, 5, 7, 9, tzinfo=UTC)
FRIDAY = THURSDAY + timedelta(days=1)
MONDAY = THURSDAY + timedelta(days=4)
NEXT_WEEK = THURSDAY + timedelta(days=7)
LATER = NEXT_WEEK + timedelta(days=1)
ASKED = add_request(Memory(), Request("i", THURSDAY, NEXT_WEEK))


def kinds(memory: Memory, now: datetime) -> list[tuple[str, str]]:
    reminders = find_reminders(memory, now, lambda moment: after_workday(moment, "Europe/Berlin", ["DE"]))
    return [(reminder.kind, reminder.rule) for reminder in reminders]


def test_a_request_is_remembered_for_its_interview() -> None:
    assert [request.asked for request in requests_of(ASKED, "i")] == [THURSDAY]
    assert requests_of(ASKED, "another") == ()


def test_without_an_answer_a_nudge_is_due_after_a_working_day_and_then_a_call() -> None:
    assert kinds(ASKED, FRIDAY - timedelta(minutes=1)) == []
    assert kinds(ASKED, FRIDAY) == [("nudge", "R27")]
    nudged = note_nudge(ASKED, "i", FRIDAY)
    assert kinds(nudged, FRIDAY + timedelta(days=2)) == []
    assert kinds(nudged, MONDAY) == [("call", "R27")]


def test_an_interview_that_has_begun_waits_for_no_answer() -> None:
    assert kinds(ASKED, NEXT_WEEK) == []


def test_a_settled_request_asks_for_thanks_once() -> None:
    settled = settle_request(ASKED, "i", NEXT_WEEK + timedelta(days=1))
    assert kinds(settled, MONDAY) == [("follow-up", "R25")]
    assert kinds(note_thanks(settled, "i"), MONDAY) == []


def test_a_second_request_is_a_second_one() -> None:
    settled = settle_request(ASKED, "i", NEXT_WEEK)
    twice = add_request(settled, Request("i", MONDAY, NEXT_WEEK))
    assert [request.settled for request in requests_of(twice, "i")] == [NEXT_WEEK, None]


def test_requests_of_long_ago_are_forgotten() -> None:
    later = add_request(ASKED, Request("j", NEXT_WEEK + timedelta(days=91), NEXT_WEEK + timedelta(days=99)))
    assert [request.interview for request in later.requests] == ["j"]


def test_a_working_day_knows_weekends_holidays_and_clock_changes() -> None:
    assert after_workday(FRIDAY, "Europe/Berlin", ["DE"]) == FRIDAY + timedelta(days=3)
    before_may_day = datetime(2026, 4, 30, 9, tzinfo=UTC)
    assert after_workday(before_may_day, "Europe/Berlin", ["DE"]) == before_may_day + timedelta(days=4)
    before_summer = datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert after_workday(before_summer, "Europe/Berlin") == before_summer + timedelta(days=3, hours=-1)


@pytest.mark.parametrize(
    ("changes", "start", "now", "expected"),
    [
        ({}, NEXT_WEEK, THURSDAY, "waiting"),
        ({}, NEXT_WEEK, FRIDAY, "overdue"),
        ({"nudged": FRIDAY}, NEXT_WEEK, FRIDAY, "waiting"),
        ({"nudged": FRIDAY}, NEXT_WEEK, MONDAY, "overdue"),
        ({"settled": LATER}, NEXT_WEEK, FRIDAY, "agreed"),
        ({"settled": LATER}, LATER, FRIDAY, "settled"),
        ({"settled": LATER, "thanked": True}, LATER, FRIDAY, "none"),
        ({"settled": LATER, "thanked": True}, NEXT_WEEK, FRIDAY, "agreed"),
        ({}, LATER, FRIDAY, "settled"),
    ],
)
def test_where_a_request_stands(
    changes: dict[str, Any], start: datetime, now: datetime, expected: str
) -> None:
    request = Request("i", THURSDAY, NEXT_WEEK)._replace(**changes)
    waited = partial(after_workday, zone="Europe/Berlin", countries=["DE"])
    assert find_reply(request, start, now, waited) == expected


def test_thanks_are_no_longer_due_once_the_interview_was() -> None:
    settled = settle_request(ASKED, "i", LATER)
    assert kinds(settled, LATER) == []


def test_a_withdrawn_application_is_forgotten() -> None:
    both = add_request(ASKED, Request("j", FRIDAY, NEXT_WEEK))
    assert [request.interview for request in forget_requests(both, "i").requests] == ["j"]


HELD = Request("i", THURSDAY, NEXT_WEEK, held=True)


def test_times_held_anew_take_the_place_of_those_held_before() -> None:
    memory = hold_request(Memory(), HELD)
    again = HELD._replace(asked=FRIDAY)
    assert hold_request(memory, again).requests == (again,)
    assert hold_request(ASKED, again) == ASKED


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        (HELD, False),
        (HELD._replace(asked=FRIDAY), True),
        (HELD._replace(interview="another"), True),
        (HELD._replace(nudged=FRIDAY), True),
        (HELD._replace(settled=LATER), True),
        (HELD._replace(held=False), True),
    ],
)
def test_only_times_held_then_are_given_back(known: Request, kept: bool) -> None:
    assert bool(release_request(Memory(requests=(known,)), "i", THURSDAY).requests) == kept


def test_a_settled_request_can_be_open_again() -> None:
    settled = note_thanks(settle_request(ASKED, "i", LATER), "i")
    assert reopen_request(settled, "i", LATER) == ASKED
    assert reopen_request(settled, "i", MONDAY) == settled
    assert reopen_request(settled, "another", LATER) == settled
