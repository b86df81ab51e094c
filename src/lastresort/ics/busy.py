"""How busy an event keeps its owner: a level and the reason for it.

The order of questions is the meaning: whether it takes place at all, whether the owner takes part, what the
producer says about the time (Microsoft's own property before RFC 5545's), and only then doubts. A title never
decides, birthdays aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.values import first_text
from lastresort.model import Busy, BusyReason, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lastresort.ics.lines import Component


class CalendarPolicy(NamedTuple):
    """How the events of one calendar are to be taken; levels are `clash`, `check` or `ignore`."""

    timed_free: str = "ignore"
    """`clash` for feeds that export classes and shifts as free time."""
    all_day: str = "check"
    tentative: str = "check"
    unanswered: str = "check"
    owner: frozenset[str] = frozenset()
    """The calendar owner's addresses, where they are not mine; lower case."""


DEFAULT_POLICY = CalendarPolicy()

BUSYSTATUS = ("X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-MSNCALENDAR-BUSYSTATUS")
_KNOWN_STATUS = frozenset(("FREE", "BUSY", "TENTATIVE", "OOF", "WORKINGELSEWHERE"))
_ANSWERS = frozenset(("ACCEPTED", "TENTATIVE", "DECLINED", "DELEGATED"))
_REFUSED = frozenset(("DECLINED", "DELEGATED"))

Verdict = tuple[Busy, BusyReason]


def judge_busy(
    event: Event,
    properties: Component,
    all_day: bool,
    owner: frozenset[str],
    policy: CalendarPolicy = DEFAULT_POLICY,
) -> Verdict:
    """Return how busy an event keeps the owner of its calendar, and why."""
    if event.status == "CANCELLED" or event.method == "CANCEL":
        return Busy.IGNORE, BusyReason.CANCELLED
    answers = set(own_answers(event, owner))
    if answers and answers <= _REFUSED:
        return Busy.IGNORE, BusyReason.DECLINED
    status = busy_status(properties)
    if status == "WORKINGELSEWHERE":
        return Busy.IGNORE, BusyReason.WORKING_ELSEWHERE
    if status == "FREE" and (all_day or policy.timed_free == "ignore"):
        return Busy.IGNORE, BusyReason.BIRTHDAY if all_day and is_birthday(event) else BusyReason.FREE
    if all_day and is_birthday(event):
        return Busy.IGNORE, BusyReason.BIRTHDAY
    if status == "OOF":
        return Busy.CLASH, BusyReason.OUT_OF_OFFICE
    return _doubts(event, status, answers, all_day, policy)


def _doubts(event: Event, status: str, answers: set[str], all_day: bool, policy: CalendarPolicy) -> Verdict:
    said = "" if status == "BUSY" else event.status  # the producer's own word goes before STATUS
    if "TENTATIVE" in (status, said) or answers == {"TENTATIVE"}:
        return Busy(policy.tentative), BusyReason.TENTATIVE
    if answers and answers <= {"NEEDS-ACTION", "TENTATIVE", *_REFUSED}:
        return Busy(policy.unanswered), BusyReason.UNANSWERED
    if all_day:
        return Busy(policy.all_day), BusyReason.ALL_DAY
    if status == "FREE" and policy.timed_free == "check":
        return Busy.CHECK, BusyReason.FREE
    return Busy.CLASH, BusyReason.BUSY


def busy_status(properties: Component) -> str:
    """Return what the producer says about the time: Microsoft's BUSYSTATUS, else FREE by TRANSP."""
    for name in BUSYSTATUS:
        status = first_text(properties.get(name))
        if status in _KNOWN_STATUS:
            return status
    return "FREE" if first_text(properties.get("TRANSP")) == "TRANSPARENT" else ""


def own_answers(event: Event, owner: frozenset[str]) -> Iterator[str]:
    """Yield PARTSTAT of each attendee line that is the owner's.

    Without one, or with a word that is not known, it is NEEDS-ACTION (RFC 5545 3.2.12). Who organises an
    event need not answer the invitation to it.
    """
    organizes = event.organizer is not None and event.organizer.address in owner
    for person in event.attendees:
        if person.address in owner:
            answer = person.partstat if person.partstat in _ANSWERS else "NEEDS-ACTION"
            yield "ACCEPTED" if organizes and answer == "NEEDS-ACTION" else answer


_BIRTHDAYS = (
    "birthday", "birthdays", "bday", "anniversary", "anniversaries", "geburtstag", "geburtstage",
    "geburtstagen", "hochzeitstag", "jahrestag", "anniversaire", "anniversaires", "cumpleaños",
    "cumpleanos", "cumple", "aniversario", "aniversarios", "compleanno", "compleanni", "anniversario",
    "anniversari", "aniversário", "aniversários", "verjaardag", "verjaardagen", "jubileum", "födelsedag",
    "födelsedagar", "fødselsdag", "fødselsdager", "fødselsdage", "bursdag", "bursdager", "syntymäpäivä",
    "syntymäpäivät", "urodziny", "urodzin", "rocznica", "narozeniny", "narodeniny", "születésnap",
    "születésnapok", "zi de naștere", "день рождения", "дни рождения", "doğum günü",
)  # fmt: skip
_SPACELESS_BIRTHDAYS = ("生日", "誕生日", "생일")
_PUBLIC = (
    "holiday", "feiertag", "observed", "washington", "lincoln", "martin luther king", "mlk", "kennedy",
    "gandhi", "bolivar", "queen", "king", "emperor", "buddha", "prophet", "guru", "lenin", "confucius",
)  # fmt: skip
"""Whose birthday a public holiday bears, and what else tells that it is one."""


def _holds(words: Iterable[str], text: str) -> bool:
    """Tell whether one of the words, or phrases, stands in the text as a whole."""
    line = "".join(char if char.isalnum() or char == "_" else " " for char in text.lower())
    line = f" {' '.join(line.split())} "
    return any(f" {word} " in line for word in words)


def is_birthday(event: Event) -> bool:
    """Tell whether an all-day event is somebody's birthday or anniversary, by title, categories or calendar.

    Public holidays that bear the name of a birthday are days off, and are none.
    """
    return bool(birthday_word(event))


def birthday_word(event: Event) -> str:
    """Return what names it a birthday: `title`, `calendar` or `category`; empty when nothing does."""
    if _holds(_PUBLIC, event.summary[:500]):
        return ""
    texts = (
        ("title", event.summary),
        ("calendar", event.calendar),
        *(("category", text) for text in event.categories),
    )
    return next((name for name, text in texts if _names_birthday(text[:500])), "")


def _names_birthday(text: str) -> bool:
    text = text.lower().replace("b-day", "bday")
    return _holds(_BIRTHDAYS, text) or any(word in text for word in _SPACELESS_BIRTHDAYS)
