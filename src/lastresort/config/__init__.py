"""Settings from options, environment and file, as frozen values that know where they came from."""

from __future__ import annotations

from lastresort.config.load import settle
from lastresort.config.paths import Paths, default_paths
from lastresort.config.settings import (
    AttendeeCalendar,
    CalendarEntry,
    InterviewerEntry,
    OriginKind,
    Settings,
)

__all__ = [
    "AttendeeCalendar",
    "CalendarEntry",
    "InterviewerEntry",
    "OriginKind",
    "Paths",
    "Settings",
    "default_paths",
    "settle",
]
