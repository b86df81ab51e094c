"""`docs/how-to/messages.md`: every command in it runs, and what it is said to print is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from commandline import _private_home, run
from lastresort.messages.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from commandline import Ran

__all__ = ["_private_home", "run"]

TEXT = (Path(__file__).parents[2] / "docs" / "how-to" / "messages.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[list[str], list[str]]]:
    """Each command with the lines that are shown below it."""
    found: list[tuple[list[str], list[str]]] = []
    for line in "".join(BLOCKS).splitlines():
        if line.startswith("$ lastresort "):
            found.append((shlex.split(line)[2:], []))
        elif line != "...":
            found[-1][1].append(line)
    return found


def test_every_command_does_what_the_page_says(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "bin" / "pbcopy"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n/bin/cat > /dev/null\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent))
    monkeypatch.setenv("LASTRESORT_NOW", "2026-11-20T16:00+01:00")
    monkeypatch.chdir(tmp_path)
    assert len(commands()) > 15
    for arguments, shown in commands():
        ran = run(*arguments)
        assert ran.code == 0, (arguments, ran.err)
        assert [line for line in shown if line not in ran.out] == [], arguments


def test_every_kind_is_on_the_page() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in TEXT] == []
