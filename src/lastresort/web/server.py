"""The page, served to this computer alone: one start, one secret, one person.

What a page of another site, another program's page or a stranger on the network could try is refused before
anything is read: see docs/how-to/page.md.
"""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from lastresort.errors import LastResortError
from lastresort.web.desk import BYTES, PageReply, Saved, read_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from socket import socket

    from lastresort.web.desk import Desk

HOST = "127.0.0.1"
COOKIE = "lastresort"
QUESTION = 1 << 20
"""Bytes of a question that is no file."""
PATIENCE = 30.0
"""Seconds that a connection may say nothing."""
AT_ONCE = 16
"""Connections that are answered at the same time; others wait."""
HTML, SCRIPT, STYLE = "text/html", "text/javascript", "text/css"
JSON, FILE = "application/json", "application/octet-stream"
PAGE = {
    "/": ("lastresort.web", "page/index.html", HTML),
    "/page.js": ("lastresort.web", "page/page.js", SCRIPT),
    "/door.js": ("lastresort.web", "page/door.js", SCRIPT),
    "/page.css": ("lastresort.web", "page/page.css", STYLE),
    "/report.css": ("lastresort.outputs", "report.css", STYLE),
}
"""The files of the page, by their path."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def asset(package: str, name: str) -> bytes:
    """Return a file that is shipped for the page."""
    return files(package).joinpath(name).read_bytes()


@dataclass
class Door:
    """What lets one person in: the token of this start, good once, and the secret that a cookie carries."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    used: bool = False

    def open(self, token: str) -> bool:
        """Tell whether the token lets somebody in; the second time it does not."""
        fits = hmac.compare_digest(token.encode(), self.token.encode()) and not self.used
        self.used = self.used or fits
        return fits

    def knows(self, cookies: str) -> bool:
        """Tell whether a Cookie header carries the secret."""
        try:
            found = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            return False
        return found is not None and hmac.compare_digest(found.value.encode(), self.secret.encode())


class PageServer(ThreadingHTTPServer):
    """Serves one desk on the loopback, on a port that is free."""

    daemon_threads = True

    def __init__(self, desk: Desk, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.desk = desk
        self.door = Door()
        self.working = Lock()
        self._places = BoundedSemaphore(AT_ONCE)

    @property
    def origin(self) -> str:
        """The address of the page without a path."""
        return f"http://{HOST}:{self.server_port}"

    @property
    def start(self) -> str:
        """The address to open: it holds the token of this start."""
        return f"{self.origin}/start?token={self.door.token}"

    def process_request_thread(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Answer one connection when there is a place for it."""
        with self._places:
            super().process_request_thread(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: what a connection sent may be private, or meant to fill a log."""


class _RefusedError(Exception):
    """A request that is not answered, and why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection: nothing of a request is believed before its host, site and secret are."""

    server: PageServer
    server_version = "lastresort"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def do_GET(self) -> None:
        """Give a file of the page, or let its person in."""
        self._guarded(self._get)

    def do_POST(self) -> None:
        """Answer a question of the page, and of nobody else."""
        self._guarded(self._post)

    def _guarded(self, answer: Callable[[], None]) -> None:
        """Answer a request unless a stranger makes it, and say why one is refused."""
        try:
            self._refuse_strangers()
            answer()
        except _RefusedError as refusal:
            self._refuse(refusal)

    def _get(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/start":
            self._let_in(parse_qs(url.query).get("token", [""])[0])
            return
        self._require_secret()
        if url.path not in PAGE:
            raise _RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here.")
        package, name, kind = PAGE[url.path]
        self._answer(HTTPStatus.OK, asset(package, name), f"{kind}; charset=utf-8")

    def _post(self) -> None:
        if self.headers.get("Origin") != self.server.origin:
            raise _RefusedError(HTTPStatus.FORBIDDEN, "Only the page itself may ask.")
        self._require_secret()
        url = urlsplit(self.path)
        head, _, what = url.path.rpartition("/")
        if head != "/ask":
            raise _RefusedError(HTTPStatus.NOT_FOUND, "There is nothing here.")
        self._reply(what, url.query, self._body(what))

    def _require_secret(self) -> None:
        if not self.server.door.knows(self.headers.get("Cookie", "")):
            raise _RefusedError(
                HTTPStatus.FORBIDDEN, "Open the address that lastresort printed when it started."
            )

    def _refuse_strangers(self) -> None:
        """Refuse other names for this address (a stranger's domain may lead here), and other sites' pages."""
        if self.headers.get("Host") != f"{HOST}:{self.server.server_port}":
            raise _RefusedError(HTTPStatus.MISDIRECTED_REQUEST, "This is not the address of the page.")
        navigation = self.command == "GET" and self.headers.get("Sec-Fetch-Mode") == "navigate"
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and not (
            navigation and self.path.startswith("/start?")
        ):
            raise _RefusedError(HTTPStatus.FORBIDDEN, "Only the page itself may ask.")

    def _let_in(self, token: str) -> None:
        """Give the cookie for the token of this start, and lead to the page."""
        door = self.server.door
        if not (door.knows(self.headers.get("Cookie", "")) or door.open(token)):
            raise _RefusedError(
                HTTPStatus.FORBIDDEN, "This address was used already, or is none of this start. Start again."
            )
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Set-Cookie", f"{COOKIE}={door.secret}; Path=/; HttpOnly; SameSite=Strict")
        self._end(b"")

    def _body(self, what: str) -> bytes:
        """Return what came with a question: a file to `add`, else JSON. Refused when not as announced."""
        if self.headers.get("Content-Type") != (FILE if what == "add" else JSON):
            raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "That is no question.")
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdigit()):
            raise _RefusedError(HTTPStatus.LENGTH_REQUIRED, "Say how long it is.")
        most, said = (BYTES, "200 MB") if what == "add" else (QUESTION, "1 MB")
        if len(length) > 12 or int(length) > most:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"That is too large: at most {said}.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "It ended too early.")
        return body

    def _reply(self, what: str, query: str, body: bytes) -> None:
        """Ask the desk, one question after the other, and send what it answers."""
        try:
            with self.server.working:
                if what == "add":
                    name = parse_qs(query).get("name", [""])[0]
                    reply = self.server.desk.ask(what, {"name": name}, body)
                else:
                    reply = self.server.desk.ask(what, read_values(body))
        except LastResortError as error:
            raise _RefusedError(HTTPStatus.BAD_REQUEST, str(error)) from None
        except Exception as error:  # noqa: BLE001 (its text may hold what a calendar says)
            told = f"Something inside broke ({type(error).__name__}): please report it."
            raise _RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, told) from None
        if isinstance(reply, Saved):
            self._answer(HTTPStatus.OK, reply.content, reply.kind, {"X-File-Name": reply.name})
        else:
            assert isinstance(reply, PageReply)
            self._answer(HTTPStatus.OK, json.dumps(reply._asdict()).encode(), JSON)

    def _refuse(self, refusal: _RefusedError) -> None:
        self.close_connection = True  # what it has sent is not read
        self._answer(refusal.status, str(refusal).encode(), "text/plain; charset=utf-8")

    def _answer(
        self, status: HTTPStatus, body: bytes, kind: str, more: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self._end(body)

    def _end(self, body: bytes) -> None:
        """Send the header fields that every answer has, and the body."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request, without repeating it."""
        del message, explain
        status = HTTPStatus(code)
        self._refuse(_RefusedError(status, status.phrase))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Say nothing: paths and names are private."""
