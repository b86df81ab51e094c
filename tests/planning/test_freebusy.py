"""Interval arithmetic against a brute count of minutes."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lastresort.model import EPOCH, Interval
from lastresort.planning.freebusy import Index, is_free, merge

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
    free = window.minus(taken)
    assert instants(free) == instants([window]) - instants(taken)
    assert all(window.holds(gap) and is_free(gap, merge(taken)) for gap in free)


@given(intervals.filter(lambda i: i.length), many)
def test_free_means_that_nothing_overlaps(interval, taken):
    assert is_free(interval, merge(taken)) == (not instants([interval]) & instants(taken))


def test_touching_intervals_merge_and_do_not_overlap():
    assert merge([between(0, 5), between(5, 9)]) == (between(0, 9),)
    assert is_free(between(5, 9), merge([between(0, 5), between(9, 12)]))


@given(st.lists(intervals, max_size=60), intervals, st.integers(0, 5))
def test_an_index_gives_what_overlaps_by_start_as_many_as_are_asked_for(taken, stretch, most):
    index = Index(range(len(taken)), lambda number: taken[number])
    in_order = sorted(range(len(taken)), key=lambda number: taken[number].start)
    overlapping = [number for number in in_order if taken[number].overlaps(stretch)]
    assert index.within(stretch) == overlapping
    assert index.within(stretch, most) == overlapping[:most]


@given(st.lists(intervals.filter(lambda i: i.length), max_size=60), intervals.filter(lambda i: i.length))
def test_an_index_counts_what_overlaps(taken, stretch):
    index = Index(taken, lambda interval: interval)
    assert index.count(stretch) == len(index.within(stretch))


def test_an_index_looks_past_what_is_over_however_long_something_lasts():
    asked = []

    year = 365 * 24 * 60
    taken = [between(0, year), *(between(10 * n, 10 * n + 5) for n in range(20_000))]
    index = Index(taken, lambda interval: interval)
    index._latest = [Counted(level, asked) for level in index._latest]
    assert len(index.within(between(199_990, 199_999))) == 2
    assert len(asked) < 200


class Counted(list):
    def __init__(self, values, asked):
        super().__init__(values)
        self.asked = asked

    def __getitem__(self, place):
        self.asked.append(place)
        return super().__getitem__(place)
