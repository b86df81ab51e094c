"""`lastresort check`: the main job."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lastresort.cli.options import (
    NO_FILES,
    CheckOptions,
    FileOptions,
    OutputOptions,
    QuestionOptions,
    SourceOptions,
)
from lastresort.cli.run import open_screen, open_session, tell_losses
from lastresort.cli.streams import say
from lastresort.history.news import News, find_clashes, identify_interview, with_problems
from lastresort.history.records import TITLE, Memory
from lastresort.interviews.detection import name_exactly
from lastresort.jobs.check import decide
from lastresort.jobs.owners import OWNERS, count_owners
from lastresort.outputs.invocation import PLAIN_RUN, Invocation
from lastresort.outputs.json import dump, report_document
from lastresort.outputs.news import count_news, news_lines

if TYPE_CHECKING:
    from lastresort.jobs.check import Checked
    from lastresort.jobs.session import Session
    from lastresort.messages.compose import Drafts
    from lastresort.outputs.reminders import Due
    from lastresort.planning.report import Report


def check(
    source: SourceOptions,
    question: QuestionOptions,
    output: OutputOptions,
    files: FileOptions,
    own: CheckOptions,
) -> int:
    """Find the interviews, what clashes with them, and the cheapest way to keep them.

    Where there is none: times to offer in the interviewer's zone, and the message to send.

    With --each the calendars are those of many people; the exit code is then the worst one.

    Exit code: 0 nothing clashes, 3 rearranging resolves everything, 4 an interview needs the last resort,
    5 nothing was found but not everything could be read, 1 failed, 2 wrong usage.
    """
    # what few runs ask for is loaded by those runs
    if own.json_schema:
        from lastresort.outputs.schema import check_schema

        sys.stdout.write(check_schema())
        return 0
    if own.notify_command:
        from lastresort.cli.notify import split_command

        split_command(own.notify_command)  # a wrong one is told before any work is done
    if own.each:
        from lastresort.cli.each import check_each

        return check_each(source, question, output, files, own)
    session = open_session(source, question)
    if own.new_only:
        from lastresort.cli.news import answer_news

        return answer_news(session, question.language, output, files, own)
    return answer(session, question.language, output, files, own).exit_code


def answer(
    session: Session,
    language: str | None,
    output: OutputOptions,
    files: FileOptions = NO_FILES,
    own: CheckOptions = CheckOptions(),  # noqa: B008 (a constant value)
) -> Checked:
    """Decide, compose what has to be said, print, write the files asked for; return the answer."""
    found = decide(session, language)
    report, drafts, reminders = found.report, found.drafts, found.reminders
    run = number_report(session, report, output)
    print_answer(report, drafts, output, reminders, explain=own.explain, run=run)
    _tell_many_owners(session)
    polls = [entry.interview.options for entry in report.interviews if entry.interview.options]
    for options in polls if not output.quiet else ():
        told = f"the invitation lets you choose among {len(options)} times: the one that costs least is shown"
        say(f"{told}; 'lastresort weigh' compares them")
    if session.query.reason.text and not output.quiet:
        tell_indiscretions(report)
    if files != NO_FILES:
        write_besides(files, report, session, drafts, reminders)
    if own.notify or own.notify_command:
        _notify(report, drafts, reminders, own, session)
    return found


def _tell_many_owners(session: Session) -> None:
    if len(session.documents) < OWNERS:
        return
    owners = count_owners(session.agenda)
    if owners >= OWNERS:
        say(
            f"these calendars seem to belong to {owners} people, and are taken for one person's: "
            "--each answers each by itself",
        )


def number_report(session: Session, report: Report, output: OutputOptions) -> Invocation:
    """Return how to call further commands: by the numbers of the report, which are kept for them."""
    if output.json:
        return session.run
    from lastresort.cli.numbers import keep, recognise

    interviews = [entry.interview.occurrence for entry in report.interviews]
    if report.query.interview and interviews:  # one of a report whose numbers go on
        run = recognise(session.run, session.settings.state, name_exactly(interviews[0], report.agenda.zone))
        if run.numbered:
            return run._replace(number=0)
    return keep("interviews", session.run, session.settings.state, interviews, report.agenda.zone)


def tell_indiscretions(report: Report) -> None:
    """Say on standard error where my own words for the reason name another interview (R17)."""
    from lastresort.jobs.drafting import indiscretion

    told = (indiscretion(entry.interview, report) for entry in report.interviews if entry.wanted)
    for text in dict.fromkeys(told):
        if text:
            say(text)


def write_besides(
    files: FileOptions,
    report: Report,
    session: Session,
    drafts: dict[int, Drafts],
    reminders: tuple[Due, ...] = (),
) -> None:
    """Write the files asked for, and say on standard error what was written and what was not."""
    from lastresort.cli.files import write_files

    written = write_files(files, report, session, drafts, reminders)
    for name in written.names:
        say(f"wrote {name}")
    for refusal in written.refusals:
        say(refusal)


def _notify(
    report: Report,
    drafts: dict[int, Drafts],
    reminders: tuple[Due, ...],
    own: CheckOptions,
    session: Session,
) -> None:
    """Tell the clashes as a run tells them that knows of no earlier one; nothing where there is none."""
    from lastresort.cli.notify import notify

    news, _ = with_problems(News(find_clashes(report)), Memory(), report.agenda.problems)
    if news:
        lines = [line.text for line in news_lines(news, report.agenda.zone, report.query.now)]
        told = [*lines, *(problem.message for problem in news.problems)]
        notify(
            own, count_news(news), told, lambda: report_document(report, drafts, reminders, run=session.run)
        )


def beside(reminders: tuple[Due, ...], report: Report) -> tuple[Due, ...]:
    """Return the reminders whose interview is not in the report: the others are told with it."""
    occurrences = [entry.interview.occurrence for entry in report.interviews]
    told = {identify_interview(entry.interview) for entry in report.interviews}
    looks = {(one.event.summary[:TITLE], one.interval.start) for one in occurrences}
    return tuple(
        due for due in reminders if due.interview not in told and (due.title, due.original) not in looks
    )


def print_answer(
    report: Report,
    drafts: dict[int, Drafts],
    output: OutputOptions,
    reminders: tuple[Due, ...] = (),
    *,
    explain: bool = False,
    run: Invocation = PLAIN_RUN,
) -> None:
    """Print the report, for programs or for people; what could not be read goes to standard error as well."""
    if output.json:
        sys.stdout.write(dump(report_document(report, drafts, reminders, explain=explain, run=run)))
        tell_losses(report.agenda)
        return
    # programs need no page, which takes a fifth of a start
    from lastresort.outputs import report as text
    from lastresort.outputs.view import view_report

    screen = open_screen(output)
    view = view_report(report, drafts, beside(reminders, report), run)
    text.print_report(screen, view, quiet=output.quiet, full=output.verbose or explain)
    if explain:
        from lastresort.outputs.considered import print_considered

        print_considered(screen, report)
    if not output.quiet:
        text.print_reminders(screen, view)
    tell_losses(report.agenda)
