"""The last copy of each feed, for the day the network fails. Named by hash: addresses can be secrets."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime  # noqa: TC003 - the codec reads the annotations
from typing import TYPE_CHECKING, NamedTuple

from lastresort.codec import NewerError, decode, encode
from lastresort.secure_files import read_file, write_file
from lastresort.sources.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from lastresort.model import Limits

VERSION = 1
_LARGEST_NOTE = 1 << 16


class Copy(NamedTuple):
    """A kept copy: where it lies, and what the server said of it. Without validators it is asked for anew."""

    path: str
    etag: str = ""
    last_modified: str = ""
    fetched: datetime | None = None


class _Note(NamedTuple):
    """What is kept beside a copy."""

    sha256: str
    etag: str = ""
    last_modified: str = ""
    fetched: datetime | None = None


def find_copy(folder: str, address: str) -> Copy | None:
    """Return the copy kept of an address; its note counts only when it belongs to the very bytes."""
    path = _path(folder, address)
    if not os.path.isfile(path):
        return None
    note = _read_note(f"{path}.json")
    try:
        digest = _digest(path)
    except OSError:
        return None
    if note is None or note.sha256 != digest:
        return Copy(path)
    return Copy(path, note.etag, note.last_modified, note.fetched)


def keep_copy(
    folder: str, address: str, body: bytes, *, etag: str, last_modified: str, fetched: datetime | None
) -> None:
    """Keep a copy for its owner alone. A kill leaves the old one, or the new one without its note."""
    path = _path(folder, address)
    write_file(path, body)
    _write_note(path, hashlib.sha256(body).hexdigest(), etag, last_modified, fetched)


def confirm_copy(copy: Copy, fetched: datetime | None) -> None:
    """Note that the server has called the copy current."""
    _write_note(copy.path, _digest(copy.path), copy.etag, copy.last_modified, fetched)


def opener(copy: Copy, name: str, limits: Limits) -> Callable[[], BinaryIO]:
    """Return an opener of fresh streams over the copy."""
    return lambda: open_regular(copy.path, name, limits)


def _path(folder: str, address: str) -> str:
    return os.path.join(folder, "feeds", hashlib.sha256(address.encode()).hexdigest()[:40] + ".ics")


def _digest(path: str) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_note(path: str) -> _Note | None:
    try:
        return decode(read_file(path, _LARGEST_NOTE), _Note, VERSION)
    except (OSError, ValueError, NewerError):
        return None


def _write_note(path: str, digest: str, etag: str, last_modified: str, fetched: datetime | None) -> None:
    note = _Note(sha256=digest, etag=etag, last_modified=last_modified, fetched=fetched)
    write_file(f"{path}.json", encode(note, VERSION))
