"""Copies of one interview are found without comparing every event with every other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from agendas import moment
from lastresort.interviews import detection
from lastresort.model import Busy, BusyReason, Event, Interval, Occurrence, Person

if TYPE_CHECKING:
    import pytest

START = moment("2026-05-05 10:00")


def occurrence(title: str, uid: str = "", sender: str = "", hour: int = 0) -> Occurrence:
    start = START + timedelta(hours=hour)
    person = Person(f"{sender}@acme.example", sender.title()) if sender else None
    event = Event("work.ics", uid, summary=title, organizer=person)
    return Occurrence(event, Interval(start, start + timedelta(hours=1)), Busy.CLASH, BusyReason.BUSY)


def pair_by_pair(occurrences: list[Occurrence]) -> list[list[Occurrence]]:
    groups: list[list[Occurrence]] = []
    for one in occurrences:
        for group in groups:
            if any(detection._is_copy(one, other, frozenset()) for other in group):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


OCCURRENCES = st.lists(
    st.builds(
        occurrence,
        st.lists(st.sampled_from(["interview", "acme", "globex", "data", "anna"]), max_size=3).map(" ".join),
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", "anna", "peter"]),
        st.integers(0, 1),
    ),
    max_size=12,
    unique_by=lambda one: (one.event, one.interval),
)


@given(OCCURRENCES)
def test_the_groups_are_those_of_comparing_all(occurrences: list[Occurrence]) -> None:
    assert detection._copies(occurrences) == pair_by_pair(occurrences)


def test_many_at_one_hour_are_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    compare = detection._is_copy
    monkeypatch.setattr(detection, "_is_copy", lambda *pair: counted.append(1) or compare(*pair))
    many = [occurrence(f"Interview - Data Analyst - Firm{n}", str(n)) for n in range(400)]
    assert len(detection._copies(many)) == 400
    assert len(counted) < 400
