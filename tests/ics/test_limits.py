"""What is read of a stranger's calendar ends somewhere, and the end is told."""

from __future__ import annotations

import pytest
from reading import TIMED, calendar, codes, event, levels, read, times

from lastresort.model import Limits


def nested(depth: int) -> tuple[str, ...]:
    """A component inside the calendar, so many deep with it, around a zone nobody may find."""
    names = [f"X-LEVEL-{number}" for number in range(depth - 1)]
    return (*(f"BEGIN:{name}" for name in names), *(f"END:{name}" for name in reversed(names)))


@pytest.mark.parametrize(("depth", "expected"), [(8, []), (9, ["too-deep"]), (40, ["too-deep"])])
def test_components_nested_too_deeply_are_skipped_and_told(depth: int, expected: list[str]) -> None:
    agenda = read(calendar(event(*TIMED), head=nested(depth)))
    assert codes(agenda) == expected
    assert times(agenda) == ["05 08:00-09:00"]


@pytest.mark.parametrize(("dates", "expected"), [(5, []), (6, ["too-many-dates"])])
@pytest.mark.parametrize("name", ["RDATE", "EXDATE"])
@pytest.mark.parametrize("apart", [True, False])
def test_lists_of_dates_end(name: str, dates: int, apart: bool, expected: list[str]) -> None:
    values = [f"2026050{day}T100000Z" for day in range(1, dates + 1)]
    rows = [f"{name}:{value}" for value in values] if apart else [f"{name}:{','.join(values)}"]
    agenda = read(calendar(event(*TIMED, *rows)), limits=Limits(dates=5))
    assert codes(agenda) == expected
    assert all(problem.lost == (name == "RDATE") for problem in agenda.problems)


def test_the_limits_are_those_of_the_documentation() -> None:
    limits = Limits()
    assert (limits.file_bytes, limits.value_bytes, limits.depth) == (64 << 20, 1 << 20, 8)
    assert (limits.dates, limits.steps) == (20_000, 100_000)
    assert (limits.event_seconds, limits.run_seconds) == (0.3, 6.0)


@pytest.mark.parametrize("other_file", [True, False])
def test_a_cancellation_that_names_a_time_outside_the_window_is_fetched(other_file: bool) -> None:
    """The latest revision counts, wherever the time lies that it gives."""
    live = event(*TIMED, "SEQUENCE:1")
    off = event("DTSTART:20260205T080000Z", "DTEND:20260205T090000Z", "SEQUENCE:2", "STATUS:CANCELLED")
    cancel = calendar(off, head=("METHOD:CANCEL",))
    files = (calendar(live), cancel) if other_file else (calendar(live) + cancel,)
    assert times(read(*files)) == []
    assert times(read(calendar(live))) == ["05 08:00-09:00"]


def busy(*periods: str, kind: str = "BUSY") -> str:
    rows = ["BEGIN:VFREEBUSY", f"FREEBUSY;FBTYPE={kind}:{','.join(periods)}", "END:VFREEBUSY"]
    return calendar(rows)


PERIODS = tuple(f"202605{day:02}T080000Z/PT1H" for day in range(5, 10))


@pytest.mark.parametrize(
    ("limits", "kept", "expected"),
    [
        (Limits(dates=5), 5, []),
        (Limits(dates=4), 4, ["bad-freebusy"]),
        (Limits(value_bytes=len(",".join(PERIODS)) + 1), 5, []),
        (Limits(value_bytes=len(",".join(PERIODS[:3]))), 3, ["bad-freebusy"]),
    ],
)
def test_busy_time_that_is_left_out_is_told(limits: Limits, kept: int, expected: list[str]) -> None:
    agenda = read(busy(*PERIODS), limits=limits)
    assert times(agenda) == [f"{day:02} 08:00-09:00" for day in range(5, 5 + kept)]
    assert codes(agenda) == expected
    assert all(problem.lost for problem in agenda.problems)


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("BUSY", "clash busy"), ("X-AWAY", "clash busy"), ("busy-unavailable", "clash out-of-office"),
        ("Busy-Tentative", "check tentative"), ("free", "ignore free"),
    ],
)  # fmt: skip
def test_kinds_of_busy_time(kind: str, level: str) -> None:
    assert levels(read(busy(PERIODS[0], kind=kind))) == [level]
