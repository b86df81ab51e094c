"""`check --new-only`: silence, unless something is new; what was told is remembered once it has been told."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from lastresort.cli.check import beside, number_report, write_besides
from lastresort.cli.options import NO_FILES
from lastresort.cli.run import open_screen, tell_losses
from lastresort.cli.streams import is_output_closed, say
from lastresort.errors import RefusedError
from lastresort.history.news import (
    News,
    diff,
    find_clashes,
    identify_interview,
    is_about,
    remember,
    what_was_seen,
    with_problems,
    without_waiting,
)
from lastresort.history.records import Memory, identify
from lastresort.history.store import Book, open_memory
from lastresort.jobs.check import exit_code, find_report
from lastresort.jobs.drafting import compose_drafts
from lastresort.jobs.remembered import background_of, due
from lastresort.outputs.json import dump, report_document
from lastresort.outputs.news import count_news, news_document, news_lines

if TYPE_CHECKING:
    from lastresort.cli.options import CheckOptions, FileOptions, OutputOptions
    from lastresort.jobs.session import Session
    from lastresort.messages.compose import Drafts
    from lastresort.outputs.invocation import Invocation
    from lastresort.outputs.reminders import Due
    from lastresort.planning.report import Report

SECONDS = 60.0
"""How long a run waits for another one, which may be telling its news to a slow program."""


class _Told(NamedTuple):
    """What one run has to say: the news, the interviews they are about, and what is due."""

    news: News
    report: Report
    reminders: tuple[Due, ...]
    run: Invocation

    def __bool__(self) -> bool:
        return bool(self.news or self.reminders)


def answer_news(
    session: Session,
    language: str | None,
    output: OutputOptions,
    files: FileOptions = NO_FILES,
    own: CheckOptions | None = None,
) -> int:
    """Tell what earlier runs have not told, remember it, and return the exit code it comes to.

    The memory is held meanwhile, and saved only after everything was told: a run that dies tells it again.
    Raises RefusedError when the memory cannot be used, so that nothing is called new, or old, falsely.
    """
    report = find_report(session)
    with ExitStack() as stack:
        book = hold_memory(stack, session.settings.state)
        told, after = _compare(report, session, book.memory)
        if after != book.memory:
            save_memory(book, book.memory)  # proves that there is room, before anything is said
        drafts = compose_drafts(told.report, session, language)
        if told or output.json:
            _print(told, drafts, session, output)
        wanted = files if drafts else NO_FILES._replace(html=files.html)  # a mail needs a draft
        if told and wanted != NO_FILES:
            write_besides(wanted, told.report, session, drafts, told.reminders)
        heard = True
        if told and own:
            notifies = own.notify or own.notify_command
            heard = _notify(told, drafts, own) if notifies else not (own.unseen or is_output_closed())
        if book.told:
            say(book.told)
        if heard and after != book.memory:  # what nobody was told is told again
            save_memory(book, after)
    certain = [e for e in told.report.interviews if identify_interview(e.interview) in told.news.interviews]
    agenda = told.report.agenda._replace(problems=told.news.problems, sources=())
    return exit_code(told.report._replace(interviews=tuple(certain), agenda=agenda))


# -- what is new --------------------------------------------------------------------------------------------


def _compare(report: Report, session: Session, memory: Memory) -> tuple[_Told, Memory]:
    """Return what is to be told, and the memory once it has been."""
    now, seen, current = report.query.now, what_was_seen(report), find_clashes(report)
    asked, others = _asked_about(report, memory)
    news, problems = with_problems(diff(asked, current, seen, now), memory, report.agenda.problems)
    waiting = background_of(session).waiting
    asked_of = {identify(o.key, o.interval.start) for o in report.agenda.occurrences if o.key in waiting}
    news = without_waiting(news, asked_of)
    reminders = {_name(reminder): reminder for reminder in due(session, report)}
    untold = tuple(each for name, each in reminders.items() if name not in memory.reminders)
    after = remember(asked, current, seen, now)
    after = after._replace(
        clashes=(*after.clashes, *others.clashes), problems=problems, reminders=frozenset(reminders)
    )
    names = {one.interview for one in (*news.new, *news.escalated, *(one.now for one in news.changed))}
    entries = tuple(e for e in report.interviews if identify_interview(e.interview) in names)
    limited = report._replace(interviews=entries, possible=())
    return _Told(news=news, report=limited, reminders=untold, run=session.run), after


def _asked_about(report: Report, memory: Memory) -> tuple[Memory, Memory]:
    """Return the memory of what was asked about, and of all else, which --interview leaves aside."""
    if report.query.interview is None:
        return memory, Memory()
    interviews = [entry.interview for entry in report.interviews]
    asked = tuple(clash for clash in memory.clashes if any(is_about(clash, one) for one in interviews))
    others = tuple(clash for clash in memory.clashes if clash not in asked)
    return memory._replace(clashes=asked), Memory(others)


def _name(reminder: Due) -> str:
    """Return by what it is remembered that a step was told: its kind and the times of its request."""
    step = reminder.step
    moments = (reminder.original, step.asked, step.nudged or step.agreed)
    return "\0".join([step.kind, *(moment.isoformat() if moment else "" for moment in moments)])


# -- telling it ---------------------------------------------------------------------------------------------


def _print(told: _Told, drafts: dict[int, Drafts], session: Session, output: OutputOptions) -> None:
    report = told.report
    if output.json:
        sys.stdout.write(dump(_document(told, drafts)))
    else:
        from lastresort.outputs import report as text
        from lastresort.outputs.view import view_report

        screen = open_screen(output)
        lines = news_lines(told.news, report.agenda.zone, report.query.now)
        shown = report if lines and not output.quiet else report._replace(interviews=())
        view = view_report(
            shown, drafts, beside(told.reminders, shown), number_report(session, shown, output)
        )
        if lines:
            text.print_news(screen, count_news(told.news), lines, view.city)
        text.print_interviews(screen, view, full=output.verbose)
        text.print_reminders(screen, view)
    sys.stdout.flush()
    tell_losses(report.agenda._replace(problems=told.news.problems))


def _document(told: _Told, drafts: dict[int, Drafts]) -> dict[str, object]:
    report = told.report
    news = news_document(told.news, report.agenda.zone, report.query.now)
    return {**report_document(report, drafts, told.reminders, run=told.run), "news": news}


def _notify(told: _Told, drafts: dict[int, Drafts], own: CheckOptions) -> bool:
    """Hand the news on, and tell whether somebody got to know it."""
    from lastresort.cli.notify import notify

    report = told.report
    lines = news_lines(told.news, report.agenda.zone, report.query.now)
    problems = [problem.message for problem in told.news.problems]
    return notify(
        own,
        count_news(told.news),
        [*(line.text for line in lines), *problems],
        lambda: _document(told, drafts),
    )


# -- the memory ---------------------------------------------------------------------------------------------


def hold_memory(stack: ExitStack, folder: str) -> Book:
    """Return the memory, held until the stack is left. Raises RefusedError when it cannot be used."""
    try:
        return stack.enter_context(open_memory(folder, SECONDS))
    except OSError as error:
        raise _unusable(folder, error) from None


def save_memory(book: Book, memory: Memory) -> None:
    """Keep a new state. Raises RefusedError when it cannot be written."""
    try:
        book.save(memory)
    except OSError as error:
        raise _unusable(book.path, error) from None


def _unusable(path: str, error: OSError) -> RefusedError:
    return RefusedError(
        f"{path}: what was told cannot be kept there ({error.strerror or 'an error'}), so nothing can be "
        "called new; name another folder with LASTRESORT_STATE, or 'state' in the configuration"
    )
