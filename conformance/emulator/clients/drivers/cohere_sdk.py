"""The cohere SDK, v2 Chat. It has no assembly of streams of its own: events are joined by their index, as its examples do."""

from __future__ import annotations

from typing import Any

import cohere
from loop import Case, answered, drive


def _client(case: Case) -> cohere.ClientV2:
    return cohere.ClientV2(api_key=case["api_key"], base_url=case["base_url"], timeout=case["timeout"])


def chat(case: Case) -> dict[str, Any]:
    """Ask for a message."""
    body = {**case["body"], "request_options": {"max_retries": case["retries"]}}
    if body.pop("stream", False):
        return _joined(_client(case).chat_stream(**body))
    answer = _client(case).chat(**body)
    parts = answer.message.content or ()
    choice = {
        "text": "".join(part.text for part in parts if part.type == "text"),
        "reasoning": "".join(part.thinking for part in parts if part.type == "thinking"),
        "tool_calls": [_call(call) for call in answer.message.tool_calls or ()],
        "finish_reason": answer.finish_reason,
    }
    choice["reasoning"] += answer.message.tool_plan or ""
    return answered([choice], _usage(answer.usage))


def _joined(events: Any) -> dict[str, Any]:
    choice: dict[str, Any] = {"text": "", "reasoning": "", "tool_calls": [], "finish_reason": None}
    calls: dict[Any, dict[str, Any]] = {}
    usage = None
    for event in events:
        if event.type in {"content-start", "content-delta"}:
            content = event.delta.message.content
            choice["text"] += getattr(content, "text", None) or ""
            choice["reasoning"] += getattr(content, "thinking", None) or ""
        elif event.type == "tool-plan-delta":
            choice["reasoning"] += event.delta.message.tool_plan or ""
        elif event.type == "tool-call-start":
            calls[event.index] = _call(event.delta.message.tool_calls)
        elif event.type == "tool-call-delta":
            calls[event.index]["arguments"] += event.delta.message.tool_calls.function.arguments or ""
        elif event.type == "message-end":
            choice["finish_reason"] = event.delta.finish_reason
            usage = _usage(event.delta.usage)
    choice["tool_calls"] = list(calls.values())
    return answered([choice], usage)


def _call(call: Any) -> dict[str, Any]:
    return {"id": call.id, "name": call.function.name, "arguments": call.function.arguments or ""}


def _usage(usage: Any) -> dict[str, Any] | None:
    counts = usage.tokens if usage is not None else None
    if counts is None:
        return None
    return {"prompt_tokens": counts.input_tokens, "completion_tokens": counts.output_tokens}


def models(case: Case) -> dict[str, Any]:
    """List the models."""
    listed = _client(case).models.list(request_options={"max_retries": case["retries"]})
    return {"models": [model.name for model in listed.models]}


if __name__ == "__main__":
    drive(["cohere"], chat=chat, models=models)
