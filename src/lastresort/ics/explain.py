"""Why an event is read as it is: every VEVENT with its UID, which of them count, and what they come to.

The documents are read as for the agenda, so that zones and owners are the same, and once more for all events
of the UID: those that lie outside the window, or were replaced, belong to the answer here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.busy import (
    BUSYSTATUS,
    DEFAULT_POLICY,
    CalendarPolicy,
    birthday_word,
    busy_status,
    place_occurrences,
)
from lastresort.ics.content_lines import decode
from lastresort.ics.event import Unread, Vevent, override_of, read_event, series_of
from lastresort.ics.instances import Scope, find_instances
from lastresort.ics.problems import EventPlace, ProblemCode, ProblemLog, find_lines
from lastresort.ics.recurrence import EventLength, counting
from lastresort.ics.revisions import UNANSWERING, choose_revisions, complete_exceptions
from lastresort.ics.rrule import ExpansionBudget
from lastresort.ics.scan import scan
from lastresort.ics.values import first_text, parse_moment
from lastresort.model import Busy, BusyReason, Event
from lastresort.zones import names as zones
from lastresort.zones.names import to_utc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lastresort.ics.busy import Judge
    from lastresort.ics.content_lines import Component
    from lastresort.ics.instances import EventInstance
    from lastresort.ics.reader import Gathered, ReadRequest, ScannedDocument
    from lastresort.model import Occurrence, Problem


class WrittenStart(NamedTuple):
    """A property as it stands in the file, and the zone it is read in with the reason for it."""

    text: str
    zone: str | None
    """IANA name; `None` for a zone that has none."""
    because: str


class Level(NamedTuple):
    """How busy an event keeps the owner, and which property or policy says so."""

    busy: Busy
    reason: BusyReason
    because: str


class Repetition(NamedTuple):
    """What makes an event a series, and what of it lies inside the window."""

    rules: tuple[str, ...]
    extra: int
    """RDATE values."""
    excluded: int
    """EXDATE values."""
    changed: int
    """Instances that another event of the UID replaces."""
    instances: int
    capped: bool


class Explained(NamedTuple):
    """One VEVENT: where it stands, whether it counts, and what it says."""

    source: str
    document: str
    line: int | None
    summary: str
    sequence: int
    stamp: datetime | None
    counts: bool
    because: str
    instance: str = ""
    """RECURRENCE-ID as written."""
    start: WrittenStart | None = None
    busy: Level | None = None
    repetition: Repetition | None = None


class Explanation(NamedTuple):
    """All events of one UID, and the occurrences they make inside the window."""

    events: tuple[Explained, ...]
    occurrences: tuple[Occurrence, ...]
    problems: tuple[Problem, ...] = ()


def explain(gathered: Gathered, uid: str, request: ReadRequest) -> Explanation:
    """Return why the events with this UID are read as they are; nothing where there are none."""
    found = [each for reading in gathered.readings for each in _events_of(uid, reading, request)]
    completed = iter(complete_exceptions(each for each in found if isinstance(each, Vevent)))
    found = [next(completed) if isinstance(each, Vevent) else each for each in found]
    events = [each for each in found if isinstance(each, Vevent)]
    told = [each for each in events if each.place.method not in UNANSWERING]
    scope = Scope(request.window, request.limits, ExpansionBudget(request.limits), ProblemLog())
    instances = find_instances(told, scope)
    documents = [reading.document for reading in gathered.readings]
    lines = find_lines(documents, (EventPlace(each.place.number, each.ordinal) for each in found))
    problems = scope.log.problems(lines)
    teller = _Teller(
        judge=gathered.judge,
        request=request,
        events=told,
        problems=problems,
        instances=instances,
        lines=lines,
    )
    occurrences = place_occurrences(instances, request.window, gathered.judge)
    return Explanation(
        tuple(teller.unread(each) if isinstance(each, Unread) else teller.event(each) for each in found),
        tuple(sorted(occurrences, key=lambda one: one.interval)),
        problems,
    )


def _events_of(uid: str, reading: ScannedDocument, request: ReadRequest) -> list[Vevent | Unread]:
    upper = uid.encode().upper()
    blocks = scan(reading.document, lambda text, _: upper not in text, request.limits).blocks
    read = [read_event(block, reading.places[block.calendar], request.limits) for block in blocks]
    return [event for event in read if event.uid and decode(event.uid) == uid]


class _Teller:
    """Puts into words what reading has decided about the events of one UID."""

    def __init__(
        self,
        *,
        judge: Judge,
        request: ReadRequest,
        events: Sequence[Vevent],
        problems: Sequence[Problem],
        instances: Sequence[EventInstance],
        lines: dict[EventPlace, int],
    ) -> None:
        self._judge, self._request, self._lines = judge, request, lines
        self._events, self._instances = events, instances
        self._revisions = revisions = choose_revisions(
            [each for each in events if each.place.method != "ADD"]
        )
        self._capped = any(problem.code == ProblemCode.RULE_CAPPED for problem in problems)
        self._master = revisions.masters[0] if revisions.masters else None
        series = series_of(self._master, request.limits)[0] if self._master else None
        chosen = counting(series, [override_of(event) for event in revisions.overrides])
        self._overrides = [revisions.overrides[place] for place in sorted(chosen)]
        self._winners = (*revisions.masters, *self._overrides)

    def unread(self, event: Unread) -> Explained:
        """Return what is known of an event without a usable start."""
        return Explained(
            source=event.place.source,
            document=event.place.document,
            line=self._lines.get(EventPlace(event.place.number, event.ordinal)),
            summary="",
            sequence=0,
            stamp=None,
            counts=False,
            because=f"it {event.fault.message}",
        )

    def event(self, event: Vevent) -> Explained:
        """Return what an event says, and whether that counts."""
        counts, because = self._standing(event)
        return Explained(
            source=event.place.source,
            document=event.place.document,
            line=self._lines.get(event.where),
            summary=event.content.summary,
            sequence=event.sequence,
            stamp=event.stamp,
            counts=counts,
            because=because,
            instance=_as_written(event, "RECURRENCE-ID"),
            start=_start(event),
            busy=self._level(event) if counts else None,
            repetition=self._repetition(event) if counts and event.recurs else None,
        )

    def _standing(self, event: Vevent) -> tuple[bool, str]:
        """Return whether an event counts, and why."""
        if event.place.method in UNANSWERING:
            return False, f"METHOD:{event.place.method} is an answer, and puts nothing into a calendar"
        if event.place.method == "ADD":
            return True, "METHOD:ADD adds its times to the others"
        if event is self._revisions.cancelled:
            return True, "calls the whole event off"
        if any(event is kept for kept in self._winners):
            return True, self._winning(event)
        if any(event is copy for kept in self._winners for copy in self._revisions.copies_of(kept)):
            return True, "a copy of the same times in another calendar; the busiest copy counts"
        return False, self._losing(event)

    def _winning(self, event: Vevent) -> str:
        if self._revisions.is_cancelled(event):
            return "called off by a later cancellation"
        if event.id is not None and self._master is not None:
            return "replaces one instance" if not event.and_future else "replaces this instance and all later"
        beside = sum(_original(each) == _original(event) for each in self._winners) - 1
        if beside:
            return f"kept beside {beside} with other times: nothing says which is newer"
        older = sum(_original(each) == _original(event) and each.rank < event.rank for each in self._events)
        return f"newer than {older} other{'s' * (older > 1)} of its UID" if older else "the only one"

    def _losing(self, event: Vevent) -> str:
        best = max(
            (each for each in self._winners if _original(each) == _original(event)),
            key=lambda each: each.rank,
            default=None,
        )
        if best is None:
            return "another event with this UID stands for it"
        if event.sequence < best.sequence:
            return f"SEQUENCE {event.sequence} is older than {best.sequence}"
        if event.rank < best.rank:
            return "the same SEQUENCE, but an earlier DTSTAMP than another"
        return "says the same as another"

    def _level(self, event: Vevent) -> Level:
        if self._revisions.is_cancelled(event):
            return Level(Busy.IGNORE, BusyReason.CANCELLED, "METHOD:CANCEL of the whole event")
        if event.length == EventLength():
            return Level(Busy.IGNORE, BusyReason.FREE, "it takes no time")
        busy, reason = self._judge.verdict(event)
        policy = self._request.policies.get(event.place.source, DEFAULT_POLICY)
        content = event.content
        because = busy_because(reason, content, event.properties, policy, self._judge.owner(event))
        return Level(busy, reason, because)

    def _repetition(self, event: Vevent) -> Repetition:
        series, _ = series_of(event, self._request.limits)
        first = event is self._master
        overrides = self._overrides if first else []
        mine = {event.where, *(override.where for override in overrides)}
        return Repetition(
            rules=(
                *(f"RRULE:{rule}" for rule in series.rrules),
                *(f"EXRULE:{rule}" for rule in series.exrules),
            ),
            extra=len(series.rdates),
            excluded=len(series.exdates),
            changed=len(overrides),
            instances=sum(found.event.where in mine for found in self._instances),
            capped=self._capped,
        )


def _original(event: Vevent) -> datetime | None:
    return event.id and to_utc(event.id.local, event.id.zone)


def _as_written(event: Vevent, name: str) -> str:
    """Return a property's line, unfolded."""
    if name not in event.properties:
        return ""
    prop = event.properties[name][0]
    parameters = f";{decode(prop.parameters)}" if prop.parameters else ""
    return f"{name}{parameters}:{decode(prop.value)}"


def _start(event: Vevent) -> WrittenStart | None:
    if not event.says_when:
        return None
    moment = parse_moment(event.properties["DTSTART"][0])
    text = _as_written(event, "DTSTART")
    table = event.place.zones
    home = getattr(table.home, "key", None)
    if moment.is_date:
        return WrittenStart(text, home, "a date: midnight in your zone")
    if event.start.is_date:
        return WrittenStart(text, home, "a midnight marked as whole day: in your zone")
    if moment.is_utc:
        return WrittenStart(text, "UTC", "its Z")
    if moment.tzid:
        found = table.look_up(moment.tzid)
        named = found.name and not found.assumed
        because = f"its TZID, {zones.describe_tzid(moment.tzid)}" if named else found.origin
        return WrittenStart(text, found.name, because)
    if table.floating is not table.home:
        return WrittenStart(text, getattr(table.floating, "key", None), "X-WR-TIMEZONE of its calendar")
    return WrittenStart(text, home, "yours, for it names none")


# -- the property or policy behind a busy level, in words ----------------------------------------------------

_POLICIES = {
    BusyReason.TENTATIVE: "tentative",
    BusyReason.UNANSWERED: "unanswered",
    BusyReason.ALL_DAY: "all_day",
}


def busy_because(
    reason: BusyReason, event: Event, properties: Component, policy: CalendarPolicy, owner: frozenset[str]
) -> str:
    """Return what decided that an event has this reason: properties as they stand, then the policy."""
    words = _words(reason, event, properties, owner)
    field = _POLICIES.get(reason, "timed_free")
    level = getattr(policy, field)
    if level == getattr(DEFAULT_POLICY, field):
        return words
    return f"{words}; the calendar's policy {field.replace('_', '-')} says {level}"


def _words(reason: BusyReason, event: Event, properties: Component, owner: frozenset[str]) -> str:
    if reason is BusyReason.CANCELLED:
        return "STATUS:CANCELLED" if event.status == "CANCELLED" else "METHOD:CANCEL"
    if reason is BusyReason.BIRTHDAY:
        return f"an all-day event whose {birthday_word(event)} names a birthday or an anniversary"
    if reason is BusyReason.ALL_DAY:
        return "a date without a time"
    if reason in (BusyReason.DECLINED, BusyReason.UNANSWERED):
        return f"your ATTENDEE line: PARTSTAT={_answers(event, owner)}"
    return _status(properties) or _own_words(event, owner) or "nothing says that the time is free"


def _status(properties: Component) -> str:
    """Return the property that gives the time its status; empty where none does."""
    for name in BUSYSTATUS:
        if (status := first_text(properties.get(name))) and status == busy_status(properties):
            return f"{name}:{status}"
    if first_text(properties.get("TRANSP")) == "TRANSPARENT":
        return "TRANSP:TRANSPARENT"
    return ""


def _own_words(event: Event, owner: frozenset[str]) -> str:
    if event.status == "TENTATIVE":
        return "STATUS:TENTATIVE"
    answers = _answers(event, owner)
    return f"your ATTENDEE line: PARTSTAT={answers}" if answers else ""


def _answers(event: Event, owner: frozenset[str]) -> str:
    mine = [person.partstat or "NEEDS-ACTION" for person in event.attendees if person.address in owner]
    return ", ".join(dict.fromkeys(mine))
