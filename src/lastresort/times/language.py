"""The words of a language that have to do with times, from its data file, and which language a text is in."""

from __future__ import annotations

import re
import tomllib
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.times.tokens import Sort, unaccented

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.times.tokens import Token

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl")


class Kind(Enum):
    """What a word or a phrase can be; the values are the keys of the data files, which explain them."""

    WEEKDAY = "weekdays"
    SHORT_WEEKDAY = "short_weekdays"
    INITIALS = "initials"
    MONTH = "months"
    RELATIVE_DAY = "relative_days"
    WEEK = "weeks"
    WEEK_AFTER = "week_after"
    AHEAD = "ahead"
    DAYS = "days"
    WEEK_OF = "week_of"
    WEEK_NUMBER = "week_number"
    NEXT = "next"
    THIS = "this"
    LAST = "last"
    WEEK_LATER = "week_later"
    WEEK_BEFORE = "week_before"
    PART = "parts"
    WHOLE_DAY = "whole_day"
    NOON = "noon"
    MIDNIGHT = "midnight"
    AM = "am"
    PM = "pm"
    CLOCK_BEFORE = "clock_before"
    CLOCK_AFTER = "clock_after"
    HOUR_BEFORE = "hour_before"
    NUMBER = "numbers"
    MINUTES_BEFORE = "minutes_before"
    MINUTES_BEHIND = "minutes_behind"
    SAME = "same"
    TO = "to"
    ENDS = "ends"
    BETWEEN = "between"
    FROM = "from"
    AFTER = "after"
    ONWARDS = "onwards"
    BEFORE = "before"
    OR = "or"
    AND = "and"
    DAY_BEFORE = "day_before"
    ORDINAL = "ordinal"
    COUNTED = "counted"
    OF = "of"
    FILLER = "filler"
    LEFT = "left"
    DEADLINE = "deadline"
    AT_LATEST = "at_latest"
    ASKED_BEFORE = "asked_before"
    REQUEST = "request"
    REFUSED = "refused"
    EXCEPT = "except"
    NEUTRAL = "neutral"
    CONTRAST = "contrast"
    CONDITION = "condition"
    ASIDE = "aside"
    INSTEAD = "instead"
    MOVED = "moved"
    MOVED_TO = "moved_to"
    STREET = "street"
    LENGTH = "length"
    MINUTES = "minutes"
    HOURS = "hours"
    TIME = "time"
    TIMES = "times"
    THEIRS = "theirs"
    MINE = "mine"
    ZONE = "zones"


class Phrase(NamedTuple):
    """One way to write something: its words, and what it stands for (a number, a zone's name, a part)."""

    words: tuple[str, ...]
    value: Any = None
    dotted: bool = False
    """An abbreviation: the dot behind it belongs to it."""


class LetterWords(NamedTuple):
    """How letters are closed and older ones quoted, as runs of words in lower case."""

    closings: frozenset[tuple[str, ...]]
    wrote: tuple[tuple[str, ...], ...]
    headers: tuple[tuple[str, ...], ...]
    """The labels of a quoted letter's head, that of its sender first, then that of its date."""
    original: frozenset[tuple[str, ...]]
    postscript: frozenset[tuple[str, ...]]


class Lexicon(NamedTuple):
    """The words of one language, by the first word of a phrase, the longest phrases first."""

    language: str
    countries: frozenset[str]
    month_first: frozenset[str]
    """Countries that write the month before the day; a language that has some knows both orders."""
    half_days: bool
    """Clocks are written with twelve hours, so that a bare 7 has two readings."""
    dotted_days: bool
    """The number of a day is written with a dot: `14.`"""
    capital_weekdays: bool
    """A short weekday begins with a capital; without one `do` and `mi` are words."""
    small_weekdays: bool
    """Weekdays are written without a capital: `Bonjour Sam` greets a person."""
    place_endings: tuple[str, ...]
    """Endings that make `Londoner` of London."""
    phrases: Mapping[str, Mapping[Kind, tuple[Phrase, ...]]]
    common: frozenset[str]
    options: frozenset[tuple[str, ...]]
    """What one of several times is called: `option`."""
    letter: LetterWords

    def find(self, kind: Kind, tokens: Sequence[Token], place: int) -> tuple[Any, int] | None:
        """Return the value of the longest phrase of a kind that begins here, and the place behind it.

        Words count with and without their accents. Hyphens, apostrophes and dots of abbreviations may stand
        between them, a dot behind them too when it is no end of a sentence.
        """
        if place >= len(tokens) or tokens[place].sort not in (Sort.WORD, Sort.NUMBER):
            return None
        token = tokens[place]
        for form in dict.fromkeys((token.low, token.bare)):
            for phrase in self.phrases.get(form, {}).get(kind, ()):
                end = _end_of(phrase.words, tokens, place)
                if end is not None:
                    return phrase.value, _behind_dot(tokens, end, dotted=phrase.dotted)
        return None

    def value_of(self, word: str, kind: Kind) -> object | None:
        """Return what one word of a kind stands for; `None` when it is none."""
        found = self.phrases.get(word, {}).get(kind, ())
        return next((phrase.value for phrase in found if len(phrase.words) == 1), None)

    def kinds(self, token: Token) -> frozenset[Kind]:
        """Return the kinds of phrases that may begin with a token."""
        return frozenset(kind for form in (token.low, token.bare) for kind in self.phrases.get(form, ()))

    def knows(self, token: Token) -> bool:
        """Tell whether a word stands in the data file at the beginning of some phrase, or as a common one."""
        return token.low in self.phrases or token.bare in self.phrases or token.low in self.common


def _behind_dot(tokens: Sequence[Token], place: int, *, dotted: bool) -> int:
    """The place behind the dot of an abbreviation, known as one or before a number: `od. Fr`, `godz. 15`."""
    if place + 1 < len(tokens) and tokens[place].text == "." and not tokens[place].spaced:
        behind = tokens[place + 1]
        return place + 1 if dotted or (behind.sort is Sort.NUMBER and behind.spaced) else place
    return place


def _end_of(words: tuple[str, ...], tokens: Sequence[Token], place: int) -> int | None:
    for number, word in enumerate(words):
        if number:
            for _ in range(2):
                if place < len(tokens) and tokens[place].text in _JOINTS and not tokens[place].spaced:
                    place += 1
        if place >= len(tokens) or word not in (tokens[place].low, tokens[place].bare):
            return None
        place += 1
    return place


_JOINTS = frozenset("'.-/")


@cache
def lexicon(language: str) -> Lexicon:
    """Return the words of a language, one of `LANGUAGES`."""
    source = files("lastresort.times").joinpath("data", f"{language}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(source)
    phrases: dict[str, dict[Kind, list[Phrase]]] = {}
    written = [(kind, phrase) for kind in Kind for phrase in _phrases(kind, table.get(kind.value))]
    exact = {phrase.words for _, phrase in written}
    for kind, phrase in written:
        forms = [phrase.words]
        folded = tuple(unaccented(word) for word in phrase.words)
        if folded != phrase.words and folded not in exact:
            forms.append(folded)
        for words in forms:
            phrases.setdefault(words[0], {}).setdefault(kind, []).append(phrase._replace(words=words))
    return Lexicon(
        language=language,
        countries=frozenset(table["countries"].split()),
        month_first=frozenset(table.get("month_first", "").split()),
        half_days=table.get("half_days", False),
        dotted_days=table.get("dotted_days", False),
        capital_weekdays=table.get("capital_weekdays", False),
        small_weekdays=table.get("small_weekdays", False),
        place_endings=tuple(table.get("place_endings", "").split()),
        phrases={
            first: {
                kind: tuple(sorted(found, key=lambda phrase: -len(phrase.words)))
                for kind, found in kinds.items()
            }
            for first, kinds in phrases.items()
        },
        common=frozenset(table["common"].split()),
        options=frozenset(_split(table["options"])),
        letter=LetterWords(
            closings=frozenset(_split(table["closings"])),
            wrote=tuple(_split(table["wrote"])),
            headers=tuple(_split(table["headers"])),
            original=frozenset(_split(table["original"])),
            postscript=frozenset(_split(table["postscript"])),
        ),
    )


def _phrases(kind: Kind, entry: Any) -> Iterator[Phrase]:
    """Yield the phrases of one entry: a text with commas, a list of such texts, or a table by value."""
    if entry is None:
        return
    texts: Iterable[tuple[Any, str]]
    if isinstance(entry, str):
        texts = [(None, entry)]
    elif isinstance(entry, list):
        texts = enumerate(entry)
    elif kind is Kind.PART:
        texts = [((part["start"], part["end"]), part["words"]) for part in entry.values()]
    else:
        texts = entry.items()
    for value, text in texts:
        for phrase in text.split(","):
            for words in _split(phrase):
                yield Phrase(words, value, dotted=phrase.rstrip().endswith("."))


_WORD = re.compile(r"[^\W\d_]+|[0-9]+")


def _split(text: str) -> Iterator[tuple[str, ...]]:
    for phrase in text.split(","):
        words = tuple(_WORD.findall(phrase))
        if words:
            yield words


def calls_option(text: str) -> bool:
    """Tell whether a title calls something one of several: `Interview (option 2)`."""
    words = [(word,) for word in _WORD.findall(text.lower())]
    return any(word in lexicon(language).options for language in LANGUAGES for word in words)


def languages_of(tokens: Sequence[Token], likely: Iterable[str] = (), share: float = 0) -> tuple[str, ...]:
    """Return the languages, that of the text first: the one that knows most of its words.

    `likely` are languages that win where others know as much; a word that several know counts less. Languages
    that know less than the `share` of what the first one knows are left out.
    """
    points = dict.fromkeys(LANGUAGES, 0.0)
    for token in tokens[:_LOOKED_AT]:
        if token.sort is Sort.WORD and not _is_abbreviation(token.text):
            knowing = [language for language in LANGUAGES if lexicon(language).knows(token)]
            for language in knowing:
                points[language] += 1 / len(knowing)
    order = [*likely, *LANGUAGES]
    ranked = sorted(LANGUAGES, key=lambda language: (-round(points[language], 6), order.index(language)))
    least = share * points[ranked[0]]
    return tuple(one for one in ranked if one == ranked[0] or not share or points[one] >= least > 0)


def _is_abbreviation(word: str) -> bool:
    """Tell whether a word is in capitals, as `ET` is: no French word then."""
    return word.isupper() and 2 <= len(word) <= 5 and word not in ("AM", "PM")


_LOOKED_AT = 2000
"""Words of a text by which its language is told."""
