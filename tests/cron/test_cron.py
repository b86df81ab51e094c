"""What each scheduler is given, read back by parsers of its own language."""

from __future__ import annotations

import plistlib
import re
import shlex
import shutil
import subprocess
from datetime import date, time
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.errors import UsageError
from lastresort.outputs.schedules import (
    HOW_TO_INSTALL,
    MARK,
    Job,
    find_system,
    render_agent,
    render_crontab,
    render_job,
    render_service,
    render_task,
    render_timer,
)

if TYPE_CHECKING:
    from pathlib import Path

    from lastresort.outputs.schedules import System

START = date(2026, 5, 4)
ODD = Job(
    ("/home/da na/bin/lastresort", "check", "--new-only", '100% $HOME "it\'s" \\ #1 & <x>'),
    time(7, 30),
    (("LASTRESORT_CONFIG", "/home/da na/50%.toml"),),
)
PLAIN = Job(("/usr/bin/lastresort", "check", "--new-only"), time(7, 5))

words = st.text(st.characters(codec="utf-8").filter(str.isprintable), min_size=1, max_size=12)
jobs = st.builds(
    lambda rest, at, value: Job(("/bin/true", *rest), at, (("LASTRESORT_CONFIG", value),)),
    st.lists(words, max_size=4),
    st.times(),
    words,
)


def from_crontab(line: str) -> tuple[int, int, list[str]]:
    """Read a line as cron does: five fields, then a command up to an unescaped %, for a shell."""
    fields = re.fullmatch(r"(\d+) (\d+) \* \* \* (.*)", line)
    assert fields
    assert not re.search(r"(?<!\\)%", fields[3])
    return int(fields[1]), int(fields[2]), shlex.split(fields[3].replace("\\%", "%"), comments=True)


@given(jobs)
def test_a_crontab_line_says_what_was_meant(job: Job) -> None:
    line = render_crontab(job)
    assert line.endswith(MARK)
    variable = f"LASTRESORT_CONFIG={job.environ[0][1]}"
    assert from_crontab(line) == (job.at.minute, job.at.hour, [variable, *job.command])


def test_a_plain_line_reads_well() -> None:
    assert render_crontab(PLAIN) == "5 7 * * * /usr/bin/lastresort check --new-only # lastresort: daily check"


def test_a_shell_understands_the_line(tmp_path: Path) -> None:
    script = tmp_path / "la st"
    script.write_text('#!/bin/sh\nprintf "%s|" "$LASTRESORT_CONFIG" "$@"\n')
    script.chmod(0o755)
    line = render_crontab(ODD._replace(command=(str(script), *ODD.command[1:])))
    command = line.split(" ", 5)[5].replace("\\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.split("|")[:-1] == [ODD.environ[0][1], *ODD.command[1:]]


def from_unit(text: str, key: str) -> list[str]:
    """Read a setting as systemd does: quoted words, C escapes, doubled % and $."""
    value = next(line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}="))
    found = [re.sub(r"\\(.)", r"\1", word) for word in re.findall(r'"((?:[^"\\]|\\.)*)"', value)]
    return [word.replace("%%", "%").replace("$$", "$") for word in found]


@given(jobs)
def test_a_service_says_what_was_meant(job: Job) -> None:
    unit = render_service(job)
    doubled = [word.replace("$", "$$") for word in job.command]
    assert from_unit(unit, "ExecStart") == [word.replace("$$", "$") for word in doubled]
    assert "SuccessExitStatus=3 4 5\n" in unit


def test_a_timer_names_the_time() -> None:
    assert "OnCalendar=*-*-* 07:05:00\nPersistent=true\n" in render_timer(PLAIN)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    job = ODD._replace(command=("/bin/true", *ODD.command[1:]))
    (tmp_path / "lastresort.service").write_text(render_service(job))
    (tmp_path / "lastresort.timer").write_text(render_timer(job))
    for name in ("lastresort.service", "lastresort.timer"):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert "lastresort" not in done.stderr, done.stderr


@given(jobs)
def test_an_agent_says_what_was_meant(job: Job) -> None:
    agent = plistlib.loads(render_agent(job).encode())
    assert agent["ProgramArguments"] == list(job.command)
    assert agent["StartCalendarInterval"] == {"Hour": job.at.hour, "Minute": job.at.minute}
    assert agent["EnvironmentVariables"] == dict(job.environ)


def test_a_task_says_what_was_meant() -> None:
    text = render_task(
        ODD._replace(command=("C:\\Program Files\\lastresort.exe", "check", 'a "b" & <c>')), START
    )
    task = ElementTree.fromstring(text.encode("utf-16"))
    found = {element.tag.rpartition("}")[2]: element.text for element in task.iter()}
    assert found["Command"] == "C:\\Program Files\\lastresort.exe"
    assert found["Arguments"] == 'check "a \\"b\\" & <c>"'
    assert found["StartBoundary"] == "2026-05-04T07:30:00"


@pytest.mark.parametrize(
    ("system", "paths"),
    [
        ("crontab", ["crontab"]),
        ("systemd", ["~/.config/systemd/user/lastresort.service", "~/.config/systemd/user/lastresort.timer"]),
        ("launchd", ["~/Library/LaunchAgents/lastresort.check.plist"]),
        ("windows", ["lastresort.xml"]),
    ],
)
def test_each_scheduler_has_its_files(system: System, paths: list[str]) -> None:
    assert [rendered.path for rendered in render_job(PLAIN, system, START)] == paths
    assert HOW_TO_INSTALL[system]


@pytest.mark.parametrize(
    ("platform", "has_systemd", "system"),
    [
        ("linux", True, "systemd"),
        ("linux", False, "crontab"),
        ("freebsd14", False, "crontab"),
        ("darwin", False, "launchd"),
        ("win32", False, "windows"),
    ],
)
def test_the_scheduler_fits_the_system(platform: str, has_systemd: bool, system: System) -> None:
    assert find_system(platform, has_systemd=has_systemd) == system


@pytest.mark.parametrize("word", ["a\nb", "a\rb", "a\0b", "\x1b[2J"])
def test_a_command_that_would_break_the_line_is_refused(word: str) -> None:
    with pytest.raises(UsageError, match="control characters"):
        render_job(PLAIN._replace(command=("/bin/true", word)), "crontab", START)
