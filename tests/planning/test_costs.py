"""The cost table, row by row."""

from __future__ import annotations

import pytest

from lastresort.costs import DEFAULT_COSTS, price_missing, price_move, price_skip
from lastresort.planning.subjects import EventKind

CALM = dict.fromkeys(("ask", "near", "earlier", "outside", "tentative"), False) | {"hours": 0, "days": 0}


def move(kind: EventKind = EventKind.FOCUS, **terms: object) -> float:
    price = price_move(DEFAULT_COSTS, DEFAULT_COSTS.kinds[kind], **{**CALM, **terms})
    return sum(points for _, points in price)


@pytest.mark.parametrize(
    ("kind", "points", "skip"),
    [
        (EventKind.FOCUS, 1, 15),
        (EventKind.LUNCH, 1, 6),
        (EventKind.PERSONAL, 2, 20),
        (EventKind.ONE_TO_ONE, 5, 15),
        (EventKind.STAND_UP, 12, 12),
        (EventKind.TEAM, 20, 30),
        (EventKind.EXTERNAL, 60, 200),
    ],
)
def test_kinds_and_skips(kind, points, skip):
    assert move(kind) == 5 + points
    assert move(kind, near=True) == 5 + points * 1.5
    assert sum(p for _, p in price_skip(DEFAULT_COSTS, kind)) == 5 + skip


@pytest.mark.parametrize(
    ("hours", "points"), [(0.25, 0), (1, 0), (1.25, 1), (3, 1), (5, 2), (5.25, 3), (9, 3)]
)
def test_shifts_within_the_day(hours, points):
    assert move(hours=hours) == 6 + points


@pytest.mark.parametrize(("days", "points"), [(1, 4), (2, 5), (5, 8)])
def test_other_days(days, points):
    assert move(days=days, hours=24 * days) == 6 + points


@pytest.mark.parametrize(("term", "points"), [("ask", 15), ("earlier", 1), ("outside", 4), ("tentative", 10)])
def test_single_terms(term, points):
    assert move(**{term: True}) == 6 + points


@pytest.mark.parametrize(
    ("share", "terms", "points"),
    [
        (0.25, {"ask": True}, (20 + 15) / 4),
        (0.25, {"near": True}, 30 / 4),
        (0.01, {}, 2),
        (0.6, {}, 12),
        (0.6, {"leaving": True}, 18),
        (0.4, {"leaving": True}, 8),
    ],
)
def test_what_is_missed_costs_its_share(share, terms, points):
    terms = {"ask": False, "near": False} | terms
    price = dict(price_missing(DEFAULT_COSTS, 20, share, **terms))
    assert price == {"touched": 5, "share missed": pytest.approx(points, abs=0.051)}


@pytest.mark.parametrize(("people", "points"), [(0, 0), (3, 0), (4, 1), (8, 5), (40, 10)])
def test_a_crowd_finds_a_new_time_less_easily(people, points):
    assert move(people=people) == 6 + points


def test_the_cap_is_about_two_external_moves():
    assert DEFAULT_COSTS.last_resort == 150


def test_terms_that_cost_nothing_are_not_told():
    assert price_move(DEFAULT_COSTS, 1, **CALM) == (("touched", 5), ("kind", 1))
