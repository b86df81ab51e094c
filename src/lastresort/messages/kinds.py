"""The messages there are, by the names of the contract."""

from __future__ import annotations

from lastresort.advice.effects import NO_TEXTING
from lastresort.errors import UsageError

SPOKEN = ("phone", "voicemail", "call")
ERRANDS = ("ask-organiser", "decline-once", "step-out", "delegate", "call")
KINDS = (
    "phone", "voicemail", "email", "withdraw", "confirm", "follow-up", "nudge", "late", "missed", "extension",
    *ERRANDS,
)  # fmt: skip
"""The messages of the contract."""
ANSWERS = ("availability", "accept")
"""Where no interview stands yet: they asked for my times, or named theirs (`agreed`, a second in `slots`)."""


def known_kind(text: str) -> str:
    """Return the kind of message that is meant. Raises UsageError that lists them, or says why not (R8)."""
    kind = text.strip().casefold()
    if kind in ("text", "sms", "chat", "whatsapp", "im", "dm", "linkedin"):
        raise UsageError(f"there is no draft for {kind}. {NO_TEXTING} (R8)")
    if kind not in KINDS:
        raise UsageError(f"no such message; choose one of {' '.join(KINDS)}")
    return kind
