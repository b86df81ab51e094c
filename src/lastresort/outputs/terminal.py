"""The report as a person reads it: one layout, wrapped to the width at hand, coloured only on a terminal."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from lastresort.messages.languages import language_name
from lastresort.model import Agenda, Busy, Occurrence, Problem
from lastresort.outputs import phrases, when
from lastresort.outputs.phrases import problem_line
from lastresort.text import one_line
from lastresort.times.readings import Understood, UnderstoodKind
from lastresort.zones.database import describe_database
from lastresort.zones.names import city_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lastresort.advice.rules import Rule
    from lastresort.messages.compose import Drafts
    from lastresort.outputs.steps import ToldStep
    from lastresort.planning.rearrange import Move
    from lastresort.planning.slots import Slot
    from lastresort.planning.weigh import Weighed
    from lastresort.times.readings import Meaning

GOOD, BAD, DOUBT, QUIET, STRONG = "green", "bold red", "yellow", "dim", "bold"
WIDEST = 100
"""Prose is wrapped no wider than this, however wide the terminal: long lines are hard to read."""
SHORTEST = 16
"""Columns to which a title is cut where a table is too wide."""
Cell = str | tuple[str, str]
"""Text, or text and style."""


class _Console(Console):
    """Rich would end the process, with 1, when its reader has gone; that is the command line's to say."""

    def on_broken_pipe(self) -> None:
        """Hand the broken pipe on."""
        raise BrokenPipeError


class Screen:
    """Where a report is printed: indents, wraps and colours, and knows nothing of what it says."""

    def __init__(self, stream: TextIO, *, color: bool, ascii_only: bool = False) -> None:
        self._console = _Console(
            file=stream,
            no_color=not color,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=False,
            force_terminal=stream.isatty(),
            legacy_windows=False,
        )
        if not color:
            self._console = _Console(
                file=stream,
                color_system=None,
                highlight=False,
                markup=False,
                emoji=False,
                width=self._console.width if stream.isatty() else None,
                legacy_windows=False,
            )
        self._ascii = ascii_only

    @property
    def width(self) -> int:
        """Columns that are used."""
        return min(self._console.width, WIDEST)

    @property
    def free(self) -> str:
        """The sign for time that is free."""
        return "." if self._ascii else "·"

    @property
    def full_width(self) -> int:
        """Columns of the terminal, for what is not read as prose."""
        return self._console.width

    def line(self, *parts: str | tuple[str, str], indent: int = 0, hang: int = 2) -> None:
        """Print one paragraph of plain or (text, style) parts; what wraps hangs `hang` columns further in."""
        self._wrapped(self._text(parts), indent, hang)

    def _wrapped(self, text: Text, indent: int, hang: int) -> None:
        first, *rest = text.wrap(self._console, max(self.width - indent, 20)) or [text]
        if rest:
            # the first row is as wide as there is room; what is left is wrapped again, further in
            left = text[len(first.plain) :]
            left = left[len(left.plain) - len(left.plain.lstrip()) :]
            rest = list(left.wrap(self._console, max(self.width - indent - hang, 20)))
        for number, row in enumerate([first, *rest]):
            row.rstrip()
            self._console.print(
                Padding(row, (0, 0, 0, indent + (hang if number else 0)), expand=False), no_wrap=True
            )

    def rows(self, rows: Sequence[Sequence[str | tuple[str, str]]], indent: int = 0) -> None:
        """Print a table without lines; the last column wraps below itself, or further left if narrow."""
        texts = [[self._text((cell,)) for cell in row] for row in rows]
        widths = [max(row[column].cell_len for row in texts) + 2 for column in range(len(texts[0]) - 1)]
        narrow = self.width - indent - sum(widths) < 24
        for row in texts:
            line = Text()
            for cell, width in zip(row, widths, strict=False):
                line.append_text(cell)
                line.append(" " * (2 if narrow else width - cell.cell_len))
            line.append_text(row[-1])
            self._wrapped(line, indent, 4 if narrow else sum(widths))

    def table(self, rows: Sequence[Sequence[Cell]], *, cut: int, split: int, indent: int = 0) -> None:
        """Print a table without lines, never wrapped inside a cell, as wide as the terminal.

        Where it is too wide, the column `cut` is shortened; where that is not enough, the columns from
        `split` on stand on a second line.
        """
        texts = [[self._text((cell,)) for cell in row] for row in rows]
        widths = [max(row[column].cell_len for row in texts) for column in range(len(texts[0]))]
        room = self.full_width - indent
        gaps = 2 * (len(widths) - 1)
        widths[cut] = max(widths[cut] - max(sum(widths) + gaps - room, 0), min(widths[cut], SHORTEST))
        parts = [slice(None)] if sum(widths) + gaps <= room else [slice(split), slice(split, None)]
        if len(parts) > 1:
            widths[cut] = max(room - sum(widths[:split]) + widths[cut] - 2 * (split - 1), SHORTEST)
        for row in texts:
            row[cut].truncate(widths[cut], overflow="crop" if self._ascii else "ellipsis")
            for place, part in enumerate(parts):
                line = Text(" " * (indent + (6 if place else 0)))
                for cell, width in zip(row[part], widths[part], strict=True):
                    line.append_text(cell)
                    line.append(" " * (width - cell.cell_len + 2 if not place else 2))
                line.rstrip()
                if line.plain.strip():
                    self._console.print(line, soft_wrap=True)

    def flow(self, title: Cell, texts: Sequence[str], indent: int = 0) -> None:
        """Print texts beside a title, as many on a line as there is room for, none of them broken."""
        start = self._text((title,))
        start.append("  ")
        room = self.width - indent - start.cell_len
        lines: list[str] = []
        for text in texts:
            if lines and len(lines[-1]) + 3 + len(text) <= room:
                lines[-1] += f"   {text}"
            else:
                lines.append(text)
        for place, line in enumerate(lines):
            beside = start if not place else Text(" " * start.cell_len)
            self._console.print(Text(" " * indent) + beside + self._text((line,)), soft_wrap=True)

    def draft(self, text: str) -> None:
        """Print text that is to be copied: as it stands, not wrapped, not indented."""
        for row in text.splitlines():
            self._console.print(self._text((row,)), soft_wrap=True)

    def command(self, text: str, indent: int) -> None:
        """Print a command line: never wrapped, so that it can be copied whole."""
        self._console.print(self._text((" " * indent, (text, QUIET))), soft_wrap=True)

    def fixed(self, *parts: str | tuple[str, str]) -> None:
        """Print one line that is never wrapped, whatever its length."""
        self._console.print(self._text(parts), soft_wrap=True)

    def blank(self) -> None:
        """Print an empty line."""
        self._console.print()

    def _text(self, parts: Iterable[str | tuple[str, str]]) -> Text:
        text = Text()
        for part in parts:
            words, style = (part, "") if isinstance(part, str) else part
            text.append(plain(words) if self._ascii else words, style)
        return text


_ASCII = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "…": "...",
        "“": '"',
        "”": '"',
        "„": '"',
        "─": "-",
        "’": "'",
        "·": "-",
        "→": "->",
        "✓": "ok",
        "✗": "!!",
        "−": "-",
        "☐": "[ ]",
        "✉": "@",
        "☎": "@",
        "⇄": "@",
        "█": "#",
        "▓": "x",
        "░": "+",
        "▒": "o",
        "◦": "-",
    }
)


def plain(text: str) -> str:
    """Return the text in ASCII: typographic signs replaced, accents dropped, anything else as `?`."""
    folded = unicodedata.normalize("NFKD", text.translate(_ASCII))
    return "".join(c for c in folded if not unicodedata.combining(c)).encode("ascii", "replace").decode()


def open_screen(stream: TextIO | None = None, *, color: bool = True, ascii_only: bool = False) -> Screen:
    """Return a page on the stream, standard output by default; in ASCII where nothing else can be read."""
    stream = stream or sys.stdout
    # the locale, as cron sets it, or the encoding of the stream may know no more than ASCII
    spoken = os.environ.get("LC_ALL") in {"C", "POSIX"}
    readable = (stream.encoding or "utf-8").lower().startswith("utf")
    return Screen(stream, color=color, ascii_only=ascii_only or spoken or not readable)


# -- what several answers hold ------------------------------------------------------------------------------


def print_drafts(screen: Screen, drafts: Drafts, *, verbose: bool = False) -> None:
    """Print everything that is to be said, as it stands: what is copied is not wrapped."""
    if verbose and drafts.language_because:
        screen.line((f"In {language_name(drafts.language)}: {drafts.language_because}", QUIET), indent=2)
    for title, text in (("Say on the phone", drafts.phone), ("Leave on the voicemail", drafts.voicemail)):
        if text:
            screen.blank()
            screen.line((f"── {title} ", QUIET))
            screen.draft(text)
    screen.blank()
    screen.line((f"── E-mail to {drafts.to or 'the person who invited you'} ", QUIET))
    copies = f"Cc: {', '.join(drafts.cc)}\n" if drafts.cc else ""
    screen.draft(f"{copies}Subject: {drafts.subject}\n\n{drafts.body}")
    screen.line(("──", QUIET))


def _print_move(screen: Screen, move: Move, zone: str, now: datetime, *, full: bool) -> None:
    old = when.span(move.occurrence.interval, zone, now)
    title, action = phrases.title_of(move.occurrence), phrases.ACTIONS[move.action]
    new = phrases.new_time(move, zone, now)
    target = (" → ", (new, GOOD)) if new else ()
    screen.line((f"{action} ", STRONG), f"{title}, {old}", *target, indent=4)
    for because in move.because if full else ():
        screen.line((because, QUIET), indent=6)


def _slot_row(number: int, slot: Slot, now: datetime) -> tuple[str | tuple[str, str], ...]:
    mine = (
        ""
        if slot.zone == slot.my_zone
        else f"{when.span(slot.interval, slot.my_zone, now)} in {city_of(slot.my_zone)}; "
    )
    return (f"{number}.", (when.span(slot.interval, slot.zone, now), GOOD), mine + "; ".join(slot.because))


def print_problems(screen: Screen, problems: tuple[Problem, ...], *, verbose: bool) -> None:
    """Print, when asked for, what was not read, or read with a doubt, and which zone database was used."""
    if not verbose:
        return
    screen.blank()
    screen.line((f"time zones from {describe_database()}", QUIET))
    if not problems:
        return
    screen.line((f"{phrases.count(len(problems), 'thing')} to know about what was read", DOUBT))
    for problem in problems:
        screen.line(problem_line(problem), indent=2)


# -- agenda, slots ------------------------------------------------------------------------------------------


def print_agenda(screen: Screen, agenda: Agenda, now: datetime, *, every: bool) -> None:
    """Print the occurrences by day, numbered; those that take no time only when `every`."""
    numbered = enumerate(agenda.occurrences, 1)
    shown = [(number, o) for number, o in numbered if every or o.busy is not Busy.IGNORE]
    last, width = "", len(str(len(agenda.occurrences)))
    for number, occurrence in shown:
        today = when.day(occurrence.interval.start, agenda.zone, now)
        if today != last:
            screen.line((today, STRONG))
            last = today
        screen.rows([(f"{number:>{width}}", *_agenda_row(occurrence, agenda, now))], indent=2)
    hidden = len(agenda.occurrences) - len(shown)
    left = f", {hidden} that take no time left out (--verbose)" if hidden else ""
    screen.line(
        (f"{phrases.count(len(shown), 'event')} shown{left} · times in {city_of(agenda.zone)}", QUIET)
    )


def _agenda_row(occurrence: Occurrence, agenda: Agenda, now: datetime) -> tuple[str | tuple[str, str], ...]:
    zone = agenda.zone
    style = {Busy.CLASH: BAD, Busy.CHECK: DOUBT, Busy.IGNORE: QUIET}[occurrence.busy]
    start, end = occurrence.interval
    same = when.day(start, zone, now) == when.day(end, zone, now)
    hours = (
        "all day    "
        if occurrence.all_day
        else f"{when.clock(start, zone)}–{when.clock(end, zone)}{'' if same else '+'}"
    )
    source = occurrence.event.source
    color = next((info.color for info in agenda.sources if info.name == source), "")
    title = (one_line(occurrence.event.summary), color)
    return (f"{hours:<12}", (f"{occurrence.reason.value:<17}", style), title)


def print_slots(
    screen: Screen,
    slots: Sequence[Slot],
    now: datetime,
    *,
    more: Sequence[str],
    steps: Sequence[ToldStep],
    drafts: Drafts | None,
) -> None:
    """Print the answer of `propose`: the times, what to do, and the drafts."""
    if slots:
        screen.line(("Times to offer", STRONG), f" ({city_of(slots[0].zone)} time)")
        screen.rows([_slot_row(number, slot, now) for number, slot in enumerate(slots, 1)], indent=2)
    else:
        screen.line(("No time is free within the hours on both sides.", BAD))
    for text in more:
        screen.line(text, indent=2)
    if steps:
        screen.line(("Do", STRONG))
    for number, step in enumerate(steps, 1):
        screen.line(f"{number}. {step.text}", indent=2, hang=3)
        if step.command:
            screen.command(step.command, indent=5)
    if drafts:
        print_drafts(screen, drafts)


def print_understood(screen: Screen, understood: Sequence[Understood], mine: str, now: datetime) -> None:
    """Print each time that was named: their words, then the time on the clock of their words and on mine."""
    screen.line(("Understood:", STRONG))
    for one in understood:
        screen.line(f"\u201c{one_line(one.text, 100)}\u201d", indent=2)
        if one.kind is UnderstoodKind.NOT_UNDERSTOOD:
            screen.line((f"not understood: it {one.note}", DOUBT), indent=4)
            continue
        for number, meaning in enumerate(one.readings):
            begun = (
                "or " if number else "two readings, so it is not weighed: " if len(one.readings) > 1 else ""
            )
            screen.line(
                begun + _in_both(meaning, mine, now, window=one.kind is UnderstoodKind.WINDOW), indent=4
            )
        told = "; ".join(filter(None, (f"zone: {one.zone_source}", one.note)))
        screen.line((told, QUIET), indent=4)
    screen.blank()


def _in_both(meaning: Meaning, mine: str, now: datetime, *, window: bool) -> str:
    """A time on the clock it was named on, and on mine where that is another."""
    told = f"{when.span(meaning.interval, meaning.zone, now)} in {city_of(meaning.zone)}"
    if meaning.zone != mine:
        told += f" = {when.span(meaning.interval, mine, now)} in {city_of(mine)}"
    return f"any time in {told}" if window else told


def print_weighed(
    screen: Screen,
    offers: Sequence[tuple[Understood, Weighed]],
    zones: tuple[str, str],
    drafts: Drafts | None,
    now: datetime,
) -> None:
    """Print the answer of `weigh`, in my zone and in that of their words, cheapest first."""
    mine, known = zones
    for number, (named, offer) in enumerate(offers, 1):
        theirs = named.zone or known
        style, price = (BAD, "cannot be kept") if offer.cost is None else _price(offer)
        elsewhere = (
            "" if mine == theirs else f" ({when.span(offer.interval, theirs, now)} in {city_of(theirs)})"
        )
        screen.line(
            (f"{number}. {when.span(offer.interval, mine, now)}", STRONG),
            f" in {city_of(mine)}{elsewhere}: ",
            (price, style),
            hang=3,
        )
        for because in offer.because:
            screen.line((because, QUIET), indent=3)
        for move in offer.plan.moves if offer.plan else ():
            _print_move(screen, move, mine, now, full=number == 1)
    if drafts:
        print_drafts(screen, drafts)


def _price(offer: Weighed) -> tuple[str, str]:
    if not offer.cost:
        return GOOD, "free"
    asked = f", {phrases.count(offer.people_asked, 'person', 'people')} to ask" if offer.people_asked else ""
    return DOUBT, f"{phrases.points(offer.cost)}{asked}"


def print_settings(screen: Screen, file: str | None, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print every setting, its value and where it came from; the file is named once, above."""
    screen.line((f"file: {file or 'none (lastresort init writes one)'}", QUIET))
    screen.rows([((key, STRONG), (origin, QUIET), value) for key, value, origin in rows])


def print_rules(screen: Screen, rules: Sequence[Rule], *, full: bool) -> None:
    """Print the rules of the advice, one line each, or with all that is known of them."""
    if not full:
        screen.rows([((rule.name, STRONG), rule.text) for rule in rules])
        return
    for number, rule in enumerate(rules):
        if number:
            screen.blank()
        screen.line((f"{rule.name}  ", STRONG), rule.text, hang=4)
        for title, text in (("Why", rule.why), ("When", rule.when), ("Then", rule.changes)):
            screen.line((f"{title}: ", QUIET), text, indent=4)
