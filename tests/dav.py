"""Radicale and Xandikos on loopback, with one user and calendars that a test fills."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from lastresort.sources.connection import basic
from servers import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PASSWORD = "hunter2-secret"
MKCALENDAR = """<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>
<displayname>{name}</displayname></prop></set></C:mkcalendar>"""


def event(uid: str, start: str, *more: str) -> bytes:
    """A calendar object with one event of an hour, and a second component where `more` says so."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for extra in more or ("",):
        lines += ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z"]
        lines += [
            f"DTSTART:{start}",
            "DURATION:PT1H",
            f"SUMMARY:Über {uid}",
            *filter(None, [extra]),
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


class Quiet(WSGIRequestHandler):
    """Handles requests without a word."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(app: Callable[..., Any]) -> Iterator[str]:
    """Run a WSGI application on a free port; yield its host and port."""

    def bounded(environ: dict[str, Any], start: Any) -> Any:
        """Servers read a body to its end, which a plain socket never shows."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        return app({**environ, "wsgi.input": BytesIO(body)}, start)

    with in_thread(make_server("127.0.0.1", 0, bounded, handler_class=Quiet)) as server:
        yield f"127.0.0.1:{server.server_port}"


def send(method: str, address: str, body: bytes, kind: str = "text/calendar") -> None:
    headers = {"Content-Type": kind, "Authorization": basic("me", PASSWORD)}
    with urlopen(Request(address, body, headers, method=method), timeout=20) as answer:
        assert answer.status in {201, 204}


def radicale(folder: Path) -> tuple[Any, str]:
    config = pytest.importorskip("radicale.config")
    from radicale.app import Application

    (folder / "users").write_text(f"me:{PASSWORD}\n")
    (folder / "collections/collection-root/me").mkdir(parents=True)
    settings = config.load()
    users = {"type": "htpasswd", "htpasswd_filename": str(folder / "users"), "htpasswd_encryption": "plain"}
    storage = {"filesystem_folder": str(folder / "collections")}
    settings.update({"auth": {**users, "delay": "0"}, "storage": storage})
    return Application(settings), "/me"


def xandikos(folder: Path) -> tuple[Any, str]:
    web = pytest.importorskip("xandikos.web")
    backend = web.SingleUserFilesystemBackend(str(folder))
    backend.create_principal("/me/", create_defaults=False)
    backend._mark_as_principal("/me/")
    return web.XandikosApp(backend, current_user_principal="/me/").handle_wsgi_request, "/me/calendars"


def fill(place: str, home: str, calendars: dict[str, dict[str, bytes]]) -> None:
    for name, objects in calendars.items():
        send(
            "MKCALENDAR",
            f"http://{place}{home}/{name}/",
            MKCALENDAR.format(name=name.title()).encode(),
            "text/xml",
        )
        for leaf, body in objects.items():
            send("PUT", f"http://{place}{home}/{name}/{leaf}", body)
