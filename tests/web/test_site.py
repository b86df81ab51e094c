"""The page that needs no server: built from the npm registry and this environment, run in a real browser."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pages import CHROMIUM, STORIES

from lastresort.cli import demo
from lastresort.cli.run import present
from lastresort.web.browser import answer
from servers import in_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
MAKER = ROOT / "src" / "lastresort" / "web" / "make_site.py"
STORY = STORIES / "last-resort" / "calendar.ics"
needs_browser = pytest.mark.skipif(
    CHROMIUM is None or shutil.which("npm") is None, reason="needs chromium and npm"
)


COMPILED = {
    "lastresort.zip": "lastresort/planning/check",
    "holidays.zip": "holidays/holiday_base",
    "runtime/python_stdlib.zip": "zoneinfo/__init__",
}
"""Of each archive a module that the first answer loads."""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("host") / "some" / "path"
    subprocess.run([sys.executable, MAKER, folder], check=True, capture_output=True, timeout=300)
    return folder


@pytest.fixture
def host(site: Path) -> Iterator[ThreadingHTTPServer]:
    """Any host of plain files, the page under a path of it."""
    with in_thread(
        ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site.parents[1]))
    ) as server:
        yield server


@needs_browser
def test_it_weighs_little_and_answers_without_asking_anybody_and_without_its_host(
    site: Path, host: ThreadingHTTPServer, browser: Browser, tmp_path: Path
) -> None:
    files = [path for path in site.rglob("*") if path.is_file()]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 10_000_000
    assert {"index.html", "page.js", "door.js", "worker.js", "tool.mjs", "offline.js"} <= {
        path.name for path in files
    }
    for archive, module in COMPILED.items():
        names = zipfile.ZipFile(site / archive).namelist()
        assert f"{module}.pyc" in names
        assert f"{module}.py" not in names

    story = tmp_path / "story.ics"
    story.write_bytes(demo.calendar(present(None, demo.ZONE)))
    here = f"http://127.0.0.1:{host.server_port}/some/path/"
    asked: list[str] = []
    told: list[str] = []
    context = browser.new_context(timezone_id="Europe/Berlin")
    context.route(re.compile(rf"^(?!{re.escape(here)}|data:|blob:)"), lambda route: route.abort())
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(here)
    page.set_input_files("#choose", story)
    page.wait_for_selector("article")
    assert "3 interviews until" in page.inner_text(".summary")
    assert "times in Berlin" in page.inner_text(".summary")
    with page.expect_download() as held:
        page.get_by_role("button", name="Hold these times").click()
    assert held.value.path().read_bytes().count(b"BEGIN:VEVENT") == 3
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    host.shutdown()
    host.server_close()
    context.set_offline(True)
    page.reload()
    page.set_input_files("#choose", story)
    page.wait_for_selector("article")
    assert "3 interviews until" in page.inner_text(".summary")
    context.close()
    assert [url for url in asked if not url.startswith((here, "data:", "blob:"))] == []
    assert told == []


class Bytes(bytes):
    """What the browser hands over."""

    def to_bytes(self) -> bytes:  # type: ignore[override]
        return bytes(self)


def test_what_the_browser_calls_gives_html_files_and_errors() -> None:
    shown = answer("add", '{"name": "work.ics"}', Bytes(STORY.read_bytes()))  # type: ignore[arg-type]
    assert "18 events read" in shown["html"]
    assert answer("nonsense", "{}", Bytes()) == {"error": "nobody asked that"}  # type: ignore[arg-type]
    broken = answer("answer", "[", Bytes())  # type: ignore[arg-type]
    assert "JSONDecodeError" in broken["error"]
