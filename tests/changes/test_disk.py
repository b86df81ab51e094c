"""Files are replaced or taken away only while they are what was read, and keep whose they are."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest
from storages import MemoryStorage

from lastresort.changes.disk import Disk, DiskOrServer
from lastresort.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD, NEW, THEIRS = b"old bytes", b"new bytes", b"old bytez"
DISK = Disk()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(OLD)
    return path


def write_unseen(path: Path) -> None:
    """Write other bytes of the same number, and put the file's times back."""
    status = path.stat()
    with path.open("r+b") as stream:
        stream.write(THEIRS)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


MEDDLING: dict[str, tuple[Callable[[Path], object], bytes | None]] = {
    "written in place, with the same times": (write_unseen, THEIRS),
    "taken away": (lambda path: path.unlink(), None),
}


@pytest.mark.parametrize(("meddle", "found"), MEDDLING.values(), ids=MEDDLING)
def test_what_another_program_did_since_is_neither_overwritten_nor_taken_away(
    file: Path, meddle: Callable[[Path], object], found: bytes | None
) -> None:
    DISK.prepare(str(file), NEW, "1-0")
    meddle(file)
    with pytest.raises(RefusedError, match="another program has changed it"):
        DISK.replace(str(file), OLD, "1-0")
    with pytest.raises(RefusedError, match="another program has changed it"):
        DISK.remove(str(file), OLD)
    DISK.discard(str(file), "1-0")
    assert DISK.read(str(file)) == found
    assert [entry.name for entry in file.parent.iterdir()] == (["work.ics"] if found else [])


def test_a_file_that_another_program_made_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "new.ics"
    DISK.prepare(str(path), NEW, "1-0")
    path.write_bytes(THEIRS)
    with pytest.raises(RefusedError):
        DISK.replace(str(path), None, "1-0")
    assert path.read_bytes() == THEIRS


def test_what_did_not_change_is_replaced_and_taken_away(file: Path) -> None:
    DISK.prepare(str(file), NEW, "1-0")
    assert DISK.replace(str(file), OLD, "1-0")
    assert file.read_bytes() == NEW
    assert DISK.remove(str(file), NEW)
    assert not file.exists()
    DISK.discard(str(file), "1-0")


@pytest.mark.parametrize("hurt", ["mode", "link"])
def test_a_file_that_may_not_be_replaced_is_not_taken_away(file: Path, hurt: str) -> None:
    if hurt == "mode":
        file.chmod(0o440)
    else:
        file.with_name("other.name").hardlink_to(file)
    with pytest.raises(RefusedError, match=r"write-protected|other names"):
        DISK.remove(str(file), OLD)
    assert file.read_bytes() == OLD


def of_another_owner(path: Path) -> Callable[..., os.stat_result]:
    real = os.stat

    def look(name: object, **options: object) -> os.stat_result:
        status = real(name, **options)  # type: ignore[arg-type]
        values = list(status[:10])
        if name == str(path):
            values[stat.ST_UID] += 1
            values[stat.ST_GID] += 2
        return os.stat_result(values)

    return look


@pytest.mark.skipif(os.name == "nt", reason="files have no such owner there")
def test_the_new_file_gets_the_owner_of_the_old_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "fchown", lambda _, user, group: asked.append((user, group)))
    DISK.prepare(str(file), NEW, "1-0")
    assert asked == [], "it has it already"
    monkeypatch.setattr(os, "stat", of_another_owner(file))
    DISK.prepare(str(file), NEW, "2-0")
    status = file.parent.stat()
    assert asked == [(status.st_uid + 1, status.st_gid + 2)]


@pytest.mark.skipif(os.name == "nt", reason="files have no such owner there")
def test_a_file_whose_owner_cannot_be_kept_is_not_replaced(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    monkeypatch.setattr(os, "stat", of_another_owner(file))
    with pytest.raises(RefusedError, match="belongs to somebody else"):
        DISK.prepare(str(file), NEW, "1-0")


def test_where_python_knows_no_attributes_files_change_all_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "listxattr", raising=False)
    DISK.prepare(str(file), NEW, "1-0")
    assert DISK.replace(str(file), OLD, "1-0")
    assert file.read_bytes() == NEW


@pytest.mark.skipif(not hasattr(os, "listxattr"), reason="Python knows attributes on Linux alone")
def test_a_file_system_without_attributes_is_no_reason_to_refuse(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(os, "listxattr", refuse)
    DISK.prepare(str(file), NEW, "1-0")
    assert DISK.replace(str(file), OLD, "1-0")


def test_files_and_objects_on_servers_are_told_apart(file: Path) -> None:
    address = "caldav+https://cal.example/me/work.ics"
    server = MemoryStorage({address: OLD})
    both = DiskOrServer(server)
    for path in (str(file), address):
        assert both.read(path) == OLD
        both.prepare(path, THEIRS, "1-0")
        both.discard(path, "1-0")
        both.prepare(path, NEW, "1-0")
        assert both.replace(path, OLD, "1-0")
        assert both.read(path) == NEW
        assert both.remove(path, NEW)
        assert both.read(path) is None
    assert list(file.parent.iterdir()) == []
    assert server.prepared == {}
