"""The ollama SDK. It has no assembly of streams of its own: messages are joined in their order, as its examples do."""

from __future__ import annotations

from typing import Any

import ollama
from loop import Case, answered, drive


def _client(case: Case) -> ollama.Client:
    headers = {"Authorization": f"Bearer {case['api_key']}"}
    return ollama.Client(host=case["base_url"], timeout=case["timeout"], headers=headers)


def chat(case: Case) -> dict[str, Any]:
    """Ask for a message, or for the next words of a prompt."""
    body = dict(case["body"])
    client = _client(case)
    generates = "messages" not in body
    answer = client.generate(**body) if generates else client.chat(**body)
    lines = list(answer) if body.get("stream") else [answer]
    choice: dict[str, Any] = {"text": "", "reasoning": "", "tool_calls": [], "finish_reason": None}
    for line in lines:
        message = line if generates else line.message
        choice["text"] += (message.response if generates else message.content) or ""
        choice["reasoning"] += message.thinking or ""
        for call in getattr(message, "tool_calls", None) or ():
            arguments = dict(call.function.arguments)
            choice["tool_calls"].append(
                {"id": getattr(call, "id", None), "name": call.function.name, "arguments": arguments}
            )
        choice["finish_reason"] = line.done_reason or choice["finish_reason"]
    return answered([choice], _usage(lines[-1]) if lines else None)


def _usage(line: Any) -> dict[str, Any] | None:
    if line.eval_count is None:
        return None
    return {"prompt_tokens": line.prompt_eval_count, "completion_tokens": line.eval_count}


def models(case: Case) -> dict[str, Any]:
    """List the models."""
    return {"models": [model.model for model in _client(case).list().models]}


if __name__ == "__main__":
    drive(["ollama"], chat=chat, models=models)
