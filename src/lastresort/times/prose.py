"""What the writer of a mail says in it: no quoted older mails, and no signature."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lastresort.times.language import LANGUAGES, lexicon
from lastresort.times.tokens import Sort, plain, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BULLET = re.compile(r"\s*(?:[-*+,>|]|\(?\d{1,2}[.)]|[a-z]\))\s")
_UNDERSCORES = re.compile(r"\s*[_=-]{8,}\s*")
_WRAPPED_FROM = 55
"""Characters from which a line may have been broken by a program rather than by its writer."""
_ATTRIBUTION_LINES = 3
_LONGEST_ATTRIBUTION = 300
_LONGEST_CLOSING = 60
_SIGNATURE_FOLLOWS = 8
"""Lines with words that may follow a closing before it is no closing."""


def said_in(text: str) -> str:
    """Return what the writer of a mail says: no quoted older mail, no signature; wrapped lines are joined."""
    lines = _without_older(plain(text).split("\n"))
    return "\n".join(_unwrapped(_without_signature(lines)))


# ---- quoted older mails


def _without_older(lines: Sequence[str]) -> list[str]:
    """The lines above, below and between quoted ones; what follows a quotation without marks is left out."""
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.lstrip().startswith(">"):
            place += 1
            continue
        length = _attribution(lines, place)
        if length:
            place += length
            if not _is_quoted_below(lines, place):
                break
            continue
        if kept_enough(kept) and (_is_original(line) or _is_head(lines, place)):
            break
        if not kept_enough(kept) and _is_original(line):
            place += 1
            while place < len(lines) and _label(lines[place]) is not None:
                place += 1
            continue
        kept.append(line)
        place += 1
    return kept


def kept_enough(lines: Iterable[str]) -> bool:
    """Tell whether something was said above a forwarded mail: else that mail is what was given."""
    return any(line.strip() for line in lines)


def _attribution(lines: Sequence[str], place: int) -> int:
    """The number of lines of `On 5 May 2026 at 10:15, Ann wrote:`; 0 when none begins here."""
    joined = ""
    for length in range(1, _ATTRIBUTION_LINES + 1):
        if place + length > len(lines) or not lines[place].strip():
            return 0
        line = lines[place + length - 1].strip()
        joined = f"{joined} {line}".strip()
        if len(joined) > _LONGEST_ATTRIBUTION or (length > 1 and not line):
            return 0
        if joined.endswith(":") and any(char.isdigit() for char in joined) and _tells_who_wrote(joined):
            return length
    return 0


def _tells_who_wrote(line: str) -> bool:
    words = _words(line)
    return any(
        phrase == words[start : start + len(phrase)]
        for language in LANGUAGES
        for phrase in lexicon(language).letter.wrote
        for start in range(len(words))
    )


def _is_quoted_below(lines: Sequence[str], place: int) -> bool:
    while place < len(lines) and not lines[place].strip():
        place += 1
    return place < len(lines) and lines[place].lstrip().startswith(">")


def _is_original(line: str) -> bool:
    """Tell whether it is `-----Original Message-----` in some language."""
    bare = line.strip()
    if len(bare) > _LONGEST_CLOSING or not (bare.startswith(("--", "__", "==")) or bare.endswith(":")):
        return False
    return _words(bare) in _originals()


@cache
def _originals() -> frozenset[tuple[str, ...]]:
    return frozenset(phrase for language in LANGUAGES for phrase in lexicon(language).letter.original)


def _is_head(lines: Sequence[str], place: int) -> bool:
    """Tell whether the head of an older mail begins here: its sender's line, then within three its date's."""
    if _UNDERSCORES.fullmatch(lines[place]) and place + 1 < len(lines):
        place += 1
    if _label(lines[place]) != 0:
        return False
    return any(_label(line) == 1 for line in lines[place + 1 : place + 4])


def _label(line: str) -> int | None:
    """0 for the label of a sender, 1 for that of a date, 2 for another; `None` for a line without one."""
    label, colon, _ = line.strip().strip("*").partition(":")
    if not colon or len(label) > 20:
        return None
    words = _words(label)
    for language in LANGUAGES:
        headers = lexicon(language).letter.headers
        if words in headers:
            place = headers.index(words)
            return 0 if place == 0 else 1 if place < len(headers) - 3 else 2
    return None


def _words(line: str) -> tuple[str, ...]:
    return tuple(token.low for token in tokens_of(line[:_LONGEST_ATTRIBUTION]) if token.sort is Sort.WORD)


# ---- signatures


def _without_signature(lines: Sequence[str]) -> list[str]:
    """The lines above `-- ` or a closing such as `Best regards`; a postscript is kept."""
    for place, line in enumerate(lines):
        if line.rstrip() == "--" or (place and _is_closing(line) and _ends_letter(lines, place)):
            rest = list(lines[place + 1 :])
            postscript = next((number for number, one in enumerate(rest) if _is_postscript(one)), None)
            return [*lines[:place], *(rest[postscript:] if postscript is not None else [])]
    return list(lines)


def _is_closing(line: str) -> bool:
    bare = line.strip(" ,.!-*")
    if not bare or len(bare) > _LONGEST_CLOSING:
        return False
    words = _words(bare)
    for language in LANGUAGES:
        closings = lexicon(language).letter.closings
        if words in closings:
            return True
        # `Best, Tom`, `Viele Grüße aus Berlin`: a closing with a name or a place behind it
        if any(words[:length] in closings for length in range(len(words) - 2, len(words)) if length > 1):
            return True
    return False


def _ends_letter(lines: Sequence[str], place: int) -> bool:
    """Tell whether a name and little else follows: `Thanks` may open a letter as well."""
    return sum(
        len(line.strip()) > 90 for line in lines[place + 1 : place + 1 + _SIGNATURE_FOLLOWS]
    ) == 0 and any(line.strip() for line in lines[:place])


def _is_postscript(line: str) -> bool:
    words = _words(line)
    return any(
        words[: len(phrase)] == phrase
        for language in LANGUAGES
        for phrase in lexicon(language).letter.postscript
    )


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines with those joined that a mail program broke."""
    joined: list[str] = []
    broken = False
    for line in lines:
        if broken and line.strip() and not _BULLET.match(line) and _label(line) is None:
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
        else:
            joined.append(line)
        broken = len(line.rstrip()) >= _WRAPPED_FROM and not line.rstrip().endswith((".", "!", "?", ":", ";"))
    return joined
