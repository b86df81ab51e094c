"""What is bounded: below the limits nothing changes, at them there is a valid plan and a true statement, and
work grows with what there is to answer."""

from __future__ import annotations

import cProfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agendas import as_interview, moment, read_agenda
from instances import CAP, FAMILIES, instance
from lastresort.interviews.detection import NOWHERE
from lastresort.planning import conflicts, obstacles
from lastresort.planning.check import check
from lastresort.planning.conflicts import Surroundings, clashes, find_conflicts
from lastresort.planning.natures import classify
from lastresort.planning.solver import Choice, plans, solve
from lastresort.planning.solver import field as fields
from lastresort.planning.solver.held import Held
from lastresort.query import Query
from oracles import is_valid, price, together, treatment

if TYPE_CHECKING:
    from collections.abc import Callable

QUERY = Query(moment("2026-05-04 08:00"), "Europe/Berlin", days=60)


def calls(work: Callable[[], object]) -> int:
    """Return how many functions were called, which is the same on every machine."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def at_one_hour(number: int) -> tuple[int, int]:
    return 11, 540


def in_few_days(number: int) -> tuple[int, int]:
    return 11 + number % 4, 480 + 7 * number % 600


SHAPES = {"one hour": at_one_hour, "few days": in_few_days}


def crowd(shape: str, interviews: int, events: int) -> str:
    lines = ["me: me@acme.example"]
    for number in range(max(interviews, events)):
        day, minute = SHAPES[shape](number)
        end = minute + 60
        times = f"2026-05-{day:02d} {minute // 60:02d}:{minute % 60:02d}-{end // 60:02d}:{end % 60:02d}"
        if number < interviews:
            lines.append(
                f"{times} Interview with Company {number} (organiser a@c{number}.example; uid i{number})"
            )
        if number < events:
            lines.append(f"{times} Errand {number} (uid e{number})")
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_twice_as_many_interviews_and_meetings_take_about_twice_the_work(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Searches are bounded by counted work, so that this looks at all the rest."""
    monkeypatch.setattr(plans, "WORK", 100)
    monkeypatch.setattr(conflicts, "LISTED", 400)
    monkeypatch.setattr(fields, "SENT", 400)
    used = []
    for count in (30, 60, 120):
        agenda = read_agenda(crowd(shape, count, count))
        used.append(calls(lambda agenda=agenda: check(agenda, QUERY, NOWHERE)))  # type: ignore[misc]
    assert used[2] < 2.5 * used[1]
    assert used[1] < 2.5 * used[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_at_every_limit_each_interview_shows_its_clash_and_no_claim_is_false(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "WORK", 20)
    monkeypatch.setattr(conflicts, "LISTED", 10)
    monkeypatch.setattr(fields, "SENT", 10)
    monkeypatch.setattr(obstacles, "COMPARED", 30)
    report = check(read_agenda(crowd(shape, 30, 30)), QUERY, NOWHERE)
    assert all(entry.clashes for entry in report.interviews)
    kept = [entry.interview for entry in report.interviews if entry.verdict != "reschedule"]
    assert not any(one is not other and conflicts.are_rivals(one, other) for one in kept for other in kept)
    moves = {m.occurrence.key: m.new for entry in report.interviews if entry.plan for m in entry.plan.moves}
    rivals = {conflict.occurrence.key for entry in report.interviews for conflict in entry.conflicts}
    for event in report.agenda.occurrences:
        if event.event.summary.startswith("Errand"):
            time = moves.get(event.key, event.interval)
            assert not any(time and time.overlaps(one.needed) for one in kept)
    assert rivals
    assert 0 <= report.sum.bound <= report.sum.points
    found = next(entry.rearrangement for entry in report.interviews if entry.rearrangement)
    assert found.status == "limit"


@pytest.mark.slow
@settings(max_examples=20)
@given(st.sampled_from(sorted(FAMILIES)), st.integers(0, 200))
def test_below_the_limits_a_problem_is_answered_as_without_them(family: str, seed: int) -> None:
    problem = instance(family, seed, at_most=20)
    limited = solve(problem.items, CAP, plans=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fields, "MOST_SENT", 10**9)
        patch.setattr(fields, "SENT", 10**9)
        patch.setattr(plans, "WORK", 10**9)
        assert solve(problem.items, CAP, plans=1) == limited


@pytest.mark.slow
@settings(max_examples=20)
@given(st.sampled_from(sorted(FAMILIES)), st.integers(0, 200), st.integers(0, 3), st.integers(0, 200))
def test_at_the_limits_a_solution_is_valid_and_the_bound_is_true(
    family: str, seed: int, sent: int, work: int
) -> None:
    problem = instance(family, seed, at_most=12)
    best = solve(problem.items, CAP, plans=1).solutions[0].cost
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fields, "LEAST_SENT", sent)
        patch.setattr(fields, "SENT", 0)
        patch.setattr(plans, "WORK", work)
        outcome = solve(problem.items, CAP)
    for solution in outcome.solutions:
        treated = treatment(problem.items, solution.chosen)
        assert is_valid(problem.items, treated)
        assert price(treated)[0] == solution.cost >= best
    assert outcome.solutions
    assert outcome.bound <= best
    if outcome.status == "optimal":
        assert outcome.solutions[0].cost == best


spans = st.builds(lambda start, length: (start, start + length), st.integers(0, 12), st.integers(0, 4))
made = st.one_of(
    st.builds(lambda span: Choice(0, span, 0), spans),
    st.builds(
        lambda span, tokens: Choice(0, None, 0, clears=span, tokens=(*tokens,)),
        spans,
        st.sets(st.integers(0, 3)),
    ),
    st.builds(lambda stays: Choice(0, None, 0, stays=(*stays,)), st.lists(spans, max_size=2)),
)


@given(st.lists(made, max_size=6), made)
def test_what_is_held_goes_with_a_choice_as_each_of_it_does(choices: list[Choice], choice: Choice) -> None:
    tokens = {token for one in choices for token in one.tokens}
    expected = tokens.isdisjoint(choice.tokens) and all(together(choice, one) for one in choices)
    assert Held(choices).goes_with(choice) is expected


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(5, 90), st.booleans()), max_size=12),
    st.integers(0, 14),
)
def test_as_many_clashes_as_are_listed_are_those_that_there_are(
    drawn: list[tuple[int, int, bool]], most: int
) -> None:
    lines = ["2026-05-11 09:00-10:00 Interview: Baker (organiser hr@crumb.example; uid i)"]
    for number, (start, length, tentative) in enumerate(drawn):
        begin, end = 420 + start, 420 + start + length
        times = f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"
        lines.append(
            f"2026-05-11 {times} Errand {number} ({'tentative; ' if tentative else ''}uid e{number})"
        )
    agenda = read_agenda("\n".join(lines))
    interview = as_interview(agenda, "Interview")
    query = Query(moment("2026-05-04 08:00"), "Europe/Berlin")
    around = Surroundings([interview], agenda.occurrences, lambda one: classify(one, query, frozenset()))
    whole = find_conflicts(interview, agenda.occurrences, [], lambda one: classify(one, query, frozenset()))
    found = around.clashing(interview, most)
    assert len(found.conflicts) + found.left_out == len(whole)
    assert set(found.conflicts) <= set(whole)
    if found.left_out:
        assert sum(one.hard for one in found.conflicts) == min(most, sum(one.hard for one in whole))
    else:
        assert found.conflicts == whole
    assert all(clashes(interview, one.occurrence) for one in found.conflicts)
