from __future__ import annotations

from datetime import time, timedelta

import pytest

from lastresort.errors import UsageError
from lastresort.query import Hours
from lastresort.times.durations import parse_duration
from lastresort.times.hours import parse_hours


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90m", 90),
        ("1h30m", 90),
        ("1h 30m", 90),
        ("1h30", 90),
        ("PT90M", 90),
        ("pt1h30m", 90),
        ("P1D", 1440),
        ("P1W", 10080),
        ("PT5400S", 90),
        ("2 hours", 120),
        ("1 hour and 30 minutes", 90),
        ("1 hour, 5 min", 65),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("2w", 20160),
        ("+15m", 15),
        ("0", 0),
    ],
)
def test_durations(text: str, minutes: int) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "45",
        "1:30",
        "h",
        "m5",
        "P",
        "PT",
        "P1DT",
        "1h1h",
        "1m30h",
        "ten minutes",
        "1e9h",
        "9" * 20 + "h",
        "-5m",
    ],
)
def test_no_durations(text: str) -> None:
    with pytest.raises(UsageError, match="45m"):
        parse_duration(text)


def test_signed_durations() -> None:
    assert parse_duration("-1h30m", signed=True) == -timedelta(minutes=90)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("08:00-19:00", Hours(time(8), time(19))),
        ("9-17", Hours(time(9), time(17))),
        ("9am-5pm", Hours(time(9), time(17))),
        ("9:00 – 17:30", Hours(time(9), time(17, 30))),
        ("18:00-24:00", Hours(time(18), time(0))),
        ("0-24", Hours(time(0), time(0))),
        ("mon-fri 09:00-17:00", Hours(time(9), time(17), frozenset(range(5)))),
        ("Monday to Friday 9-17", Hours(time(9), time(17), frozenset(range(5)))),
        ("09:00-17:00 sun-thu", Hours(time(9), time(17), frozenset({6, 0, 1, 2, 3}))),
        ("mon, wed and fri 10-12", Hours(time(10), time(12), frozenset({0, 2, 4}))),
    ],
)
def test_hours(text: str, hours: Hours) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("22:00-06:00", "leaves no time"),
        ("9-9", "leaves no time"),
        ("9-5", "leaves no time"),
        ("25-26", "leaves no time"),
        ("", "names no hours"),
        ("morning", "names no hours"),
        ("weekdays 9-17", "names a day"),
        ("mon-wed-fri 9-17", "names a day"),
    ],
)
def test_no_hours(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_hours(text)
