"""Exit codes, sources and problems, times and zones, reasons and messages: the document as a whole."""

from __future__ import annotations

import pytest

TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"
ERRAND = "Tue 2026-05-12 10:00-11:00 Errand"
EXAM = "Tue 2026-05-12 10:00-11:00 Exam"
COMMON = ("--now", "2026-05-04T08:00+02:00", "--tz", "Europe/Berlin", "--me", "me@home.example", "--json")

# -- exit codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("beside", "alone", "together"),
    [("", 0, 5), (ERRAND, 3, 3), (EXAM, 4, 4), (f"{EXAM} (tentative)", 0, 5)],
)
@pytest.mark.parametrize("bad", ["missing", "empty", "page"])
def test_a_bad_source_hides_no_good_one_and_the_exit_code_says_so(
    run, calendar, tmp_path, beside, alone, together, bad
):
    good = calendar(f"{TALK}\n{beside}")
    broken = tmp_path / "broken.ics"
    if bad != "missing":
        broken.write_text("" if bad == "empty" else "<!DOCTYPE html><html><body>Sign in</body></html>")
    assert run("check", good, *COMMON).code == alone
    ran = run("check", good, broken, *COMMON)
    assert (ran.code, len(ran.json["interviews"])) == (together, 1)
    sources = {s["name"]: s for s in ran.json["sources"]}
    assert sources[str(good)]["error"] is None
    assert sources[str(good)]["events"] == 1 + bool(beside)
    assert sources[str(broken)]["error"]
    assert any(p["source"] == str(broken) for p in ran.json["problems"])
    assert "broken.ics" in ran.err
    alone_bad = run("check", broken, *COMMON)
    assert (alone_bad.code, alone_bad.out, len(alone_bad.err.splitlines())) == (1, "", 1)


def test_what_stands_before_a_break_is_used_and_the_break_is_told(run, calendar):
    path = calendar(f"{TALK}\n{ERRAND}")
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"SUMMARY:Errand")])
    ran = run("check", path, *COMMON)
    assert (ran.code, [i["verdict"] for i in ran.json["interviews"]]) == (5, ["clear"])
    assert ran.json["problems"][0]["line"]
    assert ran.json["sources"][0]["error"] is None
    path.write_bytes(whole[: whole.index(b"SUMMARY:Interview")])
    ran = run("check", path, *COMMON)
    assert (ran.code, ran.out) == (1, "")


def test_a_broken_event_costs_nobody_else(run, calendar):
    broken = "BEGIN:VEVENT\nUID:x\nSUMMARY:Broken\nDTSTART:yesterday\nEND:VEVENT"
    ran = run("check", calendar(f"{TALK}\n{ERRAND}", extra=broken), *COMMON)
    assert ran.code == 3
    assert [p["uid"] for p in ran.json["problems"]] == ["x"]
    ran = run("check", calendar(TALK, extra=broken), *COMMON)
    assert ran.code == 5
    assert "Broken" not in ran.err


def test_without_an_interview_the_window_and_the_events_read_are_told(run, calendar):
    path = calendar(f"{ERRAND}\nWed 2026-05-13 10:00-11:00 Chore")
    ran = run("check", path, *COMMON[:-1])
    assert ran.code == 0
    assert "2 events" in ran.out
    assert "18 May" in ran.out
    document = run("check", path, *COMMON).json
    assert (document["interviews"], document["sources"][0]["events"]) == ([], 2)


def test_a_calendar_without_events_is_read(run, calendar):
    assert run("check", calendar(""), *COMMON).code == 0


@pytest.mark.parametrize(
    ("options", "code"), [((), 3), (("--last-resort",), 4), (("--cannot-move", "Errand"), 4)]
)
def test_pins_and_last_resort_decide(ask, options, code):
    answer = ask(f"{TALK}\n{ERRAND}", *options)
    assert answer.code == code
    if code == 4:
        entry = answer.one
        assert (entry["plan"], entry["other_plans"]) == (None, [])
        assert len(entry["slots"]) == 3
        assert entry["message"]["subject"]
        assert entry["because_verdict"]


def test_can_move_frees_what_is_fixed(ask):
    assert ask(f"{TALK}\n{EXAM}").code == 4
    assert ask(f"{TALK}\n{EXAM}", "--can-move", "exam").code == 3
    assert ask(f"{TALK}\n{EXAM}", "--can-move", "event-1@test").code == 3


@pytest.mark.parametrize(
    "line",
    [
        "Tue 2026-05-12 10:00-11:00 Flight LH 123 to Rome",
        "Tue 2026-05-12 10:00-11:00 Exam",
        "Tue 2026-05-12 10:00-11:00 Court hearing",
        "Tue 2026-05-12 10:00-11:00 Surgery",
        "Tue 2026-05-12 10:00-11:00 Anna's wedding",
        "Tue 2026-05-12 10:00-11:00 Funeral",
        "Tue 2026-05-12 10:00-11:00 Visa appointment",
        "Tue 2026-05-12 10:00-11:00 Planning (priority 1)",
        "Tue 2026-05-12 10:00-11:00 Planning (out of office)",
    ],
)
def test_what_cannot_move_leads_to_the_last_resort_and_is_named(ask, line):
    entry = ask(f"{TALK}\n{line}").one
    assert entry["verdict"] == "reschedule"
    assert any(entry["clashes"][0]["summary"] in b["text"] for b in entry["because_verdict"])
    body = entry["message"]["body"] + entry["message"]["subject"]
    assert entry["clashes"][0]["summary"] not in body


@pytest.mark.parametrize("title", ["Dentist", "Car workshop"])
def test_an_appointment_with_a_practice_or_shop_moves(ask, title):
    entry = ask(f"{TALK}\nTue 2026-05-12 10:00-11:00 {title}").one
    assert entry["verdict"] == "rearrange"
    assert entry["plan"]["moves"][0]["cost"] == 5 + 8 + 1  # an appointment, 10:00 to 13:00


# -- times and zones ----------------------------------------------------------------------------------------


def test_every_time_is_in_the_zone_its_neighbour_names(ask):
    calendar = (
        f"zone: America/New_York\n{TALK}\n2026-05-12 all day Fair\nTue 2026-05-12 10:30-11:00 Sync (series)"
    )
    answer = ask(calendar, tz="Asia/Tokyo", now="2026-05-04T08:00")
    document, entry = answer.document, answer.one
    assert (document["timezone"], document["now"]) == ("Asia/Tokyo", "2026-05-04T08:00:00+09:00")
    assert document["window"] == {"start": "2026-05-04T08:00:00+09:00", "end": "2026-05-18T08:00:00+09:00"}
    assert (entry["start"], entry["end"]) == ("2026-05-12T23:00:00+09:00", "2026-05-13T00:00:00+09:00")
    assert entry["timezone"] == "Asia/Tokyo"
    assert entry["start_interviewer"] == "2026-05-12T10:00:00-04:00"
    assert (entry["interviewer"]["timezone"], entry["interviewer"]["timezone_source"]) == (
        "America/New_York",
        "invitation",
    )
    fair, sync = entry["clashes"]
    assert (fair["start"], fair["end"]) == ("2026-05-12T00:00:00+09:00", "2026-05-13T00:00:00+09:00")
    assert sync["recurrence_id"] == sync["start"] == "2026-05-12T23:30:00+09:00"
    assert entry["notice_minutes"] == (8 * 24 + 15) * 60


@pytest.mark.parametrize(
    "now",
    [
        "2026-05-12T09:00",
        "2026-05-12T09:00+02:00",
        "2026-05-12T07:00Z",
        "2026-05-12 09:00",
        "12 May 2026 9:00",
    ],
)
def test_a_bare_now_is_in_my_zone(ask, now):
    answer = ask(TALK, now=now)
    assert (answer.document["now"], answer.one["notice_minutes"]) == ("2026-05-12T09:00:00+02:00", 60)


def test_now_and_zone_may_come_from_the_environment(run, calendar, monkeypatch):
    monkeypatch.setenv("LASTRESORT_NOW", "2026-05-12T09:00")
    monkeypatch.setenv("LASTRESORT_TZ", "Germany")
    monkeypatch.setenv("LASTRESORT_ME", "me@home.example")
    document = run("check", calendar(TALK), "--json").json
    assert (document["now"], document["timezone"]) == ("2026-05-12T09:00:00+02:00", "Europe/Berlin")


@pytest.mark.parametrize("zone", ["America/New_York", "Eastern Standard Time", "New York"])
def test_zones_go_by_any_name(ask, zone):
    assert ask(TALK, "--interviewer-tz", zone).one["interviewer"]["timezone"] == "America/New_York"


def test_an_interview_given_by_hand(ask):
    answer = ask(ERRAND, "--at", "2026-05-12T10:30", "--for", "45m")
    assert (answer.one["start"], answer.one["end"]) == (
        "2026-05-12T10:30:00+02:00",
        "2026-05-12T11:15:00+02:00",
    )
    assert (answer.code, answer.one["clashes"][0]["overlap_minutes"]) == (3, 40)
    assert (
        ask(ERRAND, "--at", "2026-05-12T04:30-04:00", "--for", "PT45M").one["start"]
        == "2026-05-12T10:30:00+02:00"
    )
    assert ask(ERRAND, "--at", "2026-06-30T10:30", "--for", "1h30m").one["end"] == "2026-06-30T12:00:00+02:00"


def test_an_interview_given_by_hand_is_timed_in_the_zone_of_the_calendar(run, calendar, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    path = calendar(ERRAND)
    text = path.read_bytes().decode()
    path.write_text(
        text.replace("VERSION:2.0", "VERSION:2.0\r\nX-WR-TIMEZONE:America/New_York", 1), newline=""
    )
    options = ("--now", "2026-05-12T07:00Z", "--for", "45m", "--json")
    (one,) = run("check", path, "--at", "2026-05-12T10:30", *options).json["interviews"]
    assert one["start"] == "2026-05-12T10:30:00-04:00"
    (today,) = run("check", path, "--at", "9:00", *options).json["interviews"]  # past in Tokyo
    assert today["start"] == "2026-05-12T09:00:00-04:00"


def test_unknown_is_null(ask):
    entry = ask("Tue 2026-05-12 10:00-11:00 Interview").one
    assert entry["recurrence_id"] is entry["role"] is entry["company"] is entry["location"] is None
    who = entry["interviewer"]
    assert who["name"] is who["email"] is who["phone"] is None
    assert "assumed" in who["timezone_source"]


# -- reasons and messages -----------------------------------------------------------------------------------


def test_the_message_is_complete(ask):
    message = ask(f"{TALK}\n{EXAM}").one["message"]
    assert message["to"] == "hr@crumb.example"
    assert message["subject"]
    assert message["body"]
    entry = ask("Tue 2026-05-12 10:00-11:00 Interview: Baker\n" + EXAM).one
    assert entry["message"]["to"] is None
    assert entry["message"]["subject"]


@pytest.mark.parametrize(("now", "speak"), [("2026-05-11T09:59", False), ("2026-05-11T10:01", True)])
def test_under_a_day_of_notice_there_is_a_script_and_a_voicemail(ask, now, speak):
    entry = ask(f"{TALK}\n{EXAM}", now=now).one
    assert entry["advice"]["channel"] == ("phone" if speak else "email")
    if speak:
        assert entry["message"]["phone"]
        assert entry["message"]["voicemail"]
    assert {"R1", "R6", "R7"} <= set(entry["advice"]["rules"])


@pytest.mark.parametrize("kind", ["illness", "family", "work", "visa", "travel", "technical", "conflict"])
def test_own_words_are_used_as_they_stand(ask, kind):
    words = "The boiler has burst & flooded the <kitchen>."
    entry = ask(f"{TALK}\n{EXAM}", "--reason", f"{kind}:{words}").one
    assert words in entry["message"]["body"]
    assert len(entry["slots"]) == 3


@pytest.mark.parametrize("kind", ["offer", "fit", "change"])
def test_a_withdrawal_offers_no_times(ask, kind):
    entry = ask(f"{TALK}\n{EXAM}", "--reason", kind).one
    assert entry["message"]["kind"] == "withdraw"
    assert entry["slots"] == []
    assert "R4" in entry["advice"]["rules"]


@pytest.mark.parametrize("kind", ["unprepared", "leisure"])
def test_a_harmful_reason_is_argued_against_and_obeyed(ask, kind):
    entry = ask(f"{TALK}\n{EXAM}", "--reason", kind).one
    assert any(b["rule"] == "R2" for b in entry["because_verdict"])
    assert entry["message"]["body"]
    assert len(entry["slots"]) == 3


# -- the other commands -------------------------------------------------------------------------------------


def test_propose_answers_in_its_own_form(run, calendar):
    ran = run("propose", calendar(TALK), *COMMON)
    assert (ran.code, sorted(ran.json)) == (0, ["interview", "message", "now", "slots", "version"])
    assert ran.json["interview"]["uid"] == "event-0@test"
    assert len(ran.json["slots"]) == 3
    assert run("propose", calendar(f"{TALK}\n{ERRAND}"), *COMMON).code == 3
    assert run("propose", calendar(f"{TALK}\n{EXAM}"), *COMMON).code == 4
    plain = run("propose", calendar(TALK), "--for", "45m", *COMMON)
    assert (plain.code, plain.json["interview"], len(plain.json["slots"])) == (0, None, 3)
    assert plain.json["message"]["body"]


def test_weigh_ranks_by_cost_then_people(run, calendar):
    day = "\n".join(
        (
            "Wed 2026-05-13 10:00-11:00 Focus time",
            "Wed 2026-05-13 14:00-15:00 Planning (organiser a@home.example; 5 attendees)",
            "Fri 2026-05-15 10:00-11:00 Exam",
        )
    )
    offers = ["2026-05-15T10:00", "2026-05-13T14:00", "2026-05-13T10:00", "2026-05-18T10:00+02:00"]
    options = [text for offer in offers for text in ("--offer", offer)]
    ran = run("weigh", calendar(f"{TALK}\n{day}"), "--interview", "Baker", *options, *COMMON)
    assert (ran.code, ran.json["version"]) == (0, 1)
    found = [(o["start"], o["cost"], o["people_asked"], bool(o["plan"])) for o in ran.json["offers"]]
    assert found == [
        ("2026-05-18T10:00:00+02:00", 0, 0, False),
        ("2026-05-13T10:00:00+02:00", 7, 0, True),
        ("2026-05-13T14:00:00+02:00", 42, 1, True),
        ("2026-05-15T10:00:00+02:00", None, 0, False),
    ]
    assert all(offer["end"] > offer["start"] and offer["because"] for offer in ran.json["offers"])
    assert ran.json["message"]["to"] == "hr@crumb.example"
    only = run("weigh", calendar(f"{TALK}\n{day}"), "--interview", "Baker", *options[2:4], *COMMON)
    assert only.code == 3
    none = run("weigh", calendar(f"{TALK}\n{day}"), "--interview", "Baker", *options[:2], *COMMON)
    assert (none.code, none.json["message"]) == (4, None)


def test_agenda_lists_every_occurrence_with_its_reason(run, calendar, tmp_path):
    lines = {
        "busy": "Errand",
        "tentative": "Maybe (tentative)",
        "unanswered": "Unanswered (unanswered)",
        "out-of-office": "Away (out of office)",
        "free": "Free (free)",
        "declined": "Declined (declined)",
        "cancelled": "Cancelled (cancelled)",
        "working-elsewhere": "Elsewhere (working elsewhere)",
    }
    text = "\n".join(
        f"Tue 2026-05-12 {8 + n:02}:00-{9 + n:02}:00 {line}" for n, line in enumerate(lines.values())
    )
    path = calendar(f"{text}\n2026-05-13 all day Fair\n2026-05-13 all day Anna's birthday")
    window = ("--from", "2026-05-12", "--to", "2026-05-14")
    ran = run("agenda", path, *window, *COMMON)
    assert ran.code == 0
    rows = ran.json["occurrences"]
    assert [row["reason"] for row in rows[:8]] == list(lines)
    assert {row["reason"] for row in rows[8:]} == {"all-day", "birthday"}
    levels = {row["reason"]: row["busy"] for row in rows}
    assert {reason for reason, level in levels.items() if level == "check"} == {
        "tentative",
        "unanswered",
        "all-day",
    }
    assert {reason for reason, level in levels.items() if level == "clash"} == {"busy", "out-of-office"}
    assert [row["all_day"] for row in rows] == [False] * 8 + [True] * 2
    assert rows[0]["start"] == "2026-05-12T08:00:00+02:00"
    assert rows == sorted(rows, key=lambda row: (row["start"], row["end"], row["uid"]))
    utc = run("agenda", path, "--utc", *window, *COMMON).json
    assert utc["occurrences"][0]["start"] in {"2026-05-12T06:00:00+00:00", "2026-05-12T06:00:00Z"}
    assert ran.json["window"] == {"start": "2026-05-12T00:00:00+02:00", "end": "2026-05-14T00:00:00+02:00"}
    edge = run("agenda", path, "--from", "2026-05-12T09:00", "--to", "2026-05-12T10:00", *COMMON)
    assert [row["summary"] for row in edge.json["occurrences"]] == ["Maybe"]
    missing = run("agenda", path, tmp_path / "none.ics", *window, *COMMON)
    assert (missing.code, len(missing.json["occurrences"])) == (5, 10)
    assert run("agenda", tmp_path / "none.ics", *COMMON).code == 1
    assert run("agenda", path, "--from", "2026-05-14", "--to", "2026-05-12", *COMMON).code == 2
