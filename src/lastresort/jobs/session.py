"""What is known before anything is decided: the calendars read, and the query."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from lastresort.advice.reasons import REASONS
from lastresort.config import InterviewerEntry, OriginKind, Settings
from lastresort.errors import RefusedError, UsageError
from lastresort.history.records import Memory
from lastresort.interviews.detection import Interview, Places
from lastresort.jobs.run import Calendars, Run, Source
from lastresort.model import (
    Agenda,
    Busy,
    BusyReason,
    Document,
    Event,
    Interval,
    Limits,
    Mail,
    Occurrence,
    Problem,
)
from lastresort.outputs.invocation import Invocation
from lastresort.query import KnownInterviewer, Query, Reason
from lastresort.sources import Given
from lastresort.sources.files import LONGEST_MAIL, is_mail
from lastresort.times import zone_mentions as mentions
from lastresort.times.durations import parse_duration
from lastresort.times.single import parse_time
from lastresort.zones import names as zones
from lastresort.zones import places

ALL_DAYS = 3660
"""As many days ahead as a calendar can be read: interviews beyond --days keep their time as well."""
NO_CALENDAR = "no calendar was named: give a .ics file, a folder or an address ('lastresort demo' needs none)"


class Question(NamedTuple):
    """What is asked, besides the settings; texts as people write them."""

    interview: str | None = None
    """The interview: its UID, or words of its title."""
    invite: Source | None = None
    """An invitation that is not yet in the calendar: a source."""
    at: str | None = None
    """An interview that stands in no file; with `for_`."""
    for_: str | None = None
    """How long it lasts."""
    interviewer_calendar: tuple[Source, ...] | None = None
    """Their free/busy, when they gave it: a source for each of those who interview."""
    last_resort: bool = False
    """Assume that nothing can be moved."""
    reason: str | None = None
    """`KIND[:TEXT]`."""
    language: str | None = None
    """What to write to them in."""
    address: str | None = None
    """How the interviewer is addressed."""


class Inquiry(NamedTuple):
    """One question to calendars, as a command or a program asks it."""

    run: Run
    sources: tuple[Source, ...]
    question: Question = Question()


class Session(NamedTuple):
    """What one run knows before it decides anything."""

    settings: Settings
    agenda: Agenda
    query: Query
    places: Places
    invited: tuple[Occurrence, ...] = ()
    interviewer_busy: tuple[Interval, ...] = ()
    documents: tuple[Document, ...] = ()
    """Those of the sources, to be looked into again by what changes them."""
    memory: Memory | None = None
    """What earlier runs asked for; `None` when there is nothing to remember."""
    run: Invocation = Invocation()
    """How the command was called, for the commands that it prints."""
    address: str = ""
    """How the interviewer is to be addressed (--address)."""
    memory_refused: str = ""
    """Why what earlier runs asked for cannot be read; empty when it can, or there is nothing."""


def open_session(inquiry: Inquiry, *, lone_length: bool = False) -> Session:
    """Read everything that is asked for, and return it with the query.

    With `lone_length` the job makes sense of `for_` where there is no `at`.

    Raises SourceError when no source could be read, UsageError for options that cannot be carried out.
    """
    run, sources, question = inquiry
    if question.for_ and not question.at and not lone_length:
        raise UsageError("--for is the length of the interview that --at gives; leave it out, or give both")
    if not sources:
        raise UsageError(NO_CALENDAR)
    query = query_of(question, run)
    invited = _invited(question, run, query)
    span = _span(query, invited)
    calendars = run.open(sources, span)
    agenda = calendars.read(span)
    if agenda.zone != query.zone:
        query = query._replace(now=run.now_in(agenda.zone))
    query = query._replace(zone=agenda.zone, me=agenda.me)
    query = query._replace(country=query.country or zones.zone_country(query.zone))
    invited = tuple(_timed(one, question, query) for one in invited)
    theirs = _read_colleagues(run, span, agenda.zone)
    panel = _read_interviewers(question, run, span, query.interviewer_zone or agenda.zone)
    agenda = agenda._replace(problems=(*agenda.problems, *theirs.problems, *panel.problems))
    query = query._replace(colleagues=theirs.busy)
    remembered = recall(run.settings.state)
    return Session(
        settings=run.settings,
        agenda=agenda,
        query=query,
        places=reading_places(query.now),
        invited=invited,
        interviewer_busy=panel.busy,
        documents=calendars.documents,
        memory=remembered.memory,
        run=run.invocation,
        address=question.address or "",
        memory_refused=remembered.refused,
    )


class Remembered(NamedTuple):
    """The memory of a state folder, or why it cannot be read."""

    memory: Memory | None = None
    refused: str = ""


def recall(folder: str) -> Remembered:
    """Return the memory of a state folder; none, and nothing is created, where there is none to read."""
    if not folder or not os.path.lexists(os.path.join(folder, "memory.json")):
        return Remembered()
    from lastresort.history.store import read_memory  # nothing is remembered on most machines

    try:
        return Remembered(read_memory(folder))
    except RefusedError as error:
        return Remembered(refused=str(error))


def reading_places(now: datetime) -> Places:
    """Return how places, zones and telephone numbers in texts are understood at a moment."""

    def zone_of_place(text: str) -> str | None:
        return zones.zone_of_place(text, now)

    return Places(
        zone_written_in=mentions.zone_written_in,
        zone_of_place=zone_of_place,
        phone_country=places.phone_country,
        zone_country=zones.zone_country,
        names_place=lambda tzid: zones.describe_tzid(tzid) != zones.WINDOWS,
    )


def _span(query: Query, invited: Sequence[Occurrence]) -> Interval:
    """Return what has to be read: where interviews are looked for, and where slots and moves may land."""
    last = max([query.now + timedelta(days=query.days), *(o.interval.end for o in invited)])
    working_days_and_holidays = timedelta(days=query.within * 7 // 5 + 14)
    return Interval(query.now - timedelta(days=2), last + working_days_and_holidays)


# -- the interview that is given by hand --------------------------------------------------------------------


def _invited(question: Question, run: Run, query: Query) -> tuple[Occurrence, ...]:
    """Return the interviews given by `at` and `invite`, which need not stand in a calendar."""
    if question.at and not question.for_:
        raise UsageError("--at needs --for: when the interview starts, and how long it lasts")
    if question.invite and (mail := _plain_mail(question.invite)):
        return (_told_by_mail(question, query, mail),)
    by_hand = (_at(question, query),) if question.at else ()
    if not question.invite:
        return by_hand
    window = Interval(run.now, run.now + timedelta(days=366))
    occurrences = run.open([question.invite], window).read(window).occurrences
    found = tuple(one for one in occurrences if one.reason not in _GONE)
    if not found:
        raise UsageError("the invitation holds no event that is still to come (--invite)")
    return by_hand + found


def _at(question: Question, query: Query) -> Occurrence:
    start = parse_time(question.at or "", query.zone, query.now)
    length = parse_duration(question.for_ or "")
    event = Event(_BY_HAND, f"at-{start:%Y%m%dT%H%M%SZ}", summary="Interview", zone=query.zone)
    return Occurrence(event, Interval(start, start + length), Busy.CLASH, BusyReason.BUSY)


_BY_HAND = "--at"
"""The source of an interview that stands in no file."""


def _timed(occurrence: Occurrence, question: Question, query: Query) -> Occurrence:
    """Return the interview given by hand with its time in my zone, known once the calendar is read."""
    if occurrence.event.source != _BY_HAND:
        return occurrence
    there = _at(question, query)
    if there.interval.start <= query.now:
        raise UsageError("--at lies in the past: give the coming time of the interview")
    event = occurrence.event._replace(uid=there.event.uid, zone=occurrence.event.zone and query.zone)
    return occurrence._replace(event=event, interval=there.interval)


def _plain_mail(invite: Source) -> Mail | None:
    """Return the mail given as an invitation, when it is one without a calendar part."""
    if isinstance(invite, Document):
        return None
    if isinstance(invite, Given):
        name, data = invite
        if not is_mail(data):
            return None
    else:
        if not invite.lower().endswith(".eml") or not os.path.isfile(invite):
            return None
        name = invite
        with open(invite, "rb") as stream:
            data = stream.read(LONGEST_MAIL)
    from lastresort.sources.mail import read_plain_mail

    return read_plain_mail(data, name=name, limits=Limits())


def _told_by_mail(question: Question, query: Query, mail: Mail) -> Occurrence:
    """Return the interview at the time that was given, with what the mail says about it."""
    if not question.at:
        raise UsageError(
            "--invite: the mail has no calendar part, only text; add its time as --at 'TUE 3pm' --for 45m, "
            "or let 'lastresort weigh --from FILE' read the times that it offers"
        )
    occurrence = _at(question, query)
    writer = mail.reply_to or mail.sender
    event = occurrence.event._replace(
        summary=mail.subject or "Interview", organizer=writer, zone=None, mail=mail
    )
    return occurrence._replace(event=event)


_GONE = (BusyReason.CANCELLED, BusyReason.DECLINED, BusyReason.DUPLICATE)


def read_poll(documents: Sequence[Document], run: Run, now: datetime) -> tuple[Occurrence, ...]:
    """Return the options of a poll that are still to come; cancelled ones are none."""
    window = Interval(now, now + timedelta(days=366))
    found = Calendars(run, tuple(documents)).read(window).occurrences
    return tuple(one for one in found if one.reason not in _GONE and one.interval.start > now)


class _Panel(NamedTuple):
    """What takes the time of those who interview, and what of it could not be read."""

    busy: tuple[Interval, ...] = ()
    problems: tuple[Problem, ...] = ()


def _read_interviewers(question: Question, run: Run, span: Interval, zone: str) -> _Panel:
    if not question.interviewer_calendar:
        return _Panel()
    read = run.open(question.interviewer_calendar, span).read_theirs(span, zone)
    return _Panel(
        busy=tuple(one.blocked for one in read.occurrences if one.busy is not Busy.IGNORE),
        problems=tuple(problem for problem in read.problems if problem.lost),
    )


class _Colleagues(NamedTuple):
    """What takes the colleagues' time, by their address, and what of it could not be read."""

    busy: Mapping[str, tuple[Occurrence, ...]] = MappingProxyType({})
    problems: tuple[Problem, ...] = ()


def _read_colleagues(run: Run, span: Interval, zone: str) -> _Colleagues:
    """Read when colleagues are busy, each calendar as its owner has it."""
    sources: dict[str, list[Source]] = {}
    for theirs in run.settings.attendee_calendar:
        sources.setdefault(theirs.address, []).append(theirs.source)
    busy: dict[str, tuple[Occurrence, ...]] = {}
    problems: list[Problem] = []
    for address, named in sources.items():
        read = run.open(named, span).read_theirs(span, zone, frozenset((address,)))
        busy[address] = tuple(one for one in read.occurrences if one.busy is not Busy.IGNORE)
        problems += (problem for problem in read.problems if problem.lost)
    return _Colleagues(MappingProxyType(busy), tuple(problems))


# -- the query ----------------------------------------------------------------------------------------------


def query_of(question: Question, run: Run) -> Query:
    """Return what is asked, as far as it is known before a calendar is read."""
    settings = run.settings
    plain = Query(run.now, run.zone)
    shared = {field: getattr(settings, field) for field in _SHARED}
    return plain._replace(
        **shared,
        interview=question.interview,
        interviewer_zone=_zone(settings.interviewer_tz, run.now),
        country=_country(settings.country, "--country"),
        interviewer_country=_country(settings.interviewer_country, "--interviewer-country"),
        last_resort=question.last_resort,
        reason=read_reason(question.reason),
        cannot_come=question.reason is not None,
        interviewers=tuple(_known(entry, settings, run.now) for entry in settings.interviewers),
    )


_SHARED = (
    "hours", "interviewer_hours", "padding", "notice", "days", "within", "slots", "cannot_move", "can_move",
    "rules", "costs",
)  # fmt: skip


def _known(entry: InterviewerEntry, settings: Settings, now: datetime) -> KnownInterviewer:
    """Return an entry of the configuration without what options or variables say of every interviewer."""
    asked = {
        field
        for field in ("interviewer_tz", "interviewer_hours", "interviewer_country")
        if settings.origin(field).kind in (OriginKind.VARIABLE, OriginKind.OPTION)
    }
    country = None
    if "interviewer_country" not in asked:
        country = _country(entry.country, f"{settings.file}: country of {entry.domain}")
    return KnownInterviewer(
        domain=entry.domain,
        zone=None if "interviewer_tz" in asked else _zone(entry.tz, now),
        hours=None if "interviewer_hours" in asked else entry.hours,
        country=country,
        phone=entry.phone,
    )


def with_their_country(query: Query) -> Query:
    """Return the query with the country of their zone, for a meeting of which no invitation tells."""
    if query.interviewer_country or not query.interviewer_zone:
        return query
    return query._replace(interviewer_country=zones.zone_country(query.interviewer_zone))


def _zone(text: str | None, now: datetime) -> str | None:
    return zones.find_zone(text, now) if text else None


def _country(text: str | None, option: str) -> str | None:
    if text is None:
        return None
    code = places.country_code(text)
    if code is None:
        raise UsageError(f"{option}: no country is called that; give its two letters, such as DE")
    return code


def read_reason(text: str | None) -> Reason:
    """Return the reason of `KIND[:TEXT]`. Raises UsageError that lists the kinds."""
    kind, _, words = (text or "conflict").partition(":")
    kind = kind.strip().lower()
    if kind not in REASONS:
        kinds = ", ".join(REASONS)
        raise UsageError(f"--reason takes one of {kinds}, with :TEXT behind it if you like")
    return Reason(kind, words.strip())


def invited_among(interviews: Sequence[Interview], invited: Sequence[Occurrence]) -> tuple[Interview, ...]:
    """Return the interviews that were given by `--invite` or `--at`, in whatever calendar they also stand."""
    given = {occurrence.key for occurrence in invited}
    return tuple(one for one in interviews if given & {o.key for o in (one.occurrence, *one.copies)})


def choose_one(interviews: Sequence[Interview], query: Query) -> Interview:
    """Return the only interview. Raises UsageError that says how to name one of several."""
    if len(interviews) == 1:
        return interviews[0]
    last = query.now + timedelta(days=query.days)
    raise UsageError(
        f"{len(interviews) or 'no'} interviews were found until {last:%Y-%m-%d}",
        "say which one with --interview, or how long it lasts with --for",
        option="--interview",
    )
