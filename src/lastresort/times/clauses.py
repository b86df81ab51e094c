"""Which clock times belong to which days of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lastresort.times.items import (
    GLUE,
    Day,
    DayRange,
    Half,
    Impossible,
    Other,
    Part,
    Sign,
    Stretch,
    Week,
    Zone,
)
from lastresort.times.language import Kind
from lastresort.times.surroundings import QUIET, is_list, is_replaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.times.items import Item

_BETWEEN_TELLINGS = frozenset((Sign.PAREN, Sign.SLASH, Sign.COMMA, Sign.DASH, Kind.OR, Kind.FILLER))


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
    excepted: bool = False
    """It does not suit: it is taken out of the other times of its days."""
    gone: int = 0
    """Where others of its days are left and it is not: the place behind the words that refuse it."""


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
        elif (
            draft is None or draft.broken or not self._continues(draft, place) or self._has_own(draft, place)
        ):
            self._finish()
            draft = _Draft(place)
        draft.days.append((day, place))
        draft.end = place + 1
        self._draft = draft

    def _continues(self, draft: _Draft, place: int) -> bool:
        """Tell whether a day belongs to those before it: `Tuesday or Wednesday at 3`."""
        return is_list(self._items, draft.end, place) and (draft.clock_first or not draft.named)

    def _has_own(self, draft: _Draft, place: int) -> bool:
        """Tell whether a day has its own clock time behind it where the list began with one.

        `all day Thursday and Friday until 1pm`.
        """
        behind = place + 1
        while behind < len(self._items) and self._items[behind].what in _BEFORE_OWN:
            behind += 1
        own = behind < len(self._items) and isinstance(self._items[behind].what, Stretch | Part)
        return draft.clock_first and own

    def _take_stretch(self, place: int) -> None:
        named = _named(self._items, place)
        offered = self._draft.named if self._draft else self._waiting
        if not offered and self._draft and self._items[place - 1].what is Kind.EXCEPT:
            offered.append(Named(Part(), place - 1, place))  # `Thursday except 12-1`
        if self._is_excepted(offered, place):
            offered.append(named._replace(excepted=True))
            if self._draft:
                self._draft.end = max(self._draft.end, named.end)
            return
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

    def _is_excepted(self, named: Sequence[Named], place: int) -> bool:
        """Tell whether a stretch is taken out of those before: `9-5, not 12-1`, `except 12-1 and 3-4`."""
        if not named:
            return False
        if named[-1].excepted and {item.what for item in self._items[named[-1].end : place]} == {Kind.OR}:
            return True
        before = place - 1
        while before > 0 and self._items[before].what in _BESIDE:
            before -= 1
        said = self._items[before].what
        return said is Kind.EXCEPT or (
            said is Kind.REFUSED and self._items[before - 1].what in _BEFORE_EXCEPTION
        )


_BEFORE_OWN = frozenset((Kind.FILLER, Kind.DAY_BEFORE, Kind.CLOCK_BEFORE, Kind.FROM))
_BESIDE = frozenset(
    (Kind.FILLER, Kind.DAY_BEFORE, Kind.CLOCK_BEFORE, Kind.OF, Kind.FROM, Kind.LENGTH, Sign.COLON)
)
"""What may stand between `except` and a time."""
_BEFORE_EXCEPTION = frozenset((Kind.CONTRAST, Sign.COMMA, Sign.DASH, Sign.PAREN, Sign.BREAK, Sign.LINE))
"""What stands before a `not` that takes something out of the times before it."""


def _carry(draft: _Draft, place: int) -> _Draft:
    """The days of an earlier sentence, for clock times that come without one."""
    carried = _Draft(place)
    carried.days = list(draft.days)
    carried.carried = True
    return carried


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
    end = first = _named(items, place).end
    while end < len(items) and (
        items[end].what in (Kind.FILLER, Kind.DAY_BEFORE, Kind.OF)
        or (draft.clock_first and isinstance(items[end].what, Other) and end < first + 2)
    ):
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
    replaced = [one for one in group.named if is_replaced(items, one.start)]
    for one in group.named:
        if one in replaced and len(replaced) < len(group.named):
            continue
        last = named[-1] if named else None
        if one.excepted or (last and last.excepted):
            named.append(one)
            continue
        if last and _is_narrower(last, one, items):
            named[-1] = last._replace(what=one.what, end=one.end, zone=one.zone or last.zone)
            continue
        if last and _is_hour_of(last, one, items):
            named[-1] = one._replace(start=last.start, zone=one.zone or last.zone, part=last.what)  # type: ignore[arg-type]
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
    return group._replace(named=_without_gone(named, items))


def _without_gone(named: Sequence[Named], items: Sequence[Item]) -> tuple[Named, ...]:
    """The times, those marked that are refused where others of the day are not.

    Words behind a time are said of it and of those it is listed with, `9 and 10 are taken, 11 is free`; words
    before it of the list that begins with it, up to a contrast: `not 10 but 11`.
    """
    gone = [0] * len(named)
    for at, one in enumerate(named):
        if one.excepted:
            continue
        behind = _refused_behind(items, one.end, named[at + 1].start if at + 1 < len(named) else len(items))
        if behind:
            first = at
            while first and is_list(items, named[first - 1].end, named[first].start):
                first -= 1
            gone[first : at + 1] = [behind] * (at + 1 - first)
        elif at + 1 < len(named) and _is_aside(items, one.start):
            gone[at] = one.end
        elif at + 1 < len(named) and _is_refused_before(items, one.start):
            last = at
            while last + 1 < len(named) and not _contrasts(items, named[last].end, named[last + 1].start):
                last += 1
            gone[at : last + 1] = [one.end] * (last + 1 - at)
    if all(gone) or not any(gone):
        return tuple(named)
    return tuple(one._replace(gone=place) for one, place in zip(named, gone, strict=True))


def _refused_behind(items: Sequence[Item], start: int, end: int) -> int:
    """Return the place behind the words that refuse the time before `start`; else 0.

    Something else has to begin behind them and before `end`.
    """
    refused, days = 0, 0
    for place in range(start, min(end, start + _FAR)):
        what = items[place].what
        if what is Kind.REFUSED:
            refused = place + 1
        elif what is Sign.PAREN and place == start:
            continue  # `10-11 (taken)`
        elif what in _BEGINS_ANEW:
            return refused
        elif isinstance(what, Day) and not refused and not days:
            days += 1  # `10am on Tuesday is taken`
        elif isinstance(what, Stretch | Part | Day | DayRange) or what is Kind.EXCEPT:
            return 0
    return 0


def _is_aside(items: Sequence[Item], start: int) -> bool:
    """Tell whether words right before a time say that it is about something else: `arrive at 9:45`."""
    while start and items[start - 1].what in (Kind.FILLER, Kind.CLOCK_BEFORE, Kind.DAY_BEFORE, Kind.FROM):
        start -= 1
    return start > 0 and items[start - 1].what is Kind.ASIDE


def _is_refused_before(items: Sequence[Item], start: int) -> bool:
    """Tell whether the clause says `not` before a time."""
    for place in range(start - 1, max(-1, start - _FAR), -1):
        what = items[place].what
        if what is Kind.REFUSED:
            return True
        if what in _BEGINS_ANEW or isinstance(what, Stretch | Part):
            return False
    return False


def _contrasts(items: Sequence[Item], start: int, end: int) -> bool:
    return any(items[place].what is Kind.CONTRAST for place in range(start, end))


_FAR = 6
"""Items within which a `not` is said of a time."""
_BEGINS_ANEW = frozenset((Sign.COMMA, Sign.DASH, Sign.PAREN, Sign.BREAK, Sign.LINE, Kind.CONTRAST))


_BEFORE_HOUR = frozenset((Sign.COMMA, Kind.FILLER, Kind.CLOCK_BEFORE, Kind.DAY_BEFORE))


def _is_hour_of(first: Named, second: Named, items: Sequence[Item]) -> bool:
    """Tell whether a comma stands between a part of the day and an hour of it: `afternoon, ideally 4pm`."""
    part, stretch = first.what, second.what
    if not isinstance(part, Part) or part.start is None or part.end is None:
        return False
    if not isinstance(stretch, Stretch) or stretch.first is None:
        return False
    between = [item.what for item in items[first.end : second.start]]
    if Sign.COMMA not in between or not {*between} <= _BEFORE_HOUR:
        return False
    clock, half = stretch.first, half_of(part)
    if clock.half not in (None, half):
        return False
    hour = clock.hour if clock.hour > 12 or half is Half.AM or clock.padded else clock.hour % 12 + 12
    return part.start.hour - 1 <= hour <= part.end.hour


def _is_apart(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether two neighbours are joined by nothing that makes a list of them."""
    between = items[start:end]
    return len(between) < 4 and not any(
        item.what in (Kind.OR, Sign.COMMA, Sign.SLASH, Sign.BREAK, Sign.LINE, Sign.CELL)
        or isinstance(item.what, Other)
        for item in between
    )


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
