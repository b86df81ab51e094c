"""Files beside the answer: never over a file of yours, and never a reason for another exit code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from test_apply import FOCUS, INTERVIEW, NOW, calendar_of

from lastresort.secure_files import write_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

ASKS = ("--last-resort", *NOW)


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(calendar_of(INTERVIEW, FOCUS))
    return path


KINDS = ["html", "eml", "ics"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_ours_is_written_again(run: Run, calendar: Path, kind: str) -> None:
    target = calendar.with_name(f"out.{kind}")
    for _ in range(2):
        ran = run("check", calendar, f"--{kind}", target, *ASKS)
        assert ran.code == 4
        assert f"wrote {target}" in ran.err
    first = target.read_bytes()
    calendar.write_bytes(calendar.read_bytes().replace(b"20260505", b"20260506"))
    ran = run("check", calendar, f"--{kind}", target, *ASKS)
    assert f"wrote {target}" in ran.err
    assert target.read_bytes() != first


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_edited_since_is_yours(run: Run, calendar: Path, kind: str) -> None:
    target = calendar.with_name(f"out.{kind}")
    run("check", calendar, f"--{kind}", target, *ASKS)
    edited = target.read_bytes().replace(b"2026", b"2027") + b"mine\r\n"
    target.write_bytes(edited)
    ran = run("check", calendar, f"--{kind}", target, *ASKS)
    assert ran.code == 4
    assert "name another file" in ran.err
    assert target.read_bytes() == edited


YOURS = {
    "the word in a title": calendar_of(INTERVIEW.replace("Baker", "lastresort")),
    "our name as the producer": calendar_of(INTERVIEW).replace(b"PRODID:", b"PRODID:-//lastresort//"),
    "a draft of a mail program": b"X-Unsent: 1\r\nTo: eve@home.example\r\n\r\nlastresort\r\n",
    "a page about us": b'<!doctype html>\n<meta name="generator" content="lastresort 0.1">\n',
    "a mark without its hash": b"BEGIN:VCALENDAR\r\nX-LASTRESORT-MARK:0\r\nEND:VCALENDAR\r\n",
    "a mark in the wrong place": b"mine\nBEGIN:VCALENDAR\r\nX-LASTRESORT-MARK:0\r\n",
    "nothing": b"",
    "one line": b"BEGIN:VCALENDAR",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", YOURS.values(), ids=YOURS)
def test_anything_else_is_yours_and_stays(run: Run, calendar: Path, kind: str, data: bytes) -> None:
    target = calendar.with_name(f"yours.{kind}")
    target.write_bytes(data)
    ran = run("check", calendar, f"--{kind}", target, *ASKS)
    assert ran.code == 4
    assert str(target) in ran.err
    assert target.read_bytes() == data


def test_the_calendar_itself_is_never_replaced(run: Run, calendar: Path) -> None:
    before = calendar.read_bytes()
    assert run("check", calendar, "--ics", calendar, *ASKS).code == 4
    assert calendar.read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_written_is_told_and_the_answer_keeps_its_code(
    run: Run, calendar: Path, kind: str
) -> None:
    nowhere = calendar.with_name("nowhere") / f"out.{kind}"
    for options, code in ((ASKS, 4), (NOW, 3)):
        ran = run("check", calendar, f"--{kind}", nowhere, *options)
        assert ran.code == code
        assert f"--{kind}: " in ran.err
    calendar.write_bytes(calendar_of(INTERVIEW))
    ran = run("check", calendar, f"--{kind}", nowhere, *NOW)
    assert ran.code == 0
    assert f"--{kind}: " in ran.err


def test_holds_are_called_so_once(run: Run, calendar: Path) -> None:
    run("check", calendar, "--ics", calendar.with_name("holds.ics"), *ASKS)
    assert b"STATUS:TENTATIVE" in calendar.with_name("holds.ics").read_bytes()
    assert not list(calendar.parent.glob("holds-*"))


def test_a_link_to_a_file_of_ours_is_yours(run: Run, calendar: Path) -> None:
    """Whoever made the link may have meant another file to be written by it."""
    target, link = calendar.with_name("out.html"), calendar.with_name("link.html")
    run("check", calendar, "--html", target, *ASKS)
    first = target.read_bytes()
    link.symlink_to(target)
    calendar.write_bytes(calendar.read_bytes().replace(b"20260505", b"20260506"))
    ran = run("check", calendar, "--html", link, *ASKS)
    assert ran.code == 4
    assert f"--html: {link} exists already" in ran.err
    assert target.read_bytes() == first


def test_a_file_is_on_the_disk_before_it_takes_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut may leave the name with nothing behind it."""
    steps: list[tuple[str, int]] = []
    sync, rename = os.fsync, os.replace

    def note_sync(descriptor: int) -> None:
        steps.append(("synced", os.fstat(descriptor).st_ino))
        sync(descriptor)

    def note_rename(source: str, target: str) -> None:
        steps.append(("renamed", os.stat(source).st_ino))
        rename(source, target)

    monkeypatch.setattr("lastresort.secure_files.os.fsync", note_sync)
    monkeypatch.setattr("lastresort.secure_files.os.replace", note_rename)
    target = tmp_path / "kept.json"
    write_file(str(target), b"{}")
    number = target.stat().st_ino
    assert steps[:2] == [("synced", number), ("renamed", number)]
    if os.name != "nt":
        assert steps[2:] == [("synced", tmp_path.stat().st_ino)]
