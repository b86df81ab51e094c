"""Notes of what was sent besides requests: to colleagues, to say that I come late, to ask for more time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.history.records import Memory, Note

KEPT = timedelta(days=90)
"""How long a note is remembered after the event that it is about."""


def notes_about(memory: Memory, about: str, *kinds: str) -> tuple[Note, ...]:
    """Return the notes about an event, by its identity, of these kinds; the first one first."""
    return tuple(note for note in memory.notes if note.about == about and note.kind in kinds)


def open_notes(memory: Memory, now: datetime) -> tuple[Note, ...]:
    """Return what still waits for an answer: notes about events to come, offers until the day named."""
    return tuple(
        note
        for note in memory.notes
        if note.settled is None and note.kind != "late" and (note.until or note.original) > now
    )


def add_note(memory: Memory, note: Note) -> Memory:
    """Return the memory with a note of something sent, in place of an earlier one of its kind."""
    others = (
        known
        for known in memory.notes
        if (known.about, known.kind) != (note.about, note.kind) and known.original + KEPT > note.sent
    )
    return memory._replace(notes=(*others, note))


def settle_note(memory: Memory, about: str, kind: str, now: datetime) -> Memory | None:
    """Return the memory with their consent noted, or `None` where nothing of the kind was sent."""
    if not notes_about(memory, about, kind):
        return None
    return memory._replace(
        notes=tuple(
            note._replace(settled=now) if (note.about, note.kind) == (about, kind) else note
            for note in memory.notes
        )
    )


def take_note(memory: Memory, about: str, kind: str) -> Memory | None:
    """Return the memory without the note of a kind, or `None` where there is none.

    A consent is taken back before what was sent.
    """
    known = notes_about(memory, about, kind)
    if not known:
        return None
    left = tuple(note._replace(settled=None) for note in known if note.settled is not None)
    return memory._replace(notes=(*(note for note in memory.notes if note not in known), *left))
