"""What a text can say of times, as values: days, clock times, stretches, zones, and what stands between."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from lastresort.times.language import Kind

if TYPE_CHECKING:
    from datetime import time


class Half(Enum):
    """The half of the day that was said."""

    AM = auto()
    PM = auto()


class Which(Enum):
    """The word before or after a weekday."""

    PLAIN = auto()
    NEXT = auto()
    THIS = auto()
    LAST = auto()
    WEEK_LATER = auto()
    """A week after the coming one: `Thursday week`, `Donnerstag in einer Woche`."""


class Whose(Enum):
    """A clock that is named by whose it is, as the writer sees it."""

    MINE = auto()
    """`your time`: the candidate's."""
    THEIRS = auto()
    """`my time`: the writer's."""


class Day(NamedTuple):
    """A day as written: a date or parts of it, a weekday, `tomorrow`."""

    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    swappable: bool = False
    """Written `5/6`: which number is the month depends on the country."""
    relative: int | None = None
    which: Which = Which.PLAIN
    behind: bool = False
    """A weekday told behind one that comes before it: on a Monday, the second of `Friday, or Monday`."""
    week: Week | None = None
    """The week that a weekday is said to be in."""


class DayRange(NamedTuple):
    """`Tuesday to Thursday`, `18-20 May`: every day from the first to the last."""

    first: Day
    last: Day


class Week(NamedTuple):
    """A week as written: one of the three is given."""

    ahead: int | None = None
    """This week is 0, the next one 1."""
    day: Day | None = None
    """`the week of 18 May`: a day in it."""
    number: int | None = None
    """`KW 21`: its number by ISO 8601."""
    later: int = 0
    """Weeks from the one that is given."""


class WeekAfter(NamedTuple):
    """The week behind the one that was named before: `the week after`."""


class Clock(NamedTuple):
    """A clock time as written; 24:00 is the end of the day."""

    hour: int
    minute: int = 0
    half: Half | None = None
    padded: bool = False
    """Written as clocks with 24 hours are: `09:00`, `14:30`."""
    marked: bool = False
    """No plain number: `9:00`, `9h`, `9am`, `9 Uhr`."""
    dotted: bool = False


class Stretch(NamedTuple):
    """A clock time (`first` alone), a range, or an open end (`open`, with one of both)."""

    first: Clock | None
    last: Clock | None = None
    open: bool = False


class Same(NamedTuple):
    """The clock time named before, so many minutes later: `the same time`, `an hour later`."""

    later: int = 0


class Part(NamedTuple):
    """A part of the day, or all of it: local times; without them the working day."""

    start: time | None = None
    end: time | None = None


class Zone(NamedTuple):
    """A zone as named: IANA names (several for `IST`), a fixed offset's too, or whose clock it is."""

    names: tuple[str, ...] = ()
    whose: Whose | None = None


class Length(NamedTuple):
    """`45 minutes`."""

    minutes: int


class Impossible(NamedTuple):
    """What looks like a time and is none: `25:00`."""


class Sign(Enum):
    """Punctuation that orders a text."""

    BREAK = auto()
    LINE = auto()
    COMMA = auto()
    DASH = auto()
    COLON = auto()
    SLASH = auto()
    PAREN = auto()
    CELL = auto()
    """The border between two cells of a table."""


class Other(NamedTuple):
    """A word or number without a meaning here."""


What = (
    Day
    | DayRange
    | Week
    | WeekAfter
    | Stretch
    | Same
    | Part
    | Zone
    | Length
    | Impossible
    | Sign
    | Kind
    | Other
)


class Item(NamedTuple):
    """Something that a text says, and the tokens from `start` to `end` that say it."""

    what: What
    start: int
    end: int


GLUE = frozenset(
    (
        *(Kind.FILLER, Kind.LEFT, Kind.DAY_BEFORE, Kind.CLOCK_BEFORE, Kind.OF, Kind.FROM),
        *(Sign.COMMA, Sign.COLON, Sign.PAREN, Sign.DASH, Sign.SLASH, Sign.CELL),
    )
)
"""What may stand between a day and its clock time."""
LINKS = frozenset(
    (
        *(
            Kind.OR,
            Kind.ASKED_BEFORE,
            Kind.FILLER,
            Kind.LEFT,
            Kind.DAY_BEFORE,
            Kind.CLOCK_BEFORE,
            Kind.OF,
            Kind.FROM,
        ),
        *(Sign.COMMA, Sign.SLASH),
    )
)
"""What may stand between members of one list."""
