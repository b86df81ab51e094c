"""The page in a real browser: what a person does there, and what a stranger tries."""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
from pages import NOW, calendar_of, desk_at, served

from lastresort.config import settle
from lastresort.web.server import COOKIE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from lastresort.web.server import PageServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (apt-get install chromium)")
HOSTILE = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


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


def choose(page: Page, name: str, data: bytes) -> None:
    page.set_input_files("#choose", {"name": name, "mimeType": "text/calendar", "buffer": data})
    wait(page)


def wait(page: Page) -> None:
    """Wait until the page has answered: it says at once that it is working."""
    from playwright.sync_api import expect

    expect(page.locator("body[aria-busy]")).to_have_count(0, timeout=60_000)
    expect(page.locator("#says")).not_to_have_text(re.compile("…$"), timeout=60_000)


def says(page: Page, text: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#says")).to_have_text(re.compile(text), timeout=60_000)


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
    assert page.inner_text("#says") == "2 times understood, 2 can be kept."
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


def test_it_works_by_keyboard_alone(page: Page) -> None:
    choose(page, "work.ics", calendar_of("last-resort"))
    page.get_by_role("button", name="This can move").first.focus()
    page.keyboard.press("Enter")
    wait(page)
    assert "Can move" in page.inner_text(".summary")
    page.locator("details summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None


@pytest.mark.parametrize("story", ["last-resort", "rearrange", "two-at-once"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, story: str, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with served(desk_at(NOW[story])) as server:
        context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        page.goto(server.start)
        choose(page, "work.ics", calendar_of(story))
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()


def test_nothing_of_a_calendar_is_carried_out(page: Page) -> None:
    text = calendar_of("last-resort").decode()
    for name in ("SUMMARY:", "LOCATION:", "DESCRIPTION:"):
        text = text.replace(name, f"{name}{HOSTILE}")
    choose(page, f"{HOSTILE}.ics", text.encode())
    assert page.title() == "lastresort: keep the interview"
    assert page.locator("#answer img, #answer script").count() == 0
    assert "<img" in page.inner_text("#answer")


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
    (tmp_path / "work.ics").write_bytes(calendar_of("rearrange"))
    config = tmp_path / "config.toml"
    config.write_text('tz = "Berlin"\n[[calendars]]\nsource = "work.ics"\nname = "Work"\n')

    def own(answers):
        return settle(answers, {**os.environ, "XDG_STATE_HOME": str(tmp_path)}, "linux", config=str(config))

    calendars = tuple(entry.source for entry in own({}).calendars)
    with served(desk_at(NOW["rearrange"], own, calendars)) as server:
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
