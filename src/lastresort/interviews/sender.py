"""Who stands behind an invitation: the employer's name and the role, and what rounds of one process share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lastresort.interviews.contacts import clean_name, is_human
from lastresort.interviews.services import (
    company_in,
    domain_of,
    employer_domain,
    find_links,
    find_sender,
    is_agency,
    label_of,
)
from lastresort.interviews.titles import (
    Hints,
    Title,
    is_given_name,
    name_words,
    read_labels,
    read_title,
    squeeze,
    write_out,
)
from lastresort.interviews.words import prepare, read_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lastresort.interviews.evidence import Owner
    from lastresort.model import Event, Person

READ = 16_000
BEHIND_NAME = re.compile(r"(?:\(|\||\s@\s|\sat\s|\sfrom\s|,\s)\s*([^()|@]{2,40}?)\s*\)?$")
NOBODYS = frozenset({"example", "test", "invalid", "localhost"})


def read_names(event: Event, owner: Owner, zone_of_place: Callable[[str], str | None]) -> Title:
    """Return role and company: from the title, else from labelled lines of the text, else from who sent
    it."""
    hints = _hints(event, owner, zone_of_place)
    title, lines = read_title(event.summary, hints), read_labels(event.description)
    return Title(
        title.role or lines.role, title.company or lines.company or _company_of_sender(event, owner, hints)
    )


def find_process(event: Event, owner: Owner, company: str | None) -> str:
    """Return the organiser's domain; their address where a mail provider owns the domain; else the
    company's name."""
    organizer = event.organizer if not owner.is_me(event.organizer) else None
    address = organizer.address if organizer else None
    domain = employer_domain(address)
    if domain:
        return domain
    if address and organizer and is_human(organizer) and not find_sender(address):
        return address
    return squeeze(company) if company else ""


def _hints(event: Event, owner: Owner, zone_of_place: Callable[[str], str | None]) -> Hints:
    people = [p for p in (event.organizer, *event.attendees[:100]) if p is not None]
    mine = [person.name for person in people if owner.is_me(person)]
    mine += [re.sub(r"[._\-+\d]+", " ", address.partition("@")[0]) for address in owner.addresses]
    labels = {squeeze(label.replace("-", " ")) for label in _labels(event, owner)}
    labels |= {squeeze(name) for person in people if (name := _company_in_name(person, owner))}
    others = [clean_name(person.name) for person in people if not owner.is_me(person)]
    names = frozenset(word for word in name_words(others) if word not in labels)
    return Hints(
        names, name_words(mine), frozenset(labels) - {""}, lambda text: zone_of_place(text) is not None
    )


def _labels(event: Event, owner: Owner) -> Iterator[str]:
    """Names of employers, as domains of people and links of tracking services write them."""
    for person in (event.organizer, *event.attendees[:100]):
        domain = employer_domain(person.address) if person and not owner.is_me(person) else None
        if person and domain and _is_employer(domain, person, owner):
            yield label_of(domain)
    yield from _slugs(event)


def _slugs(event: Event) -> Iterator[str]:
    for text in (event.url, event.location, event.description[:READ]):
        for link in find_links(text):
            if slug := company_in(link):
                yield slug


def _is_employer(domain: str, person: Person, owner: Owner) -> bool:
    """Neither mine, nor an agency's, nor somebody's own domain."""
    label = squeeze(label_of(domain).replace("-", " "))
    words = name_words([clean_name(person.name)])
    private = len(words) > 1 and sum(word in label for word in words) > 1
    return domain not in owner.domains and not is_agency(domain) and label not in NOBODYS and not private


def _company_of_sender(event: Event, owner: Owner, hints: Hints) -> str | None:
    organizer = event.organizer
    if organizer is None or owner.is_me(organizer) or domain_of(organizer.address) in owner.domains:
        return None
    slug = next(_slugs(event), None)
    domain = employer_domain(organizer.address)
    if domain is None and find_sender(organizer.address):
        guests = (
            employer_domain(person.address) for person in event.attendees[:100] if not owner.is_me(person)
        )
        domain = next((guest for guest in guests if guest and guest not in owner.domains), None)
    label = slug or (label_of(domain) if domain and _is_employer(domain, organizer, owner) else None)
    name = _company_in_name(organizer, owner)
    if name and (
        label is None or squeeze(name) == squeeze(label.replace("-", " ")) or squeeze(name) in hints.labels
    ):
        return name
    return write_out(label, (event.summary, event.description, organizer.name)) if label else None


def _company_in_name(person: Person, owner: Owner) -> str | None:
    """`Acme` of `Acme Recruiting`, `Jane Doe (Acme)`, `Jane Doe | Acme`, `Jane from Acme`: only with a name
    that
    says so by itself, or that agrees with the address."""
    if owner.is_me(person) or not person.name:
        return None
    text = " ".join(person.name[:120].split())
    behind = BEHIND_NAME.search(text)
    name = behind[1] if behind else _before_team(text)
    if not name or "@" in name or is_given_name(next(iter(prepare(name).words), "")):
        return None
    vague = read_tables("invitations")
    if all(
        vague["tail"].has(word) or vague["stage"].has(word) or vague["boss"].has(word)
        for word in prepare(name).words
    ):
        return None
    label = label_of(employer_domain(person.address) or "")
    agrees = (
        squeeze(name) == squeeze(label.replace("-", " "))
        if label
        else find_sender(person.address) is not None
    )
    return name if agrees else None


def _before_team(text: str) -> str | None:
    """The words before `Recruiting Team`; `None` when nothing of the kind stands behind them."""
    words = text.split()
    tail = read_tables("invitations")["tail"]
    last = len(words)
    while last and all(tail.has(word) for word in prepare(words[last - 1]).words):
        last -= 1
    return " ".join(words[:last]) if 0 < last < len(words) else None
