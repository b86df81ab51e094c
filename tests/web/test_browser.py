"""The page in a real browser: what a person does there, and what a stranger tries."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pages import CHROMIUM, NOW, calendar_of, choose, desk_at, own_desk, says, served, wait

from lastresort.web.server import COOKIE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from lastresort.web.server import PageServer

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (apt-get install chromium)")
HOSTILE = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"


@pytest.fixture
def server() -> Iterator[PageServer]:
    with served(desk_at(NOW["last-resort"])) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: PageServer) -> Iterator[Page]:
    """The page, just opened; no request leads elsewhere, and nothing is complained of."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, permissions=["clipboard-read", "clipboard-write"]
    )
    told: list[str] = []
    asked: list[str] = []
    shown = context.new_page()
    shown.set_default_timeout(60_000)
    shown.on("console", lambda message: told.append(message.text))
    shown.on("pageerror", lambda error: told.append(str(error)))
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(server.start)
    wait(shown)
    yield shown
    context.close()
    assert told == []
    assert [url for url in asked if not url.startswith((server.origin, "data:", "blob:"))] == []


def zipped(name: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def test_a_zip_is_dropped_and_the_letter_copied(page: Page) -> None:
    choose(page, "export.zip", zipped("work.ics", calendar_of("last-resort")))
    assert "Fairmont Analytics" in page.inner_text("h2#name-1")
    assert page.inner_text("#says").startswith("1 interview until")
    page.get_by_role("button", name="Copy the letter").click()
    says(page, "^Copied.$")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Dear Grace Lindqvist,")


def test_an_answer_changes_the_answer_at_once(page: Page) -> None:
    choose(page, "work.ics", calendar_of("last-resort"))
    page.get_by_label("Language").select_option("de")
    wait(page)
    assert "Guten Tag" in page.inner_text("#letter-1-body")
    where = page.locator("form[data-field='tz'] input")
    where.fill("London")
    where.press("Enter")
    wait(page)
    assert "times in London" in page.inner_text(".summary")


def test_what_they_wrote_is_pasted_and_weighed(page: Page) -> None:
    choose(page, "work.ics", calendar_of("last-resort"))
    page.get_by_label("Paste what they wrote").fill("Could you do Wednesday at 10 am or Friday at 10 am ET?")
    page.get_by_role("button", name="Which suits best?").click()
    page.wait_for_selector("#accept-body")
    assert page.inner_text("#says") == "They named 2 times; 2 can be kept."
    page.get_by_role("button", name="Show my free time").click()
    page.wait_for_selector("#free-text")


def test_times_are_held_and_the_letter_saved_as_files(page: Page) -> None:
    choose(page, "work.ics", calendar_of("last-resort"))
    with page.expect_download() as held:
        page.get_by_role("button", name="Hold these times").click()
    with open(held.value.path(), "rb") as file:
        assert file.read().count(b"BEGIN:VEVENT") == 3
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a mail").click()
    assert saved.value.suggested_filename == "letter.eml"


def focused(page: Page) -> str:
    """What a screen reader says of the part that has the keyboard: its kind and its name."""
    return str(
        page.evaluate(
            """() => {
                const one = document.activeElement;
                const label = one.labels?.[0]?.textContent ?? one.textContent;
                const name = one.getAttribute("aria-label") ?? label;
                return [one.localName, ...name.trim().split(/\\s+/)].join(" ");
            }"""
        )
    )


def press_until(page: Page, wanted: str) -> list[str]:
    """Press Tab until the keyboard is at what begins with these words; what it passed is returned."""
    passed: list[str] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        passed.append(focused(page))
        if passed[-1].startswith(wanted):
            return passed
    raise AssertionError(f"{wanted} cannot be reached: {passed}")


def test_the_whole_job_is_done_by_keyboard_alone(page: Page) -> None:
    press_until(page, "input Drop files here")
    choose(page, "work.ics", calendar_of("last-resort"))
    assert focused(page).startswith("input Drop files here"), "the keyboard stays where it was"
    passed = press_until(page, "button This can move")
    assert passed[0] == "summary How do I get my calendar as a file?"
    page.keyboard.press("Enter")
    wait(page)
    assert "can move:\nCourt hearing" in page.inner_text(".summary")
    press_until(page, "button Take back: Court hearing")
    page.keyboard.press("Enter")
    wait(page)
    press_until(page, "input Your name")
    page.keyboard.type("Robin Vale")
    page.keyboard.press("Enter")
    wait(page)
    assert focused(page) == "input Your name"
    assert page.inner_text("#letter-1-body").endswith("Robin Vale\n")
    press_until(page, "button Copy the letter")
    page.keyboard.press("Enter")
    says(page, "^Copied.$")
    press_until(page, "summary Why")
    page.keyboard.press("Enter")
    assert page.locator("article > details[open]").count() == 1
    press_until(page, "textarea Paste what they wrote")
    page.keyboard.type("Could you do Wednesday at 10 am ET?")
    press_until(page, "button Which suits best?")
    page.keyboard.press("Enter")
    says(page, "They named 1 time; 1 can be kept.")


def test_a_screen_reader_hears_the_parts_in_their_order(page: Page) -> None:
    choose(page, "work.ics", calendar_of("last-resort"))
    headings = page.locator("h1, h2, h3").evaluate_all(
        "all => all.map((one) => one.localName + ' ' + one.innerText)"
    )
    assert headings == [
        "h1 Keep the interview",
        "h2 1 interview until Thu 26 Mar, and it needs you",
        "h2 Fairmont Analytics · Data Engineer",
        "h3 In its way",
        "h3 Times to offer",
        "h3 Do",
        "h3 Letter to grace.lindqvist@fairmont-analytics.example",
        "h2 What I took for granted",
        "h2 They named times",
        "h2 When are you free?",
    ]
    status = page.get_by_role("status")
    assert status.count() == 1
    assert status.inner_text().startswith("1 interview until Thu 26 Mar, and it needs you. 18 events read.")
    assert page.locator("article").get_attribute("aria-labelledby") == "name-1"


WIDTHS = (320, 390, 640, 1440)
"""CSS pixels: 320 are 1280 at 400 %, 640 are 1280 at 200 %."""


def examine(page: Page, state: str) -> None:
    """What axe finds, and whether something is wider than a screen: both have to be nothing."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], state
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{state} at {width} px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, scheme: str, tmp_path: Path
) -> None:
    desk = own_desk(tmp_path, "rearrange", "dana.smith@kontor.example")
    with served(desk) as own, served(desk_at(NOW["two-at-once"])) as other:
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(own.start)
        wait(page)
        examine(page, "a rearrangement")
        page.get_by_role("button", name="Change my calendar so").click()
        wait(page)
        assert page.evaluate("document.activeElement.innerText").startswith("Change your calendar?")
        examine(page, "before a change")
        page.get_by_role("button", name="Yes, change it").click()
        wait(page)
        examine(page, "after a change")
        page.goto(other.start)
        wait(page)
        examine(page, "the empty page")
        page.locator("main > details summary").click()
        choose(page, "photo.jpg", b"\xff\xd8\xff")
        examine(page, "a broken file")
        page.get_by_role("button", name="Remove").click()
        choose(page, "work.ics", calendar_of("two-at-once"))
        page.get_by_label("Paste what they wrote").fill(
            "Could you do Wednesday at 10 am or Thursday at 3 pm?"
        )
        page.get_by_label("It lasts").fill("45m")
        page.get_by_role("button", name="Which suits best?").click()
        wait(page)
        page.get_by_role("button", name="Show my free time").click()
        wait(page)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        examine(page, "a last resort, with all that can be opened")
        context.close()


def test_paper_gets_the_answer_and_none_of_the_controls(page: Page) -> None:
    choose(page, "work.ics", calendar_of("last-resort"))
    page.emulate_media(media="print")
    seen = page.inner_text("body")
    assert "Dear Grace Lindqvist" in seen
    assert "Times to offer" in seen
    for control in ("Copy the letter", "Drop files", "Paste what they wrote", "Remove"):
        assert control not in seen
    assert page.locator("button:visible, input:visible:not([type=checkbox]), textarea:visible").count() == 0
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_nothing_of_a_calendar_is_carried_out(page: Page) -> None:
    text = calendar_of("last-resort").decode()
    for name in ("SUMMARY:", "LOCATION:", "DESCRIPTION:"):
        text = text.replace(name, f"{name}{HOSTILE}")
    choose(page, f"{HOSTILE}.ics", text.encode())
    assert page.title() == "lastresort: keep the interview"
    assert page.locator("#answer img, #answer script").count() == 0
    assert "<img" in page.inner_text("#answer")


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the hostile files of ../shared/trust")
def test_hostile_files_are_shown_and_do_nothing(browser: Browser, tmp_path: Path) -> None:
    maker = SHARED / "trust" / "hostile.py"
    command = [sys.executable, maker, tmp_path, "--small", "--only", "^d"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    cases = json.loads((tmp_path / "manifest.json").read_text())["cases"]
    paths = [case["path"] for case in cases if case["path"].endswith(".ics")]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in ("interview.ics", *paths):
            archive.write(tmp_path / path, path)
    with served(desk_at(datetime(2026, 3, 1, 9, tzinfo=UTC))) as server:
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []
        told: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("dialog", lambda dialog: told.append(dialog.message))
        page.goto(server.start)
        choose(page, "hostile.zip", packed.getvalue())
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        shown = page.inner_text("#answer")
        assert "CANARY-" in shown, "the harmless event that is in all of them"
        assert "<script>alert(1)</script>" in shown
        assert page.title() == "lastresort: keep the interview"
        assert page.locator("#answer :is(img, script, iframe, style, link, form[action])").count() == 0
        links = page.locator("#answer a").evaluate_all("all => all.map((one) => one.protocol)")
        assert set(links) <= {"http:", "https:", "mailto:", "tel:"}
        assert [url for url in asked if not url.startswith((server.origin, "data:"))] == []
        assert told == []
        context.close()


def test_a_broken_file_says_what_to_export(page: Page) -> None:
    choose(page, "photo.ics", b"\x00" * 2000)
    assert "Export the calendar once more" in page.inner_text("#answer")


def test_a_large_calendar_is_read_and_says_so_meanwhile(page: Page, tmp_path: Path) -> None:
    old = "".join(
        f"BEGIN:VEVENT\r\nUID:old-{number}\r\nDTSTAMP:20200101T000000Z\r\nDTSTART:20200101T100000Z\r\n"
        f"DTEND:20200101T110000Z\r\nSUMMARY:Old\r\nDESCRIPTION:{'x' * 1000}\r\nEND:VEVENT\r\n"
        for number in range(20_000)
    )
    data = calendar_of("last-resort").decode().replace("END:VCALENDAR", f"{old}END:VCALENDAR").encode()
    assert len(data) > 20 << 20
    page.evaluate(
        """window.heard = [];
        new MutationObserver(() => heard.push(document.getElementById('says').textContent))
          .observe(document.getElementById('says'), {childList: true})"""
    )
    (tmp_path / "large.ics").write_bytes(data)
    page.set_input_files("#choose", tmp_path / "large.ics")
    wait(page)
    page.wait_for_selector("h2#name-1")
    assert "Reading large.ics …" in page.evaluate("heard")


def test_another_page_gets_nothing(browser: Browser, page: Page, server: PageServer) -> None:
    choose(page, "work.ics", calendar_of("last-resort"))
    with served(desk_at(NOW["clear"])) as other:
        stranger = page.context.new_page()
        stranger.goto(other.start)
        asked = """async (url) => {
            const options = {method: "POST", credentials: "include", body: "{}"};
            const tries = ["no-cors", "cors"].map((mode) =>
                fetch(url + "/ask/answer", {...options, mode}).then(() => "sent", () => "refused"));
            return Promise.all(tries);
        }"""
        assert stranger.evaluate(asked, server.origin) == ["refused", "refused"]
        stranger.close()
    assert page.evaluate("document.cookie") == ""
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] == COOKIE]
    assert {(cookie["httpOnly"], cookie["sameSite"]) for cookie in kept} == {(True, "Strict")}


def test_a_window_without_the_secret_sees_nothing(browser: Browser, page: Page, server: PageServer) -> None:
    stranger = browser.new_context().new_page()
    answer = stranger.goto(server.start)
    assert answer
    assert answer.status == 403
    again = stranger.goto(server.origin)
    assert again
    assert again.status == 403
    stranger.context.close()


def test_when_the_program_cannot_be_reached_the_page_says_so(browser: Browser, server: PageServer) -> None:
    page = browser.new_context().new_page()
    page.goto(server.start)
    wait(page)
    page.context.set_offline(True)
    choose(page, "work.ics", calendar_of("clear"))
    says(page, "The program has ended")
    page.context.close()


def test_configured_calendars_are_shown_changed_and_restored(browser: Browser, tmp_path: Path) -> None:
    with served(own_desk(tmp_path, "rearrange", "dana.smith@kontor.example")) as server:
        page = browser.new_context().new_page()
        page.goto(server.start)
        page.wait_for_selector("h2#name-1")
        assert "To keep it" in page.inner_text("#answer")
        before = (tmp_path / "work.ics").read_bytes()
        page.get_by_role("button", name="Change my calendar so").click()
        page.get_by_role("button", name="Yes, change it").click()
        says(page, "^Done")
        assert (tmp_path / "work.ics").read_bytes() != before
        page.get_by_role("button", name="Take the last change back").click()
        says(page, "^Taken back")
        assert (tmp_path / "work.ics").read_bytes() == before
        page.context.close()
