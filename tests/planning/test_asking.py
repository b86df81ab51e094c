"""What it costs to ask for another time, and which of two interviews is asked about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agendas import as_interview, moment, read_agenda
from lastresort.advice.next_step import Past
from lastresort.costs import DEFAULT_COSTS
from lastresort.interviews.detection import NOWHERE, Interview, Mode
from lastresort.model import Person
from lastresort.planning.asking import price_requests
from lastresort.planning.check import check
from lastresort.query import Query

NOW = moment("2026-05-04 09:00")
QUERY = Query(NOW, "Europe/Berlin")
ROUNDS = """
    Wed 2026-05-06 10:00-11:00 Acme, round one
    Wed 2026-05-06 11:00-12:00 Acme, round two
    Fri 2026-05-08 11:00-12:00 Acme, final round
"""


def one(title: str = "Acme", **changes: Any) -> Interview:
    agenda = read_agenda(f"Wed 2026-05-06 10:00-11:00 {title}")
    return as_interview(agenda, title)._replace(**changes)


def price(interview: Interview, before: int = 0, **settings: Any) -> float:
    (asking,) = price_requests([interview], QUERY._replace(**settings), [Past(requests=before)])
    return asking.points


@pytest.mark.parametrize(
    ("interview", "points"),
    [
        (one(), 150),
        (one(mode=Mode.ONSITE), 165),
        (one("Acme, final interview"), 195),
        (one("Entretien final Acme"), 195),
        (one("Letzte Gespräch: Endrunde"), 195),
    ],
)
def test_the_price_of_asking(interview: Interview, points: float) -> None:
    assert price(interview) == points


def test_every_request_made_before_doubles_it() -> None:
    assert [price(one(), before) for before in (0, 1, 2)] == [150, 300, 600]


def test_under_a_day_it_costs_half_as_much_again() -> None:
    start = one().occurrence.interval.start
    times = (timedelta(hours=24), timedelta(hours=24) - timedelta(minutes=1))
    assert [price(one(), now=start - ahead) for ahead in times] == [150, 225]


def test_several_interviewers_make_it_dearer_and_so_does_nothing_twice() -> None:
    who = one().interviewer._replace(also=(Person("kim@acme.example"),))
    assert price(one(interviewer=who)) == 195
    assert price(one("Final with Acme", interviewer=who)) == 195
    assert price(one(interviewer=who, mode=Mode.ONSITE)) == 214.5


def test_all_of_it_is_configurable() -> None:
    costs = DEFAULT_COSTS._replace(last_resort=100, last_resort_on_site=2)
    assert price(one(mode=Mode.ONSITE), costs=costs) == 200


def test_rounds_of_one_day_make_one_request() -> None:
    agenda = read_agenda(ROUNDS)
    rounds = [as_interview(agenda, words, process="acme.example") for words in ("one", "two", "final")]
    first, second, third = price_requests(rounds, QUERY, [Past()] * 3)
    assert first == second
    assert (first.points, bool(first.request)) == (195, True)
    assert (third.points, third.request) == (195, "")


# -- of two, the cheaper one


def report(agenda: Any, **settings: Any) -> Any:
    return check(agenda, QUERY._replace(**settings), NOWHERE)


def test_of_two_at_once_the_cheaper_one_is_asked_about_and_the_other_price_is_told(agenda: Any) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview: Cook at Acme (2 attendees; organiser dana@acme.example)
    Wed 2026-05-06 14:30-15:30 Final interview: Cook at Globex (2 attendees; organiser kim@globex.example)
    """
    acme, globex = report(agenda()).interviews
    assert (acme.verdict, globex.verdict) == ("reschedule", "clear")
    assert (acme.ask_cost, globex.ask_cost) == (150, 195)
    told = [because.text for because in acme.because if because.rule == "R30"]
    assert told == [
        "of two that overlap asking about this one costs 150 points; the other choice would cost 195"
    ]


def test_of_two_that_cost_the_same_the_later_one_is_asked_about(agenda: Any) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview: Cook at Acme (2 attendees; organiser dana@acme.example)
    Wed 2026-05-06 14:30-15:30 Interview: Cook at Globex (2 attendees; organiser kim@globex.example)
    """
    found = report(agenda())
    assert [entry.verdict for entry in found.interviews] == ["clear", "reschedule"]
    assert found.sum._asdict() == {"points": 150, "bound": 150, "changes": 0, "given_up": 1}


def test_one_that_cannot_stay_anyway_is_asked_about_instead(agenda: Any) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview: Cook at Acme (2 attendees; organiser dana@acme.example)
    Wed 2026-05-06 14:30-15:30 Interview: Cook at Globex (2 attendees; organiser kim@globex.example)
    Wed 2026-05-06 13:30-14:15 Court hearing
    """
    found = report(agenda())
    assert [entry.verdict for entry in found.interviews] == ["reschedule", "clear"]


def test_what_only_takes_the_room_to_breathe_is_tight_and_changes_nothing(agenda: Any) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview: Cook at Acme (2 attendees; organiser dana@acme.example)
    Wed 2026-05-06 15:00-16:00 Plan (organiser me@pan.example; 5 attendees)
    Wed 2026-05-06 15:05-15:30 Interview: Cook at Globex (2 attendees; organiser kim@globex.example)
    """
    acme, globex = report(agenda()).interviews
    assert acme.verdict == "clear"
    assert [(c.busy, c.reason) for c in acme.conflicts] == [("check", "tight")] * 2
    assert globex.verdict != "clear"


def test_rounds_that_cannot_be_kept_make_one_request(agenda: Any) -> None:
    """
    Wed 2026-05-06 10:00-11:00 Interview: Cook at Acme, round 1 (2 attendees; organiser dana@acme.example)
    Wed 2026-05-06 11:00-12:00 Interview: Cook at Acme, round 2 (2 attendees; organiser dana@acme.example)
    Wed 2026-05-06 10:30-11:30 Court hearing
    """
    found = report(agenda())
    first, second = found.interviews
    assert [entry.verdict for entry in found.interviews] == ["reschedule"] * 2
    assert (found.sum.points, found.sum.given_up) == (195, 2)
    assert second.request == first.interview.occurrence.event.uid
    assert (first.request, sum(len(one.rounds) for one in first.stretches)) == (None, 2)
