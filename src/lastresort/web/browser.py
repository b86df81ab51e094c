"""The desk of the page that stands alone: Python runs in the browser, and the page calls it directly."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Protocol

from lastresort.config.load import settle_options
from lastresort.errors import LastResortError
from lastresort.web.desk import Desk, Saved


class Buffer(Protocol):
    """What the browser hands over: an array of bytes."""

    def to_bytes(self) -> bytes:
        """Return a copy of the bytes."""


def answer(what: str, values: str, data: Buffer) -> dict[str, Any]:
    """Answer one question of the page: its HTML and words, a file to be saved, or an error."""
    try:
        reply = _desk().ask(what, json.loads(values), data.to_bytes())
    except LastResortError as error:
        return {"error": str(error)}
    except Exception as error:  # noqa: BLE001 (its text may hold what a calendar says)
        return {"error": f"Something inside broke ({type(error).__name__}): please report it."}
    if isinstance(reply, Saved):
        return {"name": reply.name, "content": reply.content, "kind": reply.kind}
    return {"html": reply.html, "says": reply.says}


@cache
def _desk() -> Desk:
    return Desk(partial(settle_options, before=""), _now)


def _now(zone: str) -> datetime:
    del zone  # the clock is the same everywhere
    return datetime.now(UTC)  # noqa: TID251 (the page is where the clock is asked)
