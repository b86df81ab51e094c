"""The clipboard, through whatever the system has at hand."""

from __future__ import annotations

import os
import shutil
import subprocess

from lastresort.errors import RefusedError

SECONDS = 5.0
TOOLS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("wl-copy",), "WAYLAND_DISPLAY", "utf-8"),
    (("xclip", "-selection", "clipboard"), "DISPLAY", "utf-8"),
    (("xsel", "--clipboard", "--input"), "DISPLAY", "utf-8"),
    (("pbcopy",), "", "utf-8"),
    (("clip.exe",), "", "utf-16"),
)
"""Command, the variable without which it has no clipboard to write to, and the encoding it takes."""


def copy(text: str) -> None:
    """Put the text on the clipboard. Raises RefusedError where there is none at hand."""
    for command, display, encoding in TOOLS:
        program = shutil.which(command[0])
        if (
            program
            and (not display or os.environ.get(display))
            and _run((program, *command[1:]), text, encoding)
        ):
            return
    raise RefusedError(
        "no clipboard is at hand (wl-copy, xclip, xsel, pbcopy or clip.exe): copy the text from the screen, "
        "or use --eml FILE"
    )


def _run(command: tuple[str, ...], text: str, encoding: str) -> bool:
    """Tell whether the tool took it. Those of X and Wayland stay behind to serve it, so no pipe is read."""
    try:
        done = subprocess.run(  # noqa: S603 (a fixed command, found on PATH)
            command,
            input=text.encode(encoding, "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
