"""The pages are true: every example prints what it shows, and the help is the page's."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = load("make_examples")


@pytest.mark.parametrize("page", EXAMPLES.pages(), ids=lambda page: page.name)
def test_every_example_prints_what_the_page_shows(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert EXAMPLES.refresh(text) == text, "run 'make docs' and read the difference"


def test_the_command_page_is_the_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    assert load("make_cli").make() == page, "run 'make docs'"


def test_the_tables_of_settings_are_the_settings() -> None:
    settings = load("make_settings")
    page = settings.PAGE.read_text(encoding="utf-8")
    assert settings.refresh(page) == page, "run 'make docs'"


@pytest.mark.parametrize(
    "page",
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*/*.md")],
    ids=lambda page: page.name,
)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
    links = re.findall(r"\]\(([^)#\s]+)", text)
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [f"docs/{page.parent.name}/{page.name}" for page in (ROOT / "docs").glob("*/*.md")]
    assert [page for page in pages if f"]({page})" not in readme] == []


def test_every_table_of_others_is_in_the_notice() -> None:
    """A table whose head names a licence is data of others."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    tables = [path for path in (ROOT / "src").glob("**/data/*") if path.suffix in {".tsv", ".txt"}]
    heads = {path: path.read_text(encoding="utf-8")[:600] for path in tables}
    licensed = [path for path, head in heads.items() if re.search(r"licen[cs]e", head)]
    assert len(licensed) >= 2
    assert [path for path in licensed if path.relative_to(ROOT).as_posix() not in notice] == []


def test_the_readme_has_a_row_for_every_room() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "src" / "lastresort").glob("*/__init__.py")]
    assert [room for room in rooms if f"| `{room}` |" not in readme] == []


def test_every_command_is_in_the_readme() -> None:
    from lastresort.cli import COMMANDS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"lastresort {name}" not in readme] == []


def test_the_readme_names_the_commands_that_set_it_up_and_test_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "<!-- tests -->" in readme
    assert ".venv/bin/pytest" in readme


def test_the_manual_page_is_made_from_the_commands() -> None:
    page = (ROOT / "docs" / "lastresort.1").read_text(encoding="utf-8")
    assert load("make_man").make() == page, "run 'make docs'"


def test_the_manual_page_has_every_variable_that_is_read() -> None:
    page = (ROOT / "docs" / "lastresort.1").read_text(encoding="utf-8")
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"(?:environ\.get\(|environ\[|envvar=)\"([A-Z]*_[A-Z]+)\"", source))
    named -= {"LC_ALL", "DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME"}
    assert named
    assert {name for name in named if f"\n.B {name}\n" not in page} == set()
