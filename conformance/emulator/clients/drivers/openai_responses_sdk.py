"""The openai SDK's Responses client, with its own assembly of streams (`responses.stream`).

A case's chat request is put as an application that changes to Responses would put it; a request of that API goes as it is.
"""

from __future__ import annotations

from typing import Any

from loop import Case, answered, drive
from openai import OpenAI

_SAME = ("model", "temperature", "top_p", "parallel_tool_calls", "stream", "tool_choice")


def chat(case: Case) -> dict[str, Any]:
    """Ask for a response."""
    client = OpenAI(
        base_url=case["base_url"], api_key=case["api_key"], max_retries=case["retries"], timeout=case["timeout"]
    )
    body = dict(case["body"])
    if "messages" in body:
        body = _in_responses(body)
    if not body.pop("stream", False):
        return _result(client.responses.create(**body))
    with client.responses.stream(**body) as stream:
        for _ in stream:
            pass
        return _result(stream.get_final_response())


def _in_responses(body: dict[str, Any]) -> dict[str, Any]:
    put = {name: body[name] for name in _SAME if name in body}
    put["input"] = [item for turn in body["messages"] for item in _items(turn)]
    if "tools" in body:
        put["tools"] = [{"type": "function", "strict": False, **tool["function"]} for tool in body["tools"]]
    if isinstance(body.get("tool_choice"), dict):
        put["tool_choice"] = {"type": "function", "name": body["tool_choice"]["function"]["name"]}
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    if limit is not None:
        put["max_output_tokens"] = limit
    layout = body.get("response_format")
    if layout is not None:
        inner = layout.get("json_schema", {})
        put["text"] = {"format": {**inner, "type": layout["type"]}}
    return put


def _items(turn: dict[str, Any]) -> list[dict[str, Any]]:
    if turn["role"] == "tool":
        return [{"type": "function_call_output", "call_id": turn["tool_call_id"], "output": turn["content"]}]
    spoken = [{"role": turn["role"], "content": turn["content"]}] if turn.get("content") else []
    calls = [
        {"type": "function_call", "call_id": call["id"], **call["function"]} for call in turn.get("tool_calls") or ()
    ]
    return [*spoken, *calls]


def _result(response: Any) -> dict[str, Any]:
    calls = [
        {"id": item.call_id, "name": item.name, "arguments": item.arguments}
        for item in response.output
        if item.type == "function_call"
    ]
    thoughts = [part.text for item in response.output if item.type == "reasoning" for part in item.summary]
    finish: Any = "tool_calls" if calls else "stop"
    if response.status == "incomplete":
        reason = getattr(response.incomplete_details, "reason", None)
        finish = "length" if reason == "max_output_tokens" else reason
    usage = response.usage
    counts = None
    if usage is not None:
        counts = {
            "prompt_tokens": usage.input_tokens,
            "completion_tokens": usage.output_tokens,
            "total_tokens": usage.total_tokens,
        }
    choice = {
        "text": response.output_text,
        "reasoning": "".join(thoughts),
        "tool_calls": calls,
        "finish_reason": finish,
    }
    return answered([choice], counts)


def models(case: Case) -> dict[str, Any]:
    """List the models."""
    client = OpenAI(
        base_url=case["base_url"], api_key=case["api_key"], max_retries=case["retries"], timeout=case["timeout"]
    )
    return {"models": [model.id for model in client.models.list()]}


if __name__ == "__main__":
    drive(["openai"], chat=chat, models=models)
