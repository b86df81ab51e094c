"""Keep the job interview: rearrange everything else first, and ask to move it only as the last resort.

`lastresort.check`, `propose`, `weigh`, `agenda`, `conflicts`, `interviews` and `message` are the jobs of the
command line for programs, `plan_changes` with `apply`, and `last_change` with `undo`, what changes calendars;
`lastresort.api` describes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lastresort.api import (
        Document,
        Given,
        Options,
        agenda,
        apply,
        check,
        conflicts,
        interviews,
        last_change,
        message,
        plan_changes,
        propose,
        undo,
        weigh,
    )

__version__ = "0.2.0"
__all__ = [
    "Document",
    "Given",
    "Options",
    "agenda",
    "apply",
    "check",
    "conflicts",
    "interviews",
    "last_change",
    "message",
    "plan_changes",
    "propose",
    "undo",
    "weigh",
]


def __getattr__(name: str) -> Any:
    """Load the jobs when one is named: the command line starts without them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lastresort import api

    return getattr(api, name)
