"""Documents in, an agenda out: every calendar read for one window, and whatever could not be read said.

The steps, in order: a first look at each document (`scan`), which forgets events that provably lie outside the
window; a second look where an event that stays shares its UID with a forgotten one; the events themselves
(`events`); which revision of each UID counts (`revisions`); when it takes place (`recurrence`); how busy that keeps
the owner (`busy`, `owners`).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.busy import DEFAULT_POLICY, CalendarPolicy, Verdict, judge_busy
from lastresort.ics.events import Place, Unread, Vevent, content_of, override_of, read_event, series_of
from lastresort.ics.freebusy import Stretch, read_freebusy
from lastresort.ics.lines import decode, unescape
from lastresort.ics.owners import guess_owner
from lastresort.ics.positions import find_lines
from lastresort.ics.problems import HARMLESS, EventPlace, ProblemCode, ProblemLog
from lastresort.ics.proof import MARGIN, OutsideProof, Recall, keep_all, uid_key
from lastresort.ics.recurrence import Fault, Instance, expand
from lastresort.ics.revisions import UNANSWERING, Group, settle
from lastresort.ics.rules import Budget
from lastresort.ics.scan import Block, Scan, scan
from lastresort.ics.tzids import ZoneTable, calendar_zone
from lastresort.ics.values import ValueFault, first_text, parse_moment
from lastresort.ics.zones import get_zone, to_utc
from lastresort.model import (
    ZERO,
    Agenda,
    Busy,
    BusyReason,
    Document,
    Event,
    Interval,
    Limits,
    Occurrence,
    Problem,
    SourceInfo,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.ics.frame import Calendar

__all__ = ["CalendarPolicy", "read_agenda"]


class Reading(NamedTuple):
    """One document on its way: what was seen of it, what was left out, and where its events stand."""

    number: int
    document: Document
    scan: Scan
    proof: OutsideProof
    places: tuple[Place, ...] = ()


class Happening(NamedTuple):
    """An event taking place once inside the window."""

    event: Vevent
    instance: Instance
    cancelled: bool
    copies: tuple[Vevent, ...]


def read_agenda(
    documents: Iterable[Document],
    window: Interval,
    *,
    zone: str | None,
    system_zone: str,
    me: frozenset[str] = frozenset(),
    policies: Mapping[str, CalendarPolicy] = {},
    limits: Limits = Limits(),  # noqa: B008 - immutable
    all_events: bool = False,
) -> Agenda:
    """Return what all documents hold inside the window; nothing that a document holds raises.

    `zone` is the owner's zone; without one the first X-WR-TIMEZONE is taken, else `system_zone`. `policies` go by
    the documents' `source`. With `all_events` those outside the window are parsed too: slower, the same answer.
    """
    log = ProblemLog()
    readings = [
        _look(number, document, window, limits, log, all_events) for number, document in enumerate(documents)
    ]
    home = zone or _calendars_zone(readings) or system_zone
    readings = [_placed(reading, home, window, limits) for reading in readings]
    events = [event for reading in readings for event in _events(reading, reading.scan.blocks, limits, log)]
    events += _recalled(readings, events, window, limits, log)
    happenings = list(_happenings(events, window, limits, log))
    judge = _Judge(policies)
    judge.owners = _owners(readings, [judge.content(one.event) for one in happenings], me, policies)
    occurrences = [*_occurrences(happenings, window, judge), *_freebusy(readings, window, limits, log)]
    occurrences.sort(key=lambda one: (one.interval.start, one.interval.end, one.event.uid or ""))
    return Agenda(
        window,
        home,
        tuple(occurrences),
        _with_lines(log, readings),
        _sources(readings, occurrences),
        me or frozenset().union(*(owner.addresses for owner in judge.owners.values())),
        "" if me else _guess_in_words(judge.owners),
    )


def _look(
    number: int, document: Document, window: Interval, limits: Limits, log: ProblemLog, all_events: bool
) -> Reading:
    proof = OutsideProof(window)
    found = scan(document, keep_all if all_events else proof, limits)
    for defect in found.defects if found.failure is None else (found.failure,):
        problem = Problem(
            document.source,
            defect.code,
            f"{document.name} {defect.message}",
            lost=defect.code not in HARMLESS,
        )
        log.add(problem, None if defect.ordinal is None else EventPlace(number, defect.ordinal))
    return Reading(number, document, found, proof)


def _calendars_zone(readings: Sequence[Reading]) -> str | None:
    calendars = (calendar for reading in readings for calendar in reading.scan.calendars)
    return next(filter(None, map(calendar_zone, calendars)), None)


def _placed(reading: Reading, home: str, window: Interval, limits: Limits) -> Reading:
    """Return the reading with the places its events stand in, one for each calendar."""
    document = reading.document
    zone = get_zone(home)
    places = tuple(
        Place(
            document.source,
            document.name,
            reading.number,
            _name(calendar) or document.calendar,
            first_text(calendar.properties.get("METHOD")) or document.method,
            ZoneTable(calendar, zone, window, limits),
        )
        for calendar in reading.scan.calendars
    )
    return reading._replace(places=places)


def _name(calendar: Calendar) -> str:
    props = calendar.properties.get("X-WR-CALNAME")
    return unescape(props[0].value).strip() if props else ""


def _events(reading: Reading, blocks: Iterable[Block], limits: Limits, log: ProblemLog) -> Iterator[Vevent]:
    for block in blocks:
        place = reading.places[block.calendar]
        if place.method in UNANSWERING:
            continue
        event = read_event(block, place, limits)
        if isinstance(event, Vevent):
            yield event
        elif place.method != "CANCEL":
            _tell(log, event, event.fault)


def _tell(log: ProblemLog, event: Vevent | Unread, fault: Fault) -> None:
    uid = decode(event.uid) if event.uid else None
    problem = Problem(event.place.source, fault.code, f"an event {fault.message}", uid=uid, lost=fault.lost)
    log.add(problem, EventPlace(event.place.number, event.ordinal))


def _recalled(
    readings: Sequence[Reading], events: Sequence[Vevent], window: Interval, limits: Limits, log: ProblemLog
) -> list[Vevent]:
    """Return events that were left out although they share their UID with one that stays.

    Instances of a series are fetched only where they could matter: a short series that was not moved as a whole
    puts nothing into the window from outside but what the first look kept.
    """
    uids = {uid_key(event.uid) for event in events if event.uid and _asks_for_revisions(event, window)}
    open_uids = {uid_key(event.uid) for event in events if event.uid and _asks_for_instances(event, window)}
    everything = {uid_key(event.uid) for event in events if event.uid}
    found: list[Vevent] = []
    for reading in readings:
        calls_off = any(place.method == "CANCEL" for place in reading.places)
        wanted = (everything if calls_off else uids).intersection(reading.proof.others)
        wanted |= open_uids.intersection(reading.proof.overrides)
        if wanted:
            again = scan(reading.document, Recall(OutsideProof(window), wanted), limits)
            if again.failure:
                message = f"{reading.document.name} could be read only once; later revisions may be missing"
                log.add(Problem(reading.document.source, ProblemCode.UNREADABLE, message, lost=True))
            found.extend(_events(reading, again.blocks, limits, log))
    return found


def _asks_for_revisions(event: Vevent, window: Interval) -> bool:
    """Tell whether a revision of the whole event, standing outside the window, would change what is inside."""
    if event.id is None:
        return event.recurs or _touches(event, window)
    # an instance stands for itself, unless its series decides what it is
    return event.and_future or event.recurs or event.id.is_date != event.start.is_date


def _asks_for_instances(event: Vevent, window: Interval) -> bool:
    """Tell whether an instance whose old and new days lie outside the window would change what is inside.

    It would where it is not the only one told of its day (the day of this one lies outside too), and where the
    series has instances that reach into the window from far before it.
    """
    if event.and_future:
        return True
    if event.recurs and event.id is None:
        return event.length.exact + timedelta(days=event.length.days) > MARGIN - timedelta(days=1)
    original = (event.id or event.start).local.replace(tzinfo=UTC)
    near = window.start - MARGIN <= original <= window.end + MARGIN
    return not near and _touches(event, window)


def _touches(event: Vevent, window: Interval) -> bool:
    """Tell whether the event itself, as it stands, takes place inside the window or within a day of it."""
    start = to_utc(event.start.local, event.start.zone)
    end = start + event.length.exact + timedelta(days=event.length.days)
    return start < window.end + timedelta(days=1) and end > window.start - timedelta(days=1)


def _happenings(
    events: Sequence[Vevent], window: Interval, limits: Limits, log: ProblemLog
) -> Iterator[Happening]:
    budget = Budget(limits)
    for group in _groups(events):
        first, *others = group.masters or (None,)
        yield from _expanded(first, group, group.overrides, window, limits, budget, log)
        for master in others:
            yield from _expanded(master, group, (), window, limits, budget, log)


def _groups(events: Sequence[Vevent]) -> Iterator[Group]:
    by_uid: dict[bytes, list[Vevent]] = {}
    for event in events:
        if event.uid and event.place.method != "ADD":
            by_uid.setdefault(event.uid, []).append(event)
        else:
            yield Group((event,)) if event.id is None else Group((), (event,))
    for members in by_uid.values():
        yield settle(members)


def _expanded(
    master: Vevent | None,
    group: Group,
    overrides: Sequence[Vevent],
    window: Interval,
    limits: Limits,
    budget: Budget,
    log: ProblemLog,
) -> Iterator[Happening]:
    """Yield the times of one series or single event inside the window, with the instances that were changed."""
    series, faults = series_of(master, limits) if master else (None, ())
    changed = [override_of(event) for event in overrides]
    expansion = expand(series, _reach(window, master, overrides), budget, changed)
    for fault in (*faults, *expansion.faults):
        _tell(log, master or overrides[0], fault)
    told = set()
    for instance in expansion.instances:
        event = master if instance.override is None else overrides[instance.override]
        assert event is not None
        if event.ordinal not in told:
            told.add(event.ordinal)
        yield Happening(event, instance, group.is_cancelled(event), tuple(group.copies_of(event)))
    for event in (master, *overrides):
        if event and event.faults and (event.ordinal in told or _is_near(event, window)):
            for fault in event.faults:
                _tell(log, event, fault)


def _reach(window: Interval, master: Vevent | None, overrides: Sequence[Vevent]) -> Interval:
    """Return the window, longer by a day where somebody has to travel to what begins after it."""
    travels = any(event and "X-APPLE-TRAVEL-DURATION" in event.properties for event in (master, *overrides))
    return window.widened(ZERO, timedelta(days=1)) if travels else window


def _is_near(event: Vevent, window: Interval) -> bool:
    start = event.start.local.replace(tzinfo=UTC)
    return event.recurs or window.start - MARGIN < start < window.end + MARGIN


class Owner(NamedTuple):
    """The addresses a source's owner goes by, and how they were guessed; no words when they were given."""

    addresses: frozenset[str]
    because: str = ""


def _owners(
    readings: Sequence[Reading],
    contents: Sequence[Event],
    me: frozenset[str],
    policies: Mapping[str, CalendarPolicy],
) -> dict[str, Owner]:
    """Return whose calendar each source is: as configured, as given, else guessed."""
    events: dict[str, list[Event]] = {}
    for event in contents:
        events.setdefault(event.source, []).append(event)
    owners: dict[str, Owner] = {}
    for source in dict.fromkeys(reading.document.source for reading in readings):
        given = policies.get(source, DEFAULT_POLICY).owner or me
        if given:
            owners[source] = Owner(frozenset(address.lower() for address in given))
            continue
        mine = [reading for reading in readings if reading.document.source == source]
        names = [place.calendar for reading in mine for place in reading.places]
        recipients = [reading.document.recipient for reading in mine]
        owners[source] = Owner(*guess_owner(events.get(source, ()), names, recipients))
    return owners


class _Judge:
    """Says how busy events are; each is asked about once."""

    def __init__(self, policies: Mapping[str, CalendarPolicy]) -> None:
        self._policies = policies
        self._contents: dict[int, Event] = {}
        self._verdicts: dict[int, Verdict] = {}
        self.owners: dict[str, Owner] = {}

    def content(self, event: Vevent) -> Event:
        key = id(event)
        if key not in self._contents:
            self._contents[key] = content_of(event)
        return self._contents[key]

    def owner(self, event: Vevent) -> frozenset[str]:
        return self.owners[event.place.source].addresses

    def verdict(self, event: Vevent) -> Verdict:
        key = id(event)
        if key not in self._verdicts:
            policy = self._policies.get(event.place.source, DEFAULT_POLICY)
            self._verdicts[key] = judge_busy(
                self.content(event), event.properties, event.start.is_date, self.owner(event), policy
            )
        return self._verdicts[key]


def _occurrences(happenings: Iterable[Happening], window: Interval, judge: _Judge) -> Iterator[Occurrence]:
    for happening in happenings:
        event, *copies = _by_weight(happening, judge)
        occurrence = _occurrence(event, happening, judge)
        if not _inside(occurrence, window):
            continue
        yield occurrence
        for copy in copies:
            yield _occurrence(copy, happening, judge)._replace(busy=Busy.IGNORE, reason=BusyReason.DUPLICATE)


def _by_weight(happening: Happening, judge: _Judge) -> list[Vevent]:
    """Return an event and its copies in other calendars, first the one that counts.

    The busiest counts, unless the same owner has declined: one owner's decline never drops another's event.
    """
    if not happening.copies:
        return [happening.event]
    candidates = sorted((happening.event, *happening.copies), key=lambda event: event.rank, reverse=True)
    declined: set[str] = set()
    weights: list[tuple[int, Vevent]] = []
    for event in sorted(candidates, key=lambda event: judge.verdict(event)[1] is BusyReason.UNANSWERED):
        busy, reason = judge.verdict(event)
        if reason is BusyReason.DECLINED:
            declined |= judge.owner(event)
        weight = 0 if judge.owner(event) & declined and reason is not BusyReason.DECLINED else _WEIGHT[busy]
        weights.append((weight, event))
    heaviest = max(weight for weight, _ in weights)
    if heaviest == 0:
        chosen = next(
            (event for _, event in weights if judge.verdict(event)[1] is BusyReason.DECLINED), weights[0][1]
        )
    else:
        chosen = next(event for weight, event in weights if weight == heaviest)
    return [chosen, *(event for _, event in weights if event is not chosen)]


_WEIGHT = {Busy.CLASH: 2, Busy.CHECK: 1, Busy.IGNORE: 0}


def _occurrence(event: Vevent, happening: Happening, judge: _Judge) -> Occurrence:
    instance = happening.instance
    content = judge.content(event)
    busy, reason = judge.verdict(event)
    if happening.cancelled:
        busy, reason = Busy.IGNORE, BusyReason.CANCELLED
    elif instance.start == instance.end and busy is not Busy.IGNORE:
        busy, reason = Busy.IGNORE, BusyReason.FREE  # takes no time
    return Occurrence(
        content,
        Interval(instance.start, instance.end),
        busy,
        reason,
        instance.recurrence_id if content.recurring else None,
        event.start.is_date,
    )


def _inside(occurrence: Occurrence, window: Interval) -> bool:
    start, end = occurrence.blocked
    return start < window.end and (end > window.start or start == end == window.start)


def _freebusy(
    readings: Iterable[Reading], window: Interval, limits: Limits, log: ProblemLog
) -> Iterator[Occurrence]:
    for reading in readings:
        for calendar, place in zip(reading.scan.calendars, reading.places, strict=True):
            for lines in calendar.freebusy:
                for found in read_freebusy(lines, place.zones, limits):
                    if isinstance(found, ValueFault):
                        message = f"{place.document} has a free/busy period that {found}"
                        log.add(Problem(place.source, ProblemCode.BAD_FREEBUSY, message, lost=True))
                    elif found.interval.overlaps(window):
                        yield _stretch(found, place)


def _stretch(stretch: Stretch, place: Place) -> Occurrence:
    event = Event(
        place.source, stretch.uid, place.document, method=place.method, calendar=place.calendar, zone="UTC"
    )
    return Occurrence(event, stretch.interval, stretch.busy, stretch.reason)


def _with_lines(log: ProblemLog, readings: Sequence[Reading]) -> tuple[Problem, ...]:
    lines = {
        EventPlace(number, ordinal): line
        for number, ordinals in log.places().items()
        for ordinal, line in find_lines(readings[number].document, ordinals).items()
    }
    return log.problems(lines)


def _sources(readings: Iterable[Reading], occurrences: Iterable[Occurrence]) -> tuple[SourceInfo, ...]:
    """Return what each source gave, in the order of the documents; an error only where nothing could be read."""
    counts = Counter(occurrence.event.source for occurrence in occurrences)
    found: dict[str, list[Reading]] = {}
    for reading in readings:
        found.setdefault(reading.document.source, []).append(reading)
    return tuple(
        SourceInfo(
            source,
            sum(reading.scan.events for reading in parts),
            counts[source],
            _failure(parts),
            _data_end(parts),
        )
        for source, parts in found.items()
    )


def _failure(parts: Sequence[Reading]) -> str | None:
    failures = [reading for reading in parts if reading.scan.failure]
    if len(failures) < len(parts):
        return None
    defect = failures[0].scan.failure
    assert defect is not None
    return f"{failures[0].document.name} {defect.message}"


def _data_end(parts: Iterable[Reading]) -> datetime | None:
    """Return when the last of a source's calendars ends, where producers tell (Outlook's X-CALEND)."""
    ends = []
    for reading in parts:
        for calendar, place in zip(reading.scan.calendars, reading.places, strict=True):
            for prop in calendar.properties.get("X-CALEND", ())[:1]:
                try:
                    when = place.zones.place(parse_moment(prop))
                except ValueFault:
                    continue
                ends.append(to_utc(when.local, when.zone))
    return max(ends, default=None)


def _guess_in_words(owners: Mapping[str, Owner]) -> str:
    reasons = dict.fromkeys(owner.because for owner in owners.values() if owner.because)
    return "; ".join(reasons)
