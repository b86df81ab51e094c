"""One browser for each module that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pages import open_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as running:
        yield running
