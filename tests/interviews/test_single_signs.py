"""Each sign of an interview alone: taken away, something else comes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from test_detection import NOW, ask, titles

from agendas import stretch
from lastresort.interviews.contacts import find_numbers, find_others
from lastresort.interviews.detection import guard
from lastresort.interviews.evidence import Evidence, Owner, find_owner, weigh
from lastresort.interviews.mode import find_setting
from lastresort.interviews.process import Ties, find_ties, tie
from lastresort.interviews.zone import Places, Whereabouts, ZoneSource, find_whereabouts
from lastresort.model import Busy, BusyReason, Event, Interval, Mail, Occurrence, Person
from lastresort.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastresort.model import Agenda

    Read = Callable[..., Agenda]

ME = Person("dana@work.example", "Dana Lee")
OWNER = find_owner(["dana@work.example"], [ME])
OUTSIDE = Person("sam@acme.example", "Sam")
HOUR = stretch("2026-05-05 10:00-11:00")


def event(
    title: str, time: Interval = HOUR, reason: BusyReason = BusyReason.BUSY, **facts: object
) -> Occurrence:
    told = {"source": "work.ics", "uid": "1", "summary": title, **facts}
    return Occurrence(Event(**told), time, Busy.CLASH, reason)  # type: ignore[arg-type]


def found(title: str, owner: Owner = OWNER, **facts: object) -> Evidence:
    return weigh(event(title, **facts), owner)


# -- what speaks for it -------------------------------------------------------------------------------------


def test_where_the_title_says_nothing_the_mails_subject_may() -> None:
    assert not found("Call", mail=Mail(subject="Lunch")).because
    assert found("Call", mail=Mail(subject="Your phone interview")).certain


@pytest.mark.parametrize(
    "facts",
    [
        {"uid": "one@hire.lever.co"},
        {"mail": Mail(sender=Person("no-reply@hire.lever.co"))},
        {"mail": Mail(reply_to=Person("no-reply@hire.lever.co"), sender=OUTSIDE)},
        {"attendees": (Person("no-reply@hire.lever.co"),)},
        {"location": "https://app.coderpad.io/XYZ"},
        {"url": "https://app.coderpad.io/XYZ"},
        {"description": "Here: https://app.coderpad.io/XYZ"},
    ],
    ids=["uid", "sender", "reply-to", "attendee", "location", "url", "description"],
)
def test_a_hiring_service_is_known_wherever_it_is_named(facts: dict[str, object]) -> None:
    assert not found("Acme - Dana").because
    assert found("Acme - Dana", **facts).points > 1


def test_a_service_that_invites_and_is_linked_counts_once() -> None:
    link = "https://my.greenhouse.io/interviews/1"
    because = found("Call", organizer=Person("no-reply@greenhouse.io"), description=link).because
    assert [why for why in because if "Greenhouse" in why] == ["the invitation comes from Greenhouse"]


@pytest.mark.parametrize(
    ("calendar", "counts"), [("Job search", True), ("Hiring: job search", False), ("Family", False)]
)
def test_a_calendar_kept_for_interviews(calendar: str, counts: bool) -> None:
    assert bool(found("Acme", calendar=calendar).because) is counts


def test_far_down_in_a_text_nothing_counts() -> None:
    assert found("Call", description="Your phone interview").because
    assert not found("Call", description="tea " * 1200 + "Your phone interview").because
    assert not found("Call", description="tea " * 4500 + "https://app.coderpad.io/XYZ").because


def test_of_many_sentences_the_first_count() -> None:
    speaks = "Interviewing costs money. "
    few, many = (speaks * count + "Your phone interview." for count in (20, 100))
    assert any("phone interview" in why for why in found("Call", description=few).because)
    assert not any("phone interview" in why for why in found("Call", description=many).because)


def test_marks_of_a_page_do_not_part_words() -> None:
    assert found("Call", description="Your phone <b class='x'>interview</b>").points > 0


def test_two_words_for_jobs_count_and_one_inside_another_does_not() -> None:
    three = found("Call", description="You applied. An open role. Your candidacy. The position of cook.")
    assert len([why for why in three.because if "speaks of" in why]) == 2
    inside = found("Call", description="The position of cook.").because
    assert inside == ("the description speaks of “The position of”",)


def test_a_school_is_an_employer_where_the_text_names_a_role() -> None:
    text = "We look forward to talking about the Class Teacher role."
    assert not found("First round, Hillside School").certain
    assert found("First round, Hillside School", description=text).certain
    assert found("Call with Hillside School", description=text).possible


# -- what speaks against it ---------------------------------------------------------------------------------


def test_the_words_for_those_one_meets_are_no_role() -> None:
    assert not any("names a role" in why for why in found("Interview with the director").because)
    assert any("names a role" in why for why in found("Interview engineer").because)


def test_a_room_is_nobody_whom_i_invite() -> None:
    room, guest = Person("r@rooms.example", cutype="ROOM"), Person("kim@else.example")
    assert found("Interview", organizer=ME, attendees=(ME, room)).certain
    assert not found("Interview", organizer=ME, attendees=(ME, room, guest)).certain


def test_my_own_employer_in_the_title() -> None:
    colleague = Person("hr@work.example")
    assert "the title names your own employer" in found("Interview at Work", organizer=colleague).because
    assert "the title names your own employer" not in found("Interview at Acme", organizer=colleague).because


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"attendees": tuple(Person(f"p{n}@acme.example") for n in range(11))}, "many people are invited"),
        ({"time": Interval(HOUR.start, HOUR.start + timedelta(hours=11))}, "it is very long"),
        ({"reason": BusyReason.FREE}, "it is marked as free time"),
        ({"reason": BusyReason.WORKING_ELSEWHERE}, "it is marked as free time"),
        ({"recurring": True}, "it is part of a series"),
    ],
)
def test_what_makes_it_less_likely(facts: dict[str, object], why: str) -> None:
    plain, doubted = found("Interview at Acme"), found("Interview at Acme", **facts)
    assert why not in plain.because
    assert why in doubted.because
    assert doubted.points < plain.points


def test_mine_is_not_somebody_elses() -> None:
    assert not found("Lena's interview").certain
    assert found("Dana's interview").certain
    assert not found("Dana's interview", owner=find_owner(["dana@work.example"])).certain


def test_words_of_those_who_interview_count_less_from_outside_and_not_beside_my_name() -> None:
    title = "Candidate interview"
    inside, outside = found(title), found(title, organizer=OUTSIDE)
    assert outside.points - inside.points == 3 + 1  # and being from outside is a sign of its own
    assert found(f"{title} Dana Lee").points > inside.points


# -- what ties it to another --------------------------------------------------------------------------------


def test_what_a_series_shares_with_an_interview_does_not_tie_it(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview (organiser ann@acme.com Ann)
    2026-05-07 10:00-10:30 Standing call (organiser ann@acme.com Ann; series)
    """
    assert (titles(ask(agenda())), ask(agenda()).possible) == (["Interview"], ())


def test_a_machine_ties_nothing(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview (organiser no-reply@acme.com)
    2026-05-07 10:00-10:30 Webinar (organiser no-reply@acme.com)
    2026-05-07 12:00-12:30 Breakfast (organiser eve@acme.com Eve)
    """
    assert (titles(ask(agenda())), ask(agenda()).possible) == (["Interview"], ())


def test_colleagues_are_tied_by_nothing(agenda: Read) -> None:
    """
    me: me@work.example
    2026-05-05 10:00-11:00 Job interview (organiser ann@work.example Ann; categories Interview)
    2026-05-07 10:00-10:30 Budget (organiser bob@work.example Bob)
    """
    assert (titles(ask(agenda())), ask(agenda()).possible) == (["Job interview"], ())


def test_two_interviews_that_one_machine_sends_are_two(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview Acme, backend (organiser no-reply@booking.example)
    2026-05-05 10:00-11:00 Interview Globex, frontend (organiser no-reply@booking.example)
    """
    assert len(ask(agenda()).interviews) == 2


def test_a_company_ties_only_what_speaks_of_jobs() -> None:
    ties = Ties({}, {}, {"acme": "Interview"})
    title = event("Acme all hands")
    assert tie(title, ties, OWNER, speaks=False) is None
    assert tie(title, ties, OWNER, speaks=True) is not None


def test_a_company_of_two_letters_ties_nothing(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview at HP
    2026-05-06 10:00-11:00 Interview at Acme
    """
    assert set(find_ties(ask(agenda()).interviews, OWNER).companies) == {"acme"}


def test_what_is_cancelled_by_its_status_is_none(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview
    """
    read = agenda()
    (one,) = read.occurrences
    off = one._replace(event=one.event._replace(status="CANCELLED"))
    assert titles(ask(read._replace(occurrences=(off,)))) == []


# -- how, and on which number -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "setting"),
    [
        ({"location": "https://maps.google.com/?q=Acme"}, "unknown"),
        ({"location": "https://meet.example/abc"}, "video"),
        ({"location": "Hauptstr. 5, 10115 Berlin, https://zoom.us/j/1"}, "onsite"),
        ({"location": "Dial-in via 5 Main Street switchboard"}, "phone"),
        ({"location": "Room 4", "description": "https://zoom.us/j/1"}, "video"),
        ({"location": "Room 4"}, "onsite"),
    ],
)
def test_how_it_is_held(facts: dict[str, str], setting: str) -> None:
    assert find_setting(event("Interview", **facts).event) == setting


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("Call me: +49 30 1234567", ["+49 30 1234567"]),
        ("Call me: +49 3012", []),
        ("Call me: +49 30 1234567 89012345", []),
        ("Call +1 212 555 0100,,123456#", []),
        ("Call +1 212 555 0100, ask for Kim", ["+1 212 555 0100"]),
    ],
)
def test_what_is_a_number_to_call(line: str, numbers: list[str]) -> None:
    assert list(find_numbers(line)) == numbers


def test_of_others_who_take_part_ten_are_kept() -> None:
    guests = tuple(Person(f"p{n}@acme.example", f"{name} Roe") for n, name in enumerate("ABCDEFGHIJKLMNOP"))
    assert len(find_others(event("Interview", attendees=guests).event, OWNER, None, ())) == 10


def test_a_whole_day_is_no_copy_of_a_time(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview at Acme (uid a)
    2026-05-05 10:00-11:00 Interview at Acme (uid b)
    """
    read = agenda()
    one, other = read.occurrences
    assert len(ask(read).interviews) == 1
    assert len(ask(read._replace(occurrences=(one, other._replace(all_day=True)))).interviews) == 2


def test_other_interviews_do_not_move_for_those_that_are_asked_about(agenda: Read) -> None:
    """
    2026-05-05 10:00-11:00 Interview at Acme (uid a)
    2026-07-05 10:00-11:00 Interview at Globex (uid b)
    2026-05-06 10:00-11:00 Informational interview (uid c)
    2026-05-07 10:00-11:00 Dentist (uid d)
    """
    read = agenda()
    query = Query(NOW, read.zone)
    known = ask(read).interviews
    guarded = guard(query, read, known)
    assert [one.event.uid for one in read.occurrences if one.key in guarded.guarded] == ["b"]
    assert [one.event.uid for one in read.occurrences if one.key in guarded.possible] == ["c"]


# -- where they are -----------------------------------------------------------------------------------------

TOWNS = {"Berlin": "Europe/Berlin", "Essen": "Europe/Berlin", "ES": "Europe/Madrid", "DE": "Europe/Berlin",
         "GB": "Europe/London", "FR": "Europe/Paris"}  # fmt: skip
COUNTRIES = {"Europe/Berlin": "DE", "Europe/Madrid": "ES", "Europe/London": "GB", "Europe/Paris": "FR"}
PLACES = Places(
    zone_of_place=TOWNS.get, zone_country=COUNTRIES.get, names_place=lambda tzid: not tzid.endswith("Time")
)
ABROAD = Query(NOW, "Asia/Tokyo")


def where(**facts: object) -> Whereabouts:
    return find_whereabouts(event("Interview", **facts).event, OWNER, None, ABROAD, PLACES)


def test_a_windows_zone_names_a_rule_and_no_country() -> None:
    written = {"zone": "Europe/Paris", "tzid": "Romance Standard Time"}
    spanish = where(organizer=Person("ana@empresa.es"), **written)
    assert spanish == Whereabouts("Europe/Madrid", ZoneSource.INVITATION, "ES")
    assert where(organizer=OUTSIDE, **written).zone == "Europe/Paris"
    british = where(organizer=Person("ann@firm.co.uk"), **written)
    assert british == Whereabouts("Europe/Paris", ZoneSource.INVITATION, "GB")


@pytest.mark.parametrize(
    ("facts", "zone"),
    [
        ({"location": "Acme, Berlin"}, "Europe/Berlin"),
        ({"location": "https://acme.example/de, Berlin"}, "Asia/Tokyo"),
        ({"location": "Essen"}, "Asia/Tokyo"),
        ({"organizer": Person("ana@firm.de")}, "Europe/Berlin"),
        ({"organizer": Person("ana@web.de")}, "Asia/Tokyo"),
    ],
)
def test_what_tells_a_country_and_what_does_not(facts: dict[str, object], zone: str) -> None:
    assert where(**facts).zone == zone


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("Recruiter | Berlin", "Europe/Berlin"),
        ("sam@acme.example | Berlin", "Asia/Tokyo"),
    ],
)
def test_a_town_below_a_name_is_theirs_unless_its_line_tells_how_to_reach_them(line: str, zone: str) -> None:
    text = f"See you there.\n\nBest regards\nSam Roe\n{line}\n"
    assert where(description=text, organizer=Person("sam@acme.example", "Sam Roe")).zone == zone


def test_a_mail_in_utc_tells_no_zone() -> None:
    sent = datetime(2026, 1, 5, 9, tzinfo=UTC)
    mail = Mail(sender=Person("ann@firm.co.uk"), date=sent)
    assert where(mail=mail).source == ZoneSource.DOMAIN
    local = mail._replace(date=sent.astimezone(ZoneInfo("Europe/Berlin")), sender=Person("ann@firm.de"))
    assert where(mail=local).source == ZoneSource.MAIL
