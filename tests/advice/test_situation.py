"""Every rule fires where it should, changes what it says, and would be missed: `fixtures/advice.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import letters
from lastresort.advice.advise import advise
from lastresort.advice.effects import EFFECTS, band
from lastresort.advice.next_step import NextKind, Past, Reply, find_next
from lastresort.advice.reasons import REASONS
from lastresort.advice.rules import all_rules, find_rule
from lastresort.advice.situation import Decision, Situation, situate
from lastresort.interviews.booking import Booking
from lastresort.interviews.contacts import comes_from_agency
from lastresort.interviews.detection import Mode
from lastresort.messages.compose import compose
from lastresort.model import Person
from lastresort.query import Query, Reason

FIXTURE = Path(__file__).parents[2] / "fixtures" / "advice.toml"
if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS: list[dict[str, Any]] = tomllib.loads(FIXTURE.read_text("utf-8"))["row"]


def situation_of(row: dict[str, Any]) -> Situation:
    return letters.situation(row["when"])


def draft_of(row: dict[str, Any]) -> str:
    message = compose(row["draft"], letters.letter_in(situation_of(row)), "en")
    return f"{message.subject}\n\n{message.body}"


def complaints(row: dict[str, Any], effects: Mapping[str, Any] = EFFECTS) -> list[str]:
    """What of the row does not hold under the rules."""
    advice = advise(situation_of(row), effects)
    steps = [step.text for step in advice.steps]
    checks = {
        "fires": (row["rule"] in advice.rules) == row.get("fires", True),
        "channel": advice.channel == row.get("channel", advice.channel),
        "decision": advice.decision == row.get("decision", advice.decision),
        "step": "step" not in row or any(row["step"] in step for step in steps),
        "remark": "remark" not in row or any(row["remark"] in remark for remark in advice.remarks),
        "no_step": "no_step" not in row or not any(row["no_step"] in step for step in steps),
        "no_remark": "no_remark" not in row
        or not any(row["no_remark"] in remark for remark in advice.remarks),
        "next": "next" not in row or (advice.next is not None and advice.next.kind == row["next"]),
    }
    return [name for name, holds in checks.items() if not holds]


@pytest.mark.parametrize("row", ROWS, ids=[f"{n}-{row['rule']}" for n, row in enumerate(ROWS)])
def test_the_advice_is_what_the_row_says(row: dict[str, Any]) -> None:
    assert complaints(row) == []


DRAFTS = [row for row in ROWS if "draft" in row]


@pytest.mark.parametrize("row", DRAFTS, ids=[f"{row['rule']}-{row['draft']}" for row in DRAFTS])
def test_the_draft_holds_what_the_row_says(row: dict[str, Any]) -> None:
    draft = draft_of(row)
    assert [text for text in row.get("has", []) if text not in draft] == []
    assert [text for text in row.get("lacks", []) if text in draft] == []
    assert [text for text in row.get("once", []) if draft.count(text) != 1] == []


@pytest.mark.parametrize("name", EFFECTS)
def test_a_rule_that_is_taken_away_is_missed(name: str) -> None:
    without = {other: effect for other, effect in EFFECTS.items() if other != name}
    rows = [row for row in ROWS if row["rule"] == name and row.get("fires", True)]
    assert any(complaints(row, without) for row in rows)


MESSAGE_RULES = {f"R{n}" for n in (4, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27)}


def test_rules_on_messages_are_seen_in_messages() -> None:
    assert {row["rule"] for row in DRAFTS} >= MESSAGE_RULES


def test_the_rules_are_numbered_from_1_to_40_and_complete() -> None:
    rules = all_rules()
    assert [rule.number for rule in rules] == list(range(1, 41))
    assert {rule.name for rule in rules} == set(EFFECTS)
    assert all(len(text) > 10 for rule in rules for text in (rule.text, rule.why, rule.when, rule.changes))
    assert all(set(rule.sources.split(", ")) <= set("ABCDE") for rule in rules)


def test_steps_come_in_the_order_of_doing_them() -> None:
    situation = Situation("reschedule", 300, "illness", phone="+49 30 5550 1", slots=3)
    steps = [step.text for step in advise(situation).steps]
    assert [step.split()[0] for step in steps] == ["Decide", "Call", "Nobody", "They", "Hold", "Note", "Then"]


def test_a_clear_interview_needs_no_advice() -> None:
    advice = advise(Situation("clear", 3000))
    assert (advice.rules, advice.steps, advice.remarks, advice.channel) == ((), (), (), "email")


@pytest.mark.parametrize("kind", REASONS)
def test_every_reason_of_the_contract_is_judged(kind: str) -> None:
    situation = Situation("reschedule", 3000, kind)
    leaving = kind in ("offer", "fit", "change", "safety")
    assert situation.decision is (Decision.WITHDRAW if leaving else Decision.RESCHEDULE)
    assert bool(situation.ground.argument) == (kind in ("unprepared", "leisure", "fit"))
    assert situation.ground.judged
    assert situation.ground.answer.endswith(".")


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(-5, "under 24 h"), (1439, "under 24 h"), (1440, "24–48 h"), (2880, "24–48 h"), (2881, "over 48 h")],
)
def test_bands_of_notice(minutes: int, expected: str) -> None:
    assert band(minutes) == expected


@pytest.mark.parametrize(("name", "number"), [("R7", 7), ("r7", 7), ("7", 7), (" R30 ", 30)])
def test_rules_are_found_by_name(name: str, number: int) -> None:
    rule = find_rule(name)
    assert rule is not None
    assert rule.number == number


@pytest.mark.parametrize("name", ["R41", "R0", "R07", "", "R", "seven"])
def test_other_names_are_no_rules(name: str) -> None:
    assert find_rule(name) is None


def test_a_situation_is_read_from_the_interview(agenda: Any) -> None:
    """Tue 2026-05-05 10:00-11:00 Interview with Acme (organiser dana@hays.example Dana Lee)"""
    from agendas import as_interview, moment

    interview = as_interview(agenda(), "Interview", mode=Mode.ONSITE)
    interview = interview._replace(
        booking=Booking("https://user@Calendly.com:443/acme/45min?x=1"),
        agency=Person("dana@hays.example", "Dana Lee"),
    )
    query = Query(moment("2026-05-04 09:00"), "Europe/Berlin", reason=Reason("travel", "the line is closed"))
    situation = situate(interview, query)
    assert situation == Situation(
        "clear",
        25 * 60,
        "travel",
        own_words=True,
        mode=Mode.ONSITE,
        recruiter=True,
        link="https://user@Calendly.com:443/acme/45min?x=1",
        minutes=60,
        clashes=False,
    )


@pytest.mark.parametrize(
    ("address", "agency", "expected"),
    [
        ("dana@acme.example", None, False),
        ("talent@acme.example", None, False),
        ("d.lee@michaelpage.example", None, True),
        ("dana@acme.example", Person(None, "Personalberatung Meier"), True),
        (None, None, False),
    ],
)
def test_a_recruiter_is_an_agency_and_not_the_firms_own(
    agenda: Any, address: str | None, agency: Person | None, expected: bool
) -> None:
    """Tue 2026-05-05 10:00-11:00 Interview"""
    from agendas import as_interview

    interview = as_interview(agenda(), "Interview")
    interview = interview._replace(agency=agency, interviewer=interview.interviewer._replace(address=address))
    assert comes_from_agency(interview) is expected


@pytest.mark.parametrize("reply", Reply)
def test_each_state_of_a_request_has_one_next_step_or_none(reply: Reply) -> None:
    step = find_next(Past(1, reply), clashes=True)
    assert (step is None) == (reply in (Reply.NONE, Reply.CLOSED))


@pytest.mark.parametrize("reply", [Reply.WAITING, Reply.OVERDUE, Reply.NUDGED, Reply.SILENT, Reply.CALLED])
def test_without_a_clash_the_next_step_is_to_say_that_the_old_time_can_stay(reply: Reply) -> None:
    step = find_next(Past(1, reply), clashes=False)
    assert step is not None
    assert step.kind is NextKind.KEEP
    assert step.is_due
