"""`check --new-only`: each clash once, again when it changes, gets close or goes; else silence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from calendars import write_calendar
from lastresort.cli import news
from lastresort.history.records import Request, identify
from lastresort.history.requests import add_request
from lastresort.history.store import open_memory, read_memory
from lastresort.model import EventKey
from lastresort.outputs.schema import check_schema
from lastresort.secure_files import hold_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandline import Ran

WEEK = Path(__file__).parents[2] / "fixtures" / "stories" / "week"
MONDAY = "2026-05-04T07:30+02:00"
TUESDAY = "2026-05-05T07:30+02:00"
INTERVIEW = "2026-05-08 11:30-12:30 Interview: Data Engineer at Harbour (uid i)\n"
REVIEW = "2026-05-08 12:00-13:00 Budget review (uid r; with lena@home.example)\n"
MAYBE = "2026-05-08 11:00-12:00 Team lunch (uid l; tentative)\n"
SECOND = (
    "2026-05-12 10:00-11:00 Interview: Analyst at Quay (uid j)\n2026-05-12 10:30-11:30 Planning (uid p)\n"
)


@pytest.fixture
def morning(run: Callable[..., Ran], tmp_path: Path) -> Callable[..., Ran]:
    """Return `morning(calendar, *options)`: one run of the daily check on what the calendar holds by then."""

    def check(text: str, *options: str | Path, now: str = MONDAY) -> Ran:
        path = write_calendar(tmp_path / "work.ics", text)
        return run("check", path, "--new-only", "--now", now, "--tz", "Europe/Berlin", *options)

    return check


# -- the scripted week --------------------------------------------------------------------------------------

MORNINGS = [
    ("monday", MONDAY, 3, "new "),
    ("monday", TUESDAY, 0, ""),
    ("wednesday", "2026-05-06T07:30+02:00", 3, "changed "),
    ("wednesday", "2026-05-07T12:10+02:00", 3, "closer "),
    ("wednesday", "2026-05-07T12:20+02:00", 0, ""),
    ("friday", "2026-05-08T07:30+02:00", 0, "gone "),
    ("friday", "2026-05-08T07:40+02:00", 0, ""),
]


def test_a_week_of_mornings(run: Callable[..., Ran], tmp_path: Path) -> None:
    calendar = tmp_path / "calendar.ics"
    for day, now, code, word in MORNINGS:
        shutil.copy(WEEK / f"{day}.ics", calendar)
        ran = run("check", calendar, "--new-only", "--now", now)
        assert (ran.code, ran.err) == (code, ""), now
        if word:
            (line,) = [line for line in ran.out.splitlines() if line.startswith(f"  {word}")]
            assert "Budget review" in ran.out
            assert line
        else:
            assert ran.out == "", now


def test_under_24_hours_it_is_told_again(morning: Callable[..., Ran]) -> None:
    told = []
    for hours in ("06T11:00", "06T12:00", "07T11:00", "07T12:00", "08T09:00"):
        ran = morning(INTERVIEW + REVIEW, now=f"2026-05-{hours}+02:00")
        told.append(ran.out.split("\n")[0].partition(" · ")[0])
        assert (ran.code == 3) == bool(ran.out)
    assert told == [
        "Since the last run: 1 new clash",
        "Since the last run: 1 clash still open",
        "",
        "Since the last run: 1 clash still open",
        "",
    ]


# -- what counts, and what it comes to ----------------------------------------------------------------------


def test_nothing_at_all_is_silent(morning: Callable[..., Ran]) -> None:
    assert morning(INTERVIEW) == (0, "", "")


def test_only_the_news_is_told(morning: Callable[..., Ran]) -> None:
    morning(INTERVIEW + REVIEW)
    ran = morning(INTERVIEW + REVIEW + SECOND, now=TUESDAY)
    assert ran.code == 3
    assert "Planning" in ran.out
    assert "Budget review" not in ran.out


def test_what_may_clash_is_told_once_and_is_no_alarm(morning: Callable[..., Ran]) -> None:
    first = morning(INTERVIEW + MAYBE)
    assert (first.code, first.err) == (0, "")
    assert "may clash" in first.out
    assert morning(INTERVIEW + MAYBE, now=TUESDAY) == (0, "", "")


def test_a_last_resort_is_4_once(morning: Callable[..., Ran]) -> None:
    assert morning(INTERVIEW + REVIEW, "--last-resort").code == 4
    assert morning(INTERVIEW + REVIEW, "--last-resort", now=TUESDAY) == (0, "", "")
    changed = morning(INTERVIEW + REVIEW, now=TUESDAY)
    assert changed.code == 3
    assert "other events can make room now" in " ".join(changed.out.split())


def test_an_old_clash_does_not_raise_the_code_of_a_new_one(morning: Callable[..., Ran]) -> None:
    morning(INTERVIEW + REVIEW, "--cannot-move", "Budget")
    ran = morning(INTERVIEW + REVIEW + SECOND, "--cannot-move", "Budget", now=TUESDAY)
    assert ran.code == 3


def test_a_source_that_cannot_be_read_is_told_once(morning: Callable[..., Ran], tmp_path: Path) -> None:
    gone = tmp_path / "gone.ics"
    first = morning(INTERVIEW, gone)
    assert (first.code, first.out) == (5, "")
    assert first.err.count("\n") == 1
    assert "gone.ics" in first.err
    assert morning(INTERVIEW, gone, now=TUESDAY) == (0, "", "")
    assert morning(INTERVIEW + REVIEW, gone, now=TUESDAY).code == 3


def test_an_unread_calendar_does_not_make_its_clashes_go(
    morning: Callable[..., Ran], run: Callable[..., Ran], tmp_path: Path
) -> None:
    other = write_calendar(tmp_path / "other.ics", REVIEW)
    assert morning(INTERVIEW, other).code == 3
    other.unlink()
    ran = morning(INTERVIEW, other, now=TUESDAY)
    assert (ran.code, ran.out) == (5, "")
    write_calendar(other, REVIEW)
    assert morning(INTERVIEW, other, now=TUESDAY) == (0, "", "")


def test_asking_about_one_interview_forgets_no_other(morning: Callable[..., Ran]) -> None:
    morning(INTERVIEW + REVIEW + SECOND)
    assert morning(INTERVIEW + REVIEW + SECOND, "--interview", "Harbour", now=TUESDAY) == (0, "", "")
    assert morning(INTERVIEW + REVIEW + SECOND, now=TUESDAY) == (0, "", "")


def test_what_is_due_after_a_request_is_told_once(
    morning: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LASTRESORT_STATE", str(tmp_path / "state"))
    start, asked = datetime(2026, 5, 8, 9, 30, tzinfo=UTC), datetime(2026, 4, 28, 8, tzinfo=UTC)
    request = Request(identify(EventKey("", "i", None), start), asked, start, title="Data Engineer")
    with open_memory(str(tmp_path / "state")) as book:
        book.save(add_request(book.memory, request))
    ran = morning(INTERVIEW)
    assert (ran.code, ran.err) == (0, "")
    assert "Due now" in ran.out
    assert morning(INTERVIEW, now=TUESDAY) == (0, "", "")
    assert morning(INTERVIEW + REVIEW, now=TUESDAY).code == 3
    assert read_memory(str(tmp_path / "state")).requests == (request,)


# -- forms --------------------------------------------------------------------------------------------------


def test_json_holds_the_news_alone_and_keeps_its_schema(morning: Callable[..., Ran]) -> None:
    schema = Draft202012Validator(json.loads(check_schema()))
    morning(INTERVIEW + REVIEW)
    document = morning(INTERVIEW + REVIEW + SECOND + MAYBE, "--json", now=TUESDAY).json
    schema.validate(document)
    assert {clash["other"]["summary"] for clash in document["news"]["new"]} == {"Planning", "Team lunch"}
    assert len(document["interviews"]) == 2
    quiet = morning(INTERVIEW + REVIEW + SECOND + MAYBE, "--json", now=TUESDAY)
    schema.validate(quiet.json)
    assert (quiet.code, quiet.err, quiet.json["interviews"]) == (0, "", [])
    assert not any(quiet.json["news"].values())


@pytest.mark.parametrize("locale", ["", "C"])
def test_mail_from_cron_is_plain_ascii(
    morning: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    text = INTERVIEW + "2026-05-08 12:00-13:00 Jürgens “Prüfung” – früh\n"
    for now, calendar in ((MONDAY, text), (TUESDAY, INTERVIEW)):
        ran = morning(calendar, *([] if locale else ["--ascii"]), now=now)
        assert ran.out.isascii()
        assert "Jurgens" in ran.out


def test_quiet_tells_the_news_in_a_line(morning: Callable[..., Ran]) -> None:
    ran = morning(INTERVIEW + REVIEW, "--quiet")
    assert "new " in ran.out
    assert "Cheapest" not in ran.out


# -- never "nothing new" falsely ----------------------------------------------------------------------------


def test_a_state_folder_that_cannot_be_used_is_an_error(
    morning: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("LASTRESORT_STATE", str(folder))
        ran = morning(INTERVIEW + REVIEW)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.count("\n") == 1
        assert "LASTRESORT_STATE" in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_state_folder_is_an_error(
    morning: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "memory.lock").touch()
    folder.chmod(0o500)
    monkeypatch.setenv("LASTRESORT_STATE", str(folder))
    ran = morning(INTERVIEW + REVIEW)
    assert (ran.code, ran.out) == (1, "")


def test_a_damaged_memory_is_told_and_everything_is_new(
    morning: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LASTRESORT_STATE", str(tmp_path / "state"))
    morning(INTERVIEW + REVIEW)
    (tmp_path / "state" / "memory.json").write_bytes(b"\0\0\0")
    ran = morning(INTERVIEW + REVIEW, now=TUESDAY)
    assert ran.code == 3
    assert "damaged" in ran.err
    assert morning(INTERVIEW + REVIEW, now=TUESDAY) == (0, "", "")


def test_a_run_that_waits_too_long_says_so(
    morning: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LASTRESORT_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(news, "SECONDS", 0.1)
    with hold_lock(str(tmp_path / "state" / "memory.lock"), 1):
        ran = morning(INTERVIEW + REVIEW)
    assert (ran.code, ran.out) == (1, "")
    assert morning(INTERVIEW + REVIEW).code == 3


def test_of_two_runs_at_once_one_tells(tmp_path: Path) -> None:
    calendar = write_calendar(tmp_path / "work.ics", INTERVIEW + REVIEW)
    command = [sys.executable, "-m", "lastresort", "check", calendar, "--new-only", "--now", MONDAY]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    told = sorted(run.communicate(timeout=60) for run in runs)
    assert sorted(run.returncode for run in runs) == [0, 3]
    assert told[0] == (b"", b"")
    assert b"Budget review" in told[1][0]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_what_could_not_be_printed_is_told_again(morning: Callable[..., Ran], tmp_path: Path) -> None:
    calendar = write_calendar(tmp_path / "work.ics", INTERVIEW + REVIEW)
    command = [sys.executable, "-m", "lastresort", "check", calendar, "--new-only", "--now", MONDAY]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert morning(INTERVIEW + REVIEW, "--tz", "Europe/Berlin").code == 3


def test_a_feed_with_new_uids_at_every_fetch_has_no_news(
    morning: Callable[..., Ran], run: Callable[..., Ran], tmp_path: Path
) -> None:
    assert morning(INTERVIEW + REVIEW).code == 3
    for number in range(2):
        path = write_calendar(tmp_path / "work.ics", INTERVIEW + REVIEW)
        path.write_bytes(path.read_bytes().replace(b"UID:", f"UID:fetch-{number}-".encode()))
        again = run("check", path, "--new-only", "--now", TUESDAY, "--tz", "Europe/Berlin")
        assert (again.code, again.out) == (0, "")
        only = run(
            "check", path, "--new-only", "--now", TUESDAY, "--tz", "Europe/Berlin", "--interview", "Harbour"
        )
        assert (only.code, only.out) == (0, "")
    assert morning(INTERVIEW + REVIEW.replace("review", "meeting"), now=TUESDAY).out.startswith(
        "Since the last run: 1 new"
    )
