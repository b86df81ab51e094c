"""A served page for tests: a desk whose present moment is given, on a server of this process."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lastresort.config.load import settle_options
from lastresort.web.desk import Desk
from lastresort.web.server import PageServer
from servers import in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

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
    return settle_options({"tz": "Europe/Berlin", **answers})


def desk_at(
    now: datetime,
    settle: Callable[[Mapping[str, Any]], Settings] = settle_in_berlin,
    calendars: tuple[str, ...] = (),
) -> Desk:
    return Desk(settle, lambda zone: now, calendars)


def calendar_of(story: str) -> bytes:
    return (STORIES / story / "calendar.ics").read_bytes()


@contextmanager
def served(desk: Desk) -> Iterator[PageServer]:
    with in_thread(PageServer(desk)) as server:
        yield server
