"""Producers' mistakes, one named repair each. Whatever is not repaired here is read by the RFC's letter."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from lastresort.ics.content_lines import Property
    from lastresort.ics.recurrence import Fault, Instance, Length
    from lastresort.model import Interval

_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    ("BEGIN".encode("utf-16-le"), "utf-16-le"),
    ("BEGIN".encode("utf-16-be"), "utf-16-be"),
)


def find_repair(head: bytes) -> Callable[[bytes], bytes]:
    r"""Return what makes a stream's chunks plain: UTF-8 without byte order mark, lines that end in `\n`.

    Judged by the first chunk, to be called on that chunk first, and with no bytes for what is left at the
    end.
    """
    wide = wide_encoding(head)
    if wide:
        return wide_text(wide)
    clean = _find_line_ends(head)
    if head.startswith(codecs.BOM_UTF8):
        clean = without_mark(clean)
    return unindented_lines(clean) if has_indented_lines(head) else clean


def _find_line_ends(head: bytes) -> Callable[[bytes], bytes]:
    if b"\n" not in head and b"\r" in head[:-1]:  # a CR at the very end may have its LF in the next chunk
        return lotus_line_ends
    return refolded_lotus_line_ends() if _only_folds_have_feeds(head) else dos_line_ends


def wide_encoding(head: bytes) -> str | None:
    """Return the encoding of a UTF-16 or UTF-32 file, told by its byte order mark or its first word."""
    return next((name for mark, name in _WIDE if head.startswith(mark)), None)


def wide_text(encoding: str) -> Callable[[bytes], bytes]:
    """Outlook and Notepad save UTF-16: transcode. A character cut by a chunk's end waits for the next."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")

    def repair(raw: bytes) -> bytes:
        text = decoder.decode(raw).removeprefix("\ufeff")
        return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")

    return repair


def without_mark(clean: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Windows programs put a byte order mark before BEGIN."""
    marked = True

    def repair(raw: bytes) -> bytes:
        nonlocal marked
        if marked:
            marked = False
            raw = raw[len(codecs.BOM_UTF8) :]
        return clean(raw)

    return repair


def dos_line_ends(raw: bytes) -> bytes:
    """CR LF, bare LF, and CR CR LF left by careless text modes: every line ends in LF."""
    return raw.replace(b"\r", b"")  # a fifth of what `translate` costs


def lotus_line_ends(raw: bytes) -> bytes:
    """Lotus Notes and old Macintosh programs end lines with a bare CR."""
    return raw.replace(b"\r", b"\n")


def _only_folds_have_feeds(head: bytes) -> bool:
    feeds = head.count(b"\n", 0, -1)
    return head.count(b"\r") > feeds + 1 and feeds == head.count(b"\r\n ") + head.count(b"\r\n\t")


def refolded_lotus_line_ends() -> Callable[[bytes], bytes]:
    """A gateway folds long lines by CR LF though the lines themselves end in a bare CR: unfold, then mend."""
    waiting = b""

    def repair(raw: bytes) -> bytes:
        nonlocal waiting
        text = waiting + raw
        whole = len(text) - (2 if text.endswith(b"\r\n") else text.endswith(b"\r"))  # a fold may be cut
        waiting = text[whole:]
        text = text[:whole].replace(b"\r\n ", b"").replace(b"\r\n\t", b"")
        return text.replace(b"\r", b"\n")

    return repair


_INDENTED_EVENT = re.compile(rb"\n[ \t]+BEGIN:VEVENT[ \t]*\r?\n[ \t]+[A-Z][A-Z0-9-]*[:;]", re.IGNORECASE)
_INDENT = re.compile(rb"^[ \t]+(?=[A-Z][A-Z0-9-]*[:;])", re.MULTILINE | re.IGNORECASE)


def has_indented_lines(head: bytes) -> bool:
    """Tell whether a stream's events are indented as a whole, as page templates and pretty printers do it."""
    return (b" BEGIN:VEVENT" in head or b"\tBEGIN:VEVENT" in head) and bool(_INDENTED_EVENT.search(head))


def unindented_lines(clean: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Lines that begin with blanks and then a property's name are no folds (RFC 5545 3.1): begin them anew.

    A line that a chunk's end has cut waits for the next.
    """
    waiting = b""

    def repair(raw: bytes) -> bytes:
        nonlocal waiting
        text = waiting + clean(raw)
        whole = text.rfind(b"\n") + 1 if raw else len(text)
        waiting = text[whole:]
        return _INDENT.sub(b"", text[:whole])

    return repair


def decode_legacy(raw: bytes) -> str:
    """Old exports are in Windows-1252; bytes it does not know are read as Latin-1."""
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def join_soft_breaks(property_: Property, rows: Iterator[bytes]) -> Property:
    """vCalendar 1.0 breaks quoted-printable text by `=` at the line's end, not by a fold: join and decode."""
    if b"QUOTED-PRINTABLE" not in property_.parameters.upper():
        return property_
    from binascii import a2b_qp

    value = property_.value
    parts = [value]
    while value.endswith(b"="):
        parts[-1] = value[:-1]
        value = next(rows, b"")
        parts.append(value)
    return property_._replace(value=a2b_qp(b"".join(parts)))


def colon_in_parameter(property_: Property) -> Property:
    """`TZID=(UTC+01:00) Berlin:20260303T101500`: what stands before the times of a line is all parameters.

    A colon in a parameter has to be quoted (RFC 5545 3.2); programs that show zones so forget it.
    """
    if not property_.parameters or b":" not in property_.value:
        return property_
    import re

    found = re.fullmatch(rb"(.*):(\d{8}(?:T\d{6}Z?)?(?:[,/].*)?)", property_.value.strip())
    if not found:
        return property_
    return property_._replace(parameters=property_.parameters + b":" + found[1], value=found[2])


def plain_time(raw: bytes) -> bytes | None:
    """Lower-case letters, blanks, missing seconds, ISO punctuation and offsets: return RFC 5545's own form.

    `None` when the bytes are no date or time at all.
    """
    import re
    from datetime import datetime, timedelta

    form = (
        rb"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d):?(\d\d)?(?:\.\d{1,9})?(Z|([+-])(\d\d):?(\d\d))?|Z)?"
    )
    found = re.fullmatch(form, raw.strip().upper())
    if not found:
        return None
    if found[4] is None:
        return b"".join(found.group(1, 2, 3))
    value = b"".join(found.group(1, 2, 3)) + b"T" + found[4] + found[5] + (found[6] or b"00")
    if found[8] is None:
        return value + (b"Z" if found[7] else b"")
    try:
        written = datetime.strptime(value.decode(), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - its offset is taken off below
        offset = timedelta(hours=int(found[9]), minutes=int(found[10]))
        moment = written - offset if found[8] == b"+" else written + offset
    except (ValueError, OverflowError):
        return None
    return moment.strftime("%Y%m%dT%H%M%SZ").zfill(16).encode()


def whole_days(length: Length | None) -> Length:
    """All-day events that end on the day they start, or before, last that day; parts of days count whole."""
    from datetime import timedelta

    from lastresort.ics.recurrence import Length

    if length is None:
        return Length(days=1)
    days = length.days - (-length.exact // timedelta(days=1))
    return Length(days=max(days, 1))


_LONGEST_TRAVEL = 24


def apple_travel(raw: bytes) -> timedelta:
    """Apple Calendar's X-APPLE-TRAVEL-DURATION; what is no duration, or longer than a day, counts as none."""
    from datetime import timedelta

    from lastresort.ics.values import ValueFault, parse_duration

    try:
        length = parse_duration(raw)
    except ValueFault:
        return timedelta(0)
    travel = timedelta(days=length.days) + length.exact
    return travel if timedelta(0) < travel <= timedelta(hours=_LONGEST_TRAVEL) else timedelta(0)


_BEFORE = 100
_EACH_DAY = 100
_ANYWAY = 1000
_ALL_EACH_DAY = 1000
_ALL_ANYWAY = 20_000


def most_instances(window: Interval) -> int:
    """Return how many instances all series together may have: a thousand a day, twenty thousand anyway."""
    return max(_ALL_ANYWAY, _ALL_EACH_DAY * (window.length.days + 1))


def thin_out(
    instances: tuple[Instance, ...], window: Interval, room: int
) -> tuple[tuple[Instance, ...], tuple[Fault, ...]]:
    """A series that repeats by the second is no list of appointments: what is too much becomes one stretch.

    That holds beyond 100 instances that run when the window begins, and beyond 100 for each of its days
    (1000 in any window), or beyond `room`, but for 100. No time is lost: the stretch reaches from the first
    start to the last end. What has no length takes no time, however often it is repeated, and is no part of
    it.
    """
    from bisect import bisect_left

    from lastresort.ics.recurrence import Fault

    most = max(_ANYWAY, _EACH_DAY * (window.length.days + 1))
    if len(instances) <= _BEFORE:
        return instances, ()
    running = bisect_left(instances, window.start, key=lambda instance: instance.start)
    runs, begins = instances[:running], instances[running:]
    kept = (*_stretched(runs, _BEFORE), *_stretched(begins, min(most, max(room, _BEFORE))))
    if len(kept) == len(instances):
        return instances, ()
    return kept, (
        Fault("too-many-instances", "takes place too often; part of it is one long stretch", lost=False),
    )


def _stretched(instances: tuple[Instance, ...], most: int) -> tuple[Instance, ...]:
    if len(instances) <= most:
        return instances
    lasting = [instance for instance in instances[most:] if instance.start < instance.end]
    if not lasting:
        return instances[:most]
    return (*instances[:most], lasting[0]._replace(end=max(instance.end for instance in lasting)))
