"""Is this event a job interview? Every sign is worth points and says itself in words.

Four points make an interview, two a possible one. The words are in `data/words/interviews-*.txt`:

    certain, strong, fair, weak, trace   6, 5, 3, 2, 1 points in a title; the best one counts
    not                                  something about interviews that is none: preparation, research, the
    press
    doubt                                may be another kind of interview, or one that I hold myself
    interviewer-side                     texts that speak to those who interview
    calendar, against-calendar           names of calendars
    text                                 what makes a description worth reading: pieces of its text, in
    lower case and without accents
    cancelled                            opens the title of what does not take place any more
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lastresort.interviews.services import domain_of, find_sender, find_service, linked_hosts
from lastresort.interviews.words import fold, has_other_script, prepare, read_tables
from lastresort.mail_domains import is_free_mail
from lastresort.model import BusyReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lastresort.interviews.services import Service
    from lastresort.interviews.words import Text
    from lastresort.model import Event, Occurrence, Person

CERTAIN = 4
POSSIBLE = 2
LEVELS = (("certain", 6), ("strong", 5), ("fair", 3), ("weak", 2), ("trace", 1))
SENDERS = {"applicant-tracking": 4, "assessment": 3, "hr-suite": 1, "scheduling": 1}
LINKED = {"applicant-tracking": 2, "assessment": 3, "hr-suite": 1, "scheduling": 1}
AGAINST = -7
DOUBT = -3
CROWD = 10
LONG = timedelta(hours=10)
READ = 4000
"""Characters of a description that are looked at."""
QUOTED_TRIM = " -–—|,;:.!?()[]\"'“”„«»<>【】「」"
PAIR = re.compile("<-?>")
TAG = re.compile(r"<[^<>]{0,500}>")

Sign = tuple[int, str]


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


def weigh(occurrence: Occurrence, owner: Owner) -> Evidence:
    """Return the evidence that the occurrence is an interview of the owner's."""
    event = occurrence.event
    signs = find_signs(event)
    if not signs:
        return Evidence()
    signs = [*signs, *_role_signs(event.summary), *_people_signs(event, owner)]
    if sum(points for points, _ in signs if points > 0) < POSSIBLE:
        return Evidence()
    signs += [*_time_signs(occurrence), *_doubts(event)]
    signs.sort(key=lambda sign: -abs(sign[0]))
    return Evidence(sum(points for points, _ in signs), tuple(text for _, text in signs))


# -- what speaks for it -------------------------------------------------------------------------------------


def find_signs(event: Event) -> list[Sign]:
    """Return what in the event itself speaks for an interview: nearly always nothing, which is found
    quickly."""
    signs: list[Sign] = []
    text = prepare(event.summary)
    if _worth_reading(text):
        signs += _title_signs(event.summary, text)
    if "<" in event.summary and PAIR.search(event.summary[:200]):
        signs.append((1, "the title pairs two names"))
    if event.categories or event.calendar:
        signs += _label_signs(event)
    if senders := _senders(event):
        signs += ((SENDERS[service.kind], f"the invitation comes from {service.name}") for service in senders)
    signs += _link_signs(event, senders)
    if event.description:
        signs += _text_signs(event.description)
    return signs


def _title_signs(summary: str, text: Text) -> Iterator[Sign]:
    tables = read_tables("interviews")
    for level, points in LEVELS:
        if found := tables[level].find(text):
            yield points, f"the title says “{_quote(summary, found)}”"
            return


def _quote(text: str, found: str) -> str:
    """The term as the text writes it, accents and all; as normalised where that is not to be had."""
    words, size = text[:500].split(), len(found.split())
    for length in range(1, size + 1):
        for start in range(min(len(words), 80) - length + 1):
            written = " ".join(words[start : start + length])
            if found == " ".join(prepare(written).words):
                return written.strip(QUOTED_TRIM).lower()
    return found


def _worth_reading(text: Text) -> bool:
    words, plain, others = _gate(other_script=has_other_script(text.line))
    if not words.isdisjoint(text.words):
        return True
    return _holds(text.line, plain) or (not text.line.isascii() and _holds(text.line, others))


def _holds(line: str, pieces: tuple[str, ...]) -> bool:
    for piece in pieces:  # noqa: SIM110 (runs for every event; a generator costs twice as much)
        if piece in line:
            return True
    return False


@cache
def _gate(*, other_script: bool) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Words and pieces without which no term is found: a phrase stands for its longest word. The pieces of
    ASCII
    letters come first: they are all that a title of such letters needs."""
    words: set[str] = set()
    pieces: set[str] = set()
    for level, _ in LEVELS:
        terms = read_tables("interviews")[level].terms(other_script=other_script)
        words |= terms.words
        for piece in terms.pieces:
            whole = piece[1:-1] if piece[0] == piece[-1] == " " else ""
            (words if whole else pieces).add(max(whole.split(), key=len) if whole else piece)
    return frozenset(words), *_by_letters(pieces)


def _by_letters(pieces: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    ordered = sorted(pieces)
    return tuple(p for p in ordered if p.isascii()), tuple(p for p in ordered if not p.isascii())


def _label_signs(event: Event) -> Iterator[Sign]:
    tables = read_tables("interviews")
    if event.categories:
        text = prepare(" ".join(event.categories))
        found = tables["certain"].find(text) or tables["strong"].find(text) or tables["calendar"].find(text)
        if found:
            yield 3, f"a category says “{found}”"
    if event.calendar and _calendar_of_interviews(event.calendar):
        yield 3, "it stands in a calendar kept for interviews"


@lru_cache(maxsize=256)
def _calendar_of_interviews(name: str) -> bool:
    tables = read_tables("interviews")
    text = prepare(name)
    return tables["calendar"].find(text) is not None and tables["against-calendar"].find(text) is None


def _senders(event: Event) -> set[Service]:
    services = {find_sender(event.uid)}
    if event.organizer:
        services.add(find_sender(event.organizer.address))
    if len(event.attendees) <= CROWD:
        services.update(find_sender(person.address) for person in event.attendees)
    services.discard(None)
    return services  # type: ignore[return-value]


def _link_signs(event: Event, known: set[Service]) -> list[Sign]:
    hosts = linked_hosts(event.description[: 4 * READ])
    if event.location or event.url:
        hosts += linked_hosts(event.location) + linked_hosts(event.url)
    services = dict.fromkeys(service for host in hosts if (service := find_service(host)))
    names = {service.name for service in known}
    return [(LINKED[s.kind], f"it links to {s.name}") for s in services if s.name not in names]


def _text_signs(description: str) -> Iterator[Sign]:
    text = fold(description[:READ])
    plain, others = _text_pieces(other_script=has_other_script(text))
    for piece in plain if text.isascii() else plain + others:
        if piece in text:
            place = text.index(piece)  # folding hardly moves it
            yield from _signs_around(TAG.sub(" ", description[max(place - 100, 0) : place + 400]))
            return


def _signs_around(window: str) -> Iterator[Sign]:
    around = prepare(window)
    tables = read_tables("interviews")
    if tables["not"].find(around):
        return
    for level, points in (("certain", 2), ("strong", 1), ("fair", 1)):
        if found := tables[level].find(around):
            yield points, f"the description says “{_quote(window, found)}”"
            return


@cache
def _text_pieces(*, other_script: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    terms = read_tables("interviews")["text"].terms(other_script=other_script)
    return _by_letters({*terms.words, *(piece.strip() for piece in terms.pieces)})


def _role_signs(summary: str) -> Iterator[Sign]:
    text = prepare(summary)
    tables = read_tables("invitations")
    role = tables["roles"].find(text)
    if (role and not tables["boss"].has(role)) or ("<>" in summary and tables["fields"].find(text)):
        yield 1, "the title names a role"


def _people_signs(event: Event, owner: Owner) -> Iterator[Sign]:
    others = [person for person in event.attendees if not owner.is_me(person)]
    if event.organizer and event.organizer.address and owner.addresses:
        if owner.is_me(event.organizer):
            if any(person.cutype not in {"ROOM", "RESOURCE"} for person in others):
                yield DOUBT, "you organise it and invite others"
        elif domain_of(event.organizer.address) in owner.domains:
            yield DOUBT, "the organiser is from your own domain"
        else:
            yield 1, "the organiser is outside your own domains"
    if len(others) > CROWD:
        yield -2, "many people are invited"


# -- what speaks against it ---------------------------------------------------------------------------------


def _time_signs(occurrence: Occurrence) -> Iterator[Sign]:
    if occurrence.event.recurring:
        yield -2, "it is part of a series"
    if occurrence.all_day:
        yield -2, "it lasts all day"
    elif occurrence.interval.length > LONG:
        yield -2, "it is very long"
    if occurrence.reason in {BusyReason.FREE, BusyReason.WORKING_ELSEWHERE}:
        yield -1, "it is marked as free time"


def _doubts(event: Event) -> Iterator[Sign]:
    tables = read_tables("interviews")
    text = prepare(event.summary)
    if ":" in event.summary[:20] and text.words and tables["cancelled"].has(text.words[0]):
        yield AGAINST, f"the title opens with “{text.words[0]}”"
    if found := tables["not"].find(text):
        yield AGAINST, f"“{found}” in the title speaks against it"
    elif found := tables["doubt"].find(text):
        yield DOUBT, f"“{found}” in the title leaves doubt"
    if event.description and (found := tables["interviewer-side"].find(_whole(event.description))):
        yield -5, f"the description speaks to those who interview: “{found}”"


def _whole(description: str) -> Text:
    text = description[:READ]
    return prepare(TAG.sub(" ", text) if "<" in text else text, READ)
