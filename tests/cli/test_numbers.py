"""Numbers instead of UIDs: what a report numbered can be named by it, as long as it still holds."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

    Run = Callable[..., Ran]

STORIES = Path(__file__).resolve().parents[2] / "fixtures" / "stories"
NAMES = ("clear", "last-resort", "rearrange", "short-notice", "two-at-once")


def question(story: str, calendar: Path) -> list[str]:
    words = shlex.split((STORIES / story / "args.txt").read_text(encoding="utf-8"))
    return [word.replace("{calendar}", str(calendar)) for word in words]


@pytest.fixture
def told(run: Run, tmp_path: Path) -> Callable[[str], Ran]:
    """The report of a story, over a copy of its calendar."""

    def tell(story: str) -> Ran:
        shutil.copyfile(STORIES / story / "calendar.ics", tmp_path / "calendar.ics")
        return run(*question(story, tmp_path / "calendar.ics"))

    return tell


def commands(text: str) -> list[str]:
    return re.findall(r"lastresort (?:check|apply|message) .*?(?=  |$)", text, re.MULTILINE)


@pytest.mark.parametrize("story", NAMES)
def test_every_printed_command_works_as_it_stands(
    run: Run, told: Callable[[str], Ran], story: str, tmp_path: Path
) -> None:
    printed = commands(told(story).out)
    assert printed or story == "clear"
    calendar = (tmp_path / "calendar.ics").read_bytes()
    for command in printed:
        words = shlex.split(command)[1:]
        ran = run(*words, *(["--yes"] if words[0] == "apply" else []))
        assert ran.code in (0, 3, 4), (command, ran.err)
        (tmp_path / "calendar.ics").write_bytes(calendar)
        told(story)  # what applying numbered anew


def test_a_number_names_the_interview_with_the_options_of_its_report(
    run: Run, told: Callable[[str], Ran], tmp_path: Path
) -> None:
    told("two-at-once")
    first = run("message", "1", tmp_path / "calendar.ics")
    assert "helen.marsh@brightpath-recruitment.example" in first.out
    assert (
        "jo.park@hooli.example" in run("message", "email", "--interview", "2", tmp_path / "calendar.ics").out
    )
    assert run("message", "1").out == first.out  # the last report over any calendar


def test_a_number_that_does_not_hold_is_refused(run: Run, told: Callable[[str], Ran], tmp_path: Path) -> None:
    calendar = tmp_path / "calendar.ics"
    ran = run("apply", "1", calendar)
    assert (ran.code, "no number that is known here" in ran.err) == (1, True)
    told("two-at-once")
    ran = run("message", "9", calendar)
    assert (ran.code, "numbered 3" in ran.err) == (1, True)
    moved = calendar.read_bytes().replace(b"London:20260610T1", b"London:20260611T1")
    calendar.write_bytes(moved)
    ran = run("message", "1", calendar)
    assert (ran.code, "at another time than in the last report" in ran.err) == (1, True)


def test_the_number_of_one_calendar_says_nothing_about_another(
    run: Run, told: Callable[[str], Ran], tmp_path: Path
) -> None:
    told("two-at-once")
    shutil.copyfile(STORIES / "rearrange" / "calendar.ics", tmp_path / "other.ics")
    ran = run("apply", "1", tmp_path / "other.ics")
    assert (ran.code, "no number that is known here" in ran.err) == (1, True)


def test_a_file_whose_name_is_a_number_is_a_calendar(
    run: Run, told: Callable[[str], Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told("clear")
    shutil.copyfile(tmp_path / "calendar.ics", tmp_path / "1")
    monkeypatch.chdir(tmp_path)
    assert run("check", "1", "--now", "2026-05-04T08:00", "-q").code == 0


def test_a_state_folder_that_cannot_be_written_leaves_commands_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    shutil.copyfile(STORIES / "two-at-once" / "calendar.ics", tmp_path / "calendar.ics")
    ran = run(*question("two-at-once", tmp_path / "calendar.ics"))
    assert ran.code == 4
    assert all("--interview" in command for command in commands(ran.out))


def test_a_secret_address_is_not_kept(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    shutil.copyfile(STORIES / "rearrange" / "calendar.ics", tmp_path / "calendar.ics")
    words = question("rearrange", tmp_path / "calendar.ics")
    ran = run(*words, "https://calendar.invalid/secret.ics", "--offline")
    assert (ran.code, commands(ran.out)) == (3, [])
    assert not list(tmp_path.glob("**/numbers.json"))


def test_a_calendar_alone_is_checked(run: Run, tmp_path: Path) -> None:
    shutil.copyfile(STORIES / "clear" / "calendar.ics", tmp_path / "calendar.ics")
    words = question("clear", tmp_path / "calendar.ics")
    assert run(*words[1:]).out == run(*words).out


def test_the_agenda_numbers_events_for_itself_and_for_move(
    run: Run, told: Callable[[str], Ran], tmp_path: Path
) -> None:
    told("rearrange")
    options = ("--now", "2026-05-11T09:00", "--tz", "Berlin", "--me", "dana.smith@kontor.example")
    calendar = tmp_path / "calendar.ics"
    listed = run("agenda", calendar, *options).out
    number = next(line.split()[0] for line in listed.splitlines() if "Fokuszeit" in line)
    assert "Fokuszeit" in run("agenda", "--explain", number).out
    ran = run("move", number, "--by", "60m", "--yes")
    assert (ran.code, "→ " in ran.out) == (0, True)
    again = run("move", calendar, number, "--by", "60m", "--yes")
    assert (again.code, "moved since the last agenda" in again.err) == (1, True)


def test_move_needs_an_event(run: Run, tmp_path: Path) -> None:
    ran = run("move", tmp_path / "calendar.ics", "--by", "1h")
    assert (ran.code, "say which event" in ran.err) == (2, True)


def test_to_ask_about_one_leaves_the_numbers_as_they_are(
    run: Run, told: Callable[[str], Ran], tmp_path: Path
) -> None:
    told("two-at-once")
    calendar = tmp_path / "calendar.ics"
    asked = run("check", "2", calendar, "--explain")
    assert f"lastresort apply 2 {calendar}" in asked.out
    assert "helen.marsh@brightpath-recruitment.example" in run("message", "1", calendar).out
    opened = run("message", "1", calendar, "--open")
    assert f"lastresort message 1 {calendar} --sent" in opened.err
