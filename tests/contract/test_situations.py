"""Whole situations as the person in them would judge the answer: what gives way, how, and what never does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from agendas import moment, read_agenda
from lastresort.interviews.detection import Places
from lastresort.planning.check import check
from lastresort.query import Query

if TYPE_CHECKING:
    from lastresort.planning.report import Report

INTERVIEW = "Wed 2026-06-10 {} Interview – Data Engineer – Acme (organiser a@acme.example; with {}; {})"
VIDEO, ON_SITE = "at https://zoom.us/j/9", "at 20 Gresham Street London"


class Situation(NamedTuple):
    """When the interview is, what else is there, and what may be done about it."""

    name: str
    interview: str
    other: str
    ways: frozenset[str] = frozenset()
    """What may be done; empty where the event stays."""
    verdict: str = "rearrange"
    place: str = VIDEO
    who: frozenset[str] = frozenset()
    latest: int = 24 * 60
    """Minutes by which a new time may differ."""
    missed: int = 24 * 60


def of(name: str, interview: str, other: str, ways: str = "", who: str = "", **more: object) -> Situation:
    return Situation(name, interview, other, frozenset(ways.split()), who=frozenset(who.split()), **more)  # type: ignore[arg-type]


SITUATIONS = [
    # somebody depends on me
    of("nursery", "15:30-16:30", "16:00-16:30 Lotte aus der Kita abholen", "delegate move", latest=30),
    of("children", "13:30-14:30", "14:00-14:30 Recoger a los niños del cole", "delegate move", latest=30),
    of("kindergarten", "15:30-16:30", "16:00-16:30 Odebrać Zosię z przedszkola", "delegate move", latest=30),
    of(
        "grandfather", "11:00-12:00", "10:30-12:30 Opa naar het ziekenhuis brengen", "delegate", who="someone"
    ),
    of("nephew", "11:00-12:00", "09:00-14:00 Look after Theo", "delegate", who="someone"),
    of("school run", "09:15-10:15", "08:15-09:00 School run", "delegate move", place=ON_SITE, latest=30),
    # what stays
    of("exam", "11:00-12:00", "10:00-12:00 Klausur Statistik II", verdict="reschedule"),
    of("notary", "11:00-12:00", "10:30-12:30 Rogito dal notaio", verdict="reschedule"),
    of("permit", "10:00-11:00", "09:30-11:00 RDV préfecture – titre de séjour", verdict="reschedule"),
    of("shift", "10:00-11:00", "06:00-14:00 Frühdienst", verdict="reschedule"),
    of("operations", "10:00-11:00", "08:30-12:30 Theatre list", verdict="reschedule"),
    of("surgery hours", "10:00-11:00", "08:00-12:00 Sprechstunde (series)", verdict="reschedule"),
    of("deposition", "10:00-11:00", "09:00-12:00 Deposition – Case 2231", verdict="reschedule"),
    of("unknown and long", "10:00-11:00", "09:00-14:00 Kestrel", verdict="reschedule"),
    of("unknown and late", "18:30-19:30", "19:00-21:00 Marta", verdict="reschedule"),
    # what takes place without me
    of("parents' evening", "18:30-19:30", "19:00-21:00 Elternabend 3a", "step-out skip", missed=50),
    of("training", "10:00-11:00", "09:00-17:00 First aid course", "step-out", missed=60),
    of("mass", "18:00-19:00", "18:30-19:30 Missa do 7.º dia", "step-out skip"),
    of("webinar", "11:00-12:00", "10:30-12:00 Webinar: GDPR for marketers", "step-out skip"),
    # who has to agree
    of("dentist", "14:30-15:30", "14:00-15:00 Zahnarzt Dr. Weber", "move", who="call"),
    of("hairdresser", "14:30-15:30", "14:00-15:00 Coiffeur", "move", who="call"),
    of("garage", "09:30-10:30", "09:00-10:00 MOT Golf", "move", who="call"),
    of("unknown", "15:00-16:00", "15:00-16:00 Jonas", "move", who="me"),
    of("writing", "10:00-11:00", "09:00-12:00 Work on thesis chapter 3", "move shorten skip", who="me"),
    of("by the title", "10:00-11:00", "10:00-11:00 Sprint planning", "move", who="tell"),
    of("a customer", "10:00-11:00", "10:00-11:00 Kundentermin Familie Haas", "move", who="tell"),
    # others take part
    of(
        "late to a client's two hours",
        "10:00-11:00",
        "10:30-12:30 Quarterly review (organiser x@client.example; 4 attendees)",
        "step-out",
        who="tell",
        missed=30,
    ),
    of(
        "one meeting of four",
        "10:00-11:00",
        "10:00-11:00 Budget 2027 (organiser ana@home.example; 5 attendees)",
        "ask-organiser step-out",
    ),
    of(
        "my own town hall",
        "10:00-11:00",
        "10:00-11:00 Town hall (organiser me@home.example; 26 attendees)",
        "move shorten",
    ),
    of(
        "everybody's town hall",
        "16:00-17:00",
        "16:00-17:00 Company All-hands (organiser ceo@home.example; 41 attendees)",
        "skip",
        who="tell",
    ),
    of(
        "one client",
        "10:00-11:00",
        "10:00-11:00 Client review (organiser x@client.example; 3 attendees)",
        "ask-organiser",
        who="ask",
    ),
    # what is nobody's business
    of("room to breathe", "10:00-11:00", "11:00-11:30 Client call", verdict="clear"),
    of("tentative", "14:00-15:00", "14:00-15:00 Maybe drinks (tentative)", verdict="clear"),
    of(
        "the way there", "14:00-15:00", "13:15-14:00 Travel to Acme interview", verdict="clear", place=ON_SITE
    ),
    of("the train there", "10:30-11:30", "07:40-10:00 Train to Leeds", verdict="clear", place=ON_SITE),
    of("before a flight", "10:00-11:00", "12:00-13:40 Flight BA902 LHR-FRA", verdict="clear"),
]


def answer(situation: Situation) -> Report:
    people = "me@home.example, a@acme.example"
    interview = INTERVIEW.format(situation.interview, people, situation.place)
    agenda = read_agenda(f"zone: Europe/London\n{interview}\nWed 2026-06-10 {situation.other}")
    return check(agenda, Query(moment("2026-06-08 08:00"), agenda.zone, agenda.me), Places())


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_a_situation(situation: Situation) -> None:
    (entry,) = answer(situation).interviews
    assert entry.verdict == situation.verdict
    moves = entry.plan.moves if entry.plan else ()
    assert {move.action.value for move in moves} <= situation.ways
    if situation.who:
        assert {move.who.value for move in moves} <= situation.who
    for move in moves:
        assert (move.minutes_missed or 0) <= situation.missed
        if move.action.value == "move" and move.new:
            assert (
                abs((move.new.start - move.occurrence.interval.start).total_seconds())
                <= situation.latest * 60
            )
