"""Every way to treat an event that is in the way, with its price: another time, a skip, less time."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import EPOCH, Interval
from lastresort.scheduling.costs import price_days, price_move, price_shift, price_shortening, price_skip
from lastresort.scheduling.freebusy import gaps, is_free, merge
from lastresort.scheduling.kinds import Kind
from lastresort.scheduling.workdays import MIDNIGHT, open_hours, open_intervals, to_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lastresort.model import Occurrence
    from lastresort.scheduling.kinds import Classification
    from lastresort.scheduling.query import Hours, Query

Action = Literal["move", "skip", "shorten", "ask-organiser"]
Price = tuple[tuple[str, float], ...]

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
QUARTER = 15
SOON = 24 * 60
WEEK = 7 * SOON
LUNCH_HOURS = (time(11), time(15))
"""Where a lunch break may go."""
EVERY_DAY = frozenset(range(7))


class Candidate(NamedTuple):
    """One way to treat an event. `span` is its time afterwards in minutes since 1970, `None` when skipped."""

    action: Action
    span: tuple[int, int] | None
    cost: int
    """Tenths of a point."""
    displacement: int
    """Minutes; a skip counts as a week, so that of two equal prices a move wins."""
    group: str
    doubt: int


class Day(NamedTuple):
    """One local day in which events may land, in minutes since 1970. `best` is inside preferred hours."""

    date: date
    open: tuple[int, int]
    best: tuple[int, int]
    lunch: tuple[int, int]


class Setting(NamedTuple):
    """Where events may land: the same for all of them."""

    query: Query
    zone: ZoneInfo
    deadline: datetime
    fixed: tuple[Interval, ...]
    """Merged time that nothing may touch: interviews with their padding, immovable events, held slots."""
    tentative: tuple[Interval, ...]
    """Merged time that a person should look at first."""
    days: tuple[Day, ...]
    """The open days from today up to the deadline."""


def minutes(instant: datetime) -> int:
    """Return whole minutes since 1970, rounded down."""
    return (instant - EPOCH) // MINUTE


def minutes_up(instant: datetime) -> int:
    """Return whole minutes since 1970, rounded up."""
    return -((EPOCH - instant) // MINUTE)


def instant(minute: int) -> datetime:
    """Return the instant so many minutes after 1970."""
    return EPOCH + minute * MINUTE


def span(interval: Interval) -> tuple[int, int]:
    """Return the whole minutes that cover the interval."""
    return minutes(interval.start), minutes_up(interval.end)


def make_setting(
    query: Query, zone: str, deadline: datetime, fixed: Iterable[Interval], tentative: Iterable[Interval]
) -> Setting:
    """Return where events may land between now and the deadline, on days that are open for me."""
    info = ZoneInfo(zone)
    day, days = query.now.astimezone(info).date(), []
    while to_utc(day, MIDNIGHT, zone) < deadline:
        if opened := open_hours(day, zone, query.hours, query.country):
            days.append(_day(day, opened, zone, query))
        day += DAY
    return Setting(query, info, deadline, merge(fixed), merge(tentative), tuple(days))


def _day(day: date, opened: Interval, zone: str, query: Query) -> Day:
    def local(hours: tuple[time, time]) -> tuple[int, int]:
        return minutes(to_utc(day, hours[0], zone)), minutes(to_utc(day, hours[1], zone))

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
        self.points = (
            costs.kinds.get(kind.kind, costs.kinds["personal"]) if kind.points is None else kind.points
        )
        self._begun = occurrence.blocked.start < setting.query.now
        self._start, end = span(occurrence.interval)
        self._length = end - self._start
        self._home_day = occurrence.interval.start.astimezone(setting.zone).date()
        self._soon = minutes_up(setting.query.now) + SOON

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The treatments: new times in order, then skipping, then shortening."""
        return (*self._moves(), *self._skips(), *self._shortenings())

    @property
    def least(self) -> int:
        """Tenths of a point that no treatment can undercut."""
        costs = self.setting.query.costs
        change = self.points * min(costs.short_notice, 1) + (costs.ask if self.kind.ask else 0)
        share = min(costs.shorten, 1) if self.in_the_way else 1
        found = [costs.touched + change * share]
        if self._can_be_skipped:
            found.append(total(price_skip(costs, self.kind.kind)))
        return tenths(min(found))

    def interval(self, candidate: Candidate) -> Interval | None:
        """Return the time the event has afterwards; a moved one lasts exactly as long as before."""
        if candidate.span is None:
            return None
        start, end = map(instant, candidate.span)
        if candidate.action == "shorten":
            return Interval(start, end)
        return Interval(start, start + self.occurrence.interval.length)

    def blocked(self, candidate: Candidate) -> tuple[int, int] | None:
        """Return the minutes the event takes afterwards, travel included."""
        if candidate.span is None:
            return None
        return candidate.span[0] - -(-self.occurrence.event.travel // MINUTE), candidate.span[1]

    def price(self, candidate: Candidate) -> Price:
        """Return the cost of the candidate term by term; together they are `candidate.cost`."""
        costs = self.setting.query.costs
        if candidate.span is None:
            return price_skip(costs, self.kind.kind)
        if candidate.action == "shorten":
            return self._price_shortening()
        start = candidate.span[0]
        new_day = instant(start).astimezone(self.setting.zone).date()
        return price_move(
            costs,
            self.points,
            ask=self.kind.ask,
            near=self._is_near(start),
            hours=abs(start - self._start) / 60,
            days=abs((new_day - self._home_day).days),
            earlier=start < self._start,
            outside=self._is_outside(self._day_of(new_day), start),
            tentative=self._is_tentative(start),
        )

    def is_soon(self, candidate: Candidate) -> bool:
        """Tell whether others have less than 24 hours to take note of it."""
        return self._is_near(candidate.span[0] if candidate.span else self._start)

    # -- new times

    def _moves(self) -> Iterator[Candidate]:
        if self._begun or self.kind.set_time or self.occurrence.all_day:
            return
        action: Action = "ask-organiser" if self.kind.ask else "move"
        for day in self._days():
            groups = (f"{action} {day.date} am", f"{action} {day.date} pm")
            for start in self._free_starts(day):
                if start != self._start:
                    yield Candidate(
                        action,
                        (start, start + self._length),
                        self._cost(start, day),
                        abs(start - self._start),
                        groups[start >= day.lunch[0]],
                        self._doubt(start),
                    )

    def _cost(self, start: int, day: Day) -> int:
        """The sum of `price`, without making the terms: there are hundreds of starts."""
        costs = self.setting.query.costs
        points = costs.touched + self.points * (costs.short_notice if self._is_near(start) else 1)
        points += costs.ask if self.kind.ask else 0
        away = abs((day.date - self._home_day).days)
        points += price_days(costs, away) if away else price_shift(costs, abs(start - self._start) / 60)
        points += costs.earlier if start < self._start else 0
        points += costs.outside_hours if self._is_outside(day, start) else 0
        points += costs.tentative if self._is_tentative(start) else 0
        return tenths(points)

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

    def _free_starts(self, day: Day) -> Iterator[int]:
        """Starts on the quarter hour at which nothing fixed is touched, travel included."""
        travel, setting = self.occurrence.event.travel, self.setting
        for opened in self._open(day):
            reach = Interval(max(opened.start - travel, setting.query.now), min(opened.end, setting.deadline))
            for free in gaps(reach, _touching(reach, setting.fixed)):
                first = max(minutes_up(free.start + travel), minutes_up(opened.start))
                last = minutes(free.end) - self._length
                yield from range(-(-first // QUARTER) * QUARTER, last + 1, QUARTER)

    def _open(self, day: Day) -> Iterable[Interval]:
        start, end = map(instant, day.open)
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

    def _is_tentative(self, start: int) -> bool:
        if not self.setting.tentative:
            return False
        return not is_free(Interval(instant(start), instant(start + self._length)), self.setting.tentative)

    # -- the other remedies

    @property
    def _can_be_skipped(self) -> bool:
        """One occurrence of a series, or an event in which nobody else stands."""
        return not self._begun and (self.occurrence.event.recurring or not self.kind.people)

    def _skips(self) -> Iterator[Candidate]:
        if self._can_be_skipped:
            cost = tenths(total(price_skip(self.setting.query.costs, self.kind.kind)))
            yield Candidate("skip", None, cost, WEEK, f"skip {self._home_day}", min(self.kind.people, 1))

    def _shortenings(self) -> Iterator[Candidate]:
        """The longest rest that leaves the interviews free, when at least half of the event stays."""
        home = self.occurrence.interval
        rest = self._rest() if self.in_the_way and not self.kind.appointment else None
        if rest is None or rest.length * 2 < home.length:
            return
        side = "start" if rest.start > home.start else "end"
        found = Candidate(
            "shorten",
            span(rest),
            tenths(total(self._price_shortening())),
            (home.length - rest.length) // MINUTE,
            f"shorten {self._home_day} {side}",
            self._doubt(self._start),
        )
        taken = Interval(rest.start - self.occurrence.event.travel, rest.end)
        if is_free(taken, self.setting.fixed):
            yield found

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

    def _doubt(self, start: int) -> int:
        """How likely somebody says no: nobody there to say it, people I invite, a practice, an organiser."""
        if not self.kind.people:
            return 2 if self.kind.appointment else 0
        crowd = {Kind.TEAM.value: 1, Kind.EXTERNAL.value: 2}.get(self.kind.kind, 0)
        return (1 if self.kind.mine else 3) + crowd + self._is_near(start)


def tenths(points: float) -> int:
    """Return points as whole tenths, the solver's unit."""
    return round(points * 10)


def total(price: Price) -> float:
    """Return the sum of the terms in points."""
    return sum(points for _, points in price)


def _touching(reach: Interval, merged: Sequence[Interval]) -> Sequence[Interval]:
    """Cut a long list down to the neighbourhood of the stretch."""
    first = bisect_right(merged, reach.start, key=lambda busy: busy.start)
    last = bisect_right(merged, reach.end, key=lambda busy: busy.start)
    return merged[max(first - 1, 0) : last]


def _five_down(when: datetime) -> datetime:
    return instant(minutes(when) // 5 * 5)


def _five_up(when: datetime) -> datetime:
    return instant(-(-minutes_up(when) // 5) * 5)
