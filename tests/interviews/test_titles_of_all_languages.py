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
FIT = {"certain": ["certain"], "either": ["certain", "possible"], "no": ["no"]}
OWNER = find_owner(["dana@work.example"])


@pytest.mark.parametrize("language", sorted({row[0] for row in ROWS}))
def test_titles_alone(language: str) -> None:
    expected = [(title, wanted) for spoken, wanted, title in ROWS if spoken == language]
    found = [(title, verdict(title)) for title, _ in expected]
    wrong = [
        (*one, wanted) for one, (_, wanted) in zip(found, expected, strict=True) if one[1] not in FIT[wanted]
    ]
    assert wrong == []


def verdict(title: str) -> str:
    start = moment("2026-05-05 10:00")
    interval = Interval(start, start + timedelta(hours=1))
    found = weigh(
        Occurrence(Event("work.ics", "1", summary=title), interval, Busy.CLASH, BusyReason.BUSY), OWNER
    )
    return "certain" if found.certain else "possible" if found.possible else "no"
