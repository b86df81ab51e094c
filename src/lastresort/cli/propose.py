"""`lastresort propose`: times to offer on demand, whatever clashes."""

from __future__ import annotations

import sys
from typing import Annotated, NamedTuple

from typer import Option

from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import inquire, open_screen, tell_memory, tell_unsigned
from lastresort.jobs import propose as job
from lastresort.outputs.json import dump
from lastresort.outputs.steps import tell_steps


class ProposeOptions(NamedTuple):
    """What is offered."""

    windows: Annotated[
        bool, Option("--windows", help="Every free stretch, instead of two or three times.")
    ] = False


def propose(
    source: SourceOptions, own: ProposeOptions, question: QuestionOptions, output: OutputOptions
) -> int:
    """Offer times: another date for one interview, or a plain "send me your availability".

    The interview is the only one found, or the one of --interview, --invite or --at; --for 45m alone answers
    the plain question.

    Exit code, as `check`: 0 nothing clashes with it, 3 rearranging would keep it, 4 it needs the last resort,
    5 not everything could be read, 1 failed, 2 wrong usage.
    """
    found = job.propose(inquire(source, question), windows=own.windows)
    tell_memory(found.session)
    if output.json:
        sys.stdout.write(dump(found.document))
        return found.exit_code
    from lastresort.outputs import terminal

    screen = open_screen(output)
    now, zone = found.session.query.now, found.session.agenda.zone
    steps = tell_steps(found.entry, zone, now, found.session.run) if found.entry else ()
    terminal.print_slots(screen, found.slots, now, more=found.more, steps=steps, drafts=found.drafts)
    if not (all(found.session.settings.signature) or output.quiet):
        tell_unsigned()
    return found.exit_code
