"""How runs end: closed and full streams, Ctrl-C, and state that no run can use. Each run is a process."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from test_apply import FOCUS, INTERVIEW, NOW, calendar_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="descriptors and signals as POSIX has them"),
]
PROGRAM = (sys.executable, "-m", "lastresort")


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar_of(INTERVIEW, FOCUS))
    return path


def shell(line: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the program in a shell; `$@` in the line is the whole command."""
    command = ("sh", "-c", line, "sh", *PROGRAM, *map(str, args))
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-", "2>/dev/full"])
def test_closed_streams_change_nothing(calendar: Path, closed: str) -> None:
    done = shell(f'"$@" {closed}', "check", calendar, *NOW)
    assert done.returncode == 3
    assert done.stderr == ""
    assert ("Focus" in done.stdout) == (">&- " not in f"{closed} ".replace("2>&-", ""))


@pytest.mark.parametrize("line", ["check {} --now 2026-05-01T09:00Z", "--help", "agenda {} --json"])
def test_a_full_disk_behind_standard_output_is_told(calendar: Path, line: str) -> None:
    done = shell('"$@" >/dev/full', *shlex.split(line.format(calendar)))
    assert done.returncode == 1
    assert done.stderr == "lastresort: the answer cannot be written (no space left on device)\n"


def test_what_is_told_never_lands_in_the_answer(calendar: Path) -> None:
    calendar.write_bytes(calendar.read_bytes()[:-20])
    done = shell('"$@" 2>&-', "check", calendar, "--json", *NOW)
    assert done.stdout.startswith("{")
    assert "lastresort:" not in done.stdout


def test_a_calendar_never_takes_the_place_of_standard_output(calendar: Path) -> None:
    done = shell('"$@" >&-', "move", calendar, "focus", "--by", "2h", "--now", "2026-05-01T09:00Z")
    assert done.returncode == 0
    assert calendar.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert b"20260505T123000" in calendar.read_bytes()


def stop_when(process: subprocess.Popen[str], ready: Callable[[], bool]) -> tuple[int, str]:
    end = time.monotonic() + 30
    while not ready() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    return process.returncode, err


def loaded(process: subprocess.Popen[str], module: str) -> Callable[[], bool]:
    """Tell when the process says with `-v` that it loads a module of ours."""
    assert process.stderr is not None
    return lambda: module in (process.stderr.readline() if process.stderr else module)


@pytest.mark.parametrize("module", ["lastresort.cli'", "typer'"])
def test_ctrl_c_while_the_program_loads_ends_with_130(calendar: Path, module: str) -> None:
    with subprocess.Popen(
        (sys.executable, "-v", "-m", "lastresort", "check", str(calendar), *NOW),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        code, err = stop_when(process, loaded(process, f"import '{module}"))
    assert code == 130
    assert "stopped; nothing was changed" in err
    assert "Traceback" not in err


def test_ctrl_c_while_a_source_keeps_one_waiting_ends_with_130(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with subprocess.Popen(
        (*PROGRAM, "check", "-", *NOW),
        stdin=reader,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(reader)
        os.write(writer, b"BEGIN:VCALENDAR\r\n")
        time.sleep(5)  # until it waits for more
        code, err = stop_when(process, lambda: True)
    os.close(writer)
    assert (code, err) == (130, "lastresort: stopped; nothing was changed\n")


def test_the_answer_no_is_no_ctrl_c(calendar: Path) -> None:
    done = shell('"$@" </dev/null', "apply", calendar, *NOW)
    assert done.returncode == 1


# -- state ---------------------------------------------------------------------------------------------------

MEMORIES = {
    "empty": b"",
    "year 1": b'{"version": 1, "clashes": [], "problems": [], "requests": [{"interview": "i", '
    b'"asked": "0001-01-01T00:00:00+14:00", "original": "9999-12-31T23:59:59-14:00", "offers": []}]}',
    "later": b'{"version": 99}',
}


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "state" / "lastresort"
    folder.mkdir(parents=True)
    return folder


def spoil(path: Path, how: str) -> None:
    if how == "fifo":
        os.mkfifo(path)
    elif how == "folder":
        path.mkdir()
    else:
        path.write_bytes(MEMORIES[how])


@pytest.mark.parametrize("how", [*MEMORIES, "fifo", "folder"])
def test_a_memory_that_no_run_can_use_is_told_once(calendar: Path, state: Path, how: str) -> None:
    spoil(state / "memory.json", how)
    done = shell('"$@"', "check", calendar, *NOW)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "the memory of earlier runs" in done.stderr
    done = shell('"$@"', "check", calendar, "--new-only", *NOW)
    assert done.returncode == (1 if how == "later" else 3)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("how", [*MEMORIES, "fifo", "folder"])
def test_holding_and_settling_go_on_without_the_memory(calendar: Path, state: Path, how: str) -> None:
    spoil(state / "memory.json", how)
    done = shell('"$@"', "apply", calendar, "--hold", "--yes", "--last-resort", *NOW)
    assert done.returncode == 0
    assert calendar.read_bytes().count(b"UID:lastresort-hold-") == 3
    assert done.stderr.count("the memory of earlier runs") == 1
    done = shell('"$@"', "settle", calendar, "--slot", "2", "--yes", *NOW)
    assert done.returncode == 0
    assert b"lastresort-hold-" not in calendar.read_bytes()


@pytest.mark.parametrize("how", [*MEMORIES, "fifo", "folder"])
def test_a_record_that_no_run_can_read_is_told(calendar: Path, state: Path, how: str) -> None:
    assert shell('"$@"', "move", calendar, "focus", "--by", "2h", *NOW).returncode == 0
    after = calendar.read_bytes()
    spoil(state / "journal" / "2-abcd.done.json", how)
    done = shell('"$@"', "log")
    assert done.returncode == 0
    assert "2-abcd" in done.stdout
    assert "cannot be understood" in done.stdout
    done = shell('"$@"', "undo")
    assert done.returncode == 1
    assert "2-abcd" in done.stderr
    assert calendar.read_bytes() == after
    assert shell('"$@"', "undo", "1").returncode == 0
    assert shell('"$@"', "move", calendar, "focus", "--by", "2h", *NOW).returncode == 0


# -- what stands when the answer cannot be written -----------------------------------------------------------

SETTLE = ("settle", "{}", "--slot", "2026-05-07 14:00", "--yes", *NOW)
CHANGES = [
    ("move", "{}", "focus", "--by", "2h", *NOW),
    ("apply", "{}", "--yes", *NOW),
    ("apply", "{}", "--hold", "--last-resort", "--yes", *NOW),
    ("settle", "{}", "--declined", "--yes", *NOW),
]
WEIGH = ("weigh", "{}", "--offer", "Thu 7 May 14:00", "--hold", "--yes", "--interview", "talk", *NOW)


def at(line: tuple[str, ...], calendar: Path) -> list[str]:
    return [word.format(calendar) for word in line]


def ready_to(line: tuple[str, ...], calendar: Path) -> None:
    """`settle --declined` needs a request that was made, and holds to take away."""
    if line[0] == "settle":
        shell('"$@"', "apply", calendar, "--hold", "--yes", "--last-resort", *NOW)
        shell('"$@"', "message", "email", calendar, "--sent", "--last-resort", *NOW)


@pytest.mark.parametrize("line", CHANGES, ids=lambda line: line[0])
@pytest.mark.parametrize("buffered", [True, False])
def test_a_change_whose_answer_cannot_be_written_is_told(
    calendar: Path, line: tuple[str, ...], buffered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_to(line, calendar)
    before = calendar.read_bytes()
    monkeypatch.setenv("PYTHONUNBUFFERED", "" if buffered else "1")
    done = shell('"$@" >/dev/full', *at(line, calendar))
    assert calendar.read_bytes() != before
    assert done.returncode == 1
    assert "the answer cannot be written (no space left on device); the change is made" in done.stderr
    (undo,) = re.findall("'lastresort (undo .*)' takes it back", done.stderr)
    done = shell('"$@" >/dev/full', *undo.split())
    assert done.returncode == 1
    assert "cannot be written (no space left on device); the change is taken back" in done.stderr
    assert calendar.read_bytes() == before


@pytest.mark.parametrize("line", CHANGES, ids=lambda line: line[0])
def test_a_change_whose_reader_has_gone_is_told(calendar: Path, line: tuple[str, ...]) -> None:
    ready_to(line, calendar)
    before = calendar.read_bytes()
    done = shell('exec 3>&1; (sleep 0.2; "$@"; echo "ended with $?" >&3) | true', *at(line, calendar))
    assert calendar.read_bytes() != before
    assert done.stdout == "ended with 0\n"
    assert "the change is made: 'lastresort undo " in done.stderr


@pytest.mark.parametrize("line", [SETTLE, WEIGH], ids=lambda line: line[0])
@pytest.mark.parametrize("into", [">/dev/full", "| true"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_nothing_is_changed_where_what_comes_before_cannot_be_told(
    calendar: Path, line: tuple[str, ...], into: str, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    before = calendar.read_bytes()
    done = shell(f'exec 3>&1; (sleep 0.2; "$@"; echo "ended with $?" >&3) {into}', *at(line, calendar))
    assert calendar.read_bytes() == before
    assert done.stdout == "ended with 1\n"
    assert done.stderr.startswith("lastresort: the answer cannot be written (")
    assert done.stderr.endswith("); nothing was changed\n")


def test_a_look_at_changes_whose_reader_has_gone_ends_quietly(calendar: Path) -> None:
    line = 'exec 3>&1; (sleep 0.2; "$@"; echo "ended with $?" >&3) | true'
    done = shell(line, "apply", calendar, "--dry-run", *NOW)
    assert (done.stdout, done.stderr) == ("ended with 0\n", "")
