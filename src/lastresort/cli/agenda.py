"""`lastresort agenda`: every occurrence as the tool sees it."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.cli.options import OutputOptions, SourceOptions
from lastresort.cli.run import name_sources, present, start_run, tell_losses
from lastresort.errors import UsageError
from lastresort.jobs.run import is_incomplete
from lastresort.model import Agenda, Interval
from lastresort.outputs.json import agenda_document, dump
from lastresort.times.single import parse_time

if TYPE_CHECKING:
    from lastresort.ics.explain import Explanation


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
        Option("--explain", metavar="UID", help="Why the events with this UID are read as they are."),
    ] = None


def agenda(source: SourceOptions, which: AgendaOptions, output: OutputOptions) -> int:
    """Show every event in the window as the tool sees it, busy or not, and why."""
    run = start_run(source)
    now, zone = run.now, run.zone
    window = _window(which, now, zone)
    day = timedelta(days=1)  # the window may move by as much as zones differ
    calendars = run.open(name_sources(source, run.settings), window.widened(day, day))
    read = calendars.read(window)
    if not run.home and read.zone != zone and (which.from_ or which.to or source.now):
        # bare times mean the calendar's zone, which is known only now
        now = present(source.now, read.zone)
        read = calendars.read(_window(which, now, read.zone))
    if which.explain:
        _explain(calendars.explain(which.explain.strip(), read), read, which, output, now)
        return 5 if is_incomplete(read) else 0
    _print(read, which, output, now)
    tell_losses(read)
    return 5 if is_incomplete(read) else 0


def _window(which: AgendaOptions, now: datetime, zone: str) -> Interval:
    start = parse_time(which.from_, zone, now) if which.from_ else now
    end = parse_time(which.to, zone, now) if which.to else start + timedelta(days=14)
    if end <= start:
        raise UsageError("the window is empty: --to has to come after --from")
    return Interval(start, end)


def _explain(
    found: Explanation, read: Agenda, which: AgendaOptions, output: OutputOptions, now: datetime
) -> None:
    from lastresort.outputs.explain import explanation_document, print_explanation

    if which.utc:
        read = read._replace(zone="UTC")
    if output.json:
        sys.stdout.write(dump(explanation_document(found, read, which.explain or "")))
        return

    from lastresort.outputs.terminal import open_page

    page = open_page(color=not output.no_color, ascii_only=output.ascii)
    print_explanation(page, found, read, now)


def _print(read: Agenda, which: AgendaOptions, output: OutputOptions, now: datetime) -> None:
    if output.json:
        sys.stdout.write(dump(agenda_document(read, which.utc)))
        return

    from lastresort.outputs import terminal

    page = terminal.open_page(color=not output.no_color, ascii_only=output.ascii)
    shown = read._replace(zone="UTC") if which.utc else read
    if not which.problems:
        terminal.print_agenda(page, shown, now, every=output.verbose)
    terminal.print_problems(page, read.problems, verbose=output.verbose or which.problems)
