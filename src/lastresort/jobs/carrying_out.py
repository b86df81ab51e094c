"""A plan carried out in the calendars, and a change taken back, for programs: first looked at, then done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from lastresort.changes.apply import carry_out, preview
from lastresort.changes.apply import undo as take_back
from lastresort.changes.plan import show_diff, to_import, wishes_for
from lastresort.errors import LastResortError, RefusedError
from lastresort.history.requests import release_request, reopen_request
from lastresort.history.store import open_memory
from lastresort.ics.source_map import Context
from lastresort.jobs.check import check
from lastresort.jobs.plan import prepare, why_left
from lastresort.jobs.workbench import lay_bench, open_bench, open_bench_to_undo, reach_changed
from lastresort.outputs.json import SUMMARY, VERSION
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.changes.apply import Change
    from lastresort.changes.journal import Record
    from lastresort.jobs.plan import Prepared
    from lastresort.jobs.run import Run
    from lastresort.jobs.session import Inquiry, Session


NAMED = "naming its UID in 'only'"
"""How a program chooses an event of a plan."""


class Planned(NamedTuple):
    """What a plan would change; nothing is changed yet."""

    session: Session
    sources: tuple[str, ...]
    """The calendars that are files, folders or addresses."""
    plan: Prepared
    changes: tuple[Change, ...]
    """What would become of each file or object."""
    imports: tuple[str, ...]
    """The calendars that can only be read."""

    @property
    def words(self) -> tuple[str, ...]:
        """The changes, a line each: titles are one line too, whoever wrote them."""
        return tuple(one_line(row.words, SUMMARY) for row in self.plan.rows)

    @property
    def document(self) -> dict[str, Any]:
        """The answer as `apply --dry-run --json` has it, with the rows and what is left to others."""
        rows = [
            {
                **row._asdict(),
                "title": one_line(row.title, SUMMARY),
                "before": row.before or None,
                "after": row.after or None,
            }
            for row in self.plan.rows
        ]
        left = [
            {
                "uid": move.occurrence.event.uid,
                "title": one_line(move.occurrence.event.summary, SUMMARY),
                "action": move.action.value,
                "who": move.who.value,
                "because": [why_left(move, self.session, NAMED), *move.because[1:]],
            }
            for move in self.plan.left
        ]
        return {
            "version": VERSION,
            "done": False,
            "change": None,
            "rows": rows,
            "changes": [{"name": one.name, "diff": show_diff(one)} for one in self.changes],
            "to_import": list(self.imports),
            "left": left,
            "notes": [],
        }


class Applied(NamedTuple):
    """A plan that was carried out."""

    planned: Planned
    record: Record | None
    """The entry of the journal; `None` when nothing had to be changed."""
    notes: tuple[str, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The plan's document, with the name of the change that `undo` takes."""
        change = self.record.id if self.record else None
        return {**self.planned.document, "done": True, "change": change, "notes": list(self.notes)}


def plan_changes(inquiry: Inquiry, number: int = 1, only: Sequence[str] = ()) -> Planned:
    """Return what the plan with this number, or what is chosen of it by UID, would change.

    Raises RefusedError when no plan keeps an interview, or a change cannot be made safely.
    """
    found = check(inquiry)
    session = found.session
    plan = prepare(found.report, session, number, only, unlooked=True)
    zone, now = session.agenda.zone, session.query.now
    sources = tuple(one for one in inquiry.sources if isinstance(one, str))
    bench = lay_bench(session.settings, sources, now, zone=zone)
    return Planned(
        session=session,
        sources=sources,
        plan=plan,
        changes=preview(wishes_for(plan.steps), bench),
        imports=tuple(name for name, _ in to_import(plan.steps, Context(zone, now))),
    )


def apply(planned: Planned) -> Applied:
    """Return what was done: the changes, made just as they were shown.

    Raises RefusedError when a calendar has changed since, when nothing can be written, or when the run has
    no folder for the journal.
    """
    if not planned.plan.steps:
        raise RefusedError("all of these changes need somebody else first, or a look of yours")
    session = planned.session
    bench = open_bench(session.settings, planned.sources, session.query.now, zone=session.agenda.zone)
    outcome = carry_out(wishes_for(planned.plan.steps), planned.words, bench, planned.changes)
    return Applied(planned, outcome.record, outcome.notes)


class Standing(NamedTuple):
    """A change that can be taken back: it has not been yet."""

    record: Record
    run: Run

    @property
    def paths(self) -> tuple[str, ...]:
        """The files and objects that it changed."""
        return tuple(patch.path for patch in self.record.patches)

    @property
    def words(self) -> tuple[str, ...]:
        """What was changed, a line each."""
        return tuple(one_line(words, SUMMARY) for words in self.record.what)


class Undone(NamedTuple):
    """A change that was taken back."""

    record: Record
    notes: tuple[str, ...]

    @property
    def document(self) -> dict[str, Any]:
        """Which change it was, what it had changed, and what has to be said besides."""
        return {
            "version": VERSION,
            "change": self.record.id,
            "taken_back": [one_line(words, SUMMARY) for words in self.record.what],
            "notes": list(self.notes),
        }


def find_change(run: Run, id_: str | None = None) -> Standing:
    """Return the change of this name or number, else the last that stands. Raises RefusedError for none."""
    bench = open_bench_to_undo(run.settings, run.now, zone=run.zone)
    return Standing(bench.journal.find(id_), run)


def undo(standing: Standing) -> Undone:
    """Return the change once it is taken back, byte for byte.

    Raises RefusedError when a file has changed since.
    """
    run, record = standing.run, standing.record
    bench = open_bench_to_undo(run.settings, run.now, zone=run.zone)
    outcome = take_back(record.id, reach_changed(record, bench, run.settings))
    return Undone(outcome.record or record, (*outcome.notes, *forget(record, run.settings.state)))


def forget(record: Record, state: str) -> tuple[str, ...]:
    """Take back what was remembered with a change: a settled request is open again, holds are none.

    Returns what has to be said about it.
    """
    memo = record.memo
    if memo is None or not os.path.isfile(os.path.join(state, "memory.json")):
        return ()
    try:
        with open_memory(state) as book:
            memory = book.memory
            for name in memo.interviews:
                if memo.kind == "hold":
                    memory = release_request(memory, name, record.when)
                elif memo.agreed is not None and memo.awaited:
                    memory = reopen_request(memory, name, memo.agreed)
            book.save(memory)
            return (book.told,) if book.told else ()
    except (LastResortError, OSError) as error:
        why = (error.strerror or "an error").lower() if isinstance(error, OSError) else str(error)
        return (f"it is taken back, but the memory is as it was: {why}",)
