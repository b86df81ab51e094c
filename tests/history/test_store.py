"""The memory on the disk: private, whole, one run at a time."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import stat
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.errors import RefusedError
from lastresort.history.records import Memory, Request, RequestContact, ToldClash
from lastresort.history.store import decode, encode, open_memory, read_memory
from lastresort.secure_files import LockedError, hold_lock, write_file

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
CLASH = ToldClash(
    "i", "o", NOW, NOW, NOW, NOW, "clash", "rearrange", "Gespräch \ud800", "x", ("work", "home"), 2
)
REQUEST = Request(
    "i", NOW, NOW, ((NOW, NOW),), "title", None, NOW, True, RequestContact("Cook", "Pan", minutes=45)
)
FULL = Memory((CLASH,), (REQUEST,), frozenset({"feed\0unread"}))
processes = multiprocessing.get_context("spawn")


def test_what_is_kept_is_what_is_found(tmp_path: Path) -> None:
    with open_memory(str(tmp_path)) as book:
        assert (book.memory, book.told) == (Memory(), None)
        book.save(FULL)
    with open_memory(str(tmp_path)) as book:
        assert (book.memory, book.told) == (FULL, None)
    assert read_memory(str(tmp_path)) == FULL


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "lastresort"
    with open_memory(str(folder)) as book:
        book.save(FULL)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]


def test_a_request_of_an_earlier_version_has_no_contact() -> None:
    document = json.loads(encode(FULL))
    del document["requests"][0]["contact"], document["requests"][0]["held"]
    (request,) = decode(json.dumps(document).encode()).requests
    assert request == REQUEST._replace(contact=RequestContact())


DAMAGED = [
    encode(FULL).replace(b'"minutes": 45', b'"minutes": "45"'),
    encode(FULL).replace(b'"role": "Cook"', b'"salary": "Cook"'),
    encode(FULL).replace(b'"title": "title"', b'"title": 5'),
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"version": "x"}',
    b'{"version": 1, "clashes": null}',
    b'{"version": 1, "clashes": [{}], "requests": [], "problems": []}',
    b'{"version": 1, "clashes": 3, "requests": [], "problems": []}',
    encode(FULL)[:-20],
    encode(FULL).replace(b"2026-05-04T07:30:00+00:00", b"2026-05-04T07:30:00"),
    encode(FULL).replace(b'"urgency": 2', b'"urgency": "2"'),
    b"[" * 100_000,
    encode(FULL).replace(b"2026-05-04T07:30:00+00:00", b"0001-01-01T00:00:00+14:00"),
    encode(FULL).replace(b"2026-05-04T07:30:00+00:00", b"9999-12-31T23:59:59-14:00"),
]


@pytest.mark.parametrize("raw", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_memory_is_moved_aside_and_told(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "memory.json").write_bytes(raw)
    with pytest.raises(RefusedError, match="cannot be read"):
        read_memory(str(tmp_path))
    with open_memory(str(tmp_path)) as book:
        assert book.memory == Memory()
        assert "everything counts as new" in (book.told or "")
    assert (tmp_path / "memory.json.damaged").read_bytes() == raw
    with open_memory(str(tmp_path)) as book:
        assert book.told is None


@pytest.mark.skipif(os.name != "posix", reason="FIFOs are of POSIX")
def test_what_is_no_file_is_moved_aside_and_told_and_nothing_waits_for_it(tmp_path: Path) -> None:
    for _ in range(2):
        os.mkfifo(tmp_path / "memory.json")
        with open_memory(str(tmp_path)) as book:
            assert "everything counts as new" in (book.told or "")
        (tmp_path / "memory.json").mkdir()
        with open_memory(str(tmp_path)) as book:
            assert "everything counts as new" in (book.told or "")
            book.save(FULL)
        (tmp_path / "memory.json").unlink()
    assert len(list(tmp_path.glob("memory.json.damaged*"))) == 4


def test_a_memory_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "memory.json").write_bytes(b'{"version": 2}')
    with pytest.raises(RefusedError, match="later version"), open_memory(str(tmp_path)):
        pass
    assert (tmp_path / "memory.json").read_bytes() == b'{"version": 2}'


@given(st.binary(max_size=200))
def test_any_bytes_are_damaged_or_a_memory(raw: bytes) -> None:
    try:
        assert isinstance(decode(raw), Memory)
    except (ValueError, RefusedError):
        return


def test_a_lock_is_waited_for_a_stated_time(tmp_path: Path) -> None:
    lock = str(tmp_path / "memory.lock")
    with hold_lock(lock, 0), pytest.raises(LockedError, match=r"for more than 0\.1 s"):  # noqa: SIM117
        with open_memory(str(tmp_path), seconds=0.1):
            pass
    with open_memory(str(tmp_path), seconds=0):
        pass


def count_up(folder: str, times: int) -> None:
    """Add to what is there, as runs do that end at the same time."""
    for _ in range(times):
        with open_memory(folder) as book:
            book.save(book.memory._replace(problems=book.memory.problems | {str(len(book.memory.problems))}))


def test_two_runs_at_once_do_not_lose_anything(tmp_path: Path) -> None:
    runs = [processes.Process(target=count_up, args=(str(tmp_path), 15)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert len(read_memory(str(tmp_path)).problems) == 30


def write_for_ever(folder: str) -> None:
    sizes = [FULL, FULL._replace(clashes=FULL.clashes * 500)]
    while True:
        for memory in sizes:
            with open_memory(folder) as book:
                book.save(memory)


def test_a_kill_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    """Killed at whatever moment, the file is whole and the lock is free."""
    for step in range(4):
        run = processes.Process(target=write_for_ever, args=(str(tmp_path),))
        run.start()
        while not (tmp_path / "memory.json").exists():
            assert run.is_alive()
            time.sleep(0.01)
        time.sleep(0.03 + 0.017 * step)
        os.kill(run.pid or 0, signal.SIGKILL)
        run.join()
        with open_memory(str(tmp_path), seconds=0) as book:
            assert book.told is None
            assert book.memory.requests == FULL.requests


def test_leftovers_of_killed_runs_are_cleared_away(tmp_path: Path) -> None:
    old, young = tmp_path / ".lastresort-1.tmp", tmp_path / ".lastresort-2.tmp"
    for path in (old, young):
        path.touch()
    os.utime(old, (0, 0))
    write_file(str(tmp_path / "a"), b"data")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lastresort-2.tmp", "a"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x").touch()
    with pytest.raises(OSError, match="directory"):
        write_file(str(tmp_path / "folder"), b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real/file")
    write_file(str(tmp_path / "link"), b"data")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "file").read_bytes() == b"data"
