"""From a calendar to the interviews to protect: copies, `--interview`, padding, the interviewer's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from agendas import find, moment, read_agenda
from lastresort.errors import UsageError
from lastresort.interviews.detection import (
    Candidates,
    Certainty,
    Interview,
    Mode,
    Places,
    ZoneSource,
    find_interviews,
    match_event,
)
from lastresort.model import Agenda
from lastresort.query import Query

NOW = moment("2026-05-04 08:00")
ZONES = {
    "New York": "America/New_York",
    "London": "Europe/London",
    "GB": "Europe/London",
    "Paris": "Europe/Paris",
}
COUNTRIES = {"America/New_York": "US", "Europe/London": "GB", "Europe/Paris": "FR", "Europe/Berlin": "DE"}
PLACES = Places(
    zone_written_in=lambda text, _: "America/New_York" if "10:00 ET" in text else None,
    zone_of_place=ZONES.get,
    phone_country=lambda number: (
        "GB" if number.startswith("+44") else "US" if number.startswith("+1") else None
    ),
    zone_country=COUNTRIES.get,
)

Read = Callable[..., Agenda]


def ask(agenda: Agenda, **settings: Any) -> Candidates:
    query = Query(NOW, agenda.zone, **settings)
    return find_interviews(agenda, query, places=PLACES)


def only(agenda: Agenda, **settings: Any) -> Interview:
    found = ask(agenda, **settings).interviews
    assert len(found) == 1
    return found[0]


def titles(candidates: Candidates) -> list[str]:
    return [interview.occurrence.event.summary for interview in candidates.interviews]


# -- which --------------------------------------------------------------------------------------------------


def test_only_what_is_to_come_counts(agenda: Read) -> None:
    """
    2026-05-03 18:00-19:00 Interview of yesterday
    2026-05-04 06:00-07:00 Interview over
    2026-05-04 07:30-08:30 Interview going on
    2026-05-05 10:00-11:00 Interview declined (declined)
    2026-05-05 10:00-11:00 Interview cancelled (cancelled)
    2026-05-05 12:00-13:00 Interview unanswered (unanswered)
    2026-05-06 12:00-13:00 Interview maybe (tentative)
    2026-05-18 07:59-09:00 Interview in a fortnight
    2026-05-18 08:00-09:00 Interview too late
    """
    found = ask(agenda())
    assert titles(found) == [
        "Interview over",
        "Interview going on",
        "Interview unanswered",
        "Interview maybe",
        "Interview in a fortnight",
    ]


def test_answers_and_cancellations_are_no_invitations(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview Acme
    """
    read = agenda()
    for method in ("REPLY", "CANCEL", "COUNTER"):
        event = read.occurrences[0].event._replace(method=method)
        changed = read._replace(occurrences=(read.occurrences[0]._replace(event=event),))
        assert ask(changed) == Candidates((), ())


def test_doubtful_ones_are_listed_with_their_reasons(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Informational interview
    2026-05-05 12:00-13:00 Team sync
    """
    found = ask(agenda())
    assert found.interviews == ()
    assert [one.occurrence.event.summary for one in found.possible] == ["Informational interview"]
    assert [one.because for one in found.possible] == [
        ("the title says “interview”", "“Informational” in the title leaves doubt"),
    ]
    assert {one.certainty for one in found.possible} == {Certainty.POSSIBLE}


# -- --interview --------------------------------------------------------------------------------------------

CALENDAR = """
2026-05-05 10:00-11:00 Interview Acme (uid a@x)
2026-05-05 12:00-12:30 Prep for Acme
2026-05-06 10:00-11:00 Interview Globex (uid g@x)
2026-05-07 10:00-11:00 Coffee with Sam
2026-05-07 14:00-15:00 Call
2026-05-08 14:00-15:00 Call
2026-05-08 16:00-17:00 Dentist (declined)
2026-05-30 16:00-17:00 Onsite Hooli
"""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("a@x", "Interview Acme"),
        ("acme", "Interview Acme"),
        ("ACME interview", "Interview Acme"),
        ("prep acme", "Prep for Acme"),
        ("coffee", "Coffee with Sam"),
        ("Call 2026-05-08", "Call"),
    ],
)
def test_the_named_one(text: str, title: str) -> None:
    found = ask(read_agenda(CALENDAR), interview=text)
    assert titles(found) == [title]
    assert found.interviews[0].because[0] == "you named it (--interview)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("interview", "2 events match (2026-05-05 10:00, 2026-05-06 10:00)"),
        ("call", "2 events match"),
        ("", "no event in the next 14 days matches"),
        ("nothing like it", "no event in the next 14 days matches"),
        ("dentist", "is over, declined or cancelled, or starts after"),
        ("hooli", "is over, declined or cancelled, or starts after"),
    ],
)
def test_an_unclear_name_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        ask(read_agenda(CALENDAR), interview=text)
    assert message in str(error.value)
    assert "Acme" not in str(error.value)


def test_matching_alone() -> None:
    occurrences = read_agenda(CALENDAR).occurrences
    assert match_event(occurrences, "g@x").event.summary == "Interview Globex"
    with pytest.raises(UsageError):
        match_event(occurrences, "interview")
    with pytest.raises(UsageError):
        match_event(occurrences, "zebra")


def test_copies_are_not_ambiguous(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview Acme (uid a@x; source work.ics)
    2026-05-05 10:00-11:00 Interview Acme (uid a@x; source home.ics; notes more)
    """
    interview = only(agenda(), interview="acme")
    assert interview.occurrence.event.source == "home.ics"
    assert len(interview.copies) == 1


# -- copies -------------------------------------------------------------------------------------------------


def test_the_same_interview_in_several_calendars(agenda: Read) -> None:
    """
    me: dana@home.example
    2026-05-05 10:00-11:00 Interview (uid a@x; source home.ics)
    2026-05-05 10:00-11:00 Interview with Acme (uid b@y; source work.ics; organiser jane@acme.example)
    2026-05-05 10:00-11:00 Interview with Acme: round 1 (uid c@z; source other.ics)
    2026-05-05 10:00-11:00 Interview with Globex (uid d@z; source other.ics)
    """
    first, second = ask(agenda()).interviews[1:], ask(agenda()).interviews[0]
    groups = {i.occurrence.event.summary: len(i.copies) for i in (*first, second)}
    assert groups == {"Interview": 0, "Interview with Acme": 1, "Interview with Globex": 0}


def test_a_bare_copy_is_a_copy_though_nothing_tells_it(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview Acme (uid a@x; source home.ics)
    2026-05-05 10:00-11:00 Busy (uid a@x; source feed.ics)
    2026-05-05 10:00-11:00 Team sync (uid s@x; source feed.ics)
    """
    interview = only(agenda())
    assert [copy.event.summary for copy in interview.copies] == ["Busy"]


def test_two_of_one_uid_at_different_times_stay_two(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview Acme (uid a@x; source home.ics)
    2026-05-05 15:00-16:00 Interview Acme (uid a@x; source home.ics)
    """
    assert len(ask(agenda()).interviews) == 2


def test_what_one_copy_knows_completes_the_other(agenda: Read) -> None:
    """
    2026-05-05 16:00-17:00 Interview with Acme (uid a@x; source a.ics; zone UTC; notes Tel: +44 20 7946 0000)
    2026-05-05 16:00-17:00 Interview with Acme (uid a@x; organiser jane@acme.example Jane; zone Europe/London)
    """
    interview = only(agenda())
    assert interview.interviewer[:6] == (
        "Europe/London",
        ZoneSource.INVITATION,
        "Jane",
        "jane@acme.example",
        "+44 20 7946 0000",
        "GB",
    )


def test_an_invitation_replaces_its_older_copy() -> None:
    invited = read_agenda(
        "2026-05-06 10:00-11:00 Chat (uid a@x; source invite.eml; organiser jane@acme.example; sequence 1)"
    )
    agenda = read_agenda(
        """
        2026-05-05 10:00-11:00 Interview Acme (uid a@x)
        2026-05-05 12:00-13:00 Interview Globex
        """
    )
    found = find_interviews(agenda, Query(NOW, agenda.zone), invited.occurrences)
    assert titles(found) == ["Interview Globex", "Chat"]
    chat = found.interviews[1]
    assert chat.because[0] == "you gave it as an interview"
    assert [copy.event.summary for copy in chat.copies] == ["Interview Acme"]


def test_a_given_one_is_an_interview_even_beyond_the_days_but_not_when_over() -> None:
    late = read_agenda("2026-08-05 10:00-11:00 Chat")
    over = read_agenda("2026-05-01 10:00-11:00 Chat")
    empty = read_agenda("")
    query = Query(NOW, empty.zone)
    assert titles(find_interviews(empty, query, late.occurrences)) == ["Chat"]
    assert find_interviews(empty, query, over.occurrences).interviews == ()


def test_a_given_one_can_be_named() -> None:
    given = read_agenda("2026-05-05 10:00-11:00 Chat A\n2026-05-06 10:00-11:00 Chat B").occurrences
    empty = read_agenda("")
    assert titles(find_interviews(empty, Query(NOW, empty.zone, interview="chat b"), given)) == ["Chat B"]


# -- padding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "before", "after", "mode"),
    [
        ("Phone screen", 5, 5, Mode.PHONE),
        ("Interview (at Zoom)", 10, 10, Mode.VIDEO),
        ("Interview", 10, 10, Mode.UNKNOWN),
        ("Onsite interview", 45, 45, Mode.ONSITE),
        ("Onsite interview (travel 30)", 30, 45, Mode.ONSITE),
    ],
)
def test_padding_by_mode(line: str, before: int, after: int, mode: Mode) -> None:
    interview = only(read_agenda(f"2026-05-05 10:00-11:00 {line}"))
    interval = interview.occurrence.interval
    assert interview.mode is mode
    assert interview.padded == interval.widened(timedelta(minutes=before), timedelta(minutes=after))


def test_padding_as_asked_for() -> None:
    interview = only(read_agenda("2026-05-05 10:00-11:00 Onsite interview"), padding=timedelta(0))
    assert interview.padded == interview.occurrence.interval


# -- the interviewer ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("details", "settings", "zone", "source", "country"),
    [
        ("organiser jane@acme.example; zone America/New_York", {}, "America/New_York", "invitation", "US"),
        ("organiser jane@acme.example; zone UTC", {}, "Europe/Berlin", "assumed", None),
        ("organiser jane@acme.example; zone UTC; notes at 10:00 ET", {}, "America/New_York", "text", "US"),
        (
            "organiser jane@acme.example; zone UTC; at 5 Rue X, 75002 Paris",
            {},
            "Europe/Paris",
            "location",
            "FR",
        ),
        (
            "organiser jane@acme.example; zone UTC; at London, KY 40741, USA",
            {},
            "Europe/Berlin",
            "assumed",
            None,
        ),
        ("zone Europe/Berlin; notes Phone: +44 20 7946 0000", {}, "Europe/London", "phone number", "GB"),
        ("zone Europe/Berlin; notes Phone: +1 212 555 0100", {}, "America/New_York", "phone number", "US"),
        ("organiser me@home.example; zone America/New_York", {}, "Europe/Berlin", "assumed", None),
        ("", {"interviewer_zone": "Europe/London"}, "Europe/London", "given", "GB"),
        ("", {"interviewer_country": "FR"}, "Europe/Berlin", "assumed", "FR"),
    ],
)
def test_the_interviewers_zone(
    details: str, settings: dict[str, str], zone: str, source: str, country: str | None
) -> None:
    interviewer = only(read_agenda(f"2026-05-05 10:00-11:00 Interview ({details})"), **settings).interviewer
    assert (interviewer.zone, interviewer.zone_source, interviewer.country) == (zone, source, country)


@pytest.mark.parametrize(
    ("line", "company", "process"),
    [
        ("Interview (organiser jane@mail.acme.co.uk Jane)", "Acme", "acme.co.uk"),
        (
            "Interview (organiser jane@blue-sky.io Jane; notes Welcome to Blue Sky!)",
            "Blue Sky",
            "blue-sky.io",
        ),
        ("Interview (organiser jane@gmail.com Jane)", None, "jane@gmail.com"),
        ("Interview (organiser sam@hays.com Sam)", None, "hays.com"),
        ("Interview with Acme (organiser sam@hays.com Sam)", "Acme", "hays.com"),
        ("Interview (organiser no-reply@greenhouse.io Acme Recruiting)", "Acme", "acme"),
        ("Interview (organiser x@lever.co; notes https://jobs.lever.co/globex/1)", "Globex", "globex"),
        ("Interview (organiser jane@janedoe.com Jane Doe)", None, "janedoe.com"),
        ("Interview (organiser jane@corp.example Jane Doe)", "Corp", "corp.example"),
        ("Interview with Jane Doe (organiser jane@acme.com Jane Doe)", "Acme", "acme.com"),
        ("Interview", None, ""),
        ("Interview with Acme", "Acme", "acme"),
    ],
)
def test_who_stands_behind_it(line: str, company: str | None, process: str) -> None:
    title, _, details = line.partition(" (")
    interview = only(read_agenda(f"2026-05-05 10:00-11:00 {title}" + (f" ({details}" if details else "")))
    assert (interview.company, interview.process) == (company, process)


def test_rounds_of_one_process_are_recognised(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview with Acme (organiser jane@acme.com Jane)
    2026-05-05 11:00-12:00 Interview with Acme, round 2 (organiser no-reply@greenhouse.io Acme Recruiting)
    """
    assert {interview.process for interview in ask(agenda()).interviews} == {"acme.com"}


def test_an_interview_of_every_day() -> None:
    details = (
        "organiser jane@acme.com Jane Doe; with me@home.example; at https://acme.zoom.us/j/1; "
        "notes Phone: +1 212 555 0100; zone America/New_York; uid a@x"
    )
    read = read_agenda(f"2026-05-05 10:00-11:00 Acme: Technical Interview, Backend Engineer ({details})")
    interview = only(read)
    assert interview.occurrence == find(read, "Acme")
    assert (interview.role, interview.company, interview.mode) == ("Backend Engineer", "Acme", Mode.VIDEO)
    assert interview.because == (
        "the title says “Technical Interview”",
        "the title names a role",
        "the organiser is outside your own domains",
    )
