"""Every way to treat an event that is in the way, with its price: another time, a skip, less time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.costs import price_move, price_shortening, price_skip
from lastresort.model import Interval
from lastresort.planning.freebusy import (
    MINUTE,
    Taken,
    as_taken,
    ceil_minute,
    floor_minute,
    from_minute,
    gaps,
    is_free,
    span,
)
from lastresort.planning.natures import Kind, Nature
from lastresort.planning.solver import Choice
from lastresort.planning.workdays import MIDNIGHT, open_hours, open_intervals, to_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lastresort.costs import Costs
    from lastresort.model import Occurrence
    from lastresort.planning.natures import Classification
    from lastresort.query import Hours, Query


class Action(StrEnum):
    """What is done about an event that is in the way."""

    MOVE = "move"
    SKIP = "skip"
    SHORTEN = "shorten"
    STEP_OUT = "step-out"
    """The event stays as it is; I miss a part of it."""
    DELEGATE = "delegate"
    """Somebody else takes it over."""
    ASK_ORGANISER = "ask-organiser"


class Who(StrEnum):
    """Who has to do something, or to agree."""

    ME = "me"
    TELL = "tell"
    """I decide and tell the others."""
    ASK = "ask"
    """The organiser has to agree."""
    CALL = "call"
    """A practice, shop or craftsman has to agree."""
    SOMEONE = "someone"
    """Somebody has to take it over."""


Price = tuple[tuple[str, float], ...]
Treatment = tuple[tuple[int, int] | None, int, int, str, int]
"""A solver's choice but for its id."""

DAY = timedelta(days=1)
QUARTER = 15
SOON = 24 * 60
WEEK = 7 * SOON
LUNCH_HOURS = (time(11), time(15))
"""Where a lunch break may go."""
CROWDS: Mapping[str, int] = {Kind.TEAM: 1, Kind.EXTERNAL: 2}
"""How much likelier a kind is to refuse."""
EVERY_DAY = frozenset(range(7))


class Day(NamedTuple):
    """One local day in which events may land, in minutes since 1970. `best` is inside preferred hours."""

    date: date
    open: tuple[int, int]
    best: tuple[int, int]
    lunch: tuple[int, int]


class Traits(NamedTuple):
    """What makes the price of a new time. `hours` is the bracket of the cost table, 0 on another day."""

    near: bool
    hours: float
    days: int
    earlier: bool
    outside: bool
    tentative: bool


class Setting(NamedTuple):
    """Where events may land: the same for all of them."""

    query: Query
    zone: ZoneInfo
    deadline: datetime
    fixed: Taken
    """Time that nothing may touch: interviews with their padding, immovable events, held slots."""
    tentative: Taken
    """Time that a person should look at first."""
    days: tuple[Day, ...]
    """The open days from today up to the deadline."""


def make_setting(
    query: Query, zone: str, deadline: datetime, fixed: Sequence[Interval], tentative: Sequence[Interval]
) -> Setting:
    """Return where events may land between now and the deadline, on days that are open for me."""
    info = ZoneInfo(zone)
    day, days = query.now.astimezone(info).date(), []
    while to_utc(day, MIDNIGHT, zone) < deadline:
        if opened := open_hours(day, zone, query.hours, query.country):
            days.append(_day(day, opened, zone, query))
        day += DAY
    return Setting(query, info, deadline, as_taken(fixed), as_taken(tentative), tuple(days))


def _day(day: date, opened: Interval, zone: str, query: Query) -> Day:
    def local(hours: tuple[time, time]) -> tuple[int, int]:
        return floor_minute(to_utc(day, hours[0], zone)), floor_minute(to_utc(day, hours[1], zone))

    return Day(day, span(opened), local(query.costs.preferred), local(query.costs.lunch))


class Treatments:
    """All ways to treat one event. Nothing is worked out before it is asked for."""

    def __init__(
        self, occurrence: Occurrence, kind: Classification, setting: Setting, paddeds: Sequence[Interval]
    ) -> None:
        """`paddeds` are the interviews with their padding, merged."""
        costs = setting.query.costs
        self.occurrence, self.kind, self.setting, self.paddeds = occurrence, kind, setting, paddeds
        self.in_the_way = not is_free(occurrence.blocked, paddeds)
        self.points = points_of(kind, costs)
        self.begun = occurrence.blocked.start < setting.query.now
        self._start, end = span(occurrence.interval)
        self._length = end - self._start
        self._home_day = occurrence.interval.start.astimezone(setting.zone).date()
        self._soon = ceil_minute(setting.query.now) + SOON
        self._travel = -(-occurrence.event.travel // MINUTE)
        self._shifts = tuple(hours for hours, _ in costs.shifts)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The treatments: new times in order, then skipping, then shortening. Their ids are their places.

        A span is the time taken afterwards in minutes since 1970, with travel; a cost is tenths of a point.
        """
        found = (*self._moves(), *self._skips(), *self._shortenings())
        return tuple(Choice(place, *rest) for place, rest in enumerate(found))

    def action(self, choice: Choice) -> Action:
        """Return what a choice does; only a shortened event takes less time than before."""
        if choice.span is None:
            return Action.SKIP
        if choice.span[1] - choice.span[0] < self._travel + self._length:
            return Action.SHORTEN
        return Action.ASK_ORGANISER if self.kind.ask else Action.MOVE

    def who(self, choice: Choice) -> Who:
        """Return who has to do something about a choice, or to agree to it."""
        action = self.action(choice)
        if action is Action.ASK_ORGANISER:
            return Who.ASK
        if self.kind.nature is Nature.APPOINTMENT:
            return Who.CALL
        return Who.TELL if self.kind.nature is Nature.SHARED else Who.ME

    def minutes_missed(self, choice: Choice) -> int | None:
        """Return how many minutes of the event are lost to a choice that keeps the rest of it."""
        new = self.interval(choice)
        if new is None or self.action(choice) not in {Action.SHORTEN, Action.STEP_OUT}:
            return None
        return self.occurrence.interval.minutes - new.minutes

    def interval(self, choice: Choice) -> Interval | None:
        """Return the time the event has afterwards; a moved one lasts exactly as long as before."""
        if choice.span is None:
            return None
        start = from_minute(choice.span[0] + self._travel)
        if self.action(choice) is Action.SHORTEN:
            return Interval(start, from_minute(choice.span[1]))
        return Interval(start, start + self.occurrence.interval.length)

    def price(self, choice: Choice) -> Price:
        """Return the cost of a choice term by term; together they are its cost."""
        if choice.span is None:
            return price_skip(self.setting.query.costs, self.kind.kind)
        if self.action(choice) is Action.SHORTEN:
            return self._price_shortening()
        start = choice.span[0] + self._travel
        return self._price(self._traits(start, self._day_of(self._local_day(start))))

    def is_soon(self, choice: Choice) -> bool:
        """Tell whether others have less than 24 hours to take note of it."""
        return self._is_near(choice.span[0] + self._travel if choice.span else self._start)

    # -- new times

    def _moves(self) -> Iterator[Treatment]:
        if self.begun or self.kind.nature is Nature.SET_TIME or self.occurrence.all_day:
            return
        action, before, after = "ask" if self.kind.ask else "move", self._travel, self._length
        home = self._start
        for day in self._days():
            morning, later = f"{action} {day.date} am", f"{action} {day.date} pm"
            noon, priced = day.lunch[0], self._pricing(day)
            for start in self._free_starts(day):
                if start != home:
                    cost, doubt = priced(start)
                    group = morning if start < noon else later
                    yield (start - before, start + after), cost, abs(start - home), group, doubt

    def _pricing(self, day: Day) -> Callable[[int], tuple[int, int]]:
        """Return what gives the cost of a start on that day, and how doubtful it is."""
        first = day.open[0]
        if day.date == self._home_day or first < self._soon or self._is_tentative(first, day.open[1]):
            return self._priced_by_traits(day)
        # on any other day nothing but the hours makes a difference
        traits = self._traits(first, day)
        doubt, length = self._doubt(traits.near), self._length
        inside, outside = (
            (tenths(total(self._price(traits._replace(outside=out)))), doubt) for out in (False, True)
        )
        (best, last), (noon, after_noon) = day.best, day.lunch
        last -= length

        def price(start: int) -> tuple[int, int]:
            comfortable = best <= start <= last and (start + length <= noon or after_noon <= start)
            return inside if comfortable else outside

        return price

    def _priced_by_traits(self, day: Day) -> Callable[[int], tuple[int, int]]:
        known: dict[Traits, tuple[int, int]] = {}

        def price(start: int) -> tuple[int, int]:
            traits = self._traits(start, day)
            if traits not in known:
                known[traits] = tenths(total(self._price(traits))), self._doubt(traits.near)
            return known[traits]

        return price

    def _traits(self, start: int, day: Day) -> Traits:
        """Return all that the price of a start depends on: hundreds of starts share a few prices."""
        days, late = abs((day.date - self._home_day).days), start - self._start
        return Traits(
            self._is_near(start),
            0 if days else next((hours for hours in self._shifts if abs(late) <= hours * 60), 24),
            days,
            late < 0,
            self._is_outside(day, start),
            self._is_tentative(start, start + self._length),
        )

    def _price(self, traits: Traits) -> Price:
        return price_move(self.setting.query.costs, self.points, ask=self.kind.ask, **traits._asdict())

    def _local_day(self, start: int) -> date:
        return from_minute(start).astimezone(self.setting.zone).date()

    def _days(self) -> Iterator[Day]:
        """The open days, and the event's own, open or not."""
        if not self.kind.own_day:
            yield from (day for day in self.setting.days if day.date != self._home_day)
        yield self._day_of(self._home_day)

    def _day_of(self, day: date) -> Day:
        known = next((known for known in self.setting.days if known.date == day), None)
        if known is not None:
            return known
        query, zone = self.setting.query, self.setting.zone.key
        opened = open_hours(day, zone, query.hours._replace(days=EVERY_DAY), None)
        midnight = to_utc(day, MIDNIGHT, zone)
        return _day(day, opened or Interval(midnight, midnight), zone, query)

    def _free_starts(self, day: Day) -> list[int]:
        """Starts on the quarter hour at which nothing fixed is touched, travel included."""
        setting, travel, length = self.setting, self._travel, self._length
        found: list[int] = []
        for opened in self._open(day):
            opens, closes = ceil_minute(opened.start), floor_minute(min(opened.end, setting.deadline))
            for free, end in setting.fixed.gaps(max(opens - travel, ceil_minute(setting.query.now)), closes):
                first = max(free + travel, opens)
                found += range(-(-first // QUARTER) * QUARTER, end - length + 1, QUARTER)
        return found

    def _open(self, day: Day) -> Iterable[Interval]:
        start, end = map(from_minute, day.open)
        if self.kind.kind == Kind.LUNCH:
            zone = self.setting.zone.key
            start = max(start, to_utc(day.date, LUNCH_HOURS[0], zone))
            end = min(end, to_utc(day.date, LUNCH_HOURS[1], zone))
        if end <= start:
            return ()
        opened = Interval(start, end)
        if self._their_zone is None:
            return (opened,)
        return open_intervals(opened, self._their_zone, self._their_hours, None)

    @cached_property
    def _their_zone(self) -> str | None:
        """The organiser's zone, when it is another than mine and the event lies in their hours now."""
        zone, home = self.occurrence.event.zone, self.occurrence.interval
        if self.kind.mine or zone is None or zone in {"UTC", self.setting.zone.key}:
            return None
        return (
            zone if any(o.holds(home) for o in open_intervals(home, zone, self._their_hours, None)) else None
        )

    @property
    def _their_hours(self) -> Hours:
        return self.setting.query.hours._replace(days=EVERY_DAY)

    def _is_outside(self, day: Day, start: int) -> bool:
        end = start + self._length
        if start < day.best[0] or end > day.best[1]:
            return True
        return self.kind.kind != Kind.LUNCH and start < day.lunch[1] and day.lunch[0] < end

    def _is_tentative(self, start: int, end: int) -> bool:
        return not self.setting.tentative.is_free(start, end)

    # -- the other remedies

    def _skips(self) -> Iterator[Treatment]:
        """A skip counts as moved by a week, so that of two equal prices a move wins."""
        if not self.begun and can_be_skipped(self.occurrence, self.kind):
            cost = tenths(total(price_skip(self.setting.query.costs, self.kind.kind)))
            yield None, cost, WEEK, f"skip {self._home_day}", min(self.kind.people, 1)

    def _shortenings(self) -> Iterator[Treatment]:
        """The longest rest that leaves the interviews free, when at least half of the event stays."""
        home = self.occurrence.interval
        rest = self._rest() if self.in_the_way and self.kind.nature is not Nature.APPOINTMENT else None
        if rest is None or rest.length * 2 < home.length:
            return
        taken = span(Interval(rest.start - self.occurrence.event.travel, rest.end))
        if self.setting.fixed.is_free(*taken):
            cost, lost = tenths(total(self._price_shortening())), (home.length - rest.length) // MINUTE
            side = "start" if rest.start > home.start else "end"
            yield (
                taken,
                cost,
                lost,
                f"shorten {self._home_day} {side}",
                self._doubt(self._is_near(self._start)),
            )

    def _rest(self) -> Interval | None:
        home, blocked, now = self.occurrence.interval, self.occurrence.blocked, self.setting.query.now
        found: Interval | None = None
        for free in gaps(blocked, self.paddeds):
            start = (
                home.start
                if free.start == blocked.start
                else _five_up(free.start + self.occurrence.event.travel)
            )
            end = home.end if free.end == home.end else _five_down(free.end)
            alive = end > max(start, now) and (start >= now or start == home.start)
            if alive and (found is None or end - start > found.length):
                found = Interval(start, end)
        return found

    def _price_shortening(self) -> Price:
        near = self._is_near(self._start)
        return price_shortening(self.setting.query.costs, self.points, ask=self.kind.ask, near=near)

    # -- facts

    def _is_near(self, start: int) -> bool:
        """Others are involved, and the old or the new start is less than 24 hours away."""
        return self.kind.people > 0 and (start < self._soon or self._start < self._soon)

    def _doubt(self, near: bool) -> int:
        """How likely somebody says no: nobody there to say it, people I invite, a practice, an organiser."""
        if not self.kind.people:
            return 2 if self.kind.nature is Nature.APPOINTMENT else 0
        return (1 if self.kind.mine else 3) + CROWDS.get(self.kind.kind, 0) + near


def least_cost(occurrence: Occurrence, kind: Classification, costs: Costs, in_the_way: bool) -> int:
    """Return tenths of a point that no treatment of the event can undercut."""
    change = points_of(kind, costs) * min(costs.short_notice, 1) + (costs.ask if kind.ask else 0)
    least = costs.touched + change * (min(costs.shorten, 1) if in_the_way else 1)
    if can_be_skipped(occurrence, kind):
        least = min(least, total(price_skip(costs, kind.kind)))
    return tenths(least)


def points_of(kind: Classification, costs: Costs) -> float:
    """Return what the kind of an event costs, or what a rule says of it."""
    return costs.kinds.get(kind.kind, costs.kinds["personal"]) if kind.points is None else kind.points


def can_be_skipped(occurrence: Occurrence, kind: Classification) -> bool:
    """Tell whether it is one occurrence of a series, or an event in which nobody else stands."""
    return occurrence.event.recurring or not kind.people


def tenths(points: float) -> int:
    """Return points as whole tenths, the solver's unit."""
    return round(points * 10)


def total(price: Price) -> float:
    """Return the sum of the terms in points."""
    return sum(points for _, points in price)


def _five_down(when: datetime) -> datetime:
    return from_minute(floor_minute(when) // 5 * 5)


def _five_up(when: datetime) -> datetime:
    return from_minute(-(-ceil_minute(when) // 5) * 5)
