"""What an assistant may read: the configured calendars, and what the person named at the start."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from lastresort.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class OpenCalendar(NamedTuple):
    """A calendar that may be read: what it is called, and its path or address."""

    name: str
    source: str

    @property
    def is_address(self) -> bool:
        """Whether it is asked over the network."""
        return bool(_ADDRESS.match(self.source)) and not os.path.lexists(self.source)


class Reach:
    """Finds what an assistant names among what it may read; links are followed before that is decided."""

    def __init__(self, calendars: Sequence[OpenCalendar]) -> None:
        self.calendars = tuple(calendars)
        self._places = tuple(os.path.realpath(one.source) for one in calendars if not one.is_address)

    def find(self, wanted: Iterable[str] | None) -> tuple[str, ...]:
        """Return the sources with these names or paths, all calendars without any.

        Raises UsageError for what lies outside, and for a folder from which a link leads outside.
        """
        if wanted is None:
            found = [one.source for one in self.calendars]
        else:
            found = [source for text in wanted for source in self._find(text)]
        if not found:
            raise UsageError("no calendar may be read: name calendars when 'lastresort mcp' is started")
        for source in found:
            self._refuse_links(source)
        return tuple(dict.fromkeys(found))

    def covers(self, path: str) -> bool:
        """Tell whether a path, links followed, or an address on a server may be read."""
        if _ADDRESS.match(path) and not os.path.lexists(path):
            servers = (one.source.partition("+")[2].split("?")[0] for one in self.calendars if one.is_address)
            return any(server and _host(path) == _host(server) for server in servers)
        try:
            real = os.path.realpath(path)
        except ValueError:  # a null character
            return False
        return any(real == place or _is_below(real, place) for place in self._places)

    def _find(self, text: str) -> list[str]:
        """Return the calendars of a name, which two may share, else the file or folder at a path."""
        known = [one.source for one in self.calendars if text in (one.name, one.source)]
        if known:
            return known
        if _ADDRESS.match(text) or text == "-":
            raise UsageError(
                "an address is read only where the configuration or the start of 'lastresort mcp' names it: "
                "use a calendar's name"
            )
        if not self.covers(text):
            raise UsageError(
                "this path lies outside the calendars and folders named when 'lastresort mcp' was started; "
                "the resource lastresort://calendars lists them"
            )
        return [os.path.realpath(text)]

    def _refuse_links(self, folder: str) -> None:
        """Raise UsageError when a file below a folder is a link to what may not be read."""
        for here, _, files in os.walk(folder):
            for file in files:
                path = os.path.join(here, file)
                if os.path.islink(path) and not self.covers(path):
                    raise UsageError(
                        "a link in this folder leads outside the calendars and folders named when "
                        "'lastresort mcp' was started: name the place it leads to as well, or take the "
                        "link away"
                    )


def _is_below(path: str, place: str) -> bool:
    return path.startswith(os.path.join(place, "")) and os.path.isdir(place)


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()
