"""Which clock times belong to which days, and whether a text offers them or speaks of them otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.times.items import (
    GLUE,
    LINKS,
    Clock,
    Day,
    DayRange,
    Half,
    Impossible,
    Item,
    Other,
    Part,
    Same,
    Sign,
    Stretch,
    Week,
    Which,
    Zone,
)
from lastresort.times.language import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BOUNDS = frozenset((Sign.CELL, Sign.BREAK, Sign.LINE, Sign.COMMA, Sign.DASH, Sign.PAREN, Kind.CONTRAST))
"""What ends the reach of `not` and its kind."""
QUIET = frozenset(
    (
        Kind.FILLER,
        Kind.LEFT,
        Kind.DAY_BEFORE,
        Kind.CLOCK_BEFORE,
        Kind.OF,
        Kind.FROM,
        Sign.COMMA,
        Sign.COLON,
        Sign.PAREN,
        Sign.DASH,
    )
)
_BETWEEN_TELLINGS = frozenset((Sign.PAREN, Sign.SLASH, Sign.COMMA, Sign.DASH, Kind.OR, Kind.FILLER))
_WORKING_WEEK = 4
_WORKING_DAY = range(7, 11)
"""Hours between the ends of office hours, on a clock with twelve."""
_LONGEST_REACH = 40
"""Items that are looked at before and behind a time for what is said of it."""


class Named(NamedTuple):
    """A stretch or part of the day as named, with the zone beside it."""

    what: Stretch | Part | Impossible
    start: int
    end: int
    """Items, the end excluded."""
    zone: Zone | None = None
    part: Part | None = None
    """The part of the day that says which half a clock time is in."""
    retold: bool = False
    """The time before it, told once more in another zone."""
    bracketed: bool = False


class Group(NamedTuple):
    """Days and what is named of them: every stretch holds for every day."""

    days: tuple[tuple[Day | DayRange, int], ...]
    """With the place of each among the items."""
    named: tuple[Named, ...]
    start: int
    end: int
    """Items, the end excluded."""
    carried: bool = False
    """The day was named in a sentence before."""


class _Draft:
    """A group while its items come in."""

    def __init__(self, start: int) -> None:
        self.days: list[tuple[Day | DayRange, int]] = []
        self.named: list[Named] = []
        self.start = start
        self.end = start
        self.clock_first = False
        self.carried = False
        self.broken = False
        """A sentence or line has ended since."""

    def finished(self) -> Group:
        return Group(
            days=tuple(self.days),
            named=tuple(self.named),
            start=self.start,
            end=self.end,
            carried=self.carried,
        )


def group_items(items: Sequence[Item]) -> tuple[Group, ...]:
    """Return what is named, each with its days; without any where a text names none."""
    return tuple(_tidied(group, items) for group in _Grouping(items).groups())


class _Grouping:
    """Goes through the items once: a group is filled, and clock times may wait for their day."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._done: list[Group] = []
        self._draft: _Draft | None = None
        self._waiting: list[Named] = []

    def groups(self) -> list[Group]:
        """Return the groups in the order of the text."""
        for place, item in enumerate(self._items):
            if isinstance(item.what, Day | DayRange):
                self._take_day(item.what, place)
            elif isinstance(item.what, Stretch | Part | Impossible):
                self._take_stretch(place)
            elif item.what in (Sign.BREAK, Sign.LINE):
                if self._draft:
                    self._draft.broken = True
                if item.what is Sign.BREAK:
                    self._give_up_waiting()
        self._finish()
        self._give_up_waiting()
        return self._done

    def _finish(self) -> None:
        if self._draft:
            self._done.append(self._draft.finished())
        self._draft = None

    def _give_up_waiting(self) -> None:
        """Let clock times that no day came for stand without one."""
        if self._waiting:
            waited = tuple(self._waiting)
            self._done.append(Group(days=(), named=waited, start=waited[0].start, end=waited[-1].end))
        self._waiting = []

    def _take_day(self, day: Day | DayRange, place: int) -> None:
        draft = self._draft
        if self._waiting:
            self._finish()
            draft = _Draft(self._waiting[0].start)
            draft.named, draft.clock_first = self._waiting, True
            self._waiting = []
        elif draft is None or draft.broken or not self._continues(draft, place):
            self._finish()
            draft = _Draft(place)
        draft.days.append((day, place))
        draft.end = place + 1
        self._draft = draft

    def _continues(self, draft: _Draft, place: int) -> bool:
        """Tell whether a day belongs to those before it: `Tuesday or Wednesday at 3`."""
        return _is_list(self._items, draft.end, place) and (draft.clock_first or not draft.named)

    def _take_stretch(self, place: int) -> None:
        named = _named(self._items, place)
        if self._draft is None or _belongs_to_next_day(self._items, place, self._draft):
            self._finish()
            self._waiting.append(named)
            return
        if self._draft.broken and self._draft.named:
            carried = _carry(self._draft, place)
            self._finish()
            self._draft = carried
        self._draft.named.append(named)
        self._draft.broken = self._draft.clock_first = False
        self._draft.end = max(self._draft.end, named.end)


def _carry(draft: _Draft, place: int) -> _Draft:
    """The days of an earlier sentence, for clock times that come without one."""
    carried = _Draft(place)
    carried.days = list(draft.days)
    carried.carried = True
    return carried


def _is_list(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether nothing but separators stands between two members of a list."""
    return end - start < _LONGEST_REACH and all(item.what in LINKS for item in items[start:end])


def _named(items: Sequence[Item], place: int) -> Named:
    """The stretch with the zone that stands beside it, in brackets or not."""
    what, end, zone = items[place].what, place + 1, None
    here = end
    while (
        here < len(items)
        and here < place + 4
        and items[here].what in (Sign.PAREN, Sign.COMMA, Kind.FILLER, Kind.DAY_BEFORE, Kind.CLOCK_BEFORE)
    ):
        here += 1
    if here < len(items) and isinstance(items[here].what, Zone):
        zone, end = items[here].what, here + 1
    elif (
        place
        and isinstance(items[place - 1].what, Zone)
        and not (place > 1 and isinstance(items[place - 2].what, Stretch))
    ):
        zone = items[place - 1].what
    bracketed = place > 0 and items[place - 1].what is Sign.PAREN
    assert isinstance(what, Stretch | Part | Impossible)
    return Named(what, place, end, zone, bracketed=bracketed)  # type: ignore[arg-type]


def _belongs_to_next_day(items: Sequence[Item], place: int, draft: _Draft) -> bool:
    """Tell whether a clock time begins something new, as the second in `10am Tuesday, 11am Wednesday`."""
    if not draft.named and _is_glued(items, draft.end, place):
        return False
    end = _named(items, place).end
    while end < len(items) and items[end].what in (Kind.FILLER, Kind.DAY_BEFORE, Kind.OF):
        end += 1
    if end >= len(items) or not isinstance(items[end].what, Day | DayRange):
        return False
    after = end + 1
    while after < len(items) and items[after].what in (Kind.FILLER, Kind.CLOCK_BEFORE, Kind.DAY_BEFORE):
        after += 1
    begins_anew = isinstance(items[place].what, Part) and any(
        item.what in (Kind.OR, Sign.COMMA) for item in items[draft.end : place]
    )
    """`any time` behind `or` in `Tuesday 2–4 or any time Thursday after 10`."""
    return (
        draft.clock_first
        or begins_anew
        or not draft.named
        or not (after < len(items) and isinstance(items[after].what, Stretch | Part))
    )


def _is_glued(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether a clock time stands right behind its day."""
    return all(item.what in GLUE or isinstance(item.what, Zone | Week) for item in items[start:end])


def _tidied(group: Group, items: Sequence[Item]) -> Group:
    """The group with parts of the day joined to clock times beside them, and second tellings marked."""
    named: list[Named] = []
    replaced = [one for one in group.named if _is_replaced(items, one.start)]
    for one in group.named:
        if one in replaced and len(replaced) < len(group.named):
            continue
        last = named[-1] if named else None
        if last and _is_narrower(last, one, items):
            named[-1] = last._replace(what=one.what, end=one.end, zone=one.zone or last.zone)
            continue
        if last and _is_apart(items, last.end, one.start):
            joined = _joined(last, one)
            if joined:
                named[-1] = joined
                continue
        if (
            last
            and isinstance(one.what, Stretch)
            and isinstance(last.what, Stretch)
            and one.zone
            and last.zone
        ):
            between = {item.what for item in items[last.end : one.start]}
            if one.zone != last.zone and between <= _BETWEEN_TELLINGS:
                one = one._replace(retold=True)  # noqa: PLW2901
        named.append(one)
    return group._replace(named=tuple(named))


def _is_apart(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether two neighbours are joined by nothing that makes a list of them."""
    between = items[start:end]
    return len(between) < 4 and not any(
        item.what in (Kind.OR, Sign.COMMA, Sign.SLASH, Sign.BREAK, Sign.LINE, Sign.CELL)
        or isinstance(item.what, Other)
        for item in between
    )


def _is_replaced(items: Sequence[Item], start: int) -> bool:
    """Tell whether `instead of` stands right before a time."""
    place = start - 1
    while place >= 0 and items[place].what in QUIET and items[place].what is not Sign.COMMA:
        place -= 1
    return place >= 0 and items[place].what is Kind.INSTEAD


def _is_narrower(first: Named, second: Named, items: Sequence[Item]) -> bool:
    """Tell whether a part of the day tells the one before it more closely: `Friday morning, first thing`."""
    both = isinstance(first.what, Part) and isinstance(second.what, Part)
    close = all(item.what in QUIET for item in items[first.end : second.start])
    return both and close and _is_within(second.what, first.what)  # type: ignore[arg-type]


def _joined(first: Named, second: Named) -> Named | None:
    """`afternoon at 3`, `at 3 in the afternoon`, `any time after 3`: one time said by two words."""
    for part, other in ((first, second), (second, first)):
        if isinstance(part.what, Part) and isinstance(other.what, Stretch):
            return other._replace(
                start=first.start, end=second.end, zone=other.zone or part.zone,
                part=part.what if part.what.start else other.part,
            )  # fmt: skip
    if isinstance(first.what, Part) and isinstance(second.what, Part):
        within = _is_within(second.what, first.what)
        if within or _is_within(first.what, second.what):
            what = second.what if within else first.what
            return first._replace(what=what, end=second.end, zone=second.zone or first.zone)
    return None


def _is_within(one: Part, other: Part) -> bool:
    """Tell whether one part of the day lies in another: `first thing` in `morning`, any in the whole day."""
    if None in (one.start, one.end, other.start, other.end):
        return other.start is None
    return other.start <= one.start and one.end <= other.end  # type: ignore[operator]


def half_of(part: Part | None) -> Half | None:
    """Return the half of the day that a part of it lies in."""
    if part is None or part.start is None:
        return None
    return Half.AM if part.start.hour < 12 else Half.PM


# ---- times told by others


def place_same(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items with the clock times that `the same time` and `an hour later` stand for."""
    placed: list[Item] = []
    last: Stretch | None = None
    for item in items:
        what = item.what
        if isinstance(what, Same):
            what = _later(last, what.later) if last else Other()
        if isinstance(what, Stretch):
            last = what
        placed.append(item._replace(what=what))
    return tuple(placed)


def _later(stretch: Stretch, minutes: int) -> Stretch | Other:
    """The stretch so many minutes later; nothing where that is on another day."""
    if not minutes:
        return stretch
    clocks = [_clock_later(clock, minutes) if clock else None for clock in (stretch.first, stretch.last)]
    if clocks[0] is None:
        return Other()
    return stretch._replace(first=clocks[0], last=clocks[1])


def _clock_later(clock: Clock, minutes: int) -> Clock | None:
    hour = clock.hour % 12 + 12 * (clock.half is Half.PM) if clock.half else clock.hour
    hour, minute = divmod(60 * hour + clock.minute + minutes, 60)
    if not 0 < hour < 24:
        return None
    return clock._replace(
        hour=hour, minute=minute, half=None, padded=bool(clock.half) or clock.padded or hour > 12
    )


# ---- months


def place_months(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items with the month of a date given to the later days of its sentence that tell none.

    Of weekdays it is told which come behind a later one.
    """
    placed: list[Item] = []
    last: Day | None = None
    weekday: int | None = None
    for item in items:
        what = item.what
        if what is Sign.BREAK:
            last = None
        elif isinstance(what, DayRange):
            last = what.last
        elif isinstance(what, Day) and _is_plain_weekday(what):
            what = what._replace(behind=weekday is not None and weekday > (what.weekday or 0))
            weekday = what.weekday
        elif isinstance(what, Day) and what.day is not None:
            goes_on = last and last.month and not last.swappable and what.day > (last.day or 0)
            if what.month is None and last and goes_on:
                what = what._replace(month=last.month, year=last.year)
            last = what
        placed.append(item._replace(what=what))
    return tuple(placed)


# ---- weeks


def place_weeks(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return the items with `next week` and `the week of 18 May` told of the weekdays they are said of.

    Beside a weekday or its clock time they hold for that one and those listed with it; otherwise for those
    that follow. Whether a later weekday is in a week that was named behind another is left open.
    """
    placed = list(items)
    current: Week | None = None
    behind = False
    for place, item in enumerate(items):
        if isinstance(item.what, Week):
            week = item.what
            before = _weekdays_before(items, place)
            if before and not _weekday_follows(items, place + 1):
                for one in before:
                    placed[one] = _in_week(items[one], week)
                behind, current = week.ahead == 1, None
            elif not _is_refused_sentence(items, place):
                behind, current = False, week
        elif behind and isinstance(item.what, Day) and _is_plain_weekday(item.what):
            placed[place] = item._replace(what=item.what._replace(which=Which.NEXT))
        elif current is not None and placed[place] is item:
            placed[place] = _in_week(item, current)
    return tuple(placed)


def _in_week(item: Item, week: Week) -> Item:
    what = item.what
    if isinstance(what, DayRange):
        first, last = (_day_in_week(day, week) for day in what)
        return item._replace(what=DayRange(first, last))
    return item._replace(what=_day_in_week(what, week)) if isinstance(what, Day) else item


def _day_in_week(day: Day, week: Week) -> Day:
    return day._replace(week=week) if _is_plain_weekday(day) else day


def _is_plain_weekday(day: Day) -> bool:
    """Tell whether a weekday is told without its date, its week or `next`."""
    alone = day.weekday is not None and day.day is None and day.relative is None
    return alone and day.week is None and day.which in (Which.PLAIN, Which.THIS)


def _weekday_follows(items: Sequence[Item], place: int) -> bool:
    while place < len(items) and items[place].what in QUIET:
        place += 1
    return place < len(items) and isinstance(items[place].what, Day | DayRange)


def _weekdays_before(items: Sequence[Item], place: int) -> list[int]:
    """The weekdays that stand right before, with those they are listed with."""
    found: list[int] = []
    here = place - 1
    while here >= 0 and here > place - _LONGEST_REACH:
        what = items[here].what
        if isinstance(what, Day | DayRange):
            found.append(here)
        elif isinstance(what, Stretch | Part | Zone) and not found:
            pass
        elif what not in LINKS or (not found and what in (Sign.COMMA, Kind.OR)):
            break
        here -= 1
    return found


def _is_refused_sentence(items: Sequence[Item], place: int) -> bool:
    return any(
        items[one].what in (Kind.REFUSED, Kind.ASIDE) for one in _sentence(items, place, place + 1)
    ) and not any(isinstance(items[one].what, Stretch | Part) for one in _sentence(items, place, place + 1))


# ---- offered or not


def offered(groups: Sequence[Group], items: Sequence[Item]) -> tuple[Group, ...]:
    """Return the groups that a text offers: no deadline, no refusal, no old time, no address."""
    kept: list[Group] = []
    refused_day: set[int] = set()
    """Places of days that are not offered."""
    refused_time: set[int] = set()
    """Places of days of which a time is gone; another may be left."""
    for chain in _chains(groups, items):
        start, end = chain[0].start, chain[-1].end
        if _is_aside(chain[0], items, start, end):
            days = {place for group in chain for _, place in group.days}
            (refused_time if _is_time_gone(chain, items) else refused_day).update(days)
            continue
        for group in chain:
            places = {place for _, place in group.days} if group.carried else set()
            if places & refused_day or (places & refused_time and not _is_left(items, group)):
                continue
            kept.append(group)
    return tuple(kept)


def _is_time_gone(chain: Sequence[Group], items: Sequence[Item]) -> bool:
    """Tell whether clock times were refused, and not the day: `Tuesday at 9 is taken`."""
    clocked = all(isinstance(named.what, Stretch) for group in chain for named in group.named)
    said = {item.what for item in _behind(items, chain[-1].end)}
    return clocked and Kind.REFUSED in said


def _is_left(items: Sequence[Item], group: Group) -> bool:
    """Tell whether the sentence says that a time is free."""
    return any(items[place].what is Kind.LEFT for place in _sentence(items, group.named[0].start, group.end))


def _chains(groups: Sequence[Group], items: Sequence[Item]) -> Iterator[list[Group]]:
    """Yield runs of groups that make one list, such as `Tuesday at 3 or Wednesday at 4`."""
    chain: list[Group] = []
    for group in groups:
        between = items[chain[-1].end : group.start] if chain else ()
        joined = any(item.what in (Kind.OR, Sign.COMMA, Sign.SLASH) for item in between)
        if chain and not (joined and _is_list(items, chain[-1].end, group.start)):
            yield chain
            chain = []
        chain.append(group)
    if chain:
        yield chain


def _is_aside(first: Group, items: Sequence[Item], start: int, end: int) -> bool:
    before, behind = list(_before(items, start)), list(_behind(items, end))
    if _is_deadline(first, items, start, before):
        return True
    said_before, said_behind = {item.what for item in before}, {item.what for item in behind}
    if _is_office_hours(first) or (first.carried and _lasts_a_working_day(first)):
        return True
    if Kind.STREET in {items[place].what for place in range(max(0, start - 2), start)}:
        return True
    if {Kind.ASIDE, Kind.INSTEAD} & said_before or Kind.ASIDE in said_behind or _is_dated_aside(first):
        return True
    if _directly(behind, Kind.AT_LATEST):
        return True
    if not _is_target(items, start) and (
        Kind.MOVED in said_before | said_behind or _is_moved_on(items, start, end)
    ):
        return True
    if Kind.REFUSED in said_before | said_behind:
        return not (Kind.CONDITION in said_before and Kind.REFUSED in said_behind)
    return False


def behind_request(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether the sentence asks for an answer."""
    return any(items[place].what is Kind.REQUEST for place in _sentence(items, start, end))


def _is_office_hours(group: Group) -> bool:
    """Tell whether a whole working week is named with most of its day: `Mon-Fri 9-17`."""
    weeks = (
        (day.last.weekday or 0) - (day.first.weekday or 0)
        for day, _ in group.days
        if isinstance(day, DayRange)
        and None not in (day.first.weekday, day.last.weekday)
        and not day.first.day
    )
    return any(days >= _WORKING_WEEK for days in weeks) and _lasts_a_working_day(group)


def _lasts_a_working_day(group: Group) -> bool:
    """Tell whether a range is as long as a reception or an office is open."""
    ranges = (named.what for named in group.named if isinstance(named.what, Stretch))
    return any(
        (one.last.hour - one.first.hour) % 12 in _WORKING_DAY for one in ranges if one.first and one.last
    )


def _is_dated_aside(group: Group) -> bool:
    """Tell whether a day is one that has passed: `last Tuesday`."""
    days = [day for day, _ in group.days]
    return bool(days) and all(isinstance(day, Day) and day.which is Which.LAST for day in days)


def _directly(behind: Sequence[Item], kind: Kind) -> bool:
    return next((item.what for item in behind if item.what not in QUIET), None) is kind


def _is_deadline(first: Group, items: Sequence[Item], start: int, before: Sequence[Item]) -> bool:
    """Tell whether the words right before make it a deadline: `by Friday`, `until 5 pm please confirm`."""
    word = next(
        (item.what for item in reversed(before) if item.what not in QUIET or item.what in (Sign.PAREN,)),
        None,
    )
    day_first = bool(first.days) and first.days[0][1] == start
    if word in (Kind.DEADLINE, Kind.AT_LATEST) or (word is Kind.BEFORE and day_first):
        return True
    asked = behind_request(items, first.start, first.end)
    if word is Kind.ASKED_BEFORE and day_first and asked:
        return True
    named = first.named[0] if first.named else None
    opens = named is not None and isinstance(named.what, Stretch) and named.what.first is None
    return bool(opens and named and (named.start == start and asked))


def _is_moved_on(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether the sentence moves something from this time to a later one in it."""
    sentence = _sentence(items, start, end)
    return any(items[place].what is Kind.MOVED for place in sentence) and any(
        items[place].what is Kind.MOVED_TO and _weekday_follows(items, place + 1)
        for place in range(end, sentence.stop)
    )


def _is_target(items: Sequence[Item], start: int) -> bool:
    """Tell whether a time is where something is to be moved: `to Thursday`."""
    place = start - 1
    while place >= 0 and items[place].what in QUIET and items[place].what is not Sign.COMMA:
        place -= 1
    return place >= 0 and items[place].what in (
        Kind.MOVED_TO,
        Kind.TO,
        Kind.CLOCK_BEFORE,
        Kind.DEADLINE,
        Kind.AT_LATEST,
        Kind.BEFORE,
    )


def _before(items: Sequence[Item], start: int) -> Iterator[Item]:
    """Yield what stands before a time, up to the bound of the clause.

    Of what stands between two times of one clause only what follows an `and` is said of the second.
    """
    place = start - 1
    while place >= 0 and items[place].what not in _BOUNDS and start - place < _LONGEST_REACH:
        if isinstance(items[place].what, Day | DayRange | Stretch | Part):
            joins = [one for one in range(place + 1, start) if items[one].what is Kind.OR]
            place = joins[-1] if joins else max(place, start - 2)
            break
        place -= 1
    yield from items[place + 1 : start]


def _behind(items: Sequence[Item], end: int) -> Iterator[Item]:
    """Yield what stands behind a time, up to the bound of the clause or the next time."""
    place = end
    while place < len(items) and place - end < _LONGEST_REACH:
        what = items[place].what
        if what is Sign.PAREN and place == end:
            place += 1
            continue
        if what in _BOUNDS or isinstance(what, Day | DayRange | Stretch | Part):
            return
        yield items[place]
        place += 1


def _sentence(items: Sequence[Item], start: int, end: int) -> range:
    """The places of the sentence around a time."""
    first, last = start, end
    while first > 0 and items[first - 1].what is not Sign.BREAK and start - first < _LONGEST_REACH:
        first -= 1
    while last < len(items) and items[last].what is not Sign.BREAK and last - end < _LONGEST_REACH:
        last += 1
    return range(first, last)
