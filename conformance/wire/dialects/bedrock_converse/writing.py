"""Requests of Converse, composed from what is asked, and the messages that go back after a reply.

Source: botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json (read 2026-11-28): ConverseRequest;
https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html (read 2026-11-28).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from conformance.wire.dialects.ask import Call, Composed, Image, NotSayable, Result, Text, unsayable
from conformance.wire.dialects.bedrock_converse.blocks import answered_blocks
from conformance.wire.dialects.histories import with_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.wire.dialects.ask import Ask, Part, Tool, Turn
    from conformance.wire.dialects.reply import Reply, ToolCall

LIMITS = ("inferenceConfig.maxTokens",)
#: Tokens of thinking for an effort. They count towards maxTokens, and come on top of it here.
BUDGETS: Final = {"minimal": 1024, "low": 1024, "medium": 4096, "high": 16_384}
_USUAL_LIMIT: Final = 1024  # where thinking needs room and nobody asks for a limit
_CHOICES = {"auto": "auto", "required": "any", "named": "tool"}
#: Fields that are members of `inferenceConfig`.
_INFERENCE = {"max_tokens": "maxTokens", "temperature": "temperature", "top_p": "topP", "stop": "stopSequences"}
_WORDS = frozenset({*_INFERENCE, "turns", "tools", "tool_choice", "format", "include_usage", "stream", "reasoning"})
_DATA_URL = re.compile(r"data:image/([^;,]+);base64,(.*)\Z", re.DOTALL)


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:
    """Write a request. The path names the model and says whether a stream is asked for; usage always comes.

    There is no word for several answers, log probabilities, a seed, and calls that must not be parallel. How a model is made to think is
    the model's own: `additionalModelRequestFields` takes Anthropic's `thinking` here, with which the temperature and topP are its own.

    Args:
        ask: what is asked.
        model: the target's; None leaves its place open.
        refused: parameters that the target does not take.
    """
    reason = _beyond(ask)
    if reason is not None:
        return reason
    name = ask.model or model
    segment = "{model}" if name is None else quote(name, safe="")
    body: dict[str, Any] = {}
    for field in ask.members():
        _write(body, ask, field, refused)
    return Composed("POST", f"model/{segment}/converse{'-stream' if ask.stream else ''}", body)


def carry_on(history: Sequence[Any], reply: Reply | None, results: Sequence[tuple[ToolCall, str]] = ()) -> list[Any]:
    """Return the messages after a reply: its blocks as they came, and one message with a result a call."""
    answered = answered_blocks(reply) if reply is not None else None
    return with_blocks(history, answered, [_result(call.id, content) for call, content in results])


def _beyond(ask: Ask) -> NotSayable | None:
    """Return why an ask cannot be said; None where it can."""
    choice = ask.tool_choice.mode if ask.tool_choice is not None else "auto"
    parts = [part for turn in ask.turns for part in turn.parts]
    reasons = {
        "lists no models: another service of the cloud does": ask.operation != "chat",
        "has no word for JSON of any shape: outputConfig takes a JSON Schema only": ask.format is not None
        and ask.format.kind == "json",
        f"has no word for the tool choice {choice}": choice not in _CHOICES,
        f"has no budget for the effort {ask.reasoning}": ask.reasoning not in {None, "none", *BUDGETS},
        "forces no tool call while it thinks": _thinks(ask) and choice in {"required", "named"},
        "sends a call's arguments as an object, which these are not": any(
            isinstance(part, Call) and _object(part.arguments) is None for part in parts
        ),
        "takes the bytes of a picture, and no address": any(
            isinstance(part, Image) and not _DATA_URL.match(part.url) for part in parts
        ),
    }
    reason = next((text for text, holds in reasons.items() if holds), None)
    return NotSayable(reason) if reason is not None else unsayable(ask, _WORDS)


def _thinks(ask: Ask) -> bool:
    return ask.reasoning not in {None, "none"}


def _write(body: dict[str, Any], ask: Ask, field: str, refused: frozenset[str]) -> None:
    """Write a field into its member of the body; `stream` stands in the path, and usage comes unasked."""
    value = getattr(ask, field)
    if field == "turns":
        if ask.system is not None:
            body["system"] = [{"text": ask.system}]
        body["messages"] = [*ask.history, *_messages(ask.turns)]
    elif field == "tools":
        body.setdefault("toolConfig", {})["tools"] = [_tool(tool) for tool in value]
    elif field == "tool_choice":
        named = {"name": value.name} if value.mode == "named" else {}
        body.setdefault("toolConfig", {})["toolChoice"] = {_CHOICES[value.mode]: named}
    elif field == "format" and value.kind == "json_schema":
        described = {"schema": json.dumps(value.schema), **({"name": value.name} if value.name else {})}
        layout = {"type": "json_schema", "structure": {"jsonSchema": described}}
        body["outputConfig"] = {"textFormat": layout}
    elif field == "reasoning" and _thinks(ask):
        budget = BUDGETS[value]
        body["additionalModelRequestFields"] = {"thinking": {"type": "enabled", "budget_tokens": budget}}
        if ask.max_tokens is None:
            body.setdefault("inferenceConfig", {})["maxTokens"] = _USUAL_LIMIT + budget
    elif field in _INFERENCE and not (_thinks(ask) and field in {"temperature", "top_p"}):
        if field == "max_tokens" and LIMITS[0] in refused:
            return
        extra = BUDGETS[ask.reasoning] if field == "max_tokens" and _thinks(ask) and ask.reasoning else 0
        written = list(value) if field == "stop" else value + extra
        body.setdefault("inferenceConfig", {})[_INFERENCE[field]] = written


def _messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Return messages. Results of tools are the user's, and turns of one role that follow each other are one message."""
    messages: list[dict[str, Any]] = []
    for turn in turns:
        role = "assistant" if turn.role == "assistant" else "user"
        blocks = [block for part in turn.parts for block in _block(part)]
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"] += blocks
        else:
            messages.append({"role": role, "content": blocks})
    return messages


def _block(part: Part) -> Iterator[dict[str, Any]]:
    if isinstance(part, Text):
        yield {"text": part.text}
    elif isinstance(part, Image):
        inline = _DATA_URL.match(part.url)
        if inline is not None:
            yield {"image": {"format": inline[1], "source": {"bytes": inline[2]}}}
    elif isinstance(part, Call):
        yield {"toolUse": {"toolUseId": part.id, "name": part.name, "input": _object(part.arguments)}}
    elif isinstance(part, Result):
        block = _result(part.id, part.content)
        yield {"toolResult": {**block["toolResult"], "status": "error"}} if part.failed else block


def _result(call: object, content: str) -> dict[str, Any]:
    return {"toolResult": {"toolUseId": call, "content": [{"text": content}]}}


def _object(arguments: str) -> dict[str, Any] | None:
    """Return the object that arguments are, the empty text for none; None where they are no object."""
    try:
        value = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _tool(tool: Tool) -> dict[str, Any]:
    """Return a tool. Its schema may not be left out."""
    described = {} if tool.description is None else {"description": tool.description}
    strict = {} if tool.strict is None else {"strict": tool.strict}
    schema = {"type": "object", "properties": {}} if tool.parameters is None else tool.parameters
    return {"toolSpec": {"name": tool.name, **described, "inputSchema": {"json": schema}, **strict}}
