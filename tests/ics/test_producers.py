"""Every oddity of every producer that a fixture shows, and what it comes to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lastresort.ics.reader import read_agenda
from lastresort.model import Agenda, Document, Interval, Limits

PRODUCERS = Path(__file__).parents[2] / "fixtures" / "producers"
WINDOW = Interval(datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 11, tzinfo=UTC))

# name -> (day, start, end in UTC, level, reason of each occurrence in the week; codes of the problems)
TABLE: dict[str, tuple[list[str], set[str]]] = {
    "apple/address-in-parameter": (["05 08:00-05 09:00 ignore declined"], set()),
    "apple/alarm-with-uid-first": (["05 08:00-05 09:00 clash busy"], set()),
    "apple/birthdays": (["04 22:00-05 22:00 ignore birthday"], set()),
    "apple/travel-time": (["05 08:00-05 09:00 clash busy"], set()),
    "exchange/all-day-exdate-at-midnight": (
        ["03 22:00-04 22:00 check all-day", "05 22:00-06 22:00 check all-day"],
        set(),
    ),
    "exchange/all-day-instance-at-midnight": (
        ["03 22:00-04 22:00 check all-day", "06 22:00-07 22:00 check all-day"],
        set(),
    ),
    "exchange/all-day-marked-at-midnights": (
        [
            "03 22:00-04 22:00 ignore free",
            "04 22:00-05 22:00 check all-day",
            "06 22:00-07 22:00 check all-day",
            "07 15:00-08 15:00 clash busy",
        ],
        set(),
    ),
    "exchange/all-day-until-in-utc": (
        [
            "03 22:00-04 22:00 check all-day",
            "04 22:00-05 22:00 check all-day",
            "05 22:00-06 22:00 check all-day",
        ],
        set(),
    ),
    "exchange/customized-time-zone": (["05 08:00-05 09:00 clash busy"], set()),
    "exchange/day-cancelled-without-recurrence-id": (
        ["04 08:00-04 09:00 clash busy", "05 08:00-05 09:00 ignore cancelled"],
        {"unclear-cancel"},
    ),
    "exchange/instance-without-start": (
        ["04 08:00-04 09:00 clash busy", "05 08:00-05 09:00 check tentative"],
        {"no-start"},
    ),
    "exchange/zone-name-with-comma": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/all-day-ends-same-day": (["04 22:00-05 22:00 check all-day"], set()),
    "generic/byte-order-mark": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/colon-before-parameter": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/colon-in-name": (["05 08:00-05 09:00 ignore declined"], set()),
    "generic/date-without-value": (["04 22:00-05 22:00 check all-day"], set()),
    "generic/ends-before-it-starts": (["05 09:00-05 09:00 ignore free"], {"ends-before-start"}),
    "generic/floating-in-private-zone": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/fold-inside-name": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/free-busy": (
        [
            "05 08:00-05 09:00 clash busy",
            "05 12:00-05 12:30 clash busy",
            "06 08:00-06 09:00 check tentative",
            "07 08:00-07 09:00 ignore free",
            "08 08:00-08 09:00 clash out-of-office",
        ],
        set(),
    ),
    "generic/gregorian-by-name": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/instance-cancelled-without-start": (
        ["04 08:00-04 09:00 clash busy", "05 08:00-05 09:00 ignore cancelled"],
        set(),
    ),
    "generic/instance-named-without-zone": (
        ["04 08:00-04 09:00 clash busy", "05 13:00-05 14:00 clash busy"],
        set(),
    ),
    "generic/iso-punctuation": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/lower-case-names": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/mail-around-it": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/no-start": ([], {"no-start"}),
    "generic/no-uid": (["05 08:00-05 09:00 clash busy", "05 08:00-05 09:00 clash busy"], set()),
    "generic/offset-name-with-summer": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/offset-with-colon": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/reply": ([], set()),
    "generic/same-uid-for-all": (["05 08:00-05 09:00 clash busy", "05 10:00-05 11:00 clash busy"], set()),
    "generic/stale-zone": (["05 08:00-05 09:00 clash busy"], {"stale-zone"}),
    "generic/truncated": (["05 08:00-05 09:00 clash busy"], {"truncated"}),
    "generic/two-starts": (["05 08:00-05 09:00 clash busy"], {"loose-lines"}),
    "generic/unknown-zone": (["05 08:00-05 09:00 clash busy"], {"unknown-zone"}),
    "generic/unreadable-rule": (["05 08:00-05 09:00 clash busy"], {"rule-invalid"}),
    "generic/utf-16": (["05 08:00-05 09:00 clash busy"], {"encoding"}),
    "generic/utf-16-without-mark": (["05 08:00-05 09:00 clash busy"], {"encoding"}),
    "generic/vcalendar-1.0": (["05 08:00-05 09:00 clash busy"], set()),
    "generic/windows-1252": (["05 08:00-05 09:00 clash busy"], {"encoding"}),
    "google/declined-stays-in-feed": (["05 08:00-05 09:00 ignore declined"], set()),
    "google/floating-with-calendar-zone": (["05 14:00-05 15:00 clash busy"], set()),
    "google/free-all-day": (["04 22:00-05 22:00 ignore free"], set()),
    "google/free-busy-feed-without-master": (
        ["05 08:00-05 09:00 clash busy", "06 08:00-06 09:00 clash busy"],
        set(),
    ),
    "google/this-and-following": (
        [
            "04 08:00-04 09:00 clash busy",
            "05 08:00-05 09:00 clash busy",
            "06 12:00-06 13:00 clash busy",
            "07 12:00-07 13:00 clash busy",
        ],
        set(),
    ),
    "lotus/bare-carriage-returns": (["05 08:00-05 09:00 clash busy"], set()),
    "lotus/zone-with-hour-in-rule": (["05 08:00-05 09:00 clash busy"], set()),
    "nextcloud/bare-line-feeds": (["05 08:00-05 09:00 clash busy"], set()),
    "nextcloud/instance-moved-to-another-week": (["05 08:00-05 09:00 clash busy"], set()),
    "outlook/busy-though-transparent": (["05 08:00-05 09:00 clash busy"], set()),
    "outlook/display-name-as-zone": (["05 08:00-05 09:00 clash busy"], set()),
    "outlook/out-of-office-all-day": (["04 22:00-05 22:00 clash out-of-office"], set()),
    "outlook/published-until": (["05 08:00-05 09:00 clash busy"], set()),
    "outlook/windows-zone-from-1601": (["05 08:00-05 09:00 clash busy"], set()),
    "outlook/working-elsewhere": (["05 08:00-05 09:00 ignore working-elsewhere"], set()),
    "outlook/zone-with-bare-colon": (["05 08:00-05 09:00 clash busy"], set()),
    "outlook/zone-with-german-name": (["05 08:00-05 09:00 clash busy"], set()),
    "proton/recurrence-id-in-utc": (["04 08:00-04 09:00 clash busy", "05 13:00-05 14:00 clash busy"], set()),
    "teams/tentative-until-answered": (["05 08:00-05 09:00 check tentative"], set()),
    "thunderbird/instance-cancelled": (
        ["04 08:00-04 09:00 clash busy", "05 08:00-05 09:00 ignore cancelled"],
        set(),
    ),
    "thunderbird/prefixed-zone": (["05 08:00-05 09:00 clash busy"], set()),
    "zoom/fold-inside-character": (["05 08:00-05 09:00 clash busy"], set()),
    "zoom/no-end": (["05 08:00-05 08:00 ignore free"], set()),
}


def read(name: str, limits: Limits = Limits()) -> Agenda:  # noqa: B008 (immutable)
    path = PRODUCERS / f"{name}.ics"
    document = Document("x.ics", "x.ics", lambda: path.open("rb"))
    me = frozenset({"dana@example.com"})
    return read_agenda([document], WINDOW, zone="Europe/Berlin", system_zone="UTC", me=me, limits=limits)


@pytest.mark.parametrize("name", TABLE)
def test_oddity(name: str) -> None:
    times, codes = TABLE[name]
    agenda = read(name)
    assert [
        f"{one.interval.start:%d %H:%M}-{one.interval.end:%d %H:%M} {one.busy} {one.reason}"
        for one in agenda.occurrences
    ] == times
    assert {problem.code for problem in agenda.problems} == codes


def test_every_fixture_has_its_row() -> None:
    names = {f"{path.parent.name}/{path.stem}" for path in PRODUCERS.glob("*/*.ics")}
    assert names == {*TABLE, "generic/rule-by-the-second"}


def test_a_rule_by_the_second_becomes_a_list_and_a_stretch() -> None:
    agenda = read("generic/rule-by-the-second", Limits(event_seconds=60, run_seconds=60))
    assert len(agenda.occurrences) == 1001
    last = agenda.occurrences[-1].interval
    assert last.start == datetime(2026, 5, 5, 8, 16, 40, tzinfo=UTC)
    assert last.minutes > 10  # as far as the budget reaches
    assert "too-many-instances" in {problem.code for problem in agenda.problems}


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("zoom/fold-inside-character", "summary", "Gespräch"),
        ("generic/utf-16", "summary", "Gespräch"),
        ("generic/windows-1252", "summary", "Gespräch – Straße"),
        ("generic/vcalendar-1.0", "summary", "Gespräch zwei"),
        ("outlook/windows-zone-from-1601", "zone", "Europe/Berlin"),
        ("exchange/customized-time-zone", "zone", None),
        ("teams/tentative-until-answered", "disallow_counter", True),
        ("google/declined-stays-in-feed", "calendar", "dana@example.com"),
    ],
)
def test_what_the_event_says(name: str, field: str, value: object) -> None:
    (occurrence, *_) = read(name).occurrences
    assert getattr(occurrence.event, field) == value


def test_travel_is_part_of_the_blocked_time() -> None:
    (occurrence,) = read("apple/travel-time").occurrences
    assert occurrence.blocked.start == datetime(2026, 5, 5, 7, 15, tzinfo=UTC)


def test_a_published_calendar_says_where_it_ends() -> None:
    (source,) = read("outlook/published-until").sources
    assert source.ends == datetime(2026, 11, 1, tzinfo=UTC)
