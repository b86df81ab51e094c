"""The whole command against what else would do the job, as ratios of CPU: `python benchmarks/reading.py`.

Invented calendars of ten years are asked for what clashes with one interview within four weeks: by
`lastresort check --json`, by the short program that one would write with icalendar and
recurring-ical-events, and by a C program on libical (`libical_peer.c`, built where libical-dev is installed).
A Typer program that does nothing shows what any start costs. All run from cold, in turns; CPU is user and
system time of the finished process, its median is told, and its most memory.

`--sizes 200,2000,20000,100000` says how many events, `--runs 5` how often. Beyond 20,000 events the short
program is left out. Four hours around the interview are kept free, so that reading is what is measured; with
`--crowded` events fall where they like, dozens a day, and the search for moves and slots is measured too.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
FIRST, YEARS = datetime(2017, 1, 2), 10
INTERVIEW = datetime(2026, 3, 11, 13)
TITLES = ("Planning", "Stand-up", "Lunch", "Dentist", "Review", "Focus time", "Piano lesson", "Team sync")
RULES = (
    "FREQ=WEEKLY;COUNT=20",
    "FREQ=WEEKLY;BYDAY=MO,WE;UNTIL={until}",
    "FREQ=MONTHLY;BYDAY=2TU;COUNT=12",
    "FREQ=DAILY;COUNT=10",
    "FREQ=WEEKLY;INTERVAL=2",
)
TEXT = "Please bring the notes of last week and have a look at the figures before we meet "
NAIVE_UP_TO = 20_000

NAIVE = """
import sys
from datetime import datetime, timedelta, timezone
import icalendar, recurring_ical_events
with open(sys.argv[1], "rb") as file:
    calendar = icalendar.Calendar.from_ical(file.read())
first = datetime.fromisoformat(sys.argv[2])
found = recurring_ical_events.of(calendar).between(first, first + timedelta(days=28))
def instant(value):
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
times = [(instant(e["DTSTART"].dt), instant(e["DTEND"].dt), str(e.get("SUMMARY", ""))) for e in found]
start, end = next((s, e) for s, e, title in times if title.startswith("Interview"))
print(len(times), sum(s < end and e > start for s, e, _ in times) - 1)
"""
NOOP = """
import typer
app = typer.Typer(rich_markup_mode=None)
@app.command()
def main(number: int = 0) -> None:
    print("nothing")
app()
"""


class Cost(NamedTuple):
    """CPU of one run in milliseconds, and its most memory in MiB."""

    cpu: float
    memory: float


# -- calendars ----------------------------------------------------------------------------------------------


def write_calendar(path: Path, events: int, *, crowded: bool) -> None:
    """Write an invented export: single meetings, a few series with exceptions, guests, texts, alarms."""
    chance = random.Random(events)
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//lastresort//benchmark//EN\n")
        file.writelines(ZONE)
        file.writelines(f"{line}\n" for line in _event(0, INTERVIEW, 60, "Interview: Data Engineer (Acme)"))
        for number in range(1, events):
            file.writelines(f"{line}\n" for line in _invent(number, chance, crowded=crowded))
        file.write("END:VCALENDAR\n")


ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def _invent(number: int, chance: random.Random, *, crowded: bool) -> Iterator[str]:
    day = FIRST + timedelta(days=chance.randrange(YEARS * 365))
    minutes = chance.randrange(8 * 4, 18 * 4) * 15
    if not crowded and 11 * 60 <= minutes < 15 * 60:
        minutes = 8 * 60
    start = day + timedelta(minutes=minutes)
    extra = []
    if chance.random() < 0.05:
        until = f"{start + timedelta(days=chance.randrange(20, 400)):%Y%m%dT225959Z}"
        extra.append("RRULE:" + chance.choice(RULES).format(until=until))
        if chance.random() < 0.3:
            extra.append(f"EXDATE;TZID=Europe/Berlin:{start + timedelta(weeks=2):%Y%m%dT%H%M%S}")
    if chance.random() < 0.1:
        extra += (f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:guest{n}@team.example" for n in range(4))
    if chance.random() < 0.45:
        extra += _folded("DESCRIPTION:" + TEXT * chance.randint(1, 8))
    if chance.random() < 0.4:
        extra += ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT10M", "DESCRIPTION:Soon", "END:VALARM")
    return _event(number, start, 15 * chance.randint(2, 6), chance.choice(TITLES), extra)


def _event(
    number: int, start: datetime, minutes: int, title: str, extra: Sequence[str] = ()
) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{number:08x}-4c1f@calendar.example", "DTSTAMP:20260101T080000Z")
    yield f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID=Europe/Berlin:{start + timedelta(minutes=minutes):%Y%m%dT%H%M%S}"
    yield from (f"SUMMARY:{title}", "STATUS:CONFIRMED", "SEQUENCE:0", "TRANSP:OPAQUE", *extra, "END:VEVENT")


def _folded(line: str) -> Iterator[str]:
    yield line[:75]
    yield from (" " + line[at : at + 74] for at in range(75, len(line), 74))


# -- measuring ----------------------------------------------------------------------------------------------


def measure(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, Cost]:
    """Return the median of each command's runs, which take turns after one that does not count."""
    taken: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            cost = _run(command)
            if turn:
                taken[name].append(cost)
    return {
        name: Cost(statistics.median(c.cpu for c in costs), max(c.memory for c in costs))
        for name, costs in taken.items()
    }


def _run(command: Sequence[str]) -> Cost:
    # modules have to be found compiled, as they are once installed
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 3, 4}:
        raise SystemExit(f"{' '.join(command)} failed with exit code {process.returncode}")
    return Cost((usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024)


def build_peer(folder: Path) -> Path | None:
    """Return the C program, built; `None` without a compiler or libical."""
    source, program = Path(__file__).with_name("libical_peer.c"), folder / "peer"
    if not (shutil.which("cc") and shutil.which("pkg-config")):
        return None
    flags = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "libical"], capture_output=True, text=True, check=False
    )
    if flags.returncode:
        return None
    subprocess.run(["cc", "-O2", str(source), *flags.stdout.split(), "-o", str(program)], check=True)
    return program


def ours(*args: str) -> list[str]:
    """Return the command line of the tool itself."""
    return [sys.executable, "-m", "lastresort", *args]


def check(path: Path) -> list[str]:
    """Return the command that is measured."""
    return ours(
        "check", str(path), "--now", NOW.isoformat(), "--days", "28", "--tz", "Europe/Berlin", "--json",
        "--max-size", "2G",
    )  # fmt: skip


# -- the tables ---------------------------------------------------------------------------------------------


def print_starts(noop: Path, runs: int) -> None:
    """Print what starting costs."""
    python = sys.executable
    found = measure(
        {
            "noop": [python, str(noop)],
            "noop --help": [python, str(noop), "--help"],
            "--help": ours("--help"),
            "--version": ours("--version"),
        },
        runs,
    )
    base = found["noop"].cpu
    print("| start | CPU, relative to a Typer program that does nothing | most memory |\n|---|---|---|")
    for name, cost in found.items():
        print(f"| `{name}` | {cost.cpu / base:.2f} ({cost.cpu - base:+.0f} ms) | {cost.memory:.0f} MiB |")


def print_sizes(sizes: Sequence[int], folder: Path, noop: Path, runs: int, *, crowded: bool) -> None:
    """Print the table of calendars."""
    peer = build_peer(folder)
    naive = folder / "naive.py"
    naive.write_text(NAIVE, encoding="utf-8")
    print(
        "| events | MB | over a bare start | naive : ours | ours : libical | memory ours | naive | libical |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        path = folder / f"{size}.ics"
        write_calendar(path, size, crowded=crowded)
        commands = {"ours": check(path), "noop": [sys.executable, str(noop)]}
        if size <= NAIVE_UP_TO:
            commands["naive"] = [sys.executable, str(naive), str(path), NOW.isoformat()]
        if peer:
            ends = (NOW, NOW + timedelta(days=28))
            commands["libical"] = [str(peer), str(path), *(str(int(end.timestamp())) for end in ends)]
        found = measure(commands, runs)
        print(_row(size, path.stat().st_size, found), flush=True)
        path.unlink()


def _row(size: int, file_bytes: int, found: Mapping[str, Cost]) -> str:
    own, naive, peer = found["ours"], found.get("naive"), found.get("libical")
    cells = [
        f"{size:,}",
        f"{file_bytes / 1e6:.1f}",
        f"{own.cpu - found['noop'].cpu:+.0f} ms",
        f"{naive.cpu / own.cpu:.1f}" if naive else "–",
        f"{own.cpu / peer.cpu:.2f}" if peer else "–",
        *(f"{cost.memory:.0f} MiB" if cost else "–" for cost in (own, naive, peer)),
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print both tables, and on what they were measured."""
    options = argparse.ArgumentParser(description="CPU and memory of reading, as ratios.")
    options.add_argument("--sizes", default="200,2000,20000,100000")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--crowded", action="store_true")
    asked = options.parse_args()
    packages = ("typer", "icalendar", "recurring-ical-events")
    told = ", ".join(f"{name} {version(name)}" for name in packages)
    print(f"Python {platform.python_version()}, {told}; {platform.machine()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        noop = folder / "noop.py"
        noop.write_text(NOOP, encoding="utf-8")
        print_starts(noop, max(asked.runs, 5))
        print()
        sizes = [int(size) for size in asked.sizes.split(",")]
        print_sizes(sizes, folder, noop, asked.runs, crowded=asked.crowded)


if __name__ == "__main__":
    main()
