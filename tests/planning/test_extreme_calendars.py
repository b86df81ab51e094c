"""Questions and calendars of no good will: an answer comes after bounded work, and says what it knows."""

from __future__ import annotations

import cProfile
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from agendas import as_interview, moment, read_agenda, stretch, weigh
from lastresort.errors import UsageError
from lastresort.interviews.detection import NOWHERE
from lastresort.planning.check import check
from lastresort.planning.timetable import Timetable
from lastresort.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable

QUERY = Query(moment("2026-05-04 08:00"), "Europe/Berlin")
TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"
TITLES = ("Gym", "Team sync", "Errand", "Zebra")


def crowded(count: int) -> str:
    """Return an interview, and so many events on its day."""
    lines = [TALK]
    for number in range(count):
        start = moment("2026-05-12 08:00") + timedelta(minutes=number % 600)
        times = f"{start:%Y-%m-%d %H:%M}-{start + timedelta(minutes=30):%H:%M}"
        lines.append(f"{times} {TITLES[number % 4]} {number} (uid e{number})")
    return "\n".join(lines)


def calls(work: Callable[[], object]) -> int:
    """Return how many functions were called, which is the same on every machine."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.slow
def test_ten_thousand_events_on_a_day_are_answered_in_work_that_grows_with_their_number() -> None:
    used = []
    for count in (1_000, 4_000):
        agenda = read_agenda(crowded(count))
        used.append(calls(lambda agenda=agenda: check(agenda, QUERY, NOWHERE)))  # type: ignore[misc]
    assert used[1] < 8 * used[0]  # four times as many; each with each would be sixteen
    (entry,) = check(read_agenda(crowded(10_000)), QUERY, NOWHERE).interviews
    assert entry.verdict == "reschedule"
    assert "events are in the way; to change them all costs at least" in entry.because[0].text


@pytest.mark.slow
def test_two_hundred_interviews_are_answered_in_work_that_grows_with_their_number() -> None:
    used = []
    for days in (5, 20):
        lines = []
        for number in range(days * 10):
            day, place = divmod(number, 10)
            start = moment("2026-05-11 09:00") + timedelta(days=day, minutes=40 * place)
            times = f"{start:%Y-%m-%d %H:%M}-{start + timedelta(hours=1):%H:%M}"
            lines.append(f"{times} Interview with Company {number} (organiser a@c{number}.example)")
        agenda = read_agenda("\n".join(lines))
        query = QUERY._replace(days=40)
        used.append(calls(lambda agenda=agenda, query=query: check(agenda, query, NOWHERE)))  # type: ignore[misc]
    assert used[1] < 8 * used[0]


def test_pins_that_contradict_each_other_are_refused_in_words() -> None:
    agenda = read_agenda(f"{TALK}\nTue 2026-05-12 10:30-11:30 Errand")
    query = QUERY._replace(cannot_move=("Errand",), can_move=("errand",))
    with pytest.raises(UsageError, match="name the same event"):
        check(agenda, query, NOWHERE)


def test_everything_pinned_leaves_the_last_resort() -> None:
    agenda = read_agenda(f"{TALK}\nTue 2026-05-12 10:30-11:30 Errand")
    (entry,) = check(agenda, QUERY._replace(cannot_move=("Errand",)), NOWHERE).interviews
    assert (entry.verdict, entry.because[0].text) == ("reschedule", "“Errand” is pinned by --cannot-move")


def test_hours_that_leave_no_time_say_so_and_offer_nothing() -> None:
    agenda = read_agenda(
        f"{TALK}\nTue 2026-05-12 10:30-11:30 Team sync (organiser boss@x.example; 4 attendees)"
    )
    nothing = QUERY.hours._replace(start=QUERY.hours.start, end=QUERY.hours.start)
    report = check(agenda, QUERY._replace(hours=nothing, last_resort=True), NOWHERE)
    (entry,) = report.interviews
    assert entry.verdict == "reschedule"
    assert entry.slots == ()
    assert any(because.rule == "R20" for because in entry.because)


@pytest.mark.slow
def test_two_hundred_offers_take_no_more_than_twenty_checks_of_a_light_calendar() -> None:
    lines = [TALK, "Tue 2026-05-12 10:30-11:30 Errand"]
    for number in range(60):
        day, place = divmod(number, 6)
        start = moment("2026-05-11 08:00") + timedelta(days=day, minutes=90 * place)
        times = f"{start:%Y-%m-%d %H:%M}-{start + timedelta(minutes=75):%H:%M}"
        lines.append(f"{times} {TITLES[number % 3]} {number}")
    agenda = read_agenda("\n".join(lines))
    first = stretch("2026-05-11 08:00-09:00")
    offers = [
        first.__class__(first.start + shift, first.end + shift)
        for shift in (timedelta(days=n // 25, minutes=20 * (n % 25)) for n in range(200))
    ]
    one_check = calls(lambda: check(agenda, QUERY, NOWHERE))
    interview = as_interview(agenda, "Interview")
    assert calls(lambda: weigh(offers, Timetable(agenda, QUERY), interview)) <= 20 * one_check
