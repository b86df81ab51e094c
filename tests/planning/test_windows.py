"""Every free stretch is found under the conditions that hold for single times."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from agendas import find, moment, stretch
from lastresort.interviews.detection import NOWHERE
from lastresort.planning.background import Background
from lastresort.planning.check import check, reconsider
from lastresort.planning.offering import find_windows_for
from lastresort.query import Query, Reason

if TYPE_CHECKING:
    from lastresort.model import Agenda, Interval

TALK = "Wed 2026-05-06 14:00-15:00 Interview: Cook at Crumb (organiser ada@crumb.example; uid a)"
ORIGINAL = stretch("2026-05-06 14:00-15:00")


def windows(agenda: Agenda, background: Background | None = None, **settings: Any) -> list[Interval]:
    background = background or Background()
    query = Query(moment("2026-05-04 09:00"), "Europe/Berlin", within=3, **settings)
    report = check(agenda, query, NOWHERE, background=background)
    entry = reconsider(report, report.interviews[0], (), background)
    return [slot.interval for slot in find_windows_for(report, entry, (), background)]


@pytest.mark.parametrize("kind", ["travel", "visa", "family", "work"])
def test_a_reason_that_takes_the_day_leaves_no_window_on_it(agenda: Any, kind: str) -> None:
    day = stretch("2026-05-06 00:00-23:59")
    found = windows(agenda(TALK), reason=Reason(kind))
    assert found
    assert not any(window.overlaps(day) for window in found)
    assert any(window.overlaps(day) for window in windows(agenda(TALK)))


def test_the_ill_are_free_from_the_second_working_day_on(agenda: Any) -> None:
    talk = TALK.replace("Wed 2026-05-06", "Fri 2026-05-08")
    found = windows(agenda(talk), reason=Reason("illness"), notice=timedelta(0))
    assert found[0].start == moment("2026-05-06 09:00")


def test_the_ill_offer_nothing_rather_than_tomorrow(agenda: Any) -> None:
    taken = [f"{day} 08:00-19:00 Court hearing" for day in ("2026-05-07", "2026-05-08", "2026-05-11")]
    calendar = agenda("\n".join([TALK, *taken]))
    assert windows(calendar, reason=Reason("illness"), notice=timedelta(0)) == []
    assert windows(calendar, notice=timedelta(0)) != []


def test_what_went_wrong_is_mended_the_same_day(agenda: Any) -> None:
    talk = TALK.replace("Wed 2026-05-06", "Mon 2026-05-04")
    found = windows(agenda(talk), reason=Reason("technical"))
    assert found[0] == stretch("2026-05-04 09:30-14:00")
    assert found == sorted(found)
    assert not any(one.overlaps(other) for one, other in pairwise(found))


def test_rounds_stay_in_their_order(agenda: Any) -> None:
    first = TALK.replace("Crumb ", "Crumb, round 1 ")
    second = first.replace("Wed 2026-05-06", "Thu 2026-05-07").replace("round 1", "round 2")
    found = windows(agenda(f"{first}\n{second.replace('uid a', 'uid b')}"))
    assert found
    assert max(window.end for window in found) <= moment("2026-05-07 14:00")


def test_its_own_time_ends_a_window_and_the_room_around_it_does_not(agenda: Any) -> None:
    found = windows(agenda(TALK))
    assert any(window.end == ORIGINAL.start for window in found)
    assert any(window.start == ORIGINAL.end for window in found)


def test_times_held_for_it_are_free_and_times_asked_of_others_are_not(agenda: Any) -> None:
    calendar = agenda(f"{TALK}\nThu 2026-05-07 10:00-11:00 Hold (tentative)")
    hold = find(calendar, "Hold")
    thursday = stretch("2026-05-07 09:00-17:00")
    own = Background(holds=(hold,), holds_for=lambda _: (hold,))
    assert thursday in windows(calendar, own)
    assert thursday not in windows(calendar, Background(holds=(hold,)))
    wished = Background(wished=(stretch("2026-05-07 12:00-13:00"),))
    assert thursday not in windows(agenda(TALK), wished)
