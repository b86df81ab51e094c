"""A text as words, numbers and marks, each with its place in the text."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_DASHES = dict.fromkeys("‐‑‒–—―−", "-")
_SPACES = dict.fromkeys(
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\f\v", " "
)
_MARKS = {
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
    "⋅": ",",
    "·": ",",
    "•": ",",
    "●": ",",
    "▪": ",",
    "‣": ",",
    "◦": ",",
    "：": ":",
}
_PLAIN = str.maketrans({**_DASHES, **_SPACES, **_MARKS, "\r": "\n", "\u2028": "\n", "\u2029": "\n"})
_UNACCENTED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "º": "o", "ª": "a"}
)

_TOKEN = re.compile(
    r"(?P<skip>(?:https?://|www\.)[^\s<>]*|[\w.+-]{1,64}@[\w.-]{1,190})"
    r"|(?P<word>[^\W\d_]+)|(?P<number>[0-9]+)|(?P<line>\n)|(?P<mark>[^\s\w]|_)|(?P<other>\w)"
)
"""Every alternative begins with what no other one does or is bounded: a text is taken apart in one pass."""


class Sort(Enum):
    """What a token is made of."""

    WORD = auto()
    NUMBER = auto()
    MARK = auto()
    LINE = auto()


class Token(NamedTuple):
    """A piece of a text. `text` is as written, `low` in lower case, `bare` without accents too."""

    sort: Sort
    text: str
    low: str
    bare: str
    start: int
    end: int
    spaced: bool
    """A space, a line end or nothing stands before it."""

    @property
    def value(self) -> int:
        """The number of a NUMBER, -1 of anything else and of a number that no date or clock has."""
        return int(self.text) if self.sort is Sort.NUMBER and len(self.text) < 9 else -1


def plain(text: str) -> str:
    """Return the text with one kind of space, dash and quote; accents are composed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(_PLAIN)


def unaccented(word: str) -> str:
    """Return a lower-case word without its accents."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word.translate(_UNACCENTED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text that went through `plain`; addresses of mails and pages are left out."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    end = 0
    for found in _TOKEN.finditer(text):
        sort = _SORTS.get(found.lastgroup or "")
        spaced = found.start() == 0 or found.start() > end or text[found.start() - 1] == "\n"
        end = found.end()
        if sort is None:
            continue
        low = found[0].lower()
        yield Token(
            sort=sort, text=found[0], low=low, bare=unaccented(low),
            start=found.start(), end=end, spaced=spaced,
        )  # fmt: skip


_SORTS = {"word": Sort.WORD, "number": Sort.NUMBER, "line": Sort.LINE, "mark": Sort.MARK}
