"""`lastresort message`: every draft alone, the right interview, and each way out."""

from __future__ import annotations

import stat
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

from calendars import write_calendar
from lastresort.cli.demo import ME, calendar
from lastresort.messages.kinds import KINDS
from lastresort.times.single import parse_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Ran

    Run = Callable[..., Ran]

NOW = "2026-11-20T15:00Z"
AT = ("--now", NOW)
WEEK = """
    Tue 2026-11-24 10:00-11:00 Interview: Baker at Crumb (organiser ada@crumb.example Ada Lovely)
    Tue 2026-11-24 10:15-11:15 Budget round (organiser sam@work.example Sam Ortiz; 5 attendees)
    Tue 2026-11-24 16:00-17:00 My own hour
"""
UNSIGNED = (
    "lastresort: sign it with name and telephone number: [signature] in the configuration is not "
    "complete (R24)\n"
)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    path = tmp_path / "demo.ics"
    path.write_bytes(calendar(parse_time(NOW, "UTC", parse_time("2026-01-01T00:00Z", "UTC", None))))  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize(
    ("kind", "options", "has", "lacks"),
    [
        (
            "email",
            (),
            ["To: priya.nair@globex.example\nSubject: Sam Winter: new interview time, Platform", "- "],
            [],
        ),
        ("email", ("--interview", "Staff"), ["Staff Engineer", "Dear Dana Reyes"], ["Subject: withdr"]),
        ("email", ("--reason", "offer"), ["Subject: Sam Winter: withdrawing"], ["- Friday", "move it"]),
        ("email", ("--language", "de"), ["Subject: Sam Winter: Bitte um"], ["Dear"]),
        ("email", ("--reason", "illness"), ["I'm unwell"], ["conflict"]),
        ("phone", (), ["Good morning, this is Sam Winter. I'm calling", "I'd be free"], ["Subject"]),
        ("phone", ("--reason", "fit"), ["withdraw my application"], ["I'd be free"]),
        ("voicemail", (), ["I'm emailing you too"], ["Subject", "- Friday"]),
        (
            "withdraw",
            ("--interview", "Staff"),
            ["Sam Winter: withdrawing", "withdraw"],
            ["therefore"],
        ),
        ("confirm", ("--agreed", "2026-11-30 16:00"), ["at 10 a.m. ET"], []),
        ("follow-up", (), ["moving the interview", "on Thursday, November 26"], []),
        ("follow-up", ("--agreed", "Mon 16:00"), ["look forward to meeting you on Monday, November 23"], []),
        ("nudge", (), ["Subject: Re: Sam Winter: new interview time", "work around your schedule"], ["- "]),
        ("decline-once", ("--event", "stand-up 2026-11-25", "--language", "en"), ["“Stand-up”"], ["Globex"]),
    ],
)
def test_a_draft(
    run: Run, demo: Path, kind: str, options: tuple[str, ...], has: list[str], lacks: list[str]
) -> None:
    ran = run("message", kind, demo, *AT, *options)
    assert (ran.code, ran.err) == (0, "" if kind == "decline-once" else UNSIGNED)
    assert [text for text in has if text not in ran.out] == []
    assert [text for text in lacks if text in ran.out] == []


def test_notes_stand_beside_the_draft(run: Run, demo: Path) -> None:
    plain = run("message", "email", demo, *AT)
    told = run("message", "email", demo, *AT, "--verbose")
    assert told.out == plain.out
    assert "lastresort: in English: the invitation is written in English\n" in told.err
    assert "sign it with name and telephone number" in told.err


def test_a_harmful_reason_is_argued_against_and_obeyed(run: Run, demo: Path) -> None:
    ran = run("message", "email", demo, *AT, "--reason", "leisure")
    assert ran.code == 0
    assert "Keep the interview" in ran.err
    assert "a private commitment" in ran.out
    assert run("message", "email", demo, *AT, "--reason", "leisure", "--quiet").err == ""


def test_a_reason_that_names_another_interview_is_questioned(run: Run, demo: Path) -> None:
    asked = run("message", "email", demo, *AT, "--reason", "conflict:I have another interview")
    assert "your reason names an interview" in asked.err
    assert "I have another interview." in asked.out
    assert "(R17)" not in run("message", "email", demo, *AT, "--reason", "family:my son is ill").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sms",), "looks as little as it costs"),
        (("linkedin",), "(R8)"),
        (("letter",), "choose one of phone voicemail email"),
        ((), "choose one of"),
        (("withdraw",), "3 interviews were found"),
        (("confirm",), "--agreed"),
        (("email", "--agreed", "Mon 16:00"), "--agreed says nothing for email"),
        (("email", "--event", "x"), "--event says nothing for email"),
        (("email", "--settled"), "--settled says nothing"),
        (("ask-organiser",), "--event"),
        (("decline-once", "--event", "no such thing"), "--event: no event matches"),
        (("decline-once", "--event", "stand-up"), "--event: 15 events match"),
        (("ask-organiser", "--event", "1:1 Lea"), "you organise this one yourself"),
        (("phone", "--mailto"), "script to speak"),
        (("email", "--reason", "boredom"), "--reason"),
    ],
)
def test_a_wrong_call_says_what_to_do(run: Run, demo: Path, arguments: tuple[str, ...], words: str) -> None:
    kind, *options = arguments or ("",)
    ran = run("message", kind, *((demo,) if kind else ()), *AT, *options)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert ran.err.removeprefix(UNSIGNED).count("\n") == 1


def test_the_help_says_why_there_is_no_text_message(run: Run) -> None:
    text = " ".join(run("message", "--help").out.split())
    assert "no draft of a text, chat or social message" in text
    assert [kind for kind in KINDS if kind not in text] == []


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    return write_calendar(tmp_path / "week.ics", WEEK)


def test_the_organiser_of_the_plan_is_asked_for_the_time_of_the_plan(run: Run, pinned: Path) -> None:
    options = ("--now", "2026-11-20T09:00+01:00", "--can-move", "Budget")
    plan = run("check", pinned, *options, "--json").json["interviews"][0]["plan"]
    (move,) = plan["moves"]
    assert move["action"] == "ask-organiser"
    ran = run("message", "ask-organiser", pinned, *options, "--language", "en")
    assert ran.out.startswith(
        "To: sam@work.example\nSubject: Could “Budget round” move on Tuesday 24 November?"
    )
    assert "Hi Sam," in ran.out
    assert f"{move['new_start'][11:16]}" in ran.out
    assert "Crumb" not in ran.out
    assert "nterview" not in ran.out


def test_without_a_plan_the_only_clash_of_somebody_else_is_meant(run: Run, pinned: Path) -> None:
    ran = run(
        "message", "decline-once", pinned, "--now", "2026-11-20T09:00+01:00", "--last-resort",
        "--language", "en",
    )  # fmt: skip
    assert "I can't make “Budget round”" in ran.out


def test_json_holds_the_draft_and_nothing_else_is_printed(run: Run, demo: Path) -> None:
    document = run("message", "voicemail", demo, *AT, "--json").json
    message = document["message"]
    assert (document["version"], message["kind"]) == (1, "voicemail")
    assert message["voicemail"] == message["body"]
    assert (message["phone"], message["follow_up"], message["subject"]) == (None, None, "")
    mail = run("message", "email", demo, *AT, "--json").json["message"]
    assert mail["to"] == "priya.nair@globex.example"
    assert mail["subject"].startswith("Sam Winter: new interview time")
    assert (mail["language"], mail["language_because"]) == ("en", "the invitation is written in English")


def test_a_mail_file_opens_as_a_draft_and_is_private(run: Run, demo: Path, tmp_path: Path) -> None:
    target = tmp_path / "draft.eml"
    ran = run("message", "email", demo, *AT, "--eml", target)
    mail = message_from_bytes(target.read_bytes(), policy=default)
    assert (mail["X-Unsent"], mail["To"]) == ("1", "priya.nair@globex.example")
    assert mail["Date"] is mail["Message-ID"] is mail["From"] is None
    assert mail.get_content().replace("\r\n", "\n").strip() in ran.out
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert f"wrote {target}" in ran.err


def test_a_file_of_somebody_else_is_not_replaced(run: Run, demo: Path, tmp_path: Path) -> None:
    target = tmp_path / "notes.txt"
    target.write_text("mine")
    ran = run("message", "email", demo, *AT, "--eml", target)
    assert ran.code == 1
    assert target.read_text() == "mine"


def test_the_answer_joins_the_thread_of_the_mail_that_invited(run: Run, tmp_path: Path) -> None:
    from pathlib import Path

    invite = Path(__file__).parents[2] / "fixtures" / "invites" / "teams-german.eml"
    sent = message_from_bytes(invite.read_bytes())
    target = tmp_path / "draft.eml"
    calendar = write_calendar(tmp_path / "empty.ics", "Tue 2026-03-03 10:00-11:00 Lunch")
    ran = run("message", "email", calendar, "--invite", invite, "--now", "2026-03-01T09:00Z", "--eml", target)
    assert ran.code == 0, ran.err
    answer = message_from_bytes(target.read_bytes())
    assert answer["In-Reply-To"] == sent["Message-ID"]
    assert answer["References"].split()[-1] == sent["Message-ID"]
    assert answer["Subject"]
    assert "Guten Tag" in ran.out or "Sehr geehrte" in ran.out


def test_a_mailto_address_is_one_line_and_refused_when_too_long(run: Run, demo: Path) -> None:
    ran = run("message", "email", demo, *AT, "--mailto")
    assert ran.out.startswith(
        "mailto:priya.nair@globex.example?subject=Sam%20Winter%3A%20new%20interview%20time"
    )
    assert ran.out.count("\n") == 1
    long = run("message", "email", demo, *AT, "--mailto", "--reason", "illness:" + "é" * 480)
    assert (long.code, long.out) == (2, "")
    assert "--eml FILE or --copy" in long.err


def test_the_text_goes_to_the_clipboard(
    run: Run, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "bin" / "pbcopy"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\n/bin/cat > {tmp_path}/board\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tool.parent))
    ran = run("message", "email", demo, *AT, "--copy")
    board = (tmp_path / "board").read_text("utf-8")
    assert (ran.code, ran.err) == (0, f"{UNSIGNED}lastresort: the text is on the clipboard\n")
    assert board.startswith("Dear Priya Nair,")
    assert ran.out.endswith(board)
    tool.unlink()
    ran = run("message", "email", demo, *AT, "--copy")
    assert ran.code == 1
    assert "no clipboard is at hand" in ran.err
    assert "Dear Priya Nair" in ran.out


def test_a_template_of_the_user_and_the_signature_are_used(run: Run, demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "settings"
    (folder / "templates" / "en").mkdir(parents=True)
    (folder / "templates" / "en" / "nudge.txt.j2").write_text("Subject: Hello\n\nStill there? {{ name }}\n")
    config = folder / "config.toml"
    config.write_text('[signature]\nname = "Sam Winter"\nphone = "+49 30 123"\n')
    ran = run("message", "nudge", demo, *AT, "--config", config)
    assert ran.out.endswith("Subject: Hello\n\nStill there? Sam Winter\n")
    mail = run("message", "email", demo, *AT, "--config", config).out
    assert mail.endswith("Best regards,\nSam Winter\n+49 30 123\n")
    assert "Still there? Sam Winter" not in run("message", "nudge", demo, *AT).out


def test_an_interview_given_by_hand(run: Run, demo: Path) -> None:
    ran = run("message", "email", demo, *AT, "--me", ME, "--at", "2026-12-01 10:00", "--for", "45m")
    assert ran.code == 0, ran.err
    assert "on Tuesday" in ran.out or "Dienstag" in ran.out
    assert "nterview" in ran.out or "Gespräch" in ran.out


def test_reading_leaves_nothing_behind(run: Run, demo: Path, tmp_path: Path) -> None:
    import os

    home = os.environ["HOME"]
    for arguments in (("email",), ("nudge",), ("withdraw", "--interview", "Staff")):
        assert run("message", arguments[0], demo, *AT, *arguments[1:]).code == 0
    assert run("check", demo, *AT).code == 4
    assert os.listdir(os.path.join(home, "lastresort")) == ["numbers.json"]  # what the report numbered
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo.ics"]
