"""What the modules behind `open_source` share: what an opened source is, and names fit to be shown."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import BinaryIO, NamedTuple

from lastresort.errors import SourceError
from lastresort.model import Document, Limits, Problem
from lastresort.text import printable

ENDINGS = (".ics", ".ical", ".icalendar", ".ifb")
"""File names that promise a calendar."""

NAME = 300
"""Characters of a name that are shown."""

_CHUNK = 1 << 20


class Opened(NamedTuple):
    """What a source holds: documents in a fixed order, and what in it could not be used.

    `Document.open` of a file raises SourceError when the file has gone or changed its kind meanwhile.
    """

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()


class Given(NamedTuple):
    """Bytes that are here already, and what they are called: a file that was dropped on a page."""

    name: str
    data: bytes


class Access(NamedTuple):
    """How a server learns who asks. The first of command, variable and key ring gives the password."""

    user: str = ""
    password_command: tuple[str, ...] = ()
    """A program and its arguments; the first line it prints is the password."""
    password_env: str = ""
    """Name of an environment variable."""
    keyring: str = ""
    """Service name in the system's key ring (needs the extra `keyring`)."""


class ServerOptions(NamedTuple):
    """How a server is asked, and how much of its answer is taken."""

    limits: Limits = Limits()
    access: Access = Access()
    offline: bool = False
    allow_http: bool = False
    """Read addresses without encryption, too; those of this machine always may."""
    cache_dir: str | None = None
    """Where the last copies of feeds are kept; `None` keeps none, and `offline` finds none."""
    now: datetime | None = None
    """Dates the copies, and tells how old one is."""


def shown(name: str) -> str:
    """Return a name from a file system, an archive or a mail as one line; odd characters become U+FFFD."""
    line = printable(name[:NAME])
    return line if len(name) <= NAME else line[:-1] + "…"


def in_memory(data: bytes) -> Callable[[], BinaryIO]:
    """Return an opener of fresh streams over bytes that are already here."""
    return lambda: BytesIO(data)


def read_capped(stream: BinaryIO, limit: int, name: str) -> bytes:
    """Return all bytes of a stream. Raises SourceError when there are more than `limit`."""
    parts: list[bytes] = []
    size = 0
    while size <= limit:
        part = stream.read(min(_CHUNK, limit + 1 - size))
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
    raise too_large(name, limit)


def too_large(name: str, limit: int) -> SourceError:
    """Return the refusal of an input above the limit."""
    return SourceError(f"{name}: {larger_than(limit)}")


def larger_than(limit: int) -> str:
    """Return why an input above the limit is not read, and what to do."""
    return f"larger than {megabytes(limit)}; raise the limit with --max-size if it is really yours"


def megabytes(size: int) -> str:
    """Return a size in whole mebibytes as people read it; small ones in bytes."""
    return f"{size >> 20} MiB" if size >= 1 << 20 else f"{size} bytes"
