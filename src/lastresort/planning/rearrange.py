"""Moves and plans: the cheapest way to keep every interview by changing other events, or why none works."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from lastresort.planning.alternatives import Action, Treatments, Who
from lastresort.planning.freebusy import span
from lastresort.planning.instructions import tell, tell_day
from lastresort.planning.obstacles import Piece, Puzzle, Task
from lastresort.planning.solver import Item, Outcome, Solution, solve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lastresort.model import EventKey, Interval, Occurrence
    from lastresort.planning.alternatives import Setting
    from lastresort.planning.natures import Classification, Nature
    from lastresort.planning.solver import Choice
    from lastresort.planning.timetable import Timetable

__all__ = ["Action", "Considered", "Move", "Plan", "Rearrangement", "count_asked", "explain", "rearrange"]

PLANS = 3
CROWD = 300
"""Events that could give way beyond which the cheapest plan above the cap is not looked for: where so many
overlap, each displaces many others, and no question is open but what nobody would do."""
MANY = 50
"""Events in the way beyond which it is asked first whether the least they cost is too much already."""
BEGUN = "has begun already"


class Move(NamedTuple):
    """One change to one occurrence. `new` is `None` for a skip. `cost` in points."""

    occurrence: Occurrence
    action: Action
    who: Who
    new: Interval | None
    cost: float
    because: tuple[str, ...]
    nature: Nature
    minutes_missed: int | None = None
    """Of an event that is shortened or left for a while."""
    price: tuple[tuple[str, float], ...] = ()
    """The cost broken down: (term, points), adding up to `cost`."""


class Plan(NamedTuple):
    """Changes that together keep every interview free."""

    moves: tuple[Move, ...]
    cost: float
    people_asked: int
    optimal: bool = True

    @property
    def delegates(self) -> bool:
        """Tell whether somebody else has to take over a duty (R32)."""
        return any(move.action is Action.DELEGATE for move in self.moves)


class Rearrangement(NamedTuple):
    """What the search found.

    `optimal`: `plans[0]` is proved cheapest; without anything in the way it changes nothing. `none`: proved
    that no plan costs at most the cap. `limit`: the search ended early, `plans` may be empty.
    """

    status: Literal["optimal", "none", "limit"]
    plans: tuple[Plan, ...] = ()
    above: Plan | None = None
    """The cheapest plan beyond the cap, when one is known."""
    refusals: Mapping[EventKey, tuple[str, ...]] = MappingProxyType({})
    """When there is no plan: for each clashing occurrence why nothing works, a sentence that names it."""
    bound: float = 0
    """Points that no plan can undercut."""
    puzzle: Puzzle | None = None
    """What was looked at; `explain` tells what was considered for the events that clash."""


class Considered(NamedTuple):
    """One way to treat a clashing event, its price, and what became of it."""

    occurrence: Occurrence
    kind: Classification
    action: Action | None
    """`None` for an event that cannot change: its one row."""
    who: Who | None
    new: Interval | None
    minutes_missed: int | None
    cost: float | None
    price: tuple[tuple[str, float], ...]
    verdict: str


def rearrange(task: Task, timetable: Timetable) -> Rearrangement:
    """Return the cheapest changes to other events that do the task: all interviews free, planned together.

    Only hard clashes are cleared. Raises UsageError when options contradict each other.
    """
    puzzle = Puzzle(task, timetable)
    if puzzle.blocking or _is_hopeless(puzzle):
        return Rearrangement("none", refusals=MappingProxyType(_refuse(puzzle, None)), puzzle=puzzle)
    outcome = solve(_items(puzzle), _cap(puzzle), PLANS, beyond=len(puzzle.pieces) <= CROWD)
    plans = _plans(outcome, puzzle)
    return Rearrangement(
        outcome.status,
        plans,
        _plan(outcome.above, puzzle, outcome.above.proved) if outcome.above else None,
        MappingProxyType({} if plans else _refuse(puzzle, outcome)),
        outcome.bound / 10,
        puzzle,
    )


def rearrange_up_to(points: float, task: Task, timetable: Timetable) -> Plan | None:
    """Return the one cheapest plan that does the task, if it costs at most so many points, and the cap."""
    puzzle = Puzzle(task, timetable)
    least = min(round(points * 10), _cap(puzzle))
    if puzzle.blocking or sum(piece.least for piece in puzzle.in_the_way) > least:
        return None
    return next(iter(_plans(solve(_items(puzzle), least, 1, beyond=False), puzzle)), None)


def count_asked(moves: Iterable[Move]) -> int:
    """Return how many people have to be asked: each organiser once."""
    asked = [move.occurrence.event.organizer for move in moves if move.action is Action.ASK_ORGANISER]
    return len({(person.address or person.name) if person else "" for person in asked})


# -- plans --------------------------------------------------------------------------------------------------


def _is_hopeless(puzzle: Puzzle) -> bool:
    """Tell whether so many events are in the way that nobody needs a search to see what it costs."""
    pieces = puzzle.in_the_way
    return len(pieces) > MANY and sum(piece.least for piece in pieces) > _cap(puzzle)


def _items(puzzle: Puzzle) -> list[Item]:
    return [_item(number, piece) for number, piece in enumerate(puzzle.pieces)]


def _item(number: int, piece: Piece) -> Item:
    return Item(
        id=f"{number:06d}",
        home=piece.entry.minutes,
        home_allowed=not piece.in_the_way,
        choices=lambda: piece.treatments.choices,
        least=piece.least,
    )


def _cap(puzzle: Puzzle) -> int:
    return round(puzzle.query.costs.last_resort * 10)


def _plans(outcome: Outcome, puzzle: Puzzle) -> tuple[Plan, ...]:
    proved = outcome.status == "optimal"
    return tuple(_plan(one, puzzle, proved and one.proved) for one in outcome.solutions)


def _plan(solution: Solution, puzzle: Puzzle, proved: bool) -> Plan:
    moves: list[Move] = []
    for item, choice in solution.chosen:
        piece = puzzle.pieces[int(item)]
        moves += _moves(piece, piece.treatments.choices[choice])
    moves.sort(key=lambda move: (move.occurrence.interval, move.occurrence.event.uid or "", -move.cost))
    return Plan(tuple(moves), solution.cost / 10, count_asked(moves), proved)


def _moves(piece: Piece, choice: Choice) -> Iterable[Move]:
    """The change, and the same for copies in other calendars, which cost nobody anything more."""
    treatments = piece.treatments
    first, *copies = piece.entry.copies
    move = Move(
        occurrence=first,
        action=treatments.action(choice),
        who=treatments.who(choice),
        new=treatments.interval(choice),
        cost=choice.cost / 10,
        because=tell(treatments, choice),
        nature=treatments.kind.nature,
        minutes_missed=treatments.minutes_missed(choice),
        price=treatments.price(choice),
    )
    yield move
    because = ("the same event in another calendar of yours",)
    for copy in copies:
        yield move._replace(occurrence=copy, cost=0, because=because, price=())


# -- why nothing works --------------------------------------------------------------------------------------


def _refuse(puzzle: Puzzle, outcome: Outcome | None) -> dict[EventKey, tuple[str, ...]]:
    """Per clashing event, in words a person believes."""
    found: dict[EventKey, tuple[str, ...]] = {}
    for entry in puzzle.blocking:
        found[entry.occurrence.key] = (f"{_title(entry.occurrence)} {entry.kind.fixed or BEGUN}",)
    pieces = puzzle.in_the_way
    hopeless = outcome is None and not puzzle.blocking
    together = _refusal_of_many(pieces, puzzle) if len(pieces) > MANY or hopeless else ""
    for piece in pieces:
        text = together or _refusal(piece.treatments, puzzle, outcome)
        found.update(dict.fromkeys((copy.key for copy in piece.entry.copies), (text,)))
    return found


def _refusal_of_many(pieces: Sequence[Piece], puzzle: Puzzle) -> str:
    least, cap = sum(piece.least for piece in pieces) / 10, puzzle.query.costs.last_resort
    too_much = f" > {cap:g}" if least > cap else ""
    return (
        f"{len(pieces)} events are in the way; to change them all costs at least {least:g}{too_much} points"
    )


def _refusal(treatments: Treatments, puzzle: Puzzle, outcome: Outcome | None) -> str:
    title, cap = _title(treatments.occurrence), puzzle.query.costs.last_resort
    if not treatments.choices and treatments.begun:
        return f"{title} {BEGUN}"
    if not treatments.choices:
        return f"{title} has {_where(treatments, puzzle.setting)}"
    least = min(choice.cost for choice in treatments.choices) / 10
    if least > cap:
        return f"{title} costs {least:g} > {cap:g} points at least"
    if outcome is None:
        return f"{title} could give way for {least:g} points, but that alone does not free the time"
    if outcome.above:
        together = outcome.above.cost / 10
        return f"{title} could give way, but all the changes needed cost {together:g} > {cap:g} points"
    if outcome.status == "none" and len(puzzle.pieces) > CROWD:
        return f"{title} could give way, but nothing that frees the whole time costs {cap:g} points or less"
    if outcome.status == "limit":
        return f"{title} could give way for {least:g} points, but no plan for everything was found in time"
    return f"{title} finds no time that stays free once all that clashes has a new one"


def _where(treatments: Treatments, setting: Setting) -> str:
    hours, kind = setting.query.hours, treatments.kind
    if kind.own_day:
        day = tell_day(treatments.occurrence.interval.start, setting.zone)
        return f"no free time left on its own day, {day}"
    last = tell_day(setting.deadline, setting.zone)
    return (
        f"no common free time before {last}, on open days between {hours.start:%H:%M} and {hours.end:%H:%M}"
    )


def _title(occurrence: Occurrence) -> str:
    title = " ".join(occurrence.event.summary.split())
    return f"“{title[:57]}…”" if len(title) > 60 else f"“{title}”" if title else "an event without a title"


# -- everything that was considered -------------------------------------------------------------------------


def explain(found: Rearrangement) -> tuple[Considered, ...]:
    """Return every way that was considered to treat the clashing events, cheapest first, and why it lost."""
    if found.puzzle is None:
        return ()
    fixed = [
        Considered(
            occurrence=entry.occurrence,
            kind=entry.kind,
            action=None,
            who=None,
            new=None,
            minutes_missed=None,
            cost=None,
            price=(),
            verdict=f"it {entry.kind.fixed or BEGUN}",
        )
        for entry in found.puzzle.blocking
    ]
    considered = [
        Considered(
            occurrence=treatments.occurrence,
            kind=treatments.kind,
            action=treatments.action(choice),
            who=treatments.who(choice),
            new=treatments.interval(choice),
            minutes_missed=treatments.minutes_missed(choice),
            cost=choice.cost / 10,
            price=treatments.price(choice),
            verdict=_verdict(treatments, choice, found),
        )
        for treatments in (piece.treatments for piece in found.puzzle.in_the_way)
        for choice in sorted(treatments.choices, key=lambda c: (c.cost, c.displacement, c.span or ()))
    ]
    return (*fixed, *considered)


def _verdict(treatments: Treatments, choice: Choice, found: Rearrangement) -> str:
    change, cost = (treatments.action(choice), treatments.interval(choice)), choice.cost / 10
    chosen = [_find_move(plan, treatments.occurrence) for plan in found.plans]
    for number, move in enumerate(chosen, 1):
        if move and (move.action, move.new) == change:
            return "chosen" if number == 1 else f"chosen in plan {number}"
    best = chosen[0] if chosen else None
    if best and cost > best.cost:
        return f"dearer: {cost:g} against {best.cost:g}"
    if pushed := _pushed(treatments, choice, found):
        return f"only if {pushed} makes room as well"
    if best:
        return "costs the same, but lies no nearer"
    cap = treatments.setting.query.costs.last_resort
    return f"above the limit: {cost:g} > {cap:g}" if cost > cap else "free, but the other clashes stay"


def _find_move(plan: Plan, occurrence: Occurrence) -> Move | None:
    return next((move for move in plan.moves if move.occurrence.key == occurrence.key), None)


def _pushed(treatments: Treatments, choice: Choice, found: Rearrangement) -> str:
    """Name what the choice would land on: another event at home, or the new time of one."""
    taken = choice.span
    if taken is None:
        return ""
    for other in found.puzzle.pieces if found.puzzle else ():
        home = other.entry.minutes
        if not other.in_the_way and home[0] < taken[1] and taken[0] < home[1]:
            return _title(other.entry.occurrence)
    for move in found.plans[0].moves if found.plans else ():
        if move.new and move.occurrence.key != treatments.occurrence.key:
            start, end = span(move.new)
            if start < taken[1] and taken[0] < end:
                return _title(move.occurrence)
    return ""
