"""Files written besides the answer: the page, the mail, the counter-proposal, the holds.

Never over a file of yours. The second line of each file marks it as ours, and holds a hash of all the rest: a
draft that you have edited is yours.
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import LastResortError, RefusedError
from lastresort.jobs.holds import calendars_for
from lastresort.outputs.eml import write_eml
from lastresort.outputs.html import report_page
from lastresort.secure_files import read_file, write_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastresort.cli.options import FileOptions
    from lastresort.jobs.session import Session
    from lastresort.messages.compose import Drafts
    from lastresort.outputs.reminders import Due
    from lastresort.planning.report import Report

_MARKS = {
    b"<!doctype html>": b"<!-- lastresort %s -->",
    b"X-Unsent: 1": b"X-Draft-Mark: %s",
    b"BEGIN:VCALENDAR": b"X-LASTRESORT-MARK:%s",
}
"""By the first line of a file: its second. A mail goes out to strangers, so its mark names nobody."""
_LARGEST = 64 << 20


class WrittenFiles(NamedTuple):
    """What became of the files asked for: the names of those written, and why others were not."""

    names: tuple[str, ...]
    refusals: tuple[str, ...]


def write_files(
    files: FileOptions,
    report: Report,
    session: Session,
    drafts: dict[int, Drafts],
    reminders: tuple[Due, ...] = (),
) -> WrittenFiles:
    """Write what was asked for. What cannot be written is told, and changes nothing about the answer."""
    asking = [(entry, drafts[place]) for place, entry in enumerate(report.interviews) if place in drafts]
    names: list[str] = []
    refusals: list[str] = []

    def attempt(option: str, path: str, make: Callable[[], bytes]) -> None:
        try:
            names.append(write_private(path, make()))
        except LastResortError as refusal:
            refusals.append(f"{option}: {refusal}")
        except OSError as error:
            refusals.append(f"{option}: {path} cannot be written ({(error.strerror or 'an error').lower()})")

    if files.html:
        attempt("--html", files.html, lambda: report_page(report, drafts, reminders, session.run))
    for option, path in (("--eml", files.eml), ("--ics", files.ics)):
        if path and not asking:
            refusals.append(f"{option}: no interview has to be moved, so there is nothing to write")
    for number, (entry, draft) in enumerate(asking):
        if files.eml:
            attempt("--eml", numbered(files.eml, number), lambda draft=draft: write_eml(draft.mail))  # type: ignore[misc]
        if files.ics:
            try:
                calendars = calendars_for(entry, session)
            except RefusedError as refusal:
                refusals.append(f"--ics: {refusal}")
                continue
            for content, tail in calendars:
                path = numbered(_with_tail(files.ics, tail), number)
                attempt("--ics", path, lambda content=content: content)  # type: ignore[misc]
    return WrittenFiles(tuple(names), tuple(refusals))


def _with_tail(path: str, tail: str) -> str:
    """Return the name with what is in the file, said once.

    What is asked for as `holds.ics` holds the times, and the counter-proposal stands beside it.
    """
    stem, suffix = os.path.splitext(path)
    if os.path.basename(stem) == "holds":
        return path if tail else os.path.join(os.path.dirname(path), f"counter{suffix}")
    return f"{stem}{tail}{suffix}"


def numbered(path: str, number: int) -> str:
    """Return the name of the file after `number` others: `draft.eml`, `draft-2.eml`."""
    stem, suffix = os.path.splitext(path)
    return path if number == 0 else f"{stem}-{number + 1}{suffix}"


def write_private(path: str, content: bytes) -> str:
    """Write a page, a mail or a calendar for its owner alone, with our mark, and return its name.

    Raises RefusedError where anything else stands than a file that was written here and is unchanged since.
    """
    if os.path.lexists(path) and not is_ours(path):
        raise RefusedError(
            f"{path} exists already and was not written by lastresort, or was edited; name another file"
        )
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise RefusedError(f"{path}: there is no folder {folder}; make it, or name another file")
    write_file(path, _with_mark(content))
    return path


def is_ours(path: str) -> bool:
    """Tell whether a file was written here, and is unchanged since. A symbolic link never is."""
    if os.path.islink(path):
        return False
    try:
        data = read_file(path, _LARGEST)
    except OSError:
        return False
    first, _, tail = data.partition(b"\n")
    mark, _, rest = tail.partition(b"\n")
    plain = first + b"\n" + rest
    return first.rstrip(b"\r") in _MARKS and bool(mark) and _with_mark(plain) == data


def _with_mark(content: bytes) -> bytes:
    first, _, rest = content.partition(b"\n")
    eol = b"\r\n" if first.endswith(b"\r") else b"\n"
    mark = _MARKS[first.rstrip(b"\r")] % sha256(content).hexdigest()[:32].encode()
    return first + b"\n" + mark + eol + rest
