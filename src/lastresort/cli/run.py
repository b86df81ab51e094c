"""What a command adds to a run: the clock, the settings of options and environment, the terminal."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, TextIO

from lastresort.cli.invocation import describe_run
from lastresort.cli.progress import showing_progress
from lastresort.cli.streams import say
from lastresort.config import Settings, settle
from lastresort.jobs.run import start_run as begin_run
from lastresort.jobs.session import Inquiry, Question
from lastresort.jobs.session import open_session as begin_session
from lastresort.outputs.phrases import problem_line
from lastresort.times.single import parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
    from lastresort.jobs.run import Run
    from lastresort.jobs.session import Session
    from lastresort.model import Agenda, Document
    from lastresort.outputs.terminal import Screen

LOSSES = 5
"""Problems told on standard error; --verbose and --json have them all."""

_SETTLED = frozenset(Settings._fields)


def present(text: str | None, zone: str) -> datetime:
    """Return the present moment in UTC: where a command asks the clock, unless `--now` was given."""
    clock = datetime.now(UTC)  # noqa: TID251 (this is the place)
    if text is None:
        return clock
    return parse_time(text, zone, clock)


def read_settings(*groups: NamedTuple) -> Settings:
    """Return the settings: options before environment before file before defaults. Raises UsageError."""
    options = {
        field: value for group in groups for field, value in group._asdict().items() if field in _SETTLED
    }
    return settle(options, os.environ, sys.platform, config=getattr(groups[0], "config", None))


def start_run(source: SourceOptions, *more: NamedTuple) -> Run:
    """Return the run of the options given. Raises UsageError for a setting that is wrong."""
    now, clock = source.now, present(None, "UTC")
    return begin_run(
        read_settings(source, *more),
        lambda zone: parse_time(now, zone, clock) if now is not None else clock,
        offline=source.offline,
        stdin=getattr(sys.stdin, "buffer", None),
        watch=showing_progress,
        invocation=describe_run(source, *more),
    )


def name_sources(source: SourceOptions, settings: Settings) -> tuple[str, ...]:
    """Return the sources named on the command line, else the configured ones."""
    return tuple(source.sources or (entry.source for entry in settings.calendars))


def inquire(source: SourceOptions, question: QuestionOptions) -> Inquiry:
    """Return what the options ask, and of which calendars. Raises UsageError for a setting that is wrong."""
    run = start_run(source, question)
    asked = Question(**{field: getattr(question, field) for field in Question._fields})
    return Inquiry(run, name_sources(source, run.settings), asked)


def open_session(
    source: SourceOptions,
    question: QuestionOptions,
    documents: Sequence[Document] = (),
    *,
    again: bool = False,
) -> Session:
    """Read everything that is asked for (or the documents given), and return it with the query.

    A run that reads `again` says nothing more about a memory that it cannot use.
    """
    inquiry = inquire(source, question)
    session = begin_session(inquiry._replace(sources=tuple(documents) or inquiry.sources))
    if not again:
        tell_memory(session)
    return session


def open_screen(output: OutputOptions, stream: TextIO | None = None) -> Screen:
    """Return where text for a person is printed: standard output, unless a stream is given.

    Rich is loaded here alone, when somebody reads; programs (`--json`) start in four fifths of the time.
    """
    from lastresort.outputs import terminal

    return terminal.open_screen(stream, color=not output.no_color, ascii_only=output.ascii)


def tell_memory(session: Session) -> None:
    """Say on standard error why what earlier runs asked for cannot be used, if it cannot."""
    if session.memory_refused:
        say(session.memory_refused)


def tell_unsigned() -> None:
    """Say on standard error that a message has to be signed by hand (R24)."""
    told = "sign it with name and telephone number: [signature] in the configuration is not complete (R24)"
    say(told)


def tell_losses(agenda: Agenda) -> None:
    """Say on standard error what was not read, a line each."""
    lost = [problem for problem in agenda.problems if problem.lost]
    for problem in lost[:LOSSES]:
        say(problem_line(problem))
    if len(lost) > LOSSES:
        say(
            f"{len(lost) - LOSSES} more that could not be read (agenda --problems)",
        )
