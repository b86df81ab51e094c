"""Prints docs/lastresort.1, the manual page, from the commands' own parameters; `make docs` runs it."""

from __future__ import annotations

import re
from typing import Any

import typer

from lastresort import __version__
from lastresort.cli import COMMANDS, app
from lastresort.config.table import SETTINGS, variable

DESCRIPTION = """\
.B lastresort
reads calendars
.RI ( .ics
exports, folders, feeds, CalDAV), finds what clashes with a job interview, and works out the cheapest way to
rearrange everything else. Where there is none it says why, and offers times with a message that can be sent
as it stands. Nothing is sent, and only
.BR apply ", " move ", " settle " and " undo
change a calendar.
"""

EXIT_CODES = {
    0: "Nothing clashes, or it was done.",
    1: "It failed; one line on standard error says why.",
    2: "Wrong usage.",
    3: "Rearranging resolves every clash.",
    4: "An interview needs the last resort.",
    5: "Nothing clashes in what was read, but something could not be read.",
    130: "Stopped with Ctrl-C.",
}

ENVIRONMENT = {
    "LASTRESORT_CONFIG": "The configuration file, in place of the one in the user's folder.",
    "LASTRESORT_NOW": "The present moment, for trying things out.",
    "LASTRESORT_TRACEBACK": "Set: a defect shows its whole traceback.",
    "NO_COLOR": "Set: no colours.",
}


def roff(text: str) -> str:
    """Return text that troff prints as it stands."""
    text = re.sub(r"\s+", " ", text).strip().replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


def definitions(pairs: list[tuple[str, str]]) -> list[str]:
    """Return a list of tagged paragraphs."""
    return [line for tag, text in pairs for line in (".TP", f".B {roff(tag)}", roff(text))]


def describe(name: str, group: Any) -> list[str]:
    """Return the section of a command: what it does, its arguments and options."""
    command = group.get_command(None, name)
    context = typer.Context(command, info_name=f"lastresort {name}")
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f".SS lastresort {roff(name)} {roff(usage)}"]
    for paragraph in (command.help or "").split("\n\n"):
        lines += [".PP", roff(paragraph)]
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    return lines + definitions([record for record in records if record])


def environment() -> list[tuple[str, str]]:
    """Return each variable that the program reads, and what it is."""
    settings = [(variable(name), f"{setting.help}.") for name, setting in SETTINGS.items()]
    return sorted([*ENVIRONMENT.items(), *settings])


def make() -> str:
    """Return the page."""
    group = typer.main.get_command(app)
    lines = [
        f'.TH LASTRESORT 1 "" "lastresort {__version__}" "User Commands"',
        ".SH NAME",
        r"lastresort \- keep the job interview and rearrange everything else",
        ".SH SYNOPSIS",
        r".B lastresort",
        r".I COMMAND",
        r".RI [ OPTIONS ]",
        r".RI [ SOURCE ...]",
        ".SH DESCRIPTION",
        DESCRIPTION.rstrip(),
        ".SH COMMANDS",
    ]
    for name in COMMANDS:
        lines += describe(name, group)
    lines += [".SH EXIT STATUS", *definitions([(str(code), text) for code, text in EXIT_CODES.items()])]
    lines += [".SH ENVIRONMENT", *definitions(environment())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(make(), end="")
