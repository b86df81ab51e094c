"""Double bookings for people: those that are certain, then those to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.model import Busy, Interval
from lastresort.outputs import phrases, when
from lastresort.zones.names import city_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lastresort.model import Agenda, Occurrence
    from lastresort.outputs.terminal import Screen
    from lastresort.planning.double_bookings import DoubleBooking, FoundPairs


def print_conflicts(screen: Screen, found: FoundPairs, agenda: Agenda, now: datetime) -> None:
    """Print the pairs by time; those of which one may take no time stand below."""
    certain = [pair for pair in found.pairs if pair.busy is Busy.CLASH]
    doubtful = [pair for pair in found.pairs if pair.busy is not Busy.CLASH]
    until = when.day(agenda.window.end, agenda.zone, now)
    events = phrases.count(sum(source.events for source in agenda.sources), "event")
    number = phrases.count(len(certain), "double booking") if certain else "No double booking"
    screen.line(f"{number} until {until} · {events} read · times in {city_of(agenda.zone)}")
    _print_pairs(screen, certain, agenda, now)
    if doubtful:
        screen.blank()
        screen.line("To look at: one of the two may take no time")
        _print_pairs(screen, doubtful, agenda, now)
    if found.not_listed:
        screen.blank()
        screen.line(f"{phrases.count(found.not_listed, 'more pair')} not listed")


def _print_pairs(screen: Screen, pairs: Sequence[DoubleBooking], agenda: Agenda, now: datetime) -> None:
    for pair in pairs:
        screen.blank()
        shared = Interval(pair.second.blocked.start, min(pair.first.blocked.end, pair.second.blocked.end))
        screen.line(f"{when.span(shared, agenda.zone, now)} · {when.lasting(pair.overlap_minutes)}")
        screen.rows([_row(one, agenda.zone, now) for one in (pair.first, pair.second)], indent=2)


def _row(occurrence: Occurrence, zone: str, now: datetime) -> tuple[str, str]:
    doubt = "" if occurrence.busy is Busy.CLASH else f" ({phrases.reason_of(occurrence.reason)})"
    return (
        when.span(occurrence.interval, zone, now, all_day=occurrence.all_day),
        f"{phrases.title_of(occurrence)}{doubt}",
    )
