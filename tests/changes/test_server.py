"""Changes on CalDAV servers: Radicale and Xandikos with a second client, and one that fails in every way."""

from __future__ import annotations

import logging
from contextlib import contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from agendas import stretch
from dav import PASSWORD, event, fill, radicale, send, serving, xandikos
from lastresort.changes.apply import UNCONFIRMED, WantedChange, Workbench, carry_out, undo
from lastresort.changes.caldav import Account
from lastresort.changes.caldav import Server as Objects
from lastresort.changes.disk import DiskOrServer, OvertakenError, UnsureError
from lastresort.errors import LastResortError, RefusedError
from lastresort.ics.editor import Insert, Remove, Reschedule
from lastresort.sources.connection import basic
from lastresort.sources.interface import ServerOptions
from servers import in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD, NEW = stretch("2026-05-04 10:00-11:00"), stretch("2026-05-04 14:00-15:00")
MOVE = Reschedule("a", None, OLD, NEW)
A = event("a", "20260504T080000Z")
MOVED = b"DTSTART:20260504T120000Z"


def at_server(bench: Workbench, spec: str) -> Workbench:
    return bench._replace(storage=DiskOrServer(Objects([Account(spec, ServerOptions())])))


@pytest.fixture(params=["radicale", "xandikos"])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A server with one calendar that holds one event: its address, and that of the calendar."""
    logging.disable(logging.WARNING)
    folder = tmp_path / "server"
    folder.mkdir()
    app, home = radicale(folder) if request.param == "radicale" else xandikos(folder)
    with serving(app) as place:
        fill(place, home, {"work": {"a.ics": A}})
        yield f"http://{place}{home}/work", f"caldav+http://me:{PASSWORD}@{place}{home}/work/"
    logging.disable(logging.NOTSET)


def get(address: str) -> bytes:
    asked = Request(address, headers={"Authorization": basic("me", PASSWORD)})
    with urlopen(asked, timeout=20) as answer:
        return bytes(answer.read())


def wish(base: str, *edits: object, leaf: str = "a.ics") -> WantedChange:
    return WantedChange(f"caldav+{base}/{leaf}", leaf, edits, alone=True)  # type: ignore[arg-type]


def test_an_event_is_moved_and_taken_back(account: tuple[str, str], bench: Workbench) -> None:
    base, spec = account
    bench, before = at_server(bench, spec), get(f"{base}/a.ics")
    outcome = carry_out([wish(base, MOVE)], ["moved"], bench)
    assert outcome.notes == ()
    after = get(f"{base}/a.ics")
    assert MOVED in after
    assert "SUMMARY:Über a".encode() in after
    undo(None, bench)
    assert get(f"{base}/a.ics") == before


def test_holds_come_as_new_objects_and_go(account: tuple[str, str], bench: Workbench) -> None:
    base, spec = account
    bench = at_server(bench, spec)
    carry_out([wish(base, Insert(event("h", "20260505T080000Z")), leaf="h.ics")], ["held"], bench)
    assert b"UID:h" in get(f"{base}/h.ics")
    carry_out([wish(base, Remove("h"), leaf="h.ics"), wish(base, MOVE)], ["settled"], bench)
    assert Objects([Account(spec, ServerOptions())]).read(f"caldav+{base}/h.ics") is None
    assert MOVED in get(f"{base}/a.ics")


def test_another_client_s_change_is_kept(account: tuple[str, str], bench: Workbench) -> None:
    base, spec = account
    theirs = event("a", "20260504T080000Z", "LOCATION:Elsewhere")

    class Late(Objects):
        """Another client writes when the change is ready."""

        def prepare(self, path: str, data: bytes, token: str) -> None:
            super().prepare(path, data, token)
            send("PUT", f"{base}/a.ics", theirs)

    bench = bench._replace(storage=DiskOrServer(Late([Account(spec, ServerOptions())])))
    with pytest.raises(OvertakenError, match="meanwhile"):
        carry_out([wish(base, MOVE)], ["moved"], bench)
    assert b"LOCATION:Elsewhere" in get(f"{base}/a.ics")
    assert MOVED not in get(f"{base}/a.ics")
    with pytest.raises(RefusedError, match="no change"):
        undo(None, bench)


def test_undo_refuses_after_another_client_s_change(account: tuple[str, str], bench: Workbench) -> None:
    base, spec = account
    bench = at_server(bench, spec)
    carry_out([wish(base, MOVE)], ["moved"], bench)
    send("PUT", f"{base}/a.ics", event("a", "20260504T080000Z", "LOCATION:Elsewhere"))
    with pytest.raises(RefusedError, match="changed since"):
        undo(None, bench)
    assert b"LOCATION:Elsewhere" in get(f"{base}/a.ics")


# -- a server that fails ------------------------------------------------------------------------------------


class Failing(BaseHTTPRequestHandler):
    """One object; what happens to a PUT is the server's `manner`."""

    def do_GET(self) -> None:
        if self.server.manner == "gone-silent" and self.server.puts:  # type: ignore[attr-defined]
            self.connection.close()
            return
        self.send_response(200)
        etag = self.server.etag  # type: ignore[attr-defined]
        if etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(self.server.data)))  # type: ignore[attr-defined]
        self.end_headers()
        self.wfile.write(self.server.data)  # type: ignore[attr-defined]

    def do_PUT(self) -> None:
        server, manner = self.server, self.server.manner  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.puts.append(dict(self.headers))  # type: ignore[attr-defined]
        if manner in ("ok", "reset-after", "gone-silent"):
            server.data = body  # type: ignore[attr-defined]
        if manner in ("reset-before", "reset-after", "gone-silent"):
            self.connection.close()
            return
        self.send_response(int(manner) if manner.isdigit() else 204)
        if manner == "307":
            self.send_header("Location", "/elsewhere.ics")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class One(ThreadingHTTPServer):
    """The object, its ETag, and the headers of what was put."""

    daemon_threads = True

    def __init__(self, manner: str, etag: str) -> None:
        super().__init__(("127.0.0.1", 0), Failing)
        self.manner, self.etag, self.data = manner, etag, A
        self.puts: list[dict[str, str]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections break on purpose here."""


@contextmanager
def failing(manner: str, etag: str = '"1"') -> Iterator[One]:
    with in_thread(One(manner, etag)) as server:
        yield server


@pytest.mark.parametrize(
    ("manner", "error", "word"),
    [
        ("412", OvertakenError, "meanwhile"),
        ("507", RefusedError, "room"),
        ("413", RefusedError, "room"),
        ("403", RefusedError, "403"),
        ("500", RefusedError, "500"),
        ("307", RefusedError, "307"),
        ("reset-before", UnsureError, "as it was so far"),
        ("504", UnsureError, "504.*as it was so far"),
        ("gone-silent", UnsureError, "not known"),
    ],
)
def test_what_the_server_did_is_told(
    bench: Workbench, manner: str, error: type[LastResortError], word: str
) -> None:
    with failing(manner) as server:
        base = f"http://127.0.0.1:{server.server_port}/cal"
        with pytest.raises(error, match=word):
            carry_out([wish(base, MOVE)], ["moved"], at_server(bench, f"caldav+{base}/"))
        assert [put["If-Match"] for put in server.puts] == ['"1"']
        kept = [str(record.state) for record in bench.journal.records()]
        assert kept == (["pending"] if error is UnsureError else [])
        if error is UnsureError:
            arrived, server.manner = server.data != A, "ok"
            expected = (
                nullcontext() if arrived else pytest.raises(RefusedError, match="no change to take back")
            )
            with expected:
                undo(None, at_server(bench, f"caldav+{base}/"))
        assert server.data == A


def test_a_change_that_arrived_before_the_connection_broke_is_kept_and_can_be_undone(
    bench: Workbench,
) -> None:
    with failing("reset-after") as server:
        base = f"http://127.0.0.1:{server.server_port}/cal"
        bench = at_server(bench, f"caldav+{base}/")
        outcome = carry_out([wish(base, MOVE)], ["moved"], bench)
        assert outcome.notes == (UNCONFIRMED,)
        assert MOVED in server.data
        undo(None, bench)
        assert server.data == A


@pytest.mark.parametrize("etag", ["", 'W/"1"', "1"])
def test_without_a_strong_etag_nothing_is_sent(bench: Workbench, etag: str) -> None:
    with failing("ok", etag) as server:
        base = f"http://127.0.0.1:{server.server_port}/cal"
        with pytest.raises(RefusedError, match="ETag"):
            carry_out([wish(base, MOVE)], ["moved"], at_server(bench, f"caldav+{base}/"))
        assert server.puts == []


def test_a_server_that_lies_about_etags_is_seen_through(bench: Workbench) -> None:
    """The ETag stays although the object has changed: the bytes are compared as well."""
    with failing("ok") as server:
        base = f"http://127.0.0.1:{server.server_port}/cal"

        class Late(Objects):
            def prepare(self, path: str, data: bytes, token: str) -> None:
                super().prepare(path, data, token)
                server.data = event("a", "20260504T080000Z", "LOCATION:Elsewhere")

        storage = DiskOrServer(Late([Account(f"caldav+{base}/", ServerOptions())]))
        with pytest.raises(OvertakenError):
            carry_out([wish(base, MOVE)], ["moved"], bench._replace(storage=storage))
        assert server.puts == []


def test_nobody_is_asked_as_a_stranger(bench: Workbench) -> None:
    with pytest.raises(RefusedError, match="no calendar of that server"):
        carry_out(
            [wish("http://127.0.0.1:1/cal", MOVE)],
            ["moved"],
            at_server(bench, "caldav+https://else.example/"),
        )
