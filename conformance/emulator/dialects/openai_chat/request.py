"""A chat completion request, read into the emulated model's own terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.conversation import Conversation, Result
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.tool_calls import Tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MEANING = ("model", "messages", "tools", "tool_choice", "parallel_tool_calls", "response_format")
_SAMPLING = ("temperature", "top_p", "seed", "frequency_penalty", "presence_penalty")
_PER_MESSAGE = 4  # tokens that a chat template spends on each turn
_PER_IMAGE = 85  # OpenAI's figure for an image in low detail (read 2026-11-21)


def read_request(body: Mapping[str, Any]) -> AnswerRequest:
    """Read a request that was found sound."""
    layout = table(body.get("response_format"))
    stop, limit = body.get("stop"), body.get("max_completion_tokens") or body.get("max_tokens")
    heat = body.get("temperature")
    hot = heat is None or heat > 0
    names = (*_MEANING, *_SAMPLING) if hot else _MEANING
    meaning = {name: body[name] for name in names if body.get(name) is not None}
    return AnswerRequest(
        model=body["model"],
        talk=read_conversation(body["messages"]),
        meaning=json.dumps(meaning, sort_keys=True),
        tools=_tools(body),
        tool_mode=_mode(body.get("tool_choice")),
        parallel=body.get("parallel_tool_calls") is not False,
        form=layout.get("type", "text"),
        schema=table(layout.get("json_schema")).get("schema") or {"type": "object"},
        choices=int(body.get("n") or 1),
        stop=(stop,) if isinstance(stop, str) else tuple(stop or ()),
        limit=None if limit is None else int(limit),
        logprobs=body.get("logprobs") is True,
        top_logprobs=int(body.get("top_logprobs") or 0),
        effort=_effort(body),
        hot=hot,
        prompt_tokens=prompt_tokens(body),
    )


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """Return an estimate of a request's tokens: its texts, its tools, its schema, and a little for each turn."""
    total = 3
    for turn in body["messages"]:
        parts = turn["content"] if isinstance(turn.get("content"), list) else ()
        images = sum(isinstance(part, dict) and part.get("type") == "image_url" for part in parts)
        total += _PER_MESSAGE + count(text_of(turn)) + _PER_IMAGE * images
        total += sum(count(json.dumps(call.get("function"))) for call in tables(turn.get("tool_calls")))
    shapes = [body[name] for name in ("tools", "response_format") if body.get(name)]
    return total + sum(count(json.dumps(shape)) for shape in shapes)


def read_conversation(messages: Sequence[Mapping[str, Any]]) -> Conversation:
    """Read the messages of a request that was found sound."""
    users = [text_of(turn) for turn in messages if turn.get("role") == "user"]
    last = max((at for at, turn in enumerate(messages) if turn.get("role") == "user"), default=-1)
    return Conversation(
        asked=users[-1] if users else "",
        before=tuple(users[:-1]),
        said=tuple(text_of(turn) for turn in messages if turn.get("role") == "assistant" and text_of(turn)),
        results=tuple(_results(messages[last + 1 :])),
    )


def text_of(turn: Mapping[str, Any]) -> str:
    """Return a message's text: its content, or the text parts of it."""
    content = turn.get("content")
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    return content if isinstance(content, str) else ""


def _results(turns: Sequence[Mapping[str, Any]]) -> Iterator[Result]:
    calls: dict[str, str] = {}
    for turn in turns:
        for call in tables(turn.get("tool_calls")):
            calls[str(call.get("id"))] = str(table(call.get("function")).get("arguments", ""))
        if turn.get("role") == "tool":
            yield Result(calls.get(str(turn.get("tool_call_id")), ""), text_of(turn))


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    """Return the functions that a sound request offers, those only that an allowed_tools choice leaves."""
    offered = [tool["function"] for tool in tables(body.get("tools")) if isinstance(tool.get("function"), dict)]
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        allowed = [table(tool.get("function")).get("name") for tool in tables(_allowed(choice).get("tools"))]
        offered = [function for function in offered if function["name"] in allowed]
    empty = {"type": "object", "properties": {}}
    return tuple(
        Tool(function["name"], str(function.get("description") or ""), function.get("parameters") or empty)
        for function in offered
    )


def _mode(choice: object) -> str:
    """Return auto, none, required, or the name of the function to call after `=`."""
    if isinstance(choice, dict):
        if choice.get("type") == "allowed_tools":
            return str(_allowed(choice).get("mode", "auto"))
        return f"={table(choice.get('function')).get('name')}"
    return {"any": "required"}.get(str(choice), str(choice)) if choice else "auto"


def _allowed(choice: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the body of an allowed_tools choice: OpenAI documents it nested, and SDKs send it flat too."""
    nested = choice.get("allowed_tools")
    return nested if isinstance(nested, dict) else choice


def _effort(body: Mapping[str, Any]) -> str:
    """Return the effort that a request asks for; medium where it says nothing.

    Read are `reasoning_effort`, OpenRouter's `reasoning.effort` and `reasoning.enabled`, and `thinking.type`, as DeepSeek has
    it (their API references, read 2026-11-21).
    """
    nested, thinking = body.get("reasoning"), body.get("thinking")
    if isinstance(thinking, dict) and thinking.get("type") == "disabled":
        return "none"
    if isinstance(nested, dict):
        return "none" if nested.get("enabled") is False else str(nested.get("effort") or "medium")
    return str(body.get("reasoning_effort") or "medium")
