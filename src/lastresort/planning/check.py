"""The whole story: an agenda and a query in, a report out."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.advice.advise import Advice, advise
from lastresort.advice.effects import Step
from lastresort.advice.next_step import UNANSWERED, UNDER_WAY, Past, Reply
from lastresort.advice.reasons import REASONS, Weight
from lastresort.advice.situation import Decision, situate
from lastresort.interviews.detection import Candidates, Interview, Places, find_interviews, guard
from lastresort.model import Agenda, Busy, Interval, Occurrence
from lastresort.planning.asking import Asking, price_requests
from lastresort.planning.conflicts import (
    MOST_RIVALS,
    Conflict,
    ConflictKind,
    find_conflicts,
    is_round_of,
    keys_of,
    reach_of,
)
from lastresort.planning.freebusy import MINUTE, Index
from lastresort.planning.holds import guard_holds, settle_arranged, soften, without
from lastresort.planning.timetable import Timetable
from lastresort.planning.trial import move_interview
from lastresort.query import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from lastresort.model import EventKey
    from lastresort.planning.natures import Nature
    from lastresort.planning.rearrange import Keeping, Move, Plan, Rearrangement
    from lastresort.planning.slots import Bounds, Offer, Searches, Slot
    from lastresort.query import Query

Verdict = Literal["clear", "rearrange", "reschedule"]


class Because(NamedTuple):
    """A rule of the advice (`R1`), what it says here, and of which event if of one."""

    rule: str
    text: str
    occurrence: Occurrence | None = None
    nature: Nature | None = None
    in_points: bool = False
    """It reckons in points, which mean nothing to somebody who has not asked for them."""


class Sum(NamedTuple):
    """What is as small as it can be: points of all moves, room to breathe and requests together.

    No choice of moves and requests has fewer than `bound` points.
    """

    points: float = 0
    bound: float = 0
    changes: int = 0
    """Events that are changed."""
    given_up: int = 0
    """Interviews that are asked about."""


NO_OTHER_TIME = "they can offer no other time"
ASKED_ALREADY = "you have asked to move this one already; the other one stays"
NEARLY = 10
"""Points within which another choice is nearly as good."""

OFFERED = 30
"""Requests for which times to offer are looked for."""

NO_ADVICE = Advice(channel="email", rules=(), steps=())
ASKED_TOGETHER = NO_ADVICE._replace(
    rules=("R5",),
    steps=(Step(1, "Nothing of its own: the one request for the rounds of this day asks about it as well."),),
)
"""What is said of a round that another one's request asks about."""


def never_asked(interview: Interview) -> Past:  # noqa: ARG001 (the same for all)
    """Return the past of an interview that nobody was asked to move."""
    return Past()


def never_late(interview: Interview) -> bool:  # noqa: ARG001 (the same for all)
    """Tell that nobody was told of my coming late."""
    return False


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
    waiting: Mapping[EventKey, Step] = MappingProxyType({})
    """Others' events about which somebody was asked, with what to do once they answer."""
    arranged: frozenset[EventKey] = frozenset()
    """Others' events about which they agreed."""
    wished: tuple[Interval, ...] = ()
    """Times that others were asked for: taken, until the calendar says otherwise."""
    late: Callable[[Interview], bool] = never_late
    """Whether it was noted that they know of my coming late."""


NO_BACKGROUND = Background()


class Stretch(NamedTuple):
    """Rounds that are asked about together and follow each other, and the times offered for all of them."""

    rounds: tuple[Interview, ...]
    slots: tuple[Slot, ...] = ()


class InterviewReport(NamedTuple):
    """The answer for one interview. `plan` is its share of the one plan made for all interviews."""

    interview: Interview
    verdict: Verdict
    notice_minutes: int
    advice: Advice
    ask_cost: float = 0
    """Points that it costs to ask for another time; of rounds with one request, for all of them together."""
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
    request: str | None = None
    """UID of the round whose request asks about this one as well."""
    stretches: tuple[Stretch, ...] = ()
    """What this one's request asks about, where that is more than itself."""


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
    sum: Sum = Sum()


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
    agenda = settle_arranged(agenda, background.arranged)
    eased = soften(agenda, background.holds)
    conflicts = _find_all_conflicts(interviews, eased, query, background)
    if any(conflict.hard for clashes in conflicts for conflict in clashes):
        query = guard(query, agenda, interviews)
    query = guard_holds(query, background.holds)
    timetable = Timetable(eased, query)
    decision = _decide(interviews, conflicts, timetable, background)
    reports = [_report(place, decision, timetable, named) for place in range(len(interviews))]
    cannot_come = query.cannot_come or query.reason != Reason()
    if cannot_come or (query.last_resort and not decision.given_up):
        target = _find_target(reports, named, query.now)
        reports = [_given_up(entry, query.reason) if entry is target else entry for entry in reports]
    moves = {m.occurrence.key: m for entry in reports if entry.plan for m in entry.plan.moves}
    answered = _with_slots(reports, moves.values(), timetable, interviewer_busy, background, named)
    answered += tuple(_report_withdrawn(one, query.now) for one in withdrawn)
    told = tuple(_advised(entry, query, background) for entry in answered)
    possible = zip(
        found.possible, _find_all_conflicts(found.possible, eased, query, background, interviews), strict=True
    )
    return Report(
        query=query,
        agenda=agenda,
        window=Interval(query.now, query.now + timedelta(days=query.days)),
        interviews=tuple(e for e in told if named is None or e.interview.occurrence.key == named),
        possible=tuple(PossibleInterview(one, clashes) for one, clashes in possible),
        beside=tuple(e for e in told if named is not None and e.interview.occurrence.key != named),
        sum=_add_up(decision),
    )


def _find_all_conflicts(
    interviews: Sequence[Interview],
    agenda: Agenda,
    query: Query,
    background: Background,
    others: Sequence[Interview] | None = None,
) -> list[tuple[Conflict, ...]]:
    """Return for each interview what clashes with it, the `others` (else the same ones) among that."""
    classify = Timetable(agenda, query).kind
    rivals = Index(interviews if others is None else others, lambda one: one.padded)
    apart = keys_of(interviews if others is None else others)
    events = Index(
        (o for o in agenda.occurrences if o.busy is not Busy.IGNORE and o.key not in apart),
        lambda o: o.blocked,
    )
    found: list[tuple[Conflict, ...]] = []
    for one in interviews:
        if one.occurrence.interval.end <= query.now:  # missed or held: nothing can be moved for it any more
            found.append(())
            continue
        held = {hold.key for hold in background.holds_for(one)}
        near = [event for event in events.within(reach_of(one)) if event.key not in held]
        found.append(find_conflicts(one, near, rivals.within(one.padded), classify))
    return found


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
    because = (
        entry.because if entry.verdict == "reschedule" else (Because("R1", "you say that you cannot come"),)
    )
    return entry._replace(
        verdict="reschedule", because=because, plan=None, other_plans=(), reason=reason, wanted=True
    )


def _report_withdrawn(interview: Interview, now: datetime) -> InterviewReport:
    notice = int((interview.occurrence.interval.start - now) // timedelta(minutes=1))
    because = (Because("R39", "you have withdrawn the application"),)
    return InterviewReport(
        interview=interview, verdict="clear", notice_minutes=notice, advice=NO_ADVICE, because=because
    )


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
    if entry.request:
        return entry._replace(advice=ASKED_TOGETHER)
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
        told_late=background.late(entry.interview),
        left=entry.plan is None
        or any(move.occurrence.key not in background.waiting for move in entry.plan.moves),
    )
    waiting = (background.waiting.get(conflict.occurrence.key) for conflict in entry.conflicts)
    harmful = situation.ground.weight is Weight.HARMFUL and situation.decision is Decision.RESCHEDULE
    argument = (Because("R2", situation.ground.argument),) if harmful else ()
    asked = _asked_before(past) if situation.decision is Decision.RESCHEDULE else ()
    advice = advise(situation)
    advice = advice._replace(steps=(*(step for step in waiting if step), *advice.steps))
    return entry._replace(advice=advice, because=(*entry.because, *asked, *argument))


def _asked_before(past: Past) -> tuple[Because, ...]:
    """What an earlier request means for this one (R5)."""
    if past.reply is Reply.AGREED:
        return (Because("R26", "they agreed to another time: move it in your calendar, and confirm it"),)
    if past.reply in UNDER_WAY:
        return (
            Because("R5", "you have asked to move it already and wait for their answer: do not ask anew"),
        )
    if past.reply is Reply.DECLINED:
        return (Because("R40", f"{NO_OTHER_TIME}, and nothing keeps this one free"),)
    if not past.requests:
        return ()
    times = "once" if past.requests == 1 else f"{past.requests} times"
    return (Because("R5", f"you have asked to move it {times} already; another request costs far more"),)


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
    asked = _given_up(entry, report.query.reason)._replace(
        because=(Because("R1", "you ask for another time"),)
    )
    everybody = (*report.interviews, *report.beside)
    staying = [one for one in everybody if one is not entry and one.verdict != "reschedule"]
    query = guard(report.query, report.agenda, [one.interview for one in everybody])
    eased = soften(report.agenda, background.holds)
    timetable = Timetable(eased, guard_holds(query, background.holds))
    moves = {m.occurrence.key: m for one in staying if one.plan for m in one.plan.moves}
    moved, *_ = _with_slots([asked, *staying], moves.values(), timetable, interviewer_busy, background)
    return _advised(moved, report.query, background)


# -- who keeps the time, who asks ---------------------------------------------------------------------------


class _Decision:
    """What clashes with each interview and what asking costs for it, each by its place; and what the search
    found, `None` when nothing clashes."""

    def __init__(
        self,
        interviews: Sequence[Interview],
        conflicts: Sequence[tuple[Conflict, ...]],
        asking: Sequence[Asking],
        found: Rearrangement | None = None,
    ) -> None:
        self.interviews, self.conflicts, self.asking, self.found = interviews, conflicts, asking, found
        self.given_up = found.given_up if found else frozenset()
        """The places of the interviews that are asked about."""
        self.kept = [one for n, one in enumerate(interviews) if n not in self.given_up]

    @cached_property
    def kept_keys(self) -> frozenset[EventKey]:
        """The identities of the interviews that are kept."""
        return frozenset(one.occurrence.key for one in self.kept)

    @cached_property
    def requests(self) -> Mapping[str, Sequence[int]]:
        """The places of those that are asked about together, in order."""
        together: dict[str, list[int]] = {}
        for place in sorted(self.given_up):
            together.setdefault(self.asking[place].request, []).append(place)
        together.pop("", None)
        return together


def _decide(
    interviews: Sequence[Interview],
    conflicts: Sequence[tuple[Conflict, ...]],
    timetable: Timetable,
    background: Background,
) -> _Decision:
    """Return which interviews are kept, and the plan for them: one sum is least (R1, R30).

    Where a request is under way nothing new is asked: to let it stand costs half of the first request, and it
    stays about the rounds that it asked about. What they cannot move is kept at any price (R40).
    """
    query = timetable.query
    pasts = [background.recall(interview) for interview in interviews]
    requests = {one.occurrence.key: past.requests for one, past in zip(interviews, pasts, strict=True)}
    asking = tuple(
        price._replace(request=past.together) if past.reply in UNDER_WAY else price
        for price, past in zip(
            price_requests(interviews, query, lambda one: requests[one.occurrence.key]), pasts, strict=True
        )
    )
    if not any(conflict.hard for clashes in conflicts for conflict in clashes):
        return _Decision(interviews, conflicts, asking)
    from lastresort.planning.obstacles import Need, Puzzle, Task
    from lastresort.planning.rearrange import rearrange

    needs = [
        Need(
            interview=interview,
            until=deadline(interview, query),
            ask=query.costs.last_resort / 2 if past.reply in UNDER_WAY else price.points,
            request="" if past.reply is Reply.DECLINED else price.request,
            refused=past.reply is Reply.DECLINED,
            keep=not (query.last_resort and _events(clashes)),
        )
        for interview, clashes, past, price in zip(interviews, conflicts, pasts, asking, strict=True)
    ]
    return _Decision(interviews, conflicts, asking, rearrange(Puzzle(Task(needs), timetable)))


def _events(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """The hard clashes that are not other interviews: what a plan can do something about."""
    return [c for c in conflicts if c.hard and c.kind is not ConflictKind.INTERVIEW]


# -- one interview's share ----------------------------------------------------------------------------------


def _report(place: int, decision: _Decision, timetable: Timetable, named: EventKey | None) -> InterviewReport:
    interview, price, found = decision.interviews[place], decision.asking[place], decision.found
    conflicts = decision.conflicts[place]
    entry = InterviewReport(
        interview=interview,
        verdict="clear",
        notice_minutes=int((interview.occurrence.interval.start - timetable.query.now) // MINUTE),
        advice=NO_ADVICE,
        ask_cost=price.points,
        conflicts=conflicts,
        rearrangement=found if any(conflict.hard for conflict in conflicts) else None,
    )
    if found is None or not entry.rearrangement:
        return entry._replace(
            because=(Because("R1", "nothing that is certain to take time clashes: keep it"),)
        )
    if place in found.given_up:
        together = [decision.interviews[n] for n in decision.requests.get(price.request, [place])]
        carrier = next((one for one in together if one.occurrence.key == named), together[0])
        return entry._replace(
            verdict="reschedule",
            because=tuple(_why_ask(place, decision)),
            request=carrier.occurrence.event.uid if carrier is not interview else None,
        )
    plans = [_share(plan, place, interview, decision.kept) for plan in found.plans]
    if not plans[0].moves:
        return entry._replace(
            because=(Because("R30", "the other interview is asked to move; this one stays"),)
        )
    others = [plan for n, plan in enumerate(plans) if n and plan.moves and plan not in plans[:n]]
    return entry._replace(
        verdict="rearrange",
        because=tuple(_why_keep(plans[0], found, refused=found.puzzle.task.needs[place].refused)),
        plan=plans[0],
        other_plans=tuple(plan for plan in others if plan.cost <= max(price.points, plans[0].cost)),
    )


def _why_keep(plan: Plan, found: Rearrangement, *, refused: bool) -> Iterator[Because]:
    one = len(plan.moves) == 1
    changes = "one change to other events keeps" if one else f"{len(plan.moves)} changes to other events keep"
    if refused:
        yield Because("R40", f"{NO_OTHER_TIME}: {changes} it, for {plan.cost:g} points", in_points=True)
    else:
        told = f"{changes} it, for {plan.cost:g} points: no reason to ask the employer"
        yield Because("R1", told, in_points=True)
    if found.status == "limit":
        yield Because("R1", _not_proved(found), in_points=True)


def _not_proved(found: Rearrangement) -> str:
    return (
        f"the search ended before the proof: {found.points:g} points is the best found for all of your "
        f"interviews, and nothing costs less than {found.bound:g}"
    )


def _why_ask(place: int, decision: _Decision) -> Iterator[Because]:
    """Yield what speaks against keeping an interview: its rivals, then event by event, then the price."""
    from lastresort.planning.rearrange import price_keeping, refuse

    price, found, conflicts = decision.asking[place], decision.found, decision.conflicts[place]
    assert found is not None
    need = found.puzzle.task.needs[place]
    told = refuse(found.puzzle, place) if need.keep else {}
    events = _events(conflicts)
    if not need.keep:
        yield Because("R1", "you said that nothing else can be moved (--last-resort)")
    for conflict in events:
        if refusal := told.get(conflict.occurrence.key):
            text, in_points = refusal
            yield Because("R1", text, conflict.occurrence, conflict.what.nature, in_points)
    keeping = price_keeping(found, place)
    ask = need.ask or 0
    under_way = ask < price.points
    rivals = [c for c in conflicts if c.hard and c.kind is ConflictKind.INTERVIEW]
    for rival in rivals:
        if rival.occurrence.key in decision.kept_keys:
            text = ASKED_ALREADY if under_way else _of_two(keeping, ask)
            yield Because("R30", text, rival.occurrence, rival.what.nature, in_points=not under_way)
    if len(rivals) >= MOST_RIVALS:
        yield Because("R30", f"more interviews are at that time: {MOST_RIVALS} of them are told")
    if keeping.points is not None and need.keep and events and not under_way:
        text = f"keeping it would cost at least {keeping.points:g} points, asking costs {ask:g}"
        yield Because("R1", text, in_points=True)
    if found.status == "limit":
        yield Because("R1", _not_proved(found), in_points=True)


def _of_two(keeping: Keeping, ask: float) -> str:
    if keeping.points is None:
        return f"of two that overlap this one cannot be kept: asking about it costs {ask:g} points"
    least = "" if keeping.exact else "at least "
    if keeping.points <= ask and not keeping.exact:
        return f"of two that overlap asking about this one costs {ask:g} points; no other choice costs less"
    if keeping.points == ask:
        return (
            f"of two that overlap asking about either costs {ask:g} points: the other choice is just as "
            "good, this one leaves more notice"
        )
    close = ", nearly as good" if keeping.exact and keeping.points - ask <= NEARLY else ""
    return (
        f"of two that overlap asking about this one costs {ask:g} points; "
        f"the other choice would cost {least}{keeping.points:g}{close}"
    )


def _share(plan: Plan, place: int, interview: Interview, kept: Sequence[Interview]) -> Plan:
    """The part of the joint plan that this interview needs: its clashes, and the chains they set off."""
    if len(kept) < 2:
        return plan
    mine = {move.occurrence.key for move in plan.moves if move.occurrence.blocked.overlaps(interview.needed)}
    while chained := {
        move.occurrence.key
        for move in plan.moves
        if move.occurrence.key not in mine and _pushed(move, plan, mine)
    }:
        mine |= chained
    from lastresort.planning.rearrange import count_asked

    moves = tuple(move for move in plan.moves if move.occurrence.key in mine)
    return plan._replace(
        moves=moves,
        cost=round(sum(move.cost for move in moves), 1),
        people_asked=count_asked(moves),
        tight=tuple(each for each in plan.tight if each[0] == place),
    )


def _pushed(move: Move, plan: Plan, keys: Collection[EventKey]) -> bool:
    """Tell whether the move makes room for one of the moves named."""
    return any(
        other.occurrence.key in keys and other.new is not None and other.new.overlaps(move.occurrence.blocked)
        for other in plan.moves
    )


def _add_up(decision: _Decision) -> Sum:
    found = decision.found
    if found is None or not found.plans:
        return Sum()
    changes = sum(bool(move.price) for move in found.plans[0].moves)
    return Sum(found.points, found.bound, changes, len(found.given_up))


# -- slots for those who ask --------------------------------------------------------------------------------


def _with_slots(
    reports: Sequence[InterviewReport],
    moves: Collection[Move],
    timetable: Timetable,
    interviewer_busy: Sequence[Interval],
    background: Background,
    named: EventKey | None = None,
) -> tuple[InterviewReport, ...]:
    """Fill in the slots, free once the moves are made; none is offered to two interviewers.

    Rounds that are asked about together get slots for the stretch that they fill, with the one that carries
    the request, else with the first of them.
    After `OFFERED` requests only those about the `named` interview and about one that cannot be kept get any.
    """
    stretches = _stretches(reports)
    if not stretches:
        return tuple(reports)
    from lastresort.planning.slots import Searches  # loads the search, which a check without a request spares

    promised: list[Interval] = []
    searches = Searches()
    filled: dict[int, InterviewReport] = {}
    asked: dict[str | None, list[Stretch]] = {}
    for number, stretch in enumerate(stretches):
        lead = next((n for n in stretch if not reports[n].request), stretch[0])
        entry = reports[lead]
        if number >= OFFERED and not any(
            reports[n].wanted or reports[n].interview.occurrence.key == named for n in stretch
        ):
            told = Because(
                "R20", f"times are looked for in the first {OFFERED} requests only: ask for theirs"
            )
            filled[lead] = entry._replace(because=(*entry.because, told))
            continue
        if withdraws(entry.reason):
            told = Because("R4", "a withdrawal offers no times")
            filled |= {n: reports[n]._replace(because=(*reports[n].because, told)) for n in stretch}
            continue
        together = [reports[n].interview for n in stretch]
        bounds = _bounds_of(
            entry, [filled.get(n, other) for n, other in enumerate(reports) if n not in stretch]
        )
        offer = _offer(
            together, reports, moves, promised, bounds, timetable, interviewer_busy, background, searches
        )
        promised += [slot.interval for slot in offer.slots]
        because = (*entry.because, *(Because("R20", text) for text in offer.more))
        filled[lead] = entry._replace(slots=offer.slots, because=because)
        asked.setdefault(_request_of(entry), []).append(Stretch(tuple(together), offer.slots))
    for place, entry in filled.items():
        offered = tuple(asked.get(_request_of(entry), ()))
        if not entry.request and sum(len(stretch.rounds) for stretch in offered) > 1:
            filled[place] = entry._replace(stretches=offered)
    return tuple(filled.get(n, entry) for n, entry in enumerate(reports))


def _request_of(entry: InterviewReport) -> str | None:
    """UID of the round that is written about; `None` where nobody is asked."""
    return (entry.request or entry.interview.occurrence.event.uid) if entry.verdict == "reschedule" else None


def _stretches(reports: Sequence[InterviewReport]) -> list[list[int]]:
    """Return the places of those that are asked about: rounds of one request that follow each other
    together."""
    found: list[list[int]] = []
    before: dict[str, int] = {}
    for place, entry in enumerate(reports):
        process = entry.interview.process
        last = before.get(process)
        if entry.verdict == "reschedule":
            together = last is not None and _request_of(reports[last]) == _request_of(entry)
            stretch = next((one for one in found if last in one), None) if together else None
            if stretch is not None:
                stretch.append(place)
            else:
                found.append([place])
        if process:
            before[process] = place
    return found


def _bounds_of(entry: InterviewReport, others: Iterable[InterviewReport]) -> Bounds:
    """Return between what the new time has to lie: rounds of one process stay in their order."""
    from lastresort.planning.slots import Bounds

    own = entry.interview
    rounds = [other for other in others if is_round_of(own, other.interview) and not other.request]
    earlier = [other for other in rounds if _comes_before(other.interview, own)]
    later = [
        one.interview for one in rounds if _comes_before(own, one.interview) and one.verdict != "reschedule"
    ]
    ends = [slot.interval.end for other in earlier for slot in other.slots]
    ends += [other.interview.occurrence.interval.end for other in earlier if not other.slots]
    return Bounds(
        reason=entry.reason,
        not_before=max(ends, default=None),
        not_after=min((one.occurrence.interval.start for one in later), default=None),
    )


def _comes_before(one: Interview, other: Interview) -> bool:
    """Tell whether the one is an earlier round than the other."""
    if one.round is not None and other.round is not None and one.round != other.round:
        return one.round < other.round
    return one.occurrence.interval.end <= other.occurrence.interval.start


def _offer(
    together: Sequence[Interview],
    reports: Sequence[InterviewReport],
    moves: Collection[Move],
    promised: Sequence[Interval],
    bounds: Bounds,
    timetable: Timetable,
    interviewer_busy: Sequence[Interval],
    background: Background,
    searches: Searches,
) -> Offer:
    from lastresort.planning.slots import offer_slots

    first, query = together[0], timetable.query
    interviews = [entry.interview for entry in reports]
    own = background.holds_for(first)
    seen = timetable if not own else Timetable(without(timetable.agenda, own), query)
    others = [one for one in interviews if one not in together]
    # the others keep their time, as nobody has agreed to another yet
    kept = [one.padded for one in others]
    return offer_slots(
        move_interview(first, _stretch_of(together)) if len(together) > 1 else first,
        seen,
        blocked=[
            *taken(seen, moves, interviews),
            *_of_interviews(seen),
            *kept,
            *promised,
            *background.wished,
        ],
        interviewer_busy=interviewer_busy,
        until=deadline(first, query),
        kept=others,
        held=() if _is_answered(first, background) else [hold.interval for hold in own],
        bounds=bounds,
        searches=searches,
    )


def _stretch_of(together: Sequence[Interview]) -> Interval:
    times = [one.occurrence.interval for one in together]
    return Interval(min(time.start for time in times), max(time.end for time in times))


def _is_answered(interview: Interview, background: Background) -> bool:
    """Tell whether the holds have served: they agreed to a time."""
    return bool(background.holds) and background.recall(interview).reply not in UNANSWERED | {Reply.NONE}


def withdraws(reason: Reason) -> bool:
    """Tell whether the reason ends the application instead of asking for another time (R4)."""
    kind = REASONS.get(reason.kind)
    return kind is not None and kind.weight is Weight.WITHDRAWAL


def find_taken(report: Report, holds: Sequence[Occurrence] = ()) -> tuple[Timetable, list[Interval]]:
    """Return what stands in the calendar, and the time that is taken once the plans of all interviews are
    carried out: theirs, that of the interviews, and what is held for an answer."""
    everybody = (*report.interviews, *report.beside)
    interviews = [entry.interview for entry in everybody]
    timetable = Timetable(report.agenda, guard(report.query, report.agenda, interviews))
    moves = {move.occurrence.key: move for entry in everybody if entry.plan for move in entry.plan.moves}
    kept = [interview.padded for interview in interviews]
    held = [hold.blocked for hold in holds]
    return timetable, [*taken(timetable, moves.values()), *_of_interviews(timetable), *kept, *held]


def _of_interviews(timetable: Timetable) -> list[Interval]:
    """Return the time of what is another interview, or may be one, whatever was answered to it."""
    query = timetable.query
    keys = {*query.guarded, *query.possible}
    return [o.blocked for o in timetable.agenda.occurrences if o.key in keys] if keys else []


def needed_by_plans(report: Report) -> dict[Interval, float]:
    """Return the hours that the plans of the interviews need, each with what the next best plan for its
    interview costs more, or else asking."""
    found: dict[Interval, float] = {}
    for entry in (*report.interviews, *report.beside):
        for move in entry.plan.moves if entry.plan else ():
            if move.new is not None and entry.plan is not None:
                free = [
                    plan.cost
                    for plan in entry.other_plans
                    if not any(other.new and other.new.overlaps(move.new) for other in plan.moves)
                ]
                instead = min([*free, entry.ask_cost]) - entry.plan.cost
                found[move.new] = round(max(found.get(move.new, 0), instead, 0), 1)
    return found


def taken(
    timetable: Timetable, moves: Iterable[Move] = (), leaving: Iterable[Interview] = ()
) -> list[Interval]:
    """Return the time that is taken once the moves are made and the leaving interviews have gone, with what
    is kept free around journeys. What I miss a part of stays where it is."""
    moved = {move.occurrence.key: move.new for move in moves if move.minutes_missed is None}
    gone = {copy.key for interview in leaving for copy in (interview.occurrence, *interview.copies)}
    homes = [
        timetable.kind(o).with_margin(o.blocked)
        for o in timetable.agenda.occurrences
        if o.busy is Busy.CLASH and o.key not in moved and o.key not in gone
    ]
    return homes + [new for new in moved.values() if new is not None]
