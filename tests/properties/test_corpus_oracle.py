"""Calendars of the shared corpus: the times are those that recurring-ical-events finds.

Times alone are compared, of calendars in whose windows nothing is a matter of policy. The other reader may
find more: it knows no free time.
"""

from __future__ import annotations

import json
import warnings
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from lastresort.ics.reader import read_agenda
from lastresort.model import Busy, Document, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).parents[2] / "../shared/corpus"
PLAIN = 40_000
"""Bytes of a calendar; larger ones take the other reader long."""


def cases() -> Iterator[dict[str, Any]]:
    """Yield the windows on which the other reader agreed with its peers, each file once, small ones."""
    if not (CORPUS / "public.json").exists():
        return
    seen = set()
    for case in json.loads((CORPUS / "public.json").read_text("utf-8")):
        path = CORPUS / "public" / case["file"]
        wanted = "rie" in case["agree"] and not case["flags"] and case["busy"] and case["file"] not in seen
        if wanted and path.stat().st_size < PLAIN:
            seen.add(case["file"])
            yield case


CASES = list(cases())


@pytest.mark.skipif(not CASES, reason="the shared corpus of calendars is not beside the project")
@pytest.mark.parametrize("case", CASES, ids=lambda case: Path(case["file"]).name)
def test_both_readers_find_the_same_times(case: dict[str, Any]) -> None:
    path = CORPUS / "public" / case["file"]
    window = Interval(*(datetime.fromisoformat(end) for end in case["window"]))
    document = Document("a", "a", lambda: path.open("rb"))
    agenda = read_agenda([document], window, zone=case["tz"], system_zone="UTC")
    ours = {
        (one.interval.start, one.interval.end)
        for one in agenda.occurrences
        if one.busy is not Busy.IGNORE and one.interval.length
    }
    assert ours <= theirs(path.read_bytes(), window, ZoneInfo(case["tz"]))
    assert ours == {tuple(datetime.fromisoformat(end) for end in row[:2]) for row in case["busy"]}


def theirs(raw: bytes, window: Interval, zone: ZoneInfo) -> set[tuple[datetime, datetime]]:
    """Return the times of the other reader, dates and floating times in the zone."""
    found = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the other reader's own
        for calendar in icalendar.Calendar.from_ical(raw, multiple=True):
            between = recurring_ical_events.of(calendar).between(window.start, window.end)
            found |= {(instant(e["DTSTART"].dt, zone), instant(e["DTEND"].dt, zone)) for e in between}
    return found


def instant(value: date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
