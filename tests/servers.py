"""A small server on loopback: each path answers with what a test has put there, and requests are kept."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator


class Asked(NamedTuple):
    """A request as the server saw it; header names in lower case."""

    path: str
    headers: dict[str, str]


class Server(ThreadingHTTPServer):
    """Answers by path; a text key without an answer is 404."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Callable[[Handler], None]] = {}
        self.asked: list[Asked] = []
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def address(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients break connections off on purpose here."""


class Handler(BaseHTTPRequestHandler):
    """Looks the path up among the answers."""

    server: Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}))
        self.server.answers.get(path, status(404))(self)

    def do_CONNECT(self) -> None:
        """Refuse the tunnel, and keep who asked for it."""
        self.server.asked.append(Asked(self.path, {k.lower(): v for k, v in self.headers.items()}))
        self.answer(403, b"")

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def answer(self, code: int, body: bytes, **headers: str) -> None:
        """Send a whole answer; underscores in header names become hyphens."""
        self.send_response(code)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def status(code: int, **headers: str) -> Callable[[Handler], None]:
    """Answer with a status and nothing else."""
    return lambda handler: handler.answer(code, b"", **headers)


def body(data: bytes, **headers: str) -> Callable[[Handler], None]:
    """Answer 200 with a body."""
    return lambda handler: handler.answer(200, data, **headers)


def raw(data: bytes) -> Callable[[Handler], None]:
    """Answer with bytes as they are."""
    return lambda handler: (handler.wfile.write(data), None)[1]


@contextmanager
def in_thread(server: Any) -> Iterator[Any]:
    """Let a server answer in another thread while the block runs, then close it."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a server on a free port while the block runs."""
    with in_thread(Server(tls)) as server:
        yield server
