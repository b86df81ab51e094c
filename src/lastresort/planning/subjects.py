"""What an event is about, and so how it can give way: from its words, place, time, and who takes part."""

from __future__ import annotations

import re
from datetime import time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.interviews.words import find_companion, is_given_name
from lastresort.model import ZERO
from lastresort.planning.vocabulary import PLACES, TEXTS, Topic, find_topics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lastresort.model import Event, Occurrence
    from lastresort.planning.vocabulary import Topics


class EventKind(StrEnum):
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


class Participants(NamedTuple):
    """Who takes part besides me."""

    number: int
    asked: bool
    """Somebody else organises it."""
    colleagues: bool
    """At least one of them has an address in a domain of mine."""
    foreign: str
    """The domain of somebody from outside; empty when there is none."""


class Subject(NamedTuple):
    """What an event is."""

    nature: Nature
    kind: EventKind
    why: str
    fixed: str = ""
    """Why it cannot change, as words that follow "it"."""
    margin: tuple[timedelta, timedelta] = (ZERO, ZERO)
    """What a journey needs before and after it."""


FIXED: Mapping[Topic, str] = {
    Topic.FLIGHT: "is travel by air",
    Topic.TRAIN: "is travel by train",
    Topic.FUNERAL: "is a funeral",
    Topic.WEDDING: "is a wedding",
    Topic.CEREMONY: "is a ceremony",
    Topic.EXAM: "is an exam",
    Topic.COURT: "is a date in court or with a notary",
    Topic.OFFICIAL: "is an official appointment",
    Topic.SURGERY: "is a matter for the hospital",
    Topic.HOUSE: "is a move or a handover",
    Topic.SHIFT: "is a shift or working time",
    Topic.OUT_OF_OFFICE: "is time off",
    Topic.TRIP: "is travel",
}
"""What cannot move, in the order in which it is asked."""
SET_TIME = (
    Topic.SCHOOL,
    Topic.WEBINAR,
    Topic.CLASS,
    Topic.SHOW,
    Topic.WORSHIP,
    Topic.MATCH,
    Topic.CLUB,
)
SHARED: Mapping[Topic, EventKind] = {
    Topic.EXTERNAL: EventKind.EXTERNAL,
    Topic.ONE_TO_ONE: EventKind.ONE_TO_ONE,
    Topic.STAND_UP: EventKind.STAND_UP,
    Topic.TEAM: EventKind.TEAM,
}
OWN: Mapping[Topic, EventKind] = {
    Topic.FOCUS: EventKind.FOCUS,
    Topic.LUNCH: EventKind.LUNCH,
    Topic.PERSONAL: EventKind.PERSONAL,
}
MARGINS: Mapping[Topic, tuple[timedelta, timedelta]] = {
    Topic.FLIGHT: (timedelta(hours=2), timedelta(hours=1)),
    Topic.TRAIN: (timedelta(minutes=30), timedelta(minutes=30)),
}
"""What a journey needs before and after it."""
LONGEST_MARGIN = max(before for before, _ in MARGINS.values())
BUSINESS = (Topic.WORK_MATTER, Topic.TASK, *SHARED)
"""Where colleagues meet about one of these, a flight or a wedding is their subject and not their event."""
LEFT_AT = (Topic.SCHOOL, Topic.CLASS, Topic.MATCH, Topic.CLUB)
"""Where a child is brought and fetched."""
ABOUT = frozenset({Topic.WEDDING, Topic.CEREMONY, Topic.EXAM, Topic.OFFICIAL, Topic.HOUSE, Topic.COURT})
"""What a class may be about."""
TAKEN_TO = (*LEFT_AT, Topic.APPOINTMENT, Topic.SURGERY)
"""Where somebody is taken who does not go alone."""
GOES_TO = (*TAKEN_TO, Topic.SHOW)
"""Where somebody is on the way to who is named with it: `Ben to swimming`."""
TOWARDS = frozenset(
    (
        *("to", "zum", "zur", "ins", "chez", "au", "aux", "naar", "al", "alla", "dal", "dalla", "a", "ao"),
        *("do", "na", "till", "til", "k", "ke"),
    )
)
"""Words between somebody and where they are taken."""
SEEN_BY_ALL = (Topic.FLIGHT, Topic.TRAIN, Topic.FUNERAL, Topic.WEDDING, Topic.CEREMONY)
"""What colleagues go to together."""

NAMES_TOO = frozenset(
    ("will", "may", "mark", "bill", "art", "chase", "summer", "grace", "hope", "rob", "jack", "don")
)
"""English words at the beginning of titles that are given names as well."""

LONG = timedelta(hours=4)
"""An event that nothing explains and that lasts so long is fixed like a shift."""
WORKING_TIME = timedelta(hours=3)
"""From here on "work" is working time."""
SHORT = timedelta(hours=1)
DAYTIME = (time(8), time(19))

_FLIGHT_NUMBER = re.compile(
    r"\b(?:A3|AA|AC|AF|AY|AZ|BA|BT|CX|DE|DL|DY|EI|EK|EN|EW|EY|FI|FR|HV|IB|JL|KE|KL|LG|LH|LO|LS|LX|NH|OS|OU"
    r"|PC|PS|QF|QR|RO|RK|SK|SN|SQ|TK|TO|TP|U2|UA|UX|VN|VS|VY|WN|W6|W9|WF|X3|4U|6E)\s?(?!(?:19|20)\d\d\b)\d{2,4}\b"
)
_TRAIN_NUMBER = re.compile(
    r"\b(?:ICE|IC|EC|EIC|EIP|TGV|RJX?|NJ|AVE|IR|TLK|THA|EST)\s?\d{1,5}\b|\b(?:RE|RB|IRE|MEX|TER)\s?\d{1,3}\s+(?:nach|to|naar|vers)\b"
)
_ICE_TO = re.compile(r"\bICE\s+[A-ZÄÖÜ][a-zäöüß]+(?:$|\s+\d|-[A-ZÄÖÜ])")
_TO_A_PLACE = re.compile(
    r"^\d{1,2}[:.h]\d{2}\s+(?:to|nach|à|a|naar|do|para|per|til|till|→|->)\s+[^\W\d_a-zß-öø-ÿ]\w+", re.UNICODE
)
_FROM_TO = re.compile(r"^[A-ZÀ-Þ][\w.' ]{1,20}\s?(?:->|→|➔|⟶)\s?[A-ZÀ-Þ]\w+")
_AIRPORTS = re.compile(r"\b[A-Z]{3}\s?(?:-|–|→|>|/|to)\s?[A-Z]{3}\b")
_COURSE_NUMBER = re.compile(r"\b[A-Z]{2,4}[- ]?\d{3}[A-Z]?\b")
_VERSUS = re.compile(r"\w\s+vs?\.?\s+\w", re.IGNORECASE)
_TAKEN_ALONG = re.compile(r"^(?i:take|drive|bring|walk|run)\s+([^\W\d_a-zß-öø-ÿ][^\W\d_]+)\s+(?i:to|from)\b")
_NAMES = re.compile(r"[^\W\d_]+")


def find_subject(occurrence: Occurrence, zone: str, company: Participants) -> Subject:
    """Return what an event is; `zone` is the owner's, for the time of day."""
    topics = find_topics(occurrence.event.summary)
    if company.number:
        return _with_others(occurrence, topics, company)
    found = _alone(occurrence, topics)
    place = _by_place(occurrence.event)
    if found is None or (place and _gives_way_to_place(found, topics, place)):
        found = place or _by_categories(occurrence) or _by_description(occurrence.event) or found
    if found and found.nature is Nature.APPOINTMENT and _is_their_work(occurrence):
        return found._replace(nature=Nature.FIXED, fixed="is working time, as a series of such long hours")
    return found or _unexplained(occurrence, zone)


def speaks_of_journey(event: Event) -> bool:
    """Tell whether an event may need time before and after it; one of which this is false has no margin."""
    numbered = _by_number(event)
    if numbered and numbered.margin != (ZERO, ZERO):
        return True
    return any(find_topics(text).has(*MARGINS) for text in (event.summary, *event.categories))


# -- alone --------------------------------------------------------------------------------------------------


def _alone(occurrence: Occurrence, topics: Topics) -> Subject | None:
    """What the title of an event says in which nobody else takes part."""
    if found := _by_number(occurrence.event):
        return found
    if why := _who_depends(occurrence, topics):
        return Subject(Nature.CARE, EventKind.PERSONAL, why)
    at_work = occurrence.interval.length >= WORKING_TIME
    if topics.has(Topic.TASK) and not (at_work and topics.has(Topic.SHIFT)):
        focus = topics.has(Topic.FOCUS, Topic.EXAM)
        kind = EventKind.FOCUS if focus else EventKind.PERSONAL
        return Subject(Nature.OWN, kind, f"{topics.quote(Topic.TASK)} in its title")
    if topics.has(Topic.WORK) and at_work:
        return _fixed(Topic.SHIFT, topics.quote(Topic.WORK))
    if topic := _class_at_the_end(topics):
        return Subject(Nature.SET_TIME, EventKind.PERSONAL, f"{topics.quote(topic)} in its title")
    if topic := topics.first_of(FIXED):
        if topic is Topic.EXAM and occurrence.event.recurring:
            return Subject(
                Nature.SET_TIME, EventKind.PERSONAL, f"{topics.quote(topic)} in the title of a series"
            )
        return _fixed(topic, topics.quote(topic))
    for nature, meant in (
        (Nature.SET_TIME, SET_TIME),
        (Nature.APPOINTMENT, (Topic.TABLE, Topic.APPOINTMENT)),
    ):
        if topic := topics.first_of(meant):
            return Subject(nature, EventKind.PERSONAL, f"{topics.quote(topic)} in its title")
    if topic := topics.first_of((Topic.EXTERNAL, Topic.FOCUS, *SHARED, *OWN)):
        return _alone_or_with_somebody(topic, topics, occurrence.event.summary)
    if topics.has(Topic.FETCH) or (topics.has(Topic.ESCORT) and topics.has(Topic.GOODS)):
        why = f"{topics.quote(Topic.FETCH, Topic.GOODS)} in its title"
        return Subject(Nature.OWN, EventKind.PERSONAL, why)
    return None


def _alone_or_with_somebody(topic: Topic, topics: Topics, title: str) -> Subject:
    """What a topic is: in "Gym with Tom" whoever is named would wait, invited or not."""
    kind, why = SHARED.get(topic) or OWN[topic], f"nobody is invited, and {topics.quote(topic)} in its title"
    if topic in SHARED:
        return Subject(Nature.SHARED, kind, why)
    if topic is Topic.PERSONAL and (name := _whose_it_is(topics, title)):
        return Subject(Nature.SET_TIME, kind, f"{name} and {topics.quote(topic)} in its title")
    if company := find_companion(title):
        return Subject(Nature.SHARED, kind, f"{topics.quote(topic)} and “{company[0]}” in its title")
    return Subject(Nature.OWN, kind, why)


def _whose_it_is(topics: Topics, title: str) -> str:
    """The name that a title begins with, `Ella gym`: what somebody else does has its time, and I go along."""
    first = title.split()[0] if title.split() else ""
    if len(topics.words) < 2 or not first[:1].isupper() or any(one.start == 0 for one in topics.found):
        return ""
    return first if _begins_with_name(topics) else ""


def _begins_with_name(topics: Topics) -> bool:
    return topics.words[0] not in NAMES_TOO and is_given_name(topics.words[0])


def _is_their_work(occurrence: Occurrence) -> bool:
    """Tell whether an appointment is of those who give them: hours of a series, so long that no patient or
    customer has one."""
    return occurrence.event.recurring and occurrence.interval.length >= WORKING_TIME


def _fixed(topic: Topic, quoted: str) -> Subject:
    return Subject(
        Nature.FIXED,
        EventKind.PERSONAL,
        f"{quoted} in its title",
        fixed=f"{FIXED[topic]} ({quoted})",
        margin=MARGINS.get(topic, (ZERO, ZERO)),
    )


def _class_at_the_end(topics: Topics) -> Topic | None:
    """Return what kind of class an English title ends in: "Wedding dance class" is no wedding."""
    if topics.first_of(FIXED) not in ABOUT:
        return None
    last = (one for one in topics.found if one.topic in {Topic.CLASS, Topic.WEBINAR} and one.language == "en")
    return next((one.topic for one in last if one.end == len(topics.words)), None)


def _by_number(event: Event) -> Subject | None:
    """A flight, a train, a course or a match by the way it is written."""
    title = event.summary[:200]
    found = _FLIGHT_NUMBER.search(title)
    if found is None and not find_topics(title).has(*BUSINESS):
        found = _AIRPORTS.search(title)
    if found:
        return _fixed(Topic.FLIGHT, f"“{found[0]}”")
    if found := _TRAIN_NUMBER.search(title) or _TO_A_PLACE.search(title) or _ICE_TO.search(title):
        return _fixed(Topic.TRAIN, f"“{found[0]}”")
    if (found := _FROM_TO.match(title)) and not find_topics(title).found:
        return _fixed(Topic.TRIP, f"“{found[0]}”")
    if found := _COURSE_NUMBER.match(title):
        return Subject(Nature.SET_TIME, EventKind.PERSONAL, f"“{found[0]}”, the number of a course")
    if _VERSUS.search(title):
        return Subject(Nature.SET_TIME, EventKind.PERSONAL, "one against the other in its title")
    return None


def _who_depends(occurrence: Occurrence, topics: Topics) -> str:
    """Why somebody depends on me, else nothing: a fixed phrase, or somebody to be fetched or taken along."""
    if topics.has(Topic.CARE) and not topics.has(Topic.TASK, Topic.GOODS, *SET_TIME):
        return f"{topics.quote(Topic.CARE)} in its title"
    verb, quoted = topics.term(Topic.FETCH, Topic.ESCORT), topics.quote(Topic.FETCH, Topic.ESCORT)
    whom = topics.quote(Topic.DEPENDANT)
    if verb and whom and not topics.has(Topic.TASK):
        return f"{quoted} and {whom} in its title"
    if whom and topics.has(Topic.SURGERY):
        return f"{whom} and {topics.quote(Topic.SURGERY)} in its title"
    goes_to = (*GOES_TO, Topic.PERSONAL) if occurrence.interval.length <= SHORT else GOES_TO
    if (where := topics.first_of(goes_to)) and _begins_with_somebody_on_the_way(topics):
        return f"“{topics.words[0]} {topics.words[1]}” and {topics.quote(where)} in its title"
    if verb is None or topics.has(Topic.GOODS, Topic.TASK):
        return ""
    if (where := topics.first_of(TAKEN_TO)) and (name := _name_beside(occurrence.event.summary, verb)):
        return f"{quoted}, the name {name} and {topics.quote(where)} in its title"
    if topics.has(Topic.APPOINTMENT):
        return ""
    if topics.has(Topic.FETCH) and (where := topics.first_of(LEFT_AT)):
        return f"{quoted} and {topics.quote(where)} in its title"
    if name := _name_in(occurrence.event.summary, topics):
        return f"{quoted} and the name {name} in its title"
    alone = topics.has(Topic.FETCH) and len(topics.words) == len(verb.split())
    return f"{quoted} in its title" if alone and occurrence.interval.length <= SHORT else ""


def _begins_with_somebody_on_the_way(topics: Topics) -> bool:
    """Tell whether the title begins like "Mum to …" or "Ben zum …"."""
    if len(topics.words) < len(("who", "to", "where")) or topics.words[1] not in TOWARDS:
        return False
    someone = any(one.topic is Topic.DEPENDANT and (one.start, one.end) == (0, 1) for one in topics.found)
    return someone or _begins_with_name(topics)


def _name_beside(title: str, verb: str) -> str:
    """Return the name that follows the verb, or that a title which ends in the verb begins with.

    Behind the verb any word with a capital letter will do that no term explains; at the beginning, where all
    words have one, it has to be a given name.
    """
    written = [match[0] for match in _NAMES.finditer(title)]
    plain = [" ".join(find_topics(word).words) for word in written]
    length = len(verb.split())
    for at in range(1, len(plain) - length + 1):
        if plain[at : at + length] == verb.split() and at + length == len(plain):
            return written[0] if is_given_name(plain[0]) else ""
    if plain[:length] != verb.split():
        return ""
    for word, bare in zip(written[length:], plain[length:], strict=True):
        topics = find_topics(word)
        if not topics.has(Topic.SMALL):
            named = word[0].isupper() and (not topics.found or is_given_name(bare))
            return word if named else ""
    return ""


def _name_in(title: str, topics: Topics) -> str:
    """Return a given name in the title; after a verb of fetching, and between "take" and "to", any capital
    letter will do, unless the title is German or explained otherwise.
    """
    german = any(one.language == "de" for one in topics.found)
    plain = topics.has(Topic.FETCH) and not german and not topics.has(*SET_TIME, *FIXED)
    used = {word for one in topics.found for word in one.term.split()}
    taken = _TAKEN_ALONG.match(title)
    if taken and not used.intersection(find_topics(taken[1]).words):
        return taken[1]
    for match in _NAMES.finditer(title):
        name = match[0]
        words = find_topics(name).words
        if words and words[0] not in used and (is_given_name(words[0]) or (plain and name[0].isupper())):
            return name
    return ""


# -- with others --------------------------------------------------------------------------------------------


def _with_others(occurrence: Occurrence, topics: Topics, company: Participants) -> Subject:
    business = topics.has(*BUSINESS)
    if not business and (found := _not_shared(occurrence, topics, company)):
        return found
    if company.foreign:
        return Subject(
            Nature.SHARED, EventKind.EXTERNAL, f"somebody from outside ({company.foreign}) takes part"
        )
    if not company.colleagues and topics.has(Topic.EXTERNAL):
        return Subject(Nature.SHARED, EventKind.EXTERNAL, f"{topics.quote(Topic.EXTERNAL)} in its title")
    if topics.has(Topic.STAND_UP):
        return Subject(Nature.SHARED, EventKind.STAND_UP, f"{topics.quote(Topic.STAND_UP)} in its title")
    if company.number == 1:
        return Subject(Nature.SHARED, EventKind.ONE_TO_ONE, "one other person takes part")
    return Subject(Nature.SHARED, EventKind.TEAM, f"{company.number} other people take part")


def _not_shared(occurrence: Occurrence, topics: Topics, company: Participants) -> Subject | None:
    """What stays what it is although others take part: a wedding, a flight, a practice that invites."""
    if (found := _by_number(occurrence.event)) and found.fixed:
        return found
    if topic := topics.first_of(FIXED if not company.colleagues else SEEN_BY_ALL):
        term = topics.term(topic) or ""
        if not company.colleagues or topic not in MARGINS or " " in term:
            return _fixed(topic, topics.quote(topic))
    one_colleague = company.number == 1 and company.colleagues
    if topics.has(Topic.WEBINAR) or (company.asked and not one_colleague and topics.has(Topic.CLASS)):
        return Subject(Nature.SET_TIME, EventKind.PERSONAL, "it takes place with or without you")
    if company.colleagues:
        return None
    if why := _who_depends(occurrence, topics):
        return Subject(Nature.CARE, EventKind.PERSONAL, why)
    if topic := topics.first_of(one for one in SET_TIME if one is not Topic.CLUB):
        return Subject(Nature.SET_TIME, EventKind.PERSONAL, f"{topics.quote(topic)} in its title")
    if topics.has(Topic.APPOINTMENT) and (company.asked or company.number == 1):
        return Subject(
            Nature.APPOINTMENT, EventKind.PERSONAL, f"{topics.quote(Topic.APPOINTMENT)} in its title"
        )
    return None


# -- where the title says little ----------------------------------------------------------------------------


def _gives_way_to_place(found: Subject, topics: Topics, place: Subject) -> bool:
    """Tell whether the place says more than the title: "Cleaning" at a dentist's, "Court" in a club."""
    if topics.first_of(FIXED) is Topic.COURT:
        return place.nature is Nature.SET_TIME
    plain = found.nature is Nature.OWN and found.kind is EventKind.PERSONAL
    return plain and not topics.has(Topic.TASK) and place.nature is not Nature.OWN


def _by_place(event: Event) -> Subject | None:
    if not event.location or "://" in event.location:
        return None
    topics = find_topics(event.location, PLACES)
    where = topics.first_of(
        (Topic.AT_PRACTICE, Topic.AT_STAGE, Topic.AT_CLASS, Topic.AT_SPORT, Topic.AT_OFFICE, Topic.AT_JOURNEY)
    )
    if where is None:
        return None
    why = f"{topics.quote(where)} is its place"
    if where is Topic.AT_PRACTICE:
        return Subject(Nature.APPOINTMENT, EventKind.PERSONAL, why)
    if where in {Topic.AT_OFFICE, Topic.AT_JOURNEY}:
        fixed = "is an official appointment" if where is Topic.AT_OFFICE else "is travel"
        return Subject(Nature.FIXED, EventKind.PERSONAL, why, fixed=f"{fixed} ({topics.quote(where)})")
    return Subject(Nature.SET_TIME, EventKind.PERSONAL, why)


def _by_categories(occurrence: Occurrence) -> Subject | None:
    for category in occurrence.event.categories:
        says_nothing = find_topics(category, frozenset({Topic.GENERIC})).has(Topic.GENERIC)
        topics = find_topics(category)
        if not says_nothing and (found := _alone(occurrence, topics)):
            return found._replace(why=f"{topics.quote(topics.found[0].topic)} is its category")
    return None


def _by_description(event: Event) -> Subject | None:
    topics = find_topics(event.description, TEXTS)
    where = topics.first_of((Topic.TEXT_JOURNEY, Topic.TEXT_EXAM, Topic.TEXT_TICKET, Topic.TEXT_APPOINTMENT))
    if where is None:
        return None
    why = f"{topics.quote(where)} in its description"
    if where is Topic.TEXT_JOURNEY:
        return Subject(Nature.FIXED, EventKind.PERSONAL, why, fixed="is travel")
    if where is Topic.TEXT_EXAM:
        return Subject(Nature.FIXED, EventKind.PERSONAL, why, fixed="is an exam")
    nature = Nature.SET_TIME if where is Topic.TEXT_TICKET else Nature.APPOINTMENT
    return Subject(nature, EventKind.PERSONAL, why)


def _unexplained(occurrence: Occurrence, zone: str) -> Subject:
    """Mine to move when it looks like an errand of the day; else fixed like a shift until I say otherwise."""
    info = ZoneInfo(zone)
    start, end = (instant.astimezone(info) for instant in occurrence.interval)
    fixed = ""
    if occurrence.interval.length >= LONG:
        fixed = "lasts long, and nothing tells what it is"
    elif start.time() < DAYTIME[0] or end.time() > DAYTIME[1] or start.date() != end.date():
        fixed = "lies outside the day, and nothing tells what it is"
    if not fixed or occurrence.all_day:
        return Subject(
            Nature.UNKNOWN, EventKind.PERSONAL, "nobody else takes part, and nothing tells what it is"
        )
    return Subject(Nature.FIXED, EventKind.PERSONAL, "nothing tells what it is", fixed=fixed)
