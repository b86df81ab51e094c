"""Settings from options, environment and file, as frozen values that know where they came from."""

from __future__ import annotations

from lastresort.config.load import settle
from lastresort.config.paths import Paths, default_paths
from lastresort.config.settings import (
    DEFAULT,
    AttendeeCalendar,
    CalendarEntry,
    InterviewerEntry,
    Settings,
    Signature,
)

__all__ = [
    "DEFAULT",
    "AttendeeCalendar",
    "CalendarEntry",
    "InterviewerEntry",
    "Paths",
    "Settings",
    "Signature",
    "default_paths",
    "settle",
]
