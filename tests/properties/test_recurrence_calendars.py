"""Laws of series: on calendars that recurring-ical-events handles, both find the same instances."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from lastresort.ics.recurrence import EventLength, Extra, Override, Series, When, expand
from lastresort.ics.rrule import ExpansionBudget
from lastresort.model import Interval

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago")
RULES = (
    "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
    "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=YEARLY",
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;BYMONTH=3,4,10,11",
)  # fmt: skip
ENDS = ("", ";COUNT=1", ";COUNT=5", ";COUNT=40", ";UNTIL=20260401T120000Z", ";UNTIL=20261101T000000Z")
# Times by day, for over a change of offset the other reader adds hours to the wall clock where they are exact
# (RFC 5545 3.3.6); and begun before any UNTIL, for it drops a DTSTART that its rule does not reach.
STARTS = st.builds(
    lambda day, hour: datetime(2025, 6, 1, hour) + timedelta(days=day),
    st.integers(0, 290),
    st.integers(6, 20),
)
LENGTHS = st.integers(15, 3 * 60).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def timed_series(draw: st.DrawFn) -> tuple[Series, list[Override]]:
    """Return a series with extra and excluded dates and moved instances, all in one zone."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    first = draw(STARTS)
    length = EventLength(exact=draw(LENGTHS))
    near = st.integers(1, 80).map(lambda days: When(first + timedelta(days=days), zone))
    extras, excluded = (draw(st.lists(near, max_size=3, unique=True)) for _ in range(2))
    rules = tuple(
        draw(st.sets(st.builds(str.__add__, st.sampled_from(RULES), st.sampled_from(ENDS)), max_size=2))
    )
    series = Series(When(first, zone), length, rules, tuple(map(Extra, extras)), tuple(excluded))
    shifts = st.integers(-50, 50).map(lambda hours: timedelta(hours=hours))
    known = [when for when in (When(first, zone), *extras) if when not in excluded]
    named = draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []
    moved = [When((when.local + draw(shifts)).replace(hour=10), zone) for when in named]
    overrides = [Override(when, to, length) for when, to in zip(named, moved, strict=True)]
    return series, overrides


@given(timed_series(), st.integers(0, 500), st.integers(1, 60))
def test_both_readers_find_the_same_instances(
    drawn: tuple[Series, list[Override]], after: int, days: int
) -> None:
    series, overrides = drawn
    start = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(days=after)
    window = Interval(start, start + timedelta(days=days))
    ours = {(it.start, it.end) for it in expand(series, window, ExpansionBudget(), overrides).instances}
    assert ours == theirs(series, overrides, window)


def theirs(series: Series, overrides: list[Override], window: Interval) -> set[tuple[datetime, datetime]]:
    calendar = icalendar.Calendar.from_ical("\r\n".join(written(series, overrides)).encode())
    found = recurring_ical_events.of(calendar).between(window.start, window.end)
    return {tuple(event[name].dt.astimezone(UTC) for name in ("DTSTART", "DTEND")) for event in found}


def written(series: Series, overrides: list[Override]) -> list[str]:
    zone = str(series.start.zone)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *event(zone, series.start, series.length)]
    lines += [f"RRULE:{rule}" for rule in series.rrules]
    lines += [f"RDATE;TZID={zone}:{stamp(extra.when)}" for extra in series.rdates]
    lines += [f"EXDATE;TZID={zone}:{stamp(when)}" for when in series.exdates]
    for override in overrides:
        lines += ["END:VEVENT", *event(zone, override.start, override.length)]
        lines.append(f"RECURRENCE-ID;TZID={zone}:{stamp(override.id)}")
    return [*lines, "END:VEVENT", "END:VCALENDAR", ""]


def event(zone: str, start: When, length: EventLength) -> list[str]:
    minutes = length.exact // timedelta(minutes=1)
    times = [f"DTSTART;TZID={zone}:{stamp(start)}", f"DURATION:PT{minutes}M"]
    return ["BEGIN:VEVENT", "UID:series", "DTSTAMP:20250101T000000Z", *times]


def stamp(when: When) -> str:
    return f"{when.local:%Y%m%dT%H%M%S}"
