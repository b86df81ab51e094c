"""Notifications: which program is started with what, and that a failing one changes nothing else."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar
from lastresort.cli.notify import desktop_call, split_command
from lastresort.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

NOW = ("--now", "2026-05-04T07:30+02:00", "--tz", "Europe/Berlin")
INTERVIEW = "2026-05-08 11:30-12:30 Interview: Data Engineer at Harbour\n"
REVIEW = "2026-05-08 12:00-13:00 Budget review\n"
ODD = "<b>R&D</b> \x1b[31m\u202e$(reboot)"
BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/bus"}


def test_the_desktop_is_told_in_its_own_way() -> None:
    linux = desktop_call("linux", "1 new clash", [ODD], BUS)
    assert linux.command[:-1] == ("notify-send", "--app-name=lastresort", "--", "lastresort: 1 new clash")
    assert linux.command[-1] == "&lt;b&gt;R&amp;D&lt;/b&gt; [31m$(reboot)"
    assert linux.environ == {}
    mac = desktop_call("darwin", "1 new clash", [ODD], {})
    assert mac.command[0] == "osascript"
    assert mac.command[-2:] == ("lastresort: 1 new clash", "<b>R&D</b> [31m$(reboot)")
    assert not any("reboot" in word for word in mac.command[:-1])
    windows = desktop_call("win32", "1 new clash", [ODD], {})
    assert windows.command[0] == "powershell"
    assert not any("reboot" in word for word in windows.command)
    assert windows.environ["LASTRESORT_BODY"] == "<b>R&D</b> [31m$(reboot)"


def test_a_notification_is_short() -> None:
    body = desktop_call("linux", "many", ["x" * 1000] * 9, BUS).command[-1].splitlines()
    assert len(body) == 5
    assert body[-1] == "and 5 more"
    assert max(map(len, body)) <= 160


def test_from_cron_the_desktop_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "bus").touch()
    found = desktop_call("linux", "1 new clash", [], {"XDG_RUNTIME_DIR": str(tmp_path)})
    assert found.environ == {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"}
    assert desktop_call("linux", "x", [], {"XDG_RUNTIME_DIR": str(tmp_path / "none")}).environ == {}


def test_a_command_is_split_without_a_shell() -> None:
    assert split_command("mail -s 'a clash; rm -rf' me") == ("mail", "-s", "a clash; rm -rf", "me")
    for wrong in ("", "mail 'me"):
        with pytest.raises(UsageError):
            split_command(wrong)


# -- end to end ---------------------------------------------------------------------------------------------


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `notify-send` that notes what it is given."""
    log = tmp_path / "notified"
    script = tmp_path / "bin" / "notify-send"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >> {log}\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    monkeypatch.setattr(sys, "platform", "linux")
    return log


def receiver(tmp_path: Path) -> tuple[str, Path]:
    """A command that keeps its standard input, and where."""
    kept = tmp_path / "received.json"
    code = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read()); print('noise')"
    return f"{sys.executable} -c \"{code}\" '{kept}'", kept


def test_news_reaches_the_desktop_once(run: Callable[..., Ran], tmp_path: Path, desktop: Path) -> None:
    path = write_calendar(tmp_path / "work.ics", INTERVIEW + REVIEW)
    assert run("check", path, *NOW, "--new-only", "--notify").code == 3
    told = desktop.read_text()
    assert "1 new clash" in told
    assert "Data Engineer" in told
    desktop.unlink()
    assert run("check", path, *NOW, "--new-only", "--notify") == (0, "", "")
    assert not desktop.exists()


def test_the_desktop_is_told_without_new_only_too(
    run: Callable[..., Ran], tmp_path: Path, desktop: Path
) -> None:
    path = write_calendar(tmp_path / "work.ics", INTERVIEW)
    assert run("check", path, *NOW, "--notify").code == 0
    assert not desktop.exists()
    write_calendar(path, INTERVIEW + REVIEW)
    for _ in range(2):
        assert run("check", path, *NOW, "--notify").code == 3
    assert desktop.read_text().count("1 new clash") == 2


def test_a_program_is_given_the_report(run: Callable[..., Ran], tmp_path: Path) -> None:
    path = write_calendar(tmp_path / "work.ics", INTERVIEW + REVIEW)
    command, kept = receiver(tmp_path)
    ran = run("check", path, *NOW, "--new-only", "--json", "--notify-command", command)
    assert ran.code == 3
    assert json.loads(kept.read_bytes()) == ran.json
    kept.unlink()
    assert run("check", path, *NOW, "--new-only", "--notify-command", command) == (0, "", "")
    assert not kept.exists()
    assert run("check", path, *NOW, "--notify-command", command).code == 3
    assert json.loads(kept.read_bytes())["interviews"][0]["verdict"] == "rearrange"


@pytest.mark.parametrize(
    ("option", "word"),
    [
        (("--notify-command", "no-such-program-here"), "not installed"),
        (("--notify-command", f"{sys.executable} -c 'raise SystemExit(7)'"), "exit code 7"),
        (("--notify",), "notify-send"),
    ],
)
def test_a_failing_notifier_is_one_line_and_its_news_is_told_again(
    run: Callable[..., Ran],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    option: tuple[str, ...],
    word: str,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    path = write_calendar(tmp_path / "work.ics", INTERVIEW + REVIEW)
    ran = run("check", path, *NOW, "--new-only", *option)
    assert ran.code == 3
    assert "Budget review" in ran.out
    assert ran.err.count("\n") == 1
    assert word in ran.err
    assert "Budget review" in run("check", path, *NOW, "--new-only").out  # nobody was told
    assert run("check", path, *NOW, "--new-only") == (0, "", "")


def test_a_wrong_command_is_wrong_usage(run: Callable[..., Ran], tmp_path: Path) -> None:
    path = write_calendar(tmp_path / "work.ics", INTERVIEW)
    ran = run("check", path, *NOW, "--notify-command", "mail 'me")
    assert (ran.code, ran.out) == (2, "")
