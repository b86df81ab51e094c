"""Who may ask the served page: its own page, after its own start, and nobody else."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pytest
from pages import NOW, calendar_of, desk_at, served

from lastresort.web.server import AT_ONCE, COOKIE, HOST, PAGE, QUESTION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from lastresort.web.server import PageServer

JSON = "application/json"


@pytest.fixture
def server() -> Iterator[PageServer]:
    with served(desk_at(NOW["last-resort"])) as running:
        yield running


class Got(NamedTuple):
    status: int
    headers: Message
    body: bytes


def send(
    server: PageServer, method: str, path: str, headers: dict[str, str | None], body: bytes = b""
) -> Got:
    """Send one request as it stands; a header that is `None` is left out."""
    own: dict[str, str | None] = {"Host": f"{HOST}:{server.server_port}"}
    if method == "POST":
        own |= {"Origin": server.origin, "Content-Type": JSON, "Content-Length": str(len(body))}
    with closing(HTTPConnection(HOST, server.server_port, timeout=20)) as connection:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {**own, **headers}.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        with connection.getresponse() as answer:
            return Got(answer.status, answer.headers, answer.read())


def cookie(server: PageServer) -> dict[str, str | None]:
    return {"Cookie": f"{COOKIE}={server.door.secret}"}


def test_the_token_is_exchanged_for_a_cookie_once(server: PageServer) -> None:
    path = server.start.removeprefix(server.origin)
    answer = send(server, "GET", path, {})
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    given = answer.headers["Set-Cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Strict" in given
    assert server.door.token not in given
    assert send(server, "GET", path, {}).status == 403
    assert send(server, "GET", path, cookie(server)).status == 303


@pytest.mark.parametrize("token", ["", "wrong", "ü"])
def test_another_token_opens_nothing(server: PageServer, token: str) -> None:
    assert send(server, "GET", f"/start?token={quote(token)}", {}).status == 403
    assert not server.door.used


@pytest.mark.parametrize("path", PAGE)
def test_the_files_of_the_page_are_for_those_who_came_in(server: PageServer, path: str) -> None:
    assert send(server, "GET", path, {}).status == 403
    answer = send(server, "GET", path, cookie(server))
    assert answer.status == 200
    assert answer.body


def test_every_answer_forbids_what_the_page_does_not_need(server: PageServer) -> None:
    for answer in (send(server, "GET", "/", cookie(server)), send(server, "GET", "/", {})):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Access-Control-Allow-Origin"] is None


def test_the_page_has_no_script_or_style_of_its_own_and_nothing_from_elsewhere(server: PageServer) -> None:
    page = send(server, "GET", "/", cookie(server)).body.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style| style=| on\w+=", page) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []


WRONG = {
    "no cookie": {"Cookie": None},
    "another cookie": {"Cookie": f"{COOKIE}=guess"},
    "a broken cookie": {"Cookie": f"{COOKIE}=\x01; =;;"},
    "no origin": {"Origin": None},
    "another site": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "no page at all": {"Origin": "null"},
    "another site's fetch": {"Sec-Fetch-Site": "cross-site"},
    "a sibling's fetch": {"Sec-Fetch-Site": "same-site"},
    "another name": {"Host": "evil.example"},
    "a name that leads here": {"Host": "localtest.example:80"},
    "no name": {"Host": None},
    "a form's text": {"Content-Type": "text/plain"},
    "a form": {"Content-Type": "application/x-www-form-urlencoded"},
}


@pytest.mark.parametrize("case", WRONG)
def test_nobody_else_can_ask(server: PageServer, case: str) -> None:
    headers: dict[str, str | None] = {**cookie(server), **WRONG[case]}
    assert send(server, "POST", "/ask/answer", headers, b"{}").status in (403, 415, 421)
    assert send(server, "POST", "/ask/answer", cookie(server), b"{}").status == 200


def test_another_page_cannot_bring_somebody_in_by_a_frame_or_fetch(server: PageServer) -> None:
    path = server.start.removeprefix(server.origin)
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert send(server, "GET", path, {**foreign}).status == 403
    assert not server.door.used
    assert send(server, "GET", path, {**foreign, "Sec-Fetch-Mode": "navigate"}).status == 303


def test_a_file_and_a_question_are_answered(server: PageServer) -> None:
    raw = {**cookie(server), "Content-Type": "application/octet-stream"}
    answer = send(server, "POST", "/ask/add?name=c.ics", raw, calendar_of("last-resort"))
    assert answer.status == 200
    assert b"Fairmont" in answer.body
    saved = send(server, "POST", "/ask/save", cookie(server), b'{"kind": "mail", "number": "1"}')
    assert saved.headers["X-File-Name"] == "letter.eml"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Length": None}, b"", 411),
        ({"Content-Length": None, "Transfer-Encoding": "chunked"}, b"0\r\n\r\n", 411),
        ({"Transfer-Encoding": "chunked"}, b"{}", 411),
        ({"Content-Length": "-1"}, b"", 411),
        ({"Content-Length": "9" * 40}, b"", 413),
        ({"Content-Length": str(QUESTION + 1)}, b"", 413),
        ({}, b"[]", 400),
        ({}, b'{"a": {}}', 400),
    ],
)
def test_what_is_no_question_is_refused(
    server: PageServer, headers: dict[str, str | None], body: bytes, status: int
) -> None:
    assert send(server, "POST", "/ask/answer", {**cookie(server), **headers}, body).status == status


def test_how_large_a_question_may_be_is_said(server: PageServer) -> None:
    answer = send(server, "POST", "/ask/answer", {**cookie(server), "Content-Length": str(QUESTION + 1)}, b"")
    assert b"at most 1 MB" in answer.body


@pytest.mark.parametrize(
    "path", ["/ask/delete", "/ask/", "/ask/../page.js", "/%2e%2e/secrets", "/page/index.html"]
)
def test_there_is_nothing_else(server: PageServer, path: str) -> None:
    assert send(server, "POST", path, cookie(server), b"{}").status in (400, 404)
    assert send(server, "GET", path, cookie(server)).status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "HEAD"])
def test_there_is_no_other_method(server: PageServer, method: str) -> None:
    assert send(server, method, "/", cookie(server)).status == 501


def test_what_breaks_inside_is_told_without_what_it_says(
    server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Interview at Globex")

    monkeypatch.setattr(server.desk, "ask", broken)
    answer = send(server, "POST", "/ask/answer", cookie(server), b"{}")
    assert answer.status == 500
    assert b"Globex" not in answer.body


def test_no_more_connections_are_answered_at_once_than_there_are_places(
    server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    class Places:
        def __enter__(self) -> None:
            taken.append("taken")

        def __exit__(self, *_: object) -> None:
            taken.append("given back")

    assert server._places._value == AT_ONCE == 16
    monkeypatch.setattr(server, "_places", Places())
    assert send(server, "GET", "/page.js", cookie(server)).status == 200
    assert taken[0] == "taken"


def test_it_listens_on_this_computer_alone(server: PageServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "data", [b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 70_000]
)
def test_what_is_no_http_costs_nothing(
    server: PageServer, data: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection((HOST, server.server_port), timeout=20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    assert send(server, "GET", "/", cookie(server)).status == 200
    assert tuple(capfd.readouterr()) == ("", "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_the_command_prints_the_address_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, "-m", "lastresort", "serve", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        first = running.stdout.readline()
        assert re.search(r"http://127\.0\.0\.1:\d+/start\?token=[\w-]{40,}", first)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert told == "lastresort: stopped; the page is closed\n"


def test_a_port_that_is_taken_is_told(server: PageServer) -> None:
    command = [sys.executable, "-m", "lastresort", "serve", "--no-open", "--port", str(server.server_port)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)
