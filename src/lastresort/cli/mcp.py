"""`lastresort mcp`: the jobs for an assistant, on standard input and output."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Argument, Option

from lastresort.cli.options import ConfigFile, PresentMoment, setting
from lastresort.cli.run import present, read_settings
from lastresort.errors import RefusedError, UsageError
from lastresort.sources import label

if TYPE_CHECKING:
    from datetime import datetime


EXTRA = "assistants need an extra: pip install 'lastresort[mcp]', or uv tool install 'lastresort[mcp]'"


class McpOptions(NamedTuple):
    """What an assistant may read, and whether it may change it."""

    sources: Annotated[
        list[str] | None,
        Argument(
            metavar="[SOURCE]...",
            help="Calendars and folders that the assistant may read, besides those of the configuration.",
            show_default=False,
        ),
    ] = None
    allow_changes: Annotated[
        bool,
        Option("--allow-changes", help="Let it change calendars too; each time you are asked first."),
    ] = False
    me: Annotated[list[str] | None, setting("me")] = None
    tz: Annotated[str | None, setting("tz")] = None
    offline: Annotated[bool, Option("--offline", help="Use the last copy of feeds; open no connection.")] = (
        False
    )
    now: PresentMoment = None
    config: ConfigFile = None


def mcp(own: McpOptions) -> int:
    """Answer an assistant over the Model Context Protocol, on standard input and output.

    Your assistant's program starts it; you do not type to it. It reads the calendars of the configuration and
    the sources named here, and nothing else. It changes nothing without --allow-changes, and then only after
    you said yes. Needs the extra: pip install 'lastresort[mcp]'.

    Exit code: 0 when the assistant has gone, 1 failed, 2 wrong usage.
    """
    if "-" in (own.sources or ()):
        raise UsageError("standard input belongs to the assistant: name a file or folder instead of -")
    if not all(map(find_spec, ("mcp", "jsonschema"))):
        raise RefusedError(EXTRA)
    from lastresort.mcp.reach import OpenCalendar, Reach
    from lastresort.mcp.server import serve
    from lastresort.mcp.tools import CallContext

    settings = read_settings(own)
    calendars = [(entry.name or label(entry.source), entry.source) for entry in settings.calendars]
    calendars += [(label(source), source) for source in own.sources or ()]
    context = CallContext(
        reach=Reach([OpenCalendar(name, source) for name, source in calendars]),
        now=partial(_present, own.now),
        options={"settings": settings, "offline": own.offline},
    )
    serve(context, changing=own.allow_changes)
    return 0


def _present(text: str | None) -> datetime:
    """Return the present moment; one written without a zone is on the clock of whoever owns the calendar."""
    moment = present(text, "UTC")
    if text is None:
        return moment
    names_zone = moment == present(text, "Asia/Tokyo")  # then it is the same one on every clock
    return moment if names_zone else moment.replace(tzinfo=None)
