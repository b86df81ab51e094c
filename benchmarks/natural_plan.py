"""Answers the calendar-scheduling tasks of NATURAL PLAN: `python benchmarks/natural_plan.py FILE`.

FILE is JSON as the data set publishes it: tasks by name, each with `prompt_0shot` (the question in words) and
`golden_plan` (the published answer). This program reads the English of the question, as far as these tasks
go, into a calendar; `lastresort.propose` finds when everybody is free. Where that leaves several times, the
published answer is the beginning of the first free stretch, or of the last one on a day on which somebody
wants to be done by some hour.
With `--first` it is the first free time always. With `--misses` the tasks that differ are shown.

The data are CC BY 4.0, H. Zheng and others, NATURAL PLAN, 2024 (arXiv 2406.04520).
"""

from __future__ import annotations

import json
import re
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import lastresort

if TYPE_CHECKING:
    from collections.abc import Iterator

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
DAY = "|".join(WEEK)
MONDAY = datetime(2026, 3, 2)
NOW = MONDAY - timedelta(days=4)
"""The Thursday before: the tool offers nothing before a full working day has passed."""
HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)


class Task(NamedTuple):
    """A question: how long, between which hours, and what is not free, in minutes of a day."""

    length: timedelta
    opens: str
    closes: str
    taken: tuple[tuple[str, str, str], ...]
    """Day, start and end, on the clock."""
    late: frozenset[str]
    """Days on which somebody wants to be done by some hour: the beginning of the last free stretch."""


def read_task(prompt: str) -> Task:
    """Return the last task of a prompt; those before it are examples."""
    text = prompt.rpartition("TASK:")[2].partition("SOLUTION:")[0]
    head, _, rest = text.partition("Here are the existing schedules")
    opens, closes = re.findall(r"\d+:\d+", head)[:2]
    schedules, wishes = [], []
    for line in rest.splitlines():
        (schedules if " during " in line else wishes).append(line)
    days = [day for day in WEEK if day in head]
    unwanted = [*_unwanted(" ".join(wishes), opens, closes)]
    late = frozenset(day for day, start, end in unwanted if end == closes and start != opens)
    taken = [*_busy(schedules), *unwanted]
    taken += [(day, opens, closes) for day in WEEK if day not in days]
    return Task(HALF_HOUR if "half an hour" in head else HOUR, opens, closes, tuple(taken), late)


def _busy(lines: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what schedules say: a day, "during", and its times, then the next day."""
    for line in lines:
        for day, times in re.findall(rf"({DAY}) during ((?:\d+:\d+ to \d+:\d+(?:, )?)+)", line):
            for start, end in re.findall(r"(\d+:\d+) to (\d+:\d+)", times):
                yield day, start, end


def _unwanted(text: str, opens: str, closes: str) -> Iterator[tuple[str, str, str]]:
    """Yield what wishes exclude: each says when somebody does not want to meet, some for several days."""
    for day, side, hour in re.findall(rf"({DAY})(?: (before|after) (\d+:\d+))?", text):
        if side == "before":
            yield day, opens, hour
        else:
            yield day, hour or opens, closes


def write_calendar(task: Task) -> bytes:
    """Return everybody's schedules and wishes as one calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//natural plan//EN"]
    for number, (day, start, end) in enumerate(task.taken):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z", "SUMMARY:Taken"]
        lines += [f"DTSTART:{_moment(day, start)}", f"DTEND:{_moment(day, end)}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _moment(day: str, clock: str) -> str:
    hour, minute = map(int, clock.split(":"))
    return f"{MONDAY + timedelta(days=WEEK.index(day), hours=hour, minutes=minute):%Y%m%dT%H%M%SZ}"


def find_time(task: Task, *, first_always: bool = False) -> tuple[str, datetime] | None:
    """Return the day and the start that the tool finds; `None` when nothing is free."""
    hours = f"mon-fri {task.opens.zfill(5)}-{task.closes.zfill(5)}"
    found = lastresort.propose(
        write_calendar(task),
        now=NOW,
        tz="UTC",
        for_=task.length,
        hours=hours,
        interviewer_hours=hours,
        windows=True,
        padding="0m",
    )
    if not found.slots:
        return None
    first = found.slots[0].interval
    day = WEEK[first.start.weekday()]
    if day in task.late and not first_always:
        windows = [slot.interval for slot in found.slots if slot.interval.start.date() == first.start.date()]
        return day, windows[-1].start
    return day, first.start


def is_right(task: Task, plan: str, *, first_always: bool = False) -> bool:
    """Tell whether the time found is the published one."""
    found = find_time(task, first_always=first_always)
    day, hour, minute = re.search(rf"({DAY}), (\d+):(\d+)", plan).groups()  # type: ignore[union-attr]
    return found is not None and (found[0], found[1].hour, found[1].minute) == (day, int(hour), int(minute))


def main() -> None:
    """Answer all tasks of a file, and print how many are right."""
    first_always = "--first" in sys.argv
    tasks = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    begun = time.process_time()
    misses = [
        name
        for name, one in tasks.items()
        if not is_right(read_task(one["prompt_0shot"]), one["golden_plan"], first_always=first_always)
    ]
    each = 1000 * (time.process_time() - begun) / len(tasks)
    print(f"{len(tasks) - len(misses)} of {len(tasks)} right, {each:.0f} ms of CPU a task")
    if "--misses" in sys.argv:
        for name in misses:
            found = find_time(read_task(tasks[name]["prompt_0shot"]), first_always=first_always)
            print(name, found, tasks[name]["golden_plan"])


if __name__ == "__main__":
    main()
