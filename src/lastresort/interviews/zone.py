"""In which zone the interviewer lives, and how that is known."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lastresort.interviews.evidence import Owner
from lastresort.interviews.services import domain_of
from lastresort.interviews.signature import signature_lines
from lastresort.interviews.titles import name_words
from lastresort.interviews.words import prepare, read_lines, read_tables
from lastresort.mail_domains import is_free_mail
from lastresort.model import Event, Mail
from lastresort.query import Query

READ = 4000
APART = re.compile(r"\s*[|•·/]\s*|\s[-\u2013\u2014]\s")
"""What stands between parts of a signature; a comma joins a town with its country."""
WORDS = frozenset(("Bath", "Essen", "Mobile", "Nice", "Orange", "Reading", "Sales", "Split"))
"""Towns that are words."""
NORTH_AMERICA = re.compile(r"\b[A-Z]{2}\s+\d{5}\b|\bU\.?S\.?A\b|\bUnited States\b")
CANADA = re.compile(r"\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b|\bCanada\b")


SOLD = frozenset(
    [
        "ai",
        "cc",
        "co",
        "fm",
        "gg",
        "io",
        "la",
        "me",
        "tv",
        "to",
        "ws",
        "sh",
        "so",
        "ly",
        "vc",
        "ac",
        "gl",
        "is",
        "im",
        "am",
        "pw",
        "st",
        "ms",
        "tk",
    ]
)
"""Country ends of domains that firms everywhere use."""
ENDS = {"uk": "GB", "eu": None}
"""Ends that are no ISO 3166 code."""


class ZoneSource(StrEnum):
    """Where the interviewer's zone was found, the surest first."""

    GIVEN = "given"
    INVITATION = "invitation"
    TEXT = "text"
    SIGNATURE = "place in the signature"
    LOCATION = "location"
    PHONE = "phone number"
    MAIL = "mail's date"
    DOMAIN = "mail address"
    ASSUMED = "assumed"


def _unknown(text: str) -> str | None:  # noqa: ARG001
    return None


def _unwritten(text: str, mine: str = "") -> str | None:  # noqa: ARG001
    return None


def _any(tzid: str) -> bool:  # noqa: ARG001
    return True


class Places(NamedTuple):
    """What is known about places: lookups that return `None` for what they do not know, or find ambiguous."""

    zone_written_in: Callable[[str, str], str | None] = _unwritten
    """The IANA zone named beside a time in a text (`10:00 ET`); of two the one that is not mine."""
    zone_of_place: Callable[[str], str | None] = _unknown
    """The IANA zone of a town, country or country code."""
    phone_country: Callable[[str], str | None] = _unknown
    """The country code an international telephone number belongs to."""
    zone_country: Callable[[str], str | None] = _unknown
    """The country code an IANA zone lies in."""
    names_place: Callable[[str], bool] = _any
    """Whether a TZID names a place; a Windows name does not."""


NOWHERE = Places()


class Whereabouts(NamedTuple):
    """Where the interviewer lives, as far as it is told."""

    zone: str
    source: ZoneSource
    country: str | None = None


def find_country(event: Event, owner: Owner, phone: str | None, places: Places) -> str | None:
    """Return the country that telephone, address, mail domain or location tell, before any zone does."""
    abroad = places.phone_country(phone) if phone else None
    if abroad:
        return abroad
    located = _zone_of(event.location[:500], places)
    if located and (country := places.zone_country(located)):
        return country
    for person in (event.organizer, *(event.mail.people if event.mail else ())):
        if person and not owner.is_me(person) and (country := _country_of(person.address)):
            return country
    return None


def find_whereabouts(
    event: Event, owner: Owner, phone: str | None, query: Query, places: Places
) -> Whereabouts:
    """Return the interviewer's zone, where it was found, and their country.

    The order: what was asked for; a zone written in title, text or mail; the invitation's own TZID when
    somebody else organises it (UTC tells nothing); a place in the signature; the telephone number's area;
    the place of the location; the mail's Date with the country; the country of the mail domain; else mine,
    marked as assumed. A Windows zone tells the offsets; the country comes from elsewhere, and with it the
    zone of that name.
    """
    country = find_country(event, owner, phone, places)
    found = next(_zones(event, owner, phone, country, query, places), None)
    if found is None:
        return Whereabouts(query.zone, ZoneSource.ASSUMED, country)
    zone, source = found
    if source is ZoneSource.INVITATION and not places.names_place(event.tzid):
        local = places.zone_of_place(country) if country else None
        same = local is not None and _offsets(local) == _offsets(zone)
        return Whereabouts(local if same and local else zone, source, country or (places.zone_country(zone)))
    return Whereabouts(zone, source, country or places.zone_country(zone))


def _zones(
    event: Event, owner: Owner, phone: str | None, country: str | None, query: Query, places: Places
) -> Iterator[tuple[str, ZoneSource]]:
    if query.interviewer_zone:
        yield query.interviewer_zone, ZoneSource.GIVEN
    mail = f"{event.mail.subject}\n{event.mail.text[:READ]}" if event.mail else ""
    text = "\n".join((event.summary[:500], event.location[:500], event.description[:READ], mail))
    if zone := places.zone_written_in(text, query.zone):
        yield zone, ZoneSource.TEXT
    if event.zone not in {None, "UTC"}:
        assert event.zone is not None
        theirs = event.organizer is not None and not owner.is_me(event.organizer)
        if theirs or (event.organizer is None and _offsets(event.zone) != _offsets(query.zone)):
            yield event.zone, ZoneSource.INVITATION
    if zone := _zone_signed(event, places):
        yield zone, ZoneSource.SIGNATURE
    if phone and (zone := _zone_of_number(phone, country, places)):
        yield zone, ZoneSource.PHONE
    if zone := _zone_of(event.location[:500], places):
        yield zone, ZoneSource.LOCATION
    if event.mail and country and (zone := _zone_of_mail(event.mail, country, places)):
        yield zone, ZoneSource.MAIL
    if country and (zone := places.zone_of_place(country)):
        yield zone, ZoneSource.DOMAIN


def _zone_signed(event: Event, places: Places) -> str | None:
    """The zone of a town or country below somebody's name; none where two lines name different ones."""
    people = name_words(person.name for person in (event.organizer, *event.attendees[:20]) if person)
    tables = read_tables("invitations")
    found = set()
    for text in (event.description, event.mail.text if event.mail else ""):
        for line in signature_lines(text, people):
            words = prepare(line)
            told = tables["contact"].find(words) or tables["my-phone"].find(words) or "@" in line
            if not told:
                found |= {zone for part in APART.split(line) if (zone := _zone_of(part, places))}
    return found.pop() if len(found) == 1 else None


def _offsets(zone: str) -> tuple[object, ...]:
    here = ZoneInfo(zone)
    return tuple(datetime(2026, month, 1, tzinfo=here).utcoffset() for month in (1, 7))


def _zone_of_number(phone: str, country: str | None, places: Places) -> str | None:
    """The zone of a number's area (+1 212 is New York), else of its country, where that has one zone."""
    digits = "".join(char for char in phone if char.isdecimal())
    if not phone.startswith("+"):
        if country not in {None, "US", "CA"} or len(digits) not in {10, 11}:
            return None
        digits = digits if len(digits) == 11 else f"1{digits}"
    areas = _areas()
    area = next((areas[digits[:end]] for end in range(6, 1, -1) if digits[:end] in areas), None)
    if area or not phone.startswith("+"):
        return area
    abroad = places.phone_country(phone)
    return places.zone_of_place(abroad) if abroad else None


@cache
def _areas() -> Mapping[str, str]:
    rows = (line.split() for line in read_lines("area-codes"))
    return {code: zone for zone, *codes in rows for code in codes}


def _zone_of_mail(mail: Mail, country: str, places: Places) -> str | None:
    """The country's zone, when the mail was sent at its offset: servers that write UTC tell nothing."""
    zone = places.zone_of_place(country)
    if mail.date is None or not mail.date.utcoffset() or zone is None:
        return None
    return zone if mail.date.astimezone(ZoneInfo(zone)).utcoffset() == mail.date.utcoffset() else None


def _country_of(address: str | None) -> str | None:
    """The country of a mail domain's end; none for ends that are sold to everybody."""
    end = domain_of(address).rpartition(".")[2]
    if len(end) != 2 or end in SOLD or is_free_mail(domain_of(address)):
        return None
    return ENDS.get(end, end.upper())


def _zone_of(location: str, places: Places) -> str | None:
    """The zone of a location's parts, the last (a country) first. A town's namesake elsewhere does not
    count."""
    if not location or "://" in location:
        return None
    country = "US" if NORTH_AMERICA.search(location) else "CA" if CANADA.search(location) else None
    for part in reversed(re.split(r"[,;\n(|]", location)[-8:]):
        name = " ".join(word for word in part.strip(" )").split() if not any(c.isdigit() for c in word))
        zone = places.zone_of_place(name) if len(name) > 2 and name not in WORDS else None
        if zone and country in {None, places.zone_country(zone)}:
            return zone
    return None
