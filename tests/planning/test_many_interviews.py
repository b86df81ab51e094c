"""Many interviews at once: what is done for each is bounded, and what is left out is told."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from agendas import moment, read_agenda
from lastresort.interviews.detection import NOWHERE
from lastresort.planning import conflicts, obstacles, offering
from lastresort.planning.alternatives import Treatments
from lastresort.planning.check import check
from lastresort.planning.conflicts import MOST_RIVALS, ConflictKind
from lastresort.planning.offering import OFFERED
from lastresort.planning.rearrange import PRICED
from lastresort.planning.solver import Choice, Counts, Item, ItemProblem, plans, solve
from lastresort.query import Query
from oracles import is_valid, price, treatment

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY = 70


def overlapping(count: int) -> str:
    """Return interviews of which each two neighbours overlap, ten a day."""
    lines = ["me: me@acme.example"]
    for number in range(count):
        day, place = divmod(number, 10)
        start = moment(f"2026-05-{11 + day:02d} 09:00") + timedelta(minutes=40 * place)
        lines.append(
            f"{start:%Y-%m-%d %H:%M}-{start + timedelta(hours=1):%H:%M} Interview with Company {number}"
            f" (organiser ada@company{number}.example; uid i{number})"
        )
    return "\n".join(lines)


@pytest.mark.slow
def test_few_are_priced_and_few_requests_offer_times(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = {"priced": 0, "offered": 0}
    counters = []
    offer, price = offering.offer_slots, ItemProblem.solve_dearer

    def offer_slots(*args: object, **settings: object) -> object:
        calls["offered"] += 1
        counters.append(settings["searches"])
        return offer(*args, **settings)  # type: ignore[arg-type]

    def solve_dearer(problem: ItemProblem, item: str, cost: int, node_limit: int) -> object:
        calls["priced"] += 1
        return price(problem, item, cost, node_limit)

    monkeypatch.setattr(offering, "offer_slots", offer_slots)
    monkeypatch.setattr(ItemProblem, "solve_dearer", solve_dearer)
    query = Query(moment("2026-05-04 09:00"), "Europe/Berlin", days=60)
    report = check(read_agenda(overlapping(MANY)), query, NOWHERE)
    asked = [entry for entry in report.interviews if entry.verdict == "reschedule"]
    assert len(asked) > OFFERED
    assert calls["offered"] == OFFERED
    assert all(each is counters[0] for each in counters)  # searches for easy moves are counted together
    assert calls["priced"] == PRICED
    for entry in asked[OFFERED:]:
        assert not entry.slots
        assert f"the first {OFFERED} requests only" in entry.because[-1].text
    for entry in asked[PRICED:]:
        assert any("no other choice costs less" in because.text for because in entry.because)


@pytest.mark.slow
def test_the_first_rivals_of_one_are_told_and_that_there_are_more() -> None:
    lines = [
        f"2026-05-11 09:00-10:00 Interview with Company {n} (organiser ada@company{n}.example; uid i{n})"
        for n in range(MOST_RIVALS + 10)
    ]
    query = Query(moment("2026-05-04 09:00"), "Europe/Berlin")
    report = check(read_agenda("\n".join(["me: me@acme.example", *lines])), query, NOWHERE)
    assert {len(entry.conflicts) for entry in report.interviews} == {MOST_RIVALS}
    for entry in report.interviews:
        if entry.verdict == "reschedule":
            assert any("more interviews are at that time" in because.text for because in entry.because)


def at_one_hour(interviews: int, events: int) -> str:
    """Return interviews and meetings that all take the same hour."""
    lines = [
        f"2026-05-11 09:00-10:00 Interview with Company {n} (organiser a@company{n}.example; uid i{n})"
        for n in range(interviews)
    ]
    lines += [f"2026-05-11 09:00-10:00 Errand {n} (uid e{n})" for n in range(events)]
    return "\n".join(["me: me@acme.example", *lines])


def test_of_very_many_clashes_each_interview_lists_its_share_and_counts_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conflicts, "LISTED", 60)
    query = Query(moment("2026-05-04 09:00"), "Europe/Berlin", last_resort=True)
    for interviews, listed in ((2, 30), (3, 20), (8, conflicts.LEAST_LISTED)):
        report = check(read_agenda(at_one_hour(interviews, 40)), query, NOWHERE)
        for entry in report.interviews:
            events = [one for one in entry.conflicts if one.kind is not ConflictKind.INTERVIEW]
            assert (len(events), entry.clashes_left_out) == (listed, 40 - listed)


def test_what_certainly_clashes_is_listed_first_where_not_all_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "LISTED", 3)
    monkeypatch.setattr(conflicts, "LEAST_LISTED", 3)
    lines = ["2026-05-11 09:00-10:00 Interview: Baker (organiser hr@crumb.example)"]
    lines += [f"2026-05-11 08:{n:02d}-09:10 Perhaps {n} (tentative)" for n in range(10)]
    lines += ["2026-05-11 09:30-10:00 Errand (uid certain)"]
    (entry,) = check(
        read_agenda("\n".join(lines)), Query(moment("2026-05-04 09:00"), "Europe/Berlin"), NOWHERE
    ).interviews
    assert "certain" in {one.occurrence.event.uid for one in entry.conflicts}
    assert (len(entry.conflicts), entry.clashes_left_out) == (3, 8)
    assert entry.verdict != "clear"


def test_all_searches_together_are_bounded_by_work_and_what_is_not_proved_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plans, "WORK", 100)
    query = Query(moment("2026-05-04 09:00"), "Europe/Berlin", days=60)
    report = check(read_agenda(overlapping(60)), query, NOWHERE)
    found = next(entry.rearrangement for entry in report.interviews if entry.rearrangement)
    assert found.status == "limit"
    assert report.sum.bound < report.sum.points
    asked = [entry for entry in report.interviews if entry.verdict == "reschedule"]
    assert asked
    for entry in asked:
        assert any("the search ended before the proof" in because.text for because in entry.because)


@pytest.mark.slow
def test_thousands_that_are_given_up_cost_what_each_of_them_costs() -> None:
    gone = Choice(0, None, 15, counts=Counts.GIVE_UP)
    items = [Item(f"i{n:04d}", (n, n + 1), home_allowed=False, choices=(gone,)) for n in range(3000)]
    outcome = solve(items, 3000 * 15, plans=1)
    assert (outcome.status, outcome.bound, outcome.solutions[0].cost) == ("optimal", 45_000, 45_000)


@pytest.mark.parametrize("steps", [0, 1, 50, 1000])
def test_a_plan_that_is_valid_comes_with_any_work(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    monkeypatch.setattr(plans, "WORK", steps)
    items = rivals(Random(3), 60)
    outcome = solve(items, 10**6, plans=1)
    (solution,) = outcome.solutions
    treated = treatment(items, solution.chosen)
    assert is_valid(items, treated)
    assert outcome.bound <= price(treated)[0] == solution.cost


def rivals(random: Random, count: int) -> list[Item]:
    """Return interviews at random in two days, kept with all their room or less of it, or given up."""
    starts = [15 * random.randrange(64) for _ in range(count)]
    spans = [(start, start + random.choice((30, 45, 60))) for start in starts]
    items = []
    for n, (start, end) in enumerate(spans):
        tokens = tuple(
            min(n, m) * count + max(n, m)
            for m, (begin, until) in enumerate(spans)
            if m != n and begin < end and start < until
        )
        kept = [
            Choice(
                5 * room, None, 5 - room, clears=(start - room, end + room), tokens=tokens, counts=Counts.KEEP
            )
            for room in range(6)
        ]
        gone = Choice(99, None, 1500, displacement=count - n, counts=Counts.GIVE_UP)
        items.append(Item(f"i{n:03d}", (start, end), home_allowed=False, choices=(*kept, gone)))
    return items


@pytest.mark.parametrize(("count", "seed"), [(10, 2), (10, 14), (10, 24), (14, 1), (24, 0), (24, 1)])
def test_a_dearer_request_is_solved_as_if_all_were_solved_again(count: int, seed: int) -> None:
    """In the first four, time is paid for that begins where a choice began that was ruled out."""
    items = rivals(Random(seed), count)
    problem = ItemProblem(items, 10**6)
    first = problem.solve(1)
    given_up = [item for item, choice in first.solutions[0].chosen if choice == 99]
    for name in given_up[:3]:
        again = solve([_dearer(item, name) for item in items], 10**6, plans=1)
        part = problem.solve_dearer(name, 1501, 6000)
        assert part.solutions[0].cost == again.solutions[0].cost
        assert first.bound <= part.bound <= part.solutions[0].cost


def _dearer(item: Item, name: str) -> Item:
    choices: Sequence[Choice] = item.choices  # type: ignore[assignment]
    dearer = [c._replace(cost=c.cost + 1501) if c.counts is Counts.GIVE_UP else c for c in choices]
    return item._replace(choices=tuple(dearer)) if item.id == name else item


@pytest.mark.slow
def test_an_event_in_the_way_of_very_many_is_treated_for_all_of_them_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []
    build = Treatments.__init__

    def count(self: Treatments, *given: Any, **more: Any) -> None:
        made.append(1)
        build(self, *given, **more)

    monkeypatch.setattr(Treatments, "__init__", count)
    events = 5
    for interviews, most in ((3, 4 * events), (obstacles.MANY + 1, events)):
        rows = [
            f"2026-05-11 09:00-10:00 Interview with Company {n} (organiser ada@company{n}.example; uid i{n})"
            for n in range(interviews)
        ]
        rows += [f"2026-05-11 09:30-10:00 Errand {n} (uid e{n})" for n in range(events)]
        made.clear()
        query = Query(moment("2026-05-04 09:00"), "Europe/Berlin")
        check(read_agenda("\n".join(["me: me@acme.example", *rows])), query, NOWHERE)
        assert len(made) == most
