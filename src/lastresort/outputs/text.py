"""Text that comes from calendars, made fit to be shown: strangers write titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lastresort.model import Problem

TITLE = 200
"""Characters of a title that are shown."""

_HARMLESS_FORMAT = "\u200c\u200d"  # joiners that scripts and emoji need


def clean(text: str, limit: int = TITLE) -> str:
    """Return one line without control, bidirectional or invisible characters, cut to `limit` characters."""
    head = text[: limit * 4]
    if not head.isprintable():
        head = "".join(_shown(char) for char in head)
    line = " ".join(head.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _shown(char: str) -> str:
    if char.isprintable() or char in _HARMLESS_FORMAT:
        return char
    return " " if char.isspace() else "" if char in "\x07\x1b" else "\ufffd" if char < "\xa0" else ""


def problem_line(problem: Problem) -> str:
    """Return a problem as one line: where, what, what to do."""
    source, message = clean(problem.source), clean(problem.message, 400)
    place = source + (f":{problem.line}" if problem.line else "")
    return message.replace(source, place, 1) if source in message else f"{place}: {message}"
