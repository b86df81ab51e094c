from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from agendas import as_interview, moment, stretch, weigh
from lastresort.model import Interval
from lastresort.planning.timetable import Timetable
from lastresort.planning.weigh import OtherPlan
from lastresort.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastresort.model import Agenda

QUERY = Query(moment("2026-05-04 09:00"), "Europe/Berlin")


def test_cheapest_first_then_fewest_people(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Thu 2026-05-07 10:00-11:00 Focus time
    Thu 2026-05-07 14:00-15:00 Roadmap (organiser boss@home.example; 6 attendees)
    Fri 2026-05-08 10:00-11:00 Flight to Oslo
    """
    found = agenda()
    offers = [
        stretch("2026-05-08 10:00-11:00"),
        stretch("2026-05-07 14:00-15:00"),
        stretch("2026-05-07 10:00-11:00"),
        stretch("2026-05-08 14:00-15:00"),
    ]
    weighed = weigh(offers, Timetable(found, QUERY), as_interview(found, "Interview"))
    assert [one.interval for one in weighed] == offers[::-1]
    free, focus, roadmap, flight = weighed
    assert (free.cost, free.plan, free.because) == (0, None, ("free in your calendars",))
    assert focus.plan is not None
    assert focus.cost == focus.plan.cost > 0
    assert focus.people_asked == 0
    assert "nobody has to be asked" in focus.because
    assert roadmap.cost is not None
    assert roadmap.cost > focus.cost
    assert roadmap.people_asked == 1
    assert (flight.cost, flight.plan) == (None, None)
    assert flight.because


def test_the_interviews_own_time_is_free_for_it(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    """
    found = agenda()
    (weighed,) = weigh(
        [stretch("2026-05-06 14:30-15:30")], Timetable(found, QUERY), as_interview(found, "Interview")
    )
    assert weighed.cost == 0


def test_its_padding_counts(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Thu 2026-05-07 10:00-11:00 Focus time
    """
    found, offer = agenda(), stretch("2026-05-07 11:05-12:05")
    (weighed,) = weigh([offer], Timetable(found, QUERY), as_interview(found, "Interview"))
    assert weighed.plan is not None
    (alone,) = weigh([offer], Timetable(found, QUERY._replace(padding=timedelta(0))))
    assert alone.cost == 0


def test_other_interviews_stay(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Thu 2026-05-07 10:00-11:00 Talk with Globex
    """
    found = agenda()
    acme, globex = as_interview(found, "Interview"), as_interview(found, "Globex")
    (weighed,) = weigh([stretch("2026-05-07 10:30-11:30")], Timetable(found, QUERY), acme, kept=[globex])
    assert weighed.cost is None
    assert weighed.because == ("another interview of yours is at that time",)


@pytest.mark.parametrize(
    ("offer", "points", "doubt"),
    [
        ("2026-05-07 07:00-08:00", 8, "outside your hours"),
        ("2026-05-09 10:00-11:00", 12, "not a working day of yours"),
        ("2026-05-14 10:00-11:00", 12, "a public holiday on your side (Ascension Day)"),
        ("2026-05-04 14:00-15:00", 10, "only 5 hours from now"),
        ("2026-05-08 10:00-11:00", 12, "something of yours that is not certain is then: look at it first"),
        ("2026-05-12 10:00-11:00", 7, "the plan of another interview needs that hour: 7 points more"),
    ],
)
def test_doubts_are_told_and_counted(
    offer: str, points: float, doubt: str, agenda: Callable[..., Agenda]
) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Fri 2026-05-08 10:00-11:00 Dentist (tentative)
    """
    found = agenda()
    query = QUERY._replace(country="DE")
    needed = [OtherPlan(stretch("2026-05-12 10:30-11:30"), 7)]
    (weighed,) = weigh(
        [stretch(offer)], Timetable(found, query), as_interview(found, "Interview"), other_plans=needed
    )
    assert weighed.cost == points
    assert doubt in weighed.because


def test_the_best_start_in_a_window_is_weighed(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Thu 2026-05-07 09:00-11:00 Exam
    Thu 2026-05-07 11:00-12:00 Focus time
    Thu 2026-05-07 13:30-15:00 Exam
    """
    found, window = agenda(), stretch("2026-05-07 09:00-15:00")
    hour = timedelta(hours=1)
    (weighed,) = weigh([window], Timetable(found, QUERY), as_interview(found, "Interview"), length=hour)
    assert (weighed.window, weighed.interval) == (window, stretch("2026-05-07 12:15-13:15"))
    assert weighed.cost == 0
    starts = [
        Interval(window.start + timedelta(minutes=15 * n), window.start + timedelta(minutes=15 * n) + hour)
        for n in range(21)
    ]
    best, *_ = weigh(starts, Timetable(found, QUERY), as_interview(found, "Interview"))
    assert best.cost == weighed.cost


def test_a_hopeless_time_is_seen_without_a_search(
    agenda: Callable[..., Agenda], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Thu 2026-05-07 09:00-11:00 Exam
    """

    def search(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("lastresort.planning.weigh.rearrange", search)
    offer = stretch("2026-05-07 10:00-11:00")
    (weighed,) = weigh([offer], Timetable(agenda(), QUERY), as_interview(agenda(), "Interview"))
    assert (weighed.cost, weighed.because) == (None, ("“Exam” is an exam (“Exam”)",))


def test_time_promised_elsewhere_and_time_not_read_are_not_free(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    """
    found, offer = agenda(), stretch("2026-05-07 10:00-11:00")
    (held,) = weigh([offer], Timetable(found, QUERY), held=[stretch("2026-05-07 10:30-11:30")])
    assert held.because == ("you have promised that time elsewhere",)
    unread = found._replace(window=Interval(found.window.start, offer.start))
    (beyond,) = weigh([offer], Timetable(unread, QUERY))
    assert beyond.because == ("your calendar was not read that far ahead",)
