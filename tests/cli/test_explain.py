"""`agenda --explain`: why an event is read as it is, for every fixture and for what revisions decide."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion

    from commandline import Ran

PRODUCERS = Path(__file__).parents[2] / "fixtures" / "producers"
WINDOW = ("--from", "2026-05-04", "--to", "2026-05-11", "--now", "2026-05-01", "--tz", "Berlin")
ME = ("--me", "dana@example.com")
SHOWN = (
    "apple/address-in-parameter",
    "apple/birthdays",
    "exchange/customized-time-zone",
    "generic/ends-before-it-starts",
    "generic/no-start",
    "generic/reply",
    "generic/rule-by-the-second",
    "generic/same-uid-for-all",
    "generic/unknown-zone",
    "generic/unreadable-rule",
    "google/floating-with-calendar-zone",
    "nextcloud/instance-moved-to-another-week",
    "outlook/busy-though-transparent",
    "outlook/display-name-as-zone",
    "outlook/out-of-office-all-day",
    "outlook/windows-zone-from-1601",
    "proton/recurrence-id-in-utc",
    "teams/tentative-until-answered",
    "thunderbird/instance-cancelled",
    "thunderbird/prefixed-zone",
)


def uid_in(name: str) -> str:
    found = re.search(r"^UID:(\S+)", (PRODUCERS / f"{name}.ics").read_text("utf-8", "replace"), re.MULTILINE)
    assert found
    return found[1]


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_person_sees(
    run: Callable[..., Ran], snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(PRODUCERS)
    ran = run("agenda", f"{name}.ics", *WINDOW, *ME, "--explain", uid_in(name))
    if name == "generic/rule-by-the-second":  # how far it gets depends on the machine
        assert "cut off: the rule takes too long" in " ".join(ran.out.split())
        return
    assert ran.out == snapshot


@pytest.fixture
def explained(run: Callable[..., Ran], tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def explain(*calendars: str, more: tuple[str, ...] = ()) -> dict[str, Any]:
        files = []
        for number, text in enumerate(calendars):
            files.append(tmp_path / f"{number}.ics")
            files[-1].write_text(f"BEGIN:VCALENDAR\n{text}\nEND:VCALENDAR\n", "utf-8")
        return run("agenda", *files, *WINDOW, *ME, "--explain", "one@x", "--json", *more).json

    return explain


def event(*rows: str, start: str = "20260505T100000Z", uid: str = "one@x") -> str:
    length = "" if start.startswith(";VALUE=DATE") else "DURATION:PT1H\n"
    mark = "" if start.startswith(";") else ":"
    body = "\n".join(rows)
    return f"BEGIN:VEVENT\nUID:{uid}\nDTSTART{mark}{start}\n{length}{body}\nEND:VEVENT"


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (
            [event("SEQUENCE:2"), event("SEQUENCE:1", start="20270505T100000Z")],
            [(True, "newer than 1 other of its UID"), (False, "SEQUENCE 1 is older than 2")],
        ),
        (
            [event("DTSTAMP:20260401T000000Z"), event("DTSTAMP:20260402T000000Z")],
            [
                (False, "the same SEQUENCE, but an earlier DTSTAMP than another"),
                (True, "newer than 1 other of its UID"),
            ],
        ),
        ([event(uid="other@x"), event()], [(True, "the only one")]),
        (
            [
                event("RRULE:FREQ=DAILY;COUNT=3"),
                event("RECURRENCE-ID:20260506T100000Z", "SEQUENCE:1", start="20260506T120000Z"),
                event("RECURRENCE-ID:20260506T100000Z", start="20260506T130000Z"),
            ],
            [
                (True, "the only one"),
                (True, "replaces one instance"),
                (False, "SEQUENCE 0 is older than 1"),
            ],
        ),
        (
            [
                event("RRULE:FREQ=DAILY;COUNT=3"),
                event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260506T100000Z", start="20260506T120000Z"),
            ],
            [(True, "the only one"), (True, "replaces this instance and all later")],
        ),
    ],
)
def test_which_revision_counts(
    explained: Callable[..., dict[str, Any]], events: list[str], told: list[tuple[bool, str]]
) -> None:
    found = explained("\n".join(events))["events"]
    assert [(each["counts"], each["because"]) for each in found] == told


def test_a_copy_in_another_calendar_is_called_one(explained: Callable[..., dict[str, Any]]) -> None:
    found = explained(event(), event())
    assert [each["because"] for each in found["events"]] == [
        "the only one",
        "a copy of the same times in another calendar; the busiest copy counts",
    ]
    assert [one["reason"] for one in found["occurrences"]] == ["busy", "duplicate"]


def test_a_cancellation_in_another_file_calls_the_event_off(
    explained: Callable[..., dict[str, Any]],
) -> None:
    found = explained(event(), "METHOD:CANCEL\n" + event("SEQUENCE:1"))
    assert [each["because"] for each in found["events"]] == [
        "called off by a later cancellation",
        "calls the whole event off",
    ]
    assert [one["reason"] for one in found["occurrences"]] == ["cancelled"]


@pytest.mark.parametrize(
    ("row", "because"),
    [
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"),
        ("TRANSP:TRANSPARENT", "TRANSP:TRANSPARENT"),
        ("STATUS:TENTATIVE", "STATUS:TENTATIVE"),
        ("STATUS:CANCELLED", "STATUS:CANCELLED"),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:dana@example.com", "your ATTENDEE line: PARTSTAT=DECLINED"),
        ("ATTENDEE:mailto:dana@example.com", "your ATTENDEE line: PARTSTAT=NEEDS-ACTION"),
        ("ATTENDEE;PARTSTAT=TENTATIVE:mailto:dana@example.com", "your ATTENDEE line: PARTSTAT=TENTATIVE"),
        ("SUMMARY:Lunch", "nothing says that the time is free"),
    ],
)
def test_what_decides_how_busy_it_is(
    explained: Callable[..., dict[str, Any]], row: str, because: str
) -> None:
    (found,) = explained(event(row))["events"]
    assert found["busy"]["because"] == because


def test_a_policy_is_named(explained: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[[calendars]]\nsource = "{tmp_path / "0.ics"}"\nall-day = "clash"\n', "utf-8")
    (found,) = explained(event(start=";VALUE=DATE:20260505"), more=("--config", str(config)))["events"]
    assert found["busy"] == {
        "level": "clash",
        "reason": "all-day",
        "because": "a date without a time; the calendar's policy all-day says clash",
    }


def test_what_a_rule_gives(explained: Callable[..., dict[str, Any]]) -> None:
    rows = ("RRULE:FREQ=DAILY;COUNT=9", "EXDATE:20260506T100000Z,20260507T100000Z", "RDATE:20260505T180000Z")
    moved = event("RECURRENCE-ID:20260508T100000Z", start="20260530T100000Z")
    series, _ = explained(event(*rows) + "\n" + moved)["events"]
    assert series["repetition"] == {
        "rules": ["RRULE:FREQ=DAILY;COUNT=9"],
        "rdates": 1,
        "exdates": 2,
        "overrides": 1,
        "instances": 4,
        "capped": False,
    }


def test_an_unknown_uid_is_wrong_usage(run: Callable[..., Ran]) -> None:
    ran = run("agenda", PRODUCERS / "apple" / "birthdays.ics", *WINDOW, "--explain", "nobody@x")
    assert (ran.code, ran.out) == (2, "")
    assert "no event read has this UID" in ran.err


def test_standard_input_is_read_once_though_the_calendar_tells_the_zone(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    text = f"BEGIN:VCALENDAR\nX-WR-TIMEZONE:Asia/Tokyo\n{event()}\nEND:VCALENDAR\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = run("agenda", "-", *WINDOW[:6], "--json")
    assert [one["start"] for one in ran.json["occurrences"]] == ["2026-05-05T19:00:00+09:00"]
