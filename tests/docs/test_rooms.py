"""The rooms and modules that the documents name are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "lastresort"
STEP = re.compile(r"\*\*[^*]+\*\* \(([^)]*)\)")
ROW = re.compile(r"(?m)^\| `([a-z.]+)` \|")


def is_there(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name.removesuffix('.py')}.py").is_file()


def test_the_life_of_an_event_names_modules_that_are_there() -> None:
    text = (ROOT / "docs/explanation/life-of-an-event.md").read_text(encoding="utf-8")
    steps = STEP.findall(text)
    assert len(steps) == 12
    missing = []
    for names in steps:
        room = ""
        for name in re.findall(r"`([^`]+)`", names):
            room, _, module = name.rpartition("/") if "/" in name else (room, "", name)
            path = f"{room}/{module}" if room else module
            if not is_there(path):
                missing.append(path)
    assert missing == []


def test_each_room_has_a_row_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## The rooms")[2]
    told = set(ROW.findall(text))
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert {name for name in told if not is_there(name)} == set()
    assert rooms <= told


def test_each_public_class_has_a_name_of_its_own() -> None:
    """Items alone are two things: what a text says, and what the solver treats; the two never meet."""
    homes: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(path.relative_to(PACKAGE).as_posix())
    shared = {name: paths for name, paths in homes.items() if len(paths) > 1}
    assert shared == {"Item": ["planning/solver/terms.py", "times/items.py"]}
