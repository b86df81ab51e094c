"""Which interviews cannot be kept beside each other: few sets, found without comparing all with all."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from agendas import as_interview, read_agenda
from lastresort.planning import obstacles
from lastresort.planning.conflicts import are_rivals
from lastresort.planning.obstacles import find_rivalries


def some_interviews(seed: int, count: int, days: int = 1):
    random = Random(seed)
    lines, more = [], []
    for n in range(count):
        start = 8 * 60 + 15 * random.randrange(40)
        end = start + random.choice((30, 60, 240))
        day = 4 + random.randrange(days)
        clock = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
        lines.append(f"2026-05-{day:02} {clock} Talk{n:03}")
        more.append({"padding": random.choice((0, 10, 45)), "process": random.choice(("", "a", "b"))})
    agenda = read_agenda("\n".join(lines))
    return [as_interview(agenda, f"Talk{n:03}", **each) for n, each in enumerate(more)]


@pytest.mark.parametrize("seed", range(60))
def test_two_are_in_one_set_if_and_only_if_they_are_rivals(seed: int) -> None:
    interviews = some_interviews(seed, 12)
    together = {pair for places in find_rivalries(interviews).sets for pair in combinations(places, 2)}
    rivals = {
        (one, other)
        for one, other in combinations(range(len(interviews)), 2)
        if are_rivals(interviews[one], interviews[other])
    }
    assert together == rivals


def test_those_at_the_same_time_are_not_compared_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\n".join(f"2026-05-04 10:00-11:00 Talk{n:03}" for n in range(200))
    agenda = read_agenda(lines)
    interviews = [as_interview(agenda, f"Talk{n:03}", soft=True) for n in range(200)]
    compared = []
    monkeypatch.setattr(obstacles, "are_rivals", lambda *pair: compared.append(pair))
    assert find_rivalries(interviews).sets == (tuple(range(200)),)
    assert not compared
