from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agendas import as_interview, moment, read_agenda
from lastresort.interviews.detection import Interview, Interviewer, Mode
from lastresort.model import Busy, BusyReason, Event, Interval, Occurrence, Person
from lastresort.planning.rivals import choose_yielding
from lastresort.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastresort.model import Agenda

NOW = moment("2026-05-04 09:00")
QUERY = Query(NOW, "Europe/Berlin")
TWO = """
    Wed 2026-05-06 14:00-15:00 Acme (2 attendees; organiser dana@acme.example)
    Wed 2026-05-06 14:30-15:30 Globex (2 attendees; organiser kim@globex.example)
"""


def two(
    acme: Callable[[Interview], Interview], globex: Callable[[Interview], Interview]
) -> tuple[Interview, Interview]:
    agenda = read_agenda(TWO)
    return acme(as_interview(agenda, "Acme")), globex(as_interview(agenda, "Globex"))


def same(interview: Interview) -> Interview:
    return interview


def on_site(interview: Interview) -> Interview:
    return interview._replace(mode=Mode.ONSITE)


def strict(interview: Interview) -> Interview:
    event = interview.occurrence.event._replace(disallow_counter=True)
    return interview._replace(occurrence=interview.occurrence._replace(event=event))


def crowded(interview: Interview) -> Interview:
    event = interview.occurrence.event._replace(
        attendees=tuple(Person(f"p{n}@acme.example") for n in range(6))
    )
    return interview._replace(occurrence=interview.occurrence._replace(event=event))


@pytest.mark.parametrize(
    ("acme", "globex", "asked", "because"),
    [
        (same, same, "Globex", "it leaves more notice"),
        (same, on_site, "Acme", "the other one is on site"),
        (same, strict, "Acme", "the other one's organiser takes no counter-proposals"),
        (same, crowded, "Acme", "fewer people's calendars hang on it"),
        (on_site, strict, "Acme", "the other one's organiser takes no counter-proposals"),
    ],
)
def test_the_easier_one_is_asked(
    acme: Callable[[Interview], Interview], globex: Callable[[Interview], Interview], asked: str, because: str
) -> None:
    first, second = two(acme, globex)
    for pair in ((first, second), (second, first)):
        chosen = choose_yielding(*pair, QUERY)
        assert chosen.interview.occurrence.event.summary == asked
        assert because in chosen.because


def test_a_second_request_is_avoided(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Acme (uid acme)
    Wed 2026-05-06 14:30-15:30 Globex (uid globex)
    """
    found = agenda()
    chosen = choose_yielding(
        as_interview(found, "Acme"), as_interview(found, "Globex"), QUERY, moved={"globex"}
    )
    assert chosen.interview.occurrence.event.uid == "acme"
    assert chosen.because == ("you have already asked to move the other one",)


def test_no_text_names_the_interviews() -> None:
    chosen = choose_yielding(*two(crowded, on_site), QUERY)
    assert not any(name in text for text in chosen.because for name in ("Acme", "Globex"))


@st.composite
def interviews(draw: st.DrawFn) -> Interview:
    start = datetime(2026, 5, 4, 12, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 60)))
    people = tuple(Person(f"p{n}@acme.example") for n in range(draw(st.integers(0, 5))))
    event = Event(
        "work.ics",
        draw(st.sampled_from(["a", "b", "ab", ""])) or None,
        attendees=people,
        disallow_counter=draw(st.booleans()),
    )
    interval = Interval(start, start + timedelta(hours=1))
    occurrence = Occurrence(event, interval, Busy.CLASH, BusyReason.BUSY)
    interviewer, mode = Interviewer("UTC", "given"), draw(st.sampled_from(Mode))
    return Interview(occurrence, interviewer, mode, padded=interval, needed=interval, because=())


@given(interviews(), interviews(), st.sets(st.sampled_from(["a", "b"])))
def test_the_answer_does_not_depend_on_which_is_named_first(
    one: Interview, other: Interview, moved: set[str]
) -> None:
    first, second = choose_yielding(one, other, QUERY, moved), choose_yielding(other, one, QUERY, moved)
    assert first.because == second.because
    if one.occurrence.key != other.occurrence.key:
        assert first.interview.occurrence.key == second.interview.occurrence.key
