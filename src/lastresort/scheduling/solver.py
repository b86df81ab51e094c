"""The cheapest way to make room, found exactly, over opaque identifiers.

An item has a home and choices. Each item stays at home (cost 0, when its home is allowed) or takes one of its
choices. Two spans may overlap only when both are homes: what is double-booked already is not ours to repair.
Everything fixed has been taken out of the choices beforehand. Costs are whole tenths of a point, spans whole
minutes, half-open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple


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
    """Something that can give way. `id` orders ties, so that the same input gives the same plan everywhere."""

    id: str
    home: tuple[int, int]
    home_allowed: bool
    choices: tuple[Choice, ...]


class Solution(NamedTuple):
    """What is changed: (item id, choice id), sorted; items not named stay at home."""

    cost: int
    displacement: int
    chosen: tuple[tuple[str, int], ...]


class Outcome(NamedTuple):
    """`optimal`: `solutions[0]` is proved cheapest. `none`: proved that nothing costs at most the cap;
    `above` is then the cheapest solution beyond it, if any. `limit`: the node budget ran out; `solutions` holds the
    best found and `bound` what no solution can undercut."""

    status: Literal["optimal", "none", "limit"]
    solutions: tuple[Solution, ...] = ()
    bound: int = 0
    above: Solution | None = None
    nodes: int = 0


def solve(items: Sequence[Item], cap: int, plans: int = 3, node_limit: int = 3000) -> Outcome:
    """Return the cheapest treatment of all items at once, and up to `plans` genuinely different ones."""
    raise NotImplementedError
