"""Which events are interviews, and why; what is known about the interviewer."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lastresort.errors import UnmatchedError, UsageError
from lastresort.interviews.booking import Booking, find_booking
from lastresort.interviews.contacts import find_others, find_person, find_phone, is_human
from lastresort.interviews.evidence import Evidence, Owner, find_owner, weigh
from lastresort.interviews.language import read_language
from lastresort.interviews.mode import find_setting
from lastresort.interviews.polls import find_polls
from lastresort.interviews.process import find_ties, in_one_process, number_rounds, tie
from lastresort.interviews.sender import find_agency, find_process, read_names, read_people
from lastresort.interviews.words import prepare
from lastresort.interviews.zone import NOWHERE, find_country, find_whereabouts
from lastresort.interviews.zone import Places as Places
from lastresort.interviews.zone import ZoneSource as ZoneSource
from lastresort.model import Agenda, BusyReason, Event, Interval, Occurrence, Person
from lastresort.query import Hours, KnownInterviewer, Query

NO_INTERVIEW = frozenset(
    {BusyReason.DECLINED, BusyReason.CANCELLED, BusyReason.BIRTHDAY, BusyReason.DUPLICATE}
)
NO_REQUEST = frozenset({"REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH"})
NAMED = "you named it (--interview)"
GIVEN = "you gave it as an interview"
ITSELF = "is an interview itself"
LISTED = 5
"""Matches of an ambiguous --interview that are listed."""


class Mode(StrEnum):
    """How the interview takes place."""

    PHONE = "phone"
    VIDEO = "video"
    ONSITE = "onsite"
    UNKNOWN = "unknown"


PADDING = {
    Mode.PHONE: timedelta(minutes=5),
    Mode.VIDEO: timedelta(minutes=10),
    Mode.UNKNOWN: timedelta(minutes=10),
    Mode.ONSITE: timedelta(minutes=45),
}


class Certainty(StrEnum):
    """Whether an event is certainly an interview, or may be one: a person should look at it."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class Interviewer(NamedTuple):
    """Whom to write to. `zone` is always an IANA name; `zone_source` says where it was found."""

    zone: str
    zone_source: str
    name: str | None = None
    address: str | None = None
    phone: str | None = None
    country: str | None = None
    hours: Hours | None = None
    """Known to be theirs; `None` means those of the query."""
    also: tuple[Person, ...] = ()
    """Others who take part on their side, without the one to write to."""

    @property
    def zone_assumed(self) -> bool:
        """Tell whether nothing told their zone, so that mine stands for it."""
        return self.zone_source == ZoneSource.ASSUMED


class Interview(NamedTuple):
    """An occurrence to protect. `copies` are the same interview in other calendars; they are never a
    clash."""

    occurrence: Occurrence
    interviewer: Interviewer
    mode: Mode
    padded: Interval
    """The interview widened by padding and travel: what should stay free."""
    needed: Interval
    """The interview widened by hard padding alone (the way there, or what the user asks for): what has to
    stay free. The rest of `padded` is room to breathe."""
    because: tuple[str, ...]
    role: str | None = None
    company: str | None = None
    copies: tuple[Occurrence, ...] = ()
    process: str = ""
    """What rounds of one process share: the organiser's domain or address; empty when unknown."""
    booking: Booking | None = None
    """Found in the invitation, at a booking or applicant-tracking service."""
    certainty: Certainty = Certainty.CERTAIN
    round: int | None = None
    """Its place in its process, from 1; `None` where nothing tells it."""
    agency: Person | None = None
    """The recruitment agency's person, where one stands between the candidate and the employer."""
    language: str | None = None
    """ISO 639-1 code of the language the invitation is written in; `None` where too little is written."""
    location: str = ""
    """Where it takes place, as written, in whichever copy says so."""
    options: tuple[Occurrence, ...] = ()
    """The times among which a poll lets me choose, its own with them; they are among `copies` too."""

    def notice_minutes(self, now: datetime) -> int:
        """Return the whole minutes until it begins; negative once it has begun."""
        return int((self.occurrence.interval.start - now) // timedelta(minutes=1))


class Candidates(NamedTuple):
    """Interviews to protect, and events that may be interviews but are not certain; each sorted by start."""

    interviews: tuple[Interview, ...]
    possible: tuple[Interview, ...]


class _Group(NamedTuple):
    """An interview with its copies, the fullest first, and what speaks for it."""

    copies: tuple[Occurrence, ...]
    because: tuple[str, ...]
    options: tuple[Occurrence, ...] = ()


def find_interviews(
    agenda: Agenda, query: Query, extra: Sequence[Occurrence] = (), places: Places = NOWHERE
) -> Candidates:
    """Return the interviews from now on within `query.days`, sorted by start, and what may be one.

    `extra` are interviews by declaration (`--invite`, `--at`); copies of them in a calendar are no events of
    their own. With `query.interview` the one it names is protected beside them. Raises UsageError when that
    is unclear.
    """
    owner = find_owner((*agenda.me, *query.me), _people(agenda))
    since = _start_of_day(query)
    given = [occurrence for occurrence in extra if _takes_place(occurrence, since)]
    upcoming = [o for o in agenda.occurrences if _takes_place(o, since) and _is_near(o, query)]
    weighed = _weigh_all(upcoming, owner)
    if query.interview is not None:
        chosen = _named(given, weighed, agenda, query)
        alone = is_named(chosen, query.interview.strip())
        meant = [chosen] if alone else _options_beside(chosen, (*given, *upcoming))
        if chosen in given:
            given = [one for one in given if one in meant]
            weighed = []
        else:
            weighed = [(one, Evidence(99, (NAMED, *weigh(one, owner).because))) for one in meant]
    certain = [(o, Evidence(99, (GIVEN, *weigh(o, owner).because))) for o in given]
    certain += [(o, evidence) for o, evidence in weighed if evidence.certain]
    groups = _polled(_group(certain, given, agenda), query)
    known = {occurrence for group in groups for occurrence in group.copies}
    interviews = [_describe(group, owner, query, places) for group in groups]
    if query.interview is None:
        related = _related(upcoming, weighed, interviews, owner)
        tied = [(o, evidence) for o, evidence in related if evidence.certain and o not in known]
        more = _polled(_group(tied, (), agenda), query)
        known |= {occurrence for group in more for occurrence in group.copies}
        interviews += [_describe(group, owner, query, places) for group in more]
        weighed = [pair for pair in (*weighed, *related) if not pair[1].certain]
    doubtful = [(o, evidence) for o, evidence in weighed if evidence.possible and o not in known]
    possible = [
        _describe(group, owner, query, places, Certainty.POSSIBLE)
        for group in _polled(_group(doubtful, (), agenda), query)
    ]
    return Candidates(_in_order(number_rounds(in_one_process(interviews))), _in_order(possible))


def _related(
    upcoming: Sequence[Occurrence],
    weighed: Sequence[tuple[Occurrence, Evidence]],
    interviews: Sequence[Interview],
    owner: Owner,
) -> list[tuple[Occurrence, Evidence]]:
    """What events that are not certain come to, once it counts whose interviews are certain."""
    ties = find_ties(interviews, owner)
    if not any(ties):
        return []
    known = {o for o, evidence in weighed if evidence.certain}
    speaking = {o for o, evidence in weighed if evidence.points > 0}
    found = []
    for occurrence in upcoming:
        if occurrence in known:
            continue
        if sign := tie(occurrence, ties, owner, speaks=occurrence in speaking):
            found.append((occurrence, weigh(occurrence, owner, sign)))
    return found


def _in_order(interviews: Iterable[Interview]) -> tuple[Interview, ...]:
    return tuple(sorted(interviews, key=lambda interview: _order(interview.occurrence)))


def _people(agenda: Agenda) -> Iterable[Person]:
    events = dict.fromkeys(occurrence.event for occurrence in agenda.occurrences)
    return (person for event in events for person in (*event.attendees, event.organizer) if person)


def guard(query: Query, agenda: Agenda, interviews: Sequence[Interview]) -> Query:
    """Return the query with whatever else is an interview, beyond the days looked at too, as something that
    does not move for the sake of `interviews`, and with what may be one."""
    owner = find_owner((*agenda.me, *query.me), _people(agenda))
    known = {copy.key for interview in interviews for copy in (interview.occurrence, *interview.copies)}
    others = [o for o in agenda.occurrences if o.key not in known and _takes_place(o, query.now)]
    weighed = _weigh_all(others, owner)
    guarded = {occurrence.key: ITSELF for occurrence, evidence in weighed if evidence.certain}
    possible = frozenset(occurrence.key for occurrence, evidence in weighed if evidence.possible)
    return query._replace(guarded=MappingProxyType(guarded), possible=possible.difference(guarded))


def match_event(
    occurrences: Sequence[Occurrence], text: str, zone: str = "UTC", *, option: str = "--interview"
) -> Occurrence:
    """Return the one occurrence that a text means. Raises UsageError, which names the `option` that the text
    was given with, when none or several fit.

    An exact UID, or words of the title; a date (`2026-03-03`) and a time (`14:00`) among them, in `zone`,
    tell those of one title apart. Copies in several calendars are one: the fullest is returned.
    """
    wanted = text.strip()
    found = [o for o in occurrences if is_named(o, wanted)] if wanted else []
    found = found or _with_words(occurrences, wanted, zone)
    groups = _copies(found)
    if len(groups) == 1:
        return max(groups[0], key=_fullness)
    firsts = [max(group, key=_fullness) for group in groups]
    for options in find_polls(firsts):
        if len(options) == len(groups):
            return options[0]
    if not groups:
        raise UnmatchedError(
            f"{option}: no event matches", "give words of its title, or its exact UID", option=option
        )
    # told apart without their titles, which are not to reach a log
    starts = sorted(group[0].interval.start.astimezone(ZoneInfo(zone)) for group in groups)
    times = ", ".join(f"{start:%Y-%m-%d %H:%M}" for start in starts[:LISTED])
    more = f" and {len(starts) - LISTED} more" if len(starts) > LISTED else ""
    raise UsageError(
        f"{option}: {len(starts)} events match ({times}{more}); "
        "add more words or a date as 2026-03-03, or give the exact UID"
    )


def name_exactly(occurrence: Occurrence, zone: str) -> str:
    """Return a text by which `match_event` finds this very occurrence, at this very time, or nothing."""
    start = occurrence.interval.start
    if occurrence.event.uid is None:
        return f"{occurrence.event.summary} {start.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    return f"{occurrence.event.uid} {start:%Y%m%dT%H%MZ}"


def is_named(occurrence: Occurrence, text: str) -> bool:
    """Tell whether the text is the occurrence's UID, alone or as `name_exactly` gives it."""
    uid = occurrence.event.uid
    return uid is not None and (
        uid == text or (text.startswith(uid) and name_exactly(occurrence, "UTC") == text)
    )


# -- which events -------------------------------------------------------------------------------------------


def _start_of_day(query: Query) -> datetime:
    """The midnight before now in my zone: one that was missed stays in the report for its day (R36)."""
    local = query.now.astimezone(ZoneInfo(query.zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _takes_place(occurrence: Occurrence, since: datetime) -> bool:
    """A declined or cancelled invitation is no interview, nor is one of days ago, nor an answer to one."""
    return (
        occurrence.interval.end > since
        and occurrence.reason not in NO_INTERVIEW
        and occurrence.event.method not in NO_REQUEST
        and occurrence.event.status != "CANCELLED"
    )


def _is_near(occurrence: Occurrence, query: Query) -> bool:
    return occurrence.interval.start < query.now + timedelta(days=query.days)


def _weigh_all(occurrences: Iterable[Occurrence], owner: Owner) -> list[tuple[Occurrence, Evidence]]:
    """The occurrences with any evidence at all. Those of a series share their event: it is silent or not."""
    silent: set[Event] = set()
    weighed: list[tuple[Occurrence, Evidence]] = []
    for occurrence in occurrences:
        if occurrence.event not in silent:
            evidence = weigh(occurrence, owner)
            if evidence.because:
                weighed.append((occurrence, evidence))
            else:
                silent.add(occurrence.event)
    return weighed


def _named(
    given: list[Occurrence], weighed: list[tuple[Occurrence, Evidence]], agenda: Agenda, query: Query
) -> Occurrence:
    """The event that `--interview` names. Words prefer what is certainly an interview, then what may be
    one."""
    text, zone = (query.interview or "").strip(), query.zone
    since = _start_of_day(query)
    upcoming = [o for o in agenda.occurrences if _takes_place(o, since) and _is_near(o, query)]
    everything = [*given, *upcoming]
    certain = [*given, *(o for o, evidence in weighed if evidence.certain)]
    possible = [o for o, evidence in weighed if evidence.possible]
    if not any(is_named(o, text) for o in everything):
        for pool in (certain, possible):
            if _with_words(pool, text, zone):
                return match_event(pool, text, zone)
    if _with_words(everything, text, zone) or any(is_named(o, text) for o in everything):
        return match_event(everything, text, zone)
    gone = [o for o in agenda.occurrences if is_named(o, text)] or _with_words(agenda.occurrences, text, zone)
    if gone:
        raise UnmatchedError(
            "--interview: what matches is over, declined or cancelled, or starts after the next "
            f"{query.days} days (--days)"
        )
    raise UnmatchedError(
        f"no event in the next {query.days} days matches",
        "give --interview words of its title, or its exact UID",
        option="--interview",
    )


def _with_words(occurrences: Iterable[Occurrence], text: str, zone: str) -> list[Occurrence]:
    """Occurrences whose title holds all words; those whose title is the text, or holds it as a phrase, come
    alone."""
    words = text.casefold().split()
    if not words:
        return []
    found = [o for o in occurrences if _matches(o, words, zone)]
    exact = [o for o in found if o.event.summary.casefold().strip() == text.casefold()]
    phrase = [o for o in found if text.casefold() in o.event.summary.casefold()]
    return exact or phrase or found


def _matches(occurrence: Occurrence, words: Sequence[str], zone: str) -> bool:
    title = occurrence.event.summary.casefold()
    missing = [word for word in words if word not in title]
    if not missing:
        return True
    local = occurrence.interval.start.astimezone(ZoneInfo(zone))
    return len(missing) < len(words) and set(missing) <= {f"{local:%Y-%m-%d}", f"{local:%H:%M}"}


# -- copies -------------------------------------------------------------------------------------------------


def _group(
    certain: Sequence[tuple[Occurrence, Evidence]], given: Sequence[Occurrence], agenda: Agenda
) -> list[_Group]:
    """Each interview once, with its copies from all calendars, whether they were recognised or not."""
    evidence = dict(certain)
    spans = {(o.interval.start, o.interval.end) for o in evidence}
    uids = {o.event.uid for o in given if o.event.uid}
    alike = [
        o
        for o in agenda.occurrences
        if ((o.interval.start, o.interval.end) in spans or o.event.uid in uids) and o not in evidence
    ]
    groups = []
    for group in _copies([*evidence, *alike], frozenset(given)):
        known = [o for o in group if o in evidence]
        if known:
            declared = [o for o in known if o in given]
            first = max(declared or known, key=_fullness)
            best = max(known, key=lambda o: (o in given, evidence[o].points, len(evidence[o].because)))
            others = sorted((o for o in group if o != first), key=_order)
            groups.append(_Group((first, *others), evidence[best].because))
    return groups


def _polled(groups: Sequence[_Group], query: Query) -> list[_Group]:
    """The groups with the options of each poll as one, in the place of the option to decide on."""
    polls = find_polls([group.copies[0] for group in groups])
    if not polls:
        return list(groups)
    by_first = {group.copies[0]: group for group in groups}
    merged: dict[Occurrence, _Group | None] = {}
    for options in polls:
        chosen = next((one for one in options if one.event.uid in query.options), options[0])
        others = (copy for one in options if one is not chosen for copy in by_first[one].copies)
        group = by_first[chosen]
        merged |= dict.fromkeys(options)
        merged[chosen] = group._replace(copies=(*group.copies, *others), options=options)
    return [kept for group in groups if (kept := merged.get(group.copies[0], group)) is not None]


def _options_beside(chosen: Occurrence, occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """The options of the poll that an event is one of; the event alone when it is of none."""
    return next((list(one) for one in find_polls(occurrences) if chosen in one), [chosen])


def _copies(
    occurrences: Sequence[Occurrence], given: frozenset[Occurrence] = frozenset()
) -> list[list[Occurrence]]:
    """Return the occurrences in groups of copies. Each is compared with those alone that stand under one of
    the marks it is `asked` for: every copy of it does."""
    named = [_name_words(occurrence.event.summary) for occurrence in occurrences]
    used = Counter(
        (occurrence.interval, word)
        for occurrence, words in zip(occurrences, named, strict=True)
        for word in words
    )
    groups: list[list[Occurrence]] = []
    near: defaultdict[tuple[object, ...], dict[int, None]] = defaultdict(dict)
    """The groups that can hold a copy: of one UID, of one sender, or with a title that holds the other's."""
    for occurrence, words in zip(occurrences, named, strict=True):
        event, time = occurrence.event, occurrence.interval
        plain: set[tuple[object, ...]] = {("uid", event.uid or occurrence.key)}
        if event.organizer:
            plain.add(("sender", time, event.organizer.address))
        # a title that holds all words of another holds its rarest one, which few others have
        rarest = min(words, key=lambda word: (used[time, word], word), default="")
        asked = {*plain, ("any", time, rarest), *(("rarest", time, word) for word in words)}
        for place in sorted({place for mark in asked for place in near[mark]}):
            if any(_is_copy(occurrence, other, given) for other in groups[place]):
                groups[place].append(occurrence)
                break
        else:
            place = len(groups)
            groups.append([occurrence])
        for mark in {*plain, ("rarest", time, rarest), *(("any", time, word) for word in words)}:
            near[mark][place] = None
    return groups


def _is_copy(one: Occurrence, other: Occurrence, given: frozenset[Occurrence]) -> bool:
    """Same UID and instance; or the same time, and the same sender or nearly the same title."""
    same_time = one.interval == other.interval
    if one.event.uid and one.event.uid == other.event.uid and one.recurrence_id == other.recurrence_id:
        return same_time or one in given or other in given
    if not same_time or one.all_day != other.all_day:
        return False
    return _same_sender(one.event, other.event) or _same_title(one.event.summary, other.event.summary)


def _same_sender(one: Event, other: Event) -> bool:
    person = one.organizer
    if person is None or other.organizer is None or person.address != other.organizer.address:
        return False
    return is_human(person) and bool(_name_words(one.summary) & _name_words(other.summary))


def _same_title(one: str, other: str) -> bool:
    """Tell whether one title holds every word of the other; a single word is enough only when it is all of
    both."""
    first, second = _name_words(one), _name_words(other)
    return bool(first) and (
        first == second or (min(len(first), len(second)) > 1 and (first <= second or second <= first))
    )


def _name_words(title: str) -> frozenset[str]:
    return frozenset(prepare(title).words)


def _fullness(occurrence: Occurrence) -> tuple[int, int, int]:
    """How much an event tells: later revisions first, then people and places, then text."""
    event = occurrence.event
    facts = (event.organizer, event.attendees, event.location, event.url, event.zone not in {None, "UTC"})
    return event.sequence, sum(1 for fact in facts if fact), len(event.description) + len(event.summary)


# -- what an interview says ---------------------------------------------------------------------------------


def _describe(
    group: _Group,
    owner: Owner,
    query: Query,
    places: Places,
    certainty: Certainty = Certainty.CERTAIN,
) -> Interview:
    event = _merged(group.copies, owner)
    mode = Mode(find_setting(event))
    names = read_names(event, owner, places.zone_of_place)
    occurrence, who = group.copies[0], _interviewer(event, owner, query, places)
    padding = PADDING[mode] if query.padding is None else query.padding
    hard = padding if query.padding is not None or mode is Mode.ONSITE else timedelta(0)
    return Interview(
        occurrence=occurrence,
        interviewer=who,
        mode=mode,
        padded=occurrence.interval.widened(event.travel or padding, padding),
        needed=occurrence.interval.widened(event.travel or hard, hard),
        because=group.because,
        role=names.role,
        company=names.company,
        copies=group.copies[1:],
        process=find_process(event, owner, names.company),
        booking=find_booking(event, occurrence.interval.start, who.zone, query.now),
        certainty=certainty,
        agency=find_agency(event, owner),
        language=read_language(event),
        location=event.location,
        options=group.options,
    )


def _merged(copies: Sequence[Occurrence], owner: Owner) -> Event:
    """The fullest copy, with what only another copy tells: one calendar keeps the text, another the zone."""
    event = copies[0].event
    for copy in (occurrence.event for occurrence in copies[1:]):
        if event.organizer is None or owner.is_me(event.organizer):
            if copy.organizer and not owner.is_me(copy.organizer):
                event = event._replace(organizer=copy.organizer, zone=copy.zone)
        elif event.zone in {None, "UTC"} and copy.organizer == event.organizer:
            event = event._replace(zone=copy.zone)
        event = event._replace(
            description=event.description or copy.description,
            location=event.location or copy.location,
            url=event.url or copy.url,
            attendees=event.attendees or copy.attendees,
            travel=max(event.travel, copy.travel),
        )
    return event


def _interviewer(event: Event, owner: Owner, query: Query, places: Places) -> Interviewer:
    named = read_people(event, owner)
    person = find_person(event, owner, named)
    known = _known(person, query)
    theirs = known.country or query.interviewer_country or find_country(event, owner, None, places)
    if theirs is None and event.zone and event.organizer and places.names_place(event.tzid):
        theirs = places.zone_country(event.zone)
    phone = find_phone(event, theirs) or known.phone
    asked = query._replace(interviewer_zone=known.zone or query.interviewer_zone)
    where = find_whereabouts(event, owner, phone, asked, places)
    return Interviewer(
        zone=where.zone,
        zone_source=where.source,
        name=(person.name or None) if person else None,
        address=person.address if person else None,
        phone=phone,
        country=known.country or query.interviewer_country or where.country,
        hours=known.hours,
        also=find_others(event, owner, person, named),
    )


def _known(person: Person | None, query: Query) -> KnownInterviewer:
    """What the query knows of the person's domain, of the longest that fits."""
    domain = f".{(person.address or '').rpartition('@')[2]}" if person else ""
    fitting = [known for known in query.interviewers if domain.endswith(f".{known.domain}")]
    return max(fitting, key=lambda known: len(known.domain), default=KnownInterviewer(""))


def _order(occurrence: Occurrence) -> tuple[datetime, datetime, str]:
    return occurrence.interval.start, occurrence.interval.end, occurrence.event.uid or ""
