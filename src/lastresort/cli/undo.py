"""`lastresort undo`: a change is taken back, byte for byte."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Argument, Option

from lastresort.changes.apply import Desk
from lastresort.changes.apply import undo as take_back
from lastresort.changes.disk import is_address
from lastresort.changes.journal import open_journal
from lastresort.cli.changing import check_again, open_calendars, tell
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.session import present, read_settings, system_zone
from lastresort.errors import RefusedError

if TYPE_CHECKING:
    from lastresort.changes.journal import Record


class UndoOptions(NamedTuple):
    """Which change."""

    id: Annotated[
        str | None,
        Argument(
            metavar="[ID]", help="The change, as 'lastresort log' names it.  [the last]", show_default=False
        ),
    ] = None
    now: Annotated[
        str | None, Option("--now", metavar="TIME", envvar="LASTRESORT_NOW", help="The present moment.")
    ] = None
    config: Annotated[str | None, Option("--config", metavar="FILE", help="Another configuration file.")] = (
        None
    )


def undo(own: UndoOptions, output: OutputOptions) -> int:
    """Take a change back, byte for byte, and check again.

    Refused when a file has changed since. Exit code: 0 done, 1 refused or failed, 2 wrong usage.
    """
    source = SourceOptions(now=own.now, config=own.config)
    settings = read_settings(source)
    try:
        journal = open_journal(settings.state)
    except OSError:
        raise RefusedError(f"there is no journal in {settings.state}") from None
    zone = settings.tz or system_zone()
    desk = Desk(journal, os.path.join(settings.state, "locks"), zone, present(own.now, "UTC"))
    if any(is_address(patch.path) for patch in journal.find(own.id).patches):
        desk = desk._replace(storage=open_calendars([entry.source for entry in settings.calendars], settings))
    outcome = take_back(own.id, desk)
    assert outcome.record is not None
    _forget(outcome.record, settings.state)
    for note in outcome.notes:
        tell(note, output)
    for words in outcome.record.what:
        tell(f"Taken back: {words}", output)
    sources = tuple(spec for spec in outcome.record.sources if os.path.exists(spec))
    if settings.calendars or sources:
        again = source if settings.calendars else source._replace(sources=list(sources))
        check_again(again, QuestionOptions(), output)
    return 0


def _forget(record: Record, state: str) -> None:
    """Take back what was remembered with the change: a settled request is open again, holds are none."""
    memo = record.memo
    if memo is None or not os.path.isfile(os.path.join(state, "memory.json")):
        return
    from lastresort.history.requests import release_request, reopen_request
    from lastresort.history.store import open_memory

    with open_memory(state) as book:
        memory = book.memory
        for name in memo.interviews:
            if memo.kind == "hold":
                memory = release_request(memory, name, record.when)
            elif memo.agreed is not None:
                memory = reopen_request(memory, name, memo.agreed)
        book.save(memory)
