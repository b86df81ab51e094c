"""Text that strangers wrote, made fit to be shown, written or sent."""

from __future__ import annotations

LINE = 200
"""Characters of a name or a title that are worth showing."""

_JOINERS = "\u200c\u200d"  # inside a word, scripts and emoji need them


def one_line(text: str | None, limit: int = LINE) -> str:
    """Return the text as one line of at most `limit` characters, cut with `…`.

    White space becomes one space. Control, bidirectional and other invisible characters are left out. What is
    one line already comes back as it is. No text is empty.
    """
    if not text:
        return ""
    head = text[: limit * 4]
    if not head.isprintable():
        head = "".join(_visible(char) for char in head)
    line = " ".join(head.split()).strip(_JOINERS)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def printable(text: str, instead: str = "\ufffd") -> str:
    """Return the text with `instead` in place of each character that is not printable; spaces stay."""
    return text if text.isprintable() else "".join(c if c.isprintable() else instead for c in text)


def _visible(char: str) -> str:
    if char.isprintable() or char in _JOINERS:
        return char
    return " " if char.isspace() else ""
