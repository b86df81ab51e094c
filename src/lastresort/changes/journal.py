"""What was changed, written down before it is done: so that it can be undone, and finished after a crash.

A record is one JSON file; its name tells what became of it, and a rename is all it takes to say more:
`7-c0de.pending.json` → `7-c0de.done.json` → `7-c0de.undoing.json` → `7-c0de.undone.json`.
"""

from __future__ import annotations

import os
from datetime import datetime  # noqa: TC003 - the codec reads the annotations
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NamedTuple

from lastresort.codec import NewerError, decode, encode
from lastresort.errors import RefusedError
from lastresort.secure_files import make_folder, write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEPT = 500
"""Records that are kept; what is older cannot be undone."""

VERSION = 1
_LARGEST = 256 << 20


class State(StrEnum):
    """How far a change, or its undoing, has come."""

    PENDING = "pending"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Patch(NamedTuple):
    """The way back for one file: its hashes, and the bytes that stood where it was changed."""

    path: str
    """The real path, links followed."""
    before: str | None
    """SHA-256 of the old bytes; `None` when there was no file."""
    after: str | None
    start: int = 0
    """Where old and new bytes begin to differ."""
    length: int = 0
    """How many new bytes stand there."""
    old: bytes = b""
    """The old bytes that stood there."""

    def reverse(self, data: bytes | None) -> bytes | None:
        """Return the old bytes, given the new ones; `None` when there was no file."""
        if self.before is None:
            return None
        data = data or b""
        return data[: self.start] + self.old + data[self.start + self.length :]


class Memo(NamedTuple):
    """What was remembered along with a change, to be forgotten when it is taken back."""

    kind: Literal["hold", "settle"]
    interviews: tuple[str, ...]
    """As memory names them."""
    agreed: datetime | None = None
    """The start that was agreed on."""


class Record(NamedTuple):
    """One change, of one file or several."""

    id: str
    state: State
    when: datetime
    what: tuple[str, ...]
    """The changes in words, for `log`."""
    patches: tuple[Patch, ...]
    sources: tuple[str, ...] = ()
    """The local sources that the change was made from, to be checked again once it is taken back."""
    memo: Memo | None = None

    @property
    def number(self) -> int:
        """The change's place in the order of all."""
        return _number(self.id)


class _Kept(NamedTuple):
    """What a file holds of a record; the rest is its name."""

    when: datetime
    what: tuple[str, ...]
    files: tuple[Patch, ...]
    sources: tuple[str, ...]
    memo: Memo | None = None
    """Records of earlier versions have none."""


def digest(data: bytes | None) -> str | None:
    """Return what bytes are recognised by; `None` for no file."""
    return None if data is None else sha256(data).hexdigest()


def make_patch(path: str, before: bytes | None, after: bytes | None) -> Patch:
    """Return the way back from `after` to `before`."""
    old, new = before or b"", after or b""
    shorter = min(len(old), len(new))
    start = _longest(shorter, lambda size: old[:size] == new[:size])
    rest = shorter - start
    tail = _longest(rest, lambda size: old[len(old) - size :] == new[len(new) - size :])
    middle = old[start : len(old) - tail]
    return Patch(path, digest(before), digest(after), start, len(new) - start - tail, middle)


def _longest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest size up to `most` that fits, if every smaller one does too."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


class Journal:
    """The records in a folder, for their owner alone."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def add(
        self,
        when: datetime,
        what: Sequence[str],
        patches: Sequence[Patch],
        sources: Sequence[str] = (),
        memo: Memo | None = None,
    ) -> Record:
        """Write down what is about to be done. Raises OSError: without its record no change is made."""
        number = 1 + max((_number(name) for name in self._names()), default=0)
        id_ = f"{number}-{os.urandom(2).hex()}"
        record = Record(id_, State.PENDING, when, tuple(what), tuple(patches), tuple(sources), memo)
        write_file(self._path(record.id, State.PENDING), _encode(record))
        return record

    def amend(self, record: Record, patches: Sequence[Patch]) -> Record:
        """Write down what was really done. Raises OSError."""
        amended = record._replace(patches=tuple(patches))
        write_file(self._path(record.id, record.state), _encode(amended))
        return amended

    def mark(self, record: Record, state: State) -> Record:
        """Say what became of a change. Raises OSError."""
        os.replace(self._path(record.id, record.state), self._path(record.id, state))
        return record._replace(state=state)

    def drop(self, record: Record) -> None:
        """Forget a change that was never made. Raises OSError."""
        os.unlink(self._path(record.id, record.state))

    def prune(self) -> None:
        """Forget the oldest records beyond those that are kept. Raises OSError."""
        for name in sorted(self._names(), key=_number)[:-KEPT]:
            os.unlink(os.path.join(self.folder, name))

    def unfinished(self) -> list[Record]:
        """Return the changes that a run may have left half done."""
        return [r for r in map(self._read, self._names((State.PENDING, State.UNDOING))) if r]

    def records(self) -> list[Record]:
        """Return all changes, the latest first. What is damaged is left out."""
        found = [record for record in map(self._read, self._names()) if record]
        return sorted(found, key=lambda record: (record.number, record.id), reverse=True)

    def find(self, id_: str | None) -> Record:
        """Return a change by name or number; without one the last that stands. Raises RefusedError."""
        for record in self.records():
            if id_ is None and record.state is not State.UNDONE:
                return record
            if id_ is not None and id_ in (record.id, str(record.number)):
                return record
        raise RefusedError(
            "there is no such change in the journal" if id_ else "there is no change to take back"
        )

    def _names(self, states: Sequence[State] = tuple(State)) -> list[str]:
        endings = tuple(f".{state}.json" for state in states)
        try:
            return [name for name in os.listdir(self.folder) if name.endswith(endings) and _number(name)]
        except FileNotFoundError:
            return []

    def _path(self, id_: str, state: State) -> str:
        return os.path.join(self.folder, f"{id_}.{state}.json")

    def _read(self, name: str) -> Record | None:
        try:
            with open(os.path.join(self.folder, name), "rb") as stream:
                return _decode(name, stream.read(_LARGEST))
        except (FileNotFoundError, ValueError, NewerError):
            return None


def open_journal(state: str) -> Journal:
    """Return the journal of a state folder. Raises OSError when the folder cannot be made."""
    folder = os.path.join(state, "journal")
    make_folder(folder)
    return Journal(folder)


def _number(name: str) -> int:
    digits = name.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _encode(record: Record) -> bytes:
    kept = _Kept(
        when=record.when,
        what=record.what,
        files=record.patches,
        sources=record.sources,
        memo=record.memo,
    )
    return encode(kept, VERSION)


def _decode(name: str, raw: bytes) -> Record:
    id_, state, _ = name.split(".")
    kept = decode(raw, _Kept, VERSION)
    return Record(
        id=id_,
        state=State(state),
        when=kept.when,
        what=kept.what,
        patches=kept.files,
        sources=kept.sources,
        memo=kept.memo,
    )
