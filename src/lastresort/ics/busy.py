"""How busy an event keeps its owner: a level and the reason for it; whose calendar it is; which copy counts.

The order of questions is the meaning: whether it takes place at all, whether the owner takes part, what the
producer says about the time (Microsoft's own property before RFC 5545's), and only then doubts. A title never
decides, birthdays aside.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.content_lines import Component
from lastresort.ics.event import Vevent
from lastresort.ics.instances import EventInstance, reckonable
from lastresort.ics.recurrence import touches
from lastresort.ics.values import first_text
from lastresort.model import Busy, BusyReason, Event, Interval, Occurrence

if TYPE_CHECKING:
    from lastresort.ics.problems import EventPlace


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
    """Return the verdict on an event that surely takes place and nobody calls free: busy, or a doubt."""
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


# -- whose calendar it is, where nobody said -----------------------------------------------------------------


class SourceOwner(NamedTuple):
    """The addresses a source's owner goes by, and how they were guessed: no words when they were given."""

    addresses: frozenset[str] = frozenset()
    because: str = ""


def guess_owner(events: Sequence[Event], names: Iterable[str], recipients: Iterable[str]) -> SourceOwner:
    """Return the likely owner of one source, or one without addresses.

    A calendar named after an address, or the mailbox an invitation was sent to, settles it. Else it is the
    address that takes part in most events, if exactly one does; an organiser counts like an attendee.
    """
    named = frozenset(filter(None, map(address_in, names)))
    if named:
        return SourceOwner(named, "the calendar is named after it")
    sent_to = frozenset(filter(None, map(address_in, recipients)))
    if sent_to:
        return SourceOwner(sent_to, "the invitation was sent to it")
    return _most_common(events)


def _most_common(events: Sequence[Event]) -> SourceOwner:
    series: dict[object, set[str]] = {}
    for number, event in enumerate(events):
        people = {
            person.address for person in (*event.attendees, event.organizer) if person and person.address
        }
        if people:
            series.setdefault(event.uid or number, set()).update(people)
    counts = Counter(address for people in series.values() for address in people)
    ranked = counts.most_common(2)
    if len(series) < 2 or not ranked or ranked[0][1] * 2 <= len(series):
        return SourceOwner()
    if len(ranked) > 1 and ranked[1][1] == ranked[0][1]:
        return SourceOwner()
    address, count = ranked[0]
    return SourceOwner(frozenset((address,)), f"it takes part in {count} of {len(series)} events with guests")


def address_in(text: str) -> str | None:
    """Return the text as an address in lower case if it is nothing else."""
    address = text.strip().lower().removeprefix("mailto:")
    name, at, host = address.partition("@")
    return address if name and at and "." in host and not any(char.isspace() for char in address) else None


# -- occurrences, and copies of them in several calendars ----------------------------------------------------


class Judge:
    """Says how busy events keep the owners of their calendars. `policies` and `owners` go by source."""

    def __init__(self, policies: Mapping[str, CalendarPolicy], owners: Mapping[str, SourceOwner]) -> None:
        self.owners = owners
        self._policies = policies
        self._verdicts: dict[EventPlace, Verdict] = {}

    def owner(self, event: Vevent) -> frozenset[str]:
        """Return the addresses of the owner of the event's calendar."""
        return self.owners[event.place.source].addresses

    def content(self, event: Vevent) -> Event:
        """Return what the event says.

        An exception that names the owner as organiser where its series names somebody else is wrong.
        """
        owner, said, right = self.owner(event), event.content.organizer, event.series_organizer
        if said and right and said.address in owner and right.address not in owner:
            return event.content._replace(organizer=right)
        return event.content

    def verdict(self, event: Vevent) -> Verdict:
        """Return how busy the event keeps its calendar's owner."""
        known = self._verdicts.get(event.where)
        if known is None:
            policy = self._policies.get(event.place.source, DEFAULT_POLICY)
            known = judge_busy(
                self.content(event), event.properties, event.start.is_date, self.owner(event), policy
            )
            self._verdicts[event.where] = known
        return known


def place_occurrences(
    instances: Iterable[EventInstance], window: Interval, judge: Judge
) -> Iterator[Occurrence]:
    """Yield the occurrences inside the window; of copies in several calendars all but one are duplicates."""
    for found in instances:
        event, *copies = _by_weight(found, judge)
        occurrence = _occurrence(event, found, judge)
        if not touches(*occurrence.blocked, window):
            continue
        yield occurrence
        for copy in copies:
            yield _occurrence(copy, found, judge)._replace(busy=Busy.IGNORE, reason=BusyReason.DUPLICATE)


def _by_weight(found: EventInstance, judge: Judge) -> list[Vevent]:
    """Return an event and its copies in other calendars, first the one that counts.

    The busiest counts, unless the same owner has declined: one owner's decline never drops another's event.
    """
    if not found.copies:
        return [found.event]
    candidates = sorted((found.event, *found.copies), key=lambda event: event.rank, reverse=True)
    if _called_off(candidates, judge):
        return candidates
    answers_first = sorted(candidates, key=lambda event: judge.verdict(event)[1] is BusyReason.UNANSWERED)
    declined_by: set[str] = set()
    weighed: list[tuple[int, bool, Vevent]] = []
    for event in answers_first:
        busy, reason = judge.verdict(event)
        declined = reason is BusyReason.DECLINED
        if declined:
            declined_by |= judge.owner(event)
        outweighed = not declined and bool(judge.owner(event) & declined_by)
        weighed.append((0 if outweighed else _WEIGHT[busy], declined, event))
    # of those that take no time a declined one counts, as it tells why
    *_, chosen = max(weighed, key=lambda each: each[:2])
    return [chosen, *(event for event in answers_first if event is not chosen)]


def _called_off(candidates: Sequence[Vevent], judge: Judge) -> bool:
    """Tell whether the latest word on an event is that it does not take place, in any calendar."""
    latest = [event for event in candidates if event.rank == candidates[0].rank]
    return all(judge.verdict(event)[1] is BusyReason.CANCELLED for event in latest)


_WEIGHT = {Busy.CLASH: 2, Busy.CHECK: 1, Busy.IGNORE: 0}


def _occurrence(event: Vevent, found: EventInstance, judge: Judge) -> Occurrence:
    instance = found.instance
    content = judge.content(event)
    busy, reason = judge.verdict(event)
    if found.cancelled:
        busy, reason = Busy.IGNORE, BusyReason.CANCELLED
    elif instance.start == instance.end and busy is not Busy.IGNORE:
        busy, reason = Busy.IGNORE, BusyReason.FREE  # takes no time
    return Occurrence(
        event=content,
        interval=reckonable(instance.start, instance.end),
        busy=busy,
        reason=reason,
        recurrence_id=instance.recurrence_id if content.recurring else None,
        all_day=event.start.is_date,
    )


def guess_in_words(owners: Mapping[str, SourceOwner]) -> str:
    """Return how owners were guessed; empty when they were given."""
    reasons = dict.fromkeys(owner.because for owner in owners.values() if owner.because)
    return "; ".join(reasons)
