"""What `init` writes and finds, and what `config` shows."""

from __future__ import annotations

import re
import stat
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastresort.config import settle
from lastresort.config.discovery import Discovered, find_calendars
from lastresort.config.effective import show_settings
from lastresort.config.file import read_config
from lastresort.config.template import Answers, quote, render_config, save_config
from lastresort.errors import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = Answers(
    calendars=(("/home/me/.calendars", ""), ("https://cal.example/secret/basic.ics", 'The "other"')),
    me=("me@home.example",),
    tz="Europe/Berlin",
    country="DE",
    name="Dana Lee",
)


def test_what_is_written_can_be_read_back(tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "folder" / "config.toml")
    save_config(path, render_config(ANSWERS))
    values = read_config(path).values
    assert [(entry.source, entry.name) for entry in values["calendars"]] == list(ANSWERS.calendars)
    assert (values["me"], values["tz"], values["signature"].name) == (ANSWERS.me, ANSWERS.tz, "Dana Lee")
    assert stat.S_IMODE((tmp_path / "new/folder/config.toml").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_an_empty_answer_sets_nothing() -> None:
    assert tomllib.loads(render_config(Answers())) == {"signature": {}}


def test_every_commented_setting_is_one_that_exists(tmp_path: Path) -> None:
    """Taken out of their comments, the examples are a configuration that is read without complaint."""
    example = re.sub(r"(?m)^# (\[|[a-z-]+ = )", r"\1", render_config(Answers()))
    assert example.count("\n[[") == 3
    (tmp_path / "c.toml").write_text(example)
    values = read_config(str(tmp_path / "c.toml")).values
    assert {
        "me",
        "tz",
        "hours",
        "notice",
        "calendars",
        "rules",
        "interviewers",
        "costs",
        "cache",
    } <= values.keys()


def test_a_configuration_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    save_config(str(path), "slots = 2\n")
    with pytest.raises(RefusedError, match="--replace"):
        save_config(str(path), "slots = 3\n")
    assert path.read_text() == "slots = 2\n"
    save_config(str(path), "slots = 3\n", replace=True)
    assert path.read_text() == "slots = 3\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_quoted(text: str) -> None:
    assert tomllib.loads(f"x = {quote(text)}")["x"] == text


def test_calendars_are_found_where_programs_keep_them(tmp_path: Path) -> None:
    for name in (".calendars/work/a.ics", "sync/b.ics", "khal/one/c.ics", "khal/two/d.ics", "empty/readme"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".config/vdirsyncer").mkdir(parents=True)
    (tmp_path / ".config/vdirsyncer/config").write_text(
        '[general]\nstatus_path = "~/x"\n[pair a]\npath = "~/nope"\n'
        '[storage mine]\ntype = "filesystem"\npath = "~/sync/"\n[storage web]\nurl = "https://secret"\n'
    )
    (tmp_path / ".config/khal").mkdir()
    (tmp_path / ".config/khal/config").write_text(
        f"[calendars]\n[[all]]\npath = {tmp_path}/khal/*\ntype = discover\n"
        "[[again]]\npath = ~/.calendars/work\n[[none]]\npath = ~/empty\n"
    )
    assert find_calendars({"HOME": str(tmp_path)}) == (
        Discovered(f"{tmp_path}/sync", "vdirsyncer"),
        Discovered(f"{tmp_path}/khal/one", "khal"),
        Discovered(f"{tmp_path}/khal/two", "khal"),
        Discovered(f"{tmp_path}/.calendars", ""),
    )


def test_nothing_is_found_in_an_empty_home(tmp_path: Path) -> None:
    assert find_calendars({"HOME": str(tmp_path)}) == ()


def test_effective_settings_say_where_they_come_from_and_keep_secrets(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'notice = "90m"\n[[calendars]]\nsource = "https://cal.example/private-hunter2/basic.ics"\n'
        'password-command = ["pass", "hunter2"]\n[costs]\nask = 20\n'
    )
    environ = {"HOME": "/nonexistent", "LASTRESORT_HOURS": "mon,tue 8-17"}
    lines = show_settings(settle({"slots": 2}, environ, "linux", config=str(path)))
    told = {line.key: (line.value, str(line.origin)) for line in lines}
    assert told["notice"] == ("1h30m", f"{path}:1")
    assert told["hours"] == ("mon-tue 08:00-17:00", "LASTRESORT_HOURS")
    assert told["slots"] == ("2", "--slots")
    assert told["days"] == ("14", "default")
    assert told["calendars"] == ("source cal.example, password-command pass", f"{path}:2")
    assert told["costs.ask"] == ("20", f"{path}:5")
    assert told["costs.last-resort"] == ("150", "default")
    assert told["max-size"] == ("64M", "default")
    assert "hunter2" not in str(lines)
