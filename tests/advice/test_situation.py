"""Every rule fires where it should, changes what it says, and would be missed: `fixtures/advice.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import letters
from lastresort.advice.reasons import REASONS
from lastresort.advice.rules import FIRES, Rule, advise, band, decide, find_rule, read_rules
from lastresort.advice.situation import Situation, is_recruiter, situate
from lastresort.interviews.detection import Booking, Mode
from lastresort.messages import compose
from lastresort.model import Person
from lastresort.query import Query, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES = tuple(read_rules().values())
FIXTURE = Path(__file__).parents[2] / "fixtures" / "advice.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(FIXTURE.read_text("utf-8"))["row"]


def situation_of(row: dict[str, Any]) -> Situation:
    usual = Situation("reschedule", 72 * 60, slots=3)
    facts = dict(row["when"])
    if "mode" in facts:
        facts["mode"] = Mode(facts["mode"])
    return usual._replace(**facts)


def draft_of(row: dict[str, Any]) -> str:
    message = compose(row["draft"], letters.letter_in(situation_of(row)), "en")
    return f"{message.subject}\n\n{message.body}"


def complaints(row: dict[str, Any], fires: Mapping[int, Any] = FIRES) -> list[str]:
    """What of the row does not hold under the rules."""
    advice = advise(situation_of(row), fires)
    checks = {
        "fires": (row["rule"] in advice.rules) == row.get("fires", True),
        "channel": advice.channel == row.get("channel", advice.channel),
        "decision": advice.decision == row.get("decision", advice.decision),
        "step": "step" not in row or any(row["step"] in step for step in advice.steps),
        "remark": "remark" not in row or any(row["remark"] in remark for remark in advice.remarks),
        "no_step": "no_step" not in row or not any(row["no_step"] in step for step in advice.steps),
        "no_remark": "no_remark" not in row
        or not any(row["no_remark"] in remark for remark in advice.remarks),
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


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_a_rule_that_is_taken_away_is_missed(rule: Rule) -> None:
    without = {number: fire for number, fire in FIRES.items() if number != rule.number}
    rows = [row for row in ROWS if row["rule"] == rule.name and row.get("fires", True)]
    assert any(complaints(row, without) for row in rows)


MESSAGE_RULES = {f"R{n}" for n in (4, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27)}


def test_rules_on_messages_are_seen_in_messages() -> None:
    assert {row["rule"] for row in DRAFTS} >= MESSAGE_RULES


def test_the_rules_are_numbered_from_1_to_30_and_complete() -> None:
    assert [rule.number for rule in RULES] == list(FIRES) == list(range(1, 31))
    assert all(len(text) > 10 for rule in RULES for text in (rule.text, rule.why, rule.when, rule.changes))
    assert all(set(rule.sources.split(", ")) <= set("ABCDE") for rule in RULES)


def test_steps_come_in_the_order_of_doing_them() -> None:
    steps = advise(Situation("reschedule", 300, "illness", phone_known=True, slots=3)).steps
    assert [step.split()[0] for step in steps] == [
        "Ask", "Get", "Say", "Call", "Nobody", "They", "Nobody", "Look", "Hold", "They", "No",
    ]  # fmt: skip


def test_a_clear_interview_needs_no_advice() -> None:
    advice = advise(Situation("clear", 3000))
    assert (advice.rules, advice.steps, advice.remarks, advice.channel) == ((), (), (), "email")


@pytest.mark.parametrize("kind", REASONS)
def test_every_reason_of_the_contract_is_judged(kind: str) -> None:
    decided = decide(Situation("reschedule", 3000, kind))
    assert decided.decision == ("withdraw" if kind in ("offer", "fit", "change") else "reschedule")
    assert (decided.argument is not None) == (kind in ("unprepared", "leisure"))
    assert decided.argument is None or decided.argument.count(".") == 1


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


@pytest.mark.parametrize("name", ["R31", "R0", "R07", "", "R", "seven"])
def test_other_names_are_no_rules(name: str) -> None:
    assert find_rule(name) is None


def test_a_situation_is_read_from_the_interview(agenda: Any) -> None:
    """Tue 2026-05-05 10:00-11:00 Interview with Acme (organiser dana@hays.example Dana Lee)"""
    from agendas import as_interview, moment

    interview = as_interview(agenda(), "Interview", mode=Mode.ONSITE)
    interview = interview._replace(booking=Booking("https://user@Calendly.com:443/acme/45min?x=1"))
    query = Query(moment("2026-05-04 09:00"), "Europe/Berlin", reason=Reason("travel", "the line is closed"))
    situation = situate(interview, "reschedule", query)
    assert situation == Situation(
        "reschedule",
        25 * 60,
        "travel",
        own_words=True,
        mode=Mode.ONSITE,
        recruiter=True,
        link="calendly.com",
    )


@pytest.mark.parametrize(
    ("organizer", "expected"),
    [
        (Person("dana@acme.example", "Dana Lee"), False),
        (Person("dana@acme.example", "Dana Lee (Talent Acquisition)"), True),
        (Person("d.lee@michaelpage.example"), True),
        (Person(None, "Personalberatung Meier"), True),
        (None, False),
    ],
)
def test_recruiters_are_known_by_name_or_domain(
    agenda: Any, organizer: Person | None, expected: bool
) -> None:
    """Tue 2026-05-05 10:00-11:00 Interview"""
    from agendas import as_interview

    interview = as_interview(agenda(), "Interview")
    event = interview.occurrence.event._replace(organizer=organizer)
    interview = interview._replace(occurrence=interview.occurrence._replace(event=event))
    assert is_recruiter(interview) is expected
