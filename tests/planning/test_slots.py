from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agendas import as_interview, moment, read_agenda, stretch
from lastresort.model import EPOCH, Agenda, Busy, Interval, SourceInfo
from lastresort.planning.openings import Side, Wish
from lastresort.planning.slot_utility import DEFAULT_SCORES, Scored, choose
from lastresort.planning.slots import ENDED, SEARCHES, Offer, offer_slots, offer_times
from lastresort.planning.timetable import Timetable
from lastresort.planning.trial import imagine_interview
from lastresort.planning.workdays import find_horizon, is_open_day
from lastresort.query import Hours, Query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BERLIN = "Europe/Berlin"
MONDAY = moment("2026-05-04 09:00")


def ask(agenda: Agenda, *, zone: str = BERLIN, now: datetime = MONDAY, **settings_of: object) -> Offer:
    busy = settings_of.pop("interviewer_busy", ())
    query = Query(now, agenda.zone, **settings_of)  # type: ignore[arg-type]
    interview = as_interview(agenda, "Interview", zone=zone)
    blocked = [o.blocked for o in agenda.occurrences if o.busy is Busy.CLASH and o != interview.occurrence]
    day = interview.occurrence.interval.start.astimezone(ZoneInfo(agenda.zone)).date()
    until = find_horizon(query, day)
    return offer_slots(
        interview, Timetable(agenda, query), blocked=blocked, interviewer_busy=busy, until=until
    )  # type: ignore[arg-type]


def told(offer: Offer, zone: str | None = None) -> list[str]:
    starts = [slot.interval.start.astimezone(ZoneInfo(zone or slot.zone)) for slot in offer.slots]
    return [f"{start:%a %d %b %H:%M}" for start in starts]


def test_three_days_and_both_halves(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    """
    offer = ask(agenda())
    assert told(offer) == ["Wed 06 May 10:00", "Thu 07 May 14:00", "Fri 08 May 14:00"]
    assert offer.slots[1].because == (
        "one working day later",
        "same hour as before",
        "in the middle of the day",
        "an hour free before and after",
    )
    assert offer.more == ()


def test_slots_are_in_the_interviewers_zone(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 16:00-17:00 Interview with Acme
    """
    offer = ask(agenda(), zone="America/New_York")
    assert {(slot.zone, slot.my_zone) for slot in offer.slots} == {("America/New_York", BERLIN)}
    for slot in offer.slots:
        theirs, mine = (slot.interval.start.astimezone(ZoneInfo(zone)) for zone in (slot.zone, slot.my_zone))
        assert theirs.hour >= 9
        assert mine.hour <= 18


def test_busy_time_and_its_padding_are_left_alone(agenda: Callable[..., Agenda]) -> None:
    """
    Tue 2026-05-05 08:00-19:00 Workshop (organiser boss@acme.example; 5 attendees)
    Wed 2026-05-06 08:00-13:30 Offsite (organiser boss@acme.example; 5 attendees)
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Wed 2026-05-06 16:00-19:00 Offsite (organiser boss@acme.example; 5 attendees)
    Thu 2026-05-07 08:00-19:00 Offsite (organiser boss@acme.example; 5 attendees)
    Fri 2026-05-08 08:00-12:55 Offsite (organiser boss@acme.example; 5 attendees)
    Fri 2026-05-08 14:15-19:00 Offsite (organiser boss@acme.example; 5 attendees)
    """
    # on Friday 13:00 is too soon after the one offsite, 13:15 ends too close to the other
    offer = ask(agenda(), within=2)
    assert told(offer) == []
    assert offer.more[0] == "no time is free on both sides until 8 May"


def test_the_last_free_hour_is_found(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Thu 2026-05-07 08:00-19:00 Offsite (organiser boss@acme.example; 5 attendees)
    Fri 2026-05-08 08:00-12:50 Offsite (organiser boss@acme.example; 5 attendees)
    Fri 2026-05-08 14:10-19:00 Offsite (organiser boss@acme.example; 5 attendees)
    """
    offer = ask(agenda(), within=2, notice=timedelta(hours=60))
    assert told(offer) == ["Fri 08 May 13:00"]
    assert offer.more[0] == "only one time is free on both sides until 8 May"
    assert any("would add" in text for text in offer.more[1:])


def test_what_would_give_more_is_counted_and_not_taken(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 08:00-19:00 Offsite (organiser boss@acme.example; 5 attendees)
    Wed 2026-05-06 14:00-15:00 Interview with Acme (organiser dana@acme.example)
    """
    offer = ask(
        agenda(),
        within=1,
        zone="Asia/Tokyo",
        notice=timedelta(hours=50),
        interviewer_hours=Hours(time(9), time(17, 30)),
    )
    # their office hours end at 10:30 in Berlin
    assert told(offer, BERLIN) == ["Thu 07 May 08:00", "Thu 07 May 09:00"]
    assert any("earlier mornings on your side (--hours 06:00-19:00) would add" in text for text in offer.more)


def test_what_is_not_certain_is_avoided_where_the_day_allows(agenda: Callable[..., Agenda]) -> None:
    """
    Tue 2026-05-05 13:00-19:00 Maybe (tentative)
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    Thu 2026-05-07 all day Fair
    """
    offer = ask(agenda(), within=1, now=moment("2026-05-03 09:00"))
    tuesday, thursday = (
        next(s for s in offer.slots if day in told(Offer((s,)))[0]) for day in ("Tue", "Thu")
    )
    assert tuesday.interval.end <= moment("2026-05-05 13:00")
    assert "over something of yours that is not certain" in thursday.because


def test_their_free_busy_is_respected(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    """
    busy = [stretch(f"2026-05-{day:02} 00:00-23:00") for day in (5, 6, 7, 8)]
    assert all(text.split()[1] >= "11" for text in told(ask(agenda(), interviewer_busy=busy)))


@pytest.mark.parametrize(
    ("country", "their_country", "closed"),
    [("DE", None, {"14"}), (None, "DE", {"14"}), (None, "EG", {"15", "08"}), ("US", "US", set())],
)
def test_holidays_and_weekends_of_both_sides(
    country: str | None, their_country: str | None, closed: set[str]
) -> None:
    agenda = read_agenda("Wed 2026-05-13 14:00-15:00 Interview with Acme")
    found: set[str] = set()
    for within in (1, 2, 3):
        offer = ask(
            agenda,
            now=moment("2026-05-13 09:00"),
            country=country,
            interviewer_country=their_country,
            within=within,
        )
        found |= {text.split()[1] for text in told(offer)}
    assert found
    assert not found & closed


def test_friday_and_saturday_are_the_weekend_in_cairo() -> None:
    agenda = read_agenda("zone: Africa/Cairo\nThu 2026-05-07 11:00-12:00 Interview with Acme")
    both = {"country": "EG", "interviewer_country": "EG"}
    offer = ask(agenda, zone="Africa/Cairo", now=moment("2026-05-06 09:00", "Africa/Cairo"), **both)
    assert {text.split()[0] for text in told(offer)} <= {"Sun", "Mon", "Tue", "Wed", "Thu"}
    assert "Sun" in {text.split()[0] for text in told(offer)}


def test_nothing_lies_beyond_what_was_read(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    """
    whole = agenda()
    end = moment("2026-05-07 12:00")
    for part in (
        whole._replace(window=Interval(whole.window.start, end)),
        whole._replace(sources=(SourceInfo("work.ics", ends=end),)),
    ):
        assert all(slot.interval.end <= end for slot in ask(part).slots)


def test_an_empty_horizon_says_so(agenda: Callable[..., Agenda]) -> None:
    """
    Wed 2026-05-06 14:00-15:00 Interview with Acme
    """
    offer = ask(agenda(), notice=timedelta(days=60))
    assert offer.slots == ()
    assert "a shorter notice (--notice 4h) would add" in offer.more[1]


@pytest.mark.parametrize("hours", [Hours(time(18), time(19)), Hours(time(8), time(8, 30))])
def test_hours_that_leave_no_time_are_not_stretched(hours: Hours) -> None:
    agenda = read_agenda("Wed 2026-05-06 14:00-15:00 Interview with Acme")
    offer = ask(agenda, hours=hours)
    assert offer.slots == ()
    assert offer.more


# ---- slots that need easy moves

FULL = "\n".join(
    f"2026-05-{day:02} 08:00-13:00 Offsite (organiser boss@acme.example; 5 attendees)\n"
    f"2026-05-{day:02} 13:00-15:00 Focus time\n"
    f"2026-05-{day:02} 15:00-16:50 Offsite (organiser boss@acme.example; 5 attendees)"
    for day in (4, 5, 6, 7, 8)
)


def test_without_a_free_time_easy_moves_of_mine_are_offered_with_it() -> None:
    agenda = read_agenda(f"{FULL}\nWed 2026-05-06 16:00-17:00 Interview with Acme")
    offer = ask(agenda, within=2, interviewer_hours=Hours(time(9), time(16)))
    assert len(offer.slots) == 3
    for slot in offer.slots:
        assert [move.occurrence.event.summary for move in slot.needs] == ["Focus time"]
        assert {move.action for move in slot.needs} <= {"move", "skip", "shorten"}
        assert slot.because[-1] == "needs one easy move of yours"
        padded = slot.interval.widened(timedelta(minutes=10), timedelta(minutes=10))
        moved = [move.new for move in slot.needs if move.new is not None]
        assert not any(new.overlaps(padded) for new in moved)


def test_too_few_times_with_moves_are_said_to_be_so() -> None:
    agenda = read_agenda(f"{FULL}\nWed 2026-05-06 16:00-17:00 Interview with Acme")
    offer = ask(agenda, within=2, interviewer_hours=Hours(time(9), time(16)), notice=timedelta(hours=70))
    assert len(offer.slots) == 2
    assert offer.more[0] == "no time is free on both sides until 8 May without a move of yours"


@pytest.mark.parametrize(("most", "found"), [(SEARCHES, 3), (3, 3), (0, 0)])
def test_searches_for_easy_moves_are_counted_and_it_is_told_when_they_end(
    monkeypatch: pytest.MonkeyPatch, most: int, found: int
) -> None:
    """The best set of three times takes a search for each of them."""
    monkeypatch.setattr("lastresort.planning.slots.SEARCHES", most)
    agenda = read_agenda(f"{FULL}\nWed 2026-05-06 16:00-17:00 Interview with Acme")
    offer = ask(agenda, within=2, interviewer_hours=Hours(time(9), time(16)))
    assert len(offer.slots) == found
    assert (ENDED in offer.more) is (found == 0)


def test_the_last_resort_moves_nothing() -> None:
    agenda = read_agenda(f"{FULL}\nWed 2026-05-06 16:00-17:00 Interview with Acme")
    offer = ask(agenda, within=2, interviewer_hours=Hours(time(9), time(16)), last_resort=True)
    assert offer.slots == ()


def test_other_interviews_never_move_for_a_slot() -> None:
    lines = FULL.replace("Focus time", "Talk with Globex")
    agenda = read_agenda(f"{lines}\nWed 2026-05-06 16:00-17:00 Interview with Acme")
    kept = [
        as_interview(agenda._replace(occurrences=(o,)), "Talk with Globex")
        for o in agenda.occurrences
        if "Talk" in o.event.summary
    ]
    query = Query(MONDAY, BERLIN, within=2, interviewer_hours=Hours(time(9), time(16)))
    interview = as_interview(agenda, "Interview")
    blocked = [o.blocked for o in agenda.occurrences if o != interview.occurrence]
    until = find_horizon(query, date(2026, 5, 6))
    assert (
        offer_slots(interview, Timetable(agenda, query), blocked=blocked, until=until, kept=kept).slots == ()
    )


def test_plain_availability_is_soon(agenda: Callable[..., Agenda]) -> None:
    """
    Tue 2026-05-05 09:00-18:00 Workshop
    """
    query = Query(MONDAY, BERLIN, interviewer_zone="Europe/London")
    found = agenda()
    blocked = [o.blocked for o in found.occurrences]
    offer = offer_times(
        timedelta(minutes=45), Timetable(found, query), blocked=blocked, until=find_horizon(query, None)
    )
    assert told(offer) == ["Wed 06 May 10:00", "Thu 07 May 10:00", "Fri 08 May 13:00"]
    assert all(slot.zone == "Europe/London" for slot in offer.slots)
    assert offer.slots[0].because[0] == "two working days from now"


# ---- laws


def points(some: Sequence[Scored]) -> float:
    scores = DEFAULT_SCORES
    found = sum(one.score for one in some) + scores.further_day * len({one.day for one in some})
    found += scores.further_weekday * len({one.day.weekday() for one in some})
    return found + (scores.both_halves if len({one.morning for one in some}) == 2 else 0)


def wish_for(original: Interval) -> Wish:
    side = Side("UTC", Hours(time(0), time(0)), None)
    return Wish(
        length=original.length,
        before=timedelta(0),
        after=timedelta(0),
        theirs=side,
        mine=side,
        original=original,
        now=EPOCH,
        notice=timedelta(0),
        until=original.end + timedelta(days=30),
    )


def goodness(some: Sequence[Scored], wish: Wish) -> tuple[int, bool, int, float]:
    assert wish.original
    later = any(one.at(wish.length).start >= wish.original.end for one in some)
    return len(some), later, len({one.day for one in some}), points(some)


def enumerate_all(candidates: Sequence[Scored], number: int, wish: Wish) -> tuple[int, bool, int, float]:
    sets = (some for size in range(number + 1) for some in combinations(candidates, size))
    apart = (
        some
        for some in sets
        if all(abs(one.start - other.start) >= wish.minutes for one, other in combinations(some, 2))
    )
    return max(goodness(some, wish) for some in apart)


@st.composite
def candidates(draw: st.DrawFn) -> list[Scored]:
    starts = draw(
        st.lists(st.tuples(st.integers(0, 9), st.integers(36, 44)), min_size=0, max_size=14, unique=True).map(
            sorted
        )
    )
    return [
        Scored(
            (date(2026, 5, 4 + day) - date(1970, 1, 1)).days * 24 * 60 + quarter * 15,
            date(2026, 5, 4) + timedelta(days=day),
            quarter < 40,
            draw(st.integers(-40, 10)) / 2,
            (),
        )
        for day, quarter in starts
    ]


@given(candidates(), st.sampled_from([2, 3]), st.sampled_from([15, 30, 60]))
@settings(max_examples=200)
def test_the_set_is_the_best_of_all(found: list[Scored], number: int, length: int) -> None:
    original = datetime(2026, 5, 7, 10, tzinfo=UTC)
    wish = wish_for(Interval(original, original + timedelta(minutes=length)))
    chosen = choose(found, number, wish)
    assert list(chosen) == sorted(chosen, key=lambda one: one.start)
    assert goodness(chosen, wish) == enumerate_all(found, number, wish)


PLACES = [
    ("Europe/Berlin", "DE"),
    ("America/New_York", "US"),
    ("Asia/Kolkata", "IN"),
    ("Asia/Kathmandu", "NP"),
    ("Australia/Lord_Howe", "AU"),
    ("Africa/Cairo", "EG"),
    ("Asia/Riyadh", "SA"),
    ("Asia/Dubai", "AE"),
]
WEEKS = [
    datetime(2026, month, day, 8, tzinfo=UTC)
    for month, day in ((3, 5), (3, 26), (4, 2), (10, 22), (10, 29), (12, 21))
]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Agenda, Query, list[Interval]]:
    now = draw(st.sampled_from(WEEKS)) + timedelta(hours=draw(st.integers(0, 30)))
    (zone, country), (theirs, their_country) = draw(st.sampled_from(PLACES)), draw(st.sampled_from(PLACES))
    query = Query(
        now,
        zone,
        country=country,
        interviewer_country=their_country,
        interviewer_zone=theirs,
        padding=timedelta(minutes=draw(st.sampled_from([0, 10, 45]))),
        hours=draw(
            st.sampled_from([Hours(time(8), time(19)), Hours(time(0), time(0)), Hours(time(6, 40), time(22))])
        ),
        within=draw(st.sampled_from([2, 5, 10])),
        slots=draw(st.sampled_from([2, 3])),
    )
    quarters = st.tuples(st.integers(0, 20 * 96), st.integers(1, 40))
    blocked = [
        Interval(now + timedelta(minutes=15 * start), now + timedelta(minutes=15 * (start + length)))
        for start, length in draw(st.lists(quarters, max_size=25))
    ]
    window = Interval(now - timedelta(days=2), now + timedelta(days=60))
    return Agenda(window, zone, ()), query, blocked


@given(questions())
def test_every_slot_keeps_every_promise(question: tuple[Agenda, Query, list[Interval]]) -> None:
    agenda, query, blocked = question
    start = query.now + timedelta(days=3, minutes=7)
    meeting = Interval(start, start + timedelta(minutes=50))
    interview = imagine_interview(meeting, query)
    until = find_horizon(query, start.astimezone(ZoneInfo(query.zone)).date())
    offer = offer_slots(interview, Timetable(agenda, query), blocked=blocked, until=until)
    padding = query.padding or timedelta(0)
    zone = ZoneInfo(interview.interviewer.zone)
    begins, ends = (when.astimezone(zone) for when in meeting)
    theirs = query.interviewer_hours
    if begins.date() == ends.date():  # a booked hour is one of theirs
        theirs = theirs._replace(start=min(theirs.start, begins.time()), end=max(theirs.end, ends.time()))
    for slot in offer.slots:
        assert slot.interval.length == meeting.length
        assert slot.interval.start >= query.now + query.notice
        assert slot.interval.end <= until
        assert not slot.interval.overlaps(meeting)
        assert not any(slot.interval.widened(padding, padding).overlaps(busy) for busy in blocked)
        _assert_open(slot.interval, slot.zone, theirs, query.interviewer_country)
        _assert_open(slot.interval, slot.my_zone, query.hours, query.country)
        assert slot.interval.start.astimezone(ZoneInfo(slot.zone)).minute % 15 == 0
    days = {slot.interval.start.astimezone(ZoneInfo(slot.zone)).date() for slot in offer.slots}
    assert bool(offer.more) == (len(offer.slots) < query.slots)
    assert len(days) == len(offer.slots) or len(days) < query.slots


def _assert_open(interval: Interval, zone: str, hours: Hours, country: str | None) -> None:
    start, end = (instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for instant in interval)
    assert is_open_day(start.date(), hours, country)
    midnight = datetime.combine(start.date(), time(0))
    closes = (
        midnight + timedelta(days=1) if hours.end == time(0) else datetime.combine(start.date(), hours.end)
    )
    assert datetime.combine(start.date(), hours.start) <= start
    assert end <= closes


@given(questions())
@settings(max_examples=15)
def test_the_same_question_gives_the_same_answer(question: tuple[Agenda, Query, list[Interval]]) -> None:
    agenda, query, blocked = question
    meeting = Interval(query.now + timedelta(days=2), query.now + timedelta(days=2, hours=1))
    interview, until = imagine_interview(meeting, query), query.now + timedelta(days=14)
    found = [
        offer_slots(interview, Timetable(agenda, query), blocked=order, until=until)
        for order in (blocked, blocked[::-1])
    ]
    assert found[0] == found[1]
