"""The server: the protocol's questions answered by the tools, one at a time.

A change is made in two steps. The call says what would change, and the program that runs the assistant puts
it to the person; only their yes carries it out, just as it was shown. Clients of the protocol from 2026-07-28
on are asked in the answer to the call, and call again; older ones are asked while the call waits.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio
from anyio import to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolResult,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    GetPromptResult,
    InputRequiredResult,
    ListPromptsResult,
    ListResourcesResult,
    ListToolsResult,
    Prompt,
    PromptArgument,
    PromptMessage,
    ReadResourceResult,
    Resource,
    TextContent,
    TextResourceContents,
    ToolAnnotations,
)
from mcp.types import Tool as ListedTool
from mcp.types.version import is_version_at_least

from lastresort import __version__, api
from lastresort.errors import LastResortError, RefusedError
from lastresort.mcp.tools import PRIVATE, TOOLS, UNTRUSTED, WORDS, last_change, plan_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mcp.server.context import ServerRequestContext
    from mcp.types import (
        CallToolRequestParams,
        GetPromptRequestParams,
        PaginatedRequestParams,
        ReadResourceRequestParams,
    )

    from lastresort.mcp.tools import CallContext, Tool

ASKED_IN_ANSWERS = "2026-07-28"
"""The first version of the protocol in which a person is asked by the answer to a call."""
WAITING = 20
"""Questions that wait for an answer; older ones are forgotten."""
SHOWN = 20
"""Changes that a question lists."""

INSTRUCTIONS = (
    "lastresort protects job interviews: it finds what clashes with them and how to rearrange everything "
    "else; asking the employer to move an interview is the last resort. Call check_interviews first. Show "
    "people the plan or the draft and let them decide: nothing is ever sent by this server, and they send "
    f"drafts themselves. {PRIVATE} {UNTRUSTED}"
)
READ_ONLY = "This server was started read-only, so this tool is refused: 'lastresort mcp --allow-changes'."
NOBODY = (
    "a person has to say yes to this, and this program cannot ask one (it offers no elicitation); nothing "
    "was changed: the person can run 'lastresort apply' or 'lastresort undo' on a terminal"
)
DECLINED = "the person did not say yes; nothing was changed"

_SCHEME = "lastresort://"
_JSON = "application/json"
_KEY = "confirmation"
_YES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "confirm": {"type": "boolean", "title": "Yes, change the calendar", "default": False},
    },
    "required": ["confirm"],
}

PROMPT = Prompt(
    name="keep_my_interviews",
    title="Keep my interviews",
    description="Check the coming interviews, and go through what to do about each.",
    arguments=[PromptArgument(name="interview", description="Words of the title of one interview.")],
)


class _Question(NamedTuple):
    """A change that waits for a yes."""

    tool: str
    words: tuple[str, ...]
    """What would be done, a line each."""
    act: Callable[[], dict[str, Any]]
    """Does it, and gives the answer."""


class Assistant:
    """The answers to one client."""

    def __init__(self, context: CallContext, *, changing: bool = False) -> None:
        self._context = context
        self._changing = changing
        self._tools = {tool.name: tool for tool in TOOLS}
        self._asked: OrderedDict[str, _Question] = OrderedDict()
        self._turn = anyio.Lock()

    # -- what there is

    async def list_tools(
        self,
        ctx: ServerRequestContext[Any],
        params: PaginatedRequestParams | None,
    ) -> ListToolsResult:
        """Return all tools; those that change something say when they are refused."""
        return ListToolsResult(tools=[self._listed(tool) for tool in self._tools.values()])

    def _listed(self, tool: Tool) -> ListedTool:
        refused = tool.changes and not self._changing
        return ListedTool(
            name=tool.name,
            title=tool.title,
            description=" ".join((tool.says, UNTRUSTED, *([READ_ONLY] if refused else []))),
            input_schema=tool.input_schema,
            output_schema=dict(tool.gives),
            annotations=ToolAnnotations(
                read_only_hint=not tool.changes,
                destructive_hint=tool.changes,
                idempotent_hint=not tool.changes,
                open_world_hint=False,
            ),
        )

    async def list_resources(
        self,
        ctx: ServerRequestContext[Any],
        params: PaginatedRequestParams | None,
    ) -> ListResourcesResult:
        """Return the calendars, the rules and the schemas as resources."""
        listed = [
            ("calendars", "The calendars that may be read, by name"),
            ("rules", "The rules of advice, with the reason of each"),
            *((f"schema/{name}", f"JSON Schema of the document '{name}'") for name in api.DOCUMENTS),
        ]
        return ListResourcesResult(
            resources=[
                Resource(uri=_SCHEME + path, name=path, description=says, mime_type=_JSON)
                for path, says in listed
            ]
        )

    async def read_resource(
        self,
        ctx: ServerRequestContext[Any],
        params: ReadResourceRequestParams,
    ) -> ReadResourceResult:
        """Return one of the resources. Raises MCPError for any other."""
        kind, _, name = params.uri.removeprefix(_SCHEME).partition("/")
        match kind, name:
            case "calendars", "":
                document: Any = {"calendars": [one.name for one in self._context.reach.calendars]}
            case "rules", "":
                document = api.rules()
            case "schema", name if name in api.DOCUMENTS:
                document = api.schema(name)
            case _:
                raise MCPError(code=INVALID_PARAMS, message="there is no such resource")
        text = json.dumps(document, indent=1)
        return ReadResourceResult(contents=[TextResourceContents(uri=params.uri, mime_type=_JSON, text=text)])

    async def list_prompts(
        self,
        ctx: ServerRequestContext[Any],
        params: PaginatedRequestParams | None,
    ) -> ListPromptsResult:
        """Return the one prompt."""
        return ListPromptsResult(prompts=[PROMPT])

    async def get_prompt(
        self,
        ctx: ServerRequestContext[Any],
        params: GetPromptRequestParams,
    ) -> GetPromptResult:
        """Return the prompt, about one interview where one is named. Raises MCPError for any other."""
        if params.name != PROMPT.name:
            raise MCPError(code=INVALID_PARAMS, message="there is no such prompt")
        named = (params.arguments or {}).get("interview", "").strip()[:WORDS]
        which = f"the interview {json.dumps(named)}" if named else "my interviews of the next two weeks"
        text = (
            f"Check {which} with check_interviews. Tell me first whether anything could not be read. For "
            "each interview that something clashes with, show the plan with who has to agree to each "
            "change. Only where there is no plan, show me the times to offer and the draft, and ask me "
            f"before anything is changed or sent. {PRIVATE} {UNTRUSTED}"
        )
        return GetPromptResult(
            messages=[PromptMessage(role="user", content=TextContent(type="text", text=text))]
        )

    # -- what is asked

    async def call_tool(
        self, ctx: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult:
        """Return the answer of a tool, an error in one line, or the question that a person has to answer."""
        tool, arguments = self._tools.get(params.name), params.arguments or {}
        if tool is None:
            raise MCPError(code=INVALID_PARAMS, message="there is no such tool")
        try:
            tool.check(arguments)
            if tool.work is not None:
                return _answer(await self._run(tool.work, self._context, arguments))
            return await self._change(tool, arguments, ctx, params)
        except LastResortError as error:
            return _refusal(str(error))
        except MCPError:
            raise
        except Exception as error:  # noqa: BLE001 (its text may hold what a calendar says)
            return _refusal(f"something inside broke ({type(error).__name__}, version {__version__})")

    async def _run(self, work: Callable[..., Any], *values: Any) -> Any:
        """Do one thing after the other, beside the loop that reads what the client says meanwhile."""
        async with self._turn:
            return await to_thread.run_sync(work, *values)

    # -- what changes something

    async def _change(
        self,
        tool: Tool,
        arguments: Mapping[str, Any],
        ctx: ServerRequestContext[Any],
        params: CallToolRequestParams,
    ) -> CallToolResult | InputRequiredResult:
        """Ask the person whether to change the calendar, or act on what they answered to such a question."""
        if not self._changing:
            raise RefusedError(READ_ONLY)
        if not _can_ask(ctx):
            raise RefusedError(NOBODY)
        if params.request_state is not None:
            return await self._carry_on(tool, params)
        question = await self._run(self._prepare, tool, arguments)
        request = ElicitRequestFormParams(message=_form_text(question), requested_schema=_YES)
        if is_version_at_least(ctx.protocol_version, ASKED_IN_ANSWERS):
            token = secrets.token_urlsafe(16)
            self._asked[token] = question
            while len(self._asked) > WAITING:
                self._asked.popitem(last=False)
            return InputRequiredResult(
                input_requests={_KEY: ElicitRequest(params=request)}, request_state=token
            )
        try:
            told = await ctx.session.elicit_form(request.message, _YES, ctx.request_id)
        except MCPError:
            raise RefusedError(NOBODY) from None
        return await self._act_on(question, told)

    def _prepare(self, tool: Tool, arguments: Mapping[str, Any]) -> _Question:
        """Return the question to put to a person. Raises RefusedError when nothing can be written."""
        if tool.name == "undo":
            found = last_change(self._context, arguments)
            return _Question(tool.name, found.words, lambda: api.undo(found).document)
        planned = plan_changes(self._context, arguments)
        if not planned.changes:
            raise RefusedError(
                "nothing of this plan can be written here: plan_changes says what is left to others, and "
                "what can only be imported"
            )
        return _Question(tool.name, planned.words, lambda: api.apply(planned).document)

    async def _carry_on(self, tool: Tool, params: CallToolRequestParams) -> CallToolResult:
        """Return the answer to a call that comes again with what the person said; a question is good once."""
        question = self._asked.pop(params.request_state or "", None)
        if question is None or question.tool != tool.name:
            raise RefusedError("this question was not asked, or was answered already; nothing was changed")
        return await self._act_on(question, (params.input_responses or {}).get(_KEY))

    async def _act_on(self, question: _Question, told: object) -> CallToolResult:
        """Do what was asked about if the person said yes. Raises RefusedError for all else."""
        said = told.content or {} if isinstance(told, ElicitResult) and told.action == "accept" else {}
        if said.get("confirm") is not True:
            raise RefusedError(DECLINED)
        return _answer(await self._run(question.act))


def _can_ask(ctx: ServerRequestContext[Any]) -> bool:
    """Tell whether the client puts forms to a person; naming neither form nor address means forms."""
    can = ctx.session.client_capabilities
    asks = can.elicitation if can else None
    return asks is not None and (asks.form is not None or asks.url is None)


def _form_text(question: _Question) -> str:
    """Return the question as a person reads it; titles of events stand in it."""
    rows = [f"- {words}" for words in question.words[:SHOWN]]
    if len(question.words) > SHOWN:
        rows.append(f"- and {len(question.words) - SHOWN} more")
    head = "Take this change of your calendar back?" if question.tool == "undo" else "Change your calendar?"
    return "\n".join([head, *rows])


def _answer(document: dict[str, Any]) -> CallToolResult:
    text = json.dumps(document, allow_nan=False, ensure_ascii=False)
    plain = json.loads(text)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=plain)


def _refusal(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def make_server(context: CallContext, *, changing: bool = False) -> Server[dict[str, Any]]:
    """Return the server that answers about these calendars; with `changing` it may change them as well."""
    assistant = Assistant(context, changing=changing)
    return Server(
        "lastresort",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=assistant.list_tools,
        on_call_tool=assistant.call_tool,
        on_list_resources=assistant.list_resources,
        on_read_resource=assistant.read_resource,
        on_list_prompts=assistant.list_prompts,
        on_get_prompt=assistant.get_prompt,
    )


def serve(context: CallContext, *, changing: bool = False) -> None:
    """Answer on standard input and output until the client goes."""
    logging.getLogger("mcp").disabled = True
    for name in list(logging.Logger.manager.loggerDict):
        if name.startswith("mcp."):
            logging.getLogger(name).disabled = True
    anyio.run(_serve, make_server(context, changing=changing))


async def _serve(server: Server[dict[str, Any]]) -> None:
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
