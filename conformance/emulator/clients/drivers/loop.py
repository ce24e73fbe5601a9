"""What the Python drivers share: JSON lines in, JSON lines out. Standard library only, since each runs where its SDK is.

In:  {"case": "...", "base_url": "http://...", "api_key": "...", "retries": 0, "timeout": 5.0, "body": {...},
      "operation": "chat" | "models"}
Out: {"case": "...", "outcome": "returned", "models": ["..."]}
  or {"case": "...", "outcome": "returned", "usage": {"prompt_tokens", "completion_tokens", "total_tokens"} | null,
      "choices": [{"text", "reasoning", "tool_calls": [{"id", "name", "arguments"}], "finish_reason"}]}
     with "finish_class" beside a missing "finish_reason" where the client has a word of its own alone: stop, length, ...
  or {"case": "...", "outcome": "raised", "exception": "openai.RateLimitError", "status": 429 | null,
      "code": "..." | null, "message": "..."}
The first line out names the versions: {"versions": {"openai": "..."}}.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Case = dict[str, Any]

_USAGE = ("prompt_tokens", "completion_tokens", "total_tokens")


def drive(
    packages: Iterable[str],
    status_of: Callable[[BaseException], Any] = lambda _: None,
    **operations: Callable[[Case], dict[str, Any]],
) -> None:
    """Answer each case of the standard input with its operation, until the input ends.

    `status_of` reads the HTTP status off an exception that has it under a name of the SDK's own.
    """
    # What an SDK prints must not come between our lines.
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    sys.stdout = sys.stderr
    print(json.dumps({"versions": {name: version(name) for name in packages}}), file=lines, flush=True)
    for line in sys.stdin:
        case = json.loads(line)
        try:
            result = {"outcome": "returned", **operations[case["operation"]](case)}
        except Exception as error:  # noqa: BLE001 - whatever an SDK raises is what we came to see
            result = {"outcome": "raised", **described(error, status_of(error))}
        print(json.dumps({"case": case["case"], **result}, default=repr), file=lines, flush=True)


def described(error: BaseException, own: Any = None) -> dict[str, Any]:
    """Return what an application can read off an exception."""
    kind = type(error)
    status = next(
        (value for value in (own, *_found(error, "status_code", "http_status")) if isinstance(value, int)), None
    )
    return {
        "exception": kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}",
        "status": status,
        "code": next((str(value) for value in _found(error, "code") if value is not None), None),
        "message": " ".join(str(error).split())[:300],
    }


def answered(choices: Iterable[dict[str, Any]], usage: Any) -> dict[str, Any]:
    """Return a result; `usage` is an object or a mapping with the openai-chat names, or None."""
    if usage is not None:
        get = usage.get if isinstance(usage, dict) else lambda name: getattr(usage, name, None)
        usage = {name: get(name) for name in _USAGE}
    return {"choices": list(choices), "usage": usage}


def whole(completion: Any) -> dict[str, Any]:
    """Return the result of a completion in the shape of the openai SDK, which several others share."""
    return answered((choice_of(each.message, each.finish_reason) for each in completion.choices), completion.usage)


def choice_of(message: Any, finish_reason: Any) -> dict[str, Any]:
    """Return one choice from a message in that shape."""
    calls = [
        {"id": call.id, "name": call.function.name, "arguments": call.function.arguments}
        for call in message.tool_calls or ()
    ]
    reasoning = getattr(message, "reasoning", None) or getattr(message, "reasoning_content", None)
    return {"text": message.content, "reasoning": reasoning, "tool_calls": calls, "finish_reason": finish_reason}


def assembled(chunks: Iterable[Any]) -> dict[str, Any]:
    """Return the result of a stream of chunks in that shape, joined by index as the vendors' examples do."""
    choices: dict[Any, dict[str, Any]] = {}
    usage = None
    for chunk in chunks:
        usage = chunk.usage or usage
        for each in chunk.choices:
            empty = {"text": "", "reasoning": "", "tool_calls": {}, "finish_reason": None}
            choice = choices.setdefault(each.index, empty)
            delta = each.delta
            choice["text"] += delta.content or ""
            choice["reasoning"] += getattr(delta, "reasoning", None) or getattr(delta, "reasoning_content", None) or ""
            for call in delta.tool_calls or ():
                whole_call = choice["tool_calls"].setdefault(call.index, {"id": None, "name": None, "arguments": ""})
                whole_call["id"] = call.id or whole_call["id"]
                whole_call["name"] = call.function.name or whole_call["name"]
                whole_call["arguments"] += call.function.arguments or ""
            choice["finish_reason"] = each.finish_reason or choice["finish_reason"]
    for choice in choices.values():
        choice["tool_calls"] = list(choice["tool_calls"].values())
    return answered(choices.values(), usage)


def _found(error: BaseException, *names: str) -> Iterable[Any]:
    for name in names:
        yield getattr(error, name, None)
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        inner = body["error"] if isinstance(body.get("error"), dict) else body
        for name in names:
            yield inner.get(name)
