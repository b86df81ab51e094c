"""The engine's stories. A line is an item: name, home, may it stay or must it go, `span:cost` for choices.

A cost may be followed by `~displacement`, `/group` and `?doubt`; `skip` is a choice that takes no time, and
`=span:cost` one that leaves a part of the home where it is. `keep` items need their home: `keep 50 #3` may be
given up for 50, and is kept beside no other item with the token 3; `keep 50 @R` is asked about with R, a
`request` at that price.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from instances import CAP, instance
from lastresort.planning.solver import Choice, Counts, Item, ItemProblem, Outcome, solve
from lastresort.planning.solver.board import lay_out
from lastresort.planning.solver.field import CHANGE, COST, Field, Task
from lastresort.planning.solver.prices import price
from lastresort.planning.solver.work import Work

CHOICE = re.compile(
    r"(?:(?P<stays>=)?(?P<start>-?\d+)\.\.(?P<end>-?\d+)|skip):(?P<cost>\d+)"
    r"(?:~(?P<displacement>\d+))?(?:/(?P<group>\w+))?(?:\?(?P<doubt>\d+))?$"
)


def read_items(text: str) -> tuple[Item, ...]:
    return tuple(_item(*line.split()) for line in text.strip().splitlines())


def _item(name: str, home: str, stay: str, *choices: str) -> Item:
    if stay == "request":
        price = Choice(0, None, int(choices[0]), counts=Counts.REQUEST)
        return Item(name, (0, 0), home_allowed=True, choices=(price,), least=price.cost)
    start, end = map(int, home.split(".."))
    if stay == "keep":
        tokens = tuple(int(text[1:]) for text in choices if text.startswith("#"))
        brings = tuple(text[1:] for text in choices if text.startswith("@"))
        kept = Choice(0, None, 0, clears=(start, end), tokens=tokens, counts=Counts.KEEP)
        given_up = Choice(1, None, int(choices[0]), brings=brings, counts=Counts.GIVE_UP)
        return Item(name, (start, end), home_allowed=False, choices=(kept, given_up))
    return Item(
        name, (start, end), {"may": True, "must": False}[stay], tuple(map(_choice, range(99), choices))
    )


def _choice(number: int, text: str) -> Choice:
    match = CHOICE.match(text)
    assert match, text
    span = None if match["start"] is None else (int(match["start"]), int(match["end"]))
    return Choice(
        id=number,
        span=None if match["stays"] else span,
        cost=int(match["cost"]),
        displacement=int(match["displacement"] or 0),
        group=match["group"] or f"{span}",
        doubt=int(match["doubt"] or 0),
        stays=(span,) if match["stays"] and span else (),
    )


def told(items: tuple[Item, ...], outcome: Outcome) -> str:
    """Return the outcome as a line: status, then each solution with its cost and where the items go."""
    return " | ".join(
        [outcome.status, *(_told(items, chosen.chosen, chosen.cost) for chosen in outcome.solutions)]
    )


def _told(items: tuple[Item, ...], chosen: tuple[tuple[str, int], ...], cost: int) -> str:
    choices = {(item.id, choice.id): choice for item in items for choice in item.choices}
    return " ".join([str(cost), *(f"{name}>{_place(choices[name, number])}" for name, number in chosen)])


def _place(choice: Choice) -> str:
    if choice.counts is not Counts.CHANGE:
        return choice.counts.value.replace(" ", "-")
    span = choice.stays[0] if choice.stays else choice.span
    return "skip" if span is None else f"{'=' * bool(choice.stays)}{span[0]}..{span[1]}"


class Story(NamedTuple):
    name: str
    items: str
    outcome: str
    plans: int = 1
    cap: int = 100


KEEPING = (
    Story(
        "an interview is kept when that costs less than asking",
        """
        A  0..10 may  20..30:5
        I  5..15 keep 8
        """,
        "optimal | 5 A>20..30 I>keep",
    ),
    Story(
        "it is given up when asking costs less",
        """
        A  0..10 may  20..30:5
        I  5..15 keep 4
        """,
        "optimal | 4 I>give-up",
    ),
    Story(
        "two far from each other are decided each for itself",
        """
        A   0..10  may  20..30:9
        B 900..910 may  920..930:9
        I   5..15  keep 10
        J 905..915 keep 10
        """,
        "optimal | 18 A>20..30 B>920..930 I>keep J>keep",
    ),
    Story(
        "one change may serve two, though neither alone is worth it",
        """
        A  0..40 may  50..90:15
        I  0..10 keep 10
        J 30..40 keep 10
        """,
        "optimal | 15 A>50..90 I>keep J>keep",
    ),
    Story(
        "of two with a token one is given up, the cheaper one",
        """
        I  0..10 keep 8 #1
        J  5..15 keep 9 #1
        """,
        "optimal | 8 I>give-up J>keep",
    ),
    Story(
        "the cheaper one is kept all the same when the other could not stay anyway",
        """
        A 12..14 may  20..22:30
        I  0..10 keep 8 #1
        J  5..15 keep 9 #1
        """,
        "optimal | 9 I>keep J>give-up",
    ),
    Story(
        "what is cleared may overlap where there is no token",
        """
        I  0..12 keep 8
        J  8..20 keep 9
        """,
        "optimal | 0 I>keep J>keep",
    ),
    Story(
        "nothing lands on an interview that is kept",
        """
        A  0..10 may  20..30:1 40..50:3
        I  5..15 keep 9
        J 25..35 keep 9
        """,
        "optimal | 3 A>40..50 I>keep J>keep",
    ),
    Story(
        "what is given up takes no time",
        """
        A  0..10 may  20..30:1 40..50:9
        I  5..15 keep 9
        J 25..35 keep 2
        """,
        "optimal | 3 A>20..30 I>keep J>give-up",
    ),
    Story(
        "one request for two",
        """
        A   0..10  may  20..30:9
        B 900..910 may  920..930:9
        I   5..15  keep 0 @R
        J 905..915 keep 0 @R
        R   0..0   request 10
        """,
        "optimal | 10 I>give-up J>give-up R>request",
    ),
    Story(
        "of two equal sums the one that gives up less",
        """
        A  0..10 may  20..30:5
        I  5..15 keep 5
        """,
        "optimal | 5 A>20..30 I>keep",
    ),
    Story(
        "what is left of a home stays double-booked",
        """
        A  0..20 may  50..70:9 =0..10:3
        B  0..10 may  80..90:9
        I 10..20 keep 20
        """,
        "optimal | 3 A>=0..10 I>keep",
    ),
    Story(
        "nothing lands on what is left of a home",
        """
        A  0..20 may  50..70:9 =0..10:3
        B 18..28 may   0..10:1 80..90:4
        I 10..20 keep 20
        """,
        "optimal | 7 A>=0..10 B>80..90 I>keep",
    ),
)

STORIES = (
    *KEEPING,
    Story("nobody has to move", "A 0..10 may 10..20:1", "optimal | 0"),
    Story("the cheapest free time", "A 0..10 must 10..20:7 20..30:5 30..40:6", "optimal | 5 A>20..30"),
    Story(
        "times that only touch do not meet",
        """
        A  0..10 must 20..30:5
        B 10..20 may  50..60:1
        C 30..40 may  50..60:1
        """,
        "optimal | 5 A>20..30",
    ),
    Story(
        "another gives way when that is cheaper",
        """
        A  0..10 must 20..30:5 40..50:9
        B 20..30 may  60..70:3
        """,
        "optimal | 8 A>20..30 B>60..70",
    ),
    Story(
        "another stays when its move is too dear",
        """
        A  0..10 must 20..30:5 40..50:9
        B 20..30 may  60..70:6
        """,
        "optimal | 9 A>40..50",
    ),
    Story(
        "a chain of three",
        """
        A  0..10 must 20..30:1
        B 20..30 may  40..50:1
        C 40..50 may  60..70:1 80..90:2
        """,
        "optimal | 3 A>20..30 B>40..50 C>60..70",
    ),
    Story(
        "two change places",
        """
        A  0..10 must 20..30:4 skip:50
        B 20..30 may   0..10:4 skip:50
        """,
        "optimal | 8 A>20..30 B>0..10",
    ),
    Story(
        "one hour, two who want it",
        """
        A  0..10 must 20..30:5 40..50:6
        B 10..20 must 20..30:5 60..70:9
        """,
        "optimal | 11 A>40..50 B>20..30",
    ),
    Story(
        "what is double-booked may stay so",
        """
        A  0..10 must 40..50:5
        B 20..30 may  60..70:1
        C 25..35 may  80..90:1
        """,
        "optimal | 5 A>40..50",
    ),
    Story(
        "double-booked time is free only when both go",
        """
        A  0..10 must 22..32:1 40..50:4
        B 20..30 may  60..70:1
        C 25..35 may  80..90:1
        """,
        "optimal | 3 A>22..32 B>60..70 C>80..90",
    ),
    Story(
        "nobody moves onto a double-booked neighbour",
        """
        A  0..5  must 20..25:1
        B 20..30 may  25..35:1 60..70:5
        C 25..35 may  80..90:9
        """,
        "optimal | 6 A>20..25 B>60..70",
    ),
    Story("a little later, over its own old time", "A 0..10 must 5..15:2 20..30:3", "optimal | 2 A>5..15"),
    Story(
        "skipping takes no time", "A 0..10 must skip:3 20..30:5\nB 20..30 may skip:1", "optimal | 3 A>skip"
    ),
    Story(
        "an empty span takes no time",
        """
        A  0..10 must 25..25:3
        B 20..30 may  40..50:1
        """,
        "optimal | 3 A>25..25",
    ),
    Story(
        "an empty home is in nobody's way",
        """
        A  0..10 must 20..30:3
        B 25..25 may  40..50:1
        """,
        "optimal | 3 A>20..30",
    ),
    Story(
        "any minute will do",
        """
        A  0..7  must 13..20:2 20..27:3
        B 19..20 may  21..22:9
        C 27..31 may  40..44:1
        """,
        "optimal | 3 A>20..27",
    ),
    Story("before the first day", "A -20..-10 must -40..-30:2 10..20:3", "optimal | 2 A>-40..-30"),
    Story("of equal cost, the nearest", "A 0..10 must 40..50:5~40 20..30:5~20", "optimal | 5 A>20..30"),
    Story(
        "of equal cost and distance, the fewest changes",
        """
        A  0..10 must 20..30:5~20 40..50:5~20
        B 20..30 may  60..70:0
        """,
        "optimal | 5 A>40..50",
    ),
    Story(
        "a different day as second plan",
        "A 0..10 must 20..30:5/am 22..32:6/am 60..70:7/pm",
        "optimal | 5 A>20..30 | 7 A>60..70",
        plans=3,
    ),
    Story("no plan that differs", "A 0..10 must 20..30:5/am 22..32:6/am", "optimal | 5 A>20..30", plans=3),
    Story(
        "no further plan above the cap", "A 0..10 must 20..30:5 40..50:101", "optimal | 5 A>20..30", plans=3
    ),
    Story(
        "the second plan asks nobody who may refuse",
        """
        A  0..10 must 20..30:5?9 40..50:6?9 60..70:9
        """,
        "optimal | 5 A>20..30 | 6 A>40..50 | 9 A>60..70",
        plans=3,
    ),
    Story(
        "the second plan asks, when nothing else is left",
        """
        A  0..10 must 20..30:5?9 40..50:6?9
        """,
        "optimal | 5 A>20..30 | 6 A>40..50",
        plans=3,
    ),
    Story(
        "nobody moves only to make a difference",
        """
        A  0..10 must 20..30:5 40..50:8
        B 20..30 may  60..70:1
        """,
        "optimal | 6 A>20..30 B>60..70 | 8 A>40..50",
        plans=3,
    ),
    Story(
        "the difference may be in the chain",
        """
        A  0..10 must 20..30:5
        B 20..30 may  60..70:1 80..90:2
        """,
        "optimal | 6 A>20..30 B>60..70 | 7 A>20..30 B>80..90",
        plans=3,
    ),
    Story(
        "the difference may be far from the rest",
        """
        A   0..10  must  20..30:5 40..50:9
        B 900..910 must 920..930:5 940..950:6
        """,
        "optimal | 10 A>20..30 B>920..930 | 11 A>20..30 B>940..950 | 14 A>40..50 B>920..930",
        plans=3,
    ),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name.replace(" ", "-"))
def test_stories(story: Story) -> None:
    items = read_items(story.items)
    assert told(items, solve(items, story.cap, story.plans)) == story.outcome


def test_what_costs_more_than_the_cap_is_proved() -> None:
    items = read_items("A 0..10 must 20..30:30\nB 10..20 must 40..50:80 60..70:90")
    outcome = solve(items, 100)
    assert (outcome.status, outcome.solutions, outcome.bound) == ("none", (), 101)


@pytest.mark.parametrize(
    "lines",
    [
        "A 0..10 must",
        "A 0..10 must 20..30:1\nB 20..30 may",
        "A 0..10 must 20..30:1\nB 10..20 must 25..35:1",
    ],
)
def test_nothing_is_possible_at_any_price(lines: str) -> None:
    outcome = solve(read_items(lines), 100)
    assert (outcome.status, outcome.solutions) == ("none", ())


def test_nothing_at_all() -> None:
    outcome = solve([], 100)
    assert (outcome.status, [each.chosen for each in outcome.solutions]) == ("optimal", [()])


def test_choices_are_asked_for_once_and_only_when_they_can_matter() -> None:
    asked: list[str] = []

    def item(name: str, home: tuple[int, int], *choices: Choice, least: int = 0) -> Item:
        return Item(name, home, True, lambda: asked.append(name) or choices, least)

    items = (
        item("blocked", (0, 10), Choice(0, (20, 30), 5), Choice(1, (40, 50), 6), Choice(2, (60, 70), 7)),
        item("dear", (20, 30), Choice(0, (80, 90), 50), least=50),
        item("elsewhere", (80, 90), Choice(0, (95, 99), 1)),
        *read_items("i 0..10 keep 100"),
    )
    assert solve(items, 100, plans=1).solutions[0].chosen == (("blocked", 1), ("i", 0))
    assert asked == ["blocked"]


def crowd(*, in_the_way: int, least: int, asked: list[str]) -> list[Item]:
    """Return 5,000 items that fill every hour of a hundred days, five deep, and an interview on some."""

    def item(number: int) -> Item:
        name, start = f"{number:04}", number // 5 * 60

        def choices() -> list[Choice]:
            asked.append(name)
            return [Choice(hour, (hour * 60, hour * 60 + 60), least + hour % 7) for hour in range(1, 1000)]

        return Item(name, (start, start + 60), True, choices, least)

    return [*map(item, range(5000)), *read_items(f"i 0..{-(-in_the_way // 5) * 60} keep 100")]


def test_so_many_in_the_way_are_not_even_asked() -> None:
    asked: list[str] = []
    outcome = solve(crowd(in_the_way=12, least=10, asked=asked), 1000)
    assert (outcome.status, outcome.solutions[0].chosen, asked) == ("optimal", (("i", 1),), [])


def test_what_only_lands_on_a_crowd_asks_nobody_there() -> None:
    asked: list[str] = []
    outcome = solve(crowd(in_the_way=3, least=15, asked=asked), 1000)
    assert (outcome.status, outcome.solutions[0].chosen) == ("optimal", (("i", 1),))
    assert len(asked) <= 5


@pytest.mark.parametrize(("family", "seed"), [("over-packed", 54), ("packed", 22), ("six", 12)])
def test_the_budget_ends_with_the_best_found_and_a_bound(family: str, seed: int) -> None:
    problem = instance(family, seed)
    limited = solve(problem.items, CAP, plans=1, node_limit=40)
    proved = solve(problem.items, CAP, plans=1, node_limit=100_000)
    best = proved.solutions[0].cost
    assert (limited.status, proved.status) == ("limit", "optimal")
    assert limited.nodes < proved.nodes
    assert limited.bound <= best
    assert all(each.cost >= best and not each.proved for each in limited.solutions)


def far_apart(count: int) -> tuple[Item, ...]:
    lines = (
        f"E{n:04} {n * 1000}..{n * 1000 + 60} may {n * 1000 + 90}..{n * 1000 + 150}:5" for n in range(count)
    )
    needs = (f"I{n:04} {n * 1000 + 30}..{n * 1000 + 80} keep 100" for n in range(count))
    return read_items("\n".join((*lines, *needs)))


def test_a_thousand_interviews_cost_ten_times_as_much_as_a_hundred() -> None:
    nodes = [solve(far_apart(count), CAP, plans=1).nodes for count in (100, 1000)]
    assert nodes[1] <= 11 * nodes[0]


def test_hundreds_that_want_the_same_hour_are_bounded() -> None:
    items = read_items("\n".join(f"I{n:03} 0..60 keep {100 + n} #1" for n in range(300)))
    outcome = solve(items, CAP, plans=1)
    kept = [name for name, number in outcome.solutions[0].chosen if number == 0]
    assert len(kept) == 1
    assert outcome.bound <= outcome.solutions[0].cost


SCRIPT = """
from instances import CAP, FAMILIES, instance
from lastresort.planning.solver import solve
for family in FAMILIES:
    for seed in (1, 2):
        print(solve(instance(family, seed, at_most=4).items, CAP))
"""


def test_the_same_plan_whatever_the_hash_seed() -> None:
    tests = Path(__file__).parents[1]
    answers = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(tests)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(answers) == 1
    assert "optimal" in answers.pop()


def test_the_example_of_the_manual() -> None:
    page = Path(__file__).parents[2] / "docs" / "explanation" / "engine.md"
    problem, answer = re.findall(r"```text\n(.*?)\n```", page.read_text(encoding="utf-8"), re.DOTALL)
    items = read_items(problem)
    assert told(items, solve(items, CAP)) == answer
    laid_out = lay_out(Task(Field(items)), (CAP + 1) * COST, Work(10**6))
    assert laid_out
    board, _ = laid_out
    priced = price(board, (CAP + 1) * COST, rounds=5, start=None, paired=False)
    assert priced.bound // COST == 430
    assert priced.prices.rent[1] == [50 * COST + CHANGE]
    cheaper = read_items(problem.replace("1500", "400"))
    assert told(cheaper, solve(cheaper, CAP)) == "optimal | 400 call>give-up"
    keeping = ItemProblem(cheaper, CAP).solve_dearer("call", 401, 500)
    assert told(cheaper, keeping) == "optimal | 430 call>keep focus>840..900 team>660..720"
