"""What clashes with an interview, how much, and in which way."""

from __future__ import annotations

import pytest

from agendas import as_interview, find, moment, read_agenda
from lastresort.model import Busy
from lastresort.planning import natures
from lastresort.planning.conflicts import ConflictKind, find_conflicts
from lastresort.query import Query

QUERY = Query(moment("2026-05-04 09:00"), "UTC")
INTERVIEW = "Tue 2026-05-05 10:00-11:00 Interview Globex"


def classify(occurrence):
    return natures.classify(occurrence, QUERY)


def found(agenda, **options):
    interview = as_interview(agenda, "Globex", **options)
    conflicts = find_conflicts(interview, agenda.occurrences, [interview], classify)
    return [(c.occurrence.event.summary, c.overlap_minutes, c.kind.value) for c in conflicts]


@pytest.mark.parametrize(
    ("line", "minutes", "kind"),
    [
        ("2026-05-05 09:00-10:30 Sync", 40, "overlap"),
        ("2026-05-05 10:15-10:30 Sync", 15, "overlap"),
        ("2026-05-05 08:00-18:00 Sync", 80, "overlap"),
        ("2026-05-05 09:00-10:00 Sync", 10, "padding"),
        ("2026-05-05 11:00-12:00 Sync", 10, "padding"),
        ("2026-05-05 11:09-12:00 Sync", 1, "padding"),
        ("2026-05-05 11:15-12:00 Sync (travel 10)", 5, "travel"),
        ("2026-05-05 11:15-12:00 Sync (travel 30)", 25, "travel"),
        ("2026-05-05 11:05-12:00 Sync (travel 30)", 35, "travel"),
        ("2026-05-05 10:30-12:00 Sync (travel 60)", 80, "overlap"),
        ("2026-05-05 10:00-10:30 Sync (tentative)", 30, "overlap"),
        ("2026-05-05 all day Fair", 80, "overlap"),
    ],
)
def test_a_clash_counts_the_minutes_shared_with_the_padded_interview(line, minutes, kind):
    assert found(read_agenda(f"{INTERVIEW}\n{line}")) == [(line.split(" (")[0].split()[-1], minutes, kind)]


@pytest.mark.parametrize(
    "line",
    [
        "2026-05-05 09:00-09:50 Sync",
        "2026-05-05 11:10-12:00 Sync",
        "2026-05-05 10:00-11:00 Sync (free)",
        "2026-05-05 10:00-11:00 Sync (declined)",
        "2026-05-05 10:00-11:00 Sync (cancelled)",
        "2026-05-05 all day Ada (birthday)",
        "2026-05-05 11:30-12:00 Sync (travel 20)",
    ],
)
def test_touching_and_free_time_is_no_clash(line):
    assert found(read_agenda(f"{INTERVIEW}\n{line}")) == []


def test_time_to_travel_to_the_interview_is_told_as_travel(agenda):
    """
    2026-05-05 10:00-11:00 Interview Globex (travel 60)
    2026-05-05 09:00-09:30 Sync
    2026-05-05 11:05-11:30 Review
    """
    assert found(agenda()) == [("Sync", 30, "travel"), ("Review", 5, "padding")]


def test_an_event_nearby_is_only_classified_when_it_speaks_of_a_journey(agenda):
    """
    2026-05-05 10:00-11:00 Interview Globex
    2026-05-05 12:00-13:00 Flight LH 900
    2026-05-05 12:00-13:00 Vlak do Brna
    2026-05-05 12:00-13:00 Lunch at the station
    2026-05-05 11:05-11:30 Review
    """
    looked_at = []

    def classify_and_note(occurrence):
        looked_at.append(occurrence.event.summary)
        return classify(occurrence)

    events = agenda().occurrences
    find_conflicts(as_interview(agenda(), "Globex"), events, [], classify_and_note)
    assert sorted(looked_at) == ["Flight LH 900", "Review", "Vlak do Brna"]


def test_clashes_come_by_start_end_and_uid(agenda):
    """
    2026-05-05 10:00-11:00 Interview Globex
    2026-05-05 10:30-11:00 B (uid b)
    2026-05-05 10:30-11:00 A (uid a)
    2026-05-05 10:30-10:45 C
    2026-05-05 08:00-12:00 D
    """
    assert [title for title, _, _ in found(agenda())] == ["D", "C", "A", "B"]


def test_copies_of_the_interview_never_clash(agenda):
    """
    2026-05-05 10:00-11:00 Interview Globex
    2026-05-05 10:00-11:00 The same (source private.ics)
    """
    read = agenda()
    interview = as_interview(read, "Globex")._replace(copies=(find(read, "same"),))
    assert find_conflicts(interview, read.occurrences, [], classify) == ()


def rivals(text, **process):
    agenda = read_agenda(text)
    one, two = as_interview(agenda, "Globex", **process), as_interview(agenda, "Initech", **process)
    return [
        [(c.kind, c.overlap_minutes) for c in find_conflicts(first, agenda.occurrences, [one, two], classify)]
        for first in (one, two)
    ]


def test_two_interviews_clash_once_and_both_ways():
    both = rivals(f"{INTERVIEW}\n2026-05-05 10:30-11:30 Interview Initech")
    assert both == [[(ConflictKind.INTERVIEW, 40)], [(ConflictKind.INTERVIEW, 40)]]


def test_padding_of_either_interview_makes_a_clash_of_both(agenda):
    """
    2026-05-05 10:00-11:00 Interview Globex
    2026-05-05 11:30-12:00 Interview Initech
    """
    read = agenda()
    call, onsite = as_interview(read, "Globex", padding=5), as_interview(read, "Initech", padding=45)
    for one in (call, onsite):
        assert [c.kind for c in find_conflicts(one, read.occurrences, [call, onsite], classify)] == [
            ConflictKind.INTERVIEW
        ]


@pytest.mark.parametrize(("start", "clash"), [("11:00", False), ("10:45", True)])
def test_rounds_of_one_process_clash_only_where_they_overlap(start, clash):
    both = rivals(f"{INTERVIEW}\n2026-05-05 {start}-12:00 Interview Initech", process="globex.example")
    assert [bool(one) for one in both] == [clash, clash]


def test_another_interview_in_two_calendars_is_one_clash(agenda):
    """
    2026-05-05 10:00-11:00 Interview Globex
    2026-05-05 10:00-11:00 Interview Initech
    2026-05-05 10:00-11:00 Copy (source private.ics; tentative)
    """
    read = agenda()
    other = as_interview(read, "Initech")._replace(copies=(find(read, "Copy"),))
    (conflict,) = find_conflicts(as_interview(read, "Globex"), read.occurrences, [other], classify)
    assert (conflict.kind, conflict.occurrence.busy) == (ConflictKind.INTERVIEW, Busy.CLASH)
