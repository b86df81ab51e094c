"""The configuration file that `lastresort init` writes: every setting explained, the answers filled in."""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from lastresort.errors import RefusedError


class Answers(NamedTuple):
    """What `init` has found out. Texts as a person wrote them; empty ones stay commented out."""

    calendars: tuple[tuple[str, str], ...] = ()
    """Sources and what they are called."""
    me: tuple[str, ...] = ()
    tz: str = ""
    country: str = ""
    hours: str = ""
    name: str = ""
    phone: str = ""


def render_config(answers: Answers) -> str:
    """Return the text of a configuration file. It can be read back, whatever the answers hold."""
    return "\n".join(
        (
            "# lastresort: settings. An option on the command line beats a variable (LASTRESORT_HOURS),",
            "# a variable beats this file. 'lastresort config' shows what holds, and where it comes from.",
            "",
            "# My addresses: they tell which invitations I declined, and which meetings are mine to move.",
            _list("me", answers.me, '["me@example.com"]'),
            "",
            "# My time zone, by IANA name, city or country. Without it: the calendar's, else the system's.",
            _text("tz", answers.tz, "Europe/Berlin"),
            "",
            "# Hours in which an interview or a moved event is acceptable, in my zone.",
            _text("hours", answers.hours, "mon-fri 08:00-19:00"),
            "",
            "# Whose public holidays I keep. Without it: those of the zone's country.",
            _text("country", answers.country, "DE"),
            "",
            _REST_OF_SETTINGS,
            *(_calendar(source, name) for source, name in answers.calendars),
            *(() if answers.calendars else (_NO_CALENDAR,)),
            _signature(answers),
            _EXAMPLES,
        )
    )


def save_config(path: str, text: str, *, replace: bool = False) -> None:
    """Write the file for its owner alone. Raises RefusedError when there is one already, unless `replace`."""
    if not replace and os.path.lexists(path):
        raise RefusedError(f"{path}: there is a configuration already; change it there, or give --replace")
    from lastresort.secure_files import write_file

    write_file(path, text.encode())


def quote(text: str) -> str:
    """Return a text as a TOML string. JSON escapes the same way, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(key: str, value: str, example: str) -> str:
    return f"{key} = {quote(value)}" if value else f"# {key} = {quote(example)}"


def _list(key: str, values: tuple[str, ...], example: str) -> str:
    return f"{key} = [{', '.join(quote(value) for value in values)}]" if values else f"# {key} = {example}"


def _calendar(source: str, name: str) -> str:
    return f"\n[[calendars]]\nsource = {quote(source)}\n{_text('name', name, 'Work')}"


def _signature(answers: Answers) -> str:
    name, phone = _text("name", answers.name, "Dana Lee"), _text("phone", answers.phone, "+49 30 1234567")
    return f"\n# How drafts are signed.\n[signature]\n{name}\n{phone}\n"


_REST_OF_SETTINGS = """\
# The interviewer's side, where an invitation does not tell it.
# interviewer-hours = "09:00-17:00"
# interviewer-tz = "New York"
# interviewer-country = "US"

# Time kept free around an interview (by itself: phone 5m, video 10m, on site 45m, unknown 10m),
# the earliest offer from now, how far ahead interviews are looked for, how many working days moved events
# and offered slots may lie ahead, and how many slots are offered.
# padding = "15m"
# notice = "24h"
# days = 14
# within = 10
# slots = 3

# Events that stay where they are, and events that may always move, by words of their titles.
# cannot-move = ["choir"]
# can-move = ["gym"]

# Language of the drafts (en de fr es pt it nl), the largest file read, feeds without encryption.
# language = "en"
# max-size = "64M"
# allow-http = false

# Where the memory of earlier runs and the copies of feeds are kept; full paths.
# state = "/home/me/.local/state/lastresort"
# cache = "/home/me/.cache/lastresort"

# The calendars: files, folders, https:// or webcal:// feeds, caldav+https://user@host/path. A path is taken
# from the folder of this file. The levels are "clash" (takes the time), "check" (a person should look) and
# "ignore"; timed-free = "clash" is for feeds that export classes or shifts as free.
#   color, me, timed-free, all-day, tentative, unanswered, allow-http
#   user, and one of: password-command = ["pass", "show", "calendar"], password-env, keyring"""

_NO_CALENDAR = """
# [[calendars]]
# source = "~/.calendars"
# name = "Work\""""

_EXAMPLES = """\
# What is known about people of a domain.
# [[interviewers]]
# domain = "acme.com"
# tz = "New York"
# hours = "mon-thu 09:00-16:00"
# country = "US"
# phone = "+1 212 555 0100"

# What events are, by words of the title or by calendar: focus, lunch, personal, one-to-one, stand-up, team,
# external, or a kind of my own with points below.
# [[rules]]
# match = "choir"
# kind = "personal"
# movable = false

# What a change costs, in points: each a minute of somebody's goodwill ('lastresort config' lists all).
# [costs]
# last-resort = 150
# ask = 15
# [costs.kinds]
# team = 20

# How much of one event is read before it is cut off and told: see docs/limits.md.
# [limits]
# value-bytes = "1M"
# depth = 8
# dates = 20000
# steps = 100000
# event-seconds = 0.3
# run-seconds = 6
"""
