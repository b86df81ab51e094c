"""The effective settings for `lastresort config`: each with where it came from, none with a secret."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.config.settings import DEFAULT
from lastresort.config.table import LIMITS, SETTINGS, written
from lastresort.costs import DEFAULT_COSTS
from lastresort.model import Limits
from lastresort.query import Hours
from lastresort.sources import label
from lastresort.times.hours import tell_hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.config.settings import CalendarEntry, Origin, Settings


class Shown(NamedTuple):
    """One setting: its key, its value in the words of the file, and where it came from."""

    key: str
    value: str
    origin: Origin


def show_settings(settings: Settings) -> tuple[Shown, ...]:
    """Return every effective setting. Of addresses the host alone, of passwords only how they are found."""
    return tuple(_shown(settings))


def _shown(settings: Settings) -> Iterator[Shown]:
    for field, setting in SETTINGS.items():
        value = getattr(settings, field)
        text = f"({setting.default})" if value in (None, ()) else words(value, field)
        yield Shown(written(field), text, settings.origin(field))
    for calendar in settings.calendars:
        yield Shown("calendars", _calendar(calendar), settings.origin("calendars"))
    for rule in settings.rules:
        yield Shown("rules", _pairs(rule._asdict()), settings.origin("rules"))
    for interviewer in settings.interviewers:
        yield Shown("interviewers", _pairs(interviewer._asdict()), settings.origin("interviewers"))
    for field, value in settings.signature._asdict().items():
        yield Shown(f"signature.{field}", value or "(none)", settings.origin("signature"))
    for field in LIMITS:
        value = getattr(settings.limits, field)
        changed = value != Limits._field_defaults[field]
        origin = settings.origin("limits") if changed else DEFAULT
        yield Shown(f"limits.{written(field)}", words(value, field), origin)
    for field, value in settings.costs._asdict().items():
        changed = value != getattr(DEFAULT_COSTS, field)
        origin = settings.origin("costs") if changed else DEFAULT
        yield Shown(f"costs.{written(field)}", words(value, field), origin)


def _calendar(entry: CalendarEntry) -> str:
    values = entry._asdict()
    values["source"] = label(entry.source)
    if entry.password_command:
        values["password_command"] = entry.password_command[0]
    return _pairs(values)


def _pairs(values: dict[str, Any]) -> str:
    """Return what an entry sets, in the words of the file; what it leaves open is left out."""
    given = {
        field: value for field, value in values.items() if value not in (None, "", (), False) or value is True
    }
    return ", ".join(f"{written(field)} {words(value, field)}" for field, value in given.items())


def words(value: Any, field: str) -> str:
    """Return the value of a field in the words of the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Hours):
        return tell_hours(value)
    if isinstance(value, timedelta):
        return _duration(value)
    if field in {"max_size", "value_bytes"}:
        return f"{value >> 20}M" if value % (1 << 20) == 0 else str(value)
    if field in {"preferred", "lunch"}:
        return f"{value[0]:%H:%M}-{value[1]:%H:%M}"
    if field == "attendee_calendar":
        return ", ".join(f"{theirs.address} {label(theirs.source)}" for theirs in value)
    if field == "shifts":
        return ", ".join(f"up to {hours:g} h {points:g}" for hours, points in value)
    if hasattr(value, "items"):
        return ", ".join(f"{key} {points:g}" for key, points in value.items())
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _duration(length: timedelta) -> str:
    minutes = int(length / timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes}m" if hours and minutes else f"{hours}h" if hours else f"{minutes}m"
