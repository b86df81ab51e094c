"""The whole story: an agenda and a query in, a report out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from lastresort.advice.advise import Advice, advise
from lastresort.advice.effects import Step
from lastresort.advice.next_step import UNDER_WAY, Past, Reply
from lastresort.advice.reasons import Weight
from lastresort.advice.situation import Decision, situate
from lastresort.interviews.detection import Candidates, Interview, Places, find_interviews, guard
from lastresort.model import Agenda, Interval, Occurrence
from lastresort.planning.asking import price_requests
from lastresort.planning.background import NO_BACKGROUND, Background
from lastresort.planning.conflicts import Clashing, ConflictKind, Surroundings, share
from lastresort.planning.holds import guard_holds, protect, settle_arranged, soften
from lastresort.planning.report import Because, InterviewReport, PossibleInterview, Report, Sum
from lastresort.planning.timetable import Timetable
from lastresort.query import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lastresort.model import EventKey
    from lastresort.planning.asking import Asking
    from lastresort.query import Query

NO_ADVICE = Advice(channel="email", rules=(), steps=())
ASKED_TOGETHER = NO_ADVICE._replace(
    rules=("R5",),
    steps=(Step(1, "Nothing of its own: the one request for the rounds of this day asks about it as well."),),
)
"""What is said of a round that another one's request asks about."""


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
    clashing = _find_all_conflicts(interviews, eased, query, background)
    conflicts = [each.conflicts for each in clashing]
    something_clashes = any(conflict.hard for clashes in conflicts for conflict in clashes)
    if something_clashes:
        query = guard(query, agenda, interviews)
    query = guard_holds(query, background.holds)
    timetable = Timetable(eased, query)
    pasts = [background.recall(interview) for interview in interviews]
    asking = price_requests(interviews, query, pasts)
    reports = [
        _report_clear(interview, each, price, query.now)
        for interview, each, price in zip(interviews, clashing, asking, strict=True)
    ]
    best, given_up = Sum(), frozenset[int]()
    if something_clashes:
        from lastresort.planning.joint_plan import plan_together, report_share  # loads the search

        together = plan_together(interviews, conflicts, asking, pasts, timetable)
        best, given_up = together.sum, together.given_up
        reports = [
            report_share(entry, place, together, named) if entry.clashes else entry
            for place, entry in enumerate(reports)
        ]
    cannot_come = query.cannot_come or query.reason != Reason()
    if cannot_come or (query.last_resort and not given_up):
        target = _find_target(reports, named, query.now)
        reports = [_given_up(entry, query.reason) if entry is target else entry for entry in reports]
    answered = _with_offers(reports, timetable, interviewer_busy, background, named)
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
        possible=tuple(PossibleInterview(one, *clashing) for one, clashing in possible),
        beside=tuple(e for e in told if named is not None and e.interview.occurrence.key != named),
        sum=best,
    )


def _find_all_conflicts(
    interviews: Sequence[Interview],
    agenda: Agenda,
    query: Query,
    background: Background,
    others: Sequence[Interview] | None = None,
) -> list[Clashing]:
    """Return for each interview what clashes with it, the `others` (else the same ones) among that. Nothing
    does with what was missed or held: nothing can be moved for it any more."""
    around = Surroundings(
        interviews if others is None else others, agenda.occurrences, Timetable(agenda, query).kind
    )
    most = share(len(interviews))
    return [
        around.clashing(one, most, held=background.holds_for(one))
        if one.occurrence.interval.end > query.now
        else Clashing()
        for one in interviews
    ]


def _report_clear(interview: Interview, clashing: Clashing, price: Asking, now: datetime) -> InterviewReport:
    """Return the entry of an interview as it stands while nothing clashes for certain."""
    return InterviewReport(
        interview=interview,
        verdict="clear",
        notice_minutes=interview.notice_minutes(now),
        advice=NO_ADVICE,
        ask_cost=price.points,
        conflicts=clashing.conflicts,
        clashes_left_out=clashing.left_out,
        because=(Because("R1", "nothing that is certain to take time clashes: keep it"),),
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
    because = (
        entry.because if entry.verdict == "reschedule" else (Because("R1", "you say that you cannot come"),)
    )
    return entry._replace(
        verdict="reschedule", because=because, plan=None, other_plans=(), reason=reason, wanted=True
    )


def _report_withdrawn(interview: Interview, now: datetime) -> InterviewReport:
    because = (Because("R39", "you have withdrawn the application"),)
    return InterviewReport(
        interview=interview,
        verdict="clear",
        notice_minutes=interview.notice_minutes(now),
        advice=NO_ADVICE,
        because=because,
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
    situation = situate(entry.interview, query._replace(reason=reason))._replace(
        verdict=entry.verdict,
        past=past,
        slots=len(entry.slots),
        asks=entry.plan.people_asked if entry.plan else 0,
        delegates=entry.plan is not None and entry.plan.delegates,
        clashes=entry.wanted or entry.clashes,
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
        return (Because("R40", "they can offer no other time, and nothing keeps this one free"),)
    if not past.requests:
        return ()
    times = "once" if past.requests == 1 else f"{past.requests} times"
    return (Because("R5", f"you have asked to move it {times} already; another request costs far more"),)


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
    interviews = [one.interview for one in everybody]
    timetable = protect(report.agenda, report.query, interviews, background.holds)
    moved, *_ = _with_offers([asked, *staying], timetable, interviewer_busy, background)
    return _advised(moved, report.query, background)


def _with_offers(
    reports: Sequence[InterviewReport],
    timetable: Timetable,
    interviewer_busy: Sequence[Interval],
    background: Background,
    named: EventKey | None = None,
) -> tuple[InterviewReport, ...]:
    """Return the reports with times to offer for each request, free once the moves of all plans are made."""
    if not any(entry.verdict == "reschedule" for entry in reports):
        return tuple(reports)
    from lastresort.planning.offering import OfferContext, offer_for_each  # loads the search

    moves = {move.occurrence.key: move for entry in reports if entry.plan for move in entry.plan.moves}
    setting = OfferContext(timetable, moves.values(), interviewer_busy, background)
    return offer_for_each(reports, setting, named)
