"""CPU per call of `offer_slots`, and what exactness buys: `python benchmarks/slots.py`.

Compares the chosen set with the best of all sets (full enumeration), with the first three free times, and
with the three times that are best each by itself.
"""

from __future__ import annotations

import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from lastresort.model import Agenda, Interval
from lastresort.planning.freebusy import as_taken
from lastresort.planning.openings import Side, Times, Wish
from lastresort.planning.slot_utility import DEFAULT_SCORES, Scored, choose, find_candidates
from lastresort.planning.slots import offer_slots
from lastresort.planning.timetable import Timetable
from lastresort.planning.trial import imagine_interview
from lastresort.planning.workdays import find_horizon
from lastresort.query import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.interviews.detection import Interview

NOW = datetime(2026, 5, 4, 7, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
CALENDARS = 60
ENUMERATED = 12


def busy_time(events: int, seed: int) -> list[Interval]:
    """Return invented meetings of half an hour to two hours in three weeks of office hours."""
    chance = random.Random(seed)
    starts = (
        NOW + timedelta(days=chance.randrange(21), minutes=15 * chance.randrange(40)) for _ in range(events)
    )
    return [Interval(start, start + timedelta(minutes=30 * chance.randint(1, 4))) for start in starts]


def set_points(some: Sequence[Scored]) -> float:
    """Return the points of a set, the company of its members included."""
    scores = DEFAULT_SCORES
    found = sum(one.score for one in some) + scores.further_day * len({one.day for one in some})
    found += scores.further_weekday * len({one.day.weekday() for one in some})
    return found + (scores.both_halves if len({one.morning for one in some}) == 2 else 0)


def goodness(some: Sequence[Scored]) -> tuple[int, int, float]:
    """Return what sets are compared by."""
    return len(some), len({one.day for one in some}), set_points(some)


def enumerate_all(found: Sequence[Scored], length: int) -> tuple[int, int, float]:
    """Return the goodness of the best of all sets of three that do not overlap."""
    trios = (
        some
        for some in combinations(found, 3)
        if all(b.start - a.start >= length for a, b in combinations(some, 2))
    )
    return max(map(goodness, trios), default=(0, 0, 0))


def main() -> None:
    """Print the tables."""
    print(f"{'events':>7} {'calls':>6} {'median ms':>10} {'worst ms':>9}")
    for events in (20, 50, 80):
        cpu = [measure(events, seed) for seed in range(CALENDARS)]
        print(f"{events:>7} {len(cpu):>6} {statistics.median(cpu):>10.2f} {max(cpu):>9.2f}")
    compare()


def question(events: int, seed: int) -> tuple[Interview, Agenda, Query, list[Interval], datetime]:
    """Return one generated question: 10 working days, one hour, a zone of its own."""
    theirs = ZONES[seed % len(ZONES)]
    query = Query(NOW, "Europe/Berlin", country="DE", interviewer_country="US", interviewer_zone=theirs)
    start = NOW + timedelta(days=2, hours=6)
    interview = imagine_interview(Interval(start, start + timedelta(hours=1)), query)
    agenda = Agenda(Interval(NOW, NOW + timedelta(days=60)), query.zone, ())
    return interview, agenda, query, busy_time(events, seed), find_horizon(query, start.date())


def measure(events: int, seed: int) -> float:
    """Return CPU milliseconds of one call, the best of three since others share the machine."""
    interview, agenda, query, blocked, until = question(events, seed)
    spent = []
    for _ in range(3):
        began = time.process_time()
        offer_slots(interview, Timetable(agenda, query), blocked=blocked, until=until)
        spent.append(1000 * (time.process_time() - began))
    return min(spent)


def compare() -> None:
    """Print how often simpler choices match the best set, and the time full enumeration takes."""
    same, first, greedy, spent = 0, 0, 0, 0.0
    for seed in range(ENUMERATED):
        interview, _, query, blocked, until = question(50, seed)
        meeting = interview.occurrence.interval
        sides = (
            Side(interview.interviewer.zone, query.interviewer_hours, query.interviewer_country),
            Side(query.zone, query.hours, query.country),
        )
        padding = timedelta(minutes=10)
        wish = Wish(meeting.length, padding, padding, *sides, meeting, query.now, query.notice, until)
        found = find_candidates(wish, Times(as_taken(blocked), as_taken([]), as_taken([])))
        began = time.process_time()
        best = enumerate_all(found, 60)
        spent += time.process_time() - began
        same += goodness(choose(found, 3, 60)) == best
        first += goodness(apart(found)) == best
        greedy += goodness(apart(sorted(found, key=lambda one: -one.score))) == best
    print(f"\nequal to the best of all sets, in {ENUMERATED} calendars of 50 events:")
    print(f"  as a set {same}, first three free {first}, best three alone {greedy}")
    print(f"  full enumeration takes {1000 * spent / ENUMERATED:.0f} ms a calendar")


def apart(ordered: Sequence[Scored]) -> list[Scored]:
    """Return the first three that do not overlap."""
    taken: list[Scored] = []
    for one in ordered:
        if len(taken) < 3 and all(abs(one.start - other.start) >= 60 for other in taken):
            taken.append(one)
    return taken


if __name__ == "__main__":
    main()
