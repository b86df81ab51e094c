"""What the desktop opens for us: a mail ready to be sent, a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

SECONDS = 10.0
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
"""Variables that tell of a desktop."""


def open_address(address: str) -> bool:
    """Open an address (`mailto:`, a file's path) with the program the desktop has for it.

    Returns whether one took it: on a machine without a desktop there is none.
    """
    if sys.platform == "win32":
        try:
            os.startfile(address)  # noqa: S606 (an address made here)
        except OSError:
            return False
        return True
    name = "open" if sys.platform == "darwin" else "xdg-open"
    desktop = sys.platform == "darwin" or any(os.environ.get(name) for name in DISPLAYS)
    program = shutil.which(name)
    if not program or not desktop:
        return False
    try:
        done = subprocess.run(  # noqa: S603 (a fixed command, found on PATH)
            (program, address),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True  # it stays in front until its window is closed
    except OSError:
        return False
    return done.returncode == 0
