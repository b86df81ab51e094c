"""What exactness costs and what it buys: the engine beside HiGHS, first-fit and best-fit.

    python benchmarks/engine.py [--count 200] [--highs 20] [FAMILY...]

Calendars are invented. Times are CPU milliseconds, the quicker of two runs; on a busy machine only their
ratios mean something. "dearer" and "asks more" are shares of the calendars in which something is in the way:
greed pays more than the best plan does, or asks about more interviews.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from instances import CAP, FAMILIES, Instance, instance
from lastresort.planning.solver import Counts, solve
from oracles import choices, highs, overlap, together, treatment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lastresort.planning.solver import Choice, Item, Outcome


class Greedy(NamedTuple):
    """What greed pays, and how many interviews it asks about."""

    cost: int
    given_up: int


class Run(NamedTuple):
    """One calendar: milliseconds for the first plan and for three, what came out, and what greed does."""

    first: float
    three: float
    outcome: Outcome
    given_up: int
    """Interviews that the best plan asks about."""
    first_fit: Greedy
    best_fit: Greedy


def timed(items: Sequence[Item], plans: int) -> tuple[float, Outcome]:
    """Return the CPU milliseconds of the quicker of two runs, and the result."""
    times = []
    for _ in range(2):
        start = time.process_time()
        outcome = solve(items, CAP, plans)
        times.append((time.process_time() - start) * 1000)
    return min(times), outcome


def run(problem: Instance) -> Run:
    """Solve one calendar in every way but HiGHS."""
    items = problem.items
    first, outcome = timed(items, plans=1)
    three, _ = timed(items, plans=3)
    best = treatment(items, outcome.solutions[0].chosen)
    return Run(
        first=first,
        three=three,
        outcome=outcome,
        given_up=sum(choice.counts is Counts.GIVE_UP for choice in best.values()),
        first_fit=greedy(items, lambda choice: (choice.span or (0, 0), choice.cost)),
        best_fit=greedy(items, lambda choice: (choice.cost, choice.displacement)),
    )


def greedy(items: Sequence[Item], order: Callable[[Choice], Any]) -> Greedy:
    """Take one interview after the other: each event in its way goes to the first free time in some order,
    and displaces nothing; where that costs more than asking, or cannot be, the interview is given up."""
    interviews = sorted((item for item in items if not item.home_allowed), key=lambda item: item.home)
    prices = {item.id: choices(item)[0].cost for item in items if item.id.startswith("r")}
    events = {item.id: item for item in items if item.home_allowed and item.id not in prices}
    made: dict[str, Choice] = {}
    paid: set[str] = set()
    total = given_up = 0
    for interview in interviews:
        ways = choices(interview)
        gone = next(choice for choice in ways if choice.counts is Counts.GIVE_UP)
        asked = gone.cost + sum(prices[name] for name in gone.brings if name not in paid)
        kept = (_kept(choice, events, made, order) for choice in ways if choice.counts is Counts.KEEP)
        best = min((found for found in kept if found), key=lambda found: found[0], default=None)
        if best is None or best[0] >= asked:
            made[interview.id] = gone
            paid |= {*gone.brings}
            total, given_up = total + asked, given_up + 1
        else:
            made |= best[1] | {interview.id: best[2]}
            total += best[0]
    return Greedy(total, given_up)


def _kept(
    choice: Choice, events: Mapping[str, Item], made: Mapping[str, Choice], order: Callable[[Choice], Any]
) -> tuple[int, dict[str, Choice], Choice] | None:
    """Return what it costs to keep an interview so, and the changes; `None` when that cannot be."""
    assert choice.clears
    if not all(together(choice, other) for other in made.values()):
        return None
    new: dict[str, Choice] = {}
    in_the_way = [n for n, one in events.items() if n not in made and overlap(one.home, choice.clears)]
    for name in in_the_way:
        homes = [one.home for n, one in events.items() if n != name and n not in made]
        held = [choice, *made.values(), *new.values()]
        free = (
            way
            for way in sorted(choices(events[name]), key=order)
            if not (way.span and any(overlap(way.span, home) for home in homes))
            and all(together(way, other) for other in held)
        )
        way = next(free, None)
        if way is None:
            return None
        new[name] = way
    return choice.cost + sum(way.cost for way in new.values()), new, choice


def share(part: int, whole: int) -> str:
    """Return a percentage."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def row(family: str, count: int, oracle: int) -> list[str]:
    """Return the table's line for one kind of calendar."""
    runs = [run(instance(family, seed)) for seed in range(count)]
    needed = [each for each in runs if each.outcome.solutions[0].cost]
    ratios = []
    for seed, each in enumerate(runs[:oracle]):
        items = instance(family, seed).items
        start = time.process_time()
        highs(items)
        ratios.append((time.process_time() - start) * 1000 / each.first)
    return [
        family,
        share(sum(each.outcome.status != "limit" for each in runs), count),
        spread([each.first for each in runs]),
        spread([each.three for each in runs]),
        f"{median(ratios):.0f}x" if ratios else "-",
        *(share(part, len(needed)) for part in losses(needed)),
    ]


def losses(runs: list[Run]) -> list[int]:
    """Return how often first-fit and best-fit are dearer, and how often they ask about more interviews."""
    counts = []
    for pick in (lambda each: each.first_fit, lambda each: each.best_fit):
        counts.append(sum(pick(each).cost > each.outcome.solutions[0].cost for each in runs))
        counts.append(sum(pick(each).given_up > each.given_up for each in runs))
    return counts


def spread(times: list[float]) -> str:
    """Return median, 99th percentile and maximum."""
    highest = quantiles(times, n=100, method="inclusive")[98]
    return f"{median(times):.1f} / {highest:.0f} / {max(times):.0f}"


HEADINGS = (
    "calendars",
    "proved",
    "first plan p50 / p99 / max",
    "three plans p50 / p99 / max",
    "HiGHS",
    "first-fit dearer",
    "asks more",
    "best-fit dearer",
    "asks more",
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="calendars of each kind")
    parser.add_argument(
        "--highs", type=int, default=20, help="how many of them HiGHS solves too (it is slow)"
    )
    parser.add_argument("families", nargs="*", default=[*FAMILIES], help="kinds of calendars")
    options = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}; {options.count} calendars of each kind\n"
    )
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    for family in options.families:
        print(f"| {' | '.join(row(family, options.count, options.highs))} |", flush=True)


if __name__ == "__main__":
    main()
