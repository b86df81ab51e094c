"""What the commands that change calendars share: diff, question, journal, and the check afterwards."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, NamedTuple, TextIO

import typer
from typer import Option

from lastresort.changes.apply import carry_out, preview, recover
from lastresort.changes.disk import OvertakenError
from lastresort.changes.plan import show_diff, to_import, wishes_for
from lastresort.cli.check import answer, number_report
from lastresort.cli.run import name_sources, open_screen, open_session, present, read_settings, tell_losses
from lastresort.cli.streams import after_the_change, before_the_change
from lastresort.errors import LastResortError, RefusedError, UnmatchedError
from lastresort.history.store import open_memory
from lastresort.ics.source_map import Context
from lastresort.jobs.check import decide, find_report
from lastresort.jobs.workbench import Row, keeps_journal, open_bench
from lastresort.outputs import when
from lastresort.outputs.eml import write_eml
from lastresort.outputs.json import dump
from lastresort.secure_files import create_file, make_folder
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lastresort.changes.apply import Change, ChangeOutcome, Workbench
    from lastresort.changes.journal import Memo
    from lastresort.changes.plan import PlannedEdit
    from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
    from lastresort.history.records import Memory
    from lastresort.jobs.session import Session
    from lastresort.messages.compose import Message


class ChangeOptions(NamedTuple):
    """How a change is carried out."""

    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would change, as a table and a diff; change nothing.")
    ] = False
    diff: Annotated[
        bool, Option("--diff", help="Show the lines that change as well, before you are asked.")
    ] = False
    yes: Annotated[bool, Option("--yes", "-y", help="Do not ask; needed where nobody can be asked.")] = False
    drafts: Annotated[
        str | None,
        Option(
            "--drafts", metavar="FOLDER", help="Write the drafts there, as mails; and calendars to import."
        ),
    ] = None


class ChangeTask(NamedTuple):
    """All that is to be carried out at once, and the words for it."""

    steps: tuple[PlannedEdit, ...]
    rows: tuple[Row, ...]
    asks: bool = True
    """Refused where nobody can be asked and `--yes` was not given."""
    agreed: bool = False
    """Somebody has just chosen it, and is not asked again."""
    memo: Memo | None = None
    """What is remembered along with it."""


class Performed(NamedTuple):
    """What came of a task."""

    done: bool
    """It is carried out, or nothing had to be; with `--dry-run` it is not."""
    stands: str = ""
    """The change that is made, and how to take it back; empty where none was made."""


def put_right(source: SourceOptions) -> None:
    """Put right what runs that died have left half done, and say so."""
    settings = read_settings(source)
    if not keeps_journal(settings):
        return
    bench = open_bench(
        settings, name_sources(source, settings), present(source.now, "UTC"), config=source.config
    )
    for words in recover(bench):
        print(f"lastresort: {_clean(words)}", file=sys.stderr)


class ChangeRun(NamedTuple):
    """One run of a command that may change calendars: what was read, and the options that were given."""

    session: Session
    source: SourceOptions
    question: QuestionOptions
    options: ChangeOptions
    output: OutputOptions


def change_calendars(
    work: Callable[[ChangeRun], None],
    source: SourceOptions,
    question: QuestionOptions,
    options: ChangeOptions,
    output: OutputOptions,
) -> int:
    """Read the calendars, do the work that changes them, and return the exit code.

    What a dead run has left is put right first. Where another client changed a calendar meanwhile, all is
    read again and the work done once more. What cannot be told before the change is made ends the run: then
    nothing is changed.
    """

    def read_and_work() -> None:
        work(ChangeRun(open_session(source, question), source, question, options, output))

    put_right(source)
    with before_the_change(only_looks=options.dry_run):
        try:
            read_and_work()
        except OvertakenError:
            read_and_work()
    return 0


def note(session: Session, change: Callable[[Memory], Memory]) -> None:
    """Note what was done in the memory of requests, where that can be used: what was done stands anyway."""
    told = session.memory is None  # what is wrong with it was said when it was read
    try:
        with open_memory(session.settings.state) as book:
            told = told or not book.told
            book.save(change(book.memory))
            if not told:
                print(f"lastresort: {book.told}", file=sys.stderr)
    except (LastResortError, OSError) as error:
        if session.memory is not None:
            why = (error.strerror or "an error").lower() if isinstance(error, OSError) else str(error)
            print(f"lastresort: it is done, but cannot be remembered: {_clean(why)}", file=sys.stderr)


def perform(task: ChangeTask, run: ChangeRun) -> Performed:
    """Show, ask and carry out; tell what was done.

    Raises RefusedError, and Abort when the answer is no.
    """
    session, options, output = run.session, run.options, run.output
    bench = open_bench(
        session.settings,
        name_sources(run.source, session.settings),
        session.query.now,
        zone=session.agenda.zone,
        config=run.source.config,
    )
    wishes = wishes_for(task.steps)
    imports = to_import(task.steps, Context(session.agenda.zone, session.query.now))
    if options.dry_run:
        _show(task, preview(wishes, bench), imports, output)
        return Performed(done=False)
    shown = None
    if not task.agreed and is_asked(options, needed=task.asks):
        shown = preview(wishes, bench)
        if options.diff:
            for row in _diff_rows(shown):
                print(row, file=sys.stderr)
        print_rows(task.rows, output, sys.stderr)
        files = len(shown) + len(imports)
        typer.confirm(f"Carry this out ({files} {'file' if files == 1 else 'files'})?", abort=True, err=True)
    import_module("lastresort.outputs.report")  # what the check needs is there before anything is written
    with before_the_change(only_looks=False):
        rows = tuple(row.words for row in task.rows)
    outcome = carry_out(wishes, rows, bench, shown, task.memo)
    stands = ""
    if outcome.record is not None:
        stands = f"the change is made: '{bench.undo_command(outcome.record)}' takes it back"
    with after_the_change(stands):
        _tell(outcome, task, bench, output)
        for name, data in imports:
            file = _save(options.drafts, f"{_stem(name)}-changes.ics", data)
            tell(f"{name} can only be read: import {file} into it instead. {IMPORTING}", output)
    return Performed(done=True, stands=stands)


IMPORTING = (
    "Google: Settings > Import & export; Outlook: Add calendar > Upload from file; Apple: File > Import."
)


def is_asked(options: ChangeOptions, *, needed: bool = True) -> bool:
    """Tell whether somebody is asked first. Raises RefusedError where that is needed and nobody can be."""
    if options.yes:
        return False
    if sys.stdin.isatty() and sys.stderr.isatty():
        return True
    if needed:
        raise RefusedError(
            "nobody can be asked here: --dry-run shows the changes, --yes makes them; nothing was changed"
        )
    return False


def print_rows(rows: Sequence[Row], output: OutputOptions, stream: TextIO) -> None:
    """Print changes as a table, before and after."""
    screen = open_screen(output, stream)
    screen.table(
        [
            (
                _clean(row.title),
                when.without_commas(row.before),
                f"→ {when.without_commas(row.after) or row.done}",
            )
            for row in rows
        ],
        cut=0,
        split=1,
        indent=2,
    )


def _show(
    task: ChangeTask, changes: Sequence[Change], imports: Sequence[tuple[str, bytes]], output: OutputOptions
) -> None:
    """Print what would change: the rows and the lines, for people or as JSON."""
    if output.json:
        files = [{"name": change.name, "diff": show_diff(change)} for change in changes]
        read_only = [name for name, _ in imports]
        sys.stdout.write(dump({"version": 1, "changes": files, "to_import": read_only}))
        return
    if changes or imports:
        print_rows(task.rows, output, sys.stdout)
    for row in _diff_rows(changes):
        print(row)
    for name, _ in imports:
        print(f"{_clean(name)} can only be read: a calendar to import would be written instead")
    if not changes and not imports:
        print("Nothing would change.")


def _diff_rows(changes: Sequence[Change]) -> list[str]:
    rows = (row for change in changes for row in show_diff(change))
    return [row[:1] + (" " if row[1:2] in (" ", "\t") else "") + _clean(row[1:]) for row in rows]


def _tell(outcome: ChangeOutcome, task: ChangeTask, bench: Workbench, output: OutputOptions) -> None:
    for note in outcome.notes:
        print(f"lastresort: {note}", file=sys.stderr)
    if outcome.record is None:
        tell("Nothing had to be changed in a file.", output)
        return
    if not output.quiet:
        tell("Done:", output)
        print_rows(task.rows, output, sys.stderr if output.json else sys.stdout)
    tell(f"'{bench.undo_command(outcome.record)}' takes it back.", output)


def tell(text: str, output: OutputOptions) -> None:
    """Say something beside the answer: on standard error where the answer is for a program."""
    if not output.quiet:
        print(_clean(text), file=sys.stderr if output.json else sys.stdout)


def _clean(text: str) -> str:
    return one_line(text, 400)


def _stem(name: str) -> str:
    """Return the name of a calendar as a part of a file's name."""
    base = os.path.basename(name)
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in os.path.splitext(base)[0]) or "calendar"


def _save(folder: str | None, file: str, data: bytes) -> str:
    """Write a new file for its owner alone; the name gets a number where it is taken."""
    folder = folder or "."
    make_folder(folder)
    stem, suffix = os.path.splitext(file)
    for number in range(1, 1000):
        path = os.path.join(folder, file if number == 1 else f"{stem}-{number}{suffix}")
        try:
            with create_file(path) as stream:
                stream.write(data)
        except FileExistsError:
            continue
        return path
    raise RefusedError(f"{folder}: too many files are called {file}; name another folder with --drafts")


def hand_out(messages: Sequence[Message], run: ChangeRun) -> None:
    """Write drafts into the folder of --drafts, or show them. Nothing is ever sent."""
    options, output = run.options, run.output
    if options.dry_run:
        return
    for message in messages:
        if options.drafts:
            try:
                file = _save(options.drafts, f"{message.kind}.eml", write_eml(message))
            except OSError as error:
                why = (error.strerror or "an error").lower()
                print(f"lastresort: {options.drafts}: no draft can be written ({why})", file=sys.stderr)
            else:
                tell(f"Draft written, not sent: {file}", output)
                continue
        tell(f"Draft for {message.to or 'the organiser (no address is known)'}, not sent:", output)
        tell(f"Subject: {message.subject}", output)
        for row in message.body.splitlines():
            tell(row, output)


def check_again(source: SourceOptions, question: QuestionOptions, output: OutputOptions, stands: str) -> None:
    """Show how the interviews stand on what is there now: a row each, or the whole answer as JSON."""
    with after_the_change(stands, told=True):
        try:
            session = _open_again(source, question)
            if output.json:
                answer(session, question.language, output)
            else:
                _print_state(session, question, output)
        except LastResortError as error:
            print(
                f"lastresort: it is done, but the check afterwards failed: {_clean(str(error))}",
                file=sys.stderr,
            )


def _open_again(source: SourceOptions, question: QuestionOptions) -> Session:
    """Read again what is asked about: all interviews, but for a reason that is given for one of them.

    One that has moved beyond what is looked at is no longer asked about.
    """
    everything = question._replace(interview=None, reason=None, last_resort=False)
    if question.interview and (question.reason or question.last_resort):
        session = open_session(source, question, again=True)
        try:
            find_report(session)
        except UnmatchedError:
            return open_session(source, everything, again=True)
        return session
    return open_session(source, question._replace(interview=None), again=True)


def _print_state(session: Session, question: QuestionOptions, output: OutputOptions) -> None:
    from lastresort.outputs.report import print_state
    from lastresort.outputs.view import view_report

    found = decide(session, question.language)
    screen = open_screen(output)
    view = view_report(found.report, found.drafts, (), number_report(session, found.report, output))
    if not output.quiet:
        screen.blank()
    print_state(screen, view, quiet=output.quiet)
    tell_losses(found.report.agenda)
