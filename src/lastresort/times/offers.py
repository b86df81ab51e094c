"""Whether a text offers a time or speaks of it otherwise: deadlines, refusals, the old time, addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lastresort.times.items import Day, DayRange, Part, Sign, Stretch, Which
from lastresort.times.language import Kind
from lastresort.times.surroundings import (
    LONGEST_REACH,
    QUIET,
    day_follows,
    is_list,
    is_replaced,
    place_before,
    sentence_around,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lastresort.times.clauses import Group
    from lastresort.times.items import Item

_BOUNDS = frozenset((Sign.CELL, Sign.BREAK, Sign.LINE, Sign.COMMA, Sign.DASH, Sign.PAREN, Kind.CONTRAST))
"""What ends the reach of `not` and its kind."""
_NOT = frozenset((Kind.REFUSED, Kind.EXCEPT))
_NOT_OFFERED = frozenset((*_NOT, Kind.DEADLINE, Kind.AT_LATEST))
_NEAR = 6
"""Items between `move` and where to."""
_WORKING_WEEK = 4
_WORKING_DAY = range(7, 11)
"""Hours between the ends of office hours, on a clock with twelve."""


def offered(groups: Sequence[Group], items: Sequence[Item]) -> tuple[Group, ...]:
    """Return the groups that a text offers: no deadline, no refusal, no old time, no address."""
    kept: list[Group] = []
    # places of days: those that are not offered, and those of which a time is gone and another may be left
    refused_day: set[int] = set()
    refused_time: set[int] = set()
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
    return clocked and bool(_NOT & said)


def _is_left(items: Sequence[Item], group: Group) -> bool:
    """Tell whether the sentence says that a time is free."""
    return any(
        items[place].what is Kind.LEFT for place in sentence_around(items, group.named[0].start, group.end)
    )


def _chains(groups: Sequence[Group], items: Sequence[Item]) -> Iterator[list[Group]]:
    """Yield runs of groups that make one list, such as `Tuesday at 3 or Wednesday at 4`.

    One that something replaces ends at a comma: `instead of Tuesday at 3, Wednesday at 4`.
    """
    chain: list[Group] = []
    for group in groups:
        between = items[chain[-1].end : group.start] if chain else ()
        joined = any(item.what in (Kind.OR, Sign.COMMA, Sign.SLASH) for item in between)
        replaced = Sign.COMMA in {item.what for item in between} and is_replaced(items, chain[0].start)
        if chain and (replaced or not (joined and is_list(items, chain[-1].end, group.start))):
            yield chain
            chain = []
        chain.append(group)
    if chain:
        yield chain


def _is_aside(first: Group, items: Sequence[Item], start: int, end: int) -> bool:
    before, behind = list(_before(items, start)), list(_behind(items, end))
    if _is_deadline(first, items, start, before) or _is_left_out(first, items):
        return True
    said_before, said_behind = {item.what for item in before}, {item.what for item in behind}
    if _is_office_hours(first) or (first.carried and _lasts_a_working_day(first)):
        return True
    if Kind.STREET in {items[place].what for place in range(max(0, start - 2), start)}:
        return True
    if any(named.gone and named.start == start for named in first.named):
        said_before -= _NOT | {Kind.ASIDE}  # said of that time, and others of the day are left
    if {Kind.ASIDE, Kind.INSTEAD} & said_before or Kind.ASIDE in said_behind or _is_dated_aside(first):
        return True
    if _directly(behind, Kind.AT_LATEST):
        return True
    if not _is_target(items, start) and (
        Kind.MOVED in said_before | said_behind or _is_moved_on(items, start, end)
    ):
        return True
    if _NOT & (said_before | said_behind):
        return not (Kind.CONDITION in said_before and _NOT & said_behind)
    return False


def _is_left_out(group: Group, items: Sequence[Item]) -> bool:
    """Tell whether its day or hours do not suit: `Wednesday except 1-2pm`, `all but Monday`."""
    suits = [named.start for named in group.named if not (named.excepted or named.gone)]
    told = suits + ([] if group.carried else [place for _, place in group.days])
    gone = [named.gone for named in group.named]
    return (bool(group.named) and not suits) or any(
        _is_refused_inside(items, max(group.start, *(one for one in [0, *gone] if one <= place)), place)
        for place in told
    )


def _is_refused_inside(items: Sequence[Item], start: int, place: int) -> bool:
    place -= 1
    while place > start and items[place].what in QUIET:
        place -= 1
    return place > start and items[place].what in _NOT_OFFERED


def _asks_for_answer(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether the sentence asks for an answer."""
    return any(items[place].what is Kind.REQUEST for place in sentence_around(items, start, end))


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
    asked = _asks_for_answer(items, first.start, first.end)
    if word is Kind.ASKED_BEFORE and day_first and asked:
        return True
    named = first.named[0] if first.named else None
    opens = named is not None and isinstance(named.what, Stretch) and named.what.first is None
    return bool(opens and named and (named.start == start and asked))


def _is_moved_on(items: Sequence[Item], start: int, end: int) -> bool:
    """Tell whether the sentence, or the one behind it, moves something from this time to another."""
    sentence = sentence_around(items, start, end)
    if any(items[place].what is Kind.MOVED for place in sentence):
        return _names_target(items, range(end, sentence.stop))
    if sentence.stop >= len(items):
        return False
    after = sentence_around(items, sentence.stop + 1, sentence.stop + 1)
    moved = next((place for place in after if items[place].what is Kind.MOVED), after.stop)
    if any(isinstance(items[place].what, Day | DayRange) for place in range(after.start, moved)):
        return False
    return _names_target(items, range(moved, min(moved + _NEAR, after.stop)))


def _names_target(items: Sequence[Item], places: range) -> bool:
    """Tell whether the words say where something is moved: `to Thursday`."""
    return any(items[place].what is Kind.MOVED_TO and day_follows(items, place + 1) for place in places)


def _is_target(items: Sequence[Item], start: int) -> bool:
    """Tell whether a time is where something is to be moved: `to Thursday`."""
    place = place_before(items, start)
    said = items[place].what if place >= 0 else None
    return said in _TOWARDS or (said is Kind.MOVED and _follows_day(items, place))


_TOWARDS = frozenset(
    (
        Kind.MOVED_TO,
        Kind.TO,
        Kind.CLOCK_BEFORE,
        Kind.DEADLINE,
        Kind.AT_LATEST,
        Kind.BEFORE,
        Kind.ASKED_BEFORE,
    )
)
"""What may stand before the time to which something is moved."""


def _follows_day(items: Sequence[Item], place: int) -> bool:
    """Tell whether the sentence names a day before this place: `Tuesday is moved`, then to when."""
    sentence = sentence_around(items, place, place)
    return any(isinstance(items[one].what, Day | DayRange) for one in range(sentence.start, place))


def _before(items: Sequence[Item], start: int) -> Iterator[Item]:
    """Yield what stands before a time, up to the bound of the clause.

    Of what stands between two times of one clause only what follows an `and` is said of the second.
    """
    place = start - 1
    while place >= 0 and items[place].what not in _BOUNDS and start - place < LONGEST_REACH:
        if isinstance(items[place].what, Day | DayRange | Stretch | Part):
            joins = [one for one in range(place + 1, start) if items[one].what is Kind.OR]
            place = joins[-1] if joins else max(place, start - 2)
            break
        place -= 1
    yield from items[place + 1 : start]


def _behind(items: Sequence[Item], end: int) -> Iterator[Item]:
    """Yield what stands behind a time, up to the bound of the clause or the next time."""
    place = end
    while place < len(items) and place - end < LONGEST_REACH:
        what = items[place].what
        if what is Sign.PAREN and place == end:
            place += 1
            continue
        if what in _BOUNDS or isinstance(what, Day | DayRange | Stretch | Part):
            return
        yield items[place]
        place += 1
