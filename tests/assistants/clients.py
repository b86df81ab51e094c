"""The SDK's own client against a server in this process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio
from mcp import Client
from mcp.types import ElicitResult

from lastresort.mcp.reach import OpenCalendar, Reach
from lastresort.mcp.server import make_server
from lastresort.mcp.tools import CallContext

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path


class Answer(NamedTuple):
    """What a call gave."""

    failed: bool
    text: str
    document: Any


class Person:
    """Somebody in front of the client, who gives the same answer to every question."""

    def __init__(self, action: str = "accept", *, confirm: object = True) -> None:
        self.questions: list[str] = []
        self._answer = ElicitResult.model_validate(
            {"action": action, "content": {"confirm": confirm} if action == "accept" else None}
        )

    async def asked(self, context: object, params: Any) -> ElicitResult:
        self.questions.append(params.message)
        return self._answer


def make_desk(*sources: Path | str, now: datetime, **options: Any) -> CallContext:
    return CallContext(
        reach=Reach([OpenCalendar(str(source), str(source)) for source in sources]),
        now=lambda: now,
        options={"me": ["me@home.example"], "tz": "Europe/Berlin", **options},
    )


def talk(
    context: CallContext,
    say: Callable[[Client], Awaitable[Any]],
    *,
    changing: bool = False,
    person: Person | None = None,
    mode: str = "auto",
) -> Any:
    """Return what a conversation with the server gives."""

    async def run() -> Any:
        server = make_server(context, changing=changing)
        asked = person.asked if person else None
        async with Client(server, elicitation_callback=asked, mode=mode) as client:
            return await say(client)

    return anyio.run(run)


def call(context: CallContext, tool: str, arguments: dict[str, Any] | None = None, **how: Any) -> Answer:
    """Return what one call gives; the client checks the answer against the tool's schema."""

    async def say(client: Client) -> Answer:
        await client.list_tools()
        result = await client.call_tool(tool, arguments or {})
        (content,) = result.content
        if not result.is_error:
            assert json.loads(content.text) == result.structured_content
        return Answer(bool(result.is_error), content.text, result.structured_content)

    return talk(context, say, **how)
