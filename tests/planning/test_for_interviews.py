"""What serves an interview: preparing for it, and the way there."""

import pytest

from agendas import as_interview, find, read_agenda
from lastresort.interviews.detection import Mode
from lastresort.planning.conflicts import find_conflicts
from lastresort.planning.for_interviews import Preparations
from lastresort.planning.natures import classify
from lastresort.planning.workdays import DAY
from lastresort.query import Query


@pytest.mark.parametrize(
    ("title", "prepares"),
    [("Globex prep", True), ("Prepare slides for Initech", False), ("Coffee with Globex", False)],
)
def test_a_preparation_is_known_by_the_company(title, prepares):
    agenda = read_agenda(f"Wed 2026-05-06 10:00-11:00 Final\nWed 2026-05-06 09:30-10:30 {title} (uid x)")
    interview = as_interview(agenda, "Final")._replace(company="Globex Ltd")
    event = next(one.event for one in agenda.occurrences if one.event.uid == "x")
    until = Preparations([interview]).until(event)
    assert until == (interview.needed.start if prepares else None)


def test_a_preparation_is_of_use_until_the_first_interview_that_it_is_about():
    agenda = read_agenda(
        "Wed 2026-05-06 10:00-11:00 Final\nWed 2026-05-06 14:00-15:00 Screening\n"
        "Wed 2026-05-06 15:00-16:00 Globex prep (uid x)\nWed 2026-05-06 15:00-16:00 Interview prep (uid y)"
    )
    final = as_interview(agenda, "Final")._replace(company="Initech")
    screening = as_interview(agenda, "Screening")._replace(company="Globex Ltd")
    later = screening._replace(needed=screening.needed.widened(-DAY, DAY))
    known = {one.event.uid: one.event for one in agenda.occurrences}
    preparations = Preparations([later, screening, final])
    assert preparations.until(known["x"]) == screening.needed.start
    assert preparations.until(known["y"]) == final.needed.start


@pytest.mark.parametrize(
    ("line", "mode", "told"),
    [
        ("09:15-09:55 Travel to Leeds", Mode.ONSITE, ("check", "journey")),
        ("08:00-09:40 Train to Leeds", Mode.ONSITE, ("check", "journey")),
        ("11:10-12:30 ICE 578", Mode.ONSITE, ("check", "journey")),
        ("09:30-10:00 Walk to the interview", Mode.ONSITE, ("check", "journey")),
        # it takes time of the interview itself
        ("09:15-10:05 Train to Leeds", Mode.ONSITE, ("clash", "busy")),
        # nobody comes from the airport in so short a time
        ("08:00-09:40 Flight BA902", Mode.ONSITE, ("clash", "busy")),
        ("09:15-09:55 Walk", Mode.ONSITE, ("clash", "busy")),
        ("09:15-09:55 Team sync", Mode.ONSITE, ("clash", "busy")),
        ("09:15-09:55 Travel to Leeds", Mode.VIDEO, ("clash", "busy")),
    ],
)
def test_the_way_to_an_interview_is_no_clash(line, mode, told):
    agenda = read_agenda(f"Wed 2026-05-06 10:00-11:00 Globex\nWed 2026-05-06 {line} (uid x)")
    interview = as_interview(agenda, "Globex", padding=45)._replace(mode=mode)
    other = next(one for one in agenda.occurrences if one.event.uid == "x")
    query = Query(find(agenda, "Globex").interval.start, agenda.zone, agenda.me)
    (conflict,) = find_conflicts(interview, [other], [], lambda one: classify(one, query))
    assert (conflict.busy.value, conflict.reason.value) == told


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("08:00-12:00 Sprechstunde (series)", True),
        ("09:00-13:00 Clinic (series)", True),
        ("09:00-09:30 Physiotherapie (series)", False),
        ("08:00-12:00 Delivery washing machine", False),
    ],
)
def test_hours_of_those_who_give_appointments_stay(line, fixed):
    agenda = read_agenda(f"Wed 2026-05-06 {line}")
    (one,) = agenda.occurrences
    assert bool(classify(one, Query(one.interval.start, agenda.zone, agenda.me)).fixed) is fixed
