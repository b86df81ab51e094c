"""Readable lines become an `Agenda`, so that a test shows its calendar where a reader looks for it.

    zone: Europe/Berlin                 optional, before the events; the default is Europe/Berlin
    me: me@home.example                 optional, several separated by commas; the default is me@home.example
    Tue 2026-05-05 10:00-11:00 Team sync (organiser boss@acme.example; 5 attendees; series)
    2026-05-05 all day Public holiday
    2026-05-05..2026-05-07 all day Fair (out of office)      the last day included
    # a remark

The weekday may be left out; a wrong one is an error. A day and times are in the zone of the agenda. In the
brackets, separated by semicolons:

    organiser ADDRESS     ADDRESS may be followed by a name: `dana@acme.example Dana Lee`
    N attendees           N people in all: me, the organiser, then invented people at that domain
    with ADDRESS, ADDRESS these attendees, and me; domains are up to you
    series                an instance of a series (RECURRENCE-ID is its start)
    tentative, unanswered, declined, cancelled, free, out of office, working elsewhere, birthday
    at PLACE, notes TEXT, url TEXT, categories A, B, priority N, sequence N
    travel 30             minutes of travel before the start
    zone Area/City        the zone DTSTART is written in
    source NAME, calendar NAME, uid TEXT
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from lastresort.interviews.detection import Interview, Interviewer, Mode
from lastresort.model import Agenda, Busy, BusyReason, Event, Interval, Occurrence, Person, SourceInfo
from lastresort.planning.weigh import Scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lastresort.planning.weigh import Weighed

ZONE = "Europe/Berlin"
ME = "me@home.example"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

LINE = re.compile(
    r"(?:(?P<weekday>[A-Za-z]{3})\w*\s+)?(?P<day>\d{4}-\d\d-\d\d)(?:\.\.(?P<last>\d{4}-\d\d-\d\d))?\s+"
    r"(?:(?P<start>\d\d?:\d\d)-(?P<end>\d\d?:\d\d)|(?P<all_day>all day))\s+"
    r"(?P<title>[^()]*?)\s*(?:\((?P<details>.*)\))?$"
)

LEVELS = {
    "tentative": (Busy.CHECK, BusyReason.TENTATIVE),
    "unanswered": (Busy.CHECK, BusyReason.UNANSWERED),
    "declined": (Busy.IGNORE, BusyReason.DECLINED),
    "cancelled": (Busy.IGNORE, BusyReason.CANCELLED),
    "free": (Busy.IGNORE, BusyReason.FREE),
    "out of office": (Busy.CLASH, BusyReason.OUT_OF_OFFICE),
    "working elsewhere": (Busy.IGNORE, BusyReason.WORKING_ELSEWHERE),
    "birthday": (Busy.IGNORE, BusyReason.BIRTHDAY),
}


def moment(text: str, zone: str = ZONE) -> datetime:
    """Return the instant that `YYYY-MM-DD HH:MM` names in a zone, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def stretch(text: str, zone: str = ZONE) -> Interval:
    """Return the interval that `YYYY-MM-DD HH:MM-HH:MM` names in a zone."""
    day, times = text.split()
    start, end = times.split("-")
    return Interval(moment(f"{day} {start:0>5}", zone), moment(f"{day} {end:0>5}", zone))


def read_agenda(text: str) -> Agenda:
    """Return the agenda the lines describe; the window ends 30 days after its last event."""
    zone, me, occurrences = ZONE, (ME,), []
    for line in lines_of(text):
        if line.startswith("zone:"):
            zone = line.removeprefix("zone:").strip()
        elif line.startswith("me:"):
            me = tuple(part.strip().lower() for part in line.removeprefix("me:").split(",") if part.strip())
        else:
            occurrences.append(read_occurrence(line, zone, me, len(occurrences)))
    occurrences.sort(key=lambda o: (o.interval.start, o.interval.end, o.event.uid or ""))
    sources = tuple(SourceInfo(name) for name in sorted({o.event.source for o in occurrences}))
    return Agenda(window_of(occurrences, zone), zone, tuple(occurrences), (), sources, frozenset(me))


def lines_of(text: str) -> Iterator[str]:
    for line in text.splitlines():
        bare = line.strip()
        if bare and not bare.startswith("#"):
            yield bare


def window_of(occurrences: list[Occurrence], zone: str) -> Interval:
    starts = [o.interval.start for o in occurrences] or [moment("2026-05-04 00:00", zone)]
    ends = [o.interval.end for o in occurrences] or starts
    first = min(starts).astimezone(ZoneInfo(zone)).date()
    return Interval(midnight(first, zone), max(ends) + timedelta(days=30))


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def read_occurrence(line: str, zone: str, me: tuple[str, ...], number: int) -> Occurrence:
    found = LINE.match(line)
    assert found, f"not an agenda line: {line}"
    day = date.fromisoformat(found["day"])
    if found["weekday"]:
        assert found["weekday"].lower() == DAYS[day.weekday()], f"{day} is no {found['weekday']}"
    interval = interval_of(found, day, zone)
    details = [part.strip() for part in (found["details"] or "").split(";") if part.strip()]
    facts = facts_of(details, me)
    event = Event(
        **{
            "source": "work.ics",
            "uid": f"event-{number}@test",
            "summary": found["title"],
            "zone": zone,
            **facts,
        }
    )
    all_day = bool(found["all_day"])
    busy, reason = (Busy.CHECK, BusyReason.ALL_DAY) if all_day else (Busy.CLASH, BusyReason.BUSY)
    for detail in details:
        busy, reason = LEVELS.get(detail, (busy, reason))
    return Occurrence(event, interval, busy, reason, interval.start if event.recurring else None, all_day)


def interval_of(found: re.Match[str], day: date, zone: str) -> Interval:
    last = date.fromisoformat(found["last"] or found["day"])
    if found["all_day"]:
        return Interval(midnight(day, zone), midnight(last + timedelta(days=1), zone))
    start, end = moment(f"{day} {found['start']:0>5}", zone), moment(f"{last} {found['end']:0>5}", zone)
    return Interval(start, end if end > start else end + timedelta(days=1))


def facts_of(details: list[str], me: tuple[str, ...]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for detail in details:
        word, _, rest = detail.partition(" ")
        if detail in LEVELS:
            continue
        if word == "organiser":
            facts["organizer"] = person_of(rest)
        elif word == "with":
            facts["attendees"] = (*map(Person, me[:1]), *(person_of(part) for part in rest.split(",")))
        elif rest == "attendees":
            facts["attendees"] = invented(int(word), facts.get("organizer"), me)
        elif word == "series":
            facts["recurring"] = True
        elif word == "categories":
            facts["categories"] = tuple(part.strip() for part in rest.split(","))
        elif word in {"priority", "sequence"}:
            facts[word] = int(rest)
        elif word == "travel":
            facts["travel"] = timedelta(minutes=int(rest))
        elif word in {"at", "notes", "url", "zone", "source", "calendar", "uid"}:
            facts[{"at": "location", "notes": "description"}.get(word, word)] = rest
        else:
            raise AssertionError(f"not a detail: {detail}")
    return facts


def person_of(text: str) -> Person:
    address, _, name = text.strip().partition(" ")
    return Person(address.lower(), name)


def invented(number: int, organizer: Person | None, me: tuple[str, ...]) -> tuple[Person, ...]:
    known = [Person(address) for address in me[:1]]
    if organizer is not None and organizer.address not in me:
        known.append(organizer)
    known_address = (organizer and organizer.address) or (me[0] if me else "me@work.example")
    domain = known_address.partition("@")[2]
    more = [Person(f"colleague-{n}@{domain}") for n in range(1, number + 1)]
    return tuple([*known, *more][:number])


def find(agenda: Agenda, words: str) -> Occurrence:
    """Return the one occurrence whose title holds the words."""
    found = [o for o in agenda.occurrences if words.casefold() in o.event.summary.casefold()]
    assert len(found) == 1, f"{len(found)} events hold {words!r}"
    return found[0]


def as_interview(
    agenda: Agenda,
    words: str,
    *,
    padding: int = 10,
    soft: bool = False,
    mode: Mode = Mode.VIDEO,
    zone: str | None = None,
    process: str = "",
) -> Interview:
    """Return the occurrence whose title holds the words as an interview.

    `padding` is in minutes, on both sides, and needed unless it is `soft`.
    """
    occurrence = find(agenda, words)
    around = timedelta(minutes=padding)
    padded = occurrence.interval.widened(max(around, occurrence.event.travel), around)
    needed = occurrence.interval.widened(occurrence.event.travel, timedelta(0)) if soft else padded
    interviewer = Interviewer(zone or agenda.zone, "given in the test")
    return Interview(occurrence, interviewer, mode, padded, needed, ("named in the test",), process=process)


def weigh(
    offers: Iterable[Interval], *known: Any, length: timedelta | None = None, **more: Any
) -> list[Weighed]:
    """Return the offers weighed, cheapest first; the other arguments are those of `Scale`, in its order."""
    scale = Scale(*known, **more)
    return sorted((scale.weigh(offer, length) for offer in offers), key=lambda one: one.rank)
