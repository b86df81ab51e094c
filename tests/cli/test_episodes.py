"""Several commands with the clock moving, over weekends and zones: what comes next, and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from calendars import write_calendar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

    Run = Callable[..., Ran]

ADA = "organiser ada@crumb.example Ada Lovely"
LATER = f"""
    Thu 2026-05-21 15:00-16:00 Interview: Data Engineer at Crumb ({ADA}; notes Call me on +49 30 5550 117)
    Thu 2026-05-21 15:30-17:00 Court hearing
"""
FREE = LATER.replace("Court hearing", "Lunch with Omar").replace("15:30-17:00", "10:00-11:00")


def at(day: int, hour: int = 10, zone: str = "+02:00") -> tuple[str, ...]:
    return "--now", f"2026-05-{day:02}T{hour:02}:00{zone}", "--language", "en"


@pytest.fixture
def later(tmp_path: Path) -> Path:
    return write_calendar(tmp_path / "later.ics", LATER)


@pytest.fixture
def free(tmp_path: Path) -> Path:
    return write_calendar(tmp_path / "free.ics", FREE)


def entry_of(run: Run, calendar: Path, *options: str) -> dict[str, Any]:
    (entry,) = run("check", calendar, "--json", *options).json["interviews"]
    return entry  # type: ignore[no-any-return]


def next_of(run: Run, calendar: Path, *options: str) -> str:
    """The kind of the one next step after a request."""
    return entry_of(run, calendar, *options)["advice"]["next"] or ""


def test_asked_on_friday_the_nudge_is_due_on_tuesday(run: Run, later: Path) -> None:
    run("message", "email", later, *at(8), "--sent")
    assert [next_of(run, later, *at(day)) for day in (9, 11, 12)] == ["wait", "wait", "nudge"]
    run("message", "nudge", later, *at(12), "--sent")
    assert [next_of(run, later, *at(day)) for day in (12, 13, 15)] == ["wait", "wait", "call"]
    run("message", "phone", later, *at(15), "--sent")
    assert next_of(run, later, *at(18)) == "attend"


def test_ascension_day_is_no_working_day_of_theirs(run: Run, later: Path) -> None:
    country = ("--interviewer-country", "DE", "--interviewer-tz", "Berlin")
    run("message", "email", later, *at(12), *country, "--sent")
    assert [next_of(run, later, *at(day), *country) for day in (13, 14, 15)] == ["wait", "wait", "nudge"]
    run("message", "email", later, *at(12), *country, "--unsent")
    run("message", "email", later, *at(13), *country, "--sent")
    assert [next_of(run, later, *at(day), *country) for day in (15, 18)] == ["wait", "nudge"]


def test_the_day_begins_on_their_clock(run: Run, later: Path) -> None:
    theirs = ("--interviewer-tz", "New York")
    run("message", "email", later, *at(11), *theirs, "--sent")
    assert next_of(run, later, *at(13, 5), *theirs) == "wait"
    assert next_of(run, later, *at(13, 7), *theirs) == "nudge"


def test_no_other_time_means_the_old_one_and_a_new_plan(run: Run, later: Path) -> None:
    run("message", "email", later, *at(8), "--sent")
    assert run("settle", later, "--declined", "--yes", *at(11)).code == 0
    entry = entry_of(run, later, *at(11))
    assert entry["advice"]["next"] == "attend"
    assert entry["message"] is None
    assert run("check", later, "--new-only", *at(12)).out.count("nudge") == 0


def test_the_reason_that_was_given_is_the_answer_to_the_question(run: Run, free: Path) -> None:
    run("message", "email", free, "--reason", "illness", *at(8), "--sent")
    run("settle", free, "--slot", "2026-05-22 10:00", "--yes", *at(11))
    assert "ill that day" in " ".join(run("check", free, *at(11)).out.split())
    run("message", "confirm", free, *at(11), "--sent")
    assert next_of(run, free, *at(12)) == "follow-up"
    run("message", "follow-up", free, *at(12), "--sent")
    assert next_of(run, free, *at(13)) == ""
    assert "ill that day" in " ".join(run("check", free, *at(22, 8)).out.split())


def test_ill_without_a_clash_is_one_request_and_not_two(run: Run, free: Path) -> None:
    first = run("check", free, "--reason", "illness", "--json", *at(20, 18))
    assert first.code == 4
    run("apply", free, "--hold", "--interview", "Crumb", "--reason", "illness", "--yes", *at(20, 18))
    sent = run("message", "email", free, "--reason", "illness", *at(20, 18), "--sent").out
    assert "second time" not in sent
    again = run("message", "email", free, "--reason", "illness", *at(20, 19)).out
    assert "second time" in again


def test_a_withdrawal_ends_it(run: Run, free: Path) -> None:
    run("message", "withdraw", free, "--reason", "change", *at(8), "--sent")
    assert run("check", free, *at(11)).code == 0
    assert entry_of(run, free, *at(11))["message"] is None
    assert "some months" in " ".join(run("requests", *at(11)[:2]).out.split())
    run("message", "withdraw", free, "--reason", "change", *at(11), "--unsent")
    assert "No request is noted" in run("requests", *at(11)[:2]).out


def test_a_nudge_offers_nothing_at_short_notice(run: Run, later: Path) -> None:
    sent = run("message", "email", later, *at(8), "--sent").out
    assert sent.count("\n- ") == 3
    nudge = run("message", "nudge", later, *at(20)).out
    for line in (line for line in nudge.splitlines() if line.startswith("- ")):
        assert int(line.split()[2].rstrip(",")) >= 22, line


def test_a_late_message_in_the_morning_after_is_about_no_interview(run: Run, later: Path) -> None:
    assert run("message", "late", later, "--by", "10m", *at(21, 14)).code == 0
    assert run("message", "missed", later, *at(21, 17)).code == 0
    assert run("message", "missed", later, *at(22)).code == 2


def test_a_guessed_language_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    bare = write_calendar(tmp_path / "bare.ics", FREE.replace("Interview: Data Engineer at", "Colloquio"))
    told = run("message", "email", bare, *at(8)[:2])
    assert told.err.count("lastresort: in Italian: the title is in Italian") == 1
    assert "Gentile Ada Lovely" in told.out
    asked = run("message", "email", bare, *at(8))
    assert "in English" not in asked.err


def test_what_is_brought_and_who_rings_stand_in_the_confirmation(run: Run, tmp_path: Path) -> None:
    site = FREE.replace(
        "notes Call me", "at Lindenstr. 48, 10969 Berlin; notes Please bring your passport. Call me"
    )
    agreed = ("--agreed", "2026-05-26 10:00")
    on_site = run("message", "confirm", write_calendar(tmp_path / "site.ics", site), *at(8), *agreed).out
    assert "Lindenstr. 48" in on_site
    assert "I'll bring what you asked for." in on_site
    config = tmp_path / "c.toml"
    config.write_text('[signature]\nname = "Dana Smith"\nphone = "+49 170 5550 142"\n')
    call = FREE.replace("Interview:", "Phone interview:")
    by_phone = write_calendar(tmp_path / "call.ics", call)
    told = run("message", "confirm", by_phone, "--config", config, *at(8), *agreed).out
    assert "You can reach me on +49 170 5550 142." in told
