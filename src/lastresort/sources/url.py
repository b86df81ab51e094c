"""Calendars published at an address: https, webcal, and plain http where it was asked for."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from lastresort.errors import SourceError
from lastresort.model import Document, Problem
from lastresort.sources.access import find_password
from lastresort.sources.addresses import split_address
from lastresort.sources.connection import basic, is_loopback
from lastresort.sources.copies import Copy, confirm_copy, find_copy, keep_copy, opener
from lastresort.sources.fetch import FetchError, HttpAnswer, HttpRequest, fetch
from lastresort.sources.interface import Opened, in_memory

if TYPE_CHECKING:
    from datetime import datetime

    from lastresort.sources.interface import ServerOptions

FRESH = timedelta(days=1)
"""An older copy may lack events that matter, so that "nothing clashes" is not promised on it."""

_LOOKED_AT = 1 << 16
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
_BEGIN, _END = b"begin:vcalendar", b"end:vcalendar"


def open_feed(spec: str, *, name: str, options: ServerOptions) -> Opened:
    """Return the calendar at an address, asked for anew if it has changed since the last copy.

    When the network fails, the last copy is used and the problem says so. Raises SourceError when there is
    neither; the text names the host alone.
    """
    url = clean_address(spec, name, options)
    copy = find_copy(options.cache_dir, url) if options.cache_dir else None
    if options.offline:
        return _stale(copy, name, options, f"{name}: not asked (--offline)")
    try:
        conditions = {"If-None-Match": copy.etag, "If-Modified-Since": copy.last_modified} if copy else {}
        request = HttpRequest(
            url=url,
            name=name,
            limit=options.limits.file_bytes,
            authorization=authorization(spec, name, options),
            headers={field: value for field, value in conditions.items() if value},
            allow_http=options.allow_http,
        )
        answer = fetch(request)
        if answer.status == 304 and copy and request.headers:
            problems: tuple[Problem, ...] = ()
            try:
                confirm_copy(copy, options.now)
            except OSError:
                problems = (_not_kept(name),)
            return Opened((Document(name, name, opener(copy, name, options.limits)),), problems)
        _refuse_other(answer, name)
    except FetchError as error:
        if not error.passing:
            raise
        return _stale(copy, name, options, str(error))
    return _fresh(answer, url, name, options)


def clean_address(spec: str, name: str, options: ServerOptions) -> str:
    """Return the address without user and password. Plain http only where asked for, or to this machine."""
    parts = split_address(spec)
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme)
    if scheme == "http" and not options.allow_http and not is_loopback(parts.hostname or ""):
        raise SourceError(f"{name}: http:// is not encrypted; try https://, or allow it with --allow-http")
    return parts._replace(scheme=scheme, netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def authorization(spec: str, name: str, options: ServerOptions) -> str:
    """Return the Authorization header for an address: its own user and password, else the configured."""
    parts = split_address(spec)
    user = unquote(parts.username or "") or options.access.user
    password = unquote(parts.password) if parts.password else find_password(options.access, name)
    return basic(user, password or "") if user or password else ""


def _refuse_other(answer: HttpAnswer, name: str) -> None:
    """Refuse what is no calendar: a page that asks to sign in must never read as an empty one."""
    if answer.status != 200:
        raise refusal(name, answer.status)
    head = answer.body[:_LOOKED_AT].replace(b"\0", b"")
    if _BEGIN in head.lower():
        return
    if not answer.body.strip():
        raise FetchError(f"{name}: the answer is empty; try again later")
    if _PAGE.match(head) or answer.headers.get("content-type", "").lower().startswith("text/html"):
        told = "a web page, probably to sign in; take the calendar's iCal address, which ends in .ics"
    else:
        told = "something that is no calendar; check the address"
    raise FetchError(f"{name}: the answer is {told}", passing=False)


def refusal(name: str, status: int) -> FetchError:
    """Return what a status other than success means to a person, and what to do."""
    if status == 304:
        return FetchError(f"{name}: answers that nothing has changed, though nothing was kept")
    if status in {401, 403, 407}:
        told = "asks for a password, or does not allow this address any more; check both"
    elif status in {404, 410}:
        told = "there is no calendar at this address (any more); copy it again from the calendar's settings"
    elif status == 429 or status >= 500:
        return FetchError(f"{name}: has trouble at the moment (status {status}); try again later")
    else:
        told = f"answers with status {status} instead of a calendar"
    return FetchError(f"{name}: {told}", passing=False)


def _kept(value: str | None) -> str:
    """A validator as it may be sent back: plain ASCII of reasonable length, else nothing."""
    return value if value and value.isascii() and value.isprintable() and len(value) <= 500 else ""


def _fresh(answer: HttpAnswer, url: str, name: str, options: ServerOptions) -> Opened:
    document = Document(name, name, in_memory(answer.body), size=len(answer.body))
    problems: tuple[Problem, ...] = ()
    # Only a calendar that ends as it should: a torn one must not replace a good copy.
    if options.cache_dir and _END in answer.body[-_LOOKED_AT:].replace(b"\0", b"").lower():
        try:
            keep_copy(
                options.cache_dir,
                url,
                answer.body,
                etag=_kept(answer.headers.get("etag")),
                last_modified=_kept(answer.headers.get("last-modified")),
                fetched=options.now,
            )
        except OSError:
            problems = (_not_kept(name),)
    return Opened((document,), problems)


def _not_kept(name: str) -> Problem:
    return Problem(
        name, "copy-not-kept", f"{name}: the copy for offline days could not be written; is the disk full?"
    )


def _stale(copy: Copy | None, name: str, options: ServerOptions, why: str) -> Opened:
    if copy is None:
        raise SourceError(f"{why}; and no earlier copy was kept" if options.offline else why)
    age = options.now - copy.fetched if options.now and copy.fetched else None
    told = f"{why}; the copy {_date(copy.fetched)} is used"
    lost = age is None or age > FRESH
    return Opened(
        (Document(name, name, opener(copy, name, options.limits)),),
        (Problem(name, "stale-copy", told, lost=lost),),
    )


def _date(moment: datetime | None) -> str:
    return f"of {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else "of an earlier day"
