"""A series that clashes a hundred times hides no other clash on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline import _private_home, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

__all__ = ["_private_home", "run"]

NOW = ("--now", "2026-03-02T08:00Z", "--tz", "UTC")


def test_one_of_each_event_is_shown_before_the_second_of_any(run: Callable[..., Ran], tmp_path: Path) -> None:
    rows = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:i", "SUMMARY:Interview: Cook at Inn",
            "DTSTART:20260304T100000Z", "DTEND:20260304T110000Z", "END:VEVENT",
            "BEGIN:VEVENT", "UID:s", "SUMMARY:Season", "DTSTART:20260101T000000Z", "DURATION:P90D",
            "RRULE:FREQ=DAILY", "END:VEVENT",
            "BEGIN:VEVENT", "UID:d", "SUMMARY:Dentist", "DTSTART:20260304T103000Z", "DURATION:PT30M",
            "END:VEVENT", "END:VCALENDAR")  # fmt: skip
    (tmp_path / "a.ics").write_text("\n".join(rows))
    ran = run("check", tmp_path / "a.ics", *NOW)
    clashes = ran.out[ran.out.index("In its way") : ran.out.index("more (--json")]
    assert clashes.count("Season") == 11
    assert clashes.count("Dentist") == 1
