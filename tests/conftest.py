"""What every test may use. `agenda` reads a calendar from readable lines: `agendas.py` has the notation."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from agendas import read_agenda

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastresort.model import Agenda

SLOW = (
    "changes/", "contract/", "docs/", "goldens/", "properties/", "sources/", "trust/", "cli/test_apply",
    "cli/test_caldav", "cli/test_cron", "cli/test_ending", "cli/test_hold", "cli/test_message",
    "cli/test_move", "cli/test_new_only", "cli/test_notify", "cli/test_remembered",
    "cli/test_report_problem", "cli/test_requests", "cli/test_settle", "cli/test_sources",
    "cli/test_undo", "cli/test_usage", "cron/", "cli/test_config_command", "cli/test_explain",
    "cli/test_each", "test_api", "web/", "assistants/",
    "cli/test_invocation", "history/test_store", "ics/test_editor", "ics/test_fast_path",
    "ics/test_itip", "ics/test_vtimezone", "messages/test_discretion", "outputs/",
    "planning/test_rearrange", "planning/test_slots", "planning/test_solver", "planning/test_weigh",
    "test_codec", "test_rearranging_set", "times/test_zone_mentions",
)  # fmt: skip
"""Files of whole runs, oracles, servers and hostile input: `make quick` leaves them out."""

UNMEASURED = ("properties/", "trust/")
"""Files of oracles and hostile input: they run the same lines a million times, longer when measured."""

settings.register_profile("house", deadline=None, max_examples=60)
settings.register_profile("long", deadline=None, max_examples=5000)  # --hypothesis-profile long
settings.load_profile("house")


@pytest.fixture
def agenda(request: pytest.FixtureRequest) -> Callable[..., Agenda]:
    """Return a reader: `agenda()` reads the calendar in the test's docstring, `agenda(text)` any other."""

    def read(text: str | None = None) -> Agenda:
        return read_agenda(inspect.getdoc(request.function) or "" if text is None else text)

    return read


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long, so that the quick loop stays under half a minute, and what is not measured."""
    for item in items:
        place = item.path.relative_to(Path(__file__).parent).as_posix()
        if place.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
        if place.startswith(UNMEASURED):
            item.add_marker(pytest.mark.no_cover)
