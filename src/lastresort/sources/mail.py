"""Invitations in mails: the calendar part, and what an answer needs to know (RFC 5322, 2045, 6047)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import SourceError
from lastresort.model import Document, Limits, Mail, Person, Problem
from lastresort.sources.html_text import text_of_html
from lastresort.sources.interface import Opened, in_memory, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.message import Message

PARTS = 200
"""Parts of a mail that are looked at."""
BODY = 32_000
"""Characters of a mail's text that are kept."""
MARKUP = 256_000
"""Characters of a mail's text, markup included, that are read."""
HEADERS = 1 << 20
"""Bytes of a part's header lines."""
FIELD = 10_000
"""Characters of a header field that are read as a text: to decode it takes more than linear time."""
PARAMETERS = 2_000
"""Characters of a field with parameters that are read, of each of its parts: the same, and worse."""
_WITH_PARAMETERS = ("Content-Type", "Content-Disposition")

_CALENDAR = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_PACKED = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_ADDRESS = re.compile(r"[^\s<>@,;:\"\\]+@[^\s<>@,;:\"\\]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_CHARSET = re.compile(
    r"(?i)(?:iso[-_]?(?:8859|2022)|windows|cp|utf|koi8|big5|gb|euc|shift[-_]?jis|sjis|mac)[-_\w]*"
)


class Invitation(NamedTuple):
    """A mail's calendar parts and the headers that an answer refers to. Text is decoded, on one line."""

    documents: tuple[Document, ...]
    message_id: str = ""
    """With its angle brackets; for In-Reply-To."""
    references: tuple[str, ...] = ()
    """Message-IDs of the thread, this mail's last; for References."""
    recipient: str = ""
    """The one address it was delivered to, lower-case; empty when several could be meant."""
    sender: str = ""
    """Where an answer goes: Reply-To, else From; lower-case."""
    subject: str = ""
    language: str = ""
    """Content-Language, as written."""
    mail: Mail = Mail()
    """What it says beside its calendar parts."""
    problems: tuple[Problem, ...] = ()


class MailText(NamedTuple):
    """What a mail says to its reader: its first plain and first HTML body, decoded, either may be empty."""

    plain: str
    html: str
    subject: str
    sent: datetime | None
    """In UTC, with the offset it was written in lost; `None` without a date that is one."""
    sender: Person | None = None
    """Whom an answer goes to: Reply-To, else From."""
    addressed: tuple[Person, ...] = ()
    """Whom it was sent to."""


def read_mail_text(data: bytes, *, name: str, limits: Limits) -> MailText:
    """Return the text of a mail; attachments are left out. Raises SourceError for an endless header."""
    mail = _read_header(_without_envelope(data), name)
    bodies = {"text/plain": "", "text/html": ""}
    for part in _walk(mail, name, limits.depth, []):
        kind = part.get_content_type()
        if part.get_content_disposition() != "attachment" and not bodies.get(kind, "-"):
            bodies[kind] = _decoded(part)
    return MailText(
        plain=bodies["text/plain"],
        html=bodies["text/html"],
        subject=_text(mail, "Subject"),
        sent=_date(mail),
        sender=next(iter(_people(mail, "Reply-To") + _people(mail, "From")), None),
        addressed=tuple(_people(mail, "To")),
    )


def read_plain_mail(data: bytes, *, name: str, limits: Limits) -> Mail | None:
    """Return what a mail without a calendar part says; `None` for one that has one, or packs it away."""
    problems: list[Problem] = []
    mail = _read_header(_without_envelope(data), name)
    parts = list(_walk(mail, name, limits.depth, problems))
    if any(_is_calendar(part) or _is_packed(part) for part in parts):
        return None
    return _said(mail, parts, name, problems)


def decoded(data: bytes, charset: str) -> str:
    """Return bytes as text; what cannot be read is replaced, an unknown charset is taken for UTF-8."""
    try:
        return data.decode(charset if _CHARSET.fullmatch(charset) else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def open_mail(data: bytes, *, name: str, limits: Limits) -> Opened:
    """Return the calendar parts of a mail as documents of one source."""
    invitation = read_invitation(data, name=name, limits=limits)
    return Opened(invitation.documents, invitation.problems)


def read_invitation(data: bytes, *, name: str, limits: Limits) -> Invitation:
    """Return the invitation that a mail carries. Raises SourceError when there is none.

    The event usually comes twice, as a text/calendar part with a method and as an attached invite.ics: the
    part with the method is kept (RFC 6047 2.4).
    """
    problems: list[Problem] = []
    mail = _read_header(_without_envelope(data), name)
    parts = list(_walk(mail, name, limits.depth, problems))
    calendars = [part for part in parts if _is_calendar(part)]
    chosen = [part for part in calendars if _method(part)] or calendars
    if not chosen:
        raise SourceError(f"{name}: {_without_calendar(parts, problems)}")
    recipient = _recipient(mail)
    said = _said(mail, parts, name, problems)
    return Invitation(
        tuple(_document(part, name, recipient, said) for part in chosen),
        message_id=next(iter(_ids(mail, "Message-ID")), ""),
        references=tuple(dict.fromkeys(_ids(mail, "References") + _ids(mail, "Message-ID"))),
        recipient=recipient,
        sender=next(iter(_addresses(mail, "Reply-To") + _addresses(mail, "From")), ""),
        subject=_text(mail, "Subject"),
        language=_text(mail, "Content-Language"),
        mail=said,
        problems=tuple(problems),
    )


# -- parts --------------------------------------------------------------------------------------------------


def _without_envelope(data: bytes) -> bytes:
    """Drop the `From ` line that mailbox files put in front."""
    data = data.lstrip(b"\xef\xbb\xbf\r\n")
    return data.partition(b"\n")[2] if data.startswith(b"From ") else data


def _read_header(data: bytes, name: str) -> Message:
    """Parse the header, leave the body as it is: the standard parser would never stop descending."""
    blank = _BLANK.search(data, 0, HEADERS + 4)
    if blank is None and len(data) > HEADERS:
        raise SourceError(f"{name}: more header lines than any mail has; save the invitation again")
    mail = BytesHeaderParser().parsebytes(data)
    for field in _WITH_PARAMETERS:
        if len(value := str(mail.get(field, ""))) > PARAMETERS:
            mail.replace_header(field, value[:PARAMETERS])
    return mail


def _walk(mail: Message, name: str, depth: int, problems: list[Problem]) -> Iterator[Message]:
    """Yield the parts that hold content, first to last, down to a depth."""
    waiting = [(mail, 0)]
    seen = 0
    while waiting:
        part, level = waiting.pop()
        seen += 1
        inner = _inner(part)
        if not inner:
            yield part
        elif level >= depth or seen + len(inner) > PARTS:
            told = f"{name}: parts nested too deeply, or too many, were not read"
            problems.append(Problem(name, "mail-parts", told, lost=True))
        else:
            waiting += [(_read_header(piece, name), level + 1) for piece in reversed(inner)]


def _inner(part: Message) -> list[bytes]:
    """Return the bytes of the parts directly inside."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return [_payload(part)]
    boundary = part.get_boundary() if part.get_content_maintype() == "multipart" else None
    if not boundary:
        return []
    mark = b"--" + boundary.encode("ascii", "surrogateescape").rstrip()
    pieces = re.split(rb"(?:\A|\r?\n)" + re.escape(mark) + rb"(?=[ \t\r\n-]|\Z)", _payload(part))
    return [piece.partition(b"\n")[2] for piece in pieces[1:] if not piece.startswith(b"--")]


def _payload(part: Message) -> bytes:
    """Return the content with its transfer encoding undone."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_calendar(part: Message) -> bool:
    kind = part.get_content_type()
    return kind in _CALENDAR or (part.get_filename() or "").lower().endswith((".ics", ".ical"))


def _method(part: Message) -> str:
    value = part.get_param("method")
    return value.upper()[:40] if isinstance(value, str) and part.get_content_type() == "text/calendar" else ""


def _document(part: Message, name: str, recipient: str, said: Mail) -> Document:
    data = _in_utf8(_payload(part), part.get_content_charset("utf-8"))
    return Document(
        name,
        name,
        in_memory(data),
        method=_method(part),
        recipient=recipient,
        mail=said,
        size=len(data),
    )


def _in_utf8(data: bytes, charset: str) -> bytes:
    """Calendars are UTF-8; another charset is carried over, an unknown one is left to the reader."""
    if charset in {"utf-8", "us-ascii"} or not _CHARSET.fullmatch(charset):
        return data
    try:
        return data.decode(charset).encode()
    except (LookupError, UnicodeError):
        return data


def _is_packed(part: Message) -> bool:
    return part.get_content_type() in _PACKED or (part.get_filename() or "").lower() == "winmail.dat"


def _without_calendar(parts: list[Message], problems: list[Problem]) -> str:
    if any(_is_packed(part) for part in parts):
        return (
            "Outlook packed the invitation in winmail.dat; open it there and save it as .ics, or ask for that"
        )
    if problems:
        return "its parts lie too deep, or are too many; save the invitation's .ics attachment and give that"
    return "a mail without an invitation; give the mail that has the .ics attached"


# -- what it says -------------------------------------------------------------------------------------------


def _said(mail: Message, parts: list[Message], name: str, problems: list[Problem]) -> Mail:
    """Return what a mail says: its subject, its body as plain text, who sent it and when."""
    return Mail(
        subject=_text(mail, "Subject"),
        text=_body(parts, name, problems),
        sender=next(iter(_people(mail, "From")), None),
        reply_to=next(iter(_people(mail, "Reply-To")), None),
        date=_date(mail),
    )


def _body(parts: list[Message], name: str, problems: list[Problem]) -> str:
    """Return the first plain text, else the first HTML as text; at most `BODY` characters."""
    shown_parts = [part for part in parts if not part.get_filename() and not _is_calendar(part)]
    as_text = partial(text_of_html, links=True, rows=False, older=True)
    for kind, read in (("text/plain", str), ("text/html", as_text)):
        for part in shown_parts:
            if part.get_content_type() != kind:
                continue
            text = _decoded(part)
            if len(text) > MARKUP:
                told = f"{name}: the mail's text is longer than any invitation; its beginning was read"
                problems.append(Problem(name, "mail-text-cut", told))
            if body := read(text[:MARKUP]).strip():
                return body[:BODY]
    return ""


def _decoded(part: Message) -> str:
    return decoded(_payload(part)[: 4 * MARKUP], part.get_content_charset("utf-8"))


def _people(mail: Message, field: str) -> list[Person]:
    values = [_text(mail, field)] if mail.get(field) else []
    return [Person(address, name) for name, address in _parsed(values)]


def _parsed(values: list[str]) -> list[tuple[str, str]]:
    """Return the names and lower-case addresses in fields; none where comments or groups nest too deeply."""
    try:
        found = [(name, address.lower()) for name, address in getaddresses(values)]
    except RecursionError:
        return []
    return [(name, address) for name, address in found if _ADDRESS.fullmatch(address)]


def _date(mail: Message) -> datetime | None:
    """Return when it was sent, in UTC; a date without an offset is taken for UTC."""
    try:
        sent = parsedate_to_datetime(str(mail.get("Date", "")))
        return sent.astimezone(UTC) if sent.tzinfo else sent.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


# -- headers ------------------------------------------------------------------------------------------------


def _text(mail: Message, field: str) -> str:
    value = mail.get(field)
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value)[:FIELD])))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        text = str(value)[:FIELD]
    return shown(" ".join(text.split()))


def _addresses(mail: Message, field: str) -> list[str]:
    values = [str(value) for value in mail.get_all(field, [])][:10]
    return [address for _, address in _parsed(values)]


def _recipient(mail: Message) -> str:
    """Delivery headers name one mailbox; a To line with several addresses leaves the owner open."""
    for field in ("Delivered-To", "X-Original-To", "To"):
        addresses = set(_addresses(mail, field))
        if len(addresses) == 1:
            return addresses.pop()
    return ""


def _ids(mail: Message, field: str) -> list[str]:
    return _MESSAGE_ID.findall(str(mail.get(field, "")))[-50:]
