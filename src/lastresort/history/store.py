"""The memory on the disk: one JSON file, versioned, for its owner alone, changed by one run at a time."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lastresort.errors import RefusedError
from lastresort.history.records import Clash, Contact, Memory, Request
from lastresort.secure_files import hold_lock, write_file

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1
SECONDS = 10.0
"""How long a run waits for another one that is at work on the memory."""

_LARGEST = 16 << 20
_TIMES = frozenset({"interview_start", "interview_end", "other_start", "other_end", "asked", "original"})
_MAYBE_TIMES = frozenset({"nudged", "settled"})


class Book:
    """The memory of a folder while its lock is held. `told` says what was wrong with it, if anything."""

    def __init__(self, path: str, memory: Memory, told: str | None) -> None:
        self.path = path
        self.memory = memory
        self.told = told

    def save(self, memory: Memory) -> None:
        """Keep a new state, whole or not at all. Raises OSError when it cannot be written."""
        write_file(self.path, encode(memory))
        self.memory = memory


@contextmanager
def open_memory(folder: str, seconds: float = SECONDS) -> Iterator[Book]:
    """Hold the memory of a state folder: two runs at once take turns.

    A damaged file is moved aside and told, the memory then being empty. Raises LockedError after `seconds`,
    RefusedError for a file of a later version, OSError when the folder cannot be used.
    """
    path = os.path.join(folder, "memory.json")
    with hold_lock(os.path.join(folder, "memory.lock"), seconds):
        memory, told = _load(path)
        yield Book(path, memory, told)


def read_memory(folder: str) -> Memory:
    """Return the memory without holding it, for those who only look. A damaged file counts as empty."""
    try:
        with open(os.path.join(folder, "memory.json"), "rb") as stream:
            return decode(stream.read(_LARGEST))
    except (OSError, ValueError):
        return Memory()


def _load(path: str) -> tuple[Memory, str | None]:
    try:
        with open(path, "rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        return Memory(), None
    try:
        return decode(raw), None
    except ValueError:
        aside = f"{path}.damaged"
        os.replace(path, aside)
        return (
            Memory(),
            f"the memory of earlier runs was damaged; it lies in {aside}, and everything counts as new",
        )


def encode(memory: Memory) -> bytes:
    """Return the memory as JSON."""
    document = {
        "version": VERSION,
        "clashes": [clash._asdict() for clash in memory.clashes],
        "requests": [
            {**request._asdict(), "contact": request.contact._asdict()} for request in memory.requests
        ],
        "problems": sorted(memory.problems),
        "reminders": sorted(memory.reminders),
    }
    return json.dumps(document, default=_plain, indent=1).encode()


def decode(raw: bytes) -> Memory:
    """Return the memory in JSON. Raises ValueError when it is damaged, RefusedError when it is newer."""
    if len(raw) > _LARGEST:
        raise ValueError
    try:
        document = json.loads(raw)
        newer = document["version"] > VERSION
    except (RecursionError, KeyError, TypeError):
        raise ValueError from None
    if newer:
        raise RefusedError(
            "the memory of earlier runs was written by a later version of lastresort; update this one"
        )
    try:
        return Memory(
            tuple(_clash(entry) for entry in document["clashes"]),
            tuple(_request(entry) for entry in document["requests"]),
            frozenset(str(name) for name in document["problems"]),
            frozenset(str(name) for name in document.get("reminders", ())),
        )
    except (KeyError, TypeError, AttributeError):
        raise ValueError from None


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError


def _clash(entry: dict[str, Any]) -> Clash:
    values = _with_times(entry)
    values["sources"] = tuple(str(source) for source in entry["sources"])
    clash = Clash(**values)
    if not isinstance(clash.urgency, int) or not all(
        isinstance(part, str) for part in (*clash.pair, clash.busy)
    ):
        raise ValueError
    return clash


def _request(entry: dict[str, Any]) -> Request:
    values = _with_times(entry)
    values["offers"] = tuple((_moment(start), _moment(end)) for start, end in entry["offers"])
    values["contact"] = _contact(entry.get("contact", {}))
    request = Request(**values)
    texts = (request.interview, request.title)
    if any(not isinstance(text, str) for text in texts):
        raise ValueError
    return request


def _contact(entry: dict[str, Any]) -> Contact:
    contact = Contact(**entry)
    if any(type(value) is not type(Contact._field_defaults[field]) for field, value in entry.items()):
        raise ValueError
    return contact


def _with_times(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        field: _moment(value) if field in _TIMES or (field in _MAYBE_TIMES and value is not None) else value
        for field, value in entry.items()
    }


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)
