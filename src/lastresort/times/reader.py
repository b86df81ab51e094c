"""What a text offers: the times and windows that its writer names, as instants with their readings."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from lastresort.times.clauses import Named, group_items
from lastresort.times.grammar import read_items
from lastresort.times.items import Clock, Day, DayRange, Impossible, Length, Part, Sign, Stretch, Week, Zone
from lastresort.times.language import LANGUAGES, languages_of, lexicon
from lastresort.times.offers import offered
from lastresort.times.readings import Meaning, ReadingContext, Understood, UnderstoodKind
from lastresort.times.references import place_references
from lastresort.times.resolve import PAST, Resolved, Zones, resolve, same_zone
from lastresort.times.surroundings import QUIET
from lastresort.times.tokens import plain, tokens_of
from lastresort.zones import names as zone_names
from lastresort.zones import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from lastresort.times.clauses import Group
    from lastresort.times.items import Item
    from lastresort.times.language import Lexicon
    from lastresort.times.tokens import Token

LONGEST_TEXT = 30_000
"""Characters of a text that are read."""
MOST_TIMES = 100
"""Times of one text that are listed."""
TEXT_CUT = "the text is longer than what people write about times; its beginning was read"
TIMES_CUT = f"more than {MOST_TIMES} times are named; the first {MOST_TIMES} are listed"


class Reading(NamedTuple):
    """What a text says of times."""

    understood: tuple[Understood, ...]
    length: timedelta | None
    """How long the meeting lasts: as it was given, else as the text says."""
    language: str
    left: tuple[str, ...] = ()
    """What of the text was not read or is not listed, as words for the user."""


def understand(text: str, setting: ReadingContext) -> Reading:
    """Return the times that a text offers, in its order, each once; refusals and deadlines are none.

    The language is told from the words; where it names no time, the other languages are
    tried. Bounded: the beginning of a long text is read, and the first of many times.
    """
    source = plain(text[:LONGEST_TEXT])
    tokens = tokens_of(source)
    country = setting.country or zone_names.zone_country(setting.theirs or "")
    likely = tuple(name for name in LANGUAGES if country in lexicon(name).countries)
    first, *others = languages_of(tokens, likely, share=_NEARLY)[:_MOST_LANGUAGES]
    found = _read(source, tokens, setting, lexicon(first))
    for language in others if not _names_any(found) else ():
        other = _read(source, tokens, setting, lexicon(language))
        if _names_any(other):
            found = other
            break
    return found._replace(left=(TEXT_CUT, *found.left)) if len(text) > LONGEST_TEXT else found


def _names_any(reading: Reading) -> bool:
    return any(one.kind is not UnderstoodKind.NOT_UNDERSTOOD for one in reading.understood)


_MOST_LANGUAGES = 3
_NEARLY = 0.7
"""Share of the words of a text's language that another has to know to be tried as well."""


def _read(source: str, tokens: Sequence[Token], setting: ReadingContext, words: Lexicon) -> Reading:
    items = _items(tokens, words, setting)
    if setting.length is None:
        setting = setting._replace(length=_length_told(items))
    groups = offered(group_items(items), items)
    zones = _ZonesOfText(items, groups, setting)
    day_clock = any(_shows_day_clock(item) for item in items)
    found: list[Understood] = []
    for group in groups:
        for one in _understood(group, zones, words, day_clock=day_clock):
            shown = one._replace(text=_written(source, tokens, items, group))
            if all(
                (shown.kind, shown.interval, shown.readings) != (old.kind, old.interval, old.readings)
                for old in found
            ):
                found.append(shown)
        if len(found) > MOST_TIMES:
            break
    return Reading(
        understood=tuple(found[:MOST_TIMES]),
        length=setting.length,
        language=words.language,
        left=(TIMES_CUT,) if len(found) > MOST_TIMES else (),
    )


def _items(tokens: Sequence[Token], words: Lexicon, setting: ReadingContext) -> tuple[Item, ...]:
    """What a text says, with what it says by pointing at other words of it put in their place."""
    find_zone = partial(_zone_called, now=setting.now)
    found = read_items(tokens, words, find_zone, zone_names.abbreviated_zones)
    return place_references(found)


def _length_told(items: Iterable[Item]) -> timedelta | None:
    for item in items:
        if isinstance(item.what, Length) and _SHORTEST <= item.what.minutes <= _LONGEST:
            return timedelta(minutes=item.what.minutes)
    return None


_SHORTEST, _LONGEST = 10, 480
"""Minutes that a meeting lasts; other lengths in a text are of something else."""


def _shows_day_clock(item: Item) -> bool:
    """Tell whether a clock time is written as clocks with 24 hours are."""
    what = item.what
    clocks = (what.first, what.last) if isinstance(what, Stretch) else ()
    return any(
        clock and not clock.half and (12 < clock.hour < 24 or (clock.padded and clock.hour < 10))
        for clock in clocks
    )


class _ZonesOfText:
    """Which zone holds for a time of the text that has none beside it."""

    def __init__(self, items: Sequence[Item], groups: Sequence[Group], setting: ReadingContext) -> None:
        self._items = items
        self._setting = setting
        retold = [named for group in groups for named in group.named if named.retold]
        self._retold = {
            place
            for named in retold
            for place in range(max(0, named.start - 1), named.end)
            if items[place].what == named.zone
        }
        """Places of the zones of times that are told once more."""
        distinct: list[Zone] = []
        for place, item in enumerate(items):
            if not isinstance(item.what, Zone) or place in self._retold:
                continue
            if not any(same_zone(item.what, other) for other in distinct):
                distinct.append(item.what)
        self._only = distinct[0] if len(distinct) == 1 else None

    @property
    def length(self) -> timedelta | None:
        """How long the meeting lasts, where it is known."""
        return self._setting.length

    def of(self, named: Named) -> tuple[Zone | None, Zones]:
        """Return the zone beside the time, or the next one of the sentence, and what holds otherwise."""
        own = named.zone
        if own is None and self._only is None:
            own = self._next(named)
        return own, Zones(self._setting, self._only)

    def _next(self, named: Named) -> Zone | None:
        for place, item in enumerate(self._items[named.end : named.end + 60], start=named.end):
            if item.what is Sign.BREAK:
                break
            if isinstance(item.what, Zone) and place not in self._retold:
                return item.what
        return None


def _understood(
    group: Group, zones: _ZonesOfText, words: Lexicon, *, day_clock: bool
) -> Iterator[Understood]:
    if not group.named:
        yield Understood("", UnderstoodKind.NOT_UNDERSTOOD, note="names no clock time")
        return
    if not group.days:
        yield Understood("", UnderstoodKind.NOT_UNDERSTOOD, note="names no day")
        return
    for day, _ in group.days:
        last: Resolved | None = None
        waiting: Understood | None = None
        read = partial(_resolved, day=day, zones=zones, words=words, day_clock=day_clock)
        out = [one for named in group.named if named.excepted for one in read(named)]
        for named in group.named:
            for resolved in () if named.excepted or named.gone else _without(read(named), out, zones.length):
                if named.retold and last and last.meanings and resolved.meanings:
                    if _same_hour(last, resolved):
                        continue
                    if named.bracketed:
                        both = last.meanings + resolved.meanings
                        waiting = Understood(
                            "", UnderstoodKind.AMBIGUOUS, zone_source=last.source, readings=both,
                            note="two zones are named that do not show one time",
                        )  # fmt: skip
                        continue
                if waiting:
                    yield waiting
                waiting = _told(resolved)
                last = resolved
        if waiting:
            yield waiting


def _resolved(
    named: Named, *, day: Day | DayRange, zones: _ZonesOfText, words: Lexicon, day_clock: bool
) -> Iterator[Resolved]:
    own, all_zones = zones.of(named)
    return resolve(day, named, all_zones, words, day_clock=day_clock, own_zone=own)


def _without(
    found: Iterable[Resolved], out: Sequence[Resolved], length: timedelta | None
) -> Iterator[Resolved]:
    """Yield what is left of each time when every reading of `out` is taken from it.

    A window becomes the windows around them that are as long as the meeting; of another time those readings
    are left that touch none; `at 10:30, not at 10` leaves the first. An exception that cannot be read leaves
    nothing.
    """
    if any(one.fault and one.fault != PAST for one in out):
        return
    holes = [meaning.interval for one in out for meaning in one.meanings]
    points = {meaning.interval for one in out if not one.window for meaning in one.meanings}
    for resolved in found:
        untouched = tuple(
            one
            for one in resolved.meanings
            if not any(
                one.interval.start == hole.start
                if hole in points and not resolved.window
                else one.interval.overlaps(hole)
                for hole in holes
            )
        )
        if untouched == resolved.meanings:
            yield resolved
        elif untouched:
            yield resolved._replace(meanings=untouched)
        elif resolved.window and len(resolved.meanings) == 1:
            (whole,) = resolved.meanings
            for piece in whole.interval.minus(holes):
                if length is None or piece.length >= length:
                    yield resolved._replace(meanings=(whole._replace(interval=piece),))


def _same_hour(first: Resolved, second: Resolved) -> bool:
    """Tell whether a second telling is the first one's time; over midnight the day may be another."""
    day = timedelta(days=1)
    return any(
        (one.interval.start - other.interval.start) % day == timedelta(0)
        for one in first.meanings
        for other in second.meanings
    )


def _told(resolved: Resolved) -> Understood:
    if not resolved.meanings:
        return Understood("", UnderstoodKind.NOT_UNDERSTOOD, zone_source=resolved.source, note=resolved.fault)
    distinct = tuple({one.interval: one for one in resolved.meanings}.values())
    if len(distinct) > 1:
        return Understood("", UnderstoodKind.AMBIGUOUS, zone_source=resolved.source, readings=distinct)
    kind = UnderstoodKind.WINDOW if resolved.window else UnderstoodKind.TIME
    note = "shorter than the meeting" if resolved.short else ""
    only = distinct[0]
    return Understood(
        "",
        kind,
        interval=only.interval,
        zone=only.zone,
        zone_source=resolved.source,
        readings=distinct,
        note=note,
    )


def _written(source: str, tokens: Sequence[Token], items: Sequence[Item], group: Group) -> str:
    """The words of a group as they stand in the text, on one line and not too long."""
    places = [place for _, place in group.days] if not group.carried else []
    first = min([group.start, *places])
    last = max([group.end - 1, *places])
    text = " ".join(source[tokens[items[first].start].start : tokens[items[last].end - 1].end].split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


_LONGEST_SHOWN = 120


# ---- places


@lru_cache(maxsize=4096)
def _zone_called(name: str, now: datetime) -> str | None:
    if len(name) > _LONGEST_NAME:
        name = name[:_LONGEST_NAME]
    if name.startswith("("):
        return zone_names.resolve_tzid(name) or _zone_displayed(name, now)
    if name.startswith(("UTC", "GMT")) or "/" in name:
        return zone_names.resolve_tzid(name)
    if name in _ALSO_WORDS or (len(name) < 3 and not name.isupper()):
        return None
    exonym = places.zone_of_exonym(name)
    return exonym or zone_names.zone_of_place(name, now)


_LONGEST_NAME = 120
_ALSO_WORDS = frozenset(
    ("Bath", "Essen", "Mobile", "Nice", "Orange", "Reading", "Split", "March", "May", "Zeit", "Time", "Tours")
)
"""Cities that are words."""


def _zone_displayed(name: str, now: datetime) -> str | None:
    """Return the zone of `(UTC+01:00) Bruxelles, Madrid`: of the first city that keeps the offset."""
    offset, _, cities = name[1:].partition(")")
    fixed = zone_names.resolve_tzid(offset)
    if not fixed:
        return None
    wanted = zone_names.seasonal_offsets(fixed)[0]
    for city in cities.replace(" - ", ",").replace("(", ",").replace(")", ",").split(","):
        zone = _zone_called(city.strip(), now) if city.strip() else None
        if zone and wanted in zone_names.seasonal_offsets(zone):
            return zone
    return None


# ---- one time alone


class Alone(NamedTuple):
    """What a text says that is one time and nothing else."""

    meanings: tuple[Meaning, ...] = ()
    window: bool = False
    complete: bool = True
    """Every word belongs to the time."""
    named: bool = True
    """It names a day or a clock time at all."""
    clocked: bool = True
    """It names a clock time."""
    ended: bool = False
    """It names an end as well."""
    fault: str = ""


def read_alone(text: str, setting: ReadingContext) -> Alone:
    """Return the one time that a short text names, in whichever language it is understood.

    With `setting.strict` a day alone is its midnight, and a clock time alone is today's.
    """
    source = plain(text)
    tokens = tokens_of(source)
    found = Alone(complete=False, named=False, fault="is not understood as a time")
    for language in languages_of(tokens):
        read = _alone(tokens, setting, lexicon(language))
        if read.complete and not read.fault:
            return read
        if (read.complete, read.named) > (found.complete, found.named):
            found = read
    return found


def _alone(tokens: Sequence[Token], setting: ReadingContext, words: Lexicon) -> Alone:
    items = _items(tokens, words, setting)
    groups = group_items(items)
    if len(groups) != 1:
        fault = "names several times" if groups else "names no time"
        return Alone(complete=False, named=bool(groups), fault=fault)
    if any(item.what not in _ALONE and not isinstance(item.what, _TIMES) for item in items):
        return Alone(complete=False, fault="holds words that are not understood")
    (group,) = groups
    days = [day for day, _ in group.days] or ([Day(relative=0)] if setting.strict else [])
    named = group.named or (
        (Named(Stretch(Clock(0, padded=True)), group.start, group.end),) if setting.strict else ()
    )
    if len(days) != 1 or len(named) != 1:
        return Alone(
            fault="names no day"
            if not days
            else "names no clock time"
            if not named
            else "names several times"
        )
    zones = _ZonesOfText(items, groups, setting)
    own, all_zones = zones.of(named[0])
    day_clock = any(_shows_day_clock(item) for item in items)
    resolved = list(resolve(days[0], named[0], all_zones, words, day_clock=day_clock, own_zone=own))
    if len(resolved) != 1:
        return Alone(fault="names several days")
    stretch = named[0].what
    return Alone(
        meanings=resolved[0].meanings, window=resolved[0].window, clocked=bool(group.named),
        ended=isinstance(stretch, Stretch) and stretch.last is not None, fault=resolved[0].fault,
    )  # fmt: skip


_TIMES = (Day, DayRange, Stretch, Part, Week, Zone, Impossible)
_ALONE = QUIET | {Sign.BREAK}
