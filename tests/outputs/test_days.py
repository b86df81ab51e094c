"""The picture of the days: what is on it, where it stands, and that nothing makes it burst."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agendas import moment, read_agenda
from lastresort.interviews.detection import Places
from lastresort.model import Interval
from lastresort.outputs.days import BlockKind, Picture, draw_days
from lastresort.planning.check import check
from lastresort.query import Query

NOW = moment("2026-05-04 09:00")
INTERVIEW = (
    "Wed 2026-05-06 14:00-15:00 Interview: Engineer at Acme (organiser dana@acme.example Dana Lee{})\n"
)


def picture(calendar: str) -> Picture:
    agenda = read_agenda(calendar)
    report = check(agenda, Query(NOW, agenda.zone, agenda.me), Places())
    return draw_days(report.interviews[0], report)


def test_blocks_stand_where_the_clock_says() -> None:
    drawn = picture(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Court hearing")
    (row,) = (row for row in drawn.rows if row.day == "Wed 6 May")
    times = {block.title: (block.start, block.end) for block in row.blocks}
    assert times["Interview"] == (14 * 60, 15 * 60)
    assert times["Court hearing"] == (14 * 60 + 30, 15 * 60 + 30)


def test_moves_and_offers_are_told_apart() -> None:
    moved = picture(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Focus time")
    kinds = [(block.kind, block.title) for row in moved.rows for block in row.blocks]
    assert sorted(kinds) == [
        (BlockKind.CLASH, "Focus time"),
        (BlockKind.INTERVIEW, "Interview"),
        (BlockKind.NEW, "Focus time"),
    ]
    asked = picture(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Court hearing")
    assert sorted(block.number for row in asked.rows for block in row.blocks if block.number) == [1, 2, 3]


def test_what_matters_most_is_drawn_last() -> None:
    drawn = picture(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Court hearing")
    for row in drawn.rows:
        ranks = [list(BlockKind).index(block.kind) for block in row.blocks]
        assert ranks == sorted(ranks)


def test_a_crowd_is_bounded() -> None:
    crowd = "".join(f"Wed 2026-05-06 14:{n:02}-15:30 Court hearing {n}\n" for n in range(59))
    drawn = picture(INTERVIEW.format("") + crowd)
    assert (
        max(sum(block.kind is kind for block in row.blocks) for row in drawn.rows for kind in BlockKind) == 20
    )


def test_an_interview_over_midnight_is_on_both_days() -> None:
    agenda = read_agenda(INTERVIEW.format(""))
    night = Interval(moment("2026-05-06 23:30"), moment("2026-05-07 00:30"))
    late = agenda._replace(occurrences=tuple(one._replace(interval=night) for one in agenda.occurrences))
    report = check(late, Query(NOW, agenda.zone, agenda.me), Places())
    drawn = draw_days(report.interviews[0], report)
    assert [row.day for row in drawn.rows] == ["Wed 6 May", "Thu 7 May"]
    assert [[(block.start, block.end) for block in row.blocks] for row in drawn.rows] == [
        [(23 * 60 + 30, 24 * 60)],
        [(0, 30)],
    ]
    assert (drawn.first, drawn.last) == (0, 24)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(days=400), timedelta(days=365 * 7000)])
def test_odd_lengths_do_no_harm(length: timedelta) -> None:
    agenda = read_agenda(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Focus time")
    odd = tuple(
        one._replace(interval=Interval(one.interval.start, one.interval.start + length))
        for one in agenda.occurrences
    )
    report = check(agenda._replace(occurrences=odd), Query(NOW, agenda.zone, agenda.me), Places())
    for entry in report.interviews:
        for row in draw_days(entry, report).rows:
            assert all(0 <= block.start < block.end <= 24 * 60 for block in row.blocks)


@pytest.mark.parametrize(("day", "weekday"), [("2026-03-29", "Sun"), ("2026-10-25", "Sun")])
def test_days_whose_clocks_change_are_drawn(day: str, weekday: str) -> None:
    now = moment(f"{day} 00:30")
    agenda = read_agenda(
        f"{weekday} {day} 01:30-04:30 Interview: Engineer at Acme (organiser dana@acme.example)\n"
        f"{weekday} {day} 02:30-02:45 Focus time"
    )
    report = check(agenda, Query(now, agenda.zone, agenda.me), Places())
    (entry,) = report.interviews
    assert all(block.start < block.end for row in draw_days(entry, report).rows for block in row.blocks)
