"""The cheapest way to make room, found exactly, over opaque identifiers.

An item has a home and choices. Each item stays at home (cost 0, when its home is allowed) or takes one of
its choices. An item that needs time (an interview) has two kinds of choices: to *keep* it, so that all other
homes and choices leave the time, or to *give it up*, at a price. Two spans may overlap only when both are
homes, or what is left of homes: what is double-booked already is not ours to repair. Everything fixed has
been taken out of the choices beforehand. Costs are whole tenths of a point, not negative; spans are whole
minutes, half-open; an empty span takes no time.

From the words to the answer: `terms`, `work` (how much may be done), `field` (items and their ways), `reach`
(what can matter), `board` (that on a grid), `prices` (lower bounds), `tree` (partial solutions), `search`
(the proof), `components` (parts solved apart), `plans` (the cheapest, and others).
"""

from lastresort.planning.solver.field import overlap, share_of_sent
from lastresort.planning.solver.plans import ItemProblem, solve
from lastresort.planning.solver.terms import Choice, Counts, Item, Outcome, Solution

__all__ = [
    "Choice",
    "Counts",
    "Item",
    "ItemProblem",
    "Outcome",
    "Solution",
    "overlap",
    "share_of_sent",
    "solve",
]
