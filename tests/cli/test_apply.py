"""`lastresort apply`, end to end: the plan carried out, the drafts written, the times held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = ("--now", "2026-05-01T09:00+02:00", "--tz", "Europe/Berlin", "--me", "me@home.example")
INTERVIEW = """UID:talk
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260505T100000
DTEND;TZID=Europe/Berlin:20260505T110000
SUMMARY:Interview: Baker (Crumb)
ORGANIZER:mailto:dana@crumb.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@home.example"""
FOCUS = """UID:focus
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260505T103000
DTEND;TZID=Europe/Berlin:20260505T113000
SUMMARY:Focus time"""
PLANNING = """UID:planning
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260505T100000
DTEND;TZID=Europe/Berlin:20260505T103000
SUMMARY:1:1
ORGANIZER;CN=Ann Ash:mailto:ann@work.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:me@home.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@work.example"""


def calendar_of(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//EN\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar_of(INTERVIEW, FOCUS, PLANNING))
    return path


def test_own_events_are_moved_and_others_are_asked(
    run: Callable[..., object], calendar: Path, tmp_path: Path
) -> None:
    before, drafts = calendar.read_bytes(), tmp_path / "drafts"
    code, out, _ = run("apply", calendar, "--yes", "--drafts", drafts, *NOW)
    assert code == 0
    after = calendar.read_bytes()
    assert b"UID:focus\r\nDTSTAMP:20260501T070000Z\r\nDTSTART;TZID=Europe/Berlin:20260505T1" in after
    start = before.index(b"BEGIN:VEVENT\r\nUID:planning")
    assert after.endswith(before[start:])
    (draft,) = drafts.iterdir()
    mail = draft.read_bytes()
    assert draft.name == "ask-organiser.eml"
    assert b"To: ann@work.example" in mail
    assert b"Interview" not in mail
    assert "To do: 1:1" in out
    assert "Focus time  Tue 5 May 10:30–11:30  → Tue 5 May" in out
    assert run("undo", *NOW[:2])[0] == 0
    assert calendar.read_bytes() == before


def test_only_one_event_of_another_plan(run: Callable[..., object], calendar: Path) -> None:
    code, out, _ = run("apply", calendar, "--yes", "--plan", "2", "--only", "focus", *NOW)
    assert code == 0
    assert "Focus time  Tue 5 May" in out
    assert "1:1" not in out.split("takes it back")[0]


@pytest.mark.parametrize(
    ("options", "expected", "word"),
    [
        ((), 1, "--yes"),
        (("--yes", "--plan", "9"), 2, "--plan"),
        (("--yes", "--only", "absent"), 2, "--only"),
        (("--yes", "--hold"), 1, "--interview"),
        (("--yes", "--last-resort"), 1, "--hold"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    run: Callable[..., object], calendar: Path, options: tuple[str, ...], expected: int, word: str
) -> None:
    before = calendar.read_bytes()
    code, out, err = run("apply", calendar, *options, *NOW)
    assert (code, out) == (expected, "")
    assert word in err
    assert calendar.read_bytes() == before


def test_a_dry_run_writes_neither_calendar_nor_drafts(
    run: Callable[..., object], calendar: Path, tmp_path: Path
) -> None:
    before = calendar.read_bytes()
    code, out, _ = run("apply", calendar, "--dry-run", "--drafts", tmp_path / "drafts", *NOW)
    assert code == 0
    assert "+SEQUENCE:1" in out
    assert calendar.read_bytes() == before
    assert not (tmp_path / "drafts").exists()


def test_the_offered_times_are_held_once(run: Callable[..., object], calendar: Path) -> None:
    before = calendar.read_bytes()
    hold = ("apply", calendar, "--hold", "--yes", "--interview", "Crumb", *NOW)
    code, out, _ = run(*hold)
    assert code == 0
    after = calendar.read_bytes()
    assert after.count(b"\nSTATUS:TENTATIVE") == 3
    assert "held as slot 3" in out
    assert "Draft for dana@crumb.example, not sent:" in out
    assert run("undo", *NOW[:2])[0] == 0
    assert calendar.read_bytes() == before


def test_in_a_folder_of_single_events_holds_are_files(run: Callable[..., object], tmp_path: Path) -> None:
    folder = tmp_path / "calendar"
    folder.mkdir()
    for uid, event in (("talk", INTERVIEW), ("focus", FOCUS), ("planning", PLANNING)):
        (folder / f"{uid}.ics").write_bytes(calendar_of(event))
    assert run("apply", folder, "--hold", "--yes", "--last-resort", *NOW)[0] == 0
    holds = sorted(folder.glob("lastresort-hold-*.ics"))
    assert len(holds) == 3
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in holds)
    assert run("settle", folder, "--slot", "1", "--yes", *NOW)[0] == 0
    assert not list(folder.glob("lastresort-hold-*.ics"))
    assert run("undo", *NOW[:2])[0] == 0
    assert sorted(folder.glob("lastresort-hold-*.ics")) == holds
    assert run("undo", *NOW[:2])[0] == 0
    assert (folder / "talk.ics").read_bytes() == calendar_of(INTERVIEW)
    assert len(list(folder.iterdir())) == 3


DENTIST = FOCUS.replace("Focus time", "Dentist")
RIDDLE = FOCUS.replace("Focus time", "Zxqv")


def test_what_somebody_else_has_to_agree_to_is_listed_and_never_written(run, tmp_path) -> None:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar_of(INTERVIEW, DENTIST))
    before = path.read_bytes()
    ran = run("apply", path, "--yes", *NOW)
    assert ran.code == 0
    assert "To do: Dentist" in ran.out
    assert path.read_bytes() == before


def test_what_nobody_knows_is_only_changed_when_it_is_named(run, tmp_path) -> None:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar_of(INTERVIEW, RIDDLE))
    before = path.read_bytes()
    ran = run("apply", path, "--yes", *NOW)
    assert ran.code == 0
    assert "--only focus" in ran.out
    assert path.read_bytes() == before
    assert run("apply", path, "--yes", "--only", "focus", *NOW).code == 0
    assert path.read_bytes() != before


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, *answers: bool) -> None:
    """Answer the questions of a run in turn."""
    given = iter(answers)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: next(given))
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)


def test_choose_walks_through_the_plans_and_makes_the_one_that_is_taken(
    run: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [tmp_path / name for name in ("first.ics", "second.ics", "named.ics")]
    for copy in copies:
        copy.write_bytes(calendar_of(INTERVIEW, FOCUS))
    on_a_terminal(monkeypatch, True)
    assert run("apply", copies[0], "--choose", *NOW).code == 0
    on_a_terminal(monkeypatch, False, True)
    chosen = run("apply", copies[1], "--choose", *NOW)
    assert chosen.code == 0
    assert "Plan 2 of" in chosen.err
    assert run("apply", copies[2], "--plan", "2", "--yes", *NOW).code == 0
    assert copies[1].read_bytes() == copies[2].read_bytes() != copies[0].read_bytes()


def test_choose_changes_nothing_where_no_plan_is_taken_or_nobody_can_be_asked(
    run: Callable[..., object], calendar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = calendar.read_bytes()
    refused = run("apply", calendar, "--choose", *NOW)
    assert refused.code == 1
    assert "--plan N" in refused.err
    on_a_terminal(monkeypatch, *(False,) * 9)
    assert run("apply", calendar, "--choose", *NOW).code == 1
    assert calendar.read_bytes() == before


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("place", "options"),
    [
        ("apply.left_to_do", ()),
        ("apply.hand_out", ()),
        ("apply.requests_about", ("--hold", "--interview", "talk")),
        ("apply.compose_for", ("--hold", "--interview", "talk")),
        ("changing._tell", ()),
        ("changing.answer", ("--json",)),
    ],
)
def test_ctrl_c_after_the_change_says_that_it_stands(
    run: Callable[..., tuple[int, str, str]],
    calendar: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    options: tuple[str, ...],
) -> None:
    before = calendar.read_bytes()
    monkeypatch.setattr(f"lastresort.cli.{place}", interrupt)
    code, _, err = run("apply", calendar, "--yes", *options, *NOW)
    assert code == 130
    assert calendar.read_bytes() != before
    assert "stopped; the change is made: 'lastresort undo 1-" in err
    assert "nothing was changed" not in err


@pytest.mark.parametrize(
    ("place", "options"), [("apply.prepare", ("--yes",)), ("apply.hand_out", ("--dry-run",))]
)
def test_ctrl_c_where_nothing_was_changed_says_so(
    run: Callable[..., tuple[int, str, str]],
    calendar: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    options: tuple[str, ...],
) -> None:
    before = calendar.read_bytes()
    monkeypatch.setattr(f"lastresort.cli.{place}", interrupt)
    code, _, err = run("apply", calendar, *options, *NOW)
    assert code == 130
    assert calendar.read_bytes() == before
    assert "stopped; nothing was changed" in err


# -- what has to be agreed first -----------------------------------------------------------------------------

PICK_UP = """UID:mia
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260505T104500
DTEND;TZID=Europe/Berlin:20260505T111500
SUMMARY:Pick up Mia from nursery"""


@pytest.fixture
def nursery(tmp_path: Path) -> Path:
    path = tmp_path / "family.ics"
    path.write_bytes(calendar_of(INTERVIEW, PICK_UP, FOCUS.replace("103000", "100000")))
    return path


@pytest.mark.parametrize("options", [("--yes",), ("--dry-run",)])
def test_a_pick_up_is_left_until_it_is_named(run, nursery: Path, options: tuple[str, ...]) -> None:
    ran = run("apply", nursery, *options, *NOW)
    assert ran.code == 0
    assert b"SUMMARY:Pick up" in nursery.read_bytes()
    assert b"20260505T104500" in nursery.read_bytes()
    assert "Focus time" in ran.out
    told = ran.out.partition("To do: Pick up Mia from nursery: ")[2]
    assert told.startswith("left as it is: agree the new time with those who wait for you; --only mia")


def test_a_pick_up_is_left_after_a_yes_to_the_plan(
    run, nursery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch, True)
    ran = run("apply", nursery, *NOW)
    assert ran.code == 0
    assert "Pick up" not in ran.err
    assert b"20260505T104500" in nursery.read_bytes()


def test_a_pick_up_that_is_named_is_written(run, nursery: Path) -> None:
    ran = run("apply", nursery, "--yes", "--only", "mia", *NOW)
    assert ran.code == 0
    assert b"20260505T104500" not in nursery.read_bytes()
    assert "To do: Pick up Mia from nursery: tell those who wait for you" in ran.out


def test_the_report_says_how_to_write_a_pick_up_once_it_is_agreed(run, nursery: Path) -> None:
    out = run("check", nursery, *NOW).out
    assert "agree first" in out
    assert "--only mia" in out.partition("once it is agreed")[2]
    (entry,) = run("check", nursery, "--json", *NOW).json["interviews"]
    who = {move["uid"]: move["who"] for move in entry["plan"]["moves"]}
    assert who == {"mia": "tell", "focus": "me"}


def test_a_uid_that_could_steer_the_terminal_is_in_no_command(run, nursery: Path) -> None:
    nursery.write_bytes(nursery.read_bytes().replace(b"UID:mia", b"UID:mia\x1b]0;x\x07"))
    out = run("check", nursery, *NOW).out
    assert "agree first" in out
    assert "\x1b" not in out
    assert "--only" not in out
