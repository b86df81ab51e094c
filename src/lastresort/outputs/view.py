"""What a report shows, made once: terminal and page draw these records, and decide nothing themselves.

All text is ready to be read: one line each, nothing invisible in it, times in the zone that is named. Records
that become a link or a picture carry the values beside the words. Nothing here knows a terminal or HTML.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.effects import StepKind
from lastresort.advice.next_step import NextKind
from lastresort.costs import tell_effort
from lastresort.model import Busy
from lastresort.outputs import phrases, when
from lastresort.outputs.days import Picture, draw_days
from lastresort.outputs.invocation import PLAIN_RUN, Invocation
from lastresort.outputs.reminders import reminder_line
from lastresort.outputs.steps import naming, tell_steps
from lastresort.planning.actions import Action, Who
from lastresort.text import one_line
from lastresort.zones import places
from lastresort.zones.names import city_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from lastresort.messages.compose import Drafts
    from lastresort.model import Agenda, Interval, Problem
    from lastresort.outputs.reminders import Due
    from lastresort.planning.conflicts import Conflict
    from lastresort.planning.rearrange import Move, Plan
    from lastresort.planning.report import InterviewReport, PossibleInterview, Report
    from lastresort.planning.slots import Slot

CHOICES = 4
"""Cities named in the question about a zone."""
UNREAD = ", but not everything could be read"
"""Instead of "nothing to do", which then nobody can promise."""


class Mark(StrEnum):
    """What a step needs besides me."""

    ALONE = "alone"
    """Nobody: it can simply be done."""
    TELL = "tell"
    AGREE = "agree"
    """Those who wait for me have to know and agree before my calendar changes."""
    ASK = "ask"
    CALL = "call"
    WRITE = "write"
    SOMEBODY = "somebody"
    """Somebody has to take it over."""


MARKS = {
    Mark.ALONE: "just do it",
    Mark.TELL: "tell them",
    Mark.AGREE: "agree first",
    Mark.ASK: "ask first",
    Mark.CALL: "call first",
    Mark.WRITE: "write",
    Mark.SOMEBODY: "find somebody",
}
"""What the marks say."""
_CONCERNED = {
    Who.ME: Mark.ALONE,
    Who.TELL: Mark.TELL,
    Who.ASK: Mark.ASK,
    Who.CALL: Mark.CALL,
    Who.SOMEONE: Mark.SOMEBODY,
}
_NOTES = {
    Action.ASK_ORGANISER: "ask-organiser",
    Action.STEP_OUT: "step-out",
    Action.DELEGATE: "delegate",
}
"""The message that goes with an action on somebody else's event."""


class ChangeView(NamedTuple):
    """One change to another event. `new` is empty when it is left out."""

    mark: Mark
    verb: str
    title: str
    old: str
    new: str
    note: str
    """What it asks of me."""
    because: tuple[str, ...]
    """What the event is taken for, and what else is worth knowing."""
    effort: str
    """`easy`, `awkward` or `costly`."""
    points: float
    price: tuple[tuple[str, float], ...]
    """The points, term by term."""
    message: str
    """The kind of message that goes with it (`ask-organiser`); empty when nobody has to be told by one."""
    written: bool
    """`apply` makes it: my own event, and nobody has to agree."""
    by_name: bool
    """`apply` makes it once it is named: my own event, for somebody who waits for me there."""
    move: Move


class PlanView(NamedTuple):
    """Changes that together keep the interview. `number` is the one that `apply --plan` takes."""

    number: int
    changes: tuple[ChangeView, ...]
    effort: str
    points: float
    tight: float
    """Points for the room to breathe that interviews do without."""
    asked: int
    """People who have to agree."""
    best: bool
    """Proved to be the cheapest way; else the best that was found."""


class Todo(NamedTuple):
    """One step, with the command that does it; empty where none does."""

    mark: Mark
    text: str
    command: str = ""
    carries_out: bool = False
    """It makes the changes of the plan, which can also be made one by one."""
    notes_mail: bool = False
    """It notes that a mail went out, which is said as well when the mail is opened."""


class QuestionView(NamedTuple):
    """A guess that needs an answer, and the option that gives it. `choices` are values that are likely."""

    text: str
    option: str
    choices: tuple[str, ...]


class OfferView(NamedTuple):
    """A time to offer, on both clocks; `there` is empty where they are the same."""

    number: int
    here: str
    there: str
    because: tuple[str, ...]
    changes: tuple[ChangeView, ...]
    slot: Slot


class ClashView(NamedTuple):
    """Something in the interview's way. `certain`: it decides the verdict."""

    title: str
    when: str
    doubt: str
    """Why it is not certain; empty when it is."""
    overlap: str
    certain: bool
    conflict: Conflict


class ReasonView(NamedTuple):
    """A sentence of the verdict, with the rule it stands on."""

    rule: str
    text: str
    in_points: bool = False


class ContactView(NamedTuple):
    """Who is on the other side; unknown is empty."""

    name: str
    address: str
    phone: str


class InterviewView(NamedTuple):
    """One interview: its row in the table, then all that is told about it."""

    number: int
    sign: str
    """✓ nothing to do, → other events make room, ✗ it has to be asked about."""
    verdict: str
    """`clear`, `rearrange`, `reschedule` or `withdraw`."""
    says: str
    """The verdict in words."""
    takes: str
    """What it takes, in a few words."""
    needs_me: bool
    name: str
    role: str
    company: str
    when: str
    distance: str
    there: str
    """The time on their clock, the place and how it is known; empty where it is mine."""
    mode: str
    location: str
    booking: str
    contact: ContactView
    because: tuple[str, ...]
    """Why it is taken for an interview."""
    clashes: tuple[ClashView, ...]
    clashes_left_out: int
    """Events at that time that are not among the clashes."""
    plan: PlanView | None
    further: tuple[PlanView, ...]
    todos: tuple[Todo, ...]
    questions: tuple[QuestionView, ...]
    offers: tuple[OfferView, ...]
    their_city: str
    picture: Picture | None
    why: tuple[ReasonView, ...]
    remarks: tuple[str, ...]
    rules: tuple[str, ...]
    draft: Drafts | None
    run: Invocation
    """Makes the commands about this interview."""
    entry: InterviewReport


class PossibleView(NamedTuple):
    """What may be an interview, and what clashes with it."""

    title: str
    when: str
    because: str
    others: tuple[str, ...]
    run: Invocation


class ReportView(NamedTuple):
    """The whole answer."""

    title: str
    """How many interviews, until when, and how many of them need me."""
    events: int
    city: str
    zone: str
    now: str
    since: str
    until: str
    me: str
    """Whom the calendar was taken to belong to, and why; empty when it was said."""
    interviews: tuple[InterviewView, ...]
    possible: tuple[PossibleView, ...]
    problems: tuple[Problem, ...]
    reminders: tuple[ReasonView, ...]
    """What is due after requests whose interview is not in the report."""
    run: Invocation


def view_report(
    report: Report,
    drafts: Mapping[int, Drafts],
    reminders: Iterable[Due] = (),
    run: Invocation = PLAIN_RUN,
) -> ReportView:
    """Return what there is to show. `drafts` are keyed by the interview's place; commands repeat `run`."""
    agenda, now = report.agenda, report.query.now
    zone = agenda.zone
    interviews = tuple(
        view_interview(report, entry, run.first + place, drafts.get(place), run)
        for place, entry in enumerate(report.interviews)
    )
    until = when.day(report.window.end, zone, now)
    needing = sum(one.needs_me for one in interviews)
    state = UNREAD if agenda.is_incomplete and not needing else phrases.needing(needing, len(interviews))
    return ReportView(
        title=f"{phrases.found(len(interviews))} until {until}{state}",
        events=sum(source.events for source in agenda.sources),
        city=city_of(zone),
        zone=zone,
        now=when.moment(now, zone, now),
        since=when.day(report.window.start, zone, now),
        until=until,
        me=f"{', '.join(sorted(agenda.me))}: {agenda.me_guessed}" if agenda.me_guessed else "",
        interviews=interviews,
        possible=tuple(_possible(one, report, run) for one in report.possible),
        problems=agenda.problems,
        reminders=tuple(ReasonView(due.step.rule, reminder_line(due, zone, now)) for due in reminders),
        run=run,
    )


def view_interview(
    report: Report, entry: InterviewReport, number: int, draft: Drafts | None, run: Invocation
) -> InterviewView:
    """Return what there is to show of one interview of the report."""
    zone, now = report.agenda.zone, report.query.now
    interview, event = entry.interview, entry.interview.occurrence.event
    who, interval = interview.interviewer, interview.occurrence.interval
    own = naming(run, report, entry, number)
    plans = (*([entry.plan] if entry.plan else ()), *entry.other_plans)
    shown = tuple(_plan(plan, place, report.agenda, now) for place, plan in enumerate(plans, 1))
    todos = _todos(entry, zone, now, own)
    verdict = "withdraw" if entry.advice.decision == "withdraw" else entry.verdict
    sign, says = phrases.verdict_of(entry)
    said = {reason.text for reason in entry.because}
    return InterviewView(
        number=number,
        sign=sign,
        verdict=verdict,
        says=says,
        takes=tell_what_it_takes(entry),
        needs_me=bool(todos) or verdict != "clear",
        name=phrases.name_of(entry),
        role=one_line(interview.role),
        company=one_line(interview.company),
        when=when.span(interval, zone, now, all_day=interview.occurrence.all_day),
        distance=when.distance(interval.start, now, zone),
        there=""
        if who.zone == zone
        else f"{_span_beside(interval, who.zone, zone, now)} in {city_of(who.zone)} ({who.zone_source})",
        mode=phrases.MODES.get(interview.mode.value, ""),
        location=one_line(event.location),
        booking=one_line(interview.booking.url, 2000) if interview.booking else "",
        contact=ContactView(one_line(who.name), one_line(who.address), one_line(who.phone)),
        because=tuple(one_line(text, 400) for text in interview.because),
        clashes=tuple(_clash(conflict, zone, now) for conflict in entry.conflicts),
        clashes_left_out=entry.clashes_left_out,
        plan=shown[0] if shown else None,
        further=shown[1:],
        todos=todos,
        questions=_questions(entry, zone),
        offers=_offers(entry, report.agenda, now),
        their_city=city_of(who.zone),
        picture=draw_days(entry, report) if entry.conflicts or entry.slots else None,
        why=tuple(ReasonView(one.rule, one_line(one.text, 600), one.in_points) for one in entry.because),
        remarks=tuple(remark for remark in entry.advice.remarks if remark not in said),
        rules=entry.advice.rules,
        draft=draft,
        run=own,
        entry=entry,
    )


def _span_beside(interval: Interval, zone: str, mine: str, now: datetime) -> str:
    """Return the time in a zone, without the day where that is the same in mine."""
    there = when.span(interval, zone, now)
    day = f"{when.day(interval.start, mine, now)}, "
    return there.removeprefix(day) if when.day(interval.end, zone, now) in day else there


# -- the verdict in a few words -----------------------------------------------------------------------------

_AFTER_A_REQUEST = {
    NextKind.WAIT: "asked; wait for their answer",
    NextKind.NUDGE: "no answer yet: send one nudge",
    NextKind.CALL: "no answer yet: call them",
    NextKind.ATTEND: "the old time stands: be there",
    NextKind.MOVE: "they agreed: move it and confirm",
    NextKind.CONFIRM: "moved: confirm it in writing",
    NextKind.THANK: "settled: send a note of thanks",
    NextKind.KEEP: "nothing is in its way any more: tell them it can stay",
    NextKind.DONE: "you withdrew",
}


def tell_what_it_takes(entry: InterviewReport) -> str:
    """Return in a few words what it takes to keep an interview, or where its request stands."""
    _, says = phrases.verdict_of(entry)
    if entry.advice.next is not None:
        clear = f"{says}; " if entry.verdict == "clear" else ""
        return clear + _AFTER_A_REQUEST[entry.advice.next.kind]
    if entry.advice.decision == "withdraw":
        return says
    if entry.verdict == "rearrange" and entry.plan:
        asked = phrases.count(entry.plan.people_asked, "person", "people")
        return f"keep it: {phrases.count(len(entry.plan.moves), 'change')}" + (
            f", {asked} to ask" if entry.plan.people_asked else ""
        )
    if entry.verdict == "reschedule":
        if entry.request:
            return "ask to move it, with the round before"
        return f"ask to move it: {'call now' if entry.advice.channel == 'phone' else 'the e-mail is ready'}"
    doubts = [conflict for conflict in entry.conflicts if conflict.busy is Busy.CHECK]
    return f"{says}; {phrases.count(len(doubts), 'thing')} to look at" if doubts else says


# -- what to do ---------------------------------------------------------------------------------------------


def _todos(entry: InterviewReport, zone: str, now: datetime, run: Invocation) -> tuple[Todo, ...]:
    return tuple(
        Todo(
            mark=_NEEDED.get(step.kind, Mark.ALONE),
            text=one_line(step.text, 400),
            command=run.command(f"{step.words} --open") if step.kind is StepKind.MAIL else step.command,
            carries_out=step.kind is StepKind.CHANGES,
            notes_mail=step.kind is StepKind.NOTE,
        )
        for step in tell_steps(entry, zone, now, run)
    )


_NEEDED = {StepKind.MAIL: Mark.WRITE, StepKind.CALL: Mark.CALL}
"""What a step needs that is no change of an event."""


def view_change(move: Move, agenda: Agenda, now: datetime) -> ChangeView:
    """Return one change to an event, in words of my zone."""
    occurrence, zone = move.occurrence, agenda.zone
    note, *because = (one_line(text, 400) for text in move.because)
    kind = _NOTES.get(move.action, "")
    if move.who is Who.CALL:
        kind = "call"
    elif move.who is Who.ASK:
        kind = "decline-once" if move.action is Action.SKIP else "ask-organiser"
    elif move.action is Action.SKIP and not occurrence.event.is_mine(agenda.me):
        kind = "decline-once"
    return ChangeView(
        mark=Mark.AGREE if move.is_agreed_first else _CONCERNED[move.who],
        verb=phrases.ACTIONS[move.action].rstrip(":"),
        title=phrases.title_of(occurrence),
        old=when.span(occurrence.interval, zone, now, all_day=occurrence.all_day),
        new=phrases.new_time(move, zone, now),
        note=note,
        because=tuple(because),
        effort=tell_effort(move.cost),
        points=move.cost,
        price=move.price,
        message=kind,
        written=move.is_writable(agenda.me) and not move.is_agreed_first,
        by_name=move.is_writable(agenda.me) and move.is_agreed_first,
        move=move,
    )


def _plan(plan: Plan, number: int, agenda: Agenda, now: datetime) -> PlanView:
    return PlanView(
        number=number,
        changes=tuple(view_change(move, agenda, now) for move in plan.moves),
        effort=tell_effort(plan.cost + plan.soft_points),
        points=plan.cost,
        tight=plan.soft_points,
        asked=plan.people_asked,
        best=plan.optimal,
    )


def _offers(entry: InterviewReport, agenda: Agenda, now: datetime) -> tuple[OfferView, ...]:
    if "R20" not in entry.advice.rules:  # they have been asked already
        return ()
    return tuple(
        OfferView(
            number=number,
            here=when.span(slot.interval, slot.my_zone, now),
            there="" if slot.zone == slot.my_zone else when.span(slot.interval, slot.zone, now),
            because=slot.because,
            changes=tuple(view_change(move, agenda, now) for move in slot.needs),
            slot=slot,
        )
        for number, slot in enumerate(entry.slots, 1)
    )


def _questions(entry: InterviewReport, zone: str) -> tuple[QuestionView, ...]:
    """Return the question about their zone, where it is a guess that matters."""
    doubt = phrases.zone_doubt(entry.interview, asking=bool(entry.slots))
    if not doubt:
        return ()
    who = entry.interview.interviewer
    country = who.country or (places.phone_country(who.phone) if who.phone else None)
    zones = places.country_zones(country) if country else []
    cities = tuple(dict.fromkeys(city_of(one) for one in zones if one != zone))
    return (QuestionView(doubt, "--interviewer-tz", cities[:CHOICES]),)


# -- what is in the way, and why ----------------------------------------------------------------------------


def _clash(conflict: Conflict, zone: str, now: datetime) -> ClashView:
    occurrence = conflict.occurrence
    return ClashView(
        title=phrases.title_of(occurrence),
        when=when.span(occurrence.interval, zone, now, all_day=occurrence.all_day),
        doubt="" if conflict.hard else phrases.reason_of(conflict.reason),
        overlap=f"{when.lasting(conflict.overlap_minutes)}{phrases.TOUCHED[conflict.kind.value]}",
        certain=conflict.hard,
        conflict=conflict,
    )


def _possible(one: PossibleInterview, report: Report, run: Invocation) -> PossibleView:
    occurrence = one.interview.occurrence
    return PossibleView(
        title=phrases.title_of(occurrence),
        when=when.span(occurrence.interval, report.agenda.zone, report.query.now, all_day=occurrence.all_day),
        because=one_line(next(iter(one.interview.because), "")),
        others=tuple(phrases.title_of(conflict.occurrence) for conflict in one.conflicts),
        run=run._replace(interview=occurrence.event.uid or ""),
    )
