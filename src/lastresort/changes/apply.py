"""Wishes become changes of calendars: looked at first, written down, carried out, and taken back.

A change of several calendars is made as a whole or taken back whole. Every step leaves each calendar old or
new, never half, and what a run that died has left is put right by the next run that changes something.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from lastresort.changes.disk import Disk, UnsureError, changed, is_address, real_path
from lastresort.changes.journal import Journal, Patch, Record, State, digest, make_patch
from lastresort.changes.meaning import meaning
from lastresort.errors import LastResortError, RefusedError, StoppedError
from lastresort.ics.editor import Context, Insert, edit, verify
from lastresort.ics.source_map import holds_nothing
from lastresort.secure_files import LockedError, hold_lock

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


class WantedChange(NamedTuple):
    """What is to be done to one calendar file or object."""

    path: str
    name: str
    """How it is called to the user."""
    edits: tuple[Edit, ...]
    alone: bool = False
    """It is a file for one event, as vdirsyncer and khal keep them: it goes when nothing is left in it."""


class Change(NamedTuple):
    """What becomes of one file or object; `None` is none."""

    path: str
    """The real path, links followed."""
    name: str
    before: bytes | None
    after: bytes | None
    edits: tuple[Edit, ...] = ()
    """What the new bytes have to say; none when old bytes are put back."""


class ChangeOutcome(NamedTuple):
    """What was done. Without a record there was nothing to do."""

    record: Record | None
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


class Workbench(NamedTuple):
    """What a change is made with: the journal, where the locks lie, and where the calendars do."""

    journal: Journal
    locks: str
    zone: str
    now: datetime
    sources: tuple[str, ...] = ()
    """What is needed to take the change back and to check again: local sources, absolute, and servers."""
    storage: Storage = Disk()
    seconds: float = SECONDS
    options: str = ""
    """What has to follow `lastresort undo ID` for it to find this journal."""

    def undo_command(self, record: Record) -> str:
        """Return the command that takes a change back, as it can be pasted."""
        return f"lastresort undo {record.id}{self.options}"


class UnwrittenError(LastResortError):
    """A change could not be carried out; what was begun was taken back."""


def preview(wishes: Iterable[WantedChange], bench: Workbench) -> tuple[Change, ...]:
    """Return what the wishes would change, without changing anything; files that would stay are left out.

    Raises RefusedError for what cannot be done safely, OSError for a file that cannot be read.
    """
    changes = (_change(wish, bench) for wish in wishes)
    return tuple(change for change in changes if change.before != change.after)


def carry_out(
    wishes: Sequence[WantedChange],
    what: Sequence[str],
    bench: Workbench,
    shown: Sequence[Change] | None = None,
    memo: Memo | None = None,
) -> ChangeOutcome:
    """Make all changes or none, and return them; `what` are the words for the journal, `memo` goes with them.

    With `shown` the changes must still be those. Raises RefusedError, UnwrittenError, LockedError, and
    StoppedError when Ctrl-C came while the change was made: it is made then.
    """
    with _locked([real_path(wish.path) for wish in wishes], bench):
        try:
            changes = preview(wishes, bench)
        except OSError as error:
            raise _unwritten(error) from None
        if shown is not None and tuple(shown) != changes:
            raise changed(next(iter(changes or shown)).path)
        if not changes:
            return ChangeOutcome(None)
        patches = [make_patch(change.path, change.before, change.after) for change in changes]
        with _uninterrupted() as stops:
            try:
                record = bench.journal.add(
                    bench.now, what, patches, sources=bench.sources, memo=memo, zone=bench.zone
                )
            except OSError as error:
                raise UnwrittenError(
                    f"the journal cannot be written ({_why(error)}), and without it nothing is changed"
                ) from None
            outcome = _Work(changes, record, bench).finish(State.DONE)
    if stops and outcome.record is not None:
        raise StoppedError(
            f"stopped; the change is made: '{bench.undo_command(outcome.record)}' takes it back"
        )
    return outcome


def undo(id_: str | None, bench: Workbench) -> ChangeOutcome:
    """Take a change back, byte for byte: the named one, or the last that stands.

    Raises RefusedError when a file has changed since, or when there is nothing to take back; StoppedError
    when Ctrl-C came meanwhile: it is taken back then.
    """
    found = bench.journal.find(id_)
    with _locked([real_path(patch.path) for patch in found.patches], bench):
        record = next((one for one in bench.journal.records() if one.id == found.id), None)
        if record is not None:
            with _uninterrupted() as stops:
                outcome = _take_back(found, record, bench)
            if stops:
                raise StoppedError("stopped; the change is taken back")
            return outcome
    return undo(id_, bench)  # it was never made, and is forgotten now: the one before is meant


def recover(bench: Workbench) -> tuple[str, ...]:
    """Put right what runs that died have left half done; return what was done about it, for the user.

    What another run is at work on, or lies on a server that does not answer, is left alone. Raises
    UnwrittenError.
    """
    told: list[str] = []
    for record in bench.journal.unfinished():
        with suppress(LockedError), _locked(_paths(record), bench._replace(seconds=0), told):
            pass
    return tuple(told)


def _take_back(found: Record, record: Record, bench: Workbench) -> ChangeOutcome:
    """Take a change back; `found` is its record before the locks were held, `record` the one since."""
    if record.state is State.UNDONE:
        if found.state is State.UNDOING:
            return ChangeOutcome(record)  # a run died when all was done but saying so
        raise RefusedError(f"change {record.id} was taken back already")
    try:
        changes = [_reversed(patch, bench) for patch in record.patches]
        record = bench.journal.mark(record, State.UNDOING)
    except OSError as error:
        raise _unwritten(error) from None
    return _Work(changes, record, bench).finish(State.UNDONE)


# -- deciding -----------------------------------------------------------------------------------------------


def _change(wish: WantedChange, bench: Workbench) -> Change:
    """Return what a wish comes to. Raises RefusedError for what cannot be done safely."""
    path = real_path(wish.path)
    before = bench.storage.read(path)
    after: bytes | None
    if before is None:
        match wish.edits:
            case (Insert(calendar),):
                after = calendar
            case _:
                raise RefusedError(f"{wish.name}: the file is gone; nothing was changed")
    else:
        after = edit(before, wish.edits, Context(bench.zone, bench.now, wish.name))
        if wish.alone and holds_nothing(after):
            after = None
    return Change(path=path, name=wish.name, before=before, after=after, edits=wish.edits)


def _reversed(patch: Patch, bench: Workbench) -> Change:
    """Return the change that takes a patch back. Raises RefusedError where another change came after it."""
    path, name = real_path(patch.path), os.path.basename(patch.path)
    now = bench.storage.read(path)
    if digest(now) == patch.before:
        return Change(path=path, name=name, before=now, after=now)
    old = patch.reverse(now) if patch.made(now) else None
    if not patch.made(now) or digest(old) != patch.before:
        raise RefusedError(f"{name}: it has changed since; nothing was taken back")
    return Change(path=path, name=name, before=now, after=old)


# -- doing --------------------------------------------------------------------------------------------------


class _Work:
    """A change while it is carried out, or taken back: what was made so far, and the record of it.

    Servers write what they are given in their own way. So each object is read back once it was sent, and the
    record says what lies there before the next one is sent: it can be taken back from every point.
    """

    def __init__(self, changes: Sequence[Change], record: Record, bench: Workbench) -> None:
        self.changes = changes
        self.record = record
        self.bench = bench
        self.storage = bench.storage
        self.back = record.state is State.UNDOING
        self.landed: dict[int, bytes | None] = {}
        """What lies there now, by the number of the change, where it was made."""

    def finish(self, state: State) -> ChangeOutcome:
        """Make all changes and close the record; when one fails, take back those that were made."""
        try:
            notes = self._write()
        except BaseException as error:
            self._give_up(error)
            if isinstance(error, OSError):
                raise _unwritten(error) from None
            raise
        try:
            record = self.bench.journal.mark(self.record, state)
        except OSError:
            return ChangeOutcome(self.record, tuple(self.changes), (*notes, UNCLOSED))
        return ChangeOutcome(record, tuple(self.changes), notes)

    def _write(self) -> tuple[str, ...]:
        """Make all changes; return what has to be said of them. Raises OSError, LastResortError."""
        todo = [(number, one) for number, one in enumerate(self.changes) if one.before != one.after]
        for number, change in todo:
            if change.after is not None:
                self.storage.prepare(change.path, change.after, self._token(number))
        sure = True
        for number, change in todo:
            if change.after is None:
                sure &= self.storage.remove(change.path, change.before or b"")
            else:
                sure &= self.storage.replace(change.path, change.before, self._token(number))
            self.landed[number] = change.after
            if is_address(change.path):
                self._read_back(number, change)
        return () if sure else (UNCONFIRMED,)

    def _read_back(self, number: int, change: Change) -> None:
        """Note what a server has made of a change. Raises RefusedError when that is not what was meant."""
        try:
            now = self.storage.read(change.path)
        except LastResortError:
            del self.landed[number]
            raise UnsureError(
                f"{change.name}: the server took the change, but cannot be asked what came of it; check again"
            ) from None
        self.landed[number] = now
        if now == change.before:
            del self.landed[number]
            raise RefusedError(
                f"{change.name}: the server says that it made the change, but it did not; nothing was changed"
            )
        if not self._is_meant(now, change):
            raise RefusedError(f"{change.name}: the server made something else of the change")
        if self.back:
            patch = make_patch(change.path, now, now)
        else:
            patch = make_patch(change.path, change.before, now)
        self._amend({number: patch})

    def _is_meant(self, now: bytes | None, change: Change) -> bool:
        """Tell whether what lies there now says what the change meant."""
        if now is None or change.after is None:
            return now is change.after
        if meaning(now) == meaning(change.after):
            return True
        try:
            verify(now, change.edits, Context(self.bench.zone, self.bench.now, change.name))
        except RefusedError:
            return False
        return bool(change.edits)

    def _amend(self, patches: dict[int, Patch]) -> None:
        """Write down what was really done to some of the calendars. Raises OSError."""
        amended = [patches.get(number, patch) for number, patch in enumerate(self.record.patches)]
        self.record = self.bench.journal.amend(self.record, amended)

    def _give_up(self, error: BaseException) -> None:
        """Take back what was made; the record says what stands then. Raises UnwrittenError if it cannot."""
        stuck = self._roll_back()
        journal = self.bench.journal
        with suppress(OSError):  # the next run settles what is left open
            if stuck:
                journal.mark(self.record, State.DONE)
            elif isinstance(error, UnsureError):
                pass
            elif self.back:
                journal.mark(self.record, State.DONE)
            else:
                journal.drop(self.record)
        if stuck:
            names = ", ".join(stuck)
            command = self.bench.undo_command(self.record)
            raise UnwrittenError(
                f"{names}: changed, but another calendar was not; '{command}' takes it back"
            ) from None

    def _roll_back(self) -> list[str]:
        """Put the old bytes back; return the names of calendars where that failed."""
        for number, change in enumerate(self.changes):
            with suppress(OSError):
                self.storage.discard(change.path, self._token(number))
        stuck = []
        for number, landed in self.landed.items():
            change = self.changes[number]
            try:
                self._put_back(number, change, landed)
            except (OSError, LastResortError):
                stuck.append(change.name)
                with suppress(OSError):
                    self.storage.discard(change.path, self._token(number))
        return stuck

    def _put_back(self, number: int, change: Change, landed: bytes | None) -> None:
        """Put the old bytes of one change back. Raises OSError, RefusedError."""
        token = self._token(number)
        if change.before is None:
            self.storage.remove(change.path, landed or b"")
        else:
            self.storage.prepare(change.path, change.before, token)
            self.storage.replace(change.path, landed, token)
        if not is_address(change.path):
            return
        now = self.storage.read(change.path)
        if now == landed:
            raise RefusedError(f"{change.name}: the server did not take it back")
        patch = make_patch(change.path, change.after if self.back else now, now)
        with suppress(OSError):  # the old bytes lie there, whatever the record says
            self._amend({number: patch})

    def _token(self, number: int) -> str:
        return f"{self.record.id}-{number}"


# -- one run at a time --------------------------------------------------------------------------------------


@contextmanager
def _uninterrupted() -> Iterator[list[int]]:
    """Put Ctrl-C off while the block runs; what is yielded is not empty when it came."""
    stops: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield stops
        return
    usual = signal.signal(signal.SIGINT, lambda number, _: stops.append(number))
    try:
        yield stops
    finally:
        signal.signal(signal.SIGINT, usual or signal.SIG_DFL)


@contextmanager
def _locked(paths: Iterable[str], bench: Workbench, told: list[str] | None = None) -> Iterator[None]:
    """Hold the locks of all calendars, always in the same order, and put right what a dead run has left.

    A change of several calendars that was left half done is locked and put right as a whole.
    """
    wanted = set(paths)
    for record in bench.journal.unfinished():
        if wanted.intersection(_paths(record)):
            wanted.update(_paths(record))
    with ExitStack() as stack:
        for path in sorted(wanted):
            name = sha256(os.fsencode(path)).hexdigest()[:24]
            stack.enter_context(hold_lock(os.path.join(bench.locks, f"{name}.lock"), bench.seconds))
        try:
            for record in bench.journal.unfinished():
                if wanted.issuperset(_paths(record)):  # whoever left it is dead: it held these locks
                    with _uninterrupted() as stops:
                        done = _put_right(record, bench)
                    if stops:
                        raise KeyboardInterrupt
                    if done and told is not None:
                        told.append(f"{done}: {'; '.join(record.what)}")
        except OSError as error:
            raise _unwritten(error) from None
        except LastResortError:
            if told is None:
                raise
        yield


def _paths(record: Record) -> list[str]:
    return [real_path(patch.path) for patch in record.patches]


def _put_right(record: Record, bench: Workbench) -> str:
    """Settle an unfinished record: half a change is taken back. Returns what that came to, in words."""
    for number, path in enumerate(_paths(record)):
        bench.storage.discard(path, f"{record.id}-{number}")
    now = [bench.storage.read(path) for path in _paths(record)]
    made = [number for number, patch in enumerate(record.patches) if digest(now[number]) != patch.before]
    if not made:
        if record.state is State.PENDING:
            bench.journal.drop(record)
            return ""
        bench.journal.mark(record, State.UNDONE)
        return "an earlier change was taken back, which could not be said before"
    if len(made) == len(record.patches) or not all(record.patches[n].made(now[n]) for n in made):
        bench.journal.mark(record, State.DONE)
        return "an earlier run had made this change, but was ended before it could say so"
    try:
        undoing = bench.journal.mark(record, State.UNDOING)
        _Work([_reversed(patch, bench) for patch in record.patches], undoing, bench).finish(State.UNDONE)
    except RefusedError:
        return "an earlier run made a part of this change, and it cannot be taken back"
    return "an earlier run made a part of this change, and it was taken back"


def _unwritten(error: OSError) -> UnwrittenError:
    where = os.path.basename(error.filename) if isinstance(error.filename, str) else "the calendar"
    return UnwrittenError(f"{where}: cannot be written ({_why(error)}); nothing was changed")


def _why(error: OSError) -> str:
    return (error.strerror or "input/output error").lower()
