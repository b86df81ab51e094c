"""The recruiter named times: what each costs to keep free, and what speaks against it, cheapest first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import EPOCH, Busy, Interval
from lastresort.planning.conflicts import are_rivals, keys_of
from lastresort.planning.freebusy import Index
from lastresort.planning.obstacles import Need, Puzzle, RearrangeTask
from lastresort.planning.rearrange import rearrange, refuse
from lastresort.planning.trial import imagine_interview, move_interview
from lastresort.planning.workdays import find_deadline, find_holiday, is_open_day, nth_open_day, open_hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.model import Occurrence
    from lastresort.planning.rearrange import Plan
    from lastresort.planning.timetable import Timetable

QUARTER = timedelta(minutes=15)
MOST_STARTS = 48
"""Starts of one window that are weighed; a wider one is looked at in longer steps."""


class Weighed(NamedTuple):
    """A named time, or the best start in a named window, and its price."""

    interval: Interval
    cost: float | None
    """The moves that it needs and what speaks against it; `None` when nothing acceptable frees it."""
    because: tuple[str, ...]
    people_asked: int = 0
    plan: Plan | None = None
    """The moves it needs; `None` when it needs none, and when there is no plan."""
    window: Interval | None = None
    """The window that was named, when it was one."""

    @property
    def rank(self) -> tuple[bool, float, int, Interval]:
        """Its place in an order by cost, then people asked, then time; what cannot be kept comes last."""
        return (self.cost is None, self.cost or 0, self.people_asked, self.interval)


class OtherPlan(NamedTuple):
    """An hour that the plan of another interview needs, and what it costs to do without: its next best plan,
    less this one."""

    time: Interval
    points: float


def _starts(window: Interval, length: timedelta) -> list[datetime]:
    """Return where a meeting can begin in a window: at its beginning, and on the quarter hours."""
    start = window.start - (window.start - EPOCH) % QUARTER
    quarters = max((window.end - length - start) // QUARTER, 0)  # of a poll's option, there may be millions
    step = -(-(quarters + 1) // MOST_STARTS)
    return [max(start + number * QUARTER, window.start) for number in range(0, quarters + 1, step)]


class Scale:
    """Weighs offers one by one, each as if it were the only one, and keeps what all of them have in common.

    `interview` is the one that would move there (its own time is free then); without one the query's padding
    counts. `kept` are my other interviews, `held` time promised elsewhere.
    """

    def __init__(
        self,
        timetable: Timetable,
        interview: Interview | None = None,
        kept: Sequence[Interview] = (),
        held: Sequence[Interval] = (),
        other_plans: Sequence[OtherPlan] = (),
    ) -> None:
        self.timetable, self.interview, self.held = timetable, interview, held
        self.kept = kept
        self.other_plans = other_plans
        self._near = Index(kept, lambda one: one.padded)
        own = keys_of([interview] if interview else [])
        events = [o for o in timetable.agenda.occurrences if o.busy is not Busy.IGNORE and o.key not in own]
        self._begun_until = max(
            (o.blocked.end for o in events if o.blocked.start < timetable.query.now), default=EPOCH
        )
        self._first: dict[datetime, Puzzle] = {}
        """By deadline, what was looked at first: the others share with it what does not depend on the time
        offered."""
        self._doubtful = Index((o for o in events if o.busy is Busy.CHECK), lambda o: o.blocked)
        margins = ((o, timetable.kind(o).with_margin(o.blocked)) for o in events if o.busy is Busy.CLASH)
        journeys = [(o, around) for o, around in margins if around != o.blocked]
        self._journeys: Index[tuple[Occurrence, Interval]] = Index(journeys, lambda each: each[1])

    def weigh(self, offer: Interval, length: timedelta | None = None) -> Weighed:
        """Return what a time costs. One longer than `length` is a window: its best start on the quarter hour
        counts."""
        if length is None or offer.length <= length:
            return self._weigh_time(offer)
        return self._weigh_window(offer, length)

    def _weigh_time(self, offer: Interval) -> Weighed:
        there = self._there(offer)
        doubts = tuple(self._doubts(there))
        texts = tuple(text for _, text in doubts)
        if impossible := self._refusal(there):
            return Weighed(interval=offer, cost=None, because=(impossible, *texts))
        query, puzzle = self.timetable.query, self._puzzle(there)
        points = sum(points for points, _ in doubts)
        if not puzzle.met[0]:
            return Weighed(interval=offer, cost=points, because=("free in your calendars", *texts))
        least = sum(puzzle.least(entry, in_the_way=True) for entry in puzzle.met[0]) / 10
        most = query.costs.last_resort
        hopeless = puzzle.blocking(0) or least > most
        plans = () if hopeless else rearrange(puzzle, most, plans=1).plans
        if not plans:
            told = dict.fromkeys(refusal.text for refusal in refuse(puzzle, 0).values())
            why = tuple(told) or ("no rearrangement frees that time",)
            return Weighed(interval=offer, cost=None, because=(*why, *texts))
        plan = plans[0]
        changes = "one change" if len(plan.moves) == 1 else f"{len(plan.moves)} changes"
        asked = {0: "nobody has to be asked", 1: "one person has to be asked"}
        who = asked.get(plan.people_asked, f"{plan.people_asked} people have to be asked")
        return Weighed(
            interval=offer,
            cost=round(plan.cost + points, 1),
            because=(f"{changes} to your other events, {plan.cost:g} points", who, *texts),
            people_asked=plan.people_asked,
            plan=plan,
        )

    def _weigh_window(self, window: Interval, length: timedelta) -> Weighed:
        """Return the best start in a window. Starts are tried from the least that each can cost, until that
        is more than the best found."""
        starts = [(self._least(Interval(start, start + length)), start) for start in _starts(window, length)]
        best: Weighed | None = None
        for least, start in sorted(starts):
            if best is not None and best.cost is not None and least >= best.cost:
                break
            found = self._weigh_time(Interval(start, start + length))
            best = found if best is None or found.rank < best.rank else best
        assert best is not None  # a window is longer than the meeting
        return best._replace(window=window)

    def _there(self, offer: Interval) -> Interview:
        query = self.timetable.query
        return move_interview(self.interview, offer) if self.interview else imagine_interview(offer, query)

    def _puzzle(self, there: Interview) -> Puzzle:
        """Return what is in the way of it; all that land before the same deadline share where things may
        land, unless one of them overlaps what has begun."""
        until = min(find_deadline(there, self.timetable.query), self.timetable.agenda.window.end)
        promised = [*self.held, *(other.padded for other in self.kept)]
        task = RearrangeTask([Need(there, until)], held=promised, others=self.kept)
        if there.needed.start < self._begun_until:
            return Puzzle(task, self.timetable)
        first = self._first.get(until)
        if first is None:
            first = self._first[until] = Puzzle(task, self.timetable)
            return first
        return Puzzle(task, self.timetable, like=first)

    def _refusal(self, there: Interview) -> str:
        if any(are_rivals(there, other) for other in self._near.within(there.padded)):
            return "another interview of yours is at that time"
        if any(time.overlaps(there.padded) for time in self.held):
            return "you have promised that time elsewhere"
        if self.timetable.agenda.window.end < there.padded.end:
            return "your calendar was not read that far ahead"
        return ""

    def _least(self, offer: Interval) -> float:
        """Return points that keeping a time cannot undercut; infinitely many when it is hopeless."""
        there = self._there(offer)
        if self._refusal(there):
            return float("inf")
        puzzle = self._puzzle(there)
        if puzzle.blocking(0):
            return float("inf")
        moves = sum(puzzle.least(entry, in_the_way=True) for entry in puzzle.met[0]) / 10
        return moves + sum(points for points, _ in self._doubts(there))

    def _doubts(self, there: Interview) -> Iterator[tuple[float, str]]:
        """Yield what a person should know before accepting, and what it is worth."""
        offer, query = there.occurrence.interval, self.timetable.query
        points = query.costs.doubts
        zone = ZoneInfo(query.zone)
        if self._doubtful.within(there.needed):
            yield points["uncertain"], "something of yours that is not certain is then: look at it first"
        near = [o for o, _ in self._journeys.within(there.needed) if not o.blocked.overlaps(there.needed)]
        if near:
            yield points["journey"], "just before or after a journey of yours"
        day = offer.start.astimezone(zone).date()
        holiday = find_holiday(day, query.country)
        opened = open_hours(day, query.zone, query.hours, query.country)
        if holiday:
            yield points["day-off"], f"a public holiday on your side ({holiday})"
        elif not is_open_day(day, query.hours, query.country):
            yield points["day-off"], "not a working day of yours"
        elif opened is None or not opened.holds(offer):
            yield points["outside-hours"], "outside your hours"
        now = query.now.astimezone(zone)
        next_day = nth_open_day(now.date(), 1, query.hours, query.country)
        if next_day and offer.start < datetime.combine(next_day, now.time(), zone):
            hours = (offer.start - query.now) // timedelta(hours=1)
            yield points["short-notice"], f"only {hours} hours from now"
        needed = [plan.points for plan in self.other_plans if plan.time.overlaps(there.needed)]
        if needed:
            yield sum(needed), f"the plan of another interview needs that hour: {sum(needed):g} points more"
