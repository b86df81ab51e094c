"""Calendars on the disk: a file, or a folder as vdirsyncer, khal and Apple's archives lay it out."""

from __future__ import annotations

import errno
import os
import stat
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from lastresort.errors import SourceError
from lastresort.model import Document, Limits, Problem
from lastresort.sources.interface import ENDINGS, Opened, read_capped, shown, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEPTH = 12
"""Folders below folders that are looked into: calendars lie two or four deep."""
FILES = 200_000

HEAD = 4096
"""Bytes that tell a mail from a calendar."""
LONGEST_MAIL = 32 << 20
"""Bytes of a mail that are read."""
_SAFELY = ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
_FLAGS = os.O_RDONLY | sum(getattr(os, flag, 0) for flag in _SAFELY)

_WHY = {
    errno.ENOENT: "no such file or folder; check the path",
    errno.ENOTDIR: "no such file or folder; check the path",
    errno.EACCES: "may not be read; check its permissions",
    errno.EPERM: "may not be read; check its permissions",
    errno.ELOOP: "a symbolic link that leads back to itself; name the file it should lead to",
    errno.ENAMETOOLONG: "the path is too long",
    errno.ENXIO: "not a file; save the calendar to a file, or pipe it and give - as the source",
}

_FOREIGN = {
    ".msg": "Outlook's .msg is not read; open it there and save it as .ics (File > Save As > iCalendar)",
    ".oft": "Outlook's .oft is not read; save the event as .ics (File > Save As > iCalendar)",
    ".dat": "winmail.dat is not read; ask for the invitation as .ics, or open it in Outlook and save it so",
    ".pst": "Outlook's .pst is not read; save each calendar as .ics (File > Save Calendar)",
    ".ost": "Outlook's .ost is not read; save each calendar as .ics (File > Save Calendar)",
    ".olm": "Outlook's .olm is not read; save each calendar as .ics, or give its published https:// address",
    ".csv": "tables are not read; export the calendar as .ics instead",
}
_MAGIC = {
    b"PK\x03\x04": ".zip",
    b"PK\x05\x06": ".zip",
    b"\xd0\xcf\x11\xe0": ".msg",
    b"\x78\x9f\x3e\x22": ".dat",
}


def open_path(path: str, *, name: str, limits: Limits) -> Opened:
    """Return what a file or folder holds. Raises SourceError for what is missing, special, or no calendar."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise SourceError(f"{name}: {_kind(status.st_mode)}")
    if stat.S_ISDIR(status.st_mode):
        return open_folder(path, name=name, limits=limits)
    _refuse_foreign(os.path.splitext(path)[1].lower(), name)
    return open_stream(partial(open_regular, path, name, limits), name=name, limits=limits, path=path)


def open_stream(
    opener: Callable[[], BinaryIO], *, name: str, limits: Limits, path: str | None = None
) -> Opened:
    """Return what a stream holds, judged by its first bytes: a calendar, a mail, or an archive."""
    with opener() as stream:
        head = stream.read(HEAD)
    ending = _ending(head, path)
    _refuse_foreign(ending, name)
    if ending == ".zip":
        from lastresort.sources.archive import open_archive

        return open_archive(opener, name=name, limits=limits)
    if ending == ".eml":
        from lastresort.sources.mail import open_mail

        with opener() as stream:
            return open_mail(read_capped(stream, limits.file_bytes, name), name=name, limits=limits)
    return Opened((Document(name, name, opener, path=path),))


def open_folder(path: str, *, name: str, limits: Limits) -> Opened:
    """Return the .ics files of a folder and those below, by name. Each folder is a source.

    Hidden files and editors' leftovers are passed over. Links to folders are not followed: one that leads
    elsewhere is told. Raises SourceError when there is no .ics file at all.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    for folder in _walk(path, name, problems):
        if len(documents) > FILES:
            raise SourceError(f"{name}: more than {FILES:,} .ics files; name the calendar folder itself")
        for file in folder.files:
            called, place = _below(folder.name, file), os.path.join(folder.path, file)
            opener = partial(open_regular, place, called, limits)
            documents.append(Document(called, folder.name, opener, calendar=folder.calendar, path=place))
    if not documents:
        raise SourceError(_nothing_in(path, name, problems))
    return Opened(tuple(documents), tuple(problems))


def open_regular(path: str, name: str, limits: Limits) -> BinaryIO:
    """Return a stream over a regular file. Raises SourceError for all else; never waits for a writer."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise SourceError(f"{name}: {_kind(status.st_mode)}")
    if status.st_size > limits.file_bytes:
        os.close(descriptor)
        raise too_large(name, limits.file_bytes)
    stream = os.fdopen(descriptor, "rb")
    if status.st_size:
        return stream
    # The kernel's own files claim to be empty and may never end.
    try:
        with stream:
            return BytesIO(read_capped(stream, limits.file_bytes, name))
    except OSError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError | ValueError) -> SourceError:
    number = error.errno if isinstance(error, OSError) else None
    return SourceError(f"{name}: {_WHY.get(number or 0, 'cannot be read')}")


def _kind(mode: int) -> str:
    kind = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
    return f"{kind}, not a file; pipe the calendar and give - as the source instead"


def _ending(head: bytes, path: str | None) -> str:
    """Return what it is by its first bytes, else by its name: exports are often saved under another one."""
    for magic, ending in _MAGIC.items():
        if head.startswith(magic):
            return ending
    named = os.path.splitext(path or "")[1].lower()
    if named in {".eml", ".zip"}:
        return named
    return ".eml" if named not in ENDINGS and is_mail(head) else named


def is_mail(data: bytes) -> bool:
    """Tell whether bytes begin as a mail does."""
    head = data[:HEAD]
    first, _, _ = head.partition(b"\n")
    names = head.lower()
    begun = b"begin:vcalendar" in names.split(b"\n\n")[0].split(b"\r\n\r\n")[0]
    name, colon, _ = first.partition(b":")
    field = first.startswith(b"From ") or (colon and name.replace(b"-", b"").isalnum())
    return bool(field) and not begun and (b"\nmime-version:" in names or b"\ncontent-type:" in names)


def _refuse_foreign(ending: str, name: str) -> None:
    if ending in _FOREIGN:
        raise SourceError(f"{name}: {_FOREIGN[ending]}")


# -- folders ------------------------------------------------------------------------------------------------


class _Folder(NamedTuple):
    """A folder that holds .ics files: what it is called, where it lies, and the names of the files."""

    name: str
    path: str
    calendar: str
    files: tuple[str, ...]


def _walk(path: str, name: str, problems: list[Problem]) -> Iterator[_Folder]:
    """Yield the folders with .ics files, parents first, by name. What is passed over goes to `problems`."""
    waiting = [(path, name, 0)]
    while waiting:
        path, name, depth = waiting.pop()
        files, folders = _list_folder(path, name, problems)
        if files:
            yield _Folder(name, path, _display_name(path), tuple(files))
        if folders and depth >= DEPTH:
            why = "folders deeper than this are not looked into"
            problems.append(_passed_over(name, name, why, lost=False))
            continue
        waiting += [(os.path.join(path, f), _below(name, f), depth + 1) for f in reversed(folders)]


def _list_folder(path: str, name: str, problems: list[Problem]) -> tuple[list[str], list[str]]:
    """Return the names of .ics files and of folders in it, each in order."""
    files: list[str] = []
    folders: list[str] = []
    listed: list[os.DirEntry[str]] = []
    try:
        with os.scandir(path) as entries:
            listed.extend(entry for entry in entries if not entry.name.startswith((".", "#")))
    except OSError as error:
        problems.append(Problem(name, "unreadable-folder", str(_unreadable(name, error)), lost=True))
    for entry in listed:
        calendar, called = entry.name.lower().endswith(ENDINGS), _below(name, entry.name)
        try:
            if calendar and entry.is_file():
                files.append(entry.name)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif entry.is_dir():
                # A link back into its own folder hides nothing; any other may, and could lead anywhere.
                if not os.path.samefile(entry.path, os.path.dirname(entry.path) or "."):
                    why = "a link to a folder is not followed; give that folder as a source"
                    problems.append(_passed_over(name, called, why))
            elif calendar:
                why = "not a file that can be read (a broken link, a pipe or a socket)"
                problems.append(_passed_over(name, called, why))
        except OSError as error:
            problems.append(Problem(name, "unreadable", str(_unreadable(called, error)), lost=True))
    return sorted(files), sorted(folders)


def _passed_over(source: str, name: str, why: str, lost: bool = True) -> Problem:
    return Problem(source, "passed-over", f"{name}: {why}", lost=lost)


def _below(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{shown(name)}"


def _display_name(path: str) -> str:
    """Return the name: vdirsyncer's `displayname`, the title in Apple's archive, else the folder's."""
    if os.path.basename(path) == "Events":
        return _apple_title(os.path.dirname(path)) or _folder_name(os.path.dirname(path))
    lines = _small_file(os.path.join(path, "displayname")).decode("utf-8", "replace").strip()
    return shown(lines.partition("\n")[0].strip()) or _folder_name(path)


def _folder_name(path: str) -> str:
    return shown(os.path.basename(os.path.abspath(path)))


def _apple_title(path: str) -> str:
    data = _small_file(os.path.join(path, "Info.plist"))
    if not data:
        return ""
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        title = plistlib.loads(data).get("Title", "")
    except (plistlib.InvalidFileException, ExpatError, ValueError, AttributeError, OverflowError):
        return ""
    return shown(title) if isinstance(title, str) else ""


def _small_file(path: str) -> bytes:
    """Return the content of a small helper file beside the calendar; nothing when there is none."""
    try:
        with open_regular(path, "", Limits(file_bytes=1 << 16)) as stream:
            return stream.read()
    except SourceError:
        return b""


def _nothing_in(path: str, name: str, problems: list[Problem]) -> str:
    if problems:
        return problems[0].message
    if path.rstrip("/").lower().endswith(".icbu"):
        return f"{name}: holds a database instead of .ics files; in Calendar, use File > Export > Export…"
    return f"{name}: holds no .ics file; give the folder that vdirsyncer or khal fills, or an exported file"
