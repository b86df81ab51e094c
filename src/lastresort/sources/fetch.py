"""One HTTP request, bounded in time, size and reach (RFC 9110)."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
import zlib
from http.client import HTTPException
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from lastresort import __version__
from lastresort.errors import SourceError
from lastresort.sources.connection import (
    PORTS,
    Deadline,
    PrivateAddressError,
    connect,
    find_proxy,
    introduce,
)
from lastresort.sources.digest import answer_challenges
from lastresort.sources.interface import larger_than

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPConnection, HTTPResponse
    from urllib.parse import SplitResult

SECONDS = 15.0
"""From the first look-up of a name to the last byte, redirects included."""
REDIRECTS = 5

_CHUNK = 1 << 16
_MOVED = frozenset({301, 302, 303, 307, 308})
_CHANGES = frozenset({"PUT", "DELETE"})
"""What is changed somewhere is never sent on to another place."""
_IN_PATH = "/:@!$&'()*+,;=~%-._"


class FetchError(SourceError):
    """No usable answer came. `passing` tells that a later try may well succeed."""

    def __init__(self, text: str, *, passing: bool = True) -> None:
        super().__init__(text)
        self.passing = passing


class HttpRequest(NamedTuple):
    """What is asked for. `url` is http or https, without user and password."""

    url: str
    name: str
    """What the server is called in errors: its host."""
    limit: int
    """Bytes of the body, after decompression."""
    authorization: str = ""
    headers: Mapping[str, str] = {}
    """Sent to the origin of the address alone, as is `authorization`."""
    allow_http: bool = False
    """Follow redirects to addresses without encryption."""
    method: str = "GET"
    body: bytes = b""
    identity: bool = False
    """Take no packed answer: some servers give a packed body another ETag than the object's."""


class HttpAnswer(NamedTuple):
    """A status, the headers by their lower-case names, and where the status is of success the whole body."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def fetch(request: HttpRequest, seconds: float = SECONDS) -> HttpAnswer:
    """Return the answer of a server. Raises FetchError; its text names the host and nothing the server said.

    Looking up a name cannot be bounded from inside, so the work is done in a thread that may be left behind.
    """
    exchange = _Exchange(request, seconds)
    outcomes: list[HttpAnswer | FetchError] = []
    worker = threading.Thread(target=lambda: outcomes.append(exchange.run()), daemon=True)
    worker.start()
    worker.join(seconds)
    if worker.is_alive():
        exchange.abandon()
        raise exchange.explain(TimeoutError())
    outcome = outcomes[0] if outcomes else FetchError(f"{request.name}: cannot be asked")
    if isinstance(outcome, FetchError):
        raise outcome
    return outcome


_FAILURES: tuple[tuple[tuple[type[Exception], ...], str, bool], ...] = (
    ((PrivateAddressError,), "redirected into a private network; not followed", False),
    ((ssl.SSLCertVerificationError,), "its certificate cannot be verified; nothing was read", True),
    ((ssl.SSLError,), "no encrypted connection could be made", True),
    ((socket.gaierror,), "this host is not found; are you online?", True),
    ((TimeoutError,), "no complete answer within {seconds:g} s", True),
    ((OSError,), "no connection, or it broke off; try again later", True),
    ((HTTPException, zlib.error, ValueError), "the answer is damaged, or no HTTP at all", True),
)
"""What may go wrong, what people are told, and whether a later try may succeed. The first that fits holds."""


class _Exchange:
    """A request with its redirects, one connection after the other.

    `run` is called once, in a thread of its own; the thread that waits for it may call `abandon`.
    """

    def __init__(self, request: HttpRequest, seconds: float) -> None:
        self.request = request
        self.seconds = seconds
        self.deadline = Deadline(time.monotonic() + seconds)
        self.connection: HTTPConnection | None = None
        self.response: HTTPResponse | None = None

    def run(self) -> HttpAnswer | FetchError:
        """Return the answer, or why there is none."""
        try:
            return self._follow()
        except FetchError as error:
            return error
        except (PrivateAddressError, OSError, HTTPException, zlib.error, ValueError) as error:
            return self.explain(error)
        finally:
            self._close()

    def explain(self, error: Exception) -> FetchError:
        """Return what a failure means to people."""
        words, passing = next((words, later) for kinds, words, later in _FAILURES if isinstance(error, kinds))
        return FetchError(f"{self.request.name}: {words.format(seconds=self.seconds)}", passing=passing)

    def abandon(self) -> None:
        """Break the connection, so that the thread ends soon."""
        sock = self.connection.sock if self.connection else None
        if sock is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                sock.shutdown(socket.SHUT_RDWR)

    def _follow(self) -> HttpAnswer:
        request = self.request
        place = urlsplit(request.url)
        first = _origin(place)
        for _ in range(REDIRECTS + 1):
            at_origin = _origin(place) == first
            response = self._send(place, request.authorization, at_origin=at_origin)
            if response.status == 401 and at_origin:
                digest = answer_challenges(
                    request.authorization,
                    response.headers.get_all("WWW-Authenticate") or [],
                    request.method,
                    _target(place, absolute=False),
                )
                if digest:
                    response = self._send(place, digest, at_origin=True)
            if response.status not in _MOVED or request.method in _CHANGES:
                return HttpAnswer(
                    status=response.status,
                    body=_read_body(response, request) if 200 <= response.status < 300 else b"",
                    headers={name.lower(): value for name, value in response.getheaders()},
                )
            place = _redirected(place, response, request)
        raise FetchError(f"{request.name}: redirected more than {REDIRECTS} times", passing=False)

    def _send(self, place: SplitResult, authorization: str, *, at_origin: bool) -> HTTPResponse:
        """Ask over a new connection. Headers and credentials of the request go to its origin alone."""
        self._close()
        headers = {
            "User-Agent": f"lastresort/{__version__}",
            "Accept": "text/calendar, */*;q=0.5",
            "Accept-Encoding": "identity" if self.request.identity else "gzip",
            "Connection": "close",
        }
        if at_origin:
            headers |= self.request.headers
            if authorization:
                headers["Authorization"] = authorization
        proxy = find_proxy(place)
        anywhere = at_origin or _is_encrypted_origin(place, urlsplit(self.request.url))
        self.connection = connect(place, proxy, self.deadline, anywhere=anywhere)
        asks_proxy = proxy is not None and place.scheme == "http"
        if asks_proxy:
            headers |= introduce(proxy)
        target = _target(place, absolute=asks_proxy)
        self.connection.request(self.request.method, target, self.request.body or None, headers)
        self.response = self.connection.getresponse()
        return self.response

    def _close(self) -> None:
        for end in (self.response, self.connection):
            if end is not None:
                end.close()


def _is_encrypted_origin(place: SplitResult, named: SplitResult) -> bool:
    """Tell whether a place is the host that the user named, at the usual port for https instead of http.

    Other ports of it may be services that a feed has no business with.
    """
    host = (named.hostname or "").lower()
    usual = [(scheme, host, PORTS[scheme]) for scheme in ("http", "https")]
    return [_origin(named), _origin(place)] == usual


def _redirected(place: SplitResult, response: HTTPResponse, request: HttpRequest) -> SplitResult:
    """Return where a redirect leads. Plain http is followed where the request allows it, or began there."""
    location = response.getheader("Location") or "none:"  # refused below, like any other scheme
    target = urlsplit(urljoin(place.geturl(), location))
    if target.scheme in {"webcal", "webcals"}:
        target = target._replace(scheme="https")
    plain = target.scheme == "http" and (
        request.allow_http or _origin(target) == _origin(urlsplit(request.url))
    )
    if not target.hostname or not (target.scheme == "https" or plain):
        raise FetchError(f"{request.name}: redirected to an address that is not followed", passing=False)
    return target


def _read_body(response: HTTPResponse, request: HttpRequest) -> bytes:
    """Return the whole body, its Content-Encoding undone. No more than the limit is ever held."""
    encoding = (response.getheader("Content-Encoding") or "").strip().lower()
    packed = encoding not in {"", "identity"}
    if packed and encoding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(f"{request.name}: the answer is packed in a way that was not asked for")
    too_large = FetchError(f"{request.name}: {larger_than(request.limit)}", passing=False)
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    parts: list[bytes] = []
    received = size = 0
    while chunk := response.read(_CHUNK):
        received += len(chunk)
        if received > request.limit:
            raise too_large
        while chunk and not unpacker.eof:
            part = unpacker.decompress(chunk, request.limit + 1 - size) if packed else chunk
            size += len(part)
            if size > request.limit:
                raise too_large
            parts.append(part)
            chunk = unpacker.unconsumed_tail if packed else b""
    if response.length or (packed and not unpacker.eof):
        raise FetchError(f"{request.name}: the answer broke off; try again later")
    return b"".join(parts)


def _origin(place: SplitResult) -> tuple[str, str, int]:
    return place.scheme, (place.hostname or "").lower(), place.port or PORTS.get(place.scheme, 0)


def _target(place: SplitResult, *, absolute: bool) -> str:
    """Return what stands in the request line; a proxy for plain http wants the whole address."""
    query = f"?{quote(place.query, safe=_IN_PATH + '?')}" if place.query else ""
    path = quote(place.path or "/", safe=_IN_PATH) + query
    return f"{place.scheme}://{place.netloc.rpartition('@')[2]}{path}" if absolute else path
