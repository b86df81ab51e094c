"""Requests that were made: not twice for one interview (R5), and none forgotten (R25, R27)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lastresort.advice.situation import Reply
    from lastresort.history.records import Memory, Request

KEPT = timedelta(days=90)
"""How long a request is remembered after the interview it was about."""


class Reminder(NamedTuple):
    """Something that is due: a nudge or a call (R27), or the note of thanks once it is settled (R25)."""

    kind: Literal["nudge", "call", "follow-up"]
    rule: str
    request: Request


def requests_of(memory: Memory, interview: str) -> tuple[Request, ...]:
    """Return the requests made for an interview, the first one first."""
    return tuple(request for request in memory.requests if request.interview == interview)


def add_request(memory: Memory, request: Request) -> Memory:
    """Return the memory with a request made, and without those that are long over."""
    kept = [known for known in memory.requests if _last_day(known) + KEPT > request.asked]
    return memory._replace(requests=(*kept, request))


def settle_request(memory: Memory, interview: str, start: datetime) -> Memory:
    """Return the memory with the interview's open request settled: it takes place at `start`."""
    return _changed(memory, interview, lambda request: request._replace(settled=start))


def hold_request(memory: Memory, held: Request) -> Memory:
    """Return the memory with the times noted that are held for an interview, in place of others held before.

    A request that was sent, and is open, keeps what it offered.
    """
    open_ = [known for known in requests_of(memory, held.interview) if known.settled is None]
    if any(not known.held for known in open_):
        return memory
    kept = tuple(known for known in memory.requests if known not in open_)
    return add_request(memory._replace(requests=kept), held)


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
                and known.settled is known.nudged is None
            )
        )
    )


def reopen_request(memory: Memory, interview: str, start: datetime) -> Memory:
    """Return the memory with the request open again that was settled for `start`."""
    requests = (
        known._replace(settled=None, thanked=False)
        if known.interview == interview and known.settled == start
        else known
        for known in memory.requests
    )
    return memory._replace(requests=tuple(requests))


def note_nudge(memory: Memory, interview: str, now: datetime) -> Memory:
    """Return the memory with a nudge noted for the interview's open request."""
    return _changed(memory, interview, lambda request: request._replace(nudged=now))


def note_thanks(memory: Memory, interview: str) -> Memory:
    """Return the memory with the follow-up note written for a settled request."""
    settled = [
        request._replace(thanked=True) if _is_thankless(request, interview) else request
        for request in memory.requests
    ]
    return memory._replace(requests=tuple(settled))


def forget_requests(memory: Memory, interview: str) -> Memory:
    """Return the memory without the requests for an interview: the application was withdrawn."""
    return memory._replace(requests=tuple(r for r in memory.requests if r.interview != interview))


def find_reply(
    request: Request, start: datetime, now: datetime, waited: Callable[[datetime], datetime]
) -> Reply:
    """Return where a request stands when the calendar has the interview at `start` now.

    An interview that stands elsewhere than when it was asked about has been moved, whoever wrote it down.
    """
    if request.settled is not None and request.settled != start == request.original:
        return "agreed"
    if request.settled is not None or start != request.original:
        return "none" if request.thanked else "settled"
    return "overdue" if waited(request.nudged or request.asked) <= now else "waiting"


def find_reminders(
    memory: Memory, now: datetime, waited: Callable[[datetime], datetime]
) -> tuple[Reminder, ...]:
    """Return what is due, oldest request first. `waited` tells when a working day has passed."""
    found = (_remind(request, now, waited) for request in sorted(memory.requests, key=lambda r: r.asked))
    return tuple(reminder for reminder in found if reminder)


def after_workday(moment: datetime, zone: str, countries: Iterable[str | None] = ()) -> datetime:
    """Return the instant, in UTC, when a working day has passed: the same local time on the next one."""
    from lastresort.planning.workdays import nth_workday

    local = moment.astimezone(ZoneInfo(zone))
    day = nth_workday(local.date(), 1, countries)
    return datetime.combine(day, local.time(), ZoneInfo(zone)).astimezone(UTC)


def _remind(request: Request, now: datetime, waited: Callable[[datetime], datetime]) -> Reminder | None:
    if request.settled is not None:
        over = request.thanked or request.settled <= now
        return None if over else Reminder("follow-up", "R25", request)
    if request.original <= now:
        return None
    if request.nudged is not None:
        return Reminder("call", "R27", request) if waited(request.nudged) <= now else None
    return Reminder("nudge", "R27", request) if waited(request.asked) <= now else None


def _changed(memory: Memory, interview: str, change: Callable[[Request], Request]) -> Memory:
    requests = [change(r) if r.interview == interview and r.settled is None else r for r in memory.requests]
    return memory._replace(requests=tuple(requests))


def _is_thankless(request: Request, interview: str) -> bool:
    return request.interview == interview and request.settled is not None and not request.thanked


def _last_day(request: Request) -> datetime:
    return max(request.original, request.settled or request.original)
