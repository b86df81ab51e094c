"""The standard streams as a run needs them: there, and standard error never a reason to fail.

A run that changes something says what stands when its answer cannot be written.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from lastresort.errors import ClosedPipeError, LastResortError, RefusedError, StandingError, StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def say(text: str) -> None:
    """Say something beside the answer, on standard error."""
    print(f"lastresort: {text}", file=sys.stderr)


def close_output() -> None:
    """Lead standard output nowhere: Python would complain once more when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def unwritten(error: OSError) -> str:
    """Return why standard output takes nothing more, in words."""
    return f"the answer cannot be written ({(error.strerror or 'an error').lower()})"


@contextmanager
def before_the_change(*, only_looks: bool) -> Iterator[None]:
    """Yield what comes before a change, for the block: nothing is changed where nobody can read of it.

    A run that `only_looks` may end as any other does. Raises RefusedError.
    """
    try:
        yield
        if not only_looks:
            sys.stdout.flush()
    except OSError as error:
        closed = isinstance(error, BrokenPipeError)
        if only_looks or not (closed or error.filename is None):
            raise
        close_output()
        raise RefusedError(f"{unwritten(error)}; nothing was changed") from None


@contextmanager
def after_the_change(stands: str, *, told: bool = False) -> Iterator[None]:
    """What follows a change, for the block: however that ends, what `stands` is said.

    An empty text means that nothing was changed. Raises StoppedError after Ctrl-C, StandingError for what
    failed, and ClosedPipeError where the reader has gone: the change is made, so the run ends well, and
    without a word where the reader was `told` of it before.
    """
    try:
        yield
        if stands:
            sys.stdout.flush()
    except (StoppedError, StandingError, ClosedPipeError):
        raise
    except KeyboardInterrupt:
        if not stands:
            raise
        raise StoppedError(f"stopped; {stands}") from None
    except BrokenPipeError:
        if stands and not told:
            say(stands)
        raise ClosedPipeError from None
    except OSError as error:
        if not stands:
            raise
        if error.filename is not None:
            raise StandingError(f"{error.strerror}: {error.filename}; {stands}") from None
        close_output()
        raise StandingError(f"{unwritten(error)}; {stands}") from None
    except LastResortError as error:
        if not stands:
            raise
        raise StandingError(f"{error}; {stands}") from None


def is_output_closed() -> bool:
    """Tell whether the run was started without a standard output (`>&-`), so that nobody reads its answer."""
    return getattr(sys.stdout, "name", "") == 1  # opened by its number above; Python's own has a name
