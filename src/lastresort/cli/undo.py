"""`lastresort undo`: a change is taken back, byte for byte."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NamedTuple

import typer
from typer import Argument

from lastresort.changes.apply import undo as take_back
from lastresort.changes.disk import is_address
from lastresort.cli import completion
from lastresort.cli.changing import check_again, tell
from lastresort.cli.numbers import as_reported
from lastresort.cli.options import ConfigFile, OutputOptions, PresentMoment, QuestionOptions, SourceOptions
from lastresort.cli.run import present, read_settings
from lastresort.cli.streams import after_the_change
from lastresort.errors import RefusedError
from lastresort.jobs.carrying_out import forget
from lastresort.jobs.run import system_zone
from lastresort.jobs.workbench import open_bench_to_undo, reach_changed
from lastresort.sources.addresses import user_of
from lastresort.zones.names import find_zone

PASSWORD = "LASTRESORT_PASSWORD"  # noqa: S105 - the variable's name
"""Holds the password of a server that was named on the command line alone, for `undo`."""


TAKEN_BACK = "the change is taken back"
"""What stands then."""


class UndoOptions(NamedTuple):
    """Which change."""

    id: Annotated[
        str | None,
        Argument(
            metavar="[ID]",
            autocompletion=completion.changes,
            help="The change, as 'lastresort log' names it.  [the last]",
            show_default=False,
        ),
    ] = None
    now: PresentMoment = None
    config: ConfigFile = None


def undo(own: UndoOptions, output: OutputOptions) -> int:
    """Take a change back, byte for byte, and check again.

    Refused when a file has changed since. Exit code: 0 done, 1 refused or failed, 2 wrong usage.
    """
    source = SourceOptions(now=own.now, config=own.config)
    settings = read_settings(source)
    zone = find_zone(settings.tz, present(own.now, "UTC")) if settings.tz else system_zone()
    bench = open_bench_to_undo(settings, present(own.now, zone), zone=zone, config=own.config)
    bench = reach_changed(bench.journal.find(own.id), bench, settings, _ask_password)
    outcome = take_back(own.id, bench)
    record = outcome.record
    assert record is not None
    with after_the_change(TAKEN_BACK):
        for words in forget(record, settings.state):
            print(f"lastresort: {words}", file=sys.stderr)
        for words in outcome.notes:
            tell(words, output)
        for words in record.what:
            tell(f"Taken back: {words}", output)
    sources = [spec for spec in record.sources if _can_be_read(spec)]
    if settings.calendars or sources:
        again = source if settings.calendars else as_reported(source._replace(sources=sources))
        check_again(again, QuestionOptions(), output, TAKEN_BACK)
    return 0


def _ask_password(host: str) -> str:
    """Return the password that stood in the address a change was made with: none is kept.

    Raises RefusedError where it stands in no variable and nobody can be asked.
    """
    known = os.environ.get(PASSWORD)
    if known is not None:
        return known
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise RefusedError(
            f"{host}: asks for the password that stood in the calendar's address, which is not kept; put it "
            f"into the variable {PASSWORD}, or the calendar into the configuration"
        )
    return str(typer.prompt(f"Password of {host}", hide_input=True, err=True))


def _can_be_read(spec: str) -> bool:
    """Tell whether a source can be checked again: it is there, and needs no password that was not kept."""
    return not user_of(spec) if is_address(spec) else os.path.exists(spec)
