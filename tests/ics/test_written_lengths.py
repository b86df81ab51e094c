"""How a moved event is written: its length in the form it had, its lines folded between characters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lastresort.errors import RefusedError
from lastresort.ics.editor import Context, Reschedule, edit
from lastresort.ics.find_occurrence import look_up
from lastresort.ics.rewrite import folded
from lastresort.model import Interval

HERE = Context("Europe/Berlin", datetime(2026, 5, 1, 7, tzinfo=UTC), "work.ics")


def calendar(*rows: str) -> bytes:
    body = "\r\n".join(("BEGIN:VEVENT", "UID:a", *rows, "END:VEVENT"))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}\r\nEND:VCALENDAR\r\n".encode()


def moved(data: bytes, start: datetime, length: timedelta) -> list[str]:
    found = look_up(data, "a", HERE)
    assert found
    new = Interval(start, start + length)
    after = edit(data, [Reschedule("a", None, found.interval, new)], HERE)
    return [row for row in after.decode().split("\r\n") if row.startswith(("DTSTART", "DTEND", "DURATION"))]


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(2700, "PT45M"), (7200, "PT2H"), (5400, "PT1H30M"), (90, "PT90S"), (3660, "PT1H1M"), (60, "PT1M")],
)
def test_a_duration_stays_one(seconds: int, written: str) -> None:
    data = calendar("DTSTART:20260505T080000Z", "DURATION:PT10M")
    rows = moved(data, datetime(2026, 5, 6, 9, tzinfo=UTC), timedelta(seconds=seconds))
    assert rows == ["DTSTART:20260506T090000Z", f"DURATION:{written}"]


def test_days_stay_days() -> None:
    data = calendar("DTSTART;VALUE=DATE:20260505", "DURATION:P2D")
    start = datetime(2026, 5, 11, 22, tzinfo=UTC)
    assert moved(data, start, timedelta(days=3)) == ["DTSTART;VALUE=DATE:20260512", "DURATION:P3D"]
    assert moved(data, start, timedelta(days=2)) == ["DTSTART;VALUE=DATE:20260512", "DURATION:P2D"]


def test_a_day_on_the_clock_is_no_day_of_24_hours() -> None:
    data = calendar("DTSTART;TZID=Europe/Berlin:20260404T120000", "DURATION:P1D")
    short = moved(data, datetime(2026, 3, 28, 11, tzinfo=UTC), timedelta(hours=23))
    assert short == ["DTSTART;TZID=Europe/Berlin:20260328T120000", "DURATION:P1D"]
    exact = moved(data, datetime(2026, 3, 28, 11, tzinfo=UTC), timedelta(hours=24))
    assert exact == ["DTSTART;TZID=Europe/Berlin:20260328T120000", "DURATION:PT24H"]


def test_a_start_and_an_end_of_two_kinds_are_left_alone() -> None:
    data = calendar("DTSTART:20260505T080000Z", "DTEND;VALUE=DATE:20260506")
    with pytest.raises(RefusedError, match="not of one kind"):
        moved(data, datetime(2026, 5, 6, 8, tzinfo=UTC), timedelta(hours=14))


@pytest.mark.parametrize("letter", ["x", "é", "€", "😀"])
@pytest.mark.parametrize("before", range(4))
def test_lines_are_cut_between_characters(letter: str, before: int) -> None:
    text = f"SUMMARY:{'-' * before}{letter * 120}".encode()
    rows = folded(text, b"\r\n").split(b"\r\n")
    assert rows.pop() == b""
    assert max(map(len, rows)) <= 75
    assert min(map(len, rows[:-1])) > 71
    assert all(row.decode().startswith(" ") for row in rows[1:])
    assert b"".join((rows[0], *(row[1:] for row in rows[1:]))) == text


def test_a_line_of_continuation_octets_alone_comes_to_an_end() -> None:
    assert folded(b"\x80" * 80, b"\n").replace(b"\n ", b"").strip() == b"\x80" * 80
