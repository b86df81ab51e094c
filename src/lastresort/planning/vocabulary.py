"""Words in titles that tell what an event is: one table a language, under `data/natures`.

A table is plain text, because parsing TOML costs more than the whole look-up:

    # a remark
    [exam]
    exam, driving test     terms, separated by commas; a term of several words is a phrase
    *prufung, egzamin*     a star stands for the rest of a word: the first part of a compound, an ending
    ^trial$                at the beginning of the text, at its end

Case, accents and punctuation of a text do not matter: the tables are written as texts are compared. So what
some spell with `ue` for `ü` stands in both spellings (`prufung, pruefung`). Of two terms that overlap the
longer one is meant: "tennis court" is no court. Chinese, Japanese and Korean terms are found anywhere, since
these scripts write no spaces or put particles behind the word.

A table is read when a text needs it: English first, the other languages in Latin letters when English does
not explain every word, those of another script when a text has its letters.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lastresort.interviews.words import is_given_name, prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = os.path.join(os.path.dirname(__file__), "data", "natures")
LONGEST = 300
"""Characters of a text that are looked at: strangers write them."""

LATIN = ("de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "tr")
SCRIPTS = (
    ("\u0370", "\u03ff", ("el",)),
    ("\u0400", "\u052f", ("ru", "uk")),
    ("\u0600", "\u06ff", ("ar",)),
    ("\u0900", "\u097f", ("hi",)),
    ("\u1100", "\u11ff", ("ko",)),
    ("\uac00", "\ud7ff", ("ko",)),
    ("\u3040", "\u30ff", ("ja",)),
    ("\u4e00", "\u9fff", ("zh", "ja")),
)
"""First and last letter of a script, and the tables that are written in it."""
SPACELESS = frozenset({"ja", "zh", "ko"})
SHORTEST_PART = 2
"""Letters of a word that are compared, and that are left for a star."""
SHORTEST_PLURAL = 4
"""Letters that a plural has to have more than; "news" is none of "new"."""
MOST_WORDS = 6
"""Words of the longest phrase."""

Sense = tuple["Topic", str]
"""What a term is about, and its language."""


class Topic(StrEnum):
    """What a term is about: the sections of the tables."""

    # what cannot move
    FLIGHT = "flight"
    TRAIN = "train"
    TRIP = "trip"
    SHIFT = "shift"
    WORK = "work"
    EXAM = "exam"
    COURT = "court"
    OFFICIAL = "official"
    SURGERY = "surgery"
    WEDDING = "wedding"
    FUNERAL = "funeral"
    CEREMONY = "ceremony"
    HOUSE = "house"
    OUT_OF_OFFICE = "out-of-office"
    # what takes place whether or not I come
    SHOW = "show"
    SCHOOL = "school"
    CLASS = "class"
    WORSHIP = "worship"
    MATCH = "match"
    CLUB = "club"
    WEBINAR = "webinar"
    # who depends on me: fixed phrases, then verbs and whom or what they are about
    CARE = "care"
    FETCH = "fetch"
    ESCORT = "escort"
    DEPENDANT = "dependant"
    GOODS = "goods"
    # who gave me the time
    APPOINTMENT = "appointment"
    TABLE = "table"
    # what is mine alone
    FOCUS = "focus"
    LUNCH = "lunch"
    PERSONAL = "personal"
    TASK = "task"
    # who else takes part
    EXTERNAL = "external"
    ONE_TO_ONE = "one-to-one"
    STAND_UP = "stand-up"
    TEAM = "team"
    # what a title is about, besides
    BREAKFAST = "breakfast"
    WORK_MATTER = "work-matter"
    GENERIC = "generic"
    """Names of categories that say nothing."""
    SMALL = "small"
    """Words that only show the language."""
    NEUTRAL = "neutral"
    """Last parts of compounds that say nothing: the first part decides."""
    # places
    AT_PRACTICE = "at-practice"
    AT_STAGE = "at-stage"
    AT_SPORT = "at-sport"
    AT_CLASS = "at-class"
    AT_JOURNEY = "at-journey"
    AT_OFFICE = "at-office"
    # what a description says
    TEXT_TICKET = "text-ticket"
    TEXT_JOURNEY = "text-journey"
    TEXT_APPOINTMENT = "text-appointment"
    TEXT_EXAM = "text-exam"


TITLES = frozenset(
    topic for topic in Topic if not topic.startswith(("at-", "text-", "generic", "small", "neutral"))
)
HELPING = frozenset(
    {Topic.FETCH, Topic.ESCORT, Topic.DEPENDANT, Topic.GOODS, Topic.WORK_MATTER, Topic.BREAKFAST}
)
"""What decides nothing alone."""
PLACES = frozenset(topic for topic in Topic if topic.startswith("at-"))
TEXTS = frozenset(topic for topic in Topic if topic.startswith("text-"))


class FoundTerm(NamedTuple):
    """A term in a text: the words `[start, end)`. Of several about the same words the strongest is meant."""

    topic: Topic
    language: str
    term: str
    start: int
    end: int
    strength: tuple[int, bool, int]


class Topics(NamedTuple):
    """What the terms in a text are about, and the text's words as they were compared."""

    text: str
    words: tuple[str, ...]
    found: tuple[FoundTerm, ...]

    def term(self, *topics: Topic) -> str | None:
        """Return the first term about the first of the topics that has one, as it was compared, or `None`."""
        found = self._first(topics)
        return found and found.term

    def quote(self, *topics: Topic) -> str:
        """Return the same term between quotation marks, as the text writes it; empty when there is none."""
        found = self._first(topics)
        return f"“{_as_written(found, self.text, self.words)}”" if found else ""

    def _first(self, topics: Iterable[Topic]) -> FoundTerm | None:
        of_each = ([one for one in self.found if one.topic is topic] for topic in topics)
        return next((found[0] for found in of_each if found), None)

    def first_of(self, topics: Iterable[Topic]) -> Topic | None:
        """Return the first of the topics, in the order given, that the text is about."""
        present = {one.topic for one in self.found}
        return next((topic for topic in topics if topic in present), None)

    def has(self, *topics: Topic) -> bool:
        """Tell whether the text is about one of the topics."""
        return any(one.topic in topics for one in self.found)


@lru_cache(maxsize=2048)
def _as_written(found: FoundTerm, text: str, words: tuple[str, ...]) -> str:
    """The words of a term with the capitals, accents and hyphens of the text, where they can be told."""
    placed = [
        (_plain(word), match)
        for match in _WRITTEN.finditer(text)
        for word in prepare(match[0], LONGEST).words
    ]
    whole = " ".join(words[found.start : found.end]) == found.term
    if not whole or tuple(word for word, _ in placed) != words:
        return found.term
    start, end = placed[found.start][1].start(), placed[found.end - 1][1].end()
    return text[start:end].strip(_AROUND)


_WRITTEN = re.compile(r"\S+")
_AROUND = " .,;:!?()[]{}<>\"'“”„«»‘’*_–—-/|"
"""What stands around a word and is no part of it."""


class _Table:
    """Terms as they are written in the tables, stars and all, each with what it is about and its language."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.terms: defaultdict[str, list[Sense]] = defaultdict(list)
        self.pieces: defaultdict[str, list[Sense]] = defaultdict(list)
        """Those of scripts without spaces."""
        self.neutral: list[str] = []
        self.plurals = len(languages) > 1
        """Whether an added s is left out: not before it is known that no language has the word itself."""
        for language in languages:
            table = self.pieces if language in SPACELESS else self.terms
            for topic, terms in _read_sections(language):
                if topic is Topic.NEUTRAL:
                    self.neutral += terms
                    continue
                sense = (topic, language)
                for term in terms:
                    table[term].append(sense)

    def look_up(self, words: tuple[str, ...]) -> Iterator[FoundTerm]:
        """Yield every term in the words."""
        last = len(words)
        for start, word in enumerate(words):
            for end in range(start + 1, min(start + MOST_WORDS, last) + 1):
                phrase = " ".join(words[start:end])
                yield from _found(self.terms.get(phrase, ()), phrase, start, end)
                if self.plurals and phrase[-1] == "s" and len(phrase) > SHORTEST_PLURAL:
                    yield from _found(self.terms.get(phrase[:-1], ()), phrase, start, end, len(phrase) - 1)
                shortest = len(phrase) - len(words[end - 1]) + 1
                for cut in range(shortest, len(phrase) + 1) if end > start + 1 else ():
                    yield from _found(self.terms.get(f"{phrase[:cut]}*", ()), phrase, start, end, cut)
                if start == 0:
                    yield from _found(self.terms.get(f"^{phrase}", ()), phrase, start, end, anchors=1)
                if end == last:
                    yield from _found(self.terms.get(f"{phrase}$", ()), phrase, start, end, anchors=1)
                if (start, end) == (0, last):
                    yield from _found(self.terms.get(f"^{phrase}$", ()), phrase, start, end, anchors=2)
            yield from self._part_of(word, start)

    def _part_of(self, word: str, at: int) -> Iterator[FoundTerm]:
        for cut in range(SHORTEST_PART, len(word) + 1):
            yield from _found(self.terms.get(f"{word[:cut]}*", ()), word, at, at + 1, cut)
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART):
            yield from _found(self.terms.get(f"*{word[cut:]}", ()), word, at, at + 1, len(word) - cut)
        if word not in self.terms:
            for end in self.neutral:
                if word.endswith(end):
                    part = word.removesuffix(end)
                    senses = self.terms.get(part, self.terms.get(part.removesuffix("s"), []))
                    yield from _found(senses, word, at, at + 1, len(part))
        for piece, senses in self.pieces.items():
            if piece in word:
                yield from _found(senses, piece, at, at + 1, len(piece))


def _found(
    senses: Iterable[Sense], term: str, start: int, end: int, letters: int = 0, anchors: int = 0
) -> Iterator[FoundTerm]:
    """`letters` is how many were compared where a star stood for the rest."""
    strength = (end - start, not letters, (letters or len(term)) + anchors)
    for topic, language in senses:
        yield FoundTerm(topic, language, term, start, end, strength)


def find_topics(text: str, among: frozenset[Topic] = TITLES) -> Topics:
    """Return what a text is about: those of the topics that its words name."""
    return _find_topics(text[:LONGEST], among)


_WITH = re.compile(r"\bw/(?=[ A-ZÀ-Þ])")
"""English "with" in short: "Lunch w/ Mum", "Coffee w/Sam"; not "w/c", "w/o" or "m/w/d"."""


@lru_cache(maxsize=2048)
def _find_topics(text: str, among: frozenset[Topic]) -> Topics:
    words = tuple(map(_plain, prepare(text, LONGEST).words))
    if _WITH.search(text):
        words = tuple("with" if word == "w" else word for word in words)
    found = list(_table(("en",)).look_up(words))
    marked = any(letter.isalpha() and not letter.isascii() for letter in text)
    if marked or not _explained(found, words, among):
        found = [one for languages in _languages(text) for one in _table(languages).look_up(words)]
    wanted = [one for one in found if one.topic in among]
    meant = _strongest(_in_one_language(wanted, found, marked))
    small = [one for one in found if one.topic is Topic.SMALL]
    return Topics(text, words, tuple(sorted((*meant, *small), key=lambda one: (one.start, -one.end))))


def _explained(found: Iterable[FoundTerm], words: tuple[str, ...], among: frozenset[Topic]) -> bool:
    known = {
        at
        for one in found
        if one.topic in among or one.topic is Topic.SMALL
        for at in range(one.start, one.end)
    }
    return len(known) == len(words)


def _languages(text: str) -> Iterator[tuple[str, ...]]:
    yield ("en", *LATIN)
    if not text.isascii():
        for first, last, languages in SCRIPTS:
            if any(first <= letter <= last for letter in text):
                yield languages


def _in_one_language(wanted: list[FoundTerm], found: list[FoundTerm], marked: bool) -> list[FoundTerm]:
    """Of languages that explain a text, only those that know most of its words are meant; where a letter has
    a mark ("réunion"), English is so only when no other does.
    """
    known: dict[str, set[int]] = {}
    for one in found:
        known.setdefault(one.language, set()).update(range(one.start, one.end))
    most = max((len(known[one.language]) for one in wanted), default=0)
    best = {one.language for one in wanted if len(known[one.language]) == most}
    if marked and len(best) > 1:
        best.discard("en")
    if len(best) > 1:
        # `Dentista Lucía`: a word that is a given name as well tells nothing beside another language's term
        telling = {one.language for one in wanted if one.language in best and not _is_name(one)}
        best = telling or best
    return [one for one in wanted if one.language in best]


def _is_name(found: FoundTerm) -> bool:
    return found.end - found.start == 1 and is_given_name(found.term)


def _strongest(found: list[FoundTerm]) -> list[FoundTerm]:
    """Drop what lies inside a longer or stronger term; what only helps others to be understood gives way to
    a longer one alone.
    """
    return [one for one in found if not any(_outdoes(other, one) for other in found)]


def _outdoes(one: FoundTerm, other: FoundTerm) -> bool:
    if not (one.start <= other.start and other.end <= one.end):
        return False
    if (one.start, one.end) != (other.start, other.end):
        return one.topic not in HELPING and one.strength[0] > other.strength[0]
    if one.topic in HELPING or other.topic in HELPING:
        whole_word, of_another = one.strength[1] > other.strength[1], one.language != other.language
        return whole_word and (of_another or one.topic not in HELPING)
    return one.strength > other.strength


@cache
def _table(languages: tuple[str, ...]) -> _Table:
    return _Table(languages)


def _read_sections(language: str) -> Iterator[tuple[Topic, list[str]]]:
    with open(os.path.join(FOLDER, f"{language}.txt"), encoding="utf-8") as file:
        table = file.read()
    for part in table.split("\n[")[1:]:
        name, _, terms = part.partition("]\n")
        yield Topic(name), terms.rstrip().split(", ")


_BARE = str.maketrans({"ł": "l", "ø": "o", "ı": "i", "đ": "d", "æ": "a"})


def _plain(text: str) -> str:
    """Letters that are no letter with a mark, as they are written where a keyboard lacks them."""
    return text if text.isascii() else text.translate(_BARE)
