"""Files in memory that fail, or die, at a chosen step: the same promises as the disk's, without one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lastresort.errors import RefusedError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable


class Died(BaseException):
    """The process was killed: nothing runs after it."""


class MemoryStorage:
    """Files by their path. `fails_at` and `dies_at` count the steps that touch them."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = dict(files or {})
        self.prepared: dict[tuple[str, str], bytes] = {}
        self.fails_at: int | None = None
        self.dies_at: int | None = None
        self.steps = 0
        self.unreadable = self.silent = False
        self.on_replace: Callable[[], object] = lambda: None
        self.meddle: dict[str, bytes] = {}
        """What another program writes just before the next change."""

    def _step(self) -> None:
        self.steps += 1
        if self.steps == self.fails_at:
            raise OSError(28, os.strerror(28))
        if self.dies_at is not None and self.steps >= self.dies_at:
            raise Died

    def revive(self) -> None:
        """Start counting again, without faults."""
        self.fails_at = self.dies_at = None
        self.steps = 0

    def read(self, path: str) -> bytes | None:
        if self.silent:
            raise SourceError("the server does not answer")
        if self.unreadable:
            raise OSError(13, os.strerror(13), path)
        return self.files.get(path)

    def prepare(self, path: str, data: bytes, token: str) -> None:
        self._step()
        assert (path, token) not in self.prepared, "temporary files are exclusive"
        self.prepared[path, token] = data
        self._step()

    def replace(self, path: str, before: bytes | None, token: str) -> bool:
        self._step()
        self.on_replace()
        self.files.update(self.meddle)
        self.meddle = {}
        if self.files.get(path) != before:
            raise RefusedError(f"{path}: changed meanwhile")
        self.files[path] = self.prepared.pop((path, token))
        return self._confirmed()

    def remove(self, path: str, before: bytes) -> bool:
        self._step()
        if self.files.get(path) != before:
            raise RefusedError(f"{path}: changed meanwhile")
        del self.files[path]
        return self._confirmed()

    def _confirmed(self) -> bool:
        """A failure after the change only means that nobody can be sure of it."""
        try:
            self._step()
        except OSError:
            return False
        return True

    def discard(self, path: str, token: str) -> None:
        if self.dies_at is not None and self.steps >= self.dies_at:
            raise Died
        self.prepared.pop((path, token), None)
