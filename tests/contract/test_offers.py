"""Slots: every rule by itself, and the choice of the set held to a second reckoning from the rules alone."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from calendars import write_calendar

TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"
EXAM = "Tue 2026-05-12 10:00-11:00 Exam"
NOW = "2026-05-11T08:00+02:00"
WEEKDAYS = [date(2026, 5, 11) + timedelta(days=n) for n in range(19)]


def times(entry):
    return [(datetime.fromisoformat(s["start"]), datetime.fromisoformat(s["end"])) for s in entry["slots"]]


def test_slots_are_three_on_distinct_days_both_halves_best_first(ask):
    answer = ask(f"{TALK}\n{EXAM}", now=NOW)
    slots = times(answer.one)
    assert len(slots) == 3
    assert len({start.date() for start, _ in slots}) == 3
    assert {start.hour < 12 for start, _ in slots} == {True, False}
    for slot, (start, end) in zip(answer.one["slots"], slots, strict=True):
        assert end - start == timedelta(hours=1)
        assert (slot["my_start"], slot["my_end"]) == (slot["start"], slot["end"])
        assert slot["because"]
    assert len(times(ask(f"{TALK}\n{EXAM}", "--slots", "2", now=NOW).one)) == 2


def test_slots_are_told_in_the_interviewers_zone_and_in_mine(ask):
    answer = ask(f"{TALK}\n{EXAM}", "--interviewer-tz", "New York", now=NOW)
    entry = answer.one
    assert (entry["interviewer"]["timezone"], entry["timezone"]) == ("America/New_York", "Europe/Berlin")
    assert (entry["start"], entry["start_interviewer"]) == (
        "2026-05-12T10:00:00+02:00",
        "2026-05-12T04:00:00-04:00",
    )
    for slot in entry["slots"]:
        assert (slot["timezone"], slot["my_timezone"]) == ("America/New_York", "Europe/Berlin")
        start, mine = datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["my_start"])
        assert start == mine
        assert (start.utcoffset(), mine.utcoffset()) == (timedelta(hours=-4), timedelta(hours=2))
        assert time(9) <= start.time()
        assert mine.time() <= time(18)


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (("--hours", "14:00-16:00"), lambda a, b: time(14) <= a.time() and b.time() <= time(16)),
        (("--interviewer-hours", "15:00-18:00"), lambda a, b: time(15) <= a.time() and b.time() <= time(18)),
        (("--interviewer-hours", "tue-wed 09:00-17:00"), lambda a, b: a.weekday() in {1, 2}),
        (
            ("--hours", "sat 10:00-16:00", "--interviewer-hours", "sat 10:00-17:00"),
            lambda a, b: a.weekday() == 5,
        ),
        (("--notice", "72h"), lambda a, b: a >= datetime.fromisoformat(NOW) + timedelta(hours=72)),
        (("--notice", "0m"), lambda a, b: a >= datetime.fromisoformat(NOW)),
        (("--within", "1"), lambda a, b: a.date() <= date(2026, 5, 13)),
        (("--within", "2"), lambda a, b: a.date() <= date(2026, 5, 15)),
        (("--within", "3", "--country", "US"), lambda a, b: a.date() != date(2026, 5, 14) and a.day <= 18),
        (
            ("--interviewer-country", "FR"),
            lambda a, b: a.date() not in {date(2026, 5, 14), date(2026, 5, 25)},
        ),
    ],
)
def test_slots_keep_to_hours_notice_horizon_and_holidays(ask, options, holds):
    slots = times(ask(f"{TALK}\n{EXAM}", *options, now=NOW).one)
    assert slots
    assert all(holds(start, end) for start, end in slots)


def test_the_horizon_counts_holidays_of_either_country(ask):
    """25 May is a holiday in Germany and the States, 14 May in Germany alone, 19 June in the States alone."""
    talk = TALK.replace("Tue 2026-05-12", "Thu 2026-06-18")
    full = "\n".join(f"2026-06-{day:02} 08:00-19:00 Exam" for day in range(9, 19))
    calendar = f"{talk}\n{full}"
    there = ("--interviewer-tz", "Europe/Berlin", "--hours", "08:00-19:00")
    german = ask(calendar, "--within", "1", *there, now="2026-06-09T08:00+02:00").one
    assert {start.date() for start, _ in times(german)} == {date(2026, 6, 19)}
    both = ask(
        calendar, "--within", "1", "--interviewer-country", "US", *there, now="2026-06-09T08:00+02:00"
    ).one
    assert {start.date() for start, _ in times(both)} == {date(2026, 6, 22)}


def test_fewer_slots_than_asked_for_say_so_and_what_would_give_more(ask):
    full = "\n".join(f"{day} 08:00-19:00 Exam" for day in WEEKDAYS if day.day != 13)
    entry = ask(f"{TALK}\n{full}\n2026-05-13 08:00-14:50 Exam\n2026-05-13 16:10-19:00 Exam", now=NOW).one
    assert times(entry) == [
        (datetime.fromisoformat("2026-05-13T15:00+02:00"), datetime.fromisoformat("2026-05-13T16:00+02:00"))
    ]
    texts = [b["text"] for b in entry["because_verdict"]]
    assert any("only one time is free" in text for text in texts)


@pytest.mark.parametrize(
    ("details", "options"),
    [
        ("", ("--interviewer-hours", "mon-fri 09:00-17:00", "--hours", "08:00-18:00", "--within", "4")),
        ("; travel 60", ("--notice", "4h", "--within", "1")),
        ("; travel 60", ("--padding", "45m", "--notice", "72h", "--within", "2")),
    ],
)
def test_what_would_give_more_does_so_when_it_is_followed(ask, details, options):
    """Days that were given stay in the hours that are suggested, and travel takes its time all the same."""
    full = "\n".join(
        f"{day} 09:40-11:55 Exam\n{day} 13:05-14:50 Exam\n{day} 15:55-16:40 Exam" for day in WEEKDAYS
    )
    calendar = f"{TALK.replace('2 attendees', f'2 attendees{details}')}\n{EXAM}\n{full}"
    entry = ask(calendar, *options, now=NOW).one
    followed = 0
    for text in (b["text"] for b in entry["because_verdict"] if "would add" in b["text"]):
        option = re.search(r"\((--[a-z-]+) (.+?)\) would add (\d)", text)
        assert option, text
        again = ask(calendar, *options, *shlex.split(f"{option[1]} {option[2]}"), now=NOW).one
        assert len(again["slots"]) == min(3, len(entry["slots"]) + int(option[3])), text
        followed += 1
    assert followed


def test_without_any_slot_the_list_is_empty_and_the_draft_asks_for_theirs(ask):
    full = "\n".join(f"{day} 06:00-23:00 Exam" for day in WEEKDAYS)
    entry = ask(f"{TALK}\n{full}", now=NOW).one
    assert (entry["verdict"], entry["slots"]) == ("reschedule", [])
    assert entry["message"]["body"]
    assert any("no time is free" in b["text"] for b in entry["because_verdict"])
    assert not any(line.startswith("- ") for line in entry["message"]["body"].splitlines())


def test_times_on_demand_leave_the_plan_of_another_interview_its_hours(calendar, run):
    """The one hour that is free is where Focus time goes, so that Baker stays; without it, it is offered."""
    cook = "Wed 2026-05-20 10:00-11:00 Interview: Cook (organiser bob@pan.example Bob; 2 attendees)"
    full = [f"{day} 08:00-19:00 Exam" for day in WEEKDAYS if day.day not in {12, 13, 20}]
    gaps = {12: ("09:50", "11:10"), 13: ("13:50", "15:10"), 20: ("09:50", "11:10")}
    for day, (start, end) in gaps.items():
        full += [f"2026-05-{day} 08:00-{start} Exam", f"2026-05-{day} {end}-19:00 Exam"]
    for more, starts in (
        (["Tue 2026-05-12 10:00-11:00 Focus time"], []),
        ([], ["2026-05-13T14:00:00+02:00"]),
    ):
        source = calendar("\n".join([TALK, cook, *more, *full]))
        asked = (
            "--interview",
            "Cook",
            "--within",
            "1",
            "--now",
            NOW,
            "--tz",
            "Berlin",
            "--me",
            "me@home.example",
        )
        ran = run("propose", source, "--json", *asked)
        assert [slot["start"] for slot in ran.json["slots"]] == starts


def test_what_never_meets_is_said_so_and_no_later_end_is_promised(ask):
    entry = ask(
        f"{TALK}\n{EXAM}", "--hours", "08:00-09:00", "--interviewer-hours", "23:00-23:59", now=NOW
    ).one
    texts = [b["text"] for b in entry["because_verdict"] if b["rule"] == "R20"]
    assert texts[1:] == ["your hours and theirs have no such time in common (--hours, --interviewer-hours)"]
    entry = ask(
        f"{TALK}\n{EXAM}", "--hours", "08:00-09:00", "--interviewer-hours", "15:00-17:00", now=NOW
    ).one
    texts = [b["text"] for b in entry["because_verdict"] if b["rule"] == "R20"]
    assert "(--hours 06:00-22:00) would add" in texts[1]


def test_slots_that_need_easy_moves_come_only_when_none_is_free(ask):
    full = "\n".join(f"{day} 08:00-19:00 Exam" for day in WEEKDAYS if day.day != 13)
    day = "2026-05-13 08:00-14:50 Exam\n2026-05-13 14:50-16:10 Focus time\n2026-05-13 16:10-18:00 Exam"
    entry = ask(f"{TALK}\n{full}\n{day}", now=NOW).one
    (slot,) = entry["slots"]
    assert slot["start"] == "2026-05-13T15:00:00+02:00"
    assert [m["summary"] for m in slot["moves"]] == ["Focus time"]
    assert all(m["action"] != "ask-organiser" for m in slot["moves"])
    assert ask(f"{TALK}\n{full}\n{day}", "--last-resort", now=NOW).one["slots"] == []


def test_the_one_time_that_an_easy_move_frees_is_found_behind_many_that_none_frees(ask):
    """Half an hour would fit into any of dozens of meetings of mine, none of which can go anywhere."""
    talk = TALK.replace("10:00-11:00", "10:00-10:30")
    hours = [(day, hour) for day in WEEKDAYS for hour in range(8, 19) if (day.day, hour) != (27, 15)]
    meetings = [
        f"{day} {hour:02}:00-{hour + 1:02}:00 "
        + ("Planning (organiser me@home.example; 5 attendees)" if hour % 2 else "Exam")
        for day, hour in hours
    ]
    focus = "2026-05-27 15:00-16:00 Focus time"
    entry = ask("\n".join([talk, focus, *meetings]), "--padding", "5m", now=NOW).one
    (slot,) = entry["slots"]
    assert slot["start"] == "2026-05-27T15:15:00+02:00"
    assert [(m["summary"], m["action"]) for m in slot["moves"]] == [("Focus time", "skip")]


def test_slots_avoid_the_interviewers_busy_time(ask, calendar):
    theirs = "\n".join(f"{day} 09:00-15:00 Busy" for day in WEEKDAYS)
    path = calendar(theirs, "theirs.ics")
    slots = times(ask(f"{TALK}\n{EXAM}", "--interviewer-calendar", path, now=NOW).one)
    assert slots
    assert all(start.hour >= 15 for start, _ in slots)


FREE_BUSY = """BEGIN:VFREEBUSY
UID:fb
DTSTAMP:20260501T000000Z
DTSTART:20260501T000000Z
DTEND:20260601T000000Z
FREEBUSY;FBTYPE=BUSY:20260512T070000Z/20260512T150000Z,20260513T070000Z/PT4H
FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260513T110000Z/20260519T150000Z
FREEBUSY;FBTYPE=FREE:20260520T070000Z/20260520T150000Z
END:VFREEBUSY"""


def test_slots_avoid_what_a_free_busy_answer_says(ask, calendar):
    path = calendar("", "theirs.ics", extra=FREE_BUSY)
    slots = times(ask(f"{TALK}\n{EXAM}", "--interviewer-calendar", path, now=NOW).one)
    assert slots
    assert all(start.date() >= date(2026, 5, 20) for start, _ in slots)


@pytest.mark.parametrize(
    ("zone", "their_zone", "day", "hours"),
    [
        ("Europe/Berlin", "America/New_York", "2026-03-10", (13, 18)),  # they have changed clocks, I have not
        ("Europe/Berlin", "Asia/Kolkata", "2026-05-12", (8, 13)),  # half an hour
        ("Europe/Berlin", "Asia/Kathmandu", "2026-05-12", (8, 13)),
        ("Asia/Dubai", "Europe/Berlin", "2026-10-26", (10, 18)),
    ],
)
def test_both_sides_hours_hold_across_zones_and_changes_of_clocks(ask, zone, their_zone, day, hours):
    calendar = f"zone: {zone}\n{day} 12:00-13:00 Interview: Baker (organiser hr@crumb.example; 2 attendees)"
    calendar += f"\n{day} 12:00-13:00 Exam"
    now = f"{date.fromisoformat(day) - timedelta(days=1)}T08:00"
    answer = ask(calendar, "--interviewer-tz", their_zone, "--within", "15", now=now, tz=zone)
    assert len(times(answer.one)) == 3
    for start, end in times(answer.one):
        mine = start.astimezone(ZoneInfo(zone))
        assert time(8) <= mine.time()
        assert end.astimezone(ZoneInfo(zone)).time() <= time(19)
        assert time(9) <= start.time() < end.time() <= time(17)
        assert start.minute % 15 == 0
        assert start.astimezone(ZoneInfo(their_zone)).utcoffset() == start.utcoffset()


def test_a_weekend_of_friday_and_saturday_is_theirs(ask):
    """In Egypt the week is Sunday to Thursday; I work Monday to Friday, so Monday to Thursday is left."""
    slots = times(ask(f"{TALK}\n{EXAM}", "--interviewer-tz", "Cairo", now=NOW).one)
    assert slots
    assert all(start.weekday() in {0, 1, 2, 3} for start, _ in slots)


# -- the set ------------------------------------------------------------------------------------------------


def worth(start: datetime, original: datetime, busy, workdays) -> float:
    """The utility of one slot of an hour, as the table has it; odder quarters count half a point more."""
    day, local = start.date(), start.hour * 60 + start.minute
    later = sum(1 for d in workdays if original.date() < d <= day)
    earlier = sum(1 for d in workdays if day <= d < original.date())
    points = -later - earlier
    points += 3 if start.time() == original.time() else 0
    points += 1 if day.weekday() == original.weekday() else 0
    points += 2 if local >= 600 and local + 60 <= 960 else 0
    points += -11 if local < 780 and local + 60 > 720 else 0
    points += -8 if local < 570 or local + 60 > 990 else 0
    points += -4 if (day.weekday() == 0 and local < 600) or (day.weekday() == 4 and local >= 900) else 0
    points += {0: 0, 30: -1}.get(start.minute, -1.5)
    padded = (start - timedelta(minutes=10), start + timedelta(minutes=70))
    gap = min([max(a - padded[1], padded[0] - b) for a, b in busy] or [timedelta(days=9)])
    return points + (-2 if gap < timedelta(minutes=15) else 0)


def value(chosen, scores) -> float:
    days = {start.date() for start in chosen}
    halves = {start.hour < 12 for start in chosen}
    weekdays = {start.weekday() for start in chosen}
    return sum(scores[s] for s in chosen) + 8 * len(days) + (8 if len(halves) == 2 else 0) + len(weekdays)


@pytest.mark.parametrize(
    "busy",
    [
        [],
        ["2026-05-13 08:00-12:00", "2026-05-12 12:00-19:00"],
        ["2026-05-12 11:30-19:00", "2026-05-13 08:00-19:00", "2026-05-15 12:00-19:00"],
        [
            "2026-05-12 08:00-19:00",
            "2026-05-13 09:00-10:00",
            "2026-05-13 11:20-12:00",
            "2026-05-15 09:30-16:00",
        ],
        [
            "2026-05-12 11:00-18:00",
            "2026-05-13 10:30-16:30",
            "2026-05-15 08:00-12:30",
            "2026-05-18 08:00-15:00",
        ],
    ],
)
def test_no_other_three_on_three_days_are_worth_more(ask, busy):
    """Both of us in Berlin, an interview of an hour on Tuesday at ten; Thursday is a public holiday."""
    calendar = "\n".join([TALK, EXAM, *(f"{line} Exam" for line in busy)])
    slots = sorted(start for start, _ in times(ask(calendar, "--within", "4", now=NOW).one))
    zone = ZoneInfo("Europe/Berlin")
    workdays = [date(2026, 5, d) for d in (11, 12, 13, 15, 18, 19)]
    original = datetime(2026, 5, 12, 10, tzinfo=zone)
    taken = [read(line) for line in [*busy, "2026-05-12 10:00-11:00"]]
    starts = [
        datetime.combine(d, time(h, m), zone) for d in workdays for h in range(9, 17) for m in (0, 15, 30, 45)
    ]
    now = datetime.fromisoformat(NOW).date()
    full_day = next(d for d in workdays if d > now)
    earliest = datetime.combine(full_day + timedelta(days=1), time(0), zone)
    free = [
        s
        for s in starts
        if s >= earliest
        and s.hour * 60 + s.minute <= 960
        and all(s + timedelta(minutes=70) <= a or b <= s - timedelta(minutes=10) for a, b in taken)
    ]
    scores = {s: worth(s, original, taken, workdays) for s in free}
    best_of_day = {}
    for s in free:
        key = (s.date(), s.hour < 12)
        if key not in best_of_day or scores[s] > scores[best_of_day[key]]:
            best_of_day[key] = s
    sets = [c for c in combinations(best_of_day.values(), 3) if len({s.date() for s in c}) == 3]
    best = max(value(c, scores) for c in sets)
    mine = [s.astimezone(zone) for s in slots]
    assert len({s.date() for s in mine}) == 3
    assert value(mine, scores) == pytest.approx(best)


def read(line: str) -> tuple[datetime, datetime]:
    day, clocks = line.split()
    start, end = (datetime.fromisoformat(f"{day}T{clock}:00+02:00") for clock in clocks.split("-"))
    return start.astimezone(UTC), end.astimezone(UTC)


def test_times_without_an_invitation_avoid_their_holidays(tmp_path, run):
    """Thanksgiving is on 26 November 2026; the day after it is none, nation-wide."""
    calendar = write_calendar(tmp_path / "mine.ics", "Mon 2026-11-30 10:00-11:00 Class")
    asked = ("--for", "45m", "--interviewer-tz", "New York", "--within", "3", "--tz", "Berlin")
    ran = run("propose", calendar, *asked, "--json", "--now", "2026-11-23T09:00+01:00")
    slots = json.loads(ran.out)["slots"]
    assert [slot["start"][:10] for slot in slots] == ["2026-11-25", "2026-11-25", "2026-11-27"]


def test_their_zone_is_the_one_they_name_times_in(tmp_path, run):
    calendar = write_calendar(tmp_path / "mine.ics", "Mon 2026-05-18 10:00-11:00 Class")
    offers = ("--offer", "Tue 3pm ET", "--offer", "Wed 10:00 ET")
    asked = ("weigh", calendar, "--for", "45m", *offers, "--json", "--now", NOW, "--tz", "Berlin")
    found = json.loads(run(*asked).out)
    assert [(o["start"], o["my_start"], o["timezone"]) for o in found["offers"]] == [
        ("2026-05-13T10:00:00-04:00", "2026-05-13T16:00:00+02:00", "America/New_York"),
        ("2026-05-12T15:00:00-04:00", "2026-05-12T21:00:00+02:00", "America/New_York"),
    ]
    assert "at 10 a.m. ET" in found["message"]["body"]
    told = json.loads(run(*asked, "--interviewer-tz", "Chicago").out)
    assert told["offers"][1]["start"] == "2026-05-12T15:00:00-04:00"  # on the clock of their words
