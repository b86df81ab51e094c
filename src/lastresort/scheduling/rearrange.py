"""Moves and plans: the cheapest way to keep every interview by changing other events, or why none works."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from lastresort.cheap import NamedTuple
from lastresort.model import Busy, Interval, Occurrence
from lastresort.scheduling.candidates import Action, Treatments, least_cost, make_setting, span
from lastresort.scheduling.conflicts import keys_of
from lastresort.scheduling.freebusy import from_minute, is_free, merge
from lastresort.scheduling.instructions import tell, tell_day
from lastresort.scheduling.kinds import ALL_DAY
from lastresort.scheduling.solver import Item, Outcome, Solution, solve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from lastresort.model import EventKey
    from lastresort.scheduling.candidates import Setting
    from lastresort.scheduling.interviews import Interview
    from lastresort.scheduling.query import Query
    from lastresort.scheduling.solver import Choice
    from lastresort.scheduling.timetable import Entry, Timetable

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
    treated: tuple[_Piece, ...] = ()
    """All events that could give way; `explain` tells what was considered for those that clash."""


class Considered(NamedTuple):
    """One way to treat a clashing event, its price, and what became of it."""

    occurrence: Occurrence
    action: Action
    new: Interval | None
    cost: float
    price: tuple[tuple[str, float], ...]
    verdict: str


class _Frame:
    """What all events of a puzzle share: where they may land, and the time that is to be kept free."""

    def __init__(self, setting: Setting, paddeds: tuple[Interval, ...], ends: Sequence[_End]) -> None:
        """`paddeds` are the interviews with their padding, merged; `ends` until when what is in the way of
        each has to be over elsewhere."""
        self.setting, self.paddeds, self.ends = setting, paddeds, ends
        self._least: dict[tuple[int, bool, bool], int] = {}

    def least(self, entry: Entry, in_the_way: bool) -> int:
        """Return tenths of a point that no treatment can undercut; events of one kind share it."""
        same = (id(entry.kind), entry.occurrence.event.recurring, in_the_way)
        if same not in self._least:
            costs = self.setting.query.costs
            self._least[same] = least_cost(entry.occurrence, entry.kind, costs, in_the_way)
        return self._least[same]


_End = tuple[Interval, "datetime"]


class _Piece:
    """An event that may give way; the ways to treat it are found when asked for."""

    def __init__(self, entry: Entry, frame: _Frame) -> None:
        self.entry, self._frame = entry, frame
        self.in_the_way = _is_in_the_way(entry.home, frame.paddeds)

    @property
    def least(self) -> int:
        """Tenths of a point that no treatment can undercut."""
        return self._frame.least(self.entry, self.in_the_way)

    @cached_property
    def treatments(self) -> Treatments:
        """All ways to treat it."""
        frame, home = self._frame, self.entry.home
        setting = _until(frame.setting, home, frame.ends) if self.in_the_way else frame.setting
        return Treatments(self.entry.occurrence, self.entry.kind, setting, frame.paddeds)


class _Puzzle(NamedTuple):
    """The movable events, those that stand in the way for good, and where anything may land."""

    pieces: tuple[_Piece, ...]
    blocking: tuple[Entry, ...]
    setting: Setting

    @property
    def in_the_way(self) -> list[_Piece]:
        """The movable events that cannot stay where they are."""
        return [piece for piece in self.pieces if piece.in_the_way]


def rearrange(
    interviews: Sequence[Interview],
    timetable: Timetable,
    deadline: datetime,
    held: Sequence[Interval] = (),
    others: Sequence[Interview] = (),
    deadlines: Sequence[datetime] = (),
    gone: Collection[EventKey] = (),
    up_to: float | None = None,
) -> Rearrangement:
    """Return the cheapest changes to other events that keep all of `interviews` free, planned together.

    `deadline` is when moved events must have ended, `held` is time kept for something else. `others` are
    interviews that are asked to move: they make no room and need none, and nothing lands on them. What
    is `gone` takes no time any more. Only hard clashes are cleared. `deadlines`, one for each interview, hold
    for what is in its way. `up_to` so many points only the one cheapest plan is asked for, and no refusals.
    Raises UsageError when options contradict each other.
    """
    gone = keys_of((*interviews, *others)).union(gone)
    puzzle = _lay_out(interviews, gone, timetable, deadline, held, others, deadlines)
    if up_to is not None:
        return _cheapest_up_to(up_to, puzzle)
    found = Rearrangement("none", treated=tuple(puzzle.pieces))
    if puzzle.blocking or _is_hopeless(puzzle):
        return found._replace(refusals=MappingProxyType(_refuse(puzzle, None)))
    items = [_item(number, piece) for number, piece in enumerate(puzzle.pieces)]
    outcome = solve(items, _cap(timetable.query), PLANS, beyond=len(items) <= CROWD)
    proved = outcome.status == "optimal"
    plans = tuple(_plan(solution, puzzle, proved and solution.proved) for solution in outcome.solutions)
    above = _plan(outcome.above, puzzle, outcome.above.proved) if outcome.above else None
    refusals = _refuse(puzzle, outcome) if not plans else {}
    return found._replace(
        status=outcome.status,
        plans=plans,
        above=above,
        refusals=MappingProxyType(refusals),
        bound=outcome.bound / 10,
    )


def _cheapest_up_to(points: float, puzzle: _Puzzle) -> Rearrangement:
    if puzzle.blocking:
        return Rearrangement("none")
    items = [_item(number, piece) for number, piece in enumerate(puzzle.pieces)]
    outcome = solve(items, min(round(points * 10), _cap(puzzle.setting.query)), 1, beyond=False)
    plans = tuple(_plan(one, puzzle, outcome.status == "optimal" and one.proved) for one in outcome.solutions)
    return Rearrangement(outcome.status, plans)


def count_asked(moves: Iterable[Move]) -> int:
    """Return how many people have to be asked: each organiser once."""
    asked = [move.occurrence.event.organizer for move in moves if move.action == "ask-organiser"]
    return len({(person.address or person.name) if person else "" for person in asked})


# -- laying out the puzzle ----------------------------------------------------------------------------------


def _lay_out(
    interviews: Sequence[Interview],
    gone: Collection[EventKey],
    timetable: Timetable,
    deadline: datetime,
    held: Sequence[Interval],
    others: Sequence[Interview],
    deadlines: Sequence[datetime],
) -> _Puzzle:
    query, paddeds = timetable.query, merge(interview.padded for interview in interviews)
    movable: list[Entry] = []
    firm: list[Entry] = []
    for entry in timetable.before(max(deadline, paddeds[-1].end), gone):
        gives_way = _may_give_way(entry, query.now, deadline, paddeds)
        (movable if gives_way else firm).append(entry)
    rivals = [other.occurrence.interval for other in others]
    fixed = [*paddeds, *held, *rivals, *(entry.home for entry in firm if _is_firm(entry, query))]
    doubtful = (e for e in firm if e.occurrence.busy is Busy.CHECK and not e.occurrence.all_day)
    setting = make_setting(query, timetable.agenda.zone, deadline, fixed, [entry.home for entry in doubtful])
    ends = [(one.padded, end) for one, end in zip(interviews, deadlines, strict=bool(deadlines))]
    frame = _Frame(setting, paddeds, ends)
    certain = (entry for entry in firm if entry.occurrence.busy is Busy.CLASH)
    return _Puzzle(
        tuple(_Piece(entry, frame) for entry in movable),
        tuple(entry for entry in certain if _is_in_the_way(entry.home, paddeds)),
        setting,
    )


def _until(setting: Setting, home: Interval, ends: Sequence[tuple[Interval, datetime]]) -> Setting:
    """Where an event may land: what is in the way of an interview no later than slots for that one."""
    own = [end for padded, end in ends if padded.overlaps(home)]
    end = max(own, default=setting.deadline)
    if end >= setting.deadline:
        return setting
    days = tuple(day for day in setting.days if from_minute(day.open[0]) < end)
    return setting._replace(deadline=end, days=days)


def _may_give_way(entry: Entry, now: datetime, deadline: datetime, paddeds: Sequence[Interval]) -> bool:
    """What has begun stays, unless leaving early helps; what comes after the deadline is no concern."""
    if entry.occurrence.busy is not Busy.CLASH or not entry.kind.movable or entry.home.start >= deadline:
        return False
    return entry.home.start >= now or _is_in_the_way(entry.home, paddeds)


def _is_in_the_way(home: Interval, paddeds: Sequence[Interval]) -> bool:
    near = home.start < paddeds[-1].end and paddeds[0].start < home.end
    return near and not is_free(home, paddeds)


def _is_firm(entry: Entry, query: Query) -> bool:
    """Time that nothing may land on; of what is only to be checked, days of travel, leave and the like."""
    occurrence, kind = entry.occurrence, entry.kind
    if occurrence.busy is Busy.CLASH or (query.guarded and occurrence.key in query.guarded):
        return True
    return occurrence.all_day and bool(kind.fixed) and kind.fixed != ALL_DAY


def _is_hopeless(puzzle: _Puzzle) -> bool:
    """Tell whether so many events are in the way that nobody needs a search to see what it costs."""
    pieces = puzzle.in_the_way
    if len(pieces) <= MANY and len(puzzle.pieces) <= CROWD:
        return False
    return sum(piece.least for piece in pieces) > _cap(puzzle.setting.query)


def _item(number: int, piece: _Piece) -> Item:
    return Item(
        id=f"{number:06d}",
        home=span(piece.entry.home),
        home_allowed=not piece.in_the_way,
        choices=lambda: piece.treatments.choices,
        least=piece.least,
    )


def _cap(query: Query) -> int:
    return round(query.costs.cap * 10)


# -- plans --------------------------------------------------------------------------------------------------


def _plan(solution: Solution, puzzle: _Puzzle, proved: bool) -> Plan:
    moves: list[Move] = []
    for item, choice in solution.chosen:
        piece = puzzle.pieces[int(item)]
        moves += _moves(piece, piece.treatments.choices[choice])
    moves.sort(key=lambda move: (move.occurrence.interval, move.occurrence.event.uid or "", -move.cost))
    return Plan(tuple(moves), solution.cost / 10, count_asked(moves), proved)


def _moves(piece: _Piece, choice: Choice) -> Iterable[Move]:
    """The change, and the same for copies in other calendars, which cost nobody anything more."""
    treatments = piece.treatments
    action, new, price = treatments.action(choice), treatments.interval(choice), treatments.price(choice)
    first, *copies = piece.entry.copies
    yield Move(first, action, new, choice.cost / 10, tell(treatments, choice), price)
    for copy in copies:
        yield Move(copy, action, new, 0, ("the same event in another calendar of yours",))


# -- why nothing works --------------------------------------------------------------------------------------


def _refuse(puzzle: _Puzzle, outcome: Outcome | None) -> dict[EventKey, tuple[str, ...]]:
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


def _refusal_of_many(pieces: Sequence[_Piece], puzzle: _Puzzle) -> str:
    least, cap = sum(piece.least for piece in pieces) / 10, puzzle.setting.query.costs.cap
    too_much = f" > {cap:g}" if least > cap else ""
    return (
        f"{len(pieces)} events are in the way; to change them all costs at least {least:g}{too_much} points"
    )


def _refusal(treatments: Treatments, puzzle: _Puzzle, outcome: Outcome | None) -> str:
    title, cap = _title(treatments.occurrence), puzzle.setting.query.costs.cap
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
    considered = [
        Considered(
            treatments.occurrence,
            treatments.action(choice),
            treatments.interval(choice),
            choice.cost / 10,
            treatments.price(choice),
            _verdict(treatments, choice, found),
        )
        for treatments in (piece.treatments for piece in found.treated if piece.in_the_way)
        for choice in sorted(treatments.choices, key=lambda c: (c.cost, c.displacement, c.span or ()))
    ]
    return tuple(considered)


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
    cap = treatments.setting.query.costs.cap
    return f"above the limit: {cost:g} > {cap:g}" if cost > cap else "free, but the other clashes stay"


def _find_move(plan: Plan, occurrence: Occurrence) -> Move | None:
    return next((move for move in plan.moves if move.occurrence.key == occurrence.key), None)


def _pushed(treatments: Treatments, choice: Choice, found: Rearrangement) -> str:
    """Name what the choice would land on: another event at home, or the new time of one."""
    taken = choice.span
    if taken is None:
        return ""
    for other in found.treated:
        home = span(other.entry.home)
        if not other.in_the_way and home[0] < taken[1] and taken[0] < home[1]:
            return _title(other.entry.occurrence)
    for move in found.plans[0].moves if found.plans else ():
        if move.new and move.occurrence.key != treatments.occurrence.key:
            start, end = span(move.new)
            if start < taken[1] and taken[0] < end:
                return _title(move.occurrence)
    return ""
