"""The words of the engine: items, their choices, and what comes out."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Span = tuple[int, int]


class Counts(Enum):
    """What a choice counts as, where solutions of the same cost are compared."""

    CHANGE = "change"
    """An item is treated."""
    KEEP = "keep"
    """An item gets the time it needs; the others have made room."""
    GIVE_UP = "give up"
    """An item does without the time it needs."""
    REQUEST = "request"
    """The price of giving up, where several items share it."""


class Choice(NamedTuple):
    """One way to treat an item. Spans are whole minutes `[start, end)`; an empty one takes no time."""

    id: int
    span: Span | None
    """Time it takes for itself: nothing else that was chosen, and nobody's home, may lie there."""
    cost: int
    displacement: int = 0
    """Minutes moved."""
    group: str = ""
    """Choices of one group count as the same treatment when further plans are looked for."""
    doubt: int = 0
    """How likely somebody refuses it; further plans avoid the most doubtful where they can."""
    stays: tuple[Span, ...] = ()
    """Parts of its home that it goes on to take. They may overlap whatever the home overlapped."""
    clears: Span | None = None
    """Time from which every home and every other choice has to stay away, except other times that are
    cleared."""
    tokens: tuple[int, ...] = ()
    """Of all that hold the same token one at most is chosen."""
    brings: tuple[str, ...] = ()
    """Items that have to be treated with it."""
    counts: Counts = Counts.CHANGE


class Item(NamedTuple):
    """Something that can be treated. `id` decides between equals, so that a plan is the same everywhere."""

    id: str
    home: Span
    home_allowed: bool
    choices: Sequence[Choice] | Callable[[], Sequence[Choice]]
    """All ways to treat it, in any order; or a function giving them, called once, if it can matter."""
    least: int = 0
    """No choice costs less. Lets the engine leave a dear item at home without asking for its choices."""


class Solution(NamedTuple):
    """What is chosen: (item id, choice id), sorted; items not named stay at home."""

    cost: int
    displacement: int
    chosen: tuple[tuple[str, int], ...]
    proved: bool = True
    """False when the node budget ended before everything cheaper was ruled out."""


class Outcome(NamedTuple):
    """What `solve` found.

    `optimal`: nothing costs less than `solutions[0]`. `none`: proved that nothing costs at most the cap.
    `limit`: the nodes ended first; `solutions` holds the best found, if any. No solution costs less than
    `bound`.
    """

    status: Literal["optimal", "none", "limit"]
    solutions: tuple[Solution, ...] = ()
    bound: int = 0
    nodes: int = 0
