"""Requests that were made: not twice for one interview (R5), none forgotten, and where each one stands."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lastresort.advice.next_step import Past, Reply
from lastresort.history.news import identify_interview
from lastresort.history.records import TITLE
from lastresort.planning.workdays import nth_workday

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lastresort.history.records import Memory, Request
    from lastresort.interviews.detection import Interview

KEPT = timedelta(days=90)
"""How long a request is remembered after the interview it was about."""
LITTLE_TIME = timedelta(hours=24)
"""Notice below which nobody waits a working day for an answer."""


def remembered_name(memory: Memory | None, interview: Interview) -> str:
    """Return the identity under which requests for an interview are remembered, else its own.

    Feeds that give new UIDs at every fetch must not make a second first request (R5): an interview with the
    same title at the time that was asked about, or agreed, is the same.
    """
    own = identify_interview(interview)
    requests = memory.requests if memory else ()
    if any(request.interview == own for request in requests):
        return own
    title, start = interview.occurrence.event.summary[:TITLE], interview.occurrence.interval.start
    alike = (r.interview for r in requests if r.title == title and start in (r.original, r.settled))
    return next(alike, own)


def requests_of(memory: Memory, interview: str) -> tuple[Request, ...]:
    """Return the requests made for an interview, the first one first."""
    return tuple(request for request in memory.requests if request.interview == interview)


def rounds_of(memory: Memory, request: Request) -> tuple[Request, ...]:
    """Return all rounds that were asked about with a request, itself among them, in order of time."""
    if not request.together:
        return (request,)
    rounds = [
        one for one in memory.requests if (one.together, one.asked) == (request.together, request.asked)
    ]
    return tuple(sorted(rounds, key=lambda one: one.original)) or (request,)


def add_request(memory: Memory, request: Request) -> Memory:
    """Return the memory with a request made, and without those that are long over."""
    kept = [
        known
        for known in memory.requests
        if max(known.original, known.settled or known.original) + KEPT > request.asked
    ]
    return memory._replace(requests=(*kept, request))


def settle_request(memory: Memory, interview: str, start: datetime) -> Memory:
    """Return the memory with the interview's open request settled: it takes place at `start`."""
    return memory._replace(
        requests=tuple(
            known._replace(settled=start) if known.interview == interview and known.settled is None else known
            for known in memory.requests
        )
    )


def hold_request(memory: Memory, held: Request) -> Memory:
    """Return the memory with the times noted that are held for an interview, in place of others held before.

    A request that was sent, and is open, keeps what it offered.
    """
    open_ = [known for known in requests_of(memory, held.interview) if known.settled is None]
    if any(not known.held for known in open_):
        return memory
    kept = tuple(known for known in memory.requests if known not in open_)
    return add_request(memory._replace(requests=kept), held)


def hold_named(memory: Memory, held: Request) -> Memory:
    """Return the memory with the times noted that they named and that are held.

    From then on these are the times that a number means, whatever was offered to them before. A request that
    was sent stays, and waits for its answer.
    """
    known = requests_of(memory, held.interview)
    if known and known[-1].held and known[-1].settled is None and known[-1].offers == held.offers:
        return memory
    return add_request(memory, held)


def release_request(memory: Memory, interview: str, when: datetime) -> Memory:
    """Return the memory without the times held at an instant, unless the interviewer was asked since."""
    return memory._replace(
        requests=tuple(
            known
            for known in memory.requests
            if not (
                known.interview == interview
                and known.held
                and known.asked == when
                and known.settled is known.nudged is known.called is None
            )
        )
    )


def reopen_request(memory: Memory, interview: str, start: datetime) -> Memory:
    """Return the memory with the request open again that was settled for `start`, and the rounds that moved
    along with it."""
    settled = [
        moved
        for known in requests_of(memory, interview)
        if known.settled == start
        for moved in rounds_of(memory, known)
        if moved.settled == moved.original + (start - known.original)
    ]
    requests = (
        known._replace(settled=None, thanked=False, confirmed=None) if known in settled else known
        for known in memory.requests
    )
    return memory._replace(requests=tuple(requests))


def note_nudge(memory: Memory, interview: str, now: datetime) -> Memory:
    """Return the memory with a nudge noted for the interview's open request."""
    return _changed(memory, interview, lambda request: request._replace(nudged=now, held=False))


def note_call(memory: Memory, interview: str, now: datetime) -> Memory:
    """Return the memory with a call noted for the interview's open request."""
    return _changed(memory, interview, lambda request: request._replace(called=now))


def note_decline(memory: Memory, interview: str, now: datetime) -> Memory:
    """Return the memory with it noted that they can offer no other time: the interview keeps the old one."""
    return _changed(memory, interview, lambda request: request._replace(declined=now))


def note_confirmation(memory: Memory, interview: str, now: datetime) -> Memory:
    """Return the memory with the written confirmation noted for the latest settled request."""
    return _latest_changed(memory, interview, lambda request: request._replace(confirmed=now))


def note_thanks(memory: Memory, interview: str) -> Memory:
    """Return the memory with the follow-up note written for the interview's latest request."""
    return _latest_changed(memory, interview, lambda request: request._replace(thanked=True))


def note_withdrawal(memory: Memory, withdrawal: Request) -> Memory:
    """Return the memory with the application withdrawn: the requests before it wait for nothing any more."""
    others = tuple(known for known in memory.requests if known.interview != withdrawal.interview)
    return add_request(memory._replace(requests=others), withdrawal)


def take_back(memory: Memory, interview: str, kind: str) -> Memory | None:
    """Return the memory without the last note of a kind of message, or `None` where none was noted.

    The kinds are those of `message --sent`: taking a request back takes with it what came after.
    """
    known = requests_of(memory, interview)
    if not known:
        return None
    last = known[-1]
    if kind in ("email", "voicemail", "withdraw", "missed") or (kind == "phone" and last.called is None):
        if last.held or (kind == "withdraw") != (last.withdrawn is not None):
            return None
        gone = rounds_of(memory, last)
        return memory._replace(requests=tuple(one for one in memory.requests if one not in gone))
    empty = {
        "nudge": last._replace(nudged=None),
        "phone": last._replace(called=None),
        "confirm": last._replace(confirmed=None),
        "follow-up": last._replace(thanked=False),
    }.get(kind)
    if empty is None or empty == last:
        return None
    return memory._replace(requests=tuple(empty if one is last else one for one in memory.requests))


def find_past(
    requests: Sequence[Request],
    start: datetime,
    now: datetime,
    waited: Callable[[Request, datetime], datetime],
) -> Past:
    """Return what was asked before about an interview that the calendar has at `start` now.

    An interview that stands elsewhere than when it was asked about has been moved, whoever wrote it down.
    """
    asked = [request for request in requests if not request.held or request.settled is not None]
    if not asked:
        return Past()
    last, sent = asked[-1], [request for request in asked if not request.held]
    moved = start if start != last.original else None
    since = last.nudged or last.asked
    return Past(
        requests=sum(request.withdrawn is None for request in sent or asked),
        reply=find_reply(last, start, now, waited),
        reason=last.reason,
        asked=last.asked,
        nudged=last.nudged,
        until=waited(last, since),
        agreed=last.settled or moved,
        withdrawn=last.withdrawn,
        together=last.together,
        told_elsewhere=last.is_told_elsewhere,
        missed=last.is_missed,
    )


def find_reply(
    request: Request, start: datetime, now: datetime, waited: Callable[[Request, datetime], datetime]
) -> Reply:
    """Return where a request stands when the calendar has the interview at `start` now (R25 to R27, R40)."""
    if request.withdrawn is not None:
        return Reply.WITHDRAWN
    if request.settled is not None or start != request.original:
        return _find_settled(request, start, now)
    if request.declined is not None:
        return Reply.DECLINED
    if request.original <= now and not request.is_missed:
        return Reply.CLOSED
    if request.called is not None:
        return Reply.CLOSED if request.is_missed else Reply.CALLED
    if (
        not request.is_missed
        and request.original - now < LITTLE_TIME
        and now - request.asked >= timedelta(hours=1)
    ):
        return Reply.SILENT
    if request.nudged is not None:
        return Reply.SILENT if waited(request, request.nudged) <= now else Reply.NUDGED
    return Reply.OVERDUE if waited(request, request.asked) <= now else Reply.WAITING


def _find_settled(request: Request, start: datetime, now: datetime) -> Reply:
    """Return where a request stands to which another time was agreed, or that was moved by somebody."""
    if request.settled is not None and request.settled != start == request.original:
        return Reply.AGREED
    if start <= now or request.thanked:
        return Reply.CLOSED
    if request.settled == request.original:  # the old time can stay: there is nothing to thank for
        return Reply.CLOSED
    return Reply.SETTLED if request.confirmed is None else Reply.CONFIRMED


def after_workday(moment: datetime, zone: str, countries: Iterable[str | None] = ()) -> datetime:
    """Return the instant, in UTC, when a full working day has passed since `moment`.

    That is the beginning, in `zone`, of the working day after the next one: asked on Monday, the answer may
    take all of Tuesday, and the nudge is due on Wednesday.
    """
    local = moment.astimezone(ZoneInfo(zone))
    day = nth_workday(local.date(), 2, countries)
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _changed(memory: Memory, interview: str, change: Callable[[Request], Request]) -> Memory:
    """Return the memory with the open request changed, for all rounds that it is about."""
    about = [one for known in requests_of(memory, interview) for one in rounds_of(memory, known)]
    requests = [change(r) if r in about and r.settled is None else r for r in memory.requests]
    return memory._replace(requests=tuple(requests))


def _latest_changed(memory: Memory, interview: str, change: Callable[[Request], Request]) -> Memory:
    """Return the memory with the latest request of an interview changed, if there is one."""
    known = requests_of(memory, interview)
    if not known:
        return memory
    last = known[-1]
    return memory._replace(requests=tuple(change(one) if one is last else one for one in memory.requests))
