"""The page: whole, closed to the outside, and unmoved by what strangers write into their titles."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from agendas import moment, read_agenda
from commandline import _private_home, run
from lastresort.interviews.detection import Places
from lastresort.messages.compose import compose_reschedule
from lastresort.messages.letter import letter_about
from lastresort.model import Problem
from lastresort.outputs.html import report_page
from lastresort.outputs.html_parts import telephone, web_address
from lastresort.planning.check import check
from lastresort.query import Query, Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from commandline import Ran
    from lastresort.model import Agenda
    from lastresort.planning.report import Report

__all__ = ["_private_home", "run"]

NOW = moment("2026-05-04 09:00")
VOID = {"meta", "input", "br", "link"}
SCHEMES = ("https://", "http://", "mailto:", "tel:")

CLEAR = """
Wed 2026-05-06 14:00-15:00 Interview: Engineer at Acme (organiser dana@acme.example Dana Lee)
"""
MOVABLE = """
Wed 2026-05-06 14:00-15:00 Interview: Engineer at Acme (organiser dana@acme.example Dana Lee)
Wed 2026-05-06 14:30-15:30 Focus time
"""
FIXED = """
Wed 2026-05-06 14:00-15:00 Interview: Engineer at Acme (organiser dana@acme.example; zone America/New_York)
Wed 2026-05-06 14:30-15:30 Court hearing
Wed 2026-05-06 14:50-15:30 Perhaps a call (tentative)
Wed 2026-05-06 all day Conference (tentative)
"""
NOTHING = "Wed 2026-05-06 14:30-15:30 Focus time"

HOSTILE = (
    "<script>alert(1)</script>",
    '" onmouseover="alert(2)" x=\'y\' autofocus onfocus=alert(3)',
    "</title></style></textarea><!--<svg/onload=alert(4)>",
    "{{ report.query }}{% raw %}",
    "</pre><a href=javascript:alert(5)>x</a>",
    "\x1b[31mred\x07 \u202edesrever \u2028 line",
)


class Reader(HTMLParser):
    """What a browser would see: the elements, their attributes, the text outside style and picture."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.style = ""
        self.script = ""
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            self.style += data
        elif "script" in self.open:
            self.script += data
        elif "svg" not in self.open and data.strip():
            self.words.append(data if "pre" in self.open else " ".join(data.split()))

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def report_on(agenda: Agenda, reason: Reason = Reason()) -> Report:  # noqa: B008
    return check(agenda, Query(NOW, agenda.zone, agenda.me, reason=reason), Places())


def page_of(report: Report) -> bytes:
    drafts = {
        place: compose_reschedule(
            letter_about(
                entry.interview, NOW, reason=report.query.reason, slots=[s.interval for s in entry.slots]
            ),
            speak=True,
        )
        for place, entry in enumerate(report.interviews)
        if entry.verdict == "reschedule"
    }
    return report_page(report, drafts)


@pytest.mark.parametrize(
    ("calendar", "verdict", "told"),
    [
        (CLEAR, "clear", "✓ nothing clashes"),
        (MOVABLE, "rearrange", "→ keep it: 1 change"),
        (FIXED, "reschedule", "E-mail to dana@acme.example"),
        (NOTHING, None, "Nothing to protect"),
    ],
)
def test_every_verdict_is_a_whole_page(calendar: str, verdict: str | None, told: str) -> None:
    report = report_on(read_agenda(calendar))
    assert [entry.verdict for entry in report.interviews] == ([verdict] if verdict else [])
    page = Reader(page_of(report))
    assert page.open == []
    assert told in page.words
    tags = [tag for tag, _ in page.tags]
    assert [tags.count(tag) for tag in ("html", "head", "body", "h1", "main")] == [1] * 5
    assert dict(page.tags)["html"]["lang"] == "en"


def test_a_withdrawal_shows_its_draft_and_no_slots() -> None:
    page = Reader(page_of(report_on(read_agenda(FIXED), Reason("offer"))))
    assert "✗ withdraw, as you say" in page.words
    assert not any(text.startswith("Offer") for text in page.words)
    assert any(text.startswith("E-mail to") for text in page.words)


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("calendar", [MOVABLE, FIXED])
def test_titles_stay_text(title: str, calendar: str) -> None:
    agenda = read_agenda(calendar)
    poisoned = tuple(
        one._replace(
            event=one.event._replace(
                summary=f"{one.event.summary} {title}",
                location=title,
                organizer=one.event.organizer and one.event.organizer._replace(name=title),
            )
        )
        for one in agenda.occurrences
    )
    problems = (Problem(title, "x", title, lost=True),)
    harmless, page = (
        Reader(page_of(report_on(one)))
        for one in (agenda, agenda._replace(occurrences=poisoned, problems=problems))
    )
    assert page.open == []
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in harmless.tags} | {"section", "article", "a"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not set("\x1b\x07\u202e\u2028") & set("".join(page.words))


@pytest.mark.parametrize("calendar", [CLEAR, MOVABLE, FIXED])
def test_links_lead_to_the_web_to_mail_or_to_a_telephone(calendar: str) -> None:
    page = Reader(page_of(report_on(read_agenda(calendar))))
    assert all(link.startswith(SCHEMES) for link in page.values("href"))
    assert not page.values("src")
    assert set(page.values("data-copy")) <= set(page.values("id"))


def digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def test_the_page_forbids_what_it_does_not_need() -> None:
    page = Reader(page_of(report_on(read_agenda(FIXED))))
    (policy,) = (a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest(page.style)}'; "
        f"script-src 'sha256-{digest(page.script)}'; base-uri 'none'; form-action 'none'"
    )
    assert not page.values("style")
    assert "url(" not in page.style
    assert [attributes for tag, attributes in page.tags if tag == "script"] == [{}]


def test_without_script_nothing_stands_there_that_needs_one() -> None:
    page = Reader(page_of(report_on(read_agenda(FIXED))))
    assert "button { display: none; }" in page.style
    assert page.values("data-copy")


def test_what_is_to_be_done_comes_first() -> None:
    page = Reader(page_of(report_on(read_agenda(FIXED))))
    tags = [tag for tag, _ in page.tags]
    assert tags.index("input") < tags.index("details")
    links = [a["href"] for tag, a in page.tags if tag == "a" and "main" in a.get("class", "")]
    assert links[0].startswith("mailto:dana@acme.example?")


def test_each_change_leads_to_its_day_and_to_a_file_with_its_new_time() -> None:
    page = Reader(page_of(report_on(read_agenda(MOVABLE))))
    links = page.values("href")
    assert "https://calendar.google.com/calendar/r/day/2026/5/6" in links
    assert "https://outlook.office.com/calendar/view/day/2026/5/6" in links
    (file,) = map(unquote, page.values("data-file"))
    assert file.startswith("BEGIN:VCALENDAR\r\n")
    assert "SEQUENCE:1\r\n" in file
    assert page.values("data-save") == ["moved.ics"]


def test_each_offer_can_be_held_without_naming_what_for() -> None:
    page = Reader(page_of(report_on(read_agenda(FIXED))))
    held = [link for link in page.values("href") if "action=TEMPLATE" in link] + page.values("data-file")
    assert len(held) == 6
    assert not any("Acme" in unquote(link) or "Interview" in unquote(link) for link in held)


def test_the_picture_has_words_for_those_who_cannot_see_it() -> None:
    page = Reader(page_of(report_on(read_agenda(FIXED))))
    assert "The same in words" in page.words
    assert "Wed 6 May, 14:30–15:30:" in page.words
    assert all(
        "aria-hidden" in attributes for _, attributes in page.tags if attributes.get("class") == "days"
    )


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("+49 30 5557 0142", "tel:+493055570142"),
        ("(030) 5557-0142", "tel:03055570142"),
        ("12", None),
        ("1+234567", None),
        ("9" * 40, None),
        (None, None),
    ],
)
def test_telephone_numbers_are_plain(number: str | None, link: str | None) -> None:
    assert telephone(number) == link


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("https://book.example/x?y=1", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ('https://book.example/"onclick', False),
        ("https://book.example/ä", False),
        ("https://book.example/" + "x" * 3000, False),
        (None, False),
    ],
)
def test_only_plain_addresses_of_the_web_become_links(address: str | None, fits: bool) -> None:
    assert web_address(address) == (address if fits else None)


def test_a_long_draft_is_copied_instead_of_linked() -> None:
    page = Reader(page_of(report_on(read_agenda(FIXED), Reason("family", "Já está só. " * 100))))
    assert not [link for link in page.values("href") if link.startswith("mailto:")]
    assert "Copy" in page.words


def test_long_lists_are_cut_and_counted() -> None:
    agenda = read_agenda(CLEAR)
    problems = tuple(Problem("home.ics", "x", f"thing {number}") for number in range(1000))
    page = page_of(report_on(agenda._replace(problems=problems)))
    assert b"and 800 more" in page
    assert len(page) < 100_000


def test_the_demo_reads_well(run: Callable[..., Ran], tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    file = tmp_path / "demo.html"
    ran = run("demo", "--now", "2026-11-20T09:00", "--quiet", "--html", file)
    assert f"wrote {file}" in ran.err
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"lastresort" in file.read_bytes()[:1000]
    text = "\n".join(Reader(file.read_bytes()).words)
    assert re.sub(r"lastresort \d+\.\d+\.\S+", "lastresort VERSION", text) == snapshot


def test_a_page_is_replaced_and_nothing_else_is(run: Callable[..., Ran], tmp_path: Path) -> None:
    page, foreign = tmp_path / "demo.html", tmp_path / "index.html"
    for _ in range(2):
        assert run("demo", "--now", "2026-11-20T09:00", "--quiet", "--html", page).code == 0
    foreign.write_text("<!doctype html><p>mine")
    ran = run("demo", "--now", "2026-11-20T09:00", "--quiet", "--html", foreign)
    assert (ran.code, "was not written by lastresort" in ran.err) == (0, True)
    assert foreign.read_text() == "<!doctype html><p>mine"
