"""A draft as a file that mail programs open for editing, and as a `mailto:` address. Nothing is ever sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lastresort.messages import Message

MAILTO_LIMIT = 1900
"""Encoded characters that mail programs and desktops take without cutting."""


def write_eml(message: Message, sender: str | None = None) -> bytes:
    """Return the draft as RFC 5322 bytes with `X-Unsent: 1`; no Date or Message-ID, From only when given.

    Raises UsageError for a script that is spoken, RefusedError when a header would not read back as it was meant.
    """
    raise NotImplementedError


def mailto_url(message: Message) -> str:
    """Return the draft as a `mailto:` address (RFC 6068). Raises UsageError beyond 1,900 encoded characters."""
    raise NotImplementedError
