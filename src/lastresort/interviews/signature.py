"""The signature below an invitation: lines behind a person's name, with position, firm, place and numbers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lastresort.interviews.services import is_service_name, url_pattern
from lastresort.interviews.words import is_given_name, prepare, read_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

READ = 16_000
LINES = 400
BELOW = 7
"""Lines behind a name that are looked at."""
LONGEST = 120
"""Characters of a line of a signature; a longer one is a text."""
PARTS = re.compile(
    r"\s*[|•·,;/()\t]\s*|\s+[-–—@]\s+|\s+(?:at|bei|chez|en|presso|na|bij|hos|w|v|в|у)\s+(?=[A-ZÀ-ÞА-Я])"
)
NO_NAMES = (
    "tail", "recruiter", "boss", "people", "stage", "times", "fields", "contact", "street", "reference",
)  # fmt: skip
DOMAIN = re.compile(r"\bwww\.|\w\.(?:com|net|org|io|[a-z]{2})\b")
CAPITAL = re.compile(r"[^\W\d_]")
CLOSED = re.compile(r"^[-–—_*=]{2,}\s*$")
"""The line above which a signature ends, and below which disclaimers begin."""


@lru_cache(maxsize=64)
def signature_lines(text: str, people: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the lines behind people's names, in order, and what stands behind a name on its own line.

    `people` are words of the names of those who take part; other people begin with a common given name.
    """
    lines = [line.strip() for line in text[:READ].splitlines()[:LINES]]
    found: list[str] = []
    for place, line in enumerate(lines):
        if not _is_name(line, people):
            continue
        found.append(" | ".join(PARTS.split(line)[1:]))
        for below in lines[place + 1 : place + 1 + BELOW]:
            if not below or CLOSED.match(below) or len(below) > LONGEST:
                break
            found.append(url_pattern().sub(" ", below))
    return tuple(filter(None, found))


def signature_parts(text: str, people: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield what the lines of signatures hold, part by part; addresses and numbers too."""
    for line in signature_lines(text, people):
        yield from filter(None, (part.strip(" .:*") for part in PARTS.split(line)))


def _is_name(line: str, people: frozenset[str]) -> bool:
    """Tell whether a line begins with a person's name, and says little more than their position."""
    head = PARTS.split(line[: LONGEST + 1])[0].lstrip("-–—~ ")
    words = prepare(head).words
    titled = read_tables("invitations")["people"]
    while words and titled.has(words[0]):
        words = words[1:]
    return (
        len(line) <= LONGEST
        and 1 <= len(words) <= 4
        and not head.endswith((",", ".", "!", "?", ":"))
        and line[len(head) : len(head) + 1] != "!"
        and (is_given_name(words[0]) or (len(words) > 1 and people.issuperset(words)))
        and all(word[:1].isupper() or len(word) < 4 for word in head.split())
    )


def company_in_signature(text: str, people: frozenset[str], is_place: Callable[[str], bool]) -> str | None:
    """Return the firm that a signature names, where only one part can be one."""
    parts = dict.fromkeys(signature_parts(text, people))
    found = [part for part in parts if _may_be_firm(part, is_place)]
    return _without_position(found[0]) or None if len(found) == 1 else None


def firm_called(text: str, people: frozenset[str], labels: frozenset[str]) -> str | None:
    """Return the part of a signature that writes out the name of a domain: `Bridgewater Construction`."""
    for part in signature_parts(text, people):
        name = _without_position(part)
        written = "".join(prepare(name).words)
        called = any(len(label) > 3 and label in written for label in labels)
        if called and len(name.split()) < 6 and "@" not in name and DOMAIN.search(name) is None:
            return name
    return None


def _without_position(part: str) -> str:
    """`Fernhill Bau` of `Senior Consultant Fernhill Bau`: no words of a position before and behind."""
    words = part.split()
    first, last = 0, len(words)
    while first < last and _is_position(words[first], ("roles", "fields", "tail", "boss")):
        first += 1
    while last > first and _is_position(words[last - 1], ("roles", "tail")):
        last -= 1
    return " ".join(words[first:last])


def _is_position(word: str, sections: Sequence[str]) -> bool:
    tables, norms = read_tables("invitations"), prepare(word).words
    return all(any(tables[section].has(norm) for section in sections) for norm in norms)


def _may_be_firm(part: str, is_place: Callable[[str], bool]) -> bool:
    words = prepare(part).words
    if not words or len(words) > 5 or "@" in part or any(char.isdigit() for char in part):
        return False
    tables = read_tables("invitations")
    return (
        CAPITAL.match(part) is not None
        and not part[:1].islower()
        and tables["roles"].find(prepare(part)) is None
        and tables["recruiter"].find(prepare(part)) is None
        and tables["contact"].find(prepare(part)) is None
        and not all(any(tables[section].has(word) for section in NO_NAMES) for word in words)
        and not tables["street"].has(words[-1])
        and not is_given_name(words[0])
        and not is_place(part)
        and not is_service_name(part)
    )
