"""Feeds against servers on loopback: good, changed, gone, and hostile."""

from __future__ import annotations

import gzip
import os
import ssl
import stat
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from readings import content

from lastresort.errors import SourceError
from lastresort.model import Limits
from lastresort.sources import Access, connection, open_source
from lastresort.sources import fetch as fetch_limits
from lastresort.sources.fetch import FetchError, HttpRequest, fetch
from servers import Handler, Server, body, raw, running, status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
SECRET = "hunter2-secret"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with running() as server:
        yield server


def why(spec: str, **keywords: Any) -> str:
    with pytest.raises(SourceError) as refused:
        open_source(spec, **keywords)
    said = str(refused.value)
    assert SECRET not in said
    assert said.isprintable()
    return said


def read(spec: str, **keywords: Any) -> bytes:
    (document,) = open_source(spec, **keywords).documents
    return content(document)


def test_a_feed_is_one_document_called_by_its_host(server: Server) -> None:
    server.answers["/private-abc/basic.ics"] = body(CALENDAR)
    opened = open_source(f"{server.address}/private-abc/basic.ics?x=1#y")
    (document,) = opened.documents
    assert opened.problems == ()
    assert (document.name, document.path) == (f"127.0.0.1:{server.server_port}", None)
    assert content(document) == content(document) == CALENDAR
    assert [asked.path for asked in server.asked] == ["/private-abc/basic.ics?x=1"]


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "identity"])
def test_packed_answers_are_unpacked(server: Server, encoding: str) -> None:
    pack = {"deflate": zlib.compress, "identity": bytes}.get(encoding, gzip.compress)
    server.answers["/"] = body(pack(CALENDAR), Content_Encoding=encoding)
    assert read(server.address) == CALENDAR


# -- who asks


def test_user_and_password_are_sent_and_never_shown(server: Server) -> None:
    server.answers["/"] = body(CALENDAR)
    assert read(server.address.replace("//", f"//me:{SECRET}%21@")) == CALENDAR
    assert server.asked[0].headers["authorization"] == connection.basic("me", f"{SECRET}!")
    assert SECRET not in server.asked[0].path


@pytest.mark.parametrize(
    "access",
    [Access("me", password_command=("echo", SECRET)), Access("me", password_env="TEST_PASSWORD")],
    ids=["command", "environment"],
)
def test_passwords_come_from_programs_and_variables(
    server: Server, monkeypatch: pytest.MonkeyPatch, access: Access
) -> None:
    monkeypatch.setenv("TEST_PASSWORD", SECRET)
    server.answers["/"] = body(CALENDAR)
    assert read(server.address, access=access) == CALENDAR
    assert server.asked[0].headers["authorization"] == connection.basic("me", SECRET)


@pytest.mark.parametrize(
    ("access", "said"),
    [
        (Access("me", password_command=("false", SECRET)), "'false' gave no password (exit code 1)"),
        (Access("me", password_command=("/nonexistent/pass", SECRET)), "'pass' is not installed"),
        (Access("me", password_command=("/", SECRET)), "cannot be run"),
        (Access("me", password_env="NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE is not set"),
    ],
)
def test_a_missing_password_is_told(server: Server, access: Access, said: str) -> None:
    assert said in why(server.address, access=access)
    assert server.asked == []


# -- plain http, redirects


def test_plain_http_has_to_be_allowed() -> None:
    assert "not encrypted" in why(f"http://{SECRET}@cal.invalid/{SECRET}")
    assert "not encrypted" not in why("http://cal.invalid/", allow_http=True)


def test_redirects_within_the_origin_are_followed(server: Server) -> None:
    server.answers |= {
        "/a": status(302, Location="/b"),
        "/b": status(308, Location="c"),
        "/c": body(CALENDAR),
    }
    assert read(f"{server.address.replace('//', '//me:pw@')}/a") == CALENDAR
    assert all("authorization" in asked.headers for asked in server.asked)


def test_redirects_end(server: Server) -> None:
    server.answers["/"] = status(302, Location="/")
    assert "more than 5 times" in why(server.address)
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "target",
    [
        f"file:///{SECRET}",
        "ftp://host/x",
        "data:text/calendar,x",
        "http://cal.example/x",
        "",
        "http://[x/",
        "javascript:x",
    ],
)
def test_redirects_to_other_schemes_are_refused(server: Server, target: str) -> None:
    server.answers["/"] = status(302, Location=target)
    assert "not followed" in why(server.address) or "damaged" in why(server.address)


def test_redirects_into_the_own_network_are_refused(server: Server) -> None:
    with running() as other:
        other.answers["/inner"] = body(CALENDAR)
        server.answers["/"] = status(302, Location=f"{other.address}/inner")
        assert "private network" in why(server.address, allow_http=True)
        assert other.asked == []


def test_redirects_into_the_own_network_are_refused_behind_a_proxy_as_well(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy inside the network would fetch for a stranger what no stranger may read."""
    with running() as proxy:
        proxy.answers["http://feed.example/"] = status(302, Location="http://10.0.0.1/inner")
        proxy.answers["http://10.0.0.1/inner"] = body(CALENDAR)
        monkeypatch.setenv("http_proxy", proxy.address)
        monkeypatch.setenv("no_proxy", "")
        assert "private network" in why("http://feed.example/", allow_http=True)
        assert [asked.path for asked in proxy.asked] == ["http://feed.example/"]


@pytest.fixture
def proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A proxy that the system names with a user and a password, for everything."""
    with running() as proxy:
        address = proxy.address.replace("//", f"//sam%40home:{SECRET}%2F@")
        for scheme in ("http", "https"):
            monkeypatch.setenv(f"{scheme}_proxy", address)
        monkeypatch.setenv("no_proxy", "")
        yield proxy


KNOWN = connection.basic("sam@home", f"{SECRET}/")


def test_a_proxy_is_told_who_asks_by_plain_http(server: Server, proxy: Server) -> None:
    proxy.answers["http://feed.example/a"] = status(302, Location="http://feed.example/b")
    proxy.answers["http://feed.example/b"] = body(CALENDAR)
    assert read("http://feed.example/a", allow_http=True) == CALENDAR
    assert [asked.headers["proxy-authorization"] for asked in proxy.asked] == [KNOWN, KNOWN]


def test_a_proxy_is_told_who_asks_for_a_tunnel(server: Server, proxy: Server) -> None:
    assert "no connection" in why("https://feed.example/a")
    (asked,) = proxy.asked
    assert (asked.path, asked.headers["proxy-authorization"]) == ("feed.example:443", KNOWN)


def test_nobody_but_the_proxy_is_told_who_asks_it(
    server: Server, proxy: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server.answers["/"] = body(CALENDAR)
    assert read(server.address, allow_http=True) == CALENDAR
    assert "proxy-authorization" not in server.asked[0].headers
    assert proxy.asked == []


@pytest.mark.parametrize("host", ["nas", "nas.lan", "cal.corp", "db.internal", "x.home.arpa", "10.0.0.1"])
def test_a_feed_at_home_that_the_user_named_is_read_behind_a_proxy(
    server: Server, proxy: Server, host: str
) -> None:
    proxy.answers[f"http://{host}/a"] = status(301, Location="/b")
    proxy.answers[f"http://{host}/b"] = body(CALENDAR)
    assert read(f"http://{host}/a", allow_http=True) == CALENDAR


def test_a_host_at_home_may_lead_on_to_its_own_encrypted_address(server: Server, proxy: Server) -> None:
    proxy.answers["http://nas.lan/a"] = status(301, Location="https://NAS.lan/a")
    assert "no connection" in why("http://me:pw@nas.lan/a", allow_http=True)
    first, second = proxy.asked
    assert "authorization" in first.headers
    assert second.path.lower() == "nas.lan:443"
    assert "authorization" not in second.headers


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("http://nas.lan/a", "https://nas.lan:8443/a"), ("http://nas.lan/a", "http://nas.lan:631/a"),
        ("http://nas.lan:8080/a", "https://nas.lan/a"), ("http://nas.lan/a", "https://router.lan/a"),
        ("http://feed.example/a", "https://nas/a"),
    ],
)  # fmt: skip
def test_a_host_at_home_leads_on_to_no_other_service(
    server: Server, proxy: Server, first: str, then: str
) -> None:
    proxy.answers[first] = status(301, Location=then)
    assert "private network" in why(first, allow_http=True)
    assert [asked.path for asked in proxy.asked] == [first]


def test_credentials_stay_with_their_origin(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "is_public", lambda host: True)
    with running() as other:
        other.answers["/x"] = body(CALENDAR)
        server.answers["/"] = status(302, Location=f"{other.address.replace('//', '//you:x@')}/x")
        assert read(server.address.replace("//", "//me:pw@"), allow_http=True) == CALENDAR
        assert "authorization" not in other.asked[0].headers


# -- answers that are no calendar


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (body(b"<!DOCTYPE html><title>Sign in</title>", Content_Type="text/html"), "a web page"),
        (body(b"Please sign in", Content_Type="text/html"), "a web page"),
        (body(b'{"error": "quota"}'), "no calendar"),
        (body(b"\x1b[2J"), "no calendar"),
        (body(b""), "empty"),
        (status(401, WWW_Authenticate='Basic realm="\x1b[2Jx"'), "asks for a password"),
        (status(404), "no calendar at this address"),
        (status(410), "no calendar at this address"),
        (status(429, Retry_After="999999"), "status 429"),
        (status(503), "try again later"),
        (status(418), "status 418"),
        (status(304), "nothing was kept"),
        (raw(b"\x1b]52;c;eA==\x07 this is not HTTP\r\n\r\n"), "no HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n"), "damaged"),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"), "damaged"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nBEGIN:VCALENDAR"), "broke off"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\nBEGIN:VCALENDAR\r\n"), "damaged"),
        (body(gzip.compress(CALENDAR)[:-9], Content_Encoding="gzip"), "broke off"),
        (body(CALENDAR, Content_Encoding="gzip"), "damaged"),
        (body(CALENDAR, Content_Encoding="br"), "not asked for"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused(server: Server, answer: Callable[[Handler], None], said: str) -> None:
    server.answers["/private"] = answer
    assert said in why(f"{server.address.replace('//', f'//me:{SECRET}@')}/private")


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_bodies_are_bounded_after_unpacking(server: Server, encoding: str) -> None:
    data = CALENDAR + b"\0" * 3_000_000
    server.answers["/"] = body(gzip.compress(data) if encoding == "gzip" else data, Content_Encoding=encoding)
    assert "larger than 1 MiB" in why(server.address, limits=Limits(file_bytes=1 << 20))


def test_endless_answers_are_bounded(server: Server) -> None:
    def endless(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            handler.wfile.write(b"2710\r\n" + b"x" * 10_000 + b"\r\n")

    server.answers["/"] = endless
    assert "larger than" in why(server.address, limits=Limits(file_bytes=100_000))


def test_what_follows_a_packed_body_is_bounded_too(server: Server) -> None:
    packed = gzip.compress(CALENDAR) + b"\0" * 300_000
    server.answers["/"] = body(packed, Content_Encoding="gzip")
    assert "larger than" in why(server.address, limits=Limits(file_bytes=100_000))


def test_no_more_of_a_packed_body_is_held_than_may_be_read(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is packed a thousandfold comes out of one small piece at once."""
    held: list[int] = []
    usual = zlib.decompressobj

    class Watched:
        def __init__(self, bits: int) -> None:
            self.inner = usual(bits)

        def decompress(self, data: bytes, most: int) -> bytes:
            part = self.inner.decompress(data, most)
            held.append(len(part))
            return part

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    monkeypatch.setattr("lastresort.sources.fetch.zlib.decompressobj", Watched)
    server.answers["/"] = body(gzip.compress(CALENDAR + b"\0" * 30_000_000), Content_Encoding="gzip")
    assert "larger than" in why(server.address, limits=Limits(file_bytes=100_000))
    assert sum(held) == 100_001


def test_a_feed_has_the_time_that_the_limits_say() -> None:
    assert (fetch_limits.SECONDS, fetch_limits.REDIRECTS) == (15.0, 5)
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "limits.md").read_text()
    assert "redirects included | 15 s |" in page
    assert "| redirects | 5," in page


def drip(handler: Handler) -> None:
    """One header line after the other, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-A: b\r\n")
        time.sleep(0.05)


def silent(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    time.sleep(2)


@pytest.mark.parametrize("answer", [drip, silent])
def test_time_is_bounded_in_total(server: Server, answer: Callable[[Handler], None]) -> None:
    server.answers["/"] = answer
    before = time.monotonic()
    with pytest.raises(FetchError, match=r"within 0\.3 s"):
        fetch(HttpRequest(f"{server.address}/", "host", 1000), seconds=0.3)
    assert time.monotonic() - before < 1.5


def test_a_closed_port_and_an_unknown_host_are_told(server: Server) -> None:
    server.server_close()
    assert "no connection" in why(server.address)
    assert "not found" in why("https://no-such-host.invalid/")


# -- encryption


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with running(context) as server:
        server.answers["/cal.ics"] = body(CALENDAR)
        yield server


def test_a_trusted_certificate_is_enough(
    secure: Server, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    for scheme in ("https", "webcal"):
        assert read(f"{scheme}://127.0.0.1:{secure.server_port}/cal.ics") == CALENDAR


def test_an_unknown_certificate_is_refused(secure: Server) -> None:
    assert "certificate cannot be verified" in why(f"{secure.address}/cal.ics")
    assert secure.asked == []


# -- copies


def conditional(handler: Handler) -> None:
    """A server that knows its own validators."""
    if handler.headers.get("If-None-Match") == '"1"':
        handler.send_response(304)
        handler.end_headers()
        return
    handler.answer(200, CALENDAR, ETag='"1"', Last_Modified="Mon, 04 May 2026 07:00:00 GMT")


def test_an_unchanged_feed_is_not_sent_again(server: Server, tmp_path: Path) -> None:
    server.answers["/"] = conditional
    for _ in range(2):
        assert read(server.address, cache_dir=str(tmp_path), now=NOW) == CALENDAR
    assert "if-none-match" not in server.asked[0].headers
    assert server.asked[1].headers["if-none-match"] == '"1"'
    assert server.asked[1].headers["if-modified-since"] == "Mon, 04 May 2026 07:00:00 GMT"


def test_copies_are_private_and_their_names_tell_nothing(server: Server, tmp_path: Path) -> None:
    server.answers[f"/{SECRET}"] = body(CALENDAR)
    folder = tmp_path / "cache" / "lastresort"
    read(f"{server.address.replace('//', f'//me:{SECRET}@')}/{SECRET}", cache_dir=str(folder), now=NOW)
    files = [os.path.join(where, file) for where, _, files in os.walk(folder) for file in files]
    assert len(files) == 2
    assert {stat.S_IMODE(os.stat(file).st_mode) for file in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent, folder / "feeds")} == {
        0o700
    }
    assert SECRET.encode() not in b"".join(Path(file).read_bytes() + file.encode() for file in files)


@pytest.mark.parametrize(("hours", "lost"), [(2, False), (30, True)])
def test_the_last_copy_is_used_when_the_network_fails(
    server: Server, tmp_path: Path, hours: int, lost: bool
) -> None:
    server.answers["/"] = body(CALENDAR)
    read(server.address, cache_dir=str(tmp_path), now=NOW)
    server.answers["/"] = status(503)
    opened = open_source(server.address, cache_dir=str(tmp_path), now=NOW + timedelta(hours=hours))
    (problem,) = opened.problems
    assert [content(document) for document in opened.documents] == [CALENDAR]
    assert (problem.code, problem.lost) == ("stale-copy", lost)
    assert "try again later; the copy of 2026-05-04 08:00 UTC is used" in problem.message


def test_a_feed_that_is_gone_is_not_answered_from_its_copy(server: Server, tmp_path: Path) -> None:
    server.answers["/"] = body(CALENDAR)
    read(server.address, cache_dir=str(tmp_path), now=NOW)
    del server.answers["/"]
    assert "no calendar at this address" in why(server.address, cache_dir=str(tmp_path), now=NOW)


def test_offline_asks_nobody(server: Server, tmp_path: Path) -> None:
    keywords = {"cache_dir": str(tmp_path), "now": NOW, "offline": True}
    assert "no earlier copy" in why(server.address, **keywords)
    server.answers["/"] = body(CALENDAR)
    read(server.address, cache_dir=str(tmp_path), now=NOW)
    opened = open_source(server.address, **keywords)
    assert len(server.asked) == 1
    assert [content(document) for document in opened.documents] == [CALENDAR]
    assert "--offline" in opened.problems[0].message


def test_a_torn_calendar_does_not_replace_a_good_copy(server: Server, tmp_path: Path) -> None:
    server.answers["/"] = body(CALENDAR)
    read(server.address, cache_dir=str(tmp_path), now=NOW)
    server.answers["/"] = body(CALENDAR[:20])
    assert read(server.address, cache_dir=str(tmp_path), now=NOW) == CALENDAR[:20]
    assert read(server.address, cache_dir=str(tmp_path), now=NOW, offline=True) == CALENDAR


def test_a_copy_whose_note_belongs_to_other_bytes_is_asked_for_anew(server: Server, tmp_path: Path) -> None:
    server.answers["/"] = conditional
    read(server.address, cache_dir=str(tmp_path), now=NOW)
    (copy,) = (tmp_path / "feeds").glob("*.ics")
    copy.write_bytes(CALENDAR * 2)
    assert read(server.address, cache_dir=str(tmp_path), now=NOW) == CALENDAR
    assert "if-none-match" not in server.asked[1].headers


@pytest.mark.parametrize("note", [b"", b"[]", b"{", b'{"version": 99}', b"\xff"])
def test_a_damaged_note_is_no_trouble(server: Server, tmp_path: Path, note: bytes) -> None:
    server.answers["/"] = conditional
    read(server.address, cache_dir=str(tmp_path), now=NOW)
    next((tmp_path / "feeds").glob("*.json")).write_bytes(note)
    assert read(server.address, cache_dir=str(tmp_path), now=NOW) == CALENDAR


def test_a_folder_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    server.answers["/"] = body(CALENDAR)
    (tmp_path / "file").touch()
    opened = open_source(server.address, cache_dir=str(tmp_path / "file"), now=NOW)
    assert [content(document) for document in opened.documents] == [CALENDAR]
    assert [(problem.code, problem.lost) for problem in opened.problems] == [("copy-not-kept", False)]
