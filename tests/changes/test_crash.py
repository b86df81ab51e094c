"""The real program, killed at the moments that matter: the calendar is old or new; the next run clears up."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

EVENT = "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260505T080000Z\r\nDURATION:PT1H\r\nSEQUENCE:1\r\nEND:VEVENT\r\n"
CALENDAR = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{EVENT}END:VCALENDAR\r\n".encode()


def can_trace() -> bool:
    if not shutil.which("strace"):
        return False
    traced = subprocess.run(
        ["strace", "-o", os.devnull, "true"], capture_output=True, timeout=20, check=False
    )
    return traced.returncode == 0


pytestmark = pytest.mark.skipif(not can_trace(), reason="strace is not here, or may not trace")


def run(calendar: Path, home: Path, *trace: str) -> int:
    command = [sys.executable, "-m", "lastresort", "move", str(calendar), "a", "--by", "1h"]
    names = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")
    environment = {**os.environ, **dict.fromkeys(names, str(home)), "LASTRESORT_NOW": "2026-05-01T09:00Z"}
    prefix = ["strace", "-f", "-qq", "-o", os.devnull, *trace] if trace else []
    done = subprocess.run(
        [*prefix, *command],
        env=environment,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode


def starts(data: bytes) -> bytes:
    return next(line for line in data.splitlines() if line.startswith(b"DTSTART"))


@pytest.mark.parametrize("call", ["rename:when=1", "rename:when=2", "rename:when=3", "fchmod:when=1"])
def test_killed_at_any_moment(tmp_path: Path, call: str) -> None:
    folder, home = tmp_path / "calendars", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    calendar = folder / "work.ics"
    calendar.write_bytes(CALENDAR)
    name, when = call.split(":")
    code = run(calendar, home, "-e", f"trace={name}", "-e", f"inject={name}:signal=SIGKILL:{when}")
    assert code != 0
    found = calendar.read_bytes()
    changed = starts(found) != starts(CALENDAR)
    assert starts(found) in (b"DTSTART:20260505T080000Z", b"DTSTART:20260505T090000Z")
    assert found.endswith(b"END:VCALENDAR\r\n")
    assert not [entry for entry in folder.iterdir() if entry.suffix == ".ics" and entry != calendar]
    assert run(calendar, home) == 0
    assert (
        starts(calendar.read_bytes())
        == (b"DTSTART:20260505T1000" if changed else b"DTSTART:20260505T0900") + b"00Z"
    )
    assert [entry.name for entry in folder.iterdir()] == ["work.ics"]
