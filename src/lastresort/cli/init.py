"""`lastresort init`: a commented configuration after a few questions."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer
from typer import Option

from lastresort.cli.run import present
from lastresort.config import default_paths
from lastresort.config.discovery import find_calendars
from lastresort.config.table import ADDRESSES
from lastresort.config.template import Answers, render_config, save_config
from lastresort.errors import UsageError
from lastresort.jobs.run import system_zone
from lastresort.sources import is_remote
from lastresort.zones import names as zones

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


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
    question = "Your calendar: a .ics file, a folder, or an https:// address"
    source = _ask(question, shown, lambda answer: answer if answer == shown else _place(answer))
    me = _ask("Your e-mail addresses, separated by commas", "", _addresses)
    zone = _ask("Your time zone, city or country", found.tz, _zone)
    name = _ask("Your name, for the signature", "", str.strip)
    phone = _ask("Your phone number, for the signature", "", str.strip)
    calendars = found.calendars if source == shown else ((source, ""),)
    return Answers(calendars, me, zone, zones.zone_country(zone) or "", "", name, phone)


def _ask(question: str, default: str, read: Callable[[str], T]) -> T:
    """The answer as `read` takes it; asked again, and told why, until it does."""
    while True:
        answer = typer.prompt(question, default=default, show_default=bool(default), type=str)
        try:
            return read(answer)
        except UsageError as error:
            print(error)


def _place(answer: str) -> str:
    """A path that will be found from anywhere, or an address."""
    answer = answer.strip()
    if is_remote(answer):
        return answer
    path = os.path.abspath(os.path.expanduser(answer))
    if not os.path.exists(path):
        raise UsageError("there is nothing at this path; give the whole of it, or an address with https://")
    return path


def _addresses(answer: str) -> tuple[str, ...]:
    addresses: tuple[str, ...] = ADDRESSES.read_text(answer, "This")
    return addresses


def _zone(answer: str) -> str:
    return zones.find_zone(answer, present(None, "UTC"))
