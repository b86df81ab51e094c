"""`check --each`: many people's calendars, a row or a JSON line each."""

from __future__ import annotations

import json
import sys
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING

from lastresort.cli.options import CheckOptions, FileOptions, OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.progress import showing_progress
from lastresort.cli.run import inquire, name_sources, open_screen, present, read_settings
from lastresort.errors import UsageError
from lastresort.jobs.each import (
    OnePerson,
    PersonRow,
    answer_each,
    answer_person,
    find_people,
    lost_row,
    worst_of,
)
from lastresort.outputs import phrases

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_each(
    source: SourceOptions,
    question: QuestionOptions,
    output: OutputOptions,
    files: FileOptions,
    own: CheckOptions,
) -> int:
    """Answer each person's calendars by themselves, and return the worst exit code.

    Raises UsageError for options that speak of one person's run.
    """
    single = (own.new_only, own.explain, own.notify, own.notify_command, *files)
    if any(single):
        raise UsageError("--each gives a row a person: leave out --new-only, --explain, --notify and files")
    if "-" in (source.sources or ()):
        raise UsageError("--each takes files, folders and addresses, not standard input")
    people = find_people(name_sources(source, read_settings(source, question)))
    if source.now is None:  # one moment for all
        source = source._replace(now=present(None, "UTC").astimezone(UTC).isoformat())
    work = partial(answer_one, source, question, output.json)
    rows: list[PersonRow] = []
    with showing_progress() as tell:
        for row in answer_each(people, work, lost_row):
            tell(row.person)
            if output.json:
                sys.stdout.write(json.dumps(row.document, allow_nan=False) + "\n")
                sys.stdout.flush()
            rows.append(row._replace(document=None))
    if not output.json:
        _print(rows, output)
    return worst_of(row.code for row in rows)


def answer_one(
    source: SourceOptions, question: QuestionOptions, with_document: bool, person: OnePerson
) -> PersonRow:
    """Return the answer for one person, in whatever process."""
    inquiry = inquire(source._replace(sources=[person.source]), question)
    quiet = inquiry.run._replace(stdin=None)
    return answer_person(person.name, inquiry._replace(run=quiet), with_document=with_document)


def _print(rows: Sequence[PersonRow], output: OutputOptions) -> None:
    screen = open_screen(output)
    if not output.quiet:
        screen.line(_count(rows))
        screen.blank()
    screen.rows([(row.sign or " ", row.person, row.when, _words(row)) for row in rows])


def _count(rows: Sequence[PersonRow]) -> str:
    """Return how many people there are, and how many of them have which answer."""
    told = [phrases.count(len(rows), "person", "people")]
    for code, words in ((4, "last resort"), (3, "to rearrange"), (5, "not read in full"), (1, "not read")):
        number = sum(row.code == code for row in rows)
        if number:
            told.append(f"{number:,} {words}")
    return " · ".join(told)


def _words(row: PersonRow) -> str:
    more = f" (and {phrases.count(row.more, 'more interview')})" if row.more else ""
    return f"{row.title}{more}: {row.says}" if row.title else row.says
