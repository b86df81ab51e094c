"""Reasons for not coming, weighed: which are forgiven, which do harm, which end an application (R2 to R4)."""

from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from lastresort.query import Reason


class Weight(StrEnum):
    """How a reason is taken by those who hear it."""

    FORGIVABLE = "forgivable"
    FAIR = "fair"
    HARMFUL = "harmful"
    WITHDRAWAL = "withdrawal"


class ReasonKind(NamedTuple):
    """One kind of `--reason`, weighed (R2), with the tests of R3."""

    weight: Weight
    judged: str
    """One sentence on how good the reason is."""
    answer: str
    """One line for the day somebody asks (R28): the reason that was given, told as a strength."""
    relevant: bool = True
    """It bears on this interview."""
    urgent: bool = True
    """It cannot wait."""
    final: bool = False
    """It does not pass."""
    emergency: bool = False
    """It strikes without warning, so that short notice is understood (R12)."""
    complex_matter: bool = False
    """It needs a conversation before anything is written (R37)."""
    argument: str = ""
    """Why to go all the same, in one sentence: for what does harm (R2), for doubts about the role (R33)."""


REASONS = MappingProxyType(
    {
        "conflict": ReasonKind(
            weight=Weight.FAIR,
            judged="a conflict is reason enough if it truly cannot move",
            answer="I had a commitment that could not be moved; thank you again for another time.",
            urgent=False,
        ),
        "illness": ReasonKind(
            weight=Weight.FORGIVABLE,
            judged="everybody understands illness",
            answer="I was ill that day and did not want to come half well; I am glad that we can meet now.",
            emergency=True,
        ),
        "family": ReasonKind(
            weight=Weight.FORGIVABLE,
            judged="everybody understands an urgent family matter",
            answer="My family needed me that day; it is settled, and I am glad to be here.",
            emergency=True,
        ),
        "work": ReasonKind(
            weight=Weight.FORGIVABLE,
            judged="an obligation at the present job is understood, and shows that you keep your word",
            answer="I had given my present employer my word for that hour, and I keep such promises.",
        ),
        "visa": ReasonKind(
            weight=Weight.FORGIVABLE,
            judged="an official appointment is understood",
            answer="I had an official appointment that could not be moved; it is done.",
            complex_matter=True,
        ),
        "travel": ReasonKind(
            weight=Weight.FORGIVABLE,
            judged="a broken journey is understood",
            answer="My connection failed that day; since then I leave an hour earlier.",
            emergency=True,
        ),
        "technical": ReasonKind(
            weight=Weight.FORGIVABLE,
            judged="a technical failure is understood",
            answer="My connection failed that day; I have tested this one.",
            emergency=True,
        ),
        "unprepared": ReasonKind(
            weight=Weight.HARMFUL,
            judged="wanting more time to prepare is a poor reason",
            answer="I wanted to come well prepared.",
            relevant=False,
            urgent=False,
            argument="Keep the interview: two hours of preparation do more for you than a later date, "
            "and asking for time to prepare tells them that you needed it.",
        ),
        "leisure": ReasonKind(
            weight=Weight.HARMFUL,
            judged="leisure is a poor reason",
            answer="I had a private commitment that day.",
            relevant=False,
            urgent=False,
            argument="Keep the interview: what you would miss comes round again, and an employer who learns "
            "that pleasure came first knows nothing else of you yet.",
        ),
        "offer": ReasonKind(
            weight=Weight.WITHDRAWAL,
            judged="an offer that you have accepted is reason enough to step out",
            answer="I had accepted another offer by then.",
            final=True,
        ),
        "fit": ReasonKind(
            weight=Weight.WITHDRAWAL,
            judged="a role that is no fit is reason enough to step out",
            answer="I had come to see that the role was not the right one for me.",
            final=True,
            argument="Not sure? Going costs an hour, and is practice, a contact and a second look.",
        ),
        "change": ReasonKind(
            weight=Weight.WITHDRAWAL,
            judged="a lasting change is reason enough to step out: say it openly and briefly",
            answer="My circumstances had changed for good.",
            final=True,
            complex_matter=True,
        ),
        "safety": ReasonKind(
            weight=Weight.WITHDRAWAL,
            judged="a concern about safety or ethics is a good reason to step out: "
            "be short and factual, and accuse nobody",
            answer="I had decided not to go on with the application.",
            final=True,
            complex_matter=True,
        ),
    }
)
"""The kinds of the command-line contract."""


def withdraws(reason: Reason) -> bool:
    """Tell whether the reason ends the application instead of asking for another time (R4)."""
    kind = REASONS.get(reason.kind)
    return kind is not None and kind.weight is Weight.WITHDRAWAL
