"""What is being read, told on a terminal that waits for more than a moment."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, TextIO

from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 1.0
"""Seconds of silence before anything is shown."""


class _Lines:
    """A line for each source that keeps one waiting, written by a thread while the work goes on.

    Nothing is erased again: that would take control characters, and a terminal may be a log in disguise.
    """

    def __init__(self, stream: TextIO, patience: float) -> None:
        self._stream, self._patience = stream, patience
        self._over = Event()
        self._number, self._name = 0, ""
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def tell(self, name: str) -> None:
        """Note what is being read now."""
        self._number, self._name = self._number + 1, one_line(name, 60)

    def end(self) -> None:
        """Write no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        told = 0
        while not self._over.wait(self._patience):
            if told != self._number:
                told = self._number
                self._stream.write(f"reading {self._name} ...\n")
                self._stream.flush()


@contextmanager
def showing_progress(
    stream: TextIO | None = None, patience: float = PATIENCE
) -> Iterator[Callable[[str], None]]:
    """Return, for the block, what takes the name of each source as it is begun.

    Nothing is ever written but to a terminal, standard error by default.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield lambda _: None
        return
    lines = _Lines(stream, patience)
    try:
        yield lines.tell
    finally:
        lines.end()
