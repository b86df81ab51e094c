"""What a change costs: points, each about one minute of somebody's goodwill. One table, all of it configurable."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


def _frozen(**values: float) -> Mapping[str, float]:
    return MappingProxyType({name.replace("_", "-"): value for name, value in values.items()})


class Costs(NamedTuple):
    """The cost table. Points; `shifts` are (up to so many hours, points), the last for any longer shift."""

    touched: float = 3
    """Each event that is changed at all."""
    kinds: Mapping[str, float] = _frozen(
        focus=1, lunch=1, personal=2, one_to_one=5, stand_up=12, team=20, external=60
    )
    ask: float = 15
    """I am not the organiser: somebody must be asked."""
    shifts: tuple[tuple[float, float], ...] = ((1, 0), (3, 1), (5, 2), (24, 3))
    """Same day, by how far it is shifted."""
    another_day: float = 4
    each_further_day: float = 1
    earlier: float = 1
    outside_hours: float = 4
    """Outside preferred hours or over lunch."""
    short_notice: float = 1.5
    """Factor on the kind when others are involved and the old or new start is under 24 hours away."""
    skips: Mapping[str, float] = _frozen(
        lunch=6, stand_up=12, focus=15, one_to_one=15, personal=20, team=30, external=200
    )
    shorten: float = 0.6
    """Share of kind and ask, when at least half of the event stays."""
    cap: float = 150
    """A plan above it is no plan: the interview is asked to move."""


DEFAULT_COSTS = Costs()
