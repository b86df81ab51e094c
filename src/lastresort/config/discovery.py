"""Calendars that are on this machine already: folders of khal, vdirsyncer, Evolution and Apple's Calendar."""

from __future__ import annotations

import glob
import os
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

DEPTH = 3
"""How deep below a folder its calendars may lie."""
LOOKED_AT = 2_000
"""Entries that are looked at before a folder counts as one without calendars."""

_USUAL = (
    "~/.calendars",
    "~/.calendar",
    "~/.local/share/khal/calendars",
    "~/.local/share/vdirsyncer",
    "~/.local/share/calendars",
    "~/.local/share/evolution/calendar",
    "~/Library/Calendars",
)
_PATH = re.compile(r"\s*path\s*=\s*(.+?)\s*\Z")
_SECTION = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+\s*\Z")
_CONFIG_SIZE = 1 << 18


class Discovered(NamedTuple):
    """A folder or file with calendars, and who keeps it there."""

    path: str
    kept_by: str


def find_calendars(environ: Mapping[str, str]) -> tuple[Discovered, ...]:
    """Return the calendars found in the places where programs keep them, none inside another."""
    home = environ.get("HOME") or os.path.expanduser("~")
    config = environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    places = [
        *((path, "vdirsyncer") for path in _configured(f"{config}/vdirsyncer/config", "storage", home)),
        *((path, "vdirsyncer") for path in _configured(f"{home}/.vdirsyncer/config", "storage", home)),
        *((path, "khal") for path in _configured(f"{config}/khal/config", "", home)),
        *((_at_home(path, home), "") for path in _USUAL),
    ]
    return _apart(Discovered(path, kept_by) for path, kept_by in places if holds_calendars(path))


def holds_calendars(path: str) -> bool:
    """Tell whether it is a .ics file, or a folder with one in it or a few folders below."""
    if os.path.isfile(path):
        return path.lower().endswith(".ics")
    return any(name.lower().endswith(".ics") for name in _names(path))


def _names(path: str) -> Iterator[str]:
    """Yield the names of files below a folder, a bounded number of them."""
    waiting, left = [(path, 0)], LOOKED_AT
    while waiting and left > 0:
        path, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries[:left]:
            left -= 1
            if entry.is_dir(follow_symlinks=False) and depth < DEPTH and not entry.name.startswith("."):
                waiting.append((entry.path, depth + 1))
            elif not entry.name.startswith("."):
                yield entry.name


def _configured(file: str, section: str, home: str) -> Iterator[str]:
    """Yield the paths that a khal or vdirsyncer configuration names, in sections that begin with a word."""
    inside = not section
    for line in _lines(file):
        if header := _SECTION.match(line):
            inside = header[1].startswith(section)
        elif inside and (path := _PATH.match(line)):
            wanted = _at_home(path[1].strip("\"'"), home)
            yield from sorted(glob.glob(wanted)) if glob.has_magic(wanted) else [wanted]


def _lines(file: str) -> list[str]:
    try:
        with open(file, "rb") as stream:
            return stream.read(_CONFIG_SIZE).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _at_home(path: str, home: str) -> str:
    return home + path[1:] if path == "~" or path.startswith("~/") else path


def _apart(found: Iterable[Discovered]) -> tuple[Discovered, ...]:
    """Return what was found without what lies inside another, which is read with all that is in it."""
    by_place: dict[str, Discovered] = {}
    for each in found:
        by_place.setdefault(os.path.realpath(each.path), each._replace(path=each.path.rstrip("/")))
    return tuple(
        each
        for place, each in by_place.items()
        if not any(place != other and place.startswith(f"{other}/") for other in by_place)
    )
