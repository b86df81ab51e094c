"""The days that matter as a picture: interview, clashes, moves and offered slots on the clock.

Positions across are percentages, so that a picture fits a telephone and a desktop without shrinking its
letters; positions down are pixels of the owner's wall clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.model import Busy, Interval, Occurrence
from lastresort.outputs import when
from lastresort.outputs.phrases import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lastresort.model import EventKey
    from lastresort.planning.check import InterviewReport, Report
    from lastresort.planning.rearrange import Move

HOUR = 40
"""Pixels of an hour."""
HEAD = 38
"""Pixels above the first hour, for the days' names."""
LEAST = 15
"""Pixels of the lowest box: a line of letters."""
ABREAST = 4
"""Days beside each other: more would be too narrow on a telephone."""
DAYS = 12
CROWD = 20
"""Other events shown of one day."""
LANES = 4
KINDS = {
    "interview": "the interview",
    "clash": "clashes",
    "check": "may clash",
    "old": "makes room",
    "new": "new time",
    "slot": "offered",
    "busy": "other events",
}
"""What is drawn, in the order of the legend."""
_DAY = 24 * 60


class Box(NamedTuple):
    """A rectangle: `left` and `width` in percent, `top` and `height` in pixels."""

    kind: str
    label: str
    hours: str
    left: float
    top: int
    width: float
    height: int


class Line(NamedTuple):
    """A full hour: where it lies, in pixels, and what the clocks show then, mine and theirs."""

    top: int
    mine: str
    theirs: str


class Column(NamedTuple):
    """A day: `left` and `middle` in percent; `apart` when days before it are left out."""

    weekday: str
    date: str
    left: float
    middle: float
    apart: bool


class Picture(NamedTuple):
    """Up to four days, from the top to `height` pixels."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    boxes: tuple[Box, ...]
    height: int
    kinds: tuple[str, ...]


class _Block(NamedTuple):
    """What is to be drawn."""

    kind: str
    label: str
    interval: Interval
    all_day: bool = False


class _Piece(NamedTuple):
    """A block's share of one day, in minutes after midnight."""

    block: _Block
    start: int
    end: int


class _Placed(NamedTuple):
    """A piece with its lane, counted from the left, among those beside it."""

    piece: _Piece
    lane: int
    lanes: int


def draw_weeks(entry: InterviewReport, report: Report) -> tuple[Picture, ...]:
    """Return the days of the interview, its moves and its slots, four to a picture, in the owner's zone."""
    zone = report.agenda.zone
    blocks = _blocks(entry)
    days = sorted({day for block in blocks for day in _ends(block, zone)})[:DAYS]
    other = list(_others(entry, report, days))
    return tuple(
        _draw(entry, report, days[first : first + ABREAST], blocks, other)
        for first in range(0, len(days), ABREAST)
    )


# -- what is drawn ------------------------------------------------------------------------------------------


def _blocks(entry: InterviewReport) -> list[_Block]:
    blocks = [_Block("interview", "Interview", entry.interview.occurrence.interval)]
    moves = [
        *(entry.plan.moves if entry.plan else ()),
        *(move for slot in entry.slots for move in slot.needs),
    ]
    clashing = {conflict.occurrence.key for conflict in entry.conflicts}
    blocks += [_clash(c.occurrence, c.kind.value) for c in entry.conflicts[:CROWD]]
    for move in moves[:CROWD]:
        blocks += _moved(move, known=move.occurrence.key in clashing)
    blocks += [_Block("slot", f"Slot {n}", slot.interval) for n, slot in enumerate(entry.slots, 1)]
    return list(dict.fromkeys(blocks))


def _clash(occurrence: Occurrence, kind: str) -> _Block:
    hard = occurrence.busy is Busy.CLASH or kind == "interview"
    name = "clash" if hard else "check"
    return _Block(name, title_of(occurrence), occurrence.interval, occurrence.all_day)


def _moved(move: Move, *, known: bool) -> Iterator[_Block]:
    title = title_of(move.occurrence)
    if not known:
        yield _Block("old", title, move.occurrence.interval)
    if move.new:
        yield _Block("new", f"→ {title}", move.new)


def _others(entry: InterviewReport, report: Report, days: Sequence[date]) -> Iterator[_Block]:
    """The events that only show how full those days are."""
    shown = _shown(entry)
    left = dict.fromkeys(days, CROWD)
    zone = report.agenda.zone
    for occurrence in report.agenda.occurrences:
        if occurrence.busy is Busy.IGNORE or occurrence.all_day or occurrence.key in shown:
            continue
        day = when.local(occurrence.interval.start, zone).date()
        if left.get(day):
            left[day] -= 1
            yield _Block("busy", title_of(occurrence), occurrence.interval)


def _shown(entry: InterviewReport) -> frozenset[EventKey]:
    interview = entry.interview
    own = [interview.occurrence, *interview.copies, *(c.occurrence for c in entry.conflicts)]
    moves = [*(entry.plan.moves if entry.plan else ()), *(m for slot in entry.slots for m in slot.needs)]
    return frozenset(o.key for o in (*own, *(move.occurrence for move in moves)))


def _ends(block: _Block, zone: str) -> set[date]:
    """The days a block begins and ends on; clashes are shown on the days of the others."""
    if block.kind in ("clash", "check"):
        return set()
    start, end = block.interval
    return {when.local(instant, zone).date() for instant in (start, max(start, end - timedelta(minutes=1)))}


# -- where it is drawn --------------------------------------------------------------------------------------


def _draw(
    entry: InterviewReport,
    report: Report,
    days: Sequence[date],
    blocks: Sequence[_Block],
    others: Sequence[_Block],
) -> Picture:
    zone = report.agenda.zone
    told = {day: list(_pieces(blocks, day, zone)) for day in days}
    first, last = _hours(piece for pieces in told.values() for piece in pieces)
    full = [
        list(_placed(_clipped([*told[day], *_pieces(others, day, zone)], first * 60, last * 60)))
        for day in days
    ]
    shares = _shares(full)
    boxes = [
        _box(placed, first, share, report)
        for share, day in zip(shares, full, strict=True)
        for placed in sorted(day, key=lambda placed: placed.piece.start)
    ]
    return Picture(
        tuple(_column(days, place, share, report) for place, share in enumerate(shares)),
        tuple(_line(hour, first, days, entry, zone) for hour in range(first, last + 1)),
        tuple(boxes),
        HEAD + (last - first) * HOUR + 8,
        tuple(kind for kind in KINDS if any(box.kind == kind for box in boxes)),
    )


def _shares(days: Sequence[Sequence[_Placed]]) -> list[tuple[float, float]]:
    """Left and width of each day in percent: a crowded one gets more."""
    weights = [1 + 0.35 * (max((placed.lanes for placed in day), default=1) - 1) for day in days]
    unit = 100 / sum(weights)
    return [(unit * sum(weights[:place]), unit * weight) for place, weight in enumerate(weights)]


def _pieces(blocks: Iterable[_Block], day: date, zone: str) -> Iterator[_Piece]:
    for block in blocks:
        start, end = (when.local(instant, zone) for instant in block.interval)
        if start.date() > day or end.date() < day:
            continue
        begin = start.hour * 60 + start.minute if start.date() == day else 0
        until = end.hour * 60 + end.minute if end.date() == day else _DAY
        if until or start == end:
            # where clocks are set back, an event may end before it began
            yield _Piece(block, begin, max(until, begin + 1))


def _hours(pieces: Iterable[_Piece]) -> tuple[int, int]:
    """The first and the last hour of the picture: what matters with some air around it."""
    known = [(p.start, p.end) for p in pieces if p.end - p.start < _DAY] or [(9 * 60, 17 * 60)]
    first = max(min(start for start, _ in known) // 60 - 1, 0)
    last = min(-(-max(end for _, end in known) // 60) + 1, 24)
    last = min(max(last, first + 5), 24)
    return min(first, last - 5), last


def _clipped(pieces: Iterable[_Piece], first: int, last: int) -> list[_Piece]:
    return [
        piece._replace(start=max(piece.start, first), end=min(piece.end, last))
        for piece in pieces
        if piece.start < last and piece.end > first
    ]


def _placed(pieces: Iterable[_Piece]) -> Iterator[_Placed]:
    """The pieces of one day, those that overlap beside each other; what finds no lane is left out."""
    for cluster in _clusters(sorted(pieces, key=lambda piece: (piece.start, piece.end))):
        found: list[tuple[int, _Piece]] = []
        for piece in sorted(cluster, key=_weight):
            lane = _free_lane(piece, found)
            if lane < LANES:
                found.append((lane, piece))
        lanes = 1 + max(lane for lane, _ in found)
        yield from (_Placed(piece, lane, lanes) for lane, piece in found)


def _clusters(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces, sorted by start, in groups that do not touch each other."""
    cluster: list[_Piece] = []
    for piece in pieces:
        if cluster and piece.start >= max(_bottom(earlier) for earlier in cluster):
            yield cluster
            cluster = []
        cluster.append(piece)
    if cluster:
        yield cluster


def _bottom(piece: _Piece) -> int:
    """The minute down to which the box reaches: the lowest holds a line of letters."""
    return max(piece.end, piece.start + LEAST * 60 // HOUR)


def _weight(piece: _Piece) -> tuple[int, int]:
    """The interview on the left, what only shows how full the day is where room is left."""
    return list(KINDS).index(piece.block.kind), piece.start


def _free_lane(piece: _Piece, found: Iterable[tuple[int, _Piece]]) -> int:
    taken = {lane for lane, other in found if piece.start < _bottom(other) and other.start < _bottom(piece)}
    return next(lane for lane in range(len(taken) + 1) if lane not in taken)


def _box(placed: _Placed, first: int, day: tuple[float, float], report: Report) -> Box:
    piece, block, width = placed.piece, placed.piece.block, day[1] / placed.lanes
    hours = when.span(block.interval, report.agenda.zone, report.query.now, all_day=block.all_day)
    left = day[0] + placed.lane * width
    top = HEAD + (piece.start - first * 60) * HOUR // 60
    height = (_bottom(piece) - piece.start) * HOUR // 60
    return Box(block.kind, block.label, hours, round(left + 0.5, 2), top, round(width - 1, 2), height)


def _column(days: Sequence[date], place: int, share: tuple[float, float], report: Report) -> Column:
    day, (left, width) = days[place], share
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    weekday, date_ = when.day(noon, "UTC", report.query.now).split(" ", 1)
    apart = place > 0 and day - days[place - 1] > timedelta(days=1)
    return Column(weekday, date_, round(left, 2), round(left + width / 2, 2), apart)


def _line(hour: int, first: int, days: Sequence[date], entry: InterviewReport, zone: str) -> Line:
    """The hour on both clocks; only on mine where theirs differs from day to day."""
    theirs = entry.interview.interviewer.zone
    clocks = {_clock(day, hour, zone, theirs) for day in days} if theirs != zone else {""}
    return Line(HEAD + (hour - first) * HOUR, f"{hour:02}:00", clocks.pop() if len(clocks) == 1 else "")


def _clock(day: date, hour: int, zone: str, theirs: str) -> str:
    mine = datetime(day.year, day.month, day.day, hour % 24, tzinfo=ZoneInfo(zone))
    return when.clock(mine.astimezone(UTC), theirs)
