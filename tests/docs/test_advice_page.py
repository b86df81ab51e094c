"""`docs/reference/advice.md` has every rule in the table's own words, and quotes what the tool says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import letters
from lastresort.advice.advise import advise
from lastresort.advice.rules import Rule, all_rules
from lastresort.messages.compose import compose, errand_facts, letter_facts
from lastresort.messages.kinds import KINDS
from lastresort.messages.locale import find_locale

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "advice.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (R\d+): (.*?)(?=^##|\Z)", TEXT, re.MULTILINE | re.DOTALL))


def everything_said() -> str:
    """All the advice and all the drafts of the situations in `fixtures/advice.toml`."""
    said: list[str] = []
    for row in tomllib.loads((ROOT / "fixtures" / "advice.toml").read_text("utf-8"))["row"]:
        situation = letters.situation(row["when"])
        advice = advise(situation)
        said += [*(step.text for step in advice.steps), *advice.remarks]
        if "draft" in row:
            said.append(compose(row["draft"], letters.letter_in(situation), "en").body)
    return "\n".join(said)


def test_there_is_a_section_for_every_rule_and_no_other() -> None:
    assert list(SECTIONS) == [rule.name for rule in all_rules()]


@pytest.mark.parametrize("rule", all_rules(), ids=[rule.name for rule in all_rules()])
def test_a_section_says_what_the_table_says(rule: Rule) -> None:
    section = SECTIONS[rule.name]
    assert section.splitlines()[0] == rule.text
    assert f"- **Fires when** {rule.when}.\n" in section
    assert f"- **Changes** {rule.changes}.\n" in section
    assert f"- **Why:** {rule.why}\n" in section
    assert f"- **Source:** {rule.sources}\n" in section
    assert re.search(r"^> \S", section, re.MULTILINE)


def test_quotations_are_what_the_tool_says() -> None:
    said = everything_said()
    assert [quoted for quoted in re.findall(r"^> (.*)$", TEXT, re.MULTILINE) if quoted not in said] == []


def test_every_message_and_every_name_of_a_template_is_documented() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in TEXT] == []
    page = (ROOT / "docs" / "how-to" / "messages.md").read_text("utf-8").partition("## Your own wording")[2]
    rows = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}
    locale = find_locale("en", "US")
    assert named == {
        *letter_facts(letters.letter(), locale),
        *errand_facts(letters.errand(), locale),
        "spoken",
    }
