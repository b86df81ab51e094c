"""Objects on CalDAV servers: changed only while they are what was read, by strong ETags (RFC 4791 5.3.4)."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from lastresort.changes.disk import OvertakenError, UnsureError
from lastresort.changes.meaning import meaning
from lastresort.errors import LastResortError, RefusedError
from lastresort.sources import label
from lastresort.sources.addresses import user_of
from lastresort.sources.connection import basic
from lastresort.sources.fetch import FetchError, HttpAnswer, HttpRequest, fetch
from lastresort.sources.url import authorization, clean_address, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lastresort.sources.interface import ServerOptions

_GONE = (404, 410)
_FULL = (413, 507)
_DONE = (200, 201, 204)
_LATE = (None, 408, 502, 503, 504)
"""Answers after which a change may still be carried out, a broken connection among them."""
_LOOKS = (0.0, 0.5, 1.5)
"""Seconds of waiting before each look at what lies there, when a change may still come."""
_STRONG = re.compile(r'"[!#-~]*"')
"""An entity tag (RFC 9110 8.8.3) of plain ASCII, without W/."""
_TYPE = "text/calendar; charset=utf-8"


class Account(NamedTuple):
    """A `caldav+https://` source, and how its server learns who asks."""

    spec: str
    options: ServerOptions
    ask: Callable[[str], str] | None = None
    """Asks a person for the password of a host, when the server wants one and none is known."""


class Server:
    """The objects of several accounts, by address (`caldav+https://host/path`, without credentials)."""

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._accounts = accounts
        self._known: dict[Account, str] = {}
        self._etags: dict[str, str] = {}
        self._prepared: dict[tuple[str, str], bytes] = {}

    def read(self, path: str) -> bytes | None:
        """Return the whole object, `None` for none. Raises FetchError, RefusedError without strong ETag."""
        data = self._get(path)
        if data is not None and not _STRONG.fullmatch(self._etags[path]):
            raise RefusedError(
                f"{label(path)}: gives no strong ETag, so a change could hurt another's; nothing was changed"
            )
        return data

    def prepare(self, path: str, data: bytes, token: str) -> None:
        """Keep the new bytes until they are sent."""
        self._prepared[path, token] = data

    def replace(self, path: str, before: bytes | None, token: str) -> bool:
        """Read once more, compare, and PUT on condition of the ETag. Raises OvertakenError."""
        return self._change(path, before, self._prepared.pop((path, token)))

    def remove(self, path: str, before: bytes) -> bool:
        """Read once more, compare, and DELETE on condition of the ETag."""
        return self._change(path, before, None)

    def discard(self, path: str, token: str) -> None:
        """Forget what was not sent."""
        self._prepared.pop((path, token), None)

    def _change(self, path: str, before: bytes | None, after: bytes | None) -> bool:
        if self.read(path) != before:  # also where a server gives old ETags to new bytes
            raise _overtaken(path)
        headers = {"If-None-Match": "*"} if before is None else {"If-Match": self._etags[path]}
        if after is None:
            method = "DELETE"
        else:
            method = "PUT"
            headers["Content-Type"] = _TYPE
        try:
            status = self._ask(method, path, after or b"", headers).status
        except FetchError:
            status = None
        return status in _DONE or self._find_out(path, before, after, status)

    def _find_out(self, path: str, before: bytes | None, after: bytes | None, status: int | None) -> bool:
        """Find out, by what lies there now, whether a change was made that was not plainly confirmed.

        Returns False when it was made. Raises RefusedError when it was not, UnsureError when it may come.
        """
        answered = "the connection broke" if status is None else f"the server answered with status {status}"
        may_come = status in _LATE
        for pause in _LOOKS if may_come else (0.0,):
            time.sleep(pause)
            try:
                now = self._get(path)
            except LastResortError:
                raise UnsureError(
                    f"{label(path)}: {answered}; whether the change arrived is not known; check again"
                ) from None
            if now != before:
                break
        if now != before:
            if now is after is None or (now and after and meaning(now) == meaning(after)):
                return False
            if may_come or (status or 0) >= 500:
                raise UnsureError(
                    f"{label(path)}: {answered}, and the event has changed, by this change or by another "
                    "program; check again"
                )
            raise _overtaken(path)
        if may_come:
            raise UnsureError(
                f"{label(path)}: {answered}; the event is as it was so far, but the change may still "
                "arrive: check again before you repeat it"
            )
        if status == 412:
            raise _overtaken(path)
        if status in _FULL:
            raise RefusedError(f"{label(path)}: has no room for the change; nothing was changed")
        raise RefusedError(f"{label(path)}: refuses the change (status {status}); nothing was changed")

    def _get(self, path: str) -> bytes | None:
        answer = self._ask("GET", path)
        self._etags[path] = answer.headers.get("etag", "")
        if answer.status in _GONE:
            return None
        if answer.status != 200:
            raise refusal(label(path), answer.status)
        return answer.body

    def _ask(
        self, method: str, path: str, data: bytes = b"", headers: dict[str, str] | None = None
    ) -> HttpAnswer:
        account = self._account(path)
        name, options = label(path), account.options
        known = account in self._known
        if not known:
            self._known[account] = authorization(account.spec, name, options)
        request = HttpRequest(
            url=clean_address(path.partition("+")[2], name, options),
            name=name,
            limit=options.limits.file_bytes,
            authorization=self._known[account],
            headers=headers or {},
            allow_http=options.allow_http,
            method=method,
            body=data,
            identity=True,
        )
        answer = fetch(request)
        if answer.status == 401 and account.ask and not known:
            self._known[account] = basic(user_of(account.spec), account.ask(name))
            answer = fetch(request._replace(authorization=self._known[account]))
        return answer

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
