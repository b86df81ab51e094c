"""`lastresort agenda`: every occurrence as the tool sees it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.cli import completion
from lastresort.cli.numbers import find_event, is_number, keep
from lastresort.cli.options import OutputOptions, SourceOptions
from lastresort.cli.run import name_sources, open_screen, start_run, tell_losses
from lastresort.errors import RefusedError, UsageError
from lastresort.jobs.agenda import Window, look
from lastresort.outputs.json import agenda_document, dump

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.ics.explain import Explanation
    from lastresort.model import Agenda


class AgendaOptions(NamedTuple):
    """What of the agenda is shown."""

    from_: Annotated[str | None, Option("--from", metavar="TIME", help="Start of the window.  [now]")] = None
    to: Annotated[
        str | None, Option("--to", metavar="TIME", help="End of it, not included.  [14 days later]")
    ] = None
    utc: Annotated[bool, Option("--utc", help="Times in UTC.")] = False
    problems: Annotated[
        bool, Option("--problems", help="Only what could not be read, or was read with a doubt.")
    ] = False
    explain: Annotated[
        str | None,
        Option(
            "--explain",
            metavar="UID|N",
            autocompletion=completion.events,
            help="Why the events with this UID, or this number in the last agenda, are read as they are.",
        ),
    ] = None


def agenda(source: SourceOptions, which: AgendaOptions, output: OutputOptions) -> int:
    """Show every event in the window as the tool sees it, busy or not, and why."""
    refused: RefusedError | None = None
    if is_number(which.explain):
        try:
            event = find_event(str(which.explain), source)
            source, which = event.asked(source), which._replace(explain=event.row.uid)
        except RefusedError as error:
            refused = error  # some programs give numbers as UIDs
    run = start_run(source)
    seen = look(run, name_sources(source, run.settings), Window(which.from_, which.to))
    if which.explain:
        try:
            found = seen.explain(which.explain.strip())
        except UsageError as error:
            raise refused or error from None
        _explain(found, seen.agenda, which, output, seen.now)
        return seen.exit_code
    _print(seen.agenda, which, output, seen.now)
    if not (output.json or which.problems):
        keep("events", run.invocation, run.settings.state, seen.agenda.occurrences, seen.agenda.zone)
    tell_losses(seen.agenda)
    return seen.exit_code


def _explain(
    found: Explanation, read: Agenda, which: AgendaOptions, output: OutputOptions, now: datetime
) -> None:
    from lastresort.outputs.explain import explanation_document, print_explanation

    if which.utc:
        read = read._replace(zone="UTC")
    if output.json:
        sys.stdout.write(dump(explanation_document(found, read, which.explain or "")))
        return

    screen = open_screen(output)
    print_explanation(screen, found, read, now)


def _print(read: Agenda, which: AgendaOptions, output: OutputOptions, now: datetime) -> None:
    if output.json:
        sys.stdout.write(dump(agenda_document(read, which.utc)))
        return

    from lastresort.outputs import terminal

    screen = open_screen(output)
    shown = read._replace(zone="UTC") if which.utc else read
    if not which.problems:
        terminal.print_agenda(screen, shown, now, every=output.verbose)
    terminal.print_problems(screen, read.problems, verbose=output.verbose or which.problems)
