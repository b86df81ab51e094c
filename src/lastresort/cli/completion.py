"""What a shell may offer as values: kinds, reasons, zones, languages, rules, changes, numbers.

Each function takes what was typed so far, and returns the values that go on from it. What they need is loaded
when a shell asks, and nothing of it goes wrong aloud: a shell shows no errors.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from lastresort.errors import LastResortError

if TYPE_CHECKING:
    from collections.abc import Iterable

OFFERED = 200
"""Values offered at once."""


def kinds(typed: str) -> list[str]:
    """The kinds of `message`, and the numbers of the last report."""
    from lastresort.messages.kinds import KINDS

    return _beginning(typed, (*KINDS, *_numbers("interviews")))


def reasons(typed: str) -> list[str]:
    """The kinds of `--reason`."""
    from lastresort.advice.reasons import REASONS

    return _beginning(typed, REASONS)


def zones(typed: str) -> list[str]:
    """The names of zones; what is typed may be a city (`ber`)."""
    from zoneinfo import available_timezones

    names = sorted(name for name in available_timezones() if "/" in name)
    cities = (name.rpartition("/")[2] for name in names)
    return _beginning(typed, dict.fromkeys((*names, *(city for city in cities if city.isalpha()))))


def languages(typed: str) -> list[str]:
    """The languages of messages."""
    from lastresort.messages.languages import LANGUAGES

    return _beginning(typed, LANGUAGES)


def rules(typed: str) -> list[str]:
    """The rules of the advice."""
    from lastresort.advice.rules import all_rules

    return _beginning(typed, [rule.name for rule in all_rules()])


def changes(typed: str) -> list[str]:
    """The changes that `undo` can take back, the latest first."""
    from lastresort.changes.journal import Journal

    journal = Journal(os.path.join(_state(), "journal"))
    return _beginning(typed, [record.id for record in islice(journal.entries(), OFFERED)])


def numbers(typed: str) -> list[str]:
    """The numbers of the interviews in the last report."""
    return _beginning(typed, _numbers("interviews"))


def events(typed: str) -> list[str]:
    """The numbers of the events in the last agenda."""
    return _beginning(typed, _numbers("events"))


def _numbers(what: str) -> list[str]:
    from lastresort.history.numbers import find_numbering

    numbering = find_numbering(_state(), "events" if what == "events" else "interviews", None)
    return [str(number) for number, _ in enumerate(numbering.rows if numbering else (), 1)]


def _state() -> str:
    from lastresort.config import settle

    with suppress(LastResortError):
        return settle({}, os.environ, sys.platform).state
    return ""


def _beginning(typed: str, values: Iterable[str]) -> list[str]:
    """The values that go on from what was typed, in whatever letters: shells want it back as it was."""
    wanted = typed.casefold()
    fitting = (value for value in values if value.casefold().startswith(wanted))
    return [typed + value[len(typed) :] for value in islice(fitting, OFFERED)]
