"""Names as people write them: titles and forms of address apart, no capitals throughout, no emoji."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lastresort.messages.locale import read_template
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """Return the lists of `templates/names.toml`, each word as `fold` has it."""
    lists = tomllib.loads(read_template("names.toml") or "")
    return {key: frozenset(map(fold, words.split())) for key, words in lists.items()}


class Addressee(NamedTuple):
    """Somebody a letter greets. `gender` is `f`, `m`, or empty where their own words do not tell."""

    name: str
    """Without title and form of address."""
    given: str = ""
    surname: str = ""
    """Empty where a given name is all that is known."""
    titles: tuple[str, ...] = ()
    """As folded by `fold`: `dr`, `dottssa`."""
    gender: str = ""


def read_name(text: str | None) -> Addressee | None:
    """Return who is meant by a name as mail programs show it; `None` where no name is left of it."""
    known, words = _words(), _in_order(_plain(text))
    forms = known["titles"] | known["female-titles"] | known["female"] | known["male"]
    titles: list[str] = []
    gender = ""
    while words and fold(words[0]) in forms and (len(words) > 1 or "." in words[0]):
        word = fold(words.pop(0))
        female = word in known["female"] | known["female-titles"]
        gender = gender or ("f" if female else "m" if word in known["male"] else "")
        titles += [] if word in known["female"] | known["male"] else [word]
    addressed = bool(gender) and not titles
    words = [word for word in words if fold(word) not in known["credentials"]]
    if not any(char.isalpha() for word in words for char in word):
        return None
    words = _cased(words)
    name = " ".join(words)
    if len(words) == 1:
        formal = addressed or titles
        return Addressee(
            name=name,
            given="" if formal else name,
            surname=name if formal else "",
            titles=tuple(titles),
            gender=gender,
        )
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in known["particles"]:
        start -= 1
    start = 0 if words[0].casefold() in known["particles"] else start
    return Addressee(
        name=name,
        given=words[0] if start else "",
        surname=" ".join(words[start:]),
        titles=tuple(titles),
        gender=gender,
    )


def is_mailbox(name: str | None, address: str | None, company: str | None = None) -> bool:
    """Tell whether several people or none read what is sent there: `talent@`, `HR Team`, the firm itself."""
    shown = {fold(word) for word in re.split(r"[\s&/,.-]+", name or "") if word}
    local = {fold(part) for part in re.split(r"[._+-]+", (address or "").partition("@")[0]) if part}
    if company and shown and shown <= {fold(word) for word in company.split()}:
        return True
    functions = _words()["functions"]
    if shown & functions:
        people, names = shown - functions, local - functions
        return not any(word in part for word in people for part in names if len(word) > 1)
    return not shown and bool(local & functions)


def fold(word: str) -> str:
    """Return a word of a name as the lists of this module have it."""
    return word.casefold().replace(".", "").replace("-", "").strip(",;:")


def _plain(text: str | None) -> str:
    line = one_line(text)
    kept = (char if unicodedata.category(char)[0] in "LMZ" or char in "'’.,-–()/" else " " for char in line)
    return re.sub(r"\([^)]*\)?", " ", "".join(kept))


def _in_order(text: str) -> list[str]:
    """Return the words, the given name first: `Carter, Emily` is turned, `Emily Carter, PhD` is not."""
    first, comma, rest = text.partition(",")
    behind = rest.replace(",", " ").split()
    names = [word for word in behind if fold(word) not in _words()["credentials"]]
    words = [*names, *first.split()] if comma and names else first.split()
    return [word.strip(",") for word in words if word.strip(".,-–/'")]


def _cased(words: list[str]) -> list[str]:
    """`CARTER Emily` has the surname first; `PRIYA NAIR` and `priya nair` are names in their order."""
    loud = [_is_loud(word) for word in words]
    if loud[0] and not loud[-1] and not all(loud):
        words = [word for word, up in zip(words, loud, strict=True) if not up] + [
            word for word, up in zip(words, loud, strict=True) if up
        ]
    particles = _words()["particles"]
    small = all(word.islower() for word in words)
    named = (_is_loud(word) or (small and word not in particles) for word in words)
    return [_capital(word) if name else word for word, name in zip(words, named, strict=True)]


def _is_loud(word: str) -> bool:
    return len(word.strip(".")) > 1 and word.isupper() and "." not in word


def _capital(word: str) -> str:
    lower = word.lower()
    if lower in _words()["particles"] and len(lower) > 1 and word.isupper():
        return lower
    name = re.sub(r"(^|[-'’])(\w)", lambda found: found[1] + found[2].upper(), lower)
    return re.sub(r"^Mc(\w)", lambda found: "Mc" + found[1].upper(), name)
