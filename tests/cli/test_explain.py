"""`check --explain`: every change that was considered, its price, and why it lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema

from lastresort.outputs.schema import check_schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

STORY = Path(__file__).resolve().parents[2] / "fixtures" / "stories" / "rearrange" / "calendar.ics"
ASKED = ("check", STORY, "--me", "dana.smith@kontor.example", "--tz", "Berlin", "--within", "1")
NOW = ("--now", "2026-05-11T09:00")


def test_a_person_sees_price_and_verdict_of_every_way(run: Callable[..., Ran]) -> None:
    out = run(*ASKED, *NOW, "--explain").out
    assert "Considered for 1:1 Dana / Jan" in out
    assert "kind 5" in out
    assert "chosen in plan 2" in out
    assert "makes room as well" in " ".join(out.split())


def test_prices_add_up_and_the_plan_is_among_them(run: Callable[..., Ran]) -> None:
    document = json.loads(run(*ASKED, *NOW, "--explain", "--json").out)
    jsonschema.Draft202012Validator(json.loads(check_schema())).validate(document)
    (interview,) = document["interviews"]
    ways = interview["considered"]
    assert all(abs(sum(part["points"] for part in way["price"]) - way["cost"]) < 0.05 for way in ways)
    chosen = {(way["uid"], way["action"], way["new_start"]) for way in ways if way["verdict"] == "chosen"}
    clashing = {clash["uid"] for clash in interview["clashes"]}
    moves = interview["plan"]["moves"]
    assert chosen == {(m["uid"], m["action"], m["new_start"]) for m in moves if m["uid"] in clashing}


def test_nothing_is_explained_unasked(run: Callable[..., Ran]) -> None:
    (interview,) = json.loads(run(*ASKED, *NOW, "--json").out)["interviews"]
    assert "considered" not in interview
