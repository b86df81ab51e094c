"""Reasons for not coming, weighed: which are forgiven, which do harm, which end an application (R2 to R4)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, NamedTuple

Weight = Literal["forgivable", "fair", "harmful", "withdrawal"]


class Ground(NamedTuple):
    """One kind of `--reason`, with the tests of R3: it bears on the interview, cannot wait, is for good."""

    weight: Weight
    named: str
    """How the checklist calls it."""
    answer: str
    """One line for the day somebody asks (R28)."""
    relevant: bool = True
    urgent: bool = True
    irreversible: bool = False
    emergency: bool = False
    """It strikes without warning, so that short notice is understood (R12)."""
    argument: str = ""
    """For a harmful one: why to keep the interview, in one sentence."""


GROUNDS = MappingProxyType(
    {
        "conflict": Ground(
            "fair",
            "a conflict that cannot be moved",
            "I had a commitment that could not be moved, and I was glad that you made another time possible.",
            urgent=False,
        ),
        "illness": Ground(
            "forgivable",
            "illness",
            "Illness kept me from coming that day; it is behind me, and I am glad to be here.",
            emergency=True,
        ),
        "family": Ground(
            "forgivable",
            "an urgent family matter",
            "My family needed me that day; it is settled, and I am glad to be here.",
            emergency=True,
        ),
        "work": Ground(
            "forgivable",
            "an obligation at the present job",
            "I owed my present employer that hour, and I keep such promises.",
        ),
        "visa": Ground(
            "forgivable",
            "an official appointment",
            "I had an official appointment that could not be moved; it is done.",
        ),
        "travel": Ground(
            "forgivable",
            "broken travel",
            "My connection failed that day; since then I leave an hour earlier.",
            emergency=True,
        ),
        "technical": Ground(
            "forgivable",
            "a technical failure",
            "My connection failed that day; I have tested this one.",
            emergency=True,
        ),
        "unprepared": Ground(
            "harmful",
            "wanting more time to prepare",
            "I wanted to come well prepared.",
            relevant=False,
            urgent=False,
            argument="Keep the interview: two hours of preparation do more for you than a later date, "
            "and asking for time to prepare tells them that you needed it.",
        ),
        "leisure": Ground(
            "harmful",
            "leisure",
            "I had a private commitment that day.",
            relevant=False,
            urgent=False,
            argument="Keep the interview: what you would miss comes round again, and an employer who learns "
            "that pleasure came first knows nothing else of you yet.",
        ),
        "offer": Ground(
            "withdrawal",
            "an accepted offer",
            "I had accepted another offer by then.",
            irreversible=True,
        ),
        "fit": Ground(
            "withdrawal",
            "a role that is no fit",
            "I had come to see that the role was not the right one for me.",
            irreversible=True,
        ),
        "change": Ground(
            "withdrawal",
            "a lasting change",
            "My circumstances had changed for good.",
            irreversible=True,
        ),
    }
)
"""Kinds of the command-line contract."""
