"""The memory on the disk: one JSON file, versioned, for its owner alone, changed by one run at a time."""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from lastresort import codec
from lastresort.errors import RefusedError
from lastresort.history.records import Memory
from lastresort.secure_files import IrregularFileError, hold_lock, read_file, write_file

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1
SECONDS = 10.0
"""How long a run waits for another one that is at work on the memory."""

_LARGEST = 16 << 20


class Book:
    """The memory of a folder while its lock is held. `told` says what was wrong with it, if anything."""

    def __init__(self, path: str, memory: Memory, told: str | None) -> None:
        self.path = path
        self.memory = memory
        self.told = told

    def save(self, memory: Memory) -> None:
        """Keep a new state, whole or not at all. Raises OSError when it cannot be written."""
        write_file(self.path, encode(memory))
        self.memory = memory


@contextmanager
def open_memory(folder: str, seconds: float = SECONDS) -> Iterator[Book]:
    """Hold the memory of a state folder: two runs at once take turns.

    A damaged file is moved aside and told, the memory then being empty. Raises LockedError after `seconds`,
    RefusedError for a file of a later version, OSError when the folder cannot be used.
    """
    path = os.path.join(folder, "memory.json")
    with hold_lock(os.path.join(folder, "memory.lock"), seconds):
        memory, told = _load(path)
        yield Book(path, memory, told)


def read_memory(folder: str) -> Memory:
    """Return the memory without holding it, for those who only look; empty where there is none.

    Raises RefusedError for a file that is damaged, no file at all, or of a later version.
    """
    path = os.path.join(folder, "memory.json")
    try:
        return decode(read_file(path, _LARGEST))
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError):
        raise RefusedError(f"{path}: the memory of earlier runs cannot be read; it is left aside") from None


def _load(path: str) -> tuple[Memory, str | None]:
    try:
        return decode(read_file(path, _LARGEST)), None
    except FileNotFoundError:
        return Memory(), None
    except (IrregularFileError, ValueError):
        names = (f"{path}.damaged" if number == 1 else f"{path}.damaged-{number}" for number in count(1))
        aside = next(name for name in names if not os.path.lexists(name))
        os.rename(path, aside)
        return (
            Memory(),
            f"the memory of earlier runs was damaged; it lies in {aside}, and everything counts as new",
        )


def encode(memory: Memory) -> bytes:
    """Return the memory as JSON."""
    return codec.encode(memory, VERSION)


def decode(raw: bytes) -> Memory:
    """Return the memory in JSON. Raises ValueError when it is damaged, RefusedError when it is newer."""
    try:
        return codec.decode(raw, Memory, VERSION)
    except codec.NewerError:
        raise RefusedError(
            "the memory of earlier runs was written by a later version of lastresort; update this one"
        ) from None
