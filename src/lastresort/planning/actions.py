"""What may be done about an event that is in the way, and who has to agree."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What is done about an event that is in the way."""

    MOVE = "move"
    SKIP = "skip"
    SHORTEN = "shorten"
    STEP_OUT = "step-out"
    """The event stays as it is; I miss a part of it."""
    DELEGATE = "delegate"
    """Somebody else takes it over."""
    ASK_ORGANISER = "ask-organiser"


class Who(StrEnum):
    """Who has to do something, or to agree."""

    ME = "me"
    TELL = "tell"
    """I decide and tell the others."""
    ASK = "ask"
    """The organiser has to agree."""
    CALL = "call"
    """A practice, shop or craftsman has to agree."""
    SOMEONE = "someone"
    """Somebody has to take it over."""


DECIDED_ALONE = frozenset({Who.ME, Who.TELL})
"""Who acts where nobody has to agree."""
WRITTEN = frozenset({Action.MOVE, Action.SKIP, Action.SHORTEN})
"""What a change of the event itself does."""
