"""One HTTP request, bounded in time, size and reach (RFC 9110)."""

from __future__ import annotations

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
from lastresort.sources.connection import PORTS, Deadline, PrivateAddressError, connect, find_proxy
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


class Request(NamedTuple):
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


class Answer(NamedTuple):
    """A status, the headers by their lower-case names, and where the status is of success the whole body."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def fetch(request: Request, seconds: float = SECONDS) -> Answer:
    """Return the answer of a server. Raises FetchError; its text names the host and nothing the server said.

    Looking up a name cannot be bounded from inside, so that the work is done in a thread of its own.
    """
    worker = _Worker(request, seconds)
    worker.start()
    worker.join(seconds)
    if worker.is_alive():
        worker.abandon()
        raise worker.too_late
    if worker.answer is None:
        raise worker.failure or FetchError(f"{request.name}: cannot be asked")
    return worker.answer


class _Worker(threading.Thread):
    """Follows redirects up to an answer or a failure."""

    def __init__(self, request: Request, seconds: float) -> None:
        super().__init__(daemon=True)
        self.request = request
        self.deadline = Deadline(time.monotonic() + seconds)
        self.too_late = FetchError(f"{request.name}: no complete answer within {seconds:g} s")
        self.answer: Answer | None = None
        self.failure: FetchError | None = None
        self.connection: HTTPConnection | None = None
        self.response: HTTPResponse | None = None

    def run(self) -> None:
        name = self.request.name
        try:
            self.answer = self._follow()
        except FetchError as error:
            self.failure = error
        except PrivateAddressError:
            self.failure = FetchError(
                f"{name}: redirected into a private network; not followed", passing=False
            )
        except ssl.SSLCertVerificationError:
            self.failure = FetchError(f"{name}: its certificate cannot be verified; nothing was read")
        except ssl.SSLError:
            self.failure = FetchError(f"{name}: no encrypted connection could be made")
        except socket.gaierror:
            self.failure = FetchError(f"{name}: this host is not found; are you online?")
        except TimeoutError:
            self.failure = self.too_late
        except OSError:
            self.failure = FetchError(f"{name}: no connection, or it broke off; try again later")
        except (HTTPException, zlib.error, ValueError):
            self.failure = FetchError(f"{name}: the answer is damaged, or no HTTP at all")
        finally:
            self._close()

    def abandon(self) -> None:
        """Break the connection, so that the thread ends soon."""
        sock = self.connection.sock if self.connection else None
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def _follow(self) -> Answer:
        parts = urlsplit(self.request.url)
        first = _origin(parts)
        for _ in range(REDIRECTS + 1):
            same = _origin(parts) == first
            response = self._ask(parts, self.request.authorization, same=same)
            if response.status == 401 and same:
                response = self._ask_by_digest(parts, response)
            if response.status not in _MOVED or self.request.method in _CHANGES:
                return self._take(response)
            parts = self._next(parts, response, first)
        raise FetchError(f"{self.request.name}: redirected more than {REDIRECTS} times", passing=False)

    def _next(self, parts: SplitResult, response: HTTPResponse, first: tuple[str, str, int]) -> SplitResult:
        self._close()
        location = response.getheader("Location") or "none:"  # refused below, like any other scheme
        target = urlsplit(urljoin(parts.geturl(), location))
        target = target._replace(scheme=_scheme(target.scheme))
        plain = target.scheme == "http" and (self.request.allow_http or _origin(target) == first)
        if not target.hostname or not (target.scheme == "https" or plain):
            raise FetchError(
                f"{self.request.name}: redirected to an address that is not followed", passing=False
            )
        return target

    def _ask_by_digest(self, parts: SplitResult, refused: HTTPResponse) -> HTTPResponse:
        """The response to a second try where the server wants Digest instead of Basic; else the first one."""
        authorization = answer_challenges(
            self.request.authorization,
            refused.headers.get_all("WWW-Authenticate") or [],
            self.request.method,
            _target(parts, absolute=False),
        )
        if not authorization:
            return refused
        self._close()
        return self._ask(parts, authorization, same=True)

    def _ask(self, parts: SplitResult, authorization: str, *, same: bool) -> HTTPResponse:
        """The response. Credentials go to the origin they were given for, and no further."""
        headers = {
            "User-Agent": f"lastresort/{__version__}",
            "Accept": "text/calendar, */*;q=0.5",
            "Accept-Encoding": "identity" if self.request.identity else "gzip",
            "Connection": "close",
        }
        if same:
            headers |= self.request.headers
            if authorization:
                headers["Authorization"] = authorization
        proxy = find_proxy(parts)
        self.connection = connect(parts, proxy, self.deadline, anywhere=same)
        target = _target(parts, absolute=proxy is not None and parts.scheme == "http")
        self.connection.request(self.request.method, target, self.request.body or None, headers)
        self.response = self.connection.getresponse()
        return self.response

    def _take(self, response: HTTPResponse) -> Answer:
        body = self._read(response) if 200 <= response.status < 300 else b""
        return Answer(response.status, body, {name.lower(): value for name, value in response.getheaders()})

    def _read(self, response: HTTPResponse) -> bytes:
        """The body, unpacked and whole."""
        unpack = _Unpacker(response.getheader("Content-Encoding") or "", self.request)
        raw = 0
        while chunk := response.read(_CHUNK):
            raw += len(chunk)
            if raw > self.request.limit:
                raise _too_large(self.request)
            unpack.feed(chunk)
        if response.length or not unpack.complete:
            raise FetchError(f"{self.request.name}: the answer broke off; try again later")
        return b"".join(unpack.parts)

    def _close(self) -> None:
        for end in (self.response, self.connection):
            if end is not None:
                end.close()


class _Unpacker:
    """Undoes Content-Encoding without ever holding more than the limit."""

    def __init__(self, encoding: str, request: Request) -> None:
        self.request = request
        self.parts: list[bytes] = []
        self.size = 0
        self.packed = encoding.strip().lower() not in {"", "identity"}
        if self.packed and encoding.strip().lower() not in {"gzip", "x-gzip", "deflate"}:
            raise FetchError(f"{request.name}: the answer is packed in a way that was not asked for")
        self.engine = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body. Raises FetchError when there are too many."""
        while chunk and not self.engine.eof:
            part = self.engine.decompress(chunk, self.request.limit + 1 - self.size) if self.packed else chunk
            self.size += len(part)
            if self.size > self.request.limit:
                raise _too_large(self.request)
            self.parts.append(part)
            chunk = self.engine.unconsumed_tail if self.packed else b""

    @property
    def complete(self) -> bool:
        """Tell whether the packed stream has ended as it should."""
        return self.engine.eof or not self.packed


def _too_large(request: Request) -> FetchError:
    return FetchError(f"{request.name}: {larger_than(request.limit)}", passing=False)


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    return parts.scheme, (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme, 0)


def _target(parts: SplitResult, *, absolute: bool) -> str:
    """What stands in the request line; a proxy for plain http wants the whole address."""
    query = f"?{quote(parts.query, safe=_IN_PATH + '?')}" if parts.query else ""
    path = quote(parts.path or "/", safe=_IN_PATH) + query
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}" if absolute else path


def _scheme(scheme: str) -> str:
    return "https" if scheme in {"webcal", "webcals"} else scheme
