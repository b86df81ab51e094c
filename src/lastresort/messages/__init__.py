"""What is said to people: the drafts, in the language and the manner of the one who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.messages.letter import Errand, Letter, Signature, Thread, letter_about

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "KINDS",
    "LANGUAGES",
    "Drafts",
    "Errand",
    "Letter",
    "Message",
    "Signature",
    "Thread",
    "choose_language",
    "compose",
    "compose_reschedule",
    "letter_about",
    "tell_difference",
]

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
KINDS = (
    "phone",
    "voicemail",
    "email",
    "withdraw",
    "confirm",
    "follow-up",
    "nudge",
    "ask-organiser",
    "decline-once",
)
"""The messages of the contract. `compose` also knows `availability` (they asked for my times) and `accept` (of the
times they offered, one is taken and a second named: `agreed`, then `slots`)."""


class Message(NamedTuple):
    """One draft. `subject` is empty and `to` a telephone number for what is spoken."""

    kind: str
    to: str | None
    subject: str
    body: str
    language: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()


class Drafts(NamedTuple):
    """All that is said when an interview is asked to move: the `message` object of the contract."""

    kind: str
    to: str | None
    subject: str
    body: str
    phone: str | None = None
    voicemail: str | None = None
    follow_up: str | None = None


def compose(kind: str, letter: Letter | Errand, language: str, templates: Path | None = None) -> Message:
    """Return one draft; `templates` is the user's folder of overrides, `<language>/<kind>.txt.j2`.

    Raises UsageError for an unknown kind or language, for a kind that needs what the letter lacks, and for an
    override that cannot be rendered.
    """
    raise NotImplementedError


def compose_reschedule(
    letter: Letter, language: str, templates: Path | None = None, *, speak: bool = False
) -> Drafts:
    """Return the mail that asks for another time, or that withdraws when the reason says so (R4).

    What to say on the telephone comes with it under 24 hours of notice, or when `speak` (the advice calls first);
    a note to follow up comes with every request, not with a withdrawal.
    """
    raise NotImplementedError


def choose_language(explicit: str | None, invitation: str | None, country: str | None) -> tuple[str, str]:
    """Return the code of the language to write in, and why.

    `explicit` is what the user asked for (raises UsageError if unknown), `invitation` the LANGUAGE of the event
    (`de-AT`), `country` the interviewer's.
    """
    raise NotImplementedError
