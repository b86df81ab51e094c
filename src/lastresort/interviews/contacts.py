"""Whom to write to and whom to call: people, addresses and telephone numbers of an invitation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lastresort.interviews.services import (
    domain_of,
    employer_domain,
    find_sender,
    is_agency,
    label_of,
    listed,
    url_pattern,
)
from lastresort.interviews.words import is_given_name, prepare, read_tables
from lastresort.model import Person
from lastresort.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.interviews.evidence import Owner
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
NUMBER = re.compile(
    r"(?<![\d+/#.=-])(?<!\d:)(?<![A-Za-z]-)(?<![A-Za-z])(?:\+|\()?\d[\d ().\-/\u00a0\u2011]{5,22}\d(?![\w@])"
)
NORTH_AMERICAN = re.compile(r"(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}")
NATIONAL = {
    8: ("DK", "HK", "LU", "NO", "SG"),
    9: ("CL", "CZ", "ES", "IT", "LU", "PL", "PT"),
    10: ("BR", "CA", "CO", "GR", "IN", "IT", "MX", "TR", "US"),
    11: ("BR", "CN", "RU", "TR"),
}
"""Digits of national numbers in countries that write none or not always a zero before them."""
EASTERN_TEAM = re.compile(
    r"\s*(?:招聘|招募|人力资源部?|人力資源部?|人资部?|人資部?|人事部?|採用チーム|採用担当|採用部?|인사팀|채용팀|채용담당자?|채용)$"
)
"""How Chinese, Japanese and Korean firms call those who recruit, behind their name."""
SHORT_LABEL = re.compile(r"(?:^|[|,;/·•]|\s)(?:[TMDPCOWHtmdpcow]|[Oo]ff|[Mm]ob|[Tt]el|[Pp]h)\s*[.:]\s*[+(\d]")
"""`D:` and `m.` before a number, as signatures have them."""
DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
SENTENCE = re.compile(r"[\r\n]+|(?<=[.!?])[ \t]+(?=[A-Z][a-z]*\b(?![:.]))")
EXTENSION = re.compile(r"\s{0,3}(?:ext\.?|extension|durchwahl|poste)\s{0,3}(\d{1,6})\b", re.IGNORECASE)


def find_person(event: Event, owner: Owner, named: Sequence[str] = ()) -> Person | None:
    """Return who arranged it and can be written to: the recruiter first (R11), else the organiser, else the
    mail's sender, else whoever from outside is invited or named in the text.

    Machines and rooms are nobody. `named` are people that the text names: one of them is the person where
    organiser and guests are only mailboxes; the address stays that of the mailbox. Only a name where no
    address is.
    """
    organizer = event.organizer if not owner.is_me(event.organizer) else None
    senders = [person for person in (event.mail.people if event.mail else ()) if not owner.is_me(person)]
    people = [p for p in (organizer, *senders, *_guests(event, owner)) if p and is_human(p)]
    persons = [person for person in people if names_person(person)]
    person = (
        next((p for p in persons if _recruits(p)), None)
        or next(iter(persons), None)
        or next(iter(people), None)
    )
    if person is None and (address := _written_address(event, owner)):
        person = Person(address)
    if person is None and organizer and names_person(organizer):
        person = Person(None, organizer.name)
    name = clean_name(person.name) if person and names_person(person) else ""
    if not name and named:
        name = _fullest(named)
    if person is None:
        return Person(None, name) if name else None
    return person._replace(name=name)


def find_others(
    event: Event, owner: Owner, person: Person | None, named: Sequence[str]
) -> tuple[Person, ...]:
    """Return who else takes part on their side: guests from outside, and people that the text names."""
    known = {_squeezed(person.name)} if person and person.name else set()
    addresses = {person.address} if person else set()
    found: list[Person] = []
    guests = [p for p in _guests(event, owner) if is_human(p) and p.address not in addresses]
    for one in (*guests, *(Person(None, name) for name in named)):
        name = clean_name(one.name)
        words = _squeezed(name)
        if words and not owner.is_me(one) and not any(words <= other for other in known):
            known.add(words)
            found.append(one._replace(name=name))
    return tuple(found[:10])


def _squeezed(name: str) -> frozenset[str]:
    return frozenset(prepare(name).words)


def _fullest(names: Sequence[str]) -> str:
    """The first name, as the text writes it in full: `Gloria Ramos` where `Gloria` is named as well."""
    first = _squeezed(names[0])
    return max((name for name in names if first <= _squeezed(name)), key=len)


def names_person(person: Person) -> bool:
    """Tell whether the name is a person's: neither a mailbox (`HR`, `Personalamt`), a team nor a firm."""
    words = prepare(clean_name(person.name)).words
    if not words or len(words) > 5 or EASTERN_TEAM.search(person.name.strip()):
        return False
    mailbox = (person.address or "").partition("@")[0].lower()
    own = any(word in mailbox for word in words if len(word) > 2)
    if not own and squeeze_words(words) == label_of(domain_of(person.address)).replace("-", ""):
        return False
    if is_given_name(words[0]) or is_given_name(words[-1]):
        return True
    if find_sender(person.address) and not is_human(person):
        return False
    tables = read_tables("invitations")
    if any(tables[section].has(word) for word in words for section in ("tail", "recruiter", "core")):
        return False
    if own and len(words) > 1:
        return True
    label, named = label_of(domain_of(person.address)), squeeze_words(words)
    firm = len(label) > 3 and (label in named or named in label)
    vague = tables["article"].has(words[0]) or any(tables["place"].has(word) for word in words)
    return not vague and not firm and (len(words) > 1 or own or not words[0].isascii())


def squeeze_words(words: Iterable[str]) -> str:
    """Return words written together, as a domain would."""
    return "".join(words)


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


def find_phone(event: Event, country: str | None = None) -> str | None:
    """Return the number to call the interviewer, as readable as it was written. Numbers to dial into a
    meeting, and those on which the interviewer calls me, do not count.

    `country` is where they are, as far as it is known: its way of writing numbers is read without a word
    beside them that says so.
    """
    name = event.organizer.name if event.organizer else ""
    first = next(iter(prepare(clean_name(name)).words), "")
    texts = [event.description[:READ], event.mail.text[:READ] if event.mail else ""]
    found = [number for text in texts for number in _numbers(text, country, first)]
    others = (event.summary[:500], event.location[:500], event.url[:200], name[:200])
    found += [number for text in others for number in _numbers(text, country)]
    mine = {digits for text in texts for digits in _my_numbers(text)}
    theirs = [(number, told) for number, told in found if _digits(number)[-8:] not in mine]
    sure = [number for number, told in theirs if told]
    return next(iter((*sure, *(number for number, _ in theirs))), None)


def _my_numbers(text: str) -> Iterator[str]:
    """The ends of the numbers on which they call me: a location may repeat one without saying whose it is."""
    words = read_tables("invitations")["my-phone"]
    for line in SENTENCE.split(text)[:LINES]:
        if words.find(prepare(line[:500])):
            yield from (_digits(found[0])[-8:] for found in NUMBER.finditer(line[:500]))


def _digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))


def find_numbers(text: str) -> tuple[str, ...]:
    """Return the telephone numbers of a text that are somebody's to call."""
    return tuple(number for number, _ in _numbers(text[:READ], None))


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


def _numbers(text: str, country: str | None, name: str = "") -> Iterator[tuple[str, bool]]:
    """Each number to call, and whether its line says that it is one.

    After a line about dialling in, numbers are the meeting's until a line speaks of a contact again.
    """
    if sum(map(str.isdecimal, text)) < FEWEST_DIGITS:
        return
    tables = read_tables("invitations")
    dialling = False
    for line in SENTENCE.split(text)[:LINES]:
        bare = re.sub(r"tel:(?=[+\d(])", "tel: ", url_pattern().sub(" ", line[:500]), flags=re.IGNORECASE)
        words = prepare(bare)
        told = tables["contact"].find(words) is not None or SHORT_LABEL.search(bare) is not None
        if tables["dial-in"].find(words):
            dialling = True
            continue
        dialling = dialling and not told and "@" not in bare and not _begins_with_name(bare, name)
        if dialling or tables["my-phone"].find(words) or tables["footer"].find(words):
            continue
        for number in _numbers_in(bare, told, country, referring=tables["reference"].find(words) is not None):
            yield number, told


def _begins_with_name(line: str, name: str) -> bool:
    first = next(iter(prepare(line[:60]).words), "")
    return bool(first) and (first == name or is_given_name(first))


def _numbers_in(line: str, told: bool, country: str | None, *, referring: bool) -> Iterator[str]:
    for found in NUMBER.finditer(line):
        written = found[0].strip(" -./")
        behind = line[found.end() : found.end() + 20]
        if re.match(r"\s*(?:,|;\s*\d|#|p\s*\d|x\d)", behind) and not re.match(r",\s+\D|,$", behind):
            continue
        number = _readable(written)
        digits = sum(char.isdecimal() for char in number)
        if not FEWEST_DIGITS <= digits <= 15 or DATE.search(written):
            continue
        national = (told and not referring and _is_grouped(written)) or _is_national(written, country)
        if number.startswith("+") or national:
            extension = EXTENSION.match(behind)
            yield f"{number} ext. {extension[1]}" if extension else number


def _is_grouped(written: str) -> bool:
    """National numbers begin with a zero, or come in groups; a bare row of digits may be anything."""
    return written[0] in "(0" or re.search(r"\d[ .\-)]+\d", written) is not None


def _is_national(written: str, country: str | None) -> bool:
    """Tell whether digits are grouped as numbers of the country are, so that they can hardly be anything
    else."""
    digits = "".join(char for char in written if char.isdecimal())
    if country in {"US", "CA", None} and NORTH_AMERICAN.fullmatch(written):
        return True
    if digits[0] == "0" and digits[1:2] != "0":
        return 9 <= len(digits) <= 12 and _is_grouped(written)
    return country in NATIONAL.get(len(digits), ()) and re.search(r"\d[ .\-)]\d", written) is not None


def _readable(written: str) -> str:
    text = " ".join(written.replace("\u00a0", " ").replace("\u2011", "-").replace("(0)", "").split())
    text = text + ")" if text.count("(") > text.count(")") else text
    return "+" + text[2:].lstrip() if text.startswith("00") else text


def comes_from_agency(interview: Interview) -> bool:
    """Tell whether a recruiter of somebody else's firm arranged it; the firm's own are the firm (R11)."""
    return interview.agency is not None or is_agency(domain_of(interview.interviewer.address))
