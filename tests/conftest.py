"""What every test may use. `agenda` reads a calendar from readable lines: `agendas.py` has the notation."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from agendas import read_agenda

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastresort.model import Agenda

settings.register_profile("house", deadline=None, max_examples=60)
settings.load_profile("house")


@pytest.fixture
def agenda(request: pytest.FixtureRequest) -> Callable[..., Agenda]:
    """Return a reader: `agenda()` reads the calendar in the test's docstring, `agenda(text)` any other."""

    def read(text: str | None = None) -> Agenda:
        return read_agenda(inspect.getdoc(request.function) or "" if text is None else text)

    return read
