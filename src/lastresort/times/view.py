"""The tokens of a text and what was read of them so far, as all readers of the grammar look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.items import GLUE, Day, DayRange, Item, Week
from lastresort.times.tokens import Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.times.items import What
    from lastresort.times.language import Kind, Lexicon
    from lastresort.times.tokens import Token

_MOST_SKIPPED = 6
"""Words such as `on the` that are skipped at a time: the bound keeps a text of nothing else linear."""
_LOOKED_BACK = 6
_LONGEST_ABBREVIATION = 4


class TokenView:
    """The tokens, the words of their language, and the items read before the present place."""

    def __init__(self, tokens: Sequence[Token], words: Lexicon) -> None:
        self._tokens = tokens
        self.words = words
        self.items: list[Item] = []
        self._kinds = [words.kinds(token) for token in tokens]
        """What each token may begin, so that most questions are answered by one look."""

    def __len__(self) -> int:
        return len(self._tokens)

    def __getitem__(self, place: int) -> Token:
        return self._tokens[place]

    def between(self, start: int, end: int) -> Sequence[Token]:
        """Return the tokens from one place to another, the end excluded."""
        return self._tokens[start:end]

    def at(self, place: int) -> Token | None:
        """Return the token of a place; `None` before the first and behind the last."""
        return self._tokens[place] if 0 <= place < len(self._tokens) else None

    def has(self, place: int, *texts: str) -> bool:
        """Tell whether one of the texts stands here, in lower case."""
        token = self.at(place)
        return token is not None and token.low in texts

    def has_glued(self, place: int, *texts: str) -> bool:
        """Tell whether one of the texts stands here without a space before it."""
        token = self.at(place)
        return token is not None and token.low in texts and not token.spaced

    def number(self, place: int, allowed: range, digits: tuple[int, ...] = (1, 2)) -> int | None:
        """Return the number that stands here, if it is allowed and has so many digits."""
        token = self.at(place)
        if token is None or token.sort is not Sort.NUMBER or len(token.text) not in digits:
            return None
        return token.value if token.value in allowed else None

    def glued_number(self, place: int, allowed: range, digits: tuple[int, ...] = (1, 2)) -> int | None:
        """Return the number that stands here without a space before it, if it is allowed."""
        token = self.at(place)
        return self.number(place, allowed, digits) if token and not token.spaced else None

    def find(self, kind: Kind, place: int) -> tuple[object, int] | None:
        """Return the value of the phrase of a kind that begins here, and the place behind it."""
        if not 0 <= place < len(self._tokens) or kind not in self._kinds[place]:
            return None
        return self.words.find(kind, self._tokens, place)

    def skip(self, place: int, *kinds: Kind) -> int:
        """Return the place behind words of these kinds, as many as there are."""
        for _ in range(_MOST_SKIPPED):
            found = next(filter(None, (self.find(kind, place) for kind in kinds)), None)
            if not found:
                break
            place = found[1]
        return place

    def skip_dot(self, place: int) -> int:
        """Return the place behind the dot of an abbreviation, which may stand before a capital as well."""
        if not self.has_glued(place, "."):
            return place
        short = place > 0 and len(self._tokens[place - 1].text) <= _LONGEST_ABBREVIATION
        return place if self.ends_sentence(place) and not short else place + 1

    def previous(self) -> Item | None:
        """The item before this one that is neither punctuation nor glue."""
        return next((item for item in reversed(self.items[-_LOOKED_BACK:]) if item.what not in GLUE), None)

    def follows_day(self) -> bool:
        """Tell whether what was read last is a day."""
        previous = self.previous()
        return previous is not None and isinstance(previous.what, Day | DayRange | Week)

    def add(self, what: What, start: int, end: int) -> int:
        """Add an item, and return the place behind it."""
        self.items.append(Item(what, start, end))
        return end

    def ends_sentence(self, place: int) -> bool:
        """Tell whether a full stop stands here, and no dot of a date or an abbreviation."""
        if not self.has(place, "."):
            return False
        behind = self.at(place + 1)
        if behind is None or behind.sort is Sort.LINE:
            return True
        return behind.spaced and (behind.text[:1].isupper() or behind.sort is Sort.MARK)

    def text(self, start: int, end: int) -> str:
        """The tokens of a place, with single spaces where there were any."""
        return "".join(
            (" " if token.spaced else "") + token.text for token in self._tokens[start:end]
        ).strip()
