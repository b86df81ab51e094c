"""What exactness costs and what it buys: the engine beside HiGHS, first-fit and best-fit.

    python benchmarks/engine.py [--count 200] [--highs 20]

Calendars are invented. Times are CPU milliseconds, the quicker of two runs; on a busy machine only their
ratios mean something. "dearer" and "impossible" are shares of the calendars that have a plan within the cap:
greed pays more than the best plan, or finds no plan within the cap.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from instances import CAP, FAMILIES, Instance, instance
from lastresort.planning.solver import solve
from oracles import choices, highs, overlap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lastresort.planning.solver import Choice, Item, Outcome


class Run(NamedTuple):
    """One calendar: milliseconds for the first plan and for three, what came out, what greed would pay."""

    first: float
    three: float
    outcome: Outcome
    first_fit: int | None
    best_fit: int | None


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
    earliest = greedy(items, lambda choice: (choice.span or (0, 0), choice.cost))
    cheapest = greedy(items, lambda choice: (choice.cost, choice.displacement))
    return Run(first, three, outcome, earliest, cheapest)


def greedy(items: Sequence[Item], order: Callable[[Choice], object]) -> int | None:
    """Return the cost when each clashing event takes the first free time in some order, without chains."""
    taken = [item.home for item in items if item.home_allowed]
    cost = 0
    for item in sorted((item for item in items if not item.home_allowed), key=lambda item: item.home):
        free = (c for c in choices(item) if not c.span or not any(overlap(c.span, other) for other in taken))
        choice = min(free, key=order, default=None)
        if choice is None:
            return None
        taken += [choice.span] if choice.span else []
        cost += choice.cost
    return cost if cost <= CAP else None


def share(part: int, whole: int) -> str:
    """Return a percentage."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def row(family: str, count: int, oracle: int) -> list[str]:
    """Return the table's line for one kind of calendar."""
    runs = [run(instance(family, seed)) for seed in range(count)]
    feasible = [each for each in runs if each.outcome.status == "optimal"]
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
        *(share(part, len(feasible)) for part in losses(feasible)),
    ]


def losses(feasible: list[Run]) -> list[int]:
    """Return how often first-fit and best-fit are dearer, and how often they wrongly find nothing."""
    counts = []
    for pick in (lambda each: each.first_fit, lambda each: each.best_fit):
        pairs = [(pick(each), each.outcome.solutions[0].cost) for each in feasible]
        counts += [sum(p is not None and p > best for p, best in pairs), sum(p is None for p, _ in pairs)]
    return counts


def spread(times: list[float]) -> str:
    """Return median, 99th percentile and maximum."""
    return f"{median(times):.1f} / {quantiles(times, n=100)[98]:.0f} / {max(times):.0f}"


HEADINGS = (
    "calendars",
    "proved",
    "first plan p50 / p99 / max",
    "three plans p50 / p99 / max",
    "HiGHS",
    "first-fit dearer",
    "impossible",
    "best-fit dearer",
    "impossible",
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="calendars of each kind")
    parser.add_argument(
        "--highs", type=int, default=20, help="how many of them HiGHS solves too (it is slow)"
    )
    options = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}; {options.count} calendars of each kind\n"
    )
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    for family in FAMILIES:
        print(f"| {' | '.join(row(family, options.count, options.highs))} |", flush=True)


if __name__ == "__main__":
    main()
