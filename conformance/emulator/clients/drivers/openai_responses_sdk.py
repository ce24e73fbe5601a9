"""The openai SDK's Responses client, with its own assembly of streams (`responses.stream`)."""

from __future__ import annotations

from typing import Any

from loop import Case, answered, drive
from openai import OpenAI


def chat(case: Case) -> dict[str, Any]:
    """Ask for a response."""
    client = OpenAI(
        base_url=case["base_url"], api_key=case["api_key"], max_retries=case["retries"], timeout=case["timeout"]
    )
    body = dict(case["body"])
    if not body.pop("stream", False):
        return _result(client.responses.create(**body))
    with client.responses.stream(**body) as stream:
        for _ in stream:
            pass
        return _result(stream.get_final_response())


def _result(response: Any) -> dict[str, Any]:
    calls = [
        {"id": item.call_id, "name": item.name, "arguments": item.arguments}
        for item in response.output
        if item.type == "function_call"
    ]
    thoughts = [part.text for item in response.output if item.type == "reasoning" for part in item.summary]
    finish: Any = response.status
    if finish == "incomplete":
        finish = getattr(response.incomplete_details, "reason", None) or finish
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
