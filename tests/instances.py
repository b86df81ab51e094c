"""Invented calendars as problems for the engine: light, typical, packed, over-packed, double-booked, crowded,
and with six interviews.

One seed gives one problem, everywhere. Minutes count from midnight of the first day; costs follow the cost
table.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from lastresort.costs import DEFAULT_COSTS as COSTS
from lastresort.planning.solver import Choice, Counts, Item

DAY = 24 * 60
QUARTER = 15
CAP = 1_000_000
"""More than all interviews cost to give up."""
ASK = 1500

Span = tuple[int, int]


class Family(NamedTuple):
    """What the calendars of one kind look like. `fill`: share of the working hours that is taken."""

    days: Span
    events: Span
    interviews: Span
    hours: Span = (8 * 60, 19 * 60)
    fill: float = 0.6
    pinned: float = 0.1
    doubled: float = 0.05
    """Share of the events put without regard for others."""
    rivals: float = 0.1
    """Share of the interviews put without regard for others."""


FAMILIES = {
    "light": Family(days=(5, 8), events=(8, 24), interviews=(1, 2), fill=0.4),
    "typical": Family(days=(5, 15), events=(20, 80), interviews=(1, 4)),
    "packed": Family(days=(5, 10), events=(60, 80), interviews=(2, 4), hours=(510, 1080), fill=0.85),
    "over-packed": Family(days=(2, 5), events=(40, 80), interviews=(2, 4), hours=(540, 1050), fill=1.0),
    "double-booked": Family(days=(4, 8), events=(20, 50), interviews=(1, 3), doubled=0.4),
    "crowded": Family(days=(4, 8), events=(60, 120), interviews=(1, 1), fill=9.0, pinned=0.02, doubled=1.0),
    "six": Family(days=(10, 10), events=(40, 70), interviews=(6, 6), pinned=0.15, rivals=0.4),
}


class Kind(NamedTuple):
    """What events of a kind have in common. `mine`: how often I organise it."""

    name: str
    often: int
    lengths: tuple[int, ...]
    mine: float


KINDS = (
    Kind("focus", 3, (60, 90, 120), 1),
    Kind("lunch", 2, (30, 60), 1),
    Kind("personal", 2, (30, 45, 60), 1),
    Kind("one_to_one", 4, (25, 30, 45), 0.5),
    Kind("stand_up", 3, (15, 15, 25), 0.3),
    Kind("team", 5, (45, 50, 60, 90), 0.3),
    Kind("external", 2, (30, 45, 60), 0.4),
)


class Meeting(NamedTuple):
    """An event before it becomes an item."""

    kind: Kind
    span: Span
    mine: bool
    pinned: bool
    series: bool
    closed: tuple[Span, ...]
    """When the others cannot."""


class Instance(NamedTuple):
    """A problem, and how large it is."""

    name: str
    items: tuple[Item, ...]


def instance(family: str, seed: int, at_most: int = 99) -> Instance:
    """Return the problem of a family that the seed stands for, on at most so many days."""
    random = Random(f"{family} {seed}")
    shape = FAMILIES[family]
    days = min(random.randint(*shape.days), at_most)
    meetings = _meetings(random, shape, days)
    interviews = _interviews(random, shape, days)
    pins = [m.span for m in meetings if m.pinned]
    events = tuple(
        Item(
            id=f"{number:03}",
            home=meeting.span,
            home_allowed=True,
            choices=tuple(_choices(meeting, shape, days, interviews, pins)),
        )
        for number, meeting in enumerate(meetings)
        if not meeting.pinned
    )
    return Instance(f"{family} {seed}", (*events, *_needs(interviews, pins)))


class Interview(NamedTuple):
    """Its time, what is kept free for certain, and what should be."""

    time: Span
    needed: Span
    padded: Span
    ask: int
    request: str = ""


def _needs(interviews: list[Interview], pins: list[Span]) -> list[Item]:
    """Return the interviews as items, and the requests that several of them share."""
    items = []
    for number, one in enumerate(interviews):
        tokens = tuple(
            min(number, n) * 100 + max(number, n)
            for n, other in enumerate(interviews)
            if n != number and (overlap(one.needed, other.time) or overlap(other.needed, one.time))
        )
        choices = [] if any(overlap(one.needed, pin) for pin in pins) else _kept(one, pins, tokens)
        request = f"r{one.request}" if one.request else ""
        gone = Choice(
            id=len(choices),
            span=None,
            cost=0 if request else one.ask,
            brings=(request,) if request else (),
            counts=Counts.GIVE_UP,
        )
        items.append(Item(f"i{number}", one.padded, home_allowed=False, choices=(*choices, gone)))
    shared = {one.request: one.ask for one in interviews if one.request}
    for name, ask in shared.items():
        price = Choice(id=0, span=None, cost=ask, counts=Counts.REQUEST)
        items.append(Item(f"r{name}", (0, 0), home_allowed=True, choices=(price,), least=ask))
    return items


def _kept(one: Interview, pins: list[Span], tokens: tuple[int, ...]) -> list[Choice]:
    """Return the ways to keep an interview: with all of its soft padding, or with less of it for a price."""
    found = []
    for start in sorted({one.padded[0], (one.padded[0] + one.needed[0]) // 2, one.needed[0]}):
        for end in sorted({one.padded[1], (one.padded[1] + one.needed[1]) // 2, one.needed[1]}):
            lost = start - one.padded[0] + one.padded[1] - end
            if not any(overlap((start, end), pin) for pin in pins):
                cost = 10 * min(-(-lost // 5), 4)
                found.append(
                    Choice(
                        id=len(found),
                        span=None,
                        cost=cost,
                        clears=(start, end),
                        tokens=tokens,
                        counts=Counts.KEEP,
                    )
                )
    return found


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share time."""
    return one[0] < other[1] and other[0] < one[1]


def _meetings(random: Random, shape: Family, days: int) -> list[Meeting]:
    wanted = random.randint(*shape.events)
    room = [round((shape.hours[1] - shape.hours[0]) * shape.fill)] * days
    meetings: list[Meeting] = []
    for _ in range(wanted * 6):
        kind = random.choices(KINDS, [kind.often for kind in KINDS])[0]
        length = random.choice(kind.lengths)
        day = random.randrange(days)
        start = day * DAY + random.randrange(shape.hours[0], shape.hours[1] - length + 1, QUARTER)
        if kind.name == "lunch":
            start = day * DAY + random.choice((705, 720, 735, 750))
        span = (start, start + length)
        careless = random.random() < shape.doubled
        if room[day] < length or (not careless and any(overlap(span, m.span) for m in meetings)):
            continue
        room[day] -= length
        meetings.append(_meeting(random, shape, kind, span, days))
        if len(meetings) == wanted:
            break
    return sorted(meetings, key=lambda m: m.span)


def _meeting(random: Random, shape: Family, kind: Kind, span: Span, days: int) -> Meeting:
    closed = []
    if kind.name in ("team", "external", "one_to_one"):
        for day in range(days):
            for _ in range(random.randrange(4)):
                start = day * DAY + random.randrange(*shape.hours, 30)
                closed.append((start, start + random.choice((60, 120))))
    pinned = random.random() < shape.pinned
    series = kind.name == "stand_up" or random.random() < 0.4
    return Meeting(kind, span, random.random() < kind.mine, pinned, series, tuple(closed))


def _interviews(random: Random, shape: Family, days: int) -> list[Interview]:
    found: list[Interview] = []
    for number in range(random.randint(*shape.interviews)):
        start = random.randrange(days) * DAY + random.randrange(shape.hours[0] + 30, shape.hours[1] - 90, 30)
        time = (start, start + random.choice((45, 60, 90)))
        careless = random.random() < shape.rivals
        if not careless and any(overlap((time[0] - 10, time[1] + 10), other.padded) for other in found):
            continue
        hard = random.choice((0, 0, 0, 45))
        ask = round(ASK * random.choice((1, 1, 1, 1.1, 1.3, 2)))
        day = [n for n, other in enumerate(found) if other.time[0] // DAY == start // DAY]
        request = ""
        if day and random.random() < 0.3:
            first = found[day[0]]
            request, ask = first.request or str(number), first.ask
            found[day[0]] = first._replace(request=request)
        soft = 0 if hard else 10
        needed = (time[0] - hard, time[1] + hard)
        padded = (needed[0] - soft, needed[1] + soft)
        found.append(Interview(time=time, needed=needed, padded=padded, ask=ask, request=request))
    return found


def _choices(
    meeting: Meeting, shape: Family, days: int, interviews: list[Interview], pins: list[Span]
) -> list[Choice]:
    moves = [
        Choice(0, span, round(points * 10), displacement, group, doubt)
        for span, points, displacement, group, doubt in _moves(meeting, shape, days, interviews, pins)
    ]
    found = [*moves, *_shortened(meeting, interviews), *_skipped(meeting)]
    return [choice._replace(id=number) for number, choice in enumerate(found)]


Way = tuple[Span, float, int, str, int]


def _moves(
    meeting: Meeting, shape: Family, days: int, interviews: list[Interview], pins: list[Span]
) -> list[Way]:
    length = meeting.span[1] - meeting.span[0]
    home_day = meeting.span[0] // DAY
    tied = meeting.kind.name in ("lunch", "stand_up")
    with_people = meeting.kind.name in ("team", "external", "one_to_one", "stand_up")
    closed = [*pins, *meeting.closed, *(i.time for i in interviews if with_people)]
    ways: list[Way] = []
    for day in range(days):
        if tied and day != home_day:
            continue
        first, last = (675, 870) if meeting.kind.name == "lunch" else shape.hours
        for clock in range(first, last - length + 1, QUARTER):
            span = (day * DAY + clock, day * DAY + clock + length)
            if span == meeting.span or any(overlap(span, other) for other in closed):
                continue
            points = _fixed_points(meeting) + _shift_points(meeting.span[0], span[0])
            points += 4 if meeting.kind.name != "lunch" and _unpleasant(clock, clock + length) else 0
            action = "move" if meeting.mine else "ask-organiser"
            group = f"{action} day {day} {'am' if clock < 720 else 'pm'}"
            ways.append((span, points, abs(span[0] - meeting.span[0]), group, _doubt(meeting)))
    return ways


def _fixed_points(meeting: Meeting) -> float:
    return (
        COSTS.touched + COSTS.kinds[meeting.kind.name.replace("_", "-")] + (0 if meeting.mine else COSTS.ask)
    )


def _shift_points(old: int, new: int) -> float:
    away = abs(new // DAY - old // DAY)
    if away:
        points = COSTS.another_day + COSTS.each_further_day * (away - 1)
    else:
        points = next(points for hours, points in COSTS.shifts if abs(new - old) <= hours * 60)
    return points + (COSTS.earlier if new < old else 0)


def _unpleasant(start: int, end: int) -> bool:
    return start < 540 or end > 1050 or overlap((start, end), (720, 780))


def _doubt(meeting: Meeting) -> int:
    return 0 if meeting.mine else round(COSTS.kinds[meeting.kind.name.replace("_", "-")])


def _shortened(meeting: Meeting, interviews: list[Interview]) -> list[Choice]:
    """Return what leaves out the time under one interview, and goes on before it, after it, or both."""
    start, end = meeting.span
    found = []
    for interview in interviews:
        first, last = interview.needed
        missed = min(end, last) - max(start, first)
        if missed <= 0 or missed * 2 >= end - start:
            continue
        rest = tuple((a, b) for a, b in ((start, first), (last, end)) if a < b)
        points = COSTS.touched + max((_fixed_points(meeting) - COSTS.touched) * missed / (end - start), 2)
        group = f"shorten {first}"
        found.append(Choice(0, None, round(points * 10), missed, group, doubt=_doubt(meeting), stays=rest))
    return found


def _skipped(meeting: Meeting) -> list[Choice]:
    if not meeting.series:
        return []
    points = COSTS.skips[meeting.kind.name.replace("_", "-")]
    return [Choice(0, None, round(points * 10), 7 * DAY, "skip")]
