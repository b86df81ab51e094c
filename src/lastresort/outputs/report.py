"""The report on a terminal: a table first, then what to do about each interview that needs somebody.

Reasons, points, rules, further plans and the letters come with `full`; a command shows the rest.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from lastresort.outputs import when
from lastresort.outputs.days import MEANINGS, BlockKind
from lastresort.outputs.phrases import count, points
from lastresort.outputs.terminal import BAD, DOUBT, GOOD, QUIET, STRONG, print_drafts, print_problems
from lastresort.outputs.view import MARKS, Mark
from lastresort.planning.actions import Action
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lastresort.outputs.days import DayRow, Picture
    from lastresort.outputs.news import NewsLine
    from lastresort.outputs.terminal import Cell, Screen
    from lastresort.outputs.view import (
        ChangeView,
        ClashView,
        InterviewView,
        OfferView,
        PlanView,
        ReportView,
        Todo,
    )

PILED = 12
"""Clashes shown for one interview, or possible interviews; the rest is counted."""
INDENT = 3
"""Columns before what is told of one interview."""

_STYLES = {"clear": GOOD, "rearrange": DOUBT, "reschedule": BAD, "withdraw": BAD}
_NEWS = {"new": BAD, "closer": BAD, "changed": DOUBT, "gone": GOOD}
_SIGNS = {
    Mark.ALONE: "",
    Mark.TELL: "✉ ",
    Mark.AGREE: "? ",
    Mark.ASK: "? ",
    Mark.CALL: "☎ ",
    Mark.WRITE: "✉ ",
    Mark.SOMEBODY: "⇄ ",
}
_CELLS = {
    BlockKind.INTERVIEW: "█",
    BlockKind.CLASH: "▓",
    BlockKind.MAYBE: "?",
    BlockKind.OLD: "◦",
    BlockKind.NEW: "░",
    BlockKind.OFFER: "1",
    BlockKind.OTHER: "▒",
}
"""How a quarter or half of an hour is drawn; an offer shows its number."""
_PAINT = {
    BlockKind.INTERVIEW: "bold blue",
    BlockKind.CLASH: "red",
    BlockKind.MAYBE: DOUBT,
    BlockKind.NEW: GOOD,
    BlockKind.OFFER: GOOD,
    BlockKind.OTHER: QUIET,
}


def print_report(screen: Screen, view: ReportView, *, quiet: bool = False, full: bool = False) -> None:
    """Print the whole answer of `check`; with `quiet` the rows of the table alone, each on one line."""
    if quiet:
        for one in view.interviews:
            number, start, name, takes = _row(one)
            screen.fixed(number, "  ", start, "  ", name, "  ", takes)
        for other in view.possible:
            screen.fixed(f"?  {other.when}  {other.title}: perhaps an interview{_against(other.others)}")
        return
    screen.line((view.title, STRONG), f" · {count(view.events, 'event')} read · {view.city} time")
    if view.me and full:
        screen.line((f"You are {view.me} (--me says otherwise)", QUIET))
    print_interviews(screen, view, full=full)
    _print_possible(screen, view)
    print_problems(screen, view.problems, verbose=full)


def print_interviews(screen: Screen, view: ReportView, *, full: bool = False) -> None:
    """Print the table, and below it each interview that there is something to say about."""
    told = [one for one in view.interviews if full or one.needs_me or one.clashes]
    if len(view.interviews) > 1:
        _print_table(screen, view.interviews)
    for one in told:
        if len(view.interviews) > 1:
            screen.blank()
            screen.line(
                (f"{one.number} {one.sign} ", _STYLES[one.verdict]), (one.name, STRONG), f" · {one.when}"
            )
        else:
            _print_table(screen, [one])
        _print_one(screen, one, full=full)
    if len(view.interviews) == 1 and not told:
        _print_table(screen, view.interviews)
    drawn = [one.picture for one in told if one.picture and _is_drawn(one, full=full)]
    if drawn:
        _print_legend(screen, drawn)
    if any(one.needs_me for one in told) and not full:
        one = next(one for one in view.interviews if one.needs_me)
        _print_command(screen, "Why, and the rest", one.run.command("check --explain"), indent=0)


def print_state(screen: Screen, view: ReportView, *, quiet: bool = False) -> None:
    """Print how the interviews stand after a change: the table, and the command that tells the rest."""
    if quiet:
        print_report(screen, view, quiet=True)
        return
    screen.line(("Now: ", STRONG), view.title)
    _print_table(screen, view.interviews)
    if any(one.needs_me for one in view.interviews):
        _print_command(screen, "what is left to do", view.run.command("check"), indent=INDENT)


def print_news(screen: Screen, title: str, lines: Sequence[NewsLine], city: str) -> None:
    """Print what has changed since the last run, a line each."""
    screen.line((f"Since the last run: {title}", STRONG), f" · {city} time")
    screen.rows([((line.kind, _NEWS[line.kind]), line.text) for line in lines], indent=2)


def print_reminders(screen: Screen, view: ReportView) -> None:
    """Print what is due after requests that were made."""
    if view.reminders:
        screen.blank()
        screen.line(("Due now", STRONG))
    for reminder in view.reminders:
        screen.line(f"{reminder.text} ", (reminder.rule, QUIET), indent=2)


# -- one interview ------------------------------------------------------------------------------------------


def _print_table(screen: Screen, interviews: Sequence[InterviewView]) -> None:
    if interviews:
        screen.table([_row(one) for one in interviews], cut=2, split=3)


def _row(one: InterviewView) -> tuple[Cell, ...]:
    style = _STYLES[one.verdict]
    return (
        (f"{one.number} {one.sign}", style),
        when.start_of(one.when),
        (one.name, STRONG),
        (one.takes, style),
    )


def _print_one(screen: Screen, one: InterviewView, *, full: bool) -> None:
    who = one.contact
    address = who.address if full or not who.name else ""
    there = one.there if full else one.there.partition(" (")[0]
    facts = (who.name, address, who.phone, one.mode, one.distance, there)
    screen.line((" · ".join(filter(None, facts)), QUIET), indent=INDENT)
    if full:
        screen.line(("an interview because " + "; ".join(one.because), QUIET), indent=INDENT)
    _print_clashes(screen, one, full=full)
    for question in one.questions:
        likely = f'"{question.choices[0]}"' if question.choices else "ZONE"
        screen.line((f"? {question.text} If not: {question.option} {likely}", DOUBT), indent=INDENT)
    _print_todos(screen, one, full=full)
    _print_offers(screen, one, full=full)
    if one.why and (full or one.verdict in ("reschedule", "withdraw")):
        _print_why(screen, one, full=full)
    if one.remarks and (full or not one.todos):
        for remark in one.remarks:
            screen.line(("Mind  ", STRONG), remark, indent=INDENT, hang=6)
    if full and one.plan:
        for plan in (one.plan, *one.further):
            _print_plan(screen, plan)
    if one.draft and full:
        print_drafts(screen, one.draft, verbose=True)
    elif one.draft:
        _print_letter(screen, one)
    if one.picture and _is_drawn(one, full=full):
        _print_picture(screen, one.picture)


def _is_drawn(one: InterviewView, *, full: bool) -> bool:
    """Tell whether the days are shown: where something gets a new time or is offered."""
    moved = one.plan is not None and any(change.new for change in one.plan.changes)
    return full or moved or bool(one.offers)


def _print_clashes(screen: Screen, one: InterviewView, *, full: bool) -> None:
    """Print what is in the way; where a plan clears it, the changes say so."""
    rows: list[tuple[Cell, ...]] = []
    for certain, title, style in ((True, "In its way", BAD), (False, "Look at", DOUBT)):
        clashes = [clash for clash in one.clashes if clash.certain is certain]
        if certain and one.plan and not full:
            continue
        for place, clash in enumerate(_varied(clashes)):
            touched = f"{clash.title}{f' ({clash.doubt})' if clash.doubt else ''}"
            touched += f": {clash.overlap}" if full else ""
            rows.append(
                ((title, style) if not place else "", when.without_day(clash.when, one.when), touched)
            )
        if len(clashes) > PILED:
            rows.append(("", "", f"and {len(clashes) - PILED} more (--json lists them)"))
    if one.clashes_left_out:
        rows.append(("", "", f"{count(one.clashes_left_out, 'more event')} at that time not listed"))
    if rows:
        screen.rows(rows, indent=INDENT)


def _varied(clashes: Sequence[ClashView]) -> list[ClashView]:
    """Return those shown, in their order: one of each event before the second of any."""
    times: dict[tuple[str, str | None], int] = {}
    turns = []
    for clash in clashes:
        event = clash.conflict.occurrence.event
        turns.append(times.get((event.source, event.uid), 0))
        times[event.source, event.uid] = turns[-1] + 1
    shown = sorted(sorted(range(len(clashes)), key=turns.__getitem__)[:PILED])
    return [clashes[place] for place in shown]


# -- what to do ---------------------------------------------------------------------------------------------


def _print_todos(screen: Screen, one: InterviewView, *, full: bool) -> None:
    """Print the steps. That a mail is to be noted once sent is said when it is opened, unless `full`."""
    label = "Do"
    for todo in one.todos:
        if todo.carries_out and one.plan:
            _print_changes(screen, one, one.plan, todo, label)
        elif full or not todo.notes_mail:
            _print_todo(screen, todo, label)
        label = ""
    if full and one.rules:
        screen.line((f"by {', '.join(one.rules)}", QUIET), indent=INDENT + 3)


def _print_todo(screen: Screen, todo: Todo, label: str) -> None:
    """Print the step, and its command beside it where there is room, else below it."""
    text = f"☐ {_SIGNS[todo.mark]}{todo.text}"
    if todo.command and len(text) + len(todo.command) + INDENT + 5 <= screen.full_width:
        screen.fixed(" " * INDENT, (label.ljust(3), STRONG), text, "  ", (todo.command, QUIET))
        return
    screen.line((label.ljust(3), STRONG), text, indent=INDENT, hang=5)
    if todo.command:
        screen.command(todo.command, indent=INDENT + 5)


def _print_changes(screen: Screen, one: InterviewView, plan: PlanView, todo: Todo, label: str) -> None:
    _print_moves(screen, plan.changes, label)
    for kind in dict.fromkeys(change.message for change in plan.changes if change.message):
        _print_command(screen, _NOTES[kind], one.run.command(f"message {kind}"), indent=INDENT + 3)
    if any(change.written for change in plan.changes):
        hint = "another plan: --choose" if one.further else ""
        label = "or all at once" if all(change.written for change in plan.changes) else "those of yours"
        _print_command(screen, label, todo.command, indent=INDENT + 3, hint=hint)
    for change in plan.changes:
        uid = change.move.occurrence.event.uid or ""
        if change.by_name and todo.command and uid == one_line(uid, 200):
            command = f"{todo.command} --only {shlex.quote(uid)}"
            _print_command(screen, "once it is agreed", command, indent=INDENT + 3)


def _print_command(screen: Screen, label: str, command: str, *, indent: int, hint: str = "") -> None:
    """Print a command behind its label where both fit on a line, else below it, whole.

    The hint stands behind it where there is room.
    """
    if not command:
        return
    needed = indent + len(label) + 3 + len(command)
    if needed <= screen.full_width:
        beside = f"  ({hint})" if hint and needed + len(hint) + 4 <= screen.full_width else ""
        screen.fixed(" " * indent, f"{label}:  ", (command + beside, QUIET))
    else:
        screen.line(f"{label}:", indent=indent)
        screen.command(command, indent=indent + 2)


_NOTES = {
    "ask-organiser": "the notes to send",
    "decline-once": "the apology to send",
    "step-out": "the note to send",
    "delegate": "what to ask",
    "call": "what to say",
}


def _print_moves(screen: Screen, changes: Sequence[ChangeView], label: str = "") -> None:
    """Print a line for each change; what it asks of others stands below."""
    rows: list[tuple[Cell, ...]] = [
        (
            f"{label if not place else '':<3}☐ {change.verb}",
            change.title,
            when.without_commas(change.old),
            (f"→ {when.without_day(change.new, change.old)}", GOOD) if change.new else "",
            (f"{_SIGNS[change.mark]}{MARKS[change.mark]}", QUIET if change.mark is Mark.ALONE else DOUBT),
        )
        for place, change in enumerate(changes)
    ]
    screen.table(rows, cut=1, split=2, indent=INDENT)
    for change in changes:
        if (
            change.mark in (Mark.AGREE, Mark.ASK, Mark.CALL, Mark.SOMEBODY)
            or change.move.action is Action.STEP_OUT
        ):
            screen.line((f"{change.title}: {change.note}", QUIET), indent=INDENT + 5)


def _print_offers(screen: Screen, one: InterviewView, *, full: bool) -> None:
    """Print the times to offer on their clock, mine beside it; several on a line where nothing is added."""
    if not one.offers:
        return
    told = [(f"[{offer.number}] ", _offered(offer, full=full)) for offer in one.offers]
    place = f" in {one.their_city}" if one.offers[0].there else ""
    if full:
        screen.line((f"Offer{place}", STRONG), indent=INDENT)
        for number, text in told:
            screen.line(number, text, indent=INDENT + 2, hang=4)
    else:
        screen.flow((f"Offer{place}", STRONG), [number + text for number, text in told], indent=INDENT)
    for offer in one.offers:
        if offer.changes:
            screen.line((f"[{offer.number}] needs:", QUIET), indent=INDENT)
            _print_moves(screen, offer.changes)


def _offered(offer: OfferView, *, full: bool) -> str:
    """Return one time: in full with its end and what speaks for it."""
    theirs = offer.there or offer.here
    mine = when.without_day(offer.here, offer.there) if offer.there else ""
    if full:
        return f"{theirs}{f' ({mine} here)' if mine else ''}: {'; '.join(offer.because)}"
    return when.start_of(theirs) + (f" ({when.start_of(mine)} here)" if mine else "")


def _print_why(screen: Screen, one: InterviewView, *, full: bool) -> None:
    if full:
        screen.line(("Why", STRONG), indent=INDENT)
        for reason in one.why:
            screen.line(f"{reason.text} ", (reason.rule, QUIET), indent=INDENT + 2)
        return
    rival = any(reason.rule == "R30" for reason in one.why)  # then no single event decides
    told = "; ".join(
        because.text
        for because in one.entry.because
        if because.rule != "R15" and not (rival and because.rule == "R1" and because.occurrence)
    )
    screen.line(("Why  ", STRONG), told, indent=INDENT, hang=5)


def _print_plan(screen: Screen, plan: PlanView) -> None:
    """Print a plan with its price and every reason."""
    title = "Cheapest way to keep it" if plan.number == 1 else f"Or plan {plan.number}"
    asked = f", {count(plan.asked, 'person', 'people')} to ask" if plan.asked else ""
    proved = "" if plan.best else ", the best found"
    price = points(plan.points) + (f", {plan.tight:g} more for less room" if plan.tight else "")
    told = f"{count(len(plan.changes), 'change')}, {plan.effort} ({price}){asked}{proved}"
    screen.line((f"{title}: ", STRONG), told, indent=INDENT)
    for change in plan.changes:
        target = (" → ", (change.new, GOOD)) if change.new else ()
        screen.line((f"{change.verb} ", STRONG), f"{change.title}, {change.old}", *target, indent=INDENT + 2)
        price = " + ".join(f"{term} {value:g}" for term, value in change.price)
        screen.line((f"{change.effort}: {price} = {points(change.points)}", QUIET), indent=INDENT + 4)
        for because in (change.note, *change.because):
            screen.line((because, QUIET), indent=INDENT + 4)


def _print_letter(screen: Screen, one: InterviewView) -> None:
    """Print the head of the draft, and how it gives my reason where I gave one."""
    assert one.draft
    given = (one.entry.wanted and one.entry.reason.kind != "conflict") or one.entry.reason.text
    opening = [one_line(row) for row in one.draft.body.split("\n\n")][2:3] if given else []
    to = f"to {one_line(one.draft.to)} · " if one.draft.to else ""
    lines = [f"{to}Subject: {one_line(one.draft.subject)}", *opening]
    room = screen.width - INDENT - 8
    for place, text in enumerate(lines):
        cut = text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
        title = " " * 8 if place else "E-mail  "
        screen.fixed(" " * INDENT, (title, STRONG), (cut, QUIET if place else ""))


# -- the days -----------------------------------------------------------------------------------------------


def _print_picture(screen: Screen, picture: Picture) -> None:
    """Print a day a line, hours across: four cells an hour where there is room, else two."""
    name = max(len(row.day) for row in picture.rows)
    room = screen.width - INDENT - name - 2
    cells = 4 if (picture.last - picture.first) * 4 <= room else 2
    hours = "".join(f"{hour:02}".ljust(cells) for hour in range(picture.first, picture.last))
    screen.fixed(" " * (INDENT + name + 2), (hours.rstrip(), QUIET))
    for row in picture.rows:
        screen.fixed(" " * INDENT, row.day.ljust(name + 2), *_drawn(row, picture, cells, screen.free))


def _drawn(row: DayRow, picture: Picture, cells: int, free: str) -> Iterator[tuple[str, str]]:
    """Yield the cells of one day, what matters most above the rest."""
    minutes = 60 // cells
    line: list[tuple[str, str]] = [(free, QUIET)] * ((picture.last - picture.first) * cells)
    for block in row.blocks:
        first = max(block.start // minutes - picture.first * cells, 0)
        last = min(-(-block.end // minutes) - picture.first * cells, len(line))
        sign = str(block.number) if block.number else _CELLS[block.kind]
        line[first:last] = [(sign, _PAINT.get(block.kind, ""))] * max(last - first, 0)
    yield from line


def _print_legend(screen: Screen, pictures: Sequence[Picture]) -> None:
    kinds = {kind for picture in pictures for kind in picture.kinds}
    told = [
        f"{'1 2 3' if kind is BlockKind.OFFER else _CELLS[kind]} {meaning}"
        for kind, meaning in MEANINGS.items()
        if kind in kinds
    ]
    screen.line((f"{'  '.join(told)}  {screen.free} free", QUIET), indent=INDENT)


# -- what else ----------------------------------------------------------------------------------------------


def _print_possible(screen: Screen, view: ReportView) -> None:
    if not view.possible:
        return
    screen.blank()
    screen.line(("Perhaps interviews, not protected", DOUBT), " (--interview TEXT protects one)")
    screen.rows(
        [(one.when, f"{one.title} ({one.because}{_against(one.others)})") for one in view.possible[:PILED]],
        indent=2,
    )
    if len(view.possible) > PILED:
        screen.line(f"and {len(view.possible) - PILED} more (--json lists them)", indent=2)


def _against(others: Sequence[str]) -> str:
    return "; clashes with " + ", ".join(f"“{title}”" for title in others[:PILED]) if others else ""
