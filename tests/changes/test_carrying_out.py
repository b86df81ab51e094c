"""Changes are whole or not there at all, whatever fails, and go back byte for byte."""

from __future__ import annotations

import os
import signal
import stat
import struct
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from storages import Died, MemoryStorage

from agendas import stretch
from lastresort.changes.apply import (
    UNCONFIRMED,
    UnwrittenError,
    WantedChange,
    Workbench,
    carry_out,
    preview,
    recover,
    undo,
)
from lastresort.changes.disk import Disk
from lastresort.changes.journal import KEPT, Journal, Memo, State, open_journal
from lastresort.errors import LastResortError, RefusedError, SourceError, StoppedError
from lastresort.ics.editor import Context, Edit, Insert, Remove, Reschedule
from lastresort.ics.find_occurrence import look_up
from lastresort.ics.source_map import EditableCalendar
from lastresort.model import Interval
from lastresort.secure_files import LockedError, hold_lock

CORPUS = Path(__file__).parents[2] / "../shared/corpus"
OLD, NEW = stretch("2026-05-05 10:00-11:00"), stretch("2026-05-05 12:00-13:00")
MOVE = Reschedule("a", None, OLD, NEW)


def calendar(uid: str, title: str = "Focus") -> bytes:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTART:20260505T080000Z\r\nDTEND:20260505T090000Z\r\nSUMMARY:{title}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


A, B = calendar("a"), calendar("b", "Lunch")
BOTH = (
    WantedChange("/work.ics", "work.ics", (MOVE,)),
    WantedChange("/home.ics", "home.ics", (MOVE._replace(uid="b"),)),
    WantedChange("/hold.ics", "hold.ics", (Insert(calendar("h")),), alone=True),
)


def fill(storage: MemoryStorage) -> dict[str, bytes]:
    storage.files = {"/work.ics": A, "/home.ics": B}
    return dict(storage.files)


def states(journal: Journal) -> list[str]:
    return [str(record.state) for record in journal.records()]


def test_several_files_change_and_go_back(bench: Workbench, storage: MemoryStorage) -> None:
    before = fill(storage)
    outcome = carry_out(BOTH, ["moved"], bench)
    assert set(storage.files) == {"/work.ics", "/home.ics", "/hold.ics"}
    assert all(b"20260505T100000Z" in storage.files[path] for path in before)
    assert [change.name for change in outcome.changes] == ["work.ics", "home.ics", "hold.ics"]
    undo(None, bench)
    assert storage.files == before
    assert states(bench.journal) == ["undone"]
    with pytest.raises(RefusedError, match="no change to take back"):
        undo(None, bench)
    with pytest.raises(RefusedError, match="already"):
        undo("1", bench)


def test_a_preview_changes_nothing_and_what_is_there_needs_no_change(
    bench: Workbench, storage: MemoryStorage
) -> None:
    before = fill(storage)
    assert len(preview(BOTH, bench)) == 3
    assert storage.files == before
    outcome = carry_out([WantedChange("/work.ics", "work.ics", (Remove("absent"),))], ["nothing"], bench)
    assert outcome.record is None
    assert states(bench.journal) == []


def test_what_was_shown_and_is_done_already_is_refused(bench: Workbench, storage: MemoryStorage) -> None:
    fill(storage)
    wish = WantedChange("/work.ics", "work.ics", (Remove("a"),))
    shown = preview([wish], bench)
    storage.files["/work.ics"] = calendar("z")
    with pytest.raises(RefusedError, match=r"work\.ics"):
        carry_out([wish], ["removed"], bench, shown)
    assert storage.files["/work.ics"] == calendar("z")


@pytest.mark.parametrize("edits", [(MOVE,), (Remove("a"),), (Insert(calendar("h")), MOVE), ()])
def test_only_a_new_event_makes_a_file(
    bench: Workbench, storage: MemoryStorage, edits: tuple[Edit, ...]
) -> None:
    with pytest.raises(RefusedError, match="the file is gone"):
        carry_out([WantedChange("/work.ics", "work.ics", edits)], ["moved"], bench)
    assert storage.files == {}


def test_a_new_file_goes_again_where_a_later_change_fails(bench: Workbench, storage: MemoryStorage) -> None:
    before = fill(storage)
    times: list[None] = []

    def fail_at_the_second() -> None:
        times.append(None)
        if len(times) == 2:
            raise OSError(28, os.strerror(28))

    storage.on_replace = fail_at_the_second
    with pytest.raises(UnwrittenError, match="no space left"):
        carry_out((BOTH[2], BOTH[0]), ["held"], bench)
    assert storage.files == before
    assert states(bench.journal) == []


def test_what_could_not_be_taken_back_stands(bench: Workbench, storage: MemoryStorage) -> None:
    fill(storage)
    carry_out(BOTH[:1], ["moved"], bench)
    changed = dict(storage.files)
    storage.revive()
    storage.fails_at = 1
    with pytest.raises(UnwrittenError, match="no space left"):
        undo(None, bench)
    assert (storage.files, states(bench.journal)) == (changed, ["done"])


def test_ctrl_c_means_afterwards_what_it_meant_before(bench: Workbench, storage: MemoryStorage) -> None:
    fill(storage)
    before = signal.getsignal(signal.SIGINT)
    carry_out(BOTH, ["moved"], bench)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_change_may_be_made_in_any_thread(bench: Workbench, storage: MemoryStorage) -> None:
    """Only the main one may say what Ctrl-C does."""
    fill(storage)
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(carry_out, BOTH, ["moved"], bench).result()
    assert outcome.record is not None
    assert states(bench.journal) == ["done"]


def test_a_calendar_that_cannot_be_read_is_told_and_nothing_is_changed(
    bench: Workbench, storage: MemoryStorage
) -> None:
    before = fill(storage)
    carry_out(BOTH, ["moved"], bench)
    changed = dict(storage.files)
    storage.unreadable = True
    with pytest.raises(UnwrittenError, match=r"work\.ics: cannot be written \(permission denied\)"):
        carry_out(BOTH, ["moved"], bench)
    with pytest.raises(UnwrittenError, match="permission denied"):
        undo(None, bench)
    assert storage.files == changed
    assert states(bench.journal) == ["done"]
    storage.unreadable = False
    undo(None, bench)
    assert storage.files == before


def test_ctrl_c_in_the_middle_ends_when_the_change_is_whole_and_says_what_stands(
    bench: Workbench, storage: MemoryStorage
) -> None:
    before = fill(storage)
    usual = signal.getsignal(signal.SIGINT)
    storage.on_replace = lambda: signal.raise_signal(signal.SIGINT)
    with pytest.raises(StoppedError, match=r"the change is made: 'lastresort undo 1-[0-9a-f]+'"):
        carry_out(BOTH, ["moved"], bench)
    assert set(storage.files) == {"/work.ics", "/home.ics", "/hold.ics"}
    assert states(bench.journal) == ["done"]
    with pytest.raises(StoppedError, match="the change is taken back"):
        undo(None, bench)
    assert storage.files == before
    assert states(bench.journal) == ["undone"]
    assert signal.getsignal(signal.SIGINT) is usual


def die_half_way(bench: Workbench, storage: MemoryStorage) -> dict[str, bytes]:
    """Leave half a change, as a run does that is killed between two files."""
    before = fill(storage)
    storage.dies_at = 9
    with pytest.raises(Died):
        carry_out(BOTH, ["moved"], bench)
    storage.revive()
    assert storage.files != before
    return before


def test_ctrl_c_while_half_a_change_is_put_right_ends_the_run_when_that_is_done(
    bench: Workbench, storage: MemoryStorage
) -> None:
    before = die_half_way(bench, storage)
    storage.on_replace = lambda: signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        recover(bench)
    assert storage.files == before
    assert states(bench.journal) == ["undone"]


def test_half_a_change_on_a_server_that_does_not_answer_waits_for_another_run(
    bench: Workbench, storage: MemoryStorage
) -> None:
    before = die_half_way(bench, storage)
    storage.silent = True
    assert recover(bench) == ()
    with pytest.raises(SourceError):
        carry_out(BOTH, ["moved"], bench)
    storage.silent = False
    (told,) = recover(bench)
    assert told.startswith("an earlier run made a part of this change, and it was taken back")
    assert storage.files == before


def test_what_was_taken_back_before_a_death_is_only_said_afterwards(
    bench: Workbench, storage: MemoryStorage
) -> None:
    before = fill(storage)
    record = carry_out(BOTH, ["moved"], bench).record
    assert record
    bench.journal.mark(record, State.UNDOING)
    storage.files = dict(before)
    assert recover(bench) == ("an earlier change was taken back, which could not be said before: moved",)
    assert states(bench.journal) == ["undone"]


def test_a_record_that_would_not_give_the_old_bytes_takes_nothing_back(
    bench: Workbench, storage: MemoryStorage
) -> None:
    fill(storage)
    record = carry_out(BOTH, ["moved"], bench).record
    assert record
    changed = dict(storage.files)
    bench.journal.amend(record, [patch._replace(old=b"other") for patch in record.patches])
    with pytest.raises(RefusedError, match="has changed since"):
        undo(None, bench)
    assert storage.files == changed


def test_a_server_that_only_says_that_it_took_a_change_back_is_found_out(
    bench: Workbench, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = "caldav+https://dav.example/a.ics", "caldav+https://dav.example/b.ics"
    storage.files = {first: A, second: B}
    replace, answers = storage.replace, iter([True, False, None])

    def misbehave(path: str, before: bytes | None, token: str) -> bool:
        """Make the first change, refuse the second, and do nothing but say so from then on."""
        match next(answers):
            case True:
                return replace(path, before, token)
            case False:
                raise RefusedError("refused")
            case _:
                return True

    monkeypatch.setattr(storage, "replace", misbehave)
    wishes = (WantedChange(first, "a.ics", (MOVE,)), WantedChange(second, "b.ics", (MOVE._replace(uid="b"),)))
    with pytest.raises(UnwrittenError, match=r"a\.ics: changed, but another calendar was not"):
        carry_out(wishes, ["moved"], bench)
    assert states(bench.journal) == ["done"]
    monkeypatch.undo()
    undo(None, bench)
    assert storage.files == {first: A, second: B}


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6, 7, 9, 11])
def test_a_failure_midway_leaves_every_file_as_it_was(
    bench: Workbench, storage: MemoryStorage, step: int
) -> None:
    """Two steps prepare each of three files, then two replace each; the second of these no longer matters."""
    before = fill(storage)
    storage.fails_at = step
    with pytest.raises(UnwrittenError, match="nothing was changed"):
        carry_out(BOTH, ["moved"], bench)
    assert storage.files == before
    assert storage.prepared == {}
    assert states(bench.journal) == []
    storage.revive()
    carry_out(BOTH, ["moved"], bench)
    storage.revive()
    changed = dict(storage.files)
    storage.fails_at = min(step, 5)
    with pytest.raises(UnwrittenError):
        undo(None, bench)
    assert storage.files == changed
    storage.revive()
    undo(None, bench)
    assert storage.files == before


@pytest.mark.parametrize("step", range(1, 13))
def test_after_a_death_each_file_is_old_or_new_and_the_next_run_clears_up(
    bench: Workbench, storage: MemoryStorage, step: int
) -> None:
    before = fill(storage)
    after = {change.path: change.after for change in preview(BOTH, bench)}
    storage.dies_at = step
    with pytest.raises(Died):
        carry_out(BOTH, ["moved"], bench)
    assert all(data in (before.get(path), after[path]) for path, data in storage.files.items())
    storage.revive()
    whole = storage.files == after
    partly = storage.files not in (before, after)
    carry_out([WantedChange("/work.ics", "work.ics", (Remove("absent"),))], ["nothing"], bench)
    assert storage.prepared == {}
    assert storage.files == (after if whole else before)
    assert states(bench.journal) == (["done"] if whole else ["undone"] if partly else [])
    if whole:
        undo(None, bench)
    assert storage.files == before


@pytest.mark.parametrize("step", range(7, 13))
def test_half_a_change_is_put_right_before_anything_else_is_read(
    bench: Workbench, storage: MemoryStorage, step: int
) -> None:
    before = fill(storage)
    after = {change.path: change.after for change in preview(BOTH, bench)}
    storage.dies_at = step
    with pytest.raises(Died):
        carry_out(BOTH, ["moved"], bench)
    storage.revive()
    told = recover(bench)
    assert storage.files in (before, after)
    assert storage.prepared == {}
    assert recover(bench) == ()
    assert all("moved" in words for words in told)


def test_what_another_run_is_at_work_on_is_not_put_right(bench: Workbench, storage: MemoryStorage) -> None:
    fill(storage)
    storage.dies_at = 9
    with pytest.raises(Died):
        carry_out(BOTH, ["moved"], bench)
    storage.revive()
    half = dict(storage.files)
    (lock, *_) = sorted(Path(bench.locks).iterdir())
    with hold_lock(str(lock), 0):
        assert recover(bench) == ()
        assert storage.files == half
    assert recover(bench) != ()


@pytest.mark.parametrize("step", range(1, 7))
def test_a_death_while_taking_back_can_be_taken_up_again(
    bench: Workbench, storage: MemoryStorage, step: int
) -> None:
    before = fill(storage)
    carry_out(BOTH, ["moved"], bench)
    storage.revive()
    storage.dies_at = step
    with pytest.raises(Died):
        undo(None, bench)
    storage.revive()
    undo(None, bench)
    assert storage.files == before
    assert storage.prepared == {}
    with pytest.raises(RefusedError, match="no change to take back"):
        undo(None, bench)


def test_what_another_program_wrote_meanwhile_is_kept(bench: Workbench, storage: MemoryStorage) -> None:
    fill(storage)
    theirs = calendar("a", "Theirs")
    storage.meddle = {"/home.ics": theirs}
    with pytest.raises(RefusedError, match="meanwhile"):
        carry_out(BOTH, ["moved"], bench)
    assert storage.files == {"/work.ics": A, "/home.ics": theirs}


def test_a_change_is_only_made_as_it_was_shown(bench: Workbench, storage: MemoryStorage) -> None:
    fill(storage)
    shown = preview(BOTH, bench)
    storage.files["/work.ics"] = calendar("a", "Theirs")
    with pytest.raises(RefusedError):
        carry_out(BOTH, ["moved"], bench, shown)
    assert storage.files["/work.ics"] == calendar("a", "Theirs")


def test_undo_refuses_when_a_file_has_changed_since(bench: Workbench, storage: MemoryStorage) -> None:
    fill(storage)
    carry_out(BOTH, ["moved"], bench)
    storage.files["/home.ics"] += b"\r\n"
    now = dict(storage.files)
    with pytest.raises(RefusedError, match=r"home\.ics: it has changed since"):
        undo(None, bench)
    assert storage.files == now
    assert states(bench.journal) == ["done"]


def test_a_second_run_waits_only_so_long(bench: Workbench, storage: MemoryStorage) -> None:
    fill(storage)
    impatient = bench._replace(seconds=0.1)
    carry_out(BOTH[:1], ["moved"], impatient)
    (lock,) = os.listdir(bench.locks)
    with hold_lock(os.path.join(bench.locks, lock), 0.1), pytest.raises(LockedError):
        undo(None, impatient)


class HalfDeaf(MemoryStorage):
    """Does not answer for one of its calendars."""

    trouble: Exception | None = None

    def read(self, path: str) -> bytes | None:
        if path == "/home.ics" and self.trouble:
            raise self.trouble
        return super().read(path)


def test_nothing_new_is_begun_while_half_a_change_cannot_be_put_right(bench: Workbench) -> None:
    storage = HalfDeaf()
    bench = bench._replace(storage=storage)
    fill(storage)
    storage.dies_at = 9
    with pytest.raises(Died):
        carry_out(BOTH, ["moved"], bench)
    storage.revive()
    half, again = dict(storage.files), [WantedChange("/work.ics", "work.ics", (Remove("a"),))]
    for trouble, told in (
        (SourceError("the server does not answer"), SourceError),
        (OSError(13, os.strerror(13)), UnwrittenError),
    ):
        storage.trouble = trouble
        with pytest.raises(told):
            carry_out(again, ["removed"], bench)
        assert storage.files == half


def test_a_run_has_no_business_with_what_another_does_elsewhere(
    bench: Workbench, storage: MemoryStorage
) -> None:
    fill(storage)
    storage.dies_at = 4
    with pytest.raises(Died):
        carry_out(BOTH[1:2], ["moved"], bench)
    storage.revive()
    (lock,) = Path(bench.locks).iterdir()
    elsewhere, before = storage.files["/home.ics"], states(bench.journal)
    with hold_lock(str(lock), 0):
        carry_out(BOTH[:1], ["moved"], bench._replace(seconds=0.1))
    assert storage.files["/home.ics"] == elsewhere
    assert states(bench.journal) == ["done", *before]


@pytest.mark.parametrize("memo", [None, Memo("hold", ("a", "b")), Memo("settle", ("a",), NEW.start)])
def test_the_record_keeps_what_was_remembered_with_it(
    bench: Workbench, storage: MemoryStorage, memo: Memo | None
) -> None:
    fill(storage)
    carry_out(BOTH, ["moved"], bench, memo=memo)
    assert [record.memo for record in bench.journal.records()] == [memo]
    outcome = undo(None, bench)
    assert outcome.record
    assert outcome.record.memo == memo


def test_without_a_journal_nothing_is_changed(bench: Workbench, storage: MemoryStorage) -> None:
    before = fill(storage)
    lost = bench._replace(journal=Journal(__file__))
    with pytest.raises(LastResortError):
        carry_out(BOTH, ["moved"], lost)
    assert storage.files == before


def with_disk(bench: Workbench) -> Workbench:
    return bench._replace(storage=Disk())


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Python knows attributes on Linux alone")
def test_extended_attributes_and_access_control_lists_are_kept(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "work.ics"
    path.write_bytes(A)
    path.chmod(0o660)
    acl = struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", tag, mode, name)
        for tag, mode, name in (
            (1, 6, 2**32 - 1),
            (2, 4, 12345),
            (4, 4, 2**32 - 1),
            (16, 6, 2**32 - 1),
            (32, 0, 2**32 - 1),
        )
    )
    try:
        os.setxattr(path, "user.color", b"green")
        os.setxattr(path, "system.posix_acl_access", acl)
    except OSError:
        pytest.skip("this file system keeps no attributes")
    carry_out([WantedChange(str(path), "work.ics", (MOVE,))], ["moved"], with_disk(bench))
    assert path.read_bytes() != A
    assert os.getxattr(path, "user.color") == b"green"
    assert os.getxattr(path, "system.posix_acl_access") == acl
    undo(None, with_disk(bench))
    assert path.read_bytes() == A
    assert os.getxattr(path, "user.color") == b"green"


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="Python knows attributes on Linux alone")
def test_attributes_that_cannot_be_kept_refuse_the_change(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "work.ics"
    path.write_bytes(A)
    try:
        os.setxattr(path, "user.color", b"green")
    except OSError:
        pytest.skip("this file system keeps no attributes")

    def refuse(*_: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "setxattr", refuse)
    with pytest.raises(RefusedError, match="cannot be kept"):
        carry_out([WantedChange(str(path), "work.ics", (MOVE,))], ["moved"], with_disk(bench))
    assert path.read_bytes() == A
    assert [each.name for each in tmp_path.glob("*work*")] == ["work.ics"]
    assert states(bench.journal) == []


def test_a_file_that_became_a_link_meanwhile_stays_one(bench: Workbench, tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "work.ics", tmp_path / "elsewhere.ics"
    path.write_bytes(A)
    carry_out([WantedChange(str(path), "work.ics", (MOVE,))], ["moved"], with_disk(bench))
    path.rename(elsewhere)
    path.symlink_to("elsewhere.ics")
    undo(None, with_disk(bench))
    assert path.is_symlink()
    assert elsewhere.read_bytes() == A


def test_numbers_are_unique_with_many_runs_at_once_and_a_full_journal(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    open_journal(state)
    template = tmp_path / "state/journal"
    body = (
        b'{"version": 1, "when": "2026-05-01T07:00:00+00:00", "what": ["x"], "sources": [], "memo": null, '
        b'"files": []}'
    )
    for number in range(1, KEPT + 20):
        (template / f"{number}-00aa.{'pending' if number == 1 else 'done'}.json").write_bytes(body)
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as runs:
        ids = list(runs.map(add_a_record, [state] * 12))
    journal = open_journal(state)
    numbers = sorted(int(name.partition("-")[0]) for name in ids)
    assert numbers == list(range(KEPT + 20, KEPT + 32))
    records = journal.records()
    assert len({record.number for record in records}) == len(records)
    assert KEPT <= len(records) <= KEPT + 1
    assert 1 in {record.number for record in journal.unfinished()}, "what is unfinished is never forgotten"


def add_a_record(state: str) -> str:
    return open_journal(state).add(datetime(2026, 5, 1, 7, tzinfo=UTC), ["x"], []).id


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not here")
def test_every_readable_calendar_comes_back_byte_for_byte(bench: Workbench, storage: MemoryStorage) -> None:
    done = 0
    for path in sorted(CORPUS.glob("**/*.ics")):
        data = path.read_bytes()
        context = Context(bench.zone, bench.now, path.name)
        try:
            entry = next((e for e in EditableCalendar(data, context).all_entries() if e.event.uid), None)
            if entry is None:
                continue
            start = entry.event.start
            at = start.local.replace(tzinfo=start.zone) if entry.event.recurs or entry.event.id else None
            standing = look_up(data, entry.event.uid.decode(), context, at)
            assert standing is not None
            by = timedelta(days=7)
            new = Interval(standing.interval.start + by, standing.interval.end + by)
            move = Reschedule(entry.event.uid.decode(), standing.recurrence_id, standing.interval, new)
            storage.files = {"/it.ics": data}
            carry_out([WantedChange("/it.ics", path.name, (move,))], ["moved"], bench)
        except RefusedError:
            continue
        assert storage.files["/it.ics"] != data
        undo(None, bench)
        assert storage.files["/it.ics"] == data, path
        done += 1
    assert done > 150


# -- the disk -----------------------------------------------------------------------------------------------


@pytest.fixture
def on_disk(bench: Workbench, tmp_path: Path) -> tuple[Workbench, Path]:
    folder = tmp_path / "calendars"
    folder.mkdir()
    file = folder / "work.ics"
    file.write_bytes(A)
    file.chmod(0o640)
    return bench._replace(storage=Disk()), file


def test_mode_and_link_stay(on_disk: tuple[Workbench, Path], tmp_path: Path) -> None:
    bench, file = on_disk
    link = tmp_path / "link.ics"
    link.symlink_to(file)
    outcome = carry_out([WantedChange(str(link), "link.ics", (MOVE,))], ["moved"], bench)
    assert outcome.notes == ()
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.read_bytes() != A
    assert [entry.name for entry in file.parent.iterdir()] == ["work.ics"]
    undo(None, bench)
    assert file.read_bytes() == A


def test_files_come_and_go_for_their_owner_alone(on_disk: tuple[Workbench, Path]) -> None:
    bench, file = on_disk
    new = file.with_name("hold.ics")
    carry_out([WantedChange(str(new), "hold.ics", (Insert(calendar("h")),), alone=True)], ["held"], bench)
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    carry_out([WantedChange(str(new), "hold.ics", (Remove("h"),), alone=True)], ["gone"], bench)
    assert not new.exists()
    undo(None, bench)
    assert new.read_bytes() == calendar("h")
    undo(None, bench)
    assert not new.exists()
    records = list(Path(bench.journal.folder).iterdir())
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in records)
    assert stat.S_IMODE(Path(bench.journal.folder).stat().st_mode) == 0o700


@pytest.mark.parametrize("hurt", ["mode", "link"])
def test_a_rename_that_would_hurt_is_refused(on_disk: tuple[Workbench, Path], hurt: str) -> None:
    bench, file = on_disk
    if hurt == "mode":
        file.chmod(0o440)
    else:
        file.with_name("other.name").hardlink_to(file)
    with pytest.raises(RefusedError, match=r"write-protected|other names"):
        carry_out([WantedChange(str(file), "work.ics", (MOVE,))], ["moved"], bench)
    assert file.read_bytes() == A
    assert not [entry for entry in file.parent.iterdir() if entry.name.startswith(".")]
    assert states(bench.journal) == []


def test_an_unconfirmed_change_is_told(
    on_disk: tuple[Workbench, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, file = on_disk
    sync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode) and os.path.samestat(
            os.fstat(descriptor), file.parent.stat()
        ):
            raise OSError(5, os.strerror(5))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    outcome = carry_out([WantedChange(str(file), "work.ics", (MOVE,))], ["moved"], bench)
    assert outcome.notes == (UNCONFIRMED,)
    assert outcome.record is not None
    assert outcome.record.state is State.DONE
