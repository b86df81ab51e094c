"""`lastresort move`, end to end: one event in a file or a folder, and the check afterwards."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

import dav
from calendars import write_calendar
from lastresort.changes.disk import OvertakenError
from lastresort.cli.changing import Performed, perform
from lastresort.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
BEGIN:VEVENT
UID:talk
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260505T100000
DTEND;TZID=Europe/Berlin:20260505T110000
SUMMARY:Interview: Baker (Crumb)
ORGANIZER:mailto:dana@crumb.example
END:VEVENT
BEGIN:VEVENT
UID:focus
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260505T103000
DTEND;TZID=Europe/Berlin:20260505T113000
SUMMARY:Focus time
END:VEVENT
BEGIN:VEVENT
UID:team
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260323T160000
DURATION:PT30M
RRULE:FREQ=WEEKLY
SUMMARY:Stand-up
END:VEVENT
BEGIN:VEVENT
UID:day
DTSTART;VALUE=DATE:20260512
SUMMARY:Fair
END:VEVENT
END:VCALENDAR
"""
NOW = ("--now", "2026-05-01T09:00+02:00", "--tz", "Europe/Berlin")


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    path.write_bytes(CALENDAR.replace("\n", "\r\n").encode())
    return path


def test_a_move_clears_the_clash_and_says_so(run: Callable[..., object], calendar: Path) -> None:
    code, out, err = run("move", calendar, "focus", "--by", "3h", *NOW)
    assert (code, err) == (0, "")
    assert b"DTSTART;TZID=Europe/Berlin:20260505T133000\r\n" in calendar.read_bytes()
    assert "Tue 5 May 10:30–11:30  → Tue 5 May 13:30–14:30" in out
    assert "lastresort undo 1-" in out
    assert "nothing clashes" in out


@pytest.mark.parametrize(
    ("uid", "options", "line"),
    [
        ("focus", ("--to", "2026-05-06 09:00"), "DTSTART;TZID=Europe/Berlin:20260506T090000"),
        ("focus", ("--by", "-45m"), "DTSTART;TZID=Europe/Berlin:20260505T094500"),
        ("day", ("--to", "2026-05-14"), "DTSTART;VALUE=DATE:20260514"),
        ("day", ("--by", "-2d"), "DTSTART;VALUE=DATE:20260510"),
        (
            "team",
            ("--occurrence", "2026-05-04 16:00", "--to", "2026-05-04 17:00"),
            "RECURRENCE-ID;TZID=Europe/Berlin:20260504T160000",
        ),
        (
            "team",
            ("--occurrence", "2026-03-23 16:00", "--by", "7d"),
            "DTSTART;TZID=Europe/Berlin:20260330T160000",
        ),
    ],
)
def test_times_are_given_as_people_give_them(
    run: Callable[..., object], calendar: Path, uid: str, options: tuple[str, ...], line: str
) -> None:
    before = calendar.read_bytes()
    code, _, err = run("move", calendar, uid, *options, *NOW)
    assert (code, err) == (0, "")
    assert line.encode() in calendar.read_bytes()
    assert run("undo", *NOW[:2])[0] == 0
    assert calendar.read_bytes() == before


@pytest.mark.parametrize(
    ("args", "expected", "word"),
    [
        (("focus",), 2, "--to"),
        (("focus", "--to", "2026-05-06", "--by", "1h"), 2, "--to"),
        (("focus", "--by", "soon"), 2, "duration"),
        (("focus", "--by", "-900000d"), 2, "duration|beyond"),
        (("team", "--by", "1h"), 1, "--occurrence"),
        (("team", "--by", "1h", "--occurrence", "2026-05-05 16:00"), 1, "no occurrence"),
        (("nobody", "--by", "1h"), 1, "UID"),
        (("day", "--by", "1h"), 1, "whole days"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(
    run: Callable[..., object], calendar: Path, args: tuple[str, ...], expected: int, word: str
) -> None:
    before = calendar.read_bytes()
    code, out, err = run("move", calendar, *args, *NOW)
    assert (code, out) == (expected, "")
    assert any(one in err for one in word.split("|"))
    assert err.count("\n") == 1
    assert calendar.read_bytes() == before


def test_a_dry_run_shows_the_lines_and_changes_nothing(run: Callable[..., object], calendar: Path) -> None:
    before = calendar.read_bytes()
    code, out, _ = run("move", calendar, "focus", "--by", "1h", "--dry-run", *NOW)
    assert code == 0
    assert "-DTSTART;TZID=Europe/Berlin:20260505T103000\n" in out
    assert "+DTSTART;TZID=Europe/Berlin:20260505T113000\n" in out
    assert calendar.read_bytes() == before
    assert "Nothing was changed yet" in run("log")[1]


def test_with_json_the_answer_stands_alone(run: Callable[..., object], calendar: Path) -> None:
    code, out, err = run("move", calendar, "focus", "--by", "3h", "--json", *NOW)
    assert code == 0
    assert json.loads(out)["interviews"][0]["verdict"] == "clear"
    assert "→ Tue 5 May 13:30–14:30" in err


def test_in_a_folder_only_the_event_s_own_file_changes(run: Callable[..., object], tmp_path: Path) -> None:
    folder = tmp_path / "calendar"
    folder.mkdir()
    for uid in ("a", "b"):
        event = f"BEGIN:VEVENT\nUID:{uid}\nDTSTART:20260505T080000Z\nDURATION:PT1H\nEND:VEVENT\n"
        (folder / f"{uid}.ics").write_text(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    other = (folder / "b.ics").read_bytes()
    assert run("move", folder, "a", "--by", "1h", *NOW)[0] == 0
    assert b"DTSTART:20260505T090000Z\n" in (folder / "a.ics").read_bytes()
    assert (folder / "b.ics").read_bytes() == other
    (folder / "copy.ics").write_bytes((folder / "a.ics").read_bytes())
    code, _, err = run("move", folder, "a", "--by", "1h", *NOW)
    assert code == 1
    assert "several files" in err


def test_what_can_only_be_read_becomes_a_calendar_to_import(
    run: Callable[..., object], calendar: Path, tmp_path: Path
) -> None:
    from zipfile import ZipFile

    archive = tmp_path / "export.zip"
    with ZipFile(archive, "w") as packed:
        packed.write(calendar, "work.ics")
    before, drafts = archive.read_bytes(), tmp_path / "drafts"
    code, out, _ = run("move", archive, "focus", "--by", "3h", "--drafts", drafts, *NOW)
    assert code == 0
    assert "can only be read" in out
    (file,) = drafts.iterdir()
    assert b"20260505T133000" in file.read_bytes()
    assert b"UID:talk" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert archive.read_bytes() == before


@pytest.mark.parametrize("kind", ["radicale", "xandikos"])
def test_on_a_server_the_object_changes_and_goes_back(
    run: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    pytest.importorskip("caldav")
    folder = tmp_path / "server"
    folder.mkdir()
    logging.disable(logging.WARNING)
    app, home = getattr(dav, kind)(folder)
    with dav.serving(app) as place:
        objects = {"a.ics": dav.event("a", "20260504T080000Z"), "b.ics": dav.event("b", "20260504T090000Z")}
        dav.fill(place, home, {"work": objects})
        spec = f"caldav+http://me:{dav.PASSWORD}@{place}{home}/work/"
        config = tmp_path / "config.toml"
        config.write_text(f'[[calendars]]\nsource = "{spec}"\nname = "work"\n')
        chosen = ("--config", config, "--now", "2026-05-01T09:00Z")
        before = {o.name: o.open().read() for o in open_source(spec).documents}
        code, out, err = run("move", spec, "a", "--by", "1h", *chosen)
        assert (code, err) == (0, "")
        assert "→ Mon 4 May 11:00–12:00" in out
        after = {o.name: o.open().read() for o in open_source(spec).documents}
        assert [name for name in before if before[name] != after[name]] == [min(before)]
        assert b"DTSTART:20260504T090000Z" in after[min(after)]
        code, out, err = run("undo", *chosen)
        assert (code, err) == (0, "")
        assert {o.name: o.open().read() for o in open_source(spec).documents} == before
        hold = ("apply", spec, "--hold", "--yes", "--interview", "Über a", *chosen)
        code, out, err = run(*hold)
        assert (code, err) == (0, "")
        assert len(open_source(spec).documents) == 5
        assert run("settle", spec, "--interview", "Über a", "--slot", "1", "--yes", *chosen)[0] == 0
        assert len(open_source(spec).documents) == 2
        assert dav.PASSWORD not in out + err
    logging.disable(logging.NOTSET)


def test_where_another_client_was_first_it_is_planned_once_more(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_calendar(tmp_path / "work.ics", "2026-05-06 14:00-15:00 Errand (uid errand)\n")
    tries: list[int] = []

    def overtaken(*given: Any) -> Performed:
        tries.append(1)
        if len(tries) < 2:
            raise OvertakenError("meanwhile")
        return perform(*given)

    monkeypatch.setattr("lastresort.cli.move.perform", overtaken)
    options = ("--tz", "Europe/Berlin", "--now", "2026-05-04T07:30+02:00")
    assert run("move", path, "errand", "--by", "1h", *options).code == 0
    assert len(tries) == 2
    assert "T150000" in path.read_text()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_calendar_in_wide_characters_is_moved_in_as_it_is_read(
    run: Callable[..., Ran], tmp_path: Path, encoding: str
) -> None:
    path = write_calendar(tmp_path / "work.ics", "2026-05-06 14:00-15:00 Gespräch (uid wide)\n")
    text = path.read_bytes().decode()
    path.write_bytes(text.encode(encoding))
    options = ("--tz", "Europe/Berlin", "--now", "2026-05-04T07:30+02:00")
    done = run("move", path, "wide", "--to", "2026-05-06 16:00", *options)
    assert done.code == 0, done.err
    changed = path.read_bytes().decode(encoding)
    assert "DTSTART;TZID=Europe/Berlin:20260506T160000" in changed
    assert "16:00–17:00" in run("agenda", path, *options).out
    assert run("undo").code == 0
    assert path.read_bytes().decode(encoding) == text
