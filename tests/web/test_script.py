"""The script of the page by itself: a door that answers what a test says takes the program's place."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING

import pytest
from pages import CHROMIUM, says, wait

from lastresort.web.server import PAGE, asset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (apt-get install chromium)")
ADDRESS = "http://page.example"
DOOR = """
export const starting = "Starting …";
window.asked = [];
window.replies = {};
export async function ask(what, values = {}, data = null) {
  asked.push(data ? `${what} ${values.name} ${data.byteLength}` : `${what} ${Object.values(values)}`.trim());
  await new Promise((resolve) => setTimeout(resolve, 20));
  asked.push(`${what} is answered`);
  if (replies[what] === null) throw new Error("The program has ended.");
  return { html: replies[what] ?? "", says: "" };
}
"""
FILES = [
    {"name": name, "mimeType": "text/calendar", "buffer": data} for name, data in (("a", b"1"), ("b", b"22"))
]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    shown = context.new_page()
    context.route("**/*", answer_file)
    shown.goto(f"{ADDRESS}/")
    wait(shown)
    yield shown
    context.close()


def answer_file(route: Route) -> None:
    path = route.request.url.removeprefix(ADDRESS)
    if path == "/door.js":
        route.fulfill(body=DOOR, content_type="text/javascript")
        return
    package, name, kind = PAGE[path]
    assert mimetypes.guess_type(name)[0] == kind
    route.fulfill(body=asset(package, name), content_type=kind)


def reply(page: Page, what: str, html: str | None) -> None:
    """Give the door what it answers; `None` is an error."""
    page.evaluate("([what, html]) => { replies[what] = html; }", [what, html])


def put(page: Page, html: str) -> None:
    page.evaluate("html => { document.getElementById('answer').innerHTML = html; }", html)


def test_files_are_handed_over_one_after_the_other(page: Page) -> None:
    page.set_input_files("#choose", FILES)
    wait(page)
    assert page.evaluate("asked.slice(2)") == ["add a 1", "add is answered", "add b 2", "add is answered"]
    assert page.evaluate("document.getElementById('choose').files.length") == 0, (
        "the same can be chosen again"
    )


def test_files_can_be_dropped_anywhere(page: Page) -> None:
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["123"], "dropped.zip"));
            for (const name of ["dragenter", "dragover", "drop"]) {
                document.querySelector("footer").dispatchEvent(
                    new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
            }
        }"""
    )
    says(page, "^$")
    assert "add dropped.zip 3" in page.evaluate("asked")
    assert "over" not in (page.get_attribute("#drop", "class") or "").split()


def test_what_was_open_stays_open_and_the_keyboard_where_it_was(page: Page) -> None:
    html = (
        "<details><summary>Why</summary>because</details><details><summary>Or</summary>else</details>"
        "<form data-form='tell' data-field='tz'><input name='value'></form>"
        "<form data-form='tell' data-field='me'><input name='value'></form>"
    )
    reply(page, "tell", html)
    put(page, html)
    page.locator("summary", has_text="Or").click()
    field = page.locator("[data-field='me'] input")
    field.fill("ann@example.org")
    field.press("Enter")
    wait(page)
    assert "tell me,ann@example.org" in page.evaluate("asked")
    assert page.locator("details[open] summary").all_inner_texts() == ["Or"]
    assert page.evaluate("document.activeElement.form.dataset.field") == "me"


def test_the_keyboard_goes_to_what_is_marked(page: Page) -> None:
    put(page, "<button type='button' data-ask='plan'>Change it</button>")
    reply(page, "plan", "<section data-focus tabindex='-1'>Sure?</section>")
    page.get_by_role("button", name="Change it").click()
    wait(page)
    assert page.evaluate("document.activeElement.textContent") == "Sure?"


def test_what_goes_wrong_is_said_and_the_next_thing_is_done(page: Page) -> None:
    put(page, "<button type='button' data-ask='free'>Free</button>")
    reply(page, "free", None)
    page.get_by_role("button", name="Free").click()
    says(page, "^The program has ended.$")
    assert page.locator("#says").is_visible()
    reply(page, "free", "<p>Monday</p>")
    page.get_by_role("button", name="Free").click()
    page.wait_for_selector("text=Monday")


def test_a_piece_is_put_into_its_place(page: Page) -> None:
    form = "<form data-form='free' data-into='freed'><button>Look</button></form>"
    put(page, f"<p>answer</p>{form}<div id='freed'></div>")
    reply(page, "free", "<p>Monday</p>")
    page.get_by_role("button", name="Look").click()
    page.wait_for_selector("#freed >> text=Monday")
    assert page.locator("text=answer").count() == 1


def test_a_text_that_cannot_be_copied_is_selected(page: Page) -> None:
    put(page, "<pre id='letter'>Dear Ann</pre><button type='button' data-copy='letter'>Copy</button>")
    page.get_by_role("button", name="Copy").click()
    says(page, "copy it with Ctrl")
    assert page.evaluate("getSelection().toString()") == "Dear Ann"


def test_a_short_message_goes_by_itself_and_is_still_there_to_be_read_out(page: Page) -> None:
    page.clock.install()
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: { writeText: async () => {} } })")
    put(page, "<pre id='letter'>Dear Ann</pre><button type='button' data-copy='letter'>Copy</button>")
    page.get_by_role("button", name="Copy").click()
    says(page, "^Copied.$")
    assert page.locator("#says.hidden").count() == 0
    page.clock.fast_forward(7000)
    assert page.locator("#says.hidden").inner_text() == "Copied."
