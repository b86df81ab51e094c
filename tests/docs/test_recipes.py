"""What the pages show besides commands is true as well: files of settings, of bars and of workflows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from calendars import write_calendar
from lastresort.config.file import read_config

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*/*.md"))]
RECIPES = ROOT / "docs" / "how-to" / "other-tools.md"
TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"


def blocks(page: Path, kind: str) -> list[str]:
    return re.findall(rf"(?ms)^```{kind}\n(.*?)^```$", page.read_text(encoding="utf-8"))


TABLES = [(page.name, number, block) for page in PAGES for number, block in enumerate(blocks(page, "toml"))]


@pytest.mark.parametrize(
    ("name", "number", "block"), TABLES, ids=[f"{name}-{number}" for name, number, _ in TABLES]
)
def test_every_table_of_settings_is_read(name: str, number: int, block: str, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(block, encoding="utf-8")
    assert read_config(str(config)).values


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_piece_of_json_is_json(page: Path) -> None:
    for block in blocks(page, "json"):
        json.loads(block)


def shell(script: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"],
        "HOME": str(folder),
        "XDG_STATE_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        **more,
    }
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, env=environ, capture_output=True, text=True, timeout=60
    )


def test_the_prompt_shows_what_was_found_and_waits_for_nothing(tmp_path: Path) -> None:
    (block,) = blocks(RECIPES, "bash")
    assert shell(f"{block}\nnext_interview", tmp_path).stdout == ""
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "interviews").write_text(
        "1 ✓  Tue 12 May 18:00  Northwind  nothing clashes\n2 …\n"
    )
    assert "Tue 12 May 18:00  Northwind" in shell(f"{block}\nnext_interview", tmp_path).stdout


@pytest.mark.parametrize(
    ("more", "code"), [("", 0), ("Gym", 3), ("Court hearing", 4)], ids=["clear", "rearrange", "last-resort"]
)
def test_the_workflow_fails_when_something_clashes_and_prints_nothing(
    more: str, code: int, tmp_path: Path
) -> None:
    """Its own line is run, with the calendar where the secret would be."""
    (block,) = blocks(RECIPES, "yaml")
    (line,) = re.findall(r"- run: (lastresort .*)", block)
    clash = f"Tue 2026-05-12 10:00-11:00 {more}" if more else "Wed 2026-05-13 10:00-11:00 Gym"
    calendar = write_calendar(tmp_path / "work.ics", f"{TALK}\n{clash}")
    ran = shell(line, tmp_path, CALENDAR=str(calendar), LASTRESORT_NOW="2026-05-11T08:00")
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", "")
    assert "secrets.CALENDAR" in block


def test_the_assistants_page_names_every_tool() -> None:
    from lastresort.mcp.tools import TOOLS

    page = (ROOT / "docs" / "how-to" / "assistants.md").read_text(encoding="utf-8")
    skill = (ROOT / "SKILL.md").read_text(encoding="utf-8")
    assert [tool.name for tool in TOOLS if f"`{tool.name}`" not in page] == []
    named = set(re.findall(r"`([a-z]+_[a-z]+)`", skill)) - {
        "timezone_assumed",
        "me_guessed",
        "because_verdict",
    }
    assert named <= {tool.name for tool in TOOLS}
    head = skill.split("---")[1]
    assert re.search(r"^name: lastresort$", head, re.MULTILINE)
    assert re.search(r"^description: .{40,1024}$", head, re.MULTILINE)
