"""Text from calendars on its way into a message: one line, nothing invisible, not too long."""

from __future__ import annotations

LINE = 200
"""Characters of a name or a title that are worth saying."""
JOINERS = "\u200c\u200d"
"""Scripts and emoji need them inside a word."""


def clean_line(text: str | None, limit: int = LINE) -> str:
    """Return the text as one line without control, bidirectional or other invisible characters."""
    if not text:
        return ""
    head = "".join(_kept(char) for char in text[: limit * 4])
    line = " ".join(head.split()).strip(JOINERS)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _kept(char: str) -> str:
    if char.isprintable() or char in JOINERS:
        return char
    return " " if char.isspace() else ""
