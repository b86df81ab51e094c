"""Many people's calendars, answered one by one; a broken one does not affect the others."""

from __future__ import annotations

import os
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from lastresort.errors import LastResortError, UsageError
from lastresort.jobs.check import check, exit_code, find_report
from lastresort.jobs.session import open_session
from lastresort.outputs.json import VERSION
from lastresort.outputs.phrases import name_of, verdict_of
from lastresort.outputs.view import tell_what_it_takes
from lastresort.outputs.when import span
from lastresort.sources import is_remote, label
from lastresort.sources.interface import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from lastresort.jobs.session import Inquiry
    from lastresort.planning.report import Report

ORDER = (1, 4, 3, 5, 0)
"""Exit codes, the worst first."""
PROCESSES = 2
AHEAD = 4
"""People whose answers are worked out or kept while an earlier one is waited for, for each process."""
_FILES = (*ENDINGS, ".zip", ".eml")

Answer = TypeVar("Answer")


class OnePerson(NamedTuple):
    """Somebody whose calendars are answered by themselves."""

    name: str
    source: str


class PersonRow(NamedTuple):
    """The answer for one person, in a line."""

    person: str
    code: int
    sign: str = ""
    when: str = ""
    title: str = ""
    """The next interview that needs something, else the next one; empty for none."""
    says: str = ""
    """The verdict and what to do, or why there is none."""
    more: int = 0
    """Further interviews."""
    document: dict[str, Any] | None = None
    """As `check --json`, with the person."""


def find_people(sources: Sequence[str]) -> tuple[OnePerson, ...]:
    """Return a person for each source; for each file and folder in it where one folder alone is given.

    Raises UsageError when there is nobody.
    """
    if len(sources) == 1 and os.path.isdir(sources[0]):
        folder = sources[0]
        paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name[0] != "."]
        sources = [path for path in paths if os.path.isdir(path) or path.lower().endswith(_FILES)]
    if not sources:
        raise UsageError("--each: no calendar was named: give a folder with one for each person, or several")
    stems = [_name_of(source) for source in sources]
    return tuple(
        OnePerson(stem if stems.count(stem) == 1 else label(source), source)
        for stem, source in zip(stems, sources, strict=True)
    )


def _name_of(source: str) -> str:
    if is_remote(source) or source == "-":
        return label(source)
    return label(os.path.splitext(os.path.basename(source.rstrip("/")))[0])


def answer_person(name: str, inquiry: Inquiry, *, with_document: bool) -> PersonRow:
    """Return the answer for one person. Whatever goes wrong stands in it."""
    try:
        if not with_document:  # a row names no letter
            return _row(name, find_report(open_session(inquiry)))
        found = check(inquiry)
        return _row(name, found.report)._replace(document={**found.document, "person": name})
    except LastResortError as error:
        return _unanswered(name, str(error))
    except Exception as error:  # noqa: BLE001 (one person's calendar never ends the run of the others)
        return _unanswered(name, f"something inside broke ({type(error).__name__})")


def _row(name: str, report: Report) -> PersonRow:
    asking = [
        entry
        for entry in report.interviews
        if entry.verdict != "clear" or entry.advice.decision == "withdraw"
    ]
    shown = next(iter(asking or report.interviews), None)
    unread = "not everything could be read" if report.agenda.is_incomplete else ""
    if shown is None:
        return PersonRow(person=name, code=exit_code(report), says=unread or "no interview")
    occurrence, zone, now = shown.interview.occurrence, report.agenda.zone, report.query.now
    sign, _ = verdict_of(shown)
    return PersonRow(
        person=name,
        code=exit_code(report),
        sign=sign,
        when=span(occurrence.interval, zone, now, all_day=occurrence.all_day),
        title=name_of(shown),
        says="; ".join(filter(None, (tell_what_it_takes(shown), unread))),
        more=len(report.interviews) - 1,
    )


def _unanswered(name: str, why: str) -> PersonRow:
    document = {"version": VERSION, "person": name, "error": why}
    return PersonRow(name, 1, says=why, document=document)


def lost_row(person: OnePerson) -> PersonRow:
    """Return the answer for somebody whose calendar ended the process that read it."""
    return _unanswered(person.name, "reading it took more memory than there is")


def worst_of(codes: Iterable[int]) -> int:
    """Return the exit code of a run over many people."""
    return min(codes, key=ORDER.index, default=0)


def answer_each(
    people: Sequence[OnePerson], work: Callable[[OnePerson], Answer], lost: Callable[[OnePerson], Answer]
) -> Iterator[Answer]:
    """Yield the answer for each person in their order, worked out in two processes.

    `work` has to be a function that another process can import. Where it ends its process, `lost` gives the
    answer. Only a few answers are kept at a time.
    """
    processes = min(PROCESSES, os.cpu_count() or 1, len(people))
    if processes < 2:
        yield from map(work, people)
        return
    waiting = iter(people)
    running: deque[tuple[OnePerson, Future[Answer] | None]] = deque()
    pool = _open_pool(processes)
    try:
        while True:
            while len(running) < processes * AHEAD and (person := next(waiting, None)) is not None:
                running.append((person, _submit(pool, work, person)))
            if not running:
                return
            person, future = running.popleft()
            try:
                answer = _result_of(future)
            except BrokenProcessPool:
                answer = _alone(person, work, lost)
                pool = _open_pool(processes)
                running = deque((other, _submit(pool, work, other)) for other, _ in running)
            yield answer
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(
    pool: ProcessPoolExecutor, work: Callable[[OnePerson], Answer], person: OnePerson
) -> Future[Answer] | None:
    """Return the answer to come; `None` when a process has ended meanwhile, and the pool with it."""
    try:
        return pool.submit(work, person)
    except BrokenProcessPool:
        return None


def _result_of(future: Future[Answer] | None) -> Answer:
    """Wait for an answer. Raises BrokenProcessPool where a process has ended without it."""
    if future is None:
        raise BrokenProcessPool
    return future.result()


def _alone(
    person: OnePerson, work: Callable[[OnePerson], Answer], lost: Callable[[OnePerson], Answer]
) -> Answer:
    """Return the answer in a process of its own: another person's calendar may have ended the first."""
    with _open_pool(1) as pool:
        try:
            return pool.submit(work, person).result()
        except BrokenProcessPool:
            return lost(person)


def _open_pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_leave_stopping_to_parent
    )


def _leave_stopping_to_parent() -> None:
    """Ctrl-C reaches every process of a terminal; the first one ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
