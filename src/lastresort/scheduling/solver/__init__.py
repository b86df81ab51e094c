"""The cheapest way to make room, found exactly, over opaque identifiers.

An item has a home and choices. Each item stays at home (cost 0, when its home is allowed) or takes one of its
choices. Two spans may overlap only when both are homes: what is double-booked already is not ours to repair.
Everything fixed has been taken out of the choices beforehand. Costs are whole tenths of a point and not negative,
spans whole minutes, half-open; an empty span takes no time.

`terms` has the words, `board` keeps what can matter, `prices` finds lower bounds, `search` proves, `plans` asks for
the cheapest solution and for different ones.
"""

from lastresort.scheduling.solver.plans import solve
from lastresort.scheduling.solver.terms import Choice, Item, Outcome, Solution

__all__ = ["Choice", "Item", "Outcome", "Solution", "solve"]
