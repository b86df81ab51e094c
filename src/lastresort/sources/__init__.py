"""Where calendar bytes come from: files, folders, archives, mails, feeds, CalDAV. None is ever changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lastresort.errors import SourceError
from lastresort.model import Limits
from lastresort.sources.addresses import host_of
from lastresort.sources.files import open_path, open_stream
from lastresort.sources.interface import (
    Access,
    Given,
    Opened,
    ServerOptions,
    in_memory,
    read_capped,
    shown,
    too_large,
)

if TYPE_CHECKING:
    from datetime import datetime
    from typing import BinaryIO

    from lastresort.model import Interval

__all__ = ["Access", "Given", "Opened", "is_remote", "label", "open_source"]

_IN_SCHEMES = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-")
_FEEDS = frozenset({"https", "http", "webcal", "webcals"})
_CALDAV = frozenset({"caldav+https", "caldav+http"})
_NOBODY = Access()
_LIMITS = Limits()


def open_source(
    spec: str | Given,
    *,
    limits: Limits = _LIMITS,
    stdin: BinaryIO | None = None,
    name: str | None = None,
    access: Access = _NOBODY,
    offline: bool = False,
    allow_http: bool = False,
    cache_dir: str | None = None,
    now: datetime | None = None,
    window: Interval | None = None,
) -> Opened:
    """Return the documents of one SOURCE, and what in it could not be used.

    `name` is what the user calls it; the path or the host otherwise. `cache_dir` keeps the last copies of
    feeds, which `now` dates. Of a CalDAV server only the `window` is asked for. Plain `http:` needs
    `allow_http`, except to this machine. Raises SourceError, one line that names the source and the remedy,
    when nothing of it can be read.
    """
    name = name or label(spec)
    if isinstance(spec, Given):
        return _open_bytes(spec.data, name, limits)
    scheme = _scheme(spec)
    if spec == "-":
        if stdin is None:
            raise SourceError("standard input: there is none here; name a file instead")
        return _open_bytes(read_capped(stdin, limits.file_bytes, name), name, limits)
    options = ServerOptions(
        limits=limits, access=access, offline=offline, allow_http=allow_http, cache_dir=cache_dir, now=now
    )
    if scheme in _FEEDS:
        from lastresort.sources.url import open_feed

        return open_feed(spec, name=name, options=options)
    if scheme in _CALDAV:
        from lastresort.sources.caldav import open_caldav

        return open_caldav(spec, name=name, options=options, window=window)
    if scheme:
        raise SourceError(
            f"{scheme}: addresses are not read; give a path, https://, webcal:// or caldav+https://"
        )
    return open_path(spec, name=name, limits=limits)


def is_remote(spec: str) -> bool:
    """Tell whether a SOURCE is asked over the network."""
    return _scheme(spec) in _FEEDS | _CALDAV


def label(spec: str | Given) -> str:
    """Return what a SOURCE is called in reports and errors: a path as it is, of an address the host alone."""
    if isinstance(spec, Given):
        return shown(spec.name)
    if spec == "-":
        return "standard input"
    scheme = _scheme(spec)
    if not scheme:
        return shown(spec)
    if scheme not in _FEEDS | _CALDAV:
        return f"{scheme}: address"
    return host_of(spec)


def _scheme(spec: str) -> str:
    """Return the scheme of an address, lower-case; empty for a path, even one with a colon in it."""
    scheme, colon, rest = spec.partition(":")
    if not colon or len(scheme) < 2 or not scheme[0].isalpha() or not _IN_SCHEMES.issuperset(scheme):
        return ""  # two characters at least: C: is a drive
    if not rest.startswith("//") and os.path.lexists(spec):
        return ""
    return scheme.lower()


def _open_bytes(data: bytes, name: str, limits: Limits) -> Opened:
    if len(data) > limits.file_bytes:
        raise too_large(name, limits.file_bytes)
    return open_stream(in_memory(data), name=name, limits=limits)
