"""The days that matter as rows, hours across: the interview, what is in its way, new times, times offered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lastresort.model import Busy, Interval
from lastresort.outputs import when
from lastresort.outputs.phrases import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lastresort.model import EventKey
    from lastresort.planning.rearrange import Move
    from lastresort.planning.report import InterviewReport, Report

DAYS = 8
"""Days that are drawn, the earliest first."""
CROWD = 20
"""Blocks of one kind on one day."""
USUAL = 8, 19
"""Hours that every picture shows."""
DAY = 24 * 60


class BlockKind(StrEnum):
    """What a block of time is. Of two that overlap the later one in this list is drawn above."""

    OTHER = "other"
    OLD = "old"
    """It makes room for something else of the plan."""
    MAYBE = "maybe"
    CLASH = "clash"
    NEW = "new"
    OFFER = "offer"
    INTERVIEW = "interview"


MEANINGS = {
    BlockKind.INTERVIEW: "interview",
    BlockKind.CLASH: "in its way",
    BlockKind.MAYBE: "may be in its way",
    BlockKind.OLD: "makes room",
    BlockKind.NEW: "its new time",
    BlockKind.OFFER: "offered",
    BlockKind.OTHER: "other",
}
"""The legend, in its order."""


class DayBlock(NamedTuple):
    """A stretch of one day, in minutes after midnight of the owner's clock, `end` excluded."""

    kind: BlockKind
    title: str
    start: int
    end: int
    hours: str
    """When it is, in words."""
    number: int = 0
    """Of an offer."""


class DayRow(NamedTuple):
    """One day. `blocks` come in the order in which they are drawn, what matters most last."""

    day: str
    date: date
    blocks: tuple[DayBlock, ...]


class Picture(NamedTuple):
    """Rows that share their hours, from `first` to `last` o'clock."""

    first: int
    last: int
    rows: tuple[DayRow, ...]

    @property
    def kinds(self) -> tuple[BlockKind, ...]:
        """The kinds that are drawn, in the order of the legend."""
        drawn = {block.kind for row in self.rows for block in row.blocks}
        return tuple(kind for kind in MEANINGS if kind in drawn)


class _Drawn(NamedTuple):
    """What is to be drawn, before it is cut at midnight."""

    kind: BlockKind
    title: str
    interval: Interval
    all_day: bool = False
    number: int = 0


def draw_days(entry: InterviewReport, report: Report) -> Picture:
    """Return the days of the interview, of the changes to other events and of the offers, in my zone.

    What clashes and what else is there are shown on those days alone, all-day events not at all unless they
    clash.
    """
    zone, now = report.agenda.zone, report.query.now
    told = list(dict.fromkeys(_stretches(entry)))
    days = sorted({day for one in told for day in _days_of(one, zone)})[:DAYS]
    shown = [*_others(entry, report), *told]
    rows = tuple(_row(day, shown, zone, now) for day in days)
    first, last = _hours(block for row in rows for block in row.blocks)
    return Picture(first, last, rows)


def _stretches(entry: InterviewReport) -> Iterator[_Drawn]:
    """Yield what the picture is about."""
    yield _Drawn(BlockKind.INTERVIEW, "Interview", entry.interview.occurrence.interval)
    clashing = {conflict.occurrence.key for conflict in entry.conflicts}
    for conflict in entry.conflicts[:CROWD]:
        one = conflict.occurrence
        hard = conflict.hard or conflict.kind == "interview"
        yield _Drawn(
            BlockKind.CLASH if hard else BlockKind.MAYBE, title_of(one), one.interval, all_day=one.all_day
        )
    for move in _moves(entry)[:CROWD]:
        if move.occurrence.key not in clashing:
            yield _Drawn(BlockKind.OLD, title_of(move.occurrence), move.occurrence.interval)
        if move.new:
            yield _Drawn(BlockKind.NEW, title_of(move.occurrence), move.new)
    for number, slot in enumerate(entry.slots, 1):
        yield _Drawn(BlockKind.OFFER, f"Offer {number}", slot.interval, number=number)


def _moves(entry: InterviewReport) -> list[Move]:
    return [*(entry.plan.moves if entry.plan else ()), *(move for slot in entry.slots for move in slot.needs)]


def _others(entry: InterviewReport, report: Report) -> Iterator[_Drawn]:
    """Yield the events that only show how full those days are."""
    own = (entry.interview.occurrence, *entry.interview.copies, *(c.occurrence for c in entry.conflicts))
    known: set[EventKey] = {one.key for one in own} | {move.occurrence.key for move in _moves(entry)}
    for one in report.agenda.occurrences:
        if one.busy is not Busy.IGNORE and not one.all_day and one.key not in known:
            yield _Drawn(BlockKind.OTHER, title_of(one), one.interval)


def _days_of(one: _Drawn, zone: str) -> set[date]:
    """Return the days for whose sake there is a row: clashes are shown on the days of the others."""
    if one.kind in (BlockKind.CLASH, BlockKind.MAYBE):
        return set()
    start, end = one.interval
    return {when.local(instant, zone).date() for instant in (start, max(start, end - timedelta(minutes=1)))}


def _row(day: date, stretches: Iterable[_Drawn], zone: str, now: datetime) -> DayRow:
    left = dict.fromkeys(BlockKind, CROWD)
    blocks = []
    for one in stretches:
        piece = _piece(one, day, zone)
        if piece is None or not left[one.kind]:
            continue
        left[one.kind] -= 1
        start, end = piece
        hours = when.span(one.interval, zone, now, all_day=one.all_day)
        blocks.append(DayBlock(one.kind, one.title, start, end, hours=hours, number=one.number))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    ranks = list(BlockKind)
    blocks.sort(key=lambda block: (ranks.index(block.kind), block.start))
    return DayRow(when.day(noon, "UTC", now), day, tuple(blocks))


def _piece(one: _Drawn, day: date, zone: str) -> tuple[int, int] | None:
    """Return the share of one day in minutes after midnight, the end excluded; `None` without one."""
    start, end = (when.local(instant, zone) for instant in one.interval)
    if start.date() > day or end.date() < day:
        return None
    begin = start.hour * 60 + start.minute if start.date() == day else 0
    until = end.hour * 60 + end.minute if end.date() == day else DAY
    if not until and start != end:
        return None
    return begin, max(until, begin + 1)  # where clocks are set back, an event may end before it began


def _hours(blocks: Iterable[DayBlock]) -> tuple[int, int]:
    """Return the first and the last hour: the usual ones, and all that the picture is about."""
    known: Sequence[DayBlock] = [
        one for one in blocks if one.kind is not BlockKind.OTHER and one.end - one.start < DAY
    ]
    first = min([USUAL[0], *(one.start // 60 for one in known)])
    last = max([USUAL[1], *(-(-one.end // 60) for one in known)])
    return first, min(last, 24)
