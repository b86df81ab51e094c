"""`lastresort conflicts`: every double booking, told once with --new-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

CALL, SYNC = "Tue 2026-05-12 10:00-11:00 Call", "Tue 2026-05-12 10:30-11:30 Sync"
CALM = "Tue 2026-05-12 12:00-12:30 Lunch"
OPTIONS = ("--now", "2026-05-11T08:00", "--tz", "Europe/Berlin")
BROKEN = "BEGIN:VEVENT\nUID:broken\nDTSTART:yesterday\nEND:VEVENT"


@pytest.fixture
def ask(run: Callable[..., Ran], tmp_path: Path) -> Callable[..., Ran]:
    def call(text: str, *options: str, extra: str = "") -> Ran:
        return run("conflicts", write_calendar(tmp_path / "work.ics", text, extra=extra), *OPTIONS, *options)

    return call


@pytest.mark.parametrize(
    ("text", "extra", "code"),
    [
        (f"{CALL}\n{CALM}", "", 0),
        (f"{CALL}\n{SYNC}", "", 3),
        (f"{CALL}\n{SYNC} (tentative)", "", 0),
        (f"{CALL}\n{CALM}", BROKEN, 5),
        (f"{CALL}\n{SYNC}", BROKEN, 3),
    ],
)
def test_the_exit_code_says_what_was_found(ask: Callable[..., Ran], text: str, extra: str, code: int) -> None:
    assert ask(text, extra=extra).code == code


def test_the_window_is_that_of_the_options(ask: Callable[..., Ran]) -> None:
    text = f"{CALL}\n{SYNC}"
    assert ask(text, "--days", "1").code == 0
    assert ask(text, "--from", "2026-05-12T11:30", "--to", "2026-05-13").code == 0
    assert ask(text, "--from", "2026-05-12", "--to", "2026-05-13").code == 3


def test_both_are_shown_with_what_they_share(ask: Callable[..., Ran]) -> None:
    ran = ask(f"{CALL}\n{SYNC}\n{CALM} (free)")
    assert "1 double booking" in ran.out
    assert "10:30–11:00 · 30 min" in ran.out
    (pair,) = ask(f"{CALL}\n{SYNC}", "--json").json["conflicts"]
    assert (pair["first"]["summary"], pair["second"]["summary"]) == ("Call", "Sync")
    assert (pair["overlap_minutes"], pair["busy"]) == (30, "clash")


def test_news_are_told_once(ask: Callable[..., Ran]) -> None:
    text = f"{CALL}\n{SYNC}"
    first, second = ask(text, "--new-only"), ask(text, "--new-only")
    assert (first.code, "Sync" in first.out) == (3, True)
    assert (second.code, second.out, second.err) == (0, "", "")
    more = ask(f"{text}\nTue 2026-05-12 10:45-11:00 Gym", "--new-only", "--json")
    titles = {(pair["first"]["summary"], pair["second"]["summary"]) for pair in more.json["conflicts"]}
    assert titles == {("Call", "Gym"), ("Sync", "Gym")}


def test_what_moves_or_becomes_certain_is_news_again(ask: Callable[..., Ran]) -> None:
    ask(f"{CALL}\n{SYNC} (tentative)", "--new-only")
    assert ask(f"{CALL}\n{SYNC}", "--new-only").code == 3
    assert ask(f"{CALL}\nTue 2026-05-12 10:15-11:15 Sync", "--new-only").code == 3


def test_what_went_and_came_back_is_news_and_what_was_not_looked_at_is_not(ask: Callable[..., Ran]) -> None:
    text = f"{CALL}\n{SYNC}"
    ask(text, "--new-only")
    ask(text, "--new-only", "--days", "1")
    assert ask(text, "--new-only").code == 0
    ask(CALL, "--new-only")
    assert ask(text, "--new-only").code == 3


def test_what_could_not_be_read_is_told_once(ask: Callable[..., Ran]) -> None:
    assert ask(CALL, "--new-only", extra=BROKEN).code == 5
    again = ask(CALL, "--new-only", extra=BROKEN)
    assert (again.code, again.err) == (0, "")


def test_the_news_of_check_stand_beside(
    ask: Callable[..., Ran], run: Callable[..., Ran], tmp_path: Path
) -> None:
    text = f"Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example)\n{SYNC}"
    assert ask(text, "--new-only").code == 3
    assert run("check", tmp_path / "work.ics", *OPTIONS, "--new-only").code == 3
    assert ask(text, "--new-only").code == 0
