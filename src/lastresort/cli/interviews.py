"""`lastresort interviews`: the interviews found, possible ones too, and what was read of each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.cli.files import write_private
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import inquire, open_screen, tell_losses, tell_memory
from lastresort.cli.streams import say
from lastresort.errors import UsageError
from lastresort.ics.itip import write_interviews
from lastresort.jobs.interviews import list_interviews
from lastresort.outputs.interviews import entries_of, interviews_csv, print_interviews
from lastresort.outputs.json import dump

if TYPE_CHECKING:
    from lastresort.jobs.interviews import Listing


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
    listing = list_interviews(inquire(source, question))
    tell_memory(listing.session)
    _print(listing, which, output)
    if which.ics:
        now = listing.session.query.now
        name = write_private(which.ics, write_interviews(entries_of(listing.found), now))
        say(f"wrote {name}")
    tell_losses(listing.session.agenda)
    return listing.exit_code


def _print(listing: Listing, which: InterviewsOptions, output: OutputOptions) -> None:
    zone = listing.session.agenda.zone
    if output.json:
        sys.stdout.write(dump(listing.document))
    elif which.csv:
        sys.stdout.write(interviews_csv(listing.found, zone))
    else:
        screen = open_screen(output)
        print_interviews(screen, listing.found, zone, verbose=output.verbose)
