"""The main job: what clashes with the interviews, and the cheapest way to keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.jobs.remembered import background_of
from lastresort.jobs.run import is_incomplete
from lastresort.jobs.session import options_of_poll
from lastresort.planning.check import check as find_answer

if TYPE_CHECKING:
    from lastresort.jobs.session import Session
    from lastresort.model import Occurrence
    from lastresort.planning.check import Report


def find_report(session: Session) -> Report:
    """Return the decision on what was read, with what earlier runs noted and how the clocks differ.

    The options of a poll are times of one interview: it is decided on as if it stood at the cheapest of them.
    """
    options = options_of_poll(session)
    choices: list[tuple[Occurrence, ...]] = [(one,) for one in options] or [session.invited]
    reports = [
        find_answer(
            session.agenda,
            session.query,
            session.places,
            invited,
            session.interviewer_busy,
            background_of(session),
        )
        for invited in choices
    ]
    report = min(reports, key=_burden)
    if not any(entry.slots for entry in report.interviews):
        return report
    from lastresort.jobs.drafting import with_differences

    return with_differences(report)


def _burden(report: Report) -> tuple[int, float, int]:
    """What a report asks of me: requests, then points, then clashes to look at."""
    clashes = sum(len(entry.conflicts) for entry in report.interviews)
    return report.sum.given_up, report.sum.points, clashes


def exit_code(report: Report) -> int:
    """Return the contract's code: a clash found wins over what could not be read."""
    verdicts = {entry.verdict for entry in report.interviews}
    if "reschedule" in verdicts:
        return 4
    if "rearrange" in verdicts:
        return 3
    return 5 if is_incomplete(report.agenda) else 0
