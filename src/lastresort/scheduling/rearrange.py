"""Moves and plans: the cheapest way to keep every interview by changing other events."""

from __future__ import annotations

from typing import Literal, NamedTuple

from lastresort.model import Interval, Occurrence

Action = Literal["move", "skip", "shorten", "ask-organiser"]


class Move(NamedTuple):
    """One change to one occurrence. `new` is `None` for a skip. `cost` in points."""

    occurrence: Occurrence
    action: Action
    new: Interval | None
    cost: float
    because: tuple[str, ...]
    price: tuple[tuple[str, float], ...] = ()
    """The cost broken down: (term, points), adding up to `cost`."""


class Plan(NamedTuple):
    """Changes that together keep every interview free."""

    moves: tuple[Move, ...]
    cost: float
    people_asked: int
    optimal: bool = True
