"""What an event is, whether it may move, and whom that concerns: the facts its price is made of."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import UsageError
from lastresort.interviews.words import Text, prepare, read_tables
from lastresort.mail_domains import is_free_mail
from lastresort.model import ZERO, BusyReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lastresort.model import Event, Interval, Occurrence, Person
    from lastresort.query import MoveRule, Query


class Kind(StrEnum):
    """What an event is to other people; the values are keys of the cost table."""

    FOCUS = "focus"
    LUNCH = "lunch"
    PERSONAL = "personal"
    ONE_TO_ONE = "one-to-one"
    STAND_UP = "stand-up"
    TEAM = "team"
    EXTERNAL = "external"


class Nature(StrEnum):
    """How an event can give way at all; each nature has its own ways."""

    FIXED = "fixed"
    """Not at all."""
    SET_TIME = "set-time"
    """It takes place whether or not I come: I can miss it, or a part of it."""
    CARE = "care"
    """Somebody depends on me: another person may take it over."""
    APPOINTMENT = "appointment"
    """A practice, shop or craftsman gave me the time: they have to agree to another."""
    OWN = "own"
    """Mine alone, and mine to move."""
    UNKNOWN = "unknown"
    """Nobody else takes part, and nothing tells what it is."""
    SHARED = "shared"
    """Others take part."""


class Classification(NamedTuple):
    """What is known about an event when it is in the way. `kind` is a key of the cost table."""

    kind: str
    nature: Nature
    people: int
    """How many others are involved, the organiser included."""
    mine: bool
    """I organise it, or nobody else stands in it."""
    because: tuple[str, ...]
    fixed: str = ""
    """Why it cannot change, as words that follow "it"; empty when it may."""
    own_day: bool = False
    """It has its place in its own day."""
    points: float | None = None
    """What the kind costs, when a rule says so."""
    organiser: str = ""
    """How to call who must be asked."""
    margin: tuple[timedelta, timedelta] = (ZERO, ZERO)
    """What a journey needs before and after it, besides its own time."""

    def with_margin(self, time: Interval) -> Interval:
        """Return the time that is kept free for the event when it takes `time`."""
        return time.widened(*self.margin)

    @property
    def movable(self) -> bool:
        """Tell whether it may change in some way."""
        return not self.fixed

    @property
    def ask(self) -> bool:
        """Tell whether somebody else organises it and must be asked."""
        return not self.mine


FIXED = {
    "travel": "is travel",
    "exam": "is an exam",
    "court": "is a date in court or with a notary",
    "surgery": "is a matter for the hospital",
    "wedding": "is a wedding",
    "funeral": "is a funeral",
    "official": "is an official appointment",
    "out-of-office": "is time off",
}
"""Sections of the word table that cannot move, in the order in which they are asked."""

ALL_DAY = "lasts all day"

ALONE = (
    ("external", Kind.EXTERNAL),
    ("focus", Kind.FOCUS),
    ("one-to-one", Kind.ONE_TO_ONE),
    ("stand-up", Kind.STAND_UP),
    ("appointment", Kind.PERSONAL),
    ("timetable", Kind.PERSONAL),
    ("team", Kind.TEAM),
    ("lunch", Kind.LUNCH),
    ("personal", Kind.PERSONAL),
)
"""What the title of an event without attendees says; the first that fits counts."""

LONGEST_MARGIN = timedelta(hours=2)
"""No journey needs more before or after it."""

NOT_PEOPLE = frozenset({"ROOM", "RESOURCE"})
GROUP_CALENDAR = "group.calendar.google.com"


def classify(occurrence: Occurrence, query: Query, me: frozenset[str] | None = None) -> Classification:
    """Return what the occurrence is and whether it may move; `me` are my addresses (else the query's).

    Options win over rules, rules over what the event looks like. Raises UsageError when `--cannot-move` and
    `--can-move` name the event equally well.
    """
    event = occurrence.event
    mine = query.me if me is None else me
    found = _classify_by_people(event, mine)
    found = _apply_rules(found, occurrence, query)
    fixed = _pin(event, query)
    if fixed is None:
        fixed = _rule_pin(occurrence, query)
    if fixed is None:
        fixed = _find_fixed(occurrence) or query.guarded.get(occurrence.key, "")
    return found._replace(nature=Nature.FIXED if fixed else found.nature, fixed=fixed)


def matches(text: str, event: Event) -> bool:
    """Tell whether TEXT means the event: its exact UID, or words of its title, each from its beginning."""
    if not text.strip():
        return False
    words = " ".join(prepare(text).words)
    if text == event.uid or not words:
        return text == event.uid or text.casefold() in event.summary.casefold()
    spaceless = words[0] >= "\u2e80"
    return (words if spaceless else f" {words}") in prepare(event.summary).line


# -- pins and rules -----------------------------------------------------------------------------------------


def _pin(event: Event, query: Query) -> str | None:
    """Return why an option pins the event, `""` when one frees it, `None` when none names it."""
    pinned = max((_exactness(text, event) for text in query.cannot_move), default=0)
    freed = max((_exactness(text, event) for text in query.can_move), default=0)
    if pinned and pinned == freed:
        raise UsageError("--cannot-move and --can-move name the same event; leave one of the two out")
    if not pinned and not freed:
        return None
    return "is pinned by --cannot-move" if pinned > freed else ""


def _exactness(text: str, event: Event) -> int:
    """How well TEXT names the event: 0 not at all, a longer text better, its UID best."""
    if not matches(text, event):
        return 0
    return 1_000_000 if text == event.uid else len(text)


def _rules_for(occurrence: Occurrence, query: Query) -> Iterable[MoveRule]:
    event = occurrence.event
    for rule in query.rules:
        right_calendar = rule.calendar.casefold() in {"", event.calendar.casefold(), event.source.casefold()}
        if right_calendar and (not rule.match or matches(rule.match, event)):
            yield rule


def _rule_pin(occurrence: Occurrence, query: Query) -> str | None:
    for rule in _rules_for(occurrence, query):
        if rule.movable is not None:
            return "" if rule.movable else "is pinned by a rule of your configuration"
    return None


def _apply_rules(found: Classification, occurrence: Occurrence, query: Query) -> Classification:
    """The first rule that says something about kind or price decides it."""
    kind = next((rule.kind for rule in _rules_for(occurrence, query) if rule.kind), None)
    points = next((rule.cost for rule in _rules_for(occurrence, query) if rule.cost is not None), None)
    if kind is None and points is None:
        return found
    because = f"{kind or found.kind}: a rule of your configuration says so"
    return found._replace(kind=kind or found.kind, points=points, because=(because, *found.because[1:]))


# -- what cannot move ---------------------------------------------------------------------------------------


def _find_fixed(occurrence: Occurrence) -> str:
    if occurrence.reason is BusyReason.OUT_OF_OFFICE:
        return "is marked out of office"
    if word := _fixed_by_words(occurrence.event):
        return word
    if occurrence.event.priority == 1:
        return "has the highest priority"
    return ALL_DAY if occurrence.all_day else ""


def _fixed_by_words(event: Event) -> str:
    """A title that speaks *about* something fixed (exam review, book a flight) does not count."""
    tables, text = read_tables("kinds"), _text_of(event)
    if tables["about"].find(text):
        return ""
    for section, reason in FIXED.items():
        if word := tables[section].find(text):
            return f"{reason} (“{word}”)"
    return ""


def _text_of(event: Event) -> Text:
    return prepare(" / ".join((event.summary, *event.categories)))


# -- whom it concerns ---------------------------------------------------------------------------------------


def _classify_by_people(event: Event, me: frozenset[str]) -> Classification:
    others = _others(event, me)
    people = _count(others) if me else max(_count(others) - 1, 0)
    mine = _is_mine(event, me, people)
    kind, why, section = _kind_of(event, others if me else (), people, me)
    return Classification(
        kind=kind,
        nature=_nature_of(section, people),
        people=people,
        mine=mine,
        because=(f"{kind}: {why}",),
        own_day=kind in {Kind.LUNCH, Kind.STAND_UP} or section == "lunch",
        organiser="" if mine else _name_of(event.organizer),
    )


def _others(event: Event, me: frozenset[str]) -> tuple[Person, ...]:
    """Everybody but me, rooms and those who declined; each once."""
    everybody = (*event.attendees, *((event.organizer,) if event.organizer else ()))
    found = {
        person.address or person.name: person
        for person in everybody
        if person.address not in me
        and person.cutype.upper() not in NOT_PEOPLE
        and person.partstat.upper() != "DECLINED"
        and not (person.address or "").endswith(f"@{GROUP_CALENDAR}")
    }
    return tuple(found.values())


def _count(people: Iterable[Person]) -> int:
    return sum(2 if person.cutype.upper() == "GROUP" else 1 for person in people)


def _is_mine(event: Event, me: frozenset[str], people: int) -> bool:
    organizer = event.organizer
    if organizer is None or organizer.address is None:
        return True
    if organizer.address in me or organizer.address.endswith(f"@{GROUP_CALENDAR}"):
        return True
    return not me and not people


def _kind_of(
    event: Event, others: Sequence[Person], people: int, me: frozenset[str]
) -> tuple[Kind, str, str]:
    """Return the kind, why, and the section of the word table that had a say."""
    text = _text_of(event)
    if not people:
        return _kind_by_words(text)
    tables = read_tables("kinds")
    lunch = "lunch" if tables["lunch"].find(text) else ""
    if domain := _foreign_domain(others, me):
        return Kind.EXTERNAL, f"somebody from outside ({domain}) takes part", lunch
    word = None if _are_colleagues(others, me) else tables["external"].find(text)
    if word:
        return Kind.EXTERNAL, f"“{word}” in its title", lunch
    if word := tables["stand-up"].find(text):
        return Kind.STAND_UP, f"“{word}” in its title", ""
    if people == 1:
        return Kind.ONE_TO_ONE, "one other person takes part", lunch
    return Kind.TEAM, f"{people} other people take part", lunch


def _nature_of(section: str, people: int) -> Nature:
    if people or section in {"external", "one-to-one", "stand-up", "team"}:
        return Nature.SHARED
    known = {"timetable": Nature.SET_TIME, "appointment": Nature.APPOINTMENT, "": Nature.UNKNOWN}
    return known.get(section, Nature.OWN)


def _kind_by_words(text: Text) -> tuple[Kind, str, str]:
    tables = read_tables("kinds")
    for section, kind in ALONE:
        if word := tables[section].find(text):
            return kind, f"nobody else takes part, and “{word}” in its title", section
    return Kind.PERSONAL, "nobody else takes part", ""


def _foreign_domain(others: Iterable[Person], me: frozenset[str]) -> str:
    domains = (_domain(person.address) for person in others)
    return next((d for d in domains if d and not is_free_mail(d) and not _is_ours(d, me)), "")


def _are_colleagues(others: Iterable[Person], me: frozenset[str]) -> bool:
    """All of them have addresses in a domain of mine that is no mail provider's."""
    domains = [_domain(person.address) for person in others]
    return bool(domains) and all(d and not is_free_mail(d) and _is_ours(d, me) for d in domains)


def _is_ours(domain: str, me: frozenset[str]) -> bool:
    return any(_related(domain, _domain(address)) for address in me)


def _domain(address: str | None) -> str:
    return address.rpartition("@")[2] if address and "@" in address else ""


def _related(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _name_of(person: Person | None) -> str:
    if person is None:
        return "the organiser"
    return person.name or person.address or "the organiser"
