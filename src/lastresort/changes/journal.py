"""What was changed, written down before it is done: so that it can be undone, and finished after a crash.

A record is one JSON file; its name tells what became of it, and a rename is all it takes to say more:
`7-c0de.pending.json` → `7-c0de.done.json` → `7-c0de.undoing.json` → `7-c0de.undone.json`.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import datetime  # noqa: TC003 - the codec reads the annotations
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from lastresort.changes.disk import is_address
from lastresort.changes.meaning import meaning
from lastresort.codec import NewerError, decode, encode
from lastresort.errors import RefusedError
from lastresort.secure_files import hold_lock, make_folder, read_file, write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

KEPT = 500
"""Records that are kept; what is older cannot be undone."""

VERSION = 1
SECONDS = 10.0
"""How long a run waits for another one that writes its record."""

_LARGEST = 256 << 20
_UNFINISHED = ("pending", "undoing")


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
    whole: bool = False
    """`old` is all that was there. So it is for objects on servers, which write them in their own way."""
    meaning: str | None = None
    """What the new bytes of such an object say, by `meaning`."""

    def made(self, data: bytes | None) -> bool:
        """Tell whether these bytes are what the change has made."""
        if digest(data) == self.after:
            return True
        return data is not None and self.meaning is not None and meaning(data) == self.meaning

    def reverse(self, data: bytes | None) -> bytes | None:
        """Return the old bytes, given the new ones; `None` when there was no file."""
        if self.before is None:
            return None
        if self.whole:
            return self.old
        data = data or b""
        return data[: self.start] + self.old + data[self.start + self.length :]


class Memo(NamedTuple):
    """What was remembered along with a change, to be forgotten when it is taken back."""

    kind: Literal["hold", "settle"]
    interviews: tuple[str, ...]
    """As memory names them."""
    agreed: datetime | None = None
    """The start that was agreed on."""
    awaited: bool = True
    """A request waited for it, and is open again when the change is taken back."""


class Record(NamedTuple):
    """One change, of one file or several."""

    id: str
    state: State
    when: datetime
    what: tuple[str, ...]
    """The changes in words, for `log`."""
    patches: tuple[Patch, ...]
    sources: tuple[str, ...] = ()
    """What the change was made from, to be checked again once it is taken back: local sources, absolute, and
    the servers that no configuration names, without a password."""
    memo: Memo | None = None
    zone: str = ""
    """My zone then, in which the words tell times; empty in records of earlier versions."""

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
    zone: str = ""


class Unreadable(NamedTuple):
    """A change whose record is damaged, or was written by a later version."""

    id: str

    @property
    def number(self) -> int:
        """The change's place in the order of all."""
        return _number(self.id)

    @property
    def told(self) -> str:
        """What is said of it."""
        return f"the record of change {self.id} cannot be understood (damaged, or of a later version)"


def digest(data: bytes | None) -> str | None:
    """Return what bytes are recognised by; `None` for no file."""
    return None if data is None else sha256(data).hexdigest()


def make_patch(path: str, before: bytes | None, after: bytes | None) -> Patch:
    """Return the way back from `after` to `before`."""
    if is_address(path):
        return Patch(
            path=path,
            before=digest(before),
            after=digest(after),
            old=before or b"",
            whole=True,
            meaning=None if after is None else meaning(after),
        )
    old, new = before or b"", after or b""
    shorter = min(len(old), len(new))
    start = _longest(shorter, lambda size: old[:size] == new[:size])
    rest = shorter - start
    tail = _longest(rest, lambda size: old[len(old) - size :] == new[len(new) - size :])
    return Patch(
        path=path,
        before=digest(before),
        after=digest(after),
        start=start,
        length=len(new) - start - tail,
        old=old[start : len(old) - tail],
    )


def _longest(most: int, fits: Callable[[int], bool]) -> int:
    """Return the largest size up to `most` that fits, if every smaller one does too."""
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
        *,
        sources: Sequence[str] = (),
        memo: Memo | None = None,
        zone: str = "",
    ) -> Record:
        """Write down what is about to be done, and forget the oldest records beyond those that are kept.

        Numbers are given to one run at a time, so that each is unique. Raises OSError, or LockedError when
        another run takes too long: without its record no change is made.
        """
        with hold_lock(os.path.join(self.folder, "journal.lock"), SECONDS):
            names = sorted(self._names(), key=_number)
            for name in names[: max(len(names) - KEPT + 1, 0)]:
                if name.split(".")[1] not in _UNFINISHED:
                    with suppress(FileNotFoundError):
                        os.unlink(os.path.join(self.folder, name))
            number = 1 + max(map(_number, names), default=0)
            record = Record(
                id=f"{number}-{os.urandom(2).hex()}",
                state=State.PENDING,
                when=when,
                what=tuple(what),
                patches=tuple(patches),
                sources=tuple(sources),
                memo=memo,
                zone=zone,
            )
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

    def unfinished(self) -> list[Record]:
        """Return the changes that a run may have left half done; those not understood are left out."""
        names = [name for name in self._names() if name.split(".")[1] in _UNFINISHED]
        return [entry for entry in map(self._read, names) if isinstance(entry, Record)]

    def records(self) -> list[Record]:
        """Return all changes that are understood, the latest first."""
        return [entry for entry in self.entries() if isinstance(entry, Record)]

    def entries(self) -> Iterator[Record | Unreadable]:
        """Yield all changes, the latest first, those whose record cannot be understood as well."""
        for name in sorted(self._names(), key=lambda name: (_number(name), name), reverse=True):
            entry = self._read(name)
            if entry is not None:
                yield entry

    def find(self, id_: str | None) -> Record:
        """Return a change by name or number; without one the last that stands.

        Raises RefusedError when there is none, when its record cannot be understood, or when two changes
        have the number.
        """
        named = [e for e in self.entries() if id_ in (e.id, str(e.number))] if id_ else self._standing()
        if len(named) > 1:
            raise RefusedError(f"several changes have this number: {', '.join(one.id for one in named)}")
        match named:
            case [Record() as record]:
                return record
            case [Unreadable() as entry]:
                raise RefusedError(
                    f"{entry.told}, so it cannot be taken back; 'lastresort log' names the others"
                )
        raise RefusedError(
            "there is no such change in the journal" if id_ else "there is no change to take back"
        )

    def _standing(self) -> list[Record | Unreadable]:
        standing = (e for e in self.entries() if isinstance(e, Unreadable) or e.state is not State.UNDONE)
        return list(islice(standing, 1))

    def _names(self) -> list[str]:
        try:
            return [name for name in os.listdir(self.folder) if _NAME.fullmatch(name)]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _path(self, id_: str, state: State) -> str:
        return os.path.join(self.folder, f"{id_}.{state}.json")

    def _read(self, name: str) -> Record | Unreadable | None:
        """Return the record of a name; `None` when another run has renamed or dropped it meanwhile."""
        try:
            return _decode(name, read_file(os.path.join(self.folder, name), _LARGEST))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, NewerError):
            return Unreadable(id=name.split(".")[0])


def open_journal(state: str) -> Journal:
    """Return the journal of a state folder. Raises OSError when the folder cannot be made."""
    folder = os.path.join(state, "journal")
    make_folder(folder)
    return Journal(folder)


_NAME = re.compile(rf"[1-9][0-9]{{0,8}}-[0-9a-f]+\.(?:{'|'.join(State)})\.json")


def _number(name: str) -> int:
    return int(name.partition("-")[0])


def _encode(record: Record) -> bytes:
    kept = _Kept(
        when=record.when,
        what=record.what,
        files=record.patches,
        sources=record.sources,
        memo=record.memo,
        zone=record.zone,
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
        zone=kept.zone,
    )
