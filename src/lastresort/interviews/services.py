"""Services that invitations come from or link to, and what a mail domain says about an employer.

The table is `data/services.txt`. Hosts are compared as wholes or as subdomains, never as substrings: a
stranger may well own `greenhouse.io.example`.
"""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from lastresort.mail_domains import is_free_mail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLE = os.path.join(os.path.dirname(__file__), "data", "services.txt")
LONGEST_HOST = 253
LINKS = 60
"""Links of one text that are looked at."""
HOST = r"://(?:[^\s/?#@]{0,200}@)?([\w-]{1,63}(?:\.[\w-]{1,63}){1,9})"
URL = r"https?://[^\s<>\"\\^`{|}\x00-\x1f\x7f-\x9f]{4,2000}"
AGENCY_WORDS = (
    "recruit",
    "staffing",
    "headhunt",
    "talentsearch",
    "executivesearch",
    "personalberat",
    "personaldienst",
    "personalvermitt",
    "zeitarbeit",
)
AGENCY_ENDS = ("search", "talent", "talents", "headhunters", "searchpartners", "hunting")
SECOND_LEVELS = frozenset((
    "ac", "asso", "co", "com", "ed", "edu", "gen", "go", "gob", "gouv", "gov", "gub", "gv", "ltd", "mil",
    "ne", "net", "nhs", "nic", "or", "org", "plc", "police", "sch",
))  # fmt: skip


class Service(NamedTuple):
    """A service by its name for people. `kind` is the section of the table it stands in."""

    name: str
    kind: str
    company_at: str = ""
    """Where a link holds the employer's name: `host`, `path`, or nowhere."""


class Link(NamedTuple):
    """A web address found in a text, and its host in lower case."""

    url: str
    host: str


class _Table(NamedTuple):
    services: Mapping[str, Service]
    domains: Mapping[str, frozenset[str]]


def find_service(host: str) -> Service | None:
    """Return the service a host (or the domain of an address) belongs to; the longest entry wins."""
    return _service_of(host) if len(host) <= LONGEST_HOST else None


def find_sender(address: str | None) -> Service | None:
    """Return the service that an e-mail address, or a UID that looks like one, belongs to."""
    return _sender_of(address) if address and len(address) <= 2 * LONGEST_HOST else None


@lru_cache(maxsize=4096)
def _service_of(host: str) -> Service | None:
    services = _read().services
    return next((services[name] for name in _parents(host.lower()) if name in services), None)


@lru_cache(maxsize=4096)
def _sender_of(address: str) -> Service | None:
    return find_service(domain_of(address))


def listed(section: str, domain: str) -> bool:
    """Tell whether the domain, or one above it, stands in a section: `video`, `calendar-resource` …"""
    domains = _read().domains.get(section, frozenset())
    return len(domain) <= LONGEST_HOST and any(name in domains for name in _parents(domain))


def is_agency(domain: str) -> bool:
    """Tell whether the domain is a recruitment agency's, whose name is not the employer's."""
    label = label_of(domain)
    return (
        label in _agency_labels()
        or any(word in label for word in AGENCY_WORDS)
        or label.endswith(AGENCY_ENDS)
    )


@cache
def _agency_labels() -> frozenset[str]:
    return frozenset(label_of(domain) for domain in _read().domains.get("agency", ()))


def is_service_name(name: str) -> bool:
    """Tell whether a name is that of a service, no employer's, by its first word: `Karat Interview`.

    `Google Meet` is one, and `Google` alone is a firm.
    """
    words = name.casefold().split()
    return bool(words) and words != ["google"] and words[0] in _service_names()


def hires_as_well(name: str) -> bool:
    """Tell whether a name is that of a firm whose service other employers use: no place where one meets."""
    kinds = {
        service.kind for service in _read().services.values() if service.name.casefold() == name.casefold()
    }
    return bool(kinds & {"applicant-tracking", "hr-suite"})


@cache
def _service_names() -> frozenset[str]:
    table = _read()
    names = {service.name.casefold() for service in table.services.values()}
    return frozenset(
        names
        | {"google", "zoom", "teams", "skype", "webex", "hackerrank"} - {"join", "guide", "gem", "wanted"}
    )


def domain_of(address: str | None) -> str:
    """Return what stands behind the last `@`, lower-case; empty when nothing does."""
    return (address or "").rpartition("@")[2].lower()


def registered_domain(domain: str) -> str:
    """Return the part that is registered: `acme.co.uk` for `mail.acme.co.uk`. An estimate, without a list."""
    labels = domain.split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS
    return ".".join(labels[-3 if short else -2 :])


def label_of(domain: str) -> str:
    """Return the owner's own part of a domain: `acme` for `mail.acme.co.uk`."""
    return registered_domain(domain).partition(".")[0]


def employer_domain(address: str | None) -> str | None:
    """Return the registered domain of an address, unless it is a mail provider's, a service's or a
    calendar's."""
    domain = domain_of(address)
    if "." not in domain or find_service(domain) or is_free_mail(domain):
        return None
    return None if listed("calendar-resource", domain) else registered_domain(domain)


def linked_hosts(text: str) -> tuple[str, ...]:
    """Return the hosts of a text's links as written, quickly, at most 60."""
    return tuple(re.findall(HOST, text)[:LINKS]) if "://" in text else ()


def find_links(text: str) -> tuple[Link, ...]:
    """Return the http(s) links of a text, at most 60. User names before the host do not disguise it."""
    return tuple(_links(text)) if "://" in text else ()


def company_in(link: Link) -> str | None:
    """Return the employer's name as a tracking service writes it into its links: `acme` of
    `jobs.lever.co/acme`."""
    service = find_service(link.host)
    if service is None or not service.company_at:
        return None
    if service.company_at == "host":
        slug = link.host.split(".")[0]
        return slug if link.host.count(".") > 1 and slug not in {"www", "app", "api", "my", "mail"} else None
    slug = link.url.split("://", 1)[1].partition("/")[2].split("/")[0].split("?")[0]
    return slug.lower() if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{1,40}", slug) and slug != "embed" else None


@cache
def url_pattern() -> re.Pattern[str]:
    """Return the pattern of http(s) links; compiled when first needed, as patterns are slow to compile."""
    return re.compile(URL, re.IGNORECASE)


def _links(text: str) -> Iterator[Link]:
    for number, found in enumerate(url_pattern().finditer(text)):
        if number == LINKS:
            return
        url = found[0].rstrip(".,;:!?)]'*")
        authority = re.split(r"[/?#]", url.split("://", 1)[1], maxsplit=1)[0]
        host = authority.rpartition("@")[2].partition(":")[0].lower().rstrip(".")
        if "." in host:
            yield Link(url, host)


def _parents(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]


@cache
def _read() -> _Table:
    services: dict[str, Service] = {}
    domains: dict[str, set[str]] = {}
    section = ""
    with open(TABLE, encoding="utf-8") as file:
        lines = file.read().splitlines()
    for line in lines:
        if line[:1] == "[":
            section = line.strip("[]")
        elif line and line[0] != "#":
            written, _, name = line.partition(" ")
            domain, company_at = _company_place(written) if "{" in written else (written, "")
            domains.setdefault(section, set()).add(domain)
            if name and section != "video":
                services[domain] = Service(name, section, company_at)
    return _Table(
        MappingProxyType(services),
        MappingProxyType({key: frozenset(value) for key, value in domains.items()}),
    )


def _company_place(written: str) -> tuple[str, str]:
    if written.startswith("{company}."):
        return written.removeprefix("{company}."), "host"
    if written.endswith("/{company}"):
        return written.removesuffix("/{company}"), "path"
    return written, ""
