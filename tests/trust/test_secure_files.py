"""Files of one person: how they are read, written and locked, whatever stands in their place."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lastresort import secure_files
from lastresort.cli.files import is_ours
from lastresort.errors import RefusedError
from lastresort.history import store
from lastresort.secure_files import (
    LEFTOVER_SECONDS,
    IrregularFileError,
    LockedError,
    create_file,
    hold_lock,
    make_folder,
    read_file,
    sync_folder,
    temporary_path,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from commandline import Ran

NOW = ("--now", "2026-03-02T08:00Z", "--tz", "UTC")


@pytest.fixture(autouse=True)
def open_mask() -> Iterator[None]:
    """Nothing is private by accident."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def sparse(path: Path, size: int) -> Path:
    """A file that claims to be large and takes no room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.truncate(size)
    return path


# -- reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "fits"), [(5, True), (4, False)])
def test_a_file_may_be_as_large_as_its_limit(tmp_path: Path, limit: int, fits: bool) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    if fits:
        assert read_file(str(file), limit) == b"12345"
    else:
        with pytest.raises(IrregularFileError):
            read_file(str(file), limit)


def test_a_pipe_and_a_folder_are_no_file_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(IrregularFileError):
            read_file(str(path), 100)


def test_of_a_file_that_hides_its_size_no_more_is_read_than_the_limit() -> None:
    assert len(read_file("/proc/self/status", 10)) == 10


def test_a_memory_that_is_too_large_is_moved_aside_and_told(tmp_path: Path) -> None:
    sparse(tmp_path / "memory.json", (16 << 20) + 1)
    with pytest.raises(RefusedError, match="cannot be read"):
        store.read_memory(str(tmp_path))
    with store.open_memory(str(tmp_path)) as book:
        assert "damaged" in (book.told or "")
    assert (tmp_path / "memory.json.damaged").exists()


def test_a_page_that_is_too_large_is_not_ours(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"<!doctype html>\n")
    with page.open("r+b") as stream:
        stream.truncate((64 << 20) + 1)
    assert not is_ours(str(page))


# -- writing ------------------------------------------------------------------------------------------------


def test_all_folders_that_are_made_are_private(tmp_path: Path) -> None:
    make_folder(str(tmp_path / "a/b/c"))
    make_folder(str(tmp_path / "a/b/c"))
    assert [mode(tmp_path / each) for each in ("a", "a/b", "a/b/c")] == [0o700] * 3


def test_the_folders_of_drafts_are_private(run: Callable[..., Ran], tmp_path: Path) -> None:
    calendar = tmp_path / "work.ics"
    calendar.write_bytes(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:talk\r\nSUMMARY:Interview: Cook at Acme\r\n"
        b"ORGANIZER:mailto:dana@acme.example\r\nDTSTART:20260304T100000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        b"END:VCALENDAR\r\n"
    )
    run("apply", calendar, "--hold", "--last-resort", "--yes", "--interview", "talk", *NOW)
    drafts = tmp_path / "letters/acme"
    ran = run("settle", calendar, "--slot", "1", "--yes", "--drafts", drafts, *NOW)
    assert (ran.code, "confirm.eml" in ran.out) == (0, True), ran.err
    assert [mode(path) for path in (drafts.parent, drafts, drafts / "confirm.eml")] == [0o700, 0o700, 0o600]


def test_a_file_is_private_and_replaces_the_old_one_whole(tmp_path: Path) -> None:
    file = tmp_path / "deep/file"
    write_file(str(file), b"one")
    file.chmod(0o644)
    write_file(str(file), b"two")
    assert (file.read_bytes(), mode(file), mode(file.parent)) == (b"two", 0o600, 0o700)
    assert os.listdir(file.parent) == ["file"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "there/file")
    write_file(str(link), b"new")
    assert link.is_symlink()
    assert (tmp_path / "there/file").read_bytes() == b"new"


@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_where_it_cannot_be_written_the_old_file_stays_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(secure_files.os, call, refuse)
    with pytest.raises(OSError, match="No space"):
        write_file(str(file), b"new")
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_what_is_written_is_on_the_disk_before_it_takes_its_place_and_so_is_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        status = os.fstat(descriptor)
        done.append("folder" if stat.S_ISDIR(status.st_mode) else f"{status.st_size} bytes")
        fsync(descriptor)

    def replaced(old: str, new: str) -> None:
        done.append("name")
        replace(old, new)

    monkeypatch.setattr(secure_files.os, "fsync", synced)
    monkeypatch.setattr(secure_files.os, "replace", replaced)
    write_file(str(tmp_path / "file"), b"12345")
    assert done == ["5 bytes", "name", "folder"]


def test_a_folder_that_cannot_be_synced_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sync_folder(str(tmp_path))
    assert not sync_folder(str(tmp_path / "none"))

    def refuse(_: int) -> None:
        raise OSError

    monkeypatch.setattr(secure_files.os, "fsync", refuse)
    assert not sync_folder(str(tmp_path))


def test_no_file_is_opened_over_another(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"mine")
    with pytest.raises(FileExistsError), create_file(str(file)):
        pytest.fail("it was opened")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError), create_file(str(tmp_path / "link")):
        pytest.fail("it was opened")
    assert file.read_bytes() == b"mine"
    assert not (tmp_path / "elsewhere").exists()


def test_what_runs_that_died_have_left_is_cleared_away_and_nothing_else(tmp_path: Path) -> None:
    old, fresh = (Path(temporary_path(str(tmp_path / "x"), token)) for token in ("old", "fresh"))
    others = [tmp_path / name for name in (".lastresort-notes", "draft.tmp", ".other.tmp")]
    for path in (old, fresh, *others):
        path.touch()
    long_ago = fresh.stat().st_mtime - LEFTOVER_SECONDS - 10
    for path in (old, *others):
        os.utime(path, (long_ago, long_ago))
    write_file(str(tmp_path / "file"), b"")
    assert sorted(tmp_path.iterdir()) == sorted([tmp_path / "file", fresh, *others])


# -- locks --------------------------------------------------------------------------------------------------


def test_a_lock_is_private_and_falls_at_the_end(tmp_path: Path) -> None:
    lock = tmp_path / "locks/one.lock"
    with hold_lock(str(lock), 0), pytest.raises(LockedError), hold_lock(str(lock), 0):
        pytest.fail("two hold it")
    with hold_lock(str(lock), 0):
        assert (mode(lock), mode(lock.parent)) == (0o600, 0o700)


def test_a_lock_that_falls_while_it_is_waited_for_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = str(tmp_path / "one.lock")
    held, waited = threading.Event(), threading.Event()

    def hold() -> None:
        with hold_lock(lock, 0):
            held.set()
            waited.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(30)

    def release(_: float) -> None:
        waited.set()
        other.join()

    monkeypatch.setattr(secure_files.time, "sleep", release)
    with hold_lock(lock, 10):
        assert waited.is_set()
