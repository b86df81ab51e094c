"""Prints docs/reference/cli.md from the commands' own help; `make docs` runs it."""

from __future__ import annotations

import contextlib
import io
import os

from lastresort.cli import COMMANDS, main

HEAD = """# Commands

Made from `--help` by `make docs`; a test holds it to that. Each help says what the exit codes mean.
"""


def show(*args: str) -> str:
    """Return what a call prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        main([*args, "--help"])
    return printed.getvalue().rstrip()


def make() -> str:
    """Return the page."""
    os.environ["COLUMNS"] = "100"
    parts = [HEAD, "## lastresort\n", f"```text\n{show()}\n```\n"]
    for name in COMMANDS:
        parts += [f"## lastresort {name}\n", f"```text\n{show(name)}\n```\n"]
    return "\n".join(parts)


if __name__ == "__main__":
    print(make(), end="")
