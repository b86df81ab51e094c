"""The one table of settings: what each takes and becomes, and all that is said of it.

Options, variables, the keys of the file, the file that `init` writes, what `config` shows and the page in the
documentation are drawn from it. Fields have underscores where the keys in the file have hyphens.
"""

import os.path
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from lastresort.config.settings import AttendeeCalendar, CalendarEntry, InterviewerEntry
from lastresort.errors import UsageError
from lastresort.messages.languages import LANGUAGES
from lastresort.model import Busy, Limits, Signature
from lastresort.query import MoveRule
from lastresort.times.durations import parse_duration
from lastresort.times.hours import parse_hours

LONGEST_WINDOW = 366
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_COLORS = "black red green yellow blue magenta cyan white"


class Key(NamedTuple):
    """One key: the TOML type it takes, what it becomes, and how that is put to a person.

    `read` turns a value of that type into the setting; it raises ValueError, or UsageError with a reason.
    """

    takes: type
    read: Callable[[Any], Any]
    wanted: str

    def read_toml(self, value: object, where: str) -> Any:
        """Return the setting of a TOML value. Raises UsageError that begins with `where`."""
        if self.takes is list and isinstance(value, str):
            value = [value]
        fits = type(value) is self.takes or (self.takes is float and type(value) is int)
        if not fits or (isinstance(value, list) and not all(isinstance(item, str) for item in value)):
            raise UsageError(f"{where} takes {self.wanted}", option=where)
        return self._read(value, where)

    def read_text(self, text: str, where: str) -> Any:
        """Return the setting of an environment variable; lists are separated by commas."""
        return self._read(_typed(self.takes, text.strip(), f"{where} takes {self.wanted}"), where)

    def read_option(self, value: object, where: str) -> Any:
        """Return the setting of an option: a text, or what Typer has made of it."""
        if isinstance(value, str):
            return self._read(value if self.takes is not list else [value], where)
        return self._read(list(value) if isinstance(value, tuple) else value, where)

    def _read(self, value: Any, where: str) -> Any:
        try:
            return self.read(value)
        except UsageError as error:
            raise UsageError(f"{where}: {error}") from None
        except ValueError:
            raise UsageError(f"{where} takes {self.wanted}", option=where) from None


def _typed(takes: type, text: str, told: str) -> object:
    if takes is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    if takes is bool and text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    if takes is int and re.fullmatch("[0-9]{1,9}", text):
        return int(text)
    if takes is str:
        return text
    raise UsageError(told)


# -- what values become -------------------------------------------------------------------------------------


NATURES = "fixed, set-time, care, appointment, own, unknown, shared"
"""The natures of events, as rules name them."""


def _text(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError
    return value.strip()


def _texts(values: list[str]) -> tuple[str, ...]:
    return tuple(_text(value) for value in values)


def _address(value: str) -> str:
    address = _text(value).lower().removeprefix("mailto:")
    if not re.fullmatch(r"[^\s@]+@[^\s@]+", address):
        raise ValueError
    return address


def _addresses(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_address(value) for value in values))


def _attendee_calendars(values: list[str | AttendeeCalendar]) -> tuple[AttendeeCalendar, ...]:
    return tuple(value if isinstance(value, AttendeeCalendar) else _theirs(value) for value in values)


def _theirs(value: str) -> AttendeeCalendar:
    address, _, source = value.partition("=")
    return AttendeeCalendar(_address(address), _text(source))


def _domain(value: str) -> str:
    domain = _text(value).lower().rpartition("@")[2].strip(".")
    if not re.fullmatch(r"[^\s@/:]+\.[^\s@/:.]+", domain):
        raise ValueError
    return domain


def _between(least: int, most: int) -> Callable[[int], int]:
    def read(value: int) -> int:
        if not least <= value <= most:
            raise ValueError
        return value

    return read


def _nature(value: str) -> str:
    if value not in NATURES.split(", "):
        raise ValueError
    return value


def _points(value: float) -> float:
    if not 0 <= value <= 1_000_000:  # also refuses nan
        raise ValueError
    return value


def _seconds(value: float) -> float:
    if not 0 < value <= 3600:  # also refuses nan
        raise ValueError
    return value


def parse_size(text: str) -> int:
    """Return the bytes that `200M`, `64 MiB` or `1000000` names. Raises ValueError for all else, zero too."""
    found = re.fullmatch(r"([0-9]{1,12})\s*([kmg]?)(?:i?b)?", text.strip().lower())
    if not found or not int(found[1]):
        raise ValueError
    return int(found[1]) * _UNITS[found[2]]


def _color(value: str) -> str:
    color = value.strip().lower()
    if not (re.fullmatch("#[0-9a-f]{6}", color) or color in _COLORS.split()):
        raise ValueError
    return color


def _command(value: list[str]) -> tuple[str, ...]:
    """Return a program and its arguments; a single text is split as a shell would, without running one."""
    words = shlex.split(value[0]) if len(value) == 1 else value
    if not words or not words[0]:
        raise ValueError
    return tuple(words)


def _level(value: str) -> Busy:
    return Busy({"busy": "clash", "free": "ignore"}.get(value.strip().lower(), value.strip().lower()))


def _folder(value: str) -> str:
    path = os.path.expanduser(_text(value))
    if not os.path.isabs(path):
        raise ValueError
    return path


TEXT = Key(str, _text, "a text on one line")
TEXTS = Key(list, _texts, 'texts, as in ["one", "two"]')
ADDRESSES = Key(list, _addresses, 'e-mail addresses, as in ["me@example.com"]')
THEIRS = Key(
    list, _attendee_calendars, 'addresses with a source each, as in ["jan@example.com=/home/me/jan.ics"]'
)
DURATION = Key(str, parse_duration, 'a duration, such as "45m" or "1h30m"')
HOURS = Key(str, parse_hours, 'hours, such as "08:00-19:00" or "mon-fri 09:00-17:00"')
LEVEL = Key(str, _level, '"clash", "check" or "ignore"')
SWITCH = Key(bool, bool, "true or false")
POINTS = Key(float, _points, "points, a number from 0")
FOLDER = Key(str, _folder, "the full path of a folder")


class Setting(NamedTuple):
    """One setting."""

    key: Key
    help: str
    """What it is, as a sentence without a full stop."""
    example: str
    """A value as it is written in the file."""
    default: str = ""
    """What holds without it: a value, or words for what is found out later."""
    metavar: str = ""
    """What its option takes; empty for a switch, and where there is no option."""


def written(field: str) -> str:
    """Return the name of a field as files, options and pages have it."""
    return field.replace("_", "-")


def variable(field: str) -> str:
    """Return the name of the environment variable of a setting."""
    return f"LASTRESORT_{field.upper()}"


_ME = Setting(
    key=ADDRESSES,
    help="My address; may be given several times",
    example='["me@example.com"]',
    default="guessed from the calendar",
    metavar="EMAIL",
)
_HOURS = Setting(
    key=HOURS,
    help="My acceptable hours",
    example='"mon-fri 08:00-19:00"',
    default="08:00-19:00",
    metavar="HOURS",
)

SETTINGS: Mapping[str, Setting] = {
    "me": _ME,
    "tz": Setting(
        key=TEXT,
        help="My time zone: Europe/Berlin, Berlin, Germany",
        example='"Europe/Berlin"',
        default="the calendar's, else the system's",
        metavar="ZONE",
    ),
    "interviewer_tz": Setting(
        key=TEXT,
        help="The interviewer's time zone",
        example='"New York"',
        default="from the invitation, else mine",
        metavar="ZONE",
    ),
    "hours": _HOURS,
    "interviewer_hours": Setting(
        key=HOURS,
        help="The interviewer's hours, with days as mon-fri if needed",
        example='"mon-thu 09:00-16:00"',
        default="09:00-17:00",
        metavar="HOURS",
    ),
    "country": Setting(
        key=TEXT,
        help="The country whose public holidays I keep",
        example='"DE"',
        default="from my zone",
        metavar="CC",
    ),
    "interviewer_country": Setting(
        key=TEXT,
        help="The country whose public holidays the interviewer keeps",
        example='"US"',
        default="from their zone",
        metavar="CC",
    ),
    "padding": Setting(
        key=DURATION,
        help="Time kept free around an interview",
        example='"15m"',
        default="phone 5m, video 10m, on site 45m, unknown 10m",
        metavar="DURATION",
    ),
    "notice": Setting(
        key=DURATION,
        help="Earliest offer, counted from now",
        example='"48h"',
        default="24h",
        metavar="DURATION",
    ),
    "days": Setting(
        key=Key(int, _between(1, LONGEST_WINDOW), f"a number of days from 1 to {LONGEST_WINDOW}"),
        help="How many days ahead interviews are looked for",
        example="21",
        default="14",
        metavar="N",
    ),
    "within": Setting(
        key=Key(int, _between(1, 120), "a number of working days from 1 to 120"),
        help="How many working days ahead offers and moved events may lie",
        example="5",
        default="10",
        metavar="N",
    ),
    "slots": Setting(
        key=Key(int, _between(2, 3), "2 or 3"),
        help="How many times are offered, 2 or 3",
        example="2",
        default="3",
        metavar="N",
    ),
    "language": Setting(
        key=Key(str, _text, 'a language, such as "en"'),
        help=f"Language of the messages: {' '.join(LANGUAGES)}, or with a country as de-CH",
        example='"en"',
        default="from the invitation, else English",
        metavar="LANG",
    ),
    "cannot_move": Setting(
        key=TEXTS,
        help="An event that stays where it is, by UID or words of its title",
        example='["choir"]',
        default="none",
        metavar="TEXT",
    ),
    "can_move": Setting(
        key=TEXTS,
        help="An event that may move, by UID or words of its title",
        example='["gym"]',
        default="none",
        metavar="TEXT",
    ),
    "attendee_calendar": Setting(
        key=THEIRS,
        help="When a colleague is busy: no event that they attend is moved there; once for each",
        example='["jan@example.com=~/calendars/jan.ics"]',
        default="none",
        metavar="ADDRESS=SOURCE",
    ),
    "max_size": Setting(
        key=Key(str, parse_size, 'a size, such as "200M"'),
        help="Largest file that is read",
        example='"200M"',
        default="64M",
        metavar="SIZE",
    ),
    "allow_http": Setting(
        key=SWITCH, help="Read feeds without encryption too", example="true", default="false"
    ),
    "state": Setting(
        key=FOLDER,
        help="Folder for what earlier runs told and asked, and for the journal of changes",
        example='"/home/me/.local/state/lastresort"',
        default="the system's place",
    ),
    "cache": Setting(
        key=FOLDER,
        help="Folder for the last copies of feeds",
        example='"/home/me/.cache/lastresort"',
        default="the system's place",
    ),
}
"""The settings of their own: each has a variable, and those with a `metavar`, and `allow_http`, an option."""

CALENDAR: Mapping[str, Setting] = {
    "source": Setting(
        key=Key(str, _text, "a path or an address"),
        help="A path, from the folder of this file, or an address",
        example='"~/.calendars"',
    ),
    "name": Setting(key=TEXT, help="What reports and rules call it", example='"Work"'),
    "color": Setting(
        key=Key(str, _color, f'a colour, such as "#3366cc", or one of {_COLORS}'),
        help="Colour of its events on a terminal",
        example='"#3366cc"',
    ),
    "me": _ME._replace(help="My addresses in it, where they are others"),
    "timed_free": Setting(
        key=LEVEL,
        help='How its free events count; "clash" is for feeds that export shifts so',
        example='"clash"',
        default="ignore",
    ),
    "all_day": Setting(key=LEVEL, help="How all-day events count", example='"ignore"', default="check"),
    "tentative": Setting(key=LEVEL, help="How tentative events count", example='"clash"', default="check"),
    "unanswered": Setting(
        key=LEVEL, help="How unanswered invitations count", example='"clash"', default="check"
    ),
    "user": Setting(key=TEXT, help="User name", example='"me"'),
    "password_command": Setting(
        key=Key(list, _command, 'a command, such as ["pass", "show", "calendar"]'),
        help="Program that prints the password",
        example='["pass", "show", "calendar"]',
    ),
    "password_env": Setting(
        key=Key(str, _text, "the name of an environment variable"),
        help="Variable that holds it, instead",
        example='"CALENDAR_PASSWORD"',
    ),
    "keyring": Setting(
        key=TEXT, help="Service under which the keyring holds it, instead", example='"calendar"'
    ),
    "allow_http": SETTINGS["allow_http"]._replace(help="Read this feed without encryption"),
}

RULE: Mapping[str, Setting] = {
    "match": Setting(key=TEXT, help="Words of the title", example='"choir"'),
    "calendar": Setting(key=TEXT, help="Name of the calendar", example='"Private"'),
    "movable": Setting(key=SWITCH, help="Whether such events may move", example="false"),
    "kind": Setting(
        key=TEXT,
        help="focus, lunch, personal, one-to-one, stand-up, team, external, or a kind of my own",
        example='"personal"',
    ),
    "nature": Setting(
        key=Key(str, _nature, f"one of {NATURES}"),
        help=f"How such events can give way: {NATURES}",
        example='"own"',
    ),
    "cost": Setting(key=POINTS, help="Points for touching one", example="30"),
}

INTERVIEWER: Mapping[str, Setting] = {
    "domain": Setting(
        key=Key(str, _domain, 'a domain, such as "acme.com"'),
        help="Domain that they write from; those below it count",
        example='"acme.com"',
    ),
    "tz": Setting(key=TEXT, help="Their zone", example='"New York"'),
    "hours": _HOURS._replace(help="Their hours", example='"mon-thu 09:00-16:00"'),
    "country": Setting(key=TEXT, help="Whose public holidays they keep", example='"US"'),
    "phone": Setting(
        key=TEXT, help="Their number, where the invitation tells none", example='"+1 212 555 0100"'
    ),
    "address": Setting(
        key=TEXT, help="How they are addressed: a name with its title, or a salutation", example='"Dr Carter"'
    ),
}

SIGNATURE: Mapping[str, Setting] = {
    "name": Setting(key=TEXT, help="My name", example='"Dana Lee"', default="none"),
    "phone": Setting(key=TEXT, help="My number", example='"+49 30 1234567"', default="none"),
}

LIMITS: Mapping[str, Setting] = {
    "value_bytes": Setting(
        key=Key(str, parse_size, 'a size, such as "1M"'),
        help="Size of one value",
        example='"1M"',
        default="1M",
    ),
    "depth": Setting(
        key=Key(int, _between(2, 100), "a depth from 2 to 100"),
        help="How deep components stand in each other",
        example="8",
        default="8",
    ),
    "dates": Setting(
        key=Key(int, _between(1, 10_000_000), "a number of dates from 1"),
        help="Added and excluded dates of one event",
        example="20000",
        default="20000",
    ),
    "steps": Setting(
        key=Key(int, _between(1, 1_000_000_000), "a number of steps from 1"),
        help="Steps of one recurrence rule",
        example="100000",
        default="100000",
    ),
    "event_seconds": Setting(
        key=Key(float, _seconds, "seconds, a number up to 3600"),
        help="Processor time for the rules of one event",
        example="0.3",
        default="0.3",
    ),
    "run_seconds": Setting(
        key=Key(float, _seconds, "seconds, a number up to 3600"),
        help="Processor time for all rules of a run",
        example="6",
        default="6",
    ),
}


class Entries(NamedTuple):
    """An array of tables in the file."""

    keys: Mapping[str, Setting]
    noun: Callable[..., Any]
    """What an entry becomes."""
    help: str
    needs: str = ""
    """The key that an entry cannot do without."""


LISTS: Mapping[str, Entries] = {
    "calendars": Entries(
        keys=CALENDAR,
        noun=CalendarEntry,
        help="The calendars: files, folders, https:// or webcal:// feeds, caldav+https://user@host/path",
        needs="source",
    ),
    "interviewers": Entries(
        keys=INTERVIEWER, noun=InterviewerEntry, help="What is known about people of a domain", needs="domain"
    ),
    "rules": Entries(keys=RULE, noun=MoveRule, help="What events are, by words of the title or by calendar"),
}

COSTS: Mapping[str, str] = {
    "touched": "Each event that is changed at all",
    "kinds": "Each kind of event; a kind of my own may be added",
    "appointment": "An appointment, instead of its kind",
    "unknown": "An event that nothing explains, instead of its kind",
    "ask": "Somebody else organises it and has to be asked",
    "crowd": "A new time, for each other person beyond the third whose calendar is not known",
    "crowd_most": "The most that all of these come to",
    "shifts": "On the same day, by how many hours it is shifted",
    "another_day": "Another day",
    "each_further_day": "Each further day",
    "earlier": "Moved earlier",
    "outside_hours": "Outside preferred hours or over lunch",
    "close": "An appointment or event at a place, less than half an hour from an interview or another place",
    "short_notice": "Factor on the kind, under 24 hours ahead with others involved",
    "skips": "To leave one out, by kind",
    "apologies": "To miss a meeting of others of eight people and more",
    "delegate": "To have somebody else take over a duty",
    "least_missed": "The least that shortening or stepping out costs",
    "most_missed": "Factor where I step out for half of it or more",
    "last_resort": "To ask an employer for another time: a rearrangement that costs more is none",
    "last_resort_again": "Factor for each time that they were asked before",
    "last_resort_soon": "Factor under 24 hours of notice",
    "last_resort_several": "Factor for several interviewers, a final round or a day of rounds",
    "last_resort_on_site": "Factor where they travel or have booked a room",
    "tight": "Each five minutes of room to breathe that an interview does without",
    "tightest": "The most that these come to for one interview",
    "possible_interview": "To change what may be an interview, for one that is certain",
    "doubts": "What speaks against a time that they named, in weigh",
    "preferred": "Hours that are not outside",
    "lunch": "My lunch",
    "tentative": "Onto something tentative or unanswered",
}
"""What each of `[costs]` is, as a sentence without a full stop."""

TABLES: Mapping[str, tuple[Mapping[str, Setting], Callable[..., Any]]] = {
    "signature": (SIGNATURE, Signature),
    "limits": (LIMITS, Limits),
}
