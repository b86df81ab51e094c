"""Who stands behind an invitation: the employer's name and the role, and what rounds of one process share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lastresort.interviews.contacts import EASTERN_TEAM, clean_name, is_human, names_person
from lastresort.interviews.prose import PARTICLES, Told, read_named_role, read_text
from lastresort.interviews.services import (
    company_in,
    domain_of,
    employer_domain,
    find_links,
    find_sender,
    hires_as_well,
    is_agency,
    is_service_name,
    label_of,
)
from lastresort.interviews.signature import company_in_signature, firm_called
from lastresort.interviews.titles import (
    Hints,
    Title,
    name_words,
    read_title,
    squeeze,
    write_out,
)
from lastresort.interviews.words import find_companion, is_given_name, prepare, read_tables
from lastresort.mail_domains import is_free_mail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lastresort.interviews.evidence import Owner
    from lastresort.model import Event, Person

READ = 16_000
CLIENTS = (
    "my client",
    "our client",
    "unser kunde",
    "unserem kunden",
    "unseren kunden",
    "notre client",
    "mon client",
    "nuestro cliente",
    "nostro cliente",
    "nosso cliente",
    "onze klant",
    "onze opdrachtgever",
    "naszego klienta",
    "vår kund",
    "нашего клиента",
    "нашого клієнта",
    "unserem mandanten",
    "unser mandant",
)
"""How an agency speaks of the employer."""
BEHIND_NAME = re.compile(r"(?:\(|\||\s@\s|\sat\s|\sfrom\s|,\s)\s*([^()|@]{2,40}?)\s*\)?$")
VIA = re.compile(r"\s+via\s+|\s*\(([^()]{2,30})\)\s*$", re.IGNORECASE)
BOOKED = re.compile(
    r"^\W*(?:event (?:name|type)|name des (?:ereignisses|events)|nom de l.événement|nombre del evento"
    r"|nome do evento|nome dell.evento|naam van het evenement)\W{0,4}\n?([^\n]{3,200})",
    re.IGNORECASE | re.MULTILINE,
)
CUT_FORMS = ("GmbH", "AG", "UG", "SE", " Sp")
FORM_GOES_ON = r"(?:\s*&\s*Co\.?(?:\s*(?:KG(?:aA)?|OHG)\b)?|\.?\s*z\s*o\.?\s?o\.)"
"""What follows in the names of firms with two legal forms, and in that of a Polish one: `Sp. z o.o.`"""
NOBODYS = frozenset({"example", "test", "invalid", "localhost"})


def read_names(event: Event, owner: Owner, zone_of_place: Callable[[str], str | None]) -> Title:
    """Return role and company: from the title, else from the text and the mail, else from who sent it.

    Behind an agency, the employer is the client that title or text name: never the agency.
    """
    hints = _hints(event, owner, zone_of_place)
    title, subject = read_title(event.summary, hints), read_title(_subject(event), hints)
    # a booking page says in the description what it calls the appointment: `Event Name: …`
    named = BOOKED.search(event.description[:2000])
    booked = read_title(named[1] if named else "", hints)
    told = read_told(event)
    agency = find_agency(event, owner) is not None
    companies = [
        title.company,
        told.client if agency else None,
        told.company,
        subject.company or booked.company,
    ]
    place = _company_of_place(event, hints)
    written = "\n".join(filter(None, (event.description, event.mail.text if event.mail else "")))
    companies.append(firm_called(written, hints.people, hints.labels))
    if not agency:
        signed = company_in_signature(written, hints.people, hints.is_place)
        sent = _company_of_sender(event, owner)
        written_out = (
            sent is not None and prepare(sent).line[1:-1] in prepare("\n".join(_said(event)), 4 * READ).line
        )
        companies += [sent, signed, place] if written_out else [signed, sent, place]
    agencies = _agency_names(event, owner) if agency else frozenset()
    noted = event.organizer is None or owner.is_me(event.organizer)  # a service of that name brought nothing

    def is_employer(name: str) -> bool:
        if is_service_name(name) and not (noted and name == title.company and hires_as_well(name)):
            return False
        return squeeze(name) not in agencies

    found = (name for name in companies if name and is_employer(name))
    sure = next((name for name in (*companies[:5], place) if name and _says_more(name, hints.labels)), None)
    company = sure if sure and not agency else next(found, None)
    role = title.role or told.role or subject.role or booked.role or read_named_role(event.summary)
    return Title(role, _with_whole_form(company, (event.summary, _subject(event), written)))


def _with_whole_form(company: str | None, texts: Iterable[str]) -> str | None:
    """The firm with all of its legal form, as a text writes it: `Kessler GmbH` is `Kessler GmbH & Co. KG`."""
    if company is None or not company.endswith(CUT_FORMS):
        return company
    whole = re.compile(re.escape(company) + FORM_GOES_ON)
    found = next(filter(None, (whole.search(text[: 2 * READ]) for text in texts)), None)
    return found[0].rstrip() if found else company


def read_told(event: Event) -> Told:
    """Return what the description and the mail's text name, the description first."""
    told = [read_text(text) for text in (event.description, event.mail.text if event.mail else "") if text]
    return Told(
        role=next((one.role for one in told if one.role), None),
        company=next((one.company for one in told if one.company), None),
        client=next((one.client for one in told if one.client), None),
        people=tuple(dict.fromkeys(name for one in told for name in one.people)),
    )


def read_people(event: Event, owner: Owner) -> tuple[str, ...]:
    """Return the people that title and text name, as they write them: neither me nor a firm."""
    told = read_told(event).people
    mine = {word for name in owner.names for word in name.split()}
    mine |= {word for address in owner.addresses for word in prepare(address.partition("@")[0]).words}
    beside = find_companion(event.summary)
    names = [name for name in (*told, *([beside[1]] if beside else [])) if name.strip()]
    firms = {squeeze(label.replace("-", " ")) for label in _labels(event, owner)}
    return tuple(
        name
        for name in names
        if not set(prepare(name).words) <= mine
        and firms.isdisjoint(prepare(name).words)
        and _may_be_person(name)
    )


def _may_be_person(name: str) -> bool:
    words = [word for word in prepare(name).words if word not in PARTICLES]
    tables = read_tables("invitations")
    vague = any(
        tables[section].has(word)
        for word in words
        for section in ("tail", "core", "stage", "roles", "times", "fields")
    )
    return bool(words) and (is_given_name(words[0]) or (not vague and not is_service_name(name)))


def find_agency(event: Event, owner: Owner) -> Person | None:
    """Return the person of a recruitment agency that sent the invitation; `None` when the employer did."""
    senders = (event.organizer, *(event.mail.people if event.mail else ()))
    for person in senders:
        if person and not owner.is_me(person) and is_agency(domain_of(person.address)):
            return person._replace(name=clean_name(person.name))
    organizer = event.organizer
    if organizer and not owner.is_me(organizer) and read_told(event).client and _speaks_of_client(event):
        return organizer._replace(name=clean_name(organizer.name))
    return None


def _speaks_of_client(event: Event) -> bool:
    text = prepare(f"{event.description}\n{event.mail.text if event.mail else ''}", READ)
    return any(f" {phrase} " in text.line for phrase in CLIENTS)


def _agency_names(event: Event, owner: Owner) -> frozenset[str]:
    agency = find_agency(event, owner)
    label = label_of(domain_of(agency.address)) if agency else ""
    return frozenset({squeeze(label.replace("-", " "))}) - {""}


def _says_more(name: str, labels: frozenset[str]) -> bool:
    """Tell whether a name is that of the sender's domain, written out."""
    squeezed = squeeze(name)
    return any(len(label) > 3 and label in squeezed for label in labels)


def _subject(event: Event) -> str:
    return event.mail.subject if event.mail else ""


def _company_of_place(event: Event, hints: Hints) -> str | None:
    """`Mairie de Bron` of `Mairie de Bron, salle 3, …`: the first part of an address, when it is a name."""
    first, comma, rest = event.location[:200].partition(",")
    if not comma or not any(char.isdigit() for char in rest) or any(char.isdigit() for char in first):
        return None
    tables, text = read_tables("invitations"), prepare(first)
    if tables["video"].find(text) or tables["street"].find(text) or hints.is_place(first.strip()):
        return None
    norms = [norm for norm in text.words if not tables["place"].has(norm)]
    return first.strip() if norms and 1 < len(text.words) < 6 else None


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
    others = [clean_name(one.name) for one in people if not owner.is_me(one) and names_person(one)]
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
    private = len(words) > 1 and sum(word in label for word in words) > 1 and names_person(person)
    return domain not in owner.domains and not is_agency(domain) and label not in NOBODYS and not private


def _company_of_sender(event: Event, owner: Owner) -> str | None:
    organizer = event.organizer
    if organizer is None or owner.is_me(organizer) or domain_of(organizer.address) in owner.domains:
        return None
    slug = next(_slugs(event), None)
    senders = (organizer, *(event.mail.people if event.mail else ()))
    names = [name for person in senders if (name := _company_in_name(person, owner))]
    domain = employer_domain(organizer.address)
    if domain is None and find_sender(organizer.address):
        guests = (
            employer_domain(person.address) for person in event.attendees[:100] if not owner.is_me(person)
        )
        domain = next((guest for guest in guests if guest and guest not in owner.domains), None)
    label = slug or (label_of(domain) if domain and _is_employer(domain, organizer, owner) else None)
    if names:
        return names[0]
    whole = clean_name(organizer.name)
    if label and _is_whole_name(whole, organizer, squeeze(label.replace("-", " "))):
        return whole
    return write_out(label, _said(event)) if label else None


def _is_whole_name(name: str, organizer: Person, label: str) -> bool:
    """Tell whether an organiser's name is the firm's, longer than its domain: `EHPAD Les Tilleuls`."""
    words = name.split()
    longer = len(label) > 3 and label in squeeze(name) and label != squeeze(name)
    return longer and len(words) < 6 and not names_person(organizer) and _before_team(name) is None


def _said(event: Event) -> tuple[str, ...]:
    """All that the invitation says in words, and who sent it."""
    sender = event.organizer.name if event.organizer else ""
    mail = event.mail.text if event.mail else ""
    return event.summary, event.location, event.description, _subject(event), mail, sender


def _company_in_name(person: Person, owner: Owner) -> str | None:
    """`Acme` of `Acme Recruiting`, `Acme via Lever`, `Acme (JazzHR)`, `Jane Doe (Acme)`, `Jane from Acme`.

    Only with a name that says so by itself, or that agrees with the address."""
    if owner.is_me(person) or not person.name:
        return None
    text = " ".join(person.name[:120].split())
    if through := VIA.search(text):
        text = text[: through.start()] if through[1] is None or is_service_name(through[1]) else text
        sent = _before_team(text) or text
        return None if is_given_name(next(iter(prepare(sent).words), "")) else sent
    behind = BEHIND_NAME.search(text)
    name = behind[1] if behind else _before_team(text)
    service = find_sender(person.address)
    if (
        not name
        and service
        and service.kind in {"applicant-tracking", "hr-suite"}
        and not names_person(person)
    ):
        name = text
    if not name or "@" in name or is_given_name(next(iter(prepare(name).words), "")) or is_service_name(name):
        return None
    vague = read_tables("invitations")
    if all(
        any(vague[section].has(word) for section in ("tail", "stage", "boss", "recruiter", "place"))
        for word in prepare(name).words
    ):
        return None
    label = squeeze(label_of(employer_domain(person.address) or "").replace("-", " "))
    team = behind is None
    agrees = (
        label in squeeze(name) or squeeze(name) in label if label else find_sender(person.address) is not None
    )
    return name if agrees or (team and not is_free_mail(domain_of(person.address))) else None


def _before_team(text: str) -> str | None:
    """The words before `Recruiting Team`, or behind `Reclutamiento`; `None` when nothing of the kind stands
    there."""
    if found := EASTERN_TEAM.search(text):
        return text[: found.start()]
    words = text.split()
    tail = read_tables("invitations")["tail"]

    def is_team(word: str) -> bool:
        norms = prepare(word).words
        return bool(norms) and all(tail.has(norm) for norm in norms)

    first, last = 0, len(words)
    while last and is_team(words[last - 1]):
        last -= 1
    while first < last and is_team(words[first]):
        first += 1
    return (
        " ".join(words[first:last]).strip(" ,|-–") if first < last and (first or last < len(words)) else None
    )
