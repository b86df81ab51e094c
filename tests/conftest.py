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

HERE = Path(__file__).parent

SLOW = (
    "changes/", "contract/", "docs/", "goldens/", "properties/", "sources/", "trust/", "cli/test_apply",
    "cli/test_caldav", "cli/test_completion", "cli/test_cron", "cli/test_ending", "cli/test_episodes",
    "cli/test_hold", "cli/test_message", "cli/test_numbers", "cli/test_rounds", "cli/test_written_files",
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

UNMEASURED = ("properties/", "trust/test_hostile", "trust/test_mutants", "trust/test_strangers_feed")
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


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the slow files unread where nothing of them would run: to read them all takes ten seconds."""
    leaves_them_out = config.option.markexpr == "not slow" and collection_path.suffix == ".py"
    return True if leaves_them_out and is_slow(collection_path) else None


def is_slow(path: Path) -> bool:
    """Return whether a whole file of tests is slow."""
    return path.relative_to(HERE).as_posix().startswith(SLOW)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long, so that the quick loop stays under half a minute, and what is not measured."""
    for item in items:
        if is_slow(item.path):
            item.add_marker(pytest.mark.slow)
        if item.path.relative_to(HERE).as_posix().startswith(UNMEASURED):
            item.add_marker(pytest.mark.no_cover)
