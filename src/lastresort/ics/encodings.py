"""How a calendar's bytes are written: line ends, byte order marks, wide characters; one named repair each."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    ("BEGIN".encode("utf-16-le"), "utf-16-le"),
    ("BEGIN".encode("utf-16-be"), "utf-16-be"),
)


def find_repair(head: bytes) -> Callable[[bytes], bytes]:
    r"""Return what makes a stream's chunks plain: UTF-8 without byte order mark, lines that end in `\n`.

    Judged by the first chunk, to be called on that chunk first.
    """
    wide = wide_encoding(head)
    if wide:
        return wide_text(wide)
    clean = _find_line_ends(head)
    return without_mark(clean) if head.startswith(codecs.BOM_UTF8) else clean


def _find_line_ends(head: bytes) -> Callable[[bytes], bytes]:
    if b"\n" not in head and b"\r" in head[:-1]:  # a CR at the very end may have its LF in the next chunk
        return lotus_line_ends
    return refolded_lotus_line_ends() if _only_folds_have_feeds(head) else dos_line_ends


def wide_encoding(head: bytes) -> str | None:
    """Return the encoding of a UTF-16 or UTF-32 file, told by its byte order mark or its first word."""
    return next((name for mark, name in _WIDE if head.startswith(mark)), None)


def wide_text(encoding: str) -> Callable[[bytes], bytes]:
    """Outlook and Notepad save UTF-16: transcode. A character cut by a chunk's end waits for the next."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def repair(raw: bytes) -> bytes:
        text = decoder.decode(raw).removeprefix("\ufeff")
        return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")

    return repair


def without_mark(clean: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Windows programs put a byte order mark before BEGIN."""
    marked = True

    def repair(raw: bytes) -> bytes:
        nonlocal marked
        if marked:
            marked = False
            raw = raw[len(codecs.BOM_UTF8) :]
        return clean(raw)

    return repair


def dos_line_ends(raw: bytes) -> bytes:
    """CR LF, bare LF, and CR CR LF left by careless text modes: every line ends in LF."""
    return raw.replace(b"\r", b"")  # a fifth of what `translate` costs


def lotus_line_ends(raw: bytes) -> bytes:
    """Lotus Notes and old Macintosh programs end lines with a bare CR."""
    return raw.replace(b"\r", b"\n")


def _only_folds_have_feeds(head: bytes) -> bool:
    feeds = head.count(b"\n", 0, -1)
    return head.count(b"\r") > feeds + 1 and feeds == head.count(b"\r\n ") + head.count(b"\r\n\t")


def refolded_lotus_line_ends() -> Callable[[bytes], bytes]:
    """A gateway folds long lines by CR LF though the lines themselves end in a bare CR: unfold, then mend."""
    waiting = b""

    def repair(raw: bytes) -> bytes:
        nonlocal waiting
        text = waiting + raw
        whole = len(text) - (2 if text.endswith(b"\r\n") else text.endswith(b"\r"))  # a fold may be cut
        waiting = text[whole:]
        text = text[:whole].replace(b"\r\n ", b"").replace(b"\r\n\t", b"")
        return text.replace(b"\r", b"\n")

    return repair


def decode_legacy(raw: bytes) -> str:
    """Old exports are in Windows-1252; bytes it does not know are read as Latin-1."""
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
