"""Guards that no ordinary input reaches: each test plants the fault that the guard is there for."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from agendas import stretch
from lastresort.errors import RefusedError, SourceError
from lastresort.ics import editor
from lastresort.ics.editor import Context, Edit, Insert, Remove, Reschedule, Skip, edit, verify
from lastresort.ics.reader import read_agenda
from lastresort.messages.compose import Message
from lastresort.model import BusyReason, Document, Interval
from lastresort.outputs import eml
from lastresort.sources import open_source
from servers import running, status

if TYPE_CHECKING:
    from pathlib import Path

HERE = Context("Europe/Berlin", datetime(2026, 5, 1, 7, tzinfo=UTC), "work.ics")
OLD, NEW = stretch("2026-05-05 10:00-11:00"), stretch("2026-05-05 12:00-13:00")


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


TIMES = "DTSTART:20260505T080000Z\nDTEND:20260505T090000Z"
ONE = calendar(f"UID:a\n{TIMES}")
SERIES = calendar(f"UID:a\n{TIMES}\nRRULE:FREQ=DAILY;COUNT=3")
NEW_ONE = calendar(f"UID:b\n{TIMES}")
EDITS: dict[str, tuple[bytes, Edit]] = {
    "move": (ONE, Reschedule("a", None, OLD, NEW)),
    "move one of a series": (SERIES, Reschedule("a", OLD.start, OLD, NEW)),
    "skip": (ONE, Skip("a", None, OLD)),
    "skip one of a series": (SERIES, Skip("a", OLD.start, OLD)),
    "remove": (ONE, Remove("a")),
    "insert": (ONE, Insert(NEW_ONE)),
}


@pytest.mark.parametrize(("data", "one"), EDITS.values(), ids=EDITS)
def test_an_edit_that_does_not_do_what_it_should_is_refused(
    monkeypatch: pytest.MonkeyPatch, data: bytes, one: Edit
) -> None:
    assert edit(data, [one], HERE) != data
    monkeypatch.setattr(editor, "_edit", lambda page, wanted: page.data)
    with pytest.raises(RefusedError):
        edit(data, [one], HERE)


@pytest.mark.parametrize(("data", "one"), EDITS.values(), ids=EDITS)
def test_what_a_server_made_of_an_edit_is_read_again(data: bytes, one: Edit) -> None:
    verify(edit(data, [one], HERE), [one], HERE)
    with pytest.raises(RefusedError):
        verify(data, [one], HERE)


def test_a_new_event_at_another_time_than_was_meant_is_not_what_was_meant() -> None:
    with pytest.raises(RefusedError):
        verify(NEW_ONE.replace(b"T08", b"T07"), [Insert(NEW_ONE)], HERE)


@pytest.mark.parametrize(
    "harm",
    [
        (b"X-Unsent: 1\r\n", b"X-Unsent: 1\r\nBcc: eve@evil.example\r\n"),
        (b"Subject: Hello\r\n", b"Subject: Hello\r\n\r\nBcc: eve@evil.example\r\n"),
        (b"To: dana@acme.example", b"To: eve@evil.example"),
        (b"Subject: Hello\r\n", b""),
    ],
)
def test_a_mail_that_does_not_read_back_as_it_was_meant_is_refused(
    monkeypatch: pytest.MonkeyPatch, harm: tuple[bytes, bytes]
) -> None:
    message = Message("email", "dana@acme.example", "Hello", "Dear Dana\n", "en")
    whole = eml.write_eml(message)
    assert whole.replace(*harm) != whole
    monkeypatch.setattr(eml, "_build", lambda headers, body: whole.replace(*harm))
    with pytest.raises(RefusedError, match="read back"):
        eml.write_eml(message)


@pytest.mark.parametrize(
    "private", ["10.0.0.1", "127.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "localhost", "[fd00::1]"]
)
def test_a_proxy_is_not_used_to_reach_a_private_network(
    monkeypatch: pytest.MonkeyPatch, private: str
) -> None:
    with running() as proxy:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        first, secret = "http://calendar.example/feed.ics", f"http://{private}/secret.ics"
        proxy.answers = {first: status(302, Location=secret)}
        with pytest.raises(SourceError, match="private network"):
            open_source(first, allow_http=True)
        assert [asked.path for asked in proxy.asked] == [first]


def test_a_cancellation_that_carries_an_old_time_is_found(tmp_path: Path) -> None:
    """It lies outside the window, so that the first look leaves it out."""
    moved = calendar(f"UID:a\nSEQUENCE:1\n{TIMES}")
    called_off = calendar(
        "UID:a\nSEQUENCE:2\nDTSTART:20200505T080000Z\nDURATION:PT1H", head="METHOD:CANCEL\n"
    )
    documents = [
        Document(name, "work", lambda data=data: BytesIO(data))
        for name, data in (("a", moved), ("b", called_off))
    ]
    window = Interval(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
    agenda = read_agenda(documents, window, zone="UTC", system_zone="UTC")
    assert {one.reason for one in agenda.occurrences} <= {BusyReason.CANCELLED}


def test_garbage_is_not_collected_while_a_run_starts_and_ends() -> None:
    program = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count()));"
        "import lastresort.cli; print(gc.get_threshold()[0])"
    )
    done = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=True)
    threshold, frozen = map(int, done.stdout.split())
    assert threshold >= 100_000
    assert frozen > 10_000
