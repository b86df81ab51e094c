"""Days and times as people write them in the languages of the messages, always with the zone beside them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.messages.cities import LUSITANIAN, name_city

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lastresort.model import Interval

MINUS = "\u2212"
DASH = "\u2013"


class Tongue(NamedTuple):
    """How a language writes days and times. Patterns are filled by `str.format`."""

    weekdays: tuple[str, ...]
    """From Monday."""
    months: tuple[str, ...]
    date: str
    """Day and month, `{year}` filled with `year` or with nothing."""
    year: str
    bare: str
    """A day on its own, as in a subject line."""
    dated: str
    """A day inside a sentence, with the preposition."""
    on: str
    """A moment inside a sentence, with the preposition."""
    period: str
    """A stretch inside a sentence, with the preposition."""
    span: str
    """A stretch in a list."""
    place: str
    """Whose clock it is."""
    clock: Callable[[int, int], str]
    hour: str = "{start}"
    """An hour alone."""
    beside: str = " ({place}, {offset})"
    first: str = "1"
    """The first day of a month."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _padded(hour: int, minute: int) -> str:
    return f"{hour:02}:{minute:02}"


def _plain(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02}"


def _dotted(hour: int, minute: int) -> str:
    return f"{hour}.{minute:02}"


def _french(hour: int, minute: int) -> str:
    return f"{hour} h {minute:02}" if minute else f"{hour} h"


def _portuguese(hour: int, minute: int) -> str:
    return f"{hour}h{minute:02}" if minute else f"{hour}h"


def _american(hour: int, minute: int) -> str:
    return f"{(hour - 1) % 12 + 1}:{minute:02} {'AM' if hour < 12 else 'PM'}"


def _half_day(hour: int, minute: int) -> str:
    return _american(hour, minute).lower()


_ENGLISH = Tongue(
    _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    _words("January February March April May June July August September October November December"),
    date="{day} {month}{year}",
    year=" {year}",
    bare="{weekday} {date}",
    dated="on {weekday} {date}",
    on="on {weekday} {date} at {start}{zone}",
    period="on {weekday} {date} from {start} to {end}{zone}",
    span="{weekday} {date}, {start}–{end}{zone}",
    place="{city} time",
    clock=_padded,
    beside=", {place} ({offset})",
)
_US = _ENGLISH._replace(
    date="{month} {day}{year}",
    year=", {year}",
    bare="{weekday}, {date}",
    dated="on {weekday}, {date}",
    on="on {weekday}, {date}, at {start}{zone}",
    period="on {weekday}, {date}, from {start} to {end}{zone}",
    span="{weekday}, {date}, {start}–{end}{zone}",
    clock=_american,
)

TONGUES: dict[str, Tongue] = {
    "en": _ENGLISH,
    "de": Tongue(
        _words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        _words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        date="{day}. {month}{year}",
        year=" {year}",
        bare="{weekday}, {date}",
        dated="am {weekday}, dem {date}",
        on="am {weekday}, dem {date}, um {start} Uhr{zone}",
        period="am {weekday}, dem {date}, von {start} bis {end} Uhr{zone}",
        span="{weekday}, {date}, {start}–{end} Uhr{zone}",
        place="Ortszeit {city}",
        clock=_plain,
        hour="{start} Uhr",
    ),
    "fr": Tongue(
        _words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        _words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        date="{day} {month}{year}",
        year=" {year}",
        bare="{weekday} {date}",
        dated="le {weekday} {date}",
        on="le {weekday} {date} à {start}{zone}",
        period="le {weekday} {date} de {start} à {end}{zone}",
        span="{weekday} {date} de {start} à {end}{zone}",
        place="heure {of_city}",
        clock=_french,
        first="1er",
    ),
    "es": Tongue(
        _words("lunes martes miércoles jueves viernes sábado domingo"),
        _words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        date="{day} de {month}{year}",
        year=" de {year}",
        bare="{weekday} {date}",
        dated="el {weekday} {date}",
        on="el {weekday} {date} a {las} {start}{zone}",
        period="el {weekday} {date} de {start} a {end}{zone}",
        span="{weekday} {date}, {start}–{end}{zone}",
        place="hora de {city}",
        clock=_plain,
    ),
    "pt": Tongue(
        ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
        _words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        date="{day} de {month}{year}",
        year=" de {year}",
        bare="{weekday}, {date}",
        dated="{na} {weekday}, {date}",
        on="{na} {weekday}, {date}, {as} {start}{zone}",
        period="{na} {weekday}, {date}, {das} {start} {as_end} {end}{zone}",
        span="{weekday}, {date}, {das} {start} {as_end} {end}{zone}",
        place="hora de {city}",
        clock=_portuguese,
        first="1º",
    ),
    "it": Tongue(
        _words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        _words("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
            "dicembre"),
        date="{day} {month}{year}",
        year=" {year}",
        bare="{weekday} {date}",
        dated="{weekday} {date}",
        on="{weekday} {date} alle ore {start}{zone}",
        period="{weekday} {date} dalle ore {start} alle ore {end}{zone}",
        span="{weekday} {date}, ore {start}–{end}{zone}",
        place="ora di {city}",
        clock=_plain,
        first="1º",
    ),
    "nl": Tongue(
        _words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        _words("januari februari maart april mei juni juli augustus september oktober november december"),
        date="{day} {month}{year}",
        year=" {year}",
        bare="{weekday} {date}",
        dated="op {weekday} {date}",
        on="op {weekday} {date} om {start} uur{zone}",
        period="op {weekday} {date} van {start} tot {end} uur{zone}",
        span="{weekday} {date}, {start}–{end} uur{zone}",
        place="tijd in {city}",
        clock=_dotted,
        hour="{start} uur",
    ),
}  # fmt: skip

MONTH_FIRST = frozenset(("US", "PR", "GU", "VI", "PH"))
HALVES = (" AM", " PM", " am", " pm")
HALF_DAYS = frozenset(("CA", "AU", "NZ", "IN"))
"""English is written there with the day first and twelve hours."""


class Writer(NamedTuple):
    """Writes times for one reader: in their language, on the clock of their zone."""

    language: str
    zone: str
    now: datetime
    country: str | None = None

    def on(self, instant: datetime, *, spoken: bool = False) -> str:
        """Return a moment for the middle of a sentence, preposition included."""
        return self._fill(self._tongue.on, instant, instant, spoken=spoken)

    def period(self, interval: Interval, *, spoken: bool = False) -> str:
        """Return a stretch for the middle of a sentence, preposition included."""
        if self._crosses(interval):
            return self.on(interval.start, spoken=spoken)
        return self._fill(self._tongue.period, *interval, spoken=spoken)

    def span(self, interval: Interval, *, spoken: bool = False, placed: bool = True) -> str:
        """Return a stretch for a list, both days where it crosses midnight, the zone only if `placed`."""
        if self._crosses(interval):
            pattern = self._tongue.bare + ", {start}"
            ends = [self._fill(pattern, instant, instant, spoken=spoken) for instant in interval]
            return f" {DASH} ".join(ends) + (self._place(interval.start, spoken) if placed else "")
        pattern = self._tongue.span if placed else self._tongue.span.removesuffix("{zone}")
        return self._fill(pattern, *interval, spoken=spoken)

    def hour(self, instant: datetime, *, placed: bool = False) -> str:
        """Return the hour alone, with the zone if `placed`."""
        return self._fill(self._tongue.hour + "{zone}" * placed, instant, instant, spoken=False)

    def same_day(self, one: datetime, other: datetime) -> bool:
        """Tell whether both moments fall on one day of the reader's."""
        return self._local(one).date() == self._local(other).date()

    def dated(self, instant: datetime) -> str:
        """Return the day for the middle of a sentence, preposition included."""
        return self._fill(self._tongue.dated, instant, instant, spoken=True)

    def day(self, instant: datetime) -> str:
        """Return the day alone, as for a subject line."""
        return self._fill(self._tongue.bare, instant, instant, spoken=True)

    @property
    def _tongue(self) -> Tongue:
        tongue = TONGUES[self.language]
        if self.language == "pt" and self.country not in LUSITANIAN:
            return tongue._replace(place="horário de {city}")
        if self.language != "en":
            return tongue
        if self.country in MONTH_FIRST:
            return _US
        return tongue._replace(clock=_half_day) if self.country in HALF_DAYS else tongue

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.zone))

    def _crosses(self, interval: Interval) -> bool:
        return not self.same_day(interval.start, interval.end)

    def _fill(self, pattern: str, start: datetime, end: datetime, *, spoken: bool) -> str:
        there, until, tongue = self._local(start), self._local(end), self._tongue
        year = "" if there.year == self._local(self.now).year else tongue.year.format(year=there.year)
        day = tongue.first if there.day == 1 else str(there.day)
        first, last = tongue.clock(there.hour, there.minute), tongue.clock(until.hour, until.minute)
        if end > start and last.endswith(HALVES):
            first = first.removesuffix(last[-3:])
        return pattern.format(
            weekday=tongue.weekdays[there.weekday()],
            date=tongue.date.format(day=day, month=tongue.months[there.month - 1], year=year),
            start=first,
            end=last,
            zone=self._place(start, spoken),
            **_agreeing(there, until),
        )

    def _place(self, instant: datetime, spoken: bool) -> str:
        """Whose clock it is, and for readers its distance from UTC."""
        tongue, there = self._tongue, self._local(instant)
        offset = write_offset(there.utcoffset() or timedelta(0))
        city = name_city(self.zone, self.language, self.country)
        if not city:
            return f", {offset}" if spoken else f" ({offset})"
        place = tongue.place.format(city=city, of_city=join_french(city))
        return f", {place}" if spoken else tongue.beside.format(place=place, offset=offset)


def join_french(name: str) -> str:
    """Return the name behind a French `de`: `d’Athènes`, `du Caire`, `de Paris`."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    return f"d’{name}" if name[:1].upper() in "AEÉÈIÎOÔUY" else f"de {name}"


def _agreeing(start: datetime, end: datetime) -> dict[str, str]:
    """Spanish and Portuguese prepositions agree with the hour, Portuguese ones with the day too."""
    return {
        "las": "la" if start.hour == 1 else "las",
        "na": "no" if start.weekday() > 4 else "na",
        "as": "à" if start.hour == 1 else "às",
        "as_end": "à" if end.hour == 1 else "às",
        "das": "da" if start.hour == 1 else "das",
    }


def write_offset(offset: timedelta) -> str:
    """Return `UTC−5`, `UTC+5:30`, `UTC`."""
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{MINUS if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def tell_difference(instant: datetime, mine: str, theirs: str, now: datetime) -> str | None:
    """Return a sentence when the hours between both zones are not those one is used to; else `None`.

    That is the case in the weeks when one side has changed its clocks and the other has not, and when clocks
    change between now and the instant on one side only.
    """
    there = _difference(instant, mine, theirs)
    usual = _usual_difference(instant, mine, theirs)
    expected, when = (_difference(now, mine, theirs), "today") if usual is None else (usual, "usually")
    if there == expected:
        return None
    day = Writer("en", theirs, now).day(instant)
    city = name_city(theirs, "en") or theirs
    return f"On {day}, {city} is {_apart(there)} your time; {when} it is {_apart(expected)} it."


def _difference(instant: datetime, mine: str, theirs: str) -> timedelta:
    offsets = [instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0) for zone in (theirs, mine)]
    return offsets[0] - offsets[1]


def _usual_difference(instant: datetime, mine: str, theirs: str) -> timedelta | None:
    """The difference that holds for three quarters of the year around the instant; `None` when none does."""
    year = [instant + timedelta(weeks=week) for week in range(-26, 26)]
    found, weeks = Counter(_difference(moment, mine, theirs) for moment in year).most_common(1)[0]
    return found if weeks >= 39 else None


def _apart(difference: timedelta) -> str:
    """How far their clocks are from mine, in words: `5 hours behind`."""
    minutes = int(abs(difference).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' * (hours != 1)}"] * bool(hours) + [f"{rest} minutes"] * bool(rest)
    length = " ".join(parts) or "no time"
    return f"{length} {'behind' if difference < timedelta(0) else 'ahead of'}"
