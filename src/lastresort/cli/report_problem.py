"""`lastresort report-problem`: what a bug report needs, with nothing private in it."""

from __future__ import annotations

import os
import platform
import random
import sys
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from typer import Option

from lastresort import __version__
from lastresort.cli.options import OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import open_session
from lastresort.errors import LastResortError
from lastresort.ics.content_lines import LogicalText, TooLarge
from lastresort.ics.redact import Redactor
from lastresort.jobs.check import find_report
from lastresort.outputs.json import dump
from lastresort.sources.interface import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.jobs.session import Session
    from lastresort.model import Document
    from lastresort.planning.report import Report

LIBRARIES = (
    "icalendar",
    "python-dateutil",
    "pytz",
    "typer",
    "rich",
    "jinja2",
    "holidays",
    "tzdata",
    "caldav",
)
LINES = 400
"""Lines of each calendar that are shown."""
YEAR = 52
"""Weeks: dates move by whole years of 52 weeks, so that weekdays stay, and seasons nearly."""


KINDS = (*ENDINGS, ".eml", ".zip")
"""Endings of file names that are told; any other may be a part of a name."""


class ReportOptions(NamedTuple):
    """What only this command knows."""

    lines: Annotated[int, Option("--lines", min=0, help="Lines of each calendar that are shown.")] = LINES


def report_problem(
    source: SourceOptions, own: ReportOptions, question: QuestionOptions, output: OutputOptions
) -> int:
    """Print what a bug report needs: versions, what was read, and the calendars with nothing private left.

    Every title, name, address and UID becomes a number, and all dates move by the same number of weeks.
    Read it before you paste it.
    """
    redactor = Redactor(weeks=YEAR * random.choice([-9, -8, -7, -6, 6, 7, 8, 9]))  # noqa: S311 - not a key
    account: dict[str, Any] = {
        "version": 1,
        "lastresort": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "libraries": {name: found for name in LIBRARIES if (found := _version_of(name))},
        "options": sorted(_given(source, question)),
    }
    try:
        session = open_session(source, question)
        report = find_report(session)
    except LastResortError as error:  # its text may name a file or an event
        account["failed"] = type(error).__name__
    else:
        account |= _told(session, report, redactor, own.lines)
    sys.stdout.write(dump(account) if output.json else "".join(f"{row}\n" for row in _rows(account)))
    return 0


def _version_of(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _given(*groups: NamedTuple) -> Iterator[str]:
    """Yield the names of the options that were given, without their values."""
    for group in groups:
        for field, value in group._asdict().items():
            if value not in (None, (), False):
                yield field.rstrip("_").replace("_", "-")


def _told(session: Session, report: Report, redactor: Redactor, most: int) -> dict[str, Any]:
    agenda = session.agenda
    return {
        "zone": agenda.zone,
        "days": session.query.days,
        "sources": [
            {
                "name": redactor.number("source", info.name),
                "events": info.events,
                "occurrences": info.occurrences,
                "unread": info.error is not None,
            }
            for info in agenda.sources
        ],
        "levels": dict(Counter(f"{one.busy} {one.reason}" for one in agenda.occurrences)),
        "problems": [
            {
                "source": redactor.number("source", problem.source),
                "line": problem.line,
                "code": problem.code,
                "lost": problem.lost,
            }
            for problem in agenda.problems
        ],
        "interviews": [
            {
                "certainty": str(entry.interview.certainty),
                "mode": str(entry.interview.mode),
                "verdict": str(entry.verdict),
                "zone": str(entry.interview.interviewer.zone_source),
                "clashes": dict(Counter(f"{one.kind} {one.occurrence.busy}" for one in entry.conflicts)),
                "moves": [str(move.action) for move in entry.plan.moves] if entry.plan else None,
                "slots": len(entry.slots),
            }
            for entry in report.interviews
        ],
        "calendars": [
            {
                "name": redactor.number("source", document.source),
                "kind": ending if (ending := os.path.splitext(document.name)[1].lower()) in KINDS else "",
                "lines": list(_redacted(document, redactor, most)),
            }
            for document in session.documents
        ],
    }


def _redacted(document: Document, redactor: Redactor, most: int) -> Iterator[str]:
    """Yield the first lines of a calendar, redacted; as many as may be shown."""
    shown = 0
    try:
        with document.open() as stream:
            for piece in LogicalText(stream, 64 << 20):
                for line in redactor.redact(piece.lstrip(b"\n").split(b"\n")):
                    if shown == most:
                        return
                    shown += 1
                    yield line
    except (OSError, TooLarge):
        yield "(cannot be read again)"


def _rows(account: dict[str, Any]) -> Iterator[str]:
    """Yield the account as text; the calendars stand last, each behind its name."""
    yield f"lastresort {account['lastresort']}, Python {account['python']}, {account['system']}"
    yield ", ".join(f"{name} {found}" for name, found in account["libraries"].items())
    yield f"options: {', '.join(account['options']) or 'none'}"
    if "failed" in account:
        yield f"failed: {account['failed']}"
        return
    yield f"zone: {account['zone']}, {account['days']} days"
    for source in account["sources"]:
        unread = ", not read" if source["unread"] else ""
        yield f"{source['name']}: {source['events']} events, {source['occurrences']} in the window{unread}"
    yield "levels: " + ", ".join(f"{level} {number}" for level, number in account["levels"].items())
    for problem in account["problems"]:
        place = f":{problem['line']}" if problem["line"] else ""
        yield f"problem: {problem['code']} in {problem['source']}{place}{', lost' if problem['lost'] else ''}"
    for number, one in enumerate(account["interviews"], 1):
        facts = {name: value for name, value in one.items() if value not in ({}, None)}
        yield f"interview {number}: " + ", ".join(f"{name} {value}" for name, value in facts.items())
    for calendar in account["calendars"]:
        yield f"--- {calendar['name']} {calendar['kind']}".rstrip()
        yield from calendar["lines"]
