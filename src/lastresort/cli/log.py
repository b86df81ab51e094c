"""`lastresort log`: the changes that were made to calendars."""

from __future__ import annotations

import os
import sys
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from typer import Option

from lastresort.changes.journal import Journal, Unreadable
from lastresort.cli.options import ConfigFile, OutputOptions, SourceOptions
from lastresort.cli.run import open_screen, present, read_settings
from lastresort.jobs.run import system_zone
from lastresort.outputs.json import dump
from lastresort.outputs.when import clock, day
from lastresort.text import one_line
from lastresort.zones.names import find_zone

if TYPE_CHECKING:
    from lastresort.changes.journal import Record


class LogOptions(NamedTuple):
    """How much is listed."""

    number: Annotated[int, Option("--number", "-n", min=1, help="How many changes, the latest first.")] = 20
    config: ConfigFile = None


def log(own: LogOptions, output: OutputOptions) -> int:
    """List the changes made to calendars, the latest first, with the names that 'lastresort undo' takes."""
    settings = read_settings(SourceOptions(config=own.config))
    journal = Journal(os.path.join(settings.state, "journal"))
    records = tuple(islice(journal.entries(), own.number))
    if output.json:
        sys.stdout.write(dump({"version": 1, "changes": [_document(record) for record in records]}))
        return 0
    screen, now = open_screen(output), present(None, "UTC")
    zone = find_zone(settings.tz, now) if settings.tz else ""
    if not records:
        screen.line("Nothing was changed yet.")
    for record in records:
        if isinstance(record, Unreadable):
            screen.line(record.told)
            continue
        mine = zone or record.zone or system_zone()
        when = f"{day(record.when, mine, now)} {clock(record.when, mine)}"
        screen.line(f"{record.id}  {when}  {record.state}")
        for words in record.what:
            screen.line(one_line(words), indent=2)
    return 0


def _document(record: Record | Unreadable) -> dict[str, Any]:
    if isinstance(record, Unreadable):
        return {"id": record.id, "when": None, "state": "unreadable", "what": [record.told], "files": []}
    return {
        "id": record.id,
        "when": record.when.isoformat(),
        "state": str(record.state),
        "what": list(record.what),
        "files": [patch.path for patch in record.patches],
    }
