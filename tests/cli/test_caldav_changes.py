"""Changes on CalDAV servers from the command line: Radicale, Xandikos, and one that misbehaves."""

from __future__ import annotations

import logging
import re
import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from test_apply import FOCUS, INTERVIEW, NOW, calendar_of

from dav import PASSWORD, fill, radicale, serving, xandikos
from lastresort.changes import caldav
from lastresort.sources import open_source
from misbehaving import CALENDAR, misbehaving, reordered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from misbehaving import Server

    Run = Callable[..., Any]

pytest.importorskip("caldav")
pytestmark = pytest.mark.slow
ASKS = ("--last-resort", *NOW)
TALK, WORK = calendar_of(INTERVIEW), calendar_of(FOCUS)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # calendars to import are written where one stands
    monkeypatch.setenv("LASTRESORT_PASSWORD", PASSWORD)  # for `undo`: it stands in the addresses alone
    monkeypatch.setattr(caldav, "_LOOKS", (0.0, 0.01))


@pytest.fixture
def server() -> Iterator[Server]:
    with misbehaving({"talk.ics": TALK, "focus.ics": WORK}) as server:
        yield server


@contextmanager
def real(name: str, folder: Path) -> Iterator[str]:
    logging.disable(logging.WARNING)
    app, home = radicale(folder) if name == "radicale" else xandikos(folder)
    with serving(app) as place:
        fill(place, home, {"work": {"talk.ics": TALK, "focus.ics": WORK}, "home": {}})
        yield f"caldav+http://me:{PASSWORD}@{place}{home}/work/"
    logging.disable(logging.NOTSET)


def objects(spec: str) -> dict[str, bytes]:
    found = {}
    for document in open_source(spec).documents:
        with document.open() as stream:
            found[document.name.rpartition("/")[2]] = stream.read()
    return found


def printed_undo(text: str) -> list[str]:
    """The command that was printed, as it is pasted."""
    found = re.search(r"'(lastresort undo [^']*)'", text)
    assert found, text
    return shlex.split(found[1])[1:]


@pytest.mark.parametrize("name", ["radicale", "xandikos"])
def test_held_settled_and_all_the_way_back(run: Run, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with real(name, folder) as spec:
        before = objects(spec)
        held = run("apply", spec, "--hold", "--yes", *ASKS)
        assert held.code == 0, held.err
        with_holds = objects(spec)
        assert len(with_holds) == 5
        settled = run("settle", spec, "--slot", "2", "--yes", *NOW)
        assert settled.code == 0, settled.err
        assert len(objects(spec)) == 2
        again = run("settle", spec, "--slot", "2", "--yes", *NOW)
        assert again.code == 1
        assert "settled already for" in again.err
        back = run(*printed_undo(settled.out))
        assert back.code == 0, back.err
        assert objects(spec) == with_holds
        assert run(*printed_undo(held.out)).code == 0
        assert objects(spec) == before


def kept(state: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in state.rglob("*") if path.is_file())


def test_a_password_in_an_address_is_never_kept_and_asked_for_again(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    before = dict(server.store.objects)
    ran = run("move", server.spec(), "focus", "--by", "3h", *NOW)
    assert PASSWORD not in ran.out + ran.err
    assert b"me@127.0.0.1" in kept(tmp_path)
    assert PASSWORD.encode() not in kept(tmp_path)
    monkeypatch.delenv("LASTRESORT_PASSWORD")
    unasked = run(*printed_undo(ran.out))
    assert unasked.code == 1
    assert "LASTRESORT_PASSWORD" in unasked.err
    monkeypatch.setenv("LASTRESORT_PASSWORD", "wrong")
    wrong = run(*printed_undo(ran.out))
    assert wrong.code == 1
    assert "asks for a password" in wrong.err
    assert server.store.objects != before
    monkeypatch.setenv("LASTRESORT_PASSWORD", PASSWORD)
    back = run(*printed_undo(ran.out))
    assert (back.code, back.err) == (0, "")
    assert server.store.objects == before
    assert PASSWORD.encode() not in kept(tmp_path)


def test_on_a_terminal_the_password_is_asked_for_without_showing_it(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dict(server.store.objects)
    ran = run("move", server.spec(), "focus", "--by", "3h", *NOW)
    monkeypatch.delenv("LASTRESORT_PASSWORD")
    asked: list[tuple[str, bool]] = []

    def answer(text: str, *, hide_input: bool, err: bool) -> str:
        asked.append((text, hide_input and err))
        return PASSWORD

    monkeypatch.setattr("typer.prompt", answer)
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
    assert run(*printed_undo(ran.out)).code == 0
    assert server.store.objects == before
    assert [shown for _, shown in asked] == [True]


def test_a_server_that_asks_for_no_password_gives_back_without_one(
    run: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.store.anonymous = True
    before = dict(server.store.objects)
    ran = run("move", server.spec(), "focus", "--by", "3h", *NOW)
    monkeypatch.delenv("LASTRESORT_PASSWORD")
    assert run(*printed_undo(ran.out)).code == 0
    assert server.store.objects == before


def test_a_configured_server_s_password_is_never_kept(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("LASTRESORT_PASSWORD")
    config = tmp_path / "my config.toml"
    spec = server.spec().replace(f"me:{PASSWORD}@", "")
    config.write_text(
        f'[[calendars]]\nsource = "{spec}"\nuser = "me"\npassword-command = ["echo", "{PASSWORD}"]\n'
    )
    ran = run("apply", "--hold", "--yes", "--config", config, *ASKS)
    assert ran.code == 0, ran.err
    assert PASSWORD.encode() not in kept(tmp_path / "state")
    assert run(*printed_undo(ran.out)).code == 0
    assert set(server.store.objects) == {f"{CALENDAR}talk.ics", f"{CALENDAR}focus.ics"}


# -- answers that are no plain success -----------------------------------------------------------------------


@pytest.mark.parametrize("status", [1500, 1502, 1503, 1504, "break-after", 1412])
def test_what_was_carried_out_all_the_same_is_found_out(run: Run, server: Server, status: object) -> None:
    before = dict(server.store.objects)
    server.store.on_change = lambda number, method, path: status
    ran = run("move", server.spec(), "focus", "--by", "3h", *NOW)
    assert ran.code == 0
    assert "nothing was changed" not in ran.err
    assert server.store.objects != before
    server.store.on_change = lambda *_: None
    assert run(*printed_undo(ran.out)).code == 0
    assert server.store.objects == before


@pytest.mark.parametrize(
    ("how", "word"),
    [
        (204, "did not"), (200, "did not"), (400, "nothing was changed"), (403, "nothing was changed"),
        (507, "no room"), (500, "nothing was changed"), (504, "may still arrive"),
        ("break", "may still arrive"), ("mangle", "something else"), (412, "another program"),
        (301, "nothing was changed"),
    ],
)  # fmt: skip
def test_what_was_not_carried_out_is_told_and_nothing_is_changed(
    run: Run, server: Server, how: object, word: str
) -> None:
    before = dict(server.store.objects)
    server.store.on_change = lambda number, method, path: how if number < 3 or how != "mangle" else None
    if how == "mangle":
        server.store.on_change = lambda number, method, path: how if number == 1 else None
    ran = run("move", server.spec(), "focus", "--by", "3h", *NOW)
    assert (ran.code, ran.out) == (1, "")
    assert word in ran.err
    assert server.store.objects == before
    server.store.on_change = lambda *_: None
    assert run("move", server.spec(), "focus", "--by", "3h", *NOW).code == 0


HOLDS = 3


@pytest.mark.parametrize("number", range(1, HOLDS + 1))
@pytest.mark.parametrize("how", [204, 403, 500, 504, "break", "mangle"])
@pytest.mark.parametrize("rewrite", [False, True], ids=["as-is", "rewritten"])
def test_several_objects_are_changed_as_a_whole_or_not_at_all(
    run: Run, server: Server, number: int, how: object, rewrite: bool
) -> None:
    if rewrite:
        server.store.rewrite = reordered
    before = dict(server.store.objects)
    server.store.on_change = lambda count, method, path: how if count == number else None
    ran = run("apply", server.spec(), "--hold", "--yes", *ASKS)
    assert ran.code == 1
    assert server.store.objects == before
    server.store.on_change = lambda *_: None
    ran = run("apply", server.spec(), "--hold", "--yes", *ASKS)
    assert ran.code == 0, ran.err
    assert len(server.store.objects) == 2 + HOLDS
    assert run(*printed_undo(ran.out)).code == 0
    assert server.store.objects == before


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("how", [204, 403, 504, 1504, "break-after"])
@pytest.mark.parametrize("rewrite", [False, True], ids=["as-is", "rewritten"])
def test_taking_back_is_whole_as_well(
    run: Run, server: Server, number: int, how: object, rewrite: bool
) -> None:
    if rewrite:
        server.store.rewrite = reordered
    run("apply", server.spec(), "--hold", "--yes", *ASKS)
    held = dict(server.store.objects)
    ran = run("settle", server.spec(), "--slot", "1", "--yes", *NOW)
    assert ran.code == 0, ran.err
    settled = dict(server.store.objects)
    server.store.changes = 0
    server.store.on_change = lambda count, method, path: how if count == number else None
    back = run(*printed_undo(ran.out))
    if back.code == 0:
        assert {path: holds_in(data) for path, data in server.store.objects.items()} == {
            path: holds_in(data) for path, data in held.items()
        }
        return
    assert plain(server.store.objects) == plain(settled)
    server.store.on_change = lambda *_: None
    back = run(*printed_undo(ran.out))
    assert back.code == 0, back.err
    assert plain(server.store.objects) == plain(held)


def holds_in(data: bytes) -> bool:
    return b"lastresort-hold" in data


def plain(found: dict[str, bytes]) -> dict[str, bytes]:
    return {path: reordered(data) for path, data in found.items()}


def test_where_nothing_can_be_put_back_the_printed_undo_does_it_later(run: Run, server: Server) -> None:
    server.store.rewrite = reordered
    before = plain(server.store.objects)
    server.store.on_change = lambda count, method, path: 403 if count >= 3 else None
    ran = run("apply", server.spec(), "--hold", "--yes", *ASKS)
    assert ran.code == 1
    assert len(server.store.objects) == 4
    server.store.on_change = lambda *_: None
    assert run(*printed_undo(ran.err)).code == 0
    assert plain(server.store.objects) == before


def test_each_put_is_read_back_and_noted_before_the_next(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that dies after any number of answers leaves a record from which all is put back."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    server.store.rewrite = reordered
    before = dict(server.store.objects)
    for deadly in (2, 3):
        for died_in in ("before", "after"):
            with monkeypatch.context() as patch:
                asked = caldav.Server._ask
                calls: list[str] = []

                def dying(
                    self: Any,
                    method: str,
                    *args: Any,
                    asked: Any = asked,
                    calls: list[str] = calls,
                    point: tuple[int, str] = (deadly, died_in),
                ) -> Any:
                    calls.append(method)
                    if calls.count("PUT") == point[0] and method == "PUT":
                        if point[1] == "after":
                            asked(self, method, *args)
                        raise Dead
                    return asked(self, method, *args)

                patch.setattr(caldav.Server, "_ask", dying)
                patch.setattr("lastresort.changes.apply._Work._give_up", lambda *_: None)
                with pytest.raises(Dead):
                    run("apply", server.spec(), "--hold", "--yes", *ASKS)
            assert len(server.store.objects) == 2 + deadly - (died_in == "before")
            ran = run("move", server.spec(), "focus", "--by", "3h", "--dry-run", *NOW)
            if (deadly, died_in) == (HOLDS, "after"):
                assert "had made this change" in ran.err
                assert run("undo").code == 0
            else:
                assert "was taken back" in ran.err
            assert server.store.objects == before


class Dead(BaseException):
    """The process is gone: nothing is cleared up."""


@pytest.mark.parametrize("etag", ["", 'W/"1"', "1", '"\x80"'])
def test_without_strong_etags_nothing_is_sent(run: Run, server: Server, tmp_path: Path, etag: str) -> None:
    server.store.etag = lambda data: etag
    ran = run("move", server.spec(), "focus", "--by", "3h", "--drafts", tmp_path, *NOW)
    assert "can only be read" in ran.out or "no strong ETag" in ran.err
    assert server.store.changes == 0


def test_no_packed_answer_is_taken_where_etags_count(run: Run, server: Server) -> None:
    assert run("move", server.spec(), "focus", "--by", "3h", *NOW).code == 0
    asked = [headers for method, _, headers in server.store.asked if method in ("GET", "PUT")]
    assert {headers["Accept-Encoding"] for headers in asked} == {"identity"}


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "old"])
def test_digest_authentication(run: Run, server: Server, algorithm: str) -> None:
    server.store.digest = algorithm
    ran = run("move", server.spec(), "focus", "--by", "3h", *NOW)
    assert ran.code == 0, ran.err
    assert run(*printed_undo(ran.out)).code == 0
    wrong = run("check", server.spec(password="wrong"), *NOW)
    assert wrong.code == 1
    assert "asks for a password" in wrong.err


# -- lists that are not whole -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "listing", ["no data", "one without data", "empty data", "404", "500", "data 403", "cut"]
)
def test_a_list_that_is_not_whole_is_never_nothing_clashes(run: Run, server: Server, listing: str) -> None:
    del server.store.objects[f"{CALENDAR}focus.ics"]
    assert run("check", server.spec(), *NOW).code == 0
    server.store.objects[f"{CALENDAR}early.ics"] = WORK.replace(b"UID:focus", b"UID:early")
    server.store.listing = listing
    ran = run("check", server.spec(), *NOW)
    assert ran.code == 5
    assert "cut its list" in ran.err or "listed but not given" in ran.err


def test_a_list_that_names_the_calendar_itself_is_whole(run: Run, server: Server) -> None:
    server.store.listing = "with itself"
    assert run("check", server.spec(), *NOW).code == 3


def test_a_page_instead_of_a_list_is_no_calendar(run: Run, server: Server, tmp_path: Path) -> None:
    server.store.listing = "a page"
    assert run("check", server.spec(), *NOW).code == 1
    file = tmp_path / "talk.ics"
    file.write_bytes(TALK)
    assert run("check", file, server.spec(), *NOW).code == 5


@pytest.mark.parametrize("path", ["/dav/me/wrok/", "/dav/me/work/talk.ics", "/dav/you/", "/calendar/"])
@pytest.mark.parametrize("listing", ["whole", "anything is a folder"])
def test_a_mistyped_address_is_never_answered_with_other_calendars(
    run: Run, server: Server, tmp_path: Path, path: str, listing: str
) -> None:
    server.store.listing = listing
    ran = run("check", server.spec(path), *NOW)
    assert (ran.code, ran.out) == (1, "")
    assert "no calendar" in ran.err
    file = tmp_path / "talk.ics"
    file.write_bytes(TALK)
    assert run("check", file, server.spec(path), *NOW).code == 5


@pytest.mark.parametrize("path", ["/dav/", "/dav/me/", "/dav/me", "/dav/me/work"])
def test_the_addresses_above_a_calendar_lead_to_it(run: Run, server: Server, path: str) -> None:
    ran = run("check", server.spec(path), *NOW)
    assert ran.code == 3, ran.err


@pytest.mark.parametrize("name", ["radicale", "xandikos"])
def test_a_mistyped_address_on_real_servers(run: Run, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    with real(name, folder) as spec:
        ran = run("check", spec.replace("/work/", "/wrok/"), *NOW)
        assert (ran.code, ran.out) == (1, "")
        assert run("check", spec.rpartition("work/")[0], *NOW).code == 3
