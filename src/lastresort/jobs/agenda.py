"""Every occurrence as the tool sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.errors import UsageError
from lastresort.jobs.session import NO_CALENDAR
from lastresort.model import Agenda, Interval
from lastresort.outputs.json import agenda_document
from lastresort.times.single import parse_time

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.ics.explain import Explanation
    from lastresort.jobs.run import Calendars, Run, Source

DAYS = timedelta(days=14)


class Window(NamedTuple):
    """From when to when, as people write it; its end is not part of it."""

    start: str | None = None
    """`None`: the present moment."""
    end: str | None = None
    """`None`: some days after the start."""


class Look(NamedTuple):
    """What the calendars hold in a window."""

    calendars: Calendars
    agenda: Agenda
    now: datetime

    @property
    def exit_code(self) -> int:
        """0, or 5 when not everything could be read."""
        return 5 if self.agenda.is_incomplete else 0

    @property
    def document(self) -> dict[str, Any]:
        """The answer as `agenda --json` has it, in my zone."""
        return agenda_document(self.agenda, utc=False)

    def explain(self, uid: str) -> Explanation:
        """Return why the events with this UID are read as they are. Raises UsageError without any."""
        return self.calendars.explain(uid, self.agenda)


def look(
    run: Run,
    sources: tuple[Source, ...],
    window: Window = Window(),  # noqa: B008 (immutable)
    length: timedelta = DAYS,
) -> Look:
    """Return every event in the window as the tool sees it; without an end it has the `length`.

    Raises SourceError when no source can be read.
    """
    if not sources:
        raise UsageError(NO_CALENDAR)
    now, zone = run.now, run.zone
    span = _span(window, length, now, zone)
    day = timedelta(days=1)  # the window may move by as much as zones differ
    calendars = run.open(sources, span.widened(day, day))
    read = calendars.read(span)
    if read.zone != zone:  # bare times mean the calendar's zone, which is known only now
        now = run.now_in(read.zone)
        again = _span(window, length, now, read.zone)
        read = calendars.read(again) if again != span else read
    return Look(calendars, read, now)


def _span(window: Window, length: timedelta, now: datetime, zone: str) -> Interval:
    start = parse_time(window.start, zone, now) if window.start else now
    end = parse_time(window.end, zone, now) if window.end else start + length
    if end <= start:
        raise UsageError("the window is empty: --to has to come after --from")
    return Interval(start, end)
