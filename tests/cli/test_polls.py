"""A poll: tentative events that are the times of one interview, in a calendar, an invitation or a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

OPTION = """BEGIN:VEVENT
UID:{number}@poll.example
DTSTAMP:20260501T080000Z
DTSTART:{start}
DURATION:PT45M
SUMMARY:{title}
STATUS:TENTATIVE
ORGANIZER;CN=Ines Duarte:mailto:ines@brightforge.example
ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Sam Miller:mailto:me@home.example
END:VEVENT
"""
STARTS = ("20260506T130000Z", "20260507T080000Z", "20260508T143000Z")
WITH = ("--me", "me@home.example", "--tz", "Berlin", "--now", "2026-05-04T09:00+02:00")


@pytest.fixture
def poll(tmp_path: Path) -> Callable[..., str]:
    """Return `poll(title, starts)`: the file of a poll, numbers put into the title."""

    def write(
        title: str = "Interview Data Engineer (option {number})", starts: tuple[str, ...] = STARTS
    ) -> str:
        events = (
            OPTION.format(number=number, start=start, title=title.format(number=number))
            for number, start in enumerate(starts, 1)
        )
        path = tmp_path / "poll.ics"
        path.write_text(
            f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//poll//EN\n{''.join(events)}END:VCALENDAR\n",
            encoding="utf-8",
        )
        return str(path)

    return write


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """A calendar with a class during the first option."""
    return str(write_calendar(tmp_path / "mine.ics", "Wed 2026-05-06 15:00-16:00 Class"))


@pytest.mark.parametrize("given", ["source", "--invite"])
def test_it_is_one_interview_with_three_times(
    given: str, poll: Callable[..., str], mine: str, run: Callable[..., Ran]
) -> None:
    sources = (mine, poll()) if given == "source" else (mine, "--invite", poll())
    for command in ("interviews", "check"):
        (interview,) = run(command, *sources, *WITH, "--json").json["interviews"]
        assert [one["start"] for one in interview["options"]] == [
            "2026-05-06T15:00:00+02:00",
            "2026-05-07T10:00:00+02:00",
            "2026-05-08T16:30:00+02:00",
        ]
        assert interview["round"] is None
    assert interview["start"] == "2026-05-07T10:00:00+02:00"  # the first that is free
    assert interview["verdict"] == "clear"


def test_the_table_names_the_other_times(poll: Callable[..., str], run: Callable[..., Ran]) -> None:
    told = run("interviews", poll(), *WITH).out
    assert [line.split()[0] for line in told.splitlines() if "May," in line] == ["Wed", "or", "or"]


@pytest.mark.parametrize("given", ["source", "--invite"])
def test_other_times_are_offered_for_the_one_interview(
    given: str, poll: Callable[..., str], mine: str, run: Callable[..., Ran]
) -> None:
    sources = (mine, poll()) if given == "source" else (mine, "--invite", poll())
    found = run("propose", *sources, *WITH, "--json").json
    assert found["interview"]["role"] == "Data Engineer"
    assert len(found["slots"]) == 3


@pytest.mark.parametrize("given", ["--invite", "--from", "--interview"])
def test_its_times_are_weighed_and_the_best_is_accepted(
    given: str, poll: Callable[..., str], mine: str, run: Callable[..., Ran]
) -> None:
    named = (poll(), "--interview", "data engineer") if given == "--interview" else (given, poll())
    found = run("weigh", mine, *named, *WITH, "--json").json
    assert [one["kind"] for one in found["understood"]] == ["time"] * 3
    assert found["message"]["to"] == "ines@brightforge.example"
    assert "Data Engineer" in found["message"]["subject"]
    assert "(Berlin time)" in found["message"]["body"]  # nobody's clock shows UTC
    assert "Wednesday" not in found["message"]["body"]  # the class is on Wednesday


@pytest.mark.parametrize(
    ("title", "starts"),
    [
        ("Interview (round {number})", STARTS),
        ("Interview Data Engineer", ("20260506T080000Z", "20260506T084500Z", "20260506T093000Z")),
    ],
    ids=["rounds", "one visit"],
)
def test_rounds_are_no_choice(
    title: str, starts: tuple[str, ...], poll: Callable[..., str], run: Callable[..., Ran]
) -> None:
    found = run("interviews", poll(title, starts), *WITH, "--json").json["interviews"]
    assert ["options" in one for one in found] == [False, False, False]


def test_nothing_is_held_for_several_interviews_at_once(
    poll: Callable[..., str], mine: str, run: Callable[..., Ran]
) -> None:
    ran = run("weigh", mine, "--invite", poll("Interview (round {number})"), *WITH, "--hold", "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert "which interview the times are for" in ran.err


def test_settling_on_an_option_moves_nothing_onto_it(
    poll: Callable[..., str], run: Callable[..., Ran]
) -> None:
    path = poll()
    ran = run("settle", path, *WITH, "--interview", "data engineer", "--slot", "Thu 10:00", "--yes", "--json")
    assert ran.code == 0
    assert "replaces" not in ran.out + ran.err
    starts = [one["start"] for one in json.loads(run("agenda", path, *WITH, "--json").out)["occurrences"]]
    assert len(starts) == len(set(starts)) == 3
