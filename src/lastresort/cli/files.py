"""Files written besides the answer: the page, the mail, the counter-proposal, the holds.

Never over a file of yours.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lastresort.errors import RefusedError
from lastresort.secure_files import write_file

if TYPE_CHECKING:
    from lastresort.cli.options import FileOptions
    from lastresort.cli.session import Session
    from lastresort.messages import Drafts
    from lastresort.outputs.reminders import Due
    from lastresort.planning.check import InterviewReport, Report

MARKS = (b"lastresort", b"X-Unsent: 1")
"""One stands near the beginning of every file written here, so that it may be written again."""


def write_files(
    files: FileOptions,
    report: Report,
    session: Session,
    drafts: dict[int, Drafts],
    reminders: tuple[Due, ...] = (),
) -> tuple[str, ...]:
    """Write what was asked for and return the names of the files.

    Raises RefusedError where there is nothing to write, or where something else stands.
    """
    asking = [(entry, drafts[place]) for place, entry in enumerate(report.interviews) if place in drafts]
    written: list[str] = []
    if files.html:
        from lastresort.outputs.html import report_page

        written.append(write_private(files.html, report_page(report, drafts, reminders)))
    if files.eml:
        for number, (_, draft) in enumerate(_needed(asking, "--eml")):
            written.append(write_private(numbered(files.eml, number), _mail(draft)))
    if files.ics:
        for number, (entry, _) in enumerate(_needed(asking, "--ics")):
            written += _each(numbered(files.ics, number), _calendars(entry, session))
    return tuple(written)


def _needed(
    asking: list[tuple[InterviewReport, Drafts]], option: str
) -> list[tuple[InterviewReport, Drafts]]:
    if not asking:
        raise RefusedError(f"{option}: no interview has to be moved, so there is nothing to write")
    return asking


def _mail(draft: Drafts) -> bytes:
    from lastresort.outputs.eml import write_eml

    return write_eml(draft.mail)


def _calendars(entry: InterviewReport, session: Session) -> list[tuple[bytes, str]]:
    """The counter-proposal for the first slot, where the organiser takes one, and the holds for all."""
    from lastresort.ics.itip import write_counter, write_holds

    occurrence, now = entry.interview.occurrence, session.query.now
    slots = [slot.interval for slot in entry.slots]
    if entry.advice.decision == "withdraw":
        raise RefusedError("--ics: a withdrawal proposes and holds no time; send the draft")
    if not slots:
        raise RefusedError("--ics: no time is free to be proposed or held")
    holds = (write_holds(slots, occurrence, now), "-holds")
    try:
        counter = write_counter(occurrence, slots[0], session.agenda.me, now)
    except RefusedError:
        return [holds]
    return [(counter, ""), holds]


def numbered(path: str, number: int) -> str:
    """Return the name of the file after `number` others: `draft.eml`, `draft-2.eml`."""
    stem, suffix = os.path.splitext(path)
    return path if number == 0 else f"{stem}-{number + 1}{suffix}"


def _each(path: str, contents: list[tuple[bytes, str]]) -> list[str]:
    stem, suffix = os.path.splitext(path)
    return [write_private(f"{stem}{tail}{suffix}", content) for content, tail in contents]


def write_private(path: str, content: bytes) -> str:
    """Write the file for its owner alone and return its name. Only a file of our own making is replaced."""
    if os.path.lexists(path) and not _is_ours(path):
        raise RefusedError(f"{path} exists already and was not written by lastresort; name another file")
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise RefusedError(f"{path}: there is no folder {folder}; make it, or name another file")
    write_file(path, content)
    return path


def _is_ours(path: str) -> bool:
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        head = file.read(1000)
    return any(mark in head for mark in MARKS)
