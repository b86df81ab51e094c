"""What the numbers of a report stand for, kept for its calendars so that commands can name them."""

from __future__ import annotations

import os
from datetime import datetime  # noqa: TC003 - the codec reads the annotations
from typing import Literal, NamedTuple

from lastresort import codec
from lastresort.secure_files import read_file, write_file

VERSION = 1
KEPT = 20
"""Reports whose numbers are kept, the latest first: one for each choice of calendars and kind."""
ROWS = 500
"""Numbers of one report."""
_LARGEST = 4 << 20

What = Literal["interviews", "events"]


class Numbered(NamedTuple):
    """What one number stands for: an occurrence, by what names it exactly, and when it was to begin."""

    name: str
    """As `--interview` takes it: nothing else in the calendar is called so."""
    start: datetime
    uid: str = ""
    recurring: bool = False


class Numbering(NamedTuple):
    """The numbers of one report, from 1."""

    what: What
    sources: tuple[str, ...]
    """Absolute paths as given; empty for the calendars of the configuration."""
    options: str
    """The other options of that run, as a JSON object: what is numbered was found with them."""
    rows: tuple[Numbered, ...]


class _Kept(NamedTuple):
    numberings: tuple[Numbering, ...] = ()


def keep_numbers(folder: str, numbering: Numbering) -> bool:
    """Keep the numbers of a report instead of those of the last one over the same calendars.

    Returns whether that was possible: a state folder that cannot be written is no reason to fail.
    """
    if not folder:
        return False
    known = _read(folder)
    same = (numbering.what, numbering.sources)
    others = tuple(one for one in known if (one.what, one.sources) != same)
    after = (numbering._replace(rows=numbering.rows[:ROWS]), *others)[:KEPT]
    if after == known:
        return True
    try:
        write_file(_path(folder), codec.encode(_Kept(after), VERSION))
    except OSError:
        return False
    return True


def find_numbering(folder: str, what: What, sources: tuple[str, ...] | None) -> Numbering | None:
    """Return the numbers of the last report over these calendars; over any, where `sources` is `None`."""
    fitting = (one for one in _read(folder) if one.what == what and sources in (None, one.sources))
    return next(fitting, None)


def _path(folder: str) -> str:
    return os.path.join(folder, "numbers.json")


def _read(folder: str) -> tuple[Numbering, ...]:
    """Return what is kept; nothing where it is missing, damaged, or of another version: it begins anew."""
    try:
        return codec.decode(read_file(_path(folder), _LARGEST), _Kept, VERSION).numberings
    except (OSError, ValueError, codec.NewerError):
        return ()
