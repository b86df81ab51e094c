"""A CalDAV server of our own that misbehaves on purpose, and its calendar in memory."""

from __future__ import annotations

import hashlib
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lastresort.sources.connection import basic
from servers import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER, PASSWORD = "me", "hunter2-secret"
HOME = "/dav/me/"
CALENDAR = f"{HOME}work/"
XML = (
    '<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{}</multistatus>'
)


@dataclass
class Store:
    """What the server holds, how it behaves, and what it was asked.

    `on_change` sees each PUT and DELETE by its number, from 1: a status to answer with after doing nothing;
    `status + 1000` to carry it out first; "mangle" to store something else; "break" to close the connection;
    "break-after" to close it when it was carried out; `None` to behave.
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    on_change: Callable[[int, str, str], object] = lambda number, method, path: None
    listing: str = "whole"
    etag: Callable[[bytes], str] = lambda data: f'"{hashlib.md5(data).hexdigest()}"'
    rewrite: Callable[[bytes], bytes] = lambda data: data
    digest: str = ""
    """The algorithm of Digest authentication; empty for Basic."""
    anonymous: bool = False
    """Nobody is asked who they are."""
    nonces: set[str] = field(default_factory=set)
    changes: int = 0
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


def reordered(data: bytes) -> bytes:
    """The object as another library would write it: properties in another order, and a stamp of its own."""
    head, *events = data.split(b"BEGIN:VEVENT\r\n")
    rewritten = []
    for event in events:
        body, end, tail = event.partition(b"END:VEVENT\r\n")
        lines = sorted(line for line in body.replace(b"\r\n ", b"").split(b"\r\n") if line)
        rewritten.append(b"\r\n".join([*lines, b""]) + end + tail)
    return b"BEGIN:VEVENT\r\n".join([head.replace(b"//test//", b"//server//"), *rewritten])


class Handler(BaseHTTPRequestHandler):
    """Answers from the store of its server."""

    server: Server

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self) -> bytes | None:
        """Take the request; `None` when it was refused."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        store = self.server.store
        store.asked.append((self.command, self.path, dict(self.headers)))
        given = self.headers.get("Authorization") or ""
        if store.digest:
            if not self.knows_digest(given):
                self.answer(401, WWW_Authenticate=self.challenge())
                return None
        elif not store.anonymous and given != basic(USER, PASSWORD):
            self.answer(401, WWW_Authenticate='Basic realm="dav"')
            return None
        return body

    def challenge(self) -> str:
        nonce = f"n{len(self.server.store.nonces)}"
        self.server.store.nonces.add(nonce)
        algorithm = self.server.store.digest
        extra = "" if algorithm == "old" else f', qop="auth-int,auth", algorithm={algorithm}, opaque="o, p"'
        return f'Basic realm="x", Digest realm="d \\"a\\" v", nonce="{nonce}"{extra}'

    def knows_digest(self, given: str) -> bool:
        """As RFC 7616 3.4.1 has it; each nonce is good for one request."""
        if not given.startswith("Digest "):
            return False
        parts = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', given)) | dict(
            re.findall(r"(\w+)=([^\",]+)", given)
        )
        store = self.server.store
        if parts.get("nonce") not in store.nonces or parts.get("uri") != self.path:
            return False
        store.nonces.discard(parts["nonce"])
        store.nonces.add(f"used-{parts['nonce']}")
        plain = store.digest == "old"
        algorithm = "MD5" if plain else store.digest

        def digest(text: str) -> str:
            return hashlib.new("sha256" if "256" in algorithm else "md5", text.encode()).hexdigest()

        realm = parts["realm"].replace('\\"', '"')
        secret = digest(f"{USER}:{realm}:{PASSWORD}")
        if algorithm.endswith("-sess"):
            secret = digest(f"{secret}:{parts['nonce']}:{parts['cnonce']}")
        middle = (
            parts["nonce"] if plain else ":".join(parts[name] for name in ("nonce", "nc", "cnonce", "qop"))
        )
        return parts["response"] == digest(f"{secret}:{middle}:{digest(f'{self.command}:{self.path}')}")

    def do_GET(self) -> None:
        if self.begin() is None:
            return
        store = self.server.store
        data = store.objects.get(self.path)
        if data is None:
            self.answer(404)
            return
        etag = store.etag(data)
        if "gzip" in (self.headers.get("Accept-Encoding") or ""):
            packed = zlib.compressobj(wbits=31)
            body = packed.compress(data) + packed.flush()
            self.answer(200, body, ETag=etag[:-1] + '-gzip"', Content_Encoding="gzip")
        else:
            self.answer(200, data, **({"ETag": etag} if etag else {}))

    def do_PUT(self) -> None:
        self.change()

    def do_DELETE(self) -> None:
        self.change()

    def change(self) -> None:
        body = self.begin()
        if body is None:
            return
        store = self.server.store
        store.changes += 1
        how = store.on_change(store.changes, self.command, self.path)
        old = store.objects.get(self.path)
        match = self.headers.get("If-Match")
        new = self.headers.get("If-None-Match")
        if (match and (old is None or match != store.etag(old))) or (new and old is not None):
            self.answer(412)
            return
        late = isinstance(how, int) and how >= 1000
        if how is None or late or how in ("mangle", "break-after"):
            if self.command == "DELETE":
                store.objects.pop(self.path, None)
            else:
                wrong = b"DTSTART:19990101T000000Z\r\n"
                data = re.sub(rb"DTSTART[^\r]*\r\n", wrong, body) if how == "mangle" else body
                store.objects[self.path] = store.rewrite(data)
        if how in ("break", "break-after"):
            self.close_connection = True
            return
        status = (how % 1000 if isinstance(how, int) else 0) or (201 if old is None else 204)
        self.answer(status)

    def do_PROPFIND(self) -> None:
        if self.begin() is None:
            return
        path = self.path.rstrip("/") + "/"
        kinds = {
            "/dav/": "<collection/>",
            HOME: "<collection/><principal/>",
            CALENDAR: "<collection/><C:calendar/>",
        }
        if path not in kinds:
            if self.server.store.listing == "anything is a folder":
                kinds[path] = "<collection/>"
            else:
                self.answer(404)
                return
        home = f"<current-user-principal><href>{HOME}</href></current-user-principal>"
        home += f"<C:calendar-home-set><href>{HOME}</href></C:calendar-home-set>"
        paths = [path, *([CALENDAR] if path == HOME and self.headers.get("Depth") == "1" else [])]
        rows = "".join(
            f"<response><href>{each}</href><propstat><prop><resourcetype>{kinds[each]}</resourcetype>"
            f"<displayname>Work</displayname>{home}</prop><status>HTTP/1.1 200 OK</status></propstat>"
            "</response>"
            for each in paths
        )
        self.answer(207, XML.format(rows).encode(), Content_Type="application/xml")

    def do_REPORT(self) -> None:
        if self.begin() is None:
            return
        store, listing = self.server.store, self.server.store.listing
        if listing == "a page":
            self.answer(200, b"<html><body>Please sign in</body></html>", Content_Type="text/html")
            return
        rows = []
        for number, (path, data) in enumerate(sorted(store.objects.items())):
            first = number == 0
            value = f"<C:calendar-data>{escape(data.decode())}</C:calendar-data>"
            if listing == "no data" or (first and listing == "one without data"):
                value = ""
            if first and listing == "empty data":
                value = "<C:calendar-data/>"
            if first and listing in ("404", "500"):
                rows.append(f"<response><href>{path}</href><status>HTTP/1.1 {listing} x</status></response>")
                continue
            if first and listing == "data 403":
                rows.append(
                    f'<response><href>{path}</href><propstat><prop><getetag>"1"</getetag></prop>'
                    "<status>HTTP/1.1 200 OK</status></propstat><propstat><prop><C:calendar-data/></prop>"
                    "<status>HTTP/1.1 403 Forbidden</status></propstat></response>"
                )
                continue
            if first and listing == "cut":
                continue
            rows.append(
                f"<response><href>{path}</href><propstat><prop><getetag>{escape(store.etag(data))}</getetag>"
                f"{value}</prop><status>HTTP/1.1 200 OK</status></propstat></response>"
            )
        if listing == "cut":
            rows.append(
                f"<response><href>{CALENDAR}</href><status>HTTP/1.1 507 Insufficient Storage</status>"
                "</response>"
            )
        if listing == "with itself":
            rows.append(
                f"<response><href>{CALENDAR}</href><propstat><prop><C:calendar-data/></prop>"
                "<status>HTTP/1.1 404 Not Found</status></propstat></response>"
            )
        self.answer(207, XML.format("".join(rows)).encode(), Content_Type="application/xml")


class Server(ThreadingHTTPServer):
    """The store behind an address."""

    daemon_threads = True

    def __init__(self, store: Store) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = store

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections break on purpose here."""

    def spec(self, path: str = CALENDAR, password: str = PASSWORD) -> str:
        """The source, as a user gives it."""
        return f"caldav+http://{USER}:{password}@127.0.0.1:{self.server_port}{path}"


@contextmanager
def misbehaving(objects: dict[str, bytes]) -> Iterator[Server]:
    """Run the server while the block runs; objects are named by their leaves."""
    store = Store({CALENDAR + leaf: data for leaf, data in objects.items()})
    with in_thread(Server(store)) as server:
        yield server
