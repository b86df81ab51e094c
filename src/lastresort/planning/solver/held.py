"""What is chosen already, kept so that it is seen at once whether one more choice goes with it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lastresort.planning.solver.terms import Choice, Span


class Spans:
    """Time, as disjoint spans in order; an empty span takes none."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in spans:
            self.add(span)

    def __iter__(self) -> Iterator[Span]:
        """Yield the spans."""
        return zip(self._starts, self._ends, strict=True)

    def add(self, span: Span | None) -> None:
        """Take the time of a span as well."""
        if not span or span[0] >= span[1]:
            return
        start, end = span
        first, last = bisect_left(self._ends, start), bisect_right(self._starts, end)
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def meet(self, span: Span | None) -> bool:
        """Tell whether a span takes some of the time."""
        if not span or span[0] >= span[1]:
            return False
        place = bisect_right(self._ends, span[0])
        return place < len(self._starts) and self._starts[place] < span[1]


class Held:
    """Choices that are made, by the time that they take."""

    def __init__(self, choices: Iterable[Choice] = ()) -> None:
        self._alone, self._stayed, self._cleared = Spans(), Spans(), Spans()
        self._tokens: set[int] = set()
        for choice in choices:
            self.add(choice)

    def add(self, choice: Choice) -> None:
        """Make a choice as well, whether it goes with the others or not."""
        self._tokens.update(choice.tokens)
        self._alone.add(choice.span)
        self._cleared.add(choice.clears)
        for span in choice.stays:
            self._stayed.add(span)

    def goes_with(self, choice: Choice) -> bool:
        """Tell whether a choice can be made beside those that are made; stays may overlap each other, and so
        may times that are cleared."""
        if not self._tokens.isdisjoint(choice.tokens):
            return False
        alone, stayed, cleared = self._alone, self._stayed, self._cleared
        if alone.meet(choice.span) or stayed.meet(choice.span) or cleared.meet(choice.span):
            return False
        if alone.meet(choice.clears) or stayed.meet(choice.clears):
            return False
        return not any(alone.meet(span) or cleared.meet(span) for span in choice.stays)


def spans_of(choice: Choice) -> Iterator[Span]:
    """Yield the time that a choice needs in any way."""
    yield from (span for span in (choice.span, choice.clears, *choice.stays) if span)
