"""A draft as a file that mail programs open for editing, and as a `mailto:` address. Nothing is ever sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from lastresort.messages import Message

MAILTO_LIMIT = 1900
"""Encoded characters that mail programs and desktops take without cutting."""

_MAX_HEADER = 900
"""Characters of a header value: RFC 5322 2.1.1 allows a line of 998."""
_MAX_ADDRESS = 254
_MAX_IDENTIFIER = 900
_SPECIAL = frozenset('<>()[]:;,\\" %?&@')
"""Characters that would make an address mean something else in a header or in a URL."""
_CONTENT_HEADERS = 3
"""Content-Type, Content-Transfer-Encoding, MIME-Version."""


def write_eml(message: Message, sender: str | None = None) -> bytes:
    """Return the draft as RFC 5322 bytes with `X-Unsent: 1`; no Date or Message-ID, From only when given.

    Raises UsageError for a script that is spoken, RefusedError when a header would not read back as meant.
    """
    _refuse_spoken(message)
    headers, threading = _headers(message, sender), _threading(message)
    data = _build(headers, threading, message.body)
    _verify(data, {**headers, **threading})
    return data


def mailto_url(message: Message) -> str:
    """Return the draft as a `mailto:` address (RFC 6068). Raises UsageError beyond 1,900 characters."""
    from urllib.parse import quote

    _refuse_spoken(message)
    body = message.body.replace("\r\n", "\n").replace("\n", "\r\n")
    fields = [("subject", _plain(message.subject)), ("body", body)]
    if message.in_reply_to and _is_message_id(message.in_reply_to):
        fields.append(("in-reply-to", message.in_reply_to))
    address = quote(message.to, safe="@") if message.to and _is_address(message.to) else ""
    url = f"mailto:{address}?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in fields)
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
    """The header fields in order, each on one line and plain."""
    headers = {"X-Unsent": "1"}
    if sender:
        headers["From"] = _address(sender)
    if message.to:
        headers["To"] = _address(message.to)
    return {**headers, "Subject": _plain(message.subject)}


def _threading(message: Message) -> dict[str, str]:
    """In-Reply-To and References (RFC 5322 3.6.4) of an answer."""
    answered = message.in_reply_to
    if answered is None or not _is_message_id(answered):
        return {}
    earlier = [i for i in message.references if _is_message_id(i) and i != answered]
    return {"In-Reply-To": answered, "References": " ".join([*earlier[-8:], answered])}


def _plain(text: str) -> str:
    """One line without controls: nothing that could end a header and begin another."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_MAX_HEADER]


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


def _build(headers: dict[str, str], threading: dict[str, str], body: str) -> bytes:
    from email.message import EmailMessage
    from email.policy import SMTP

    # an address outside ASCII can only be written raw (RFC 6532); everything else is encoded
    raw = any(not headers.get(name, "").isascii() for name in ("From", "To"))
    mail = EmailMessage(policy=SMTP.clone(utf8=raw))
    for name, value in headers.items():
        mail[name] = value
    mail.set_content(body, charset="utf-8", cte="quoted-printable")
    # written by hand: the package encodes message identifiers that are longer than a line, and threads break
    lines = [f"{name}: {value}".replace("> <", ">\r\n <") for name, value in threading.items()]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii") + mail.as_bytes()


def _verify(data: bytes, headers: dict[str, str]) -> None:
    """Read the bytes back: older Pythons fold a hostile value into a header of its own (CVE-2024-6923)."""
    from email import message_from_bytes
    from email.policy import default

    found = message_from_bytes(data, policy=default).items()
    ours = {name: str(value) for name, value in found if not name.startswith(("Content-", "MIME-"))}
    if ours != headers or len(found) != len(headers) + _CONTENT_HEADERS:
        raise RefusedError("the draft's headers do not read back as they were meant; nothing was written")
