"""The recruiter named times: what each would cost to keep free, cheapest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import Busy, Interval
from lastresort.planning.conflicts import are_rivals, keys_of
from lastresort.planning.freebusy import MINUTE
from lastresort.planning.obstacles import Need, Task
from lastresort.planning.rearrange import rearrange, refuse
from lastresort.planning.trial import imagine_interview, move_interview
from lastresort.planning.workdays import find_holiday, find_horizon, is_open_day, open_hours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.model import Agenda
    from lastresort.planning.rearrange import Plan, Rearrangement
    from lastresort.planning.timetable import Timetable
    from lastresort.query import Query


class Weighed(NamedTuple):
    """A named time and its price. `cost` is 0 when it is free and `None` when nothing acceptable frees it."""

    interval: Interval
    cost: float | None
    people_asked: int
    plan: Plan | None
    """The moves it needs; `None` when it needs none, and when there is no plan."""
    because: tuple[str, ...]


def weigh(
    offers: Sequence[Interval],
    timetable: Timetable,
    interview: Interview | None = None,
    kept: Sequence[Interview] = (),
    held: Sequence[Interval] = (),
) -> tuple[Weighed, ...]:
    """Return the offers by cost, then people asked, then time; those that cannot be kept free come last.

    `interview` is the one that would move there (its own time is free then); without one the query's padding
    counts. `kept` are my other interviews, `held` time promised elsewhere. Each offer is weighed alone.
    """
    weighed = [_weigh_one(offer, timetable, interview, kept, held) for offer in dict.fromkeys(offers)]
    return tuple(sorted(weighed, key=_order))


def _order(weighed: Weighed) -> tuple[bool, float, int, Interval]:
    return (weighed.cost is None, weighed.cost or 0, weighed.people_asked, weighed.interval)


def _weigh_one(
    offer: Interval,
    timetable: Timetable,
    interview: Interview | None,
    kept: Sequence[Interview],
    held: Sequence[Interval],
) -> Weighed:
    agenda, query = timetable.agenda, timetable.query
    there = move_interview(interview, offer) if interview else imagine_interview(offer, query)
    doubts = tuple(_doubts(there, agenda, query))
    if any(are_rivals(there, other) for other in kept):
        return Weighed(offer, None, 0, None, ("another interview of yours is at that time", *doubts))
    if any(time.overlaps(there.padded) for time in held):
        return Weighed(offer, None, 0, None, ("you have promised that time elsewhere", *doubts))
    if agenda.window.end < there.padded.end:
        return Weighed(offer, None, 0, None, ("your calendar was not read that far ahead", *doubts))
    day = offer.start.astimezone(ZoneInfo(query.zone)).date()
    deadline = min(find_horizon(query, day, there.interviewer.country), agenda.window.end)
    promised = [*held, *(other.padded for other in kept)]
    task = Task([Need(there, deadline)], held=promised, others=kept)
    return _price(offer, rearrange(task, timetable, query.costs.last_resort), doubts)


def _price(offer: Interval, found: Rearrangement, doubts: tuple[str, ...]) -> Weighed:
    if not found.plans:
        told = [*dict.fromkeys(refuse(found, 0).values())]
        return Weighed(offer, None, 0, None, (*(told or ["no rearrangement frees that time"]), *doubts))
    plan = found.plans[0]
    if not plan.moves:
        return Weighed(offer, 0, 0, None, ("free in your calendars", *doubts))
    changes = "one change" if len(plan.moves) == 1 else f"{len(plan.moves)} changes"
    asked = {0: "nobody has to be asked", 1: "one person has to be asked"}
    who = asked.get(plan.people_asked, f"{plan.people_asked} people have to be asked")
    because = (f"{changes} to your other events, {plan.cost:g} points", who, *doubts)
    return Weighed(offer, plan.cost, plan.people_asked, plan, because)


def _doubts(there: Interview, agenda: Agenda, query: Query) -> Iterator[str]:
    """What a person should know before accepting, though none of it costs points."""
    offer, own = there.occurrence.interval, keys_of([there])
    events = (o for o in agenda.occurrences if o.busy is Busy.CHECK and o.key not in own)
    if any(o.blocked.overlaps(there.padded) for o in events):
        yield "something of yours that is not certain is then: look at it first"
    day = offer.start.astimezone(ZoneInfo(query.zone)).date()
    holiday = find_holiday(day, query.country)
    opened = open_hours(day, query.zone, query.hours, query.country)
    if holiday:
        yield f"a public holiday on your side ({holiday})"
    elif not is_open_day(day, query.hours, query.country):
        yield "not a working day of yours"
    elif opened is None or not opened.holds(offer):
        yield "outside your hours"
    if offer.start - query.now < query.notice:
        hours = (offer.start - query.now) // (60 * MINUTE)
        yield f"only {hours} hours from now"
