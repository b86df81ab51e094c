"""lastresort for programs: the jobs of the command line as functions that return values.

Nothing here prints, ends the process, or reads the clock, an environment variable or the user's configuration
(unless `config` names it). Only `apply` and `undo` change a calendar, and nothing is remembered without a
folder named by `state`. What the functions return is a named
tuple with all that was found; its `document` is the JSON that the contract fixes for the command of the same
name, and its `exit_code` is the command's. Errors are `LastResortError`s of `lastresort.errors`, with one
line for a person as their text.

Sources are paths and addresses as the command line takes them, bytes of a calendar, archive or mail, `Given`
bytes with a name, or `Document`s. `now` is the present moment; without a zone it is on the clock of whoever
owns the calendar.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict
from zoneinfo import ZoneInfo

from lastresort.advice.rules import all_rules
from lastresort.config import AttendeeCalendar, Settings
from lastresort.config.load import settle_options
from lastresort.jobs.agenda import Look, Window, look
from lastresort.jobs.carrying_out import Planned, Standing, apply, find_change, undo
from lastresort.jobs.carrying_out import plan_changes as _plan_changes
from lastresort.jobs.check import Checked
from lastresort.jobs.check import check as _check
from lastresort.jobs.conflicts import DoubleBookings, find_double_bookings
from lastresort.jobs.interviews import Listing, list_interviews
from lastresort.jobs.message import Details, Drafted, draft_message
from lastresort.jobs.propose import Proposal
from lastresort.jobs.propose import propose as _propose
from lastresort.jobs.run import Run, start_run
from lastresort.jobs.session import Inquiry, Question
from lastresort.jobs.weigh import Answer, Words
from lastresort.jobs.weigh import weigh as _weigh
from lastresort.messages.kinds import KINDS as MESSAGES
from lastresort.model import Document
from lastresort.outputs.json import rules_document
from lastresort.outputs.schema import DOCUMENTS, schema_of
from lastresort.sources import Given
from lastresort.sources.written import open_written, read_written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias, Unpack

    from lastresort.jobs.run import Source
    from lastresort.sources.written import Written

    AnySource: TypeAlias = "str | os.PathLike[str] | bytes | Source"


__all__ = [
    "DOCUMENTS",
    "MESSAGES",
    "Document",
    "Given",
    "Options",
    "Planned",
    "Standing",
    "agenda",
    "apply",
    "check",
    "conflicts",
    "interviews",
    "last_change",
    "message",
    "plan_changes",
    "propose",
    "rules",
    "schema",
    "undo",
    "weigh",
]


class Options(TypedDict, total=False):
    """What the functions share; each means what the option of that name means, and has its default.

    Durations are `timedelta`s or texts such as `45m`, moments `datetime`s or texts as people write them.
    """

    me: Sequence[str]
    tz: str
    config: str | os.PathLike[str]
    """A configuration file: it holds where no option is given, and its calendars where no source is."""
    settings: Settings
    """Settings that were worked out already, instead of a file."""
    state: str | os.PathLike[str]
    """A folder, absolute, for the journal of changes and for what earlier runs asked of whom. Without it
    nothing is remembered, and nothing can be changed."""
    offline: bool
    allow_http: bool
    max_size: str
    interview: str
    invite: AnySource
    at: datetime | str
    for_: timedelta | str
    interviewer_tz: str
    hours: str
    interviewer_hours: str
    country: str
    interviewer_country: str
    interviewer_calendar: Sequence[AnySource]
    attendee_calendar: Mapping[str, AnySource] | Sequence[str]
    """When colleagues are busy, by their address; or texts as the option takes them."""
    padding: timedelta | str
    notice: timedelta | str
    days: int
    within: int
    cannot_move: Sequence[str]
    can_move: Sequence[str]
    last_resort: bool
    reason: str
    slots: int
    language: str
    address: str


def check(*sources: AnySource, now: datetime, **options: Unpack[Options]) -> Checked:
    """Return what clashes with the interviews, the cheapest way to keep each, or times to offer instead."""
    return _check(_inquire(sources, now, options))


def propose(
    *sources: AnySource, now: datetime, windows: bool = False, **options: Unpack[Options]
) -> Proposal:
    """Return times to offer for one interview; with `for_` alone, for a meeting of that length.

    With `windows` every free stretch instead of two or three times.
    """
    return _propose(_inquire(sources, now, options), windows=windows)


def weigh(
    *sources: AnySource,
    now: datetime,
    offers: Sequence[str] = (),
    text: str | bytes | os.PathLike[str] | None = None,
    **options: Unpack[Options],
) -> Answer:
    """Return the times that they named, cheapest first, and the mail that accepts the best.

    `offers` are times in their own words; `text` is what they wrote, as text, as the bytes of a mail or poll,
    or as the path of a file.
    """
    words = Words(tuple(offers), _read(text) if text is not None else None)
    return _weigh(_inquire(sources, now, options), words)


def agenda(
    *sources: AnySource,
    now: datetime,
    start: datetime | str | None = None,
    end: datetime | str | None = None,
    **options: Unpack[Options],
) -> Look:
    """Return every event between `start` (now) and `end` (14 days later, excluded), busy or not, and why."""
    run = _start(now, options)
    return look(run, _sources(sources, run.settings), Window(_moment(start), _moment(end)))


def conflicts(
    *sources: AnySource,
    now: datetime,
    start: datetime | str | None = None,
    end: datetime | str | None = None,
    **options: Unpack[Options],
) -> DoubleBookings:
    """Return every pair of events that take the same time between `start` (now) and `end` (`days` later)."""
    inquiry = _inquire(sources, now, options)
    return find_double_bookings(inquiry, Window(_moment(start), _moment(end)))


def interviews(*sources: AnySource, now: datetime, **options: Unpack[Options]) -> Listing:
    """Return the interviews of the coming days, possible ones too, and what was read of each."""
    return list_interviews(_inquire(sources, now, options))


def message(
    kind: str,
    *sources: AnySource,
    now: datetime,
    agreed: datetime | str | None = None,
    event: str | None = None,
    by: timedelta | str | None = None,
    until: datetime | str | None = None,
    **options: Unpack[Options],
) -> Drafted:
    """Return the message of a kind (`email`, `nudge`, `ask-organiser` …), for one interview or other event.

    `agreed` is the new time of a confirmation, `event` another event by UID or words of its title, `by` how
    late I come, `until` the day by which I answer an offer. Nothing is sent.
    """
    details = Details(agreed=_moment(agreed), event=event, by=_length(by), until=_moment(until))
    return draft_message(_inquire(sources, now, options), kind, details)


def plan_changes(
    *sources: AnySource, now: datetime, plan: int = 1, only: Sequence[str] = (), **options: Unpack[Options]
) -> Planned:
    """Return what the plan of this number would change in the calendars, `only` some events of it by UID.

    Nothing is changed: `apply` does that, just as it was shown. Events that need somebody else first, or of
    which nothing is known, are left to you. Raises RefusedError when there is no plan.
    """
    return _plan_changes(_inquire(sources, now, options), plan, only)


def last_change(*, now: datetime, id: str | None = None, **options: Unpack[Options]) -> Standing:  # noqa: A002
    """Return the change that was made last, or that of a name, for `undo`; `state` names its journal."""
    return find_change(_start(now, options), id)


def rules() -> dict[str, Any]:
    """Return the rules of advice as `advice --json` has them."""
    return rules_document(all_rules())


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a document: one of `DOCUMENTS`."""
    schema: dict[str, Any] = json.loads(schema_of(name))
    return schema


# -- from what programs have to what the jobs take ----------------------------------------------------------


def _inquire(sources: Sequence[AnySource], now: datetime, options: Options) -> Inquiry:
    run = _start(now, options)
    asked: dict[str, Any] = {field: value for field, value in options.items() if field in Question._fields}
    asked["at"], asked["for_"] = _moment(options.get("at")), _length(options.get("for_"))
    if "invite" in asked:
        asked["invite"] = _source(asked["invite"], "invite")
    if "interviewer_calendar" in asked:
        theirs = enumerate(asked["interviewer_calendar"], 1)
        asked["interviewer_calendar"] = tuple(_source(one, f"their calendar {n}") for n, one in theirs)
    return Inquiry(run, _sources(sources, run.settings), Question(**asked))


def _start(now: datetime, options: Options) -> Run:
    given: dict[str, Any] = {field: value for field, value in options.items() if field in Settings._fields}
    for field in ("padding", "notice"):
        if field in given:
            given[field] = _length(given[field])
    if isinstance(theirs := given.get("attendee_calendar"), Mapping):
        given["attendee_calendar"] = [
            AttendeeCalendar(address.lower(), _source(one, f"calendar of attendee {place}"))
            for place, (address, one) in enumerate(theirs.items(), 1)
        ]
    if "state" in given:
        given["state"] = os.fspath(given["state"])
    config = options.get("config")
    settings = settle_options(
        given, config=os.fspath(config) if config else None, settled=options.get("settings", Settings())
    )
    return start_run(settings, partial(_in_zone, now), offline=options.get("offline", False))


def _in_zone(now: datetime, zone: str) -> datetime:
    return (now if now.tzinfo else now.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _sources(sources: Sequence[AnySource], settings: Settings) -> tuple[Source, ...]:
    named = tuple(_source(one, f"calendar {place}") for place, one in enumerate(sources, 1))
    return named or tuple(entry.source for entry in settings.calendars)


def _source(source: AnySource, name: str) -> Source:
    if isinstance(source, bytes):
        return Given(name, source)
    return source if isinstance(source, str | Given | Document) else os.fspath(source)


def _read(text: str | bytes | os.PathLike[str]) -> Written:
    if isinstance(text, os.PathLike):
        return open_written(os.fspath(text))
    return read_written(text.encode() if isinstance(text, str) else text, name="text")


def _moment(moment: datetime | str | None) -> str | None:
    return moment.isoformat() if isinstance(moment, datetime) else moment


def _length(length: timedelta | str | None) -> str | None:
    if not isinstance(length, timedelta):
        return length
    return f"PT{int(length.total_seconds() // 60)}M"
