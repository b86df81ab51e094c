"""Objects on CalDAV servers: changed only while they are what was read, by strong ETags (RFC 4791 5.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from lastresort.changes.disk import OvertakenError, UnsureError
from lastresort.errors import RefusedError
from lastresort.sources import label
from lastresort.sources.fetch import Answer, FetchError, Request, fetch
from lastresort.sources.url import authorization, clean_address, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lastresort.sources.interface import Reading

_GONE = (404, 410)
_FULL = (413, 507)
_DONE = (200, 201, 204)
_TYPE = "text/calendar; charset=utf-8"


class Account(NamedTuple):
    """A `caldav+https://` source, and how its server learns who asks."""

    spec: str
    reading: Reading


class Server:
    """The objects of several accounts, by address (`caldav+https://host/path`, without credentials)."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._accounts = accounts
        self._known: dict[Account, str] = {}
        self._etags: dict[str, str] = {}
        self._prepared: dict[tuple[str, str], bytes] = {}

    def read(self, path: str) -> bytes | None:
        """Return the whole object, `None` for none. Raises FetchError, RefusedError without strong ETag."""
        answer = self._ask("GET", path)
        self._etags.pop(path, None)
        if answer.status in _GONE:
            return None
        if answer.status != 200:
            raise refusal(label(path), answer.status)
        etag = answer.headers.get("etag", "")
        if not (etag.startswith('"') and etag.endswith('"') and len(etag) > 1 and etag.isascii()):
            raise RefusedError(
                f"{label(path)}: gives no strong ETag, so a change could hurt another's; nothing was changed"
            )
        self._etags[path] = etag
        return answer.body

    def prepare(self, path: str, data: bytes, token: str) -> None:
        """Keep the new bytes until they are sent."""
        self._prepared[path, token] = data

    def replace(self, path: str, before: bytes | None, token: str) -> bool:
        """Read once more, compare, and PUT on condition of the ETag. Raises OvertakenError."""
        data = self._prepared.pop((path, token))
        return self._change("PUT", path, before, data)

    def remove(self, path: str, before: bytes) -> bool:
        """Read once more, compare, and DELETE on condition of the ETag."""
        return self._change("DELETE", path, before, b"")

    def discard(self, path: str, token: str) -> None:
        """Forget what was not sent."""
        self._prepared.pop((path, token), None)

    def _change(self, method: str, path: str, before: bytes | None, data: bytes) -> bool:
        if self.read(path) != before:  # also where a server gives old ETags to new bytes
            raise _overtaken(path)
        condition = {"If-None-Match": "*"} if before is None else {"If-Match": self._etags[path]}
        try:
            answer = self._ask(
                method, path, data, {"Content-Type": _TYPE, **condition} if data else condition
            )
        except FetchError:
            return self._find_out(path, before)
        if answer.status in _DONE:
            return True
        if answer.status == 412:
            raise _overtaken(path)
        if answer.status in _FULL:
            raise RefusedError(f"{label(path)}: has no room for the change; nothing was changed")
        raise RefusedError(f"{label(path)}: refuses the change (status {answer.status}); nothing was changed")

    def _find_out(self, path: str, before: bytes | None) -> bool:
        """After a broken connection: is the object still what it was? Returns False when it is not."""
        try:
            now = self.read(path)
        except FetchError:
            raise UnsureError(
                f"{label(path)}: the connection broke; whether the change arrived is not known; check again"
            ) from None
        if now == before:
            raise RefusedError(f"{label(path)}: the connection broke before the change arrived; try again")
        return False

    def _ask(
        self, method: str, path: str, data: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        account = self._account(path)
        name, reading = label(path), account.reading
        if account not in self._known:
            self._known[account] = authorization(account.spec, name, reading)
        url = clean_address(path.partition("+")[2], name, reading)
        known, limit = self._known[account], reading.limits.file_bytes
        return fetch(Request(url, name, limit, known, headers or {}, reading.allow_http, method, data))

    def _account(self, path: str) -> Account:
        for account in self._accounts:
            if _origin(account.spec) == _origin(path):
                return account
        raise RefusedError(
            f"{label(path)}: no calendar of that server is configured, so nobody is known to ask as"
        )


def _origin(address: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port


def _overtaken(path: str) -> OvertakenError:
    return OvertakenError(
        f"{label(path)}: another program has changed the event meanwhile; nothing was changed, try again"
    )
