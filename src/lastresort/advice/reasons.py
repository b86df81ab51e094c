"""Reasons for not coming, weighed: which are forgiven, which do harm, which end an application (R2 to R4)."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Weight(StrEnum):
    """What a reason does to the application."""

    FORGIVABLE = "forgivable"
    FAIR = "fair"
    HARMFUL = "harmful"
    WITHDRAWAL = "withdrawal"


class ReasonKind(NamedTuple):
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


REASONS = MappingProxyType(
    {
        "conflict": ReasonKind(
            weight=Weight.FAIR,
            named="a conflict that cannot be moved",
            answer="I had a commitment that could not be moved, "
            "and I was glad that you made another time possible.",
            urgent=False,
        ),
        "illness": ReasonKind(
            weight=Weight.FORGIVABLE,
            named="illness",
            answer="Illness kept me from coming that day; it is behind me, and I am glad to be here.",
            emergency=True,
        ),
        "family": ReasonKind(
            weight=Weight.FORGIVABLE,
            named="an urgent family matter",
            answer="My family needed me that day; it is settled, and I am glad to be here.",
            emergency=True,
        ),
        "work": ReasonKind(
            weight=Weight.FORGIVABLE,
            named="an obligation at the present job",
            answer="I owed my present employer that hour, and I keep such promises.",
        ),
        "visa": ReasonKind(
            weight=Weight.FORGIVABLE,
            named="an official appointment",
            answer="I had an official appointment that could not be moved; it is done.",
        ),
        "travel": ReasonKind(
            weight=Weight.FORGIVABLE,
            named="broken travel",
            answer="My connection failed that day; since then I leave an hour earlier.",
            emergency=True,
        ),
        "technical": ReasonKind(
            weight=Weight.FORGIVABLE,
            named="a technical failure",
            answer="My connection failed that day; I have tested this one.",
            emergency=True,
        ),
        "unprepared": ReasonKind(
            weight=Weight.HARMFUL,
            named="wanting more time to prepare",
            answer="I wanted to come well prepared.",
            relevant=False,
            urgent=False,
            argument="Keep the interview: two hours of preparation do more for you than a later date, "
            "and asking for time to prepare tells them that you needed it.",
        ),
        "leisure": ReasonKind(
            weight=Weight.HARMFUL,
            named="leisure",
            answer="I had a private commitment that day.",
            relevant=False,
            urgent=False,
            argument="Keep the interview: what you would miss comes round again, and an employer who learns "
            "that pleasure came first knows nothing else of you yet.",
        ),
        "offer": ReasonKind(
            weight=Weight.WITHDRAWAL,
            named="an accepted offer",
            answer="I had accepted another offer by then.",
            irreversible=True,
        ),
        "fit": ReasonKind(
            weight=Weight.WITHDRAWAL,
            named="a role that is no fit",
            answer="I had come to see that the role was not the right one for me.",
            irreversible=True,
        ),
        "change": ReasonKind(
            weight=Weight.WITHDRAWAL,
            named="a lasting change",
            answer="My circumstances had changed for good.",
            irreversible=True,
        ),
    }
)
"""Kinds of the command-line contract."""
