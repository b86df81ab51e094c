"""The report as a person reads it: one layout, wrapped to the width at hand, coloured only on a terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from lastresort.model import Agenda, Busy, Occurrence, Problem
from lastresort.outputs import phrases, when
from lastresort.outputs.invocation import Invocation
from lastresort.outputs.phrases import problem_line
from lastresort.outputs.reminders import reminder_line
from lastresort.outputs.steps import naming, tell_steps
from lastresort.text import one_line
from lastresort.times.readings import Understood, UnderstoodKind
from lastresort.zones.database import describe_database
from lastresort.zones.names import city_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lastresort.advice.rules import Rule
    from lastresort.messages import Drafts
    from lastresort.outputs.news import Line
    from lastresort.outputs.reminders import Due
    from lastresort.planning.check import InterviewReport, PossibleInterview, Report
    from lastresort.planning.conflicts import Conflict
    from lastresort.planning.rearrange import Move, Plan
    from lastresort.planning.slots import Slot
    from lastresort.planning.weigh import Weighed
    from lastresort.times.readings import Meaning

GOOD, BAD, DOUBT, QUIET, STRONG = "green", "bold red", "yellow", "dim", "bold"
WIDEST = 100
"""Prose is wrapped no wider than this, however wide the terminal: long lines are hard to read."""
PLAIN_RUN = Invocation()
PILED = 12
"""Clashes shown for one interview; the rest is counted."""


class _Console(Console):
    """Rich would end the process, with 1, when its reader has gone; that is the command line's to say."""

    def on_broken_pipe(self) -> None:
        """Hand the broken pipe on."""
        raise BrokenPipeError


class Page:
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

    def draft(self, text: str) -> None:
        """Print text that is to be copied: as it stands, not wrapped, not indented."""
        for row in text.splitlines():
            self._console.print(self._text((row,)), soft_wrap=True)

    def command(self, text: str, indent: int) -> None:
        """Print a command line: never wrapped, so that it can be copied whole."""
        self._console.print(self._text((" " * indent, (text, QUIET))), soft_wrap=True)

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
    }
)


def plain(text: str) -> str:
    """Return the text in ASCII: typographic signs replaced, accents dropped, anything else as `?`."""
    import unicodedata

    folded = unicodedata.normalize("NFKD", text.translate(_ASCII))
    return "".join(c for c in folded if not unicodedata.combining(c)).encode("ascii", "replace").decode()


def open_page(stream: TextIO | None = None, *, color: bool = True, ascii_only: bool = False) -> Page:
    """Return a page on the stream, standard output by default; in ASCII where nothing else can be read."""
    stream = stream or sys.stdout
    return Page(stream, color=color, ascii_only=ascii_only or _is_plain(stream))


def _is_plain(stream: TextIO) -> bool:
    """Tell whether the locale, as cron sets it, or the encoding of the stream knows no more than ASCII."""
    spoken = os.environ.get("LC_ALL") in {"C", "POSIX"}
    return spoken or not (stream.encoding or "utf-8").lower().startswith("utf")


# -- check -------------------------------------------------------------------------------------------------


def print_report(
    page: Page,
    report: Report,
    drafts: dict[int, Drafts],
    *,
    quiet: bool,
    verbose: bool,
    run: Invocation = PLAIN_RUN,
) -> None:
    """Print the whole answer of `check`."""
    if quiet:
        for entry in report.interviews:
            _headline(page, report, entry)
        _print_possible(page, report)
        return
    _summary(page, report)
    print_interviews(page, report, drafts, verbose=verbose, run=run)
    _print_possible(page, report)
    print_problems(page, report.agenda.problems, verbose=verbose)


def print_interviews(
    page: Page,
    report: Report,
    drafts: dict[int, Drafts],
    *,
    verbose: bool,
    run: Invocation = PLAIN_RUN,
) -> None:
    """Print each interview of the report with what clashes and what to do."""
    for place, entry in enumerate(report.interviews):
        page.blank()
        _print_interview(page, report, entry, drafts.get(place), naming(run, report, entry), verbose=verbose)


def print_news(page: Page, title: str, lines: Sequence[Line], report: Report) -> None:
    """Print what has changed since the last run, a line each."""
    page.line((f"Since the last run: {title}", STRONG), f" · times in {city_of(report.agenda.zone)}")
    page.rows([((line.kind, _NEWS[line.kind]), line.text) for line in lines], indent=2)


_NEWS = {"new": BAD, "closer": BAD, "changed": DOUBT, "gone": GOOD}


def _summary(page: Page, report: Report) -> None:
    agenda = report.agenda
    events = sum(source.events for source in agenda.sources)
    until = when.day(report.window.end, agenda.zone, report.query.now)
    what = phrases.found(len(report.interviews))
    page.line(
        (f"{what} until {until}", STRONG),
        f" · {phrases.count(events, 'event')} read · times in {city_of(agenda.zone)}",
    )
    if agenda.me_guessed:
        page.line(
            (
                f"You are {', '.join(sorted(agenda.me))}: {agenda.me_guessed} (--me says otherwise)",
                QUIET,
            )
        )


def _headline(page: Page, report: Report, entry: InterviewReport) -> None:
    zone, now = report.agenda.zone, report.query.now
    sign, verdict = phrases.verdict_of(entry)
    style = BAD if entry.advice.decision == "withdraw" else _STYLES[entry.verdict]
    page.line(
        (f"{sign} {verdict}: ", style),
        (phrases.name_of(entry), STRONG),
        f" · {when.span(entry.interview.occurrence.interval, zone, now)}",
    )


_STYLES = {"clear": GOOD, "rearrange": DOUBT, "reschedule": BAD}


def _print_interview(
    page: Page,
    report: Report,
    entry: InterviewReport,
    drafts: Drafts | None,
    run: Invocation,
    *,
    verbose: bool,
) -> None:
    _headline(page, report, entry)
    _print_facts(page, report, entry, verbose=verbose)
    if doubt := phrases.zone_doubt(entry.interview, asking=bool(entry.slots)):
        page.line((f"{doubt} --interviewer-tz ZONE", DOUBT), indent=2)
    _print_clashes(page, report, entry)
    if entry.plan:
        _print_plan(page, report, entry.plan, "Cheapest way to keep it", full=True)
        for number, plan in enumerate(entry.other_plans, 2):
            _print_plan(page, report, plan, f"Or plan {number}", full=verbose)
    if entry.verdict == "reschedule" or entry.advice.decision == "withdraw":
        _print_last_resort(page, report, entry)
    elif verbose:
        _print_because(page, entry)
    _print_steps(page, report, entry, run, verbose=verbose)
    if drafts:
        _print_drafts(page, drafts, verbose=verbose)


def _print_facts(page: Page, report: Report, entry: InterviewReport, *, verbose: bool) -> None:
    interview, who = entry.interview, entry.interview.interviewer
    zone, now = report.agenda.zone, report.query.now
    facts = [when.distance(interview.occurrence.interval.start, now, zone)]
    if interview.mode != "unknown":
        facts.append(phrases.MODES[interview.mode.value])
    if who.name or who.address:
        facts.append(f"with {one_line(who.name or who.address or '')}")
    if who.zone != zone:
        theirs = when.span(interview.occurrence.interval, who.zone, now)
        facts.append(f"{theirs} in {city_of(who.zone)} ({who.zone_source})")
    page.line(" · ".join(facts), indent=2)
    if verbose:
        page.line(("an interview because " + "; ".join(interview.because), QUIET), indent=2)


def _print_clashes(page: Page, report: Report, entry: InterviewReport) -> None:
    for level, title in ((Busy.CLASH, "Clashes with"), (Busy.CHECK, "Look at, it may clash")):
        conflicts = [c for c in entry.conflicts if c.busy is level]
        if not conflicts:
            continue
        page.line((title, BAD if level is Busy.CLASH else DOUBT), indent=2)
        page.rows([_conflict_row(report, c) for c in _varied(conflicts)], indent=4)
        if len(conflicts) > PILED:
            page.line(f"and {len(conflicts) - PILED} more (--json lists them)", indent=4)


def _varied(conflicts: Sequence[Conflict]) -> list[Conflict]:
    """Return those shown, in their order: one of each event before the second of any."""
    times: dict[tuple[str, str | None], int] = {}
    turns = []
    for conflict in conflicts:
        event = conflict.occurrence.event
        turns.append(times.get((event.source, event.uid), 0))
        times[event.source, event.uid] = turns[-1] + 1
    shown = sorted(sorted(range(len(conflicts)), key=turns.__getitem__)[:PILED])
    return [conflicts[place] for place in shown]


def _conflict_row(report: Report, conflict: Conflict) -> tuple[str, tuple[str, str]]:
    occurrence = conflict.occurrence
    why = "" if conflict.hard else f" ({phrases.reason_of(conflict.reason)})"
    title, touched = phrases.title_of(occurrence), phrases.TOUCHED[conflict.kind.value]
    return (
        when.span(occurrence.interval, report.agenda.zone, report.query.now, all_day=occurrence.all_day),
        (
            f"{title}{why}: {when.lasting(conflict.overlap_minutes)}{touched}",
            _color_of(occurrence, report.agenda),
        ),
    )


def _color_of(occurrence: Occurrence, agenda: Agenda) -> str:
    """The colour that the configuration gives to the occurrence's calendar."""
    source = occurrence.event.source
    return next((info.color for info in agenda.sources if info.name == source), "")


def _print_plan(page: Page, report: Report, plan: Plan, title: str, *, full: bool) -> None:
    asked = f", {phrases.count(plan.people_asked, 'person', 'people')} to ask" if plan.people_asked else ""
    proved = "" if plan.optimal else ", the best found"
    page.line(
        (f"{title}: ", STRONG),
        f"{phrases.count(len(plan.moves), 'change')}, {phrases.points(plan.cost)}{asked}{proved}",
        indent=2,
    )
    for move in plan.moves:
        _print_move(page, move, report.agenda.zone, report.query.now, full=full)


def _print_move(page: Page, move: Move, zone: str, now: datetime, *, full: bool) -> None:
    old = when.span(move.occurrence.interval, zone, now)
    title, action = phrases.title_of(move.occurrence), phrases.ACTIONS[move.action]
    page.line((f"{action} ", STRONG), f"{title}, {old}", *_target(move, zone, now), indent=4)
    for because in move.because if full else ():
        page.line((because, QUIET), indent=6)


def _target(move: Move, zone: str, now: datetime) -> tuple[str | tuple[str, str], ...]:
    return (" → ", (when.span(move.new, zone, now), GOOD)) if move.new else ()


def _print_last_resort(page: Page, report: Report, entry: InterviewReport) -> None:
    _print_because(page, entry)
    if entry.slots and "R20" in entry.advice.rules:
        page.line(("Offer", STRONG), f" ({city_of(entry.interview.interviewer.zone)} time)", indent=2)
        page.rows(
            [_slot_row(number, slot, report.query.now) for number, slot in enumerate(entry.slots, 1)],
            indent=4,
        )


def _print_steps(
    page: Page, report: Report, entry: InterviewReport, run: Invocation, *, verbose: bool
) -> None:
    """What to do, each step with the command that does it: on a line of its own, to be copied whole."""
    told = tell_steps(entry, report.agenda.zone, report.query.now, run)
    if told:
        rules = f" ({', '.join(entry.advice.rules)})" if verbose else ""
        page.line(("Do", STRONG), rules, indent=2)
    for number, step in enumerate(told, 1):
        page.line(f"{number}. {step.text}", indent=4, hang=3)
        if step.command:
            page.command(step.command, indent=7)
    if verbose or not told:
        _print_remarks(page, entry)


def _print_remarks(page: Page, entry: InterviewReport) -> None:
    said = {reason.text for reason in entry.because}
    remarks = [remark for remark in entry.advice.remarks if remark not in said]
    if remarks:
        page.line(("Mind", STRONG), indent=2)
    for remark in remarks:
        page.line(remark, indent=4)


def _print_because(page: Page, entry: InterviewReport) -> None:
    if entry.because:
        page.line(("Why", STRONG), indent=2)
    for reason in entry.because:
        page.line(f"{reason.text} ", (reason.rule, QUIET), indent=4)


def _slot_row(number: int, slot: Slot, now: datetime) -> tuple[str | tuple[str, str], ...]:
    mine = (
        ""
        if slot.zone == slot.my_zone
        else f"{when.span(slot.interval, slot.my_zone, now)} in {city_of(slot.my_zone)}; "
    )
    return (f"{number}.", (when.span(slot.interval, slot.zone, now), GOOD), mine + "; ".join(slot.because))


def _print_drafts(page: Page, drafts: Drafts, *, verbose: bool = False) -> None:
    if verbose and drafts.language_because:
        from lastresort.messages.languages import language_name

        page.line((f"In {language_name(drafts.language)}: {drafts.language_because}", QUIET), indent=2)
    for title, text in (("Say on the phone", drafts.phone), ("Leave on the voicemail", drafts.voicemail)):
        if text:
            page.blank()
            page.line((f"── {title} ", QUIET))
            page.draft(text)
    page.blank()
    page.line((f"── E-mail to {drafts.to or 'the person who invited you'} ", QUIET))
    copies = f"Cc: {', '.join(drafts.cc)}\n" if drafts.cc else ""
    page.draft(f"{copies}Subject: {drafts.subject}\n\n{drafts.body}")
    page.line(("──", QUIET))


def print_reminders(page: Page, reminders: Sequence[Due], zone: str, now: datetime) -> None:
    """Print what is due after requests that were made."""
    if reminders:
        page.blank()
        page.line(("Due now", STRONG))
    for reminder in reminders:
        page.line(f"{reminder_line(reminder, zone, now)} ", (reminder.step.rule, QUIET), indent=2)


def _print_possible(page: Page, report: Report) -> None:
    if not report.possible:
        return
    page.blank()
    page.line(("Perhaps interviews, not protected", DOUBT), " (--interview TEXT protects one)")
    page.rows(
        [
            (
                when.span(o.interval, report.agenda.zone, report.query.now, all_day=o.all_day),
                _perhaps(entry),
            )
            for entry in report.possible[:PILED]
            for o in (entry.interview.occurrence,)
        ],
        indent=2,
    )


def _perhaps(entry: PossibleInterview) -> str:
    """What may be an interview, what speaks most for it, and what stands in its way."""
    title = one_line(entry.interview.occurrence.event.summary) or "an event without title"
    why = next(iter(entry.interview.because), "")
    others = ", ".join(f"“{one_line(c.occurrence.event.summary)}”" for c in entry.conflicts[:PILED])
    return f"{title} ({why}{f'; clashes with {others}' if others else ''})"


def print_problems(page: Page, problems: tuple[Problem, ...], *, verbose: bool) -> None:
    """Print, when asked for, what was not read, or read with a doubt, and which zone database was used."""
    if not verbose:
        return
    page.blank()
    page.line((f"time zones from {describe_database()}", QUIET))
    if not problems:
        return
    page.line((f"{phrases.count(len(problems), 'thing')} to know about what was read", DOUBT))
    for problem in problems:
        page.line(problem_line(problem), indent=2)


# -- agenda, slots ------------------------------------------------------------------------------------------


def print_agenda(page: Page, agenda: Agenda, now: datetime, *, every: bool) -> None:
    """Print the occurrences by day; those that take no time only when `every`."""
    shown = [o for o in agenda.occurrences if every or o.busy is not Busy.IGNORE]
    last = ""
    for occurrence in shown:
        today = when.day(occurrence.interval.start, agenda.zone, now)
        if today != last:
            page.line((today, STRONG))
            last = today
        page.rows([_agenda_row(occurrence, agenda, now)], indent=2)
    hidden = len(agenda.occurrences) - len(shown)
    left = f", {hidden} that take no time left out (--verbose)" if hidden else ""
    page.line((f"{phrases.count(len(shown), 'event')} shown{left} · times in {city_of(agenda.zone)}", QUIET))


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
    title = (one_line(occurrence.event.summary), _color_of(occurrence, agenda))
    return (f"{hours:<12}", (f"{occurrence.reason.value:<17}", style), title)


def print_slots(
    page: Page, slots: Sequence[Slot], more: Sequence[str], drafts: Drafts | None, now: datetime
) -> None:
    """Print the answer of `propose`."""
    if slots:
        page.line(("Times to offer", STRONG), f" ({city_of(slots[0].zone)} time)")
        page.rows([_slot_row(number, slot, now) for number, slot in enumerate(slots, 1)], indent=2)
    else:
        page.line(("No time is free within the hours on both sides.", BAD))
    for text in more:
        page.line(text, indent=2)
    if drafts:
        _print_drafts(page, drafts)


def print_considered(page: Page, report: Report) -> None:
    """Print, for `--explain`, every way that was considered to treat a clashing event, and why it lost."""
    from lastresort.planning.rearrange import explain

    zone, now = report.agenda.zone, report.query.now
    found = [
        way
        for entry in report.interviews
        if entry.rearrangement
        for way in explain(entry.rearrangement, entry.interview)
    ]
    events = {way.occurrence.key: way.occurrence for way in found}
    for key, occurrence in events.items():
        page.blank()
        at = when.span(occurrence.interval, zone, now)
        page.line(("Considered for ", STRONG), f"{phrases.title_of(occurrence)}, {at}")
        ways = [way for way in found if way.occurrence.key == key]
        for way in ways[:CONSIDERED]:
            price = " + ".join(f"{term} {points:g}" for term, points in way.price)
            if way.action is None or way.cost is None:
                page.line((way.verdict, QUIET), indent=2)
                continue
            action = phrases.ACTIONS[way.action].rstrip(":")
            where = f" → {when.span(way.new, zone, now)}" if way.new else ""
            page.line(f"{action}{where}: {price} = {way.cost:g}; ", (way.verdict, QUIET), indent=2)
        if len(ways) > CONSIDERED:
            page.line((f"and {len(ways) - CONSIDERED} dearer ones (--json lists them)", QUIET), indent=2)


CONSIDERED = 25
"""Ways shown for one event; the cheapest come first."""


def print_understood(page: Page, understood: Sequence[Understood], mine: str, now: datetime) -> None:
    """Print each time that was named: their words, then the time on the clock of their words and on mine."""
    page.line(("Understood:", STRONG))
    for one in understood:
        page.line(f"\u201c{one_line(one.text, 100)}\u201d", indent=2)
        if one.kind is UnderstoodKind.NOT_UNDERSTOOD:
            page.line((f"not understood: it {one.note}", DOUBT), indent=4)
            continue
        for number, meaning in enumerate(one.readings):
            begun = (
                "or " if number else "two readings, so it is not weighed: " if len(one.readings) > 1 else ""
            )
            page.line(
                begun + _in_both(meaning, mine, now, window=one.kind is UnderstoodKind.WINDOW), indent=4
            )
        told = "; ".join(filter(None, (f"zone: {one.zone_source}", one.note)))
        page.line((told, QUIET), indent=4)
    page.blank()


def _in_both(meaning: Meaning, mine: str, now: datetime, *, window: bool) -> str:
    """A time on the clock it was named on, and on mine where that is another."""
    told = f"{when.span(meaning.interval, meaning.zone, now)} in {city_of(meaning.zone)}"
    if meaning.zone != mine:
        told += f" = {when.span(meaning.interval, mine, now)} in {city_of(mine)}"
    return f"any time in {told}" if window else told


def print_weighed(
    page: Page,
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
        page.line(
            (f"{number}. {when.span(offer.interval, mine, now)}", STRONG),
            f" in {city_of(mine)}{elsewhere}: ",
            (price, style),
            hang=3,
        )
        for because in offer.because:
            page.line((because, QUIET), indent=3)
        for move in offer.plan.moves if offer.plan else ():
            _print_move(page, move, mine, now, full=number == 1)
    if drafts:
        _print_drafts(page, drafts)


def _price(offer: Weighed) -> tuple[str, str]:
    if not offer.cost:
        return GOOD, "free"
    asked = f", {phrases.count(offer.people_asked, 'person', 'people')} to ask" if offer.people_asked else ""
    return DOUBT, f"{phrases.points(offer.cost)}{asked}"


def print_settings(page: Page, file: str | None, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print every setting with where it came from; the file is named once."""
    page.line((f"file: {file or 'none (lastresort init writes one)'}", QUIET))
    lines = [origin.replace(f"{file}:", "line ", 1) for _, _, origin in rows]
    page.rows(
        [((key, STRONG), (line, QUIET), value) for (key, value, _), line in zip(rows, lines, strict=True)]
    )


def print_rules(page: Page, rules: Sequence[Rule], *, full: bool) -> None:
    """Print the rules of the advice, one line each, or with all that is known of them."""
    if not full:
        page.rows([((rule.name, STRONG), rule.text) for rule in rules])
        return
    for number, rule in enumerate(rules):
        if number:
            page.blank()
        page.line((f"{rule.name}  ", STRONG), rule.text, hang=4)
        for title, text in (("Why", rule.why), ("When", rule.when), ("Then", rule.changes)):
            page.line((f"{title}: ", QUIET), text, indent=4)
