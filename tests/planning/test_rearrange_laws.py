"""What holds for every plan, whatever the calendar."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agendas import as_interview, moment, read_agenda
from lastresort.model import Busy, Interval
from lastresort.planning.actions import Who
from lastresort.planning.obstacles import Need, Puzzle, RearrangeTask
from lastresort.planning.rearrange import explain, rearrange
from lastresort.planning.timetable import Timetable
from lastresort.query import Query

NOW = moment("2026-05-05 07:30")
DEADLINE = moment("2026-05-08 00:00")
QUERY = Query(NOW, "Europe/Berlin", frozenset({"me@acme.example"}))
ASK = 150
QUARTER = timedelta(minutes=15)
PEOPLE = (
    "", "", "organiser me@acme.example; 2 attendees", "organiser dana@acme.example; 2 attendees",
    "organiser me@acme.example; 5 attendees", "organiser dana@acme.example; 6 attendees",
    "organiser buyer@shop.example; 3 attendees",
)  # fmt: skip
TITLES = ("Focus time", "Lunch", "Dentist", "Sync", "Stand-up", "Yoga class", "Flight", "Chat")
EXTRAS = ("", "", "", "series", "series", "tentative", "travel 15")


@st.composite
def events(draw):
    start = draw(st.integers(8 * 4, 18 * 4))
    end = start + draw(st.integers(1, 8))
    details = "; ".join(filter(None, (draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(EXTRAS)))))
    day = draw(st.sampled_from(("2026-05-05", "2026-05-06", "2026-05-07")))
    times = f"{start // 4}:{start % 4 * 15:02}-{end // 4}:{end % 4 * 15:02}"
    return f"{day} {times} {draw(st.sampled_from(TITLES))} ({details})"


HEAD = """me: me@acme.example
2026-05-06 10:00-11:00 Interview Globex
2026-05-06 14:00-15:00 Interview Initech
"""
calendars = st.lists(events(), min_size=1, max_size=12).map(lambda lines: HEAD + "\n".join(lines))


def solved(agenda, query=QUERY):
    interviews = [as_interview(agenda, "Globex"), as_interview(agenda, "Initech")]
    needs = [Need(interview, DEADLINE, ASK) for interview in interviews]
    return interviews, rearrange(Puzzle(RearrangeTask(needs), Timetable(agenda, query)))


def spans(found):
    return [(m.occurrence.key, m.action, m.new) for plan in found.plans for m in plan.moves]


@given(calendars)
@settings(max_examples=120)
def test_plans_keep_their_promises(text):
    agenda = read_agenda(text)
    interviews, found = solved(agenda)
    protected = {i.occurrence.key for i in interviews}
    hard = [o for o in agenda.occurrences if o.busy is Busy.CLASH and o.key not in protected]
    kept = [one for place, one in enumerate(interviews) if place not in found.given_up]
    clashing = {o.key for o in hard if any(o.blocked.overlaps(i.needed) for i in kept)}
    best = found.plans[0]
    assert found.points == pytest.approx(best.cost + best.soft_points + ASK * len(found.given_up))
    assert found.bound == found.points <= 2 * ASK
    for plan in found.plans:
        changed = {move.occurrence.key: move for move in plan.moves}
        assert clashing <= set(changed)
        assert plan.cost == pytest.approx(sum(move.cost for move in plan.moves))
        homes = [o.blocked for o in hard if o.key not in changed]
        landed: list[Interval] = [i.needed for i in kept]
        for move in plan.moves:
            assert move.because
            assert move.cost == pytest.approx(sum(points for _, points in move.price))
            if move.new is None:
                continue
            taken = Interval(move.new.start - move.occurrence.event.travel, move.new.end)
            if move.action == "shorten":  # what is left stays where it was, double-booked or not
                assert not any(taken.overlaps(one.needed) for one in kept)
            elif move.action != "step-out":
                assert not any(taken.overlaps(other) for other in (*homes, *landed))
                landed.append(taken)
            if move.action == "shorten":
                assert move.occurrence.interval.holds(move.new)
                assert move.new.length * 2 > move.occurrence.interval.length
            elif move.action == "step-out":
                assert move.occurrence.interval.holds(move.new)
                assert move.minutes_missed * 5 <= move.occurrence.interval.minutes * 4
            else:
                assert move.new.length == move.occurrence.interval.length
                assert taken.start >= NOW
                assert move.new.end <= DEADLINE
                assert move.new.start.minute % 15 == 0
            organizer = move.occurrence.event.organizer
            foreign = organizer is not None and organizer.address not in agenda.me
            assert (move.action == "ask-organiser") <= foreign
            assert (move.action == "move") <= (not foreign or move.who is Who.CALL)  # a practice is called


@given(calendars, st.integers(0, 9))
@settings(max_examples=30)
def test_the_order_of_the_agenda_does_not_matter(text, seed):
    agenda = read_agenda(text)
    shuffled = list(agenda.occurrences)
    Random(seed).shuffle(shuffled)
    assert spans(solved(agenda)[1]) == spans(solved(agenda._replace(occurrences=tuple(shuffled)))[1])


@given(calendars)
@settings(max_examples=30)
def test_what_lies_beyond_the_horizon_changes_nothing(text):
    more = text + "\n2026-05-08 09:00-10:00 Later\n2026-05-04 09:00-10:00 Past\n2026-05-09 all day Flight"
    plain, extended = solved(read_agenda(text))[1], solved(read_agenda(more))[1]
    assert spans(plain) == spans(extended)
    assert plain.status == extended.status


@given(calendars)
@settings(max_examples=30)
def test_everything_considered_has_a_verdict(text):
    agenda = read_agenda(text)
    interviews, found = solved(agenda)
    considered = [way for interview in interviews for way in explain(found, interview)]
    chosen = [c for c in considered if c.verdict == "chosen"]
    in_the_way = {c.occurrence.key for c in considered}
    if found.plans and not found.given_up:
        assert {c.occurrence.key for c in chosen} == in_the_way
    for one in considered:
        assert one.verdict
        if one.action is None:
            assert one.cost is None
            assert one.kind.fixed
        else:
            assert one.cost == pytest.approx(sum(points for _, points in one.price))
