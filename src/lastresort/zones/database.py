"""Which copy of the IANA zone database counts: the newer one of the system's and the tzdata package's."""

from __future__ import annotations

import os
import re
import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import tzdata  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE_FOLDER = os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")

_VERSION = re.compile(r"(?:# version )?(\d{4}[a-z]+)\b")
_ZONE_OR_LINK = re.compile(r"^(?:Z (\S+) |L \S+ (\S+)$)", re.MULTILINE)


class Database(NamedTuple):
    """A copy of the database. `version` is as IANA counts (`2026b`), empty where the copy does not say."""

    folder: str
    version: str
    is_package: bool

    @property
    def year(self) -> int:
        """The year the copy was released in; 0 when unknown."""
        return int(self.version[:4] or 0)


class DatabaseCopies(NamedTuple):
    """The copy in use, and the other one; `None` on a system that has no database of its own."""

    used: Database
    other: Database | None


@cache
def choose_database() -> DatabaseCopies:
    """Return which database is used, and make zoneinfo use it.

    The newer one counts. The package's counts as well where the system's does not tell its version. A zone
    that only the package knows comes from the package in either case: zoneinfo does that by itself.
    """
    package = Database(PACKAGE_FOLDER, tzdata.IANA_VERSION, is_package=True)
    folder = next((path for path in zoneinfo.TZPATH if os.path.isdir(path)), None)
    if folder is None:
        return DatabaseCopies(package, None)
    system = Database(folder, _version(folder), is_package=False)
    if system.version >= package.version:
        return DatabaseCopies(system, package)
    zoneinfo.reset_tzpath(to=[package.folder])
    zoneinfo.ZoneInfo.clear_cache()
    return DatabaseCopies(package, system)


def describe_database() -> str:
    """Return which database is used and which is not, in words, with their versions."""
    used, other = choose_database()
    words = f"{_owner(used)}, version {used.version or 'unknown'}"
    if other is None:
        return f"{words}; this system has none of its own"
    return f"{words}; {_owner(other)} has {other.version or 'an unknown version'}"


def zone_names() -> frozenset[str]:
    """Return every IANA name that the database in use knows, or the package's."""
    with open(os.path.join(os.path.dirname(PACKAGE_FOLDER), "zones"), encoding="utf-8") as file:
        names = set(file.read().split())
    used = choose_database().used
    if not used.is_package:
        names.update(zone or link for zone, link in _ZONE_OR_LINK.findall(_read(used.folder, "tzdata.zi")))
    return frozenset(names - {"Factory"})


def posix_rules(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each of the zones with the POSIX rules it ends with, as in `CET-1CEST,M3.5.0,M10.5.0/3`."""
    folder = choose_database().used.folder
    for name in names:
        try:
            with open(os.path.join(folder, name), "rb") as file:
                yield name, file.read().rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")
        except OSError:
            continue


def _version(folder: str) -> str:
    """Return the version that a folder's files tell: macOS has `+VERSION`, Linux the head of `tzdata.zi`."""
    for name in ("+VERSION", "tzdata.zi"):
        found = _VERSION.match(_read(folder, name, 100))
        if found:
            return found[1]
    return ""


def _owner(database: Database) -> str:
    return "the tzdata package" if database.is_package else f"the system ({database.folder})"


def _read(folder: str, name: str, characters: int = -1) -> str:
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            return file.read(characters)
    except OSError:
        return ""
