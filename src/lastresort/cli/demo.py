"""`lastresort demo`: the whole story on a calendar that comes with the package, moved to the coming week."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, timedelta
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Annotated, NamedTuple
from zoneinfo import ZoneInfo

from typer import Option

from lastresort.cli.check import answer
from lastresort.cli.options import FileOptions, OutputOptions, QuestionOptions, SourceOptions
from lastresort.cli.run import open_session, present
from lastresort.errors import RefusedError
from lastresort.model import Document
from lastresort.outputs.invocation import Invocation

if TYPE_CHECKING:
    from lastresort.jobs.session import Session

ZONE = "Europe/Berlin"
MONDAY = date(2026, 1, 5)
"""The first day of the shipped calendar."""
ME = "sam.winter@example.org"


class DemoOptions(NamedTuple):
    """What the demo takes."""

    now: Annotated[
        str | None,
        Option("--now", metavar="TIME", envvar="LASTRESORT_NOW", help="Tell the story around this moment."),
    ] = None
    save: Annotated[
        str | None,
        Option("--save", metavar="FILE", help="Keep the calendar, to try the other commands on it."),
    ] = None


def demo(own: DemoOptions, output: OutputOptions, files: FileOptions) -> int:
    """Show all three answers on a calendar that comes with the tool.

    They are: nothing clashes; rearrange, and keep it; the last resort.

    Needs no file and no network, and writes nothing unless told to (--save, --html, --eml, --ics).
    """
    now = present(own.now, ZONE)
    text = calendar(now)
    if own.save:
        _save(own.save, text)
    answer(_session(text, now), None, output, files)
    if not (output.json or output.quiet):
        sys.stdout.write(_AFTERWARDS)
    return 0


_AFTERWARDS = """
That was Sam's calendar. Yours: export it as .ics (Google: Settings > Import & export; Outlook: Save calendar;
Apple: File > Export), then
    lastresort check calendar.ics
Nothing is sent, and nothing is changed, unless you say so.
"""


def calendar(now: datetime) -> bytes:
    """Return the shipped calendar with every date moved by whole weeks, so that it begins next Monday."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    weeks = timedelta(days=(today - MONDAY).days // 7 * 7 + 7)

    def moved(found: re.Match[bytes]) -> bytes:
        day = date.fromisoformat(found[2].decode()) + weeks
        return found[1] + f"{day:%Y%m%d}".encode()

    shipped = resources.files("lastresort.cli").joinpath("demo.ics").read_bytes()
    return re.sub(rb"(?m)^(DT(?:START|END)\b[^:\r\n]*:)(2026\d{4})", moved, shipped)


def _session(text: bytes, now: datetime) -> Session:
    source = SourceOptions(me=[ME], tz=ZONE, now=now.isoformat())
    document = Document("demo calendar", "demo calendar", lambda: BytesIO(text))
    return open_session(source, QuestionOptions(), [document])._replace(
        memory=None, run=Invocation(repeatable=False)
    )


def _save(path: str, text: bytes) -> None:
    try:
        with open(path, "xb") as file:
            file.write(text)
    except FileExistsError:
        raise RefusedError(f"{path} exists already; name another file") from None
