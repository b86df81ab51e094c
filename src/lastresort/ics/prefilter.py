"""The proof that an event lies outside the window: only what it holds for is forgotten without being parsed.

It reads unfolded, upper-cased bytes. Whatever it does not recognise is kept and parsed, which is slower but
never wrong. Days are eight digits, compared as bytes; the window is widened by `MARGIN` first. The patterns
in `OutsideProof.forgets` decide most events; a series, an instance or a DURATION takes `_forgets_odd`.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lastresort.model import Interval

MARGIN = timedelta(days=3)
"""Around the window: zones, nominal days, midnight and travel move an event by less."""

_END = b"\nEND:VEVENT"


Forgets = Callable[[bytes, bool], bool]
"""Tells whether an event need not be kept, by its unfolded, upper-cased text from behind its BEGIN line on,
and by whether that is surely the text of one event alone."""


_PLAIN_TIME = rb"(?:;[^\":\n]*)?:(\d{8})(?:T\d{6}Z?)?\n"
"""What stands behind the name of a date or a time as all producers write them; the day is its group.

A quoted parameter may hold a colon: a line with one needs a closer look.
"""


def uid_key(uid: bytes) -> int:
    """Return what is kept of a forgotten event's UID: eight bytes, the same for the same UID in one run."""
    return hash(uid.strip().upper())


class OutsideProof:
    """Forgets events that cannot touch the window, whatever their zone, and remembers their UIDs.

    The UIDs are needed because an older revision, or an instance of the same series, may stand inside the
    window: then the event is fetched after all.
    """

    __slots__ = ("_time", "others", "overrides", "since", "until")

    def __init__(self, window: Interval) -> None:
        self.since = _day_before(window.start)
        self.until = _day_after(window.end)
        self.others = array("q")
        """Keys of the UIDs of forgotten events that are no instance of a series."""
        self.overrides = array("q")
        """Keys of the UIDs of forgotten events with a RECURRENCE-ID."""
        self._time = re.compile(_PLAIN_TIME).match

    def forgets(self, text: bytes, is_alone: bool) -> bool:
        """Tell whether the event is proved to lie outside; its UID is remembered then.

        An alarm has times and a UID of its own, so only what stands before the first one is the event's. Of
        each name the first line counts, as for whoever reads the event. Names are looked for by `partition`:
        `find` costs more on texts as small as these.
        """
        if not is_alone or not text.endswith(_END):
            return False
        own, _, nested = text.partition(b"\nBEGIN")
        if nested and not _holds_only_alarms(nested):
            return False
        start = own.partition(b"\nDTSTART")[2]
        begins = self._time(start)
        first = begins[1] if begins else b""
        if self.since <= first <= self.until:
            return False
        uid = own.partition(b"\nUID")[2]
        recurs = b"\nR" in text  # RRULE, RDATE or RECURRENCE-ID
        if begins is None or uid[:1] != b":" or recurs:
            return self._forgets_odd(text)
        if first < self.since:
            last = self._last_day(own.partition(b"\nDTEND")[2], first, start[: begins.end(1)])
            if not last:
                return self._forgets_odd(text)
            if last >= self.since:
                return False
        self.others.append(hash(uid[1:].partition(b"\n")[0].strip()))  # as `uid_key`
        return True

    def _last_day(self, end: bytes, first: bytes, same_day: bytes) -> bytes:
        """Return the day that a DTEND line names, by what stands behind its name; empty where that is odd.

        Most events end on the day they begin, which needs no pattern: `same_day` is what DTSTART has there.
        """
        if end.startswith(same_day):
            return first
        ends = self._time(end)
        return ends[1] if ends else b""

    def _forgets_odd(self, text: bytes) -> bool:
        """Look closely at a series, an instance of one, or an event with a DURATION."""
        seen = _closer(text)
        if seen is None:
            return False
        if seen.instance:
            if self.since <= seen.instance <= self.until or not self._outside(seen.first, seen.last):
                return False
            self.overrides.append(uid_key(seen.uid))
            return True
        last = seen.last
        if seen.rule and seen.first <= self.until:
            last = _series_end(seen.rule, seen.first, last)
        if not self._outside(seen.first, last):
            return False
        self.others.append(uid_key(seen.uid))
        return True

    def _outside(self, first: bytes, last: bytes) -> bool:
        """Tell whether what lasts from one day to another is over before the window or begins after it."""
        return first > self.until or b"" < last < self.since


def _holds_only_alarms(nested: bytes) -> bool:
    """Tell whether all components inside an event, from behind the first BEGIN on, are alarms with an END."""
    more = nested.count(b"\nBEGIN")
    return (
        nested.startswith(b":VALARM")
        and nested.count(b"\nEND:VALARM") == more + 1
        and (not more or nested.count(b"\nBEGIN:VALARM") == more)
    )


class Recall:
    """Forgets what a proof does not, and all it does save the events with these UIDs: for a second look."""

    __slots__ = ("_proof", "_wanted")

    def __init__(self, proof: OutsideProof, wanted: set[int]) -> None:
        self._proof, self._wanted = proof, wanted

    def forgets(self, text: bytes, is_alone: bool) -> bool:
        """Tell whether the event has been kept by the first look, or is not wanted now."""
        others, overrides = self._proof.others, self._proof.overrides
        before = len(others), len(overrides)
        if not self._proof.forgets(text, is_alone):
            return True
        new = others[before[0] :] or overrides[before[1] :]
        return new[0] not in self._wanted


def keep_all(text: bytes, is_alone: bool) -> bool:  # noqa: ARG001 - a `Forgets`
    """Forget nothing."""
    return False


class _Seen(NamedTuple):
    """What a closer look sees of an event; days as eight digits, empty where there are none."""

    first: bytes
    last: bytes
    uid: bytes
    instance: bytes
    """The day of RECURRENCE-ID."""
    rule: bytes


_ALARMS = (b"DURATION", b"UID")
"""What alarms have too: theirs are told apart only where the event's own stand before them."""
_UNBOUNDED = (b"RDATE", b"X-RDATE")


_CLOSER_LINES = (
    rb"\n(DTSTART|DTEND|DURATION|RRULE|RECURRENCE-ID|RDATE|X-RDATE|UID|BEGIN)(?=[:;])([^:\n]*):?([^\n]*)"
)
"""The lines that bound a series: name, parameters, value."""


def _closer(text: bytes) -> _Seen | None:
    """Return what can be told of an event, or None when anything in it is out of the ordinary."""
    found: dict[bytes, bytes] = {}
    nested = is_odd = False
    for name, parameters, value in re.findall(_CLOSER_LINES, text):
        if name == b"BEGIN":
            nested = True
        elif nested and name in _ALARMS and name in found:
            continue
        elif name in _UNBOUNDED or name in found or (nested and name != b"RRULE"):
            return None
        else:
            is_odd = is_odd or b'"' in parameters or b"RANGE" in parameters
            found[name] = value
    if is_odd:
        return None
    first = _day(found.get(b"DTSTART", b""))
    instance = _day(found.get(b"RECURRENCE-ID", b""))
    last = _day(found[b"DTEND"]) if b"DTEND" in found else _after(first, found.get(b"DURATION"))
    if not first or (b"RECURRENCE-ID" in found and (not instance or b"RRULE" in found)):
        return None
    return _Seen(
        first=first,
        last=last,
        uid=found.get(b"UID", b""),
        instance=instance,
        rule=found.get(b"RRULE", b""),
    )


def _day(value: bytes) -> bytes:
    """Return the day of a date or time in the RFC's own form; empty for any other."""
    return value[:8] if len(value) in (8, 15, 16) and value[:8].isdigit() else b""


_SHORT_DURATION = rb"\+?P(?:(\d{1,2})W|(\d{1,3})D)?(?:T(?:\d{1,3}H)?(?:\d{1,4}M)?(?:\d{1,6}S)?)?"
_TIME_PART = 60
"""Days that the part behind the T of such a duration is shorter than."""


def _after(first: bytes, duration: bytes | None) -> bytes:
    """Return a day by which an event without DTEND is over: the first, or a bound from its DURATION."""
    if duration is None:
        return first
    found = re.fullmatch(_SHORT_DURATION, duration)
    if not found or not first:
        return b""
    days = 7 * int(found[1] or 0) + int(found[2] or 0) + _TIME_PART
    try:
        return _digits(date.fromisoformat(first.decode()).toordinal() + days)
    except (ValueError, OverflowError):
        return b""


def _day_before(moment: date) -> bytes:
    if moment.toordinal() <= MARGIN.days + 1:
        return b"00000000"
    return _digits(moment.toordinal() - MARGIN.days)


def _day_after(moment: date) -> bytes:
    if moment.toordinal() + MARGIN.days >= date.max.toordinal():
        return b"99999999"
    return _digits(moment.toordinal() + MARGIN.days)


def _digits(ordinal: int) -> bytes:
    return date.fromordinal(ordinal).isoformat().replace("-", "").encode()


_BOUNDED_RULE = (
    rb"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)"
    rb"(?:;WKST=[A-Z]{2}|;INTERVAL=(?P<interval>\d{1,4})|;COUNT=(?P<count>\d{1,5})|;UNTIL=(?P<until>\d{8})(?:T\d{6}Z?)?"
    rb"|;BYDAY=(?P<byday>[A-Z0-9,-]+)|;BYMONTHDAY=(?P<bymonthday>\d{1,2}))*"
)
_PARTS = (b"UNTIL", b"COUNT", b"INTERVAL", b"BYDAY", b"BYMONTHDAY")
_PERIOD = {b"DAILY": 1, b"WEEKLY": 7, b"MONTHLY": 31, b"YEARLY": 366}
_STEADY_DAY = re.compile(rb"(?:[1-4]|-1)?[A-Z]{2}")


def _series_end(value: bytes, first: bytes, last: bytes) -> bytes:
    """Return a day by which a series is over, from UNTIL or COUNT; empty when neither is certain."""
    rule = re.fullmatch(_BOUNDED_RULE, value)
    if not rule or not last or any(value.count(part) > 1 for part in _PARTS):
        return b""
    try:
        begins = date.fromisoformat(first.decode())
        length = max((date.fromisoformat(last.decode()) - begins).days, 0)
        until = rule["until"]
        ends = date.fromisoformat(until.decode()) if until else _count_end(rule, begins)
        return _digits(ends.toordinal() + length + 1) if ends else b""
    except (ValueError, OverflowError):
        return b""


def _count_end(rule: re.Match[bytes], begins: date) -> date | None:
    """Bound the last of COUNT instances of a rule that has one in each period (or every day it asks for)."""
    if not rule["count"] or (rule[1] == b"DAILY" and rule["byday"]) or begins.day > 28:
        return None
    days = (rule["byday"] or b"MO").split(b",")
    if not all(_STEADY_DAY.fullmatch(day) for day in days) or int(rule["bymonthday"] or 1) > 28:
        return None
    if rule["bymonthday"] and (rule["byday"] or rule[1] != b"MONTHLY"):
        return None
    periods = (int(rule["count"]) + 1) * max(int(rule["interval"] or 1), 1)
    return begins + timedelta(days=periods * _PERIOD[rule[1]])
