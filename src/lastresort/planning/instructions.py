"""What a change asks of a person: who does it, whom to tell, what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.planning.natures import Kind, Nature

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from lastresort.planning.alternatives import Treatments
    from lastresort.planning.natures import Classification
    from lastresort.planning.solver import Choice

WITH_OTHERS = frozenset({Kind.ONE_TO_ONE, Kind.STAND_UP, Kind.TEAM, Kind.EXTERNAL})


def tell(treatments: Treatments, choice: Choice) -> tuple[str, ...]:
    """Return what to do about the event, then what the event is, then what else is worth knowing."""
    texts = [_task(treatments, choice), *treatments.kind.because]
    event = treatments.occurrence.event
    if event.recurring and choice.span:
        texts.append("only this one of the series")
    if not treatments.in_the_way:
        texts.append("makes room for another event of this plan")
    terms = dict(treatments.price(choice))
    if "onto something tentative" in terms:
        texts.append("lands on something tentative: look at that first")
    if treatments.is_soon(choice):
        texts.append("less than 24 hours ahead: tell them at once")
    return tuple(texts)


def tell_day(when: datetime, zone: ZoneInfo) -> str:
    """Return the local day as `Fri 15 May`."""
    local = when.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}"


def _task(treatments: Treatments, choice: Choice) -> str:
    kind = treatments.kind
    action = treatments.action(choice)
    if action == "skip":
        return _skip_task(kind, treatments.occurrence.event.recurring)
    if action == "shorten":
        return _shorten_task(treatments, choice)
    if kind.ask:
        return f"ask {kind.organiser} (organiser)"
    if kind.people:
        them = "the other person" if kind.people == 1 else f"the {kind.people} others"
        return f"you organise it: move it, and the calendar tells {them}"
    return f"yours alone: {_own_task(kind)}"


def _own_task(kind: Classification) -> str:
    if kind.nature is Nature.APPOINTMENT:
        return "call them and ask for the new time"
    if kind.kind in WITH_OTHERS:
        return "nobody is invited through the calendar, so tell those concerned"
    return "the calendar can be changed for you"


def _skip_task(kind: Classification, recurring: bool) -> str:
    if kind.ask:
        return f"miss this one, and tell {kind.organiser} (organiser)"
    if kind.people:
        return "you organise it: call this one off, and the calendar tells the others"
    if kind.nature is Nature.APPOINTMENT:
        return "yours alone: call them and cancel it"
    return "yours alone: leave this one out" if recurring else "yours alone: leave it out"


def _shorten_task(treatments: Treatments, choice: Choice) -> str:
    rest, home, kind = treatments.interval(choice), treatments.occurrence.interval, treatments.kind
    assert rest is not None
    late, early = (rest.start - home.start).seconds // 60, (home.end - rest.end).seconds // 60
    if kind.ask:
        what = [f"join {late} minutes late"] * bool(late) + [f"leave {early} minutes early"] * bool(early)
        return f"{' and '.join(what)}, and tell {kind.organiser} (organiser)"
    what = [f"begin {late} minutes later"] * bool(late) + [f"end {early} minutes earlier"] * bool(early)
    return f"{'you organise it' if kind.people else 'yours alone'}: {' and '.join(what)}"
