"""What an interview is, and everything that is read from one: role, company, people, mode, zone."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    """`lastresort.interviews` is this room to Python and a job to programs, so the room can be called."""

    def __call__(self, *sources: Any, **options: Any) -> Any:
        from lastresort.api import interviews

        return interviews(*sources, **options)


sys.modules[__name__].__class__ = _Room
