"""CalDAV against Radicale and Xandikos, run here on loopback, and against a server that means harm."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from readings import content

from dav import PASSWORD, event, fill, radicale, serving, xandikos
from lastresort.errors import SourceError
from lastresort.model import Interval, Limits
from lastresort.sources import Access, open_source
from servers import Handler, Server, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lastresort.sources import Opened

pytest.importorskip("caldav")

WINDOW = Interval(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
SERIES = event("series", "20200504T080000Z", "RRULE:FREQ=WEEKLY", "RECURRENCE-ID:20260511T080000Z")


@pytest.fixture(params=["radicale", "xandikos"])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A server with an empty account: its host and port, and the path of the calendars."""
    logging.disable(logging.WARNING)
    make = radicale if request.param == "radicale" else xandikos
    app, home = make(tmp_path)
    with serving(app) as place:
        yield place, home
    logging.disable(logging.NOTSET)


def read(place: str, path: str = "/", **keywords: Any) -> Opened:
    keywords = {"window": WINDOW, **keywords}
    return open_source(f"caldav+http://me:{PASSWORD}@{place}{path}", **keywords)


def test_all_calendars_of_the_user_are_found(account: tuple[str, str]) -> None:
    place, home = account
    fill(
        place, home, {"work": {"a.ics": event("a", "20260504T080000Z")}, "home": {"b.ics": SERIES}, "new": {}}
    )
    opened = read(place)
    documents = {document.source: document for document in opened.documents}
    assert opened.problems == ()
    assert sorted(documents) == [f"{place}/Home", f"{place}/New", f"{place}/Work"]
    work = documents[f"{place}/Work"]
    assert (work.name, work.calendar) == (f"{place}/Work/a.ics", "Work")
    assert work.path == f"caldav+http://{place}{home}/work/a.ics"
    assert (work.version or "").startswith('"')
    assert "SUMMARY:Über a".encode() in content(work)
    assert b"VEVENT" not in content(documents[f"{place}/New"])


def test_one_calendar_is_read_by_its_own_address(account: tuple[str, str]) -> None:
    place, home = account
    fill(place, home, {"work": {"a.ics": event("a", "20260504T080000Z")}, "home": {"b.ics": SERIES}})
    assert [d.source for d in read(place, f"{home}/home/").documents] == [f"{place}/Home"]


def test_the_window_chooses_and_series_come_whole(account: tuple[str, str]) -> None:
    place, home = account
    objects = {
        "in.ics": event("in", "20260504T080000Z"),
        "out.ics": event("out", "20250504T080000Z"),
        "s.ics": SERIES,
    }
    fill(place, home, {"work": objects})
    leaves = [document.name.rpartition("/")[2] for document in read(place).documents]
    assert sorted(leaves) == ["in.ics", "s.ics"]
    series = next(document for document in read(place).documents if document.name.endswith("s.ics"))
    assert content(series).count(b"BEGIN:VEVENT") == 2
    assert b"RRULE:FREQ=WEEKLY" in content(series)
    assert len(read(place, window=None).documents) == 3


def test_a_user_without_calendars_is_told(account: tuple[str, str]) -> None:
    place, _ = account
    with pytest.raises(SourceError, match="no calendars"):
        read(place)


@pytest.mark.parametrize("account", ["radicale"], indirect=True)
def test_a_wrong_password_is_told_and_a_right_one_is_asked_for(account: tuple[str, str]) -> None:
    place, home = account
    fill(place, home, {"work": {"a.ics": event("a", "20260504T080000Z")}})
    with pytest.raises(SourceError, match="asks for a password"):
        open_source(f"caldav+http://me:wrong@{place}/")
    access = Access("me", password_command=("echo", PASSWORD))
    assert len(open_source(f"caldav+http://{place}/", access=access).documents) == 1


def test_offline_and_plain_http_are_refused() -> None:
    with pytest.raises(SourceError, match="no copy is kept"):
        open_source("caldav+https://cal.example/", offline=True)
    with pytest.raises(SourceError, match="not encrypted"):
        open_source("caldav+http://cal.example/")


# -- servers that mean harm


class Harmful(Handler):
    """Answers every method as it answers GET."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        super().do_GET()

    do_PROPFIND = do_REPORT = do_GET  # noqa: N815


def xml(text: str, code: int = 207) -> Callable[[Handler], None]:
    return lambda handler: handler.answer(code, text.encode(), Content_Type="application/xml")


ENTITIES = "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
BOMB = f"""<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>{ENTITIES}]>
<multistatus xmlns='DAV:'><response><href>&j;</href></response></multistatus>"""
CALENDAR = """<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>/</href>
<propstat><prop><resourcetype><collection/><C:calendar/></resourcetype><displayname>W</displayname></prop>
<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"""


@pytest.fixture
def harmful(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with running() as server:
        server.RequestHandlerClass = Harmful
        yield server


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "no xml at all",
        "<a>",
        "",
        "<multistatus xmlns='DAV:'/>",
        "<multistatus xmlns='DAV:'><response/></multistatus>",
        "<multistatus xmlns='DAV:'><response><href>http://[x</href></response></multistatus>",
        CALENDAR.replace("<C:calendar/>", "").replace("200 OK", "\x1b[2J".strip("\x1b")),
        "<x>" * 5000,
    ],
    ids=range(9),
)
def test_odd_answers_end_in_one_line(harmful: Server, text: str, capfd: pytest.CaptureFixture[str]) -> None:
    harmful.answers = {"/": xml(text), "/.well-known/caldav": xml(text)}
    with pytest.raises(SourceError) as refused:
        open_source(f"caldav+http://me:{PASSWORD}@127.0.0.1:{harmful.server_port}/")
    assert str(refused.value).startswith(f"127.0.0.1:{harmful.server_port}: ")
    assert capfd.readouterr() == ("", "")


def test_the_password_goes_to_no_other_server(harmful: Server) -> None:
    with running() as other:
        elsewhere = f"<current-user-principal><href>{other.address}/me/</href></current-user-principal>"
        text = CALENDAR.replace("<C:calendar/>", "").replace("<displayname>W</displayname>", elsewhere)
        harmful.answers = {"/": xml(text), "/.well-known/caldav": xml(text)}
        with pytest.raises(SourceError):
            open_source(f"caldav+http://me:{PASSWORD}@127.0.0.1:{harmful.server_port}/")
        assert other.asked == []


def test_a_large_answer_is_cut_off(harmful: Server) -> None:
    harmful.answers = {"/": xml(CALENDAR + " " * 100_000)}
    with pytest.raises(SourceError, match="larger than"):
        open_source(f"caldav+http://127.0.0.1:{harmful.server_port}/", limits=Limits(file_bytes=10_000))


def test_a_calendar_that_fails_is_told_beside_the_others(harmful: Server) -> None:
    def answer(handler: Handler) -> None:
        handler.answer(
            503 if handler.command == "REPORT" else 207, CALENDAR.encode(), Content_Type="text/xml"
        )

    harmful.answers = {"/": answer}
    with pytest.raises(SourceError, match="status 503"):
        open_source(f"caldav+http://127.0.0.1:{harmful.server_port}/")
