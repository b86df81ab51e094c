"""Every way to treat an event that is in the way, with its price: its nature says which ones there are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.costs import (
    MUCH,
    price_apologies,
    price_delegating,
    price_missing,
    price_move,
    price_skip,
)
from lastresort.model import Interval
from lastresort.planning.actions import Action, Who
from lastresort.planning.freebusy import (
    Taken,
    as_taken,
    ceil_minute,
    floor_minute,
    from_minute,
    is_free,
    span,
    whole_minutes,
)
from lastresort.planning.solver import Choice
from lastresort.planning.subjects import EventKind, Nature
from lastresort.planning.workdays import MIDNIGHT, open_hours, open_intervals, to_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lastresort.costs import Costs, Price
    from lastresort.model import Occurrence
    from lastresort.planning.natures import Classification
    from lastresort.query import Hours, Query


MOST_MISSED = 0.8
"""Share of an event from which missing it is no longer stepping out."""
FIVE = timedelta(minutes=5)

DAY = timedelta(days=1)
QUARTER = 15
SOON = 24 * 60
WEEK = 7 * SOON
LUNCH_HOURS = (time(11), time(15))
"""Where a lunch break may go."""
BREAKFAST_UNTIL = time(11)
EVENING_FROM = time(18)
PERSONAL_EVENING_FROM = time(17)
"""What begins from here on, when it is nobody else's business, belongs to the evening."""
CARE_MOVES = 30
"""Minutes by which a care duty may be moved."""
CLOSE = 30
"""Minutes that the way from one place to another takes."""
LARGE = 8
"""People in a meeting that nobody moves for one of them."""
CROWDS: Mapping[str, int] = {EventKind.TEAM: 1, EventKind.EXTERNAL: 2}
"""How much likelier a kind is to refuse."""
EVERY_DAY = frozenset(range(7))


class LocalDay(NamedTuple):
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
    close: bool


class LandingContext(NamedTuple):
    """Where events may land: the same for all of them."""

    query: Query
    zone: ZoneInfo
    deadline: datetime
    fixed: Taken
    """Time that nothing may touch: interviews with their padding, immovable events, held slots."""
    tentative: Taken
    """Time that a person should look at first."""
    days: tuple[LocalDay, ...]
    """The open days from today up to the deadline."""
    away: tuple[Interval, ...] = ()
    """When I have to be somewhere: at events with a place of their own, as they stand now."""
    theirs: Taken = Taken((), ())
    """When those who attend the event are known to be busy."""


def make_setting(
    query: Query,
    zone: str,
    deadline: datetime,
    fixed: Sequence[Interval],
    tentative: Sequence[Interval],
    away: Sequence[Interval] = (),
) -> LandingContext:
    """Return where events may land between now and the deadline, on days that are open for me."""
    info = ZoneInfo(zone)
    day, days = query.now.astimezone(info).date(), []
    while to_utc(day, MIDNIGHT, zone) < deadline:
        if opened := open_hours(day, zone, query.hours, query.country):
            days.append(_day(day, opened, zone, query))
        day += DAY
    return LandingContext(
        query=query,
        zone=info,
        deadline=deadline,
        fixed=as_taken(fixed),
        tentative=as_taken(tentative),
        days=tuple(days),
        away=tuple(away),
    )


def _day(day: date, opened: Interval, zone: str, query: Query) -> LocalDay:
    def local(hours: tuple[time, time]) -> tuple[int, int]:
        return floor_minute(to_utc(day, hours[0], zone)), floor_minute(to_utc(day, hours[1], zone))

    return LocalDay(day, span(opened), local(query.costs.preferred), local(query.costs.lunch))


class Treatments:
    """All ways to treat one event. Nothing is worked out before it is asked for."""

    def __init__(
        self,
        occurrence: Occurrence,
        kind: Classification,
        setting: LandingContext,
        paddeds: Sequence[Interval],
        meetings: Sequence[Interval],
        known: Callable[[], Treatments | None] = lambda: None,
        *,
        losses_alone: bool = False,
    ) -> None:
        """`paddeds` is the time that the interviews need in whose way it is, merged, `meetings` that of all
        interviews without padding. `known` gives the ways to treat the same event in the same setting for
        other interviews, if they are known: its new times are the same. With `losses_alone` the only ways are
        those in which a part of it is lost."""
        self._meetings, self._known, self._losses_alone = meetings, known, losses_alone
        costs = setting.query.costs
        self.occurrence, self.kind, self.setting, self.paddeds = occurrence, kind, setting, paddeds
        self.in_the_way = not is_free(occurrence.blocked, paddeds)
        self.points = points_of(kind, costs)
        self.begun = occurrence.blocked.start < setting.query.now
        self._start, end = span(occurrence.interval)
        self._length = end - self._start
        self._home = tuple(instant.astimezone(setting.zone) for instant in occurrence.interval)
        self._home_day = self._home[0].date()
        self._soon = ceil_minute(setting.query.now) + SOON
        self._travel = whole_minutes(occurrence.event.travel)
        self._shifts = tuple(hours for hours, _ in costs.shifts)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The treatments: new times in order, then the others. Their ids are their places.

        A span is the time taken afterwards in minutes since 1970, with travel; a cost is tenths of a point.
        """
        return self._found[0]

    @cached_property
    def _found(self) -> tuple[tuple[Choice, ...], tuple[Action, ...]]:
        """The choices, and beside each what it does."""
        actions: list[Action] = []
        choices: list[Choice] = []
        if not self._losses_alone:
            actions, choices = list(self.moves[0]), list(self.moves[1])
        others = () if self._losses_alone else (self._skips(), self._delegations())
        for ways in (*others, self._losses()):
            for action, choice in ways:
                choices.append(Choice(len(choices), *choice[1:]))
                actions.append(action)
        return tuple(choices), tuple(actions)

    @cached_property
    def moves(self) -> tuple[tuple[Action, ...], tuple[Choice, ...]]:
        """What to do for each new time, and the new times."""
        known = None if self._is_located or self.kind.perhaps else self._known()
        if known is not None and known.setting is self.setting:
            return known.moves
        actions: list[Action] = []
        choices: list[Choice] = []
        for action, choice in self._moves():
            choices.append(Choice(len(choices), *choice[1:]))
            actions.append(action)
        return tuple(actions), tuple(choices)

    def action(self, choice: Choice) -> Action:
        """Return what a choice does."""
        return self._found[1][choice.id]

    def who(self, choice: Choice) -> Who:
        """Return who has to do something about a choice, or to agree to it."""
        action, nature = self.action(choice), self.kind.nature
        if action is Action.ASK_ORGANISER:
            return Who.ASK
        if action is Action.DELEGATE:
            return Who.SOMEONE
        if nature is Nature.APPOINTMENT:
            return Who.CALL
        return Who.TELL if self.kind.concerns_others else Who.ME

    def interval(self, choice: Choice) -> Interval | None:
        """Return the time the event takes afterwards; a moved one lasts exactly as long as before."""
        if choice.span is None:
            return None
        if self.action(choice) in LEAVING:
            return self._rest
        start = from_minute(choice.span[0] + self._travel)
        return Interval(start, start + self.occurrence.interval.length)

    def minutes_missed(self, choice: Choice) -> int | None:
        """Return how many minutes of the event are lost to a choice that keeps the rest of it."""
        action = self.action(choice)
        return self._minutes_lost(action) if action in LEAVING else None

    def attended(self, choice: Choice) -> tuple[Interval, ...]:
        """Return when I am there, of an event that a choice has me step out of; else nothing."""
        return self._pieces if self.action(choice) is Action.STEP_OUT else ()

    def price(self, choice: Choice) -> Price:
        """Return the cost of a choice term by term; together they are its cost."""
        costs, action = self.setting.query.costs, self.action(choice)
        if action is Action.SKIP:
            return price_of_skip(self.kind, costs)
        if action is Action.DELEGATE:
            return price_delegating(costs)
        if choice.span is None or action in LEAVING:
            return self._price_loss(action)
        start = choice.span[0] + self._travel
        return self._price(self._traits(start, self._day_of(self._local_day(start))))

    def is_soon(self, choice: Choice) -> bool:
        """Tell whether others have less than 24 hours to take note of it."""
        moved = self.action(choice) in {Action.MOVE, Action.ASK_ORGANISER} and choice.span
        return self._is_near(choice.span[0] + self._travel if moved and choice.span else self._start)

    # -- new times

    def _moves(self) -> Iterator[tuple[Action, Choice]]:
        if self.begun or self.kind.nature is Nature.SET_TIME or self.occurrence.all_day:
            return
        if self.kind.perhaps and not self.in_the_way:
            return
        action = Action.ASK_ORGANISER if _must_ask(self.kind) else Action.MOVE
        before, after = self._travel, self._length
        for day in self._days():
            morning, later = f"{action} {day.date} am", f"{action} {day.date} pm"
            noon, priced = day.lunch[0], self._pricing(day)
            for start in self._free_starts(day):
                if start != self._start:
                    cost, doubt = priced(start)
                    yield (
                        action,
                        Choice(
                            id=0,
                            span=(start - before, start + after),
                            cost=cost,
                            displacement=abs(start - self._start),
                            group=morning if start < noon else later,
                            doubt=doubt,
                        ),
                    )

    def _pricing(self, day: LocalDay) -> Callable[[int], tuple[int, int]]:
        """Return what gives the cost of a start on that day, and how doubtful it is."""
        first = day.open[0]
        plain = day.date != self._home_day and first >= self._soon and not self._is_located
        if not plain or self._is_tentative(first, day.open[1]):
            return self._priced_by_traits(day)
        # on any other day nothing but the hours makes a difference
        traits = self._traits(first, day)
        doubt = self._doubt(traits.near)
        inside, outside = (
            (tenths(total(self._price(traits._replace(outside=out)))), doubt) for out in (False, True)
        )
        return lambda start: outside if self._is_outside(day, start) else inside

    def _priced_by_traits(self, day: LocalDay) -> Callable[[int], tuple[int, int]]:
        known: dict[Traits, tuple[int, int]] = {}

        def price(start: int) -> tuple[int, int]:
            traits = self._traits(start, day)
            if traits not in known:
                known[traits] = tenths(total(self._price(traits))), self._doubt(traits.near)
            return known[traits]

        return price

    def _traits(self, start: int, day: LocalDay) -> Traits:
        """Return all that the price of a start depends on: hundreds of starts share a few prices."""
        days, late = abs((day.date - self._home_day).days), start - self._start
        return Traits(
            near=self._is_near(start),
            hours=0 if days else next((hours for hours in self._shifts if abs(late) <= hours * 60), 24),
            days=days,
            earlier=late < 0,
            outside=self._is_outside(day, start),
            tentative=self._is_tentative(start, start + self._length),
            close=self._is_located and self._is_close(start),
        )

    def _price(self, traits: Traits) -> Price:
        costs, people = self.setting.query.costs, self.kind.unknown_calendars
        return price_move(costs, self.points, ask=_pays_to_ask(self.kind), people=people, **traits._asdict())

    def _local_day(self, start: int) -> date:
        return from_minute(start).astimezone(self.setting.zone).date()

    def _days(self) -> Iterator[LocalDay]:
        """The open days, and the event's own, open or not."""
        if not self.kind.own_day and self.kind.nature is not Nature.CARE:
            yield from (day for day in self.setting.days if day.date != self._home_day)
        yield self._day_of(self._home_day)

    def _day_of(self, day: date) -> LocalDay:
        known = next((known for known in self.setting.days if known.date == day), None)
        if known is not None:
            return known
        query, zone = self.setting.query, self.setting.zone.key
        opened = open_hours(day, zone, query.hours._replace(days=EVERY_DAY), None)
        midnight = to_utc(day, MIDNIGHT, zone)
        return _day(day, opened or Interval(midnight, midnight), zone, query)

    def _free_starts(self, day: LocalDay) -> list[int]:
        """Starts on the quarter hour at which nothing fixed is touched, travel included."""
        setting, travel, length = self.setting, self._travel, self._length
        found: list[int] = []
        for opened in self._open(day):
            opens, closes = ceil_minute(opened.start), floor_minute(min(opened.end, setting.deadline))
            for free, end in setting.fixed.gaps(max(opens - travel, ceil_minute(setting.query.now)), closes):
                first = max(free + travel, opens)
                found += range(-(-first // QUARTER) * QUARTER, end - length + 1, QUARTER)
        found = [start for start in found if setting.theirs.is_free(start, start + length)]
        if self.kind.nature is Nature.CARE:
            return [start for start in found if abs(start - self._start) <= CARE_MOVES]
        return found

    def _open(self, day: LocalDay) -> Iterable[Interval]:
        """The part of the day that the event belongs to, within acceptable hours widened to its own time."""
        zone = self.setting.zone.key
        start, end = map(from_minute, day.open)
        first, last = self._home
        start = min(start, to_utc(day.date, first.time(), zone))
        if last.date() == first.date():
            end = max(end, to_utc(day.date, last.time(), zone))
        if self.kind.kind == EventKind.LUNCH:
            start = max(start, to_utc(day.date, LUNCH_HOURS[0], zone))
            end = min(end, to_utc(day.date, LUNCH_HOURS[1], zone))
        if self.kind.breakfast:
            end = min(end, to_utc(day.date, BREAKFAST_UNTIL, zone))
        if self._evening:
            start = max(start, to_utc(day.date, self._evening, zone))
        if end <= start:
            return ()
        opened = Interval(start, end)
        if self._their_hours is None:
            return (opened,)
        return open_intervals(opened, *self._their_hours, None)

    @cached_property
    def _evening(self) -> time | None:
        """From when an evening thing may begin; `None` for what belongs to the day."""
        personal = self.kind.kind == EventKind.PERSONAL
        begins = PERSONAL_EVENING_FROM if personal else EVENING_FROM
        return begins if self._home[0].time() >= begins else None

    @cached_property
    def _their_hours(self) -> tuple[str, Hours] | None:
        """The organiser's zone, when it is not mine, and the hours there, widened to the event's own."""
        zone, hours = self.occurrence.event.zone, self.setting.query.hours
        if self.kind.mine or zone is None or zone in {"UTC", self.setting.zone.key}:
            return None
        start, end = (instant.astimezone(ZoneInfo(zone)) for instant in self.occurrence.interval)
        if start.date() != end.date():
            return None
        return zone, hours._replace(
            start=min(hours.start, start.time()), end=max(hours.end, end.time()), days=EVERY_DAY
        )

    def _is_outside(self, day: LocalDay, start: int) -> bool:
        if self._evening:
            return False
        end = start + self._length
        if start < day.best[0] or end > day.best[1]:
            return True
        return self.kind.kind != EventKind.LUNCH and start < day.lunch[1] and day.lunch[0] < end

    def _is_tentative(self, start: int, end: int) -> bool:
        return not self.setting.tentative.is_free(start, end)

    @cached_property
    def _is_located(self) -> bool:
        return is_located(self.occurrence, self.kind)

    def _is_close(self, start: int) -> bool:
        return 0 <= self._away.gap_around(start, start + self._length) < CLOSE

    @cached_property
    def _away(self) -> Taken:
        """When I have to be somewhere else: not at the event itself, which is told by its time."""
        others = [*self.setting.away, *self._meetings]
        if self.occurrence.blocked in others:
            others.remove(self.occurrence.blocked)
        return as_taken(others)

    # -- the other remedies

    def _skips(self) -> Iterator[tuple[Action, Choice]]:
        """A skip counts as moved by a week, so that of two equal prices a move wins."""
        if not self.begun and can_be_skipped(self.occurrence, self.kind):
            yield Action.SKIP, self._gone(price_of_skip(self.kind, self.setting.query.costs), "skip")

    def _delegations(self) -> Iterator[tuple[Action, Choice]]:
        if not self.begun and self.kind.nature is Nature.CARE:
            yield Action.DELEGATE, self._gone(price_delegating(self.setting.query.costs), "delegate")

    def _gone(self, price: Price, group: str) -> Choice:
        doubt = 2 if group == "delegate" else min(self.kind.people, 1)
        group = f"{group} {self._home_day}"
        return Choice(id=0, span=None, cost=tenths(total(price)), displacement=WEEK, group=group, doubt=doubt)

    def _losses(self) -> Iterator[tuple[Action, Choice]]:
        """To shorten what is mine, to step out of what goes on without me: the event keeps its place."""
        action = way_to_lose(self.kind)
        if action is None or not self.in_the_way or self._rest is None:
            return
        rest, home = self._rest, self.occurrence.interval
        share = self._minutes_lost(action) / max(home.minutes, 1)
        if share >= MUCH if action is Action.SHORTEN else share > MOST_MISSED:
            return
        taken = span(Interval(rest.start - self.occurrence.event.travel, rest.end))
        if action is Action.SHORTEN and not self.setting.fixed.is_free(*taken):
            return
        side = "start" if rest.start > home.start else "end" if rest.end < home.end else "middle"
        yield (
            action,
            Choice(
                id=0,
                span=taken,
                cost=tenths(total(self._price_loss(action))),
                displacement=self._minutes_lost(action),
                group=f"{action} {self._home_day} {side}",
                doubt=min(self.kind.people, 1),
            ),
        )

    def stays(self, choice: Choice) -> tuple[tuple[int, int], ...]:
        """Return the times in which I am still there, as spans like those of the choices."""
        if self.action(choice) is not Action.STEP_OUT:
            return (choice.span,) if choice.span else ()
        travel = self.occurrence.event.travel
        first, *further = self._pieces
        return (span(Interval(first.start - travel, first.end)), *map(span, further))

    @cached_property
    def _pieces(self) -> tuple[Interval, ...]:
        """The parts of the event that leave the interviews free, in order, on minutes that end in 0 or 5."""
        home, blocked, now = self.occurrence.interval, self.occurrence.blocked, self.setting.query.now
        pieces: list[Interval] = []
        for free in blocked.minus(self.paddeds):
            start = (
                home.start
                if free.start == blocked.start
                else _five_up(free.start + self.occurrence.event.travel)
            )
            end = home.end if free.end == home.end else _five_down(free.end)
            if end > max(start, now) and (start >= now or start == home.start):
                pieces.append(Interval(start, end))
        return tuple(pieces)

    @cached_property
    def _rest(self) -> Interval | None:
        """What is left of the event: of one that I step out of, from the first to the last minute I am there;
        of one that is shortened, the longest piece."""
        if not self._pieces:
            return None
        if way_to_lose(self.kind) is Action.STEP_OUT:
            return Interval(self._pieces[0].start, self._pieces[-1].end)
        return max(self._pieces, key=lambda piece: (piece.length, -piece.start.timestamp()))

    def _minutes_lost(self, action: Action) -> int:
        """Of stepping out, the minutes under the interviews, rounded up to five."""
        home = self.occurrence.interval
        if action is Action.SHORTEN and self._rest:
            return home.minutes - self._rest.minutes
        missed = sum((home.shared(padded) for padded in self.paddeds), timedelta(0))
        return min(-(-missed // FIVE) * 5, home.minutes)

    def _price_loss(self, action: Action) -> Price:
        share = self._minutes_lost(action) / max(self.occurrence.interval.minutes, 1)
        return price_missing(
            self.setting.query.costs,
            self.points,
            share,
            ask=self.kind.ask,
            near=self._is_near(self._start),
            leaving=action is Action.STEP_OUT,
        )

    # -- facts

    def _is_near(self, start: int) -> bool:
        """Others are involved, and the old or the new start is less than 24 hours away."""
        return self.kind.concerns_others and (start < self._soon or self._start < self._soon)

    def _doubt(self, near: bool) -> int:
        """How likely somebody says no: nobody there to say it, people I invite, a practice, an organiser."""
        if self.kind.nature is Nature.APPOINTMENT:
            return 2
        if not self.kind.people:
            return 0
        return (1 if self.kind.mine else 3) + CROWDS.get(self.kind.kind, 0) + near


LEAVING = frozenset({Action.SHORTEN, Action.STEP_OUT})


def is_located(occurrence: Occurrence, kind: Classification) -> bool:
    """Tell whether I have to go to where it takes place."""
    location = occurrence.event.location
    return kind.nature is Nature.APPOINTMENT or bool(location and "://" not in location)


def least_cost(occurrence: Occurrence, kind: Classification, costs: Costs, in_the_way: bool) -> int:
    """Return tenths of a point that no treatment of the event can undercut."""
    ways = []
    if kind.nature is not Nature.SET_TIME:
        least = points_of(kind, costs) * min(costs.short_notice, 1)
        ways.append(costs.touched + least + costs.ask * _pays_to_ask(kind))
    if in_the_way and way_to_lose(kind):
        ways.append(costs.touched + costs.least_missed)
    if can_be_skipped(occurrence, kind):
        ways.append(total(price_of_skip(kind, costs)))
    if kind.nature is Nature.CARE:
        ways.append(total(price_delegating(costs)))
    return tenths(min(ways, default=costs.touched))


def _must_ask(kind: Classification) -> bool:
    """Tell whether the organiser has to agree to a new time; of an appointment the practice has to, whoever
    wrote the invitation."""
    return kind.ask and kind.nature is not Nature.APPOINTMENT


def _pays_to_ask(kind: Classification) -> bool:
    return _must_ask(kind) and not kind.perhaps


def points_of(kind: Classification, costs: Costs) -> float:
    """Return what the kind of an event costs, or what a rule says of it."""
    if kind.points is not None:
        return kind.points
    if kind.nature is Nature.APPOINTMENT:
        return costs.appointment
    if kind.nature is Nature.UNKNOWN:
        return costs.unknown
    return costs.kinds.get(kind.kind, costs.kinds["personal"])


def way_to_lose(kind: Classification) -> Action | None:
    """Return how a part of it can be given up: what is mine gets shorter, of what is not I miss a part."""
    if kind.nature is Nature.OWN or (kind.nature is Nature.SHARED and kind.mine):
        return Action.SHORTEN
    return Action.STEP_OUT if kind.nature in {Nature.SET_TIME, Nature.SHARED} else None


def can_be_skipped(occurrence: Occurrence, kind: Classification) -> bool:
    """Tell whether it can be left out: what is mine alone, what takes place without me, one of a series, and
    a meeting of others so large that my apologies will do."""
    if kind.nature is Nature.SHARED:
        return occurrence.event.recurring or _is_large(kind)
    return kind.nature in {Nature.OWN, Nature.SET_TIME}


def price_of_skip(kind: Classification, costs: Costs) -> Price:
    """Return the price of leaving the event out."""
    if kind.nature is Nature.SET_TIME:
        return price_skip(costs, Nature.SET_TIME)
    return price_apologies(costs) if _is_large(kind) else price_skip(costs, kind.kind)


def _is_large(kind: Classification) -> bool:
    """Tell whether others meet, and so many, me included, that nobody moves it for one of them."""
    return kind.ask and kind.people + 1 >= LARGE


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
