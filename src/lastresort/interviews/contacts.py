"""Whom to write to and whom to call: people, addresses, telephone numbers and booking links of an
invitation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lastresort.interviews.services import (
    domain_of,
    employer_domain,
    find_links,
    find_sender,
    find_service,
    listed,
    url_pattern,
)
from lastresort.interviews.words import prepare, read_tables
from lastresort.model import Person
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lastresort.interviews.evidence import Owner
    from lastresort.interviews.services import Link
    from lastresort.model import Event

READ = 16_000
"""Characters of a description that are searched."""
LINES = 400
FEWEST_DIGITS = 7
"""Of a telephone number, with its area."""
ADDRESS = re.compile(r"[\w.!#$%*+/=?^`{|}~'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
MACHINE = re.compile(
    r"no[-._]?reply|do[-._]?not[-._]?reply|notifications?\b|mailer|bounce|^calendar|^invit|^schedul|^interviews?\+|"
    r"^(?:privacy|datenschutz|support|unsubscribe|abuse|webmaster|postmaster|help|billing|newsletter)$"
)
NUMBER = re.compile(r"(?<![\w+/#.:=-])(?:\+|\()?\d[\d ().\-/\u00a0\u2011]{5,22}\d(?![\w@])")
DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
SENTENCE = re.compile(r"[\r\n]+|(?<=[.!?])[ \t]+(?=[A-Z][a-z]*\b(?![:.]))")
EXTENSION = re.compile(r"\s{0,3}(?:ext\.?|extension|durchwahl|poste)\s{0,3}(\d{1,6})\b", re.IGNORECASE)
JOB_AD = re.compile(
    r"^https?://(?:jobs|boards|job-boards|careers|apply)\.|/jobs?/|myworkdayjobs", re.IGNORECASE
)
RESCHEDULE = re.compile(r"resched|reprogram|umbuch|verschieb", re.IGNORECASE)
MANAGE = re.compile(r"schedul|availab|booking|/book|candidate|manage|change|interview", re.IGNORECASE)
CANCEL = re.compile(r"cancel", re.IGNORECASE)


def find_person(event: Event, owner: Owner) -> Person | None:
    """Return who arranged it and can be written to: the recruiter first (R11), else the organiser, else
    whoever
    from outside is invited or named in the text. Machines and rooms are nobody. Only a name where no
    address is.
    """
    organizer = event.organizer if not owner.is_me(event.organizer) else None
    people = [person for person in (organizer, *_guests(event, owner)) if person and is_human(person)]
    person = next((person for person in people if _recruits(person)), None) or next(iter(people), None)
    if person is None and (address := _written_address(event, owner)):
        person = Person(address)
    if person is None and organizer:
        person = Person(None, organizer.name)
    return person._replace(name=clean_name(person.name)) if person else None


def is_human(person: Person) -> bool:
    """Tell whether somebody reads what is sent to the person's address."""
    address = person.address or ""
    if (
        len(address) > 254
        or not ADDRESS.fullmatch(address)
        or person.cutype.upper() not in {"", "INDIVIDUAL"}
    ):
        return False
    if any(char in address for char in "?&%=`{|}"):
        return False
    machine = find_sender(address) or listed("calendar-resource", domain_of(address))
    return not machine and MACHINE.search(address.partition("@")[0]) is None


def clean_name(name: str) -> str:
    """Return a person's name as one writes it: `Sabine Müller` for `Müller, Sabine (Acme) via Greenhouse`."""
    text = one_line(name)
    text = re.split(r"\s+via\s+|\s*[|(\[<]|\s+@\s+", text.strip("\"' "), maxsplit=1)[0].strip("\"' ,")
    if "@" in text or not any(char.isalpha() for char in text):
        return ""
    last, comma, first = text.partition(", ")
    swapped = comma and "," not in first and len(first.split()) < 3 and len(last.split()) < 3
    return (f"{first} {last}" if swapped else text)[:80]


def find_phone(event: Event) -> str | None:
    """Return the number to call the interviewer, as readable as it was written. Numbers to dial into a
    meeting, and
    those on which the interviewer calls me, do not count."""
    name = event.organizer.name if event.organizer else ""
    sure = [number for number, told in _numbers(event.description[:READ]) if told]
    others = (*_numbers(event.location[:500]), *_numbers(event.url[:200]), *_numbers(name[:200]))
    rest = [number for number, _ in (*others, *_numbers(event.description[:READ]))]
    return next(iter((*sure, *rest)), None)


def find_numbers(text: str) -> tuple[str, ...]:
    """Return the telephone numbers of a text that are somebody's to call."""
    return tuple(number for number, _ in _numbers(text[:READ]))


def find_link(event: Event) -> str | None:
    """Return the http(s) link at a known service where the candidate may move the interview, the surest
    first."""
    links = [
        link for text in (event.url, event.location, event.description[:READ]) for link in find_links(text)
    ]
    ranked = [(_movable(link), -place) for place, link in enumerate(links)]
    best = max(ranked, default=(0, 0))
    return links[-best[1]].url if best[0] > 0 else None


def _movable(link: Link) -> int:
    service = find_service(link.host)
    if service is None or service.kind == "assessment" or len(link.url) > 500:
        return 0
    path = link.url.partition(link.host)[2]
    if RESCHEDULE.search(path):
        return 3
    if CANCEL.search(path) or JOB_AD.search(link.url):
        return 0
    return 2 if MANAGE.search(path) else int(service.kind == "scheduling")


# -- people -------------------------------------------------------------------------------------------------


def _guests(event: Event, owner: Owner) -> Iterator[Person]:
    """Attendees from outside. Where I organise it myself, only people with an employer's address: no
    family."""
    own = event.organizer is None or owner.is_me(event.organizer)
    for person in event.attendees[:100]:
        if owner.is_me(person) or domain_of(person.address) in owner.domains:
            continue
        if not own or employer_domain(person.address):
            yield person


def _recruits(person: Person) -> bool:
    text = prepare(f"{person.name} {(person.address or '').partition('@')[0]}")
    return read_tables("invitations")["recruiter"].find(text) is not None


def _written_address(event: Event, owner: Owner) -> str | None:
    text = url_pattern().sub(" ", event.description[:READ]) if "@" in event.description else ""
    for number, found in enumerate(ADDRESS.finditer(text)):
        person = Person(found[0].strip(".-'").lower())
        if number == 20:
            return None
        if is_human(person) and not owner.is_me(person) and domain_of(person.address) not in owner.domains:
            return person.address
    return None


# -- numbers ------------------------------------------------------------------------------------------------


def _numbers(text: str) -> Iterator[tuple[str, bool]]:
    """Each number to call, and whether its line says that it is one.

    After a line about dialling in, numbers are the meeting's until a line speaks of a contact again.
    """
    if sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        return
    tables = read_tables("invitations")
    dialling = False
    for line in SENTENCE.split(text)[:LINES]:
        bare = re.sub(r"tel:(?=[+\d(])", "tel: ", url_pattern().sub(" ", line[:500]), flags=re.IGNORECASE)
        words = prepare(bare)
        told = tables["contact"].find(words) is not None
        if tables["dial-in"].find(words):
            dialling = True
            continue
        dialling = dialling and not told and "@" not in bare
        if not dialling and not tables["my-phone"].find(words):
            for number in _numbers_in(bare, told):
                yield number, told


def _numbers_in(line: str, told: bool) -> Iterator[str]:
    for found in NUMBER.finditer(line):
        written = found[0]
        behind = line[found.end() : found.end() + 20]
        if re.match(r"\s*(?:,|;\s*\d|#|p\s*\d|x\d)", behind) and not re.match(r",\s+\D", behind):
            continue
        number = _readable(written)
        digits = sum(char.isdigit() for char in number)
        national = (
            told and written[0] in "(0123456789" and DATE.search(written) is None and _is_grouped(written)
        )
        if FEWEST_DIGITS <= digits <= 15 and (number.startswith("+") or national):
            extension = EXTENSION.match(behind)
            yield f"{number} ext. {extension[1]}" if extension else number


def _is_grouped(written: str) -> bool:
    """National numbers begin with a zero, or come in groups; a bare row of digits may be anything."""
    return written[0] in "(0" or re.search(r"\d[ .\-)]+\d", written) is not None


def _readable(written: str) -> str:
    text = " ".join(written.replace("\u00a0", " ").replace("\u2011", "-").replace("(0)", "").split())
    text = text + ")" if text.count("(") > text.count(")") else text
    return "+" + text[2:].lstrip() if text.startswith("00") else text
