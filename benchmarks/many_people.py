"""Time and memory of `check --each`: PEOPLE calendars of EVENTS events, as a careers adviser has them.

    python benchmarks/many_people.py [PEOPLE [EVENTS]]

The calendars are made up anew in a temporary folder, the same ones every time; every tenth holds a broken
event, every hundredth is no calendar at all.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 5, 11, 8)
ALONE = 10
"""People who are answered in a run of their own as well, to compare with."""
TITLES = ("Seminar", "Shift", "Focus time", "Gym", "1:1 with Jo", "Team sync", "Lunch", "Choir", "Lecture")
FIRMS = ("Globex", "Initech", "Hooli", "Umbrella", "Stark", "Wayne", "Acme")


def event(uid: str, start: datetime, minutes: int, title: str, more: str = "") -> str:
    """Return one VEVENT."""
    end = start + timedelta(minutes=minutes)
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260501T000000Z\r\n"
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}\r\n"
        f"DTEND;TZID=Europe/Berlin:{end:%Y%m%dT%H%M%S}\r\nSUMMARY:{title}\r\n{more}END:VEVENT\r\n"
    )


def calendar(person: int, events: int) -> str:
    """Return the calendar of one person: a year of events, and two interviews in the coming days."""
    chance = random.Random(person)
    me = f"person{person}@example.org"
    parts = [f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//adviser//EN\r\nX-WR-CALNAME:{me}\r\n"]
    for number in range(events - 2):
        day, hour = chance.randint(-180, 60), chance.randint(0, 9)
        start = NOW + timedelta(days=day, hours=hour, minutes=chance.choice((0, 30)))
        parts.append(event(f"{person}-{number}", start, chance.choice((30, 60, 90)), chance.choice(TITLES)))
    for number in range(2):
        start = NOW + timedelta(days=chance.randint(1, 10), hours=chance.randint(1, 8))
        firm = chance.choice(FIRMS)
        people = f"ORGANIZER:mailto:hr@{firm.lower()}.example\r\nATTENDEE:mailto:{me}\r\n"
        parts.append(event(f"{person}-i{number}", start, 60, f"Interview: {firm}", people))
    if person % 10 == 0:
        parts.append("BEGIN:VEVENT\r\nUID:broken\r\nDTSTART:soon\r\nEND:VEVENT\r\n")
    return "".join([*parts, "END:VCALENDAR\r\n"])


def main() -> None:
    """Measure one run and print what it took, in all and beside runs for one person."""
    people, events = int((sys.argv[1:] or ["400"])[0]), int((sys.argv[2:] or ["500"])[0])
    with tempfile.TemporaryDirectory() as folder:
        for person in range(1, people + 1):
            text = "no calendar" if person % 100 == 0 else calendar(person, events)
            Path(folder, f"person-{person:03}.ics").write_text(text, encoding="utf-8", newline="")
        command = [sys.executable, "-m", "lastresort", "check", "--each", folder, "--json"]
        command += ["--now", NOW.isoformat(), "--tz", "Europe/Berlin"]
        begun, used = time.perf_counter(), _cpu()
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds, each = time.perf_counter() - begun, _cpu() - used
        used = _cpu()
        for person in range(1, ALONE + 1):
            alone = [*command[:4], f"{folder}/person-{person:03}.ics", *command[6:]]
            subprocess.run(alone, capture_output=True, check=False)
        alone_each = (_cpu() - used) / ALONE
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    answered = len(ran.stdout.splitlines())
    print(f"{answered} people, exit {ran.returncode}: {seconds:.1f} s, {megabytes:.0f} MB in one process")
    share = each / answered / alone_each
    print(f"CPU for each: {share:.2f} of what a run for one person alone takes")


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
