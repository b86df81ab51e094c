"""The configuration file: what it may hold, and how a mistake is told."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest

from lastresort.config import CalendarEntry, InterviewerEntry
from lastresort.config.file import FileSettings, read_config
from lastresort.config.table import COSTS, NATURES, written
from lastresort.config.template import cost_example
from lastresort.costs import DEFAULT_COSTS, Costs
from lastresort.errors import UsageError
from lastresort.model import Busy, Signature
from lastresort.planning.subjects import Nature
from lastresort.query import Hours, MoveRule
from lastresort.sources import Access

if TYPE_CHECKING:
    from pathlib import Path

FULL = """
me = ["Me@Home.example"]
tz = "Berlin"
hours = "08:00-18:00"   # not the evenings
cannot-move = "Choir"

[[calendars]]
source = "work"
name = "Work"
color = "#3366CC"
timed-free = "busy"
all-day = "ignore"

[[calendars]]
source = "https://cal.example/private-abc/basic.ics"
me = ["me@work.example"]
user = "me"
password-command = "pass show 'my calendar'"

[[rules]]
match = "Gym"
movable = true
kind = "personal"

[[interviewers]]
domain = "@ACME.example"
tz = "New York"
hours = "09:00-16:00"

[signature]
name = "Dana Lee"

[costs]
ask = 20
last-resort = 99.5
shifts = [[1, 0], [2, 4]]
lunch = "11:30-12:30"
[costs.kinds]
team = 7
choir = 500
"""


@pytest.fixture
def read(tmp_path: Path) -> object:
    def reader(text: str) -> FileSettings:
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        return read_config(str(tmp_path / "config.toml"))

    return reader


@pytest.fixture
def why(tmp_path: Path, read: object) -> object:
    def reason(text: str) -> str:
        with pytest.raises(UsageError) as refused:
            read(text)  # type: ignore[operator]
        return str(refused.value).removeprefix(f"{tmp_path}/")

    return reason


def test_every_setting_becomes_a_value(read: object, tmp_path: Path) -> None:
    values = read(FULL).values  # type: ignore[operator]
    assert values["me"] == ("me@home.example",)
    assert values["hours"] == Hours(time(8), time(18))
    assert values["cannot_move"] == ("Choir",)
    first, second = values["calendars"]
    assert first == CalendarEntry(
        f"{tmp_path}/work", "Work", "#3366cc", timed_free=Busy.CLASH, all_day=Busy.IGNORE
    )
    assert second.source == "https://cal.example/private-abc/basic.ics"
    assert second.access == Access("me", ("pass", "show", "my calendar"))
    assert values["rules"] == (MoveRule("Gym", movable=True, kind="personal"),)
    assert values["interviewers"] == (InterviewerEntry("acme.example", "New York", Hours(time(9), time(16))),)
    assert values["signature"] == Signature("Dana Lee")
    costs = values["costs"]
    assert (costs.ask, costs.last_resort, costs.shifts) == (20, 99.5, ((1, 0), (2, 4)))
    assert costs.lunch == (time(11, 30), time(12, 30))
    assert (costs.kinds["team"], costs.kinds["choir"], costs.kinds["external"]) == (7, 500, 60)


def test_lines_are_known(read: object) -> None:
    lines = read(FULL).lines  # type: ignore[operator]
    assert {name: lines[name] for name in ("me", "hours", "calendars", "costs")} == {
        "me": 2,
        "hours": 4,
        "calendars": 7,
        "costs": 33,
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'tz = "Berlin"\npaddding = "5m"',
            "config.toml:2: 'paddding' is not a setting; did you mean 'padding'?",
        ),
        ("Hours = 3", "config.toml:1: 'Hours' is not a setting; did you mean 'hours'?"),
        ("max_size = 3", "did you mean 'max-size'?"),
        ("xyzzy = 1", "there are: allow-http, attendee-calendar, cache"),
        ("\n\nhours = 8", "config.toml:3: 'hours' takes hours, such as"),
        ('hours = "8pm-7am x"', "config.toml:1: 'hours': "),
        ('days = "14"', "config.toml:1: 'days' takes a number of days from 1 to 366"),
        ("days = true", "'days' takes a number"),
        ("days = 0", "'days' takes a number"),
        ('allow-http = "yes"', "'allow-http' takes true or false"),
        ("me = [1]", "'me' takes e-mail addresses"),
        ('me = ["nobody"]', "'me' takes e-mail addresses"),
        ('calendars = "work"', "config.toml:1: 'calendars' may stand several times"),
        ('[[calendars]]\nname = "x"', "config.toml:1: this [[calendars]] entry needs 'source'"),
        (
            '[[calendars]]\nsource = "a"\n[[calendars]]\nsource = "b"\nsorce = "c"',
            "config.toml:5: 'sorce' in [calendars] is not a setting; did you mean 'source'?",
        ),
        ('[[calendars]]\nsource = "a"\nall-day = "maybe"', "config.toml:3: 'all-day' takes \"clash\""),
        ('[[calendars]]\nsource = "a"\ncolor = "mauve"', "config.toml:3: 'color' takes a colour"),
        ("[[rules]]\nmovable = true", "a rule needs 'match' or 'calendar'"),
        ('[[rules]]\nmatch = "x"', "a rule needs 'movable', 'nature', 'kind' or 'cost'"),
        ('[[rules]]\nmatch = "x"\ncost = -1', "config.toml:3: 'cost' takes points"),
        ('[[rules]]\nmatch = "x"\ncost = nan', "config.toml:3: 'cost' takes points"),
        ('[[interviewers]]\ndomain = "a b"', "'domain' takes a domain"),
        ("[costs]\ncap = 1", "config.toml:2: 'cap' in [costs] is not a setting"),
        ("[costs]\nshifts = [[3, 1], [1, 0]]", "config.toml:2: 'shifts' takes pairs of hours and points"),
        ("[costs]\nshifts = 3", "config.toml:2: 'shifts' takes pairs"),
        ('[costs.kinds]\nteam = "x"', "config.toml:2: 'team' in [costs.kinds] takes points"),
        ('[costs]\nkinds = { team = "x" }', "config.toml:2: 'team' in [costs.kinds] takes points"),
        ("[costs]\nkinds = 3", "'kinds' is a table"),
        ("signature = 3", "config.toml:1: 'signature' is a table"),
        ("a = 1\nhours = 08:00-19:00", "config.toml:2: this is no TOML"),
        ("a = [", "config.toml:1: this is no TOML"),
        ("x = " + "[" * 5000, "config.toml"),
    ],
)
def test_a_mistake_is_told_with_its_line(why: object, text: str, said: str) -> None:
    assert said in why(text)  # type: ignore[operator]


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_bytes(b'tz = "Berlin"\nname = "\xff"\n')
    with pytest.raises(UsageError, match=r"c\.toml:2: not UTF-8"):
        read_config(str(tmp_path / "c.toml"))


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_bytes(b"#" * (2 << 20))
    with pytest.raises(UsageError, match="larger than any"):
        read_config(str(tmp_path / "c.toml"))


def test_a_path_may_begin_at_home(read: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    values = read('[[calendars]]\nsource = "~/.calendars"').values  # type: ignore[operator]
    assert values["calendars"][0].source == "/home/me/.calendars"


def test_a_rule_may_say_what_nature_events_have(read: object, why: object) -> None:
    rule = '[[rules]]\nmatch = "Kestrel"\nnature = '
    assert read(f'{rule}"own"').values["rules"] == (MoveRule("Kestrel", nature="own"),)  # type: ignore[operator]
    told = why(f'{rule}"mine"')  # type: ignore[operator]
    assert told.startswith("config.toml:3: 'nature' takes one of fixed, set-time, care")
    assert NATURES.split(", ") == [*Nature]


def test_every_cost_is_told(tmp_path: Path) -> None:
    assert tuple(COSTS) == Costs._fields


@pytest.mark.parametrize("field", Costs._fields)
def test_every_cost_can_be_set(field: str, read: object) -> None:
    default = getattr(DEFAULT_COSTS, field)
    as_it_stands = f"[costs]\n{written(field)} = {cost_example(field)}"
    assert getattr(read(as_it_stands).values["costs"], field) == default  # type: ignore[operator]
    if isinstance(default, int | float):
        assert getattr(read(f"[costs]\n{written(field)} = 7.5").values["costs"], field) == 7.5  # type: ignore[operator]
