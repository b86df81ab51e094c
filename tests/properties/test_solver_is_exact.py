"""The engine against full enumeration on small problems, and against HiGHS on calendars of several kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances import CAP, FAMILIES, instance
from lastresort.planning.solver import Choice, Counts, Item, Outcome, Solution, solve
from oracles import choices, every_treatment, highs, is_valid, overlap, price, treatment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from oracles import Treatment

SMALL_CAP = 12
"""What further solutions may cost."""
GREAT = 1000
"""More than all small problems cost."""

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


@st.composite
def events(draw: st.DrawFn, name: str) -> Item:
    """Draw an event with a few ways; one of them may leave the first half of it where it is."""
    start = draw(starts)
    home = (start, start + draw(st.integers(1, 4)))
    ways = [Choice(0, *way) for way in draw(st.lists(small_choices, max_size=3))]
    if draw(st.booleans()):
        rest = (home[0], (home[0] + home[1]) // 2)
        ways.append(Choice(0, None, draw(st.integers(0, 8)), group="s", stays=(rest,)))
    return Item(name, home, True, tuple(way._replace(id=n) for n, way in enumerate(ways)))


@st.composite
def problems(draw: st.DrawFn, most: int = 3) -> tuple[Item, ...]:
    """Draw events, and interviews that may be given up: some are rivals, some share a request, some may be
    kept with less room for a price."""
    found = [draw(events(f"e{n}")) for n in range(draw(st.integers(0, 3)))]
    count = draw(st.integers(1, most))
    pairs = draw(st.sets(st.tuples(st.integers(0, most - 1), st.integers(0, most - 1)), max_size=2))
    shared = draw(st.booleans())
    for n in range(count):
        start, price = draw(starts), draw(st.integers(0, 15))
        end = start + draw(st.integers(1, 4))
        tokens = tuple(
            sorted({min(pair) * 10 + max(pair) for pair in pairs if n in pair and len({*pair}) > 1})
        )
        kept = Choice(0, None, 0, clears=(start, end), tokens=tokens, counts=Counts.KEEP)
        tight = kept._replace(id=1, cost=draw(st.integers(1, 3)), clears=(start, max(start + 1, end - 1)))
        request = ("r",) if shared and n < 2 else ()
        gone = Choice(2, None, 0 if request else price, brings=request, counts=Counts.GIVE_UP)
        blocked = draw(st.integers(0, 5)) == 0
        found.append(Item(f"i{n}", (start, end), False, (gone,) if blocked else (kept, tight, gone)))
    if shared:
        price = draw(st.integers(0, 15))
        found.append(Item("r", (0, 0), True, (Choice(0, None, price, counts=Counts.REQUEST),), least=price))
    return tuple(found)


def priced(items: Sequence[Item], solution: Solution) -> tuple[int, int, int, int]:
    treated = treatment(items, solution.chosen)
    assert is_valid(items, treated)
    cost, _, _, displacement = price(treated)
    assert (solution.cost, solution.displacement) == (cost, displacement)
    return price(treated)


@given(st.one_of(small_problems, problems()))
def test_no_treatment_is_better(items: tuple[Item, ...]) -> None:
    best = min(map(price, every_treatment(items)), default=None)
    outcome = solve(items, GREAT, plans=1)
    if best is None:
        assert (outcome.status, outcome.solutions) == ("none", ())
    else:
        assert outcome.status == "optimal"
        assert priced(items, outcome.solutions[0]) == best
        assert outcome.bound == best[0]
        assert solve(items, best[0] - 1, plans=1).status == "none"


@given(small_problems, st.randoms(use_true_random=False))
def test_the_order_of_items_and_choices_is_nothing(items: tuple[Item, ...], random: Random) -> None:
    shuffled = [item._replace(choices=random.sample(choices(item), len(choices(item)))) for item in items]
    random.shuffle(shuffled)
    assert solve(shuffled, SMALL_CAP) == solve(items, SMALL_CAP)


# -- what holds for every sum


def least(items: Sequence[Item]) -> int:
    outcome = solve(items, GREAT, plans=1)
    assert outcome.status == "optimal"
    return outcome.solutions[0].cost


@given(problems(), events("more"), st.data())
def test_one_event_more_or_one_pinned_never_makes_the_sum_smaller(
    items: tuple[Item, ...], more: Item, data: st.DataObject
) -> None:
    before = least(items)
    assert least((*items, more)) >= before
    movable = [n for n, item in enumerate(items) if item.id.startswith("e")]
    if movable:
        pinned = data.draw(st.sampled_from(movable))
        home = items[pinned].home
        fixed = [_off(item, home) for n, item in enumerate(items) if n != pinned]
        assert least(fixed) >= before


def _off(item: Item, time: tuple[int, int]) -> Item:
    """Return an item without the choices that take or clear a time that has become fixed."""
    left = [
        choice
        for choice in choices(item)
        if not any(span and overlap(span, time) for span in (choice.span, choice.clears))
    ]
    return item._replace(choices=tuple(left))


@given(problems())
def test_one_interview_more_never_makes_the_sum_smaller(items: tuple[Item, ...]) -> None:
    interviews = [item.id for item in items if item.id.startswith("i")]
    without = tuple(item for item in items if item.id != interviews[-1])
    assert least(items) >= least(without)


@given(problems(), problems())
def test_parts_that_share_nothing_are_answered_together_as_apart(
    one: tuple[Item, ...], other: tuple[Item, ...]
) -> None:
    far = tuple(_moved(item, 1000) for item in other)
    together, apart = solve((*one, *far), GREAT, plans=1), (solve(one, GREAT, 1), solve(far, GREAT, 1))
    assert together.solutions[0].cost == sum(each.solutions[0].cost for each in apart)
    chosen = sorted(pair for each in apart for pair in each.solutions[0].chosen)
    assert list(together.solutions[0].chosen) == chosen


def _moved(item: Item, by: int) -> Item:
    def later(span: tuple[int, int] | None) -> tuple[int, int] | None:
        return (span[0] + by, span[1] + by) if span else None

    moved = [
        choice._replace(
            span=later(choice.span),
            clears=later(choice.clears),
            stays=tuple((a + by, b + by) for a, b in choice.stays),
            tokens=tuple(token + by for token in choice.tokens),
            brings=tuple(f"x{name}" for name in choice.brings),
        )
        for choice in choices(item)
    ]
    return item._replace(id=f"x{item.id}", home=later(item.home) or item.home, choices=tuple(moved))


@given(problems())
def test_keeping_one_more_costs_more_than_asking(items: tuple[Item, ...]) -> None:
    best = solve(items, GREAT, plans=1).solutions[0]
    treated = treatment(items, best.chosen)
    for place, item in enumerate(items):
        if item.id in treated and treated[item.id].counts is Counts.GIVE_UP:
            kept = tuple(choice for choice in choices(item) if choice.counts is Counts.KEEP)
            instead = solve(
                (*items[:place], item._replace(choices=kept), *items[place + 1 :]), GREAT, plans=1
            )
            assert not instead.solutions or instead.solutions[0].cost >= best.cost


# -- further solutions


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
    outcome = solve(items, SMALL_CAP, plans=2)
    found = [treatment(items, each.chosen) for each in outcome.solutions]
    others = [treated for treated in every_treatment(items) if needed(items, treated)]
    if not found:
        return
    first = found[0]
    allowed = [t for t in others if price(t)[0] <= SMALL_CAP and different(t, [first])]
    fewer = [t for t in others if price(t)[0] <= SMALL_CAP and len(t) < len(first)]
    sure = [t for t in allowed if surer(t, first)] or allowed
    if len(found) == 1:
        assert not allowed
        assert not fewer
    elif fewer:
        assert len(found[1]) == min(map(len, fewer))
    else:
        assert price(found[1]) == min(map(price, sure))


@given(st.one_of(small_problems, problems()))
def test_plans_come_by_cost_and_are_valid_and_one_has_the_fewest_changes(items: tuple[Item, ...]) -> None:
    outcome = solve(items, GREAT)
    found = [treatment(items, each.chosen) for each in outcome.solutions]
    assert all(each.proved for each in outcome.solutions)
    assert len({given_up(treated) for treated in found}) <= 1
    assert all(is_valid(items, treated) for treated in found)
    costs = [price(treated)[0] for treated in found]
    assert costs == sorted(costs)
    if found:
        same = (each for each in every_treatment(items) if given_up(each) == given_up(found[0]))
        assert min(map(changes, found)) == min(map(changes, same))


def given_up(treated: Treatment) -> frozenset[str]:
    return frozenset(name for name, choice in treated.items() if choice.counts is Counts.GIVE_UP)


def changes(treated: Treatment) -> int:
    return sum(choice.counts is Counts.CHANGE for choice in treated.values())


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
    assert best is not None
    if outcome.status == "limit":
        return outcome.bound <= best <= priced(items, outcome.solutions[0])[0]
    return priced(items, outcome.solutions[0])[0] == best == outcome.bound


BLOCK = 20


@pytest.mark.parametrize("block", range(80 // BLOCK))
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
