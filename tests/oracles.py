"""What the engine is held against: full enumeration of small problems, an integer programme for large."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate, product
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from lastresort.planning.solver import Counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lastresort.planning.solver import Choice, Item

Span = tuple[int, int]
Treatment = dict[str, "Choice"]
"""The choice of each item that is changed."""


def choices(item: Item) -> Sequence[Choice]:
    """Return the choices of an item, however it gives them."""
    return item.choices() if callable(item.choices) else item.choices


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share time; an empty one shares none."""
    return max(one[0], other[0]) < min(one[1], other[1])


def treatment(items: Sequence[Item], chosen: Sequence[tuple[str, int]]) -> Treatment:
    """Return the choices that a solution names."""
    by_id = {item.id: item for item in items}
    return {name: next(c for c in choices(by_id[name]) if c.id == number) for name, number in chosen}


def is_valid(items: Sequence[Item], treated: Mapping[str, Choice]) -> bool:
    """Tell whether everything forced is treated, and nothing meets what it may not meet."""
    if any(not item.home_allowed and item.id not in treated for item in items):
        return False
    if any(name not in treated for choice in treated.values() for name in choice.brings):
        return False
    tokens = [token for choice in treated.values() for token in choice.tokens]
    if len(set(tokens)) < len(tokens):
        return False
    homes = [item.home for item in items if item.id not in treated]
    chosen = list(treated.values())
    for number, choice in enumerate(chosen):
        alone = [span for span in (choice.span, choice.clears) if span]
        if any(overlap(span, home) for span in alone for home in homes):
            return False
        if any(not together(choice, other) for other in chosen[:number]):
            return False
    return True


def together(one: Choice, other: Choice) -> bool:
    """Tell whether the times of two choices can both be had."""
    ones, others = times(one), times(other)
    return not any(
        overlap(span, second)
        for sort, span in ones
        for other_sort, second in others
        if sort != other_sort or sort == "alone"
    )


def times(choice: Choice) -> list[tuple[str, Span]]:
    """Return the times of a choice, each with what it is needed for."""
    found = [("alone", choice.span), ("cleared", choice.clears), *(("stayed", each) for each in choice.stays)]
    return [(sort, span) for sort, span in found if span]


def price(treated: Mapping[str, Choice]) -> tuple[int, int, int, int]:
    """Return cost, how many are given up and changed, and displacement: minimised in this order."""
    spent = treated.values()
    given_up = sum(c.counts is Counts.GIVE_UP for c in spent)
    changes = sum(c.counts is Counts.CHANGE for c in spent)
    return sum(c.cost for c in spent), given_up, changes, sum(c.displacement for c in spent)


def every_treatment(items: Sequence[Item]) -> Iterator[Treatment]:
    """Yield all valid treatments of a small problem."""
    for picked in product(*((None, *choices(item)) for item in items)):
        treated = {item.id: choice for item, choice in zip(items, picked, strict=True) if choice}
        if is_valid(items, treated):
            yield treated


def highs(items: Sequence[Item]) -> int | None:
    """Return the least cost according to HiGHS; `None` when nothing is possible.

    One binary for each choice. Every stretch between two neighbouring end points is taken by at most one
    moved span, and by none while somebody whose home it is stays.
    """
    import highspy

    solver = highspy.Highs()
    for option, value in {"output_flag": False, "threads": 1, "presolve": "off", "mip_rel_gap": 0.0}.items():
        solver.setOptionValue(option, value)
    picks = [(number, choice) for number, item in enumerate(items) for choice in choices(item)]
    count = len(picks)
    solver.addCols(count, [c.cost for _, c in picks], [0] * count, [1] * count, 0, [], [], [])
    solver.changeColsIntegrality(count, [*range(count)], [highspy.HighsVarType.kInteger] * count)
    rows = _rows(items, picks)
    columns = [column for row in rows for column in row.weights]
    weights = [weight for row in rows for weight in row.weights.values()]
    starts = [0, *accumulate(len(row.weights) for row in rows)][:-1]
    low, high = [row.low for row in rows], [row.high for row in rows]
    solver.addRows(len(rows), low, high, len(columns), starts, columns, weights)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(solver.getInfo().objective_function_value)


class _Row(NamedTuple):
    """low <= sum of weight times binary <= high."""

    low: float
    high: float
    weights: dict[int, int]


def _rows(items: Sequence[Item], picks: Sequence[tuple[int, Choice]]) -> list[_Row]:
    spans = [(column, *each) for column, (_, choice) in enumerate(picks) for each in times(choice)]
    points = sorted({p for *_, span in spans for p in span} | {p for i in items for p in i.home})
    place = {point: stretch for stretch, point in enumerate(points)}
    at: dict[str, list[list[int]]] = {sort: [[] for _ in points] for sort in ("alone", "cleared", "stayed")}
    for column, sort, span in spans:
        for stretch in _stretches(place, span):
            at[sort][stretch].append(column)
    treating: list[list[int]] = [[] for _ in items]
    for column, (number, _) in enumerate(picks):
        treating[number].append(column)
    number_of = {item.id: number for number, item in enumerate(items)}
    rows = [
        _Row(0 if item.home_allowed else 1, 1, dict.fromkeys(columns, 1))
        for item, columns in zip(items, treating, strict=True)
    ]
    at_most_one = {tuple(columns) for columns in at["alone"] if len(columns) > 1}
    for alone, cleared, stayed in zip(*at.values(), strict=True):
        at_most_one |= {(*alone, other) for other in (*cleared, *stayed) if alone}
        at_most_one |= {
            (one, other) for one in cleared for other in stayed if picks[one][0] != picks[other][0]
        }
    tokens: dict[int, list[int]] = {}
    for column, (_, choice) in enumerate(picks):
        for token in choice.tokens:
            tokens.setdefault(token, []).append(column)
        rows += [
            _Row(-inf, 0, {column: 1, **dict.fromkeys(treating[number_of[name]], -1)})
            for name in choice.brings
        ]
    at_most_one |= {tuple(columns) for columns in tokens.values()}
    rows += [_Row(-inf, 1, dict.fromkeys(columns, 1)) for columns in sorted(at_most_one)]
    for number, item in enumerate(items):
        if item.home_allowed:
            for stretch in _stretches(place, item.home):
                for columns in (at["alone"][stretch], *([one] for one in at["cleared"][stretch])):
                    weights = Counter(columns)
                    weights.subtract(treating[number])
                    rows.append(_Row(-inf, 0, dict(weights)))
    return rows


def _stretches(place: Mapping[int, int], span: Span | None) -> range:
    return range(place[span[0]], place[span[1]]) if span else range(0)
