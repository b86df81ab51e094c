"""A calendar without anything private, for bug reports: what is not known to be harmless is replaced.

The structure stays, since that is what goes wrong: components, properties, parameters, rules, statuses, zones
with a public name. Texts, names and addresses become numbers, the same one each time. All dates move by the
same number of weeks.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lastresort.ics.content_lines import decode, split_line
from lastresort.zones.names import resolve_tzid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HARMLESS = frozenset(
    [
        "BEGIN",
        "END",
        "VERSION",
        "CALSCALE",
        "METHOD",
        "PRODID",
        "STATUS",
        "TRANSP",
        "CLASS",
        "SEQUENCE",
        "PRIORITY",
        "DURATION",
        "ACTION",
        "REPEAT",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-MICROSOFT-CDO-INTENDEDSTATUS",
        "X-MICROSOFT-CDO-ALLDAYEVENT",
        "X-MICROSOFT-CDO-IMPORTANCE",
        "X-MICROSOFT-DISALLOW-COUNTER",
        "X-APPLE-TRAVEL-DURATION",
        "REFRESH-INTERVAL",
    ]
)
"""Properties whose values are kept, as far as they are words, numbers and punctuation of the format."""
KNOWN = frozenset(
    [
        "ATTACH",
        "ATTENDEE",
        "CATEGORIES",
        "COMMENT",
        "COMPLETED",
        "CONTACT",
        "CREATED",
        "DESCRIPTION",
        "DTEND",
        "DTSTAMP",
        "DTSTART",
        "DUE",
        "EXDATE",
        "EXRULE",
        "FREEBUSY",
        "GEO",
        "LAST-MODIFIED",
        "LOCATION",
        "NAME",
        "ORGANIZER",
        "PERCENT-COMPLETE",
        "RDATE",
        "RECURRENCE-ID",
        "RELATED-TO",
        "REQUEST-STATUS",
        "RESOURCES",
        "RRULE",
        "SUMMARY",
        "TRIGGER",
        "TZID",
        "TZNAME",
        "TZURL",
        "UID",
        "URL",
        "X-ALT-DESC",
        "X-WR-CALNAME",
        "X-WR-CALDESC",
        "X-WR-TIMEZONE",
        "X-LIC-LOCATION",
        "X-APPLE-STRUCTURED-LOCATION",
        "X-MOZ-LASTACK",
        "X-GOOGLE-CONFERENCE",
    ]
)
"""Properties whose names are kept; their values are replaced."""
TIMES = frozenset(
    [
        "DTSTART",
        "DTEND",
        "DTSTAMP",
        "DUE",
        "COMPLETED",
        "CREATED",
        "LAST-MODIFIED",
        "RECURRENCE-ID",
        "EXDATE",
        "RDATE",
        "FREEBUSY",
        "RRULE",
        "EXRULE",
        "TRIGGER",
        "X-MOZ-LASTACK",
    ]
)
ZONES = frozenset({"TZID", "X-WR-TIMEZONE", "X-LIC-LOCATION"})
ADDRESSES = frozenset({"ATTENDEE", "ORGANIZER", "CONTACT"})
PARAMETERS = frozenset(
    [
        "VALUE",
        "PARTSTAT",
        "ROLE",
        "CUTYPE",
        "RSVP",
        "RANGE",
        "RELATED",
        "ENCODING",
        "CHARSET",
        "LANGUAGE",
        "FBTYPE",
        "FMTTYPE",
        "RELTYPE",
    ]
)

_PLAIN = re.compile(r"[A-Za-z0-9+\-./ ,;:=_%]{0,120}")
_TIME = re.compile(r"(?<![0-9])(\d{8})(T\d{6})?(?![0-9])")
_RULE_WORDS = re.compile(r"[A-Z0-9+\-,;:=TZ/ ]{0,400}")


class Redactor:
    """Replaces what is private, in all calendars of one report alike, and moves the dates by `weeks`."""

    def __init__(self, weeks: int) -> None:
        self._by = timedelta(weeks=weeks)
        self._numbers: dict[tuple[str, str], int] = {}

    def number(self, kind: str, text: str) -> str:
        """Return `text-3` for a text of a kind: the same text has the same number."""
        known = self._numbers
        place = known.setdefault((kind, text), 1 + sum(other == kind for other, _ in known))
        return f"{kind}-{place}"

    def redact(self, lines: Iterable[bytes]) -> Iterator[str]:
        """Return unfolded content lines with nothing private left in them."""
        zones = 0
        for line in lines:
            name, prop = split_line(line)
            word = decode(name).strip().upper()
            if word in ("BEGIN", "END") and decode(prop.value).strip().upper() in ("STANDARD", "DAYLIGHT"):
                zones += 1 if word == "BEGIN" else -1
            yield self._line(word, prop.parameters, decode(prop.value), in_zone=zones > 0)

    def _line(self, word: str, parameters: bytes, value: str, *, in_zone: bool) -> str:
        name = word if word in HARMLESS | KNOWN else "X-OTHER" if word.startswith("X-") else "OTHER"
        told = "".join(self._parameters(parameters))
        if in_zone and word in TIMES:  # the rules of a zone are public, and make no sense when moved
            return f"{name}{told}:{value if _RULE_WORDS.fullmatch(value) else self.number('text', value)}"
        return f"{name}{told}:{self._value(word, value)}"

    def _value(self, word: str, value: str) -> str:
        if word in HARMLESS and _PLAIN.fullmatch(value):
            return value
        if word in TIMES and _RULE_WORDS.fullmatch(value):
            return _TIME.sub(lambda found: self._moved(found[1], found[2] or ""), value)
        if word in ZONES:
            return self._zone(value)
        if word in ADDRESSES:
            return f"mailto:{self.number('person', value.lower())}@example.org"
        return self.number("uid" if word == "UID" else "text", value) if value else ""

    def _parameters(self, raw: bytes) -> Iterator[str]:
        for part in re.findall(r';?([^=;]*)=("[^"]*"|[^;]*)', decode(raw)):
            name, value = part[0].strip().upper(), part[1].strip('"')
            if name == "TZID":
                yield f";TZID={self._zone(value)}"
            elif name in PARAMETERS and _PLAIN.fullmatch(value):
                yield f";{name}={value}"
            else:
                yield f";{name if name in ('CN', 'EMAIL') else 'X-OTHER'}={self.number('text', value)}"

    def _zone(self, value: str) -> str:
        return value if resolve_tzid(value) else self.number("zone", value)

    def _moved(self, day: str, clock: str) -> str:
        try:
            moment = datetime.strptime(f"{day}{clock or 'T000000'}", "%Y%m%dT%H%M%S")  # noqa: DTZ007 - written
            moved = moment + self._by
        except (ValueError, OverflowError):
            return self.number("time", day + clock)
        return f"{moved:%Y%m%dT%H%M%S}" if clock else f"{moved:%Y%m%d}"
