"""What is never moved for an interview: other interviews, known or possible; and on what nothing may land."""

from __future__ import annotations

from pathlib import Path

import pytest

TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"
PERHAPS = "Intro chat with Pan (organiser bob@pan.example Bob; 2 attendees)"
FULL = "\n".join(f"2026-05-{day:02} 08:00-19:00 Exam" for day in (4, 5, 6, 7, 8, 11, 13, 15, 18, 19, 20))
"""Every working day from now until a week after the interview; the 14th is a public holiday in Germany."""


def moved(answer):
    return sorted({m["summary"] for i in answer.interviews if i["plan"] for m in i["plan"]["moves"]})


def offered(answer):
    return [(s["start"][:16], s["end"][:16]) for i in answer.interviews for s in i["slots"]]


def test_what_may_be_an_interview_is_listed_and_moves_at_a_price_of_its_own(ask):
    answer = ask(f"{TALK}\nTue 2026-05-12 10:30-11:30 {PERHAPS}")
    assert [e["summary"] for e in answer.document["possible_interviews"]] == ["Intro chat with Pan"]
    assert (answer.code, answer.one["verdict"]) == (3, "rearrange")
    (move,) = answer.one["plan"]["moves"]
    assert (move["action"], move["who"], move["nature"]) == ("ask-organiser", "ask", "unknown")
    assert move["cost"] == 5 + 60 + 1  # three hours later at most
    assert any("may be an interview itself" in text for text in move["because"])


def test_one_of_mine_alone_moves_at_that_price_and_never_unasked(ask, run, calendar):
    text = f"{TALK}\nTue 2026-05-12 10:30-11:30 Intro call Pan GmbH"
    answer = ask(text)
    assert answer.code == 3
    (move,) = answer.one["plan"]["moves"]
    assert (move["action"], move["who"], move["nature"]) == ("move", "me", "unknown")
    assert move["cost"] >= 5 + 60
    source = Path(calendar(text))
    before = source.read_bytes()
    ran = run("apply", source, *COMMON[:-1], "--yes")
    assert "may be an interview" in ran.out
    assert source.read_bytes() == before


def test_what_may_be_one_moves_when_i_say_that_it_is_none(ask):
    answer = ask(f"{TALK}\nTue 2026-05-12 10:30-11:30 {PERHAPS}", "--can-move", "Intro chat")
    assert (answer.code, moved(answer)) == (3, ["Intro chat with Pan"])


def test_what_may_be_one_makes_no_room_for_others(ask):
    """The only free hour of the day would be the one of the possible interview."""
    day = "Tue 2026-05-12 08:00-09:50 Exam\nTue 2026-05-12 12:10-19:00 Exam"
    answer = ask(
        f"{TALK}\n{day}\n{FULL}\n"
        "Tue 2026-05-12 10:00-11:00 Call (organiser me@home.example; with x@client.example)"
        f"\nTue 2026-05-12 11:10-12:10 {PERHAPS}",
        "--within",
        "5",
    )
    assert answer.code == 4
    assert moved(answer) == []


@pytest.mark.parametrize("detail", ["2 attendees", "2 attendees; unanswered", "2 attendees; tentative"])
def test_an_interview_beyond_the_days_makes_no_room_and_is_not_landed_on(ask, detail):
    """Wednesday is taken up by an interview that is not looked for yet; every other day is full."""
    far = f"Wed 2026-05-13 08:00-19:00 Interview: Cook (organiser bob@pan.example Bob; {detail})"
    rest = "\n".join(line for line in FULL.splitlines() if "05-13" not in line)
    day = "Tue 2026-05-12 08:00-09:50 Exam\nTue 2026-05-12 11:10-19:00 Exam"
    call = "Tue 2026-05-12 10:00-11:00 Call (organiser me@home.example; with x@client.example)"
    answer = ask(f"{TALK}\n{call}\n{day}\n{rest}\n{far}", "--days", "9", "--within", "5")
    assert [i["summary"] for i in answer.interviews] == ["Interview: Baker"]
    assert (answer.code, moved(answer), offered(answer)) == (4, [], [])


def test_a_named_interview_is_reported_alone_and_the_others_keep_their_time(ask):
    """The errand would land at 11:30 were it not for the second interview, and at 13:00 it does not."""
    second = "Tue 2026-05-12 11:15-12:00 Interview: Cook (organiser bob@pan.example Bob; 2 attendees)"
    calendar = f"{TALK}\nTue 2026-05-12 10:00-11:00 Errand\n{second}"
    answer = ask(calendar, "--interview", "Baker")
    assert answer.one["summary"] == "Interview: Baker"
    (move,) = answer.one["plan"]["moves"]
    assert move["new_start"] == "2026-05-12T13:00:00+02:00"
    assert ask(calendar, "--interview", "Cook").code == 0


@pytest.mark.parametrize("detail", ["2 attendees", "2 attendees; unanswered", "2 attendees; tentative"])
def test_slots_leave_other_interviews_their_time_whatever_i_answered(run, calendar, detail):
    """Only Wednesday from one o'clock is free for an hour besides an interview of the whole morning."""
    morning = f"Wed 2026-05-13 08:00-12:30 Interview: Cook (organiser bob@pan.example Bob; {detail})"
    rest = "\n".join(line for line in FULL.splitlines() if "05-13" not in line)
    source = calendar(f"{TALK}\n{rest}\n{morning}\nTue 2026-05-12 08:00-19:00 Exam")
    common = (
        "--now",
        "2026-05-04T08:00",
        "--tz",
        "Berlin",
        "--me",
        "me@home.example",
        "--json",
        "--within",
        "5",
    )
    ran = run("propose", source, "--interview", "Baker", *common)
    starts = [slot["start"] for slot in ran.json["slots"]]
    assert starts
    assert all("2026-05-13T12:45" <= start < "2026-05-13T17:00" for start in starts)
    ran = run("propose", source, "--for", "1h", *common, "--within", "11")
    assert ran.json["slots"]
    assert all("2026-05-13T12:45" <= slot["start"] < "2026-05-13T17:00" for slot in ran.json["slots"])


def test_the_time_of_one_that_is_asked_to_move_is_not_offered_to_another(ask):
    """Nobody has agreed to move it yet, so both keep their hours until then."""
    second = "Wed 2026-05-13 10:00-11:00 Interview: Cook (organiser bob@pan.example Bob; 2 attendees)"
    answer = ask(
        f"{TALK}\n{second}\nTue 2026-05-12 10:00-11:00 Errand\nWed 2026-05-13 10:00-11:00 Chore",
        "--last-resort",
    )
    assert [i["verdict"] for i in answer.interviews] == ["reschedule"] * 2
    times = offered(answer)
    assert len(times) == 6
    for start, end in times:
        for taken in ("2026-05-12T10:00", "2026-05-12T11:00"), ("2026-05-13T10:00", "2026-05-13T11:00"):
            assert end <= taken[0] or taken[1] <= start
    assert all(a[1] <= b[0] or b[1] <= a[0] for a in times for b in times if a is not b)


def test_what_is_in_the_way_moves_no_later_than_the_horizon_of_its_interview(ask):
    """Two working days after Tuesday is Friday, as Thursday is a holiday; the other horizon lies further."""
    late = "Tue 2026-05-19 10:00-11:00 Interview: Cook (organiser bob@pan.example Bob; 2 attendees)"
    full = "\n".join(f"2026-05-{day:02} 08:00-19:00 Exam" for day in (4, 5, 6, 7, 8, 11, 13, 15))
    day = "Tue 2026-05-12 08:00-09:50 Exam\nTue 2026-05-12 11:10-19:00 Exam"
    call = "Tue 2026-05-12 10:00-11:00 Call (organiser me@home.example; with x@client.example)"
    calendar = f"{TALK}\n{late}\n{full}\n{day}\n{call}\nTue 2026-05-19 10:00-11:00 Errand"
    answer = ask(calendar, "--days", "16", "--within", "2")
    assert (answer.of("Baker")["verdict"], answer.of("Cook")["verdict"]) == ("reschedule", "rearrange")
    assert (
        "2026-05-18"
        in ask(calendar, "--days", "16", "--within", "3").of("Baker")["plan"]["moves"][0]["new_start"]
    )


# -- which interview a command is about ----------------------------------------------------------------------

INVITATION = (
    "Tue 2026-05-19 10:00-11:00 Interview: Cook (organiser bob@pan.example Bob; 2 attendees; uid invited)"
)
COMMON = ("--now", "2026-05-04T08:00", "--tz", "Berlin", "--me", "me@home.example", "--json")


def test_check_adds_an_invitation_to_the_interviews(ask, calendar):
    answer = ask(f"{TALK}\nTue 2026-05-19 10:00-11:00 Errand", "--invite", calendar(INVITATION, "invite.ics"))
    assert [(i["summary"], i["verdict"]) for i in answer.interviews] == [
        ("Interview: Baker", "clear"),
        ("Interview: Cook", "rearrange"),
    ]


def test_propose_answers_for_the_invitation(run, calendar):
    source = calendar(TALK)
    ran = run("propose", source, "--invite", calendar(INVITATION, "invite.ics"), *COMMON)
    assert (ran.code, ran.json["interview"]["uid"]) == (0, "invited")
    assert ran.json["message"]["to"] == "bob@pan.example"
    ran = run("propose", source, "--at", "2026-05-20T10:00", "--for", "45m", *COMMON)
    assert ran.json["interview"]["start"] == "2026-05-20T10:00:00+02:00"
    assert ran.json["interview"]["end"] == "2026-05-20T10:45:00+02:00"


def test_weigh_answers_for_the_invitation_beside_my_interviews(run, calendar):
    source, invitation = calendar(TALK), calendar(INVITATION, "invite.ics")
    ran = run("weigh", source, "--invite", invitation, "--offer", "2026-05-12T10:30", *COMMON)
    (offer,) = ran.json["offers"]
    assert (ran.code, offer["cost"], offer["plan"]) == (4, None, None)
    assert offer["because"][0] == "another interview of yours is at that time"
    ran = run("weigh", source, "--invite", invitation, "--offer", "2026-05-12T12:00", *COMMON)
    assert (ran.code, ran.json["message"]["to"]) == (0, "bob@pan.example")


def test_weigh_keeps_interviews_beyond_the_days(run, calendar):
    far = "Mon 2026-05-25 10:00-11:00 Interview: Cook (organiser bob@pan.example; 2 attendees; unanswered)"
    source = calendar(f"{TALK}\n{far}")
    ran = run("weigh", source, "--interview", "Baker", "--offer", "2026-05-25T10:00", *COMMON)
    assert (ran.code, ran.json["offers"][0]["cost"]) == (4, None)
