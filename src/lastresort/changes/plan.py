"""From decisions about occurrences to wishes about files, and to what to import where none can be changed."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING, NamedTuple

from lastresort.changes.apply import Change, WantedChange
from lastresort.changes.disk import is_address, real_path
from lastresort.changes.journal import make_patch
from lastresort.errors import RefusedError
from lastresort.ics.content_lines import decode
from lastresort.ics.editor import Context, Edit, Insert, Remove, Reschedule, Skip, edit
from lastresort.ics.itip import hold_uid, is_hold_for, write_holds
from lastresort.ics.source_map import keep_only, stands_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lastresort.model import Agenda, Document, Interval, Occurrence
    from lastresort.planning.rearrange import Move

_CONTEXT_LINES = 3


class PlannedEdit(NamedTuple):
    """One edit, and the document that it is for."""

    document: Document
    edit: Edit


def can_change(document: Document) -> bool:
    """Tell whether a document can be changed where it lies: a file, or an object with a strong ETag."""
    return document.path is not None and (not is_address(document.path) or document.version is not None)


def edit_for(move: Move) -> Edit:
    """Return the edit that a move of an event of mine needs. Raises RefusedError for an event without UID."""
    occurrence = move.occurrence
    uid = uid_of(occurrence)
    if move.new is None:
        return Skip(uid, occurrence.recurrence_id, occurrence.interval)
    return Reschedule(uid, occurrence.recurrence_id, occurrence.interval, move.new)


def uid_of(occurrence: Occurrence) -> str:
    """Return the UID by which an event can be found again. Raises RefusedError when it has none."""
    uid = occurrence.event.uid
    if not uid:
        raise RefusedError(f"{occurrence.event.document}: the event has no UID, so it cannot be found again")
    return uid


def document_of(occurrence: Occurrence, documents: Iterable[Document]) -> Document | None:
    """Return the document an event was read from."""
    event = occurrence.event
    named = (one for one in documents if one.name == event.document and one.source == event.source)
    return next(named, None)


def holds_of(interview: Occurrence, agenda: Agenda) -> tuple[Occurrence, ...]:
    """Return the events that hold times for the interview, in their order."""
    return tuple(one for one in agenda.occurrences if is_hold_for(interview, one.event.uid))


def hold_steps(
    slots: Sequence[Interval], interview: Occurrence, agenda: Agenda, document: Document, context: Context
) -> list[tuple[PlannedEdit, Interval]]:
    """Return the steps that hold the slots beside the interview; those already held need none."""
    held = {one.event.uid for one in holds_of(interview, agenda)}
    missing = [slot for slot in slots if hold_uid(interview, slot) not in held]
    alone = bool(missing) and _is_of_one_event(document, context)
    steps = []
    for slot in missing:
        place = _sibling(document, hold_uid(interview, slot)) if alone else document
        steps.append((PlannedEdit(place, Insert(write_holds([slot], interview, context.now))), slot))
    return steps


def _is_of_one_event(document: Document, context: Context) -> bool:
    """Tell whether a folder's file is for one event alone: then a new event gets a file of its own."""
    if document.source == document.name or not can_change(document):
        return False
    return stands_alone(read_bytes(document), context)


def _sibling(document: Document, uid: str) -> Document:
    """Return a new file for an event beside a document, named after the event's UID."""
    file = f"{uid.partition('@')[0]}.ics"
    folder, slash, _ = (document.path or "").rpartition("/" if is_address(document.path or "") else os.sep)
    path = folder + slash + file
    return document._replace(name=f"{document.source.rstrip('/')}/{file}", path=path)


def read_bytes(document: Document) -> bytes:
    """Return all bytes of a document. Raises SourceError, OSError."""
    with document.open() as stream:
        return stream.read()


def wishes_for(steps: Iterable[PlannedEdit]) -> tuple[WantedChange, ...]:
    """Return one wish for each file; documents that cannot be written are left out."""
    found: dict[str, WantedChange] = {}
    for document, one in steps:
        if document.path is None or not can_change(document):
            continue
        key = real_path(document.path)
        alone = document.source != document.name
        wish = found.get(key, WantedChange(document.path, document.name, (), alone))
        found[key] = wish._replace(edits=(*wish.edits, one))
    return tuple(found.values())


def to_import(steps: Iterable[PlannedEdit], context: Context) -> tuple[tuple[str, bytes], ...]:
    """Return a calendar with the changed events alone for each document that cannot be written, by its name.

    Raises RefusedError like the edits, SourceError when a document cannot be read again.
    """
    groups: dict[str, list[PlannedEdit]] = {}
    for step in steps:
        if not can_change(step.document):
            groups.setdefault(step.document.name, []).append(step)
    return tuple((name, _imported(group, context._replace(name=name))) for name, group in groups.items())


def _imported(steps: Sequence[PlannedEdit], context: Context) -> bytes:
    """Return one document with the steps made, and in it the events that they are about alone."""
    after = edit(read_bytes(steps[0].document), [step.edit for step in steps], context)
    uids = {step.edit.uid for step in steps if not isinstance(step.edit, Insert | Remove)}
    inserted = {uid for step in steps if isinstance(step.edit, Insert) for uid in _uids(step.edit)}
    return keep_only(after, uids | inserted)


def _uids(insert: Insert) -> list[str]:
    """Return the UIDs of the events to insert; a long one is folded (RFC 5545 3.1)."""
    lines = insert.calendar.replace(b"\r\n ", b"").split(b"\r\n")
    return [decode(line[4:]) for line in lines if line.startswith(b"UID:")]


def show_diff(change: Change) -> list[str]:
    """Return the change of one file as a unified diff, line by line, as text that may hold anything."""
    patch = make_patch(change.path, change.before, change.after)
    old, new = change.before or b"", change.after or b""
    first = old.rfind(b"\n", 0, max(patch.start - 400, 0)) + 1
    tail = 400
    old_end = min(len(old), patch.start + len(patch.old) + tail)
    new_end = min(len(new), patch.start + patch.length + tail)
    offset = old.count(b"\n", 0, first)
    rows = difflib.unified_diff(
        _rows(old[first:old_end]),
        _rows(new[first:new_end]),
        change.name if change.before is not None else "/dev/null",
        change.name if change.after is not None else "/dev/null",
        n=_CONTEXT_LINES,
        lineterm="",
    )
    return [_renumbered(row, offset) for row in rows]


def _rows(data: bytes) -> list[str]:
    return decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _renumbered(row: str, offset: int) -> str:
    """A hunk's line numbers count from the beginning of the file."""
    if not row.startswith("@@ ") or not offset:
        return row
    parts = row.split(" ")
    for place in (1, 2):
        start, comma, size = parts[place][1:].partition(",")
        parts[place] = f"{parts[place][0]}{int(start) + offset}{comma}{size}"
    return " ".join(parts)
