"""A served page for tests: a desk whose present moment is given, on a server of this process."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lastresort.config import settle
from lastresort.config.load import settle_options
from lastresort.web.desk import Desk
from lastresort.web.server import PageServer
from servers import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from playwright.sync_api import Browser, Page

    from lastresort.config import Settings

STORIES = Path(__file__).resolve().parents[2] / "fixtures" / "stories"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = {
    "last-resort": datetime(2026, 3, 12, 11, tzinfo=BERLIN),
    "rearrange": datetime(2026, 5, 11, 9, tzinfo=BERLIN),
    "clear": datetime(2026, 5, 4, 8, tzinfo=BERLIN),
    "two-at-once": datetime(2026, 6, 8, 8, tzinfo=BERLIN),
}


def settle_in_berlin(answers: Mapping[str, Any]) -> Settings:
    return settle_options({"tz": "Europe/Berlin", **answers}, before="")


def desk_at(
    now: datetime,
    settle: Callable[[Mapping[str, Any]], Settings] = settle_in_berlin,
    calendars: tuple[str, ...] = (),
) -> Desk:
    return Desk(settle, lambda zone: now, calendars)


def calendar_of(story: str) -> bytes:
    return (STORIES / story / "calendar.ics").read_bytes()


def own_desk(folder: Path, story: str, me: str) -> Desk:
    """A desk on a configured calendar; as in life, the clock goes on between two questions."""
    (folder / "work.ics").write_bytes(calendar_of(story))
    config = folder / "config.toml"
    config.write_text(
        f'tz = "Berlin"\nwithin = 10\nstate = "{folder}/state"\n'
        f'[[calendars]]\nsource = "work.ics"\nname = "Work"\nme = ["{me}"]\n'
    )

    def own(answers: Mapping[str, Any]) -> Settings:
        return settle(answers, {}, "linux", config=str(config))

    seconds = count()
    calendars = tuple(entry.source for entry in own({}).calendars)
    return Desk(own, lambda _: NOW[story] + timedelta(seconds=next(seconds)), calendars)


@contextmanager
def served(desk: Desk) -> Iterator[PageServer]:
    with in_thread(PageServer(desk)) as server:
        yield server


# -- in a browser -------------------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def open_browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


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
