"""Days and times as people write and say them in the languages of the messages."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from lastresort.messages.cities import name_city
from lastresort.messages.locale import Locale, find_locale

if TYPE_CHECKING:
    import datetime as dates
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lastresort.model import Interval

DASH = "\u2013"
NEAR = 6
"""Days ahead for which the name of the weekday is enough."""


class Writer(NamedTuple):
    """Writes times for one reader: in the manner of their country, on the clock of their zone.

    No text has a trailing comma; what is `spoken` has no dash, bracket or end.
    """

    locale: Locale
    zone: str
    now: datetime

    def on(self, *instants: datetime, spoken: bool = False, briefly: bool = False) -> str:
        """Return a moment, or several of one day, for the middle of a sentence.

        `briefly` gives the weekday alone where it is near.
        """
        if not all(self.same_day(instants[0], one) for one in instants):
            return join_words(
                [self.on(one, spoken=spoken, briefly=briefly) for one in instants], self.locale.both
            )
        dated = self._dated(instants[0], briefly=briefly, alone=False)
        return self._fill(self.locale.on, instants[0], dated=dated, time=self.hour(*instants, spoken=spoken))

    def hour(self, *instants: datetime, spoken: bool = False) -> str:
        """Return the hour, or several, for the middle of a sentence: `15:30 Uhr`, `9, 10 und 11 Uhr`."""
        there = [self._local(instant) for instant in instants]
        if spoken and self.locale.spoken:
            return join_words([self._clock(one, spoken=True) for one in there], self.locale.both)
        return self.locale.time.format(
            start=join_words([self._clock(one) for one in there], self.locale.both)
        )

    def at(self, *instants: datetime) -> str:
        """Return the hour, or several, with the preposition that the language has before: `at 3.30pm`."""
        return self._fill(self.locale.on, instants[0], dated="", time=self.hour(*instants)).strip()

    def dated(self, instant: datetime, *, briefly: bool = False) -> str:
        """Return the day for the middle of a sentence, preposition included."""
        return self._dated(instant, briefly=briefly, alone=True)

    def line(self, interval: Interval) -> str:
        """Return a stretch for a list, both days where it crosses midnight."""
        start, end = self._local(interval.start), self._local(interval.end)
        if start.date() != end.date():
            ends = [f"{self.day(one)}, {self.hour(one)}" for one in interval]
            return f" {DASH} ".join(ends)
        first, last = self._clock(start), self._clock(end)
        if self.locale.halves[0] and self._half(start) == self._half(end):
            first = first.removesuffix(self._half(start)).rstrip()
        tomorrow = self.locale.tomorrow.format(weekday=self.locale.weekdays[start.weekday()])
        near = {0: self.locale.today, 1: tomorrow}
        day = near.get(self._ahead(start.date()), self.day(interval.start))
        until = "à" if end.hour == 1 else "às"
        text = self._fill(
            self.locale.line, interval.start, day=day, start=first, end=last, as_end=until
        ).replace(",,", ",")
        return text[:1].upper() + text[1:] if self.locale.weekdays[0][0].isupper() else text

    def day(self, instant: datetime) -> str:
        """Return the day alone, as for a subject line."""
        return self._fill(self.locale.day, instant)

    def date(self, instant: datetime) -> str:
        """Return the day without the weekday."""
        return self._fill("{date}", instant)

    def same_day(self, one: datetime, other: datetime) -> bool:
        """Tell whether both moments fall on one day of the reader's."""
        return self._local(one).date() == self._local(other).date()

    def is_today(self, instant: datetime) -> bool:
        """Tell whether it is the reader's day."""
        return self.same_day(instant, self.now)

    def place(self) -> str:
        """Return how people there call the zone; the offset from UTC for one without a name."""
        known = self.locale.zones.get(self.zone)
        if known:
            return known
        city = name_city(self.zone, self.locale.language, self.locale.region)
        if not city:
            return write_offset(self._local(self.now).utcoffset() or timedelta(0))
        return self.locale.city.format(city=city, of_city=join_french(city))

    def greeting(self) -> str:
        """Return the greeting of the hour of their clock."""
        there = self._local(self.now)
        hour = there.hour + there.minute / 60
        return [words for start, words in self.locale.greetings if start <= hour][-1]

    def _dated(self, instant: datetime, *, briefly: bool, alone: bool) -> str:
        day = self._local(instant).date()
        ahead = self._ahead(day)
        patterns = {0: self.locale.today, 1: self.locale.tomorrow}
        pattern = patterns.get(ahead, self.locale.near if briefly and abs(ahead) <= NEAR else "")
        text = self._fill(pattern or self.locale.dated, instant)
        return text.rstrip(",") if alone else text

    def _ahead(self, day: dates.date) -> int:
        return (day - self._local(self.now).date()).days

    def _local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.zone))

    def _half(self, there: datetime) -> str:
        return self.locale.halves[there.hour >= 12]

    def _clock(self, there: datetime, *, spoken: bool = False) -> str:
        written = (self.locale.clock, self.locale.full)
        clock, full = (self.locale.spoken, self.locale.spoken_full) if spoken else written
        return (clock if there.minute else full).format(
            hour=there.hour, hour12=(there.hour - 1) % 12 + 1, minute=there.minute, half=self._half(there)
        )

    def _fill(self, pattern: str, instant: datetime, **more: str) -> str:
        there, locale = self._local(instant), self.locale
        year = "" if there.year == self._local(self.now).year else locale.year.format(year=there.year)
        day = locale.first if there.day == 1 else str(there.day)
        return pattern.format(
            weekday=locale.weekdays[there.weekday()],
            date=locale.date.format(day=day, month=locale.months[there.month - 1], year=year),
            **{**_agreeing(there, there.hour % 12 if locale.halves[0] else there.hour), **more},
        )


def clocks_agree(one: str, other: str, instants: Iterable[datetime]) -> bool:
    """Tell whether clocks in both zones show the same at all the moments."""
    return one == other or all(not _difference(instant, one, other) for instant in instants)


def join_words(words: Sequence[str], last: str) -> str:
    """Return `one, two or three`, with the word that the language has before the last."""
    return last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def join_french(name: str) -> str:
    """Return the name behind a French `de`: `d’Athènes`, `du Caire`, `des Échos`, `de Yahoo`, `de Paris`."""
    article, _, rest = name.partition(" ")
    if rest and article in ("Le", "Les"):
        return f"{'du' if article == 'Le' else 'des'} {rest}"
    return f"d’{name}" if name[:1].upper() in "AEÉÈÊIÎOÔUÙ" else f"de {name}"


def _agreeing(there: datetime, hour: int) -> dict[str, str]:
    """Spanish, Portuguese and Italian prepositions agree with the hour, Portuguese ones with the day too."""
    return {
        "las": "la" if hour == 1 else "las",
        "na": "no" if there.weekday() > 4 else "na",
        "as": "à" if hour == 1 else "às",
        "das": "da" if hour == 1 else "das",
        "alle": "all’" if hour == 1 else "alle ",
    }


def write_offset(offset: timedelta) -> str:
    """Return `UTC−5`, `UTC+5:30`, `UTC`."""
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "\u2212" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


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
    day = Writer(find_locale("en", None), theirs, now).day(instant)
    city = name_city(theirs, "en") or theirs
    return f"On {day}, {city} is {_apart(there)} your time; {when} it is {_apart(expected)} it."


def _difference(instant: datetime, mine: str, theirs: str) -> timedelta:
    offsets = [instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0) for zone in (theirs, mine)]
    return offsets[0] - offsets[1]


def _usual_difference(instant: datetime, mine: str, theirs: str) -> timedelta | None:
    """Return the difference that holds for three quarters of the year around the instant, if one does."""
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
