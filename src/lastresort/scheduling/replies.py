"""Where a request to move an interview stands, and when it may be followed up (R5, R27)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.scheduling.workdays import nth_workday, to_utc

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.model import Interval
    from lastresort.scheduling.rules import Reply


class Asked(NamedTuple):
    """What is remembered of a request to move an interview."""

    at: datetime
    nudged: datetime | None = None
    agreed: Interval | None = None
    settled: datetime | None = None


def reply_state(asked: Asked | None, now: datetime, zone: str, country: str | None = None) -> Reply:
    """Return where a request stands; overdue is one left unanswered for a working day of theirs (R27)."""
    if asked is None:
        return "none"
    if asked.settled is not None:
        return "settled"
    if asked.agreed is not None:
        return "agreed"
    return "overdue" if now >= nudge_due(asked, zone, country) else "waiting"


def nudge_due(asked: Asked, zone: str, country: str | None = None) -> datetime:
    """Return when to ask after an unanswered request or its last nudge: one working day later, same hour."""
    last = (asked.nudged or asked.at).astimezone(ZoneInfo(zone))
    return to_utc(nth_workday(last.date(), 1, (country,)), last.time().replace(fold=0), zone)
