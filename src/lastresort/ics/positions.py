"""Where events stand in a file: line numbers for problems, found by reading it again."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from lastresort.errors import SourceError
from lastresort.ics import quirks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.model import Document

_CHUNK = 1 << 20


def find_lines(document: Document, ordinals: set[int]) -> dict[int, int]:
    """Return the line, from 1, on which the events with these ordinals begin; nothing when unreadable."""
    try:
        with document.open() as stream:
            starts = islice(enumerate(_event_lines(stream)), max(ordinals) + 1)
            return {ordinal: line for ordinal, line in starts if ordinal in ordinals}
    except (OSError, SourceError):
        return {}


@cache
def _begin_form() -> re.Pattern[bytes]:
    """BEGIN:VEVENT in any case, folds anywhere in it."""
    fold = rb"(?:\n[ \t])?"
    return re.compile(rb"\n" + fold.join(bytes((char,)) for char in b"BEGIN:VEVENT"), re.IGNORECASE)


def _event_lines(stream: BinaryIO) -> Iterator[int]:
    repair = None
    rest, line = b"\n", 0
    while raw := stream.read(_CHUNK):
        repair = repair or quirks.find_repair(raw)
        text = rest + repair(raw)
        at = 0
        for found in _begin_form().finditer(text):
            line += text.count(b"\n", at, found.start() + 1)
            at = found.start() + 1
            yield line
        # what may be the beginning of a BEGIN:VEVENT waits for the next chunk
        keep = max(at, text.rfind(b"\n", 0, max(len(text) - 60, 0)), 0)
        line += text.count(b"\n", at, keep)
        rest = text[keep:]
