"""Runs the commands shown in README.md and docs/*/*.md and puts their present output below them.

A block of ```console holds `$ lastresort …` lines, each with its output below: `python docs/make_examples.py`
rewrites them, and a test holds the pages to it. Every block has a folder of its own with the fixtures in it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(?ms)^```console\n(.*?)^```$")


def pages() -> list[Path]:
    """Return the pages that may hold examples."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*/*.md"))]


def refresh(text: str) -> str:
    """Return the page with the output of every example as it is now."""
    return BLOCK.sub(lambda block: f"```console\n{_run_block(block[1])}```", text)


def _run_block(block: str) -> str:
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "fixtures", Path(folder, "fixtures"))
        return "".join(f"$ {command}\n{_run(command, folder)}" for command in commands)


def _run(command: str, folder: str) -> str:
    home = os.path.join(folder, ".home")
    environ = {
        "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"],
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "XDG_STATE_HOME": home,
        "XDG_CACHE_HOME": home,
        "TZ": "Europe/Berlin",
        "LANG": "C.UTF-8",
        "COLUMNS": "88",
    }
    done = subprocess.run(  # noqa: S602 (the commands are the page's own)
        command, shell=True, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    shown = "".join(f"{line.rstrip()}\n" for line in (done.stdout + done.stderr).splitlines())
    return shown if shown.endswith("\n") or not shown else shown + "\n"


if __name__ == "__main__":
    for page in pages():
        page.write_text(refresh(page.read_text(encoding="utf-8")), encoding="utf-8")
