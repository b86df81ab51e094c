"""The standard streams as a run needs them: there, and standard error never a reason to fail."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, TextIO


class _Forgiving:
    """A stream whose failures end no run: what is said beside the answer may be lost on a full disk."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def prepare_streams() -> None:
    """Let standard streams that are closed lead nowhere, and standard error fail silently.

    Otherwise the next file that is opened, a calendar perhaps, takes the number of standard output, and
    Python's streams are `None`.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = _Forgiving(sys.stderr or open(2, "w", encoding="utf-8", closefd=False))  # noqa: SIM115


def is_output_closed() -> bool:
    """Tell whether the run was started without a standard output (`>&-`), so that nobody reads its answer."""
    return getattr(sys.stdout, "name", "") == 1  # opened by its number above; Python's own has a name
