"""Nothing that is configured is ignored: every key changes something, and `config` shows it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar
from lastresort.config.table import LISTS, SETTINGS, TABLES
from lastresort.costs import Costs

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from commandline import Ran

DOCS = Path(__file__).parents[2] / "docs"
NOW = ("--now", "2026-05-04T07:30+02:00")
CALENDAR = """
me: me@home.example
2026-05-06 14:00-15:00 Interview: Data Engineer at Harbour (organiser ann@talent.harbour.example Ann)
2026-05-06 14:30-15:30 Choir practice
2026-05-06 13:30-14:30 Focus time
2026-05-06 14:20-14:40 Shift (free)
2026-05-06 14:10-14:20 Maybe (tentative)
2026-05-06 14:00-14:10 Asked (unanswered)
2026-05-06 all day Conference
2026-05-06 14:40-14:50 Mine at work (organiser me@work.example; with me@work.example, bo@work.example)
2026-05-15 10:00-11:00 Interview: Analyst at Quay (organiser tom@quay.example Tom)
2026-05-15 10:30-11:30 Dentist
"""


@pytest.fixture
def ask(run: Callable[..., Ran], tmp_path: Path) -> Callable[..., Any]:
    """Return `ask(toml, calendar)`: `check --json` as configured; `calendar` are keys of its calendar."""
    write_calendar(tmp_path / "work.ics", CALENDAR)
    config = tmp_path / "config.toml"

    def call(toml: str = "", calendar: str = "", *more: str) -> Ran:
        config.write_text(f'{toml}\n[[calendars]]\nsource = "work.ics"\n{calendar}\n')
        return run("check", "--config", config, "--json", *NOW, *more)

    return call


BASE = 'tz = "Europe/Berlin"\ncountry = "DE"\nme = ["me@home.example"]'
LAST = "--last-resort"

TOP = {
    "me": ('me = ["other@home.example"]', ()),
    "tz": ('tz = "Tokyo"', ()),
    "interviewer_tz": ('interviewer-tz = "New York"', ()),
    "hours": ('hours = "16:00-18:00"', (LAST,)),
    "interviewer_hours": ('interviewer-hours = "09:00-10:00"', (LAST,)),
    "country": ('country = "FR"', (LAST,)),
    "interviewer_country": ('interviewer-country = "FR"', ()),
    "padding": ('padding = "3h"', ()),
    "notice": ('notice = "100h"', (LAST,)),
    "days": ("days = 3", ()),
    "within": ("within = 1", (LAST,)),
    "slots": ("slots = 2", (LAST,)),
    "language": ('language = "de"', (LAST,)),
    "cannot_move": ('cannot-move = ["Choir"]', ()),
}


@pytest.mark.parametrize("field", TOP)
def test_a_setting_changes_the_answer(ask: Callable[..., Ran], field: str) -> None:
    toml, options = TOP[field]
    key = toml.partition(" ")[0]
    without = "\n".join(line for line in BASE.splitlines() if not line.startswith(f"{key} "))
    usual = without if field in {"language"} else BASE
    before, after = ask(usual, "", *options), ask(f"{without}\n{toml}", "", *options)
    assert before.code in {3, 4}, before.err
    assert after.code in {0, 3, 4}, after.err
    assert before.json != after.json


CALENDAR_KEYS = {
    "name": ('name = "Work"', "sources", lambda source: source["name"] == "Work"),
    "timed-free": ('timed-free = "clash"', "clashes", {"Shift": "clash"}),
    "timed-free check": ('timed-free = "check"', "clashes", {"Shift": "check"}),
    "all-day": ('all-day = "clash"', "clashes", {"Conference": "clash"}),
    "tentative": ('tentative = "ignore"', "clashes", {"Maybe": None}),
    "unanswered": ('unanswered = "clash"', "clashes", {"Asked": "clash"}),
}


@pytest.mark.parametrize("key", CALENDAR_KEYS)
def test_a_calendar_is_taken_as_it_is_configured(ask: Callable[..., Ran], key: str) -> None:
    toml, part, expected = CALENDAR_KEYS[key]
    document = ask(BASE, toml).json
    if part == "sources":
        assert all(map(expected, document["sources"]))
        assert all(expected({"name": clash["source"]}) for clash in document["interviews"][0]["clashes"])
        return
    found = {clash["summary"]: clash["busy"] for clash in document["interviews"][0]["clashes"]}
    for title, busy in expected.items():
        assert found.get(title) == busy


def test_an_owners_addresses_make_an_event_mine(ask: Callable[..., Ran]) -> None:
    def how(document: Any) -> str:
        moves = document["interviews"][0]["plan"]["moves"]
        return next(move["action"] for move in moves if move["summary"] == "Mine at work")

    assert how(ask(BASE).json) == "ask-organiser"
    mine = ask(BASE, 'me = ["me@work.example", "me@home.example"]').json
    assert how(mine) == "move"
    assert mine["me"] == ["me@home.example", "me@work.example"]


def test_a_calendars_colour_is_shown_on_a_terminal(run: Callable[..., Ran], tmp_path: Path) -> None:
    import io

    from lastresort.cli.options import SourceOptions
    from lastresort.cli.run import name_sources, start_run
    from lastresort.model import Interval
    from lastresort.outputs.terminal import open_screen, print_agenda

    class Terminal(io.StringIO):
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

    write_calendar(tmp_path / "work.ics", CALENDAR)
    (tmp_path / "c.toml").write_text(f'{BASE}\n[[calendars]]\nsource = "work.ics"\ncolor = "magenta"\n')
    source = SourceOptions(config=str(tmp_path / "c.toml"), now=NOW[1])
    run = start_run(source)
    window = Interval(run.now, run.now.replace(day=20))
    agenda = run.open(name_sources(source, run.settings), window).read(window)
    shown = Terminal()
    print_agenda(open_screen(shown), agenda, run.now, every=False)
    assert re.search("\x1b\\[35m[^\x1b]*Choir practice", shown.getvalue())


INTERVIEWERS = {
    "tz": ('tz = "New York"', lambda entry: entry["interviewer"]["timezone"] == "America/New_York"),
    "country": ('country = "FR"', lambda entry: entry["interviewer"]["country"] == "FR"),
    "phone": ('phone = "+1 212 555 0100"', lambda entry: entry["interviewer"]["phone"] == "+1 212 555 0100"),
    "hours": ('hours = "mon-thu 10:00-11:30"', lambda entry: all(
        "10:00" <= slot["start"][11:16] <= "10:30" for slot in entry["slots"])),
}  # fmt: skip


@pytest.mark.parametrize("key", INTERVIEWERS)
def test_what_is_known_of_a_domain_counts_for_its_people_alone(ask: Callable[..., Ran], key: str) -> None:
    toml, holds = INTERVIEWERS[key]
    known = f'{BASE}\n[[interviewers]]\ndomain = "harbour.example"\n{toml}'
    harbour, quay = ask(known, "", LAST).json["interviews"]
    assert harbour["slots"]
    assert holds(harbour)
    assert not holds(quay)


def test_the_longest_domain_counts_and_options_beat_all(ask: Callable[..., Ran]) -> None:
    toml = (
        f'{BASE}\ninterviewer-tz = "Paris"\n[[interviewers]]\ndomain = "harbour.example"\ntz = "Tokyo"\n'
        '[[interviewers]]\ndomain = "talent.harbour.example"\ntz = "London"\n'
    )

    def zones(*options: str) -> list[str]:
        return [entry["interviewer"]["timezone"] for entry in ask(toml, "", *options).json["interviews"]]

    assert zones() == ["Europe/London", "Europe/Paris"]
    assert zones("--interviewer-tz", "Chicago") == ["America/Chicago"] * 2


RULES = {
    "match": ('match = "choir"\nmovable = false', 4),
    "movable": ('match = "choir"\nmovable = false', 4),
    "calendar": ('calendar = "work"\nmovable = false', 4),
    "kind": ('match = "choir"\nkind = "focus"', 3),
    "cost": ('match = "choir"\ncost = 5', 3),
}


@pytest.mark.parametrize("key", RULES)
def test_a_rule_changes_what_may_move(ask: Callable[..., Ran], key: str) -> None:
    toml, code = RULES[key]
    before, after = ask(BASE, 'name = "Work"'), ask(f"{BASE}\n[[rules]]\n{toml}", 'name = "Work"')
    assert (before.code, after.code) == (3, code)
    assert before.json["interviews"] != after.json["interviews"]


def test_what_can_move_may_move_whatever_a_rule_says(ask: Callable[..., Ran]) -> None:
    pinned = '[[rules]]\nmatch = "choir"\nmovable = false'
    assert ask(f"{BASE}\n{pinned}").code == 4
    assert ask(f'{BASE}\ncan-move = ["choir"]\n{pinned}').code == 3


def test_costs_and_the_cap_count(ask: Callable[..., Ran]) -> None:
    usual = ask(BASE).json["interviews"][0]["plan"]["cost"]
    assert ask(f"{BASE}\n[costs]\nask = 40").json["interviews"][0]["plan"]["cost"] > usual
    assert ask(f"{BASE}\n[costs]\nlast-resort = 1").code == 4


def test_drafts_are_signed_as_configured(ask: Callable[..., Ran]) -> None:
    signed = ask(f'{BASE}\n[signature]\nname = "Robin Day"\nphone = "+49 30 7654321"', "", LAST).json
    body = signed["interviews"][0]["message"]["body"]
    assert "Robin Day" in body
    assert "+49 30 7654321" in body


def test_a_larger_file_is_refused(ask: Callable[..., Ran]) -> None:
    ran = ask(f'{BASE}\nmax-size = "200"')
    assert (ran.code, ran.out) == (1, "")
    assert "--max-size" in ran.err


def test_state_and_cache_lie_where_they_are_told_to(ask: Callable[..., Ran], tmp_path: Path) -> None:
    assert ask(f'{BASE}\nstate = "{tmp_path}/kept"', "", "--new-only").code == 3
    assert (tmp_path / "kept" / "memory.json").is_file()


def test_all_keys_are_shown_with_where_they_come_from(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('slots = 2\n[[calendars]]\nsource = "https://cal.example/secret/basic.ics"\n')
    monkeypatch.setenv("LASTRESORT_NOTICE", "48h")
    ran = run("config", "--config", config)
    assert ran.code == 0
    rows = {line.split()[0]: line for line in ran.out.splitlines() if line.strip()}
    assert rows["slots"].split() == ["slots", "line", "1", "2"]
    assert rows["notice"].split() == ["notice", "LASTRESORT_NOTICE", "48h"]
    assert rows["days"].split() == ["days", "default", "14"]
    assert "secret" not in ran.out
    assert {field.replace("_", "-") for field in SETTINGS} <= rows.keys()


def test_json_holds_what_the_table_shows(run: Callable[..., Ran], tmp_path: Path) -> None:
    document = run("config", "--json").json
    assert document["file"] is None
    assert {row["key"] for row in document["settings"]} >= {field.replace("_", "-") for field in SETTINGS}


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_the_table_is_legible_at_any_width(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    ran = run("config")
    assert max(map(len, ran.out.splitlines())) <= max(int(columns), 40)


def test_a_mistake_is_told_with_its_line(run: Callable[..., Ran], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('slots = 2\n\nhuors = "08:00-19:00"\n')
    for command in ("config", "check"):
        ran = run(command, "--config", config)
        assert (ran.code, ran.out) == (2, "")
        assert f"{config}:3" in ran.err
        assert "'hours'" in ran.err


@pytest.mark.parametrize(
    ("limit", "row", "code"),
    [
        ('value-bytes = "160"', "DESCRIPTION:" + "x" * 300, "cut"),
        ("depth = 2", "", "too-deep"),
        ("dates = 2", "RDATE:20260507T100000Z,20260508T100000Z,20260509T100000Z", "too-many-dates"),
        ("steps = 50", "RRULE:FREQ=DAILY", "rule-capped"),
        ("event-seconds = 0.000001", "RRULE:FREQ=SECONDLY", "rule-capped"),
        ("run-seconds = 0.000001", "RRULE:FREQ=SECONDLY", "rule-capped"),
    ],
)
def test_every_limit_is_the_one_set(
    run: Callable[..., Ran], tmp_path: Path, limit: str, row: str, code: str
) -> None:
    (tmp_path / "c.toml").write_text(f"[limits]\n{limit}\n")
    event = f"BEGIN:VEVENT\nUID:a@x\nDTSTART:20260505T100000Z\nDURATION:PT30M\n{row}\nEND:VEVENT"
    todo = "BEGIN:VTODO\nBEGIN:VALARM\nEND:VALARM\nEND:VTODO"
    (tmp_path / "a.ics").write_text(f"BEGIN:VCALENDAR\n{event}\n{todo}\nEND:VCALENDAR\n")
    read = (
        "agenda",
        tmp_path / "a.ics",
        "--now",
        "2026-05-04",
        "--to",
        "2026-05-11",
        "--tz",
        "UTC",
        "--json",
    )
    codes = {problem["code"] for problem in run(*read, "--config", tmp_path / "c.toml").json["problems"]}
    assert code in codes
    if "SECONDLY" not in row:
        assert run(*read).json["problems"] == []


@pytest.mark.parametrize("limit", ["depth = 1", "steps = 0", "event-seconds = 0", "run-seconds = nan"])
def test_a_limit_that_would_let_nothing_through_is_refused(
    run: Callable[..., Ran], tmp_path: Path, limit: str
) -> None:
    (tmp_path / "c.toml").write_text(f"[limits]\n{limit}\n")
    assert run("config", "--config", tmp_path / "c.toml").code == 2


def test_every_key_is_documented() -> None:
    text = (DOCS / "reference" / "configuration.md").read_text(encoding="utf-8")
    keys = {*SETTINGS, *(key for keys, *_ in (*LISTS.values(), *TABLES.values()) for key in keys)}
    assert {key for key in keys if f"`{key.replace('_', '-')}`" not in text} == set()


def test_every_key_has_its_test() -> None:
    """A key added to the configuration needs a line above; those of access are held in `tests/sources`, that
    of colleagues in `tests/contract`."""
    elsewhere = {
        "attendee_calendar",
        "allow_http",
        "max_size",
        "state",
        "cache",
        "user",
        "password_command",
        "password_env",
        "keyring",
    }
    text = Path(__file__).read_text(encoding="utf-8")
    keys = {*SETTINGS, *(key for keys, *_ in (*LISTS.values(), *TABLES.values()) for key in keys)}
    assert {key for key in keys - elsewhere if key.replace("_", "-") not in text} == set()
    assert Costs._fields
