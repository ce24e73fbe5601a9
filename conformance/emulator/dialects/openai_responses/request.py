"""A Responses request, read into the emulated model's own terms: with the items of the answers that it goes on from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.conversation import Conversation, Result
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.tool_calls import Tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.emulator.dialects import Memory

_MEANING = ("model", "instructions", "tools", "tool_choice", "parallel_tool_calls", "text")
_SAMPLING = ("temperature", "top_p")
_PER_ITEM = 4  # tokens that a template spends on each item
_PER_IMAGE = 85  # OpenAI's figure for an image in low detail (read 2026-11-21)
_LOGPROBS = "message.output_text.logprobs"


def read_request(body: Mapping[str, Any], memory: Memory) -> AnswerRequest | Refusal:
    """Read a request that was found sound; refuse one that goes on from an answer, or a call, that nobody knows."""
    earlier = earlier_items(body, memory)
    if isinstance(earlier, Refusal):
        return earlier
    items = [*earlier, *input_items(body)]
    # A client that runs a tool of the provider's (tool_search_call) answers it as it answers a function (recorded).
    called = {item.get("call_id") for item in items if str(item.get("type")).endswith("_call")}
    for item in items:
        if item.get("type") == "function_call_output" and item.get("call_id") not in called:
            message = f"No tool call found for function call output with call_id {item.get('call_id')}."
            return Refusal("invalid_request", message, "input")
    layout = table(table(body.get("text")).get("format"))
    limit, heat = body.get("max_output_tokens"), body.get("temperature")
    hot = heat is None or heat > 0
    names = (*_MEANING, *_SAMPLING) if hot else _MEANING
    meaning = {"input": items, **{name: body[name] for name in names if body.get(name) is not None}}
    return AnswerRequest(
        model=body["model"],
        talk=_conversation(items),
        meaning=json.dumps(meaning, sort_keys=True),
        tools=_tools(body),
        tool_mode=_mode(body.get("tool_choice")),
        parallel=body.get("parallel_tool_calls") is not False,
        form=layout.get("type", "text"),
        schema=layout.get("schema") or {"type": "object"},
        limit=None if limit is None else int(limit),
        logprobs=_LOGPROBS in (body.get("include") or ()),
        top_logprobs=int(body.get("top_logprobs") or 0),
        effort=str(table(body.get("reasoning")).get("effort") or "medium"),
        hot=hot,
        prompt_tokens=_prompt_tokens(body, items),
    )


def input_items(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a request's own input; a lone text is the user's message."""
    given = body.get("input")
    return [{"role": "user", "content": given}] if isinstance(given, str) else tables(given)


def conversation_id(body: Mapping[str, Any]) -> str | None:
    """Return the id of the conversation that a request belongs to."""
    given = body.get("conversation")
    named = given.get("id") if isinstance(given, dict) else given
    return named if isinstance(named, str) else None


def earlier_items(body: Mapping[str, Any], memory: Memory) -> list[dict[str, Any]] | Refusal:
    """Return the items that stand before a request's input: those of a conversation, or of an earlier answer."""
    known, previous = conversation_id(body), body.get("previous_response_id")
    if known is not None:
        if known not in memory:
            return Refusal("not_found", f"Conversation with id '{known}' not found.", "conversation")
        return list(memory[known]["items"])
    if previous is None:
        return []
    if previous not in memory:
        message = f"Previous response with id '{previous}' not found."
        return Refusal("invalid_request", message, "previous_response_id")
    return list(memory[previous]["items"])


def _conversation(items: Sequence[Mapping[str, Any]]) -> Conversation:
    users = [at for at, item in enumerate(items) if item.get("role") == "user"]
    last = users[-1] if users else -1
    calls = {
        item.get("call_id"): str(item.get("arguments") or "") for item in items if item.get("type") == "function_call"
    }
    results = [item for item in items[last + 1 :] if item.get("type") == "function_call_output"]
    spoken = [_text(item.get("content")) for item in items if item.get("role") == "assistant"]
    return Conversation(
        asked=_text(items[last].get("content")) if users else "",
        before=tuple(_text(items[at].get("content")) for at in users[:-1]),
        said=tuple(text for text in spoken if text),
        results=tuple(Result(calls.get(item.get("call_id"), ""), _text(item.get("output"))) for item in results),
    )


def _text(content: object) -> str:
    """Return the text of a content, or of a tool's output: itself, or the text parts of it."""
    if isinstance(content, list):
        return "".join(part["text"] for part in tables(content) if isinstance(part.get("text"), str))
    return content if isinstance(content, str) else ""


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    """Return the functions that may be called: hosted tools are not emulated."""
    functions = [tool for tool in tables(body.get("tools")) if tool.get("type") == "function"]
    choice = table(body.get("tool_choice"))
    if choice.get("type") == "allowed_tools":
        allowed = {tool.get("name") for tool in tables(choice.get("tools"))}
        functions = [tool for tool in functions if tool["name"] in allowed]
    empty = {"type": "object", "properties": {}}
    return tuple(
        Tool(tool["name"], str(tool.get("description") or ""), tool.get("parameters") or empty) for tool in functions
    )


def _mode(choice: object) -> str:
    if not isinstance(choice, dict):
        return str(choice or "auto")
    if choice.get("type") == "allowed_tools":
        return str(choice.get("mode") or "auto")
    return f"={choice.get('name')}" if choice.get("type") == "function" else "auto"


def _prompt_tokens(body: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> int:
    total = 3 + count(_text(body.get("instructions")))
    for item in items:
        images = sum(part.get("type") == "input_image" for part in tables(item.get("content")))
        texts = _text(item.get("content")) + _text(item.get("output")) + str(item.get("arguments") or "")
        total += _PER_ITEM + count(texts) + _PER_IMAGE * images
    shapes = [body[name] for name in ("tools", "text") if body.get(name)]
    return total + sum(count(json.dumps(shape)) for shape in shapes)
