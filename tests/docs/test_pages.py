"""The pages are true: every example prints what it shows, and the help is the page's."""

from __future__ import annotations

import importlib.util
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
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert load("make_cli").make() == page, "run 'make docs'"


def test_the_tables_of_settings_are_the_settings() -> None:
    settings = load("make_settings")
    page = settings.PAGE.read_text(encoding="utf-8")
    assert settings.refresh(page) == page, "run 'make docs'"


def test_every_command_is_in_the_readme() -> None:
    from lastresort.cli import COMMANDS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"lastresort {name}" not in readme] == []


def test_the_readme_names_the_commands_that_set_it_up_and_test_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "<!-- tests -->" in readme
    assert ".venv/bin/pytest" in readme
