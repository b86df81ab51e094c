"""What a time is worth to offer, and which two or three together are worth most.

A time is scored by itself and in company: three good ones on one day are worth less than one on each of
three.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from lastresort.model import ZERO, Interval
from lastresort.planning.freebusy import MINUTE, from_minute
from lastresort.planning.openings import QUARTER, Opening, Side, Times, Wish, find_openings
from lastresort.planning.workdays import DAY, find_workweek, is_open_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, timedelta

Key = TypeVar("Key")

MINUTES_A_DAY = 24 * 60
NOON = 12 * 60
LUNCH = (12 * 60, 13 * 60)
CORE = (10 * 60, 16 * 60)
EARLY, LATE = 10 * 60, 15 * 60
"""A week's first day is early before the one, its last day late from the other."""
EDGE = 30
"""Minutes at either end of their day."""
TIGHT, ROOMY = 15, 60
"""Minutes beside the padding: a neighbour is felt, or far away."""
ROOMY_TEXT = "an hour free before and after"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class SlotScores(NamedTuple):
    """What makes a time good to offer. Points; only their differences matter."""

    each_day: float = -1
    """Each working day of theirs away from the original, earlier or later."""
    same_hour: float = 3
    same_weekday: float = 1
    core_hours: float = 2
    their_lunch: float = -8
    my_lunch: float = -3
    edge_of_day: float = -8
    """In the first or last half hour of their day."""
    edge_of_week: float = -4
    """Early on the first day of their week, late on its last."""
    half_past: float = -1
    quarter_past: float = -1.5
    """Quarter past and quarter to: odder still than half past."""
    tight: float = -2
    to_check: float = -12
    """Over something that may take time: tentative, unanswered, all-day. It outweighs a merely awkward hour,
    so such a time is offered when its day holds no other."""
    further_day: float = 8
    """Of the set: each day beyond the first."""
    both_halves: float = 8
    further_weekday: float = 1


DEFAULT_SCORES = SlotScores()


class Scored(NamedTuple):
    """A time that fits. `start` in minutes since 1970; the day and its half are the interviewer's."""

    start: int
    day: date
    morning: bool
    score: float
    because: tuple[str, ...]

    def at(self, length: timedelta) -> Interval:
        """Return the time itself."""
        begins = from_minute(self.start)
        return Interval(begins, begins + length)


# ---- what one time is worth


class DayView(NamedTuple):
    """What the terms ask about a day of theirs. Minutes of the day are local."""

    times: Times
    hours: tuple[int, int]
    """Their open hours, in minutes since 1970."""
    length: int
    before: int
    after: int
    """Minutes it lasts, and is kept free around."""
    distance: int
    """Working days of theirs from the original, negative before it; from today when there is none."""
    original: int | None
    """Their minute of the day at which the original starts."""
    same_weekday: bool
    week_starts: bool
    week_ends: bool
    their_offset: Callable[[int], int]
    my_offset: Callable[[int], int]
    """Minutes from UTC to local time, at a minute since 1970."""


class StartScore(NamedTuple):
    """What the terms ask about one start; `gap` is to my nearest event beyond the padding."""

    day: DayView
    start: int
    theirs: int
    mine: int
    gap: int
    to_check: bool


Told = tuple[float, str]


def _distance(place: StartScore, scores: SlotScores) -> Told:
    days, many = abs(place.day.distance), "" if abs(place.day.distance) == 1 else "s"
    number = NUMBERS[days] if days < len(NUMBERS) else str(days)
    if place.day.distance < 0:
        return days * scores.each_day, f"{number} working day{many} earlier"
    if place.day.original is None:
        return days * scores.each_day, f"{number} working day{many} from now"
    return days * scores.each_day, f"{number} working day{many} later" if days else "the same day"


def _hour(place: StartScore, scores: SlotScores) -> Told:
    before = place.day.original
    same = before is not None and abs(place.theirs - before) < QUARTER
    return (scores.same_hour, "same hour as before") if same else (0, "")


def _weekday(place: StartScore, scores: SlotScores) -> Told:
    return (
        (scores.same_weekday, "same weekday" if place.day.distance else "")
        if place.day.same_weekday
        else (0, "")
    )


def _core(place: StartScore, scores: SlotScores) -> Told:
    inside = CORE[0] <= place.theirs and place.theirs + place.day.length <= CORE[1]
    return (scores.core_hours, "in the middle of the day") if inside else (0, "")


def _their_lunch(place: StartScore, scores: SlotScores) -> Told:
    return (
        (scores.their_lunch, "over their lunch") if _over_lunch(place.theirs, place.day.length) else (0, "")
    )


def _my_lunch(place: StartScore, scores: SlotScores) -> Told:
    return (scores.my_lunch, "over your lunch") if _over_lunch(place.mine, place.day.length) else (0, "")


def _over_lunch(start: int, length: int) -> bool:
    return start < LUNCH[1] and start + length > LUNCH[0]


def _edge_of_day(place: StartScore, scores: SlotScores) -> Told:
    opens, closes = place.day.hours
    if place.start - opens < EDGE:
        return scores.edge_of_day, "first thing in their day"
    late = closes - place.start - place.day.length < EDGE
    return (scores.edge_of_day, "at the end of their day") if late else (0, "")


def _edge_of_week(place: StartScore, scores: SlotScores) -> Told:
    if place.day.week_starts and place.theirs < EARLY:
        return scores.edge_of_week, "early on the first day of their week"
    if place.day.week_ends and place.theirs >= LATE:
        return scores.edge_of_week, "late on the last day of their week"
    return 0, ""


def _roundness(place: StartScore, scores: SlotScores) -> Told:
    past = place.theirs % 60
    return (scores.half_past if past == 30 else scores.quarter_past if past else 0), ""


def _neighbours(place: StartScore, scores: SlotScores) -> Told:
    if place.gap < TIGHT:
        return scores.tight, "close to something else of yours"
    return 0, ROOMY_TEXT if place.gap >= ROOMY else ""


def _certainty(place: StartScore, scores: SlotScores) -> Told:
    return (scores.to_check, "over something of yours that is not certain") if place.to_check else (0, "")


TERMS: tuple[Callable[[StartScore, SlotScores], Told], ...] = (
    *(_distance, _hour, _weekday, _core, _their_lunch, _my_lunch),
    *(_edge_of_day, _edge_of_week, _roundness, _neighbours, _certainty),
)


def find_candidates(wish: Wish, times: Times, scores: SlotScores = DEFAULT_SCORES) -> list[Scored]:
    """Return every time that fits, scored, in order."""
    found: list[Scored] = []
    for opening in find_openings(wish, times):
        day = _view(opening, wish, times)
        found.extend(_judge(_place(start, day), opening.day, scores) for start in opening.starts)
    return found


def _judge(place: StartScore, day: date, scores: SlotScores) -> Scored:
    points, because = 0.0, []
    for term in TERMS:
        more, text = term(place, scores)
        points += more
        if text:
            because.append(text)
    return Scored(place.start, day, place.theirs < NOON, points, tuple(because))


def _view(opening: Opening, wish: Wish, times: Times) -> DayView:
    theirs, zone = wish.theirs, ZoneInfo(wish.theirs.zone)
    origin = (wish.original.start if wish.original else wish.now).astimezone(zone)
    week = theirs.hours.days
    week = find_workweek(theirs.country, opening.day.year) if week is None else week
    weekday = opening.day.weekday()
    return DayView(
        times,
        opening.hours,
        wish.minutes,
        wish.minutes_before,
        wish.minutes_after,
        _working_days(origin.date(), opening.day, theirs),
        origin.hour * 60 + origin.minute if wish.original else None,
        wish.original is not None and origin.weekday() == weekday,
        (weekday - 1) % 7 not in week,
        (weekday + 1) % 7 not in week,
        _offset(theirs.zone, opening.hours),
        _offset(wish.mine.zone, opening.hours),
    )


def _place(start: int, day: DayView) -> StartScore:
    begins, ends = start - day.before, start + day.length + day.after
    return StartScore(
        day,
        start,
        (start + day.their_offset(start)) % MINUTES_A_DAY,
        (start + day.my_offset(start)) % MINUTES_A_DAY,
        day.times.mine.gap_around(begins, ends),
        day.times.perhaps.gap_around(begins, ends) < 0,
    )


def _offset(zone: str, hours: tuple[int, int]) -> Callable[[int], int]:
    """Return what gives the UTC offset in minutes at a minute since 1970; quick unless clocks change then."""
    info = ZoneInfo(zone)

    def ask(minute: int) -> int:
        return (from_minute(minute).astimezone(info).utcoffset() or ZERO) // MINUTE

    first, last = map(ask, hours)
    return ask if first != last else lambda _: first


def _working_days(first: date, last: date, side: Side) -> int:
    """The open days of a side from one day to another, the first excluded; negative when that is earlier."""
    step, count, day = (DAY, 1, first) if first <= last else (-DAY, -1, first)
    total = 0
    while day != last:
        day += step
        total += count if is_open_day(day, side.hours, side.country) else 0
    return total


# ---- the best set


def choose(
    candidates: Sequence[Scored],
    number: int,
    wish: Wish,
    scores: SlotScores = DEFAULT_SCORES,
) -> tuple[Scored, ...]:
    """Return the best set, in order of time: as many as asked for, one at least after the original where any
    is, on as many days as possible, then the most points.

    No two of them overlap. Of equal sets an earlier one is taken, and always the same.
    """
    days: dict[date, list[Scored]] = {}
    for candidate in candidates:
        days.setdefault(candidate.day, []).append(candidate)
    a_day = 1 if len(days) >= number else number
    best: dict[SetScore, BestSet] = {
        SetScore(size=0, days=0, halves=0, weekdays=0, later=False): BestSet(0, 0, ())
    }
    for day, ones in days.items():
        best = _with_day(best, _best_of_day(ones, a_day, wish), day.weekday(), number)
    chosen = max(best.items(), key=lambda item: _rank(item[0], item[1], scores))[1].chosen
    return tuple(sorted(chosen, key=lambda one: one.start))


def _is_later(one: Scored, wish: Wish) -> bool:
    return wish.original is None or from_minute(one.start) >= wish.original.end


class SetScore(NamedTuple):
    """All that a set is scored by as a set: its size, its days, as bits its halves of a day and weekdays, and
    whether one comes after the original."""

    size: int
    days: int
    halves: int
    weekdays: int
    later: bool


class BestSet(NamedTuple):
    """The best set of its company so far: the most points, then the earliest."""

    points: float
    earliness: int
    chosen: tuple[Scored, ...]


def _rank(company: SetScore, best: BestSet, scores: SlotScores) -> tuple[float, ...]:
    points = best.points + scores.further_day * company.days
    points += scores.further_weekday * company.weekdays.bit_count()
    points += scores.both_halves if company.halves == 3 else 0
    return (company.size, company.later, company.days, points, best.earliness)


def _with_day(
    best: Mapping[SetScore, BestSet], of_day: Mapping[OfDay, BestSet], weekday: int, number: int
) -> dict[SetScore, BestSet]:
    """The best sets of the days so far and one more. Exact: what follows asks for nothing but the company."""
    found = dict(best)
    for company, one in best.items():
        for more, other in of_day.items():
            if 0 < more.size <= number - company.size:
                together = SetScore(
                    size=company.size + more.size,
                    days=company.days + 1,
                    halves=company.halves | more.halves,
                    weekdays=company.weekdays | 1 << weekday,
                    later=company.later or more.later,
                )
                _keep(found, together, one, other)
    return found


class OfDay(NamedTuple):
    """What counts of a set within one day: its size, its halves of the day as bits, and whether one of it
    comes after the original."""

    size: int
    halves: int
    later: bool


def _best_of_day(ones: Sequence[Scored], number: int, wish: Wish) -> dict[OfDay, BestSet]:
    """The best sets within one day that do not overlap."""
    if number == 1:  # then only the best of each half, before and after the original, counts
        kinds: dict[tuple[bool, bool], list[Scored]] = {}
        for one in ones:
            kinds.setdefault((one.morning, _is_later(one, wish)), []).append(one)
        ones = sorted(
            (max(kind, key=lambda one: (one.score, -one.start)) for kind in kinds.values()),
            key=lambda one: one.start,
        )
    starts = [one.start for one in ones]
    tables: list[dict[OfDay, BestSet]] = [{OfDay(0, 0, False): BestSet(0, 0, ())}]
    for one in ones:
        found, half = dict(tables[-1]), 1 if one.morning else 2
        for before, earlier in tables[bisect_right(starts, one.start - wish.minutes)].items():
            if before.size < number:
                key = OfDay(before.size + 1, before.halves | half, before.later or _is_later(one, wish))
                _keep(found, key, earlier, BestSet(one.score, -one.start, (one,)))
        tables.append(found)
    return tables[-1]


def _keep(found: dict[Key, BestSet], key: Key, one: BestSet, other: BestSet) -> None:
    """Note the two together where nothing better of the kind is known."""
    points, earliness = one.points + other.points, one.earliness + other.earliness
    known = found.get(key)
    if known is None or points > known.points or (points == known.points and earliness > known.earliness):
        found[key] = BestSet(points, earliness, one.chosen + other.chosen)
