"""Addresses of calendars without their secrets: a feed's path is often its password."""

from __future__ import annotations

from urllib.parse import SplitResult, unquote, urlsplit

from lastresort.errors import SourceError
from lastresort.sources.interface import shown


def split_address(spec: str) -> SplitResult:
    """Return the parts of an address that names a host. Raises SourceError, without repeating the address."""
    try:
        parts = urlsplit(spec)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SourceError(
            "this address cannot be understood; copy it again from the calendar's settings"
        ) from None
    if not host:
        raise SourceError("this address names no host; copy it again from the calendar's settings")
    return parts


def without_password(spec: str) -> str:
    """Return an address without its password. Raises SourceError for what names no host."""
    parts = split_address(spec)
    user, colon, _ = parts.netloc.rpartition("@")[0].partition(":")
    if not colon:
        return spec
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}@{host}" if user else host).geturl()


def user_of(spec: str) -> str:
    """Return who asks, as an address says it; empty where it does not."""
    return unquote(split_address(spec).username or "")


def host_of(spec: str) -> str:
    """Return the host of an address, and its port where it is unusual: all that is ever shown of it."""
    try:
        parts = split_address(spec)
    except SourceError:
        return "an address"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return shown(f"{host}:{parts.port}" if parts.port else host)
