"""A request of Ollama, read into the emulated model's own terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.conversation import Conversation, Result
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.tool_calls import Tool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.emulator.dialects import Memory

_MEANING: Final = ("model", "system", "messages", "prompt", "tools", "format", "think")
_SAMPLING: Final = ("temperature", "top_p", "top_k", "seed")
_PER_MESSAGE = 4  # tokens that a template spends on each message
_PER_IMAGE = 256
_NO_PARAMETERS: Final[Mapping[str, Any]] = {"type": "object", "properties": {}}


def moves_the_model(body: Mapping[str, Any]) -> bool:
    """Whether a request has no prompt: it only loads the model, or unloads it (docs/api.md, "Load a model", read 2026-11-28)."""
    return not body.get("messages") and not body.get("prompt")


def read_request(body: Mapping[str, Any], memory: Memory) -> AnswerRequest:  # noqa: ARG001 - nothing is kept
    """Read a request that was found sound. A limit below 1 is none (-1: endless, -2: until the context is full)."""
    options, layout, thinks = table(body.get("options")), body.get("format"), body.get("think")
    heat, limit, stop = options.get("temperature"), options.get("num_predict"), options.get("stop")
    hot = heat is None or heat > 0
    meaning = {name: body[name] for name in _MEANING if body.get(name) is not None}
    meaning |= {name: options[name] for name in _SAMPLING if hot and options.get(name) is not None}
    return AnswerRequest(
        model=body["model"],
        talk=_conversation(body),
        meaning=json.dumps(meaning, sort_keys=True),
        tools=tuple(_tools(body)),
        form="json_schema" if isinstance(layout, dict) else "json_object" if layout == "json" else "text",
        schema=layout if isinstance(layout, dict) else {"type": "object"},
        stop=(stop,) if isinstance(stop, str) else tuple(stop or ()),
        limit=int(limit) if isinstance(limit, int | float) and limit > 0 else None,
        logprobs=body.get("logprobs") is True,
        top_logprobs=int(body.get("top_logprobs") or 0),
        effort=thinks if isinstance(thinks, str) else "medium",
        thinks=None if thinks is None else bool(thinks),
        hot=hot,
        prompt_tokens=_prompt_tokens(body),
    )


def _conversation(body: Mapping[str, Any]) -> Conversation:
    messages = tables(body.get("messages")) or [{"role": "user", "content": body.get("prompt") or ""}]
    users = [at for at, message in enumerate(messages) if message.get("role") == "user"]
    last = users[-1] if users else -1
    return Conversation(
        asked=_text(messages[last]) if users else "",
        before=tuple(_text(messages[at]) for at in users[:-1]),
        said=tuple(_text(message) for message in messages if message.get("role") == "assistant" and _text(message)),
        results=tuple(_results(messages[last + 1 :])),
    )


def _results(messages: Sequence[Mapping[str, Any]]) -> list[Result]:
    """Return the results after the last question; one without an id answers the call of its name, or the next one."""
    calls = [call for message in messages for call in tables(message.get("tool_calls"))]
    results = []
    for message in messages:
        if message.get("role") == "tool":
            call = next((call for call in calls if _answers(message, call)), {})
            calls = [other for other in calls if other is not call]
            results.append(Result(json.dumps(table(call.get("function")).get("arguments", {})), _text(message)))
    return results


def _answers(message: Mapping[str, Any], call: Mapping[str, Any]) -> bool:
    if message.get("tool_call_id"):
        return bool(message["tool_call_id"] == call.get("id"))
    return message.get("tool_name") in {None, table(call.get("function")).get("name")}


def _tools(body: Mapping[str, Any]) -> list[Tool]:
    functions = [table(tool.get("function")) for tool in tables(body.get("tools"))]
    return [
        Tool(
            str(function["name"]), str(function.get("description") or ""), function.get("parameters") or _NO_PARAMETERS
        )
        for function in functions
        if "name" in function
    ]


def _prompt_tokens(body: Mapping[str, Any]) -> int:
    """Estimate the tokens of a request."""
    total = 3 + count(str(body.get("system") or "")) + count(str(body.get("prompt") or ""))
    for message in tables(body.get("messages")):
        total += _PER_MESSAGE + count(_text(message)) + _PER_IMAGE * len(message.get("images") or ())
        total += sum(count(json.dumps(call.get("function"))) for call in tables(message.get("tool_calls")))
    shapes = [body[name] for name in ("tools", "format") if body.get(name)]
    return total + sum(count(json.dumps(shape)) for shape in shapes)


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    return content if isinstance(content, str) else ""
