"""Installing and removing, against stand-ins for `crontab` and `systemctl` that keep what they are given."""

from __future__ import annotations

import os
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.cli.cron_install import (
    change_crontab,
    edit_crontab,
    find_command,
    install_units,
    read_clock,
    remove_units,
)
from lastresort.errors import RefusedError, UsageError
from lastresort.outputs.schedules import Job, render_crontab, render_job

if TYPE_CHECKING:
    from pathlib import Path

JOB = Job(("/usr/bin/lastresort", "check"), time(7, 30))
LINE = render_crontab(JOB)
LATER = render_crontab(JOB._replace(at=time(8, 0)))
OTHERS = "MAILTO=me\n# my own\n0 3 * * * backup # lastresort is not this\n"
UNITS = render_job(JOB, "systemd", date(2026, 5, 4))

CRONTAB = """#!/bin/sh
if [ "$1" = -l ]; then
  [ -f {folder}/broken ] && echo "permission denied" >&2 && exit 1
  [ -f {folder}/table ] || {{ echo "no crontab for me" >&2; exit 1; }}
  cat {folder}/table
else
  [ -f {folder}/full ] && exit 1
  cat > {folder}/table; echo write >> {folder}/log
fi
"""
SYSTEMCTL = """#!/bin/sh
[ -f {folder}/broken ] && exit 1
echo "$@" >> {folder}/log
"""


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(text.format(folder=tmp_path))
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    return tmp_path


def log(box: Path) -> list[str]:
    return (box / "log").read_text().splitlines() if (box / "log").exists() else []


def test_the_line_goes_into_an_empty_crontab_and_out_of_it(box: Path) -> None:
    assert change_crontab(LINE)
    assert (box / "table").read_text() == f"{LINE}\n"
    assert not change_crontab(LINE)
    assert change_crontab(None)
    assert not change_crontab(None)
    assert (box / "table").read_text() == ""
    assert log(box) == ["write", "write"]


def test_other_lines_stay_as_they_are(box: Path) -> None:
    (box / "table").write_text(OTHERS)
    change_crontab(LINE)
    change_crontab(LATER)
    assert (box / "table").read_text() == f"{OTHERS}{LATER}\n"
    change_crontab(None)
    assert (box / "table").read_text() == OTHERS


def test_an_error_is_no_empty_crontab(box: Path) -> None:
    (box / "table").write_text(OTHERS)
    (box / "broken").touch()
    with pytest.raises(RefusedError, match="nothing was changed"):
        change_crontab(LINE)
    (box / "broken").unlink()
    (box / "full").touch()
    with pytest.raises(RefusedError, match="as it was"):
        change_crontab(LINE)
    assert (box / "table").read_text() == OTHERS


def test_a_missing_scheduler_is_told(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(RefusedError, match="crontab is not installed"):
        change_crontab(LINE)
    with pytest.raises(RefusedError, match="systemctl is not installed"):
        install_units(UNITS, str(box))


@given(st.lists(st.sampled_from(["a", "# b", "", LINE, LATER, "c \t"])), st.booleans())
def test_editing_touches_our_own_line_alone(lines: list[str], ended: bool) -> None:
    text = "\n".join(lines) + ("\n" if ended and lines else "")
    once = edit_crontab(text, LINE)
    assert edit_crontab(once, LINE) == once
    assert once.splitlines().count(LINE) == 1
    foreign = [line for line in text.split("\n") if line not in (LINE, LATER)]
    assert [line for line in edit_crontab(text, None).split("\n") if line] == [
        line for line in foreign if line
    ]


def test_units_are_written_started_and_taken_away(box: Path) -> None:
    home = str(box / "home")
    assert install_units(UNITS, home)
    assert not install_units(UNITS, home)
    folder = box / "home/.config/systemd/user"
    assert sorted(path.name for path in folder.iterdir()) == ["lastresort.service", "lastresort.timer"]
    assert remove_units(UNITS, home)
    assert not remove_units(UNITS, home)
    assert list(folder.iterdir()) == []
    started = [
        "--user daemon-reload",
        "--user enable lastresort.timer",
        "--user restart lastresort.timer",
    ]
    stopped = ["--user disable --now lastresort.timer", "--user daemon-reload"]
    assert log(box) == started + started + stopped


def test_units_of_others_are_left_alone(box: Path) -> None:
    folder = box / ".config/systemd/user"
    folder.mkdir(parents=True)
    (folder / "lastresort.timer").write_text("[Timer]\n")
    for change in (install_units, remove_units):
        with pytest.raises(RefusedError, match="not written by lastresort"):
            change(UNITS, str(box))
    assert [path.name for path in folder.iterdir()] == ["lastresort.timer"]
    assert log(box) == []


def test_a_session_without_systemd_is_told(box: Path) -> None:
    (box / "broken").touch()
    with pytest.raises(RefusedError, match="user session of systemd"):
        install_units(UNITS, str(box))


@pytest.mark.parametrize(
    ("text", "clock"), [("07:30", time(7, 30)), ("7:05", time(7, 5)), ("23:59", time(23, 59))]
)
def test_a_time_of_day_is_read(text: str, clock: time) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["24:00", "7", "7:5", "07:60", "", "noon"])
def test_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--at"):
        read_clock(text)


def test_the_command_is_a_full_path(tmp_path: Path) -> None:
    python = str(tmp_path / "python3")
    assert find_command(python) == (python, "-m", "lastresort")
    (tmp_path / "lastresort").touch(0o755)
    assert find_command(python) == (str(tmp_path / "lastresort"),)
