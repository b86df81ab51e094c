"""What an event is, whether it may move, and whom that concerns: the facts its price is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import UsageError
from lastresort.interviews.words import prepare
from lastresort.mail_domains import is_free_mail
from lastresort.model import ZERO, BusyReason
from lastresort.planning.subjects import EventKind, Nature, Participants, find_subject
from lastresort.planning.vocabulary import Topic, find_topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import timedelta

    from lastresort.model import Event, Interval, Occurrence, Person
    from lastresort.query import MoveRule, Query


class Classification(NamedTuple):
    """What is known about an event when it is in the way. `kind` is a key of the cost table."""

    kind: str
    nature: Nature
    people: int
    """How many others are invited or organise it."""
    mine: bool
    """I organise it, or nobody else stands in it."""
    because: tuple[str, ...]
    fixed: str = ""
    """Why it cannot change, as words that follow "it"; empty when it may."""
    own_day: bool = False
    """It has its place in its own day."""
    breakfast: bool = False
    """It belongs to the morning."""
    points: float | None = None
    """What the kind costs, when a rule says so."""
    perhaps: bool = False
    """It may be an interview itself: `points` stand for its kind and for asking."""
    organiser: str = ""
    """How to call who must be asked."""
    margin: tuple[timedelta, timedelta] = (ZERO, ZERO)
    """What a journey needs before and after it, besides its own time."""
    unknown_calendars: int = 0
    """For how many of the people it is not known when they are busy."""

    def with_margin(self, time: Interval) -> Interval:
        """Return the time that is kept free for the event when it takes `time`."""
        return time.widened(*self.margin)

    @property
    def concerns_others(self) -> bool:
        """Tell whether somebody else takes note of a change, invited through the calendar or not."""
        return self.people > 0 or self.nature in {Nature.SHARED, Nature.CARE, Nature.APPOINTMENT}

    @property
    def movable(self) -> bool:
        """Tell whether it may change in some way."""
        return not self.fixed

    @property
    def ask(self) -> bool:
        """Tell whether somebody else organises it and must be asked."""
        return not self.mine


ALL_DAY = "lasts all day"
PERHAPS = "may be an interview itself (--can-move says that it is none)"

NOT_PEOPLE = frozenset({"ROOM", "RESOURCE"})
GROUP_CALENDAR = "group.calendar.google.com"


def classify(occurrence: Occurrence, query: Query, me: frozenset[str] | None = None) -> Classification:
    """Return what the occurrence is and whether it may move; `me` are my addresses (else the query's).

    Options win over rules, rules over what the event looks like. Raises UsageError when `--cannot-move` and
    `--can-move` name the event equally well.
    """
    event = occurrence.event
    found = _look_at(occurrence, query, query.me if me is None else me)
    rules = tuple(_rules_for(occurrence, query))
    said = _pin(event, query)
    if said is None:
        said = _rule_pin(rules)
    fixed = said
    if fixed is None:
        fixed = _find_fixed(occurrence, found) or query.guarded.get(occurrence.key, "")
    if fixed:
        return _apply_rules(found, rules)._replace(nature=Nature.FIXED, fixed=fixed)
    if occurrence.key in query.possible and said is None:
        return found._replace(
            nature=Nature.UNKNOWN,
            fixed="",
            perhaps=True,
            points=query.costs.possible_interview,
            because=(PERHAPS, *found.because),
            margin=(ZERO, ZERO),
        )
    freed = Nature.SHARED if found.people else Nature.UNKNOWN
    nature = freed if found.nature is Nature.FIXED else found.nature
    return _apply_rules(found._replace(nature=nature, fixed="", margin=(ZERO, ZERO)), rules)


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


def _rule_pin(rules: Sequence[MoveRule]) -> str | None:
    for rule in rules:
        if rule.movable is not None or rule.nature:
            pinned = rule.movable is False or rule.nature == Nature.FIXED
            return "is pinned by a rule of your configuration" if pinned else ""
    return None


def _apply_rules(found: Classification, rules: Sequence[MoveRule]) -> Classification:
    """The first rule that says something about nature, kind or price decides it."""
    nature = next((rule.nature for rule in rules if rule.nature), None)
    kind = next((rule.kind for rule in rules if rule.kind), None)
    points = next((rule.cost for rule in rules if rule.cost is not None), None)
    if kind is None and points is None and nature is None:
        return found
    because = f"{kind or found.kind}: a rule of your configuration says so"
    return found._replace(
        nature=Nature(nature) if nature else found.nature,
        kind=kind or found.kind,
        points=points,
        because=(because, *found.because[1:]),
    )


def _find_fixed(occurrence: Occurrence, found: Classification) -> str:
    if occurrence.reason is BusyReason.OUT_OF_OFFICE:
        return "is marked out of office"
    if found.fixed:
        return found.fixed
    if occurrence.event.priority == 1:
        return "has the highest priority"
    return ALL_DAY if occurrence.all_day else ""


# -- whom it concerns ---------------------------------------------------------------------------------------


def _look_at(occurrence: Occurrence, query: Query, me: frozenset[str]) -> Classification:
    event = occurrence.event
    others = _others(event, me)
    people = _count(others) if me else max(_count(others) - 1, 0)
    mine = _is_mine(event, me, people)
    company = Participants(
        number=people,
        asked=not mine,
        colleagues=bool(me) and any(_is_colleague(person, me) for person in others),
        foreign=_foreign_domain(others, me) if me else "",
    )
    subject = find_subject(occurrence, query.zone, company)
    return Classification(
        kind=subject.kind,
        nature=subject.nature,
        people=people,
        mine=mine,
        because=(f"{subject.kind}: {subject.why}",),
        fixed=subject.fixed,
        own_day=subject.kind in {EventKind.LUNCH, EventKind.STAND_UP},
        breakfast=find_topics(event.summary).has(Topic.BREAKFAST),
        organiser="" if mine else _name_of(event.organizer),
        margin=subject.margin,
        unknown_calendars=max(people - _count(one for one in others if one.address in query.colleagues), 0),
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


def _foreign_domain(others: Iterable[Person], me: frozenset[str]) -> str:
    domains = (_domain(person.address) for person in others)
    return next((d for d in domains if d and not is_free_mail(d) and not _is_ours(d, me)), "")


def _is_colleague(person: Person, me: frozenset[str]) -> bool:
    domain = _domain(person.address)
    return bool(domain) and not is_free_mail(domain) and _is_ours(domain, me)


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
