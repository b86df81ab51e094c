"""Where text for a person is printed: indented, wrapped to the width at hand, coloured only on a terminal.

A page knows nothing of what it says. Widths are counted in columns of a terminal; a Chinese character takes
two of them.
"""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, TextIO
from unicodedata import category, combining, east_asian_width, normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

GOOD, BAD, DOUBT, QUIET, STRONG = "green", "bold red", "yellow", "dim", "bold"
WIDEST = 100
"""Prose is wrapped no wider than this, however wide the terminal: long lines are hard to read."""
NARROWEST = 20
"""Prose gets at least as many columns, though the terminal has fewer."""
SHORTEST = 16
"""Columns to which a title is cut where a table is too wide."""
UNKNOWN_WIDTH = 80
COLORS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
"""The colours of every terminal, in the order of their codes; `#rrggbb` is shown by most."""
Cell = str | tuple[str, str]
"""Text, or text and style: `bold`, `dim` and a colour, separated by spaces."""


class Page:
    """Prints paragraphs and tables on a stream."""

    def __init__(self, stream: TextIO, *, color: bool, ascii_only: bool = False) -> None:
        dumb = stream.isatty() and os.environ.get("TERM", "").lower() in {"dumb", "unknown"}
        self._stream = stream
        self._color = color and stream.isatty() and not dumb
        self._ascii = ascii_only
        self.full_width = UNKNOWN_WIDTH if dumb else _find_width()
        """Columns of the terminal, for what is not read as prose."""
        self.width = min(self.full_width, WIDEST)
        """Columns that prose uses."""
        self.free = "." if ascii_only else "·"
        """The sign for time that is free."""

    def line(self, *parts: Cell, indent: int = 0, hang: int = 2) -> None:
        """Print one paragraph of plain or (text, style) parts; what wraps hangs `hang` columns further in."""
        self._wrap(self._prepare(parts), indent, hang)

    def rows(self, rows: Sequence[Sequence[Cell]], indent: int = 0) -> None:
        """Print a table without lines; the last column wraps below itself, or further left if narrow."""
        texts = [self._prepare(row) for row in rows]
        widths = [max(map(columns, column)) + 2 for column in list(zip(*texts, strict=True))[:-1]]
        narrow = self.width - indent - sum(widths) < 24
        for row in texts:
            line: list[tuple[str, str]] = []
            for cell, width in zip(row, widths, strict=False):
                line += (cell, (" " * (2 if narrow else width - columns(cell)), ""))
            self._wrap([*line, row[-1]], indent, 4 if narrow else sum(widths))

    def table(self, rows: Sequence[Sequence[Cell]], *, cut: int, split: int, indent: int = 0) -> None:
        """Print a table without lines, never wrapped inside a cell, as wide as the terminal.

        Where it is too wide, the column `cut` is shortened; where that is not enough, the columns from
        `split` on stand on a second line.
        """
        texts = [self._prepare(row) for row in rows]
        widths = [max(map(columns, column)) for column in zip(*texts, strict=True)]
        room = self.full_width - indent
        gaps = 2 * (len(widths) - 1)
        widths[cut] = max(widths[cut] - max(sum(widths) + gaps - room, 0), min(widths[cut], SHORTEST))
        parts = [slice(None)] if sum(widths) + gaps <= room else [slice(split), slice(split, None)]
        if len(parts) > 1:
            widths[cut] = max(room - sum(widths[:split]) + widths[cut] - 2 * (split - 1), SHORTEST)
        for row in texts:
            row[cut] = self._shorten(row[cut], widths[cut])
            for place, part in enumerate(parts):
                line = [(" " * (indent + (6 if place else 0)), "")]
                for cell, width in zip(row[part], widths[part], strict=True):
                    line += (cell, (" " * (2 if place else width - columns(cell) + 2), ""))
                if any(text.strip() for text, _ in line):
                    self._print(line)

    def flow(self, title: Cell, texts: Sequence[str], indent: int = 0) -> None:
        """Print texts beside a title, as many on a line as there is room for, none of them broken."""
        (start,) = self._prepare([title])
        room = self.width - indent - columns(start) - 2
        lines: list[str] = []
        for text in texts:
            if lines and len(lines[-1]) + 3 + len(text) <= room:
                lines[-1] += f"   {text}"
            else:
                lines.append(text)
        for place, line in enumerate(lines):
            beside = (" " * columns(start), "") if place else start
            self._print([(" " * indent, ""), beside, ("  ", ""), *self._prepare([line])])

    def draft(self, text: str) -> None:
        """Print text that is to be copied: as it stands, not wrapped, not indented."""
        for row in text.splitlines():
            self.fixed(row)

    def command(self, text: str, indent: int) -> None:
        """Print a command line: never wrapped, so that it can be copied whole."""
        self.fixed(" " * indent, (text, QUIET))

    def fixed(self, *parts: Cell) -> None:
        """Print one line that is never wrapped, whatever its length."""
        self._write(self._prepare(parts))

    def blank(self) -> None:
        """Print an empty line."""
        self._write([])

    def _prepare(self, parts: Sequence[Cell]) -> list[tuple[str, str]]:
        pairs = [(part, "") if isinstance(part, str) else part for part in parts]
        return [(plain(text), style) for text, style in pairs] if self._ascii else pairs

    def _wrap(self, parts: list[tuple[str, str]], indent: int, hang: int) -> None:
        """Print the first row as wide as there is room; what is left is wrapped again, further in."""
        text = "".join(text for text, _ in parts)
        if not text:
            return
        first, *more = break_rows(text, max(self.width - indent, NARROWEST))
        self._print([(" " * indent, ""), *_cut(parts, first)])
        if more:
            rest = more[0].start + len(text[more[0].start :]) - len(text[more[0].start :].lstrip())
            for row in break_rows(text[rest:], max(self.width - indent - hang, NARROWEST)):
                part = slice(rest + row.start, rest + row.stop)
                self._print([(" " * (indent + hang), ""), *_cut(parts, part)])

    def _shorten(self, cell: tuple[str, str], width: int) -> tuple[str, str]:
        text, style = cell
        if columns(text) <= width:
            return cell
        room = width if self._ascii else width - 1
        ends = accumulate(map(columns, text))
        kept = text[: sum(end <= room for end in ends)]
        return (kept if self._ascii else f"{kept}…", style)

    def _print(self, parts: list[tuple[str, str]]) -> None:
        """Print a row without the spaces at its end."""
        length = len("".join(text for text, _ in parts).rstrip())
        self._write(_cut(parts, slice(0, length)))

    def _write(self, parts: Sequence[tuple[str, str]]) -> None:
        painted = (_paint(text, style) if self._color and style and text else text for text, style in parts)
        self._stream.write("".join(painted) + "\n")


def open_page(stream: TextIO | None = None, *, color: bool = True, ascii_only: bool = False) -> Page:
    """Return a page on the stream, standard output by default; in ASCII where nothing else can be read."""
    stream = stream or sys.stdout
    # cron sets the locale so; the encoding of a file or pipe may know no more either
    spoken = os.environ.get("LC_ALL") in {"C", "POSIX"}
    readable = (stream.encoding or "utf-8").lower().startswith("utf")
    return Page(stream, color=color, ascii_only=ascii_only or spoken or not readable)


# -- widths and rows ----------------------------------------------------------------------------------------


def _find_width() -> int:
    """The width of the terminal, also where only what is printed goes elsewhere (`| less`)."""
    given = os.environ.get("COLUMNS", "")
    if given.isdigit() and int(given):
        return int(given)
    for descriptor in range(3):
        try:
            return os.get_terminal_size(descriptor).columns or UNKNOWN_WIDTH
        except OSError:  # no terminal
            continue
    return UNKNOWN_WIDTH


def columns(text: str | tuple[str, str]) -> int:
    """Return how many columns of a terminal a text takes, or the text of a cell."""
    text = text if isinstance(text, str) else text[0]
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@lru_cache(maxsize=4096)
def _columns_of(char: str) -> int:
    if combining(char) or category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if east_asian_width(char) in {"W", "F"} else 1


def break_rows(text: str, width: int) -> list[slice]:
    """Return the rows of a text, at least one, each at most as wide; a word that is wider is broken."""
    rows = []
    start = used = 0
    for word in re.finditer(r"\s*\S+\s*", text):
        needed = columns(word[0].rstrip())
        if used + needed <= width:
            used += columns(word[0])
            continue
        if word.start() > start:
            rows.append(slice(start, word.start()))
            start = word.start()
        used = 0
        for place in range(start, word.end()):
            size = columns(text[place])
            if used + size > width and not text[place].isspace():
                rows.append(slice(start, place))
                start, used = place, 0
            used += size
    return [*rows, slice(start, len(text))]


def _cut(parts: Sequence[tuple[str, str]], row: slice) -> list[tuple[str, str]]:
    """What stands in a row of the joined text of the parts."""
    found = []
    start = 0
    for text, style in parts:
        piece = text[max(row.start - start, 0) : max(row.stop - start, 0)]
        if piece:
            found.append((piece, style))
        start += len(text)
    return found


# -- colours ------------------------------------------------------------------------------------------------


def _paint(text: str, style: str) -> str:
    return f"\x1b[{';'.join(map(_code, style.split()))}m{text}\x1b[0m"


def _code(word: str) -> str:
    """The code of a terminal (ECMA-48 SGR) for one word of a style."""
    if word in COLORS:
        return str(30 + COLORS.index(word))
    if word.startswith("#"):
        return "38;2;" + ";".join(str(int(word[place : place + 2], 16)) for place in (1, 3, 5))
    return {"bold": "1", "dim": "2"}[word]


# -- nothing but ASCII --------------------------------------------------------------------------------------


_ASCII = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "…": "...",
        "“": '"',
        "”": '"',
        "„": '"',
        "─": "-",
        "’": "'",
        "·": "-",
        "→": "->",
        "✓": "ok",
        "✗": "!!",
        "−": "-",
        "☐": "[ ]",
        "✉": "@",
        "☎": "@",
        "⇄": "@",
        "█": "#",
        "▓": "x",
        "░": "+",
        "▒": "o",
        "◦": "-",
    }
)


def plain(text: str) -> str:
    """Return the text in ASCII: typographic signs replaced, accents dropped, anything else as `?`."""
    folded = normalize("NFKD", text.translate(_ASCII))
    return "".join(c for c in folded if not combining(c)).encode("ascii", "replace").decode()
