"""How a run starts and ends, as `lastresort` or as `python -m lastresort`.

Loading the program takes a moment, and Ctrl-C in that moment ends the run as it does later. So this module
itself loads as little as it can.
"""

from __future__ import annotations

import os
import signal

STOPPED = 130
"""The exit code after Ctrl-C, as shells have it."""


def main() -> None:
    """Run the command line and exit with the code of the contract."""
    signal.signal(signal.SIGINT, _stop)
    from lastresort.cli import main as run
    from lastresort.cli.streams import prepare_streams

    prepare_streams()
    try:
        run()
    except KeyboardInterrupt:
        raise SystemExit(STOPPED) from None
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all was said; Python clears up


def _stop(*_: object) -> None:
    try:
        os.write(2, b"lastresort: stopped; nothing was changed\n")
    finally:
        os._exit(STOPPED)


if __name__ == "__main__":
    main()
