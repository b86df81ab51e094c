"""R17 as a law: nothing of any other event, and nothing hostile, reaches a message."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas import as_interview, read_agenda
from lastresort.interviews.detection import Mode
from lastresort.messages.compose import compose, compose_reschedule
from lastresort.messages.discretion import names_interview
from lastresort.messages.kinds import ANSWERS, ERRANDS, KINDS
from lastresort.messages.languages import LANGUAGES
from lastresort.messages.letter import letter_about
from lastresort.model import Agenda, Event, Interval, Occurrence, Person
from lastresort.outputs.eml import write_eml
from lastresort.planning.actions import Action, Who
from lastresort.planning.rearrange import Move
from lastresort.planning.slots import Slot
from lastresort.planning.subjects import Nature
from lastresort.query import Reason
from letters import NOW, errand, letter, stretch

HEADERS = ("X-Unsent", "To", "Subject", "Content-Type", "Content-Transfer-Encoding", "MIME-Version")
MARK = "zqxj"
WEEK = """
    Tue 2026-05-05 10:00-11:00 Interview with Acme (organiser dana@acme.example Dana Lee; at Main Street 1)
    Tue 2026-05-05 10:30-11:30 Dentist
    Tue 2026-05-05 10:00-10:45 Second interview with Globex (organiser sam@globex.example)
    Wed 2026-05-06 09:00-10:00 Team sync (5 attendees)
"""


def marked(occurrence: Occurrence, number: int) -> Occurrence:
    """The occurrence with the mark in everything a person wrote or is called by."""
    mark = f"{MARK}{number}"
    event = occurrence.event._replace(
        uid=f"{mark}@test",
        summary=f"{mark} {occurrence.event.summary}",
        description=mark,
        location=mark,
        url=f"https://{mark}.example",
        calendar=mark,
        categories=(mark,),
        organizer=Person(f"{mark}@{mark}.example", mark),
        attendees=(Person(f"a.{mark}@{mark}.example", mark),),
    )
    return occurrence._replace(event=event)


def marked_week() -> Agenda:
    agenda = read_agenda(WEEK)
    occurrences = tuple(
        o if "Acme" in o.event.summary else marked(o, number) for number, o in enumerate(agenda.occurrences)
    )
    return agenda._replace(occurrences=occurrences)


@given(
    language=st.sampled_from(LANGUAGES),
    kind=st.sampled_from(["conflict", "illness", "work", "offer", "leisure"]),
    mode=st.sampled_from(list(Mode)),
    requests=st.integers(0, 2),
    hours=st.integers(1, 100),
)
def test_no_other_event_is_named(language: str, kind: str, mode: Mode, requests: int, hours: int) -> None:
    agenda = marked_week()
    interview = as_interview(agenda, "Acme", mode=mode)._replace(role="Engineer", company="Acme")
    others = [o for o in agenda.occurrences if o is not interview.occurrence]
    moves = tuple(
        Move(
            occurrence=o,
            action=Action.MOVE,
            who=Who.ME,
            new=o.interval,
            cost=3,
            because=(f"moves {o.event.summary}",),
            nature=Nature.OWN,
        )
        for o in others
    )
    slots = [
        Slot(stretch(day, 9), "Europe/Berlin", "Europe/Berlin", (others[0].event.summary,), moves)
        for day in (11, 12)
    ]
    now = interview.occurrence.interval.start - timedelta(hours=hours)
    about = letter_about(
        interview, now, reason=Reason(kind), slots=tuple(slot.interval for slot in slots), requests=requests,
        agreed=slots[0].interval, asked=now, arrival=now, until=now,
    )  # fmt: skip
    drafts = compose_reschedule(about, language, speak=True)
    kinds = [kind for kind in (*KINDS, *ANSWERS) if kind not in ERRANDS]
    told = [*map(str, drafts), *(str(compose(kind, about, language)) for kind in kinds)]
    assert not [text for text in told if MARK in text.casefold()]
    assert not [text for text in told if "globex" in text.casefold() or "dentist" in text.casefold()]


def test_an_event_itself_cannot_be_put_into_a_letter() -> None:
    """What a letter holds is text, numbers, moments and intervals: no event, no agenda, no move."""
    from lastresort.messages.letter import Errand, Letter

    for noun in (Letter, Errand):
        kinds = " ".join(str(kind) for kind in noun.__annotations__.values())
        assert not [
            word for word in ("Event", "Occurrence", "Agenda", "Move", "Plan", "Slot") if word in kinds
        ]


HOSTILE = [
    "Engineer\r\nBcc: everyone@evil.example",
    "Engineer\nSubject: other",
    "\u202ereenignE\u202c",
    "{{ 7 * 7 }}{% for x in range(99) %}x{% endfor %}",
    "\x1b]0;title\x07\x1b[31mred",
    "a\u2028b\u2029c\x85d\x0be",
    "\x00\ud800\ufeff\u200b",
    "x" * 100_000,
    "<script>alert(1)</script>",
    "%0d%0aBcc:%20x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", ["email", "phone", "ask-organiser"])
def test_hostile_text_stays_text_on_its_line(text: str, kind: str) -> None:
    facts: dict[str, Any] = {"title": text, "organizer": text}
    if kind != "ask-organiser":
        facts = {"role": text, "company": text, "interviewer": text, "reason": Reason("illness", text)}
    message = compose(kind, errand(**facts) if kind == "ask-organiser" else letter(**facts), "en")
    plain = compose(kind, errand() if kind == "ask-organiser" else letter(), "en")
    assert len(message.body.splitlines()) == len(plain.body.splitlines())
    assert "\n" not in message.subject
    assert all(char == "\n" or char.isprintable() for char in message.subject + message.body)
    assert len(message.body) < 5000
    if kind != "phone":
        mail = message_from_bytes(write_eml(message))
        assert sorted(mail.keys()) == sorted(HEADERS)


def test_times_of_the_letter_are_the_interviews_own() -> None:
    agenda = marked_week()
    interview = as_interview(agenda, "Acme", zone="America/New_York")
    about = letter_about(interview, NOW)
    assert about.scheduled == interview.occurrence.interval
    assert (about.zone, about.to, about.recruiter) == ("America/New_York", None, False)
    assert isinstance(interview.occurrence.event, Event)
    assert about.slots == ()
    assert isinstance(about.scheduled, Interval)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("I have another interview that day", True),
        ("Ich habe ein zweites Vorstellungsgespräch", True),
        ("tengo otra entrevista", True),
        ("ho un altro colloquio", True),
        ("my daughter is in hospital", False),
        ("Meine Tochter liegt im Krankenhaus", False),
    ],
)
def test_own_words_that_name_an_interview_are_known(words: str, expected: bool) -> None:
    assert names_interview(words) is expected
