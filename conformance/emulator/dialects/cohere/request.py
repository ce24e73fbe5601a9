"""A request of Cohere's v2 Chat, read into the emulated model's own terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.conversation import Conversation, Result
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.tool_calls import Tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.emulator.dialects import Memory

_MEANING: Final = ("model", "messages", "tools", "tool_choice", "documents", "response_format", "thinking")
_SAMPLING: Final = ("temperature", "p", "k", "seed", "frequency_penalty", "presence_penalty")
_PER_MESSAGE = 4  # tokens that a template spends on each message
_PER_IMAGE = 256
_MODES: Final = {"REQUIRED": "required", "NONE": "none"}
#: Tokens of a budget up to which thinking is of an effort.
_EFFORTS: Final = ((512, "low"), (2048, "medium"))
_NO_PARAMETERS: Final[Mapping[str, Any]] = {"type": "object", "properties": {}}


def read_request(body: Mapping[str, Any], memory: Memory) -> AnswerRequest | Refusal:  # noqa: ARG001 - nothing is kept
    """Read a request that was found sound; refuse one whose members do not go together."""
    layout, thinking = table(body.get("response_format")), table(body.get("thinking"))
    form = "json_object" if layout.get("type") == "json_object" else "text"
    schema = layout.get("json_schema") or layout.get("schema")
    beside = next((name for name in ("tools", "documents") if body.get(name)), None)
    if form != "text" and beside is not None:
        return Refusal("bad_parameter", f"response_format is not supported with {beside}", "response_format")
    orphan = _orphan(tables(body["messages"]))
    if orphan is not None:
        return Refusal("invalid_request", f"tool call id not found in previous tool calls: {orphan}", "messages")
    heat = body.get("temperature")
    hot = heat is None or heat > 0
    names = (*_MEANING, *_SAMPLING) if hot else _MEANING
    limit = body.get("max_tokens")
    return AnswerRequest(
        model=body["model"],
        talk=_conversation(tables(body["messages"])),
        meaning=json.dumps({name: body[name] for name in names if body.get(name) is not None}, sort_keys=True),
        tools=tuple(_tools(body)),
        tool_mode=_MODES.get(str(body.get("tool_choice")), "auto"),
        form="json_schema" if form != "text" and schema else "json_object" if form != "text" else "text",
        schema=schema or {"type": "object"},
        stop=tuple(body.get("stop_sequences") or ()),
        limit=int(limit) if limit else None,
        logprobs=body.get("logprobs") is True,
        effort=_effort(thinking),
        thinks={"enabled": True, "disabled": False}.get(str(thinking.get("type"))),
        hot=hot,
        prompt_tokens=_prompt_tokens(body),
    )


def text_of(message: Mapping[str, Any]) -> str:
    """Return a message's text: its content, or the text blocks of it."""
    content = message.get("content")
    if isinstance(content, list):
        return "".join(block["text"] for block in tables(content) if isinstance(block.get("text"), str))
    return content if isinstance(content, str) else ""


def _conversation(messages: Sequence[Mapping[str, Any]]) -> Conversation:
    users = [at for at, message in enumerate(messages) if message.get("role") == "user"]
    last = users[-1] if users else -1
    calls = {
        call.get("id"): str(table(call.get("function")).get("arguments", ""))
        for message in messages
        for call in tables(message.get("tool_calls"))
    }
    return Conversation(
        asked=text_of(messages[last]) if users else "",
        before=tuple(text_of(messages[at]) for at in users[:-1]),
        said=tuple(text_of(message) for message in messages if message.get("role") == "assistant" and text_of(message)),
        results=tuple(
            Result(calls.get(message.get("tool_call_id"), ""), text_of(message))
            for message in messages[last + 1 :]
            if message.get("role") == "tool"
        ),
    )


def _orphan(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the id of a result that answers no call of an earlier message; None where each does."""
    calls = set[object]()
    for message in messages:
        if message.get("role") == "tool" and message.get("tool_call_id") not in calls:
            return str(message.get("tool_call_id"))
        calls |= {call.get("id") for call in tables(message.get("tool_calls"))}
    return None


def _tools(body: Mapping[str, Any]) -> list[Tool]:
    functions = [table(tool.get("function")) for tool in tables(body.get("tools"))]
    return [
        Tool(
            str(function["name"]), str(function.get("description") or ""), function.get("parameters") or _NO_PARAMETERS
        )
        for function in functions
    ]


def _effort(thinking: Mapping[str, Any]) -> str:
    """Return the effort of a budget; medium without one."""
    budget = thinking.get("token_budget")
    if not isinstance(budget, int):
        return "medium"
    return next((effort for most, effort in _EFFORTS if budget <= most), "high")


def _prompt_tokens(body: Mapping[str, Any]) -> int:
    """Estimate the tokens of a request."""
    total = 3
    for message in tables(body["messages"]):
        blocks = tables(message.get("content")) if isinstance(message.get("content"), list) else []
        images = sum(block.get("type") == "image_url" for block in blocks)
        total += _PER_MESSAGE + count(text_of(message)) + _PER_IMAGE * images
        total += sum(count(json.dumps(call.get("function"))) for call in tables(message.get("tool_calls")))
    shapes = [body[name] for name in ("tools", "response_format", "documents") if body.get(name)]
    return total + sum(count(json.dumps(shape)) for shape in shapes)
