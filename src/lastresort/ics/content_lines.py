"""Content lines (RFC 5545 3.1): from raw bytes to unfolded lines, and from a line to its parts.

Everything stays bytes: a fold may stand inside a character, and most text is never looked at.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from lastresort.ics import encodings, repairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

CHUNK = 1 << 18

_FOLD = re.compile(rb"\n[ \t]")


class TooLarge(Exception):  # noqa: N818 - it says how a reading ended
    """The stream holds more bytes than may be read."""


class LogicalText:
    r"""A stream as pieces of whole, unfolded lines, each line *preceded* by `\n`; to be iterated once.

    The pieces put together are the whole text. A line longer than a chunk comes in one piece: what is read
    next grows with what is waiting, so that no input takes quadratic time. Raises TooLarge beyond `limit`
    bytes, and whatever the stream raises.
    """

    __slots__ = ("_chunk", "_limit", "_stream", "encoding")

    def __init__(self, stream: BinaryIO, limit: int, chunk: int = CHUNK) -> None:
        self._stream, self._limit, self._chunk = stream, limit, chunk
        self.encoding = ""
        """Set when the stream had to be transcoded."""

    def __iter__(self) -> Iterator[bytes]:
        rest, seen = b"\n", 0
        head = self._stream.read(CHUNK)  # how lines end is decided once, however small the chunks
        self.encoding = encodings.wide_encoding(head) or ""
        repair: Callable[[bytes], bytes] = encodings.find_repair(head)
        while True:
            size = max(self._chunk, len(rest))
            raw, head = (head[:size], head[size:]) if head else (self._stream.read(size), b"")
            if not raw:
                break
            seen += len(raw)
            if seen > self._limit:
                raise TooLarge
            waiting = rest + repair(raw)
            whole = len(waiting.rstrip(b"\n"))  # whether a fold follows the last line end is not known yet
            text = _unfolded(waiting[:whole])
            last = text.rfind(b"\n")
            if last > 0:
                yield text[:last]
            rest = text[max(last, 0) :] + waiting[whole:]
        yield rest.rstrip(b"\n")


def _unfolded(text: bytes) -> bytes:
    if b"\t" in text:  # a regular expression takes twice as long
        return _FOLD.sub(b"", text)
    return b"".join(text.split(b"\n "))


class Property(NamedTuple):
    """A content line without its name. Parameters are the raw bytes between name and colon."""

    parameters: bytes
    value: bytes


Component = dict[str, list[Property]]
"""The properties of a component by upper-case name, in their order; nested components are left out."""


def split_line(line: bytes) -> tuple[bytes, Property]:
    """Return a content line's name (as written) and the rest. Without a colon the value is empty."""
    head, _, value = line.partition(b":")
    name, _, parameters = head.partition(b";")
    if parameters and b'"' in parameters:
        return name, _split_quoted(line[len(name) + 1 :])
    return name, Property(parameters, value)


def _split_quoted(rest: bytes) -> Property:
    """Split parameters from value at the first colon that stands outside quotes."""
    at = 0
    while True:
        colon = rest.find(b":", at)
        quote = rest.find(b'"', at)
        if colon < 0 or quote < 0 or colon < quote:
            break
        closing = rest.find(b'"', quote + 1)
        if closing < 0:
            colon = rest.find(b":")  # a quote that is never closed is no quote
            break
        at = closing + 1
    return Property(rest[:colon], rest[colon + 1 :]) if colon >= 0 else Property(rest, b"")


def parse_component(lines: Iterable[bytes], wanted: frozenset[bytes], longest: int) -> Component:
    """Return those properties of one component that are wanted (upper-case names); nested ones are skipped.

    `lines` are the component's own, without its BEGIN and END. A value is cut after `longest` bytes.
    """
    found: Component = {}
    depth = 0
    rows = iter(lines)
    for line in rows:
        head, _, value = line.partition(b":")
        name, _, parameters = head.partition(b";")
        if name not in wanted:
            name = name.strip(b" \t").upper()
            if name == b"BEGIN":
                depth += 1
            elif name == b"END":
                depth = max(depth - 1, 0)
            if name not in wanted:
                continue
        if depth:
            continue
        prop = Property(parameters, value)
        if parameters:
            if b'"' in parameters:
                prop = _split_quoted(line[line.index(b";") + 1 :])
            prop = repairs.join_soft_breaks(prop, rows)
        if len(prop.value) > longest:
            prop = prop._replace(value=prop.value[:longest])
        found.setdefault(name.decode("ascii"), []).append(prop)
    return found


_CARETS = {"^n": "\n", "^'": '"', "^^": "^"}
_MOST_PARAMETERS = 100


def parse_parameters(raw: bytes) -> Mapping[str, str]:
    """Return a property's parameters by upper-case name, quotes taken off (RFC 6868 carets read)."""
    if not raw:
        return _NONE
    return _parse_short(raw) if len(raw) <= _SHORT else _parse_any(raw)


_NONE: Mapping[str, str] = {}
_SHORT = 60


@lru_cache(maxsize=500)
def _parse_short(raw: bytes) -> Mapping[str, str]:
    """Parse parameters, each text once: the same few stand beside most times of a calendar."""
    return _parse_any(raw)


def _parse_any(raw: bytes) -> Mapping[str, str]:
    """Return parameters by upper-case name; of one given twice the first counts."""
    text = decode(raw)
    if '"' not in text:
        pairs = [part.partition("=")[::2] for part in text.split(";", _MOST_PARAMETERS)[:_MOST_PARAMETERS]]
    else:
        pairs = _quoted_pairs(text)
    return {name.strip().upper(): _without_carets(value.strip()) for name, value in reversed(pairs) if name}


def _quoted_pairs(text: str) -> list[tuple[str, str]]:
    """Split at semicolons outside quotes; text between quotes is every second piece."""
    parts = [""]
    for number, piece in enumerate(text.split('"')):
        if number % 2:
            parts[-1] += piece
            continue
        first, *others = piece.split(";")
        parts[-1] += first
        parts.extend(others)
        if len(parts) > _MOST_PARAMETERS:
            break
    return [part.partition("=")[::2] for part in parts]


def _without_carets(value: str) -> str:
    """Return a parameter's value with its escapes read (RFC 6868)."""
    return re.sub(r"\^[n'^]", lambda caret: _CARETS[caret.group()], value) if "^" in value else value


def decode(raw: bytes) -> str:
    """Return the text of UTF-8 bytes; what is none is read as Windows-1252."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return encodings.decode_legacy(raw)


_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def unescape(raw: bytes) -> str:
    r"""Return the value of a TEXT property (3.3.11): `\n`, `\,`, `\;` and `\\` read."""
    text = decode(raw)
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
