"""Calendars on a CalDAV server (RFC 4791), through the `caldav` library and our own bounded requests.

The library finds the calendars. What it sends goes through `fetch`, so that time, size and the reach of
credentials are bounded as they are for feeds.
"""

from __future__ import annotations

import logging
import re
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from lastresort.errors import SourceError
from lastresort.model import Document, Problem
from lastresort.sources.fetch import SECONDS, FetchError, HttpAnswer, HttpRequest, fetch
from lastresort.sources.interface import Opened, in_memory, shown
from lastresort.sources.url import authorization, clean_address, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lastresort.model import Interval
    from lastresort.sources.interface import ServerOptions

RUN_SECONDS = 60.0
"""For all requests to one server together; each alone has as long as a feed."""
OBJECTS = 100_000
"""Events of one calendar that are taken."""

_FAMILIES = (".icloud.com",)
"""Apple spreads an account over hosts of this domain; credentials for one are meant for all."""
_EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//lastresort//empty calendar//EN\r\nEND:VCALENDAR\r\n"
_MARGIN = timedelta(days=1)
_GONE = (404, 410)
_CUT = 507
"""Insufficient Storage: in a list, that there was more than the server wanted to give (RFC 6578 3.6)."""
_CODE = re.compile(r"HTTP/[0-9.]+\s+([1-5][0-9][0-9])\b")
_DAV, _CAL = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_WHAT_IS_IT = '<propfind xmlns="DAV:"><prop><resourcetype/><displayname/></prop></propfind>'
_QUERY = """<C:calendar-query xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">\
<prop><getetag/><C:calendar-data/></prop><C:filter><C:comp-filter name="VCALENDAR">\
<C:comp-filter name="VEVENT">{range}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"""


class FoundCalendar(NamedTuple):
    """A calendar on the server."""

    url: str
    name: str


def open_caldav(spec: str, *, name: str, options: ServerOptions, window: Interval | None) -> Opened:
    """Return the events of the calendars at an address, each calendar a source, series unexpanded.

    The address may be that of one calendar, of the user, or of the server. With a `window` only what the
    server finds in it is sent, a day more on both sides. A document's `path` is its address, without
    credentials, its `version` the strong ETag. Raises SourceError when no calendar can be read.
    """
    if options.offline:
        raise SourceError(f"{name}: not asked (--offline); of CalDAV no copy is kept")
    url = clean_address(spec.partition("+")[2], name, options)
    session = _Session(url, name, authorization(spec, name, options), options)
    try:
        return _read(_open_client(url, name, session), url, name, window)
    except FetchError:
        raise
    except _unexpected() as error:
        raise session.failure or SourceError(
            f"{name}: no calendars were found there; give the address that the provider names for CalDAV"
        ) from error


def _open_client(url: str, name: str, session: _Session) -> Any:
    try:
        import caldav
    except ImportError:
        raise SourceError(f"{name}: CalDAV needs an extra; install 'lastresort[caldav]'") from None
    logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)  # it repeats what servers send
    make: Any = caldav.DAVClient
    client = make(url, enable_rfc6764=False, rate_limit_handle=False)
    client.session.close()
    client.session = session
    return client


def _unexpected() -> tuple[type[Exception], ...]:
    """Return what the library raises over unexpected answers: its own errors, and slips of Python's."""
    from caldav.lib.error import DAVError

    return DAVError, SyntaxError, ValueError, LookupError, AttributeError, TypeError, AssertionError


def _read(client: Any, url: str, name: str, window: Interval | None) -> Opened:
    documents: list[Document] = []
    problems: list[Problem] = []
    known: tuple[type[Exception], ...] = (FetchError, *_unexpected())
    calendars = _find_calendars(client, url, name)
    if not calendars:
        raise SourceError(f"{name}: the server shows no calendars to this user")
    for calendar, source in zip(calendars, _sources(calendars, name), strict=True):
        try:
            found, lost = _query(client, calendar, source, window)
            documents += found
            problems += lost
        except known as error:
            told = (
                str(error) if isinstance(error, FetchError) else f"{source}: the server's answer is damaged"
            )
            problems.append(Problem(source, "unread-calendar", told, lost=True))
    if not documents:
        raise SourceError(problems[0].message)
    return Opened(tuple(documents), tuple(problems))


# -- finding calendars --------------------------------------------------------------------------------------


def _find_calendars(client: Any, url: str, name: str) -> list[FoundCalendar]:
    """Return the calendar at the address, else those of the user it leads to (RFC 5397, 4791 6.2.1, 6764 5).

    An address leads to a user's calendars when it is the server's, the user's, or that of a folder above the
    calendars. Raises SourceError for any other: a mistyped one must not be answered with other calendars.
    """
    answer = client.propfind(url, _WHAT_IS_IT, depth=0)
    leads = not urlsplit(url).path.strip("/") or "/.well-known/" in url
    for response in _responses(answer):
        kind = response.find(f".//{_DAV}resourcetype")
        if kind is None or _status(response) >= 400:
            continue
        if kind.find(f"{_CAL}calendar") is not None:
            return [FoundCalendar(url, response.findtext(f".//{_DAV}displayname") or "")]
        leads = leads or kind.find(f"{_DAV}principal") is not None
    nowhere = SourceError(
        f"{name}: there is no calendar at this address; check it, or give the server's alone to read all of "
        "the user's calendars"
    )
    if not leads and answer.status in _GONE:
        raise nowhere
    calendars = _calendars_of(client) or _calendars_of_well_known(client, url)
    found = [FoundCalendar(str(calendar.url), calendar.get_display_name() or "") for calendar in calendars]
    if found and not leads and not any(_is_above(url, calendar.url) for calendar in found):
        raise nowhere
    return found


def _is_above(url: str, below: str) -> bool:
    path = unquote(urlsplit(url).path).rstrip("/") + "/"
    return unquote(urlsplit(below).path).startswith(path)


def _calendars_of(client: Any) -> list[Any]:
    try:
        return list(client.get_calendars())
    except FetchError:
        raise
    except _unexpected():
        return []


def _calendars_of_well_known(client: Any, url: str) -> list[Any]:
    parts = urlsplit(url)
    client.url = client.url.join(f"{parts.scheme}://{parts.netloc}/.well-known/caldav")
    client._principal = None
    return list(client.get_calendars())


def _sources(calendars: list[FoundCalendar], name: str) -> list[str]:
    """Return what each calendar is called: host and display name, told apart where two have the same."""
    names = [shown(calendar.name) or _leaf(calendar.url.rstrip("/")) for calendar in calendars]
    return [
        f"{name}/{each} ({names[:place].count(each) + 1})" if names.index(each) != place else f"{name}/{each}"
        for place, each in enumerate(names)
    ]


# -- reading one --------------------------------------------------------------------------------------------


def _query(
    client: Any, calendar: FoundCalendar, source: str, window: Interval | None
) -> tuple[list[Document], list[Problem]]:
    """Return the events of one calendar, and what of it the server did not give. Raises FetchError."""
    answer = client.report(calendar.url, _QUERY.format(range=_range(window)), depth=1)
    if answer.status not in {200, 207}:
        raise refusal(source, answer.status)
    if answer.tree is None or answer.tree.tag != f"{_DAV}multistatus":
        raise FetchError(f"{source}: the server's answer is no list of events; check the address")
    found: list[Document] = []
    cut, missing = False, 0
    for response in _responses(answer):
        documents = list(_documents(response, calendar, source))
        status = _status(response)
        if documents:
            found += documents
        elif status == _CUT:
            cut = True
        elif status >= 400 or not _is_calendar_itself(response, calendar):
            missing += 1
    if len(found) > OBJECTS:
        raise FetchError(f"{source}: more than {OBJECTS:,} events; give a smaller calendar", passing=False)
    told = []
    if cut:
        told.append(f"{source}: the server cut its list of events short")
    if missing:
        told.append(
            f"{source}: {missing} {'event was' if missing == 1 else 'events were'} listed but not given"
        )
    problems = [Problem(source, "unread-events", f"{text}; try again later", lost=True) for text in told]
    if not found:
        found = [Document(source, source, in_memory(_EMPTY), calendar=shown(calendar.name))]
    return found, problems


def _status(response: Any) -> int:
    """Return the status of a `response` as a whole (RFC 4918 14.24); 200 where it says nothing."""
    found = _CODE.match((response.findtext(f"{_DAV}status") or "").strip())
    return int(found[1]) if found else 200


def _is_calendar_itself(response: Any, calendar: FoundCalendar) -> bool:
    href = urlsplit(response.findtext(f"{_DAV}href") or "").path
    return unquote(href).rstrip("/") == unquote(urlsplit(calendar.url).path).rstrip("/")


def _range(window: Interval | None) -> str:
    if window is None:
        return ""
    start, end = (f"{moment:%Y%m%dT%H%M%SZ}" for moment in (window.start - _MARGIN, window.end + _MARGIN))
    return f'<C:time-range start="{start}" end="{end}"/>'


def _responses(answer: Any) -> Iterator[Any]:
    """Yield the `response` elements of a multi-status (RFC 4918 13)."""
    tree = answer.tree
    return iter(()) if tree is None else tree.iter(f"{_DAV}response")


def _documents(response: Any, calendar: FoundCalendar, source: str) -> Iterator[Document]:
    data = response.findtext(f".//{_CAL}calendar-data")
    href = response.findtext(f"{_DAV}href") or ""
    if not data:
        return
    etag = response.findtext(f".//{_DAV}getetag") or ""
    parts = urlsplit(calendar.url)
    address = f"caldav+{parts.scheme}://{parts.netloc}{urlsplit(href).path}"
    content = data.encode()
    yield Document(
        f"{source}/{_leaf(href)}",
        source,
        in_memory(content),
        calendar=shown(calendar.name),
        path=address,
        version=etag if etag.startswith('"') else None,
        size=len(content),
    )


def _leaf(path: str) -> str:
    return shown(unquote(path.rstrip("/").rpartition("/")[2]))


# -- what the library believes to be its session ------------------------------------------------------------


class _Session:
    """Sends the library's requests. `failure` keeps the reason that the library may have swallowed."""

    def __init__(self, url: str, name: str, known: str, options: ServerOptions) -> None:
        self.first = urlsplit(url)
        self.name = name
        self.known = known
        self.options = options
        self.end = time.monotonic() + RUN_SECONDS
        self.failure: FetchError | None = None

    def request(
        self,
        method: str,
        url: str,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_: Any,
    ) -> _Response:
        """Return the answer to one request of the library's. Raises FetchError."""
        try:
            return self._ask(method, url, data or b"", headers or {})
        except FetchError as error:
            self.failure = error
            raise

    def close(self) -> None:
        """Connections end with their answers; there is nothing to close."""

    def _ask(self, method: str, url: str, data: bytes, headers: Mapping[str, str]) -> _Response:
        left = self.end - time.monotonic()
        if left <= 0:
            raise FetchError(f"{self.name}: not all was read within {RUN_SECONDS:g} s")
        if not self._is_known(url):
            raise FetchError(f"{self.name}: refers to another server; give that one's address", passing=False)
        wanted = {name: value for name, value in headers.items() if name.lower() in {"depth", "content-type"}}
        request = HttpRequest(
            url=url,
            name=self.name,
            limit=self.options.limits.file_bytes,
            authorization=self.known,
            headers=wanted,
            allow_http=self.options.allow_http,
            method=method,
            body=data,
        )
        answer = fetch(request, min(SECONDS, left))
        if answer.status in {401, 403, 429} or answer.status >= 500:
            raise refusal(self.name, answer.status)
        return _Response(answer)

    def _is_known(self, url: str) -> bool:
        """Tell whether an address that the server named is the server's own."""
        parts, first = urlsplit(url), self.first
        if (parts.scheme, parts.netloc) == (first.scheme, first.netloc):
            return True
        hosts = (parts.hostname or "", first.hostname or "")
        return parts.scheme == "https" and any(all(h.endswith(f) for h in hosts) for f in _FAMILIES)


class _Response:
    """An answer as the library wants to see it."""

    def __init__(self, answer: HttpAnswer) -> None:
        self.status_code = answer.status
        self.headers = {name.title(): value for name, value in answer.headers.items()}
        self.headers.pop("Content-Length", None)  # of the packed body
        self.content = answer.body
        self.reason = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")
