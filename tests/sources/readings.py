"""Small helpers for tests that read documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lastresort.model import Document


def content(document: Document) -> bytes:
    """Return what a fresh stream of the document holds."""
    with document.open() as stream:
        return stream.read()
