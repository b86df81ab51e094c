"""`lastresort check`: the main job."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lastresort.cli.options import CheckOptions, FileOptions, OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.session import is_incomplete, open_session, tell_losses
from lastresort.scheduling.check import check as find_answer

NO_FILES = FileOptions()

if TYPE_CHECKING:
    from lastresort.cli.session import Session
    from lastresort.messages import Drafts
    from lastresort.scheduling.check import InterviewReport, Report


def check(
    source: SourceOptions,
    question: QuestionOptions,
    output: OutputOptions,
    files: FileOptions,
    own: CheckOptions,
) -> int:
    """Find the interviews, what clashes with them, and the cheapest way to keep them.

    Where there is none: times to offer in the interviewer's zone, and the message to send.

    Exit code: 0 nothing clashes, 3 rearranging resolves everything, 4 an interview needs the last resort,
    5 nothing was found but not everything could be read, 1 failed, 2 wrong usage.
    """
    if own.json_schema:
        from lastresort.outputs.schema import check_schema

        sys.stdout.write(check_schema())
        return 0
    session = open_session(source, question)
    report = answer(session, question.language, output, files)
    return exit_code(report)


def answer(
    session: Session, language: str | None, output: OutputOptions, files: FileOptions = NO_FILES
) -> Report:
    """Decide, compose what has to be said, print, write the files asked for; return the report."""
    report = find_answer(
        session.agenda, session.query, session.places, session.invited, session.interviewer_busy
    )
    drafts = compose_drafts(report, session, language)
    print_answer(report, drafts, output)
    if files != NO_FILES:
        from lastresort.cli.files import write_files

        for name in write_files(files, report, session, drafts):
            print(f"lastresort: wrote {name}", file=sys.stderr)
    return report


def exit_code(report: Report) -> int:
    """Return the contract's code: a clash found wins over what could not be read."""
    verdicts = {entry.verdict for entry in report.interviews}
    if "reschedule" in verdicts:
        return 4
    if "rearrange" in verdicts:
        return 3
    return 5 if is_incomplete(report.agenda) else 0


def compose_drafts(report: Report, session: Session, language: str | None) -> dict[int, Drafts]:
    """Return the messages for the interviews that have to move, by their place in the report."""
    return {
        place: compose_for(entry, session, language)
        for place, entry in enumerate(report.interviews)
        if entry.verdict == "reschedule"
    }


def compose_for(entry: InterviewReport, session: Session, language: str | None) -> Drafts:
    """Return what is said to move one interview, offering its slots."""
    from lastresort.messages import Signature, choose_language, compose_reschedule, letter_about

    interview, query, settings = entry.interview, session.query, session.settings
    letter = letter_about(
        interview,
        query.now,
        reason=query.reason,
        slots=[slot.interval for slot in entry.slots],
        signature=Signature(*settings.signature),
    )
    spoken = language or settings.language
    code, _ = choose_language(spoken, interview.occurrence.event.language, interview.interviewer.country)
    return compose_reschedule(letter, code, speak=entry.advice.channel == "phone")


def print_answer(report: Report, drafts: dict[int, Drafts], output: OutputOptions) -> None:
    """Print the report, for programs or for people; what could not be read goes to standard error as well."""
    if output.json:
        from lastresort.outputs.json import dump, report_document

        sys.stdout.write(dump(report_document(report, drafts)))
        tell_losses(report.agenda)
        return
    from lastresort.outputs import terminal

    page = terminal.open_page(color=not output.no_color, ascii_only=output.ascii)
    terminal.print_report(page, report, drafts, quiet=output.quiet, verbose=output.verbose)
    tell_losses(report.agenda)
