"""A calendar without anything private, for bug reports: what is not known to be harmless is replaced.

The structure stays, since that is what goes wrong: components, properties, parameters, rules, statuses, zones
with a public name, well-known producers. Of a value the format's own words stay, and short numbers: anybody
may write anything into any property. Texts, names and addresses become numbers, the same one each time. All
dates move by the same number of weeks.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lastresort.ics.content_lines import decode, split_line
from lastresort.zones.names import is_plain_tzid, resolve_tzid

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
"""Properties whose values are kept, where all their words are the format's."""
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

WORDS = frozenset((
    "VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VALARM", "VAVAILABILITY",
    "AVAILABLE", "STANDARD", "DAYLIGHT", "PARTICIPANT", "VLOCATION", "VRESOURCE", "GREGORIAN", "PUBLISH",
    "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER", "CONFIRMED", "TENTATIVE",
    "CANCELLED", "CANCELED", "NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "DRAFT", "FINAL", "OPAQUE",
    "TRANSPARENT", "PUBLIC", "PRIVATE", "CONFIDENTIAL", "AUDIO", "DISPLAY", "EMAIL", "PROCEDURE", "NONE",
    "TRUE", "FALSE", "BUSY", "FREE", "OOF", "WORKINGELSEWHERE", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE",
    "ACCEPTED", "DECLINED", "DELEGATED", "CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT",
    "INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN", "THISANDFUTURE", "THISANDPRIOR", "START", "END",
    "PARENT", "CHILD", "SIBLING", "BASE64", "8BIT", "QUOTED-PRINTABLE", "UTF-8", "US-ASCII", "ISO-8859-1",
    "WINDOWS-1252", "TEXT/PLAIN", "TEXT/HTML", "BINARY", "BOOLEAN", "CAL-ADDRESS", "DATE", "DATE-TIME",
    "DURATION", "FLOAT", "INTEGER", "PERIOD", "RECUR", "TEXT", "TIME", "URI", "UTC-OFFSET", "FREQ",
    "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
    "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST", "RSCALE", "SKIP", "OMIT", "FORWARD", "BACKWARD",
    "SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "MO", "TU", "WE", "TH",
    "FR", "SA", "SU", "EXDATE", "EXRULE", "RDATE", "RRULE",
))  # fmt: skip
"""Values of the format, and of what Microsoft adds to it."""
PRODUCERS = frozenset((
    "apple", "calendar", "caldav", "calendly", "caldavsynchronizer", "cisco", "davmail", "davx5",
    "desktop", "doodle", "evolution", "exchange", "fastmail", "fruux", "gmail", "gnome", "google",
    "greenhouse", "horde", "ical", "icalendar", "icloud", "inc", "ios", "kde", "kalarm", "korganizer",
    "lever", "libkcal", "libical", "lightning", "lotus", "mac", "macos", "meetup", "microsoft",
    "corporation", "mimedir", "mozilla", "mozilla.org", "nextcloud", "nonsgml", "notes", "office",
    "domino", "os", "open-xchange", "outlook", "owncloud", "proton", "protoncalendar", "radicale",
    "sabre", "sabredav", "server", "sogo", "synology", "teams", "thunderbird", "vobject", "webcal",
    "webex", "x", "yahoo", "zimbra", "zoom", "en", "de", "fr",
))  # fmt: skip
"""Words in the names that well-known programs give themselves (PRODID)."""

_WORD = re.compile(r"[^ ,;:=/]+")
_NUMBERS = re.compile(
    r"[+-]?\d{1,6}(?:\.\d{1,4}){0,3}|[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)|[+-]?P(?:\d{1,6}[WDHMST]|T){1,9}"
)
"""Short numbers, versions, weekdays with a number, and durations."""
_TIME = re.compile(r"(\d{8})(T\d{6})?(Z?)")


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
            return f"{name}{told}:{self._words(value, moving=False)}"
        return f"{name}{told}:{self._value(word, value)}"

    def _value(self, word: str, value: str) -> str:
        if word == "PRODID":
            return _WORD.sub(lambda found: self._producer(found[0]), value)
        if word in HARMLESS or word in TIMES:
            return self._words(value)
        if word in ZONES:
            return self._zone(value)
        if word in ADDRESSES:
            return f"mailto:{self.number('person', value.lower())}@example.org"
        return self.number("uid" if word == "UID" else "text", value) if value else ""

    def _words(self, value: str, *, moving: bool = True) -> str:
        """Return the words of the format as they are, dates moved; anything else as a number."""
        if value.upper() in WORDS:
            return value
        return _WORD.sub(lambda found: self._word(found[0], moving=moving), value)

    def _word(self, word: str, *, moving: bool) -> str:
        if word.upper() in WORDS or _NUMBERS.fullmatch(word):
            return word
        if time := _TIME.fullmatch(word):
            return self._moved(time[1], time[2] or "") + time[3] if moving else word
        return self.number("text", word)

    def _producer(self, word: str) -> str:
        known = word == "-" or word.lower() in PRODUCERS or _NUMBERS.fullmatch(word)
        parts = word.split("-")  # as in `-//Google Inc`
        return (
            word if known or all(part.lower() in PRODUCERS for part in parts) else self.number("text", word)
        )

    def _parameters(self, raw: bytes) -> Iterator[str]:
        for part in re.findall(r';?([^=;]*)=("[^"]*"|[^;]*)', decode(raw)):
            name, value = part[0].strip().upper(), part[1].strip('"')
            if name == "TZID":
                yield f";TZID={self._zone(value)}"
            elif (
                name == "LANGUAGE" and re.fullmatch("[A-Za-z]{2}", value[:2]) and value[2:3] in ("", "-", "_")
            ):
                yield f";LANGUAGE={value[:2]}"  # what is behind it names a country
            elif name in PARAMETERS:
                yield f";{name}={self._words(value)}"
            else:
                yield f";{name if name in ('CN', 'EMAIL') else 'X-OTHER'}={self.number('text', value)}"

    def _zone(self, value: str) -> str:
        """A public name of a zone; what a producer writes around one may be anything."""
        name = resolve_tzid(value)
        if name is None:
            return self.number("zone", value)
        return value if is_plain_tzid(value) else f"/{self.number('zone', value)}/{name}"

    def _moved(self, day: str, clock: str) -> str:
        try:
            moment = datetime.strptime(f"{day}{clock or 'T000000'}", "%Y%m%dT%H%M%S")  # noqa: DTZ007 - written
            moved = moment + self._by
        except (ValueError, OverflowError):
            return self.number("time", day + clock)
        return f"{moved:%Y%m%dT%H%M%S}" if clock else f"{moved:%Y%m%d}"
