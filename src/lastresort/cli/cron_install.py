"""Putting the daily check into the crontab or into systemd, and taking it out again: our own lines alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import time
from typing import TYPE_CHECKING

from lastresort.errors import RefusedError, UsageError
from lastresort.outputs.schedules import MARK
from lastresort.secure_files import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.outputs.schedules import Rendered

SECONDS = 30
TIMER = "lastresort.timer"


def read_clock(text: str) -> time:
    """Return the time of day of `--at`, such as 07:30. Raises UsageError."""
    found = re.fullmatch("([01]?[0-9]|2[0-3]):([0-5][0-9])", text.strip())
    if not found:
        raise UsageError("--at takes a time of day such as 07:30")
    return time(int(found[1]), int(found[2]))


def find_command(executable: str) -> tuple[str, ...]:
    """Return what starts this program from anywhere: its script beside the interpreter, else the module."""
    script = shutil.which("lastresort", path=os.path.dirname(executable))
    return (script,) if script else (executable, "-m", "lastresort")


# -- crontab ------------------------------------------------------------------------------------------------


def edit_crontab(text: str, line: str | None) -> str:
    """Return the crontab with our line put in, replaced or (`None`) taken out; all else as it was."""
    lines = text.splitlines(keepends=True)
    ours = [place for place, each in enumerate(lines) if each.rstrip("\r\n").endswith(MARK)]
    kept = [each for place, each in enumerate(lines) if place not in ours]
    if line is None:
        return "".join(kept)
    if ours:
        kept.insert(ours[0], f"{line}\n")
        return "".join(kept)
    return text + ("\n" if text and not text.endswith("\n") else "") + f"{line}\n"


def change_crontab(line: str | None) -> bool:
    """Put our line into the user's crontab in place of an earlier one, or (`None`) take it out; tell whether
    anything changed. Raises RefusedError where the crontab cannot be read or written."""
    before = _read_crontab()
    after = edit_crontab(before, line)
    if after != before:
        done = _run(["crontab", "-"], after)
        if done.returncode:
            raise RefusedError("crontab did not take the change; yours is as it was")
    return after != before


def _read_crontab() -> str:
    """Return the crontab as it is. An error must never read as an empty one: writing back would lose it."""
    done = _run(["crontab", "-l"])
    if done.returncode == 0:
        return done.stdout
    if "no crontab" in done.stderr.lower():
        return ""
    raise RefusedError("crontab -l failed, so that nothing was changed; try it by hand")


# -- systemd ------------------------------------------------------------------------------------------------


def install_units(units: Sequence[Rendered], home: str) -> bool:
    """Write the units, start the timer; tell whether any file changed. Refuses to replace foreign files.

    Where systemd does not take them, the files are as they were.
    """
    before = {_place(unit, home): _read_unit(_place(unit, home)) for unit in units}
    changed = {_place(unit, home): unit.text for unit in units if before[_place(unit, home)] != unit.text}
    try:
        for path, text in changed.items():
            write_file(path, text.encode())
        _systemctl("daemon-reload")
        _systemctl("enable", TIMER)
        _systemctl("restart", TIMER)  # a timer that runs already would keep its old time
    except (RefusedError, OSError):
        for path in changed:
            _put_back(path, before[path])
        raise
    return bool(changed)


def _put_back(path: str, text: str | None) -> None:
    if text is not None:
        write_file(path, text.encode())
    elif os.path.lexists(path):
        os.unlink(path)


def remove_units(units: Sequence[Rendered], home: str) -> bool:
    """Stop the timer and delete the units; tell whether there were any."""
    paths = [path for path in (_place(unit, home) for unit in units) if _read_unit(path) is not None]
    if any(path.endswith(TIMER) for path in paths):
        _systemctl("disable", "--now", TIMER)
    for path in paths:
        os.unlink(path)
    if paths:
        _systemctl("daemon-reload")
    return bool(paths)


def _place(unit: Rendered, home: str) -> str:
    return home + unit.path.removeprefix("~")


def _read_unit(path: str) -> str | None:
    """A unit of ours; `None` when there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            text = stream.read(1 << 16)
    except FileNotFoundError:
        return None
    if not text.startswith(MARK):
        raise RefusedError(f"{path}: not written by lastresort; move it away first")
    return text


def _systemctl(*arguments: str) -> None:
    done = _run(["systemctl", "--user", *arguments])
    if done.returncode:
        raise RefusedError(
            f"systemctl --user {' '.join(arguments)} failed; is there a user session of systemd?"
        )


def _run(command: list[str], given: str | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(  # noqa: S603 (fixed programs of the system)
            command,
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=SECONDS,
            check=False,
            env=environ,
        )
    except FileNotFoundError:
        raise RefusedError(f"{command[0]} is not installed here; see 'lastresort cron --for'") from None
    except subprocess.TimeoutExpired:
        raise RefusedError(f"{command[0]} did not answer within {SECONDS} s") from None
