"""In which language an invitation is written: by its script, else by the small words of its sentences."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lastresort.interviews.prose import sentences
from lastresort.interviews.services import url_pattern
from lastresort.interviews.words import prepare, read_small_words

if TYPE_CHECKING:
    from lastresort.model import Event

READ = 4000
FEWEST = 2
"""Different small words of a language that a text must hold."""
OWN = 1.0
"""Words more than of any other language; one that several languages have counts for a part of each."""
SCRIPTS = (
    ("ja", "[\u3041-\u30ff]"),
    ("ko", "[\uac00-\ud7a3]"),
    ("zh", "[\u4e00-\u9fff]"),
    ("uk", "[іїєґІЇЄҐ]"),
    ("ru", "[\u0400-\u04ff]"),
    ("ar", "[\u0600-\u06ff]"),
    ("he", "[\u0590-\u05ff]"),
    ("hi", "[\u0900-\u097f]"),
    ("el", "[\u0370-\u03ff]"),
)
"""Letters that tell a language; kana before the characters that Japanese and Chinese share. Most texts are
Latin: the patterns are compiled when one is not."""
RULE = re.compile(r"\s*[_~⎯.-]{10,}\s*")
BLOCK = 25
"""Lines between two rules at most that are a video service's, often in a language of its own."""
MOST = 0.3
"""Share of a text's letters that must be of the script."""


def read_language(event: Event) -> str | None:
    """Return the ISO 639-1 code of the language of title, description and mail.

    `None` where too little is written to tell.
    """
    texts = (event.summary, event.description, event.mail.text if event.mail else "")
    written = "\n".join(sentences("\n".join(_without_blocks(text[:READ]) for text in texts if text)))
    written = url_pattern().sub(" ", written)[:READ]
    letters = sum(map(str.isalpha, written))
    if not letters:
        return None
    if not written.isascii():
        for code, script in SCRIPTS:
            if len(re.findall(script, written)) * (3 if code in {"ja", "zh", "uk"} else 1) > MOST * letters:
                return code
    words = set(prepare(written, READ).words)
    languages = read_small_words()
    held = {code: words & small for code, small in languages.items()}
    shared = Counter(word for found in held.values() for word in found)
    scores = sorted(((sum(1 / shared[word] for word in held[code]), code) for code in held), reverse=True)
    (best, code), (second, _) = scores[0], scores[1]
    return code if len(held[code]) >= FEWEST and best >= second + OWN else None


def _without_blocks(text: str) -> str:
    """The text without what a video service writes between two rules."""
    lines = text.splitlines()
    rules = [place for place, line in enumerate(lines) if RULE.fullmatch(line)]
    for first, last in zip(rules[-2::-2], rules[::-2], strict=False):
        if last - first <= BLOCK:
            del lines[first : last + 1]
    return "\n".join(lines)
