"""Makes the rearranging problems and their optima anew: `python benchmarks/rearranging/make.py`.

The same files come out everywhere: the calendars from a fixed seed, the optima from the engine, each held
against HiGHS (`pip install -e '.[test]'` brings it). With `--check` nothing is written; it says whether the
files are as they would be written.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))
sys.path.insert(0, str(HERE))

from check import CLOSES, FORMAT, METHODS, OPENS, Event, cost, greedy, overlap, price, starts, week_of

from lastresort.planning.solver import Choice, Counts, Item, solve
from oracles import highs

SEED = "rearranging 1"
EACH = 8
"""Instances of a kind."""
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
ASK = 150


class Kind(NamedTuple):
    """What the weeks of a kind look like. `fill` is the share of the working hours that is taken."""

    name: str
    fill: float
    interviews: int
    fixed: float


KINDS = (
    Kind("light", fill=0.45, interviews=1, fixed=0.1),
    Kind("usual", fill=0.7, interviews=2, fixed=0.12),
    Kind("packed", fill=0.9, interviews=3, fixed=0.15),
)
EVENTS = (
    # what it is, how often, lengths in quarters of an hour, price of moving it, price of leaving it out
    ("Focus time", 3, (4, 6, 8), 4, 14),
    ("Lunch", 2, (2, 4), 5, 12),
    ("One-to-one", 4, (2, 2, 3), 10, 30),
    ("Stand-up", 2, (1, 1, 2), 20, 8),
    ("Team meeting", 5, (3, 4, 6), 25, None),
    ("Customer call", 2, (2, 3, 4), 45, None),
)
QUARTERS = (CLOSES - OPENS) * 4


def make(kind: Kind, number: int) -> list[tuple[str, Event]]:
    """Return the events of an instance with their titles, in order."""
    random = Random(f"{SEED} {kind.name} {number}")
    found: list[tuple[str, Event]] = []
    room = round(5 * QUARTERS * kind.fill)
    for _ in range(1000):
        title, _, lengths, move, skip = random.choices(EVENTS, [often for _, often, *_ in EVENTS])[0]
        length = random.choice(lengths)
        time = _place(random, length)
        if room < length or any(overlap(time, event.time) for _, event in found):
            continue
        room -= length
        fixed = random.random() < kind.fixed
        prices = (None, None, None) if fixed else (None, move, skip)
        found.append(("Court hearing" if fixed else title, Event("", *time, False, *prices)))
    interviews: list[Event] = []
    while len(interviews) < kind.interviews:
        time = _place(random, random.choice((3, 4, 6)))
        rivals = [event for event in interviews if overlap(time, event.time)]
        pinned = [event for _, event in found if event.move is None and overlap(time, event.time)]
        met = [event for _, event in found if overlap(time, event.time)]
        if met and not rivals and (not pinned or random.random() < 0.1):
            interviews.append(Event("", *time, True, ASK, None, None))
    everything = [*found, *(("Interview", event) for event in interviews)]
    everything.sort(key=lambda pair: (pair[1].time, pair[1].interview))
    return [
        (title, event._replace(uid=f"{kind.name[0]}{number}-{place:02}"))
        for place, (title, event) in enumerate(everything, 1)
    ]


def _place(random: Random, length: int) -> tuple[datetime, datetime]:
    day, first = random.randrange(5), random.randrange(QUARTERS - length + 1)
    start = MONDAY + timedelta(days=day, hours=OPENS, minutes=15 * first)
    return start, start + timedelta(minutes=15 * length)


def write(events: list[tuple[str, Event]]) -> str:
    """Return an instance as a calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lastresort//rearranging//EN"]
    for title, event in events:
        sort = "INTERVIEW" if event.interview else "FIXED" if event.move is None else "MOVABLE"
        lines += [
            "BEGIN:VEVENT", f"UID:{event.uid}", "DTSTAMP:20260501T000000Z", f"DTSTART:{event.start:{FORMAT}}",
            f"DTEND:{event.end:{FORMAT}}", f"SUMMARY:{title}", f"CATEGORIES:{sort}",
        ]  # fmt: skip
        prices = {"X-ASK-PRICE": event.ask, "X-MOVE-PRICE": event.move, "X-SKIP-PRICE": event.skip}
        lines += [f"{name}:{points}" for name, points in prices.items() if points is not None]
        lines.append("END:VEVENT")
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


# -- the optimum --------------------------------------------------------------------------------------------


def minutes(event: Event, start: datetime) -> tuple[int, int]:
    """Return the time from a start on, as the engine counts it."""
    first = (start - MONDAY) // timedelta(minutes=1)
    return first, first + (event.end - event.start) // timedelta(minutes=1)


def items(events: list[Event]) -> list[Item]:
    """Return an instance as the engine has it: what cannot move is taken out of the choices."""
    stuck = [event for event in events if event.move is None]
    return [
        *(_needed(event, events) for event in events if event.interview),
        *(_movable(event, stuck, week_of(events)) for event in events if event.move is not None),
    ]


def _needed(interview: Event, events: list[Event]) -> Item:
    time = minutes(interview, interview.start)
    choices = [Choice(1, None, interview.ask or 0, counts=Counts.GIVE_UP)]
    pinned = [one for one in events if one.move is None and not one.interview]
    if not any(overlap(one.time, interview.time) for one in pinned):
        choices.append(Choice(0, None, 0, clears=time, counts=Counts.KEEP))
    return Item(interview.uid, time, home_allowed=False, choices=choices)


def _movable(event: Event, stuck: list[Event], week: datetime) -> Item:
    free = [
        start for start in starts(event, week) if not any(overlap(event.at(start), one.time) for one in stuck)
    ]
    ways: list[datetime | None] = [*free, *([None] if event.skip is not None else [])]
    choices = [
        Choice(number, minutes(event, way) if way else None, price(event, way))
        for number, way in enumerate(ways)
    ]
    return Item(event.uid, minutes(event, event.start), home_allowed=True, choices=choices)


def question(name: str, events: list[Event]) -> dict[str, object]:
    """Return what is known of an instance: its optimum, and what the engine and simple methods pay.

    The optimum is what HiGHS proves; the engine's own bound stands beside what it found.
    """
    problem = items(events)
    outcome = solve(problem, cap=len(events) * ASK, plans=1)
    found, optimum = outcome.solutions[0].cost, highs(problem)
    assert optimum is not None
    assert outcome.bound <= optimum <= found, name
    assert outcome.status != "optimal" or outcome.bound == found, name
    simple = {method: cost(events, *greedy(events, cheapest=cheap)) for method, cheap in METHODS.items()}
    return {
        "instance": name,
        "interviews": [event.uid for event in events if event.interview],
        "optimum": optimum,
        "lastresort": found,
        "bound": outcome.bound,
        **{method.replace("-", "_"): points for method, points in simple.items()},
    }


def files() -> dict[Path, bytes]:
    """Return every file of the set, by its path."""
    found: dict[Path, bytes] = {}
    questions = []
    for kind in KINDS:
        for number in range(1, EACH + 1):
            name, events = f"{kind.name}-{number}", make(kind, number)
            found[HERE / "instances" / f"{name}.ics"] = write(events).encode("ascii")
            questions.append(question(name, [event for _, event in events]))
    rows = ",\n".join(" " + json.dumps(one) for one in questions)
    found[HERE / "questions.json"] = f"[\n{rows}\n]\n".encode("ascii")
    return found


def main() -> int:
    """Write the files, or compare them."""
    found = files()
    if "--check" in sys.argv:
        other = [path.name for path, data in found.items() if not path.exists() or path.read_bytes() != data]
        print(f"differ: {', '.join(other)}" if other else f"all {len(found)} files are as they are made")
        return 1 if other else 0
    (HERE / "instances").mkdir(exist_ok=True)
    for path, data in found.items():
        path.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
