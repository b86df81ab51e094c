"""What is being read, as one line on a terminal that waits for more than a moment, and is gone afterwards."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, TextIO

from lastresort.outputs.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 1.0
"""Seconds of silence before anything is shown."""
_PAUSE = 0.2


class _Line:
    """One line of a terminal, rewritten by a thread of its own while the work goes on."""

    def __init__(self, stream: TextIO, patience: float) -> None:
        self._stream, self._patience = stream, patience
        self._over = Event()
        self._number, self._name, self._shown = 0, "", 0
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def tell(self, name: str) -> None:
        """Note what is being read now."""
        self._number, self._name = self._number + 1, clean(name, 60)

    def end(self) -> None:
        """Erase the line, if there is one."""
        self._over.set()
        self._thread.join()
        self._write("")

    def _run(self) -> None:
        shown = None
        while not self._over.wait(self._patience if shown is None else _PAUSE):
            if shown != self._name:
                self._write(f"reading {self._name} (source {self._number}) ...")
                shown = self._name

    def _write(self, text: str) -> None:
        """Put the text over what stood there; with spaces, which every terminal understands."""
        line = text[: shutil.get_terminal_size().columns - 1]
        if line or self._shown:
            self._stream.write(f"\r{line:<{self._shown}}" + ("" if line else "\r"))
            self._stream.flush()
        self._shown = len(line)


@contextmanager
def showing_progress(
    stream: TextIO | None = None, patience: float = PATIENCE
) -> Iterator[Callable[[str], None]]:
    """Return, for the block, what takes the name of each source as it is begun.

    Nothing is ever written but to a terminal, standard error by default, and nothing stays there.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield _say_nothing
        return
    line = _Line(stream, patience)
    try:
        yield line.tell
    finally:
        line.end()


def _say_nothing(name: str) -> None:
    """Piped output and mail from cron hold results alone."""
    del name
