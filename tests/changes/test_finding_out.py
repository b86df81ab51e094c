"""What is said of a change that a server did not confirm, for every answer and all that may lie there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lastresort.changes import caldav
from lastresort.changes.caldav import Account, Server
from lastresort.changes.disk import OvertakenError, UnsureError
from lastresort.errors import RefusedError
from lastresort.sources.fetch import FetchError, HttpAnswer
from lastresort.sources.interface import ServerOptions

if TYPE_CHECKING:
    from lastresort.sources.fetch import HttpRequest

BASE = "caldav+https://cal.example/me/work/"
PATH = BASE + "a.ics"
OLD, NEW, OTHER = (
    f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260505T{hour}0000Z\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    for hour in ("08", "09", "10")
)
REWRITTEN = NEW.replace(b"BEGIN:VEVENT\r\n", b"PRODID:server\r\nBEGIN:VEVENT\r\n")
LATE = (None, 408, 502, 503, 504)


class Place:
    """One object, and a server that answers `status` to a change of it."""

    def __init__(self, status: int | None, then: bytes | None, looks: int = 0, gone: int = 404) -> None:
        self.status, self.then, self.looks, self.gone = status, then, looks, gone
        self.holds: bytes | None = OLD
        self.changed = False
        self.waited: list[float] = []

    def fetch(self, request: HttpRequest) -> HttpAnswer:
        if request.method in ("PUT", "DELETE"):
            self.changed = True
            if self.status is None:
                raise FetchError("cal.example: the connection broke")
            return self.answer(self.status, b"")
        if self.changed:
            self.looks -= 1
            if self.looks < 0:
                self.holds = self.then
        if self.holds is None:
            return self.answer(self.gone, b"")
        return self.answer(200, self.holds)

    def answer(self, status: int, body: bytes) -> HttpAnswer:
        return HttpAnswer(status=status, headers={"etag": '"1"'}, body=body)


def change(monkeypatch: pytest.MonkeyPatch, place: Place, after: bytes | None = NEW) -> bool:
    monkeypatch.setattr(caldav, "fetch", place.fetch)
    monkeypatch.setattr(caldav.time, "sleep", place.waited.append)
    server = Server([Account(BASE, ServerOptions())])
    if after is None:
        return server.remove(PATH, OLD)
    server.prepare(PATH, after, "1-0")
    return server.replace(PATH, OLD, "1-0")


@pytest.mark.parametrize("status", [None, 302, 400, 403, 408, 412, 413, 500, 502, 503, 504, 507])
@pytest.mark.parametrize("then", [NEW, REWRITTEN])
def test_what_arrived_is_done_but_not_confirmed(
    monkeypatch: pytest.MonkeyPatch, status: int | None, then: bytes
) -> None:
    place = Place(status, then)
    assert not change(monkeypatch, place)
    assert place.waited == [0.0]


@pytest.mark.parametrize("status", [200, 201, 204])
def test_what_is_confirmed_is_not_looked_into(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    place = Place(status, NEW)
    assert change(monkeypatch, place)
    assert place.waited == []


@pytest.mark.parametrize("gone", [404, 410])
def test_what_is_gone_was_taken_away(monkeypatch: pytest.MonkeyPatch, gone: int) -> None:
    assert not change(monkeypatch, Place(504, None, gone=gone), after=None)


@pytest.mark.parametrize("status", LATE)
def test_a_late_change_is_waited_for_and_may_still_come(
    monkeypatch: pytest.MonkeyPatch, status: int | None
) -> None:
    arrives = Place(status, NEW, looks=1)
    assert not change(monkeypatch, arrives)
    assert arrives.waited == [0.0, 0.5]
    never = Place(status, OLD)
    answered = "the connection broke" if status is None else f"answered with status {status}"
    with pytest.raises(UnsureError, match=f"{answered}; the event is as it was so far"):
        change(monkeypatch, never)
    assert never.waited == [0.0, 0.5, 1.5]


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, RefusedError, "status 400"),
        (403, RefusedError, "status 403"),
        (500, RefusedError, "status 500"),
        (412, OvertakenError, "another program"),
        (413, RefusedError, "no room"),
        (507, RefusedError, "no room"),
    ],
)
def test_what_did_not_arrive_was_refused(
    monkeypatch: pytest.MonkeyPatch, status: int, kind: type[Exception], words: str
) -> None:
    place = Place(status, OLD)
    with pytest.raises(kind, match=words):
        change(monkeypatch, place)
    assert place.waited == [0.0]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, UnsureError) for status in (*LATE, 500, 501, 599)),
        *((status, OvertakenError) for status in (400, 403, 412, 499)),
    ],
)
@pytest.mark.parametrize("then", [OTHER, None])
def test_what_became_something_else_is_not_called_unchanged(
    monkeypatch: pytest.MonkeyPatch, status: int | None, kind: type[Exception], then: bytes | None
) -> None:
    with pytest.raises(kind) as told:
        change(monkeypatch, Place(status, then))
    assert type(told.value) is kind


def test_what_was_to_be_taken_away_and_was_changed_is_not_called_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(OvertakenError):
        change(monkeypatch, Place(403, OTHER), after=None)


def test_what_is_forgotten_is_not_sent() -> None:
    server = Server([Account(BASE, ServerOptions())])
    server.prepare(PATH, NEW, "1-0")
    server.discard(PATH, "1-0")
    with pytest.raises(KeyError):
        server.replace(PATH, OLD, "1-0")
