"""Interval arithmetic against a brute count of minutes."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lastresort.model import EPOCH, Interval
from lastresort.planning.freebusy import gaps, is_free, merge

MINUTE = timedelta(minutes=1)


def between(first: int, last: int) -> Interval:
    return Interval(EPOCH + first * MINUTE, EPOCH + last * MINUTE)


intervals = st.builds(lambda a, length: between(a, a + length), st.integers(0, 60), st.integers(0, 20))
many = st.lists(intervals, max_size=8)


def instants(found) -> set[int]:
    return {m for m in range(-10, 100) if any(i.start <= EPOCH + m * MINUTE < i.end for i in found)}


@given(many)
def test_merging_keeps_every_instant_and_leaves_gaps_between(found):
    merged = merge(found)
    assert instants(merged) == instants(found)
    assert all(one.end < two.start for one, two in pairwise(merged))


@given(intervals, many)
def test_gaps_are_free_and_inside(window, taken):
    free = gaps(window, taken)
    assert instants(free) == instants([window]) - instants(taken)
    assert all(window.holds(gap) and is_free(gap, merge(taken)) for gap in free)


@given(intervals.filter(lambda i: i.length), many)
def test_free_means_that_nothing_overlaps(interval, taken):
    assert is_free(interval, merge(taken)) == (not instants([interval]) & instants(taken))


def test_touching_intervals_merge_and_do_not_overlap():
    assert merge([between(0, 5), between(5, 9)]) == (between(0, 9),)
    assert is_free(between(5, 9), merge([between(0, 5), between(9, 12)]))
