"""Moves and plans: which interviews to keep, and the cheapest way to do that by changing other events.

One sum is least: what the changes cost, and the price of asking for each interview that is given up.
"""

from __future__ import annotations

import math
from datetime import timedelta
from functools import partial
from heapq import nsmallest
from typing import TYPE_CHECKING, Literal, NamedTuple

from lastresort.costs import price_tightness
from lastresort.model import Interval
from lastresort.planning.actions import DECIDED_ALONE, WRITTEN, Action, Who
from lastresort.planning.freebusy import MINUTE, span
from lastresort.planning.instructions import tell, tell_day
from lastresort.planning.solver import Choice, Counts, Item, ItemProblem, Solution, overlap
from lastresort.planning.subjects import Nature

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lastresort.interviews.detection import Interview
    from lastresort.model import EventKey, Occurrence
    from lastresort.planning.alternatives import LandingContext, Treatments
    from lastresort.planning.natures import Classification
    from lastresort.planning.obstacles import Need, Obstacle, Puzzle, RearrangeTask

__all__ = ["Action", "Considered", "Move", "Plan", "Rearrangement", "count_asked", "explain", "rearrange"]

PLANS = 3
MANY = 50
"""Events in the way of one interview that are told one by one."""
PRICED = 10
"""Interviews of which it is searched what keeping them would cost, where asking is cheaper."""
NODES = 200
"""Of such a search."""
CROWDED = 400
"""Events that could move: where there are more, none is made."""
BREATH = timedelta(minutes=5)
"""Room to breathe is counted in such steps."""
BEGUN = "has begun already"
REFUSED = 1_000_000
"""Tenths of a point, more than all else costs: that of giving up what they cannot move. It stands in no sum
that is told."""


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
    attended: tuple[Interval, ...] = ()
    """When I am there, of an event that I step out of; `new` lasts from the first of it to the last."""
    price: tuple[tuple[str, float], ...] = ()
    """The cost broken down: (term, points), adding up to `cost`."""

    def is_writable(self, me: Collection[str]) -> bool:
        """Tell whether my calendar can make it: an event of mine, to which nobody else has to agree."""
        alone = self.who in DECIDED_ALONE and self.action in WRITTEN
        return alone and self.occurrence.event.is_mine(me)

    @property
    def is_agreed_first(self) -> bool:
        """Tell whether the calendar changes only once it is agreed: somebody in my care waits there."""
        return self.nature is Nature.CARE and self.who is Who.TELL


class Plan(NamedTuple):
    """Changes that together keep the interviews that are not given up free."""

    moves: tuple[Move, ...]
    cost: float
    """Of the moves."""
    people_asked: int
    optimal: bool = True
    tight: tuple[tuple[int, float], ...] = ()
    """What the room to breathe is worth that an interview does without: its place, and points."""

    @property
    def soft_points(self) -> float:
        """What the room to breathe is worth that all of them do without."""
        return round(sum(points for _, points in self.tight), 1)

    @property
    def delegates(self) -> bool:
        """Tell whether somebody else has to take over a duty (R32)."""
        return any(move.action is Action.DELEGATE for move in self.moves)


class Rearrangement(NamedTuple):
    """What the search found: which interviews are kept, and the cheapest changes for that.

    `optimal`: nothing has a smaller sum than `plans[0]` with what it gives up. `none`: proved that nothing
    costs at most the limit set. `limit`: the search ended early, and `plans` has the best that was found.
    """

    status: Literal["optimal", "none", "limit"]
    puzzle: Puzzle
    """What was looked at; `explain` tells what was considered for the events that clash."""
    problem: ItemProblem | None = None
    """The same for the engine; `None` where nothing had to be solved."""
    plans: tuple[Plan, ...] = ()
    """The cheapest first; the others keep the same interviews in genuinely different ways."""
    given_up: frozenset[int] = frozenset()
    """The places of the needs whose interview is to be asked about."""
    points: float = 0
    """The sum that is least: moves, room to breathe and requests."""
    bound: float = 0
    """Points that no sum can undercut."""
    priced: frozenset[int] = frozenset()
    """The places of those given up of which it is searched what keeping them would cost."""


class Considered(NamedTuple):
    """One way to treat a clashing event, its price, and what became of it."""

    occurrence: Occurrence
    kind: Classification
    action: Action | None
    """`None` for an event that cannot change: its one row."""
    who: Who | None
    new: Interval | None
    minutes_missed: int | None
    attended: tuple[Interval, ...]
    """When I would be there, of an event that I step out of."""
    cost: float | None
    price: tuple[tuple[str, float], ...]
    verdict: str


def rearrange(puzzle: Puzzle, most: float = math.inf, plans: int = PLANS) -> Rearrangement:
    """Return the changes to other events and the interviews to give up that have the least sum.

    Only hard clashes are cleared. `most` is the greatest sum that counts, `plans` how many to look for.
    Raises UsageError when options contradict each other.
    """
    task, items = puzzle.task, _items(puzzle)
    cap = min(most, _upper_bound(task, puzzle))
    if cap < 0 or any(not item.home_allowed and not item.choices for item in items):
        return Rearrangement("none", puzzle)
    problem = ItemProblem(items, _tenths(cap))
    outcome = problem.solve(plans)
    if not outcome.solutions:
        return Rearrangement(outcome.status, puzzle, problem, bound=outcome.bound / 10)
    best, *further = (_plan(one, puzzle, one.proved) for one in outcome.solutions)
    first = outcome.solutions[0]
    given_up = _given_up(first, puzzle)
    beside = REFUSED * sum(task.needs[place].refused for place in given_up)
    # had they been compared, they might all have been kept
    unknown = sum(_price_giving_up(task.needs[place]) for place in puzzle.not_compared)
    return Rearrangement(
        status="limit" if unknown else outcome.status,
        puzzle=puzzle,
        problem=problem,
        plans=(best, *sorted(further, key=lambda plan: plan.cost + plan.soft_points)),
        given_up=given_up,
        points=(first.cost - beside) / 10,
        bound=max(outcome.bound - beside - unknown, 0) / 10,
        priced=frozenset(nsmallest(PRICED, given_up)),
    )


def _kept_or_not(solution: Solution, puzzle: Puzzle) -> Iterator[tuple[int, Choice]]:
    """Yield for the place of every need what is chosen for it."""
    for item, number in solution.chosen:
        if item.startswith(INTERVIEW):
            place = int(item.removeprefix(INTERVIEW))
            yield place, next(choice for choice in _needs_choices(puzzle, place) if choice.id == number)


def _given_up(solution: Solution, puzzle: Puzzle) -> frozenset[int]:
    return frozenset(n for n, choice in _kept_or_not(solution, puzzle) if choice.counts is Counts.GIVE_UP)


class Keeping(NamedTuple):
    """What it would cost to keep an interview that is given up: moves, and requests about others instead."""

    points: float | None
    """No way to keep it costs less; `None` when there is none at all."""
    others: frozenset[int] = frozenset()
    """The places of those that would be given up in its stead."""
    exact: bool = False
    """It can be had at that price."""


def price_keeping(found: Rearrangement, place: int) -> Keeping:
    """Return what it would cost to keep one of the interviews that were given up.

    It is looked for up to twice what asking costs, and with few nodes; more is told as "at least". Where
    many are given up, only what is known without a search is told of those after the first `PRICED`, and of
    all where more than `CROWDED` events could move.
    """
    task = found.puzzle.task
    need = task.needs[place]
    if found.puzzle.blocking(place) or not need.keep or found.problem is None:
        return Keeping(None)
    saved = 0 if _shares_request(task, found, place) else need.ask or 0
    rest = found.points - saved
    least = sum(found.puzzle.least(entry, True) for entry in found.puzzle.met[place]) / 10
    least = round(max(least, found.bound - rest), 1)
    most = 2 * max(need.ask or 0, 1)
    is_looked_for = place in found.priced and len(found.puzzle.pieces) <= CROWDED
    is_looked_for = is_looked_for and place not in found.puzzle.not_compared
    if least > most or not is_looked_for or found.problem.is_worked_out:
        return Keeping(least)
    # if asking cost more than `most`, it would be kept wherever that costs no more
    more = _tenths(most - saved) + 1
    instead = found.problem.solve_dearer(f"{INTERVIEW}{place:06d}", more, NODES)
    given_up = _given_up(instead.solutions[0], found.puzzle) if instead.solutions else frozenset({place})
    points = max(min(instead.bound / 10 - rest, most), least)
    if place in given_up:
        return Keeping(round(points, 1))
    return Keeping(round(points, 1), given_up - found.given_up, exact=instead.status == "optimal")


def _shares_request(task: RearrangeTask, found: Rearrangement, place: int) -> bool:
    request = task.needs[place].request
    return bool(request) and any(n in found.given_up and n != place for n in task.asked_with[request])


def count_asked(moves: Iterable[Move]) -> int:
    """Return how many people have to be asked: each organiser once."""
    asked = [move.occurrence.event.organizer for move in moves if move.action is Action.ASK_ORGANISER]
    return len({(person.address or person.name) if person else "" for person in asked})


# -- the problem, as the engine sees it ---------------------------------------------------------------------

EVENT, INTERVIEW, REQUEST = "e", "i", "r"
"""First letters of items' ids; the place of the event, interview or request follows."""
FOR_ONE = 1_000_000
"""Numbers of choices from here on are of the ways for one of several interviews alone."""


def _items(puzzle: Puzzle) -> list[Item]:
    events = [
        Item(
            id=f"{EVENT}{number:06d}",
            home=piece.entry.minutes,
            home_allowed=True,
            choices=partial(_event_choices, piece),
            least=piece.least,
        )
        for number, piece in enumerate(puzzle.pieces)
    ]
    needs = puzzle.task.needs
    interviews = [
        Item(
            id=f"{INTERVIEW}{place:06d}",
            home=span(need.interview.occurrence.interval),
            home_allowed=False,
            choices=_needs_choices(puzzle, place),
        )
        for place, need in enumerate(needs)
    ]
    prices = {need.request: need.ask for need in needs if need.request and need.ask is not None}
    requests = [
        Item(
            id=f"{REQUEST}{name}",
            home=(0, 0),
            home_allowed=True,
            choices=(Choice(id=0, span=None, cost=_tenths(points), counts=Counts.REQUEST),),
            least=_tenths(points),
        )
        for name, points in prices.items()
    ]
    return [*events, *interviews, *requests]


def _event_choices(piece: Obstacle) -> list[Choice]:
    """Return the ways to treat an event. What is left of one that is shortened, or that I step out of, stays
    where it is: it may overlap what it overlapped before."""
    found = [_as_stay(piece.treatments, choice) for choice in piece.treatments.choices]
    for number, treatments in enumerate(piece.for_one, 1):
        found += [
            _as_stay(treatments, choice)._replace(id=number * FOR_ONE + choice.id)
            for choice in treatments.choices
        ]
    return found


LEAVING = frozenset({Action.SHORTEN, Action.STEP_OUT})


def _as_stay(treatments: Treatments, choice: Choice) -> Choice:
    if choice.span is None or treatments.action(choice) not in LEAVING:
        return choice
    return choice._replace(span=None, stays=treatments.stays(choice))


def _needs_choices(puzzle: Puzzle, place: int) -> tuple[Choice, ...]:
    """Return the ways to keep an interview, with all its room to breathe or less of it, and to give it up."""
    if place not in puzzle.ways_of_needs:
        puzzle.ways_of_needs[place] = tuple(_find_needs_choices(puzzle, place))
    return puzzle.ways_of_needs[place]


def _find_needs_choices(puzzle: Puzzle, place: int) -> list[Choice]:
    need, interview = puzzle.task.needs[place], puzzle.task.needs[place].interview
    found: list[Choice] = []
    if need.keep and place not in puzzle.not_compared and not puzzle.blocking(place):
        free_from, free_until = puzzle.room(place)
        for time in _breathing_times(interview):
            lost = (interview.padded.length - time.length) // MINUTE
            if free_from <= time.start and time.end <= free_until:
                found.append(
                    Choice(
                        id=len(found),
                        span=None,
                        cost=_tenths(price_tightness(puzzle.query.costs, lost)),
                        clears=span(time),
                        tokens=puzzle.tokens[place],
                        counts=Counts.KEEP,
                    )
                )
    if need.ask is not None:
        found.append(
            Choice(
                id=len(found),
                span=None,
                cost=_price_giving_up(need) if not need.request else REFUSED * need.refused,
                # of two that cost the same the one that leaves more notice is asked about
                displacement=len(puzzle.task.needs) - place,
                brings=(f"{REQUEST}{need.request}",) if need.request else (),
                counts=Counts.GIVE_UP,
            )
        )
    return found


def _price_giving_up(need: Need) -> int:
    """Return tenths of a point that it costs to give up an interview alone."""
    return _tenths(need.ask or 0) + REFUSED * need.refused


def _breathing_times(interview: Interview) -> Iterator[Interval]:
    """Yield the time of an interview with its room to breathe, then with five minutes less on either side."""
    needed, padded = interview.needed, interview.padded
    before, after = (needed.start - padded.start) // BREATH, (padded.end - needed.end) // BREATH
    for early in range(before, -1, -1):
        for late in range(after, -1, -1):
            start = padded.start if early == before else needed.start - early * BREATH
            end = padded.end if late == after else needed.end + late * BREATH
            yield Interval(start, end)


def _upper_bound(task: RearrangeTask, puzzle: Puzzle) -> float:
    """Return a sum that is not worth looking beyond: what it costs to give everything up that can be, and of
    the others at most twice the price of asking each."""
    requests = {
        need.request or place: need.ask for place, need in enumerate(task.needs) if need.ask is not None
    }
    kept = sum(need.ask is None for need in task.needs)
    refused = sum(need.refused for need in task.needs)
    return sum(requests.values()) + kept * 2 * puzzle.query.costs.last_resort + refused * REFUSED / 10


def _tenths(points: float) -> int:
    return round(points * 10)


# -- plans --------------------------------------------------------------------------------------------------


def _plan(solution: Solution, puzzle: Puzzle, proved: bool) -> Plan:
    moves: list[Move] = []
    for item, number in solution.chosen:
        if item.startswith(EVENT):
            piece = puzzle.pieces[int(item.removeprefix(EVENT))]
            variant, choice = divmod(number, FOR_ONE)
            treatments = piece.for_one[variant - 1] if variant else piece.treatments
            moves += _moves(piece, treatments, treatments.choices[choice])
    moves.sort(key=lambda move: (move.occurrence.interval, move.occurrence.event.uid or "", -move.cost))
    kept = (
        (place, choice) for place, choice in _kept_or_not(solution, puzzle) if choice.counts is Counts.KEEP
    )
    return Plan(
        moves=tuple(moves),
        cost=round(sum(move.cost for move in moves), 1),
        people_asked=count_asked(moves),
        optimal=proved,
        tight=tuple((place, choice.cost / 10) for place, choice in kept if choice.cost),
    )


def _moves(piece: Obstacle, treatments: Treatments, choice: Choice) -> Iterable[Move]:
    """The change, and the same for copies in other calendars, which cost nobody anything more."""
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
        attended=treatments.attended(choice),
        price=treatments.price(choice),
    )
    yield move
    because = ("the same event in another calendar of yours",)
    for copy in copies:
        yield move._replace(occurrence=copy, cost=0, because=because, price=())


# -- why nothing works --------------------------------------------------------------------------------------


class Refusal(NamedTuple):
    """Why an event does not simply give way, in words a person believes."""

    text: str
    in_points: bool = False


def refuse(puzzle: Puzzle, place: int) -> dict[EventKey, Refusal]:
    """Return for each event in the way of a need why it does not simply give way; no more than `MANY` of
    them."""
    told: dict[EventKey, Refusal] = {}
    blocked = puzzle.blocking(place)
    for entry in blocked[:MANY]:
        told[entry.occurrence.key] = Refusal(f"{_title(entry.occurrence)} {entry.kind.fixed or BEGUN}")
    movable = [entry for entry in puzzle.met[place] if puzzle.may_give_way(entry)]
    if len(movable) > MANY:
        least = sum(puzzle.least(entry, True) for entry in movable) / 10
        many = f"more than {len(movable) - 1}" if len(movable) == puzzle.most_met else len(movable)
        text = f"{many} events are in the way; to change them all costs at least {least:g} points"
        return told | {entry.occurrence.key: Refusal(text, in_points=True) for entry in movable[:MANY]}
    for entry in movable:
        if blocked:
            text = f"{_title(entry.occurrence)} could give way, but that alone does not free the time"
            refusal = Refusal(text)
        else:
            piece = puzzle.by_key[entry.occurrence.key]
            refusal = _refusal(piece.treatments, puzzle, alone=len(movable) == 1)
        told.update(dict.fromkeys((copy.key for copy in entry.copies), refusal))
    return told


def _refusal(treatments: Treatments, puzzle: Puzzle, *, alone: bool) -> Refusal:
    title = _title(treatments.occurrence)
    if not treatments.choices and treatments.begun:
        return Refusal(f"{title} {BEGUN}")
    if not treatments.choices:
        return Refusal(f"{title} has {_where(treatments, puzzle.setting)}")
    least = min(choice.cost for choice in treatments.choices) / 10
    if alone:
        return Refusal(f"{title} costs at least {least:g} points to change", in_points=True)
    text = f"{title} could give way for {least:g} points, but that alone does not free the time"
    return Refusal(text, in_points=True)


def _where(treatments: Treatments, setting: LandingContext) -> str:
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


def explain(found: Rearrangement, interview: Interview) -> tuple[Considered, ...]:
    """Return every way that was considered to treat the events that clash with an interview, event by event,
    each with its cheapest way first, and why it lost."""
    puzzle = found.puzzle
    places = [
        n
        for n, need in enumerate(puzzle.task.needs)
        if need.interview.occurrence.key == interview.occurrence.key
    ]
    considered: list[Considered] = []
    for entry in (entry for place in places for entry in puzzle.met[place]):
        if not puzzle.may_give_way(entry):
            considered.append(
                Considered(
                    occurrence=entry.occurrence,
                    kind=entry.kind,
                    action=None,
                    who=None,
                    new=None,
                    minutes_missed=None,
                    attended=(),
                    cost=None,
                    price=(),
                    verdict=f"it {entry.kind.fixed or BEGUN}",
                )
            )
            continue
        treatments = puzzle.by_key[entry.occurrence.key].treatments
        considered += [
            Considered(
                occurrence=treatments.occurrence,
                kind=treatments.kind,
                action=treatments.action(choice),
                who=treatments.who(choice),
                new=treatments.interval(choice),
                minutes_missed=treatments.minutes_missed(choice),
                attended=treatments.attended(choice),
                cost=choice.cost / 10,
                price=treatments.price(choice),
                verdict=_verdict(treatments, choice, found),
            )
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
    if hindrance := _hindrance(treatments, choice, found):
        return hindrance
    if best and cost < best.cost:
        return "cheaper by itself, but not with what else it takes"
    if best:
        return "costs the same, but lies no nearer"
    return "possible, but the interview is given up: asking costs less than all that keeps it"


def _find_move(plan: Plan, occurrence: Occurrence) -> Move | None:
    return next((move for move in plan.moves if move.occurrence.key == occurrence.key), None)


def _hindrance(treatments: Treatments, choice: Choice, found: Rearrangement) -> str:
    """Say what the choice would land on: an interview, another event at home, the new time of one, or the
    room to breathe around an interview."""
    taken = choice.span
    if taken is None:
        return ""
    for place, need in enumerate(found.puzzle.task.needs):
        if place not in found.given_up and overlap(span(need.interview.needed), taken):
            return f"it would lie over {_title(need.interview.occurrence)}"
    for other in found.puzzle.pieces:
        is_other = other.entry.occurrence.key != treatments.occurrence.key
        if is_other and overlap(other.entry.minutes, taken):
            return f"only if {_title(other.entry.occurrence)} makes room as well"
    for move in found.plans[0].moves if found.plans else ():
        is_other = move.occurrence.key != treatments.occurrence.key
        if is_other and move.new and overlap(span(move.new), taken):
            return f"only if {_title(move.occurrence)} makes room as well"
    for place, need in enumerate(found.puzzle.task.needs):
        if place not in found.given_up and overlap(span(need.interview.padded), taken):
            return f"leaves less room to breathe beside {_title(need.interview.occurrence)}"
    return ""
