"""VTIMEZONE (RFC 5545 3.6.5): the zone that a calendar defines for itself, and whether it is a stale copy.

Transitions are computed for the years asked about: Outlook's rules begin in 1601.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from lastresort.ics.rrule import MONTHLY, ExpansionBudget, RecurrenceRule, RuleError, local_times, parse_rule
from lastresort.model import ZERO, Interval, Limits
from lastresort.zones.names import LAST, get_zone

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_SECOND = timedelta(seconds=1)
_MOST_SAMPLES = 200
_MOST_OBSERVANCES = 1000
_YEARS_BACK = 8
"""How far back the last onset of a rule is looked for; 29 February recurs within it, but for 1900."""


class ZoneError(ValueError):
    """A VTIMEZONE that defines no usable zone. The text completes "a VTIMEZONE that …"."""


class Observance(NamedTuple):
    """A STANDARD or DAYLIGHT part of a VTIMEZONE, values parsed but rules as written."""

    start: datetime
    """Naive DTSTART: wall-clock time under `offset_from`."""
    offset_from: timedelta
    offset_to: timedelta
    rrules: tuple[str, ...] = ()
    rdates: tuple[datetime, ...] = ()
    """Naive, like `start`."""


def private_zone(observances: Sequence[Observance]) -> tzinfo:
    """Return the zone a VTIMEZONE defines. Raises ZoneError.

    Times before the first onset have the offset it changes from. As with zoneinfo, `fold=0` means the offset
    before a gap and the first time of a fold.
    """
    if not observances:
        raise ZoneError("says no offset")
    if len(observances) > _MOST_OBSERVANCES:
        raise ZoneError("has too many parts")
    if any(abs(offset) >= _DAY for each in observances for offset in (each.offset_from, each.offset_to)):
        raise ZoneError("has an offset of a day or more")
    return _PrivateZone([_Source.of(each) for each in observances])


def differs(observances: Sequence[Observance], name: str, window: Interval) -> bool:
    """Tell whether a VTIMEZONE contradicts the IANA zone of that name inside the window.

    One that defines no zone contradicts nothing.
    """
    try:
        private = private_zone(observances)
    except ZoneError:
        return False
    named = get_zone(name)
    return any(
        moment.astimezone(private).utcoffset() != moment.astimezone(named).utcoffset()
        for moment in _samples(private, window)
    )


def _samples(private: tzinfo, window: Interval) -> Iterator[datetime]:
    """Yield both sides of each change, every week, both ends: if zones differ, they do at one of them."""
    assert isinstance(private, _PrivateZone)
    for change in private.changes(*window):
        yield change - _SECOND
        yield change
    step = max(_WEEK, window.length / _MOST_SAMPLES)
    moment = window.start
    while moment < window.end:
        yield moment
        moment += step
    yield window.end


class _Onset(NamedTuple):
    """A change of offset at a naive UTC time."""

    at: datetime
    before: timedelta
    after: timedelta


class _Source(NamedTuple):
    """An observance with its rules parsed and its plain dates in order."""

    start: datetime
    offset_from: timedelta
    offset_to: timedelta
    rules: tuple[tuple[RecurrenceRule, datetime], ...]
    """Each with the last wall-clock time that its UNTIL admits."""
    dates: tuple[datetime, ...]

    @classmethod
    def of(cls, observance: Observance) -> "_Source":
        try:
            rules = [parse_rule(text) for text in dict.fromkeys(observance.rrules)]
        except RuleError as error:
            raise ZoneError("has a rule that cannot be read") from error
        # A clock is changed on days of the year; whatever repeats faster is no zone but an attack.
        # Lotus Notes names the hour it means.
        if any(
            rule.freq > MONTHLY or max(map(len, (rule.byhour, rule.byminute, rule.bysecond))) > 1
            for rule in rules
        ):
            raise ZoneError("changes its offset too often")
        dates = tuple(sorted({observance.start, *observance.rdates}))
        ends = [_last(rule, observance.offset_from) for rule in rules]
        return cls(
            start=observance.start,
            offset_from=observance.offset_from,
            offset_to=observance.offset_to,
            rules=tuple(zip(rules, ends, strict=True)),
            dates=dates,
        )

    def onsets(self, since: datetime, until: datetime) -> Iterator[_Onset]:
        """Yield the onsets on the wall clock in `[since, until]`, and the last one before."""
        found = _from_last_before(since, self.dates[: bisect_right(self.dates, until)])
        for rule, end in self.rules:
            last = min(until, end)
            begin = datetime(max(min(since, last).year - _YEARS_BACK, 1), 1, 1)  # noqa: DTZ001 - wall-clock time
            found += _from_last_before(since, list(local_times(rule, self.start, begin, last, _budget())))
        for local in found:
            at = _shifted(local, -self.offset_from)
            yield _Onset(at=at, before=self.offset_from, after=self.offset_to)


def _from_last_before(since: datetime, times: Sequence[datetime]) -> list[datetime]:
    return list(times[max(bisect_left(times, since) - 1, 0) :])


def _budget() -> ExpansionBudget:
    """Return what a rule by the month or year cannot use up in all the years there are."""
    budget = ExpansionBudget(Limits(steps=10**7, event_seconds=60, run_seconds=60))
    return budget.__enter__()


def _last(rule: RecurrenceRule, offset_from: timedelta) -> datetime:
    """Return the last wall-clock time that UNTIL admits."""
    until = rule.until
    if until is None:
        return LAST.replace(tzinfo=None)
    if until.is_utc:
        return _shifted(until.value, offset_from)
    return until.value + (_DAY - _SECOND if until.is_date else ZERO)


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment


class _PrivateZone(tzinfo):
    """A zone made of observances; offsets before and after each change are as its observances say."""

    def __init__(self, sources: Sequence[_Source]) -> None:
        self._sources = sources
        self._first = min(sources, key=lambda source: source.start).offset_from
        self._years: dict[int, list[_Onset]] = {}

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Return the offset at a wall-clock time."""
        if moment is None:
            return None
        local = moment.replace(tzinfo=None)
        extreme = min if moment.fold else max
        offset = self._first
        for onset in self._around(local.year):
            # PEP 495: the times of a gap or a fold have the old offset with fold=0, the new one with fold=1.
            if local < _shifted(onset.at, extreme(onset.before, onset.after)):
                break
            offset = onset.after
        return offset

    def dst(self, _: datetime | None) -> timedelta | None:
        """Return nothing: producers mark DAYLIGHT at will."""
        return None

    def tzname(self, _: datetime | None) -> str | None:
        """Return nothing: the name means something in its calendar only."""
        return None

    def fromutc(self, moment: datetime) -> datetime:
        """Return the wall-clock time of an instant that carries this zone."""
        instant = moment.replace(tzinfo=None)
        offset, fold = self._first, 0
        for onset in self._around(instant.year):
            if instant < onset.at:
                break
            offset = onset.after
            fold = int(instant < _shifted(onset.at, onset.before - onset.after))
        return (moment + offset).replace(fold=fold)

    def changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Yield the instants between two, in UTC, at which an observance begins."""
        for year in range(since.year, until.year + 1):
            for onset in self._around(year):
                change = onset.at.replace(tzinfo=UTC)
                if change.year == year and since < change < until:
                    yield change

    def _around(self, year: int) -> list[_Onset]:
        """Return the onsets of a year and its neighbours in order, after the last one before them."""
        if year not in self._years:
            since = datetime(max(year - 1, 1), 1, 1)  # noqa: DTZ001 - wall-clock time
            until = datetime(min(year + 1, 9999), 12, 31)  # noqa: DTZ001 - wall-clock time
            onsets = {onset for source in self._sources for onset in source.onsets(since, until)}
            self._years[year] = sorted(onsets)
        return self._years[year]
