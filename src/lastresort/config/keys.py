"""Every key of the configuration: what it takes, and what it becomes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.config.settings import CalendarEntry, InterviewerEntry, Signature
from lastresort.errors import UsageError
from lastresort.model import Busy, Limits
from lastresort.query import MoveRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from lastresort.query import Hours

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
            raise UsageError(f"{where} takes {self.wanted}")
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
            raise UsageError(f"{where} takes {self.wanted}") from None


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


def _points(value: float) -> float:
    if not 0 <= value <= 1_000_000:  # also refuses nan
        raise ValueError
    return value


def _seconds(value: float) -> float:
    if not 0 < value <= 3600:  # also refuses nan
        raise ValueError
    return value


def _duration(value: str) -> timedelta:
    from lastresort.times.parse import parse_duration

    return parse_duration(value)


def _hours(value: str) -> Hours:
    from lastresort.times.parse import parse_hours

    return parse_hours(value)


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
    """A program and its arguments; a single text is split as a shell would, without running one."""
    import shlex

    words = shlex.split(value[0]) if len(value) == 1 else value
    if not words or not words[0]:
        raise ValueError
    return tuple(words)


def _level(value: str) -> Busy:
    return Busy({"busy": "clash", "free": "ignore"}.get(value.strip().lower(), value.strip().lower()))


def _folder(value: str) -> str:
    import os.path

    path = os.path.expanduser(_text(value))
    if not os.path.isabs(path):
        raise ValueError
    return path


TEXT = Key(str, _text, "a text on one line")
TEXTS = Key(list, _texts, 'texts, as in ["one", "two"]')
ADDRESSES = Key(list, _addresses, 'e-mail addresses, as in ["me@example.com"]')
DURATION = Key(str, _duration, 'a duration, such as "45m" or "1h30m"')
HOURS = Key(str, _hours, 'hours, such as "08:00-19:00" or "mon-fri 09:00-17:00"')
LEVEL = Key(str, _level, '"clash", "check" or "ignore"')
SWITCH = Key(bool, bool, "true or false")
POINTS = Key(float, _points, "points, a number from 0")
FOLDER = Key(str, _folder, "the full path of a folder")

# -- the tables: fields have underscores where the keys in the file have hyphens -----------------------------

SCALARS: Mapping[str, Key] = {
    "me": ADDRESSES,
    "tz": TEXT,
    "interviewer_tz": TEXT,
    "hours": HOURS,
    "interviewer_hours": HOURS,
    "country": TEXT,
    "interviewer_country": TEXT,
    "padding": DURATION,
    "notice": DURATION,
    "days": Key(int, _between(1, 366), "a number of days from 1 to 366"),
    "within": Key(int, _between(1, 120), "a number of working days from 1 to 120"),
    "slots": Key(int, _between(2, 3), "2 or 3"),
    "language": Key(str, _text, 'a language, such as "en"'),
    "cannot_move": TEXTS,
    "can_move": TEXTS,
    "max_size": Key(str, parse_size, 'a size, such as "200M"'),
    "allow_http": SWITCH,
    "state": FOLDER,
    "cache": FOLDER,
}

CALENDAR: Mapping[str, Key] = {
    "source": Key(str, _text, "a path or an address"),
    "name": TEXT,
    "color": Key(str, _color, f'a colour, such as "#3366cc", or one of {_COLORS}'),
    "me": ADDRESSES,
    "timed_free": LEVEL,
    "all_day": LEVEL,
    "tentative": LEVEL,
    "unanswered": LEVEL,
    "user": TEXT,
    "password_command": Key(list, _command, 'a command, such as ["pass", "show", "calendar"]'),
    "password_env": Key(str, _text, "the name of an environment variable"),
    "keyring": TEXT,
    "allow_http": SWITCH,
}

RULE: Mapping[str, Key] = {
    "match": TEXT,
    "calendar": TEXT,
    "movable": SWITCH,
    "kind": TEXT,
    "cost": POINTS,
}

INTERVIEWER: Mapping[str, Key] = {
    "domain": Key(str, _domain, 'a domain, such as "acme.com"'),
    "tz": TEXT,
    "hours": HOURS,
    "country": TEXT,
    "phone": TEXT,
}

SIGNATURE: Mapping[str, Key] = {"name": TEXT, "phone": TEXT}

LISTS: Mapping[str, tuple[Mapping[str, Key], Callable[..., Any], str]] = {
    "calendars": (CALENDAR, CalendarEntry, "source"),
    "rules": (RULE, MoveRule, ""),
    "interviewers": (INTERVIEWER, InterviewerEntry, "domain"),
}
"""Arrays of tables: their keys, what an entry becomes, and the key that an entry needs."""

LIMITS: Mapping[str, Key] = {
    "value_bytes": Key(str, parse_size, 'a size, such as "1M"'),
    "depth": Key(int, _between(2, 100), "a depth from 2 to 100"),
    "dates": Key(int, _between(1, 10_000_000), "a number of dates from 1"),
    "steps": Key(int, _between(1, 1_000_000_000), "a number of steps from 1"),
    "event_seconds": Key(float, _seconds, "seconds, a number up to 3600"),
    "run_seconds": Key(float, _seconds, "seconds, a number up to 3600"),
}

TABLES: Mapping[str, tuple[Mapping[str, Key], Callable[..., Any]]] = {
    "signature": (SIGNATURE, Signature),
    "limits": (LIMITS, Limits),
}
