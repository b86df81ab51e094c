"""A VEVENT read on its own: its times with their zones, what makes it recur, and what it says.

Nothing here decides whether time is busy, or which of several revisions counts.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from lastresort.ics import repairs
from lastresort.ics.calendar_zones import ZoneTable
from lastresort.ics.content_lines import (
    Component,
    Property,
    decode,
    parse_component,
    parse_parameters,
    unescape,
)
from lastresort.ics.problems import EventPlace, ProblemCode
from lastresort.ics.recurrence import EventLength, Extra, Fault, Override, Series, When
from lastresort.ics.rrule import Capped, ExpansionBudget, same_rule
from lastresort.ics.scan import Block
from lastresort.ics.values import (
    Moment,
    ValueFault,
    first_text,
    is_negative,
    moment_of,
    parse_count,
    parse_duration,
    parse_moment,
    parse_travel,
    whole_days,
)
from lastresort.model import ZERO, Event, Limits, Mail, Person
from lastresort.zones.names import to_utc

_WANTED = frozenset(
    b"UID DTSTART DTEND DURATION RECURRENCE-ID RRULE EXRULE RDATE EXDATE SEQUENCE DTSTAMP STATUS TRANSP "
    b"SUMMARY DESCRIPTION LOCATION URL ORGANIZER ATTENDEE X-ATTENDEE CATEGORIES PRIORITY CONFERENCE "
    b"X-MICROSOFT-CDO-BUSYSTATUS X-MICROSOFT-MSNCALENDAR-BUSYSTATUS X-MICROSOFT-DISALLOW-COUNTER "
    b"X-MICROSOFT-CDO-ALLDAYEVENT X-MICROSOFT-SKYPETEAMSMEETINGURL X-GOOGLE-CONFERENCE "
    b"X-APPLE-TRAVEL-DURATION".split()
)
_RECURRENCE = frozenset(("RRULE", "EXRULE", "RDATE", "EXDATE"))
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "UID")

DAY = timedelta(days=1)
_NO_STAMP = datetime.min.replace(tzinfo=UTC)
_NEVER = When(_NO_STAMP.replace(tzinfo=None), UTC)


class Place(NamedTuple):
    """Where an event stands: everything about its calendar that its meaning depends on."""

    source: str
    document: str
    number: int
    """Which of the documents being read."""
    calendar: str
    method: str
    zones: ZoneTable
    mail: Mail | None = None


class Vevent(NamedTuple):
    """One VEVENT with its times read. Without a usable start it is not made."""

    place: Place
    ordinal: int
    uid: bytes
    """Empty when the event has none."""
    properties: Component
    """Without those that have served."""
    content: Event
    """What it says besides its times."""
    start: When
    length: EventLength
    says_length: bool
    """Whether DTEND or DURATION says the length."""
    id: When | None
    """RECURRENCE-ID."""
    and_future: bool
    sequence: int
    faults: tuple[Fault, ...]
    series_organizer: Person | None = None
    """The organiser of the series, for an exception of it: what the exception says may be wrong."""

    @property
    def where(self) -> EventPlace:
        """What tells this VEVENT from every other that is read."""
        return EventPlace(self.place.number, self.ordinal)

    @property
    def stamp(self) -> datetime | None:
        """DTSTAMP, which is in UTC; None when it cannot be read."""
        try:
            return parse_moment(self.properties["DTSTAMP"][0]).local.replace(tzinfo=UTC)
        except (KeyError, ValueFault):
            return None

    @property
    def rank(self) -> tuple[int, datetime]:
        """What a later revision has more of: SEQUENCE, then DTSTAMP (RFC 5546 2.1.5)."""
        return self.sequence, self.stamp or _NO_STAMP

    @property
    def says_when(self) -> bool:
        """Whether it has a time of its own: the cancellation of a whole event need not."""
        return "DTSTART" in self.properties

    @property
    def recurs(self) -> bool:
        """Whether it makes a series by itself."""
        return "RRULE" in self.properties or "RDATE" in self.properties

    @property
    def times(self) -> tuple[object, ...]:
        """Everything that decides when it takes place, for telling copies from other revisions."""
        id_ = self.id and to_utc(self.id.local, self.id.zone)
        start = to_utc(self.start.local, self.start.zone)
        return start, self.start.is_date, self.length, id_, *_recurrence(self)

    def completed(self, series: "Vevent") -> "Vevent":
        """Return an exception of a series with all that it leaves unsaid as the series says it.

        Bridges and servers write no more than what is new: often only the times.
        """
        own, theirs = self.content, series.content
        content = own._replace(
            summary=own.summary or theirs.summary,
            language=own.language if own.summary else theirs.language,
            description=own.description or theirs.description,
            location=own.location or theirs.location,
            url=own.url or theirs.url,
            organizer=own.organizer or theirs.organizer,
            attendees=own.attendees or theirs.attendees,
            categories=own.categories or theirs.categories,
            recurring=True,
        )
        lasts_as_long = not self.says_length and self.start.is_date == series.start.is_date
        id_ = self._id_beside(series)
        takes_id_for_start = self.properties.get("DTSTART") is self.properties.get("RECURRENCE-ID")
        return self._replace(
            content=content,
            id=id_,
            start=id_ or self.start if takes_id_for_start else self.start,
            length=series.length if lasts_as_long else self.length,
            series_organizer=theirs.organizer,
            faults=tuple(_KEEPS_ITS_TIME if fault == _NO_TIME else fault for fault in self.faults),
        )

    def _id_beside(self, series: "Vevent") -> When | None:
        """Return RECURRENCE-ID: without a zone it means the clock of the series, whatever DTSTART has."""
        if (
            self.id is None
            or self.id.is_date
            or series.start.is_date
            or "RECURRENCE-ID" not in self.properties
        ):
            return self.id
        try:
            moment = parse_moment(self.properties["RECURRENCE-ID"][0])
        except ValueFault:
            return self.id
        is_floating = not (moment.is_utc or moment.tzid)
        return self.id._replace(zone=series.start.zone) if is_floating else self.id


class Unread(NamedTuple):
    """A VEVENT that has no usable start."""

    place: Place
    ordinal: int
    uid: bytes
    fault: Fault


def read_event(block: Block, place: Place, limits: Limits) -> Vevent | Unread:
    """Return the event of a block, or why it cannot be read."""
    properties = parse_component(block.text.split(b"\n"), _WANTED, limits.value_bytes)
    uid = properties["UID"][0].value.strip() if "UID" in properties else b""
    faults = [
        _repeated(name)
        for name in _ONCE
        if len(properties.get(name, ())) > 1 and len({prop.value for prop in properties[name]}) > 1
    ]
    if len(block.text) > limits.value_bytes:
        faults += _cut(properties, limits)
    if "DTSTART" not in properties and "RECURRENCE-ID" in properties:
        properties["DTSTART"] = properties["RECURRENCE-ID"]  # the instance it changes or takes away
        # What only calls off an event need not say when it is (RFC 5546 3.2.5).
        if place.method != "CANCEL" and _status(properties) != "CANCELLED":
            faults.append(_NO_TIME)
    try:
        start = _start(properties, place, faults)
    except ValueFault as error:
        code = ProblemCode.BAD_START if "DTSTART" in properties else ProblemCode.NO_START
        return Unread(place, block.ordinal, uid, Fault(code, f"{error}; the event is left out"))
    id_, and_future = _recurrence_id(properties, place.zones, start, faults)
    length = _length(properties, place.zones, start, faults)
    says_length = "DTEND" in properties or "DURATION" in properties
    content = _content(properties, place, uid)
    for name in _SPENT:
        properties.pop(name, None)
    return Vevent(
        place=place,
        ordinal=block.ordinal,
        uid=uid,
        properties=properties,
        content=content,
        start=start,
        length=length,
        says_length=says_length,
        id=id_,
        and_future=and_future,
        sequence=content.sequence,
        faults=tuple(faults),
    )


_NO_TIME = Fault(
    ProblemCode.NO_START,
    "has no DTSTART, and its series is not known; it counts as without length at its RECURRENCE-ID",
)
_KEEPS_ITS_TIME = Fault(
    ProblemCode.NO_START, "has no DTSTART; it takes place when its RECURRENCE-ID says", lost=False
)


def _repeated(name: str) -> Fault:
    if name in ("UID", "DTSTART"):
        message = f"has more than one {name}: lines of another event may have become a part of it"
        return Fault(ProblemCode.LOOSE_LINES, message)
    return Fault(ProblemCode.REPEATED, f"has more than one {name}; the first counts")


_SPENT = (
    "UID", "DTEND", "DURATION", "SEQUENCE", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "ORGANIZER",
    "ATTENDEE", "X-ATTENDEE", "CATEGORIES", "CONFERENCE", "PRIORITY", "STATUS", "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-DISALLOW-COUNTER", "X-MICROSOFT-CDO-ALLDAYEVENT",
)  # fmt: skip
"""Properties that nobody asks for once times and content are made: most of an event's bytes."""


_TEXTS = frozenset(("SUMMARY", "DESCRIPTION", "LOCATION", "URL", "CATEGORIES", "CONFERENCE"))


def _cut(properties: Component, limits: Limits) -> Iterator[Fault]:
    """Yield a fault for each kind of value of which only the beginning was kept."""
    for name, props in properties.items():
        if any(len(prop.value) == limits.value_bytes for prop in props):
            most = limits.value_bytes
            size = f"{most >> 20} MiB" if most >= 1 << 20 else f"{most} bytes"
            message = f"has a {name} of {size} or more, of which the beginning is kept"
            yield Fault(ProblemCode.CUT, message, lost=name not in _TEXTS)


def _start(properties: Component, place: Place, faults: list[Fault]) -> When:
    """Return DTSTART; a cancellation without one has no time. Raises ValueFault where none is usable."""
    zones = place.zones
    if "DTSTART" not in properties:
        if place.method == "CANCEL":
            return _NEVER
        raise ValueFault("has no DTSTART")
    try:
        moment = parse_moment(properties["DTSTART"][0])
    except ValueFault as error:
        raise ValueFault(f"has a DTSTART that {error}") from None
    if fault := zones.fault_of(moment):
        faults.append(fault)
    if _marks_whole_days(properties, moment):
        return When(moment.local, zones.home, is_date=True)
    return zones.place(moment)


def _marks_whole_days(properties: Component, start: Moment) -> bool:
    """Tell whether midnights are marked as whole days, as Exchange writes them.

    Programs that read them as Outlook does take them for the dates, in whatever zone they were written
    ([MS-OXCICAL], X-MICROSOFT-CDO-ALLDAYEVENT).
    """
    marked = first_text(properties.get("X-MICROSOFT-CDO-ALLDAYEVENT")) == "TRUE"
    if not marked or "DTEND" not in properties:
        return False
    try:
        end = parse_moment(properties["DTEND"][0])
    except ValueFault:
        return False
    return all(not one.is_utc and one.local.time() == time.min for one in (start, end))


def _recurrence_id(
    properties: Component, zones: ZoneTable, start: When, faults: list[Fault]
) -> tuple[When | None, bool]:
    """Return RECURRENCE-ID, and whether it stands for all later instances (RANGE=THISANDFUTURE) too."""
    if "RECURRENCE-ID" not in properties:
        return None, False
    prop = properties["RECURRENCE-ID"][0]
    try:
        moment = parse_moment(prop)
    except ValueFault as error:
        faults.append(Fault(ProblemCode.BAD_DATE, f"has a RECURRENCE-ID that {error}; it stands for itself"))
        return start, False
    and_future = parse_parameters(prop.parameters).get("RANGE", "").upper() == "THISANDFUTURE"
    return zones.place(moment, start), and_future


def _length(properties: Component, zones: ZoneTable, start: When, faults: list[Fault]) -> EventLength:
    """Return how long an event lasts: a date at least a day, anything else never less than no time."""
    try:
        length = _written_length(properties, zones, start, faults)
    except ValueFault as error:
        faults.append(Fault(ProblemCode.BAD_END, f"has an end or a duration that {error}"))
        length = None
    if start.is_date:
        return whole_days(length)
    if length is None:
        return EventLength()
    if is_negative(length):
        faults.append(
            Fault(ProblemCode.ENDS_BEFORE_START, "ends before it starts; it takes no time", lost=False)
        )
        return EventLength()
    return length


def _written_length(
    properties: Component, zones: ZoneTable, start: When, faults: list[Fault]
) -> EventLength | None:
    """Return the length that DTEND or DURATION says, `None` without either. Raises ValueFault."""
    if "DTEND" not in properties:
        return parse_duration(properties["DURATION"][0].value) if "DURATION" in properties else None
    moment = parse_moment(properties["DTEND"][0])
    if moment.tzid and (fault := zones.look_up(moment.tzid).fault) and fault not in faults:
        faults.append(fault)
    if start.is_date:
        return EventLength(days=(moment.local - start.local).days, exact=(moment.local - start.local) % DAY)
    end = When(moment.local, start.zone) if moment.is_date else zones.place(moment, start)
    return EventLength(exact=to_utc(end.local, end.zone) - to_utc(start.local, start.zone))


def series_of(
    event: Vevent, limits: Limits, budget: ExpansionBudget | None = None
) -> tuple[Series, tuple[Fault, ...]]:
    """Return what makes an event recur, for expansion, and what of it could not be read.

    With a `budget` its dates are read as far as that goes.
    """
    properties = event.properties
    faults: list[Fault] = []
    rdates, exdates = [], []
    if "RDATE" in properties or "EXDATE" in properties:
        with budget or ExpansionBudget(limits) as budget:
            rdates = _dates(event, "RDATE", limits, budget, faults)
            exdates = _dates(event, "EXDATE", limits, budget, faults)
    series = Series(
        start=event.start,
        length=event.length,
        rrules=_rules(properties, "RRULE"),
        rdates=tuple(rdates),
        exdates=tuple(date.when for date in exdates),
        exrules=_rules(properties, "EXRULE"),
        calendar_zones=event.place.zones.of_calendar() if event.start.is_date and event.recurs else (),
    )
    return series, tuple(faults)


def _recurrence(event: Vevent) -> Iterator[object]:
    """Yield what makes an event recur, alike however it is written: two programs tell of one series."""
    if _RECURRENCE.isdisjoint(event.properties):
        return
    for name in ("RRULE", "EXRULE"):
        yield frozenset(map(same_rule, _rules(event.properties, name)))
    for name in ("RDATE", "EXDATE"):
        written = event.properties.get(name, ())
        if sum(len(prop.value) for prop in written) > _MANY_DATES:
            yield frozenset(written)
            continue
        dates = _dates(event, name, Limits(), None, [])
        yield frozenset(
            (to_utc(date.when.local, date.when.zone), date.when.is_date, date.length) for date in dates
        )


def _rules(properties: Component, name: str) -> tuple[str, ...]:
    return tuple(decode(prop.value).strip() for prop in properties.get(name, ()))


_MANY_DATES = 20_000
"""Bytes of dates beyond which series are only alike where they are written alike."""
_DATE_STEPS = 2
"""What a date costs; the most that an event may have come to less than its steps."""


def _dates(
    event: Vevent, name: str, limits: Limits, budget: ExpansionBudget | None, faults: list[Fault]
) -> list[Extra]:
    """Return the values of RDATE or EXDATE; what is wrong with one is added to the faults.

    Without a `budget` all of them are read, up to `limits.dates`.
    """
    found: list[Extra] = []
    lost = name == "RDATE"
    for prop in map(repairs.colon_in_parameter, event.properties.get(name, ())):
        parameters = parse_parameters(prop.parameters)
        values = prop.value.split(b",", limits.dates)
        for raw in values[: limits.dates]:
            if not raw.strip():
                continue
            try:
                if budget:
                    budget.spend(_DATE_STEPS)
                found.append(_date(raw.strip(), parameters, event))
            except Capped:
                message = f"has values of {name} that take too long; the rest is left out"
                faults.append(Fault(ProblemCode.TOO_MANY_DATES, message, lost))
                return found
            except ValueFault as error:
                faults.append(Fault(ProblemCode.BAD_DATE, f"has an {name} that {error}", lost))
        if len(values) > limits.dates or len(found) > limits.dates:
            message = f"has more than {limits.dates} values of {name}; the rest is left out"
            faults.append(Fault(ProblemCode.TOO_MANY_DATES, message, lost))
            break
    return found[: limits.dates]


def _date(raw: bytes, parameters: Mapping[str, str], event: Vevent) -> Extra:
    """Return one value of RDATE or EXDATE: a time, or a PERIOD with its length. Raises ValueFault."""
    first, _, rest = raw.partition(b"/")
    zones = event.place.zones
    start = zones.place(moment_of(first, parameters), event.start)
    if not rest:
        return Extra(start)
    if rest[:1] in b"Pp+-":
        length = parse_duration(rest)
    else:
        end = zones.place(moment_of(rest, parameters), event.start)
        length = EventLength(exact=to_utc(end.local, end.zone) - to_utc(start.local, start.zone))
    if is_negative(length):
        raise ValueFault("is a period that ends before it starts")
    return Extra(start, length)


def override_of(event: Vevent) -> Override:
    """Return an event with a RECURRENCE-ID for expansion. Of equal revisions the one that takes away wins."""
    assert event.id is not None
    sequence = event.sequence * 2 + (event.place.method == "CANCEL")
    return Override(
        id=event.id,
        start=event.start,
        length=event.length,
        and_future=event.and_future,
        sequence=sequence,
        stamp=event.stamp,
    )


def _content(properties: Component, place: Place, uid: bytes) -> Event:
    """Return what an event says besides its times."""
    travel = properties.get("X-APPLE-TRAVEL-DURATION")
    return Event(
        source=place.source,
        uid=decode(uid) if uid else None,
        document=place.document,
        summary=_text(properties, "SUMMARY"),
        description=_text(properties, "DESCRIPTION"),
        location=_text(properties, "LOCATION"),
        url=_url(properties),
        organizer=_person(properties["ORGANIZER"][0]) if "ORGANIZER" in properties else None,
        attendees=tuple(
            _person(prop) for name in ("ATTENDEE", "X-ATTENDEE") for prop in properties.get(name, ())
        ),
        categories=tuple(_categories(properties)),
        status=_status(properties),
        method=place.method,
        zone=_zone_name(properties, place.zones),
        tzid=_tzid(properties),
        calendar=place.calendar,
        priority=parse_count(properties["PRIORITY"][0].value, 9) if "PRIORITY" in properties else 0,
        sequence=parse_count(properties["SEQUENCE"][0].value) if "SEQUENCE" in properties else 0,
        recurring=not properties.keys().isdisjoint(("RRULE", "RDATE", "RECURRENCE-ID")),
        travel=parse_travel(travel[0].value) if travel else ZERO,
        language=_language(properties),
        disallow_counter=first_text(properties.get("X-MICROSOFT-DISALLOW-COUNTER")) == "TRUE",
        mail=place.mail,
    )


def _status(properties: Component) -> str:
    """Return STATUS in upper case; the American spelling of CANCELLED counts as the RFC's."""
    status = first_text(properties.get("STATUS"))
    return "CANCELLED" if status == "CANCELED" else status


def _zone_name(properties: Component, zones: ZoneTable) -> str | None:
    """Return the IANA name of the zone DTSTART is written in; None for dates, floating and private times."""
    if "DTSTART" not in properties:
        return None
    moment = parse_moment(properties["DTSTART"][0])
    if moment.is_date:
        return None
    if moment.is_utc:
        return "UTC"
    return zones.look_up(moment.tzid).name if moment.tzid else None


def _tzid(properties: Component) -> str:
    """Return the TZID that DTSTART is written with; empty for dates, floating times and UTC."""
    moment = parse_moment(properties["DTSTART"][0]) if "DTSTART" in properties else None
    return (moment.tzid or "") if moment and not moment.is_date else ""


def _text(properties: Component, name: str) -> str:
    return unescape(properties[name][0].value).strip() if name in properties else ""


def _url(properties: Component) -> str:
    for name in ("URL", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE"):
        if name in properties:
            return decode(properties[name][0].value).strip()
    return ""


def _language(properties: Component) -> str:
    props = properties.get("SUMMARY")
    return parse_parameters(props[0].parameters).get("LANGUAGE", "") if props and props[0].parameters else ""


_MOST_CATEGORIES = 100


def _categories(properties: Component) -> Iterator[str]:
    for prop in properties.get("CATEGORIES", ())[:_MOST_CATEGORIES]:
        for part in prop.value.replace(b"\\,", b"\x00").split(b",", _MOST_CATEGORIES)[:_MOST_CATEGORIES]:
            if text := unescape(part.replace(b"\x00", b"\\,")).strip():
                yield text


def _person(prop: Property) -> Person:
    prop = repairs.colon_in_name(prop)
    parameters = parse_parameters(prop.parameters)
    value = decode(prop.value).strip()
    return Person(
        address=_address(value)
        or _address(parameters.get("EMAIL", ""))
        or _address(parameters.get("X-EMAIL", "")),
        name=parameters.get("CN", "").strip(),
        partstat=(parameters.get("PARTSTAT") or parameters.get("X-PARTSTAT") or "").strip().upper(),
        cutype=parameters.get("CUTYPE", "").strip().upper(),
    )


_LONGEST_ADDRESS = 254


def _address(value: str) -> str | None:
    """Return the address of a CAL-ADDRESS in lower case; None when it is no single address."""
    scheme, _, rest = value.partition(":")
    address = (rest.partition("?")[0] if scheme.lower() == "mailto" else value).strip().lower()
    name, at, host = address.rpartition("@")
    if not (name and at and host) or len(address) > _LONGEST_ADDRESS or not address.isprintable():
        return None
    if any(char in '@,;:<>()[]\\"/?& ' for char in name + host):
        return None
    return address
