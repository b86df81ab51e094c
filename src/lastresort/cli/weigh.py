"""`lastresort weigh`: the recruiter named times; which of them costs least to keep."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from lastresort.changes.journal import Memo
from lastresort.changes.plan import holds_of
from lastresort.cli.changing import (
    ChangeOptions,
    ChangeRun,
    ChangeTask,
    hand_out,
    is_asked,
    note,
    perform,
    put_right,
    tell,
)
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import inquire, open_screen, tell_memory, tell_unsigned
from lastresort.cli.streams import after_the_change, before_the_change, say
from lastresort.errors import UsageError
from lastresort.history.requests import hold_named, remembered_name
from lastresort.jobs import weigh as job
from lastresort.jobs.follow_up import request_about
from lastresort.jobs.plan import steps_to_hold
from lastresort.outputs.json import dump
from lastresort.outputs.when import span
from lastresort.sources.written import open_written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.jobs.weigh import Answer, Weighing


class WeighOptions(NamedTuple):
    """The times that were named."""

    offer: Annotated[
        list[str] | None,
        Option(
            "--offer",
            metavar="TIME",
            help='Times they named, as they wrote them: "Tue 2-4pm or Wed 10:00 ET". Several times.',
        ),
    ] = None
    from_: Annotated[
        str | None,
        Option(
            "--from",
            metavar="FILE",
            help="What they wrote: a mail (.eml), a text, a poll (.ics), - for standard input.",
        ),
    ] = None
    hold: Annotated[
        bool, Option("--hold", help="Hold those that can be kept, as tentative events, until 'settle'.")
    ] = False


def weigh(
    source: SourceOptions,
    own: WeighOptions,
    question: QuestionOptions,
    options: ChangeOptions,
    output: OutputOptions,
) -> int:
    """Understand the times that they named, rank them by what each would cost to keep, and accept the best.

    With --hold those that can be kept are held in the calendar; 'settle --slot N' counts them as they are
    held, and releases the others. 'lastresort undo' takes the holds back.

    Exit code: 0 one of them is free, 3 one can be kept by rearranging, 4 none can or none is clear, 5 free
    as far as could be read, 1 failed, 2 wrong usage.
    """
    if not own.hold and options != ChangeOptions():
        raise UsageError("--dry-run, --yes and --drafts belong to --hold: without it nothing is changed")
    if own.from_ == "-" and "-" in (source.sources or ()):
        raise UsageError("standard input can be the calendar or what they wrote, not both")
    if own.hold:
        put_right(source)
    stdin = sys.stdin.buffer if own.from_ == "-" else None
    written = open_written(own.from_, stdin=stdin) if own.from_ else None
    words = job.Words(tuple(own.offer or ()), written)
    answer = job.weigh(inquire(source, question), words)
    if own.hold and answer.interview is None:
        raise UsageError("--hold has to know which interview the times are for: name it with --interview")
    tell_memory(answer.session)
    for problem in answer.named.problems:
        say(problem.message)
    if own.hold and not options.dry_run:
        is_asked(options)  # nothing is printed before a refusal
    with before_the_change(only_looks=options.dry_run or not own.hold):
        if not (options.dry_run and output.json):  # then the changes are the document
            _print(answer, output)
    if answer.drafts and not (all(answer.session.settings.signature) or output.json or output.quiet):
        tell_unsigned()
    if own.hold and answer.interview:
        run = ChangeRun(answer.session, source, question, options, output)
        stands = _hold(answer.possible, answer.interview, run)
        with after_the_change(stands, told=True):
            if options.drafts and answer.drafts:
                hand_out([answer.drafts.mail], run)
    return answer.exit_code


# -- holds ---------------------------------------------------------------------------------------------------


def _hold(possible: Sequence[Weighing], interview: Interview, run: ChangeRun) -> str:
    """Hold the times in the calendar, and note them in their order; the time it has now needs no hold.

    Returns what stands then; empty where nothing was changed.
    """
    session, output = run.session, run.output
    present = interview.occurrence.interval
    slots = list(dict.fromkeys(one.weighed.interval for one in possible if one.weighed.interval != present))
    if not slots:
        tell("None of these times can be held.", output)
        return ""
    held = {one.interval for one in holds_of(interview.occurrence, session.agenda)}
    for number, slot in enumerate(slots, 1):
        if slot in held:
            tell(
                f"Held already as slot {number}: {span(slot, session.agenda.zone, session.query.now)}", output
            )
    stands = ""
    if pairs := steps_to_hold(slots, interview, session):
        memo = Memo(kind="hold", interviews=(remembered_name(session.memory, interview),))
        task = ChangeTask(tuple(step for step, _ in pairs), tuple(row for _, row in pairs), memo=memo)
        stands = perform(task, run).stands
    if run.options.dry_run:
        return stands
    with after_the_change(stands, told=True):
        noted = request_about(interview, slots, "", session, held=True)
        note(session, lambda memory: hold_named(memory, noted))
    return stands


# -- the answer ----------------------------------------------------------------------------------------------


def _print(answer: Answer, output: OutputOptions) -> None:
    now, zone = answer.session.query.now, answer.session.agenda.zone
    if output.json:
        sys.stdout.write(dump(answer.document))
        return
    from lastresort.outputs import terminal

    screen = open_screen(output)
    terminal.print_understood(screen, answer.named.understood, zone, now)
    terminal.print_weighed(screen, answer.offers, (zone, answer.their_zone), answer.drafts, now)
