"""How runs end: closed and full streams, Ctrl-C, and state that no run can use. Each run is a process."""

from __future__ import annotations

import os
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
