"""`lastresort conflicts`: every double booking in the window, interviews or not."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.cli.news import hold_memory, save_memory
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions, setting
from lastresort.cli.run import inquire, open_screen, tell_losses
from lastresort.cli.streams import say
from lastresort.history.double_bookings import find_new
from lastresort.jobs.agenda import Window
from lastresort.jobs.conflicts import find_double_bookings
from lastresort.outputs.conflicts import print_conflicts
from lastresort.outputs.json import dump

if TYPE_CHECKING:
    from lastresort.jobs.conflicts import DoubleBookings


class ConflictsOptions(NamedTuple):
    """Where it is looked, and what is told."""

    from_: Annotated[str | None, Option("--from", metavar="TIME", help="Start of the window.  [now]")] = None
    to: Annotated[
        str | None, Option("--to", metavar="TIME", help="End of it, not included.  [--days later]")
    ] = None
    days: Annotated[int | None, setting("days")] = None
    new_only: Annotated[
        bool, Option("--new-only", help="Speak only of what earlier runs have not told; silent otherwise.")
    ] = False


def conflicts(source: SourceOptions, which: ConflictsOptions, output: OutputOptions) -> int:
    """List every two events that take the same time, interviews or not.

    What takes no time (free, declined, cancelled, birthdays) is left out; where one of the two may take none
    (tentative, unanswered, all-day), a person has to look.

    Exit code: 0 none, 3 two events certainly take the same time, 5 none, but not everything could be read,
    1 failed, 2 wrong usage.
    """
    found = find_double_bookings(
        inquire(source, QuestionOptions(days=which.days)), Window(which.from_, which.to)
    )
    if which.new_only:
        return _tell_new(found, output)
    _print(found, output)
    tell_losses(found.agenda)
    return found.exit_code


def _tell_new(found: DoubleBookings, output: OutputOptions) -> int:
    """Tell what earlier runs have not told; it counts as told once it was printed."""
    with ExitStack() as stack:
        book = hold_memory(stack, found.state)
        new = find_new(book.memory.double_bookings, found.found.pairs, found.agenda, found.now)
        told = found._replace(found=found.found._replace(pairs=new.pairs))
        after = book.memory._replace(double_bookings=new.after)
        if after != book.memory:
            save_memory(book, book.memory)  # proves that there is room, before anything is said
        if output.json or new.pairs:
            _print(told, output)
            sys.stdout.flush()
        if new.is_unread_new:
            tell_losses(found.agenda)
        if book.told:
            say(book.told)
        if after != book.memory:
            save_memory(book, after)
    return 0 if told.exit_code == 5 and not new.is_unread_new else told.exit_code


def _print(found: DoubleBookings, output: OutputOptions) -> None:
    if output.json:
        sys.stdout.write(dump(found.document))
        return
    screen = open_screen(output)
    print_conflicts(screen, found.found, found.agenda, found.now)
