"""What a calendar says, in a form in which servers may write it differently and still say the same."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO

from lastresort.ics.content_lines import LogicalText

_STAMPS = frozenset({b"CALSCALE", b"CREATED", b"DTSTAMP", b"LAST-MODIFIED", b"METHOD", b"PRODID", b"VERSION"})
"""Properties that servers set and leave out as they like."""
_PART = re.compile(rb';((?:[^;"]|"[^"]*")*)')


def meaning(data: bytes) -> str:
    """Return a hash of what a calendar says.

    It is the same whatever the order of lines, parameters and rule parts, and whatever folds, escapes and
    stamps; time zone definitions are left out, since servers replace them.
    """
    text = b"".join(LogicalText(BytesIO(data), len(data)))
    stack: list[list[bytes]] = [[]]
    for line in text.split(b"\n"):
        if line[:6].upper() == b"BEGIN:":
            stack.append([line.strip().upper()])
        elif line[:4].upper() == b"END:" and len(stack) > 1:
            kind, *lines = stack.pop()
            if kind != b"BEGIN:VTIMEZONE":
                stack[-1].append(b"\n".join((kind, *sorted(lines))))
        elif line.strip():
            stack[-1] += _plain(line)
    return sha256(b"\n".join(sorted(b"\n".join(sorted(lines)) for lines in stack))).hexdigest()


def _plain(line: bytes) -> list[bytes]:
    head, value = _split(line)
    name, _, parameters = head.partition(b";")
    name = name.strip().upper()
    if name in _STAMPS:
        return []
    if name == b"RRULE":
        value = b";".join(sorted(value.upper().split(b";")))
    parts = sorted(part.replace(b'"', b"") for part in _PART.findall(b";" + parameters) if part)
    return [b";".join((name, *parts)) + b":" + value.replace(b"\\", b"").strip()]


def _split(line: bytes) -> tuple[bytes, bytes]:
    """Name with parameters, and value: at the first colon outside quotes."""
    quoted = False
    for place, octet in enumerate(line):
        if octet == 0x22:
            quoted = not quoted
        elif octet == 0x3A and not quoted:
            return line[:place], line[place + 1 :]
    return line, b""
