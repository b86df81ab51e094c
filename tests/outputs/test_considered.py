"""What `--explain` prints of every way that was considered, in rows that differ in more than the hour."""

import io
import re

from agendas import moment, read_agenda
from lastresort.interviews.detection import Places
from lastresort.outputs.considered import print_considered
from lastresort.outputs.terminal import open_screen
from lastresort.planning.check import check
from lastresort.planning.rearrange import explain
from lastresort.query import Query

CALENDAR = """
Wed 2026-05-06 14:00-15:00 Interview: Engineer at Acme (organiser dana@acme.example Dana Lee)
Wed 2026-05-06 15:00-16:00 Interview: Engineer at Globex (organiser kim@globex.example Kim Roe)
Wed 2026-05-06 14:30-15:30 Focus time
Wed 2026-05-06 13:00-16:00 Webinar: basics (organiser hr@home.example)
"""


def printed() -> tuple[str, int]:
    agenda = read_agenda(CALENDAR)
    report = check(agenda, Query(moment("2026-05-04 09:00"), agenda.zone, agenda.me), Places())
    stream = io.StringIO()
    print_considered(open_screen(stream, color=False), report)
    ways = {
        (way.occurrence.key, way.action, way.new)
        for entry in report.interviews
        if entry.rearrangement
        for way in explain(entry.rearrangement, entry.interview)
    }
    return " ".join(stream.getvalue().split()), len(ways)


def test_every_way_is_in_a_row() -> None:
    text, ways = printed()
    assert text.count("Considered for ") == 2
    assert text.index("Considered for Webinar") < text.index("Considered for Focus time")
    assert "more" not in text
    assert len(re.findall("; chosen(?! in)", text)) == 2
    rows = text.count(" = ")
    assert 20 < rows < ways / 4


def test_hours_of_one_day_at_one_price_are_one_row() -> None:
    text, _ = printed()
    row = (
        "Thu 7 May, beginning at 09:15–11:00 or 13:00–16:00: touched 5 + kind 1 + another day 4 = 10; dearer"
    )
    assert text.count(row) == 1


def test_what_would_lie_over_an_interview_is_told_so() -> None:
    text, _ = printed()
    assert "; it would lie over “Interview: Engineer at Globex”" in text
