"""The picture of the days: what is on it, where it stands, and that nothing makes it burst."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agendas import moment, read_agenda
from lastresort.interviews.detection import Places
from lastresort.model import Interval
from lastresort.outputs.week import ABREAST, CROWD, HEAD, HOUR, LEAST, Picture, draw_weeks
from lastresort.planning.check import check
from lastresort.query import Query

NOW = moment("2026-05-04 09:00")
INTERVIEW = (
    "Wed 2026-05-06 14:00-15:00 Interview: Engineer at Acme (organiser dana@acme.example Dana Lee{})\n"
)


def pictures(calendar: str) -> tuple[Picture, ...]:
    agenda = read_agenda(calendar)
    report = check(agenda, Query(NOW, agenda.zone, agenda.me), Places())
    return draw_weeks(report.interviews[0], report)


def test_boxes_stand_where_the_clock_says() -> None:
    (picture,) = pictures(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Court hearing")[:1]
    first = int(picture.lines[0].mine.split(":")[0])
    tops = {box.label: (box.top, box.height) for box in picture.boxes}
    assert tops["Interview"] == (HEAD + (14 - first) * HOUR, HOUR)
    assert tops["Court hearing"] == (HEAD + (14 - first) * HOUR + HOUR // 2, HOUR)


def test_moves_and_slots_are_named() -> None:
    (moved,) = pictures(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Focus time")
    assert {(box.kind, box.label) for box in moved.boxes} == {
        ("interview", "Interview"),
        ("clash", "Focus time"),
        ("new", "→ Focus time"),
    }
    asked = pictures(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Court hearing")
    offered = [box.label for picture in asked for box in picture.boxes if box.kind == "slot"]
    assert sorted(offered) == ["Slot 1", "Slot 2", "Slot 3"]
    assert all(len(picture.columns) <= ABREAST for picture in asked)


def test_what_overlaps_stands_side_by_side() -> None:
    crowd = "".join(f"Wed 2026-05-06 14:{n:02}-15:30 Court hearing {n}\n" for n in range(0, 59, 2))
    boxes = [box for picture in pictures(INTERVIEW.format("") + crowd) for box in picture.boxes]
    assert len(boxes) <= CROWD * 3
    for one in boxes:
        assert 0 <= one.left <= one.left + one.width <= 100
        assert one.height >= LEAST - 1
        for other in boxes:
            apart = one.left + one.width <= other.left or other.left + other.width <= one.left
            below = one.top + one.height <= other.top or other.top + other.height <= one.top
            assert one is other or apart or below


@pytest.mark.parametrize(
    ("zone", "shown"), [("America/New_York", "08:00"), ("Asia/Kolkata", "17:30"), ("Europe/Berlin", "")]
)
def test_both_clocks_stand_beside_the_hours(zone: str, shown: str) -> None:
    calendar = INTERVIEW.format(f"; zone {zone}") + "Wed 2026-05-06 14:30-15:30 Court hearing"
    lines = {line.mine: line.theirs for line in pictures(calendar)[0].lines}
    assert lines["14:00"] == shown


def test_an_interview_over_midnight_is_on_both_days() -> None:
    agenda = read_agenda(INTERVIEW.format(""))
    night = Interval(moment("2026-05-06 23:30"), moment("2026-05-07 00:30"))
    late = agenda._replace(occurrences=tuple(one._replace(interval=night) for one in agenda.occurrences))
    report = check(late, Query(NOW, agenda.zone, agenda.me), Places())
    (picture,) = draw_weeks(report.interviews[0], report)
    assert [column.date for column in picture.columns] == ["6 May", "7 May"]
    assert [box.label for box in picture.boxes] == ["Interview", "Interview"]


@pytest.mark.parametrize("length", [timedelta(0), timedelta(days=400), timedelta(days=365 * 7000)])
def test_odd_lengths_do_no_harm(length: timedelta) -> None:
    agenda = read_agenda(INTERVIEW.format("") + "Wed 2026-05-06 14:30-15:30 Focus time")
    odd = tuple(
        one._replace(interval=Interval(one.interval.start, one.interval.start + length))
        for one in agenda.occurrences
    )
    report = check(agenda._replace(occurrences=odd), Query(NOW, agenda.zone, agenda.me), Places())
    for entry in report.interviews:
        assert draw_weeks(entry, report)


@pytest.mark.parametrize(("day", "weekday"), [("2026-03-29", "Sun"), ("2026-10-25", "Sun")])
def test_days_whose_clocks_change_are_drawn(day: str, weekday: str) -> None:
    now = moment(f"{day} 00:30")
    agenda = read_agenda(
        f"{weekday} {day} 01:30-04:30 Interview: Engineer at Acme (organiser dana@acme.example)\n"
        f"{weekday} {day} 02:30-02:45 Focus time"
    )
    report = check(agenda, Query(now, agenda.zone, agenda.me), Places())
    (entry,) = report.interviews
    assert all(box.height > 0 for picture in draw_weeks(entry, report) for box in picture.boxes)
