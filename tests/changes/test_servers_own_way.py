"""A server that writes what it is given in its own way: the record says what lies there, at every point."""

from __future__ import annotations

import pytest
from storages import MemoryStorage
from test_carrying_out import calendar

from agendas import stretch
from lastresort.changes.apply import WantedChange, Workbench, carry_out, undo
from lastresort.changes.disk import UnsureError
from lastresort.changes.journal import digest
from lastresort.errors import SourceError
from lastresort.ics.editor import Reschedule

PATHS = "caldav+https://cal.example/me/work/a.ics", "caldav+https://cal.example/me/work/b.ics"
OLD, NEW = stretch("2026-05-05 10:00-11:00"), stretch("2026-05-05 12:00-13:00")
WISHES = [WantedChange(path, path[-5:], (Reschedule(path[-5], None, OLD, NEW),)) for path in PATHS]


class OwnWay(MemoryStorage):
    """Puts a line of its own into whatever it is given, and counts what it was given."""

    given = 0
    deaf = False

    def replace(self, path: str, before: bytes | None, token: str) -> bool:
        done = super().replace(path, before, token)
        self.given += 1
        mark = f"PRODID:{self.given}\r\nBEGIN:VEVENT".encode()
        self.files[path] = self.files[path].replace(b"BEGIN:VEVENT", mark, 1)
        self.silent = self.deaf
        return done


@pytest.fixture
def server(bench: Workbench) -> OwnWay:
    return OwnWay({path: calendar(path[-5]) for path in PATHS})


@pytest.fixture
def desk(bench: Workbench, server: OwnWay) -> Workbench:
    return bench._replace(storage=server)


def starts(server: OwnWay) -> list[bytes]:
    return [line for data in server.files.values() for line in data.split() if line.startswith(b"DTSTART")]


def test_the_record_says_what_lies_there(desk: Workbench, server: OwnWay) -> None:
    carry_out(WISHES, ["moved"], desk)
    (record,) = desk.journal.records()
    assert [patch.after for patch in record.patches] == [digest(server.files[path]) for path in PATHS]
    assert starts(server) == [b"DTSTART:20260505T100000Z"] * 2


def test_what_is_taken_back_is_written_down_as_well(desk: Workbench, server: OwnWay) -> None:
    carry_out(WISHES, ["moved"], desk)
    undo(None, desk)
    assert starts(server) == [b"DTSTART:20260505T080000Z"] * 2
    (record,) = desk.journal.records()
    lies = [digest(server.files[path]) for path in PATHS]
    assert [(patch.before, patch.after) for patch in record.patches] == list(zip(lies, lies, strict=True))


def test_a_server_that_falls_silent_after_the_change_is_told(desk: Workbench, server: OwnWay) -> None:
    server.deaf = True
    with pytest.raises(UnsureError, match="cannot be asked what came of it; check again"):
        carry_out(WISHES[:1], ["moved"], desk)
    with pytest.raises(SourceError):
        server.read(PATHS[0])
