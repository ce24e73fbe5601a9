"""Requests of generateContent, composed from what is asked, and the contents that go back after a reply.

Source: https://ai.google.dev/api/generate-content, /api/caching#Content and /gemini-api/docs/thinking (read 2026-11-28), google-genai 3.4.0
types.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from conformance.wire.dialects.ask import Call, Composed, NotSayable, unsayable
from conformance.wire.dialects.gemini.candidates import answered_parts
from conformance.wire.dialects.gemini.parts import as_object, content_of, response_of
from conformance.wire.dialects.gemini.words import MODES
from conformance.wire.dialects.histories import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.dialects.ask import Ask, Format, Tool, ToolChoice
    from conformance.wire.dialects.reply import Reply, ToolCall
    from conformance.wire.exchange import Request

LIMITS = ("generationConfig.maxOutputTokens",)
#: Fields whose member of generationConfig holds the value itself.
_PLAIN: Final = {
    "n": "candidateCount",
    "logprobs": "responseLogprobs",
    "top_logprobs": "logprobs",
    "top_p": "topP",
    "temperature": "temperature",
    "seed": "seed",
}
_WORDS = frozenset(
    {*_PLAIN, "turns", "tools", "tool_choice", "format", "stream", "include_usage", "stop", "reasoning", "max_tokens"}
)
#: The efforts that thinkingLevel takes, from Gemini 3 on.
_LEVELS: Final = {"minimal", "low", "medium", "high"}
#: Placeholders that stand in paths as they are.
_SAFE: Final = "/:@{}"


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:
    """Write a request. The model and the stream stand in its path; usage always comes. There is no word for parallel calls.

    Args:
        ask: what is asked.
        model: the target's; None leaves its place open.
        refused: parameters that the target does not take.
    """
    name = quote(ask.model or model or "{model}", safe=_SAFE)
    if ask.operation != "chat":
        return Composed("GET", "models" if ask.operation == "models" else f"models/{name}", None)
    reason = _beyond(ask)
    if reason is not None:
        return reason
    body: dict[str, Any] = {}
    for field in ask.members():
        for member, value in _member(ask, field, refused).items():
            body[member] = {**body[member], **value} if member in body else value
    return Composed("POST", f"models/{name}:{_method(ask)}", body)


def history(request: Request) -> list[Any]:
    """Return the contents of a request; the system instruction is none of them."""
    return listed(request, "contents")


def carry_on(history: Sequence[Any], reply: Reply | None, results: Sequence[tuple[ToolCall, str]] = ()) -> list[Any]:
    """Return the contents after a reply: its parts as they came, signatures among them, and one content with a result a call."""
    answered = [{"role": "model", "parts": answered_parts(reply)}] if reply is not None else []
    parts = [response_of(call.id, call.name, content) for call, content in results]
    return [*history, *answered, *([{"role": "user", "parts": parts}] if parts else ())]


def _method(ask: Ask) -> str:
    return "streamGenerateContent?alt=sse" if ask.stream else "generateContent"


def _beyond(ask: Ask) -> NotSayable | None:
    """Return why an ask cannot be said; None where it can."""
    if ask.reasoning not in {None, "none", *_LEVELS}:
        return NotSayable(f"has no level of thinking for the effort {ask.reasoning}")
    calls = (part for turn in ask.turns for part in turn.parts if isinstance(part, Call))
    if any(as_object(call.arguments) is None for call in calls):
        return NotSayable("sends a call's arguments as an object, which these are not")
    return unsayable(ask, _WORDS)


def _member(ask: Ask, field: str, refused: frozenset[str]) -> dict[str, Any]:
    value = getattr(ask, field)
    if field == "turns":
        names = {part.id: part.name for turn in ask.turns for part in turn.parts if isinstance(part, Call)}
        system = {} if ask.system is None else {"systemInstruction": {"parts": [{"text": ask.system}]}}
        return system | {"contents": [*ask.history, *(content_of(turn, names) for turn in ask.turns)]}
    if field == "tools":
        return {"tools": [{"functionDeclarations": [_declaration(tool) for tool in value]}]}
    if field == "tool_choice":
        return {"toolConfig": {"functionCallingConfig": _calling(value)}}
    if field in {"stream", "include_usage"}:
        return {}
    config = _config(ask, field, refused)
    return {"generationConfig": config} if config else {}


def _config(ask: Ask, field: str, refused: frozenset[str]) -> dict[str, Any]:
    value = getattr(ask, field)
    if field == "format":
        return _form(value)
    if field == "stop":
        return {"stopSequences": list(value)}
    if field == "reasoning":
        thinking = {"thinkingBudget": 0} if value == "none" else {"thinkingLevel": value, "includeThoughts": True}
        return {"thinkingConfig": thinking}
    if field == "max_tokens":
        return {limit.partition(".")[2]: value for limit in LIMITS if limit not in refused}
    return {_PLAIN[field]: value}


def _form(value: Format) -> dict[str, Any]:
    if value.kind == "text":
        return {"responseMimeType": "text/plain"}
    schema = {"responseJsonSchema": value.schema} if value.kind == "json_schema" else {}
    return {"responseMimeType": "application/json", **schema}


def _calling(choice: ToolChoice) -> dict[str, Any]:
    named = {"allowedFunctionNames": [choice.name]} if choice.mode == "named" else {}
    return {"mode": MODES[choice.mode], **named}


def _declaration(tool: Tool) -> dict[str, Any]:
    """Return a function's declaration. `parametersJsonSchema` takes JSON Schema; `parameters` takes Google's subset of OpenAPI."""
    described = {} if tool.description is None else {"description": tool.description}
    schema = {} if tool.parameters is None else {"parametersJsonSchema": tool.parameters}
    return {"name": tool.name, **described, **schema}
