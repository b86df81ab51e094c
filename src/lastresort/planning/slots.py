"""Two or three times to offer, in the interviewer's zone, chosen exactly as a set; what would give more."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import time, timedelta
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import ZERO, Busy, EventKey, Interval
from lastresort.planning.actions import DECIDED_ALONE
from lastresort.planning.alternatives import least_cost, points_of
from lastresort.planning.conflicts import keys_of
from lastresort.planning.freebusy import MINUTE, as_taken, floor_minute, from_minute, is_free, merge
from lastresort.planning.obstacles import Need, Puzzle, RearrangeTask
from lastresort.planning.openings import Side, Times, Wish, count_openings, find_openings, find_windows, fits
from lastresort.planning.rearrange import rearrange
from lastresort.planning.slot_utility import NUMBERS, ROOMY_TEXT, choose, find_candidates
from lastresort.planning.trial import imagine_interview, move_interview
from lastresort.planning.workdays import DAY, MIDNIGHT, WEEK, nth_open_day, to_utc
from lastresort.query import Hours, Reason
from lastresort.times.hours import tell_hours
from lastresort.times.telling import MONTHS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from lastresort.interviews.detection import Interview
    from lastresort.model import Agenda, Occurrence
    from lastresort.planning.rearrange import Move, Plan
    from lastresort.planning.slot_utility import Scored
    from lastresort.planning.timetable import Timetable
    from lastresort.query import Query

EARLIEST, LATEST = time(6), time(22)
SHORT_NOTICE, SHORT_PADDING = timedelta(hours=4), timedelta(minutes=5)
"""How far hours, notice and padding are loosened when it is told what would give more."""
AHEAD = timedelta(weeks=3)
NOTHING_HELPS = "neither longer hours nor less notice would add one; a later end (--within) may"
NEVER_MEET = "your hours and theirs have no such time in common (--hours, --interviewer-hours)"
EASY = 30
"""Points up to which moves of my own are worth a slot; nobody is asked for one."""
ASSUMED_HOURS = Hours(time(9), time(17))
"""What is taken for their hours while nothing is known of them."""
AT_ONCE = frozenset({"technical", "late", "missed"})
"""Reasons for which the same day comes first."""
AT_ONCE_NOTICE = timedelta(minutes=30)
NOT_ON_THE_DAY = frozenset({"illness", "travel", "visa", "family", "work"})
"""Reasons that take the whole day of the interview."""
SEARCHES = 200
"""Searches for easy moves, for all requests of a report together; after that the most times that were proved
to be possible are offered."""
ENDED = "the search for times that easy moves of yours would free ended early"


class Slot(NamedTuple):
    """A time offered to the interviewer. `zone` is theirs; `needs` are easy moves of mine it costs."""

    interval: Interval
    zone: str
    my_zone: str
    because: tuple[str, ...]
    needs: tuple[Move, ...] = ()
    rank: int = 1
    """1 for the one that is liked best."""


class Bounds(NamedTuple):
    """What a time has to keep to besides hours and notice."""

    reason: Reason = Reason()
    """Why the interview has to move."""
    not_before: datetime | None = None
    """The end of an earlier round of the same process."""
    not_after: datetime | None = None
    """The start of a later round."""


NO_BOUNDS = Bounds()


class Searches:
    """How many searches for easy moves may still be made: counted and not timed, so that every machine offers
    the same."""

    def __init__(self) -> None:
        self.left = SEARCHES


class Offer(NamedTuple):
    """Slots, in order of time. If there are fewer than asked for, `more` says so and what would add some."""

    slots: tuple[Slot, ...]
    more: tuple[str, ...] = ()


def offer_slots(
    interview: Interview,
    timetable: Timetable,
    *,
    blocked: Sequence[Interval],
    interviewer_busy: Sequence[Interval] = (),
    until: datetime,
    kept: Sequence[Interview] = (),
    held: Sequence[Interval] = (),
    bounds: Bounds = NO_BOUNDS,
    searches: Searches | None = None,
) -> Offer:
    """Return up to `query.slots` times to move the interview to.

    They have its length and start on the quarter hour, lie within both sides' hours, days and holidays, at
    least `query.notice` and a full working day of theirs from now, end by `until`, keep to the `bounds`, and
    keep its padding free of `blocked`: the time that is taken once the plan is carried out. One at least
    comes after the original where any does. What may take time is avoided where the day holds anything else.
    Without a single such time, those that cost easy moves of my own are offered, with the moves; `kept` are
    interviews that stay, which never move for it. `searches` are shared by all requests of a report.

    Times that are `held` for its answer are offered and no others, in that order, while one of them lies
    ahead and is free: they may have been named already.
    """
    wish = _wish(interview, timetable, until, bounds)
    search = _Search(interview, timetable, wish, blocked, interviewer_busy, kept, searches or Searches())
    standing = _standing(held, search) if held else ()
    if standing:
        return Offer(standing)
    if _is_for_today(interview, timetable.query, bounds.reason) and (offer := _same_day_first(search)):
        return offer
    full_day = _after_a_full_day(wish, bounds.reason)
    offer = _offer(search._replace(wish=full_day))
    if offer.slots or bounds.reason.kind == "illness":
        return offer
    # the horizon may end before their next full working day is over: then the notice alone counts
    sooner = _offer(search)
    return Offer(sooner.slots, sooner.more[:1]) if sooner.slots else offer


def offer_times(
    length: timedelta,
    timetable: Timetable,
    *,
    blocked: Sequence[Interval],
    interviewer_busy: Sequence[Interval] = (),
    until: datetime,
    kept: Sequence[Interview] = (),
) -> Offer:
    """Return up to `query.slots` times for a meeting that does not stand yet ("send me your availability").

    As `offer_slots`, but the sooner the better. The interviewer's zone is the query's, else mine.
    """
    search = _availability(length, timetable, blocked, interviewer_busy, until, kept)
    offer = _offer(search._replace(wish=_after_a_full_day(search.wish, Reason())))
    return offer if offer.slots else _offer(search)


def offer_windows(
    length: timedelta,
    timetable: Timetable,
    *,
    blocked: Sequence[Interval],
    interviewer_busy: Sequence[Interval] = (),
    until: datetime,
    interview: Interview | None = None,
    bounds: Bounds = NO_BOUNDS,
) -> tuple[Slot, ...]:
    """Return every free stretch in which a meeting of that length fits, in order, as long as it goes; with an
    interview, in which that fits, within the `bounds`."""
    search = _availability(length, timetable, blocked, interviewer_busy, until, ())
    found: list[Interval] = []
    if interview is not None:
        search = search._replace(interview=interview, wish=_wish(interview, timetable, until, bounds))
        if _is_for_today(interview, timetable.query, bounds.reason):
            found += find_windows(_today(search.wish), _times(search, blocked))
    times = _times(search, blocked)
    wish = _after_a_full_day(search.wish, bounds.reason)
    found += find_windows(wish, times)
    if not found and bounds.reason.kind != "illness":
        found += find_windows(search.wish, times)
    return tuple(
        Slot(interval=one, zone=wish.theirs.zone, my_zone=wish.mine.zone, because=(), rank=n)
        for n, one in enumerate(found, 1)
    )


class _Search(NamedTuple):
    interview: Interview
    timetable: Timetable
    wish: Wish
    blocked: Sequence[Interval]
    interviewer_busy: Sequence[Interval]
    kept: Sequence[Interview]
    searches: Searches


def _availability(
    length: timedelta,
    timetable: Timetable,
    blocked: Sequence[Interval],
    interviewer_busy: Sequence[Interval],
    until: datetime,
    kept: Sequence[Interview],
) -> _Search:
    now = timetable.query.now
    meeting = imagine_interview(Interval(now, now + length), timetable.query)
    wish = _wish(meeting, timetable, until, NO_BOUNDS)._replace(original=None)
    return _Search(meeting, timetable, wish, blocked, interviewer_busy, kept, Searches())


def _wish(interview: Interview, timetable: Timetable, until: datetime, bounds: Bounds) -> Wish:
    query = timetable.query
    meeting, padded, interviewer = interview.occurrence.interval, interview.padded, interview.interviewer
    country = interviewer.country or query.interviewer_country
    hours = interviewer.hours or query.interviewer_hours
    if hours == ASSUMED_HOURS:
        hours = _widened(hours, meeting, interviewer.zone)
    mine = Side(query.zone, query.hours, query.country)
    return Wish(
        length=meeting.length,
        before=meeting.start - padded.start,
        after=padded.end - meeting.end,
        theirs=Side(interviewer.zone, hours, country),
        mine=mine,
        original=meeting,
        now=query.now,
        notice=query.notice,
        not_before=bounds.not_before,
        until=_known_until(timetable.agenda, min(until, bounds.not_after or until)),
        not_on=_day_of(meeting.start, query.zone) if bounds.reason.kind in NOT_ON_THE_DAY else None,
    )


def _widened(hours: Hours, meeting: Interval, zone: str) -> Hours:
    """Return their hours with the booked hour among them: they chose it."""
    start, end = (when.astimezone(ZoneInfo(zone)) for when in meeting)
    if start.date() != end.date() or hours.end == time(0):
        return hours
    return hours._replace(start=min(hours.start, start.time()), end=max(hours.end, end.time()))


def _day_of(when: datetime, zone: str) -> Interval:
    day = when.astimezone(ZoneInfo(zone)).date()
    return Interval(to_utc(day, MIDNIGHT, zone), to_utc(day + DAY, MIDNIGHT, zone))


def _after_a_full_day(wish: Wish, reason: Reason) -> Wish:
    """Return the wish for times with a full working day of theirs between today and them; who is ill is well
    on the second working day at the earliest."""
    zone = wish.theirs.zone
    today = wish.now.astimezone(ZoneInfo(zone)).date()
    first = nth_open_day(today, 1, wish.theirs.hours, wish.theirs.country)
    if first is None:
        return wish
    earliest = max(wish.not_before or wish.now, to_utc(first + DAY, MIDNIGHT, zone))
    if reason.kind == "illness":
        second = nth_open_day(today, 2, wish.mine.hours, wish.mine.country)
        earliest = max(earliest, to_utc(second, MIDNIGHT, wish.mine.zone)) if second else earliest
    return wish._replace(not_before=earliest)


def _is_for_today(interview: Interview, query: Query, reason: Reason) -> bool:
    """Tell whether they wait now: what went wrong is mended the same day."""
    start = interview.occurrence.interval.start
    today = start.astimezone(ZoneInfo(query.zone)).date() == query.now.astimezone(ZoneInfo(query.zone)).date()
    return today and (reason.kind in AT_ONCE or start <= query.now)


def _today(wish: Wish) -> Wish:
    """Return the wish for times from half an hour ahead to the end of their day."""
    today = _day_of(wish.now, wish.theirs.zone)
    return wish._replace(notice=AT_ONCE_NOTICE, not_before=None, until=min(today.end, wish.until))


def _same_day_first(search: _Search) -> Offer | None:
    """Return times from half an hour ahead to the end of their day, then later ones; `None` without any."""
    first = _offer(search._replace(wish=_today(search.wish)), help_=False).slots[:1]
    if not first:
        return None
    blocked = [*search.blocked, *(slot.interval for slot in first)]
    later = _offer(search._replace(wish=_after_a_full_day(search.wish, Reason()), blocked=blocked))
    number = search.timetable.query.slots
    slots = (*first, *(slot._replace(rank=slot.rank + 1) for slot in later.slots[: number - 1]))
    return Offer(slots, later.more if len(slots) < number else ())


def _known_until(agenda: Agenda, until: datetime) -> datetime:
    """Beyond what was read, and beyond where a calendar's data ends, nothing is known to be free."""
    return min([until, agenda.window.end, *(s.ends for s in agenda.sources if s.ends is not None)])


def _times(search: _Search, blocked: Sequence[Interval]) -> Times:
    own = keys_of([search.interview])
    perhaps = [time for key, time in search.timetable.uncertain if key not in own]
    return Times(as_taken(blocked), as_taken(perhaps), as_taken(search.interviewer_busy))


def _offer(search: _Search, *, help_: bool = True) -> Offer:
    query = search.timetable.query
    wish, number, times = search.wish, query.slots, _times(search, search.blocked)
    slots = _ranked(choose(find_candidates(wish, times), number, wish), wish)
    ended: tuple[str, ...] = ()
    if not slots and help_ and not query.last_resort:
        freed = _free_with_moves(search)
        slots, ended = freed.slots, () if freed.is_whole else (ENDED,)
    if len(slots) == number:
        return Offer(slots, ended)
    return Offer(slots, (*tell_more(wish, times, bool(slots), _travel(search)), *ended))


def _travel(search: _Search) -> timedelta:
    """The invitation's own travel time, in whichever calendar it stands."""
    copies = (search.interview.occurrence, *search.interview.copies)
    return max(copy.event.travel for copy in copies)


HELD_TEXT = "held in your calendar"


def _standing(held: Iterable[Interval], search: _Search) -> tuple[Slot, ...]:
    wish, times = (
        search.wish._replace(notice=ZERO, not_before=None, not_on=None),
        _times(search, search.blocked),
    )
    told = {one.at(wish.length): one.because for one in find_candidates(wish, times)}
    standing = [
        time for time in held if time.start > wish.now and fits(floor_minute(time.start), wish, times)
    ]
    return tuple(
        Slot(
            interval=time,
            zone=wish.theirs.zone,
            my_zone=wish.mine.zone,
            because=(*told.get(time, ()), HELD_TEXT),
            rank=rank,
        )
        for rank, time in enumerate(standing, 1)
    )


def _ranked(
    chosen: Sequence[Scored], wish: Wish, needs: Mapping[int, tuple[Move, ...]] = MappingProxyType({})
) -> tuple[Slot, ...]:
    """Return the times as slots, in order of time, each with its rank and the moves that it needs."""
    ranks = {one.start: n for n, one in enumerate(_best_first(chosen), 1)}
    slots = []
    for one in sorted(chosen, key=lambda one: one.start):
        because, moves = one.because, needs.get(one.start, ())
        if moves:
            many = "one easy move" if len(moves) == 1 else f"{len(moves)} easy moves"
            because = (*(text for text in because if text != ROOMY_TEXT), f"needs {many} of yours")
        slots.append(
            Slot(
                interval=one.at(wish.length),
                zone=wish.theirs.zone,
                my_zone=wish.mine.zone,
                because=because,
                needs=moves,
                rank=ranks[one.start],
            )
        )
    return tuple(slots)


def _best_first(chosen: Iterable[Scored]) -> list[Scored]:
    return sorted(chosen, key=lambda one: (-one.score, one.start))


# ---- slots that need easy moves of mine


class _Freed(NamedTuple):
    """Times that easy moves of mine free, in order of time."""

    slots: tuple[Slot, ...]
    is_whole: bool
    """All that could be better was looked at."""


class _Easy(NamedTuple):
    """What moves easily of all that takes one time: events of mine, for which nobody has to be asked."""

    points: float
    """What moving them costs before the distance counts."""
    least: float
    """What no change to one of them undercuts."""


def _free_with_moves(search: _Search) -> _Freed:
    """Return the best times that cost easy moves of mine, each proved by a plan that spares the others.

    The best set is planned for; what no easy move frees is dropped, and the next best set is tried.
    """
    wish, number = search.wish, search.timetable.query.slots
    easy = dict(_find_easy(search))
    firm = [time for time in search.blocked if time not in easy]
    found = find_candidates(wish, _times(search, firm))
    left = {one.start: fair for one in found if (fair := _priced(one, wish, easy))}
    gone = _gone(search) if left else frozenset()
    proved: tuple[Slot, ...] = ()
    known: dict[tuple[int, ...], Plan | None] = {}

    def plan(one: Scored, chosen: Sequence[Scored]) -> Plan | None:
        asked = (one.start, *sorted(other.start for other in chosen if other.start != one.start))
        if asked not in known:
            search.searches.left -= 1
            known[asked] = _plan(one, chosen, search, firm, gone)
        return known[asked]

    while left and search.searches.left > 0:
        chosen = choose(list(left.values()), number, wish)
        plans = {one.start: plan(one, chosen) for one in chosen}
        freed = [one for one in chosen if plans[one.start]]
        moves = {start: plan.moves for start, plan in plans.items() if plan}
        proved = max(proved, _ranked(freed, wish, moves), key=len)
        failing = [one for one in _best_first(chosen) if not plans[one.start]]
        if not failing:
            return _Freed(proved, is_whole=True)
        # what no easy move frees even alone is no use; others are merely in each other's way
        never = [one for one in failing if not plan(one, [one])]
        for one in never or failing[-1:]:
            del left[one.start]
    return _Freed(proved, is_whole=not left)


def _find_easy(search: _Search) -> Iterator[tuple[Interval, _Easy]]:
    """Yield the times that are taken by what moves easily alone, each with that."""
    costs, taken, reach = search.timetable.query.costs, set(search.blocked), _sparse_time(search)
    interviews = keys_of([search.interview, *search.kept])
    together: dict[Interval, list[Occurrence]] = {}
    for occurrence in search.timetable.agenda.occurrences:
        time = occurrence.blocked
        if occurrence.busy is Busy.CLASH and not is_free(time, reach) and time in taken:
            together.setdefault(time, []).append(occurrence)
    for interval, occurrences in together.items():
        kinds = [search.timetable.kind(occurrence) for occurrence in occurrences]
        points = sum(costs.touched + points_of(kind, costs) for kind in kinds)
        free = all(kind.movable and kind.mine and not kind.ask for kind in kinds)
        if points <= EASY and free and not any(one.key in interviews for one in occurrences):
            pairs = zip(occurrences, kinds, strict=True)
            least = max(least_cost(one, kind, costs, in_the_way=True) for one, kind in pairs)
            yield interval, _Easy(points, least / 10)


def _sparse_time(search: _Search) -> tuple[Interval, ...]:
    """Where times fit but for so few events of mine that to change them all can be easy."""
    wish, times, touched = search.wish, _times(search, ()), search.timetable.query.costs.touched
    most = EASY // touched if touched else inf
    events = set(search.blocked)
    begins, ends = sorted(one.start for one in events), sorted(one.end for one in events)
    padded = (
        Interval(from_minute(start), from_minute(start) + wish.length).widened(wish.before, wish.after)
        for opening in find_openings(wish, times)
        for start in opening.starts
    )
    return merge(
        one for one in padded if bisect_left(begins, one.end) - bisect_right(ends, one.start) <= most
    )


def _priced(one: Scored, wish: Wish, easy: Mapping[Interval, _Easy]) -> Scored | None:
    """The candidate with what it costs taken off its score; `None` where no easy plan can free the time."""
    padded = one.at(wish.length).widened(wish.before, wish.after)
    met = [easy[event] for event in easy if event.start < padded.end and padded.start < event.end]
    if sum(event.least for event in met) > EASY:
        return None
    return one._replace(score=one.score - sum(event.points for event in met))


def _gone(search: _Search) -> frozenset[EventKey]:
    """What takes no time any more once the plan is carried out."""
    taken = set(search.blocked)
    events = search.timetable.agenda.occurrences
    return frozenset(o.key for o in events if o.busy is Busy.CLASH and o.blocked not in taken)


def _plan(
    one: Scored,
    chosen: Sequence[Scored],
    search: _Search,
    firm: Sequence[Interval],
    gone: Collection[EventKey],
) -> Plan | None:
    """The moves that free this time, if they are easy: nothing lands on the other times, nobody is asked."""
    wish = search.wish
    there = move_interview(search.interview, one.at(wish.length))
    held = [*firm, *(other.at(wish.length) for other in chosen if other.start != one.start)]
    task = RearrangeTask([Need(there, wish.until)], held=held, others=search.kept, gone=gone)
    plan = next(iter(rearrange(Puzzle(task, search.timetable), most=EASY, plans=1).plans), None)
    return plan if plan and all(move.who in DECIDED_ALONE for move in plan.moves) else None


# ---- what would give more


def tell_more(wish: Wish, times: Times, with_moves: bool, travel: timedelta = ZERO) -> tuple[str, ...]:
    """Return how few times there are, and what would add how many, the most first. Nothing is stretched.

    `travel` to the interview takes its time whatever the padding.
    """
    last = (wish.until - MINUTE).astimezone(ZoneInfo(wish.mine.zone))
    base = count_openings(wish, times)
    help_ = " without a move of yours" if with_moves and not base else ""
    few = f"only {NUMBERS[base]} time{' is' if base == 1 else 's are'}" if base else "no time is"
    told = (
        _tell_gains(_loosened(wish, travel), base, times)
        or _tell_gains(_whole_days(wish), base, times)
        or [NOTHING_HELPS if _ever_meet(wish) else NEVER_MEET]
    )
    return (f"{few} free on both sides until {last.day} {MONTHS[last.month - 1]}{help_}", *told)


def _tell_gains(loosened: Iterable[tuple[str, Wish]], base: int, times: Times) -> list[str]:
    gains = [(count_openings(other, times) - base, text) for text, other in loosened]
    useful = sorted((gain for gain in gains if gain[0] > 0), key=lambda gain: -gain[0])
    return [f"{text} would add {gain}" for gain, text in useful[:3]]


def _ever_meet(wish: Wish) -> bool:
    """Tell whether the hours of the two sides have anything in common in the weeks to come."""
    later = Interval(wish.until, wish.until + AHEAD)
    open_ = wish._replace(
        original=None, not_on=None, now=later.start, notice=ZERO, not_before=None, until=later.end
    )
    return count_openings(open_, Times(*[as_taken([])] * 3)) > 0


def _whole_days(wish: Wish) -> Iterator[tuple[str, Wish]]:
    """From six to ten o'clock on my side: for hours that lie far apart."""
    hours = wish.mine.hours
    ends = LATEST if time(0) < hours.end < LATEST else hours.end
    longer = hours._replace(start=min(hours.start, EARLIEST), end=ends)
    yield (
        f"long days on your side {_option('--hours', longer)}",
        wish._replace(mine=wish.mine._replace(hours=longer)),
    )


def _loosened(wish: Wish, travel: timedelta) -> Iterator[tuple[str, Wish]]:
    """What to loosen, with the option that does it as it has to be given, and the wish as it then is."""
    mine, theirs = wish.mine, wish.theirs
    for words, hours in _longer(mine.hours, ("earlier mornings", "later evenings")):
        text = f"{words} on your side {_option('--hours', hours)}"
        yield text, wish._replace(mine=mine._replace(hours=hours))
    for words, hours in _longer(theirs.hours, ("an earlier start", "a later end")):
        text = f"{words} on their side {_option('--interviewer-hours', hours)}"
        yield text, wish._replace(theirs=theirs._replace(hours=hours))
    if mine.hours.days is not None and mine.hours.days != WEEK:
        hours = mine.hours._replace(days=WEEK)
        text = f"more weekdays on your side {_option('--hours', hours)}"
        yield text, wish._replace(mine=mine._replace(hours=hours))
    if wish.notice > SHORT_NOTICE:
        yield "a shorter notice (--notice 4h)", wish._replace(notice=SHORT_NOTICE)
    closer = wish._replace(
        before=max(travel, min(wish.before, SHORT_PADDING)), after=min(wish.after, SHORT_PADDING)
    )
    if closer != wish:
        yield "less time around it (--padding 5m)", closer


def _longer(hours: Hours, words: tuple[str, str]) -> Iterator[tuple[str, Hours]]:
    """Hours begun or ended two hours beyond, yet between six and ten o'clock."""
    if hours.start > EARLIEST:
        start = max(EARLIEST, time(max(hours.start.hour - 2, 0), hours.start.minute))
        yield words[0], hours._replace(start=start)
    if time(0) < hours.end < LATEST:
        end = min(LATEST, time(min(hours.end.hour + 2, 23), hours.end.minute))
        yield words[1], hours._replace(end=end)


def _option(name: str, hours: Hours) -> str:
    """The option in brackets; days need quotes to stay one argument."""
    told = tell_hours(hours)
    return f'({name} "{told}")' if " " in told else f"({name} {told})"
