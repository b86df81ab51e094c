"""Earlier requests weigh on the decision: none is made anew while one is open, and a second is warned of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agendas import moment
from lastresort.advice.next_step import Past, Reply
from lastresort.interviews.detection import NOWHERE
from lastresort.planning.background import Background
from lastresort.planning.check import check, reconsider
from lastresort.planning.report import Because
from lastresort.query import Query, Reason

if TYPE_CHECKING:
    from lastresort.interviews.detection import Interview
    from lastresort.model import Agenda
    from lastresort.planning.report import Report

ONE = """
    Thu 2026-05-07 15:00-16:00 Interview: Data Engineer at Crumb (organiser ada@crumb.example)
    Thu 2026-05-07 15:30-17:00 Court hearing
"""
TWO = """
    Thu 2026-05-07 15:00-16:00 Interview: Data Engineer at Crumb (organiser ada@crumb.example; uid a)
    Thu 2026-05-07 15:00-16:00 Interview: Data Analyst at Pan (organiser eve@pan.example; uid b)
"""


def ask(agenda: Agenda, background: Background, **changes: Any) -> Report:
    query = Query(moment("2026-05-04 09:00"), "Europe/Berlin", **changes)
    return check(agenda, query, NOWHERE, background=background)


def knowing(**pasts: Past) -> Background:
    """Earlier requests by UID; any other interview has none."""

    def recall(interview: Interview) -> Past:
        return pasts.get(interview.occurrence.event.uid or "", Past())

    return Background(recall)


@pytest.mark.parametrize(
    ("past", "rules", "words"),
    [
        (Past(), {"R20", "R10"}, ""),
        (Past(1, Reply.SETTLED), {"R5", "R20"}, "you have asked to move it once already"),
        (Past(2, Reply.NONE), {"R5", "R20"}, "2 times already"),
        (Past(1, Reply.WAITING), {"R5", "R27"}, "do not ask anew"),
        (Past(1, Reply.OVERDUE), {"R5", "R27"}, "do not ask anew"),
        (Past(1, Reply.AGREED), {"R26", "R29"}, "they agreed to another time"),
    ],
)
def test_what_was_asked_before_changes_the_advice(
    agenda: Any, past: Past, rules: set[str], words: str
) -> None:
    (entry,) = ask(agenda(ONE), Background(lambda _: past)).interviews
    assert entry.verdict == "reschedule"
    assert rules <= set(entry.advice.rules)
    assert words in " ".join(because.text for because in entry.because)


DEAR = """
    Thu 2026-05-07 15:00-16:00 Interview: Data Engineer at Crumb (organiser ada@crumb.example)
    Thu 2026-05-07 15:00-15:25 Quarterly review (organiser boss@client.example; with a@client.example)
    Thu 2026-05-07 15:10-15:50 Contract review (organiser eve@other.example; with c@other.example)
    Thu 2026-05-07 15:30-16:00 Budget review (organiser joe@third.example; with e@third.example)
"""
DECLINED = Background(lambda _: Past(1, Reply.DECLINED))


def test_what_they_cannot_move_is_kept_whatever_that_costs(agenda: Any) -> None:
    (entry,) = ask(agenda(DEAR), Background(lambda _: Past())).interviews
    assert entry.verdict == "reschedule"
    report = ask(agenda(DEAR), DECLINED)
    (entry,) = report.interviews
    assert entry.verdict == "rearrange"
    assert entry.plan
    assert entry.plan.cost > entry.ask_cost / 2
    assert entry.because[0].rule == "R40"
    assert report.sum.points == pytest.approx(entry.plan.cost + entry.plan.soft_points)


def test_what_they_cannot_move_and_nothing_keeps_is_told_as_that(agenda: Any) -> None:
    report = ask(agenda(ONE), DECLINED)
    (entry,) = report.interviews
    assert entry.verdict == "reschedule"
    assert "they can offer no other time, and nothing keeps" in entry.because[-1].text
    assert report.sum.points == entry.ask_cost
    assert report.sum.bound == entry.ask_cost


def test_of_two_the_one_that_they_cannot_move_stays_and_of_two_such_one_is_told(agenda: Any) -> None:
    both = knowing(a=Past(1, Reply.DECLINED), b=Past(1, Reply.DECLINED))
    for pasts, leaving in ((knowing(b=Past(1, Reply.DECLINED)), ["a"]), (both, ["b"])):
        report = ask(agenda(TWO), pasts)
        found = [e.interview.occurrence.event.uid for e in report.interviews if e.verdict == "reschedule"]
        assert found == leaving


@pytest.mark.parametrize(
    ("pasts", "leaving"),
    [
        ({"a": Past(1, Reply.WAITING)}, "a"),
        ({"b": Past(1, Reply.OVERDUE)}, "b"),
        ({"a": Past(1, Reply.AGREED)}, "a"),
        ({"a": Past(1, Reply.SETTLED)}, "b"),
        ({"b": Past(1, Reply.NONE)}, "a"),
    ],
)
def test_of_two_the_one_under_way_leaves_and_the_one_moved_before_stays(
    agenda: Any, pasts: dict[str, Past], leaving: str
) -> None:
    report = ask(agenda(TWO), knowing(**pasts))
    found = [e.interview.occurrence.event.uid for e in report.interviews if e.verdict == "reschedule"]
    assert found == [leaving]


@pytest.mark.parametrize("kind", ["offer", "fit", "change"])
def test_a_withdrawal_offers_no_times(agenda: Any, kind: str) -> None:
    (entry,) = ask(agenda(ONE), Background(), reason=Reason(kind)).interviews
    assert (entry.verdict, entry.slots) == ("reschedule", ())
    assert entry.advice.decision == "withdraw"
    assert Because("R4", "a withdrawal offers no times") in entry.because


def test_asking_all_the_same_warns_of_a_second_request(agenda: Any) -> None:
    text = ONE.replace("15:30-17:00", "18:00-19:00")
    background = Background(lambda _: Past(1, Reply.SETTLED), signed=False)
    report = ask(agenda(text), background)
    entry = reconsider(report, report.interviews[0], (), background)
    assert {"R5", "R20"} <= set(entry.advice.rules)
    assert any("telephone number" in remark for remark in entry.advice.remarks)


FULL = """
    Mon 2026-05-04 15:00-16:00 Interview: Data Engineer at Crumb (organiser ada@crumb.example; uid a)
    Mon 2026-05-04 15:15-15:45 Focus time
    Mon 2026-05-04 08:00-15:00 Reserved (tentative; uid held-1)
    Mon 2026-05-04 16:00-19:00 Reserved (tentative; uid held-2)
    Tue 2026-05-05 08:00-19:00 Reserved (tentative; uid held-3)
"""


def test_nothing_lands_on_time_that_is_held(agenda: Any) -> None:
    everything: Agenda = agenda(FULL)
    holds = tuple(o for o in everything.occurrences if o.event.summary == "Reserved")
    times = [hold.interval for hold in holds]
    landed = {}
    for name, background in (("free", Background()), ("held", Background(holds=holds))):
        (entry,) = ask(everything, background, within=1).interviews
        plans = [plan for plan in (entry.plan, *entry.other_plans) if plan]
        news = [move.new for plan in plans for move in plan.moves if move.new]
        landed[name] = any(new.overlaps(time) for new in news for time in times)
    assert landed == {"free": True, "held": False}


def test_own_holds_take_no_time_and_are_what_is_offered(agenda: Any) -> None:
    everything: Agenda = agenda(ONE + "    Fri 2026-05-08 16:15-17:15 Reserved (tentative; uid held)\n")
    holds = tuple(o for o in everything.occurrences if o.event.summary == "Reserved")
    (entry,) = ask(everything, Background(holds=holds, holds_for=lambda _: holds)).interviews
    assert [slot.interval for slot in entry.slots] == [hold.interval for hold in holds]
    assert "R29" not in entry.advice.rules
    # once they have agreed, holds that still stand are offered no more
    agreed = Background(lambda _: Past(1, Reply.AGREED), holds=holds, holds_for=lambda _: holds)
    (entry,) = ask(everything, agreed).interviews
    assert len(entry.slots) == 3
