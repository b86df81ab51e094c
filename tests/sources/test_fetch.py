"""One request: what is sent to whom, which statuses have a body, and that nothing goes on when time is up."""

from __future__ import annotations

import gzip
import threading
from typing import TYPE_CHECKING, Any

import pytest

from lastresort.sources import connection, fetch
from lastresort.sources.fetch import FetchError, HttpRequest
from servers import Handler, Server, body, running, status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIGEST = 'Digest realm="r", nonce="n", qop="auth"'
WHO = connection.basic("me", "pw")
LEFT_OUT = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in LEFT_OUT:
        monkeypatch.delenv(name, raising=False)
    with running() as server:
        yield server


def ask(server: Server, path: str = "/", **more: Any) -> fetch.HttpAnswer:
    return fetch.fetch(
        HttpRequest(f"{server.address}{path}", "host", 1000, allow_http=True, **more), seconds=20
    )


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_every_kind_of_redirect_is_followed(server: Server, code: int) -> None:
    server.answers |= {"/": status(code, Location="/b"), "/b": body(b"here")}
    assert ask(server).body == b"here"


def test_a_redirect_to_webcal_is_one_to_https(server: Server) -> None:
    server.answers["/"] = status(302, Location=f"webcal://127.0.0.1:{server.server_port}/b")
    with pytest.raises(FetchError, match="private network"):
        ask(server)


@pytest.mark.parametrize("code", [300, 304, 400, 404, 500])
def test_only_what_succeeds_has_a_body(server: Server, code: int) -> None:
    server.answers["/"] = lambda handler: handler.answer(code, b"something")
    answer = ask(server)
    assert (answer.status, answer.body) == (code, b"")


def test_what_is_sent_without_a_password(server: Server) -> None:
    server.answers["/"] = body(b"x")
    ask(server)
    ask(server, identity=True)
    first, second = (asked.headers for asked in server.asked)
    assert "authorization" not in first
    assert (first["accept-encoding"], second["accept-encoding"]) == ("gzip", "identity")


@pytest.mark.parametrize(
    ("code", "challenge", "times"),
    [(401, DIGEST, 2), (401, 'Basic realm="r"', 1), (200, DIGEST, 1), (403, DIGEST, 1)],
)
def test_a_challenge_is_answered_once_and_where_there_is_one(
    server: Server, code: int, challenge: str, times: int
) -> None:
    server.answers["/"] = status(code, WWW_Authenticate=challenge)
    assert ask(server, authorization=WHO).status == code
    assert [asked.headers["authorization"].split()[0] for asked in server.asked] == ["Basic", "Digest"][
        :times
    ]


def test_a_challenge_of_another_origin_is_not_answered(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "is_public", lambda host: True)
    with running() as other:
        other.answers["/"] = status(401, WWW_Authenticate=DIGEST)
        server.answers["/"] = status(302, Location=f"{other.address}/")
        assert ask(server, authorization=WHO, headers={"If-None-Match": '"1"'}).status == 401
        (asked,) = other.asked
        assert not {"authorization", "if-none-match"} & set(asked.headers)


class Wire:
    """A connection that keeps what is sent on it, and then breaks off."""

    sock = None

    def __init__(self, sent: list[tuple[str, dict[str, str]]]) -> None:
        self.sent = sent

    def request(self, method: str, target: str, content: bytes | None, headers: dict[str, str]) -> None:
        self.sent.append((target, headers))
        raise ConnectionResetError

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("address", "target", "introduced"),
    [("http://a.example/b?c", "http://a.example/b?c", True), ("https://a.example/b?c", "/b?c", False)],
)
def test_who_asks_a_proxy_is_its_own_business(
    monkeypatch: pytest.MonkeyPatch, address: str, target: str, introduced: bool
) -> None:
    """In a tunnel, what is sent reaches the server itself."""
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://sam:secret@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "")
    sent: list[tuple[str, dict[str, str]]] = []
    monkeypatch.setattr(fetch, "connect", lambda *_, **__: Wire(sent))
    with pytest.raises(FetchError, match="broke off"):
        fetch.fetch(HttpRequest(address, "host", 1000))
    ((where, headers),) = sent
    assert where == target
    assert ("Proxy-Authorization" in headers) is introduced


def test_when_time_is_up_the_connection_is_broken(server: Server) -> None:
    """A server that sends a little now and then would keep it for ever."""
    gone = threading.Event()
    pause = threading.Event()

    def drip(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(600):
                handler.wfile.write(b"1\r\nx\r\n")
                pause.wait(0.02)
        except OSError:
            gone.set()

    server.answers["/"] = drip
    with pytest.raises(FetchError, match=r"within 0\.3 s"):
        fetch.fetch(HttpRequest(f"{server.address}/", "host", 1_000_000), seconds=0.3)
    assert gone.wait(10)


def test_a_look_up_that_never_ends_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> None:
        over.wait(30)
        raise ConnectionRefusedError

    monkeypatch.setattr(fetch, "connect", hang)
    with pytest.raises(FetchError, match=r"within 0\.1 s"):
        fetch.fetch(HttpRequest("https://a.example/", "host", 1000), seconds=0.1)
    over.set()


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[BaseException]], None]:
    """Let a request fail in a way that nobody has thought of, in its thread."""

    def fail(kind: type[BaseException]) -> None:
        def broken(*_: object, **__: object) -> None:
            raise kind

        monkeypatch.setattr(threading, "excepthook", lambda _: None)
        monkeypatch.setattr(fetch, "connect", broken)

    return fail


def test_a_failure_that_nobody_has_thought_of_is_told(unheard: Callable[[type[BaseException]], None]) -> None:
    unheard(RecursionError)
    with pytest.raises(FetchError, match="cannot be asked"):
        fetch.fetch(HttpRequest("https://a.example/", "host", 1000))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(("size", "fits"), [(1000, True), (1001, False)])
def test_a_body_may_be_as_large_as_the_limit(server: Server, packed: bool, size: int, fits: bool) -> None:
    data = bytes(range(250)) * 4 + b"x" * (size - 1000)
    packing = {"Content_Encoding": "gzip"} if packed else {}
    server.answers["/"] = body(gzip.compress(data) if packed else data, **packing)
    if fits:
        assert ask(server).body == data
    else:
        with pytest.raises(FetchError, match="larger than 1000 bytes"):
            ask(server)


def test_a_packed_body_that_comes_in_several_pieces_is_whole(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_CHUNK", 100)
    data = bytes(range(250)) * 4
    server.answers["/"] = body(gzip.compress(data), Content_Encoding="gzip")
    assert ask(server).body == data
