"""`lastresort init`: a configuration that works at once, asked for or found."""

from __future__ import annotations

import io
import os
import stat
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from commandline import Ran


class Person(io.StringIO):
    """Somebody at a terminal who types these lines."""

    def isatty(self) -> bool:
        return True


def usual() -> Path:
    return Path(os.path.expanduser("~")) / "lastresort" / "config.toml"


def test_defaults_ask_nothing_and_find_what_is_there(run: Callable[..., Ran]) -> None:
    folder = Path(os.path.expanduser("~/.calendars/work"))
    folder.mkdir(parents=True)
    write_calendar(folder / "a.ics", "2026-05-06 10:00-11:00 Interview: Baker at Crumb")
    ran = run("init", "--defaults")
    assert (ran.code, ran.out, ran.err) == (0, f"wrote {usual()}\nNext: lastresort check\n", "")
    values = tomllib.loads(usual().read_text())
    assert values["calendars"] == [{"source": str(folder.parent)}]
    assert (values["tz"], values["country"]) == ("Europe/Berlin", "DE")
    assert stat.S_IMODE(usual().stat().st_mode) == 0o600
    checked = run("check", "--now", "2026-05-04T07:30")
    assert checked.code == 0
    assert "Crumb" in checked.out


def test_without_calendars_it_says_what_to_do(run: Callable[..., Ran]) -> None:
    ran = run("init", "--defaults")
    assert ran.code == 0
    assert "No calendar was found" in ran.out
    assert run("check").code == 2


def test_a_file_that_is_there_stays(run: Callable[..., Ran], tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("slots = 2\n")
    ran = run("init", "--defaults", "--config", config)
    assert (ran.code, ran.out) == (1, "")
    assert "--replace" in ran.err
    assert config.read_text() == "slots = 2\n"
    assert run("init", "--defaults", "--config", config, "--replace").code == 0
    assert "slots = 2\n" not in config.read_text().splitlines(keepends=True)


def test_answers_are_asked_again_until_they_can_be_used(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar = write_calendar(tmp_path / "work.ics", "")
    lines = [
        *(f"{tmp_path}/none.ics", "work.ics"),
        *("not an address", "Me@Home.example, me@work.example"),
        *("Mars", "London"),
        *("Robin Day", "+44 20 7946 0000"),
    ]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", Person("\n".join([*lines, ""])))
    ran = run("init")
    assert ran.code == 0
    assert "nothing at this path" in ran.out
    values = tomllib.loads(usual().read_text())
    assert values["calendars"] == [{"source": str(calendar)}]
    assert values["me"] == ["me@home.example", "me@work.example"]
    assert (values["tz"], values["country"]) == ("Europe/London", "GB")
    assert values["signature"] == {"name": "Robin Day", "phone": "+44 20 7946 0000"}
    assert run("config").code == 0


def test_plain_returns_take_what_was_found(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Person("\n" * 6))
    ran = run("init")
    assert ran.code == 0
    values = tomllib.loads(usual().read_text())
    assert "calendars" not in values
    assert values["tz"] == "Europe/Berlin"


def test_an_address_is_kept_as_it_is(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Person("webcal://cal.example/secret.ics\n\n\n\n\n"))
    assert run("init").code == 0
    (calendar,) = tomllib.loads(usual().read_text())["calendars"]
    assert calendar == {"source": "webcal://cal.example/secret.ics"}
    assert "secret" not in run("config").out


def test_nobody_to_ask_is_told(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ran = run("init")
    assert (ran.code, ran.out) == (2, "")
    assert "--defaults" in ran.err


INVITED = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//EN
BEGIN:VEVENT
UID:a
DTSTAMP:20260501T000000Z
SUMMARY:Interview: Baker at Crumb
DTSTART;TZID=Europe/Lisbon:20260105T100000
DTEND;TZID=Europe/Lisbon:20260105T110000
RRULE:FREQ=WEEKLY
ORGANIZER;CN=Crumb:mailto:hr@crumb.example
ATTENDEE;CN=Dana Reis:mailto:dana@postbox.example
END:VEVENT
END:VCALENDAR
"""


def invited(tmp_path: Path) -> Path:
    file = tmp_path / "dana@postbox.example.ics"
    file.write_text(INVITED)
    return file


def test_what_a_calendar_tells_is_offered(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr(sys, "stdin", Person("\n" * 6))
    ran = run("init", invited(tmp_path))
    assert ran.code == 0
    assert "[Europe/Lisbon]" in ran.out
    assert ran.out.endswith("Next: lastresort check\n")
    values = tomllib.loads(usual().read_text())
    assert values["calendars"] == [{"source": str(tmp_path / "dana@postbox.example.ics")}]
    assert (values["tz"], values["country"]) == ("Europe/Lisbon", "PT")


def test_utc_is_never_written_unasked(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    ran = run("init", "--defaults")
    assert "Your time zone is not known" in ran.out
    assert "tz" not in tomllib.loads(usual().read_text())
    monkeypatch.setattr(sys, "stdin", Person("\n\nUTC\n\n\n"))
    assert run("init", "--replace").code == 0
    assert tomllib.loads(usual().read_text())["tz"] == "UTC"


def test_a_machine_in_utc_takes_the_zone_of_its_calendar(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    assert run("check", invited(tmp_path), "--json").json["timezone"] == "Europe/Lisbon"
    assert run("check", invited(tmp_path), "--json", "--tz", "UTC").json["timezone"] == "UTC"
