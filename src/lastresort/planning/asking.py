"""What it costs to ask an employer for another time: the price of the last resort."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.advice.next_step import UNDER_WAY
from lastresort.interviews.detection import Mode
from lastresort.interviews.words import prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.advice.next_step import Past
    from lastresort.interviews.detection import Interview
    from lastresort.query import Query

SOON = timedelta(hours=24)
FINAL = (
    "final", "finale", "finals", "finalrunde", "endrunde", "abschlussrunde", "finał", "finałowa", "finałowy",
    "finalna", "eindronde", "slotronde", "slotgesprek", "última", "ultima", "dernier", "dernière",
)  # fmt: skip
"""Words of a title that make a round the last one."""


class Asking(NamedTuple):
    """The price of asking for another time, in points. Interviews with the same `request` are asked about
    together, and the price is paid once; empty for one that is asked about alone."""

    points: float
    request: str = ""


def price_requests(
    interviews: Sequence[Interview], query: Query, pasts: Sequence[Past]
) -> tuple[Asking, ...]:
    """Return what asking costs for each interview; `pasts` tell what was asked before, one for each.

    Rounds of one process on one day of mine make one request, at the price of the dearest. A request that is
    under way stays about the rounds that it asked about.
    """
    days: dict[tuple[str, object], list[int]] = {}
    for place, interview in enumerate(interviews):
        if interview.process:
            day = interview.occurrence.interval.start.astimezone(ZoneInfo(query.zone)).date()
            days.setdefault((interview.process, day), []).append(place)
    together = {place: places for places in days.values() if len(places) > 1 for place in places}
    alone = [
        _price(interview, query, past.requests, several=place in together)
        for place, (interview, past) in enumerate(zip(interviews, pasts, strict=True))
    ]
    found = []
    for place, past in enumerate(pasts):
        rounds = together.get(place, [place])
        request = f"{rounds[0]:06d}" if len(rounds) > 1 else ""
        if past.reply in UNDER_WAY:
            request = past.together
        found.append(Asking(max(alone[each] for each in rounds), request))
    return tuple(found)


def _price(interview: Interview, query: Query, asked_before: int, *, several: bool) -> float:
    costs = query.costs
    points = costs.last_resort * costs.last_resort_again ** min(asked_before, 10)
    if interview.occurrence.interval.start - query.now < SOON:
        points *= costs.last_resort_soon
    if several or interview.interviewer.also or is_final(interview):
        points *= costs.last_resort_several
    if interview.mode is Mode.ONSITE:
        points *= costs.last_resort_on_site
    return round(points, 1)


def is_final(interview: Interview) -> bool:
    """Tell whether the title says that this is the last round."""
    final = {word for text in FINAL for word in prepare(text).words}
    return not final.isdisjoint(prepare(interview.occurrence.event.summary).words)
