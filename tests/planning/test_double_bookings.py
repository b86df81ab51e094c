"""Pairs of events that take the same time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas import as_interview, read_agenda
from lastresort.model import Busy, Interval
from lastresort.planning import double_bookings
from lastresort.planning.double_bookings import find_pairs


def pairs(text):
    return [
        (pair.first.event.summary, pair.second.event.summary, pair.overlap_minutes, pair.busy.value)
        for pair in find_pairs(read_agenda(text).occurrences).pairs
    ]


def test_every_two_events_that_overlap_are_a_pair():
    text = """
    2026-05-05 09:00-12:00 Workshop
    2026-05-05 09:30-10:00 Call
    2026-05-05 11:00-13:00 Lunch
    2026-05-06 11:00-13:00 Choir
    """
    assert pairs(text) == [("Workshop", "Call", 30, "clash"), ("Workshop", "Lunch", 60, "clash")]


@pytest.mark.parametrize(
    "line",
    ["10:00-11:00 Sync", "08:00-09:00 Sync", "09:30-10:00 Sync (free)", "09:30-10:00 Sync (declined)",
     "09:30-10:00 Sync (cancelled)", "all day Ada (birthday)"],
)  # fmt: skip
def test_touching_and_free_time_is_none(line):
    assert pairs(f"2026-05-05 09:00-10:00 Call\n2026-05-05 {line}") == []


@pytest.mark.parametrize(
    "line", ["09:30-10:00 Sync (tentative)", "09:30-10:00 Sync (unanswered)", "all day Fair"]
)
def test_what_may_take_no_time_is_to_be_looked_at(line):
    ((_, _, _, busy),) = pairs(f"2026-05-05 09:00-10:00 Call\n2026-05-05 {line}")
    assert busy == "check"


def test_the_way_to_an_event_is_part_of_it():
    assert pairs("2026-05-05 09:00-10:00 Call\n2026-05-05 10:15-11:00 Dentist (travel 30)") == [
        ("Call", "Dentist", 15, "clash")
    ]


def test_rounds_within_the_invitation_for_the_day_are_no_pair():
    agenda = read_agenda(
        "2026-05-05 09:00-12:00 Onsite Globex\n2026-05-05 09:00-10:00 Interview 1 Globex\n"
        "2026-05-05 11:30-12:30 Errand"
    )
    day = as_interview(agenda, "Onsite", process="globex")
    first = as_interview(agenda, "Interview 1", process="globex")
    found = find_pairs(agenda.occurrences, [day, first]).pairs
    assert [(one.first.event.summary, one.second.event.summary) for one in found] == [
        ("Onsite Globex", "Errand")
    ]


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10), st.sampled_from(list(Busy))), max_size=12)


@given(SPANS)
def test_the_pairs_are_those_of_comparing_all_with_all(spans):
    (model,) = read_agenda("2026-05-05 09:00-10:00 Call").occurrences
    start = model.interval.start
    made = [
        model._replace(
            event=model.event._replace(uid=str(place)),
            interval=Interval(start + timedelta(minutes=begin), start + timedelta(minutes=begin + length)),
            busy=busy,
        )
        for place, (begin, length, busy) in enumerate(spans)
    ]
    wanted = {
        frozenset((one.event.uid, other.event.uid))
        for place, one in enumerate(made)
        for other in made[:place]
        if Busy.IGNORE not in (one.busy, other.busy) and one.interval.shared(other.interval) > timedelta(0)
    }
    found = [frozenset((pair.first.event.uid, pair.second.event.uid)) for pair in find_pairs(made).pairs]
    assert set(found) == wanted
    assert len(found) == len(wanted)


def test_a_flood_is_cut_off_and_counted(monkeypatch):
    monkeypatch.setattr(double_bookings, "LISTED", 3)
    lines = [f"2026-05-05 09:00-10:00 Call {number}" for number in range(5)]
    found = find_pairs(read_agenda("\n".join(lines)).occurrences)
    assert (len(found.pairs), found.not_listed) == (3, 7)
