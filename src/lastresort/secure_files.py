"""Files of one person: readable by nobody else, replaced whole or not at all, one writer at a time."""

from __future__ import annotations

import errno
import os
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from lastresort.errors import LastResortError

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFTOVER_SECONDS = 3600
"""Age at which an unfinished temporary file was surely left by a run that died."""

_PAUSE = 0.05
_PREFIX = ".lastresort-"


class LockedError(LastResortError):
    """Another run holds the lock, and the stated time to wait for it is over."""


class IrregularFileError(OSError):
    """A folder, a FIFO or a device stands where a file is expected, or the file is too large for its kind."""


def read_file(path: str, limit: int) -> bytes:
    """Return the bytes of a file. Raises OSError, among them IrregularFileError; never waits for a FIFO."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            raise IrregularFileError(errno.EINVAL, "no usable file", path)
        with open(descriptor, "rb", closefd=False) as stream:
            return stream.read(limit)
    finally:
        os.close(descriptor)


def make_folder(path: str) -> None:
    """Create a folder and those above it that are missing, all for the owner alone (0700)."""
    missing = []
    while path and not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for folder in reversed(missing):
        with suppress(FileExistsError):  # another run may be as quick
            os.mkdir(folder, 0o700)


def write_file(path: str, data: bytes) -> None:
    """Write a file for the owner alone (0600), whole or not at all; a symbolic link stays one.

    Raises OSError; the old file is untouched then.
    """
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    make_folder(folder)
    temporary = temporary_path(target, os.urandom(8).hex())
    with create_file(temporary) as stream:
        stream.write(data)
        now = os.fstat(stream.fileno()).st_mtime
    try:
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(folder)
    _remove_leftovers(folder, now)


@contextmanager
def create_file(path: str) -> Iterator[BinaryIO]:
    """Open a new file for the owner alone (0600); when the block ends it is whole and on the disk.

    Raises FileExistsError when there is one, OSError when it cannot be written; nothing of it is left then.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def temporary_path(path: str, token: str) -> str:
    """Return the name under which a file is written before it takes its place: hidden, with no suffix of its
    own, so that nobody takes it for the file."""
    return os.path.join(os.path.dirname(path), f"{_PREFIX}{token}.tmp")


def sync_folder(folder: str) -> bool:
    """Make new names in a folder last. Returns False when the disk did not confirm it."""
    if os.name == "nt":
        return True
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        os.fsync(descriptor)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _remove_leftovers(folder: str, now: float) -> None:
    """Clear away what runs that died have left."""
    for entry in os.scandir(folder):
        if entry.name.startswith(_PREFIX) and entry.name.endswith(".tmp"):
            with suppress(OSError):
                if now - entry.stat().st_mtime > LEFTOVER_SECONDS:
                    os.unlink(entry.path)


@contextmanager
def hold_lock(path: str, seconds: float) -> Iterator[None]:
    """Hold a lock while the block runs; it falls with the process, however that ends.

    Raises LockedError when another run keeps it for longer than `seconds`.
    """
    make_folder(os.path.dirname(path))
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        _wait(descriptor, path, seconds)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not _try_lock(descriptor):
        if time.monotonic() >= end:
            raise LockedError(
                f"another run holds {path} for more than {seconds:g} s; try again when it has ended"
            )
        time.sleep(_PAUSE)


def _try_lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
