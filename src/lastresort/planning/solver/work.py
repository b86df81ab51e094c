"""What may be done for a problem. It is counted and not timed, so that every machine finds the same."""

from __future__ import annotations

from typing import NamedTuple

ROUNDS = (10, 25, 50)
"""Rounds of prices at each stage; the last stage uses the third rule of `prices` too."""
LOOKS = 64
"""Ways of an item that are looked at for one step."""


class Work:
    """What may still be done for a whole problem, in steps: a node of a search is one, `LOOKS` ways that are
    looked at are another."""

    def __init__(self, steps: int) -> None:
        self.steps = self.left = steps
        self._looks = 0

    @property
    def is_done(self) -> bool:
        """Tell whether nothing more may be searched: what is left is answered by what is seen at once."""
        return self.left <= 0

    @property
    def is_spent(self) -> bool:
        """Tell whether not even that may be looked for: as many steps have been taken again."""
        return self.left <= -self.steps

    def look(self, ways: int) -> None:
        """Count ways that are looked at."""
        steps, self._looks = divmod(self._looks + ways, LOOKS)
        self.left -= steps


class SearchLimits(NamedTuple):
    """How far a problem is looked at."""

    cap: int
    """The greatest cost that counts."""
    nodes: int
    """For each search."""
    work: Work
    """For all of them together."""

    def shared_by(self, parts: int) -> SearchLimits:
        """Return the limits of each of several parts: all their nodes leave half of the work."""
        return self._replace(nodes=min(self.nodes, max(self.work.left, 0) // (2 * max(parts, 1))))


class Budget:
    """Nodes that may still be opened for a part of a problem, and the work left for all of it."""

    def __init__(self, nodes: int, work: Work, whole: Budget | None = None) -> None:
        self.nodes, self.work, self.whole = nodes, work, whole
        self.used = 0

    def spend(self) -> bool:
        """Take one node; tell whether there was one."""
        if self.used == self.nodes or self.work.is_done:
            return False
        self.used += 1
        self.work.left -= 1
        if self.whole:
            self.whole.used += 1
        return True

    def part(self, nodes: int) -> Budget:
        """Return a budget within this one."""
        return Budget(min(nodes, self.nodes - self.used), self.work, self)

    def rounds(self, stage: int, options: int) -> int:
        """Take the rounds of prices of a stage on a board with so many options; return how many there are."""
        if self.work.is_done:
            return 0
        self.work.left -= ROUNDS[stage] * (1 + options // LOOKS)
        return ROUNDS[stage]
