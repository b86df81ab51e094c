"""Rounds of one process, their numbers, and events that belong to an interview that is certain."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agendas import moment
from lastresort.interviews.detection import Candidates, find_interviews
from lastresort.interviews.process import written_round
from lastresort.model import Agenda, Event
from lastresort.planning.conflicts import are_rivals
from lastresort.query import Query

QUERY = Query(moment("2026-05-04 08:00"), "Europe/Berlin", me=frozenset({"me@home.example"}))

Read = Callable[..., Agenda]


def ask(agenda: Agenda) -> Candidates:
    return find_interviews(agenda, QUERY)


def titles(found: Candidates) -> list[str]:
    return [one.occurrence.event.summary for one in found.interviews]


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("2nd interview", 2),
        ("Second round: Baker", 2),
        ("2. Gespräch Rossmann", 2),
        ("Zweitgespräch Otto", 2),
        ("3ª entrevista", 3),
        ("Deuxième entretien", 2),
        ("二次面接", 2),
        ("최종 2차 면접", 2),
        ("Entretien (2e tour) Lambert", 2),
        ("Gespräch Rossmann (3. Runde)", 3),
        ("Interview (2)", None),
        ("Interview", None),
        ("Onsite loop Acme (5 rounds)", None),
        ("Interview 10:00", None),
        ("Screening call +1 (646) 555-0173", None),
        ("Team 2 lunch", None),
    ],
)
def test_the_number_that_a_title_says(title: str, number: int | None) -> None:
    assert written_round(Event("work.ics", "1", summary=title)) == number


def test_rounds_are_numbered_in_order_of_time(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Recruiter screen Acme (organiser ann@acme.com Ann)
    2026-05-08 10:00-11:00 Technical interview Acme (organiser bob@acme.com Bob)
    2026-05-12 10:00-11:00 Interview Globex (organiser cy@globex.com Cy)
    """
    found = ask(agenda()).interviews
    assert [(one.process, one.round) for one in found] == [
        ("acme.com", 1),
        ("acme.com", 2),
        ("globex.com", None),
    ]


def test_a_written_number_counts_on(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 2nd interview (organiser ann@acme.com Ann)
    2026-05-08 10:00-11:00 Final interview (organiser bob@acme.com Bob)
    """
    assert [one.round for one in ask(agenda()).interviews] == [2, 3]


def test_what_the_same_person_invites_to_belongs_to_it(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview (organiser ann@acme.com Ann)
    2026-05-07 10:00-10:30 Quick follow-up (organiser ann@acme.com Ann)
    2026-05-08 10:00-10:30 Meet Zoe (organiser zoe@acme.com Zoe)
    2026-05-08 12:00-13:00 Lunch (organiser eve@else.com Eve)
    """
    found = ask(agenda())
    assert titles(found) == ["Interview", "Quick follow-up", "Meet Zoe"]
    assert "the same person invites to “Interview”" in found.interviews[1].because


def test_a_series_of_the_same_person_does_not(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview (organiser ann@acme.com Ann)
    2026-05-07 10:00-10:30 Standing call (organiser ann@acme.com Ann; series)
    """
    assert titles(ask(agenda())) == ["Interview"]


def test_the_invitation_of_the_day_is_the_frame_of_its_rounds(agenda: Read) -> None:
    """
    2026-05-05 09:00-13:00 Onsite interview day (organiser ann@acme.com Ann)
    2026-05-05 09:00-10:00 Coding interview (organiser ann@acme.com Ann)
    2026-05-05 10:00-11:00 Design interview (organiser ann@acme.com Ann)
    """
    day, coding, design = sorted(ask(agenda()).interviews, key=lambda one: -one.occurrence.interval.minutes)
    assert (day.round, coding.round, design.round) == (None, 1, 2)
    assert not are_rivals(day, coding)
    assert not are_rivals(coding, design)
