"""Wishes become changes of files: looked at first, written down, carried out, and taken back.

Every step leaves each file old or new, never half. What a run that died has left is put right by the next run
that touches the same file.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from lastresort.changes.disk import Disk, UnsureError, changed, is_address, real_path
from lastresort.changes.journal import Journal, Patch, Record, State, digest, make_patch
from lastresort.errors import LastResortError, RefusedError
from lastresort.ics.editor import Context, Insert, edit
from lastresort.ics.source_map import holds_nothing
from lastresort.secure_files import hold_lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from lastresort.changes.disk import Storage
    from lastresort.changes.journal import Memo
    from lastresort.ics.editor import Edit

SECONDS = 10.0
"""How long a run waits for another one that is at work on the same calendar."""

UNCONFIRMED = "the change was made, but disk or server did not confirm that it lasts; check again"
UNCLOSED = "the journal could not be closed; the next change does that"


class Wish(NamedTuple):
    """What is to be done to one file."""

    path: str
    name: str
    """How the file is called to the user."""
    edits: tuple[Edit, ...]
    alone: bool = False
    """It is a file for one event, as vdirsyncer and khal keep them: it goes when nothing is left in it."""


class Change(NamedTuple):
    """What becomes of one file; `None` is no file."""

    path: str
    """The real path, links followed."""
    name: str
    before: bytes | None
    after: bytes | None


class Outcome(NamedTuple):
    """What was done. Without a record there was nothing to do."""

    record: Record | None
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


class Desk(NamedTuple):
    """What a change is made with: the journal, where the locks lie, and where the calendars do."""

    journal: Journal
    locks: str
    zone: str
    now: datetime
    sources: tuple[str, ...] = ()
    """The local sources the change is made from, absolute."""
    storage: Storage = Disk()
    seconds: float = SECONDS


class UnwrittenError(LastResortError):
    """A change could not be carried out; what was begun was taken back."""


def preview(wishes: Iterable[Wish], desk: Desk) -> tuple[Change, ...]:
    """Return what the wishes would change, without changing anything; files that would stay are left out.

    Raises RefusedError for what cannot be done safely, OSError for a file that cannot be read.
    """
    changes = (_change(wish, desk) for wish in wishes)
    return tuple(change for change in changes if change.before != change.after)


def carry_out(
    wishes: Sequence[Wish],
    what: Sequence[str],
    desk: Desk,
    shown: Sequence[Change] | None = None,
    memo: Memo | None = None,
) -> Outcome:
    """Make all changes or none, and return them; `what` are the words for the journal, `memo` goes with them.

    With `shown` the changes must still be those. Raises RefusedError, UnwrittenError, LockedError.
    """
    with _locked([real_path(wish.path) for wish in wishes], desk):
        try:
            changes = preview(wishes, desk)
        except OSError as error:
            raise _unwritten(error) from None
        if shown is not None and tuple(shown) != changes:
            raise changed(next(iter(changes or shown)).path)
        if not changes:
            return Outcome(None)
        patches = [make_patch(change.path, change.before, change.after) for change in changes]
        try:
            desk.journal.prune()
            record = desk.journal.add(desk.now, what, patches, desk.sources, memo)
        except OSError as error:
            raise UnwrittenError(
                f"the journal cannot be written ({_why(error)}), and without it nothing is changed"
            ) from None
        notes = _make(changes, record, desk, failed=None)
        record = _amended(record, changes, desk)
        return Outcome(*_closed(record, State.DONE, changes, notes, desk))


def undo(id_: str | None, desk: Desk) -> Outcome:
    """Take a change back, byte for byte: the named one, or the last that stands.

    Raises RefusedError when a file has changed since, or when there is nothing to take back.
    """
    found = desk.journal.find(id_)
    with _locked([patch.path for patch in found.patches], desk):
        record = _same(found, desk)
        if record is not None:
            return _take_back(found, record, desk)
    return undo(id_, desk)  # it was never made, and is forgotten now: the one before is meant


def _same(found: Record, desk: Desk) -> Record | None:
    return next((record for record in desk.journal.records() if record.id == found.id), None)


def _take_back(found: Record, record: Record, desk: Desk) -> Outcome:
    if record.state is State.UNDONE:
        if found.state is State.UNDOING:
            return Outcome(record)  # a run died when all was done but saying so
        raise RefusedError(f"change {record.id} was taken back already")
    try:
        changes = [_reversed(patch, desk) for patch in record.patches]
        record = desk.journal.mark(record, State.UNDOING)
    except OSError as error:
        raise _unwritten(error) from None
    notes = _make(changes, record, desk, failed=State.DONE)
    return Outcome(*_closed(record, State.UNDONE, changes, notes, desk))


# -- deciding -----------------------------------------------------------------------------------------------


def _change(wish: Wish, desk: Desk) -> Change:
    path = real_path(wish.path)
    before = desk.storage.read(path)
    return Change(path, wish.name, before, _after(before, wish, desk))


def _after(before: bytes | None, wish: Wish, desk: Desk) -> bytes | None:
    if before is None:
        match wish.edits:
            case (Insert(calendar),):
                return calendar
            case _:
                raise RefusedError(f"{wish.name}: the file is gone; nothing was changed")
    after = edit(before, wish.edits, Context(desk.zone, desk.now, wish.name))
    return None if wish.alone and holds_nothing(after) else after


def _reversed(patch: Patch, desk: Desk) -> Change:
    name = os.path.basename(patch.path)
    now = desk.storage.read(patch.path)
    if digest(now) == patch.before:
        return Change(patch.path, name, now, now)
    old = patch.reverse(now) if digest(now) == patch.after else None
    if digest(now) != patch.after or digest(old) != patch.before:
        raise RefusedError(f"{name}: it has changed since; nothing was taken back")
    return Change(patch.path, name, now, old)


# -- doing --------------------------------------------------------------------------------------------------


def _make(changes: Sequence[Change], record: Record, desk: Desk, failed: State | None) -> list[str]:
    """Make all changes; when one fails, take back those that were made, and the record with them."""
    made: list[int] = []
    try:
        return _write(changes, record, desk, made)
    except BaseException as error:
        stuck = _roll_back(changes, record, desk, made)
        with suppress(OSError):  # the next run settles what is left pending
            if stuck:
                desk.journal.mark(record, State.DONE)
            elif failed:
                desk.journal.mark(record, failed)
            elif not isinstance(error, UnsureError):
                desk.journal.drop(record)
        if stuck:
            names = ", ".join(stuck)
            raise UnwrittenError(
                f"{names}: changed, but another file was not; 'lastresort undo {record.id}' takes it back"
            ) from None
        if isinstance(error, OSError):
            raise _unwritten(error) from None
        raise


def _write(changes: Sequence[Change], record: Record, desk: Desk, made: list[int]) -> list[str]:
    storage = desk.storage
    todo = [(number, change) for number, change in enumerate(changes) if change.before != change.after]
    for number, change in todo:
        if change.after is not None:
            storage.prepare(change.path, change.after, _token(record, number))
    sure = True
    for number, change in todo:
        if change.after is None:
            sure &= storage.remove(change.path, change.before or b"")
        else:
            sure &= storage.replace(change.path, change.before, _token(record, number))
        made.append(number)
    return [] if sure else [UNCONFIRMED]


def _roll_back(changes: Sequence[Change], record: Record, desk: Desk, made: Sequence[int]) -> list[str]:
    """Put the old bytes back; return the names of files where that failed."""
    storage = desk.storage
    for number, change in enumerate(changes):
        with suppress(OSError):
            storage.discard(change.path, _token(record, number))
    stuck = []
    for number in made:
        change, token = changes[number], _token(record, number)
        try:
            if change.before is None:
                storage.remove(change.path, change.after or b"")
            else:
                storage.prepare(change.path, change.before, token)
                storage.replace(change.path, change.after, token)
        except (OSError, LastResortError):
            stuck.append(change.name)
            with suppress(OSError):
                storage.discard(change.path, token)
    return stuck


def _amended(record: Record, changes: Sequence[Change], desk: Desk) -> Record:
    """Servers may write an object in their own way: the record has to know what lies there now."""
    patches = list(record.patches)
    for number, change in enumerate(changes):
        if is_address(change.path):
            with suppress(LastResortError):
                patches[number] = make_patch(change.path, change.before, desk.storage.read(change.path))
    if tuple(patches) == record.patches:
        return record
    with suppress(OSError):
        return desk.journal.amend(record, patches)
    return record


def _closed(
    record: Record, state: State, changes: Sequence[Change], notes: list[str], desk: Desk
) -> tuple[Record, tuple[Change, ...], tuple[str, ...]]:
    try:
        record = desk.journal.mark(record, state)
    except OSError:
        notes = [*notes, UNCLOSED]
    return record, tuple(changes), tuple(notes)


def _token(record: Record, number: int) -> str:
    return f"{record.id}-{number}"


# -- one run at a time --------------------------------------------------------------------------------------


@contextmanager
def _locked(paths: Sequence[str], desk: Desk) -> Iterator[None]:
    """Hold the locks of all files, always in the same order, and put right what a dead run has left."""
    with ExitStack() as stack:
        for path in sorted(set(paths)):
            name = sha256(os.fsencode(path)).hexdigest()[:24]
            stack.enter_context(hold_lock(os.path.join(desk.locks, f"{name}.lock"), desk.seconds))
        _recover(set(paths), desk)
        yield


def _recover(paths: set[str], desk: Desk) -> None:
    """Settle unfinished records. Whoever left them is dead: it held the locks that are held now."""
    try:
        for record in desk.journal.unfinished():
            if paths.intersection(patch.path for patch in record.patches):
                _settle(record, desk)
    except OSError as error:
        raise _unwritten(error) from None


def _settle(record: Record, desk: Desk) -> None:
    for number, patch in enumerate(record.patches):
        desk.storage.discard(patch.path, _token(record, number))
    untouched = all(digest(desk.storage.read(patch.path)) == patch.before for patch in record.patches)
    if not untouched:
        desk.journal.mark(record, State.DONE)
    elif record.state is State.PENDING:
        desk.journal.drop(record)
    else:
        desk.journal.mark(record, State.UNDONE)


def _unwritten(error: OSError) -> UnwrittenError:
    where = os.path.basename(error.filename) if isinstance(error.filename, str) else "the calendar"
    return UnwrittenError(f"{where}: cannot be written ({_why(error)}); nothing was changed")


def _why(error: OSError) -> str:
    return (error.strerror or "input/output error").lower()
