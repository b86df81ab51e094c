"""Is this event a job interview? Every piece of evidence is a small named rule, worth points, told in words.

Four points make an interview, two a possible one. Without a rule that tells of a job by itself (`tells`),
nothing is an interview: an organiser from outside and a booking page are in many calendars. Words count
inside one phrase only. They are in `data/words/interviews-*.txt`:

    certain, strong, fair, weak, trace   6, 5, 3, 1, 1 points in a title; the best one counts;
                       `trace` tells nothing by itself
    short              as `fair`, in titles alone: short forms that mean something else in a text
    not                something about interviews that is none: preparation, errands, hiring meetings
    hiring             words of those who interview
    elsewhere          interviews and meetings of another kind: school, press, visa; a title of the level
                       `certain` is a job interview all the same
    private            whom one meets for other reasons, and who may be an employer as well: bank, doctor;
                       against `fair` and weaker only
    doubt              may be another kind of interview, or an errand about one
    interviewer-side   texts that speak to those who interview
    job-text           texts that speak of a position, an application, a selection process
    calendar, against-calendar           names of calendars
    cancelled          opens the title of what does not take place any more
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from lastresort.interviews.prose import read_named_role
from lastresort.interviews.services import (
    Service,
    domain_of,
    find_sender,
    find_service,
    label_of,
    linked_hosts,
    url_pattern,
)
from lastresort.interviews.titles import Hints, names_something, read_title
from lastresort.interviews.words import (
    Text,
    fold,
    has_other_script,
    is_given_name,
    prepare,
    prepare_phrases,
    read_lines,
    read_tables,
)
from lastresort.mail_domains import is_free_mail
from lastresort.model import BusyReason, Event, Occurrence, Person

CERTAIN = 4
POSSIBLE = 2
LEVELS = (("certain", 6), ("strong", 5), ("fair", 3), ("short", 3), ("weak", 1), ("trace", 1))
TITLE_SECTIONS = tuple(level for level, _ in LEVELS)
TEXT_SECTIONS = ("certain", "strong", "job-text")
SENDERS = {"applicant-tracking": 4, "assessment": 3, "hr-suite": 1, "scheduling": 1}
LINKED = {"applicant-tracking": 2, "assessment": 3, "hr-suite": 1, "scheduling": 1}
AGAINST = -9
DOUBT = -3
SCORER = -6
"""What one word to those who interview is worth; two of them leave no doubt."""
CROWD = 10
LONG = timedelta(hours=10)
READ = 4000
"""Characters of a description or mail that are looked at."""
SENTENCES = 80
"""Sentences of a text that are looked at."""
MOST = 3
"""Points that a text's words of interviews are worth at most."""
SENTENCE = re.compile(r"[\r\n]+|(?<=[.!?。！？])\s*")
PAIR = re.compile("<-?>")
WORDS = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u064b-\u0652\u0900-\u0dff])+")
"""Words of a folded text, with the marks that some scripts write apart from their letters."""
TAG = re.compile(r"<[^<>]{0,500}>")
OF = frozenset(("von", "de", "di", "da", "do", "of"))
QUOTED_TRIM = " -–—|,;:.!?()[]\"'“”„«»<>【】「」"
"""Trimmed off the ends of quoted words."""


class FoundSign(NamedTuple):
    """What one rule found. `tells`: it speaks of a job by itself."""

    rule: str
    points: int
    because: str
    tells: bool = False


class Owner(NamedTuple):
    """Whose calendar it is: addresses, and the domains among them that are an employer's, not a mail
    provider's."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Full names that go with the addresses, folded: an invitation may have gone to another one of mine."""

    def is_me(self, person: Person | None) -> bool:
        """Tell whether the person is the owner."""
        return person is not None and (
            person.address in self.addresses or (" " in person.name and _folded(person.name) in self.names)
        )


class Evidence(NamedTuple):
    """What speaks for and against an interview, added up, strongest first."""

    points: int = 0
    because: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Tell whether it is an interview beyond reasonable doubt."""
        return self.points >= CERTAIN

    @property
    def possible(self) -> bool:
        """Tell whether a person should look at it."""
        return POSSIBLE <= self.points < CERTAIN


def find_owner(addresses: Iterable[str], people: Iterable[Person] = ()) -> Owner:
    """Return the owner with these addresses, called as those of `people` are who have one of them."""
    mine = frozenset(address.lower() for address in addresses)
    domains = (domain_of(address) for address in mine)
    named = frozenset(_folded(one.name) for one in people if one.address in mine and " " in one.name.strip())
    employers = frozenset(domain for domain in domains if domain and not is_free_mail(domain))
    return Owner(mine, employers, named)


def _folded(name: str) -> str:
    return " ".join(name[:100].casefold().split())


def weigh(occurrence: Occurrence, owner: Owner, related: FoundSign | None = None) -> Evidence:
    """Return the evidence that the occurrence is an interview of the owner's.

    `related` is what ties it to an interview that is certain: the same organiser, domain or company.
    """
    event = occurrence.event
    level, signs = _signs_for(event)
    if related:
        signs.append(related)
    if not any(sign.tells for sign in signs):
        return Evidence()
    signs += _supporting_signs(event, owner, level)
    if sum(sign.points for sign in signs if sign.points > 0) < POSSIBLE:
        return Evidence()
    named = any(sign.rule == "role-named" for sign in signs)
    signs += [*_time_signs(occurrence), *_signs_against(event, owner, level, named=named)]
    signs.sort(key=lambda sign: -abs(sign.points))
    return Evidence(sum(sign.points for sign in signs), tuple(sign.because for sign in signs))


# -- what speaks for it -------------------------------------------------------------------------------------


def _signs_for(event: Event) -> tuple[str, list[FoundSign]]:
    """The level of the title's words, and what in the event itself speaks for an interview: nearly always
    nothing, which is found quickly."""
    signs: list[FoundSign] = []
    level = ""
    if _worth_reading(prepare(event.summary)):
        level, signs = _title_words(event.summary, "title")
    if level in {"", "weak", "trace"} and (role := read_named_role(event.summary)):
        signs.append(FoundSign("role-named", 2, f"the title names the role “{role}”", tells=True))
    if event.mail and not signs:
        _, signs = _title_words(event.mail.subject, "mail's subject")
    if "<" in event.summary and PAIR.search(event.summary[:200]):
        signs.append(_pair_of_names(prepare(event.summary)))
    if event.categories or event.calendar:
        signs += _labels(event)
    senders = _senders(event)
    signs += (
        FoundSign(
            "sender",
            SENDERS[s.kind],
            f"the invitation comes from {s.name}",
            s.kind in {"applicant-tracking", "assessment"},
        )
        for s in senders
    )
    signs += _links(event, senders)
    for text, place in ((event.description, "description"), (event.mail.text if event.mail else "", "mail")):
        found = _text_words(text, place) if text else []
        if found:
            signs += found
            break
    return level, signs


def _pair_of_names(title: Text) -> FoundSign:
    tables, names = read_tables("invitations"), "the title pairs two names"
    if tables["roles"].find(title):
        return FoundSign("pair", 2, f"{names} and names a role", tells=True)
    return FoundSign("pair", 1, names, tells=tables["fields"].find(title) is not None)


def _title_words(summary: str, place: str) -> tuple[str, list[FoundSign]]:
    tables, text = read_tables("interviews"), prepare_phrases(summary)
    for level, points in LEVELS:
        if found := max(tables[level].find_all(text), key=len, default=None):
            said = FoundSign(
                "title-words", points, f"the {place} says “{_quote(summary, found)}”", level != "trace"
            )
            return level, [said]
    return "", []


def _quote(text: str, found: str) -> str:
    """The term as the text writes it, accents, case and all; as normalised where that is not to be had."""
    if not text.isascii() and len(folded := fold(text)) == len(text) and "\u2e80" <= max(found) <= "\u9fff":
        place = folded.find(found)  # a script that writes no spaces
        return text[place : place + len(found)] if place >= 0 else found
    words, size = text[:500].split(), len(found.split())
    for length in range(1, size + 1):
        for start in range(min(len(words), 80) - length + 1):
            written = " ".join(words[start : start + length])
            if found in " ".join(prepare(written).words):
                return written.strip(QUOTED_TRIM)
    return found


def _worth_reading(text: Text) -> bool:
    words, plain, others = _gate(TITLE_SECTIONS, other_script=has_other_script(text.line))
    if not words.isdisjoint(text.words):
        return True
    return _holds(text.line, plain) or (not text.line.isascii() and _holds(text.line, others))


def _holds(line: str, pieces: tuple[str, ...]) -> bool:
    for piece in pieces:  # noqa: SIM110 (runs for every event; a generator costs twice as much)
        if piece in line:
            return True
    return False


@cache
def _gate(
    sections: tuple[str, ...], *, other_script: bool
) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Words and pieces without which no term of the sections is found: a phrase stands for its longest word.
    The pieces of ASCII letters come first: they are all that a text of such letters needs.
    """
    words: set[str] = set()
    pieces: set[str] = set()
    for section in sections:
        terms = read_tables("interviews")[section].terms(other_script=other_script)
        words |= terms.words
        phrases = [phrase for found in terms.phrases.values() for phrase in found]
        for piece in terms.others:
            bare = piece.strip("^$")
            if bare[0] == bare[-1] == " ":
                phrases.append(bare)
            else:
                pieces.add(bare)
        words.update(max(phrase.split(), key=len) for phrase in phrases)
    ordered = sorted(pieces)
    plain = tuple(piece for piece in ordered if piece.isascii())
    return frozenset(words), plain, tuple(piece for piece in ordered if not piece.isascii())


def _labels(event: Event) -> Iterator[FoundSign]:
    tables = read_tables("interviews")
    if event.categories:
        text = prepare(" ".join(event.categories))
        found = tables["certain"].find(text) or tables["strong"].find(text) or tables["calendar"].find(text)
        if found:
            yield FoundSign(
                "category", 3, f"a category says “{_quote(' '.join(event.categories), found)}”", True
            )
    if event.calendar and _calendar_of_interviews(event.calendar):
        yield FoundSign("calendar", 3, "it stands in a calendar kept for interviews", True)


@lru_cache(maxsize=256)
def _calendar_of_interviews(name: str) -> bool:
    tables = read_tables("interviews")
    text = prepare(name)
    return tables["calendar"].find(text) is not None and tables["against-calendar"].find(text) is None


def _senders(event: Event) -> set[Service]:
    services = {find_sender(event.uid)}
    if event.organizer:
        services.add(find_sender(event.organizer.address))
    if event.mail:
        services.update(find_sender(person.address) for person in event.mail.people)
    if len(event.attendees) <= CROWD:
        services.update(find_sender(person.address) for person in event.attendees)
    return {service for service in services if service is not None}


def _links(event: Event, known: set[Service]) -> list[FoundSign]:
    hosts = linked_hosts(event.description[: 4 * READ])
    if event.location or event.url:
        hosts += linked_hosts(event.location) + linked_hosts(event.url)
    services = dict.fromkeys(service for host in hosts if (service := find_service(host)))
    names = {service.name for service in known}
    return [
        FoundSign(
            "link", LINKED[s.kind], f"it links to {s.name}", s.kind in {"applicant-tracking", "assessment"}
        )
        for s in services
        if s.name not in names
    ]


def _text_words(written: str, place: str) -> list[FoundSign]:
    """What a text says of a job: a term of interviews, and two of positions, applications and the like.

    A sentence about preparing, or about another kind of interview, tells nothing.
    """
    text = url_pattern().sub(" ", written[:READ])
    if not _speaks_of_jobs(text):
        return []
    tables = read_tables("interviews")
    best: FoundSign | None = None
    spoken: dict[str, FoundSign] = {}
    for sentence in SENTENCE.split(TAG.sub(" ", text))[:SENTENCES]:
        if best and best.points == MOST and len(spoken) > 1:
            break
        if not _speaks_of_jobs(sentence):
            continue
        phrases = prepare_phrases(sentence)
        if tables["not"].find(phrases) or tables["elsewhere"].find(phrases):
            continue
        for level, points in (("certain", MOST), ("strong", 2), ("fair", 1)):
            if found := tables[level].find(phrases):
                if best is None or points > best.points:
                    said = f"the {place} says “{_quote(sentence, found)}”"
                    best = FoundSign("text-words", points, said, tells=True)
                break
        if role := read_named_role(sentence):
            spoken.setdefault(
                f"role {role}", FoundSign("role-named", 2, f"the {place} names the role “{role}”", True)
            )
        for found in tables["job-text"].find_all(phrases):
            said = f"the {place} speaks of “{_quote(sentence, found)}”"
            spoken.setdefault(found, FoundSign("job-text", 2, said, tells=True))
    parts = {term for term in spoken for other in spoken if term != other and f" {term} " in f" {other} "}
    signs = [sign for term, sign in spoken.items() if term not in parts][:2]
    if best is None:
        return signs
    terms = [sign.because.partition(" speaks of ")[2].strip("“”") for sign in signs]
    return [
        best,
        *(sign for sign, term in zip(signs, terms, strict=True) if not term or term not in best.because),
    ]


def _speaks_of_jobs(text: str) -> bool:
    """Tell quickly whether a text may hold a term that counts in texts: nearly every text holds none."""
    folded = fold(text)
    words, plain, others = _gate(TEXT_SECTIONS, other_script=has_other_script(folded))
    named = read_tables("invitations")["role-after"].terms_for(folded).words
    written = WORDS.findall(folded)
    if not words.isdisjoint(written) or not named.isdisjoint(written):
        return True
    return _holds(folded, plain) or (not folded.isascii() and _holds(folded, others))


# -- what supports or contradicts it ------------------------------------------------------------------------


def _supporting_signs(event: Event, owner: Owner, level: str) -> Iterator[FoundSign]:
    text = prepare(event.summary)
    tables = read_tables("invitations")
    role = tables["roles"].find(text)
    if (role and not tables["boss"].has(role)) or ("<>" in event.summary and tables["fields"].find(text)):
        yield FoundSign("role", 1, "the title names a role")
    if level in {"fair", "short", "weak"} and names_something(event.summary):
        yield FoundSign("name", 1, "the title names somebody beside it")
    others = [person for person in event.attendees if not owner.is_me(person)]
    if _from_outside(event, owner):
        yield FoundSign("outside", 1, "the organiser is outside your own domains")
    elif owner.is_me(event.organizer):
        if any(person.cutype not in {"ROOM", "RESOURCE"} for person in others):
            yield FoundSign("mine", DOUBT, "you organise it and invite others")
    elif event.organizer and domain_of(event.organizer.address) in owner.domains:
        yield FoundSign("employer", DOUBT, "the organiser is from your own domain")
        if any(label_of(domain) in text.words for domain in owner.domains):
            yield FoundSign("employer-named", DOUBT, "the title names your own employer")
    if any(domain_of(person.address) in owner.domains for person in others):
        yield FoundSign("colleagues", DOUBT, "people from your own domain take part")
    if len(others) > CROWD:
        yield FoundSign("crowd", -2, "many people are invited")


def _from_outside(event: Event, owner: Owner) -> bool:
    organizer = event.organizer
    return (
        organizer is not None
        and bool(organizer.address and owner.addresses)
        and not owner.is_me(organizer)
        and domain_of(organizer.address) not in owner.domains
    )


def _time_signs(occurrence: Occurrence) -> Iterator[FoundSign]:
    if occurrence.event.recurring:
        yield FoundSign("series", -2, "it is part of a series")
    if occurrence.all_day:
        yield FoundSign("all-day", -2, "it lasts all day")
    elif occurrence.interval.length > LONG:
        yield FoundSign("long", -2, "it is very long")
    if occurrence.reason in {BusyReason.FREE, BusyReason.WORKING_ELSEWHERE}:
        yield FoundSign("free", -1, "it is marked as free time")


def _signs_against(event: Event, owner: Owner, level: str, *, named: bool) -> Iterator[FoundSign]:
    """`named`: title or text name a role, so that a school may well be where one works."""
    tables, summary = read_tables("interviews"), event.summary
    text = prepare_phrases(summary)
    if off := _called_off(text):
        yield FoundSign("cancelled", AGAINST, f"the title says “{_quote(summary, off)}”")
    if found := tables["not"].find(text):
        yield FoundSign("not", AGAINST, f"“{_quote(summary, found)}” in the title speaks against it")
    elif level != "certain" and (found := _beside_role("elsewhere", text, summary)):
        points = DOUBT if _names_employer(found, summary) else AGAINST
        if points == AGAINST or not named:
            yield FoundSign(
                "elsewhere", points, f"“{_quote(summary, found)}” in the title speaks of something else"
            )
    elif level not in {"certain", "strong"} and (found := _beside_role("private", text, summary)):
        yield FoundSign(
            "private", AGAINST, f"“{_quote(summary, found)}” in the title speaks of something else"
        )
    elif level != "certain" and (found := tables["doubt"].find(text)):
        yield FoundSign("doubt", DOUBT, f"“{_quote(summary, found)}” in the title leaves doubt")
    if someone := _whose(summary, owner):
        yield FoundSign("someone-else", AGAINST, f"it is that of “{someone}”")
    if (found := tables["hiring"].find(text)) and not _names_me(text, owner):
        points = -2 if _from_outside(event, owner) else -5
        yield FoundSign(
            "hiring", points, f"“{_quote(summary, found)}” in the title speaks to those who interview"
        )
    if event.description:
        whole = event.description[:READ]
        spoken = tables["interviewer-side"].find_all(
            prepare(TAG.sub(" ", whole) if "<" in whole else whole, READ)
        )
        if spoken:
            said = f"the description speaks to those who interview: “{spoken[0]}”"
            yield FoundSign("interviewer-side", SCORER if len(spoken) == 1 else 2 * SCORER, said)


def _called_off(text: Text) -> str | None:
    """The word that says that it does not take place, alone between marks or at the end: `CANCELLED - …`."""
    cancelled = read_tables("interviews")["cancelled"]
    return next(
        (
            word
            for at, word in enumerate(text.words)
            if cancelled.has(word) and (at + 1 == len(text.words) or f"^ {word} $" in text.line)
        ),
        None,
    )


def _names_employer(term: str, summary: str) -> bool:
    """Tell whether a term only says what kind of firm one meets at: `Interview at Copperfield School`."""
    name = read_title(summary, Hints()).company or ""
    firm = prepare(name).words
    return (
        len(firm) > 1
        and name.rpartition(" ")[2][:1].isupper()
        and firm[-1] in read_lines("firm-words")
        and set(term.split()) <= set(firm[1:])
    )


def _beside_role(section: str, text: Text, summary: str) -> str | None:
    """A term of the section, unless it only tells what a role is about: `Visa Processing Officer`."""
    known = read_tables("interviews")[section]
    terms = known.find_all(text)
    if not terms:
        return None
    role = prepare(read_title(summary, Hints()).role or "")
    nouns = read_tables("invitations")["roles"].find_all(role)
    if not nouns or any(known.has(noun) for noun in nouns):
        return terms[0]
    about = set(role.words) - {noun for noun in nouns if " " not in noun}
    return next((term for term in terms if not about.issuperset(term.split())), None)


def _names_me(text: Text, owner: Owner) -> bool:
    line = f" {' '.join(text.words)} "
    return any(f" {' '.join(prepare(name).words)} " in line for name in owner.names)


def _whose(summary: str, owner: Owner) -> str | None:
    """The name in `Lena's interview`, `Lenas Vorstellungsgespräch`, `Colloquio di Lena`,
    `Interview Lena for …`; not mine."""
    words = summary[:200].split()
    for place, word in enumerate(words):
        bare = word.strip(QUOTED_TRIM)
        following = words[place + 1 : place + 4]
        if bare.endswith(("'s", "’s")) and _takes_an_interview(following):
            name = bare[:-2]
        elif bare.endswith("s") and place == 0 and following and following[0][-8:].lower() == "gespräch":
            name = bare[:-1]
        elif (place == 1 and words[0].lower() == "interview" and following[:1] == ["for"]) or (
            place
            and words[place - 1].lower() in OF
            and bare == words[-1].strip(QUOTED_TRIM)
            and not _works_there(words[max(place - 2, 0)])
        ):
            name = bare
        else:
            continue
        if (
            name[:1].isupper()
            and is_given_name(fold(name))
            and fold(name) not in " ".join(owner.names).split()
        ):
            return name
    return None


def _works_there(word: str) -> bool:
    """Tell whether a word is that of people at a firm: `Interview with HR of Indra` is not Indra's."""
    text, tables = prepare(word), read_tables("invitations")
    return any(tables[section].find(text) for section in ("recruiter", "boss", "tail"))


def _takes_an_interview(words: list[str]) -> bool:
    text = prepare(" ".join(words))
    return any(read_tables("interviews")[level].find(text) for level in ("certain", "strong"))
