"""RRULE and EXRULE (RFC 5545 3.3.10): what they say, and the local times they produce.

Everything here is naive wall-clock time; zones come later, instance by instance. Plain rules (every day,
every week on these days, every month or year on this day) are computed by arithmetic, so that neither the
years before the window nor the import of dateutil cost anything. All others are dateutil's, started near the
window.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import dropwhile, islice
from time import process_time
from typing import Any, NamedTuple

from lastresort.model import ZERO, Limits

YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY = range(7)
"""Frequencies, numbered as dateutil numbers them."""

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS_BEFORE_LEAP = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_UNITS = {
    HOURLY: timedelta(hours=1),
    MINUTELY: timedelta(minutes=1),
    SECONDLY: timedelta(seconds=1),
}
_DATEUTIL_LISTS = (
    "bymonth", "bymonthday", "byyearday", "byweekno", "byhour", "byminute", "bysecond", "bysetpos"
)  # fmt: skip
_DAY = timedelta(days=1)
_LONGEST_RULE = 8192
_LARGEST_NUMBER = 10**9
"""A larger INTERVAL or COUNT means the same: nothing repeats, or nothing ends, before the year 9999."""
_MOST_TIMES = 1440
"""Times of day that BYHOUR, BYMINUTE and BYSECOND may make together."""
_PERIOD_STEPS = {YEARLY: 100, MONTHLY: 20, WEEKLY: 10, DAILY: 5}
"""What one period costs dateutil, which looks at each of its days; a step is about a microsecond."""


class RuleError(ValueError):
    """A rule that cannot be read. Its text is a few words for a `Problem`, without the rule's own."""


class UnsupportedRuleError(RuleError):
    """A rule in a calendar system other than the Gregorian one (RFC 7529)."""


class Capped(Exception):  # noqa: N818 - nothing went wrong so far
    """A rule needs more steps or time than it is given; what it produced before stays valid."""


class ExpansionBudget:
    """Steps and seconds that recurrence may take: so much for each event, so much for the whole run.

    Seconds are the processor's, so that a busy machine gives the same answer. Used as `with budget:` around
    each event.
    """

    __slots__ = ("_clock", "_deadline", "_left", "_limits", "_run_left", "_started")

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = process_time) -> None:
        self._limits = limits or Limits()
        self._clock = clock
        self._run_left = self._limits.run_seconds
        self._left = 0
        self._started = self._deadline = 0.0

    def __enter__(self) -> "ExpansionBudget":
        self._left = self._limits.steps
        self._started = self._clock()
        self._deadline = self._started + min(self._limits.event_seconds, self._run_left)
        return self

    def __exit__(self, *_: object) -> None:
        self._run_left -= self._clock() - self._started

    def spend(self, steps: int = 1) -> None:
        """Take steps off. Raises `Capped` when none are left; looks at the clock every 256 steps or so."""
        before, self._left = self._left, self._left - steps
        if self._left < 0 or ((before ^ self._left) & ~0xFF and self._clock() > self._deadline):
            self._left = -1
            raise Capped


class Until(NamedTuple):
    """UNTIL as written: the wall-clock value, and whether it is a DATE or in UTC."""

    value: datetime
    is_date: bool = False
    is_utc: bool = False


class RecurrenceRule(NamedTuple):
    """A recurrence rule whose parts are in range. Lists are sorted, without repeats, empty when not given."""

    freq: int
    interval: int = 1
    times: int | None = None
    """COUNT."""
    until: Until | None = None
    wkst: int = 0
    byday: tuple[tuple[int, int], ...] = ()
    """(ordinal, weekday); ordinal 0 means every such weekday."""
    bymonth: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byhour: tuple[int, ...] = ()
    byminute: tuple[int, ...] = ()
    bysecond: tuple[int, ...] = ()
    bysetpos: tuple[int, ...] = ()


def parse_rule(text: str) -> RecurrenceRule:
    """Return the rule that a RRULE value says (cached). Raises RuleError.

    Lower case, blanks, escapes, empty and unknown parts are tolerated; of a part given twice the first
    counts.
    """
    if len(text) > _LONGEST_RULE:
        raise RuleError("it is far too long")
    return _parse(text)


@lru_cache(maxsize=512)
def _parse(text: str) -> RecurrenceRule:
    parts: dict[str, str] = {}
    for part in text.upper().replace("\\", "").split(";"):
        name, _, value = part.partition("=")
        parts.setdefault(name.strip(), value.strip())
    if parts.get("RSCALE", "GREGORIAN") != "GREGORIAN" or _moves_days(parts):
        raise UnsupportedRuleError("only the Gregorian calendar is supported")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise RuleError("no known FREQ")
    return RecurrenceRule(
        freq=_FREQUENCIES.index(parts["FREQ"]),
        interval=_positive(parts.get("INTERVAL", "1"), "INTERVAL"),
        times=_positive(parts["COUNT"], "COUNT") if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        wkst=_weekday(parts.get("WKST", "MO")),
        byday=_weekdays(parts.get("BYDAY", "")),
        bymonth=_numbers(parts, "BYMONTH", 1, 12),
        bymonthday=_numbers(parts, "BYMONTHDAY", 1, 31, signed=True),
        byyearday=_numbers(parts, "BYYEARDAY", 1, 366, signed=True),
        byweekno=_numbers(parts, "BYWEEKNO", 1, 53, signed=True),
        byhour=_numbers(parts, "BYHOUR", 0, 23),
        byminute=_numbers(parts, "BYMINUTE", 0, 59),
        # A leap second counts as the one before it.
        bysecond=tuple(dict.fromkeys(min(second, 59) for second in _numbers(parts, "BYSECOND", 0, 60))),
        bysetpos=_numbers(parts, "BYSETPOS", 1, 366, signed=True),
    )


def _moves_days(parts: dict[str, str]) -> bool:
    """Tell whether SKIP may move a day that does not exist (RFC 7529 4.1): days and weeks always do."""
    may_miss = parts.get("FREQ") in ("MONTHLY", "YEARLY") and ("BYDAY" not in parts or "BYMONTHDAY" in parts)
    return may_miss and parts.get("SKIP", "OMIT") != "OMIT"


def same_rule(text: str) -> object:
    """Return what is equal for rules that say the same in other words, as far as that can be told at once."""
    try:
        rule = parse_rule(text)
    except RuleError:
        return text
    weeks_count = rule.byweekno or (rule.freq == WEEKLY and (rule.interval > 1 or rule.bysetpos))
    return rule if weeks_count else rule._replace(wkst=0)


def _number(text: str, part: str) -> int:
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdigit()) or len(text) - len(digits) > 1:
        raise RuleError(f"{part} is no number")
    value = min(int(digits), _LARGEST_NUMBER) if len(digits) < 20 else _LARGEST_NUMBER
    return -value if text[0] == "-" else value


def _positive(text: str, part: str) -> int:
    value = _number(text, part)
    if value < 1:
        raise RuleError(f"{part} must be positive")
    return value


def _numbers(
    parts: dict[str, str], part: str, least: int, most: int, *, signed: bool = False
) -> tuple[int, ...]:
    text = parts.get(part)
    if not text:
        return ()
    values = {_number(item.strip(), part) for item in text.split(",") if item.strip()}
    if any(not least <= (abs(value) if signed else value) <= most for value in values):
        raise RuleError(f"{part} is out of range")
    return tuple(sorted(values))


def _weekday(text: str) -> int:
    if text not in _WEEKDAYS:
        raise RuleError("a weekday is unknown")
    return _WEEKDAYS.index(text)


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    days = set()
    for item in filter(None, map(str.strip, text.split(","))):
        ordinal = _number(item[:-2], "BYDAY") if len(item) > 2 else 0
        if abs(ordinal) > 53:
            raise RuleError("BYDAY is out of range")
        days.add((ordinal, _weekday(item[-2:])))
    return tuple(sorted(days))


def _until(text: str) -> Until:
    digits = text.replace("-", "").replace(":", "")
    is_utc = digits.endswith("Z")
    day, _, clock = digits.removesuffix("Z").partition("T")
    numbers = day + (clock + "00" if len(clock) == 4 else clock or "000000")
    if len(numbers) != 14 or not (numbers.isascii() and numbers.isdigit()):
        raise RuleError("UNTIL is no date")
    year, month, dom = int(day[:4]), int(day[4:6]), int(day[6:])
    # A leap second ends with the minute it belongs to.
    hour, minute, second = int(numbers[8:10]), int(numbers[10:12]), min(int(numbers[12:]), 59)
    try:
        value = datetime(year, month, dom, hour, minute, second)  # noqa: DTZ001 - wall-clock time
    except ValueError:
        raise RuleError("UNTIL is no date") from None
    return Until(value, is_date=not clock, is_utc=is_utc and bool(clock))


def local_times(
    rule: RecurrenceRule, start: datetime, since: datetime, until: datetime, budget: ExpansionBudget
) -> Iterator[datetime]:
    """Yield the rule's own wall-clock times from `start` (DTSTART) on that lie in `[since, until]`, in order.

    COUNT is obeyed; UNTIL is the caller's, who knows the zone. Raises `Capped` when the budget runs out; the
    caller spends for what is yielded.
    """
    since = max(since, start)
    if since > until:
        return iter(())
    days = _as_days(rule, start)
    if days:
        return days.times(start, rule.times, since, until)
    if rule.freq >= HOURLY:
        return _times_within_days(rule, start, since, until, budget)
    begin = start if rule.times else since
    months = _as_months(rule, start)
    if months:
        times = months.times(start.time(), begin, until, budget)
    else:
        times = _dateutil_times(rule, start, begin, until, budget)
    return _counted(times, rule.times, start=start, since=since, until=until, budget=budget)


def _counted(
    times: Iterator[datetime],
    count: int | None,
    *,
    start: datetime,
    since: datetime,
    until: datetime,
    budget: ExpansionBudget,
) -> Iterator[datetime]:
    """Yield those of a rule's times that count, from `since` on. Periods may begin before DTSTART."""
    for when in islice(dropwhile(start.__gt__, times), count):
        budget.spend()
        if when > until:
            return
        if when >= since:
            yield when


class _Days(NamedTuple):
    """Days at fixed offsets within periods of so many days: DAILY, and WEEKLY with BYDAY."""

    base: int
    """Proleptic ordinal of the first period's first day."""
    length: int
    offsets: tuple[int, ...]

    def times(
        self, start: datetime, count: int | None, since: datetime, until: datetime
    ) -> Iterator[datetime]:
        """Yield the times in `[since, until]`; where in the sequence they stand is computed, not counted."""
        clock = start.time()
        period = max((since.toordinal() - self.base) // self.length, 0)
        each = len(self.offsets)
        before_start = bisect_left(self.offsets, start.toordinal() - self.base)
        left = None if count is None else before_start + count - period * each
        for ordinal in islice(self._ordinals(period), left if left is None else max(left, 0)):
            when = _combine(ordinal, clock)
            if when is None or when < since:
                continue
            if when > until:
                return
            yield when

    def _ordinals(self, period: int) -> Iterator[int]:
        first = self.base + period * self.length
        while first <= _LAST_ORDINAL:
            for offset in self.offsets:
                yield first + offset
            first += self.length


class _Months(NamedTuple):
    """One day in every so many months: MONTHLY or YEARLY by day of the month, or by the nth weekday."""

    base: int
    """The first period's month, counted from January of the year 0."""
    length: int
    day: int
    """Day of the month, from its end when negative; 0 when `nth` decides."""
    nth: tuple[int, int] = (0, 0)

    def times(
        self, clock: time, since: datetime, until: datetime, budget: ExpansionBudget
    ) -> Iterator[datetime]:
        """Yield the times of the months from `since` to `until`, whole months at both ends."""
        skip = max((_month_number(since) - self.base) // self.length, 0)
        for month in range(self.base + skip * self.length, _month_number(until) + 1, self.length):
            budget.spend()
            when = _combine(self._ordinal(month), clock)
            if when:
                yield when

    def _ordinal(self, number: int) -> int:
        """Return the day's ordinal, 0 when the month has no such day: it is skipped, and not counted."""
        year, month = divmod(number, 12)
        first = date(year, month + 1, 1).toordinal()
        length = _month_length(year, month)
        if self.day:
            day = self.day if self.day > 0 else length + 1 + self.day
        elif self.nth[0] > 0:
            day = 1 + (self.nth[1] - first - 6) % 7 + 7 * (self.nth[0] - 1)
        else:
            day = length - (first + length + 5 - self.nth[1]) % 7 + 7 * (self.nth[0] + 1)
        return first + day - 1 if 1 <= day <= length else 0


_LAST_ORDINAL = date.max.toordinal()


def _combine(ordinal: int, clock: time) -> datetime | None:
    if not 1 <= ordinal <= _LAST_ORDINAL:
        return None
    return datetime.combine(date.fromordinal(ordinal), clock)


def _month_number(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


def _month_length(year: int, month: int) -> int:
    leap = month == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS_BEFORE_LEAP[month] + leap


def _week_start(start: datetime, wkst: int) -> int:
    return start.toordinal() - (start.weekday() - wkst) % 7


_BY_PARTS = frozenset(field for field in RecurrenceRule._fields if field.startswith("by"))


def _uses_only(rule: RecurrenceRule, *parts: str) -> bool:
    """Tell whether a rule has none of the BYxxx parts but these."""
    return not any(getattr(rule, part) for part in _BY_PARTS.difference(parts))


def _as_days(rule: RecurrenceRule, start: datetime) -> _Days | None:
    if not _uses_only(rule, "byday"):
        return None
    if rule.freq == WEEKLY:
        days = {day for _, day in rule.byday} or {start.weekday()}
        offsets = tuple(sorted((day - rule.wkst) % 7 for day in days))
        return _Days(base=_week_start(start, rule.wkst), length=7 * rule.interval, offsets=offsets)
    if rule.freq != DAILY:
        return None
    if not rule.byday:
        return _Days(base=start.toordinal(), length=rule.interval, offsets=(0,))
    if rule.interval == 1:
        return _as_days(rule._replace(freq=WEEKLY), start)
    return None


def _as_months(rule: RecurrenceRule, start: datetime) -> _Months | None:
    if rule.freq > MONTHLY or not _uses_only(rule, "byday", "bymonth", "bymonthday"):
        return None
    if len(rule.byday) + len(rule.bymonthday) > 1:
        return None
    if rule.byday and rule.byday[0][0] == 0:
        return None
    day = 0 if rule.byday else rule.bymonthday[0] if rule.bymonthday else start.day
    nth = rule.byday[0] if rule.byday else (0, 0)
    if rule.freq == MONTHLY:
        if rule.bymonth:
            return None
        return _Months(base=_month_number(start), length=rule.interval, day=day, nth=nth)
    if len(rule.bymonth) > 1 or (not rule.bymonth and (rule.byday or rule.bymonthday)):
        return None
    month = rule.bymonth[0] if rule.bymonth else start.month
    return _Months(base=start.year * 12 + month - 1, length=12 * rule.interval, day=day, nth=nth)


def _completed(rule: RecurrenceRule, start: datetime) -> RecurrenceRule:
    """Return the rule with what it leaves to DTSTART written out, so that dateutil may start anywhere."""
    rule = rule._replace(
        byday=_spelled_out(rule),
        byhour=rule.byhour or (start.hour,),
        byminute=rule.byminute or (start.minute,),
        bysecond=rule.bysecond or (start.second,),
    )
    if rule.byday or rule.bymonthday or rule.byyearday or rule.freq == DAILY:
        return rule
    if rule.freq == WEEKLY or rule.byweekno:
        return rule._replace(byday=((0, start.weekday()),))
    if rule.freq == YEARLY and not rule.bymonth:
        rule = rule._replace(bymonth=(start.month,))
    return rule._replace(bymonthday=(start.day,))


def _spelled_out(rule: RecurrenceRule) -> tuple[tuple[int, int], ...]:
    """Return BYDAY as dateutil understands it.

    It intersects plain and numbered weekdays where the RFC unites them, and stumbles over numbers that no
    month reaches: they are left out, and nothing may remain. Below MONTHLY numbers mean nothing.
    """
    if rule.freq > MONTHLY:
        return tuple(sorted({(0, day) for _, day in rule.byday}))
    if not any(ordinal for ordinal, _ in rule.byday):
        return rule.byday
    most = 5 if rule.freq == MONTHLY or rule.bymonth else 53
    numbered = {(n, day) for n, day in rule.byday if n and abs(n) <= most}
    numbered |= {(n, day) for zero, day in rule.byday if not zero for n in range(1, most + 1)}
    return tuple(sorted(numbered))


def _dateutil_times(
    rule: RecurrenceRule, start: datetime, since: datetime, until: datetime, budget: ExpansionBudget
) -> Iterator[datetime]:
    """Yield dateutil's times from the period around `since` on. BYSETPOS looks at whole periods, so do we."""
    if rule.byday and not _spelled_out(rule):
        return
    rule = _completed(rule, start)
    if len(rule.byhour) * len(rule.byminute) * len(rule.bysecond) > _MOST_TIMES:
        raise Capped
    anchor, periods = _near(rule, start, since, until)
    from dateutil.rrule import rrule, weekday

    parts: dict[str, Any] = {part: getattr(rule, part) or None for part in _DATEUTIL_LISTS}
    parts["byweekday"] = [weekday(day, n) if n else day for n, day in rule.byday] or None
    parts |= {"freq": rule.freq, "interval": _Metered.of(rule, periods, budget), "wkst": rule.wkst}
    try:
        yield from rrule(dtstart=anchor, **parts)
    except _Beyond:
        return


def _near(rule: RecurrenceRule, start: datetime, since: datetime, until: datetime) -> tuple[datetime, int]:
    """Return the last start of a period, in step with `start`, that is by `since`; and how many to try."""
    if rule.freq <= MONTHLY:
        length = rule.interval * (12 if rule.freq == YEARLY else 1)
        base = _month_number(start) if rule.freq == MONTHLY else start.year * 12
        first = base + (_month_number(since) - base) // length * length
        anchor = datetime(first // 12, first % 12 + 1, 1)  # noqa: DTZ001 - wall-clock time
        return anchor, (_month_number(until) - first) // length + 1
    length = rule.interval * (7 if rule.freq == WEEKLY else 1)
    base = _week_start(start, rule.wkst) if rule.freq == WEEKLY else start.toordinal()
    first = base + (since.toordinal() - base) // length * length
    return datetime.fromordinal(max(first, 1)), (until.toordinal() - first) // length + 1


class _Beyond(Exception):  # noqa: N818 - the expected end of a walk
    """The last period that can matter has been looked at."""


class _Metered(int):
    """An INTERVAL that ends the walk after so many periods.

    Where nothing matches, dateutil walks to the year 9999 without yielding, whatever UNTIL says. All it does
    between two periods is to add the interval, so that is where it can be stopped.
    """

    budget: ExpansionBudget
    periods: int
    steps: int

    @classmethod
    def of(cls, rule: RecurrenceRule, periods: int, budget: ExpansionBudget) -> "_Metered":
        metered = cls(rule.interval)
        metered.budget, metered.periods, metered.steps = budget, periods, _PERIOD_STEPS[rule.freq]
        return metered

    def _next_period(self) -> None:
        self.periods -= 1
        if self.periods <= 0:
            raise _Beyond
        self.budget.spend(self.steps)

    def __radd__(self, other: int) -> int:
        self._next_period()
        return other + int(self)

    def __mul__(self, other: int) -> int:
        self._next_period()
        return int(self) * other


def _times_within_days(
    rule: RecurrenceRule, start: datetime, since: datetime, until: datetime, budget: ExpansionBudget
) -> Iterator[datetime]:
    """Return the times of an HOURLY, MINUTELY or SECONDLY rule."""
    count = rule.times
    if count is None or not _uses_only(rule):
        times = _times_of_periods(rule, start, start if count else since, until, budget)
        return _counted(times, count, start=start, since=since, until=until, budget=budget)
    last = _shifted(start, _UNITS[rule.freq] * rule.interval, count - 1)
    return _times_within_days(
        rule._replace(times=None), start, since, min(last, until) if last else until, budget
    )


def _times_of_periods(
    rule: RecurrenceRule, start: datetime, since: datetime, until: datetime, budget: ExpansionBudget
) -> Iterator[datetime]:
    """Yield what the periods from `since` to `until` give; they stand at fixed distances."""
    unit = _UNITS[rule.freq]
    step = unit * rule.interval
    base = _truncated(start, unit)
    for day in _admitted_days(rule, start, since, until, budget):
        budget.spend()
        period = _periods_before(max(day, _truncated(since, unit)) - base, step)
        while (moment := _shifted(base, step, period)) and moment.toordinal() == day.toordinal():
            budget.spend()
            wait = _wait(rule, moment)
            if wait:
                period = _periods_before(moment - base + wait, step)
                continue
            yield from _times_in_period(rule, moment, start, budget)
            period += 1


def _admitted_days(
    rule: RecurrenceRule, start: datetime, since: datetime, until: datetime, budget: ExpansionBudget
) -> Iterator[datetime]:
    days = RecurrenceRule(
        freq=DAILY,
        byday=rule.byday,
        bymonth=rule.bymonth,
        bymonthday=rule.bymonthday,
        byyearday=rule.byyearday,
        byweekno=rule.byweekno,
    )
    return local_times(days, _truncated(start, _DAY), _truncated(since, _DAY), until, budget)


def _truncated(moment: datetime, unit: timedelta) -> datetime:
    """Return the beginning of the hour, minute, second or day a time lies in."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // unit * unit


def _periods_before(distance: timedelta, step: timedelta) -> int:
    """Return how many steps it takes to go at least so far."""
    return -(-distance // step)


def _shifted(base: datetime, step: timedelta, periods: int) -> datetime | None:
    """Return the time so many steps later; `None` beyond the year 9999."""
    try:
        return base + step * periods
    except OverflowError:
        return None


def _wait(rule: RecurrenceRule, moment: datetime) -> timedelta:
    """Return how far off the next hour, minute or second is that may match; zero if this one does."""
    if rule.byhour and moment.hour not in rule.byhour:
        return timedelta(minutes=60 - moment.minute, seconds=-moment.second)
    if rule.freq >= MINUTELY and rule.byminute and moment.minute not in rule.byminute:
        return timedelta(seconds=60 - moment.second)
    if rule.freq == SECONDLY and rule.bysecond and moment.second not in rule.bysecond:
        return timedelta(seconds=1)
    return ZERO


def _times_in_period(
    rule: RecurrenceRule, moment: datetime, start: datetime, budget: ExpansionBudget
) -> list[datetime]:
    """Return the times of one hour, minute or second, BYSETPOS obeyed."""
    minutes = (rule.byminute or (start.minute,)) if rule.freq == HOURLY else (moment.minute,)
    seconds = (rule.bysecond or (start.second,)) if rule.freq < SECONDLY else (moment.second,)
    budget.spend(len(minutes) * len(seconds))
    times = [moment.replace(minute=minute, second=second) for minute in minutes for second in seconds]
    if not rule.bysetpos:
        return times
    places = {place - (place > 0) for place in rule.bysetpos}
    return sorted({times[place] for place in places if -len(times) <= place < len(times)})
