"""What ties interviews together: rounds of one process, their numbers, and what else belongs to one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lastresort.interviews.contacts import is_human
from lastresort.interviews.evidence import FoundSign
from lastresort.interviews.services import employer_domain, find_sender, label_of
from lastresort.interviews.titles import squeeze
from lastresort.interviews.words import fold, prepare, read_lines, read_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lastresort.interviews.detection import Interview
    from lastresort.interviews.evidence import Owner
    from lastresort.model import Event, Occurrence

NUMBERED = re.compile(
    r"(?:^|[^\w:.+]|第)(?<!band )(?<!grade )(?<!level )(?<!ward )(?<!room )(?<!year )"
    r"([1-9])(?![.:]\d)(?!(?<=\([1-9])\s*\))"
    r"(?:st|nd|rd|th|ª|º|°|e|er|ère|ème|eme|da|\.|-?й|-?а|-?га)?\s*(?:次|차|轮|輪|\b)"
    r"(?!\s*(?:x|×|h|hr|hrs|min|mins|pm|am|uhr|hours?|rounds|stages|interviews|people|runden|tours|rondas|personen)\b)",
    re.IGNORECASE,
)
"""A number that may be a round's: `2nd`, `2ª`, `2.`, `2次`, `2차`; in brackets only with a word
beside it, as a number alone there counts something else: `(round 2)`, not `(2)`."""
SAME_PERSON, SAME_EMPLOYER, SAME_COMPANY = 4, 3, 2
FEWEST = 3
"""Letters of a company's name that is looked for in other titles."""


class Ties(NamedTuple):
    """What is known of the certain interviews: by address, by domain and by company, the title of one."""

    people: Mapping[str, str]
    domains: Mapping[str, str]
    companies: Mapping[str, str]


def find_ties(interviews: Iterable[Interview], owner: Owner) -> Ties:
    """Return what other events may share with the interviews. Machines and mail providers tie nothing."""
    people: dict[str, str] = {}
    domains: dict[str, str] = {}
    companies: dict[str, str] = {}
    for interview in interviews:
        event = interview.occurrence.event
        organizer = event.organizer if not owner.is_me(event.organizer) else None
        if organizer and organizer.address and is_human(organizer) and not find_sender(organizer.address):
            people.setdefault(organizer.address, event.summary)
            if domain := employer_domain(organizer.address):
                domains.setdefault(domain, event.summary)
        if interview.company and len(squeeze(interview.company)) >= FEWEST:
            companies.setdefault(squeeze(interview.company), event.summary)
    return Ties(people, domains, companies)


def tie(occurrence: Occurrence, ties: Ties, owner: Owner, *, speaks: bool) -> FoundSign | None:
    """Return what ties an event to a certain interview, the strongest; `None` for nothing, and for series.

    `speaks`: its own words speak of jobs at all; a company's name alone is in many titles.
    """
    event = occurrence.event
    organizer = event.organizer
    if event.recurring:
        return None
    if organizer and organizer.address and not owner.is_me(organizer):
        if title := ties.people.get(organizer.address):
            return FoundSign("same-person", SAME_PERSON, f"the same person invites to “{title}”", tells=True)
        domain = employer_domain(organizer.address)
        if domain and domain not in owner.domains and (title := ties.domains.get(domain)):
            return FoundSign(
                "same-employer", SAME_EMPLOYER, f"“{title}” comes from {domain} as well", tells=True
            )
    if speaks:
        written = squeeze(event.summary)
        for company, title in ties.companies.items():
            if company in written:
                return FoundSign(
                    "same-company", SAME_COMPANY, f"it names the company of “{title}”", tells=True
                )
    return None


# -- rounds -------------------------------------------------------------------------------------------------


def in_one_process(interviews: Sequence[Interview]) -> list[Interview]:
    """Return the interviews, each process under one name: that of the employer's domain where it is known."""
    domains = {
        label_of(i.process): i.process for i in interviews if "." in i.process and "@" not in i.process
    }
    return [i._replace(process=domains.get(i.process, i.process)) for i in interviews]


def number_rounds(interviews: Sequence[Interview]) -> list[Interview]:
    """Return the interviews with their places in their process, in order of time.

    The number that a title says counts; without one, the round behind another has the next number, and the
    first
    of several has 1. One alone has none, and so has an event around others of the day.
    """
    numbers: dict[int, int] = {}
    processes: dict[str, list[int]] = {}
    for place in sorted(range(len(interviews)), key=lambda one: interviews[one].occurrence.interval):
        if interviews[place].process:
            processes.setdefault(interviews[place].process, []).append(place)
    for everything in processes.values():
        rounds = [interviews[place] for place in everything]
        places = [place for place in everything if not is_frame(interviews[place], rounds)]
        last = 0
        for place in places:
            written = _round_of(interviews[place])
            if written is not None or len(places) > 1:
                last = written if written is not None and written > last else last + 1
                numbers[place] = last
    return [
        one._replace(round=numbers.get(place, _round_of(one) if not one.process else None))
        for place, one in enumerate(interviews)
    ]


def _round_of(interview: Interview) -> int | None:
    """The round that its title says; the number of an option is none."""
    return None if interview.options else written_round(interview.occurrence.event)


def is_frame(interview: Interview, others: Sequence[Interview]) -> bool:
    """Tell whether the interview is the invitation of a day, around several rounds that stand in it."""
    whole = interview.occurrence.interval
    inside = [
        other
        for other in others
        if other.process == interview.process
        and other.occurrence.interval != whole
        and whole.holds(other.occurrence.interval)
    ]
    return len(inside) > 1


def written_round(event: Event) -> int | None:
    """Return the number of the round that a title says, in words or in digits; `None` without one."""
    text = prepare(event.summary)
    tables = read_tables("invitations")
    rounds, core = tables["rounds"], tables["core"]
    if not any(rounds.has(word) or core.find(prepare(word)) for word in text.words):
        return None
    ordinals, numerals = _ordinals()
    for word in text.words:
        if word in ordinals:
            return ordinals[word]
    for word, number in ordinals.items():
        if not word.isascii() and max(word) >= "\u2e80" and word in text.line:
            return number
    for before, word, after in zip(("", *text.words), text.words, (*text.words[1:], ""), strict=False):
        if word in numerals and not word.isdigit() and (rounds.has(before) or rounds.has(after)):
            return numerals[word]
    found = NUMBERED.search(event.summary[:200])
    return int(found[1]) if found else None


@cache
def _ordinals() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """The rounds by their ordinals, and by numerals, which count beside a word for a round only."""
    ordinals: dict[str, int] = {}
    numerals: dict[str, int] = {}
    for line in read_lines("ordinals"):
        number, _, words = line.partition(" ")
        first, _, then = words.partition(" / ")
        for word in first.split():
            ordinals.setdefault(fold(word), int(number))
        for word in then.split():
            numerals.setdefault(fold(word), int(number))
    return ordinals, numerals
