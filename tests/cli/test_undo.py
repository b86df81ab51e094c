"""`lastresort undo` and `log`, end to end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENT = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTART:20260505T080000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
NOW = ("--now", "2026-05-01T09:00Z")


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "work.ics"
    body = EVENT.format("a") + EVENT.format("b")
    path.write_bytes(f"BEGIN:VCALENDAR\r\n{body}END:VCALENDAR\r\n".encode())
    return path


def test_changes_go_back_the_last_one_first(run: Callable[..., object], calendar: Path) -> None:
    texts = [calendar.read_bytes()]
    for uid in ("a", "b", "a"):
        run("move", calendar, uid, "--by", "1h", *NOW)
        texts.append(calendar.read_bytes())
    for text in reversed(texts[:-1]):
        code, out, err = run("undo", *NOW)
        assert (code, err) == (0, "")
        assert "Taken back: " in out
        assert calendar.read_bytes() == text
    code, out, err = run("undo", *NOW)
    assert (code, out) == (1, "")
    assert "no change to take back" in err


def test_a_change_is_named_by_its_number_and_refused_when_others_followed(
    run: Callable[..., object], calendar: Path
) -> None:
    for uid in ("a", "b"):
        run("move", calendar, uid, "--by", "1h", *NOW)
    now = calendar.read_bytes()
    code, _, err = run("undo", "1", *NOW)
    assert code == 1
    assert "changed since" in err
    assert calendar.read_bytes() == now
    assert run("undo", "9", *NOW)[0] == 1


def test_the_log_tells_what_became_of_each_change(run: Callable[..., object], calendar: Path) -> None:
    run("move", calendar, "a", "--by", "1h", *NOW)
    run("move", calendar, "b", "--by", "1h", *NOW)
    run("undo", *NOW)
    changes = json.loads(run("log", "--json")[1])["changes"]
    assert [change["state"] for change in changes] == ["undone", "done"]
    assert changes[0]["files"] == [str(calendar)]
    code, out, _ = run("log", "--number", "1")
    assert code == 0
    assert changes[0]["id"] in out
    assert changes[1]["id"] not in out


def test_the_log_tells_times_in_my_zone(
    run: Callable[..., object], calendar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("move", calendar, "a", "--by", "1h", "--now", "2026-05-04T09:00", "--tz", "Tokyo")
    assert "Mon 4 May 09:00" in run("log")[1]
    monkeypatch.setenv("LASTRESORT_TZ", "London")
    assert "Mon 4 May 01:00" in run("log")[1]
