"""The jobs as functions: the same answers as the command line, and nothing else happens."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

import lastresort
from calendars import write_calendar
from commandline import _private_home, run
from lastresort import api
from lastresort.cli.options import QuestionOptions, SourceOptions
from lastresort.errors import LastResortError, RefusedError, SourceError, UsageError
from lastresort.jobs.session import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

__all__ = ["_private_home", "run"]

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 5, 11, 8, tzinfo=BERLIN)
CALENDAR = """
Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)
Tue 2026-05-12 10:30-11:30 Errand
Wed 2026-05-13 12:00-13:00 Lunch with Jo
"""
OPTIONS = {"tz": "Europe/Berlin", "me": ["me@home.example"]}
WORDS = ("--now", NOW.isoformat(), "--tz", "Europe/Berlin", "--me", "me@home.example", "--json")
MAIL = b"""From: Ann Crumb <hr@crumb.example>
Date: Mon, 11 May 2026 09:00:00 +0200
Subject: Times
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Could you do Thursday at 3 pm or Friday at 11 am?
"""

SAME: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "check": (lastresort.check, ("check",)),
    "agenda": (lastresort.agenda, ("agenda",)),
    "conflicts": (lastresort.conflicts, ("conflicts",)),
    "interviews": (lastresort.interviews, ("interviews",)),
    "propose": (lambda *s, **o: lastresort.propose(*s, for_="45m", **o), ("propose", "--for", "45m")),
    "windows": (
        lambda *s, **o: lastresort.propose(*s, windows=True, interview="Baker", **o),
        ("propose", "--windows", "--interview", "Baker"),
    ),
    "weigh": (
        lambda *s, **o: lastresort.weigh(*s, offers=["Thu 3pm"], for_=timedelta(minutes=45), **o),
        ("weigh", "--offer", "Thu 3pm", "--for", "45m"),
    ),
    "message": (lambda *s, **o: lastresort.message("email", *s, **o), ("message", "email")),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_calendar(tmp_path / "work.ics", CALENDAR)


@pytest.mark.parametrize("name", SAME)
def test_a_job_gives_what_its_command_prints(name: str, path: Path, run: Callable[..., Ran]) -> None:
    job, (command, *more) = SAME[name]
    found = job(path, now=NOW, **OPTIONS)
    kind = [more.pop(0)] if command == "message" else []
    ran = run(command, *kind, path, *more, *WORDS)
    document = found.document
    for interview in document.get("interviews", []):
        if "advice" in interview:
            steps = interview["advice"]["steps"]
            assert not any("lastresort " in step for step in steps), "no command line was called"
            interview["advice"]["steps"] = ran.json["interviews"][0]["advice"]["steps"]
    if document.get("interview"):
        document["interview"]["advice"]["steps"] = ran.json["interview"]["advice"]["steps"]
    assert ran.json == _listed(document)
    if name != "message":
        assert found.exit_code == ran.code


def _listed(value: Any) -> Any:
    """JSON knows lists alone."""
    if isinstance(value, dict):
        return {key: _listed(part) for key, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, list | tuple) else value


def test_a_path_its_bytes_and_a_document_are_one_calendar(path: Path) -> None:
    data = path.read_bytes()
    document = lastresort.Document("work", "work", lambda: open(path, "rb"))  # noqa: SIM115 (the reader closes it)
    answers = [
        lastresort.check(source, now=NOW, **OPTIONS).document["interviews"][0]["plan"]["moves"][0]["summary"]
        for source in (path, str(path), data, lastresort.Given("work.ics", data), document)
    ]
    assert answers == ["Errand"] * 5


def test_bytes_have_the_name_they_were_given_with(path: Path) -> None:
    data = path.read_bytes()
    found = lastresort.agenda(data, lastresort.Given("mine.ics", data), now=NOW)
    assert [source["name"] for source in found.document["sources"]] == ["calendar 1", "mine.ics"]


def test_a_moment_without_a_zone_is_on_my_clock(path: Path) -> None:
    found = lastresort.agenda(path, now=NOW.replace(tzinfo=None), tz="New York")
    assert found.now == datetime(2026, 5, 11, 12, tzinfo=UTC)


def test_what_they_wrote_is_text_bytes_or_a_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_bytes(MAIL)
    texts = ["Could you do Thursday at 3 pm or Friday at 11 am?", MAIL, tmp_path / "mail.eml"]
    found = [lastresort.weigh(path, now=NOW, text=text, for_="45m", **OPTIONS).document for text in texts]
    assert [sorted(offer["my_start"][:16] for offer in one["offers"]) for one in found] == [
        ["2026-05-14T15:00", "2026-05-15T11:00"]
    ] * 3
    assert found[1]["message"]["to"] == "hr@crumb.example"


def test_a_mail_with_an_invitation_may_come_as_bytes(path: Path) -> None:
    found = lastresort.check(path, now=NOW, invite=MAIL, at=NOW + timedelta(days=2), for_="45m", **OPTIONS)
    assert [entry.interview.interviewer.address for entry in found.report.interviews] == [
        "hr@crumb.example"
    ] * 2


def test_everybody_of_a_panel_has_to_be_free(path: Path) -> None:
    def slots(*theirs: bytes) -> set[str]:
        found = lastresort.propose(
            path, now=NOW, interview="Baker", interviewer_calendar=theirs, within=1, windows=True, **OPTIONS
        )
        return {window["my_start"][:16] for window in found.document["windows"]}

    first, second = (busy_from(hour) for hour in (9, 13))
    assert any(start >= "2026-05-13T13" for start in slots(first))
    assert any(start < "2026-05-13T13" for start in slots(second))
    assert not [start for start in slots(first, second) if start.startswith("2026-05-13")]


def busy_from(hour: int) -> bytes:
    """Return the calendar of somebody who is busy for four hours on Wednesday."""
    start, end = (f"TZID=Europe/Berlin:20260513T{one:02}0000" for one in (hour, hour + 4))
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:b\r\n"
        f"DTSTART;{start}\r\nDTEND;{end}\r\nSUMMARY:Busy\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def test_nothing_is_printed_or_left_behind(
    path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for job, _ in SAME.values():
        job(path, now=NOW, **OPTIONS)
    assert tuple(capfd.readouterr()) == ("", "")
    assert os.listdir(tmp_path) == ["work.ics"]
    assert os.listdir(os.environ["XDG_STATE_HOME"]) == []


def test_environment_and_configuration_have_no_say_unless_named(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Path(os.environ["XDG_CONFIG_HOME"]) / "lastresort" / "config.toml"
    config.parent.mkdir()
    config.write_text('[signature]\nname = "Dana Lee"\n')
    monkeypatch.setenv("LASTRESORT_DAYS", "1")
    plain = lastresort.message("email", path, now=NOW, **OPTIONS).document["message"]
    assert "Dana Lee" not in plain["body"]
    named = lastresort.message("email", path, now=NOW, config=config, **OPTIONS).document["message"]
    assert "Dana Lee" in named["body"]
    assert len(lastresort.check(path, now=NOW - timedelta(days=5), **OPTIONS).report.interviews) == 1


def test_a_configuration_that_is_named_names_the_calendars(path: Path, tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('[[calendars]]\nsource = "work.ics"\nname = "Work"\n')
    found = lastresort.agenda(now=NOW, config=config)
    assert [source["name"] for source in found.document["sources"]] == ["Work"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda path: lastresort.check(now=NOW), UsageError),
        (lambda path: lastresort.check(f"{path}.gone", now=NOW), SourceError),
        (lambda path: lastresort.check(b"", now=NOW), SourceError),
        (lambda path: lastresort.check(path, now=NOW, hours="late"), UsageError),
        (lambda path: lastresort.propose(path, now=NOW, interview="Candlestick"), UsageError),
        (lambda path: lastresort.weigh(path, now=NOW), UsageError),
        (lambda path: lastresort.weigh(path, now=NOW, offers=["soon"], for_="45m"), LastResortError),
        (lambda path: lastresort.message("email", path, now=NOW, until="Friday", **OPTIONS), UsageError),
    ],
)
def test_what_cannot_be_done_is_an_error_of_one_line(
    call: Callable[[Path], object], error: type[LastResortError], path: Path
) -> None:
    with pytest.raises(error) as raised:
        call(path)
    assert str(raised.value)
    assert "\n" not in str(raised.value)


def test_every_option_of_the_commands_is_an_option_of_the_functions() -> None:
    commands = {*SourceOptions._fields, *QuestionOptions._fields} - {"sources", "now"}
    assert set(api.Options.__annotations__) - {"settings", "state"} == commands
    assert set(Question._fields) <= commands


def test_a_plan_is_shown_made_and_taken_back(path: Path, tmp_path: Path, run: Callable[..., Ran]) -> None:
    before, options = path.read_bytes(), {**OPTIONS, "state": tmp_path / "state"}
    planned = lastresort.plan_changes(path, now=NOW, **options)
    assert path.read_bytes() == before
    assert not (tmp_path / "state").exists()
    shown = run("apply", path, "--dry-run", *WORDS).json
    assert shown["changes"] == planned.document["changes"]
    done = lastresort.apply(planned).document
    assert [row["title"] for row in done["rows"]] == ["Errand"]
    assert path.read_bytes() != before
    with pytest.raises(RefusedError):
        lastresort.apply(planned)
    made = lastresort.last_change(now=NOW, **options)
    assert made.paths == (str(path.resolve()),)
    assert lastresort.undo(made).document["change"] == done["change"]
    assert path.read_bytes() == before
    with pytest.raises(RefusedError, match="no change to take back"):
        lastresort.last_change(now=NOW, **options)


def test_nothing_is_changed_without_a_folder_for_the_journal(path: Path) -> None:
    before = path.read_bytes()
    planned = lastresort.plan_changes(path, now=NOW, **OPTIONS)
    with pytest.raises(RefusedError, match="journal"):
        lastresort.apply(planned)
    with pytest.raises(RefusedError):
        lastresort.last_change(now=NOW, **OPTIONS)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", [name for name in lastresort.__all__ if name.islower()])
def test_every_function_is_typed_and_documented(name: str) -> None:
    function = getattr(api, name)
    signature = inspect.signature(function)
    assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())
    assert signature.return_annotation is not inspect.Signature.empty
    assert "Return" in (inspect.getdoc(function) or "")


IMPORTED = """
import sys
import lastresort
before = sorted(name for name in sys.modules if name.startswith("lastresort."))
import lastresort.interviews.detection
room = lastresort.interviews
found = lastresort.interviews("work.ics", now=__import__("datetime").datetime(2026, 5, 11, 8))
print(before, room.detection.__name__, len(found.found.interviews))
"""


def test_importing_the_package_loads_no_job_and_the_room_stays_one(path: Path) -> None:
    """`lastresort.interviews` is a room and a function."""
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        capture_output=True,
        text=True,
        cwd=path.parent,
        timeout=60,
        check=True,
    )
    assert ran.stdout == "[] lastresort.interviews.detection 1\n"
