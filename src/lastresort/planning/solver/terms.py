"""The words of the engine: items that can give way, their choices, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Choice(NamedTuple):
    """One way to treat an item. `span` is `None` when it then takes no time at all."""

    id: int
    span: tuple[int, int] | None
    cost: int
    displacement: int = 0
    """Minutes moved; the second goal after cost."""
    group: str = ""
    """Choices of one group count as the same treatment when further plans are looked for."""
    doubt: int = 0
    """How likely somebody refuses it; further plans avoid the most doubtful where they can."""


class Item(NamedTuple):
    """Something that can give way. `id` decides between equals, so that a plan is the same everywhere."""

    id: str
    home: tuple[int, int]
    home_allowed: bool
    choices: Sequence[Choice] | Callable[[], Sequence[Choice]]
    """All ways to treat it, in any order; or a function giving them, called once, if it can matter."""
    least: int = 0
    """No choice costs less. Lets the engine leave a dear item at home without asking for its choices."""


class Solution(NamedTuple):
    """What is changed: (item id, choice id), sorted; items not named stay at home."""

    cost: int
    displacement: int
    chosen: tuple[tuple[str, int], ...]
    proved: bool = True
    """False when the node budget ended before everything cheaper was ruled out."""


class Outcome(NamedTuple):
    """What `solve` found.

    `optimal`: nothing is cheaper than `solutions[0]`, and among equally cheap ones nothing moves events
    less unless `nodes` reached the limit. `none`: proved that nothing costs at most the cap. `above` is
    then the cheapest solution beyond it, or the best one found within the nodes (`above.proved` tells
    which); `None` when there is none, none was found, or nobody looked so far above. `limit`: the nodes
    ended first. `solutions` holds the best found within the cap, if any (else `above` may hold one beyond
    it). No solution costs less than `bound`.
    """

    status: Literal["optimal", "none", "limit"]
    solutions: tuple[Solution, ...] = ()
    bound: int = 0
    above: Solution | None = None
    nodes: int = 0
