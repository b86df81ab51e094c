"""What a change costs: points, each about one minute of somebody's goodwill. One table, all configurable."""

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType
from typing import NamedTuple


def _frozen(**values: float) -> Mapping[str, float]:
    return MappingProxyType({name.replace("_", "-"): value for name, value in values.items()})


class Costs(NamedTuple):
    """The cost table. Points; `shifts` are (up to so many hours, points), the last for any longer shift."""

    touched: float = 5
    """Each event that is changed at all."""
    kinds: Mapping[str, float] = _frozen(
        focus=1, lunch=1, personal=2, one_to_one=5, stand_up=12, team=20, external=60
    )
    appointment: float = 8
    """Instead of the kind: call them, and they must have the time."""
    unknown: float = 10
    """Instead of the kind: an event of mine that no word explains."""
    ask: float = 15
    """I am not the organiser: somebody must be asked. Not for a skip, which is told and not asked."""
    crowd: float = 1
    """A new time, for each other person beyond the third whose calendar is not known."""
    crowd_most: float = 10
    """The most that all of these come to."""
    shifts: tuple[tuple[float, float], ...] = ((1, 0), (3, 1), (5, 2), (24, 3))
    """Same day, by how far it is shifted."""
    another_day: float = 4
    each_further_day: float = 1
    """Calendar days between the old and the new one, beyond the first."""
    earlier: float = 1
    outside_hours: float = 4
    """Outside preferred hours or over lunch."""
    close: float = 6
    """An event at a place of its own that begins or ends less than half an hour from an interview or from
    another such event."""
    short_notice: float = 1.5
    """Factor on the kind when the old or new start is under 24 hours away and others, or an appointment, are
    involved."""
    skips: Mapping[str, float] = _frozen(
        lunch=6, stand_up=12, focus=15, one_to_one=15, personal=20, set_time=20, team=30, external=200
    )
    """To leave one out, instead of kind and shift."""
    apologies: float = 12
    """To miss a meeting of others of eight people and more."""
    delegate: float = 20
    """To have somebody else take over a care duty."""
    least_missed: float = 2
    """To shorten an event or to step out costs the share of kind and asking that is missed, at least this."""
    most_missed: float = 1.5
    """Factor on that share when I step out for half of the event or more."""
    last_resort: float = 150
    """To ask an employer to move an interview: about two external moves."""
    last_resort_again: float = 2
    """Factor for each time that they were asked before."""
    last_resort_soon: float = 1.5
    """Factor under 24 hours of notice."""
    last_resort_several: float = 1.3
    """Factor for several interviewers, a final round or a day of rounds."""
    last_resort_on_site: float = 1.1
    """Factor where they travel or have booked a room."""
    tight: float = 1
    """Every five minutes of room to breathe that an interview does without; `tightest` at most."""
    tightest: float = 4
    possible_interview: float = 60
    """To change what may be an interview, for the sake of one that is certain; instead of kind and asking."""
    doubts: Mapping[str, float] = _frozen(
        outside_hours=8, day_off=12, short_notice=10, uncertain=12, journey=12
    )
    """What speaks against a time that they named: outside my hours, no working day of mine, less than a
    working day ahead, over what lasts all day or is tentative, just before or after a journey."""
    preferred: tuple[time, time] = (time(9), time(17))
    """Local hours that are not outside."""
    lunch: tuple[time, time] = (time(12), time(13))
    tentative: float = 10
    """Onto something tentative or unanswered: it may be free, a person should look."""


DEFAULT_COSTS = Costs()

EASY, AWKWARD = 25, 70
"""Points up to which a change is easy, and up to which it is awkward: about one move of a small meeting of
mine, about one that others have to agree to."""

Price = tuple[tuple[str, float], ...]
"""A price term by term: (name, points)."""
FEW = 3
"""Other people who find a new time without further ado."""
MUCH = 0.5
"""Share of an event from which missing it is dearer, and shortening it is none."""


def tell_effort(points: float) -> str:
    """Return what a price means in a word: `easy`, `awkward` or `costly`."""
    return "easy" if points <= EASY else "awkward" if points <= AWKWARD else "costly"


def price_move(
    costs: Costs,
    kind: float,
    *,
    ask: bool,
    people: int = 0,
    near: bool = False,
    hours: float = 0,
    days: int = 0,
    earlier: bool = False,
    outside: bool = False,
    tentative: bool = False,
    close: bool = False,
) -> Price:
    """Return the price of a new time, term by term. `near`: others are involved under 24 hours ahead.

    `people` are the others whose calendars are not known. `hours` and `days` are how far it is shifted,
    without a sign; `days` counts local midnights.
    """
    crowd = min(max(people - FEW, 0) * costs.crowd, costs.crowd_most)
    terms = [("touched", costs.touched), ("kind", kind * (costs.short_notice if near else 1))]
    terms.append(("ask the organiser", costs.ask if ask else 0))
    terms.append(("people to suit", crowd))
    terms.append(("another day", price_days(costs, days)) if days else ("shift", price_shift(costs, hours)))
    terms.append(("earlier", costs.earlier if earlier else 0))
    terms.append(("outside preferred hours or over lunch", costs.outside_hours if outside else 0))
    terms.append(("onto something tentative", costs.tentative if tentative else 0))
    terms.append(("close to another place", costs.close if close else 0))
    return tuple(term for term in terms if term[1])


def price_days(costs: Costs, days: int) -> float:
    """Return the points for a move to another day, `days` away."""
    return costs.another_day + costs.each_further_day * (days - 1)


def price_shift(costs: Costs, hours: float) -> float:
    """Return the points for a shift by so many hours within the day."""
    return next((points for most, points in costs.shifts if hours <= most), costs.shifts[-1][1])


def price_skip(costs: Costs, kind: str) -> Price:
    """Return the price of leaving out one occurrence. A kind of the user's own counts as personal."""
    return _price(costs, ("skip", costs.skips.get(kind, costs.skips["personal"])))


def price_apologies(costs: Costs) -> Price:
    """Return the price of missing a large meeting of others."""
    return _price(costs, ("apologies", costs.apologies))


def price_delegating(costs: Costs) -> Price:
    """Return the price of having somebody else take it over."""
    return _price(costs, ("delegate", costs.delegate))


def price_missing(
    costs: Costs, kind: float, share: float, *, ask: bool, near: bool, leaving: bool = False
) -> Price:
    """Return the price of losing a share of an event (0 to 1); `leaving`: the others go on without me."""
    whole = kind * (costs.short_notice if near else 1) + (costs.ask if ask else 0)
    factor = costs.most_missed if leaving and share >= MUCH else 1
    return _price(costs, ("share missed", max(round(whole * share * factor, 1), costs.least_missed)))


def price_tightness(costs: Costs, minutes: int) -> float:
    """Return the points for so many minutes of room to breathe that an interview does without."""
    return min(-(-minutes // 5) * costs.tight, costs.tightest) if minutes > 0 else 0


def _price(costs: Costs, term: tuple[str, float]) -> Price:
    return tuple(term for term in (("touched", costs.touched), term) if term[1])
