"""Values that producers write wrong, one named repair each. All others are read by the RFC's letter."""

from __future__ import annotations

import re
from binascii import a2b_qp
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.ics.content_lines import Property


def join_soft_breaks(property_: Property, rows: Iterator[bytes]) -> Property:
    """vCalendar 1.0 breaks quoted-printable text by `=` at the line's end, not by a fold: join and decode."""
    if b"QUOTED-PRINTABLE" not in property_.parameters.upper():
        return property_

    value = property_.value
    parts = [value]
    while value.endswith(b"="):
        parts[-1] = value[:-1]
        value = next(rows, b"")
        parts.append(value)
    return property_._replace(value=a2b_qp(b"".join(parts)))


def colon_in_parameter(property_: Property) -> Property:
    """`TZID=(UTC+01:00) Berlin:20260303T101500`: what stands before the times of a line is all parameters.

    A colon in a parameter has to be quoted (RFC 5545 3.2); programs that show zones so forget it. Others
    write a colon for the semicolon before the first parameter: `DTSTART:TZID=Europe/Berlin:20260303T101500`.
    """
    if b":" not in property_.value:
        return property_

    found = re.fullmatch(rb"(.*):(\d{8}(?:T\d{6}Z?)?(?:[,/].*)?)", property_.value.strip())
    if found and property_.parameters:
        return property_._replace(parameters=property_.parameters + b":" + found[1], value=found[2])
    if found and re.match(rb"(?i)(?:TZID|VALUE)=", found[1]):
        return property_._replace(parameters=found[1], value=found[2])
    return property_


def colon_in_name(property_: Property) -> Property:
    """`ATTENDEE;CN=Jane: HR;PARTSTAT=DECLINED:mailto:…`: what stands before the address is all parameters."""
    colon = property_.value.lower().rfind(b":mailto:")
    if not property_.parameters or colon < 0:
        return property_
    parameters, value = property_.value[:colon], property_.value[colon + 1 :]
    return property_._replace(parameters=property_.parameters + b":" + parameters, value=value)


def plain_time(raw: bytes) -> bytes | None:
    """Lower-case letters, blanks, missing seconds, ISO punctuation and offsets: return RFC 5545's own form.

    `None` when the bytes are no date or time at all.
    """

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
