"""Recurrence sets (RFC 5545 3.8.5): when a series takes place inside a window, overrides included.

`expand` takes times as written (`When`: wall clock and zone) and returns instants in UTC (`Instance`):

1. `_plan_overrides` finds the original start that each override names, keeps the latest revision of each,
   and turns RANGE=THISANDFUTURE into segments: from when on instances are shifted, and how long they last.
2. `_reach` computes where original starts may lie whose instances touch the window, both ends included.
3. `_originals` lists the original starts there: DTSTART, RRULE and RDATE less EXRULE and EXDATE.
4. `_instances` leaves out what an override replaces, and places the others by their segment.

Titles and other content stay with the caller: an instance names its override by its place in the sequence.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from lastresort.ics.rrule import (
    Capped,
    ExpansionBudget,
    RecurrenceRule,
    RuleError,
    UnsupportedRuleError,
    Until,
    local_times,
    parse_rule,
)
from lastresort.model import ZERO, Interval
from lastresort.zones.names import FIRST, LAST, to_local, to_utc

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_INSTANCE_STEPS = 10
"""What an instance costs, in steps: so many a stranger's event may add to the agenda at most."""


class When(NamedTuple):
    """A DATE or DATE-TIME as written.

    `zone` is what `local` is read in: UTC for a `Z`, the named zone, or the reader's own zone for a DATE or a
    floating time. A floating EXDATE, RDATE or RECURRENCE-ID beside a zoned DTSTART takes DTSTART's zone.
    """

    local: datetime
    """Naive wall-clock time; midnight for a DATE."""
    zone: tzinfo
    is_date: bool = False


class EventLength(NamedTuple):
    """How long an event lasts: first nominal days, then exact time (RFC 5545 3.3.6).

    DURATION gives both; a timed DTEND gives exact time only (3.8.5.3); a DATE's DTEND gives days only.
    """

    days: int = 0
    exact: timedelta = ZERO


class Extra(NamedTuple):
    """An RDATE; `length` is set for a PERIOD."""

    when: When
    length: EventLength | None = None


class Series(NamedTuple):
    """A VEVENT with whatever makes it recur; without any it happens once. Rules are values as written.

    The reader bounds how many dates there are (`Limits.dates`).
    """

    start: When
    length: EventLength
    rrules: tuple[str, ...] = ()
    rdates: tuple[Extra, ...] = ()
    exdates: tuple[When, ...] = ()
    exrules: tuple[str, ...] = ()
    calendar_zones: tuple[tzinfo, ...] = ()
    """The zones its calendar tells of: a UTC value of an all-day series is midnight in one of them."""


class Override(NamedTuple):
    """A VEVENT with a RECURRENCE-ID. Cancelled ones are overrides like any other: STATUS is the reader's."""

    id: When
    start: When
    length: EventLength
    and_future: bool = False
    """RANGE=THISANDFUTURE: later instances move by as much and last as long (RFC 5545 3.2.13)."""
    sequence: int = 0
    stamp: datetime | None = None
    """DTSTAMP in UTC; decides between overrides of one instance with equal SEQUENCE."""


class Instance(NamedTuple):
    """One occurrence in the window. Times are in UTC; `start == end` takes no time."""

    start: datetime
    end: datetime
    recurrence_id: datetime
    """The original start in UTC (an all-day series': midnight in its zone); DTSTART for what happens once."""
    override: int | None = None
    """Place, in the overrides given, of the one whose content applies; `None` for the series' own."""
    all_day: bool = False


class Fault(NamedTuple):
    """What was wrong with a recurrence: for a `Problem`, which adds source, line and UID.

    Codes: `rule-invalid`, `rule-unsupported` (RFC 7529), `rule-capped`.
    """

    code: str
    message: str
    lost: bool = True
    """Whether occurrences may be missing because of it."""


class Expansion(NamedTuple):
    """Instances that touch the window, sorted by start and end, and what was wrong."""

    instances: tuple[Instance, ...]
    faults: tuple[Fault, ...] = ()


def expand(
    series: Series | None, window: Interval, budget: ExpansionBudget, overrides: Sequence[Override] = ()
) -> Expansion:
    """Return the instances of a series, with its overrides applied, that overlap the window.

    `series` is `None` when only overrides are known (free/busy feeds): they are placed as they stand.
    Instances without length count when they start inside. DTSTART is an instance even where no rule produces
    it; a rule that cannot be read leaves DTSTART and a fault. Never raises on hostile values, nor takes
    longer than the budget allows (one `ExpansionBudget` for all events of a run).
    """
    faults: dict[Fault, None] = {}
    with budget:
        plan = _plan_overrides(series, overrides)
        # Overrides stand where they say, orphans and those moved in from outside the window included.
        found = [
            _place(overrides[place].start, overrides[place].length, window, anchor, place)
            for anchor, place in plan.overrides.items()
        ]
        if series and (series.rrules or series.rdates or series.exdates or plan.overrides):
            reach = _reach(plan, window)
            if reach:
                originals = _originals(series, _Search(reach, budget, faults))
                found += _instances(originals, plan, window)
        elif series:
            found.append(_place(series.start, series.length, window))
    instances = sorted(filter(None, found), key=lambda instance: (instance.start, instance.end))
    return Expansion(tuple(instances), tuple(faults))


class _Segment(NamedTuple):
    """How instances are placed whose original start is at or after `since`.

    `shift` is on the wall clock of the series' zone; `override` is the place of the THISANDFUTURE behind it.
    """

    since: datetime
    shift: timedelta
    length: EventLength
    override: int | None
    all_day: bool
    zone: tzinfo


class _Plan(NamedTuple):
    """Which override replaces which instance, and the segments that THISANDFUTURE makes, in order."""

    overrides: Mapping[datetime, int]
    """The override of each original start."""
    replaced: frozenset[datetime]
    """Original starts that an override names as a time."""
    replaced_days: frozenset[date]
    """Days that an override of a timed series names as a DATE: it replaces the first instance of that day."""
    segments: Sequence[_Segment]


def _plan_overrides(series: Series | None, overrides: Sequence[Override]) -> _Plan:
    """Return which overrides count, and from when on THISANDFUTURE moves the others.

    Of several overrides of one original start the latest revision counts; so it does of those with
    RANGE=THISANDFUTURE among themselves.
    """
    chosen: dict[datetime, int] = {}
    shifting: dict[datetime, int] = {}
    for place, override in enumerate(overrides):
        anchor = _anchor(series, override.id)
        for latest in (chosen, shifting) if override.and_future else (chosen,):
            if anchor not in latest or _revision(override) >= _revision(overrides[latest[anchor]]):
                latest[anchor] = place
    if series is None:
        return _Plan(overrides=chosen, replaced=frozenset(), replaced_days=frozenset(), segments=())
    start, zone = series.start, series.start.zone
    segments = [
        _Segment(
            since=FIRST, shift=ZERO, length=series.length, override=None, all_day=start.is_date, zone=zone
        )
    ]
    for anchor, place in sorted(shifting.items()):
        moved = overrides[place].start
        segment = _Segment(
            since=anchor,
            shift=_wall(moved, zone) - to_local(anchor, zone),
            length=overrides[place].length,
            override=place,
            all_day=moved.is_date,
            zone=moved.zone if moved.is_date else zone,
        )
        segments.append(segment)
    by_day = {anchor for anchor, place in chosen.items() if overrides[place].id.is_date and not start.is_date}
    return _Plan(
        overrides=chosen,
        replaced=frozenset(chosen) - by_day,
        replaced_days=frozenset(overrides[chosen[anchor]].id.local.date() for anchor in by_day),
        segments=segments,
    )


def counting(series: Series | None, overrides: Sequence[Override]) -> frozenset[int]:
    """Return the places of the overrides that count: of several of one instance the latest revision."""
    plan = _plan_overrides(series, overrides)
    ranges = (segment.override for segment in plan.segments)
    return frozenset((*plan.overrides.values(), *(place for place in ranges if place is not None)))


def _revision(override: Override) -> tuple[int, bool, datetime]:
    """Return what orders revisions: SEQUENCE, then DTSTAMP (RFC 5546 2.1.5); the later line wins a draw."""
    return override.sequence, override.stamp is not None, override.stamp or FIRST


def _wall(when: When, zone: tzinfo) -> datetime:
    """Return what a zone's clocks show at a time that may be written in another; a date stays as it is."""
    if when.is_date or when.zone is zone:
        return when.local
    return to_local(to_utc(when.local, when.zone), zone)


def _anchor(series: Series | None, named: When) -> datetime:
    """Return the instant of the original start that a RECURRENCE-ID names, whatever value type it has."""
    if series is None:
        return to_utc(named.local, named.zone)
    start = series.start
    if start.is_date:
        return to_utc(_day_named(named, series), start.zone)
    if named.is_date:
        return to_utc(datetime.combine(named.local, start.local.time()), start.zone)
    return to_utc(named.local, named.zone)


def _day_named(when: When, series: Series) -> datetime:
    """Return midnight of the day that a value means on an all-day series.

    Exchange writes midnight with a zone: its date decides. A value in UTC is a day's first or last instant
    in the zone of whoever made the series, which need not be the reader's: the first zone in which it is one
    decides. The calendar's own come before UTC; where it has none, UTC comes before the reader's.
    """
    if when.is_date or when.zone is not UTC:
        return _midnight(when.local)
    instant = when.local.replace(tzinfo=UTC)
    zones = (*series.calendar_zones, UTC) if series.calendar_zones else (UTC, series.start.zone)
    for local in (to_local(instant, zone) for zone in zones):
        if _midnight(local) == local or (local.hour, local.minute) == (23, 59):
            return _midnight(local)
    if series.calendar_zones:
        return _midnight(to_local(instant, series.calendar_zones[0]))
    return _nearest_day(when.local)


def _nearest_day(utc: datetime) -> datetime:
    """Return the day of which a time is the first second, or the last one, in the zone nearest to UTC."""
    is_last = utc.second == 59
    shift = _SECOND - _DAY / 2 if is_last else _DAY / 2
    return _midnight(_before(utc.replace(tzinfo=UTC), -shift).replace(tzinfo=None))


def _place(
    when: When,
    length: EventLength,
    window: Interval,
    anchor: datetime | None = None,
    override: int | None = None,
) -> Instance | None:
    """Return the instance that stands at a time as written; `None` where it does not touch the window."""
    start = to_utc(when.local, when.zone)
    end = end_of(when, start, length)
    if not touches(start, end, window):
        return None
    return Instance(
        start=start, end=end, recurrence_id=anchor or start, override=override, all_day=when.is_date
    )


def end_of(when: When, start: datetime, length: EventLength) -> datetime:
    """Return when something ends that starts at `start`, written as `when`; never before it starts."""
    try:
        if length.days:
            start = max(to_utc(when.local + length.days * _DAY, when.zone), start)
        return max(start + length.exact, start)
    except OverflowError:
        return LAST if length.days > 0 or length.exact > ZERO else start


def touches(start: datetime, end: datetime, window: Interval) -> bool:
    """Tell whether some of it lies inside the window; what has no length does when it starts inside."""
    return start < window.end and (end > window.start or start == end == window.start)


def _reach(plan: _Plan, window: Interval) -> Interval | None:
    """Return where original starts may lie whose instances touch the window, both ends included."""
    starts, ends = [], []
    next_starts = (*(segment.since for segment in plan.segments[1:]), LAST)
    for segment, following in zip(plan.segments, next_starts, strict=True):
        # Days of 23 or 25 hours move what is nominal, a little.
        margin = 2 * _DAY if segment.shift or segment.length.days else ZERO
        start = max(segment.since, _before(window.start, segment.shift, _span(segment.length), margin))
        end = min(following, _before(window.end, segment.shift, -margin))
        if start <= end:
            starts.append(start)
            ends.append(end)
    return Interval(min(starts), max(ends)) if starts else None


def _span(length: EventLength) -> timedelta:
    """Return how long something lasts, days taken as 24 hours; nothing lasts less than no time."""
    try:
        return max(length.days * _DAY + length.exact, ZERO)
    except OverflowError:
        return timedelta.max


def _before(moment: datetime, *lengths: timedelta) -> datetime:
    """Return the moment so much earlier, within the years there are."""
    for length in lengths:
        try:
            moment -= length
        except OverflowError:
            moment = FIRST if length > ZERO else LAST
    return moment


class _Original(NamedTuple):
    """What one original start is on the wall clock of the series, and its own length if it is a PERIOD."""

    local: datetime
    length: EventLength | None = None


def _instances(originals: Mapping[datetime, _Original], plan: _Plan, window: Interval) -> Iterator[Instance]:
    """Yield the instances of those originals that no override replaces."""
    days = set(plan.replaced_days)
    since = [segment.since for segment in plan.segments]
    for anchor, original in sorted(originals.items()) if days else originals.items():
        if days and original.local.date() in days:
            days.remove(original.local.date())
            continue
        if anchor in plan.replaced:
            continue
        segment = plan.segments[bisect_right(since, anchor) - 1]
        local, start = original.local, anchor
        if segment.override is not None:
            local = _before(local.replace(tzinfo=UTC), -segment.shift).replace(tzinfo=None)
            local = _midnight(local) if segment.all_day else local
            start = to_utc(local, segment.zone)
        end = end_of(When(local, segment.zone), start, original.length or segment.length)
        if touches(start, end, window):
            yield Instance(
                start=start, end=end, recurrence_id=anchor, override=segment.override, all_day=segment.all_day
            )


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0)


class _Search(NamedTuple):
    """Where originals are looked for, what that may take, and what went wrong with it."""

    reach: Interval
    budget: ExpansionBudget
    faults: dict[Fault, None]


def _originals(series: Series, search: _Search) -> dict[datetime, _Original]:
    """Return the recurrence set inside the reach: DTSTART, RRULE and RDATE less EXRULE and EXDATE."""
    start, reach = series.start, search.reach
    first = to_utc(start.local, start.zone)
    found: dict[datetime, _Original] = {}
    if reach.start <= first <= reach.end and not _ended_before_start(series):
        found[first] = _Original(start.local)
    _collect(found, series.rrules, "RRULE", series, search)
    for extra in series.rdates:
        local = _local_of(extra.when, series)
        when = to_utc(local, start.zone)
        if when <= reach.end and (extra.length or when >= reach.start):
            found[when] = _Original(local, extra.length)
    excluded: dict[datetime, _Original] = {}
    _collect(excluded, series.exrules, "EXRULE", series, search)
    if not found:
        return found
    # An EXDATE takes out the same instant; where it or the series is a date, the same local day.
    instants = {to_utc(when.local, when.zone) for when in series.exdates if not when.is_date}
    days = {_day_named(when, series).date() for when in series.exdates if when.is_date or start.is_date}
    return {
        when: original
        for when, original in found.items()
        if not (when in excluded or when in instants or original.local.date() in days)
    }


def _ended_before_start(series: Series) -> bool:
    """Tell whether UNTIL ends all rules before DTSTART, which is no occurrence then.

    Such series are left where a calendar splits one at its first instance: UNTIL is the second before. An
    earlier UNTIL on the day of DTSTART is how Office 365 ends a series of one day, which takes place.
    """
    start = series.start
    for text in series.rrules:
        try:
            until = parse_rule(text).until
        except RuleError:
            return False
        if until is None:
            return False
        last, latest = _until(until, series)
        ends = to_local(last, start.zone) if last < LAST else latest
        gap = start.local - ends
        if gap <= ZERO or (ends.date() == start.local.date() and gap > _MINUTE):
            return False
    return bool(series.rrules)


def _local_of(when: When, series: Series) -> datetime:
    """Return a date of the series on its own wall clock, in the value type of DTSTART."""
    start = series.start
    if start.is_date:
        return _day_named(when, series)
    if when.is_date:
        return datetime.combine(when.local, start.local.time())
    return _wall(when, start.zone)


def _collect(
    found: dict[datetime, _Original], texts: Sequence[str], name: str, series: Series, search: _Search
) -> None:
    """Add what rules produce inside the reach; rules that fail, or are cut off, leave a fault."""
    for text in dict.fromkeys(texts):
        try:
            for when, local in _starts(parse_rule(text), series, search.reach, search.budget):
                found.setdefault(when, _Original(local))
        except RuleError as error:
            code = "rule-unsupported" if isinstance(error, UnsupportedRuleError) else "rule-invalid"
            effect = (
                "nothing was left out for it"
                if name == "EXRULE"
                else "of its occurrences only the first is known"
            )
            message = f"has an {name} that cannot be read ({error}); {effect}"
            search.faults[Fault(code, message, lost=name != "EXRULE")] = None
        except Capped:
            message = f"has an {name} that takes too long and was cut off; later occurrences are not known"
            search.faults[Fault("rule-capped", message)] = None
            return


def _starts(
    rule: RecurrenceRule, series: Series, reach: Interval, budget: ExpansionBudget
) -> Iterator[tuple[datetime, datetime]]:
    """Yield instant and wall-clock time of what a rule produces inside `reach`, UNTIL obeyed."""
    start = series.start
    since = _before(reach.start, _DAY).replace(tzinfo=None)
    limit = _before(reach.end, -_DAY).replace(tzinfo=None)
    last = LAST
    if rule.until:
        last, latest = _until(rule.until, series)
        limit = min(limit, latest)
    if start.is_date:
        rule = rule._replace(byhour=(), byminute=(), bysecond=())  # a date has no hours (3.3.10)
    budget.spend(_INSTANCE_STEPS)
    times = local_times(rule, start.local, since, limit, budget)
    for local in map(_midnight, times) if start.is_date else times:
        when = to_utc(local, start.zone)
        if when > last:
            return
        if reach.start <= when <= reach.end:
            budget.spend(_INSTANCE_STEPS)
            yield when, local
        else:
            budget.spend()


def _until(until: Until, series: Series) -> tuple[datetime, datetime]:
    """Return the last instant and the last wall-clock time that UNTIL admits, both inclusive."""
    start = series.start
    if start.is_date:
        named = When(until.value, UTC if until.is_utc else start.zone, until.is_date)
        return LAST, _day_named(named, series)
    if until.is_date:
        return LAST, until.value.replace(hour=23, minute=59, second=59)
    if until.is_utc:
        last = until.value.replace(tzinfo=UTC)
        return last, _before(last, -_DAY).replace(tzinfo=None)
    return LAST, until.value
