"""The rules as they are told: read from `rules.toml`. What each of them does stands in `effects`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Rule(NamedTuple):
    """One piece of advice in words."""

    number: int
    text: str
    why: str
    when: str
    """When it fires."""
    changes: str
    """What it then changes."""
    sources: str
    """The articles it comes from, by letter."""

    @property
    def name(self) -> str:
        """The rule as it is called everywhere: `R7`."""
        return f"R{self.number}"


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return all rules, in the order of their numbers."""
    table = tomllib.loads(files(__package__).joinpath("rules.toml").read_text("utf-8"))
    return tuple(Rule(number=int(name[1:]), **entry) for name, entry in table.items())


def find_rule(name: str) -> Rule | None:
    """Return the rule called `R7`, `r7` or `7`."""
    digits = name.strip().upper().removeprefix("R")
    return next((rule for rule in all_rules() if str(rule.number) == digits), None)
