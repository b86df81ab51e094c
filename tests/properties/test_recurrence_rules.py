"""Laws of rules: they give what dateutil gives from DTSTART on, wherever the window lies."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import takewhile

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from lastresort.ics.rrule import HOURLY, MINUTELY, SECONDLY, ExpansionBudget, local_times, parse_rule
from lastresort.model import Limits

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NO_LIMITS = Limits(steps=10**9, event_seconds=60, run_seconds=600)


def some(values: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[str]:
    return st.sets(values, min_size=1, max_size=most).map(lambda found: ",".join(sorted(map(str, found))))


def signed(most: int) -> st.SearchStrategy[int]:
    return st.integers(1, most) | st.integers(-most, -1)


@st.composite
def parts(draw: st.DrawFn, of: dict[str, st.SearchStrategy[str]]) -> str:
    """Return some of the parts of a rule, each with a value."""
    chosen = draw(st.sets(st.sampled_from(sorted(of)), max_size=3))
    return "".join(f";{name}={draw(of[name])}" for name in sorted(chosen))


COMMON = {"BYMONTH": some(st.integers(1, 12)), "BYMONTHDAY": some(signed(31))}
CLOCK = {"BYHOUR": some(st.integers(0, 23)), "BYMINUTE": some(st.integers(0, 59))}
PLAIN_DAYS = some(st.sampled_from(WEEKDAYS))
NUMBERED_DAYS = some(st.tuples(signed(5), st.sampled_from(WEEKDAYS)).map(lambda day: f"{day[0]}{day[1]}"))
SETPOS = some(signed(4), 2)
# What dateutil reads otherwise than the RFC is left to the tests of the rules: numbered beside plain
# weekdays, BYWEEKNO without a weekday, BYSETPOS in the week of DTSTART.
BY_FREQUENCY = {
    "YEARLY": COMMON
    | {"BYDAY": PLAIN_DAYS | NUMBERED_DAYS, "BYYEARDAY": some(signed(366)), "BYSETPOS": SETPOS},
    "YEARLY;BYDAY=MO,FR": {"BYWEEKNO": some(signed(53)), "BYMONTH": some(st.integers(1, 12))},
    "MONTHLY": COMMON | CLOCK | {"BYDAY": PLAIN_DAYS | NUMBERED_DAYS, "BYSETPOS": SETPOS},
    "WEEKLY": COMMON | CLOCK | {"BYDAY": PLAIN_DAYS},
    "DAILY": COMMON | CLOCK | {"BYDAY": PLAIN_DAYS},
    "HOURLY": COMMON | CLOCK | {"BYDAY": PLAIN_DAYS, "BYSETPOS": SETPOS},
    "MINUTELY": CLOCK | {"BYDAY": PLAIN_DAYS},
    "SECONDLY": CLOCK | {"BYSECOND": some(st.integers(0, 59))},
}
RULES = st.sampled_from(sorted(BY_FREQUENCY)).flatmap(
    lambda frequency: st.builds(
        "FREQ={}{};INTERVAL={};WKST={}{}".format,
        st.just(frequency),
        parts(BY_FREQUENCY[frequency]),
        st.sampled_from((1, 1, 2, 3, 7, 10, 25)),
        st.sampled_from(WEEKDAYS),
        st.just("") | st.integers(1, 40).map(";COUNT={}".format),
    )
)
STARTS = st.datetimes(datetime(2019, 1, 1), datetime(2021, 12, 31)).map(
    lambda it: it.replace(second=0, microsecond=0)
)


SPANS = {HOURLY: timedelta(days=3), MINUTELY: timedelta(hours=12), SECONDLY: timedelta(minutes=30)}


@given(RULES, STARTS, st.floats(0, 1), st.floats(0, 1))
def test_a_window_holds_what_dateutil_finds_from_the_start(
    text: str, start: datetime, where: float, size: float
) -> None:
    rule = parse_rule(text)
    span = SPANS.get(rule.freq, timedelta(days=1000))
    since = start + where * span
    until = since + size * span
    with ExpansionBudget(NO_LIMITS) as budget:
        assert list(local_times(rule, start, since, until, budget)) == walked(text, start, since, until)


class PatienceError(Exception):
    pass


class Patience(int):
    """An interval that is added so often only: enough periods to be past every window of this test."""

    left = 5000

    def __radd__(self, other: int) -> int:
        self.left -= 1
        if not self.left:
            raise PatienceError
        return other + int(self)

    def __mul__(self, other: int) -> int:
        return int(self) * (other - 1) + self


def walked(text: str, start: datetime, since: datetime, until: datetime) -> list[datetime]:
    """Return dateutil's own answer. Rules that never match it walks to the year 9999, or refuses."""
    found: list[datetime] = []
    with suppress(PatienceError, ValueError):
        theirs = rrulestr(text, dtstart=start)
        theirs._interval = Patience(theirs._interval)
        for when in takewhile(until.__ge__, theirs):
            found += [when] if when >= since else []
    return found
