"""What is said to people: the drafts, in the language and the manner of the one who reads them."""

from lastresort.messages.compose import (
    ANSWERS,
    KINDS,
    Drafts,
    Message,
    compose,
    compose_reschedule,
    known_kind,
)
from lastresort.messages.languages import LANGUAGES, choose_language
from lastresort.messages.letter import Errand, Letter, Rounds, Signature, Thread, letter_about
from lastresort.messages.when import tell_difference

__all__ = [
    "ANSWERS",
    "KINDS",
    "LANGUAGES",
    "Drafts",
    "Errand",
    "Letter",
    "Message",
    "Rounds",
    "Signature",
    "Thread",
    "choose_language",
    "compose",
    "compose_reschedule",
    "known_kind",
    "letter_about",
    "tell_difference",
]
