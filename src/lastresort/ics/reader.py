"""Documents in, an agenda out: every calendar read for one window, and whatever could not be read said.

The steps, in order: a first look at each document (`scan`), which forgets events that provably lie outside
the window (`prefilter`); a second look where an event that stays shares its UID with a forgotten one; the
events themselves (`event`); which revision of each UID counts (`revisions`) and when it takes place
(`instances`); how busy that keeps the owner (`busy`).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from lastresort.ics.busy import (
    DEFAULT_POLICY,
    CalendarPolicy,
    Judge,
    SourceOwner,
    guess_in_words,
    guess_owner,
    place_occurrences,
)
from lastresort.ics.calendar_zones import ZoneTable, calendar_zone
from lastresort.ics.event import Place, Vevent, read_event
from lastresort.ics.instances import EventInstance, Scope, find_instances, log_fault, reckonable
from lastresort.ics.prefilter import MARGIN, OutsideProof, Recall, keep_all, uid_key
from lastresort.ics.problems import HARMLESS, EventPlace, ProblemCode, ProblemLog, find_lines
from lastresort.ics.recurrence import end_of
from lastresort.ics.revisions import UNANSWERING, complete_exceptions
from lastresort.ics.rrule import ExpansionBudget
from lastresort.ics.scan import Block, Scan, scan
from lastresort.ics.values import ValueFault, parse_moment
from lastresort.model import (
    Agenda,
    Document,
    Event,
    Interval,
    Limits,
    Occurrence,
    Problem,
    SourceInfo,
)
from lastresort.zones.names import get_zone, to_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lastresort.ics.freebusy import FreeBusyPeriod

__all__ = ["CalendarPolicy", "read_agenda"]


class ScannedDocument(NamedTuple):
    """One document on its way: what was seen of it, what was left out, and where its events stand."""

    number: int
    document: Document
    scan: Scan
    proof: OutsideProof
    places: tuple[Place, ...] = ()


class ReadRequest(NamedTuple):
    """What is read: a window, and all that the answer depends on besides the documents."""

    window: Interval
    zone: str | None
    system_zone: str
    me: frozenset[str] = frozenset()
    policies: Mapping[str, CalendarPolicy] = {}
    limits: Limits = Limits()


class Gathered(NamedTuple):
    """What the documents come to before it is told: what happens, and who judges how busy that is."""

    home: str
    """IANA name of the owner's zone."""
    readings: tuple[ScannedDocument, ...]
    instances: list[EventInstance]
    judge: Judge


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

    `zone` is the owner's; without one the first X-WR-TIMEZONE is taken, else `system_zone`. `policies` go by
    the documents' `source`. With `all_events` those outside the window are parsed too: the same answer.
    """
    log = ProblemLog()
    request = ReadRequest(
        window=window, zone=zone, system_zone=system_zone, me=me, policies=policies, limits=limits
    )
    gathered = gather(documents, request, log, all_events)
    readings, judge = gathered.readings, gathered.judge
    occurrences = [
        *place_occurrences(_drained(gathered.instances), window, judge),
        *_freebusy(readings, window, limits, log),
    ]
    occurrences.sort(key=_order)
    sources = _sources(readings, occurrences)
    _log_ends(sources, window, gathered.home, log)
    return Agenda(
        window=window,
        zone=gathered.home,
        occurrences=tuple(occurrences),
        problems=log.problems(find_lines([reading.document for reading in readings], log.places())),
        sources=sources,
        me=me or frozenset().union(*(owner.addresses for owner in judge.owners.values())),
        me_guessed="" if me else guess_in_words(judge.owners),
    )


def gather(
    documents: Iterable[Document], request: ReadRequest, log: ProblemLog, all_events: bool = False
) -> Gathered:
    """Return what happens inside the window, and who judges how busy it is; problems go to the log."""
    window, limits = request.window, request.limits
    readings = [
        _scan_document(number, document, request, log, all_events=all_events)
        for number, document in enumerate(documents)
    ]
    calendars = (calendar for reading in readings for calendar in reading.scan.calendars)
    own_zone = next(filter(None, map(calendar_zone, calendars)), None)
    home = request.zone or own_zone or request.system_zone
    readings = [_with_places(reading, home, window, limits) for reading in readings]
    events = [event for reading in readings for event in _events(reading, reading.scan.blocks, limits, log)]
    readings = [each._replace(scan=each.scan._replace(blocks=())) for each in readings]  # they have been read
    events += _recalled(readings, events, window, limits, log)
    events.sort(key=lambda event: (event.place.number, event.ordinal))
    events = complete_exceptions(events)
    _log_unusable_zones(readings, log)
    instances = find_instances(events, Scope(window, limits, ExpansionBudget(limits), log))
    contents = [one.event.content for one in instances]
    owners = _owners(readings, contents, request.me, request.policies)
    return Gathered(home, tuple(readings), instances, Judge(request.policies, owners))


def _drained(instances: list[EventInstance]) -> Iterator[EventInstance]:
    """Yield them in order and take each off the list, so that the memory of its event can be used again."""
    instances.reverse()
    while instances:
        yield instances.pop()


def _order(one: Occurrence) -> tuple[datetime, datetime, str, str, datetime]:
    return *one.interval, one.event.uid or "", one.event.source, one.recurrence_id or one.interval.start


def _scan_document(
    number: int, document: Document, request: ReadRequest, log: ProblemLog, *, all_events: bool
) -> ScannedDocument:
    """Return a document after the first look; what is wrong with it as a whole goes to the log."""
    proof = OutsideProof(request.window)
    found = scan(document, keep_all if all_events else proof.forgets, request.limits)
    for defect in found.defects if found.failure is None else (found.failure,):
        problem = Problem(
            document.source,
            defect.code,
            f"{document.name} {defect.message}",
            lost=defect.code not in HARMLESS,
        )
        log.add(problem, None if defect.ordinal is None else EventPlace(number, defect.ordinal))
    return ScannedDocument(number=number, document=document, scan=found, proof=proof)


def _with_places(reading: ScannedDocument, home: str, window: Interval, limits: Limits) -> ScannedDocument:
    """Return the reading with the places its events stand in, one for each calendar."""
    document = reading.document
    zone = get_zone(home)
    places = tuple(
        Place(
            source=document.source,
            document=document.name,
            number=reading.number,
            calendar=calendar.name or document.calendar,
            method=calendar.method or document.method,
            zones=ZoneTable(calendar, zone, window, limits),
            mail=document.mail,
        )
        for calendar in reading.scan.calendars
    )
    return reading._replace(places=places)


def _events(
    reading: ScannedDocument, blocks: Iterable[Block], limits: Limits, log: ProblemLog
) -> Iterator[Vevent]:
    """Yield the events of these blocks, answers to invitations left out; unreadable ones go to the log."""
    for block in blocks:
        place = reading.places[block.calendar]
        if place.method in UNANSWERING:
            continue
        event = read_event(block, place, limits)
        if isinstance(event, Vevent):
            yield event
        elif place.method != "CANCEL":
            log_fault(log, event, event.fault)


def _recalled(
    readings: Sequence[ScannedDocument],
    events: Sequence[Vevent],
    window: Interval,
    limits: Limits,
    log: ProblemLog,
) -> list[Vevent]:
    """Return events that were left out although they share their UID with one that stays.

    Instances of a series are fetched only where they could matter: a series that was not moved as a whole
    puts nothing into the window from outside but what the first look kept.
    """
    uids = {uid_key(event.uid) for event in events if event.uid and _asks_for_revisions(event, window)}
    open_uids = {uid_key(event.uid) for event in events if event.uid and _asks_for_instances(event, window)}
    found: list[Vevent] = []
    for reading in readings:
        wanted = uids.intersection(reading.proof.others)
        wanted |= open_uids.intersection(reading.proof.overrides)
        if wanted:
            again = scan(reading.document, Recall(OutsideProof(window), wanted).forgets, limits)
            if again.failure:
                message = f"{reading.document.name} could be read only once; later revisions may be missing"
                log.add(Problem(reading.document.source, ProblemCode.UNREADABLE, message, lost=True))
            found.extend(_events(reading, again.blocks, limits, log))
    return found


def _asks_for_revisions(event: Vevent, window: Interval) -> bool:
    """Tell whether a revision of the whole event, outside the window, would change what is inside.

    An exception takes from its series what it does not say itself.
    """
    return event.id is not None or event.recurs or _touches(event, window)


def _asks_for_instances(event: Vevent, window: Interval) -> bool:
    """Tell whether an instance whose old and new days lie outside the window would change what is inside.

    It would where it stands for the same original day as this one, and where the series has instances that
    reach into the window from far before it.
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
    end = end_of(event.start, start, event.length)
    return start < window.end + timedelta(days=1) and end > window.start - timedelta(days=1)


def _owners(
    readings: Sequence[ScannedDocument],
    contents: Sequence[Event],
    me: frozenset[str],
    policies: Mapping[str, CalendarPolicy],
) -> dict[str, SourceOwner]:
    """Return whose calendar each source is: as configured, else mine as given, else guessed."""
    events: dict[str, list[Event]] = {}
    for event in contents:
        events.setdefault(event.source, []).append(event)
    owners: dict[str, SourceOwner] = {}
    for source in dict.fromkeys(reading.document.source for reading in readings):
        given = policies.get(source, DEFAULT_POLICY).owner or me
        if given:
            owners[source] = SourceOwner(frozenset(address.lower() for address in given))
            continue
        mine = [reading for reading in readings if reading.document.source == source]
        names = [place.calendar for reading in mine for place in reading.places]
        recipients = [reading.document.recipient for reading in mine]
        owners[source] = guess_owner(events.get(source, ()), names, recipients)
    return owners


def _log_unusable_zones(readings: Sequence[ScannedDocument], log: ProblemLog) -> None:
    for reading in readings:
        if any(place.zones.floating_fault for place in reading.places):
            message = f"{reading.document.name} has an X-WR-TIMEZONE that names no time zone known here"
            log.add(Problem(reading.document.source, ProblemCode.UNKNOWN_ZONE, message))


def _freebusy(
    readings: Sequence[ScannedDocument], window: Interval, limits: Limits, log: ProblemLog
) -> Iterator[Occurrence]:
    """Yield the time that VFREEBUSY components give, inside the window; unreadable periods go to the log."""
    if not any(calendar.freebusy for reading in readings for calendar in reading.scan.calendars):
        return
    from lastresort.ics.freebusy import read_freebusy

    for reading in readings:
        for calendar, place in zip(reading.scan.calendars, reading.places, strict=True):
            for lines in calendar.freebusy:
                for found in read_freebusy(lines, place.zones, limits):
                    if isinstance(found, ValueFault):
                        message = f"{place.document} has a free/busy period that {found}"
                        log.add(Problem(place.source, ProblemCode.BAD_FREEBUSY, message, lost=True))
                    elif found.interval.overlaps(window):
                        yield _stretch(found, place)


def _stretch(stretch: FreeBusyPeriod, place: Place) -> Occurrence:
    event = Event(
        place.source, stretch.uid, place.document, method=place.method, calendar=place.calendar, zone="UTC"
    )
    return Occurrence(event, reckonable(*stretch.interval), stretch.busy, stretch.reason)


def _sources(
    readings: Iterable[ScannedDocument], occurrences: Iterable[Occurrence]
) -> tuple[SourceInfo, ...]:
    """Return what each source gave, in the documents' order; an error only where nothing could be read."""
    counts = Counter(occurrence.event.source for occurrence in occurrences)
    found: dict[str, list[ScannedDocument]] = {}
    for reading in readings:
        found.setdefault(reading.document.source, []).append(reading)
    return tuple(
        SourceInfo(
            name=source,
            events=sum(reading.scan.events for reading in parts),
            occurrences=counts[source],
            error=_failure(parts),
            ends=_data_end(parts),
        )
        for source, parts in found.items()
    )


def _log_ends(sources: Iterable[SourceInfo], window: Interval, home: str, log: ProblemLog) -> None:
    """Say which calendars are published only for a part of the window: silence after it means nothing."""
    for source in sources:
        if source.ends and source.ends < window.end:
            last = source.ends.astimezone(get_zone(home))
            message = f"{source.name} is published only until {last:%Y-%m-%d}; later events are not in it"
            log.add(Problem(source.name, ProblemCode.ENDS_EARLY, message))


def _failure(parts: Sequence[ScannedDocument]) -> str | None:
    """Return why nothing of a source could be read; `None` where a document of it could."""
    failures = [reading for reading in parts if reading.scan.failure]
    if len(failures) < len(parts):
        return None
    defect = failures[0].scan.failure
    assert defect is not None
    return f"{failures[0].document.name} {defect.message}"


def _data_end(parts: Iterable[ScannedDocument]) -> datetime | None:
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
