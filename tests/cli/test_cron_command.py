"""`lastresort cron`: what is printed for each scheduler, and putting it there and away again."""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then
  [ -f {folder}/table ] || {{ echo "no crontab for me" >&2; exit 1; }}
  cat {folder}/table
else
  cat > {folder}/table; echo write >> {folder}/log
fi
"""
SYSTEMCTL = '#!/bin/sh\necho "$@" >> {folder}/log\n'
NOW = ("--now", "2026-05-04T07:30+02:00")


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The table that stand-ins for `crontab` and `systemctl` keep."""
    (tmp_path / "bin").mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        (tmp_path / "bin" / name).write_text(text.format(folder=tmp_path))
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    return tmp_path / "table"


def command_of(line: str) -> list[str]:
    """The words of a crontab line as a shell has them, variables in front."""
    return shlex.split(line.split(" ", 5)[5].replace("\\%", "%"), comments=True)


def test_a_crontab_line_is_one_line_that_can_be_used(run: Callable[..., Ran], tmp_path: Path) -> None:
    path = write_calendar(tmp_path / "100% mine.ics", "")
    ran = run("cron", "--for", "crontab", "--at", "6:05", path, "--notify")
    assert ran.code == 0
    assert ran.out.count("\n") == 1
    assert ran.out.startswith("5 6 * * * ")
    words = command_of(ran.out)
    assert words[0].startswith("TZ=")
    place = words.index("check")
    assert os.path.isabs(words[place - 1])
    assert words[place:] == ["check", "--new-only", "--ascii", "--notify", str(path)]


def test_the_printed_line_runs(run: Callable[..., Ran], tmp_path: Path) -> None:
    path = write_calendar(tmp_path / "it's mine.ics", "2026-05-06 10:00-11:00 Interview: Baker at Crumb")
    line = run("cron", "--for", "crontab", path).out
    command = line.split(" ", 5)[5].replace("\\%", "%")
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}  # all that cron gives
    done = subprocess.run(["/bin/sh", "-c", command], env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_what_this_session_knows_is_handed_on(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "my.toml"
    config.write_text("slots = 2\n")
    monkeypatch.setenv("LASTRESORT_CONFIG", str(config))
    monkeypatch.setenv("LASTRESORT_NOTICE", "48h")
    options = ("--me", "me@home.example", "--tz", "Berlin", "--offline", "--allow-http", "--max-size", "9M")
    ran = run("cron", "--for", "crontab", *options, "--notify-command", "mail me", "https://a.example/b.ics")
    words = command_of(ran.out)
    assert "LASTRESORT_NOTICE=48h" in words
    assert "list of processes" in ran.err
    assert any(word.startswith("XDG_STATE_HOME=") for word in words)
    rest = " ".join(words[words.index("check") :])
    assert rest == (
        f"check --new-only --ascii --notify-command mail me --config {config} --me me@home.example "
        "--tz Berlin --max-size 9M --offline --allow-http https://a.example/b.ics"
    )


def test_crontab_is_changed_once_and_back(run: Callable[..., Ran], table: Path, tmp_path: Path) -> None:
    others = "MAILTO=me\n0 3 * * * backup\n"
    table.write_text(others)
    for at, told in (("07:30", "set up"), ("07:30", "already"), ("08:00", "set up")):
        ran = run("cron", "--for", "crontab", "--install", "--at", at, tmp_path)
        assert ran.code == 0
        assert told in ran.out
    assert table.read_text().count("lastresort: daily check") == 1
    assert "\n0 8 * * * " in table.read_text()
    assert run("cron", "--for", "crontab", "--remove").code == 0
    assert table.read_text() == others
    assert "already" in run("cron", "--for", "crontab", "--remove").out
    assert (tmp_path / "log").read_text().count("write") == 3


def test_systemd_is_set_up_and_removed(run: Callable[..., Ran], table: Path, tmp_path: Path) -> None:
    units = os.path.expanduser("~/.config/systemd/user")
    assert run("cron", "--for", "systemd", "--install", tmp_path).code == 0
    assert sorted(os.listdir(units)) == ["lastresort.service", "lastresort.timer"]
    assert "enable lastresort.timer" in (tmp_path / "log").read_text()
    assert run("cron", "--for", "systemd", "--remove").code == 0
    assert os.listdir(units) == []
    assert table.parent == tmp_path


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_itself_accepts_the_units(run: Callable[..., Ran], table: Path, tmp_path: Path) -> None:
    units = os.path.expanduser("~/.config/systemd/user")
    run("cron", "--for", "systemd", "--install", write_calendar(tmp_path / "50% $mine.ics", ""))
    paths = [f"{units}/{name}" for name in os.listdir(units)]
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", *paths], capture_output=True, text=True, check=False
    )
    assert "lastresort" not in done.stderr
    assert table.parent == tmp_path


def test_launchd_and_windows_are_printed_for_their_parsers(run: Callable[..., Ran], tmp_path: Path) -> None:
    path = write_calendar(tmp_path / "a & b.ics", "")
    agent = plistlib.loads(run("cron", "--for", "launchd", path).out.encode())
    assert agent["ProgramArguments"][-1] == str(path)
    assert agent["StartCalendarInterval"] == {"Hour": 7, "Minute": 30}
    windows = run("cron", "--for", "windows", path, *NOW)
    task = ElementTree.fromstring(windows.out.partition("\n")[2])
    found = {element.tag.rpartition("}")[2]: element.text for element in task.iter()}
    assert found["StartBoundary"] == "2026-05-04T07:30:00"
    assert str(path) in (found["Arguments"] or "")
    assert "--notify" in windows.err
    assert run("cron", "--for", "windows", "--install", path).code == 2


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--at", "25:00"), "07:30"),
        (("--for", "fcron"), "crontab"),
        (("--install", "--remove"), "contradict"),
        (("-",), "standard input"),
    ],
)
def test_a_wrong_call_is_one_line(run: Callable[..., Ran], options: tuple[str, ...], word: str) -> None:
    ran = run("cron", *options)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert word in ran.err


def test_what_would_not_work_at_night_is_told(run: Callable[..., Ran], tmp_path: Path) -> None:
    assert "lastresort init" in run("cron", "--for", "crontab").err
    config = tmp_path / "c.toml"
    config.write_text('[[calendars]]\nsource = "https://a.example/b.ics"\npassword-env = "CAL_PASSWORD"\n')
    ran = run("cron", "--for", "crontab", "--config", config)
    assert "CAL_PASSWORD" in ran.err
    assert "CAL_PASSWORD" not in ran.out


def test_nothing_is_installed_that_could_read_no_calendar(
    run: Callable[..., Ran], table: Path, tmp_path: Path
) -> None:
    assert run("cron", "--for", "crontab", "--install", write_calendar(tmp_path / "a.ics", "")).code == 0
    works = table.read_text()
    config = tmp_path / "c.toml"
    config.write_text('[[calendars]]\nsource = "https://a.example/b.ics"\npassword-env = "CAL_PASSWORD"\n')
    for given in ((), (tmp_path / "gone.ics",), ("--config", config)):
        ran = run("cron", "--for", "crontab", "--install", *given)
        assert (ran.code, "nothing was installed" in ran.err) == (1, True)
    assert table.read_text() == works


def test_a_failed_systemd_leaves_nothing_behind(run: Callable[..., Ran], table: Path, tmp_path: Path) -> None:
    (table.parent / "bin" / "systemctl").write_text("#!/bin/sh\nexit 1\n")
    assert run("cron", "--for", "systemd", "--install", tmp_path).code == 1
    assert os.listdir(os.path.expanduser("~/.config/systemd/user")) == []


def test_news_that_nobody_sees_is_told_again(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = "Wed 2026-05-06 10:00-11:00 Interview: Baker at Crumb\nWed 2026-05-06 10:30-11:30 Errand"
    path = write_calendar(tmp_path / "a.ics", events)
    monkeypatch.setattr("lastresort.cli.cron.can_mail", lambda: False)
    ran = run("cron", "--for", "crontab", path)
    assert "nobody sees what it prints" in ran.err
    words = command_of(ran.out)
    at_night = [*words[words.index("check") :], *NOW]
    assert "Errand" in run(*at_night).out
    assert "Errand" in run(*at_night).out
    seen = [word for word in at_night if word != "--unseen"]
    assert "Errand" in run(*seen).out
    assert run(*seen).out == ""
    monkeypatch.setattr("lastresort.cli.cron.can_mail", lambda: True)
    assert "--unseen" not in run("cron", "--for", "crontab", path).out
    assert "--unseen" not in run("cron", "--for", "systemd", "--notify", path).out
