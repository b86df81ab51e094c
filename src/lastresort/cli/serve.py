"""`lastresort serve`: the page for people who never open a terminal, on this computer alone."""

from __future__ import annotations

import os
import sys
import webbrowser
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from typer import Option

from lastresort.cli.options import ConfigFile, PresentMoment
from lastresort.cli.run import present
from lastresort.cli.streams import say
from lastresort.config import settle
from lastresort.errors import RefusedError, StoppedError
from lastresort.web.desk import Desk
from lastresort.web.server import PageServer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lastresort.config import Settings


class ServeOptions(NamedTuple):
    """How the page is served."""

    no_open: Annotated[bool, Option("--no-open", help="Print the address; open no browser.")] = False
    port: Annotated[int, Option("--port", metavar="N", min=0, max=65535, help="The port.  [a free one]")] = 0
    now: PresentMoment = None
    config: ConfigFile = None


def serve(own: ServeOptions) -> int:
    """Open the page: drop a calendar, see the answer, copy the letter. Ctrl-C ends it.

    It is served to this computer alone, and every start has a secret address of its own. While no calendar
    was dropped, those of the configuration are shown. Nothing is written but what you save,
    and in those calendars only after it was shown.

    Exit code: 130 after Ctrl-C, 1 failed, 2 wrong usage.
    """
    configured = _settle(own.config, {})
    calendars = tuple(entry.source for entry in configured.calendars)
    desk = Desk(partial(_settle, own.config), partial(present, own.now), calendars)
    try:
        server = PageServer(desk, own.port)
    except (OSError, OverflowError):
        raise RefusedError(f"the port {own.port or ''} cannot be used; leave --port out") from None
    with server:
        try:
            _tell(server.start, opening=not own.no_open)
            server.serve_forever()
        except KeyboardInterrupt:
            raise StoppedError("stopped; the page is closed") from None
    return 0


def _tell(address: str, *, opening: bool) -> None:
    print(f"The page is at {address}\nCtrl-C ends it.", flush=True)
    if opening and not webbrowser.open(address):
        say("no browser could be opened; open the address yourself")


def _settle(config: str | None, options: Mapping[str, Any]) -> Settings:
    """Return the settings with the answers of the page before those of environment and file."""
    return settle(options, os.environ, sys.platform, config=config, before="")
