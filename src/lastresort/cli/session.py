"""From options to values: the clock, the zone, the calendars read, the query. Shared by the commands."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from lastresort.advice.reasons import REASONS
from lastresort.cli.invocation import describe_run
from lastresort.cli.opening import Calendars
from lastresort.cli.progress import showing_progress
from lastresort.config import DEFAULT, Settings, settle
from lastresort.errors import SourceError, UsageError
from lastresort.ics.reader import read_agenda
from lastresort.interviews.detection import Places
from lastresort.model import (
    Agenda,
    Busy,
    BusyReason,
    Event,
    Interval,
    Occurrence,
)
from lastresort.outputs.invocation import Invocation
from lastresort.query import KnownInterviewer, Query, Reason
from lastresort.times import zone_mentions as mentions
from lastresort.zones import names as zones
from lastresort.zones import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lastresort.cli.options import QuestionOptions, SourceOptions
    from lastresort.config import InterviewerEntry
    from lastresort.history.records import Memory
    from lastresort.ics.explain import Explanation
    from lastresort.interviews.detection import Interview
    from lastresort.model import Document

_SETTLED = frozenset(Settings._fields)
ALL_DAYS = 3660
"""As many days ahead as a calendar can be read: interviews beyond --days keep their time as well."""


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


class _Reading(NamedTuple):
    """What every read of one run shares."""

    settings: Settings
    home: str | None
    """My zone where it was given; else the calendar's is taken, or the system's."""
    offline: bool
    now: datetime


def system_zone() -> str:
    """Return the machine's zone by its IANA name."""
    return zones.system_zone(os.environ)


def present(text: str | None, zone: str) -> datetime:
    """Return the present moment in UTC: the one place that asks the clock, unless `--now` was given."""
    clock = datetime.now(UTC)  # noqa: TID251 (this is the place)
    if text is None:
        return clock
    from lastresort.times.parse import parse_time

    return parse_time(text, zone, clock, find_zone=lambda name: zones.find_zone(name, clock))


def read_settings(*groups: NamedTuple) -> Settings:
    """Return the settings: options before environment before file before defaults. Raises UsageError."""
    options = {
        field: value for group in groups for field, value in group._asdict().items() if field in _SETTLED
    }
    return settle(options, os.environ, sys.platform, config=getattr(groups[0], "config", None))


def open_session(
    source: SourceOptions,
    question: QuestionOptions,
    documents: Sequence[Document] | None = None,
    *,
    lone_length: bool = False,
    again: bool = False,
) -> Session:
    """Read everything that is asked for (or the documents given), and return it with the query.

    With `lone_length` the command makes sense of --for where there is no --at. A run that reads `again` says
    nothing more about a memory that it cannot use.

    Raises SourceError when no source could be read, UsageError for options that cannot be carried out.
    """
    if question.for_ and not question.at and not lone_length:
        raise UsageError("--for is the length of the interview that --at gives; leave it out, or give both")
    settings = read_settings(source, question)
    reading = start_reading(settings, source)
    query = _query(settings, question, reading)
    invited = _invited(question, reading, query)
    span = _span(query, invited)
    kept: list[Document] = []
    agenda = read_sources(source, reading, span, documents, kept)
    if source.now and agenda.zone != query.zone:
        query = query._replace(now=present(source.now, agenda.zone))
    query = query._replace(zone=agenda.zone, me=agenda.me)
    query = query._replace(country=query.country or zones.zone_country(query.zone))
    return Session(
        settings,
        agenda,
        query,
        _places(query.now),
        invited,
        _interviewer_busy(question, reading, span),
        tuple(kept),
        recall(settings.state, quiet=again),
        describe_run(source, question),
    )


def recall(folder: str, *, quiet: bool = False) -> Memory | None:
    """Return the memory of a state folder; `None`, and nothing is created, where there is none to read."""
    if not os.path.lexists(os.path.join(folder, "memory.json")):
        return None
    from lastresort.errors import RefusedError
    from lastresort.history.store import read_memory

    try:
        return read_memory(folder)
    except RefusedError as error:
        if not quiet:
            print(f"lastresort: {error}", file=sys.stderr)
        return None


def start_reading(settings: Settings, source: SourceOptions) -> _Reading:
    """Return what every read of the run shares: the zone as far as it is known, and the present moment."""
    home = zones.find_zone(settings.tz, present(None, "UTC")) if settings.tz else None
    return _Reading(settings, home, source.offline, present(source.now, home or system_zone()))


def _places(now: datetime) -> Places:
    def zone_of_place(text: str) -> str | None:
        return zones.zone_of_place(text, now)

    return Places(mentions.zone_written_in, zone_of_place, places.phone_country, zones.zone_country)


def _span(query: Query, invited: Sequence[Occurrence]) -> Interval:
    """What has to be read: where interviews are looked for, and where slots and moves may land after them."""
    last = max([query.now + timedelta(days=query.days), *(o.interval.end for o in invited)])
    working_days_and_holidays = timedelta(days=query.within * 7 // 5 + 14)
    return Interval(query.now - timedelta(days=2), last + working_days_and_holidays)


# -- reading ------------------------------------------------------------------------------------------------


def read_sources(
    source: SourceOptions,
    reading: _Reading,
    window: Interval,
    documents: Sequence[Document] | None = None,
    kept: list[Document] | None = None,
) -> Agenda:
    """Return what all sources hold in the window; a bad one is reported and hides no other.

    The documents are added to `kept` as they are read.

    Raises SourceError when not a single one could be read, UsageError when none was named.
    """
    if documents:
        return _read((), reading, window, documents, kept=kept)
    return _read(() if documents is not None else _specs(source, reading), reading, window, kept=kept)


def _specs(source: SourceOptions, reading: _Reading) -> tuple[str, ...]:
    specs = tuple(source.sources or (entry.source for entry in reading.settings.calendars))
    if not specs:
        raise UsageError(
            "no calendar was named: give a .ics file, a folder or an address ('lastresort demo' needs none)"
        )
    return specs


class OpenSources:
    """Sources opened once, to be read for several windows: standard input cannot be opened again."""

    def __init__(self, source: SourceOptions, reading: _Reading, window: Interval) -> None:
        day = timedelta(days=1)  # the window may move by as much as zones differ
        specs = _specs(source, reading)
        self._reading = reading
        self._calendars = Calendars(
            reading.settings, reading.now, reading.settings.bounds, offline=reading.offline
        )
        with showing_progress() as tell:
            self._documents = tuple(self._calendars.documents(specs, window.widened(day, day), tell))

    def read(self, window: Interval) -> Agenda:
        """Return what the sources hold in the window. Raises SourceError when none could be read."""
        return _agenda(self._documents, self._calendars, self._reading, window)

    def explain(self, uid: str, read: Agenda) -> Explanation:
        """Return why the events with this UID are read as they are. Raises UsageError without any."""
        from lastresort.ics.explain import explain
        from lastresort.ics.problems import ProblemLog
        from lastresort.ics.reader import Request, gather

        settings = self._reading.settings
        me, policies = frozenset(settings.me), self._calendars.policies
        request = Request(read.window, read.zone, system_zone(), me, policies, settings.bounds)
        found = explain(gather(self._documents, request, ProblemLog()), uid, request)
        if not found.events:
            raise UsageError("--explain: no event read has this UID ('agenda --json' lists them)")
        return found


def _read(
    specs: Sequence[str],
    reading: _Reading,
    window: Interval,
    documents: Sequence[Document] = (),
    zone: str | None = None,
    kept: list[Document] | None = None,
) -> Agenda:
    calendars = Calendars(reading.settings, reading.now, reading.settings.bounds, offline=reading.offline)
    with showing_progress() as tell:
        opened = chain(documents, calendars.documents(specs, window, tell))
        return _agenda(_noted(opened, kept), calendars, reading, window, zone)


def _agenda(
    documents: Iterable[Document],
    calendars: Calendars,
    reading: _Reading,
    window: Interval,
    zone: str | None = None,
) -> Agenda:
    agenda = read_agenda(
        documents,
        window,
        zone=zone or reading.home,
        system_zone=system_zone(),
        me=frozenset(reading.settings.me),
        policies=calendars.policies,
        limits=reading.settings.bounds,
    )
    colored = tuple(info._replace(color=calendars.colors.get(info.name, "")) for info in agenda.sources)
    agenda = agenda._replace(
        sources=(*colored, *calendars.failed),
        problems=(*agenda.problems, *calendars.problems),
        me=agenda.me | calendars.owners,
    )
    if all(info.error for info in agenda.sources):
        raise SourceError("; ".join(info.error or "" for info in agenda.sources[:3]))
    return agenda


def _noted(documents: Iterable[Document], kept: list[Document] | None) -> Iterator[Document]:
    for document in documents:
        if kept is not None:
            kept.append(document)
        yield document


# -- the interview that is given by hand --------------------------------------------------------------------


def _invited(question: QuestionOptions, reading: _Reading, query: Query) -> tuple[Occurrence, ...]:
    if question.at and not question.for_:
        raise UsageError("--at needs --for: when the interview starts, and how long it lasts")
    by_hand = (_at(question, query),) if question.at else ()
    return by_hand + (_from_invitation(question.invite, reading) if question.invite else ())


def _at(question: QuestionOptions, query: Query) -> Occurrence:
    from lastresort.times.parse import parse_duration, parse_time

    start = parse_time(
        question.at or "", query.zone, query.now, find_zone=lambda name: zones.find_zone(name, query.now)
    )
    length = parse_duration(question.for_ or "")
    if start <= query.now:
        raise UsageError("--at lies in the past: give the coming time of the interview")
    event = Event("--at", f"at-{start:%Y%m%dT%H%M%SZ}", summary="Interview", zone=query.zone)
    return Occurrence(event, Interval(start, start + length), Busy.CLASH, BusyReason.BUSY)


_GONE = (BusyReason.CANCELLED, BusyReason.DECLINED, BusyReason.DUPLICATE)


def _from_invitation(spec: str, reading: _Reading) -> tuple[Occurrence, ...]:
    window = Interval(reading.now, reading.now + timedelta(days=366))
    found = [o for o in _read([spec], reading, window).occurrences if o.reason not in _GONE]
    if not found:
        raise UsageError("the invitation holds no event that is still to come (--invite)")
    return tuple(found)


def _interviewer_busy(question: QuestionOptions, reading: _Reading, span: Interval) -> tuple[Interval, ...]:
    if not question.interviewer_calendar:
        return ()
    theirs = _read([question.interviewer_calendar], reading, span)
    return tuple(o.blocked for o in theirs.occurrences if o.busy is not Busy.IGNORE)


# -- the query ----------------------------------------------------------------------------------------------


def _query(settings: Settings, question: QuestionOptions, reading: _Reading) -> Query:
    plain = Query(reading.now, reading.home or system_zone())
    shared = {field: getattr(settings, field) for field in _SHARED}
    return plain._replace(
        **shared,
        interview=question.interview,
        interviewer_zone=_zone(settings.interviewer_tz, reading.now),
        country=_country(settings.country, "--country"),
        interviewer_country=_country(settings.interviewer_country, "--interviewer-country"),
        last_resort=question.last_resort,
        reason=read_reason(question.reason),
        cannot_come=question.reason is not None,
        interviewers=tuple(_known(entry, settings, reading.now) for entry in settings.interviewers),
    )


_SHARED = (
    "hours", "interviewer_hours", "padding", "notice", "days", "within", "slots", "cannot_move", "can_move",
    "rules", "costs",
)  # fmt: skip


def _known(entry: InterviewerEntry, settings: Settings, now: datetime) -> KnownInterviewer:
    """An entry of the configuration, without what an option or a variable says of every interviewer."""
    file = f"{settings.file}:"
    asked = {
        field
        for field in ("interviewer_tz", "interviewer_hours", "interviewer_country")
        if not settings.origin(field).startswith((file, DEFAULT))
    }
    return KnownInterviewer(
        entry.domain,
        None if "interviewer_tz" in asked else _zone(entry.tz, now),
        None if "interviewer_hours" in asked else entry.hours,
        None
        if "interviewer_country" in asked
        else _country(entry.country, f"{file} country of {entry.domain}"),
        entry.phone,
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
        f"{len(interviews) or 'no'} interviews were found until {last:%Y-%m-%d}: "
        "say which one with --interview, or how long it lasts with --for"
    )


# -- what was not read -------------------------------------------------------------------------------------


def is_incomplete(agenda: Agenda) -> bool:
    """Tell whether something that may take time was not read, so that nothing can be promised (exit 5)."""
    return any(problem.lost for problem in agenda.problems) or any(source.error for source in agenda.sources)


LOSSES = 5
"""Problems told on standard error; --verbose and --json have them all."""


def tell_losses(agenda: Agenda) -> None:
    """Say on standard error what was not read, a line each."""
    from lastresort.outputs.phrases import problem_line

    lost = [problem for problem in agenda.problems if problem.lost]
    for problem in lost[:LOSSES]:
        print(f"lastresort: {problem_line(problem)}", file=sys.stderr)
    if len(lost) > LOSSES:
        print(
            f"lastresort: {len(lost) - LOSSES} more that could not be read (agenda --problems)",
            file=sys.stderr,
        )
