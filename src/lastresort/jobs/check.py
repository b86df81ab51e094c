"""The main job: what clashes with the interviews, and the cheapest way to keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.jobs.remembered import background_of, due
from lastresort.jobs.session import open_session
from lastresort.outputs.json import report_document
from lastresort.planning.check import check as find_answer

if TYPE_CHECKING:
    from lastresort.jobs.session import Inquiry, Session
    from lastresort.messages.compose import Drafts
    from lastresort.outputs.reminders import Due
    from lastresort.planning.report import Report


class Checked(NamedTuple):
    """What was decided, what is to be said about it, and what is due."""

    session: Session
    report: Report
    drafts: dict[int, Drafts]
    """What is to be said next about an interview, by its place in the report."""
    reminders: tuple[Due, ...]

    @property
    def exit_code(self) -> int:
        """0: nothing clashes; 3: rearranging resolves it; 4: the last resort; 5: not everything was read."""
        return exit_code(self.report)

    @property
    def document(self) -> dict[str, Any]:
        """The answer as `check --json` has it."""
        return report_document(self.report, self.drafts, self.reminders, run=self.session.run)


def check(inquiry: Inquiry) -> Checked:
    """Return what clashes with the interviews, and the cheapest way to keep them."""
    return decide(open_session(inquiry), inquiry.question.language)


def decide(session: Session, language: str | None = None) -> Checked:
    """Return the decision on what was read, with the messages in a language, or in that of the invitation."""
    report = find_report(session)
    return Checked(session, report, _compose(report, session, language), due(session, report))


def _compose(report: Report, session: Session, language: str | None) -> dict[int, Drafts]:
    interviews = report.interviews
    if not any(one.verdict == "reschedule" or one.advice.decision == "withdraw" for one in interviews):
        return {}  # nobody is written to
    from lastresort.jobs.drafting import compose_drafts  # with the letters: most runs need none

    return compose_drafts(report, session, language)


def find_report(session: Session) -> Report:
    """Return the decision on what was read, with what earlier runs noted and how the clocks differ.

    The options of a poll are times of one interview: it is decided on as if it stood at the cheapest of them.
    """
    chosen: tuple[str, ...] = ()
    report = _decided(session, chosen)
    for options in [entry.interview.options for entry in report.interviews if entry.interview.options]:
        tried = ((*chosen, one.event.uid or "") for one in options[:_MOST_OPTIONS])
        report, chosen = min(
            ((_decided(session, uids), uids) for uids in tried), key=lambda pair: _burden(pair[0])
        )
    if not any(entry.slots for entry in report.interviews):
        return report
    from lastresort.jobs.drafting import with_differences

    return with_differences(report)


_MOST_OPTIONS = 8
"""Options of one poll that are tried."""


def _decided(session: Session, options: tuple[str, ...]) -> Report:
    """Return the decision with these options of polls, by UID."""
    return find_answer(
        session.agenda,
        session.query._replace(options=options),
        session.places,
        invited=session.invited,
        interviewer_busy=session.interviewer_busy,
        background=background_of(session),
    )


def _burden(report: Report) -> tuple[int, float, int]:
    """Return what a report asks of me: requests, then points, then clashes to look at."""
    clashes = sum(len(entry.conflicts) for entry in report.interviews)
    return report.sum.given_up, report.sum.points, clashes


def exit_code(report: Report) -> int:
    """Return the contract's code: a clash found wins over what could not be read."""
    verdicts = {entry.verdict for entry in report.interviews}
    if "reschedule" in verdicts:
        return 4
    if "rearrange" in verdicts:
        return 3
    return 5 if report.agenda.is_incomplete else 0
