"""What a change asks of a person: who does it, whom to tell, what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.planning.actions import Action
from lastresort.planning.freebusy import MINUTE
from lastresort.planning.subjects import Nature

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from lastresort.planning.alternatives import Treatments
    from lastresort.planning.natures import Classification
    from lastresort.planning.solver import Choice


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
    action = treatments.action(choice)
    if action is Action.SKIP:
        return _skip_task(treatments.kind, treatments.occurrence.event.recurring)
    if action is Action.DELEGATE:
        return "ask somebody to take it over"
    if action is Action.SHORTEN:
        return _shorten_task(treatments, choice)
    if action is Action.STEP_OUT:
        return _step_out_task(treatments, choice)
    return _move_task(treatments, choice)


def _move_task(treatments: Treatments, choice: Choice) -> str:
    kind = treatments.kind
    if kind.nature is Nature.APPOINTMENT:
        return _wish(treatments, choice)
    if kind.ask:
        return f"ask {kind.organiser} (organiser)"
    if kind.nature is Nature.CARE:
        return "agree the new time with those who wait for you"
    if kind.perhaps:
        return "yours to move, as it seems: it may be an interview, so look at it first"
    if kind.people:
        them = "the other person" if kind.people == 1 else f"the {kind.people} others"
        return f"you organise it: move it, and the calendar tells {them}"
    if kind.nature is Nature.SHARED:
        return "nobody is invited through the calendar, so tell those concerned yourself"
    if kind.nature is Nature.UNKNOWN:
        return "yours alone, as it seems: see whether it can move, since nothing tells what it is"
    return "yours alone: the calendar can be changed for you"


def _wish(treatments: Treatments, choice: Choice) -> str:
    """The new time of an appointment is a wish: it is theirs to give."""
    new, zone = treatments.interval(choice), treatments.setting.zone
    if new is None:
        return "call them"
    start = new.start.astimezone(zone)
    day = treatments.occurrence.interval.start.astimezone(zone).date()
    needed = [padded for padded in treatments.paddeds if padded.overlaps(treatments.occurrence.blocked)]
    times = " and ".join(
        f"{padded.start.astimezone(zone):%H:%M}–{padded.end.astimezone(zone):%H:%M}" for padded in needed
    )
    when = f"{start:%H:%M}" if start.date() == day else f"{tell_day(new.start, zone)} at {start:%H:%M}"
    otherwise = f", or any time outside {times} on {tell_day(needed[0].start, zone)}" if needed else ""
    return f"call them and ask for {when}{otherwise}"


def _skip_task(kind: Classification, recurring: bool) -> str:
    if kind.ask and not recurring:
        return f"send {kind.organiser} (organiser) your apologies"
    if kind.ask:
        return f"miss this one, and tell {kind.organiser} (organiser)"
    if kind.people:
        return "you organise it: call this one off, and the calendar tells the others"
    if kind.nature is Nature.SET_TIME:
        return "miss it: it takes place without you"
    return "yours alone: leave this one out" if recurring else "yours alone: leave it out"


def _shorten_task(treatments: Treatments, choice: Choice) -> str:
    late, early = _late_and_early(treatments, choice)
    what = [f"begin {late} later"] * bool(late) + [f"end {early} earlier"] * bool(early)
    return f"{'you organise it' if treatments.kind.people else 'yours alone'}: {' and '.join(what)}"


def _step_out_task(treatments: Treatments, choice: Choice) -> str:
    kind, (late, early) = treatments.kind, _late_and_early(treatments, choice)
    missed = _lasting(treatments.minutes_missed(choice) or 0)
    what = [f"join {late} late"] * bool(late) + [f"leave {early} early"] * bool(early)
    told = f", and tell {kind.organiser} (organiser)" if kind.ask else ""
    return f"{' and '.join(what) or f'step out for {missed}'}{told}"


def _late_and_early(treatments: Treatments, choice: Choice) -> tuple[str, str]:
    """How much is lost at the beginning and at the end, in words; empty for nothing."""
    rest, home = treatments.interval(choice), treatments.occurrence.interval
    if rest is None:
        return "", ""
    late, early = (rest.start - home.start) // MINUTE, (home.end - rest.end) // MINUTE
    return _lasting(late), _lasting(early)


def _lasting(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours < 2 or not minutes:
        return f"{minutes} minutes" if minutes else ""
    return f"{hours} h {rest} min" if rest else f"{hours} h"
