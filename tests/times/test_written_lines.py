"""Lines that people write, in eight languages, each with what it offers: `written/lines.txt`.

Everything is said on Monday 11 May 2026 at 9:00 in Berlin, of a meeting of 45 minutes, by somebody whose zone
is that of the language. `14.5 10:00` is a time, `14.5 9:00-12:00` a window (with `~` an end may be an hour
off), `14.5 7:00|14.5 19:00` two readings, `@LON` another zone; nothing behind the last bar: no offer.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from lastresort.times.prose import said_in
from lastresort.times.reader import understand
from lastresort.times.readings import ReadingContext, Understood, UnderstoodKind

NOW = datetime(2026, 5, 11, 7, 0, tzinfo=UTC)
LENGTH = timedelta(minutes=45)
ZONES = {
    "en": "America/New_York", "uk": "Europe/London", "de": "Europe/Berlin", "fr": "Europe/Paris",
    "es": "Europe/Madrid", "pt": "Europe/Lisbon", "it": "Europe/Rome", "nl": "Europe/Amsterdam",
    "pl": "Europe/Warsaw", "NY": "America/New_York", "LON": "Europe/London", "BER": "Europe/Berlin",
    "LA": "America/Los_Angeles", "CHI": "America/Chicago", "SP": "America/Sao_Paulo", "KOL": "Asia/Kolkata",
    "UTC": "UTC",
}  # fmt: skip
COUNTRIES = {"en": "US", "uk": "GB"}
CASE = re.compile(
    r"(?ms)^(?P<who>\w\w)(?:\[(?P<written>.*?)\])? \| "
    r"(?:<<<\n(?P<mail>.*?)\n>>>|(?P<line>.*?)) \| ?(?P<offers>.*?)$"
)
OFFER = re.compile(r"(\d+)\.(\d+) (\d+):(\d\d)(?:-(\d+):(\d\d))?(~?)")


class Offer(NamedTuple):
    kind: UnderstoodKind
    starts: frozenset[datetime]
    end: datetime | None = None
    tolerance: timedelta = timedelta(0)

    def fits(self, found: Offer) -> bool:
        """Tell whether what was found is this, its ends as near as they have to be."""
        if self.kind is UnderstoodKind.AMBIGUOUS or found.kind is not self.kind:
            return (self.kind, self.starts) == (found.kind, found.starts)
        assert self.end
        assert found.end
        pairs = zip((*self.starts, self.end), (*found.starts, found.end), strict=True)
        return all(abs(one - other) <= self.tolerance for one, other in pairs)


def expected(text: str, zone: str) -> list[Offer]:
    return [_expected(one.strip(), zone) for one in text.split(";") if one.strip()]


def _expected(text: str, zone: str) -> Offer:
    text, _, elsewhere = text.partition("@")
    zone = ZONES.get(elsewhere, zone)
    readings = [_times(one.strip(), zone) for one in text.split("|")]
    if len(readings) > 1:
        return Offer(UnderstoodKind.AMBIGUOUS, frozenset(start for start, _, _ in readings))
    ((start, end, tolerance),) = readings
    kind = UnderstoodKind.TIME if end - start == LENGTH else UnderstoodKind.WINDOW
    return Offer(kind, frozenset({start}), end, tolerance)


def _times(text: str, zone: str) -> tuple[datetime, datetime, timedelta]:
    found = OFFER.fullmatch(text)
    assert found, text
    day, month, hour, minute = (int(found[number]) for number in range(1, 5))
    start = datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone))
    end = start.replace(hour=int(found[5]), minute=int(found[6])) if found[5] else start + LENGTH
    return start.astimezone(UTC), end.astimezone(UTC), timedelta(hours=1 if found[7] else 0)


def offered(one: Understood) -> Offer:
    starts = frozenset(meaning.interval.start for meaning in one.readings)
    return Offer(one.kind, starts, one.interval.end if one.interval else None)


CASES = list(CASE.finditer(Path(__file__).with_name("written").joinpath("lines.txt").read_text("utf-8")))


@pytest.mark.parametrize("who", sorted({case["who"] for case in CASES}))
def test_what_lines_and_mails_offer(who: str) -> None:
    wrong = {case["line"] or case["mail"]: differs(case) for case in CASES if case["who"] == who}
    assert {said: difference for said, difference in wrong.items() if difference} == {}


def differs(case: re.Match[str]) -> str:
    """Tell what is missing or too much among the offers that are found; empty where they are as expected."""
    zone = ZONES[case["who"]]
    written = datetime.fromisoformat(case["written"]) if case["written"] else None
    setting = ReadingContext(
        now=NOW, mine="Europe/Berlin", theirs=zone, country=COUNTRIES.get(case["who"]),
        length=LENGTH, written=written,
    )  # fmt: skip
    found = understand(said_in(case["mail"]) if case["mail"] else case["line"], setting).understood
    left = {offered(one) for one in found if one.kind is not UnderstoodKind.NOT_UNDERSTOOD}
    for offer in expected(case["offers"], zone):
        hit = next((one for one in left if offer.fits(one)), None)
        if hit is None:
            return f"{offer} is missing among {left}"
        left.remove(hit)
    return f"{left} is too much" if left else ""
