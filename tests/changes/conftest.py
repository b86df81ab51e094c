"""A desk over files in memory, with a real journal and real locks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from storages import MemoryStorage

from lastresort.changes.apply import Workbench
from lastresort.changes.journal import open_journal

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 5, 1, 7, tzinfo=UTC)


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def bench(tmp_path: Path, storage: MemoryStorage) -> Workbench:
    state = str(tmp_path / "state")
    return Workbench(open_journal(state), f"{state}/locks", "Europe/Berlin", NOW, storage=storage, seconds=1)
