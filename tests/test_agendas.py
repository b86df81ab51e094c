"""The notation of the tests themselves: a wrong line must not pass as an empty calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agendas import ME, find, moment, read_agenda, stretch
from lastresort.model import Busy, BusyReason, Interval


def test_lines_become_occurrences(agenda):
    """
    zone: America/New_York
    Tue 2026-05-05 10:00-11:00 Team sync (organiser boss@acme.example Bo; 4 attendees; series; travel 20)
    2026-05-06 all day Fair (out of office)
    # nothing here
    2026-05-04 23:30-00:30 Night train
    """
    read = agenda()
    assert [o.event.summary for o in read.occurrences] == ["Night train", "Team sync", "Fair"]
    sync, fair = find(read, "sync"), find(read, "fair")
    assert sync.interval == stretch("2026-05-05 10:00-11:00", "America/New_York")
    assert sync.recurrence_id == sync.interval.start
    assert sync.event.travel == timedelta(minutes=20)
    assert [p.address for p in sync.event.attendees][:2] == [ME, "boss@acme.example"]
    assert len(sync.event.attendees) == 4
    assert (fair.busy, fair.reason, fair.all_day) == (Busy.CLASH, BusyReason.OUT_OF_OFFICE, True)
    assert fair.interval.length == timedelta(days=1)
    assert find(read, "night").interval.length == timedelta(hours=1)


@pytest.mark.parametrize(
    "line", ["Mon 2026-05-05 10:00-11:00 Wrong day", "nonsense", "2026-05-05 10:00-11:00 X (odd)"]
)
def test_a_wrong_line_is_an_error(line):
    with pytest.raises(AssertionError):
        read_agenda(line)


def test_moments_are_utc():
    assert moment("2026-05-05 10:00").isoformat() == "2026-05-05T08:00:00+00:00"
    assert stretch("2026-05-05 9:00-10:00") == Interval(
        moment("2026-05-05 09:00"), moment("2026-05-05 10:00")
    )
