"""Which events give way, how, and what is said when none does."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from agendas import as_interview, find, moment, read_agenda, stretch
from lastresort.costs import DEFAULT_COSTS
from lastresort.planning.obstacles import Need, Puzzle, RearrangeTask
from lastresort.planning.rearrange import explain, price_keeping, rearrange, refuse
from lastresort.planning.timetable import Timetable
from lastresort.query import Hours, Query

if TYPE_CHECKING:
    from lastresort.model import Interval

NOW = "2026-05-04 07:00"
DEADLINE = "2026-05-16 00:00"
INTERVIEW = "Wed 2026-05-06 10:00-11:00 Interview Globex"


def plan_of(agenda, *names, now=NOW, deadline=DEADLINE, held=(), others=(), ask=150, **settings):
    query = Query(moment(now, agenda.zone), agenda.zone, agenda.me, **settings)
    until = moment(deadline, agenda.zone)
    needs = [Need(as_interview(agenda, name), until, ask) for name in names or ["Globex"]]
    rivals = [as_interview(agenda, name) for name in others]
    task = RearrangeTask(needs, held=held, others=rivals)
    return rearrange(Puzzle(task, Timetable(agenda, query)))


def told(found, plan=0):
    """The moves of a plan as lines: title, action, new local time, points."""
    return [
        f"{m.occurrence.event.summary}: {m.action} {local(m.new)}{m.cost:g}" for m in found.plans[plan].moves
    ]


def local(new: Interval | None) -> str:
    if new is None:
        return ""
    return f"{new.start.astimezone(ZoneInfo('Europe/Berlin')):%a %H:%M} "


def refused(agenda, found, words):
    return refuse(found.puzzle, 0)[find(agenda, words).key].text


def test_nothing_in_the_way_changes_nothing(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 11:10-12:00 Review
    Wed 2026-05-06 10:00-11:00 Maybe (tentative)
    """
    found = plan_of(agenda())
    assert (found.status, found.plans[0].moves, found.plans[0].cost) == ("optimal", (), 0)
    assert not found.given_up


# -- each remedy at its price: an event in the way, its change, points. 11:15 would lie over lunch.


@pytest.mark.parametrize(
    ("line", "change"),
    [
        # mine: touched 5 + kind + 2 for a shift of more than three hours
        ("10:00-10:45 Focus time", "move Wed 09:00 7"),  # an hour, but earlier: + 1
        ("10:00-11:00 Focus time", "move Wed 13:00 7"),
        ("10:00-11:00 Dentist", "move Wed 13:00 14"),
        ("10:00-11:00 1:1 Dana (organiser me@acme.example; 2 attendees)", "move Wed 13:00 11"),
        ("10:00-11:00 Plan (organiser me@acme.example; 5 attendees)", "move Wed 13:00 27"),
        ("10:00-11:00 Offer (organiser me@acme.example; with buyer@shop.example)", "move Wed 13:00 66"),
        # earlier 1
        ("09:15-10:00 1:1 Dana (organiser me@acme.example; 2 attendees)", "shorten Wed 09:15 7"),
        ("09:30-09:55 Errand", "shorten Wed 09:30 7"),
        # lunch may lie over lunch
        ("12:00-13:00 Lunch (travel 90)", "move Wed 12:45 6"),
        # somebody else's 15
        ("10:00-11:00 1:1 Dana (organiser dana@acme.example; 2 attendees)", "ask-organiser Wed 13:00 26"),
        ("10:00-11:00 Plan (organiser dana@acme.example; 5 attendees)", "ask-organiser Wed 13:00 42"),
        # skipping is told, not asked
        ("10:00-11:00 Stand-up (organiser dana@acme.example; 5 attendees; series)", "skip 17"),
        ("10:00-11:00 Plan (organiser dana@acme.example; 5 attendees; series)", "skip 35"),
        ("10:00-11:00 Yoga class", "skip 25"),
        # a part of it touches the interview: 5 + the share of kind and ask that is missed
        ("08:00-10:00 Plan (organiser dana@acme.example; 5 attendees)", "step-out Wed 08:00 7.9"),
        ("11:00-12:00 Plan (organiser dana@acme.example; 5 attendees)", "step-out Wed 11:10 10.8"),
        ("10:45-13:00 Offer (organiser me@acme.example; with buyer@shop.example)", "shorten Wed 11:10 16.1"),
        # more than half does
        ("09:15-10:45 Offer (organiser me@acme.example; with buyer@shop.example)", "move Wed 13:00 67"),
    ],
)
def test_remedies(line, change):
    agenda = read_agenda(f"me: me@acme.example\n{INTERVIEW}\nWed 2026-05-06 {line}")
    found = plan_of(agenda)
    assert found.status == "optimal"
    assert [text.rpartition(": ")[2] for text in told(found)] == [change]
    (move,) = found.plans[0].moves
    assert move.cost == pytest.approx(sum(points for _, points in move.price))


def test_short_notice_makes_others_dearer(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Plan (organiser me@acme.example; 5 attendees)
    """
    (move,) = plan_of(agenda(), now="2026-05-05 18:00").plans[0].moves
    assert ("kind", 30) in move.price
    assert any("24 hours" in text for text in move.because)


@pytest.mark.parametrize(
    ("title", "points"),
    [("Client call", 90), ("Nursery run", 3), ("Dentist", 12), ("Focus time", 1)],
)
def test_others_have_short_notice_although_the_calendar_invites_nobody(title, points):
    agenda = read_agenda(f"{INTERVIEW}\nWed 2026-05-06 10:00-10:15 {title}")
    found = plan_of(agenda, now="2026-05-05 18:00")
    moves = [row for row in explain(found, as_interview(agenda, "Globex")) if row.action == "move"]
    assert moves
    assert {dict(move.price)["kind"] for move in moves} == {points}


def test_those_whose_calendars_are_known_are_no_crowd(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Plan (organiser me@acme.example; with a@acme.example, b@acme.example, \
c@acme.example, d@acme.example, e@acme.example)
    """
    (move,) = plan_of(agenda()).plans[0].moves
    assert dict(move.price)["people to suit"] == 2
    (move,) = plan_of(agenda(), colleagues={"a@acme.example": ()}).plans[0].moves
    assert dict(move.price)["people to suit"] == 1
    known = dict.fromkeys(("a@acme.example", "b@acme.example"), ())
    (move,) = plan_of(agenda(), colleagues=known).plans[0].moves
    assert "people to suit" not in dict(move.price)


@pytest.mark.parametrize(
    "title", ["Client call", "Dentist", "Plan (organiser me@acme.example; with a@acme.example)"]
)
def test_nothing_with_other_people_lands_where_an_interview_may_still_be(title):
    """They have not agreed to another time yet."""
    agenda = read_agenda(
        f"""
        me: me@acme.example
        {INTERVIEW}
        Wed 2026-05-06 10:00-11:00 {title}
        Wed 2026-05-06 14:00-15:00 Interview Initech
        Wed 2026-05-06 14:30-15:00 Court hearing
        """
    )
    found = plan_of(agenda, "Globex", "Initech")
    assert found.given_up == {1}
    new = [
        row.new
        for row in explain(found, as_interview(agenda, "Globex"))
        if row.new is not None and row.action == "move"
    ]
    assert new
    assert not any(time.overlaps(stretch("2026-05-06 14:00-15:00")) for time in new)


@pytest.mark.parametrize(
    ("line", "task"),
    [
        ("Focus time", "yours alone: the calendar can be changed for you"),
        ("Dentist", "call them and ask for 13:00, or any time outside 09:50–11:10 on Wed 6 May"),
        ("Client call", "nobody is invited through the calendar, so tell those concerned yourself"),
        (
            "Plan (organiser me@acme.example; 3 attendees)",
            "you organise it: move it, and the calendar tells the 2 others",
        ),
        ("Plan (organiser dana@acme.example Dana; 3 attendees)", "ask Dana (organiser)"),
        (
            "Plan (organiser dana@acme.example Dana; 4 attendees; series)",
            "miss this one, and tell Dana (organiser)",
        ),
        ("Yoga class (series)", "miss it: it takes place without you"),
    ],
)
def test_every_move_says_what_to_do(line, task):
    agenda = read_agenda(f"me: me@acme.example\n{INTERVIEW}\nWed 2026-05-06 10:00-11:00 {line}")
    (move,) = plan_of(agenda).plans[0].moves
    assert move.because[0] == task


def test_late_and_early_are_told_in_minutes(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 08:30-10:05 Plan (organiser dana@acme.example Dana; 5 attendees)
    Wed 2026-05-06 11:00-12:00 Offer (organiser me@acme.example; with buyer@shop.example)
    """
    early, late = plan_of(agenda()).plans[0].moves
    assert early.because[0] == "leave 15 minutes early, and tell Dana (organiser)"
    assert early.new == stretch("2026-05-06 08:30-9:50")
    assert late.because[0] == "you organise it: begin 10 minutes later"
    assert late.new == stretch("2026-05-06 11:10-12:00")


def test_leaving_early_what_has_begun(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 08:00-10:00 Workshop
    """
    (move,) = plan_of(agenda(), now="2026-05-06 08:30").plans[0].moves
    assert (move.action, move.new) == ("shorten", stretch("2026-05-06 08:00-9:50"))


def test_what_has_begun_and_cannot_end_early_is_told(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 08:00-10:30 Dentist
    """
    found = plan_of(agenda(), now="2026-05-06 08:30")
    assert refused(agenda(), found, "Dentist") == "“Dentist” has begun already"


def test_a_chain_is_found(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Customer (organiser me@acme.example; with buyer@shop.example)
    Wed 2026-05-06 11:15-12:15 Focus time
    Wed 2026-05-06 08:00-09:50 Pinned A (priority 1)
    Wed 2026-05-06 12:15-18:00 Pinned B (priority 1)
    Wed 2026-05-06 18:00-19:00 Pinned C (priority 1)
    """
    found = plan_of(agenda(), deadline="2026-05-08 00:00")
    assert told(found) == ["Customer: move Thu 09:00 69"]
    nearer = plan_of(agenda(), deadline="2026-05-08 00:00", costs=DEFAULT_COSTS._replace(another_day=30))
    assert told(nearer) == ["Customer: move Wed 11:15 70", "Focus time: skip 20"]
    assert "makes room for another event of this plan" in nearer.plans[0].moves[1].because


def test_two_interviews_never_use_the_same_hour(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 13:00-14:00 Interview Initech
    Wed 2026-05-06 10:00-11:00 Dentist
    Wed 2026-05-06 13:00-14:00 Errand
    Wed 2026-05-06 08:00-09:50 A (priority 1)
    Wed 2026-05-06 14:10-19:00 B (priority 1)
    """
    found = plan_of(agenda(), "Globex", "Initech", now="2026-05-06 07:00", deadline="2026-05-07 00:00")
    assert told(found) == ["Dentist: move Wed 11:30 22", "Errand: skip 25"]


def test_further_plans_differ_in_kind(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 1:1 Dana (organiser dana@acme.example; 2 attendees; series)
    """
    found = plan_of(agenda())
    assert told(found) == ["1:1 Dana: skip 20"]
    assert len(found.plans) == 3
    assert found.plans[0].people_asked == 0
    assert {plan.people_asked for plan in found.plans[1:]} == {1}
    days = {
        (m.action, m.new and (m.new.start.date(), m.new.start.hour < 10))
        for p in found.plans
        for m in p.moves
    }
    assert len(days) == 3


def test_copies_in_two_calendars_are_one_event(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Plan (organiser me@acme.example; 5 attendees; uid plan)
    Wed 2026-05-06 10:00-11:00 Plan (uid plan; source private.ics)
    """
    (plan, *_) = plan_of(agenda()).plans
    assert plan.cost == 27
    assert [(m.occurrence.event.source, m.new) for m in plan.moves] == [
        ("work.ics", stretch("2026-05-06 13:00-14:00")),
        ("private.ics", stretch("2026-05-06 13:00-14:00")),
    ]


# -- where nothing may land


def test_it_keeps_to_my_hours_days_and_held_times(agenda):
    """
    Fri 2026-05-08 10:00-11:00 Interview Globex
    Fri 2026-05-08 10:00-11:00 Errand
    """
    assert told(plan_of(agenda())) == ["Errand: move Fri 13:00 8"]
    hours = Hours(time(10), time(11))
    assert told(plan_of(agenda(), hours=hours)) == ["Errand: move Thu 10:00 12"]
    assert told(plan_of(agenda(), hours=hours, now="2026-05-07 12:00")) == ["Errand: move Mon 10:00 13"]
    held = [stretch("2026-05-08 12:30-13:10")]
    assert told(plan_of(agenda(), held=held)) == ["Errand: move Fri 13:15 9"]
    weekend = hours._replace(days=frozenset(range(7)))
    assert told(plan_of(agenda(), hours=weekend, now="2026-05-07 12:00")) == ["Errand: move Sat 10:00 11"]


def test_public_holidays_are_avoided(agenda):
    """
    Wed 2026-05-13 10:00-11:00 Interview Globex
    Wed 2026-05-13 10:00-11:00 Errand
    """
    hours, now = Hours(time(10), time(11)), "2026-05-13 07:00"
    assert told(plan_of(agenda(), hours=hours, now=now)) == ["Errand: move Thu 10:00 11"]
    ascension = plan_of(agenda(), hours=hours, now=now, country="DE")
    assert told(ascension) == ["Errand: move Fri 10:00 12"]


def test_it_keeps_to_the_hours_of_an_organiser_elsewhere(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 17:00-18:00 Interview Globex
    Wed 2026-05-06 17:00-18:00 1:1 Lee (organiser lee@acme.example; 2 attendees; zone America/New_York)
    """
    (move,) = plan_of(agenda()).plans[0].moves
    assert move.new is not None
    assert move.new.start >= stretch("2026-05-06 8:00-9:00", "America/New_York").start


def test_a_tentative_event_is_landed_on_only_for_a_reason(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Errand
    Wed 2026-05-06 11:15-18:00 Perhaps (tentative)
    """
    assert told(plan_of(agenda())) == ["Errand: move Thu 09:00 11"]
    only = plan_of(
        agenda(), now="2026-05-06 09:00", deadline="2026-05-07 00:00", hours=Hours(time(9), time(17))
    )
    assert told(only) == ["Errand: move Wed 13:00 18"]
    assert "lands on something tentative: look at that first" in only.plans[0].moves[0].because


def test_days_away_take_no_moved_event(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Errand
    2026-05-07 all day Vacation
    2026-05-08 all day Mum visits
    """
    hours = Hours(time(10), time(11))
    found = plan_of(agenda(), hours=hours, now="2026-05-06 07:00")
    assert told(found) == ["Errand: move Fri 10:00 12"]


def test_nothing_lands_on_an_interview_that_is_asked_to_move(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:30-13:00 Interview Initech
    Wed 2026-05-06 10:00-11:00 Errand
    """
    found = plan_of(agenda(), others=["Initech"], deadline="2026-05-07 00:00", now="2026-05-06 09:30")
    assert told(found) == ["Errand: move Wed 13:00 8"]


def test_lunch_stays_around_noon(agenda):
    """
    Wed 2026-05-06 11:50-13:30 Interview Globex
    Wed 2026-05-06 12:00-13:00 Lunch
    """
    assert told(plan_of(agenda())) == ["Lunch: move Wed 13:45 7"]
    held = [stretch("2026-05-06 13:40-15:00")]
    assert told(plan_of(agenda(), held=held)) == ["Lunch: skip 11"]


# -- the last resort, and why


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Flight to Rome", "“Flight to Rome” is travel by air (“Flight to”)"),
        ("Sync (out of office)", "“Sync” is marked out of office"),
        ("Sync (priority 1)", "“Sync” has the highest priority"),
    ],
)
def test_what_cannot_move_is_the_proof(line, why):
    agenda = read_agenda(
        f"{INTERVIEW}\nWed 2026-05-06 10:00-11:00 {line}\nWed 2026-05-06 10:30-11:00 Dentist"
    )
    found = plan_of(agenda)
    assert (found.given_up, found.points, found.plans[0].moves) == ({0}, 150, ())
    assert refused(agenda, found, line.split(" (")[0]) == why
    assert "that alone does not free the time" in refused(agenda, found, "Dentist")


def test_no_common_hour_is_told_with_the_last_day(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Plan (organiser dana@acme.example; 5 attendees)
    """
    found = plan_of(
        agenda(), now="2026-05-06 09:00", deadline="2026-05-07 00:00", hours=Hours(time(10), time(10, 45))
    )
    assert refused(agenda(), found, "Plan") == (
        "“Plan” has no common free time before Thu 7 May, on open days between 10:00 and 10:45"
    )


def test_what_keeping_would_cost_is_told_beside_the_price_of_asking(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Offer (organiser buyer@shop.example; 3 attendees)
    """
    found = plan_of(agenda(), ask=50)
    assert (found.given_up, found.points) == ({0}, 50)
    cheapest = plan_of(agenda()).plans[0].cost
    assert refused(agenda(), found, "Offer") == "“Offer” costs at least 80 points to change"
    keeping = price_keeping(found, 0)
    assert (keeping.points, keeping.exact) == (cheapest, True)


def test_two_days_do_not_pay_for_each_other(agenda):
    """
    me: me@acme.example
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Offer (organiser buyer@shop.example; 3 attendees)
    Fri 2026-05-08 10:00-11:00 Interview Initech
    Fri 2026-05-08 10:00-11:00 Second (organiser other@shop.example; 3 attendees)
    """
    found = plan_of(agenda(), "Globex", "Initech")
    assert not found.given_up
    apart = sum(plan_of(agenda(), name).points for name in ("Globex", "Initech"))
    assert found.points == apart > 150


def test_hours_that_leave_no_time(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Plan (organiser dana@acme.example; 5 attendees)
    """
    found = plan_of(
        agenda(), hours=Hours(time(12), time(12)), now="2026-05-06 09:00", deadline="2026-05-07 00:00"
    )
    assert found.given_up == {0}


# -- what was considered


def test_everything_considered_is_told(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-11:00 Errand
    Wed 2026-05-06 13:00-14:00 Focus time
    """
    found = plan_of(agenda())
    considered = explain(found, as_interview(agenda(), "Globex"))
    verdicts = {c.verdict for c in considered}
    assert [c.verdict for c in considered].count("chosen") == 1
    assert {c.action for c in considered} == {"move", "skip"}
    assert any(verdict.startswith("dearer: ") for verdict in verdicts)
    assert all(c.cost == pytest.approx(sum(points for _, points in c.price)) for c in considered)
    assert [c.cost for c in considered] == sorted(c.cost for c in considered)


# -- where I have to be somewhere


@pytest.mark.parametrize(
    ("other", "hour", "close"),
    [
        ("Wed 2026-05-06 14:15-15:00 Garage (at Hauptstr. 5)", "13:00", True),
        ("Wed 2026-05-06 14:30-15:00 Garage (at Hauptstr. 5)", "13:00", False),
        ("Wed 2026-05-06 14:15-15:00 Review (at https://meet.example/1)", "13:00", False),
        ("Thu 2026-05-07 10:00-11:00 Interview Acme", "11:15", True),
    ],
)
def test_an_appointment_close_to_another_place_is_dearer(other, hour, close):
    agenda = read_agenda(f"{INTERVIEW}\nWed 2026-05-06 10:00-11:00 Dentist\n{other}")
    names = ["Globex", "Acme"] if "Acme" in other else ["Globex"]
    day = other.split()[1]
    ways = explain(plan_of(agenda, *names), as_interview(agenda, "Globex"))
    (way,) = [way for way in ways if way.new and way.new.start == moment(f"{day} {hour}")]
    assert ("close to another place" in dict(way.price)) is close


def test_where_it_stands_itself_is_no_other_place(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 09:30-10:30 Dentist (at Hauptstr. 5)
    """
    ways = explain(plan_of(agenda()), as_interview(agenda(), "Globex"))
    (way,) = [way for way in ways if way.new and way.new.start == moment("2026-05-06 08:15")]
    assert "close to another place" not in dict(way.price)


# -- what serves the interview


@pytest.mark.parametrize(
    "title",
    [
        "Interview prep",
        "Vorbereitung Vorstellungsgespräch",
        "Preparar entrevista",
        "Préparation entretien Globex",
        "Voorbereiding sollicitatiegesprek",
    ],
)
def test_what_prepares_for_an_interview_ends_before_it(title):
    agenda = read_agenda(f"{INTERVIEW}\nWed 2026-05-06 09:30-10:30 {title} (uid prep)")
    found = plan_of(agenda, "Interview Globex")
    interview = as_interview(agenda, "Interview Globex")
    ways = explain(found, interview)
    new = [way.new for way in ways if way.new]
    assert new
    assert all(time.end <= interview.occurrence.interval.start for time in new)


def test_what_prepares_for_something_else_may_come_later(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 09:30-10:30 Prep for the exam
    """
    assert told(plan_of(agenda())) == ["Prep for the exam: move Wed 13:00 8"]


def test_why_a_cheaper_time_lost_is_told(agenda):
    """
    Wed 2026-05-06 10:00-11:00 Interview Globex
    Wed 2026-05-06 10:00-10:45 Focus time
    """
    globex = as_interview(agenda(), "Globex", soft=True)
    query = Query(moment(NOW, agenda().zone), agenda().zone, agenda().me)
    task = RearrangeTask([Need(globex, moment(DEADLINE, agenda().zone), 150)])
    found = rearrange(Puzzle(task, Timetable(agenda(), query)))
    (chosen,) = found.plans[0].moves
    verdicts = {way.new.start: way for way in explain(found, globex) if way.new}
    close = verdicts[moment("2026-05-06 11:00")]
    assert close.cost < chosen.cost
    assert close.verdict == "leaves less room to breathe beside “Interview Globex”"
