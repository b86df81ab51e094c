"""The engine against full enumeration on small problems, and against HiGHS on calendars of several kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances import CAP, FAMILIES, instance
from lastresort.planning.solver import Choice, Item, Outcome, Solution, solve
from oracles import choices, every_treatment, highs, is_valid, overlap, price, treatment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from oracles import Treatment

SMALL_CAP = 12

starts = st.integers(0, 12)
small_choices = st.builds(
    lambda start, length, cost, displacement, group, doubt: (
        (None if length < 0 else (start, start + length)), cost, displacement, group, doubt
    ), starts, st.integers(-1, 3), st.integers(0, 8), st.integers(0, 3), st.sampled_from("ab"),
    st.integers(0, 1),
)  # fmt: skip
small_items = st.builds(
    lambda start, length, stays, drawn: ((start, start + length), stays, drawn),
    starts, st.integers(0, 3), st.booleans(), st.lists(small_choices, max_size=4),
)  # fmt: skip
small_problems = st.lists(small_items, max_size=5).map(
    lambda drawn: tuple(
        Item(f"i{n}", home, stays, tuple(Choice(k, *choice) for k, choice in enumerate(offered)))
        for n, (home, stays, offered) in enumerate(drawn)
    )
)


def priced(items: Sequence[Item], solution: Solution) -> tuple[int, int, int]:
    treated = treatment(items, solution.chosen)
    assert is_valid(items, treated)
    assert (solution.cost, solution.displacement, len(treated)) == price(treated)
    return price(treated)


@given(small_problems)
def test_no_treatment_is_better(items: tuple[Item, ...]) -> None:
    best = min(map(price, every_treatment(items)), default=None)
    outcome = solve(items, SMALL_CAP)
    if best is None:
        assert (outcome.status, outcome.solutions, outcome.above) == ("none", (), None)
    elif best[0] > SMALL_CAP:
        assert (outcome.status, outcome.solutions) == ("none", ())
        assert outcome.above
        assert priced(items, outcome.above) == best
        assert SMALL_CAP < outcome.bound <= best[0]
    else:
        assert outcome.status == "optimal"
        assert priced(items, outcome.solutions[0]) == best
        assert outcome.bound == best[0]


@given(small_problems, st.randoms(use_true_random=False))
def test_the_order_of_items_and_choices_is_nothing(items: tuple[Item, ...], random: Random) -> None:
    shuffled = [item._replace(choices=random.sample(choices(item), len(choices(item)))) for item in items]
    random.shuffle(shuffled)
    assert solve(shuffled, SMALL_CAP) == solve(items, SMALL_CAP)


def different(treated: Treatment, earlier: Sequence[Treatment]) -> bool:
    common = set.intersection(*map(set, earlier))
    return any(
        name in treated and treated[name].group not in {each[name].group for each in earlier}
        for name in common
    )


def needed(items: Sequence[Item], treated: Treatment) -> bool:
    """Tell whether every change is needed by an item that must move, at the end of a chain of changes."""
    reached = {item.id for item in items if not item.home_allowed}
    while True:
        spans = [treated[name].span for name in reached]
        more = {i.id for i in items if any(span and overlap(span, i.home) for span in spans)} - reached
        if not more:
            return reached == treated.keys()
        reached |= more


@given(small_problems)
def test_further_plans_are_the_cheapest_that_differ(items: tuple[Item, ...]) -> None:
    items = tuple(item._replace(choices=plain(item)) for item in items)
    found = [treatment(items, each.chosen) for each in solve(items, SMALL_CAP).solutions]
    rivals = [treated for treated in every_treatment(items) if needed(items, treated)]
    for count in range(1, min(len(found) + 1, 3)):
        earlier = found[:count]
        allowed = [t for t in rivals if price(t)[0] <= SMALL_CAP and different(t, earlier)]
        if count == 1:
            allowed = [t for t in allowed if surer(t, earlier[0])] or allowed
        best = min(map(price, allowed), default=None)
        assert best == (price(found[count]) if count < len(found) else None)
        assert count == len(found) or different(found[count], earlier)


def plain(item: Item) -> tuple[Choice, ...]:
    """Return choices of which none lies inside another: those are never worth their place in any plan."""
    spans = {
        choice.span: choice
        for choice in choices(item)
        if choice.span and choice.span[1] - choice.span[0] == 2
    }
    return tuple(spans.values())


def surer(treated: Treatment, first: Treatment) -> bool:
    """Tell whether a treatment leaves out the most doubtful choice of the first, and what is as doubtful."""
    name = max(first, key=lambda name: (first[name].doubt, [-ord(c) for c in name]))
    return not first[name].doubt or name not in treated or treated[name].doubt < first[name].doubt


def agrees(outcome: Outcome, items: Sequence[Item], best: int | None) -> bool:
    """Tell whether an outcome says what HiGHS says."""
    if outcome.status == "limit":
        return best is None or outcome.bound <= best
    if outcome.status == "optimal":
        return priced(items, outcome.solutions[0])[0] == best == outcome.bound
    beyond = outcome.above
    if beyond and priced(items, beyond)[0] != best and (beyond.proved or best is None or beyond.cost < best):
        return False
    return outcome.status == "none" and (best is None or best > CAP)


BLOCK = 20


@pytest.mark.parametrize("block", range(100 // BLOCK))
@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_cost_as_highs(family: str, block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        items = instance(family, seed, at_most=3 if seed % 4 == 0 else 2).items
        outcome = solve(items, CAP, plans=1, node_limit=6000)
        assert agrees(outcome, items, highs(items)), (family, seed, outcome)


@pytest.mark.parametrize("family", FAMILIES)
def test_calendars_of_full_size(family: str) -> None:
    items = instance(family, 7).items
    assert agrees(solve(items, CAP, plans=1), items, highs(items))
