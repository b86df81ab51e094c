"""`lastresort init`: a commented configuration after a few questions."""

from __future__ import annotations

import os
import shlex
import sys
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer
from typer import Argument, Option

from lastresort.cli.options import SourceOptions
from lastresort.cli.run import present, start_run
from lastresort.cli.streams import after_the_change, say
from lastresort.config import default_paths
from lastresort.config.discovery import find_calendars
from lastresort.config.table import ADDRESSES
from lastresort.config.template import Answers, render_config, save_config
from lastresort.errors import LastResortError, UsageError
from lastresort.interviews.contacts import clean_name
from lastresort.jobs.run import UTC_NAMES, system_zone
from lastresort.model import Interval
from lastresort.sources import is_remote
from lastresort.zones import names as zones

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
SPAN = timedelta(days=60)
"""How far before and after now calendars are read for what they tell of their owner."""


ASKED = "Your calendar: a .ics file, a folder, Google's .zip, or an https:// address"


class InitOptions(NamedTuple):
    """How it is asked, and where the answers go."""

    sources: Annotated[
        list[str] | None,
        Argument(
            metavar="[SOURCE]...", help="Your calendars: what they tell is offered.", show_default=False
        ),
    ] = None
    defaults: Annotated[bool, Option("--defaults", help="Ask nothing; take what was found.")] = False
    config: Annotated[
        str | None, Option("--config", metavar="FILE", help="Write here instead of the usual place.")
    ] = None
    replace: Annotated[bool, Option("--replace", help="Replace a file that is there.")] = False


def init(own: InitOptions) -> int:
    """Write a commented config.toml: your calendars, addresses, name and time zone, asked for or found.

    What the calendars tell is offered as the answer. A zone of UTC is never written unasked: most machines
    that have it stand in no such place.
    """
    path = own.config or default_paths(os.environ, sys.platform).config
    given = tuple(_place(source) for source in own.sources or ())
    calendars = given or tuple(found.path for found in find_calendars(os.environ))
    answers = _found(calendars) if own.defaults else _asked(calendars)
    save_config(path, render_config(answers), replace=own.replace)
    with after_the_change(f"{path} is written"):
        print(f"wrote {path}")
        if answers.me:
            print(f"Your addresses: {', '.join(answers.me)}")
        if not answers.tz:
            print('Your time zone is not known: add tz = "Berlin" there, or the city you live in.')
        if answers.calendars:
            print("Next: lastresort check" + (f" --config {shlex.quote(path)}" if own.config else ""))
        else:
            named = "name it on the command line (Google's .zip will do)"
            print(f"No calendar was found: add one there, or {named}.")
    return 0


class _Owner(NamedTuple):
    """What calendars tell of their owner; unknown is empty."""

    me: tuple[str, ...] = ()
    zone: str = ""
    name: str = ""


def _read(sources: Sequence[str]) -> _Owner:
    """Return what the calendars tell: nothing where one cannot be read; an address is not opened here."""
    local = [source for source in sources if not is_remote(source)]
    machine = _not_utc(system_zone())
    if not local:
        return _Owner(zone=machine)
    try:
        run = start_run(SourceOptions(sources=local))
        agenda = run.open(local, Interval(run.now - SPAN, run.now + SPAN)).read(
            Interval(run.now - SPAN, run.now + SPAN)
        )
    except LastResortError as error:
        say(str(error))
        return _Owner(zone=machine)
    people = [
        person
        for one in agenda.occurrences
        for person in (*one.event.attendees, *filter(None, (one.event.organizer,)))
    ]
    names = Counter(clean_name(p.name) for p in people if p.address in agenda.me and p.name)
    known = [name for name, _ in names.most_common() if name and "@" not in name]
    return _Owner(tuple(sorted(agenda.me)), _not_utc(agenda.zone) or machine, next(iter(known), ""))


def _not_utc(zone: str) -> str:
    return "" if zone in UTC_NAMES else zone


def _found(calendars: Sequence[str]) -> Answers:
    owner = _read(calendars)
    return Answers(
        calendars=tuple((path, "") for path in calendars),
        me=owner.me,
        tz=owner.zone,
        country=(zones.zone_country(owner.zone) or "") if owner.zone else "",
        name=owner.name,
    )


def _asked(calendars: Sequence[str]) -> Answers:
    if not sys.stdin.isatty():
        raise UsageError("there is nobody to ask: use --defaults, and edit the file afterwards")
    shown = ", ".join(calendars)
    source = _ask(ASKED, shown, lambda answer: answer if answer == shown else _place(answer))
    chosen = tuple(calendars) if source == shown else (source,)
    owner = _read(chosen)
    me: tuple[str, ...] = _ask(
        "Your e-mail addresses, separated by commas",
        ", ".join(owner.me),
        lambda answer: ADDRESSES.read_text(answer, "This"),
    )
    zone = _ask("Your time zone, city or country", owner.zone, _zone)
    name = _ask("Your name, for the signature", owner.name, str.strip)
    phone = _ask("Your phone number, for the signature", "", str.strip)
    return Answers(
        calendars=tuple((path, "") for path in chosen if path),
        me=me,
        tz=zone,
        country=(zones.zone_country(zone) or "") if zone else "",
        name=name,
        phone=phone,
    )


def _ask(question: str, default: str, read: Callable[[str], T]) -> T:
    """Return the answer as `read` takes it; asked again, and told why, until it does."""
    while True:
        answer = typer.prompt(question, default=default, show_default=bool(default), type=str)
        try:
            return read(answer)
        except UsageError as error:
            print(error)


def _place(answer: str) -> str:
    """A path that will be found from anywhere, or an address."""
    answer = answer.strip()
    if not answer or is_remote(answer):
        return answer
    path = os.path.abspath(os.path.expanduser(answer))
    if not os.path.exists(path):
        raise UsageError("there is nothing at this path; give the whole of it, or an address with https://")
    return path


def _zone(answer: str) -> str:
    if not answer.strip():
        return ""
    return zones.find_zone(answer, present(None, "UTC"))
