"""Calendars in a .zip, as Google exports them. Nothing is unpacked to the disk: names in it stay names."""

from __future__ import annotations

import stat
import zlib
from functools import partial
from typing import TYPE_CHECKING, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lastresort.errors import SourceError
from lastresort.model import Document, Limits, Problem
from lastresort.sources.interface import (
    ENDINGS,
    Opened,
    in_memory,
    larger_than,
    megabytes,
    read_capped,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MEMBERS = 2_000
"""Entries of an archive: an export has one for each calendar."""
TIMES = 4
"""An archive may unpack to so many times the size of the largest file."""

_DIRECTORY = 1 << 20
_END = b"PK\x05\x06"
_END_LENGTH = 22
_COMMENT = 1 << 16
_ENCRYPTED = 0x1


def open_archive(opener: Callable[[], BinaryIO], *, name: str, limits: Limits) -> Opened:
    """Return the calendars in a zip file, each a source of its own, in the order of their names.

    Raises SourceError when it is damaged, holds no calendar, or unpacks to more than anybody's calendars.
    """
    members = _list_members(opener, name, limits)
    documents: list[Document] = []
    problems: list[Problem] = []
    for member in members:
        called = f"{name}/{shown(member.filename)}"
        why = _why_not(member, limits)
        if why:
            problems.append(Problem(name, "passed-over", f"{called}: {why}", lost=True))
        elif _is_calendar(member):
            document = partial(_open_member, opener, member, called, limits)
            documents.append(Document(called, called, document, size=member.file_size))
    if not documents:
        none = f"{name}: holds no .ics file; export the calendar again, or give the file itself"
        raise SourceError(problems[0].message if problems else none)
    return Opened(tuple(documents), tuple(problems))


def _list_members(opener: Callable[[], BinaryIO], name: str, limits: Limits) -> list[ZipInfo]:
    with opener() as stream:
        if _directory_size(stream) > _DIRECTORY:
            raise _too_many(name)
        try:
            with ZipFile(stream) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
        except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
            raise SourceError(f"{name}: damaged or cut off; download the archive again") from None
    if len(members) > MEMBERS:
        raise _too_many(name)
    members = [member for member in members if _is_calendar(member) or _is_archive(member)]
    usable = [member.file_size for member in members if not _why_not(member, limits)]
    if sum(usable) > TIMES * limits.file_bytes:
        raise SourceError(f"{name}: unpacks to more than {megabytes(TIMES * limits.file_bytes)}; not read")
    return sorted(members, key=lambda member: member.filename)


def _directory_size(stream: BinaryIO) -> int:
    """Return the size of its directory as the archive states it; zero when it states none (it is damaged)."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _END_LENGTH - _COMMENT))
    tail = stream.read()
    at = tail.rfind(_END)
    stream.seek(0)
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def _too_many(name: str) -> SourceError:
    return SourceError(f"{name}: more than {MEMBERS:,} entries; no calendar export has so many")


def _is_calendar(member: ZipInfo) -> bool:
    leaf = member.filename.rpartition("/")[2]
    return leaf.lower().endswith(ENDINGS) and not leaf.startswith(".") and "__MACOSX/" not in member.filename


def _is_archive(member: ZipInfo) -> bool:
    return member.filename.lower().endswith(".zip")


def _why_not(member: ZipInfo, limits: Limits) -> str:
    """Return what keeps a member from being read; empty when nothing does."""
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link, not a calendar"
    if member.flag_bits & _ENCRYPTED:
        return "protected by a password; unpack it first"
    if member.file_size > limits.file_bytes:
        return larger_than(limits.file_bytes)
    return "an archive inside the archive is not opened; unpack it first" if _is_archive(member) else ""


def _open_member(opener: Callable[[], BinaryIO], member: ZipInfo, name: str, limits: Limits) -> BinaryIO:
    """A stream over the whole member: its checksum is known to be right before anybody believes it."""
    try:
        with opener() as stream, ZipFile(stream) as archive, archive.open(member) as content:
            data = read_capped(content, limits.file_bytes, name)  # type: ignore[arg-type]  # it has `read`
    except (BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        raise SourceError(f"{name}: damaged; download the archive again") from None
    return in_memory(data)()
