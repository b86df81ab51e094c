"""A draft as a file that mail programs open for editing, and as a `mailto:` address. Nothing is ever sent."""

from __future__ import annotations

from email import message_from_bytes
from email.header import Header
from email.policy import default
from quopri import encodestring
from typing import TYPE_CHECKING
from urllib.parse import quote

from lastresort.errors import RefusedError, UsageError
from lastresort.text import one_line

if TYPE_CHECKING:
    from lastresort.messages.compose import Message

MAILTO_LIMIT = 1900
"""Encoded characters that mail programs and desktops take without cutting."""

_MAX_HEADER = 900
"""Characters of a header value: RFC 5322 2.1.1 allows a line of 998."""
_LINE = 78
_MAX_ADDRESS = 254
_MAX_IDENTIFIER = 900
_SPECIAL = frozenset('<>()[]:;,\\" %?&@')
"""Characters that would make an address mean something else in a header or in a URL."""
_CONTENT = {
    "MIME-Version": "1.0",
    "Content-Type": 'text/plain; charset="utf-8"',
    "Content-Transfer-Encoding": "quoted-printable",
}


def write_eml(message: Message, sender: str | None = None) -> bytes:
    """Return the draft as RFC 5322 bytes with `X-Unsent: 1`; no Date or Message-ID, From only when given.

    Raises UsageError for a script that is spoken, RefusedError when a header would not read back as meant.
    """
    _refuse_spoken(message)
    headers = {**_headers(message, sender), **_threading(message)}
    data = _build(headers, message.body)
    _verify(data, headers)
    return data


def mailto_url(message: Message) -> str:
    """Return the draft as a `mailto:` address (RFC 6068). Raises UsageError beyond 1,900 characters."""
    _refuse_spoken(message)
    body = message.body.replace("\r\n", "\n").replace("\n", "\r\n")
    fields = [("subject", one_line(message.subject, _MAX_HEADER)), ("body", body)]
    if copied := [one for one in message.cc if _is_address(one)]:
        fields.append(("cc", ",".join(copied)))
    if message.in_reply_to and _is_message_id(message.in_reply_to):
        fields.append(("in-reply-to", message.in_reply_to))
    address = quote(message.to, safe="@") if message.to and _is_address(message.to) else ""
    url = f"mailto:{address}?" + "&".join(
        f"{name}={quote(value, safe='@,' if name == 'cc' else '')}" for name, value in fields
    )
    if len(url) > MAILTO_LIMIT:
        raise UsageError(
            f"the draft needs {len(url)} characters as a mailto: address, and mail programs cut them after "
            f"{MAILTO_LIMIT}: use --eml FILE or --copy instead"
        )
    return url


def _refuse_spoken(message: Message) -> None:
    if not message.subject:
        raise UsageError(f"{message.kind} is a script to speak, not a mail: read it from the screen")


def _headers(message: Message, sender: str | None) -> dict[str, str]:
    """Return the header fields in order, each on one line and plain."""
    headers = {"X-Unsent": "1"}
    if sender:
        headers["From"] = _address(sender)
    if message.to:
        headers["To"] = _address(message.to)
    if message.cc:
        headers["Cc"] = ", ".join(_address(one) for one in message.cc)
    return {**headers, "Subject": one_line(message.subject, _MAX_HEADER)}


def _threading(message: Message) -> dict[str, str]:
    """In-Reply-To and References (RFC 5322 3.6.4) of an answer."""
    answered = message.in_reply_to
    if answered is None or not _is_message_id(answered):
        return {}
    earlier = [i for i in message.references if _is_message_id(i) and i != answered]
    return {"In-Reply-To": answered, "References": " ".join([*earlier[-8:], answered])}


def _address(text: str) -> str:
    if not _is_address(text):
        raise RefusedError(
            "the address for the draft is not one that mail programs take: check --me and the invitation"
        )
    return text


def _is_address(text: str) -> bool:
    local, _, domain = text.partition("@")
    usable = len(text) <= _MAX_ADDRESS and text.isprintable() and not _SPECIAL & set(local + domain)
    return bool(local and domain and usable)


def _is_message_id(text: str) -> bool:
    inside = text[1:-1]
    framed = text == f"<{inside}>" and "@" in inside and len(text) <= _MAX_IDENTIFIER
    return framed and inside.isascii() and inside.isprintable() and not set("<> ") & set(inside)


def _build(headers: dict[str, str], body: str) -> bytes:
    """Return the file, written by hand.

    `EmailMessage` encodes message identifiers longer than a line, which breaks threads, and folds some
    subjects into an empty first line.
    """
    lines = [f"{name}: {_folded(name, value)}" for name, value in {**headers, **_CONTENT}.items()]
    text = encodestring(body.encode("utf-8", "replace")).decode("ascii")
    return "\r\n".join([*lines, "", *text.split("\n")]).encode()


def _folded(name: str, value: str) -> str:
    if name == "References":
        return value.replace("> <", ">\r\n <")
    if name != "Subject" or (value.isascii() and len(value) < _LINE - len("Subject: ") and "=?" not in value):
        return value

    return Header(value, "utf-8", header_name=name).encode(linesep="\r\n")


def _verify(data: bytes, headers: dict[str, str]) -> None:
    """Read the bytes back: older Pythons fold a hostile value into a header of its own (CVE-2024-6923)."""
    found = [(name, str(value)) for name, value in message_from_bytes(data, policy=default).items()]
    if found != [*headers.items(), *_CONTENT.items()]:
        raise RefusedError("the draft's headers do not read back as they were meant; nothing was written")
