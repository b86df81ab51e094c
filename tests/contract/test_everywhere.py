"""The same answer on every machine and terminal, and nothing loaded that the answer does not need."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Änn; 2 attendees)"
RIVAL = "Wed 2026-05-13 10:00-11:00 Interview: Cook (organiser bob@pan.example Bob; 2 attendees)"
OTHERS = """
Tue 2026-05-12 10:30-11:30 Planning (organiser a@home.example; 5 attendees; series)
Tue 2026-05-12 10:00-10:30 Call (organiser me@home.example; with x@client.example)
Tue 2026-05-12 13:00-14:00 Errand
Wed 2026-05-13 10:00-11:00 Exam
Fri 2026-05-15 09:00-12:00 Café
"""
OPTIONS = ("--now", "2026-05-11T08:00", "--tz", "Europe/Berlin", "--me", "me@home.example")


def start(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "lastresort", *map(str, args)]
    return subprocess.run(
        command, capture_output=True, env={**os.environ, **environment}, timeout=60, check=False
    )


@pytest.fixture
def full(calendar):
    return calendar(f"{TALK}\n{RIVAL}\n{OTHERS}")


def test_the_answer_is_the_same_on_every_machine(full):
    settings = [
        {"PYTHONHASHSEED": "0", "TZ": "UTC"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/New_York", "LC_ALL": "C", "COLUMNS": "60"},
    ]
    answers = [start("check", full, "--json", *OPTIONS, **setting) for setting in settings]
    assert {answer.returncode for answer in answers} == {4}
    assert len({answer.stdout for answer in answers}) == 1
    assert answers[0].stdout.isascii()


def test_plain_c_locale_and_narrow_or_wide_terminals(full):
    for width in ("60", "200"):
        ran = start(
            "check", full, *OPTIONS, LC_ALL="C", COLUMNS=width, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"
        )
        assert (ran.returncode, ran.stderr) == (4, b"")
        page = ran.stdout.partition(b"Subject:")[0].decode("utf-8", "replace")
        prose = [line for line in page.splitlines() if not line.lstrip().startswith("lastresort ")]
        assert max(len(line) for line in prose) <= int(width)  # a command stays whole, to be pasted
        assert "\x1b" not in page


def test_a_terminal_gets_the_same_json_as_a_pipe(full):
    piped = start("check", full, "--json", *OPTIONS).stdout
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "lastresort", "check", str(full), "--json", *OPTIONS]
    with subprocess.Popen(command, stdout=slave, stderr=subprocess.DEVNULL) as process:
        os.close(slave)
        shown = b""
        while chunk := _read(master):
            shown += chunk
        assert process.wait() == 4
    assert shown.replace(b"\r\n", b"\n") == piped


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError:  # how Linux says that the other side was closed
        return b""


@pytest.mark.parametrize("command", ["check", "agenda"])
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_closed_pipe_ends_quietly(calendar, command, form):
    source = calendar("", extra=FLOOD)
    args = [sys.executable, "-m", "lastresort", command, str(source), *form, *OPTIONS]
    with subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(timeout=60)


# -- a flood ------------------------------------------------------------------------------------------------

FLOOD = """BEGIN:VEVENT
UID:flood
DTSTAMP:20260101T000000Z
DTSTART:20260512T080000Z
DTEND:20260512T080001Z
RRULE:FREQ=SECONDLY;COUNT=3000
SUMMARY:Tick
END:VEVENT"""


def test_thousands_of_clashes_are_answered_in_little_space_and_time(calendar, run):
    ran = run("check", calendar(TALK, extra=FLOOD), "--json", *OPTIONS)
    assert ran.code in {3, 4}
    assert len(ran.out) < 1 << 20
    (entry,) = ran.json["interviews"]
    assert entry["clashes"]


def test_thousands_of_events_that_clash_are_answered_too(calendar, run):
    events = "\n".join(
        FLOOD.replace("UID:flood", f"UID:flood-{n}").replace("RRULE:FREQ=SECONDLY;COUNT=3000\n", "")
        for n in range(3000)
    )
    ran = run("check", calendar(TALK, extra=events), "--json", *OPTIONS)
    assert ran.code in {3, 4}
    assert len(ran.out) < 1 << 20


# -- what is loaded -----------------------------------------------------------------------------------------

HEAVY = ("holidays", "icalendar", "jinja2", "rich", "pytz", "email", "http", "urllib.request", "zipfile")
LIST = """
import sys
from lastresort.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def loaded(*args: str | Path) -> set[str]:
    command = [sys.executable, "-c", LIST, *map(str, args)]
    ran = subprocess.run(command, capture_output=True, timeout=60, check=False)
    names = ran.stderr.decode().split()
    return {heavy for heavy in HEAVY if heavy in names}


@pytest.mark.parametrize(
    ("command", "calendar_text", "needed"),
    [
        (("check",), TALK, set()),
        (("check",), f"{TALK}\nTue 2026-05-12 10:00-11:00 Maybe (tentative)", set()),
        (("check",), f"{TALK}\nTue 2026-05-12 10:00-11:00 Errand", {"holidays"}),
        (("check",), f"{TALK}\nTue 2026-05-12 10:00-11:00 Exam", {"holidays", "jinja2"}),
        (("agenda",), TALK, set()),
        (("propose",), TALK, {"holidays", "jinja2"}),
    ],
)
def test_nothing_is_loaded_that_the_answer_does_not_need(calendar, command, calendar_text, needed):
    bare = loaded("--version")
    assert loaded(*command, calendar(calendar_text), "--json", *OPTIONS) - bare <= needed
