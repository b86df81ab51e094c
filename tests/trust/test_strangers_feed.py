"""Two hundred events of a stranger cost a bounded multiple of two hundred ordinary ones, counted in calls."""

from __future__ import annotations

import cProfile
from typing import TYPE_CHECKING

import pytest
from reading import WINDOW, calendar, codes, event, read

from lastresort.ics.thinning import most_instances

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

EVENTS = 200
MOST = 10
"""How many times the calls that ordinary events cost."""
CONFIG = "[limits]\nsteps = 500\ndates = 50\nevent-seconds = 60\nrun-seconds = 60\n"
"""What is counted alone decides here, not the clock."""
OFFER = "Tuesday 2-4pm, Wednesday any time after 10, Thursday at 9 or Friday afternoon"
COMMANDS = {
    "check": ("--days", "14"),
    "propose": ("--interview", "Acme"),
    "weigh": ("--for", "45m", "--offer", OFFER),
}
MINE = (
    event("SUMMARY:Interview: Engineer at Acme", "DTSTART:20260506T090000Z", "DURATION:PT1H", uid="i@x"),
    event("SUMMARY:Sync", "DTSTART:20260506T093000Z", "DURATION:PT1H", uid="s@x"),
)
DATES = ",".join(f"202605{day:02}T{hour:02}0000Z" for day in range(4, 18) for hour in range(24))


def ordinary(number: int) -> tuple[str, ...]:
    return "SUMMARY:Meeting", f"DTSTART:202605{4 + number % 14:02}T{8 + number % 9:02}0000Z", "DURATION:PT1H"


KINDS: dict[str, Callable[[int], tuple[str, ...]]] = {
    "all day long": lambda n: (
        f"SUMMARY:M{n}",
        f"DTSTART:20260504T{n * 7 // 60:02}{n * 7 % 60:02}00Z",
        "DURATION:PT15M",
        "RRULE:FREQ=DAILY;COUNT=60",
    ),
    "rules that never match": lambda _: (
        "DTSTART:19700101T000000Z",
        "DURATION:PT1M",
        "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
    ),
    "by the minute": lambda _: (
        "DTSTART:20260501T000000Z",
        "DURATION:PT1M",
        "RRULE:FREQ=MINUTELY;INTERVAL=7",
    ),
    "dates": lambda _: ("DTSTART:20260501T000000Z", "DURATION:PT1M", f"RDATE:{DATES}"),
}


@pytest.fixture
def calls(run: Callable[..., Ran], tmp_path: Path) -> Callable[[str, Callable[[int], tuple[str, ...]]], int]:
    """Count the calls of a command on a feed of so many events of a kind."""
    mine, feed, config = tmp_path / "mine.ics", tmp_path / "feed.ics", tmp_path / "config.toml"
    mine.write_bytes(calendar(*MINE).encode())
    config.write_text(CONFIG)

    def count(command: str, kind: Callable[[int], tuple[str, ...]]) -> int:
        events = [event(*kind(number), uid=f"{number}@x") for number in range(EVENTS)]
        feed.write_bytes(calendar(*events).encode())
        asked = ("--config", config, "--tz", "UTC", "--now", "2026-05-04T06:00Z", "--json")
        profile = cProfile.Profile()
        ran = profile.runcall(run, command, mine, feed, *COMMANDS[command], *asked)
        assert ran.code in (0, 3, 4, 5), ran.err
        return sum(entry.callcount for entry in profile.getstats())

    return count


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "kind"),
    [*(("check", kind) for kind in KINDS), ("propose", "all day long"), ("weigh", "all day long")],
)
def test_a_strangers_events_cost_a_bounded_multiple(
    calls: Callable[[str, Callable[[int], tuple[str, ...]]], int], command: str, kind: str
) -> None:
    assert calls(command, KINDS[kind]) < MOST * calls(command, ordinary)


def test_all_series_together_have_a_bounded_number_of_instances() -> None:
    often = [
        event("DTSTART:20260504T000000Z", "DURATION:PT1M", "RRULE:FREQ=MINUTELY;INTERVAL=15", uid=f"{n}@x")
        for n in range(60)
    ]
    agenda = read(calendar(*often))
    most = most_instances(WINDOW)
    assert most < len(agenda.occurrences) <= most + 60 * 102
    assert "too-many-instances" in codes(agenda)
    ends = {one.event.uid: one.interval.end for one in agenda.occurrences}
    assert set(ends.values()) == {max(ends.values())}
