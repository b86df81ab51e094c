"""Checks answers to the rearranging problems, and gives those of two simple methods. It needs only Python.

    python check.py ANSWERS.json              what the answers cost, beside the optimum
    python check.py --method first-fit        the same for a simple method: first-fit or best-fit
    python check.py --method best-fit --json  its answers, in the form that is checked

README.md says what the problems are, what a change costs, and how answers are written.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
FORMAT = "%Y%m%dT%H%M%SZ"
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
OPENS, CLOSES = 8, 18
"""Hours of a day in which events may lie."""
PLEASANT = (9, 17)
PER_HOUR, ANOTHER_DAY, FURTHER_DAY, UNPLEASANT = 2, 12, 3, 4

Answer = dict[str, datetime | None]
"""The new start of every event that changes, by its UID; `None` leaves it out."""


class Event(NamedTuple):
    """One event. Prices are points; `None`: that cannot be done."""

    uid: str
    start: datetime
    end: datetime
    interview: bool
    ask: int | None
    move: int | None
    skip: int | None

    @property
    def time(self) -> tuple[datetime, datetime]:
        """When it is now."""
        return self.start, self.end

    def at(self, start: datetime) -> tuple[datetime, datetime]:
        """When it would be."""
        return start, start + (self.end - self.start)


def read(path: Path) -> list[Event]:
    """Return the events of an instance."""
    events, found = [], dict[str, str]()
    for line in path.read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found = {}
        elif line == "END:VEVENT":
            start, end = (
                datetime.strptime(found[key], FORMAT).replace(tzinfo=UTC) for key in ("DTSTART", "DTEND")
            )
            prices = (
                int(found[key]) if key in found else None
                for key in ("X-ASK-PRICE", "X-MOVE-PRICE", "X-SKIP-PRICE")
            )
            events.append(Event(found["UID"], start, end, found["CATEGORIES"] == "INTERVIEW", *prices))
        else:
            found[name] = value
    return events


def overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    """Tell whether two times share a moment."""
    return one[0] < other[1] and other[0] < one[1]


def starts(event: Event, week: datetime) -> list[datetime]:
    """Return every start that an event may have, but for what else lies there, in order."""
    found = []
    for day in range(5):
        start, closes = (week + timedelta(days=day, hours=hour) for hour in (OPENS, CLOSES))
        while start + (event.end - event.start) <= closes:
            if start != event.start:
                found.append(start)
            start += QUARTER
    return found


def price(event: Event, start: datetime | None) -> int:
    """Return what a change costs; `None` leaves the event out."""
    if start is None:
        assert event.skip is not None
        return event.skip
    assert event.move is not None
    days = abs((start.date() - event.start.date()).days)
    away = ANOTHER_DAY + FURTHER_DAY * (days - 1) if days else PER_HOUR * -(-abs(start - event.start) // HOUR)
    noon = start.replace(hour=0, minute=0)
    _, end = event.at(start)
    outside = start < noon + PLEASANT[0] * HOUR or end > noon + PLEASANT[1] * HOUR
    return event.move + away + UNPLEASANT * outside


def week_of(events: list[Event]) -> datetime:
    """Return midnight of the Monday of an instance."""
    first = min(event.start for event in events)
    return (first - timedelta(days=first.weekday())).replace(hour=0, minute=0)


def cost(events: list[Event], moves: Answer, asked: set[str]) -> int:
    """Return what an answer costs. Raises ValueError that says what is wrong with it."""
    known = {event.uid: event for event in events}
    for uid in {*moves, *asked} - known.keys():
        raise ValueError(f"there is no event {uid}")
    total = 0
    for uid in asked:
        if not known[uid].interview:
            raise ValueError(f"{uid} is no interview")
        total += known[uid].ask or 0
    for uid, start in moves.items():
        event = known[uid]
        if (event.move if start is not None else event.skip) is None:
            raise ValueError(f"{uid} cannot be {'moved' if start is not None else 'left out'}")
        if start is not None and start not in starts(event, week_of(events)):
            raise ValueError(f"{uid} may not begin at {start:%a %H:%M}")
        total += price(event, start)
    _refuse_overlaps(events, moves, asked)
    return total


def _refuse_overlaps(events: list[Event], moves: Answer, asked: set[str]) -> None:
    stays = [event for event in events if event.uid not in moves]
    moved = [(event, event.at(start)) for event in events if (start := moves.get(event.uid)) is not None]
    for number, (event, time) in enumerate(moved):
        for other, taken in [*((one, one.time) for one in stays), *moved[:number]]:
            if overlap(time, taken):
                raise ValueError(f"{event.uid} is moved onto {other.uid}")
    for interview in (event for event in stays if event.interview and event.uid not in asked):
        for other in stays:
            if other is not interview and overlap(interview.time, other.time):
                raise ValueError(f"{interview.uid} is neither kept free of {other.uid} nor asked about")


# -- two simple methods -------------------------------------------------------------------------------------


def greedy(events: list[Event], *, cheapest: bool) -> tuple[Answer, set[str]]:
    """Return an answer: one interview after the other, one event in its way after the other.

    Each goes to the first free time, or to the cheapest; where none is free, or all of it costs more than
    asking, the interview is asked about.
    """
    moves: Answer = {}
    asked: set[str] = set()
    week = week_of(events)
    for interview in (event for event in events if event.interview):
        tried, total = dict(moves), 0
        for event in _in_the_way(interview, events, tried):
            others = [(one, tried.get(one.uid, one.start)) for one in events if one is not event]
            taken = [one.at(start) for one, start in others if start is not None]
            ways: list[datetime | None] = []
            if event.move is not None:
                ways += [s for s in starts(event, week) if not any(overlap(event.at(s), t) for t in taken)]
            if event.skip is not None:
                ways.append(None)
            if not ways:
                total = (interview.ask or 0) + 1
                break
            way = min(ways, key=lambda start: price(event, start)) if cheapest else ways[0]
            tried[event.uid] = way
            total += price(event, way)
        if total > (interview.ask or 0):
            asked.add(interview.uid)
        else:
            moves = tried
    return moves, asked


def _in_the_way(interview: Event, events: list[Event], moves: Answer) -> list[Event]:
    return [
        event
        for event in events
        if event is not interview and event.uid not in moves and overlap(event.time, interview.time)
    ]


METHODS = {"first-fit": False, "best-fit": True}


# -- the table ----------------------------------------------------------------------------------------------


def read_answers(path: Path) -> dict[str, tuple[Answer, set[str]]]:
    """Return the answers of a file, by instance."""
    answers = {}
    for name, one in json.loads(path.read_text(encoding="utf-8")).items():
        moves = {uid: start and datetime.fromisoformat(start) for uid, start in one["moves"].items()}
        answers[name] = moves, set(one["ask"])
    return answers


def write_answers(answers: dict[str, tuple[Answer, set[str]]]) -> str:
    """Return answers as they are checked."""
    document = {}
    for name, (moves, asked) in answers.items():
        starts = {uid: start and start.isoformat() for uid, start in moves.items()}
        document[name] = {"moves": starts, "ask": sorted(asked)}
    return json.dumps(document, indent=1)


def main() -> int:
    """Print what answers cost; the exit code is 1 when one is wrong or missing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("answers", nargs="?", type=Path)
    parser.add_argument("--method", choices=METHODS)
    parser.add_argument("--json", action="store_true", help="print the answers instead of what they cost")
    options = parser.parse_args()
    questions = json.loads((HERE / "questions.json").read_text(encoding="utf-8"))
    instances = {one["instance"]: read(HERE / "instances" / f"{one['instance']}.ics") for one in questions}
    if options.method:
        cheapest = METHODS[options.method]
        answers = {name: greedy(events, cheapest=cheapest) for name, events in instances.items()}
    elif options.answers:
        answers = read_answers(options.answers)
    else:
        parser.error("give a file of answers, or --method")
    if options.json:
        print(write_answers(answers))
        return 0
    total = best = optimal = wrong = 0
    for one in questions:
        name = one["instance"]
        try:
            moves, asked = answers[name]
            points = cost(instances[name], moves, asked)
        except (KeyError, ValueError) as error:
            wrong += 1
            print(f"{name}: {'no answer' if isinstance(error, KeyError) else error}")
            continue
        total, best, optimal = total + points, best + one["optimum"], optimal + (points == one["optimum"])
        print(f"{name}: {points} points, the optimum is {one['optimum']}")
    print(f"{optimal} of {len(questions)} optimal, {wrong} wrong; {total} points where {best} are enough")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
