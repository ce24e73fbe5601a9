"""LangChain's chat models: one integration a process, named by the first argument. Chunks of a stream are added up, as it documents."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from loop import Case, answered, drive  # type: ignore[import-not-found] # it stands beside this script

#: Integration -> class.
_CLASSES = {"langchain-openai": "ChatOpenAI", "langchain-groq": "ChatGroq", "langchain-cerebras": "ChatCerebras"}
_PACKAGE = sys.argv[1]
_MODEL = getattr(import_module(_PACKAGE.replace("-", "_")), _CLASSES[_PACKAGE])


def chat(case: Case) -> dict[str, Any]:
    """Ask for a completion."""
    body = dict(case["body"])
    messages, stream = body.pop("messages"), body.pop("stream", False)
    settings = {
        "model": body.pop("model"),
        "base_url": case["base_url"],
        "api_key": case["api_key"],
        "max_retries": case["retries"],
        "timeout": case["timeout"],
    }
    options = body.pop("stream_options", None)
    if options and "stream_usage" in _MODEL.model_fields:
        settings["stream_usage"] = options.get("include_usage", False)
    model = _MODEL(**settings)
    if "tools" in body:
        model = model.bind_tools(body.pop("tools"), tool_choice=body.pop("tool_choice", None))
    if body:
        model = model.bind(**body)
    if not stream:
        return _result(model.invoke(messages))
    message = None
    for chunk in model.stream(messages):
        message = chunk if message is None else message + chunk
    return _result(message)


def _result(message: Any) -> dict[str, Any]:
    calls = [{"id": call["id"], "name": call["name"], "arguments": call["args"]} for call in message.tool_calls]
    calls += [
        {"id": call["id"], "name": call["name"], "arguments": call["args"]} for call in message.invalid_tool_calls
    ]
    content = message.content
    if isinstance(content, list):
        content = "".join(part.get("text", "") for part in content if isinstance(part, dict))
    extra, metadata, usage = message.additional_kwargs, message.response_metadata, message.usage_metadata
    choice = {
        "text": content,
        "reasoning": extra.get("reasoning_content") or extra.get("reasoning"),
        "tool_calls": calls,
        "finish_reason": metadata.get("finish_reason"),
    }
    if usage:
        named = (("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens"), ("total_tokens",) * 2)
        usage = {ours: usage.get(theirs) for ours, theirs in named}
    return answered([choice], usage)


if __name__ == "__main__":
    drive([_PACKAGE, "langchain-core"], chat=chat)
