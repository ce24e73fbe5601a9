"""The mistralai SDK. It has no assembly of streams of its own: chunks are joined by index, as its examples do."""

from __future__ import annotations

from typing import Any

from loop import Case, answered, drive  # type: ignore[import-not-found] # it stands beside this script
from mistralai.client import Mistral
from mistralai.client.utils.retries import BackoffStrategy, RetryConfig

#: Parameters that it names in another way, and those that it has not.
_RENAMED = {"seed": "random_seed", "max_completion_tokens": "max_tokens"}
_UNKNOWN = {"stream_options", "user", "logprobs", "top_logprobs"}


def _client(case: Case) -> Mistral:
    once = RetryConfig("backoff", BackoffStrategy(100, 1000, 1.5, 1000), retry_connection_errors=True)
    return Mistral(
        server_url=case["base_url"],
        api_key=case["api_key"],
        timeout_ms=int(case["timeout"] * 1000),
        retry_config=once if case["retries"] else None,
    )


def chat(case: Case) -> dict[str, Any]:
    """Ask for a completion."""
    body = {_RENAMED.get(name, name): value for name, value in case["body"].items() if name not in _UNKNOWN}
    client = _client(case)
    if not body.pop("stream", False):
        answer = client.chat.complete(**body)
        return answered((_choice(each.message, each.finish_reason) for each in answer.choices), answer.usage)
    return _assembled(client.chat.stream(**body))


def models(case: Case) -> dict[str, Any]:
    """List the models."""
    return {"models": [each.id for each in _client(case).models.list().data]}


def _assembled(events: Any) -> dict[str, Any]:
    choices: dict[Any, dict[str, Any]] = {}
    usage = None
    with events:
        for event in events:
            usage = _set(event.data.usage) or usage
            for each in event.data.choices:
                choice = choices.setdefault(
                    each.index, {"text": "", "reasoning": "", "calls": {}, "finish_reason": None}
                )
                piece = _choice(each.delta, each.finish_reason)
                choice["text"] += piece["text"] or ""
                choice["reasoning"] += piece["reasoning"] or ""
                for call, found in zip(_set(each.delta.tool_calls) or (), piece["tool_calls"], strict=True):
                    known = choice["calls"].setdefault(call.index, {"id": None, "name": None, "arguments": ""})
                    # The SDK fills in the text "null" for an id that is missing.
                    known["id"] = known["id"] or found["id"]
                    known["name"] = known["name"] or found["name"]
                    known["arguments"] += found["arguments"] or ""
                choice["finish_reason"] = piece["finish_reason"] or choice["finish_reason"]
    for choice in choices.values():
        choice["tool_calls"] = list(choice.pop("calls").values())
    return answered(choices.values(), usage)


def _choice(message: Any, finish_reason: Any) -> dict[str, Any]:
    content = _set(message.content)
    parts = content if isinstance(content, list) else []
    text = "".join(part.text for part in parts if part.type == "text") if parts else content
    thought = "".join(each.text for part in parts if part.type == "thinking" for each in part.thinking)
    calls = [
        {"id": call.id, "name": call.function.name, "arguments": call.function.arguments}
        for call in _set(message.tool_calls) or ()
    ]
    return {"text": text, "reasoning": thought or None, "tool_calls": calls, "finish_reason": _set(finish_reason)}


def _set(value: Any) -> Any:
    """Return a value, None where the SDK holds its `Unset` there."""
    return None if type(value).__name__ == "Unset" else value


if __name__ == "__main__":
    drive(["mistralai"], chat=chat, models=models)
