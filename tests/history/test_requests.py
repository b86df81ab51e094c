"""Requests: counted, nudged after a working day, thanked for when settled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lastresort.history.records import Memory, Request
from lastresort.history.requests import (
    add_request,
    after_workday,
    find_past,
    hold_named,
    hold_request,
    note_call,
    note_confirmation,
    note_decline,
    note_nudge,
    note_thanks,
    note_withdrawal,
    release_request,
    reopen_request,
    requests_of,
    settle_request,
    take_back,
)

THURSDAY = datetime(2026, 5, 7, 9, tzinfo=UTC)
FRIDAY = THURSDAY + timedelta(days=1)
MONDAY = THURSDAY + timedelta(days=4)
NEXT_WEEK = THURSDAY + timedelta(days=7)
LATER = NEXT_WEEK + timedelta(days=1)
ASKED = add_request(Memory(), Request("i", THURSDAY, NEXT_WEEK))


def waited(_: Request, moment: datetime) -> datetime:
    return after_workday(moment, "Europe/Berlin", ["DE"])


def reply(memory: Memory, now: datetime, start: datetime = NEXT_WEEK) -> str:
    return find_past(requests_of(memory, "i"), start, now, waited).reply


def test_a_request_is_remembered_for_its_interview() -> None:
    assert [request.asked for request in requests_of(ASKED, "i")] == [THURSDAY]
    assert requests_of(ASKED, "another") == ()


def test_without_an_answer_a_nudge_is_due_after_a_full_working_day_and_then_a_call() -> None:
    saturday = THURSDAY + timedelta(days=2)  # Friday is the full working day, Monday the next one
    assert reply(ASKED, saturday) == "waiting"
    assert reply(ASKED, MONDAY) == "overdue"
    nudged = note_nudge(ASKED, "i", MONDAY)
    assert reply(nudged, MONDAY + timedelta(days=1)) == "nudged"
    assert reply(nudged, MONDAY + timedelta(days=2)) == "silent"
    called = note_call(nudged, "i", MONDAY + timedelta(days=2))
    assert reply(called, MONDAY + timedelta(days=2)) == "called"


def test_with_less_than_a_day_left_nobody_waits_for_a_nudge() -> None:
    assert reply(ASKED, NEXT_WEEK - timedelta(hours=23)) == "silent"
    just_now = add_request(Memory(), Request("i", NEXT_WEEK - timedelta(hours=5), NEXT_WEEK))
    assert reply(just_now, NEXT_WEEK - timedelta(hours=5)) == "waiting"


def test_an_interview_that_has_begun_waits_for_no_answer() -> None:
    assert reply(ASKED, NEXT_WEEK) == "closed"


def test_a_settled_request_asks_for_the_confirmation_and_then_for_thanks_once() -> None:
    settled = settle_request(ASKED, "i", LATER)
    assert reply(settled, FRIDAY) == "agreed"
    assert reply(settled, FRIDAY, LATER) == "settled"
    confirmed = note_confirmation(settled, "i", FRIDAY)
    assert reply(confirmed, FRIDAY, LATER) == "confirmed"
    assert reply(note_thanks(confirmed, "i"), FRIDAY, LATER) == "closed"


def test_where_they_can_offer_no_other_time_the_old_one_stays() -> None:
    assert reply(note_decline(ASKED, "i", FRIDAY), MONDAY) == "declined"


def test_an_old_time_that_can_stay_after_all_leaves_nothing_to_do() -> None:
    assert reply(settle_request(ASKED, "i", NEXT_WEEK), FRIDAY) == "closed"


def test_a_second_request_is_a_second_one() -> None:
    settled = settle_request(ASKED, "i", NEXT_WEEK)
    twice = add_request(settled, Request("i", MONDAY, NEXT_WEEK))
    assert [request.settled for request in requests_of(twice, "i")] == [NEXT_WEEK, None]


def test_times_they_named_are_held_beside_the_request_that_was_sent() -> None:
    named = Request("i", FRIDAY, NEXT_WEEK, offers=((LATER, LATER + timedelta(hours=1)),), held=True)
    held = hold_named(ASKED, named)
    assert requests_of(held, "i") == (*ASKED.requests, named)
    assert hold_named(held, named._replace(asked=MONDAY)) == held
    assert release_request(held, "i", FRIDAY) == ASKED
    settled = settle_request(held, "i", LATER)
    assert find_past(requests_of(settled, "i"), LATER, MONDAY, waited).requests == 1


def test_requests_of_long_ago_are_forgotten() -> None:
    later = add_request(ASKED, Request("j", NEXT_WEEK + timedelta(days=91), NEXT_WEEK + timedelta(days=99)))
    assert [request.interview for request in later.requests] == ["j"]


def test_a_working_day_knows_weekends_holidays_and_clock_changes() -> None:
    assert after_workday(FRIDAY, "Europe/Berlin", ["DE"]) == datetime(2026, 5, 11, 22, tzinfo=UTC)
    before_may_day = datetime(2026, 4, 30, 9, tzinfo=UTC)
    assert after_workday(before_may_day, "Europe/Berlin", ["DE"]) == datetime(2026, 5, 4, 22, tzinfo=UTC)
    before_summer = datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert after_workday(before_summer, "Europe/Berlin") == datetime(2026, 3, 30, 22, tzinfo=UTC)


def test_thanks_are_no_longer_due_once_the_interview_was() -> None:
    confirmed = note_confirmation(settle_request(ASKED, "i", LATER), "i", FRIDAY)
    assert reply(confirmed, LATER, LATER) == "closed"


def test_a_withdrawal_takes_the_place_of_the_requests() -> None:
    left = Request("i", FRIDAY, NEXT_WEEK, reason="offer", withdrawn=FRIDAY)
    both = note_withdrawal(add_request(ASKED, Request("j", FRIDAY, NEXT_WEEK)), left)
    assert [(one.interview, one.withdrawn) for one in both.requests] == [("j", None), ("i", FRIDAY)]
    assert reply(both, MONDAY) == "withdrawn"


def test_the_reason_that_was_given_is_remembered() -> None:
    asked = add_request(Memory(), Request("i", THURSDAY, NEXT_WEEK, reason="illness"))
    assert find_past(requests_of(asked, "i"), NEXT_WEEK, FRIDAY, waited).reason == "illness"


@pytest.mark.parametrize("kind", ["email", "nudge", "phone", "confirm", "follow-up", "withdraw"])
def test_what_was_never_noted_cannot_be_taken_back(kind: str) -> None:
    assert take_back(Memory(), "i", kind) is None
    if kind not in ("email", "phone"):
        assert take_back(ASKED, "i", kind) is None


def test_notes_are_taken_back_one_by_one() -> None:
    called = note_call(note_nudge(ASKED, "i", MONDAY), "i", MONDAY)
    back = take_back(called, "i", "phone")
    assert back == note_nudge(ASKED, "i", MONDAY)
    assert take_back(back, "i", "nudge") == ASKED
    assert take_back(ASKED, "i", "email") == Memory()


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
