"""Titles as people write them, in many languages: certainly an interview, either, or none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from agendas import moment
from lastresort.interviews.evidence import find_owner, weigh
from lastresort.model import Busy, BusyReason, Event, Interval, Occurrence

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "cases/titles.tsv").read_text(encoding="utf-8").splitlines()
]
OWNER = find_owner(["dana@work.example"])


@pytest.mark.parametrize(("language", "wanted", "title"), ROWS)
def test_a_title_alone(language: str, wanted: str, title: str) -> None:
    start = moment("2026-05-05 10:00")
    interval = Interval(start, start + timedelta(hours=1))
    found = weigh(
        Occurrence(Event("work.ics", "1", summary=title), interval, Busy.CLASH, BusyReason.BUSY), OWNER
    )
    verdict = "certain" if found.certain else "possible" if found.possible else "no"
    assert verdict in {"certain": ["certain"], "either": ["certain", "possible"], "no": ["no"]}[wanted]
