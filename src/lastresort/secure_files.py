"""Files of one person: readable by nobody else, replaced whole or not at all, one writer at a time."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from lastresort.errors import LastResortError

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFTOVER_SECONDS = 3600
"""Age at which an unfinished temporary file was surely left by a run that died."""

_PAUSE = 0.05
_PREFIX = ".lastresort-"


class LockedError(LastResortError):
    """Another run holds the lock, and the stated time to wait for it is over."""


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
    temporary = os.path.join(folder, f"{_PREFIX}{os.urandom(8).hex()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            now = os.fstat(stream.fileno()).st_mtime
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _settle(folder, now)


def _settle(folder: str, now: float) -> None:
    """Make the new name last, and clear away what runs that died have left."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
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
