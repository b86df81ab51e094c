"""The times to offer for each interview that has to move, and the time that is taken once a plan is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.next_step import UNANSWERED, Reply
from lastresort.advice.reasons import withdraws
from lastresort.model import Interval
from lastresort.planning.background import NO_BACKGROUND
from lastresort.planning.conflicts import is_round_of
from lastresort.planning.holds import protect, without
from lastresort.planning.report import Because, RoundStretch
from lastresort.planning.slots import Bounds, Offer, Searches, offer_slots, offer_times, offer_windows
from lastresort.planning.timetable import Timetable
from lastresort.planning.trial import move_interview
from lastresort.planning.workdays import find_deadline, find_horizon

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import timedelta

    from lastresort.interviews.detection import Interview
    from lastresort.model import EventKey
    from lastresort.planning.background import Background
    from lastresort.planning.rearrange import Move
    from lastresort.planning.report import InterviewReport, Report
    from lastresort.planning.slots import Slot
    from lastresort.query import Reason

OFFERED = 30
"""Requests for which times to offer are looked for."""


class OfferContext(NamedTuple):
    """What the times to offer depend on, the same for all requests of a report."""

    timetable: Timetable
    moves: Collection[Move] = ()
    """Those of all plans: the times offered are free once they are made."""
    interviewer_busy: Sequence[Interval] = ()
    background: Background = NO_BACKGROUND


def offer_for_each(
    reports: Sequence[InterviewReport], setting: OfferContext, named: EventKey | None = None
) -> tuple[InterviewReport, ...]:
    """Return the reports with times to offer for each request; none is offered to two interviewers.

    Rounds that are asked about together get times for the stretch that they fill, with the one that carries
    the request, else with the first of them. After `OFFERED` requests only those about the `named` interview
    and about one that cannot be kept get any.
    """
    answered = list(reports)
    leads: list[int] = []
    asked: dict[str | None, list[RoundStretch]] = {}
    promised: list[Interval] = []
    searches = Searches()
    for number, places in enumerate(_stretches(reports)):
        rounds = [reports[place] for place in places]
        lead = next((place for place in places if not reports[place].request), places[0])
        leads.append(lead)
        entry = reports[lead]
        matters = any(one.wanted or one.interview.occurrence.key == named for one in rounds)
        if number >= OFFERED and not matters:
            limit = f"times are looked for in the first {OFFERED} requests only: ask for theirs"
            answered[lead] = _with_reasons(entry, Because("R20", limit))
        elif withdraws(entry.reason):
            no_times = Because("R4", "a withdrawal offers no times")
            for place in places:
                answered[place] = _with_reasons(reports[place], no_times)
        else:
            others = [one for place, one in enumerate(answered) if place not in places]
            together = tuple(one.interview for one in rounds)
            offer = _offer(together, entry.reason, others, setting, promised, searches)
            promised += [slot.interval for slot in offer.slots]
            more = [Because("R20", text) for text in offer.more]
            answered[lead] = _with_reasons(entry, *more)._replace(slots=offer.slots)
            asked.setdefault(_request_of(entry), []).append(RoundStretch(together, offer.slots))
    for lead in leads:
        offered = asked.get(_request_of(reports[lead]), [])
        if not reports[lead].request and sum(len(stretch.rounds) for stretch in offered) > 1:
            answered[lead] = answered[lead]._replace(stretches=tuple(offered))
    return tuple(answered)


def _with_reasons(entry: InterviewReport, *because: Because) -> InterviewReport:
    return entry._replace(because=(*entry.because, *because))


def _offer(
    together: Sequence[Interview],
    reason: Reason,
    others: Sequence[InterviewReport],
    setting: OfferContext,
    promised: Sequence[Interval],
    searches: Searches,
) -> Offer:
    """Return times for rounds that are moved together. The `others` keep their time, as nobody has agreed to
    another yet; `promised` are times offered to somebody else."""
    first, background = together[0], setting.background
    kept = [other.interview for other in others]
    timetable, taken = _find_taken(setting, kept, together)
    held = [] if _is_answered(first, background) else [one.interval for one in background.holds_for(first)]
    times = [one.occurrence.interval for one in together]
    stretch = Interval(min(time.start for time in times), max(time.end for time in times))
    return offer_slots(
        move_interview(first, stretch) if len(together) > 1 else first,
        timetable,
        blocked=[*taken, *promised],
        interviewer_busy=setting.interviewer_busy,
        until=find_deadline(first, timetable.query),
        kept=kept,
        held=held,
        bounds=_find_bounds(first, reason, others),
        searches=searches,
    )


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


def _find_bounds(own: Interview, reason: Reason, others: Iterable[InterviewReport]) -> Bounds:
    """Return between what the new time has to lie: rounds of one process stay in their order."""
    rounds = [other for other in others if is_round_of(own, other.interview) and not other.request]
    earlier = [other for other in rounds if _comes_before(other.interview, own)]
    later = [
        one.interview for one in rounds if _comes_before(own, one.interview) and one.verdict != "reschedule"
    ]
    ends = [slot.interval.end for other in earlier for slot in other.slots]
    ends += [other.interview.occurrence.interval.end for other in earlier if not other.slots]
    return Bounds(
        reason=reason,
        not_before=max(ends, default=None),
        not_after=min((one.occurrence.interval.start for one in later), default=None),
    )


def _comes_before(one: Interview, other: Interview) -> bool:
    """Tell whether the one is an earlier round than the other."""
    if one.round is not None and other.round is not None and one.round != other.round:
        return one.round < other.round
    return one.occurrence.interval.end <= other.occurrence.interval.start


def _is_answered(interview: Interview, background: Background) -> bool:
    """Tell whether the holds have served: they agreed to a time."""
    return bool(background.holds) and background.recall(interview).reply not in UNANSWERED | {Reply.NONE}


def offer_availability(
    report: Report,
    length: timedelta,
    interviewer_busy: Sequence[Interval],
    background: Background,
    *,
    windows: bool,
) -> Offer:
    """Return times for a meeting that does not stand yet, or with `windows` every free stretch in which it
    fits. Nothing that the plans of my interviews need is offered, and nothing that is held or wished for."""
    everybody = (*report.interviews, *report.beside)
    kept = [entry.interview for entry in everybody]
    timetable, taken = _find_taken(_setting_of(report, everybody, background), kept)
    until = find_horizon(report.query, None)
    if windows:
        return Offer(
            offer_windows(length, timetable, blocked=taken, interviewer_busy=interviewer_busy, until=until)
        )
    return offer_times(
        length, timetable, blocked=taken, interviewer_busy=interviewer_busy, until=until, kept=kept
    )


def find_windows_for(
    report: Report, entry: InterviewReport, interviewer_busy: Sequence[Interval], background: Background
) -> tuple[Slot, ...]:
    """Return every free stretch to which an interview of the report could move, under the conditions that
    hold for the times of `offer_for_each`."""
    interview = entry.interview
    everybody = (*report.interviews, *report.beside)
    others = [one for one in everybody if one.interview.occurrence.key != interview.occurrence.key]
    setting = _setting_of(report, others, background)
    timetable, taken = _find_taken(setting, [one.interview for one in others], (interview,))
    return offer_windows(
        interview.occurrence.interval.length,
        timetable,
        blocked=taken,
        interviewer_busy=interviewer_busy,
        until=find_deadline(interview, timetable.query),
        interview=interview,
        bounds=_find_bounds(interview, entry.reason, others),
    )


def _setting_of(report: Report, staying: Sequence[InterviewReport], background: Background) -> OfferContext:
    """Return what holds once the plans of those that stay are carried out."""
    interviews = [entry.interview for entry in (*report.interviews, *report.beside)]
    timetable = protect(report.agenda, report.query, interviews, background.holds)
    moves = {move.occurrence.key: move for entry in staying if entry.plan for move in entry.plan.moves}
    return OfferContext(timetable, moves.values(), background=background)


def _find_taken(
    setting: OfferContext, kept: Sequence[Interview], together: Sequence[Interview] = ()
) -> tuple[Timetable, list[Interval]]:
    """Return the timetable as the rounds that move `together` see it, without what is held for them, and the
    time that is taken in it."""
    timetable, background = setting.timetable, setting.background
    if own := background.holds_for(together[0]) if together else ():
        timetable = Timetable(without(timetable.agenda, own), timetable.query)
    return timetable, [
        *list_taken(timetable, setting.moves, [*kept, *together]),
        *_times_of_interviews(timetable),
        *(one.padded for one in kept),
        *background.wished,
    ]


def _times_of_interviews(timetable: Timetable) -> list[Interval]:
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


def list_taken(
    timetable: Timetable, moves: Iterable[Move] = (), leaving: Iterable[Interview] = ()
) -> list[Interval]:
    """Return the time that is taken once the moves are made and the leaving interviews have gone, with what
    is kept free around journeys. What I miss a part of stays where it is."""
    moved = {move.occurrence.key: move.new for move in moves if move.minutes_missed is None}
    gone = {copy.key for interview in leaving for copy in (interview.occurrence, *interview.copies)}
    away = moved.keys() | gone
    homes = [time for key, time in timetable.homes if key not in away]
    return homes + [new for new in moved.values() if new is not None]
