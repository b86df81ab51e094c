"""What somebody wrote about times: a mail, a text, or a poll as a calendar, from a file or standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import SourceError
from lastresort.model import Document, Limits
from lastresort.sources.files import HEAD, is_mail, open_regular
from lastresort.sources.interface import in_memory, read_capped, shown
from lastresort.sources.mail import MailText, decoded, read_invitation, read_mail_text

if TYPE_CHECKING:
    from typing import BinaryIO

_TYPICAL_FIELDS = (
    b"from:",
    b"date:",
    b"subject:",
    b"to:",
    b"received:",
    b"return-path:",
    b"message-id:",
    b"delivered-to:",
)


class Written(NamedTuple):
    """A text that names times, or the calendar of a poll; a mail may bring both."""

    name: str
    text: MailText | None
    """A plain text is one without HTML, subject and date."""
    calendars: tuple[Document, ...] = ()


def open_written(spec: str, *, stdin: BinaryIO | None = None, limits: Limits = Limits()) -> Written:  # noqa: B008 (immutable)
    """Return what a file, or standard input for `-`, says. Raises SourceError when it cannot be read."""
    if spec == "-":
        if stdin is None:
            raise SourceError("standard input: there is none here; name a file instead")
        name, data = "standard input", read_capped(stdin, limits.file_bytes, "standard input")
    else:
        name = shown(spec)
        with open_regular(spec, name, limits) as stream:
            data = read_capped(stream, limits.file_bytes, name)
    return read_written(data, name=name, limits=limits)


def read_written(data: bytes, *, name: str, limits: Limits = Limits()) -> Written:  # noqa: B008 (immutable)
    """Return what the bytes of a mail, a text or a poll say. Raises SourceError for none."""
    if not data.strip():
        raise SourceError(f"{name}: empty; give the mail or the text in which they named times")
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:15].upper() == b"BEGIN:VCALENDAR":
        return Written(name, None, (Document(name, name, in_memory(data), size=len(data)),))
    if is_mail(head) or head.lower().startswith(_TYPICAL_FIELDS):
        return Written(name, read_mail_text(data, name=name, limits=limits), _calendars(data, name, limits))
    return Written(name, MailText(plain=_decoded(data), html="", subject="", sent=None))


def _calendars(data: bytes, name: str, limits: Limits) -> tuple[Document, ...]:
    try:
        return read_invitation(data, name=name, limits=limits).documents
    except SourceError:
        return ()


def _decoded(data: bytes) -> str:
    """A text is UTF-8, UTF-16 with a mark, else as Windows writes in the west of Europe."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decoded(data, "windows-1252")
