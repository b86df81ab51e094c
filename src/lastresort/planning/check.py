"""The whole story: an agenda and a query in, a report out."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.advice.advise import Advice, advise
from lastresort.advice.next_step import UNANSWERED, UNDER_WAY, Past, Reply
from lastresort.advice.reasons import REASONS, Weight
from lastresort.advice.situation import Decision, situate
from lastresort.interviews.detection import Candidates, Interview, Places, find_interviews, guard
from lastresort.model import Agenda, Busy, Interval, Occurrence
from lastresort.planning.conflicts import Conflict, ConflictKind, find_conflicts
from lastresort.planning.holds import guard_holds, soften, without
from lastresort.planning.timetable import Timetable
from lastresort.query import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from lastresort.model import EventKey
    from lastresort.planning.rearrange import Move, Plan, Rearrangement
    from lastresort.planning.slots import Slot
    from lastresort.query import Query

Verdict = Literal["clear", "rearrange", "reschedule"]
Because = tuple[str, str]
"""A rule of the advice (`R1`) and what it says here."""


A_DOZEN = 12

NO_ADVICE = Advice(channel="email", rules=(), steps=())


def never_asked(interview: Interview) -> Past:  # noqa: ARG001 (the same for all)
    """Return the past of an interview that nobody was asked to move."""
    return Past()


def never_held(interview: Interview) -> tuple[Occurrence, ...]:  # noqa: ARG001 (the same for all)
    """Return the holds of an interview for which no time is held."""
    return ()


class Background(NamedTuple):
    """What is known besides the calendars."""

    recall: Callable[[Interview], Past] = never_asked
    signed: bool = True
    """A name and a telephone number for the signature are known (R24)."""
    holds: tuple[Occurrence, ...] = ()
    """All events that hold a time for some interview's answer."""
    holds_for: Callable[[Interview], tuple[Occurrence, ...]] = never_held
    """Those for one interview, in the order in which they are offered."""


NO_BACKGROUND = Background()


class InterviewReport(NamedTuple):
    """The answer for one interview. `plan` is its share of the one plan made for all interviews."""

    interview: Interview
    verdict: Verdict
    notice_minutes: int
    advice: Advice
    conflicts: tuple[Conflict, ...] = ()
    because: tuple[Because, ...] = ()
    plan: Plan | None = None
    other_plans: tuple[Plan, ...] = ()
    slots: tuple[Slot, ...] = ()
    rearrangement: Rearrangement | None = None
    """What the search saw, for `--explain`; `None` when nothing had to be searched."""
    reason: Reason = Reason()
    """Why it may have to move."""
    wanted: bool = False
    """The user cannot come, clash or not."""


class PossibleInterview(NamedTuple):
    """What may be an interview, and what clashes with it: nothing is planned for its sake."""

    interview: Interview
    conflicts: tuple[Conflict, ...] = ()


class Report(NamedTuple):
    """The answer of one run. `window` is where interviews were looked for."""

    query: Query
    agenda: Agenda
    window: Interval
    interviews: tuple[InterviewReport, ...]
    possible: tuple[PossibleInterview, ...] = ()
    beside: tuple[InterviewReport, ...] = ()
    """Interviews that were not asked about, and are protected all the same."""


class _Decision(NamedTuple):
    """Who leaves and why (by place), and the plan that keeps all the others."""

    leaving: Mapping[int, tuple[Because, ...]]
    kept: Rearrangement | None
    alone: Mapping[int, Rearrangement]


def check(
    agenda: Agenda,
    query: Query,
    places: Places,
    invited: Sequence[Occurrence] = (),
    interviewer_busy: Sequence[Interval] = (),
    background: Background = NO_BACKGROUND,
) -> Report:
    """Return what clashes with each interview, the cheapest way to keep it, slots where there is none (R1).

    `invited` are interviews that stand in no calendar yet; `interviewer_busy` is their free/busy, when they
    gave it. All interviews are planned together, so that two plans never need the same hour. `background`
    tells of earlier requests (R5), and which times are held: those are offered on, and nothing lands there.
    """
    found, named = _find(agenda, query, places, invited)
    withdrawn = [one for one in found.interviews if background.recall(one).reply is Reply.WITHDRAWN]
    agenda = without_interviews(agenda, withdrawn)
    interviews = tuple(one for one in found.interviews if one not in withdrawn)
    eased = soften(agenda, background.holds)
    classify = Timetable(eased, query).kind
    conflicts = tuple(
        ()
        if one.occurrence.interval.end <= query.now  # missed or held: nothing can be moved for it any more
        else find_conflicts(one, without(eased, background.holds_for(one)), interviews, classify)
        for one in interviews
    )
    if any(conflict.hard for clashes in conflicts for conflict in clashes):
        query = guard(query, agenda, interviews)
    query = guard_holds(query, background.holds)
    timetable = Timetable(eased, query)
    decision = _decide(interviews, conflicts, timetable, background)
    reports = [
        _report(place, interviews, conflicts[place], decision, query) for place in range(len(interviews))
    ]
    cannot_come = query.cannot_come or query.reason != Reason()
    if cannot_come or (query.last_resort and not decision.leaving):
        target = _find_target(reports, named, query.now)
        reports = [_given_up(entry, query.reason) if entry is target else entry for entry in reports]
    moves = {m.occurrence.key: m for entry in reports if entry.plan for m in entry.plan.moves}
    answered = _with_slots(reports, moves.values(), timetable, interviewer_busy, background)
    answered += tuple(_report_withdrawn(one, query.now) for one in withdrawn)
    window = Interval(query.now, query.now + timedelta(days=query.days))
    told = tuple(_advised(entry, query, background) for entry in answered)
    asked_about = tuple(e for e in told if named is None or e.interview.occurrence.key == named)
    return Report(
        query,
        agenda,
        window,
        asked_about,
        tuple(
            PossibleInterview(one, find_conflicts(one, eased, interviews, classify)) for one in found.possible
        ),
        tuple(entry for entry in told if entry not in asked_about),
    )


def _find_target(
    reports: Sequence[InterviewReport], named: EventKey | None, now: datetime
) -> InterviewReport | None:
    """The interview that the user cannot come to: the one named, the one that has begun or was missed today,
    the next one, in this order.
    """
    if named is not None:
        return next((entry for entry in reports if entry.interview.occurrence.key == named), None)
    begun = [entry for entry in reports if entry.interview.occurrence.interval.start <= now]
    ahead = [entry for entry in reports if entry not in begun]
    return begun[-1] if begun else ahead[0] if ahead else None


def _given_up(entry: InterviewReport, reason: Reason) -> InterviewReport:
    """The entry of an interview that the user cannot come to, whatever the calendar says."""
    because = entry.because if entry.verdict == "reschedule" else (("R1", "you say that you cannot come"),)
    return entry._replace(
        verdict="reschedule", because=because, plan=None, other_plans=(), reason=reason, wanted=True
    )


def _report_withdrawn(interview: Interview, now: datetime) -> InterviewReport:
    notice = int((interview.occurrence.interval.start - now) // timedelta(minutes=1))
    because = (("R39", "you have withdrawn the application"),)
    return InterviewReport(interview, "clear", notice, NO_ADVICE, because=because)


def without_interviews(agenda: Agenda, interviews: Sequence[Interview]) -> Agenda:
    """Return the agenda without the events of the interviews: they take no time any more."""
    gone = {copy.key for one in interviews for copy in (one.occurrence, *one.copies)}
    if not gone:
        return agenda
    return agenda._replace(occurrences=tuple(o for o in agenda.occurrences if o.key not in gone))


def _find(
    agenda: Agenda, query: Query, places: Places, invited: Sequence[Occurrence]
) -> tuple[Candidates, EventKey | None]:
    """All interviews, and the one that `--interview` asks about: the others are protected beside it."""
    found = find_interviews(agenda, query, invited, places)
    if query.interview is None:
        return found, None
    (chosen,) = found.interviews
    everybody = find_interviews(agenda, query._replace(interview=None), invited, places)
    own = {occurrence.key for occurrence in (chosen.occurrence, *chosen.copies)}
    others = [one for one in everybody.interviews if one.occurrence.key not in own]
    together = sorted((chosen, *others), key=lambda one: one.occurrence.interval)
    return Candidates(tuple(together), ()), chosen.occurrence.key


def _advised(entry: InterviewReport, query: Query, background: Background) -> InterviewReport:
    past = background.recall(entry.interview)
    if past.reply not in UNDER_WAY | {Reply.DECLINED} and entry.verdict == "reschedule":
        past = past._replace(reply=Reply.NONE)  # whatever was asked before is closed: this is a new request
    held = {hold.interval for hold in background.holds_for(entry.interview)}
    reason = Reason(past.reason) if past.reply is not Reply.NONE and past.reason else entry.reason
    situation = situate(
        entry.interview,
        entry.verdict,
        query._replace(reason=reason),
        past=past,
        slots=len(entry.slots),
        asks=entry.plan.people_asked if entry.plan else 0,
        delegates=entry.plan is not None and entry.plan.delegates,
        clashes=entry.wanted or any(conflict.hard for conflict in entry.conflicts),
        rivals=any(conflict.kind is ConflictKind.INTERVIEW for conflict in entry.conflicts),
        wanted=entry.wanted,
        signed=background.signed,
        held=all(slot.interval in held for slot in entry.slots),
    )
    harmful = situation.ground.weight is Weight.HARMFUL and situation.decision is Decision.RESCHEDULE
    argument = (("R2", situation.ground.argument),) if harmful else ()
    asked = _asked_before(past) if situation.decision is Decision.RESCHEDULE else ()
    return entry._replace(advice=advise(situation), because=(*entry.because, *asked, *argument))


def _asked_before(past: Past) -> tuple[Because, ...]:
    """What an earlier request means for this one (R5)."""
    if past.reply is Reply.AGREED:
        return (("R26", "they agreed to another time: move it in your calendar, and confirm it"),)
    if past.reply in UNDER_WAY:
        return (("R5", "you have asked to move it already and wait for their answer: do not ask anew"),)
    if not past.requests:
        return ()
    times = "once" if past.requests == 1 else f"{past.requests} times"
    return (("R5", f"you have asked to move it {times} already; another request costs far more"),)


def deadline(interview: Interview, query: Query) -> datetime:
    """Return the instant before which moved events and slots must end (`--within`)."""
    from lastresort.planning.workdays import find_horizon

    day = interview.occurrence.interval.start.astimezone(ZoneInfo(query.zone)).date()
    return find_horizon(query, day, interview.interviewer.country)


def reconsider(
    report: Report,
    entry: InterviewReport,
    interviewer_busy: Sequence[Interval] = (),
    background: Background = NO_BACKGROUND,
) -> InterviewReport:
    """Return the entry as if the interview had to move, whatever clashes, with slots and advice."""
    if entry.verdict == "reschedule":
        return entry
    asked = _given_up(entry, report.query.reason)._replace(because=(("R1", "you ask for another time"),))
    everybody = (*report.interviews, *report.beside)
    staying = [one for one in everybody if one is not entry and one.verdict != "reschedule"]
    query = guard(report.query, report.agenda, [one.interview for one in everybody])
    eased = soften(report.agenda, background.holds)
    timetable = Timetable(eased, guard_holds(query, background.holds))
    moves = {m.occurrence.key: m for one in staying if one.plan for m in one.plan.moves}
    moved, *_ = _with_slots([asked, *staying], moves.values(), timetable, interviewer_busy, background)
    return _advised(moved, report.query, background)


# -- who keeps the time, who asks ---------------------------------------------------------------------------


def _decide(
    interviews: Sequence[Interview],
    conflicts: Sequence[Sequence[Conflict]],
    timetable: Timetable,
    background: Background,
) -> _Decision:
    query = timetable.query
    pairs = _rivals(interviews, conflicts)
    troubled = [place for place in range(len(interviews)) if _events(conflicts[place])]
    leaving: dict[int, tuple[Because, ...]] = {}
    alone: dict[int, Rearrangement] = {}
    if query.last_resort:
        text = "you said that nothing else can be moved (--last-resort)"
        leaving.update(dict.fromkeys(troubled, (("R1", text),)))
    else:
        asked = {place for place, one in enumerate(interviews) if background.recall(one).reply in UNDER_WAY}
        contested = {place for pair in pairs if not asked & set(pair) for place in pair} & set(troubled)
        leaving |= _hopeless(sorted(contested), interviews, conflicts, alone, timetable)
    leaving |= _yielding(interviews, pairs, leaving, query, background)
    kept: Rearrangement | None = None
    while any(place not in leaving for place in troubled):
        kept = _plan(interviews, set(range(len(interviews))) - set(leaving), timetable)
        if kept.plans:
            break
        leaving |= _impossible(interviews, conflicts, leaving, kept, alone, timetable)
        kept = None
    return _Decision(leaving, kept, alone)


def _events(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """The hard clashes that are not other interviews: what a plan can do something about."""
    return [c for c in conflicts if c.hard and c.kind is not ConflictKind.INTERVIEW]


def _plan(interviews: Sequence[Interview], places: Collection[int], timetable: Timetable) -> Rearrangement:
    """Plan for the interviews at `places`; nothing lands on the others."""
    from lastresort.planning.obstacles import Task
    from lastresort.planning.rearrange import rearrange

    kept = [interview for place, interview in enumerate(interviews) if place in places]
    others = [interview for place, interview in enumerate(interviews) if place not in places]
    untils = [deadline(interview, timetable.query) for interview in kept]
    return rearrange(Task(kept, max(untils), others=others, ends=untils), timetable)


def _rivals(
    interviews: Sequence[Interview], conflicts: Sequence[Sequence[Conflict]]
) -> list[tuple[int, int]]:
    """The places of each two interviews that clash."""
    return [
        (first, second)
        for first, second in combinations(range(len(interviews)), 2)
        if _clash_with(conflicts[first], interviews[second])
        or _clash_with(conflicts[second], interviews[first])
    ]


def _yielding(
    interviews: Sequence[Interview],
    pairs: Iterable[tuple[int, int]],
    gone: Collection[int],
    query: Query,
    background: Background,
) -> dict[int, tuple[Because, ...]]:
    """Of each two interviews that clash one asks to move, and altogether as few as possible (R30).

    One that cannot stay in any case is `gone`: none of its rivals has to ask for its sake.
    """
    easier = {
        pair: _choose(interviews, *pair, query, background) for pair in pairs if not set(pair) & set(gone)
    }
    leaving: dict[int, tuple[Because, ...]] = {}
    for place in _fewest({pair: place for pair, (place, _) in easier.items()}):
        told = [text for chosen, because in easier.values() if chosen == place for text in because]
        texts = dict.fromkeys(told or ["if this one moves, no other has to"])
        leaving[place] = tuple(("R30", text) for text in texts)
    return leaving


def _fewest(easier: Mapping[tuple[int, int], int]) -> list[int]:
    """Return the smallest set with one of each pair; of equal ones that with most of the easier ones.

    Beyond a dozen places the easier one of each pair is taken, in order.
    """
    places = sorted({place for pair in easier for place in pair})
    if len(places) > A_DOZEN:
        found: list[int] = []
        for pair, place in easier.items():
            if not set(pair) & set(found):
                found.append(place)
        return found
    for size in range(len(places) + 1):
        sets = [one for one in combinations(places, size) if all(set(pair) & set(one) for pair in easier)]
        if sets:
            return list(max(sets, key=lambda one: sum(place in one for place in easier.values())))
    return places


def _clash_with(conflicts: Iterable[Conflict], other: Interview) -> bool:
    return any(
        c.kind is ConflictKind.INTERVIEW and c.occurrence.key == other.occurrence.key for c in conflicts
    )


def _choose(
    interviews: Sequence[Interview],
    first: int,
    second: int,
    query: Query,
    background: Background,
) -> tuple[int, tuple[str, ...]]:
    """The one that is being asked about already, else the one that is easier to ask about."""
    from lastresort.planning.rivals import choose_yielding

    pasts = {place: background.recall(interviews[place]) for place in (first, second)}
    under_way = [place for place, past in pasts.items() if past.reply in UNDER_WAY]
    if len(under_way) == 1:
        return under_way[0], ("you have asked to move this one already",)
    moved = {interviews[place].occurrence.event.uid or "" for place, past in pasts.items() if past.requests}
    chosen = choose_yielding(interviews[first], interviews[second], query, moved - {""})
    return (first if chosen.interview is interviews[first] else second), chosen.because


def _impossible(
    interviews: Sequence[Interview],
    conflicts: Sequence[Sequence[Conflict]],
    leaving: Mapping[int, tuple[Because, ...]],
    together: Rearrangement,
    alone: dict[int, Rearrangement],
    timetable: Timetable,
) -> dict[int, tuple[Because, ...]]:
    """Those that cannot be kept even alone; when each could, the one with the most notice makes room."""
    staying = [
        place for place in range(len(interviews)) if place not in leaving and _events(conflicts[place])
    ]
    if len(interviews) - len(leaving) == 1:
        alone.update(dict.fromkeys(staying, together))  # the only one kept was planned alone already
    if hopeless := _hopeless(staying, interviews, conflicts, alone, timetable):
        return hopeless
    latest = max(staying, key=lambda place: (interviews[place].occurrence.interval.start, place))
    whole = ("R30", "all of your interviews cannot be kept at once; this one leaves the most notice")
    return {latest: (whole, *(("R1", text) for text in _refusals(together, conflicts[latest])))}


def _hopeless(
    places: Iterable[int],
    interviews: Sequence[Interview],
    conflicts: Sequence[Sequence[Conflict]],
    alone: dict[int, Rearrangement],
    timetable: Timetable,
) -> dict[int, tuple[Because, ...]]:
    """Those that cannot be kept even if all the others were to move, and why."""
    found: dict[int, tuple[Because, ...]] = {}
    for place in places:
        if place not in alone:
            alone[place] = _plan(interviews, {place}, timetable)
        if not alone[place].plans:
            found[place] = tuple(("R1", text) for text in _refusals(alone[place], conflicts[place]))
    return found


def _refusals(rearrangement: Rearrangement, conflicts: Iterable[Conflict]) -> list[str]:
    """Per clashing event, why nothing works, in words a person believes."""
    told = (
        text
        for conflict in _events(conflicts)
        for text in rearrangement.refusals.get(conflict.occurrence.key, ())
    )
    return list(dict.fromkeys(told)) or ["no rearrangement of your other events keeps this time free"]


# -- one interview's share ----------------------------------------------------------------------------------


def _report(
    place: int,
    interviews: Sequence[Interview],
    conflicts: tuple[Conflict, ...],
    decision: _Decision,
    query: Query,
) -> InterviewReport:
    interview = interviews[place]
    notice = int((interview.occurrence.interval.start - query.now) // timedelta(minutes=1))
    entry = InterviewReport(interview, "clear", notice, NO_ADVICE, conflicts)
    if place in decision.leaving:
        searched = decision.alone.get(place)
        return entry._replace(verdict="reschedule", because=decision.leaving[place], rearrangement=searched)
    if not any(c.hard for c in conflicts):
        return entry._replace(because=(("R1", "nothing that is certain to take time clashes: keep it"),))
    others = [i for p, i in enumerate(interviews) if p not in decision.leaving]
    plans = [_share(plan, interview, others) for plan in decision.kept.plans] if decision.kept else []
    if not plans or not plans[0].moves:
        return entry._replace(because=(("R30", "the other interview is asked to move; this one stays"),))
    return entry._replace(
        verdict="rearrange",
        because=(("R1", _kept(plans[0])),),
        plan=plans[0],
        other_plans=tuple(
            plan for number, plan in enumerate(plans) if plan.moves and plan not in plans[:number]
        )[1:],
        rearrangement=decision.kept,
    )


def _kept(plan: Plan) -> str:
    one = len(plan.moves) == 1
    changes = "one change to other events keeps" if one else f"{len(plan.moves)} changes to other events keep"
    return f"{changes} it, for {plan.cost:g} points: no reason to ask the employer"


def _share(plan: Plan, interview: Interview, others: Sequence[Interview]) -> Plan:
    """The part of the joint plan that this interview needs: its clashes, and the chains they set off."""
    if len(others) < 2:
        return plan
    mine = {move.occurrence.key for move in plan.moves if move.occurrence.blocked.overlaps(interview.padded)}
    while True:
        chained = {
            m.occurrence.key for m in plan.moves if m.occurrence.key not in mine and _pushed(m, plan, mine)
        }
        if not chained:
            break
        mine |= chained
    moves = tuple(move for move in plan.moves if move.occurrence.key in mine)
    from lastresort.planning.rearrange import count_asked

    return plan._replace(
        moves=moves, cost=round(sum(m.cost for m in moves), 1), people_asked=count_asked(moves)
    )


def _pushed(move: Move, plan: Plan, keys: Collection[EventKey]) -> bool:
    """Tell whether the move makes room for one of the moves named."""
    return any(
        other.occurrence.key in keys and other.new is not None and other.new.overlaps(move.occurrence.blocked)
        for other in plan.moves
    )


# -- slots for those who ask --------------------------------------------------------------------------------


def _with_slots(
    reports: Sequence[InterviewReport],
    moves: Collection[Move],
    timetable: Timetable,
    interviewer_busy: Sequence[Interval],
    background: Background,
) -> tuple[InterviewReport, ...]:
    """Fill in the slots, free once the moves are made; none is offered to two interviewers."""
    query = timetable.query
    if not any(entry.verdict == "reschedule" for entry in reports):
        return tuple(reports)
    from lastresort.planning.slots import offer_slots

    interviews = [entry.interview for entry in reports]
    promised: list[Interval] = []
    filled: list[InterviewReport] = []
    for entry in reports:
        if entry.verdict != "reschedule":
            filled.append(entry)
            continue
        if withdraws(entry.reason):
            because = (*entry.because, ("R4", "a withdrawal offers no times"))
            filled.append(entry._replace(because=because))
            continue
        own = background.holds_for(entry.interview)
        seen = timetable if not own else Timetable(without(timetable.agenda, own), query)
        free = seen.agenda
        firm = [o.blocked for o in free.occurrences if o.key in query.guarded] if query.guarded else []
        # the others keep their time, as nobody has agreed to another yet
        firm += [other.padded for other in interviews if other is not entry.interview]
        offer = offer_slots(
            entry.interview,
            seen,
            blocked=[*taken(free, moves, interviews), *firm, *promised],
            interviewer_busy=interviewer_busy,
            until=deadline(entry.interview, query),
            kept=[other for other in interviews if other is not entry.interview],
            held=() if _is_answered(entry.interview, background) else [hold.interval for hold in own],
        )
        promised += [slot.interval for slot in offer.slots]
        because = (*entry.because, *(("R20", text) for text in offer.more))
        filled.append(entry._replace(slots=offer.slots, because=because))
    return tuple(filled)


def _is_answered(interview: Interview, background: Background) -> bool:
    """Tell whether the holds have served: they agreed to a time."""
    return bool(background.holds) and background.recall(interview).reply not in UNANSWERED | {Reply.NONE}


def withdraws(reason: Reason) -> bool:
    """Tell whether the reason ends the application instead of asking for another time (R4)."""
    ground = REASONS.get(reason.kind)
    return ground is not None and ground.weight is Weight.WITHDRAWAL


def taken(agenda: Agenda, moves: Iterable[Move] = (), leaving: Iterable[Interview] = ()) -> list[Interval]:
    """Return the time that is taken once the moves are made and the leaving interviews have gone."""
    moved = {move.occurrence.key: move.new for move in moves}
    gone = {copy.key for interview in leaving for copy in (interview.occurrence, *interview.copies)}
    homes = [
        o.blocked
        for o in agenda.occurrences
        if o.busy is Busy.CLASH and o.key not in moved and o.key not in gone
    ]
    return homes + [new for new in moved.values() if new is not None]
