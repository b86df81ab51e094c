"""What the page is answered."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from pages import NOW, calendar_of, desk_at, own_desk

if TYPE_CHECKING:
    from pathlib import Path

    from lastresort.jobs.session import Inquiry

from calendars import write_calendar
from lastresort.errors import UsageError
from lastresort.jobs.check import Checked, check
from lastresort.web import desk as desk_module
from lastresort.web.desk import Desk, PageReply, Saved, read_values

MONDAY = datetime(2026, 5, 11, 8, tzinfo=ZoneInfo("Europe/Berlin"))
TALK = "Tue 2026-05-12 10:00-11:00 Interview: Baker (organiser hr@crumb.example Ann; 2 attendees)"
HOSTILE = "<img src=x onerror=alert(1)>\" onmouseover='x' {{ 7*7 }} \u202e javascript:alert(1)"


def looked_at(story: str):
    desk = desk_at(NOW[story])
    desk.add("calendar.ics", calendar_of(story))
    return desk


def wording(reply: PageReply) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", reply.html).split())


def test_an_empty_page_asks_for_what_they_wrote_and_says_nothing() -> None:
    reply = desk_at(MONDAY).answer()
    assert reply.says == ""
    assert "Paste it here, and add your calendar" in wording(reply)


def test_the_last_resort_shows_why_times_and_the_letter() -> None:
    told = wording(looked_at("last-resort").answer())
    for words in ("ask to move it", "Court hearing", "Times to offer", "Dear Grace Lindqvist"):
        assert words in told


def test_a_plan_is_a_checklist() -> None:
    reply = looked_at("rearrange").answer()
    assert "To keep it" in wording(reply)
    assert reply.html.count('type="checkbox"') > 2


def test_no_word_of_the_trade_is_shown() -> None:
    for story in NOW:
        desk = looked_at(story)
        told = wording(desk.answer()) + wording(desk.weigh(MAIL, "", "")) + wording(desk.free("45m"))
        assert not re.search(r"\b(UID|PARTSTAT|points?|RRULE|VEVENT|--\w+|lastresort [a-z]+)\b", told)


def test_an_answer_changes_the_answer_and_can_be_taken_back() -> None:
    desk = looked_at("rearrange")
    before = desk.answer()
    uid = re.search(r'data-field="cannot_move" data-value="([^"]+)"', before.html)
    assert uid
    after = desk.ask("tell", {"field": "cannot_move", "value": uid[1]})
    assert isinstance(after, PageReply)
    assert wording(after) != wording(before)
    assert "cannot change:" in wording(after)
    again = desk.ask("tell", {"field": "cannot_move", "value": uid[1]})
    assert isinstance(again, PageReply)
    assert again.html == before.html


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("language", "de", "Guten Tag"),
        ("tz", "Paris", "times in Paris"),
        ("days", "60", "until Mon 11 May"),
    ],
)
def test_what_was_taken_for_granted_can_be_said(field: str, value: str, shown: str) -> None:
    reply = looked_at("last-resort").ask("tell", {"field": field, "value": value})
    assert isinstance(reply, PageReply)
    assert shown in wording(reply)


@pytest.mark.parametrize(
    ("field", "value"), [("tz", "Atlantis"), ("days", "many"), ("days", "0"), ("interview", "Nobody's")]
)
def test_a_wrong_answer_is_told_above_the_answer_and_not_kept(field: str, value: str) -> None:
    desk = looked_at("last-resort")
    wrong = desk.ask("tell", {"field": field, "value": value})
    assert isinstance(wrong, PageReply)
    assert "That did not work" in wording(wrong)
    assert "Fairmont" in wording(wrong)
    assert "That did not work" not in wording(desk.answer())


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("weigh", {"text": "Could you do Wednesday at 10 am?"}),
        ("weigh", {"text": "See you soon", "length": "45m"}),
        ("weigh", {"text": "Wednesday at 10 am", "length": "an hour or so"}),
        ("free", {"length": "soon"}),
        ("tell", {"field": "days", "value": "0"}),
        ("tell", {"field": "me", "value": "Dana"}),
        ("tell", {"field": "interview", "value": "Nobody's"}),
        ("plan", {}),
    ],
)
def test_what_is_refused_is_said_without_the_options_of_a_command(what: str, values: dict[str, str]) -> None:
    reply = looked_at("last-resort").ask(what, values)
    assert isinstance(reply, PageReply)
    assert "That did not work" in wording(reply)
    assert reply.says
    assert not re.search(r"--|UID|PT90M|\[\[?", reply.says)


@pytest.mark.parametrize(
    ("what", "values", "says"),
    [
        ("weigh", {"text": "Could you do Wednesday at 10 am?"}, "has no end; fill in “It lasts”"),
        ("tell", {"field": "days", "value": "0"}, "give a number of days from 1 to 366"),
        ("tell", {"field": "me", "value": "Dana"}, "give e-mail addresses, such as me@example.com"),
        ("tell", {"field": "interview", "value": "Nobody's"}, "days matches; give words of its title"),
    ],
)
def test_a_remedy_is_told_in_the_words_of_the_page(what: str, values: dict[str, str], says: str) -> None:
    reply = looked_at("last-resort").ask(what, values)
    assert isinstance(reply, PageReply)
    assert reply.says.endswith(says)


def test_a_time_with_two_meanings_is_asked_about() -> None:
    reply = looked_at("last-resort").weigh("Thursday at 7", "45m", "")
    assert reply.says == "What they wrote has more than one meaning."
    assert "it can mean" in wording(reply)


def test_an_interview_that_was_not_found_can_be_named(tmp_path) -> None:
    desk = desk_at(MONDAY)
    text = "Tue 2026-05-12 10:00-11:00 Coffee with Sam\n2026-05-12 10:30-11:00 Gym"
    desk.add("c.ics", write_calendar(tmp_path / "c.ics", text).read_bytes())
    assert "Is an interview missing?" in wording(desk.answer())
    found = desk.ask("tell", {"field": "interview", "value": "coffee"})
    assert isinstance(found, PageReply)
    assert 'id="interview-1"' in found.html


def test_a_possible_interview_can_be_one_or_none(tmp_path) -> None:
    desk = desk_at(MONDAY)
    text = "Tue 2026-05-12 10:00-11:00 Intro call Globex\n2026-05-12 10:30-11:00 Gym"
    desk.add("c.ics", write_calendar(tmp_path / "c.ics", text).read_bytes())
    before = desk.answer()
    uid = re.search(r'data-field="interview" data-value="([^"]+)"', before.html)
    assert uid, wording(before)
    yes = desk.ask("tell", {"field": "interview", "value": uid[1]})
    assert isinstance(yes, PageReply)
    assert 'id="interview-1"' in yes.html
    desk.ask("tell", {"field": "interview", "value": ""})
    no = desk.ask("tell", {"field": "not_interviews", "value": uid[1]})
    assert isinstance(no, PageReply)
    assert "Is this an interview?" not in wording(no)


def test_what_they_wrote_is_weighed_for_the_interview() -> None:
    reply = looked_at("last-resort").weigh("Could you do Wednesday at 10 am or Friday at 10 am ET?", "", "1")
    assert reply.says == "They named 2 times; 2 can be kept."
    assert "Dear Grace" in wording(reply)


def test_what_is_not_understood_is_told() -> None:
    assert "That did not work" in wording(looked_at("last-resort").weigh("See you soon", "45m", ""))


MAIL = """From: Ann <hr@crumb.example>
Date: Thu, 12 Mar 2026 09:00:00 +0100
Subject: Your interview
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Could you do tomorrow at 10 am, or Wednesday at 4 pm? It takes 45 minutes.
"""


def test_a_dropped_mail_without_invitation_is_what_they_wrote() -> None:
    desk = desk_at(NOW["last-resort"])
    first = desk.ask("add", {"name": "mail.eml"}, MAIL.encode())
    assert isinstance(first, PageReply)
    assert first.says.startswith("Now add your calendar")
    both = desk.ask("add", {"name": "calendar.ics"}, calendar_of("last-resort"))
    assert isinstance(both, PageReply)
    assert "They named 2 times" in both.says
    assert "Fri 13 Mar, 10:00" in wording(both), "tomorrow counts from the mail's date"
    assert "Could you do tomorrow" in wording(both)
    longer = desk.weigh(
        "Could you do tomorrow at 10 am,\r\nor Wednesday at 4 pm? It takes 45 minutes.", "2h", ""
    )
    assert "Fri 13 Mar, 10:00–12:00" in wording(longer)
    gone = desk.ask("remove", {"name": "mail.eml"})
    assert isinstance(gone, PageReply)
    assert "They named 2 times" not in gone.says


def test_what_they_wrote_is_weighed_again_after_each_answer() -> None:
    desk = looked_at("last-resort")
    desk.weigh("Could you do Wednesday at 10 am or Friday at 10 am ET?", "", "1")
    again = desk.ask("tell", {"field": "language", "value": "de"})
    assert isinstance(again, PageReply)
    assert "Could you do Wednesday" in wording(again)
    assert "They named 2 times" in again.says


def test_letters_are_signed_with_the_name_that_was_given() -> None:
    desk = looked_at("last-resort")
    reply = desk.ask("tell", {"field": "name", "value": "Robin Vale"})
    assert isinstance(reply, PageReply)
    assert "Best regards, Robin Vale" in wording(reply)


def test_free_time_is_text_to_copy() -> None:
    reply = looked_at("last-resort").free("45m")
    assert re.search(r"\d+ free stretches", reply.says)
    assert 'id="free-text"' in reply.html


def test_a_letter_and_holds_can_be_saved() -> None:
    desk = looked_at("last-resort")
    mail, holds = desk.save("mail", "1"), desk.save("holds", "1")
    assert (mail.name, mail.content.startswith(b"X-Unsent: 1")) == ("letter.eml", True)
    assert holds.content.count(b"BEGIN:VEVENT") == 3
    assert isinstance(mail, Saved)


@pytest.mark.parametrize(("kind", "number"), [("mail", "2"), ("mail", "x"), ("secrets", "1")])
def test_what_is_not_there_cannot_be_saved(kind: str, number: str) -> None:
    with pytest.raises(UsageError):
        looked_at("last-resort").save(kind, number)


def test_a_file_that_is_none_says_what_to_export() -> None:
    desk = desk_at(MONDAY)
    reply = desk.ask("add", {"name": "photo.jpg"}, b"\xff\xd8\xff")
    assert isinstance(reply, PageReply)
    assert "Export the calendar once more" in wording(reply)
    assert "photo.jpg" in wording(reply)


def test_files_are_kept_by_name_until_they_are_removed() -> None:
    desk = looked_at("last-resort")
    desk.add("../../etc/calendar.ics", calendar_of("last-resort"))
    assert desk.answer().html.count('data-ask="remove"') == 1
    reply = desk.ask("remove", {"name": "calendar.ics"})
    assert reply == desk_at(MONDAY).answer()


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "BYTES", 10)
    monkeypatch.setattr(desk_module, "FILES", 2)
    desk = desk_at(MONDAY)
    with pytest.raises(UsageError):
        desk.add("a", b"12345678901")
    desk.add("a", b"1")
    desk.add("b", b"2")
    with pytest.raises(UsageError):
        desk.add("c", b"3")


@pytest.mark.parametrize("what", ["", "delete", "../answer", "__init__"])
def test_a_question_that_nobody_asks_is_refused(what: str) -> None:
    with pytest.raises(UsageError):
        desk_at(MONDAY).ask(what, {})


@pytest.mark.parametrize("body", [b"[]", b'{"a": 1}', b"no", b"[" * 100_000])
def test_values_that_are_none_are_refused(body: bytes) -> None:
    with pytest.raises(UsageError):
        read_values(body)


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_nothing_of_a_calendar_becomes_a_tag_or_a_link(tmp_path) -> None:
    escaped = HOSTILE.replace(",", "\\,").replace(";", "\\;")
    text = f"{TALK}\n2026-05-12 10:30-11:30 Gym\n"
    data = write_calendar(tmp_path / "c.ics", text).read_text()
    data = data.replace("SUMMARY:Gym", f"SUMMARY:{escaped}").replace("Baker", f"Baker {escaped}")
    desk = desk_at(MONDAY)
    reply = desk.ask("add", {"name": f"{HOSTILE}.ics"}, data.encode())
    assert isinstance(reply, PageReply)
    html = reply.html + desk.weigh(f"{HOSTILE} Thursday at 3pm", "45m", "").html
    tags = Tags()
    tags.feed(html)
    assert not {tag for tag, _ in tags.found} & {"img", "script", "iframe", "style", "object", "link"}
    for _, attributes in tags.found:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "action")
        ]
        assert (attributes.get("href") or "#").startswith(("#", "tel:", "mailto:", "https://", "http://"))
    assert "{{ 7*7 }}" in html
    assert "\u202e" not in html


# -- changing the calendars of a configuration --------------------------------------------------------------


@pytest.fixture
def mine(tmp_path: Path) -> tuple[Desk, Path]:
    """A desk on a configured calendar, and the calendar."""
    return own_desk(tmp_path, "rearrange", "dana.smith@kontor.example"), tmp_path / "work.ics"


def test_a_plan_is_shown_made_and_taken_back(mine: tuple[Desk, Path]) -> None:
    desk, calendar = mine
    before = calendar.read_bytes()
    assert 'data-ask="plan"' in desk.answer().html
    assert "<bdi>Work</bdi>" in desk.answer().html, "a calendar is called as its owner calls it"
    shown = desk.plan()
    assert "Nothing is changed yet" in shown.says
    assert "Change your calendar?" in wording(shown)
    assert calendar.read_bytes() == before
    done = desk.apply()
    assert done.says.startswith("Done")
    assert calendar.read_bytes() != before
    assert 'data-ask="undo"' in done.html
    assert "To keep it" not in wording(done)
    back = desk.undo()
    assert back.says.startswith("Taken back")
    assert calendar.read_bytes() == before


def test_a_pick_up_is_changed_only_by_its_own_button(mine: tuple[Desk, Path]) -> None:
    desk, calendar = mine
    uid = re.findall(rb"UID:((?:[^\r]|\r\n )*)\r\n", calendar.read_bytes())
    before = calendar.read_bytes().replace(b"SUMMARY:Fokuszeit", b"SUMMARY:Pick up Mia from nursery")
    calendar.write_bytes(before)
    answer = desk.answer()
    assert "left as it is" in wording(answer)
    (named,) = re.findall('data-ask="plan" data-only="([^"]*)"', answer.html)
    assert named.encode() in [each.replace(b"\r\n ", b"") for each in uid]
    assert "Pick up" not in wording(desk.plan()).partition("Change your calendar?")[2].partition("Yes, ")[0]
    desk.apply()
    assert b"SUMMARY:Pick up Mia" in calendar.read_bytes()
    pick_up = next(each for each in before.split(b"BEGIN:VEVENT") if b"Pick up" in each)
    assert pick_up in calendar.read_bytes()
    assert "Pick up" in wording(desk.plan(named)).partition("Change your calendar?")[2].partition("Yes, ")[0]
    desk.apply()
    assert pick_up not in calendar.read_bytes()


def test_nothing_is_made_that_was_not_shown_or_has_changed_since(mine: tuple[Desk, Path]) -> None:
    desk, calendar = mine
    before = calendar.read_bytes()
    assert "was not shown" in desk.apply().says
    desk.plan()
    changed = before.replace(b"SUMMARY:Fokuszeit", b"SUMMARY:Fokuszeit 2")
    assert changed != before
    calendar.write_bytes(changed)
    assert "That did not work" in wording(desk.apply())
    assert calendar.read_bytes() == changed
    assert "nothing was changed" in desk.undo().says


def test_offered_times_are_held_in_the_calendar_and_given_free(tmp_path: Path) -> None:
    desk, calendar = own_desk(tmp_path, "last-resort", "dana@postfach.example"), tmp_path / "work.ics"
    before = calendar.read_bytes()
    assert 'data-ask="hold"' in desk.answer().html
    shown = desk.hold("1")
    assert "3 changes. Nothing is changed yet." in shown.says
    assert calendar.read_bytes() == before
    assert desk.apply().says.startswith("Done")
    assert calendar.read_bytes().count(b"BEGIN:VEVENT") == before.count(b"BEGIN:VEVENT") + 3
    assert "held already" in desk.hold("1").says
    assert desk.undo().says.startswith("Taken back")
    assert calendar.read_bytes() == before


def test_what_was_shown_is_off_once_something_else_was_asked(mine: tuple[Desk, Path]) -> None:
    desk, calendar = mine
    before = calendar.read_bytes()
    desk.plan()
    desk.tell("days", "20")
    assert "was not shown" in desk.apply().says
    assert calendar.read_bytes() == before


def test_a_calendar_that_can_only_be_read_says_so(
    mine: tuple[Desk, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "can_change", lambda document: False)
    assert "can only be read here" in mine[0].plan().says


def test_what_is_shown_is_decided_once(mine: tuple[Desk, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    decided: list[object] = []

    def watched(inquiry: Inquiry) -> Checked:
        decided.append(inquiry)
        return check(inquiry)

    monkeypatch.setattr(desk_module, "check", watched)
    mine[0].plan()
    assert len(decided) == 1


def test_a_dropped_file_is_never_changed(mine: tuple[Desk, Path]) -> None:
    desk, calendar = mine
    before = calendar.read_bytes()
    desk.add("work.ics", before)
    assert 'data-ask="plan"' not in desk.answer().html
    assert "only the calendars of your configuration" in desk.plan().says
    desk.apply()
    assert calendar.read_bytes() == before
