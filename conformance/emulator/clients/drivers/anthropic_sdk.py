"""The anthropic SDK, with its own assembly of streams (`messages.stream`); with the word `bedrock` its client of Amazon Bedrock."""

from __future__ import annotations

import sys
from inspect import signature
from typing import TYPE_CHECKING, Any

from anthropic import Anthropic, AnthropicBedrock
from loop import Case, answered, drive

if TYPE_CHECKING:
    from collections.abc import Callable


def _client(case: Case) -> Anthropic | AnthropicBedrock:
    settings: dict[str, Any] = {
        "base_url": case["base_url"],
        "api_key": case["api_key"],
        "max_retries": case["retries"],
        "timeout": case["timeout"],
    }
    return AnthropicBedrock(aws_region="us-east-1", **settings) if "bedrock" in sys.argv else Anthropic(**settings)


def chat(case: Case) -> dict[str, Any]:
    """Ask for a message."""
    client = _client(case)
    body = dict(case["body"])
    if not body.pop("stream", False):
        return _result(client.messages.create(**_taken(client.messages.create, body)))
    with client.messages.stream(**_taken(client.messages.stream, body)) as stream:
        for _ in stream:
            pass
        return _result(stream.get_final_message())


def _taken(method: Callable[..., Any], body: dict[str, Any]) -> dict[str, Any]:
    """Return a body as arguments: a member that the method has no word for (2.12.0 has none for `temperature`) is sent as an extra one."""
    known = signature(method).parameters
    named = {name: value for name, value in body.items() if name in known}
    return {**named, "extra_body": {name: value for name, value in body.items() if name not in known}}


def _result(message: Any) -> dict[str, Any]:
    blocks = message.content
    choice = {
        "text": "".join(each.text for each in blocks if each.type == "text"),
        "reasoning": "".join(each.thinking for each in blocks if each.type == "thinking"),
        "tool_calls": [
            {"id": each.id, "name": each.name, "arguments": each.input} for each in blocks if each.type == "tool_use"
        ],
        "finish_reason": message.stop_reason,
    }
    counts = message.usage
    prompt = sum(
        getattr(counts, name, None) or 0
        for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    )
    return answered([choice], {"prompt_tokens": prompt, "completion_tokens": counts.output_tokens})


def models(case: Case) -> dict[str, Any]:
    """List the models."""
    return {"models": [model.id for model in _client(case).models.list().data]}


if __name__ == "__main__":
    drive(["anthropic"], chat=chat, models=models)
