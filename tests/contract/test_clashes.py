"""What clashes, by how much, of which kind, and what that means for the verdict and the exit code."""

from __future__ import annotations

import pytest

TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"


def clashes(answer):
    return [
        (c["summary"], c["busy"], c["reason"], c["overlap_minutes"], c["kind"]) for c in answer.one["clashes"]
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Tue 2026-05-12 10:30-11:30 Errand", ("clash", "busy", 40, "overlap")),
        ("Tue 2026-05-12 10:15-10:20 Errand", ("clash", "busy", 5, "overlap")),
        ("Tue 2026-05-12 08:00-13:00 Errand", ("clash", "busy", 80, "overlap")),
        ("Tue 2026-05-12 11:00-11:30 Errand", ("check", "tight", 10, "padding")),
        ("Tue 2026-05-12 11:09-11:30 Errand", ("check", "tight", 1, "padding")),
        ("Tue 2026-05-12 09:00-09:55 Errand", ("check", "tight", 5, "padding")),
        ("Tue 2026-05-12 11:30-12:00 Errand (travel 30)", ("check", "tight", 10, "travel")),
        ("Tue 2026-05-12 11:30-12:00 Errand (travel 45)", ("clash", "busy", 25, "travel")),
        ("Tue 2026-05-12 10:30-11:30 Errand (travel 30)", ("clash", "busy", 70, "overlap")),
        ("Tue 2026-05-12 10:30-11:30 Errand (out of office)", ("clash", "out-of-office", 40, "overlap")),
        ("2026-05-12 all day Errand (out of office)", ("clash", "out-of-office", 80, "overlap")),
        ("Tue 2026-05-12 10:30-11:30 Errand (tentative)", ("check", "tentative", 40, "overlap")),
        ("Tue 2026-05-12 10:30-11:30 Errand (unanswered)", ("check", "unanswered", 40, "overlap")),
        ("2026-05-12 all day Errand", ("check", "all-day", 80, "overlap")),
    ],
)
def test_a_clash_tells_level_reason_minutes_and_kind(ask, line, expected):
    """Padding is ten minutes, since nothing says how the interview is held."""
    answer = ask(f"{TALK}\n{line}")
    assert clashes(answer) == [("Errand", *expected)]
    assert answer.code == (0 if expected[0] == "check" else 4 if "out-of" in expected[1] else 3)
    if expected[0] == "check":
        assert (answer.one["verdict"], answer.one["plan"], answer.one["message"]) == ("clear", None, None)


@pytest.mark.parametrize(
    "line",
    [
        "Tue 2026-05-12 11:10-12:00 Errand",
        "Tue 2026-05-12 09:00-09:50 Errand",
        "Tue 2026-05-12 10:30-11:30 Errand (declined)",
        "Tue 2026-05-12 10:30-11:30 Errand (cancelled)",
        "Tue 2026-05-12 10:30-11:30 Errand (free)",
        "Tue 2026-05-12 10:30-11:30 Errand (working elsewhere)",
        "2026-05-12 all day Anna's birthday",
    ],
)
def test_what_takes_no_time_does_not_clash(ask, line):
    answer = ask(f"{TALK}\n{line}")
    assert (clashes(answer), answer.one["verdict"], answer.code) == ([], "clear", 0)


@pytest.mark.parametrize(
    ("details", "mode", "before", "after"),
    [
        ("at https://zoom.us/j/91234567890", "video", 10, 10),
        ("notes Phone screen: we will call you at +1 212 555 0100", "phone", 5, 5),
        ("at Crumb GmbH\\, Lindenstraße 5\\, 10969 Berlin", "onsite", 45, 45),
        ("priority 5", "unknown", 10, 10),
        ("at Crumb GmbH\\, Lindenstraße 5\\, 10969 Berlin; travel 70", "onsite", 70, 45),
    ],
)
def test_padding_goes_by_mode_and_travel_replaces_what_comes_before(ask, details, mode, before, after):
    """Everything up to the padding is taken, minute by minute; what touches it is not in the way."""
    title = "Interview: Baker"
    line = f"Tue 2026-05-12 12:00-13:00 {title} (organiser hr@crumb.example Ann; 2 attendees; {details})"
    line = line.replace("\\,", " ")
    starts = [f"Tue 2026-05-12 06:00-{_clock(12 * 60 - before + late)} Before" for late in (0, 1)]
    ends = [f"Tue 2026-05-12 {_clock(13 * 60 + after - early)}-19:00 After" for early in (0, 1)]
    touching = ask("\n".join([line, starts[0], ends[0]]))
    assert touching.one["mode"] == mode
    assert clashes(touching) == []
    kinds = [
        (c["overlap_minutes"], c["kind"]) for c in ask("\n".join([line, starts[1], ends[1]])).one["clashes"]
    ]
    assert kinds == [(1, "travel" if "travel" in details else "padding"), (1, "padding")]


def test_padding_can_be_given(ask):
    calendar = f"{TALK}\nTue 2026-05-12 11:10-12:00 Errand"
    assert clashes(ask(calendar, "--padding", "11m")) == [("Errand", "clash", "busy", 1, "padding")]
    assert clashes(ask(calendar, "--padding", "PT10M")) == []
    assert clashes(ask(f"{TALK}\nTue 2026-05-12 11:00-12:00 Errand", "--padding", "0m")) == []


def test_a_certain_clash_beside_one_to_check_decides(ask):
    answer = ask(f"{TALK}\nTue 2026-05-12 10:00-10:30 Errand\nTue 2026-05-12 10:30-11:00 Maybe (tentative)")
    assert (answer.code, answer.one["verdict"]) == (3, "rearrange")
    assert [c["summary"] for c in answer.one["clashes"]] == ["Errand", "Maybe"]
    assert [m["summary"] for m in answer.one["plan"]["moves"]] == ["Errand"]


def test_the_interview_in_two_calendars_is_no_clash(ask):
    copy = TALK.replace("(organiser", "(source other; organiser")
    answer = ask(f"{TALK}\n{copy}")
    assert len(answer.interviews) == 1
    assert clashes(answer) == []


@pytest.mark.parametrize("detail", ["declined", "cancelled"])
def test_a_declined_or_cancelled_invitation_is_no_interview(ask, detail):
    answer = ask(
        f"Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example; 2 attendees; {detail})"
    )
    assert (answer.interviews, answer.code) == ([], 0)


def test_one_that_has_begun_stays_for_its_day_and_no_longer(ask):
    begun = ask(TALK, now="2026-05-12T10:05+02:00").one
    assert (begun["verdict"], begun["notice_minutes"]) == ("clear", -5)
    assert "R35" in begun["advice"]["rules"]
    missed = ask(TALK, now="2026-05-12T23:59+02:00").one
    assert missed["verdict"] == "clear"
    assert "R36" in missed["advice"]["rules"]
    assert ask(TALK, now="2026-05-13T00:00+02:00").interviews == []


@pytest.mark.parametrize("detail", ["tentative", "unanswered", "free"])
def test_an_interview_is_protected_whatever_i_have_answered(ask, detail):
    answer = ask(
        f"Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example; 2 attendees; {detail})\n"
        "Tue 2026-05-12 10:00-11:00 Errand"
    )
    assert (answer.code, answer.one["verdict"]) == (3, "rearrange")


def test_only_interviews_that_begin_within_the_days_are_reported(ask):
    calendar = "\n".join(
        TALK.replace("Tue 2026-05-12", day) for day in ("2026-05-17", "2026-05-18", "2026-05-19")
    )
    assert [i["start"][:10] for i in ask(calendar).interviews] == [
        "2026-05-17"
    ]  # until Monday the 18th, 8:00
    assert len(ask(calendar, "--days", "16").interviews) == 3


# -- two interviews -----------------------------------------------------------------------------------------

OTHER = "Tue 2026-05-12 10:30-11:30 Interview: Cook (organiser hr@pan.example Bob; 2 attendees)"


def test_of_two_that_clash_exactly_one_is_asked_to_move(ask):
    answer = ask(f"{TALK}\n{OTHER}")
    assert answer.code == 4
    assert sorted(i["verdict"] for i in answer.interviews) == ["clear", "reschedule"]
    for entry in answer.interviews:
        (clash,) = entry["clashes"]
        assert (clash["kind"], clash["overlap_minutes"]) == ("interview", 40)
        assert clash["summary"] != entry["summary"]
    leaving = next(i for i in answer.interviews if i["verdict"] == "reschedule")
    assert leaving["slots"]
    assert leaving["plan"] is None
    message = leaving["message"]
    rival = "Pan" if "Baker" in leaving["summary"] else "Crumb"
    assert rival.lower() not in (message["subject"] + message["body"]).lower()


def test_the_one_that_stays_is_judged_as_if_the_other_had_moved(ask):
    answer = ask(f"{TALK}\n{OTHER}\nTue 2026-05-12 10:00-11:00 Errand")
    verdicts = {i["summary"]: i["verdict"] for i in answer.interviews}
    assert sorted(verdicts.values()) == ["rearrange", "reschedule"]
    assert [m["summary"] for i in answer.interviews if i["plan"] for m in i["plan"]["moves"]] == ["Errand"]


def test_the_one_that_stays_is_not_called_free_of_clashes(run, calendar):
    now = ("--now", "2026-05-04T08:00", "--tz", "Berlin", "--me", "me@home.example")
    out = run("check", calendar(f"{TALK}\n{OTHER}"), *now).out
    (row,) = (line for line in out.splitlines() if "keep it, the other interview is to move" in line)
    assert "Baker" in row
    assert "nothing clashes" not in out


@pytest.mark.parametrize("options", [(), ("--last-resort",)])
def test_of_two_the_one_that_cannot_stay_anyway_is_asked_to_move(ask, options):
    """The other one leaves more notice, yet asking about it would be a second request for nothing."""
    answer = ask(f"{TALK}\n{OTHER}\nTue 2026-05-12 09:30-10:05 Exam", *options)
    assert (answer.of("Baker")["verdict"], answer.of("Cook")["verdict"]) == ("reschedule", "clear")
    assert answer.of("Cook")["message"] is None
    assert any(b["rule"] == "R1" for b in answer.of("Baker")["because_verdict"])


@pytest.mark.parametrize("detail", ["tentative", "unanswered"])
def test_two_clash_even_when_one_is_unanswered(ask, detail):
    answer = ask(f"{TALK}\n{OTHER[:-1]}; {detail})")
    assert (answer.code, sorted(i["verdict"] for i in answer.interviews)) == (4, ["clear", "reschedule"])


@pytest.mark.parametrize(
    ("second", "clash"),
    [
        ("11:00-12:00 Interview: Baker, round 2 (organiser hr@crumb.example Ann; 2 attendees)", False),
        ("11:00-12:00 Interview: Baker, round 2 (organiser eva@crumb.example Eva; 2 attendees)", False),
        ("10:59-12:00 Interview: Baker, round 2 (organiser hr@crumb.example Ann; 2 attendees)", True),
        ("10:55-12:00 Interview: Cook (organiser hr@pan.example Bob; 2 attendees)", True),
        ("11:10-12:00 Interview: Cook (organiser hr@pan.example Bob; 2 attendees)", False),
    ],
)
def test_rounds_of_one_process_clash_only_where_they_overlap(ask, second, clash):
    answer = ask(f"{TALK}\nTue 2026-05-12 {second}")
    assert len(answer.interviews) == 2
    assert [len(i["clashes"]) for i in answer.interviews] == ([1, 1] if clash else [0, 0])
    assert answer.code == (4 if clash else 0)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def test_of_three_in_a_row_only_the_middle_one_is_asked_to_move(ask):
    """It is on site and the harder one to ask about, yet two requests cost more than one."""
    third = "Tue 2026-05-12 11:50-12:30 Interview: Smith (organiser cy@forge.example Cy; 2 attendees)"
    middle = OTHER.replace("10:30-11:30", "10:55-12:00")[:-1] + "; at Pan GmbH Lindenstraße 5 10969 Berlin)"
    answer = ask(f"{TALK}\n{middle}\n{third}")
    assert [(i["summary"], i["verdict"]) for i in answer.interviews] == [
        ("Interview: Baker", "clear"),
        ("Interview: Cook", "reschedule"),
        ("Interview: Smith", "clear"),
    ]
