"""Times that nobody is likely to mean: they are asked about before they are written to somebody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from lastresort.model import Interval
    from lastresort.query import Hours, Query

_AROUND = timedelta(hours=2)
"""How far beyond their hours people still name times."""


def find_oddness(time: Interval, query: Query, their_zone: str) -> str | None:
    """Return why a start is to be questioned, as words that follow "it": outside both sides' hours, or far
    outside theirs. `None` for a likely one.
    """
    here = _distance(time.start, query.hours, query.zone)
    there = _distance(time.start, query.interviewer_hours, their_zone)
    if here > timedelta(0) and there > timedelta(0):
        return "starts outside your hours and theirs"
    if there > _AROUND:
        return f"starts at {time.start.astimezone(ZoneInfo(their_zone)):%H:%M} their time"
    return None


def _distance(start: datetime, hours: Hours, zone: str) -> timedelta:
    """How long before or after the day's hours an instant lies; zero inside."""
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    opens = datetime.combine(local.date(), hours.start)
    closes = datetime.combine(local.date(), hours.end) + timedelta(days=hours.end <= hours.start)
    return max(opens - local, local - closes, timedelta(0))
