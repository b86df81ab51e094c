"""Words in titles, in many languages: the tables under `data/words`, and how they are looked up.

A table is plain text, because parsing TOML costs more than the whole look-up. One file for each family and
language (`interviews-de.txt`), read together:

    # a remark
    [lunch]
    mittag
    mittagspause
    *essen          a star stands for the rest of a word, before or after
    ^essen$         at the beginning of the title, at its end
    !abendessen     where this one is found as well, the section does not count

Case, accents and punctuation of a text do not matter: `prepare` takes them away, and the tables are written
without, so that nothing is folded when they are read. A term of several words is a phrase. Chinese and
Japanese terms are found anywhere, since these scripts write no spaces; so are terms with a star, at that end.
"""

from __future__ import annotations

import os
import re
from functools import cache, cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category, normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DATA = os.path.join(os.path.dirname(__file__), "data")
FOLDER = os.path.join(DATA, "words")
OTHER_SCRIPTS = frozenset(("ar", "bg", "el", "he", "hi", "ja", "ko", "ru", "uk", "zh"))
"""Languages that are not written in Latin letters."""
LONGEST = 500
"""Characters of a title that are looked at: strangers write them."""
WITH = (
    r"(?<!\w)(?:with|w/|mit|avec|con|com|met|med|z|ze)\s*(?:\b[ao]\s+)?"
    r"\b([^\W\d_a-zß-öø-ÿ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)?)"
)


class Text(NamedTuple):
    """A text made ready for looking up: its words in order, and the same joined: `^ some words $`."""

    words: tuple[str, ...]
    line: str


class Terms(NamedTuple):
    """Terms ready to be looked for: whole words, pieces of a line, and what speaks against them."""

    words: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Several whole words with a space at each end, by the first of them, which most texts do not have."""
    others: tuple[str, ...] = ()
    """Any other piece: of a word, or bound to the beginning or end of a phrase."""
    against: tuple[str, ...] = ()

    def find(self, text: Text) -> str | None:
        """Return the term found in the text, as normalised, or `None`."""
        found = next(self._found(text), None)
        if found is None or any(piece in text.line for piece in self.against):
            return None
        return found

    def find_all(self, text: Text) -> list[str]:
        """Return every term found in the text, as normalised, unless something speaks against the section."""
        if any(piece in text.line for piece in self.against):
            return []
        return list(self._found(text))

    def _found(self, text: Text) -> Iterator[str]:
        for word in text.words:
            if word in self.words:
                yield word
        for word in text.words:
            for piece in self.phrases.get(word, ()):
                if piece in text.line:
                    yield piece.strip()
        for piece in self.others:
            if piece in text.line:
                yield piece.strip("^ $")


class Section:
    """One section of a table in all languages.

    Most texts have Latin letters only, and a term of another script is in none of them: such terms are not
    made ready before a text comes that has letters of the kind.
    """

    def __init__(self, latin: Sequence[str], others: Sequence[str] = ()) -> None:
        self._parts = latin, others
        """What stands in the section in languages of Latin letters, and in the others."""

    @cached_property
    def lines(self) -> list[str]:
        """The terms as they are written."""
        return [line for parts in self._parts for line in _terms_in(parts)]

    @cached_property
    def latin_lines(self) -> list[str]:
        """Those that may be found in a text without letters of other scripts."""
        latin, others = self._parts
        return [*_terms_in(latin), *filter(str.isascii, _terms_in(others))]

    def find(self, text: Text) -> str | None:
        """Return the term found in the text, as normalised, or `None`."""
        return self.terms_for(text.line).find(text)

    def find_all(self, text: Text) -> list[str]:
        """Return every term found in the text, as normalised."""
        return self.terms_for(text.line).find_all(text)

    def has(self, word: str) -> bool:
        """Tell whether a normalised word is one of the whole words."""
        return word in self.terms_for(word).words

    def has_term(self, norm: str) -> bool:
        """Tell whether a normalised word or phrase is one of the terms, whole."""
        terms = self.terms_for(norm)
        alike = terms.phrases.get(norm.partition(" ")[0], ())
        return norm in terms.words or norm in terms.others or f" {norm} " in alike

    def terms_for(self, text: str) -> Terms:
        """Return the terms that may be found in a text, in the order of the tables."""
        return self.terms(other_script=has_other_script(text))

    def terms(self, *, other_script: bool) -> Terms:
        """Return all terms, or those that may be found in a text without letters of other scripts."""
        return self._all if other_script else self._latin

    @cached_property
    def _latin(self) -> Terms:
        return _compile(self.latin_lines)

    @cached_property
    def _all(self) -> Terms:
        return _compile(self.lines)


def has_other_script(text: str) -> bool:
    """Tell whether a text has letters that neither are Latin nor become so by folding."""
    return not text.isascii() and any(map(_is_other, text))


def _is_other(char: str) -> bool:
    """Greek to Georgian, then the scripts of East Asia."""
    return "\u0370" <= char < "\u1d00" or "\u3041" <= char < "\u3200" or "\u3400" <= char < "\ue000"


PHRASE_ENDS = re.compile(
    r"(?:[:;,!?()\[\]{}<>|\n\r\"\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014\u2015\u00b7\u2022"
    r"\uff1a\uff1b\uff0c\uff08\uff09\uff5c\u3001\u3002\u3010\u3011\u300c\u300d\u300e\u300f\u060c\u061b\u061f"
    r"\u0964]|(?<!\d)\.)+|(?<=\s)[-/~+&*_=](?=\s)|(?<=\s)-|-(?=\s)"
)
"""Where a phrase ends: punctuation between parts of a text, but no hyphen or apostrophe inside a word."""


@lru_cache(maxsize=2048)
def prepare_phrases(text: str, longest: int = LONGEST) -> Text:
    """Return the text as `prepare` does, each phrase marked: `^ phone screen $ ^ acme $`.

    No term of several words is found across the end of a phrase; `^` and `$` in a term mean those of a
    phrase.
    """
    phrases = [
        words for part in PHRASE_ENDS.split(text[:longest]) if (words := tuple(_normalise(part).split()))
    ]
    line = " ".join(f"^ {' '.join(words)} $" for words in phrases)
    return Text(tuple(word for words in phrases for word in words), line or "^ $")


@lru_cache(maxsize=2048)
def prepare(text: str, longest: int = LONGEST) -> Text:
    """Return the text in lower case, without accents and punctuation, cut at `longest` characters."""
    words = tuple(_normalise(text[:longest]).split())
    return Text(words, f"^ {' '.join(words)} $")


def _normalise(text: str) -> str:
    return _separate(fold(text))


PLAIN = str.maketrans("ıłøđ", "ilod")
"""Letters that are written without their stroke or dot where a keyboard has none, as domains are."""
UNSEEN = re.compile("[\u0300-\u036f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
"""Accents apart from their letters, and characters that only steer how a text is shown."""


def fold(text: str) -> str:
    """Return the text in lower case and without accents, as all terms are compared."""
    if text.isascii():
        return text.casefold()
    return normalize("NFC", UNSEEN.sub("", normalize("NFKD", text.casefold().translate(PLAIN))))


def _separate(text: str) -> str:
    if text.replace(" ", "").isalnum():
        return text
    return "".join(c if c.isalnum() else _letter(c) for c in text)


def _letter(char: str) -> str:
    """Marks stay with their letters; a symbol is a word of its own; the rest separates."""
    if "\ufe00" <= char <= "\ufe0f":  # asks for the coloured form of the symbol before it
        return ""
    group = category(char)
    return char if group[0] == "M" else f" {char} " if group == "So" else " "


@cache
def read_tables(family: str) -> Mapping[str, Section]:
    """Return the sections of `data/words/<family>-*.txt`, the languages joined. Kept for the run."""
    latin: list[bytes] = []
    others: list[bytes] = []
    for name in sorted(os.listdir(FOLDER)):
        if name.startswith(f"{family}-") and name.endswith(".txt"):
            with open(os.path.join(FOLDER, name), "rb") as file:
                (others if name[-6:-4] in OTHER_SCRIPTS else latin).append(file.read())
    parts = split_sections(b"\n".join(latin).decode())
    more = split_sections(b"\n".join(others).decode())
    return MappingProxyType(
        {name: Section(parts.get(name, ()), more.get(name, ())) for name in {**parts, **more}}
    )


def split_sections(table: str) -> dict[str, list[str]]:
    """Return what stands in each section of a table, once for each time that it is opened."""
    parts: dict[str, list[str]] = {}
    for part in f"\n{table}".split("\n[")[1:]:
        section, _, terms = part.partition("]")
        parts.setdefault(section, []).append(terms)
    return parts


@cache
def read_lines(name: str) -> frozenset[str]:
    """Return the lines of `data/<name>.txt`, remarks left out. Kept for the run."""
    with open(os.path.join(DATA, f"{name}.txt"), encoding="utf-8") as file:
        return frozenset(line for line in file.read().splitlines() if line and line[0] != "#")


@cache
def read_small_words() -> Mapping[str, frozenset[str]]:
    """Return the small words of each language, as normalised, by its code. Kept for the run."""
    rows = (line.split() for line in read_lines("small-words"))
    return MappingProxyType({code: frozenset(words) for code, *words in rows})


@cache
def _given_names() -> str:
    with open(os.path.join(DATA, "given-names.txt"), encoding="utf-8") as file:
        return f"\n{file.read()}"


@lru_cache(maxsize=2048)
def is_given_name(word: str) -> bool:
    """Tell whether a normalised word is a common given name: the table is searched as one text, since most
    runs ask about a handful of words."""
    return word.isalpha() and f"\n{word}\n" in _given_names()


def find_companion(title: str) -> re.Match[str] | None:
    """Return where the first 200 characters of a title say with whom one meets: `with Bob` in `Gym with Bob`.

    Group 1 is the name; it begins with a common given name.
    """
    found = re.search(WITH, title[:200])
    return found if found and is_given_name(prepare(found[1]).words[0]) else None


def _compile(lines: list[str]) -> Terms:
    words: set[str] = set()
    phrases: dict[str, list[str]] = {}
    others, against = [], []
    for term in lines:
        if term.isascii() and term.isalpha():  # the most, and the quickest to tell
            words.add(term)
            continue
        if term[0] == "!":
            against.append(_piece(term[1:]))
            continue
        piece = _piece(term)
        first = piece[1:].partition(" ")[0]
        if not piece[0] == piece[-1] == " ":
            others.append(piece)
        elif len(first) + 2 == len(piece):
            words.add(first)
        else:
            phrases.setdefault(first, []).append(piece)
    return Terms(
        words=frozenset(words),
        phrases=MappingProxyType({word: tuple(found) for word, found in phrases.items()}),
        others=tuple(others),
        against=tuple(against),
    )


def _terms_in(parts: Sequence[str]) -> list[str]:
    return [line for line in "\n".join(parts).splitlines() if line and line[0] != "#"]


def _piece(term: str) -> str:
    """Return what to look for in a line: words have a space at each end, which a star takes away."""
    if term.replace(" ", "").isalpha() and term.isascii():
        return f" {term} "
    bare = term.strip("^*$")
    anywhere = not bare.isascii() and "\u2e80" <= max(bare) <= "\u9fff"
    before = "^ " if term[0] == "^" else "" if anywhere or term[0] == "*" else " "
    after = " $" if term[-1] == "$" else "" if anywhere or term[-1] == "*" else " "
    return f"{before}{bare}{after}"
