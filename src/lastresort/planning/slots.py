"""Two or three times to offer, in the interviewer's zone, chosen exactly as a set; what would give more."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import time, timedelta
from math import inf
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import ZERO, Busy, EventKey, Interval
from lastresort.planning.alternatives import Who, least_cost, points_of
from lastresort.planning.conflicts import keys_of
from lastresort.planning.freebusy import MINUTE, as_taken, floor_minute, from_minute, is_free, merge
from lastresort.planning.obstacles import Need, Task
from lastresort.planning.openings import Side, Times, Wish, count_openings, find_openings, fits
from lastresort.planning.rearrange import rearrange
from lastresort.planning.slot_utility import NUMBERS, ROOMY_TEXT, choose, find_candidates
from lastresort.planning.trial import imagine_interview, move_interview
from lastresort.planning.workdays import WEEK
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
    from lastresort.query import Hours

EARLIEST, LATEST = time(6), time(22)
SHORT_NOTICE, SHORT_PADDING = timedelta(hours=4), timedelta(minutes=5)
"""How far hours, notice and padding are loosened when it is told what would give more."""
AHEAD = timedelta(weeks=3)
NOTHING_HELPS = "neither longer hours nor less notice would add one; a later end (--within) may"
NEVER_MEET = "your hours and theirs have no such time in common (--hours, --interviewer-hours)"
EASY = 30
"""Points up to which moves of my own are worth a slot; nobody is asked for one."""
OWN = frozenset({Who.ME, Who.TELL})
"""Who acts where nobody has to agree."""
TRIES = 40
"""Sets of times looked at more closely; after that the most that were proved to be possible are offered."""


class Slot(NamedTuple):
    """A time offered to the interviewer. `zone` is theirs; `needs` are easy moves of mine it costs."""

    interval: Interval
    zone: str
    my_zone: str
    because: tuple[str, ...]
    needs: tuple[Move, ...] = ()


class Offer(NamedTuple):
    """Slots, best first. Where there are fewer than asked for, `more` says so, and what would add some."""

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
) -> Offer:
    """Return up to `query.slots` times to move the interview to.

    They have its length and start on the quarter hour, lie within both sides' hours, days and holidays, at
    least `query.notice` from now, end by `until`, and keep its padding free of `blocked`: the time that is
    taken once the plan is carried out. What may take time is avoided where the day holds anything else.
    Without a single such time, those that cost easy moves of my own are offered, with the moves; `kept` are
    interviews that stay, which never move for it.

    Times that are `held` for its answer are offered and no others, in that order, while one of them lies
    ahead and is free: they may have been named already.
    """
    wish = _wish(interview, timetable, until)._replace(original=interview.occurrence.interval)
    search = _Search(interview, timetable, wish, blocked, interviewer_busy, kept)
    standing = _standing(held, search) if held else ()
    return Offer(standing) if standing else _offer(search)


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
    now = timetable.query.now
    meeting = imagine_interview(Interval(now, now + length), timetable.query)
    wish = _wish(meeting, timetable, until)
    return _offer(_Search(meeting, timetable, wish, blocked, interviewer_busy, kept))


class _Search(NamedTuple):
    interview: Interview
    timetable: Timetable
    wish: Wish
    blocked: Sequence[Interval]
    interviewer_busy: Sequence[Interval]
    kept: Sequence[Interview]


def _wish(interview: Interview, timetable: Timetable, until: datetime) -> Wish:
    query = timetable.query
    meeting, padded, interviewer = interview.occurrence.interval, interview.padded, interview.interviewer
    country = interviewer.country or query.interviewer_country
    hours = interviewer.hours or query.interviewer_hours
    return Wish(
        meeting.length,
        meeting.start - padded.start,
        padded.end - meeting.end,
        Side(interviewer.zone, hours, country),
        Side(query.zone, query.hours, query.country),
        None,
        query.now,
        query.notice,
        _known_until(timetable.agenda, until),
    )


def _known_until(agenda: Agenda, until: datetime) -> datetime:
    """Beyond what was read, and beyond where a calendar's data ends, nothing is known to be free."""
    return min([until, agenda.window.end, *(s.ends for s in agenda.sources if s.ends is not None)])


def _times(search: _Search, blocked: Sequence[Interval]) -> Times:
    own = keys_of([search.interview])
    events = search.timetable.agenda.occurrences
    perhaps = [o.blocked for o in events if o.busy is Busy.CHECK and o.key not in own]
    return Times(as_taken(blocked), as_taken(perhaps), as_taken(search.interviewer_busy))


def _offer(search: _Search) -> Offer:
    query = search.timetable.query
    wish, number, times = search.wish, query.slots, _times(search, search.blocked)
    chosen = choose(find_candidates(wish, times), number, wish.minutes)
    slots = tuple(_slot(one, wish) for one in _best_first(chosen))
    if not slots and not query.last_resort:
        slots = _slots_with_moves(search)
    return Offer(slots, () if len(slots) == number else tell_more(wish, times, bool(slots), _travel(search)))


def _travel(search: _Search) -> timedelta:
    """The invitation's own travel time, in whichever calendar it stands."""
    copies = (search.interview.occurrence, *search.interview.copies)
    return max(copy.event.travel for copy in copies)


HELD_TEXT = "held in your calendar"


def _standing(held: Iterable[Interval], search: _Search) -> tuple[Slot, ...]:
    wish, times = search.wish._replace(notice=timedelta(0)), _times(search, search.blocked)
    told = {one.at(wish.length): one.because for one in find_candidates(wish, times)}
    return tuple(
        Slot(time, wish.theirs.zone, wish.mine.zone, (*told.get(time, ()), HELD_TEXT))
        for time in held
        if time.start > wish.now and fits(floor_minute(time.start), wish, times)
    )


def _best_first(chosen: Iterable[Scored]) -> list[Scored]:
    return sorted(chosen, key=lambda one: (-one.score, one.start))


def _slot(one: Scored, wish: Wish, needs: tuple[Move, ...] = ()) -> Slot:
    because = one.because
    if needs:
        many = "one easy move" if len(needs) == 1 else f"{len(needs)} easy moves"
        because = (*(text for text in because if text != ROOMY_TEXT), f"needs {many} of yours")
    return Slot(one.at(wish.length), wish.theirs.zone, wish.mine.zone, because, needs)


# ---- slots that need easy moves of mine


def _slots_with_moves(search: _Search) -> tuple[Slot, ...]:
    """The best times that cost easy moves of mine, each proved by a plan that spares the others."""
    easy = {event: price for event, *price in _easy_events(search)}
    firm = [interval for interval in search.blocked if interval not in easy]
    number, found = search.timetable.query.slots, find_candidates(search.wish, _times(search, firm))
    priced = {one.start: fair for one in found if (fair := _priced(one, search.wish, easy))}
    gone = _gone(search) if priced else frozenset()
    proved: tuple[Slot, ...] = ()
    for _ in range(TRIES):
        chosen = _best_first(choose(list(priced.values()), number, search.wish.minutes))
        plans = {one.start: _plan(one, chosen, search, firm, gone) for one in chosen}
        slots = tuple(_slot(one, search.wish, plan.moves) for one in chosen if (plan := plans[one.start]))
        failing = [one for one in chosen if not plans[one.start]]
        if not failing:
            return slots
        proved = max(proved, slots, key=len)
        # those that no easy move frees go; where two are merely in each other's way, the lesser one does
        lone = len(chosen) == 1
        alone = [one for one in failing if lone or not _plan(one, [one], search, firm, gone)]
        for one in alone or failing[-1:]:
            del priced[one.start]
    return proved


def _easy_events(search: _Search) -> Iterator[tuple[Interval, float, float]]:
    """Time that my own events take which may move without anybody being asked, with what a move costs
    before its distance counts, and what no change to them undercuts."""
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
            yield (
                interval,
                points,
                max(least_cost(one, kind, costs, in_the_way=True) for one, kind in pairs) / 10,
            )


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


def _priced(one: Scored, wish: Wish, easy: Mapping[Interval, Sequence[float]]) -> Scored | None:
    """The candidate with what it costs taken off its score; `None` where no easy plan can free the time."""
    padded = one.at(wish.length).widened(wish.before, wish.after)
    met = [easy[event] for event in easy if event.start < padded.end and padded.start < event.end]
    if sum(least for _, least in met) > EASY:
        return None
    return one._replace(score=one.score - sum(points for points, _ in met))


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
    task = Task([Need(there, wish.until)], held=held, others=search.kept, gone=gone)
    plan = next(iter(rearrange(task, search.timetable, most=EASY, plans=1).plans), None)
    return plan if plan and all(move.who in OWN for move in plan.moves) else None


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
    open_ = wish._replace(original=None, now=later.start, notice=ZERO, until=later.end)
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
