"""`lastresort interviews`: the interviews found, possible ones too, and what was read of each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.cli.files import write_private
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import open_session, tell_losses
from lastresort.errors import UsageError
from lastresort.interviews.detection import find_interviews
from lastresort.jobs.run import is_incomplete

if TYPE_CHECKING:
    from lastresort.interviews.detection import Candidates


class InterviewsOptions(NamedTuple):
    """In which form they are given."""

    csv: Annotated[bool, Option("--csv", help="A table for spreadsheets on standard output.")] = False
    ics: Annotated[
        str | None, Option("--ics", metavar="FILE", help="Also write them as a calendar file.")
    ] = None


def interviews(
    source: SourceOptions, question: QuestionOptions, which: InterviewsOptions, output: OutputOptions
) -> int:
    """List the interviews of the coming days, possible ones too, and what was read of each.

    Exit code: 0, 5 when not everything could be read, 1 failed, 2 wrong usage.
    """
    if which.csv and output.json:
        raise UsageError("--csv and --json both want standard output: give one of them")
    session = open_session(source, question)
    found = find_interviews(session.agenda, session.query, session.invited, session.places)
    _print(found, session.agenda.zone, which, output)
    if which.ics:
        from lastresort.ics.itip import write_interviews
        from lastresort.outputs.interviews import entries_of

        name = write_private(which.ics, write_interviews(entries_of(found), session.query.now))
        print(f"lastresort: wrote {name}", file=sys.stderr)
    tell_losses(session.agenda)
    return 5 if is_incomplete(session.agenda) else 0


def _print(found: Candidates, zone: str, which: InterviewsOptions, output: OutputOptions) -> None:
    from lastresort.outputs.interviews import interviews_csv, interviews_document, print_interviews

    if output.json:
        from lastresort.outputs.json import dump

        sys.stdout.write(dump(interviews_document(found, zone)))
    elif which.csv:
        sys.stdout.write(interviews_csv(found, zone))
    else:
        from lastresort.outputs.terminal import open_page

        page = open_page(color=not output.no_color, ascii_only=output.ascii)
        print_interviews(page, found, zone, verbose=output.verbose)
