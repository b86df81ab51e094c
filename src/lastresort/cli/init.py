"""`lastresort init`: a commented configuration after a few questions."""

from __future__ import annotations

import os
import sys
from typing import Annotated, NamedTuple

import typer
from typer import Option

from lastresort.cli.session import present, system_zone
from lastresort.config import default_paths
from lastresort.config.discovery import find_calendars
from lastresort.config.template import Answers, render_config, save_config
from lastresort.errors import UsageError
from lastresort.ics import zones


class InitOptions(NamedTuple):
    """How it is asked, and where the answers go."""

    defaults: Annotated[bool, Option("--defaults", help="Ask nothing; take what was found.")] = False
    config: Annotated[
        str | None, Option("--config", metavar="FILE", help="Write here instead of the usual place.")
    ] = None
    replace: Annotated[bool, Option("--replace", help="Replace a file that is there.")] = False


def init(own: InitOptions) -> int:
    """Write a commented config.toml: your calendars, addresses and time zone, asked for or found."""
    path = own.config or default_paths(os.environ, sys.platform).config
    found = _found()
    answers = found if own.defaults else _asked(found)
    save_config(path, render_config(answers), replace=own.replace)
    print(f"wrote {path}")
    if not answers.calendars:
        print("No calendar was found: add one there, or name it on the command line.")
    return 0


def _found() -> Answers:
    calendars = tuple((found.path, "") for found in find_calendars(os.environ))
    zone = system_zone()
    return Answers(calendars, (), zone, zones.zone_country(zone) or "")


def _asked(found: Answers) -> Answers:
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask: use --defaults, and edit the file afterwards")
    shown = ", ".join(path for path, _ in found.calendars)
    source = typer.prompt(
        "Your calendar: a .ics file, a folder, or an https:// address", default=shown, type=str
    )
    me = typer.prompt("Your e-mail addresses, separated by commas", default="", show_default=False, type=str)
    zone = _ask_zone(found.tz)
    name = typer.prompt("Your name, for the signature", default="", show_default=False, type=str)
    phone = typer.prompt("Your phone number, for the signature", default="", show_default=False, type=str)
    calendars = found.calendars if source == shown else ((source.strip(), ""),)
    addresses = tuple(address.strip() for address in me.split(",") if address.strip())
    return Answers(
        calendars, addresses, zone, zones.zone_country(zone) or "", "", name.strip(), phone.strip()
    )


def _ask_zone(found: str) -> str:
    while True:
        answer = typer.prompt("Your time zone, city or country", default=found, type=str)
        try:
            return zones.find_zone(answer, present(None, "UTC"))
        except UsageError as error:
            print(error)
