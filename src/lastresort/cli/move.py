"""`lastresort move`: one event, or one occurrence of a series, to another time."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple
from zoneinfo import ZoneInfo

from typer import Argument, Option

from lastresort.changes.plan import PlannedEdit, read_bytes
from lastresort.cli import completion
from lastresort.cli.changing import (
    ChangeOptions,
    ChangeRun,
    ChangeTask,
    change_calendars,
    check_again,
    perform,
    tell,
)
from lastresort.cli.numbers import find_event, is_number
from lastresort.cli.options import ConfigFile, OutputOptions, PresentMoment, QuestionOptions, SourceOptions
from lastresort.errors import RefusedError, UsageError
from lastresort.ics.editor import Context, Reschedule
from lastresort.ics.find_occurrence import WrittenOccurrence, look_up, may_hold
from lastresort.jobs.session import Session
from lastresort.jobs.workbench import Row
from lastresort.model import Interval
from lastresort.outputs.when import span
from lastresort.times.durations import parse_duration
from lastresort.times.single import parse_time

if TYPE_CHECKING:
    from lastresort.model import Document

_DAY = timedelta(days=1)


class MoveOptions(NamedTuple):
    """What is moved, and where to."""

    source: Annotated[
        str,
        Argument(
            metavar="SOURCE|N",
            help="The .ics file or folder it stands in; or the event's number in the last agenda.",
            show_default=False,
            autocompletion=completion.events,
        ),
    ] = ...  # type: ignore[assignment]
    uid: Annotated[
        str | None,
        Argument(metavar="UID|N", help="The event's UID, or its number there.", show_default=False),
    ] = None
    to: Annotated[str | None, Option("--to", metavar="TIME", help="When it is to start.")] = None
    by: Annotated[
        str | None, Option("--by", metavar="±DURATION", help="How much later, or earlier: 60m, -1h30m, 1d.")
    ] = None
    occurrence: Annotated[
        str | None, Option("--occurrence", metavar="TIME", help="Which one of a series: when it starts.")
    ] = None
    me: Annotated[list[str] | None, Option("--me", metavar="EMAIL", help="My address.")] = None
    tz: Annotated[str | None, Option("--tz", metavar="ZONE", help="My time zone.")] = None
    now: PresentMoment = None
    config: ConfigFile = None


def move(own: MoveOptions, options: ChangeOptions, output: OutputOptions) -> int:
    """Move one event, or one occurrence of a series, and check again.

    Only the lines that must change do; 'lastresort undo' takes it back. On a terminal you are asked first.
    Exit code: 0 done, 1 refused or failed, 2 wrong usage.
    """
    if (own.to is None) == (own.by is None):
        raise UsageError("say where to: either --to TIME or --by DURATION")
    source = SourceOptions(me=own.me, tz=own.tz, now=own.now, config=own.config)
    if own.uid is None and (not is_number(own.source) or os.path.exists(own.source)):
        raise UsageError("say which event: its UID, or the number that 'lastresort agenda' gave it")
    source = source if own.uid is None else source._replace(sources=[own.source])
    number = own.source if own.uid is None else own.uid
    which = _Which(own.uid or "", own.occurrence)
    if is_number(number):
        event = find_event(number, source)
        source = event.asked(source)
        at = own.occurrence or (event.row.start.isoformat() if event.row.recurring else None)
        which = _Which(event.row.uid, at, event.row.start)
    return change_calendars(lambda run: _move(own, which, run), source, QuestionOptions(), options, output)


class _Which(NamedTuple):
    """The event that moves, and where the last agenda had it, if it was named by its number there."""

    uid: str
    occurrence: str | None
    expected: datetime | None = None


def _move(own: MoveOptions, which: _Which, run: ChangeRun) -> None:
    session = run.session
    document, standing = _find(which, session)
    if which.expected is not None and own.occurrence is None and standing.interval.start != which.expected:
        raise RefusedError(
            "the event has moved since the last agenda: 'lastresort agenda' shows where it stands now"
        )
    try:
        new = _new_interval(own, standing, session)
    except OverflowError:
        raise UsageError("that time lies beyond the years that calendars know") from None
    mine = standing.organizer is None or standing.organizer in session.agenda.me
    edit = Reschedule(
        uid=which.uid, recurrence_id=standing.recurrence_id, old=standing.interval, new=new, mine=mine
    )
    task = ChangeTask((PlannedEdit(document, edit),), (_row(document, standing, new, session),), asks=False)
    if not mine:
        tell("Somebody else organises this event: only your copy moves, so ask them as well.", run.output)
    performed = perform(task, run)
    if performed.done:
        # the whole configuration is checked where the source is part of it
        configured = {entry.source for entry in session.settings.calendars}
        named = set(run.source.sources or ())
        source = run.source._replace(sources=None) if named <= configured else run.source
        check_again(source, run.question, run.output, performed.stands)


def _find(which: _Which, session: Session) -> tuple[Document, WrittenOccurrence]:
    """Return the document the event stands in, and its time there. Raises RefusedError without just one."""
    zone, now = session.agenda.zone, session.query.now
    at = parse_time(which.occurrence, zone, now) if which.occurrence else None
    found: list[tuple[Document, WrittenOccurrence]] = []
    refusals: list[RefusedError] = []
    for document in session.documents:
        data = read_bytes(document)
        if not may_hold(data, which.uid):
            continue
        try:
            standing = look_up(data, which.uid, Context(zone, now, document.name), at)
        except RefusedError as refusal:
            refusals.append(refusal)
            continue
        if standing:
            found.append((document, standing))
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(document.name for document, _ in found[:5])
        raise RefusedError(f"the event stands in several files; name one of them: {names}")
    raise refusals[0] if refusals else RefusedError("no event there has this UID")


def _new_interval(own: MoveOptions, standing: WrittenOccurrence, session: Session) -> Interval:
    zone = ZoneInfo(session.agenda.zone if standing.all_day else standing.zone or session.agenda.zone)
    start, end = standing.interval
    if own.by is not None:
        by = parse_duration(own.by, signed=True)
        moved = _later(start, by, zone)
    else:
        moved = parse_time(own.to or "", session.agenda.zone, session.query.now)
    if standing.all_day:
        days = end.astimezone(zone).replace(tzinfo=None) - start.astimezone(zone).replace(tzinfo=None)
        return Interval(moved, _later(moved, days, zone))
    return Interval(moved, moved + (end - start))


def _later(instant: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """Return an instant so much later: whole days keep the time of day, the rest is exact."""
    days = abs(by) // _DAY * (1 if by >= timedelta(0) else -1)
    return (instant.astimezone(zone) + days * _DAY).astimezone(UTC) + (by - days * _DAY)


def _row(document: Document, standing: WrittenOccurrence, new: Interval, session: Session) -> Row:
    zone, now = session.agenda.zone, session.query.now
    old = span(standing.interval, zone, now, all_day=standing.all_day)
    return Row(
        os.path.basename(document.name),
        "moved",
        before=old,
        after=span(new, zone, now, all_day=standing.all_day),
    )
